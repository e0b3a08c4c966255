"""What a footprint is for, and how many homes it holds."""

from __future__ import annotations

import pandas as pd
import pytest
import shapely
from shapely import Point

from lekp_lib.io.adapters._osm_buildings import Area, Spot, building_rows
from lekp_lib.io.adapters._osm_read import Item

FOOTPRINT = shapely.box(0, 0, 10, 10)
ADDRESS = {"addr:street": "Dorp", "addr:housenumber": "1"}


def _area(tags: dict[str, str], shape: shapely.Geometry = FOOTPRINT, number: int = 1) -> Area:
    return Area(Item("w", number, 1, tags), shape)


def _door(number: str, **tags: str) -> Spot:
    return Spot({"addr:street": "Dorp", "addr:housenumber": number, **tags}, Point(5, 5))


def _row(tags: dict[str, str], *spots: Spot, ground: dict[str, str] | None = None) -> pd.Series:
    yards = [_area(ground, shapely.box(-50, -50, 50, 50), 2)] if ground else []
    return building_rows([_area(tags)], spots, yards).loc[0]


@pytest.mark.parametrize(
    ("tags", "spots", "function", "dwellings"),
    [
        # homes
        ({"building": "house"}, (), "residential", 1),
        ({"building": "house", **ADDRESS}, (_door("1"),), "residential", 1),
        ({"building": "residential", "building:flats": "3"}, (), "residential", 3),
        ({"building": "apartments", "building:flats": "12"}, (_door("1"),), "residential", 12),
        ({"building": "apartments", "addr:flats": "1-8"}, (), "residential", 8),
        ({"building": "apartments"}, (_door("1"), _door("3")), "residential", 2),
        ({"building": "apartments"}, (_door("1", **{"addr:flats": "1-4"}),), "residential", 4),
        ({"building": "apartments", **ADDRESS}, (), "residential", None),
        ({"building": "terrace"}, (), "residential", None),
        ({"building": "terrace"}, (_door("1"), _door("3"), _door("5")), "residential", 3),
        # never a home
        ({"building": "garage", **ADDRESS}, (), "ancillary", 0),
        ({"building": "roof", "amenity": "fuel"}, (), "ancillary", 0),
        ({"building": "barn"}, (), "agriculture", 0),
        # building=yes
        ({"building": "yes"}, (), "unknown", 0),
        ({"building": "yes", **ADDRESS}, (), "residential", 1),
        ({"building": "yes"}, (_door("1"), _door("3")), "residential", 2),
        ({"building": "yes", "addr:housenumber": "1;3"}, (), "residential", 2),
        ({"building": "yes", **ADDRESS, "amenity": "school"}, (), "school", 0),
        ({"building": "yes", **ADDRESS, "shop": "bakery"}, (), "shop", 0),
        ({"building": "yes"}, (_door("1", shop="bakery"),), "shop", 0),
        ({"building": "yes"}, (_door("1", shop="bakery"), _door("1")), "shop", 0),
        ({"building": "yes"}, (_door("1", shop="bakery"), _door("3")), "mixed", 1),
        ({"building": "yes"}, (_door("1", amenity="school"), _door("3")), "school", 0),
        ({"building": "something new", **ADDRESS}, (), "residential", 1),
        # homes with something else
        ({"building": "house", "shop": "hairdresser"}, (), "mixed", 1),
        ({"building": "house", "amenity": "school"}, (), "school", 0),
        ({"building": "apartments", "building:flats": "6"}, (_door("1", shop="a"),), "mixed", 6),
        # other buildings
        ({"building": "retail"}, (_door("1", shop="supermarket"),), "supermarket", 0),
        ({"building": "retail", "building:flats": "4"}, (), "mixed", 4),
        ({"building": "church", **ADDRESS}, (), "community", 0),
        ({"building": "school"}, (_door("1", amenity="cafe"),), "school", 0),
        ({"building": "civic", "amenity": "library"}, (), "community", 0),
        ({"building": "warehouse"}, (), "industry", 0),
    ],
)
def test_function_and_dwellings(
    tags: dict[str, str], spots: tuple[Spot, ...], function: str, dwellings: int | None
) -> None:
    """The rules of the module, one by one."""
    row = _row(tags, *spots)
    assert row["function"] == function
    assert (None if pd.isna(row["dwellings"]) else row["dwellings"]) == dwellings


def test_small_footprint_with_an_address_is_no_home() -> None:
    """A cabin for electricity has a number too."""
    small = shapely.box(0, 0, 4, 4)
    rows = building_rows([_area({"building": "yes", **ADDRESS}, small)], [], [])
    assert rows.loc[0, "function"] == "unknown"


@pytest.mark.parametrize("tags", [{"building": "yes"}, {"building": "yes", **ADDRESS}])
def test_building_without_name_on_school_ground_is_a_school(tags: dict[str, str]) -> None:
    """Mappers often tag the ground and not the building."""
    row = _row(tags, ground={"amenity": "school"})
    assert (row["function"], row["dwellings"]) == ("school", 0)


def test_house_on_school_ground_stays_a_home() -> None:
    """What the building says itself goes first."""
    assert _row({"building": "house"}, ground={"amenity": "school"})["function"] == "residential"


def test_smallest_ground_decides() -> None:
    """A crèche within a hospital's ground is named after the inner ground."""
    yards = [
        _area({"amenity": "school"}, shapely.box(-20, -20, 30, 30), 2),
        _area({"amenity": "hospital"}, shapely.box(-99, -99, 99, 99), 3),
    ]
    assert building_rows([_area({"building": "yes"})], [], yards).loc[0, "function"] == "school"


@pytest.mark.parametrize(
    ("kind", "building_type"),
    [
        ("detached", "detached"),
        ("semidetached_house", "semi_detached"),
        ("terrace", "terraced"),
        ("apartments", "apartment_building"),
        ("house", None),
        ("church", None),
    ],
)
def test_building_type_only_where_the_tag_tells_it(kind: str, building_type: str | None) -> None:
    """OpenStreetMap's house may be of any type."""
    found = _row({"building": kind})["building_type"]
    assert (None if pd.isna(found) else found) == building_type


def test_address_of_the_door_is_that_of_the_building() -> None:
    """Street and number come from the footprint, else from the addresses in it."""
    row = _row({"building": "house"}, _door("4B"))
    assert (row["street_name"], row["house_number"]) == ("Dorp", "4B")


def test_door_on_a_shared_wall_belongs_to_neither() -> None:
    """Two terraced houses share the point; guessing would give both the address."""
    left = _area({"building": "yes"}, shapely.box(0, 0, 10, 10), 1)
    right = _area({"building": "yes"}, shapely.box(10, 0, 20, 10), 2)
    shared = Spot(ADDRESS, Point(10, 5))
    rows = building_rows([left, right], [shared], [])
    assert rows["function"].tolist() == ["unknown", "unknown"]


def test_facts_on_the_building_are_kept() -> None:
    """Year, storeys, height and heritage."""
    facts = {"start_date": "1930", "building:levels": "2", "roof:levels": "1", "height": "9 m"}
    row = _row({"building": "house", "heritage": "4", **facts})
    assert row[["construction_year", "levels", "height_m"]].tolist() == [1930, 2.5, 9.0]
    assert row["is_heritage"]


def test_no_buildings_give_an_empty_table() -> None:
    """Columns are there without rows too."""
    rows = building_rows([], [_door("1")], [])
    assert rows.empty
    assert "function" in rows
