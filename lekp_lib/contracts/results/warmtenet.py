"""Result tables of the study warmtenet."""

from __future__ import annotations

import pandas as pd
from pandera.typing import Series

from lekp_lib.contracts._base import Contract, Table, column
from lekp_lib.contracts.lists import AREA_KINDS, BUILDING_TYPES, FUNCTIONS, PERIODS

__all__ = ["CONTRACTS", "NO_DEMAND", "SCENARIOS", "VERDICTS"]

VERDICTS = ("kansrijk", "te onderzoeken", "weinig kans", "niet met een klassiek net")
"""Verdicts on a heat density, from dense to thin."""

SCENARIOS = ("laag", "midden", "hoog", "midden, minder aansluitingen")
"""Scenarios of the heat demand and, the last one, of who connects."""

NO_DEMAND = "geen warmtevraag"
"""Said of a street without a building that asks for heat."""

_PERIODS = (*PERIODS, "unknown")
_LINES = ("LineString", "MultiLineString")
_AREAS = ("Polygon", "MultiPolygon")


class WarmtePerStraat(Table):
    """Heat demand and heat density of each street."""

    street_name: Series[str] = column("Straat", "Naam van de straat.", required=True)
    density_mwh_m: Series[float] = column(
        "Warmtedichtheid",
        "Warmtevraag per jaar, gedeeld door de lengte van de straat.",
        unit="MWh/m",
        decimals=2,
        per_street=True,
    )
    verdict: Series[str] = column(
        "Oordeel",
        "Eerste oordeel over een klassiek warmtenet, als iedereen aansluit.",
        allowed=(*VERDICTS, NO_DEMAND),
        per_street=True,
    )
    demand_mwh: Series[float] = column(
        "Warmtevraag",
        "Nuttige warmte per jaar van alle gebouwen in de straat.",
        unit="MWh",
        per_street=True,
    )
    length_m: Series[float] = column("Lengte", "Lengte van de straat.", unit="m", required=True)
    dwellings: Series[pd.Int64Dtype] = column(
        "Woningen", "Woningen in de straat.", unit="aantal", required=True
    )
    buildings: Series[pd.Int64Dtype] = column(
        "Gebouwen", "Gebouwen met warmtevraag.", unit="aantal", required=True
    )


class OordeelPerScenario(Table):
    """The verdict at low, middle and high demand, and at middle demand if fewer connect."""

    scenario: Series[str] = column(
        "Warmtevraag",
        "Laag en hoog volgen uit het bereik van onze aannames.",
        required=True,
        allowed=SCENARIOS,
    )
    connected_share: Series[float] = column(
        "Aansluiting", "Deel van de warmtevraag dat aansluit.", unit="aandeel"
    )
    demand_gwh: Series[float] = column("Totaal", "Nuttige warmte per jaar.", unit="GWh", decimals=2)
    density_mwh_m: Series[float] = column(
        "Gemiddelde warmtedichtheid",
        "Warmtevraag gedeeld door de lengte van alle straten.",
        unit="MWh/m",
        decimals=2,
    )
    good_share: Series[float] = column(
        "Vraag in kansrijke straten", "Deel van de warmtevraag.", unit="aandeel"
    )
    middle_share: Series[float] = column(
        "Vraag in kansrijke en te onderzoeken straten",
        "Deel van de warmtevraag.",
        unit="aandeel",
    )
    critical_share: Series[float] = column(
        "Vraag boven de kritieke drempel", "Deel van de warmtevraag.", unit="aandeel"
    )
    verdict: Series[str] = column(
        "Oordeel over de wijk", "Binnen onze aannames.", allowed=(*VERDICTS, NO_DEMAND)
    )


class OordeelPerKlasse(Table):
    """How much of the neighbourhood lies in each class of streets."""

    verdict: Series[str] = column("Oordeel", "Klasse van straten.", required=True, allowed=VERDICTS)
    bounds: Series[str] = column("Warmtedichtheid", "Grenzen van de klasse.", required=True)
    streets: Series[pd.Int64Dtype] = column("Straten", "Aantal straten.", unit="aantal")
    length_km: Series[float] = column("Lengte", "Lengte van de straten.", unit="km", decimals=1)
    dwellings: Series[pd.Int64Dtype] = column("Woningen", "Aantal woningen.", unit="aantal")
    demand_mwh: Series[float] = column(
        "Warmtevraag", "Nuttige warmte per jaar.", unit="MWh", per_street=True
    )
    demand_share: Series[float] = column(
        "Deel van de warmtevraag",
        "Deel van de warmtevraag die een straat kreeg.",
        unit="aandeel",
        per_street=True,
    )


class WarmtePerTypePeriode(Table):
    """Heat demand of homes by building type and construction period."""

    building_type: Series[str] = column(
        "Type", "Gebouwtype.", required=True, allowed=BUILDING_TYPES, labels="building_type"
    )
    construction_period: Series[str] = column(
        "Bouwperiode", "Periode van de bouw.", required=True, allowed=_PERIODS, labels="period"
    )
    buildings: Series[pd.Int64Dtype] = column("Gebouwen", "Woongebouwen.", unit="aantal")
    dwellings: Series[pd.Int64Dtype] = column("Woningen", "Aantal woningen.", unit="aantal")
    demand_mwh: Series[float] = column(
        "Warmtevraag", "Nuttige warmte per jaar.", unit="MWh", per_street=True
    )
    demand_mwh_dwelling: Series[float] = column(
        "Per woning",
        "Nuttige warmte per woning en per jaar.",
        unit="MWh/woning",
        decimals=1,
        per_street=True,
    )


class GebouwenKaart(Table):
    """The buildings as the study sees them: type, period and function, nothing else."""

    building_type: Series[str] = column(
        "Type", "Gebouwtype, gegeven of afgeleid.", allowed=BUILDING_TYPES, labels="building_type"
    )
    construction_period: Series[str] = column(
        "Bouwperiode", "Periode van de bouw, als die bekend is.", allowed=_PERIODS, labels="period"
    )
    function: Series[str] = column(
        "Functie", "Waarvoor het gebouw dient.", allowed=FUNCTIONS, labels="function"
    )


class Ijking(Table):
    """Modelled beside metered heat, per area and year."""

    area_kind: Series[str] = column(
        "Soort gebied",
        "Straat, statistische sector of wijk.",
        required=True,
        allowed=AREA_KINDS,
        labels="area_kind",
    )
    area_id: Series[str] = column("Gebied", "Kenmerk van het gebied.", required=True)
    year: Series[pd.Int64Dtype] = column("Jaar", "Kalenderjaar.", unit="jaar", required=True)
    is_used: Series[pd.BooleanDtype] = column(
        "Gebruikt", "Werd de rij gebruikt om te ijken?", required=True
    )
    gas_mwh: Series[float] = column(
        "Gas", "Gemeten gas van huishoudens.", unit="MWh", sensitive=True
    )
    gas_points: Series[pd.Int64Dtype] = column(
        "Gasaansluitingen", "Aansluitingen van huishoudens.", unit="aantal", sensitive=True
    )
    metered_mwh_dwelling: Series[float] = column(
        "Gemeten",
        "Nuttige warmte uit gemeten gas, per aansluiting.",
        unit="MWh/woning",
        decimals=1,
        sensitive=True,
    )
    modelled_mwh_dwelling: Series[float] = column(
        "Berekend voor ijking",
        "Nuttige warmte per woning voor de ijking.",
        unit="MWh/woning",
        decimals=1,
        sensitive=True,
    )
    error_share: Series[float] = column(
        "Fout voor ijking",
        "Berekend tegenover gemeten; boven nul is te veel.",
        unit="aandeel",
        sensitive=True,
    )
    error_after_share: Series[float] = column(
        "Fout na ijking",
        "Berekend na de ijking tegenover gemeten; boven nul is te veel.",
        unit="aandeel",
        sensitive=True,
    )
    factor: Series[float] = column(
        "Factor", "Gemeten gedeeld door berekend.", unit="-", decimals=2, sensitive=True
    )


class StratenGeijkt(Table):
    """Modelled beside metered heat of the streets that were used, latest year only."""

    street_name: Series[str] = column("Straat", "Naam van de straat.", required=True)
    gas_points: Series[pd.Int64Dtype] = column(
        "Gasaansluitingen", "Aansluitingen van huishoudens.", unit="aantal", sensitive=True
    )
    metered_mwh_dwelling: Series[float] = column(
        "Gemeten",
        "Nuttige warmte uit gemeten gas, per aansluiting.",
        unit="MWh/woning",
        decimals=1,
        sensitive=True,
    )
    modelled_mwh_dwelling: Series[float] = column(
        "Berekend voor ijking",
        "Nuttige warmte per woning voor de ijking.",
        unit="MWh/woning",
        decimals=1,
        sensitive=True,
    )
    error_share: Series[float] = column(
        "Fout voor ijking",
        "Berekend tegenover gemeten; boven nul is te veel.",
        unit="aandeel",
        sensitive=True,
    )
    error_after_share: Series[float] = column(
        "Fout na ijking",
        "Berekend na de ijking tegenover gemeten; boven nul is te veel.",
        unit="aandeel",
        sensitive=True,
    )
    year: Series[pd.Int64Dtype] = column("Jaar", "Kalenderjaar.", unit="jaar", required=True)


class Invulling(Table):
    """How each property of the buildings was known, and how often a default stood in."""

    subject: Series[str] = column("Gegeven", "Eigenschap van het gebouw.", required=True)
    how: Series[str] = column("Hoe bekend", "Waar de waarde vandaan komt.", required=True)
    is_default: Series[pd.BooleanDtype] = column(
        "Ingevuld", "Nam een aanname de plaats in van een gegeven?", required=True
    )
    buildings: Series[pd.Int64Dtype] = column("Gebouwen", "Aantal gebouwen.", unit="aantal")
    share: Series[float] = column("Aandeel", "Deel van deze gebouwen.", unit="aandeel")


class ZonderWarmtevraag(Table):
    """Buildings that got no heat demand."""

    function: Series[str] = column(
        "Functie", "Waarvoor het gebouw dient.", allowed=FUNCTIONS, labels="function"
    )
    reason: Series[str] = column("Waarom", "Waarom er geen warmtevraag is.", required=True)
    buildings: Series[pd.Int64Dtype] = column("Gebouwen", "Aantal gebouwen.", unit="aantal")


class AndereGebouwen(Table):
    """Buildings that are no homes but ask for heat."""

    function: Series[str] = column(
        "Functie", "Waarvoor het gebouw dient.", allowed=FUNCTIONS, labels="function"
    )
    buildings: Series[pd.Int64Dtype] = column("Gebouwen", "Aantal gebouwen.", unit="aantal")
    floor_area_m2: Series[float] = column(
        "Vloeroppervlakte",
        "Bruto, zonder het deel waarin gewoond wordt.",
        unit="m2",
        per_street=True,
    )
    heat_kwh_m2: Series[float] = column(
        "Aangenomen warmte", "Nuttige warmte per bruto vierkante meter.", unit="kWh/m2"
    )
    demand_mwh: Series[float] = column(
        "Warmtevraag", "Nuttige warmte per jaar.", unit="MWh", per_street=True
    )


class WarmtePerPeriode(Table):
    """The levels of the homes of the neighbourhood, by construction period."""

    construction_period: Series[str] = column(
        "Bouwperiode", "Periode van Statbel.", required=True, allowed=PERIODS, labels="period"
    )
    heat_mwh_dwelling: Series[float] = column(
        "Niveau",
        "Nuttige warmte van een gemiddelde woning, met warm water, afgeleid uit gemeten gas.",
        unit="MWh/woning",
        decimals=1,
    )
    low_mwh_dwelling: Series[float] = column("Laag", "Ondergrens.", unit="MWh/woning", decimals=1)
    high_mwh_dwelling: Series[float] = column("Hoog", "Bovengrens.", unit="MWh/woning", decimals=1)
    buildings: Series[float] = column(
        "Woongebouwen", "Verwacht aantal woongebouwen in de wijk.", unit="aantal"
    )


class Typologie(Table):
    """What an average Flemish home of each type and period asks for, fitted to metered gas."""

    building_type: Series[str] = column(
        "Type", "Gebouwtype.", required=True, allowed=BUILDING_TYPES, labels="building_type"
    )
    construction_period: Series[str] = column(
        "Bouwperiode", "Periode van Statbel.", required=True, allowed=PERIODS, labels="period"
    )
    heat_mwh_dwelling: Series[float] = column(
        "Nuttige warmte",
        "Ruimteverwarming en warm water van een gemiddelde woning op gas.",
        unit="MWh/woning",
        decimals=1,
    )
    low_mwh_dwelling: Series[float] = column(
        "Laag", "Ondergrens: vier kansen op vijf.", unit="MWh/woning", decimals=1
    )
    high_mwh_dwelling: Series[float] = column(
        "Hoog", "Bovengrens: vier kansen op vijf.", unit="MWh/woning", decimals=1
    )
    dwellings: Series[float] = column(
        "Woningen", "Woningen van deze klasse in de gebruikte gemeenten.", unit="aantal"
    )
    remark: Series[str] = column("Opmerking", "Waarop het niveau vooral steunt.")


class Tornado(Table):
    """What moves the mean heat density most, one assumption at a time."""

    assumption: Series[str] = column("Aanname", "Wat verandert.", required=True)
    concerns: Series[str] = column(
        "Gaat over", "De warmtevraag zelf, of wie aansluit.", allowed=("warmtevraag", "aansluiting")
    )
    low_text: Series[str] = column("Laag", "Laagste waarde.")
    high_text: Series[str] = column("Hoog", "Hoogste waarde.")
    density_low_mwh_m: Series[float] = column(
        "Dichtheid bij laag", "Gemiddelde warmtedichtheid.", unit="MWh/m", decimals=2
    )
    density_high_mwh_m: Series[float] = column(
        "Dichtheid bij hoog", "Gemiddelde warmtedichtheid.", unit="MWh/m", decimals=2
    )
    swing_mwh_m: Series[float] = column(
        "Verschil", "Hoogste min laagste dichtheid.", unit="MWh/m", decimals=2
    )


class Opmerkingen(Table):
    """Remarks that a reader of the figures must know."""

    subject: Series[str] = column("Onderwerp", "Waarover het gaat.", required=True)
    text: Series[str] = column("Opmerking", "Eén of meer zinnen.", required=True)


class ToelichtingNet(Table):
    """Remarks beside the answers that need a network."""

    question: Series[str] = column("Vraag", "Waar de toelichting bij hoort.", required=True)
    remark: Series[str] = column("Toelichting", "In gewone woorden.", required=True)


class WarmtePerGebouw(Table):
    """Heat demand per building; never leaves the house."""

    building_id: Series[str] = column("Gebouw-id", "Kenmerk van het gebouw.", unique=True)
    street_id: Series[str] = column("Straat-id", "Toegewezen segment.")
    function: Series[str] = column("Functie", "Waarvoor het gebouw dient.", labels="function")
    building_type: Series[str] = column("Type", "Gebouwtype.", labels="building_type")
    construction_period: Series[str] = column("Bouwperiode", "Als bekend.", labels="period")
    dwellings: Series[pd.Int64Dtype] = column("Woningen", "Aantal woningen.", unit="aantal")
    floor_area_m2: Series[float] = column("Vloeroppervlakte", "Bruto.", unit="m2")
    space_mwh: Series[float] = column("Ruimteverwarming", "Na ijking.", unit="MWh", decimals=1)
    hot_water_mwh: Series[float] = column("Warm water", "Na ijking.", unit="MWh", decimals=1)
    other_mwh: Series[float] = column("Andere functie", "Aanname.", unit="MWh", decimals=1)
    demand_mwh: Series[float] = column("Warmtevraag", "Samen.", unit="MWh", decimals=1)
    factor: Series[float] = column("IJkfactor", "Op de woningen toegepast.", unit="-", decimals=2)


# Metered rows went through ``domain.meters``, which holds wijk and streets against each other.
CONTRACTS: tuple[Contract, ...] = (
    Contract(
        "warmte_per_straat",
        "Warmtevraag en warmtedichtheid per straat",
        WarmtePerStraat,
        geometry=_LINES,
        count_column="dwellings",
        total_groups=(("verdict",), ()),  # the classes of oordeel_per_klasse
    ),
    Contract("oordeel_per_scenario", "Eerste oordeel over de wijk", OordeelPerScenario),
    Contract(
        "oordeel_per_klasse",
        "Straten per klasse van warmtedichtheid",
        OordeelPerKlasse,
        count_column="dwellings",
    ),
    Contract(
        "warmte_per_type_periode",
        "Warmtevraag per type en bouwperiode",
        WarmtePerTypePeriode,
        count_column="buildings",
    ),
    Contract("gebouwen_kaart", "Gebouwen naar type en bouwperiode", GebouwenKaart, geometry=_AREAS),
    Contract(
        "ijking",
        "Berekend en gemeten in wijk en sectoren",
        Ijking,
        count_column="gas_points",
    ),
    Contract(
        "ijking_per_straat",
        "Berekend en gemeten per straat",
        Ijking,
        count_column="gas_points",
    ),
    Contract(
        "straten_geijkt",
        "Berekend en gemeten in de straten die meetelden",
        StratenGeijkt,
        count_column="gas_points",
    ),
    Contract("invulling", "Wat bekend was en wat ingevuld werd", Invulling),
    Contract("zonder_warmtevraag", "Gebouwen zonder warmtevraag", ZonderWarmtevraag),
    Contract(
        "andere_gebouwen",
        "Gebouwen die geen woning zijn, met warmtevraag",
        AndereGebouwen,
        count_column="buildings",
    ),
    Contract(
        "warmte_per_periode", "Niveau per bouwperiode, afgeleid uit gemeten gas", WarmtePerPeriode
    ),
    Contract(
        "typologie", "Warmtevraag van een gemiddelde woning, afgeleid uit gemeten gas", Typologie
    ),
    Contract("tornado", "Wat de gemiddelde warmtedichtheid het meest verandert", Tornado),
    Contract("opmerkingen", "Opmerkingen bij de cijfers", Opmerkingen),
    Contract("toelichting_net", "Toelichting bij het net", ToelichtingNet),
    Contract(
        "warmte_per_gebouw",
        "Warmtevraag per gebouw",
        WarmtePerGebouw,
        index="building_id",
        is_public=False,
    ),
)
