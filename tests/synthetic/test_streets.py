"""Segments, dead ends and names, on streets that can be drawn by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from lekp_lib.synthetic import KINDS
from lekp_lib.synthetic._names import street_names
from lekp_lib.synthetic._plan import Stroke
from lekp_lib.synthetic._streets import (
    Segment,
    Street,
    cut_dead_ends,
    join_segments,
    segments,
)


def _street(*points: tuple[float, float]) -> Street:
    return Street("Straat", np.array(points, dtype="float64"), Stroke(points))


def test_streets_are_cut_where_another_meets_them() -> None:
    """A side street cuts the street it ends in; a mere bend does not."""
    long = _street((0, 0), (50, 0), (100, 10), (150, 10))
    side = _street((50, 0), (50, 80))
    found = [(part.street, part.start_m) for part in segments([long, side])]
    assert found == [(0, 0.0), (0, 50.0), (1, 0.0)]


def test_network_keeps_what_joins_buildings() -> None:
    """Used ends stay, the nearest link joins them, loose ends go."""
    square = [(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)]
    parts = [
        Segment(0, 0.0, 10.0, np.array([start, end], dtype="float64"))
        for start, end in itertools.pairwise(square)
    ]
    loose = Segment(1, 0.0, 5.0, np.array([(10.0, 10.0), (15.0, 10.0)]))
    kept = join_segments(
        [*parts, loose],
        [True, False, True, False, False],
        [False] * 5,
        [0.0, 2.0, 0.0, 1.0, 0.0],
    )
    assert kept == [0, 2, 3]


def test_dead_end_stops_after_its_last_building() -> None:
    """14 m past the last house the street is over; a street that goes on is not cut."""
    first = Segment(0, 0.0, 100.0, np.array([(0.0, 0.0), (100.0, 0.0)]))
    second = Segment(0, 100.0, 300.0, np.array([(100.0, 0.0), (300.0, 0.0)]))
    cut = cut_dead_ends([first, second], [(30.0, 60.0), (110.0, 150.0)])
    assert (cut[0].start_m, cut[0].end_m) == (16.0, 100.0)
    assert cut[1].line.tolist() == [[100.0, 0.0], [164.0, 0.0]]


@pytest.mark.parametrize("kind", KINDS)
def test_names_are_used_once(kind: str) -> None:
    """Even a very large wijk has no two streets of one name."""
    names = street_names(kind, 1500, np.random.default_rng(1))
    assert len(names) == len(set(names)) == 1500
