"""Classes of a map: which rows look alike, how they are drawn and what the legend says."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from lekp_lib import wording
from lekp_lib.disclosure import PublicTable
from lekp_lib.errors import ContractError
from lekp_lib.presentation._cells import (
    TOO_SMALL,
    cell_text,
    closed_list,
    heading,
    is_number,
    ordered_values,
    plain_number,
    shown_values,
)
from lekp_lib.presentation._style import GREY, INK, OTHERS, QUALITATIVE, UNKNOWN, sequential
from lekp_lib.presentation.html import Html, element, fragment

__all__ = ["Classes", "Entry", "Kind", "Order", "classify", "legend", "radius"]

Kind = Literal["line", "point", "area"]
Order = Literal["rising", "falling"]

_N_CLASSES = 5
_ORDERED_LABELS = frozenset({"period", "tree_class"})
_DASHES = (None, "14 5", "2 7", "9 5 2 5", "16 4 2 4 2 4", "5 5", "1 4")
_LIGHTEST = {"line": 0.62, "point": 0.95, "area": 0.97}
_OTHERS = "andere"
_GREY_LABELS = {_OTHERS} | {
    codes["unknown"] for codes in wording.LABELS.values() if "unknown" in codes
}
"""Labels that say which class a row is not in."""
_SMALLEST_RADIUS, _LARGEST_RADIUS = 3.0, 18.0


@dataclass(frozen=True)
class Entry:
    """One entry of the legend and how Leaflet draws it."""

    label: str
    style: Mapping[str, object]
    is_known: bool = True


@dataclass(frozen=True)
class Classes:
    """The entries of the legend, and the entry of each row of the table."""

    entries: Sequence[Entry]
    of_rows: Sequence[int]


def classify(
    public: PublicTable,
    column: str,
    *,
    kind: Kind,
    thresholds: Sequence[float] | None = None,
    order: Order | None = None,
) -> Classes:
    """
    Sort the rows of a table into classes.

    Parameters
    ----------
    public : PublicTable
        What the map shows.
    column : str
        A number is cut at `thresholds`; codes and texts are a class each.
    kind : {"line", "point", "area"}
        What is drawn.
    thresholds : sequence of float, optional
        Rising bounds [unit of the column; a share as 0-1]; by default round bounds with
        about as many rows between them.
    order : {"rising", "falling"}, optional
        Codes that go from low to high, or from high to low, get colours from light to dark.
    """
    if is_number(public.columns[column]):
        labels, of_rows = _number_classes(public, column, thresholds)
        order = "rising"
    else:
        order = order or ("rising" if public.columns[column].labels in _ORDERED_LABELS else None)
        labels, of_rows = _code_classes(public, column, may_fold=order is None)
    styles = _styles(kind, labels, order)
    entries = [Entry(text, style) for text, style in zip(labels, styles, strict=True)]
    if not is_number(public.columns[column]):
        entries, of_rows = _present(entries, of_rows)
    return _with_absent(public, column, entries, of_rows, kind)


def _present(entries: list[Entry], of_rows: list[int]) -> tuple[list[Entry], list[int]]:
    """Drop the codes that no row has; the others keep their look, so that places compare."""
    used = sorted({place for place in of_rows if place >= 0})
    new = {old: place for place, old in enumerate(used)} | {-1: -1}
    return [entries[old] for old in used], [new[place] for place in of_rows]


def _number_classes(
    public: PublicTable, column: str, thresholds: Sequence[float] | None
) -> tuple[list[str], list[int]]:
    values = np.array(shown_values(public, column), dtype=float)
    known = values[~np.isnan(values)]
    is_year = public.columns[column].unit == "jaar"
    if thresholds is None:
        bounds = _nice_bounds(known, is_whole=is_year)
    else:
        scale = 100 if public.columns[column].unit == "aandeel" else 1
        bounds = [float(bound) * scale for bound in thresholds]
    if sorted(set(bounds)) != bounds:
        msg = f"thresholds must rise, got {list(thresholds or [])}."
        raise ContractError(msg)
    of_rows = [-1 if math.isnan(v) else int(np.searchsorted(bounds, v, "right")) for v in values]
    return _class_labels(bounds, known, _plain_year if is_year else plain_number), of_rows


def _plain_year(number: float) -> str:
    return f"{number:.0f}"


def _nice_bounds(known: np.ndarray, *, is_whole: bool) -> list[float]:
    """Return round bounds with about as many values between them."""
    if len(known) == 0:
        return []
    shares = np.linspace(0, 1, _N_CLASSES + 1)[1:-1]
    between = np.quantile(known, shares)
    rounded = {float(round(bound)) if is_whole else float(f"{bound:.2g}") for bound in between}
    return sorted(bound for bound in rounded if known.min() < bound <= known.max())


def _class_labels(
    bounds: Sequence[float], known: np.ndarray, text_of: Callable[[float], str]
) -> list[str]:
    if len(known) == 0:
        return []
    if not bounds:
        return [text_of(float(known[0])) if len(set(known)) == 1 else "alle waarden"]
    words = [text_of(bound) for bound in bounds]
    between = [f"{low} tot {high}" for low, high in itertools.pairwise(words)]
    return [f"minder dan {words[0]}", *between, f"{words[-1]} of meer"]


def _code_classes(
    public: PublicTable, column: str, *, may_fold: bool
) -> tuple[list[str], list[int]]:
    about = public.columns[column]
    codes = list(dict.fromkeys([*closed_list(about), *ordered_values(public, column)]))
    place = {code: i for i, code in enumerate(codes)}
    of_rows = [-1 if pd.isna(value) else place[value] for value in public.frame[column]]
    labels = [cell_text(about, code) for code in codes]
    return _folded(labels, of_rows) if may_fold else (labels, of_rows)


def _folded(labels: list[str], of_rows: list[int]) -> tuple[list[str], list[int]]:
    """Keep the most frequent categories apart and let the others share one entry."""
    room = len(QUALITATIVE)
    known = [i for i, label in enumerate(labels) if label not in _GREY_LABELS]
    if len(known) <= room:
        return labels, of_rows
    counts = np.bincount([i for i in of_rows if i >= 0], minlength=len(labels))
    kept = sorted(sorted(known, key=lambda i: -int(counts[i]))[:room])
    kept += [i for i in range(len(labels)) if i not in known]
    new = {old: place for place, old in enumerate(kept)} | {-1: -1}
    return [*(labels[i] for i in kept), _OTHERS], [new.get(i, len(kept)) for i in of_rows]


def _with_absent(
    public: PublicTable, column: str, entries: list[Entry], of_rows: list[int], kind: Kind
) -> Classes:
    rows = list(of_rows)
    hidden = public.suppressed[column].to_numpy()
    for text, is_small in ((TOO_SMALL, True), (wording.NOT_KNOWN, False)):
        missing = [i for i, row in enumerate(of_rows) if row < 0 and bool(hidden[i]) is is_small]
        for i in missing:
            rows[i] = len(entries)
        if missing:
            style = _absent_style(kind, is_small=is_small)
            entries = [*entries, Entry(text, style, is_known=False)]
    return Classes(entries, rows)


def _styles(kind: Kind, labels: Sequence[str], order: Order | None) -> list[dict[str, object]]:
    """Return how each class is drawn: by rank if there is an order, else by its own colour."""
    known = [label for label in labels if label not in _GREY_LABELS]
    colours = list(QUALITATIVE)
    if order is not None:
        colours = sequential(len(known), lightest=_LIGHTEST[kind])
    if order == "falling":
        colours.reverse()
    styles, place = [], 0
    for label in labels:
        if label in _GREY_LABELS:
            colour = OTHERS if label == _OTHERS else UNKNOWN
            styles.append(_style(kind, colour, dash=None, weight=4.0))
            continue
        rank = len(known) - 1 - place if order == "falling" else place
        weight = 5.0 if order is None else 3.0 + 4.0 * rank / max(len(known) - 1, 1)
        dash = None if order else _DASHES[place % len(_DASHES)]
        styles.append(_style(kind, colours[place], dash=dash, weight=round(weight, 1)))
        place += 1
    return styles


def _style(kind: Kind, colour: str, *, dash: str | None, weight: float) -> dict[str, object]:
    """Give lines a width or a dash of their own: colour is not the only sign."""
    if kind == "line":
        line: dict[str, object] = {"color": colour, "weight": weight, "opacity": 1}
        return line | ({"dashArray": dash} if dash else {})
    edge = 1.0 if kind == "point" else 0.6
    return {"color": INK, "weight": edge, "fillColor": colour, "fillOpacity": 0.9}


def _absent_style(kind: Kind, *, is_small: bool) -> dict[str, object]:
    """Draw what is not known or not shown thin, grey and dashed."""
    dash = {"dashArray": "6 4" if is_small else "1 5"}
    if kind == "line":
        return {"color": GREY, "weight": 2.5, "opacity": 1} | dash
    return {"color": INK, "weight": 1, "fillColor": "#ffffff", "fillOpacity": 0.8} | dash


def legend(
    public: PublicTable,
    classes: Classes,
    *,
    kind: Kind,
    column: str,
    title: str,
    size_column: str | None,
) -> Html:
    """Return the panel beside the map: title, what is shown, each class in words."""
    about = public.columns[column]
    items = [
        element("li", _swatch(kind, entry.style), element("span", entry.label))
        for entry in classes.entries
    ]
    return element(
        "aside",
        element("h1", title),
        element("p", heading(about, public.frame[column] if is_number(about) else ())),
        element("ul", *items),
        _sizes(public, size_column),
        class_="lekp-legend",
        aria_label="Legende",
        tabindex=0,
    )


def _swatch(kind: Kind, style: Mapping[str, object]) -> Html:
    look = {
        "stroke": style["color"],
        "stroke_width": style["weight"],
        "stroke_dasharray": style.get("dashArray"),
        "fill": style.get("fillColor", "none"),
        "fill_opacity": style.get("fillOpacity"),
    }
    shapes = {
        "line": element("line", x1=1, y1=8, x2=31, y2=8, **look),
        "point": element("circle", cx=16, cy=8, r=6.5, **look),
        "area": element("rect", x=5, y=1.5, width=22, height=13, **look),
    }
    return element("svg", shapes[kind], width=32, height=16, aria_hidden="true")


def _sizes(public: PublicTable, size_column: str | None) -> Html:
    if size_column is None or public.frame[size_column].isna().all():
        return Html("")
    about = public.columns[size_column]
    known = public.frame[size_column].dropna()
    items = [
        element("li", _circle(radius(value, known.max())), cell_text(about, value, with_unit=True))
        for value in (known.min(), known.max())
    ]
    return fragment(element("p", f"Grootte: {about.title}"), element("ul", *items))


def _circle(drawn_radius: float) -> Html:
    middle = _LARGEST_RADIUS + 1
    drawn = element(
        "circle", cx=middle, cy=middle, r=drawn_radius, fill="none", stroke=INK, stroke_width=1
    )
    height = max(2 * drawn_radius + 2, 16)
    top = middle - height / 2
    view = f"0 {top:g} {2 * middle:g} {height:g}"
    return element("svg", drawn, width=2 * middle, height=height, viewBox=view, aria_hidden="true")


def radius(value: float, largest: float) -> float:
    """
    Return the radius of a circle whose area stands for a value [pixels].

    Examples
    --------
    >>> radius(25, 100), radius(100, 100), radius(0, 100)
    (9.0, 18.0, 3.0)
    """
    if pd.isna(value) or value <= 0 or largest <= 0:
        return _SMALLEST_RADIUS
    return round(max(_SMALLEST_RADIUS, _LARGEST_RADIUS * math.sqrt(value / largest)), 1)
