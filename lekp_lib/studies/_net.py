"""The network side of work programme 1: all questions that need a network drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from lekp_lib import wording
from lekp_lib.assumptions import Assumptions
from lekp_lib.contracts import CRS, RESULTS, Place
from lekp_lib.contracts._base import empty_column
from lekp_lib.contracts.results import (
    warmtenet_legal,
    warmtenet_money,
    warmtenet_route,
    warmtenet_steps,
)
from lekp_lib.disclosure import smallest_street
from lekp_lib.domain import network_route
from lekp_lib.domain.heat_finance import break_even_price
from lekp_lib.studies._frames import KeyFigure, summary
from lekp_lib.studies._net_case import case_of, project_of, tree_of
from lekp_lib.studies._net_ground import prepare_ground
from lekp_lib.studies._net_money import money_section
from lekp_lib.studies._net_phases import phases_section
from lekp_lib.studies._net_plan import Plan, plan_of
from lekp_lib.studies._net_renovation import renovation_section
from lekp_lib.studies._net_risk import risk_section
from lekp_lib.studies._net_route import route_section
from lekp_lib.studies._section import Section
from lekp_lib.studies._warmtenet_legal import legal_side
from lekp_lib.studies._warmtenet_model import Heat
from lekp_lib.studies._warmtenet_scene import Neighbourhood

__all__ = ["FIRST_FIGURES", "NO_NETWORK", "TOO_FEW", "net_screen", "network_side"]

FIRST_FIGURES = ("break_even_eur_mwh", "price_to_beat_eur_mwh", "network_cheaper_share")
"""What the first screen shows where a network could be drawn."""

_REACH, _WITHOUT_SOURCES = "net_reach_share", "break_even_without_sources_eur_mwh"
_ALL_SHARE = 0.995
"""A share above it is told as 100 %."""

NO_NETWORK = (
    "Er kon geen net getekend worden: er is geen gebouw met warmtevraag langs een straat waarin "
    "een leiding kan liggen."
)

TOO_FEW = (
    "Het net kan hier minder dan {least} woningen bereiken. Een prijs of een rekening zou dan over "
    "één gezin gaan: we tonen er geen."
)

_PROOF = (
    "Een exacte oplosser (SteinerPy) mocht {seconds} seconden zoeken naar een goedkoper tracé. "
    "Hoeveel het tracé hoogstens te duur is, volgt uit het scherpste van beide bewijzen."
)

_MODULES = (warmtenet_route, warmtenet_money, warmtenet_steps, warmtenet_legal)
_QUESTIONS = {
    "route": "Eén net voor de hele wijk",
    "money": "Eigenaar en geld",
    "risk": "Onzekerheid",
    "renovation": "Net en renovatie",
    "phases": "Stappen en werken",
    "legal": "Rechtsvorm",
}
"""Section → how readers call it beside its remarks."""


def network_side(
    place: Place,
    hood: Neighbourhood,
    heat: Heat,
    used: Assumptions,
    *,
    proof_seconds: float = 0.0,
) -> Section:
    """
    Return the tables, figures and remarks of every question that needs a network.

    Parameters
    ----------
    place : Place
    hood, heat
        What stands there and the heat it asks for.
    used : Assumptions
        With ``NET_KEYS`` and ``LEGAL_KEYS``.
    proof_seconds : float
        How long SteinerPy may search for an exact proof of the route [s]; 0 for none.

    Returns
    -------
    Section
        Every table of the network contracts is there, without rows where no network could be
        drawn; ``toelichting_net`` holds the remarks.

    Raises
    ------
    RunError
        If a proof is asked and SteinerPy is not installed, or finds nothing in time.
    """
    legal = legal_side(place, used)
    sections = {"legal": Section(legal.tables, (), legal.sentences)}
    plan = plan_of(prepare_ground(place, hood, heat, used)) if len(hood.streets) else None
    least = smallest_street(used)
    if plan is None:
        sections["route"] = Section({}, (), (NO_NETWORK,))
    elif 0 < plan.case.loads["dwellings"].sum() < least:
        sections["route"] = Section({}, (), (TOO_FEW.format(least=least),))
    else:
        if proof_seconds > 0:
            plan = _proven(plan, proof_seconds)
        sections |= _with_lost_source(plan, _drawn(plan, place, hood))
        if proof_seconds > 0:
            route = sections["route"]
            said = _PROOF.format(seconds=wording.number(proof_seconds))
            sections["route"] = replace(route, remarks=(*route.remarks, said))
        sections["reach"] = _reach(plan, heat)
    tables = {name: table for part in sections.values() for name, table in part.tables.items()}
    tables |= {name: _empty(name) for name in _names() if name not in tables}
    tables["toelichting_net"] = _remarks(sections)
    figures = tuple(figure for part in sections.values() for figure in part.figures)
    return Section(tables, figures)


def _proven(plan: Plan, seconds: float) -> Plan:
    """Return the plan with the gap that the exact solver leaves, if that is smaller."""
    ground, paid = plan.ground, plan.prices["cost"].loc[plan.case.network.index]
    terminals = ground.graph.terminals.reindex(ground.loads.index)
    proof = network_route.exact(plan.prices, terminals, ground.graph.sources, time_limit_s=seconds)
    least = float(proof.lower_bound or 0.0)
    gap = max(float(paid.sum()) / least - 1.0, 0.0) if least > 0 else math.nan
    return replace(plan, gap_share=float(np.fmin(plan.gap_share, gap)))


def _drawn(plan: Plan, place: Place, hood: Neighbourhood) -> dict[str, Section]:
    return {
        "route": route_section(plan, place, hood),
        "money": money_section(plan, place, hood),
        "risk": risk_section(plan, place, hood),
        "renovation": renovation_section(plan, place, hood),
        "phases": phases_section(plan, place, hood),
    }


def _reach(plan: Plan, heat: Heat) -> Section:
    """Return which part of the heat demand a pipe can reach."""
    asked = float(heat.per_building["demand_mwh"].sum())
    share = float(plan.ground.loads["demand_mwh"].sum()) / asked
    label = "warmtevraag die een leiding kan bereiken"
    return Section({}, (KeyFigure(_REACH, share, "aandeel", label, "derived", 1),))


def _with_lost_source(plan: Plan, sections: dict[str, Section]) -> dict[str, Section]:
    """Return the sections with what happens when the sources that were named fall away."""
    ground, risk = plan.ground, sections["risk"]
    if ground.sources.empty:
        return sections
    bare = replace(ground, sources=ground.sources.iloc[:0])
    case = case_of(bare, tree_of(ground, plan.case.network.index), plan.case.loads)
    figures = ground.below("finance.municipality.")
    prices = [
        float(
            break_even_price(
                project,
                return_share=figures["required_return_share"],
                subsidy_share=figures["subsidy_share"],
            )
        )
        for project in (plan.project, project_of(case))
    ]
    ours, without = (wording.quantity(price, "EUR/MWh", 0) for price in prices)
    remark = (
        f"Vallen de opgegeven bronnen weg en komt er een grote luchtwarmtepomp, dan kost de warmte "
        f"{without} in plaats van {ours}."
    )
    if prices[0] < plan.price_to_beat_eur_mwh < prices[1]:
        remark += " Dan is het net duurder dan een eigen warmtepomp: het oordeel hangt aan de bron."
    figure = KeyFigure(
        _WITHOUT_SOURCES,
        prices[1],
        "EUR/MWh",
        "warmteprijs die uitkomt zonder de opgegeven bronnen",
        "assumed",
        1,
    )
    return sections | {
        "risk": Section(risk.tables, (*risk.figures, figure), (*risk.remarks, remark))
    }


def _names() -> Iterable[str]:
    return (contract.name for module in _MODULES for contract in module.CONTRACTS)


def _empty(name: str) -> pd.DataFrame:
    """Return a result table without rows."""
    contract = RESULTS[name]
    index = pd.RangeIndex(0)
    columns = {key: empty_column(about.kind, index) for key, about in contract.columns.items()}
    if contract.count_column is not None:
        columns.setdefault(contract.count_column, empty_column("integer", index))
    table = pd.DataFrame(columns, index=index)
    return gpd.GeoDataFrame(table, geometry=[], crs=CRS) if contract.geometry else table


def _remarks(sections: dict[str, Section]) -> pd.DataFrame:
    rows = [
        (_QUESTIONS[name], remark)
        for name in _QUESTIONS
        if name in sections
        for remark in sections[name].remarks
    ]
    return pd.DataFrame(rows, columns=["question", "remark"]).astype("str")


def net_screen(
    figures: pd.DataFrame,
    screen: pd.DataFrame,
    net: Section,
    *,
    name: str,
    used: Assumptions,
    has_sources: bool,
) -> pd.DataFrame:
    """
    Return the first screen with the verdict on a network before that on the heat density.

    Parameters
    ----------
    figures : DataFrame
        Guarded key figures.
    screen : DataFrame
        Result table ``samenvatting`` as the demand side wrote it.
    net : Section
        As returned by ``network_side``.
    name : str
        Name of the neighbourhood.
    used : Assumptions
        With the subsidy the price is reckoned with, and the part of the heat demand that a
        verdict on the whole must reach.
    has_sources : bool
        The municipality named its sources of heat.
    """
    known = {
        str(key): float(value)
        for key, value in zip(figures["key"], figures["value"].astype("float64"), strict=True)
    }
    verdicts = net.tables["oordeel_net"]
    price, other = (known.get(key, math.nan) for key in FIRST_FIGURES[:2])
    if verdicts.empty or math.isnan(price) or math.isnan(other):
        return screen
    said = screen.set_index("part")["text"]
    verdict = str(verdicts["verdict"].iloc[0])
    if verdict not in _VERDICTS:
        return screen
    cheaper = "goedkoper" if price < other else "duurder"
    subsidy = wording.share(used["finance.municipality.subsidy_share"].value)
    said_verdict = _verdict_on(
        verdict, name, known[_REACH], least_share=used["network.verdict_reach_share"].value
    )
    what = (
        f"{said_verdict} Warmte uit een net kost er ongeveer "
        f"{wording.quantity(price, 'EUR/MWh', 0)} zonder btw als de gemeente het bouwt met "
        f"{subsidy} subsidie. Dat is {cheaper} dan een eigen warmtepomp per woning "
        f"({wording.quantity(other, 'EUR/MWh', 0)}).{_if_sources_go(known, price, other)}"
    )
    sure = " ".join([*verdicts[["probability", "gas"]].iloc[0].dropna(), said["zekerheid"]])
    return summary(
        what=what,
        sure=sure,
        decision=_DECISIONS[verdict],
        next_step=said["volgende_stap"] if verdict == "niet" else _NEXT[has_sources],
    )


def _verdict_on(verdict: str, name: str, share: float, *, least_share: float) -> str:
    """Say the verdict, and on which part of the heat demand where a pipe cannot reach all."""
    if share < least_share:
        first = _VERDICTS[verdict].format(on=f"het deel van {name} dat een leiding kan bereiken")
        return (
            f"{first} Dat deel vraagt maar {wording.share(share)} van de warmte: over de rest van "
            "de wijk zegt dit oordeel niets."
        )
    first = _VERDICTS[verdict].format(on=f"heel {name}")
    if share >= _ALL_SHARE:
        return first
    return (
        f"{first} {wording.share(1.0 - share)} van de warmtevraag ligt waar geen leiding kan komen "
        "en telt niet mee."
    )


def _if_sources_go(known: dict[str, float], price: float, other: float) -> str:
    """Say what heat costs without the sources that were named, and if that turns the answer."""
    without = known.get(_WITHOUT_SOURCES, math.nan)
    if math.isnan(without):
        return ""
    told = wording.quantity(without, "EUR/MWh", 0)
    if price < other < without:
        return (
            f" Dat geldt zolang de opgegeven bronnen er zijn: vallen ze weg, dan kost het {told} "
            "en is een eigen warmtepomp goedkoper."
        )
    return f" Vallen de opgegeven bronnen weg, dan is het {told}."


_VERDICTS = {
    "kansrijk": "Een warmtenet voor {on} is kansrijk.",
    "twijfel": "Een warmtenet voor {on} is een twijfelgeval.",
    "niet": "Een warmtenet voor {on} loont niet.",
}
_DECISIONS = {
    "kansrijk": (
        "Beslis of u een haalbaarheidsstudie en een gesprek met mogelijke eigenaars start. Dit is "
        "nog geen bouwbeslissing: bron, aansluiting en prijzen zijn nog aannames."
    ),
    "twijfel": (
        "Beslis nog niet over het net. Zoek eerst een echt cijfer voor wat bovenaan staat bij "
        "«Hoe zeker zijn we?»: dat kan het oordeel nog keren."
    ),
    "niet": (
        "Kies voor de hele wijk een oplossing per woning, en bekijk alleen voor de straten op de "
        "kaart «Welke straten worden gebouwd» nog een klein net."
    ),
}
_NEXT = {
    False: (
        "Vraag de beheerder van een warmtebron in de buurt hoeveel warmte hij kan leveren, tegen "
        "welke prijs en tot wanneer, en vul dat in de tabel warmtebronnen in."
    ),
    True: (
        "Laat de beheerders van de warmtebronnen bevestigen hoeveel warmte ze leveren, tegen welke "
        "prijs en tot wanneer, en tel in de drukste straten wie wil aansluiten."
    ),
}
