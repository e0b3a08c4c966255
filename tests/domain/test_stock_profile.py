"""Tests of what a municipality looks like beside Flanders."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.domain.stock_profile import (
    HINTS,
    energy_per_point,
    old_home_share,
    percentile_in,
    screen,
    shares_beside,
    wijk_indicators,
)

COUNTS = pd.DataFrame({"nis_code": ["1", "1", "2"], "t": ["a", "b", "a"], "n": [30, 10, 60]})
NAN = math.nan


def beside(nis_code: str | None) -> pd.DataFrame:
    """Return the shares of one municipality."""
    return shares_beside(COUNTS, value="n", within=["t"], nis_code=nis_code)


def test_shares_stand_beside_those_of_all() -> None:
    """Three quarters here, nine tenths everywhere."""
    assert beside("1")["share"].tolist() == [0.75, 0.25]
    assert beside("1")["share_flanders"].tolist() == [0.9, 0.1]


def test_a_class_that_is_absent_counts_zero() -> None:
    """The classes are those of all together."""
    assert beside("2")[["t", "n", "share"]].to_numpy().tolist() == [["a", 60, 1.0], ["b", 0, 0.0]]


def test_all_together_are_beside_themselves() -> None:
    """Without a municipality both shares are the same."""
    assert beside(None)["share"].tolist() == beside(None)["share_flanders"].tolist()


def test_a_municipality_without_buildings_has_no_shares() -> None:
    """Nothing divided by nothing is missing."""
    assert beside("3")["share"].isna().all()


@given(st.lists(st.integers(0, 100), min_size=1, max_size=6).filter(any))
def test_shares_add_up_to_one(numbers: list[int]) -> None:
    """Every building belongs to a class."""
    counts = pd.DataFrame({"nis_code": "1", "t": range(len(numbers)), "n": numbers})
    table = shares_beside(counts, value="n", within=["t"], nis_code="1")
    assert table["share"].sum() == pytest.approx(1.0)


def energy(mwh: float, points: float, electricity: float) -> pd.DataFrame:
    """Return one year of one wijk."""
    return pd.DataFrame(
        {
            "gas_residential_mwh": [mwh],
            "gas_residential_points": [points],
            "electricity_residential_points": [electricity],
        },
        index=["w"],
    )


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ((1500.0, 100.0, 125.0), [15.0, 0.8, 750.0, 50.0]),
        ((1500.0, 100.0, 80.0), [15.0, 1.0, 750.0, 50.0]),  # the share is cut at 1
        ((0.0, 0.0, 125.0), [NAN, 0.0, 0.0, 0.0]),
        ((NAN, NAN, 125.0), [NAN, NAN, NAN, NAN]),
    ],
)
def test_the_heat_of_a_wijk(figures: tuple[float, ...], expected: list[float]) -> None:
    """Two km²; what is blank or divides by nothing is missing."""
    wijken = pd.DataFrame({"area_km2": [2.0]}, index=["w"])
    row = wijk_indicators(wijken, energy(*figures)).iloc[0].tolist()
    assert row == pytest.approx(expected, nan_ok=True)


def test_a_wijk_without_meters_is_missing() -> None:
    """The rows are those of the wijken, in their order."""
    wijken = pd.DataFrame({"area_km2": [1.0, 2.0]}, index=["x", "w"])
    table = wijk_indicators(wijken, energy(1500.0, 100.0, 125.0))
    assert table.index.tolist() == ["x", "w"]
    assert table.loc["x"].isna().all()


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_percentiles_lie_between_0_and_1(values: list[float]) -> None:
    """The highest is at 1, none is at 0, and larger is never lower."""
    series = pd.Series(values)
    ranks = percentile_in(series, series)
    assert ranks.max() == 1.0
    assert (ranks > 0).all()
    assert ranks[series.sort_values().index].is_monotonic_increasing


def test_a_percentile_leaves_blanks_out() -> None:
    """A blank is no wijk with little gas."""
    ranks = percentile_in(pd.Series([2.0, NAN]), pd.Series([1.0, 2.0, NAN]))
    assert ranks.tolist() == pytest.approx([1.0, NAN], nan_ok=True)


@pytest.mark.parametrize(
    ("per_point", "on_gas", "per_km2", "hint"),
    [
        (0.9, 0.9, 0.9, "both"),
        (0.5, 0.9, 0.9, "dense"),
        (0.9, 0.9, 0.5, "thirsty"),
        (0.9, 0.1, 0.5, "thirsty"),
        (0.5, 0.25, 0.5, "off_gas"),
        (0.75, 0.5, 0.75, "middle"),  # just not the highest quarter
    ],
)
def test_a_wijk_gets_one_hint(per_point: float, on_gas: float, per_km2: float, hint: str) -> None:
    """Density comes before use per home, and that before the share on gas."""
    row = {"gas_per_connection_mwh": per_point, "on_gas_share": on_gas, "gas_mwh_km2": per_km2}
    assert screen(pd.DataFrame([row]), top_share=0.25).tolist() == [hint]
    assert hint in HINTS


def test_a_wijk_without_figures_gets_no_hint() -> None:
    """Not known is not in the middle."""
    columns = ["gas_per_connection_mwh", "on_gas_share", "gas_mwh_km2"]
    table = pd.DataFrame([[NAN, NAN, NAN]], columns=columns)
    assert screen(table, top_share=0.25).isna().tolist() == [True]


def test_use_per_connection() -> None:
    """No connections, no use per connection."""
    table = pd.DataFrame({"wijk_code": ["a", "b"], "year": 2021,
                          "gas_residential_mwh": [30.0, 0.0],
                          "gas_residential_points": [2.0, 0.0]})  # fmt: skip
    found = energy_per_point(table, carrier="gas")["per_point_mwh"]
    assert found.tolist() == pytest.approx([15.0, NAN], nan_ok=True)


def stock(*rows: tuple[str, str, int]) -> pd.DataFrame:
    """Return rows of the building stock."""
    return pd.DataFrame(rows, columns=["building_type", "period", "buildings"])


def test_old_homes_are_counted_among_homes_of_known_age() -> None:
    """An unknown period counts on neither side, another type not at all."""
    table = stock(("terraced", "before_1900", 30), ("terraced", "after_2011", 10),
                  ("terraced", "unknown", 99), ("other", "before_1900", 99))  # fmt: skip
    assert old_home_share(table, periods=["before_1900"], types=["terraced"]) == 0.75


def test_no_homes_have_no_share() -> None:
    """Nothing divided by nothing is missing."""
    assert math.isnan(old_home_share(stock(), periods=["before_1900"], types=["terraced"]))
