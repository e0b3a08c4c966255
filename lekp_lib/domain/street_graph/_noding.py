"""Cutting drawn lines at their crossings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import KDTree

from lekp_lib.domain.street_graph._draft import (
    NOISE_M,
    Draft,
    Floats,
    Ints,
    Shapes,
    cut_lines,
    drop_doubles,
    weld,
)

__all__ = ["clean_lines", "nearest_pairs", "node_lines"]


def clean_lines(shapes: Shapes) -> tuple[Shapes, Ints]:
    """
    Return the single lines with a length in a column of shapes, and the row of each.

    Multi-lines fall apart; lines that cross themselves are cut there; what is no line, empty
    or without length is left out.
    """
    flat = shapely.force_2d(shapes)
    is_line = np.isin(shapely.get_type_id(flat), (1, 2, 5)) & ~shapely.is_empty(flat)
    rows = np.flatnonzero(is_line)
    lines, parent = shapely.get_parts(flat[rows], return_index=True)
    rows = rows[parent]
    is_knotted = ~shapely.is_simple(lines)
    lines[is_knotted] = shapely.node(lines[is_knotted])
    lines, parent = shapely.get_parts(lines, return_index=True)
    rows = rows[parent]
    is_real = np.isfinite(shapely.length(lines)) & (shapely.length(lines) > NOISE_M)
    return lines[is_real], rows[is_real]


def node_lines(
    lines: Shapes, known: pd.DataFrame, *, merge_m: float, is_cut_at_crossings: bool
) -> Draft:
    """
    Return the graph of lines that are cut where they meet.

    Parameters
    ----------
    lines : array of LineString, shape (m,)
        As returned by ``clean_lines``.
    known : DataFrame, m rows
        Traits of each line.
    merge_m : float
        Ends and crossings up to this distance are one node [m].
    is_cut_at_crossings : bool
        False: lines that cross without a corner of either at that place pass over each other.
    """
    if len(lines) == 0:
        return Draft(np.empty((0, 2)), np.empty((0, 2), dtype="int64"), lines, known)
    line, points = _meetings(lines, is_cut_at_crossings=is_cut_at_crossings)
    at_m = shapely.line_locate_point(lines[line], shapely.points(points))
    is_inner = (at_m > NOISE_M) & (at_m < shapely.length(lines)[line] - NOISE_M)
    line, at_m = line[is_inner], at_m[is_inner]
    order = np.lexsort((at_m, line))
    line, at_m = line[order], at_m[order]
    is_new = (np.diff(line, prepend=-1) > 0) | (np.diff(at_m, prepend=-np.inf) > NOISE_M)
    pieces, parent = cut_lines(lines, line[is_new], at_m[is_new])
    tips = np.concatenate([shapely.get_point(pieces, 0), shapely.get_point(pieces, -1)])
    loose = Draft(
        shapely.get_coordinates(tips),
        np.arange(len(tips)).reshape(2, -1).T,
        pieces,
        known.take(parent).reset_index(drop=True),
    )
    return drop_doubles(_weld_close(loose, merge_m), merge_m=merge_m)


def _meetings(lines: Shapes, *, is_cut_at_crossings: bool) -> tuple[Ints, Floats]:
    """Return where lines meet: position of the line and the point, once for either line."""
    one, other = shapely.STRtree(lines).query(lines, predicate="intersects")
    is_once = one < other
    one, other = one[is_once], other[is_once]
    order = np.lexsort((other, one))
    one, other = one[order], other[order]
    shared = _ends_of_overlaps(shapely.intersection(lines[one], lines[other]))
    points, pair = shapely.get_coordinates(shared, return_index=True)
    if not is_cut_at_crossings and len(points):
        gap_m, _ = KDTree(shapely.get_coordinates(lines)).query(points)
        points, pair = points[gap_m <= NOISE_M], pair[gap_m <= NOISE_M]
    return np.concatenate([one[pair], other[pair]]), np.concatenate([points, points])


def _ends_of_overlaps(shared: Shapes) -> Shapes:
    """Return what lines share, with only the ends of a stretch that lies in both."""
    is_stretch = np.isin(shapely.get_type_id(shared), (1, 5))
    ends = shapely.boundary(shapely.line_merge(shared[is_stretch]))
    is_open = ~shapely.is_empty(ends)
    shared[np.flatnonzero(is_stretch)[is_open]] = ends[is_open]
    return shared


def _weld_close(loose: Draft, merge_m: float) -> Draft:
    """Make one node of all ends that lie together; nodes are numbered from west to east."""
    rank = np.lexsort((loose.xy[:, 1], loose.xy[:, 0]))
    number = np.empty(len(rank), dtype="int64")
    number[rank] = np.arange(len(rank))
    xy = loose.xy[rank]
    draft = Draft(xy, number[loose.ends], loose.lines, loose.traits)
    equal = np.cumsum((np.diff(xy, axis=0, prepend=np.nan) != 0).any(axis=1)) - 1
    first = np.unique(equal, return_index=True)[1]
    close = KDTree(xy[first]).query_pairs(max(merge_m, NOISE_M), output_type="ndarray")
    same = np.stack([np.arange(len(xy)), first[equal]], axis=1)
    pairs = np.concatenate([same, first[close].reshape(-1, 2)])
    return weld(draft, pairs, merge_m=merge_m)[0]


def nearest_pairs(
    points: Shapes, lines: Shapes, within_m: Any, *, is_allowed: Any = None
) -> tuple[Ints, Ints]:
    """Return each point that has a line within reach, and the nearest; ties go to the first."""
    tree = shapely.STRtree(lines)
    point, line = tree.query(points, predicate="dwithin", distance=within_m)
    if is_allowed is not None:
        is_kept = is_allowed(point, line)
        point, line = point[is_kept], line[is_kept]
    gap_m = shapely.distance(points[point], lines[line]).round(6)
    order = np.lexsort((line, gap_m, point))
    point, line = point[order], line[order]
    is_first = np.diff(point, prepend=-1) > 0
    return point[is_first], line[is_first]
