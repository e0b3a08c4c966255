"""
Make the question small without changing its answer.

Each step is a test from the literature on Steiner trees (Duin and Volgenant 1989, Polzin and
Daneshmand 2001), with a building that must stay the end of its connection as an extra. A step
drops an edge that no cheapest network has or fixes one that every cheapest network has; where
two edges cost the same, the one with the lowest number counts as the cheaper, in all steps.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from lekp_lib.domain.network_route._graph import (
    FREE,
    LEAF,
    TERMINAL,
    Core,
    Flags,
    Floats,
    Ints,
    adjacency,
    first_of_pairs,
)
from lekp_lib.domain.network_route._leaves import rule_out

__all__ = ["reduce_core"]

_SLACK = 1e-9  # relative: sums of the same lengths in another order are the same length
_WORTHWHILE = 0.005  # a test that takes less than this share of the edges is not repeated


def reduce_core(core: Core) -> None:
    """Apply every test until none finds much more; the core is changed in place."""
    free = np.flatnonzero((core.cost == 0) & ~core.is_leaf_edge)
    _contract(core, free, is_needed=False)
    _drop_parallel(core)
    while len(core.tail) > 0:
        while _pays(core, _apply_quick_tests):
            pass
        if not (_pays(core, _apply_near_tests) or _pays(core, rule_out)):
            return


def _pays(core: Core, test: Callable[[Core], None]) -> bool:
    """Apply a test; return whether it took a share of the edges that makes more of it pay."""
    before = len(core.tail)
    test(core)
    return before - len(core.tail) > _WORTHWHILE * before


def _apply_quick_tests(core: Core) -> None:
    _drop_ends(core)
    _join_chains(core)
    _drop_dearer(core, np.where(core.kind == TERMINAL, 0.0, np.inf))
    _contract(core, _cheapest_to_terminal(core))


def _drop_parallel(core: Core) -> None:
    """Keep the cheapest of parallel edges and no edge from a node to itself."""
    kept = first_of_pairs(len(core.kind), core.tail, core.head, core.cost, core.name)
    if len(kept) < len(core.tail):
        is_kept = np.zeros(len(core.tail), dtype="bool")
        is_kept[kept] = True
        core.keep(is_kept)


def _degree(core: Core) -> Ints:
    return np.bincount(np.concatenate([core.tail, core.head]), minlength=len(core.kind))


def _drop_ends(core: Core) -> None:
    """Drop dead ends where nobody lives; what leads to the only terminal at an end is fixed."""
    degree = _degree(core)
    is_forced = core.is_leaf_edge & (degree[core.head] == 1)
    core.fix(np.flatnonzero(is_forced))
    core.kind[core.tail[is_forced]] = TERMINAL
    core.kind[core.head[is_forced]] = FREE
    core.keep(~is_forced)
    if (core.kind != FREE).sum() <= 1:
        core.keep(np.zeros(len(core.tail), dtype="bool"))
    while (is_end := (_degree(core) == 1) & (core.kind == FREE)).any():
        core.keep(~(is_end[core.tail] | is_end[core.head]))
    is_stub = (_degree(core) == 1) & (core.kind == TERMINAL)
    is_forced = (is_stub[core.tail] | is_stub[core.head]) & ~core.is_leaf_edge
    _contract(core, np.flatnonzero(is_forced))


def _join_chains(core: Core) -> None:
    """Make one edge of the edges that meet in free nodes with two edges."""
    n = len(core.kind)
    is_link = (_degree(core) == 2) & (core.kind == FREE)
    if not is_link.any():
        return
    in_tail, in_head = is_link[core.tail], is_link[core.head]
    is_inner, is_chained = in_tail & in_head, in_tail | in_head
    ones = np.ones(int(is_inner.sum()))
    part = csgraph.connected_components(
        adjacency(n, core.tail[is_inner], core.head[is_inner], ones), directed=False
    )[1]
    chain = np.where(in_tail, part[core.tail], part[core.head])
    is_end = is_chained & ~is_inner
    end = np.where(in_tail, core.head, core.tail)[is_end]
    order = np.lexsort((core.kind[end] == LEAF, chain[is_end]))
    ends, chains = end[order].reshape(-1, 2), chain[is_end][order][::2]
    total = np.bincount(chain[is_chained], weights=core.cost[is_chained], minlength=n)[chains]
    names = np.arange(core.n_names, core.n_names + len(chains))
    core.n_names += len(chains)
    core.owner[core.name[is_chained]] = names[np.searchsorted(chains, chain[is_chained])]
    is_kept = core.kind[ends[:, 0]] != LEAF
    core.keep(~is_chained)
    core.tail = np.concatenate([core.tail, ends[is_kept, 0]])
    core.head = np.concatenate([core.head, ends[is_kept, 1]])
    core.cost = np.concatenate([core.cost, total[is_kept]])
    core.name = np.concatenate([core.name, names[is_kept]])
    _drop_parallel(core)


def _contract(core: Core, edges: Ints, *, is_needed: bool = True) -> None:
    """Fix street edges and make one node of what they join."""
    if len(edges) == 0:
        return
    core.fix(edges)
    n = len(core.kind)
    tail, head = core.tail[edges], core.head[edges]
    part = csgraph.connected_components(
        adjacency(n, tail, head, np.ones(len(edges))), directed=False
    )[1]
    kind = np.zeros(part.max() + 1, dtype="int64")
    np.maximum.at(kind, part, core.kind)
    if is_needed:
        kind[part[tail]] = TERMINAL
    is_kept = np.ones(len(core.tail), dtype="bool")
    is_kept[edges] = False
    core.keep(is_kept)
    ends = part[np.concatenate([[core.root], core.tail, core.head])]
    nodes, position = np.unique(ends, return_inverse=True)
    core.kind, core.root = kind[nodes], int(position[0])
    core.tail, core.head = np.split(position[1:], 2)
    _drop_parallel(core)


def _both_ways(core: Core) -> tuple[Ints, Ints, Ints]:
    """Return begin, end and position of every street edge, in both directions."""
    edge = np.flatnonzero(~core.is_leaf_edge)
    tail, head = core.tail[edge], core.head[edge]
    return np.concatenate([tail, head]), np.concatenate([head, tail]), np.concatenate([edge, edge])


def _two_cheapest(core: Core, group: Ints, edge: Ints) -> tuple[Ints, Floats]:
    """Return per group the row of its cheapest edge (-1 if none) and the cost of the next."""
    n = len(core.kind)
    order = np.lexsort((core.name[edge], core.cost[edge], group))
    size = np.bincount(group, minlength=n)
    start = np.cumsum(size) - size
    first = np.full(n, -1)
    first[size > 0] = order[start[size > 0]]
    second = np.full(n, np.inf)
    second[size > 1] = core.cost[edge[order[start[size > 1] + 1]]]
    return first, second


def _cheapest_to_terminal(core: Core) -> Ints:
    """Return the edges that are the cheapest of a terminal and lead to a terminal."""
    begin, end, edge = _both_ways(core)
    row = np.flatnonzero(core.kind[begin] == TERMINAL)
    first, _ = _two_cheapest(core, begin[row], edge[row])
    first = row[first[first >= 0]]
    return np.unique(edge[first[core.kind[end[first]] == TERMINAL]])


def _drop_dearer(core: Core, extra: Floats) -> None:
    """Drop connections dearer than another plus what it costs at most to reach its foot."""
    edge = np.flatnonzero(core.is_leaf_edge)
    whole = core.cost[edge] + extra[core.tail[edge]]
    order = np.lexsort((core.name[edge], whole, core.head[edge]))
    leaves, start = np.unique(core.head[edge[order]], return_index=True)
    best = order[start]
    rival = best[np.searchsorted(leaves, core.head[edge])]
    is_sure = extra[core.tail[edge[rival]]] == 0
    is_tie = is_sure & (core.cost[edge] == whole[rival])
    limit = whole[rival] * np.where(is_sure, 1.0, 1 + _SLACK)
    is_out = ((core.cost[edge] > limit) | is_tie) & (rival != np.arange(len(edge)))
    is_kept = np.ones(len(core.tail), dtype="bool")
    is_kept[edge[is_out]] = False
    core.keep(is_kept)


def _apply_near_tests(core: Core) -> None:
    """Apply the tests that need to know the nearest terminal of every node."""
    street = ~core.is_leaf_edge
    far, previous, base = csgraph.dijkstra(
        adjacency(len(core.kind), core.tail[street], core.head[street], core.cost[street]),
        indices=np.flatnonzero(core.kind == TERMINAL),
        min_only=True,
        return_predecessors=True,
    )
    far[core.kind == LEAF] = np.inf
    _drop_dearer(core, far)
    if (core.kind == TERMINAL).sum() < 2:
        return
    near, link = _near_vertex(core, far, base, previous), _short_link(core, far, base)
    wanted = np.union1d(near, link)
    is_kept = ~_is_long(core, far, base)
    is_kept[wanted] = True
    core.keep(is_kept)
    _contract(core, (np.cumsum(is_kept) - 1)[wanted])


def _near_vertex(core: Core, far: Floats, base: Ints, previous: Ints) -> Ints:
    """Return cheapest edges of terminals that reach another terminal for less than the next."""
    begin, end, edge = _both_ways(core)
    n = len(core.kind)
    first, second = _two_cheapest(core, begin, edge)
    node = np.arange(n)
    top = np.where((previous < 0) | (previous == base), node, previous)
    while not np.array_equal(further := top[top], top):
        top = further
    step = np.where(base[begin] == begin, end, top[begin])
    goal = np.where(first >= 0, end[first], -1)
    is_way = (base[begin] != base[end]) & (step == goal[base[begin]])
    shortest = np.full(n, np.inf)
    through = far[begin] + core.cost[edge] + far[end]
    np.minimum.at(shortest, base[begin[is_way]], through[is_way])
    is_fixed = (core.kind == TERMINAL) & (first >= 0) & (second > shortest * (1 + _SLACK))
    return np.unique(edge[first[is_fixed]])


def _short_link(core: Core, far: Floats, base: Ints) -> Ints:
    """Return cheapest edges out of the surroundings of a terminal that beat the next on a way."""
    begin, end, edge = _both_ways(core)
    row = np.flatnonzero(base[begin] != base[end])
    first, second = _two_cheapest(core, base[begin[row]], edge[row])
    link, second = row[first[first >= 0]], second[first >= 0]
    through = far[begin[link]] + core.cost[edge[link]] + far[end[link]]
    return np.unique(edge[link[second > through * (1 + _SLACK)]])


def _is_long(core: Core, far: Floats, base: Ints) -> Flags:
    """Return the street edges longer than the longest step of a way round by terminals."""
    n = len(core.kind)
    street = np.flatnonzero(~core.is_leaf_edge)
    tail, head, cost = core.tail[street], core.head[street], core.cost[street]
    row = np.flatnonzero(base[tail] != base[head])
    one, other = base[tail[row]], base[head[row]]
    through = far[tail[row]] + cost[row] + far[head[row]]
    pair = first_of_pairs(n, one, other, through)
    tree = csgraph.minimum_spanning_tree(
        sparse.csr_array((through[pair], (one[pair], other[pair])), shape=(n, n))
    )
    around = np.maximum(far[tail], far[head])
    around[row] = np.maximum(around[row], _largest_step(tree, one, other))
    is_long = np.zeros(len(core.tail), dtype="bool")
    is_long[street] = cost > around * (1 + _SLACK)
    return is_long


def _largest_step(tree: sparse.csr_array, one: Ints, other: Ints) -> Floats:
    """
    Return the largest edge on the way through a tree between pairs of nodes.

    The edges are laid from small to large and the smaller part is hung under the larger: no
    node hangs deeper than the logarithm of their number.
    """
    n = tree.shape[0]
    edges = tree.tocoo()
    order = np.argsort(edges.data, kind="stable")
    up, weight, count = list(range(n)), [np.inf] * n, [1] * n
    ends = (edges.row[order].tolist(), edges.col[order].tolist(), edges.data[order].tolist())
    for a, b, step in zip(*ends, strict=True):
        low, high = a, b
        while up[low] != low:
            low = up[low]
        while up[high] != high:
            high = up[high]
        if count[low] > count[high]:
            low, high = high, low
        up[low], weight[low] = high, step
        count[high] += count[low]
    above, size = np.array(up), np.array(weight)
    largest = np.zeros(len(one))
    while (is_apart := one != other).any():
        is_one = is_apart & (size[one] <= size[other])
        is_other = is_apart & ~is_one
        largest = np.maximum(largest, np.where(is_one, size[one], 0.0))
        largest = np.maximum(largest, np.where(is_other, size[other], 0.0))
        one, other = np.where(is_one, above[one], one), np.where(is_other, above[other], other)
    return largest
