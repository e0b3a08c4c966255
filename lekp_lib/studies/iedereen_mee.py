"""Work programme 2, "Iedereen mee!": homes, an offer for each, and everybody reached."""

from __future__ import annotations

import datetime as dt

from lekp_lib.contracts import Flanders, Place
from lekp_lib.disclosure import Results, guard_key_figures, release
from lekp_lib.studies import _iedereen_mee_words as words
from lekp_lib.studies._frames import key_figures, richness, sources_of
from lekp_lib.studies._mee import MEE_KEYS, residents_side
from lekp_lib.studies._mee_homes import HOMES_KEYS, homes_section
from lekp_lib.studies._mee_scene import scene_of

__all__ = ["KEYS", "iedereen_mee"]

KEYS = tuple(dict.fromkeys((*HOMES_KEYS, *MEE_KEYS)))
"""The figures the study uses."""

_WANTED = {
    "gebouwen": ("niets: zonder gebouwen is er geen antwoord", "alles"),
    "straten": ("niets: zonder straten is er geen antwoord", "de straatnamen van de rijen"),
    "huishoudens": (
        "aannames voor heel Vlaanderen",
        "wie er woont, wie u bereikt en wat elk huishouden betaalt",
    ),
    "locaties": (
        "scholen en gemeenschapsgebouwen uit de tabel gebouwen",
        "waar klimaattafels passen, met hun aantal plaatsen",
    ),
    "actoren": (
        "alleen partijen die elke gemeente heeft",
        "welke taken hier al iemand hebben",
    ),
    "aannames": (
        "de prijzen en drempels van het platform",
        "eigen prijzen uit uw raamcontract en eigen cijfers over respons en ploegen",
    ),
}
"""Input table → what stands in for it, what it would improve."""


def iedereen_mee(place: Place, flanders: Flanders, *, on: dt.date) -> Results:
    """
    Return what a neighbourhood can offer each household, and how everybody is reached.

    Parameters
    ----------
    place : Place
        The neighbourhood; ``gebouwen`` and ``straten`` are enough.
    flanders : Flanders
        The figures for all municipalities; a fictional place is set beside Flanders alone.
    on : date
        Day whose premiums, loans and rules count.
    """
    used = place.assumptions.pick(KEYS)
    scene = scene_of(place, flanders, on=on, keys=KEYS)
    homes, residents = homes_section(scene), residents_side(scene)
    figures = guard_key_figures(key_figures([*homes.figures, *residents.figures]), used)
    internal = {
        "samenvatting": words.summary_sentences(
            figures,
            homes.tables["vergelijking_type"],
            used,
            follows_flanders=scene.nis_code is None,
        ),
        "rijkdom": richness(place, _WANTED),
        "bronnen_wijk": sources_of(place),
        **homes.tables,
        **residents.tables,
    }
    return release(
        internal,
        key_figures=figures,
        used=used,
        title=place.settings.name,
        is_fictional=place.settings.is_fictional,
    )
