"""The network as a lever for renovation: how deep, at which temperature, and what comes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lekp_lib import wording
from lekp_lib.contracts import Place
from lekp_lib.contracts.results.warmtenet_steps import DEPTHS
from lekp_lib.domain import heat_finance, individual_heat
from lekp_lib.domain.heat_finance import Project
from lekp_lib.money import annuity_factor
from lekp_lib.studies._frames import KeyFigure
from lekp_lib.studies._net_case import LOW, MIDDLE, Case, Regime, case_of, project_of
from lekp_lib.studies._net_ground import Ground
from lekp_lib.studies._net_plan import Plan, home_prices, ways_of
from lekp_lib.studies._section import Section
from lekp_lib.studies._warmtenet_scene import Neighbourhood
from lekp_lib.units import MWH_PER_GWH

__all__ = ["renovation_section"]

_TREE = ["upstream", "from_node", "to_node", "length_m", "kind", "street_id", "building_id"]
_TREE += ["existing_dn", "hard_share", "geometry"]
_NAN = float("nan")
_HERITAGE = "heritage"
_PARTS = {"none": (), "light": ("roof", "window"), "deep": individual_heat.ELEMENTS}
"""Depth → parts of the shell that are insulated."""
_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Depth:
    """What one depth of renovation asks and costs; amounts with VAT."""

    loads: pd.DataFrame
    ways: dict[str, pd.DataFrame]
    renovation_eur: pd.Series[float]
    supply_c: pd.Series[float]


@dataclass(frozen=True)
class _Option:
    """One depth at one temperature."""

    case: Case
    project: Project
    emitters_eur: pd.Series[float]
    boosters: pd.DataFrame
    price_eur_mwh: float

    @property
    def household_eur(self) -> float:
        """What all buildings pay a year for heat and hot water, with VAT [EUR]."""
        vat = 1.0 + self.case.ground.figures["individual.heat_vat_share"]
        heat = self.case.heat_mwh * self.price_eur_mwh * vat
        return heat + float(self.boosters["annual_cost_eur"].sum())


_Rows = dict[Any, Any]
_Options = Mapping[tuple[str, Regime], _Option]


def renovation_section(plan: Plan, place: Place, hood: Neighbourhood) -> Section:
    """
    Return what renovation does to the network, and the network to the household.

    Parameters
    ----------
    plan : Plan
    place : Place
        Not needed here; every section is called in the same way.
    hood : Neighbourhood
        For the buildings that are heritage: their outer walls are not insulated.

    Returns
    -------
    Section
        ``renovatie_en_net`` and ``volgorde``. The route is that of the plan; pipes, losses and
        plant are sized anew for each depth and temperature.
    """
    known = hood.buildings["is_heritage"].reindex(plan.ground.loads.index)
    is_heritage = known.fillna(value=False).astype(bool)
    depths = {depth: _depth(plan.ground, depth, is_heritage) for depth in DEPTHS}
    options = {
        (depth, regime): _option(plan, depths[depth], depth, regime)
        for depth in DEPTHS
        for regime in (MIDDLE, LOW)
    }
    compared = pd.DataFrame([_row(depths[key[0]], *key, options[key]) for key in options])
    compared = compared.astype({"depth": "str", "regime": "str"})
    order = _order_table(plan, depths, options)
    tables = {"renovatie_en_net": compared, "volgorde": order}
    remarks = _remarks(compared, order, plan, has_heritage=bool(is_heritage.any()))
    return Section(tables, _figures(compared, order), remarks)


def _depth(ground: Ground, depth: str, is_heritage: pd.Series[bool]) -> _Depth:
    figures = ground.figures
    kind = pd.Series(depth, ground.loads.index)
    if depth == DEPTHS[-1]:
        kind = kind.mask(is_heritage, _HERITAGE)
    share, supply_c = (
        kind.map({code: figures[f"individual.renovation.{code}_{name}"] for code in kind.unique()})
        for name in ("space_share", "supply_c")
    )
    loads = individual_heat.after_renovation(ground.loads, space_share=share.to_numpy("float64"))
    areas = individual_heat.shell_areas(
        loads,
        ratios=ground.below("individual.shell."),
        net_floor_share=figures["heat.net_floor_share"],
    )
    areas["wall_m2"] = areas["wall_m2"].where(~is_heritage, 0.0)
    cost = individual_heat.renovation_costs(
        areas, _PARTS[depth], prices=ground.below("individual.element.")
    )
    vat = 1.0 + figures["individual.vat.renovation_share"]
    return _Depth(loads, _cheapest_ways(ground, loads, supply_c), cost * vat, supply_c)


def _cheapest_ways(
    ground: Ground, loads: pd.DataFrame, supply_c: pd.Series[float]
) -> dict[str, pd.DataFrame]:
    """Return the individual ways, with new radiators or with those that hang there."""
    no_radiators = {
        f"individual.heat_pump.{home}_emitters_eur": 0.0 for home in ("house", "apartment")
    }
    as_is = replace(ground, figures={**ground.figures, **no_radiators})
    ways = [ways_of(ground, loads), ways_of(as_is, loads, supply_c=supply_c)]
    return min(ways, key=lambda way: float(way["heat_pump"]["all_in_eur"].sum()))


def _option(plan: Plan, about: _Depth, depth: str, regime: Regime) -> _Option:
    """Return the network for one depth and temperature; that of the plan is not made twice."""
    ground, loads = plan.ground, about.loads
    is_plan = depth == DEPTHS[0] and regime == plan.case.regime
    boosters = _boosters(ground, loads, regime)
    if is_plan:
        case = plan.case
    else:
        case = case_of(ground, plan.case.network[_TREE], _without(loads, boosters), regime)
    project = plan.project if is_plan else project_of(case)
    falls_short = about.supply_c > ground.figures[f"{regime.key}_supply_c"]
    emitters = _emitters(ground, loads) * falls_short
    return _Option(case, project, emitters, boosters, _price(ground, project))


def _boosters(ground: Ground, loads: pd.DataFrame, regime: Regime) -> pd.DataFrame:
    """Return what it costs to heat tap water further; nothing where the network is warm enough."""
    found = individual_heat.boosters(
        loads,
        costs=ground.below("individual.booster."),
        prices=home_prices(ground),
        rate=ground.figures["individual.rate_share"],
    )
    asked = ground.figures["individual.heat_pump.hot_water_c"]
    return found * float(ground.figures[f"{regime.key}_supply_c"] <= asked)


def _without(loads: pd.DataFrame, boosters: pd.DataFrame) -> pd.DataFrame:
    """Return what the network must give: not the heat that boosters make."""
    columns = ["hot_water_mwh", "demand_mwh"]
    return loads.assign(**loads[columns].sub(boosters["electricity_mwh"], axis=0))


def _emitters(ground: Ground, loads: pd.DataFrame) -> pd.Series[float]:
    """Return what larger radiators cost in each building, with VAT [EUR]."""
    costs = ground.below("individual.heat_pump.")
    vat = 1.0 + ground.figures["individual.vat.renovation_share"]
    dwellings = loads["dwellings"].astype("float64")
    each = np.where(dwellings > 1, costs["apartment_emitters_eur"], costs["house_emitters_eur"])
    return pd.Series(dwellings.to_numpy() * each * vat, index=loads.index)


def _price(ground: Ground, project: Project) -> float:
    """Return the heat price at which the municipality breaks even, with its subsidy."""
    return float(heat_finance.break_even_price(project, **_terms(ground)))


def _terms(ground: Ground) -> dict[str, float]:
    owner = ground.below("finance.municipality.")
    return {
        "return_share": owner["required_return_share"],
        "subsidy_share": owner["subsidy_share"],
    }


def _row(about: _Depth, depth: str, regime: Regime, option: _Option) -> dict[str, Any]:
    case, figures = option.case, option.case.ground.figures
    homes = about.loads["dwellings"] > 0
    dwellings = float(about.loads["dwellings"].sum())

    def each(amounts: pd.Series[float]) -> float:
        return float(amounts[homes].sum()) / dwellings if dwellings > 0 else _NAN

    spread = {
        name: float(annuity_factor(figures["individual.rate_share"], figures[life]))
        for name, life in (
            ("renovation", "individual.renovation.lifetime_years"),
            ("emitters", "individual.heat_pump.emitters_lifetime_years"),
        )
    }
    renovation, emitters = each(about.renovation_eur), each(option.emitters_eur)
    yearly = renovation * spread["renovation"]
    vat = 1.0 + figures["individual.heat_vat_share"]
    bill = each(case.loads["demand_mwh"]) * option.price_eur_mwh * vat
    booster = each(option.boosters["annual_cost_eur"])
    network = bill + booster + yearly + emitters * spread["emitters"]
    pump = each(about.ways["heat_pump"]["all_in_eur"]) + yearly
    starts = case.network[case.network["upstream"] == -1]
    total = sum(case.investment_eur.values())
    return {
        "depth": depth,
        "regime": regime.name,
        "demand_gwh": float(about.loads["demand_mwh"].sum()) / MWH_PER_GWH,
        "loss_share": case.loss_share,
        "design_kw": float(starts["design_kw"].sum()),
        "mean_dn": _mean_dn(case.mains),
        "mains_eur": case.investment_eur["mains"],
        "network_eur": total / dwellings if dwellings > 0 else _NAN,
        "renovation_eur": renovation,
        "emitters_eur": emitters,
        "break_even_eur_mwh": option.price_eur_mwh,
        "heat_bill_eur": bill,
        "booster_eur": booster,
        "household_network_eur": network,
        "household_pump_eur": pump,
        "saving_eur": pump - network,
        "co2_t": case.co2_t + float(option.boosters["co2_t"].sum()),
        "pump_co2_t": float(about.ways["heat_pump"]["co2_t"].sum()),
    }


def _mean_dn(mains: pd.DataFrame) -> float:
    """Return the mean size of the main pipe, by length."""
    metres = float(mains["length_m"].sum())
    return float((mains["dn"] * mains["length_m"]).sum()) / metres if metres > 0 else _NAN


def _order_table(plan: Plan, depths: Mapping[str, _Depth], options: _Options) -> pd.DataFrame:
    """Return table ``volgorde``: the same homes, the same renovation, in another order."""
    figures = plan.ground.figures
    wait = int(figures["phasing.network_wait_years"])
    later = int(figures["phasing.renovation_after_years"])
    today, deep = options["none", MIDDLE], _cheapest(options)
    # The pipes of today stay when the homes ask less later on.
    thick = today.case.network[_TREE].assign(existing_dn=today.case.network["dn"])
    after = case_of(plan.ground, thick, depths["deep"].loads, MIDDLE)
    thin = (deep.case, deep.project)
    rows = [
        _in_order(plan, depths, today, (after, project_of(after)), 0, later),
        _in_order(plan, depths, deep, thin, 0, 0),
        _in_order(plan, depths, deep, thin, wait, -wait),
    ]
    names = pd.Series(["network_first", "together", "renovation_first"], dtype="str")
    table = pd.DataFrame(rows)
    table.insert(0, "order", names)
    return table.astype({"regime": "str", "network_year": "Int64"})


def _cheapest(options: _Options) -> _Option:
    """Return the network for homes that are renovated, at the temperature that costs least."""
    found = [options["deep", regime] for regime in (MIDDLE, LOW)]
    return min(found, key=lambda option: np.nan_to_num(option.household_eur, nan=np.inf))


def _in_order(
    plan: Plan,
    depths: Mapping[str, _Depth],
    option: _Option,
    after: tuple[Case, Project],
    start: int,
    renovated_later: int,
) -> dict[str, Any]:
    """
    Return what one order costs per home that joins, counted back to today.

    ``start`` is the year in which the network is laid; homes renovate so many years after they
    connect (before, if negative).
    """
    figures, loads = plan.ground.figures, plan.ground.loads
    joined = plan.project.uptake_share
    connected, renovated = _moved(joined, start), _moved(joined, start + renovated_later)
    both = np.minimum(connected, renovated)
    waiting = 1.0 - np.maximum(connected, renovated)
    final = loads["final_share"]
    dwellings = float((loads["dwellings"] * final).sum())
    network = _network_over_time(option, after, start, (connected, both))
    terms = _terms(plan.ground)
    vat = 1.0 + figures["individual.heat_vat_share"]
    renovation = float((depths["deep"].renovation_eur * final).sum())
    boosted = option.boosters.mul(final, axis=0).sum()
    yearly = np.append(0.0, float(boosted["annual_cost_eur"]) * connected[1:])
    parts = {
        "network_eur": vat * _worth(network, terms["return_share"], terms["subsidy_share"])
        + float(heat_finance.npv(yearly, terms["return_share"])),
        "renovation_eur": _worth(
            _renovation(plan, renovation, renovated), terms["return_share"], 0.0
        ),
        "gas_eur": float(
            heat_finance.npv(
                _of_gas(depths, final, "all_in_eur", waiting, renovated - both),
                terms["return_share"],
            )
        ),
    }
    each = {name: eur / dwellings if dwellings > 0 else _NAN for name, eur in parts.items()}
    co2 = _of_gas(depths, final, "co2_t", waiting, renovated - both).sum()
    co2 += float(boosted["co2_t"]) * connected[1:].sum()
    for case, share in ((option.case, connected - both), (after[0], both)):
        heat = float((case.loads["demand_mwh"] * final).sum())
        co2 += case.co2_t / case.heat_mwh * heat * share[1:].sum() if case.heat_mwh > 0 else 0.0
    return {
        "regime": option.case.regime.name,
        "network_year": int(figures["phasing.first_year"]) + start,
        **each,
        "total_eur": sum(each.values()),
        "mains_eur": option.case.investment_eur["mains"],
        "gas_years": float((1.0 - connected[1:]).sum()),
        "co2_t": float(co2),
    }


def _moved(series: _Floats, years: int) -> _Floats:
    """Return a yearly series so many years later, 0 before."""
    return np.concatenate([np.zeros(years), series])[: len(series)]


def _network_over_time(
    option: _Option,
    after: tuple[Case, Project],
    start: int,
    shares: tuple[_Floats, _Floats],
) -> Project:
    """Return the network in yearly money: homes take less heat once they are renovated."""
    first, later = option.project, after[1]
    connected, both = shares
    sold = first.heat_mwh * (connected - both) + later.heat_mwh * both
    spent = first.heat_cost_eur * (connected - both) + later.heat_cost_eur * both
    return Project(
        investment_eur=first.investment_eur.shift(start, fill_value=0.0),
        lifetime_years=first.lifetime_years,
        heat_mwh=sold,
        om_eur=_moved(first.om_eur, start),
        heat_cost_eur_mwh=np.divide(spent, sold, out=np.zeros(len(sold)), where=sold > 0),
        uptake_share=np.ones(len(sold)),
        other_income_eur=np.zeros(len(sold)),
    )


def _renovation(plan: Plan, total_eur: float, renovated: _Floats) -> Project:
    """Return the renovation as a project of its own, with what it is still worth at the end."""
    nothing = np.zeros(len(renovated))
    return Project(
        investment_eur=pd.DataFrame(
            {"renovation": total_eur * np.diff(renovated, prepend=0.0).clip(min=0.0)}
        ),
        lifetime_years={
            "renovation": round(plan.ground.figures["individual.renovation.lifetime_years"])
        },
        heat_mwh=nothing,
        om_eur=nothing,
        heat_cost_eur_mwh=nothing,
        uptake_share=nothing,
        other_income_eur=nothing,
    )


def _worth(project: Project, return_share: float, subsidy_share: float) -> float:
    """Return what a project costs, counted back to year 0 [EUR]."""
    flows = heat_finance.project_flows(project, heat_price_eur_mwh=0.0, subsidy_share=subsidy_share)
    return -float(heat_finance.npv(flows["project_flow_eur"].to_numpy(), return_share))


def _of_gas(
    depths: Mapping[str, _Depth],
    final: pd.Series[float],
    column: str,
    waiting: _Floats,
    renovated: _Floats,
) -> _Floats:
    """Return, per year, what who will join still spends on gas, or emits by it."""
    before, later = (
        float((depths[depth].ways["gas"][column] * final).sum()) for depth in ("none", "deep")
    )
    yearly = before * waiting + later * renovated
    yearly[0] = 0.0
    return yearly


def _figures(compared: pd.DataFrame, order: pd.DataFrame) -> tuple[KeyFigure, ...]:
    rows: _Rows = compared.set_index(["depth", "regime"]).to_dict("index")
    today, deep = rows["none", MIDDLE.name], rows["deep", LOW.name]
    worth: _Rows = order.set_index("order").to_dict("index")
    less = 1.0 - deep["demand_gwh"] / today["demand_gwh"] if today["demand_gwh"] > 0 else _NAN
    thicker = today["mains_eur"] - rows["deep", MIDDLE.name]["mains_eur"]
    about = (
        ("deep_demand_less_share", less, "aandeel", "minder warmtevraag na renovatie van de schil"),
        (
            "deep_break_even_eur_mwh",
            deep["break_even_eur_mwh"],
            "EUR/MWh",
            "nodige warmteprijs na renovatie van de schil, net op 55/30",
        ),
        (
            "deep_saving_eur",
            deep["saving_eur"],
            "EUR",
            "voordeel van het net na renovatie, per jaar",
        ),
        ("mains_too_thick_eur", thicker, "EUR", "hoofdleiding die na renovatie te dik is"),
        (
            "renovation_first_co2_t",
            worth["renovation_first"]["co2_t"] - worth["network_first"]["co2_t"],
            "t",
            "extra CO2 als eerst gerenoveerd wordt en het net wacht",
        ),
    )
    return tuple(
        KeyFigure(key, float(value), unit, label, "assumed", 1) for key, value, unit, label in about
    )


def _remarks(
    compared: pd.DataFrame, order: pd.DataFrame, plan: Plan, *, has_heritage: bool
) -> tuple[str, ...]:
    rows: _Rows = compared.set_index(["depth", "regime"]).to_dict("index")
    told = [_price_remark(rows), _pipes_remark(rows), _regime_remark(rows)]
    if float(plan.ground.loads["dwellings"].sum()) > 0:
        told += [_household_remark(rows), _order_remark(order, plan)]
    told.append(
        "De route blijft in elke rij dezelfde. Premies voor renovatie tellen niet mee, en het "
        "comfort en de waarde van een gerenoveerde woning evenmin."
    )
    if has_heritage:
        told.append(
            "Bij beschermd erfgoed rekenen we geen isolatie aan de buitenkant van de gevel. Zo'n "
            "gebouw bespaart minder en vraagt warmer water."
        )
    return tuple(sentence for sentence in told if sentence)


def _eur(value: float) -> str:
    """Return an amount of one household in words, to ten euro."""
    return wording.quantity(round(value, -1), "EUR")


def _price_remark(rows: _Rows) -> str:
    today, deep = (rows[depth, MIDDLE.name] for depth in ("none", "deep"))
    if not today["demand_gwh"] > 0:
        return ""
    less = 1.0 - deep["demand_gwh"] / today["demand_gwh"]
    change = deep["break_even_eur_mwh"] - today["break_even_eur_mwh"]
    way = "stijgt" if change > 0 else "daalt"
    return (
        f"Na renovatie van de hele schil vraagt de wijk {wording.share(less)} minder warmte. De "
        f"nodige warmteprijs {way} van {wording.number(today['break_even_eur_mwh'])} naar "
        f"{wording.quantity(deep['break_even_eur_mwh'], 'EUR/MWh')} (net op 70/40), want een groot "
        "deel van de kosten van een net hangt niet van de verkochte warmte af."
    )


def _pipes_remark(rows: _Rows) -> str:
    today, deep = (rows[depth, MIDDLE.name] for depth in ("none", "deep"))
    if not today["mains_eur"] > 0:
        return ""
    extra = today["mains_eur"] - deep["mains_eur"]
    amount = wording.quantity(round(extra, -3), "EUR")
    return (
        f"Wie het net vandaag legt en later renoveert, heeft {amount} te veel aan hoofdleiding "
        f"gelegd: {wording.share(extra / today['mains_eur'])} van wat de hoofdleiding kost. De "
        f"gemiddelde buis is DN {wording.number(today['mean_dn'])} in plaats van "
        f"DN {wording.number(deep['mean_dn'])}."
    )


def _regime_remark(rows: _Rows) -> str:
    middle, low = (rows["deep", regime.name] for regime in (MIDDLE, LOW))
    change = low["break_even_eur_mwh"] - middle["break_even_eur_mwh"]
    if not np.isfinite(change):
        return ""
    way = "goedkoper" if change < 0 else "duurder"
    return (
        f"Op 55/30 is de warmte voor gerenoveerde woningen {_price_step(change)} {way} dan op "
        f"70/40. Het warmteverlies gaat van {wording.share(middle['loss_share'], 1)} naar "
        f"{wording.share(low['loss_share'], 1)}.{_booster_remark(low)}"
    )


def _booster_remark(low: Mapping[str, float]) -> str:
    if not low["booster_eur"] > 0:
        return ""
    return (
        " Voor warm water is dat te koel: een elektrisch toestel in elke woning verwarmt het na. "
        f"Dat kost ongeveer {_eur(low['booster_eur'])} per woning en per jaar, al meegeteld."
    )


def _price_step(change: float) -> str:
    return wording.quantity(abs(change), "EUR/MWh", 1)


def _household_remark(rows: _Rows) -> str:
    today, deep = rows["none", MIDDLE.name], rows["deep", LOW.name]
    saved = today["heat_bill_eur"] - deep["heat_bill_eur"] - deep["booster_eur"]
    extra = deep["household_network_eur"] - today["household_network_eur"]
    verdict = (
        f"Met de renovatie erbij betaalt ze {_eur(extra)} per jaar meer: de energie alleen betaalt "
        "de renovatie niet terug."
        if extra > 0
        else f"Met de renovatie erbij houdt ze {_eur(-extra)} per jaar over."
    )
    bill = (
        f"Een woning die aansluit en de hele schil renoveert, betaalt {_eur(saved)} per jaar "
        "minder voor warmte."
        if saved > 0
        else "Een woning die aansluit en de hele schil renoveert, betaalt niet minder voor warmte: "
        "de prijs stijgt meer dan het verbruik daalt."
    )
    who = "het net" if deep["saving_eur"] > 0 else "de eigen warmtepomp"
    return f"{bill} {verdict} Na zo'n renovatie is {who} de goedkoopste, binnen onze aannames."


def _order_remark(order: pd.DataFrame, plan: Plan) -> str:
    indexed = order.set_index("order")
    if not np.isfinite(indexed["total_eur"]).all():
        return ""
    rows: _Rows = indexed.to_dict("index")
    best = wording.label("renovation_order", indexed["total_eur"].idxmin())
    first, last = rows["network_first"], rows["renovation_first"]
    more = last["co2_t"] - first["co2_t"]
    way = "meer" if more > 0 else "minder"
    later = int(plan.ground.figures["phasing.renovation_after_years"])
    energy = indexed["total_eur"] - indexed["renovation_eur"]
    cheap = wording.label("renovation_order", energy.idxmin())
    return (
        f"In geld van vandaag kost «{best}» het minst. Let op: bij «eerst het net» wordt de "
        f"renovatie pas {later} jaar later betaald, en dat weegt zwaar door. Kijkt u alleen naar "
        f"net en gas, dan kost «{cheap}» het minst. Eerst renoveren en het net laten wachten houdt "
        f"een woning {wording.number(last['gas_years'], 0)} jaar op gas in plaats van "
        f"{wording.number(first['gas_years'], 0)}, en stoot "
        f"{wording.quantity(round(abs(more), -1), 't')} CO2 {way} uit dan eerst het net."
    )
