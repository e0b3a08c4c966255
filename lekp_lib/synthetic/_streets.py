"""Streets in the field: lines, segments between junctions, and the land along them."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import shapely
from shapely.ops import substring

from lekp_lib.synthetic._names import street_names
from lekp_lib.synthetic._plan import Bending, FloatArray, Stroke, bend
from lekp_lib.synthetic._recipes import Range

__all__ = [
    "STATION_M",
    "Frontage",
    "Segment",
    "Street",
    "by_street",
    "corridors",
    "cut_dead_ends",
    "frontages",
    "join_segments",
    "nearest_part",
    "segments",
    "streets_of",
]

STATION_M = 0.5
"""Distance between the points where the land along a street is looked at."""
_STEP_M = 7.0
_SMOOTHING = 7
_PIECE = 6
_TURNING_RADIUS_M = 9.0
_DEAD_END_M = 14.0
_Key = TypeVar("_Key", int, str)


@dataclass(frozen=True)
class Street:
    """
    A street with one name.

    Attributes
    ----------
    name : str or None
        None for a footpath without a name.
    line : array, shape (n, 2)
        Axis, junctions included [m, EPSG:31370, to the centimetre].
    stroke : Stroke
        What was drawn: class, width, where houses may stand.
    """

    name: str | None
    line: FloatArray
    stroke: Stroke


@dataclass(frozen=True)
class Segment:
    """
    A part of a street between two junctions.

    Attributes
    ----------
    street : int
        Position of the street.
    start_m, end_m : float
        Where it begins and ends along the street.
    line : array, shape (n, 2)
        Its axis.
    """

    street: int
    start_m: float
    end_m: float
    line: FloatArray


@dataclass(frozen=True)
class Frontage:
    """
    The edge of the public domain along one side of a street.

    Attributes
    ----------
    street, side : int
        Position of the street; 0 is left, 1 is right.
    points, inward : array, shape (n, 2)
        One point every `STATION_M` of axis, and the unit vector into the land.
    reach_m : array, shape (n,)
        Length along the edge up to each point.
    """

    street: int
    side: int
    points: FloatArray
    inward: FloatArray
    reach_m: FloatArray


def streets_of(
    strokes: Sequence[Stroke], bending: Bending, kind: str, rng: np.random.Generator
) -> list[Street]:
    """Return the streets of a drawing, bent and named."""
    names = iter(street_names(kind, len(strokes), rng))
    return [Street(_name(stroke, names), _line(stroke, bending), stroke) for stroke in strokes]


def _name(stroke: Stroke, names: Iterator[str]) -> str | None:
    if stroke.name == "-":
        return None
    return stroke.name or next(names)


def _line(stroke: Stroke, bending: Bending) -> FloatArray:
    corners = np.array(stroke.points)
    parts = []
    for first, last in itertools.pairwise(corners):
        trial = bend(np.linspace(first, last, 9), bending)
        length = np.hypot(*np.diff(trial, axis=0).T).sum()
        parts.append(np.linspace(first, last, max(1, math.ceil(length / _STEP_M)), endpoint=False))
    return bend(np.vstack([*parts, corners[-1:]]), bending).round(2)


def _lengths(line: FloatArray) -> FloatArray:
    """Return the length along a line up to each of its points."""
    return np.concatenate([[0.0], np.hypot(*np.diff(line, axis=0).T).cumsum()])


def segments(streets: Sequence[Street]) -> list[Segment]:
    """Return the streets cut at every junction."""
    visits = Counter(key for street in streets for key in {(x, y) for x, y in street.line.tolist()})
    found = []
    for number, street in enumerate(streets):
        along = _lengths(street.line)
        last = len(street.line) - 1
        cuts = [
            place
            for place, (x, y) in enumerate(street.line.tolist())
            if place in (0, last) or visits[(x, y)] > 1
        ]
        for start, end in itertools.pairwise(cuts):
            part = street.line[start : end + 1]
            found.append(Segment(number, float(along[start]), float(along[end]), part))
    return found


def by_street(parts: Mapping[_Key, Segment]) -> dict[int, dict[_Key, Segment]]:
    """Return the segments of each street."""
    found: dict[int, dict[_Key, Segment]] = {}
    for key, part in parts.items():
        found.setdefault(part.street, {})[key] = part
    return found


def nearest_part(own: Mapping[_Key, Segment], along_m: float) -> _Key:
    """
    Return the segment of a street at a position along it, or the nearest one.

    Examples
    --------
    >>> line = np.zeros((2, 2))
    >>> own = {"a": Segment(0, 0.0, 40.0, line), "b": Segment(0, 40.0, 90.0, line)}
    >>> nearest_part(own, 55.0)
    'b'
    """
    gaps = {key: max(p.start_m - along_m, along_m - p.end_m, 0.0) for key, p in own.items()}
    return min(gaps, key=lambda key: gaps[key])


def corridors(streets: Sequence[Street]) -> list[shapely.Polygon]:
    """Return the public domain in short pieces that overlap, just inside its edge."""
    lines, widths = [], []
    for street in streets:
        last = len(street.line) - 1
        starts = range(0, last, _PIECE)
        lines += [street.line[max(0, k - 1) : min(k + _PIECE, last) + 1] for k in starts]
        widths += [street.stroke.width_m / 2 - 0.1] * len(starts)
    axes = [shapely.LineString(line) for line in lines]
    areas = shapely.buffer(axes, widths, cap_style="flat", join_style="mitre")
    heads = [street.line[-1] for street in streets if street.stroke.has_turning]
    return [*areas, *(shapely.Point(head).buffer(_TURNING_RADIUS_M) for head in heads)]


def frontages(streets: Sequence[Street]) -> list[Frontage]:
    """Return the edges along which houses may stand."""
    return [
        _frontage(number, side, street)
        for number, street in enumerate(streets)
        for side in (0, 1)
        if street.stroke.fronts[side]
    ]


def _frontage(number: int, side: int, street: Street) -> Frontage:
    along = _lengths(street.line)
    stations = np.arange(0.0, along[-1], STATION_M)
    axis = np.column_stack([np.interp(stations, along, street.line[:, k]) for k in (0, 1)])
    places = np.arange(len(axis))
    ahead = axis[np.minimum(places + _SMOOTHING, len(axis) - 1)]
    behind = axis[np.maximum(places - _SMOOTHING, 0)]
    tangent = ahead - behind
    tangent = tangent / np.maximum(np.hypot(*tangent.T), 1e-9)[:, None]
    left = np.column_stack([-tangent[:, 1], tangent[:, 0]])
    inward = left if side == 0 else -left
    points = axis + inward * street.stroke.width_m / 2
    return Frontage(number, side, points, inward, _lengths(points))


def join_segments(
    parts: Sequence[Segment],
    is_used: Sequence[bool],
    is_near: Sequence[bool],
    rank: Sequence[float],
) -> list[int]:
    """
    Return the segments to keep: one network that serves every building.

    Parameters
    ----------
    parts : sequence of Segment
        All segments.
    is_used : sequence of bool
        Whether buildings stand along a segment; it is always kept.
    is_near : sequence of bool
        Whether a segment is kept unless it leads nowhere.
    rank : sequence of float
        Which of the others come first where the network needs them: lowest.
    """
    ends = [_ends(part) for part in parts]
    group = {end: end for pair in ends for end in pair}

    def root(end: _End) -> _End:
        while group[end] != end:
            group[end] = group[group[end]]
            end = group[end]
        return end

    kept = []
    order = sorted(range(len(parts)), key=lambda k: (not is_used[k], not is_near[k], rank[k], k))
    for place in order:
        first, last = (root(end) for end in ends[place])
        if is_used[place] or is_near[place] or first != last:
            kept.append(place)
        group[first] = last
    return _without_loose_ends(kept, ends, is_used)


_End = tuple[float, ...]


def _ends(part: Segment) -> tuple[_End, _End]:
    return tuple(part.line[0].tolist()), tuple(part.line[-1].tolist())


def _without_loose_ends(
    kept: list[int], ends: list[tuple[_End, _End]], is_used: Sequence[bool]
) -> list[int]:
    """Drop dead ends without buildings, until there are none."""
    while True:
        visits = Counter(end for place in kept for end in ends[place])
        loose = {
            place
            for place in kept
            if not is_used[place] and any(visits[end] == 1 for end in ends[place])
        }
        if not loose:
            return sorted(kept)
        kept = [place for place in kept if place not in loose]


def cut_dead_ends(parts: Sequence[Segment], reach: Sequence[Range]) -> list[Segment]:
    """
    Return the segments with their dead ends cut back to the last building.

    Parameters
    ----------
    parts : sequence of Segment
        The segments that are kept.
    reach : sequence of (float, float)
        First and last building of each, along the street [m].
    """
    visits = Counter(end for part in parts for end in _ends(part))
    cut = []
    for part, (first, last) in zip(parts, reach, strict=True):
        is_loose = [visits[end] == 1 for end in _ends(part)]
        start = max(part.start_m, first - _DEAD_END_M) if is_loose[0] else part.start_m
        end = min(part.end_m, last + _DEAD_END_M) if is_loose[1] else part.end_m
        if (start, end) != (part.start_m, part.end_m) and end - start > _DEAD_END_M / 2:
            line = shapely.LineString(part.line)
            piece = substring(line, start - part.start_m, end - part.start_m)
            part = Segment(part.street, start, end, shapely.get_coordinates(piece).round(2))
        cut.append(part)
    return cut
