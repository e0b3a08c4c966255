"""What the buildings behind each pipe ask, and how much of it at the same moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lekp_lib.domain.pipe_sizing._tree import Floats, largest_behind, sum_behind, tree_of
from lekp_lib.errors import ContractError

__all__ = ["design_load", "load_per_pipe", "simultaneity"]


def load_per_pipe(network: pd.DataFrame, loads: pd.DataFrame) -> pd.DataFrame:
    """
    Return what the buildings behind each pipe ask for.

    Parameters
    ----------
    network : DataFrame
        See the module.
    loads : DataFrame, indexed by ``building_id``
        dwellings [-], demand_mwh [MWh/yr], connection_kw [kW]. Buildings that no pipe reaches
        are left out.

    Returns
    -------
    DataFrame, same index and order as `network`
        Its columns, with connections [-], dwellings [-], demand_mwh [MWh/yr], load_kw (sum
        of the connections behind the pipe) and largest_single_kw (the largest of them) [kW].

    Raises
    ------
    ContractError
        If a building is missing in `loads`, reached twice, or heat flows through it.

    Examples
    --------
    >>> network = pd.DataFrame({"upstream": [-1, 0, 0], "building_id": [None, "a", "b"]})
    >>> loads = pd.DataFrame({"dwellings": [1, 4], "demand_mwh": [12.0, 30.0],
    ...                       "connection_kw": [10.0, 25.0]}, index=["a", "b"])
    >>> load_per_pipe(network, loads).loc[0, ["dwellings", "load_kw"]].tolist()
    [5.0, 35.0]
    """
    tree = tree_of(network)
    building = network["building_id"]
    ends = building.notna().to_numpy()
    _check_buildings(network, loads, ends)
    rows = loads.index.get_indexer(pd.Index(building[ends]))

    def at_building(name: str) -> Floats:
        own = np.zeros(len(network))
        own[ends] = loads[name].to_numpy(dtype="float64")[rows]
        return own

    power = at_building("connection_kw")
    return network.assign(
        connections=sum_behind(ends.astype("float64"), tree).round().astype("int64"),
        dwellings=sum_behind(at_building("dwellings"), tree).round().astype("int64"),
        demand_mwh=sum_behind(at_building("demand_mwh"), tree),
        load_kw=sum_behind(power, tree),
        largest_single_kw=largest_behind(power, tree),
    )


def _check_buildings(network: pd.DataFrame, loads: pd.DataFrame, ends: npt.NDArray[Any]) -> None:
    """Raise where a building is unknown, reached twice, or feeds another pipe."""
    reached = pd.Index(network["building_id"][ends])
    through = network.index[ends].intersection(pd.Index(network["upstream"]))
    problems = {
        "are not in loads; give each a row": reached.difference(loads.index),
        "are reached by two pipes; keep one": reached[reached.duplicated()],
        "are pipes in a building that feed another pipe; a building is a leaf": through,
    }
    for problem, found in problems.items():
        if len(found) > 0:
            msg = f"building_id of network: {len(found)} {problem}, first {list(found[:3])}."
            raise ContractError(msg)


def simultaneity(
    connections: npt.ArrayLike, *, formula: str, coefficients: Mapping[str, float]
) -> Floats:
    """
    Return which part of their summed power buildings ask at the same moment.

    Parameters
    ----------
    connections : array of float
        Number of buildings behind a pipe [-].
    formula : {"winter", "thermos"}
        Which of the two families.
    coefficients : mapping of str to float
        Winter: floor, span, scale, exponent [-] and largest_connections, above which the
        factor stays as it is. Thermos: floor and span [-].

    Returns
    -------
    array of float
        Share [-, 0-1], 1 for a single building.

    Raises
    ------
    ContractError
        If the formula is unknown.

    Notes
    -----
    Winter: ``floor + span / (1 + (n / scale)^exponent)``, at most 1; fitted on networks of up
    to 200 buildings. Thermos: ``floor + span / n``. For 10 buildings they differ by a third.

    References
    ----------
    S-134, S-104 in ``assumptions/sources.csv``.

    Examples
    --------
    >>> simultaneity([1, 2, 4], formula="thermos", coefficients={"floor": 0.6, "span": 0.4})
    array([1. , 0.8, 0.7])
    """
    n = np.maximum(np.asarray(connections, dtype="float64"), 1.0)
    floor, span = coefficients["floor"], coefficients["span"]
    if formula == "thermos":
        return np.asarray(floor + span / n)
    if formula != "winter":
        msg = f"formula is «{formula}»; use winter or thermos."
        raise ContractError(msg)
    counted = np.minimum(n, coefficients["largest_connections"])
    curve = (counted / coefficients["scale"]) ** coefficients["exponent"]
    return np.where(n > 1.0, np.minimum(floor + span / (1.0 + curve), 1.0), 1.0)


def design_load(
    loaded: pd.DataFrame, *, formula: str = "winter", coefficients: Mapping[str, float]
) -> pd.DataFrame:
    """
    Return the power that each pipe must be able to carry.

    Not all buildings ask for their full power at once; the more buildings behind a pipe, the
    smaller the share that counts.

    Parameters
    ----------
    loaded : DataFrame
        Network with connections, load_kw and largest_single_kw.
    formula, coefficients
        See `simultaneity`.

    Returns
    -------
    DataFrame, same index and order as `loaded`
        Its columns, with simultaneity_share [-, 0-1] and design_kw [kW].

    Notes
    -----
    ``design = max(share · load, largest design among the pipes it feeds, largest single load)``:
    the design load never falls towards the source, and no large building is diversified away.

    Examples
    --------
    >>> loaded = pd.DataFrame({"upstream": [-1, 0, 0], "connections": [2, 1, 1],
    ...     "load_kw": [110.0, 100.0, 10.0], "largest_single_kw": [100.0, 100.0, 10.0]})
    >>> design_load(loaded, formula="thermos", coefficients={"floor": 0.6, "span": 0.4})[
    ...     "design_kw"].tolist()
    [100.0, 100.0, 10.0]
    """
    share = simultaneity(loaded["connections"], formula=formula, coefficients=coefficients)
    own = np.maximum(share * loaded["load_kw"], loaded["largest_single_kw"]).to_numpy("float64")
    return loaded.assign(simultaneity_share=share, design_kw=largest_behind(own, tree_of(loaded)))
