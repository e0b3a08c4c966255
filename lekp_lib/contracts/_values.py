"""Read the values of one column as its contract wants them; say which cells cannot be read."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from lekp_lib.contracts._base import Column
from lekp_lib.wording import LABELS

__all__ = ["BadCell", "parse"]

_YES_NO = {
    **dict.fromkeys(("ja", "yes", "true", "waar", "1", "j"), True),
    **dict.fromkeys(("nee", "neen", "no", "false", "onwaar", "0", "n"), False),
}
_LARGEST_EXACT = 2.0**53
_SPREADSHEET_NUMBER = re.compile(r"^\d+([.,]\d+)?[eE]\+\d+$")
_THOUSANDS = re.compile(r"^-?\d{1,3}(\.\d{3})+$")
_NUMBER = re.compile(r"^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$")


class BadCell(NamedTuple):
    """A cell that cannot be read: position, value as text, what is wrong, what to do."""

    position: int
    value: str
    problem: str
    remedy: str


def parse(
    values: pd.Series, column: Column, *, uses_comma: bool
) -> tuple[pd.Series, list[BadCell]]:
    """
    Return the column in its contract type, unreadable cells missing, and those cells.

    Parameters
    ----------
    values : Series
        Raw values, RangeIndex.
    column : Column
        What they must become.
    uses_comma : bool
        The file is of the kind that writes a decimal comma.

    Examples
    --------
    >>> from lekp_lib.contracts.inputs import INPUTS
    >>> levels = INPUTS["gebouwen"].columns["levels"]
    >>> parse(pd.Series(["2,5", "", "twee"]), levels, uses_comma=True)[0].tolist()
    [2.5, nan, nan]
    """
    if column.kind == "text":
        return _parse_text(values, column)
    if column.kind == "yes_no":
        return _parse_yes_no(values)
    numbers, bad = _parse_numbers(values, uses_comma=uses_comma)
    if column.kind == "number":
        return numbers, bad
    return _whole(numbers, bad)


def _parse_text(values: pd.Series, column: Column) -> tuple[pd.Series, list[BadCell]]:
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        text, damaged = _number_as_text(values)
    else:
        text = values.map(_cell_text, na_action="ignore").astype("str")
        numeric = values.map(lambda cell: isinstance(cell, float) and not _is_whole(cell))
        damaged = numeric.astype(bool) & values.notna()
        if column.name.endswith(("_id", "_code")):
            damaged |= text.str.fullmatch(_SPREADSHEET_NUMBER).fillna(False).astype(bool)
    bad = [
        BadCell(
            int(position),
            str(values.iloc[position]),
            "een rekenblad heeft deze code in een getal veranderd",
            "Zet de kolom in het rekenblad op «Tekst» en vul de code opnieuw in.",
        )
        for position in np.flatnonzero(damaged)
    ]
    text = text.mask(damaged | (text == ""))
    if column.allowed is not None:
        text = _codes(text, column)
    return text.astype("str"), bad


def _cell_text(cell: object) -> str:
    if isinstance(cell, float) and _is_whole(cell):
        return str(int(cell))
    return str(cell).strip()


def _is_whole(value: float) -> bool:
    return abs(value) < _LARGEST_EXACT and value == int(value)


def _number_as_text(values: pd.Series) -> tuple[pd.Series, pd.Series]:
    numbers = values.astype("float64")
    whole = numbers.notna() & (numbers.abs() < _LARGEST_EXACT) & (numbers % 1 == 0)
    text = pd.Series(None, index=values.index, dtype="str")
    text[whole] = numbers[whole].astype("int64").astype("str")
    return text, numbers.notna() & ~whole


def _codes(text: pd.Series, column: Column) -> pd.Series:
    """Turn Dutch labels into codes; what is neither stays, and the contract refuses it."""
    words = LABELS.get(column.labels or "", {})
    by_word = {word.casefold(): code for code, word in words.items()}
    by_word |= {code.casefold(): code for code in column.allowed or ()}
    found = text.str.strip().str.casefold().map(by_word)
    return found.where(found.notna(), text)


def _parse_yes_no(values: pd.Series) -> tuple[pd.Series, list[BadCell]]:
    text = values.map(_yes_no_text, na_action="ignore").astype("str")
    text = text.mask(text == "")
    answers = text.map(_YES_NO)
    wrong = text.notna() & answers.isna()
    bad = [
        BadCell(int(p), str(values.iloc[p]), "is geen ja of nee", "Vul ja of nee in, of niets.")
        for p in np.flatnonzero(wrong)
    ]
    return answers.astype("boolean"), bad


def _yes_no_text(cell: object) -> str:
    if isinstance(cell, bool | np.bool_):
        return "ja" if cell else "nee"
    return _cell_text(cell).casefold()


def _parse_numbers(values: pd.Series, *, uses_comma: bool) -> tuple[pd.Series, list[BadCell]]:
    if pd.api.types.is_bool_dtype(values):
        values = values.astype("str")
    if pd.api.types.is_numeric_dtype(values):
        numbers = values.astype("Float64").astype("float64")
        return _refuse_infinite(numbers, values)
    text = values.map(lambda cell: str(cell).strip(), na_action="ignore").astype("str")
    text = text.mask(text == "")
    plain, ambiguous = _decimal_points(text, uses_comma=uses_comma)
    readable = plain.str.fullmatch(_NUMBER).fillna(False).astype(bool) & ~ambiguous
    numbers = pd.to_numeric(plain.where(readable), errors="coerce").astype("float64")
    wrong = text.notna() & ~readable
    bad = [
        _bad_number(int(p), text.iloc[p], bool(ambiguous.iloc[p])) for p in np.flatnonzero(wrong)
    ]
    finite, infinite = _refuse_infinite(numbers, text)
    return finite, [*bad, *infinite]


def _decimal_points(text: pd.Series, *, uses_comma: bool) -> tuple[pd.Series, pd.Series]:
    """Write every number with a decimal point; mark those that can be read in two ways."""
    has_comma = text.str.contains(",", regex=False).fillna(False).astype(bool)
    if has_comma.any():
        without_dots = text.str.replace(".", "", regex=False)
        return without_dots.str.replace(",", ".", regex=False), text.isna() & False
    grouped = text.str.fullmatch(_THOUSANDS).fillna(False).astype(bool)
    has_dot = text.str.contains(".", regex=False).fillna(False).astype(bool)
    ambiguous = grouped & uses_comma if (grouped == has_dot).all() else grouped & False
    return text, ambiguous


def _bad_number(position: int, value: str, is_ambiguous: bool) -> BadCell:  # noqa: FBT001
    if is_ambiguous:
        return BadCell(
            position,
            value,
            "kan een duizendtal of een kommagetal zijn",
            "Schrijf duizendtallen zonder punt en kommagetallen met een komma.",
        )
    if value.casefold() in {"nan", "inf", "-inf", "infinity", "#n/a", "#n/b"}:
        return BadCell(position, value, "is geen geldig getal", "Laat de cel leeg of verbeter ze.")
    return BadCell(
        position, value, "is tekst in plaats van een getal", "Vul een getal in, of niets."
    )


def _refuse_infinite(numbers: pd.Series, raw: pd.Series) -> tuple[pd.Series, list[BadCell]]:
    infinite = np.isinf(numbers.to_numpy(dtype="float64", na_value=np.nan))
    bad = [
        BadCell(int(p), str(raw.iloc[p]), "is oneindig groot", "Laat de cel leeg of verbeter ze.")
        for p in np.flatnonzero(infinite)
    ]
    return numbers.mask(infinite), bad


def _whole(numbers: pd.Series, bad: list[BadCell]) -> tuple[pd.Series, list[BadCell]]:
    broken = numbers.notna() & ((numbers % 1 != 0) | (numbers.abs() >= _LARGEST_EXACT))
    more = [
        BadCell(int(p), str(numbers.iloc[p]), "is geen geheel getal", "Rond af of verbeter.")
        for p in np.flatnonzero(broken)
    ]
    return numbers.mask(broken).astype("Int64"), [*bad, *more]
