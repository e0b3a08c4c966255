"""Bring shapes into the one coordinate reference system of the platform, or refuse the file."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer

from lekp_lib.contracts import CRS as HOUSE_CRS
from lekp_lib.errors import ContractError, Fault

__all__ = ["no_crs", "refuse", "to_house_crs"]

_ACCEPTED = (HOUSE_CRS, 3812, 4326)
_WGS_84 = 4326
_PROBES = ((2.9, 51.2), (4.4, 51.2), (5.7, 50.8))
"""Ostend, Antwerp and Maastricht: where two systems must agree to be called the same."""
_TOLERANCE_M = 0.5
_MOST_DEGREES = 180
_REMEDY = (
    "Bewaar het bestand opnieuw met EPSG:31370 (Lambert 72), EPSG:3812 (Lambert 2008) of "
    "EPSG:4326 (WGS 84)."
)


def refuse(path: Path, problem: str, remedy: str, *, row: int | None = None) -> ContractError:
    """Return the error that refuses a file as a whole, or from one row on."""
    return ContractError([Fault(path.name, row, None, None, problem, remedy)])


def no_crs(path: Path) -> ContractError:
    """Return the error that refuses a file without a coordinate reference system."""
    return refuse(path, "het coördinatenstelsel (CRS) ontbreekt", _REMEDY)


def to_house_crs(table: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    """
    Return the table in EPSG:31370, flat, with its shapes in the column ``geometry``.

    Parameters
    ----------
    table : GeoDataFrame
        In one of EPSG:31370, 3812 and 4326; heights are dropped.
    path : Path
        For the messages.

    Raises
    ------
    ContractError
        If the CRS is missing or another one, or does not fit the coordinates.
    """
    if table.crs is None:
        raise no_crs(path)
    code = _accepted_code(table.crs)
    if code is None:
        problem = f"het coördinatenstelsel «{table.crs.name}» wordt niet aanvaard"
        raise refuse(path, problem, _REMEDY)
    flat = shapely.force_2d(table.geometry.to_numpy())
    if code == _WGS_84:
        _refuse_metres(flat, path)
    if code != HOUSE_CRS:
        change = Transformer.from_crs(code, HOUSE_CRS, always_xy=True)
        flat = shapely.transform(flat, lambda xy: np.column_stack(change.transform(*xy.T)))
    plain = pd.DataFrame(table).drop(columns=table.geometry.name)
    return gpd.GeoDataFrame(plain, geometry=flat, crs=HOUSE_CRS)


def _refuse_metres(shapes: np.ndarray, path: Path) -> None:
    """Refuse metres that call themselves degrees, as a GeoJSON without CRS does."""
    coordinates = shapely.get_coordinates(shapes)
    finite = coordinates[np.isfinite(coordinates).all(axis=1)]
    if len(finite) == 0 or np.median(np.abs(finite).max(axis=1)) <= _MOST_DEGREES:
        return
    if path.suffix.casefold() in {".geojson", ".json"}:
        raise no_crs(path)
    problem = "het bestand zegt WGS 84 (graden), maar de coördinaten zijn geen graden"
    raise refuse(path, problem, _REMEDY)


def _accepted_code(crs: CRS) -> int | None:
    """Return the accepted code that a CRS stands for; a height system beside it is left out."""
    flat = crs.sub_crs_list[0] if crs.is_compound else crs.to_2d()
    code = flat.to_epsg(min_confidence=70)
    if code is not None:
        return int(code) if code in _ACCEPTED else None
    for accepted in _ACCEPTED:
        official = CRS.from_epsg(accepted)
        if flat.equals(official, ignore_axis_order=True) or _agree(flat, official):
            return accepted
    return _WGS_84 if flat.name == "WGS 84 (CRS84)" else None


def _agree(crs: CRS, official: CRS) -> bool:
    """Tell a home-made description of a projection: a name alone is not enough."""
    if not (crs.is_projected and official.is_projected):
        return False
    places = np.array(_PROBES).T
    east, north = Transformer.from_crs(_WGS_84, official, always_xy=True).transform(*places)
    moved = Transformer.from_crs(official, crs, always_xy=True).transform(east, north)
    return bool(np.allclose(moved, (east, north), rtol=0, atol=_TOLERANCE_M))
