"""The result tables of work programme 3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lekp_lib import assumptions as packaged
from lekp_lib import wording
from lekp_lib.contracts import CRS, Flanders, Place
from lekp_lib.contracts.lists import ROAD_CLASSES
from lekp_lib.contracts.results.straten import DAYS
from lekp_lib.domain import parking, street_space, targets
from lekp_lib.studies._straten_scene import Balance, Scene

__all__ = [
    "DAY_NAMES",
    "DEPAVING",
    "car_parks",
    "filled_in",
    "goals",
    "ground",
    "hours",
    "presence",
    "profiles",
    "street_balance",
    "tornado",
]

DAY_NAMES = dict(zip(parking.DAY_KINDS, DAYS, strict=True))
DEPAVING = "W4a"
_DAYS_A_WEEK = dict(zip(parking.DAY_KINDS, (5, 1, 1), strict=True))
_GOALS = ("W1a", DEPAVING)
_MOST = 0.5  # at least half, by definition
_POINTS = 100  # percentage points in a share of one
_NOT_SEEN = {"measured": "published"}  # given to us; nobody counted these places on the spot


def hours(balance: Balance) -> pd.DataFrame:
    """Return the hours that differ: the five weekdays are alike."""
    week = balance.by_use.reset_index().drop_duplicates(["day_kind", "hour"])
    supply = float(balance.spaces.sum())
    demand = week["residential"] + week["visitors"]
    return pd.DataFrame(
        {
            "day_kind": week["day_kind"].map(DAY_NAMES).astype("str"),
            "hour": week["hour"].astype("Int64"),
            "days_week": week["day_kind"].map(_DAYS_A_WEEK).astype("Int64"),
            "residents": week["residential"],
            "visitors": week["visitors"],
            "demand": demand,
            "spaces": supply,
            "occupancy": demand / supply if supply > 0 else np.nan,
        }
    ).reset_index(drop=True)


def _per_street(scene: Scene) -> gpd.GeoDataFrame:
    """Return one row per street: length and lines, indexed by name."""
    streets = scene.streets
    lines = streets.geometry.groupby(streets["group"]).agg(
        lambda parts: shapely.multilinestrings(shapely.get_parts(parts.to_numpy()))
    )
    length = streets["length_m"].groupby(streets["group"]).sum()
    return gpd.GeoDataFrame({"length_m": length}, geometry=lines.to_numpy(), crs=CRS)


def street_balance(scene: Scene, balance: Balance, values: Mapping[str, float]) -> gpd.GeoDataFrame:
    """Return demand, supply and verdict per street, at its own busiest hour."""
    table = _per_street(scene)
    names = scene.streets["group"]
    supply = balance.supply
    spaces = supply["spaces"].groupby(names).sum()
    peaks = parking.peak_hours(balance.demand).reindex(table.index)
    dwellings = scene.dwellings.sum(axis=1).reindex(table.index, fill_value=0.0)
    demand = peaks["demand"].fillna(0.0)
    looked_m = (scene.streets["length_m"] * supply["is_looked_for"]).groupby(names).sum()
    is_judged = looked_m >= table["length_m"] * _MOST
    occupancy = (demand / spaces.where(spaces > 0)).where(is_judged)
    filled = table.assign(
        dwellings=dwellings.round().astype("Int64"),
        spaces=spaces.astype("Int64"),
        spaces_origin=_spaces_origin(scene.streets),
        demand_peak=demand,
        peak_day=peaks["day_kind"].map(DAY_NAMES).astype("str"),
        peak_hour=peaks["hour"].astype("Int64"),
        occupancy=occupancy,
        status=_status(occupancy, spaces, is_judged, values["mobility.alarm_share"]),
        freeable=parking.freeable_spaces(
            spaces,
            demand,
            firm=(supply["spaces"] * supply["is_firm"]).groupby(names).sum(),
            alarm_share=values["mobility.alarm_share"],
        ).astype("Int64"),
    )
    return gpd.GeoDataFrame(filled.rename_axis("street_name").reset_index())


def _spaces_origin(streets: pd.DataFrame) -> pd.Series[str]:
    counted = streets["on_street_spaces"].notna().groupby(streets["group"]).mean()
    origin = np.select([counted == 1, counted > 0], ["geteld", "deels geteld"], "berekend")
    return pd.Series(origin, counted.index, dtype="str")


def _status(
    occupancy: pd.Series[float], spaces: pd.Series[int], is_judged: pd.Series[bool], alarm: float
) -> pd.Series[str]:
    status = np.select(
        [~is_judged, spaces == 0, occupancy > 1, occupancy > alarm],
        ["niet beoordeeld", "geen plaatsen", "vol", "krap"],
        default="ruimte",
    )
    return pd.Series(status, occupancy.index, dtype="str")


def profiles(scene: Scene, place: Place, values: Mapping[str, float]) -> gpd.GeoDataFrame:
    """Return width, paving and trees per street."""
    streets = scene.streets
    table = _per_street(scene)
    names = streets["group"]
    given = streets["profile_width_m"].notna()
    weight = streets["samples"] * streets["seen_share"].where(streets["width_m"].notna(), 0.0)
    width = _mean(streets["width_m"], weight, names)
    shares = {
        name: _mean(streets[name], streets["samples"], names)
        for name in ("both_share", "one_share", "none_share")
    }
    origin = np.select(
        [given.groupby(names).any(), width.isna(), shares["both_share"] < _MOST],
        ["opgegeven", "niet te meten", "weinig gevels: onzeker"],
        "afgeleid van de kaart",
    )
    trees = pd.Series(pd.NA, table.index, dtype="Int64")
    if "bomen" in place.tables:
        points = gpd.GeoDataFrame(place.tables["bomen"]).geometry
        along = street_space.points_per_street(
            points, streets, reach_m=values["space.tree_reach_m"]
        )
        trees = along.groupby(names).sum().astype("Int64")
    per_100_m = trees.astype("Float64").astype("float64") / table["length_m"] * 100
    filled = table.assign(
        width_m=width,
        width_class=street_space.width_class(width),
        width_origin=pd.Series(origin, table.index, dtype="str"),
        **shares,
        paved_share=_mean(streets["paved_share"], streets["length_m"], names),
        trees=trees,
        trees_100m=per_100_m,
    )
    return gpd.GeoDataFrame(filled.rename_axis("street_name").reset_index())


def _mean(
    values: pd.Series[float], weight: pd.Series[float], names: pd.Series[str]
) -> pd.Series[float]:
    """Return the weighted mean per street over the segments that have a value."""
    weights = weight.where(values.notna(), 0.0)
    total = weights.groupby(names).sum()
    return (values.fillna(0.0) * weights).groupby(names).sum() / total.where(total > 0)


def car_parks(
    scene: Scene, balance: Balance, place: Place, values: Mapping[str, float]
) -> gpd.GeoDataFrame:
    """Return the car parks off the street with what stays free in them; without names."""
    given = place.tables.get("parkings", _no_car_parks())
    lots = gpd.GeoDataFrame(given, geometry="geometry", crs=CRS)
    size = parking.car_park_capacity(lots, place_m2=values["space.car_park_place_m2"])
    use = parking.car_park_use(lots, scene.presence)
    slack = parking.night_slack(
        size.assign(use=use),
        scene.presence,
        own_peak_share=values["mobility.own_peak_share"],
        offered_share=values["mobility.offered_night_share"],
        night=(int(values["mobility.night_first_hour"]), int(values["mobility.night_last_hour"])),
    )
    peak = balance.peak
    hours = scene.presence.xs((peak["day_kind"], peak["hour"]), level=("day_kind", "hour"))
    own = hours.iloc[0].reindex(use).to_numpy() * values["mobility.own_peak_share"]
    table = lots[["owner_kind", "function", "is_open_to_public", "geometry"]].assign(
        capacity=size["capacity"],
        capacity_basis=size["capacity_basis"].replace(_NOT_SEEN),
        free_at_peak=size["capacity"].astype("Float64").astype("float64") * (1 - own),
        free_night=slack["free_night"],
        night_day=slack["day_kind"].map(DAY_NAMES).astype("str"),
        night_hour=slack["hour"],
        offered_night=slack["offered_night"],
    )
    return gpd.GeoDataFrame(table.rename_axis("parking_id").reset_index())


def _no_car_parks() -> gpd.GeoDataFrame:
    columns = {"owner_kind": "str", "function": "str", "is_open_to_public": "boolean"}
    empty = pd.DataFrame(columns=[*columns, "capacity"], index=pd.Index([], dtype="str"))
    return gpd.GeoDataFrame(
        empty.astype(columns | {"capacity": "Int64"}), geometry=gpd.GeoSeries([], crs=CRS)
    )


def ground(place: Place, values: Mapping[str, float]) -> pd.DataFrame:
    """Return what the ground is used for; a layer that was not given stays missing."""
    buildings = gpd.GeoDataFrame(place.tables["gebouwen"])
    streets = gpd.GeoDataFrame(place.tables["straten"])
    classes = streets["road_class"].astype("str").fillna("local")
    widths = {name: values[f"space.carriageway_{name}_m"] for name in ROAD_CLASSES}
    layers = {
        "gebouwen": buildings.geometry,
        "rijbanen en paden": street_space.ribbons(streets.assign(road_class=classes), widths),
    }
    if "parkings" in place.tables:
        lots = gpd.GeoDataFrame(place.tables["parkings"]).geometry
        layers["parkings"] = lots[lots.area > 0]
    if "groen" in place.tables:
        green = gpd.GeoDataFrame(place.tables["groen"])
        use = green["kind"].map(street_space.GREEN_USES).fillna("groen")
        layers |= {kind: green.geometry[use == kind] for kind in ("water", "landbouw", "groen")}
    table = street_space.land_use(_area(place), layers)
    is_known = table["kind"].isin([*layers, table["kind"].iloc[-1]])
    basis = {"rijbanen en paden": "assumed"}
    return table.assign(
        area_m2=table["area_m2"].where(is_known),
        share=table["share"].where(is_known),
        basis=table["kind"].map(basis).fillna("derived").where(is_known).astype("str"),
    )


def _area(place: Place) -> shapely.Geometry:
    """Return the outline of the neighbourhood, else the smallest one around what is in it."""
    if "grens" in place.tables:
        outline = gpd.GeoDataFrame(place.tables["grens"]).geometry
        return shapely.union_all(outline.to_numpy())
    shapes = [gpd.GeoDataFrame(place.tables[name]).geometry for name in ("gebouwen", "straten")]
    return shapely.convex_hull(shapely.geometrycollections(pd.concat(shapes).to_numpy()))


def filled_in(scene: Scene, place: Place, lots: pd.DataFrame) -> pd.DataFrame:
    """Return how often something was given and how often something stood in for it."""
    subjects = _about_streets(scene.streets) | _about_buildings(scene, place)
    known = {True: "bekend", False: "niet bekend: geen vrije plaatsen berekend"}
    subjects["gebruik (parkings)"] = lots["free_night"].notna().map(known)
    size = {"published": "gegeven", "assumed": "uit de oppervlakte berekend"}
    subjects["plaatsen (parkings)"] = lots["capacity_basis"].map(size).fillna("niet bekend")
    parts = [_counted(subject, origins) for subject, origins in subjects.items()]
    table = pd.concat(parts, ignore_index=True)[["subject", "origin", "number", "share"]]
    return table.astype({"subject": "str", "origin": "str", "number": "Int64", "share": "float64"})


def _counted(subject: str, origins: pd.Series[Any]) -> pd.DataFrame:
    counts = origins.value_counts().rename_axis("origin").reset_index(name="number")
    return counts.assign(subject=subject, share=counts["number"] / counts["number"].sum())


def _about_streets(streets: pd.DataFrame) -> dict[str, pd.Series[Any]]:
    given = streets["profile_width_m"].notna()
    width = np.select(
        [given, streets["width_m"].notna()],
        ["opgegeven", "afgeleid van de kaart"],
        "geen twee gevels gevonden",
    )
    return {
        "plaatsen op straat (segmenten)": streets["on_street_spaces"]
        .notna()
        .map({True: "geteld", False: "berekend uit de stoeprand"}),
        "wegtype (segmenten)": streets["class_given"].map(
            {True: "gegeven", False: "woonstraat aangenomen"}
        ),
        "straatbreedte (segmenten)": pd.Series(width, streets.index),
        "aandeel verhard (segmenten)": streets["paved_share"]
        .notna()
        .map({True: "gegeven", False: "niet bekend, niet ingevuld"}),
    }


def _about_buildings(scene: Scene, place: Place) -> dict[str, pd.Series[Any]]:
    homes, function = scene.homes, place.tables["gebouwen"]["function"]
    where = "de gemeente" if scene.nis_code is not None else "Vlaanderen"
    is_home = pd.Series(function.index.isin(homes.index), function.index)
    has_use = is_home | (function.notna() & ~function.isin(("ancillary", "unknown")))
    counts = {True: "bewoners en bezoek tellen mee", False: "klanten en personeel tellen niet mee"}
    return {
        "vraag op straat (gebouwen)": is_home[has_use].map(counts),
        "woningen (gebouwen)": homes["dwellings_origin"].map(_HOW_DWELLINGS),
        "gebouwtype (gebouwen)": homes["type_origin"].map(_HOW_TYPE),
        "straat (gebouwen)": homes["street_origin"].map(_HOW_STREET),
        "garages per woning (gebouwen)": pd.Series(f"gemiddelde van {where}", homes.index),
    }


_HOW_DWELLINGS = {
    "dwellings": "gegeven",
    "house_numbers": "geteld uit de huisnummers",
    "floor_area": "geschat uit de vloeroppervlakte",
    "one": "één woning aangenomen",
}
_HOW_TYPE = {
    "given": "gegeven",
    "function": "woning boven een zaak",
    "dwellings": "meer dan één woning: appartementsgebouw",
    "levels": "veel bouwlagen: appartementsgebouw",
    "walls": "afgeleid uit gedeelde muren",
}
_HOW_STREET = {
    "street_id": "straat-id van het gebouw",
    "street_name": "straatnaam van het gebouw",
    "nearest": "dichtste straat",
    "none": "geen straat gevonden",
}


def _household_size(scene: Scene, flanders: Flanders) -> float:
    table = flanders.municipalities
    if scene.nis_code is not None:
        table = table[table.index == scene.nis_code]
    return float(table["population_2020"].sum() / table["households_2020"].sum())


def goals(scene: Scene, flanders: Flanders) -> pd.DataFrame:
    """Return the proportional share of the neighbourhood in the targets for streets."""
    inhabitants = float(scene.dwellings.to_numpy().sum()) * _household_size(scene, flanders)
    wanted = flanders.targets[flanders.targets.index.isin(_GOALS)]
    amount = targets.target_amounts(
        wanted, inhabitants=inhabitants, dwellings=np.nan, households=np.nan
    )
    return pd.DataFrame(
        {
            "goal_id": wanted.index.astype("str"),
            "goal": wanted["goal_nl"].astype("str").to_numpy(),
            "version": wanted["version"].astype("str").to_numpy(),
            "inhabitants": inhabitants,
            "target": amount.to_numpy(),
            "unit": wanted["unit"]
            .map(lambda unit: wording.LABELS["unit"].get(unit, unit))
            .to_numpy(),
        }
    )


def tornado(swings: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that move the occupancy, without those whose effect rounds to nothing."""
    points = swings["swing"] * _POINTS
    return swings.assign(swing_points=points)[points.round() != 0].reset_index(drop=True)


def presence() -> pd.DataFrame:
    """Return the presence curves with their sources, as they are packaged."""
    curves = packaged.load_presence()
    titles = packaged.load_sources()["title"]
    return pd.DataFrame(
        {
            "function": curves["function"].astype("str"),
            "day_kind": curves["day_kind"].map(DAY_NAMES).astype("str"),
            "hour": curves["hour"].astype("Int64"),
            "share": curves["share"],
            "basis": curves["basis"].astype("str"),
            "source": curves["source_id"].map(titles).astype("str"),
            "locator": curves["locator"].astype("str"),
        }
    )
