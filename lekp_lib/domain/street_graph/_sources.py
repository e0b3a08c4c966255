"""Heat sources: tying in those that are there, and the best place for one that is not."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

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
    repair_rows,
)
from lekp_lib.errors import ContractError

__all__ = ["best_site", "connect_sources"]

_SHRINK = 6  # of a search, not of the place: each round looks at a sixth of the nodes


def connect_sources(
    graph: StreetGraph, sources: gpd.GeoDataFrame, *, farthest_m: float, merge_m: float
) -> StreetGraph:
    """
    Return the graph with heat sources tied to the nearest street.

    Parameters
    ----------
    graph : StreetGraph
    sources : GeoDataFrame, one row per source
        Index ``source_id``, points (or outlines) in EPSG:31370 (metres). Rows without a shape
        are left out.
    farthest_m : float
        A source this close to the largest part of the graph is tied to that part, even if a
        part that stands alone is nearer [m].
    merge_m : float
        Nodes this close together are one [m].

    Returns
    -------
    StreetGraph
        With a node per source in ``sources`` and an edge of kind ``join`` for the distance,
        whatever it is. Sources that are not tied to the largest part are also listed in
        ``repairs`` as ``source_apart``, with the gap that stays open.

    Raises
    ------
    ContractError
        If a source_id occurs twice, or the table lies in another coordinate system.

    Examples
    --------
    >>> from shapely import LineString, Point
    >>> from lekp_lib.domain.street_graph import build
    >>> streets = gpd.GeoDataFrame(
    ...     index=["dorp"], geometry=[LineString([(0, 0), (100, 0)])], crs=31370)
    >>> graph = build(streets, snap_m=5, join_m=50, merge_m=0.5)
    >>> plant = gpd.GeoDataFrame(index=["w1"], geometry=[Point(40, 30)], crs=31370)
    >>> fed = connect_sources(graph, plant, farthest_m=200, merge_m=0.5)
    >>> fed.edges[["from_node", "to_node", "kind", "length_m"]]
          from_node  to_node    kind  length_m
    edge
    0             0        2  street      40.0
    1             2        1  street      60.0
    2             3        2    join      30.0
    >>> fed.sources.to_dict()
    {'w1': 3}
    """
    if not sources.index.is_unique:
        twice = list(sources.index[sources.index.duplicated()].unique()[:3])
        msg = f"source_id occurs twice, first {twice}. Check the table before calling."
        raise ContractError(msg)
    check_crs(graph, sources)
    is_there = ~(sources.geometry.isna() | sources.geometry.is_empty)
    ordered = canonical(sources[is_there])
    shapes = shapely.force_2d(ordered.geometry.to_numpy())
    draft = draft_of(graph)
    part = graph.nodes["part"].to_numpy()[draft.ends[:, 0]]
    is_open = (draft.traits["kind"] != "service").to_numpy(dtype=bool)
    edge = _target(draft, shapes, is_open, is_open & (part == 0), farthest_m)
    fed, node = _tie(draft, shapes, edge, merge_m)
    found = pd.Series(node, index=ordered.index, name="node").rename_axis("source_id")
    apart = _apart(draft, shapes, edge, part, is_open, graph.edges.crs)
    repairs = [rows for rows in (graph.repairs, apart) if len(rows)] or [graph.repairs]
    return graph_of(
        fed,
        terminals=graph.terminals,
        sources=pd.concat([graph.sources, found]) if len(graph.sources) else found,
        repairs=pd.concat(repairs, ignore_index=True),
        too_far=graph.too_far,
        crs=graph.edges.crs,
    )


def _target(draft: Draft, shapes: Shapes, is_open: Any, is_main: Any, farthest_m: float) -> Ints:
    """Return the edge each source is tied to, -1 without any."""
    edge = np.full(len(shapes), -1)
    for allowed, within_m in ((is_open, None), (is_main, farthest_m)):
        rows = np.flatnonzero(allowed)
        tree = shapely.STRtree(draft.lines[rows])
        source, near = tree.query_nearest(shapes, max_distance=within_m)
        order = np.lexsort((near, source))
        is_first = np.diff(source[order], prepend=-1) > 0
        edge[source[order][is_first]] = rows[near[order][is_first]]
    return edge


def _tie(draft: Draft, shapes: Shapes, edge: Ints, merge_m: float) -> tuple[Draft, Ints]:
    """Return the draft with the sources tied in, and the node of each."""
    is_tied = edge >= 0
    target, tied = edge[is_tied], shapes[is_tied]
    lines = np.asarray(shapely.shortest_line(tied, draft.lines[target]), dtype=object)
    at_m = shapely.line_locate_point(draft.lines[target], shapely.get_point(lines, -1))
    parts, foot = split(draft, target, at_m, merge_m=merge_m)
    start = shapely.get_coordinates(shapely.centroid(shapes))
    start[is_tied] = shapely.get_coordinates(shapely.get_point(lines, 0))
    node = np.full(len(shapes), -1)
    node[is_tied] = foot
    is_apart = ~is_tied
    is_apart[is_tied] = shapely.length(lines) > max(merge_m, NOISE_M)
    node[is_apart] = len(parts.xy) + np.arange(is_apart.sum())
    is_link = is_apart & is_tied
    stop = parts.xy[foot[is_apart[is_tied]]]
    links = shapely.linestrings(np.stack([start[is_link], stop], axis=1))
    ends = np.stack([node[is_link], foot[is_apart[is_tied]]], axis=1)
    source_of = draft.traits.take(edge[is_link]).reset_index(drop=True)
    known = traits(
        len(ends),
        kind="join",
        **{name: source_of[name] for name in ("street_id", "road_class", "paved_share")},
    )
    lines = np.atleast_1d(np.asarray(links, dtype=object))
    return extend(parts, xy=start[is_apart], ends=ends, lines=lines, known=known), node


def _apart(
    draft: Draft, shapes: Shapes, edge: Ints, part: Ints, is_open: Any, crs: Any
) -> gpd.GeoDataFrame:
    """Return a row for each source that is not tied to the largest part."""
    rows = np.flatnonzero((edge < 0) | (part[edge] != 0)) if len(part) else np.arange(len(shapes))
    main = draft.lines[is_open & (part == 0)]
    lines = shapely.get_point(shapely.centroid(shapes[rows]), 0)
    street = draft.traits["street_id"].reindex(edge[rows]).to_numpy(dtype=object)
    gap_m = np.full(len(rows), np.nan)
    if len(main):
        _, near = shapely.STRtree(main).query_nearest(shapes[rows], all_matches=False)
        lines = shapely.shortest_line(shapes[rows], main[near])
        gap_m = shapely.length(lines)
    column = np.asarray(lines, dtype=object)
    return repair_rows("source_apart", column, street, gap_m=gap_m, length_m=np.nan, crs=crs)


def best_site(graph: StreetGraph, weights: pd.Series[float], *, samples: int) -> int:
    """
    Return the street node from which the buildings are served over the least distance.

    Where no source is known, this is a fair place to start from: the middle of the demand.

    Parameters
    ----------
    graph : StreetGraph
        With buildings connected.
    weights : Series, indexed by building_id
        Demand of each building, in any unit; absent buildings count as 0.
    samples : int
        Nodes that are tried in each round [-].

    Returns
    -------
    int
        Node.

    Raises
    ------
    ContractError
        If the graph has no streets, or a weight is negative or missing.

    Notes
    -----
    The weighted 1-median of the network: first among nodes spread over the largest demand,
    then ever closer around the best, until all its neighbours have been tried. On streets
    with loops the result may be a near-best node. Buildings that cannot be reached count most:
    the part with the largest demand wins. Nothing is left to chance.

    Examples
    --------
    >>> from shapely import LineString, Point
    >>> from lekp_lib.domain.street_graph import build, connect_buildings
    >>> streets = gpd.GeoDataFrame(
    ...     index=["dorp"], geometry=[LineString([(0, 0), (100, 0)])], crs=31370)
    >>> graph = build(streets, snap_m=5, join_m=50, merge_m=0.5)
    >>> homes = gpd.GeoDataFrame(index=["a", "b", "c"], crs=31370,
    ...     geometry=[Point(10, 9), Point(30, 9), Point(90, 9)])
    >>> served = connect_buildings(
    ...     graph, homes, candidates=1, farthest_m=50, extra_m=15, merge_m=0.5)
    >>> node = best_site(served, pd.Series(1.0, index=homes.index), samples=30)
    >>> served.nodes.loc[node, ["x", "y"]].tolist()
    [30.0, 0.0]
    """
    if (weights.isna() | (weights < 0)).any():
        msg = "weights are missing or negative for some buildings. Give a demand for each."
        raise ContractError(msg)
    edges = graph.edges
    open_edges = edges[edges["kind"] != "service"]
    sites = np.unique(open_edges[["from_node", "to_node"]].to_numpy())
    if len(sites) == 0:
        msg = "The graph has no streets, so there is no site to choose. Check the table straten."
        raise ContractError(msg)
    demand: Floats = np.asarray(weights.reindex(graph.terminals.index).fillna(0.0))
    paths, targets = _one_way(graph), np.asarray(graph.terminals)
    xy = graph.nodes[["x", "y"]].to_numpy()
    pool, tried, best = sites, sites, -1
    while len(pool) > samples:
        best, away_m = _least(paths, _spread(pool, xy, samples), targets, demand)
        pool = _nearest(sites, away_m, max(samples, len(pool) // _SHRINK))
        tried = np.union1d(pool, _beside(paths, best, sites))
    while True:
        earlier = best
        best, away_m = _least(paths, tried, targets, demand)
        if best == earlier or len(tried) == len(sites):
            return best
        tried = np.union1d(_nearest(sites, away_m, samples), _beside(paths, best, sites))


def _nearest(sites: Ints, away_m: Floats, size: int) -> Ints:
    """Return the sites least far away."""
    return sites[np.argsort(away_m[sites], kind="stable")[:size]]


def _beside(paths: csr_array, node: int, sites: Ints) -> Ints:
    """Return a site and those one step from it."""
    steps = paths.indices[paths.indptr[node] : paths.indptr[node + 1]]
    return np.intersect1d(np.append(steps, node), sites)


def _one_way(graph: StreetGraph) -> csr_array:
    """Return the lengths between nodes: both ways along streets, one way into a building."""
    edges = graph.edges
    open_edges = edges[edges["kind"] != "service"]
    steps = pd.DataFrame(
        {
            "start": np.concatenate([edges["from_node"], open_edges["to_node"]]),
            "stop": np.concatenate([edges["to_node"], open_edges["from_node"]]),
            "length_m": np.concatenate([edges["length_m"], open_edges["length_m"]]),
        }
    )
    steps = steps.sort_values("length_m").drop_duplicates(["start", "stop"])
    size = len(graph.nodes)
    return csr_array((steps["length_m"], (steps["start"], steps["stop"])), shape=(size, size))


def _spread(pool: Ints, xy: Floats, samples: int) -> Ints:
    """Return at most so many nodes, spread over the place: strips from west to east."""
    if len(pool) <= samples:
        return pool
    strips = int(np.ceil(np.sqrt(samples)))
    west_to_east = np.lexsort((pool, xy[pool, 1], xy[pool, 0]))
    strip = np.empty(len(pool), dtype="int64")
    strip[west_to_east] = np.arange(len(pool)) * strips // len(pool)
    walk = pool[np.lexsort((pool, xy[pool, 1], strip))]
    return np.unique(walk[(np.arange(samples) * 2 + 1) * len(pool) // (2 * samples)])


def _least(paths: csr_array, tried: Ints, targets: Ints, demand: Floats) -> tuple[int, Floats]:
    """Return the best of some nodes, and the distance from it to all nodes [m]."""
    away_m = dijkstra(paths, indices=tried)
    to_homes = away_m[:, targets]
    is_lost = np.isinf(to_homes)
    lost = (is_lost @ demand).round(6)
    moment = (np.where(is_lost, 0.0, to_homes) @ demand).round(6)
    row = np.lexsort((tried, moment, lost))[0]
    return int(tried[row]), away_m[row]
