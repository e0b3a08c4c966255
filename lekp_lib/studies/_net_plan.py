"""The plan everybody compares with: one network for all, and every home on its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lekp_lib.domain import heat_finance, heat_supply, individual_heat, network_route
from lekp_lib.domain.heat_finance import Project
from lekp_lib.money import annuity_factor
from lekp_lib.studies._net_case import (
    Case,
    case_of,
    priced_edges,
    project_of,
    sized_network,
    tree_of,
)
from lekp_lib.studies._net_ground import Ground

__all__ = ["Plan", "home_prices", "plan_of", "price_to_beat", "ways_of"]

_BOUND_ROUNDS = 20
_ROUNDS = 3


@dataclass(frozen=True)
class Plan:
    """
    One network for the whole neighbourhood, beside the individual way.

    Attributes
    ----------
    ground : Ground
    case : Case
        Everybody connected, at 70/40.
    prices : DataFrame, index edge
        The edges with what a pipe along them costs: those the route was chosen by.
    gap_share : float
        At those prices the route costs at most so much more than the cheapest one there is [-],
        proven; NaN where nothing was proven.
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
    prices: pd.DataFrame
    gap_share: float
    project: Project
    ways: dict[str, pd.DataFrame]
    price_to_beat_eur_mwh: float


def plan_of(ground: Ground) -> Plan | None:
    """Return the plan, None where there is nothing to connect or no street to follow."""
    terminals = ground.graph.terminals.reindex(ground.loads.index)
    if terminals.empty or ground.graph.sources.empty:
        return None
    prices, found, case = _cheapest(ground, terminals)
    bound = network_route.lower_bound(prices, terminals, ground.graph.sources, rounds=_BOUND_ROUNDS)
    ways = ways_of(ground, ground.loads)
    return Plan(
        ground=ground,
        case=case,
        prices=prices,
        gap_share=found.cost / bound - 1.0 if bound > 0 else float("nan"),
        project=project_of(case),
        ways=ways,
        price_to_beat_eur_mwh=price_to_beat(ground, ways["heat_pump"]),
    )


def _cheapest(
    ground: Ground, terminals: pd.Series[int]
) -> tuple[pd.DataFrame, network_route.Route, Case]:
    """
    Return the route that costs least once its pipes are sized, with the prices it came from.

    The first round prices every edge by one size, the next ones by the sizes that were found: a
    thick main costs twice that, and a pipe that lies there may be too thin. What no tree has used
    yet counts as thick enough. Rounds swing: a route that leaves a thick main finds another one
    that must become as thick. So the cheapest of them is kept, with its own prices. Against a
    single round the second and third take 1.7 % off the pipes of a dense neighbourhood of 1,041
    buildings, 1.4 % of a village of 1,419 and nothing of two small ones, for 0.3 s each; where
    thin pipes lie already, up to 17 %.
    """
    lies = ground.edges["existing_dn"].dropna()
    known, least_eur = None, np.inf
    for _ in range(_ROUNDS):
        prices = priced_edges(ground, known_dn=known)
        found = network_route.route(prices, terminals, ground.graph.sources)
        tree = tree_of(ground, found.edges)
        sized = sized_network(ground, tree, ground.loads)
        laid_eur = float(sized["cost_eur"].sum())
        if laid_eur < least_eur:
            least_eur, best = laid_eur, (prices, found, tree)
        known = sized["dn"].combine_first(lies if known is None else known)
    prices, found, tree = best
    return prices, found, case_of(ground, tree, ground.loads)


def ways_of(
    ground: Ground, loads: pd.DataFrame, *, supply_c: npt.ArrayLike | None = None
) -> dict[str, pd.DataFrame]:
    """
    Return what each building pays without a network.

    Parameters
    ----------
    ground : Ground
    loads : DataFrame, index building_id
        In the form of ``Ground.loads``, after renovation if there is one.
    supply_c : float or array with one value per building, optional
        Temperature the radiators ask on the coldest day; by default that of low-temperature
        radiators [°C].

    Returns
    -------
    dict of str to DataFrame
        ``heat_pump`` and ``gas``: the columns of ``individual_heat.heat_pumps`` with dwellings,
        demand_mwh; without VAT [EUR]: works_eur (the investment), wires_eur (electricity grid)
        and grid_eur (with removal of the gas grid); and all_in_eur: annual_cost_eur with what
        the electricity grid costs more per year than the capacity tariff brings in [EUR/yr].
        The gas grid leaves in every way without gas, so its removal is in no yearly cost.
    """
    figures = ground.figures
    rate, vat = figures["individual.rate_share"], ground.below("individual.vat.")
    if supply_c is None:
        supply_c = figures["individual.heat_pump.emitters_low_c"]
    seasonal, coldest = _space_cops(ground, supply_c)
    pumps = individual_heat.heat_pumps(
        loads,
        supply_c=supply_c,
        cop_space=seasonal,
        cop_coldest=coldest,
        cop_hot_water=_hot_water_cop(ground),
        costs=ground.below("individual.heat_pump."),
        prices=home_prices(ground),
        rate=rate,
    )
    boilers = individual_heat.gas_boilers(
        loads,
        costs=ground.below("individual.boiler."),
        prices=home_prices(ground) | {"vat_share": vat["standard_share"]},
        rate=rate,
    )
    lengths = ground.edges[ground.edges["kind"] == "street"].groupby("street_id")["length_m"].sum()
    grids = individual_heat.grid_costs(
        loads, pumps["electric_kw"], lengths, costs=ground.below("individual.grid.")
    )
    wires = grids["electricity_grid_eur"]
    unpaid = _unpaid(ground, wires, pumps["yearly_fixed_eur"], loads["dwellings"] > 0)
    shared = loads[["dwellings", "demand_mwh"]]
    return {
        "heat_pump": pumps.assign(
            **shared,
            works_eur=pumps["investment_eur"] / (1.0 + vat["renovation_share"]),
            wires_eur=wires,
            grid_eur=wires + grids["gas_removal_eur"],
            all_in_eur=pumps["annual_cost_eur"] + unpaid,
        ),
        "gas": boilers.assign(
            **shared,
            works_eur=boilers["investment_eur"] / (1.0 + vat["standard_share"]),
            wires_eur=0.0,
            grid_eur=0.0,
            all_in_eur=boilers["annual_cost_eur"],
        ),
    }


def _unpaid(
    ground: Ground,
    wires_eur: pd.Series[float],
    tariff_eur: pd.Series[float],
    is_home: pd.Series[bool],
) -> pd.Series[float]:
    """
    Return what a stronger grid costs per year beyond what heat pumps bring in, with VAT.

    The capacity tariff on their peaks pays for it first: counting both in full would let homes
    pay twice.
    """
    figures = ground.figures
    spread = annuity_factor(
        figures["individual.rate_share"], figures["individual.grid.lifetime_years"]
    )
    yearly = wires_eur * float(spread) * (1.0 + figures["individual.vat.electricity_share"])
    needed, paid = (float(amount[is_home].sum()) for amount in (yearly, tariff_eur))
    return yearly * (max(1.0 - paid / needed, 0.0) if needed > 0 else 1.0)


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


def _space_cops(
    ground: Ground, supply_c: npt.ArrayLike
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the COP for radiators of each temperature: over the season, and on the coldest day."""
    curve = {
        name: ground.figures[f"individual.heat_pump.{name}"] for name in ("room_c", "design_c")
    }
    exponent = ground.figures["individual.heat_pump.radiator_exponent"]
    cold = np.maximum(ground.figures["load.base_c"] - ground.temperature_c, 0.0)
    asked, place = np.unique(np.asarray(supply_c, dtype="float64"), return_inverse=True)

    def cop(outdoor_c: npt.ArrayLike, supply: float) -> npt.NDArray[np.float64]:
        sink = individual_heat.heating_curve(outdoor_c, supply, exponent=exponent, **curve)
        return _cop(ground, outdoor_c, sink)

    seasonal = [
        heat_supply.seasonal_cop(cold, cop(ground.temperature_c, supply)) for supply in asked
    ]
    coldest = [float(cop(curve["design_c"], supply)) for supply in asked]
    return np.array(seasonal)[place], np.array(coldest)[place]


def _hot_water_cop(ground: Ground) -> float:
    """Return the mean COP for hot water: as much of it every hour, at one temperature."""
    sink_c = ground.figures["individual.heat_pump.hot_water_c"]
    cop = _cop(ground, ground.temperature_c, sink_c)
    return heat_supply.seasonal_cop(np.ones_like(cop), cop)


def _cop(
    ground: Ground, outdoor_c: npt.ArrayLike, sink_c: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    curve = ground.below("supply.cop.")
    return heat_supply.heat_pump_cop(
        outdoor_c,
        sink_c,
        **ground.below("supply.cop.air."),
        least_lift_k=curve["least_lift_k"],
        field_share=curve["field_share"],
    )


def home_prices(ground: Ground) -> dict[str, float]:
    """Return what a home pays for electricity, gas and works; see ``individual_heat``."""
    figures, carriers = ground.figures, ground.below("supply.carrier.")
    return {
        "electricity_eur_mwh": carriers["electricity_household.price_eur_mwh"],
        "electricity_kg_mwh": carriers["electricity.emission_kg_mwh"],
        "capacity_eur_kw": figures["individual.electricity.capacity_eur_kw"],
        "peak_share": figures["individual.electricity.peak_share"],
        "gas_eur_mwh": carriers["gas_household.price_eur_mwh"],
        "fixed_eur": figures["individual.gas.fixed_eur"],
        "gas_kg_mwh": carriers["gas.emission_kg_mwh"],
        "vat_share": figures["individual.vat.renovation_share"],
    }
