"""One number for every pair of two lists: a grid of shaded cells that can be read aloud."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lekp_lib.disclosure import PublicTable
from lekp_lib.errors import ContractError
from lekp_lib.presentation._cells import (
    caption_of,
    cell_text,
    cell_texts,
    heading,
    ordered_values,
    require_columns,
    require_message,
    require_number,
    require_table,
    shown_values,
)
from lekp_lib.presentation.html import Html, element

__all__ = ["grid"]

_SHADES = 5


def grid(
    public: PublicTable,
    *,
    row: str,
    column: str,
    value: str,
    title: str,
    text: str,
    panel: str | None = None,
    mark: str | None = None,
) -> Html:
    """
    Return a number for every row and column, darker where it is larger.

    Parameters
    ----------
    public : PublicTable
        One table row per row, column and panel.
    row, column : str
        Columns whose values head the rows and the columns of the grid.
    value : str
        Column with the numbers.
    title, text : str
        Title, and the message of the grid in one Dutch sentence.
    panel : str, optional
        Column whose values each get a grid of their own, shaded on one scale.
    mark : str, optional
        Column of yes and no: a cell with yes gets a tick; `text` says what it means.

    Raises
    ------
    TypeError
        If `public` is not a ``PublicTable``.
    ContractError
        If a column is absent, holds no numbers, or a cell occurs twice.

    Examples
    --------
    >>> from lekp_lib.contracts import INPUTS
    >>> rows = pd.DataFrame({"building_type": ["terraced", "detached"],
    ...     "tenure": ["owner_occupied"] * 2, "dwellings": [12, 3]})
    >>> about = {name: INPUTS["gebouwen"].columns[name] for name in rows}
    >>> none = pd.DataFrame(False, index=rows.index, columns=list(rows))
    >>> public = PublicTable("woningen", "Woningen", rows, none, about, is_fictional=False)
    >>> shown = grid(public, row="building_type", column="tenure", value="dwellings",
    ...              title="Woningen", text="De meeste woningen zijn rijwoningen.")
    >>> '<td class="lekp-shade-5">12</td>' in shown.text
    True
    """
    require_table(public)
    require_columns(public, row, column, panel, mark)
    require_number(public, value)
    require_message(title=title, text=text)
    names = [name for name in (panel, row, column) if name is not None]
    if pd.DataFrame(public.frame).duplicated(names).any():
        msg = f"Table «{public.name}» has several rows for one cell of the grid. Add a panel."
        raise ContractError(msg)
    cells = _cells(public, names, value, mark)
    heads = [_heads(public, name) for name in (row, column)]
    corner = public.columns[row].title
    panels: list[tuple[str, ...]] = [()]
    if panel is not None:
        panels = [(name,) for name in _heads(public, panel)]
    about = heading(public.columns[value], public.frame[value])
    return element(
        "figure",
        *(_one_grid(cells, key, heads, corner, title) for key in panels),
        element("figcaption", *caption_of(public, title, text, f"In elke cel: {about}.")),
        class_="lekp-figure",
    )


def _heads(public: PublicTable, name: str) -> list[str]:
    return list(dict.fromkeys(_words(public, name, ordered_values(public, name))))


def _words(public: PublicTable, name: str, codes: Iterable[Any]) -> list[str]:
    about = public.columns[name]
    return [cell_text(about, code, with_unit=True) for code in codes]


def _cells(
    public: PublicTable, names: Sequence[str], value: str, mark: str | None
) -> dict[tuple[str, ...], Html]:
    """Return the cells by panel (if any), row and column."""
    texts, shades = cell_texts(public, value), _shades(np.array(shown_values(public, value)))
    ticks = [False] * len(texts) if mark is None else public.frame[mark].fillna(value=False)
    keys = zip(*(_words(public, name, public.frame[name]) for name in names), strict=True)
    return {
        key: element("td", "✓ " if tick else "", text, class_=shade or None)
        for key, text, shade, tick in zip(keys, texts, shades, ticks, strict=True)
    }


def _shades(numbers: np.ndarray) -> list[str]:
    """Return a class per number, five steps of equal width; none where it is missing."""
    known = numbers[~np.isnan(numbers)]
    if len(known) == 0:
        return [""] * len(numbers)
    low, width = float(known.min()), float(known.max() - known.min())
    return [
        ""
        if math.isnan(number)
        else f"lekp-shade-{min(int((number - low) / width * _SHADES) + 1, _SHADES) if width else 1}"
        for number in numbers
    ]


def _one_grid(
    cells: dict[tuple[str, ...], Html],
    panel: tuple[str, ...],
    heads: Sequence[Sequence[str]],
    corner: str,
    title: str,
) -> Html:
    rows, columns = heads
    top = [element("th", name, scope="col") for name in (corner, *columns)]
    empty = element("td", "–")
    body = [
        element(
            "tr",
            element("th", name, scope="row"),
            *(cells.get((*panel, name, column), empty) for column in columns),
        )
        for name in rows
    ]
    table = element(
        "table",
        *(element("caption", name) for name in panel),
        element("thead", element("tr", *top)),
        element("tbody", *body),
        class_="lekp-grid",
    )
    label = ". ".join((title, *panel))
    return element("div", table, class_="lekp-scroll", tabindex=0, role="region", aria_label=label)
