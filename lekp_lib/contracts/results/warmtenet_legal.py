"""Result tables of the study warmtenet about legal forms and what the actors bring."""

from __future__ import annotations

import pandas as pd
from pandera.typing import Series

from lekp_lib.contracts._base import Contract, Table, column
from lekp_lib.contracts.lists import ACTOR_KINDS

__all__ = ["ANSWERS", "CONTRACTS", "CRITERIA", "FORMS", "VERDICTS"]

FORMS = (
    "regie",
    "agb",
    "eva",
    "service_association",
    "mandated_association",
    "concession",
    "citizen_coop",
    "project_company",
    "user_association",
    "egb",
    "heg",
)
"""Legal forms; the last two are a status that a legal person can have on top of its form."""

CRITERIA = (
    "land_without_sale",
    "plant_of_others",
    "municipality_member",
    "public_member",
    "private_member",
    "citizen_member",
    "several_municipalities",
    "network_operator",
    "loan_guarantee",
    "free_profit",
    "direct_award",
    "limited_liability",
    "quick_setup",
    "exit_possible",
    "citizen_vote",
    "private_control",
)
"""Questions that are put to every form."""

ANSWERS = ("ja", "deels", "nee", "onbekend")

VERDICTS = ("survives", "to_check", "not_tested", "out")
"""Verdicts on a form, in the order they are shown."""


class JuridischeVormen(Table):
    """Which forms survive what the actors and the municipality ask, and by which clause."""

    form: Series[str] = column(
        "Rechtsvorm",
        "Vorm, of status bovenop een vorm.",
        required=True,
        allowed=FORMS,
        labels="legal_form",
    )
    verdict: Series[str] = column(
        "Oordeel",
        "Alleen een nagekeken antwoord kan een vorm doen afvallen.",
        required=True,
        allowed=VERDICTS,
        labels="legal_verdict",
    )
    reason: Series[str] = column("Omdat", "Wat iemand vraagt en deze vorm niet kan.")
    clause: Series[str] = column("Bepaling die beslist", "In eigen woorden.")
    source: Series[str] = column("Bron", "Waar de bepaling staat.")
    checked_on: Series[str] = column("Nagekeken", "Wanneer de bron is gelezen.")
    recheck_from: Series[str] = column(
        "Opnieuw nakijken vanaf", "Een jaar later telt het antwoord als verouderd."
    )
    to_check: Series[str] = column(
        "Nog na te kijken",
        "Vragen die voor deze wijk tellen en waarop het antwoord niet vaststaat.",
    )
    who_can_check: Series[str] = column("Wie kan dat", "Dienst of beroep, geen persoon.")
    remark: Series[str] = column("Let op", "Waar het antwoord «deels» is.")


class JuridischeMatrix(Table):
    """Every form against every question."""

    form: Series[str] = column(
        "Rechtsvorm",
        "Vorm, of status bovenop een vorm.",
        required=True,
        allowed=FORMS,
        labels="legal_form",
    )
    criterion: Series[str] = column(
        "Vraag", "Wat de vorm kan.", required=True, allowed=CRITERIA, labels="legal_criterion"
    )
    answer: Series[str] = column(
        "Antwoord",
        "Zonder bron is het antwoord voorlopig: het beslist niets.",
        required=True,
        allowed=ANSWERS,
        labels="legal_answer",
    )
    status: Series[str] = column(
        "Nagekeken?", "Nagegaan bij de bron, of niet nagegaan.", required=True
    )
    clause: Series[str] = column("Uitleg", "In eigen woorden.", required=True)
    source: Series[str] = column("Bron", "Waar het staat, of waar u kunt kijken.", required=True)
    checked_on: Series[str] = column("Nagekeken in", "Leeg als het niet is nagegaan.")
    recheck_from: Series[str] = column("Opnieuw nakijken vanaf", "Een jaar later.")
    who_can_check: Series[str] = column("Wie kan het nakijken", "Dienst of beroep.", required=True)


class JuridischeWeging(Table):
    """The surviving forms under the user's own weights; it never decides."""

    form: Series[str] = column(
        "Rechtsvorm", "Vormen die overblijven.", required=True, allowed=FORMS, labels="legal_form"
    )
    lowest: Series[float] = column(
        "Laagste score", "Als alles wat niet is nagegaan «nee» blijkt.", unit="aandeel"
    )
    highest: Series[float] = column(
        "Hoogste score", "Als alles wat niet is nagegaan «ja» blijkt.", unit="aandeel"
    )
    score: Series[float] = column(
        "Score van wat vaststaat", "Enkel over de nagekeken antwoorden.", unit="aandeel"
    )
    checked_share: Series[float] = column(
        "Nagekeken deel", "Deel van het gewicht dat nagekeken is.", unit="aandeel"
    )


class Inbreng(Table):
    """What public, private and civic actors bring together."""

    kind: Series[str] = column(
        "Wie", "Soort actoren.", required=True, allowed=ACTOR_KINDS, labels="actor_kind"
    )
    actors: Series[pd.Int64Dtype] = column("Actoren", "Aantal.", unit="aantal")
    land_eur: Series[float] = column("Grond", "Grond die wordt ingebracht.", unit="EUR")
    capital_eur: Series[float] = column(
        "Kapitaal", "Geld; niet getoond als één bedrijf het inbrengt.", unit="EUR"
    )
    capacity_eur: Series[float] = column("Capaciteit", "Warmte of mensen.", unit="EUR")
    value_eur: Series[float] = column("Samen", "Grond, kapitaal en capaciteit.", unit="EUR")
    share: Series[float] = column(
        "Aandeel",
        "Deel van het geheel; niet getoond als één bedrijf het kapitaal van de private kant geeft.",
        unit="aandeel",
    )
    rent_eur: Series[float] = column(
        "Vergoeding per jaar", "Voor grond die in gebruik wordt gegeven.", unit="EUR"
    )
    in_use: Series[pd.Int64Dtype] = column(
        "In gebruik gegeven", "Inbreng die van de eigenaar blijft.", unit="aantal"
    )
    not_valued: Series[pd.Int64Dtype] = column(
        "Zonder bedrag", "Inbreng waarvan de hoeveelheid ontbreekt of niet past.", unit="aantal"
    )


CONTRACTS: tuple[Contract, ...] = (
    Contract(
        "juridische_vormen",
        "Welke rechtsvormen overblijven",
        JuridischeVormen,
    ),
    Contract(
        "juridische_matrix",
        "Wat elke rechtsvorm kan",
        JuridischeMatrix,
        key=("form", "criterion"),
    ),
    Contract("juridische_weging", "Rechtsvormen volgens uw eigen gewichten", JuridischeWeging),
    Contract("inbreng", "Wat overheid, bedrijven en burgers samenbrengen", Inbreng),
)
