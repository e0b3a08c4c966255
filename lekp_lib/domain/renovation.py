"""
The homes of a neighbourhood in segments, and the rows in which like homes stand together.

A segment is a building type in a construction period: homes that need about the same works.
Throughout, ``homes`` has one row per building with at least one dwelling, index
``building_id``, and the columns building_type and period (codes; period "unknown" where it is
missing) and dwellings (count).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lekp_lib.contracts.lists import BUILDING_TYPES, PERIODS, TENURES
from lekp_lib.errors import ContractError

__all__ = [
    "SEGMENT",
    "UNKNOWN",
    "neighbour_pairs",
    "row_kinds",
    "rows_of_homes",
    "rows_per_segment",
    "segments",
    "tenure_segments",
]

UNKNOWN = "unknown"
"""Code of a period or tenure that is not known."""

SEGMENT = ("building_type", "period")
"""Columns that tell a segment."""

_ORDER = {
    "building_type": BUILDING_TYPES,
    "period": (*PERIODS, UNKNOWN),
    "tenure": (*TENURES, UNKNOWN),
}
_ROW_HOUSES = ("terraced", "semi_detached")
_ROW = "row"
_DECIMALS = 6


def segments(homes: pd.DataFrame, weights: pd.DataFrame) -> pd.DataFrame:
    """
    Return the homes per type and period, and what they become with the unknown spread out.

    Where the construction period is missing, one guess would be wrong for most homes. They are
    spread over the periods as elsewhere, and both columns stay visible.

    Parameters
    ----------
    homes : DataFrame
        See the module.
    weights : DataFrame, same index, columns ``PERIODS``
        How likely each building is of each period [-]; each row adds up to 1.

    Returns
    -------
    DataFrame
        building_type, period, buildings [-], dwellings [-] as found, dwellings_expected [-]
        with the unknown spread out; in the order of the closed lists, only segments that have
        homes. Both columns of dwellings add up to the total of `homes`.

    Raises
    ------
    ContractError
        If the weights lack a building or do not add up to 1.

    Notes
    -----
    ``dwellings_expected(type, period) = Σ dwellings · weight(period)`` over the homes of a type.

    Examples
    --------
    >>> homes = pd.DataFrame({"building_type": "terraced", "dwellings": [1.0, 4.0],
    ...                       "period": ["after_2011", "unknown"]}, index=["a", "b"])
    >>> weights = pd.DataFrame({"before_1900": [0.0, 0.75], "after_2011": [1.0, 0.25]},
    ...                        index=homes.index)
    >>> segments(homes, weights)[["period", "dwellings", "dwellings_expected"]]
            period  dwellings  dwellings_expected
    0  before_1900        0.0                 3.0
    1   after_2011        1.0                 2.0
    2      unknown        4.0                 0.0
    """
    of_homes = weights.reindex(homes.index)
    if not np.allclose(of_homes.sum(axis=1, skipna=False), 1.0, atol=10**-_DECIMALS):
        msg = "weights must give every home shares over the periods that add up to 1."
        raise ContractError(msg)
    spread = of_homes.mul(homes["dwellings"], axis=0).groupby(homes["building_type"]).sum()
    expected = spread.reset_index().melt("building_type", var_name="period", value_name="expected")
    grouped = homes.groupby(list(SEGMENT))["dwellings"]
    table = pd.DataFrame(
        {
            "buildings": grouped.size(),
            "dwellings": grouped.sum().astype("float64"),
            "dwellings_expected": expected.set_index(list(SEGMENT))["expected"],
        }
    ).fillna(0.0)
    has_homes = (table["buildings"] > 0) | (table["dwellings_expected"] > 0)
    return _in_order(table[has_homes].astype({"buildings": "int64"}).reset_index())


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Sort rows by their code columns in the order of the closed lists."""
    codes = [name for name in table.columns if name in _ORDER]

    def rank(values: pd.Series[Any]) -> pd.Series[Any]:
        order = _ORDER[str(values.name)]
        return values.map({code: place for place, code in enumerate(order)})

    return table.sort_values(codes, key=rank, ignore_index=True)


def tenure_segments(homes: pd.DataFrame) -> pd.DataFrame:
    """
    Return the dwellings per type, period and tenure, as found.

    Parameters
    ----------
    homes : DataFrame
        See the module, with tenure (codes, "unknown" where missing).

    Returns
    -------
    DataFrame
        building_type, period, tenure, dwellings [-], in the order of the closed lists.

    Examples
    --------
    >>> homes = pd.DataFrame({"building_type": "terraced", "period": "unknown",
    ...                       "tenure": "social_rental", "dwellings": [1.0, 2.0]})
    >>> tenure_segments(homes)["dwellings"].tolist()
    [3.0]
    """
    keys = [*SEGMENT, "tenure"]
    return _in_order(homes.groupby(keys)["dwellings"].sum().astype("float64").reset_index())


def row_kinds(homes: pd.DataFrame) -> pd.Series[Any]:
    """
    Return what must be alike for two neighbours to stand in one row.

    The houses at both ends of a terrace have one free side, which makes them semi-detached;
    they belong to the row all the same. An apartment building decides for itself: one
    co-ownership, one roof.

    Parameters
    ----------
    homes : DataFrame
        See the module.

    Returns
    -------
    Series of str, same index and order as `homes`
        ``kind``: family of types and period; per apartment building a kind of its own.

    Examples
    --------
    >>> homes = pd.DataFrame({"building_type": ["terraced", "semi_detached", "detached"],
    ...                       "period": "1919_1945"}, index=["a", "b", "c"])
    >>> row_kinds(homes).tolist()
    ['row|1919_1945', 'row|1919_1945', 'detached|1919_1945']
    """
    types = homes["building_type"]
    family = types.mask(types.isin(_ROW_HOUSES), _ROW)
    kind = family + "|" + homes["period"]
    own = "building|" + homes.index.to_series().astype("str")
    return kind.mask(types == "apartment_building", own).rename("kind")


def rows_of_homes(
    homes: pd.DataFrame,
    group: pd.Series[Any],
    street_name: pd.Series[Any],
    *,
    smallest: float,
) -> pd.DataFrame:
    """
    Return the rows with enough dwellings to be worth one plan, longest first.

    Parameters
    ----------
    homes : DataFrame
        See the module.
    group : Series of int, indexed by ``building_id``
        Group of like neighbours of each building.
    street_name : Series, indexed by ``building_id``
        Street of each building, missing where not known.
    smallest : float
        Fewest dwellings in a row [-].

    Returns
    -------
    DataFrame, indexed by group
        building_type (of most dwellings in the row), period, street_name (likewise, missing
        where no building has one), dwellings [-], buildings [-].

    Examples
    --------
    >>> homes = pd.DataFrame({"building_type": "terraced", "period": "unknown",
    ...                       "dwellings": [1.0, 2.0, 1.0]}, index=["a", "b", "c"])
    >>> group = pd.Series([0, 0, 1], index=homes.index)
    >>> street = pd.Series(["Dorp", "Kerk", "Kerk"], index=homes.index)
    >>> rows_of_homes(homes, group, street, smallest=2)[["street_name", "dwellings"]]
          street_name  dwellings
    group
    0            Kerk        3.0
    """
    members = homes.assign(
        group=group.reindex(homes.index),
        street_name=street_name.reindex(homes.index).astype("str"),
    )
    grouped = members.groupby("group")
    table = pd.DataFrame(
        {
            "building_type": _largest(members, "building_type"),
            "period": _largest(members, "period"),
            "street_name": _largest(members, "street_name"),
            "dwellings": grouped["dwellings"].sum().astype("float64"),
            "buildings": grouped.size().astype("int64"),
        }
    ).rename_axis("group")
    is_row = table["dwellings"].round(_DECIMALS) >= smallest
    return table[is_row].sort_values("dwellings", ascending=False, kind="stable")


def _largest(members: pd.DataFrame, name: str) -> pd.Series[Any]:
    """Return per group the value that most dwellings have; the first in order if two tie."""
    totals = members.dropna(subset=[name]).groupby(["group", name])["dwellings"].sum()
    ranked = totals.reset_index().sort_values(
        ["group", "dwellings", name], ascending=[True, False, True]
    )
    first = ranked.drop_duplicates("group").set_index("group")[name]
    return first.reindex(sorted(members["group"].unique()))


def rows_per_segment(
    homes: pd.DataFrame, group: pd.Series[Any], *, smallest: float, enough: float
) -> pd.DataFrame:
    """
    Return per segment how many of its dwellings stand in a row.

    Parameters
    ----------
    homes : DataFrame
        See the module.
    group : Series of int, indexed by ``building_id``
        Group of like neighbours of each building.
    smallest, enough : float
        Fewest dwellings in a row, and in a row that makes a joint project [-].

    Returns
    -------
    DataFrame
        building_type, period, dwellings [-], dwellings_in_rows [-], dwellings_in_long_rows
        [-] (in rows of at least `enough`), longest_row_dwellings [-] (0 without a row); in the
        order of the closed lists. An end house counts in its own segment.

    Examples
    --------
    >>> homes = pd.DataFrame({"building_type": "terraced", "period": "unknown",
    ...                       "dwellings": [1.0, 2.0, 1.0]}, index=["a", "b", "c"])
    >>> group = pd.Series([0, 0, 1], index=homes.index)
    >>> rows_per_segment(homes, group, smallest=2, enough=10).iloc[0, 2:].tolist()
    [4.0, 3.0, 0.0, 3.0]
    """
    numbers = group.reindex(homes.index)
    dwellings = homes["dwellings"].astype("float64")
    in_group = dwellings.groupby(numbers).transform("sum").round(_DECIMALS)
    counted = homes[list(SEGMENT)].assign(
        dwellings=dwellings,
        dwellings_in_rows=dwellings.where(in_group >= smallest, 0.0),
        dwellings_in_long_rows=dwellings.where(in_group >= enough, 0.0),
        longest_row_dwellings=in_group.where(in_group >= smallest, 0.0),
    )
    table = counted.groupby(list(SEGMENT)).agg(
        dwellings=("dwellings", "sum"),
        dwellings_in_rows=("dwellings_in_rows", "sum"),
        dwellings_in_long_rows=("dwellings_in_long_rows", "sum"),
        longest_row_dwellings=("longest_row_dwellings", "max"),
    )
    return _in_order(table.reset_index())


def neighbour_pairs(homes: pd.DataFrame, walls: pd.DataFrame) -> pd.DataFrame:
    """
    Return which segment stands beside which, in pairs of buildings that share a wall.

    Parameters
    ----------
    homes : DataFrame
        See the module.
    walls : DataFrame
        building_id, neighbour_id, each pair once; pairs with a building outside `homes` are
        left out.

    Returns
    -------
    DataFrame
        building_type, period, neighbour_type, neighbour_period, pairs [-]; each combination
        once, the segment that comes first in the closed lists on the left.

    Examples
    --------
    >>> homes = pd.DataFrame({"building_type": ["terraced", "detached"], "period": "unknown"},
    ...                      index=["a", "b"])
    >>> walls = pd.DataFrame({"building_id": ["a"], "neighbour_id": ["b"]})
    >>> neighbour_pairs(homes, walls)[["building_type", "neighbour_type", "pairs"]]
      building_type neighbour_type  pairs
    0      terraced       detached      1
    """
    is_home = walls["building_id"].isin(homes.index) & walls["neighbour_id"].isin(homes.index)
    pairs = walls[is_home]
    rank = _segment_rank(homes)
    one, other = rank.loc[pairs["building_id"]], rank.loc[pairs["neighbour_id"]]
    both = pd.DataFrame({"one": one.to_numpy(), "other": other.to_numpy()})
    ordered = pd.DataFrame({"left": both.min(axis=1), "right": both.max(axis=1)})
    counts = ordered.groupby(["left", "right"]).size().rename("pairs").reset_index()
    n_periods = len(_ORDER["period"])
    code = {name: dict(enumerate(codes)) for name, codes in _ORDER.items()}
    return pd.DataFrame(
        {
            "building_type": (counts["left"] // n_periods).map(code["building_type"]),
            "period": (counts["left"] % n_periods).map(code["period"]),
            "neighbour_type": (counts["right"] // n_periods).map(code["building_type"]),
            "neighbour_period": (counts["right"] % n_periods).map(code["period"]),
            "pairs": counts["pairs"].astype("int64"),
        }
    )


def _segment_rank(homes: pd.DataFrame) -> pd.Series[Any]:
    """Return the place of each home's segment, type before period."""
    of_type = homes["building_type"].map({c: n for n, c in enumerate(_ORDER["building_type"])})
    of_period = homes["period"].map({c: n for n, c in enumerate(_ORDER["period"])})
    return of_type * len(_ORDER["period"]) + of_period
