"""
When buildings were built: known periods, the spread over the rest, and other lists of periods.

A missing construction year is never one guess, but the distribution of the municipality over
type and period: right on average for a street, where one guess is wrong for nearly every home.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lekp_lib.contracts.lists import BUILDING_TYPES, PERIOD_FIRST_YEAR, PERIODS
from lekp_lib.errors import ContractError

__all__ = [
    "construction_periods",
    "period_overlap",
    "period_shares",
    "period_weights",
    "values_by_period",
]


def construction_periods(buildings: pd.DataFrame) -> pd.DataFrame:
    """
    Return the construction period of each building where it is known.

    Parameters
    ----------
    buildings : DataFrame, one row per building
        Contract ``gebouwen``.

    Returns
    -------
    DataFrame, same index and order as `buildings`
        ``period`` (one of ``PERIODS``, missing where nothing is known) and ``period_origin``:
        ``year``, ``period`` or ``stock`` (to be taken from the distribution of the municipality).

    Examples
    --------
    >>> buildings = pd.DataFrame({"construction_year": pd.array([1961, None, None], "Int64"),
    ...                           "construction_period": [None, "after_2011", None]})
    >>> construction_periods(buildings)["period_origin"].tolist()
    ['year', 'period', 'stock']
    """
    year = buildings["construction_year"].astype("Float64").astype("float64")
    position = np.searchsorted(PERIOD_FIRST_YEAR, year.fillna(0), side="right") - 1
    given = buildings["construction_period"]
    has_year = year.notna().to_numpy()
    period = pd.Series(np.asarray(PERIODS, dtype=object)[position], buildings.index)
    origin = np.select([has_year, given.notna().to_numpy()], ["year", "period"], default="stock")
    return pd.DataFrame(
        {"period": period.where(has_year, given.astype(object)), "period_origin": origin},
        index=buildings.index,
    ).astype("str")


def period_shares(building_stock: pd.DataFrame, *, nis_code: str | None) -> pd.DataFrame:
    """
    Return how the buildings of a municipality are spread over the construction periods.

    Parameters
    ----------
    building_stock : DataFrame
        Flanders' table: nis_code, building_type, period, buildings.
    nis_code : str or None
        The municipality; None for all of Flanders.

    Returns
    -------
    DataFrame, index ``BUILDING_TYPES``, columns ``PERIODS``
        Shares [-]; each row adds up to 1. Buildings of unknown period are left out. A type that
        the municipality does not have gets the Flemish shares.

    Raises
    ------
    ContractError
        If the table does not know the municipality, or Flanders has no building of some type.

    References
    ----------
    S-002 in ``assumptions/sources.csv``.

    Examples
    --------
    >>> stock = pd.DataFrame({"nis_code": "13019", "period": ["1946_1961", "after_2011"] * 6,
    ...     "building_type": np.repeat(BUILDING_TYPES, 2), "buildings": [3, 1] * 6})
    >>> period_shares(stock, nis_code="13019").loc["detached", ["1946_1961", "after_2011"]].tolist()
    [0.75, 0.25]
    """
    everywhere = _counts_by_period(building_stock)
    if (everywhere.sum(axis=1) == 0).any():
        msg = "building_stock has a type without any building. Check data/vlaanderen."
        raise ContractError(msg)
    counts = everywhere
    if nis_code is not None:
        own = building_stock[building_stock["nis_code"] == nis_code]
        if own.empty:
            msg = f"building_stock has no municipality {nis_code}. Use its code of 2025 or None."
            raise ContractError(msg)
        counts = _counts_by_period(own)
        counts = counts.where(counts.sum(axis=1) > 0, everywhere)
    return counts.div(counts.sum(axis=1), axis=0)


def _counts_by_period(building_stock: pd.DataFrame) -> pd.DataFrame:
    counts = building_stock.pivot_table(
        index="building_type", columns="period", values="buildings", aggfunc="sum"
    )
    return (
        counts.reindex(index=list(BUILDING_TYPES), columns=list(PERIODS))
        .fillna(0)
        .astype("float64")
        .rename_axis(index="building_type", columns="period")
    )


def period_weights(
    periods: pd.Series[str], types: pd.Series[str], shares: pd.DataFrame
) -> pd.DataFrame:
    """
    Return how likely each building is of each period.

    An expectation over these weights is right on average for a street, where one guess per
    building is wrong for nearly all of them.

    Parameters
    ----------
    periods : Series of str, one value per building
        Known period, missing where it is not known.
    types : Series of str, same index
        Type of each building.
    shares : DataFrame
        As returned by ``period_shares``.

    Returns
    -------
    DataFrame, same index and order, columns ``PERIODS``
        Weights [-]; each row adds up to 1, a known period has weight 1.

    Examples
    --------
    >>> shares = pd.DataFrame(0.1, index=BUILDING_TYPES, columns=PERIODS)
    >>> weights = period_weights(
    ...     pd.Series(["after_2011", None]), pd.Series(["detached"] * 2), shares)
    >>> weights["after_2011"].tolist()
    [1.0, 0.1]
    """
    rows = shares.index.get_indexer(pd.Index(types))
    if (rows < 0).any():
        msg = f"shares lacks the building type {types.iloc[int(np.argmin(rows))]!r}."
        raise ContractError(msg)
    weights = shares[list(PERIODS)].to_numpy()[rows]
    column = pd.Index(PERIODS).get_indexer(pd.Index(periods))
    is_known = column >= 0
    weights[is_known] = 0.0
    weights[is_known, column[is_known]] = 1.0
    return pd.DataFrame(weights, index=periods.index, columns=list(PERIODS))


def period_overlap(class_first_years: Sequence[int], *, last_year: int) -> pd.DataFrame:
    """
    Return how another list of construction periods lies over Statbel's.

    Parameters
    ----------
    class_first_years : sequence of int
        First year of each class of the other list, ascending; the first is 0.
    last_year : int
        Last construction year in the stock: the end of the youngest class.

    Returns
    -------
    DataFrame, index ``PERIODS``, one column per class (its position)
        Share of the years of the period that fall in the class [-]; each row adds up to 1.

    Raises
    ------
    ContractError
        If the years do not start at 0 and rise, or run past `last_year`.

    Notes
    -----
    Years weigh the same: no list of buildings per single year is open data. Before 1900 counts
    as one class, however the years before it are cut.

    Examples
    --------
    >>> period_overlap([0, 2006], last_year=2024).loc["2002_2011"].tolist()
    [0.4, 0.6]
    """
    starts = np.asarray(class_first_years)
    if starts[0] != 0 or (np.diff(starts) <= 0).any() or starts[-1] > last_year:
        msg = f"class_first_years must rise from 0 to at most {last_year}, got {list(starts)}."
        raise ContractError(msg)
    ends = np.append(starts[1:], last_year + 1)
    first = np.asarray(PERIOD_FIRST_YEAR)
    last = np.append(first[1:], last_year + 1)
    shared = np.minimum(last[:, None], ends) - np.maximum(first[:, None], starts)
    years = np.clip(shared, 0, None) / (last - first)[:, None]
    return pd.DataFrame(years, index=pd.Index(PERIODS, name="period"))


def values_by_period(
    values: Sequence[float], class_first_years: Sequence[int], *, last_year: int
) -> pd.Series[float]:
    """
    Return a figure that is known for another list of periods, for each period of Statbel.

    Parameters
    ----------
    values : sequence of float
        The figure for each class [any unit].
    class_first_years : sequence of int
        First year of each class, ascending; the first is 0.
    last_year : int
        Last construction year in the stock.

    Returns
    -------
    Series, indexed by ``PERIODS``
        Mean over the years of each period [the same unit].

    Examples
    --------
    >>> values_by_period([85.0, 60.0], [0, 2006], last_year=2024)["2002_2011"]
    np.float64(70.0)
    """
    overlap = period_overlap(class_first_years, last_year=last_year)
    return pd.Series(overlap.to_numpy() @ np.asarray(values, dtype="float64"), overlap.index)
