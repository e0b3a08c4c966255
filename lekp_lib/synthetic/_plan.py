"""
Draw the street plan of a wijk: flat and regular first, then bent into shape.

The flat drawing is simple (long streets and cross streets, arcs and radials, a spine with
branches); bending gives every junction its own angle without two streets ever crossing
where they should not.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from lekp_lib.synthetic._recipes import Recipe

__all__ = ["Bending", "FloatArray", "Plan", "Stroke", "bend", "draw_plan", "make_bending"]

FloatArray = npt.NDArray[np.float64]
_Point = tuple[float, float]

_SQUARE_M = 60.0
"""Half the length of the station square, along the railway."""
_CELL_DWELLINGS = 36.0
"""Dwellings that a block of the belt holds, roughly; only decides how much is drawn first."""
_BRANCH_DWELLINGS = 13.0
_MEET_M = 16.0
"""Junctions nearer than this become one."""
_BAND_METRE_DWELLINGS = 0.18


@dataclass(frozen=True)
class Stroke:
    """
    One street in the flat drawing.

    Attributes
    ----------
    points : tuple of (float, float)
        Junctions and bends [m; angle in radians and radius in a fan].
    road_class : str
        As in the contract.
    width_m : float
        Public width.
    rank : int
        Streets with a lower rank take the corners.
    fronts : (bool, bool)
        Whether houses may stand on the left and on the right.
    name : str
        Fixed name; empty means one from the list, ``-`` means none.
    has_turning : bool
        Ends in a turning circle with a plot at its head.
    """

    points: tuple[_Point, ...]
    road_class: str = "local"
    width_m: float = 10.0
    rank: int = 1
    fronts: tuple[bool, bool] = (True, True)
    name: str = ""
    has_turning: bool = False


@dataclass(frozen=True)
class Bending:
    """How the flat drawing becomes the real one: polar or not, lean, waves, turn, shift."""

    is_polar: bool
    skew_share: float
    wave_m: float
    wave_length_m: float
    phases: tuple[float, ...]
    angle_rad: float
    origin: _Point


@dataclass(frozen=True)
class Plan:
    """
    The flat drawing of a wijk.

    Attributes
    ----------
    strokes : tuple of Stroke
        Streets.
    centre : (float, float)
        Where the wijk is fullest; plots are taken from here outwards.
    spots : dict of str to (float, float)
        Sites with a fixed place: template → middle of their front.
    greens : dict of str to tuple of (float, float)
        Green areas of the drawing itself: kind → outline.
    """

    strokes: tuple[Stroke, ...]
    centre: _Point
    spots: dict[str, _Point] = field(default_factory=dict)
    greens: dict[str, tuple[_Point, ...]] = field(default_factory=dict)


def make_bending(recipe: Recipe, rng: np.random.Generator) -> Bending:
    """Return the bending of one wijk, its waves drawn at random."""
    return Bending(
        is_polar=recipe.pattern == "fan",
        skew_share=recipe.skew_share,
        wave_m=recipe.wave_m,
        wave_length_m=recipe.wave_length_m,
        phases=tuple(rng.uniform(0.0, 2.0 * math.pi, 4)),
        angle_rad=math.radians(recipe.angle_deg),
        origin=recipe.origin,
    )


def bend(points: FloatArray, bending: Bending) -> FloatArray:
    """
    Return points of the flat drawing in EPSG:31370.

    Examples
    --------
    >>> still = Bending(False, 0.0, 0.0, 100.0, (0.0,) * 4, 0.0, (50_000.0, 180_000.0))
    >>> bend(np.array([[3.0, 4.0]]), still).tolist()
    [[50003.0, 180004.0]]
    """
    x, y = points[:, 0], points[:, 1]
    if bending.is_polar:
        x, y = y * np.cos(x), y * np.sin(x)
    x = x + bending.skew_share * y
    turn = 2.0 * math.pi / bending.wave_length_m
    first, second, third, fourth = bending.phases
    wave = bending.wave_m
    east = x + wave * (np.sin(turn * y + first) + np.sin(turn * (x + y) / 0.7 + second) / 2)
    north = y + wave * (np.sin(turn * x + third) + np.sin(turn * (x - y) / 0.8 + fourth) / 2)
    cosine, sine = math.cos(bending.angle_rad), math.sin(bending.angle_rad)
    return np.column_stack(
        [
            bending.origin[0] + cosine * east - sine * north,
            bending.origin[1] + sine * east + cosine * north,
        ]
    )


def draw_plan(recipe: Recipe, dwellings: float, rng: np.random.Generator) -> Plan:
    """
    Return a flat drawing with room for about so many dwellings.

    Parameters
    ----------
    recipe : Recipe
        Kind of wijk.
    dwellings : float
        Dwellings to make room for in rows of houses.
    rng : Generator
        Source of chance.
    """
    draw = {"belt": _belt, "fan": _fan, "comb": _comb}[recipe.pattern]
    return draw(recipe, dwellings, rng)


# --- belt: long streets along a railway, cross streets that do not always meet ---


def _belt(recipe: Recipe, dwellings: float, rng: np.random.Generator) -> Plan:
    cells = max(2.0, dwellings / _CELL_DWELLINGS)
    n_bands = max(1, round(math.sqrt(cells / 1.7)))
    n_side = max(1, math.ceil(cells / n_bands / 2))
    depths = rng.uniform(*recipe.block_depth_m, n_bands)
    depths[0] = recipe.block_depth_m[1] + 8.0
    rows = [0.0, *(-np.cumsum(depths)).tolist()]
    steps = rng.uniform(*recipe.block_length_m, (2, n_side))
    steps[:, 0] = _SQUARE_M
    west, east = np.cumsum(steps, axis=1)
    first = sorted([*(-west).tolist(), 0.0, *east.tolist()])
    bands, paths = _bands_of_belt(first, n_bands, rng)
    strokes = _station_street(bands[0], recipe)
    for number, y in enumerate(rows[1:], start=1):
        below = [*bands[number], *paths[number]] if number < n_bands else []
        xs = sorted({*bands[number - 1], *paths[number - 1], *below})
        strokes += _halves([(x, y) for x in xs], recipe.street_width_m, rank=0)
    strokes += _crosses(bands, rows, recipe)
    strokes += [
        Stroke(((x, rows[n]), (x, rows[n + 1])), "slow", 3.0, 3, (False, False), "-")
        for n, xs in enumerate(paths)
        for x in xs
    ]
    rail = [(x, 38.0) for x in first] + [(x, 52.0) for x in reversed(first)]
    spots = {"station": (0.0, 22.0)}
    if n_side > 1:
        spots |= {"station_parking": (115.0, 7.0), "factory": (-130.0, 7.0)}
    return Plan(tuple(strokes), (0.0, 0.3 * rows[-1]), spots, {"verge": tuple(rail)})


def _bands_of_belt(
    first: list[float], n_bands: int, rng: np.random.Generator
) -> tuple[list[list[float]], list[list[float]]]:
    """Return cross streets and footpaths of each band; some shift, some stop, some go on."""
    bands, paths = [first], [[]]  # type: tuple[list[list[float]], list[list[float]]]
    fixed = {first[0], 0.0, first[-1]}
    for _ in range(1, n_bands):
        kept: list[float] = []
        lanes: list[float] = []
        for x in bands[-1]:
            chance = rng.random()
            shifted = x + rng.choice([-1.0, 1.0]) * rng.uniform(18.0, 32.0)
            if x in fixed:
                kept.append(x)
            elif chance < 0.14:
                lanes += [x] if rng.random() < 0.5 else []
            elif chance < 0.42:
                kept.append(shifted)
            else:
                kept.append(x)
        bands.append(_spread(kept, fixed))
        paths.append(lanes)
    return bands, paths


def _spread(xs: list[float], fixed: set[float], least_m: float = 62.0) -> list[float]:
    """Return the sorted positions without those too close to another one."""
    kept = sorted(fixed)
    for x in xs:
        if all(abs(x - other) >= least_m for other in kept):
            kept.append(x)
    return sorted(kept)


def _station_street(xs: list[float], recipe: Recipe) -> list[Stroke]:
    """Return the street along the railway: square in the middle, houses on one side."""
    west = tuple((x, 0.0) for x in xs if x <= -_SQUARE_M)
    east = tuple((x, 0.0) for x in xs if x >= _SQUARE_M)
    square = ((-_SQUARE_M, 0.0), (0.0, 0.0), (_SQUARE_M, 0.0))
    one_side = (False, True)
    width = recipe.connector_width_m
    strokes = [Stroke(square, "connector", 44.0, 0, one_side, "Stationsplein")]
    for part, name in ((west, "Spoorwegstraat"), (east, "Oostelijke Spoorwegstraat")):
        if len(part) > 1:
            strokes.append(Stroke(part, "connector", width, 0, one_side, name))
    return strokes


def _halves(points: list[_Point], width_m: float, *, rank: int) -> list[Stroke]:
    """Return a long street as two streets with a name each."""
    if len(points) < 6:
        return [Stroke(tuple(points), "local", width_m, rank)]
    middle = len(points) // 2
    return [
        Stroke(tuple(points[: middle + 1]), "local", width_m, rank),
        Stroke(tuple(points[middle:]), "local", width_m, rank),
    ]


def _crosses(bands: list[list[float]], rows: list[float], recipe: Recipe) -> list[Stroke]:
    """Return cross streets, those that go on from band to band as one street."""
    chains: list[list[_Point]] = []
    running: dict[float, list[_Point]] = {}
    for number, xs in enumerate(bands):
        going: dict[float, list[_Point]] = {}
        for x in xs:
            chain = running.get(x, [(x, rows[number])])
            chain.append((x, rows[number + 1]))
            going[x] = chain
        chains += [chain for x, chain in running.items() if x not in going]
        running = going
    chains += running.values()
    return [
        Stroke(tuple(chain), "connector", recipe.connector_width_m, -1, name="Stationsstraat")
        if chain[0] == (0.0, 0.0)
        else Stroke(tuple(chain), "local", recipe.street_width_m, 2)
        for chain in chains
    ]


# --- fan: arcs round a green, radials, a straight avenue at the foot ---


def _fan(recipe: Recipe, dwellings: float, rng: np.random.Generator) -> Plan:
    radii = [58.0]
    room = 0.0
    while room < dwellings or len(radii) < 2:
        radii.append(radii[-1] + rng.uniform(*recipe.block_depth_m))
        room += math.pi * (radii[-1] + radii[-2]) / 2 * _BAND_METRE_DWELLINGS
    radials = _radials(radii, recipe, rng)
    strokes = [_avenue(radii, recipe)]
    for number, radius in enumerate(radii):
        near = radials[max(0, number - 1) : number + 1]
        angles = sorted({0.0, math.pi, *(a for band in near for a, _ in band)})
        fronts = (number > 0, True)
        arcs = _halves([(a, radius) for a in angles], recipe.street_width_m, rank=0)
        strokes += [Stroke(s.points, s.road_class, s.width_m, 0, fronts) for s in arcs]
    for number, band in enumerate(radials):
        for angle, is_path in band:
            ends = ((angle, radii[number]), (angle, radii[number + 1]))
            if is_path:
                strokes.append(Stroke(ends, "slow", 3.0, 3, (False, False), "-"))
            else:
                strokes.append(Stroke(ends, "local", recipe.street_width_m, 2))
    inner = radii[0] - recipe.street_width_m / 2 - 1.0
    foot = math.asin((recipe.connector_width_m / 2 + 1.0) / inner)
    green = tuple((float(a), inner) for a in np.linspace(foot, math.pi - foot, 25))
    return Plan(tuple(strokes), (math.pi / 2, radii[0] / 2), {}, {"park": green})


def _radials(
    radii: list[float], recipe: Recipe, rng: np.random.Generator
) -> list[list[tuple[float, bool]]]:
    """Return the angles of the radials of each band, and whether each is a footpath."""
    low, high = recipe.block_length_m
    angles: list[float] = []
    bands = []
    for inner, outer in itertools.pairwise(radii):
        radius = (inner + outer) / 2
        edges = [0.0, *angles, math.pi]
        for left, right in itertools.pairwise(edges):
            n = round((right - left) * radius / ((low + high) / 2))
            jitter = rng.uniform(-0.08, 0.08, max(n, 1))
            angles += [left + (right - left) * (k + jitter[k]) / n for k in range(1, n)]
        angles = sorted(angles)
        bands.append([(angle, bool(rng.random() < 0.25)) for angle in angles])
    return bands


def _avenue(radii: list[float], recipe: Recipe) -> Stroke:
    """Return the avenue at the foot of the fan, through its centre."""
    points = [*(-r for r in reversed(radii)), *radii]
    return Stroke(
        tuple((0.0, r) for r in points), "connector", recipe.connector_width_m, -1, (True, True)
    )


# --- comb: a spine with loops and cul-de-sacs ---


def _comb(recipe: Recipe, dwellings: float, rng: np.random.Generator) -> Plan:
    branches = max(2.0, dwellings / _BRANCH_DWELLINGS)
    n_spines = max(1, round(math.sqrt(branches / 10)))
    per_quarter = max(1, math.ceil(branches / n_spines / 4))
    apart = 2 * recipe.block_depth_m[1] + 2 * recipe.plot_depth_m + 14.0
    strokes: list[Stroke] = []
    for number in range(n_spines):
        y = number * apart
        for hand in (-1.0, 1.0):
            above = _feet(recipe, per_quarter, hand, rng)
            below = _aligned(_feet(recipe, per_quarter, hand, rng), above)
            up = _branches(recipe, above, (y, 1.0), rng)
            down = _branches(recipe, below, (y, -1.0), rng)
            up = _clear_paths(up, [*above, *below])
            down = _clear_paths(down, [*above, *below, *(s.points[-1][0] for s in up)])
            feet = {x for s in (*up, *down) for x, foot in s.points if foot == y}
            spine = tuple((x, y) for x in sorted({0.0, *feet}))
            strokes.append(Stroke(spine, "local", recipe.street_width_m + 1.0, 0))
            strokes += [*up, *down]
    ends = [-0.38 * apart, *(n * apart for n in range(n_spines)), (n_spines - 0.62) * apart]
    width = recipe.connector_width_m
    strokes.append(Stroke(tuple((0.0, y) for y in ends), "connector", width, -1))
    return Plan(tuple(strokes), (0.0, (n_spines - 1) / 2 * apart))


def _feet(recipe: Recipe, count: int, hand: float, rng: np.random.Generator) -> list[float]:
    """Return where branches leave a spine, from the connector outwards."""
    steps = rng.uniform(*recipe.block_length_m, count)
    feet: list[float] = (hand * (rng.uniform(0.0, 14.0) + np.cumsum(steps))).tolist()
    return feet


def _aligned(feet: list[float], others: list[float]) -> list[float]:
    """Return the feet, put opposite another where they would nearly meet."""
    nearest = [min(others, key=lambda other: abs(other - x)) for x in feet]
    return [near if abs(near - x) < _MEET_M else x for x, near in zip(feet, nearest, strict=True)]


def _clear_paths(strokes: list[Stroke], feet: list[float]) -> list[Stroke]:
    """Return the strokes without footpaths that end too near to a street."""
    return [
        stroke
        for stroke in strokes
        if stroke.road_class != "slow" or all(abs(stroke.points[-1][0] - x) > _MEET_M for x in feet)
    ]


def _branches(
    recipe: Recipe, xs: list[float], side: tuple[float, float], rng: np.random.Generator
) -> list[Stroke]:
    """Return the loops and cul-de-sacs on one side of a spine."""
    y, sign = side
    count = len(xs)
    reach = rng.uniform(*recipe.block_depth_m, count)
    strokes: list[Stroke] = []
    number = 0
    while number < count:
        end = y + sign * float(reach[number])
        x = xs[number]
        if number + 1 < count and rng.random() < 0.4:
            strokes.append(_loop(x, xs[number + 1], (y, end, sign), recipe.street_width_m))
            number += 2
            continue
        lean = x + rng.uniform(-7.0, 7.0)
        points = ((x, y), (x, y + sign * 25.0), (lean, end))
        strokes.append(Stroke(points, "local", recipe.street_width_m, 1, has_turning=True))
        if number + 1 < count and rng.random() < 0.35:
            strokes.append(_footpath((lean, end), (xs[number + 1], y), sign))
        number += 1
    return strokes


def _footpath(start: _Point, foot: _Point, sign: float) -> Stroke:
    """Return a path from the head of a cul-de-sac to the foot of the next branch."""
    between = (start[0] + foot[0]) / 2
    points = (start, (between, start[1]), (between, foot[1] + sign * 8.0), (between, foot[1]))
    return Stroke(points, "slow", 3.0, 3, (False, False), "-")


def _loop(x: float, next_x: float, ends: tuple[float, float, float], width_m: float) -> Stroke:
    """Return a street that leaves the spine and comes back, with rounded corners."""
    y, end, sign = ends
    hand = math.copysign(1.0, next_x - x)
    radius = 17.0
    turn = [(1.0 - math.cos(a), math.sin(a) - 1.0) for a in np.linspace(0.0, math.pi / 2, 6)]
    up = [(x + hand * radius * across, end + sign * radius * back) for across, back in turn]
    down = [(next_x - (px - x), py) for px, py in reversed(up)]
    return Stroke(((x, y), *up, *down, (next_x, y)), "local", width_m, 1)
