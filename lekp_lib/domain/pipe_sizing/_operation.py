"""What a sized network loses to the ground, and what its pumps ask."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lekp_lib.domain.pipe_sizing._tree import sum_from_source, tree_of
from lekp_lib.errors import ContractError
from lekp_lib.units import HOURS_PER_YEAR, S_PER_HOUR, W_PER_KW, W_PER_MW

__all__ = ["cubic_load_hours", "longest_path_pressure", "losses", "pumping", "route_to"]

_PIPES_IN_A_TRENCH = 2


def losses(
    sized: pd.DataFrame, pipes: pd.DataFrame, *, supply_c: float, return_c: float, ground_c: float
) -> pd.Series[float]:
    """
    Return the heat that each trench gives to the ground in a year.

    Parameters
    ----------
    sized : DataFrame
        Network with dn [DN] and length_m [m].
    pipes : DataFrame, indexed by ``dn``
        u_w_mk: heat loss of one pipe of a pair, ground included [W/(m K)].
    supply_c, return_c, ground_c : float
        Mean temperatures over the year [°C].

    Returns
    -------
    Series, same index and order as `sized`
        ``loss_mwh``, supply and return together, 8,760 hours [MWh/yr].

    Notes
    -----
    ``q' = 2 U ((supply + return)/2 - ground)``, the form of EN 13941. The temperatures hold
    along the whole network: what the water cools on its way is left out (about 1 %).

    References
    ----------
    S-131 in ``assumptions/sources.csv``.

    Examples
    --------
    >>> pipes = pd.DataFrame({"u_w_mk": [0.2]}, index=[100])
    >>> sized = pd.DataFrame({"dn": [100], "length_m": [1000.0]})
    >>> losses(sized, pipes, supply_c=70, return_c=40, ground_c=10).round(2).tolist()
    [157.68]
    """
    u_value = pipes["u_w_mk"].reindex(sized["dn"]).to_numpy(dtype="float64")
    over_ground = (supply_c + return_c) / 2.0 - ground_c
    watt = _PIPES_IN_A_TRENCH * u_value * over_ground * sized["length_m"]
    loss: pd.Series[float] = (watt * HOURS_PER_YEAR / W_PER_MW).astype("float64")
    return loss.rename("loss_mwh")


def longest_path_pressure(
    sized: pd.DataFrame, *, fittings_factor: float, substation_pa: float
) -> pd.DataFrame:
    """
    Return, per source, the route that asks the most pressure: the one that sizes the pump.

    Parameters
    ----------
    sized : DataFrame
        Network with pressure_drop_pa [Pa], flow_m3_h [m3/h] and length_m [m].
    fittings_factor : float
        Bends, branches and valves on top of straight pipe [-, above 1].
    substation_pa : float
        Pressure that the substation of a building takes [Pa].

    Returns
    -------
    DataFrame, indexed by ``source_node``
        end_pipe (last pipe of that route), path_length_m [m], pressure_pa (pipes with fittings,
        and the substation) [Pa] and flow_m3_h out of the source [m3/h].

    Examples
    --------
    >>> sized = pd.DataFrame({"upstream": [-1, 0, 0], "from_node": [9, 1, 1],
    ...     "pressure_drop_pa": [1000.0, 500.0, 200.0], "flow_m3_h": [3.0, 1.0, 2.0],
    ...     "length_m": [10.0, 5.0, 2.0]})
    >>> longest_path_pressure(sized, fittings_factor=1.2, substation_pa=50_000.0)
                 end_pipe  path_length_m  pressure_pa  flow_m3_h
    source_node
    9                   1           15.0      51800.0        3.0
    """
    tree = tree_of(sized)
    source = sized["from_node"].tolist()
    for row in tree.order:
        if tree.feeder[row] >= 0:
            source[row] = source[tree.feeder[row]]
    ends = pd.DataFrame(
        {
            "source_node": source,
            "end_pipe": sized.index,
            "path_length_m": sum_from_source(sized["length_m"].to_numpy("float64"), tree),
            "drop": sum_from_source(sized["pressure_drop_pa"].to_numpy("float64"), tree),
        }
    ).sort_values(["source_node", "drop", "end_pipe"], ascending=[True, False, True])
    worst = ends.drop_duplicates("source_node").set_index("source_node")
    starts = sized[sized["upstream"] == -1]
    return pd.DataFrame(
        {
            "end_pipe": worst["end_pipe"],
            "path_length_m": worst["path_length_m"],
            "pressure_pa": worst["drop"] * fittings_factor + substation_pa,
            "flow_m3_h": starts.groupby("from_node")["flow_m3_h"].sum(),
        }
    ).rename_axis("source_node")


def route_to(network: pd.DataFrame, pipe: int) -> pd.Index[Any]:
    """
    Return the pipes from the source to one pipe, in the order in which heat passes them.

    Raises
    ------
    ContractError
        If the pipe is not in `network`.

    Examples
    --------
    >>> route_to(pd.DataFrame({"upstream": [-1, 0, 0, 2]}), 3).tolist()
    [0, 2, 3]
    """
    if pipe not in network.index:
        msg = f"Pipe {pipe} is not in network. Take one of its index."
        raise ContractError(msg)
    feeder = tree_of(network).feeder
    row, passed = int(network.index.get_indexer(pd.Index([pipe]))[0]), []
    while row >= 0:
        passed.append(row)
        row = feeder[row]
    return network.index[passed[::-1]]


def pumping(
    paths: pd.DataFrame, *, pump_efficiency_share: float, full_flow_hours: float
) -> pd.DataFrame:
    """
    Return the power of the pumps and the electricity that they use in a year.

    Parameters
    ----------
    paths : DataFrame, indexed by ``source_node``
        pressure_pa [Pa] and flow_m3_h [m3/h], from `longest_path_pressure`.
    pump_efficiency_share : float
        Hydraulic over electric power [-, 0-1].
    full_flow_hours : float
        Hours at full flow that take as much electricity as the whole year [h/yr]; see
        `cubic_load_hours`.

    Returns
    -------
    DataFrame, same index
        Columns of `paths`, with pump_kw [kW] and pump_mwh [MWh/yr].

    Notes
    -----
    ``P = Δp V / η``; at lower flow P falls with its third power.

    Examples
    --------
    >>> paths = pd.DataFrame({"pressure_pa": [300_000.0], "flow_m3_h": [36.0]}, index=[9])
    >>> pumping(paths, pump_efficiency_share=0.6, full_flow_hours=1000.0).iloc[0, 2:].tolist()
    [5.0, 5.0]
    """
    watt = paths["pressure_pa"] * paths["flow_m3_h"] / S_PER_HOUR / pump_efficiency_share
    return paths.assign(pump_kw=watt / W_PER_KW, pump_mwh=watt * full_flow_hours / W_PER_MW)


def cubic_load_hours(load_kw: npt.ArrayLike) -> float:
    """
    Return the hours at full flow that take as much pumping as a year of hourly loads.

    Parameters
    ----------
    load_kw : array of float
        Load of every hour of the year [kW]; flow is taken in proportion to it.

    Returns
    -------
    float
        ``Σ (load / largest load)³`` [h/yr].

    Raises
    ------
    ContractError
        If no hour has a load.

    Examples
    --------
    >>> cubic_load_hours([10.0, 5.0, 0.0])
    1.125
    """
    load = np.asarray(load_kw, dtype="float64")
    if load.size == 0 or load.max() <= 0.0:
        msg = "load_kw holds no hour with a load above 0. Give the hourly loads of a year."
        raise ContractError(msg)
    return float(((load / load.max()) ** 3).sum())
