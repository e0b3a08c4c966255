"""The page for residents: what is offered, what it costs each month, whom to call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from lekp_lib.assumptions import load_messages
from lekp_lib.contracts import Flanders, Place
from lekp_lib.contracts.lists import PACKAGES
from lekp_lib.disclosure import Results, guard_key_figures, release
from lekp_lib.studies._frames import KeyFigure, key_figures, summary
from lekp_lib.studies._mee_offer import OFFER_KEYS, offer_section
from lekp_lib.studies._mee_offer_words import call_sentence, change_sentence, rounded
from lekp_lib.studies._mee_scene import SCENE_KEYS, scene_of

__all__ = ["KEYS", "bewoners"]

KEYS = tuple(dict.fromkeys((*SCENE_KEYS, *OFFER_KEYS)))
"""The figures the study uses."""

_HOMES = "woningen_zoals_de_mijne"


def bewoners(place: Place, flanders: Flanders, *, on: dt.date, language: str = "nl") -> Results:
    """
    Return what residents read: the three packages for homes like theirs, in plain words.

    Parameters
    ----------
    place : Place
        The neighbourhood; ``gebouwen`` and ``straten`` are enough.
    flanders : Flanders
        The figures for all municipalities, with the rules.
    on : date
        Day whose premiums, loans and taxes count.
    language : str
        See ``assumptions.load_messages``.

    Raises
    ------
    AssumptionError
        If the catalogue of sentences has no such language.
    """
    say = load_messages(language)
    scene = scene_of(place, flanders, on=on, keys=KEYS)
    tables = offer_section(scene, language=language).tables
    homes, months = tables[_HOMES], _months(tables)
    call = call_sentence(say, place.settings.contact_role)
    return release(
        {_HOMES: homes, "samenvatting": _summary(say, homes, months, call)},
        key_figures=guard_key_figures(key_figures(_figures(homes, months)), scene.used),
        used=scene.used,
        title=place.settings.name,
        is_fictional=place.settings.is_fictional,
    )


def _months(tables: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """Return what each package changes per month in the most common home, as the page says it."""
    kinds = tables["wat_keert_pakket"]
    if tables[_HOMES].empty or kinds.empty:
        return {}
    kind = ["building_type", "period"]
    first = kinds[(kinds[kind] == kinds[kind].iloc[0]).all(axis="columns")]
    found = first.set_index("package")["net_realistic_eur"].dropna()
    return {package: rounded(float(found[package])) for package in PACKAGES if package in found}


def _summary(
    say: Mapping[str, str], homes: pd.DataFrame, months: Mapping[str, float], call: str
) -> pd.DataFrame:
    packages = {package: say[f"package.{package}"] for package in PACKAGES}
    what = [say["summary.what"].format(**packages)]
    if months:
        what.append(say["summary.home"].format(home=homes["home"].iloc[0]))
        what += [
            change_sentence(say, "summary", amount, package=packages[package])
            for package, amount in months.items()
        ]
    else:
        what.append(say["summary.nothing"])
    return summary(
        what="\n".join(what),
        sure=say["summary.sure"],
        decision=say["summary.now" if months else "summary.now_nothing"],
        next_step=call,
    )


def _figures(homes: pd.DataFrame, months: Mapping[str, float]) -> list[KeyFigure]:
    return [
        KeyFigure(
            "residents_home_kinds",
            homes["home"].nunique(),
            "aantal",
            "soorten huizen op de bladzijde voor bewoners",
            "derived",
            2,
        ),
        *(
            KeyFigure(
                f"residents_month_{package}_eur",
                months.get(package),
                "EUR",
                f"{package.capitalize()}, per maand tegenover nu, meest voorkomend huis",
                "assumed",
                2,
            )
            for package in PACKAGES
        ),
    ]
