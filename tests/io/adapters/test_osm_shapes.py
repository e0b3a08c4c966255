"""Areas, holes and street segments from points and ways."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.io.adapters._osm_read import Extract, Item, Member
from lekp_lib.io.adapters._osm_shapes import area_items, area_shape, segments

GRID = {x + 10 * y: (10.0 * x, 10.0 * y) for x in range(10) for y in range(10)}
OUTER, INNER = (0, 3, 33, 30, 0), (11, 12, 22, 21, 11)


def _way(number: int, refs: tuple[int, ...], tags: dict[str, str] | None = None) -> Item:
    return Item("w", number, 1, tags or {}, refs)


def _relation(roles: dict[int, str], tags: dict[str, str] | None = None) -> Item:
    members = tuple(Member("w", number, role) for number, role in roles.items())
    return Item("r", 1, 1, {"type": "multipolygon", **(tags or {})}, (), members)


def _extract(ways: list[Item], relations: list[Item] | None = None) -> Extract:
    return Extract(
        ways={way.number: way for way in ways},
        relations={one.number: one for one in relations or []},
        positions=GRID,
    )


def test_hole_is_cut_from_outer_ring_in_loose_pieces() -> None:
    """An outer ring in two ways, one of them drawn backwards, and a hole."""
    ways = [_way(1, (0, 3, 33)), _way(2, (0, 30, 33)), _way(3, INNER)]
    extract = _extract(ways)
    shape = area_shape(_relation({1: "outer", 2: "outer", 3: "inner"}), extract)
    assert shape.area == 900.0 - 100.0


def test_two_outer_rings_make_a_multipolygon() -> None:
    """A relation may stand for two separate areas."""
    extract = _extract([_way(1, (0, 1, 11, 10, 0)), _way(2, (5, 6, 16, 15, 5))])
    shape = area_shape(_relation({1: "outer", 2: ""}), extract)
    assert (shape.geom_type, shape.area) == ("MultiPolygon", 200.0)


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        (_way(1, (0, 1, 11, 10)), "de omtrek is niet gesloten"),
        (_way(1, (0, 1, 0)), "de omtrek heeft minder dan drie punten"),
        (_way(1, (0, 1, 999, 0)), "punten die in het bestand ontbreken: 1 van de 3"),
        (_way(1, ()), "de omtrek is niet gesloten"),
        (_relation({1: "outer", 77: "inner"}), "leden die in het bestand ontbreken: 1 van de 2"),
        (_relation({}), "leden die in het bestand ontbreken: 0 van de 0"),
        (_relation({2: "outer"}), "de omtrek is niet gesloten"),
        (_relation({1: "inner"}), "er is geen buitenomtrek"),
        (_relation({1: "outer", 4: "inner"}), "een binnenomtrek ligt buiten het vlak"),
        (Item("n", 5, 1, {}), "het is een punt zonder omtrek"),
    ],
)
def test_area_that_cannot_be_drawn_says_why(item: Item, problem: str) -> None:
    """Nothing is closed, filled in or repaired."""
    ways = [_way(1, OUTER), _way(2, (0, 3, 33)), _way(4, (55, 56, 66, 65, 55))]
    assert area_shape(item, _extract(ways)) == problem


def test_relation_and_its_outer_way_are_one_building() -> None:
    """A footprint that is tagged twice arrives once, with its courtyard."""
    tags = {"building": "yes"}
    ways = [_way(1, OUTER, tags), _way(3, INNER)]
    items = area_items(_extract(ways, [_relation({1: "outer", 3: "inner"}, tags)]))
    assert [item.key for item in items] == ["r1"]


def test_relation_without_tags_takes_those_of_its_outer_way() -> None:
    """The old way of mapping holes."""
    ways = [_way(1, OUTER, {"landuse": "forest"}), _way(3, INNER)]
    items = area_items(_extract(ways, [_relation({1: "outer", 3: "inner"})]))
    assert [(item.key, item.tags) for item in items] == [("r1", {"landuse": "forest"})]


def test_outer_way_stays_where_the_relation_cannot_be_drawn() -> None:
    """An extract without the hole still has the way."""
    ways = [_way(1, OUTER, {"landuse": "forest"})]
    items = area_items(_extract(ways, [_relation({1: "outer", 3: "inner"})]))
    assert [item.key for item in items] == ["w1", "r1"]


def test_building_on_the_outline_of_a_forest_stays() -> None:
    """Only a way with the same meaning as its relation is left out."""
    ways = [_way(1, OUTER, {"building": "yes", "source": "a"}), _way(3, INNER)]
    relation = _relation({1: "outer", 3: "inner"}, {"landuse": "forest", "source": "a"})
    assert [item.key for item in area_items(_extract(ways, [relation]))] == ["w1", "r1"]


def test_ways_are_cut_where_they_meet() -> None:
    """A crossing makes four segments of two streets."""
    found, skipped = segments([_way(1, (10, 11, 12)), _way(2, (1, 11, 21))], GRID)
    assert [name for name, _, _ in found] == ["w1-1", "w1-2", "w2-1", "w2-2"]
    assert skipped == []


def test_bend_is_no_junction() -> None:
    """A point of one way alone cuts nothing."""
    found, _ = segments([_way(1, (0, 1, 11, 12))], GRID)
    assert [line.length for _, _, line in found] == [30.0]


def test_loop_is_cut_at_its_junction_only() -> None:
    """A closed street that starts away from the junction stays in one piece."""
    found, _ = segments([_way(1, (0, 1, 11, 10, 0)), _way(2, (11, 12))], GRID)
    assert [(name, line.length) for name, _, line in found] == [("w1-1", 40.0), ("w2-1", 10.0)]


def test_way_that_crosses_itself_is_cut_there() -> None:
    """A lollipop: a stick and a loop."""
    found, _ = segments([_way(1, (0, 1, 2, 12, 11, 1))], GRID)
    assert [line.length for _, _, line in found] == [10.0, 40.0]


def test_known_parts_of_a_cut_street_are_used_and_listed() -> None:
    """Where the extract ends, the street ends; the list says so."""
    found, skipped = segments([_way(1, (0, 1, 999, 3, 4, 5))], GRID)
    assert [line.length for _, _, line in found] == [10.0, 20.0]
    assert skipped[0].is_partial
    assert skipped[0].problem.startswith("punten die in het bestand ontbreken: 1 van de 6")


def test_street_without_two_known_points_is_listed() -> None:
    """One known point is no street."""
    found, skipped = segments([_way(1, (0, 999)), _way(2, (5, 5))], GRID)
    assert found == []
    assert [one.problem for one in skipped] == [
        "punten die in het bestand ontbreken: 1 van de 2",
        "de lijn heeft geen lengte",
    ]


@given(st.lists(st.lists(st.sampled_from(sorted(GRID)), min_size=2, max_size=8), max_size=8))
def test_cutting_keeps_every_metre(chains: list[list[int]]) -> None:
    """The segments of a way are as long as the way, however ways meet."""
    ways = [_way(number, tuple(chain)) for number, chain in enumerate(chains, start=1)]
    found, _ = segments(ways, GRID)
    drawn = [shapely.LineString([GRID[ref] for ref in chain]).length for chain in chains]
    assert sum(line.length for _, _, line in found) == pytest.approx(sum(drawn))


@given(st.permutations([_way(1, (10, 11, 12)), _way(2, (1, 11, 21)), _way(3, (12, 22))]))
def test_order_of_ways_does_not_matter(ways: list[Item]) -> None:
    """The same segments come out, whatever came first in the file."""
    found, _ = segments(ways, GRID)
    assert {(name, line.wkt) for name, _, line in found} == {
        (name, line.wkt)
        for name, _, line in segments(sorted(ways, key=lambda way: way.number), GRID)[0]
    }
