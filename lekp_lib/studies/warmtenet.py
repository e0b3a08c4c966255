"""Work programme 1, "Parel van het warmtenet": heat demand and a first verdict per street."""

from __future__ import annotations

import pandas as pd

from lekp_lib.contracts import Flanders, Place
from lekp_lib.disclosure import Results, guard_key_figures, release
from lekp_lib.studies._frames import key_figures, richness, sources_of
from lekp_lib.studies._net import FIRST_FIGURES, net_screen, network_side
from lekp_lib.studies._net_ground import NET_KEYS
from lekp_lib.studies._warmtenet_demand import demand_side
from lekp_lib.studies._warmtenet_legal import LEGAL_KEYS
from lekp_lib.studies._warmtenet_model import (
    heat_of,
)
from lekp_lib.studies._warmtenet_scene import KEYS as DEMAND_KEYS
from lekp_lib.studies._warmtenet_scene import prepare
from lekp_lib.studies._warmtenet_words import remarks, sentences

__all__ = ["KEYS", "warmtenet"]

_DENSITY = "warmtedichtheid"

KEYS = (*DEMAND_KEYS, *NET_KEYS, *LEGAL_KEYS)
"""The figures the study uses."""

_WANTED = {
    "gebouwen": ("niets: deze tabel is nodig", "alles"),
    "straten": ("niets: deze tabel is nodig", "de warmtedichtheid per straat"),
    "grens": (
        "alle gebouwen en straten van de bestanden tellen mee",
        "u ziet welk deel van de wijk de gegevens bestrijken",
    ),
    "verbruik": (
        "niveaus per bouwperiode en type uit het gas van de gemeenten, niet geijkt",
        "het niveau van de warmtevraag volgt dan het gemeten gas",
    ),
    "aannames": (
        "de kengetallen van het platform",
        "eigen cijfers, bijvoorbeeld uit de energieboekhouding, gaan dan voor",
    ),
    "warmtebronnen": (
        "één grote luchtwarmtepomp midden in de warmtevraag, met een elektrische ketel",
        "vermogen, temperatuur en prijs van de echte bron beslissen mee over het net",
    ),
    "klimaat": (
        "een verzonnen jaar van uur tot uur",
        "de piek en het aandeel van elke bron volgen dan het echte weer",
    ),
    "warmteleidingen": ("er ligt nog geen net", "wat er ligt, hoeft niet opnieuw aangelegd"),
    "werken": (
        "het net graaft overal alleen",
        "u ziet in welke straten één keer opengraven volstaat",
    ),
    "actoren": (
        "de rechtsvormen worden niet aan de partners getoetst",
        "u ziet welke rechtsvorm bij de inbreng van uw partners past",
    ),
}
"""Input table → what stands in for it, what it would improve."""


def warmtenet(place: Place, flanders: Flanders, *, proof_seconds: float = 0.0) -> Results:
    """
    Return the heat demand of a neighbourhood and a first verdict on a heat network.

    Parameters
    ----------
    place : Place
        With tables gebouwen and straten; grens and verbruik where there are.
    flanders : Flanders
        Building stock and gas of the municipalities.
    proof_seconds : float
        How long SteinerPy (extra "proof") may search for an exact proof of the route [s]; 0 for
        the lower bound alone.

    Returns
    -------
    Results
        Tables of ``contracts.results.warmtenet`` with samenvatting and rijkdom, and the key
        figures of work programme 1.

    Notes
    -----
    Levels per type and period come from the metered gas of the municipalities. Demand is
    modelled for every dwelling, on gas or not, compared with metered gas per
    connection, scaled to it, and set out against the length of the streets.
    """
    used = place.assumptions.pick(KEYS)
    values = {key: figure.value for key, figure in used.items()}
    hood = prepare(place, flanders, used)
    heat = heat_of(hood, values)
    demand = demand_side(place, hood, heat, used)
    net = network_side(place, hood, heat, used, proof_seconds=proof_seconds)
    order = {key: place for place, key in enumerate(FIRST_FIGURES)}
    of_net = sorted(net.figures, key=lambda figure: order.get(figure.key, len(order)))
    rows = [*of_net[: len(order)], *demand.figures, *of_net[len(order) :]]
    figures = guard_key_figures(key_figures(rows), used)
    words = demand.words
    screen = sentences(figures, words)
    first = net_screen(
        figures,
        screen,
        net,
        name=words.name,
        used=used,
        has_sources="warmtebronnen" in place.tables,
    )
    internal = {
        "samenvatting": first,
        "rijkdom": richness(place, _WANTED),
        "bronnen_wijk": sources_of(place),
        **demand.tables,
        **net.tables,
        "opmerkingen": _all_remarks(remarks(figures, words), screen, first),
    }
    return release(
        internal,
        key_figures=figures,
        used=used,
        title=place.settings.name,
        is_fictional=place.settings.is_fictional,
    )


def _all_remarks(remarks: pd.DataFrame, screen: pd.DataFrame, first: pd.DataFrame) -> pd.DataFrame:
    """Return the remarks; what the first screen no longer says about the density comes first."""
    if first is screen:
        return remarks
    said = screen[screen["part"].isin(["wat", "beslissing"])]
    moved = pd.DataFrame({"subject": _DENSITY, "text": said["text"]})
    return pd.concat([moved, remarks], ignore_index=True)
