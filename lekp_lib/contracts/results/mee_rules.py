"""Result tables of the study iedereen_mee about permits and rules that stand in the way."""

from __future__ import annotations

import pandas as pd
from pandera.typing import Series

from lekp_lib.contracts._base import Contract, Table, column

__all__ = ["BARRIER_STATUSES", "CONTRACTS", "COUNTERS", "FORMS", "VARIANTS", "WALL_PLACES"]

FORMS = ("separate", "linked", "joint", "blocks")
"""Ways to file for a group of homes."""

VARIANTS = ("separate", "joint", "severable", "front_wall_exemption", "linked_one_fee")
"""Two ways that exist, then three changes of the rules."""

WALL_PLACES = ("on_line", "behind", "unknown")

COUNTERS = (
    "all",
    "front_on_building_line",
    "heritage",
    "pre_1970",
    "apartments_co_owned",
    "owner_occupied",
    "owner_low",
    "owner_low_middle",
    "private_rental",
    "other_language",
)
"""Which dwellings of the neighbourhood a barrier can hit."""

BARRIER_STATUSES = ("nagegaan", "te herbekijken", "niet nagegaan")

_AREAS = ("Polygon", "MultiPolygon")


class VergunningVormen(Table):
    """What each way of filing asks of all groups together, and what comes of it."""

    form: Series[str] = column(
        "Manier", "Hoe buren indienen.", required=True, unique=True, allowed=FORMS,
        labels="permit_form",
    )  # fmt: skip
    files: Series[float] = column("Woningen of gebouwen", "In groepen.", unit="aantal", ge=0)
    architect_hours: Series[float] = column("Uren architect", "Samen.", unit="uur", ge=0)
    clerk_hours: Series[float] = column("Uren gemeente", "Samen.", unit="uur", ge=0)
    applicant_hours: Series[float] = column("Uren bewoners", "Samen.", unit="uur", ge=0)
    fee_eur: Series[float] = column("Dossierkosten", "Wat de gemeente aanrekent.", unit="EUR", ge=0)
    cost_eur: Series[float] = column(
        "Kosten", "Uren van architect en gemeente, en de dossierkosten.", unit="EUR", ge=0
    )
    days: Series[float] = column(
        "Dagen",
        "Tot een gemiddelde woning mag beginnen, met handtekening en beroepstermijn.",
        unit="dag",
        ge=0,
    )
    expected_dwellings: Series[float] = column(
        "Woningen met vergunning", "In de eerste ronde, gemiddeld.", unit="aantal", ge=0
    )
    expected_share: Series[float] = column(
        "Aandeel met vergunning", "In de eerste ronde.", unit="aandeel", ge=0, le=1
    )


class VergunningGroepen(Table):
    """Rows of like homes that could file together, for the map."""

    group_id: Series[str] = column("Groep", "Nummer.", required=True, unique=True)
    street_name: Series[str] = column("Straat", "Straat met de meeste woningen van de groep.")
    files: Series[float] = column(
        "Dossiers",
        "Gebouwen die een vergunning nodig hebben.",
        per_street=True,
        unit="aantal",
        ge=0,
    )
    dwellings: Series[float] = column(
        "Woningen", "In die gebouwen.", per_street=True, unit="aantal", ge=0
    )
    all_share: Series[float] = column(
        "Kans op alles",
        "Kans dat één gezamenlijk dossier helemaal slaagt.",
        unit="aandeel",
        ge=0,
        le=1,
        per_street=True,
    )
    last_signature_days: Series[float] = column(
        "Traagste handtekening", "Dagen tot de laatste eigenaar tekent.", unit="dag", ge=0,
        per_street=True,
    )  # fmt: skip
    linked_below_share: Series[float] = column(
        "Gekoppeld is beter onder",
        "Onder deze kans per woning kost een vergunde woning minder met gekoppelde dossiers.",
        unit="aandeel",
        ge=0,
        le=1,
        per_street=True,
    )
    even_odds_share: Series[float] = column(
        "Mislukt vaker onder",
        "Onder deze kans per woning mislukt één gezamenlijk dossier vaker dan het slaagt.",
        unit="aandeel",
        ge=0,
        le=1,
        per_street=True,
    )
    hours_saved: Series[float] = column(
        "Uren gespaard", "Gekoppelde dossiers tegenover elk apart.", unit="uur", per_street=True
    )


class KansDossier(Table):
    """How one refusal stops a whole file, by size and by chance per home."""

    files: Series[float] = column("Woningen", "In één dossier.", required=True, unit="aantal", ge=0)
    approval_share: Series[float] = column(
        "Kans per woning", "Kans dat één woning apart een vergunning krijgt.", unit="aandeel",
        ge=0, le=1,
    )  # fmt: skip
    joint_share: Series[float] = column(
        "Alles of niets", "Kans dat het hele dossier slaagt.", unit="aandeel", ge=0, le=1
    )
    block_share: Series[float] = column(
        "In blokken", "Deel van de woningen dat slaagt.", unit="aandeel", ge=0, le=1
    )
    linked_share: Series[float] = column(
        "Gekoppeld", "Deel van de woningen dat slaagt.", unit="aandeel", ge=0, le=1
    )


class Regelvarianten(Table):
    """Changes of the rules side by side: what each spares this neighbourhood."""

    variant: Series[str] = column(
        "Regel", "Twee manieren van nu, drie voorstellen.", required=True, unique=True,
        allowed=VARIANTS, labels="rule_variant",
    )  # fmt: skip
    dwellings_freed: Series[float] = column(
        "Zonder vergunning", "Woningen die er geen meer nodig hebben.", unit="aantal", ge=0
    )
    expected_dwellings: Series[float] = column(
        "Kan beginnen",
        "Woningen met vergunning in de eerste ronde, of vrijgesteld.",
        unit="aantal",
        ge=0,
    )
    days: Series[float] = column("Dagen", "Tot een gemiddelde woning mag beginnen.", unit="dag")
    days_saved: Series[float] = column("Dagen gespaard", "Tegenover elk apart.", unit="dag")
    hours_saved: Series[float] = column(
        "Uren gespaard", "Architect, gemeente en bewoners samen.", unit="uur"
    )
    eur_saved: Series[float] = column("Euro gespaard", "Tegenover elk apart.", unit="EUR")
    who_can_change: Series[str] = column("Wie kan dit wijzigen", "Overheid.", required=True)
    proposal: Series[str] = column("Voorstel", "De regel in één zin.", required=True)


class Voorgevels(Table):
    """Where front walls stand: derived from the map, not measured."""

    place: Series[str] = column(
        "Voorgevel", "Op de rooilijn of erachter.", required=True, unique=True,
        allowed=WALL_PLACES, labels="wall_place",
    )  # fmt: skip
    buildings: Series[pd.Int64Dtype] = column("Gebouwen", "Met woningen.", unit="aantal", ge=0)
    dwellings: Series[float] = column("Woningen", "In die gebouwen.", unit="aantal", ge=0)
    share: Series[float] = column("Aandeel", "Van de woningen.", unit="aandeel", ge=0, le=1)
    files: Series[pd.Int64Dtype] = column(
        "Heeft een vergunning nodig", "Gebouwen, om de voorgevel langs buiten te isoleren.",
        unit="aantal", ge=0,
    )  # fmt: skip


class Knelpunten(Table):
    """The register of rules in the way, counted on the dwellings of this neighbourhood."""

    theme: Series[str] = column("Thema", "Waarover het gaat.", required=True)
    rule: Series[str] = column("Regel", "In eigen woorden.", required=True)
    who_is_hit: Series[str] = column("Wie het raakt", "Groep.", required=True)
    counts_on: Series[str] = column(
        "Geteld op", "Woningen die meetellen.", required=True, allowed=COUNTERS,
        labels="barrier_counter",
    )  # fmt: skip
    dwellings: Series[float] = column(
        "Woningen in deze wijk", "Geteld of geschat.", sensitive=True, unit="aantal", ge=0
    )
    effect_days: Series[float] = column(
        "Dagen", "Per woning; leeg als het niet bekend is.", unit="dag", ge=0
    )
    effect_eur: Series[float] = column(
        "Euro", "Per woning; leeg als het niet bekend is.", unit="EUR", ge=0
    )
    who_can_change: Series[str] = column("Wie kan dit wijzigen", "Overheid.", required=True)
    workaround: Series[str] = column("Wat u intussen kunt doen", "In één zin.", required=True)
    source: Series[str] = column("Bron", "Of: niet nagegaan.", required=True)
    source_date: Series[str] = column("Datum", "Van de bron.")
    status: Series[str] = column(
        "Nagekeken?", "Nagegaan, te herbekijken of niet nagegaan.", required=True,
        allowed=BARRIER_STATUSES,
    )  # fmt: skip


CONTRACTS: tuple[Contract, ...] = (
    Contract("vergunning_vormen", "Vier manieren om samen in te dienen", VergunningVormen),
    Contract(
        "vergunning_groepen",
        "Rijen die samen een vergunning kunnen vragen",
        VergunningGroepen,
        geometry=_AREAS,
        count_column="dwellings",
    ),
    Contract(
        "kans_dossier", "Hoe één weigering alles tegenhoudt", KansDossier,
        key=("files", "approval_share"),
    ),
    Contract("regelvarianten", "Wat een andere regel spaart", Regelvarianten),
    Contract("voorgevels", "Waar de voorgevels staan", Voorgevels),
    # A small group blanks every counter of its kind: see ``fewest_dwellings``.
    Contract(
        "knelpunten", "Regels die in de weg staan", Knelpunten, count_column="fewest_dwellings"
    ),
)  # fmt: skip
"""Result tables about permits and rules."""
