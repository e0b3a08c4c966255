"""How charts are drawn: the house style, axes in Dutch, bars, lines, hours and marks."""

from __future__ import annotations

import base64
import io
import math
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from lekp_lib.contracts import Column
from lekp_lib.disclosure import PublicTable
from lekp_lib.presentation._cells import (
    caption_of,
    cell_text,
    heading,
    is_number,
    ordered_values,
    plain_number,
)
from lekp_lib.presentation._style import ACCENT, GRID, INK, MUTED, PALE, QUALITATIVE, SHORTAGE, SPAN
from lekp_lib.presentation.html import Html, element
from lekp_lib.units import HOURS_PER_DAY, HOURS_PER_WEEK

__all__ = [
    "draw_bars",
    "draw_histogram",
    "draw_hours",
    "draw_lines",
    "draw_spans",
    "dress_values",
    "figure_of",
    "legend_columns",
    "mark_value",
    "name_hours",
    "name_positions",
]

_WIDTH = 6.0  # inches
_PIXELS = 96  # per inch
_HOUSE_STYLE: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": GRID,
    "axes.labelcolor": MUTED,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": MUTED,
    "axes.titlelocation": "left",
    "axes.titlesize": 10.5,
    "font.family": ["DejaVu Sans"],
    "font.size": 10.5,
    "grid.color": GRID,
    "hatch.linewidth": 1.0,
    "legend.frameon": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "lekp",
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": MUTED,
    "xtick.labelcolor": MUTED,
    "ytick.color": MUTED,
    "ytick.major.size": 0,
}
_SMALL_FONT = 9.5
_HATCHES = ("", "////", "---", "xxx", "\\\\\\\\", "|||", "++")
_STROKES = ("-", "--", ":", "-.", (0, (8, 2, 1, 2, 1, 2)), (0, (1, 1)), (0, (10, 3)))
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
_DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")


def figure_of(
    draw: Callable[[Figure], None],
    public: PublicTable,
    kind: str,
    *,
    height: float,
    title: str,
    text: str,
    remark: str = "",
) -> Html:
    """
    Draw in the house style and return the picture with its text alternative.

    Parameters
    ----------
    draw : callable
        Draws on the figure it is given.
    public : PublicTable
        What is drawn.
    kind : str
        Dutch name of the kind of chart, the first words of the alternative.
    height : float
        Height [inch].
    title, text : str
        Caption and message.
    remark : str
        What the picture leaves out, for the caption.
    """
    with rc_context(_HOUSE_STYLE):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained", facecolor="white")
        draw(figure)
        picture = io.BytesIO()
        figure.savefig(picture, format="svg", metadata={"Date": None, "Creator": None})
    svg = picture.getvalue()
    svg = svg[svg.index(b"<svg") :]
    image = element(
        "img",
        alt=f"{kind}. {text}",
        src=f"data:image/svg+xml;base64,{base64.b64encode(svg).decode('ascii')}",
        width=round(_WIDTH * _PIXELS),
        height=round(height * _PIXELS),
        style="max-width:100%;height:auto",
    )
    words = caption_of(public, title, text, remark)
    return element("figure", image, element("figcaption", *words), class_="lekp-figure")


def draw_bars(
    axes: Axes,
    points: pd.DataFrame,
    *,
    categories: Sequence[str],
    groups: Sequence[str],
    unit_heading: str,
) -> None:
    """
    Draw horizontal bars with their numbers beside them.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    points : DataFrame
        Columns category, group, number and text.
    categories, groups : sequence of str
        Order from top to bottom.
    unit_heading : str
        What the numbers are.
    """
    thick = 0.82 / len(groups)
    for point in points.to_dict("records"):
        place = groups.index(point["group"])
        middle = categories.index(point["category"]) + (place - (len(groups) - 1) / 2) * thick
        _draw_bar(axes, middle, thick * 0.86, point["number"], point["text"], place)
    axes.set_yticks(range(len(categories)), [textwrap.fill(name, 26) for name in categories])
    axes.tick_params(axis="y", labelcolor=INK)
    axes.set_ylim(len(categories) - 0.5, -0.5)
    axes.axvline(0, color=MUTED, linewidth=0.8)
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks([])
    axes.margins(x=0.14)
    axes.set_xlabel(unit_heading, loc="left")
    if len(groups) > 1:
        handles = [Patch(label=name, **_bar_look(place)) for place, name in enumerate(groups)]
        axes.figure.legend(handles=handles, loc="outside upper left", ncols=legend_columns(groups))


def legend_columns(names: Sequence[str]) -> int:
    """
    Return how many names of a legend fit on one line.

    Examples
    --------
    >>> legend_columns(["Lille", "Vlaanderen"]), legend_columns(["Aandeel in de gemeente"] * 3)
    (3, 2)
    """
    return max(1, min(3, 64 // (max(map(len, names)) + 8)))


def _draw_bar(
    axes: Axes, middle: float, thick: float, number: float, text: str, place: int
) -> None:
    is_absent = math.isnan(number)
    length = 0.0 if is_absent else number
    axes.barh(middle, length, thick, **_bar_look(place))
    axes.annotate(
        text,
        (length, middle),
        xytext=(-4 if length < 0 else 4, 0),
        textcoords="offset points",
        ha="right" if length < 0 else "left",
        va="center",
        style="italic" if is_absent else "normal",
        color=MUTED if is_absent else INK,
        fontsize=_SMALL_FONT,
    )


def _bar_look(place: int) -> dict[str, Any]:
    """Return full colour for the first group and hatched bars for the others."""
    if place == 0:
        return {"facecolor": ACCENT, "edgecolor": ACCENT, "linewidth": 0}
    return {
        "facecolor": "white",
        "edgecolor": QUALITATIVE[place % len(QUALITATIVE)],
        "hatch": _HATCHES[place % len(_HATCHES)],
        "linewidth": 1,
    }


def draw_spans(axes: Axes, points: pd.DataFrame, *, unit_heading: str) -> None:
    """
    Draw from the answer at a low value to the answer at a high one, with both numbers.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    points : DataFrame
        Columns category, low, high, low_text and high_text, from top to bottom.
    unit_heading : str
        What the numbers are.
    """
    places = range(len(points))
    axes.hlines(places, points["low"], points["high"], color=SPAN, linewidth=9)
    ends = (("low", "white", "bij lage waarde"), ("high", ACCENT, "bij hoge waarde"))
    for end, fill, words in ends:
        axes.plot(
            points[end],
            places,
            linestyle="none",
            marker="o",
            markersize=8,
            markerfacecolor=fill,
            markeredgecolor=ACCENT,
            markeredgewidth=1.6,
            label=words,
        )
    for place, point in enumerate(points.to_dict("records")):
        _name_span(axes, place, point)
    names = [textwrap.fill(name, 30) for name in points["category"]]
    axes.set_yticks(list(places), names)
    axes.tick_params(axis="y", labelcolor=INK)
    axes.set_ylim(len(points) - 0.5, -0.5)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.margins(x=0.16)
    axes.set_xlabel(unit_heading, loc="left")
    axes.figure.legend(loc="outside upper left", ncols=2)


def _name_span(axes: Axes, place: int, point: dict[Any, Any]) -> None:
    for end, other in (("low", "high"), ("high", "low")):
        is_left = point[end] < point[other] or (point[end] == point[other] and end == "low")
        axes.annotate(
            point[f"{end}_text"],
            (point[end], place),
            xytext=(-8 if is_left else 8, 0),
            textcoords="offset points",
            ha="right" if is_left else "left",
            va="center",
            fontsize=_SMALL_FONT,
        )


def draw_lines(axes: Axes, points: pd.DataFrame, groups: Sequence[str]) -> None:
    """
    Draw one line per group with its name at the end.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    points : DataFrame
        Columns x, y and group; a missing y interrupts the line.
    groups : sequence of str
        Names; a single line without a name stays without.
    """
    ends = []
    for place, name in enumerate(groups):
        line = points[points["group"] == name].sort_values("x", kind="stable")
        axes.plot(line["x"], line["y"], **_line_look(place), markersize=4.5, linewidth=2)
        known = line.dropna()
        if name and len(known) > 0:
            ends.append((float(known["y"].iloc[-1]), place, name))
    low, high = axes.get_ylim()
    axes.set_ylim(0 if 0 < low < high / 2 else low, high)
    _name_ends(axes, ends)


def _line_look(place: int) -> dict[str, Any]:
    colour = ACCENT if place == 0 else QUALITATIVE[place]
    return {"color": colour, "linestyle": _STROKES[place], "marker": _MARKERS[place]}


def _name_ends(axes: Axes, ends: Sequence[tuple[float, int, str]]) -> None:
    """Write each name right of the end of its line, moved apart where they would touch."""
    low, high = axes.get_ylim()
    height = -math.inf
    for y, place, name in sorted(ends):
        height = max(y, height + 0.085 * (high - low))
        axes.annotate(
            textwrap.fill(name, 18),
            (1.0, height),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            color=_line_look(place)["color"],
            fontweight="bold",
            fontsize=_SMALL_FONT,
        )


def name_positions(axes: Axes, public: PublicTable, name: str) -> None:
    """Label the horizontal axis with the numbers or the codes of a column."""
    about = public.columns[name]
    if is_number(about):
        axes.xaxis.set_major_locator(MaxNLocator(7, integer=about.kind == "integer"))
        axes.xaxis.set_major_formatter(_formatter(about))
        axes.set_xlabel(heading(about, public.frame[name]))
    else:
        codes = ordered_values(public, name)
        words = [textwrap.fill(cell_text(about, code), 12) for code in codes]
        axes.set_xticks(range(len(codes)), words)


def _formatter(about: Column) -> FuncFormatter:
    def tick(number: float, _: float) -> str:
        text = plain_number(round(number, 9))
        return text.replace(".", "") if about.unit == "jaar" else text

    return FuncFormatter(tick)


def dress_values(axes: Axes, about: Column, unit_heading: str) -> None:
    """Give the axes a quiet grid, Dutch numbers and a heading above the vertical axis."""
    axes.grid(axis="y", linewidth=0.8)
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(_formatter(about))
    axes.set_title(unit_heading, pad=10)


def draw_hours(axes: Axes, points: pd.DataFrame) -> None:
    """
    Draw demand and supply, and hatch the hours in which demand is larger.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    points : DataFrame
        Columns hour, demand and supply, by rising hour.
    """
    hours, demand, supply = (points[name].to_numpy() for name in ("hour", "demand", "supply"))
    is_short = demand > supply
    if is_short.any():
        axes.fill_between(
            hours,
            demand,
            supply,
            where=is_short,
            interpolate=True,
            facecolor=PALE,
            edgecolor=SHORTAGE,
            hatch="////",
            linewidth=0,
        )
    axes.plot(hours, supply, color=INK, linestyle="--", linewidth=1.6)
    axes.plot(hours, demand, color=ACCENT, linewidth=2)
    axes.set_ylim(bottom=0)


def name_hours(axes: Axes, day: str) -> None:
    """Label the horizontal axis with the hours of a day, or with the days of a week."""
    if day:
        axes.set_xlim(0, HOURS_PER_DAY - 1)
        axes.set_xticks([0, 6, 12, 18], ["0 u", "6 u", "12 u", "18 u"])
        axes.set_xlabel(day, color=INK)
        return
    starts = range(0, HOURS_PER_WEEK, HOURS_PER_DAY)
    axes.set_xlim(0, HOURS_PER_WEEK - 1)
    axes.set_xticks(list(starts), [""] * len(starts))
    axes.set_xticks([start + HOURS_PER_DAY / 2 for start in starts], _DAYS, minor=True)
    axes.tick_params(axis="x", which="minor", length=0)
    axes.grid(axis="x", linewidth=0.8)


def draw_histogram(
    axes: Axes, known: np.ndarray, *, about: Column, counted: str, unit_heading: str
) -> None:
    """Draw how many rows fall in each of about eighteen round classes."""
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    if low == high:
        low, high = low - 0.5, high + 0.5
    edges = MaxNLocator(18).tick_values(low, high)
    axes.hist(known, bins=list(edges), color=SPAN, edgecolor="white", linewidth=0.8)
    axes.grid(axis="y", linewidth=0.8)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.set_title(f"Aantal {counted}", pad=24)
    axes.xaxis.set_major_formatter(_formatter(about))
    axes.set_xlabel(unit_heading)


def mark_value(axes: Axes, where: float, words: str) -> None:
    """Mark one value on the horizontal axis with a line and a few words above it."""
    low, high = axes.get_xlim()
    is_right = where > (low + high) / 2
    axes.axvline(where, color=SHORTAGE, linewidth=2.2)
    axes.annotate(
        words,
        (where, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(2 if is_right else -2, 4),
        textcoords="offset points",
        ha="right" if is_right else "left",
        va="bottom",
        fontweight="bold",
        fontsize=_SMALL_FONT,
    )
