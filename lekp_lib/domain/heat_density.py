"""
Heat per metre of street: where a heat network can pay for itself, and where it cannot.

Every building with demand is given a street segment; segments with the same name are one street.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lekp_lib.errors import ContractError

__all__ = [
    "UNNAMED",
    "assign_streets",
    "combined_range",
    "density_verdicts",
    "heat_per_street",
    "linear_heat_density",
    "share_above",
    "street_groups",
    "verdict_of_area",
]

UNNAMED = "zonder naam"
"""Group of the segments without a name, where most segments have one."""

_MOST = 0.5  # more than half, by definition of "most"


def assign_streets(
    buildings: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    *,
    named_within_m: float,
    nearest_within_m: float,
) -> pd.DataFrame:
    """
    Return the street segment of each building, and how it was found.

    Parameters
    ----------
    buildings : GeoDataFrame, one row per building
        street_id and street_name (both may be missing); geometry in EPSG:31370 (metres).
    streets : GeoDataFrame, one row per segment
        Index ``street_id``, street_name (may be missing). Leave out the segments that no
        building can be served from.
    named_within_m : float
        A segment that carries the name of the building's street counts up to this distance [m].
    nearest_within_m : float
        Failing that, the nearest segment counts up to this distance [m].

    Returns
    -------
    DataFrame, same index and order as `buildings`
        ``street_id`` (missing where none is near enough) and ``street_origin``: ``street_id``,
        ``street_name``, ``nearest`` or ``none``.

    Notes
    -----
    The first rule that finds a segment decides. A street_id that is not in `streets`, for
    instance of a footpath, is no answer.

    Examples
    --------
    >>> from shapely import LineString, Point
    >>> streets = gpd.GeoDataFrame({"street_name": ["Dorp", "Beulk"]}, index=["s1", "s2"],
    ...     geometry=[LineString([(0, 0), (100, 0)]), LineString([(0, 40), (100, 40)])], crs=31370)
    >>> buildings = gpd.GeoDataFrame(
    ...     {"street_id": ["s2", None, None, None], "street_name": [None, "Dorp", None, None]},
    ...     geometry=[Point(5, 5), Point(5, 30), Point(5, 30), Point(5, 900)], crs=31370)
    >>> assign_streets(buildings, streets, named_within_m=250, nearest_within_m=50)
      street_id street_origin
    0        s2     street_id
    1        s1   street_name
    2        s2       nearest
    3       NaN          none
    """
    segment = streets.index.get_indexer(pd.Index(buildings["street_id"]))
    origin = np.where(segment >= 0, "street_id", "none").astype(object)
    shapes, lines = buildings.geometry.to_numpy(), streets.geometry.to_numpy()
    _by_name(buildings, streets, segment, origin, named_within_m)
    open_rows = np.flatnonzero(segment < 0)
    found, near = _nearest(shapes[open_rows], lines, nearest_within_m)
    segment[open_rows[found]] = near
    origin[open_rows[found]] = "nearest"
    names = np.array([*streets.index, None], dtype=object)
    return pd.DataFrame(
        {"street_id": names[segment], "street_origin": origin}, index=buildings.index
    ).astype("str")


def _by_name(
    buildings: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    segment: np.ndarray[Any, Any],
    origin: np.ndarray[Any, Any],
    within_m: float,
) -> None:
    """Fill `segment` and `origin` with the nearest segment that has the building's street name."""
    segments_of = streets.groupby("street_name").indices
    is_open = pd.Series(segment < 0)
    names = buildings["street_name"].reset_index(drop=True)
    wanted = names[is_open & names.isin(list(segments_of))]
    shapes, lines = buildings.geometry.to_numpy(), streets.geometry.to_numpy()
    for name, rows in wanted.groupby(wanted).groups.items():
        positions, candidates = np.asarray(rows), segments_of[name]
        found, near = _nearest(shapes[positions], lines[candidates], within_m)
        segment[positions[found]] = candidates[near]
        origin[positions[found]] = "street_name"


def _nearest(
    shapes: np.ndarray[Any, Any], lines: np.ndarray[Any, Any], within_m: float
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return positions of shapes with a line near enough, and the position of that line."""
    pairs = shapely.STRtree(lines).query_nearest(shapes, max_distance=within_m, all_matches=True)
    first, near = pairs
    order = np.lexsort((near, first))  # equally near: the first in the table, whatever the tree
    found, keep = np.unique(first[order], return_index=True)
    return found, near[order][keep]


def street_groups(streets: pd.DataFrame) -> pd.Series[str]:
    """
    Return the street that each segment belongs to.

    Parameters
    ----------
    streets : DataFrame, one row per segment
        Index ``street_id``, street_name (may be missing).

    Returns
    -------
    Series of str, same index and order as `streets`
        ``street``: the name. Where most segments have a name, those without one are together
        ``UNNAMED``; otherwise each of them stands on its own, under its street_id.

    Examples
    --------
    >>> streets = pd.DataFrame({"street_name": ["Dorp", "Dorp", None]}, index=["a", "b", "c"])
    >>> street_groups(streets).tolist()
    ['Dorp', 'Dorp', 'zonder naam']
    """
    names = streets["street_name"]
    own = pd.Series([f"segment {key}" for key in streets.index], streets.index, dtype="str")
    instead = UNNAMED if names.notna().mean() > _MOST else own
    return names.astype("str").where(names.notna(), instead).rename("street")


def heat_per_street(
    streets: gpd.GeoDataFrame, groups: pd.Series[str], served: pd.DataFrame
) -> gpd.GeoDataFrame:
    """
    Return heat demand and length of each street.

    Parameters
    ----------
    streets : GeoDataFrame, one row per segment
        Index ``street_id``, lines in EPSG:31370 (metres).
    groups : Series of str, indexed by ``street_id``
        As returned by ``street_groups``.
    served : DataFrame, one row per building with demand
        street_id (may be missing), dwellings [-] and demand_mwh [MWh/yr].

    Returns
    -------
    GeoDataFrame, one row per street, sorted by name
        Index ``street``: buildings, dwellings [-], length_m (all its segments), served_m (those
        with a building) [m], demand_mwh [MWh/yr] and the segments as one MultiLineString.

    Raises
    ------
    ContractError
        If `served` names a street_id that is not in `streets`.

    Examples
    --------
    >>> from shapely import LineString
    >>> streets = gpd.GeoDataFrame(index=pd.Index(["a", "b"], name="street_id"),
    ...     geometry=[LineString([(0, 0), (100, 0)]), LineString([(100, 0), (150, 0)])], crs=31370)
    >>> groups = pd.Series("Dorp", index=streets.index)
    >>> served = pd.DataFrame({"street_id": ["a"], "dwellings": [2], "demand_mwh": [30.0]})
    >>> heat_per_street(streets, groups, served)[["length_m", "served_m", "demand_mwh"]].values[0]
    array([150., 100.,  30.])
    """
    known = served[served["street_id"].notna()]
    unknown = set(known["street_id"]).difference(streets.index)
    if unknown:
        msg = f"served names {len(unknown)} street_id(s) that are not in streets."
        raise ContractError(msg)
    length = streets.length
    has_building = pd.Series(streets.index.isin(known["street_id"]), streets.index)
    street = known["street_id"].map(groups)
    per_street = known.assign(buildings=1).groupby(street.to_numpy())
    sums = per_street[["buildings", "dwellings", "demand_mwh"]].sum()
    table = pd.DataFrame(
        {
            "length_m": length.groupby(groups).sum(),
            "served_m": (length * has_building).groupby(groups).sum(),
        }
    ).sort_index()
    sums = (
        sums.reindex(table.index)
        .fillna(0)
        .astype({"buildings": "int64", "dwellings": "int64", "demand_mwh": "float64"})
    )
    lines = _multilines(streets, groups).reindex(table.index)
    joined = sums.join(table).rename_axis("street")
    return gpd.GeoDataFrame(joined, geometry=lines.to_numpy(), crs=streets.crs)


def _multilines(streets: gpd.GeoDataFrame, groups: pd.Series[str]) -> pd.Series[Any]:
    parts, owner = shapely.get_parts(streets.geometry.to_numpy(), return_index=True)
    codes, names = pd.factorize(groups.to_numpy(), sort=True)
    order = np.argsort(codes[owner], kind="stable")
    lines = shapely.multilinestrings(parts[order], indices=codes[owner][order])
    return pd.Series(lines, index=pd.Index(names), dtype=object)


def linear_heat_density(
    demand_mwh: pd.Series[float], length_m: pd.Series[float]
) -> pd.Series[float]:
    """
    Return the yearly heat demand per metre of street.

    The figure planners use to see where a heat network can pay for itself.

    Parameters
    ----------
    demand_mwh : Series of float, one value per street
        Useful heat demand [MWh/yr].
    length_m : Series of float, same index
        Length of the street [m].

    Returns
    -------
    Series, same index and order as `demand_mwh`
        ``density_mwh_m`` [MWh/(m yr)], missing for a street without length.

    Examples
    --------
    >>> linear_heat_density(pd.Series([250.0, 0.0]), pd.Series([100.0, 50.0])).tolist()
    [2.5, 0.0]
    """
    return (demand_mwh / length_m.where(length_m > 0)).rename("density_mwh_m")


def density_verdicts(
    density_mwh_m: pd.Series[float], *, lower_bounds: Mapping[str, float], without: str
) -> pd.Series[str]:
    """
    Return the verdict on each heat density.

    Parameters
    ----------
    density_mwh_m : Series of float
        Heat per metre of street [MWh/(m yr)].
    lower_bounds : mapping of str to float
        Verdict → the lowest density that deserves it [MWh/(m yr)]; one of them 0.
    without : str
        Word for a street without demand, or whose density is missing.

    Returns
    -------
    Series of str, same index and order as `density_mwh_m`
        ``verdict``.

    Raises
    ------
    ContractError
        If no bound is 0.

    Examples
    --------
    >>> density_verdicts(pd.Series([2.0, 1.0, 0.1, 0.0]),
    ...     lower_bounds={"goed": 1.5, "misschien": 0.75, "neen": 0.0}, without="geen").tolist()
    ['goed', 'misschien', 'neen', 'geen']
    """
    ordered = sorted(lower_bounds.items(), key=lambda item: item[1])
    if not ordered or ordered[0][1] != 0:
        msg = f"lower_bounds must hold a verdict from 0 up, got {dict(lower_bounds)}."
        raise ContractError(msg)
    bounds = [bound for _, bound in ordered]
    words = np.array([word for word, _ in ordered], dtype=object)
    density = density_mwh_m.fillna(0.0).to_numpy()
    verdict = words[np.clip(np.searchsorted(bounds, density, side="right") - 1, 0, None)]
    return pd.Series(
        np.where(density > 0, verdict, without), density_mwh_m.index, dtype="str", name="verdict"
    )


def share_above(
    amounts: pd.Series[float], density_mwh_m: pd.Series[float], *, bound: float, total: float
) -> float:
    """
    Return which share of an amount lies in streets at or above a heat density.

    Parameters
    ----------
    amounts : Series of float, one value per street
        Heat demand, dwellings or length [any unit].
    density_mwh_m : Series of float, same index
        Heat per metre of street [MWh/(m yr)].
    bound : float
        The density [MWh/(m yr)].
    total : float
        What 100 % is [the same unit as `amounts`]; what was given no street counts as below.

    Returns
    -------
    float
        Share [-], NaN if the total is 0.

    Examples
    --------
    >>> share_above(pd.Series([30.0, 10.0]), pd.Series([2.0, 0.5]), bound=1.5, total=50.0)
    0.6
    """
    if total <= 0:
        return float("nan")
    return float(amounts[density_mwh_m >= bound].sum() / total)


def verdict_of_area(share_at_least: Mapping[str, float], *, needed_share: float, last: str) -> str:
    """
    Return the verdict on a neighbourhood from the verdicts on its streets.

    Parameters
    ----------
    share_at_least : mapping of str to float
        Verdict, from dense to thin → share of the heat demand in streets with this verdict or a
        better one [-].
    needed_share : float
        The share that decides [-].
    last : str
        Verdict where no share is large enough.

    Returns
    -------
    str
        The best verdict that holds for at least `needed_share` of the demand.

    Examples
    --------
    >>> verdict_of_area({"goed": 0.2, "misschien": 0.6}, needed_share=0.5, last="neen")
    'misschien'
    """
    holds = (verdict for verdict, share in share_at_least.items() if share >= needed_share)
    return next(holds, last)


def combined_range(
    value: float, lows: pd.Series[float], highs: pd.Series[float]
) -> tuple[float, float]:
    """
    Return the range that one-at-a-time ranges give together.

    Parameters
    ----------
    value : float
        Answer with every assumption at its value [any unit].
    lows, highs : Series of float
        Answers with one assumption at a time at either end of its range; which end gives the
        lowest answer does not matter [the same unit].

    Returns
    -------
    (float, float)
        Lowest and highest answer [the same unit], never below 0.

    Notes
    -----
    Square root of the sum of squared deviations, per side: assumptions that do not know each
    other seldom all err the same way.

    Examples
    --------
    >>> combined_range(10.0, pd.Series([7.0, 6.0]), pd.Series([10.0, 12.0]))
    (5.0, 12.0)
    """
    ends = np.stack([lows.to_numpy(dtype="float64"), highs.to_numpy(dtype="float64")]) - value
    below = np.minimum(ends.min(axis=0, initial=0.0), 0.0)
    above = np.maximum(ends.max(axis=0, initial=0.0), 0.0)
    low = value - float(np.sqrt((below**2).sum()))
    return max(low, 0.0), value + float(np.sqrt((above**2).sum()))
