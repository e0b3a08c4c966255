"""
Buildings from OpenStreetMap: what each footprint is for, and how many homes it holds.

The rules, in order:

1. Garages, sheds and roofs (``ancillary``) are never homes.
2. A home that also carries a shop, café, office or practice is ``mixed``.
3. ``building=yes`` with a shop, school or other use, or on the ground of one, has that
   function; else with an address and the size of a home it is a home; else it is ``unknown``
   and holds no homes.
4. Homes are counted by ``building:flats``, ``addr:flats`` or the addresses in the footprint.
   Where flats are likely but not counted, the number stays missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from shapely import Geometry, Point

from lekp_lib.io.adapters._osm_read import Item
from lekp_lib.io.adapters._osm_tags import (
    APARTMENTS,
    BUILDINGS,
    COMMERCIAL,
    COVERS,
    OPEN_BUILDINGS,
    SMALLEST_HOME_M2,
    addresses_of,
    flats_of,
    foremost,
    levels_of,
    number_of,
    use_of,
    year_of,
)

__all__ = ["Area", "Spot", "building_rows"]

_Address = tuple[str, str, str]
_COLUMNS = [
    "building_id",
    "function",
    "dwellings",
    "construction_year",
    "building_type",
    "levels",
    "height_m",
    "is_heritage",
    "street_name",
    "house_number",
    "geometry",
]


@dataclass(frozen=True)
class Area:
    """An object of OpenStreetMap with its shape [m, EPSG:31370]."""

    item: Item
    shape: Geometry


@dataclass(frozen=True)
class Spot:
    """A tagged point and where it lies [m, EPSG:31370]."""

    tags: Mapping[str, str]
    place: Point


@dataclass(frozen=True)
class _Clues:
    """What tells about one footprint: its own use, a use inside, homes counted, addresses."""

    own: str | None
    inner: str | None
    ground: str | None
    flats: int | None
    homes: int
    area_m2: float


def building_rows(
    buildings: Sequence[Area], spots: Sequence[Spot], grounds: Sequence[Area]
) -> pd.DataFrame:
    """
    Return one row per footprint with everything the tags tell.

    Parameters
    ----------
    buildings : sequence of Area
        Footprints.
    spots : sequence of Spot
        Points with an address or a use.
    grounds : sequence of Area
        Grounds with a use, such as a school's; only for footprints that tell nothing.

    Returns
    -------
    DataFrame, RangeIndex
        Columns of contract ``gebouwen`` that OpenStreetMap can fill, and geometry.

    Examples
    --------
    >>> square = shapely.box(0, 0, 10, 10)
    >>> house = Area(Item("w", 1, 1, {"building": "yes", "addr:housenumber": "5"}), square)
    >>> rows = building_rows([house], [], [])
    >>> rows.loc[0, "function"], int(rows.loc[0, "dwellings"])
    ('residential', 1)
    """
    shapes = np.array([area.shape for area in buildings], dtype=object)
    inside = _spots_inside(shapes, spots)
    ground_uses = _ground_uses(shapes, grounds)
    rows = [
        _row(area, [spots[n] for n in inside.get(position, ())], ground_uses.get(position))
        for position, area in enumerate(buildings)
    ]
    kinds = {"dwellings": "Int64", "construction_year": "Int64", "is_heritage": "boolean"}
    return pd.DataFrame(rows, columns=_COLUMNS).astype(kinds)


def _spots_inside(shapes: np.ndarray, spots: Sequence[Spot]) -> dict[int, list[int]]:
    """Return the points in or on each footprint; one that two share is given to neither."""
    places = np.array([spot.place for spot in spots], dtype=object)
    found: dict[int, list[int]] = {}
    if not len(shapes) or not len(places):
        return found
    owners: dict[int, list[int]] = {}
    spot_numbers, shape_numbers = shapely.STRtree(shapes).query(places, predicate="intersects")
    for spot, shape in zip(spot_numbers.tolist(), shape_numbers.tolist(), strict=True):
        owners.setdefault(spot, []).append(shape)
    for spot, candidates in owners.items():
        within = [n for n in candidates if shapely.contains(shapes[n], places[spot])]
        sole = within if len(candidates) > 1 else candidates
        if len(sole) == 1:
            found.setdefault(sole[0], []).append(spot)
    return found


def _ground_uses(shapes: np.ndarray, grounds: Sequence[Area]) -> dict[int, str]:
    """Return the use of the smallest ground round each footprint that lies on one."""
    uses: dict[int, str] = {}
    if not len(shapes) or not grounds:
        return uses
    by_size = sorted(grounds, key=lambda ground: -ground.shape.area)
    yards = np.array([ground.shape for ground in by_size], dtype=object)
    inner = shapely.point_on_surface(shapes)
    yard_numbers, shape_numbers = shapely.STRtree(inner).query(yards, predicate="intersects")
    pairs = sorted(zip(yard_numbers.tolist(), shape_numbers.tolist(), strict=True))
    for yard, shape in pairs:  # the smallest comes last and stays
        use = use_of(by_size[yard].item.tags)
        if use is not None:
            uses[shape] = use
    return uses


def _row(area: Area, inside: Sequence[Spot], ground: str | None) -> dict[str, object]:
    tags = area.item.tags
    function, dwellings = _use_and_homes(tags["building"], _clues(area, inside, ground))
    street, number = _address(tags, inside)
    return {
        "building_id": area.item.key,
        "function": function,
        "dwellings": dwellings,
        "construction_year": year_of(tags),
        "building_type": _type(tags["building"], function),
        "levels": levels_of(tags),
        "height_m": _height(tags),
        "is_heritage": True if tags.get("heritage", "no") != "no" else None,
        "street_name": street,
        "house_number": number,
        "geometry": area.shape,
    }


def _height(tags: Mapping[str, str]) -> float | None:
    return number_of(tags.get("height", tags.get("building:height")), unit="m")


def _type(kind: str, function: str) -> str | None:
    if function == "mixed":
        return "mixed_commercial"
    return BUILDINGS.get(kind, ("", None))[1] if function == "residential" else None


def _clues(area: Area, inside: Sequence[Spot], ground: str | None) -> _Clues:
    tags = area.item.tags
    own = use_of(tags)
    in_use = [(spot, use_of(spot.tags)) for spot in inside]
    uses = [use for _, use in in_use if use is not None]
    taken = {a for spot, use in in_use if use is not None for a in addresses_of(spot.tags)}
    homes = {a for spot, use in in_use if use is None for a in addresses_of(spot.tags)}
    shares_address = own is not None or any(
        use is not None and not addresses_of(spot.tags) for spot, use in in_use
    )
    if not shares_address:
        homes.update(addresses_of(tags))
    flats = flats_of(tags)
    counted = [flats_of(spot.tags) for spot, use in in_use if use is None]
    if flats is None and counted and None not in counted:
        flats = sum(n for n in counted if n is not None)
    return _Clues(
        own=own,
        inner=foremost(uses),
        ground=ground,
        flats=flats,
        homes=len(_distinct(homes - taken)),
        area_m2=float(area.shape.area),
    )


def _distinct(addresses: set[_Address]) -> set[_Address]:
    """Drop an address without street or flat if the same number is there with it."""
    full = {(number, flat) for street, number, flat in addresses if street}
    return {a for a in addresses if a[0] or (a[1], a[2]) not in full}


def _use_and_homes(kind: str, clues: _Clues) -> tuple[str, int | None]:
    """Return function and number of homes; None where homes are likely but not counted."""
    base = BUILDINGS.get(kind, BUILDINGS["yes"])[0]
    if base == "ancillary":
        use = None if kind in COVERS else clues.own
        return use or base, 0
    if base == "residential":
        return _home(kind, clues)
    if base == "unknown":
        return _unnamed(clues)
    use = clues.own or (clues.inner if kind in OPEN_BUILDINGS else None) or base
    if clues.flats and use in COMMERCIAL:
        return "mixed", clues.flats
    return use, 0


def _home(kind: str, clues: _Clues) -> tuple[str, int | None]:
    if clues.own is not None and clues.own not in COMMERCIAL:
        return clues.own, clues.flats or 0
    use = clues.own or clues.inner
    homes: int | None = clues.flats
    if homes is None and kind in APARTMENTS:
        homes = clues.homes if clues.homes > 1 else None
    elif homes is None and kind == "terrace":
        homes = clues.homes or None
    elif homes is None:
        homes = max(1, clues.homes)
    return ("mixed" if use in COMMERCIAL else "residential"), homes


def _unnamed(clues: _Clues) -> tuple[str, int | None]:
    """Decide about ``building=yes``."""
    use = clues.own or clues.inner
    homes = clues.flats if clues.flats is not None else clues.homes
    if use is None and clues.ground is not None:
        use, homes = clues.ground, clues.flats or 0
    if use is not None:
        return ("mixed", homes) if homes and use in COMMERCIAL else (use, 0)
    if homes and (clues.flats is not None or clues.area_m2 >= SMALLEST_HOME_M2):
        return "residential", homes
    return "unknown", 0


def _address(tags: Mapping[str, str], inside: Sequence[Spot]) -> tuple[str | None, str | None]:
    """Return street and house number of the footprint, or of the addresses in it."""
    found = addresses_of(tags) or [a for spot in inside for a in addresses_of(spot.tags)]
    streets = {street for street, _, _ in found if street}
    numbers = dict.fromkeys(number for _, number, _ in found)
    street = streets.pop() if len(streets) == 1 else tags.get("addr:street")
    return street, ", ".join(numbers) or None
