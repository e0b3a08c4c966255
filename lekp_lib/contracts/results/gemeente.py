"""Result tables of the studies of one municipality and of Flanders."""

from __future__ import annotations

import pandas as pd
from pandera.typing import Series

from lekp_lib.contracts._base import Contract, Table, column

__all__ = ["CONTRACTS"]


class LekpDoelen(Table):
    """The LEKP targets of a municipality."""

    goal_id: Series[str] = column("Doel", "Kenmerk van het doel.", required=True, unique=True)
    goal: Series[str] = column("Wat", "Omschrijving van het doel.", required=True)
    version: Series[str] = column("Versie", "Versie van het pact.", required=True)
    target: Series[str] = column("Doelwaarde", "Berekend uit de formule, met eenheid.")
    amount: Series[float] = column("Doelwaarde als getal", "Berekend.", decimals=1)
    unit: Series[str] = column("Eenheid", "Eenheid van doel en stand.", labels="unit")
    formula: Series[str] = column("Formule", "Hoe de doelwaarde berekend is.")
    done: Series[str] = column("Stand", "Wat de gemeente zelf opgaf, met jaar.")
    realised: Series[float] = column("Stand als getal", "Wat de gemeente opgaf.", decimals=1)
    realised_year: Series[pd.Int64Dtype] = column("Stand in", "Jaar van de stand.", unit="jaar")
    realised_share: Series[float] = column(
        "Deel van het doel", "Stand gedeeld door doelwaarde.", unit="aandeel"
    )
    deadline: Series[str] = column("Termijn", "Einddatum in het pact.")
    status: Series[str] = column("Toestand", "Toestand van het doel in 2026.", labels="status")
    for_whom: Series[str] = column("Voor wie", "Voor welke ondertekenaars het doel geldt.")
    grade: Series[str] = column("Graad", "A: gelezen in de bron zelf; B: bij een ander.")
    source_url: Series[str] = column("Bron", "Adres van de bron.")


class WoningenPerType(Table):
    """Dwellings by building type, beside Flanders."""

    building_type: Series[str] = column("Type", "Gebouwtype.", labels="building_type")
    dwellings: Series[pd.Int64Dtype] = column("Woningen", "Wooneenheden, 2025.", unit="aantal")
    share: Series[float] = column("Aandeel", "Aandeel in de gemeente.", unit="aandeel")
    share_flanders: Series[float] = column("Vlaanderen", "Aandeel in Vlaanderen.", unit="aandeel")
    garages_per_dwelling: Series[float] = column(
        "Garages per woning",
        "Garages en overdekte plaatsen per woning.",
        unit="plaats/woning",
        decimals=2,
    )


class GebouwenPerPeriode(Table):
    """Buildings by type and construction period, beside Flanders."""

    building_type: Series[str] = column("Type", "Gebouwtype.", labels="building_type")
    period: Series[str] = column("Bouwperiode", "Periode van de bouw.", labels="period")
    buildings: Series[pd.Int64Dtype] = column("Gebouwen", "Gebouwen, 2025.", unit="aantal")
    share: Series[float] = column(
        "Aandeel", "Aandeel in alle gebouwen van de gemeente.", unit="aandeel", decimals=1
    )
    share_flanders: Series[float] = column(
        "Vlaanderen", "Zelfde aandeel in Vlaanderen.", unit="aandeel", decimals=1
    )


class Epc(Table):
    """EPC labels of 2023, beside Flanders."""

    label: Series[str] = column("Label", "EPC-label.")
    share: Series[float] = column("Aandeel", "Aandeel van de certificaten.", unit="aandeel")
    share_flanders: Series[float] = column(
        "Vlaanderen", "Gemiddelde van de gemeenten, naar huishoudens.", unit="aandeel"
    )


class NaastVlaanderen(Table):
    """Shares of classes in the municipality and in Flanders, below each other for a chart."""

    category: Series[str] = column("Klasse", "Type, periode of label.")
    where: Series[str] = column("Waar", "Gemeente of Vlaanderen.")
    share: Series[float] = column("Aandeel", "Aandeel van het totaal.", unit="aandeel")


class GasPerJaar(Table):
    """Gas per connection by year, in the municipality and in Flanders."""

    where: Series[str] = column("Waar", "Gemeente of Vlaanderen.")
    year: Series[pd.Int64Dtype] = column("Jaar", "Kalenderjaar.", unit="jaar")
    points: Series[float] = column(
        "Aansluitingen", "Van de wijken met cijfers.", unit="aantal", sensitive=True
    )
    per_point_mwh: Series[float] = column(
        "Gas per aansluiting", "Van huishoudens.", unit="MWh", decimals=1, sensitive=True
    )


class GasPerWijk(Table):
    """Metered residential gas per wijk and year."""

    wijk_code: Series[str] = column("Wijkcode", "Code van de wijk.")
    wijk: Series[str] = column("Wijk", "Naam van de wijk.")
    year: Series[pd.Int64Dtype] = column("Jaar", "Kalenderjaar.", unit="jaar")
    mwh: Series[float] = column("Gas", "Gas van huishoudens.", unit="MWh", sensitive=True)
    points: Series[float] = column(
        "Aansluitingen", "Gasaansluitingen van huishoudens.", unit="aantal", sensitive=True
    )
    per_point_mwh: Series[float] = column(
        "Per aansluiting", "Gas per aansluiting.", unit="MWh", decimals=1, sensitive=True
    )


class ElektriciteitPerWijk(Table):
    """Metered residential electricity per wijk and year."""

    wijk_code: Series[str] = column("Wijkcode", "Code van de wijk.")
    wijk: Series[str] = column("Wijk", "Naam van de wijk.")
    year: Series[pd.Int64Dtype] = column("Jaar", "Kalenderjaar.", unit="jaar")
    mwh: Series[float] = column(
        "Elektriciteit", "Elektriciteit van huishoudens.", unit="MWh", sensitive=True
    )
    points: Series[float] = column(
        "Aansluitingen", "Aansluitingen van huishoudens.", unit="aantal", sensitive=True
    )
    per_point_mwh: Series[float] = column(
        "Per aansluiting", "Elektriciteit per aansluiting.", unit="MWh", decimals=1, sensitive=True
    )


class WijkenScreening(Table):
    """A first, rough screen of the wijken from their meters."""

    wijk_code: Series[str] = column("Wijkcode", "Code van de wijk.")
    wijk: Series[str] = column("Wijk", "Naam van de wijk.")
    gas_points: Series[float] = column(
        "Gasaansluitingen", "Van huishoudens, 2021.", unit="aantal", sensitive=True
    )
    gas_per_connection_mwh: Series[float] = column(
        "Gas per aansluiting", "2021.", unit="MWh", decimals=1, sensitive=True
    )
    on_gas_share: Series[float] = column(
        "Aandeel op gas",
        "Gasaansluitingen gedeeld door elektriciteitsaansluitingen.",
        unit="aandeel",
        sensitive=True,
    )
    gas_mwh_km2: Series[float] = column("Gas per km²", "2021.", unit="MWh/km2", sensitive=True)
    connections_km2: Series[float] = column(
        "Aansluitingen per km²", "2021.", unit="aansluitingen/km2", sensitive=True
    )
    gas_mwh_km2_percentile: Series[float] = column(
        "Dichter dan",
        "Aandeel van de Vlaamse wijken met minder gas per km².",
        unit="aandeel",
        sensitive=True,
    )
    hint: Series[str] = column(
        "Eerste aanwijzing", "Grof, uit de meters alleen.", labels="hint", sensitive=True
    )


class KengetallenGemeente(Table):
    """What is known of the municipality as a whole, beside Flanders."""

    label: Series[str] = column("Kengetal", "Wat het cijfer zegt.")
    here: Series[str] = column("Gemeente", "Waarde in de gemeente, met eenheid.")
    everywhere: Series[str] = column("Vlaanderen", "Zelfde cijfer voor Vlaanderen.")
    value: Series[float] = column("Gemeente als getal", "Waarde in de gemeente.", decimals=2)
    flanders: Series[float] = column("Vlaanderen als getal", "Voor Vlaanderen.", decimals=2)
    unit: Series[str] = column("Eenheid", "Eenheid.", labels="unit")
    year: Series[str] = column("Jaar", "Jaar van het cijfer.")
    source: Series[str] = column("Bron", "Waar het vandaan komt.")


class Gemeenten(Table):
    """The municipalities side by side."""

    nis_code: Series[str] = column("NIS-code", "Code van de gemeente.")
    slug: Series[str] = column("Pagina", "Naam van de pagina.")
    name: Series[str] = column("Gemeente", "Naam.")
    province: Series[str] = column("Provincie", "Naam.")
    population: Series[float] = column("Inwoners", "1 januari 2020.", unit="aantal")
    dwellings: Series[float] = column("Woningen", "Wooneenheden, 2025.", unit="aantal")
    old_home_share: Series[float] = column(
        "Eengezinswoningen van voor 1971", "Aandeel van de gebouwen.", unit="aandeel"
    )
    epc_ef_share: Series[float] = column(
        "EPC-label E of F", "Aandeel van de certificaten, 2023.", unit="aandeel"
    )
    gas_points: Series[float] = column(
        "Gasaansluitingen", "Van huishoudens, 2021.", unit="aantal", sensitive=True
    )
    gas_per_connection_mwh: Series[float] = column(
        "Gas per aansluiting", "2021.", unit="MWh", decimals=1, sensitive=True
    )
    on_gas_share: Series[float] = column(
        "Aandeel op gas",
        "Gas- gedeeld door elektriciteitsaansluitingen.",
        unit="aandeel",
        sensitive=True,
    )


class Hiaten(Table):
    """What is not known."""

    name: Series[str] = column("Gemeente", "Naam.")
    gap: Series[str] = column("Wat ontbreekt", "Cijfer dat in de bron niet staat.")


class WijkenVlaanderen(Table):
    """Wijken of Flanders by first hint."""

    hint: Series[str] = column("Eerste aanwijzing", "Grof, uit de meters.", labels="hint")
    wijken: Series[pd.Int64Dtype] = column("Wijken", "Aantal wijken.", unit="aantal")
    gas_gwh: Series[float] = column("Gas", "Gas van huishoudens, 2021.", unit="GWh", decimals=0)
    share: Series[float] = column("Aandeel van het gas", "2021.", unit="aandeel")


class Spreiding(Table):
    """Distribution of the wijken."""

    quantile: Series[float] = column("Aandeel van de wijken", "Laagste deel.", unit="aandeel")
    gas_per_connection_mwh: Series[float] = column(
        "Gas per aansluiting", "Hoogstens.", unit="MWh", decimals=1
    )
    on_gas_share: Series[float] = column("Aandeel op gas", "Hoogstens.", unit="aandeel")
    gas_mwh_km2: Series[float] = column("Gas per km²", "Hoogstens.", unit="MWh/km2")


CONTRACTS = (
    Contract("lekp_doelen", "Doelen van het Lokaal Energie- en Klimaatpact", LekpDoelen),
    Contract("woningen_per_type", "Woningen per type", WoningenPerType),
    Contract("gebouwen_per_periode", "Gebouwen per type en bouwperiode", GebouwenPerPeriode),
    Contract("epc", "EPC-labels", Epc),
    Contract("woningtype_naast_vlaanderen", "Woningen naast Vlaanderen", NaastVlaanderen),
    Contract("periode_naast_vlaanderen", "Bouwperiode naast Vlaanderen", NaastVlaanderen),
    Contract("epc_naast_vlaanderen", "EPC-labels naast Vlaanderen", NaastVlaanderen),
    Contract("gas_per_jaar", "Gas per aansluiting per jaar", GasPerJaar, count_column="points"),
    Contract("gas_per_wijk", "Gas per wijk", GasPerWijk, count_column="points"),
    Contract(
        "elektriciteit_per_wijk",
        "Elektriciteit per wijk",
        ElektriciteitPerWijk,
        count_column="points",
    ),
    Contract(
        "wijken_screening",
        "Eerste screening van de wijken",
        WijkenScreening,
        geometry=("Point",),
        count_column="gas_points",
    ),
    Contract("kengetallen_gemeente", "Kengetallen van de gemeente", KengetallenGemeente),
    Contract(
        "gemeenten",
        "De gemeenten naast elkaar",
        Gemeenten,
        geometry=("Point",),
        count_column="gas_points",
    ),
    Contract("hiaten", "Wat niet bekend is", Hiaten),
    Contract("wijken_vlaanderen", "Vlaamse wijken naar eerste aanwijzing", WijkenVlaanderen),
    Contract("spreiding", "Spreiding van de wijken", Spreiding),
)
