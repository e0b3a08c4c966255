"""The heat of work programme 1: demand per building, calibration, density and its range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lekp_lib import wording
from lekp_lib.assumptions import Assumptions
from lekp_lib.contracts import RESULTS
from lekp_lib.contracts.lists import BUILDING_TYPES
from lekp_lib.domain import building_stock, heat_demand, heat_density, heat_typology
from lekp_lib.studies._warmtenet_scene import FAMILIES, OTHER_FUNCTIONS, Neighbourhood

__all__ = ["Heat", "areas_of", "errors_after", "heat_of", "mean_density", "swings", "useful_heat"]

_GROUPS: Mapping[str, tuple[str, ...]] = {
    "oppervlakte van een gemiddelde woning, alle types samen": FAMILIES["reference"],
    "bouwlagen waar ze niet bekend zijn, alle types samen": FAMILIES["levels"],
    "nuttige warmte van scholen, winkels en andere": FAMILIES["other"],
}
_ALONE = (
    "heat.area_exponent",
    "heat.largest_dwelling_m2",
    "heat.mixed_home_share",
    "heat.hot_water_kwh_dwelling",
    "buildings.apartment_m2",
    "heat.boiler_efficiency_share",
    "heat.lower_to_upper_share",
    "heat.cooking_share",
    "heat.shrink_points",
)
_CONNECTED = "heat.connected_share"
_AREA_KEYS = frozenset(
    {
        *FAMILIES["levels"],
        "buildings.storey_height_m",
        "buildings.apartment_m2",
        "heat.mixed_home_share",
        "heat.largest_dwelling_m2",
    }
)
"""What ``areas_of`` depends on."""
_NARROW_SHARE = 0.02  # shown with a decimal


@dataclass(frozen=True)
class Heat:
    """
    Heat demand under one set of assumptions.

    Attributes
    ----------
    per_building : DataFrame
        dwellings, floor_area_m2, living_m2, other_m2, is_capped, space_mwh, hot_water_mwh (both
        calibrated), other_mwh, factor, demand_mwh and the origins of floor area and dwellings.
    compared : DataFrame, same index as the cells
        See ``heat_demand.compare_with_meters``.
    modelled_mwh_dwelling : float
        Useful heat per dwelling before calibration, NaN without dwellings.
    overall_factor : float or None
        None where nothing could be calibrated.
    """

    per_building: pd.DataFrame
    compared: pd.DataFrame
    modelled_mwh_dwelling: float
    overall_factor: float | None


def heat_of(
    hood: Neighbourhood,
    values: Mapping[str, float],
    *,
    areas: pd.DataFrame | None = None,
    gas_scale: float = 1.0,
    level_scale: float = 1.0,
    factor_without_meters: float = 1.0,
) -> Heat:
    """
    Return the heat demand of every building, calibrated where the meters allow it.

    Parameters
    ----------
    hood : Neighbourhood
        What stands there.
    values : mapping of str to float
        The assumptions, by the keys in ``KEYS``.
    areas : DataFrame, optional
        As returned by ``areas_of``, where it is known that `values` do not change it.
    gas_scale : float
        Metered gas is multiplied by this, to see what another year would give [-].
    level_scale : float
        The levels per type and period are multiplied by this, to see what their error does [-].
    factor_without_meters : float
        Factor for homes where nothing was metered, to see what an indication would give [-].
    """
    found = areas_of(hood, values) if areas is None else areas
    buildings = _modelled(hood, values, found, level_scale)
    homes_mwh = buildings["space_mwh"] + buildings["hot_water_mwh"]
    gas_mwh = hood.cells["gas_mwh"].astype("float64") * gas_scale
    cells = hood.cells.assign(useful_mwh=useful_heat(gas_mwh, values))
    compared = _compared(hood, cells, homes_mwh, buildings["dwellings"])
    overall = _overall_factor(cells.loc[hood.overall.index], homes_mwh, buildings["dwellings"])
    factor = pd.Series(factor_without_meters, buildings.index)
    if overall is not None:
        factor = _factor_per_building(hood, compared, homes_mwh, overall, values)
    parts = heat_demand.calibrated_parts(
        factor,
        buildings["space_mwh"],
        buildings["hot_water_mwh"],
        overall_factor=factor_without_meters if overall is None else overall,
    )
    after_mwh = parts.sum(axis=1)
    calibrated = buildings.assign(**parts, factor=(after_mwh / homes_mwh).fillna(factor))
    demand = after_mwh + calibrated["other_mwh"]
    dwellings = int(buildings["dwellings"].sum())
    return Heat(
        per_building=calibrated.assign(demand_mwh=demand),
        compared=compared,
        modelled_mwh_dwelling=homes_mwh.sum() / dwellings if dwellings else float("nan"),
        overall_factor=overall,
    )


def errors_after(hood: Neighbourhood, heat: Heat) -> pd.Series[float]:
    """Return calibrated over metered heat per dwelling, less 1, for each cell [-]."""
    homes_mwh = heat.per_building["space_mwh"] + heat.per_building["hot_water_mwh"]
    metered = heat.compared["metered_mwh_dwelling"] * hood.cells["gas_points"].astype("float64")
    cells = hood.cells.assign(useful_mwh=metered)
    after = _compared(hood, cells, homes_mwh, heat.per_building["dwellings"])
    return after["error_share"].rename("error_after_share")


def useful_heat(gas_mwh: pd.Series[float], values: Mapping[str, float]) -> pd.Series[float]:
    """Return useful heat from metered gas under a set of assumptions [MWh/yr]."""
    return heat_demand.useful_heat_from_gas(
        gas_mwh,
        boiler_efficiency_share=values["heat.boiler_efficiency_share"],
        lower_to_upper_share=values["heat.lower_to_upper_share"],
        cooking_share=values["heat.cooking_share"],
    )


def areas_of(hood: Neighbourhood, values: Mapping[str, float]) -> pd.DataFrame:
    """Return floor area, dwellings and what is lived in, per building; see ``_AREA_KEYS``."""
    types = hood.facts["building_type"]
    areas = building_stock.floor_areas(
        hood.buildings,
        types,
        levels_by_type={code: values[f"buildings.levels.{code}"] for code in BUILDING_TYPES},
        storey_height_m=values["buildings.storey_height_m"],
    )
    dwellings = building_stock.dwellings_per_building(
        hood.buildings,
        types,
        areas["floor_area_m2"],
        is_home=hood.facts["is_home"],
        apartment_m2=values["buildings.apartment_m2"],
    )
    table = areas.join(dwellings).assign(function=hood.buildings["function"])
    living = heat_demand.living_floor_area(
        table,
        mixed_home_share=values["heat.mixed_home_share"],
        apartment_m2=values["buildings.apartment_m2"],
        largest_dwelling_m2=values["heat.largest_dwelling_m2"],
    )
    return table.join(living)


def _space_levels(
    hood: Neighbourhood, values: Mapping[str, float], gas_mwh_dwelling: pd.Series[float]
) -> pd.DataFrame:
    """Return useful space heat per type (row) and period (column) from a level of gas [MWh/yr]."""
    return heat_demand.space_heat_levels(
        gas_mwh_dwelling,
        useful_per_gas_share=float(useful_heat(pd.Series([1.0]), values).iloc[0]),
        hot_water_kwh_dwelling=values["heat.hot_water_kwh_dwelling"],
    )


def _modelled(
    hood: Neighbourhood, values: Mapping[str, float], areas: pd.DataFrame, level_scale: float
) -> pd.DataFrame:
    """Return areas and uncalibrated heat per building."""
    gas = heat_typology.levels_of_municipality(hood.levels.typology, hood.stock_nis)
    space = heat_demand.space_heat_demand(
        areas.assign(building_type=hood.facts["building_type"]),
        hood.weights,
        _space_levels(hood, values, gas * level_scale),
        reference_m2={code: values[f"heat.reference.{code}_m2"] for code in BUILDING_TYPES},
        area_exponent=values["heat.area_exponent"],
    )
    water = heat_demand.hot_water_demand(
        areas["dwellings"], kwh_dwelling=values["heat.hot_water_kwh_dwelling"]
    )
    per_m2 = {code: values[f"heat.other.{code}_kwh_m2"] for code in OTHER_FUNCTIONS}
    other = heat_demand.other_heat_demand(
        areas["other_m2"],
        areas["function"].where(areas["function"] != "mixed", "shop"),
        kwh_m2_by_function=per_m2,
    )
    return areas.join([space, water, other])


def _compared(
    hood: Neighbourhood, cells: pd.DataFrame, homes_mwh: pd.Series[float], dwellings: pd.Series[int]
) -> pd.DataFrame:
    """
    Return modelled beside metered for each cell.

    Which building lies in which sector is not known: a sector has no model of its own, unless
    the sectors together stand for the whole.
    """
    per_area = pd.DataFrame({"mwh": homes_mwh, "dwellings": dwellings.astype("float64")})
    total = per_area.sum()
    of_cells = pd.DataFrame([total] * len(cells), index=cells.index, columns=per_area.columns)
    is_street = (cells["area_kind"] == "street").to_numpy(dtype=bool)
    if is_street.any():
        by_segment = per_area.groupby(hood.facts["street_id"].to_numpy(dtype=object)).sum()
        names = hood.facts["street_id"].map(hood.groups).to_numpy(dtype=object)
        areas = pd.concat([by_segment, per_area.groupby(names).sum()])
        areas = areas[~areas.index.duplicated()]
        found = areas.reindex(pd.Index(cells.loc[is_street, "area_id"]))
        of_cells.loc[is_street] = found.to_numpy()
    if (cells["area_kind"] == "wijk").any():
        of_cells.loc[cells["area_kind"] == "sector"] = np.nan
    return heat_demand.compare_with_meters(cells, of_cells["mwh"], of_cells["dwellings"])


def _overall_factor(
    cells: pd.DataFrame, homes_mwh: pd.Series[float], dwellings: pd.Series[int]
) -> float | None:
    """Return the factor of all overall cells together, None where there is nothing to compare."""
    together = pd.DataFrame(
        {
            "useful_mwh": [cells["useful_mwh"].sum()],
            "gas_points": [float(cells["gas_points"].sum())],
        }
    )
    compared = heat_demand.compare_with_meters(
        together, pd.Series([homes_mwh.sum()]), pd.Series([float(dwellings.sum())])
    )
    factor = float(compared["factor"].iloc[0])
    return None if np.isnan(factor) else factor


def _factor_per_building(
    hood: Neighbourhood,
    compared: pd.DataFrame,
    homes_mwh: pd.Series[float],
    overall: float,
    values: Mapping[str, float],
) -> pd.Series[float]:
    """Return the factor of each building's street, drawn to the overall one."""
    is_street = hood.cells["is_used"] & (hood.cells["area_kind"] == "street")
    if not is_street.any():
        return pd.Series(overall, homes_mwh.index, name="factor")
    drawn = heat_demand.shrunk_factors(
        compared.loc[is_street, "factor"],
        hood.cells.loc[is_street, "gas_points"].astype("float64"),
        overall_factor=overall,
        weight_points=values["heat.shrink_points"],
    )
    of_area = pd.Series(drawn.to_numpy(), pd.Index(hood.cells.loc[is_street, "area_id"]))
    own = hood.facts["street_id"].map(of_area)
    named = hood.facts["street_id"].map(hood.groups).map(of_area)
    return own.astype("float64").fillna(named.astype("float64")).fillna(overall)


def mean_density(hood: Neighbourhood, heat: Heat, values: Mapping[str, float]) -> float:
    """Return the heat of all buildings with a street over the length of all streets [MWh/m]."""
    has_street = hood.facts["street_id"].notna()
    demand = heat.per_building.loc[has_street, "demand_mwh"].sum() * values[_CONNECTED]
    density = heat_density.linear_heat_density(
        pd.Series([float(demand)]), pd.Series([float(hood.streets.length.sum())])
    )
    return float(density.iloc[0])


def swings(hood: Neighbourhood, used: Assumptions) -> pd.DataFrame:
    """
    Return what the mean heat density becomes, one assumption at a time at either end.

    Returns
    -------
    DataFrame
        Contract ``tornado``, largest swing first, also what moves nothing.
    """
    values = {key: figure.value for key, figure in used.items()}
    groups = {**_GROUPS, **{used[key].label: (key,) for key in (*_ALONE, _CONNECTED)}}
    rows: list[dict[str, Any]] = []
    unchanged = areas_of(hood, values)
    for label, keys in groups.items():
        areas = unchanged if _AREA_KEYS.isdisjoint(keys) else None
        ends = [
            {**values, **{key: getattr(used[key], end) for key in keys}} for end in ("low", "high")
        ]
        low, high = (mean_density(hood, heat_of(hood, end, areas=areas), end) for end in ends)
        concerns = "aansluiting" if keys == (_CONNECTED,) else "warmtevraag"
        rows.append(_swing(label, concerns, _texts(used, keys), (low, high)))
    rows += _of_levels(hood, values) + _weather(hood, values) + _indication(hood, values)
    table = pd.DataFrame(rows, columns=list(RESULTS["tornado"].columns))
    numbers = [name for name, about in RESULTS["tornado"].columns.items() if about.unit]
    table = table.astype(dict.fromkeys(numbers, "float64"))
    table = table[table["swing_mwh_m"].notna()]
    return table.sort_values("swing_mwh_m", ascending=False, kind="stable", ignore_index=True)


def _texts(used: Assumptions, keys: tuple[str, ...]) -> tuple[str, str]:
    if len(keys) > 1:
        return "laagste waarden", "hoogste waarden"
    figure = used[keys[0]]
    decimals = 0 if figure.high >= 10 else 2
    if figure.unit == "aandeel":
        decimals = int(figure.high - figure.low < _NARROW_SHARE)
    return (
        wording.quantity(figure.low, figure.unit, decimals),
        wording.quantity(figure.high, figure.unit, decimals),
    )


def _swing(
    label: str, concerns: str, texts: tuple[str, str], densities: tuple[float, float]
) -> dict[str, Any]:
    return {
        "assumption": label,
        "concerns": concerns,
        "low_text": texts[0],
        "high_text": texts[1],
        "density_low_mwh_m": densities[0],
        "density_high_mwh_m": densities[1],
        "swing_mwh_m": abs(densities[1] - densities[0]),
    }


def _of_levels(hood: Neighbourhood, values: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return the swing between neighbourhoods that use little and much for their homes."""
    ratios = hood.levels.wijk_ratios
    outside = (1.0 - values["heat.fit.coverage_share"]) / 2.0
    if ratios.empty:
        return []
    ends = (ratios["metered"] / ratios["predicted"]).quantile([outside, 1.0 - outside])
    low, high = (
        mean_density(hood, heat_of(hood, values, level_scale=float(end)), values) for end in ends
    )
    texts = tuple(f"{wording.share(float(end))} ervan" for end in ends)
    label = "niveaus per type en bouwperiode, alle samen"
    return [_swing(label, "warmtevraag", (texts[0], texts[1]), (low, high))]


def _weather(hood: Neighbourhood, values: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return the swing between the years that were metered, over the same kind of area."""
    if hood.overall.empty:
        return []
    kind = hood.overall["area_kind"].iloc[0]
    areas = set(hood.overall["area_id"])
    rows = hood.cells[hood.cells["area_kind"] == kind]
    rows = rows[rows["area_id"].isin(areas)]
    sums = rows.groupby("year")[["gas_mwh", "gas_points"]].sum().astype("float64")
    sums = sums[rows.groupby("year")["area_id"].nunique() == len(areas)]
    per_point = sums["gas_mwh"] / sums["gas_points"]
    if len(per_point) < 2:
        return []
    scale = per_point / per_point.loc[hood.overall["year"].iloc[0]]
    low, high = (
        mean_density(hood, heat_of(hood, values, gas_scale=float(end)), values)
        for end in (scale.min(), scale.max())
    )
    years = (str(scale.idxmin()), str(scale.idxmax()))
    return [_swing("gas van een zachter of kouder jaar", "warmtevraag", years, (low, high))]


def _indication(hood: Neighbourhood, values: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return, without meters, the swing to homes that use as much gas as in the municipality."""
    heat = heat_of(hood, values)
    if heat.overall_factor is not None or not heat.modelled_mwh_dwelling > 0:
        return []
    useful = float(useful_heat(pd.Series([hood.reference_mwh_point]), values).iloc[0])
    if np.isnan(useful):
        return []
    amounts = sorted((useful, heat.modelled_mwh_dwelling))
    factors = [amount / heat.modelled_mwh_dwelling for amount in amounts]
    low, high = (
        mean_density(hood, heat_of(hood, values, factor_without_meters=factor), values)
        for factor in factors
    )
    texts = [wording.quantity(amount, "MWh/woning", 1) for amount in amounts]
    label = "woningen naar het gas per aansluiting in de gemeente of Vlaanderen (indicatie)"
    return [_swing(label, "warmtevraag", (texts[0], texts[1]), (low, high))]
