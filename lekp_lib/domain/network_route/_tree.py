"""A route as a tree that starts at the sources, and what is left of it when it must pay."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from lekp_lib.errors import ContractError

__all__ = ["as_tree", "prune"]

_KEPT = ("length_m", "kind", "street_id", "building_id")


def as_tree(route_edges: pd.Index, edges: pd.DataFrame, sources: pd.Series[int]) -> pd.DataFrame:
    """
    Return the pipes of a route, each with the pipe that feeds it.

    Flow, diameter and cost follow from what hangs behind a pipe.

    Parameters
    ----------
    route_edges : Index
        Labels of the edges that are used, as in ``Route.edges``.
    edges : DataFrame, one row per edge
        from_node, to_node and, if they are there, length_m [m], kind, street_id, building_id.
    sources : Series, indexed by ``source_id``
        Node of each source.

    Returns
    -------
    DataFrame, index ``pipe`` (labels of `edges`)
        upstream (label of the pipe that feeds it, -1 at a source), from_node (towards the
        source), to_node, and the other columns as they were. A pipe stands after the pipe that
        feeds it.

    Raises
    ------
    ContractError
        If the edges do not hang together with a source, or form a cycle.

    Examples
    --------
    >>> edges = pd.DataFrame({"from_node": [5, 5], "to_node": [3, 9], "length_m": [8.0, 20.0]})
    >>> as_tree(edges.index, edges, pd.Series({"plant": 9}))
          upstream  from_node  to_node  length_m
    pipe
    1           -1          9        5      20.0
    0            1          5        3       8.0
    """
    used = edges.loc[route_edges.sort_values()]
    ends = used[["from_node", "to_node"]].to_numpy(dtype="int64")
    nodes = np.unique(np.concatenate([ends.ravel(), sources.to_numpy(dtype="int64")]))
    is_other = ~np.isin(nodes, sources.to_numpy())
    position = np.where(is_other, np.cumsum(is_other), 0)[np.searchsorted(nodes, ends)]
    n = int(is_other.sum()) + 1
    graph = sparse.csr_array((np.ones(len(used)), position.T), shape=(n, n))
    order, above = csgraph.breadth_first_order(graph, 0, directed=False)
    if len(order) != n or len(used) != n - 1:
        msg = (
            f"The route has {len(used)} edges for {n - 1} nodes, of which {len(order) - 1} hang "
            "together with a source. Give the edges of one route and its own sources."
        )
        raise ContractError(msg)
    is_turned = above[position[:, 0]] == position[:, 1]
    below = np.where(is_turned, position[:, 0], position[:, 1])
    feeding = np.zeros(n, dtype="int64")
    feeding[below] = np.arange(len(used))
    row = feeding[order[1:]]
    parent = above[below[row]]
    label = used.index.to_numpy()
    tree = pd.DataFrame(
        {
            "upstream": np.where(parent == 0, -1, label[feeding[parent]]),
            "from_node": np.where(is_turned, ends[:, 1], ends[:, 0])[row],
            "to_node": np.where(is_turned, ends[:, 0], ends[:, 1])[row],
        },
        index=pd.Index(label[row], name="pipe"),
    )
    other = [name for name in _KEPT if name in used.columns]
    return tree.join(pd.DataFrame(used[other].iloc[row]).rename_axis(index="pipe"))


def prune(
    network: pd.DataFrame, prizes: pd.Series[float], costs: pd.Series[float]
) -> pd.Series[bool]:
    """
    Return which pipes of a given network are worth building.

    A branch stays when what its buildings bring in exceeds what the branch costs. The course
    of the pipes stays as it is, so this can be asked hundreds of times in a row.

    Parameters
    ----------
    network : DataFrame, index ``pipe``
        upstream and building_id, as returned by ``as_tree``.
    prizes : Series, indexed by ``building_id``
        What connecting a building brings in [EUR]; a building that is absent brings in 0.
    costs : Series, indexed by ``pipe``
        Cost of each pipe [EUR].

    Returns
    -------
    Series of bool, same index as `network`
        ``is_built``. The pipe upstream of a pipe that is built is built too.

    Raises
    ------
    ContractError
        If a pipe has no cost, or stands before the pipe that feeds it.

    Notes
    -----
    From the ends to the source, each pipe is worth the prize of its own building, less its
    cost, plus the worth of each pipe behind it that is worth more than 0. Linear time; the
    best choice on the given network, to which ``select`` is never inferior.

    Examples
    --------
    The far house brings in less than the last 10 m cost:

    >>> network = pd.DataFrame({"upstream": [-1, 0, 0], "building_id": [None, "b1", "b2"]})
    >>> prizes, costs = pd.Series({"b1": 50.0, "b2": 8.0}), pd.Series([20.0, 5.0, 10.0])
    >>> prune(network, prizes, costs).tolist()
    [True, True, False]
    """
    missing = network.index.difference(costs.index)
    if len(missing) > 0:
        msg = f"costs lacks {len(missing)} pipe(s) of the network, first {list(missing[:3])}."
        raise ContractError(msg)
    above = _rows_above(network)
    own = network["building_id"].map(prizes).astype("float64").fillna(0.0).to_numpy()
    worth: list[float] = (own - costs.reindex(network.index).to_numpy(dtype="float64")).tolist()
    feeding: list[int] = above.tolist()
    for row in range(len(worth) - 1, -1, -1):
        if worth[row] > 0 and feeding[row] >= 0:
            worth[feeding[row]] += worth[row]
    is_built = [value > 0 for value in worth]
    for row, feeder in enumerate(feeding):
        is_built[row] = is_built[row] and (feeder < 0 or is_built[feeder])
    return pd.Series(is_built, index=network.index, name="is_built", dtype="bool")


def _rows_above(network: pd.DataFrame) -> npt.NDArray[Any]:
    """Return the row of the pipe that feeds each pipe, -1 at a source."""
    upstream = network["upstream"]
    above = np.where(upstream == -1, -1, network.index.get_indexer(pd.Index(upstream)))
    if ((above < 0) & (upstream.to_numpy() != -1)).any() or (above >= np.arange(len(above))).any():
        msg = "network: each pipe must stand after the pipe that feeds it. Use as_tree."
        raise ContractError(msg)
    return above
