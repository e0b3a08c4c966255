"""The tables every study makes in the same way: key figures, first screen, data, sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from lekp_lib import wording
from lekp_lib.contracts import Place

__all__ = ["KeyFigure", "key_figures", "richness", "sources_of", "summary"]


class KeyFigure(NamedTuple):
    """
    One row of ``kerncijfers.csv`` before disclosure.

    Attributes
    ----------
    key : str
        English snake_case name with unit suffix.
    value : float or None
        The figure [unit].
    unit, label, basis : str
        One of ``units.UNITS``; Dutch label; one of ``assumptions.BASES``.
    work_programme : int
        1, 2 or 3; 0 for municipality and Flanders.
    households : float or None
        Households or connections behind a measured figure; None if exempt.
    lekp_name : str or None
        Official name of the pact, one of ``LEKP_NAMES``; None where there is none.
    """

    key: str
    value: float | None
    unit: str
    label: str
    basis: str
    work_programme: int
    households: float | None = None
    lekp_name: str | None = None


def key_figures(figures: Iterable[KeyFigure]) -> pd.DataFrame:
    """
    Return key figures as a table, ready for ``disclosure.guard_key_figures``.

    Examples
    --------
    >>> key_figures([KeyFigure("dwellings", 12, "aantal", "woningen", "derived", 1)])["value"][0]
    np.float64(12.0)
    """
    table = pd.DataFrame(list(figures), columns=list(KeyFigure._fields))
    return table.astype({"value": "float64", "households": "float64", "lekp_name": "str"})


def summary(*, what: str, sure: str, decision: str, next_step: str) -> pd.DataFrame:
    """Return the sentences of the first screen as result table ``samenvatting``."""
    parts = ("wat", "zekerheid", "beslissing", "volgende_stap")
    return pd.DataFrame({"part": parts, "text": (what, sure, decision, next_step)})


def richness(place: Place, wanted: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    """
    Return which tables were there, what stood in for the others and what they would improve.

    Parameters
    ----------
    place : Place
        The neighbourhood.
    wanted : mapping of str to (str, str)
        Table → (what stands in for it, what it would improve), both in Dutch.
    """
    rows = []
    for name, (stands_in, improves) in wanted.items():
        table = place.tables.get(name)
        is_present = table is not None
        found = _rows(len(table)) if table is not None else None
        rows.append(
            (name, wording.label("table", name), is_present, found)
            + ((None, None) if is_present else (stands_in, improves))
        )
    columns = ["table", "label", "is_present", "found", "stands_in", "improves"]
    return pd.DataFrame(rows, columns=columns).astype(
        {"is_present": "boolean", "found": "str", "stands_in": "str", "improves": "str"}
    )


def sources_of(place: Place) -> pd.DataFrame:
    """
    Return result table ``bronnen_wijk``: source, licence and date per table.

    Parameters
    ----------
    place : Place
        The neighbourhood; its ``wijk.yml`` names the sources.
    """
    rows = [
        (wording.label("table", name), note.source, note.licence, note.date or None)
        for name, note in place.settings.sources.items()
    ]
    columns = ["table", "source", "licence", "date"]
    return pd.DataFrame(rows, columns=columns).astype("str")


def _rows(count: int) -> str:
    return f"{wording.number(count)} {'rij' if count == 1 else 'rijen'}"
