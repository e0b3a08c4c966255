"""Homes, types, floor areas and dwellings on a few hand-made buildings."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

from lekp_lib.contracts import INPUTS, Source, check
from lekp_lib.contracts.lists import BUILDING_TYPES, FUNCTIONS
from lekp_lib.domain import building_stock

LEVELS = dict.fromkeys(BUILDING_TYPES, 2.0)


def table(n: int = 1, *, size: float = 10.0, **columns: Any) -> gpd.GeoDataFrame:
    """Return n square buildings in contract form, everything else missing unless given."""
    east, north = 180_000.0, 200_000.0
    shapes = [box(east + 30 * k, north, east + 30 * k + size, north + size) for k in range(n)]
    raw = gpd.GeoDataFrame(
        {"building_id": [f"g{k}" for k in range(n)], **columns}, geometry=shapes, crs=31370
    )
    checked = check(raw, INPUTS["gebouwen"], Source("gebouwen.gpkg"))
    assert not checked.faults
    return gpd.GeoDataFrame(checked.table)


def homes(buildings: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return which buildings are homes, sizes 40 to 400 m²."""
    return building_stock.homes(buildings, smallest_home_m2=40, largest_home_m2=400)


def types(buildings: gpd.GeoDataFrame, *, walls: int = 0, is_home: bool = True) -> pd.DataFrame:
    """Return the types, all buildings with as many shared walls."""
    return building_stock.building_types(
        buildings,
        is_home=pd.Series(is_home, buildings.index),
        shared_walls=pd.Series(walls, buildings.index),
        storey_height_m=3.0,
        apartment_levels=4.0,
    )


@pytest.mark.parametrize(
    ("columns", "is_home", "origin"),
    [
        ({"dwellings": [2], "function": ["school"]}, True, "dwellings"),
        ({"dwellings": [0], "function": ["residential"]}, False, "dwellings"),
        ({"function": ["mixed"]}, True, "function"),
        ({"function": ["ancillary"], "house_number": ["3"]}, False, "function"),
        ({"building_type": ["terraced"]}, True, "building_type"),
        ({"building_type": ["other"], "house_number": ["3"]}, False, "none"),
        ({"house_number": ["3"]}, True, "house_number"),
        ({"function": ["unknown"], "house_number": ["3"]}, False, "none"),
        ({"street_name": ["Dorp"]}, True, "footprint"),
    ],
)
def test_first_rule_that_speaks_decides(
    columns: dict[str, list[Any]], is_home: bool, origin: str
) -> None:
    """Each building is a home or not by the first rule that says anything."""
    found = homes(table(**columns)).iloc[0]
    assert (bool(found["is_home"]), found["home_origin"]) == (is_home, origin)


def test_footprint_counts_only_without_anything_else() -> None:
    """One house number in the table is enough to leave nameless shapes without dwelling."""
    found = homes(table(2, house_number=["1", None]))
    assert found["is_home"].tolist() == [True, False]


@pytest.mark.parametrize("size", [5.0, 30.0])
def test_shapes_too_small_or_large_are_no_homes(size: float) -> None:
    """A shed of 25 m² and a hall of 900 m² are no homes in a table of shapes alone."""
    assert not homes(table(size=size))["is_home"].any()


@given(st.lists(st.sampled_from([*FUNCTIONS, None]), min_size=2, max_size=6))
def test_order_of_rows_does_not_matter(functions: list[str | None]) -> None:
    """Turning the table upside down turns the answer upside down."""
    buildings = table(len(functions), function=functions)
    pd.testing.assert_frame_equal(homes(buildings.iloc[::-1]), homes(buildings).iloc[::-1])


@pytest.mark.parametrize(
    ("walls", "expected"),
    [(0, "detached"), (1, "semi_detached"), (2, "terraced"), (5, "terraced")],
)
def test_walls_give_the_type(walls: int, expected: str) -> None:
    """A house alone is detached, one neighbour semi-detached, more is terraced."""
    found = types(table(function=["residential"]), walls=walls).iloc[0]
    assert found.tolist() == [expected, "walls"]


@pytest.mark.parametrize(
    ("columns", "expected", "origin"),
    [
        ({"building_type": ["semi_detached"], "dwellings": [9]}, "semi_detached", "given"),
        ({"function": ["mixed"], "dwellings": [3]}, "mixed_commercial", "function"),
        ({"dwellings": [2]}, "apartment_building", "dwellings"),
        ({"levels": [4.0]}, "apartment_building", "levels"),
        ({"height_m": [12.5]}, "apartment_building", "levels"),
        ({"height_m": [9.0]}, "terraced", "walls"),
    ],
)
def test_type_follows_what_is_known(
    columns: dict[str, list[Any]], expected: str, origin: str
) -> None:
    """What was given goes before function, dwellings, height and walls."""
    assert types(table(**columns), walls=2).iloc[0].tolist() == [expected, origin]


def test_building_without_home_is_other() -> None:
    """A building in which nobody lives has type other, however its walls stand."""
    assert types(table(), walls=2, is_home=False).iloc[0].tolist() == ["other", "no_home"]


def test_walls_are_counted_from_both_sides() -> None:
    """The middle house of three shares two walls, the end houses one."""
    walls = pd.DataFrame({"building_id": ["a", "b"], "neighbour_id": ["b", "c"]})
    counts = building_stock.count_shared_walls(walls, pd.Index(list("abcd")))
    assert counts.to_dict() == {"a": 1, "b": 2, "c": 1, "d": 0}


@pytest.mark.parametrize(
    ("columns", "expected", "origin"),
    [
        ({"floor_area_m2": [150.0], "levels": [9.0]}, 150.0, "floor_area"),
        ({"levels": [2.5], "height_m": [30.0]}, 250.0, "levels"),
        ({"height_m": [6.0]}, 200.0, "height"),
        ({"height_m": [2.0]}, 100.0, "height"),
        ({}, 200.0, "type"),
    ],
)
def test_floor_area_from_the_best_that_is_known(
    columns: dict[str, list[float]], expected: float, origin: str
) -> None:
    """Floor area, levels, height and the levels of the type are tried in this order."""
    buildings = table(**columns)
    kinds = pd.Series("detached", buildings.index)
    found = building_stock.floor_areas(
        buildings, kinds, levels_by_type=LEVELS, storey_height_m=3.0
    ).iloc[0]
    assert found.tolist() == [expected, origin]


@pytest.mark.parametrize(
    ("columns", "kind", "expected", "origin"),
    [
        ({"dwellings": [7]}, "detached", 7, "dwellings"),
        ({"house_number": ["2;4;6"]}, "terraced", 3, "house_numbers"),
        ({"house_number": ["12-14"]}, "terraced", 1, "one"),
        ({}, "apartment_building", 6, "floor_area"),
        ({}, "semi_detached", 1, "one"),
    ],
)
def test_dwellings_from_the_best_that_is_known(
    columns: dict[str, list[Any]], kind: str, expected: int, origin: str
) -> None:
    """A count goes before listed house numbers, the size of apartment buildings, and one."""
    buildings = table(**columns)
    found = building_stock.dwellings_per_building(
        buildings,
        pd.Series(kind, buildings.index),
        pd.Series(600.0, buildings.index),
        is_home=pd.Series(data=True, index=buildings.index),
        apartment_m2=100.0,
    ).iloc[0]
    assert found.tolist() == [expected, origin]


def test_no_home_has_no_dwelling() -> None:
    """A shed has no dwelling, also with two house numbers."""
    buildings = table(house_number=["1,3"])
    found = building_stock.dwellings_per_building(
        buildings,
        pd.Series("other", buildings.index),
        pd.Series(600.0, buildings.index),
        is_home=pd.Series(data=False, index=buildings.index),
        apartment_m2=100.0,
    )
    assert found["dwellings"].tolist() == [0]


def test_apartment_building_has_at_least_two_dwellings() -> None:
    """A small apartment building still holds two."""
    buildings = table()
    found = building_stock.dwellings_per_building(
        buildings,
        pd.Series("apartment_building", buildings.index),
        pd.Series(30.0, buildings.index),
        is_home=pd.Series(data=True, index=buildings.index),
        apartment_m2=100.0,
    )
    assert found["dwellings"].tolist() == [2]


def test_input_is_left_alone() -> None:
    """No function changes the table it was given."""
    buildings = table(2, house_number=["1", None])
    before = buildings.copy()
    homes(buildings)
    types(buildings)
    pd.testing.assert_frame_equal(pd.DataFrame(buildings), pd.DataFrame(before))


def test_covered_share_of_half_a_neighbourhood() -> None:
    """Data in the western half reach half of the area."""
    boundary = gpd.GeoSeries([box(0, 0, 10, 10)], crs=31370)
    west = gpd.GeoSeries([box(-5, -5, 5, 15)], crs=31370)
    assert building_stock.covered_share(boundary, west) == pytest.approx(0.5)


def test_covered_share_without_data_is_unknown() -> None:
    """Without anything found, or without area, nothing can be said."""
    empty = gpd.GeoSeries([], crs=31370)
    boundary = gpd.GeoSeries([box(0, 0, 10, 10)], crs=31370)
    assert np.isnan(building_stock.covered_share(boundary, empty))
    assert np.isnan(building_stock.covered_share(empty, gpd.GeoSeries([Point(0, 0)], crs=31370)))
