"""The order in which heat passes the pipes, and the three walks along them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order

from lekp_lib.errors import ContractError

__all__ = ["Floats", "Tree", "largest_behind", "sum_behind", "sum_from_source", "tree_of"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Tree:
    """Rows of a network with the feeder before what it feeds, and the row that feeds each (-1)."""

    order: list[int]
    feeder: list[int]


def tree_of(network: pd.DataFrame) -> Tree:
    """Return the order in which heat passes through the pipes."""
    upstream = network["upstream"].to_numpy()
    if not network.index.is_unique:
        msg = "The index of network holds a pipe twice. Give every pipe its own number."
        raise ContractError(msg)
    feeder = network.index.get_indexer(pd.Index(upstream))
    is_lost = (feeder < 0) & (upstream != -1)
    if is_lost.any():
        lost = [int(number) for number in upstream[is_lost][:3]]
        msg = f"upstream names pipes that are not in network, first {lost}. Use -1 at a source."
        raise ContractError(msg)
    n = len(network)
    links = (np.ones(n, dtype=np.int8), (np.where(feeder < 0, n, feeder), np.arange(n)))
    graph = coo_array(links, shape=(n + 1, n + 1)).tocsr()
    order = breadth_first_order(graph, n, directed=True, return_predecessors=False)[1:]
    if len(order) < n:
        first = network.index[np.setdiff1d(np.arange(n), order)[:3]].tolist()
        msg = f"Pipes feed each other in a loop and no source feeds them, first {first}."
        raise ContractError(msg)
    return Tree(order.tolist(), feeder.tolist())


# The three walks below are plain loops on purpose: linear for every shape of tree, while steps per
# level would take as many passes as the longest street has houses.


def sum_behind(own: Floats, tree: Tree) -> Floats:
    """Return, per pipe, the sum over the pipe itself and all pipes behind it."""
    total, feeder = own.tolist(), tree.feeder
    for row in reversed(tree.order):
        above = feeder[row]
        if above >= 0:
            total[above] += total[row]
    return np.asarray(total, dtype=own.dtype)


def largest_behind(own: npt.NDArray[Any], tree: Tree) -> npt.NDArray[Any]:
    """Return, per pipe, the largest value of the pipe itself and of all pipes behind it."""
    largest, feeder = own.tolist(), tree.feeder
    for row in reversed(tree.order):
        above = feeder[row]
        if above >= 0 and largest[row] > largest[above]:
            largest[above] = largest[row]
    return np.asarray(largest, dtype=own.dtype)


def sum_from_source(own: Floats, tree: Tree) -> Floats:
    """Return, per pipe, the sum over the pipes from the source up to and with the pipe itself."""
    total, feeder = own.tolist(), tree.feeder
    for row in tree.order:
        above = feeder[row]
        if above >= 0:
            total[row] += total[above]
    return np.asarray(total, dtype=np.float64)
