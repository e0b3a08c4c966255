"""
One contact point for renovation: the flow of dossiers, who handles them and what that costs.

A dossier passes the stages of ``STAGES``: a household that was reached (contact), a visit at
home, a quote, an order and works that are done. At each step some drop out. No person and no
address is needed: dossiers are counted, never followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from lekp_lib.errors import ContractError

__all__ = [
    "PAYERS",
    "STAGES",
    "desk_costs",
    "funnel",
    "joint_offers",
    "nearest_places",
    "payers",
    "travel",
]

STAGES = ("contact", "visit", "quote", "order", "done")
"""Stages of a dossier, in their order."""

PAYERS = ("household", "contractor", "subsidy", "municipality")
"""Who can pay for the contact point; the municipality pays what the others leave."""


def funnel(done: float, *, passes: Mapping[str, float], hours: Mapping[str, float]) -> pd.DataFrame:
    """
    Return how many dossiers each stage must hold to get so many works done.

    Counting back from the works shows what a goal asks of the first contact.

    Parameters
    ----------
    done : float, not negative
        Works to get done [-], for instance per year.
    passes : mapping of str to float
        Share of the dossiers that goes on to the next stage, per stage but the last [-].
    hours : mapping of str to float
        Hours of the contact point per dossier in a stage [h].

    Returns
    -------
    DataFrame, indexed by stage
        dossiers [-], drop_outs [-] (before the next stage), of_contacts_share [-] and hours
        [h] of all dossiers together.

    Raises
    ------
    ContractError
        If a stage lacks its share or hours, or a share is not above 0 and at most 1.

    Notes
    -----
    ``dossiers_s = done / Π passes`` over the stages from ``s`` on.

    References
    ----------
    S-230 in ``assumptions/sources.csv``.

    Examples
    --------
    >>> passes = {"contact": 0.1, "visit": 0.6, "quote": 0.5, "order": 0.75}
    >>> hours = dict.fromkeys(STAGES, 1.0)
    >>> funnel(9.0, passes=passes, hours=hours)["dossiers"].round(0).tolist()
    [400.0, 40.0, 24.0, 12.0, 9.0]
    """
    absent = sorted({*STAGES[:-1]}.difference(passes) | {*STAGES}.difference(hours))
    if absent:
        msg = f"The stages {absent} have no share that passes or no hours. Give both."
        raise ContractError(msg)
    shares = np.array([*(passes[stage] for stage in STAGES[:-1]), 1.0])
    if not ((shares > 0) & (shares <= 1)).all() or not done >= 0:
        msg = "Shares that pass must lie above 0 and not above 1; works cannot be negative."
        raise ContractError(msg)
    dossiers = done / np.cumprod(shares[::-1])[::-1]
    return pd.DataFrame(
        {
            "dossiers": dossiers,
            "drop_outs": dossiers * (1 - shares),
            "of_contacts_share": np.cumprod([1.0, *shares[:-1]]),
            "hours": dossiers * [hours[stage] for stage in STAGES],
        },
        index=pd.Index(STAGES, name="stage"),
    )


def nearest_places(places: pd.DataFrame, home: str, *, count: int) -> pd.Index:
    """
    Return a place and those nearest to it: who could share a contact point.

    Parameters
    ----------
    places : DataFrame, index place
        longitude and latitude [degrees].
    home : str
        The place itself.
    count : int
        Places in all, at least 1 [-].

    Returns
    -------
    Index
        `home` first, then from near to far; equals in the order of their name.

    Raises
    ------
    ContractError
        If `home` is not in `places`.

    Notes
    -----
    A degree of longitude shrinks with the cosine of the latitude.

    Examples
    --------
    >>> places = pd.DataFrame({"longitude": [4.0, 4.1, 4.5], "latitude": 51.0}, index=list("cba"))
    >>> nearest_places(places, "b", count=2).tolist()
    ['b', 'c']
    """
    if home not in places.index:
        msg = f"«{home}» is not among the places. Check its code."
        raise ContractError(msg)
    ordered = places.sort_index()
    places_deg = ordered[["longitude", "latitude"]].to_numpy(dtype="float64")
    away_deg = places_deg - places_deg[ordered.index.get_loc(home)]
    away_deg[:, 0] *= np.cos(np.radians(float(ordered["latitude"].loc[home])))
    away = pd.Series((away_deg**2).sum(axis=1), index=ordered.index).drop(home)
    away = away.sort_values(kind="stable")
    return pd.Index([home, *away.index[: count - 1]])


def travel(
    visits: pd.Series[float],
    area_km2: pd.Series[float],
    *,
    trips_per_visit: float,
    detour: float,
    speed_km_h: float,
) -> pd.DataFrame:
    """
    Return what advisers travel to visit homes that lie spread over an area.

    Parameters
    ----------
    visits : Series
        Homes visited per year [1/yr].
    area_km2 : Series, same index
        Area that one desk serves [km2].
    trips_per_visit : float
        Times an adviser drives out for one home [-].
    detour : float
        Distance by road over distance as the crow flies [-].
    speed_km_h : float
        Mean speed door to door [km/h].

    Returns
    -------
    DataFrame, same index
        km [km/yr] and travel_hours [h/yr].

    Notes
    -----
    In a round area with the desk in the middle, a home is ``⅔·√(A/π)`` away on average.

    Examples
    --------
    >>> one = pd.Series([100.0], index=["dorp"])
    >>> area = pd.Series([28.27], index=["dorp"])
    >>> travel(one, area, trips_per_visit=1, detour=1.0, speed_km_h=40).round(0)
             km  travel_hours
    dorp  400.0          10.0
    """
    away_km = 2 / 3 * np.sqrt(area_km2 / np.pi) * detour
    km = visits * trips_per_visit * 2 * away_km
    return pd.DataFrame({"km": km, "travel_hours": km / speed_km_h})


def desk_costs(
    desks: pd.DataFrame,
    *,
    hours_per_fte: float,
    most_occupation_share: float,
    least_fte: float,
    costs: Mapping[str, float],
) -> pd.DataFrame:
    """
    Return advisers and euros per year of desks that serve one municipality or several.

    Parameters
    ----------
    desks : DataFrame, one row per way to organise
        hours [h/yr] with travel, visits [1/yr], done [1/yr], km [km/yr], municipalities [-]
        that share the desk and own_share [-]: the part of its dossiers that is ours.
    hours_per_fte : float
        Hours for dossiers in a year of full work [h].
    most_occupation_share : float
        Share of that time that may be filled; the rest keeps the wait short [-].
    least_fte : float
        Fewest people with whom a desk can open all year round [vte].
    costs : mapping of str to float
        staff_year_eur (per fte), fixed_eur (per desk and year), municipality_eur (per
        municipality and year, for its own part of the work), km_eur (per km) [EUR].

    Returns
    -------
    DataFrame, same index and order
        fte of the desk, advisers [-] (whole people), then per year and for our part only:
        own_fte, staff_eur, travel_eur, fixed_eur and total_eur [EUR]; cost_per_done_eur (the
        fee at which the desk breaks even) and cost_per_visit_eur [EUR], missing where there
        is none.

    Notes
    -----
    ``fte = max(least, hours / (hours_per_fte · occupation))``. Staff and travel are shared by
    dossiers, the fixed cost of a desk equally by municipality.

    Examples
    --------
    >>> desks = pd.DataFrame({"hours": [850.0, 8500.0], "visits": [100.0, 1000.0],
    ...     "done": [20.0, 200.0], "km": 0.0, "municipalities": [1, 10],
    ...     "own_share": [1.0, 0.1]}, index=["alone", "together"])
    >>> costs = {"staff_year_eur": 80e3, "fixed_eur": 40e3, "municipality_eur": 0.0, "km_eur": 0.0}
    >>> found = desk_costs(desks, hours_per_fte=1000, most_occupation_share=0.85,
    ...                    least_fte=1.5, costs=costs)
    >>> found[["fte", "total_eur", "cost_per_done_eur"]]
               fte  total_eur  cost_per_done_eur
    alone      1.5   160000.0             8000.0
    together  10.0    84000.0             4200.0
    """
    fte = (desks["hours"] / (hours_per_fte * most_occupation_share)).clip(lower=least_fte)
    own = desks["own_share"]
    table = pd.DataFrame(
        {
            "fte": fte,
            "advisers": np.ceil(fte - 1e-9).astype("int64"),
            "own_fte": fte * own,
            "staff_eur": fte * own * costs["staff_year_eur"],
            "travel_eur": desks["km"] * own * costs["km_eur"],
            "fixed_eur": costs["fixed_eur"] / desks["municipalities"] + costs["municipality_eur"],
        }
    )
    total = table[["staff_eur", "travel_eur", "fixed_eur"]].sum(axis=1)
    return table.assign(
        total_eur=total,
        cost_per_done_eur=_per(total, desks["done"] * own),
        cost_per_visit_eur=_per(total, desks["visits"] * own),
    )


def _per(amount: pd.Series[Any], count: pd.Series[Any]) -> pd.Series[Any]:
    return amount / count.where(count > 0)


def payers(
    total_eur: float, done: float, *, fee_eur: float, contractor_eur: float, subsidy_share: float
) -> pd.Series[float]:
    """
    Return who pays what of the yearly cost of a contact point.

    Parameters
    ----------
    total_eur : float
        Cost per year [EUR].
    done : float
        Works done per year [-].
    fee_eur, contractor_eur : float
        What household and contractor pay per works done [EUR].
    subsidy_share : float
        Part of the cost that another government pays [-].

    Returns
    -------
    Series of float, indexed by ``PAYERS``
        ``paid_eur`` [EUR/yr]; adds up to the cost. A negative amount for the municipality is
        a surplus.

    Examples
    --------
    >>> payers(100e3, 50.0, fee_eur=200, contractor_eur=0, subsidy_share=0.25).tolist()
    [10000.0, 0.0, 25000.0, 65000.0]
    """
    paid = [done * fee_eur, done * contractor_eur, total_eur * subsidy_share]
    index = pd.Index(PAYERS, name="payer")
    return pd.Series([*paid, total_eur - sum(paid)], index=index, name="paid_eur", dtype="float64")


def joint_offers(
    groups: pd.DataFrame,
    *,
    discount_share: float | pd.Series[float],
    scaffold_eur: float,
    drawing_eur: float,
    counted_share: float,
) -> pd.DataFrame:
    """
    Return what a group pays together, against each household alone.

    Audited discounts were not found: by default a joint offer costs as much as the separate
    ones, and its gain is time.

    Parameters
    ----------
    groups : DataFrame, one row per group
        dwellings [-], jobs [-] (buildings: each needs its own drawing and scaffold if alone)
        and cost_eur [EUR] of all works apart, missing where not known.
    discount_share : float or Series, same index
        Discount of the contractor on the whole order [-].
    scaffold_eur, drawing_eur : float
        What a building saves by sharing a scaffold, and by one drawing for all [EUR]; the
        first building of a group pays both.
    counted_share : float
        Part of these savings that is counted [-]; 0 promises nothing.

    Returns
    -------
    DataFrame, same index and order
        discount_eur, shared_eur (scaffold and drawing), offer_eur and offer_per_dwelling_eur
        [EUR].

    Examples
    --------
    >>> groups = pd.DataFrame({"dwellings": [10.0], "jobs": [10], "cost_eur": [400e3]})
    >>> joint_offers(groups, discount_share=0.05, scaffold_eur=500, drawing_eur=300,
    ...              counted_share=1.0).iloc[0].tolist()
    [20000.0, 7200.0, 372800.0, 37280.0]
    """
    discount = groups["cost_eur"] * discount_share
    each = (scaffold_eur + drawing_eur) * counted_share
    shared = (groups["jobs"] - 1).clip(lower=0) * each
    shared = shared.where(groups["cost_eur"].notna())
    offer = groups["cost_eur"] - discount - shared
    return pd.DataFrame(
        {
            "discount_eur": discount,
            "shared_eur": shared,
            "offer_eur": offer,
            "offer_per_dwelling_eur": _per(offer, groups["dwellings"]),
        }
    )
