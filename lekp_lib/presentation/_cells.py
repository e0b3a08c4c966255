"""What every view needs: only public tables, their cells in Dutch, captions that say enough."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pandas as pd

from lekp_lib import wording
from lekp_lib.contracts import Column
from lekp_lib.disclosure import PublicTable
from lekp_lib.errors import ContractError
from lekp_lib.presentation.html import Html, element, fragment

__all__ = [
    "FICTIONAL",
    "TOO_SMALL",
    "caption_of",
    "cell_text",
    "cell_texts",
    "closed_list",
    "heading",
    "is_number",
    "name_column",
    "ordered_values",
    "plain_number",
    "require_columns",
    "require_frame",
    "require_message",
    "require_number",
    "require_table",
    "shown_number",
    "shown_values",
    "unit_word",
]

TOO_SMALL = "te klein om te tonen"
FICTIONAL = "Fictieve gegevens"

_KEYS = frozenset({"place", "slug"})
_KEY_ENDINGS = ("_id", "_code", "_url")
_SHORTEST_MESSAGE = 4
_FIRST_CALENDAR_YEAR = 1000


def require_table(public: object) -> None:
    """Refuse anything but a table that went through disclosure."""
    if not isinstance(public, PublicTable):
        msg = (
            f"Only a PublicTable may be shown, this is a {type(public).__name__}. "
            "Take it from Results.public."
        )
        raise TypeError(msg)


def require_columns(public: PublicTable, *names: str | None) -> None:
    """Refuse columns that the table does not have."""
    absent = [name for name in names if name is not None and name not in public.columns]
    if absent:
        msg = (
            f"Table «{public.name}» has no column {', '.join(absent)}. "
            f"Choose from: {', '.join(public.columns)}."
        )
        raise ContractError(msg)


def require_number(public: PublicTable, name: str) -> None:
    """Refuse a column whose cells are not numbers."""
    require_columns(public, name)
    if not is_number(public.columns[name]):
        msg = f"Column «{name}» of table «{public.name}» holds no numbers. Choose one that does."
        raise ContractError(msg)


def require_frame(frame: object, columns: Iterable[str], *, what: str) -> None:
    """Refuse a table of key figures or assumptions that is not one."""
    if not isinstance(frame, pd.DataFrame):
        msg = f"{what} must be the DataFrame of Results, this is a {type(frame).__name__}."
        raise TypeError(msg)
    absent = [name for name in columns if name not in frame]
    if absent:
        msg = f"{what} lacks the columns {', '.join(absent)}. Take the table from Results."
        raise ContractError(msg)


def require_message(*, title: str, text: str) -> None:
    """Refuse a figure without a title or without a sentence that says its message."""
    if not title.strip() or len(text.split()) < _SHORTEST_MESSAGE or text.strip() == title.strip():
        msg = (
            f"A figure needs a title and a text that says its message, got title {title!r} "
            f"and text {text!r}. Write what the reader should see, in one Dutch sentence."
        )
        raise ContractError(msg)


def is_number(column: Column) -> bool:
    """Tell whether the cells are numbers to be counted with."""
    return column.kind in {"integer", "number"} and column.labels is None


def unit_word(column: Column) -> str:
    """Return the unit as a reader writes it; counts and codes have none."""
    if column.unit == "aandeel":
        return "%"
    return wording.LABELS["unit"].get(column.unit, column.unit)


def heading(column: Column, values: Iterable[Any] = ()) -> str:
    """Return the Dutch title with its unit; calendar years need none."""
    word = unit_word(column)
    if not word or (column.unit == "jaar" and _are_calendar_years(values)):
        return column.title
    return f"{column.title} ({word})"


def _are_calendar_years(values: Iterable[Any]) -> bool:
    known = [value for value in values if not pd.isna(value)]
    return bool(known) and min(known) >= _FIRST_CALENDAR_YEAR


def shown_number(column: Column, value: float) -> float:
    """Return a number on the scale in which it is shown: shares in percent."""
    return float(value) * 100 if column.unit == "aandeel" else float(value)


def cell_text(
    column: Column, value: Any, *, is_suppressed: bool = False, with_unit: bool = False
) -> str:
    """
    Return one cell in Dutch.

    Examples
    --------
    >>> from lekp_lib.contracts import INPUTS
    >>> cell_text(INPUTS["gebouwen"].columns["building_type"], "terraced")
    'rijwoning'
    >>> cell_text(INPUTS["gebouwen"].columns["floor_area_m2"], 1234.0, with_unit=True)
    '1.234 m²'
    >>> cell_text(INPUTS["gebouwen"].columns["floor_area_m2"], None, is_suppressed=True)
    'te klein om te tonen'
    """
    if is_suppressed:
        return TOO_SMALL
    if pd.isna(value):
        return wording.NOT_KNOWN
    if column.labels is not None:
        return wording.label(column.labels, value)
    if column.kind == "yes_no":
        return "ja" if value else "nee"
    if isinstance(value, dt.date):
        return wording.date(value)
    return _number_text(column, value, with_unit=with_unit) if is_number(column) else str(value)


def _number_text(column: Column, value: float, *, with_unit: bool) -> str:
    text = wording.number(shown_number(column, value), column.decimals)
    if column.unit == "jaar":
        text = text.replace(".", "")
    word = "" if column.unit == "jaar" and value >= _FIRST_CALENDAR_YEAR else unit_word(column)
    return f"{text} {word}" if with_unit and word else text


def cell_texts(public: PublicTable, name: str, *, with_unit: bool = False) -> list[str]:
    """Return all cells of a column in Dutch."""
    column = public.columns[name]
    return [
        cell_text(column, value, is_suppressed=hidden, with_unit=with_unit)
        for value, hidden in zip(public.frame[name], public.suppressed[name], strict=True)
    ]


def shown_values(public: PublicTable, name: str) -> list[float]:
    """Return the numbers of a column as they are shown, NaN where there is none."""
    column = public.columns[name]
    return [
        float("nan") if pd.isna(value) else shown_number(column, value)
        for value in public.frame[name]
    ]


def closed_list(column: Column) -> tuple[str, ...]:
    """Return the codes of a column in their own order, empty if it has no list."""
    if column.allowed is not None:
        return column.allowed
    return () if column.labels is None else tuple(wording.LABELS[column.labels])


def ordered_values(public: PublicTable, name: str) -> list[Any]:
    """Return the distinct values: a closed list in its own order, others as they come."""
    present = list(dict.fromkeys(value for value in public.frame[name] if not pd.isna(value)))
    listed = [code for code in closed_list(public.columns[name]) if code in present]
    return [*listed, *(value for value in present if value not in listed)]


def name_column(public: PublicTable, shown: str) -> str | None:
    """Return the column that names a row for a reader: a name before any other text."""
    texts = [
        name
        for name, column in public.columns.items()
        if column.kind == "text" and not column.labels and not column.allowed and name != shown
    ]
    named = [name for name in texts if name in {"name", "label"} or name.endswith("_name")]
    plain = [name for name in texts if name not in _KEYS and not name.endswith(_KEY_ENDINGS)]
    return next(iter([*named, *plain, *texts]), None)


def plain_number(value: float) -> str:
    """
    Return a number without needless decimals: at most four digits with those before the comma.

    Examples
    --------
    >>> plain_number(0.0350), plain_number(12.0), plain_number(1 / 3)
    ('0,035', '12', '0,3333')
    """
    text = wording.number(value, max(0, 4 - len(str(int(abs(value))).lstrip("0"))))
    return text.rstrip("0").rstrip(",") if "," in text else text


def caption_of(public: PublicTable, title: str, *sentences: str) -> list[Html]:
    """Return title, warning for fictional places and sentences, for a caption."""
    pieces = [element("strong", title.rstrip(".") + ".")]
    if public.is_fictional:
        pieces.append(fragment(" ", element("strong", FICTIONAL, class_="lekp-tag")))
    return [*pieces, *(fragment(" ", sentence) for sentence in sentences if sentence)]
