"""
What it is worth to connect a building to a heat network, before the pipes to it are paid.

A network that must pay for itself does not reach everybody: a building is worth what its heat
brings in over the years, less what its connection costs. Set against the cost of the pipes,
that worth says where the network ends. All amounts are real, without VAT, in year 0.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lekp_lib.errors import ContractError

__all__ = ["connection_prizes", "lasting_cost", "yearly_worth"]


def yearly_worth(*, return_share: float, years: float) -> float:
    """
    Return what 1 euro a year is worth in year 0.

    Parameters
    ----------
    return_share : float
        Required yearly return, above -1 [-].
    years : float
        Whole number of years, the first payment after one year [yr].

    Returns
    -------
    float
        ``sum of (1 + return)^-t for t from 1 to years`` [yr].

    Raises
    ------
    ContractError
        If the return is not above -1.

    Examples
    --------
    >>> yearly_worth(return_share=0.0, years=40)
    40.0
    >>> round(yearly_worth(return_share=1.0, years=2), 6)
    0.75
    """
    if not return_share > -1.0:
        msg = f"return_share is {return_share}. Give a return above -1."
        raise ContractError(msg)
    return float(((1.0 + return_share) ** -np.arange(1.0, round(years) + 1.0)).sum())


def connection_prizes(
    loads: pd.DataFrame,
    connection_eur: pd.Series[float],
    *,
    margin_eur_mwh: float,
    return_share: float,
    years: float,
) -> pd.Series[float]:
    """
    Return what connecting each building brings in, the pipes not counted.

    Parameters
    ----------
    loads : DataFrame, indexed by ``building_id``
        demand_mwh, useful heat [MWh/yr], and final_share: the part of it that is expected to
        connect in the end [-, 0-1].
    connection_eur : Series, indexed by ``building_id``
        Cost of what stands in the building [EUR].
    margin_eur_mwh : float
        Price that people would pay less what the heat itself costs [EUR/MWh]; may be negative.
    return_share, years : float
        See ``yearly_worth``.

    Returns
    -------
    Series, same index and order as `loads`
        ``prize_eur`` [EUR]; negative where the heat does not pay for the connection.

    Raises
    ------
    ContractError
        If a building has no connection cost.

    Notes
    -----
    ``prize = final · (worth of 1 euro a year · margin · demand - connection)``. Whoever connects
    does so from the first year.

    Examples
    --------
    Half the flats join: 10 MWh a year at a margin of 20 EUR, 40 years without interest, less
    half the connections:

    >>> loads = pd.DataFrame({"demand_mwh": [20.0], "final_share": [0.5]}, index=["b1"])
    >>> connection_prizes(loads, pd.Series({"b1": 6000.0}), margin_eur_mwh=20.0,
    ...                   return_share=0.0, years=40).to_dict()
    {'b1': 5000.0}
    """
    cost = connection_eur.reindex(loads.index)
    if cost.isna().any():
        first = cost.index[cost.isna()][:3].tolist()
        msg = f"connection_eur lacks {int(cost.isna().sum())} buildings, first {first}."
        raise ContractError(msg)
    worth = yearly_worth(return_share=return_share, years=years)
    earned = loads["demand_mwh"] * (worth * margin_eur_mwh)
    return ((earned - cost) * loads["final_share"]).rename("prize_eur")


def lasting_cost(
    investment_eur: pd.Series[float], *, upkeep_share: float, return_share: float, years: float
) -> pd.Series[float]:
    """
    Return what something costs to build and to keep.

    Parameters
    ----------
    investment_eur : Series
        Cost to build [EUR].
    upkeep_share : float
        Upkeep per year as a part of the investment [-].
    return_share, years : float
        See ``yearly_worth``.

    Returns
    -------
    Series, same index and order as `investment_eur`
        ``investment · (1 + upkeep · worth of 1 euro a year)`` [EUR].

    Examples
    --------
    >>> pipes = pd.Series([1000.0])
    >>> lasting_cost(pipes, upkeep_share=0.01, return_share=0.0, years=40).tolist()
    [1400.0]
    """
    return investment_eur * (
        1.0 + upkeep_share * yearly_worth(return_share=return_share, years=years)
    )
