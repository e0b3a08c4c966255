"""
Read a neighbourhood, a municipality's progress and rules, and the figures for Flanders.

Everything is checked here, once: what comes out is in contract form or an error names every
fault of every file.
"""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from lekp_lib import wording
from lekp_lib.assumptions import Assumption, load
from lekp_lib.contracts import INPUTS, Place, Source, check, empty_table, reference_faults
from lekp_lib.contracts.lists import TABLES
from lekp_lib.errors import ContractError, Fault
from lekp_lib.io._flanders import (
    nis_code_of,
    read_flanders,
    read_municipalities,
    read_practice,
)
from lekp_lib.io._raw import GEO_ENDINGS, SHEET_ENDINGS, has_rows, read_raw
from lekp_lib.io._settings import SETTINGS, distance_faults, find_settings, read_settings
from lekp_lib.io.paths import check_place_name, find_folder

__all__ = [
    "WORKBOOK",
    "CheckReport",
    "check_place",
    "nis_code_of",
    "read_flanders",
    "read_local_rules",
    "read_municipalities",
    "read_place",
    "read_practice",
    "read_progress",
    "read_settings",
]

_REQUIRED = ("gebouwen", "straten")
_ZERO_IS_SENSE = "full_after_years"
_DIVISORS = ("efficiency_share", "field_share", "quality_share")
_TOGETHER = "rank_correlation"
STORY = "verhaal.md"
WORKBOOK = "invulblad.xlsx"
"""The template workbook: one sheet per table that needs no map."""


@dataclass(frozen=True)
class CheckReport:
    """
    What ``lekp check`` tells about one place.

    Attributes
    ----------
    place : str
        ``<gemeente>/<wijk>`` or ``<gemeente>``.
    faults : tuple of Fault
        Everything that is wrong; empty if the place can be run.
    notices : tuple of str
        Remarks that stop nothing.
    """

    place: str
    faults: tuple[Fault, ...]
    notices: tuple[str, ...]


def read_place(place: str, *, data_dir: str | Path) -> Place:
    """
    Return one neighbourhood, checked.

    Parameters
    ----------
    place : str
        ``<gemeente>/<wijk>``.
    data_dir : str or Path
        The data folder; a relative one is looked for here and in the project's root.

    Raises
    ------
    ContractError
        With every fault of every file of the place.

    Examples
    --------
    >>> read_place("proefgemeente/proefwijk", data_dir="tests/fixtures/data").settings.name
    'Proefwijk'
    """
    found, report = _read(place, find_folder(data_dir))
    if report.faults or found is None:
        raise ContractError(report.faults)
    return found


def check_place(place: str, *, data_dir: str | Path) -> CheckReport:
    """Return every fault and every notice of one neighbourhood; nothing is written."""
    return _read(place, find_folder(data_dir))[1]


def _read(place: str, data_dir: Path) -> tuple[Place | None, CheckReport]:
    folder = data_dir / check_place_name(place)
    if not folder.is_dir():
        problem = f"de map {place} bestaat niet in de gegevensmap"
        fault = Fault(place, None, None, None, problem, f"Maak ze met: lekp new {place}")
        return None, CheckReport(place, (fault,), ())
    settings, found_faults = find_settings(folder, data_dir=data_dir)
    faults: list[Fault] = list(found_faults)
    notices: list[str] = []
    tables: dict[str, pd.DataFrame] = {}
    sources: dict[str, Source] = {}
    for name in TABLES:
        _read_table(name, folder, (tables, sources), faults, notices)
    faults += reference_faults(tables, sources)
    if settings is not None and not settings.is_fictional and "gebouwen" in tables:
        source = sources["gebouwen"]
        faults += distance_faults(tables["gebouwen"], settings, source, data_dir=data_dir)
    own = tables.get("aannames")
    if own is not None:
        faults += _figure_faults(own, sources["aannames"])
    rules = empty_table(INPUTS["regels"])
    try:
        rules = _read_municipal("regels", folder.parent)
    except ContractError as error:
        faults += error.faults
    story = _story(folder, faults)
    notices += _unused_files(folder)
    report = CheckReport(place, tuple(faults), tuple(notices))
    if faults or settings is None:
        return None, report
    return Place(
        slug=place,
        settings=settings,
        story=story,
        tables=tables,
        files={name: source.file for name, source in sources.items()},
        notices=tuple(notices),
        assumptions=load(own.reset_index() if own is not None else None),
        rules=rules,
    ), report


def _read_table(
    name: str,
    folder: Path,
    found: tuple[dict[str, pd.DataFrame], dict[str, Source]],
    faults: list[Fault],
    notices: list[str],
) -> None:
    tables, sources = found
    files = _files_of(name, folder)
    if not files:
        if name in _REQUIRED:
            faults.append(_absent(name))
        return
    if len(files) > 1:
        faults.append(_doubled(name, [path for path, _ in files]))
        return
    path, sheet = files[0]
    try:
        raw, source = read_raw(path, sheet=sheet)
    except ContractError as error:
        faults.extend(error.faults)
        return
    checked = check(raw, INPUTS[name], source)
    faults.extend(checked.faults)
    notices.extend(checked.notices)
    sources[name] = source
    if not checked.faults:
        tables[name] = checked.table


def _absent(name: str) -> Fault:
    return Fault(
        name,
        None,
        None,
        None,
        f"de verplichte tabel {name} ontbreekt",
        f"Zet {name}.gpkg (of .geojson, .shp, .zip, .parquet) in de map, of haal ze uit "
        "OpenStreetMap met: lekp import osm",
    )


def _doubled(name: str, paths: list[Path]) -> Fault:
    names = wording.join([path.name for path in paths])
    problem = f"er zijn verschillende bestanden voor dezelfde tabel: {names}"
    return Fault(name, None, None, None, problem, "Houd er één over.")


def _endings(name: str) -> tuple[str, ...]:
    contract = INPUTS[name]
    if contract.needs_shapes:
        return (*GEO_ENDINGS, ".csv")
    return (*GEO_ENDINGS, *SHEET_ENDINGS) if contract.geometry else (*SHEET_ENDINGS, ".parquet")


def _files_of(name: str, folder: Path) -> list[tuple[Path, str | None]]:
    """Return the files that hold a table, each with the layer or sheet to read."""
    files: list[tuple[Path, str | None]] = [
        (path, name)
        for path in sorted(folder.iterdir())
        if path.stem.casefold() == name and path.suffix.casefold() in _endings(name)
    ]
    workbook = folder / WORKBOOK
    if not INPUTS[name].needs_shapes and workbook.is_file() and has_rows(workbook, sheet=name):
        files.append((workbook, name))
    return files


_KNOWN_FILES = {SETTINGS, STORY, WORKBOOK, "import_overgeslagen.csv"}
_SIDE_FILES = {".dbf", ".shx", ".prj", ".cpg", ".qix", ".qmd", ".gpkg-wal", ".gpkg-shm", ".md"}


def _unused_files(folder: Path) -> list[str]:
    return [
        f"{path.name}: {_why_unused(path)}"
        for path in sorted(folder.iterdir())
        if path.is_file()
        and path.name not in _KNOWN_FILES
        and not path.name.startswith(".")
        and path.suffix.casefold() not in _SIDE_FILES
        and not _is_table(path)
    ]


def _is_table(path: Path) -> bool:
    name = path.stem.casefold()
    return name in TABLES and path.suffix.casefold() in _endings(name)


def _why_unused(path: Path) -> str:
    name = path.stem.casefold()
    if name in TABLES:
        endings = " of ".join(_endings(name))
        return f"zo'n bestand wordt niet gelezen voor de tabel {name}; bewaar het als {endings}."
    return "dit bestand hoort bij geen enkele tabel en wordt niet gebruikt."


def _story(folder: Path, faults: list[Fault]) -> str:
    """Return ``verhaal.md``, empty if there is none."""
    path = folder / STORY
    if path.is_symlink() or (path.exists() and not path.is_file()):
        problem, remedy = "is geen gewoon bestand", "Zet het bestand zelf in de map."
        faults.append(Fault(STORY, None, None, None, problem, remedy))
        return ""
    try:
        return path.read_bytes().decode("utf-8-sig") if path.exists() else ""
    except UnicodeDecodeError:
        remedy = "Bewaar het bestand opnieuw als tekst met codering UTF-8."
        problem = "de tekens van het bestand zijn niet leesbaar"
        faults.append(Fault(STORY, None, None, None, problem, remedy))
        return ""


def _figure_faults(own: pd.DataFrame, source: Source) -> list[Fault]:
    """Return the own figures that no packaged figure gives way to."""
    known = load()
    faults = []
    for row, (key, figure) in enumerate(own.iterrows(), start=source.first_row):
        name = str(key)
        if name not in known:
            near = difflib.get_close_matches(name, list(known), n=1)
            hint = f"Bedoelde u «{near[0]}»? " if near else ""
            remedy = f"{hint}Zie de pagina Kengetallen van het boek."
            faults.append(Fault(source.file, row, "key", name, "dit kengetal bestaat niet", remedy))
        elif figure["unit"] != known[name].unit:
            problem = f"«{name}» moet in {known[name].unit} staan"
            remedy = "Reken de waarde om naar die eenheid."
            faults.append(Fault(source.file, row, "unit", str(figure["unit"]), problem, remedy))
        elif figure["value"] < min(known[name].low, 0.0):
            value, remedy = wording.number(figure["value"], 2), "Verbeter de waarde."
            faults.append(Fault(source.file, row, "value", value, "mag niet negatief zijn", remedy))
        elif figure["value"] < (least := _least(known[name])):
            value, told = wording.number(figure["value"], 2), wording.number(least)
            problem = f"moet minstens {told} zijn" if least == 1 else "mag niet 0 zijn"
            faults.append(Fault(source.file, row, "value", value, problem, "Verbeter de waarde."))
        elif known[name].unit == "aandeel" and figure["value"] > max(known[name].high, 1.0):
            value, remedy = wording.number(figure["value"], 2), "Schrijf 43 % als 0,43."
            problem = "een aandeel mag niet groter zijn dan 1"
            faults.append(Fault(source.file, row, "value", value, problem, remedy))
    return faults


def _least(figure: Assumption) -> float:
    """
    Return the least that an own figure may be: what others are divided by is never 0.

    A price, a temperature or a share that is no efficiency may be 0, and so may the years until
    all have joined.
    """
    is_share = figure.unit == "aandeel" and not figure.key.endswith(_DIVISORS)
    free = is_share or figure.unit == "°C" or "EUR" in figure.unit
    if free or figure.low <= 0 or figure.key.endswith(_ZERO_IS_SENSE) or _TOGETHER in figure.key:
        return -math.inf
    return 1.0 if figure.unit in ("jaar", "aantal") and figure.low >= 1 else math.ulp(0.0)


def read_progress(gemeente: str, *, data_dir: str | Path) -> pd.DataFrame:
    """
    Return what a municipality has done for its LEKP targets.

    Parameters
    ----------
    gemeente : str
        Slug of the municipality; its file is ``<gemeente>/voortgang.csv`` or ``.xlsx``.
    data_dir : str or Path
        The data folder.

    Returns
    -------
    DataFrame
        Contract ``voortgang``; no rows if there is no file.

    Raises
    ------
    ContractError
        With every fault in the file.
    """
    return _read_municipal("voortgang", find_folder(data_dir) / check_place_name(gemeente))


def read_local_rules(gemeente: str, *, data_dir: str | Path) -> pd.DataFrame:
    """
    Return what a municipality adds to the premiums, loans and rules of Flanders.

    Parameters
    ----------
    gemeente : str
        Slug of the municipality; its file is ``<gemeente>/regels.csv`` or ``.xlsx``.
    data_dir : str or Path
        The data folder.

    Returns
    -------
    DataFrame
        Contract ``regels``; no rows if there is no file.

    Raises
    ------
    ContractError
        With every fault in the file.
    """
    return _read_municipal("regels", find_folder(data_dir) / check_place_name(gemeente))


def _read_municipal(name: str, folder: Path) -> pd.DataFrame:
    """Return a table of a municipality, checked; no rows if it has none."""
    contract = INPUTS[name]
    paths = [folder / f"{contract.name}{ending}" for ending in SHEET_ENDINGS]
    found = [path for path in paths if path.exists() or path.is_symlink()]
    if len(found) > 1:
        raise ContractError([_doubled(contract.name, found)])
    if not found:
        return empty_table(contract)
    raw, source = read_raw(found[0], sheet=contract.name)
    checked = check(raw, contract, source)
    if checked.faults:
        raise ContractError(checked.faults)
    return checked.table
