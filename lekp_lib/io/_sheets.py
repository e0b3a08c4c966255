"""
Read a CSV file or a sheet of a workbook: rows as they are, numbered as a reader counts them.

Text stays text; the contract decides what a cell means.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from lekp_lib.contracts import CRS as HOUSE_CRS
from lekp_lib.contracts import Source
from lekp_lib.errors import ContractError, Fault
from lekp_lib.io._crs import refuse, to_house_crs

__all__ = ["is_filled", "read_csv", "read_sheet"]

_SEPARATORS = (";", ",", "\t")
_LARGEST_CELL = 50_000_000
_MOST_COLUMNS = 300
_LARGEST_UNZIPPED = 1_000_000_000
_SRID = r"^SRID=(\d{1,6});"

_Rows = list[Sequence[Any]]


def read_csv(path: Path) -> tuple[pd.DataFrame, Source]:
    """
    Return the rows of a CSV file, as text, and where they came from.

    The separator is a semicolon, comma or tab; the encoding UTF-8 or Windows-1252. A column
    ``geometry`` holds shapes as ``SRID=31370;POINT (...)``.

    Raises
    ------
    ContractError
        If the file is no text, or its rows do not fit its heading.
    """
    text = _decode(path)
    separator = _separator(text)
    rows = _records(text, separator, path)
    if len(rows[-1]) < len(rows[0]) and not text.endswith(("\n", "\r")):
        problem = "het bestand houdt midden in deze rij op"
        raise refuse(path, problem, "Kopieer het bestand opnieuw.", row=len(rows))
    table = _table(rows, path)
    source = Source(path.name, 2, uses_decimal_comma=separator == ";")
    return (_with_shapes(table, path) if "geometry" in table.columns else table), source


def _decode(path: Path) -> str:
    raw = path.read_bytes()
    remedy = "Bewaar het bestand in uw rekenblad als «CSV UTF-8»."
    if b"\x00" in raw:
        raise refuse(path, "het bestand is geen gewone tekst", remedy)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refuse(path, "de tekens van het bestand zijn niet leesbaar", remedy)


def _separator(text: str) -> str:
    heading = re.split(r"\r\n|\r|\n", text, maxsplit=1)[0]
    return max(_SEPARATORS, key=heading.count)


def _records(text: str, separator: str, path: Path) -> _Rows:
    rows: _Rows = []
    limit = csv.field_size_limit(_LARGEST_CELL)
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        problem = "vanaf deze rij staat een aanhalingsteken verkeerd of is het niet gesloten"
        remedy = "Bewaar het bestand opnieuw als CSV vanuit uw rekenblad."
        raise refuse(path, problem, remedy, row=len(rows) + 1) from error
    finally:
        csv.field_size_limit(limit)
    if not any(_is_filled(cell) for row in rows for cell in row):
        raise refuse(path, "het bestand is leeg", "Kopieer het bestand opnieuw.")
    return rows


def _is_filled(cell: object) -> bool:
    return cell is not None and str(cell).strip() != ""


def _table(rows: _Rows, path: Path) -> pd.DataFrame:
    """Put rows below their heading; empty rows at the end and empty columns are left out."""
    width = _length(rows[0])
    if width == 0:
        remedy = "Zet de namen van de kolommen in rij 1."
        raise refuse(path, "de eerste rij is leeg: er zijn geen kolomkoppen", remedy)
    last = max((number for number, row in enumerate(rows) if _length(row)), default=0)
    body = rows[1 : last + 1]
    faults = [
        _too_long(path, number, row, width)
        for number, row in enumerate(body, start=2)
        if _length(row) > width
    ]
    if faults:
        raise ContractError(faults)
    cells = [[*row[:width], *[None] * (width - len(row))] for row in body]
    headings = [
        str(cell).strip() if _is_filled(cell) else f"kolom {number} zonder kop"
        for number, cell in enumerate(rows[0][:width], start=1)
    ]
    table = pd.DataFrame(cells, columns=headings, dtype=object)
    kept = [
        _is_filled(rows[0][number]) or any(_is_filled(row[number]) for row in cells)
        for number in range(width)
    ]
    return table.loc[:, kept]


def _length(row: Sequence[Any]) -> int:
    """Return the number of cells up to the last one that is filled."""
    return max((number for number, cell in enumerate(row, 1) if _is_filled(cell)), default=0)


def _too_long(path: Path, number: int, row: Sequence[Any], width: int) -> Fault:
    problem = f"de rij telt {_length(row)} cellen, maar er zijn {width} kolomkoppen"
    remedy = 'Geef elke kolom een kop, en zet tekst met een scheidingsteken tussen ".'
    return Fault(path.name, number, None, str(row[width])[:80], problem, remedy)


def _with_shapes(table: pd.DataFrame, path: Path) -> gpd.GeoDataFrame:
    """Read shapes written as ``SRID=31370;POINT (...)``; one that cannot be read is missing."""
    texts = table["geometry"].fillna("").astype("str").str.strip()
    codes = texts[texts != ""].str.extract(_SRID, expand=False)
    plain = table.drop(columns="geometry")
    if len(set(codes.dropna())) > 1:
        remedy = "Bewaar alle vormen met hetzelfde SRID."
        raise refuse(path, "de vormen hebben verschillende coördinatenstelsels", remedy)
    if codes.empty or codes.isna().any():
        crs = None if len(table) else HOUSE_CRS
        return gpd.GeoDataFrame(plain, geometry=[None] * len(table), crs=crs)
    words = texts.str.replace(_SRID, "", regex=True).to_numpy(dtype=object)
    shapes = shapely.from_wkt(words, on_invalid="ignore")
    return to_house_crs(gpd.GeoDataFrame(plain, geometry=shapes, crs=_crs_of(codes)), path)


def _crs_of(codes: pd.Series) -> CRS | None:
    try:
        return CRS.from_epsg(int(codes.iloc[0]))
    except CRSError:
        return None


def read_sheet(path: Path, sheet: str | None) -> tuple[pd.DataFrame, str]:
    """
    Return the rows of one sheet, cells as the workbook holds them, and the name of the sheet.

    Parameters
    ----------
    path : Path
        A workbook.
    sheet : str or None
        Name of the sheet; the first one if there is no such sheet.

    Raises
    ------
    ContractError
        If the sheet is empty, or its rows do not fit its heading.
    """
    name, rows = _cells(path, sheet)
    if not any(_length(row) for row in rows):
        problem = f"het werkblad «{name}» is leeg"
        raise refuse(path, problem, "Vul het in of laat het bestand weg.")
    return _table(rows, path), name


def is_filled(path: Path, sheet: str) -> bool:
    """Tell whether a workbook has a sheet of this name with something below its first row."""
    name, rows = _cells(path, sheet)
    return name.casefold() == sheet.casefold() and any(_length(row) for row in rows[1:])


def _cells(path: Path, sheet: str | None) -> tuple[str, _Rows]:
    with zipfile.ZipFile(path) as archive:
        if sum(part.file_size for part in archive.infolist()) > _LARGEST_UNZIPPED:
            remedy = "Bewaar alleen de tabel zelf, als CSV."
            raise refuse(path, "het werkboek is uitgepakt groter dan 1 GB", remedy)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl leaves out is no data
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            sheets = {one.title.casefold(): one for one in workbook.worksheets}
            worksheet = sheets.get((sheet or "").casefold(), workbook.worksheets[0])
            worksheet.reset_dimensions()  # a workbook may lie about its own size
            rows = list(worksheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS))
            return str(worksheet.title), rows
        finally:
            workbook.close()
