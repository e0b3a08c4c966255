"""Which buildings and which streets pay for their own pipe."""

from __future__ import annotations

import math

import pandas as pd

from lekp_lib import wording
from lekp_lib.contracts import Place
from lekp_lib.contracts.results.warmtenet_route import NOT_BUILT, SELECTIONS
from lekp_lib.domain import connection_value, network_route
from lekp_lib.studies._net_case import priced_edges
from lekp_lib.studies._net_plan import Plan
from lekp_lib.studies._net_route_lines import drawn_mains, lines_of
from lekp_lib.studies._warmtenet_scene import Neighbourhood

__all__ = ["choice_tables"]

_ROUNDS = 1


def choice_tables(plan: Plan, place: Place, hood: Neighbourhood) -> dict[str, pd.DataFrame]:
    """
    Return tables ``net_keuze``, ``net_per_rendement`` and ``net_per_rendement_samen``.

    Without dwellings there is no price to beat, hence nothing to choose by: no tables.
    """
    if math.isnan(plan.price_to_beat_eur_mwh):
        return {}
    prices = priced_edges(plan.ground)
    return {"net_keuze": _selected(plan, prices)} | _per_return(plan, prices, place, hood)


def _worth(
    plan: Plan, prices: pd.DataFrame, return_share: float
) -> tuple[pd.Series[float], pd.Series[float]]:
    """Return what each building brings in and what each edge costs to lay and to keep [EUR]."""
    figures, years = plan.ground.figures, plan.ground.figures["finance.horizon_years"]
    heat_eur_mwh = float(plan.project.heat_cost_eur_mwh.max())
    prizes = connection_value.connection_prizes(
        plan.case.loads,
        plan.case.connections["connection_eur"],
        margin_eur_mwh=plan.price_to_beat_eur_mwh - heat_eur_mwh,
        return_share=return_share,
        years=years,
    )
    costs = connection_value.lasting_cost(
        prices["cost"],
        upkeep_share=figures["network.outdoor_upkeep_share"],
        return_share=return_share,
        years=years,
    )
    return prizes, costs


def _selected(plan: Plan, prices: pd.DataFrame) -> pd.DataFrame:
    """Return table ``net_keuze``, at the return that a municipality requires."""
    ground, loads = plan.ground, plan.case.loads
    rate = ground.figures["finance.municipality.required_return_share"]
    prizes, costs = _worth(plan, prices, rate)
    found = network_route.select(
        prices.assign(cost=costs),
        ground.graph.terminals.reindex(loads.index),
        ground.graph.sources,
        prizes,
        rounds=_ROUNDS,
    )
    of_all = float(prizes.sum() - costs[plan.case.network.index].sum())
    bound = math.nan if found.upper_bound is None else found.upper_bound
    table = pd.DataFrame(
        [
            _connected(plan, loads.index, plan.case.network.index),
            _connected(plan, found.connected, found.route.edges),
        ]
    ).assign(value_eur=[of_all, found.value], upper_bound_eur=bound)
    gap_eur = (table["upper_bound_eur"] - table["value_eur"]).clip(lower=0.0)
    table.insert(0, "selection", pd.Series(SELECTIONS, dtype="str"))
    return table.assign(gap_eur=gap_eur).astype({"buildings": "Int64", "dwellings": "Int64"})


def _connected(plan: Plan, buildings: pd.Index, edges: pd.Index) -> dict[str, float]:
    """
    Return how much of the neighbourhood a network serves.

    ``counted`` are the dwellings that a row tells something about; that nobody is connected
    tells it about all. The share is in whole per cents, so that one row less another does not
    tell what a few buildings ask.
    """
    loads, all_edges = plan.case.loads, plan.ground.edges.loc[edges]
    served = loads.loc[buildings]
    dwellings = int(served["dwellings"].sum())
    return {
        "buildings": len(served),
        "dwellings": dwellings,
        "main_m": float(all_edges.loc[all_edges["kind"] != "service", "length_m"].sum()),
        "demand_share": round(float(served["demand_mwh"].sum() / loads["demand_mwh"].sum()), 2),
        "counted": dwellings if len(served) else int(loads["dwellings"].sum()),
    }


def _per_return(
    plan: Plan, prices: pd.DataFrame, place: Place, hood: Neighbourhood
) -> dict[str, pd.DataFrame]:
    """Return what is left of the network of all at each required return."""
    network = plan.case.network
    up_to = pd.Series(NOT_BUILT, index=network.index, dtype="str")
    rows = []
    for rate in sorted(plan.ground.below("finance.map_return.").values()):
        prizes, costs = _worth(plan, prices, rate)
        is_built = network_route.prune(network, prizes, costs.reindex(network.index))
        up_to = up_to.mask(is_built, wording.share(rate))
        kept = network[is_built]
        served = pd.Index(kept["building_id"].dropna())
        rows.append({"return_share": rate} | _connected(plan, served, kept.index))
    mains = drawn_mains(plan, place, hood)
    lines = lines_of(mains.assign(built_up_to=up_to[mains.index]), ["street_name", "built_up_to"])
    together = pd.DataFrame(rows).astype({"buildings": "Int64", "dwellings": "Int64"})
    return {"net_per_rendement": lines, "net_per_rendement_samen": together}
