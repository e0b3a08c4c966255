"""Result tables of the study warmtenet about renovation, phasing and shared works."""

from __future__ import annotations

import pandas as pd
from pandera.typing import Series

from lekp_lib.contracts._base import Contract, Table, column
from lekp_lib.contracts.lists import WORKS_ASSETS

__all__ = [
    "ACTIONS",
    "CHOICES",
    "CONTRACTS",
    "DEPTHS",
    "ORDERS",
    "REGIMES",
    "SIZINGS",
    "STRATEGIES",
]

DEPTHS = ("none", "light", "deep")
"""How far the homes are renovated."""

REGIMES = ("70/40", "55/30")
"""Supply and return temperature of the network [°C]."""

ORDERS = ("network_first", "together", "renovation_first")
"""What comes first: the network, both in one go, or the renovation."""

STRATEGIES = ("all_at_once", "outward", "anchors_first", "follow_works")
"""In which order the streets are opened."""

SIZINGS = ("ahead", "per_phase")
"""Pipes for everybody from the start, or only for who is there in a phase."""

ACTIONS = ("install", "replace", "keep", "idle")
"""What happens to a pipe in a phase."""

CHOICES = ("together", "wait", "lay_ahead", "apart", "no_works")
"""What a street does with other works."""

_LINES = ("LineString", "MultiLineString")


class RenovatieEnNet(Table):
    """The network and the own heat pump at each depth of renovation and each temperature."""

    depth: Series[str] = column(
        "Renovatie",
        "Hoe ver de woningen gerenoveerd zijn.",
        required=True,
        allowed=DEPTHS,
        labels="renovation_depth",
    )
    regime: Series[str] = column(
        "Aanvoer/retour",
        "Temperatuur van het net in graden Celsius.",
        required=True,
        allowed=REGIMES,
    )
    demand_gwh: Series[float] = column(
        "Warmtevraag", "Nuttige warmte per jaar als iedereen aansluit.", unit="GWh", decimals=1
    )
    loss_share: Series[float] = column(
        "Warmteverlies", "Deel van de warmte dat de buizen verliezen.", unit="aandeel", decimals=1
    )
    design_kw: Series[float] = column(
        "Vermogen", "Vermogen waarvoor het net ontworpen wordt.", unit="kW"
    )
    mean_dn: Series[float] = column(
        "Gemiddelde buis", "Gemiddelde maat (DN) van de hoofdleiding, per meter.", unit="mm"
    )
    mains_eur: Series[float] = column(
        "Hoofdleiding", "Buizen in de straat, zonder btw.", unit="EUR"
    )
    network_eur: Series[float] = column(
        "Net per woning",
        "Hele investering van het net zonder subsidie en btw, gedeeld door de woningen.",
        unit="EUR",
    )
    renovation_eur: Series[float] = column(
        "Renovatie per woning",
        "Uit de oppervlakte van dak, gevel, vloer en ramen; met btw, zonder premies.",
        unit="EUR",
    )
    emitters_eur: Series[float] = column(
        "Radiatoren per woning",
        "Grotere radiatoren waar de aanvoer van het net anders te laag is, met btw.",
        unit="EUR",
    )
    break_even_eur_mwh: Series[float] = column(
        "Nodige warmteprijs",
        "Prijs zonder btw waarmee de gemeente quitte speelt, met subsidie.",
        unit="EUR/MWh",
    )
    heat_bill_eur: Series[float] = column(
        "Warmterekening",
        "Warmte uit het net per woning en per jaar, tegen de nodige prijs, met btw.",
        unit="EUR",
    )
    booster_eur: Series[float] = column(
        "Naverwarming warm water",
        "Toestel en stroom per woning en per jaar waar het net te koel is voor warm water, met "
        "btw.",
        unit="EUR",
    )
    household_network_eur: Series[float] = column(
        "Woning met net",
        "Per jaar: warmterekening, naverwarming, renovatie en radiatoren, gespreid over hun "
        "levensduur.",
        unit="EUR",
    )
    household_pump_eur: Series[float] = column(
        "Woning met warmtepomp",
        "Per jaar: eigen warmtepomp, stroom, onderhoud, aandeel in het stroomnet en dezelfde "
        "renovatie.",
        unit="EUR",
    )
    saving_eur: Series[float] = column(
        "Voordeel van het net",
        "Per woning en per jaar; onder nul is de eigen warmtepomp goedkoper.",
        unit="EUR",
    )
    co2_t: Series[float] = column("CO2 met net", "Ton per jaar als iedereen aansluit.", unit="t")
    pump_co2_t: Series[float] = column("CO2 met warmtepompen", "Ton per jaar.", unit="t")


class Volgorde(Table):
    """Network first, both in one go, or renovation first."""

    order: Series[str] = column(
        "Volgorde", "Wat eerst komt.", required=True, allowed=ORDERS, labels="renovation_order"
    )
    regime: Series[str] = column(
        "Aanvoer/retour", "Temperatuur van het net.", required=True, allowed=REGIMES
    )
    network_year: Series[pd.Int64Dtype] = column(
        "Net vanaf", "Eerste jaar van aanleg.", unit="jaar", required=True
    )
    network_eur: Series[float] = column(
        "Net",
        "Kosten van net, warmte en naverwarming over de looptijd, na subsidie en met btw, in geld "
        "van vandaag, per woning die aansluit.",
        unit="EUR",
    )
    renovation_eur: Series[float] = column(
        "Renovatie", "In geld van vandaag, met btw, per woning die aansluit.", unit="EUR"
    )
    gas_eur: Series[float] = column(
        "Gas in afwachting",
        "Ketel en gas tot de woning aansluit, in geld van vandaag, per woning die aansluit.",
        unit="EUR",
    )
    total_eur: Series[float] = column(
        "Samen", "Net, renovatie en gas in geld van vandaag, per woning die aansluit.", unit="EUR"
    )
    mains_eur: Series[float] = column(
        "Hoofdleiding", "Buizen in de straat, zonder btw, bij aanleg.", unit="EUR"
    )
    gas_years: Series[float] = column(
        "Jaren op gas", "Hoe lang een woning die aansluit nog op gas blijft.", unit="jaar",
        decimals=1,
    )  # fmt: skip
    co2_t: Series[float] = column("CO2", "Ton over de hele looptijd, van wie aansluit.", unit="t")


class Fasering(Table):
    """What each order of streets costs, earns and avoids."""

    approach: Series[str] = column(
        "Aanpak",
        "In welke volgorde de straten aan de beurt komen.",
        required=True,
        allowed=STRATEGIES,
        labels="phasing_strategy",
    )
    investment_eur: Series[float] = column(
        "Investering", "Eerste aanleg, zonder subsidie en btw.", unit="EUR"
    )
    first_years_eur: Series[float] = column(
        "Waarvan in de eerste fase", "Investering in de eerste jaren.", unit="EUR"
    )
    works_saving_eur: Series[float] = column(
        "Gespaard door samen te graven", "Al van de investering afgetrokken.", unit="EUR"
    )
    npv_eur: Series[float] = column(
        "Netto waarde",
        "Over de looptijd in geld van vandaag, als warmte net zo veel kost als een eigen "
        "warmtepomp.",
        unit="EUR",
    )
    break_even_eur_mwh: Series[float] = column(
        "Nodige warmteprijs",
        "Prijs waarmee de gemeente quitte speelt. Aansluitingen en bron tellen hier pas in het "
        "jaar dat ze nodig zijn; daarom kan hij lager zijn dan voor een net ineens.",
        unit="EUR/MWh",
    )
    co2_avoided_t: Series[float] = column(
        "CO2 vermeden", "Ton over de jaren van aanleg, tegenover gas.", unit="t"
    )
    last_year: Series[pd.Int64Dtype] = column(
        "Laatste straat", "Jaar waarin de laatste groep kan aansluiten.", unit="jaar"
    )
    npv_low_eur: Series[float] = column(
        "Waarde bij tegenvaller", "Minder aansluitingen, en later; u bouwt alles.", unit="EUR"
    )
    npv_stopped_eur: Series[float] = column(
        "Waarde bij stoppen",
        "Minder aansluitingen, en later; u stopt na de eerste fase.",
        unit="EUR",
    )
    regret_eur: Series[float] = column(
        "Spijt bij tegenvaller",
        "Hoeveel minder dan de beste aanpak bij een tegenvaller, als u mag stoppen.",
        unit="EUR",
    )
    is_recommended: Series[pd.BooleanDtype] = column(
        "Minste spijt", "De aanpak die het best tegen een tegenvaller kan.", required=True
    )


class FaseringPerJaar(Table):
    """
    Investment, heat and dwellings of each order of streets, phase by phase.

    Rounded to what five dwellings ask, so that one phase or order less another tells nothing
    about a single building.
    """

    approach: Series[str] = column(
        "Aanpak",
        "In welke volgorde de straten aan de beurt komen.",
        required=True,
        allowed=STRATEGIES,
        labels="phasing_strategy",
    )
    year: Series[pd.Int64Dtype] = column(
        "Tot en met", "Laatste jaar van de fase.", unit="jaar", required=True
    )
    investment_eur: Series[float] = column(
        "Investering", "In deze fase, zonder btw, afgerond.", unit="EUR", per_street=True
    )
    heat_mwh: Series[float] = column(
        "Verkochte warmte", "In het laatste jaar, afgerond.", unit="MWh", per_street=True
    )
    dwellings: Series[float] = column(
        "Aangesloten woningen",
        "Verwacht aantal aan het eind van de fase, afgerond.",
        unit="aantal",
        per_street=True,
    )


class FaseringKaart(Table):
    """When each street gets its pipe."""

    street_name: Series[str] = column("Straat", "Naam van de straat.", required=True)
    year: Series[pd.Int64Dtype] = column(
        "Aanleg", "Jaar waarin de eerste buis in de straat komt.", unit="jaar", per_street=True
    )
    length_m: Series[float] = column(
        "Hoofdleiding", "Lengte van de buis in deze straat.", unit="m", required=True
    )
    dwellings: Series[pd.Int64Dtype] = column(
        "Woningen", "Woningen in de straat die het net kan bereiken.", unit="aantal", required=True
    )


class LeidingenPerFase(Table):
    """What happens to the pipes in each phase."""

    sizing: Series[str] = column(
        "Maat van de buis",
        "Meteen voor iedereen, of enkel voor wie er in die fase is.",
        required=True,
        allowed=SIZINGS,
        labels="pipe_sizing",
    )
    action: Series[str] = column(
        "Wat gebeurt er",
        "Met de buis in de straat.",
        required=True,
        allowed=ACTIONS,
        labels="pipe_action",
    )
    phase: Series[str] = column("Fase", "Eerste en laatste jaar.", required=True)
    length_m: Series[float] = column("Lengte", "Hoofdleiding.", unit="m", required=True)
    cost_eur: Series[float] = column(
        "Kosten", "Leggen of vervangen van de hoofdleiding, zonder btw.", unit="EUR",
        per_street=True,
    )  # fmt: skip


class WerkenPerStraat(Table):
    """Whether and when a street digs together with other works."""

    street_name: Series[str] = column("Straat", "Naam van de straat.", required=True)
    choice: Series[str] = column(
        "Keuze",
        "Wat voor het warmtenet het voordeligst is.",
        required=True,
        allowed=CHOICES,
        labels="works_choice",
    )
    planned_year: Series[pd.Int64Dtype] = column(
        "Beurt van het net", "Zonder andere werken, straat per straat.", unit="jaar", required=True
    )
    year: Series[pd.Int64Dtype] = column(
        "Beste jaar", "Jaar om in deze straat te graven.", unit="jaar", required=True
    )
    asset: Series[str] = column(
        "Samen met", "Soort werk.", allowed=WORKS_ASSETS, labels="works_asset"
    )
    saving_eur: Series[float] = column(
        "Gespaard graafwerk", "Door één keer te graven.", unit="EUR", per_street=True
    )
    waiting_eur: Series[float] = column(
        "Kost van wachten", "Warmte die intussen niet verkocht wordt.", unit="EUR", per_street=True
    )
    ahead_eur: Series[float] = column(
        "Kost van vooruit leggen",
        "Rente op buizen die nog niet gebruikt worden.",
        unit="EUR",
        per_street=True,
    )
    gain_eur: Series[float] = column(
        "Winst", "Besparing min wachten en vooruit leggen.", unit="EUR", per_street=True
    )
    length_m: Series[float] = column(
        "Hoofdleiding", "Lengte van de buis in deze straat.", unit="m", required=True
    )
    dwellings: Series[pd.Int64Dtype] = column(
        "Woningen", "Woningen in de straat die het net kan bereiken.", unit="aantal", required=True
    )


class WerkenSamen(Table):
    """The streets by what they do with other works."""

    choice: Series[str] = column(
        "Keuze",
        "Wat voor het warmtenet het voordeligst is.",
        required=True,
        allowed=CHOICES,
        labels="works_choice",
    )
    streets: Series[pd.Int64Dtype] = column("Straten", "Aantal.", unit="aantal", required=True)
    length_m: Series[float] = column("Hoofdleiding", "Lengte.", unit="m", required=True)
    gain_eur: Series[float] = column(
        "Winst", "Besparing min wachten en vooruit leggen.", unit="EUR", per_street=True
    )
    dwellings: Series[pd.Int64Dtype] = column(
        "Woningen", "Woningen in deze straten.", unit="aantal", required=True
    )


CONTRACTS: tuple[Contract, ...] = (
    Contract(
        "renovatie_en_net",
        "Renovatie, temperatuur en net",
        RenovatieEnNet,
        key=("depth", "regime"),
    ),
    Contract("volgorde", "Eerst het net of eerst renoveren", Volgorde),
    Contract("fasering", "Alles in één keer of stap voor stap", Fasering),
    Contract(
        "fasering_per_jaar",
        "Investering en aansluitingen per fase",
        FaseringPerJaar,
        key=("approach", "year"),
        count_column="counted",
        total_groups=(("approach", "year"),),  # rows that only grow: each its own group
    ),
    Contract(
        "fasering_kaart",
        "Wanneer elke straat aan de beurt is",
        FaseringKaart,
        geometry=_LINES,
        count_column="dwellings",
    ),
    Contract(
        "leidingen_per_fase",
        "Wat er per fase met de buizen gebeurt",
        LeidingenPerFase,
        key=("sizing", "action", "phase"),
        count_column="counted",
        total_groups=(("sizing",), ("sizing", "action")),
    ),
    Contract(
        "werken_per_straat",
        "Samen graven, straat per straat",
        WerkenPerStraat,
        count_column="dwellings",
        total_groups=(("choice",), ()),  # the rows of werken_samen
    ),
    Contract(
        "werken_samen",
        "Wat samen graven oplevert",
        WerkenSamen,
        count_column="dwellings",
    ),
)
