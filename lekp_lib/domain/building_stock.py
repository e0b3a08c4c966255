"""
What stands in a neighbourhood: homes or not, building type, floor area, dwellings.

Input tables are seldom complete. Each function here keeps what was given, fills the rest by a
documented rule, and says per building which rule it was: the column that ends in ``_origin``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lekp_lib.contracts.lists import HOME_TYPES

__all__ = [
    "HOME_FUNCTIONS",
    "building_types",
    "count_shared_walls",
    "covered_share",
    "dwellings_per_building",
    "floor_areas",
    "homes",
]

HOME_FUNCTIONS = ("residential", "mixed")
"""Functions of buildings in which people live."""

_LIVED_IN_TYPES = (*HOME_TYPES, "mixed_commercial")
_TERRACED_FROM = 2  # a home between two others, by definition
_LISTED = r"[,;]"  # house numbers listed side by side, for instance "14,16"


def homes(
    buildings: gpd.GeoDataFrame, *, smallest_home_m2: float, largest_home_m2: float
) -> pd.DataFrame:
    """
    Return which buildings hold dwellings, and how that is known.

    A shed that counts as a home asks for heat that nobody uses, and makes every street look
    denser than it is.

    Parameters
    ----------
    buildings : GeoDataFrame, one row per building
        Contract ``gebouwen``.
    smallest_home_m2, largest_home_m2 : float
        Footprints between these sizes count as a home in a table that tells nothing else than
        shapes [m2].

    Returns
    -------
    DataFrame, same index and order as `buildings`
        ``is_home`` (bool) and ``home_origin``: ``dwellings`` (counted), ``function``,
        ``building_type``, ``house_number``, ``footprint`` or ``none`` (nothing says it is one).

    Notes
    -----
    The first rule that speaks decides: the number of dwellings (0 is no home); the function;
    the type, if it is one that people live in; a house number where the function was left
    blank. The code ``unknown`` is an answer, not a blank. Only if the whole table has neither
    of these columns does the size of the footprint decide.

    Examples
    --------
    >>> from shapely import box
    >>> buildings = gpd.GeoDataFrame(
    ...     {"function": ["residential", "ancillary", None], "building_type": None,
    ...      "dwellings": pd.array([None] * 3, "Int64"), "house_number": [None, "3", "5"]},
    ...     geometry=[box(0, 0, 9, 9)] * 3, crs=31370)
    >>> homes(buildings, smallest_home_m2=40, largest_home_m2=400)["is_home"].tolist()
    [True, False, True]
    """
    function, kind = buildings["function"], buildings["building_type"]
    is_counted = buildings["dwellings"].notna()
    speaks = function.notna() & (function != "unknown")
    is_lived_in = kind.isin(_LIVED_IN_TYPES)
    is_numbered = function.isna() & kind.isna() & buildings["house_number"].notna()
    rules = [is_counted, speaks, is_lived_in, is_numbered]
    known = ("function", "dwellings", "building_type", "house_number")
    tells_nothing = not buildings[list(known)].notna().to_numpy().any()
    is_sized = buildings.area.between(smallest_home_m2, largest_home_m2) & tells_nothing
    answers = [
        buildings["dwellings"].fillna(0) > 0,
        function.isin(HOME_FUNCTIONS),
        is_lived_in,
        is_numbered,
        is_sized,
    ]
    origins = ["dwellings", "function", "building_type", "house_number", "footprint"]
    conditions = [np.asarray(rule, dtype=bool) for rule in (*rules, is_sized)]
    is_home = np.select(conditions, [np.asarray(a, dtype=bool) for a in answers], default=False)
    return pd.DataFrame(
        {"is_home": is_home, "home_origin": np.select(conditions, origins, default="none")},
        index=buildings.index,
    ).astype({"home_origin": "str"})


def count_shared_walls(walls: pd.DataFrame, building_ids: pd.Index[Any]) -> pd.Series[int]:
    """
    Return with how many neighbours each building shares a wall.

    Parameters
    ----------
    walls : DataFrame
        Columns building_id and neighbour_id, each pair once; ids outside `building_ids` are
        left out of the answer, but count as neighbours.
    building_ids : Index
        The buildings to answer for.

    Returns
    -------
    Series of int, indexed by `building_ids`
        ``shared_walls``, 0 for a building that stands alone.

    Examples
    --------
    >>> walls = pd.DataFrame({"building_id": ["a", "b"], "neighbour_id": ["b", "c"]})
    >>> count_shared_walls(walls, pd.Index(["a", "b", "z"])).tolist()
    [1, 2, 0]
    """
    ends = pd.concat([walls["building_id"], walls["neighbour_id"]])
    counts = ends.value_counts().reindex(building_ids, fill_value=0)
    return pd.Series(counts.astype("int64"), name="shared_walls")


def building_types(
    buildings: pd.DataFrame,
    *,
    is_home: pd.Series[bool],
    shared_walls: pd.Series[int],
    storey_height_m: float,
    apartment_levels: float,
) -> pd.DataFrame:
    """
    Return the type of each building in Statbel's list, and how that is known.

    Parameters
    ----------
    buildings : DataFrame, one row per building
        Contract ``gebouwen``.
    is_home : Series of bool, same index
        As returned by ``homes``.
    shared_walls : Series of int, same index
        Neighbouring main buildings with a wall in common [-].
    storey_height_m : float
        Height of one storey, for buildings of which only the height is known [m].
    apartment_levels : float
        A home with at least this many levels is an apartment building [-].

    Returns
    -------
    DataFrame, same index and order as `buildings`
        ``building_type`` (one of ``BUILDING_TYPES``) and ``type_origin``: ``given``, ``no_home``
        (type other), ``function`` (homes above a shop), ``dwellings`` (more than one),
        ``levels`` or ``walls``.

    Notes
    -----
    By walls: alone is detached, one neighbour is semi-detached, two or more is terraced.

    Examples
    --------
    >>> buildings = pd.DataFrame(
    ...     {"building_type": [None, None, "detached"], "function": "residential",
    ...      "dwellings": pd.array([None, 6, 1], "Int64"), "levels": 2.0, "height_m": np.nan})
    >>> building_types(
    ...     buildings, is_home=pd.Series([True] * 3), shared_walls=pd.Series([2, 0, 1]),
    ...     storey_height_m=3.0, apartment_levels=4.0)["building_type"].tolist()
    ['terraced', 'apartment_building', 'detached']
    """
    levels = buildings["levels"].fillna(buildings["height_m"] / storey_height_m)
    walls = shared_walls.to_numpy()
    rules = {
        "given": buildings["building_type"].notna(),
        "no_home": ~is_home,
        "function": buildings["function"] == "mixed",
        "dwellings": buildings["dwellings"].fillna(0) > 1,
        "levels": levels >= apartment_levels,
    }
    answers: list[Any] = [
        buildings["building_type"].to_numpy(dtype=object),
        "other",
        "mixed_commercial",
        "apartment_building",
        "apartment_building",
    ]
    by_walls = np.where(walls == 0, "detached", "semi_detached").astype(object)
    by_walls[walls >= _TERRACED_FROM] = "terraced"
    conditions = [np.asarray(rule, dtype=bool) for rule in rules.values()]
    return pd.DataFrame(
        {
            "building_type": np.select(conditions, answers, default=by_walls),
            "type_origin": np.select(conditions, list(rules), default="walls"),
        },
        index=buildings.index,
    ).astype("str")


def floor_areas(
    buildings: gpd.GeoDataFrame,
    types: pd.Series[str],
    *,
    levels_by_type: Mapping[str, float],
    storey_height_m: float,
) -> pd.DataFrame:
    """
    Return the gross floor area of each building, and how that is known.

    Parameters
    ----------
    buildings : GeoDataFrame, one row per building
        Contract ``gebouwen``.
    types : Series of str, same index
        Type of each building.
    levels_by_type : mapping of str to float
        Levels of a building of which neither floor area, levels nor height are known [-].
    storey_height_m : float
        Height of one storey [m].

    Returns
    -------
    DataFrame, same index and order as `buildings`
        ``floor_area_m2`` [m2], all levels together, and ``area_origin``: ``floor_area`` (given),
        ``levels``, ``height`` or ``type``. A height below one storey counts as one level.

    Examples
    --------
    >>> from shapely import box
    >>> buildings = gpd.GeoDataFrame(
    ...     {"floor_area_m2": [250.0, np.nan, np.nan], "levels": [np.nan, 3.0, np.nan],
    ...      "height_m": np.nan}, geometry=[box(0, 0, 10, 10)] * 3, crs=31370)
    >>> types = pd.Series(["detached"] * 3)
    >>> floor_areas(
    ...     buildings, types, levels_by_type={"detached": 1.5}, storey_height_m=3.0
    ... )["floor_area_m2"].tolist()
    [250.0, 300.0, 150.0]
    """
    from_height = (buildings["height_m"] / storey_height_m).clip(lower=1.0)
    from_type = types.map(levels_by_type).astype("float64")
    levels = buildings["levels"].fillna(from_height).fillna(from_type)
    origin = np.select(
        [
            buildings["floor_area_m2"].notna(),
            buildings["levels"].notna(),
            buildings["height_m"].notna(),
        ],
        ["floor_area", "levels", "height"],
        default="type",
    )
    area = buildings["floor_area_m2"].fillna(buildings.area * levels)
    return pd.DataFrame(
        {"floor_area_m2": area, "area_origin": pd.Series(origin, buildings.index, dtype="str")}
    )


def dwellings_per_building(
    buildings: pd.DataFrame,
    types: pd.Series[str],
    floor_area_m2: pd.Series[float],
    *,
    is_home: pd.Series[bool],
    apartment_m2: float,
) -> pd.DataFrame:
    """
    Return the number of dwellings in each building, and how that is known.

    Parameters
    ----------
    buildings : DataFrame, one row per building
        Contract ``gebouwen``.
    types : Series of str, same index
        Type of each building.
    floor_area_m2 : Series of float, same index
        Gross floor area [m2].
    is_home : Series of bool, same index
        As returned by ``homes``.
    apartment_m2 : float
        Gross floor area of an apartment, stairs and walls included [m2].

    Returns
    -------
    DataFrame, same index and order as `buildings`
        ``dwellings`` (int) and ``dwellings_origin``: ``dwellings`` (counted), ``no_home``,
        ``house_numbers`` (as many as are listed), ``floor_area`` (apartment buildings, at least
        two) or ``one``.

    Examples
    --------
    >>> buildings = pd.DataFrame({"dwellings": pd.array([None] * 3, "Int64"),
    ...                           "house_number": ["1", "2,4", None]})
    >>> types = pd.Series(["detached", "terraced", "apartment_building"])
    >>> dwellings_per_building(
    ...     buildings, types, pd.Series([150.0, 300.0, 1000.0]), is_home=pd.Series([True] * 3),
    ...     apartment_m2=100.0)["dwellings"].tolist()
    [1, 2, 10]
    """
    separators = buildings["house_number"].astype("str").str.count(_LISTED)
    listed = separators.where(buildings["house_number"].notna(), 0).astype("float64") + 1
    by_area = (floor_area_m2 / apartment_m2).round().clip(lower=2)
    rules = {
        "dwellings": buildings["dwellings"].notna(),
        "no_home": ~is_home,
        "house_numbers": listed > 1,
        "floor_area": types == "apartment_building",
    }
    counted = buildings["dwellings"].astype("Float64").fillna(0).astype("float64")
    conditions = [np.asarray(rule, dtype=bool) for rule in rules.values()]
    number = np.select(conditions, [counted, 0.0, listed, by_area], default=1.0)
    return pd.DataFrame(
        {
            "dwellings": number.astype("int64"),
            "dwellings_origin": pd.Series(
                np.select(conditions, list(rules), default="one"), buildings.index, dtype="str"
            ),
        },
        index=buildings.index,
    )


def covered_share(boundary: gpd.GeoSeries, *layers: gpd.GeoSeries) -> float:
    """
    Return which share of a neighbourhood lies within the reach of the data.

    An extract that was cut too small says nothing about the rest of the neighbourhood.

    Parameters
    ----------
    boundary : GeoSeries
        Polygons of the neighbourhood, EPSG:31370.
    *layers : GeoSeries
        What was found, for instance buildings and streets, EPSG:31370.

    Returns
    -------
    float
        Area of the boundary within the convex hull of all layers, over its whole area [-];
        NaN without area or without layers.

    Examples
    --------
    >>> from shapely import box
    >>> wijk = gpd.GeoSeries([box(0, 0, 10, 10)], crs=31370)
    >>> covered_share(wijk, gpd.GeoSeries([box(0, 0, 1, 10), box(4, 0, 5, 10)], crs=31370))
    0.5
    """
    area = shapely.union_all(boundary.to_numpy())
    shapes = [shape for layer in layers for shape in layer.to_numpy()]
    if area is None or area.area == 0 or not shapes:
        return float("nan")
    reach = shapely.convex_hull(shapely.geometrycollections(shapes))
    return float(shapely.intersection(area, reach).area / area.area)
