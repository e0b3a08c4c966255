"""Charts of public tables: bars, lines, a week hour by hour, a distribution."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from lekp_lib import wording
from lekp_lib.disclosure import PublicTable
from lekp_lib.errors import ContractError
from lekp_lib.presentation._cells import (
    TOO_SMALL,
    cell_text,
    cell_texts,
    heading,
    is_number,
    name_column,
    ordered_values,
    require_columns,
    require_message,
    require_number,
    require_table,
    shown_number,
    shown_values,
    unit_word,
)
from lekp_lib.presentation._drawing import (
    draw_bars,
    draw_histogram,
    draw_hours,
    draw_lines,
    draw_spans,
    dress_values,
    figure_of,
    legend_columns,
    mark_value,
    name_hours,
    name_positions,
)
from lekp_lib.presentation._style import QUALITATIVE
from lekp_lib.presentation.html import Html, element
from lekp_lib.units import HOURS_PER_DAY, HOURS_PER_WEEK

__all__ = ["bars", "histogram", "lines", "tornado", "week_profile"]

_MOST_BARS = 60
_INTERRUPTED = f"Waar een lijn onderbroken is, is het cijfer {TOO_SMALL} of {wording.NOT_KNOWN}."
_DAY_KINDS = {"weekday": "weekdag", "saturday": "zaterdag", "sunday": "zondag"}


def bars(
    public: PublicTable,
    *,
    category: str,
    value: str | Sequence[str],
    title: str,
    text: str,
    group: str | None = None,
) -> Html:
    """
    Return horizontal bars, in groups to compare for instance a place with Flanders.

    Parameters
    ----------
    public : PublicTable
        One row per category, or per category and group.
    category, group : str
        Columns with the names; closed lists keep their own order, others that of the rows.
    value : str or sequence of str
        Column with the numbers, or several columns of one unit that stand side by side.
    title, text : str
        Title, and the message of the chart in one Dutch sentence.

    Raises
    ------
    TypeError
        If `public` is not a ``PublicTable``.
    ContractError
        If a column is absent, a category occurs twice or the text says nothing.

    Examples
    --------
    >>> from lekp_lib.contracts import INPUTS
    >>> from lekp_lib.disclosure import PublicTable
    >>> rows = pd.DataFrame({"building_type": ["terraced", "detached"], "dwellings": [12, 3]})
    >>> about = {name: INPUTS["gebouwen"].columns[name] for name in rows}
    >>> none = pd.DataFrame(False, index=rows.index, columns=list(rows))
    >>> public = PublicTable("woningen", "Woningen", rows, none, about, is_fictional=False)
    >>> shown = bars(public, category="building_type", value="dwellings", title="Woningen",
    ...              text="De meeste woningen zijn rijwoningen.")
    >>> "Staafdiagram. De meeste woningen zijn rijwoningen." in shown.text
    True
    """
    values = [value] if isinstance(value, str) else list(value)
    _check(public, values, category, group, title=title, text=text)
    _require_one_row_each(public, [category] if group is None else [category, group])
    if group is not None and len(values) > 1:
        msg = "Bars are grouped by a column or by several values, not by both. Leave one out."
        raise ContractError(msg)
    categories = _names(public, category)
    titles = [public.columns[name].title for name in values]
    groups = _names(public, group) if len(values) == 1 else titles
    points = pd.concat(
        [
            pd.DataFrame(
                {
                    "category": cell_texts(public, category),
                    "group": cell_texts(public, group) if group else groups[place],
                    "number": shown_values(public, name),
                    "text": cell_texts(public, name),
                }
            )
            for place, name in enumerate(values)
        ]
    )
    if points.empty:
        return element("p", f"{title}: er is niets te tonen.")
    unit_heading = _heading(public, *values)

    def draw(figure: Figure) -> None:
        draw_bars(
            figure.subplots(),
            points,
            categories=categories,
            groups=groups,
            unit_heading=unit_heading,
        )

    n_legend = math.ceil(len(groups) / legend_columns(groups)) if len(groups) > 1 else 0
    height = 0.55 + len(categories) * (0.16 + 0.21 * len(groups)) + 0.25 * n_legend
    return figure_of(draw, public, "Staafdiagram", height=height, title=title, text=text)


def _check(
    public: PublicTable, values: Sequence[str], *others: str | None, title: str, text: str
) -> None:
    require_table(public)
    require_columns(public, *others)
    for name in values:
        require_number(public, name)
    if len({public.columns[name].unit for name in values}) != 1:
        msg = f"The columns {', '.join(values)} have different units and cannot share one axis."
        raise ContractError(msg)
    require_message(title=title, text=text)


def _heading(public: PublicTable, *names: str) -> str:
    """Return what the numbers are; of several columns only the unit."""
    about = public.columns[names[0]]
    if len(names) == 1:
        return heading(about, public.frame[names[0]])
    return f"in {unit_word(about)}" if unit_word(about) else ""


def _require_one_row_each(public: PublicTable, names: list[str]) -> None:
    if len(public.frame) > _MOST_BARS:
        msg = f"{len(public.frame)} bars cannot be read. Show «{public.name}» as a table instead."
        raise ContractError(msg)
    if pd.DataFrame(public.frame).duplicated(names).any():
        msg = f"Table «{public.name}» has several rows for one {' and '.join(names)}. Add a group."
        raise ContractError(msg)


def _names(public: PublicTable, name: str | None) -> list[str]:
    """Return the Dutch names in their order; without a column there is one without a name."""
    if name is None:
        return [""]
    about = public.columns[name]
    in_order = [cell_text(about, value) for value in ordered_values(public, name)]
    return list(dict.fromkeys([*in_order, *cell_texts(public, name)]))


def lines(
    public: PublicTable,
    *,
    x: str,
    value: str,
    title: str,
    text: str,
    group: str | None = None,
) -> Html:
    """
    Return one line per group, named at its end.

    Parameters
    ----------
    public : PublicTable
        One row per point.
    x : str
        Column along the bottom: a number, for instance a year, or an ordered code.
    value : str
        Column with the numbers; a missing one interrupts the line.
    title, text : str
        Title, and the message of the chart in one Dutch sentence.
    group : str, optional
        Column that names the lines, at most seven.

    Raises
    ------
    TypeError, ContractError
        As in ``bars``.

    Examples
    --------
    >>> from lekp_lib.contracts import INPUTS
    >>> rows = pd.DataFrame({"year": [2020, 2021], "gas_mwh": [900.0, 850.0]})
    >>> about = {name: INPUTS["verbruik"].columns[name] for name in rows}
    >>> none = pd.DataFrame(False, index=rows.index, columns=list(rows))
    >>> public = PublicTable("gas", "Gas", rows, none, about, is_fictional=False)
    >>> shown = lines(public, x="year", value="gas_mwh", title="Gas per jaar",
    ...               text="Het gasverbruik daalde in één jaar tot 850 MWh.")
    >>> "Lijndiagram" in shown.text
    True
    """
    _check(public, [value], x, group, title=title, text=text)
    groups = _names(public, group)
    if len(groups) > len(QUALITATIVE):
        msg = f"{len(groups)} lines cannot be told apart. Show at most {len(QUALITATIVE)} groups."
        raise ContractError(msg)
    points = pd.DataFrame(
        {
            "x": _positions(public, x),
            "y": shown_values(public, value),
            "group": "" if group is None else cell_texts(public, group),
        }
    )
    about, unit_heading = public.columns[value], _heading(public, value)

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        draw_lines(axes, points, groups)
        dress_values(axes, about, unit_heading)
        name_positions(axes, public, x)

    remark = _INTERRUPTED if points["y"].isna().any() else ""
    return figure_of(draw, public, "Lijndiagram", height=3.5, title=title, text=text, remark=remark)


def _positions(public: PublicTable, name: str) -> list[float]:
    if is_number(public.columns[name]):
        return shown_values(public, name)
    place = {value: float(i) for i, value in enumerate(ordered_values(public, name))}
    return [place.get(value, math.nan) for value in public.frame[name]]


def week_profile(
    public: PublicTable,
    *,
    hour: str,
    demand: str,
    supply: str,
    title: str,
    text: str,
    day: str | None = None,
) -> Html:
    """
    Return demand against supply hour by hour, with the hours of shortage hatched.

    Parameters
    ----------
    public : PublicTable
        Either one row per hour of the week (`hour` 0-167, from Monday 0 h) or one row per
        `day` and hour (`hour` 0-23).
    hour, demand, supply : str
        Columns with the hour and with the two numbers, in the same unit.
    title, text : str
        Title, and the message of the chart in one Dutch sentence.
    day : str, optional
        Column with the kind of day; each kind gets a panel.

    Raises
    ------
    TypeError, ContractError
        As in ``bars``.

    Examples
    --------
    >>> from lekp_lib.contracts import INPUTS
    >>> year, spaces = (INPUTS["verbruik"].columns["year"], INPUTS["parkings"].columns["capacity"])
    >>> rows = pd.DataFrame({"hour": range(168), "demand": 40, "supply": 50})
    >>> about = {"hour": year, "demand": spaces, "supply": spaces}
    >>> none = pd.DataFrame(False, index=rows.index, columns=list(rows))
    >>> public = PublicTable("week", "Week", rows, none, about, is_fictional=False)
    >>> shown = week_profile(public, hour="hour", demand="demand", supply="supply",
    ...                      title="Parkeren in de week", text="Er is elk uur plaats genoeg.")
    >>> "Lijndiagram per uur" in shown.text
    True
    """
    _check(public, [demand, supply], day, title=title, text=text)
    require_number(public, hour)
    points = pd.DataFrame(
        {
            "hour": shown_values(public, hour),
            "demand": shown_values(public, demand),
            "supply": shown_values(public, supply),
            "day": "" if day is None else [_day_name(text) for text in cell_texts(public, day)],
        }
    )
    days = [_day_name(text) for text in _names(public, day)]
    panels = {name: points[points["day"] == name].sort_values("hour") for name in days}
    _require_hours(public, panels, HOURS_PER_WEEK if day is None else HOURS_PER_DAY)
    about, unit_heading = public.columns[demand], _heading(public, demand, supply)
    names = [public.columns[supply].title, about.title, "tekort"]

    def draw(figure: Figure) -> None:
        grid = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for axes, (name, hours) in zip(grid, panels.items(), strict=True):
            draw_hours(axes, hours)
            name_hours(axes, name)
            dress_values(axes, about, unit_heading if axes is grid[0] else "")
        shortage = [area for axes in grid for area in axes.collections]
        handles = [*grid[0].lines[:2], *shortage[:1]]
        figure.legend(handles, names[: len(handles)], loc="outside upper left", ncols=3)

    return figure_of(draw, public, "Lijndiagram per uur", height=3.4, title=title, text=text)


def _day_name(text: str) -> str:
    return _DAY_KINDS.get(text, text)


def _require_hours(public: PublicTable, panels: dict[str, pd.DataFrame], n_hours: int) -> None:
    wanted = list(range(n_hours))
    if not panels or any(list(panel["hour"]) != wanted for panel in panels.values()):
        msg = f"Table «{public.name}» needs each hour 0-{n_hours - 1} once, per kind of day if any."
        raise ContractError(msg)


def histogram(
    public: PublicTable,
    *,
    value: str,
    title: str,
    text: str,
    own: str | None = None,
    own_column: str | None = None,
    counted: str = "rijen",
) -> Html:
    """
    Return how the values of all rows are spread, with the own value marked.

    Parameters
    ----------
    public : PublicTable
        One row per municipality, wijk or street.
    value : str
        Column with the numbers.
    title, text : str
        Title, and the message of the chart in one Dutch sentence.
    own : str, optional
        The row to mark, by its value in `own_column`.
    own_column : str, optional
        The first column by default.
    counted : str
        Dutch plural of what the rows are, for the vertical axis.

    Raises
    ------
    TypeError, ContractError
        As in ``bars``; also if `own` is not exactly one row.

    Examples
    --------
    >>> from lekp_lib.contracts import INPUTS
    >>> rows = pd.DataFrame({"street_name": list("abcd"), "profile_width_m": [8.0, 9.0, 9.5, 14.0]})
    >>> about = {name: INPUTS["straten"].columns[name] for name in rows}
    >>> none = pd.DataFrame(False, index=rows.index, columns=list(rows))
    >>> public = PublicTable("straten", "Straten", rows, none, about, is_fictional=False)
    >>> shown = histogram(public, value="profile_width_m", own="d", counted="straten",
    ...                   title="Breedte", text="Straat d is de breedste van de vier.")
    >>> "Verdeling" in shown.text
    True
    """
    _check(public, [value], own_column, title=title, text=text)
    about, unit_heading = public.columns[value], _heading(public, value)
    known = np.array([number for number in shown_values(public, value) if not math.isnan(number)])
    row = None if own is None else _own_row(public, own, own_column or next(iter(public.columns)))
    number = None if row is None else public.frame[value].iloc[row]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        draw_histogram(axes, known, about=about, counted=counted, unit_heading=unit_heading)
        if row is not None and not pd.isna(number):
            words = f"{_row_name(public, row, value)}: {cell_text(about, number, with_unit=True)}"
            mark_value(axes, shown_number(about, number), words)

    n_absent = len(public.frame) - len(known)
    remark = f"Zonder cijfer en niet meegeteld: {wording.number(n_absent)}." if n_absent else ""
    return figure_of(draw, public, "Verdeling", height=3.1, title=title, text=text, remark=remark)


def _own_row(public: PublicTable, own: str, own_column: str) -> int:
    found = np.flatnonzero((public.frame[own_column].astype(str) == own).to_numpy())
    if len(found) != 1:
        msg = f"Column «{own_column}» of «{public.name}» has {len(found)} rows with {own!r}, not 1."
        raise ContractError(msg)
    return int(found[0])


def _row_name(public: PublicTable, row: int, shown: str) -> str:
    name = name_column(public, shown)
    return "hier" if name is None else cell_texts(public, name)[row]


def tornado(
    public: PublicTable,
    *,
    category: str,
    low: str,
    high: str,
    title: str,
    text: str,
    most: int = 10,
) -> Html:
    """
    Return how far each assumption moves the answer, the strongest one on top.

    Parameters
    ----------
    public : PublicTable
        One row per assumption.
    category : str
        Column with the name of the assumption.
    low, high : str
        Columns with the answer at the low and at the high value of the assumption.
    title, text : str
        Title, and the message of the chart in one Dutch sentence.
    most : int
        Show at most this many rows.

    Raises
    ------
    TypeError, ContractError
        As in ``bars``.

    Examples
    --------
    >>> from lekp_lib.contracts import RESULTS
    >>> about = RESULTS["tornado"].columns
    >>> names = ["assumption", "density_low_mwh_m", "density_high_mwh_m"]
    >>> rows = pd.DataFrame([["warm water", 1.0, 1.6]], columns=names)
    >>> none = pd.DataFrame(False, index=rows.index, columns=names)
    >>> public = PublicTable("tornado", "Tornado", rows, none, about, is_fictional=False)
    >>> shown = tornado(public, category=names[0], low=names[1], high=names[2],
    ...                 title="Wat telt", text="Warm water verandert het antwoord het meest.")
    >>> "Tornadodiagram" in shown.text
    True
    """
    _check(public, [low, high], category, title=title, text=text)
    points = pd.DataFrame(
        {
            "category": cell_texts(public, category),
            "low": shown_values(public, low),
            "high": shown_values(public, high),
            "low_text": cell_texts(public, low),
            "high_text": cell_texts(public, high),
        }
    ).dropna()
    if len(points) == 0:
        return element("p", f"{title}: er is niets te tonen.")
    swing = (points["high"] - points["low"]).abs().sort_values(ascending=False, kind="stable")
    points = points.loc[swing.index[:most]]
    unit_heading = _heading(public, low, high)

    def draw(figure: Figure) -> None:
        draw_spans(figure.subplots(), points, unit_heading=unit_heading)

    height = 1.1 + 0.42 * len(points)
    return figure_of(draw, public, "Tornadodiagram", height=height, title=title, text=text)
