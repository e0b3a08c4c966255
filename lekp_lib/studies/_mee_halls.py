"""In which halls residents can meet: every choice compared, and who then walks too far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lekp_lib import wording
from lekp_lib.contracts.lists import INCOME_GROUPS
from lekp_lib.domain import climate_tables, street_graph
from lekp_lib.studies._mee_case import typed, visible_cells
from lekp_lib.studies._mee_scene import Scene

__all__ = ["HALL_KEYS", "Halls", "Sites", "halls_of", "sites_of"]

HALL_KEYS = (
    "tables.seats",
    "tables.most_halls",
    "tables.near_m",
    "tables.far_m",
    "tables.detour_ratio",
    "tables.low_income_ratio",
    "routing.snap_m",
    "routing.join_m",
    "routing.merge_m",
)
"""The figures this step reads."""

_HALL_FUNCTIONS = ("school", "community", "sport", "care")
_NO_FOOT = ("motorway",)
_NO_NAME = "straat zonder naam"


@dataclass(frozen=True)
class Halls:
    """Places that could host an evening, and where they come from (locaties, gebouwen, none)."""

    shapes: gpd.GeoSeries
    seats: pd.Series[float]
    origin: str
    n_left_out: int


@dataclass(frozen=True)
class Sites:
    """The halls compared; `advised` is empty without candidates."""

    best: pd.DataFrame
    every: pd.DataFrame
    advised: tuple[str, ...]
    use: pd.DataFrame
    too_far: pd.DataFrame
    n_straight: int


def halls_of(scene: Scene) -> Halls:
    """Return the given places; else schools and the like among the buildings; else none."""
    given = scene.place.tables.get("locaties")
    if given is not None and len(given) > 0:
        places = gpd.GeoDataFrame(given)
        fits = places["is_accessible"].fillna(value=True).astype("bool")
        fits &= ~(places["seats"].astype("float64") < scene.used["tables.seats"].value)
        fits &= places.geometry.notna()
        names = places["name"].where(places["name"].notna(), places.index.to_series())
        seats = places["seats"].astype("float64")
        found = _candidates(places, names, seats, fits, "locaties")
        if len(found.shapes) > 0:
            return found
    buildings = gpd.GeoDataFrame(scene.place.tables["gebouwen"])
    places = buildings[buildings["function"].isin(_HALL_FUNCTIONS)]
    kinds = places["function"].map(lambda code: wording.label("function", code))
    street = places["street_name"].map(lambda name: f", {name}" if isinstance(name, str) else "")
    size = pd.Series(places.geometry.area, places.index)
    return _candidates(places, kinds + street, size, size > 0, "gebouwen", is_size=True)


def _candidates(
    places: gpd.GeoDataFrame,
    names: pd.Series[Any],
    size: pd.Series[float],
    fits: pd.Series[bool],
    origin: str,
    *,
    is_size: bool = False,
) -> Halls:
    """Return the largest of the places that fit, each with a name of its own."""
    order = size.fillna(0.0).sort_values(ascending=False, kind="stable").index
    kept = [name for name in order if fits[name]][: climate_tables.MOST_HALLS]
    told = names.loc[kept].astype("str")
    is_double = told.duplicated(keep=False)
    told = told.where(~is_double, told + " (" + pd.Series(kept, index=kept).astype("str") + ")")
    shapes = gpd.GeoSeries(
        places.geometry.loc[kept].to_numpy(), index=told.to_list(), crs=places.crs
    )
    seats = pd.Series(size.loc[kept].to_numpy(dtype="float64"), index=told.to_list())
    found = origin if kept else "none"
    return Halls(shapes, seats * np.nan if is_size else seats, found, len(places) - len(kept))


def sites_of(scene: Scene, halls: Halls) -> Sites:
    """Return every choice of halls, the best ones, and who is left out by our proposal."""
    homes = scene.homes
    if len(halls.shapes) == 0 or homes.empty:
        names = ("mee_zalen", "mee_zalen_alle", "mee_zaal_gebruik", "mee_zaal_te_ver")
        best, every, use, far = (typed(name, pd.DataFrame()) for name in names)
        return Sites(best, every, (), use, far, 0)
    walks, n_straight = _walks(scene, halls)
    near_m, far_m = scene.used["tables.near_m"].value, scene.used["tables.far_m"].value
    every = climate_tables.compare_sites(
        walks,
        _weights(scene),
        within_m={"near": near_m, "far": far_m},
        most=int(scene.used["tables.most_halls"].value),
    )
    best = climate_tables.best_sites(every, within="far")
    covering = best[best["criterion"] == "covered_share"]
    is_enough = covering["covered_far_share"] >= covering["covered_far_share"].max()
    row = covering[is_enough].index[0]
    advised = tuple(str(best.loc[row, "halls"]).split(climate_tables.JOINED_BY))
    use = climate_tables.people_around(walks, advised, homes["dwellings"], within_m=far_m)
    use = use.rename(columns={"people": "dwellings"}).assign(seats=halls.seats)
    return Sites(
        best=typed("mee_zalen", best.assign(is_advised=best.index == row)),
        every=typed("mee_zalen_alle", every),
        advised=advised,
        use=typed("mee_zaal_gebruik", use.rename_axis("hall").reset_index()),
        too_far=_too_far(scene, walks, advised),
        n_straight=n_straight,
    )


def _walks(scene: Scene, halls: Halls) -> tuple[pd.DataFrame, int]:
    """Return distances along the streets; straight lines with a detour where there is no way."""
    homes, used = scene.homes.geometry, scene.used
    streets = gpd.GeoDataFrame(scene.place.tables["straten"])
    graph = street_graph.build(
        streets[~streets["road_class"].isin(_NO_FOOT)],
        snap_m=used["routing.snap_m"].value,
        join_m=used["routing.join_m"].value,
        merge_m=used["routing.merge_m"].value,
    )
    along = climate_tables.street_walks(homes, halls.shapes, graph.edges)
    straight = climate_tables.straight_walks(
        homes, halls.shapes, detour_ratio=used["tables.detour_ratio"].value
    )
    is_way = np.isfinite(along)
    return along.where(is_way, straight), int((~is_way.any(axis=1)).sum())


def _weights(scene: Scene) -> pd.Series[float]:
    """
    Return the dwellings of each building; homes with a low income weigh more.

    Every choice of halls has a mean walk, and so an equation in the low incomes per type: only
    those that another table shows may weigh.
    """
    told = visible_cells(scene)
    is_low = told["income_group"] == INCOME_GROUPS[0]
    low = told["dwellings"].where(is_low, 0.0).groupby(told["building_type"]).sum()
    by_type = scene.segments["dwellings"].groupby(scene.segments["building_type"]).sum()
    share = scene.homes["building_type"].map(low / by_type).fillna(0.0).astype("float64")
    more = scene.used["tables.low_income_ratio"].value - 1.0
    return pd.Series(scene.homes["dwellings"] * (1.0 + more * share), dtype="float64")


def _too_far(scene: Scene, walks: pd.DataFrame, advised: tuple[str, ...]) -> pd.DataFrame:
    near = climate_tables.halls_of_each(walks, advised)
    is_far = near["walk_m"] > scene.used["tables.far_m"].value
    homes = pd.DataFrame(
        {
            "street_name": scene.homes["street_name"].astype("str").fillna(_NO_NAME),
            "dwellings": scene.homes["dwellings"].astype("float64"),
            "metres": near["walk_m"] * scene.homes["dwellings"],
        }
    )[is_far]
    sums = homes.groupby("street_name")[["dwellings", "metres"]].sum()
    table = sums.assign(walk_m=sums["metres"] / sums["dwellings"]).reset_index()
    return typed(
        "mee_zaal_te_ver",
        table.sort_values(["walk_m", "street_name"], ascending=[False, True], kind="stable"),
    )
