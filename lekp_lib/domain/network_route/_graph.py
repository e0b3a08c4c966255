"""The tables of a routing question as arrays in one fixed order, and the way back to labels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from lekp_lib.errors import ContractError

__all__ = [
    "FREE",
    "LEAF",
    "TERMINAL",
    "Core",
    "Flags",
    "Floats",
    "Ints",
    "Question",
    "adjacency",
    "first_of_pairs",
    "read_question",
    "restricted",
]

FREE, TERMINAL, LEAF = 0, 1, 2
"""A node that may be used; one that must be; a building that picks one of its connections."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass
class Core:
    """
    What is still open: nodes 0..n-1 and the edges that a network may or may not use.

    Attributes
    ----------
    kind : array (n,)
        ``FREE``, ``TERMINAL`` or ``LEAF`` per node.
    tail, head, cost : arrays (m,)
        Ends and cost of each edge; a LEAF is always the head.
    name : array (m,)
        Number of each edge in `owner`.
    owner : array
        What each edge became part of; ``owner[i] == i`` while it stands on its own. The first
        `n_edges` numbers are the edges at the start, `n_names` are in use.
    root : int
        The node of the sources, a TERMINAL.
    fixed : list of arrays
        Numbers of edges that belong to the answer whatever the rest looks like.
    """

    kind: Ints
    tail: Ints
    head: Ints
    cost: Floats
    name: Ints
    owner: Ints
    n_edges: int
    n_names: int
    root: int = 0
    fixed: list[Ints] = field(default_factory=list)

    @property
    def is_leaf_edge(self) -> Flags:
        """Return which edges are connections of a LEAF."""
        return np.asarray(self.kind[self.head] == LEAF)

    def keep(self, is_kept: Flags) -> None:
        """Drop the other edges."""
        self.tail, self.head = self.tail[is_kept], self.head[is_kept]
        self.cost, self.name = self.cost[is_kept], self.name[is_kept]

    def fix(self, edges: Ints) -> None:
        """Put edges (positions) in the answer; the caller drops or contracts them."""
        if len(edges) > 0:
            self.fixed.append(self.name[edges])

    def used(self, edges: Ints) -> Flags:
        """Return which edges of the start a choice of edges, with all that is fixed, stands for."""
        chosen = np.zeros(len(self.owner), dtype="bool")
        for names in (self.name[edges], *self.fixed):
            chosen[names] = True
        top = self.owner[: self.n_edges]
        while not np.array_equal(above := self.owner[top], top):
            top = above
        return np.asarray(chosen[top])


def restricted(core: Core, is_kept: Flags) -> tuple[Core, Ints]:
    """Return a core with some of the edges, numbered anew, and the edge each number stands for."""
    edge = np.flatnonzero(is_kept)
    size = len(edge)
    part = Core(
        kind=core.kind.copy(),
        tail=core.tail[edge],
        head=core.head[edge],
        cost=core.cost[edge],
        name=np.arange(size),
        owner=np.arange(2 * size),
        n_edges=size,
        n_names=size,
        root=core.root,
    )
    return part, edge


def adjacency(n: int, tail: Ints, head: Ints, cost: Floats) -> sparse.csr_array:
    """Return the symmetric matrix of the edges; there must be no parallel edges."""
    ends = (np.concatenate([tail, head]), np.concatenate([head, tail]))
    return sparse.csr_array((np.concatenate([cost, cost]), ends), shape=(n, n))


def first_of_pairs(n: int, tail: Ints, head: Ints, *ranks: npt.NDArray[Any]) -> Ints:
    """Return the first edge, by ranks, of each pair of nodes, in the order of the pairs."""
    pair = np.minimum(tail, head) * n + np.maximum(tail, head)
    order = np.lexsort((*ranks[::-1], pair))
    pair = pair[order]
    is_first = np.ones(len(order), dtype="bool")
    is_first[1:] = pair[1:] != pair[:-1]
    order = order[is_first]
    return np.asarray(order[tail[order] != head[order]])


@dataclass(frozen=True)
class Question:
    """
    What is asked: every usable edge of the table in a fixed order, and what must be reached.

    Attributes
    ----------
    core : Core
        What a network may be made of; its edges are numbered as the rows below.
    labels : Index
        Label of each usable edge.
    cost : array (len(labels),)
        Cost of each usable edge.
    tail, head : arrays (len(labels),)
        Ends; node 0 stands for all sources together.
    kind : array
        Kind of each node.
    buildings : Series
        Node of each building that a source can reach.
    unreached : Index
        The other buildings, sorted.
    """

    core: Core
    labels: pd.Index
    cost: Floats
    tail: Ints
    head: Ints
    kind: Ints
    buildings: pd.Series[int]
    unreached: pd.Index


def read_question(
    edges: pd.DataFrame, terminals: pd.Series[int], sources: pd.Series[int]
) -> Question:
    """Return the question that the tables ask, whatever the order of their rows."""
    _check(edges, terminals, sources)
    own = _own_node(edges, terminals, sources)
    is_usable = ~np.isnan(own)
    usable, own = edges.loc[is_usable], own[is_usable]
    first, second = (usable[name].to_numpy(dtype="int64") for name in ("from_node", "to_node"))
    cost = usable["cost"].to_numpy(dtype="float64")
    rank = pd.factorize(usable.index, sort=True)[0]
    order = np.lexsort((rank, cost, np.maximum(first, second), np.minimum(first, second)))
    first, second = first[order], second[order]
    at, roots = terminals.to_numpy(dtype="int64"), sources.to_numpy(dtype="int64")
    nodes = np.unique(np.concatenate([first, second, at, roots]))
    is_other = ~np.isin(nodes, roots)
    position = np.where(is_other, np.cumsum(is_other), 0)
    kind = np.full(int(is_other.sum()) + 1, FREE)
    kind[position[np.isin(nodes, at)]] = TERMINAL
    kind[position[np.isin(nodes, own[np.isfinite(own)])]] = LEAF
    kind[0] = TERMINAL
    first, second, at = (position[np.searchsorted(nodes, ids)] for ids in (first, second, at))
    places = pd.Series(at, index=terminals.index)
    return _reachable(kind, first, second, usable.index[order], cost[order], places)


def _own_node(edges: pd.DataFrame, terminals: pd.Series[int], sources: pd.Series[int]) -> Floats:
    """
    Return the node of the building that an edge is a connection of.

    It is nan for a building that is not asked for; inf for another edge, and for one at a
    source, where a building is no end but a beginning.
    """
    own = np.full(len(edges), np.inf)
    if not {"kind", "building_id"} <= set(edges.columns):
        return own
    is_service = edges["kind"].eq("service").to_numpy(dtype="bool")
    node = edges["building_id"][is_service].map(terminals).to_numpy(dtype="float64")
    ends = edges.loc[is_service, ["from_node", "to_node"]].to_numpy()
    is_apart = ~np.isnan(node) & (ends != node[:, None]).all(axis=1)
    if is_apart.any():
        wrong = list(edges.index[is_service][is_apart][:3])
        msg = f"edges: a service edge does not end at the node of its building, first {wrong}."
        raise ContractError(msg)
    own[is_service] = np.where(np.isin(ends, sources).any(axis=1), np.inf, node)
    return own


def _reachable(
    kind: Ints, first: Ints, second: Ints, labels: pd.Index, cost: Floats, places: pd.Series[int]
) -> Question:
    """Keep what hangs together with the sources without running through a building."""
    n = len(kind)
    is_swapped = kind[first] == LEAF
    tail, head = np.where(is_swapped, second, first), np.where(is_swapped, first, second)
    is_street = kind[head] != LEAF
    part = csgraph.connected_components(
        adjacency(n, tail[is_street], head[is_street], np.ones(int(is_street.sum()))),
        directed=False,
    )[1]
    is_reached = part == part[0]
    is_open = is_reached[tail] & (kind[tail] != LEAF) & (tail != head)
    is_reached[head[is_open]] = True
    kind = np.where(is_reached, kind, FREE)
    whole = Core(kind, tail, head, cost, *(np.arange(len(cost)),) * 2, len(cost), len(cost))
    core, edge = restricted(whole, is_open)
    is_met = is_reached[places.to_numpy()]
    return Question(
        core=core,
        labels=labels[edge],
        cost=cost[edge],
        tail=tail[edge],
        head=head[edge],
        kind=kind,
        buildings=places[is_met],
        unreached=places.index[~is_met].sort_values(),
    )


def _check(edges: pd.DataFrame, terminals: pd.Series[int], sources: pd.Series[int]) -> None:
    missing = [name for name in ("from_node", "to_node", "cost") if name not in edges.columns]
    if missing:
        msg = f"edges lacks the columns {missing}. Add them before routing."
        raise ContractError(msg)
    for what, index in (("edges", edges.index), ("terminals", terminals.index)):
        if not index.is_unique:
            twice = list(index[index.duplicated()].unique()[:3])
            msg = f"{what}: label occurs twice, first {twice}. Give each row a label of its own."
            raise ContractError(msg)
    cost = edges["cost"].to_numpy(dtype="float64")
    is_wrong = ~(np.isfinite(cost) & (cost >= 0))
    if is_wrong.any():
        wrong = list(edges.index[is_wrong][:3])
        msg = f"edges: cost must be a number of 0 or more, wrong at {wrong}."
        raise ContractError(msg)
    if len(sources) == 0:
        msg = "sources is empty. A network starts at a source: give at least one node."
        raise ContractError(msg)
