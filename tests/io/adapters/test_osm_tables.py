"""Streets, car parks, trees and green as raw tables."""

from __future__ import annotations

import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point

from lekp_lib.io.adapters._osm_buildings import Area, Spot
from lekp_lib.io.adapters._osm_read import Item
from lekp_lib.io.adapters._osm_tables import green_rows, parking_rows, street_rows, tree_rows


def _area(shape: shapely.Geometry, number: int = 1, **tags: str) -> Area:
    return Area(Item("w", number, 1, tags), shape)


def _line(start: float, end: float) -> LineString:
    return LineString([(start, 0), (end, 0)])


@pytest.mark.parametrize(
    ("highway", "road_class"),
    [
        ("motorway_link", "motorway"),
        ("trunk", "motorway"),
        ("secondary", "main"),
        ("tertiary_link", "connector"),
        ("living_street", "local"),
        ("service", "service"),
        ("steps", "slow"),
        ("road", None),
    ],
)
def test_road_class(highway: str, road_class: str | None) -> None:
    """A slip road has the class of its road; a road of unknown kind has none."""
    way = Item("w", 1, 1, {"highway": highway})
    found = street_rows([("w1-1", way, _line(0, 9))]).loc[0, "road_class"]
    assert (None if pd.isna(found) else found) == road_class


def test_carriageway_width_is_not_profile_width() -> None:
    """The tag width says something else than façade to façade."""
    way = Item("w", 1, 1, {"highway": "residential", "width": "5"})
    assert "profile_width_m" not in street_rows([("w1-1", way, _line(0, 9))])


@given(st.lists(st.floats(0.5, 500), min_size=1, max_size=9), st.integers(0, 200))
def test_counted_places_add_up_over_segments(lengths: list[float], places: int) -> None:
    """Cutting a street neither makes nor loses a parking place."""
    way = Item("w", 1, 1, {"highway": "residential", "parking:left:capacity": str(places)})
    parts = [(f"w1-{n}", way, _line(0, length)) for n, length in enumerate(lengths, start=1)]
    spaces = street_rows(parts)["on_street_spaces"]
    assert spaces.sum() == places
    assert (spaces >= 0).all()


def test_street_without_count_has_no_places() -> None:
    """Not counted is missing, not zero."""
    way = Item("w", 1, 1, {"highway": "residential"})
    assert street_rows([("w1-1", way, _line(0, 9))])["on_street_spaces"].isna().all()


@pytest.mark.parametrize(
    ("distance", "function", "n_near"), [(49.0, "school", 1), (51.0, "unknown", 0)]
)
def test_car_park_near_a_school(distance: float, function: str, n_near: int) -> None:
    """Fifty metres is near; farther away the function is unknown."""
    lot = _area(shapely.box(0, 0, 10, 10), amenity="parking")
    school = _area(shapely.box(10 + distance, 0, 90, 10), 2, building="school")
    rows, near = parking_rows([lot], [school], [])
    assert (rows.loc[0, "function"], near) == (function, n_near)


def test_name_of_a_car_park_goes_before_its_neighbour() -> None:
    """The operator knows better than the distance."""
    lot = _area(shapely.box(0, 0, 10, 10), operator="Colruyt Group", access="customers")
    school = Spot({"amenity": "school"}, Point(12, 5))
    rows, near = parking_rows([lot], [], [school])
    assert (rows.loc[0, "function"], near) == ("supermarket", 0)
    assert not rows.loc[0, "is_open_to_public"]


def test_other_neighbours_say_nothing_about_a_car_park() -> None:
    """A house or café beside it does not tell who parks there."""
    lot = _area(shapely.box(0, 0, 10, 10))
    rows, _ = parking_rows([lot], [_area(shapely.box(11, 0, 20, 9), 2, building="house")], [])
    assert rows.loc[0, "function"] == "unknown"


def test_facts_of_a_car_park() -> None:
    """Capacity, owner and opening hours, where the tags tell them."""
    tags = {"capacity": "30", "operator": "Gemeente Lille", "opening_hours": "Mo-Fr 08:00-18:00"}
    told, silent = _area(Point(1, 1), **tags), _area(Point(2, 2), capacity="veel")
    rows, _ = parking_rows([told, silent], [], [])
    assert rows.loc[0, ["owner_kind", "capacity", "opening_hours"]].tolist() == [
        "municipality",
        30,
        "Mo-Fr 08:00-18:00",
    ]
    assert rows.loc[1, ["owner_kind", "capacity", "is_open_to_public"]].isna().all()


def test_tree_without_height_has_no_class() -> None:
    """Nothing is assumed about a tree."""
    assert tree_rows([_area(Point(1, 1), natural="tree")])["size_class"].isna().all()


def test_green_keeps_its_identifier() -> None:
    """The OpenStreetMap number can be looked up again."""
    rows = green_rows([_area(shapely.box(0, 0, 9, 9), 77, leisure="park")])
    assert rows.loc[0, ["green_id", "kind"]].tolist() == ["w77", "park"]
