"""Check geometries: there, of the right type, finite, valid, not empty, and in Belgium."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from lekp_lib.contracts._base import Contract
from lekp_lib.errors import Fault

__all__ = ["BELGIUM", "geometry_faults"]

BELGIUM = (10_000.0, 10_000.0, 310_000.0, 270_000.0)
"""Generous box round Belgium: west, south, east, north [m, EPSG:31370]."""

_TYPE_WORDS = {
    "Point": "punt",
    "LineString": "lijn",
    "MultiLineString": "lijn",
    "Polygon": "vlak",
    "MultiPolygon": "vlak",
}


def geometry_faults(
    table: gpd.GeoDataFrame, contract: Contract, file: str, first_row: int
) -> list[Fault]:
    """
    Return the faults in the geometry column, one per row at most.

    Examples
    --------
    >>> from lekp_lib.contracts.inputs import INPUTS
    >>> from shapely import Polygon
    >>> bow_tie = Polygon([(1e5, 2e5), (100010, 200010), (100010, 2e5), (1e5, 200010)])
    >>> table = gpd.GeoDataFrame(geometry=[bow_tie], crs=31370)
    >>> geometry_faults(table, INPUTS["gebouwen"], "gebouwen.gpkg", 1)[0].problem
    'het vlak kruist zichzelf (bij 100005, 200005)'
    """
    shapes = table.geometry.to_numpy()
    problems: dict[int, tuple[str, str]] = {}
    with np.errstate(invalid="ignore"):  # coordinates may be NaN or infinite
        for find in (_missing, _wrong_type, _not_finite, _invalid, _no_size, _outside):
            for position, words in find(shapes, contract).items():
                problems.setdefault(position, words)
    return [
        Fault(file, position + first_row, "geometry", None, problem, remedy)
        for position, (problem, remedy) in sorted(problems.items())
    ]


_Found = dict[int, tuple[str, str]]


def _same(mask: np.ndarray, problem: str, remedy: str) -> _Found:
    return {int(position): (problem, remedy) for position in np.flatnonzero(mask)}


def _missing(shapes: np.ndarray, contract: Contract) -> _Found:
    if contract.is_geometry_optional:
        return {}
    gone = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    return _same(gone, "de vorm ontbreekt of is leeg", "Teken de vorm of verwijder de rij.")


def _wrong_type(shapes: np.ndarray, contract: Contract) -> _Found:
    allowed = {shapely.GeometryType[name.upper()].value for name in contract.geometry}
    wrong = ~np.isin(shapely.get_type_id(shapes), list(allowed)) & ~shapely.is_missing(shapes)
    words = " of ".join(dict.fromkeys(_TYPE_WORDS[name] for name in contract.geometry))
    return _same(wrong, f"de vorm moet een {words} zijn", "Kijk na of dit de juiste laag is.")


def _not_finite(shapes: np.ndarray, contract: Contract) -> _Found:
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    broken = np.unique(owner[~np.isfinite(coordinates).all(axis=1)])
    remedy = "Teken de vorm opnieuw of verwijder de rij."
    return {int(p): ("een coördinaat is geen getal of oneindig", remedy) for p in broken}


def _invalid(shapes: np.ndarray, contract: Contract) -> _Found:
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    broken = np.unique(owner[~np.isfinite(coordinates).all(axis=1)])
    candidates = ~(shapely.is_missing(shapes) | np.isin(np.arange(len(shapes)), broken))
    invalid = np.zeros(len(shapes), dtype=bool)
    invalid[candidates] = ~shapely.is_valid(shapes[candidates])
    found: _Found = {}
    for position in np.flatnonzero(invalid):
        reason = str(shapely.is_valid_reason(shapes[position]))
        found[int(position)] = (
            _reason(reason),
            "Herstel de vorm, bijvoorbeeld met «Geometrieën herstellen» in QGIS.",
        )
    return found


def _reason(reason: str) -> str:
    where = reason.partition("[")[2].rstrip("]").split()
    place = f" (bij {float(where[0]):.0f}, {float(where[1]):.0f})" if len(where) >= 2 else ""
    if reason.startswith("Self-intersection") or reason.startswith("Ring Self-intersection"):
        return f"het vlak kruist zichzelf{place}"
    return f"de vorm is ongeldig{place}"


def _no_size(shapes: np.ndarray, contract: Contract) -> _Found:
    if "Point" in contract.geometry:
        return {}
    is_area = "Polygon" in contract.geometry
    size = shapely.area(shapes) if is_area else shapely.length(shapes)
    word = "oppervlakte" if is_area else "lengte"
    return _same(size == 0, f"de vorm heeft geen {word}", "Teken de vorm of verwijder de rij.")


def _outside(shapes: np.ndarray, contract: Contract) -> _Found:
    west, south, east, north = BELGIUM
    x_min, y_min, x_max, y_max = shapely.bounds(shapes).T
    outside = (x_min < west) | (y_min < south) | (x_max > east) | (y_max > north)
    return _same(
        outside,
        "de vorm ligt buiten België",
        "Waarschijnlijk klopt het coördinatenstelsel van het bestand niet; zet het juist.",
    )
