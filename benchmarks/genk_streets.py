"""
Heat per street in Genk: from areas and thermal resistances, beside the typology.

7,775 real buildings of nine neighbourhoods (I. De Jaeger, KU Leuven and EnergyVille, in
energyville/modesto, BSD 3-Clause) have areas, volumes and resistances, but no address that may
be shown: only streets with at least five buildings are printed. Call with the folder of the
file, and with a CSV that has a column temperature_c if there is one::

    .venv/bin/python benchmarks/genk_streets.py ../shared/data/genk

Type: terraced where one pair of opposite sides is small beside the other pair, semi-detached
where one side is small beside its opposite; with these bounds the shares per neighbourhood come
close to the three archetypes of the same source. Period: the file has one set of U-values per
neighbourhood, laid here on the periods of TABULA-BE with the nearest U-value of the wall. It is
the period of the construction, not of the first stone.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from lekp_lib.assumptions import Assumptions, load
from lekp_lib.contracts import Flanders
from lekp_lib.contracts.lists import BUILDING_TYPES, PERIODS
from lekp_lib.domain import heat_demand, heat_loss, heat_typology, weather
from lekp_lib.io.read import read_flanders
from lekp_lib.studies._typology import TYPOLOGY_KEYS, fitted_levels
from lekp_lib.units import KWH_PER_MWH

FILE = "genk_9_neighbourhoods_teaser_four_element.csv.gz"
GENK = "71016"
FEWEST_BUILDINGS = 5
SMALL_PAIR, SMALL_SIDE = 0.4, 0.6
WALL_U_TO_PERIODS = {
    1.765: PERIODS[:3],  # before 1946
    1.70: PERIODS[3:5],  # 1946-1970
    1.0: PERIODS[5:7],  # 1971-1991
    0.6: PERIODS[7:8],  # 1992-2001
    0.4: PERIODS[8:9],  # 2002-2011
}
"""U-value of a wall in TABULA-BE [W/(m2 K)] → periods of Statbel."""
SAME_NAME = {
    "Boxbergheide": ("Boxbergheide",),
    "OudWinterslag": ("Oud-Winterslag",),
    "Winterslag": ("Winterslag 1", "Winterslag 2 en 4"),
    "ZwartbergNEast": ("Zwartberg-Noord",),
    "ZwartbergNWest": ("Zwartberg-Noord",),
    "ZwartbergSouth": ("Zwartberg-Zuid",),
}
"""Neighbourhoods of the file → wijken with metered gas and that name; borders may differ."""


def read_genk(folder: str | Path) -> pd.DataFrame:
    """Return neighbourhood, street, sides and the shell of each building, without its address."""
    raw = pd.read_csv(Path(folder) / FILE, sep=";")  # noqa: TID251 - a script beside the library
    opaque, glazed = (
        np.array([json.loads(cell) for cell in raw[f"0_{name} [S, W, N, E]"]])
        for name in ("AExt", "AWin")
    )
    wall, window = opaque.sum(axis=1), glazed.sum(axis=1)
    roof, floor = raw["0_ARoof"], raw["0_AFloor"]
    shell = pd.DataFrame(
        {
            "neighbourhood": raw["neighbourhood"],
            "street": raw["street"],
            "wall_m2": wall,
            "wall_m2k_w": (raw["0_RExt"] + raw["0_RExtRem"]) * wall,
            "roof_m2": roof,
            "roof_m2k_w": (raw["0_RRoof"] + raw["0_RRoofRem"]) * roof,
            "floor_m2": floor,
            "floor_m2k_w": (raw["0_RFloor"] + raw["0_RFloorRem"]) * floor,
            "window_m2": window,
            "window_m2k_w": raw["0_RWin"] * window,
            "volume_m3": raw["0_VAir"],
        }
    )
    return shell.assign(building_type=types_by_sides(opaque + glazed))


def types_by_sides(sides: npt.NDArray[np.float64]) -> npt.NDArray[np.object_]:
    """Return the type of each building from the areas of its sides [S, W, N, E]."""
    pairs = np.stack([sides[:, [0, 2]], sides[:, [1, 3]]], axis=1)
    totals = pairs.sum(axis=2)
    is_row = totals.min(axis=1) < SMALL_PAIR * totals.max(axis=1)
    is_half = (pairs.min(axis=2) < SMALL_SIDE * pairs.max(axis=2)).any(axis=1)
    return np.select([is_row, is_half], ["terraced", "semi_detached"], "detached").astype(object)


def periods_by_walls(wall_m2k_w: pd.Series, film_m2k_w: float) -> pd.DataFrame:
    """Return the weight of each period: equal among those whose wall has the nearest U-value."""
    known = np.array(list(WALL_U_TO_PERIODS))
    own = 1.0 / (wall_m2k_w.to_numpy() + film_m2k_w)
    nearest = np.abs(np.log(own[:, None] / known)).argmin(axis=1)
    weights = np.zeros((len(known), len(PERIODS)))
    for row, periods in enumerate(WALL_U_TO_PERIODS.values()):
        weights[row, [PERIODS.index(period) for period in periods]] = 1.0 / len(periods)
    return pd.DataFrame(weights[nearest], index=wall_m2k_w.index, columns=list(PERIODS))


def by_typology(buildings: pd.DataFrame, flanders: Flanders, used: Assumptions) -> pd.Series:
    """Return space heat per building from the levels fitted to gas [MWh/yr]."""
    levels = fitted_levels(flanders, used.pick(TYPOLOGY_KEYS)).typology
    space = heat_demand.space_heat_levels(
        heat_typology.levels_of_municipality(levels, GENK),
        useful_per_gas_share=useful_share(used),
        hot_water_kwh_dwelling=used["heat.hot_water_kwh_dwelling"].value,
    )
    homes = buildings.assign(
        dwellings=1, living_m2=buildings["volume_m3"] / used["buildings.storey_height_m"].value
    )
    return heat_demand.space_heat_demand(
        homes,
        periods_by_walls(buildings["wall_m2k_w"], used["heat.loss.film_wall"].value),
        space,
        reference_m2={code: used[f"heat.reference.{code}_m2"].value for code in BUILDING_TYPES},
        area_exponent=used["heat.area_exponent"].value,
    )


def by_loss(
    buildings: pd.DataFrame, used: Assumptions, temperature_c: npt.NDArray[np.float64]
) -> pd.Series:
    """Return space heat per building from its shell [MWh/yr]."""
    parts = heat_loss.heat_loss_coefficient(
        buildings,
        film_m2k_w={name: used[f"heat.loss.film_{name}"].value for name in heat_loss.ELEMENTS},
        floor_ratio=used["heat.loss.floor_ratio"].value,
        air_changes=used["heat.loss.air_changes"].value,
        air_heat_wh_m3k=used["heat.loss.air_heat"].value,
    )
    return heat_loss.yearly_heat_loss(
        parts, temperature_c=temperature_c, base_c=used["heat.loss.base_c"].value
    )


def fictional_year(used: Assumptions) -> npt.NDArray[np.float64]:
    """Return the hourly temperature of the year that stands in where nothing was measured."""
    climate = weather.Climate(**used.values_below("weather.synthetic."))
    return weather.synthetic_year(climate, seed=0)["temperature_c"].to_numpy()


def metered(flanders: Flanders, used: Assumptions) -> pd.Series:
    """Return useful space heat per gas connection of the neighbourhoods with the same name."""
    energy = flanders.wijk_energy.query("year == 2021").set_index("wijk_code")
    names = flanders.wijken.query("nis_code == @GENK")["name"]
    gas = energy["gas_residential_mwh"] / energy["gas_residential_points"]
    space = gas * useful_share(used) - used["heat.hot_water_kwh_dwelling"].value / KWH_PER_MWH
    found = space.reindex(names.index).set_axis(names)
    return pd.Series({name: found[list(wijken)].mean() for name, wijken in SAME_NAME.items()})


def useful_share(used: Assumptions) -> float:
    """Return useful heat over metered gas [-]."""
    found = heat_demand.useful_heat_from_gas(
        pd.Series([1.0]),
        boiler_efficiency_share=used["heat.boiler_efficiency_share"].value,
        lower_to_upper_share=used["heat.lower_to_upper_share"].value,
        cooking_share=used["heat.cooking_share"].value,
    )
    return float(found.iloc[0])


def per_street(buildings: pd.DataFrame) -> pd.DataFrame:
    """Return both answers per street [MWh per building]; streets with few buildings are left."""
    groups = buildings.groupby(["neighbourhood", "street"])
    table = groups[["loss_mwh", "typology_mwh"]].mean().assign(buildings=groups.size())
    return table[table["buildings"] >= FEWEST_BUILDINGS]


def both_ways(
    folder: str | Path, flanders: Flanders, used: Assumptions, year: npt.NDArray[np.float64]
) -> pd.DataFrame:
    """Return the buildings with space heat from their shell and from the typology [MWh/yr]."""
    buildings = read_genk(folder)
    return buildings.assign(
        loss_mwh=by_loss(buildings, used, year),
        typology_mwh=by_typology(buildings, flanders, used),
    )


def main(folder: str, temperatures: str | None = None) -> None:
    """Print the streets, then how far both lie apart."""
    used, flanders = load(), read_flanders(data_dir="data")
    year = fictional_year(used)
    if temperatures is not None:
        year = pd.read_csv(temperatures)["temperature_c"].to_numpy()  # noqa: TID251
    buildings = both_ways(folder, flanders, used, year)
    streets = per_street(buildings)
    areas = buildings.groupby("neighbourhood")[["loss_mwh", "typology_mwh"]].mean()
    areas = areas.assign(metered_mwh=metered(flanders, used))
    say(streets.round(1).to_string(), areas.round(1).to_string())
    say(*(f"{what}: {number:.2f}" for what, number in differences(buildings, streets).items()))


def differences(buildings: pd.DataFrame, streets: pd.DataFrame) -> dict[str, float]:
    """Return how far both answers lie apart: what was measured → figure."""
    hidden = buildings.groupby(["neighbourhood", "street"]).ngroups - len(streets)
    total = float(buildings["loss_mwh"].sum() / buildings["typology_mwh"].sum())
    pair = streets[["loss_mwh", "typology_mwh"]]
    ratio = pair["loss_mwh"] / pair["typology_mwh"]
    inside = pair.groupby("neighbourhood").corr().xs("loss_mwh", level=1)["typology_mwh"]
    return {
        "streets shown": len(streets),
        f"streets with fewer than {FEWEST_BUILDINGS} buildings, hidden": hidden,
        "loss over typology, all buildings together": total,
        "mean absolute difference, share of the typology": (ratio - 1).abs().mean(),
        "the same after scaling to one total": (ratio / total - 1).abs().mean(),
        "correlation of streets": pair["loss_mwh"].corr(pair["typology_mwh"]),
        "correlation inside a neighbourhood, median": inside.median(),
    }


def say(*lines: str) -> None:
    """Write lines to the terminal."""
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
