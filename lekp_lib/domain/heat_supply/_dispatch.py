"""Which source gives which heat in every hour of the year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from lekp_lib.domain.heat_supply._plant import Store
from lekp_lib.errors import ContractError
from lekp_lib.units import HOURS_PER_DAY, HOURS_PER_YEAR, KG_PER_T, KWH_PER_MWH

__all__ = ["Supply", "dispatch", "solar_availability"]

_FUELS = {"gas_boiler": "gas", "biomass": "biomass", "electric_boiler": "electricity"}
_FOSSIL = ("gas_boiler",)
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Supply:
    """
    Who gave which heat in a year.

    Attributes
    ----------
    by_source : DataFrame, index source_id, in the order in which they run
        kind, is_peak, is_fossil, capacity_kw [kW], heat_mwh [MWh], heat_share [-],
        full_load_hours [h], electricity_mwh, fuel_mwh, source_heat_mwh [MWh], co2_t [t] and
        cost_eur, of energy alone [EUR].
    produced_kw : DataFrame, one row per hour, one column per source
        Heat into the network or the tank [kW].
    stored_kwh : array of hours
        Heat in the tank at the end of each hour [kWh].
    storage_loss_mwh, storage_change_mwh : float
        Heat leaked from the tank, and its content at the end less that at the start [MWh]: what
        is produced is the load and these two.
    electric_kw : float
        Most electricity that all sources take together in an hour [kW].
    """

    by_source: pd.DataFrame
    produced_kw: pd.DataFrame
    stored_kwh: NDArray[np.float64]
    storage_loss_mwh: float
    storage_change_mwh: float
    electric_kw: float


def solar_availability(
    *, latitude_deg: float, axial_tilt_deg: float, full_load_hours: float
) -> NDArray[np.float64]:
    """
    Return what a field of solar collectors gives of its power in each hour of an average year.

    Parameters
    ----------
    latitude_deg, axial_tilt_deg : float
        Latitude of the place and tilt of the earth [degrees].
    full_load_hours : float
        Heat in a year over power [h].

    Returns
    -------
    array of 8,760 hours
        Share of the power [-]. It follows the height of the sun; every day is as cloudy as the
        next, so that single bright or dull days are not in it.

    Examples
    --------
    >>> sun = solar_availability(latitude_deg=51.0, axial_tilt_deg=23.4, full_load_hours=500.0)
    >>> round(float(sun.sum()), 6), float(sun[0]), bool(sun[4092] > sun[12])
    (500.0, 0.0, True)
    """
    hour = np.arange(HOURS_PER_YEAR) + 0.5
    # the shortest day is ten days before the year ends
    season = np.cos(2 * np.pi * (hour / HOURS_PER_DAY + 10) / (HOURS_PER_YEAR / HOURS_PER_DAY))
    declination = -np.radians(axial_tilt_deg) * season
    angle = 2 * np.pi * (hour / HOURS_PER_DAY - 0.5)
    latitude = np.radians(latitude_deg)
    height = np.sin(latitude) * np.sin(declination) + (
        np.cos(latitude) * np.cos(declination) * np.cos(angle)
    )
    seen = np.maximum(0.0, height)
    return np.asarray(seen * full_load_hours / seen.sum())


def dispatch(
    load_kw: ArrayLike,
    sources: pd.DataFrame,
    *,
    carriers: pd.DataFrame,
    air_cop: ArrayLike,
    solar_share: ArrayLike = 0.0,
    store: Store | None = None,
) -> Supply:
    """
    Return which source gives which heat in every hour.

    Parameters
    ----------
    load_kw : array of hours
        Heat asked at the source, losses of the network included [kW].
    sources : DataFrame, index source_id
        From `with_backup`.
    carriers : DataFrame, index carrier
        price_eur_mwh [EUR/MWh] and emission_kg_mwh [kg/MWh] of electricity, gas and biomass.
    air_cop : array of hours, or float
        COP of heat pumps on outside air [-].
    solar_share : array of hours, or float
        What solar collectors give of their power [-, 0-1].
    store : Store, optional
        Tank between base and peak.

    Returns
    -------
    Supply

    Raises
    ------
    ContractError
        If the load is negative or unknown somewhere, or if all sources together fall short.

    Notes
    -----
    Base sources run in the order of their marginal cost, averaged over the hours; boilers for
    the peak come last, whatever they cost. The tank takes any surplus power of the base sources
    while it has room, and gives as soon as they fall short. It starts with what a year before,
    begun empty, has left in it.

    Examples
    --------
    >>> from lekp_lib.domain.heat_supply import default_sources, prepare, with_backup
    >>> kinds = pd.DataFrame({"temperature_c": np.nan, "heat_cost_eur_mwh": np.nan,
    ...     "heat_emission_kg_mwh": np.nan, "efficiency_share": [np.nan, 0.5], "firm": 1.0},
    ...     index=["air_heat_pump", "gas_boiler"])
    >>> carriers = pd.DataFrame({"price_eur_mwh": [200.0, 50.0], "emission_kg_mwh": [150.0, 180.0]},
    ...     index=["electricity", "gas"])
    >>> base = prepare(default_sources(100.0, base_share=0.6), supply_c=70.0, kinds=kinds,
    ...                quality_share=0.5, least_lift_k=15.0)
    >>> plant = with_backup(base, 100.0, boiler_kind="gas_boiler", units=2, kinds=kinds)
    >>> supply = dispatch([30.0, 100.0], plant, carriers=carriers, air_cop=3.0)
    >>> supply.by_source[["heat_mwh", "electricity_mwh", "fuel_mwh"]].round(3)
                 heat_mwh  electricity_mwh  fuel_mwh
    source_id
    default_air      0.09             0.03      0.00
    backup           0.04             0.00      0.08
    """
    load = np.asarray(load_kw, dtype="float64")
    if not (load >= 0).all():
        msg = "load_kw is negative or missing in some hour. Give a load of 0 or more for each."
        raise ContractError(msg)
    needs = _needs(sources, carriers)
    electricity = _electricity_per_heat(needs, len(load), air_cop)
    order = _running_order(sources, needs, electricity)
    ordered, needs = sources.iloc[order], needs.iloc[order]
    capacity = np.tile(ordered["delivered_kw"].to_numpy(dtype="float64"), (len(load), 1))
    capacity[:, ordered["kind"] == "solar_thermal"] *= np.reshape(solar_share, (-1, 1))
    base_kw = capacity[:, ~ordered["is_peak"].to_numpy(dtype=bool)].sum(axis=1)
    tank = _tank(load, base_kw, store or Store(0.0, 0.0, 0.0))
    produced = _fill(load + tank["flow_kw"].to_numpy(), capacity)
    return Supply(
        by_source=_totals(produced, electricity[:, order], ordered, needs),
        produced_kw=pd.DataFrame(produced, columns=ordered.index).rename_axis("hour"),
        stored_kwh=tank["stored_kwh"].to_numpy(),
        storage_loss_mwh=float(tank["leak_kw"].sum()) / KWH_PER_MWH,
        storage_change_mwh=float((tank["flow_kw"] - tank["leak_kw"]).sum()) / KWH_PER_MWH,
        electric_kw=float((produced * electricity[:, order]).sum(axis=1).max(initial=0.0)),
    )


def _needs(sources: pd.DataFrame, carriers: pd.DataFrame) -> pd.DataFrame:
    """
    Return what each unit of heat takes: electricity, fuel, own heat, and what those cost and emit.

    Electricity of an air heat pump changes by the hour and is missing here. A boiler or an air
    heat pump with a price or an emission of its own has no other.
    """
    kind, efficiency = sources["kind"], sources["efficiency_share"]
    fuel = kind.map(_FUELS)
    lacking = sorted({*fuel.dropna(), "electricity"} - set(carriers.index))
    if lacking:
        msg = f"carriers lacks {lacking}. Give each its price and emission."
        raise ContractError(msg)
    burns = fuel.isin(["gas", "biomass"])
    of_lift = (1 / sources["cop"]).fillna(0.0)
    is_own = kind.isin(_FUELS) | (kind == "air_heat_pump")
    needs = pd.DataFrame(
        {
            "electricity": of_lift.mask(fuel == "electricity", 1 / efficiency),
            "fuel": (1 / efficiency).where(burns, 0.0),
            "source_heat": (1 - of_lift).mask(is_own, 0.0),
        }
    )
    needs["electricity"] = needs["electricity"].mask(kind == "air_heat_pump")
    for name, own, of_carrier in (
        ("cost", sources["cost_eur_mwh"], carriers["price_eur_mwh"]),
        ("emission", sources["emission_kg_mwh"], carriers["emission_kg_mwh"]),
    ):
        is_given = is_own & own.notna()
        burnt = needs["fuel"] * fuel.map(of_carrier).fillna(0.0)
        flat = burnt + needs["source_heat"] * own.fillna(0.0)
        needs[f"{name}_flat"] = flat.mask(is_given, own)
        needs[f"{name}_electricity"] = np.where(is_given, 0.0, of_carrier["electricity"])
    return needs


def _electricity_per_heat(
    needs: pd.DataFrame, n_hours: int, air_cop: ArrayLike
) -> NDArray[np.float64]:
    """Return electricity per unit of heat, hours by sources."""
    shares = np.tile(needs["electricity"].to_numpy(dtype="float64"), (n_hours, 1))
    of_air = 1 / np.broadcast_to(np.asarray(air_cop, dtype="float64"), n_hours)
    return np.where(np.isnan(shares), of_air[:, np.newaxis], shares)


def _running_order(
    sources: pd.DataFrame, needs: pd.DataFrame, electricity: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return positions of sources as they run: base before peak, then cheap before dear."""
    cost = needs["cost_flat"] + needs["cost_electricity"] * electricity.mean(axis=0)
    ranks = pd.DataFrame(
        {
            "is_peak": sources["is_peak"].to_numpy(dtype=bool),
            "cost": cost.to_numpy(),
            "name": sources.index.astype(str),
        }
    )
    return ranks.sort_values(["is_peak", "cost", "name"]).index.to_numpy(dtype="int64")


def _tank(load: NDArray[np.float64], base_kw: NDArray[np.float64], store: Store) -> pd.DataFrame:
    """Return heat stored, put in (taken out: below 0) and leaked, hour by hour."""
    surplus = (base_kw - load).tolist()
    full, kept_share = store.kwh, 1.0 - store.loss_share
    level = 0.0
    for _ in range(2):  # the first year only finds the level to begin with
        start, levels = level, []
        for extra in surplus:
            level = min(full, max(0.0, level * kept_share + extra))
            levels.append(level)
    stored = np.array(levels)
    before = np.concatenate([[start], stored[:-1]])
    leak = before * store.loss_share
    return pd.DataFrame(
        {"stored_kwh": stored, "flow_kw": stored - (before - leak), "leak_kw": leak}
    )


def _fill(wanted: NDArray[np.float64], capacity: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what each source gives, the first in order until it is full, then the next."""
    reach = np.cumsum(capacity, axis=1)
    short = float(np.maximum(0.0, wanted - reach[:, -1] * (1 + _ROUNDING)).sum())
    if short > 0:
        msg = f"The sources fall {short:.1f} kWh short. Add boilers with with_backup first."
        raise ContractError(msg)
    covered = np.minimum(wanted[:, np.newaxis], reach)
    return np.maximum(0.0, np.diff(covered, axis=1, prepend=0.0))


def _totals(
    produced: NDArray[np.float64],
    electricity: NDArray[np.float64],
    sources: pd.DataFrame,
    needs: pd.DataFrame,
) -> pd.DataFrame:
    """Return what each source gave and took in the year."""
    heat = produced.sum(axis=0) / KWH_PER_MWH
    power = (produced * electricity).sum(axis=0) / KWH_PER_MWH
    capacity = sources["delivered_kw"].to_numpy(dtype="float64")
    total = float(heat.sum())
    hours = np.divide(heat * KWH_PER_MWH, capacity, out=np.zeros(len(heat)), where=capacity > 0)
    return pd.DataFrame(
        {
            "kind": sources["kind"],
            "is_peak": sources["is_peak"],
            "is_fossil": sources["kind"].isin(_FOSSIL),
            "capacity_kw": capacity,
            "heat_mwh": heat,
            "heat_share": heat / total if total > 0 else 0.0,
            "full_load_hours": hours,
            "electricity_mwh": power,
            "fuel_mwh": heat * needs["fuel"],
            "source_heat_mwh": heat * needs["source_heat"],
            "co2_t": (heat * needs["emission_flat"] + power * needs["emission_electricity"])
            / KG_PER_T,
            "cost_eur": heat * needs["cost_flat"] + power * needs["cost_electricity"],
        },
        index=sources.index,
    )
