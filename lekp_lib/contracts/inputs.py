"""
The input tables of a neighbourhood, one model each.

Error messages, the template workbook and the data dictionary page are made from these.
"""

from __future__ import annotations

import pandas as pd
from pandera.typing import Series

from lekp_lib.contracts._base import Contract, Table, column
from lekp_lib.contracts.lists import (
    ACTOR_KINDS,
    AREA_KINDS,
    BUILDING_TYPES,
    CONDITIONS,
    CONTRIBUTION_KINDS,
    CONTRIBUTION_UNITS,
    EPC_LABELS,
    FUNCTIONS,
    GREEN_KINDS,
    HEAT_SOURCE_KINDS,
    OWNER_KINDS,
    PARKING_FUNCTIONS,
    PERIODS,
    ROAD_CLASSES,
    TENURES,
    TREE_CLASSES,
    WORKS_ASSETS,
    WORKS_PARTIES,
)
from lekp_lib.contracts.residents import Huishoudens, Locaties, Regels
from lekp_lib.units import HOURS_PER_YEAR

__all__ = ["INPUTS", "Gebouwen"]

_ID = r"^\S(.*\S)?$"
_LINES = ("LineString", "MultiLineString")
_AREAS = ("Polygon", "MultiPolygon")


class Gebouwen(Table):
    """Buildings of the neighbourhood, footprint by footprint."""

    building_id: Series[str] = column(
        "Gebouw-id", "Uniek kenmerk van het gebouw.", required=True, unique=True, str_matches=_ID
    )
    function: Series[str] = column(
        "Functie",
        "Waarvoor het gebouw dient; een bijgebouw (garage, schuur) is nooit een woning.",
        allowed=FUNCTIONS,
        labels="function",
    )
    dwellings: Series[pd.Int64Dtype] = column(
        "Aantal woningen", "Wooneenheden in het gebouw.", unit="aantal", ge=0, le=2000
    )
    construction_year: Series[pd.Int64Dtype] = column(
        "Bouwjaar", "Jaar van de eerste bouw.", unit="jaar", ge=1000, le=2100
    )
    construction_period: Series[str] = column(
        "Bouwperiode",
        "Periode van Statbel, als het bouwjaar niet bekend is.",
        allowed=PERIODS,
        labels="period",
    )
    building_type: Series[str] = column(
        "Gebouwtype",
        "Rijwoning, halfopen, open, appartementsgebouw, handelshuis of ander gebouw.",
        allowed=BUILDING_TYPES,
        labels="building_type",
    )
    floor_area_m2: Series[float] = column(
        "Vloeroppervlakte",
        "Bruto vloeroppervlakte van alle bouwlagen samen.",
        unit="m2",
        gt=0,
        le=1_000_000,
    )
    levels: Series[float] = column(
        "Bouwlagen", "Aantal bovengrondse bouwlagen.", unit="aantal", decimals=1, gt=0, le=60
    )
    height_m: Series[float] = column(
        "Hoogte", "Hoogte van het gebouw.", unit="m", decimals=1, gt=0, le=250
    )
    tenure: Series[str] = column(
        "Eigendom",
        "Eigenaar-bewoner, private huur of sociale huur.",
        allowed=TENURES,
        labels="tenure",
        sensitive=True,
    )
    is_heritage: Series[pd.BooleanDtype] = column(
        "Beschermd", "Staat het gebouw op de inventaris van het erfgoed? ja of nee."
    )
    is_on_building_line: Series[pd.BooleanDtype] = column(
        "Gevel op de rooilijn",
        "Staat de voorgevel op de rooilijn? ja of nee; leeg: afgeleid uit de kaart.",
    )
    epc_label: Series[str] = column("EPC-label", "Label van de woning.", allowed=EPC_LABELS)
    street_id: Series[str] = column("Straat-id", "Straatsegment in de tabel straten.")
    street_name: Series[str] = column("Straatnaam", "Naam van de straat.")
    house_number: Series[str] = column("Huisnummer", "Huisnummer, ook met letter.")


class Straten(Table):
    """Street segments between junctions."""

    street_id: Series[str] = column(
        "Straat-id", "Uniek kenmerk van het segment.", required=True, unique=True, str_matches=_ID
    )
    street_name: Series[str] = column("Straatnaam", "Naam; voegt segmenten samen.")
    profile_width_m: Series[float] = column(
        "Profielbreedte", "Breedte tussen de gevels.", unit="m", decimals=1, gt=0, le=200
    )
    road_class: Series[str] = column(
        "Wegtype", "Soort weg.", allowed=ROAD_CLASSES, labels="road_class"
    )
    paved_share: Series[float] = column(
        "Aandeel verhard", "Verhard deel van het profiel, van 0 tot 1.", unit="aandeel", ge=0, le=1
    )
    on_street_spaces: Series[pd.Int64Dtype] = column(
        "Parkeerplaatsen op straat", "Getelde plaatsen.", unit="aantal", ge=0, le=5000
    )


class Grens(Table):
    """Outline of the neighbourhood."""

    wijk_code: Series[str] = column("Wijkcode", "Code van Provincies in Cijfers, als tekst.")
    name: Series[str] = column("Naam", "Naam van de wijk.")


class Verbruik(Table):
    """Metered residential use per area and calendar year, not corrected for the weather."""

    area_kind: Series[str] = column(
        "Soort gebied",
        "Straat, statistische sector of wijk.",
        required=True,
        allowed=AREA_KINDS,
        labels="area_kind",
    )
    area_id: Series[str] = column(
        "Gebied", "Straat-id, sectorcode of wijkcode, als tekst.", required=True, str_matches=_ID
    )
    year: Series[pd.Int64Dtype] = column(
        "Jaar", "Kalenderjaar.", unit="jaar", required=True, ge=2000, le=2100
    )
    gas_mwh: Series[float] = column(
        "Gas", "Aardgas van huishoudens.", unit="MWh", decimals=1, sensitive=True, ge=0, le=1e7
    )
    gas_points: Series[pd.Int64Dtype] = column(
        "Gasaansluitingen", "Aansluitingen van huishoudens.", unit="aantal", sensitive=True, ge=0
    )
    electricity_mwh: Series[float] = column(
        "Elektriciteit",
        "Elektriciteit van huishoudens.",
        unit="MWh",
        decimals=1,
        sensitive=True,
        ge=0,
        le=1e7,
    )
    electricity_points: Series[pd.Int64Dtype] = column(
        "Elektriciteitsaansluitingen",
        "Aansluitingen van huishoudens.",
        unit="aantal",
        sensitive=True,
        ge=0,
    )


class Klimaat(Table):
    """Weather, hour by hour, for a year or more."""

    timestamp: Series[pd.Timestamp] = column(
        "Tijdstip",
        "Begin van het uur, het hele jaar in wintertijd (UTC+1): elk uur één rij, minstens één "
        "volledig kalenderjaar.",
        required=True,
        unique=True,
    )
    temperature_c: Series[float] = column(
        "Temperatuur",
        "Gemiddelde temperatuur van de buitenlucht in dat uur.",
        unit="°C",
        decimals=1,
        ge=-40,
        le=50,
    )
    rain_mm: Series[float] = column(
        "Neerslag", "Neerslag in dat uur.", unit="mm", decimals=1, ge=0, le=200
    )


class Warmtebronnen(Table):
    """Sources that could feed a heat network."""

    source_id: Series[str] = column(
        "Bron-id", "Uniek kenmerk van de bron.", required=True, unique=True, str_matches=_ID
    )
    kind: Series[str] = column(
        "Soort bron",
        "Waar de warmte vandaan komt.",
        required=True,
        allowed=HEAT_SOURCE_KINDS,
        labels="heat_source_kind",
    )
    capacity_kw: Series[float] = column(
        "Vermogen",
        "Warmte die de bron zelf kan geven, bij haar eigen temperatuur; bij een warmtepomp op "
        "buitenlucht: de warmte die ze levert.",
        unit="kW",
        required=True,
        gt=0,
        le=1_000_000,
    )
    temperature_c: Series[float] = column(
        "Temperatuur",
        "Temperatuur van de warmte bij de bron, vóór een eventuele warmtepomp; leeg voor "
        "buitenlucht, want die volgt het weer.",
        unit="°C",
        ge=-20,
        le=250,
    )
    cost_eur_mwh: Series[float] = column(
        "Kostprijs",
        "Prijs van de warmte bij de bron; stroom om ze warmer te maken rekent het programma "
        "erbij. Bij een ketel of een warmtepomp op buitenlucht: met brandstof en stroom.",
        unit="EUR/MWh",
        decimals=1,
        ge=0,
        le=1000,
    )
    investment_eur: Series[float] = column(
        "Investering", "Wat de bron en haar aansluiting samen kosten.", unit="EUR", ge=0, le=1e9
    )
    emission_kg_mwh: Series[float] = column(
        "Uitstoot",
        "CO2 van die warmte, op dezelfde manier als de kostprijs.",
        unit="kg/MWh",
        ge=0,
        le=1500,
    )
    available_from: Series[pd.Int64Dtype] = column(
        "Beschikbaar vanaf", "Eerste jaar dat de bron warmte kan geven.", unit="jaar",
        ge=2000, le=2100,
    )  # fmt: skip
    is_firm: Series[pd.BooleanDtype] = column(
        "Altijd beschikbaar", "Mag u op de koudste dag op de bron rekenen? ja of nee."
    )


class Warmteleidingen(Table):
    """Heat pipes that lie in the ground already."""

    pipe_id: Series[str] = column(
        "Leiding-id", "Uniek kenmerk.", required=True, unique=True, str_matches=_ID
    )
    dn: Series[pd.Int64Dtype] = column(
        "Diameter (DN)",
        "Nominale diameter van de buis: het getal achter DN.",
        unit="-",
        required=True,
        ge=15,
        le=2000,
    )
    built_year: Series[pd.Int64Dtype] = column(
        "Jaar van aanleg", "Jaar waarin de leiding werd gelegd.", unit="jaar", ge=1900, le=2100
    )


class Werken(Table):
    """Planned works in the street, one row per kind of works and street segment."""

    works_id: Series[str] = column(
        "Werk-id", "Uniek kenmerk van de rij.", required=True, unique=True, str_matches=_ID
    )
    street_id: Series[str] = column(
        "Straat-id", "Straatsegment in de tabel straten.", required=True, str_matches=_ID
    )
    party: Series[str] = column(
        "Partij", "Wie de werken doet.", allowed=WORKS_PARTIES, labels="works_party"
    )
    asset: Series[str] = column(
        "Soort werk",
        "Waaraan gewerkt wordt.",
        required=True,
        allowed=WORKS_ASSETS,
        labels="works_asset",
    )
    planned_year: Series[pd.Int64Dtype] = column(
        "Gepland jaar", "Jaar waarin het werk begint.", unit="jaar", required=True,
        ge=2000, le=2100,
    )  # fmt: skip
    earliest_year: Series[pd.Int64Dtype] = column(
        "Vroegste jaar", "Eerder kan niet; leeg: het geplande jaar.", unit="jaar",
        ge=2000, le=2100,
    )  # fmt: skip
    latest_year: Series[pd.Int64Dtype] = column(
        "Laatste jaar", "Later kan niet; leeg: het geplande jaar.", unit="jaar", ge=2000, le=2100
    )
    cost_eur: Series[float] = column(
        "Kosten", "Raming voor dit segment, zonder btw.", unit="EUR", ge=0, le=1e9
    )
    length_share: Series[float] = column(
        "Aandeel van de lengte",
        "Deel van het segment dat open gaat, van 0 tot 1; leeg: alles.",
        unit="aandeel",
        gt=0,
        le=1,
    )


class Actoren(Table):
    """What organisations of the place bring together: land, capital, capacity."""

    actor_id: Series[str] = column(
        "Actor-id",
        "Kenmerk van de organisatie; wie twee dingen inbrengt, krijgt twee rijen.",
        required=True,
        str_matches=_ID,
    )
    role_name: Series[str] = column(
        "Rol",
        "Functie of soort organisatie, zoals «woonmaatschappij»; nooit de naam van een persoon.",
        required=True,
        str_matches=_ID,
    )
    kind: Series[str] = column(
        "Soort actor",
        "Overheid, bedrijf of burgers.",
        required=True,
        allowed=ACTOR_KINDS,
        labels="actor_kind",
    )
    contribution_kind: Series[str] = column(
        "Inbreng",
        "Wat de actor inbrengt: grond, kapitaal of capaciteit (mensen of vermogen).",
        required=True,
        allowed=CONTRIBUTION_KINDS,
        labels="contribution_kind",
    )
    amount: Series[float] = column(
        "Hoeveelheid", "Hoeveel; leeg als dat nog niet vaststaat.", ge=0, le=1e10
    )
    unit: Series[str] = column(
        "Eenheid",
        "Eenheid van de hoeveelheid: m2 grond, EUR, kW vermogen of vte (voltijdse medewerkers).",
        allowed=CONTRIBUTION_UNITS,
        labels="unit",
    )
    condition: Series[str] = column(
        "Voorwaarde", "Wat de actor ervoor vraagt.", allowed=CONDITIONS, labels="condition"
    )
    note: Series[str] = column("Toelichting", "Uitleg in één zin, zonder namen van personen.")
    available_from: Series[pd.Int64Dtype] = column(
        "Beschikbaar vanaf", "Eerste jaar dat de inbreng er is.", unit="jaar", ge=2000, le=2100
    )


class Parkings(Table):
    """Car parks off the street."""

    parking_id: Series[str] = column(
        "Parking-id", "Uniek kenmerk.", required=True, unique=True, str_matches=_ID
    )
    owner_kind: Series[str] = column(
        "Soort eigenaar", "Wie de parking bezit.", allowed=OWNER_KINDS, labels="owner_kind"
    )
    function: Series[str] = column(
        "Functie",
        "Wie er parkeert; bepaalt het aanwezigheidspercentage per uur.",
        allowed=PARKING_FUNCTIONS,
        labels="parking_function",
    )
    capacity: Series[pd.Int64Dtype] = column(
        "Plaatsen", "Aantal parkeerplaatsen.", unit="aantal", ge=0, le=20000
    )
    is_open_to_public: Series[pd.BooleanDtype] = column(
        "Openbaar toegankelijk", "Mag iedereen er parkeren? ja of nee."
    )
    opening_hours: Series[str] = column(
        "Openingsuren", "Zoals in OpenStreetMap: Mo-Sa 08:00-20:00."
    )
    offered_windows: Series[str] = column(
        "Aangeboden uren", "Uren die de eigenaar wil delen, in dezelfde schrijfwijze."
    )


class Bomen(Table):
    """Trees in the public domain."""

    tree_id: Series[str] = column(
        "Boom-id", "Uniek kenmerk.", required=True, unique=True, str_matches=_ID
    )
    size_class: Series[str] = column(
        "Grootteklasse",
        "1a (> 20 m), 1b (12–20 m), 2 (6–12 m) of 3 (< 6 m).",
        allowed=TREE_CLASSES,
        labels="tree_class",
    )
    crown_diameter_m: Series[float] = column(
        "Kroondiameter", "Doorsnede van de kroon.", unit="m", decimals=1, gt=0, le=40
    )


class Groen(Table):
    """Green and blue areas."""

    green_id: Series[str] = column(
        "Groen-id", "Uniek kenmerk.", required=True, unique=True, str_matches=_ID
    )
    kind: Series[str] = column("Soort", "Soort groen.", allowed=GREEN_KINDS, labels="green_kind")


class Aannames(Table):
    """Figures of the municipality that replace the defaults."""

    key: Series[str] = column("Kengetal", "Sleutel van het kengetal.", required=True, unique=True)
    value: Series[float] = column("Waarde", "Eigen waarde.", decimals=2, required=True)
    unit: Series[str] = column("Eenheid", "Eenheid, zoals bij het kengetal.", required=True)
    source: Series[str] = column("Bron", "Waar het cijfer vandaan komt.", required=True)


class Voortgang(Table):
    """What the municipality has done for its LEKP targets."""

    goal_id: Series[str] = column(
        "Doel", "Kenmerk van het doel, bijvoorbeeld W1a.", required=True, str_matches=_ID
    )
    year: Series[pd.Int64Dtype] = column(
        "Jaar", "Stand op het einde van dit jaar.", unit="jaar", required=True, ge=2015, le=2100
    )
    realised: Series[float] = column(
        "Gerealiseerd", "Totaal sinds het startjaar.", decimals=1, required=True, ge=0
    )
    unit: Series[str] = column("Eenheid", "Eenheid van het doel.", required=True)
    source: Series[str] = column("Bron", "Waar het cijfer vandaan komt.", required=True)


INPUTS: dict[str, Contract] = {
    contract.name: contract
    for contract in (
        Contract("gebouwen", "Gebouwen", Gebouwen, index="building_id", geometry=_AREAS),
        Contract("straten", "Straten", Straten, index="street_id", geometry=_LINES),
        Contract("grens", "Grens van de wijk", Grens, geometry=_AREAS),
        Contract("verbruik", "Gemeten verbruik", Verbruik, key=("area_kind", "area_id", "year")),
        Contract("klimaat", "Weer per uur", Klimaat, least_rows=HOURS_PER_YEAR),
        Contract(
            "warmtebronnen",
            "Warmtebronnen",
            Warmtebronnen,
            index="source_id",
            geometry=("Point", *_AREAS),
        ),
        Contract(
            "warmteleidingen",
            "Bestaande warmteleidingen",
            Warmteleidingen,
            index="pipe_id",
            geometry=_LINES,
        ),
        Contract(
            "werken",
            "Geplande werken",
            Werken,
            index="works_id",
            rising=("earliest_year", "planned_year", "latest_year"),
        ),
        Contract(
            "actoren",
            "Actoren",
            Actoren,
            key=("actor_id", "contribution_kind", "unit", "condition"),
            geometry=_AREAS,
            is_geometry_optional=True,
            together=(("amount", "unit"),),
        ),
        Contract("parkings", "Parkings", Parkings, index="parking_id", geometry=("Point", *_AREAS)),
        Contract("bomen", "Bomen", Bomen, index="tree_id", geometry=("Point",)),
        Contract("groen", "Groen", Groen, index="green_id", geometry=_AREAS),
        Contract(
            "huishoudens",
            "Huishoudens",
            Huishoudens,
            key=("area_id", "tenure", "age_group", "income_group", "language_group"),
            is_empty_a_key=True,
        ),
        Contract(
            "locaties",
            "Zalen en plekken",
            Locaties,
            index="location_id",
            geometry=("Point", *_AREAS),
        ),
        Contract("aannames", "Eigen aannames", Aannames, index="key"),
        Contract("voortgang", "Voortgang van de doelen", Voortgang, key=("goal_id", "year")),
        Contract(
            "regels",
            "Premies, leningen en regels",
            Regels,
            key=("rule_id", "valid_from"),
            is_empty_a_key=True,
            rising=("valid_from", "valid_to"),
            together=(("value", "unit"),),
        ),
    )
}
"""Every input table by its name."""
