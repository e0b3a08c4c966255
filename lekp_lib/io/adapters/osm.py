"""
Import OpenStreetMap: an extract in, the tables of a neighbourhood out.

What tags mean stands in ``_osm_tags``; what counts as a home in ``_osm_buildings``. Objects
that the file holds only in part, and outlines that cross themselves, are listed in
``import_overgeslagen.csv`` and left out; nothing is repaired.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import shapely

from lekp_lib import wording
from lekp_lib.contracts import INPUTS, Source, SourceNote, check
from lekp_lib.errors import ContractError
from lekp_lib.io._raw import read_raw
from lekp_lib.io._settings import distance_faults
from lekp_lib.io.adapters._osm_collect import Collected, collect
from lekp_lib.io.adapters._osm_lines import SKIPPED_FILE, report_lines, skipped_csv, story
from lekp_lib.io.adapters._osm_read import Extract, read_extract
from lekp_lib.io.adapters._place_folder import (
    Target,
    fault,
    open_target,
    refuse_existing,
    save,
    settings_for,
)

__all__ = ["import_osm"]

_LICENCE = "ODbL 1.0"
_ATTRIBUTION = "© OpenStreetMap-bijdragers (openstreetmap.org/copyright)"
_BOUNDARY_NAMES = {"geoitem": "wijk_code", "naam": "name", "wijkcode": "wijk_code"}
_NOT_CHECKED = "niet nagegaan"


def import_osm(
    files: Sequence[str | Path],
    *,
    place: str,
    data_dir: str | Path,
    boundary: str | Path | None = None,
    force: bool = False,
) -> list[str]:
    """
    Fill a neighbourhood with buildings, streets, car parks, trees and green.

    Parameters
    ----------
    files : sequence of path
        Extracts: ``.osm.pbf``, ``.osm``, ``.osm.gz``. They may be cut off at their edges.
    place : str
        ``<gemeente>/<wijk>``; made if it is not there.
    data_dir : str or Path
        The data folder.
    boundary : path, optional
        Polygon of the wijk, written as table ``grens``; only what lies in it is imported.
        A street segment or area that crosses it is kept whole. A property ``wijk_code`` or
        ``geoitem`` goes to ``wijk.yml``.
    force : bool
        Replace tables that an earlier import wrote.

    Returns
    -------
    list of str
        Dutch lines that tell what was imported and what was not.

    Raises
    ------
    ContractError, SourceError
        If a file cannot be used or a table is in the way. Nothing has changed then.
    """
    target = open_target(place, data_dir=data_dir)
    outline = None if boundary is None else _read_boundary(Path(boundary))
    extract = read_extract(files)
    names = [Path(file).name for file in files]
    within = None if outline is None else shapely.union_all(outline["geometry"].to_numpy())
    collected = collect(extract, within)
    _refuse_nothing(collected, wording.join(names))
    tables: dict[str, pd.DataFrame] = {**collected.tables}
    if outline is not None:
        tables["grens"] = outline
    refuse_existing(target, tables, force=force)
    sources = _sources(collected, extract, names)
    if boundary is not None:
        sources["grens"] = SourceNote(source=Path(boundary).name, licence=_NOT_CHECKED)
    settings = settings_for(
        target,
        name=_boundary_name(outline, target),
        wijk_code=_first_text(outline, "wijk_code"),
        sources=sources,
    )
    far = distance_faults(
        collected.tables["gebouwen"], settings, Source(names[0]), data_dir=target.folder.parents[1]
    )
    if far:
        raise ContractError(far)
    day = wording.date(extract.newest) if extract.newest else ""
    written = save(
        target,
        tables,
        settings=settings,
        story=story(target.municipality, tables, day),
        texts={SKIPPED_FILE: skipped_csv(collected.skipped)},
    )
    code = f" Wijkcode: {settings.wijk_code}." if settings.wijk_code else ""
    return [
        f"Gelezen: {wording.join(names)}{f' (jongste wijziging {day})' if day else ''}.",
        *report_lines(collected),
        f"Geschreven in {place}: {wording.join(written)}.{code}",
        f"Bron: {_ATTRIBUTION}, licentie {_LICENCE}.",
    ]


def _read_boundary(path: Path) -> pd.DataFrame:
    """Return the table ``grens``, in contract form."""
    if not path.is_file():
        raise fault(path.name, "het bestand bestaat niet", "Kijk de naam en de map na.")
    raw, source = read_raw(path)
    known = {name: _BOUNDARY_NAMES.get(str(name).casefold(), name) for name in raw.columns}
    checked = check(raw.rename(columns=known), INPUTS["grens"], source)
    if checked.faults:
        raise ContractError(checked.faults)
    if len(checked.table["wijk_code"].dropna().unique()) > 1:
        problem = "het bestand bevat vlakken van verschillende wijken"
        raise fault(path.name, problem, "Bewaar alleen de vlakken van deze wijk.")
    return checked.table


def _first_text(outline: pd.DataFrame | None, column: str) -> str | None:
    known = [] if outline is None else outline[column].dropna().tolist()
    return str(known[0]) if known else None


def _boundary_name(outline: pd.DataFrame | None, target: Target) -> str | None:
    """Return the name in the boundary file, without the municipality in brackets behind it."""
    name = _first_text(outline, "name")
    return name.removesuffix(f"({target.municipality})").strip() or None if name else None


def _refuse_nothing(collected: Collected, names: str) -> None:
    """Refuse an extract without the two tables that every analysis needs."""
    for table in ("gebouwen", "straten"):
        if table in collected.tables:
            continue
        n_skipped = sum(one.table == table for one in collected.skipped)
        problem = f"het bestand bevat geen {table}"
        if n_skipped:
            problem = (
                f"geen van de {n_skipped} {table} in het bestand is volledig en juist getekend"
            )
        if collected.n_outside.get(table):
            problem = f"er liggen geen {table} binnen de grens van de wijk"
        raise fault(names, problem, "Kies een uittreksel dat de hele wijk bevat.")


def _sources(collected: Collected, extract: Extract, names: Sequence[str]) -> dict[str, SourceNote]:
    note = SourceNote(
        source=f"{_ATTRIBUTION}, bestand {wording.join(list(names))}",
        licence=_LICENCE,
        date=extract.newest.isoformat() if extract.newest else "",
    )
    return dict.fromkeys(collected.tables, note)
