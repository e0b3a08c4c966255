"""The plan everybody compares with: one network for all, and every home on its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lekp_lib.domain import heat_finance, heat_supply, individual_heat, network_route
from lekp_lib.domain.heat_finance import Project
from lekp_lib.studies._frames import KeyFigure
from lekp_lib.studies._net_case import Case, case_of, priced_edges, project_of, tree_of
from lekp_lib.studies._net_ground import Ground

__all__ = ["Plan", "Section", "plan_of", "price_to_beat", "ways_of"]

_BOUND_ROUNDS = 20


@dataclass(frozen=True)
class Section:
    """
    What one question of the programme hands over.

    Attributes
    ----------
    tables : dict of str to DataFrame
        Internal tables by the name of their contract.
    figures : tuple of KeyFigure
        Key figures, unguarded.
    remarks : tuple of str
        Dutch sentences beside the answer; they name nothing that a public table hides.
    """

    tables: dict[str, pd.DataFrame]
    figures: tuple[KeyFigure, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """
    One network for the whole neighbourhood, beside the individual way.

    Attributes
    ----------
    ground : Ground
    case : Case
        Everybody connected, at 70/40.
    gap_share : float
        The route costs at most so much more than the cheapest one there is [-], proven; NaN
        where nothing was proven.
    project : Project
        The network in yearly money, built in year 0, joined at the expected speed.
    ways : dict of str to DataFrame, index building_id
        ``heat_pump`` and ``gas``: see ``ways_of``.
    price_to_beat_eur_mwh : float
        Heat price, without VAT, at which homes pay as much as with their own heat pump
        [EUR/MWh]; NaN without dwellings.
    """

    ground: Ground
    case: Case
    gap_share: float
    project: Project
    ways: dict[str, pd.DataFrame]
    price_to_beat_eur_mwh: float


def plan_of(ground: Ground) -> Plan | None:
    """Return the plan, None where there is nothing to connect or no street to follow."""
    terminals = ground.graph.terminals.reindex(ground.loads.index)
    if terminals.empty or ground.graph.sources.empty:
        return None
    edges = priced_edges(ground)
    found = network_route.route(edges, terminals, ground.graph.sources)
    bound = network_route.lower_bound(edges, terminals, ground.graph.sources, rounds=_BOUND_ROUNDS)
    case = case_of(ground, tree_of(ground, found.edges), ground.loads)
    ways = ways_of(ground, ground.loads)
    return Plan(
        ground=ground,
        case=case,
        gap_share=found.cost / bound - 1.0 if bound > 0 else float("nan"),
        project=project_of(case),
        ways=ways,
        price_to_beat_eur_mwh=price_to_beat(ground, ways["heat_pump"]),
    )


def ways_of(
    ground: Ground, loads: pd.DataFrame, *, supply_c: float | None = None
) -> dict[str, pd.DataFrame]:
    """
    Return what each building pays without a network.

    Parameters
    ----------
    ground : Ground
    loads : DataFrame, index building_id
        In the form of ``Ground.loads``, after renovation if there is one.
    supply_c : float, optional
        Temperature the radiators ask; by default that of low-temperature radiators [°C].

    Returns
    -------
    dict of str to DataFrame
        ``heat_pump`` and ``gas``: the columns of ``individual_heat.heat_pumps`` with dwellings,
        demand_mwh, wires_eur (electricity grid), grid_eur (with removal of the gas grid), both
        without VAT [EUR], and
        all_in_eur: annual_cost_eur with the electricity grid spread over its life [EUR/yr]. The
        gas grid leaves in every way without gas, so its removal is in no yearly cost.
    """
    figures = ground.figures
    rate = figures["individual.rate_share"]
    warm_c = figures["individual.heat_pump.emitters_low_c"] if supply_c is None else supply_c
    pumps = individual_heat.heat_pumps(
        loads,
        supply_c=warm_c,
        cop_space=_seasonal_cop(ground, warm_c),
        cop_hot_water=_yearly_cop(ground, figures["individual.heat_pump.hot_water_c"]),
        costs=ground.below("individual.heat_pump."),
        prices=_prices(ground),
        rate=rate,
    )
    boilers = individual_heat.gas_boilers(
        loads, costs=ground.below("individual.boiler."), prices=_prices(ground), rate=rate
    )
    lengths = ground.edges[ground.edges["kind"] == "street"].groupby("street_id")["length_m"].sum()
    grids = individual_heat.grid_costs(
        loads, pumps["electric_kw"], lengths, costs=ground.below("individual.grid.")
    )
    spread = individual_heat.annuity_factor(rate, figures["individual.grid.lifetime_years"])
    nothing = pd.Series(0.0, loads.index)
    wires = {"heat_pump": grids["electricity_grid_eur"], "gas": nothing}
    removed = {"heat_pump": grids["gas_removal_eur"], "gas": nothing}
    return {
        name: way.assign(
            dwellings=loads["dwellings"],
            demand_mwh=loads["demand_mwh"],
            wires_eur=wires[name],
            grid_eur=wires[name] + removed[name],
            all_in_eur=way["annual_cost_eur"] + wires[name] * spread,
        )
        for name, way in {"heat_pump": pumps, "gas": boilers}.items()
    }


def price_to_beat(ground: Ground, heat_pumps: pd.DataFrame) -> float:
    """Return the heat price that leaves homes as well off as their own heat pump [EUR/MWh]."""
    homes = heat_pumps[heat_pumps["dwellings"] > 0]
    if homes.empty:
        return float("nan")
    dwellings = float(homes["dwellings"].sum())
    price = heat_finance.competitive_price(
        float(homes["all_in_eur"].sum()) / dwellings,
        household_mwh=float(homes["demand_mwh"].sum()) / dwellings,
        vat_share=ground.figures["individual.heat_vat_share"],
    )
    return float(price)


def _seasonal_cop(ground: Ground, sink_c: float) -> float:
    """Return the mean COP over the heating season, weighed by degree hours."""
    cold = np.maximum(ground.figures["load.base_c"] - ground.temperature_c, 0.0)
    return heat_supply.seasonal_cop(cold, _cop(ground, sink_c))


def _yearly_cop(ground: Ground, sink_c: float) -> float:
    return heat_supply.seasonal_cop(np.ones_like(ground.temperature_c), _cop(ground, sink_c))


def _cop(ground: Ground, sink_c: float) -> np.ndarray:
    curve = ground.below("supply.cop.")
    return heat_supply.heat_pump_cop(
        ground.temperature_c,
        sink_c,
        **ground.below("supply.cop.air."),
        least_lift_k=curve["least_lift_k"],
        field_share=curve["field_share"],
    )


def _prices(ground: Ground) -> dict[str, float]:
    carriers = ground.below("supply.carrier.")
    return {
        "electricity_eur_mwh": carriers["electricity_household.price_eur_mwh"],
        "electricity_kg_mwh": carriers["electricity.emission_kg_mwh"],
        "gas_eur_mwh": carriers["gas_household.price_eur_mwh"],
        "gas_kg_mwh": carriers["gas.emission_kg_mwh"],
        "vat_share": ground.figures["individual.vat.renovation_share"],
    }
