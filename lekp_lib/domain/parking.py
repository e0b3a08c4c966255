"""
Parking on the street: how many places there are, how many cars look for one, hour by hour.

Demand is what is left for the street once the cars on private ground are gone from it; supply
is counted, or worked out from the kerb. A zone is a street; the week has 168 hours.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lekp_lib.contracts.lists import BUILDING_TYPES
from lekp_lib.errors import ContractError
from lekp_lib.units import HOURS_PER_DAY

__all__ = [
    "DAY_KINDS",
    "HOUR",
    "UNKNOWN",
    "car_park_capacity",
    "car_park_use",
    "freeable_spaces",
    "garage_share",
    "hourly_demand",
    "kerb_spaces",
    "night_slack",
    "peak_hours",
    "peak_places",
    "private_places",
    "street_cars",
    "week_presence",
]

DAY_KINDS = ("weekday", "saturday", "sunday")
"""Kinds of day that have a presence curve of their own."""

HOUR = ("day", "day_kind", "hour")
"""Levels of the index of the week: day 1 (Monday) to 7, its kind, hour 0 to 23."""

UNKNOWN = "unknown"
"""Building type or use that is not known."""

_WEEK = ("weekday",) * 5 + ("saturday", "sunday")
_USE_OF_OWNER = {
    "school": "school",
    "supermarket": "supermarket",
    "care": "care",
    "company": "office",
    "housing_company": "residential",
}


def week_presence(presence: pd.DataFrame) -> pd.DataFrame:
    """
    Return the share of its peak that each use reaches, hour by hour for a whole week.

    Parameters
    ----------
    presence : DataFrame
        Columns function, day_kind (``DAY_KINDS``), hour (0-23), share [0-1]: one row for each
        function, kind of day and hour.

    Returns
    -------
    DataFrame, 168 rows
        Index levels ``HOUR``; one column per function [0-1].

    Raises
    ------
    ContractError
        If a function lacks an hour.

    Examples
    --------
    >>> curve = pd.DataFrame({"function": "office", "day_kind": np.repeat(DAY_KINDS, 24),
    ...     "hour": list(range(24)) * 3, "share": [0.5] * 24 + [0.0] * 48})
    >>> week = week_presence(curve)
    >>> week.shape, float(week["office"].sum())
    ((168, 1), 60.0)
    """
    by_hour = presence.pivot_table(
        index=["day_kind", "hour"], columns="function", values="share", aggfunc="first"
    )
    week = pd.MultiIndex.from_tuples(
        [(day + 1, kind, hour) for day, kind in enumerate(_WEEK) for hour in range(HOURS_PER_DAY)],
        names=list(HOUR),
    )
    curves = by_hour.reindex(week.droplevel("day"))
    lacking = list(curves.columns[curves.isna().any()])
    if lacking:
        msg = f"presence lacks hours for {lacking}. Give 24 hours for each of {DAY_KINDS}."
        raise ContractError(msg)
    return curves.set_axis(week, axis=0).rename_axis(columns="function")


def private_places(garages: pd.DataFrame, dwellings: pd.DataFrame) -> pd.Series[float]:
    """
    Return the garages and covered places per dwelling, by building type.

    Parameters
    ----------
    garages : DataFrame
        building_type, garages_or_covered_places; of one municipality or of more together.
    dwellings : DataFrame
        building_type, dwellings; of the same municipalities.

    Returns
    -------
    Series, indexed by building type
        ``places_dwelling`` [places per dwelling] for ``BUILDING_TYPES`` and ``UNKNOWN``. A type
        without dwellings, or for which no garages were counted, has the mean of the others.

    Raises
    ------
    ContractError
        If there are no dwellings, or no garages at all.

    References
    ----------
    S-002 in ``assumptions/sources.csv``; garages in "other" buildings are not counted there.

    Examples
    --------
    >>> garages = pd.DataFrame({"building_type": ["terraced", "detached"],
    ...                         "garages_or_covered_places": [40, 110]})
    >>> homes = pd.DataFrame({"building_type": ["terraced", "detached"], "dwellings": [100, 100]})
    >>> private_places(garages, homes)[["terraced", "detached", "unknown"]].tolist()
    [0.4, 1.1, 0.75]
    """
    places = garages.groupby("building_type")["garages_or_covered_places"].sum()
    homes = dwellings.groupby("building_type")["dwellings"].sum()
    both = pd.DataFrame({"places": places, "homes": homes}).fillna(0.0)
    counted = both[(both["places"] > 0) & (both["homes"] > 0)]
    if counted.empty:
        msg = "garages and dwellings have no building type in common with places in it."
        raise ContractError(msg)
    mean = float(counted["places"].sum() / counted["homes"].sum())
    ratio = (counted["places"] / counted["homes"]).reindex([*BUILDING_TYPES, UNKNOWN])
    return ratio.fillna(mean).rename("places_dwelling")


def garage_share(garages: pd.DataFrame, building_stock: pd.DataFrame) -> pd.Series[float]:
    """
    Return the share of buildings with a garage, by building type: each one has a driveway.

    Parameters
    ----------
    garages : DataFrame
        building_type, buildings_with_garage; of one municipality or of more together.
    building_stock : DataFrame
        building_type, buildings; of the same municipalities.

    Returns
    -------
    Series, indexed by building type
        ``garage_share`` [0-1] for ``BUILDING_TYPES`` and ``UNKNOWN`` (all types together); 0 for
        a type without buildings.

    References
    ----------
    S-002 in ``assumptions/sources.csv``.

    Examples
    --------
    >>> garages = pd.DataFrame({"building_type": ["terraced"], "buildings_with_garage": [30]})
    >>> stock = pd.DataFrame({"building_type": ["terraced", "other"], "buildings": [100, 20]})
    >>> garage_share(garages, stock)[["terraced", "other", "unknown"]].tolist()
    [0.3, 0.0, 0.25]
    """
    kinds = [*BUILDING_TYPES, UNKNOWN]
    with_garage = garages.groupby("building_type")["buildings_with_garage"].sum()
    buildings = building_stock.groupby("building_type")["buildings"].sum()
    with_garage, buildings = with_garage.reindex(kinds), buildings.reindex(kinds)
    with_garage[UNKNOWN], buildings[UNKNOWN] = with_garage.sum(), buildings.sum()
    share = (with_garage / buildings.where(buildings > 0)).fillna(0.0)
    return share.clip(upper=1.0).rename("garage_share")


def street_cars(
    places: pd.Series[float],
    *,
    cars_household: float,
    used_share: pd.Series[float],
    driveway_cars: pd.Series[float],
) -> pd.Series[float]:
    """
    Return the cars per dwelling that look for a place on the street, by building type.

    Parameters
    ----------
    places : Series, indexed by building type
        Garages and covered places per dwelling, see ``private_places``.
    cars_household : float
        Cars per household; every dwelling counts as one household.
    used_share : Series, same index
        Part of those places that really holds a car at night [0-1].
    driveway_cars : Series, same index
        Cars per dwelling on open private ground.

    Returns
    -------
    Series, same index
        ``street_cars_dwelling`` [cars per dwelling], never below 0.

    Notes
    -----
    ``max(0, cars_household - places · used_share - driveway_cars)``

    Examples
    --------
    >>> index = pd.Index(["terraced", "detached"])
    >>> street_cars(pd.Series([0.5, 1.0], index), cars_household=1.2,
    ...             used_share=pd.Series([0.4, 0.4], index),
    ...             driveway_cars=pd.Series([0.0, 0.9], index)).tolist()
    [1.0, 0.0]
    """
    left = cars_household - places * used_share - driveway_cars
    return left.clip(lower=0.0).rename("street_cars_dwelling")


def peak_places(
    dwellings: pd.DataFrame, street_cars_dwelling: pd.Series[float], *, visitors_dwelling: float
) -> pd.DataFrame:
    """
    Return the places that residents and visitors need at their own busiest hour, per zone.

    Parameters
    ----------
    dwellings : DataFrame, one row per zone, one column per building type
        Dwellings [-].
    street_cars_dwelling : Series, indexed by building type
        See ``street_cars``; must have every column of `dwellings`.
    visitors_dwelling : float
        Visitors' places per dwelling at the busiest hour.

    Returns
    -------
    DataFrame, index residential and visitors, one column per zone
        Places [-].

    Examples
    --------
    >>> homes = pd.DataFrame({"terraced": [10.0]}, index=["Kerkstraat"])
    >>> peak_places(homes, pd.Series({"terraced": 0.9}), visitors_dwelling=0.3)["Kerkstraat"]
    residential    9.0
    visitors       3.0
    Name: Kerkstraat, dtype: float64
    """
    absent = [name for name in dwellings.columns if name not in street_cars_dwelling.index]
    if absent:
        msg = f"street_cars_dwelling lacks the building types {absent}."
        raise ContractError(msg)
    residents = dwellings.to_numpy() @ street_cars_dwelling[list(dwellings.columns)].to_numpy()
    visitors = dwellings.sum(axis=1).to_numpy() * visitors_dwelling
    needs = np.vstack([residents, visitors])
    return pd.DataFrame(needs, index=["residential", "visitors"], columns=dwellings.index)


def hourly_demand(peak: pd.DataFrame, presence: pd.DataFrame) -> pd.DataFrame:
    """
    Return the places needed on the street in every hour of the week, per zone.

    Parameters
    ----------
    peak : DataFrame, one row per function, one column per zone
        Places needed at the busiest hour of that function [-].
    presence : DataFrame, 168 rows, one column per function
        See ``week_presence``.

    Returns
    -------
    DataFrame, 168 rows, one column per zone
        Places [-]: one matrix product, hours x functions x zones.

    Raises
    ------
    ContractError
        If a function has no curve.

    Examples
    --------
    >>> peak = pd.DataFrame({"Kerkstraat": [10.0, 4.0]}, index=["residential", "visitors"])
    >>> presence = pd.DataFrame({"residential": [1.0, 0.5], "visitors": [0.0, 0.25]})
    >>> hourly_demand(peak, presence)["Kerkstraat"].tolist()
    [10.0, 6.0]
    """
    absent = [name for name in peak.index if name not in presence.columns]
    if absent:
        msg = f"presence has no curve for {absent}; it has {list(presence.columns)}."
        raise ContractError(msg)
    demand = presence[list(peak.index)].to_numpy() @ peak.to_numpy()
    return pd.DataFrame(demand, index=presence.index, columns=peak.columns)


def peak_hours(demand: pd.DataFrame) -> pd.DataFrame:
    """
    Return for every zone the hour in which most places are needed: the binding hour.

    Parameters
    ----------
    demand : DataFrame, 168 rows, one column per zone
        See ``hourly_demand``.

    Returns
    -------
    DataFrame, one row per zone
        day_kind, hour, demand [places]; the first hour of the week where several are equal.

    Examples
    --------
    >>> hours = pd.MultiIndex.from_tuples([(1, "weekday", 8), (1, "weekday", 9)], names=list(HOUR))
    >>> peak_hours(pd.DataFrame({"Kerkstraat": [3.0, 5.0]}, index=hours))
               day_kind  hour  demand
    Kerkstraat  weekday     9     5.0
    """
    binding = demand.to_numpy().argmax(axis=0) if len(demand.columns) else np.zeros(0, int)
    at = demand.index[binding]
    return pd.DataFrame(
        {
            "day_kind": at.get_level_values("day_kind"),
            "hour": at.get_level_values("hour"),
            "demand": demand.max().to_numpy(),
        },
        index=demand.columns,
    )


def kerb_spaces(
    kerb: pd.DataFrame,
    *,
    place_length_m: float,
    junction_loss_m: float,
    driveway_gap_m: float,
    lost_place_piece: float,
) -> pd.Series[int]:
    """
    Return the parallel places that fit along the kerb of each street segment.

    Parameters
    ----------
    kerb : DataFrame, one row per segment
        length_m [m], built_share [0-1] (part of the length with buildings along it), sides
        (0 to 2, sides where parking fits), junction_ends (0 to 2), driveways (number of
        driveways on both sides together).
    place_length_m : float
        Length of a parallel place [m].
    junction_loss_m : float
        Kerb that each junction takes on each side, from the middle of the crossing road [m].
    driveway_gap_m : float
        Kerb that a driveway takes [m].
    lost_place_piece : float
        Places lost per piece of kerb between two driveways, as cars come whole [places].

    Returns
    -------
    Series of int, same index as `kerb`
        ``spaces``: whole places, 0 where nothing fits.

    Notes
    -----
    ``side = length · built_share - junction_ends · junction_loss``, per side at least 0;
    ``spaces = (sides · side - sides / 2 · driveways · gap) / place_length - lost · pieces``
    with ``pieces = sides + sides / 2 · driveways``, rounded down.

    Examples
    --------
    >>> kerb = pd.DataFrame({"length_m": [120.0], "built_share": [1.0], "sides": [2.0],
    ...                      "junction_ends": [2], "driveways": [4.0]})
    >>> kerb_spaces(kerb, place_length_m=5.0, junction_loss_m=10.0, driveway_gap_m=5.0,
    ...             lost_place_piece=0.5).tolist()
    [33]
    """
    side = kerb["length_m"] * kerb["built_share"] - kerb["junction_ends"] * junction_loss_m
    driveways = kerb["driveways"] * kerb["sides"] / 2
    usable = kerb["sides"] * side.clip(lower=0.0) - driveways * driveway_gap_m
    lost = lost_place_piece * (kerb["sides"] + driveways)
    spaces = (usable / place_length_m - lost).clip(lower=0.0)
    return (spaces // 1).astype("int64").rename("spaces")


def freeable_spaces(
    spaces: pd.Series[Any], peak_demand: pd.Series[Any], *, firm: pd.Series[Any], alarm_share: float
) -> pd.Series[int]:
    """
    Return the places that can go while the busiest hour stays below the alarm, per street.

    Parameters
    ----------
    spaces : Series, one value per street
        Places on the street [-].
    peak_demand : Series, same index
        Places needed at the busiest hour [-].
    firm : Series, same index
        Places of which it is known where they are: no more than these can go [-].
    alarm_share : float
        Occupancy above which drivers start to search [0-1].

    Returns
    -------
    Series of int, same index
        ``freeable`` [whole places].

    Notes
    -----
    ``min(firm, max(0, spaces - peak_demand / alarm_share))``, rounded down.

    Examples
    --------
    >>> freeable_spaces(pd.Series([100, 100]), pd.Series([68.0, 68.0]),
    ...                 firm=pd.Series([100, 5]), alarm_share=0.85).tolist()
    [20, 5]
    """
    over = (spaces - peak_demand / alarm_share).clip(lower=0.0).round(6)
    most = over.where(over <= firm, firm)
    return (most // 1).astype("int64").rename("freeable")


def car_park_capacity(car_parks: gpd.GeoDataFrame, *, place_m2: float) -> pd.DataFrame:
    """
    Return the places of each car park: as given, else from its area.

    Parameters
    ----------
    car_parks : GeoDataFrame, index ``parking_id``
        capacity (missing where not known); points or polygons in EPSG:31370.
    place_m2 : float
        Area per place, aisles included [m2].

    Returns
    -------
    DataFrame, same index
        capacity (missing for a point without a number) and capacity_basis: ``measured``,
        ``assumed`` or missing.

    Examples
    --------
    >>> from shapely import box
    >>> lots = gpd.GeoDataFrame({"capacity": pd.array([None, 30], dtype="Int64")},
    ...     index=["a", "b"], geometry=[box(0, 0, 20, 26), box(0, 0, 9, 9)], crs=31370)
    >>> car_park_capacity(lots, place_m2=25.0)["capacity"].tolist()
    [20, 30]
    """
    given = car_parks["capacity"].astype("Int64")
    area = car_parks.geometry.area
    worked_out = pd.Series(np.floor(area / place_m2), index=car_parks.index)
    worked_out = worked_out.where(area > 0).astype("Int64")
    capacity = given.fillna(worked_out)
    basis = pd.Series("measured", index=car_parks.index, dtype="str")
    basis = basis.mask(given.isna(), "assumed").mask(capacity.isna())
    return pd.DataFrame({"capacity": capacity, "capacity_basis": basis})


def car_park_use(car_parks: pd.DataFrame, presence: pd.DataFrame) -> pd.Series[str]:
    """
    Return the presence curve that each car park follows.

    Parameters
    ----------
    car_parks : DataFrame
        function and owner_kind (codes, missing where not known).
    presence : DataFrame
        Its columns are the functions that have a curve.

    Returns
    -------
    Series, same index
        ``use``: the function if it has a curve, else what the owner suggests, else ``UNKNOWN``.

    Examples
    --------
    >>> lots = pd.DataFrame({"function": ["school", None, "public"],
    ...                      "owner_kind": [None, "supermarket", "municipality"]})
    >>> car_park_use(lots, pd.DataFrame(columns=["school", "supermarket"])).tolist()
    ['school', 'supermarket', 'unknown']
    """
    known = list(presence.columns)
    by_function = car_parks["function"].where(car_parks["function"].isin(known))
    by_owner = car_parks["owner_kind"].map(_USE_OF_OWNER)
    is_told = car_parks["function"].isna() | (car_parks["function"] == UNKNOWN)
    by_owner = by_owner.where(by_owner.isin(known) & is_told)
    return by_function.fillna(by_owner).fillna(UNKNOWN).astype("str").rename("use")


def night_slack(
    car_parks: pd.DataFrame,
    presence: pd.DataFrame,
    *,
    own_peak_share: float,
    offered_share: float,
    night: tuple[int, int],
) -> pd.DataFrame:
    """
    Return what stays free at night in each car park, and in which hour it is tightest.

    Parameters
    ----------
    car_parks : DataFrame, index ``parking_id``
        capacity [places], use (see ``car_park_use``).
    presence : DataFrame, 168 rows, one column per function
        See ``week_presence``.
    own_peak_share : float
        Part of the capacity that the owner's own use takes at its busiest hour [0-1].
    offered_share : float
        Part of the free places that can be offered to others; the rest is reserve [0-1].
    night : tuple of int
        First and last hour of the night, as (21, 6).

    Returns
    -------
    DataFrame, same index
        free_night [places] in the tightest hour of all nights, its day_kind and hour,
        offered_night [whole places]. All missing where capacity or use is not known.

    Examples
    --------
    >>> hours = pd.MultiIndex.from_tuples([(1, "weekday", 22), (1, "weekday", 12)],
    ...                                   names=list(HOUR))
    >>> presence = pd.DataFrame({"school": [0.1, 1.0]}, index=hours)
    >>> lots = pd.DataFrame({"capacity": [50], "use": ["school"]}, index=["a"])
    >>> night_slack(lots, presence, own_peak_share=1.0, offered_share=0.7, night=(21, 6))
       free_night day_kind  hour  offered_night
    a        45.0  weekday    22             31
    """
    first, last = night
    hour = presence.index.get_level_values("hour")
    nights = presence[(hour >= first) | (hour <= last)]
    tightest = nights.to_numpy().argmax(axis=0)
    at = pd.DataFrame(
        {
            "own_share": nights.max().to_numpy(),
            "day_kind": nights.index.get_level_values("day_kind")[tightest],
            "hour": nights.index.get_level_values("hour")[tightest],
        },
        index=nights.columns,
    ).reindex(car_parks["use"])
    capacity = car_parks["capacity"].astype("Float64").astype("float64").to_numpy()
    free: np.ndarray[Any, Any] = capacity * (1 - own_peak_share * at["own_share"].to_numpy())
    offered = pd.Series(np.floor(np.round(offered_share * free, 6)), index=car_parks.index)
    is_known = ~np.isnan(free)
    return pd.DataFrame(
        {
            "free_night": free,
            "day_kind": at["day_kind"].where(is_known).astype("str").array,
            "hour": at["hour"].where(is_known).astype("Int64").array,
            "offered_night": offered.astype("Int64"),
        },
        index=car_parks.index,
    )
