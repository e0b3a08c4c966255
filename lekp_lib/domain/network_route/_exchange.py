"""
Improve a network step by step until no step helps.

A step takes out one stretch between two places where the network ends or branches, or one
branching with all its stretches, and joins the parts again along the cheapest ways.
"""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np
from scipy.sparse import csgraph

from lekp_lib.domain.network_route._graph import FREE, LEAF, Core, Floats, Ints, adjacency

__all__ = ["improved"]

_SLACK = 1e-9
_LARGEST = 200  # a step that splits off more nodes than this is left to the ascent


class _Network:
    """
    A tree in a core.

    `ways` are all edges at a node, `tree` those of the tree; `is_in` tells whether a node is
    reached, and `failed` keeps the steps that did not help.
    """

    def __init__(self, core: Core, edges: Ints) -> None:
        n = len(core.kind)
        self.kind: list[int] = core.kind.tolist()
        self.ways: list[list[tuple[int, float, int]]] = [[] for _ in range(n)]
        self.tree: list[dict[int, int]] = [{} for _ in range(n)]
        self.tail: list[int] = core.tail.tolist()
        self.head: list[int] = core.head.tolist()
        self.cost: list[float] = core.cost.tolist()
        for edge, (a, b, cost) in enumerate(zip(self.tail, self.head, self.cost, strict=True)):
            self.ways[a].append((b, cost, edge))
            self.ways[b].append((a, cost, edge))
        self.failed: set[tuple[int, ...]] = set()
        self.is_in = [False] * n
        self.is_in[core.root] = True
        for edge in edges.tolist():
            self.lay(edge)
            self.is_in[self.tail[edge]] = self.is_in[self.head[edge]] = True

    def edges(self) -> Ints:
        """Return the edges of the tree."""
        laid = {edge for near in self.tree for edge in near.values()}
        return np.array(sorted(laid), dtype="int64")

    def lay(self, edge: int) -> None:
        """Put an edge in the tree."""
        a, b = self.tail[edge], self.head[edge]
        self.tree[a][b] = self.tree[b][a] = edge

    def lift(self, edge: int) -> None:
        """Take an edge out of the tree."""
        a, b = self.tail[edge], self.head[edge]
        del self.tree[a][b], self.tree[b][a]

    def is_key(self, node: int) -> bool:
        """Return whether the tree must come here or branches here."""
        return self.kind[node] != FREE or len(self.tree[node]) > 2

    def stretch(self, node: int, to: int) -> tuple[list[int], int]:
        """Return the edges from a node by one neighbour to the next key node, and that node."""
        edges = [self.tree[node][to]]
        while not self.is_key(to):
            (other,) = (x for x in self.tree[to] if x != node)
            node, to = to, other
            edges.append(self.tree[node][to])
        return edges, to

    def small_parts(self, starts: list[int]) -> list[set[int]]:
        """Return the nodes of every part but the largest; none if that takes too long."""
        parts = [{start} for start in starts]
        fronts = [[start] for start in starts]
        growing = list(range(len(starts)))
        for _ in range(_LARGEST):
            for i in list(growing):
                if fronts[i]:
                    self._widen(fronts[i], parts[i])
                elif len(growing) > 1:
                    growing.remove(i)
            if len(growing) == 1:
                return [part for i, part in enumerate(parts) if i != growing[0]]
        return []

    def _widen(self, front: list[int], part: set[int]) -> None:
        for other in self.tree[front.pop()]:
            if other not in part and self.kind[other] != LEAF:
                part.add(other)
                front.append(other)

    def way_out(self, part: set[int], limit: float) -> tuple[float, list[int]]:
        """Return the cheapest way from a part to the rest of the network, below a limit."""
        far: dict[int, float] = {}
        via: dict[int, tuple[int, int]] = {}
        heap: list[tuple[float, int]] = []
        for node in part:
            if len(part) == 1 or self.kind[node] != LEAF:
                self._look(node, 0.0, (far, via, heap), part, limit)
        while heap:
            cost, node = heappop(heap)
            if cost > far[node]:
                continue
            if self.is_in[node] and (self.kind[node] != LEAF or not self.tree[node]):
                way = []
                while node not in part:
                    node, edge = via[node]
                    way.append(edge)
                return cost, way
            if self.kind[node] != LEAF:
                self._look(node, cost, (far, via, heap), part, limit)
        return limit, []

    def _look(
        self,
        node: int,
        cost: float,
        found: tuple[dict[int, float], dict[int, tuple[int, int]], list[tuple[float, int]]],
        part: set[int],
        limit: float,
    ) -> None:
        far, via, heap = found
        for other, step, edge in self.ways[node]:
            total = cost + step
            if total < far.get(other, limit) and other not in part:
                far[other] = total
                via[other] = (node, edge)
                heappush(heap, (total, other))

    def replace(self, old: list[int], starts: list[int]) -> bool:
        """Join the parts that fall apart without the old edges again, if that is cheaper."""
        if (move := tuple(old)) in self.failed:
            return False
        limit = self.price(old) * (1 - _SLACK)
        gone = {node for edge in old for node in (self.tail[edge], self.head[edge])}
        gone.difference_update(starts)
        for edge in old:
            self.lift(edge)
        for node in gone:
            self.is_in[node] = False
        if self.join(self.small_parts(starts), limit):
            return True
        for edge in old:
            self.lay(edge)
        for node in gone:
            self.is_in[node] = True
        self.failed.add(move)
        return False

    def join(self, parts: list[set[int]], limit: float) -> bool:
        """Join the parts with each other and the rest; lay nothing if the limit is reached."""
        laid: list[int] = []
        fresh: list[int] = []
        is_found = len(parts) > 0
        while parts and is_found:
            parts.sort(key=len)
            part = parts.pop(0)
            cost, way = self.way_out(part, limit)
            limit -= cost
            laid += way
            is_found = len(way) > 0
            nodes = {node for edge in way for node in (self.tail[edge], self.head[edge])}
            fresh += [node for node in nodes if not self.is_in[node]]
            for edge in way:
                self.lay(edge)
            for node in nodes:
                self.is_in[node] = True
            for other in [other for other in parts if not nodes.isdisjoint(other)][:1]:
                other |= part | nodes
        if not is_found:
            for edge in laid:
                self.lift(edge)
            for node in fresh:
                self.is_in[node] = False
        return is_found

    def improve_at(self, node: int, link: list[float]) -> bool:
        """Try the stretches that begin at a key node, and the node itself if it is free."""
        if not self.is_in[node] or not self.is_key(node):
            return False
        is_better = False
        for to in sorted(self.tree[node]):
            if to in self.tree[node] and self.is_key(node):
                edges, end = self.stretch(node, to)
                if node < end and self.least(edges, link) < self.price(edges):
                    is_better |= self.replace(edges, [node, end])
        if self.kind[node] == FREE and len(self.tree[node]) > 2:
            sides = [self.stretch(node, to) for to in sorted(self.tree[node])]
            links = [self.least(edges, link) for edges, _ in sides]
            star = [edge for edges, _ in sides for edge in edges]
            if sum(links) - max(links) < self.price(star):
                is_better |= self.replace(star, [end for _, end in sides])
        return is_better

    def price(self, edges: list[int]) -> float:
        """Return the cost of edges."""
        return sum(self.cost[edge] for edge in edges)

    def least(self, edges: list[int], link: list[float]) -> float:
        """Return the cost of the cheapest link that can stand in for some of the edges."""
        return min(link[edge] for edge in edges)


def improved(core: Core, edges: Ints, rounds: int) -> Ints:
    """Return the edges of a network at most as dear as the given one."""
    network = _Network(core, edges)
    for _ in range(rounds):
        link = _links(core, network.edges())
        is_better = False
        for node in range(len(network.kind)):
            is_better |= network.improve_at(node, link)
        if not is_better:
            break
    return network.edges()


def _links(core: Core, edges: Ints) -> list[float]:
    """Return, per edge of the network, the cheapest way round it outside the network."""
    n = len(core.kind)
    ends = np.concatenate([core.tail[edges], core.head[edges]])
    nodes = np.union1d(ends[core.kind[ends] != LEAF], [core.root])
    street = ~core.is_leaf_edge
    far, _, base = csgraph.dijkstra(
        adjacency(n, core.tail[street], core.head[street], core.cost[street]),
        indices=nodes,
        min_only=True,
        return_predecessors=True,
    )
    outside = np.ones(len(core.tail), dtype="bool")
    outside[edges] = False
    is_leaf = core.is_leaf_edge
    one = base[core.tail]
    other = np.where(is_leaf, core.head, base[core.head])
    way = far[core.tail] + core.cost + np.where(is_leaf, 0.0, far[core.head])
    row = np.flatnonzero(outside & (one != other))
    row = row[np.argsort(way[row], kind="stable")]
    order, above = csgraph.breadth_first_order(
        adjacency(n, core.tail[edges], core.head[edges], core.cost[edges] + 1.0), core.root
    )
    return _covered(core, edges, (one[row], other[row], way[row]), order, above)


def _covered(
    core: Core, edges: Ints, links: tuple[Ints, Ints, Floats], order: Ints, above: Ints
) -> list[float]:
    """Lay the links from cheap to dear; each edge keeps the first that passes round it."""
    up: list[int] = above.tolist()
    rank = np.zeros(len(core.kind), dtype="int64")
    rank[order] = np.arange(len(order))
    turn: list[int] = rank.tolist()
    is_below_tail = above[core.tail[edges]] == core.head[edges]
    edge_above = np.full(len(core.kind), -1)
    edge_above[np.where(is_below_tail, core.tail[edges], core.head[edges])] = edges
    own: list[int] = edge_above.tolist()
    top = list(range(len(own)))
    least = [np.inf] * len(core.tail)
    for one, other, way in zip(*(part.tolist() for part in links), strict=True):
        a, b = _top(top, one), _top(top, other)
        while a != b:
            if turn[a] < turn[b]:
                a, b = b, a
            least[own[a]] = way
            top[a] = up[a]
            a = _top(top, a)
    return least


def _top(top: list[int], node: int) -> int:
    while top[node] != node:
        top[node] = node = top[top[node]]
    return node
