"""What sources, heat pumps, tank and power connection cost to build and to keep."""

from __future__ import annotations

import pandas as pd

from lekp_lib.domain.heat_supply._dispatch import Supply
from lekp_lib.domain.heat_supply._plant import LIFTABLE, Store

__all__ = ["investment"]


def investment(
    sources: pd.DataFrame, supply: Supply, *, kinds: pd.DataFrame, store: Store | None = None
) -> pd.DataFrame:
    """
    Return what sources, lifting heat pumps, tank and power connection cost to build and to keep.

    Parameters
    ----------
    sources : DataFrame, index source_id
        From `with_backup`; with investment_eur of the table of the place, where given, that
        amount counts for the source itself [EUR].
    supply : Supply
        From `dispatch`. Base sources are built for the most that they gave in an hour, boilers
        for their full power.
    kinds : DataFrame, index kind
        investment_eur_kw [EUR/kW], operation_share (of the investment, per year) [-] and
        lifetime_years [yr] of each kind, of ``lift_heat_pump``, of ``power_grid``, with its
        charge_eur_kw_year [EUR/kW per year], and, with investment_eur_m3 [EUR/m3], of ``store``.
    store : Store, optional
        Tank.

    Returns
    -------
    DataFrame
        One row per part: source_id, part (``source``, ``lift``, ``store`` or ``power_grid``),
        investment_eur [EUR], operation_eur_year [EUR/yr], lifetime_years [yr] and is_whole: it
        cannot be built in steps, as a well or a pipe to a factory. Pay per kW of delivered heat;
        for a lifted source per kW of its own heat, and the heat pump on top.

    Notes
    -----
    The power connection carries the most that the plant takes in an hour and, when all base
    sources are away in the coldest hour, the electric boilers alone. The yearly charge is for
    the first of the two.

    Examples
    --------
    >>> from lekp_lib.domain.heat_supply import default_sources, dispatch, prepare, with_backup
    >>> import numpy as np
    >>> kinds = pd.DataFrame({"investment_eur_kw": [1000.0, 100.0, 90.0],
    ...     "operation_share": [0.02, 0.0, 0.0], "lifetime_years": [25.0, 20.0, 40.0],
    ...     "charge_eur_kw_year": [np.nan, np.nan, 60.0], "temperature_c": np.nan,
    ...     "heat_cost_eur_mwh": np.nan, "heat_emission_kg_mwh": np.nan,
    ...     "efficiency_share": [np.nan, 0.5, np.nan], "firm": 1.0},
    ...     index=["air_heat_pump", "gas_boiler", "power_grid"])
    >>> carriers = pd.DataFrame({"price_eur_mwh": 100.0, "emission_kg_mwh": 100.0},
    ...     index=["electricity", "gas"])
    >>> base = prepare(default_sources(100.0, base_share=0.6), supply_c=70.0, kinds=kinds,
    ...                quality_share=0.5, least_lift_k=15.0)
    >>> plant = with_backup(base, 100.0, boiler_kind="gas_boiler", units=2, kinds=kinds)
    >>> supply = dispatch([30.0, 50.0], plant, carriers=carriers, air_cop=3.0)
    >>> investment(plant, supply, kinds=kinds)[["investment_eur", "operation_eur_year"]].round(3)
       investment_eur  operation_eur_year
    0         50000.0              1000.0
    1         10000.0                 0.0
    2          1500.0              1000.0
    """
    most = supply.produced_kw.max().reindex(sources.index)
    built_kw = most.where(~sources["is_peak"].astype(bool), sources["delivered_kw"])
    own_kw = built_kw * (1 - (1 / sources["cop"]).fillna(0.0))
    lifted = built_kw[sources["is_lifted"].astype(bool)]
    of_kind = kinds.reindex(sources["kind"]).set_index(sources.index)
    own_eur = own_kw * of_kind["investment_eur_kw"]
    if "investment_eur" in sources:
        own_eur = sources["investment_eur"].astype("float64").fillna(own_eur)
    lift = kinds.reindex(["lift_heat_pump"] * len(lifted)).set_index(lifted.index)
    parts = [
        _part("source", own_eur, of_kind),
        _part("lift", lifted * lift["investment_eur_kw"], lift),
    ]
    if store is not None and store.volume_m3 > 0:
        tank = kinds.loc[["store"]]
        parts.append(_part("store", tank["investment_eur_m3"] * store.volume_m3, tank))
    connection = _power_grid(sources, supply, kinds.loc[["power_grid"]])
    table = pd.concat([part for part in (*parts, connection) if len(part)], ignore_index=True)
    is_found = table["source_id"].map(sources["kind"]).isin(LIFTABLE)
    return table.assign(is_whole=is_found & (table["part"] == "source"))


def _power_grid(sources: pd.DataFrame, supply: Supply, figures: pd.DataFrame) -> pd.DataFrame:
    """Return the connection to the power grid; no row where nothing takes electricity."""
    boilers = sources[sources["kind"] == "electric_boiler"]
    heat_kw = float(boilers["delivered_kw"].sum())
    taken_kw = float((boilers["delivered_kw"] / boilers["efficiency_share"]).sum())
    coldest_kw = float(supply.produced_kw.sum(axis=1).max())
    alone_kw = taken_kw * min(1.0, coldest_kw / heat_kw) if heat_kw > 0 else 0.0
    carried_kw = max(supply.electric_kw, alone_kw)
    if not carried_kw > 0:
        return pd.DataFrame()
    part = _part("power_grid", figures["investment_eur_kw"] * carried_kw, figures)
    charge = float(figures["charge_eur_kw_year"].iloc[0]) * supply.electric_kw
    return part.assign(operation_eur_year=part["operation_eur_year"] + charge)


def _part(part: str, cost_eur: pd.Series[float], figures: pd.DataFrame) -> pd.DataFrame:
    """Return one row per thing that is built, with its upkeep and its life."""
    return pd.DataFrame(
        {
            "source_id": cost_eur.index,
            "part": part,
            "investment_eur": cost_eur.to_numpy(),
            "operation_eur_year": (cost_eur * figures["operation_share"]).to_numpy(),
            "lifetime_years": figures["lifetime_years"].to_numpy(),
        }
    )
