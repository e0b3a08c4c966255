"""
Read OpenStreetMap files: the objects that matter, and where their points lie.

Four passes, each over one kind of object, so that the order in the file does not matter and
only the points that are needed are kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import osmium
from pyproj import Transformer

from lekp_lib.contracts import CRS
from lekp_lib.errors import ContractError, Fault, SourceError

__all__ = ["AREA_KEYS", "ENDINGS", "Extract", "Item", "Member", "read_extract"]

ENDINGS = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
"""File names that pyosmium reads."""
_WGS84 = 4326

AREA_KEYS = ("building", "landuse", "leisure", "natural", "amenity", "shop")
"""Keys of ways and relations that may be areas to us."""
_WAY_KEYS = (*AREA_KEYS, "highway")
_NODE_KEYS = (
    *AREA_KEYS,
    "addr:housenumber",
    "craft",
    "healthcare",
    "office",
    "tourism",
)


@dataclass(frozen=True)
class Member:
    """One member of a relation: kind (n, w or r), number and role."""

    kind: str
    number: int
    role: str


@dataclass(frozen=True)
class Item:
    """
    One object of OpenStreetMap.

    Attributes
    ----------
    kind : str
        ``n`` (point), ``w`` (way) or ``r`` (relation).
    number, version : int
        Number in OpenStreetMap and its version.
    tags : mapping of str to str
        As they are in the file.
    refs : tuple of int
        Numbers of the points of a way, in order.
    members : tuple of Member
        Members of a relation, in order.
    """

    kind: str
    number: int
    version: int
    tags: Mapping[str, str]
    refs: tuple[int, ...] = ()
    members: tuple[Member, ...] = ()

    @property
    def key(self) -> str:
        """Identifier in our tables: ``w123``."""
        return f"{self.kind}{self.number}"


@dataclass(frozen=True)
class Extract:
    """
    What was read from one or more files.

    Attributes
    ----------
    nodes, ways, relations : dict of int to Item
        By number. Ways without tags of interest are there when a relation needs them.
    positions : dict of int to (float, float)
        Point number → easting and northing [m, EPSG:31370]. A point that is absent was not in
        the files.
    newest : date or None
        Day of the youngest change among the objects; None if the files hold no dates.
    """

    nodes: dict[int, Item] = field(default_factory=dict)
    ways: dict[int, Item] = field(default_factory=dict)
    relations: dict[int, Item] = field(default_factory=dict)
    positions: dict[int, tuple[float, float]] = field(default_factory=dict)
    newest: dt.date | None = None


def read_extract(files: Sequence[str | Path]) -> Extract:
    """
    Return the objects of OpenStreetMap files, points in EPSG:31370.

    Parameters
    ----------
    files : sequence of path
        Files of the kinds in ``ENDINGS``. An object that is in several files counts once, in
        its youngest version; points missing from one file are taken from another.

    Raises
    ------
    ContractError
        If there is no file, or one that is absent, empty or of another kind.
    SourceError
        If a file is damaged or cut off.
    """
    paths = [Path(file) for file in files]
    faults = [fault for path in paths for fault in _file_faults(path)]
    if not paths:
        faults = [_fault("OpenStreetMap", "er is geen bestand opgegeven", "Geef een .osm.pbf.")]
    if faults:
        raise ContractError(faults)
    relations, ways, nodes = ({}, {}, {})  # type: dict[int, Item], dict[int, Item], dict[int, Item]
    days: list[dt.date] = []
    for path in paths:
        _keep(relations, _relations(path), days)
    needed = {m.number for r in relations.values() for m in r.members if m.kind == "w"}
    for path in paths:
        _keep(ways, _ways(path, needed), days)
    for path in paths:
        _keep(nodes, _nodes(path), days)
    wanted = set(nodes).union(*(way.refs for way in ways.values()))
    positions: dict[int, tuple[float, float]] = {}
    for path in paths:
        positions |= _positions(path, wanted)
    return Extract(nodes, ways, relations, positions, max(days, default=None))


def _file_faults(path: Path) -> list[Fault]:
    if not path.is_file():
        return [_fault(path.name, "het bestand bestaat niet", "Kijk de naam en de map na.")]
    if not path.name.casefold().endswith(ENDINGS):
        kinds = ", ".join(ENDINGS)
        problem = "dit is geen bestand van OpenStreetMap"
        return [_fault(path.name, problem, f"Geef een bestand dat eindigt op {kinds}.")]
    if path.stat().st_size == 0:
        return [_fault(path.name, "het bestand is leeg", "Download het uittreksel opnieuw.")]
    return []


def _fault(file: str, problem: str, remedy: str) -> Fault:
    return Fault(file, None, None, None, problem, remedy)


def _keep(
    kept: dict[int, Item], found: Iterable[tuple[Item, dt.date]], days: list[dt.date]
) -> None:
    """Add objects in their youngest version, and the day of the youngest change."""
    newest = dt.date.min
    for item, day in found:
        known = kept.get(item.number)
        if known is None or item.version >= known.version:
            kept[item.number] = item
        newest = max(newest, day)
    if newest.year > dt.date(1970, 1, 1).year:
        days.append(newest)


def _objects(path: Path, kind: Any, *filters: Any) -> Iterator[Any]:
    """Yield the objects of one kind; what pyosmium cannot read becomes one Dutch sentence."""
    try:
        processor: Any = osmium.FileProcessor(str(path), kind)
        for one in filters:
            processor = processor.with_filter(one)
        for found in processor:
            if not found.deleted:
                yield found
    except (RuntimeError, ValueError) as error:
        msg = (
            f"{path.name}: het bestand is beschadigd, afgebroken of bevat geen gegevens van "
            "OpenStreetMap. Wat te doen: download het uittreksel opnieuw."
        )
        raise SourceError(msg) from error


def _relations(path: Path) -> Iterator[tuple[Item, dt.date]]:
    multipolygons = osmium.filter.TagFilter(("type", "multipolygon"))
    for found in _objects(path, osmium.osm.RELATION, multipolygons):
        members = tuple(Member(m.type, m.ref, m.role) for m in found.members)
        yield _item("r", found, members=members), found.timestamp.date()


def _ways(path: Path, needed: set[int]) -> Iterator[tuple[Item, dt.date]]:
    for found in _objects(path, osmium.osm.WAY):
        if found.id in needed or any(key in found.tags for key in _WAY_KEYS):
            refs = tuple(node.ref for node in found.nodes)
            yield _item("w", found, refs=refs), found.timestamp.date()


def _nodes(path: Path) -> Iterator[tuple[Item, dt.date]]:
    for found in _objects(path, osmium.osm.NODE, osmium.filter.KeyFilter(*_NODE_KEYS)):
        yield _item("n", found), found.timestamp.date()


def _item(
    kind: str, found: Any, *, refs: tuple[int, ...] = (), members: tuple[Member, ...] = ()
) -> Item:
    tags = {tag.k: tag.v.strip() for tag in found.tags if tag.v.strip()}
    return Item(kind, found.id, found.version, tags, refs, members)


def _positions(path: Path, wanted: set[int]) -> dict[int, tuple[float, float]]:
    """Return the points of a file in metres; those outside the range of the map are left out."""
    numbers: list[int] = []
    degrees: list[tuple[float, float]] = []
    if not wanted:
        return {}
    for found in _objects(path, osmium.osm.NODE, osmium.filter.IdFilter(wanted)):
        if found.location.valid():
            numbers.append(found.id)
            degrees.append((found.location.lon, found.location.lat))
    if not numbers:
        return {}
    change = Transformer.from_crs(_WGS84, CRS, always_xy=True)
    easting, northing = change.transform(*np.array(degrees).T)
    finite = np.isfinite(easting) & np.isfinite(northing)
    rows = zip(numbers, easting.tolist(), northing.tolist(), finite.tolist(), strict=True)
    return {number: (x, y) for number, x, y, is_finite in rows if is_finite}
