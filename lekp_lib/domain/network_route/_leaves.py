"""
Rule out connections of buildings that no cheapest network uses.

A house that may connect to the street in front or to the one behind is almost always served
from the front, but that is a fact only once the pipe in front is certain. Here it is made
certain: if no pipe came near a group of neighbours, each would pay for its second best
connection, and together they pay more than a pipe to all of them costs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from lekp_lib.domain.network_route._graph import (
    TERMINAL,
    Core,
    Floats,
    Ints,
    adjacency,
    first_of_pairs,
)

__all__ = ["longest_detour", "rule_out"]

_SLACK = 1e-9
_REACH = 12.0  # how far to look, in times the median difference between two connections
_PASSES = 3  # groups found certain make more groups certain, but soon few
_ROWS = 256  # crossings looked at together: memory stays linear


@dataclass(frozen=True)
class _Choice:
    """Connections of the leaves, sorted by leaf and cost; `start` is where each leaf begins."""

    edge: Ints
    foot: Ints
    cost: Floats
    start: Ints
    leaf: Ints

    @property
    def best(self) -> Ints:
        """Return, per connection, the row of the cheapest connection of the same leaf."""
        return self.start[self.leaf]


def rule_out(core: Core) -> None:
    """Drop connections that no cheapest network uses."""
    if not core.is_leaf_edge.any():
        return
    choice = _choices(core)
    extra = choice.cost - choice.cost[choice.best]
    apart = _apart(core, choice, limit=_REACH * float(np.median(extra)))
    is_best = np.arange(len(extra)) == choice.best
    hop = np.maximum.reduceat(np.where(is_best, 0.0, apart), choice.start)
    gain = np.minimum.reduceat(np.where(is_best, np.inf, extra), choice.start)
    reach = _reach(core, choice, hop, gain)[choice.leaf]
    is_out = ~is_best & (extra > np.minimum(apart, reach) * (1 + _SLACK))
    is_kept = np.ones(len(core.tail), dtype="bool")
    is_kept[choice.edge[is_out]] = False
    core.keep(is_kept)


def _choices(core: Core) -> _Choice:
    edge = np.flatnonzero(core.is_leaf_edge)
    edge = edge[np.lexsort((core.name[edge], core.cost[edge], core.head[edge]))]
    _, start, leaf = np.unique(core.head[edge], return_index=True, return_inverse=True)
    return _Choice(edge, core.tail[edge], core.cost[edge], start, leaf)


def _reach(core: Core, choice: _Choice, hop: Floats, gain: Floats) -> Floats:
    """
    Return how far, at most, the network stays from the best foot of each leaf.

    Neighbouring feet are joined from near to far. A group is certain to be touched once its
    leaves gain more by their best connections than the group and the way to it cost.
    """
    n = len(core.kind)
    street = ~core.is_leaf_edge
    tree = csgraph.minimum_spanning_tree(
        adjacency(n, core.tail[street], core.head[street], core.cost[street])
    ).tocoo()
    order = np.lexsort((tree.col, tree.row, tree.data))
    steps = (tree.row[order].tolist(), tree.col[order].tolist(), tree.data[order].tolist())
    reach = np.full(len(gain), np.inf)
    for _ in range(_PASSES):
        closer = np.minimum(_touched(core, choice, np.minimum(hop, reach), gain, steps), reach)
        if not (closer < reach * (1 - _SLACK)).any():
            break
        reach = closer
    return reach


def _touched(
    core: Core,
    choice: _Choice,
    hop: Floats,
    gain: Floats,
    steps: tuple[list[int], list[int], list[float]],
) -> Floats:
    """Return the span of the first group round each best foot that is certain to be touched."""
    n = len(core.kind)
    feet = choice.foot[choice.start]
    ways = np.full(n, np.inf)
    np.minimum.at(ways, feet, hop)
    gains = np.bincount(feet, weights=gain, minlength=n)
    sure = (core.kind == TERMINAL) | (gains > ways * (1 + _SLACK))
    node_reach = np.where(sure, 0.0, np.inf)
    way, worth, is_sure = ways.tolist(), gains.tolist(), sure.tolist()
    nobody: list[int] = []
    members = [nobody] * n
    for node in np.unique(feet[~sure[feet]]).tolist():
        members[node] = [node]
    up, span = list(range(n)), [0.0] * n
    for a, b, step in zip(*steps, strict=True):
        one, other = a, b
        while up[one] != one:
            up[one] = one = up[up[one]]
        while up[other] != other:
            up[other] = other = up[up[other]]
        if len(members[one]) < len(members[other]):
            one, other = other, one
        up[other] = one
        span[one] = length = span[one] + span[other] + step
        worth[one] += worth[other]
        way[one] = min(way[one], way[other])
        if members[other]:
            members[one] += members[other]
        is_sure[one] |= is_sure[other] or worth[one] > (length + way[one]) * (1 + _SLACK)
        if is_sure[one] and members[one]:
            node_reach[members[one]] = length
            members[one] = nobody
    return np.asarray(node_reach[feet])


@dataclass(frozen=True)
class _Crossings:
    """
    Where each node lies between crossings, and the graph of the crossings.

    `ends` are the crossings at both ends of the stretch of a node, `ways` how far they are;
    `stretch` is -1 for a crossing itself.
    """

    ends: tuple[Ints, Ints]
    ways: tuple[Floats, Floats]
    stretch: Ints
    graph: sparse.csr_array


def _apart(core: Core, choice: _Choice, *, limit: float) -> Floats:
    """Return how far each foot is from the best foot of its leaf, by street; inf if far."""
    place = _crossings(core)
    here, there = choice.foot[choice.best], choice.foot
    is_same = (place.stretch[here] == place.stretch[there]) & (place.stretch[here] >= 0)
    along = np.abs(place.ways[0][here] - place.ways[0][there])
    apart = np.where(is_same, along, np.where(here == there, 0.0, np.inf))
    for end, way in zip(place.ends, place.ways, strict=True):
        begin = end[here]
        order = np.argsort(begin, kind="stable")
        origins, at = np.unique(begin[order], return_inverse=True)
        for block in range(0, len(origins), _ROWS):
            first, last = np.searchsorted(at, [block, block + _ROWS])
            row = order[first:last]
            far = csgraph.dijkstra(place.graph, indices=origins[block : block + _ROWS], limit=limit)
            for goal, rest in zip(place.ends, place.ways, strict=True):
                whole = far[at[first:last] - block, goal[there[row]]] + rest[there[row]]
                apart[row] = np.minimum(apart[row], way[here[row]] + whole)
    return apart


def _crossings(core: Core) -> _Crossings:
    n = len(core.kind)
    street = ~core.is_leaf_edge
    tail, head, cost = core.tail[street], core.head[street], core.cost[street]
    is_link = np.bincount(np.concatenate([tail, head]), minlength=n) == 2
    is_link[core.root] = False
    inner, is_direct = is_link[tail] & is_link[head], ~is_link[tail] & ~is_link[head]
    stretch = csgraph.connected_components(
        adjacency(n, tail[inner], head[inner], cost[inner]), directed=False
    )[1]
    is_end = ~inner & ~is_direct
    crossing = np.where(is_link[tail], head, tail)[is_end]
    link = np.where(is_link[tail], tail, head)[is_end]
    order = np.argsort(stretch[link], kind="stable")
    a, b = order[::2], order[1::2]
    step, gate = cost[is_end], n + np.arange(len(a))
    along = csgraph.dijkstra(
        adjacency(
            n + len(a),
            np.concatenate([tail[inner], link[a]]),
            np.concatenate([head[inner], gate]),
            np.concatenate([cost[inner], step[a]]),
        ),
        indices=gate,
        min_only=True,
    )[:n]
    number = np.cumsum(~is_link) - 1
    whole, ends = np.zeros(stretch.max() + 1), np.zeros((2, stretch.max() + 1), dtype="int64")
    whole[stretch[link[a]]] = along[link[b]] + step[b]
    ends[:, stretch[link[a]]] = number[crossing[a]], number[crossing[b]]
    size = int(number[-1]) + 1
    one = np.concatenate([number[tail[is_direct]], number[crossing[a]]])
    other = np.concatenate([number[head[is_direct]], number[crossing[b]]])
    price = np.concatenate([cost[is_direct], whole[stretch[link[a]]]])
    pair = first_of_pairs(size, one, other, price)
    return _Crossings(
        ends=(
            np.where(is_link, ends[0][stretch], number),
            np.where(is_link, ends[1][stretch], number),
        ),
        ways=(np.where(is_link, along, 0.0), np.where(is_link, whole[stretch] - along, 0.0)),
        stretch=np.where(is_link, stretch, -1),
        graph=adjacency(size, one[pair], other[pair], price[pair]),
    )


def longest_detour(core: Core) -> float:
    """Return a length that no way by street between two feet of one leaf exceeds."""
    if not core.is_leaf_edge.any():
        return 0.0
    return 2 * float(_apart(core, _choices(core), limit=np.inf).max())
