"""
Read one file as it is: text stays text, and no coordinate reference system is guessed.

Municipal files are untrusted: only regular local files with a known ending are opened, each
by the one driver that fits its first bytes, and a zip only when it holds a single shapefile.
"""

from __future__ import annotations

import json
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet
import pyogrio
import shapely
from openpyxl.utils.exceptions import InvalidFileException
from pyproj import CRS
from pyproj.exceptions import CRSError

from lekp_lib.contracts import Source
from lekp_lib.errors import ContractError, Fault
from lekp_lib.io._crs import no_crs, refuse, to_house_crs
from lekp_lib.io._sheets import is_filled, read_csv, read_sheet

__all__ = ["GEO_ENDINGS", "SHEET_ENDINGS", "has_rows", "read_raw"]

_SQLITE, _SHAPE, _ZIP = b"SQLite format 3\x00", b"\x00\x00\x27\x0a", b"PK"
_FIRST_BYTES = {".gpkg": _SQLITE, ".shp": _SHAPE, ".zip": _ZIP, ".xlsx": _ZIP, ".parquet": b"PAR1"}
GEO_ENDINGS = (".gpkg", ".geojson", ".json", ".shp", ".zip", ".parquet")
SHEET_ENDINGS = (".csv", ".xlsx")
_LARGEST_FILE = 2_000_000_000
_LARGEST_UNZIPPED = 4_000_000_000
_BROKEN_FILE = (
    ArithmeticError,
    AttributeError,
    CRSError,
    EOFError,
    InvalidFileException,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    pa.ArrowException,
    pyogrio.errors.DataSourceError,
    pyogrio.errors.FieldError,
    shapely.errors.ShapelyError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the readers of others raise on a file that is damaged, found by damaging files."""


def read_raw(path: Path, *, sheet: str | None = None) -> tuple[pd.DataFrame, Source]:
    """
    Return the rows of one file in EPSG:31370, and where they came from.

    Parameters
    ----------
    path : Path
        A file with one of ``GEO_ENDINGS`` or ``SHEET_ENDINGS``.
    sheet : str, optional
        Sheet of a workbook, or layer of a GeoPackage; without it the first one.

    Raises
    ------
    ContractError
        If the file cannot be read, has no CRS or one that is not accepted.
    """
    with _refusing_damage(path):
        _check_file(path)
        ending = path.suffix.casefold()
        if ending == ".csv":
            return read_csv(path)
        if ending == ".xlsx":
            table, name = read_sheet(path, sheet)
            return table, Source(f"{path.name} · {name}", 2, uses_decimal_comma=True)
        if ending == ".parquet":
            return _read_parquet(path), Source(path.name, 1)
        return _read_layer(path, sheet), Source(path.name, 1)


def has_rows(workbook: Path, *, sheet: str) -> bool:
    """
    Tell whether a workbook has a sheet of this name with something below its heading.

    A workbook that cannot be opened has: reading it then tells what is wrong.
    """
    try:
        with _refusing_damage(workbook):
            _check_file(workbook)
            return is_filled(workbook, sheet)
    except ContractError:
        return True


@contextmanager
def _refusing_damage(path: Path) -> Iterator[None]:
    """Turn what the readers of others raise on a damaged file into one Dutch sentence."""
    try:
        yield
    except ContractError:
        raise
    except _BROKEN_FILE as error:
        raise ContractError([_unreadable(path.name, path.suffix.casefold())]) from error


def _unreadable(name: str, ending: str) -> Fault:
    problem = "het bestand kan niet gelezen worden: het is beschadigd, afgebroken of iets anders"
    remedy = "Open het in het programma waar het vandaan komt en bewaar het opnieuw."
    if ending in {".shp", ".zip"}:
        remedy += " Een shapefile is pas volledig met .shp, .shx, .dbf en .prj samen."
    return Fault(name, None, None, None, problem, remedy)


def _check_file(path: Path) -> None:
    if path.is_symlink() or not path.is_file():
        raise refuse(path, "is geen gewoon bestand", "Zet het bestand zelf in de map.")
    size = path.stat().st_size
    if size == 0:
        raise refuse(path, "het bestand is leeg (0 bytes)", "Kopieer het bestand opnieuw.")
    if size > _LARGEST_FILE:
        raise refuse(path, "het bestand is groter dan 2 GB", "Knip de wijk eruit.")
    ending = path.suffix.casefold()
    expected = _FIRST_BYTES.get(ending, b"")
    with path.open("rb") as stream:
        if stream.read(len(expected)) != expected:
            problem = f"het bestand is geen {ending}, al heet het zo"
            remedy = "Bewaar het opnieuw in dat formaat; een andere naam geven is niet genoeg."
            raise refuse(path, problem, remedy)


def _read_parquet(path: Path) -> pd.DataFrame:
    metadata = pa.parquet.read_schema(path).metadata or {}
    if b"geo" not in metadata:
        return _frame(pa.parquet.read_table(path), path)
    about = json.loads(metadata[b"geo"])
    main = about["primary_column"]
    if "crs" in about["columns"][main] and about["columns"][main]["crs"] is None:
        raise no_crs(path)
    shapes = gpd.read_parquet(path, columns=[main])
    rest = _frame(pa.parquet.read_table(path).drop_columns(list(about["columns"])), path)
    table = gpd.GeoDataFrame(rest, geometry=shapes.geometry.to_numpy(), crs=shapes.crs)
    placed: pd.DataFrame = to_house_crs(table, path)
    return placed


def _frame(table: pa.Table, path: Path) -> pd.DataFrame:
    """Return a data frame in which NaN is told from an empty cell, as the text "NaN"."""
    try:
        table.validate(full=True)
    except pa.ArrowInvalid as error:
        remedy = "Bewaar het bestand opnieuw, met de codering UTF-8."
        raise refuse(path, "de tekens van het bestand zijn niet leesbaar", remedy) from error
    frame: pd.DataFrame = table.to_pandas()
    for name, values in zip(table.column_names, table.columns, strict=True):
        if pa.types.is_dictionary(values.type):
            frame[name] = frame[name].astype(object)
        if not pa.types.is_floating(values.type):
            continue
        wrong = pa.compute.is_nan(values).fill_null(fill_value=False).to_numpy()
        if wrong.any() and name in frame:
            frame[name] = frame[name].astype(object).mask(wrong, "NaN")
    return frame if frame.index.names == [None] else frame.reset_index()


def _read_layer(path: Path, wanted: str | None) -> gpd.GeoDataFrame:
    target = _target(path)
    with warnings.catch_warnings(), np.errstate(invalid="ignore"):
        # What GDAL warns of, in English, is checked below or by the contract.
        warnings.simplefilter("ignore")
        meta, arrow = pyogrio.read_arrow(target, layer=_layer(target, wanted, path))
        name = meta["geometry_name"] or "wkb_geometry"
        shapes = shapely.from_wkb(arrow.column(name).to_numpy(), on_invalid="ignore")
    if meta["crs"] is None:
        raise no_crs(path)
    fields = _frame(arrow.select(list(meta["fields"])), path)
    crs = CRS.from_user_input(meta["crs"])
    return to_house_crs(gpd.GeoDataFrame(fields, geometry=shapes, crs=crs), path)


def _target(path: Path) -> str:
    """Return what GDAL must open, such that no other driver than the one meant takes it."""
    ending = path.suffix.casefold()
    if ending in {".geojson", ".json"}:
        return f"GeoJSON:{path}"
    if ending != ".zip":
        return str(path)
    with zipfile.ZipFile(path) as archive:
        if sum(item.file_size for item in archive.infolist()) > _LARGEST_UNZIPPED:
            raise refuse(path, "de zip is uitgepakt groter dan 4 GB", "Knip de wijk eruit.")
        shapes = [name for name in archive.namelist() if _is_shapefile(name)]
        if len(shapes) != 1:
            raise refuse(path, f"de zip bevat {len(shapes)} shapefiles", "Zet er precies één in.")
        with archive.open(shapes[0]) as stream:
            if stream.read(len(_SHAPE)) != _SHAPE:
                remedy = "Bewaar de laag opnieuw als shapefile."
                raise refuse(path, f"«{shapes[0]}» in de zip is geen shapefile", remedy)
    return f"/vsizip/{path}/{shapes[0]}"


def _is_shapefile(name: str) -> bool:
    """Tell a shapefile in a zip from what a Mac adds beside it."""
    parts = PurePosixPath(name)
    return parts.suffix.casefold() == ".shp" and not parts.name.startswith("._")


def _layer(target: str, wanted: str | None, path: Path) -> str:
    """Return the layer named after the table, or the only one with shapes."""
    names = [str(name) for name, kind in pyogrio.list_layers(target) if kind is not None]
    if not names:
        raise refuse(
            path,
            "het bestand bevat geen geometrie (vormen op de kaart)",
            "Bewaar de laag als GeoPackage of GeoJSON, met de vormen erbij.",
        )
    named = [name for name in names if name.casefold() == (wanted or "").casefold()]
    if len(named) == 1 or len(names) == 1:
        return (named or names)[0]
    raise refuse(
        path,
        f"het bestand bevat {len(names)} lagen: {', '.join(names)}",
        f"Noem één laag «{wanted}», of bewaar die laag apart.",
    )
