"""
In which order a heat network grows: which street when, which pipe is laid, kept or idle.

Groups connect as one: a street, a social housing estate, an apartment building with its
co-owners, or one large building. A pipe is laid as soon as one building behind it connects.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lekp_lib.errors import ContractError

__all__ = [
    "ACTIONS",
    "ANCHOR_KINDS",
    "STRATEGIES",
    "group_distances",
    "growth",
    "joining",
    "laying_years",
    "pipe_actions",
    "start_years",
]

STRATEGIES = ("all_at_once", "outward", "anchors_first", "follow_works")
"""All at once, street by street from the source, large loads first, along with street works."""

ANCHOR_KINDS = ("anchor", "estate", "apartment")
"""Kinds of group with one decision for many dwellings or much heat."""

ACTIONS = ("none", "install", "replace", "keep", "idle")
"""What happens to a pipe in a phase: not there, laid, replaced, used, in the ground unused."""

_ROUNDING = 1e-9
_Ints = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float64]


def _upstream_positions(network: pd.DataFrame) -> list[int]:
    """Return the row of the pipe that feeds each pipe, -1 at a source; check the order of rows."""
    positions = network.index.get_indexer(pd.Index(network["upstream"]))
    if (positions >= np.arange(len(network))).any():
        msg = "A pipe must stand after the pipe that feeds it. Order the network from the source."
        raise ContractError(msg)
    return [int(position) for position in positions]


def _smallest_behind(network: pd.DataFrame, own: _Floats) -> _Floats:
    """Return, per pipe, the smallest value of the pipe itself and of all pipes behind it."""
    values = own.tolist()
    upstream = _upstream_positions(network)
    for row in range(len(values) - 1, -1, -1):
        above = upstream[row]
        if above >= 0 and values[row] < values[above]:
            values[above] = values[row]
    return np.asarray(values, dtype="float64")


def group_distances(network: pd.DataFrame, group_of: pd.Series[str]) -> pd.Series[float]:
    """
    Return how far each group lies from the source, along the pipes.

    Parameters
    ----------
    network : DataFrame, one row per pipe, from the source outward
        upstream (index of the feeding pipe, -1 at a source), length_m [m], building_id (of a
        service pipe, else missing).
    group_of : Series, indexed by building_id
        Group of each building.

    Returns
    -------
    Series, indexed by group
        ``distance_m``: length of the pipes to the nearest building of the group [m].

    Examples
    --------
    >>> network = pd.DataFrame({"upstream": [-1, 0, 0], "length_m": [100.0, 10.0, 5.0],
    ...                         "building_id": [None, "a", "b"]})
    >>> group_distances(network, pd.Series({"a": "x", "b": "x"})).to_dict()
    {'x': 105.0}
    """
    lengths = network["length_m"].to_numpy(dtype="float64").tolist()
    for row, above in enumerate(_upstream_positions(network)):
        if above >= 0:
            lengths[row] += lengths[above]
    far = pd.Series(lengths, index=network.index, dtype="float64")
    groups = network["building_id"].map(group_of)
    return far.groupby(groups.to_numpy(dtype=object)).min().rename("distance_m")


def start_years(
    groups: pd.DataFrame,
    network: pd.DataFrame,
    group_of: pd.Series[str],
    *,
    strategy: str,
    metres_per_year: float,
    last_year: int,
    wait_years: int = 0,
    advance_years: int = 0,
) -> pd.DataFrame:
    """
    Return when each group starts to connect, and when its own street is opened.

    Parameters
    ----------
    groups : DataFrame, one row per group
        kind (one of ``ANCHOR_KINDS`` or ``street``), demand_mwh [MWh/yr], distance_m [m] and
        works_year (year of other works in its street, counted from the start; may be missing).
    network : DataFrame
        See ``group_distances``.
    group_of : Series, indexed by building_id
        Group of each building.
    strategy : str
        One of ``STRATEGIES``.
    metres_per_year : float
        Main pipe that can be laid in a year [m]; not for ``all_at_once``.
    last_year : int
        Everything has started by then [year, counted from 0].
    wait_years, advance_years : int
        ``follow_works`` lets a group wait for works so long [years], and lays pipes that are
        used later so long in advance [years].

    Returns
    -------
    DataFrame, same index and order as `groups`
        ``start_year`` and ``opening_year`` (when the pipes in its own street are laid, not
        later than start_year) [year, counted from 0].

    Raises
    ------
    ContractError
        If the strategy is not known.

    Notes
    -----
    Groups are taken in an order; each adds the main pipe that is not yet there, and the year
    follows from the metres laid so far. Shared pipes count for the first group that needs them.

    Examples
    --------
    >>> network = pd.DataFrame({"upstream": [-1, 0, 0, 2], "length_m": [100.0, 5.0, 300.0, 5.0],
    ...     "building_id": [None, "a", None, "b"]})
    >>> groups = pd.DataFrame({"kind": ["street", "street"], "demand_mwh": [10.0, 10.0],
    ...     "distance_m": [105.0, 405.0], "works_year": [None, 3.0]}, index=["x", "y"])
    >>> start_years(groups, network, pd.Series({"a": "x", "b": "y"}), strategy="outward",
    ...             metres_per_year=200, last_year=20)["start_year"].tolist()
    [0, 1]
    """
    if strategy not in STRATEGIES:
        msg = f"strategy is {strategy!r}; it must be one of {STRATEGIES}."
        raise ContractError(msg)
    zeros = pd.Series(0, groups.index, dtype="int64")
    if strategy == "all_at_once" or groups.empty:
        return pd.DataFrame({"start_year": zeros, "opening_year": zeros})
    rank = _ranks(groups, strategy)
    start = _years_of_ranks(network, group_of, rank, metres_per_year, last_year)
    if strategy != "follow_works":
        return pd.DataFrame({"start_year": start, "opening_year": start})
    works = groups["works_year"].astype("float64").fillna(-1.0).astype("int64")
    waits = (works > start) & (works <= start + wait_years) & (works <= last_year)
    advances = (works < start) & (works >= start - advance_years) & (works >= 0)
    start = start.where(~waits, works)
    return pd.DataFrame({"start_year": start, "opening_year": start.where(~advances, works)})


def _ranks(groups: pd.DataFrame, strategy: str) -> pd.Series[int]:
    """Return the turn of each group; ties by name, so that the order of rows says nothing."""
    keys = pd.DataFrame({"distance": groups["distance_m"].fillna(np.inf)}, index=groups.index)
    keys["later"] = 0.0
    if strategy == "anchors_first":
        is_anchor = groups["kind"].isin(ANCHOR_KINDS)
        keys["later"] = np.where(is_anchor, -groups["demand_mwh"], np.inf)
    keys["name"] = groups.index.astype("str")
    order = keys.sort_values(["later", "distance", "name"], kind="stable").index
    return pd.Series(np.arange(len(order)), index=order, dtype="int64").reindex(groups.index)


def _years_of_ranks(
    network: pd.DataFrame,
    group_of: pd.Series[str],
    rank: pd.Series[int],
    metres_per_year: float,
    last_year: int,
) -> pd.Series[int]:
    """Return the year in which each rank is reached, with so many metres a year."""
    own = network["building_id"].map(group_of).map(rank).to_numpy(dtype="float64")
    first = _smallest_behind(network, np.where(np.isnan(own), np.inf, own))
    is_main = network["building_id"].isna().to_numpy() & np.isfinite(first)
    new_m = np.bincount(
        first[is_main].astype("int64"),
        weights=network["length_m"].to_numpy(dtype="float64")[is_main],
        minlength=len(rank),
    )
    last_metre = np.ceil(np.cumsum(new_m) / metres_per_year - _ROUNDING) - 1.0
    year = np.clip(last_metre, 0, last_year).astype("int64")
    return pd.Series(year[rank.to_numpy()], index=rank.index, name="start_year")


def laying_years(
    network: pd.DataFrame, starts: pd.DataFrame, group_of: pd.Series[str]
) -> pd.DataFrame:
    """
    Return when each pipe is laid and when heat first flows through it.

    Parameters
    ----------
    network : DataFrame
        See ``group_distances``; also group (the group in whose street a main pipe lies, may be
        missing).
    starts : DataFrame, index group
        As returned by ``start_years``.
    group_of : Series, indexed by building_id
        Group of each building.

    Returns
    -------
    DataFrame, same index and order as `network`
        ``laid_year`` and ``first_use_year`` [year, counted from 0], float, missing for a pipe
        that nothing needs. laid_year is not later than first_use_year.

    Examples
    --------
    >>> network = pd.DataFrame({"upstream": [-1, 0, 1], "length_m": [100.0, 80.0, 5.0],
    ...     "building_id": [None, None, "a"], "group": ["x", "y", None]})
    >>> starts = pd.DataFrame({"start_year": [0, 4], "opening_year": [0, 2]}, index=["x", "y"])
    >>> laying_years(network, starts, pd.Series({"a": "y"})).to_numpy().tolist()
    [[4.0, 4.0], [2.0, 4.0], [4.0, 4.0]]
    """
    own = network["building_id"].map(group_of).map(starts["start_year"]).to_numpy(dtype="float64")
    used = _smallest_behind(network, np.where(np.isnan(own), np.inf, own))
    ahead = starts.loc[starts["opening_year"] < starts["start_year"], "opening_year"]
    opened = network["group"].map(ahead).to_numpy(dtype="float64")
    opened = np.where(network["building_id"].isna() & ~np.isnan(opened), opened, np.inf)
    table = pd.DataFrame(
        {"laid_year": np.minimum(used, opened), "first_use_year": used}, index=network.index
    )
    table.loc[~np.isfinite(used)] = np.nan
    return table


def joining(
    cohorts: pd.DataFrame,
    shares: npt.ArrayLike,
    *,
    plant_eur: float,
    plant_modules: int,
    whole_eur: float = 0.0,
) -> dict[str, _Floats]:
    """
    Return what those who join bring and cost in each year, mains apart.

    Parameters
    ----------
    cohorts : DataFrame, one row per cohort
        demand_mwh [MWh/yr], dwellings [-], connection_eur (all substations) [EUR], service_eur
        (all service pipes) [EUR] and service_loss_mwh [MWh/yr], of all who are expected.
    shares : array_like, shape (..., cohorts, years)
        Part of each cohort that is connected by the end of the year [-].
    plant_eur : float
        Investment in the part of the heat plant that grows with the load [EUR].
    plant_modules : int
        It is built in so many equal steps, each when the heat asks for it [-].
    whole_eur : float
        Investment in what cannot be built in steps, such as a well: all of it with the first
        heat [EUR].

    Returns
    -------
    dict of str to ndarray, shape (..., years)
        heat_mwh, dwellings, service_loss_mwh (connected at the end of the year) and
        services_eur, connections_eur, plant_eur (spent in the year).

    Notes
    -----
    The plant is meant for all who are expected. Where more join, its steps are larger; where
    fewer join, the last steps are not built.

    Examples
    --------
    >>> cohorts = pd.DataFrame({"demand_mwh": [100.0], "dwellings": [10], "connection_eur": [1e4],
    ...     "service_eur": [2e4], "service_loss_mwh": [1.0]})
    >>> found = joining(cohorts, [[0.5, 1.0]], plant_eur=8e4, plant_modules=2, whole_eur=500.0)
    >>> found["services_eur"].tolist(), found["plant_eur"].tolist()
    ([10000.0, 10000.0], [40500.0, 40000.0])
    """
    share = np.asarray(shares, dtype="float64")
    added = np.diff(share, axis=-1, prepend=0.0)

    def total(column: str, part: _Floats) -> _Floats:
        return np.asarray(np.einsum("c,...cy->...y", cohorts[column].to_numpy("float64"), part))

    heat = total("demand_mwh", share)
    planned = float(cohorts["demand_mwh"].sum())
    ratio = heat / planned if planned > 0 else np.zeros_like(heat)
    first = np.diff(np.maximum.accumulate(heat > 0, axis=-1).astype("float64"), prepend=0.0)
    return {
        "heat_mwh": heat,
        "dwellings": total("dwellings", share),
        "service_loss_mwh": total("service_loss_mwh", share),
        "services_eur": total("service_eur", added),
        "connections_eur": total("connection_eur", added),
        "plant_eur": plant_eur * _in_modules(ratio, plant_modules) + whole_eur * first,
    }


def _in_modules(ratio: _Floats, modules: int) -> _Floats:
    """Return the part of the plant that is built each year: as many steps as the heat asks for."""
    meant = np.maximum(ratio.max(axis=-1, keepdims=True, initial=0.0), 1.0)
    asked = 0.0 + np.ceil(ratio / meant * modules - _ROUNDING)
    built = np.maximum.accumulate(asked, axis=-1)
    return np.asarray(np.diff(built, prepend=0.0) * meant / modules)


def growth(
    network: pd.DataFrame,
    cohorts: pd.DataFrame,
    shares: npt.ArrayLike,
    *,
    plant_eur: float,
    plant_modules: int,
    whole_eur: float = 0.0,
) -> pd.DataFrame:
    """
    Return what is laid, spent and delivered in each year.

    Parameters
    ----------
    network : DataFrame, one row per pipe
        laid_year and first_use_year [year, may be missing], length_m [m], cost_eur [EUR],
        loss_mwh [MWh/yr], building_id (missing for a main pipe).
    cohorts, plant_eur, plant_modules, whole_eur
        See ``joining``.
    shares : array_like, shape (cohorts, years)
        Part of each cohort that is connected by the end of the year [-, 0-1].

    Returns
    -------
    DataFrame, index year
        ``trench_m`` (main pipe) [m], ``mains_eur``, ``services_eur``, ``connections_eur``,
        ``plant_eur``, ``investment_eur`` [EUR], ``heat_mwh`` (of who is connected),
        ``loss_mwh`` [MWh/yr], ``dwellings`` (connected, expected).

    Examples
    --------
    >>> network = pd.DataFrame({"laid_year": [0.0], "first_use_year": [1.0], "length_m": [50.0],
    ...     "cost_eur": [5e4], "loss_mwh": [4.0], "building_id": [None]})
    >>> cohorts = pd.DataFrame({"demand_mwh": [100.0], "dwellings": [10], "connection_eur": [1e4],
    ...     "service_eur": [2e4], "service_loss_mwh": [1.0]}, index=["x"])
    >>> growth(network, cohorts, [[0.0, 0.5, 1.0]], plant_eur=8e4, plant_modules=2)[
    ...     ["trench_m", "heat_mwh", "loss_mwh", "plant_eur"]].to_numpy().tolist()
    [[50.0, 0.0, 0.0, 0.0], [0.0, 50.0, 4.5, 40000.0], [0.0, 100.0, 5.0, 40000.0]]
    """
    brought = joining(
        cohorts, shares, plant_eur=plant_eur, plant_modules=plant_modules, whole_eur=whole_eur
    )
    years = brought["heat_mwh"].size
    mains = network[network["building_id"].isna()]
    lost = _per_year(mains["first_use_year"], mains["loss_mwh"], years).cumsum()
    spent = {
        "mains_eur": _per_year(mains["laid_year"], mains["cost_eur"], years),
        **{name: brought[name] for name in ("services_eur", "connections_eur", "plant_eur")},
    }
    table = {
        "trench_m": _per_year(mains["laid_year"], mains["length_m"], years),
        **spent,
        "investment_eur": sum(spent.values()),
        "heat_mwh": brought["heat_mwh"],
        "loss_mwh": lost + brought["service_loss_mwh"],
        "dwellings": brought["dwellings"],
    }
    return pd.DataFrame(table, index=pd.RangeIndex(years, name="year"))


def _per_year(when: pd.Series[float], amounts: pd.Series[float], years: int) -> _Floats:
    year = when.to_numpy(dtype="float64")
    is_inside = np.isfinite(year) & (year < years)
    weights = amounts.to_numpy(dtype="float64")[is_inside]
    return np.bincount(year[is_inside].astype("int64"), weights, years).astype("float64")


def pipe_actions(
    laying: pd.DataFrame, dn_by_phase: pd.DataFrame, phases: Mapping[str, tuple[int, int]]
) -> pd.DataFrame:
    """
    Return what happens to each pipe in each phase, and the diameter in the ground at its end.

    Parameters
    ----------
    laying : DataFrame, one row per pipe
        As returned by ``laying_years``.
    dn_by_phase : DataFrame, same index, one column per phase
        Diameter that the phase asks for [mm]; 0 or missing where no heat flows.
    phases : mapping of str to (int, int)
        Phase → first and last year, in order of time.

    Returns
    -------
    DataFrame, same index, one column per phase and one ``dn_<phase>`` per phase
        Action, one of ``ACTIONS``; diameter in the ground [mm], 0 before it is laid.

    Notes
    -----
    A pipe is replaced when a later phase asks for a larger diameter than lies there: what was
    laid has no value any more. Give every phase the diameter of the last to lay all pipes at
    once for the future.

    Examples
    --------
    >>> laying = pd.DataFrame({"laid_year": [0.0, 1.0], "first_use_year": [0.0, 7.0]})
    >>> dn = pd.DataFrame({"A": [50, 0], "B": [65, 32]})
    >>> pipe_actions(laying, dn, {"A": (0, 4), "B": (5, 9)})[["A", "B"]].to_numpy().tolist()
    [['install', 'replace'], ['install', 'keep']]
    """
    laid = laying["laid_year"].to_numpy(dtype="float64")
    used = laying["first_use_year"].to_numpy(dtype="float64")
    wanted = dn_by_phase.fillna(0).reindex(laying.index).to_numpy(dtype="int64")
    later = np.maximum.accumulate(wanted[:, ::-1], axis=1)[:, ::-1]
    ground: _Ints = np.zeros(len(laying), dtype="int64")
    columns: dict[str, Any] = {}
    for number, (phase, (first, last)) in enumerate(phases.items()):
        is_new = (laid >= first) & (laid <= last)
        dn = np.where(is_new & (used > last), later[:, number], wanted[:, number])
        is_there = ground > 0
        grows = is_there & (dn > ground)
        action = np.where(is_there, "keep", "none").astype(object)
        action[is_there & (used > last)] = "idle"
        action[grows] = "replace"
        action[is_new] = "install"
        ground = np.where(is_new | grows, np.maximum(dn, ground), ground)
        columns[phase], columns[f"dn_{phase}"] = action, ground
    return pd.DataFrame(columns, index=laying.index)
