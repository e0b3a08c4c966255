"""
One clean year of hourly weather, from a table of the place or drawn from a seed.

The heat that a neighbourhood asks for follows the temperature outside, hour by hour. Who has no
measurements gets a fictional year with the cold and the rain of Flanders, the same one for the
same seed. It is good for the shape of a year, not for what happened in one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.signal import lfilter

from lekp_lib.errors import ContractError, Fault
from lekp_lib.units import HOURS_PER_DAY, HOURS_PER_YEAR

__all__ = [
    "Climate",
    "ClimateYear",
    "degree_days",
    "degree_hours",
    "hours_of",
    "synthetic_year",
]

_QUANTITIES = ["temperature_c", "rain_mm"]


@dataclass(frozen=True)
class Climate:
    """
    What a fictional year is drawn from: the rows ``weather.synthetic`` of the assumptions.

    Attributes
    ----------
    mean_c, amplitude_c : float
        Mean of the year, and half the difference between summer and winter [°C].
    coldest_c : float
        Temperature of the coldest hour: the design temperature [°C].
    coldest_day, warmest_hour : float
        Day of the year (1 is 1 January) and hour of the day [-].
    daily_amplitude_c, daily_season_share : float
        Half the difference between day and night [°C], and how much larger it is at midsummer
        and smaller at midwinter [-, 0-1].
    persistence_hours : float
        How long a cold or warm spell holds: after this many hours 37 % of it is left [h].
    rain_year_mm : float
        Rain in the year [mm].
    wet_hours, wet_spell_hours : float
        Hours with rain in the year, and the mean length of a shower [h].
    rain_shape : float
        Shape of the gamma distribution of intensity: small is calm rain with rare bursts [-].
    """

    mean_c: float
    amplitude_c: float
    coldest_c: float
    coldest_day: float
    warmest_hour: float
    daily_amplitude_c: float
    daily_season_share: float
    persistence_hours: float
    rain_year_mm: float
    wet_hours: float
    wet_spell_hours: float
    rain_shape: float


@dataclass(frozen=True)
class ClimateYear:
    """
    One clean year out of the table ``klimaat``.

    Attributes
    ----------
    hours : DataFrame of 8,760 rows, index hour
        ``temperature_c`` [°C] and ``rain_mm`` [mm]; a column that the table never fills is
        missing throughout.
    year : int
        The year that was taken.
    filled_hours : int
        Hours that were missing in it and have been filled [h].
    """

    hours: pd.DataFrame
    year: int
    filled_hours: int


def synthetic_year(climate: Climate, *, seed: int) -> pd.DataFrame:
    """
    Return a fictional year of hourly temperature and rain.

    Parameters
    ----------
    climate : Climate
        Means, swings and rain to draw from.
    seed : int
        The same seed gives the same year.

    Returns
    -------
    DataFrame of 8,760 rows, index hour (0 is the first hour of 1 January)
        ``temperature_c`` [°C] and ``rain_mm`` [mm].

    Raises
    ------
    ContractError
        If even the mildest hour would lie below the coldest one that was asked for.

    Notes
    -----
    Temperature is a yearly wave, a daily wave and noise that fades exponentially. The noise is
    stretched until the coldest hour is exactly ``coldest_c``, so that every seed holds the cold
    spell a heat network is built for. Wet and dry spells have geometric lengths; intensity is
    gamma within a shower times gamma between showers, scaled to the total of the year.

    Examples
    --------
    >>> climate = Climate(mean_c=10.0, amplitude_c=7.0, coldest_c=-8.0, coldest_day=20,
    ...     warmest_hour=15, daily_amplitude_c=3.0, daily_season_share=0.4,
    ...     persistence_hours=72, rain_year_mm=820, wet_hours=700, wet_spell_hours=3,
    ...     rain_shape=1.5)
    >>> year = synthetic_year(climate, seed=1)
    >>> year.agg({"temperature_c": "min", "rain_mm": "sum"}).round(6).tolist()
    [-8.0, 820.0]
    """
    rng = np.random.default_rng(seed)
    smooth = _waves(climate)
    noise = _fading_noise(rng, climate.persistence_hours)
    if smooth.min() <= climate.coldest_c:
        msg = (
            f"coldest_c is {climate.coldest_c}, but without any cold spell the coldest hour is "
            f"already {smooth.min():.1f}. Lower coldest_c or the amplitudes."
        )
        raise ContractError(msg)
    is_cold = noise < 0
    stretch = ((smooth[is_cold] - climate.coldest_c) / -noise[is_cold]).min()
    temperature = smooth + stretch * noise
    return pd.DataFrame(
        {"temperature_c": temperature, "rain_mm": _rain(rng, climate)},
        index=pd.RangeIndex(HOURS_PER_YEAR, name="hour"),
    )


def _waves(climate: Climate) -> NDArray[np.float64]:
    """Return the yearly and the daily wave together."""
    hour = np.arange(HOURS_PER_YEAR)
    coldest_hour = (climate.coldest_day - 1) * HOURS_PER_DAY
    season = -np.cos(2 * np.pi * (hour - coldest_hour) / HOURS_PER_YEAR)
    day = np.cos(2 * np.pi * (hour - climate.warmest_hour) / HOURS_PER_DAY)
    swing = climate.daily_amplitude_c * (1 + climate.daily_season_share * season)
    return climate.mean_c + climate.amplitude_c * season + swing * day


def _fading_noise(rng: np.random.Generator, persistence_hours: float) -> NDArray[np.float64]:
    """Return autocorrelated noise with mean 0, settled before the year begins."""
    kept = np.exp(-1 / persistence_hours)
    shocks = rng.standard_normal(2 * HOURS_PER_YEAR)
    noise = lfilter([np.sqrt(1 - kept**2)], [1, -kept], shocks)[HOURS_PER_YEAR:]
    return np.asarray(noise - noise.mean(), dtype="float64")


def _rain(rng: np.random.Generator, climate: Climate) -> NDArray[np.float64]:
    """Return hourly rain: wet spells between dry ones, scaled to the total of the year."""
    dry_hours = climate.wet_spell_hours * (HOURS_PER_YEAR / climate.wet_hours - 1)
    lengths = np.column_stack(
        [
            rng.geometric(1 / dry_hours, HOURS_PER_YEAR),
            rng.geometric(1 / climate.wet_spell_hours, HOURS_PER_YEAR),
        ]
    )
    showers = rng.gamma(climate.rain_shape, size=HOURS_PER_YEAR)
    heaviness = np.column_stack([np.zeros(HOURS_PER_YEAR), showers])
    spells = np.repeat(heaviness.ravel(), lengths.ravel())[:HOURS_PER_YEAR]
    rain = spells * rng.gamma(climate.rain_shape, size=HOURS_PER_YEAR)
    return np.asarray(rain * (climate.rain_year_mm / rain.sum()), dtype="float64")


def hours_of(
    klimaat: pd.DataFrame, *, longest_gap_hours: float, most_missing_share: float
) -> ClimateYear:
    """
    Return the latest full year of the table ``klimaat``, hour by hour and without gaps.

    Parameters
    ----------
    klimaat : DataFrame
        timestamp (local or with a time zone), temperature_c [°C] and rain_mm [mm], at most an
        hour apart: half-hours are averaged (temperature) or added up (rain). One of both may be
        missing throughout. Equal rows count once; several years and leap days may be there.
    longest_gap_hours : float
        Longest gap that is filled [h].
    most_missing_share : float
        Largest part of the year that may be filled [-, 0-1].

    Returns
    -------
    ClimateYear

    Raises
    ------
    ContractError
        If no year is full enough, or the table holds no value at all; in Dutch.

    Notes
    -----
    Missing temperature lies on a line between its neighbours; a missing hour of rain is dry.
    29 February is left out. Times with a zone are brought to Belgian winter time.

    Examples
    --------
    >>> stamps = pd.date_range("2024-01-01", "2024-12-31 23:00", freq="h")
    >>> klimaat = pd.DataFrame({"timestamp": stamps, "temperature_c": 5.0, "rain_mm": 0.1})
    >>> found = hours_of(klimaat.drop(index=[7]), longest_gap_hours=6, most_missing_share=0.02)
    >>> found.year, found.filled_hours, len(found.hours)
    (2024, 1, 8760)
    """
    hourly = _per_hour(klimaat)
    given = [name for name in _QUANTITIES if hourly[name].notna().any()]
    if not given:
        raise ContractError([_no_values()])
    faults = []
    for year in sorted(set(pd.DatetimeIndex(hourly.index).year), reverse=True):
        hours = hourly.reindex(_hours_in(int(year)))
        worst = _worst_column(hours[given], longest_gap_hours, most_missing_share)
        if worst is None:
            return _filled(hours, given, int(year))
        faults.append(_not_full(hours[worst], int(year)))
    raise ContractError(faults[:1])


def _per_hour(klimaat: pd.DataFrame) -> pd.DataFrame:
    """Return mean temperature and summed rain of every hour that is there."""
    table = klimaat[["timestamp", *_QUANTITIES]].dropna(subset="timestamp").drop_duplicates()
    stamps = pd.to_datetime(table["timestamp"])
    if stamps.dt.tz is not None:
        stamps = stamps.dt.tz_convert("Etc/GMT-1").dt.tz_localize(None)
    groups = table[_QUANTITIES].astype("float64").groupby(stamps.dt.floor("h"))
    temperature = groups["temperature_c"].mean()
    return pd.DataFrame(
        {"temperature_c": temperature, "rain_mm": groups["rain_mm"].sum(min_count=1)}
    )


def _hours_in(year: int) -> pd.DatetimeIndex:
    """Return the 8,760 hours of a year without its leap day."""
    hours = pd.date_range(f"{year}-01-01", f"{year}-12-31 23:00", freq="h")
    return hours[~((hours.month == 2) & (hours.day == 29))]


def _longest_gap(values: pd.Series[float]) -> int:
    """Return the length of the longest run of missing values."""
    missing = values.isna()
    runs = missing.groupby((~missing).cumsum()).sum()
    return int(runs.max())


def _worst_column(
    hours: pd.DataFrame, longest_gap_hours: float, most_missing_share: float
) -> str | None:
    """Return the first column with too many gaps, or None if all can be filled."""
    for name in hours.columns:
        share = float(hours[name].isna().mean())
        if share > most_missing_share or _longest_gap(hours[name]) > longest_gap_hours:
            return str(name)
    return None


def _filled(hours: pd.DataFrame, given: list[str], year: int) -> ClimateYear:
    """Fill what is missing and count it."""
    missing = int(hours[given].isna().any(axis=1).sum())
    whole = hours.reset_index(drop=True).rename_axis("hour")
    whole["temperature_c"] = whole["temperature_c"].interpolate(limit_direction="both")
    if "rain_mm" in given:
        whole["rain_mm"] = whole["rain_mm"].fillna(0.0)
    return ClimateYear(whole, year, missing)


def _no_values() -> Fault:
    return Fault(
        file="klimaat",
        row=None,
        column=None,
        value=None,
        problem="er staat geen enkele temperatuur of regenhoeveelheid in",
        remedy="Vul de kolommen aan, of laat de tabel weg: dan rekent het platform met een "
        "fictief jaar.",
    )


def _not_full(values: pd.Series[float], year: int) -> Fault:
    return Fault(
        file="klimaat",
        row=None,
        column=str(values.name),
        value=None,
        problem=f"geen enkel jaar is volledig genoeg; in {year} ontbreken "
        f"{int(values.isna().sum())} van de {HOURS_PER_YEAR} uren, en het langste gat duurt "
        f"{_longest_gap(values)} uur",
        remedy="Geef minstens één volledig kalenderjaar met een waarde per uur, of laat de tabel "
        "weg: dan rekent het platform met een fictief jaar.",
    )


def degree_hours(temperature_c: ArrayLike, *, base_c: float) -> NDArray[np.float64]:
    """
    Return how far each hour lies below the base temperature.

    Parameters
    ----------
    temperature_c : array of hours
        Outdoor temperature [°C].
    base_c : float
        Outdoor temperature above which nobody heats [°C].

    Returns
    -------
    array of hours
        Degree hours [K h per h].

    Examples
    --------
    >>> degree_hours([-3.5, 16.5, 20.0], base_c=16.5).tolist()
    [20.0, 0.0, 0.0]
    """
    return np.maximum(0.0, base_c - np.asarray(temperature_c, dtype="float64"))


def degree_days(temperature_c: ArrayLike, *, base_c: float) -> float:
    """
    Return the degree days of whole days, from the mean temperature of each day.

    Parameters
    ----------
    temperature_c : array of hours, whole days
        Outdoor temperature [°C].
    base_c : float
        Base temperature; 16.5 °C is the Belgian habit [°C].

    Returns
    -------
    float
        Degree days [K d].

    Examples
    --------
    >>> degree_days([6.5] * 24 + [20.0] * 24, base_c=16.5)
    10.0
    """
    days = np.asarray(temperature_c, dtype="float64").reshape(-1, HOURS_PER_DAY).mean(axis=1)
    return float(degree_hours(days, base_c=base_c).sum())
