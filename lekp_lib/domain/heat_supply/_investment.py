"""What sources, heat pumps and tank cost to build and to keep."""

from __future__ import annotations

import pandas as pd

from lekp_lib.domain.heat_supply._dispatch import Supply
from lekp_lib.domain.heat_supply._plant import Store

__all__ = ["investment"]


def investment(
    sources: pd.DataFrame, supply: Supply, *, kinds: pd.DataFrame, store: Store | None = None
) -> pd.DataFrame:
    """
    Return what sources, lifting heat pumps and tank cost to build and to keep.

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
        lifetime_years [yr] of each kind, of ``lift_heat_pump`` and, with investment_eur_m3
        [EUR/m3], of ``store``.
    store : Store, optional
        Tank.

    Returns
    -------
    DataFrame
        One row per part: source_id, part (``source``, ``lift`` or ``store``), investment_eur
        [EUR], operation_eur_year [EUR/yr], lifetime_years [yr]. Pay per kW of delivered heat;
        for a lifted source per kW of its own heat, and the heat pump on top.

    Examples
    --------
    >>> import numpy as np
    >>> from lekp_lib.domain.heat_supply import default_sources, dispatch, prepare, with_backup
    >>> kinds = pd.DataFrame({"investment_eur_kw": [1000.0, 100.0], "operation_share": [0.02, 0.0],
    ...     "lifetime_years": [25.0, 20.0], "temperature_c": np.nan, "heat_cost_eur_mwh": np.nan,
    ...     "heat_emission_kg_mwh": np.nan, "efficiency_share": [np.nan, 0.5], "firm": 1.0},
    ...     index=["air_heat_pump", "gas_boiler"])
    >>> carriers = pd.DataFrame({"price_eur_mwh": 100.0, "emission_kg_mwh": 100.0},
    ...     index=["electricity", "gas"])
    >>> base = prepare(default_sources(100.0, base_share=0.6), supply_c=70.0, kinds=kinds,
    ...                quality_share=0.5, least_lift_k=15.0)
    >>> plant = with_backup(base, 100.0, boiler_kind="gas_boiler", units=2, kinds=kinds)
    >>> supply = dispatch([30.0, 50.0], plant, carriers=carriers, air_cop=3.0)
    >>> investment(plant, supply, kinds=kinds)["investment_eur"].tolist()
    [50000.0, 10000.0]
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
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


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
