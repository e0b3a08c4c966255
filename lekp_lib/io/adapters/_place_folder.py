"""
The folder that an import fills: looked at first, changed only when everything is right.

Nothing is written until every table is checked; then the files are made in a folder of their
own and moved into place one by one, ``wijk.yml`` last.
"""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import yaml
from pydantic import ValidationError

from lekp_lib import wording
from lekp_lib.contracts import INPUTS, Flanders, SourceNote, WijkSettings
from lekp_lib.errors import ContractError, Fault
from lekp_lib.io._raw import GEO_ENDINGS, SHEET_ENDINGS, has_rows
from lekp_lib.io._settings import SETTINGS
from lekp_lib.io.paths import check_place_name, find_folder
from lekp_lib.io.read import WORKBOOK, read_flanders, read_settings
from lekp_lib.io.write import write_table

__all__ = ["Target", "fault", "open_target", "refuse_existing", "save", "settings_for"]

_RESERVED = "gemeente"  # results of the municipality itself lie in <gemeente>/gemeente
_STORY = "verhaal.md"


@dataclass(frozen=True)
class Target:
    """
    The place that an import fills.

    Attributes
    ----------
    slug : str
        ``<gemeente>/<wijk>``.
    folder : Path
        Its folder, which need not exist.
    municipality, nis_code : str
        The municipality as ``data/vlaanderen`` names it.
    settings : WijkSettings or None
        What ``wijk.yml`` says now; None for a new place.
    wijken : DataFrame, index wijk_code
        All Flemish wijken, to recognise a code.
    """

    slug: str
    folder: Path
    municipality: str
    nis_code: str
    settings: WijkSettings | None
    wijken: pd.DataFrame


def fault(file: str, problem: str, remedy: str, value: str | None = None) -> ContractError:
    """Return the error for one thing that is wrong with a whole file or place."""
    return ContractError([Fault(file, None, None, value, problem, remedy)])


def open_target(place: str, *, data_dir: str | Path) -> Target:
    """
    Return the place to fill; nothing is made yet.

    Raises
    ------
    ContractError
        If the name is not that of a wijk, the municipality is unknown, or ``wijk.yml`` is
        wrong or belongs to another municipality.
    """
    municipality_slug, _, wijk_slug = check_place_name(place).partition("/")
    if not wijk_slug or wijk_slug == _RESERVED:
        problem = "een import heeft de naam van een wijk nodig"
        raise fault(place, problem, "Schrijf <gemeente>/<wijk>, bijvoorbeeld lille/dorp.")
    root = find_folder(data_dir)
    flanders = read_flanders(data_dir=root)
    nis_code, name = _municipality(municipality_slug, flanders)
    folder = root / municipality_slug / wijk_slug
    settings = None
    if (folder / SETTINGS).is_file():
        settings = read_settings(folder, data_dir=root)
        if settings.nis_code != nis_code:
            problem = f"de map hoort bij {name}, met NIS-code {nis_code}"
            raise fault(SETTINGS, problem, "Verbeter nis_code.", settings.nis_code)
    return Target(place, folder, name, nis_code, settings, flanders.wijken)


def _municipality(slug: str, flanders: Flanders) -> tuple[str, str]:
    """Return NIS code and name, or refuse with the names that come near."""
    names = {
        wording.slugify(name): (str(code), str(name))
        for code, name in flanders.municipalities["name"].items()
    }
    if slug in names:
        return names[slug]
    merged = {
        wording.slugify(old): str(code)
        for old, code in zip(
            flanders.mergers["name_until_2024"], flanders.mergers["nis_code_2025"], strict=True
        )
    }
    if slug in merged and merged[slug] in flanders.municipalities.index:
        name = str(flanders.municipalities.loc[merged[slug], "name"])
        problem = f"deze gemeente hoort sinds 1 januari 2025 bij {name}"
        raise fault(slug, problem, f"Gebruik {wording.slugify(name)}/<wijk>.")
    near = difflib.get_close_matches(slug, [*names, *merged], n=3, cutoff=0.6)
    hint = f" Bedoelde u {' of '.join(near)}?" if near else ""
    problem = "geen Vlaamse gemeente heeft deze naam (indeling van 1 januari 2025)"
    raise fault(slug, problem, f"Kijk de schrijfwijze na.{hint}")


def refuse_existing(target: Target, names: Iterable[str], *, force: bool) -> None:
    """
    Refuse to write over tables that are there.

    With `force` a table that an import wrote before may be replaced; one in another format is
    never touched, because it is someone's own work.

    Raises
    ------
    ContractError
        Naming every file in the way.
    """
    faults = []
    for name in names:
        written = "gpkg" if INPUTS[name].geometry else "csv"
        for path in _files_of(name, target.folder):
            is_replaceable = path.name == f"{name}.{written}"
            if force and is_replaceable:
                continue
            remedy = "Verplaats het bestand als u de tabel wilt vervangen."
            if is_replaceable:
                remedy = "Gebruik --force om de tabel te vervangen, of verplaats het bestand."
            problem = f"de tabel {name} bestaat al in {target.slug} en wordt niet overschreven"
            faults.append(Fault(path.name, None, None, None, problem, remedy))
    if faults:
        raise ContractError(faults)


def _files_of(name: str, folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    endings = {*GEO_ENDINGS, *SHEET_ENDINGS}
    files = [
        path
        for path in sorted(folder.iterdir())
        if path.stem.casefold() == name and path.suffix.casefold() in endings
    ]
    workbook = folder / WORKBOOK
    if not INPUTS[name].needs_shapes and workbook.is_file() and has_rows(workbook, sheet=name):
        files.append(workbook)
    return files


def settings_for(
    target: Target, *, name: str | None, wijk_code: str | None, sources: Mapping[str, SourceNote]
) -> WijkSettings:
    """
    Return what ``wijk.yml`` must say after the import.

    Parameters
    ----------
    target : Target
        The place.
    name, wijk_code : str or None
        From the boundary file, if there is one. What ``wijk.yml`` says stays; what is nowhere
        comes from the list of wijken, if one of this municipality is named like the folder.
    sources : mapping of str to SourceNote
        Table → where it comes from; sources of other tables stay.

    Raises
    ------
    ContractError
        If the code is that of another wijk or another municipality.
    """
    if wijk_code is not None:
        _refuse_foreign_code(target, wijk_code)
    own = target.settings
    wijk_slug = target.slug.partition("/")[2]
    listed_code, listed_name = _listed(target)
    if own is not None:
        code = own.wijk_code or wijk_code or listed_code
        return own.model_copy(update={"wijk_code": code, "sources": {**own.sources, **sources}})
    return WijkSettings(
        name=name or listed_name or wijk_slug.replace("-", " ").capitalize(),
        municipality=target.municipality,
        nis_code=target.nis_code,
        wijk_code=wijk_code or listed_code,
        sources=dict(sources),
    )


def _listed(target: Target) -> tuple[str | None, str | None]:
    """Return code and name of the wijk of the municipality that is named like the folder."""
    listed = target.wijken[target.wijken["nis_code"] == target.nis_code]
    wijk_slug = target.slug.partition("/")[2]
    same = listed[listed["name"].map(wording.slugify) == wijk_slug]
    return (str(same.index[0]), str(same["name"].iloc[0])) if len(same) == 1 else (None, None)


def _refuse_foreign_code(target: Target, wijk_code: str) -> None:
    own = target.settings.wijk_code if target.settings is not None else None
    if own is not None and own != wijk_code:
        problem = f"de grens is van wijk {wijk_code}, maar wijk.yml noemt wijk {own}"
        raise fault(SETTINGS, problem, "Kijk na welke code juist is.")
    if wijk_code in target.wijken.index:
        nis_code = str(target.wijken.loc[wijk_code, "nis_code"])
        if nis_code != target.nis_code:
            problem = f"wijk {wijk_code} ligt niet in {target.municipality}"
            raise fault(target.slug, problem, "Kijk de gemeente en het bestand van de grens na.")


def save(
    target: Target,
    tables: Mapping[str, pd.DataFrame],
    *,
    settings: WijkSettings,
    story: str,
    texts: Mapping[str, str] | None = None,
) -> list[str]:
    """
    Write tables, texts and ``wijk.yml`` of a place; return the names of the files.

    Parameters
    ----------
    target : Target
        The place; its folder is made if needed.
    tables : mapping of str to DataFrame
        Checked contract tables.
    settings : WijkSettings
        New content of ``wijk.yml``; what an editor wrote in it besides, stays.
    story : str
        Text of ``verhaal.md``, only written if there is none.
    texts : mapping of str to str, optional
        Other files, name → content.
    """
    root = target.folder.parents[1]
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".import-", dir=root) as made:
        workshop = Path(made)
        for name, table in tables.items():
            write_table(name, table, workshop)
        for name, text in (texts or {}).items():
            _write(workshop / name, text)
        if not (target.folder / _STORY).is_file():
            _write(workshop / _STORY, story)
        names = sorted(path.name for path in workshop.iterdir())
        _write(workshop / SETTINGS, _settings_text(target, settings))
        target.folder.mkdir(parents=True, exist_ok=True)
        for name in (*names, SETTINGS):
            os.replace(workshop / name, target.folder / name)
    return [*names, SETTINGS]


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _settings_text(target: Target, settings: WijkSettings) -> str:
    content = settings.model_dump(exclude_defaults=True)
    path = target.folder / SETTINGS
    if not path.is_file():
        return _dump(content)
    text = path.read_text(encoding="utf-8-sig")
    for key in ("wijk_code", "sources"):
        if content.get(key) is not None:
            text = _with_block(text, key, content[key])
    try:
        is_right = WijkSettings.model_validate(yaml.safe_load(text)) == settings
    except (yaml.YAMLError, ValidationError):
        is_right = False
    return text if is_right else _dump(content)


def _with_block(text: str, key: str, value: object) -> str:
    """Replace one top-level key of a YAML text, or add it; the lines of other keys stay."""
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if line.startswith(f"{key}:")), None)
    block = _dump({key: value}).splitlines()
    if start is None:
        return "\n".join([*lines, *block]) + "\n"
    end = start + 1
    while end < len(lines) and lines[end].startswith((" ", "\t", "-")):
        end += 1
    return "\n".join([*lines[:start], *block, *lines[end:]]) + "\n"


def _dump(content: object) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)
