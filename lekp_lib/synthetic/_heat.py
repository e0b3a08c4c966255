"""What a heat network would meet: weather, sources, works in the streets, and who takes part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lekp_lib.domain.weather import Climate, synthetic_year
from lekp_lib.synthetic._recipes import Recipe
from lekp_lib.synthetic._sites import Site, site_points
from lekp_lib.synthetic._templates import Box, corners

__all__ = ["actors", "heat_sources", "weather", "works"]

_YEARS = (2026, 2038)
"""First and last year of the calendar of works."""

_FIRST_HOUR = "2023-01-01"
_CLIMATE = Climate(
    mean_c=10.9,
    amplitude_c=7.2,
    coldest_c=-8.5,
    coldest_day=22,
    warmest_hour=15,
    daily_amplitude_c=3.0,
    daily_season_share=0.4,
    persistence_hours=60,
    rain_year_mm=820,
    wet_hours=780,
    wet_spell_hours=3,
    rain_shape=1.2,
)


@dataclass(frozen=True)
class _Source:
    """A source on a kind of site; power per dwelling of the wijk, investment per kW."""

    site: str
    kind: str
    dwelling_kw: float
    temperature_c: float | None
    cost_eur_mwh: float | None
    kw_eur: float
    emission_kg_mwh: float | None
    available_from: int


@dataclass(frozen=True)
class _Actor:
    """What one actor brings: an amount, or so much per dwelling, or a box of a site."""

    actor_id: str
    role_name: str
    kind: str
    contribution_kind: str
    unit: str
    condition: str
    available_from: int
    note: str
    amount: float = 0.0
    per_dwelling: float = 0.0
    land: tuple[str, Box] | None = None


_FACTORY_KW = 1.5
_SOURCES: dict[str, tuple[_Source, ...]] = {
    "station_belt": (
        _Source("factory", "waste_heat", _FACTORY_KW, 75.0, 12.0, 250.0, 15.0, 2028),
        _Source("station_parking", "air_heat_pump", 1.2, None, None, 750.0, None, 2027),
    ),
    "garden_quarter": (_Source("community", "aquathermal", 1.6, 12.0, 4.0, 900.0, 0.0, 2029),),
}

_PROJECTS: dict[str, tuple[tuple[float, tuple[str, ...]], ...]] = {
    "station_belt": (
        (0.26, ("sewer", "surface")),
        (0.12, ("surface", "depaving", "mobility")),
        (0.12, ("power_cable",)),
    ),
    "garden_quarter": ((0.3, ("sewer", "depaving")), (0.08, ("water_main",))),
    "allotment": ((0.1, ("surface",)),),
}
"""Kind of wijk → share of the streets in which a project runs, and its works."""

_PARTIES = {
    "sewer": "sewer",
    "surface": "municipality",
    "depaving": "municipality",
    "mobility": "municipality",
    "power_cable": "electricity",
    "water_main": "water",
}
_COST_EUR_M = {
    "sewer": 900.0,
    "surface": 450.0,
    "depaving": 250.0,
    "mobility": 700.0,
    "power_cable": 120.0,
    "water_main": 200.0,
}
_PARTLY_OPEN = {"depaving": 0.5, "power_cable": 0.9}

_HOUSING = ("woonmaatschappij", "Woonmaatschappij", "public")
_TOWN = ("gemeente", "Gemeente", "public")
_COOP = ("burgercooperatie", "Burgercoöperatie", "civic")
_ACTORS: dict[str, tuple[_Actor, ...]] = {
    "station_belt": (
        _Actor(*_TOWN, "land", "m2", "lease_only", 2027,
               "Rand van het park, voor een energiecentrale met een buffervat.",
               land=("park", (2.0, 2.0, 50.0, 27.0))),
        _Actor(*_TOWN, "capital", "EUR", "vote", 2027,
               "Uit de begroting van de volgende bestuursperiode.", per_dwelling=800.0),
        _Actor(*_HOUSING, "capital", "EUR", "guarantee_needed", 2028,
               "Voor haar appartementen boven de winkels.", per_dwelling=400.0),
        _Actor(*_COOP, "capital", "EUR", "co_ownership", 2027,
               "Aandelen van bewoners, in te zamelen per straat.", per_dwelling=700.0),
        _Actor("koekjesfabriek", "Koekjesfabriek met restwarmte", "private", "capacity", "kW",
               "exit_after_years", 2028, "Wil na tien jaar kunnen stoppen.",
               per_dwelling=_FACTORY_KW),
        _Actor("warmtebedrijf", "Warmtebedrijf", "private", "capital", "EUR", "market_return",
               2027, "Brengt geld in als het rendement van de markt haalbaar is.",
               per_dwelling=3000.0),
        _Actor("netbeheerder", "Beheerder van gas- en elektriciteitsnet", "public", "capacity",
               "vte", "none", 2026, "Mensen voor ontwerp en toezicht.", amount=2.0),
    ),
    "garden_quarter": (
        _Actor(*_HOUSING, "land", "m2", "lease_only", 2028,
               "Parking achter een flatgebouw, voor een energiecentrale.",
               land=("slab", (4.0, 25.0, 48.0, 33.0))),
        _Actor(*_HOUSING, "capital", "EUR", "co_ownership", 2028,
               "Het geld voor nieuwe ketels kan naar het net.", per_dwelling=2500.0),
        _Actor(*_TOWN, "capital", "EUR", "vote", 2027, "Klimaatfonds van de gemeente.",
               per_dwelling=400.0),
        _Actor(*_COOP, "capital", "EUR", "return_cap", 2028,
               "Aandelen van bewoners en van mensen uit de buurt.", per_dwelling=300.0),
        _Actor("wijkhuis", "Bewonersgroep van het wijkhuis", "civic", "capacity", "vte", "none",
               2026, "Iemand die halftijds langs de deuren gaat.", amount=0.5),
    ),
}  # fmt: skip


def weather(seed: int) -> pd.DataFrame:
    """Return the contract ``klimaat``: a fictional year, the same for the same seed."""
    year = synthetic_year(_CLIMATE, seed=seed).round(1)
    times = pd.date_range(_FIRST_HOUR, periods=len(year), freq="h", unit="ns")
    return year.reset_index(drop=True).assign(timestamp=times)


def heat_sources(recipe: Recipe, sites: Sequence[Site], dwellings: int) -> pd.DataFrame | None:
    """
    Return the contract ``warmtebronnen``, or None where nothing is near.

    Parameters
    ----------
    recipe : Recipe
        Kind of wijk.
    sites : sequence of Site
        Where sources may stand.
    dwellings : int
        Dwellings of the wijk; power grows with them.
    """
    rows: list[dict[str, object]] = []
    for source in _SOURCES.get(recipe.kind, ()):
        places = [site for site in sites if site.key == source.site]
        for site in places:
            power = round(dwellings * source.dwelling_kw / len(places), -1) or 10.0
            rows.append(
                {
                    "source_id": f"{recipe.prefix}-w{len(rows) + 1:02d}",
                    "kind": source.kind,
                    "capacity_kw": power,
                    "temperature_c": source.temperature_c,
                    "cost_eur_mwh": source.cost_eur_mwh,
                    "investment_eur": power * source.kw_eur,
                    "emission_kg_mwh": source.emission_kg_mwh,
                    "available_from": source.available_from,
                    "is_firm": True,
                    "geometry": _middle(site),
                }
            )
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=31370) if rows else None


def _middle(site: Site) -> shapely.Point:
    template = site.template
    return shapely.Point(site_points(site, [(template.front_m / 2, template.depth_m / 2)])[0])


def works(
    recipe: Recipe, streets: gpd.GeoDataFrame, rng: np.random.Generator
) -> pd.DataFrame | None:
    """
    Return the contract ``werken``, or None where nothing is planned.

    A project takes a whole street, all its segments in the same year.

    Parameters
    ----------
    recipe : Recipe
        Kind of wijk.
    streets : GeoDataFrame
        As returned by ``street_table``.
    rng : Generator
        Source of chance.
    """
    names = streets["street_name"].dropna().unique()
    shares = np.cumsum([share for share, _ in _PROJECTS[recipe.kind]])
    drawn = np.searchsorted(shares, rng.random(len(names)), side="right")
    planned = rng.integers(_YEARS[0], _YEARS[1] + 1, len(names))
    early = np.maximum(planned - rng.integers(0, 3, len(names)), _YEARS[0])
    late = planned + rng.integers(1, 5, len(names))
    project = {
        name: (_PROJECTS[recipe.kind][number][1], years)
        for name, number, *years in zip(names, drawn, planned, early, late, strict=True)
        if number < len(shares)
    }
    lengths = streets.geometry.length
    rows = [
        {
            "street_id": street,
            "party": _PARTIES[asset],
            "asset": asset,
            "planned_year": years[0],
            "earliest_year": years[1],
            "latest_year": years[2],
            "cost_eur": round(length * _COST_EUR_M[asset], -3),
            "length_share": _PARTLY_OPEN.get(asset),
        }
        for street, name, length in zip(
            streets["street_id"], streets["street_name"], lengths, strict=True
        )
        if name in project
        for assets, years in [project[name]]
        for asset in assets
    ]
    if not rows:
        return None
    ids = [f"{recipe.prefix}-k{number:03d}" for number in range(1, len(rows) + 1)]
    return pd.DataFrame(rows).assign(works_id=ids)


def actors(recipe: Recipe, sites: Sequence[Site], dwellings: int) -> gpd.GeoDataFrame | None:
    """
    Return the contract ``actoren``, or None where nobody came forward.

    Parameters
    ----------
    recipe : Recipe
        Kind of wijk.
    sites : sequence of Site
        Where land may lie; land on a site that is not there has no shape.
    dwellings : int
        Dwellings of the wijk; money and power grow with them.
    """
    rows = []
    for actor in _ACTORS.get(recipe.kind, ()):
        amount = actor.amount + round(actor.per_dwelling * dwellings, -1)
        shape = None
        if actor.land is not None:
            key, box = actor.land
            amount = (box[2] - box[0]) * (box[3] - box[1])
            shape = next((_area(site, box) for site in sites if site.key == key), None)
        about = ("actor_id", "role_name", "kind", "contribution_kind", "unit", "condition", "note")
        rows.append(
            {name: getattr(actor, name) for name in (*about, "available_from")}
            | {"amount": amount, "geometry": shape}
        )
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=31370) if rows else None


def _area(site: Site, box: Box) -> shapely.Polygon:
    return shapely.Polygon(site_points(site, corners(box)))
