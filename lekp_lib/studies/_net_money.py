"""Whose network, and who finances it: six owners of the same pipes side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from lekp_lib import wording
from lekp_lib.assumptions import load_risks, load_sources
from lekp_lib.contracts import RESULTS, Place
from lekp_lib.domain import heat_finance
from lekp_lib.domain.heat_finance import Owner, Project
from lekp_lib.studies._frames import KeyFigure
from lekp_lib.studies._net_case import project_of
from lekp_lib.studies._net_plan import Plan
from lekp_lib.studies._section import Section
from lekp_lib.studies._warmtenet_scene import Neighbourhood

__all__ = ["money_section"]

_SURFACE = "finance.surface."
_LABELS: Mapping[str, tuple[str, str]] = {
    "break_even_eur_mwh": ("EUR/MWh", "warmteprijs die uitkomt, net van de gemeente"),
    "break_even_unsubsidised_eur_mwh": ("EUR/MWh", "idem, zonder subsidie"),
    "break_even_private_eur_mwh": ("EUR/MWh", "warmteprijs die uitkomt, private concessie"),
    "price_to_beat_eur_mwh": ("EUR/MWh", "warmteprijs die even duur is als een warmtepomp"),
    "network_bill_eur": ("EUR", "gezin per jaar op het net van de gemeente, met btw"),
    "heat_pump_bill_eur": ("EUR", "gezin per jaar met een eigen warmtepomp, met btw"),
    "gas_bill_eur": ("EUR", "gezin per jaar met een nieuwe gasketel, met btw"),
    "network_investment_eur": ("EUR", "investering in het net, zonder btw"),
}
"""Key figure → unit and label."""


@dataclass(frozen=True)
class _Home:
    """What an average home takes and pays a year; NaN without homes [MWh/yr, EUR/yr]."""

    heat_mwh: float
    total_eur: float
    energy_eur: float
    upkeep_eur: float

    @property
    def capital_eur(self) -> float:
        """The investment, spread over the years [EUR/yr]."""
        return self.total_eur - self.energy_eur - self.upkeep_eur


def money_section(plan: Plan, place: Place, hood: Neighbourhood) -> Section:
    """
    Return what each owner must ask, where the money comes from and what a household pays.

    Parameters
    ----------
    plan : Plan
    place, hood
        Not read: the plan says all; every section is called in the same way.

    Returns
    -------
    Section
        Tables eigenaars, kapitaal, prijs_per_eigenaar, kasstroom, risicos and
        jaarkost_huishouden.
    """
    forms = list(heat_finance.owners(plan.ground.below("finance.")).values())
    homes = _homes(plan)
    compared = _compared(plan, forms, homes)
    surface = _surface(plan, forms)
    tables = {
        "eigenaars": _shown("eigenaars", compared.reset_index()),
        "kapitaal": _capital(plan.project, forms),
        "prijs_per_eigenaar": surface,
        "kasstroom": _cash(plan.project, forms, compared["break_even_eur_mwh"]),
        "risicos": _risks(),
        "jaarkost_huishouden": _bills(plan, forms, homes),
    }
    numbers = _numbers(plan, compared, homes)
    steps = int(plan.ground.figures["phasing.plant_modules"])
    told = _remarks(numbers, compared, surface, forms, steps)
    return Section(tables, _figures(numbers), told)


def _shown(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a contract in their order, codes as text and counts whole."""
    about = RESULTS[name].columns
    kinds = {"text": "str", "integer": "Int64", "number": "float64", "yes_no": "boolean"}
    return table[list(about)].astype({key: kinds[one.kind] for key, one in about.items()})


def _homes(plan: Plan) -> dict[str, _Home]:
    """Return what an average home pays a year without a network, per way; NaN without homes."""
    rows = {}
    for way, table in plan.ways.items():
        homes = table[table["dwellings"] > 0].sum(numeric_only=True)
        dwellings = float(homes["dwellings"]) or math.nan
        rows[way] = _Home(
            heat_mwh=float(homes["demand_mwh"]) / dwellings,
            total_eur=float(homes["all_in_eur"]) / dwellings,
            energy_eur=float(homes["yearly_energy_eur"] + homes["yearly_fixed_eur"]) / dwellings,
            upkeep_eur=float(homes["yearly_om_eur"]) / dwellings,
        )
    return rows


def _own_price(project: Project, owner: Owner) -> float:
    price = heat_finance.break_even_price(
        project, return_share=owner.required_return_share, subsidy_share=owner.subsidy_share
    )
    return float(price)


def _compared(plan: Plan, forms: Sequence[Owner], homes: Mapping[str, _Home]) -> pd.DataFrame:
    """Return the owners judged at the price of a heat pump, else at that of the first owner."""
    judged = (plan.price_to_beat_eur_mwh, _own_price(plan.project, forms[0]), 0.0)
    table = heat_finance.compare_owners(
        plan.project,
        forms,
        heat_price_eur_mwh=next(price for price in judged if math.isfinite(price)),
        household_mwh=homes["heat_pump"].heat_mwh,
        alternatives_eur={way: home.total_eur for way, home in homes.items()},
        vat_share=plan.ground.figures["individual.heat_vat_share"],
    )
    return table.assign(
        heat_pump_gap_eur=table["bill_eur"] - homes["heat_pump"].total_eur,
        gas_gap_eur=table["bill_eur"] - homes["gas"].total_eur,
    )


def _capital(project: Project, forms: Sequence[Owner]) -> pd.DataFrame:
    invested = float(project.investment_eur.to_numpy().sum())
    rows = [
        (owner.code, layer, share, share * invested)
        for owner in forms
        for layer, share in owner.capital_stack.items()
    ]
    columns = ["owner", "layer", "share", "amount_eur"]
    return _shown("kapitaal", pd.DataFrame(rows, columns=columns))


def _surface(plan: Plan, forms: Sequence[Owner]) -> pd.DataFrame:
    """Return the break-even price of each owner, by how fast people join and by subsidy."""
    points = plan.ground.below(_SURFACE)
    years = {value for name, value in points.items() if name.endswith("_years")}
    subsidies = {value for name, value in points.items() if name.endswith("_share")}
    case = plan.case
    table = heat_finance.price_surface(
        {
            full: project_of(replace(case, loads=case.loads.assign(full_after_years=full)))
            for full in sorted(years)
        },
        returns={owner.code: owner.required_return_share for owner in forms},
        subsidies=sorted(subsidies),
    ).rename(columns={"break_even_eur_mwh": "price_eur_mwh"})
    is_cheaper = (table["price_eur_mwh"] < plan.price_to_beat_eur_mwh).astype("boolean")
    is_known = table["price_eur_mwh"].notna() & math.isfinite(plan.price_to_beat_eur_mwh)
    return _shown("prijs_per_eigenaar", table.assign(is_cheaper=is_cheaper.where(is_known)))


def _cash(project: Project, forms: Sequence[Owner], prices: pd.Series[float]) -> pd.DataFrame:
    """Return the yearly money of each owner, at the price this owner must ask."""
    parts = []
    for owner in forms:
        flows = heat_finance.cash_flows(
            project, owner, heat_price_eur_mwh=float(prices.fillna(0.0)[owner.code])
        )
        flow = flows["project_flow_eur"]
        parts.append(flows.assign(owner=owner.code, flow_eur=flow, cumulative_eur=flow.cumsum()))
    return _shown("kasstroom", pd.concat(parts).reset_index())


def _risks() -> pd.DataFrame:
    table = load_risks()
    titles = load_sources()["title"]
    known = table["source_id"].map(titles) + " (" + table["locator"] + ")"
    is_known = table["basis"] != "assumed"
    return _shown("risicos", table.assign(source=known.where(is_known, table["locator"])))


def _bills(plan: Plan, forms: Sequence[Owner], homes: Mapping[str, _Home]) -> pd.DataFrame:
    """Return what an average home pays a year, split where that is known."""
    paid_mwh = homes["heat_pump"].heat_mwh
    taxed = paid_mwh * (1.0 + plan.ground.figures["individual.heat_vat_share"])
    network = wording.label("heat_way", "network")
    rows: list[dict[str, Any]] = [
        {
            "name": f"{network}, {wording.label('network_owner', owner.code)}",
            **{name: price * taxed for name, price in _price_parts(plan.project, owner).items()},
        }
        for owner in forms
    ]
    rows += [
        {"name": wording.label("heat_way", way), **asdict(home), "capital_eur": home.capital_eur}
        for way, home in homes.items()
    ]
    return _shown("jaarkost_huishouden", pd.DataFrame(rows))


def _price_parts(project: Project, owner: Owner) -> dict[str, float]:
    """Return the break-even price and the parts of it [EUR/MWh]."""

    def part(*, om: float, heat_cost: float) -> float:
        price = heat_finance.break_even_price(
            project,
            return_share=owner.required_return_share,
            investment_factor=0.0,
            om_factor=om,
            heat_cost_factor=heat_cost,
        )
        return float(price)

    energy, upkeep = part(om=0.0, heat_cost=1.0), part(om=1.0, heat_cost=0.0)
    total = _own_price(project, owner)
    return {
        "total_eur": total,
        "energy_eur": energy,
        "upkeep_eur": upkeep,
        "capital_eur": total - energy - upkeep,
    }


def _numbers(plan: Plan, compared: pd.DataFrame, homes: Mapping[str, _Home]) -> dict[str, float]:
    prices, bills = (compared[name].to_dict() for name in ("break_even_eur_mwh", "bill_eur"))
    bare = heat_finance.break_even_price(
        plan.project,
        return_share=plan.ground.figures["finance.municipality.required_return_share"],
    )
    return {
        "break_even_eur_mwh": prices["municipality"],
        "break_even_unsubsidised_eur_mwh": float(bare),
        "break_even_private_eur_mwh": prices["private_concession"],
        "price_to_beat_eur_mwh": plan.price_to_beat_eur_mwh,
        "network_bill_eur": bills["municipality"],
        "heat_pump_bill_eur": homes["heat_pump"].total_eur,
        "gas_bill_eur": homes["gas"].total_eur,
        "network_investment_eur": float(plan.project.investment_eur.to_numpy().sum()),
    }


def _figures(numbers: Mapping[str, float]) -> tuple[KeyFigure, ...]:
    return tuple(
        KeyFigure(key, numbers[key], unit, label, "assumed", 1)
        for key, (unit, label) in _LABELS.items()
    )


def _remarks(
    numbers: Mapping[str, float],
    compared: pd.DataFrame,
    surface: pd.DataFrame,
    forms: Sequence[Owner],
    steps: int,
) -> tuple[str, ...]:
    if not math.isfinite(numbers["break_even_eur_mwh"]):
        return ("Het net verkoopt geen warmte, dus er is geen warmteprijs die uitkomt.",)
    parts = (
        _on_owners(compared),
        _on_speed(surface, forms[0]),
        _on_household(numbers),
        _on_debt(compared, numbers),
        "Zo rekenen we: de hoofdleidingen liggen er in het eerste jaar voor iedereen. "
        "Huisaansluitingen en installaties in de woning komen er als mensen aansluiten, en de "
        f"warmtecentrale groeit mee in {steps} stappen. Een aardwarmteput of de leiding naar een "
        "bedrijf komt er in één keer.",
        "Elke eigenaar rekent met dezelfde buizen, dezelfde warmte en een eigen rendement. Dat "
        "rendement, de subsidie en de leningen zijn aannames: vervang ze door een bod of een "
        "raming van wie het net zou bezitten.",
    )
    return tuple(part for part in parts if part)


def _on_owners(compared: pd.DataFrame) -> str:
    prices = compared["break_even_eur_mwh"]
    named = [wording.label("network_owner", code) for code in (prices.idxmin(), prices.idxmax())]
    low, high = (wording.quantity(price, "EUR/MWh") for price in (prices.min(), prices.max()))
    is_same = len(set(compared["subsidy_eur"].round())) == 1
    causes = "het rendement" if is_same else "het rendement en de subsidie"
    if low == high:
        return f"Bij elke eigenaar kost warmte uit het net ongeveer {low} zonder btw."
    return (
        f"Hetzelfde net vraagt {low} met als eigenaar «{named[0]}» en {high} met als eigenaar "
        f"«{named[1]}», zonder btw. Het verschil komt van {causes} waarmee elke eigenaar rekent."
    )


def _on_speed(surface: pd.DataFrame, owner: Owner) -> str:
    """Say what slow uptake costs the first owner, without subsidy."""
    own = surface[surface["owner"] == owner.code]
    own = own[own["subsidy_share"] == own["subsidy_share"].min()].sort_values("full_after_years")
    fast, slow = own.iloc[0], own.iloc[-1]
    if fast["full_after_years"] == slow["full_after_years"]:
        return ""
    return (
        f"Hoe snel mensen aansluiten telt ook. Is iedereen na {fast['full_after_years']} jaar "
        f"aangesloten, dan komt «{wording.label('network_owner', owner.code)}» zonder subsidie "
        f"uit op {wording.quantity(float(fast['price_eur_mwh']), 'EUR/MWh')}; na "
        f"{slow['full_after_years']} jaar is dat "
        f"{wording.quantity(float(slow['price_eur_mwh']), 'EUR/MWh')}."
    )


def _on_household(numbers: Mapping[str, float]) -> str:
    network, pump, gas = (
        numbers[key] for key in ("network_bill_eur", "heat_pump_bill_eur", "gas_bill_eur")
    )
    if not np.isfinite([network, pump, gas]).all():
        return "Er zijn geen woningen om mee te vergelijken."
    costs = [wording.quantity(cost, "EUR") for cost in (network, pump, gas)]
    with_pump = "goedkoper" if network < pump else "duurder"
    with_gas = "goedkoper" if network < gas else "duurder"
    return (
        f"Een gemiddeld gezin betaalt per jaar {costs[0]} op het net van de gemeente, {costs[1]} "
        f"met een eigen warmtepomp en {costs[2]} met een nieuwe gasketel, alles en btw "
        f"inbegrepen. Het net is {with_pump} dan de warmtepomp en {with_gas} dan gas."
    )


def _on_debt(compared: pd.DataFrame, numbers: Mapping[str, float]) -> str:
    """Say which owners must add money at the price of a heat pump."""
    if not math.isfinite(numbers["price_to_beat_eur_mwh"]):
        return ""
    short = compared.index[compared["shortage_eur"] > 0]
    if short.empty:
        return (
            "Bij de prijs van een warmtepomp kan elke eigenaar rente en aflossing elk jaar betalen."
        )
    names = [f"«{wording.label('network_owner', code)}»" for code in short]
    who = "bij elke eigenaar" if len(short) == len(compared) else f"bij {wording.join(names)}"
    return (
        f"Bij de prijs van een warmtepomp komt {who} in sommige jaren te weinig geld binnen. Vaak "
        "zijn dat de eerste jaren: de lening loopt al, maar nog niet iedereen is aangesloten. "
        "Hoeveel er bij moet, staat in de tabel."
    )
