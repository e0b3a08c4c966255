"""One heat network from route to yearly money: pipes, plant, and what it all costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from lekp_lib.domain import (
    heat_finance,
    heat_load,
    heat_phasing,
    heat_supply,
    network_cost,
    network_route,
    pipe_sizing,
)
from lekp_lib.domain.heat_finance import Project
from lekp_lib.domain.heat_supply import Supply, figures_table
from lekp_lib.domain.pipe_sizing import SizingRules
from lekp_lib.studies._net_ground import Ground
from lekp_lib.units import MWH_PER_GWH

__all__ = [
    "LOW",
    "MIDDLE",
    "Case",
    "Regime",
    "Yearly",
    "case_of",
    "cohorts_of",
    "growth_of",
    "lifetimes_of",
    "plant_steps",
    "priced_edges",
    "project_of",
    "sized_network",
    "tree_of",
    "works_saving",
    "yearly_of",
]

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Regime:
    """Temperatures of a network: Dutch name, and the start of its keys in the assumptions."""

    name: str
    key: str


MIDDLE = Regime("70/40", "network.regime.middle")
LOW = Regime("55/30", "network.regime.low")


@dataclass(frozen=True)
class Case:
    """
    One network, sized and priced, with its plant.

    Attributes
    ----------
    ground : Ground
    regime : Regime
    loads : DataFrame, index building_id
        Buildings that are connected; see ``Ground.loads``.
    network : DataFrame, index pipe
        Sized network: the columns of ``pipe_sizing.size``, with geometry, hard_share, street_part,
        pipe_eur, civils_eur, cost_eur [EUR] and loss_mwh [MWh/yr].
    connections : DataFrame, index building_id
        See ``network_cost.connection_costs``.
    hours : DataFrame, 8,760 rows
        See ``heat_load.hourly``.
    plant : DataFrame, index source_id
        Sources with back-up, as run.
    supply : Supply
        What each source gives.
    parts : DataFrame
        See ``heat_supply.investment``.
    pump_mwh : float
        Electricity of the pumps [MWh/yr].
    """

    ground: Ground
    regime: Regime
    loads: pd.DataFrame
    network: pd.DataFrame
    connections: pd.DataFrame
    hours: pd.DataFrame
    plant: pd.DataFrame
    supply: Supply
    parts: pd.DataFrame
    pump_mwh: float

    @cached_property
    def mains(self) -> pd.DataFrame:
        """The pipes in the street."""
        return self.network[self.network["kind"] != "service"]

    @cached_property
    def services(self) -> pd.DataFrame:
        """The house connections."""
        return self.network[self.network["kind"] == "service"]

    @property
    def heat_mwh(self) -> float:
        """Useful heat of all connected buildings [MWh/yr]."""
        return float(self.loads["demand_mwh"].sum())

    @property
    def loss_mwh(self) -> float:
        """Heat the pipes lose [MWh/yr]."""
        return float(self.network["loss_mwh"].sum())

    @property
    def loss_share(self) -> float:
        """Loss over the heat that leaves the source [-]."""
        made = self.heat_mwh + self.loss_mwh
        return self.loss_mwh / made if made > 0 else 0.0

    @property
    def investment_eur(self) -> dict[str, float]:
        """Investment by kind of asset, without VAT [EUR]."""
        return {
            "mains": float(self.mains["cost_eur"].sum()),
            "services": float(self.services["cost_eur"].sum()),
            "connections": float(self.connections["connection_eur"].sum()),
            "plant": float(self.parts["investment_eur"].sum()),
        }

    @property
    def upkeep_shares(self) -> dict[str, float]:
        """Upkeep per year over what it cost, by class of the project, energy not counted [-]."""
        figures = self.ground.figures
        plant = self.parts[["investment_eur", "operation_eur_year"]].sum()
        spent = float(plant["investment_eur"])
        return {
            "pipes": figures["network.outdoor_upkeep_share"],
            "connections": figures["network.indoor_upkeep_share"],
            "plant": float(plant["operation_eur_year"]) / spent if spent > 0 else 0.0,
        }

    @property
    def energy_eur(self) -> float:
        """Energy for heat and pumps [EUR/yr]."""
        price = self.ground.figures["supply.carrier.electricity.price_eur_mwh"]
        return float(self.supply.by_source["cost_eur"].sum()) + self.pump_mwh * price

    @property
    def co2_t(self) -> float:
        """CO2 of heat and pumps [t/yr]."""
        kg = self.ground.figures["supply.carrier.electricity.emission_kg_mwh"]
        return float(self.supply.by_source["co2_t"].sum()) + self.pump_mwh * kg / MWH_PER_GWH


def priced_edges(ground: Ground, *, known_dn: pd.Series[int] | None = None) -> pd.DataFrame:
    """Return the edges with what a pipe along them costs."""
    price = network_cost.edge_price(
        ground.edges,
        ground.pipes,
        dn=int(ground.figures["network.routing_dn"]),
        hard_share=ground.edges["hard_share"],
        replacement_factor=ground.figures["network.replacement_factor"],
        known_dn=known_dn,
    )
    return pd.DataFrame(ground.edges).assign(cost=price)


def tree_of(ground: Ground, edges: pd.Index) -> pd.DataFrame:
    """Return the network of some edges, from the sources outward, with what is known of them."""
    network = network_route.as_tree(edges, ground.edges, ground.graph.sources)
    known = ground.edges[["existing_dn", "hard_share", "street_part", "geometry"]]
    return network.join(pd.DataFrame(known))


def case_of(
    ground: Ground, network: pd.DataFrame, loads: pd.DataFrame, regime: Regime = MIDDLE
) -> Case:
    """
    Return a network sized, priced and supplied with heat.

    Parameters
    ----------
    ground : Ground
    network : DataFrame
        As returned by ``tree_of``.
    loads : DataFrame, index building_id
        The buildings that are connected, in the form of ``Ground.loads``.
    regime : Regime
        Supply and return temperature.
    """
    values = ground.figures
    supply_c, return_c = _temperatures(ground, regime)
    sized = sized_network(ground, network, loads, regime)
    hours = _hours(ground, loads, float(sized["loss_mwh"].sum()), water_c=(supply_c + return_c) / 2)
    case = Case(
        ground=ground,
        regime=regime,
        loads=loads,
        network=sized,
        connections=network_cost.connection_costs(loads, costs=ground.below("network.connection.")),
        hours=hours,
        plant=pd.DataFrame(),
        supply=Supply(pd.DataFrame(), pd.DataFrame(), hours.to_numpy()[:, 0], 0.0, 0.0, 0.0),
        parts=pd.DataFrame(),
        pump_mwh=_pumping(values, sized, hours),
    )
    return _with_plant(case, supply_c, return_c)


def sized_network(
    ground: Ground, network: pd.DataFrame, loads: pd.DataFrame, regime: Regime = MIDDLE
) -> pd.DataFrame:
    """Return a network with its sizes, losses and cost; see ``Case.network``."""
    values = ground.figures
    supply_c, return_c = _temperatures(ground, regime)
    sized = pipe_sizing.size(
        _designed(ground, network, loads),
        ground.pipes,
        ground.water,
        supply_c=supply_c,
        return_c=return_c,
        rules=SizingRules(**ground.below("network.sizing.")),
    )
    lost = pipe_sizing.losses(
        sized,
        ground.pipes,
        supply_c=supply_c,
        return_c=return_c,
        ground_c=values["network.ground_c"],
    )
    cost = network_cost.pipe_costs(
        sized,
        ground.pipes,
        hard_share=sized["hard_share"],
        replacement_factor=values["network.replacement_factor"],
    )
    return sized.assign(loss_mwh=lost).join(cost)


def _temperatures(ground: Ground, regime: Regime) -> tuple[float, float]:
    """Return the supply and return temperature of a regime [°C]."""
    return ground.figures[f"{regime.key}_supply_c"], ground.figures[f"{regime.key}_return_c"]


def _designed(ground: Ground, network: pd.DataFrame, loads: pd.DataFrame) -> pd.DataFrame:
    """
    Return the power each pipe must carry.

    The formula may not promise less than the coldest hour asks of many buildings together.
    """
    loaded = pipe_sizing.load_per_pipe(network, loads)
    coefficients = ground.below("network.winter.")
    designed = pipe_sizing.design_load(loaded, coefficients=coefficients)
    hours = _hours(ground, loads, 0.0)
    per_mwh = float(hours["load_kw"].max()) / max(float(loads["demand_mwh"].sum()), 1e-9)
    floor = designed["demand_mwh"] * per_mwh
    return designed.assign(design_kw=designed["design_kw"].clip(lower=floor))


def _hours(
    ground: Ground, loads: pd.DataFrame, losses_mwh: float, *, water_c: float | None = None
) -> pd.DataFrame:
    values = ground.figures
    soil = heat_load.ground_temperature(
        ground.temperature_c, lag_hours=values["load.ground_lag_hours"]
    )
    return heat_load.hourly(
        loads,
        ground.temperature_c,
        base_c=values["load.base_c"],
        inertia_hours=values["load.inertia_hours"],
        profile=heat_load.hour_profile(
            ground.below("load.hour."), space_swing_share=values["load.space_swing_share"]
        ),
        losses_mwh=losses_mwh,
        water_c=water_c,
        ground_c=None if water_c is None else soil,
    )


def _pumping(values: dict[str, float], sized: pd.DataFrame, hours: pd.DataFrame) -> float:
    """Return the electricity of the pumps [MWh/yr]."""
    paths = pipe_sizing.longest_path_pressure(
        sized,
        fittings_factor=values["network.fittings_factor"],
        substation_pa=values["network.substation_pa"],
    )
    if paths.empty or hours["load_kw"].max() <= 0:
        return 0.0
    pumped = pipe_sizing.pumping(
        paths,
        pump_efficiency_share=values["network.pump_efficiency_share"],
        full_flow_hours=pipe_sizing.cubic_load_hours(hours["load_kw"]),
    )
    return float(pumped["pump_mwh"].sum())


def _with_plant(case: Case, supply_c: float, return_c: float) -> Case:
    """Return the case with sources that cover its coldest hour, and their year."""
    values, ground = case.ground.figures, case.ground
    kinds = figures_table(ground.below("supply.kind."))
    sources = _ready_sources(ground)
    design_kw = _source_kw(case)
    lift = {
        "quality_share": values["supply.cop.quality_share"],
        "least_lift_k": values["supply.cop.least_lift_k"],
    }
    if sources.empty:
        sources = heat_supply.default_sources(design_kw, base_share=values["supply.base_share"])
    ready = heat_supply.prepare(sources, supply_c=supply_c, kinds=kinds, year=None, **lift)
    plant = heat_supply.with_backup(
        ready,
        design_kw,
        boiler_kind="electric_boiler",
        units=int(values["supply.backup_units"]),
        kinds=kinds,
    )
    base_kw = float(plant.loc[~plant["is_peak"].astype(bool), "delivered_kw"].sum())
    store = heat_supply.store_for(
        base_kw,
        hours=values["supply.store.hours"],
        supply_c=supply_c,
        return_c=return_c,
        water_kwh_m3_k=values["supply.store.water_kwh_m3_k"],
        loss_share=values["supply.store.loss_share"],
    )
    supply = heat_supply.dispatch(
        case.hours["load_kw"],
        plant,
        carriers=figures_table(ground.below("supply.carrier.")),
        air_cop=heat_supply.carnot_cop(ground.temperature_c, supply_c, **lift),
        solar_share=heat_supply.solar_availability(**ground.below("supply.solar.")),
        store=store,
    )
    parts = heat_supply.investment(plant, supply, kinds=kinds, store=store)
    return replace(case, plant=plant, supply=supply, parts=parts)


def _ready_sources(ground: Ground) -> pd.DataFrame:
    """Return the sources that are there once half of the homes have joined."""
    figures = ground.figures
    year = figures["phasing.first_year"] + figures["finance.full_after_years"]
    is_late = ground.sources["available_from"].astype("Float64") > year
    return ground.sources[~is_late.fillna(value=False)]


def _source_kw(case: Case) -> float:
    """Return the power the sources must give together: by the formula, and in the coldest hour."""
    starts = case.network[case.network["upstream"] == -1]
    share = pipe_sizing.simultaneity(
        [float(starts["connections"].sum())],
        formula="winter",
        coefficients=case.ground.below("network.winter."),
    )
    asked = float(starts["load_kw"].sum() * share[0])
    single = float(starts["design_kw"].max()) if len(starts) else 0.0
    return max(asked, single, float(case.hours["load_kw"].max()))


class Yearly(NamedTuple):
    """
    A network in yearly money; arrays of shape (..., years) from the first year on.

    Attributes
    ----------
    investment_eur : dict of str to array
        By class of asset: pipes, connections and plant [EUR].
    om_eur, heat_cost_eur : array
        Upkeep, and energy with that for the losses [EUR/yr].
    heat_mwh : array
        Heat sold [MWh/yr].
    """

    investment_eur: dict[str, _Floats]
    om_eur: _Floats
    heat_cost_eur: _Floats
    heat_mwh: _Floats


def cohorts_of(case: Case, starts: pd.Series[float] | None = None) -> pd.DataFrame:
    """
    Return what the buildings bring that start in the same year and join as fast.

    Parameters
    ----------
    case : Case
    starts : Series, index building_id, optional
        Year in which each building can join, missing where it never can [year, counted from 0];
        by default the first year for all.

    Returns
    -------
    DataFrame, index start_year and full_after_years
        See ``heat_phasing.joining``: amounts of who is expected to join.
    """
    loads = case.loads
    services = case.services.set_index("building_id")[["cost_eur", "loss_mwh"]]
    service = services.reindex(loads.index).fillna(0.0)
    amounts = pd.DataFrame(
        {
            "demand_mwh": loads["demand_mwh"],
            "dwellings": loads["dwellings"],
            "connection_eur": case.connections["connection_eur"].reindex(loads.index),
            "service_eur": service["cost_eur"],
            "service_loss_mwh": service["loss_mwh"],
        }
    ).astype("float64")
    start = pd.Series(0.0, loads.index) if starts is None else starts.reindex(loads.index)
    keys = [start.rename("start_year"), loads["full_after_years"]]
    return amounts.mul(loads["final_share"], axis=0).groupby(keys).sum()


def plant_steps(case: Case, cohorts: pd.DataFrame) -> dict[str, float]:
    """Return what ``heat_phasing.joining`` asks about the plant, built for who is expected."""
    is_whole = case.parts["is_whole"].astype(bool)
    spent = case.parts["investment_eur"]
    expected = float(cohorts["demand_mwh"].sum()) / case.heat_mwh if case.heat_mwh > 0 else 0.0
    return {
        "plant_eur": float(spent[~is_whole].sum()) * expected,
        "whole_eur": float(spent[is_whole].sum()) if expected > 0 else 0.0,
        "plant_modules": int(case.ground.figures["phasing.plant_modules"]),
    }


def works_saving(case: Case, laid_year: pd.Series[float]) -> pd.Series[float]:
    """Return what each main pipe saves where it is laid in the year of other works [EUR]."""
    ground, network = case.ground, case.network
    if ground.works.empty:
        return pd.Series(0.0, network.index)
    known = ground.works.set_index(["street_id", "year"])["shared_share"].astype("float64")
    year = laid_year + ground.figures["phasing.first_year"]
    share = known.reindex(pd.MultiIndex.from_arrays([network["street_id"], year])).fillna(0.0)
    is_main = network["kind"] != "service"
    return (network["civils_eur"] * share.to_numpy()).where(is_main, 0.0)


def growth_of(
    case: Case,
    cohorts: pd.DataFrame,
    laying: pd.DataFrame | None = None,
    *,
    final: float = 1.0,
    delay: float = 1.0,
) -> pd.DataFrame:
    """
    Return what is laid, spent and delivered in each year of the horizon.

    Parameters
    ----------
    case : Case
    cohorts : DataFrame
        As returned by ``cohorts_of``.
    laying : DataFrame, index pipe, optional
        As returned by ``heat_phasing.laying_years``; by default all is laid in the first year.
    final, delay : float
        So much of the expected uptake, and so much longer [-].

    Returns
    -------
    DataFrame, index year
        As returned by ``heat_phasing.growth``.
    """
    if laying is None:
        laying = pd.DataFrame(0.0, case.network.index, ["laid_year", "first_use_year"])
    network = case.network.join(laying)
    cost = network["cost_eur"] - works_saving(case, laying["laid_year"])
    start, full = (cohorts.index.get_level_values(level) for level in (0, 1))
    shares = heat_finance.uptake(
        np.arange(case.ground.figures["finance.horizon_years"] + 1) + 1.0,
        full_after_years=full.to_numpy("float64") * delay,
        start_year=start.to_numpy("float64"),
        final_share=final,
    )
    return heat_phasing.growth(
        network.assign(cost_eur=cost),
        cohorts,
        shares,
        **plant_steps(case, cohorts),  # type: ignore[arg-type]
    )


def yearly_of(case: Case, grown: Mapping[str, npt.ArrayLike]) -> Yearly:
    """
    Return a network in yearly money: what is laid in a year gives heat by the end of the next.

    Parameters
    ----------
    case : Case
        Tells what upkeep and energy cost.
    grown : Mapping of str to array_like, shape (..., years)
        mains_eur, services_eur, connections_eur, plant_eur, heat_mwh and loss_mwh, as
        ``heat_phasing.growth`` returns them.
    """
    part = {name: np.asarray(grown[name], dtype="float64") for name in _GROWN}
    invested = {
        "pipes": part["mains_eur"] + part["services_eur"],
        "connections": part["connections_eur"],
        "plant": part["plant_eur"],
    }
    upkeep = sum(
        share * _later(np.cumsum(invested[kind], axis=-1))
        for kind, share in case.upkeep_shares.items()
    )
    made = case.heat_mwh + case.loss_mwh
    sold, lost = _later(part["heat_mwh"]), _later(part["loss_mwh"])
    per_mwh = case.energy_eur / made if made > 0 else 0.0
    return Yearly(invested, np.asarray(upkeep), (sold + lost) * per_mwh, sold)


_GROWN = ("mains_eur", "services_eur", "connections_eur", "plant_eur", "heat_mwh", "loss_mwh")


def _later(series: _Floats) -> _Floats:
    """Return a yearly series one year later."""
    return np.asarray(np.concatenate([np.zeros_like(series[..., :1]), series[..., :-1]], axis=-1))


def lifetimes_of(figures: Mapping[str, float]) -> dict[str, int]:
    """Return the lifetime of each class of a project [yr]."""
    kinds = ("pipes", "connections", "plant")
    return {kind: int(figures[f"finance.{kind}_lifetime_years"]) for kind in kinds}


def project_of(case: Case, growth: pd.DataFrame | None = None) -> Project:
    """
    Return the network in yearly money.

    Parameters
    ----------
    case : Case
    growth : DataFrame, optional
        As returned by ``growth_of``; by default everything at once: mains are laid in the first
        year, connections and service pipes follow who joins, the plant grows in steps.
    """
    if growth is None:
        growth = growth_of(case, cohorts_of(case))
    yearly = yearly_of(case, {name: growth[name].to_numpy() for name in _GROWN})
    sold = yearly.heat_mwh
    most = float(sold.max(initial=0.0))
    runs = (np.arange(len(sold)) > 0).astype("float64")
    return Project(
        investment_eur=pd.DataFrame(yearly.investment_eur),
        lifetime_years=lifetimes_of(case.ground.figures),
        heat_mwh=most * runs,
        om_eur=yearly.om_eur,
        heat_cost_eur_mwh=np.divide(
            yearly.heat_cost_eur, sold, out=np.zeros(len(sold)), where=sold > 0
        ),
        uptake_share=sold / most if most > 0 else np.zeros(len(sold)),
        other_income_eur=np.zeros(len(sold)),
    )
