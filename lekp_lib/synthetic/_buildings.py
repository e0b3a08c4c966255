"""Facts of every building, and the gaps that real files have too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lekp_lib.contracts.lists import PERIOD_FIRST_YEAR, PERIODS
from lekp_lib.synthetic._houses import House
from lekp_lib.synthetic._recipes import Recipe
from lekp_lib.synthetic._sites import Site, site_points
from lekp_lib.synthetic._streets import Segment, Street, by_street, nearest_part

__all__ = ["buildings_as_given", "period_of", "true_buildings"]

_FLATS_LEAST = 3
_FLOOR_AREA_KNOWN = 0.1
_HERITAGE_SHARE = 0.03
_HERITAGE_KNOWN = 0.8
_TENURE_KNOWN = 0.94
_SOLD_SHARE = 0.1
_LANDLORD_SHARE = 0.15
_SHED_HEIGHT_M = 2.6
_ROOF_M = (1.5, 3.5)
_EPC = ("A+", "A", "B", "C", "D", "E", "F")

_Row = dict[str, Any]


def period_of(years: pd.Series) -> pd.Series:
    """
    Return the construction period of years.

    Examples
    --------
    >>> period_of(pd.Series([1899, 1900, 2020])).tolist()
    ['before_1900', '1900_1918', 'after_2011']
    """
    place = np.searchsorted(PERIOD_FIRST_YEAR, years.to_numpy(), side="right") - 1
    return pd.Series(np.array(PERIODS)[place], index=years.index)


def true_buildings(
    recipe: Recipe,
    streets: Sequence[Street],
    parts: Mapping[str, Segment],
    built: tuple[Sequence[House], Sequence[Site]],
    rng: np.random.Generator,
) -> gpd.GeoDataFrame:
    """
    Return every building with all its facts, nothing left out.

    Parameters
    ----------
    recipe : Recipe
        Kind of wijk.
    streets : sequence of Street
        Streets.
    parts : mapping of str to Segment
        Segments that are kept, by street_id.
    built : tuple
        Houses and sites.
    rng : Generator
        Source of chance.

    Returns
    -------
    GeoDataFrame, RangeIndex
        Columns of the contract ``gebouwen`` where they apply.
    """
    houses, sites = built
    homes = _home_rows(recipe, houses, streets, rng)
    rows = [*homes, *_site_rows(sites, rng)]
    _give_addresses(rows, streets, by_street(parts))
    rows += [
        _outbuilding(home, outline, recipe)
        for home, house in zip(homes, houses, strict=True)
        for outline in house.outbuildings
    ]
    table = pd.DataFrame(rows)
    shapes = shapely.polygons([shapely.linearrings(ring) for ring in table.pop("outline")])
    buildings = gpd.GeoDataFrame(table, geometry=shapes, crs=31370)
    width = len(str(len(buildings)))
    buildings["building_id"] = [
        f"{recipe.prefix}-g{number:0{max(4, width)}d}" for number in range(1, len(buildings) + 1)
    ]
    return buildings


def _home_rows(
    recipe: Recipe, houses: Sequence[House], streets: Sequence[Street], rng: np.random.Generator
) -> list[_Row]:
    looks: dict[tuple[int, int], _Row] = {}
    rows = []
    for house in houses:
        unit = house.unit
        look = looks.setdefault((unit.run, unit.series), {})
        if not look:
            look.update(_look(recipe, rng))
        is_main = streets[unit.street].stroke.road_class == "connector"
        is_flats = unit.flats >= _FLATS_LEAST
        is_mixed = is_main and not unit.flats and rng.random() < recipe.mixed_share
        levels = max(look["levels"], 3.0) + (unit.flats > 5) if is_flats else look["levels"]
        rows.append(
            {
                "outline": house.outline,
                "function": "mixed" if is_mixed else "residential",
                "building_type": _type(house, is_flats=is_flats, is_mixed=is_mixed),
                "dwellings": unit.flats or 1,
                "construction_year": look["year"],
                "levels": levels,
                "height_m": round(levels * recipe.storey_m + look["roof_m"], 1),
                "tenure": _tenure(recipe, look, rng),
                "is_heritage": bool(look["year"] < 1919 and rng.random() < _HERITAGE_SHARE),
                "epc_label": _epc(recipe, rng) if unit.flats == 0 else None,
                "street": unit.street,
                "side": unit.side,
                "along_m": unit.along_m,
            }
        )
    return rows


def _look(recipe: Recipe, rng: np.random.Generator) -> _Row:
    """Return what the houses of one series have in common."""
    spans, often = zip(*recipe.years, strict=True)
    first, last = spans[int(rng.choice(len(spans), p=often))]
    storeys, weights = zip(*recipe.levels, strict=True)
    return {
        "year": int(rng.integers(int(first), int(last) + 1)),
        "levels": float(rng.choice(storeys, p=weights)),
        "roof_m": float(rng.uniform(*_ROOF_M)),
        "is_social": bool(rng.random() < recipe.social_share),
    }


def _type(house: House, *, is_flats: bool, is_mixed: bool) -> str:
    if is_flats:
        return "apartment_building"
    if is_mixed:
        return "mixed_commercial"
    return ("detached", "semi_detached", "terraced")[house.n_neighbours]


def _tenure(recipe: Recipe, look: _Row, rng: np.random.Generator) -> str | None:
    chance = rng.random()
    if recipe.social_share == 0:
        return None
    if look["is_social"]:
        return "owner_occupied" if chance < _SOLD_SHARE else "social_rental"
    return "private_rental" if chance < _LANDLORD_SHARE else "owner_occupied"


def _epc(recipe: Recipe, rng: np.random.Generator) -> str | None:
    place = int(np.searchsorted(np.cumsum(recipe.epc), rng.random(), side="right"))
    return _EPC[place] if place < len(_EPC) else None


def _site_rows(sites: Sequence[Site], rng: np.random.Generator) -> list[_Row]:
    rows = []
    for site in sites:
        for block in site.template.blocks:
            is_home = block.dwellings > 0
            is_ancillary = block.function == "ancillary"
            rows.append(
                {
                    "outline": tuple(map(tuple, site_points(site, block.outline).tolist())),
                    "function": block.function,
                    "building_type": "apartment_building" if is_home else "other",
                    "dwellings": block.dwellings,
                    "construction_year": int(rng.integers(block.years[0], block.years[1] + 1)),
                    "levels": block.levels,
                    "height_m": _SHED_HEIGHT_M
                    if is_ancillary
                    else round(block.levels * 3.4 + 1, 1),
                    "tenure": "social_rental" if is_home else None,
                    "is_heritage": block.is_heritage,
                    "epc_label": None,
                    "street": None if is_ancillary else site.street,
                    "side": site.side,
                    "along_m": site.along_m,
                }
            )
    return rows


def _give_addresses(
    rows: list[_Row], streets: Sequence[Street], own: Mapping[int, Mapping[str, Segment]]
) -> None:
    """Number the buildings along each side of each street: odd on the left, even on the right."""
    order = sorted(
        (k for k, row in enumerate(rows) if row["street"] is not None),
        key=lambda k: (rows[k]["street"], rows[k]["side"], round(rows[k]["along_m"], 2), k),
    )
    count: dict[tuple[int, int], int] = {}
    for place in order:
        row = rows[place]
        side = (row["street"], row["side"])
        count[side] = count.get(side, 0) + 1
        row["house_number"] = str(2 * count[side] - (row["side"] == 0))
        row["street_name"] = streets[row["street"]].name
        row["street_id"] = nearest_part(own[row["street"]], row["along_m"])


def _outbuilding(home: _Row, outline: tuple[tuple[float, float], ...], recipe: Recipe) -> _Row:
    return {
        "outline": outline,
        "function": "ancillary",
        "building_type": "other",
        "dwellings": 0,
        "construction_year": home["construction_year"],
        "levels": 1.0,
        "height_m": _SHED_HEIGHT_M,
        "tenure": None,
        "is_heritage": False,
        "epc_label": None,
    }


def buildings_as_given(
    truth: gpd.GeoDataFrame, recipe: Recipe, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """
    Return the buildings as a municipality would have them: with gaps.

    Parameters
    ----------
    truth : GeoDataFrame
        See `true_buildings`.
    recipe : Recipe
        Which share of what is left blank.
    rng : Generator
        Source of chance.

    Returns
    -------
    GeoDataFrame
        Columns of the contract ``gebouwen``.
    """
    n = len(truth)
    chance = {name: pd.Series(rng.random(n)) for name in _GAP_NAMES}
    no_year = chance["year"] < recipe.no_year
    year = truth["construction_year"].astype("Int64")
    is_site = truth["function"].isin(["school", "supermarket"])
    floor = (truth.geometry.area * truth["levels"]).round(0)
    no_key = chance["street"] < recipe.no_street
    no_address = chance["street"] < recipe.no_street / 2
    given = truth.assign(
        construction_year=year.mask(no_year),
        construction_period=period_of(truth["construction_year"]).where(
            no_year & (chance["period"] >= recipe.no_period)
        ),
        floor_area_m2=floor.where(is_site | (chance["floor"] < _FLOOR_AREA_KNOWN)),
        levels=truth["levels"].mask(chance["levels"] < recipe.no_levels),
        height_m=truth["height_m"].mask(chance["height"] < recipe.no_height),
        tenure=truth["tenure"].where(chance["tenure"] < _TENURE_KNOWN),
        is_heritage=truth["is_heritage"]
        .astype("boolean")
        .where(truth["is_heritage"] | (chance["heritage"] < _HERITAGE_KNOWN)),
        street_id=truth["street_id"].mask(no_key),
        street_name=truth["street_name"].mask(no_address),
        house_number=truth["house_number"].mask(no_address),
    )
    return gpd.GeoDataFrame(given.drop(columns=["street", "side", "along_m"]))


_GAP_NAMES = ("year", "period", "floor", "levels", "height", "tenure", "heritage", "street")
