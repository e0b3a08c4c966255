"""A whole fictional wijk, and the three of the demonstration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lekp_lib.contracts import (
    FICTIONAL_NIS,
    INPUTS,
    Source,
    SourceNote,
    WijkSettings,
    check,
)
from lekp_lib.errors import ContractError
from lekp_lib.synthetic._buildings import buildings_as_given, true_buildings
from lekp_lib.synthetic._energy import metered_use
from lekp_lib.synthetic._heat import actors, heat_sources, weather, works
from lekp_lib.synthetic._houses import build_houses
from lekp_lib.synthetic._parcels import Unit, choose_units, free_units, plan_units
from lekp_lib.synthetic._plan import Bending, FloatArray, Plan, bend, draw_plan, make_bending
from lekp_lib.synthetic._recipes import KINDS, RECIPES, Recipe
from lekp_lib.synthetic._residents import households, locations
from lekp_lib.synthetic._sites import Site, place_sites, wished_dwellings
from lekp_lib.synthetic._stories import story
from lekp_lib.synthetic._streets import (
    Segment,
    Street,
    by_street,
    corridors,
    cut_dead_ends,
    frontages,
    join_segments,
    nearest_part,
    segments,
    streets_of,
)
from lekp_lib.synthetic._surroundings import boundary, car_parks, greens, street_table, trees

__all__ = ["DEMO_DWELLINGS", "MUNICIPALITY", "SyntheticWijk", "demo_wijken", "make_wijk"]

MUNICIPALITY = "Voorbeeldgemeente"
DEMO_DWELLINGS = {"station_belt": 1200, "garden_quarter": 500, "allotment": 350}
"""Kind → dwellings, in the demonstration."""

_ROOM = 1.25
_GROWTH = 1.35
_ATTEMPTS = 12
_NEAR_M = 32.0


@dataclass(frozen=True)
class SyntheticWijk:
    """
    A fictional wijk, complete.

    Attributes
    ----------
    slug : str
        ``voorbeeldgemeente/<wijk>``.
    settings : WijkSettings
        For ``wijk.yml``; says that the place is fictional.
    story : str
        For ``verhaal.md``, Dutch.
    tables : mapping of str to DataFrame or GeoDataFrame
        Contract tables by name, in contract form.
    """

    slug: str
    settings: WijkSettings
    story: str
    tables: Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class _Layout:
    """Streets, sites and houses, before they become tables."""

    streets: list[Street]
    parts: dict[str, Segment]
    sites: list[Site]
    units: list[Unit]
    outlines: dict[str, FloatArray]


def demo_wijken(seed: int) -> list[SyntheticWijk]:
    """
    Return the three contrasting wijken of the demonstration.

    Parameters
    ----------
    seed : int
        The same seed gives the same wijken.
    """
    return [make_wijk(kind, dwellings=n, seed=seed) for kind, n in DEMO_DWELLINGS.items()]


def make_wijk(kind: str, *, dwellings: int, seed: int) -> SyntheticWijk:
    """
    Return a fictional wijk with exactly so many dwellings.

    Parameters
    ----------
    kind : str
        ``station_belt`` (dense terraced houses near a station), ``garden_quarter``
        (social housing of the 1950s and 1960s) or ``allotment`` (detached houses of the 1980s).
    dwellings : int
        At least 1.
    seed : int
        The same seed gives the same wijk.

    Returns
    -------
    SyntheticWijk
        Every table holds its contract.

    Raises
    ------
    ValueError
        If the kind is not known or there are no dwellings.

    Examples
    --------
    >>> wijk = make_wijk("allotment", dwellings=12, seed=1)
    >>> int(wijk.tables["gebouwen"]["dwellings"].sum()), wijk.settings.is_fictional
    (12, True)
    """
    if kind not in RECIPES or dwellings < 1:
        msg = f"Cannot make {dwellings} dwellings of kind {kind!r}: use 1 or more of {KINDS}."
        raise ValueError(msg)
    recipe = RECIPES[kind]
    layout = _lay_out(recipe, dwellings, seed)
    raw = _tables(recipe, layout, np.random.default_rng([seed, 7]))
    raw |= _heat_tables(recipe, layout, raw["straten"], (dwellings, seed))
    raw |= {
        "huishoudens": households(recipe, dwellings),
        "locaties": locations(recipe, layout.sites),
    }
    tables = {name: _checked(name, table) for name, table in raw.items() if table is not None}
    sources = {
        name: SourceNote(source="Fictief: gemaakt door het platform", licence="CC BY 4.0")
        for name in tables
    }
    settings = WijkSettings(
        name=recipe.name,
        municipality=MUNICIPALITY,
        nis_code=FICTIONAL_NIS,
        wijk_code=recipe.wijk_code,
        is_fictional=True,
        sources=sources,
        contact_role="Dienst ruimte en klimaat (fictief)",
    )
    slug = f"voorbeeldgemeente/{recipe.slug}"
    return SyntheticWijk(slug, settings, story(kind, dwellings), tables)


def _lay_out(recipe: Recipe, dwellings: int, seed: int) -> _Layout:
    """Return streets with room for all dwellings; draw larger until there is."""
    room = (dwellings - wished_dwellings(recipe, dwellings)) * _ROOM
    for _ in range(_ATTEMPTS):
        rng = np.random.default_rng([seed, 1])
        bending = make_bending(recipe, rng)
        plan = draw_plan(recipe, room, rng)
        layout = _try(recipe, plan, bending, dwellings, rng)
        if layout is not None:
            return layout
        room *= _GROWTH
    msg = f"No room for {dwellings} dwellings of kind {recipe.kind!r} with seed {seed}."
    raise ValueError(msg)


def _try(
    recipe: Recipe, plan: Plan, bending: Bending, dwellings: int, rng: np.random.Generator
) -> _Layout | None:
    streets = streets_of(plan.strokes, bending, recipe.kind, rng)
    edges = frontages(streets)
    outlines = {kind: bend(np.array(ring), bending).round(2) for kind, ring in plan.greens.items()}
    blocked = [*corridors(streets), *(shapely.Polygon(ring) for ring in outlines.values())]
    flat = np.array([plan.centre])
    centre = bend(flat, bending)[0]
    sites = place_sites(recipe, streets, edges, blocked, (dwellings, plan, bending, centre), rng)
    site_land = [site.area for site in sites]
    units = free_units(plan_units(recipe, streets, edges, (blocked, site_land), rng))
    in_sites = sum(block.dwellings for site in sites for block in site.template.blocks)
    anchors = np.array([site.corner for site in sites]).reshape(-1, 2)
    chosen = choose_units(units, dwellings - in_sites, (centre, anchors), chunk_m=recipe.chunk_m)
    if chosen is None:
        return None
    return _Layout(streets, _kept(recipe, streets, chosen, sites, centre), sites, chosen, outlines)


def _kept(
    recipe: Recipe,
    streets: Sequence[Street],
    units: Sequence[Unit],
    sites: Sequence[Site],
    centre: FloatArray,
) -> dict[str, Segment]:
    """Return the segments that buildings stand on or near, by street_id."""
    parts = segments(streets)
    places = [(unit.street, unit.along_m) for unit in units]
    places += [(site.street, site.along_m) for site in sites]
    own = by_street(dict(enumerate(parts)))
    along: dict[int, list[float]] = {}
    for street, along_m in places:
        along.setdefault(nearest_part(own[street], along_m), []).append(along_m)
    land = shapely.STRtree([shapely.Polygon(unit.plot) for unit in units])
    middles = [shapely.LineString(p.line).interpolate(0.5, normalized=True) for p in parts]
    near = set(land.query(middles, predicate="dwithin", distance=_NEAR_M)[0].tolist())
    rank = [round(float(np.hypot(m.x - centre[0], m.y - centre[1])), 3) for m in middles]
    everything = range(len(parts))
    kept = join_segments(
        parts, [k in along for k in everything], [k in near for k in everything], rank
    )
    reach = [
        (min(along[k]), max(along[k])) if k in along else (parts[k].start_m, parts[k].end_m)
        for k in kept
    ]
    final = cut_dead_ends([parts[k] for k in kept], reach)
    width = max(3, len(str(len(final))))
    return {
        f"{recipe.prefix}-s{number:0{width}d}": part for number, part in enumerate(final, start=1)
    }


_Raw = dict[str, pd.DataFrame | None]


def _tables(recipe: Recipe, layout: _Layout, rng: np.random.Generator) -> _Raw:
    streets, parts, sites = layout.streets, layout.parts, layout.sites
    houses = build_houses(layout.units, recipe, rng)
    truth = true_buildings(recipe, streets, parts, (houses, sites), rng)
    land = [shapely.Polygon(unit.plot) for unit in layout.units] + [site.area for site in sites]
    edge = boundary(recipe, streets, parts, land, layout.outlines)
    limit = edge.geometry.iloc[0]
    return {
        "gebouwen": buildings_as_given(truth, recipe, rng),
        "straten": street_table(recipe, streets, parts, rng),
        "grens": edge,
        "verbruik": metered_use(truth, recipe, rng),
        "parkings": car_parks(sites, recipe.prefix),
        "bomen": trees(recipe, streets, parts, (sites, layout.outlines), (truth, limit), rng),
        "groen": greens(recipe, layout.outlines, (houses, sites), limit),
    }


def _heat_tables(
    recipe: Recipe, layout: _Layout, streets: pd.DataFrame | None, size: tuple[int, int]
) -> _Raw:
    """Return what a heat network would meet, drawn apart from the rest of the wijk."""
    dwellings, seed = size
    return {
        "klimaat": weather(seed) if recipe.has_weather else None,
        "warmtebronnen": heat_sources(recipe, layout.sites, dwellings),
        "werken": works(recipe, gpd.GeoDataFrame(streets), np.random.default_rng([seed, 11])),
        "actoren": actors(recipe, layout.sites, dwellings),
    }


def _checked(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table in contract form; a fault here is a bug of ours."""
    checked = check(table, INPUTS[name], Source(f"{name} (fictief)"))
    if checked.faults:
        raise ContractError(checked.faults)
    return checked.table
