"""
What makes one kind of fictional wijk differ from another.

These figures describe fiction: they are chosen to look like Flanders, not measured there,
and no analysis uses them. That is why they stand here and not in ``assumptions``.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KINDS", "RECIPES", "Range", "Recipe", "Wish"]

Range = tuple[float, float]
"""Lowest and highest value of a uniform draw."""


@dataclass(frozen=True)
class Wish:
    """
    A site that a wijk wants: how many, and how far from the centre.

    Attributes
    ----------
    template : str
        Key of the site templates.
    from_dwellings, per_dwellings : int
        Smallest wijk that has one, and one more for each so many dwellings.
    ring_share : float
        Preferred distance from the centre, as a share of the radius of the wijk.
    """

    template: str
    from_dwellings: int
    per_dwellings: int
    ring_share: float


@dataclass(frozen=True)
class Recipe:
    """
    One kind of wijk. Lengths in metres, angles in degrees, shares from 0 to 1.

    Attributes
    ----------
    kind, pattern : str
        Name of the kind; street pattern ``belt``, ``fan`` or ``comb``.
    name, slug, prefix, wijk_code, sector_stem : str
        Of the place; `prefix` starts every identifier.
    origin : tuple of float
        Where the centre lies [m, EPSG:31370].
    angle_deg, skew_share : float
        Turn of the whole drawing, and sideways lean per metre of depth.
    wave_m, wave_length_m : float
        Height and length of the waves that bend the drawing.
    block_length_m, block_depth_m : Range
        Distance between cross streets, and between long streets, axis to axis.
    street_width_m, connector_width_m : float
        Public width, from front garden to front garden or from façade to façade.
    is_continuous : bool
        Houses stand wall to wall along the whole street.
    group_sizes : tuple of (int, float)
        Houses built together, and how often.
    front_m, depth_m, setback_m : Range
        Width and depth of a house; front garden.
    gap_m : float
        Free space on either side of a group.
    plot_depth_m : float
        Depth kept free for house and garden.
    chunk_m : float
        Length of street that is built up before the next.
    annex_share, shed_share, garage_share, flats_share, split_share : float
        Houses with a back extension, a shed, a garage at the side; series that are one
        small apartment building; houses split in two dwellings.
    years : tuple of (Range, float)
        Construction years, and how often.
    levels : tuple of (float, float)
        Storeys, and how often.
    storey_m : float
        Height of a storey.
    no_levels, no_height, no_year, no_period, no_street : float
        Share of buildings where levels, height, year, also the period, and the street are
        left blank on purpose, so that the fallbacks are used.
    epc : tuple of float
        Chance of the labels A+ to F; what is missing to 1 has no label.
    gas_share : float
        Dwellings with a gas connection.
    mixed_share : float
        Houses on the main streets with a shop on the ground floor.
    social_share : float
        Groups of houses owned by the social housing company; 0 leaves tenure unknown.
    paved_share : Range
        Paved part of the public domain.
    kerb_share : float
        Part of both kerbs where cars may park.
    tree_gap_m : float
        Distance between trees in a street that has them.
    tree_share : float
        Streets with trees.
    wishes : tuple of Wish
        Sites.
    has_weather : bool
        Whether the place brings a year of weather of its own.
    """

    kind: str
    pattern: str
    name: str
    slug: str
    prefix: str
    wijk_code: str
    sector_stem: str
    origin: tuple[float, float]
    angle_deg: float
    skew_share: float
    wave_m: float
    wave_length_m: float
    block_length_m: Range
    block_depth_m: Range
    street_width_m: float
    connector_width_m: float
    is_continuous: bool
    group_sizes: tuple[tuple[int, float], ...]
    front_m: Range
    depth_m: Range
    setback_m: Range
    gap_m: float
    plot_depth_m: float
    chunk_m: float
    annex_share: float
    shed_share: float
    garage_share: float
    flats_share: float
    split_share: float
    years: tuple[tuple[Range, float], ...]
    levels: tuple[tuple[float, float], ...]
    storey_m: float
    no_levels: float
    no_height: float
    no_year: float
    no_period: float
    no_street: float
    epc: tuple[float, ...]
    gas_share: float
    mixed_share: float
    social_share: float
    paved_share: Range
    kerb_share: float
    tree_gap_m: float
    tree_share: float
    wishes: tuple[Wish, ...]
    has_weather: bool = False


_BELT = Recipe(
    kind="station_belt",
    pattern="belt",
    name="Stationsbuurt",
    slug="stationsbuurt",
    prefix="sb",
    wijk_code="99999STAT",
    sector_stem="99999A0",
    origin=(56_150.0, 179_950.0),
    angle_deg=-14.0,
    skew_share=0.2,
    wave_m=9.0,
    wave_length_m=430.0,
    block_length_m=(88.0, 138.0),
    block_depth_m=(56.0, 72.0),
    street_width_m=9.5,
    connector_width_m=13.0,
    is_continuous=True,
    group_sizes=((2, 0.2), (3, 0.25), (4, 0.2), (5, 0.15), (6, 0.1), (1, 0.1)),
    front_m=(5.0, 7.0),
    depth_m=(9.0, 11.0),
    setback_m=(0.0, 0.0),
    gap_m=0.0,
    plot_depth_m=18.0,
    chunk_m=90.0,
    annex_share=0.62,
    shed_share=0.3,
    garage_share=0.0,
    flats_share=0.08,
    split_share=0.05,
    years=(
        ((1872, 1899), 0.2),
        ((1900, 1918), 0.34),
        ((1919, 1938), 0.28),
        ((1947, 1969), 0.08),
        ((1972, 1998), 0.05),
        ((2003, 2021), 0.05),
    ),
    levels=((2.0, 0.56), (2.5, 0.12), (3.0, 0.32)),
    storey_m=3.3,
    no_levels=0.35,
    no_height=0.25,
    no_year=0.30,
    no_period=0.5,
    no_street=0.07,
    epc=(0.0, 0.02, 0.05, 0.08, 0.1, 0.09, 0.12),
    gas_share=0.84,
    mixed_share=0.35,
    social_share=0.0,
    paved_share=(0.95, 1.0),
    kerb_share=0.4,
    tree_gap_m=11.0,
    tree_share=0.12,
    wishes=(
        Wish("school", 200, 1500, 0.55),
        Wish("supermarket", 200, 1500, 0.75),
        Wish("park", 120, 700, 0.4),
        Wish("church", 600, 3000, 0.3),
        Wish("garages", 100, 300, 0.6),
    ),
    has_weather=True,
)

_GARDEN = Recipe(
    kind="garden_quarter",
    pattern="fan",
    name="Tuinwijk Lindeveld",
    slug="tuinwijk-lindeveld",
    prefix="tl",
    wijk_code="99999LIND",
    sector_stem="99999B0",
    origin=(57_250.0, 178_950.0),
    angle_deg=24.0,
    skew_share=0.0,
    wave_m=9.0,
    wave_length_m=380.0,
    block_length_m=(105.0, 150.0),
    block_depth_m=(62.0, 70.0),
    street_width_m=10.5,
    connector_width_m=16.0,
    is_continuous=False,
    group_sizes=((2, 0.3), (4, 0.25), (5, 0.1), (6, 0.2), (8, 0.15)),
    front_m=(6.0, 7.0),
    depth_m=(8.0, 9.0),
    setback_m=(3.5, 5.0),
    gap_m=2.0,
    plot_depth_m=24.0,
    chunk_m=90.0,
    annex_share=0.2,
    shed_share=0.6,
    garage_share=0.0,
    flats_share=0.0,
    split_share=0.0,
    years=(((1949, 1955), 0.3), ((1956, 1961), 0.4), ((1962, 1968), 0.3)),
    levels=((2.0, 1.0),),
    storey_m=2.8,
    no_levels=0.2,
    no_height=0.3,
    no_year=0.15,
    no_period=0.2,
    no_street=0.05,
    epc=(0.0, 0.01, 0.06, 0.14, 0.16, 0.12, 0.08),
    gas_share=0.8,
    mixed_share=0.0,
    social_share=0.78,
    paved_share=(0.72, 0.88),
    kerb_share=0.4,
    tree_gap_m=10.0,
    tree_share=0.7,
    wishes=(
        Wish("slab", 60, 85, 0.8),
        Wish("school", 300, 1500, 0.6),
        Wish("community", 300, 1500, 0.25),
        Wish("playground", 80, 300, 0.5),
    ),
)

_ALLOTMENT = Recipe(
    kind="allotment",
    pattern="comb",
    name="Verkaveling Meersbeek",
    slug="verkaveling-meersbeek",
    prefix="vm",
    wijk_code="99999MEER",
    sector_stem="99999C0",
    origin=(56_050.0, 178_350.0),
    angle_deg=12.0,
    skew_share=0.0,
    wave_m=17.0,
    wave_length_m=560.0,
    block_length_m=(66.0, 74.0),
    block_depth_m=(128.0, 156.0),
    street_width_m=10.0,
    connector_width_m=14.0,
    is_continuous=False,
    group_sizes=((1, 0.9), (2, 0.1)),
    front_m=(8.5, 12.5),
    depth_m=(8.5, 10.5),
    setback_m=(6.0, 8.0),
    gap_m=3.8,
    plot_depth_m=25.0,
    chunk_m=400.0,
    annex_share=0.45,
    shed_share=0.4,
    garage_share=0.55,
    flats_share=0.0,
    split_share=0.0,
    years=(((1978, 1981), 0.25), ((1982, 1991), 0.65), ((1992, 1996), 0.1)),
    levels=((1.5, 0.7), (2.0, 0.2), (1.0, 0.1)),
    storey_m=2.9,
    no_levels=0.3,
    no_height=0.3,
    no_year=0.25,
    no_period=0.3,
    no_street=0.05,
    epc=(0.0, 0.03, 0.08, 0.13, 0.07, 0.03, 0.02),
    gas_share=0.7,
    mixed_share=0.0,
    social_share=0.0,
    paved_share=(0.66, 0.84),
    kerb_share=0.25,
    tree_gap_m=14.0,
    tree_share=0.4,
    wishes=(
        Wish("meadow", 80, 350, 0.4),
        Wish("supermarket", 2000, 2500, 0.6),
        Wish("school", 1500, 2500, 0.5),
    ),
)

RECIPES: dict[str, Recipe] = {recipe.kind: recipe for recipe in (_BELT, _GARDEN, _ALLOTMENT)}
"""Recipe by kind, in the order of the demonstration."""

KINDS = tuple(RECIPES)
