"""
Which buildings share a wall, and which of them form a group of like homes.

Footprints are drawn by different hands: neighbours may leave a gap of a few centimetres or
overlap a little. Both count as touching; meeting in a corner does not.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import sparse
from scipy.sparse import csgraph
from sklearn.cluster import ward_tree

from lekp_lib.errors import ContractError

__all__ = ["WALL_COLUMNS", "group_outlines", "joint_groups", "shared_walls", "street_neighbours"]

WALL_COLUMNS = ("building_id", "neighbour_id", "shared_wall_m")
"""Columns of a table of shared walls."""

_Positions = np.ndarray[Any, Any]

_ROUNDING = 1e-9  # dwellings per building may be fractions


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


def street_neighbours(
    homes: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, *, within_m: float
) -> pd.DataFrame:
    """
    Return the pairs of homes that stand side by side along one street without a shared wall.

    Where homes stand free, no wall binds them; a contractor still sees one site.

    Parameters
    ----------
    homes : GeoDataFrame, index ``building_id``
        street_name (missing where not known) and polygons in EPSG:31370 (metres).
    streets : GeoDataFrame
        Lines in EPSG:31370; homes on both sides of one are no neighbours.
    within_m : float
        Widest space between two neighbours [m]; 0 means none.

    Returns
    -------
    DataFrame
        building_id, neighbour_id, each pair once, ``building_id`` < ``neighbour_id``, sorted.

    Examples
    --------
    >>> shapes = shapely.box([0, 12, 0], [0, 0, 20], [8, 20, 8], [10, 10, 30])
    >>> homes = gpd.GeoDataFrame({"street_name": "Dreef"}, index=["a", "b", "c"],
    ...                          geometry=shapes, crs=31370)
    >>> dreef = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 15), (50, 15)])], crs=31370)
    >>> street_neighbours(homes, dreef, within_m=12)
      building_id neighbour_id
    0           a            b
    """
    _check_unique(homes.index)
    ordered = homes.sort_index()
    shapes, street = ordered.geometry.to_numpy(), ordered["street_name"].to_numpy(dtype=object)
    first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=within_m)
    has_street = ordered["street_name"].notna().to_numpy()
    is_pair = (first < second) & has_street[first] & has_street[second] & (within_m > 0)
    first, second = first[is_pair], second[is_pair]
    is_same = street[first] == street[second]
    first, second = first[is_same], second[is_same]
    between = shapely.shortest_line(shapes[first], shapes[second])
    crossed = shapely.STRtree(streets.geometry.to_numpy()).query(between, predicate="intersects")[0]
    is_free = ~np.isin(np.arange(len(first)), crossed)
    names = ordered.index.astype("str").to_numpy(dtype=object)
    table = pd.DataFrame(
        {"building_id": names[first[is_free]], "neighbour_id": names[second[is_free]]}, dtype="str"
    )
    return table.sort_values(["building_id", "neighbour_id"], ignore_index=True)


def joint_groups(
    homes: gpd.GeoDataFrame,
    pairs: pd.DataFrame,
    *,
    smallest: float,
    largest: float,
    steps: float,
    step_m: float,
) -> pd.Series[int]:
    """
    Return groups of like homes that stand together and are small enough for one project.

    Parameters
    ----------
    homes : GeoDataFrame, index ``building_id``
        kind (what must be equal, for instance type and package in one text), rank (what may
        differ a little, for instance the place of the period in its list; missing is only
        like missing), dwellings [-, also fractions] and shapes in EPSG:31370 (metres).
    pairs : DataFrame
        building_id, neighbour_id of buildings that touch or stand side by side; pairs with a
        building outside `homes` are left out.
    smallest : float
        A part with fewer dwellings joins a like neighbour if both fit in one group [-].
    largest : float
        Most dwellings in a group, unless one building alone has more [-].
    steps : float
        Most that the ranks in one group may differ [-].
    step_m : float
        Distance that counts as much as one step of rank [m].

    Returns
    -------
    Series of int, same index and order as `homes`
        ``group``: 0, 1, … in the order of the smallest building_id. Every building is in one
        group, if need be alone; who has fewer than `smallest` dwellings is left over.

    Raises
    ------
    ContractError
        If a building_id occurs twice, or a column or a number is missing.

    Notes
    -----
    Like neighbours make a graph. Each connected part of it is clustered bottom up, only along
    its edges, by the least growth of the squared distances to the centre of a cluster (Ward),
    over the two coordinates and ``rank·step_m``. The tree of merges is then cut from the top: a
    branch becomes a group as soon as it is small and alike enough. Last, branches that are too
    small join a neighbour with room, and homes at an edge change sides while that lowers the
    squared distances. Each group stays connected, alike and within size throughout.

    References
    ----------
    S-230, S-231 in ``assumptions/sources.csv``.

    Examples
    --------
    >>> homes = gpd.GeoDataFrame({"kind": "row", "rank": [3, 3, 4, 7], "dwellings": 1.0},
    ...     index=list("abcd"), geometry=shapely.points([0, 6, 12, 18], 0), crs=31370)
    >>> pairs = pd.DataFrame({"building_id": list("abc"), "neighbour_id": list("bcd")})
    >>> joint_groups(homes, pairs, smallest=2, largest=30, steps=1, step_m=100).tolist()
    [0, 0, 0, 1]
    """
    _check_homes(homes)
    ordered = homes.sort_index()
    first, second = _like_pairs(ordered, pairs, steps)
    features = _features(ordered, step_m)
    group = _components(len(ordered), first, second)
    graph = _graph(len(ordered), first, second)
    limits = _Limits(smallest, largest, steps)
    for members in _too_large(ordered, group, limits):
        part = _Part(ordered.iloc[members], features[members], graph[members][:, members], limits)
        group[members] = group.max() + 1 + part.settled(part.without_crumbs(part.branches()))
    numbers = pd.factorize(group)[0]
    return pd.Series(numbers, index=ordered.index, name="group").reindex(homes.index)


class _Limits(NamedTuple):
    """What makes a group: its dwellings and how far its ranks may lie apart."""

    smallest: float
    largest: float
    steps: float

    def hold(self, dwellings: Any, low: Any, high: Any) -> Any:
        """Tell whether so many dwellings of such ranks make one group."""
        return (dwellings <= self.largest + _ROUNDING) & ~(high - low > self.steps)


def _check_homes(homes: pd.DataFrame) -> None:
    _check_unique(homes.index)
    needed = ["kind", "dwellings"]
    absent = [name for name in [*needed, "rank"] if name not in homes]
    if absent or homes[needed].isna().any(axis=None):
        msg = f"homes lacks {absent or 'values'}: give kind and dwellings of every home."
        raise ContractError(msg)


def _like_pairs(
    homes: pd.DataFrame, pairs: pd.DataFrame, steps: float
) -> tuple[_Positions, _Positions]:
    """Return the positions of neighbours that may stand in one group."""
    first = homes.index.get_indexer(pd.Index(pairs["building_id"]))
    second = homes.index.get_indexer(pd.Index(pairs["neighbour_id"]))
    is_known = (first >= 0) & (second >= 0)
    first, second = first[is_known], second[is_known]
    kind, rank = pd.factorize(homes["kind"])[0], homes["rank"].to_numpy(dtype="float64")
    one, other = rank[first], rank[second]
    is_near = (np.abs(one - other) <= steps) | (np.isnan(one) & np.isnan(other))
    is_like = (kind[first] == kind[second]) & is_near
    return first[is_like], second[is_like]


def _features(homes: gpd.GeoDataFrame, step_m: float) -> np.ndarray[Any, Any]:
    """Return where the homes lie, with their rank as a third direction [m]."""
    places = shapely.get_coordinates(shapely.centroid(homes.geometry.to_numpy()))
    rank = homes["rank"].astype("float64").fillna(0.0).to_numpy() * step_m
    return np.column_stack([places, rank])


def _graph(size: int, first: _Positions, second: _Positions) -> Any:
    both = np.concatenate([first, second]), np.concatenate([second, first])
    return sparse.csr_array((np.ones(len(both[0])), both), shape=(size, size))


def _components(size: int, first: _Positions, second: _Positions) -> _Positions:
    """Number the connected components."""
    if size == 0:
        return np.zeros(0, dtype="int64")
    _, group = csgraph.connected_components(_graph(size, first, second), directed=False)
    return np.asarray(group, dtype="int64")


def _too_large(homes: pd.DataFrame, group: _Positions, limits: _Limits) -> list[_Positions]:
    """Return the members of each component that is too large or too mixed for one group."""
    grouped = homes.groupby(group)
    low, high = grouped["rank"].min(), grouped["rank"].max()
    is_one = limits.hold(grouped["dwellings"].sum(), low, high) | (grouped.size() == 1)
    members = grouped.indices
    return [np.asarray(members[number]) for number in is_one.index[~is_one]]


class _Part(NamedTuple):
    """A connected part of like homes that is too large or too mixed for one group."""

    homes: pd.DataFrame
    features: np.ndarray[Any, Any]
    graph: Any
    limits: _Limits

    def branches(self) -> _Positions:
        """Return the branch of the merge tree, cut from the top, that each home falls in."""
        size = len(self.features)
        centred = self.features - self.features.mean(axis=0)
        children = ward_tree(centred, connectivity=self.graph)[0]
        dwellings, low, high = (
            np.append(self.homes[name].to_numpy(dtype="float64"), np.zeros(len(children)))
            for name in ("dwellings", "rank", "rank")
        )
        for node, (left, right) in enumerate(children, start=size):
            dwellings[node] = dwellings[left] + dwellings[right]
            low[node], high[node] = min(low[left], low[right]), max(high[left], high[right])
        is_group = self.limits.hold(dwellings, low, high)
        branch, n_found = np.zeros(size, dtype="int64"), 0
        stack = [(size + len(children) - 1, -1)]
        while stack:
            node, inside = stack.pop()
            if inside < 0 and (is_group[node] or node < size):
                inside, n_found = n_found, n_found + 1
            if node < size:
                branch[node] = inside
            else:
                stack += [(int(child), inside) for child in children[node - size]]
        return branch

    def without_crumbs(self, branch: _Positions) -> _Positions:
        """Let branches that are too small join the nearest neighbour that has room."""
        dwellings = self.homes["dwellings"].to_numpy(dtype="float64")
        branch, tried = branch.copy(), set[int]()
        while True:
            totals = np.bincount(branch, weights=dwellings)
            crumbs = [
                (totals[number], int(number))
                for number in np.unique(branch)
                if totals[number] < self.limits.smallest - _ROUNDING and number not in tried
            ]
            if not crumbs:
                return branch
            crumb = min(crumbs)[1]
            tried.add(crumb)
            home = self._nearest(branch, crumb, dwellings)
            if home is not None:
                branch[branch == crumb] = home

    def _nearest(self, branch: _Positions, crumb: int, dwellings: Any) -> int | None:
        """Return the nearest of the branches that touch this one and have room for it."""
        rank, inside = self.homes["rank"].to_numpy(dtype="float64"), branch == crumb
        beside = np.setdiff1d(branch[self.graph[inside].indices], [crumb])
        found = []
        for number in beside:
            both = inside | (branch == number)
            if self.limits.hold(dwellings[both].sum(), rank[both].min(), rank[both].max()):
                there = self.features[branch == number].mean(axis=0)
                away = there - self.features[inside].mean(axis=0)
                found.append((float(away @ away), int(number)))
        return min(found)[1] if found else None

    def settled(self, branch: _Positions) -> _Positions:
        """Let homes at an edge change sides as long as that makes the groups more alike."""
        branch = branch.copy()
        has_moved = True
        while has_moved:
            one, other = self.graph.nonzero()
            border = np.unique(one[branch[one] != branch[other]])
            has_moved = False
            for home in border:
                to = self._better(branch, int(home))
                if to is not None:
                    branch[home], has_moved = to, True
        return branch

    def _better(self, branch: _Positions, home: int) -> int | None:
        """Return the neighbouring branch that this home fits best, if better than its own."""
        weights, rank = (self.homes[name].to_numpy("float64") for name in ("dwellings", "rank"))
        rest = branch == branch[home]
        rest[home] = False
        if weights[rest].sum() < self.limits.smallest - _ROUNDING or not self._is_whole(rest):
            return None
        found = [(self._growth(rest, home) * (1 - _ROUNDING), -1)]
        for number in np.setdiff1d(branch[self.graph[[home]].indices], [branch[home]]):
            there = branch == number
            both = there.copy()
            both[home] = True
            if self.limits.hold(weights[both].sum(), rank[both].min(), rank[both].max()):
                found.append((self._growth(there, home), int(number)))
        number = min(found)[1]
        return None if number < 0 else number

    def _growth(self, group: np.ndarray[Any, Any], home: int) -> float:
        """Return by how much a home would add to the squared distances in a group."""
        size = group.sum()
        away = self.features[home] - self.features[group].mean(axis=0)
        return float((away @ away) * size / (size + 1))

    def _is_whole(self, group: np.ndarray[Any, Any]) -> bool:
        """Tell whether homes hang together without any other."""
        inside = self.graph[group][:, group]
        return bool(csgraph.connected_components(inside, directed=False)[0] == 1)


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
