"""
Read Fluvius' open data on energy use per statistical sector, row by row.

Two layouts are known: the table of Provincies in Cijfers (one row per sector and year) and the
raw file of Fluvius (one row per sector, market, direction, trade and role). A workbook is read
as a stream: it never lies in memory whole.
"""

from __future__ import annotations

import csv
import math
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from lekp_lib.errors import ContractError, Fault, SourceError
from lekp_lib.io.adapters._place_folder import fault

__all__ = ["Reading", "find_columns", "is_unknown_sector", "read_use", "sector_code", "stream"]

NO_DATA = -99999.0
"""What Provincies in Cijfers writes where it has no figure."""

_WIDE = {
    "sector": ("geoitem",),
    "year": ("period",),
    "gas_kwh": ("v2506_gas_res_cons",),
    "gas_points": ("v2506_gas_res_n",),
    "electricity_kwh": ("v2506_elek_res_cons",),
    "electricity_points": ("v2506_elek_res_n",),
}
_LONG = {
    "market": ("markt",),
    "direction": ("richting",),
    "sector": ("statistische sector",),
    "trade": ("sector",),
    "role": ("rol contact",),
    "points": ("aantal",),
    "kwh": ("benaderend verbruik (kwh)",),
}
_MARKETS = {"elektriciteit": "electricity", "gas": "gas"}
_HOUSEHOLDS = "HUISHOUDENS"
_FROM_THE_NET = "AFNAME"
_REST = "REST"
_SECTOR = re.compile(r"\d{5}[0-9A-Z]{3}[0-9A-Z-]")
_SPREADSHEET_NUMBER = re.compile(r"\d+([.,]\d+)?E\+\d+")
_HEADING_WITHIN_ROWS = 20
_SHOWN_FAULTS = 25


@dataclass(frozen=True)
class Reading:
    """
    Use of households in one sector, as one row of a file gives it.

    Attributes
    ----------
    file : str
        File name.
    row : int
        Row in the file, the first is 1.
    sector : str
        Code of nine characters; of an unknown sector it ends in ZZZZ, or it is REST.
    year : int
        Calendar year.
    carrier : str or None
        ``gas`` or ``electricity``; None for a row about others than households, which only
        tells that the sector exists.
    kwh : float or None
        Use in the year [kWh]; None if the file has no figure.
    points : int or None
        Connections [-]; None if the file has no figure.
    role : str
        Tells rows of one sector apart in the raw layout.
    is_complete : bool
        The layout has a row for every sector and carrier, so that an absent one is unknown
        and not zero.
    """

    file: str
    row: int
    sector: str
    year: int
    carrier: str | None
    kwh: float | None
    points: int | None
    role: str
    is_complete: bool


def read_use(path: Path, *, year: int | None) -> Iterator[Reading]:
    """
    Yield the use of households per sector.

    Parameters
    ----------
    path : Path
        ``.xlsx`` or ``.csv``.
    year : int, optional
        Year of a raw file, which does not say it; else the one year in the file's name. Of the
        other layout only this year is read.

    Raises
    ------
    ContractError
        If the headings are not known, the year cannot be found, or cells are wrong.
    SourceError
        If the file is damaged.
    """
    rows = stream(path)
    found = find_columns(rows, (_WIDE, _LONG))
    if found is None:
        problem = "de kolommen zijn niet die van Fluvius of Provincies in Cijfers"
        remedy = "Geef het bestand met het verbruik per statistische sector, ongewijzigd."
        raise fault(path.name, problem, remedy)
    layout, columns = found
    faults: list[Fault] = []
    if layout is _WIDE:
        readings = _wide(path.name, rows, columns, year, faults)
    else:
        readings = _long(path.name, rows, columns, _year_of(path, year), faults)
    yield from readings
    if faults:
        raise ContractError(faults)


def stream(path: Path) -> Iterator[tuple[int, Sequence[Any]]]:
    """
    Yield the rows of a workbook's first sheet or of a CSV with their number, the first is 1.

    Raises
    ------
    ContractError, SourceError
        If the file is not there, is of another kind, empty or damaged.
    """
    ending = path.suffix.casefold()
    if not path.is_file():
        raise fault(path.name, "het bestand bestaat niet", "Kijk de naam en de map na.")
    if ending not in {".csv", ".xlsx"}:
        raise fault(path.name, "dit is geen rekenblad", "Geef een bestand .xlsx of .csv.")
    if path.stat().st_size == 0:
        raise fault(path.name, "het bestand is leeg", "Download het bestand opnieuw.")
    try:
        yield from enumerate(_csv_rows(path) if ending == ".csv" else _sheet_rows(path), start=1)
    except ContractError:
        raise
    except (
        OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, csv.Error,
        ParseError, InvalidFileException,
    ) as error:  # fmt: skip
        msg = (
            f"{path.name}: het bestand is beschadigd of afgebroken. "
            "Wat te doen: download het bestand opnieuw."
        )
        raise SourceError(msg) from error


def _sheet_rows(path: Path) -> Iterator[Sequence[Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl on styles it does not know
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()
        yield from sheet.iter_rows(values_only=True)
    finally:
        workbook.close()


def _csv_rows(path: Path) -> Iterator[Sequence[Any]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        first = lines.readline()
        lines.seek(0)
        yield from csv.reader(lines, delimiter=max(";,\t", key=first.count))


def find_columns(
    rows: Iterator[tuple[int, Sequence[Any]]], layouts: Sequence[Mapping[str, Sequence[str]]]
) -> tuple[Mapping[str, Sequence[str]], dict[str, int]] | None:
    """
    Return the layout whose headings are there and the place of each column; None if none fits.

    Rows up to and including the headings are used up.
    """
    for number, row in rows:
        headings = [str(cell or "").strip().casefold() for cell in row]
        for layout in layouts:
            places = {
                name: next((headings.index(h) for h in choices if h in headings), None)
                for name, choices in layout.items()
            }
            known = {name: place for name, place in places.items() if place is not None}
            if len(known) == len(layout):
                return layout, known
        if number >= _HEADING_WITHIN_ROWS:
            break
    return None


def _year_of(path: Path, year: int | None) -> int:
    if year is not None:
        return year
    named = set(re.findall(r"(?<!\d)20\d\d(?!\d)", path.stem))
    if len(named) != 1:
        problem = "het bestand zegt niet over welk jaar het gaat"
        raise fault(path.name, problem, "Geef het jaar mee, of zet het in de bestandsnaam.")
    return int(named.pop())


def _wide(
    file: str,
    rows: Iterator[tuple[int, Sequence[Any]]],
    columns: Mapping[str, int],
    year: int | None,
    faults: list[Fault],
) -> Iterator[Reading]:
    for number, row in rows:
        cells = {name: _cell(row, place) for name, place in columns.items()}
        if len(faults) >= _SHOWN_FAULTS:
            return
        if all(cell is None for cell in cells.values()):
            continue
        refuse = partial(_refuse, faults, file, number)
        sector = _sector(cells["sector"], refuse)
        when = _whole(cells["year"], _WIDE["year"][0], refuse)
        if when is None:
            refuse(_WIDE["year"][0], cells["year"], "is geen jaar", "Vul een jaartal in.")
        if sector is None or when is None or (year is not None and when != year):
            continue
        for carrier in ("gas", "electricity"):
            kwh, points = f"{carrier}_kwh", f"{carrier}_points"
            yield Reading(
                file=file,
                row=number,
                sector=sector,
                year=when,
                carrier=carrier,
                kwh=_amount(cells[kwh], _WIDE[kwh][0], refuse),
                points=_whole(cells[points], _WIDE[points][0], refuse),
                role="",
                is_complete=True,
            )


def _long(
    file: str,
    rows: Iterator[tuple[int, Sequence[Any]]],
    columns: Mapping[str, int],
    year: int,
    faults: list[Fault],
) -> Iterator[Reading]:
    for number, row in rows:
        cells = {name: _cell(row, place) for name, place in columns.items()}
        if len(faults) >= _SHOWN_FAULTS:
            return
        if all(cell is None for cell in cells.values()):
            continue
        refuse = partial(_refuse, faults, file, number)
        sector = _sector(cells["sector"], refuse)
        if sector is None:
            continue
        carrier = _MARKETS.get(str(cells["market"]).casefold())
        is_use = str(cells["direction"]).upper() == _FROM_THE_NET
        is_household = is_use and str(cells["trade"]).upper() == _HOUSEHOLDS
        yield Reading(
            file=file,
            row=number,
            sector=sector,
            year=year,
            carrier=carrier if is_household else None,
            kwh=_amount(cells["kwh"], _LONG["kwh"][0], refuse) if is_household else None,
            points=_whole(cells["points"], _LONG["points"][0], refuse) if is_household else None,
            role=str(cells["role"]),
            is_complete=False,
        )


def _cell(row: Sequence[Any], place: int) -> Any:
    value = row[place] if place < len(row) else None
    if isinstance(value, str):
        return value.strip() or None
    return value


_Refuse = Callable[[str, Any, str, str], None]


def _refuse(
    faults: list[Fault], file: str, row: int, column: str, value: Any, problem: str, remedy: str
) -> None:
    faults.append(Fault(file, row, column, str(value)[:80], problem, remedy))


def _sector(value: Any, refuse: _Refuse) -> str | None:
    code, problem, remedy = sector_code(value)
    if code is None:
        refuse("statistische sector", value, problem, remedy)
    return code


def _amount(value: Any, column: str, refuse: _Refuse) -> float | None:
    """Return an amount that is not negative, None where there is no figure."""
    number = _number(value)
    if number is None or number == NO_DATA:
        return None
    if not math.isfinite(number):
        refuse(column, value, "is geen getal", "Laat de cel leeg of verbeter ze.")
        return None
    if number < 0:
        refuse(column, value, "is negatief", "Kijk het getal na bij de bron.")
        return None
    return number


def _whole(value: Any, column: str, refuse: _Refuse) -> int | None:
    """Return a count, None where there is no figure."""
    number = _amount(value, column, refuse)
    if number is not None and number != int(number):
        refuse(column, value, "is geen geheel getal", "Kijk het getal na bij de bron.")
        return None
    return None if number is None else int(number)


def _number(value: Any) -> float | None:
    """Return a cell as a number, not a number (NaN) if it is something else."""
    if value is None:
        return None
    if isinstance(value, bool):
        return math.nan
    if isinstance(value, int | float):
        return float(value)
    text = str(value).replace(",", ".") if str(value).count(",") == 1 else str(value)
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else math.nan


def sector_code(value: Any) -> tuple[str | None, str, str]:
    """
    Return a sector code as text; or None, what is wrong with it and what to do.

    Examples
    --------
    >>> sector_code(" 13019b000")[0]
    '13019B000'
    >>> sector_code(1.1002e126)[:2]
    (None, 'een rekenblad heeft deze code in een getal veranderd')
    """
    remedy = "Gebruik het bestand van de bron zelf, of zet de kolom op «Tekst»."
    if value is not None and not isinstance(value, str):
        return None, "een rekenblad heeft deze code in een getal veranderd", remedy
    text = (value or "").strip().upper()
    if _SPREADSHEET_NUMBER.fullmatch(text):
        return None, "een rekenblad heeft deze code in een getal veranderd", remedy
    if is_unknown_sector(text) or _SECTOR.fullmatch(text):
        return text, "", ""
    return None, "is geen code van een statistische sector", remedy


def is_unknown_sector(code: str) -> bool:
    """Tell whether a code stands for use that the provider could not place in a sector."""
    return code == _REST or code.endswith("ZZZZ")
