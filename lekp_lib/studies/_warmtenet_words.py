"""The sentences of work programme 1, written from guarded key figures and counts only."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import pandas as pd

from lekp_lib import wording
from lekp_lib.contracts import RESULTS, Place
from lekp_lib.contracts.results.warmtenet import VERDICTS
from lekp_lib.studies._frames import summary
from lekp_lib.studies._typology import REFERENCE_YEAR

__all__ = ["Words", "map_date", "remarks", "sentences"]

_KNOWN_WEATHER = {2020: "zacht", 2021: "koud"}
_OLD_BEFORE = dt.date(2021, 11, 1)
"""A map of before this day is more than five years old in this edition."""


def map_date(place: Place) -> dt.date | None:
    """
    Return the day of the map of the buildings if it is an old one, else None.

    Parameters
    ----------
    place : Place
        The neighbourhood; its ``wijk.yml`` may give dates as ``2016-09`` or ``2016-09-30``.
    """
    note = place.settings.sources.get("gebouwen")
    found = re.match(r"(\d{4})-(0[1-9]|1[0-2])\b", note.date if note else "")
    if found is None:
        return None
    day = dt.date(int(found[1]), int(found[2]), 1)
    return day if day < _OLD_BEFORE else None


@dataclass(frozen=True)
class Words:
    """
    What the sentences need besides guarded figures.

    Attributes
    ----------
    name : str
        Name of the neighbourhood.
    stock_name : str
        Whose building stock filled in the construction periods.
    verdicts : tuple of str
        Verdict on the neighbourhood at low, middle and high demand.
    good_mwh_m, middle_mwh_m, critical_mwh_m : float
        Thresholds of the heat density [MWh/m].
    verdict_share : float
        Share of the demand that decides on the verdict [0-1].
    lowest_factor, highest_factor : float
        Bounds of a calibration factor without a warning [-].
    connected_share, lowest_connected_share : float
        Share of the heat demand that is taken to connect, and its lower bound [0-1].
    verdict_if_few_connect : str
        Verdict at middle demand and that lower bound.
    map_date : date or None
        Day of the map of the buildings, if it is an old one.
    has_meters, has_streets_metered : bool
        Metered gas calibrated the whole; some streets had their own.
    n_cells_too_small : int
        Rows of metered gas that were too small to be used.
    overall_kind : str
        Kind of area that calibrated the whole, empty if none.
    n_outside, n_segments_left_out : int
        Buildings outside the boundary; segments no pipe can lie in.
    without_effect : tuple of str
        Assumptions that do not change the mean density.
    """

    name: str
    stock_name: str
    verdicts: tuple[str, str, str]
    good_mwh_m: float
    middle_mwh_m: float
    critical_mwh_m: float
    verdict_share: float
    lowest_factor: float
    highest_factor: float
    connected_share: float
    lowest_connected_share: float
    verdict_if_few_connect: str
    map_date: dt.date | None
    has_meters: bool
    has_streets_metered: bool
    n_cells_too_small: int
    overall_kind: str
    n_outside: int
    n_segments_left_out: int
    without_effect: tuple[str, ...] = ()


def sentences(figures: pd.DataFrame, words: Words) -> pd.DataFrame:
    """
    Return result table ``samenvatting``.

    Parameters
    ----------
    figures : DataFrame
        Key figures as returned by ``guard_key_figures``.
    words : Words
        Names, verdicts and thresholds.
    """
    known = _values(figures)
    if not known["demand_gwh"] > 0:
        return _without_demand(words)
    if not known["street_length_km"] > 0:
        return _without_streets(known, words)
    return summary(
        what=_what(known, words),
        sure=_sure(known, words),
        decision=_decision(known, words),
        next_step=_next_step(known, words),
    )


def _values(figures: pd.DataFrame) -> dict[str, float]:
    pairs = zip(figures["key"], figures["value"].astype("float64"), strict=True)
    return {str(key): float(value) for key, value in pairs}


def _without_demand(words: Words) -> pd.DataFrame:
    return summary(
        what=(
            f"In de gegevens van {words.name} staat geen enkele woning en geen ander gebouw "
            "waarvoor we een warmtevraag kunnen schatten."
        ),
        sure="Er valt niets te berekenen zolang de tabel gebouwen geen functie of woningen bevat.",
        decision="Neem op deze gegevens geen beslissing over een warmtenet.",
        next_step="Vul in de tabel gebouwen de functie of het aantal woningen in.",
    )


def _without_streets(known: dict[str, float], words: Words) -> pd.DataFrame:
    return summary(
        what=_demand(known, words),
        sure=_sure(known, words),
        decision=(
            "Neem nog geen beslissing over een warmtenet: zonder straten waarin een leiding kan "
            "liggen, is er geen warmtedichtheid."
        ),
        next_step="Voeg aan de tabel straten de straten toe waarlangs de woningen liggen.",
    )


def _demand(known: dict[str, float], words: Words) -> str:
    return (
        f"De gebouwen van {words.name}, met {wording.number(known['dwellings'])} woningen, vragen "
        f"samen ongeveer {wording.quantity(known['demand_gwh'], 'GWh', 1)} nuttige warmte per jaar."
    )


def _what(known: dict[str, float], words: Words) -> str:
    return (
        f"{_demand(known, words)} Per meter straat is dat gemiddeld "
        f"{wording.number(known['density_mwh_m'], 2)} MWh "
        f"({wording.number(known['density_low_mwh_m'], 2)} tot "
        f"{wording.number(known['density_high_mwh_m'], 2)} binnen onze aannames"
        f"{_if_connected(words)})."
    )


def _if_connected(words: Words) -> str:
    if words.connected_share == 1:
        return ", als iedereen aansluit"
    return f", als {wording.share(words.connected_share)} van de vraag aansluit"


def _sure(known: dict[str, float], words: Words) -> str:
    return _about_level(known, words) + _about_map(words)


def _about_map(words: Words) -> str:
    if words.map_date is None:
        return ""
    month = wording.date(words.map_date).partition(" ")[2]
    return f" De gebouwen en straten komen van een kaart van {month}."


def _about_level(known: dict[str, float], words: Words) -> str:
    if words.has_meters:
        return (
            f"De berekening is geijkt op het gemeten gas van {known['gas_year']:.0f} "
            f"({wording.number(known['gas_points'])} aansluitingen); voor de ijking zat ze "
            f"{_error(known['error_before_share'])}.{_about_year(known)}{_not_on_gas(known)}"
        )
    compared = ""
    if known["error_reference_share"] == known["error_reference_share"]:
        compared = (
            " Tegenover het gas per aansluiting in "
            f"{words.stock_name} ({REFERENCE_YEAR}, enkel een indicatie) zit ze "
            f"{_error(known['error_reference_share'])}."
        )
    return (
        "Er is geen gemeten gas van de wijk dat we mogen gebruiken: de berekening steunt op het "
        f"gas van de Vlaamse gemeenten ({REFERENCE_YEAR}) en op aannames.{compared}"
    )


def _about_year(known: dict[str, float]) -> str:
    year = int(known["gas_year"])
    weather = _KNOWN_WEATHER.get(year)
    if weather is None:
        return ""
    change = "lager" if weather == "koud" else "hoger"
    return f" {year} was een {weather} jaar: in een gewoon jaar ligt de warmtevraag wat {change}."


def _error(share: float) -> str:
    if share != share:
        return wording.NOT_KNOWN
    return f"{wording.share(abs(share))} te {'hoog' if share >= 0 else 'laag'}"


def _not_on_gas(known: dict[str, float]) -> str:
    share = known["not_on_gas_share"]
    if share != share:
        return " Hoeveel woningen geen gas hebben, is niet bekend."
    if share <= 0:
        return " Er zijn minstens zoveel aansluitingen op gas als op elektriciteit."
    return (
        " Per 100 aansluitingen op elektriciteit zijn er "
        f"{wording.number(100 * (1 - share))} op gas. Woningen zonder gas krijgen hetzelfde "
        "niveau, maar dat is niet gemeten."
    )


def _decision(known: dict[str, float], words: Words) -> str:
    good, middle, critical = (
        f"{wording.number(bound, 2)} MWh per meter"
        for bound in (words.good_mwh_m, words.middle_mwh_m, words.critical_mwh_m)
    )
    in_good = f"{wording.share(known['demand_good_share'])} van de warmtevraag ligt in straten"
    in_middle = f"{wording.share(known['demand_middle_share'])} van de warmtevraag ligt in straten"
    best = "geen enkele straat haalt" if known["streets_good"] == 0 else f"{in_good} vanaf"
    worth = "geen enkele straat haalt" if known["streets_middle"] == 0 else f"{in_middle} vanaf"
    texts = {
        VERDICTS[0]: (
            f"Kansrijk voor een klassiek warmtenet, binnen onze aannames: {best} {good}. Beslis "
            "of u een haalbaarheidsstudie start."
        ),
        VERDICTS[1]: (
            f"Te onderzoeken, binnen onze aannames: {worth} {middle}, en {best} {good}. Beslis "
            "voor welke straten u een studie start."
        ),
        VERDICTS[2]: (
            "Weinig kans op een klassiek warmtenet voor de hele wijk, binnen onze aannames: "
            f"{worth} {middle}. {_about_dense(known)}"
        ),
        VERDICTS[3]: (
            "Geen klassiek warmtenet voor de hele wijk, binnen onze aannames: minder dan "
            f"{wording.share(words.verdict_share)} van de warmtevraag ligt in straten vanaf "
            f"{critical}. Beslis of u kiest voor een oplossing per woning of een klein net."
        ),
    }
    return texts[words.verdicts[1]] + _if_otherwise(words) + _if_few_connect(words)


def _about_dense(known: dict[str, float]) -> str:
    if known["streets_middle"] == 0:
        return "Beslis of u kiest voor een oplossing per woning of een klein net."
    if known["streets_middle"] == 1:
        return "Beslis of u de dichtste straat apart bekijkt."
    return (
        f"Beslis of u de {wording.number(known['streets_middle'])} dichtste straten apart bekijkt."
    )


def _if_otherwise(words: Words) -> str:
    low, middle, high = words.verdicts
    others = []
    if low != middle:
        others.append(f"bij een lage warmtevraag «{low}»")
    if high != middle:
        others.append(f"bij een hoge warmtevraag «{high}»")
    return f" Het oordeel is niet zeker: {wording.join(others)}." if others else ""


def _if_few_connect(words: Words) -> str:
    if words.verdict_if_few_connect == words.verdicts[1]:
        return ""
    share = wording.share(words.lowest_connected_share)
    return f" Sluit maar {share} aan, dan wordt het «{words.verdict_if_few_connect}»."


def _next_step(known: dict[str, float], words: Words) -> str:
    if not words.has_meters:
        return (
            "Voeg de tabel verbruik toe, met het gemeten gas per wijk of per straat: dat vervangt "
            "de grootste aanname."
        )
    is_promising = words.verdicts[1] == VERDICTS[0]
    n_streets = known["streets_good" if is_promising else "streets_middle"]
    bound = words.good_mwh_m if is_promising else words.middle_mwh_m
    if n_streets > 0:
        which = "straat" if n_streets == 1 else f"{wording.number(n_streets)} straten"
        return (
            f"Leg de {which} vanaf {wording.number(bound, 2)} MWh per meter naast de geplande "
            "werken en zoek er een warmtebron of grote afnemer bij."
        )
    return "Vergelijk met warmtepompen per woning en met een klein net op lage temperatuur."


def remarks(figures: pd.DataFrame, words: Words) -> pd.DataFrame:
    """
    Return result table ``opmerkingen``: what a reader of the figures must know.

    Parameters
    ----------
    figures : DataFrame
        Key figures as returned by ``guard_key_figures``.
    words : Words
        Names, counts and bounds.
    """
    known = _values(figures)
    rows = [
        *_on_meters(known, words),
        *_on_coverage(known),
        *_on_levels(known, words),
        *_on_stock(known, words),
        *_on_streets(known, words),
        *_on_assumptions(words),
    ]
    table = pd.DataFrame(rows, columns=list(RESULTS["opmerkingen"].columns))
    return table.astype("str")


def _on_meters(known: dict[str, float], words: Words) -> list[tuple[str, str]]:
    rows = []
    if words.has_meters:
        year = int(known["gas_year"])
        weather = _KNOWN_WEATHER.get(year)
        rows += [
            ("weer", _weather_text(year, weather)),
            (
                "ijking",
                "Gas zegt alleen iets over woningen op gas. Welke woningen dat zijn, is niet "
                "bekend: het gemiddelde van alle woningen staat ervoor, en elke woning krijgt "
                "warmte, met of zonder gas.",
            ),
        ]
        factor = known["calibration_factor"]
        if factor < words.lowest_factor or factor > words.highest_factor:
            rows.append(
                (
                    "opgelet",
                    f"De ijkfactor is {wording.number(factor, 2)}; gewoonlijk ligt hij tussen "
                    f"{wording.number(words.lowest_factor, 1)} en "
                    f"{wording.number(words.highest_factor, 1)}. Kijk na of gebouwen en verbruik "
                    "over hetzelfde gebied gaan.",
                )
            )
        if words.overall_kind == "sector":
            text = "Er was geen rij voor de hele wijk: de statistische sectoren samen staan ervoor."
            rows.append(("ijking", text))
        if words.overall_kind == "street":
            text = "Er was geen rij voor de hele wijk: de gemeten straten samen staan ervoor."
            rows.append(("ijking", text))
        if words.has_streets_metered:
            text = (
                "Straten met eigen meters kregen een eigen factor, naar die van de wijk getrokken "
                "waar er weinig aansluitingen zijn; het totaal van de wijk bleef gelijk."
            )
            rows.append(("ijking", text))
    if words.n_cells_too_small:
        text = (
            f"{wording.number(words.n_cells_too_small)} rijen van de tabel verbruik zijn te klein "
            "om te tonen. Ze zijn ook niet gebruikt om te ijken, want dat zou ze verraden."
        )
        rows.append(("kleine cellen", text))
    return rows


def _weather_text(year: int, weather: str | None) -> str:
    own = f" {year} was een {weather} jaar." if weather else ""
    return (
        f"Het gas van {year} is niet gecorrigeerd voor het weer.{own} In een zacht jaar zoals 2020 "
        "ligt het gas lager dan in een koud jaar zoals 2021."
    )


def _on_coverage(known: dict[str, float]) -> list[tuple[str, str]]:
    rows = []
    dwellings = known["covered_dwellings_share"]
    if dwellings == dwellings:
        text = (
            f"We vinden {wording.share(dwellings)} van het aantal huishoudelijke aansluitingen op "
            "elektriciteit als woning terug."
        )
        if dwellings > 1:
            text += " Dat is te veel: wellicht telt een deel van de gebouwen ten onrechte mee."
        rows.append(("dekking", text))
    area = known["covered_area_share"]
    if area == area:
        text = (
            f"De gebouwen en straten bestrijken {wording.share(area)} van de oppervlakte van de "
            "wijk. Straten buiten dat deel tellen niet mee."
        )
        rows.append(("dekking", text))
    return rows


def _on_levels(known: dict[str, float], words: Words) -> list[tuple[str, str]]:
    weather = _KNOWN_WEATHER[REFERENCE_YEAR]
    fitted = wording.share(known["typology_error_share"], 1)
    mean = wording.share(known["typology_mean_error_share"], 1)
    of_wijk = known["typology_wijk_error_share"]
    text = (
        "De niveaus per type en bouwperiode zijn afgeleid uit het gas van "
        f"{wording.number(known['typology_municipalities'])} gemeenten in {REFERENCE_YEAR}. Voor "
        f"gemeenten die we even weglieten, zitten ze er gemiddeld {fitted} naast; het Vlaamse "
        f"gemiddelde zit er {mean} naast."
    )
    if of_wijk == of_wijk:
        text += f" In hun wijken is de fout gemiddeld {wording.share(of_wijk)}."
    if words.stock_name != "Vlaanderen":
        text += f" {words.stock_name} telde wel mee in de niveaus zelf."
    limits = (
        f"{REFERENCE_YEAR} was {weather} en het gas is niet gecorrigeerd voor het weer: in een "
        "gewoon jaar liggen de niveaus wat lager. Per 100 aansluitingen op elektriciteit waren er "
        f"daar {wording.number(100 * known['typology_on_gas_share'])} op gas; van de andere "
        "woningen weten we niets."
    )
    return [("niveaus", text), ("niveaus", limits)]


def _on_stock(known: dict[str, float], words: Words) -> list[tuple[str, str]]:
    share = known["periods_known_share"]
    if not share < 1:
        return []
    which = "alle woongebouwen"
    if share > 0:
        which = f"de {wording.share(1 - share)} woongebouwen zonder bouwjaar"
    text = (
        f"Voor {which} rekenen we met de verdeling over de bouwperioden in {words.stock_name}, per "
        "type. Dat klopt gemiddeld voor een straat, niet voor één huis."
    )
    return [("bouwjaar", text)]


def _on_streets(known: dict[str, float], words: Words) -> list[tuple[str, str]]:
    rows = [
        (
            "warmtedichtheid",
            "De lengte is die van de straat zelf: huisaansluitingen tellen niet mee, en wie niet "
            "aansluit verlaagt de dichtheid. De drempels gelden voor klassieke netten, niet voor "
            "netten op lage temperatuur.",
        )
    ]
    if words.n_segments_left_out:
        text = (
            f"{wording.number(words.n_segments_left_out)} segmenten tellen niet mee in de lengte: "
            "snelwegen, paden en straten die niet in of langs de wijk liggen."
        )
        rows.append(("straten", text))
    if known["unassigned_demand_share"] > 0:
        text = (
            f"{wording.share(known['unassigned_demand_share'], 1)} van de warmtevraag ligt te ver "
            "van een straat en telt niet mee in de dichtheid."
        )
        rows.append(("straten", text))
    if words.n_outside:
        text = f"{wording.number(words.n_outside)} gebouwen liggen buiten de grens en tellen niet."
        rows.append(("gebouwen", text))
    return rows


def _on_assumptions(words: Words) -> list[tuple[str, str]]:
    n_more = len(words.without_effect)
    if not n_more:
        return []
    which = (
        "één aanname verandert" if n_more == 1 else f"{wording.number(n_more)} aannames veranderen"
    )
    names = wording.join([f"«{name}»" for name in words.without_effect])
    return [("aannames", f"Nog {which} niets aan de gemiddelde warmtedichtheid: {names}.")]
