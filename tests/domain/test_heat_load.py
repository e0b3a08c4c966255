"""Heat per year becomes power per hour, and nothing gets lost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lekp_lib.assumptions import load
from lekp_lib.domain.heat_load import (
    duration_curve,
    ground_temperature,
    hour_profile,
    hourly,
    load_shape,
    peaks,
)
from lekp_lib.domain.weather import Climate, synthetic_year
from lekp_lib.errors import ContractError

FIGURES = load()
LEVEL = pd.DataFrame({"space": [1.0] * 24, "hot_water": [1.0] * 24})
PROFILE = hour_profile(
    FIGURES.values_below("load.hour."),
    space_swing_share=FIGURES["load.space_swing_share"].value,
)
YEAR = synthetic_year(Climate(**FIGURES.values_below("weather.synthetic.")), seed=1)
AIR = YEAR["temperature_c"].to_numpy()
HEAT = st.floats(0.0, 1e4)


def loads(*rows: tuple[float, float, float]) -> pd.DataFrame:
    """Return buildings with space, hot water and other heat."""
    return pd.DataFrame(rows, columns=["space_mwh", "hot_water_mwh", "other_mwh"], dtype="float64")


def year_of(table: pd.DataFrame, **changes: Any) -> pd.DataFrame:
    """Return the hours of a year with the figures of the platform."""
    figures = {
        "base_c": FIGURES["load.base_c"].value,
        "inertia_hours": FIGURES["load.inertia_hours"].value,
        "profile": PROFILE,
    }
    return hourly(table, AIR, **figures | changes)


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.tuples(HEAT, HEAT, HEAT), min_size=1, max_size=5), losses=HEAT)
def test_yearly_heat_in_is_yearly_heat_out(
    rows: list[tuple[float, float, float]], losses: float
) -> None:
    """Each column adds up to what went in, and no hour is negative."""
    table = loads(*rows)
    hours = year_of(table, losses_mwh=losses)
    sums = hours.sum() / 1000
    assert sums["space_kw"] == pytest.approx(table["space_mwh"].sum() + table["other_mwh"].sum())
    assert sums["hot_water_kw"] == pytest.approx(table["hot_water_mwh"].sum())
    assert sums["losses_kw"] == pytest.approx(losses)
    assert hours["load_kw"].to_numpy() == pytest.approx(
        hours[["space_kw", "hot_water_kw", "losses_kw"]].sum(axis=1).to_numpy()
    )
    assert (hours >= 0).all(axis=None)


def test_the_order_of_buildings_does_not_matter() -> None:
    """A neighbourhood is the same from either end of the street."""
    table = loads((12.0, 2.0, 0.0), (0.0, 0.0, 90.0), (30.0, 6.0, 1.0))
    pd.testing.assert_frame_equal(year_of(table), year_of(table.iloc[::-1]))


def test_space_heat_follows_the_degrees_below_the_base() -> None:
    """Twice as cold is twice the heat; above the base there is none."""
    air = [6.5] * 24 + [11.5] * 24 + [20.0] * 24
    hours = hourly(loads((3.6, 0.0, 0.0)), air, base_c=16.5, inertia_hours=0.0, profile=LEVEL)
    assert hours["space_kw"].iloc[[0, 24, 48]].tolist() == pytest.approx([100.0, 50.0, 0.0])


def test_heavy_buildings_have_a_lower_peak() -> None:
    """Walls carry the house through the coldest hour."""
    table = loads((100.0, 0.0, 0.0))
    light, heavy = (year_of(table, inertia_hours=hours, profile=LEVEL) for hours in (0.0, 48.0))
    assert heavy["space_kw"].max() < 0.95 * light["space_kw"].max()


def test_hot_water_follows_the_hours_of_the_day() -> None:
    """Each day is the same, with its peak in the morning."""
    days = year_of(loads((0.0, 365.0, 0.0)))["hot_water_kw"].to_numpy().reshape(-1, 24)
    assert (days == days[0]).all()
    assert days[0].argmax() == 7
    assert days[0].sum() == pytest.approx(1000.0)


def test_losses_follow_the_ground() -> None:
    """Cold ground in winter takes more heat; without temperatures it is the same all year."""
    ground = ground_temperature(AIR, lag_hours=900.0)
    warm = year_of(loads((1.0, 0.0, 0.0)), losses_mwh=87.6, water_c=55.0, ground_c=ground)
    flat = year_of(loads((1.0, 0.0, 0.0)), losses_mwh=87.6)
    assert flat["losses_kw"].to_numpy() == pytest.approx(10.0)
    assert warm["losses_kw"].iloc[1000] > 10.5 > 9.5 > warm["losses_kw"].iloc[5400]


def test_the_ground_is_a_slow_echo_of_the_air() -> None:
    """Same mean, smaller swing, later in the year."""
    ground = ground_temperature(AIR, lag_hours=900.0)
    assert ground.mean() == pytest.approx(AIR.mean())
    assert np.ptp(ground) < 0.6 * np.ptp(AIR)
    assert 30 * 24 < ground.argmin() < 90 * 24


def test_ground_warmer_than_the_pipe_is_refused() -> None:
    """A pipe that gains heat is a mistake in the temperatures."""
    with pytest.raises(ContractError, match="water_c is 5"):
        year_of(loads((1.0, 0.0, 0.0)), losses_mwh=1.0, water_c=5.0, ground_c=10.0)


def test_missing_hours_are_refused() -> None:
    """A gap in the weather would hide a cold night."""
    with pytest.raises(ContractError, match="25 hours"):
        hourly(loads((1.0, 0.0, 0.0)), [0.0] * 25, base_c=16.5, inertia_hours=0.0, profile=LEVEL)


def test_heat_without_a_cold_hour_is_refused() -> None:
    """Heat has to go somewhere."""
    with pytest.raises(ContractError, match="No hour asks for space"):
        hourly(loads((1.0, 0.0, 0.0)), [20.0] * 24, base_c=16.5, inertia_hours=0.0, profile=LEVEL)


def test_a_profile_without_swing_is_level() -> None:
    """With 0 the hours of the day are equal, with 1 they are as measured."""
    factors = FIGURES.values_below("load.hour.")
    none, all_of_it = (hour_profile(factors, space_swing_share=share) for share in (0.0, 1.0))
    assert (none["space"] == 1).all()
    assert all_of_it["space"].max() == pytest.approx(1.328 / np.mean(_weights("space")))
    assert all_of_it.mean().tolist() == pytest.approx([1.0, 1.0])


def _weights(kind: str) -> list[float]:
    """Return the 24 packaged weights of a kind of heat."""
    return [FIGURES[f"load.hour.{kind}_{hour:02d}"].value for hour in range(24)]


def test_taps_of_a_building_do_not_all_run_at_once() -> None:
    """Ten flats take 10 to the power 0.43 times one tap, about 2.7."""
    table = loads((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)).assign(dwellings=[1, 10])
    power = peaks(table, full_load_hours=1800, hot_water_kw=30.0, hot_water_exponent=0.57)
    assert power["hot_water_peak_kw"].round(2).tolist() == [30.0, 80.75]


def test_a_building_without_dwellings_taps_nothing() -> None:
    """A school has its space peak alone."""
    table = loads((0.0, 0.0, 36.0)).assign(dwellings=[0])
    power = peaks(table, full_load_hours=1800, hot_water_kw=30.0, hot_water_exponent=0.57)
    assert power.iloc[0].tolist() == [20.0, 0.0, 20.0]


@given(values=st.lists(st.floats(0, 1e5), min_size=1, max_size=50), points=st.integers(2, 60))
def test_the_duration_curve_falls_from_peak_to_base(values: list[float], points: int) -> None:
    """Both ends are there, and it never rises."""
    curve = duration_curve(values, points=points)
    assert curve["load_kw"].iloc[0] == max(values)
    assert (curve["load_kw"].diff().dropna() <= 0).all()
    assert curve["hours"].is_monotonic_increasing
    if len(values) > 1:
        assert curve.iloc[-1].tolist() == [len(values), min(values)]


def test_a_flemish_neighbourhood_has_a_sound_shape() -> None:
    """Gas homes of 12 MWh with 12 % losses: what an engineer expects of peak and summer."""
    ground = ground_temperature(AIR, lag_hours=900.0)
    hours = year_of(loads((975.0, 225.0, 0.0)), losses_mwh=163.6, water_c=55.0, ground_c=ground)
    shape = load_shape(hours)
    assert 2300 < shape["full_load_hours"] < 3000
    assert 0.15 < shape["flat_share"] < 0.30
    assert 0.2 < shape["summer_kw"] / shape["mean_kw"] < 0.5
    assert 2.5 < shape["peak_kw"] / shape["mean_kw"] < 4


def test_the_shape_needs_a_full_year() -> None:
    """Full-load hours of a week say nothing."""
    with pytest.raises(ContractError, match="24 rows"):
        load_shape(pd.DataFrame({"space_kw": [1.0] * 24, "load_kw": [1.0] * 24}))


def test_no_heat_has_no_shape() -> None:
    """A neighbourhood without heat is told by missing values, not by a crash."""
    shape = load_shape(year_of(loads((0.0, 0.0, 0.0))))
    assert shape["energy_mwh"] == 0.0
    assert np.isnan(shape["full_load_hours"])
