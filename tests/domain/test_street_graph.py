"""From drawn streets to a graph: crossings, gaps, house connections, sources, existing pipes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal, assert_series_equal
from shapely import LineString, MultiLineString, Point, box

from lekp_lib.assumptions import load
from lekp_lib.domain.street_graph import (
    EDGE_COLUMNS,
    EDGE_KINDS,
    REPAIR_COLUMNS,
    REPAIR_KINDS,
    StreetGraph,
    best_site,
    build,
    connect_buildings,
    connect_sources,
    lay_existing,
)
from lekp_lib.errors import ContractError

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
VILLAGE = SHARED / "wechelderzande-osm" / "derived_wechel_2016.gpkg"
ROADS = SHARED / "wegenregister-grb" / "eWegsegment.zip"


def table(shapes: list[Any], prefix: str, **columns: list[Any]) -> gpd.GeoDataFrame:
    """Return a table with ids s0, s1, …."""
    index = pd.Index([f"{prefix}{k}" for k in range(len(shapes))], dtype="str")
    return gpd.GeoDataFrame(columns, index=index, geometry=shapes, crs=31370)


def streets(*lines: Any, **columns: list[Any]) -> gpd.GeoDataFrame:
    """Return streets s0, s1, … from lists of corners, or from shapes."""
    shapes = [LineString(line) if isinstance(line, list) else line for line in lines]
    return table(shapes, "s", **columns)


def graph_of(*lines: Any, **bounds: Any) -> StreetGraph:
    """Return the graph of a few streets."""
    return build(streets(*lines), **{"snap_m": 5.0, "join_m": 30.0, "merge_m": 0.5} | bounds)


def served(graph: StreetGraph, *shapes: Any, **bounds: Any) -> StreetGraph:
    """Connect buildings b0, b1, …."""
    usual = {"candidates": 3, "farthest_m": 50.0, "extra_m": 15.0, "merge_m": 0.5}
    return connect_buildings(graph, table(list(shapes), "b"), **usual | bounds)


def services(graph: StreetGraph) -> gpd.GeoDataFrame:
    """Return the house connections."""
    return graph.edges[graph.edges["kind"] == "service"]


def dug_m(graph: StreetGraph) -> float:
    """Return the length of the streets and the links between them."""
    return float(graph.edges.loc[graph.edges["kind"].isin(["street", "join"]), "length_m"].sum())


def assert_sound(graph: StreetGraph) -> None:
    """Check what every graph must keep to, however the streets were drawn."""
    edges, nodes = graph.edges, graph.nodes
    assert tuple(edges.columns) == EDGE_COLUMNS
    assert tuple(graph.repairs.columns) == REPAIR_COLUMNS
    assert set(edges["kind"]) <= set(EDGE_KINDS)
    assert set(graph.repairs["kind"]) <= set(REPAIR_KINDS)
    assert edges.index.tolist() == list(range(len(edges)))
    assert nodes.index.tolist() == list(range(len(nodes)))
    ends = edges[["from_node", "to_node"]].to_numpy()
    assert set(np.unique(ends)) | set(graph.sources) == set(range(len(nodes)))
    assert edges["length_m"].to_numpy() == pytest.approx(edges.length.to_numpy())
    xy = nodes[["x", "y"]].to_numpy()
    starts = shapely.get_coordinates(shapely.get_point(edges.geometry.to_numpy(), 0))
    stops = shapely.get_coordinates(shapely.get_point(edges.geometry.to_numpy(), -1))
    is_street = (edges["kind"] != "service").to_numpy()
    assert starts == pytest.approx(xy[ends[:, 0]])
    assert stops[is_street] == pytest.approx(xy[ends[is_street, 1]])


def assert_same(one: StreetGraph, other: StreetGraph) -> None:
    """Check that two graphs are equal to the last digit."""
    assert_frame_equal(one.nodes, other.nodes)
    assert_frame_equal(pd.DataFrame(one.edges), pd.DataFrame(other.edges))
    assert_frame_equal(pd.DataFrame(one.repairs), pd.DataFrame(other.repairs))
    assert_series_equal(one.terminals, other.terminals)
    assert_series_equal(one.sources, other.sources)
    assert_series_equal(one.too_far, other.too_far)


def networkx_of(graph: StreetGraph) -> nx.Graph:
    """Return the streets in networkx, the shorter of parallel edges."""
    found = nx.Graph()
    found.add_nodes_from(np.unique(graph.edges[["from_node", "to_node"]]))
    for edge in graph.edges.sort_values("length_m", ascending=False).itertuples():
        found.add_edge(edge.from_node, edge.to_node, weight=edge.length_m)
    return found


# Crossings and gaps


def test_junction_in_the_middle_of_a_line_is_cut() -> None:
    """A side street that ends on a through street is connected, also without a corner there."""
    graph = graph_of([(0, 0), (100, 0)], [(40, 0), (40, 60)])
    assert sorted(graph.edges["length_m"]) == [40, 60, 60]
    assert len(graph.nodes) == 4
    assert len(graph.repairs) == 0


def test_crossing_streets_are_connected() -> None:
    """Two streets that cross give four edges and one node with four arms."""
    graph = graph_of([(0, 0), (100, 0)], [(50, -50), (50, 50)])
    degree = pd.Series(graph.edges[["from_node", "to_node"]].to_numpy().ravel()).value_counts()
    assert degree.max() == 4
    assert len(graph.edges) == 4


def test_bridge_can_stay_a_bridge() -> None:
    """On request a crossing without a corner connects nothing."""
    lines = ([(0, 0), (100, 0)], [(50, -50), (50, 50)], [(100, 0), (50, 50)])
    assert len(graph_of(*lines).edges) == 5
    assert len(graph_of(*lines, is_cut_at_crossings=False).edges) == 3


def test_shared_corner_connects_also_without_crossings() -> None:
    """Where a street has a corner on the other, they meet."""
    lines = ([(0, 0), (50, 0), (100, 0)], [(50, -50), (50, 50)])
    assert len(graph_of(*lines, is_cut_at_crossings=False).edges) == 4


def test_gap_is_snapped_and_told() -> None:
    """A street end three metres short of another street is tied to it."""
    graph = graph_of([(0, 0), (100, 0)], [(40, 3), (40, 60)])
    assert graph.edges.loc[graph.edges["kind"] == "join", "length_m"].tolist() == [3.0]
    assert graph.repairs[["kind", "street_id", "gap_m"]].iloc[0].tolist() == ["snapped", "s1", 3.0]
    assert graph.nodes["part"].max() == 0


def test_two_loose_ends_are_tied_once() -> None:
    """Each end is the nearest of the other, but there is one gap."""
    graph = graph_of([(0, 0), (50, 0)], [(52, 0), (100, 0)])
    assert graph.repairs["gap_m"].tolist() == [2.0]
    assert dug_m(graph) == pytest.approx(100)


def test_gap_of_drawing_accuracy_is_closed_in_silence() -> None:
    """Ends less than half a metre apart are one node, and no repair."""
    graph = graph_of([(0, 0), (100, 0)], [(40, 0.3), (40, 60)])
    assert len(graph.repairs) == 0
    assert sorted(graph.edges["length_m"].round(6)) == [40, 60, 60]
    assert_sound(graph)


def test_overshoot_is_no_gap() -> None:
    """A street drawn two metres past a crossing is connected already."""
    graph = graph_of([(0, 0), (100, 0)], [(40, -2), (40, 60)])
    assert len(graph.repairs) == 0
    assert set(graph.edges["kind"]) == {"street"}


def test_island_within_reach_is_joined() -> None:
    """A part twenty metres away is joined by the shortest straight link."""
    graph = graph_of([(0, 0), (100, 0)], [(40, 20), (60, 40)])
    join = graph.edges[graph.edges["kind"] == "join"]
    assert join["length_m"].tolist() == [20.0]
    assert graph.repairs["kind"].tolist() == ["joined"]
    assert graph.nodes["part"].max() == 0


def test_islands_are_joined_in_a_chain() -> None:
    """A part out of reach of the largest is joined over another part."""
    graph = graph_of([(0, 0), (100, 0)], [(0, 20), (50, 20)], [(0, 40), (50, 40)])
    assert graph.repairs["kind"].tolist() == ["joined", "joined"]
    assert graph.nodes["part"].max() == 0


def test_far_island_is_listed_and_kept() -> None:
    """A part two hundred metres away stays in the graph, on its own."""
    graph = graph_of([(0, 0), (100, 0)], [(0, 200), (50, 200)])
    told = graph.repairs.iloc[0]
    assert (told["kind"], told["street_id"]) == ("separate", "s1")
    assert (told["gap_m"], told["length_m"]) == (200.0, 50.0)
    assert sorted(graph.nodes["part"]) == [0, 0, 1, 1]


def test_multi_line_falls_apart() -> None:
    """The parts of one street keep its id."""
    parts = MultiLineString([[(0, 0), (50, 0)], [(50, 0), (100, 0)]])
    graph = graph_of(parts, [(50, 0), (50, 40)])
    assert graph.edges["street_id"].tolist() == ["s0", "s0", "s1"]


def test_what_is_no_line_is_left_out() -> None:
    """Missing, empty and zero-length shapes, and points, do not stop the rest."""
    faulty = (None, LineString(), LineString([(9, 9), (9, 9)]), Point(3, 3))
    graph = graph_of([(0, 0), (100, 0)], *faulty)
    assert graph.edges["street_id"].tolist() == ["s0"]
    assert_sound(graph)


def test_nothing_gives_an_empty_graph() -> None:
    """A place without streets has no nodes, and its buildings are too far."""
    graph = served(graph_of(), box(0, 0, 9, 9))
    assert len(graph.nodes) == len(graph.edges) == 0
    assert graph.too_far.isna().tolist() == [True]
    assert len(connect_sources(graph, table([], "w"), farthest_m=9, merge_m=0.5).nodes) == 0


@pytest.mark.parametrize("again", [[(0, 0), (50, 9), (100, 0)], [(100, 0), (50, 9), (0, 0)]])
def test_street_drawn_twice_counts_once(again: list[tuple[float, float]]) -> None:
    """The same line, also the other way round, is one edge; the first id stays."""
    graph = graph_of([(0, 0), (50, 9), (100, 0)], again)
    assert graph.edges["street_id"].tolist() == ["s0"]


def test_parallel_streets_between_the_same_crossings_both_stay() -> None:
    """Two ways round a square are two edges."""
    assert len(graph_of([(0, 0), (50, 9), (100, 0)], [(0, 0), (50, -9), (100, 0)]).edges) == 2


def test_overlap_counts_once() -> None:
    """Where two streets lie on each other there is one."""
    graph = graph_of([(0, 0), (100, 0)], [(60, 0), (140, 0)])
    assert graph.edges["length_m"].tolist() == [60, 40, 40]


def test_street_that_crosses_itself_is_cut() -> None:
    """A loop in one line gets a node where it crosses."""
    graph = graph_of([(0, 0), (100, 0), (100, 50), (50, 50), (50, -50)])
    assert len(graph.edges) == 3
    assert dug_m(graph) == pytest.approx(300)
    assert_sound(graph)


def test_end_on_a_street_that_crosses_itself_stays_connected() -> None:
    """Cutting a line moves it by less than anyone can draw, and no end comes loose of it."""
    knot = [(0, 20), (70, 30), (20, 40), (80, 0)]
    graph = graph_of([(0, 0), (50, 20)], knot, snap_m=0.0, join_m=0.0, merge_m=0.0)
    assert graph.nodes["part"].max() == 0
    assert len(graph.repairs) == 0


def test_ring_ends_where_it_begins() -> None:
    """A closed street is one edge from a node to itself."""
    graph = graph_of([(0, 0), (50, 0), (50, 50), (0, 0)])
    assert graph.edges[["from_node", "to_node"]].to_numpy().tolist() == [[0, 0]]


def test_ground_and_class_stay_with_the_street() -> None:
    """Pieces and links know the road class and the paved share of their street."""
    lines = streets(
        [(0, 0), (100, 0)],
        [(40, 3), (40, 60)],
        road_class=["local", "slow"],
        paved_share=[0.9, np.nan],
    )
    edges = build(lines, snap_m=5, join_m=30, merge_m=0.5).edges
    assert edges["road_class"].tolist() == ["local", "local", "slow", "slow"]
    assert edges["paved_share"].tolist()[:2] == [0.9, 0.9]
    assert edges["paved_share"].isna().tolist()[2:] == [True, True]


def test_height_is_ignored_and_the_input_untouched() -> None:
    """Lines with heights give flat edges; the table of the caller stays as it was."""
    lines = streets(LineString([(0, 0, 3), (100, 0, 9)]))
    before = lines.copy()
    graph = build(lines, snap_m=5, join_m=30, merge_m=0.5)
    assert not graph.edges.has_z.any()
    assert graph.edges["length_m"].tolist() == [100]
    assert_frame_equal(pd.DataFrame(lines), pd.DataFrame(before))


@st.composite
def drawn_streets(draw: Any, spacing: float = 10.0) -> list[LineString]:
    """Draw lines on a coarse grid, so that many touch, cross and overlap."""
    corner = st.tuples(st.integers(0, 8), st.integers(0, 8))
    lines = draw(st.lists(st.lists(corner, min_size=2, max_size=4), min_size=1, max_size=10))
    return [LineString(np.array(line) * spacing) for line in lines]


@settings(deadline=None, max_examples=150)
@given(drawn_streets())
def test_cutting_keeps_the_length(lines: list[LineString]) -> None:
    """Without repairs the edges are as long as the drawing, overlaps counted once."""
    graph = graph_of(*lines, snap_m=0.0, join_m=0.0, merge_m=0.0)
    assert graph.edges["length_m"].sum() == pytest.approx(shapely.union_all(lines).length)
    assert_sound(graph)


@settings(deadline=None, max_examples=100)
@given(drawn_streets())
def test_parts_agree_with_networkx(lines: list[LineString]) -> None:
    """What hangs together in the drawing hangs together in the graph."""
    graph = graph_of(*lines, snap_m=0.0, join_m=0.0, merge_m=0.0)
    whole = [line for line in lines if line.length > 0]
    assume(whole)
    drawing = nx.Graph()
    drawing.add_nodes_from(range(len(whole)))
    one, other = shapely.STRtree(whole).query(whole, predicate="intersects")
    drawing.add_edges_from(zip(one, other, strict=True))
    parts = nx.number_connected_components(drawing)
    assert (
        graph.nodes["part"].nunique() == parts == nx.number_connected_components(networkx_of(graph))
    )
    assert (graph.repairs["kind"] == "separate").sum() == max(parts - 1, 0)


@settings(deadline=None, max_examples=100)
@given(drawn_streets(), st.sampled_from([3.0, 12.0, 40.0]), st.randoms(use_true_random=False))
def test_repairs_keep_the_graph_sound(lines: list[LineString], reach: float, chance: Any) -> None:
    """Shaken ends with any tolerance give a sound graph, whatever the order of the rows."""
    shaken = streets(
        *(shapely.transform(line, lambda xy: xy + chance.uniform(-4, 4)) for line in lines)
    )
    order = list(range(len(shaken)))
    chance.shuffle(order)
    bounds = {"snap_m": reach, "join_m": 2 * reach, "merge_m": 0.5}
    graph = build(shaken, **bounds)
    assert_sound(graph)
    assert_same(graph, build(shaken.iloc[order], **bounds))
    left = graph.repairs[graph.repairs["kind"] == "separate"]
    assert (left["gap_m"] > 2 * reach - 1e-6).all()
    assert len(left) == graph.nodes["part"].max() if len(graph.nodes) else len(left) == 0


# House connections


def test_house_is_served_from_its_facade() -> None:
    """The connection runs square from the street axis to the nearest wall."""
    graph = served(graph_of([(0, 0), (100, 0)]), box(40, 8, 48, 20))
    service = services(graph).iloc[0]
    assert (service["length_m"], service["building_id"]) == (8.0, "b0")
    assert service["to_node"] == graph.terminals["b0"]
    assert service.geometry.coords[1][1] == 8.0
    assert_sound(graph)


def test_houses_across_the_street_share_a_node() -> None:
    """Two houses at the same place along a segment cut it once."""
    graph = served(graph_of([(0, 0), (100, 0)]), Point(40, 8), Point(40.2, -8))
    assert len(graph.edges) == 4
    assert services(graph)["from_node"].tolist() == [2, 2]
    assert dug_m(graph) == pytest.approx(100)


def test_house_near_a_junction_uses_its_node() -> None:
    """No piece of a few centimetres is left between a connection and a crossing."""
    graph = served(graph_of([(0, 0), (100, 0)]), Point(0.3, 8))
    assert (graph.edges["kind"] == "street").sum() == 1
    assert services(graph)["from_node"].tolist() == [0]


def test_corner_house_has_two_candidates() -> None:
    """A building on the corner can be served from both streets."""
    graph = served(graph_of([(0, 0), (100, 0)], [(0, 0), (0, 100)]), box(8, 6, 18, 16))
    assert sorted(services(graph)["length_m"]) == [6, 8]


def test_house_in_the_row_has_one_candidate() -> None:
    """The next segment of the same street starts at a junction that the first reaches too."""
    graph = served(
        graph_of([(0, 0), (50, 0)], [(50, 0), (100, 0)], [(50, 0), (50, -80)]), Point(44, 8)
    )
    assert services(graph)["length_m"].tolist() == [8.0]


def test_no_way_through_another_house() -> None:
    """A back street behind another house is no candidate, an open one is."""
    graph = graph_of([(0, 0), (100, 0)], [(0, 40), (100, 40)], [(0, 0), (0, 40)])
    house, behind = box(40, 10, 50, 18), box(35, 22, 55, 30)
    assert len(services(served(graph, house))) == 2
    found = services(served(graph, house, behind)).groupby("building_id").size()
    assert found["b0"] == 1


def test_no_way_across_another_street() -> None:
    """Behind the nearest street the next one is not tapped."""
    graph = graph_of([(0, 0), (100, 0)], [(0, -8), (100, -8)], [(0, 0), (0, -8)])
    assert services(served(graph, box(40, 5, 50, 15)))["length_m"].tolist() == [5.0]


def test_way_that_is_much_longer_is_not_made() -> None:
    """The extra length of a further candidate has a limit."""
    graph = graph_of([(0, 0), (100, 0)], [(0, 40), (100, 40)], [(0, 0), (0, 40)])
    lengths = [
        len(services(served(graph, box(40, 8, 50, 16), extra_m=extra))) for extra in (15.9, 16.1)
    ]
    assert lengths == [1, 2]


@pytest.mark.parametrize(("candidates", "made"), [(1, 1), (2, 2), (3, 3)])
def test_number_of_candidates_is_kept(candidates: int, made: int) -> None:
    """The nearest come first."""
    graph = graph_of([(0, 0), (30, 0)], [(0, 0), (0, 30)], [(30, 0), (30, 30)], [(0, 30), (30, 30)])
    found = services(served(graph, box(9, 10, 20, 19), candidates=candidates))
    assert sorted(found["length_m"]) == [9, 10, 10][:made]


def test_address_is_always_a_candidate() -> None:
    """The street of the address counts even where a nearer street would leave it out."""
    graph = graph_of([(0, 0), (100, 0)], [(0, 45), (100, 45)], [(0, 0), (0, 45)])
    address = pd.Series({"b0": "s1"})
    found = services(served(graph, box(40, 5, 50, 15), candidates=1, street_of=address))
    assert sorted(found["length_m"]) == [5, 30]


def test_largest_part_is_always_a_candidate() -> None:
    """A house beside a street that leads nowhere can be served from the network too."""
    graph = graph_of([(0, 0), (500, 0)], [(40, 45), (60, 45)], join_m=10)
    found = served(graph, box(40, 34, 50, 40), candidates=1)
    assert sorted(services(found)["length_m"]) == [5, 34]
    assert found.nodes.loc[found.terminals["b0"], "part"] == 0


def test_far_building_is_listed() -> None:
    """A building without a street within reach gets no node, and its distance is told."""
    graph = served(graph_of([(0, 0), (100, 0)]), Point(40, 60), Point(40, 40))
    assert graph.too_far.to_dict() == {"b0": 60.0}
    assert graph.terminals.index.tolist() == ["b1"]


def test_building_without_a_shape_is_listed() -> None:
    """No shape, no distance."""
    graph = served(graph_of([(0, 0), (100, 0)]), None, shapely.Polygon(), Point(40, 40))
    assert graph.too_far.isna().tolist() == [True, True]
    assert graph.terminals.index.tolist() == ["b2"]


def test_buildings_may_come_in_turns() -> None:
    """A second call keeps the nodes of the first."""
    graph = served(graph_of([(0, 0), (100, 0)]), Point(40, 8))
    more = table([Point(60, 8)], "c")
    both = connect_buildings(graph, more, candidates=3, farthest_m=50, extra_m=15, merge_m=0.5)
    assert both.terminals.index.tolist() == ["b0", "c0"]
    assert both.nodes.loc[both.terminals, ["x", "y"]].to_numpy().tolist() == [[40, 8], [60, 8]]
    assert_sound(both)


def test_doubtful_tables_are_refused() -> None:
    """Double ids and other coordinate systems are faults of the caller."""
    graph, houses = graph_of([(0, 0), (100, 0)]), table([Point(4, 8), Point(9, 8)], "b")
    bounds = {"candidates": 3, "farthest_m": 50.0, "extra_m": 15.0, "merge_m": 0.5}
    with pytest.raises(ContractError, match="building_id occurs twice"):
        connect_buildings(graph, houses.set_axis(["b", "b"]), **bounds)
    with pytest.raises(ContractError, match="Reproject first"):
        connect_buildings(graph, houses.set_crs(4326, allow_override=True), **bounds)


@settings(deadline=None, max_examples=100)
@given(
    drawn_streets(spacing=25.0),
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=1, max_size=25),
    st.randoms(use_true_random=False),
)
def test_every_building_within_reach_is_served(
    lines: list[LineString], corners: list[tuple[int, int]], chance: Any
) -> None:
    """Each gets its shortest way; no order of rows changes a thing; streets keep their length."""
    houses = table([box(x, y, x + 7, y + 9) for x, y in corners], "b")
    graph = graph_of(*lines, merge_m=0.0)
    bounds = {"candidates": 2, "farthest_m": 30.3, "extra_m": 15.0, "merge_m": 0.0}
    found = connect_buildings(graph, houses, **bounds)
    assert_sound(found)
    assert dug_m(found) == pytest.approx(dug_m(graph))
    whole = shapely.union_all(graph.edges.loc[graph.edges["kind"] == "street"].geometry)
    distance_m = houses.distance(whole)
    shortest = services(found).groupby("building_id")["length_m"].min()
    near = distance_m[distance_m <= 30.3].sort_index()
    assert shortest.index.tolist() == near.index.tolist() == found.terminals.index.tolist()
    assert shortest.to_numpy() == pytest.approx(near.to_numpy(), abs=1e-6)
    mixed = list(range(len(houses)))
    chance.shuffle(mixed)
    assert_same(found, connect_buildings(graph, houses.iloc[mixed], **bounds))


# Sources


def fed(graph: StreetGraph, *shapes: Any) -> StreetGraph:
    """Connect sources w0, w1, …."""
    return connect_sources(graph, table(list(shapes), "w"), farthest_m=150, merge_m=0.5)


def test_source_off_the_street_gets_a_link() -> None:
    """The distance counts as a trench."""
    graph = fed(graph_of([(0, 0), (100, 0)]), Point(40, 80))
    join = graph.edges[graph.edges["kind"] == "join"].iloc[0]
    assert (join["length_m"], join["from_node"]) == (80.0, graph.sources["w0"])
    assert_sound(graph)


def test_source_on_the_street_is_a_node_of_it() -> None:
    """No link of no length is made."""
    graph = fed(graph_of([(0, 0), (100, 0)]), Point(40, 0), Point(0, 0.2))
    assert set(graph.edges["kind"]) == {"street"}
    assert graph.nodes.loc[graph.sources["w0"], ["x", "y"]].tolist() == [40, 0]
    assert graph.sources["w1"] == 0


def test_source_prefers_the_largest_part() -> None:
    """Within reach of the network a source is not tied to a street that leads nowhere."""
    graph = fed(graph_of([(0, 0), (500, 0)], [(0, 90), (50, 90)]), Point(40, 80))
    assert graph.nodes.loc[graph.sources["w0"], "part"] == 0
    assert "source_apart" not in set(graph.repairs["kind"])


def test_source_of_a_far_part_is_listed() -> None:
    """A source far from the network serves what is near it, and is told."""
    graph = fed(graph_of([(0, 0), (500, 0)], [(0, 200), (50, 200)]), Point(40, 210))
    assert graph.nodes.loc[graph.sources["w0"], "part"] == 1
    told = graph.repairs[graph.repairs["kind"] == "source_apart"]
    assert told["gap_m"].tolist() == [210.0]


def test_source_without_streets_stands_alone() -> None:
    """Nothing to be tied to is no reason to stop."""
    graph = fed(graph_of(), Point(40, 80))
    assert graph.sources.to_dict() == {"w0": 0}
    assert graph.repairs["kind"].tolist() == ["source_apart"]


def test_doubtful_sources_are_refused() -> None:
    """Double ids are a fault of the caller."""
    twice = table([Point(4, 8), Point(9, 8)], "w").set_axis(["w", "w"])
    with pytest.raises(ContractError, match="source_id occurs twice"):
        connect_sources(graph_of([(0, 0), (9, 0)]), twice, farthest_m=9, merge_m=0.5)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 12))
def test_best_site_on_a_tree_is_the_median(seed: int, samples: int) -> None:
    """Without loops the search finds what trying every node finds."""
    chance = np.random.default_rng(seed)
    tips = np.cumsum(chance.integers(10, 40, 8))
    branches = [[(x, 0), (x, int(chance.integers(20, 90)))] for x in tips]
    homes = [Point(*xy) for xy in chance.uniform((0, -9), (tips[-1], 80), (30, 2))]
    graph = served(graph_of([(0, 0), (tips[-1], 0)], *branches), *homes, candidates=1)
    weights = pd.Series(chance.uniform(1, 9, len(homes)), index=[f"b{k}" for k in range(30)])
    distance_m = dict(nx.all_pairs_dijkstra_path_length(networkx_of(graph)))
    sites = np.unique(graph.edges.loc[graph.edges["kind"] == "street", "from_node"])
    cost = {
        node: sum(weights[b] * distance_m[node][at] for b, at in graph.terminals.items())
        for node in [*sites, best_site(graph, weights, samples=samples)]
    }
    assert cost[best_site(graph, weights, samples=samples)] == pytest.approx(min(cost.values()))


def test_best_site_is_never_through_a_house() -> None:
    """A building with two connections is no short cut between its streets."""
    graph = graph_of([(0, 0), (60, 0)], [(0, 20), (60, 20)], [(0, 0), (0, 20)])
    graph = served(graph, box(55, 5, 60, 15), Point(60, -5))
    site = best_site(graph, pd.Series({"b0": 1.0, "b1": 1.0}), samples=30)
    assert graph.nodes.loc[site, "y"] == 0


def test_best_site_lies_where_most_demand_can_be_reached() -> None:
    """A part with more demand wins from the longest part."""
    graph = graph_of([(0, 0), (500, 0)], [(0, 200), (50, 200)])
    graph = served(graph, Point(40, 10), Point(30, 210))
    heavy = best_site(graph, pd.Series({"b0": 1.0, "b1": 5.0}), samples=30)
    assert graph.nodes.loc[heavy, "y"] == 200


def test_best_site_needs_streets_and_demand() -> None:
    """Without either there is nothing to choose."""
    with pytest.raises(ContractError, match="no streets"):
        best_site(graph_of(), pd.Series(dtype="float64"), samples=3)
    with pytest.raises(ContractError, match="missing or negative"):
        best_site(graph_of([(0, 0), (9, 0)]), pd.Series({"b0": -1.0}), samples=3)


# Existing pipes


def laid(graph: StreetGraph, *lines: Any) -> StreetGraph:
    """Lay pipes p0, p1, … of DN 100, 110, …."""
    shapes = [LineString(line) for line in lines]
    dn = [100 + 10 * k for k in range(len(lines))]
    return lay_existing(graph, table(shapes, "p", dn=dn), snap_m=5, merge_m=0.5)


def test_pipe_beside_the_street_is_tied_at_both_ends() -> None:
    """A pipe two metres from the axis is linked to it where it starts and stops."""
    graph = laid(graph_of([(0, 0), (100, 0)]), [(30, 2), (70, 2)])
    pipe = graph.edges[graph.edges["kind"] == "existing"]
    assert pipe["existing_dn"].tolist() == [100.0]
    assert graph.edges.loc[graph.edges["kind"] == "join", "length_m"].tolist() == [2.0, 2.0]
    assert graph.nodes["part"].max() == 0
    assert_sound(graph)


def test_pipe_is_tied_at_the_side_streets() -> None:
    """A street that ends or crosses at the pipe can be fed from there."""
    graph = laid(graph_of([(0, 0), (100, 0)], [(50, 0), (50, 60)]), [(0, 2), (100, 2)])
    crossing = graph.nodes.query("x == 50 and y == 2").index
    at = graph.edges[graph.edges[["from_node", "to_node"]].isin(crossing).any(axis=1)]
    assert sorted(at["kind"]) == ["existing", "existing", "street", "street"]


def test_pipe_on_the_axis_lies_beside_the_street() -> None:
    """A pipe drawn on the street itself gives a second edge between the same nodes."""
    graph = laid(graph_of([(0, 0), (100, 0)]), [(30, 0), (100, 0)])
    assert sorted(graph.edges["kind"]) == ["existing", "street", "street"]
    ends = graph.edges[["from_node", "to_node"]].apply(frozenset, axis=1)
    assert ends.duplicated().sum() == 1


def test_house_taps_the_pipe() -> None:
    """A house across the street is not cut off from the pipe by the axis."""
    graph = served(laid(graph_of([(0, 0), (100, 0)]), [(0, 2), (100, 2)]), box(40, -20, 50, -8))
    assert sorted(services(graph)["length_m"]) == [8, 10]


def test_pipe_far_from_streets_is_listed() -> None:
    """A pipe without a street near it is told, and stays."""
    graph = laid(graph_of([(0, 0), (100, 0)]), [(0, 60), (80, 60)])
    told = graph.repairs.iloc[0]
    assert (told["kind"], told["gap_m"], told["length_m"]) == ("separate", 60.0, 80.0)
    assert pd.isna(told["street_id"])


def test_pipes_keep_terminals_and_sources() -> None:
    """Pipes may come after houses and sources: their nodes still are theirs."""
    before = fed(served(graph_of([(0, 0), (100, 0)]), Point(40, 8)), Point(10, 30))
    after = laid(before, [(30, 0.2), (70, 0.2)])
    for name in ("terminals", "sources"):
        one, other = getattr(before, name), getattr(after, name)
        there, here = before.nodes.loc[one, ["x", "y"]], after.nodes.loc[other, ["x", "y"]]
        assert here.to_numpy() == pytest.approx(there.to_numpy())
    assert_sound(after)


def test_no_pipes_change_nothing() -> None:
    """An empty table gives the graph back."""
    graph = graph_of([(0, 0), (100, 0)])
    assert_same(laid(graph), graph)


# Figures and real streets


def test_figures_have_the_bounds_that_are_asked_for() -> None:
    """Every bound of the graph is a figure with a range, and a gap to merge is the smallest."""
    figures = load().values_below("routing.")
    assert figures["merge_m"] < figures["snap_m"] < figures["join_m"]
    assert figures["service_candidates"] >= 1


@pytest.mark.skipif(not VILLAGE.exists(), reason="the shared village is not here")
def test_real_village_is_connected() -> None:
    """A village of OpenStreetMap: nothing lost, each house on a street within reach."""
    lines = gpd.read_file(VILLAGE, layer="streets").set_index("osm_id")
    houses = gpd.read_file(VILLAGE, layer="buildings").set_index("osm_id")
    graph = build(lines, snap_m=5, join_m=30, merge_m=0.5)
    assert graph.edges["length_m"].sum() == pytest.approx(lines.length.sum(), rel=1e-4)
    assert graph.edges["kind"].eq("street").all()
    found = connect_buildings(graph, houses, candidates=3, farthest_m=100, extra_m=15, merge_m=0.5)
    assert_sound(found)
    assert len(found.terminals) == len(houses)
    assert found.nodes.loc[found.terminals, "part"].eq(0).all()


@pytest.mark.filterwarnings("ignore:Measured")
@pytest.mark.skipif(not ROADS.exists(), reason="the shared road register is not here")
def test_road_register_is_read_in_parts() -> None:
    """A loose sample of segments gives a largest part and a list of the others."""
    lines = gpd.read_file(ROADS).reset_index(names="street_id").set_index("street_id")
    graph = build(lines, snap_m=5, join_m=30, merge_m=0.5)
    assert_sound(graph)
    separate = graph.repairs[graph.repairs["kind"] == "separate"]
    assert len(separate) == graph.nodes["part"].max()
    assert (separate["gap_m"] > 30).all()
