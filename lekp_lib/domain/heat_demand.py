"""
Useful heat that buildings ask for in a year, and its calibration on metered gas.

Useful heat is what a radiator or a tap gives off: what a heat network would have to deliver.
Metered gas is not total heat demand: it stands for the dwellings on gas alone. It is therefore
compared per dwelling, and every dwelling gets heat, on gas or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from lekp_lib.errors import ContractError
from lekp_lib.units import KWH_PER_MWH

__all__ = [
    "compare_with_meters",
    "factors_keeping_total",
    "hot_water_demand",
    "living_floor_area",
    "other_heat_demand",
    "shrunk_factors",
    "space_heat_demand",
    "useful_heat_from_gas",
]


def living_floor_area(
    buildings: pd.DataFrame,
    *,
    mixed_home_share: float,
    apartment_m2: float,
    largest_dwelling_m2: float,
) -> pd.DataFrame:
    """
    Return how the floor area of each building is divided between living and other use.

    Parameters
    ----------
    buildings : DataFrame, one row per building
        Columns function (may be missing), dwellings [-] and floor_area_m2, gross [m2].
    mixed_home_share : float
        Part of a building with homes above a shop in which people live [-, 0-1].
    apartment_m2 : float
        Gross floor area of a dwelling in a building that serves something else, such as the
        caretaker's in a school [m2].
    largest_dwelling_m2 : float
        More than this is not heated as a home: barns and workshops under one roof with it [m2].

    Returns
    -------
    DataFrame, same index and order as `buildings`
        ``living_m2`` and ``other_m2`` (gross) [m2], and ``is_capped``: the largest dwelling was
        exceeded. The area above the cap is not heated at all.

    Examples
    --------
    >>> buildings = pd.DataFrame({"function": ["residential", "mixed", "school", "residential"],
    ...     "dwellings": [1, 2, 0, 1], "floor_area_m2": [200.0, 300.0, 900.0, 5000.0]})
    >>> living_floor_area(buildings, mixed_home_share=0.5, apartment_m2=100.0,
    ...                   largest_dwelling_m2=400.0)["living_m2"].tolist()
    [200.0, 150.0, 0.0, 400.0]
    """
    area = buildings["floor_area_m2"].astype("float64")
    dwellings = buildings["dwellings"].astype("float64")
    function = buildings["function"]
    is_plain = function.isna() | function.isin(["residential", "ancillary", "unknown"])
    wanted = np.select(
        [dwellings == 0, function == "mixed", is_plain],
        [0.0, area * mixed_home_share, area],
        default=np.minimum(area, dwellings * apartment_m2),
    )
    other = np.where(is_plain, 0.0, area - wanted)
    living = np.minimum(wanted, dwellings * largest_dwelling_m2)
    return pd.DataFrame(
        {"living_m2": living, "other_m2": other, "is_capped": living < wanted},
        index=buildings.index,
    )


def space_heat_demand(
    living_m2: pd.Series[float],
    types: pd.Series[str],
    period_weights: pd.DataFrame,
    *,
    kwh_m2_by_period: pd.Series[float],
    factor_by_type: Mapping[str, float],
    net_floor_share: float,
) -> pd.Series[float]:
    """
    Return the useful heat that homes need to stay warm.

    Parameters
    ----------
    living_m2 : Series of float, one value per building
        Gross floor area in which people live [m2].
    types : Series of str, same index
        Type of each building.
    period_weights : DataFrame, same index, one column per period
        How likely each building is of each period [-]; rows add up to 1.
    kwh_m2_by_period : Series, indexed by period
        Useful heat per square metre of net floor area and year [kWh/m2].
    factor_by_type : mapping of str to float
        Factor for the walls that a building shares with its neighbours [-].
    net_floor_share : float
        Net heated floor area over gross floor area [-].

    Returns
    -------
    Series, same index and order as `living_m2`
        ``space_mwh`` [MWh/yr].

    Raises
    ------
    ContractError
        If a type has no factor.

    Notes
    -----
    ``area × net share × factor of the type × Σ weight(period) × kWh/m2(period)``: the
    expectation over the periods that a building may be of.

    Examples
    --------
    >>> weights = pd.DataFrame({"old": [1.0, 0.5], "new": [0.0, 0.5]})
    >>> space_heat_demand(
    ...     pd.Series([100.0, 100.0]), pd.Series(["detached"] * 2), weights,
    ...     kwh_m2_by_period=pd.Series({"old": 150.0, "new": 50.0}),
    ...     factor_by_type={"detached": 1.0}, net_floor_share=0.8).tolist()
    [12.0, 8.0]
    """
    factors = types.map(factor_by_type).astype("float64")
    if factors.isna().any():
        unknown = sorted(set(types[factors.isna()].astype(str)))
        msg = f"factor_by_type lacks {unknown}. Give every type in the table a factor."
        raise ContractError(msg)
    per_m2 = period_weights.to_numpy() @ kwh_m2_by_period[period_weights.columns].to_numpy()
    demand = living_m2 * net_floor_share * factors * per_m2 / KWH_PER_MWH
    return demand.rename("space_mwh")


def hot_water_demand(dwellings: pd.Series[int], *, kwh_dwelling: float) -> pd.Series[float]:
    """
    Return the useful heat for domestic hot water.

    Parameters
    ----------
    dwellings : Series of int, one value per building
        Dwellings in the building [-].
    kwh_dwelling : float
        Useful heat for hot water per dwelling and year [kWh].

    Returns
    -------
    Series, same index and order as `dwellings`
        ``hot_water_mwh`` [MWh/yr].

    Examples
    --------
    >>> hot_water_demand(pd.Series([0, 1, 4]), kwh_dwelling=2000.0).tolist()
    [0.0, 2.0, 8.0]
    """
    return (dwellings.astype("float64") * kwh_dwelling / KWH_PER_MWH).rename("hot_water_mwh")


def other_heat_demand(
    other_m2: pd.Series[float],
    functions: pd.Series[str],
    *,
    kwh_m2_by_function: Mapping[str, float],
) -> pd.Series[float]:
    """
    Return the useful heat of schools, shops, offices and the like.

    Parameters
    ----------
    other_m2 : Series of float, one value per building
        Gross floor area that is not lived in [m2].
    functions : Series of str, same index
        Function of each building; may be missing.
    kwh_m2_by_function : mapping of str to float
        Useful heat per square metre of gross floor area and year [kWh/m2]. A function that is
        not named, such as industry, gets none.

    Returns
    -------
    Series, same index and order as `other_m2`
        ``other_mwh`` [MWh/yr].

    Examples
    --------
    >>> other_heat_demand(pd.Series([1000.0, 500.0]), pd.Series(["school", "industry"]),
    ...                   kwh_m2_by_function={"school": 90.0}).tolist()
    [90.0, 0.0]
    """
    per_m2 = functions.map(dict(kwh_m2_by_function)).astype("float64").fillna(0.0)
    return (other_m2 * per_m2 / KWH_PER_MWH).rename("other_mwh")


def useful_heat_from_gas(
    gas_mwh: pd.Series[float],
    *,
    boiler_efficiency_share: float,
    lower_to_upper_share: float,
    cooking_share: float,
) -> pd.Series[float]:
    """
    Return the useful heat that boilers made from metered gas.

    Parameters
    ----------
    gas_mwh : Series of float
        Metered gas, on the upper heating value as it is billed [MWh/yr].
    boiler_efficiency_share : float
        Useful heat over gas on the lower heating value, over the year [-].
    lower_to_upper_share : float
        Lower over upper heating value of natural gas [-].
    cooking_share : float
        Part of the gas that goes to cooking [-].

    Returns
    -------
    Series, same index and order as `gas_mwh`
        ``useful_mwh`` [MWh/yr].

    References
    ----------
    S-104 (efficiency) in ``assumptions/sources.csv``.

    Examples
    --------
    >>> useful_heat_from_gas(pd.Series([10.0]), boiler_efficiency_share=0.5,
    ...                      lower_to_upper_share=0.8, cooking_share=0.25).round(3).tolist()
    [3.0]
    """
    share = boiler_efficiency_share * lower_to_upper_share * (1.0 - cooking_share)
    return (gas_mwh * share).rename("useful_mwh")


def compare_with_meters(
    cells: pd.DataFrame, modelled_mwh: pd.Series[float], dwellings: pd.Series[float]
) -> pd.DataFrame:
    """
    Return modelled beside metered heat per dwelling, area by area.

    Parameters
    ----------
    cells : DataFrame, one row per metered area
        useful_mwh (useful heat from metered gas) [MWh/yr] and gas_points [-].
    modelled_mwh, dwellings : Series of float, indexed like `cells`
        Modelled useful heat of all dwellings of the area [MWh/yr], and their number [-].

    Returns
    -------
    DataFrame, same index and order as `cells`
        ``metered_mwh_dwelling``, ``modelled_mwh_dwelling`` [MWh/yr],
        ``factor`` (metered over modelled) [-] and ``error_share`` (modelled over metered, less
        1: positive is too much) [-]. Missing where one of both is missing or 0.

    Notes
    -----
    All dwellings of the area stand for those on gas: which home has gas is not known.

    Examples
    --------
    >>> cells = pd.DataFrame({"useful_mwh": [1200.0], "gas_points": [100]}, index=["wijk"])
    >>> compare_with_meters(cells, pd.Series({"wijk": 3000.0}), pd.Series({"wijk": 150.0}))
          metered_mwh_dwelling  modelled_mwh_dwelling  factor  error_share
    wijk                  12.0                   20.0     0.6     0.666667
    """
    metered = _ratio(cells["useful_mwh"], cells["gas_points"])
    modelled = _ratio(modelled_mwh.reindex(cells.index), dwellings.reindex(cells.index))
    return pd.DataFrame(
        {
            "metered_mwh_dwelling": metered,
            "modelled_mwh_dwelling": modelled,
            "factor": _ratio(metered, modelled),
            "error_share": _ratio(modelled, metered) - 1.0,
        },
        index=cells.index,
    )


def _ratio(above: pd.Series[Any], below: pd.Series[Any]) -> pd.Series[float]:
    """Divide; missing where either side is missing or not above zero."""
    top = above.to_numpy(dtype="float64", na_value=np.nan)
    bottom = below.to_numpy(dtype="float64", na_value=np.nan)
    is_known = (top > 0) & (bottom > 0)
    return pd.Series(
        np.divide(top, bottom, out=np.full(len(top), np.nan), where=is_known), above.index
    )


def shrunk_factors(
    factors: pd.Series[float],
    gas_points: pd.Series[float],
    *,
    overall_factor: float,
    weight_points: float,
) -> pd.Series[float]:
    """
    Return the factor of each area, drawn towards the overall one where few meters stand behind it.

    Parameters
    ----------
    factors : Series of float, one value per area
        Metered over modelled heat [-].
    gas_points : Series, same index
        Gas connections behind each factor [-].
    overall_factor : float
        Factor of the whole neighbourhood [-].
    weight_points : float
        The overall factor weighs as much as this many connections [-].

    Returns
    -------
    Series, same index and order as `factors`
        Shrunk factors [-]; a missing factor becomes the overall one.

    Notes
    -----
    ``(n s + k S) / (n + k)``: with n connections behind s, and k the weight of S.

    Examples
    --------
    >>> shrunk_factors(pd.Series([0.5, 2.0]), pd.Series([30, 10]), overall_factor=1.0,
    ...                weight_points=10.0).tolist()
    [0.625, 1.5]
    """
    points = gas_points.astype("float64").where(factors.notna(), 0.0)
    drawn = points * factors.fillna(0.0) + weight_points * overall_factor
    return (drawn / (points + weight_points)).rename("factor")


def factors_keeping_total(
    factors: pd.Series[float], modelled_mwh: pd.Series[float], *, overall_factor: float
) -> pd.Series[float]:
    """
    Return factors per building that together give the total of the overall factor.

    Factors per street shift heat between streets; they should not change what the meters of the
    whole neighbourhood say.

    Parameters
    ----------
    factors : Series of float, one value per building
        Factor of the area each building lies in [-].
    modelled_mwh : Series of float, same index
        Modelled useful heat before calibration [MWh/yr].
    overall_factor : float
        Factor of the whole neighbourhood [-].

    Returns
    -------
    Series, same index and order as `factors`
        ``factor`` [-].

    Examples
    --------
    >>> factors_keeping_total(pd.Series([0.5, 1.0]), pd.Series([10.0, 10.0]),
    ...                       overall_factor=0.6).tolist()
    [0.4, 0.8]
    """
    drawn = float((factors * modelled_mwh).sum())
    if drawn <= 0:
        return pd.Series(overall_factor, factors.index, name="factor")
    scale = overall_factor * float(modelled_mwh.sum()) / drawn
    return (factors * scale).rename("factor")
