"""Streets to graph: cut at crossings, tie in loose ends, tie in or list separate parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree

from lekp_lib.domain.street_graph._draft import (
    NOISE_M,
    Draft,
    Floats,
    Ints,
    Shapes,
    components,
    edge_at,
    link,
    split,
    traits,
)
from lekp_lib.domain.street_graph._graph import (
    StreetGraph,
    canonical,
    graph_of,
    no_series,
    repair_rows,
)
from lekp_lib.domain.street_graph._noding import clean_lines, nearest_pairs, node_lines

__all__ = ["build"]


@dataclass(frozen=True)
class _Gaps:
    """Gaps to bridge: from one edge or node to a place on an edge."""

    lines: Shapes
    like: Ints

    @property
    def gap_m(self) -> Floats:
        return np.asarray(shapely.length(self.lines))


def build(
    streets: gpd.GeoDataFrame,
    *,
    snap_m: float,
    join_m: float,
    merge_m: float,
    is_cut_at_crossings: bool = True,
) -> StreetGraph:
    """
    Return the routable graph of drawn streets.

    Parameters
    ----------
    streets : GeoDataFrame, one row per segment
        Index ``street_id``, lines or multi-lines in EPSG:31370 (metres); road_class and
        paved_share are kept where given. Leave out what no pipe can follow.
    snap_m : float
        A loose street end this close to another street is tied to it [m].
    join_m : float
        Separate parts this close together are joined by the shortest straight link [m].
    merge_m : float
        Ends and crossings this close together are one node; smaller gaps are drawing
        accuracy and are not listed [m].
    is_cut_at_crossings : bool
        Streets that cross are connected there. False: only where one of them has a corner at
        the crossing, as in OpenStreetMap, so that a bridge stays a bridge.

    Returns
    -------
    StreetGraph
        Without buildings and sources. ``repairs`` lists every loose end that was tied in,
        every part that was joined and every part that stays alone.

    Notes
    -----
    Whether a crossing is a bridge or a tunnel is not known from a table of streets; a pipe in
    the street below can mostly be tied to the one above, so crossings count as connected unless
    told otherwise. Missing or empty shapes, lines without length, and streets drawn twice are
    left out. Links over a gap have kind ``join`` and their length counts. The order of the rows
    makes no difference.

    Examples
    --------
    >>> from shapely import LineString
    >>> streets = gpd.GeoDataFrame(index=["kerk", "dorp"], crs=31370,
    ...     geometry=[LineString([(50, 3), (50, 60)]), LineString([(0, 0), (100, 0)])])
    >>> graph = build(streets, snap_m=5, join_m=50, merge_m=0.5)
    >>> graph.edges[["from_node", "to_node", "kind", "street_id", "length_m"]]
          from_node  to_node    kind street_id  length_m
    edge
    0             0        4  street      dorp      50.0
    1             4        3  street      dorp      50.0
    2             1        2  street      kerk      57.0
    3             1        4    join      kerk       3.0
    >>> graph.repairs[["kind", "street_id", "gap_m"]]
          kind street_id  gap_m
    0  snapped      kerk    3.0
    """
    merge_m = max(merge_m, NOISE_M)
    ordered = canonical(streets)
    lines, row = clean_lines(ordered.geometry.to_numpy())
    known = _known(ordered, row)
    draft = node_lines(lines, known, merge_m=merge_m, is_cut_at_crossings=is_cut_at_crossings)
    crs = streets.crs
    draft, snapped = _bridge(draft, _loose_ends(draft, snap_m, merge_m), merge_m)
    gaps = _part_gaps(draft, join_m)
    draft, joined = _bridge(draft, gaps, merge_m)
    repairs = [
        repair_rows(kind, lines, street, gap_m=shapely.length(lines), length_m=np.nan, crs=crs)
        for kind, (lines, street) in {"snapped": snapped, "joined": joined}.items()
    ]
    repairs.append(_separate(draft, crs))
    filled = [rows for rows in repairs if len(rows)] or repairs[:1]
    return graph_of(
        draft,
        terminals=no_series("node", "building_id", "int64"),
        sources=no_series("node", "source_id", "int64"),
        repairs=pd.concat(filled, ignore_index=True),
        too_far=no_series("distance_m", "building_id", "float64"),
        crs=crs,
    )


def _known(streets: gpd.GeoDataFrame, row: Ints) -> pd.DataFrame:
    """Return the traits of street lines."""
    optional = {
        name: streets[name].to_numpy()[row]
        for name in ("road_class", "paved_share")
        if name in streets
    }
    street_id = streets.index.astype("str").to_numpy(dtype=object)[row]
    return traits(len(row), kind="street", street_id=street_id, **optional)


def _loose_ends(draft: Draft, snap_m: float, merge_m: float) -> _Gaps:
    """Return the gaps between nodes and edges that should touch."""
    degree = np.bincount(draft.ends.ravel(), minlength=len(draft.xy))
    is_loose = degree == 1
    points = shapely.points(draft.xy)
    stub, stub_root = _stubs(draft, is_loose, snap_m)
    root = np.full(len(draft.xy), -1)
    root[stub] = stub_root

    def is_elsewhere(node: Ints, edge: Ints) -> Any:
        ends = draft.ends[edge]
        return (ends != node[:, None]).all(axis=1) & (ends != root[node][:, None]).all(axis=1)

    within_m = np.where(is_loose, max(snap_m, merge_m), merge_m)
    node, edge = nearest_pairs(points, draft.lines, within_m, is_allowed=is_elsewhere)
    lines = np.asarray(shapely.shortest_line(points[node], draft.lines[edge]), dtype=object)
    return _Gaps(lines, np.stack([edge_at(draft, node), edge], axis=1))


def _stubs(draft: Draft, is_loose: Any, snap_m: float) -> tuple[Ints, Ints]:
    """Return loose ends that only just stick out, and the node they stick out of."""
    is_short = shapely.length(draft.lines) <= snap_m
    both = np.concatenate([draft.ends[is_short], draft.ends[is_short][:, ::-1]])
    is_stub = is_loose[both[:, 0]] & ~is_loose[both[:, 1]]
    return both[is_stub, 0], both[is_stub, 1]


def _bridge(draft: Draft, gaps: _Gaps, merge_m: float) -> tuple[Draft, tuple[Shapes, Any]]:
    """
    Close gaps; return the draft, and the lines and streets of the gaps worth telling.

    A gap below `merge_m` is closed in silence, and what was bridged twice is told once.
    """
    edge = gaps.like.T.ravel()
    tips = [shapely.get_point(gaps.lines, place) for place in (0, -1)]
    at_m = shapely.line_locate_point(draft.lines[edge], np.concatenate(tips))
    street = draft.traits["street_id"].take(gaps.like[:, 0]).to_numpy(dtype=object)
    parts, node = split(draft, edge, at_m, merge_m=merge_m)
    pairs = node.reshape(2, -1).T
    like = edge_at(parts, pairs[:, 0])
    told = np.unique(np.sort(pairs, axis=1), axis=0, return_index=True)[1]
    told = np.sort(told[gaps.gap_m[told] > merge_m])
    linked, _ = link(parts, pairs, like, merge_m=merge_m)
    return linked, (gaps.lines[told], street[told])


def _part_gaps(draft: Draft, join_m: float) -> _Gaps:
    """Return the shortest links that join as many parts as possible."""
    nothing = _Gaps(np.empty(0, dtype=object), np.empty((0, 2), dtype="int64"))
    part = components(len(draft.xy), draft.ends)[draft.ends[:, 0]]
    if len(part) == 0 or part.max() == 0:
        return nothing
    length_m = np.bincount(part, weights=shapely.length(draft.lines))
    outside = np.flatnonzero(part != length_m.argmax())
    tree = shapely.STRtree(draft.lines)
    one, other = tree.query(draft.lines[outside], predicate="dwithin", distance=join_m)
    one = outside[one]
    is_apart = part[one] != part[other]
    one, other = np.sort([one[is_apart], other[is_apart]], axis=0)
    gap_m = shapely.distance(draft.lines[one], draft.lines[other]).round(6)
    low, high = np.sort([part[one], part[other]], axis=0)
    order = np.lexsort((other, one, gap_m, high, low))
    is_first = (np.diff(low[order], prepend=-1) > 0) | (np.diff(high[order], prepend=-1) != 0)
    best = order[is_first]
    rank = np.empty(len(best))
    rank[np.lexsort((high[best], low[best], gap_m[best]))] = np.arange(1, len(best) + 1)
    size = len(length_m)
    graph = coo_array((rank, (low[best], high[best])), shape=(size, size))
    chosen = best[np.isin(rank, minimum_spanning_tree(graph.tocsr()).data)]
    lines = shapely.shortest_line(draft.lines[one[chosen]], draft.lines[other[chosen]])
    like = np.stack([one[chosen], other[chosen]], axis=1)
    return _Gaps(np.asarray(lines, dtype=object), like)


def _separate(draft: Draft, crs: Any) -> gpd.GeoDataFrame:
    """Return a row for each part that stays apart from the largest one."""
    part = components(len(draft.xy), draft.ends)[draft.ends[:, 0]]
    length_m = np.bincount(part, weights=shapely.length(draft.lines))
    main = length_m.round(3).argmax() if len(length_m) else 0
    others = np.array([one for one in np.unique(part) if one != main], dtype="int64")
    tree = shapely.STRtree(draft.lines[part == main])
    shapes = [shapely.multilinestrings(draft.lines[part == one]) for one in others]
    street = draft.traits["street_id"].to_numpy(dtype=object)
    names = [min(street[part == one]) for one in others]
    column = np.array(shapes, dtype=object)
    gap_m = np.full(len(others), np.nan)
    if len(others):
        row, gap = tree.query_nearest(column, return_distance=True, all_matches=False)
        gap_m[row[0]] = gap
    return repair_rows("separate", column, names, gap_m=gap_m, length_m=length_m[others], crs=crs)
