"""Invented Dutch street names, each used once in a wijk."""

from __future__ import annotations

import itertools

import numpy as np

__all__ = ["street_names"]

_STEMS = {
    "station_belt": """
        Wever Spinner Spoel Loods Wissel Sein Perron Stoker Kolen Gieter Smeed Hamer Zeil Touw
        Brouwer Mout Hop Kuiper Vaten Molenaar Bakker Suiker Koek Boter Zout Linnen Katoen
        Ververs Drukker Letter Lantaarn Kassei Klinker Poort Voerman Karren Paarden Hoefijzer""",
    "garden_quarter": """
        Linde Beuken Esdoorn Meidoorn Sering Jasmijn Rozen Tulpen Dahlia Anjer Lavendel Tijm
        Munt Krokus Narcissen Iris Primula Berken Hazelaar Vlier Kastanje Magnolia Wilgen
        Klaver Korenbloem Papaver Madelief Viooltjes Zonnebloem Klimop Kamille Salie""",
    "allotment": """
        Leeuwerik Kwartel Wulp Kievit Zwaluw Merel Lijster Vinken Mezen Roodborst Wielewaal
        Nachtegaal Fazanten Patrijs Reiger Ooievaar Karekiet Grutto Koekoek Spreeuw Goudvink
        Putter Kneu Boomvalk Buizerd Torenvalk Steenuil Kerkuil IJsvogel Waterhoen Futen""",
}
_ENDINGS = {
    "station_belt": ("straat", "vest", "laan", "dijk"),
    "garden_quarter": ("laan", "straat", "hof", "weg"),
    "allotment": ("dreef", "laan", "weg", "hof"),
}
_FURTHER = ("", "Oude ", "Nieuwe ", "Korte ", "Lange ", "Groene ", "Hoge ", "Lage ")


def street_names(kind: str, count: int, rng: np.random.Generator) -> list[str]:
    """
    Return so many different street names, the plain ones first.

    Parameters
    ----------
    kind : str
        Kind of wijk; each has its own words.
    count : int
        Names wanted.
    rng : Generator
        Source of chance.

    Examples
    --------
    >>> names = street_names("allotment", 3, np.random.default_rng(1))
    >>> len(set(names))
    3
    """
    names: list[str] = []
    for further, turn in itertools.product(_FURTHER, range(len(_ENDINGS[kind]))):
        stems = rng.permutation(_STEMS[kind].split()).tolist()
        for place, stem in enumerate(stems):
            ending = _ENDINGS[kind][_ending(place, turn, len(_ENDINGS[kind]))]
            names.append(f"{further}{stem}{ending}")
        names = list(dict.fromkeys(names))
        if len(names) >= count:
            return names[:count]
    return names + [f"Straat {number}" for number in range(1, count - len(names) + 1)]


def _ending(place: int, turn: int, n_endings: int) -> int:
    """Return the place of the ending: the first one for half of the streets."""
    return turn if place % 2 == 0 else (turn + 1 + place // 2 % (n_endings - 1)) % n_endings
