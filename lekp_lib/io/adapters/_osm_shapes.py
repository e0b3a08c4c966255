"""Make shapes of OpenStreetMap's objects: areas, their holes, and street segments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from shapely import Geometry, LineString, MultiPolygon, Polygon

from lekp_lib.io.adapters._osm_read import AREA_KEYS, Extract, Item

__all__ = ["Skipped", "area_items", "area_shape", "segments"]

_Positions = Mapping[int, tuple[float, float]]


@dataclass(frozen=True)
class Skipped:
    """
    One object that was left out, or used only in part.

    Attributes
    ----------
    table : str
        Table it would have been in.
    kind : str
        ``n``, ``w`` or ``r``.
    number : int
        Number in OpenStreetMap.
    problem : str
        Why, in Dutch.
    is_partial : bool
        Whether the known part is used.
    """

    table: str
    kind: str
    number: int
    problem: str
    is_partial: bool = False


def area_items(extract: Extract) -> list[Item]:
    """
    Return every object that may be an area, once.

    A relation without tags of its own has those of its outer ways. A way that is the outer
    ring of a relation with the same meaning is left out if the relation can be drawn, so that
    no footprint is there twice.
    """
    relations = [_with_tags(relation, extract) for relation in extract.relations.values()]
    drawn = {
        (member.number, key)
        for relation in relations
        if not isinstance(area_shape(relation, extract), str)
        for member in relation.members
        if member.kind == "w" and member.role != "inner"
        for key in AREA_KEYS
        if key in relation.tags
    }
    ways = [
        way
        for way in extract.ways.values()
        if way.tags and not any((way.number, key) in drawn for key in way.tags)
    ]
    return [*ways, *relations]


def _with_tags(relation: Item, extract: Extract) -> Item:
    """Return the relation, with the tags of its outer ways if it only says it is an area."""
    own = {key: value for key, value in relation.tags.items() if key != "type"}
    if own:
        return replace(relation, tags=own)
    outer = [
        extract.ways[member.number].tags
        for member in relation.members
        if member.kind == "w" and member.role != "inner" and member.number in extract.ways
    ]
    shared = set.intersection(*(set(tags.items()) for tags in outer)) if outer else set()
    return replace(relation, tags=dict(sorted(shared)))


def area_shape(item: Item, extract: Extract) -> Geometry | str:
    """
    Return the area of a way or relation [m, EPSG:31370], or in Dutch why there is none.

    Nothing is repaired: an outline that crosses itself comes back as it is.

    Examples
    --------
    >>> corners = {1: (0.0, 0.0), 2: (10.0, 0.0), 3: (10.0, 5.0)}
    >>> extract = Extract(positions=corners)
    >>> area_shape(Item("w", 7, 1, {}, (1, 2, 3, 1)), extract).area
    25.0
    >>> area_shape(Item("w", 7, 1, {}, (1, 2, 3, 4, 1)), extract)
    'punten die in het bestand ontbreken: 1 van de 4'
    """
    if item.kind == "n":
        return "het is een punt zonder omtrek"
    if item.kind == "w":
        return _polygon(item.refs, extract.positions)
    return _multipolygon(item, extract)


def _polygon(refs: Sequence[int], positions: _Positions) -> Polygon | str:
    known = set(refs)
    missing = len(known.difference(positions))
    if missing:
        return f"punten die in het bestand ontbreken: {missing} van de {len(known)}"
    if len(refs) < 2 or refs[0] != refs[-1]:
        return "de omtrek is niet gesloten"
    if len(refs) < 4:
        return "de omtrek heeft minder dan drie punten"
    return Polygon([positions[ref] for ref in refs])


def _multipolygon(relation: Item, extract: Extract) -> Geometry | str:
    members = [member for member in relation.members if member.kind != "n"]
    gone = [m for m in members if m.kind != "w" or m.number not in extract.ways]
    if gone or not members:
        return f"leden die in het bestand ontbreken: {len(gone)} van de {len(members)}"
    shells: list[Polygon] = []
    holes: list[Polygon] = []
    for is_inner in (False, True):
        chains = [extract.ways[m.number].refs for m in members if (m.role == "inner") is is_inner]
        rings = _rings(chains)
        if rings is None:
            return "de omtrek is niet gesloten"
        for ring in rings:
            shape = _polygon(ring, extract.positions)
            if isinstance(shape, str):
                return shape
            (holes if is_inner else shells).append(shape)
    return _with_holes(shells, holes)


def _rings(chains: Iterable[tuple[int, ...]]) -> list[tuple[int, ...]] | None:
    """Join ways end to end into closed rings; None if an end stays loose."""
    loose = [chain for chain in chains if chain]
    rings = []
    while loose:
        ring = list(loose.pop(0))
        while ring[0] != ring[-1]:
            following = [n for n, chain in enumerate(loose) if ring[-1] in (chain[0], chain[-1])]
            if not following:
                return None
            chain = loose.pop(following[0])
            ring += (chain if chain[0] == ring[-1] else chain[::-1])[1:]
        rings.append(tuple(ring))
    return rings


def _with_holes(shells: Sequence[Polygon], holes: Sequence[Polygon]) -> Geometry | str:
    if not shells:
        return "er is geen buitenomtrek"
    if not all(shape.is_valid for shape in (*shells, *holes)):
        return "het vlak kruist zichzelf"
    cut: list[list[Polygon]] = [[] for _ in shells]
    for hole in holes:
        inside = [n for n, shell in enumerate(shells) if shell.covers(hole)]
        if not inside:
            return "een binnenomtrek ligt buiten het vlak"
        smallest = min(inside, key=lambda n: shells[n].area)
        cut[smallest].append(hole)
    drawn = [
        Polygon(shell.exterior.coords, [hole.exterior.coords for hole in inner])
        for shell, inner in zip(shells, cut, strict=True)
    ]
    return drawn[0] if len(drawn) == 1 else MultiPolygon(drawn)


def segments(
    ways: Sequence[Item], positions: _Positions
) -> tuple[list[tuple[str, Item, LineString]], list[Skipped]]:
    """
    Cut ways at their junctions.

    A junction is a point that two or more of the ways share, or that one way passes twice.
    Where points of a way are missing the known parts are used, and the way is listed.

    Parameters
    ----------
    ways : sequence of Item
        The ways that count as streets.
    positions : mapping of int to (float, float)
        Point → easting and northing [m].

    Returns
    -------
    list of (str, Item, LineString)
        Identifier ``w<way>-<part>``, way and shape of each segment.
    list of Skipped

    Examples
    --------
    >>> spots = {1: (0.0, 0.0), 2: (50.0, 0.0), 3: (100.0, 0.0), 4: (50.0, 30.0)}
    >>> long, side = Item("w", 8, 1, {}, (1, 2, 3)), Item("w", 9, 1, {}, (2, 4))
    >>> [(name, line.length) for name, _, line in segments([long, side], spots)[0]]
    [('w8-1', 50.0), ('w8-2', 50.0), ('w9-1', 30.0)]
    """
    passes = Counter(ref for way in ways for ref in _passed(way.refs))
    junctions = {ref for ref, times in passes.items() if times > 1}
    found: list[tuple[str, Item, LineString]] = []
    skipped: list[Skipped] = []
    for way in ways:
        lines = [
            LineString([positions[ref] for ref in part])
            for stretch in _known_stretches(_rotated(way.refs, junctions), positions)
            for part in _cut(stretch, junctions)
        ]
        lines = [line for line in lines if line.length > 0]
        found += [(f"{way.key}-{n}", way, line) for n, line in enumerate(lines, start=1)]
        missing = len(set(way.refs).difference(positions))
        if missing or not lines:
            skipped.append(_incomplete(way, missing, is_partial=bool(lines)))
    return found, skipped


def _incomplete(way: Item, missing: int, *, is_partial: bool) -> Skipped:
    known = len(set(way.refs))
    problem = f"punten die in het bestand ontbreken: {missing} van de {known}"
    if not missing:
        problem = "de lijn heeft geen lengte"
    elif is_partial:
        problem += "; het bekende deel is gebruikt"
    return Skipped("straten", "w", way.number, problem, is_partial)


def _passed(refs: Sequence[int]) -> Sequence[int]:
    """Return the points of a way; the start of a closed one counts once."""
    return refs[:-1] if len(refs) > 1 and refs[0] == refs[-1] else refs


def _rotated(refs: tuple[int, ...], junctions: set[int]) -> tuple[int, ...]:
    """Let a closed way begin at a junction, so that it is not cut where it happens to start."""
    is_closed = len(refs) > 2 and refs[0] == refs[-1]
    if not is_closed or refs[0] in junctions:
        return refs
    at = next((n for n, ref in enumerate(refs) if ref in junctions), 0)
    return (*refs[at:-1], *refs[: at + 1])


def _known_stretches(refs: Sequence[int], positions: _Positions) -> list[list[int]]:
    stretches: list[list[int]] = [[]]
    for ref in refs:
        if ref in positions:
            stretches[-1].append(ref)
        elif stretches[-1]:
            stretches.append([])
    return [stretch for stretch in stretches if len(stretch) > 1]


def _cut(refs: Sequence[int], junctions: set[int]) -> list[Sequence[int]]:
    ends = [n for n, ref in enumerate(refs) if ref in junctions and 0 < n < len(refs) - 1]
    bounds = [0, *ends, len(refs) - 1]
    return [refs[a : b + 1] for a, b in pairwise(bounds)]
