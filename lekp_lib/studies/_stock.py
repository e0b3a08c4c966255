"""The step with which every study of a neighbourhood begins: what stands there, and who touches."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from lekp_lib.assumptions import Assumptions
from lekp_lib.contracts.lists import BUILDING_TYPES
from lekp_lib.domain import adjacency, building_stock, construction_period

__all__ = ["STOCK_KEYS", "Stock", "described_stock"]

STOCK_KEYS = (
    "stock.touching_gap_m",
    "stock.shortest_wall_m",
    "buildings.smallest_home_m2",
    "buildings.largest_home_m2",
    "buildings.storey_height_m",
    "buildings.apartment_levels",
    "buildings.apartment_m2",
    *(f"buildings.levels.{kind}" for kind in BUILDING_TYPES),
)
"""The figures this step uses."""

_NO_MAIN_BUILDING = ("ancillary", "unknown")


class Stock(NamedTuple):
    """
    The buildings described, and the walls between them.

    Attributes
    ----------
    buildings : DataFrame, same index and order as the contract table
        is_home, building_type, floor_area_m2 [m2], dwellings [-] and period (missing where not
        known), each with the column ``…_origin`` that tells where it comes from.
    walls : DataFrame
        Shared walls between main buildings, see ``adjacency.shared_walls``.
    """

    buildings: pd.DataFrame
    walls: pd.DataFrame


def described_stock(buildings: gpd.GeoDataFrame, used: Assumptions) -> Stock:
    """
    Return what the buildings of a neighbourhood are, given or derived.

    Parameters
    ----------
    buildings : GeoDataFrame
        Contract ``gebouwen``.
    used : Assumptions
        With ``STOCK_KEYS``.

    Notes
    -----
    Sheds, garages and buildings of which nothing is known make nobody a neighbour: only walls
    between main buildings count.
    """
    storey_height_m = used["buildings.storey_height_m"].value
    known = building_stock.homes(
        buildings,
        smallest_home_m2=used["buildings.smallest_home_m2"].value,
        largest_home_m2=used["buildings.largest_home_m2"].value,
    )
    function = buildings["function"]
    is_main = known["is_home"] | (function.notna() & ~function.isin(_NO_MAIN_BUILDING))
    walls = adjacency.shared_walls(
        buildings[is_main],
        touching_gap_m=used["stock.touching_gap_m"].value,
        shortest_wall_m=used["stock.shortest_wall_m"].value,
    )
    types = building_stock.building_types(
        buildings,
        is_home=known["is_home"],
        shared_walls=building_stock.count_shared_walls(walls, buildings.index),
        storey_height_m=storey_height_m,
        apartment_levels=used["buildings.apartment_levels"].value,
    )
    areas = building_stock.floor_areas(
        buildings,
        types["building_type"],
        levels_by_type=used.values_below("buildings.levels."),
        storey_height_m=storey_height_m,
    )
    dwellings = building_stock.dwellings_per_building(
        buildings,
        types["building_type"],
        areas["floor_area_m2"],
        is_home=known["is_home"],
        apartment_m2=used["buildings.apartment_m2"].value,
    )
    periods = construction_period.construction_periods(buildings)
    return Stock(known.join([types, areas, dwellings, periods]), walls)
