"""Streets, car parks, trees and green from OpenStreetMap: one raw table each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from shapely import LineString

from lekp_lib.io.adapters._osm_buildings import Area, Spot
from lekp_lib.io.adapters._osm_read import Item
from lekp_lib.io.adapters._osm_tags import (
    BUILDINGS,
    NEAR_PARKING_M,
    ROADS,
    green_kind,
    is_public,
    kerb_spaces,
    named_use,
    number_of,
    owner_of,
    road_kind,
    size_class,
    use_of,
)

__all__ = ["green_rows", "parking_rows", "street_rows", "tree_rows"]

_PARKING_NEIGHBOURS = ("school", "supermarket")
_PARKING_COLUMNS = [
    "parking_id",
    "owner_kind",
    "function",
    "capacity",
    "is_open_to_public",
    "opening_hours",
    "geometry",
]


def street_rows(parts: Sequence[tuple[str, Item, LineString]]) -> pd.DataFrame:
    """
    Return one row per street segment.

    Parking places counted along a whole way are shared out over its segments by length, in
    whole places that add up. The tag ``width`` is that of the carriageway and is not used.

    Parameters
    ----------
    parts : sequence of (str, Item, LineString)
        Identifier, way and shape of each segment, segments of a way together and in order.

    Examples
    --------
    >>> way = Item("w", 8, 1, {"highway": "residential", "parking:left:capacity": "3"})
    >>> parts = [("w8-1", way, LineString([(0, 0), (20, 0)])),
    ...          ("w8-2", way, LineString([(20, 0), (30, 0)]))]
    >>> street_rows(parts)["on_street_spaces"].tolist()
    [2, 1]
    """
    rows = [
        {
            "street_id": name,
            "street_name": way.tags.get("name"),
            "road_class": ROADS[road_kind(way.tags)],
            "way": way.number,
            "spaces": kerb_spaces(way.tags),
            "geometry": line,
        }
        for name, way, line in parts
    ]
    columns = ["street_id", "street_name", "road_class", "way", "spaces", "geometry"]
    table = pd.DataFrame(rows, columns=columns)
    length = pd.Series(shapely.length(table["geometry"].to_numpy()), index=table.index)
    reached = length.groupby(table["way"]).cumsum() / length.groupby(table["way"]).transform("sum")
    until = (table["spaces"].astype("float64") * reached).round()
    before = until.groupby(table["way"]).shift(fill_value=0.0)
    spaces = (until - before).astype("Int64")
    return table.drop(columns=["way", "spaces"]).assign(on_street_spaces=spaces)


def parking_rows(
    parkings: Sequence[Area], neighbours: Sequence[Area], spots: Sequence[Spot]
) -> tuple[pd.DataFrame, int]:
    """
    Return one row per car park off the street, and how many got their function from a neighbour.

    Parameters
    ----------
    parkings : sequence of Area
        Car parks, as areas or points.
    neighbours : sequence of Area
        Buildings and grounds that may be a school or supermarket.
    spots : sequence of Spot
        Points that may be one.

    Examples
    --------
    >>> lot = Area(Item("w", 5, 1, {"capacity": "12", "access": "customers"}),
    ...            shapely.box(0, 0, 20, 10))
    >>> shop = Spot({"shop": "supermarket"}, shapely.Point(40, 5))
    >>> rows, near = parking_rows([lot], [], [shop])
    >>> rows.loc[0, "function"], int(rows.loc[0, "capacity"]), near
    ('supermarket', 12, 1)
    """
    told = [named_use(area.item.tags) for area in parkings]
    near = _nearest_use(parkings, neighbours, spots)
    rows = [
        {
            "parking_id": area.item.key,
            "owner_kind": owner_of(area.item.tags),
            "function": named or near.get(position, "unknown"),
            "capacity": _whole(number_of(area.item.tags.get("capacity"))),
            "is_open_to_public": is_public(area.item.tags),
            "opening_hours": area.item.tags.get("opening_hours"),
            "geometry": area.shape,
        }
        for position, (area, named) in enumerate(zip(parkings, told, strict=True))
    ]
    kinds = {"capacity": "Int64", "is_open_to_public": "boolean"}
    table = pd.DataFrame(rows, columns=_PARKING_COLUMNS).astype(kinds)
    return table, sum(1 for position in near if told[position] is None)


def _whole(value: float | None) -> int | None:
    return int(value) if value is not None and value == int(value) else None


def _nearest_use(
    parkings: Sequence[Area], neighbours: Sequence[Area], spots: Sequence[Spot]
) -> dict[int, str]:
    """Return the school or supermarket nearest to each car park, within reach."""
    known = [
        *((_use(area.item), area.shape) for area in neighbours),
        *((use_of(spot.tags), spot.place) for spot in spots),
    ]
    candidates = [(use, shape) for use, shape in known if use in _PARKING_NEIGHBOURS]
    if not candidates or not parkings:
        return {}
    tree = shapely.STRtree([shape for _, shape in candidates])
    lots = np.array([area.shape for area in parkings], dtype=object)
    lot_numbers, found = tree.query_nearest(lots, max_distance=NEAR_PARKING_M, all_matches=False)
    return {
        lot: str(candidates[position][0])
        for lot, position in zip(lot_numbers.tolist(), found.tolist(), strict=True)
    }


def _use(item: Item) -> str | None:
    return use_of(item.tags) or BUILDINGS.get(item.tags.get("building", ""), (None, None))[0]


def tree_rows(trees: Sequence[Area]) -> pd.DataFrame:
    """
    Return one row per tree; its class follows from the height, where that is known.

    Examples
    --------
    >>> oak = Area(Item("n", 3, 1, {"height": "14", "diameter_crown": "8 m"}), shapely.Point(1, 1))
    >>> tree_rows([oak]).loc[0, "size_class"], float(tree_rows([oak]).loc[0, "crown_diameter_m"])
    ('1b', 8.0)
    """
    return pd.DataFrame(
        [
            {
                "tree_id": area.item.key,
                "size_class": size_class(number_of(area.item.tags.get("height"), unit="m")),
                "crown_diameter_m": number_of(area.item.tags.get("diameter_crown"), unit="m"),
                "geometry": area.shape,
            }
            for area in trees
        ]
    )


def green_rows(areas: Sequence[Area]) -> pd.DataFrame:
    """
    Return one row per green or blue area.

    Examples
    --------
    >>> field = Area(Item("w", 4, 1, {"landuse": "meadow"}), shapely.box(0, 0, 9, 9))
    >>> green_rows([field]).loc[0, ["green_id", "kind"]].tolist()
    ['w4', 'agriculture']
    """
    return pd.DataFrame(
        [
            {
                "green_id": area.item.key,
                "kind": green_kind(area.item.tags),
                "geometry": area.shape,
            }
            for area in areas
        ]
    )
