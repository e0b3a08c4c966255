"""Tables, key figures, assumptions and sources as accessible HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from lekp_lib import wording
from lekp_lib.assumptions import BASES, load_sources
from lekp_lib.contracts import Column
from lekp_lib.disclosure import KEY_FIGURES, PublicTable
from lekp_lib.errors import ContractError
from lekp_lib.presentation._cells import (
    TOO_SMALL,
    caption_of,
    cell_texts,
    closed_list,
    heading,
    is_number,
    plain_number,
    require_columns,
    require_frame,
    require_table,
    unit_word,
)
from lekp_lib.presentation.html import Html, element, fragment, link

__all__ = ["assumption_table", "key_figures", "sources_list", "table"]

_MILLION = 1_000_000
_NOT_CHECKED = "niet nagegaan"
_OWN_SOURCE = "eigen"
_PRIVACY = "privacy."
_ASSUMPTION_COLUMNS = (
    "key",
    "value",
    "unit",
    "low",
    "high",
    "basis",
    "source_id",
    "locator",
    "label",
)


def table(
    public: PublicTable,
    *,
    columns: Sequence[str] | None = None,
    sort_by: str | None = None,
    descending: bool | None = None,
    most: int | None = None,
    links: str | None = None,
    caption: str | None = None,
) -> Html:
    """
    Return a public table that can be sorted, scrolled and read aloud.

    Parameters
    ----------
    public : PublicTable
        What to show.
    columns : sequence of str, optional
        Columns in this order, all of them by default; the first one heads the rows.
    sort_by : str, optional
        Column to sort on. Missing cells come last.
    descending : bool, optional
        By default numbers run from large to small, everything else forward.
    most : int, optional
        Show at most this many rows and say that there are more in the downloads.
    links : str, optional
        Column with places (``<gemeente>`` or ``<gemeente>/<wijk>``): the row headings link
        there. The column itself is only shown if it is in `columns`.
    caption : str, optional
        Instead of the title of the table.

    Raises
    ------
    TypeError
        If `public` is not a ``PublicTable``.
    ContractError
        If a column does not exist.

    Examples
    --------
    >>> from lekp_lib.contracts import RESULTS
    >>> from lekp_lib.disclosure import publish
    >>> rows = pd.DataFrame({"part": ["wat"], "text": ["Een <b>wijk</b>."]})
    >>> summary = publish(rows, RESULTS["samenvatting"], smallest_cell=10, smallest_street=5,
    ...                   is_fictional=False)
    >>> "<td>Een &lt;b&gt;wijk&lt;/b&gt;.</td>" in table(summary).text
    True
    """
    require_table(public)
    names = list(columns) if columns else [name for name in public.columns if name != links]
    require_columns(public, *names, sort_by, links)
    order = _order(public, sort_by, descending=descending)
    shown = order if most is None else order[:most]
    cells = [_column_cells(public, name, shown, is_first=name == names[0]) for name in names]
    if links is not None:
        cells[0] = _linked(public, links, shown, cells[0], names[0])
    title = caption or public.title
    return _scrollable(
        title,
        caption_of(public, title, _rows_left_out(len(shown), len(order))),
        fragment(*(_heading_cell(public, name) for name in names)),
        [fragment(*row) for row in zip(*cells, strict=True)],
        note=_note_on_small(public, names),
    )


def _order(public: PublicTable, sort_by: str | None, *, descending: bool | None) -> list[int]:
    if sort_by is None:
        return list(range(len(public.frame)))
    column = public.columns[sort_by]
    keys = pd.Series([_sort_key(column, value) for value in public.frame[sort_by]], dtype=object)
    is_down = is_number(column) if descending is None else descending
    known = keys.dropna().sort_values(ascending=not is_down, kind="stable")
    return [*known.index, *keys.index[keys.isna()]]


def _sort_key(column: Column, value: Any) -> Any:
    if pd.isna(value):
        return None
    codes = closed_list(column)
    if codes:
        return codes.index(value) if value in codes else len(codes)
    if column.kind == "text":
        return wording.slugify(str(value))
    return value.isoformat() if column.kind == "time" else float(value)


def _heading_cell(public: PublicTable, name: str) -> Html:
    column = public.columns[name]
    text = heading(column, public.frame[name] if column.unit == "jaar" else ())
    return element(
        "th",
        column.title if _names_unit(column) else text,
        scope="col",
        class_="lekp-number" if is_number(column) else None,
        title=column.description or None,
    )


def _names_unit(column: Column) -> bool:
    """Tell whether the title has every word of the unit already: «Plaatsen op straat»."""
    words = [word for word in re.split(r"/| per ", unit_word(column)) if word]
    title = column.title.casefold()
    return bool(words) and all(
        re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", title) for word in words
    )


def _column_cells(
    public: PublicTable, name: str, rows: Sequence[int], *, is_first: bool
) -> list[Html]:
    column = public.columns[name]
    texts, values = cell_texts(public, name), list(public.frame[name])
    shown = [_address(text) for text in texts] if name.endswith("_url") else texts
    return [_cell(column, shown[row], values[row], is_first=is_first) for row in rows]


def _address(text: str) -> Html:
    """Return a web address as a link that shows only the site."""
    return link(text, text.removeprefix("https://").removeprefix("www.").partition("/")[0])


def _cell(column: Column, text: object, value: Any, *, is_first: bool) -> Html:
    key = _sort_key(column, value)
    return element(
        "th" if is_first else "td",
        text,
        scope="row" if is_first else None,
        class_="lekp-number" if is_number(column) else None,
        data_sort=("" if key is None else _machine(key)) if _needs_key(column) else None,
    )


def _needs_key(column: Column) -> bool:
    return column.kind != "text" or bool(closed_list(column))


def _machine(key: Any) -> str:
    return f"{key:.10g}" if isinstance(key, float) else str(key)


def _linked(
    public: PublicTable, links: str, rows: Sequence[int], plain: list[Html], name: str
) -> list[Html]:
    column, values = public.columns[name], list(public.frame[name])
    places, texts = list(public.frame[links]), cell_texts(public, name)
    return [
        cell
        if pd.isna(places[row])
        else _cell(column, link(f"lekp:{places[row]}", texts[row]), values[row], is_first=True)
        for row, cell in zip(rows, plain, strict=True)
    ]


def _rows_left_out(n_shown: int, n_all: int) -> str:
    if n_shown == n_all:
        return ""
    return (
        f"De eerste {wording.number(n_shown)} van {wording.number(n_all)} rijen; "
        "de downloads bevatten ze allemaal."
    )


def _note_on_small(public: PublicTable, names: Sequence[str]) -> str:
    if not public.suppressed[list(names)].to_numpy().any():
        return ""
    return (
        f"«{TOO_SMALL}»: achter dit cijfer staan te weinig huishoudens of aansluitingen, of met "
        "dit cijfer zou een ander klein cijfer te berekenen zijn."
    )


def _scrollable(
    label: str, caption: Sequence[Html], head: Html, rows: Sequence[Html], *, note: str = ""
) -> Html:
    width = head.text.count("<th ")
    body = [element("tr", row) for row in rows] or [
        element("tr", element("td", "Er zijn geen rijen.", colspan=width))
    ]
    grid = element(
        "table",
        element("caption", element("span", *caption, class_="lekp-caption")),
        element("thead", element("tr", head)),
        element("tbody", *body),
        class_="lekp-sortable",
    )
    region = element("div", grid, class_="lekp-scroll", tabindex=0, role="region", aria_label=label)
    return fragment(region, element("p", note, class_="lekp-note") if note else Html(""))


def key_figures(figures: pd.DataFrame, *, keys: Sequence[str] | None = None) -> Html:
    """
    Return key figures as cards: number, label and a word on how sure it is.

    Parameters
    ----------
    figures : DataFrame
        ``Results.key_figures``.
    keys : sequence of str, optional
        The figures to show, in this order; all by default.

    Raises
    ------
    ContractError
        If a key does not exist or a column is absent.

    Examples
    --------
    >>> figures = pd.DataFrame({"key": ["homes"], "value": [1234.0], "unit": ["aantal"],
    ...     "lekp_name": [None],
    ...     "label": ["woningen"], "work_programme": [1], "basis": ["derived"]})
    >>> "1.234" in key_figures(figures).text
    True
    """
    require_frame(figures, KEY_FIGURES, what="key_figures")
    chosen = figures
    if keys is not None:
        absent = sorted(set(keys) - set(figures["key"]))
        if absent:
            msg = f"There is no key figure {', '.join(absent)}. Choose from {list(figures['key'])}."
            raise ContractError(msg)
        chosen = figures.drop_duplicates("key").set_index("key", drop=False).loc[list(keys)]
    return element("ul", *(_card(row) for row in chosen.to_dict("records")), class_="lekp-cards")


def _card(row: dict[Any, Any]) -> Html:
    basis = _NOT_CHECKED if pd.isna(row["basis"]) else wording.label("basis", row["basis"])
    return element(
        "li",
        element("span", _card_number(row), class_="lekp-card-number"),
        Html(" "),
        element("span", row["label"], class_="lekp-card-label"),
        Html(" "),
        element("span", basis, class_="lekp-card-basis"),
        class_="lekp-card",
    )


_COUNTED = frozenset({"plaats", "renovatie", "boom", "wooneenheid"})
"""Units that count whole things and that the label beside the number names again."""


def _card_number(row: dict[Any, Any]) -> str:
    """Return a figure short enough to remember; a card is no place for the last digit."""
    value, unit = row["value"], row["unit"]
    if unit in _COUNTED:
        return wording.number(value)
    if pd.isna(value):
        return wording.NOT_KNOWN
    if unit == "jaar":
        return f"{value:.0f}"
    if abs(value) >= _MILLION:
        word = wording.LABELS["unit"].get(unit, unit)
        return f"{wording.number(value / _MILLION, 1)} miljoen {word}".strip()
    if unit == "MWh/m":
        return wording.quantity(value, unit, 2)
    is_whole = float(value).is_integer() or abs(value) >= 100 or unit == "aandeel"
    return wording.quantity(value, unit, 0 if is_whole else 1 if abs(value) >= 1 else 2)


def assumption_table(assumptions_used: pd.DataFrame) -> Html:
    """
    Return the figures a study stands on, folded, the least sure ones first.

    The rules on small cells, which change no result, come last.

    Parameters
    ----------
    assumptions_used : DataFrame
        ``Results.assumptions_used``.

    Examples
    --------
    >>> from lekp_lib.assumptions import load
    >>> used = load().pick(["privacy.smallest_cell"]).table()
    >>> "kleinste cel" in assumption_table(used).text
    True
    """
    require_frame(assumptions_used, _ASSUMPTION_COLUMNS, what="assumptions_used")
    rank = {basis: place for place, basis in enumerate(reversed(BASES))}
    figures = sorted(
        assumptions_used.to_dict("records"),
        key=lambda row: (str(row["key"]).startswith(_PRIVACY), rank.get(str(row["basis"]), -1)),
    )
    titles = load_sources()["title"].to_dict()
    heads = ("Kengetal", "Waarde", "Mogelijk bereik", "Basis", "Bron en opmerking")
    title = "Kengetallen waarop deze berekening steunt"
    grid = _scrollable(
        title,
        [element("strong", f"{title}."), Html(" Bovenaan staat wat het minst zeker is.")],
        fragment(*(element("th", head, scope="col") for head in heads)),
        [_assumption_cells(row, rank, titles) for row in figures],
    )
    how_many = f"alle {wording.number(len(figures))} kengetallen"
    summary = f"Toon {'het kengetal' if len(figures) == 1 else how_many}"
    return element("details", element("summary", summary), grid, class_="lekp-more")


def _assumption_cells(row: dict[Any, Any], rank: dict[str, int], titles: dict[Any, Any]) -> Html:
    basis = str(row["basis"])
    return fragment(
        element("th", row["label"] or row["key"], scope="row"),
        element("td", _exact(row["value"], row["unit"]), data_sort=_machine(float(row["value"]))),
        element(
            "td",
            _range(row),
            class_="lekp-range",
            data_sort=_machine(float(row["high"] - row["low"])),
        ),
        element("td", wording.label("basis", basis), data_sort=rank.get(basis, -1)),
        element("td", _source_text(row, titles), _remark(row.get("note")), class_="lekp-wide"),
    )


def _remark(note: object) -> Html:
    return fragment(Html("<br>"), element("small", note)) if note else Html("")


def _exact(value: float, unit: str) -> str:
    if unit == "aandeel":
        return f"{plain_number(value * 100)} %"
    word = wording.LABELS["unit"].get(unit, unit)
    return f"{plain_number(value)} {word}".strip()


def _range(row: dict[Any, Any]) -> str:
    """Return the range on the scale of the value beside it, which has the unit."""
    if row["low"] < row["high"]:
        scale = 100 if row["unit"] == "aandeel" else 1
        return f"{plain_number(row['low'] * scale)} tot {plain_number(row['high'] * scale)}"
    return "ligt vast" if row["basis"] == "law" else "geen bereik bekend"


def _source_text(row: dict[Any, Any], titles: dict[Any, Any]) -> str:
    own = "Eigen cijfer van de gemeente" if row["source_id"] == _OWN_SOURCE else _NOT_CHECKED
    parts = [titles.get(row["source_id"], own), row["locator"]]
    if row.get("price_year"):
        parts.append(f"prijzen van {row['price_year']}")
    return ", ".join(str(part) for part in parts if part)


def sources_list(assumptions_used: pd.DataFrame) -> Html:
    """
    Return the sources of the figures a study stands on, each one once.

    Parameters
    ----------
    assumptions_used : DataFrame
        ``Results.assumptions_used``.

    Examples
    --------
    >>> from lekp_lib.assumptions import load
    >>> used = load().pick(["privacy.smallest_cell"]).table()
    >>> sources_list(used).text.count("<li>")
    1
    """
    require_frame(assumptions_used, _ASSUMPTION_COLUMNS, what="assumptions_used")
    register = load_sources()
    used = register[register.index.isin(assumptions_used["source_id"])]
    items = [_source_item(row) for row in used.sort_values("title").to_dict("records")]
    if (assumptions_used["source_id"] == _OWN_SOURCE).any():
        items.append(element("li", "Eigen cijfers van de gemeente."))
    return element("ul", *items, class_="lekp-sources")


def _source_item(row: dict[Any, Any]) -> Html:
    details = [row["publisher"], row["date"], row["licence"]]
    checked = f"geraadpleegd {row['retrieved']}" if row["retrieved"] else _NOT_CHECKED
    rest = ", ".join(str(part) for part in [*details, checked] if part)
    archive = (
        fragment(" (", link(row["archive_url"], "archief"), ")") if row["archive_url"] else Html("")
    )
    return element("li", link(row["url"], row["title"]), f". {rest}", archive, ".")
