"""Write contract tables and the results of a study."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from lekp_lib import wording
from lekp_lib.contracts import CRS, INPUTS, Column
from lekp_lib.disclosure import PublicTable, Results
from lekp_lib.io.paths import check_place_name, find_folder

__all__ = ["write_results", "write_table"]

# GeoPackages would otherwise carry the hour they were written.
pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2026-01-01T00:00:00.000Z"})

FICTIONAL_NOTE = "FICTIEVE GEGEVENS: deze plaats bestaat niet."
TOO_SMALL = "te klein om te tonen"
_HOUSE_BLUE = "1F4E5F"
_FIGURE_HEADINGS = ("Kerncijfer", "Waarde", "Eenheid", "Basis", "Naam in het LEKP")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_table(
    table_name: str, frame: pd.DataFrame, folder: Path, *, basename: str | None = None
) -> Path:
    """
    Write a contract table: a GeoPackage if it may have shapes and has any, a CSV otherwise.

    The bytes depend on the rows alone, so that the same table gives the same file.

    Parameters
    ----------
    table_name : str
        A key of ``contracts.INPUTS``.
    frame : DataFrame or GeoDataFrame
        In contract form; columns that are missing throughout are left out.
    folder : Path
        An existing folder.
    basename : str, optional
        File name without ending; the table's name if not given.
    """
    contract = INPUTS[table_name]
    plain = frame if contract.index is None else frame.reset_index()
    kept = [name for name in contract.columns if name in plain and plain[name].notna().any()]
    stem = basename or table_name
    has_shapes = contract.needs_shapes or ("geometry" in plain and plain["geometry"].notna().any())
    if not has_shapes:
        path = folder / f"{stem}.csv"
        plain[kept].to_csv(
            path, index=False, encoding="utf-8", lineterminator="\n", date_format="%Y-%m-%d %H:%M"
        )
        return path
    path = folder / f"{stem}.gpkg"
    path.unlink(missing_ok=True)
    shapes = gpd.GeoDataFrame(plain[kept], geometry=plain["geometry"].to_numpy(), crs=CRS)
    pyogrio.write_dataframe(
        shapes,
        path,
        layer=table_name,
        driver="GPKG",
        dataset_options={"DATETIME_FORMAT": "UTC"},
        layer_options={"SPATIAL_INDEX": "NO"},
        promote_to_multi=False,
        geometry_type="Unknown",
    )
    return path


def write_results(
    results: Results, *, place: str, notebook: str, out_dir: str | Path
) -> tuple[Path, ...]:
    """
    Write what a study handed over.

    Parameters
    ----------
    results : Results
        Internal and public tables, key figures.
    place, notebook : str
        Where the files belong: ``results/<place>/<notebook>`` for the internal tables and
        ``kerncijfers.csv``, ``downloads/<place>/<notebook>`` for the public ones: CSV and
        GeoJSON for machines, one workbook named after the notebook for people.
    out_dir : str or Path
        The folder of everything generated.

    Returns
    -------
    tuple of Path
        The files written.
    """
    root = find_folder(out_dir)
    below = Path(*check_place_name(place).split("/")) / notebook
    internal, public = root / "results" / below, root / "downloads" / below
    internal.mkdir(parents=True, exist_ok=True)
    public.mkdir(parents=True, exist_ok=True)
    written = [_write_key_figures(results, internal), _write_key_figures(results, public)]
    for name, frame in results.internal.items():
        path = internal / f"{name}.parquet"
        frame.to_parquet(path)
        written.append(path)
    for table in results.public.values():
        written += _write_public(table, public)
    written.append(_write_workbook(results, public / f"{notebook}.xlsx"))
    return tuple(written)


def _write_key_figures(results: Results, folder: Path) -> Path:
    path = folder / "kerncijfers.csv"
    figures = _marked(results.key_figures, is_fictional=results.is_fictional)
    figures.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
    return path


def _marked(frame: pd.DataFrame, *, is_fictional: bool) -> pd.DataFrame:
    """Say in every row of a download that the place does not exist."""
    return frame.assign(gegevens="fictief") if is_fictional else frame


def _write_public(table: PublicTable, folder: Path) -> list[Path]:
    frame = _marked(table.frame, is_fictional=table.is_fictional).reset_index(drop=True)
    written = []
    if isinstance(frame, gpd.GeoDataFrame):
        path = folder / f"{table.name}.geojson"
        path.unlink(missing_ok=True)
        pyogrio.write_dataframe(
            frame.to_crs(4326), path, driver="GeoJSON", layer_options={"COORDINATE_PRECISION": 6}
        )
        written.append(path)
        frame = pd.DataFrame(frame.drop(columns="geometry"))
    for name in frame.columns:
        if pd.api.types.is_string_dtype(frame[name]):
            frame[name] = frame[name].map(_safe_text)
    path = folder / f"{table.name}.csv"
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
    return [*written, path]


def _write_workbook(results: Results, path: Path) -> Path:
    """Write all public tables in one workbook: people open one file, not ten."""
    workbook = openpyxl.Workbook(write_only=True)
    about = workbook.create_sheet("Leesmij")
    about.column_dimensions["A"].width = 34
    about.column_dimensions["C"].width = 80
    for line in _about(results):
        about.append([_cell(value) for value in line])
    figures = workbook.create_sheet("Kerncijfers")
    figures.column_dimensions["A"].width = 70
    figures.append([_heading(text, figures) for text in _FIGURE_HEADINGS])
    for row in results.key_figures.itertuples():
        figures.append(
            [
                _cell(row.label),
                _cell(row.value),
                row.unit,
                wording.label("basis", row.basis),
                _cell(row.lekp_name),
            ]
        )
    for table in results.public.values():
        sheet = workbook.create_sheet(table.name[:31])
        _fill(sheet, table)
    workbook.save(path)
    return path


def _fill(sheet: Any, table: PublicTable) -> None:
    sheet.freeze_panes = "A2"
    names = list(table.columns)
    for position, name in enumerate(names, start=1):
        width = max(12, len(table.columns[name].title) + 4)
        sheet.column_dimensions[get_column_letter(position)].width = width
    sheet.append([_heading(_title(table.columns[name]), sheet) for name in names])
    frame = pd.DataFrame(table.frame)[names].reset_index(drop=True).astype(object)
    for name in names:
        kind = table.columns[name].labels
        if kind is not None:
            frame[name] = [wording.label(kind, code) for code in frame[name]]
    blanked = table.suppressed[names].to_numpy()
    for row, hidden in zip(frame.itertuples(index=False), blanked, strict=True):
        sheet.append(
            [TOO_SMALL if gone else _cell(value) for value, gone in zip(row, hidden, strict=True)]
        )


def _heading(text: str, sheet: Any) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor=_HOUSE_BLUE)
    return cell


def _title(column: Column) -> str:
    unit = wording.LABELS["unit"].get(column.unit, column.unit)
    return f"{column.title} ({unit})" if unit else column.title


def _about(results: Results) -> list[list[str]]:
    lines = [[results.title]]
    if results.is_fictional:
        lines.append([FICTIONAL_NOTE])
    lines += [[f"Waar «{TOO_SMALL}» staat, steunt het cijfer op te weinig huishoudens."], []]
    for table in results.public.values():
        lines += [[table.title], ["Kolom", "Eenheid", "Uitleg"]]
        lines += [[c.title, c.unit, c.description] for c in table.columns.values()]
        lines.append([])
    return lines


def _cell(value: object) -> object:
    """Return a value a spreadsheet takes as text or number, never as a formula."""
    if value is None or value is pd.NA or value != value:
        return None
    if isinstance(value, str):
        text = ILLEGAL_CHARACTERS_RE.sub("", value)
        return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
    return value.item() if isinstance(value, np.generic) else value


def _safe_text(value: object) -> object:
    """Return text that no spreadsheet takes for a formula."""
    is_formula = isinstance(value, str) and value[:1] in {"=", "+", "-", "@"}
    return f"'{value}" if is_formula else value
