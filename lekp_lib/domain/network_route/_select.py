"""Which buildings to connect: those that bring in more than the pipe to them costs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from lekp_lib.domain.network_route._graph import read_question
from lekp_lib.domain.network_route._reduce import reduce_core
from lekp_lib.domain.network_route._route import Route, as_route, proven_bound, route, solved
from lekp_lib.errors import ContractError

__all__ = ["Selection", "select"]


@dataclass(frozen=True)
class Selection:
    """
    The buildings to connect and the network to them.

    Attributes
    ----------
    connected : Index
        building_id of the buildings to connect, sorted.
    route : Route
        The network to them; `unreached` are the buildings that no source can reach.
    value : float
        Prizes of the connected buildings less the cost of the network; at least 0.
    upper_bound : float or None
        No selection is worth more; None if it was not asked.
    """

    connected: pd.Index
    route: Route
    value: float
    upper_bound: float | None


def select(
    edges: pd.DataFrame,
    terminals: pd.Series[int],
    sources: pd.Series[int],
    prizes: pd.Series[float],
    *,
    rounds: int = 0,
    bound_rounds: int = 10,
    seed: int = 0,
) -> Selection:
    """
    Return the buildings whose prizes exceed the cost of the network to them by the most.

    Where margins are thin, the streets that carry the network are not the whole neighbourhood.

    Parameters
    ----------
    edges, terminals, sources
        As for ``route``.
    prizes : Series, indexed by ``building_id``
        What connecting each building of `terminals` brings in, in the unit of the column
        ``cost``; may be negative.
    rounds : int
        How often to shake the costs and search again, as for ``route``; here it seldom helps,
        and takes most of the time [-].
    bound_rounds : int
        As `rounds` of ``lower_bound``; 0 leaves the upper bound out [-].
    seed : int
        As for ``route``.

    Returns
    -------
    Selection
        Its value is never below that of connecting nobody (0) or everybody.

    Raises
    ------
    ContractError
        As ``route``, and if a prize is missing or no number.

    Notes
    -----
    The prize-collecting Steiner tree, turned into the question of ``route``: a building gets
    one more connection, from the source itself, that costs its prize. Who takes it is not
    connected, and what a network costs with it is all prizes less the value. So the same tests
    make it small, the same search finds a network and the same ascent proves the bound.

    Examples
    --------
    Two houses 10 m apart at the end of a lane of 60 m; neither pays for the lane alone:

    >>> edges = pd.DataFrame({"from_node": [0, 1, 1, 2], "to_node": [1, 2, 3, 4],
    ...                       "cost": [60.0, 10.0, 5.0, 5.0],
    ...                       "kind": ["street", "street", "service", "service"],
    ...                       "building_id": [None, None, "b1", "b2"]})
    >>> houses, plant = pd.Series({"b1": 3, "b2": 4}), pd.Series({"plant": 0})
    >>> found = select(edges, houses, plant, pd.Series({"b1": 50.0, "b2": 40.0}))
    >>> found.connected.tolist(), found.value, found.upper_bound
    (['b1', 'b2'], 10.0, 10.0)
    """
    worth = _checked(prizes, terminals)
    everyone = route(edges, terminals, sources, seed=seed)
    reached = terminals.index.difference(everyone.unreached)
    rng = np.random.default_rng(seed)
    table, places = _with_ways_out(edges, terminals, sources, worth[worth > 0])
    question = read_question(table, places, sources)
    reduce_core(question.core)
    used, chosen = solved(question, rounds, rng)
    bound = None
    if bound_rounds > 0:
        least = proven_bound(question, chosen, bound_rounds, rng)
        bound = max(float(worth[worth > 0].sum()) - least, 0.0)
    left_out = table["way_out"].reindex(question.labels)
    found = as_route(question, used & left_out.isna().to_numpy())
    labels = edges.index.sort_values()[found.edges[found.edges < len(edges)]]
    kept = reached[(worth[reached] > 0) & ~terminals[reached].isin(left_out[used])]
    choices = [
        (kept, Route(labels, found.cost, None, everyone.unreached)),
        (kept, route(edges, terminals[kept], sources, seed=seed)),
        (reached, everyone),
        (reached[:0], Route(labels[:0], 0.0, None, everyone.unreached)),
    ]
    values = [float(worth[names].sum()) - choice.cost for names, choice in choices]
    best = int(np.argmax(values))
    chosen_route = replace(choices[best][1], unreached=everyone.unreached)
    return Selection(choices[best][0].sort_values(), chosen_route, values[best], bound)


def _checked(prizes: pd.Series[float], terminals: pd.Series[int]) -> pd.Series[float]:
    worth = prizes.reindex(terminals.index).astype("float64")
    is_wrong = ~np.isfinite(worth.to_numpy())
    if is_wrong.any():
        wrong = list(terminals.index[is_wrong][:3])
        msg = f"prizes: {int(is_wrong.sum())} building(s) have no number, first {wrong}."
        raise ContractError(msg)
    return worth


def _with_ways_out(
    edges: pd.DataFrame,
    terminals: pd.Series[int],
    sources: pd.Series[int],
    paying: pd.Series[float],
) -> tuple[pd.DataFrame, pd.Series[int]]:
    """
    Return the edges with a way out per node that pays, and the places to reach.

    The labels are the ranks of the labels of `edges`, and numbers after these; ``way_out`` is
    the node that is left out by the edge. A place that other edges pass through gets an end.
    """
    at = terminals[paying.index]
    at = at[~at.isin(sources)]
    prize = paying[at.index].groupby(at).sum()
    table = edges[["from_node", "to_node", "cost"]].sort_index().reset_index(drop=True)
    ordered = edges.sort_index()
    is_service = pd.Series(False, index=table.index)
    table["building_id"] = np.nan
    if {"kind", "building_id"} <= set(edges.columns):
        at_source = ordered[["from_node", "to_node"]].isin(sources.tolist()).any(axis=1)
        is_service = (ordered["kind"].eq("service") & ~at_source).reset_index(drop=True)
        table["building_id"] = ordered["building_id"].map(at).to_numpy(dtype="float64")
    table["kind"] = np.where(is_service, "service", "street")
    passed = prize.index[~prize.index.isin(table["building_id"][is_service])].to_numpy()
    ids = np.concatenate([edges["from_node"], edges["to_node"], terminals, sources])
    ends = int(ids.max(initial=0)) + 1 + np.arange(len(passed))
    places = pd.Series(prize.index.to_numpy(), index=prize.index)
    places[passed] = ends
    leads = pd.DataFrame({"from_node": passed, "to_node": ends, "cost": 0.0, "building_id": passed})
    ways = pd.DataFrame(
        {
            "from_node": int(sources.min()),
            "to_node": places.to_numpy(),
            "cost": prize.to_numpy(),
            "building_id": prize.index.to_numpy(),
            "way_out": prize.index.to_numpy(),
        }
    )
    new = pd.concat([leads, ways], ignore_index=True).assign(kind="service")
    return pd.concat([table, new], ignore_index=True), places
