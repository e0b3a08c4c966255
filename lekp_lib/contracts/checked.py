"""How long a rule, a clause or a case counts as checked: a year, and readers see it."""

from __future__ import annotations

import datetime as dt
import re

__all__ = ["CHECKED_ON", "is_stale", "recheck_from"]

CHECKED_ON = r"^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$"
"""A day or, where only that is known, a month."""


def recheck_from(checked_on: str) -> dt.date | None:
    """
    Return the day a year after something was checked, None if it never was.

    Parameters
    ----------
    checked_on : str
        ``YYYY-MM-DD``, ``YYYY-MM`` (which counts as the first of that month) or empty.

    Raises
    ------
    ValueError
        If the text is no such date.

    Examples
    --------
    >>> recheck_from("2026-11")
    datetime.date(2027, 11, 1)
    """
    if not checked_on:
        return None
    if not re.match(CHECKED_ON, checked_on):
        msg = f"«{checked_on}» is geen datum. Wat te doen: schrijf JJJJ-MM-DD of JJJJ-MM."
        raise ValueError(msg)
    day = dt.date.fromisoformat(checked_on if checked_on.count("-") > 1 else f"{checked_on}-01")
    is_leap_day = (day.month, day.day) == (2, 29)
    return dt.date(day.year + 1, 3, 1) if is_leap_day else day.replace(year=day.year + 1)


def is_stale(checked_on: str, today: dt.date) -> bool:
    """
    Tell whether something was checked more than a year ago.

    Parameters
    ----------
    checked_on : str
        See `recheck_from`; what was never checked is not stale but unchecked.
    today : date
        The day of reading.

    Examples
    --------
    >>> is_stale("2026-11-20", dt.date(2027, 11, 20)), is_stale("2026-11-20", dt.date(2027, 11, 21))
    (False, True)
    """
    end = recheck_from(checked_on)
    return end is not None and today > end
