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
    "calibrated_parts",
    "compare_with_meters",
    "hot_water_demand",
    "living_floor_area",
    "other_heat_demand",
    "shrunk_factors",
    "space_heat_demand",
    "space_heat_levels",
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


def space_heat_levels(
    gas_mwh_dwelling: pd.Series[float],
    *,
    useful_per_gas_share: float,
    hot_water_kwh_dwelling: float,
) -> pd.DataFrame:
    """
    Return the useful heat that an average home of each class needs to stay warm.

    Parameters
    ----------
    gas_mwh_dwelling : Series, index (building_type, period)
        Gas per connection and year of each class [MWh], see ``heat_typology``.
    useful_per_gas_share : float
        Useful heat over metered gas, see ``useful_heat_from_gas`` [-].
    hot_water_kwh_dwelling : float
        Useful heat for hot water per dwelling and year, which is taken off [kWh].

    Returns
    -------
    DataFrame, index building_type, one column per period
        ``space_mwh_dwelling`` [MWh/yr], never below 0.

    Examples
    --------
    >>> classes = pd.MultiIndex.from_tuples([("detached", "old"), ("detached", "new")])
    >>> space_heat_levels(pd.Series([20.0, 2.0], classes), useful_per_gas_share=0.75,
    ...                   hot_water_kwh_dwelling=2000.0).loc["detached"].to_dict()
    {'old': 13.0, 'new': 0.0}
    """
    space = gas_mwh_dwelling * useful_per_gas_share - hot_water_kwh_dwelling / KWH_PER_MWH
    types, periods = (space.index.unique(level) for level in (0, 1))
    every = pd.MultiIndex.from_product([types, periods])
    table = space.clip(lower=0.0).reindex(every).to_numpy().reshape(len(types), len(periods))
    return pd.DataFrame(table, index=types, columns=periods)


def space_heat_demand(
    homes: pd.DataFrame,
    period_weights: pd.DataFrame,
    levels: pd.DataFrame,
    *,
    reference_m2: Mapping[str, float],
    area_exponent: float,
) -> pd.Series[float]:
    """
    Return the useful heat that homes need to stay warm.

    Parameters
    ----------
    homes : DataFrame, one row per building
        building_type, dwellings [-] and living_m2: gross floor area in which people live [m2].
    period_weights : DataFrame, same index, one column per period
        How likely each building is of each period [-]; rows add up to 1.
    levels : DataFrame, index building_type, one column per period
        What an average dwelling of the class asks for [MWh/yr], see ``space_heat_levels``.
    reference_m2 : mapping of str to float
        Gross floor area of an average dwelling of each type [m2].
    area_exponent : float
        How demand grows with floor area: 0 not at all, 1 in proportion [-].

    Returns
    -------
    Series, same index and order as `homes`
        ``space_mwh`` [MWh/yr]; 0 without dwellings or living area.

    Raises
    ------
    ContractError
        If a type has no level or no reference area.

    Notes
    -----
    ``dwellings × (living area per dwelling / reference)^exponent × Σ weight(period) × level``:
    the expectation over the periods that a building may be of.

    Examples
    --------
    >>> homes = pd.DataFrame({"building_type": "detached", "dwellings": [1, 2],
    ...                       "living_m2": [200.0, 100.0]})
    >>> weights = pd.DataFrame({"old": [1.0, 0.5], "new": [0.0, 0.5]})
    >>> levels = pd.DataFrame({"old": [12.0], "new": [4.0]}, index=["detached"])
    >>> space_heat_demand(homes, weights, levels, reference_m2={"detached": 200.0},
    ...                   area_exponent=0.5).tolist()
    [12.0, 8.0]
    """
    reference = homes["building_type"].map(dict(reference_m2)).astype("float64")
    row = levels.index.get_indexer(pd.Index(homes["building_type"]))
    is_unknown = (row < 0) | reference.isna().to_numpy()
    if is_unknown.any():
        unknown = sorted(set(homes.loc[is_unknown, "building_type"].astype(str)))
        msg = f"levels or reference_m2 lack {unknown}. Give every type in the table one."
        raise ContractError(msg)
    per_period = levels[period_weights.columns].to_numpy(dtype="float64")[row]
    level = (period_weights.to_numpy() * per_period).sum(axis=1)
    dwellings = homes["dwellings"].astype("float64")
    ratio = homes["living_m2"] / dwellings.where(dwellings > 0) / reference
    asked = dwellings * ratio**area_exponent * level
    demand: pd.Series[float] = asked.where(homes["living_m2"] > 0, 0.0).fillna(0.0)
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


def calibrated_parts(
    factors: pd.Series[float],
    space_mwh: pd.Series[float],
    hot_water_mwh: pd.Series[float],
    *,
    overall_factor: float,
) -> pd.DataFrame:
    """
    Return space heat and hot water that together give the total of the overall factor.

    Cold years and thick walls change space heat, not showers: hot water stays what it is and
    space heat takes the difference. Factors per street shift heat between streets, and do not
    change what the meters of the whole neighbourhood say.

    Parameters
    ----------
    factors : Series of float, one value per building
        Metered over modelled heat of the area each building lies in [-].
    space_mwh, hot_water_mwh : Series of float, same index
        Modelled useful heat before calibration [MWh/yr].
    overall_factor : float
        Metered over modelled heat of the whole neighbourhood [-].

    Returns
    -------
    DataFrame, same index and order as `factors`
        ``space_mwh`` and ``hot_water_mwh`` [MWh/yr].

    Notes
    -----
    With hot water over space heat r in the neighbourhood, factor f becomes ``f + (f - 1) r``
    for space heat (at least 0), which is then scaled to the total. Within one area the ratios
    between buildings stay. Where the meters leave nothing for space heat, both parts are scaled
    alike.

    Examples
    --------
    >>> parts = calibrated_parts(pd.Series([0.5, 1.0]), pd.Series([8.0, 8.0]),
    ...                          pd.Series([2.0, 2.0]), overall_factor=0.8)
    >>> parts["space_mwh"].round(3).tolist(), parts["hot_water_mwh"].tolist()
    ([3.273, 8.727], [2.0, 2.0])
    """
    space, water = float(space_mwh.sum()), float(hot_water_mwh.sum())
    rest = overall_factor * (space + water) - water
    drawn = pd.Series(0.0, factors.index)
    if space > 0:
        drawn = space_mwh * (factors + (factors - 1.0) * water / space).clip(lower=0.0)
    if rest > 0 and drawn.sum() > 0:
        parts = {"space_mwh": drawn * (rest / drawn.sum()), "hot_water_mwh": hot_water_mwh}
        return pd.DataFrame(parts)
    return pd.DataFrame(
        {"space_mwh": space_mwh * overall_factor, "hot_water_mwh": hot_water_mwh * overall_factor}
    )
