"""A route as a tree, and which part of it pays."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.domain.network_route import as_tree, prune
from lekp_lib.errors import ContractError

EDGES = pd.DataFrame(
    {
        "from_node": [5, 5, 7, 2, 9],
        "to_node": [3, 9, 5, 4, 1],
        "length_m": [8.0, 20.0, 30.0, 6.0, 1.0],
        "kind": ["service", "street", "street", "street", "street"],
        "street_id": [None, "s1", "s2", "s3", "s4"],
        "building_id": ["b1", None, None, None, None],
    }
)


def random_network(seed: int, n_pipes: int) -> pd.DataFrame:
    """Return a tree in which each pipe hangs under an earlier one, each with a building."""
    rng = np.random.default_rng(seed)
    upstream = [-1, *(int(rng.integers(-1, pipe)) for pipe in range(1, n_pipes))]
    names = [f"b{pipe}" for pipe in range(n_pipes)]
    return pd.DataFrame({"upstream": upstream, "building_id": names})


def test_pipes_point_away_from_the_source_and_follow_their_feeder() -> None:
    """Two sources give two trees, each turned away from its source."""
    route_edges = pd.Index([0, 1, 2, 3])
    tree = as_tree(route_edges, EDGES, pd.Series({"x": 9, "y": 4}))
    assert tree.loc[1, ["upstream", "from_node", "to_node"]].tolist() == [-1, 9, 5]
    assert tree.loc[2, ["upstream", "from_node", "to_node"]].tolist() == [1, 5, 7]
    assert tree.loc[3, ["upstream", "from_node", "to_node"]].tolist() == [-1, 4, 2]
    assert tree.index.get_loc(1) < min(tree.index.get_loc(0), tree.index.get_loc(2))
    assert tree.loc[0, ["length_m", "kind", "building_id"]].tolist() == [8.0, "service", "b1"]


def test_order_of_rows_makes_no_difference_to_the_tree() -> None:
    """Shuffled labels and rows give the same table."""
    source = pd.Series({"x": 9})
    first = as_tree(pd.Index([0, 1, 2]), EDGES, source)
    again = as_tree(pd.Index([2, 0, 1]), EDGES.iloc[::-1], source)
    pd.testing.assert_frame_equal(again, first)


def test_an_empty_route_is_an_empty_tree() -> None:
    """No pipes, but the columns are there."""
    tree = as_tree(EDGES.index[:0], EDGES, pd.Series({"x": 9}))
    assert len(tree) == 0
    assert tree.columns[:3].tolist() == ["upstream", "from_node", "to_node"]


@pytest.mark.parametrize("route_edges", [[0, 3], [1, 5, 6]])
def test_no_tree_is_refused(route_edges: list[int]) -> None:
    """Loose pipes and cycles are no network."""
    ring = pd.DataFrame({"from_node": [9, 5], "to_node": [5, 7]}, index=[5, 6])
    edges = pd.concat([EDGES, ring])
    with pytest.raises(ContractError, match="hang together with a source"):
        as_tree(pd.Index(route_edges), edges, pd.Series({"x": 9}))


def test_prune_keeps_the_feeder_of_what_pays() -> None:
    """A pipe without a house of its own stays when the house behind it pays for both."""
    network = pd.DataFrame({"upstream": [-1, 0, 1, 0], "building_id": [None, None, "a", "b"]})
    prizes, costs = pd.Series({"a": 30.0, "b": 4.0}), pd.Series([10.0, 10.0, 5.0, 5.0])
    assert prune(network, prizes, costs).tolist() == [True, True, True, False]
    assert prune(network, prizes / 2, costs).tolist() == [False] * 4


@given(st.integers(0, 1000), st.integers(1, 8))
def test_prune_is_the_best_part_of_the_tree(seed: int, n_pipes: int) -> None:
    """No set of pipes that hangs together with the source is worth more."""
    network = random_network(seed, n_pipes)
    rng = np.random.default_rng(seed + 1)
    worth = rng.uniform(-10, 10, n_pipes)
    prizes = pd.Series(worth + 20.0, index=network["building_id"])
    costs = pd.Series(20.0, index=network.index)
    up = network["upstream"].tolist()
    parts = chain.from_iterable(combinations(range(n_pipes), k) for k in range(n_pipes + 1))
    whole = [part for part in map(set, parts) if all(up[p] in part or up[p] < 0 for p in part)]
    best = max(sum(worth[list(part)]) for part in whole)
    built = prune(network, prizes, costs)
    assert sum(worth[built.to_numpy()]) == pytest.approx(best, abs=1e-9)
    assert set(np.flatnonzero(built)) in whole


def test_prune_refuses_what_it_cannot_price() -> None:
    """A pipe without a cost, or before its feeder, is refused."""
    network = random_network(1, 3)
    with pytest.raises(ContractError, match="costs lacks 1"):
        prune(network, pd.Series(dtype="float64"), pd.Series([1.0, 1.0]))
    with pytest.raises(ContractError, match="after the pipe that feeds it"):
        prune(network.assign(upstream=[1, -1, 1]), pd.Series(dtype="float64"), pd.Series([1.0] * 3))
