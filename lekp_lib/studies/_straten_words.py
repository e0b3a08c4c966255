"""The sentences of work programme 3, written from guarded key figures only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from lekp_lib import wording
from lekp_lib.studies._frames import summary

__all__ = ["Words", "sentences"]

_MOST = 0.5  # at least half, by definition
_ROUNDS = "op een weekdag om 18 u en om 8 u"
_NEARLY_ALL = 0.98  # more reads as all of them once it is rounded


@dataclass(frozen=True)
class Words:
    """
    What the sentences need besides numbers.

    Attributes
    ----------
    name : str
        Name of the neighbourhood.
    day : str
        Kind of day of the busiest hour, in Dutch.
    fullest : sequence of str
        Names of the fullest streets with enough dwellings, fullest first.
    uncounted : sequence of str
        The same, for streets whose places were not all counted.
    alarm_share : float
        Occupancy above which drivers start to search [0-1].
    least_sure : str
        Label of the figure that moves the answer most, empty if there is none.
    has_own_cars : bool
        Car ownership is a figure of the municipality itself.
    has_doubtful_visitors : bool
        At the busiest hour most cars are visitors, and their number is not the municipality's own.
    """

    name: str
    day: str
    fullest: Sequence[str]
    uncounted: Sequence[str]
    alarm_share: float
    least_sure: str
    has_own_cars: bool
    has_doubtful_visitors: bool


def sentences(figures: pd.DataFrame, words: Words) -> pd.DataFrame:
    """
    Return result table ``samenvatting``.

    Parameters
    ----------
    figures : DataFrame
        Key figures as returned by ``guard_key_figures``.
    words : Words
        Names and labels.
    """
    known = figures.set_index("key")["value"].astype("float64")
    if known["dwellings"] == 0:
        return _without_homes(words)
    if not known["spaces_street"] > 0:
        return _without_spaces(known, words)
    return summary(
        what=_what(known, words),
        sure=_sure(known, words),
        decision=_decision(known, words),
        next_step=_next_step(known, words),
    )


def _without_homes(words: Words) -> pd.DataFrame:
    return summary(
        what=f"In de gegevens van {words.name} staan geen woningen: er is geen vraag te berekenen.",
        sure="De breedte van de straten en het gebruik van de grond volgen wel uit de kaart.",
        decision="Neem op deze cijfers geen beslissing over parkeren.",
        next_step="Vul in de tabel gebouwen de functie of het aantal woningen in.",
    )


def _without_spaces(known: pd.Series[float], words: Words) -> pd.DataFrame:
    homes = wording.number(known["dwellings"])
    return summary(
        what=f"{words.name} telt {homes} woningen, maar we vonden geen parkeerplaatsen op straat.",
        sure="De plaatsen zijn niet geteld; ze volgen uit de breedte en de lengte van de straten.",
        decision="Neem op deze cijfers geen beslissing over parkeren.",
        next_step="Tel de parkeerplaatsen op straat en vul ze in de tabel straten in.",
    )


def _hour(known: pd.Series[float], words: Words) -> str:
    hour = int(known["peak_hour"])
    return f"{words.day} van {hour} tot {hour + 1} u"


def _what(known: pd.Series[float], words: Words) -> str:
    demand, spaces = (wording.number(known[key]) for key in ("demand_peak", "spaces_street"))
    occupancy = wording.share(known["occupancy_peak_share"])
    return (
        f"Op het drukste uur ({_hour(known, words)}) zoeken in {words.name} ongeveer {demand} "
        f"auto’s een van de {spaces} plaatsen op straat: een bezetting van {occupancy}."
    )


def _sure(known: pd.Series[float], words: Words) -> str:
    counted = known["spaces_counted_share"]
    if counted == 1:
        places = "alle plaatsen zijn geteld"
    elif counted > 0:
        places = f"{wording.share(counted)} van de plaatsen is geteld, de rest is berekend"
    else:
        places = "geen enkele plaats is geteld: alle zijn berekend uit de stoeprand"
    text = f"{_range(known)}; {places}."
    if words.has_doubtful_visitors:
        text += (
            " Meer dan de helft van die vraag is bezoek, volgens een Nederlands kencijfer; dat is "
            "wellicht te hoog."
        )
    if words.least_sure:
        text += f" Het antwoord hangt het meest af van: {words.least_sure}."
    return text


def _range(known: pd.Series[float]) -> str:
    low, high = known["occupancy_peak_low_share"], known["occupancy_peak_high_share"]
    if pd.isna(high):
        return (
            "In het ongunstigste geval blijft er volgens onze aannames geen plaats op straat over"
        )
    ends = f"{wording.share(low)} en {wording.share(high)}"
    return f"Binnen onze aannames ligt de bezetting tussen {ends}"


def _decision(known: pd.Series[float], words: Words) -> str:
    occupancy, high = known["occupancy_peak_share"], known["occupancy_peak_high_share"]
    alarm = wording.share(words.alarm_share)
    places, least = (
        wording.number(known[key]) for key in ("freeable_spaces", "freeable_spaces_low")
    )
    area, green = (
        wording.quantity(known[key], "m2") for key in ("freeable_m2", "freeable_green_m2")
    )
    if known["spaces_firm_share"] < _MOST:
        return (
            f"Beslis nog niet: {_open_part(known)} in open straten, waar de kaart niet toont waar "
            f"auto’s mogen staan. In de andere straten zouden {places} plaatsen weg kunnen."
        )
    if high <= words.alarm_share:
        return (
            f"Er is ruimte: ongeveer {places} plaatsen ({area}) kunnen weg en ook dan blijft de "
            f"wijk onder {alarm}; in het ongunstige geval zijn het er {least}. Ongeveer {green} "
            "kan groen worden."
        )
    if occupancy <= words.alarm_share:
        worst = f"maar {least}" if known["freeable_spaces_low"] > 0 else "geen enkele"
        return (
            f"Waarschijnlijk kunnen ongeveer {places} plaatsen ({area}) weg, maar in het "
            f"ongunstige geval is het er {worst}: beslis pas na een telling."
        )
    if occupancy <= 1:
        return (
            f"Schrap nog geen plaatsen in de hele wijk: boven {alarm} begint het zoeken. Maak "
            f"eerst plaatsen vrij naast de straat.{_night_offer(known)}"
        )
    return (
        "De straten zijn vol: er zijn meer auto’s dan plaatsen. Plaatsen schrappen kan pas als "
        f"auto’s een plaats naast de straat krijgen.{_night_offer(known)}"
    )


def _open_part(known: pd.Series[float]) -> str:
    part = 1 - known["spaces_firm_share"]
    if part > _NEARLY_ALL:
        return "bijna alle plaatsen liggen"
    return f"{wording.share(part)} van de plaatsen ligt"


def _night_offer(known: pd.Series[float]) -> str:
    offered = known["offered_night_spaces"]
    if not offered > 0:
        return ""
    return f" Bij de parkings zijn ’s nachts misschien {wording.number(offered)} plaatsen te delen."


def _next_step(known: pd.Series[float], words: Words) -> str:
    streets = wording.join(list(words.fullest)) or "de drukste straten"
    if known["spaces_counted_share"] < 1 and (words.uncounted or not words.fullest):
        uncounted = wording.join(list(words.uncounted)) or "de straten zonder telling"
        return f"Tel in {uncounted} de parkeerplaatsen, en de auto’s {_ROUNDS}."
    if known["spaces_counted_share"] < 1:
        return f"Tel in {streets} de auto’s {_ROUNDS}: de plaatsen zijn er al geteld."
    if known["offered_night_spaces"] > 0:
        return (
            "Leg de eigenaars van de parkings in de tabel hieronder een voorstel voor gedeeld "
            "parkeren voor, met het krapste uur erbij."
        )
    if not words.has_own_cars:
        return "Vul bij aannames het aantal auto’s per huishouden van uw eigen gemeente in."
    return f"Tel in {streets} de auto’s {_ROUNDS}, om het berekende aantal te toetsen."
