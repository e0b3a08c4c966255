"""Result tables that all questions of work programme 2 share: residents and rules."""

from __future__ import annotations

from pandera.typing import Series

from lekp_lib.contracts._base import Contract, Table, column
from lekp_lib.contracts.lists import (
    ACTIVATION_GROUPS,
    BUILDING_TYPES,
    INCOME_GROUPS,
    RULE_KINDS,
    RULE_STATUSES,
    TENURES,
)

__all__ = ["CONTRACTS"]


class RegelsGebruikt(Table):
    """The rules for households as they stand on the day of the page."""

    rule_id: Series[str] = column(
        "Regel-id", "Kenmerk in de tabel regels; leeg als er geen regel is."
    )
    kind: Series[str] = column(
        "Soort", "Wat de regel bepaalt.", required=True, allowed=RULE_KINDS, labels="rule_kind"
    )
    rule: Series[str] = column(
        "Regel", "Waarop de regel slaat, en voor wie als hij niet voor iedereen is.", required=True
    )
    value: Series[str] = column(
        "Waarde", "Het bedrag, het deel of de duur; «niet gevonden» als het onbekend is."
    )
    valid_from: Series[str] = column("Geldig vanaf", "Eerste dag, als die gevonden is.")
    valid_to: Series[str] = column("Geldig tot en met", "Laatste dag, als er een bekend is.")
    checked_on: Series[str] = column(
        "Bevestigd op", "Laatste dag waarop een bron zei dat de regel geldt."
    )
    status: Series[str] = column(
        "Toestand",
        "Geldt, lang niet nagekeken, voorbij of niet gevonden, op de dag van deze pagina.",
        required=True,
        allowed=RULE_STATUSES,
        labels="rule_status",
    )
    source: Series[str] = column("Bron", "Waar de regel staat.")
    note: Series[str] = column("Toelichting", "Wat u erbij moet weten.")


class SegmentenBewoners(Table):
    """The homes per type, tenure and income, fitted."""

    building_type: Series[str] = column(
        "Type",
        "Type van het gebouw.",
        required=True,
        allowed=BUILDING_TYPES,
        labels="building_type",
    )
    tenure: Series[str] = column(
        "Eigendom",
        "Eigenaar-bewoner, private huur of sociale huur.",
        required=True,
        allowed=TENURES,
        labels="tenure",
    )
    income_group: Series[str] = column(
        "Inkomen",
        "Doelgroep van Mijn VerbouwPremie.",
        required=True,
        allowed=INCOME_GROUPS,
        labels="income_group",
    )
    dwellings: Series[float] = column(
        "Woningen",
        "Geschat: de bekende totalen kloppen, de combinatie is berekend.",
        unit="aantal",
        sensitive=True,
        ge=0,
    )


class GroepenBewoners(Table):
    """The households in each group to reach; groups overlap."""

    group: Series[str] = column(
        "Groep",
        "Een huishouden kan in meer dan één groep zitten.",
        required=True,
        unique=True,
        allowed=ACTIVATION_GROUPS,
        labels="activation_group",
    )
    households: Series[float] = column(
        "Huishoudens",
        "Geschat; bij verhuurders het aantal verhuurde woningen.",
        unit="aantal",
        sensitive=True,
        ge=0,
    )


class ToelichtingMee(Table):
    """What a reader must know beside the answers about residents."""

    question: Series[str] = column("Vraag", "Waar de opmerking bij hoort.", required=True)
    remark: Series[str] = column("Opmerking", "Wat u moet weten.", required=True)


CONTRACTS = (
    Contract("toelichting_mee", "Toelichting bij de antwoorden", ToelichtingMee),
    Contract("regels_gebruikt", "Premies, leningen en regels op deze pagina", RegelsGebruikt),
    Contract(
        "segmenten_bewoners",
        "Woningen per type, eigendom en inkomen",
        SegmentenBewoners,
        key=("building_type", "tenure", "income_group"),
        count_column="dwellings",
        # Other tables tell the owners per income, the dwellings per type and tenure, and those
        # per tenure in houses and in apartments (column ``home``, which stays inside).
        total_groups=(
            ("tenure", "income_group"),
            ("building_type", "tenure"),
            ("home", "tenure"),
            ("building_type",),
            ("tenure",),
            ("income_group",),
        ),
        drops_blank_rows=True,
    ),
    Contract(
        "groepen_bewoners",
        "Groepen om te bereiken",
        GroepenBewoners,
        count_column="fewest_households",
    ),
)
