"""Everything round the buildings: streets, boundary, car parks, trees and greens."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import shapely

from lekp_lib.synthetic._houses import House
from lekp_lib.synthetic._parcels import Unit
from lekp_lib.synthetic._plan import FloatArray
from lekp_lib.synthetic._recipes import Range, Recipe
from lekp_lib.synthetic._sites import Site, site_points
from lekp_lib.synthetic._streets import Segment, Street
from lekp_lib.synthetic._templates import Box, corners

__all__ = ["boundary", "car_parks", "greens", "street_table", "trees"]

_CROWN_M: dict[str, Range] = {
    "1a": (12.0, 16.0),
    "1b": (7.0, 11.0),
    "2": (4.0, 6.5),
    "3": (2.5, 4.0),
}
_STREET_TREE = {"belt": "2", "fan": "1b", "comb": "2"}
_BAY_M = 5.5
_KNOWN = {"width": 0.7, "paved": 0.6, "spaces": 0.7, "crown": 0.75, "size": 0.9}
_JUNCTION_M = 8.0
_KERB_M = 1.6
_WALL_M = 1.0
_MARGIN_M = 14.0


def street_table(
    recipe: Recipe,
    streets: Sequence[Street],
    parts: Mapping[str, Segment],
    rng: np.random.Generator,
) -> gpd.GeoDataFrame:
    """
    Return the contract ``straten``, with gaps.

    The width is that of the public domain: what lies between front gardens, or façades
    where there are none.
    """
    rows = []
    for key, part in parts.items():
        street = streets[part.street]
        is_slow = street.stroke.road_class == "slow"
        length = part.end_m - part.start_m
        known = {name: bool(rng.random() < share) for name, share in _KNOWN.items()}
        spaces = 0 if is_slow else int(2 * length * recipe.kerb_share / _BAY_M)
        paved = round(float(rng.uniform(*recipe.paved_share)), 2)
        rows.append(
            {
                "street_id": key,
                "street_name": street.name,
                "profile_width_m": street.stroke.width_m if known["width"] else None,
                "road_class": street.stroke.road_class,
                "paved_share": paved if known["paved"] and not is_slow else None,
                "on_street_spaces": spaces if known["spaces"] else None,
                "geometry": shapely.LineString(part.line).simplify(0.05),
            }
        )
    table = gpd.GeoDataFrame(rows, geometry="geometry", crs=31370)
    return table.assign(on_street_spaces=table["on_street_spaces"].astype("Int64"))


def boundary(
    recipe: Recipe, streets: Sequence[Street], parts: Mapping[str, Segment],
    land: Sequence[shapely.Polygon], outlines: Mapping[str, FloatArray],
) -> gpd.GeoDataFrame:  # fmt: skip
    """Return the contract ``grens``: one outline round all land, streets and greens."""
    ways = [
        shapely.LineString(part.line).buffer(streets[part.street].stroke.width_m / 2)
        for part in parts.values()
    ]
    reach = shapely.convex_hull(shapely.union_all([*land, *ways])).buffer(_MARGIN_M)
    beside = [shapely.intersection(shapely.Polygon(ring), reach) for ring in outlines.values()]
    whole = shapely.union_all(shapely.buffer([*land, *ways, *beside], 4 * _MARGIN_M, quad_segs=2))
    parts_of = whole.buffer(-3.3 * _MARGIN_M, quad_segs=4)
    largest = max(shapely.get_parts(parts_of), key=lambda area: area.area)
    outline = shapely.Polygon(largest.exterior).simplify(2.0)
    shape = shapely.set_precision(outline, 0.1)
    rows = {"wijk_code": [recipe.wijk_code], "name": [recipe.name]}
    return gpd.GeoDataFrame(rows, geometry=[shape], crs=31370)


def car_parks(sites: Sequence[Site], prefix: str) -> gpd.GeoDataFrame | None:
    """Return the contract ``parkings``, or None where there is no car park."""
    rows = [
        {
            "parking_id": "",
            "owner_kind": lot.owner_kind,
            "function": lot.function,
            "capacity": lot.capacity,
            "is_open_to_public": lot.is_open,
            "opening_hours": lot.opening_hours,
            "offered_windows": lot.offered_windows,
            "geometry": _area(site, lot.box),
        }
        for site in sites
        for lot in site.template.lots
    ]
    return _table(rows, "parking_id", f"{prefix}-p")


def _area(site: Site, box: Box) -> shapely.Polygon:
    return shapely.Polygon(site_points(site, corners(box)))


def _table(rows: list[dict[str, object]], key: str, stem: str) -> gpd.GeoDataFrame | None:
    if not rows:
        return None
    table = gpd.GeoDataFrame(rows, geometry="geometry", crs=31370)
    table[key] = [f"{stem}{number:03d}" for number in range(1, len(table) + 1)]
    return table


def greens(
    recipe: Recipe,
    outlines: Mapping[str, FloatArray],
    built: tuple[Sequence[House], Sequence[Site]],
    limit: shapely.Polygon,
) -> gpd.GeoDataFrame | None:
    """
    Return the contract ``groen``: parks and lawns, and gardens where houses have them.

    Parameters
    ----------
    recipe : Recipe
        Kind of wijk.
    outlines : mapping of str to array
        Green areas of the drawing itself, bent.
    built : tuple
        Houses and sites.
    limit : Polygon
        Boundary of the wijk.
    """
    houses, sites = built
    rows: list[dict[str, object]] = []
    for kind, points in outlines.items():
        shape = shapely.intersection(shapely.Polygon(points), limit, grid_size=0.01)
        rows += [{"green_id": "", "kind": kind, "geometry": p} for p in _polygons(shape)]
    rows += [
        {"green_id": "", "kind": kind, "geometry": _area(site, box)}
        for site in sites
        for kind, box in site.template.greens
    ]
    if not recipe.is_continuous:
        rows += [{"green_id": "", "kind": "garden", "geometry": p} for p in _gardens(houses)]
    return _table(rows, "green_id", f"{recipe.prefix}-n")


def _polygons(shape: object) -> list[shapely.Polygon]:
    parts = shapely.get_parts(shape).tolist()
    return [part for part in parts if part.geom_type == "Polygon" and part.area > 1.0]


def _gardens(houses: Sequence[House]) -> list[shapely.Polygon]:
    """Return what the buildings leave of every plot."""
    plots: dict[int, tuple[Unit, list[shapely.Polygon]]] = {}
    for house in houses:
        _, shapes = plots.setdefault(id(house.unit), (house.unit, []))
        shapes += [shapely.Polygon(ring) for ring in (house.outline, *house.outbuildings)]
    land = shapely.polygons(np.stack([unit.plot.round(2) for unit, _ in plots.values()]))
    built = [shapely.union_all(shapes) for _, shapes in plots.values()]
    return _polygons(shapely.difference(land, built, grid_size=0.01))


def trees(
    recipe: Recipe,
    streets: Sequence[Street],
    parts: Mapping[str, Segment],
    planted: tuple[Sequence[Site], Mapping[str, FloatArray]],
    room: tuple[gpd.GeoDataFrame, shapely.Polygon],
    rng: np.random.Generator,
) -> gpd.GeoDataFrame | None:
    """
    Return the contract ``bomen``: along some streets, on sites and in parks.

    Parameters
    ----------
    recipe : Recipe
        Kind of wijk.
    streets, parts
        Streets and the segments that are kept.
    planted : tuple
        Sites, and the green areas of the drawing.
    room : tuple
        Buildings, against which no tree stands, and the boundary, outside which none does.
    rng : Generator
        Source of chance.
    """
    sites, outlines = planted
    buildings, limit = room
    found: list[tuple[float, float, str]] = []
    has_trees = rng.random(len(streets)) < recipe.tree_share
    for part in parts.values():
        stroke = streets[part.street].stroke
        is_main = stroke.road_class == "connector"
        if stroke.road_class != "slow" and (has_trees[part.street] or is_main):
            found += _street_trees(recipe, part, stroke.width_m, rng)
    for site in sites:
        for (left, front, right, back), count, size in site.template.trees:
            across = _apart(rng, count, left, right)
            flat = list(zip(across, rng.uniform(front, back, count).tolist(), strict=True))
            found += [(x, y, size) for x, y in site_points(site, flat).tolist()]
    if "park" in outlines:
        found += _park_trees(shapely.Polygon(outlines["park"]), rng)
    if not found:
        return None
    walls = shapely.STRtree(buildings.geometry.to_numpy())
    spots = shapely.points([(x, y) for x, y, _ in found])
    stands = shapely.contains(limit, spots)
    stands[walls.query(spots, predicate="dwithin", distance=_WALL_M)[0]] = False
    rows = []
    for x, y, size in itertools.compress(found, stands):
        crown = round(float(rng.uniform(*_CROWN_M[size])), 1)
        rows.append(
            {
                "tree_id": "",
                "size_class": size if rng.random() < _KNOWN["size"] else None,
                "crown_diameter_m": crown if rng.random() < _KNOWN["crown"] else None,
                "geometry": shapely.Point(x, y),
            }
        )
    return _table(rows, "tree_id", f"{recipe.prefix}-b")


def _apart(rng: np.random.Generator, count: int, low: float, high: float) -> list[float]:
    step = (high - low) / count
    return [low + (k + float(rng.uniform(0.2, 0.8))) * step for k in range(count)]


def _street_trees(
    recipe: Recipe, part: Segment, width_m: float, rng: np.random.Generator
) -> list[tuple[float, float, str]]:
    """Return trees on both sides of a segment, not near its ends."""
    line = shapely.LineString(part.line)
    size = _STREET_TREE[recipe.pattern]
    found = []
    for side in (-1.0, 1.0):
        places = np.arange(_JUNCTION_M, line.length - _JUNCTION_M, recipe.tree_gap_m)
        places = places[rng.random(len(places)) < 0.85] + side * recipe.tree_gap_m / 4
        edge = line.offset_curve(side * (width_m / 2 - _KERB_M))
        if edge.is_empty:
            continue
        shares = (places / line.length).clip(0.02, 0.98)
        points = shapely.line_interpolate_point(edge, shares, normalized=True)
        found += [(round(p.x, 2), round(p.y, 2), size) for p in points]
    return found


def _park_trees(park: shapely.Polygon, rng: np.random.Generator) -> list[tuple[float, float, str]]:
    """Return trees scattered in a park, five metres from its edge."""
    west, south, east, north = park.bounds
    count = math.ceil(park.area / 120)
    points = np.column_stack(
        [rng.uniform(west, east, 4 * count), rng.uniform(south, north, 4 * count)]
    )
    inside = shapely.contains(park.buffer(-5), shapely.points(points))
    size = "1a" if park.area > 2000 else "1b"
    return [(x, y, size) for x, y in points[inside][:count].round(2).tolist()]
