"""
Read one file as it is: text stays text, and no coordinate reference system is guessed.

Municipal files are untrusted: only regular local files with a known ending are opened, each
by the one driver that fits, and a zip only when it holds a single shapefile.
"""

from __future__ import annotations

import csv
import json
import math
import warnings
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet
import pyogrio
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from lekp_lib.contracts import CRS as HOUSE_CRS
from lekp_lib.contracts import Source
from lekp_lib.errors import ContractError, Fault

__all__ = ["GEO_ENDINGS", "SHEET_ENDINGS", "read_raw"]

_DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".json": "GeoJSON", ".shp": "ESRI Shapefile"}
GEO_ENDINGS = (*_DRIVERS, ".zip", ".parquet")
SHEET_ENDINGS = (".csv", ".xlsx")
_ACCEPTED_CRS = (HOUSE_CRS, 3812, 4326)
_LARGEST_FILE = 2_000_000_000
_LARGEST_UNZIPPED = 4_000_000_000


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
    _check_file(path)
    ending = path.suffix.casefold()
    name = f"{path.name} · {sheet}" if sheet and ending == ".xlsx" else path.name
    try:
        if ending == ".csv":
            return _read_csv(path)
        if ending == ".xlsx":
            return _read_sheet(path, sheet), Source(name, 2)
        if ending == ".parquet":
            return _read_parquet(path), Source(name, 1)
        return _read_layer(path, sheet), Source(name, 1)
    except ContractError:
        raise
    except (OSError, ValueError, KeyError, RuntimeError, zipfile.BadZipFile, pa.ArrowException,
            pyogrio.errors.DataSourceError, shapely.errors.ShapelyError, CRSError,
            UnicodeError, csv.Error) as error:  # fmt: skip
        raise ContractError([_unreadable(name, error)]) from error


def _unreadable(name: str, error: Exception) -> Fault:
    reason = str(error).splitlines()[0][:160] if str(error) else type(error).__name__
    return Fault(
        name,
        None,
        None,
        None,
        f"het bestand kan niet gelezen worden; het is leeg, beschadigd of afgebroken ({reason})",
        "Open het in het programma waar het vandaan komt en bewaar het opnieuw.",
    )


def _refuse(path: Path, problem: str, remedy: str) -> ContractError:
    return ContractError([Fault(path.name, None, None, None, problem, remedy)])


def _check_file(path: Path) -> None:
    if path.is_symlink() or not path.is_file():
        raise _refuse(path, "is geen gewoon bestand", "Zet het bestand zelf in de map.")
    size = path.stat().st_size
    if size == 0:
        raise _refuse(path, "het bestand is leeg (0 bytes)", "Kopieer het bestand opnieuw.")
    if size > _LARGEST_FILE:
        raise _refuse(path, "het bestand is groter dan 2 GB", "Knip de wijk eruit.")


def _read_csv(path: Path) -> tuple[pd.DataFrame, Source]:
    text = _decode(path)
    first = text.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    table = pd.read_csv(
        path,
        sep=separator,
        dtype=str,
        keep_default_na=False,
        encoding="utf-8-sig" if text.startswith("\ufeff") or _is_utf8(path) else "cp1252",
        on_bad_lines="error",
        index_col=False,
    )
    source = Source(path.name, 2, uses_decimal_comma=separator == ";")
    if "geometry" in table.columns:
        return _from_ewkt(table, path), source
    return table, source


def _is_utf8(path: Path) -> bool:
    try:
        path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decode(path: Path) -> str:
    raw = path.read_bytes()
    if b"\x00" in raw:
        msg = "bevat binaire gegevens"
        raise ValueError(msg)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _from_ewkt(table: pd.DataFrame, path: Path) -> gpd.GeoDataFrame:
    """Read shapes written as ``SRID=31370;POINT (...)``; without SRID there is no CRS."""
    texts = table["geometry"].astype("str")
    codes = texts.str.extract(r"^SRID=(\d+);", expand=False)
    if codes.isna().any() or (codes != codes.iloc[0]).any():
        raise _no_crs(path)
    shapes = shapely.from_wkt(texts.str.replace(r"^SRID=\d+;", "", regex=True).to_numpy())
    crs = CRS.from_epsg(int(codes.iloc[0]))
    return _to_house_crs(gpd.GeoDataFrame(table, geometry=shapes, crs=crs), path)


def _no_crs(path: Path) -> ContractError:
    return _refuse(
        path,
        "het coördinatenstelsel (CRS) ontbreekt",
        "Bewaar het bestand opnieuw met EPSG:31370 (Lambert 72), EPSG:3812 (Lambert 2008) of "
        "EPSG:4326 (WGS 84).",
    )


def _read_sheet(path: Path, sheet: str | None) -> pd.DataFrame:
    workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        names = workbook.sheetnames
        worksheet = workbook[sheet] if sheet in names else workbook[names[0]]
        rows = [row for row in worksheet.iter_rows(values_only=True)]
    finally:
        workbook.close()
    if not rows:
        msg = "het werkblad is leeg"
        raise ValueError(msg)
    headings = [str(cell) if cell is not None else "" for cell in rows[0]]
    table = pd.DataFrame(rows[1:], columns=headings, dtype=object)
    table = table.loc[:, [bool(heading) for heading in headings]]
    filled = table.notna().any(axis=1)
    last = int(np.flatnonzero(filled)[-1]) + 1 if filled.any() else 0
    return table.iloc[:last]


def _read_parquet(path: Path) -> pd.DataFrame:
    schema = pa.parquet.read_schema(path)
    if b"geo" not in (schema.metadata or {}):
        return pd.read_parquet(path)
    columns = json.loads(schema.metadata[b"geo"])["columns"]
    if any("crs" in about and about["crs"] is None for about in columns.values()):
        raise _no_crs(path)
    return _to_house_crs(gpd.read_parquet(path), path)


def _read_layer(path: Path, layer: str | None) -> gpd.GeoDataFrame:
    target, driver = _target(path)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Measured", category=UserWarning)
        meta, arrow = pyogrio.read_arrow(target, layer=_layer(target, layer, path))
    _refuse_not_a_number(arrow, path)
    if meta["geometry_name"] is None or meta["geometry_type"] is None:
        raise _refuse(
            path,
            "het bestand bevat geen geometrie (vormen op de kaart)",
            "Bewaar de laag als GeoPackage of GeoJSON, met de vormen erbij.",
        )
    name = meta["geometry_name"] or "wkb_geometry"
    shapes = shapely.from_wkb(arrow.column(name).to_pylist(), on_invalid="ignore")
    if meta["crs"] is None:
        raise _no_crs(path)
    crs = CRS.from_user_input(meta["crs"])
    fields = list(meta["fields"])
    table = gpd.GeoDataFrame(arrow.select(fields).to_pandas(), geometry=shapes, crs=crs)
    if driver == "GeoJSON" and crs.to_epsg() == 4326:
        _refuse_metres_as_degrees(table, path)
    return _to_house_crs(table, path)


def _target(path: Path) -> tuple[str, str]:
    if path.suffix.casefold() != ".zip":
        return str(path), _DRIVERS[path.suffix.casefold()]
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if sum(item.file_size for item in archive.infolist()) > _LARGEST_UNZIPPED:
            raise _refuse(path, "de zip is uitgepakt groter dan 4 GB", "Knip de wijk eruit.")
    shapes = [name for name in names if name.casefold().endswith(".shp")]
    if len(shapes) != 1:
        raise _refuse(path, f"de zip bevat {len(shapes)} shapefiles", "Zet er precies één in.")
    return f"/vsizip/{path}/{shapes[0]}", "ESRI Shapefile"


def _layer(target: str, wanted: str | None, path: Path) -> str:
    """Return the layer named after the table, or the only one there is."""
    names = [str(name) for name, _ in pyogrio.list_layers(target)]
    if wanted in names:
        return str(wanted)
    if len(names) != 1:
        raise _refuse(
            path,
            f"het bestand bevat {len(names)} lagen: {', '.join(names)}",
            f"Noem één laag «{wanted}», of bewaar die laag apart.",
        )
    return names[0]


def _refuse_not_a_number(table: pa.Table, path: Path) -> None:
    """GDAL reads NaN as a number; afterwards it cannot be told from an empty cell."""
    faults = []
    for name, values in zip(table.column_names, table.columns, strict=True):
        if not pa.types.is_floating(values.type):
            continue
        wrong = pa.compute.is_nan(values).to_pandas().fillna(value=False).to_numpy(dtype=bool)
        faults += [
            Fault(
                path.name, int(position) + 1, name, "NaN", "is geen geldig getal",
                "Laat de cel leeg of verbeter ze.",
            )
            for position in np.flatnonzero(wrong)
        ]  # fmt: skip
    if faults:
        raise ContractError(faults)


def _refuse_metres_as_degrees(table: gpd.GeoDataFrame, path: Path) -> None:
    """Refuse a GeoJSON that names no CRS, hence counts as WGS 84, but holds metres."""
    bounds = table.total_bounds
    if any(math.isfinite(bound) and abs(bound) > 180 for bound in bounds):
        raise _no_crs(path)


def _to_house_crs(table: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    if table.crs is None:
        raise _no_crs(path)
    code = _accepted_code(table.crs)
    if code is None:
        raise _refuse(
            path,
            f"het coördinatenstelsel «{table.crs.name}» wordt niet aanvaard",
            "Bewaar het bestand opnieuw met EPSG:31370 (Lambert 72), EPSG:3812 (Lambert 2008) "
            "of EPSG:4326 (WGS 84).",
        )
    flat = shapely.force_2d(table.geometry.to_numpy())
    if code != HOUSE_CRS:
        change = Transformer.from_crs(code, HOUSE_CRS, always_xy=True)
        flat = shapely.transform(flat, lambda xy: np.column_stack(change.transform(*xy.T)))
    plain = pd.DataFrame(table).drop(columns=table.geometry.name)
    return gpd.GeoDataFrame(plain, geometry=flat, crs=HOUSE_CRS)


def _accepted_code(crs: CRS) -> int | None:
    for confidence in (100, 70, 25):
        code = crs.to_epsg(min_confidence=confidence)
        if code in _ACCEPTED_CRS:
            return int(code)
    for accepted in _ACCEPTED_CRS:
        if crs.equals(CRS.from_epsg(accepted), ignore_axis_order=True):
            return accepted
    return 4326 if crs.name == "WGS 84 (CRS84)" else None
