"""Write contract tables and the results of a study."""

from __future__ import annotations

import re
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from lekp_lib import wording
from lekp_lib.contracts import CRS, INPUTS
from lekp_lib.disclosure import PublicTable, Results
from lekp_lib.io.paths import check_place_name, find_folder

__all__ = ["write_results", "write_table"]

FICTIONAL_NOTE = "FICTIEVE GEGEVENS: deze plaats bestaat niet."
_HOUSE_BLUE = "1F4E5F"


def write_table(
    table_name: str, frame: pd.DataFrame, folder: Path, *, basename: str | None = None
) -> Path:
    """
    Write a contract table: a GeoPackage if it has shapes, a CSV otherwise.

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
    if not contract.geometry:
        path = folder / f"{stem}.csv"
        plain[kept].to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
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
        ``kerncijfers.csv``, ``downloads/<place>/<notebook>`` for the public ones.
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
        written += _write_public(table, results.title, public)
    return tuple(written)


def _write_key_figures(results: Results, folder: Path) -> Path:
    path = folder / "kerncijfers.csv"
    figures = _marked(results.key_figures, is_fictional=results.is_fictional)
    figures.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
    return path


def _marked(frame: pd.DataFrame, *, is_fictional: bool) -> pd.DataFrame:
    """Say in every row of a download that the place does not exist."""
    return frame.assign(gegevens="fictief") if is_fictional else frame


def _write_public(table: PublicTable, title: str, folder: Path) -> list[Path]:
    frame = _marked(table.frame, is_fictional=table.is_fictional)
    frame = frame.reset_index(drop=True)
    written = []
    if isinstance(frame, gpd.GeoDataFrame):
        path = folder / f"{table.name}.geojson"
        pyogrio.write_dataframe(
            frame.to_crs(4326), path, driver="GeoJSON", layer_options={"COORDINATE_PRECISION": 6}
        )
        written.append(path)
        frame = pd.DataFrame(frame.drop(columns="geometry"))
    path = folder / f"{table.name}.csv"
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
    return [*written, path, _write_workbook(table, frame, title, folder)]


def _write_workbook(table: PublicTable, frame: pd.DataFrame, title: str, folder: Path) -> Path:
    workbook = openpyxl.Workbook(write_only=True)
    about = workbook.create_sheet("Leesmij")
    for line in _about(table, title):
        about.append(line)
    sheet = workbook.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", table.title)[:31])
    sheet.freeze_panes = "A2"
    for position, name in enumerate(frame.columns, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = max(12, len(str(name)) + 4)
    sheet.append([_heading(cell, sheet) for cell in _titles(table, frame)])
    coded = {name: about.labels for name, about in table.columns.items() if about.labels}
    words = frame.assign(
        **{name: frame[name].map(_label_of(kind)) for name, kind in coded.items() if name in frame}
    )
    blanked = table.suppressed.reset_index(drop=True)
    for position, row in enumerate(words.astype(object).itertuples(index=False)):
        cells = []
        for name, value in zip(words.columns, row, strict=True):
            is_blanked = name in blanked and bool(blanked.at[position, name])
            cells.append("te klein om te tonen" if is_blanked else _cell(value))
        sheet.append(cells)
    path = folder / f"{table.name}.xlsx"
    workbook.save(path)
    return path


def _label_of(kind: str):  # type: ignore[no-untyped-def]
    return lambda code: wording.label(kind, code)


def _heading(text: str, sheet: object) -> object:
    cell = openpyxl.cell.WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor=_HOUSE_BLUE)
    return cell


def _titles(table: PublicTable, frame: pd.DataFrame) -> list[str]:
    titles = []
    for name in frame.columns:
        about = table.columns.get(str(name))
        unit = wording.LABELS["unit"].get(about.unit, about.unit) if about else ""
        titles.append(f"{about.title} ({unit})" if about and unit else (about or _Plain(name)).title)
    return titles


class _Plain:
    """A heading without contract: the mark of fiction."""

    def __init__(self, name: object) -> None:
        self.title = str(name)


def _about(table: PublicTable, title: str) -> list[list[str]]:
    lines = [[f"{table.title} – {title}"]]
    if table.is_fictional:
        lines.append([FICTIONAL_NOTE])
    lines += [[], ["Kolom", "Eenheid", "Uitleg"]]
    lines += [[c.title, c.unit, c.description] for c in table.columns.values()]
    lines += [
        [],
        ["Cellen die op te weinig huishoudens steunen, zijn leeg of lezen «te klein om te tonen»."],
    ]
    return lines


def _cell(value: object) -> object:
    """Return a value a spreadsheet takes as text or number, never as a formula."""
    if value is None or value is pd.NA or value != value:
        return None
    if isinstance(value, str) and value[:1] in "=+-@":
        return f"'{value}"
    return value.item() if hasattr(value, "item") else value
