"""
Which buildings share a wall, and which of them form a row of like homes.

Footprints are drawn by different hands: neighbours may leave a gap of a few centimetres or
overlap a little. Both count as touching; meeting in a corner does not.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import sparse
from scipy.sparse import csgraph

from lekp_lib.errors import ContractError

__all__ = ["WALL_COLUMNS", "contiguous_groups", "group_outlines", "shared_walls"]

WALL_COLUMNS = ("building_id", "neighbour_id", "shared_wall_m")
"""Columns of a table of shared walls."""


def shared_walls(
    buildings: gpd.GeoDataFrame, *, touching_gap_m: float, shortest_wall_m: float
) -> pd.DataFrame:
    """
    Return the pairs of buildings that share a wall.

    A wall in common means one scaffold, one drawing and, for outside insulation, one
    agreement: the first thing to know before asking neighbours to renovate together.

    Parameters
    ----------
    buildings : GeoDataFrame, one row per building
        Index ``building_id``, polygons in EPSG:31370 (metres).
    touching_gap_m : float
        Footprints at most this far apart count as touching [m].
    shortest_wall_m : float
        Shorter contact is a corner, not a wall [m].

    Returns
    -------
    DataFrame
        Columns ``WALL_COLUMNS``, each pair once, ``building_id`` < ``neighbour_id``, sorted:
        ``shared_wall_m`` is the length of the contact [m].

    Raises
    ------
    ContractError
        If a building_id occurs twice.

    Notes
    -----
    The contact is the length of one outline within the gap of the other footprint, the shorter
    of the two directions, less once the gap at either end: there the side walls fall within
    reach too. The order of the rows makes no difference.

    Examples
    --------
    >>> shapes = shapely.box([0, 6.1, 12.1], [0, 0, 10], [6, 12.1, 18], [10, 10, 20])
    >>> row = gpd.GeoDataFrame(index=["a", "b", "c"], geometry=shapes, crs=31370)
    >>> shared_walls(row, touching_gap_m=0.3, shortest_wall_m=1.5)[["building_id", "neighbour_id"]]
      building_id neighbour_id
    0           a            b
    """
    _check_unique(buildings.index)
    shapes = buildings.geometry.to_numpy()
    first, second = shapely.STRtree(shapes).query(
        shapes, predicate="dwithin", distance=touching_gap_m
    )
    is_once = first < second
    first, second = first[is_once], second[is_once]
    contact = _contact_m(shapes, first, second, touching_gap_m)
    names = buildings.index.astype("str").to_numpy(dtype=object)
    is_wall = contact >= shortest_wall_m
    one, other = names[first[is_wall]], names[second[is_wall]]
    is_swapped = one > other
    walls = pd.DataFrame(
        {
            "building_id": pd.Series(np.where(is_swapped, other, one), dtype="str"),
            "neighbour_id": pd.Series(np.where(is_swapped, one, other), dtype="str"),
            "shared_wall_m": contact[is_wall],
        }
    )
    return walls.sort_values(["building_id", "neighbour_id"], ignore_index=True)


def _check_unique(index: pd.Index) -> None:
    if not index.is_unique:
        twice = list(index[index.duplicated()].unique()[:3])
        msg = f"building_id occurs twice, first {twice}. Check the table before calling."
        raise ContractError(msg)


def _contact_m(
    shapes: np.ndarray[Any, Any],
    first: np.ndarray[Any, Any],
    second: np.ndarray[Any, Any],
    gap_m: float,
) -> np.ndarray[Any, Any]:
    outlines = shapely.boundary(shapes)
    grown = shapely.buffer(shapes, gap_m, cap_style="flat", join_style="mitre")
    there = shapely.length(shapely.intersection(outlines[first], grown[second]))
    back = shapely.length(shapely.intersection(outlines[second], grown[first]))
    return np.asarray(np.maximum(np.minimum(there, back) - 2 * gap_m, 0.0))


def contiguous_groups(
    kind: pd.Series[Any], walls: pd.DataFrame, *, dwellings: pd.Series[Any], largest: float
) -> pd.Series[int]:
    """
    Return the group of neighbouring buildings of one kind to which each building belongs.

    Parameters
    ----------
    kind : Series, indexed by ``building_id``
        What must be alike, for instance type and period in one text. Not missing.
    walls : DataFrame
        As returned by ``shared_walls``; pairs with a building outside `kind` are left out.
    dwellings : Series, same index as `kind`
        Dwellings per building, also fractions [-].
    largest : float
        A longer row is cut into contiguous parts of about equal size, none with more
        dwellings than this, unless one building alone has more [-].

    Returns
    -------
    Series of int, same index and order as `kind`
        ``group``: 0, 1, … in the order of the smallest building_id. A building without a like
        neighbour is a group of its own.

    Raises
    ------
    ContractError
        If `dwellings` lacks a building of `kind`, or a building_id occurs twice.

    Notes
    -----
    Connected components of the graph of like neighbours. A long row is walked from its far end
    and cut on the way; should a cut leave a part in pieces (a block with two wings), each piece
    is a group.

    Examples
    --------
    >>> walls = pd.DataFrame({"building_id": ["a", "b"], "neighbour_id": ["b", "c"]})
    >>> kind = pd.Series(["rij", "rij", "flat"], index=["a", "b", "c"])
    >>> one = pd.Series(1.0, index=kind.index)
    >>> contiguous_groups(kind, walls, dwellings=one, largest=30).tolist()
    [0, 0, 1]
    """
    _check_unique(kind.index)
    if len(kind.index.difference(dwellings.index)) > 0:
        msg = "dwellings lacks buildings that kind names. Give both the same index."
        raise ContractError(msg)
    ordered = kind.sort_index()
    weights = dwellings.reindex(ordered.index).to_numpy(dtype="float64")
    first, second = _like_pairs(ordered, walls)
    group = _components(len(ordered), first, second)
    part = _parts(group, first, second, weights, largest)
    is_kept = part[first] == part[second]
    group = _components(len(ordered), first[is_kept], second[is_kept])
    return pd.Series(group, index=ordered.index, name="group").reindex(kind.index)


def _like_pairs(
    kind: pd.Series[Any], walls: pd.DataFrame
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the positions of neighbours of the same kind."""
    first = kind.index.get_indexer(pd.Index(walls["building_id"]))
    second = kind.index.get_indexer(pd.Index(walls["neighbour_id"]))
    is_known = (first >= 0) & (second >= 0)
    first, second = first[is_known], second[is_known]
    codes = pd.factorize(kind)[0]
    is_like = codes[first] == codes[second]
    return first[is_like], second[is_like]


def _graph(size: int, first: np.ndarray[Any, Any], second: np.ndarray[Any, Any]) -> Any:
    return sparse.csr_array((np.ones(len(first)), (first, second)), shape=(size, size))


def _components(
    size: int, first: np.ndarray[Any, Any], second: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Number the connected components by their first member."""
    if size == 0:
        return np.zeros(0, dtype="int64")
    _, group = csgraph.connected_components(_graph(size, first, second), directed=False)
    return np.asarray(pd.factorize(group)[0], dtype="int64")


def _parts(
    group: np.ndarray[Any, Any],
    first: np.ndarray[Any, Any],
    second: np.ndarray[Any, Any],
    weights: np.ndarray[Any, Any],
    largest: float,
) -> np.ndarray[Any, Any]:
    """Return the part of its group that each building falls in; 0 where nothing is cut."""
    part = np.zeros(len(group), dtype="int64")
    totals = np.bincount(group, weights=weights)
    members = pd.Series(group).groupby(group).indices
    graph = _graph(len(group), first, second)
    for number in np.flatnonzero(totals > largest):
        row = members[number]
        walk = _walk(graph[row][:, row])
        part[row[walk]] = _cuts(weights[row[walk]], largest)
    return part


def _walk(graph: Any) -> np.ndarray[Any, Any]:
    """Walk a connected graph depth first, starting at an end far from its first node."""
    far_end = csgraph.breadth_first_order(graph, 0, directed=False)[0][-1]
    walk = csgraph.depth_first_order(graph, far_end, directed=False)[0]
    return np.asarray(walk)


def _cuts(weights: np.ndarray[Any, Any], largest: float) -> np.ndarray[Any, Any]:
    """Number parts of about equal weight along a walk, none above the largest."""
    left = np.cumsum(weights[::-1])[::-1]
    target = _even(left[0], largest)
    cuts = np.zeros(len(weights), dtype="int64")
    number, filled = 0, 0.0
    for position, weight in enumerate(weights):
        is_full = filled + weight > largest or filled + weight / 2 > target
        if is_full and filled > 0:
            number, filled = number + 1, 0.0
            target = _even(left[position], largest)
        cuts[position] = number
        filled += weight
    return cuts


def _even(total: float, largest: float) -> float:
    """Return the size of the fewest equal parts that are small enough."""
    return float(total / np.ceil(total / largest))


def group_outlines(
    buildings: gpd.GeoDataFrame, group: pd.Series[Any], *, touching_gap_m: float
) -> gpd.GeoSeries:
    """
    Return one outline per group, small gaps between neighbours closed.

    Parameters
    ----------
    buildings : GeoDataFrame
        Index ``building_id``, polygons in EPSG:31370 (metres).
    group : Series, indexed by ``building_id``
        Group of each building; buildings that are not in it are left out.
    touching_gap_m : float
        Gaps up to this width are closed [m].

    Returns
    -------
    GeoSeries, indexed by group in ascending order
        Polygons or multipolygons in EPSG:31370.

    Examples
    --------
    >>> shapes = shapely.box([0, 6.1], [0, 0], [6, 12.1], [10, 10])
    >>> row = gpd.GeoDataFrame(index=["a", "b"], geometry=shapes, crs=31370)
    >>> group_outlines(row, pd.Series([7, 7], index=["a", "b"]), touching_gap_m=0.3).area.round(1)
    7    121.0
    dtype: float64
    """
    shapes = buildings.geometry.loc[group.index]
    half = touching_gap_m / 2
    grown = shapely.buffer(shapes.to_numpy(), half, cap_style="flat", join_style="mitre")
    numbers = group.to_numpy()
    outlines = {
        number: shapely.union_all(grown[members])
        for number, members in sorted(pd.Series(numbers).groupby(numbers).indices.items())
    }
    merged = np.array(list(outlines.values()), dtype=object)
    shrunk = shapely.buffer(merged, -half, cap_style="flat", join_style="mitre")
    return gpd.GeoSeries(shrunk, index=list(outlines), crs=buildings.crs)
