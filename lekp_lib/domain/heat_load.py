"""
From heat per year to power per hour: what the source must give, and how large the peak is.

A network is paid by the heat it sells in a year and built for its coldest hours. The curve of
the hours says which part of the power a base source can take and how little is left for boilers.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.signal import lfilter

from lekp_lib.errors import ContractError
from lekp_lib.units import HOURS_PER_DAY, HOURS_PER_YEAR, KWH_PER_MWH

__all__ = ["duration_curve", "ground_temperature", "hour_profile", "hourly", "load_shape", "peaks"]

_SUMMER_FIRST_DAY, _SUMMER_LAST_DAY = 151, 242
"""1 June and 31 August, counted from 0 at 1 January."""


def hour_profile(factors: Mapping[str, float], *, space_swing_share: float) -> pd.DataFrame:
    """
    Return how heat is spread over the hours of a day.

    Parameters
    ----------
    factors : mapping of str to float
        ``space_00`` … ``space_23`` and ``hot_water_00`` … ``hot_water_23``: weight of each hour
        [-].
    space_swing_share : float
        How much of the swing of space heat is kept: 1 as given, 0 level through the day
        [-, 0-1].

    Returns
    -------
    DataFrame of 24 rows, index hour
        ``space`` and ``hot_water``, each with mean 1 [-].

    Notes
    -----
    Standard profiles are measured on gas boilers that stop at night. On a network many homes and
    the water in the pipes level the morning peak; ``space_swing_share`` says how much.

    Examples
    --------
    >>> factors = {f"{kind}_{hour:02d}": 1.0 for kind in ("space", "hot_water")
    ...            for hour in range(24)} | {"space_07": 3.0, "space_03": 0.0}
    >>> hour_profile(factors, space_swing_share=0.5).loc[[3, 7, 8], "space"].round(3).tolist()
    [0.5, 1.94, 0.98]
    """
    profile = pd.DataFrame(
        {
            kind: [factors[f"{kind}_{hour:02d}"] for hour in range(HOURS_PER_DAY)]
            for kind in ("space", "hot_water")
        },
        index=pd.RangeIndex(HOURS_PER_DAY, name="hour"),
        dtype="float64",
    )
    profile = profile / profile.mean()
    profile["space"] = 1 + space_swing_share * (profile["space"] - 1)
    return profile


def hourly(
    loads: pd.DataFrame,
    temperature_c: ArrayLike,
    *,
    base_c: float,
    inertia_hours: float,
    profile: pd.DataFrame,
    losses_mwh: float = 0.0,
    water_c: float | None = None,
    ground_c: ArrayLike | None = None,
) -> pd.DataFrame:
    """
    Return the heat of a neighbourhood for every hour of a year.

    Parameters
    ----------
    loads : DataFrame, one row per building
        space_mwh, hot_water_mwh and other_mwh: useful heat [MWh/yr].
    temperature_c : array of hours, whole days
        Outdoor temperature [°C].
    base_c : float
        Outdoor temperature above which nobody heats [°C].
    inertia_hours : float
        How slowly buildings follow the weather: their time constant; 0 is at once [h].
    profile : DataFrame of 24 rows
        ``space`` and ``hot_water`` by hour of the day, from `hour_profile` [-].
    losses_mwh : float
        Heat that the pipes lose in the same period [MWh].
    water_c, ground_c : float and array of hours, optional
        Mean of supply and return, and the ground around the pipes [°C]. With both, losses follow
        their difference; without, they are the same all year.

    Returns
    -------
    DataFrame, index hour
        ``space_kw`` (other functions included), ``hot_water_kw``, ``losses_kw`` and their sum at
        the source ``load_kw`` [kW]. Each column adds up to exactly its yearly heat.

    Raises
    ------
    ContractError
        If the hours are not whole days or not all known, if there is heat for rooms but no hour
        below the base temperature, or if the ground is warmer than the water.

    Notes
    -----
    Space heat follows the degree hours of a temperature that trails the weather (the year taken
    as a ring), times the factor of the hour. Hot water is the same every day.

    Examples
    --------
    >>> loads = pd.DataFrame({"space_mwh": [2.4], "hot_water_mwh": [0.24], "other_mwh": [0.0]})
    >>> level = pd.DataFrame({"space": [1.0] * 24, "hot_water": [1.0] * 24})
    >>> hours = hourly(loads, [6.5] * 12 + [26.5] * 12, base_c=16.5, inertia_hours=0.0,
    ...                profile=level, losses_mwh=0.048)
    >>> hours.loc[[0, 23], ["space_kw", "hot_water_kw", "losses_kw", "load_kw"]].round(6)
          space_kw  hot_water_kw  losses_kw  load_kw
    hour
    0        200.0          10.0        2.0    212.0
    23         0.0          10.0        2.0     12.0
    """
    air = np.asarray(temperature_c, dtype="float64")
    if len(air) == 0 or len(air) % HOURS_PER_DAY or not np.isfinite(air).all():
        msg = f"temperature_c has {len(air)} hours. Give whole days, without missing hours."
        raise ContractError(msg)
    days = len(air) // HOURS_PER_DAY
    below = np.maximum(0.0, base_c - _trailing(air, inertia_hours))
    space_mwh = float(loads["space_mwh"].sum() + loads["other_mwh"].sum())
    columns = {
        "space_kw": _spread(space_mwh, below * np.tile(profile["space"], days), "space"),
        "hot_water_kw": _spread(
            float(loads["hot_water_mwh"].sum()), np.tile(profile["hot_water"], days), "hot water"
        ),
        "losses_kw": _spread(losses_mwh, _cooling(len(air), water_c, ground_c), "losses"),
    }
    hours = pd.DataFrame(columns, index=pd.RangeIndex(len(air), name="hour"))
    return hours.assign(load_kw=hours.sum(axis=1))


def _trailing(air: NDArray[np.float64], inertia_hours: float) -> NDArray[np.float64]:
    """Return the temperature as buildings and ground feel it; the year is a ring."""
    if inertia_hours <= 0:
        return air
    kept = np.exp(-1 / inertia_hours)
    from_rest = np.asarray(lfilter([1 - kept], [1, -kept], air), dtype="float64")
    fading = kept ** np.arange(1, len(air) + 1)
    start = from_rest[-1] / (1 - fading[-1])  # the level that comes back after a round
    return np.asarray(from_rest + start * fading)


def _cooling(
    n_hours: int, water_c: float | None, ground_c: ArrayLike | None
) -> NDArray[np.float64]:
    """Return how strongly pipes lose heat in each hour."""
    if water_c is None or ground_c is None:
        return np.ones(n_hours)
    difference = np.broadcast_to(water_c - np.asarray(ground_c, dtype="float64"), n_hours)
    if (difference <= 0).any():
        msg = f"water_c is {water_c}, at some hour not warmer than the ground. Check both."
        raise ContractError(msg)
    return difference


def _spread(heat_mwh: float, weights: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    """Spread heat over hours by weight, so that it adds up again."""
    total = float(weights.sum())
    if heat_mwh == 0.0:
        return np.zeros(len(weights))
    if total <= 0:
        msg = f"No hour asks for {name}, yet there is {heat_mwh} MWh. Check base_c and profile."
        raise ContractError(msg)
    return weights * (heat_mwh * KWH_PER_MWH / total)


def ground_temperature(temperature_c: ArrayLike, *, lag_hours: float) -> NDArray[np.float64]:
    """
    Return the temperature of the ground around buried pipes, a slow echo of the air.

    Parameters
    ----------
    temperature_c : array of hours, one full year
        Outdoor temperature [°C].
    lag_hours : float
        How slowly the ground follows: its time constant [h].

    Returns
    -------
    array of hours
        Temperature of the ground [°C]; its mean is that of the air. The year is taken as a
        ring: December comes before January.

    Examples
    --------
    >>> ground_temperature([10.0] * 8760, lag_hours=700.0)[[0, -1]].round(6).tolist()
    [10.0, 10.0]
    """
    return _trailing(np.asarray(temperature_c, dtype="float64"), lag_hours)


def peaks(
    loads: pd.DataFrame,
    *,
    full_load_hours: float,
    hot_water_kw: float,
    hot_water_exponent: float,
) -> pd.DataFrame:
    """
    Return the power that each building needs from its substation.

    Parameters
    ----------
    loads : DataFrame, one row per building
        dwellings [-], space_mwh and other_mwh [MWh/yr].
    full_load_hours : float
        Yearly heat over peak power, for rooms and for other functions [h].
    hot_water_kw : float
        Power of the hot water of one dwelling: large when water is heated as it flows, small
        with a store [kW].
    hot_water_exponent : float
        Not all taps run at once: of N dwellings the part ``N ** -exponent`` does [-].

    Returns
    -------
    DataFrame, same index and order as `loads`
        ``space_peak_kw`` (other functions included), ``hot_water_peak_kw`` (diversified inside
        the building; 0 without dwellings) and ``connection_kw``, their sum [kW].

    References
    ----------
    S-124 (the exponent) in ``assumptions/sources.csv``.

    Examples
    --------
    >>> loads = pd.DataFrame({"dwellings": [1, 16, 0], "space_mwh": [18.0, 180.0, 0.0],
    ...                       "other_mwh": [0.0, 0.0, 90.0]})
    >>> peaks(loads, full_load_hours=1800.0, hot_water_kw=30.0, hot_water_exponent=0.5)
       space_peak_kw  hot_water_peak_kw  connection_kw
    0           10.0               30.0           40.0
    1          100.0              120.0          220.0
    2           50.0                0.0           50.0
    """
    dwellings = loads["dwellings"].astype("float64")
    heat_kwh = (loads["space_mwh"] + loads["other_mwh"]) * KWH_PER_MWH
    at_once = dwellings.where(dwellings > 0, 1.0) ** -hot_water_exponent
    table = pd.DataFrame(
        {
            "space_peak_kw": heat_kwh / full_load_hours,
            "hot_water_peak_kw": dwellings * at_once * hot_water_kw,
        },
        index=loads.index,
    )
    return table.assign(connection_kw=table.sum(axis=1))


def duration_curve(load_kw: ArrayLike, *, points: int) -> pd.DataFrame:
    """
    Return the load from the hardest hour to the easiest, thinned for a chart.

    Parameters
    ----------
    load_kw : array of hours
        Load [kW].
    points : int
        Points of the curve, both ends included [-].

    Returns
    -------
    DataFrame of at most `points` rows
        ``hours``: in so many hours the load is at least ``load_kw`` [h, kW].

    Examples
    --------
    >>> duration_curve([3.0, 9.0, 1.0, 5.0], points=4)
       hours  load_kw
    0      1      9.0
    1      2      5.0
    2      3      3.0
    3      4      1.0
    """
    ordered = np.sort(np.asarray(load_kw, dtype="float64"))[::-1]
    taken = np.unique(np.linspace(0, len(ordered) - 1, points).round().astype("int64"))
    return pd.DataFrame({"hours": taken + 1, "load_kw": ordered[taken]})


def load_shape(hours: pd.DataFrame) -> pd.Series[float]:
    """
    Return what an engineer looks at first: peak, mean, full-load hours and summer.

    Parameters
    ----------
    hours : DataFrame of 8,760 rows
        The result of `hourly`.

    Returns
    -------
    Series
        ``energy_mwh`` [MWh], ``peak_kw``, ``mean_kw`` and ``summer_kw``, the mean of June to
        August [kW], ``full_load_hours`` [h], ``load_factor_share`` (mean over peak) and
        ``flat_share``: hot water and losses in the heat of the year [-].

    Raises
    ------
    ContractError
        If the table does not hold one full year.

    Examples
    --------
    >>> flat = pd.DataFrame({"space_kw": [3.0] * 8760, "load_kw": [4.0] * 8760})
    >>> load_shape(flat)[["energy_mwh", "full_load_hours", "flat_share"]].round(2).tolist()
    [35.04, 8760.0, 0.25]
    """
    if len(hours) != HOURS_PER_YEAR:
        msg = f"hours has {len(hours)} rows. Give the {HOURS_PER_YEAR} hours of one year."
        raise ContractError(msg)
    load = hours["load_kw"].to_numpy()
    summer = load.reshape(-1, HOURS_PER_DAY)[_SUMMER_FIRST_DAY : _SUMMER_LAST_DAY + 1]
    energy, peak = float(load.sum()), float(load.max())
    return pd.Series(
        {
            "energy_mwh": energy / KWH_PER_MWH,
            "peak_kw": peak,
            "mean_kw": energy / HOURS_PER_YEAR,
            "summer_kw": float(summer.mean()),
            "full_load_hours": energy / peak if peak > 0 else np.nan,
            "load_factor_share": energy / peak / HOURS_PER_YEAR if peak > 0 else np.nan,
            "flat_share": 1 - float(hours["space_kw"].sum()) / energy if energy > 0 else np.nan,
        }
    )
