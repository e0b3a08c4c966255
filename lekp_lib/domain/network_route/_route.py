"""The cheapest network that joins all buildings with a source, and what it costs at least."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lekp_lib.domain.network_route._graph import Flags, Ints, Question, read_question
from lekp_lib.domain.network_route._mehlhorn import tidy
from lekp_lib.domain.network_route._reduce import reduce_core
from lekp_lib.domain.network_route._solve import best_bound, best_edges

__all__ = ["Route", "as_route", "lower_bound", "proven_bound", "route", "solved"]

_GUIDE_ROUNDS = 2


@dataclass(frozen=True)
class Route:
    """
    A network.

    Attributes
    ----------
    edges : Index
        Labels of the edges that are used, sorted.
    cost : float
        Sum of their cost, in the unit of the column ``cost``.
    lower_bound : float or None
        No network that reaches the same buildings costs less; None until somebody asked.
    unreached : Index
        Buildings (building_id) that no source can reach, sorted.
    """

    edges: pd.Index
    cost: float
    lower_bound: float | None
    unreached: pd.Index


def route(
    edges: pd.DataFrame,
    terminals: pd.Series[int],
    sources: pd.Series[int],
    *,
    rounds: int = 2,
    seed: int = 0,
) -> Route:
    """
    Return the cheapest network that joins every building with one of the sources.

    The trench is by far the dearest part of a heat network: this is where it should run.

    Parameters
    ----------
    edges : DataFrame, one row per edge
        from_node, to_node (node ids) and cost (0 or more, in any unit; 0 for what lies there
        already). With the columns kind and building_id, the edges of kind ``service`` are the
        possible connections of a building: a building uses exactly one of its own and is never
        passed through; connections of buildings outside `terminals` are left alone.
    terminals : Series, indexed by ``building_id``
        Node of each building to reach.
    sources : Series, indexed by ``source_id``
        Node of each source, at least one. With several, the network may fall apart in a tree
        per source.
    rounds : int
        How often to shake the costs and search again; more rounds, a little cheaper [-].
    seed : int
        Start of the random shakes: the same seed gives the same network.

    Returns
    -------
    Route
        Without lower bound. Buildings that no source can reach are listed, not an error.

    Raises
    ------
    ContractError
        If a column is missing, a label occurs twice, a cost is negative or no number, or there
        is no source.

    Notes
    -----
    A Steiner tree. The question is first made small by tests that keep a cheapest network, so
    that some crossings and the buildings with a real choice are left. There a dual ascent
    marks the edges that are worth their cost; the search repeats itself among these, ends with
    a Mehlhorn tree, and improves it by exchanging stretches and branchings. The order of the
    rows makes no difference. Time and memory grow about linearly with the edges.

    References
    ----------
    Mehlhorn (1988), Information Processing Letters 27; Wong (1984), Mathematical Programming
    28; Uchoa and Werneck (2012), ACM Journal of Experimental Algorithmics 17.

    Examples
    --------
    A street of three nodes with a house at the end, and a detour that is dearer:

    >>> edges = pd.DataFrame({"from_node": [0, 1, 0, 2], "to_node": [1, 2, 2, 3],
    ...                       "cost": [30.0, 40.0, 90.0, 8.0],
    ...                       "kind": ["street", "street", "street", "service"],
    ...                       "building_id": [None, None, None, "b1"]})
    >>> found = route(edges, pd.Series({"b1": 3}), pd.Series({"plant": 0}))
    >>> found.edges.tolist(), found.cost
    ([0, 1, 3], 78.0)
    """
    question = read_question(edges, terminals, sources)
    reduce_core(question.core)
    return as_route(question, solved(question, rounds, np.random.default_rng(seed))[0])


def lower_bound(
    edges: pd.DataFrame,
    terminals: pd.Series[int],
    sources: pd.Series[int],
    *,
    rounds: int = 40,
    seed: int = 0,
) -> float:
    """
    Return a cost that no network for these buildings can stay below.

    With the cost of a route it says how good that route is at worst:
    ``route.cost / lower_bound - 1``.

    Parameters
    ----------
    edges, terminals, sources
        As for ``route``; buildings that no source can reach are left out.
    rounds : int
        How often to raise the bound again where it got stuck; more rounds, a little higher [-].
    seed : int
        Start of the random order in which that is done.

    Returns
    -------
    float
        Lower bound, in the unit of the column ``cost``; equal to the cost of the cheapest
        network when the proof is complete.

    Raises
    ------
    ContractError
        As ``route``.

    Notes
    -----
    Dual ascent on the directed cuts of the reduced question (Wong 1984): the sum of disjoint
    amounts that every network pays. Cuts are then taken back and raised anew in another order
    round the edges that a good network uses and the bound does not pay for in full. A building
    with several connections is an end in the directed cuts, so it needs no large constant.

    Examples
    --------
    >>> edges = pd.DataFrame({"from_node": [0, 1, 0], "to_node": [1, 2, 2],
    ...                       "cost": [30.0, 40.0, 90.0]})
    >>> lower_bound(edges, pd.Series({"b1": 2}), pd.Series({"plant": 0}))
    70.0
    """
    question = read_question(edges, terminals, sources)
    reduce_core(question.core)
    rng = np.random.default_rng(seed)
    _, chosen = solved(question, _GUIDE_ROUNDS, rng)
    return proven_bound(question, chosen, rounds, rng)


def solved(question: Question, rounds: int, rng: np.random.Generator) -> tuple[Flags, Ints]:
    """Return which edges a good network uses, of the table and of the reduced core."""
    chosen = best_edges(question.core, rounds, rng)
    return question.core.used(chosen), chosen


def proven_bound(question: Question, chosen: Ints, rounds: int, rng: np.random.Generator) -> float:
    """Return the lower bound of a reduced question, guided by a network on its core."""
    core = question.core
    fixed = float(question.cost[core.used(np.zeros(0, dtype="int64"))].sum())
    return fixed + best_bound(core, chosen, rounds, rng)


def as_route(question: Question, used: Flags) -> Route:
    """Return the route that uses some edges, without cycles and dead ends."""
    tree = tidy(question.kind, question.tail, question.head, question.cost, np.flatnonzero(used))
    return Route(
        edges=question.labels[tree].sort_values(),
        cost=float(question.cost[tree].sum()),
        lower_bound=None,
        unreached=question.unreached,
    )
