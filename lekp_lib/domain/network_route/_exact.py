"""The proven cheapest network, by the exact solver SteinerPy."""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Iterator
from importlib import import_module

import numpy as np
import pandas as pd

from lekp_lib.domain.network_route._graph import FREE, Core, Ints, read_question
from lekp_lib.domain.network_route._leaves import longest_detour
from lekp_lib.domain.network_route._reduce import reduce_core
from lekp_lib.domain.network_route._route import Route, as_route
from lekp_lib.errors import RunError

__all__ = ["exact"]


def exact(
    edges: pd.DataFrame,
    terminals: pd.Series[int],
    sources: pd.Series[int],
    *,
    time_limit_s: float,
) -> Route:
    """
    Return the cheapest network, with the solver's own proof as lower bound.

    A second opinion on ``route`` and ``lower_bound``, for a place where the proof counts.

    Parameters
    ----------
    edges, terminals, sources
        As for ``route``.
    time_limit_s : float
        How long the solver may search [s].

    Returns
    -------
    Route
        With the lower bound that the solver proved; equal to the cost when it is the cheapest.

    Raises
    ------
    ContractError
        As ``route``.
    RunError
        If SteinerPy is not installed, or finds no network in time.

    Notes
    -----
    The reduced question goes to SteinerPy. Connections of a building with a choice get a
    constant on top that exceeds the longest way round by street, so that no building is passed
    through; it is taken off again. The constant is small, because the solver stops at a gap
    relative to the cost with the constants in it.

    Examples
    --------
    The package is optional, so the last line is not run:

    >>> edges = pd.DataFrame({"from_node": [0, 1], "to_node": [1, 2], "cost": [30.0, 40.0]})
    >>> exact(  # doctest: +SKIP
    ...     edges, pd.Series({"b1": 2}), pd.Series({"plant": 0}), time_limit_s=10
    ... ).cost
    70.0
    """
    question = read_question(edges, terminals, sources)
    core = question.core
    reduce_core(core)
    fixed = float(question.cost[core.used(np.zeros(0, dtype="int64"))].sum())
    chosen, least = _solved(core, time_limit_s)
    found = as_route(question, core.used(chosen))
    return Route(found.edges, found.cost, min(fixed + least, found.cost), found.unreached)


def _solved(core: Core, time_limit_s: float) -> tuple[Ints, float]:
    """Return the edges (positions) of the cheapest network on a core, and the proven bound."""
    try:
        with _silence():
            nx, steinerpy = import_module("networkx"), import_module("steinerpy")
    except ImportError as error:
        msg = (
            "Het exacte bewijs heeft het pakket SteinerPy nodig en dat is niet geïnstalleerd. "
            'Wat te doen: voer «pip install "lekp-lib[proof]"» uit, of gebruik lower_bound.'
        )
        raise RunError(msg) from error
    if len(core.tail) == 0:
        return np.zeros(0, dtype="int64"), 0.0
    extra = longest_detour(core) + 1.0
    graph = nx.Graph()
    ends = (core.tail.tolist(), core.head.tolist())
    prices = (core.cost + extra * core.is_leaf_edge).tolist()
    for row, (a, b, price) in enumerate(zip(*ends, prices, strict=True)):
        graph.add_edge(a, b, weight=price, row=row)
    goals = np.flatnonzero(core.kind != FREE).tolist()
    with _silence():
        solution = steinerpy.SteinerProblem(graph, [goals]).get_solution(time_limit=time_limit_s)
    rows = np.array(sorted({graph.edges[edge]["row"] for edge in solution.edges}), dtype="int64")
    if not np.isfinite(solution.objective) or not _spans(core, rows):
        msg = (
            f"De exacte berekening vond binnen {time_limit_s:g} seconden geen net. "
            "Wat te doen: geef meer tijd, of gebruik de ondergrens van lower_bound."
        )
        raise RunError(msg)
    gap = max(float(solution.gap), 0.0)
    least = solution.objective * (1 - gap) - extra * int(core.is_leaf_edge[rows].sum())
    return rows, float(least)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Swallow what the solver reports, and leave the settings of the logbook as they were."""
    book = logging.getLogger()
    handlers, level = list(book.handlers), book.level
    text = io.StringIO()
    try:
        with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
            yield
    finally:
        book.handlers[:] = handlers
        book.setLevel(level)


def _spans(core: Core, rows: Ints) -> bool:
    """Return whether the edges are a tree with every goal, each leaf by one connection."""
    n = len(core.kind)
    nodes = np.unique(np.concatenate([core.tail[rows], core.head[rows]]))
    is_met = np.isin(np.flatnonzero(core.kind != FREE), nodes).all()
    times = np.bincount(core.head[rows[core.is_leaf_edge[rows]]], minlength=n)
    return bool(is_met and len(rows) == len(nodes) - 1 and times.max(initial=0) <= 1)
