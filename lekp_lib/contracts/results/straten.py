"""Result tables of the study straten."""

from __future__ import annotations

import pandas as pd
from pandera.typing import Series

from lekp_lib.assumptions import BASES
from lekp_lib.contracts._base import Contract, Table, column
from lekp_lib.contracts.lists import OWNER_KINDS, PARKING_FUNCTIONS

__all__ = [
    "CONTRACTS",
    "DAYS",
    "LAND_USES",
    "SCENARIOS",
    "SPACE_ORIGINS",
    "STATUSES",
    "WIDTH_CLASSES",
    "WIDTH_ORIGINS",
]

DAYS = ("weekdag", "zaterdag", "zondag")
"""Kinds of day, as readers see them."""

STATUSES = ("vol", "krap", "ruimte", "geen plaatsen", "niet beoordeeld")
"""What a street looks like at its busiest hour."""

SPACE_ORIGINS = ("geteld", "deels geteld", "berekend")
"""Where the number of places on the street comes from."""

WIDTH_CLASSES = (
    "tot 8 m",
    "8 tot 10 m",
    "10 tot 12 m",
    "12 tot 16 m",
    "meer dan 16 m",
    "niet te meten",
)
"""Classes of the width between façades, narrow to wide; the last one: no façades to measure."""

WIDTH_ORIGINS = ("opgegeven", "afgeleid van de kaart", "weinig gevels: onzeker", "niet te meten")
"""Where a width comes from; nothing here was measured on the spot."""

LAND_USES = (
    "gebouwen",
    "rijbanen en paden",
    "parkings",
    "water",
    "landbouw",
    "groen",
    "tuin, erf of onbekend",
)
"""What ground is used for; where layers overlap, the first one counts."""

SCENARIOS = ("ongunstig", "midden", "gunstig")
"""Low, middle and high side of the range."""

_LINES = ("LineString", "MultiLineString")


def _street() -> Series[str]:
    name: Series[str] = column("Straat", "Naam van de straat.", required=True, unique=True)
    return name


class ParkeerbalansUur(Table):
    """Demand, supply and occupancy on the street, for the 72 hours that differ in a week."""

    day_kind: Series[str] = column("Dag", "Soort dag.", required=True, allowed=DAYS)
    hour: Series[pd.Int64Dtype] = column(
        "Uur", "Uur van de dag: 23 is van 23 tot 24 u.", required=True, ge=0, le=23
    )
    days_week: Series[pd.Int64Dtype] = column(
        "Dagen per week", "Zo vaak komt deze dag voor.", unit="aantal", required=True
    )
    residents: Series[float] = column(
        "Bewoners", "Auto’s van bewoners die op straat staan.", unit="plaats", decimals=0
    )
    visitors: Series[float] = column(
        "Bezoekers", "Auto’s van bezoekers die op straat staan.", unit="plaats", decimals=0
    )
    demand: Series[float] = column(
        "Vraag op straat", "Bewoners en bezoekers samen.", unit="plaats", decimals=0
    )
    spaces: Series[float] = column(
        "Aanbod op straat", "Plaatsen, geteld of berekend.", unit="plaats", decimals=0
    )
    occupancy: Series[float] = column(
        "Bezetting", "Vraag gedeeld door plaatsen.", unit="aandeel", ge=0
    )


class ParkeerbalansStraat(Table):
    """Parking per street at its own busiest hour."""

    street_name: Series[str] = _street()
    length_m: Series[float] = column("Lengte", "Alle segmenten samen.", unit="m", required=True)
    dwellings: Series[pd.Int64Dtype] = column(
        "Woningen", "Woningen aan deze straat.", unit="aantal", required=True, ge=0
    )
    spaces: Series[pd.Int64Dtype] = column(
        "Plaatsen op straat", "Geteld, of berekend uit de stoeprand.", unit="aantal", ge=0
    )
    spaces_origin: Series[str] = column(
        "Herkomst van de plaatsen", "Geteld, deels geteld of berekend.", allowed=SPACE_ORIGINS
    )
    demand_peak: Series[float] = column(
        "Vraag op het drukste uur",
        "Bewoners en bezoekers die een plaats op straat zoeken.",
        unit="plaats",
        per_street=True,
        ge=0,
    )
    peak_day: Series[str] = column("Drukste dag", "Soort dag.", allowed=DAYS, per_street=True)
    peak_hour: Series[pd.Int64Dtype] = column(
        "Drukste uur", "Uur van de dag.", per_street=True, ge=0, le=23
    )
    occupancy: Series[float] = column(
        "Bezetting", "Op het drukste uur.", unit="aandeel", per_street=True, ge=0
    )
    status: Series[str] = column(
        "Oordeel",
        "Vol: meer auto’s dan plaatsen. Krap: boven de alarmgrens. Niet beoordeeld: vooral "
        "hoofdweg of toegangsweg zonder telling.",
        allowed=STATUSES,
        per_street=True,
    )
    freeable: Series[pd.Int64Dtype] = column(
        "Plaatsen die weg kunnen",
        "Zodat het drukste uur onder de alarmgrens blijft; enkel plaatsen die geteld zijn of uit "
        "de straatbreedte volgen.",
        unit="aantal",
        per_street=True,
        ge=0,
    )


class Straatprofiel(Table):
    """Width between façades, trees and paving per street."""

    street_name: Series[str] = _street()
    length_m: Series[float] = column("Lengte", "Alle segmenten samen.", unit="m", required=True)
    width_m: Series[float] = column(
        "Breedte tussen de gevels",
        "Mediaan; in open straten horen de voortuinen erbij.",
        unit="m",
        decimals=1,
        gt=0,
    )
    width_class: Series[str] = column(
        "Breedteklasse", "Klasse van de breedte tussen de gevels.", allowed=WIDTH_CLASSES
    )
    width_origin: Series[str] = column(
        "Herkomst van de breedte",
        "Opgegeven of afgeleid van de kaart; onzeker als minder dan de helft van de dwarslijnen "
        "twee gevels vindt.",
        allowed=WIDTH_ORIGINS,
    )
    both_share: Series[float] = column(
        "Gevels aan twee kanten", "Aandeel van de dwarslijnen.", unit="aandeel", ge=0, le=1
    )
    one_share: Series[float] = column(
        "Gevel aan één kant", "Aandeel van de dwarslijnen.", unit="aandeel", ge=0, le=1
    )
    none_share: Series[float] = column(
        "Geen gevels", "Aandeel van de dwarslijnen.", unit="aandeel", ge=0, le=1
    )
    paved_share: Series[float] = column(
        "Aandeel verhard",
        "Zoals opgegeven; niet bekend waar het niet werd opgegeven.",
        unit="aandeel",
        ge=0,
        le=1,
    )
    trees: Series[pd.Int64Dtype] = column("Bomen", "Bomen langs de straat.", unit="aantal", ge=0)
    trees_100m: Series[float] = column(
        "Bomen per 100 m", "Bomen per 100 m straat.", unit="aantal", decimals=1, ge=0
    )


class ParkingsSlack(Table):
    """Car parks off the street, with what stays free in their own busiest night hour."""

    parking_id: Series[str] = column("Parking-id", "Kenmerk.", required=True, unique=True)
    owner_kind: Series[str] = column(
        "Soort eigenaar", "Wie de parking bezit.", allowed=OWNER_KINDS, labels="owner_kind"
    )
    function: Series[str] = column(
        "Functie", "Wie er parkeert.", allowed=PARKING_FUNCTIONS, labels="parking_function"
    )
    is_open_to_public: Series[pd.BooleanDtype] = column(
        "Openbaar toegankelijk", "Mag iedereen er parkeren?"
    )
    capacity: Series[pd.Int64Dtype] = column("Plaatsen", "Aantal plaatsen.", unit="aantal", ge=0)
    capacity_basis: Series[str] = column(
        "Basis van het aantal", "Opgegeven of uit de oppervlakte.", allowed=BASES, labels="basis"
    )
    free_at_peak: Series[float] = column(
        "Vrij op het drukste uur van de straten",
        "Wat het eigen gebruik dan overlaat.",
        unit="plaats",
        ge=0,
    )
    free_night: Series[float] = column(
        "Vrij ’s nachts", "In het krapste uur van alle nachten.", unit="plaats", ge=0
    )
    night_day: Series[str] = column("Krapste nacht", "Soort dag.", allowed=DAYS)
    night_hour: Series[pd.Int64Dtype] = column(
        "Krapste uur", "Uur van de nacht dat het aanbod bepaalt.", ge=0, le=23
    )
    offered_night: Series[pd.Int64Dtype] = column(
        "Mogelijk aanbod ’s nachts",
        "Deel dat de eigenaar kan aanbieden; de rest blijft reserve.",
        unit="plaats",
        ge=0,
    )


class Ruimtegebruik(Table):
    """What the ground of the neighbourhood is used for."""

    kind: Series[str] = column("Gebruik", "Soort grond.", required=True, allowed=LAND_USES)
    area_m2: Series[float] = column("Oppervlakte", "Binnen de wijk.", unit="m2", ge=0)
    share: Series[float] = column("Aandeel", "Van de wijk.", unit="aandeel", ge=0, le=1)
    basis: Series[str] = column("Basis", "Hoe zeker.", allowed=BASES, labels="basis")


class VrijeRuimte(Table):
    """Places that can go while the busiest hour stays below the alarm, with its range."""

    scenario: Series[str] = column(
        "Geval", "Kant van de marge.", required=True, unique=True, allowed=SCENARIOS
    )
    occupancy: Series[float] = column(
        "Bezetting op het drukste uur", "Van de hele wijk.", unit="aandeel", ge=0
    )
    freeable: Series[pd.Int64Dtype] = column(
        "Plaatsen die weg kunnen", "In de hele wijk.", unit="aantal", ge=0
    )
    area_m2: Series[float] = column("Oppervlakte", "Van die plaatsen.", unit="m2", ge=0)
    green_m2: Series[float] = column(
        "Bruikbaar voor groen", "Deel van die oppervlakte.", unit="m2", ge=0
    )


class Invulling(Table):
    """How often a figure was given, and how often something stood in for it."""

    subject: Series[str] = column("Onderwerp", "Wat nodig was.", required=True)
    origin: Series[str] = column("Herkomst", "Hoe het werd ingevuld.", required=True)
    number: Series[pd.Int64Dtype] = column("Aantal", "Zo vaak.", unit="aantal", ge=0)
    share: Series[float] = column("Aandeel", "Van dit onderwerp.", unit="aandeel", ge=0, le=1)


class TornadoStraten(Table):
    """What moves the occupancy at the busiest hour most."""

    key: Series[str] = column("Kengetal", "Sleutel.", required=True, unique=True)
    label: Series[str] = column("Aanname", "Naam voor lezers.", required=True)
    low: Series[float] = column("Laag", "Onderkant van de marge.", unit="-", decimals=2)
    high: Series[float] = column("Hoog", "Bovenkant van de marge.", unit="-", decimals=2)
    unit: Series[str] = column("Eenheid", "Eenheid van laag en hoog.")
    basis: Series[str] = column("Basis", "Hoe zeker.", allowed=BASES, labels="basis")
    occupancy_low: Series[float] = column(
        "Bezetting bij laag", "Op het drukste uur van de wijk.", unit="aandeel", ge=0
    )
    occupancy_high: Series[float] = column(
        "Bezetting bij hoog", "Op het drukste uur van de wijk.", unit="aandeel", ge=0
    )
    swing_points: Series[float] = column(
        "Verschil (procentpunten)", "Tussen bezetting bij laag en bij hoog.", unit="-", ge=0
    )


class LekpStraten(Table):
    """Proportional share of the neighbourhood in the municipality's LEKP targets for streets."""

    goal_id: Series[str] = column("Doel", "Kenmerk van het doel.", required=True, unique=True)
    goal: Series[str] = column("Omschrijving", "Wat het pact vraagt.", required=True)
    version: Series[str] = column("Versie", "Versie van het pact.")
    inhabitants: Series[float] = column(
        "Inwoners van de wijk", "Woningen maal de gemiddelde gezinsgrootte.", unit="aantal", ge=0
    )
    target: Series[float] = column(
        "Aandeel van de wijk", "Naar inwoners; het doel zelf geldt voor de gemeente.", ge=0
    )
    unit: Series[str] = column("Eenheid", "Eenheid van het doel.")


class Aanwezigheid(Table):
    """Presence curves: the share of its peak that each use reaches, hour by hour."""

    function: Series[str] = column(
        "Wie parkeert",
        "Gebruik.",
        required=True,
        allowed=PARKING_FUNCTIONS,
        labels="parking_function",
    )
    day_kind: Series[str] = column("Dag", "Soort dag.", required=True, allowed=DAYS)
    hour: Series[pd.Int64Dtype] = column("Uur", "Uur van de dag.", required=True, ge=0, le=23)
    share: Series[float] = column(
        "Aanwezig", "Deel van de drukste stand.", unit="aandeel", required=True, ge=0, le=1
    )
    basis: Series[str] = column("Basis", "Hoe zeker.", allowed=BASES, labels="basis")
    source: Series[str] = column("Bron", "Waar het cijfer vandaan komt.")
    locator: Series[str] = column("Plaats in de bron", "Tabel, blok of hoe het is afgeleid.")


CONTRACTS: tuple[Contract, ...] = (
    Contract("parkeerbalans_uur", "Parkeerbalans per uur", ParkeerbalansUur),
    Contract(
        "parkeerbalans_straat",
        "Parkeerbalans per straat",
        ParkeerbalansStraat,
        geometry=_LINES,
        count_column="dwellings",
    ),
    Contract("straatprofiel", "Straatprofiel", Straatprofiel, geometry=_LINES),
    Contract(
        "parkings_slack",
        "Parkings naast de straat",
        ParkingsSlack,
        geometry=("Point", "Polygon", "MultiPolygon"),
    ),
    Contract("parkings_berekend", "Parkings met berekende vrije plaatsen", ParkingsSlack),
    Contract("ruimtegebruik", "Ruimtegebruik van de wijk", Ruimtegebruik),
    Contract("vrije_ruimte", "Plaatsen die weg kunnen", VrijeRuimte),
    Contract("invulling_straten", "Wat gegeven was en wat werd ingevuld", Invulling),
    Contract("tornado_straten", "Wat het antwoord het meest beweegt", TornadoStraten),
    Contract("aanwezigheid", "Aanwezigheid per uur", Aanwezigheid),
    Contract("lekp_straten", "Aandeel van de wijk in de doelen van het LEKP", LekpStraten),
)
"""Result tables of the study straten."""
