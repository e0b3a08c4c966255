"""House connections: a few sensible ways from each façade to a street."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from lekp_lib.domain.street_graph._draft import (
    NOISE_M,
    Draft,
    Floats,
    Ints,
    Shapes,
    extend,
    split,
    traits,
)
from lekp_lib.domain.street_graph._graph import (
    StreetGraph,
    canonical,
    check_crs,
    draft_of,
    graph_of,
)
from lekp_lib.errors import ContractError

__all__ = ["connect_buildings"]

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Ways:
    """
    Possible connections, sorted by building and distance.

    Attributes
    ----------
    house, edge : array of int, shape (p,)
    lines : array of LineString, shape (p,)
        From the façade to the edge.
    at_m : array, shape (p,)
        Place along the edge.
    junction : array of int, shape (p,)
        Node at that place where the edge ends there, else -1.
    """

    house: Ints
    edge: Ints
    lines: Shapes
    at_m: Floats
    junction: Ints

    def where(self, is_kept: Flags) -> _Ways:
        """Return some of the ways."""
        return _Ways(
            self.house[is_kept],
            self.edge[is_kept],
            self.lines[is_kept],
            self.at_m[is_kept],
            self.junction[is_kept],
        )


def connect_buildings(
    graph: StreetGraph,
    buildings: gpd.GeoDataFrame,
    *,
    candidates: int,
    farthest_m: float,
    extra_m: float,
    merge_m: float,
    street_of: pd.Series[Any] | None = None,
) -> StreetGraph:
    """
    Return the graph with several possible house connections per building.

    One connection per building, to the nearest street, gives odd routes: a corner house is
    best served from the side where the pipe comes by.

    Parameters
    ----------
    graph : StreetGraph
        As returned by ``build`` or ``lay_existing``.
    buildings : GeoDataFrame, one row per building
        Index ``building_id``, polygons or points in EPSG:31370 (metres).
    candidates : int
        Connections per building, each to another street segment; those that are always made
        may be more [-].
    farthest_m : float
        Longest connection, from façade to street axis [m].
    extra_m : float
        How much longer than the shortest connection of the building another one may be [m].
    merge_m : float
        Connections that reach a street this close together share a node [m].
    street_of : Series, indexed by building_id, optional
        street_id of the address; missing where unknown.

    Returns
    -------
    StreetGraph
        With an edge of kind ``service`` per connection and a node per building in
        ``terminals``; buildings without a street within reach stand in ``too_far``.

    Raises
    ------
    ContractError
        If a building_id occurs twice, or the table lies in another coordinate system.

    Notes
    -----
    A connection is the straight line from the nearest point of the outline to the nearest point
    of the segment; an existing pipe counts as a segment. Within reach, three are always made:
    to the nearest segment, to the nearest segment of the largest part of the graph, and to the
    street of the address. Others are not made when they are much longer than the shortest, run
    through another building or across a street to the next one, or reach no more than the end
    of a segment where a nearer one passes. The order of the rows makes no difference. Time
    grows with the number of segments within reach.

    Examples
    --------
    >>> from shapely import LineString
    >>> from lekp_lib.domain.street_graph import build
    >>> streets = gpd.GeoDataFrame(index=["dorp", "kerk"], crs=31370,
    ...     geometry=[LineString([(0, 0), (100, 0)]), LineString([(0, 0), (0, 80)])])
    >>> graph = build(streets, snap_m=5, join_m=50, merge_m=0.5)
    >>> corner = gpd.GeoDataFrame(index=["b1"], geometry=[shapely.box(6, 5, 16, 15)], crs=31370)
    >>> served = connect_buildings(
    ...     graph, corner, candidates=3, farthest_m=50, extra_m=15, merge_m=0.5)
    >>> services = served.edges[served.edges["kind"] == "service"]
    >>> services[["building_id", "length_m"]].round(1)
         building_id  length_m
    edge
    4             b1       5.0
    5             b1       6.0
    """
    if not buildings.index.is_unique:
        twice = list(buildings.index[buildings.index.duplicated()].unique()[:3])
        msg = f"building_id occurs twice, first {twice}. Check the table before calling."
        raise ContractError(msg)
    check_crs(graph, buildings)
    ordered = canonical(buildings)
    shapes = shapely.force_2d(ordered.geometry.to_numpy())
    draft = draft_of(graph)
    house, edge, gap_m = _within(draft, shapes, farthest_m)
    part, address = graph.nodes["part"].to_numpy(), _address(ordered, street_of)
    is_fixed = _always_made(draft, house, edge, part, address)
    is_kept = is_fixed | _is_near(house, gap_m, extra_m)
    ways = _ways(draft, shapes, house[is_kept], edge[is_kept], merge_m)
    ways = _chosen(draft, shapes, ways, is_fixed[is_kept], candidates)
    served, node = _lay(draft, shapes, ordered.index, ways, merge_m)
    terminals = pd.Series(node, index=ordered.index[np.unique(ways.house)], name="node")
    too_far = _too_far(draft, shapes, ordered.index, ways)
    return graph_of(
        served,
        terminals=_joined(graph.terminals, terminals.rename_axis("building_id")),
        sources=graph.sources,
        repairs=graph.repairs,
        too_far=_joined(graph.too_far, too_far),
        crs=graph.edges.crs,
    )


def _joined(earlier: pd.Series[Any], later: pd.Series[Any]) -> pd.Series[Any]:
    return pd.concat([earlier, later]) if len(earlier) else later


def _address(buildings: gpd.GeoDataFrame, street_of: pd.Series[Any] | None) -> Any:
    """Return the street of each building, missing where it is not known."""
    if street_of is None:
        return pd.Series(np.nan, index=range(len(buildings)), dtype="str")
    return street_of.reindex(buildings.index).astype("str").reset_index(drop=True)


def _within(draft: Draft, shapes: Shapes, farthest_m: float) -> tuple[Ints, Ints, Floats]:
    """Return the buildings and edges within reach and their distance, nearest first."""
    open_edges = np.flatnonzero(draft.traits["kind"].isin(["street", "existing"]))
    tree = shapely.STRtree(draft.lines[open_edges])
    house, near = tree.query(shapes, predicate="dwithin", distance=farthest_m)
    edge = open_edges[near]
    gap_m = shapely.distance(shapes[house], draft.lines[edge]).round(6)
    order = np.lexsort((edge, gap_m, house))
    return house[order], edge[order], gap_m[order]


def _is_near(house: Ints, gap_m: Floats, extra_m: float) -> Flags:
    """Tell which ways are not much longer than the first of their building."""
    is_first = np.diff(house, prepend=-1) > 0
    least_m = gap_m[is_first][np.cumsum(is_first) - 1]
    return np.asarray(gap_m <= least_m + extra_m, dtype=bool)


def _ways(draft: Draft, shapes: Shapes, house: Ints, edge: Ints, merge_m: float) -> _Ways:
    """Return the straight ways between buildings and edges."""
    lines = np.asarray(shapely.shortest_line(shapes[house], draft.lines[edge]), dtype=object)
    at_m = shapely.line_locate_point(draft.lines[edge], shapely.get_point(lines, -1))
    to_end = shapely.length(draft.lines[edge]) - at_m
    end = np.where(at_m <= to_end, draft.ends[edge, 0], draft.ends[edge, 1])
    is_end = np.minimum(at_m, to_end) <= max(merge_m, NOISE_M)
    return _Ways(house, edge, lines, at_m, np.where(is_end, end, -1))


def _is_passed(draft: Draft, ways: _Ways) -> Flags:
    """Tell which ways lead to a junction that a nearer segment of the same building reaches."""
    size = len(draft.xy)
    reached = (ways.house[:, None] * size + draft.ends[ways.edge]).ravel()
    keys, first = np.unique(reached, return_index=True)
    wanted = np.flatnonzero(ways.junction >= 0)
    key = ways.house[wanted] * size + ways.junction[wanted]
    is_passed = np.zeros(len(ways.house), dtype=bool)
    is_passed[wanted] = first[np.searchsorted(keys, key)] // 2 < wanted
    return is_passed


def _first_of(house: Ints, is_meant: Flags) -> Flags:
    """Mark the first way of each building among those that are meant."""
    rows = np.flatnonzero(is_meant)
    is_first = np.zeros(len(house), dtype=bool)
    is_first[rows[np.diff(house[rows], prepend=-1) > 0]] = True
    return is_first


def _always_made(draft: Draft, house: Ints, edge: Ints, part: Ints, address: Any) -> Flags:
    """Mark the ways that no rule may leave out."""
    street = draft.traits["street_id"].take(edge).to_numpy(dtype=object)
    own = address.take(house).to_numpy(dtype=object)
    is_own = np.asarray(pd.notna(own) & (own == street), dtype=bool)
    is_fixed = np.diff(house, prepend=-1) > 0
    return is_fixed | _first_of(house, part[draft.ends[edge, 0]] == 0) | _first_of(house, is_own)


def _chosen(draft: Draft, shapes: Shapes, ways: _Ways, is_fixed: Flags, candidates: int) -> _Ways:
    """Return the ways that are made."""
    is_kept = is_fixed | ~_is_passed(draft, ways)
    ways, is_fixed = ways.where(is_kept), is_fixed[is_kept]
    is_kept = is_fixed | ~_is_blocked(draft, shapes, ways, ~is_fixed)
    ways, is_fixed = ways.where(is_kept), is_fixed[is_kept]
    order = np.lexsort((~is_fixed, ways.house))
    rank = pd.Series(ways.house[order]).groupby(ways.house[order]).cumcount().to_numpy()
    is_kept = is_fixed.copy()
    is_kept[order[rank < candidates]] = True
    return ways.where(is_kept)


def _is_blocked(draft: Draft, shapes: Shapes, ways: _Ways, is_asked: Flags) -> Flags:
    """Tell which ways run through another building, or across a street to another one."""
    rows = np.flatnonzero(is_asked)
    is_blocked = np.zeros(len(ways.house), dtype=bool)
    way, house = shapely.STRtree(shapes).query(ways.lines[rows], predicate="crosses")
    is_blocked[rows[way[house != ways.house[rows[way]]]]] = True
    is_street = (draft.traits["kind"] == "street").to_numpy(dtype=bool)
    street = np.flatnonzero(is_street)
    rows = rows[~is_blocked[rows] & is_street[ways.edge[rows]]]
    way, edge = shapely.STRtree(draft.lines[street]).query(ways.lines[rows], predicate="crosses")
    is_blocked[rows[way[street[edge] != ways.edge[rows[way]]]]] = True
    return is_blocked


def _lay(
    draft: Draft, shapes: Shapes, names: pd.Index, ways: _Ways, merge_m: float
) -> tuple[Draft, Ints]:
    """Return the draft with the chosen connections, and the node of each building served."""
    parts, foot = split(draft, ways.edge, ways.at_m, merge_m=merge_m)
    house, slot = np.unique(ways.house, return_inverse=True)
    node = len(parts.xy) + np.arange(len(house))
    facade = shapely.get_coordinates(shapely.get_point(ways.lines, 0))
    length_m = np.hypot(*(facade - parts.xy[foot]).T)
    order = np.lexsort((foot, length_m.round(6), slot))
    _, once = np.unique(slot[order] * len(parts.xy) + foot[order], return_index=True)
    order = order[np.sort(once)]
    lines = shapely.linestrings(np.stack([parts.xy[foot], facade], axis=1)[order])
    known = traits(
        len(order),
        kind="service",
        building_id=names.astype("str").to_numpy(dtype=object)[ways.house[order]],
    )
    ends = np.stack([foot, node[slot]], axis=1)[order]
    xy = shapely.get_coordinates(shapely.centroid(shapes[house]))
    return extend(parts, xy=xy, ends=ends, lines=np.atleast_1d(lines), known=known), node


def _too_far(draft: Draft, shapes: Shapes, names: pd.Index, ways: _Ways) -> pd.Series[float]:
    """Return the distance to the nearest street of the buildings that are not served."""
    rows = np.setdiff1d(np.arange(len(shapes)), ways.house)
    distance_m = np.full(len(rows), np.nan)
    street = draft.lines[(draft.traits["kind"] == "street").to_numpy(dtype=bool)]
    is_there = ~(shapely.is_missing(shapes[rows]) | shapely.is_empty(shapes[rows]))
    found, gap_m = shapely.STRtree(street).query_nearest(
        shapes[rows], return_distance=True, all_matches=False
    )
    distance_m[found[0]] = gap_m
    distance_m[~is_there] = np.nan
    return pd.Series(distance_m, index=names[rows], name="distance_m").rename_axis("building_id")
