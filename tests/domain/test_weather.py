"""A year of weather, drawn or measured, is one clean row per hour."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lekp_lib.assumptions import load
from lekp_lib.domain.weather import Climate, degree_days, degree_hours, hours_of, synthetic_year
from lekp_lib.errors import ContractError

CLIMATE = Climate(**load().values_below("weather.synthetic."))
RULES = {"longest_gap_hours": 6, "most_missing_share": 0.02}
SEEDS = st.integers(0, 10_000)


def table(first: str, last: str, freq: str = "h") -> pd.DataFrame:
    """Return a table ``klimaat`` that counts up in temperature, with 0.1 mm at each time."""
    stamps = pd.date_range(first, last, freq=freq)
    return pd.DataFrame(
        {"timestamp": stamps, "temperature_c": np.arange(len(stamps)) / 100, "rain_mm": 0.1}
    )


def test_the_same_seed_gives_the_same_year() -> None:
    """A book that is built again shows the same figures; another seed another year."""
    first = synthetic_year(CLIMATE, seed=3)
    pd.testing.assert_frame_equal(first, synthetic_year(CLIMATE, seed=3))
    assert not np.allclose(first["temperature_c"], synthetic_year(CLIMATE, seed=4)["temperature_c"])


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS)
def test_a_drawn_year_keeps_what_was_asked(seed: int) -> None:
    """Coldest hour, mean and yearly rain are exact, whatever the seed."""
    year = synthetic_year(CLIMATE, seed=seed)
    assert year["temperature_c"].min() == pytest.approx(CLIMATE.coldest_c)
    assert year["temperature_c"].mean() == pytest.approx(CLIMATE.mean_c)
    assert year["rain_mm"].sum() == pytest.approx(CLIMATE.rain_year_mm)
    assert year["rain_mm"].min() >= 0


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS)
def test_a_drawn_year_looks_like_flanders(seed: int) -> None:
    """Degree days, rainy days and the heaviest hour of rain stay within what is seen here."""
    year = synthetic_year(CLIMATE, seed=seed)
    days = year["rain_mm"].to_numpy().reshape(-1, 24).sum(axis=1)
    assert 2000 < degree_days(year["temperature_c"], base_c=16.5) < 2700
    assert 140 < (days >= 0.1).sum() < 240
    assert 5 < year["rain_mm"].max() < 45


def test_winter_is_colder_than_summer_and_night_than_day() -> None:
    """The two waves stand the right way round."""
    year = synthetic_year(CLIMATE, seed=1)["temperature_c"].to_numpy().reshape(-1, 24)
    assert year[:31].mean() < 7 < 15 < year[181:212].mean()
    assert year[:, 3].mean() + 4 < year[:, 15].mean()


def test_a_coldest_hour_that_is_too_mild_is_refused() -> None:
    """Without any cold spell it is already colder than that."""
    mild = Climate(**load().values_below("weather.synthetic.") | {"coldest_c": 5.0})
    with pytest.raises(ContractError, match="coldest_c is 5"):
        synthetic_year(mild, seed=1)


def test_the_latest_full_year_is_taken() -> None:
    """A year that has just begun is no full year."""
    found = hours_of(table("2021-01-01", "2023-03-01"), **RULES)
    assert (found.year, found.filled_hours, len(found.hours)) == (2022, 0, 8760)


def test_a_leap_day_is_left_out() -> None:
    """Every year has 8,760 hours; the hour after 28 February is that of 1 March."""
    found = hours_of(table("2024-01-01", "2024-12-31 23:00"), **RULES)
    assert found.hours["temperature_c"].iloc[[1415, 1416]].tolist() == [14.15, 14.40]


def test_half_hours_are_averaged_and_rain_is_added() -> None:
    """Temperature is a state, rain an amount."""
    found = hours_of(table("2023-01-01", "2023-12-31 23:30", freq="30min"), **RULES)
    assert found.hours["temperature_c"].iloc[0] == pytest.approx(0.005)
    assert found.hours["rain_mm"].iloc[0] == pytest.approx(0.2)


def test_a_short_gap_is_filled_and_counted() -> None:
    """Temperature lies on a line between its neighbours; an hour without rain figure is dry."""
    klimaat = table("2023-01-01", "2023-12-31 23:00")
    found = hours_of(klimaat.drop(index=[10, 11, 12]), **RULES)
    assert found.filled_hours == 3
    assert found.hours["temperature_c"].iloc[9:14].tolist() == pytest.approx(
        [0.09, 0.10, 0.11, 0.12, 0.13]
    )
    assert found.hours["rain_mm"].iloc[11] == 0.0


def test_a_long_gap_is_refused_in_dutch() -> None:
    """The message names table, column, year, size of the gap and what to do."""
    klimaat = table("2023-01-01", "2023-12-31 23:00").drop(index=range(10, 17))
    with pytest.raises(ContractError, match=r"2023 ontbreken 7 van de 8760 uren.*7 uur.*Wat te"):
        hours_of(klimaat, **RULES)


def test_many_short_gaps_are_refused() -> None:
    """Every tenth hour missing is more than the 2 % that may be."""
    klimaat = table("2023-01-01", "2023-12-31 23:00")
    with pytest.raises(ContractError, match="kolom temperature_c"):
        hours_of(klimaat[klimaat.index % 10 != 5], **RULES)


def test_an_older_year_stands_in_for_one_with_a_gap() -> None:
    """The latest full year counts, not the latest."""
    klimaat = table("2022-01-01", "2023-12-31 23:00")
    assert hours_of(klimaat.drop(index=range(9000, 9100)), **RULES).year == 2022


def test_a_table_without_rain_gives_temperature_alone() -> None:
    """What was never measured stays missing: nothing is made up."""
    klimaat = table("2023-01-01", "2023-12-31 23:00").assign(rain_mm=np.nan)
    found = hours_of(klimaat, **RULES)
    assert found.hours["rain_mm"].isna().all()
    assert found.hours["temperature_c"].notna().all()


def test_a_table_without_values_is_refused() -> None:
    """An empty sheet is told from a year with gaps."""
    klimaat = table("2023-01-01", "2023-01-02").assign(temperature_c=np.nan, rain_mm=np.nan)
    with pytest.raises(ContractError, match="geen enkele temperatuur"):
        hours_of(klimaat, **RULES)


def test_times_with_a_zone_become_winter_time() -> None:
    """Midnight in Brussels is 23 h in London."""
    klimaat = table("2022-12-31 23:00", "2023-12-31 22:00")
    klimaat["timestamp"] = klimaat["timestamp"].dt.tz_localize("UTC")
    found = hours_of(klimaat, **RULES)
    assert (found.year, found.filled_hours) == (2023, 0)
    assert found.hours["temperature_c"].iloc[0] == 0.0


def test_order_and_doubled_rows_do_not_matter() -> None:
    """A sheet pasted twice rains once."""
    klimaat = table("2023-01-01", "2023-12-31 23:00")
    twice = pd.concat([klimaat, klimaat]).sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(hours_of(klimaat, **RULES).hours, hours_of(twice, **RULES).hours)


def test_degree_days_come_from_the_mean_of_the_day() -> None:
    """A warm noon makes good for a cold night; degree hours do not see that."""
    day = [6.5] * 12 + [26.5] * 12
    assert degree_days(day, base_c=16.5) == 0.0
    assert degree_hours(day, base_c=16.5).sum() == 120.0
