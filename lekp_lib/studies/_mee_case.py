"""Groups, strategies and means of a neighbourhood, as the questions on reaching people see them."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from lekp_lib.assumptions import Assumptions, load_strategies
from lekp_lib.contracts import RESULTS
from lekp_lib.contracts.lists import ACTIVATION_GROUPS
from lekp_lib.contracts.results.mee_reach import STRATEGIES
from lekp_lib.disclosure import shown
from lekp_lib.domain import population
from lekp_lib.domain.activation import COST_COLUMNS, Case
from lekp_lib.studies._mee_scene import Scene

__all__ = [
    "CASE_KEYS",
    "CELL",
    "FLATS",
    "Rates",
    "case_of",
    "cells_of",
    "costs_of",
    "rates_of",
    "typed",
    "visible_cells",
    "visible_groups",
]

CASE_KEYS = (
    *(
        f"activation.{strategy}.{name}"
        for strategy in STRATEGIES
        for name in (*COST_COLUMNS, "response_ratio")
    ),
    "activation.welfare_known_share",
    "activation.budget_household_eur",
    "activation.staff_household_hours",
    *(f"tables.turnout.{group}_share" for group in ACTIVATION_GROUPS),
)
"""The figures that make a case."""

CELL = ("building_type", "tenure", "income_group")
"""What tells one cell of ``segmenten_bewoners`` from another."""

FLATS = ("apartment_building", "mixed_commercial")
"""Types that count as apartments."""

_KINDS = {"text": "str", "integer": "Int64", "number": "float64", "yes_no": "boolean"}


class Rates(NamedTuple):
    """
    Chance that a contacted household is reached, one row per strategy, one column per group.

    Attributes
    ----------
    rate_share, low_share, high_share : DataFrame
        [-, 0-1].
    """

    rate_share: pd.DataFrame
    low_share: pd.DataFrame
    high_share: pd.DataFrame


def visible_groups(scene: Scene) -> pd.Series[float]:
    """
    Return the households of the groups that may be shown.

    All that follows is made from these alone, so that no cost or total gives a small group away.
    """
    groups = scene.groups.assign(fewest_households=population.fewest_behind(scene.groups))
    table = shown(
        "groepen_bewoners",
        groups.reset_index(),
        used=scene.used,
        is_fictional=scene.place.settings.is_fictional,
    ).frame
    counts = table.set_index("group")["households"].astype("float64")
    return counts[counts > 0]


def cells_of(segments: pd.DataFrame) -> pd.DataFrame:
    """Return table ``segmenten_bewoners``, with the kind of home that other tables count by."""
    cells = segments.groupby(list(CELL), sort=False)["dwellings"].sum().reset_index()
    is_flat = cells["building_type"].isin(FLATS)
    return cells.assign(home=is_flat.map({True: "apartment", False: "house"}).astype("str"))


def visible_cells(scene: Scene) -> pd.DataFrame:
    """Return the homes per type, tenure and income that ``segmenten_bewoners`` shows."""
    cells, is_fictional = cells_of(scene.segments), scene.place.settings.is_fictional
    return shown("segmenten_bewoners", cells, used=scene.used, is_fictional=is_fictional).frame


def rates_of(used: Assumptions) -> Rates:
    """Return the rates per contacted household, with own experience and turnout in them."""
    table = load_strategies()
    own = [used[f"activation.{strategy}.response_ratio"].value for strategy, _ in table.index]
    part = [
        _part(str(within), str(group), used)
        for within, (_, group) in zip(table["within"], table.index, strict=True)
    ]
    found = {}
    for name in Rates._fields:
        rate = (table[name] * own * part).clip(upper=1.0)
        found[name] = rate.unstack("group").loc[list(STRATEGIES), list(ACTIVATION_GROUPS)]  # noqa: PD010
    return Rates(**found)


def _part(within: str, group: str, used: Assumptions) -> float:
    """Return the part of the contacted to whom a rate applies."""
    if within == "attendees":
        return used[f"tables.turnout.{group}_share"].value
    return used["activation.welfare_known_share"].value if within == "clients" else 1.0


def costs_of(used: Assumptions) -> pd.DataFrame:
    """Return what each strategy asks, once and per household."""
    rows = {
        strategy: {name: used[f"activation.{strategy}.{name}"].value for name in COST_COLUMNS}
        for strategy in STRATEGIES
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def case_of(scene: Scene, households: pd.Series[float], *, without: str = "") -> Case:
    """
    Return the case of a neighbourhood.

    Parameters
    ----------
    scene : Scene
    households : Series, indexed by group
        As returned by ``visible_groups``, not empty.
    without : str
        A strategy that is left out.
    """
    used = scene.used
    chosen = [strategy for strategy in STRATEGIES if strategy != without]
    dwellings = float(scene.homes["dwellings"].sum())
    return Case(
        households=households,
        rates=rates_of(used).rate_share.loc[chosen, list(households.index)],
        costs=costs_of(used).loc[chosen],
        budget_eur=dwellings * used["activation.budget_household_eur"].value,
        hours=dwellings * used["activation.staff_household_hours"].value,
    )


def typed(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a contract in their order, each of its own kind."""
    about = RESULTS[name].columns
    wanted = table.reindex(columns=list(about))
    return wanted.astype({key: _KINDS[one.kind] for key, one in about.items()}).reset_index(
        drop=True
    )
