"""Useful heat per building and its calibration, on figures that can be checked in the head."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.domain import heat_demand
from lekp_lib.errors import ContractError

GAS = {"boiler_efficiency_share": 0.85, "lower_to_upper_share": 0.903, "cooking_share": 0.03}
amounts = st.floats(0.0, 1e6)
factors = st.floats(0.1, 10.0)


def living(function: str | None, dwellings: int, area: float) -> pd.Series:
    """Return the division of one building."""
    buildings = pd.DataFrame(
        {
            "function": pd.Series([function], dtype="str"),
            "dwellings": [dwellings],
            "floor_area_m2": [area],
        }
    )
    return heat_demand.living_floor_area(
        buildings, mixed_home_share=0.5, apartment_m2=100.0, largest_dwelling_m2=400.0
    ).iloc[0]


@pytest.mark.parametrize(
    ("function", "dwellings", "area", "expected"),
    [
        ("residential", 1, 200.0, (200.0, 0.0, False)),
        (None, 1, 200.0, (200.0, 0.0, False)),
        ("residential", 1, 900.0, (400.0, 0.0, True)),
        ("residential", 3, 900.0, (900.0, 0.0, False)),
        ("residential", 0, 200.0, (0.0, 0.0, False)),
        ("mixed", 1, 200.0, (100.0, 100.0, False)),
        ("school", 0, 900.0, (0.0, 900.0, False)),
        ("school", 1, 900.0, (100.0, 800.0, False)),
        ("ancillary", 0, 50.0, (0.0, 0.0, False)),
    ],
)
def test_floor_area_is_lived_in_or_not(
    function: str | None, dwellings: int, area: float, expected: tuple[float, float, bool]
) -> None:
    """Homes, shops with homes, caretakers and barns each get their own part."""
    assert tuple(living(function, dwellings, area)) == expected


@given(st.sampled_from(["residential", "mixed", "school"]), st.integers(0, 50), amounts)
def test_division_never_adds_floor_area(function: str, dwellings: int, area: float) -> None:
    """Living and other area together are at most the floor area."""
    parts = living(function, dwellings, area)
    assert parts["living_m2"] + parts["other_m2"] <= area * (1 + 1e-9)


LEVELS = pd.DataFrame({"old": [12.0, 6.0], "new": [4.0, 2.0]}, index=["detached", "terraced"])


def space(
    weights: pd.DataFrame,
    kind: str = "detached",
    *,
    area: float = 200.0,
    dwellings: int = 1,
    exponent: float = 0.5,
) -> list[float]:
    """Return the space heat of homes of which the average has 200 m²."""
    homes = pd.DataFrame(
        {"building_type": kind, "dwellings": dwellings, "living_m2": area}, index=weights.index
    )
    demand = heat_demand.space_heat_demand(
        homes,
        weights,
        LEVELS,
        reference_m2={"detached": 200.0, "terraced": 200.0},
        area_exponent=exponent,
    )
    return demand.round(9).tolist()


OLD = pd.DataFrame({"new": [0.0], "old": [1.0]})


def test_unknown_period_is_an_expectation() -> None:
    """Half old and half new asks for the mean of both, not for either."""
    weights = pd.DataFrame({"old": [1.0, 0.0, 0.5], "new": [0.0, 1.0, 0.5]})
    assert space(weights) == [12.0, 4.0, 8.0]


def test_level_of_the_type_counts() -> None:
    """A terraced home asks for what terraced homes ask."""
    assert space(OLD, "terraced") == [6.0]


def test_larger_home_asks_more_but_not_in_proportion() -> None:
    """Four times the area asks twice as much with exponent 0.5, and four times with 1."""
    assert space(OLD, area=800.0) == [24.0]
    assert space(OLD, area=800.0, exponent=1.0) == [48.0]
    assert space(OLD, area=800.0, exponent=0.0) == [12.0]


def test_area_counts_per_dwelling() -> None:
    """Three average homes under one roof ask three times the level."""
    assert space(OLD, area=600.0, dwellings=3) == [36.0]


@pytest.mark.parametrize(("area", "dwellings"), [(0.0, 1), (200.0, 0), (0.0, 0)])
def test_nobody_lives_there(area: float, dwellings: int) -> None:
    """Without dwellings or living area nothing is asked for."""
    assert space(OLD, area=area, dwellings=dwellings) == [0.0]


def test_type_without_level_is_refused() -> None:
    """A type without a level raises and is named."""
    with pytest.raises(ContractError, match="castle"):
        space(OLD, "castle")


def test_level_of_space_heat_from_gas() -> None:
    """20 MWh of gas at 0.75 is 15 of heat, of which 2.25 for hot water; never below 0."""
    classes = pd.MultiIndex.from_tuples([("terraced", "old"), ("terraced", "new")])
    found = heat_demand.space_heat_levels(
        pd.Series([20.0, 2.0], classes), useful_per_gas_share=0.75, hot_water_kwh_dwelling=2250.0
    )
    assert found.loc["terraced", ["old", "new"]].tolist() == [12.75, 0.0]


def test_hot_water_per_dwelling() -> None:
    """Four dwellings at 2,250 kWh ask for 9 MWh."""
    assert heat_demand.hot_water_demand(pd.Series([4]), kwh_dwelling=2250.0).tolist() == [9.0]


def test_only_named_functions_ask_for_heat() -> None:
    """A school asks for heat, a factory and a building of unknown use do not."""
    demand = heat_demand.other_heat_demand(
        pd.Series([1000.0, 1000.0, 1000.0]),
        pd.Series(["school", "industry", None], dtype="str"),
        kwh_m2_by_function={"school": 90.0},
    )
    assert demand.tolist() == [90.0, 0.0, 0.0]


def test_gas_of_wechelderzande() -> None:
    """17,646.6 MWh on 1,055 connections is 16.7 MWh of gas, or 12.45 MWh of useful heat, each."""
    per_connection = pd.Series([17_646.6 / 1_055])
    assert per_connection.round(1).tolist() == [16.7]
    assert heat_demand.useful_heat_from_gas(per_connection, **GAS).round(2).tolist() == [12.45]


def compare(useful: float, points: int, modelled: float, dwellings: float) -> pd.Series:
    """Return one comparison."""
    cells = pd.DataFrame({"useful_mwh": [useful], "gas_points": [points]})
    return heat_demand.compare_with_meters(
        cells, pd.Series([modelled]), pd.Series([dwellings])
    ).iloc[0]


def test_meters_are_compared_per_dwelling_on_gas() -> None:
    """Half of the dwellings on gas does not halve the metered heat per dwelling."""
    found = compare(useful=600.0, points=50, modelled=2400.0, dwellings=100)
    assert found.tolist() == pytest.approx([12.0, 24.0, 0.5, 1.0])


@pytest.mark.parametrize(
    ("useful", "points", "modelled", "dwellings"),
    [(0.0, 50, 9.0, 1), (9.0, 0, 9.0, 1), (9.0, 5, 0.0, 0), (9.0, 5, float("nan"), 1)],
)
def test_nothing_to_compare_is_missing(
    useful: float, points: int, modelled: float, dwellings: float
) -> None:
    """Without gas, connections, model or dwellings there is no factor."""
    assert pd.isna(compare(useful, points, modelled, dwellings)["factor"])


@given(factors, st.integers(0, 10_000), factors)
def test_shrunk_factor_lies_between_its_own_and_the_overall_one(
    own: float, points: int, overall: float
) -> None:
    """Shrinking draws towards the overall factor and never past it."""
    found = heat_demand.shrunk_factors(
        pd.Series([own]), pd.Series([points]), overall_factor=overall, weight_points=10.0
    ).iloc[0]
    assert min(own, overall) - 1e-9 <= found <= max(own, overall) + 1e-9


def test_missing_factor_becomes_the_overall_one() -> None:
    """A street that cannot be compared follows the neighbourhood."""
    found = heat_demand.shrunk_factors(
        pd.Series([float("nan")]), pd.Series([40]), overall_factor=0.6, weight_points=10.0
    )
    assert found.tolist() == pytest.approx([0.6])


rows_of_homes = st.lists(
    st.tuples(factors, st.floats(0.1, 1e4), st.floats(0.0, 1e3)), min_size=1, max_size=9
)


@given(rows_of_homes, factors)
def test_calibration_keeps_the_total(
    rows: list[tuple[float, float, float]], overall: float
) -> None:
    """Factors per street move heat, they do not make it, and nothing falls below 0."""
    factor, space_mwh, water_mwh = (pd.Series(values) for values in zip(*rows, strict=True))
    parts = heat_demand.calibrated_parts(factor, space_mwh, water_mwh, overall_factor=overall)
    wanted = overall * (space_mwh.sum() + water_mwh.sum())
    assert parts.to_numpy().sum() == pytest.approx(wanted)
    assert (parts >= 0).all(axis=None)


def test_hot_water_stays_what_it_is() -> None:
    """20 % less in all is 25 % less space heat beside a fifth of hot water."""
    parts = heat_demand.calibrated_parts(
        pd.Series([0.8, 0.8]), pd.Series([6.0, 10.0]), pd.Series([2.0, 2.0]), overall_factor=0.8
    )
    assert parts["hot_water_mwh"].tolist() == [2.0, 2.0]
    assert parts["space_mwh"].tolist() == pytest.approx([4.5, 7.5])


def test_meters_below_hot_water_scale_both() -> None:
    """Where the meters leave nothing for space heat, both parts shrink alike."""
    parts = heat_demand.calibrated_parts(
        pd.Series([0.1]), pd.Series([8.0]), pd.Series([2.0]), overall_factor=0.1
    )
    assert parts.iloc[0].tolist() == pytest.approx([0.8, 0.2])


def test_calibration_without_any_demand() -> None:
    """No demand stays none."""
    none = pd.Series([0.0, 0.0])
    parts = heat_demand.calibrated_parts(pd.Series([0.5, 2.0]), none, none, overall_factor=0.7)
    assert (parts == 0).all(axis=None)
