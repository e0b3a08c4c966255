"""What is not a house: school, supermarket, station, apartment slabs, parks, car parks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from lekp_lib.synthetic._plan import Bending, FloatArray, Plan, bend
from lekp_lib.synthetic._recipes import Recipe, Wish
from lekp_lib.synthetic._streets import STATION_M, Frontage, Street
from lekp_lib.synthetic._templates import TEMPLATES, Template, corners

__all__ = ["Site", "place_sites", "site_points", "wished_dwellings"]

_STEP = 12
_APART_M = 140.0


@dataclass(frozen=True)
class Site:
    """
    A site in the field.

    Attributes
    ----------
    key : str
        Its template.
    street : int
        Street it lies on.
    along_m : float
        Middle of its front, along the street.
    side : int
        0 is left of the street, 1 is right.
    corner, along, inward : array, shape (2,)
        First front corner, unit vectors along the street and into the land.
    """

    key: str
    street: int
    along_m: float
    side: int
    corner: FloatArray
    along: FloatArray
    inward: FloatArray

    @property
    def template(self) -> Template:
        """What stands on it."""
        return TEMPLATES[self.key]

    @property
    def area(self) -> shapely.Polygon:
        """Its land."""
        template = self.template
        return shapely.Polygon(
            site_points(self, corners((0, 0, template.front_m, template.depth_m)))
        )


def site_points(site: Site, outline: Sequence[tuple[float, float]]) -> FloatArray:
    """Return points of a template in the field [m, EPSG:31370, to the centimetre]."""
    flat = np.array(outline, dtype="float64")
    field = site.corner + np.outer(flat[:, 0], site.along) + np.outer(flat[:, 1], site.inward)
    return field.round(2)


def place_sites(
    recipe: Recipe,
    streets: Sequence[Street],
    edges: Sequence[Frontage],
    blocked: Sequence[shapely.Polygon],
    want: tuple[int, Plan, Bending, FloatArray],
    rng: np.random.Generator,
) -> list[Site]:
    """
    Return the sites of a wijk, none of them in the way of another.

    Parameters
    ----------
    recipe : Recipe
        Kind of wijk, with its wishes.
    streets, edges, blocked
        Streets, the edges of the public domain, and what is taken already.
    want : tuple
        Dwellings, plan, bending and centre [m, EPSG:31370].
    rng : Generator
        Source of chance.
    """
    dwellings, plan, bending, centre = want
    sites: list[Site] = []
    if dwellings >= min(wish.from_dwellings for wish in recipe.wishes):
        sites += [_at_spot(key, spot, bending, streets) for key, spot in plan.spots.items()]
    places = _candidates(edges)
    distance = np.hypot(*(places.points - centre).T)
    radius = float(np.quantile(distance, 0.6))
    tree = shapely.STRtree(list(blocked))
    for wish in recipe.wishes:
        template = TEMPLATES[wish.template]
        areas = _areas(template, places)
        met = np.unique(tree.query(areas, predicate="intersects")[0])
        base = np.abs(distance - wish.ring_share * radius)
        base[met] = np.inf
        for _ in range(_count(wish, dwellings)):
            score = (
                base + rng.uniform(0.0, 20.0, len(base)) + _crowding(wish.template, places, sites)
            )
            score[_taken(areas, sites)] = np.inf
            best = int(np.argmin(score))
            if np.isfinite(score[best]):
                sites.append(_site(wish.template, places, edges, best))
    return sites


@dataclass(frozen=True)
class _Places:
    """Where sites could stand: middle of the front, direction into the land, edge, position."""

    points: FloatArray
    inward: FloatArray
    along: FloatArray
    edge: npt.NDArray[np.int64]
    along_m: FloatArray


def _candidates(edges: Sequence[Frontage]) -> _Places:
    inward = np.vstack([edge.inward[::_STEP] for edge in edges])
    points = np.vstack([edge.points[::_STEP] for edge in edges]) + 0.6 * inward
    counts = [len(edge.points[::_STEP]) for edge in edges]
    return _Places(
        points=points,
        inward=inward,
        along=np.column_stack([-inward[:, 1], inward[:, 0]]),
        edge=np.repeat(np.arange(len(edges)), counts),
        along_m=np.concatenate([np.arange(count) * _STEP * STATION_M for count in counts]),
    )


def _areas(template: Template, places: _Places) -> npt.NDArray[np.object_]:
    """Return the land that a site would take at every place."""
    corner = places.points - places.along * template.front_m / 2
    right, deep = places.along * template.front_m, places.inward * template.depth_m
    rings = np.stack([corner, corner + right, corner + right + deep, corner + deep], axis=1)
    areas: npt.NDArray[np.object_] = shapely.polygons(rings)
    return areas


def _crowding(key: str, places: _Places, sites: Sequence[Site]) -> FloatArray:
    """Return how much too near every place is to sites of the same kind."""
    score = np.zeros(len(places.points))
    for site in sites:
        if site.key == key:
            near = np.hypot(*(places.points - site.corner).T)
            score = score + 2.0 * np.maximum(0.0, _APART_M - near)
    return score


def _taken(areas: npt.NDArray[np.object_], sites: Sequence[Site]) -> npt.NDArray[np.int64]:
    """Return the places where another site stands already."""
    land = np.array([site.area for site in sites], dtype=object)
    taken: npt.NDArray[np.int64] = shapely.STRtree(areas).query(land, predicate="intersects")[1]
    return taken


def _site(key: str, places: _Places, edges: Sequence[Frontage], place: int) -> Site:
    edge = edges[int(places.edge[place])]
    along, inward = places.along[place], places.inward[place]
    corner = places.points[place] - along * TEMPLATES[key].front_m / 2
    return Site(key, edge.street, float(places.along_m[place]), edge.side, corner, along, inward)


def _count(wish: Wish, dwellings: int) -> int:
    return 0 if dwellings < wish.from_dwellings else max(1, dwellings // wish.per_dwellings)


def wished_dwellings(recipe: Recipe, dwellings: int) -> int:
    """Return the dwellings that the sites of a wijk would hold."""
    return sum(
        _count(wish, dwellings) * block.dwellings
        for wish in recipe.wishes
        for block in TEMPLATES[wish.template].blocks
    )


def _at_spot(
    key: str, spot: tuple[float, float], bending: Bending, streets: Sequence[Street]
) -> Site:
    """Return a site with a fixed place, on the street that is nearest."""
    x, y = spot
    west, middle, east = bend(np.array([[x - 1.0, y], [x, y], [x + 1.0, y]]), bending)
    along = (east - west) / np.hypot(*(east - west))
    inward = np.array([-along[1], along[0]])
    lines = [shapely.LineString(street.line) for street in streets]
    point = shapely.Point(middle)
    number = int(np.argmin(shapely.distance(lines, point)))
    position = float(lines[number].project(point))
    corner = middle - along * TEMPLATES[key].front_m / 2
    return Site(key, number, position, 0, corner, along, inward)
