"""What every question of work programme 2 starts from: homes, residents, rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from lekp_lib.assumptions import Assumptions
from lekp_lib.contracts import Flanders, Place
from lekp_lib.contracts.lists import (
    AGE_GROUPS,
    BUILDING_TYPES,
    INCOME_GROUPS,
    LANGUAGE_GROUPS,
    TENURES,
)
from lekp_lib.domain import construction_period, heat_density, population, renovation, rules
from lekp_lib.errors import ContractError
from lekp_lib.studies._stock import STOCK_KEYS, described_stock

__all__ = ["HOME_KEYS", "SCENE_KEYS", "Scene", "homes_and_walls", "scene_of"]

_OTHER_TENURES = TENURES[1:]
_SHARES = {
    "income_group": (INCOME_GROUPS[-1], INCOME_GROUPS),
    "age_group": (AGE_GROUPS[1], AGE_GROUPS),
    "language_group": (LANGUAGE_GROUPS[0], LANGUAGE_GROUPS),
}
"""Characteristic → the group that takes the rest, and all groups."""

HOME_KEYS = (*STOCK_KEYS, "streets.named_within_m", "streets.nearest_within_m")
"""The figures that find the homes and their streets."""

SCENE_KEYS = (
    "privacy.smallest_cell",
    "privacy.smallest_street_dwellings",
    *HOME_KEYS,
    "population.fit_tolerance_share",
    "population.fit_rounds",
    *(f"population.{tenure}.{kind}_share" for tenure in _OTHER_TENURES for kind in BUILDING_TYPES),
    *(
        f"population.{group}.{tenure}_share"
        for rest, groups in _SHARES.values()
        for group in groups
        if group != rest
        for tenure in TENURES
    ),
    "rules.stale_after_days",
)
"""The figures this step uses."""

_NO_ADDRESS = ("motorway",)


@dataclass(frozen=True)
class Scene:
    """
    Homes, households and rules of a neighbourhood.

    Attributes
    ----------
    place : Place
    flanders : Flanders
    used : Assumptions
        The figures that the study may read.
    on : date
        Day whose rules count.
    homes : GeoDataFrame, index building_id
        Buildings with homes: building_type, period ("unknown" where not known), dwellings [-],
        tenure ("unknown" where not known), floor_area_m2 [m2], is_heritage (bool), street_name,
        geometry; and the columns ``…_origin`` that tell where a value comes from.
    walls : DataFrame
        See ``adjacency.shared_walls``.
    weights : DataFrame
        Chance of each period where none is known, see ``construction_period.period_weights``.
    segments : DataFrame
        building_type, period, tenure, income_group, dwellings [-, fitted, so not whole]; only
        segments with dwellings.
    households : DataFrame
        tenure, income_group, age_group, language_group, households [-, fitted]: the same
        households, one per dwelling; all combinations.
    groups : DataFrame, index group
        households [-] per activation group; groups overlap. ``social_tenant`` is also counted
        as ``tenant``.
    rules : DataFrame, index rule_id
        Rules of Flanders and of the municipality as they stand on the day, see
        ``rules.rules_on``: status in_force, stale or expired.
    fit_error_share : float
        Largest gap between the fitted segments and what they were fitted to [-].
    has_households : bool
        The place gave ``huishoudens``; else the shares are those of Flanders, assumed.
    households_given : float
        Households that ``huishoudens`` counts [-]; NaN without. They are spread over all
        dwellings, one each.
    nis_code : str or None
        Municipality whose building stock filled in the periods; None for a fictional place.
    """

    place: Place
    flanders: Flanders
    used: Assumptions
    on: dt.date
    homes: gpd.GeoDataFrame
    walls: pd.DataFrame
    weights: pd.DataFrame
    segments: pd.DataFrame
    households: pd.DataFrame
    groups: pd.DataFrame
    rules: pd.DataFrame
    fit_error_share: float
    has_households: bool
    households_given: float
    nis_code: str | None


def scene_of(
    place: Place, flanders: Flanders, *, on: dt.date, keys: Iterable[str] | None = None
) -> Scene:
    """
    Return what the questions of the programme share.

    Parameters
    ----------
    place : Place
        The neighbourhood; ``gebouwen`` and ``straten`` are enough.
    flanders : Flanders
        The figures for all municipalities, with the rules.
    on : date
        Day whose rules count.
    keys : iterable of str, optional
        Figures that the questions read besides ``SCENE_KEYS``; all figures if left out.
    """
    named = place.assumptions if keys is None else place.assumptions.pick({*SCENE_KEYS, *keys})
    used = place.assumptions.pick(SCENE_KEYS)
    homes, walls = homes_and_walls(place, used)
    nis_code = None if place.settings.is_fictional else place.settings.nis_code
    shares = construction_period.period_shares(flanders.building_stock, nis_code=nis_code)
    weights = construction_period.period_weights(homes["period"], homes["building_type"], shares)
    given = place.tables.get("huishoudens")
    found = _fitted(homes, weights, given, used)
    segments = population.households_table(
        found.fitted, ["building_type", "period", "tenure", "income_group"], value="dwellings"
    )
    return Scene(
        place=place,
        flanders=flanders,
        used=named,
        on=on,
        homes=homes,
        walls=walls,
        weights=weights,
        segments=segments[segments["dwellings"] > 0].reset_index(drop=True),
        households=population.households_table(
            found.fitted, ["tenure", *_SHARES], value="households"
        ),
        groups=population.activation_groups(found.fitted),
        rules=rules.rules_on(
            rules.with_local_rules(flanders.rules, place.rules),
            on,
            stale_after_days=used["rules.stale_after_days"].value,
        ),
        fit_error_share=found.residual,
        has_households=given is not None,
        households_given=population.households_counted(given),
        nis_code=nis_code,
    )


# --- the homes ------------------------------------------------------------------------------


def homes_and_walls(place: Place, used: Assumptions) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return the buildings with homes, each with its street, and the walls they share."""
    buildings = gpd.GeoDataFrame(place.tables["gebouwen"])
    described, walls = described_stock(buildings, used)
    homes = _homes(buildings, described)
    streets = gpd.GeoDataFrame(place.tables["straten"])
    return homes.assign(**_street_names(homes, streets, used)), walls


def _homes(buildings: gpd.GeoDataFrame, described: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the buildings with homes; what is not known is said in so many words."""
    given = ["tenure", "is_heritage", "street_id", "street_name", "geometry"]
    table = buildings[given].join(described)
    homes = table[table["is_home"] & (table["dwellings"] > 0)]
    return gpd.GeoDataFrame(
        homes.assign(
            period=homes["period"].fillna(renovation.UNKNOWN),
            tenure=homes["tenure"].astype("str").fillna(renovation.UNKNOWN),
            is_heritage=homes["is_heritage"].fillna(value=False).astype("bool"),
        )
    )


def _street_names(
    homes: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, used: Assumptions
) -> pd.DataFrame:
    """Return the street of each home: its own name, or that of the segment it belongs to."""
    segments = streets[~streets["road_class"].isin(_NO_ADDRESS)]
    assigned = heat_density.assign_streets(
        homes,
        segments,
        named_within_m=used["streets.named_within_m"].value,
        nearest_within_m=used["streets.nearest_within_m"].value,
    )
    has_name = homes["street_name"].notna()
    found = assigned["street_id"].map(segments["street_name"]).astype("str")
    return pd.DataFrame(
        {
            "street_name": homes["street_name"].where(has_name, found),
            "street_origin": assigned["street_origin"].mask(has_name, "given"),
        }
    )


# --- the households -------------------------------------------------------------------------


def _fitted(
    homes: pd.DataFrame, weights: pd.DataFrame, given: pd.DataFrame | None, used: Assumptions
) -> population.Fit:
    """Return the households per home, tenure, income, age and language."""
    dwellings = population.dwellings_by_tenure(homes, weights, _tenure_shares(used))
    seed = population.household_seed(
        dwellings, *(_group_shares(rest, groups, used) for rest, groups in _SHARES.values())
    )
    known: list[population.Margin] = [((0, 1), dwellings.sum(axis=2))]
    if given is not None:
        known += population.household_margins(given, total=float(dwellings.sum()))
    return population.fit(
        seed,
        known,
        tolerance=used["population.fit_tolerance_share"].value,
        rounds=int(used["population.fit_rounds"].value),
    )


def _tenure_shares(used: Assumptions) -> pd.DataFrame:
    """Return the assumed tenures of each type; owners take the rest."""
    shares = {
        tenure: {kind: used[f"population.{tenure}.{kind}_share"].value for kind in BUILDING_TYPES}
        for tenure in _OTHER_TENURES
    }
    return _with_rest(shares, TENURES[0], TENURES, list(BUILDING_TYPES))


def _group_shares(rest: str, groups: tuple[str, ...], used: Assumptions) -> pd.DataFrame:
    """Return the assumed groups of each tenure; one group takes the rest."""
    shares = {
        group: {tenure: used[f"population.{group}.{tenure}_share"].value for tenure in TENURES}
        for group in groups
        if group != rest
    }
    return _with_rest(shares, rest, groups, list(TENURES))


def _with_rest(
    shares: Mapping[str, Mapping[str, float]], rest: str, order: tuple[str, ...], rows: list[str]
) -> pd.DataFrame:
    table = pd.DataFrame(shares).loc[rows]
    left = 1.0 - table.sum(axis=1)
    if (left < 0).any():
        what = f"{', '.join(map(str, table.columns))} bij «{left.idxmin()}»"
        msg = (
            f"De aandelen {what} zijn samen meer dan 1. Wat te doen: verlaag ze in uw tabel "
            "aannames (kengetallen population.*)."
        )
        raise ContractError(msg)
    return table.assign(**{rest: left})[list(order)]
