"""Pipes that lie in the ground already: edges a route may use without digging."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lekp_lib.domain.street_graph._draft import (
    NOISE_M,
    Draft,
    Floats,
    Ints,
    Shapes,
    components,
    edge_at,
    extend,
    link,
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
from lekp_lib.domain.street_graph._noding import clean_lines, nearest_pairs, node_lines

__all__ = ["lay_existing"]


def lay_existing(
    graph: StreetGraph, pipes: gpd.GeoDataFrame, *, snap_m: float, merge_m: float
) -> StreetGraph:
    """
    Return the graph with existing pipes, tied to the streets they lie in or cross.

    Parameters
    ----------
    graph : StreetGraph
        Best before buildings are connected: those then may tap the pipe directly.
    pipes : GeoDataFrame, one row per pipe
        Index ``pipe_id``, lines or multi-lines in EPSG:31370 (metres); column dn [mm] where
        known.
    snap_m : float
        A pipe is tied to street nodes this close to it, and its loose ends to streets this
        close [m].
    merge_m : float
        Nodes this close together are one [m].

    Returns
    -------
    StreetGraph
        With edges of kind ``existing``, their ``existing_dn``, and links of kind ``join``.
        Pipes that no street comes near are listed in ``repairs`` as ``separate``, without
        street_id. Nodes may be renumbered; ``terminals`` and ``sources`` follow.

    Raises
    ------
    ContractError
        If the table lies in another coordinate system.

    Examples
    --------
    >>> from shapely import LineString
    >>> from lekp_lib.domain.street_graph import build
    >>> streets = gpd.GeoDataFrame(
    ...     index=["dorp"], geometry=[LineString([(0, 0), (100, 0)])], crs=31370)
    >>> graph = build(streets, snap_m=5, join_m=50, merge_m=0.5)
    >>> pipes = gpd.GeoDataFrame({"dn": [100]}, index=["p1"],
    ...     geometry=[LineString([(40, 2), (100, 2)])], crs=31370)
    >>> graph = lay_existing(graph, pipes, snap_m=5, merge_m=0.5)
    >>> graph.edges[["from_node", "to_node", "kind", "length_m", "existing_dn"]]
          from_node  to_node      kind  length_m  existing_dn
    edge
    0             0        4    street      40.0          NaN
    1             4        1    street      60.0          NaN
    2             2        3  existing      60.0        100.0
    3             1        3      join       2.0          NaN
    4             2        4      join       2.0          NaN
    """
    check_crs(graph, pipes)
    merge_m = max(merge_m, NOISE_M)
    ordered = canonical(pipes)
    lines, row = clean_lines(ordered.geometry.to_numpy())
    if len(lines) == 0:
        return graph
    width = ordered["dn"].to_numpy(dtype="float64", na_value=np.nan)[row] if "dn" in ordered else ()
    known = traits(len(lines), kind="existing", **({"existing_dn": width} if len(width) else {}))
    laid = node_lines(lines, known, merge_m=merge_m, is_cut_at_crossings=True)
    draft = draft_of(graph)
    shift = len(draft.xy)
    both = extend(draft, xy=laid.xy, ends=laid.ends + shift, lines=laid.lines, known=laid.traits)
    is_pipe = np.arange(len(both.lines)) >= len(draft.lines)
    tied, number = _tied(both, is_pipe, snap_m, merge_m)
    return graph_of(
        tied,
        terminals=pd.Series(number[graph.terminals], index=graph.terminals.index, name="node"),
        sources=pd.Series(number[graph.sources], index=graph.sources.index, name="node"),
        repairs=_with_lonely(graph, tied),
        too_far=graph.too_far,
        crs=graph.edges.crs,
    )


def _tied(draft: Draft, is_pipe: Any, snap_m: float, merge_m: float) -> tuple[Draft, Ints]:
    """Return the draft with pipes and streets tied together, and the new number of each node."""
    is_street = draft.traits["kind"].isin(["street", "join"]).to_numpy(dtype=bool)
    street, pipe = np.flatnonzero(is_street), np.flatnonzero(is_pipe)
    ties = (
        _crossings(draft, street, pipe),
        _from_nodes(draft, np.unique(draft.ends[street]), pipe, snap_m),
        _from_nodes(draft, _loose(draft.ends[pipe]), street, snap_m)[:, ::-1],
    )
    spots = np.concatenate(ties)
    edge, at_m = spots[..., 0].astype("int64").T.ravel(), spots[..., 1].T.ravel()
    parts, node = split(draft, edge, at_m, merge_m=merge_m)
    pairs = node.reshape(2, -1).T
    return link(parts, pairs, edge_at(parts, pairs[:, 0]), merge_m=merge_m)


def _loose(ends: Ints) -> Ints:
    """Return the nodes at which only one edge ends."""
    node, degree = np.unique(ends, return_counts=True)
    return np.asarray(node[degree == 1])


def _crossings(draft: Draft, street: Ints, pipe: Ints) -> Floats:
    """Return where streets and pipes meet: (street, pipe) x (edge, distance along it)."""
    one, other = shapely.STRtree(draft.lines[pipe]).query(
        draft.lines[street], predicate="intersects"
    )
    both = np.stack([street[one], pipe[other]], axis=1)
    shared = shapely.intersection(draft.lines[both[:, 0]], draft.lines[both[:, 1]])
    xy, pair = shapely.get_coordinates(shared, return_index=True)
    return _spots(draft, both[pair], np.asarray(shapely.points(xy), dtype=object))


def _from_nodes(draft: Draft, nodes: Ints, targets: Ints, within_m: float) -> Floats:
    """Return ties from nodes to the nearest of some edges: (node's edge, target) x (edge, m)."""
    points = np.asarray(shapely.points(draft.xy[nodes]), dtype=object)
    node, near = nearest_pairs(points, draft.lines[targets], within_m)
    both = np.stack([edge_at(draft, nodes[node]), targets[near]], axis=1)
    return _spots(draft, both, points[node])


def _spots(draft: Draft, both: Ints, points: Shapes) -> Floats:
    """Return the place of a point along two edges, shape (t, 2, 2)."""
    at_m = shapely.line_locate_point(draft.lines[both], points[:, None])
    return np.stack([both, at_m], axis=-1).astype("float64")


def _with_lonely(graph: StreetGraph, draft: Draft) -> gpd.GeoDataFrame:
    """Return the repairs, with a row for each group of pipes that is tied to no street."""
    part = components(len(draft.xy), draft.ends)[draft.ends[:, 0]]
    is_pipe = (draft.traits["kind"] == "existing").to_numpy(dtype=bool)
    lonely = np.setdiff1d(part[is_pipe], part[~is_pipe])
    if len(lonely) == 0:
        return graph.repairs
    shapes = np.array([shapely.multilinestrings(draft.lines[part == one]) for one in lonely])
    gap_m = np.full(len(lonely), np.nan)
    tree = shapely.STRtree(draft.lines[~is_pipe])
    found, distance_m = tree.query_nearest(shapes, return_distance=True, all_matches=False)
    gap_m[found[0]] = distance_m
    rows = repair_rows(
        "separate",
        shapes,
        [np.nan] * len(lonely),
        gap_m=gap_m,
        length_m=shapely.length(shapes),
        crs=graph.edges.crs,
    )
    return pd.concat([graph.repairs, rows], ignore_index=True) if len(graph.repairs) else rows
