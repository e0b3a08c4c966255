"""From an OpenStreetMap extract to contract tables, and a list of what was left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely
from shapely import Geometry, LineString, Point

from lekp_lib.contracts import CRS, INPUTS, Source, check
from lekp_lib.errors import ContractError, Fault
from lekp_lib.io.adapters._osm_buildings import Area, Spot, building_rows
from lekp_lib.io.adapters._osm_read import Extract, Item
from lekp_lib.io.adapters._osm_shapes import Skipped, area_items, area_shape, segments
from lekp_lib.io.adapters._osm_tables import green_rows, parking_rows, street_rows, tree_rows
from lekp_lib.io.adapters._osm_tags import (
    ROADS,
    Tags,
    green_kind,
    is_building,
    is_parking,
    road_kind,
    use_of,
)

__all__ = ["Collected", "collect"]


@dataclass(frozen=True)
class Collected:
    """
    What an extract holds for us.

    Attributes
    ----------
    tables : dict of str to GeoDataFrame
        Contract tables by name; a table without rows is absent.
    skipped : list of Skipped
        Objects left out, or used in part.
    n_outside : dict of str to int
        Objects per table outside the boundary.
    n_parkings_near : int
        Car parks whose function comes from a neighbour.
    left_aside : dict of str to int
        Objects of a kind that no table takes: ``not_built``, ``other_roads``, ``tree_rows``,
        ``kerb_parkings``.
    """

    tables: dict[str, gpd.GeoDataFrame]
    skipped: list[Skipped]
    n_outside: dict[str, int]
    n_parkings_near: int
    left_aside: dict[str, int]


def collect(extract: Extract, within: Geometry | None) -> Collected:
    """
    Return contract tables of an extract.

    Parameters
    ----------
    extract : Extract
        Objects and points [m, EPSG:31370].
    within : Geometry, optional
        Outline of the wijk. A footprint counts as inside if its middle is; anything else if
        it touches the outline, and it is kept whole.
    """
    skipped: list[Skipped] = []
    n_outside: dict[str, int] = {}
    items = area_items(extract)
    nodes = list(extract.nodes.values())
    points = [
        Area(node, Point(extract.positions[node.number]))
        for node in nodes
        if node.number in extract.positions
    ]
    spots = [Spot(point.item.tags, point.shape) for point in points]

    def inside(table: str, areas: Sequence[Area]) -> list[Area]:
        kept = _inside(areas, within, by_middle=table == "gebouwen")
        n_outside[table] = len(areas) - len(kept)
        return kept

    buildings = inside(
        "gebouwen", _areas("gebouwen", [*items, *nodes], is_building, extract, skipped)
    )
    grounds = _areas("", items, _is_ground, extract, [])
    lots = _areas("parkings", items, is_parking, extract, skipped)
    lots = inside("parkings", [*lots, *(p for p in points if is_parking(p.item.tags))])
    green = inside("groen", _areas("groen", items, _is_green, extract, skipped))
    trees = inside("bomen", [p for p in points if p.item.tags.get("natural") == "tree"])
    streets = _streets(extract, within, skipped)
    parkings, n_near = parking_rows(lots, [*buildings, *grounds], spots)
    rows = {
        "gebouwen": building_rows(buildings, spots, grounds),
        "straten": street_rows(streets),
        "parkings": parkings,
        "bomen": tree_rows(trees),
        "groen": green_rows(green),
    }
    fitted = {name: _fitted(name, table, skipped) for name, table in rows.items() if len(table)}
    return Collected(
        tables={name: table for name, table in fitted.items() if len(table)},
        skipped=skipped,
        n_outside=n_outside,
        n_parkings_near=n_near,
        left_aside={
            kind: sum(is_meant(item.tags) for item in (*items, *nodes))
            for kind, is_meant in _LEFT_ASIDE.items()
        },
    )


def _is_ground(tags: Tags) -> bool:
    return not is_building(tags) and use_of(tags) is not None


def _is_green(tags: Tags) -> bool:
    return not is_building(tags) and green_kind(tags) is not None


def _is_street(tags: Tags) -> bool:
    return road_kind(tags) in ROADS and tags.get("area") != "yes"


_LEFT_ASIDE: dict[str, Callable[[Tags], bool]] = {
    "not_built": lambda tags: "building" in tags and not is_building(tags),
    "other_roads": lambda tags: "highway" in tags and not _is_street(tags),
    "tree_rows": lambda tags: tags.get("natural") == "tree_row",
    "kerb_parkings": lambda tags: tags.get("amenity") == "parking" and not is_parking(tags),
}


def _areas(
    table: str,
    items: Sequence[Item],
    is_wanted: Callable[[Tags], bool],
    extract: Extract,
    skipped: list[Skipped],
) -> list[Area]:
    """Return the wanted objects that can be drawn; list the others."""
    found = []
    for item in items:
        if not is_wanted(item.tags):
            continue
        shape = area_shape(item, extract)
        if isinstance(shape, str):
            skipped.append(Skipped(table, item.kind, item.number, shape))
        else:
            found.append(Area(item, shape))
    return found


def _inside(areas: Sequence[Area], within: Geometry | None, *, by_middle: bool) -> list[Area]:
    if within is None or not areas:
        return list(areas)
    shapes = [area.shape for area in areas]
    tested = shapely.point_on_surface(shapes) if by_middle else shapes
    is_inside = shapely.intersects(within, tested)
    return [area for area, inside in zip(areas, is_inside.tolist(), strict=True) if inside]


def _streets(
    extract: Extract, within: Geometry | None, skipped: list[Skipped]
) -> list[tuple[str, Item, LineString]]:
    ways = [way for way in extract.ways.values() if _is_street(way.tags)]
    parts, incomplete = segments(ways, extract.positions)
    skipped += incomplete
    if within is None:
        return parts
    return [part for part in parts if within.intersects(part[2])]


def _fitted(name: str, rows: pd.DataFrame, skipped: list[Skipped]) -> gpd.GeoDataFrame:
    """
    Return the rows that keep the contract, in contract form.

    A row whose shape is refused is left out; a value that is refused (a height of 900 m) is
    taken away. Both are listed.
    """
    contract = INPUTS[name]
    raw = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
    source = Source(f"{name}.gpkg")
    checked = check(raw, contract, source)
    if not checked.faults:
        return checked.table
    keys = raw[contract.index]
    bad_rows = [
        fault.row - 1 for fault in checked.faults if fault.row and fault.column == "geometry"
    ]
    for fault in checked.faults:
        skipped.append(_as_skipped(name, fault, keys))
        if fault.row and fault.column != "geometry":
            raw.loc[fault.row - 1, fault.column] = None
    kept = raw.drop(index=bad_rows).reset_index(drop=True)
    if not len(kept):
        return kept
    checked = check(kept, contract, source)
    if checked.faults:
        raise ContractError(checked.faults)
    return checked.table


def _as_skipped(name: str, fault: Fault, keys: pd.Series) -> Skipped:
    if fault.row is None:
        raise ContractError([fault])
    key = str(keys.iloc[fault.row - 1])
    number = int(key[1:].partition("-")[0])
    if fault.column == "geometry":
        return Skipped(name, key[0], number, fault.problem)
    problem = f"{fault.column} «{fault.value}» {fault.problem}; die waarde is niet gebruikt"
    return Skipped(name, key[0], number, problem, is_partial=True)
