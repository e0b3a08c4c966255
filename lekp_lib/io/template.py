"""The template workbook: one sheet per table that can do without a map, made from the contracts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from lekp_lib import wording
from lekp_lib.contracts import INPUTS, Column, Contract
from lekp_lib.contracts.lists import MUNICIPAL_TABLES

__all__ = ["write_workbook"]

_ROWS = 2000
_READY_ROWS = 202
_FORMATS = {"text": "@", "time": "yyyy-mm-dd hh:mm"}
_HEAD = PatternFill("solid", fgColor="1F4E5F")
_NEEDED = PatternFill("solid", fgColor="8A3B12")


def write_workbook(path: Path) -> Path:
    """
    Write an empty workbook for the tables without a map.

    Headings are the Dutch titles, frozen; a cell of a closed list offers its choices. Tables
    with shapes on a map are listed on the first sheet with what they must hold.

    Parameters
    ----------
    path : Path
        Where to write; an existing file is replaced.
    """
    workbook = openpyxl.Workbook()
    _explain(workbook.active)
    for contract in INPUTS.values():
        if not contract.needs_shapes and contract.name not in MUNICIPAL_TABLES:
            _add_sheet(workbook.create_sheet(contract.name), contract)
    workbook.save(path)
    return path


def _explain(sheet: Any) -> None:
    sheet.title = "Leesmij"
    lines: list[tuple[str, ...]] = [
        ("Invulblad van een wijk",),
        ("Vul de bladen in die u hebt; een leeg blad telt niet mee.",),
        ("Een oranje kop is verplicht. Laat cellen leeg waar u iets niet weet.",),
        ("Bewaar codes als tekst: een rekenblad verandert ze anders in getallen.",),
        (),
        ("Tabellen met vormen op de kaart zet u als GeoPackage of GeoJSON in dezelfde map:",),
    ]
    for contract in INPUTS.values():
        if contract.geometry:
            title = contract.title
            if contract.is_geometry_optional:
                title += " (een vorm mag, maar hoeft niet: het blad volstaat)"
            lines += [(), (f"{contract.name}.gpkg", title), ("Kolom", "Nodig?", "Uitleg")]
            lines += [_explained(column) for column in contract.columns.values()]
    for line in lines:
        sheet.append(list(line))
    sheet.column_dimensions["A"].width = 28
    sheet.column_dimensions["B"].width = 22
    sheet.column_dimensions["C"].width = 90
    sheet["A1"].font = Font(bold=True, size=14)


def _explained(column: Column) -> tuple[str, str, str]:
    need = "verplicht" if column.is_required else "mag ontbreken"
    choices = f" Kies uit: {', '.join(column.allowed)}." if column.allowed else ""
    unit = f" Eenheid: {column.unit}." if column.unit not in {"", "aantal"} else ""
    return column.name, need, f"{column.description}{unit}{choices}"


def _add_sheet(sheet: Any, contract: Contract) -> None:
    for position, column in enumerate(contract.columns.values(), start=1):
        cell = sheet.cell(row=1, column=position, value=column.title)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = _NEEDED if column.is_required else _HEAD
        cell.alignment = Alignment(wrap_text=True)
        letter = get_column_letter(position)
        sheet.column_dimensions[letter].width = max(14, len(column.title) + 4)
        if column.kind in _FORMATS:
            sheet.column_dimensions[letter].number_format = _FORMATS[column.kind]
            for row in range(2, _READY_ROWS):
                sheet.cell(row=row, column=position).number_format = _FORMATS[column.kind]
        if column.allowed:
            _offer(sheet, column, f"{letter}2:{letter}{_ROWS}")
    sheet.freeze_panes = "A2"


def _offer(sheet: Any, column: Column, cells: str) -> None:
    words = [wording.label(column.labels or "", code) if column.labels else code
             for code in column.allowed or ()]  # fmt: skip
    choice = DataValidation(
        type="list",
        formula1=f'"{",".join(words)}"',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle=column.title,
        error=f"Kies uit: {', '.join(words)}"[:250],
    )
    sheet.add_data_validation(choice)
    choice.add(cells)
