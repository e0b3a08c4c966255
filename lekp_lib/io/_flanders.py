"""The published figures for Flanders, and the names of its municipalities."""

from __future__ import annotations

import difflib
from functools import lru_cache
from pathlib import Path

import pandas as pd

from lekp_lib import wording
from lekp_lib.contracts import INPUTS, PRACTICE, Flanders, check, empty_table
from lekp_lib.contracts.practice import spelling_faults
from lekp_lib.errors import ContractError, Fault
from lekp_lib.io._raw import read_raw
from lekp_lib.io.paths import find_folder

__all__ = [
    "nis_code_of",
    "read_flanders",
    "read_municipalities",
    "read_practice",
    "read_wijken",
]

_PRACTICE_FILE = "praktijk.csv"


def read_municipalities(*, data_dir: str | Path) -> pd.DataFrame:
    """
    Return the Flemish municipalities, indexed by ``nis_code``.

    Raises
    ------
    ContractError
        If the table cannot be read.
    """
    return _municipalities(_folder(data_dir)).copy()


def read_wijken(*, data_dir: str | Path) -> pd.DataFrame:
    """
    Return the Flemish wijken, indexed by ``wijk_code``.

    Raises
    ------
    ContractError
        If the table cannot be read.
    """
    return _facts(_folder(data_dir), "wijken").set_index("wijk_code")


def _folder(data_dir: str | Path) -> Path:
    """Return the folder with the figures: that of the data folder, else the project's own."""
    folder = find_folder(data_dir) / "vlaanderen"
    return folder if folder.is_dir() else find_folder("data") / "vlaanderen"


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


def read_practice(*, data_dir: str | Path) -> pd.DataFrame:
    """
    Return the documented Flemish cases, indexed by ``case_id``, checked.

    Parameters
    ----------
    data_dir : str or Path
        The data folder; without ``praktijk.csv`` in it, the project's own file is read.

    Raises
    ------
    ContractError
        With every fault of the file.

    Examples
    --------
    >>> read_practice(data_dir="data")["outcome"].notna().all()
    np.True_
    """
    own = find_folder(data_dir) / _PRACTICE_FILE
    path = own if own.is_file() else find_folder("data") / _PRACTICE_FILE
    if not path.is_file():
        remedy = "Zet data/praktijk.csv terug."
        raise ContractError([Fault(path.name, None, None, None, "het bestand ontbreekt", remedy)])
    raw, source = read_raw(path)
    checked = check(raw, PRACTICE, source)
    faults = list(checked.faults)
    if not faults:
        faults = spelling_faults(checked.table, source)
    if faults:
        raise ContractError(faults)
    return checked.table


def _rules(folder: Path) -> pd.DataFrame:
    """Return the rules for households, checked; no rows if there is no file: all are missing."""
    path = folder / f"{INPUTS['regels'].name}.csv"
    if not path.is_file():
        return empty_table(INPUTS["regels"])
    raw, source = read_raw(path)
    checked = check(raw, INPUTS["regels"], source)
    if checked.faults:
        raise ContractError(checked.faults)
    return checked.table


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
    folder = _folder(data_dir)
    return Flanders(
        municipalities=_municipalities(folder).copy(),
        building_stock=_facts(folder, "building_stock_2025"),
        dwellings=_facts(folder, "dwellings_2025"),
        garages=_facts(folder, "garages_2025"),
        wijken=_facts(folder, "wijken").set_index("wijk_code"),
        wijk_energy=_facts(folder, "wijk_energy_2018_2021"),
        targets=_facts(folder, "lekp_targets").set_index("id"),
        mergers=_facts(folder, "municipality_mergers_2025"),
        practice=read_practice(data_dir=data_dir),
        rules=_rules(folder),
    )
