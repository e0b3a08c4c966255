"""
Read a neighbourhood, a municipality's progress and the figures for Flanders.

Everything is checked here, once: what comes out is in contract form or an error names every
fault of every file.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd
import yaml
from pydantic import ValidationError

from lekp_lib import wording
from lekp_lib.assumptions import load
from lekp_lib.contracts import (
    FICTIONAL_NIS,
    INPUTS,
    Flanders,
    Place,
    Source,
    WijkSettings,
    check,
    reference_faults,
)
from lekp_lib.contracts.lists import TABLES
from lekp_lib.errors import AssumptionError, ContractError, Fault
from lekp_lib.io._raw import GEO_ENDINGS, SHEET_ENDINGS, read_raw
from lekp_lib.io.paths import check_place_name, find_folder

__all__ = [
    "CheckReport",
    "check_place",
    "nis_code_of",
    "read_flanders",
    "read_municipalities",
    "read_place",
    "read_progress",
    "read_settings",
]

_REQUIRED = ("gebouwen", "straten")
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
    faults: list[Fault] = []
    notices: list[str] = []
    settings = _settings(folder, data_dir, faults)
    tables: dict[str, pd.DataFrame] = {}
    sources: dict[str, Source] = {}
    for name in TABLES:
        _read_table(name, folder, (tables, sources), faults, notices)
    notices += _unused_files(folder)
    faults += reference_faults(tables, sources)
    figures = None
    try:
        own = tables.get("aannames")
        figures = load(own.reset_index() if own is not None else None)
    except AssumptionError as error:
        remedy = "Zie de pagina Kengetallen van het boek."
        faults.append(Fault(sources["aannames"].file, None, "key", None, str(error), remedy))
    report = CheckReport(place, tuple(faults), tuple(notices))
    if faults or settings is None or figures is None:
        return None, report
    story = folder / "verhaal.md"
    return Place(
        slug=place,
        settings=settings,
        story=story.read_text(encoding="utf-8") if story.is_file() else "",
        tables=tables,
        files={name: source.file for name, source in sources.items()},
        notices=tuple(notices),
        assumptions=figures,
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
        names = wording.join([path.name for path, _ in files])
        problem = f"er zijn verschillende bestanden voor dezelfde tabel: {names}"
        faults.append(Fault(name, None, None, None, problem, "Houd er één over."))
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


def _files_of(name: str, folder: Path) -> list[tuple[Path, str | None]]:
    endings = GEO_ENDINGS if INPUTS[name].geometry else (*SHEET_ENDINGS, ".parquet")
    if INPUTS[name].geometry:
        endings = (*endings, ".csv")
    files: list[tuple[Path, str | None]] = [
        (path, name if path.suffix.casefold() == ".gpkg" else None)
        for path in sorted(folder.iterdir())
        if path.stem.casefold() == name and path.suffix.casefold() in endings
    ]
    workbook = folder / WORKBOOK
    if not files and workbook.is_file() and not INPUTS[name].geometry:
        return _sheets_of(name, workbook)
    return files


def _sheets_of(name: str, workbook: Path) -> list[tuple[Path, str | None]]:
    """Return the workbook's sheet of a table if someone filled it in."""
    try:
        raw, _ = read_raw(workbook, sheet=name)
    except ContractError:
        return [(workbook, name)]
    columns = {column.title for column in INPUTS[name].columns.values()}
    is_sheet = len(columns.intersection(raw.columns)) > 0
    return [(workbook, name)] if is_sheet and len(raw) > 0 else []


_KNOWN_FILES = {"wijk.yml", "verhaal.md", WORKBOOK, "import_overgeslagen.csv"}
_SIDE_FILES = {".dbf", ".shx", ".prj", ".cpg", ".qix", ".qmd", ".gpkg-wal", ".gpkg-shm", ".md"}


def _unused_files(folder: Path) -> list[str]:
    return [
        f"{path.name}: dit bestand hoort bij geen enkele tabel en wordt niet gebruikt."
        for path in sorted(folder.iterdir())
        if path.is_file()
        and path.name not in _KNOWN_FILES
        and not path.name.startswith(".")
        and path.stem.casefold() not in TABLES
        and path.suffix.casefold() not in _SIDE_FILES
    ]


def read_settings(folder: Path, *, data_dir: Path) -> WijkSettings:
    """
    Return the file ``wijk.yml`` of a neighbourhood.

    Raises
    ------
    ContractError
        With every fault in it.
    """
    faults: list[Fault] = []
    settings = _settings(folder, data_dir, faults)
    if settings is None or faults:
        raise ContractError(faults)
    return settings


def _settings(folder: Path, data_dir: Path, faults: list[Fault]) -> WijkSettings | None:
    path = folder / "wijk.yml"
    if not path.is_file():
        faults.append(_yaml_fault(None, None, "het bestand ontbreekt", "Maak het met: lekp new"))
        return None
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        settings = WijkSettings.model_validate(content)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problem = f"is geen geldige YAML ({str(error).splitlines()[0]})"
        faults.append(_yaml_fault(None, None, problem, "Kijk inspringing en aanhalingstekens na."))
        return None
    except ValidationError as error:
        faults.extend(_yaml_problem(dict(problem)) for problem in error.errors())
        return None
    faults.extend(_unknown_municipality(settings, data_dir))
    return settings


def _yaml_fault(key: str | None, value: str | None, problem: str, remedy: str) -> Fault:
    return Fault("wijk.yml", None, key, value, problem, remedy)


def _yaml_problem(problem: dict[str, object]) -> Fault:
    location = problem["loc"]
    key = ".".join(str(part) for part in location) if isinstance(location, tuple) else ""
    kinds = {
        "missing": ("dit gegeven ontbreekt", f"Voeg {key} toe."),
        "extra_forbidden": ("dit gegeven is niet gekend", "Kijk de spelling na of haal het weg."),
        "string_type": ("moet tekst zijn", "Zet de waarde tussen aanhalingstekens."),
        "bool_parsing": ("moet true of false zijn", "Vul true of false in."),
    }
    standard = (str(problem["msg"]).removeprefix("Value error, "), "Verbeter de waarde.")
    words = kinds.get(str(problem["type"]), standard)
    value = None if problem["type"] == "missing" else str(problem["input"])[:80]
    return _yaml_fault(key, value, *words)


def _unknown_municipality(settings: WijkSettings, data_dir: Path) -> list[Fault]:
    known = read_municipalities(data_dir=data_dir)
    code = settings.nis_code
    if settings.is_fictional:
        if code in known.index:
            name = str(known["name"].loc[code])
            problem = f"een fictieve wijk mag de code van {name} niet dragen"
            return [_yaml_fault("nis_code", code, problem, f"Gebruik {FICTIONAL_NIS}.")]
        return []
    if code not in known.index:
        problem = "geen Vlaamse gemeente heeft deze NIS-code (indeling van 1 januari 2025)"
        remedy = "Zoek de code op in data/vlaanderen/municipalities.csv."
        return [_yaml_fault("nis_code", code, problem, remedy)]
    return []


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
    folder = find_folder(data_dir) / check_place_name(gemeente)
    for ending in SHEET_ENDINGS:
        path = folder / f"voortgang{ending}"
        if path.is_file():
            raw, source = read_raw(path)
            checked = check(raw, INPUTS["voortgang"], source)
            if checked.faults:
                raise ContractError(checked.faults)
            return checked.table
    return pd.DataFrame(columns=list(INPUTS["voortgang"].columns))


def read_municipalities(*, data_dir: str | Path) -> pd.DataFrame:
    """
    Return the Flemish municipalities, indexed by ``nis_code``.

    Raises
    ------
    ContractError
        If the table cannot be read.
    """
    folder = find_folder(data_dir) / "vlaanderen"
    if not folder.is_dir():
        folder = find_folder("data") / "vlaanderen"
    return _municipalities(folder).copy()


def nis_code_of(gemeente: str, *, data_dir: str | Path) -> str:
    """
    Return the NIS code of a municipality from its slug or the code itself.

    Raises
    ------
    ContractError
        If no Flemish municipality has that name or code.

    Examples
    --------
    >>> nis_code_of("sint-niklaas", data_dir="data")
    '46021'
    """
    names = read_municipalities(data_dir=data_dir)["name"]
    if gemeente in names.index:
        return gemeente
    slugs = names.map(wording.slugify)
    found = slugs.index[slugs == gemeente]
    if len(found) != 1:
        near = wording.join(difflib.get_close_matches(gemeente, slugs.tolist(), n=3))
        hint = f" Bedoelde u {near}?" if near else ""
        msg = f"«{gemeente}» is geen Vlaamse gemeente (indeling van 1 januari 2025).{hint}"
        raise ContractError(msg)
    return str(found[0])


@lru_cache(maxsize=4)
def _municipalities(folder: Path) -> pd.DataFrame:
    return _facts(folder, "municipalities").set_index("nis_code")


def _facts(folder: Path, name: str) -> pd.DataFrame:
    path = folder / f"{name}.csv"
    if not path.is_file():
        remedy = "Zet de map data/vlaanderen terug."
        raise ContractError([Fault(path.name, None, None, None, "het bestand ontbreekt", remedy)])
    texts = ("nis_code", "wijk_code", "nis_code_until_2024", "nis_code_2025", "version")
    return pd.read_csv(path, dtype=dict.fromkeys(texts, "str"), encoding="utf-8")


def read_flanders(*, data_dir: str | Path) -> Flanders:
    """
    Return the figures for all Flemish municipalities and wijken.

    Parameters
    ----------
    data_dir : str or Path
        The data folder; where it has no folder ``vlaanderen``, the project's own is read.

    Examples
    --------
    >>> len(read_flanders(data_dir="data").municipalities)
    285
    """
    folder = find_folder(data_dir) / "vlaanderen"
    if not folder.is_dir():
        folder = find_folder("data") / "vlaanderen"
    return Flanders(
        municipalities=_municipalities(folder).copy(),
        building_stock=_facts(folder, "building_stock_2025"),
        dwellings=_facts(folder, "dwellings_2025"),
        garages=_facts(folder, "garages_2025"),
        wijken=_facts(folder, "wijken").set_index("wijk_code"),
        wijk_energy=_facts(folder, "wijk_energy_2018_2021"),
        targets=_facts(folder, "lekp_targets").set_index("id"),
        mergers=_facts(folder, "municipality_mergers_2025"),
    )
