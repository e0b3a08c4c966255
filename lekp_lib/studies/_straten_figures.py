"""The key figures of work programme 3."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from lekp_lib import assumptions as packaged
from lekp_lib.contracts.results.straten import SCENARIOS
from lekp_lib.studies._frames import KeyFigure
from lekp_lib.studies._straten_scene import Balance, Scene
from lekp_lib.studies._straten_tables import DAY_NAMES, DEPAVING

__all__ = ["enough_homes", "figures_of"]

_ABOUT = {
    "dwellings": ("aantal", "woningen", "derived"),
    "cars": ("aantal", "auto’s van bewoners", "derived"),
    "cars_private_ground": ("aantal", "auto’s die ’s nachts op eigen grond staan", "assumed"),
    "spaces_street": ("plaats", "plaatsen op straat", "derived"),
    "spaces_counted_share": ("aandeel", "deel van de plaatsen dat geteld is", "derived"),
    "spaces_firm_share": (
        "aandeel",
        "deel van de plaatsen dat geteld is of uit de straatbreedte volgt",
        "derived",
    ),
    "demand_peak": ("plaats", "vraag op straat op het drukste uur", "derived"),
    "peak_hour": ("uur", "drukste uur", "derived"),
    "occupancy_peak_share": ("aandeel", "bezetting op het drukste uur", "derived"),
    "occupancy_peak_low_share": ("aandeel", "bezetting, gunstig geval", "derived"),
    "occupancy_peak_high_share": ("aandeel", "bezetting, ongunstig geval", "derived"),
    "hours_above_alarm": ("uur", "uren per week boven de alarmgrens", "derived"),
    "streets_above_alarm": ("aantal", "straten boven de alarmgrens", "derived"),
    "freeable_spaces": ("plaats", "plaatsen die weg kunnen", "derived"),
    "freeable_spaces_low": ("plaats", "plaatsen die weg kunnen, ongunstig geval", "derived"),
    "freeable_spaces_high": ("plaats", "plaatsen die weg kunnen, gunstig geval", "derived"),
    "freeable_m2": ("m2", "oppervlakte van die plaatsen", "derived"),
    "freeable_green_m2": ("m2", "daarvan bruikbaar voor groen", "assumed"),
    "car_parks": ("aantal", "parkings naast de straat", "derived"),
    "car_parks_known": ("aantal", "parkings waarvan we het gebruik kennen", "derived"),
    "car_park_spaces_public": ("plaats", "plaatsen op openbare parkings", "derived"),
    "car_park_spaces_other": (
        "plaats",
        "plaatsen op parkings die niet openbaar zijn, of waarvan we het niet weten",
        "derived",
    ),
    "offered_night_spaces": ("plaats", "plaatsen die parkings ’s nachts kunnen delen", "assumed"),
    "width_median_m": ("m", "mediaan van de breedte tussen de gevels", "derived"),
    "facades_both_share": ("aandeel", "straatlengte met gevels aan twee kanten", "derived"),
    "building_share": ("aandeel", "grond onder gebouwen", "derived"),
    "carriageway_share": ("aandeel", "grond onder rijbanen en paden", "assumed"),
    "green_share": ("aandeel", "groen op de kaart", "derived"),
    "unknown_ground_share": ("aandeel", "tuin, erf of onbekend", "derived"),
    "trees_street": ("aantal", "bomen langs de straten", "derived"),
    "trees_100m": ("aantal", "bomen per 100 m straat", "derived"),
    "trees_dwelling": ("aantal", "straatbomen per woning", "derived"),
    "inhabitants": ("aantal", "inwoners, geschat uit de woningen", "derived"),
    "depaving_target_m2": ("m2", "aandeel van de wijk in het doel ontharding", "derived"),
    "depaving_reach_share": (
        "aandeel",
        "deel daarvan dat de vrij te maken plaatsen invullen",
        "assumed",
    ),
    "trees_target": ("boom", "aandeel van de wijk in het doel bomen", "derived"),
}
"""Key → unit, Dutch label, basis, in the order in which they are shown."""


def figures_of(
    scene: Scene,
    balance: Balance,
    internal: Mapping[str, pd.DataFrame],
    values: Mapping[str, float],
) -> list[KeyFigure]:
    """
    Return the key figures, before ``guard_key_figures``.

    Parameters
    ----------
    scene, balance : Scene, Balance
        See ``_straten_scene``.
    internal : mapping of str to DataFrame
        The result tables.
    values : mapping of str to float
        The assumptions used.
    """
    found = (
        _of_parking(scene, balance, values)
        | _of_range(internal["vrije_ruimte"])
        | _of_streets(internal, values)
        | _of_car_parks(internal["parkings_slack"], internal["rijkdom"])
        | _of_ground(scene, internal)
    )
    changed = {"peak_hour": f"drukste uur ({DAY_NAMES[balance.peak['day_kind']]})"}
    is_counted = found["spaces_counted_share"] == 1
    figures = []
    for key, (unit, label, basis) in _ABOUT.items():
        sure = "measured" if key == "spaces_street" and is_counted else basis
        figures.append(KeyFigure(key, found[key], unit, changed.get(key, label), sure, 3))
    return figures


def _of_parking(scene: Scene, balance: Balance, values: Mapping[str, float]) -> dict[str, float]:
    homes = float(scene.dwellings.to_numpy().sum())
    cars = homes * values["mobility.cars_household"]
    supply = float(balance.spaces.sum())
    counted = float(balance.spaces[scene.streets["on_street_spaces"].notna()].sum())
    firm = float(balance.spaces[balance.supply["is_firm"]].sum())
    total = balance.by_use.sum(axis=1)
    above = float((total > supply * values["mobility.alarm_share"]).sum())
    return {
        "dwellings": homes,
        "cars": cars,
        "cars_private_ground": cars - balance.street_cars,
        "spaces_street": supply,
        "spaces_counted_share": _ratio(counted, supply),
        "spaces_firm_share": _ratio(firm, supply),
        "demand_peak": float(balance.peak["demand"]),
        "peak_hour": float(balance.peak["hour"]),
        "occupancy_peak_share": balance.occupancy,
        "hours_above_alarm": above if supply > 0 else np.nan,
    }


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else np.nan


def _of_range(room: pd.DataFrame) -> dict[str, float]:
    unfavourable, middle, favourable = (
        {name: _sum(room.loc[room["scenario"] == case, name]) for name in room.columns[1:]}
        for case in SCENARIOS
    )
    return {
        "occupancy_peak_low_share": favourable["occupancy"],
        "occupancy_peak_high_share": unfavourable["occupancy"],
        "freeable_spaces": middle["freeable"],
        "freeable_spaces_low": unfavourable["freeable"],
        "freeable_spaces_high": favourable["freeable"],
        "freeable_m2": middle["area_m2"],
        "freeable_green_m2": middle["green_m2"],
    }


def _sum(column: pd.Series[float]) -> float:
    """Return the total, missing where nothing is known."""
    return float(column.astype("Float64").astype("float64").sum(min_count=1))


def _of_streets(
    internal: Mapping[str, pd.DataFrame], values: Mapping[str, float]
) -> dict[str, float]:
    streets = enough_homes(internal["parkeerbalans_straat"], values)
    profile = internal["straatprofiel"]
    length = profile["length_m"]
    return {
        "streets_above_alarm": float(streets["status"].isin(["vol", "krap"]).sum()),
        "width_median_m": float(profile["width_m"].median()),
        "facades_both_share": _ratio(_sum(profile["both_share"] * length), _sum(length)),
    }


def enough_homes(streets: pd.DataFrame, values: Mapping[str, float]) -> pd.DataFrame:
    """Return the streets whose modelled values may be named, see ``disclosure``."""
    key = "privacy.smallest_street_dwellings"
    smallest = max(packaged.load()[key].value, values[key])
    return streets[streets["dwellings"].astype("float64") >= smallest]


def _of_car_parks(car_parks: pd.DataFrame, tables: pd.DataFrame) -> dict[str, float]:
    is_given = bool(tables.loc[tables["table"] == "parkings", "is_present"].any())
    is_open = car_parks["is_open_to_public"].fillna(False).astype(bool)
    return {
        "car_parks": float(len(car_parks)) if is_given else np.nan,
        "car_parks_known": float(car_parks["free_night"].notna().sum()) if is_given else np.nan,
        "car_park_spaces_public": _sum(car_parks.loc[is_open, "capacity"]),
        "car_park_spaces_other": _sum(car_parks.loc[~is_open, "capacity"]),
        "offered_night_spaces": _sum(car_parks["offered_night"]),
    }


def _of_ground(scene: Scene, internal: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    ground = internal["ruimtegebruik"].set_index("kind")["share"].astype("float64")
    profile, goals = internal["straatprofiel"], internal["lekp_straten"]
    trees, length = _sum(profile["trees"]), _sum(profile["length_m"])
    target = goals.set_index("goal_id")["target"].astype("float64")
    room = internal["vrije_ruimte"]
    green_m2 = _sum(room.loc[room["scenario"] == "midden", "green_m2"])
    return {
        "building_share": float(ground["gebouwen"]),
        "carriageway_share": float(ground["rijbanen en paden"]),
        "green_share": float(ground["groen"]),
        "unknown_ground_share": float(ground.iloc[-1]),
        "trees_street": trees,
        "trees_100m": _ratio(trees, length) * 100,
        "trees_dwelling": _ratio(trees, float(scene.dwellings.to_numpy().sum())),
        "inhabitants": float(goals["inhabitants"].max()),
        "depaving_target_m2": float(target[DEPAVING]),
        "depaving_reach_share": _ratio(green_m2, float(target[DEPAVING])),
        "trees_target": float(target["W1a"]),
    }
