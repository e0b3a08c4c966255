"""Result tables of the study warmtenet about the network itself: route, pipes, cost, sources."""

from __future__ import annotations

import pandas as pd
from pandera.typing import Series

from lekp_lib.assumptions import BASES
from lekp_lib.contracts._base import Contract, Table, column
from lekp_lib.contracts.lists import HEAT_SOURCE_KINDS

__all__ = [
    "BUILT_UP_TO",
    "CONTRACTS",
    "COST_PARTS",
    "CURVES",
    "HEAT_USES",
    "MONTHS",
    "NOT_BUILT",
    "PIPE_KINDS",
    "RATES",
    "REPAIRS",
    "RULES",
    "SELECTIONS",
    "SOURCE_ORIGINS",
    "TRENCHES",
    "WAYS",
]

PIPE_KINDS = (
    "nieuw",
    "bestaand",
    "bestaand, te vervangen",
    "verbinding over een onderbreking",
    "aansluiting van de bron",
)
"""What a main pipe is."""

TRENCHES = ("hoofdleiding", "huisaansluiting")

REPAIRS = (
    "los uiteinde vastgemaakt",
    "onderbreking overbrugd",
    "los stuk straat weggelaten",
    "bron apart van het grote deel van de straten",
    "gebouw te ver van elke straat",
    "gebouw aan een los stuk straat",
)
"""What was repaired or left out; the first four as ``REPAIR_KINDS`` of the street graph."""

COST_PARTS = (
    "hoofdleiding: buis",
    "hoofdleiding: graafwerk",
    "huisaansluiting",
    "installatie in de woning",
    "warmtecentrale",
    "stroomaansluiting van de warmtecentrale",
    "samen",
)

WAYS = (
    "warmtenet zonder subsidie",
    "warmtenet met subsidie",
    "eigen warmtepomp",
    "blijven op aardgas",
)

RULES = ("Winter, minstens het koudste uur", "THERMOS", "koudste uur van het jaar")
"""How many ask for heat at the same moment; the first one sizes the network."""

SOURCE_ORIGINS = ("opgegeven", "aangenomen", "reserve")

CURVES = ("gevraagde warmte", "vermogen van de basisbronnen")

HEAT_USES = ("ruimteverwarming", "warm water", "verlies in de leidingen")

MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")

SELECTIONS = ("iedereen", "enkel wat zichzelf betaalt")

NOT_BUILT = "niet"

RATES = ("0 %", "4 %", "8 %", "14 %")
"""Required returns of the map, from low to high."""

BUILT_UP_TO = (*RATES[::-1], NOT_BUILT)
"""Highest required return at which a street still pays for its pipe."""

_LINES = ("LineString", "MultiLineString")


class NetKaart(Table):
    """The main pipes, a line per street and diameter."""

    street_name: Series[str] = column("Straat", "Straat waarin de leiding ligt.", required=True)
    dn: Series[pd.Int64Dtype] = column(
        "DN", "Maat van de buis: ongeveer de diameter in millimeter.", unit="-", per_street=True
    )
    length_m: Series[float] = column("Lengte", "Lengte van de sleuf.", unit="m", required=True)
    dwellings: Series[pd.Int64Dtype] = column(
        "Woningen erachter",
        "Woningen die hun warmte door deze leiding krijgen.",
        unit="aantal",
        required=True,
    )
    kind: Series[str] = column(
        "Soort",
        "Nieuwe of bestaande leiding, of een verbinding.",
        required=True,
        allowed=PIPE_KINDS,
    )


class NetHerstel(Table):
    """Where the drawn streets did not fit together."""

    kind: Series[str] = column("Wat", "Hersteld of weggelaten.", required=True, allowed=REPAIRS[:4])
    gap_m: Series[float] = column(
        "Onderbreking", "Afstand die overbrugd is of open blijft.", unit="m", decimals=1
    )
    length_m: Series[float] = column("Lengte", "Lengte van het losse stuk.", unit="m")


class NetHerstelAantallen(Table):
    """How often the drawn streets did not fit together, and what that leaves without heat."""

    kind: Series[str] = column("Wat", "Hersteld of weggelaten.", required=True, allowed=REPAIRS)
    number: Series[pd.Int64Dtype] = column("Hoe vaak", "Aantal keer.", unit="aantal")
    gap_m: Series[float] = column(
        "Onderbrekingen samen", "Afstand die overbrugd is of open blijft.", unit="m"
    )
    length_m: Series[float] = column("Lengte samen", "Lengte van de losse stukken.", unit="m")


class NetDiameters(Table):
    """Length, cost and loss of each diameter."""

    trench: Series[str] = column(
        "Leiding",
        "In de straat, of van de straat naar het gebouw.",
        required=True,
        allowed=TRENCHES,
    )
    dn: Series[pd.Int64Dtype] = column(
        "DN",
        "Maat van de buis: ongeveer de diameter in millimeter. Leeg: alle takken in de straat met "
        "weinig woningen erachter, welke maat ook.",
        unit="-",
    )
    length_m: Series[float] = column("Lengte", "Lengte van de sleuf.", unit="m", per_street=True)
    share: Series[float] = column(
        "Deel", "Deel van de lengte van deze soort leiding.", unit="aandeel", per_street=True
    )
    cost_eur: Series[float] = column(
        "Kosten", "Buis en graafwerk, zonder btw.", unit="EUR", per_street=True
    )
    loss_mwh: Series[float] = column(
        "Warmteverlies", "Per jaar, aanvoer en retour.", unit="MWh", per_street=True
    )


class NetKosten(Table):
    """What the network costs to build."""

    part: Series[str] = column(
        "Onderdeel", "Waarvoor het geld dient.", required=True, allowed=COST_PARTS
    )
    investment_eur: Series[float] = column(
        "Investering", "Als iedereen aansluit, zonder btw en zonder subsidie.", unit="EUR"
    )
    dwelling_eur: Series[float] = column(
        "Per woning",
        "Het deel van de gebouwen met woningen, volgens hun warmtevraag, per woning.",
        unit="EUR",
    )
    low_eur: Series[float] = column(
        "Laag", "Met de laagste eenheidsprijzen, alle tegelijk.", unit="EUR"
    )
    high_eur: Series[float] = column(
        "Hoog", "Met de hoogste eenheidsprijzen, alle tegelijk.", unit="EUR"
    )
    basis: Series[str] = column(
        "Zekerheid", "De zwakste bron van de cijfers.", allowed=BASES, labels="basis"
    )


class NetVergelijking(Table):
    """The network beside a heat pump for each home and beside staying on gas."""

    way: Series[str] = column("Oplossing", "Hoe er verwarmd wordt.", required=True, allowed=WAYS)
    investment_eur: Series[float] = column(
        "Investering per woning, zonder btw",
        "Wat er voor één woning gebouwd wordt, zonder de aanpassing van de netten.",
        unit="EUR",
    )
    grid_eur: Series[float] = column(
        "Aanpassing van de netten per woning, zonder btw",
        "Elektriciteitsnet verzwaren en aardgasnet weghalen.",
        unit="EUR",
    )
    yearly_eur: Series[float] = column(
        "Kosten per woning en per jaar, met btw",
        "Alles samen, ook wat de netten kosten; het weghalen van het aardgasnet telt niet mee.",
        unit="EUR",
    )
    levelised_eur_mwh: Series[float] = column(
        "Kostprijs van de warmte, zonder btw", "Alles samen per MWh warmte.", unit="EUR/MWh"
    )
    co2_t: Series[float] = column(
        "CO2 per woning", "Ton CO2 per woning en per jaar.", unit="t", decimals=1
    )


class NetGelijktijdigheid(Table):
    """What the network costs under another rule for how many ask for heat at once."""

    rule: Series[str] = column(
        "Rekenregel", "Hoe de piek bepaald is.", required=True, allowed=RULES
    )
    design_kw: Series[float] = column(
        "Vermogen aan de bron", "Van alle leidingen die er vertrekken samen.", unit="kW"
    )
    mains_eur: Series[float] = column(
        "Hoofdleidingen", "Kosten van de hoofdleidingen, zonder btw.", unit="EUR"
    )
    largest_dn: Series[pd.Int64Dtype] = column("Grootste DN", "Dikste hoofdleiding.", unit="-")


class NetBronnen(Table):
    """What each source gives."""

    kind: Series[str] = column(
        "Bron",
        "Soort warmtebron.",
        required=True,
        allowed=HEAT_SOURCE_KINDS,
        labels="heat_source_kind",
    )
    origin: Series[str] = column(
        "Herkomst",
        "Uit uw tabel warmtebronnen, een aanname, of reserve voor de piek.",
        required=True,
        allowed=SOURCE_ORIGINS,
    )
    capacity_kw: Series[float] = column(
        "Vermogen", "Warmte in het net; afgerond waar u een bron opgaf.", unit="kW"
    )
    heat_mwh: Series[float] = column("Warmte", "Per jaar in het net.", unit="MWh")
    heat_share: Series[float] = column("Deel van de warmte", "Over het jaar.", unit="aandeel")
    full_load_hours: Series[float] = column(
        "Vollasturen", "Warmte per jaar gedeeld door het vermogen.", unit="uur"
    )
    co2_t: Series[float] = column("CO2", "Ton CO2 per jaar.", unit="t", decimals=1)
    cost_eur_mwh: Series[float] = column(
        "Energiekosten",
        "Enkel energie, per MWh warmte, zonder btw; niet van een bron die u opgaf.",
        unit="EUR/MWh",
    )


class Belastingduurkromme(Table):
    """In how many hours of the year so much heat is asked."""

    hours: Series[pd.Int64Dtype] = column(
        "Uren per jaar", "Zoveel uur is het vermogen minstens zo groot.", unit="uur", required=True
    )
    curve: Series[str] = column("Lijn", "Vraag of bron.", required=True, allowed=CURVES)
    power_kw: Series[float] = column("Vermogen", "Aan de bron.", unit="kW")


class WarmtePerMaand(Table):
    """The heat of each month, by use."""

    month: Series[str] = column("Maand", "Maand van het jaar.", required=True, allowed=MONTHS)
    use: Series[str] = column(
        "Waarvoor", "Ook andere gebouwen dan woningen tellen mee.", required=True, allowed=HEAT_USES
    )
    heat_mwh: Series[float] = column("Warmte", "Aan de bron, per maand.", unit="MWh")


class NetKeuze(Table):
    """Everybody connected, beside only those who pay for their own pipe."""

    selection: Series[str] = column(
        "Wie sluit aan",
        "Alle gebouwen, of wat het meest opbrengt.",
        required=True,
        allowed=SELECTIONS,
    )
    buildings: Series[pd.Int64Dtype] = column("Gebouwen", "Aangesloten.", unit="aantal")
    dwellings: Series[pd.Int64Dtype] = column("Woningen", "Aangesloten.", unit="aantal")
    main_m: Series[float] = column("Hoofdleiding", "Lengte in de straat.", unit="m")
    demand_share: Series[float] = column(
        "Deel van de warmtevraag",
        "Als al deze gebouwen warmte nemen.",
        unit="aandeel",
        per_street=True,
    )
    value_eur: Series[float] = column(
        "Waarde",
        "Wat de klanten over de looptijd opbrengen, min aansluitingen, leidingen en hun onderhoud.",
        unit="EUR",
        per_street=True,
    )
    upper_bound_eur: Series[float] = column(
        "Hoogst mogelijke waarde", "Geen enkele keuze brengt meer op.", unit="EUR", per_street=True
    )
    gap_eur: Series[float] = column(
        "Verschil",
        "Zoveel kan de waarde nog hoogstens stijgen door andere gebouwen of straten te kiezen.",
        unit="EUR",
        per_street=True,
    )


class NetPerRendement(Table):
    """Up to which required return each street gets its pipe."""

    street_name: Series[str] = column("Straat", "Straat waarin de leiding ligt.", required=True)
    built_up_to: Series[str] = column(
        "Gebouwd tot een rendement van",
        "Het hoogste vereiste rendement waarbij de leiding zichzelf nog betaalt.",
        allowed=BUILT_UP_TO,
        per_street=True,
    )
    length_m: Series[float] = column("Lengte", "Lengte van de sleuf.", unit="m", required=True)
    dwellings: Series[pd.Int64Dtype] = column(
        "Woningen erachter",
        "Woningen die hun warmte door deze leiding krijgen.",
        unit="aantal",
        required=True,
    )


class NetPerRendementSamen(Table):
    """How much network is left at each required return."""

    return_share: Series[float] = column(
        "Vereist rendement", "Per jaar, zonder inflatie.", unit="aandeel", required=True
    )
    main_m: Series[float] = column("Hoofdleiding", "Lengte in de straat.", unit="m")
    buildings: Series[pd.Int64Dtype] = column("Gebouwen", "Aangesloten.", unit="aantal")
    dwellings: Series[pd.Int64Dtype] = column("Woningen", "Aangesloten.", unit="aantal")
    demand_share: Series[float] = column(
        "Deel van de warmtevraag",
        "Als al deze gebouwen warmte nemen.",
        unit="aandeel",
        per_street=True,
    )


CONTRACTS: tuple[Contract, ...] = (
    Contract(
        "net_kaart",
        "Hoofdleidingen van het warmtenet",
        NetKaart,
        geometry=_LINES,
        count_column="dwellings",
    ),
    Contract(
        "net_herstel",
        "Wat aan de getekende straten hersteld of weggelaten is",
        NetHerstel,
        geometry=_LINES,
    ),
    Contract("net_herstel_aantallen", "Hoe vaak er hersteld of weggelaten is", NetHerstelAantallen),
    Contract(
        "net_diameters",
        "Leidingen per diameter",
        NetDiameters,
        key=("trench", "dn"),
        count_column="counted",
        total_groups=(("trench",),),
    ),
    Contract("net_kosten", "Wat het net kost om te bouwen", NetKosten),
    Contract(
        "net_vergelijking", "Warmtenet, eigen warmtepomp en aardgas naast elkaar", NetVergelijking
    ),
    Contract(
        "net_gelijktijdigheid",
        "Hoeveel warmte tegelijk, volgens drie rekenregels",
        NetGelijktijdigheid,
    ),
    Contract("net_bronnen", "Wat elke warmtebron levert", NetBronnen),
    Contract(
        "belastingduurkromme",
        "Hoeveel uur per jaar hoeveel vermogen nodig is",
        Belastingduurkromme,
        key=("hours", "curve"),
    ),
    Contract("warmte_per_maand", "Warmte per maand", WarmtePerMaand, key=("month", "use")),
    Contract("net_keuze", "Iedereen aansluiten of niet", NetKeuze, count_column="counted"),
    Contract(
        "net_per_rendement",
        "Welke straten worden gebouwd",
        NetPerRendement,
        geometry=_LINES,
        count_column="dwellings",
    ),
    Contract(
        "net_per_rendement_samen",
        "Hoeveel net er overblijft per vereist rendement",
        NetPerRendementSamen,
        count_column="counted",
        total_groups=(("return_share",),),  # rows that only shrink: each its own group
    ),
)
