"""The Dutch words of a LEKP target: amount, formula, deadline and for whom."""

from __future__ import annotations

import math

import pandas as pd

from lekp_lib import wording

__all__ = ["amount_texts", "deadline", "done_texts", "for_whom", "formulas"]

_BASE_WORDS = {
    "inwoner": ("inwoner", "inwoners", "1 januari 2020, Statbel"),
    "wooneenheid": ("woning", "woningen", "2025, Statbel"),
    "huishouden": ("huishouden", "huishoudens", "1 januari 2020, Statbel"),
}

_WHOLE = frozenset(
    {
        "boom",
        "perk_10m2",
        "project_18kW",
        "toegangspunt",
        "laadpunt",
        "laadequivalent",
        "renovatie",
        "toegang",
        "wooneenheid",
        "aantal",
    }
)
"""Units of which there is no half: a target is rounded up."""


def _amount_text(amount: float, unit: str) -> str:
    if unit == "ja":
        return "ja"
    if unit in _WHOLE and not pd.isna(amount):
        text = wording.quantity(math.ceil(amount - 1e-9), unit)
        return f"{text} huishoudens" if unit == "aantal" else text
    return wording.quantity(amount, unit, 1 if amount < 100 and amount % 1 else 0)


def amount_texts(amounts: pd.Series, units: pd.Series) -> list[str]:
    """Return amounts with their unit, with a decimal where they are small."""
    return [_amount_text(amount, unit) for amount, unit in zip(amounts, units, strict=True)]


def done_texts(done: pd.DataFrame, units: pd.Series) -> list[str]:
    texts = amount_texts(done["realised"], units)
    return [
        "stand onbekend" if pd.isna(year) else f"{text} ({year})"
        for text, year in zip(texts, done["realised_year"], strict=True)
    ]


def formulas(goals: pd.DataFrame) -> pd.Series:
    return pd.Series(
        [_formula(*row) for row in goals[_FORMULA].itertuples(index=False)], goals.index
    )


_FORMULA = ["value", "per_value", "per_unit"]


def _formula(value: float, per_value: float, per_unit: str) -> str:
    if per_unit not in _BASE_WORDS:
        return "vast doel"
    one, many, origin = _BASE_WORDS[per_unit]
    text = wording.number(value, 1 if value % 1 else 0)
    per = one if per_value == 1 else f"{wording.number(per_value)} {many}"
    return f"{text} per {per} ({origin})"


def deadline(text: object) -> str:
    if not isinstance(text, str):
        return "niet gevonden"
    day = pd.Timestamp(text).date()
    is_end = (day.month, day.day) == (12, 31)
    return f"eind {day.year}" if is_end else wording.date(day)


def for_whom(version: str) -> str:
    return "voor wie LEKP ondertekende" if version == "1.0" else f"voor wie {version} ondertekende"
