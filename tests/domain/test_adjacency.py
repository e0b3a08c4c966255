"""Shared walls and contiguous rows."""

from __future__ import annotations

import itertools
import time

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lekp_lib.domain.adjacency import (
    WALL_COLUMNS,
    contiguous_groups,
    group_outlines,
    shared_walls,
)
from lekp_lib.errors import ContractError

GAP_M, WALL_M = 0.3, 1.5


def buildings(*boxes: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    """Return footprints a, b, c, … from their west, south, east and north."""
    names = pd.Index(list("abcdefghij"[: len(boxes)]), dtype="str", name="building_id")
    return gpd.GeoDataFrame(index=names, geometry=[shapely.box(*b) for b in boxes], crs=31370)


def pairs(table: gpd.GeoDataFrame) -> set[tuple[str, str]]:
    """Return the pairs that share a wall."""
    walls = shared_walls(table, touching_gap_m=GAP_M, shortest_wall_m=WALL_M)
    return set(zip(walls["building_id"], walls["neighbour_id"], strict=True))


def walls_of(*edges: tuple[str, str]) -> pd.DataFrame:
    """Return a table of walls from pairs of ids."""
    table = pd.DataFrame(edges, columns=["building_id", "neighbour_id"], dtype="str")
    return table.assign(shared_wall_m=8.0)


def groups(
    kind: pd.Series, walls: pd.DataFrame, largest: float = 30.0, each: float = 1.0
) -> pd.Series:
    """Group buildings that each hold the same number of dwellings."""
    dwellings = pd.Series(each, index=kind.index)
    return contiguous_groups(kind, walls, dwellings=dwellings, largest=largest)


def row_of(n: int) -> tuple[pd.Series, pd.DataFrame]:
    """Return the kinds and walls of one row of n like homes."""
    names = [f"h{k:03d}" for k in range(n)]
    return pd.Series("rij", index=names), walls_of(*itertools.pairwise(names))


def test_touching_houses_share_a_wall() -> None:
    """Two houses drawn against each other share the whole side."""
    walls = shared_walls(
        buildings((0, 0, 6, 10), (6, 0, 12, 10)), touching_gap_m=GAP_M, shortest_wall_m=WALL_M
    )
    assert tuple(walls.columns) == WALL_COLUMNS
    assert walls["shared_wall_m"].iloc[0] == pytest.approx(10.0)


@pytest.mark.parametrize("shift", [-0.25, -0.1, 0.1, 0.25])
def test_small_gap_or_overlap_still_touches(shift: float) -> None:
    """A gap or an overlap of some centimetres is drawing, not distance."""
    assert pairs(buildings((0, 0, 6, 10), (6 + shift, 0, 12 + shift, 10))) == {("a", "b")}


def test_alley_separates() -> None:
    """Houses with a passage of 80 cm between them do not touch."""
    assert pairs(buildings((0, 0, 6, 10), (6.8, 0, 12, 10))) == set()


@pytest.mark.parametrize("overlap", [-0.1, 0.0, 0.1, 0.25])
def test_corner_is_no_wall(overlap: float) -> None:
    """Houses that meet in a corner share no wall, also when the corners overlap a little."""
    corner = (6 - overlap, 10 - overlap, 12, 20)
    assert pairs(buildings((0, 0, 6, 10), corner)) == set()


@pytest.mark.parametrize(("length", "expected"), [(1.0, set()), (2.0, {("a", "b")})])
def test_short_contact_is_no_wall(length: float, expected: set[tuple[str, str]]) -> None:
    """Contact must be longer than the shortest wall."""
    assert pairs(buildings((0, 0, 6, 10), (6, 10 - length, 12, 20))) == expected


def test_house_against_the_middle_of_a_long_wall() -> None:
    """The shared part counts, not the whole wall of the larger building."""
    walls = shared_walls(
        buildings((0, 0, 6, 40), (6, 10, 12, 18)), touching_gap_m=GAP_M, shortest_wall_m=WALL_M
    )
    assert walls["shared_wall_m"].iloc[0] == pytest.approx(8.0)


def test_courtyard_wall_counts() -> None:
    """A building in the courtyard of another touches it from within."""
    ring = shapely.Polygon(
        shapely.box(0, 0, 30, 30).exterior, [shapely.box(10, 10, 20, 20).exterior]
    )
    table = gpd.GeoDataFrame(
        index=["a", "b"], geometry=[ring, shapely.box(10, 10, 20, 20)], crs=31370
    )
    assert pairs(table) == {("a", "b")}


def test_shared_walls_of_nothing() -> None:
    """No buildings, or one, give no walls."""
    assert pairs(buildings((0, 0, 6, 10)).iloc[:0]) == set()
    assert pairs(buildings((0, 0, 6, 10))) == set()


def test_double_building_id_is_refused() -> None:
    """An id that occurs twice cannot be matched."""
    table = buildings((0, 0, 6, 10), (6, 0, 12, 10))
    with pytest.raises(ContractError, match="occurs twice"):
        pairs(table.set_axis(["a", "a"]))


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(6)))
def test_order_of_rows_does_not_matter(order: list[int]) -> None:
    """Shuffled buildings give the same walls, to the centimetre."""
    table = buildings(*((k * 6.05, 0, k * 6.05 + 6, 8 + k) for k in range(6)))
    expected = shared_walls(table, touching_gap_m=GAP_M, shortest_wall_m=WALL_M)
    found = shared_walls(table.iloc[order], touching_gap_m=GAP_M, shortest_wall_m=WALL_M)
    pd.testing.assert_frame_equal(found, expected)


def test_walls_agree_with_brute_force() -> None:
    """On a random street map every pair gives the length of its touching sides."""
    rng = np.random.default_rng(7)
    corners = rng.integers(0, 12, size=(60, 2)) * 5.0
    shapes = shapely.box(corners[:, 0], corners[:, 1], corners[:, 0] + 5, corners[:, 1] + 5)
    table = gpd.GeoDataFrame(geometry=shapes, crs=31370).drop_duplicates("geometry")
    table = table.set_axis([f"g{k:02d}" for k in range(len(table))])
    exact = {
        (one, other)
        for one, left in table.geometry.items()
        for other, right in table.geometry.items()
        if one < other and left.intersection(right).length >= WALL_M
    }
    assert pairs(table) == exact


def test_unlike_neighbours_stand_in_different_groups() -> None:
    """A house of another period cuts the row."""
    kind, walls = row_of(5)
    found = groups(kind.mask(kind.index == "h002", "ander"), walls)
    assert found.tolist() == [0, 0, 1, 2, 2]


def test_walls_with_strangers_are_left_out() -> None:
    """A shed in the table of walls that is no home joins nothing."""
    kind = pd.Series("rij", index=["a", "b"])
    assert groups(kind, walls_of(("a", "shed"), ("b", "shed"))).tolist() == [0, 1]


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=20),
    st.lists(st.sampled_from(["x", "y"]), min_size=12, max_size=12),
)
def test_groups_agree_with_networkx(edges: list[tuple[int, int]], kinds: list[str]) -> None:
    """Without a limit the groups are the connected components of like neighbours."""
    names = [f"h{k:02d}" for k in range(12)]
    kind = pd.Series(kinds, index=names)
    graph = nx.Graph()
    graph.add_nodes_from(names)
    named = [(names[a], names[b]) for a, b in edges if a < b]
    graph.add_edges_from((a, b) for a, b in named if kind[a] == kind[b])
    found = groups(kind, walls_of(*named), largest=1e9)
    components = {frozenset(members) for members in nx.connected_components(graph)}
    assert {frozenset(rows.index) for _, rows in found.groupby(found)} == components


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24)), max_size=60), st.integers(2, 9))
def test_parts_stay_small_and_contiguous(edges: list[tuple[int, int]], largest: int) -> None:
    """However the homes stand, each part is connected and holds no more than the limit."""
    names = [f"h{k:02d}" for k in range(25)]
    named = [(names[a], names[b]) for a, b in edges if a < b]
    graph = nx.Graph(named)
    graph.add_nodes_from(names)
    found = groups(pd.Series("rij", index=names), walls_of(*named), largest=largest)
    for _, members in found.groupby(found):
        assert len(members) <= largest
        assert nx.is_connected(graph.subgraph(members.index))


@pytest.mark.parametrize(("n", "sizes"), [(30, [30]), (31, [16, 15]), (61, [21, 20, 20])])
def test_long_row_is_cut_in_about_equal_parts(n: int, sizes: list[int]) -> None:
    """A row just over the limit becomes two halves, not one full part and a rest."""
    kind, walls = row_of(n)
    found = groups(kind, walls).value_counts().tolist()
    assert sorted(found, reverse=True) == sizes


def test_ring_is_cut_in_contiguous_parts() -> None:
    """A closed block of forty homes gives two arcs."""
    kind, walls = row_of(40)
    ring = pd.concat([walls, walls_of(("h000", "h039"))], ignore_index=True)
    assert groups(kind, ring).value_counts().tolist() == [20, 20]


def test_one_large_building_keeps_its_own_group() -> None:
    """A building with more dwellings than the limit cannot be cut."""
    kind = pd.Series("rij", index=["a", "b"])
    dwellings = pd.Series([50.0, 1.0], index=kind.index)
    walls = walls_of(("a", "b"))
    found = contiguous_groups(kind, walls, dwellings=dwellings, largest=30)
    assert found.tolist() == [0, 1]


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(35)))
def test_groups_do_not_depend_on_the_order_of_rows(order: list[int]) -> None:
    """Also the cuts in a long row stay where they are."""
    kind, walls = row_of(35)
    expected = groups(kind, walls)
    found = groups(kind.iloc[order], walls.sample(frac=1, random_state=1))
    pd.testing.assert_series_equal(found.sort_index(), expected)


def test_missing_dwellings_are_refused() -> None:
    """Each building needs its number of dwellings."""
    kind, walls = row_of(3)
    with pytest.raises(ContractError, match="dwellings lacks buildings"):
        contiguous_groups(kind, walls, dwellings=pd.Series({"h000": 1.0}), largest=30)


def test_outline_closes_the_gaps() -> None:
    """Neighbours with ten centimetres between them become one shape."""
    table = buildings((0, 0, 6, 10), (6.1, 0, 12, 10), (100, 0, 106, 10))
    group = pd.Series([4, 4, 9], index=table.index)
    outlines = group_outlines(table, group, touching_gap_m=GAP_M)
    assert outlines.index.tolist() == [4, 9]
    assert outlines.geom_type.tolist() == ["Polygon", "Polygon"]
    assert outlines.crs.to_epsg() == 31370


def test_outline_of_no_group() -> None:
    """No groups give no outlines."""
    table = buildings((0, 0, 6, 10))
    outlines = group_outlines(table, pd.Series([], dtype="int64"), touching_gap_m=GAP_M)
    assert len(outlines) == 0


def test_large_place_is_fast() -> None:
    """Twenty thousand footprints take a few seconds at most, so 200,000 stay under a minute."""
    n = np.arange(20_000)
    west, south = 1e5 + (n % 50) * 6.05, 1.5e5 + (n // 50) * 40
    shapes = shapely.box(west, south, west + 6, south + 10)
    names = pd.Index([f"g{k:06d}" for k in n], dtype="str")
    table = gpd.GeoDataFrame(index=names, geometry=shapes, crs=31370)
    begin = time.process_time()
    walls = shared_walls(table, touching_gap_m=GAP_M, shortest_wall_m=WALL_M)
    found = groups(pd.Series("rij", index=names), walls)
    assert time.process_time() - begin < 6
    assert found.nunique() == 800
