"""Street space: widths between façades, junctions, trees and what the ground is used for."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, Point, affinity, box

from lekp_lib.domain import street_space
from lekp_lib.errors import ContractError

SIDES = {
    "footway_m": 1.5,
    "free_passage_m": {"local": 3.0, "connector": 5.5},
    "place_width_m": 2.0,
    "enclosed_width_m": 16.0,
    "enclosed_share": 0.5,
    "sides_open_street": 1.0,
}


def lines(*shapes: object) -> gpd.GeoDataFrame:
    """Return segments named s0, s1, …"""
    names = pd.Index([f"s{number}" for number in range(len(shapes))], name="street_id")
    return gpd.GeoDataFrame(index=names, geometry=list(shapes), crs=31370)


def seen(streets: gpd.GeoDataFrame, *facades: object) -> pd.DataFrame:
    """Return the widths with cross-lines every 10 m that reach 25 m."""
    walls = gpd.GeoSeries(list(facades), crs=31370)
    return street_space.facade_widths(streets, walls, spacing_m=10, reach_m=25)


@settings(max_examples=25)
@given(st.floats(0, 360), st.floats(4, 40))
def test_width_does_not_depend_on_the_compass(angle: float, width: float) -> None:
    """A street turned on the map keeps its width."""
    row = [box(-10, width / 2, 110, width / 2 + 8), box(-10, -width / 2 - 8, 110, -width / 2)]
    street, *facades = (
        affinity.rotate(shape, angle, origin=(0, 0))
        for shape in (LineString([(0, 0), (100, 0)]), *row)
    )
    found = seen(lines(street), *facades).iloc[0]
    assert found["width_m"] == pytest.approx(width, abs=1e-6)
    assert found["both_share"] == 1.0


def test_shares_of_cross_lines_add_up_to_one() -> None:
    """Each cross-line has façades on both sides, on one or on none."""
    streets = lines(LineString([(0, 0), (100, 0)]), LineString([(500, 0), (540, 0)]))
    found = seen(streets, box(0, 5, 60, 15), box(0, -15, 30, -5))
    assert found[["both_share", "one_share", "none_share"]].sum(axis=1).tolist() == [1.0, 1.0]
    assert found["both_share"].tolist() == [0.3, 0.0]


def test_width_is_missing_without_facades_on_both_sides() -> None:
    """Half a street is no width."""
    found = seen(lines(LineString([(0, 0), (50, 0)])), box(0, 5, 50, 15))
    assert found["width_m"].isna().all()
    assert found["built_share"].tolist() == [1.0]


def test_facades_beyond_reach_do_not_count() -> None:
    """A farm far behind its field does not make a street."""
    found = seen(lines(LineString([(0, 0), (50, 0)])), box(0, 26, 50, 40), box(0, -40, 50, -26))
    assert found[["none_share", "built_share"]].to_numpy().tolist() == [[1.0, 0.0]]


def test_a_gateway_is_no_width() -> None:
    """A cross-line that starts inside a building tells nothing."""
    found = seen(lines(LineString([(0, 0), (10, 0)])), box(-5, -5, 15, 5))
    assert found["none_share"].tolist() == [1.0]
    assert found["width_m"].isna().all()


def test_a_segment_in_parts_is_measured_in_all_of_them() -> None:
    """Each part of a multiline has its own cross-lines."""
    street = MultiLineString([[(0, 0), (20, 0)], [(100, 0), (130, 0)]])
    assert seen(lines(street), box(0, 5, 20, 9))["samples"].tolist() == [5]


def test_no_buildings_at_all_leave_every_width_unknown() -> None:
    """A neighbourhood without footprints is no error."""
    found = seen(lines(LineString([(0, 0), (30, 0)])))
    assert found["none_share"].tolist() == [1.0]


def test_no_streets_give_no_rows() -> None:
    """An empty table stays an empty table."""
    assert len(seen(lines(), box(0, 0, 1, 1))) == 0


@pytest.mark.parametrize(
    ("width", "share", "road_class", "sides", "origin"),
    [
        (10.0, 1.0, "local", 2.0, "width"),
        (7.9, 1.0, "local", 0.0, "width"),
        (8.0, 1.0, "local", 1.0, "width"),
        (12.5, 1.0, "connector", 2.0, "width"),
        (10.0, 0.4, "local", 1.0, "open_street"),
        (24.0, 1.0, "local", 1.0, "open_street"),
        (np.nan, 0.0, "local", 1.0, "open_street"),
        (10.0, 1.0, "main", 0.0, "road_class"),
    ],
)
def test_parking_sides_by_hand(
    width: float, share: float, road_class: str, sides: float, origin: str
) -> None:
    """Footways and free passage come first; what is left decides."""
    table = pd.DataFrame({"width_m": [width], "both_share": share, "road_class": road_class})
    found = street_space.parking_sides(table, **SIDES).iloc[0]
    assert (found["sides"], found["sides_origin"]) == (sides, origin)


def test_a_change_of_name_is_no_junction() -> None:
    """Two ends that meet are one street going on; a dead end is no junction either."""
    streets = lines(LineString([(0, 0), (9, 0)]), LineString([(9, 0), (18, 0)]))
    assert street_space.junction_ends(streets).tolist() == [0, 0]


def test_a_crossing_blocks_all_its_arms() -> None:
    """Four ends in one point, drawn a few centimetres apart."""
    arms = [
        LineString([(0.05 * k, 0), (x, y)])
        for k, (x, y) in enumerate([(9, 0), (-9, 0), (0, 9), (0, -9)])
    ]
    assert street_space.junction_ends(lines(*arms)).tolist() == [1, 1, 1, 1]


@given(st.permutations(range(4)))
def test_junctions_do_not_depend_on_the_order(order: list[int]) -> None:
    """Shuffling the segments shuffles the answer."""
    streets = lines(
        *(LineString([(0, 0), (9, k)]) for k in range(4)),
    )
    shuffled = street_space.junction_ends(streets.iloc[order])
    assert shuffled.sort_index().tolist() == street_space.junction_ends(streets).tolist()


def test_a_tree_belongs_to_one_street() -> None:
    """A tree on the corner is not counted twice."""
    streets = lines(LineString([(0, 0), (50, 0)]), LineString([(0, 0), (0, 50)]))
    trees = gpd.GeoSeries([Point(4, 4), Point(30, 2), Point(40, 40)], crs=31370)
    assert street_space.points_per_street(trees, streets, reach_m=10).sum() == 2


def test_no_trees_count_as_none() -> None:
    """An empty table of trees gives zeros."""
    streets = lines(LineString([(0, 0), (50, 0)]))
    empty = gpd.GeoSeries([], crs=31370)
    assert street_space.points_per_street(empty, streets, reach_m=10).tolist() == [0]


@settings(max_examples=25)
@given(st.floats(0, 100), st.floats(0, 100))
def test_ground_adds_up_to_the_area(shift: float, rise: float) -> None:
    """However the layers overlap, no square metre counts twice or is lost."""
    layers = {
        "gebouwen": gpd.GeoSeries([box(10, 10, 30, 30)]),
        "groen": gpd.GeoSeries([box(shift, rise, shift + 40, rise + 40)]),
        "water": gpd.GeoSeries([box(20, 20, 60, 25)]),
    }
    table = street_space.land_use(box(0, 0, 100, 100), layers)
    assert table["area_m2"].sum() == pytest.approx(10_000)
    assert table["share"].sum() == pytest.approx(1)
    assert (table["area_m2"] >= -1e-6).all()


def test_an_unknown_layer_is_refused() -> None:
    """A layer that no rule places would be forgotten."""
    with pytest.raises(ContractError, match="zwembad"):
        street_space.land_use(box(0, 0, 1, 1), {"zwembad": gpd.GeoSeries([box(0, 0, 1, 1)])})


def test_a_road_class_without_width_is_refused() -> None:
    """Paving of an unknown width is not paving of no width."""
    streets = lines(LineString([(0, 0), (9, 0)])).assign(road_class="main")
    with pytest.raises(ContractError, match="main"):
        street_space.ribbons(streets, {"local": 6.0})


def test_width_classes_meet_at_their_bounds() -> None:
    """Each bound belongs to the narrower class."""
    width = pd.Series([8.0, 8.01, 16.0, 16.01, np.nan])
    assert street_space.width_class(width).tolist() == [
        "tot 8 m",
        "8 tot 10 m",
        "12 tot 16 m",
        "meer dan 16 m",
        "niet te meten",
    ]
