"""Result tables on climate tables: what they add, how many, where, whom to invite, who comes."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pandera.typing import Series

from lekp_lib.contracts._base import Contract, Table, column
from lekp_lib.contracts.lists import ACTIVATION_GROUPS

__all__ = ["CONTRACTS", "CRITERIA", "INVITED", "INVITING", "VARIANTS"]

VARIANTS = ("without", "allowed", "added", "same_money")
"""No tables; tables if they are worth it; tables for all on top; that money spent otherwise."""

INVITED = ("pact", "everybody")
"""What the climate pact asks; every household."""

CRITERIA = ("worst_m", "mean_m", "covered_share")
"""Shortest longest walk, shortest mean walk, most people within reach."""

INVITING = ("same_for_all", "per_group")
"""Every household the same chance of an invitation; more invitations for silent groups."""


def _group() -> Any:
    return column(
        "Groep",
        "Een huishouden kan in meer dan één groep zitten.",
        required=True,
        allowed=ACTIVATION_GROUPS,
        labels="activation_group",
    )


class MeeTafelsNut(Table):
    """Reach with and without climate tables."""

    variant: Series[str] = column(
        "Plan", "Met of zonder klimaattafels.", required=True, unique=True,
        allowed=VARIANTS, labels="table_variant",
    )  # fmt: skip
    mean_share: Series[float] = column(
        "Gemiddeld bereik", "Van alle huishoudens in de groepen.", unit="aandeel", decimals=1
    )
    worst_share: Series[float] = column(
        "Slechtst bereikte groep", "Bereik van die groep.", unit="aandeel", decimals=1
    )
    total_households: Series[float] = column(
        "Bereikt in totaal", "Alle groepen opgeteld.", unit="aantal", ge=0
    )
    extra_households: Series[float] = column(
        "Extra bereikt", "Tegenover het plan zonder tafels.", unit="aantal", decimals=1
    )
    cost_eur: Series[float] = column("Kost", "Van het hele plan.", unit="EUR", ge=0)
    extra_per_keur: Series[float] = column(
        "Extra per 1.000 euro",
        "Extra bereikte huishoudens per 1.000 euro die het plan meer kost; leeg als het niet meer "
        "kost.",
        unit="aantal",
        decimals=1,
    )


class MeeTafelsGroep(Table):
    """What climate tables add per group."""

    group: Series[str] = _group()
    without_share: Series[float] = column(
        "Zonder tafels", "Bereik van de groep.", unit="aandeel", decimals=1
    )
    allowed_share: Series[float] = column(
        "Tafels als ze lonen", "Bereik met hetzelfde geld.", unit="aandeel", decimals=1
    )
    added_share: Series[float] = column(
        "Tafels erbij voor iedereen", "Bereik met extra geld.", unit="aandeel", decimals=1
    )
    extra_share: Series[float] = column(
        "Extra door de tafels", "Als ze erbij komen voor iedereen.", unit="aandeel", decimals=1
    )
    extra_per_keur: Series[float] = column(
        "Extra per 1.000 euro",
        "Extra bereikte huishoudens in deze groep, per 1.000 euro voor alle tafels samen.",
        unit="aantal",
        decimals=2,
    )


class MeeTafelsAantal(Table):
    """How many tables and evenings."""

    invited_kind: Series[str] = column(
        "Wie u uitnodigt", "Hoeveel huishoudens een brief krijgen.", required=True, unique=True,
        allowed=INVITED, labels="invited_kind",
    )  # fmt: skip
    invited: Series[float] = column("Uitnodigingen", "Huishoudens.", unit="aantal", ge=0)
    expected: Series[float] = column(
        "Komen wellicht", "Eén persoon per huishouden, bij de gewone opkomst.", unit="aantal", ge=0
    )
    tables: Series[pd.Int64Dtype] = column("Tafels", "Naar boven afgerond.", unit="aantal", ge=0)
    evenings: Series[pd.Int64Dtype] = column("Avonden", "Met enkele tafels per avond.",
                                             unit="aantal", ge=0)  # fmt: skip
    tables_low: Series[pd.Int64Dtype] = column(
        "Tafels bij lage opkomst", "Onderkant van de marge.", unit="aantal", ge=0
    )
    tables_high: Series[pd.Int64Dtype] = column(
        "Tafels bij hoge opkomst", "Bovenkant van de marge.", unit="aantal", ge=0
    )


class _Choice(Table):
    """A choice of halls."""

    halls: Series[str] = column("Zalen", "Welke zalen samen.", required=True)
    n_halls: Series[pd.Int64Dtype] = column("Aantal zalen", "Samen.", unit="aantal", ge=1)
    worst_m: Series[float] = column("Verste wandeling", "Tot de dichtste zaal.", unit="m", ge=0)
    mean_m: Series[float] = column(
        "Gemiddelde wandeling",
        "Tot de dichtste zaal; een huishouden met laag inkomen weegt zwaarder, als "
        "zijn groep groot genoeg is om te tonen.",
        unit="m",
        ge=0,
    )
    covered_near_share: Series[float] = column(
        "Dichtbij", "Deel dat een zaal dichtbij heeft.", unit="aandeel", ge=0, le=1
    )
    covered_far_share: Series[float] = column(
        "Haalbaar", "Deel dat een zaal op haalbare afstand heeft.", unit="aandeel", ge=0, le=1
    )


class MeeZalen(_Choice):
    """The best choice of halls by each criterion."""

    criterion: Series[str] = column(
        "Beste voor", "Waarop de keuze het best is.", required=True,
        allowed=CRITERIA, labels="hall_criterion",
    )  # fmt: skip
    is_advised: Series[pd.BooleanDtype] = column(
        "Ons voorstel", "Kleinste aantal zalen dat evenveel mensen op haalbare afstand brengt."
    )


class MeeZalenAlle(_Choice):
    """Every choice of halls."""


class MeeZaalGebruik(Table):
    """Who has which of the advised halls nearest."""

    hall: Series[str] = column("Zaal", "Naam van de plek.", required=True, unique=True)
    dwellings: Series[float] = column(
        "Woningen", "Voor wie dit de dichtste zaal is.", unit="aantal", ge=0
    )
    too_far: Series[float] = column(
        "Te ver", "Woningen daarvan die verder wandelen dan haalbaar is.", unit="aantal", ge=0
    )
    seats: Series[float] = column("Zitplaatsen", "Leeg als dat niet bekend is.", unit="aantal")


class MeeZaalTeVer(Table):
    """Streets from which the walk is too long."""

    street_name: Series[str] = column("Straat", "Naam van de straat.", required=True)
    dwellings: Series[float] = column("Woningen", "In die straat te ver.", unit="aantal", ge=0)
    walk_m: Series[float] = column(
        "Wandeling", "Gemiddeld, tot de dichtste voorgestelde zaal.", unit="m",
        per_street=True, ge=0,
    )  # fmt: skip


class MeeUitnodigingen(Table):
    """How many households to invite per group, so that silent groups come too."""

    group: Series[str] = _group()
    households: Series[float] = column(
        "Huishoudens", "In de wijk, geschat.", unit="aantal", sensitive=True, ge=0
    )
    want: Series[float] = column(
        "Gewenst aan tafel", "Zoveel als hun deel van de wijk.", unit="aantal", ge=0
    )
    turnout_share: Series[float] = column(
        "Opkomst", "Deel van de uitgenodigden dat komt; planwaarde.", unit="aandeel"
    )
    invitations: Series[float] = column(
        "Uit te nodigen", "Huishoudens; nooit meer dan er zijn.", unit="aantal", ge=0
    )
    expected: Series[float] = column("Komen dan", "Gemiddeld.", unit="aantal", decimals=1, ge=0)
    short: Series[float] = column(
        "Nog te weinig", "Plaatsen die u moet loslaten als de opkomst niet stijgt.",
        unit="aantal", ge=0,
    )  # fmt: skip
    needed_turnout_share: Series[float] = column(
        "Nodige opkomst", "Als u iedereen in de groep uitnodigt.", unit="aandeel"
    )
    is_enough: Series[pd.BooleanDtype] = column("Lukt het?", "Zijn er genoeg huishoudens?")


class MeeAanwezig(Table):
    """Who is then present, beside who lives here."""

    inviting: Series[str] = column(
        "Hoe uitnodigen", "Iedereen gelijk, of meer brieven voor stille groepen.", required=True,
        allowed=INVITING, labels="inviting",
    )  # fmt: skip
    group: Series[str] = _group()
    here_share: Series[float] = column("Deel van de wijk", "Van de huishoudens.", unit="aandeel")
    present_share: Series[float] = column("Deel aan tafel", "Van wie komt.", unit="aandeel")
    presence_ratio: Series[float] = column(
        "Verhouding", "1 is zoals in de wijk; lager is te weinig.", unit="-", decimals=2, ge=0
    )


class MeeAvond(Table):
    """The parts of an evening."""

    step: Series[pd.Int64Dtype] = column("Deel", "Volgorde.", unit="-", required=True)
    minutes: Series[pd.Int64Dtype] = column("Minuten", "Planwaarde.", unit="aantal", ge=0)
    theme: Series[str] = column("Thema", "Waarover het gaat.", required=True)
    activity: Series[str] = column("Wat gebeurt er", "In één zin.")
    lead_role: Series[str] = column("Wie leidt", "Rol, geen persoon.")
    support_role: Series[str] = column("Wie helpt", "Rol, geen persoon.")
    outcome: Series[str] = column("Wat het oplevert", "Na dit deel.")
    note: Series[str] = column("Toelichting", "Waar dit deel vandaan komt.")


CONTRACTS: tuple[Contract, ...] = (
    Contract("mee_tafels_nut", "Wat klimaattafels toevoegen", MeeTafelsNut, key=("variant",)),
    Contract("mee_tafels_groep", "Wat tafels per groep toevoegen", MeeTafelsGroep, key=("group",)),
    Contract("mee_tafels_aantal", "Hoeveel tafels", MeeTafelsAantal, key=("invited_kind",)),
    Contract("mee_zalen", "Beste zalen", MeeZalen, key=("n_halls", "criterion")),
    Contract("mee_zalen_alle", "Alle combinaties van zalen", MeeZalenAlle, key=("halls",)),
    Contract("mee_zaal_gebruik", "Wie naar welke zaal gaat", MeeZaalGebruik, key=("hall",)),
    Contract(
        "mee_zaal_te_ver",
        "Straten die te ver liggen",
        MeeZaalTeVer,
        key=("street_name",),
        count_column="dwellings",
    ),
    Contract(
        "mee_uitnodigingen",
        "Hoeveel uitnodigingen per groep",
        MeeUitnodigingen,
        key=("group",),
        count_column="households",
    ),
    Contract("mee_aanwezig", "Wie er dan zit", MeeAanwezig, key=("inviting", "group")),
    Contract("mee_avond", "Verloop van een avond", MeeAvond, key=("step",)),
)
"""Result tables on climate tables. They stand on groups that may be shown, see the study."""
