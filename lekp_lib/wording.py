"""
Dutch words, numbers and dates, used by every message and every page.

Code speaks English, readers read Dutch; this is the one place where the two meet.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata

__all__ = [
    "LABELS",
    "NOT_KNOWN",
    "date",
    "join",
    "label",
    "number",
    "quantity",
    "share",
    "slugify",
]

NOT_KNOWN = "niet bekend"

_MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)

LABELS: dict[str, dict[str, str]] = {
    "building_type": {
        "terraced": "rijwoning",
        "semi_detached": "halfopen woning",
        "detached": "open woning",
        "apartment_building": "appartementsgebouw",
        "mixed_commercial": "handelshuis",
        "other": "ander gebouw",
        "unknown": "type onbekend",
    },
    "period": {
        "before_1900": "voor 1900",
        "1900_1918": "1900–1918",
        "1919_1945": "1919–1945",
        "1946_1961": "1946–1961",
        "1962_1970": "1962–1970",
        "1971_1981": "1971–1981",
        "1982_1991": "1982–1991",
        "1992_2001": "1992–2001",
        "2002_2011": "2002–2011",
        "after_2011": "na 2011",
        "unknown": "bouwjaar onbekend",
    },
    "function": {
        "residential": "wonen",
        "mixed": "wonen en handel",
        "school": "school",
        "supermarket": "supermarkt",
        "shop": "winkel",
        "office": "kantoor",
        "care": "zorg",
        "hospitality": "horeca",
        "community": "gemeenschapsgebouw",
        "sport": "sport",
        "industry": "bedrijf",
        "agriculture": "landbouw",
        "ancillary": "bijgebouw",
        "unknown": "functie onbekend",
    },
    "tenure": {
        "owner_occupied": "eigenaar-bewoner",
        "private_rental": "private huur",
        "social_rental": "sociale huur",
        "unknown": "eigendom onbekend",
    },
    "road_class": {
        "motorway": "snelweg",
        "main": "hoofdweg",
        "connector": "verbindingsweg",
        "local": "woonstraat",
        "service": "toegangsweg",
        "slow": "pad",
    },
    "owner_kind": {
        "municipality": "gemeente",
        "school": "school",
        "supermarket": "supermarkt",
        "company": "bedrijf",
        "care": "zorginstelling",
        "church": "kerkfabriek",
        "housing_company": "woonmaatschappij",
        "private": "privé",
        "unknown": "eigenaar onbekend",
    },
    "parking_function": {
        "residential": "bewoners",
        "visitors": "bezoekers",
        "school": "school",
        "supermarket": "supermarkt",
        "shop": "winkels",
        "office": "kantoor",
        "care": "zorg",
        "hospitality": "horeca",
        "community": "gemeenschapsgebouw",
        "sport": "sport",
        "public": "openbare parking",
        "unknown": "functie onbekend",
    },
    "tree_class": {
        "1a": "boom van meer dan 20 m",
        "1b": "boom van 12 tot 20 m",
        "2": "boom van 6 tot 12 m",
        "3": "boom tot 6 m",
    },
    "green_kind": {
        "park": "park",
        "grass": "gras",
        "forest": "bos",
        "garden": "tuin",
        "verge": "berm",
        "playground": "speelplein",
        "sports": "sportveld",
        "cemetery": "begraafplaats",
        "agriculture": "landbouwgrond",
        "heath": "heide",
        "water": "water",
        "other": "ander groen",
    },
    "area_kind": {
        "street": "straat",
        "sector": "statistische sector",
        "wijk": "wijk",
    },
    "heat_source_kind": {
        "waste_heat": "restwarmte",
        "geothermal": "geothermie",
        "aquathermal": "aquathermie",
        "air_heat_pump": "luchtwarmtepomp",
        "biomass": "biomassa",
        "solar_thermal": "zonnewarmte",
        "gas_boiler": "gasketel",
        "electric_boiler": "elektrische ketel",
    },
    "network_owner": {
        "municipality": "gemeente of AGB",
        "intermunicipal": "intergemeentelijke vereniging",
        "citizen_coop": "burgercoöperatie",
        "private_concession": "private concessie",
        "hybrid": "gemengde projectvennootschap",
        "consumer_owned": "vereniging van gebruikers",
    },
    "capital_layer": {
        "subsidy": "subsidie",
        "municipal_equity": "kapitaal van de gemeente",
        "intermunicipal_equity": "kapitaal van de vereniging van gemeenten",
        "citizen_shares": "aandelen van burgers",
        "private_equity": "privaat kapitaal",
        "loan": "lening",
    },
    "network_risk": {
        "demand": "er is minder warmte nodig",
        "construction": "de bouw wordt duurder",
        "energy_price": "energie wordt duurder",
        "interest": "de rente stijgt",
        "connection": "mensen sluiten later of niet aan",
        "heat_source": "de warmtebron valt weg",
    },
    "risk_carrier": {
        "municipality": "de gemeente",
        "member_municipalities": "de gemeenten die lid zijn",
        "citizens": "de burgers met aandelen",
        "operator": "de concessiehouder",
        "users": "de gebruikers",
        "shared": "gedeeld",
    },
    "heat_way": {
        "network": "warmtenet",
        "heat_pump": "eigen warmtepomp",
        "gas": "nieuwe gasketel",
    },
    "works_party": {
        "sewer": "rioolbeheerder",
        "water": "waterbedrijf",
        "electricity": "beheerder van het elektriciteitsnet",
        "gas": "beheerder van het gasnet",
        "telecom": "telecombedrijf",
        "road": "wegbeheerder",
        "municipality": "gemeente",
        "heat": "warmtebedrijf",
        "other": "andere partij",
    },
    "works_asset": {
        "sewer": "riolering",
        "water_main": "waterleiding",
        "power_cable": "elektriciteitskabel",
        "gas_main": "gasleiding",
        "telecom": "telecom",
        "surface": "wegdek",
        "depaving": "ontharding",
        "mobility": "herinrichting voor mobiliteit",
    },
    "actor_kind": {
        "public": "publiek",
        "private": "privaat",
        "civic": "burgers",
    },
    "contribution_kind": {
        "land": "grond",
        "capital": "kapitaal",
        "capacity": "capaciteit",
    },
    "condition": {
        "none": "geen voorwaarde",
        "co_ownership": "mede-eigenaar worden",
        "vote": "stemrecht",
        "lease_only": "alleen verhuren of verpachten",
        "return_cap": "begrensd rendement",
        "market_return": "rendement van de markt",
        "guarantee_needed": "waarborg nodig",
        "exit_after_years": "uitstappen na enkele jaren",
    },
    "legal_form": {
        "regie": "eigen beheer door de gemeente",
        "agb": "autonoom gemeentebedrijf (AGB)",
        "eva": "gemeentelijk agentschap in privaatrecht (nv, cv, vzw of stichting)",
        "service_association": "dienstverlenende vereniging van gemeenten",
        "mandated_association": "opdrachthoudende vereniging van gemeenten",
        "concession": "concessie aan een privaat bedrijf",
        "citizen_coop": "burgercoöperatie (cv)",
        "project_company": "gemengde projectvennootschap",
        "user_association": "vereniging van gebruikers of mede-eigenaars",
        "egb": "status: energiegemeenschap van burgers (EGB)",
        "heg": "status: hernieuwbare-energiegemeenschap (HEG)",
    },
    "legal_criterion": {
        "land_without_sale": "Kan ze grond gebruiken die van een ander blijft?",
        "plant_of_others": "Kan ze werken met een installatie die van een ander blijft?",
        "municipality_member": "Kan de gemeente er mede-eigenaar of lid van zijn?",
        "public_member": "Kunnen andere openbare partners mede-eigenaar of lid zijn?",
        "private_member": "Kan een privaat bedrijf mede-eigenaar of lid zijn?",
        "citizen_member": "Kunnen burgers mede-eigenaar of lid zijn?",
        "several_municipalities": "Kan ze in meer dan één gemeente werken?",
        "network_operator": "Mag ze het net beheren en warmte leveren?",
        "loan_guarantee": "Kan ze lenen met een waarborg van de gemeente?",
        "free_profit": "Mag ze winst vrij uitkeren?",
        "direct_award": "Kan de gemeente haar het net toewijzen zonder oproep?",
        "limited_liability": "Kan de gemeente hoogstens haar inbreng verliezen?",
        "quick_setup": "Is ze snel op te richten?",
        "exit_possible": "Kan een deelnemer na enkele jaren uitstappen?",
        "citizen_vote": "Hebben burgers een stem in de beslissingen?",
        "private_control": "Kan een privaat bedrijf de beslissingen sturen?",
    },
    "legal_answer": {
        "ja": "ja",
        "deels": "deels",
        "nee": "nee",
        "onbekend": "niet geweten",
    },
    "legal_verdict": {
        "survives": "blijft over",
        "to_check": "blijft over, maar nog na te kijken",
        "out": "valt af",
        "not_tested": "niet getoetst",
    },
    "renovation_depth": {
        "none": "geen renovatie",
        "light": "dak en glas",
        "deep": "hele schil",
    },
    "renovation_order": {
        "network_first": "eerst het net",
        "together": "samen",
        "renovation_first": "eerst renoveren",
    },
    "phasing_strategy": {
        "all_at_once": "alles in één keer",
        "outward": "straat per straat vanaf de bron",
        "anchors_first": "grote afnemers eerst",
        "follow_works": "mee met andere werken",
    },
    "group_kind": {
        "street": "straat",
        "estate": "sociale woonwijk",
        "apartment": "appartementsgebouw",
        "anchor": "grote afnemer",
    },
    "pipe_action": {
        "none": "nog niet gelegd",
        "install": "leggen",
        "replace": "vervangen door een dikkere",
        "keep": "in gebruik",
        "idle": "ligt klaar, nog niet in gebruik",
    },
    "pipe_sizing": {
        "ahead": "meteen voor iedereen",
        "per_phase": "per fase",
    },
    "works_choice": {
        "together": "samen graven",
        "wait": "wachten op de werken",
        "lay_ahead": "vooruit leggen",
        "apart": "apart graven",
        "no_works": "geen werken rond die tijd",
    },
    "basis": {
        "law": "wettelijk",
        "measured": "gemeten",
        "published": "gepubliceerd",
        "derived": "afgeleid",
        "assumed": "aangenomen",
    },
    "table": {
        "gebouwen": "gebouwen",
        "straten": "straten",
        "grens": "grens van de wijk",
        "verbruik": "gemeten verbruik",
        "klimaat": "weer per uur",
        "warmtebronnen": "warmtebronnen",
        "warmteleidingen": "bestaande warmteleidingen",
        "werken": "geplande werken",
        "actoren": "actoren",
        "parkings": "parkings",
        "bomen": "bomen",
        "groen": "groen",
        "aannames": "eigen aannames",
        "voortgang": "voortgang van de doelen",
    },
    "hint": {
        "both": "veel warmte per km² én per woning",
        "dense": "veel warmte per km²: onderzoek een warmtenet",
        "thirsty": "veel gas per woning: begin met renovatie",
        "off_gas": "weinig woningen op gas: zoek de andere verwarming",
        "middle": "geen uitschieter",
    },
    "status": {
        "goal_open": "loopt",
        "deadline_passed": "termijn voorbij",
        "closed": "afgesloten",
        "superseded_by_2.0": "vervangen door LEKP 2.0",
        "info": "ter info",
        "reporting_closed": "rapportering afgesloten",
    },
    "unit": {
        "aandeel": "",
        "-": "",
        "boom": "bomen",
        "kW": "kW",
        "renovatie": "renovaties",
        "wooneenheid": "wooneenheden",
        "project_18kW": "projecten van 18 kW",
        "toegangspunt": "toegangspunten",
        "laadpunt": "laadpunten",
        "laadequivalent": "laadequivalenten",
        "perk_10m2": "perken van minstens 10 m²",
        "toegang": "toegangen",
        "procent": "%",
        "procent_per_jaar": "% per jaar",
        "contract": "contract",
        "plan": "plan",
        "ja": "(ja/nee)",
        "heffing": "heffingen",
        "m2": "m²",
        "m3": "m³",
        "km2": "km²",
        "kWh/m2": "kWh/m²",
        "MWh/km2": "MWh/km²",
        "aansluitingen/km2": "aansluitingen/km²",
        "vte": "voltijdse medewerkers",
        "EUR": "euro",
        "EUR/m": "euro/m",
        "EUR/m2": "euro/m²",
        "EUR/MWh": "euro/MWh",
        "t": "ton",
        "l/m2": "l/m²",
        "m2/plaats": "m² per plaats",
        "MWh/aansluiting": "MWh per aansluiting",
        "MWh/woning": "MWh per woning",
        "kWh/woning": "kWh per woning",
        "MWh/m": "MWh per meter",
        "auto/huishouden": "auto’s per huishouden",
        "auto/woning": "auto’s per woning",
        "plaats": "plaatsen",
        "plaats/woning": "plaatsen per woning",
        "aantal": "",
    },
}
"""Kind of list → code → Dutch label."""


def label(kind: str, code: object) -> str:
    """
    Return the Dutch label of a code; a missing code reads "niet bekend".

    Parameters
    ----------
    kind : str
        A key of ``LABELS``.
    code : str or missing
        The code. One that is not in the list comes back as it is.

    Examples
    --------
    >>> label("building_type", "terraced")
    'rijwoning'
    >>> label("period", None)
    'niet bekend'
    """
    if _is_missing(code):
        return NOT_KNOWN
    return LABELS[kind].get(str(code), str(code))


def number(value: float | int | None, decimals: int = 0) -> str:
    """
    Return a number the Dutch way: point for thousands, comma for decimals.

    Parameters
    ----------
    value : float or None
        None and NaN read "niet bekend".
    decimals : int
        Number of decimals shown.

    Examples
    --------
    >>> number(1234567.891, 2)
    '1.234.567,89'
    >>> number(-0.4)
    '0'
    >>> number(None)
    'niet bekend'
    """
    if value is None or _is_missing(value):
        return NOT_KNOWN
    text = f"{float(value):,.{decimals}f}"
    if float(text.replace(",", "")) == 0:
        text = text.removeprefix("-")
    return text.translate(str.maketrans(",.", ".,"))


def _is_missing(value: object) -> bool:
    """Tell None, NaN and pandas' NA (whose comparison is neither true nor false)."""
    if value is None or type(value).__name__ == "NAType":
        return True
    return isinstance(value, float) and math.isnan(value)


def quantity(value: float | int | None, unit: str, decimals: int = 0) -> str:
    """
    Return a number with its unit as a reader writes it.

    Examples
    --------
    >>> quantity(16.73, "MWh", 1)
    '16,7 MWh'
    >>> quantity(0.431, "aandeel")
    '43 %'
    >>> quantity(12, "m2")
    '12 m²'
    """
    if unit == "aandeel":
        return share(value, decimals)
    text = number(value, decimals)
    word = LABELS["unit"].get(unit, unit)
    return text if text == NOT_KNOWN or not word else f"{text} {word}"


def share(value: float | None, decimals: int = 0) -> str:
    """
    Return a share between 0 and 1 as a percentage.

    Examples
    --------
    >>> share(0.4312)
    '43 %'
    """
    if value is None or _is_missing(value):
        return NOT_KNOWN
    return f"{number(float(value) * 100, decimals)} %"


def date(day: dt.date) -> str:
    """
    Return a date in Dutch.

    Examples
    --------
    >>> date(dt.date(2030, 12, 31))
    '31 december 2030'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def join(words: list[str]) -> str:
    """
    Return words as a Dutch enumeration.

    Examples
    --------
    >>> join(["straten", "bomen", "groen"])
    'straten, bomen en groen'
    """
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} en {words[-1]}"


def slugify(name: str) -> str:
    """
    Return a name as a folder or page name: lower case, plain letters, hyphens.

    Examples
    --------
    >>> slugify("Sint-Genesius-Rode")
    'sint-genesius-rode'
    >>> slugify("Geraardsbergen (Éen)")
    'geraardsbergen-een'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
