"""
A proven lower bound on the cost of any network: dual ascent, then ascent again where it stuck.

Cut the map round a building that the source is not in: every network must cross that cut, so
it pays at least the cheapest arc into it. Cuts are raised one after the other, each out of what
the cuts before it left of the cost of the arcs; the sum of all raises is the bound (Wong 1984).
What is left over shows where a good network runs: along arcs of which nothing is left.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from lekp_lib.domain.network_route._graph import FREE, Core, Floats, Ints, adjacency

__all__ = ["Ascent"]

_NOTHING = 1e-12  # a rest below this share of the dearest arc is rounding
_TWICE = 1000.0  # a cut that the guide crosses twice waits for all cuts it crosses once
_SIZES = (3, 6, 12, 24)  # buildings that are raised anew together


class _Moat:
    """The nodes from which a goal can be reached without rest, and the arcs into them."""

    def __init__(self, goal: int) -> None:
        self.inside: set[int] = set()
        self.cut: list[tuple[int, int]] = []
        self.front = [goal]


class Ascent:
    """
    Arcs of a core, away from its root, and what is left of the cost of each.

    Parameters
    ----------
    core : Core
        The question.
    cost : array, optional
        Other costs per edge than those of the core; the bound then holds for these.
    """

    def __init__(self, core: Core, cost: Floats | None = None) -> None:
        price = core.cost if cost is None else cost
        leaf = core.is_leaf_edge
        street, leaves = np.flatnonzero(~leaf), np.flatnonzero(leaf)
        n = len(core.kind)
        self.root = core.root
        self.edge: Ints = np.concatenate([street, street, leaves])
        self.begin: Ints = np.concatenate([core.tail[street], core.head[street], core.tail[leaves]])
        self.end: Ints = np.concatenate([core.head[street], core.tail[street], core.head[leaves]])
        self.tiny = _NOTHING * float(price.max(initial=0.0))
        self.cost: Floats = np.where(price[self.edge] > self.tiny, price[self.edge], 0.0)
        self.rest: list[float] = self.cost.tolist()
        self.goals: list[int] = [
            goal for goal in np.flatnonzero(core.kind != FREE).tolist() if goal != core.root
        ]
        self.into: list[list[tuple[int, int]]] = [[] for _ in range(n)]
        for arc, (a, b) in enumerate(zip(self.begin.tolist(), self.end.tolist(), strict=True)):
            self.into[b].append((a, arc))
        self.is_open = [False] * n
        for goal in (*self.goals, core.root):
            self.is_open[goal] = True
        self.cuts: list[list[tuple[float, list[int]]]] = [[] for _ in range(n)]
        self.guide: set[int] = set()
        self.bound = 0.0
        self.is_partial = False

    def follow(self, core: Core, edges: Ints) -> None:
        """Take a network as guide: the best bound raises only cuts that it crosses once."""
        n = len(core.kind)
        tree = adjacency(n, core.tail[edges], core.head[edges], np.ones(len(edges)))
        _, above = csgraph.breadth_first_order(tree, self.root)
        is_used = np.zeros(len(core.tail), dtype="bool")
        is_used[edges] = True
        is_guide = is_used[self.edge] & (above[self.end] == self.begin)
        self.guide = set(np.flatnonzero(is_guide).tolist())

    def rise(
        self, goals: list[int], patience: dict[int, float] | None = None, *, room: float = np.inf
    ) -> None:
        """
        Raise the cuts round goals, small ones first, until each is connected by arcs.

        With more than `room` nodes inside all cuts together, goals are given up: the bound still
        holds, but it says less, and not every goal is connected (``is_partial``).
        """
        waits = patience or {}
        taken = 0
        heap = [(len(self.into[goal]) * waits.get(goal, 1.0), goal) for goal in goals]
        heapify(heap)
        moats = {goal: _Moat(goal) for goal in goals}
        while heap:
            score, goal = heappop(heap)
            limit = max(score, heap[0][0]) if heap else np.inf
            moat = moats[goal]
            taken -= len(moat.inside)
            score = self._grow(goal, moat, limit / waits.get(goal, 1.0))
            is_kept = score > 0 and taken + len(moat.inside) <= room
            if is_kept:
                taken += len(moat.inside)
                heappush(heap, (score * waits.get(goal, 1.0), goal))
            else:
                self.is_open[goal] = score > 0
                self.is_partial |= score > 0
                del moats[goal]
        for goal in goals:
            self.is_open[goal] = True

    def _grow(self, goal: int, moat: _Moat, limit: float) -> float:
        """Raise cuts round a goal; return the score of the next cut, 0 if it is connected."""
        rest = self.rest
        while self._spread(moat):
            cut = moat.cut
            score = float(len(cut))
            if self.guide:
                crossed = sum([arc in self.guide for _, arc in cut])
                score += _TWICE * max(crossed - 1, 0)
            if score > limit:
                return score
            step = min([rest[arc] for _, arc in cut])
            self.bound += step
            self.cuts[goal].append((step, [arc for _, arc in cut]))
            for _, arc in cut:
                left = rest[arc] - step
                rest[arc] = left if left > self.tiny else 0.0
        return 0.0

    def _spread(self, moat: _Moat) -> bool:
        """Take in all that reaches a moat by arcs without rest; return False at an open goal."""
        rest, into, is_open = self.rest, self.into, self.is_open
        inside, cut, front = moat.inside, moat.cut, moat.front
        front += [node for node, arc in cut if rest[arc] <= 0.0]
        while front:
            node = front.pop()
            if node in inside:
                continue
            if is_open[node] and inside:
                return False
            inside.add(node)
            for item in into[node]:
                if item[0] not in inside:
                    if rest[item[1]] > 0.0:
                        cut.append(item)
                    else:
                        front.append(item[0])
        moat.cut = [item for item in cut if item[0] not in inside]
        return True

    def climb(self, rounds: int, rng: np.random.Generator) -> None:
        """Raise anew, in another order, the cuts where the guide is not paid for in full."""
        guide = sorted(self.guide)
        ends = self.end.tolist()
        near = self._neighbours()
        for _ in range(rounds):
            loose = [arc for arc in guide if self.rest[arc] > self.tiny]
            if not loose:
                return
            sizes = rng.choice(_SIZES, len(loose)).tolist()
            for at, size in zip(rng.permutation(len(loose)).tolist(), sizes, strict=True):
                if self.rest[loose[at]] > self.tiny:
                    goals = self._around(ends[loose[at]], size, near)
                    waits = rng.uniform(0.5, 2.0, len(goals)).tolist()
                    self._retry(goals, dict(zip(goals, waits, strict=True)))

    def _neighbours(self) -> list[list[int]]:
        near: list[list[int]] = [[] for _ in self.into]
        for a, b in zip(self.begin.tolist(), self.end.tolist(), strict=True):
            near[b].append(a)
            if len(self.into[a]) == 0 or b not in near[a]:
                near[a].append(b)
        return near

    def _around(self, node: int, size: int, near: list[list[int]]) -> list[int]:
        """Return the goals nearest to a node, in steps."""
        seen, queue = {node}, [node]
        goals = []
        for here in queue:
            if self.is_open[here] and here != self.root:
                goals.append(here)
                if len(goals) == size:
                    break
            for other in near[here]:
                if other not in seen:
                    seen.add(other)
                    queue.append(other)
        return goals

    def _retry(self, goals: list[int], waits: dict[int, float]) -> None:
        """Take back the cuts of goals and raise them anew; undo that if the bound got lower."""
        before, saved = self.bound, dict[int, float]()
        old = {goal: self.cuts[goal] for goal in goals}
        for goal in goals:
            for step, arcs in old[goal]:
                self.bound -= step
                for arc in arcs:
                    saved.setdefault(arc, self.rest[arc])
                    self.rest[arc] += step
            self.cuts[goal] = []
        self.rise(goals, waits)
        if self.bound >= before * (1 - _NOTHING):
            return
        for goal in goals:
            for step, arcs in self.cuts[goal]:
                for arc in arcs:
                    self.rest[arc] += step
            self.cuts[goal] = old[goal]
        for arc, rest in saved.items():
            self.rest[arc] = rest
        self.bound = before

    def proven(self) -> float:
        """Return the bound from the cuts alone, scaled down where they ask too much of an arc."""
        raised = [cut for cuts in self.cuts for cut in cuts]
        if not raised:
            return 0.0
        steps = np.array([step for step, _ in raised])
        arcs = np.concatenate([np.array(arcs) for _, arcs in raised])
        sizes = [len(arcs) for _, arcs in raised]
        asked = np.bincount(arcs, weights=np.repeat(steps, sizes), minlength=len(self.cost))
        is_asked = asked > 0
        return float(steps.sum() / max(1.0, (asked[is_asked] / self.cost[is_asked]).max()))

    def paid(self) -> npt.NDArray[np.bool_]:
        """Return which edges lie on a way from the root along arcs of which nothing is left."""
        n = len(self.into)
        arc = np.flatnonzero(np.array(self.rest) <= self.tiny)
        ways = sparse.csr_array((np.ones(len(arc)), (self.begin[arc], self.end[arc])), shape=(n, n))
        is_reached = np.zeros(n, dtype="bool")
        is_reached[csgraph.breadth_first_order(ways, self.root, return_predecessors=False)] = True
        is_paid = np.zeros(int(self.edge.max(initial=-1)) + 1, dtype="bool")
        is_paid[self.edge[arc[is_reached[self.begin[arc]]]]] = True
        return is_paid
