"""Footprints: houses whose neighbours share every point of their wall, sheds and garages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from lekp_lib.synthetic._parcels import Unit
from lekp_lib.synthetic._plan import FloatArray
from lekp_lib.synthetic._recipes import Range, Recipe

__all__ = ["House", "build_houses"]

_ANNEX_M: Range = (2.5, 4.5)
_ANNEX_SHARE: Range = (0.45, 0.75)
_SHED_M = 3.0
_GARAGE_M = (3.1, 1.5, 7.5)
"""Width of a garage at the side, and the depths where it begins and ends."""
_Point = tuple[float, float]


@dataclass(frozen=True)
class House:
    """
    A footprint with what was built beside it.

    Attributes
    ----------
    unit : Unit
        Group that it was built with.
    outline : tuple of (float, float)
        Footprint [m, EPSG:31370, to the centimetre].
    n_neighbours : int
        Houses that share a wall with it.
    is_second : bool
        Not the first house of its unit.
    outbuildings : tuple of outlines
        Shed and garage.
    """

    unit: Unit
    outline: tuple[_Point, ...]
    n_neighbours: int
    is_second: bool
    outbuildings: tuple[tuple[_Point, ...], ...]


@dataclass(frozen=True)
class _Slot:
    """A house before it is drawn: its two side walls and how deep it is along each."""

    unit: Unit
    place: int
    joins_previous: bool
    annex_side: int
    annex_share: float
    reach_m: float
    garage_side: int

    def depth(self, side: int) -> float:
        """Return the depth along a side wall."""
        return self.reach_m if self.annex_side == side else self.unit.depth_m

    def at(self, side: int, depth: float) -> FloatArray:
        """Return the point of a side wall at a depth."""
        wall = self.place + side
        point: FloatArray = self.unit.walls[wall] + depth * self.unit.inward[wall]
        return point

    def marks(self, side: int) -> set[float]:
        """Return the depths where something ends against a side wall."""
        own = {0.0, self.depth(side)}
        return own | ({_GARAGE_M[1], _GARAGE_M[2]} if self.garage_side == side else set())


def build_houses(units: Sequence[Unit], recipe: Recipe, rng: np.random.Generator) -> list[House]:
    """
    Return the houses of all units, in order.

    Parameters
    ----------
    units : sequence of Unit
        Units that do not overlap, in the order in which they stand along the street.
    recipe : Recipe
        Kind of wijk.
    rng : Generator
        Source of chance.
    """
    slots: list[_Slot] = []
    for number, unit in enumerate(units):
        before = units[number - 1] if number else None
        for place in range(len(unit.walls) - 1):
            joins = place > 0 or (before is not None and _is_joined(before, unit))
            slots.append(_slot(recipe, unit, place, rng, joins_previous=joins))
    houses = []
    for number, slot in enumerate(slots):
        before_it = slots[number - 1] if slot.joins_previous else None
        after = slots[number + 1] if number + 1 < len(slots) else None
        after_it = after if after is not None and after.joins_previous else None
        houses.append(_house(recipe, slot, (before_it, after_it), rng))
    return houses


def _is_joined(before: Unit, unit: Unit) -> bool:
    return before.run == unit.run and np.array_equal(before.walls[-1], unit.walls[0])


def _slot(
    recipe: Recipe,
    unit: Unit,
    place: int,
    rng: np.random.Generator,
    *,
    joins_previous: bool,
) -> _Slot:
    deepest = recipe.plot_depth_m - recipe.setback_m[1] - _SHED_M - 1.0
    reach = min(unit.depth_m + round(rng.uniform(*_ANNEX_M), 1), deepest)
    has_annex = rng.random() < recipe.annex_share and reach > unit.depth_m + 1.0
    annex_side = int(rng.integers(2)) if has_annex else -1
    share = float(rng.uniform(*_ANNEX_SHARE))
    garage_side = -1
    if rng.random() < recipe.garage_share and len(unit.walls) <= 3:
        garage_side = int(rng.integers(2)) if len(unit.walls) == 2 else place
    return _Slot(unit, place, joins_previous, annex_side, share, reach, garage_side)


def _house(
    recipe: Recipe,
    slot: _Slot,
    neighbours: tuple[_Slot | None, _Slot | None],
    rng: np.random.Generator,
) -> House:
    before, after = neighbours
    garage = _garage(slot)
    first = slot.marks(0) | (before.marks(1) if before else set())
    second = slot.marks(1) | (after.marks(0) if after else set())
    up = [slot.at(0, d) for d in sorted(first) if d <= slot.depth(0)]
    down = [slot.at(1, d) for d in sorted(second, reverse=True) if d <= slot.depth(1)]
    ring = np.vstack([*up, *_step(slot), *down]).round(2)
    sheds = [_shed(recipe, slot, rng)] if rng.random() < recipe.shed_share else []
    beside = [shape for shape in (garage, *sheds) if shape is not None]
    return House(
        unit=slot.unit,
        outline=tuple(map(tuple, ring.tolist())),
        n_neighbours=(before is not None) + (after is not None),
        is_second=slot.place > 0,
        outbuildings=tuple(tuple(map(tuple, shape.tolist())) for shape in beside),
    )


def _step(slot: _Slot) -> list[FloatArray]:
    """Return the two inner corners at the back of a house with an extension."""
    if slot.annex_side < 0:
        return []
    share = slot.annex_share if slot.annex_side == 0 else 1.0 - slot.annex_share
    corners = [
        slot.at(0, depth) * (1.0 - share) + slot.at(1, depth) * share
        for depth in (slot.reach_m, slot.unit.depth_m)
    ]
    return corners if slot.annex_side == 0 else corners[::-1]


def _garage(slot: _Slot) -> FloatArray | None:
    """Return a garage against the side wall, if the plot is wide enough."""
    side = slot.garage_side
    if side < 0:
        return None
    width, start, end = _GARAGE_M
    outward = slot.at(side, 0.0) - slot.at(1 - side, 0.0)
    outward = outward / np.hypot(*outward) * width
    near = np.array([slot.at(side, start), slot.at(side, end)])
    ring = np.vstack([near, near[::-1] + outward]).round(2)
    return ring if _is_within(ring, slot.unit) else None


def _shed(recipe: Recipe, slot: _Slot, rng: np.random.Generator) -> FloatArray | None:
    """Return a shed at the back of the garden, if there is one."""
    end = recipe.plot_depth_m - recipe.setback_m[1] - 0.4
    left = 0.08 + 0.4 * float(rng.integers(2))
    right = left + float(rng.uniform(0.3, 0.42))
    ring = [
        slot.at(0, depth) * (1.0 - share) + slot.at(1, depth) * share
        for depth, share in (
            (end - _SHED_M, left),
            (end, left),
            (end, right),
            (end - _SHED_M, right),
        )
    ]
    shape = np.array(ring).round(2)
    return shape if _is_within(shape, slot.unit) else None


def _is_within(ring: FloatArray, unit: Unit) -> bool:
    return bool(shapely.Polygon(unit.plot).contains(shapely.Polygon(ring)))
