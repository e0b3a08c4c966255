"""Read the values of one column as its contract wants them; say which cells cannot be read."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from numbers import Real
from typing import NamedTuple

import numpy as np
import pandas as pd

from lekp_lib.contracts._base import Column
from lekp_lib.wording import LABELS

__all__ = ["BadCell", "parse", "shown"]

_YES_NO = {
    **dict.fromkeys(("ja", "yes", "true", "waar", "1", "j"), True),
    **dict.fromkeys(("nee", "neen", "no", "false", "onwaar", "0", "n"), False),
}
_LARGEST_EXACT = 2.0**53
_NO_NUMBERS = {"nan", "inf", "-inf", "infinity", "-infinity"}
_SHEET_ERRORS = {
    *("#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!"),
    *("#n/b", "#verw!", "#waarde!", "#deel/0!", "#naam?", "#getal!", "#leeg!"),
}
_SPREADSHEET_NUMBER = re.compile(r"[0-9]+([.,][0-9]+)?[eE]\+[0-9]+")
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SUSPECT = re.compile(f"{_HIDDEN.pattern}|^\\s*(#|[0-9]|[-+]?(nan|inf))", re.IGNORECASE)
"""A quick look that lets most text pass: names and ids that are no number."""
_POINT = r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?"
_COMMA = r"[-+]?([0-9]*|[1-9][0-9]{0,2}(\.[0-9]{3})+),[0-9]+"
_GROUPED = r"[-+]?[1-9][0-9]{0,2}(\.[0-9]{3})+"
_ONE_GROUP = r"[-+]?[1-9][0-9]{0,2}[.,][0-9]{3}"

_WINTER_TIME = "+01:00"
_TIME = re.compile(
    r"^(?:(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)"
    r"|(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>(?:19|20)\d\d))"
    r"(?:[T ]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.0+)?)?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?)?$",
    re.ASCII,
)
"""2024-01-31 13:00, 31/01/2024 13:00, with or without seconds and a zone."""
_AS_TIME = "Schrijf ze als 2024-01-31 of 31/01/2024, met een uur erbij als 2024-01-31 13:00."

_Problem = tuple[str, str]
_DAMAGED = "een rekenblad heeft deze code in een {} veranderd"
_AS_TEXT = "Zet de kolom in het rekenblad op «Tekst» en vul de code opnieuw in."
_EMPTY_OR_BETTER = "Laat de cel leeg of verbeter ze."


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
    cells = values.astype(object)
    if column.kind == "text":
        return _parse_text(cells, column)
    if column.kind == "yes_no":
        return _parse_yes_no(cells)
    if column.kind == "time":
        return _parse_times(cells)
    numbers, bad = _parse_numbers(cells, uses_comma=uses_comma)
    if column.kind == "number":
        return numbers, bad
    return _whole(numbers, cells, bad)


def _parse_text(cells: pd.Series, column: Column) -> tuple[pd.Series, list[BadCell]]:
    is_code = column.name.endswith(("_id", "_code"))
    problems = cells.map(lambda cell: _text_problem(cell, is_code=is_code), na_action="ignore")
    damaged = problems.notna() & cells.notna()
    bad = [
        BadCell(int(position), shown(cells.iloc[position]), *problems.iloc[position])
        for position in np.flatnonzero(damaged)
    ]
    text = cells.mask(damaged).map(_cell_text, na_action="ignore").astype("str")
    text = text.mask(text == "")
    if column.allowed is not None:
        text = _codes(text, column)
    return text.astype("str"), bad


def _text_problem(cell: object, *, is_code: bool) -> _Problem | None:
    """Return what is wrong with a cell that should hold text, if anything."""
    if isinstance(cell, str) and not _SUSPECT.search(cell):
        return None
    if isinstance(cell, float):
        return None if _is_whole(cell) else (_DAMAGED.format("getal"), _AS_TEXT)
    if isinstance(cell, dt.date | dt.time):
        return _DAMAGED.format("datum"), _AS_TEXT
    if isinstance(cell, list | dict | tuple | bytes | np.ndarray):
        return "is geen gewone tekst", "Zet één tekst in de cel."
    text = str(cell).strip()
    plain = text.casefold()
    if is_code and _SPREADSHEET_NUMBER.fullmatch(text):
        return _DAMAGED.format("getal"), _AS_TEXT
    if plain in _SHEET_ERRORS or (is_code and plain in _NO_NUMBERS):
        return "is een foutmelding en geen tekst", _EMPTY_OR_BETTER
    if _HIDDEN.search(text):
        return "bevat onzichtbare tekens", "Typ de tekst opnieuw, zonder te plakken."
    return None


def _cell_text(cell: object) -> str:
    if isinstance(cell, float) and _is_whole(cell):
        return str(int(cell))
    return str(cell).strip()


def shown(cell: object) -> str:
    """Return a cell as a message may show it: short, on one line, without hidden signs."""
    return re.sub(r"\s", " ", _HIDDEN.sub("·", _cell_text(cell)))[:80]


def _is_whole(value: float) -> bool:
    return abs(value) < _LARGEST_EXACT and value == int(value)


def _codes(text: pd.Series, column: Column) -> pd.Series:
    """Turn Dutch labels into codes; what is neither stays, and the contract refuses it."""
    codes = column.allowed or ()
    words = LABELS.get(column.labels or "", {})
    by_word = {words[code].casefold(): code for code in codes if code in words}
    by_word |= {code.casefold(): code for code in codes}
    found = text.str.casefold().map(by_word)
    return found.where(found.notna(), text)


def _parse_yes_no(cells: pd.Series) -> tuple[pd.Series, list[BadCell]]:
    text = cells.map(_yes_no_text, na_action="ignore").astype("str")
    text = text.mask(text == "")
    answers = text.map(_YES_NO)
    wrong = text.notna() & answers.isna()
    bad = [
        BadCell(
            int(position),
            shown(cells.iloc[position]),
            "is geen ja of nee",
            "Vul ja of nee in, of niets.",
        )
        for position in np.flatnonzero(wrong)
    ]
    return answers.astype("boolean"), bad


def _yes_no_text(cell: object) -> str:
    if isinstance(cell, bool | np.bool_):
        return "ja" if cell else "nee"
    return _cell_text(cell).casefold()


def _parse_times(cells: pd.Series) -> tuple[pd.Series, list[BadCell]]:
    """Read moments in winter time; one that names its own zone is moved to it exactly."""
    text = cells.map(_time_text, na_action="ignore").astype("str")
    text = text.mask(text == "")
    parts = text.str.extract(_TIME)
    day = parts["y"].fillna(parts["year"]), parts["m"].fillna(parts["month"])
    date = day[0] + "-" + day[1].str.zfill(2) + "-" + parts["d"].fillna(parts["day"]).str.zfill(2)
    clock = parts["hour"].fillna("0").str.zfill(2) + ":" + parts["minute"].fillna("00")
    moment = date + "T" + clock + ":" + parts["second"].fillna("00")
    zone = parts["zone"].fillna(_WINTER_TIME).replace("Z", "+00:00")
    times = pd.to_datetime(
        moment + zone, format="%Y-%m-%dT%H:%M:%S%z", errors="coerce", utc=True
    ).dt.tz_convert(_WINTER_TIME)
    bad = [
        BadCell(int(position), shown(cells.iloc[position]), "is geen datum", _AS_TIME)
        for position in np.flatnonzero(text.notna() & times.isna())
    ]
    return times.dt.tz_localize(None).astype("datetime64[ns]"), bad


def _time_text(cell: object) -> str:
    """Return a moment as text; what a file stored as a number or a day is left to be refused."""
    if isinstance(cell, np.datetime64):
        cell = pd.Timestamp(cell)
    return cell.isoformat() if isinstance(cell, dt.datetime) else str(cell).strip()


def _parse_numbers(cells: pd.Series, *, uses_comma: bool) -> tuple[pd.Series, list[BadCell]]:
    """Take numbers as they are and read the others as text, each the way it can only be meant."""
    is_number = pd.Series([_is_number(cell) for cell in cells], index=cells.index, dtype=bool)
    text = cells.mask(is_number).map(lambda cell: str(cell).strip(), na_action="ignore")
    text = text.astype("str")
    text = text.mask(text == "")
    plain, ambiguous = _with_points(text, uses_comma=uses_comma)
    numbers = plain.astype("float64")
    numbers[is_number] = cells[is_number].astype("float64")
    wrong = (text.notna() & plain.isna()) | np.isinf(numbers)
    bad = [
        BadCell(
            int(position),
            shown(cells.iloc[position]),
            *_number_problem(cells.iloc[position], is_ambiguous=bool(ambiguous.iloc[position])),
        )
        for position in np.flatnonzero(wrong)
    ]
    return numbers.mask(wrong), bad


def _is_number(cell: object) -> bool:
    if isinstance(cell, float | int):
        return not isinstance(cell, bool)
    return isinstance(cell, Real | Decimal) and not isinstance(cell, np.bool_)


def _with_points(text: pd.Series, *, uses_comma: bool) -> tuple[pd.Series, pd.Series]:
    """
    Write every number with a decimal point, and mark those that can be read in two ways.

    Whether 1.234 is one or a thousand is told by the rest of the column: 2.5 has a decimal
    point, 3,5 a decimal comma. Where the column does not tell, the cell is refused.
    """
    has_point, has_comma = _fits(text, _POINT), _fits(text, _COMMA)
    grouped, one_group = _fits(text, _GROUPED), _fits(text, _ONE_GROUP)
    says_point = bool((has_point & ~grouped & text.str.contains(".", regex=False)).any())
    says_comma = bool((has_comma & ~one_group).any()) or (uses_comma and bool(has_comma.any()))
    if says_comma and not says_point:
        ambiguous = one_group & False
    elif says_point and not says_comma:
        ambiguous = one_group & has_comma
    elif uses_comma or says_point:
        ambiguous = one_group
    else:
        ambiguous = one_group & has_comma
    is_thousands = grouped & (~one_group | says_comma)
    plain = text.where(has_point | has_comma | grouped)
    dotless = plain.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    return plain.mask(has_comma | is_thousands, dotless).mask(ambiguous), ambiguous


def _fits(text: pd.Series, pattern: str) -> pd.Series:
    return text.str.fullmatch(pattern).fillna(value=False).astype(bool)


def _number_problem(cell: object, *, is_ambiguous: bool) -> _Problem:
    if is_ambiguous:
        remedy = "Schrijf duizendtallen zonder punt en kommagetallen met een komma."
        return "kan een duizendtal of een kommagetal zijn", remedy
    plain = str(cell).strip().casefold()
    if plain in _NO_NUMBERS or plain in _SHEET_ERRORS:
        return "is geen geldig getal", _EMPTY_OR_BETTER
    if _is_number(cell) or re.fullmatch(_POINT, plain):
        return "is te groot voor een getal", _EMPTY_OR_BETTER
    return "is tekst in plaats van een getal", "Vul een getal in, of niets."


def _whole(
    numbers: pd.Series, cells: pd.Series, bad: list[BadCell]
) -> tuple[pd.Series, list[BadCell]]:
    broken = numbers.notna() & ((numbers % 1 != 0) | (numbers.abs() >= _LARGEST_EXACT))
    more = [
        BadCell(
            int(position),
            shown(cells.iloc[position]),
            "is geen geheel getal",
            "Rond af of verbeter.",
        )
        for position in np.flatnonzero(broken)
    ]
    return numbers.mask(broken).astype("Int64"), [*bad, *more]
