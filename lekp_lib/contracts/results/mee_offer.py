"""Result tables of the study iedereen_mee about the three packages and what they cost."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pandera.typing import Series

from lekp_lib.contracts._base import Contract, Table, column
from lekp_lib.contracts.lists import BUILDING_TYPES, PACKAGES, PERIODS

__all__ = ["CONTRACTS", "ELEMENTS", "MEASURES"]

ELEMENTS = (
    "roof",
    "wall",
    "floor",
    "window",
    "ventilation_check",
    "ventilation",
    "heat_pump",
    "heat_network",
    "solar_panels",
)
"""Works that a package can hold."""

MEASURES = ("calculated", "realistic")
"""Savings as the calculation of a home gives them, and as they turn out."""

_TYPE = column(
    "Type",
    "Type van het gebouw.",
    required=True,
    allowed=BUILDING_TYPES,
    labels="building_type",
)
_PERIOD = column(
    "Bouwperiode", "Periode van Statbel.", required=True, allowed=PERIODS, labels="period"
)
_PACKAGE = column(
    "Pakket", "Basis, Schil of Fossielvrij.", required=True, allowed=PACKAGES, labels="package"
)
_DWELLINGS = column("Woningen", "Verwachte woningen van deze soort.", unit="aantal", ge=0)
_LOW_HIGH = "Prijzen kunnen 30 % lager of hoger liggen."


def _month(title: str, description: str) -> Any:
    return column(title, description, unit="EUR")


class PakkettenPerWoning(Table):
    """What each package does to an average home of each kind."""

    building_type: Series[str] = _TYPE
    period: Series[str] = _PERIOD
    dwellings: Series[float] = _DWELLINGS
    package: Series[str] = _PACKAGE
    floor_area_m2: Series[float] = column(
        "Verwarmde vloer", "Van een gemiddelde woning.", unit="m2"
    )
    investment_eur: Series[float] = column(
        "Investering", "Per woning, met btw, zonder premie.", unit="EUR"
    )
    investment_low_eur: Series[float] = column("Laag", _LOW_HIGH, unit="EUR")
    investment_high_eur: Series[float] = column("Hoog", _LOW_HIGH, unit="EUR")
    cost_eur: Series[float] = column("Zonder btw", "Per woning.", unit="EUR")
    today_calculated_mwh: Series[float] = column(
        "Warmte nu, berekend", "Nuttige warmte per jaar, zoals gebouwd.", unit="MWh", decimals=1
    )
    today_realistic_mwh: Series[float] = column(
        "Warmte nu, werkelijk",
        "Nuttige warmte per jaar, volgens het gemeten gas van zulke woningen.",
        unit="MWh",
        decimals=1,
    )
    saving_calculated_mwh: Series[float] = column(
        "Besparing, berekend", "Nuttige warmte per jaar.", unit="MWh", decimals=1
    )
    saving_realistic_mwh: Series[float] = column(
        "Besparing, werkelijk",
        "Wie in een slechte woning minder stookt, bespaart ook minder.",
        unit="MWh",
        decimals=1,
    )
    lekp_renovations: Series[float] = column(
        "Telt in het LEKP",
        "Elke maatregel telt als één renovatie, als ze samen georganiseerd is.",
        unit="renovatie",
        decimals=1,
    )
    deep_share: Series[float] = column(
        "Deel van een diepe renovatie",
        "Warmteverlies dat verdwijnt, tegenover dat van de hele schil.",
        unit="aandeel",
    )


class PakketOnderdelen(Table):
    """The works in each package, for the most common homes."""

    building_type: Series[str] = _TYPE
    period: Series[str] = _PERIOD
    package: Series[str] = _PACKAGE
    element: Series[str] = column(
        "Onderdeel", "Werk.", required=True, allowed=ELEMENTS, labels="renovation_element"
    )
    area_m2: Series[float] = column("Oppervlakte", "Leeg bij een toestel.", unit="m2")
    u_before: Series[float] = column(
        "U nu", "Warmteverlies per m² en graad; leeg bij een toestel.", unit="W/(m2 K)", decimals=2
    )
    u_after: Series[float] = column("U na", "Na de werken.", unit="W/(m2 K)", decimals=2)
    cost_eur: Series[float] = column("Kosten", "Per woning, zonder btw.", unit="EUR")
    cost_low_eur: Series[float] = column("Laag", _LOW_HIGH, unit="EUR")
    cost_high_eur: Series[float] = column("Hoog", _LOW_HIGH, unit="EUR")


class AanbodSegmenten(Table):
    """The bill of each package for the largest segments; the others together in one row."""

    segment: Series[str] = column(
        "Segment", "Type, bouwperiode, eigendom en inkomen.", required=True
    )
    package: Series[str] = _PACKAGE
    dwellings: Series[float] = column(
        "Woningen", "Geschat uit de tabellen van de wijk.", unit="aantal", sensitive=True, ge=0
    )
    investment_eur: Series[float] = column("Investering", "Met btw, zonder premie.", unit="EUR")
    premium_eur: Series[float] = column(
        "Premie die zeker geldt", "Volgens regels die geldig en nagekeken zijn.", unit="EUR"
    )
    premium_last_eur: Series[float] = column(
        "Premie, laatst bekend", "Volgens de laatste regel die we vonden.", unit="EUR"
    )
    month_eur: Series[float] = _month("Lening per maand", "Met regels die zeker gelden.")
    month_last_eur: Series[float] = _month(
        "Lening per maand, laatst bekende regels", "Nadat de premie kwam."
    )
    gap_eur: Series[float] = column(
        "Voor te schieten",
        "Premie die eerst geleend moet worden, laatst bekende regels.",
        unit="EUR",
    )
    gap_cost_eur: Series[float] = column(
        "Rente op dat voorschot", "Tot de premie komt.", unit="EUR"
    )
    energy_calculated_eur: Series[float] = _month(
        "Energie per maand, berekend", "Verschil met nu; onder nul is minder."
    )
    energy_realistic_eur: Series[float] = _month(
        "Energie per maand, werkelijk", "Verschil met nu; onder nul is minder."
    )
    net_calculated_eur: Series[float] = _month(
        "Per maand, berekend", "Lening, energie en onderhoud samen, tegenover nu."
    )
    net_realistic_eur: Series[float] = _month(
        "Per maand, werkelijk", "Lening, energie en onderhoud samen, tegenover nu."
    )
    net_last_eur: Series[float] = _month(
        "Per maand, laatst bekende regels", "Met de werkelijke besparing."
    )
    annual_eur: Series[float] = column(
        "Kost per jaar",
        "Alles gespreid over de levensduur, met werkelijke besparing.",
        unit="EUR",
    )
    annual_today_eur: Series[float] = column(
        "Kost per jaar nu", "Energie, onderhoud en later een nieuwe ketel.", unit="EUR"
    )
    is_cheapest_year: Series[pd.BooleanDtype] = column(
        "Goedkoopst per jaar", "Van de drie pakketten."
    )
    is_lightest_month: Series[pd.BooleanDtype] = column(
        "Lichtst per maand", "Van de drie pakketten."
    )
    is_affordable: Series[pd.BooleanDtype] = column(
        "Haalbaar",
        "Niet duurder per maand dan nu en geen laag inkomen; leeg voor de overige woningen. "
        "De woonkosten van gezinnen kennen we niet.",
    )


class DrieKolommen(Table):
    """Who pays and who gains: owner-occupier, landlord and tenant side by side, per month."""

    building_type: Series[str] = _TYPE
    period: Series[str] = _PERIOD
    package: Series[str] = _PACKAGE
    owner_occupier_calculated_eur: Series[float] = _month(
        "Eigenaar-bewoner, berekend", "Per maand tegenover nu."
    )
    owner_occupier_eur: Series[float] = _month(
        "Eigenaar-bewoner, werkelijk", "Per maand tegenover nu; onder nul is voordeel."
    )
    landlord_eur: Series[float] = _month("Verhuurder", "Lening min extra huur.")
    tenant_calculated_eur: Series[float] = _month(
        "Huurder, berekend", "Energie en onderhoud, plus extra huur."
    )
    tenant_eur: Series[float] = _month(
        "Huurder, werkelijk", "Energie en onderhoud, plus extra huur; onder nul is voordeel."
    )
    rent_eur: Series[float] = _month(
        "Extra huur", "Van huurder naar verhuurder; de ene krijgt wat de andere betaalt."
    )


class PakketTotalen(Table):
    """What each package would be if every home in the neighbourhood took it."""

    package: Series[str] = column(
        "Pakket",
        "Basis, Schil of Fossielvrij.",
        required=True,
        unique=True,
        allowed=PACKAGES,
        labels="package",
    )
    dwellings: Series[float] = column(
        "Woningen met werk", "Waar het pakket iets verandert aan de schil.", unit="aantal"
    )
    investment_eur: Series[float] = column("Investering", "Met btw.", unit="EUR")
    investment_low_eur: Series[float] = column("Laag", _LOW_HIGH, unit="EUR")
    investment_high_eur: Series[float] = column("Hoog", _LOW_HIGH, unit="EUR")
    premium_eur: Series[float] = column(
        "Premie die zeker geldt", "Voor alle woningen samen.", unit="EUR", sensitive=True
    )
    premium_last_eur: Series[float] = column(
        "Premie, laatst bekend", "Voor alle woningen samen.", unit="EUR", sensitive=True
    )
    saving_calculated_mwh: Series[float] = column(
        "Besparing, berekend", "Nuttige warmte per jaar.", unit="MWh"
    )
    saving_realistic_mwh: Series[float] = column(
        "Besparing, werkelijk", "Nuttige warmte per jaar.", unit="MWh"
    )
    lekp_renovations: Series[float] = column(
        "Renovaties in het LEKP", "Elke maatregel in elke woning telt als één.", unit="renovatie"
    )
    deep_equivalents: Series[float] = column(
        "Diepe renovaties",
        "Hetzelfde werk, geteld als volledige renovaties van de schil.",
        unit="renovatie",
    )
    fossil_free_dwellings: Series[float] = column(
        "Fossielvrije woningen", "Woningen zonder gas na het pakket.", unit="aantal"
    )
    net_realistic_eur: Series[float] = _month(
        "Per maand, werkelijk", "Gemiddelde eigenaar-bewoner met middeninkomen, tegenover nu."
    )
    cheaper_share: Series[float] = column(
        "Niet duurder per maand",
        "Deel van de woningen, voor een eigenaar-bewoner met middeninkomen.",
        unit="aandeel",
        ge=0,
        le=1,
    )


class WatKeertPakket(Table):
    """What would have to change for a package to cost nothing more per month."""

    building_type: Series[str] = _TYPE
    period: Series[str] = _PERIOD
    package: Series[str] = _PACKAGE
    net_realistic_eur: Series[float] = _month(
        "Per maand", "Eigenaar-bewoner met middeninkomen, werkelijke besparing, tegenover nu."
    )
    premium_text: Series[str] = column(
        "Extra premie", "Bedrag boven op de premie die nu geldt, of «geen»."
    )
    rate_text: Series[str] = column("Rente", "Rente waarbij het uitkomt, of «geen».")
    gas_text: Series[str] = column("Gasprijs", "Als stroom evenveel blijft kosten, of «geen».")
    ratio_text: Series[str] = column(
        "Stroom tegenover gas", "Prijs van stroom gedeeld door die van gas, of «geen»."
    )


class GevoeligheidPakket(Table):
    """How the month of an average home moves with one assumption at a time."""

    assumption: Series[str] = column("Aanname", "Wat verandert.", required=True)
    package: Series[str] = _PACKAGE
    low_text: Series[str] = column("Laag", "Laagste waarde.")
    high_text: Series[str] = column("Hoog", "Hoogste waarde.")
    net_low_eur: Series[float] = _month("Per maand bij laag", "Tegenover nu.")
    net_eur: Series[float] = _month("Per maand", "Met ons cijfer, tegenover nu.")
    net_high_eur: Series[float] = _month("Per maand bij hoog", "Tegenover nu.")
    is_turning: Series[pd.BooleanDtype] = column(
        "Keert het antwoord", "Wordt duurder goedkoper, of andersom?"
    )


class KasstroomMaand(Table):
    """Every month of one loan: the most common home, an owner with a low income."""

    measure: Series[str] = column(
        "Besparing",
        "Berekend of werkelijk.",
        required=True,
        allowed=MEASURES,
        labels="saving_measure",
    )
    month: Series[pd.Int64Dtype] = column(
        "Maand", "Maand 0 is die van de werken.", unit="aantal", required=True
    )
    cumulative_eur: Series[float] = column(
        "Opgeteld", "Wat het gezin tot dan meer betaalde dan zonder pakket.", unit="EUR"
    )
    net_eur: Series[float] = _month("Deze maand", "Lening, energie en onderhoud, tegenover nu.")
    payment_eur: Series[float] = _month("Aflossing", "Met rente.")
    interest_eur: Series[float] = _month("Waarvan rente", "Van deze maand.")
    premium_eur: Series[float] = column(
        "Premie", "Lost de lening vervroegd af, zoals de wet het vraagt.", unit="EUR"
    )
    balance_eur: Series[float] = column("Openstaande lening", "Einde van de maand.", unit="EUR")


class RollendFondsWoning(Table):
    """What an owner who cannot borrow pays when a rolling fund puts up the money."""

    building_type: Series[str] = _TYPE
    period: Series[str] = _PERIOD
    package: Series[str] = _PACKAGE
    fund_eur: Series[float] = column("Van het fonds", "Geen aflossing per maand.", unit="EUR")
    rest_eur: Series[float] = column("Nog te lenen", "Wat het fonds niet dekt.", unit="EUR")
    month_eur: Series[float] = _month("Lening per maand", "Voor die rest.")
    net_realistic_eur: Series[float] = _month(
        "Per maand", "Lening, energie en onderhoud, tegenover nu; werkelijke besparing."
    )
    at_sale_eur: Series[float] = column(
        "Terug bij verkoop", "Als de woning van eigenaar verandert.", unit="EUR"
    )


class RollendFondsJaren(Table):
    """How much money a rolling fund needs, for owners with a low income."""

    year: Series[pd.Int64Dtype] = column("Jaar", "Vanaf de start.", unit="aantal", required=True)
    paid_out_eur: Series[float] = column(
        "Uitbetaald", "In woningen dat jaar.", unit="EUR", sensitive=True
    )
    returned_eur: Series[float] = column(
        "Teruggekeerd", "Van verkochte woningen.", unit="EUR", sensitive=True
    )
    fresh_eur: Series[float] = column(
        "Nieuw geld", "Wat er dat jaar bij moet.", unit="EUR", sensitive=True
    )
    outstanding_eur: Series[float] = column(
        "Staat uit", "Einde van het jaar.", unit="EUR", sensitive=True
    )


class WoningenZoalsDeMijne(Table):
    """The page for residents: what is offered, what it costs each month, whom to call."""

    home: Series[str] = column("Uw huis", "Soort huis en bouwjaar.", required=True)
    package: Series[str] = _PACKAGE
    offer: Series[str] = column("Wat u krijgt", "Het pakket in gewone woorden.", required=True)
    cost: Series[str] = column("Wat u betaalt", "Per maand, tegenover nu.", required=True)
    support: Series[str] = column("Met steun", "Volgens de laatst bekende regels.")
    tenant: Series[str] = column("Als u huurt", "Wat er verandert.")
    call: Series[str] = column("Wie u belt", "Dienst of loket.", required=True)


_KIND = ("building_type", "period", "package")

CONTRACTS: tuple[Contract, ...] = (
    Contract(
        "pakketten_per_woning",
        "De drie pakketten voor elke soort woning",
        PakkettenPerWoning,
        key=_KIND,
    ),
    Contract(
        "pakket_onderdelen",
        "Wat er in elk pakket zit, voor de meest voorkomende woningen",
        PakketOnderdelen,
        key=(*_KIND, "element"),
    ),
    Contract(
        "aanbod_segmenten",
        "De rekening per segment en per pakket",
        AanbodSegmenten,
        key=("segment", "package"),
        count_column="dwellings",
        total_groups=(("package",),),
        drops_blank_rows=True,
    ),
    Contract("drie_kolommen", "Wie betaalt en wie wint, per maand", DrieKolommen, key=_KIND),
    # A premium follows from who owns the home: see ``fewest_dwellings``.
    Contract(
        "pakket_totalen",
        "De pakketten voor de hele wijk",
        PakketTotalen,
        count_column="fewest_dwellings",
    ),
    Contract("wat_keert_pakket", "Wat een pakket betaalbaar maakt", WatKeertPakket, key=_KIND),
    Contract(
        "gevoeligheid_pakket",
        "Hoe de maand verandert met één aanname",
        GevoeligheidPakket,
        key=("assumption", "package"),
    ),
    Contract(
        "kasstroom_maand", "Elke maand van één lening", KasstroomMaand, key=("measure", "month")
    ),
    Contract(
        "rollend_fonds_woning",
        "Met een rollend fonds, voor wie niet kan lenen",
        RollendFondsWoning,
        key=_KIND,
    ),
    Contract(
        "rollend_fonds_jaren",
        "Hoeveel geld een rollend fonds nodig heeft",
        RollendFondsJaren,
        key=("year",),
        count_column="households",
    ),
    Contract(
        "woningen_zoals_de_mijne",
        "Woningen zoals de mijne",
        WoningenZoalsDeMijne,
        key=("home", "package"),
    ),
)
