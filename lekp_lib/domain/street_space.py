"""
How wide streets are between their façades, and what the ground of a neighbourhood is used for.

Widths are measured on the map: cross-lines at equal distances along the axis of a street, to
the nearest façade on either side. In an open street the façades stand behind front gardens, so
that the width measured is not the width of the public domain.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lekp_lib.contracts import CRS
from lekp_lib.contracts.results.straten import LAND_USES, WIDTH_CLASSES
from lekp_lib.errors import ContractError

__all__ = [
    "GREEN_USES",
    "facade_widths",
    "junction_ends",
    "land_use",
    "parking_sides",
    "points_per_street",
    "ribbons",
    "width_class",
]

GREEN_USES = {"water": "water", "agriculture": "landbouw"}
"""Kind of green → land use; every other kind is ``groen``."""

_CLASS_BOUNDS = (8.0, 10.0, 12.0, 16.0)
_HALF_STEP_M = 0.5  # half the piece of axis that gives the direction of a cross-line
_NODE_GRID_M = 0.5  # street ends closer than this meet
_JUNCTION = 3  # three ends meet in a junction, by definition


def facade_widths(
    streets: gpd.GeoDataFrame, facades: gpd.GeoSeries, *, spacing_m: float, reach_m: float
) -> pd.DataFrame:
    """
    Return the width between the façades of each street segment, and how well it was seen.

    How wide a street is decides what fits in it: parking, trees, pipes.

    Parameters
    ----------
    streets : GeoDataFrame, one row per segment
        Index ``street_id``, lines in EPSG:31370 (metres).
    facades : GeoSeries
        Footprints of the buildings that make façades (leave sheds out), same CRS.
    spacing_m : float
        Distance between two cross-lines [m]; every segment has at least one.
    reach_m : float
        A façade is looked for up to this distance on either side of the axis [m].

    Returns
    -------
    DataFrame, same index and order as `streets`
        samples (cross-lines), both_share, one_share, none_share [0-1] (cross-lines that meet a
        façade on both sides, on one, on none), built_share [0-1] (cross-lines with a building
        within reach in any direction) and width_m [m]: the median of left + right over the
        cross-lines with both, missing where there are none.

    Notes
    -----
    A cross-line that starts inside a building (a gateway, an axis drawn wrongly) counts as none.

    Examples
    --------
    >>> from shapely import LineString, box
    >>> streets = gpd.GeoDataFrame(index=["s"], geometry=[LineString([(0, 0), (40, 0)])], crs=31370)
    >>> facades = gpd.GeoSeries([box(0, 6, 40, 16), box(0, -14, 20, -4)], crs=31370)
    >>> seen = facade_widths(streets, facades, spacing_m=10, reach_m=25)
    >>> seen[["samples", "both_share", "one_share", "width_m"]].values.tolist()
    [[4.0, 0.5, 0.5, 10.0]]
    """
    segment, middle, normal = _cross_lines(streets.geometry.to_numpy(), spacing_m)
    tree = shapely.STRtree(facades.to_numpy())
    left = _distance_along(tree, middle, normal * reach_m)
    right = _distance_along(tree, middle, -normal * reach_m)
    is_near = np.zeros(len(middle), dtype=bool)
    is_near[tree.query(shapely.points(middle), predicate="dwithin", distance=reach_m)[0]] = True
    is_inside = (left == 0) | (right == 0)
    n_sides = np.isfinite(left).astype(int) + np.isfinite(right).astype(int)
    n_sides[is_inside] = 0
    samples = pd.DataFrame(
        {
            "both_share": n_sides == 2,
            "one_share": n_sides == 1,
            "none_share": n_sides == 0,
            "built_share": is_near,
        }
    ).astype("float64")
    samples["width_m"] = np.where(n_sides == 2, left + right, np.nan)
    grouped = samples.groupby(segment)
    shares = ["both_share", "one_share", "none_share", "built_share"]
    seen = grouped[shares].mean().assign(width_m=grouped["width_m"].median())
    seen.insert(0, "samples", grouped.size())
    seen = seen.reindex(range(len(streets)))
    seen["samples"] = seen["samples"].fillna(0).astype("int64")
    return seen.set_axis(streets.index, axis=0)


def _cross_lines(
    lines: np.ndarray[Any, Any], spacing_m: float
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return segment position, middle point and unit normal of each cross-line."""
    parts, segment = shapely.get_parts(lines, return_index=True)
    length = shapely.length(parts)
    parts, segment, length = parts[length > 0], segment[length > 0], length[length > 0]
    number = np.maximum(1, np.round(length / spacing_m)).astype(int)
    part = np.repeat(np.arange(len(parts)), number)
    rank = np.arange(len(part)) - np.repeat(np.cumsum(number) - number, number)
    along = (rank + 0.5) * (length / number)[part]
    middle = _coordinates(shapely.line_interpolate_point(parts[part], along))
    before = shapely.line_interpolate_point(parts[part], np.maximum(along - _HALF_STEP_M, 0))
    after = shapely.line_interpolate_point(parts[part], along + _HALF_STEP_M)
    direction = _coordinates(after) - _coordinates(before)
    size = np.hypot(direction[:, 0], direction[:, 1])
    is_clear = size > 0
    unit = direction[is_clear] / size[is_clear, None]
    normal = np.column_stack([-unit[:, 1], unit[:, 0]])
    return segment[part][is_clear], middle[is_clear], normal


def _coordinates(points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.column_stack([shapely.get_x(points), shapely.get_y(points)])


def _distance_along(
    tree: shapely.STRtree, start: np.ndarray[Any, Any], reach: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Return the distance from each start to the first shape on the ray; infinite if none."""
    rays = shapely.linestrings(np.stack([start, start + reach], axis=1))
    ray, shape = tree.query(rays, predicate="intersects")
    hits = shapely.intersection(rays[ray], tree.geometries[shape])
    nearest = np.full(len(start), np.inf)
    np.minimum.at(nearest, ray, shapely.distance(shapely.points(start)[ray], hits))
    return nearest


def width_class(width_m: pd.Series[float]) -> pd.Series[str]:
    """
    Return the class of each width.

    Parameters
    ----------
    width_m : Series
        Width between façades [m], missing where it could not be measured.

    Returns
    -------
    Series of str, same index
        ``width_class``, one of ``WIDTH_CLASSES``; a bound belongs to the narrower class.

    Examples
    --------
    >>> width_class(pd.Series([7.9, 10.0, 30.0, np.nan])).tolist()
    ['tot 8 m', '8 tot 10 m', 'meer dan 16 m', 'niet te meten']
    """
    position = np.searchsorted(_CLASS_BOUNDS, width_m.to_numpy(), side="left")
    position = np.where(width_m.isna(), len(WIDTH_CLASSES) - 1, position)
    names = np.array(WIDTH_CLASSES, dtype=object)[position]
    return pd.Series(names, index=width_m.index, dtype="str", name="width_class")


def parking_sides(
    widths: pd.DataFrame,
    *,
    footway_m: float,
    free_passage_m: Mapping[str, float],
    place_width_m: float,
    enclosed_width_m: float,
    enclosed_share: float,
    sides_open_street: float,
) -> pd.DataFrame:
    """
    Return on how many sides of each segment cars can be parked, and how that is known.

    Parameters
    ----------
    widths : DataFrame, one row per segment
        width_m [m] (missing where not known), both_share [0-1] and road_class.
    footway_m : float
        Width of a footway; one on each side [m].
    free_passage_m : mapping of str to float
        Road classes on which parking is looked for → carriageway that must stay free [m].
    place_width_m : float
        Width of a parallel place [m].
    enclosed_width_m : float
        A wider street has front gardens or a square between its façades [m].
    enclosed_share : float
        A width counts from this share of cross-lines with façades on both sides [0-1].
    sides_open_street : float
        Sides with parking in a street of which the width is not known, or is not the width of
        the public domain [0-2].

    Returns
    -------
    DataFrame, same index
        ``sides`` [0-2] and ``sides_origin``: ``width``, ``open_street`` or ``road_class`` (no
        parking looked for).

    Notes
    -----
    ``floor((width - 2 · footway - free passage) / place width)``, between 0 and 2.

    Examples
    --------
    >>> widths = pd.DataFrame({"width_m": [10.0, 8.5, 30.0, 10.0], "both_share": 1.0,
    ...                        "road_class": ["local", "local", "local", "slow"]})
    >>> parking_sides(widths, footway_m=1.5, free_passage_m={"local": 3.0}, place_width_m=2.0,
    ...               enclosed_width_m=16, enclosed_share=0.5, sides_open_street=1
    ... )["sides"].tolist()
    [2.0, 1.0, 1.0, 0.0]
    """
    passage = widths["road_class"].map(free_passage_m).astype("float64")
    is_road = passage.notna().to_numpy()
    is_seen = (widths["both_share"] >= enclosed_share).to_numpy()
    is_enclosed = (widths["width_m"] <= enclosed_width_m).to_numpy() & is_seen
    left_over = widths["width_m"] - 2 * footway_m - passage
    by_width = np.clip(np.floor((left_over / place_width_m).round(6)), 0, 2)
    sides = np.select([~is_road, is_enclosed], [0.0, by_width], default=sides_open_street)
    origin = np.select([~is_road, is_enclosed], ["road_class", "width"], default="open_street")
    return pd.DataFrame({"sides": sides, "sides_origin": origin}, index=widths.index).astype(
        {"sides": "float64", "sides_origin": "str"}
    )


def junction_ends(streets: gpd.GeoDataFrame) -> pd.Series[int]:
    """
    Return how many ends of each segment lie on a junction: 0, 1 or 2.

    Parameters
    ----------
    streets : GeoDataFrame, one row per segment
        Lines in EPSG:31370 (metres), only those that carry cars.

    Returns
    -------
    Series of int, same index
        ``junction_ends``. A junction is where at least three ends meet; a dead end or a change
        of name is none.

    Examples
    --------
    >>> from shapely import LineString
    >>> lines = [LineString([(0, 0), (9, 0)]), LineString([(9, 0), (18, 0)]),
    ...          LineString([(9, 0), (9, 9)])]
    >>> junction_ends(gpd.GeoDataFrame(geometry=lines, crs=31370)).tolist()
    [1, 1, 1]
    """
    points, segment = shapely.get_coordinates(streets.geometry.to_numpy(), return_index=True)
    is_first = np.append(True, np.diff(segment) > 0) if len(segment) else np.zeros(0, bool)
    is_last = np.append(is_first[1:], True) if len(segment) else is_first
    ends = np.concatenate([points[is_first], points[is_last]])
    owner = np.concatenate([segment[is_first], segment[is_last]])
    nodes = np.round(ends / _NODE_GRID_M).astype("int64")
    _, node, degree = np.unique(nodes, axis=0, return_inverse=True, return_counts=True)
    is_junction = degree[np.ravel(node)] >= _JUNCTION
    counts = np.bincount(owner[is_junction], minlength=len(streets))
    return pd.Series(counts, index=streets.index, dtype="int64", name="junction_ends")


def points_per_street(
    points: gpd.GeoSeries, streets: gpd.GeoDataFrame, *, reach_m: float
) -> pd.Series[int]:
    """
    Return how many points, for instance trees, stand along each segment.

    Parameters
    ----------
    points : GeoSeries
        Points in EPSG:31370 (metres).
    streets : GeoDataFrame, one row per segment
        Lines in EPSG:31370 (metres).
    reach_m : float
        A point belongs to its nearest segment, if that lies within this distance [m].

    Returns
    -------
    Series of int, same index as `streets`
        ``points``; each point counts at most once.

    Examples
    --------
    >>> from shapely import LineString, Point
    >>> streets = gpd.GeoDataFrame(geometry=[LineString([(0, 0), (50, 0)])], crs=31370)
    >>> points_per_street(gpd.GeoSeries([Point(5, 4), Point(5, 40)]), streets, reach_m=10).tolist()
    [1]
    """
    counts = np.zeros(len(streets), dtype="int64")
    if len(streets) and len(points):
        tree = shapely.STRtree(streets.geometry.to_numpy())
        point, street = tree.query_nearest(
            points.to_numpy(), max_distance=reach_m, all_matches=True
        )
        order = np.lexsort((street, point))
        _, first = np.unique(point[order], return_index=True)
        np.add.at(counts, street[order][first], 1)
    return pd.Series(counts, index=streets.index, dtype="int64", name="points")


def ribbons(streets: gpd.GeoDataFrame, width_m: Mapping[str, float]) -> gpd.GeoSeries:
    """
    Return the carriageway of each segment as a ribbon of the width of its class.

    Parameters
    ----------
    streets : GeoDataFrame, one row per segment
        road_class; lines in EPSG:31370 (metres).
    width_m : mapping of str to float
        Road class → width of the carriageway [m]; it must have every class in `streets`.

    Returns
    -------
    GeoSeries, same index
        Polygons.

    Raises
    ------
    ContractError
        If a class has no width.

    Examples
    --------
    >>> from shapely import LineString
    >>> streets = gpd.GeoDataFrame({"road_class": ["local"]},
    ...                            geometry=[LineString([(0, 0), (50, 0)])], crs=31370)
    >>> ribbons(streets, {"local": 6.0}).area.tolist()
    [300.0]
    """
    absent = sorted(set(streets["road_class"].dropna()) - set(width_m))
    if absent or streets["road_class"].isna().any():
        msg = f"width_m lacks the road classes {absent or ['(missing)']}. Fill the class first."
        raise ContractError(msg)
    half = streets["road_class"].map(width_m).astype("float64").to_numpy() / 2
    shapes = shapely.buffer(streets.geometry.to_numpy(), half, cap_style="flat")
    return gpd.GeoSeries(shapes, index=streets.index, crs=streets.crs)


def land_use(area: shapely.Geometry, layers: Mapping[str, gpd.GeoSeries]) -> pd.DataFrame:
    """
    Return what the ground of a neighbourhood is used for.

    Parameters
    ----------
    area : Polygon or MultiPolygon
        The neighbourhood, in EPSG:31370 (metres).
    layers : mapping of str to GeoSeries of polygons
        Land use (of ``LAND_USES``, the last one excepted) → its shapes; a use may be absent.

    Returns
    -------
    DataFrame, one row per land use in the order of ``LAND_USES``
        kind, area_m2 [m2] and share [0-1]; the areas add up to that of `area`. The last
        one is what no layer covers: gardens, yards, pavements.

    Raises
    ------
    ContractError
        If a layer is not a land use, or `area` is empty.

    Notes
    -----
    Ground under several layers counts once, for the first of ``LAND_USES``.

    Examples
    --------
    >>> from shapely import box
    >>> layers = {"gebouwen": gpd.GeoSeries([box(0, 0, 10, 10)]),
    ...           "groen": gpd.GeoSeries([box(5, 0, 20, 10)])}
    >>> use = land_use(box(0, 0, 20, 20), layers).set_index("kind")["area_m2"]
    >>> use[["gebouwen", "groen", "tuin, erf of onbekend"]].tolist()
    [100.0, 100.0, 200.0]
    """
    strange = sorted(set(layers) - set(LAND_USES[:-1]))
    if strange or area.is_empty or area.area == 0:
        msg = f"land_use cannot use the layers {strange} or the area is empty."
        raise ContractError(msg)
    free = area
    areas: dict[str, float] = {}
    for kind in LAND_USES[:-1]:
        shapes = layers.get(kind, gpd.GeoSeries([], crs=CRS)).to_numpy()
        near = shapes[shapely.STRtree(shapes).query(free, predicate="intersects")]
        before = free.area
        free = shapely.difference(free, shapely.union_all(near)) if len(near) else free
        areas[kind] = before - free.area
    areas[LAND_USES[-1]] = free.area
    table = pd.DataFrame({"kind": list(areas), "area_m2": list(areas.values())})
    return table.assign(share=table["area_m2"] / area.area).astype({"kind": "str"})
