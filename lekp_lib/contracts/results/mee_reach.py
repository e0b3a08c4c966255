"""Result tables on who is reached: strategies, plans, the price of fairness, works over time."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pandera.typing import Series

from lekp_lib.contracts._base import Contract, Table, column
from lekp_lib.contracts.lists import ACTIVATION_GROUPS

__all__ = ["CONTRACTS", "EVIDENCE", "LIMITS", "PLANS", "SEGMENTS", "STRATEGIES"]

STRATEGIES = (
    "letter",
    "info_evening",
    "door_to_door",
    "group_purchase",
    "ambassador",
    "climate_table",
    "welfare_partner",
    "landlord_line",
)
"""Ways to contact people."""

EVIDENCE = ("A", "B", "C", "D")
"""How sure a rate is: read at the source, told by others, model from abroad, planning value."""

PLANS = ("utilitarian", "maximin", "leximin")
"""Highest total; best for the worst group; best for the worst, then the next, and so on."""

LIMITS = ("none", "rates", "budget", "hours", "budget_and_hours")
"""What stands in the way of a floor."""

SEGMENTS = tuple(
    f"{kind}_{tenure}"
    for kind in ("house", "apartment")
    for tenure in ("owner_occupied", "private_rental", "social_rental")
)
"""Homes with a chance of their own to be renovated."""


def _approach() -> Any:
    return column(
        "Aanpak",
        "Hoe bewoners worden aangesproken.",
        required=True,
        allowed=STRATEGIES,
        labels="strategy",
    )


def _group() -> Any:
    return column(
        "Groep",
        "Een huishouden kan in meer dan één groep zitten.",
        required=True,
        allowed=ACTIVATION_GROUPS,
        labels="activation_group",
    )


def _plan() -> Any:
    return column(
        "Plan", "Wat het plan nastreeft.", required=True, allowed=PLANS, labels="reach_plan"
    )


class MeeStrategieen(Table):
    """How many contacted households each strategy reaches, per group."""

    approach: Series[str] = _approach()
    group: Series[str] = _group()
    rate_share: Series[float] = column(
        "Bereikt",
        "Deel van de aangesproken huishoudens dat een huisbezoek vraagt.",
        unit="aandeel",
        decimals=1,
        ge=0,
        le=1,
    )
    low_share: Series[float] = column(
        "Laag", "Onderkant van de marge.", unit="aandeel", decimals=1, ge=0, le=1
    )
    high_share: Series[float] = column(
        "Hoog", "Bovenkant van de marge.", unit="aandeel", decimals=1, ge=0, le=1
    )
    evidence: Series[str] = column(
        "Bewijs", "Van A (eerste bron) tot D (planwaarde).", allowed=EVIDENCE, labels="evidence"
    )
    measured: Series[str] = column("Vlaamse meting", "Is het in Vlaanderen gemeten?")
    observed: Series[str] = column("Waargenomen", "Wat elders of hier gemeten werd, met de bron.")
    note: Series[str] = column("Toelichting", "Wat u erbij moet weten.")


class MeeKosten(Table):
    """What each strategy takes in money and hours."""

    approach: Series[str] = _approach()
    fixed_eur: Series[float] = column("Vaste kost", "Eén keer.", unit="EUR", ge=0)
    household_eur: Series[float] = column(
        "Per huishouden", "Per aangesproken huishouden.", unit="EUR", decimals=1, ge=0
    )
    fixed_hours: Series[float] = column("Vaste uren", "Van medewerkers.", unit="uur", ge=0)
    household_hours: Series[float] = column(
        "Uren per huishouden", "Van medewerkers.", unit="uur", decimals=3, ge=0
    )


class MeePlannen(Table):
    """Three plans with the same money and hours."""

    plan: Series[str] = _plan()
    total_households: Series[float] = column(
        "Bereikt in totaal",
        "Alle groepen opgeteld; wie in twee groepen zit, telt twee keer.",
        unit="aantal",
        ge=0,
    )
    mean_share: Series[float] = column(
        "Gemiddeld bereik", "Van alle huishoudens in de groepen.", unit="aandeel", decimals=1
    )
    worst_share: Series[float] = column(
        "Slechtst bereikte groep", "Bereik van die groep.", unit="aandeel", decimals=1
    )
    worst_group: Series[str] = column(
        "Welke groep", "De groep die het slechtst bereikt wordt.", labels="activation_group"
    )
    groups_at_zero: Series[pd.Int64Dtype] = column(
        "Groepen op 0 %", "Groepen die niemand aanspreekt.", unit="aantal", ge=0
    )
    price_share: Series[float] = column(
        "Prijs van eerlijkheid",
        "Deel van het hoogste totaal dat het plan opgeeft.",
        unit="aandeel",
        decimals=1,
    )
    cost_eur: Series[float] = column("Kost", "Van het hele plan.", unit="EUR", ge=0)
    hours: Series[float] = column("Uren", "Van medewerkers.", unit="uur", ge=0)
    is_proven: Series[pd.BooleanDtype] = column(
        "Bewezen best", "Er bestaat geen beter plan met deze cijfers."
    )


class MeeBereik(Table):
    """Reach of each group in each plan."""

    plan: Series[str] = _plan()
    group: Series[str] = _group()
    reach_share: Series[float] = column(
        "Bereikt", "Deel van de groep dat minstens één keer bereikt wordt.",
        unit="aandeel", decimals=1, ge=0, le=1,
    )  # fmt: skip
    low_share: Series[float] = column(
        "Laag", "Als alle cijfers tegenvallen.", unit="aandeel", decimals=1, ge=0, le=1
    )
    high_share: Series[float] = column(
        "Hoog", "Als alle cijfers meevallen.", unit="aandeel", decimals=1, ge=0, le=1
    )
    strategies: Series[str] = column("Aanpak", "Hoe het plan deze groep aanspreekt.")


class MeeGrens(Table):
    """Every trade between the total and the worst group."""

    worst_share: Series[float] = column(
        "Slechtst bereikte groep",
        "Bereik van die groep.",
        unit="aandeel",
        decimals=1,
        required=True,
    )
    mean_share: Series[float] = column(
        "Gemiddeld bereik", "Hoogste dat daarbij kan.", unit="aandeel", decimals=1
    )
    total_households: Series[float] = column(
        "Bereikt in totaal", "Alle groepen opgeteld.", unit="aantal", ge=0
    )
    price_share: Series[float] = column(
        "Prijs van eerlijkheid", "Deel van het hoogste totaal dat u opgeeft.",
        unit="aandeel", decimals=1,
    )  # fmt: skip
    cost_eur: Series[float] = column("Kost", "Van het hele plan.", unit="EUR", ge=0)


class MeeOndergrens(Table):
    """What it costs to reach every group at least so well."""

    floor_share: Series[float] = column(
        "Ondergrens", "Zoveel van elke groep moet bereikt worden.", unit="aandeel", required=True
    )
    is_feasible: Series[pd.BooleanDtype] = column("Haalbaar", "Met dit budget en deze uren.")
    mean_share: Series[float] = column(
        "Gemiddeld bereik", "Hoogste dat daarbij kan.", unit="aandeel", decimals=1
    )
    price_share: Series[float] = column(
        "Kost aan bereik", "Deel van het hoogste totaal dat u opgeeft.", unit="aandeel", decimals=1
    )
    limit: Series[str] = column(
        "Wat houdt tegen",
        "«Niets» als de ondergrens haalbaar is.",
        allowed=LIMITS,
        labels="reach_limit",
    )
    groups: Series[str] = column(
        "Bij welke groep", "Groepen die met geen enkele aanpak zo goed te bereiken zijn."
    )
    needed_eur: Series[float] = column(
        "Nodig budget", "Minste geld voor deze ondergrens, als uren geen grens zijn.",
        unit="EUR", ge=0,
    )  # fmt: skip
    needed_hours: Series[float] = column(
        "Nodige uren", "Minste uren voor deze ondergrens, als geld geen grens is.",
        unit="uur", ge=0,
    )  # fmt: skip


class MeeExtraDag(Table):
    """What more days of door-to-door bring, after planning anew."""

    plan: Series[str] = _plan()
    days: Series[pd.Int64Dtype] = column(
        "Dagen extra", "Werkdagen deur aan deur, met het geld daarvoor.", unit="aantal", ge=0,
        required=True,
    )  # fmt: skip
    worst_share: Series[float] = column(
        "Slechtst bereikte groep", "Bereik van die groep.", unit="aandeel", decimals=1
    )
    total_households: Series[float] = column(
        "Bereikt in totaal", "Alle groepen opgeteld.", unit="aantal", ge=0
    )
    worst_gain_share: Series[float] = column(
        "Winst voor die groep", "Tegenover geen extra dag.", unit="aandeel", decimals=1
    )
    gain_households: Series[float] = column(
        "Winst in totaal", "Tegenover geen extra dag.", unit="aantal", decimals=1
    )
    extra_eur: Series[float] = column("Extra geld", "Voor die dagen.", unit="EUR", ge=0)


class MeeAdoptie(Table):
    """Renovated homes year by year, by two models, with the campaign."""

    year: Series[pd.Int64Dtype] = column(
        "Jaar", "Jaar 1 is het eerste jaar van de campagne.", unit="jaar", required=True
    )
    bass_homes: Series[float] = column(
        "Als buren elkaar volgen", "Gerenoveerde woningen tot dan.", unit="aantal", ge=0
    )
    hazard_homes: Series[float] = column(
        "Als niemand een buur volgt", "Gerenoveerde woningen tot dan.", unit="aantal", ge=0
    )
    bass_extra_homes: Series[float] = column(
        "Door de campagne, met buren", "Bovenop wat vanzelf komt.", unit="aantal", decimals=1
    )
    hazard_extra_homes: Series[float] = column(
        "Door de campagne, zonder buren", "Bovenop wat vanzelf komt.", unit="aantal", decimals=1
    )
    apart_homes: Series[float] = column(
        "Verschil", "Zover liggen de twee modellen uit elkaar.", unit="aantal", ge=0
    )


class MeeAdoptieSegment(Table):
    """Part of each kind of home that is renovated by the last year."""

    segment: Series[str] = column(
        "Soort woning", "Huis of appartement, en wie eigenaar is.", required=True, unique=True,
        allowed=SEGMENTS, labels="home_segment",
    )  # fmt: skip
    base_share: Series[float] = column(
        "Per jaar vanzelf", "Kans op renovatie zonder campagne.", unit="aandeel", decimals=2
    )
    bass_share: Series[float] = column(
        "Als buren elkaar volgen", "Tot het laatste jaar.", unit="aandeel", decimals=1
    )
    hazard_share: Series[float] = column(
        "Als niemand een buur volgt", "Tot het laatste jaar.", unit="aandeel", decimals=1
    )


CONTRACTS: tuple[Contract, ...] = (
    Contract(
        "mee_strategieen", "Wat elke aanpak bereikt", MeeStrategieen, key=("approach", "group")
    ),
    Contract("mee_kosten", "Wat elke aanpak vraagt", MeeKosten, key=("approach",)),
    Contract("mee_plannen", "Drie plannen met hetzelfde geld", MeePlannen, key=("plan",)),
    Contract("mee_bereik", "Wie elk plan bereikt", MeeBereik, key=("plan", "group")),
    Contract("mee_grens", "Totaal bereik tegenover de slechtst bereikte groep", MeeGrens),
    Contract("mee_ondergrens", "Wat een ondergrens kost", MeeOndergrens, key=("floor_share",)),
    Contract("mee_extra_dag", "Wat een dag meer brengt", MeeExtraDag, key=("plan", "days")),
    Contract("mee_adoptie", "Renovaties per jaar", MeeAdoptie, key=("year",)),
    Contract(
        "mee_adoptie_segment", "Renovaties per soort woning", MeeAdoptieSegment, key=("segment",)
    ),
)
"""Result tables on who is reached. They stand on groups that may be shown, see the study."""
