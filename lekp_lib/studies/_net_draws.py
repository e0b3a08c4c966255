"""The price of heat as a function of the assumptions: from a network, a heat pump and gas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from lekp_lib import wording
from lekp_lib.assumptions import Assumption, Assumptions
from lekp_lib.contracts import Place
from lekp_lib.domain import heat_finance, heat_phasing, network_cost
from lekp_lib.money import annuity_factor
from lekp_lib.studies._net_case import (
    Case,
    cohorts_of,
    growth_of,
    lifetimes_of,
    plant_steps,
    yearly_of,
)
from lekp_lib.studies._net_ground import NET_KEYS, below
from lekp_lib.studies._net_plan import Plan, ways_of
from lekp_lib.studies._warmtenet_scene import Neighbourhood

__all__ = ["Driver", "Model", "drivers_of", "model_of"]

_Floats = npt.NDArray[np.float64]

_ALONE: Mapping[str, str] = {
    "later_demand": "finance.later_demand_factor",
    "source_price": "finance.source_price_factor",
    "power_network": "supply.carrier.electricity.price_eur_mwh",
    "power_home": "supply.carrier.electricity_household.price_eur_mwh",
    "gas_home": "supply.carrier.gas_household.price_eur_mwh",
    "cop_network": "supply.cop.quality_share",
    "cop_home": "supply.cop.field_share",
    "return": "finance.municipality.required_return_share",
    "subsidy": "finance.municipality.subsidy_share",
    "home_rate": "individual.rate_share",
    "pump_upkeep": "individual.heat_pump.upkeep_share",
    "pump_life": "individual.heat_pump.lifetime_years",
    "vat": "individual.heat_vat_share",
}
"""Driver → the one figure that it is."""

_EMITTERS = (
    "individual.heat_pump.house_emitters_eur",
    "individual.heat_pump.apartment_emitters_eur",
)
_PUMP, _GRID = "individual.heat_pump.", "individual.grid."
_NARROW_SHARE = 0.1  # shown with a decimal
_CLEARER: Mapping[str, str] = {
    "cop_network": "rendement van de grote warmtepomp van het net (COP)",
    "cop_home": "rendement van een eigen warmtepomp in de praktijk (COP)",
}
"""Driver → a name that says whose it is."""


@dataclass(frozen=True)
class Driver:
    """
    An assumption that moves in the draws.

    Attributes
    ----------
    label : str
        Dutch name.
    low, value, high : float
        Range and our own figure [unit].
    unit : str
        One of ``units.UNITS``; "-" for a factor on our own figures.
    """

    label: str
    low: float
    value: float
    high: float
    unit: str

    def text(self, amount: float, *, extra: int = 0) -> str:
        """Return an amount as a reader sees it, with `extra` decimals."""
        if self.unit == "-":
            own = "ons cijfer"
            return own if amount == self.value else f"{wording.share(amount, extra)} van {own}"
        if self.unit == "aandeel":
            return wording.share(amount, extra + int(self.high - self.low < _NARROW_SHARE))
        is_whole = self.unit != "jaar" or float(amount).is_integer()
        return wording.quantity(amount, self.unit, extra + int(not is_whole))


def _factor(label: str, ends: tuple[float, float]) -> Driver:
    """Return a driver that multiplies our own figures; what has no range stays at 1."""
    known = [end for end in ends if np.isfinite(end)]
    return Driver(label, min([1.0, *known]), 1.0, max([1.0, *known]), "-")


def drivers_of(plan: Plan, place: Place, hood: Neighbourhood) -> dict[str, Driver]:
    """
    Return the assumptions that move in the draws, with their ranges for this network.

    Parameters
    ----------
    plan : Plan
    place : Place
        For the ranges of the figures.
    hood : Neighbourhood
        Tells whether meters calibrated the heat demand, and how far a neighbourhood can lie
        from the level of its municipality.
    """
    used, ground = place.assumptions, plan.ground
    ends = {name: _indexed(used, plan, name) for name in ("low", "value", "high")}
    drivers = {
        key: _alone(used[name], ends, _CLEARER.get(key, used[name].label))
        for key, name in _ALONE.items()
    }
    case = plan.case
    drivers |= _of_uptake(ground.loads, ends)
    drivers |= _of_pipes(case, ends)
    drivers["connection"] = _of_connections(case, ends)
    drivers["plant"] = _of_plant(case, ends)
    drivers["upkeep"] = _of_upkeep(case, ends)
    drivers |= _of_homes(plan, ends)
    drivers["demand"] = _of_demand(used, hood)
    return drivers


def _indexed(used: Assumptions, plan: Plan, end: str) -> dict[str, float]:
    """Return one end of the range of every figure, money in the prices of one year."""
    figures = {
        key: replace(figure, value=getattr(figure, end))
        for key, figure in used.pick(NET_KEYS).items()
    }
    growth = plan.ground.figures["network.price_growth_share"]
    return network_cost.indexed(figures, to_year=plan.ground.price_year, yearly_growth_share=growth)


def _alone(figure: Assumption, ends: Mapping[str, Mapping[str, float]], label: str) -> Driver:
    key = figure.key
    return Driver(label, ends["low"][key], ends["value"][key], ends["high"][key], figure.unit)


def _of_uptake(loads: pd.DataFrame, ends: Mapping[str, Mapping[str, float]]) -> dict[str, Driver]:
    """Return who connects and how fast, all kinds of groups moving together."""
    heat = loads.groupby("group_kind")["demand_mwh"].sum()

    def mean(name: str, end: str, weight: pd.Series[float]) -> float:
        values = [ends[end][f"phasing.{kind}.{name}"] for kind in heat.index]
        total = float(weight.sum())
        return float((weight * values).sum()) / total if total > 0 else float(np.mean(values))

    final = [ends["value"][f"phasing.{kind}.final_share"] for kind in heat.index]
    share = {end: mean("final_share", end, heat) for end in ends}
    years = {end: mean("full_after_years", end, heat * final) for end in ends}
    joins = "deel van de warmtevraag dat op het einde aansluit"
    speed = "tijd tot iedereen die wil is aangesloten, gemiddeld"
    return {
        "uptake": Driver(joins, share["low"], share["value"], share["high"], "aandeel"),
        "speed": Driver(speed, years["low"], years["value"], years["high"], "jaar"),
    }


def _of_pipes(case: Case, ends: Mapping[str, Mapping[str, float]]) -> dict[str, Driver]:
    """Return the price of pipes and of digging: other tables of prices, softer or harder ground."""
    network, pipes = case.network, case.ground.pipes
    front = ends["value"]["network.hard.service_share"]
    outside = (1.0 - network["street_part"]).where(network["kind"] == "service", 0.0)
    spent = {}
    for end, name in (("low", "cost_low_eur_m"), ("high", "cost_high_eur_m")):
        change = ends[end]["network.hard.service_share"] - front
        costs = network_cost.pipe_costs(
            network,
            pipes.assign(cost_eur_m=pipes[name]),
            hard_share=network["hard_share"] + outside * change,
            replacement_factor=case.ground.figures["network.replacement_factor"],
        )
        spent[end] = costs.sum()
    ours = network[["pipe_eur", "civils_eur"]].sum().replace(0.0, np.nan)
    low, high = (spent[end] / ours for end in ("low", "high"))
    return {
        "pipe": _factor("prijs van buizen", (low["pipe_eur"], high["pipe_eur"])),
        "civils": _factor("prijs van graafwerk", (low["civils_eur"], high["civils_eur"])),
    }


def _of_connections(case: Case, ends: Mapping[str, Mapping[str, float]]) -> Driver:
    spent = {}
    for end, figures in ends.items():
        costs = network_cost.connection_costs(
            case.loads, costs=below(figures, "network.connection.")
        )
        spent[end] = float(costs["connection_eur"].sum())
    ours = spent["value"] or np.nan
    label = "prijs van aansluitingen en binnenleidingen"
    return _factor(label, (spent["low"] / ours, spent["high"] / ours))


def _of_plant(case: Case, ends: Mapping[str, Mapping[str, float]]) -> Driver:
    """Return the price of the plant, by kind; a price that the place gave can be off as much."""
    spent = case.parts["investment_eur"].groupby(_kinds(case)).sum()
    units = {kind: "m3" if kind == "store" else "kw" for kind in spent.index}
    keys = {kind: f"supply.kind.{kind}.investment_eur_{unit}" for kind, unit in units.items()}
    total = float(spent.sum()) or np.nan
    low, high = (
        sum(spent[kind] * _ratio(ends, end, key) for kind, key in keys.items())
        for end in ("low", "high")
    )
    return _factor("prijs van de warmtecentrale", (low / total, high / total))


def _ratio(ends: Mapping[str, Mapping[str, float]], end: str, key: str) -> float:
    """Return one end of a figure over its value; what is free stays free."""
    return ends[end][key] / ends["value"][key] if ends["value"][key] else 1.0


def _kinds(case: Case) -> pd.Series[str]:
    """Return the kind of each part of the plant."""
    part = case.parts["part"]
    kind = case.parts["source_id"].map(case.plant["kind"]).astype("object")
    return kind.where(part == "source", part).replace("lift", "lift_heat_pump")


def _of_upkeep(case: Case, ends: Mapping[str, Mapping[str, float]]) -> Driver:
    """Return the yearly upkeep of the whole network, as a share of what it cost."""
    money = case.investment_eur
    plant = case.parts["investment_eur"].groupby(_kinds(case)).sum()
    shares = {}
    for end, figures in ends.items():
        yearly = (money["mains"] + money["services"]) * figures["network.outdoor_upkeep_share"]
        yearly += money["connections"] * figures["network.indoor_upkeep_share"]
        yearly += sum(
            spent * figures[f"supply.kind.{kind}.operation_share"] for kind, spent in plant.items()
        )
        yearly += case.supply.electric_kw * figures["supply.kind.power_grid.charge_eur_kw_year"]
        shares[end] = float(yearly) / (sum(money.values()) or 1.0)
    label = "onderhoud van het net per jaar, deel van de investering"
    return Driver(label, shares["low"], shares["value"], shares["high"], "aandeel")


def _of_homes(plan: Plan, ends: Mapping[str, Mapping[str, float]]) -> dict[str, Driver]:
    """Return the price of heat pumps and of what they ask of the grids."""
    ours = _priced(plan, {})
    ratios = []
    for end in ("low", "high"):
        changed = {
            key: value
            for key, value in ends[end].items()
            if (key.startswith((_PUMP, _GRID)) and key.endswith(("_eur", "_eur_kw", "_eur_m")))
            or (key.startswith(_GRID) and key.endswith("_share"))
        }
        ratios.append(_priced(plan, changed) / ours.replace(0.0, np.nan))
    low, high = ratios
    return {
        "pump_cost": _factor(
            "prijs van warmtepomp en radiatoren per woning",
            (low["investment_eur"], high["investment_eur"]),
        ),
        "grid_cost": _factor(
            "kosten aan het stroomnet voor warmtepompen", (low["wires_eur"], high["wires_eur"])
        ),
    }


def _priced(plan: Plan, changed: Mapping[str, float]) -> pd.Series[float]:
    """Return what the heat pumps of all homes come to, with some figures changed."""
    way = plan.ways["heat_pump"]
    if changed:
        ground = replace(plan.ground, figures=plan.ground.figures | dict(changed))
        way = ways_of(ground, plan.ground.loads)["heat_pump"]
    return way[way["dwellings"] > 0].sum(numeric_only=True)


def _of_demand(used: Assumptions, hood: Neighbourhood) -> Driver:
    """Return how far the heat demand of today can be off, with meters and without."""
    if len(hood.overall):
        figure = used["heat.boiler_efficiency_share"]
        ends = (figure.low / figure.value, figure.high / figure.value)
        return _factor("warmtevraag van nu: warmte uit gemeten gas", ends)
    ratios = hood.levels.wijk_ratios
    outside = (1.0 - used["heat.fit.coverage_share"].value) / 2.0
    found = (ratios["metered"] / ratios["predicted"]).quantile([outside, 1.0 - outside])
    return _factor("warmtevraag van nu: niet gemeten", (float(found.iloc[0]), float(found.iloc[1])))


@dataclass(frozen=True)
class Model:
    """
    What the price of heat is made of, to be priced again under other assumptions.

    Attributes
    ----------
    case : Case
        The network of the plan.
    cohorts : DataFrame, index start_year and full_after_years
        Who is expected to join, and how fast; see ``cohorts_of``.
    mains : DataFrame, index year
        mains_eur [EUR] and loss_mwh of the mains alone [MWh/yr].
    pipe_shares : dict of str to float
        Part of the pipe itself, apart from civils, in the cost of mains and of services [-].
    energy : dict of str to float
        Shares of the cost of heat: lifting (electricity of heat pumps), power (other
        electricity) and source [-], together 1.
    homes : dict of str to float
        All homes together with a heat pump: heat_mwh, energy_eur, fixed_eur, upkeep_eur [per
        year]; pump_eur, emitters_eur, grid_eur [EUR], with VAT.
    boilers : dict of str to float
        The same homes on gas: energy_eur, fixed_eur, upkeep_eur, investment_eur.
    values : dict of str to float
        Our own value of each driver.
    lives : dict of str to float
        Lifetimes of emitters, grid and boiler [yr].
    """

    case: Case
    cohorts: pd.DataFrame
    mains: pd.DataFrame
    pipe_shares: dict[str, float]
    energy: dict[str, float]
    homes: dict[str, float]
    boilers: dict[str, float]
    values: dict[str, float]
    lives: dict[str, float]

    def prices(self, rows: pd.DataFrame) -> pd.DataFrame:
        """
        Return the price of heat without VAT, per way.

        Parameters
        ----------
        rows : DataFrame
            One column per driver of ``drivers_of``.

        Returns
        -------
        DataFrame, same index
            network (of the municipality, break-even), heat_pump and gas (a household pays as
            much as with those) [EUR/MWh].
        """
        given = {str(key): rows[key].to_numpy("float64") for key in rows}
        heat = given["demand"] * given["later_demand"]
        return pd.DataFrame(
            {
                "network": self._network(given, heat),
                "heat_pump": self._heat_pump(given, heat),
                "gas": self._gas(given, heat),
            },
            index=rows.index,
        )

    def _over(self, given: Mapping[str, _Floats], name: str) -> _Floats:
        """Return a driver over our own value of it; where that is 0 it does not move."""
        own = self.values[name]
        return given[name] / own if own else np.ones_like(given[name])

    def _network(self, given: Mapping[str, _Floats], heat: _Floats) -> _Floats:
        grown = self._grown(given)
        yearly = yearly_of(self.case, grown | {"heat_mwh": grown["heat_mwh"] * heat[:, np.newaxis]})
        own = self._over(given, "upkeep"), self._energy_price(given)
        upkeep, energy = (factor[:, np.newaxis] for factor in own)
        return heat_finance.break_even_of_series(
            yearly.investment_eur,
            lifetimes_of(self.case.ground.figures),
            om_eur=yearly.om_eur * upkeep,
            heat_cost_eur=yearly.heat_cost_eur * energy,
            heat_mwh=yearly.heat_mwh,
            return_share=given["return"],
            subsidy_share=given["subsidy"],
        )

    def _grown(self, given: Mapping[str, _Floats]) -> dict[str, _Floats]:
        """
        Return what is laid, spent and delivered per draw and year.

        Mains lie there for all; who does not join saves a connection; the plant is built for
        who is expected, and is larger when more join.
        """
        full = self.cohorts.index.get_level_values("full_after_years").to_numpy("float64")
        stretch, joined = (self._over(given, name)[:, np.newaxis] for name in ("speed", "uptake"))
        shares = heat_finance.uptake(
            self.mains.index.to_numpy("float64") + 1.0,
            full_after_years=stretch * full,
            final_share=joined,
        )
        brought = heat_phasing.joining(
            self.cohorts,
            shares,
            **plant_steps(self.case, self.cohorts),  # type: ignore[arg-type]
        )
        digging, pipe = given["civils"], given["pipe"]
        dearer = {
            f"{name}_eur": digging + share * (pipe - digging)
            for name, share in self.pipe_shares.items()
        } | {"connections_eur": given["connection"], "plant_eur": given["plant"]}
        laid = {"mains_eur": self.mains["mains_eur"].to_numpy()} | brought
        lost = self.mains["loss_mwh"].to_numpy() + brought["service_loss_mwh"]
        return {name: laid[name] * factor[:, np.newaxis] for name, factor in dearer.items()} | {
            "heat_mwh": brought["heat_mwh"],
            "loss_mwh": lost,
        }

    def _energy_price(self, given: Mapping[str, _Floats]) -> _Floats:
        """Return the factor on the cost of energy of the plant."""
        power = self._over(given, "power_network")
        lifting = power / self._over(given, "cop_network")
        return np.asarray(
            self.energy["lifting"] * lifting
            + self.energy["power"] * power
            + self.energy["source"] * given["source_price"]
        )

    def _heat_pump(self, given: Mapping[str, _Floats], heat: _Floats) -> _Floats:
        homes, rate = self.homes, given["home_rate"]
        power = self._over(given, "power_home")
        drawn = heat / self._over(given, "cop_home")
        fixed = homes["fixed_eur"] * drawn
        upkeep = self._over(given, "pump_upkeep")
        works = (
            homes["pump_eur"] * annuity_factor(rate, given["pump_life"])
            + homes["emitters_eur"] * annuity_factor(rate, self.lives["emitters"])
            + homes["upkeep_eur"] * upkeep
        )
        grid = homes["grid_eur"] * annuity_factor(rate, self.lives["grid"]) * given["grid_cost"]
        # The capacity tariff pays for the grid first.
        yearly = homes["energy_eur"] * drawn * power + works * given["pump_cost"]
        yearly += np.maximum(grid, fixed)
        return self._price(yearly, given, heat)

    def _gas(self, given: Mapping[str, _Floats], heat: _Floats) -> _Floats:
        boilers = self.boilers
        energy = boilers["energy_eur"] * heat * self._over(given, "gas_home")
        yearly = boilers["investment_eur"] * annuity_factor(
            given["home_rate"], self.lives["boiler"]
        )
        unmoved = boilers["upkeep_eur"] + boilers["fixed_eur"]
        return self._price(energy + yearly + unmoved, given, heat)

    def _price(self, yearly: _Floats, given: Mapping[str, _Floats], heat: _Floats) -> _Floats:
        return heat_finance.competitive_price(
            yearly,
            household_mwh=heat * (self.homes["heat_mwh"] or np.nan),
            vat_share=given["vat"],
        )


def model_of(plan: Plan, drivers: Mapping[str, Driver]) -> Model:
    """
    Return the parts of which the price of heat in a plan is made.

    Parameters
    ----------
    plan : Plan
    drivers : Mapping of str to Driver
        As returned by ``drivers_of``.
    """
    case, figures = plan.case, plan.ground.figures
    cohorts = cohorts_of(case)
    mains = growth_of(case, cohorts * 0.0)[["mains_eur", "loss_mwh"]]
    return Model(
        case=case,
        cohorts=cohorts,
        mains=mains,
        pipe_shares={
            "mains": _pipe_share(case.mains, float(mains["mains_eur"].sum())),
            "services": _pipe_share(case.services, float(case.services["cost_eur"].sum())),
        },
        energy=_energy_shares(case),
        homes=_homes(plan),
        boilers=_boilers(plan),
        values={key: driver.value for key, driver in drivers.items()},
        lives={
            "emitters": figures["individual.heat_pump.emitters_lifetime_years"],
            "grid": figures["individual.grid.lifetime_years"],
            "boiler": figures["individual.boiler.lifetime_years"],
        },
    )


def _pipe_share(pipes: pd.DataFrame, spent_eur: float) -> float:
    """Return the part of the pipe itself in what was spent; the rest is digging [-]."""
    return float(pipes["pipe_eur"].sum()) / spent_eur if spent_eur > 0 else 0.0


def _energy_shares(case: Case) -> dict[str, float]:
    """Return how the cost of heat and pumps is shared by what it pays for."""
    price = case.ground.figures["supply.carrier.electricity.price_eur_mwh"]
    table = case.supply.by_source
    total = case.energy_eur
    if not total > 0:
        return {"lifting": 0.0, "power": 0.0, "source": 1.0}
    # A source with a price of its own for its electricity has no other part.
    power = (table["electricity_mwh"] * price).clip(upper=table["cost_eur"])
    has_own = case.plant["cost_eur_mwh"].reindex(table.index).notna()
    power = power.mask(has_own & table["kind"].isin(["air_heat_pump", "electric_boiler"]), 0.0)
    is_lifting = table["kind"] != "electric_boiler"
    lifting = float(power[is_lifting].sum()) / total
    other = (float(power[~is_lifting].sum()) + case.pump_mwh * price) / total
    return {"lifting": lifting, "power": other, "source": 1.0 - lifting - other}


def _homes(plan: Plan) -> dict[str, float]:
    ours = _priced(plan, {})
    pump_eur = float(_priced(plan, dict.fromkeys(_EMITTERS, 0.0))["investment_eur"])
    return {
        "heat_mwh": float(ours["demand_mwh"]),
        "energy_eur": float(ours["yearly_energy_eur"]),
        "upkeep_eur": float(ours["yearly_om_eur"]),
        "pump_eur": pump_eur,
        "emitters_eur": float(ours["investment_eur"]) - pump_eur,
        "fixed_eur": float(ours["yearly_fixed_eur"]),
        "grid_eur": float(ours["wires_eur"])
        * (1.0 + plan.ground.figures["individual.vat.electricity_share"]),
    }


def _boilers(plan: Plan) -> dict[str, float]:
    way = plan.ways["gas"]
    total = way[way["dwellings"] > 0].sum(numeric_only=True)
    return {
        "energy_eur": float(total["yearly_energy_eur"]),
        "fixed_eur": float(total["yearly_fixed_eur"]),
        "upkeep_eur": float(total["yearly_om_eur"]),
        "investment_eur": float(total["investment_eur"]),
    }
