"""
What each building pays and emits without a heat network: a heat pump or a gas boiler of its own.

The individual way has shared costs too: a stronger electricity grid, and a gas grid that must be
taken away. Throughout, ``loads`` has one row per building, index ``building_id``: dwellings [-],
space_mwh, hot_water_mwh, other_mwh (of shops, schools and the like), demand_mwh (their sum)
[MWh/yr useful heat], space_peak_kw (space heat with other use), hot_water_peak_kw, connection_kw
[kW] and street_id. Amounts are real, without inflation; what a figure is without VAT is said there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from lekp_lib.errors import ContractError
from lekp_lib.money import annuity_factor
from lekp_lib.units import KG_PER_T

__all__ = [
    "ELEMENTS",
    "after_renovation",
    "boosters",
    "gas_boilers",
    "grid_costs",
    "heat_pumps",
    "heating_curve",
    "renovation_costs",
    "shell_areas",
]

ELEMENTS = ("wall", "floor", "roof", "window")
"""Parts of the shell that a renovation insulates."""

_WALL_KINDS = ("detached", "semi_detached", "terraced")

_Floats = npt.NDArray[np.float64]


def after_renovation(loads: pd.DataFrame, *, space_share: npt.ArrayLike) -> pd.DataFrame:
    """
    Return what buildings ask once their shell is better.

    Parameters
    ----------
    loads : DataFrame
        See the module.
    space_share : float, or array with one value per building
        Space heat of the homes that remains [-, 0-1]; 1 without renovation.

    Returns
    -------
    DataFrame, same index and order as `loads`
        Its columns, with lower space_mwh, demand_mwh, space_peak_kw and connection_kw. Hot water
        and other use stay; the peak falls with the heat.

    Raises
    ------
    ContractError
        If a share is not between 0 and 1.

    Examples
    --------
    >>> loads = pd.DataFrame({"space_mwh": [10.0], "hot_water_mwh": [2.0], "other_mwh": [0.0],
    ...     "demand_mwh": [12.0], "space_peak_kw": [6.0], "hot_water_peak_kw": [4.0],
    ...     "connection_kw": [10.0]})
    >>> after_renovation(loads, space_share=0.5)[["demand_mwh", "connection_kw"]].iloc[0].tolist()
    [7.0, 7.0]
    """
    share = np.broadcast_to(np.asarray(space_share, dtype="float64"), (len(loads),))
    if ((share < 0.0) | (share > 1.0)).any():
        msg = "space_share must lie between 0 and 1: renovation does not add to the demand."
        raise ContractError(msg)
    space = loads["space_mwh"] * share
    before = loads["space_mwh"] + loads["other_mwh"]
    left = ((space + loads["other_mwh"]) / before.where(before > 0.0)).fillna(1.0)
    peak = loads["space_peak_kw"] * left
    return loads.assign(
        space_mwh=space,
        demand_mwh=space + loads["hot_water_mwh"] + loads["other_mwh"],
        space_peak_kw=peak,
        connection_kw=peak + loads["hot_water_peak_kw"],
    )


def shell_areas(
    homes: pd.DataFrame, *, ratios: Mapping[str, float], net_floor_share: float
) -> pd.DataFrame:
    """
    Return the area of each part of the shell, from the floor that is heated.

    Parameters
    ----------
    homes : DataFrame, index building_id
        building_type, dwellings [-] and living_m2, gross floor area in which people live [m2].
    ratios : mapping of str to float
        Area per heated floor [m2 per m2]: detached_wall, semi_detached_wall, terraced_wall,
        house_floor, house_roof, house_window and apartment_<element> for each of ``ELEMENTS``.
    net_floor_share : float
        Heated floor over gross floor [-].

    Returns
    -------
    DataFrame, same index and order as `homes`
        ``<element>_m2`` for each of ``ELEMENTS`` [m2]; 0 without dwellings.

    Notes
    -----
    ``area = ratio · net · living``. Two or more dwellings are apartments. A house between
    shops counts as terraced, any other house as detached.

    References
    ----------
    S-141 in ``assumptions/sources.csv``.

    Examples
    --------
    >>> homes = pd.DataFrame({"building_type": ["terraced", "apartment_building"],
    ...                       "dwellings": [1, 4], "living_m2": [200.0, 400.0]})
    >>> ratios = {"terraced_wall": 0.5, "detached_wall": 1.5, "semi_detached_wall": 1.0,
    ...     "house_floor": 0.75, "house_roof": 0.75, "house_window": 0.25, "apartment_wall": 0.75,
    ...     "apartment_floor": 0.25, "apartment_roof": 0.25, "apartment_window": 0.25}
    >>> shell_areas(homes, ratios=ratios, net_floor_share=0.5)
       wall_m2  floor_m2  roof_m2  window_m2
    0     50.0      75.0     75.0       25.0
    1    150.0      50.0     50.0       50.0
    """
    kind = homes["building_type"].replace("mixed_commercial", "terraced").to_numpy()
    walls = [ratios[f"{name}_wall"] for name in _WALL_KINDS]
    of_house: dict[str, npt.ArrayLike] = {
        name: ratios[f"house_{name}"] for name in ELEMENTS if name != "wall"
    }
    of_house["wall"] = np.select([kind == name for name in _WALL_KINDS], walls, walls[0])
    is_flat = homes["dwellings"].to_numpy("float64") > 1.0
    floor = homes["living_m2"].fillna(0.0).where(homes["dwellings"] > 0, 0.0) * net_floor_share
    return pd.DataFrame(
        {
            f"{name}_m2": floor * np.where(is_flat, ratios[f"apartment_{name}"], of_house[name])
            for name in ELEMENTS
        },
        index=homes.index,
    )


def renovation_costs(
    areas: pd.DataFrame, elements: Iterable[str], *, prices: Mapping[str, float]
) -> pd.Series[float]:
    """
    Return what it costs to insulate parts of the shell of each building.

    Parameters
    ----------
    areas : DataFrame
        As returned by ``shell_areas``.
    elements : iterable of str
        Parts that are done, of ``ELEMENTS``.
    prices : mapping of str to float
        ``<element>_eur_m2`` per square metre of that part [EUR/m2].

    Returns
    -------
    Series, same index and order as `areas`
        ``renovation_eur`` [EUR], with VAT if the prices have it.

    Notes
    -----
    ``Σ area · price``.

    Examples
    --------
    >>> areas = pd.DataFrame({"roof_m2": [80.0], "window_m2": [20.0], "wall_m2": [150.0]})
    >>> renovation_costs(areas, ("roof", "window"),
    ...                  prices={"roof_eur_m2": 100.0, "window_eur_m2": 500.0}).tolist()
    [18000.0]
    """
    cost = pd.Series(0.0, areas.index, name="renovation_eur")
    for name in elements:
        cost += areas[f"{name}_m2"] * prices[f"{name}_eur_m2"]
    return cost


def heating_curve(
    outdoor_c: npt.ArrayLike,
    supply_c: npt.ArrayLike,
    *,
    room_c: float,
    design_c: float,
    exponent: float,
) -> npt.NDArray[np.float64]:
    """
    Return the water temperature that radiators ask, lower when it is mild outside.

    Parameters
    ----------
    outdoor_c : array_like
        Outdoor temperature [°C].
    supply_c : array_like, broadcast with `outdoor_c`
        Temperature asked on the coldest day [°C].
    room_c, design_c : float
        Temperature of the rooms, and outside on the coldest day [°C].
    exponent : float
        Heat of a radiator grows with the difference to the room to this power [-].

    Returns
    -------
    ndarray
        Supply temperature [°C], between that of the room and `supply_c`.

    Notes
    -----
    ``room + (supply - room) · ((room - outdoor) / (room - design))^(1 / exponent)``. It is the
    setting that a heat pump needs; with a fixed temperature its COP is much lower.

    Examples
    --------
    >>> heating_curve([-8.0, 6.0, 25.0], 50.0, room_c=20.0, design_c=-8.0, exponent=1.0).tolist()
    [50.0, 35.0, 20.0]
    """
    load = np.clip((room_c - np.asarray(outdoor_c, "float64")) / (room_c - design_c), 0.0, 1.0)
    return np.asarray(room_c + (np.asarray(supply_c, "float64") - room_c) * load ** (1 / exponent))


def heat_pumps(
    loads: pd.DataFrame,
    *,
    supply_c: npt.ArrayLike,
    cop_space: npt.ArrayLike,
    cop_coldest: npt.ArrayLike,
    cop_hot_water: float,
    costs: Mapping[str, float],
    prices: Mapping[str, float],
    rate: float,
) -> pd.DataFrame:
    """
    Return what an own heat pump costs and emits, per building.

    Parameters
    ----------
    loads : DataFrame
        See the module.
    supply_c : float, or array with one value per building
        Temperature that the radiators ask on the coldest day [°C].
    cop_space, cop_coldest : float, or array with one value per building
        COP for the radiators, mean over the year and on the coldest day [-].
    cop_hot_water : float
        Mean COP over the year for the taps [-].
    costs : mapping of str to float
        Without VAT: dwelling_eur and other_eur per installation, dwelling_eur_kw and other_eur_kw,
        house_panel_eur and apartment_panel_eur (fuse box), house_emitters_eur and
        apartment_emitters_eur per dwelling, counted where the supply is at most
        emitters_low_c [°C]; upkeep_share of the heat pump per year; lifetime_years and
        emitters_lifetime_years.
    prices : mapping of str to float
        With VAT: electricity_eur_mwh, what one MWh more costs, and capacity_eur_kw per year,
        due on peak_share of the power on the coldest day; electricity_kg_mwh (CO2) and
        vat_share on the works.
    rate : float
        Required real return [-].

    Returns
    -------
    DataFrame, same index and order as `loads`
        investment_eur, yearly_energy_eur, yearly_fixed_eur (for the higher peak), yearly_om_eur,
        co2_t [t/yr], electricity_mwh, electric_kw (on the coldest day), gas_mwh (0) and
        annual_cost_eur; amounts with VAT.

    Notes
    -----
    ``annual = Σ investment · annuity(lifetime) + energy + fixed + upkeep``. The heat pump has
    the power of the space heat; hot water comes from a tank. Fixed charges that a home pays
    anyway, for its lights and appliances, do not count.

    References
    ----------
    S-135 in ``assumptions/sources.csv``.

    Examples
    --------
    >>> loads = pd.DataFrame({"dwellings": [1], "space_mwh": [9.0], "hot_water_mwh": [2.0],
    ...                       "other_mwh": [0.0], "space_peak_kw": [6.0]})
    >>> costs = dict.fromkeys(["other_eur", "other_eur_kw", "apartment_panel_eur",
    ...                        "apartment_emitters_eur", "upkeep_share"], 0.0)
    >>> costs |= {"dwelling_eur": 5000.0, "dwelling_eur_kw": 500.0, "house_panel_eur": 1000.0,
    ...           "house_emitters_eur": 2000.0, "emitters_low_c": 50.0, "lifetime_years": 20.0,
    ...           "emitters_lifetime_years": 20.0}
    >>> prices = {"electricity_eur_mwh": 300.0, "capacity_eur_kw": 40.0, "peak_share": 0.5,
    ...           "electricity_kg_mwh": 200.0, "vat_share": 0.0}
    >>> heat_pumps(loads, supply_c=45, cop_space=3.0, cop_coldest=2.0, cop_hot_water=2.0,
    ...            costs=costs, prices=prices, rate=0.0)[
    ...            ["investment_eur", "electricity_mwh", "yearly_fixed_eur", "annual_cost_eur"]]
       investment_eur  electricity_mwh  yearly_fixed_eur  annual_cost_eur
    0         11000.0              4.0              60.0           1810.0
    """
    dwellings = loads["dwellings"].to_numpy("float64")
    cop = np.broadcast_to(np.asarray(cop_space, dtype="float64"), (len(loads),))
    space = (loads["space_mwh"] + loads["other_mwh"]) / cop
    electricity = space + loads["hot_water_mwh"] / cop_hot_water
    machine = _by_kind(dwellings, loads["space_peak_kw"].to_numpy("float64"), costs)
    pump = machine + _per_dwelling(
        dwellings, costs["house_panel_eur"], costs["apartment_panel_eur"]
    )
    emitters = _per_dwelling(
        dwellings, costs["house_emitters_eur"], costs["apartment_emitters_eur"]
    ) * (np.asarray(supply_c, dtype="float64") <= costs["emitters_low_c"])
    vat = 1.0 + prices["vat_share"]
    upkeep = machine * vat * costs["upkeep_share"]
    energy = electricity * prices["electricity_eur_mwh"]
    power = loads["space_peak_kw"] / np.asarray(cop_coldest, dtype="float64")
    fixed = power * prices["peak_share"] * prices["capacity_eur_kw"]
    yearly = pump * vat * annuity_factor(rate, costs["lifetime_years"]) + emitters * (
        vat * annuity_factor(rate, costs["emitters_lifetime_years"])
    )
    return pd.DataFrame(
        {
            "investment_eur": (pump + emitters) * vat,
            "yearly_energy_eur": energy,
            "yearly_fixed_eur": fixed,
            "yearly_om_eur": upkeep,
            "co2_t": electricity * prices["electricity_kg_mwh"] / KG_PER_T,
            "electricity_mwh": electricity,
            "electric_kw": power,
            "gas_mwh": 0.0,
            "annual_cost_eur": yearly + energy + fixed + upkeep,
        },
        index=loads.index,
    )


def _by_kind(dwellings: _Floats, power_kw: _Floats, costs: Mapping[str, float]) -> _Floats:
    """Return the cost of installations: one per dwelling, or one in a building without."""
    in_homes = dwellings * costs["dwelling_eur"] + power_kw * costs["dwelling_eur_kw"]
    elsewhere = costs["other_eur"] + power_kw * costs["other_eur_kw"]
    return np.where(dwellings > 0.0, in_homes, np.where(power_kw > 0.0, elsewhere, 0.0))


def _per_dwelling(dwellings: _Floats, house: float, apartment: float) -> _Floats:
    """Return a cost per dwelling, that of an apartment where there are two or more."""
    return dwellings * np.where(dwellings > 1.0, apartment, house)


def gas_boilers(
    loads: pd.DataFrame, *, costs: Mapping[str, float], prices: Mapping[str, float], rate: float
) -> pd.DataFrame:
    """
    Return what staying on gas costs and emits, per building: a new condensing boiler.

    Parameters
    ----------
    loads : DataFrame
        See the module.
    costs : mapping of str to float
        Without VAT: dwelling_eur per installation, dwelling_eur_kw; upkeep_share per year;
        lifetime_years; efficiency_share: useful heat per billed kWh of gas [-, 0-1].
    prices : mapping of str to float
        With VAT: gas_eur_mwh, what one billed MWh more costs, and fixed_eur per installation and
        year; gas_kg_mwh (CO2) per billed MWh; vat_share on the works.
    rate : float
        Required real return [-].

    Returns
    -------
    DataFrame, same index and order as `loads`
        The columns of `heat_pumps`, with gas_mwh as billed. yearly_fixed_eur ends with the
        gas connection, so it counts here and in no other way.

    References
    ----------
    S-135, S-138 in ``assumptions/sources.csv``.

    Examples
    --------
    >>> loads = pd.DataFrame({"dwellings": [1], "demand_mwh": [9.0], "connection_kw": [10.0]})
    >>> costs = {"dwelling_eur": 2000.0, "dwelling_eur_kw": 100.0, "upkeep_share": 0.05,
    ...          "lifetime_years": 15.0, "efficiency_share": 0.9}
    >>> prices = {"gas_eur_mwh": 80.0, "fixed_eur": 100.0, "gas_kg_mwh": 180.0, "vat_share": 0.0}
    >>> gas_boilers(loads, costs=costs, prices=prices, rate=0.0)[
    ...             ["investment_eur", "gas_mwh", "co2_t", "annual_cost_eur"]]
       investment_eur  gas_mwh  co2_t  annual_cost_eur
    0          3000.0     10.0    1.8           1250.0
    """
    dwellings = loads["dwellings"].to_numpy("float64")
    power = loads["connection_kw"].to_numpy("float64")
    installations = np.where(dwellings > 0.0, dwellings, power > 0.0)
    vat = 1.0 + prices["vat_share"]
    boilers = (installations * costs["dwelling_eur"] + power * costs["dwelling_eur_kw"]) * vat
    gas = loads["demand_mwh"] / costs["efficiency_share"]
    energy, upkeep = gas * prices["gas_eur_mwh"], boilers * costs["upkeep_share"]
    fixed = installations * prices["fixed_eur"]
    yearly = boilers * annuity_factor(rate, costs["lifetime_years"])
    return pd.DataFrame(
        {
            "investment_eur": boilers,
            "yearly_energy_eur": energy,
            "yearly_fixed_eur": fixed,
            "yearly_om_eur": upkeep,
            "co2_t": gas * prices["gas_kg_mwh"] / KG_PER_T,
            "electricity_mwh": 0.0,
            "electric_kw": 0.0,
            "gas_mwh": gas,
            "annual_cost_eur": yearly + energy + fixed + upkeep,
        },
        index=loads.index,
    )


def boosters(
    loads: pd.DataFrame, *, costs: Mapping[str, float], prices: Mapping[str, float], rate: float
) -> pd.DataFrame:
    """
    Return what it costs to heat tap water further where a network is too cool for it.

    Parameters
    ----------
    loads : DataFrame
        See the module.
    costs : mapping of str to float
        dwelling_eur, an electric element or small heat pump per dwelling without VAT;
        lifetime_years; electric_share: electricity per unit of heat for hot water [-].
    prices : mapping of str to float
        electricity_eur_mwh with VAT, electricity_kg_mwh (CO2) and vat_share on the works.
    rate : float
        Required real return [-].

    Returns
    -------
    DataFrame, same index and order as `loads`
        electricity_mwh, which the network no longer has to give, co2_t [t/yr] and
        annual_cost_eur with VAT.

    Notes
    -----
    ``annual = investment · annuity(lifetime) + hot water · electric share · price``.

    References
    ----------
    S-198 in ``assumptions/sources.csv``.

    Examples
    --------
    >>> loads = pd.DataFrame({"dwellings": [1], "hot_water_mwh": [2.0]})
    >>> costs = {"dwelling_eur": 800.0, "lifetime_years": 16.0, "electric_share": 0.25}
    >>> prices = {"electricity_eur_mwh": 300.0, "electricity_kg_mwh": 200.0, "vat_share": 0.0}
    >>> boosters(loads, costs=costs, prices=prices, rate=0.0)
       electricity_mwh  co2_t  annual_cost_eur
    0              0.5    0.1            200.0
    """
    electricity = loads["hot_water_mwh"] * costs["electric_share"]
    works = loads["dwellings"].astype("float64") * costs["dwelling_eur"]
    yearly = works * (1.0 + prices["vat_share"]) * annuity_factor(rate, costs["lifetime_years"])
    return pd.DataFrame(
        {
            "electricity_mwh": electricity,
            "co2_t": electricity * prices["electricity_kg_mwh"] / KG_PER_T,
            "annual_cost_eur": yearly + electricity * prices["electricity_eur_mwh"],
        },
        index=loads.index,
    )


def grid_costs(
    loads: pd.DataFrame,
    electric_kw: pd.Series[float],
    street_length_m: pd.Series[float],
    *,
    costs: Mapping[str, float],
) -> pd.DataFrame:
    """
    Return what the individual way asks of the shared grids, spread over the buildings.

    Parameters
    ----------
    loads : DataFrame
        See the module.
    electric_kw : Series, indexed by ``building_id``
        Power of the heat pump on the coldest day [kW].
    street_length_m : Series, indexed by ``street_id``
        Length of the streets [m].
    costs : mapping of str to float
        reinforcement_eur_m in reinforced_share of the streets, transformer_eur per
        transformer_kw of simultaneous_share of the power, connection_eur per dwelling;
        gas_main_eur_m, gas_house_eur, gas_apartment_eur and gas_other_eur.

    Returns
    -------
    DataFrame, same index and order as `loads`
        electricity_grid_eur, and gas_removal_eur (also with a heat network) [EUR], no VAT.

    Notes
    -----
    A street is shared per dwelling; a building without dwellings counts as one. A building
    without a known street bears the mean of the others.

    References
    ----------
    S-135, S-138 in ``assumptions/sources.csv``.

    Examples
    --------
    >>> loads = pd.DataFrame({"dwellings": [1, 1], "street_id": ["s1", "s1"]}, index=["a", "b"])
    >>> costs = {"reinforcement_eur_m": 100.0, "reinforced_share": 0.5, "transformer_eur": 60000.0,
    ...     "transformer_kw": 600.0, "simultaneous_share": 0.5, "connection_eur": 700.0,
    ...     "gas_main_eur_m": 100.0, "gas_house_eur": 1200.0, "gas_apartment_eur": 500.0,
    ...     "gas_other_eur": 1300.0}
    >>> grid_costs(loads, pd.Series({"a": 4.0, "b": 2.0}), pd.Series({"s1": 20.0}), costs=costs)
       electricity_grid_eur  gas_removal_eur
    a                1400.0           2200.0
    b                1300.0           2200.0
    """
    dwellings = loads["dwellings"].to_numpy("float64")
    units = pd.Series(np.where(dwellings > 0.0, dwellings, 1.0), index=loads.index)
    in_street = units.groupby(loads["street_id"]).transform("sum")
    per_unit = loads["street_id"].map(street_length_m).astype("float64") / in_street
    known = per_unit.notna()
    mean = (per_unit * units)[known].sum() / units[known].sum() if known.any() else 0.0
    metres = per_unit.fillna(mean) * units
    power = electric_kw.reindex(loads.index).fillna(0.0) * costs["simultaneous_share"]
    gas_connection = np.where(
        dwellings > 0.0,
        _per_dwelling(dwellings, costs["gas_house_eur"], costs["gas_apartment_eur"]),
        costs["gas_other_eur"],
    )
    return pd.DataFrame(
        {
            "electricity_grid_eur": metres
            * costs["reinforcement_eur_m"]
            * costs["reinforced_share"]
            + power * costs["transformer_eur"] / costs["transformer_kw"]
            + units * costs["connection_eur"],
            "gas_removal_eur": metres * costs["gas_main_eur_m"] + gas_connection,
        }
    )
