"""Streets of buildings, heat per metre and verdicts, on a village of three streets."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, Point

from lekp_lib.domain import heat_density
from lekp_lib.errors import ContractError

BOUNDS = {"goed": 1.5, "misschien": 0.75, "neen": 0.0}


@pytest.fixture
def streets() -> gpd.GeoDataFrame:
    """Give two segments of Dorp, one of Beulk and one without a name."""
    lines = [
        LineString([(0, 0), (100, 0)]),
        LineString([(100, 0), (150, 0)]),
        LineString([(0, 40), (100, 40)]),
        LineString([(0, 300), (100, 300)]),
    ]
    names = pd.Series(["Dorp", "Dorp", "Beulk", None], dtype="str")
    index = pd.Index(["d1", "d2", "b1", "z1"], name="street_id")
    table = gpd.GeoDataFrame({"street_name": names}, geometry=lines, crs=31370)
    return table.set_index(index)


def assigned(streets: gpd.GeoDataFrame, point: tuple[float, float], **given: Any) -> list[Any]:
    """Return street and origin of one building."""
    columns = {"street_id": None, "street_name": None, **given}
    buildings = gpd.GeoDataFrame(
        {name: pd.Series([value], dtype="str") for name, value in columns.items()},
        geometry=[Point(point)],
        crs=31370,
    )
    found = heat_density.assign_streets(buildings, streets, named_within_m=250, nearest_within_m=50)
    return found.iloc[0].tolist()


def test_given_street_id_decides(streets: gpd.GeoDataFrame) -> None:
    """A building on Dorp that says it lies on Beulk lies on Beulk."""
    found = assigned(streets, (5, 1), street_id="b1", street_name="Dorp")
    assert found == ["b1", "street_id"]


def test_name_goes_before_distance(streets: gpd.GeoDataFrame) -> None:
    """A house behind Beulk with an address on Dorp belongs to the nearest piece of Dorp."""
    assert assigned(streets, (140, 39), street_name="Dorp") == ["d2", "street_name"]


@pytest.mark.parametrize("name", ["Dorp", "Onbekende weg"])
def test_name_too_far_or_unknown_falls_back_on_distance(
    streets: gpd.GeoDataFrame, name: str
) -> None:
    """The nearest street counts where the named one is out of reach or does not exist."""
    assert assigned(streets, (5, 290), street_name=name) == ["z1", "nearest"]


def test_footpath_that_was_left_out_is_no_answer(streets: gpd.GeoDataFrame) -> None:
    """A street_id that no building can be served from falls back on distance."""
    assert assigned(streets, (5, 1), street_id="path") == ["d1", "nearest"]


def test_too_far_from_everything(streets: gpd.GeoDataFrame) -> None:
    """A farm at 60 m from any street has none."""
    street, origin = assigned(streets, (5, 360))
    assert pd.isna(street)
    assert origin == "none"


def test_equally_near_is_the_first_in_the_table(streets: gpd.GeoDataFrame) -> None:
    """On the corner of two segments the answer does not depend on the search tree."""
    assert assigned(streets, (100, 10))[0] == "d1"


def test_no_streets_at_all(streets: gpd.GeoDataFrame) -> None:
    """Without streets nothing is found, and nothing breaks."""
    assert assigned(streets.iloc[:0], (5, 1), street_name="Dorp")[1] == "none"


def test_segments_without_name_are_together(streets: gpd.GeoDataFrame) -> None:
    """Where most segments have a name, the others are one group."""
    assert heat_density.street_groups(streets).tolist() == ["Dorp", "Dorp", "Beulk", "zonder naam"]


def test_segments_stand_alone_where_names_are_rare(streets: gpd.GeoDataFrame) -> None:
    """A table without names keeps its segments apart."""
    nameless = streets.assign(street_name=pd.Series([None] * 4, streets.index, dtype="str"))
    assert heat_density.street_groups(nameless).tolist() == [
        "segment d1",
        "segment d2",
        "segment b1",
        "segment z1",
    ]


def served(*rows: tuple[str | None, int, float]) -> pd.DataFrame:
    """Return buildings with their street, dwellings and demand."""
    table = pd.DataFrame(list(rows), columns=["street_id", "dwellings", "demand_mwh"])
    return table.astype({"street_id": "str"})


def test_heat_of_segments_with_the_same_name_is_added(streets: gpd.GeoDataFrame) -> None:
    """Dorp has both its segments as length, one as served length, and all of its heat."""
    table = heat_density.heat_per_street(
        streets,
        heat_density.street_groups(streets),
        served(("d1", 1, 10.0), ("d1", 2, 20.0), (None, 1, 99.0)),
    )
    dorp = table.loc["Dorp", ["buildings", "dwellings", "demand_mwh", "length_m", "served_m"]]
    assert dorp.tolist() == [2, 3, 30.0, 150.0, 100.0]
    assert table.loc["Beulk", "demand_mwh"] == 0.0


def test_streets_are_drawn_as_one_shape(streets: gpd.GeoDataFrame) -> None:
    """Every street keeps its own segments."""
    groups = heat_density.street_groups(streets)
    table = heat_density.heat_per_street(streets, groups, served())
    assert isinstance(table.geometry.loc["Dorp"], MultiLineString)
    assert table.length.tolist() == table["length_m"].tolist()


@given(st.permutations(range(4)))
def test_order_of_segments_does_not_matter(order: list[int]) -> None:
    """The table per street is the same, however the segments are sorted."""
    lines = [LineString([(0, k), (10 * k + 10, k)]) for k in range(4)]
    names = pd.Series(["A", "B", "A", "C"], dtype="str")
    streets = gpd.GeoDataFrame({"street_name": names}, geometry=lines, crs=31370)
    streets = streets.set_index(pd.Index(list("wxyz"), name="street_id")).iloc[order]
    homes = served(("w", 1, 5.0), ("y", 1, 7.0))
    table = heat_density.heat_per_street(streets, heat_density.street_groups(streets), homes)
    assert table["demand_mwh"].to_dict() == {"A": 12.0, "B": 0.0, "C": 0.0}
    assert table["length_m"].to_dict() == {"A": 40.0, "B": 20.0, "C": 40.0}


def test_unknown_segment_is_refused(streets: gpd.GeoDataFrame) -> None:
    """Demand on a segment that does not exist would be lost without a word."""
    groups = heat_density.street_groups(streets)
    with pytest.raises(ContractError, match="not in streets"):
        heat_density.heat_per_street(streets, groups, served(("x9", 1, 1.0)))


def test_density_of_a_street_without_length_is_missing() -> None:
    """Nothing is divided by zero."""
    density = heat_density.linear_heat_density(pd.Series([30.0, 5.0]), pd.Series([60.0, 0.0]))
    assert density.iloc[0] == 0.5
    assert np.isnan(density.iloc[1])


@pytest.mark.parametrize(
    ("density", "expected"),
    [(1.5, "goed"), (1.499, "misschien"), (0.75, "misschien"), (0.01, "neen"), (0.0, "geen")],
)
def test_bound_belongs_to_the_better_verdict(density: float, expected: str) -> None:
    """A street exactly on a threshold deserves the better word; without demand it has none."""
    found = heat_density.density_verdicts(
        pd.Series([density, np.nan]), lower_bounds=BOUNDS, without="geen"
    )
    assert found.tolist() == [expected, "geen"]


def test_verdicts_need_a_lowest_one() -> None:
    """Bounds that leave thin streets without a word are refused."""
    with pytest.raises(ContractError, match="from 0 up"):
        heat_density.density_verdicts(pd.Series([1.0]), lower_bounds={"goed": 1.5}, without="")


@given(st.lists(st.tuples(st.floats(0, 1e4), st.floats(0, 5)), min_size=1, max_size=9))
def test_share_falls_as_the_bound_rises(rows: list[tuple[float, float]]) -> None:
    """More streets pass a low bound than a high one, and never more than all."""
    amounts, density = (pd.Series(values, dtype="float64") for values in zip(*rows, strict=True))
    total = max(float(amounts.sum()), 1.0)
    low, high = (
        heat_density.share_above(amounts, density, bound=bound, total=total) for bound in (0.5, 2)
    )
    assert 0.0 <= high <= low <= 1.0 + 1e-9


def test_share_of_nothing_is_missing() -> None:
    """Without any demand there is no share."""
    nothing = pd.Series([0.0])
    assert np.isnan(heat_density.share_above(nothing, nothing, bound=1.0, total=0.0))


@pytest.mark.parametrize(
    ("shares", "expected"),
    [((0.5, 0.9), "goed"), ((0.4, 0.6), "misschien"), ((0.1, 0.2), "neen")],
)
def test_verdict_of_area_is_the_best_that_holds(shares: tuple[float, float], expected: str) -> None:
    """The neighbourhood gets the best verdict that holds for half of its heat."""
    at_least = dict(zip(("goed", "misschien"), shares, strict=True))
    assert heat_density.verdict_of_area(at_least, needed_share=0.5, last="neen") == expected


def test_combined_range_adds_squares_per_side() -> None:
    """Deviations of 3 and 4 to one side give 5; the order of low and high does not matter."""
    lows, highs = pd.Series([7.0, 12.0]), pd.Series([10.0, 6.0])
    assert heat_density.combined_range(10.0, lows, highs) == (5.0, 12.0)


def test_combined_range_of_nothing_is_the_value() -> None:
    """Without ranges there is no range; a demand is never negative."""
    empty = pd.Series(dtype="float64")
    assert heat_density.combined_range(2.0, empty, empty) == (2.0, 2.0)
    assert heat_density.combined_range(1.0, pd.Series([-9.0]), pd.Series([1.0]))[0] == 0.0
