"""The streets, homes and parking balance that the tables of work programme 3 start from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lekp_lib import assumptions as packaged
from lekp_lib import wording
from lekp_lib.assumptions import Assumptions
from lekp_lib.contracts import Flanders, Place
from lekp_lib.contracts.lists import BUILDING_TYPES, ROAD_CLASSES
from lekp_lib.contracts.results.straten import SCENARIOS
from lekp_lib.domain import heat_density, parking, street_space
from lekp_lib.studies._stock import STOCK_KEYS, described_stock

__all__ = ["KEYS", "Balance", "Scene", "balance_of", "build_scene", "room", "swings"]

_SWINGS = (
    "mobility.cars_household",
    "mobility.garage_used_share",
    "mobility.garage_used_apartment_share",
    "mobility.driveway_cars_detached",
    "mobility.driveway_cars_semi_detached",
    "mobility.driveway_cars_terraced",
    "mobility.driveway_cars_apartment_building",
    "mobility.visitors_dwelling",
    "space.parallel_place_length_m",
    "space.lost_place_piece",
    "space.driveway_gap_m",
    "space.driveway_detached_share",
    "space.driveway_semi_detached_share",
    "space.footway_m",
    "space.free_passage_m",
    "space.enclosed_width_m",
    "space.sides_open_street",
)
"""Figures whose range moves the parking balance."""

KEYS = (
    "privacy.smallest_cell",
    "privacy.smallest_street_dwellings",
    *_SWINGS,
    "mobility.driveway_cars_mixed_commercial",
    "mobility.driveway_cars_other",
    "mobility.alarm_share",
    "mobility.own_peak_share",
    "mobility.offered_night_share",
    "mobility.night_first_hour",
    "mobility.night_last_hour",
    "space.parallel_place_width_m",
    "space.parallel_place_m2",
    "space.car_park_place_m2",
    "space.junction_clearance_m",
    "space.free_passage_connector_m",
    "space.enclosed_share",
    "space.facade_reach_m",
    "space.section_spacing_m",
    "space.usable_green_share",
    "space.tree_reach_m",
    *(f"space.carriageway_{road_class}_m" for road_class in ROAD_CLASSES),
    *STOCK_KEYS,
    "streets.named_within_m",
    "streets.nearest_within_m",
)

_NOT_FOR_CARS = ("motorway", "slow")
_NO_STREET = ""
_OF_SUPPLY = "space."
_SWING_TYPES = {
    **dict.fromkeys(("key", "label", "unit", "basis"), "str"),
    **dict.fromkeys(("low", "high", "occupancy_low", "occupancy_high", "swing"), "float64"),
    **dict.fromkeys(("surplus_low", "surplus_high"), "float64"),
}


@dataclass(frozen=True)
class Scene:
    """What stays the same while the assumptions move."""

    streets: gpd.GeoDataFrame  # segments for cars, with group, widths, junctions, driveways
    homes: pd.DataFrame  # buildings with dwellings: type, dwellings, street_id, where from
    dwellings: pd.DataFrame  # group x building type
    driveways: pd.DataFrame  # street_id x building type: buildings with dwellings
    places: pd.Series[float]  # garages and covered places per dwelling, by type
    garage_share: pd.Series[float]  # share of buildings with a garage, by type
    presence: pd.DataFrame  # 168 hours x function
    nis_code: str | None


@dataclass(frozen=True)
class Balance:
    """Demand and supply under one set of figures."""

    by_use: pd.DataFrame  # 168 hours x (residential, visitors), whole neighbourhood
    demand: pd.DataFrame  # 168 hours x group
    supply: pd.DataFrame  # per segment: spaces, is_firm, is_looked_for
    street_cars: float

    @property
    def spaces(self) -> pd.Series[int]:
        """Places on the street, per segment."""
        return self.supply["spaces"]

    @property
    def peak(self) -> pd.Series[Any]:
        """Busiest hour of the whole neighbourhood: day_kind, hour, demand."""
        total = self.by_use.sum(axis=1).to_frame("wijk")
        return parking.peak_hours(total).iloc[0]

    @property
    def occupancy(self) -> float:
        """Occupancy in that hour [-], missing without places."""
        supply = float(self.spaces.sum())
        return float(self.peak["demand"]) / supply if supply > 0 else np.nan


def build_scene(place: Place, flanders: Flanders, used: Assumptions) -> Scene:
    """Return streets, homes and curves; a fictional place takes the garages of all Flanders."""
    buildings = gpd.GeoDataFrame(place.tables["gebouwen"])
    streets = _car_streets(gpd.GeoDataFrame(place.tables["straten"]), buildings, used)
    stock = described_stock(buildings, used).buildings
    homes = stock[stock["is_home"] & (stock["dwellings"] > 0)]
    found = heat_density.assign_streets(
        buildings.loc[homes.index],
        streets,
        named_within_m=used["streets.named_within_m"].value,
        nearest_within_m=used["streets.nearest_within_m"].value,
    )
    homes = homes.join(found)
    group = homes["street_id"].map(streets["group"]).astype("str").fillna(_NO_STREET)
    kinds = list(BUILDING_TYPES)
    is_own = not place.settings.is_fictional
    nis_code = place.settings.nis_code if is_own else None
    garages, building_stock, dwellings = (
        _of(table, nis_code)
        for table in (flanders.garages, flanders.building_stock, flanders.dwellings)
    )
    return Scene(
        streets=streets,
        homes=homes,
        dwellings=_cross(group, homes, "dwellings", kinds),
        driveways=_cross(homes["street_id"], homes.assign(n=1.0), "n", kinds).reindex(
            streets.index, fill_value=0.0
        ),
        places=parking.private_places(garages, dwellings),
        garage_share=parking.garage_share(garages, building_stock),
        presence=parking.week_presence(packaged.load_presence()),
        nis_code=nis_code,
    )


def _of(table: pd.DataFrame, nis_code: str | None) -> pd.DataFrame:
    return table if nis_code is None else table[table["nis_code"] == nis_code]


def _cross(rows: pd.Series[Any], homes: pd.DataFrame, value: str, kinds: list[str]) -> pd.DataFrame:
    """Return a sum per row and building type."""
    table = homes[value].astype("float64").groupby([rows, homes["building_type"]]).sum()
    wide = pd.DataFrame(table.unstack("building_type"))  # noqa: PD010 - a plain unstack
    return wide.fillna(0.0).reindex(columns=kinds, fill_value=0.0)


def _car_streets(
    streets: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, used: Assumptions
) -> gpd.GeoDataFrame:
    """Return the segments for cars, with their group, width, junctions and length."""
    road_class = streets["road_class"].astype("str").fillna("local")
    described = streets.assign(
        class_given=streets["road_class"].notna(), road_class=road_class, length_m=streets.length
    )
    cars = described[~road_class.isin(_NOT_FOR_CARS)]
    is_facade = buildings["function"].fillna("unknown") != "ancillary"
    seen = street_space.facade_widths(
        cars,
        buildings.geometry[is_facade],
        spacing_m=used["space.section_spacing_m"].value,
        reach_m=used["space.facade_reach_m"].value,
    )
    joined = cars.join(seen.rename(columns={"width_m": "measured_m"}))
    return gpd.GeoDataFrame(
        joined.assign(
            group=heat_density.street_groups(cars),
            junction_ends=street_space.junction_ends(cars),
            width_m=cars["profile_width_m"].fillna(seen["width_m"]),
            seen_share=seen["both_share"].mask(cars["profile_width_m"].notna(), 1.0),
        )
    )


def balance_of(scene: Scene, values: Mapping[str, float]) -> Balance:
    """Return demand and supply under one set of figures, by key of the assumptions."""
    return _with_demand(scene, values, _supply(scene, values))


def _with_demand(scene: Scene, values: Mapping[str, float], supply: pd.DataFrame) -> Balance:
    kinds = list(scene.dwellings.columns)
    is_flat = pd.Series([kind == "apartment_building" for kind in kinds], kinds)
    used_share = is_flat.map(
        {
            True: values["mobility.garage_used_apartment_share"],
            False: values["mobility.garage_used_share"],
        }
    )
    driveway_cars = pd.Series({kind: values[f"mobility.driveway_cars_{kind}"] for kind in kinds})
    cars = parking.street_cars(
        scene.places[kinds],
        cars_household=values["mobility.cars_household"],
        used_share=used_share,
        driveway_cars=driveway_cars,
    )
    peak = parking.peak_places(
        scene.dwellings, cars, visitors_dwelling=values["mobility.visitors_dwelling"]
    )
    return Balance(
        by_use=scene.presence[list(peak.index)] * peak.sum(axis=1),
        demand=parking.hourly_demand(peak, scene.presence),
        supply=supply,
        street_cars=float(peak.sum(axis=1)["residential"]),
    )


def _supply(scene: Scene, values: Mapping[str, float]) -> pd.DataFrame:
    """
    Return the places of each segment: counted where given, else along the kerb.

    Places are firm if they were counted or follow from the width of an enclosed street; in an
    open street the map does not tell where cars may stand.
    """
    streets = scene.streets
    widths = pd.DataFrame(streets[["width_m", "road_class"]]).assign(
        both_share=streets["seen_share"]
    )
    sides = street_space.parking_sides(
        widths,
        footway_m=values["space.footway_m"],
        free_passage_m={
            "local": values["space.free_passage_m"],
            "connector": values["space.free_passage_connector_m"],
        },
        place_width_m=values["space.parallel_place_width_m"],
        enclosed_width_m=values["space.enclosed_width_m"],
        enclosed_share=values["space.enclosed_share"],
        sides_open_street=values["space.sides_open_street"],
    )
    share = scene.garage_share.to_dict() | {
        "detached": values["space.driveway_detached_share"],
        "semi_detached": values["space.driveway_semi_detached_share"],
    }
    per_kind = pd.Series(share)[list(scene.driveways.columns)]
    kerb = pd.DataFrame(
        streets[["length_m", "built_share", "junction_ends"]].fillna({"built_share": 0.0})
    ).assign(sides=sides["sides"], driveways=scene.driveways @ per_kind)
    half_crossing_m = values["space.carriageway_local_m"] / 2
    worked_out = parking.kerb_spaces(
        kerb,
        place_length_m=values["space.parallel_place_length_m"],
        junction_loss_m=values["space.junction_clearance_m"] + half_crossing_m,
        driveway_gap_m=values["space.driveway_gap_m"],
        lost_place_piece=values["space.lost_place_piece"],
    )
    is_counted = streets["on_street_spaces"].notna()
    return pd.DataFrame(
        {
            "spaces": streets["on_street_spaces"].fillna(worked_out).astype("int64"),
            "is_firm": is_counted | (sides["sides_origin"] == "width"),
            "is_looked_for": is_counted | (sides["sides_origin"] != "road_class"),
        }
    )


def _surplus(balance: Balance, values: Mapping[str, float]) -> float:
    return float(balance.spaces.sum() - balance.peak["demand"] / values["mobility.alarm_share"])


def swings(scene: Scene, balance: Balance, used: Assumptions) -> pd.DataFrame:
    """Return the occupancy with each figure at its low and at its high end."""
    values = {key: used[key].value for key in used}
    rows = []
    for key in _SWINGS if np.isfinite(balance.occupancy) else ():
        figure = used[key]
        ends = [values | {key: end} for end in (figure.low, figure.high)]
        low, high = (_moved(scene, balance, end, key) for end in ends)
        rows.append(
            {
                "key": key,
                "label": figure.label,
                "low": figure.low,
                "high": figure.high,
                "unit": wording.LABELS["unit"].get(figure.unit, figure.unit),
                "basis": figure.basis,
                "occupancy_low": low.occupancy,
                "occupancy_high": high.occupancy,
                "swing": abs(high.occupancy - low.occupancy),
                "surplus_low": _surplus(low, ends[0]),
                "surplus_high": _surplus(high, ends[1]),
            }
        )
    table = pd.DataFrame(rows, columns=list(_SWING_TYPES)).astype(_SWING_TYPES)
    # A missing swing leaves no place at all at one end: nothing moves the answer more.
    return table.sort_values(
        "swing", ascending=False, kind="stable", na_position="first", ignore_index=True
    )


def _moved(scene: Scene, balance: Balance, values: Mapping[str, float], key: str) -> Balance:
    """Return the balance after one figure moved; only the side that it touches is done again."""
    if key.startswith(_OF_SUPPLY):
        return replace(balance, supply=_supply(scene, values))
    return _with_demand(scene, values, balance.supply)


def _spread(middle: float, ends: pd.DataFrame) -> tuple[float, float]:
    """Return low and high when the figures move apart from each other: root of the squares."""
    moves = ends.to_numpy(dtype="float64") - middle
    below = np.clip(-moves, 0, None).max(axis=1, initial=0.0)
    above = np.clip(moves, 0, None).max(axis=1, initial=0.0)
    return middle - float(np.hypot.reduce(below)), middle + float(np.hypot.reduce(above))


def room(balance: Balance, tornado: pd.DataFrame, values: Mapping[str, float]) -> pd.DataFrame:
    """Return the places that can go, in the unfavourable, middle and favourable case."""
    occupancy, surplus = balance.occupancy, _surplus(balance, values)
    low, high = _spread(occupancy, tornado[["occupancy_low", "occupancy_high"]])
    least, most = _spread(surplus, tornado[["surplus_low", "surplus_high"]])
    firm = float(balance.spaces[balance.supply["is_firm"]].sum())
    freeable = [int(np.floor(np.clip(case, 0.0, firm))) for case in (least, surplus, most)]
    table = pd.DataFrame(
        {
            "scenario": SCENARIOS,
            "occupancy": [high, occupancy, max(low, 0.0)],
            "freeable": pd.array(freeable, dtype="Int64"),
        }
    )
    area = table["freeable"].astype("float64") * values["space.parallel_place_m2"]
    return table.assign(area_m2=area, green_m2=area * values["space.usable_green_share"])
