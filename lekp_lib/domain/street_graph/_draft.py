"""A graph under construction as plain arrays: cutting edges, welding nodes, laying links."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy import sparse
from scipy.sparse import csgraph

__all__ = [
    "NOISE_M",
    "TRAITS",
    "Draft",
    "Floats",
    "Ints",
    "Shapes",
    "components",
    "cut_lines",
    "drop_doubles",
    "edge_at",
    "extend",
    "link",
    "split",
    "traits",
    "weld",
]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]

NOISE_M = 1e-6
"""Rounding of coordinates in floating point, not a choice [m]."""

TRAITS = {
    "kind": "str",
    "street_id": "str",
    "building_id": "str",
    "road_class": "str",
    "paved_share": "float64",
    "existing_dn": "float64",
}
"""What an edge knows besides its place, and as which dtype."""


@dataclass(frozen=True)
class Draft:
    """
    Nodes and edges as arrays.

    Attributes
    ----------
    xy : array, shape (n, 2)
        Nodes [m].
    ends : array of int, shape (m, 2)
        Node where each edge begins and ends.
    lines : array of LineString, shape (m,)
        Edges, drawn from their first node to their last.
    traits : DataFrame, m rows
        Columns ``TRAITS``.
    """

    xy: Floats
    ends: Ints
    lines: Shapes
    traits: pd.DataFrame


def traits(size: int, **known: Any) -> pd.DataFrame:
    """Return the traits of new edges: what is not told is missing."""
    columns = {
        name: pd.Series(known.get(name, np.nan), index=range(size), dtype=dtype)
        for name, dtype in TRAITS.items()
    }
    return pd.DataFrame(columns)


def components(size: int, ends: Ints) -> Ints:
    """Return the connected component of each node, numbered by its first node."""
    if size == 0:
        return np.zeros(0, dtype="int64")
    graph = sparse.coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    _, label = csgraph.connected_components(graph, directed=False)
    return np.asarray(pd.factorize(label)[0], dtype="int64")


def edge_at(draft: Draft, node: Ints) -> Ints:
    """Return the first edge at each node."""
    first = np.zeros(len(draft.xy), dtype="int64")
    first[draft.ends[::-1].ravel()] = np.repeat(np.arange(len(draft.ends))[::-1], 2)
    return first[node]


def cut_lines(lines: Shapes, which: Ints, at_m: Floats) -> tuple[Shapes, Ints]:
    """
    Cut lines at distances along them, all at once.

    Parameters
    ----------
    lines : array of LineString, shape (m,)
        None empty or of no length.
    which, at_m : array, shape (c,)
        Line and distance along it of each cut, sorted by both; none at an end of the line.

    Returns
    -------
    pieces : array of LineString, shape (m + c,)
        In the order of the lines and along them.
    parent : array of int, shape (m + c,)
        Line that each piece is cut from.
    """
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    is_first = np.diff(owner, prepend=-1) > 0
    step = np.hypot(*np.diff(xy, axis=0, prepend=xy[:1]).T)
    run = np.cumsum(np.where(is_first, 0.0, step))
    along = run - run[is_first][owner]
    cut_xy = shapely.get_coordinates(shapely.line_interpolate_point(lines[which], at_m))
    line = np.concatenate([owner, which, which])
    is_start = np.concatenate([is_first, np.zeros(len(which), bool), np.ones(len(which), bool)])
    rank = np.concatenate([np.zeros(len(owner) + len(which)), np.ones(len(which))])
    order = np.lexsort((rank, np.concatenate([along, at_m, at_m]), line))
    begins = is_start[order]
    corners = np.concatenate([xy, cut_xy, cut_xy])[order]
    pieces = shapely.linestrings(corners, indices=np.cumsum(begins) - 1)
    return pieces, line[order][begins]


def _clusters(edge: Ints, at_m: Floats, merge_m: float) -> Ints:
    """Number the points that count as one: sorted, on one edge, close together."""
    is_new = (np.diff(edge, prepend=-1) != 0) | (np.diff(at_m, prepend=-np.inf) > merge_m)
    begin = at_m[is_new][np.cumsum(is_new) - 1]
    stretch = np.floor((at_m - begin) / max(2 * merge_m, NOISE_M))
    return np.cumsum(is_new | (np.diff(stretch, prepend=0.0) > 0)) - 1


def split(draft: Draft, edge: Ints, at_m: Floats, *, merge_m: float) -> tuple[Draft, Ints]:
    """
    Put nodes on edges and cut the edges there.

    Points closer together than `merge_m`, or closer than that to an end of their edge, share a
    node.

    Returns
    -------
    draft : Draft
        Nodes that were there keep their number; pieces stand where their edge stood.
    node : array of int
        Node of each point.
    """
    to_end = shapely.length(draft.lines[edge]) - at_m
    node = np.where(at_m <= to_end, draft.ends[edge, 0], draft.ends[edge, 1])
    inner = np.flatnonzero(np.minimum(at_m, to_end) > max(merge_m, NOISE_M))
    if len(inner) == 0:
        return draft, node
    order = inner[np.lexsort((at_m[inner], edge[inner]))]
    cluster = _clusters(edge[order], at_m[order], merge_m)
    lead = order[np.diff(cluster, prepend=-1) > 0]
    fresh = len(draft.xy) + np.arange(len(lead))
    node[order] = fresh[cluster]
    touched, slot = np.unique(edge[lead], return_inverse=True)
    pieces, parent = cut_lines(draft.lines[touched], slot, at_m[lead])
    ends = np.empty((len(pieces), 2), dtype="int64")
    is_first = np.diff(parent, prepend=-1) > 0
    is_last = np.diff(parent, append=len(touched)) > 0
    ends[is_first, 0], ends[~is_first, 0] = draft.ends[touched, 0], fresh
    ends[is_last, 1], ends[~is_last, 1] = draft.ends[touched, 1], fresh
    points = shapely.line_interpolate_point(draft.lines[edge[lead]], at_m[lead])
    intact = np.setdiff1d(np.arange(len(draft.lines)), touched)
    origin = np.concatenate([intact, touched[parent]])
    order = np.argsort(origin, kind="stable")
    parts = Draft(
        xy=np.concatenate([draft.xy, shapely.get_coordinates(points)]),
        ends=np.concatenate([draft.ends[intact], ends])[order],
        lines=np.concatenate([draft.lines[intact], pieces])[order],
        traits=draft.traits.take(origin[order]).reset_index(drop=True),
    )
    return parts, node


def _pin_ends(lines: Shapes, starts: Floats, stops: Floats) -> Shapes:
    """Move the first and last corner of each line."""
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    xy[np.diff(owner, prepend=-1) > 0] = starts
    xy[np.diff(owner, append=len(lines)) > 0] = stops
    return np.asarray(shapely.linestrings(xy, indices=owner), dtype=object)


def weld(draft: Draft, pairs: Ints, *, merge_m: float) -> tuple[Draft, Ints]:
    """
    Make one node of the nodes of each pair, and of chains of pairs.

    It takes the lowest number, and the place where most edges met. Edges follow their node;
    what shrinks to nothing disappears.

    Returns
    -------
    draft : Draft
    number : array of int, shape (n before,)
        New number of each node.
    """
    if len(pairs) == 0:
        return draft, np.arange(len(draft.xy))
    number = components(len(draft.xy), pairs)
    degree = np.bincount(draft.ends.ravel(), minlength=len(draft.xy))
    order = np.lexsort((-degree, number))
    leader = order[np.diff(number[order], prepend=-1) > 0]
    ends, lines = number[draft.ends], draft.lines.copy()
    has_moved = leader[ends] != draft.ends
    tips = np.where(has_moved[:, :, None], draft.xy[leader[ends]], _tips(draft.lines))
    rows = np.flatnonzero(has_moved.any(axis=1))
    lines[rows] = _pin_ends(lines[rows], tips[rows, 0], tips[rows, 1])
    is_kept = (ends[:, 0] != ends[:, 1]) | (shapely.length(lines) > max(2 * merge_m, NOISE_M))
    kept = draft.traits[is_kept].reset_index(drop=True)
    return Draft(draft.xy[leader], ends[is_kept], lines[is_kept], kept), number


def _tips(lines: Shapes) -> Floats:
    """Return the first and last corner of each line, shape (m, 2, 2)."""
    tips = [shapely.get_coordinates(shapely.get_point(lines, place)) for place in (0, -1)]
    return np.stack(tips, axis=1)


def extend(draft: Draft, *, xy: Floats, ends: Ints, lines: Shapes, known: pd.DataFrame) -> Draft:
    """Return the draft with nodes and edges added behind those it has."""
    if len(xy) == 0 and len(lines) == 0:
        return draft
    return Draft(
        np.concatenate([draft.xy, xy]),
        np.concatenate([draft.ends, ends]),
        np.concatenate([draft.lines, lines]),
        pd.concat([draft.traits, known], ignore_index=True) if len(known) else draft.traits,
    )


def link(draft: Draft, pairs: Ints, like: Ints, *, merge_m: float) -> tuple[Draft, Ints]:
    """
    Tie pairs of nodes together: those closer than `merge_m` are welded, the others get an edge.

    Parameters
    ----------
    draft : Draft
    pairs : array of int, shape (p, 2)
        Nodes; a pair may stand there twice, also turned around.
    like : array of int, shape (p,)
        Edge whose street and ground the link takes over.
    merge_m : float
        Nodes up to this distance become one [m].

    Returns
    -------
    draft : Draft
        With edges of kind ``join``.
    number : array of int, shape (n before,)
        New number of each node.
    """
    is_close = np.hypot(*(draft.xy[pairs[:, 0]] - draft.xy[pairs[:, 1]]).T) <= merge_m
    known = draft.traits.take(like[~is_close])
    draft, number = weld(draft, pairs[is_close], merge_m=merge_m)
    far, once = np.unique(np.sort(number[pairs[~is_close]], axis=1), axis=0, return_index=True)
    is_open = (far[:, 0] != far[:, 1]) & ~_is_tied(draft, far)
    far, known = far[is_open], known.iloc[once[is_open]].reset_index(drop=True)
    known = known.assign(
        kind=pd.Series("join", index=known.index, dtype="str"),
        building_id=pd.Series(np.nan, index=known.index, dtype="str"),
        existing_dn=np.nan,
    )
    lines = shapely.linestrings(draft.xy[far]) if len(far) else np.empty(0, dtype=object)
    return extend(draft, xy=np.empty((0, 2)), ends=far, lines=lines, known=known), number


def _is_tied(draft: Draft, pairs: Ints) -> npt.NDArray[np.bool_]:
    """Tell which pairs of nodes a straight edge ties together already."""
    is_straight = shapely.length(draft.lines) <= NOISE_M + np.hypot(
        *(draft.xy[draft.ends[:, 0]] - draft.xy[draft.ends[:, 1]]).T
    )
    size = len(draft.xy)
    tied = np.sort(draft.ends[is_straight], axis=1) @ np.array([size, 1])
    return np.isin(pairs @ np.array([size, 1]), tied)


def drop_doubles(draft: Draft, *, merge_m: float) -> Draft:
    """Return the draft without edges that lie on another between the same nodes."""
    low, high = np.sort(draft.ends, axis=1).T
    length_m = shapely.length(draft.lines)
    middle = shapely.line_interpolate_point(draft.lines, 0.5, normalized=True)
    order = np.lexsort((length_m, high, low))
    one, other = order[:-1], order[1:]
    reach = max(merge_m, NOISE_M)
    is_double = (
        (low[one] == low[other])
        & (high[one] == high[other])
        & (np.abs(length_m[one] - length_m[other]) <= reach)
        & (shapely.distance(middle[one], middle[other]) <= reach)
    )
    is_kept = np.ones(len(order), dtype=bool)
    is_kept[np.maximum(one, other)[is_double]] = False
    kept = draft.traits[is_kept].reset_index(drop=True)
    return replace(draft, ends=draft.ends[is_kept], lines=draft.lines[is_kept], traits=kept)
