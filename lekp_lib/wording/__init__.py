"""
Dutch words, numbers and dates, used by every message and every page.

Code speaks English, readers read Dutch; this is the one place where the two meet.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata

from lekp_lib.wording._labels import LABELS

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
