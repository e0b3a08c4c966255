"""One heat network from route to yearly money: pipes, plant, and what it all costs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from lekp_lib.domain import (
    heat_finance,
    heat_load,
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

__all__ = ["LOW", "MIDDLE", "Case", "Regime", "case_of", "priced_edges", "project_of", "tree_of"]


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
        Sized network: the columns of ``pipe_sizing.size``, with geometry, hard_share, pipe_eur,
        civils_eur, cost_eur [EUR] and loss_mwh [MWh/yr].
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
    def operation_eur(self) -> float:
        """Upkeep of everything, energy not counted [EUR/yr]."""
        figures, money = self.ground.figures, self.investment_eur
        outdoor = (money["mains"] + money["services"]) * figures["network.outdoor_upkeep_share"]
        indoor = money["connections"] * figures["network.indoor_upkeep_share"]
        return outdoor + indoor + float(self.parts["operation_eur_year"].sum())

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
        known_dn=known_dn,
    )
    return pd.DataFrame(ground.edges).assign(cost=price)


def tree_of(ground: Ground, edges: pd.Index) -> pd.DataFrame:
    """Return the network of some edges, from the sources outward, with what is known of them."""
    network = network_route.as_tree(edges, ground.edges, ground.graph.sources)
    return network.join(pd.DataFrame(ground.edges[["existing_dn", "hard_share", "geometry"]]))


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
    supply_c, return_c = (values[f"{regime.key}_{end}_c"] for end in ("supply", "return"))
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
    sized = sized.assign(loss_mwh=lost).join(cost)
    hours = _hours(ground, loads, float(lost.sum()), water_c=(supply_c + return_c) / 2)
    case = Case(
        ground=ground,
        regime=regime,
        loads=loads,
        network=sized,
        connections=network_cost.connection_costs(loads, costs=ground.below("network.connection.")),
        hours=hours,
        plant=pd.DataFrame(),
        supply=Supply(pd.DataFrame(), pd.DataFrame(), hours.to_numpy()[:, 0], 0.0, 0.0),
        parts=pd.DataFrame(),
        pump_mwh=_pumping(values, sized, hours),
    )
    return _with_plant(case, supply_c, return_c)


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


def project_of(case: Case) -> Project:
    """
    Return the network in yearly money, built in year 0 and joined at the expected speed.

    Main pipes are laid for everybody; connections, service pipes and plant for those who are
    expected to join in the end.
    """
    figures, money, loads = case.ground.figures, case.investment_eur, case.loads
    final = loads["final_share"]
    expected_mwh = float((loads["demand_mwh"] * final).sum())
    share = expected_mwh / case.heat_mwh if case.heat_mwh > 0 else 0.0
    services = case.services["cost_eur"] * case.services["building_id"].map(final)
    classes = {
        "pipes": money["mains"] + float(services.sum()),
        "connections": float((case.connections["connection_eur"] * final).sum()),
        "plant": money["plant"] * share,
    }
    total, made = sum(money.values()), case.heat_mwh + case.loss_mwh
    per_made = case.energy_eur / made if made > 0 else 0.0
    project = Project.at_once(
        classes,
        {name: int(figures[f"finance.{name}_lifetime_years"]) for name in classes},
        horizon_years=int(figures["finance.horizon_years"]),
        om_share=case.operation_eur / total if total > 0 else 0.0,
        heat_mwh=expected_mwh,
        heat_cost_eur_mwh=per_made * (1.0 + case.loss_mwh / expected_mwh) if expected_mwh else 0.0,
    )
    return replace(project, uptake_share=_uptake(loads, project.years))


def _uptake(loads: pd.DataFrame, years: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return the expected heat of each year over that of the end."""
    groups = (loads["demand_mwh"] * loads["final_share"]).groupby(loads["full_after_years"]).sum()
    curves = heat_finance.uptake(years, full_after_years=groups.index.to_numpy(dtype="float64"))
    total = float(groups.sum())
    return groups.to_numpy() @ curves / total if total > 0 else curves[:1].sum(axis=0)
