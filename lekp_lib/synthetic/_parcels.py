"""Plots along the streets: where houses can stand, without ever standing in each other's way."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from lekp_lib.synthetic._plan import FloatArray
from lekp_lib.synthetic._recipes import Recipe
from lekp_lib.synthetic._streets import STATION_M, Frontage, Street

__all__ = ["Unit", "choose_units", "free_units", "plan_units"]

_HOUSE_M = 9.5
"""Depth at which the back corner of a corner house is looked for."""
_DEEPEST_M = 18.0
_CORNER_STATIONS = 24
_LEAN_STATIONS = 14
_LEAST_FRONT_M = 4.4
_FLATS_FRONT_M = (9.0, 13.0)
_HEAD_FRONT_M = 21.0
_BESIDE_M = 90.0
_HEAD_START_M = 100.0


@dataclass(frozen=True)
class Unit:
    """
    Houses that are built together, with their plot.

    Attributes
    ----------
    street, side, run : int
        Street, side of it, and row of houses without a cross street in between.
    along_m : float
        Middle of the unit, along the axis of the street.
    rank : int
        Lower ranks keep their land when two units want the same.
    walls, inward : array, shape (n_houses + 1, 2)
        Front end of every side wall, and the direction in which it runs.
    plot : array, shape (4, 2)
        Land of the unit; front first.
    depth_m : float
        Depth of the houses.
    series : int
        Units of one run and series look alike.
    flats : int
        Dwellings, where the unit is one small apartment building; else 0.
    """

    street: int
    side: int
    run: int
    along_m: float
    rank: int
    walls: FloatArray
    inward: FloatArray
    plot: FloatArray
    depth_m: float
    series: int
    flats: int = 0

    @property
    def dwellings(self) -> int:
        """Dwellings that this unit counts for."""
        return self.flats or len(self.walls) - 1


def plan_units(
    recipe: Recipe,
    streets: Sequence[Street],
    edges: Sequence[Frontage],
    taken: tuple[Sequence[shapely.Polygon], Sequence[shapely.Polygon]],
    rng: np.random.Generator,
) -> list[Unit]:
    """
    Return every unit that the land along the streets has room for, conflicts included.

    Parameters
    ----------
    recipe : Recipe
        Kind of wijk.
    streets : sequence of Street
        Streets.
    edges : sequence of Frontage
        Edges of the public domain.
    taken : tuple of sequence of Polygon
        Public domain and parks; land of the sites.
    rng : Generator
        Source of chance.
    """
    open_land, site_land = taken
    tree = shapely.STRtree([*open_land, *site_land])
    fixed = shapely.STRtree(list(site_land))
    runs = itertools.count()
    units: list[Unit] = []
    for edge in edges:
        rank = streets[edge.street].stroke.rank
        free = _is_free(edge, tree, 0.2, recipe.plot_depth_m)
        for start, end in _runs(free):
            run = next(runs)
            if recipe.is_continuous:
                found = _continuous(recipe, edge, (start, end), (tree, fixed), rng)
            else:
                found = _groups(recipe, edge, (start, end), rng)
            units += [dataclasses.replace(unit, run=run, rank=rank) for unit in found]
    for number, street in enumerate(streets):
        if street.stroke.has_turning:
            units += _head(recipe, street, number, next(runs), tree)
    return units


def _is_free(edge: Frontage, tree: shapely.STRtree, first_m: float, last_m: float) -> np.ndarray:
    """Tell at which points of an edge a line into the land meets nothing."""
    start = edge.points + edge.inward * first_m
    end = edge.points + edge.inward * last_m
    probes = shapely.linestrings(np.stack([start, end], axis=1))
    met = tree.query(probes, predicate="intersects")[0]
    free = np.ones(len(probes), dtype=bool)
    free[met] = False
    free[[0, -1]] = False
    return free


def _runs(free: np.ndarray) -> list[tuple[int, int]]:
    """Return the first and last place of every stretch that is free."""
    turns = np.diff(np.concatenate([[0], free.astype(int), [0]]))
    starts, ends = np.flatnonzero(turns == 1), np.flatnonzero(turns == -1) - 1
    return [(int(a), int(b)) for a, b in zip(starts, ends, strict=True) if b - a >= 2]


# --- houses wall to wall ---


def _continuous(
    recipe: Recipe,
    edge: Frontage,
    run: tuple[int, int],
    trees: tuple[shapely.STRtree, shapely.STRtree],
    rng: np.random.Generator,
) -> list[Unit]:
    start, end = run
    length = float(edge.reach_m[end] - edge.reach_m[start])
    if length < _LEAST_FRONT_M:
        return []
    fronts, depths, series, flats = _series(recipe, length, rng)
    stretch = length / sum(fronts)
    marks = edge.reach_m[start] + np.cumsum([0.0, *fronts]) * stretch
    places = np.searchsorted(edge.reach_m, marks).clip(start, end)
    walls, inward = edge.points[places].copy(), edge.inward[places].copy()
    walls[0], inward[0] = _end_wall(edge, start, -1, trees)
    walls[-1], inward[-1] = _end_wall(edge, end, 1, trees)
    units = []
    for k in range(len(fronts)):
        two, into = walls[k : k + 2], inward[k : k + 2]
        if np.hypot(*(two[1] - two[0])) < _LEAST_FRONT_M * 0.8:
            continue
        back = two + into * recipe.plot_depth_m
        plot = np.array([two[0], two[1], back[1], back[0]])
        middle = (places[k] + places[k + 1]) / 2 * STATION_M
        units.append(
            Unit(
                edge.street, edge.side, 0, float(middle), 0, two, into, plot,
                depths[k], series[k], flats[k],
            )
        )  # fmt: skip
    return units


def _series(
    recipe: Recipe, length: float, rng: np.random.Generator
) -> tuple[list[float], list[float], list[int], list[int]]:
    """Return front, depth, series and flats of houses that together fill a length."""
    sizes, weights = zip(*recipe.group_sizes, strict=True)
    fronts: list[float] = []
    depths: list[float] = []
    series: list[int] = []
    flats: list[int] = []
    number = 0
    while sum(fronts) < length - recipe.front_m[0] / 2:
        number += 1
        front, depth = rng.uniform(*recipe.front_m), round(rng.uniform(*recipe.depth_m), 1)
        count, dwellings = int(rng.choice(sizes, p=weights)), 0
        if rng.random() < recipe.flats_share:
            front, count, dwellings = rng.uniform(*_FLATS_FRONT_M), 1, int(rng.integers(3, 8))
        for _ in range(count):
            if sum(fronts) >= length - recipe.front_m[0] / 2:
                break
            fronts.append(front)
            depths.append(depth)
            series.append(number)
            is_split = dwellings == 0 and rng.random() < recipe.split_share
            flats.append(2 if is_split else dwellings)
    return fronts, depths, series, flats


def _end_wall(
    edge: Frontage, place: int, step: int, trees: tuple[shapely.STRtree, shapely.STRtree]
) -> tuple[FloatArray, FloatArray]:
    """
    Return the outer wall of a corner house, along the building line of the side street.

    Where a site stands in the way the wall is straight.
    """
    tree, sites = trees
    plain = edge.points[place], edge.inward[place]
    reach = np.arange(0, _CORNER_STATIONS + 1) * step + place
    reach = reach[(reach >= 1) & (reach < len(edge.points) - 1)]
    if len(reach) == 0:
        return plain
    fronts = edge.points[reach] + 0.3 * edge.inward[reach]
    backs = edge.points[reach] + _HOUSE_M * edge.inward[reach]
    front = _last_free(fronts, tree)
    back = min(max(_last_free(backs, tree), front - _LEAN_STATIONS), front + _LEAN_STATIONS)
    corner = edge.points[reach[front]]
    into = (backs[min(max(back, 0), len(backs) - 1)] - corner) / _HOUSE_M
    deep = [plain[0] + _DEEPEST_M * plain[1], corner + _DEEPEST_M * into]
    strip = shapely.convex_hull(shapely.MultiPoint([plain[0], corner, *deep]))
    is_hindered = len(sites.query(strip, predicate="intersects")) > 0
    return plain if is_hindered else (corner, into)


def _last_free(points: FloatArray, tree: shapely.STRtree) -> int:
    met = tree.query(shapely.points(points), predicate="intersects")[0]
    return (
        int(met.min()) - 1 if len(met) > 0 and met.min() > 0 else 0 if len(met) else len(points) - 1
    )


# --- houses in groups, with gardens between ---


def _groups(
    recipe: Recipe, edge: Frontage, run: tuple[int, int], rng: np.random.Generator
) -> list[Unit]:
    start, end = run
    length = float(edge.reach_m[end] - edge.reach_m[start])
    chosen = list(_group_fronts(recipe, length, rng))
    if not chosen:
        return []
    spare = (length - sum(count * front + 2 * gap for count, front, gap in chosen)) / len(chosen)
    setback = rng.uniform(*recipe.setback_m)
    units = []
    begin = float(edge.reach_m[start])
    for number, (count, front, gap) in enumerate(chosen):
        until = begin + count * front + 2 * gap + spare
        first, last = np.searchsorted(edge.reach_m, [begin, until]).clip(start, end)
        begin = until
        depth = round(rng.uniform(*recipe.depth_m), 1)
        lean = rng.uniform(-1.0, 1.0) * (gap - 1.2) if count == 1 else 0.0
        own = setback + (rng.uniform(-0.5, 0.5) if count == 1 else 0.0)
        unit = _group(recipe, edge, (int(first), int(last)), (count, front, own, lean, depth))
        if unit is not None:
            units.append(dataclasses.replace(unit, series=number))
    return units


def _group_fronts(
    recipe: Recipe, length: float, rng: np.random.Generator
) -> Iterator[tuple[int, float, float]]:
    """Yield houses, front and gap of groups until a length is full."""
    sizes, weights = zip(*recipe.group_sizes, strict=True)
    while True:
        count, front = int(rng.choice(sizes, p=weights)), rng.uniform(*recipe.front_m)
        if length < count * front + 2 * recipe.gap_m:
            fitting = [k for k in sizes if length >= k * recipe.front_m[0] + 2 * recipe.gap_m]
            if not fitting:
                return
            count = max(fitting)
            front = min(front, (length - 2 * recipe.gap_m) / count)
        yield count, front, recipe.gap_m
        length -= count * front + 2 * recipe.gap_m


def _group(
    recipe: Recipe,
    edge: Frontage,
    places: tuple[int, int],
    sizes: tuple[int, float, float, float, float],
) -> Unit | None:
    """Return one straight group of houses on its plot, or None where the bend is too sharp."""
    count, front, setback, lean, depth = sizes
    ends, into = edge.points[list(places)], edge.inward[list(places)]
    chord = ends[1] - ends[0]
    width = float(np.hypot(*chord))
    if width < count * front:
        return None
    along = chord / width
    inward = np.array([-along[1], along[0]])
    if inward @ into[0] < 0:
        inward = -inward
    back = ends + into * recipe.plot_depth_m
    if (back[1] - back[0]) @ along < 0.45 * width:
        return None
    middle = ends.mean(axis=0) + inward * setback + along * lean
    walls = middle + np.outer((np.arange(count + 1) - count / 2) * front, along)
    plot = np.array([ends[0], ends[1], back[1], back[0]])
    corners = np.vstack([walls[[0, -1]], walls[[0, -1]] + inward * depth])
    if not _is_between(corners, plot):
        return None
    position = sum(places) / 2 * STATION_M
    all_inward = np.tile(inward, (count + 1, 1))
    return Unit(edge.street, edge.side, 0, float(position), 0, walls, all_inward, plot, depth, 0)


def _is_between(points: FloatArray, plot: FloatArray) -> bool:
    """Tell whether points lie between the two sides of a plot."""
    signs = []
    for front, back in ((plot[0], plot[3]), (plot[1], plot[2])):
        side, away = back - front, points - front
        signs.append(side[0] * away[:, 1] - side[1] * away[:, 0])
    return bool((signs[0] * signs[1] <= 0).all())


def _head(
    recipe: Recipe, street: Street, number: int, run: int, tree: shapely.STRtree
) -> list[Unit]:
    """Return the house at the head of a cul-de-sac, if there is room."""
    ahead = street.line[-1] - street.line[-2]
    inward = ahead / np.hypot(*ahead)
    along = np.array([-inward[1], inward[0]])
    front = street.line[-1] + inward * 9.6
    depth = recipe.plot_depth_m
    ends = np.array([front - along * _HEAD_FRONT_M / 2, front + along * _HEAD_FRONT_M / 2])
    plot = np.vstack([ends, ends[::-1] + inward * depth])
    if len(tree.query(shapely.Polygon(plot), predicate="intersects")) > 0:
        return []
    house = sum(recipe.front_m) / 2
    middle = front + inward * recipe.setback_m[0]
    walls = np.array([middle - along * house / 2, middle + along * house / 2])
    length = float(np.hypot(*np.diff(street.line, axis=0).T).sum())
    return [Unit(number, 1, run, length, 2, walls, np.array([inward, inward]), plot, 9.0, 0)]


# --- who keeps the land ---


def free_units(units: Sequence[Unit]) -> list[Unit]:
    """Return the units that keep their land where plots overlap: lowest rank, then first."""
    plots = np.stack([unit.plot for unit in units])
    middle = plots.mean(axis=1, keepdims=True)
    away = plots - middle
    shrunk = (
        middle + away * (1.0 - 0.04 / np.hypot(away[..., 0], away[..., 1]).clip(0.1))[..., None]
    )
    areas = shapely.polygons(shrunk)
    sound = shapely.is_valid(areas)
    first, second = shapely.STRtree(areas).query(areas, predicate="intersects")
    rivals: dict[int, list[int]] = {}
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        rivals.setdefault(one, []).append(other)
    kept: set[int] = set()
    for place in sorted(range(len(units)), key=lambda k: (units[k].rank, units[k].run, k)):
        if sound[place] and kept.isdisjoint(rivals.get(place, ())):
            kept.add(place)
    return [units[place] for place in sorted(kept)]


def choose_units(
    units: Sequence[Unit],
    dwellings: int,
    where: tuple[FloatArray, FloatArray],
    *,
    chunk_m: float,
) -> list[Unit] | None:
    """
    Return the units nearest to the centre that together have exactly so many dwellings.

    Parameters
    ----------
    units : sequence of Unit
        Units that do not overlap.
    dwellings : int
        Dwellings wanted.
    where : tuple of array
        Centre of the wijk, shape (2,); corners of sites, shape (n, 2): land next to them is
        used first.
    chunk_m : float
        Length of street that fills up before the next.

    Returns
    -------
    list of Unit or None
        In the order given; None if there is not enough room.
    """
    centre, anchors = where
    chunks: dict[tuple[int, int], list[int]] = {}
    for place, unit in enumerate(units):
        chunks.setdefault((unit.street, int(unit.along_m / chunk_m)), []).append(place)

    def distance(places: list[int]) -> float:
        middle = np.mean([units[k].walls[0] for k in places], axis=0)
        is_beside = bool((np.hypot(*(anchors - middle).T) < _BESIDE_M).any())
        return round(float(np.hypot(*(middle - centre))) - is_beside * _HEAD_START_M, 3)

    left = dwellings
    chosen: dict[int, Unit] = {}
    for places in sorted(chunks.values(), key=distance):
        for place in places:
            unit = units[place]
            if left == 0 or (unit.flats > left):
                continue
            if unit.dwellings > left:
                unit = dataclasses.replace(
                    unit, walls=unit.walls[: left + 1], inward=unit.inward[: left + 1]
                )
            chosen[place] = unit
            left -= unit.dwellings
    return [chosen[place] for place in sorted(chosen)] if left == 0 else None
