"""Which buildings and which streets pay for their own pipe."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from lekp_lib import wording
from lekp_lib.contracts import Place
from lekp_lib.contracts.results.warmtenet_route import NOT_BUILT, SELECTIONS
from lekp_lib.disclosure import smallest_street
from lekp_lib.domain import connection_value, network_route
from lekp_lib.studies._net_plan import Plan
from lekp_lib.studies._net_route_lines import drawn_mains, lines_of
from lekp_lib.studies._warmtenet_scene import Neighbourhood

__all__ = ["choice_tables"]

_ROUNDS = 1
_EUR_DECIMALS = -3
"""Values are told to the thousand: their last figures would tell what one building brings in."""


def choice_tables(plan: Plan, place: Place, hood: Neighbourhood) -> dict[str, pd.DataFrame]:
    """
    Return tables ``net_keuze``, ``net_per_rendement`` and ``net_per_rendement_samen``.

    Without dwellings there is no price to beat, hence nothing to choose by: no tables.
    """
    if math.isnan(plan.price_to_beat_eur_mwh):
        return {}
    prices, least = plan.prices, smallest_street(place.assumptions)
    chosen = _selected(plan, prices)
    tables = _per_return(plan, prices, place, hood)
    together = tables["net_per_rendement_samen"]
    counted = _apart(plan.case.loads, [*chosen.pop("served"), *together.pop("served")], least)
    tables["net_per_rendement_samen"] = together.assign(counted=counted[len(chosen) :])
    return {"net_keuze": chosen.assign(counted=counted[: len(chosen)])} | tables


def _apart(loads: pd.DataFrame, choices: list[pd.Index], least: int) -> list[int]:
    """
    Return for each choice of buildings how many dwellings it tells something about.

    That is what it has more or less than any choice that is shown, and than nobody: the share
    of the one less that of the other tells what the buildings between them ask. A difference
    without dwellings is that of some large user, hence it counts as one.
    """
    everybody = int(loads["dwellings"].sum())
    shown, counts = [loads.index[:0]], []
    for choice in choices:
        between = [choice.symmetric_difference(other) for other in shown]
        told = [max(int(loads.loc[some, "dwellings"].sum()), 1) for some in between if len(some)]
        is_known = len(told) < len(shown)
        counts.append(everybody if is_known else min(told))
        if not is_known and counts[-1] >= least:
            shown.append(choice)
    return counts


def _worth(
    plan: Plan, prices: pd.DataFrame, return_share: float
) -> tuple[pd.Series[float], pd.Series[float]]:
    """Return what each building brings in and what each edge costs to lay and to keep [EUR]."""
    figures, years = plan.ground.figures, plan.ground.figures["finance.horizon_years"]
    heat_eur_mwh = float(plan.project.heat_cost_eur_mwh[-1])
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
    money = ["value_eur", "upper_bound_eur"]
    table[money] = table[money].round(_EUR_DECIMALS)
    gap_eur = (table["upper_bound_eur"] - table["value_eur"]).clip(lower=0.0)
    table.insert(0, "selection", pd.Series(SELECTIONS, dtype="str"))
    return table.assign(gap_eur=gap_eur).astype({"buildings": "Int64", "dwellings": "Int64"})


def _connected(plan: Plan, buildings: pd.Index, edges: pd.Index) -> dict[str, Any]:
    """Return how much of the neighbourhood a network serves, and ``served``: which buildings."""
    loads, all_edges = plan.case.loads, plan.ground.edges.loc[edges]
    served = loads.loc[buildings]
    return {
        "buildings": len(served),
        "dwellings": int(served["dwellings"].sum()),
        "main_m": float(all_edges.loc[all_edges["kind"] != "service", "length_m"].sum()),
        "demand_share": round(float(served["demand_mwh"].sum() / loads["demand_mwh"].sum()), 2),
        "served": buildings,
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
