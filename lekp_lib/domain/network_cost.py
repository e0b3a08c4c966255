"""
What a heat network costs to lay and to connect to: pipes, civils, substations and meters.

A trench costs what lies in it and what it takes to open and close it. The second part, the
civils, is the larger one, depends on the ground, and can be shared with other works. Throughout,
``pipes`` is the table of pipes, indexed by ``dn``: cost_eur_m [EUR per metre of trench, supply
and return, in hard ground], civils_share of it [-, 0-1] and soft_civils_ratio (civils in soft
over hard ground) [-]. For a low or high estimate, put another column in place of cost_eur_m.
All amounts are without VAT.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lekp_lib.assumptions import Assumption
from lekp_lib.errors import ContractError

__all__ = [
    "connection_costs",
    "edge_price",
    "hard_shares",
    "indexed",
    "marginal_cost_per_m",
    "pipe_costs",
]

_MONEY = "EUR"


def indexed(
    figures: Mapping[str, Assumption], *, to_year: int, yearly_growth_share: float
) -> dict[str, float]:
    """
    Return the values of figures, with money brought to the prices of one year.

    Parameters
    ----------
    figures : mapping of str to Assumption
        Figures by any name.
    to_year : int
        Year whose prices are wanted.
    yearly_growth_share : float
        Rise of building prices per year [-].

    Returns
    -------
    dict of str to float
        The same names; what is not in euro keeps its value.

    Notes
    -----
    ``value · (1 + growth)^(to_year - price_year)``.

    Examples
    --------
    >>> from lekp_lib.assumptions import load
    >>> meter = load()["network.connection.meter_eur"]
    >>> later = indexed({"meter": meter}, to_year=int(meter.price_year) + 1,
    ...                 yearly_growth_share=0.1)
    >>> round(later["meter"] / meter.value, 6)
    1.1
    """
    return {
        name: figure.value * (1.0 + yearly_growth_share) ** (to_year - int(figure.price_year))
        if _MONEY in figure.unit
        else figure.value
        for name, figure in figures.items()
    }


def hard_shares(
    network: pd.DataFrame,
    *,
    street_share: float,
    service_share: float,
    width_m: float,
    known: pd.DataFrame | None = None,
) -> pd.Series[float]:
    """
    Return which part of each trench is dug in paved ground.

    Parameters
    ----------
    network : DataFrame
        kind, length_m [m] and street_id (missing where the pipe lies in no street). Edges of the
        street graph will do too.
    street_share, service_share : float
        Paved part of a street, and of the way from the street to a building [-, 0-1].
    width_m : float
        Width of a street; the main lies in its middle [m].
    known : DataFrame, index ``street_id``, optional
        What is known of separate streets: paved_share [-, 0-1] and profile_width_m [m], missing
        where not. It goes before `street_share` and `width_m`.

    Returns
    -------
    Series, same index and order as `network`
        ``hard_share`` [-, 0-1].

    Notes
    -----
    A house connection crosses half of the street before it leaves it:
    ``(min(length, width/2) · street + rest · service) / length``.

    Examples
    --------
    >>> network = pd.DataFrame({"kind": ["street", "street", "service"], "length_m": 8.0,
    ...                         "street_id": ["s1", "s2", "s2"]})
    >>> known = pd.DataFrame({"paved_share": [0.6], "profile_width_m": [4.0]}, index=["s2"])
    >>> hard_shares(network, street_share=1.0, service_share=0.2, width_m=10.0,
    ...             known=known).round(3).tolist()
    [1.0, 0.6, 0.3]
    """
    street = pd.Series(street_share, index=network.index, dtype="float64")
    width = pd.Series(width_m, index=network.index, dtype="float64")
    if known is not None:
        street = _of_street(network, known["paved_share"]).fillna(street)
        width = _of_street(network, known["profile_width_m"]).fillna(width)
    length = network["length_m"].astype("float64")
    inside = (width / 2.0 / length.where(length > 0.0)).clip(upper=1.0).fillna(1.0)
    service = inside * street + (1.0 - inside) * service_share
    return street.where(network["kind"] != "service", service).rename("hard_share")


def _of_street(network: pd.DataFrame, figures: pd.Series[float]) -> pd.Series[float]:
    """Return a figure of the street in which each pipe lies, missing where none is known."""
    return network["street_id"].map(figures).astype("float64")


def marginal_cost_per_m(
    dn: npt.ArrayLike, pipes: pd.DataFrame, *, hard_share: npt.ArrayLike
) -> pd.DataFrame:
    """
    Return what one more metre of trench costs.

    Parameters
    ----------
    dn : array of int, or Series
        Nominal diameters [DN]. A Series keeps its index.
    pipes : DataFrame, indexed by ``dn``
        See the module.
    hard_share : float or array of float
        Part of the trench in paved ground [-, 0-1].

    Returns
    -------
    DataFrame
        pipe_eur_m (pipe, fittings and laying), civils_eur_m (digging, filling, paving) and
        cost_eur_m, their sum [EUR/m].

    Raises
    ------
    ContractError
        If a DN is not in the table.

    Notes
    -----
    ``civils = cost · civils_share · (hard + (1 - hard) · soft ratio)``; the price in the table is
    that of hard ground, so on hard ground the sum is exactly that price.

    References
    ----------
    S-130, S-133 in ``assumptions/sources.csv``.

    Examples
    --------
    >>> pipes = pd.DataFrame({"cost_eur_m": [1000.0], "civils_share": [0.8],
    ...                       "soft_civils_ratio": [0.5]}, index=[50])
    >>> marginal_cost_per_m([50, 50], pipes, hard_share=[1.0, 0.0])["cost_eur_m"].tolist()
    [1000.0, 600.0]
    """
    index = dn.index if isinstance(dn, pd.Series) else None
    wanted = pd.Index(np.asarray(dn))
    unknown = wanted.difference(pipes.index)
    if len(unknown) > 0:
        msg = f"dn holds sizes that are not in pipes, first {list(unknown[:3])}."
        raise ContractError(msg)
    kind = pipes.loc[wanted]
    hard = np.asarray(hard_share, dtype="float64")
    cost = kind["cost_eur_m"].to_numpy("float64")
    hard_civils = cost * kind["civils_share"].to_numpy("float64")
    civils = hard_civils * (hard + (1.0 - hard) * kind["soft_civils_ratio"].to_numpy("float64"))
    pipe = cost - hard_civils
    return pd.DataFrame(
        {"pipe_eur_m": pipe, "civils_eur_m": civils, "cost_eur_m": pipe + civils}, index=index
    )


def pipe_costs(
    sized: pd.DataFrame,
    pipes: pd.DataFrame,
    *,
    hard_share: pd.Series[float],
    replacement_factor: float,
) -> pd.DataFrame:
    """
    Return what each pipe costs, with the civils apart.

    Parameters
    ----------
    sized : DataFrame
        Network with dn [DN] and length_m [m]. Where pipes lie already: existing_dn [DN] and
        needs_replacement.
    pipes : DataFrame, indexed by ``dn``
        See the module.
    hard_share : Series, indexed by pipe
        Part of each trench in paved ground [-, 0-1]; see `hard_shares`.
    replacement_factor : float
        Cost of replacing a pipe over that of a new one [-]: the old one must come out.

    Returns
    -------
    DataFrame, same index and order as `sized`
        pipe_eur, civils_eur and cost_eur, their sum [EUR]. A pipe that lies there and suffices
        costs nothing.

    Raises
    ------
    ContractError
        If `hard_share` lacks a pipe, or a DN is not in `pipes`.

    References
    ----------
    S-130, S-132, S-133 in ``assumptions/sources.csv``.

    Examples
    --------
    >>> pipes = pd.DataFrame({"cost_eur_m": [1000.0], "civils_share": [0.8],
    ...                       "soft_civils_ratio": [0.5]}, index=[50])
    >>> sized = pd.DataFrame({"dn": [50, 50], "length_m": [10.0, 20.0]})
    >>> pipe_costs(sized, pipes, hard_share=pd.Series([1.0, 1.0]), replacement_factor=1.5)
       pipe_eur  civils_eur  cost_eur
    0    2000.0      8000.0   10000.0
    1    4000.0     16000.0   20000.0
    """
    share = hard_share.reindex(sized.index)
    if share.isna().any():
        first = share.index[share.isna()][:3].tolist()
        msg = f"hard_share lacks {int(share.isna().sum())} pipes, first {first}. Give all a share."
        raise ContractError(msg)
    lies_there = sized.get("existing_dn", pd.Series(np.nan, index=sized.index)).notna()
    replaced = sized.get("needs_replacement", pd.Series(False, index=sized.index))
    factor = np.select([lies_there & replaced, lies_there], [replacement_factor, 0.0], 1.0)
    per_m = marginal_cost_per_m(sized["dn"], pipes, hard_share=share.to_numpy("float64"))
    metres = sized["length_m"] * factor
    pipe, civils = per_m["pipe_eur_m"] * metres, per_m["civils_eur_m"] * metres
    return pd.DataFrame({"pipe_eur": pipe, "civils_eur": civils, "cost_eur": pipe + civils})


def edge_price(
    edges: pd.DataFrame,
    pipes: pd.DataFrame,
    *,
    dn: int,
    hard_share: pd.Series[float],
    replacement_factor: float,
    known_dn: pd.Series[Any] | None = None,
) -> pd.Series[float]:
    """
    Return what it would cost to lay a pipe along each edge, for the choice of a route.

    Parameters
    ----------
    edges : DataFrame
        length_m [m] of the edges of the street graph and existing_dn [DN], of what lies there.
    pipes : DataFrame, indexed by ``dn``
        See the module.
    dn : int
        Size that an edge needs as long as nothing is known of it [DN].
    hard_share : Series, indexed by edge
        Part of each trench in paved ground [-, 0-1].
    replacement_factor : float
        Cost of replacing a pipe over that of a new one [-].
    known_dn : Series, indexed by edge, optional
        Sizes from an earlier round: price by those, and route once more.

    Returns
    -------
    Series, same index and order as `edges`
        ``price_eur`` [EUR]; 0 where a pipe lies that is thick enough.

    Examples
    --------
    >>> pipes = pd.DataFrame({"cost_eur_m": [900.0, 1000.0], "civils_share": [0.8, 0.8],
    ...                       "soft_civils_ratio": [0.5, 0.5]}, index=[50, 80])
    >>> edges = pd.DataFrame({"length_m": 10.0, "existing_dn": [None, 50.0, 50.0]})
    >>> edge_price(edges, pipes, dn=50, hard_share=pd.Series(1.0, edges.index),
    ...            replacement_factor=1.5, known_dn=pd.Series({2: 80})).tolist()
    [9000.0, 0.0, 15000.0]
    """
    sizes = pd.Series(dn, index=edges.index)
    if known_dn is not None:
        sizes = known_dn.reindex(edges.index).fillna(dn).astype("int64")
    share = hard_share.reindex(edges.index).to_numpy("float64")
    per_m = marginal_cost_per_m(sizes, pipes, hard_share=share)["cost_eur_m"]
    lies = edges["existing_dn"].astype("float64")
    factor = np.select([lies >= sizes, lies.notna()], [0.0, replacement_factor], 1.0)
    price: pd.Series[float] = per_m * edges["length_m"] * factor
    return price.rename("price_eur")


def connection_costs(loads: pd.DataFrame, *, costs: Mapping[str, float]) -> pd.DataFrame:
    """
    Return what it costs to bring heat from the front door to the taps and radiators.

    Parameters
    ----------
    loads : DataFrame, indexed by ``building_id``
        dwellings [-], demand_mwh, other_mwh (of shops, schools and the like) [MWh/yr] and
        connection_kw [kW].
    costs : mapping of str to float
        Per dwelling: unit_eur, meter_eur, house_indoor_eur, apartment_indoor_eur and, where
        the building has collective heating already, block_indoor_eur [EUR], in block_share of
        the apartments [-, 0-1]. Per kW of other use: substation_eur_kw, other_indoor_eur_kw,
        meter_eur_kw [EUR/kW].

    Returns
    -------
    DataFrame, same index and order as `loads`
        unit_eur (interface unit or substation), meter_eur, indoor_eur and connection_eur, their
        sum [EUR]. The service pipe is a pipe and stands with the pipes.

    Notes
    -----
    A building with two dwellings or more holds apartments. Other use counts for the part of the
    power that its heat is of all heat; without dwellings all of it, with one meter.

    References
    ----------
    S-135, S-136 in ``assumptions/sources.csv``.

    Examples
    --------
    >>> loads = pd.DataFrame({"dwellings": [1, 4, 0], "demand_mwh": [12.0, 30.0, 100.0],
    ...     "other_mwh": [0.0, 0.0, 100.0], "connection_kw": [10.0, 20.0, 60.0]})
    >>> costs = {"unit_eur": 1800.0, "meter_eur": 1000.0, "house_indoor_eur": 2700.0,
    ...     "apartment_indoor_eur": 3000.0, "block_indoor_eur": 1400.0, "block_share": 0.0,
    ...     "substation_eur_kw": 100.0, "other_indoor_eur_kw": 150.0, "meter_eur_kw": 1.0}
    >>> connection_costs(loads, costs=costs)["connection_eur"].tolist()
    [5500.0, 23200.0, 16060.0]
    """
    dwellings = loads["dwellings"].to_numpy("float64")
    demand = loads["demand_mwh"].to_numpy("float64")
    other = loads["other_mwh"].to_numpy("float64")
    part = np.divide(other, demand, out=np.zeros(len(loads)), where=demand > 0.0)
    other_kw = loads["connection_kw"].to_numpy("float64") * np.where(dwellings == 0.0, 1.0, part)
    block = costs["block_share"]
    apartment = block * costs["block_indoor_eur"] + (1.0 - block) * costs["apartment_indoor_eur"]
    indoor_dwelling = np.where(dwellings > 1.0, apartment, costs["house_indoor_eur"])
    meters = np.where(dwellings == 0.0, other_kw > 0.0, dwellings).astype("float64")
    table = pd.DataFrame(
        {
            "unit_eur": dwellings * costs["unit_eur"] + other_kw * costs["substation_eur_kw"],
            "meter_eur": meters * costs["meter_eur"] + other_kw * costs["meter_eur_kw"],
            "indoor_eur": dwellings * indoor_dwelling + other_kw * costs["other_indoor_eur_kw"],
        },
        index=loads.index,
    )
    return table.assign(connection_eur=table.sum(axis=1))
