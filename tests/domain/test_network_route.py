"""The cheapest network, its lower bound, and which buildings to connect."""

from __future__ import annotations

import builtins
import importlib.util
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networkx.algorithms.approximation import steiner_tree
from scipy import sparse
from scipy.optimize import LinearConstraint, milp

from lekp_lib.domain.network_route import (
    Route,
    as_tree,
    exact,
    lower_bound,
    route,
    select,
)
from lekp_lib.errors import ContractError, RunError

HAS_STEINERPY = importlib.util.find_spec("steinerpy") is not None
needs_steinerpy = pytest.mark.skipif(not HAS_STEINERPY, reason="SteinerPy is not installed")
PLANT = pd.Series({"plant": 0})


@dataclass(frozen=True)
class Village:
    """Streets with houses, as the tables of a question."""

    edges: pd.DataFrame
    terminals: pd.Series[int]
    sources: pd.Series[int]


def table(*rows: tuple[int, int, float, str | None]) -> pd.DataFrame:
    """Return edges from ends, cost and, for a connection, the building."""
    edges = pd.DataFrame(rows, columns=["from_node", "to_node", "cost", "building_id"])
    return edges.assign(kind=np.where(edges["building_id"].isna(), "street", "service"))


def village(seed: int, n_houses: int, n_connections: int, side: int = 4) -> Village:
    """Return a jittered grid of streets, some left out, with houses that hang on the nearest."""
    rng = np.random.default_rng(seed)
    grid = np.arange(side * side).reshape(side, side)
    across = zip(grid[:, :-1].flat, grid[:, 1:].flat, strict=True)
    pairs = [*across, *zip(grid[:-1].flat, grid[1:].flat, strict=True)]
    places = np.stack([grid.ravel() % side, grid.ravel() // side], axis=1) * 60.0
    places += rng.uniform(-15, 15, places.shape)
    streets = np.array([pair for pair in pairs if rng.random() > 0.1])
    begin, along = places[streets[:, 0]], places[streets[:, 1]] - places[streets[:, 0]]
    feet: list[list[tuple[float, int]]] = [[] for _ in streets]
    rows: list[tuple[int, int, float, str | None]] = []
    node, first_house = side * side, side * side + n_houses * n_connections
    for house in range(n_houses):
        at = rng.uniform(0, 60 * (side - 1), 2)
        share = np.clip(((at - begin) * along).sum(axis=1) / (along**2).sum(axis=1), 0.05, 0.95)
        off = np.hypot(*(begin + share[:, None] * along - at).T)
        for street in np.argsort(off)[:n_connections].tolist():
            feet[street].append((float(share[street]), node))
            rows.append((node, first_house + house, float(off[street]), f"h{house:03d}"))
            node += 1
    for street, (a, b) in enumerate(streets.tolist()):
        stops = [(0.0, a), *sorted(feet[street]), (1.0, b)]
        length = float(np.hypot(*along[street]))
        rows += [(m, n, (t - s) * length, None) for (s, m), (t, n) in pairwise(stops)]
    houses = {f"h{house:03d}": first_house + house for house in range(n_houses)}
    return Village(table(*rows), pd.Series(houses, dtype="int64"), PLANT)


def milp_optimum(place: Village, prizes: pd.Series[float] | None = None) -> float:
    """Return the cost of the cheapest network, or the best value with prizes, by a flow model."""
    edges, houses = place.edges, place.terminals
    is_source = edges["to_node"].isin(place.sources) | edges["from_node"].isin(place.sources)
    street = (edges["building_id"].isna() | is_source).to_numpy()
    tail = np.concatenate([edges["from_node"], edges["to_node"][street]])
    head = np.concatenate([edges["to_node"], edges["from_node"][street]])
    of_edge = np.concatenate([np.arange(len(edges)), np.flatnonzero(street)])
    m, arcs, k = len(edges), len(tail), len(houses)
    nodes = np.unique(np.concatenate([tail, head, houses, place.sources]))
    row = np.searchsorted(nodes, np.concatenate([head, tail, houses]))
    column = m + np.concatenate([np.arange(arcs), np.arange(arcs), arcs + np.arange(k)])
    sign = np.concatenate([np.ones(arcs), -np.ones(arcs), -np.ones(k)])
    size = m + arcs + k
    balance = sparse.csr_array((sign, (row, column)), shape=(len(nodes), size))
    balance = balance[~np.isin(nodes, place.sources)]
    both = (np.concatenate([np.arange(arcs)] * 2), np.concatenate([m + np.arange(arcs), of_edge]))
    room = sparse.csr_array((np.repeat([1.0, -k], arcs), both), shape=(arcs, size))
    prize = np.zeros(k) if prizes is None else prizes[houses.index].to_numpy()
    if k == 0:
        return 0.0
    solution = milp(
        np.concatenate([edges["cost"], np.zeros(arcs), -prize]),
        constraints=[LinearConstraint(balance, 0, 0), LinearConstraint(room, -np.inf, 0)],
        integrality=np.concatenate([np.ones(m), np.zeros(arcs), np.ones(k)]),
        bounds=(
            np.concatenate([np.zeros(m + arcs), np.full(k, 1.0 if prizes is None else 0.0)]),
            np.concatenate([np.ones(m), np.full(arcs, float(k)), np.ones(k)]),
        ),
        options={"mip_rel_gap": 0.0},
    )
    return float(solution.fun)


def check(found: Route, place: Village) -> None:
    """Assert that a route is a forest from the sources in which each house is an end."""
    used = place.edges.loc[found.edges]
    network = nx.MultiGraph()
    network.add_nodes_from([*place.sources])
    network.add_edges_from(zip(used["from_node"], used["to_node"], strict=True))
    reached = place.terminals.drop(found.unreached)
    assert found.cost == pytest.approx(used["cost"].sum())
    assert nx.is_forest(network)
    assert set(reached) <= set(network)
    assert all(network.degree(node) == 1 for node in set(reached) - set(place.sources))
    for part in nx.connected_components(network):
        assert len(part & set(place.sources)) == 1


def reachable(place: Village) -> Village:
    """Return the village without the houses that no source can reach."""
    unreached = route(place.edges, place.terminals, place.sources).unreached
    return Village(place.edges, place.terminals.drop(unreached), place.sources)


@st.composite
def scraps(draw: st.DrawFn) -> Village:
    """Return a heap of edges with whole-number costs, houses on and beside them, and sources."""
    nodes, costs = st.integers(0, 9), st.integers(0, 4)
    streets = draw(st.lists(st.tuples(nodes, nodes, costs), max_size=20))
    rows: list[tuple[int, int, float, str | None]] = [(a, b, cost, None) for a, b, cost in streets]
    homes = draw(st.lists(st.lists(st.tuples(nodes, costs), min_size=1, max_size=4), max_size=5))
    for house, ways in enumerate(homes):
        rows += [(foot, 100 + house, cost, f"h{house}") for foot, cost in ways]
    at = {f"h{house}": 100 + house for house in range(len(homes))}
    at |= {f"s{node}": node for node in draw(st.lists(nodes, max_size=3))}
    sources = draw(st.lists(nodes, min_size=1, max_size=3))
    return Village(table(*rows), pd.Series(at, dtype="int64"), pd.Series(sources))


villages = st.builds(
    village, st.integers(0, 10_000), st.integers(1, 10), st.integers(1, 3), st.integers(2, 4)
)


# drawn by hand


def test_takes_the_crossing_in_the_middle() -> None:
    """Three ends are joined by the free crossing rather than along the border."""
    edges = table((0, 3, 10, None), (1, 3, 10, None), (2, 3, 10, None), (0, 1, 18, None),
                  (1, 2, 18, None))  # fmt: skip
    found = route(edges, pd.Series({"a": 1, "b": 2}), PLANT)
    assert (found.edges.tolist(), found.cost, found.lower_bound) == ([0, 1, 2], 30, None)


def test_house_takes_the_dearer_connection_when_that_saves_a_street() -> None:
    """A connection of 20 to the pipe beats one of 5 at the end of another 30 m."""
    edges = table((0, 1, 50, None), (1, 2, 30, None), (2, 9, 5, "a"), (1, 9, 20, "a"),
                  (1, 8, 6, "b"))  # fmt: skip
    found = route(edges, pd.Series({"a": 9, "b": 8}), PLANT)
    assert (found.edges.tolist(), found.cost) == ([0, 3, 4], 76)


def test_never_runs_through_a_building() -> None:
    """The short way through the house of the neighbour is no way."""
    edges = table((0, 1, 10, None), (1, 9, 1, "a"), (9, 2, 1, "a"), (2, 8, 1, "b"),
                  (1, 2, 40, None))  # fmt: skip
    found = route(edges, pd.Series({"a": 9, "b": 8}), PLANT)
    assert (found.edges.tolist(), found.cost) == ([0, 1, 3, 4], 52)


def test_never_runs_through_a_building_that_is_not_asked_for() -> None:
    """Connections of other buildings are left alone."""
    edges = table((0, 1, 10, None), (1, 9, 1, "a"), (9, 2, 1, "a"), (2, 8, 1, "b"),
                  (1, 2, 40, None))  # fmt: skip
    assert route(edges, pd.Series({"b": 8}), PLANT).cost == 51


def test_each_building_takes_the_nearest_source() -> None:
    """With two sources the network falls apart in two trees."""
    edges = table((0, 1, 10, None), (1, 2, 50, None), (2, 3, 10, None))
    found = route(edges, pd.Series({"a": 1, "b": 2}), pd.Series({"x": 0, "y": 3}))
    assert (found.edges.tolist(), found.cost) == ([0, 2], 20)


def test_uses_pipes_that_are_paid_already() -> None:
    """A detour over an existing pipe is cheaper than the straight street."""
    edges = table((0, 1, 30, None), (0, 2, 0, None), (2, 1, 20, None), (2, 5, 0, None))
    assert route(edges, pd.Series({"a": 1}), PLANT).edges.tolist() == [1, 2]


def test_lists_what_no_source_reaches() -> None:
    """A house on an island, or reached only through another house, is listed."""
    edges = table((0, 1, 10, None), (1, 9, 1, "a"), (9, 2, 1, "a"), (2, 8, 1, "b"),
                  (5, 6, 1, None))  # fmt: skip
    found = route(edges, pd.Series({"c": 6, "b": 8, "a": 9}), PLANT)
    assert (found.unreached.tolist(), found.cost) == (["b", "c"], 11)


@pytest.mark.parametrize("houses", [{}, {"a": 0}])
def test_nothing_to_lay(houses: dict[str, int]) -> None:
    """No building, or one at the source itself, needs no pipe."""
    terminals = pd.Series(houses, dtype="int64")
    found = route(table((0, 1, 10, None)), terminals, PLANT)
    assert (len(found.edges), found.cost, len(found.unreached)) == (0, 0, 0)
    assert lower_bound(table((0, 1, 10, None)), terminals, PLANT) == 0


def test_a_table_without_rows_reaches_nobody() -> None:
    """Without streets every house is listed."""
    empty = table((0, 1, 10, None)).iloc[:0]
    assert route(empty, pd.Series({"a": 4}), PLANT).unreached.tolist() == ["a"]


def test_broken_topology_is_no_obstacle() -> None:
    """Double edges, an edge from a node to itself and edges of length 0 do no harm."""
    edges = table((0, 1, 10, None), (1, 0, 9, None), (1, 1, 5, None), (1, 2, 0, None),
                  (2, 1, 0, None), (2, 3, 7, None), (2, 3, 7, None), (4, 4, 0, None))  # fmt: skip
    found = route(edges, pd.Series({"a": 3}), PLANT)
    assert (found.edges.tolist(), found.cost) == ([1, 3, 5], 16)


def test_a_building_on_a_street_may_be_passed() -> None:
    """A building that is a node of the street itself does not block it."""
    edges = table((0, 1, 10, None), (1, 2, 10, None), (1, 9, 3, "b"))
    assert route(edges, pd.Series({"a": 1, "c": 2, "b": 9}), PLANT).cost == 23


@pytest.mark.parametrize(
    ("edges", "message"),
    [
        (table((0, 1, -1, None)), "cost must be a number of 0 or more"),
        (table((0, 1, np.nan, None)), "cost must be a number of 0 or more"),
        (table((0, 1, 1, None)).drop(columns="cost"), "lacks the columns"),
        (pd.concat([table((0, 1, 1, None))] * 2), "occurs twice"),
        (table((0, 1, 1, "a")), "does not end at the node"),
    ],
)
def test_a_wrong_table_is_refused(edges: pd.DataFrame, message: str) -> None:
    """What cannot be routed is said, with the label."""
    with pytest.raises(ContractError, match=message):
        route(edges, pd.Series({"a": 2}), PLANT)


def test_no_source_is_refused() -> None:
    """A network starts somewhere."""
    with pytest.raises(ContractError, match="at least one node"):
        route(table((0, 1, 1, None)), pd.Series({"a": 1}), pd.Series(dtype="int64"))


# what must always hold


@settings(deadline=None, max_examples=60)
@given(villages, st.integers(0, 3))
def test_route_is_a_forest_and_bounds_enclose_the_optimum(place: Village, rounds: int) -> None:
    """Lower bound <= optimum of a flow model <= cost, and the cost within 5 % of it."""
    found = route(place.edges, place.terminals, place.sources, rounds=rounds)
    check(found, place)
    bound = lower_bound(place.edges, place.terminals, place.sources)
    optimum = milp_optimum(reachable(place))
    assert bound <= optimum * (1 + 1e-6) + 1e-6
    assert optimum <= found.cost * (1 + 1e-6) + 1e-6
    assert found.cost <= optimum * 1.05 + 1e-6


@settings(deadline=None, max_examples=150)
@given(scraps())
def test_broken_maps_keep_the_bounds(place: Village) -> None:
    """Loose ends, loops, double edges and equal costs: bound <= optimum <= cost all the same."""
    found = route(place.edges, place.terminals, place.sources)
    optimum = milp_optimum(reachable(place))
    assert lower_bound(place.edges, place.terminals, place.sources) <= optimum + 1e-6
    assert optimum - 1e-6 <= found.cost <= optimum * 1.05 + 1e-6
    tree = as_tree(found.edges, place.edges, place.sources)
    assert set(place.terminals.drop(found.unreached)) <= {*tree["to_node"], *place.sources}


@settings(deadline=None, max_examples=25)
@given(villages, st.randoms(use_true_random=False))
def test_order_of_rows_makes_no_difference(place: Village, random: Any) -> None:
    """Shuffled tables and turned edges give the same edges."""
    rows = random.sample(place.edges.index.tolist(), len(place.edges))
    houses = random.sample(place.terminals.index.tolist(), len(place.terminals))
    other = place.edges.loc[rows]
    turned = other.rename(columns={"from_node": "to_node", "to_node": "from_node"})
    first = route(place.edges, place.terminals, place.sources)
    for edges in (other, turned):
        again = route(edges, place.terminals[houses], place.sources)
        assert again.edges.equals(first.edges)
        assert again.cost == first.cost


@settings(deadline=None, max_examples=25)
@given(villages, st.floats(1.1, 50))
def test_cost_grows_with_all_lengths(place: Village, factor: float) -> None:
    """The same map with longer metres costs as much more."""
    cost = route(place.edges, place.terminals, place.sources).cost
    longer = place.edges.assign(cost=place.edges["cost"] * factor)
    found = route(longer, place.terminals, place.sources)
    assert found.cost == pytest.approx(cost * factor, rel=0.05)
    assert found.cost >= cost


@pytest.mark.parametrize("seed", range(3))
def test_little_memory_keeps_route_and_bound_valid(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Cuts that are given up for lack of room weaken the bound, never break it."""
    import lekp_lib.domain.network_route._solve as module

    monkeypatch.setattr(module, "_ROOM", 1)
    place = village(seed, 20, 2)
    found = route(place.edges, place.terminals, place.sources)
    check(found, place)
    least = lower_bound(place.edges, place.terminals, place.sources)
    assert least <= milp_optimum(place) + 1e-6 <= found.cost + 2e-6


def test_input_stays_as_it_was() -> None:
    """The tables are not changed."""
    place = village(3, 8, 2)
    edges, terminals = place.edges.copy(), place.terminals.copy()
    route(place.edges, place.terminals, place.sources)
    select(place.edges, place.terminals, place.sources, pd.Series(30.0, index=terminals.index))
    pd.testing.assert_frame_equal(place.edges, edges)
    pd.testing.assert_series_equal(place.terminals, terminals)


# independent oracles on larger places


@pytest.mark.parametrize("method", ["kou", "mehlhorn"])
@pytest.mark.parametrize("seed", range(5))
def test_never_longer_than_networkx(seed: int, method: str) -> None:
    """With one connection per house the route beats or equals networkx."""
    place = reachable(village(seed, 120, 1, side=7))
    graph = nx.Graph()
    for a, b, cost in place.edges[["from_node", "to_node", "cost"]].itertuples(index=False):
        graph.add_edge(a, b, weight=cost)
    graph = graph.subgraph(nx.node_connected_component(graph, 0)).copy()
    tree = steiner_tree(graph, [0, *place.terminals], weight="weight", method=method)
    found = route(place.edges, place.terminals, place.sources)
    assert found.cost <= tree.size("weight") * (1 + 1e-9)


@needs_steinerpy
@pytest.mark.parametrize("n_connections", [1, 2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_bounds_enclose_the_optimum_of_steinerpy(seed: int, n_connections: int) -> None:
    """On 100 houses the raw question, solved by SteinerPy, lies between bound and cost."""
    import steinerpy

    place = reachable(village(seed, 100, n_connections, side=6))
    graph, extra = nx.Graph(), 2000.0
    for row in place.edges.itertuples():
        graph.add_edge(row.from_node, row.to_node, weight=row.cost + extra * (row.kind != "street"))
    graph = graph.subgraph(nx.node_connected_component(graph, 0)).copy()
    problem = steinerpy.SteinerProblem(graph, [[0, *place.terminals]], heavy=False)
    solution = problem.get_solution(time_limit=60)
    optimum = solution.objective - extra * len(place.terminals)
    slack = solution.objective * solution.gap + 1e-6
    found = route(place.edges, place.terminals, place.sources)
    assert lower_bound(place.edges, place.terminals, place.sources) <= optimum + slack
    assert optimum - slack <= found.cost <= optimum * 1.005


@needs_steinerpy
@pytest.mark.parametrize("n_connections", [1, 3])
def test_exact_proves_its_own_network(n_connections: int) -> None:
    """The exact network lies between the lower bound and the route, and is a forest."""
    place = village(11, 80, n_connections, side=6)
    found = exact(place.edges, place.terminals, place.sources, time_limit_s=60)
    check(found, place)
    assert found.lower_bound is not None
    assert found.cost <= route(place.edges, place.terminals, place.sources).cost * (1 + 1e-9)
    assert lower_bound(place.edges, place.terminals, place.sources) <= found.cost * (1 + 1e-9)
    assert found.lower_bound == pytest.approx(found.cost, rel=1e-3)


def test_exact_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without SteinerPy the message tells how to get it."""
    import lekp_lib.domain.network_route._exact as module

    def refuse(name: str) -> Any:
        raise builtins.ImportError(name)

    monkeypatch.setattr(module, "import_module", refuse)
    with pytest.raises(RunError, match=r"lekp-lib\[proof\]"):
        exact(table((0, 1, 1, None)), pd.Series({"a": 1}), PLANT, time_limit_s=1)


# which buildings to connect


def test_a_lane_is_built_when_its_houses_pay_together() -> None:
    """50 + 40 pays for 60 + 10 + 5 + 5; 50 + 25 does not."""
    edges = table((0, 1, 60, None), (1, 2, 10, None), (1, 3, 5, "a"), (2, 4, 5, "b"))
    houses = pd.Series({"a": 3, "b": 4})
    both = select(edges, houses, PLANT, pd.Series({"a": 50.0, "b": 40.0}))
    none = select(edges, houses, PLANT, pd.Series({"a": 50.0, "b": 25.0}))
    assert (both.connected.tolist(), both.value, both.upper_bound) == (["a", "b"], 10, 10)
    assert (len(none.connected), none.value, none.route.cost) == (0, 0, 0)


def test_a_house_at_the_source_is_free_and_one_that_costs_money_is_left_out() -> None:
    """A prize at the source is taken; a negative prize never."""
    edges = table((0, 1, 10, None), (1, 2, 10, None))
    prizes = pd.Series({"a": 3.0, "b": 25.0, "c": -5.0})
    found = select(edges, pd.Series({"a": 0, "b": 1, "c": 2}), PLANT, prizes)
    assert (found.connected.tolist(), found.value, found.route.edges.tolist()) == (
        ["a", "b"],
        18,
        [0],
    )


def test_houses_at_one_node_pay_together() -> None:
    """Two households behind one connection share it."""
    edges = table((0, 1, 10, None), (1, 2, 5, "a"))
    prizes = pd.Series({"a": 8.0, "b": 9.0})
    found = select(edges, pd.Series({"a": 2, "b": 2}), PLANT, prizes)
    assert (found.connected.tolist(), found.value) == (["a", "b"], 2)


def test_unreached_houses_are_listed_not_connected() -> None:
    """However large the prize."""
    edges = table((0, 1, 10, None), (5, 6, 1, None))
    prizes = pd.Series({"a": 50.0, "b": 1000.0})
    found = select(edges, pd.Series({"a": 1, "b": 6}), PLANT, prizes)
    assert (found.connected.tolist(), found.route.unreached.tolist()) == (["a"], ["b"])
    assert (found.value, found.upper_bound) == (40, 40)


def test_a_missing_prize_is_refused() -> None:
    """Every building needs a number."""
    with pytest.raises(ContractError, match="have no number"):
        select(table((0, 1, 1, None)), pd.Series({"a": 1}), PLANT, pd.Series({"b": 1.0}))


def test_upper_bound_is_optional() -> None:
    """Without rounds for the bound there is none."""
    found = select(
        table((0, 1, 1, None)), pd.Series({"a": 1}), PLANT, pd.Series({"a": 3.0}), bound_rounds=0
    )
    assert (found.value, found.upper_bound) == (2, None)


@settings(deadline=None, max_examples=60)
@given(villages, st.floats(5, 80), st.integers(0, 1000))
def test_selection_is_worth_it(place: Village, mean: float, seed: int) -> None:
    """max(0, all) <= value <= optimum of a flow model <= upper bound, and the value is earned."""
    random = np.random.default_rng(seed).gamma(3.0, mean / 3, len(place.terminals))
    prizes = pd.Series(random, index=place.terminals.index)
    found = select(place.edges, place.terminals, place.sources, prizes)
    check(found.route, Village(place.edges, place.terminals[found.connected], place.sources))
    everyone = route(place.edges, place.terminals, place.sources)
    best = -milp_optimum(reachable(place), prizes)
    total = prizes.drop(everyone.unreached).sum()
    assert found.value == pytest.approx(prizes[found.connected].sum() - found.route.cost)
    assert found.value >= max(0.0, total - everyone.cost) - 1e-9
    assert found.upper_bound is not None
    assert found.value <= best + 1e-6 <= found.upper_bound + 2e-6 + 1e-6 * total
    assert found.value >= best - 0.05 * total


@settings(deadline=None, max_examples=15)
@given(villages, st.randoms(use_true_random=False))
def test_order_of_rows_makes_no_difference_to_a_selection(place: Village, random: Any) -> None:
    """Shuffled tables give the same buildings and pipes."""
    prizes = pd.Series(25.0, index=place.terminals.index)
    rows = random.sample(place.edges.index.tolist(), len(place.edges))
    houses = random.sample(place.terminals.index.tolist(), len(place.terminals))
    first = select(place.edges, place.terminals, place.sources, prizes)
    again = select(place.edges.loc[rows], place.terminals[houses], place.sources, prizes[houses])
    assert again.connected.equals(first.connected)
    assert again.route.edges.equals(first.route.edges)
