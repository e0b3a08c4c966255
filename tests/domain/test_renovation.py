"""Segments of homes and the rows they stand in."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lekp_lib.contracts.lists import BUILDING_TYPES, PERIODS
from lekp_lib.domain.renovation import (
    neighbour_pairs,
    row_kinds,
    rows_of_homes,
    rows_per_segment,
    segments,
    tenure_segments,
)
from lekp_lib.errors import ContractError


def homes_of(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """Return homes a, b, c, … from type, period and dwellings."""
    table = pd.DataFrame(rows, columns=["building_type", "period", "dwellings"])
    return table.set_index(pd.Index(list("abcdefghijklmnop"[: len(rows)]), name="building_id"))


def even_weights(homes: pd.DataFrame) -> pd.DataFrame:
    """Return full weight for a known period, a tenth each for an unknown one."""
    weights = pd.DataFrame(0.1, index=homes.index, columns=list(PERIODS))
    for period in PERIODS:
        weights.loc[homes["period"] == period] = 0.0
        weights.loc[homes["period"] == period, period] = 1.0
    return weights


def group_of(homes: pd.DataFrame, *numbers: int) -> pd.Series[Any]:
    """Return the group of each home."""
    return pd.Series(numbers, index=homes.index)


def test_unknown_periods_are_spread() -> None:
    """Ten dwellings of unknown age become one in each period."""
    homes = homes_of(("terraced", "unknown", 10), ("terraced", "after_2011", 2))
    table = segments(homes, even_weights(homes)).set_index("period")
    assert table.loc["before_1900", "dwellings_expected"] == pytest.approx(1.0)
    assert table.loc["after_2011", "dwellings_expected"] == pytest.approx(3.0)
    assert table.loc["unknown", ["dwellings", "dwellings_expected"]].tolist() == [10.0, 0.0]


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(BUILDING_TYPES),
            st.sampled_from([*PERIODS, "unknown"]),
            st.integers(1, 9),
        ),
        max_size=15,
    )
)
def test_totals_are_kept(rows: list[tuple[str, str, float]]) -> None:
    """Spreading neither makes nor loses a dwelling, whatever is known."""
    homes = homes_of(*rows)
    table = segments(homes, even_weights(homes))
    assert table["dwellings"].sum() == pytest.approx(homes["dwellings"].sum())
    assert table["dwellings_expected"].sum() == pytest.approx(homes["dwellings"].sum())
    assert table["buildings"].sum() == len(homes)


def test_segments_stand_in_the_order_of_the_lists() -> None:
    """Rows come type by type, oldest first, unknown last."""
    homes = homes_of(
        ("detached", "1900_1918", 1), ("terraced", "after_2011", 1), ("terraced", "before_1900", 1)
    )
    table = segments(homes, even_weights(homes))
    assert table["building_type"].tolist() == ["terraced", "terraced", "detached"]
    assert table["period"].tolist() == ["before_1900", "after_2011", "1900_1918"]


@pytest.mark.parametrize("factor", [0.5, float("nan")])
def test_weights_must_add_up(factor: float) -> None:
    """Weights that lose homes, or say nothing, are refused."""
    homes = homes_of(("terraced", "unknown", 1))
    with pytest.raises(ContractError, match="add up to 1"):
        segments(homes, even_weights(homes) * factor)


def test_input_is_not_changed() -> None:
    """The homes come back as they were."""
    homes = homes_of(("terraced", "unknown", 1), ("detached", "after_2011", 1))
    before = homes.copy(deep=True)
    segments(homes, even_weights(homes))
    row_kinds(homes)
    pd.testing.assert_frame_equal(homes, before)


def test_tenures_are_counted_as_found() -> None:
    """Dwellings of one segment and tenure are added up."""
    homes = homes_of(
        ("terraced", "unknown", 1), ("terraced", "unknown", 3), ("terraced", "unknown", 1)
    )
    homes["tenure"] = ["social_rental", "social_rental", "unknown"]
    table = tenure_segments(homes).set_index("tenure")["dwellings"]
    assert table.to_dict() == {"social_rental": 4.0, "unknown": 1.0}


def test_end_houses_belong_to_their_row() -> None:
    """A semi-detached house is like a terraced one of the same period, not of another."""
    homes = homes_of(
        ("terraced", "1919_1945", 1), ("semi_detached", "1919_1945", 1), ("terraced", "unknown", 1)
    )
    kind = row_kinds(homes)
    assert kind["a"] == kind["b"] != kind["c"]


def test_apartment_buildings_decide_for_themselves() -> None:
    """Two apartment buildings side by side are of different kinds."""
    homes = homes_of(
        ("apartment_building", "after_2011", 8), ("apartment_building", "after_2011", 8)
    )
    assert row_kinds(homes).nunique() == 2


def test_rows_are_sorted_and_named_after_most_dwellings() -> None:
    """The longest row comes first, under the street and type of most of its homes."""
    homes = homes_of(
        *[("terraced", "unknown", 1)] * 5, *[("semi_detached", "unknown", 1)] * 2,
        *[("detached", "unknown", 1)] * 2,
    )  # fmt: skip
    group = group_of(homes, 3, 3, 3, 3, 3, 3, 3, 1, 1)
    street = pd.Series(["Kerk"] * 4 + ["Dorp"] * 3 + [None] * 2, index=homes.index)
    rows = rows_of_homes(homes, group, street, smallest=2)
    assert rows.index.tolist() == [3, 1]
    assert rows["street_name"].iloc[0] == "Kerk"
    assert pd.isna(rows["street_name"].iloc[1])
    assert rows["building_type"].tolist() == ["terraced", "detached"]


def test_too_short_rows_are_left_out() -> None:
    """Four homes are no row if five are asked for."""
    homes = homes_of(*[("terraced", "unknown", 1)] * 4)
    street = pd.Series("Dorp", index=homes.index)
    assert rows_of_homes(homes, group_of(homes, 0, 0, 0, 0), street, smallest=5).empty


def test_homes_in_rows_are_counted_per_own_segment() -> None:
    """End houses count in their own segment, with the length of the whole row."""
    homes = homes_of(
        *[("terraced", "unknown", 1)] * 4,
        ("semi_detached", "unknown", 1),
        ("detached", "unknown", 1),
    )
    group = group_of(homes, 0, 0, 0, 0, 0, 1)
    table = rows_per_segment(homes, group, smallest=5, enough=10).set_index("building_type")
    assert table["dwellings_in_rows"].to_dict() == {
        "terraced": 4.0, "semi_detached": 1.0, "detached": 0.0
    }  # fmt: skip
    assert table.loc["semi_detached", "longest_row_dwellings"] == 5.0
    assert table["dwellings_in_long_rows"].sum() == 0.0


def test_neighbour_pairs_are_unordered() -> None:
    """Old beside new is the same pair as new beside old."""
    homes = homes_of(
        ("terraced", "after_2011", 1), ("terraced", "before_1900", 1), ("terraced", "after_2011", 1)
    )
    walls = pd.DataFrame({"building_id": ["a", "b"], "neighbour_id": ["b", "c"]})
    table = neighbour_pairs(homes, walls)
    assert table[["period", "neighbour_period", "pairs"]].iloc[0].tolist() == [
        "before_1900", "after_2011", 2
    ]  # fmt: skip


def test_pairs_with_strangers_are_left_out() -> None:
    """A wall with a shed or a school is no pair of homes."""
    homes = homes_of(("terraced", "unknown", 1))
    walls = pd.DataFrame({"building_id": ["a"], "neighbour_id": ["school"]})
    assert neighbour_pairs(homes, walls).empty


def test_nothing_comes_from_no_homes() -> None:
    """Empty tables in, empty tables with the same columns out."""
    homes = homes_of()
    walls = pd.DataFrame({"building_id": [], "neighbour_id": []}, dtype="str")
    none = pd.Series([], index=homes.index, dtype="int64")
    assert segments(homes, even_weights(homes)).empty
    assert rows_of_homes(homes, none, none.astype("str"), smallest=5).empty
    assert rows_per_segment(homes, none, smallest=5, enough=10).empty
    assert neighbour_pairs(homes, walls).empty
