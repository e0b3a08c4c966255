"""Periods, their spread over a municipality, and other lists of periods."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.contracts.lists import BUILDING_TYPES, PERIOD_FIRST_YEAR, PERIODS
from lekp_lib.domain import construction_period
from lekp_lib.errors import ContractError


def stock(rows: list[tuple[str, str, str, int]]) -> pd.DataFrame:
    """Return a building stock: municipality 1 as given, municipality 2 one of everything."""
    everything = [("2", kind, period, 1) for kind in BUILDING_TYPES for period in PERIODS]
    columns = ["nis_code", "building_type", "period", "buildings"]
    return pd.DataFrame([*rows, *everything], columns=columns)


def known(year: int | None, period: str | None = None) -> pd.DataFrame:
    """Return what is known of one building."""
    buildings = pd.DataFrame(
        {
            "construction_year": pd.array([year], "Int64"),
            "construction_period": pd.Series([period], dtype="str"),
        }
    )
    return construction_period.construction_periods(buildings)


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (1650, "before_1900"),
        (1899, "before_1900"),
        (1900, "1900_1918"),
        (1945, "1919_1945"),
        (1970, "1962_1970"),
        (1971, "1971_1981"),
        (2011, "2002_2011"),
        (2012, "after_2011"),
        (2031, "after_2011"),
    ],
)
def test_year_falls_in_its_period(year: int, expected: str) -> None:
    """First and last years belong to their own period."""
    assert known(year)["period"].tolist() == [expected]


def test_year_goes_before_period() -> None:
    """Where year and period contradict each other, the year decides."""
    assert known(1950, "after_2011").iloc[0].tolist() == ["1946_1961", "year"]


def test_nothing_known_is_left_missing() -> None:
    """Without year and period nothing is guessed."""
    found = known(None).iloc[0]
    assert pd.isna(found["period"])
    assert found["period_origin"] == "stock"


def test_shares_of_the_municipality() -> None:
    """Three old houses and one new one give 75 and 25 %."""
    table = stock([("1", "detached", "before_1900", 3), ("1", "detached", "after_2011", 1)])
    shares = construction_period.period_shares(table, nis_code="1")
    assert shares.loc["detached", ["before_1900", "after_2011"]].tolist() == [0.75, 0.25]


def test_unknown_periods_are_left_out() -> None:
    """Buildings of unknown period say nothing about the others."""
    table = stock([("1", "detached", "unknown", 9), ("1", "detached", "after_2011", 1)])
    shares = construction_period.period_shares(table, nis_code="1")
    assert shares.loc["detached", "after_2011"] == 1.0


def test_type_that_the_municipality_lacks_gets_flemish_shares() -> None:
    """A village without apartments takes the spread of Flanders for them."""
    table = stock([("1", "detached", "after_2011", 1)])
    shares = construction_period.period_shares(table, nis_code="1")
    assert shares.loc["apartment_building"].tolist() == pytest.approx([0.1] * len(PERIODS))


@pytest.mark.parametrize("nis_code", ["1", None])
def test_shares_add_up(nis_code: str | None) -> None:
    """Each type is spread whole."""
    table = stock([("1", "terraced", "1946_1961", 7)])
    shares = construction_period.period_shares(table, nis_code=nis_code)
    assert shares.sum(axis=1).tolist() == pytest.approx([1.0] * len(BUILDING_TYPES))


def test_unknown_municipality_is_refused() -> None:
    """A code of before the mergers raises."""
    with pytest.raises(ContractError, match="no municipality 3"):
        construction_period.period_shares(stock([]), nis_code="3")


def test_type_without_any_building_is_refused() -> None:
    """A stock without apartments anywhere is a broken table."""
    table = stock([]).query("building_type != 'apartment_building'")
    with pytest.raises(ContractError, match="type without any building"):
        construction_period.period_shares(table, nis_code=None)


@given(st.lists(st.sampled_from([*PERIODS, None]), min_size=1, max_size=8))
def test_weights_add_up_and_follow_what_is_known(periods: list[str | None]) -> None:
    """Each building is of some period; a known period is certain."""
    shares = construction_period.period_shares(stock([]), nis_code=None)
    given_periods = pd.Series(periods, dtype="str")
    kinds = pd.Series("terraced", given_periods.index)
    weights = construction_period.period_weights(given_periods, kinds, shares)
    assert np.allclose(weights.sum(axis=1), 1.0)
    for row, period in enumerate(periods):
        assert period is None or weights.loc[row, period] == 1.0


def test_weights_leave_the_shares_alone() -> None:
    """A known period does not write into the shares of its type."""
    shares = construction_period.period_shares(stock([]), nis_code=None)
    before = shares.copy()
    kinds = pd.Series(["terraced"])
    construction_period.period_weights(pd.Series(["after_2011"]), kinds, shares)
    pd.testing.assert_frame_equal(shares, before)


def test_weights_refuse_a_type_without_shares() -> None:
    """A type that is not in the list raises and is named."""
    shares = construction_period.period_shares(stock([]), nis_code=None)
    with pytest.raises(ContractError, match="castle"):
        construction_period.period_weights(
            pd.Series([None], dtype="str"), pd.Series(["castle"]), shares
        )


@given(st.sets(st.integers(1850, 2020), max_size=6))
def test_every_year_of_a_period_falls_in_one_class(years: set[int]) -> None:
    """However another list is cut, its shares of a period add up to one."""
    overlap = construction_period.period_overlap([0, *sorted(years)], last_year=2024)
    assert np.allclose(overlap.sum(axis=1), 1.0)


def test_own_list_lies_over_itself() -> None:
    """Statbel's own list maps one to one."""
    overlap = construction_period.period_overlap(PERIOD_FIRST_YEAR, last_year=2024)
    assert np.array_equal(overlap.to_numpy(), np.eye(len(PERIODS)))


@pytest.mark.parametrize("years", [[1900], [0, 1950, 1950], [0, 2030]])
def test_years_must_rise_from_zero(years: list[int]) -> None:
    """A list that leaves years out, repeats them or runs past the stock raises."""
    with pytest.raises(ContractError, match="must rise from 0"):
        construction_period.period_overlap(years, last_year=2024)


def test_value_of_a_period_is_the_mean_over_its_years() -> None:
    """Four years at 85 and six at 60 give 70."""
    values = construction_period.values_by_period([85.0, 60.0], [0, 2006], last_year=2024)
    assert values["2002_2011"] == pytest.approx(70.0)
    assert values["1992_2001"] == 85.0
