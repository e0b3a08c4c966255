"""
The input tables about people: households, places to meet, and the rules for their money.

They belong to ``inputs``; none of them is about one person or one address.
"""

from __future__ import annotations

import pandas as pd
from pandera.typing import Series

from lekp_lib.contracts._base import Table, column
from lekp_lib.contracts.lists import (
    AGE_GROUPS,
    INCOME_GROUPS,
    LANGUAGE_GROUPS,
    LOCATION_KINDS,
    RULE_KINDS,
    RULE_SUBJECTS,
    RULE_UNITS,
    TENURES,
)

__all__ = ["Huishoudens", "Locaties", "Regels"]

_ID = r"^\S(.*\S)?$"


class Huishoudens(Table):
    """Households per group; an empty group means: of all kinds together."""

    area_id: Series[str] = column(
        "Gebied",
        "Code van de statistische sector of de wijk, als tekst. Geef één soort gebied op: "
        "alle rijen met dezelfde ingevulde kenmerken worden opgeteld.",
        required=True,
        str_matches=_ID,
    )
    tenure: Series[str] = column(
        "Eigendom",
        "Eigenaar-bewoner, private huur of sociale huur; leeg: allemaal samen.",
        allowed=TENURES,
        labels="tenure",
        sensitive=True,
    )
    age_group: Series[str] = column(
        "Leeftijd",
        "Leeftijd van de referentiepersoon van het huishouden; leeg: allemaal samen.",
        allowed=AGE_GROUPS,
        labels="age_group",
        sensitive=True,
    )
    income_group: Series[str] = column(
        "Inkomen",
        "Doelgroep van Mijn VerbouwPremie; leeg: allemaal samen.",
        allowed=INCOME_GROUPS,
        labels="income_group",
        sensitive=True,
    )
    language_group: Series[str] = column(
        "Thuistaal",
        "Nederlands of een andere taal; leeg: allemaal samen.",
        allowed=LANGUAGE_GROUPS,
        labels="language_group",
        sensitive=True,
    )
    households: Series[pd.Int64Dtype] = column(
        "Huishoudens",
        "Aantal huishoudens met deze kenmerken; een groep die u niet noemt, telt als nul.",
        unit="aantal",
        required=True,
        sensitive=True,
        ge=0,
        le=1_000_000,
    )


class Locaties(Table):
    """Halls and other places where residents can meet."""

    location_id: Series[str] = column(
        "Plek-id", "Uniek kenmerk.", required=True, unique=True, str_matches=_ID
    )
    name: Series[str] = column("Naam", "Naam zoals bewoners de plek kennen.")
    kind: Series[str] = column(
        "Soort plek", "Wat voor gebouw het is.", allowed=LOCATION_KINDS, labels="location_kind"
    )
    seats: Series[pd.Int64Dtype] = column(
        "Zitplaatsen",
        "Hoeveel mensen er aan tafels kunnen zitten.",
        unit="aantal",
        ge=1,
        le=20000,
    )
    is_accessible: Series[pd.BooleanDtype] = column(
        "Toegankelijk", "Kan iemand met een rolstoel overal geraken? ja of nee."
    )


class Regels(Table):
    """Premiums, loans, taxes and duties for households, with the days between which they hold."""

    rule_id: Series[str] = column(
        "Regel-id",
        "Kenmerk van de regel; dezelfde regel mag er meermaals staan, met een andere begindag.",
        required=True,
        str_matches=_ID,
    )
    kind: Series[str] = column(
        "Soort regel", "Wat de regel bepaalt.", required=True, allowed=RULE_KINDS,
        labels="rule_kind",
    )  # fmt: skip
    subject: Series[str] = column(
        "Onderwerp",
        "Waarop de regel slaat: een deel van de woning, de hele renovatie, een lening of verhuur.",
        required=True,
        allowed=RULE_SUBJECTS,
        labels="rule_subject",
    )
    income_group: Series[str] = column(
        "Doelgroep",
        "Voor welke inkomens de regel geldt; leeg: voor alle.",
        allowed=INCOME_GROUPS,
        labels="income_group",
    )
    tenure: Series[str] = column(
        "Eigendom",
        "Voor wie de regel geldt; leeg: voor iedereen.",
        allowed=TENURES,
        labels="tenure",
    )
    value: Series[float] = column(
        "Waarde",
        "Het getal van de regel; leeg als het niet bekend is.",
        decimals=2,
        ge=0,
        le=1e7,
    )
    unit: Series[str] = column(
        "Eenheid",
        "EUR, EUR/m2, aandeel (20 % is 0,20) of jaar.",
        allowed=RULE_UNITS,
        labels="unit",
    )
    max_eur: Series[float] = column(
        "Hoogstens", "Hoogste bedrag, als er een is.", unit="EUR", ge=0, le=1e7
    )
    max_share: Series[float] = column(
        "Hoogste deel van de factuur",
        "Van 0 tot 1, als er een grens is.",
        unit="aandeel",
        ge=0,
        le=1,
    )
    valid_from: Series[pd.Timestamp] = column(
        "Geldig vanaf", "Eerste dag waarop de regel geldt; leeg als die niet gevonden is."
    )
    valid_to: Series[pd.Timestamp] = column(
        "Geldig tot en met", "Laatste dag; leeg als er geen einde bekend is."
    )
    checked_on: Series[pd.Timestamp] = column(
        "Nagekeken op",
        "Laatste dag waarop een bron bevestigde dat de regel geldt.",
        required=True,
    )
    source: Series[str] = column("Bron", "Waar de regel staat.", required=True)
    source_date: Series[str] = column("Datum van de bron", "Dag, maand of jaar van de bron.")
    note: Series[str] = column("Toelichting", "Uitleg in één of twee zinnen.")
