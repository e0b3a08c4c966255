"""The result tables of work programme 1, as their contracts want them."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from lekp_lib import wording
from lekp_lib.assumptions import Assumptions
from lekp_lib.contracts import CRS, RESULTS
from lekp_lib.contracts.lists import BUILDING_TYPES, PERIODS
from lekp_lib.contracts.results.warmtenet import NO_DEMAND, SCENARIOS, VERDICTS
from lekp_lib.domain import heat_density, heat_typology
from lekp_lib.studies._warmtenet_model import Heat, errors_after, useful_heat
from lekp_lib.studies._warmtenet_scene import Neighbourhood
from lekp_lib.units import M_PER_KM, MWH_PER_GWH

__all__ = [
    "building_map",
    "calibrated_streets",
    "calibration",
    "filled_in",
    "of_levels",
    "other_buildings",
    "per_building",
    "per_class",
    "per_scenario",
    "per_street",
    "per_type_and_period",
    "verdict_bounds",
    "without_demand",
]

_HOW = {
    ("home_origin", "dwellings"): ("aantal woningen opgegeven", False),
    ("home_origin", "function"): ("functie opgegeven", False),
    ("home_origin", "building_type"): ("type opgegeven", False),
    ("home_origin", "house_number"): ("huisnummer, functie niet ingevuld", True),
    ("home_origin", "footprint"): ("grootte van het grondvlak", True),
    ("home_origin", "none"): ("niets wijst op een woning", True),
    ("type_origin", "given"): ("opgegeven", False),
    ("type_origin", "function"): ("wonen boven handel, uit de functie", True),
    ("type_origin", "dwellings"): ("meer dan één woning in het gebouw", True),
    ("type_origin", "levels"): ("aantal bouwlagen", True),
    ("type_origin", "walls"): ("aantal gemene muren met buren", True),
    ("area_origin", "floor_area"): ("vloeroppervlakte opgegeven", False),
    ("area_origin", "levels"): ("grondvlak maal opgegeven bouwlagen", False),
    ("area_origin", "height"): ("grondvlak maal bouwlagen uit de hoogte", True),
    ("area_origin", "type"): ("grondvlak maal aangenomen bouwlagen van het type", True),
    ("dwellings_origin", "dwellings"): ("opgegeven", False),
    ("dwellings_origin", "house_numbers"): ("geteld uit de huisnummers", True),
    ("dwellings_origin", "floor_area"): ("uit de oppervlakte van het gebouw", True),
    ("dwellings_origin", "one"): ("één woning aangenomen", True),
    ("period_origin", "year"): ("bouwjaar opgegeven", False),
    ("period_origin", "period"): ("bouwperiode opgegeven", False),
    ("period_origin", "stock"): ("verdeling van het gebouwenpark (Statbel)", True),
    ("street_origin", "street_id"): ("straat-id opgegeven", False),
    ("street_origin", "street_name"): ("dichtste segment met de opgegeven straatnaam", False),
    ("street_origin", "nearest"): ("dichtste segment", True),
    ("street_origin", "none"): ("geen straat dichtbij genoeg", True),
}
_SUBJECTS = {
    "home_origin": "woning of niet",
    "type_origin": "type van de woongebouwen",
    "area_origin": "vloeroppervlakte van de woongebouwen",
    "dwellings_origin": "aantal woningen per woongebouw",
    "period_origin": "bouwperiode van de woongebouwen",
    "street_origin": "straat van de gebouwen met warmtevraag",
}
_REASONS = {
    "residential": "nul woningen opgegeven",
    "mixed": "nul woningen opgegeven",
    "ancillary": "bijgebouw zonder woning",
    "industry": "proceswarmte is niet te schatten uit de oppervlakte",
    "agriculture": "stallen en serres zijn niet te schatten uit de oppervlakte",
    "unknown": "geen woning en geen functie bekend",
}
_OTHER_REASON = "geen vloeroppervlakte voor deze functie"


def verdict_bounds(used: Assumptions) -> dict[str, float]:
    """Return the lowest heat density of each verdict [MWh/m]."""
    names = ("good", "middle", "critical")
    bounds = [used[f"heat.density_{name}_mwh_m"].value for name in names]
    return dict(zip(VERDICTS, [*bounds, 0.0], strict=True))


def per_street(
    hood: Neighbourhood, heat: Heat, used: Assumptions
) -> tuple[gpd.GeoDataFrame, pd.Series[float]]:
    """Return table ``warmte_per_straat`` and, per street, the length that has buildings [m]."""
    served = pd.DataFrame(
        {
            "street_id": hood.facts["street_id"],
            "dwellings": heat.per_building["dwellings"],
            "demand_mwh": heat.per_building["demand_mwh"],
        }
    )
    served = served[served["demand_mwh"] > 0]
    if hood.streets.empty:
        columns = RESULTS["warmte_per_straat"].columns
        blank = pd.DataFrame(columns=list(columns))
        return gpd.GeoDataFrame(blank, geometry=[], crs=CRS), pd.Series(dtype="float64")
    streets = heat_density.heat_per_street(hood.streets, hood.groups, served)
    connected = streets["demand_mwh"] * used["heat.connected_share"].value
    density = heat_density.linear_heat_density(connected, streets["length_m"])
    verdict = heat_density.density_verdicts(
        density, lower_bounds=verdict_bounds(used), without=NO_DEMAND
    )
    table = streets.assign(density_mwh_m=density, verdict=verdict)
    served_m = table.pop("served_m").reset_index(drop=True)
    table = table.rename_axis("street_name").reset_index()
    return table.astype({"dwellings": "Int64", "buildings": "Int64"}), served_m


def per_scenario(
    streets: pd.DataFrame,
    used: Assumptions,
    *,
    demand_mwh: float,
    densities_mwh_m: tuple[float, float, float],
) -> pd.DataFrame:
    """
    Return table ``oordeel_per_scenario`` from low, middle and high mean density.

    Every street moves with the mean: the range says how much heat there is, not where. The
    last row is the middle one with the lowest share that connects, if that is any lower.
    """
    rows = []
    middle = densities_mwh_m[1]
    connects = used["heat.connected_share"]
    cases = [(mean, mean, connects.value) for mean in densities_mwh_m]
    if connects.low < connects.value:
        cases.append((middle, middle * connects.low / connects.value, connects.low))
    bounds = list(verdict_bounds(used).items())[:-1]
    total = float(streets["demand_mwh"].sum())
    for scenario, (of_demand, mean, connected) in zip(SCENARIOS, cases, strict=False):
        scale = mean / middle if middle > 0 else 1.0
        at_least = {
            verdict: heat_density.share_above(
                streets["demand_mwh"], streets["density_mwh_m"] * scale, bound=bound, total=total
            )
            for verdict, bound in bounds
        }
        verdict = heat_density.verdict_of_area(
            at_least, needed_share=used["heat.verdict_share"].value, last=VERDICTS[-1]
        )
        gwh = demand_mwh * (of_demand / middle if middle > 0 else 1.0) / MWH_PER_GWH
        said = verdict if total > 0 else NO_DEMAND
        rows.append((scenario, connected, gwh, mean, *at_least.values(), said))
    return pd.DataFrame(rows, columns=list(RESULTS["oordeel_per_scenario"].columns))


def per_class(streets: pd.DataFrame, used: Assumptions) -> pd.DataFrame:
    """Return table ``oordeel_per_klasse``; a class without streets has no row."""
    bounds = verdict_bounds(used)
    columns = ["streets", "length_m", "dwellings", "demand_mwh"]
    sums = streets.assign(streets=1).groupby("verdict")[columns].sum().astype("float64")
    table = sums.reindex([verdict for verdict in VERDICTS if verdict in sums.index])
    lows = list(bounds.values())
    highs = [None, *lows[:-1]]
    words = dict(zip(bounds, map(_between, lows, highs), strict=True))
    return pd.DataFrame(
        {
            "verdict": pd.Series(table.index, dtype="str"),
            "bounds": pd.Series([words[str(verdict)] for verdict in table.index], dtype="str"),
            "streets": table["streets"].astype("Int64").array,
            "length_km": table["length_m"].to_numpy() / M_PER_KM,
            "dwellings": table["dwellings"].astype("Int64").array,
            "demand_mwh": table["demand_mwh"].to_numpy(),
            "demand_share": (table["demand_mwh"] / table["demand_mwh"].sum()).to_numpy(),
        }
    )


def _between(low: float, high: float | None) -> str:
    if high is None:
        return f"vanaf {wording.quantity(low, 'MWh/m', 2)}"
    if low == 0:
        return f"onder {wording.quantity(high, 'MWh/m', 2)}"
    return f"{wording.number(low, 2)} tot {wording.quantity(high, 'MWh/m', 2)}"


def per_type_and_period(hood: Neighbourhood, heat: Heat) -> pd.DataFrame:
    """Return table ``warmte_per_type_periode``, homes only."""
    homes = heat.per_building.assign(
        building_type=hood.facts["building_type"],
        construction_period=hood.facts["period"].fillna("unknown"),
        buildings=1,
        homes_mwh=heat.per_building["space_mwh"] + heat.per_building["hot_water_mwh"],
    )
    homes = homes[homes["dwellings"] > 0]
    keys = ["building_type", "construction_period"]
    sums = homes.groupby(keys)[["buildings", "dwellings", "homes_mwh"]].sum().reset_index()
    order = sums.assign(
        building_type=pd.Categorical(sums["building_type"], list(BUILDING_TYPES)),
        construction_period=pd.Categorical(sums["construction_period"], [*PERIODS, "unknown"]),
    ).sort_values(keys)
    sums = sums.loc[order.index].reset_index(drop=True).rename(columns={"homes_mwh": "demand_mwh"})
    return sums.assign(demand_mwh_dwelling=sums["demand_mwh"] / sums["dwellings"]).astype(
        {"buildings": "Int64", "dwellings": "Int64"}
    )


def building_map(hood: Neighbourhood) -> gpd.GeoDataFrame:
    """Return table ``gebouwen_kaart``: nothing but type, period and function."""
    facts = hood.facts
    table = {
        "building_type": facts["building_type"],
        "construction_period": facts["period"].fillna("unknown"),
        "function": hood.buildings["function"].fillna("unknown"),
    }
    return gpd.GeoDataFrame(table, geometry=hood.buildings.geometry, crs=CRS).reset_index(drop=True)


def calibration(hood: Neighbourhood, heat: Heat) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return tables ``ijking`` (wijk and sectors) and ``ijking_per_straat``."""
    table = hood.cells.join([heat.compared, errors_after(hood, heat)])[
        list(RESULTS["ijking"].columns)
    ].astype({"is_used": "boolean", "gas_points": "Int64", "year": "Int64", "gas_mwh": "float64"})
    table = table.sort_values(["area_kind", "area_id", "year"], ascending=[False, True, False])
    is_street = table["area_kind"] == "street"
    return table[~is_street].reset_index(drop=True), table[is_street].reset_index(drop=True)


def calibrated_streets(hood: Neighbourhood, per_metered_street: pd.DataFrame) -> pd.DataFrame:
    """Return table ``straten_geijkt`` from ``ijking_per_straat``, most connections first."""
    table = per_metered_street[per_metered_street["is_used"]]
    areas = table["area_id"]
    table = table.assign(
        street_name=areas.map(hood.groups).astype("object").fillna(areas).astype("str")
    )
    table = table.sort_values("gas_points", ascending=False, kind="stable", ignore_index=True)
    return table[list(RESULTS["straten_geijkt"].columns)]


def filled_in(hood: Neighbourhood, heat: Heat) -> pd.DataFrame:
    """Return table ``invulling``: per property and origin the number of buildings."""
    has_home = heat.per_building["dwellings"] > 0
    is_served = heat.per_building["demand_mwh"] > 0
    everything = pd.Series(data=True, index=has_home.index)
    counted = {"home_origin": everything, "street_origin": is_served}
    rows = []
    for subject, title in _SUBJECTS.items():
        which = counted.get(subject, has_home)
        counts = hood.facts.loc[which, subject].value_counts()
        for (about, origin), (how, is_default) in _HOW.items():
            if about == subject and origin in counts.index:
                number = int(counts[origin])
                rows.append((title, how, is_default, number, number / int(which.sum())))
    capped = int(heat.per_building["is_capped"].sum())
    if capped:
        how = "groter dan de grootste woning: het meerdere telt niet mee"
        title = _SUBJECTS["area_origin"]
        rows.append((title, how, True, capped, capped / int(has_home.sum())))
    if hood.n_outside:
        n_all = hood.n_outside + len(hood.buildings)
        how = "buiten de grens van de wijk: niet meegeteld"
        rows.append(("ligging", how, False, hood.n_outside, hood.n_outside / n_all))
    table = pd.DataFrame(rows, columns=list(RESULTS["invulling"].columns))
    return table.astype({"is_default": "boolean", "buildings": "Int64", "share": "float64"})


def without_demand(hood: Neighbourhood, heat: Heat) -> pd.DataFrame:
    """Return table ``zonder_warmtevraag``."""
    has_none = heat.per_building["demand_mwh"] <= 0
    functions = hood.buildings.loc[has_none, "function"].fillna("unknown")
    counts = functions.value_counts()
    return pd.DataFrame(
        {
            "function": pd.Series(counts.index, dtype="str"),
            "reason": pd.Series(
                [_REASONS.get(str(code), _OTHER_REASON) for code in counts.index], dtype="str"
            ),
            "buildings": counts.astype("Int64").array,
        }
    )


def other_buildings(hood: Neighbourhood, heat: Heat, used: Assumptions) -> pd.DataFrame:
    """Return table ``andere_gebouwen``: demand beside homes, by function."""
    table = heat.per_building.assign(buildings=1, function=hood.buildings["function"])
    table = table[table["other_mwh"] > 0]
    sums = table.groupby("function")[["buildings", "other_m2", "other_mwh"]].sum().reset_index()
    per_m2 = used.values_below("heat.other.")
    codes = sums["function"].where(sums["function"] != "mixed", "shop")
    return pd.DataFrame(
        {
            "function": sums["function"].astype("str"),
            "buildings": sums["buildings"].astype("Int64"),
            "floor_area_m2": sums["other_m2"].astype("float64"),
            "heat_kwh_m2": (codes + "_kwh_m2").map(per_m2).astype("float64"),
            "demand_mwh": sums["other_mwh"].astype("float64"),
        }
    )


def of_levels(
    hood: Neighbourhood, heat: Heat, values: Mapping[str, float]
) -> dict[str, pd.DataFrame]:
    """Return tables ``warmte_per_periode`` (here) and ``typologie`` (Flanders)."""
    return {
        "warmte_per_periode": _per_period(hood, heat, values),
        "typologie": _typology(hood, values),
    }


def _per_period(hood: Neighbourhood, heat: Heat, values: Mapping[str, float]) -> pd.DataFrame:
    """Return table ``warmte_per_periode``: levels of the types that stand here, by period."""
    has_home = heat.per_building["dwellings"] > 0
    weights = hood.weights.loc[has_home]
    homes = weights.mul(heat.per_building.loc[has_home, "dwellings"], axis=0)
    per_type = homes.groupby(hood.facts.loc[has_home, "building_type"]).sum()
    levels = _useful_levels(hood, values, hood.stock_nis)
    columns = {
        name: (per_type * _by_type(levels[name]).loc[per_type.index, list(PERIODS)]).sum()
        for name in levels.columns
    }
    means = pd.DataFrame(columns).div(per_type.sum(), axis=0)
    table = means.assign(buildings=weights.sum().astype("float64"))
    table = table[table["buildings"] > 0].rename_axis("construction_period").reset_index()
    return table.astype({"construction_period": "str"})


def _typology(hood: Neighbourhood, values: Mapping[str, float]) -> pd.DataFrame:
    """Return table ``typologie``: the Flemish levels, and on what they stand."""
    table = _useful_levels(hood, values, None)
    fitted = hood.levels.typology.levels
    is_thin = fitted["stock_share"] < values["heat.fit.thin_share"]
    remark = np.select(
        [fitted["is_lowest"], is_thin],
        ["laagste waarde die we toelaten", "weinig woningen: vooral de aangenomen vorm"],
        default="",
    )
    table = table.assign(dwellings=hood.levels.dwellings, remark=remark).reset_index()
    return table.rename(columns={"period": "construction_period"}).astype(
        {"building_type": "str", "construction_period": "str", "remark": "str"}
    )


def _useful_levels(
    hood: Neighbourhood, values: Mapping[str, float], nis_code: str | None
) -> pd.DataFrame:
    """Return level, low and high of each class [MWh of useful heat per dwelling]."""
    gas = heat_typology.levels_of_municipality(hood.levels.typology, nis_code)
    scale = gas / hood.levels.typology.levels["gas_mwh_dwelling"]
    ranges = hood.levels.ranges.mul(scale, axis=0)
    table = pd.concat([gas.rename("heat_mwh_dwelling"), ranges], axis=1)
    return table * float(useful_heat(pd.Series([1.0]), values).iloc[0])


def _by_type(levels: pd.Series[float]) -> pd.DataFrame:
    table = levels.rename("mwh").reset_index()
    return table.pivot_table(index="building_type", columns="period", values="mwh")


def per_building(hood: Neighbourhood, heat: Heat) -> pd.DataFrame:
    """Return table ``warmte_per_gebouw``, which never leaves the house."""
    table = heat.per_building.assign(
        street_id=hood.facts["street_id"],
        building_type=hood.facts["building_type"],
        construction_period=hood.facts["period"],
    )
    columns = [name for name in RESULTS["warmte_per_gebouw"].columns if name != "building_id"]
    return table[columns]
