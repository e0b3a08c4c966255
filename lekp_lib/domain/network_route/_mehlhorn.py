"""A first network: nearest terminals joined by their shortest connections, then pruned."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from lekp_lib.domain.network_route._graph import (
    FREE,
    TERMINAL,
    Core,
    Floats,
    Ints,
    adjacency,
    first_of_pairs,
)

__all__ = ["first_tree", "spanning_tree", "tidy", "without_ends"]


def first_tree(core: Core) -> Ints:
    """
    Return the edges (positions) of a network that reaches every terminal and leaf.

    Mehlhorn's construction (1988) over the streets, to the terminals and the cheapest foot of
    each leaf; then each leaf takes its cheapest connection to a node that is reached.
    """
    n = len(core.kind)
    street = np.flatnonzero(~core.is_leaf_edge)
    tail, head, cost = core.tail[street], core.head[street], core.cost[street]
    is_needed = core.kind == TERMINAL
    is_needed[core.tail[_cheapest(core, np.flatnonzero(core.is_leaf_edge))]] = True
    far, previous, base = csgraph.dijkstra(
        adjacency(n, tail, head, cost),
        indices=np.flatnonzero(is_needed),
        min_only=True,
        return_predecessors=True,
    )
    border = np.flatnonzero(base[tail] != base[head])
    through = far[tail[border]] + cost[border] + far[head[border]]
    link = border[spanning_tree(n, base[tail[border]], base[head[border]], through)]
    step = np.flatnonzero((previous[head] == tail) | (previous[tail] == head))
    return _pruned(core, street[np.union1d(link, step)])


def spanning_tree(n: int, tail: Ints, head: Ints, cost: Floats) -> Ints:
    """Return the positions of the edges of the cheapest spanning tree, or forest."""
    order = np.argsort(cost, kind="stable")
    rank = np.empty(len(cost))
    rank[order] = np.arange(1, len(cost) + 1)
    pair = first_of_pairs(n, tail, head, rank)
    tree = csgraph.minimum_spanning_tree(
        sparse.csr_array((rank[pair], (tail[pair], head[pair])), shape=(n, n))
    )
    return np.sort(order[tree.data.astype("int64") - 1])


def _pruned(core: Core, edges: Ints) -> Ints:
    """Span the edges by a tree, give each leaf its cheapest foot, and drop the dead ends."""
    n = len(core.kind)
    tree = edges[spanning_tree(n, core.tail[edges], core.head[edges], core.cost[edges])]
    is_met = core.kind == TERMINAL
    is_met[core.tail[tree]] = is_met[core.head[tree]] = True
    leaf = np.flatnonzero(core.is_leaf_edge)
    leaf = _cheapest(core, leaf[is_met[core.tail[leaf]]])
    return without_ends(core.kind, core.tail, core.head, np.concatenate([tree, leaf]))


def _cheapest(core: Core, leaf: Ints) -> Ints:
    """Return the cheapest of the connections of each leaf."""
    leaf = leaf[np.lexsort((core.name[leaf], core.cost[leaf], core.head[leaf]))]
    return np.asarray(leaf[np.unique(core.head[leaf], return_index=True)[1]])


def tidy(kind: Ints, tail: Ints, head: Ints, cost: Floats, edges: Ints) -> Ints:
    """Return the edges without cycles and without dead ends where nobody lives."""
    tree = edges[spanning_tree(len(kind), tail[edges], head[edges], cost[edges])]
    return without_ends(kind, tail, head, tree)


def without_ends(kind: Ints, tail: Ints, head: Ints, edges: Ints) -> Ints:
    """Drop the edges that lead to a dead end where nobody lives."""
    while True:
        degree = np.bincount(np.concatenate([tail[edges], head[edges]]), minlength=len(kind))
        is_end = (degree == 1) & (kind == FREE)
        is_kept = ~(is_end[tail[edges]] | is_end[head[edges]])
        if is_kept.all():
            return edges
        edges = edges[is_kept]
