"""Work programme 3: parking by hour, the width of streets and what their ground is used for."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from lekp_lib.assumptions import Assumptions
from lekp_lib.contracts import Flanders, Place
from lekp_lib.disclosure import Results, guard_key_figures, release, shown
from lekp_lib.domain.heat_density import UNNAMED
from lekp_lib.studies import _straten_tables as tables
from lekp_lib.studies._frames import key_figures, richness, sources_of
from lekp_lib.studies._straten_figures import figures_of
from lekp_lib.studies._straten_scene import KEYS, balance_of, build_scene, room, swings
from lekp_lib.studies._straten_words import Words, sentences

__all__ = ["KEYS", "straten"]

_WANTED = {
    "gebouwen": ("niets: zonder gebouwen is er geen antwoord", "alles"),
    "straten": ("niets: zonder straten is er geen antwoord", "alles"),
    "grens": (
        "de kleinste omtrek rond gebouwen en straten",
        "hoeveel van de wijk verhard of groen is",
    ),
    "parkings": ("niets: parkings naast de straat tellen niet mee", "welke plaatsen te delen zijn"),
    "bomen": ("niets: het aantal bomen is niet bekend", "bomen per straat en per woning"),
    "groen": ("niets: de oppervlakte groen is niet bekend", "hoeveel van de wijk groen is"),
    "aannames": (
        "Vlaamse en Nederlandse kengetallen",
        "het autobezit en het gebruik van garages in uw gemeente",
    ),
}
_OWN = "eigen"
_MOST_NAMES = 3


def straten(place: Place, flanders: Flanders) -> Results:
    """
    Return the parking balance of the streets of a neighbourhood, and how their space is used.

    Parameters
    ----------
    place : Place
        The neighbourhood; ``gebouwen`` and ``straten`` are enough.
    flanders : Flanders
        The figures for all municipalities; a fictional place takes those of all Flanders.
    """
    used = place.assumptions.pick(KEYS)
    values = {key: used[key].value for key in used}
    scene = build_scene(place, flanders, used)
    balance = balance_of(scene, values)
    moves = swings(scene, balance, used)
    lots = tables.car_parks(scene, balance, place, values)
    internal: dict[str, pd.DataFrame] = {
        "parkeerbalans_uur": tables.hours(balance),
        "parkeerbalans_straat": tables.street_balance(scene, balance, values),
        "straatprofiel": tables.profiles(scene, place, values),
        "parkings_slack": lots,
        "parkings_berekend": lots[lots["free_night"].notna()].drop(columns="geometry"),
        "ruimtegebruik": tables.ground(place, values),
        "vrije_ruimte": room(balance, moves, values),
        "invulling_straten": tables.filled_in(scene, place, lots),
        "tornado_straten": tables.tornado(moves),
        "lekp_straten": tables.goals(scene, flanders),
        "aanwezigheid": tables.presence(),
        "rijkdom": richness(place, _WANTED),
        "bronnen_wijk": sources_of(place),
    }
    figures = guard_key_figures(key_figures(figures_of(scene, balance, internal, values)), used)
    internal["samenvatting"] = _summary(figures, internal, used, place)
    return release(
        internal,
        key_figures=figures,
        used=used,
        title=place.settings.name,
        is_fictional=place.settings.is_fictional,
    )


def _summary(
    figures: pd.DataFrame,
    internal: Mapping[str, pd.DataFrame],
    used: Assumptions,
    place: Place,
) -> pd.DataFrame:
    values = {key: used[key].value for key in used}
    name, is_fictional = "parkeerbalans_straat", place.settings.is_fictional
    streets = shown(name, internal[name], used=used, is_fictional=is_fictional).frame
    named = streets[(streets["street_name"] != UNNAMED) & streets["occupancy"].notna()]
    fullest = named.sort_values("occupancy", ascending=False, kind="stable")
    uncounted = fullest[fullest["spaces_origin"] != "geteld"]
    hours, tornado = internal["parkeerbalans_uur"], internal["tornado_straten"]
    busiest = hours.iloc[int(hours["demand"].argmax())]
    visitors = used["mobility.visitors_dwelling"]
    words = Words(
        name=place.settings.name,
        day=str(busiest["day_kind"]),
        fullest=list(fullest["street_name"].head(_MOST_NAMES)),
        uncounted=list(uncounted["street_name"].head(_MOST_NAMES)),
        alarm_share=values["mobility.alarm_share"],
        least_sure=str(tornado["label"].iloc[0]) if len(tornado) else "",
        has_own_cars=used["mobility.cars_household"].source_id == _OWN,
        has_doubtful_visitors=visitors.source_id != _OWN
        and bool(busiest["visitors"] > busiest["residents"]),
    )
    return sentences(figures, words)
