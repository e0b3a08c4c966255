"""Metered use per street, sector and wijk that fits the dwellings it belongs to."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from lekp_lib.synthetic._recipes import Recipe

__all__ = ["metered_use"]

_YEARS = {2018: 1.0, 2019: 0.985, 2020: 0.945, 2021: 1.085}
"""Calendar year → use of gas against 2018: the winter decides."""
_POWER_YEARS = {2018: 1.0, 2019: 0.985, 2020: 1.01, 2021: 0.995}
"""Calendar year → use of electricity against 2018."""
_FIRST_OF_ERA = (0, 1946, 1971, 1992)
_GAS_MWH = {
    "terraced": (15.0, 15.5, 14.0, 12.0),
    "semi_detached": (16.5, 16.5, 15.5, 12.5),
    "detached": (18.0, 18.0, 17.0, 13.5),
    "apartment_building": (12.5, 12.5, 12.0, 12.0),
    "mixed_commercial": (15.0, 15.0, 14.0, 12.0),
}
"""Building type → gas per connection and era [MWh/yr]."""
_ELECTRICITY_MWH = {
    "terraced": 3.2,
    "semi_detached": 3.5,
    "detached": 4.4,
    "apartment_building": 2.3,
    "mixed_commercial": 3.4,
}
_SPREAD = 0.25
_LATE_SHARE = 0.02
_SECTOR_LEAST = 100
_COLUMNS = ["gas_mwh", "gas_points", "electricity_mwh", "electricity_points"]


def metered_use(truth: gpd.GeoDataFrame, recipe: Recipe, rng: np.random.Generator) -> pd.DataFrame:
    """
    Return yearly use per street, sector and wijk; the parts add up to the whole.

    Parameters
    ----------
    truth : GeoDataFrame
        Every building with all its facts.
    recipe : Recipe
        Share of dwellings on gas, and the codes of wijk and sectors.
    rng : Generator
        Source of chance.

    Returns
    -------
    DataFrame
        Contract ``verbruik``. Short streets have fewer than ten connections, on purpose.
    """
    homes = truth[truth["dwellings"] > 0]
    use = _per_building(homes, recipe, rng)
    streets = use.groupby(["street_id", "year"], as_index=False)[_COLUMNS].sum()
    streets = streets.round({"gas_mwh": 1, "electricity_mwh": 1})
    sector = streets["street_id"].map(_sectors(homes, recipe))
    whole = streets.groupby("year", as_index=False)[_COLUMNS].sum()
    parts = streets.groupby([sector.rename("area_id"), "year"], as_index=False)[_COLUMNS].sum()
    return pd.concat(
        [
            whole.assign(area_kind="wijk", area_id=recipe.wijk_code),
            parts.assign(area_kind="sector"),
            streets.rename(columns={"street_id": "area_id"}).assign(area_kind="street"),
        ],
        ignore_index=True,
    )[["area_kind", "area_id", "year", *_COLUMNS]].round({"gas_mwh": 1, "electricity_mwh": 1})


def _per_building(
    homes: gpd.GeoDataFrame, recipe: Recipe, rng: np.random.Generator
) -> pd.DataFrame:
    dwellings = homes["dwellings"].to_numpy(dtype="int64")
    era = np.searchsorted(_FIRST_OF_ERA, homes["construction_year"].to_numpy(), side="right") - 1
    types = homes["building_type"].to_numpy()
    gas = np.array([_GAS_MWH[kind][number] for kind, number in zip(types, era, strict=True)])
    power = np.array([_ELECTRICITY_MWH[kind] for kind in types])
    gas = gas * rng.lognormal(-(_SPREAD**2) / 2, _SPREAD, len(gas))
    power = power * rng.lognormal(-(_SPREAD**2) / 2, _SPREAD, len(power))
    points = rng.binomial(dwellings, recipe.gas_share)
    connected = 2018 + np.searchsorted(
        [1 - 3 * _LATE_SHARE, 1 - 2 * _LATE_SHARE, 1 - _LATE_SHARE], rng.random(len(points))
    )
    return pd.concat(
        pd.DataFrame(
            {
                "street_id": homes["street_id"].to_numpy(),
                "year": year,
                "gas_mwh": gas * factor * points * (connected <= year),
                "gas_points": points * (connected <= year),
                "electricity_mwh": power * dwellings * _POWER_YEARS[year],
                "electricity_points": dwellings,
            }
        )
        for year, factor in _YEARS.items()
    )


def _sectors(homes: gpd.GeoDataFrame, recipe: Recipe) -> pd.Series:
    """Return the statistical sector of each street: west or east, one sector if it is small."""
    easting = homes.geometry.centroid.x.groupby(homes["street_id"]).mean()
    if homes["dwellings"].sum() < _SECTOR_LEAST:
        return pd.Series(f"{recipe.sector_stem}0-", index=easting.index)
    is_east = (easting > homes.geometry.centroid.x.median()).astype("int64").astype("str")
    return pd.Series(recipe.sector_stem + is_east + "-")
