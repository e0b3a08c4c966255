"""What the network costs to build and to use, beside the other ways to heat."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from lekp_lib.assumptions import BASES
from lekp_lib.contracts import Place
from lekp_lib.contracts.results.warmtenet_route import COST_PARTS, RULES, WAYS
from lekp_lib.domain import heat_finance, individual_heat, network_cost, pipe_sizing
from lekp_lib.domain.heat_supply import figures_table
from lekp_lib.domain.pipe_sizing import SizingRules
from lekp_lib.studies._net_plan import Plan

__all__ = ["compared", "gas_removal_eur", "invested", "per_dwelling", "rules_compared", "source_kw"]

_CONNECTION, _KIND = "network.connection.", "supply.kind."
_APART = {"lift": "lift_heat_pump", "store": "store", "power_grid": "power_grid"}
"""Part of the plant that is no source → kind of its figures."""


def per_dwelling(plan: Plan, amount: float) -> float:
    """Return the part of an amount that homes bear by their heat, per dwelling; NaN without."""
    loads = plan.case.loads
    homes = loads[loads["dwellings"] > 0]
    if homes.empty or plan.case.heat_mwh <= 0:
        return math.nan
    part = float(homes["demand_mwh"].sum()) / plan.case.heat_mwh
    return amount * part / float(homes["dwellings"].sum())


def invested(plan: Plan, place: Place) -> pd.DataFrame:
    """Return table ``net_kosten``."""
    values = _parts(plan, place, None)
    lows, highs = _parts(plan, place, "low"), _parts(plan, place, "high")
    table = pd.DataFrame(
        {
            "part": pd.Series(COST_PARTS[:-1], dtype="str"),
            "investment_eur": values,
            "low_eur": lows,
            "high_eur": highs,
            "basis": pd.Series(_bases(plan, place), dtype="str"),
        }
    )
    money = ["investment_eur", "low_eur", "high_eur"]
    whole = {"part": COST_PARTS[-1], "basis": _weakest(table["basis"])} | table[
        money
    ].sum().to_dict()
    table = pd.concat([table, pd.DataFrame([whole])], ignore_index=True)
    shares = [per_dwelling(plan, amount) for amount in table["investment_eur"]]
    return table.assign(dwelling_eur=shares).astype({"part": "str", "basis": "str"})


def _parts(plan: Plan, place: Place, end: str | None) -> list[float]:
    """Return the investment by ``COST_PARTS`` at the low or high end of the unit prices [EUR]."""
    case, ground = plan.case, plan.ground
    price = "cost_eur_m" if end is None else f"cost_{end}_eur_m"
    pipes = network_cost.pipe_costs(
        case.network,
        ground.pipes.assign(cost_eur_m=ground.pipes[price]),
        hard_share=case.network["hard_share"],
        replacement_factor=ground.figures["network.replacement_factor"],
    )
    is_service = case.network["kind"] == "service"
    costs = _prices(plan, place, _CONNECTION, end)
    connections = network_cost.connection_costs(case.loads, costs=costs)["connection_eur"]
    plant = case.parts["investment_eur"] * _plant_factor(plan, place, end)
    is_grid = case.parts["part"] == "power_grid"
    return [
        float(pipes.loc[~is_service, "pipe_eur"].sum()),
        float(pipes.loc[~is_service, "civils_eur"].sum()),
        float(pipes.loc[is_service, "cost_eur"].sum()),
        float(connections.sum()),
        float(plant[~is_grid].sum()),
        float(plant[is_grid].sum()),
    ]


def _prices(plan: Plan, place: Place, prefix: str, end: str | None) -> dict[str, float]:
    """Return the figures below a prefix with their money at the low or high end."""
    if end is None:
        return plan.ground.below(prefix)
    chosen = {
        key.removeprefix(prefix): replace(figure, value=getattr(figure, end))
        if "EUR" in figure.unit
        else figure
        for key in plan.ground.figures
        if key.startswith(prefix)
        for figure in [place.assumptions[key]]
    }
    growth = plan.ground.figures["network.price_growth_share"]
    return network_cost.indexed(chosen, to_year=plan.ground.price_year, yearly_growth_share=growth)


def _plant_factor(plan: Plan, place: Place, end: str | None) -> np.ndarray:
    """Return by how much each part of the plant gets dearer; a price that was given does not."""
    parts, plant = plan.case.parts, plan.case.plant
    apart = parts["part"].map(_APART)
    kind = apart.fillna(parts["source_id"].map(plant["kind"]))
    now, then = (figures_table(_prices(plan, place, _KIND, at)).reindex(kind) for at in (None, end))
    per_kw = then["investment_eur_kw"] / now["investment_eur_kw"]
    per_m3 = then["investment_eur_m3"] / now["investment_eur_m3"]
    factor = per_kw.fillna(per_m3).fillna(1.0).to_numpy()
    given = plant.get("investment_eur", pd.Series(np.nan, plant.index)).notna()
    is_given = (parts["part"] == "source") & parts["source_id"].map(given).eq(True)
    return np.where(is_given, 1.0, factor)


def _bases(plan: Plan, place: Place) -> list[str]:
    """Return the weakest basis of the figures behind each of ``COST_PARTS``."""
    case, known = plan.case, place.assumptions
    is_service = case.network["kind"] == "service"

    def of_pipes(used: pd.Series[int]) -> list[str]:
        return [str(basis) for basis in plan.ground.pipes.loc[used.unique(), "basis"]]

    mains = of_pipes(case.network.loc[~is_service, "dn"])
    services = of_pipes(case.network.loc[is_service, "dn"])
    kinds = set(case.plant["kind"])
    if case.plant["is_lifted"].any():
        kinds.add("lift_heat_pump")
    plant = [known[f"{_KIND}{kind}.investment_eur_kw"].basis for kind in sorted(kinds)]
    indoor = [known[key].basis for key in plan.ground.figures if key.startswith(_CONNECTION)]
    return [
        _weakest(mains),
        _weakest([*mains, known["network.hard.street_share"].basis]),
        _weakest([*services, known["network.hard.service_share"].basis]),
        _weakest(indoor),
        _weakest(plant),
        known[f"{_KIND}power_grid.investment_eur_kw"].basis,
    ]


def _weakest(bases: Iterable[str]) -> str:
    return max(bases, key=BASES.index, default=BASES[-1])


def compared(plan: Plan) -> pd.DataFrame:
    """Return table ``net_vergelijking``."""
    figures, case = plan.ground.figures, plan.case
    vat = figures["individual.heat_vat_share"]
    subsidies = (0.0, figures["finance.municipality.subsidy_share"])
    prices = heat_finance.break_even_price(
        plan.project,
        return_share=figures["finance.municipality.required_return_share"],
        subsidy_share=np.array(subsidies),
    )
    total = sum(case.investment_eur.values())
    removal = gas_removal_eur(plan)
    rows = [
        {
            "investment_eur": per_dwelling(plan, total * (1.0 - subsidy)),
            "grid_eur": removal,
            "yearly_eur": per_dwelling(plan, case.heat_mwh * float(price) * (1.0 + vat)),
            "levelised_eur_mwh": float(price),
            "co2_t": per_dwelling(plan, case.co2_t),
        }
        for subsidy, price in zip(subsidies, prices, strict=True)
    ]
    rows += [_on_its_own(plan.ways[name], vat) for name in ("heat_pump", "gas")]
    table = pd.DataFrame(rows)
    table.insert(0, "way", pd.Series(WAYS, dtype="str"))
    return table


def _on_its_own(way: pd.DataFrame, vat_share: float) -> dict[str, float]:
    """Return what a home pays that heats itself."""
    homes = way[way["dwellings"] > 0]
    dwellings, heat = float(homes["dwellings"].sum()), float(homes["demand_mwh"].sum())
    columns = {
        "investment_eur": "works_eur",
        "grid_eur": "grid_eur",
        "yearly_eur": "all_in_eur",
        "co2_t": "co2_t",
    }
    sums = {name: float(homes[column].sum()) for name, column in columns.items()}
    means = {name: amount / dwellings if dwellings else math.nan for name, amount in sums.items()}
    untaxed = sums["yearly_eur"] / (1.0 + vat_share)
    return means | {"levelised_eur_mwh": untaxed / heat if heat > 0 else math.nan}


def gas_removal_eur(plan: Plan) -> float:
    """Return what it costs to take the gas grid away, per dwelling [EUR]; NaN without homes."""
    ground, loads = plan.ground, plan.case.loads
    lengths = ground.edges[ground.edges["kind"] == "street"].groupby("street_id")["length_m"].sum()
    grids = individual_heat.grid_costs(
        loads, loads["connection_kw"] * 0.0, lengths, costs=ground.below("individual.grid.")
    )
    is_home = loads["dwellings"] > 0
    dwellings = float(loads.loc[is_home, "dwellings"].sum())
    removal = float(grids.loc[is_home, "gas_removal_eur"].sum())
    return removal / dwellings if dwellings else math.nan


def source_kw(plan: Plan) -> float:
    """Return the power that the sources must give together [kW]."""
    network, coldest = plan.case.network, float(plan.case.hours["load_kw"].max())
    return max(float(network.loc[network["upstream"] == -1, "design_kw"].sum()), coldest)


def rules_compared(plan: Plan) -> pd.DataFrame:
    """Return table ``net_gelijktijdigheid``."""
    ground, case = plan.ground, plan.case
    values, regime = ground.figures, case.regime.key
    designed = pipe_sizing.design_load(
        case.network.drop(columns=["simultaneity_share", "design_kw"]),
        formula="thermos",
        coefficients=ground.below("network.thermos."),
    )
    sized = pipe_sizing.size(
        designed,
        ground.pipes,
        ground.water,
        supply_c=values[f"{regime}_supply_c"],
        return_c=values[f"{regime}_return_c"],
        rules=SizingRules(**ground.below("network.sizing.")),
    )
    sized = sized.assign(
        **network_cost.pipe_costs(
            sized,
            ground.pipes,
            hard_share=sized["hard_share"],
            replacement_factor=values["network.replacement_factor"],
        )
    )
    mains = sized[sized["kind"] != "service"]
    starts = sized["upstream"] == -1
    rows = [
        (source_kw(plan), float(case.mains["cost_eur"].sum()), case.mains["dn"].max()),
        (
            float(sized.loc[starts, "design_kw"].sum()),
            float(mains["cost_eur"].sum()),
            mains["dn"].max(),
        ),
        (float(case.hours["load_kw"].max()), math.nan, None),
    ]
    table = pd.DataFrame(rows, columns=["design_kw", "mains_eur", "largest_dn"])
    table.insert(0, "rule", pd.Series(RULES, dtype="str"))
    return table.astype({"largest_dn": "Int64"})
