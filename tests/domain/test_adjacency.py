"""Shared walls and contiguous rows."""

from __future__ import annotations

import itertools
import time
from typing import Any

import geopandas as gpd
import libpysal
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
import spopt.region
from hypothesis import given, settings
from hypothesis import strategies as st

from lekp_lib.domain.adjacency import (
    WALL_COLUMNS,
    group_outlines,
    joint_groups,
    shared_walls,
    street_neighbours,
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


def standing(
    kind: pd.Series, rank: float | list[float] = 0.0, each: float = 1.0
) -> gpd.GeoDataFrame:
    """Return homes of six metres wide side by side, with what makes them alike."""
    places = shapely.points(6.0 * np.arange(len(kind)), 0.0)
    table = {"kind": kind, "rank": rank, "dwellings": each}
    return gpd.GeoDataFrame(table, index=kind.index, geometry=places, crs=31370)


def groups(
    kind: pd.Series,
    walls: pd.DataFrame,
    largest: float = 30.0,
    rank: float | list[float] = 0.0,
    each: float = 1.0,
) -> pd.Series:
    """Group homes that stand in one line, each with the same number of dwellings."""
    homes = standing(kind, rank, each)
    return joint_groups(homes, walls, smallest=5, largest=largest, steps=1, step_m=100)


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


@pytest.mark.parametrize(("n", "least"), [(30, 30), (31, 15), (34, 15), (61, 15), (100, 15)])
def test_long_row_is_cut_in_about_equal_parts(n: int, least: int) -> None:
    """A row just over the limit becomes two halves, not one full part and a rest."""
    sizes = groups(*row_of(n)).value_counts()
    assert sizes.sum() == n
    assert sizes.max() <= 30
    assert sizes.min() >= least


def test_ring_is_cut_in_contiguous_parts() -> None:
    """A closed block of forty homes gives two arcs of the ring."""
    kind, walls = row_of(40)
    ring = pd.concat([walls, walls_of(("h000", "h039"))], ignore_index=True)
    found = groups(kind, ring)
    graph = nx.Graph(zip(ring["building_id"], ring["neighbour_id"], strict=True))
    assert found.nunique() == 2
    assert all(nx.is_connected(graph.subgraph(m.index)) for _, m in found.groupby(found))


def test_one_large_building_keeps_its_own_group() -> None:
    """A building with more dwellings than the limit cannot be cut."""
    kind = pd.Series("rij", index=["a", "b"])
    homes = standing(kind).assign(dwellings=[50.0, 1.0])
    found = joint_groups(homes, walls_of(("a", "b")), smallest=5, largest=30, steps=1, step_m=100)
    assert found.tolist() == [0, 1]


def test_a_row_falls_apart_where_its_homes_differ_most() -> None:
    """Ten old and thirty newer homes of one row are cut between old and newer."""
    kind, walls = row_of(40)
    found = groups(kind, walls, rank=[3.0] * 12 + [4.0] * 28)
    assert (found.iloc[:12] == found.iloc[0]).all()
    assert found.iloc[11] != found.iloc[12]


@pytest.mark.parametrize(("rank", "expected"), [([1, 1, 2, 3], 2), ([1, 1, 2, 2], 1)])
def test_ranks_in_a_group_lie_at_most_one_step_apart(rank: list[float], expected: int) -> None:
    """Step by step one could walk from old to new; a group may not."""
    kind, walls = row_of(4)
    found = groups(kind, walls, rank=rank)
    spans = pd.Series(rank, index=kind.index).groupby(found).agg(np.ptp)
    assert found.nunique() == expected
    assert spans.max() <= 1


def test_unknown_rank_is_like_unknown_only() -> None:
    """A missing period is no wildcard."""
    kind, walls = row_of(4)
    found = groups(kind, walls, rank=[np.nan, np.nan, 1.0, 1.0])
    assert found.tolist() == [0, 0, 1, 1]


def test_a_crumb_joins_a_neighbour_with_room() -> None:
    """Two homes at the end are not left over if the next group can hold them."""
    kind, walls = row_of(36)
    found = groups(kind, walls, rank=[3.0] * 2 + [4.0] * 34)
    assert found.value_counts().min() >= 5


streets = st.lists(
    st.tuples(st.sampled_from(["rij", "open"]), st.sampled_from([1.0, 2.0, 3.0, np.nan])),
    min_size=1,
    max_size=70,
)


@settings(max_examples=60)
@given(
    homes=streets,
    chords=st.lists(st.tuples(st.integers(0, 69), st.integers(0, 69)), max_size=20),
    largest=st.integers(2, 30),
    order=st.randoms(use_true_random=False),
)
def test_groups_are_contiguous_alike_and_within_size(
    homes: list[tuple[str, float]], chords: list[tuple[int, int]], largest: int, order: Any
) -> None:
    """Every home is in one group; no order of the rows changes which."""
    names = [f"h{k:02d}" for k in range(len(homes))]
    table = standing(pd.Series([kind for kind, _ in homes], index=names), [r for _, r in homes])
    named = {*itertools.pairwise(names)}
    named |= {(names[a], names[b]) for a, b in chords if a < b < len(names)}
    walls, graph = walls_of(*sorted(named)), nx.Graph(list(named))
    graph.add_nodes_from(names)
    limits = {"smallest": 2, "largest": largest, "steps": 1, "step_m": 100}
    found = joint_groups(table, walls, **limits)
    for _, members in found.groupby(found):
        part = table.loc[members.index]
        assert nx.is_connected(graph.subgraph(members.index))
        assert len(members) <= largest
        assert len(set(part["kind"])) == 1
        assert part["rank"].isna().all() or np.ptp(part["rank"]) <= 1
    shuffled = order.sample(names, len(names))
    again = joint_groups(table.loc[shuffled], walls.sample(frac=1, random_state=1), **limits)
    pd.testing.assert_series_equal(again.reindex(names), found)


def built(seed: int) -> tuple[gpd.GeoDataFrame, list[tuple[int, int]]]:
    """Return a street of ninety homes, built in stretches of one or two periods."""
    rng = np.random.default_rng(seed)
    n, deep = 90, seed % 2
    rank = np.repeat(rng.integers(0, 2, 12), rng.integers(4, 16, 12))[:n]
    rank = np.pad(rank, (0, n - len(rank)), mode="edge").astype("float64")
    across = n // (1 + deep)
    edges = [(k, k + 1) for k in range(n - 1) if (k + 1) % across]
    edges += [(k, k + across) for k in range(n - across)] * deep
    places = shapely.points(6.0 * (np.arange(n) % across), 25.0 * (np.arange(n) // across))
    names = [f"h{k:02d}" for k in range(n)]
    homes = {"kind": "rij", "rank": rank, "dwellings": 1.0, "step": rank * 100.0}
    table = gpd.GeoDataFrame(homes, index=names, geometry=places, crs=31370)
    return table.assign(east=table.geometry.x, north=table.geometry.y), edges


def unlikeness(homes: pd.DataFrame, group: np.ndarray) -> float:
    """Return the squared distances to the centre of each group."""
    features = homes[["east", "north", "step"]]
    return float(((features - features.groupby(group).transform("mean")) ** 2).sum().sum())


@pytest.mark.parametrize("peer", ["skater", "azp"])
def test_groups_are_at_least_as_alike_as_those_of_spopt(peer: str) -> None:
    """Over twelve places: as many groups, the same sizes, together less unlike."""
    ours, theirs = 0.0, 0.0
    for seed in range(12):
        homes, edges = built(seed)
        walls = walls_of(*[(homes.index[a], homes.index[b]) for a, b in edges])
        found = joint_groups(homes, walls, smallest=5, largest=30, steps=1, step_m=100)
        labels = regions(peer, homes, edges, found.nunique())
        sizes = np.bincount(labels)
        if sizes.min() >= 5 and sizes.max() <= 30:
            ours += unlikeness(homes, found.to_numpy())
            theirs += unlikeness(homes, labels)
    assert theirs > 0
    assert ours <= theirs


def regions(peer: str, homes: gpd.GeoDataFrame, edges: list, n_groups: int) -> np.ndarray:
    """Return the regions that spopt makes of the same homes."""
    beside: dict[int, list[int]] = {k: [] for k in range(len(homes))}
    for one, other in edges:
        beside[one].append(other)
        beside[other].append(one)
    weights = libpysal.weights.W(beside, silence_warnings=True)
    names, table = ["east", "north", "step"], homes.reset_index(drop=True)
    if peer == "skater":
        model = spopt.region.Skater(table, weights, names, n_clusters=n_groups, floor=5)
    else:
        model = spopt.region.AZP(table, weights, names, n_clusters=n_groups, random_state=1)
    model.solve()
    return np.asarray(model.labels_, dtype="int64")


@pytest.mark.parametrize("column", ["kind", "dwellings"])
def test_missing_values_are_refused(column: str) -> None:
    """Each building needs its kind and its number of dwellings."""
    kind, walls = row_of(3)
    homes = standing(kind).assign(**{column: None})
    with pytest.raises(ContractError, match="give kind and dwellings"):
        joint_groups(homes, walls, smallest=5, largest=30, steps=1, step_m=100)


def villas() -> gpd.GeoDataFrame:
    """Return a and b beside each other, c across the street, d round the corner."""
    table = buildings((0, 0, 8, 10), (12, 0, 20, 10), (0, 20, 8, 30), (22, 0, 30, 10))
    return table.assign(street_name=["Dreef", "Dreef", "Dreef", "Kerk"])


def test_villas_beside_each_other_are_street_neighbours() -> None:
    """Not across the street, not of another street, not too far."""
    dreef = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 15), (50, 15)])], crs=31370)
    found = street_neighbours(villas(), dreef, within_m=15)
    assert found.to_numpy().tolist() == [["a", "b"]]


@pytest.mark.parametrize("within_m", [0.0, 3.9])
def test_far_villas_are_no_neighbours(within_m: float) -> None:
    """Four metres apart is more than asked; zero switches the rule off."""
    dreef = gpd.GeoDataFrame(geometry=[], crs=31370)
    assert street_neighbours(villas(), dreef, within_m=within_m).empty


def test_street_neighbours_need_a_known_street() -> None:
    """Two homes without a street name are not of the same street."""
    dreef = gpd.GeoDataFrame(geometry=[], crs=31370)
    unnamed = villas().assign(street_name=pd.Series([None] * 4, index=list("abcd"), dtype="str"))
    assert street_neighbours(unnamed, dreef, within_m=15).empty


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
    homes = table.assign(kind="rij", rank=0.0, dwellings=1.0)
    found = joint_groups(homes, walls, smallest=5, largest=30, steps=0, step_m=0)
    assert time.process_time() - begin < 10
    assert found.value_counts().between(5, 30).all()
