"""Read ``wijk.yml`` and hold it against what is known of Flanders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd
import yaml
from pydantic import ValidationError

from lekp_lib import wording
from lekp_lib.contracts import CRS, FICTIONAL_NIS, Source, WijkSettings
from lekp_lib.errors import ContractError, Fault
from lekp_lib.io._flanders import read_municipalities, read_wijken

__all__ = ["SETTINGS", "distance_faults", "find_settings", "read_settings"]

SETTINGS = "wijk.yml"
_LARGEST_FILE = 1_000_000
_DEEPEST = 10
_FARTHEST_KM = 20.0
"""No Flemish wijk lies farther than 14 km from the middle of its municipality."""

_SPELL = "Kijk inspringing en aanhalingstekens na."
_QUOTE = "Zet de waarde tussen aanhalingstekens."
_KINDS = {
    "bool_parsing": ("moet true of false zijn", "Vul true of false in, zonder aanhalingstekens."),
    "bool_type": ("moet true of false zijn", "Vul true of false in, zonder aanhalingstekens."),
    "extra_forbidden": ("dit gegeven is niet gekend", "Kijk de spelling na of haal het weg."),
    "missing": ("dit gegeven ontbreekt", "Voeg het toe."),
    "string_pattern_mismatch": ("mag niet leeg zijn", "Vul een naam in."),
    "string_too_short": ("mag niet leeg zijn", "Vul een naam in."),
    "string_type": ("moet tekst zijn", _QUOTE),
}
_GROUP = ("heeft niet de juiste vorm", "Schrijf eronder, ingesprongen, regels als «naam: waarde».")
_PARAMETER_PATH = ("parameters", "template", "name")
_PARAMETER = (
    "moet tekst, een getal, true of false zijn",
    "Vul één waarde in, een datum tussen aanhalingstekens.",
)


def read_settings(folder: Path, *, data_dir: Path) -> WijkSettings:
    """
    Return the file ``wijk.yml`` of a neighbourhood.

    Raises
    ------
    ContractError
        With every fault in it.
    """
    settings, faults = find_settings(folder, data_dir=data_dir)
    if settings is None or faults:
        raise ContractError(faults)
    return settings


def find_settings(folder: Path, *, data_dir: Path) -> tuple[WijkSettings | None, tuple[Fault, ...]]:
    """
    Return the file ``wijk.yml`` if it can be read, and every fault in it.

    Parameters
    ----------
    folder : Path
        Folder of the neighbourhood, inside that of its municipality.
    data_dir : Path
        The data folder.
    """
    path = folder / SETTINGS
    if not path.exists():
        return None, (_fault("het bestand ontbreekt", "Maak het met: lekp new"),)
    if path.is_symlink() or not path.is_file():
        return None, (_fault("is geen gewoon bestand", "Zet het bestand zelf in de map."),)
    if path.stat().st_size > _LARGEST_FILE:
        return None, (_fault("het bestand is groter dan 1 MB", "Kijk na of het dit bestand is."),)
    try:
        text = path.read_bytes().decode("utf-8-sig")
        content = _content(text)
    except UnicodeDecodeError:
        remedy = "Bewaar het bestand opnieuw als tekst met codering UTF-8."
        return None, (_fault("de tekens van het bestand zijn niet leesbaar", remedy),)
    except ContractError as error:
        return None, error.faults
    try:
        settings = WijkSettings.model_validate(content)
    except ValidationError as error:
        problems = [_translate(dict(problem)) for problem in error.errors()]
        return None, tuple(dict.fromkeys(problems))
    return settings, tuple(_contradictions(settings, folder, data_dir))


def _content(text: str) -> object:
    """Return the content; what hides its meaning or size is refused before it is built."""
    try:
        _refuse_tricks(text)
        doubled = list(_doubled_keys(yaml.compose(text, Loader=yaml.SafeLoader)))
        if doubled:
            raise ContractError(doubled)
        return yaml.safe_load(text)
    except ContractError:
        raise
    except (yaml.YAMLError, ValueError, AttributeError) as error:
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        row = mark.line + 1 if mark is not None else None
        raise ContractError([_fault("is geen geldige YAML", _SPELL, row=row)]) from error


def _refuse_tricks(text: str) -> None:
    """Refuse references, of which a few lines can make gigabytes, and endless nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        row = None if event.start_mark is None else event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            problem = "verwijzingen met * worden niet aanvaard"
            raise ContractError([_fault(problem, "Schrijf de waarde voluit.", row=row)])
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            problem = "de lijsten zitten te diep in elkaar"
            raise ContractError([_fault(problem, _SPELL, row=row)])


def _doubled_keys(node: yaml.Node | None) -> Iterator[Fault]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _doubled_keys(item)
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        name = str(key.value)
        if name in seen:
            row = key.start_mark.line + 1
            yield _fault("staat er twee keer in", "Haal er één weg.", key=name, row=row)
        seen.add(name)
        yield from _doubled_keys(value)


def _fault(
    problem: str,
    remedy: str,
    *,
    key: str | None = None,
    value: str | None = None,
    row: int | None = None,
) -> Fault:
    return Fault(SETTINGS, row, key, value, problem, remedy)


def _translate(problem: dict[str, object]) -> Fault:
    location = problem["loc"] if isinstance(problem["loc"], tuple) else ()
    kind = str(problem["type"])
    if location[:1] == ("parameters",) and len(location) > len(_PARAMETER_PATH):
        location, words = location[: len(_PARAMETER_PATH)], _PARAMETER
    elif kind == "value_error":
        words = str(problem["msg"]).removeprefix("Value error, "), "Verbeter de waarde."
    else:
        words = _KINDS.get(kind, _GROUP)
    given = problem["input"]
    is_shown = kind != "missing" and isinstance(given, str | int | float | bool)
    key = ".".join(str(part) for part in location) or None
    return _fault(*words, key=key, value=str(given)[:80] if is_shown else None)


def _contradictions(settings: WijkSettings, folder: Path, data_dir: Path) -> Iterable[Fault]:
    """Return what cannot be true of a wijk in Flanders."""
    known = read_municipalities(data_dir=data_dir)["name"]
    code = settings.nis_code
    if settings.is_fictional:
        if code in known.index:
            problem = f"een fictieve wijk mag de code van {known.loc[code]} niet dragen"
            yield _fault(problem, f"Gebruik {FICTIONAL_NIS}.", key="nis_code", value=code)
        return
    if code not in known.index:
        problem = "geen Vlaamse gemeente heeft deze NIS-code (indeling van 1 januari 2025)"
        remedy = "Zoek de code op in data/vlaanderen/municipalities.csv."
        yield _fault(problem, remedy, key="nis_code", value=code)
        return
    name = str(known.loc[code])
    if wording.slugify(settings.municipality) != wording.slugify(name):
        problem = f"de NIS-code {code} is die van {name}"
        remedy = "Maak naam en code van dezelfde gemeente."
        yield _fault(problem, remedy, key="municipality", value=settings.municipality)
    elif folder.parent.name != wording.slugify(name):
        problem = f"de wijk ligt volgens dit bestand in {name}, maar de map heet anders"
        remedy = f"Zet de wijk in de map {wording.slugify(name)}, of verbeter dit bestand."
        yield _fault(problem, remedy, key="municipality", value=settings.municipality)
    yield from _wijk_faults(settings, data_dir)


def _wijk_faults(settings: WijkSettings, data_dir: Path) -> Iterable[Fault]:
    code = settings.wijk_code
    if code is None:
        return
    owners = read_wijken(data_dir=data_dir)["nis_code"]
    if code not in owners.index:
        remedy = "Zoek de code op in data/vlaanderen/wijken.csv, of haal de regel weg."
        yield _fault("deze wijkcode bestaat niet", remedy, key="wijk_code", value=code)
    elif owners.loc[code] != settings.nis_code:
        problem = "dit is de code van een wijk in een andere gemeente"
        remedy = "Zoek de code op in data/vlaanderen/wijken.csv."
        yield _fault(problem, remedy, key="wijk_code", value=code)


def distance_faults(
    shapes: pd.DataFrame, settings: WijkSettings, source: Source, *, data_dir: Path
) -> list[Fault]:
    """
    Return the fault that a table lies far from its municipality, if it does.

    Catches what a box round Belgium cannot: coordinates that were swapped, or the file of
    another place.

    Parameters
    ----------
    shapes : GeoDataFrame
        A checked table.
    settings : WijkSettings
        Names the municipality; a fictional one lies nowhere.
    source : Source
        For the message.
    data_dir : Path
        The data folder.
    """
    known = read_municipalities(data_dir=data_dir)
    if settings.nis_code not in known.index or "longitude" not in known:
        return []
    home = known.loc[[settings.nis_code]]
    middle = gpd.points_from_xy(home["longitude"], home["latitude"], crs=4326).to_crs(CRS)[0]
    west, south, east, north = gpd.GeoDataFrame(shapes).total_bounds
    away = middle.distance(gpd.points_from_xy([(west + east) / 2], [(south + north) / 2])[0])
    if away / 1000 <= _FARTHEST_KM:
        return []
    name = str(home["name"].iloc[0])
    problem = f"de vormen liggen {wording.number(away / 1000)} km van het midden van {name}"
    remedy = "Kijk na of dit het juiste bestand is en of x en y niet verwisseld zijn."
    return [Fault(source.file, None, "geometry", None, problem, remedy)]
