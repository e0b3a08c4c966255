"""Find a network on a core: follow the ascent, improve, shake, and combine what was found."""

from __future__ import annotations

import numpy as np

from lekp_lib.domain.network_route._ascent import Ascent
from lekp_lib.domain.network_route._exchange import improved
from lekp_lib.domain.network_route._graph import Core, Flags, Ints, restricted
from lekp_lib.domain.network_route._mehlhorn import first_tree, tidy
from lekp_lib.domain.network_route._reduce import reduce_core

__all__ = ["best_bound", "best_edges"]

_STEPS = 20  # rounds of the exchange search; it stops by itself long before
_SHAKE = 0.2  # costs move by up to this share before another ascent
_SMALL, _TURNS = 1000, 4  # a core with fewer edges is shaken more often, at most so often
_ROOM = 200  # nodes per building inside all cuts together, so that memory grows with the size
_EQUAL = 1e-9
_NONE: Ints = np.zeros(0, dtype="int64")
_MOST = 0.9  # fewer edges than this share must stay to go on following the ascent


def best_edges(core: Core, rounds: int, rng: np.random.Generator) -> Ints:
    """Return the edges (positions) of a network on a reduced core."""
    if len(core.tail) == 0:
        return _NONE
    edges, bound = _followed(core)
    first = cost = core.cost[edges].sum()
    for turn in range(rounds * min(max(_SMALL // len(core.tail), 1), _TURNS)):
        if cost <= bound * (1 + _EQUAL):
            return edges
        shaken = core.cost * rng.uniform(1 - _SHAKE, 1 + _SHAKE, len(core.cost))
        ascent = Ascent(core, shaken)
        if turn % 2 == 1:
            ascent.follow(core, edges)
        ascent.rise(ascent.goals, room=_ROOM * len(ascent.goals))
        is_kept = ascent.paid()
        is_kept[edges] = True
        other = _within(core, is_kept)
        if core.cost[other].sum() < cost:
            edges, cost = other, core.cost[other].sum()
    return improved(core, edges, _STEPS) if cost < first else edges


def best_bound(core: Core, edges: Ints, rounds: int, rng: np.random.Generator) -> float:
    """Return a proven lower bound on the cost of every network on a core."""
    ascent = Ascent(core)
    ascent.follow(core, edges)
    ascent.rise(ascent.goals, room=_ROOM * len(ascent.goals))
    ascent.climb(rounds, rng)
    return ascent.proven()


def _followed(core: Core) -> tuple[Ints, float]:
    """Return a network among the arcs that the ascent paid for, improved, and the bound."""
    ascent = Ascent(core)
    ascent.rise(ascent.goals, room=_ROOM * len(ascent.goals))
    is_kept = ascent.paid()
    if ascent.is_partial:
        is_kept[first_tree(core)] = True
    if is_kept.mean() > _MOST:
        return improved(core, first_tree(core), _STEPS), ascent.bound
    return improved(core, _within(core, is_kept), _STEPS), ascent.bound


def _within(core: Core, is_kept: Flags) -> Ints:
    """Return the edges of a network that uses only some of the edges."""
    part, edge = restricted(core, is_kept)
    reduce_core(part)
    chosen = _followed(part)[0] if len(part.tail) > 0 else _NONE
    return tidy(core.kind, core.tail, core.head, core.cost, edge[part.used(chosen)])
