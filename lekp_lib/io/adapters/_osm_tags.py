"""
What the tags of OpenStreetMap mean in our tables.

Everything the importer decides about a tag stands here, as a table or as a rule with a name.
A tag that is not in a table means nothing to us: the object gets function ``unknown``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from lekp_lib.assumptions import load

__all__ = [
    "APARTMENTS",
    "BUILDINGS",
    "COMMERCIAL",
    "COVERS",
    "GREEN",
    "NEAR_PARKING_M",
    "NOT_BUILDINGS",
    "OPEN_BUILDINGS",
    "ROADS",
    "ROADS_TO_COME",
    "SMALLEST_HOME_M2",
    "addresses_of",
    "flats_of",
    "foremost",
    "green_kind",
    "is_building",
    "is_parking",
    "is_public",
    "kerb_spaces",
    "levels_of",
    "named_use",
    "number_of",
    "owner_of",
    "road_kind",
    "size_class",
    "use_of",
    "year_of",
]

Tags = Mapping[str, str]

_FIGURES = load()

SMALLEST_HOME_M2 = _FIGURES["import.smallest_home_m2"].value
"""A ``building=yes`` with an address and a smaller footprint is no home [m²]."""

NEAR_PARKING_M = _FIGURES["import.near_parking_m"].value
"""A car park gets the function of a school or supermarket within this distance [m]."""

LEVELS_IN_A_ROOF = _FIGURES["import.levels_in_a_roof"].value
"""Part of a full storey that one storey under the roof counts for [-]."""

_SIDES = (("left", 1), ("right", 1), ("both", 2))
_TREE_HEIGHTS_M = ((20.0, "1a"), (12.0, "1b"), (6.0, "2"))  # the bounds of contract ``bomen``

BUILDINGS: dict[str, tuple[str, str | None]] = {
    # homes: function, and the type where the tag tells it
    "house": ("residential", None),
    "residential": ("residential", None),
    "farm": ("residential", None),
    "cabin": ("residential", None),
    "chalet": ("residential", None),
    "houseboat": ("residential", None),
    "static_caravan": ("residential", None),
    "dormitory": ("residential", None),
    "detached": ("residential", "detached"),
    "bungalow": ("residential", "detached"),
    "villa": ("residential", "detached"),
    "semidetached_house": ("residential", "semi_detached"),
    "semi": ("residential", "semi_detached"),
    "terrace": ("residential", "terraced"),
    "terraced_house": ("residential", "terraced"),
    "apartments": ("residential", "apartment_building"),
    # never a home
    **dict.fromkeys(
        (
            "allotment_house", "boathouse", "bridge", "bunker", "canopy", "carport", "container",
            "garage", "garages", "gazebo", "greenhouse", "guardhouse", "hut", "outbuilding",
            "parking", "roof", "service", "shed", "stable", "storage_tank", "tank", "tent",
            "toilets", "transformer_tower", "water_tower",
        ),
        ("ancillary", None),
    ),
    **dict.fromkeys(
        ("barn", "cowshed", "farm_auxiliary", "livestock", "silo", "slurry_tank", "sty"),
        ("agriculture", None),
    ),
    **dict.fromkeys(("college", "kindergarten", "school", "university"), ("school", None)),
    "supermarket": ("supermarket", None),
    **dict.fromkeys(("kiosk", "retail", "shop"), ("shop", None)),
    **dict.fromkeys(("bank", "commercial", "office"), ("office", None)),
    **dict.fromkeys(("clinic", "hospital", "nursing_home"), ("care", None)),
    **dict.fromkeys(("cafe", "hotel", "pub", "restaurant"), ("hospitality", None)),
    **dict.fromkeys(
        (
            "cathedral", "chapel", "church", "civic", "convent", "fire_station", "government",
            "library", "monastery", "mosque", "museum", "public", "religious", "shrine",
            "synagogue", "temple", "theatre", "townhall", "train_station", "transportation",
        ),
        ("community", None),
    ),
    **dict.fromkeys(
        ("grandstand", "pavilion", "riding_hall", "sports_centre", "sports_hall", "stadium"),
        ("sport", None),
    ),
    **dict.fromkeys(
        ("depot", "factory", "hangar", "industrial", "manufacture", "warehouse"),
        ("industry", None),
    ),
    "yes": ("unknown", None),
}  # fmt: skip
"""Value of ``building`` → function and building type. Any other value counts as ``yes``."""

NOT_BUILDINGS = frozenset({"collapsed", "construction", "demolished", "entrance", "no",
                           "proposed", "razed"})  # fmt: skip
"""Values of ``building`` that say there is no building now."""

APARTMENTS = frozenset({"apartments", "dormitory"})
"""Buildings of which one address does not tell how many homes there are."""

COVERS = frozenset({"bridge", "canopy", "carport", "roof"})
"""Ancillary buildings that stay so, whatever else is tagged on them."""

OPEN_BUILDINGS = frozenset({"civic", "commercial", "government", "public", "retail"})
"""Kinds so general that a point inside may say better what the building is for."""

COMMERCIAL = frozenset({"care", "hospitality", "office", "shop", "supermarket"})
"""Functions that go together with homes in one building (``mixed``)."""

_USES: dict[str, dict[str, str]] = {
    "amenity": {
        **dict.fromkeys(
            ("college", "kindergarten", "language_school", "music_school", "school", "university"),
            "school",
        ),
        **dict.fromkeys(
            ("childcare", "clinic", "dentist", "doctors", "hospital", "nursing_home",
             "social_facility"),
            "care",
        ),
        **dict.fromkeys(
            ("bar", "biergarten", "cafe", "fast_food", "food_court", "ice_cream", "nightclub",
             "pub", "restaurant"),
            "hospitality",
        ),
        **dict.fromkeys(("car_wash", "fuel", "marketplace", "pharmacy"), "shop"),
        **dict.fromkeys(("bank", "coworking_space", "post_office", "veterinary"), "office"),
        **dict.fromkeys(
            ("arts_centre", "cinema", "community_centre", "conference_centre", "courthouse",
             "events_venue", "fire_station", "library", "monastery", "place_of_worship", "police",
             "public_building", "social_centre", "theatre", "townhall"),
            "community",
        ),
    },
    "shop": {"supermarket": "supermarket", "no": "", "vacant": "", "*": "shop"},
    "office": {"no": "", "vacant": "", "*": "office"},
    "healthcare": {"no": "", "pharmacy": "shop", "*": "care"},
    "craft": {"no": "", "*": "industry"},
    "tourism": {
        **dict.fromkeys(("guest_house", "hostel", "hotel", "motel"), "hospitality"),
        **dict.fromkeys(("gallery", "museum"), "community"),
    },
    "leisure": dict.fromkeys(
        ("fitness_centre", "ice_rink", "sports_centre", "sports_hall", "stadium"), "sport"
    ),
}  # fmt: skip
"""Key and value → function of whatever carries the tag; ``*`` is any other value."""

_USE_ORDER = (
    "school", "supermarket", "care", "community", "hospitality", "shop", "office", "sport",
    "industry",
)  # fmt: skip

ROADS: dict[str, str | None] = {
    "motorway": "motorway",
    "trunk": "motorway",
    "primary": "main",
    "secondary": "main",
    "tertiary": "connector",
    **dict.fromkeys(("living_street", "residential", "unclassified"), "local"),
    **dict.fromkeys(("busway", "service"), "service"),
    **dict.fromkeys(
        ("bridleway", "cycleway", "footway", "path", "pedestrian", "steps", "track"), "slow"
    ),
    "road": None,
}
"""Value of ``highway`` (without ``_link``) → road class; None if OSM does not know it either."""

ROADS_TO_COME = frozenset({"abandoned", "construction", "demolished", "disused", "planned",
                           "proposed", "razed"})  # fmt: skip
"""Values of ``highway`` that say there is no road now."""

GREEN: dict[tuple[str, str], str] = {
    ("landuse", "grass"): "grass",
    ("landuse", "village_green"): "grass",
    ("landuse", "forest"): "forest",
    ("landuse", "allotments"): "garden",
    ("landuse", "flowerbed"): "garden",
    ("landuse", "cemetery"): "cemetery",
    ("landuse", "recreation_ground"): "park",
    ("landuse", "basin"): "water",
    ("landuse", "reservoir"): "water",
    **{
        ("landuse", value): "agriculture"
        for value in ("farm", "farmland", "meadow", "orchard", "plant_nursery", "vineyard")
    },
    ("amenity", "grave_yard"): "cemetery",
    ("leisure", "park"): "park",
    ("leisure", "recreation_ground"): "park",
    ("leisure", "garden"): "garden",
    ("leisure", "playground"): "playground",
    ("leisure", "pitch"): "sports",
    ("natural", "wood"): "forest",
    ("natural", "scrub"): "other",
    ("natural", "heath"): "heath",
    ("natural", "grassland"): "grass",
    ("natural", "water"): "water",
}
"""Key and value → kind of green."""

_ON_STREET = frozenset({"half_on_kerb", "lane", "lay_by", "on_kerb", "shoulder", "street_side"})
_OPEN_TO_ALL = frozenset({"destination", "permissive", "public", "yes"})
_CLOSED = frozenset({"customers", "employees", "no", "permit", "private", "residents"})

_NAMED_USES = (
    (re.compile(r"\b(supermarkt|aldi|lidl|colruyt|delhaize|carrefour|albert heijn|spar)\b"),
     "supermarket"),
    (re.compile(r"(?<!muziek)(school|atheneum|lyceum)\b"), "school"),
)  # fmt: skip
_OWNERS = (
    (re.compile(r"^(gemeente|stad|gemeentebestuur|stadsbestuur)\b"), "municipality"),
    (re.compile(r"\bkerkfabriek\b"), "church"),
)


def is_building(tags: Tags) -> bool:
    """Tell whether tags say a building stands there now."""
    return tags.get("building", "no") not in NOT_BUILDINGS


def is_parking(tags: Tags) -> bool:
    """Tell whether tags say a car park off the street."""
    return tags.get("amenity") == "parking" and tags.get("parking") not in _ON_STREET


def road_kind(tags: Tags) -> str:
    """Return the kind of road; a slip road counts as the road it belongs to."""
    return tags.get("highway", "").removesuffix("_link")


def use_of(tags: Tags) -> str | None:
    """
    Return the function that the tags of a building, area or point tell besides ``building``.

    Examples
    --------
    >>> use_of({"shop": "bakery", "addr:housenumber": "3"})
    'shop'
    >>> use_of({"building": "yes"}) is None
    True
    """
    return foremost(
        uses.get(tags[key], uses.get("*", "")) for key, uses in _USES.items() if key in tags
    )


def foremost(uses: Iterable[str]) -> str | None:
    """Return the use that says most about a building with several; None without any."""
    found = set(uses)
    return next((use for use in _USE_ORDER if use in found), None)


def green_kind(tags: Tags) -> str | None:
    """Return the kind of green, ``leisure`` before ``natural`` before ``landuse``; or None."""
    for key in ("leisure", "natural", "amenity", "landuse"):
        kind = GREEN.get((key, tags.get(key, "")))
        if kind is not None:
            return kind
    return None


def number_of(text: str | None, *, unit: str = "") -> float | None:
    """
    Return the number in a tag; None if it is not one plain number.

    Examples
    --------
    >>> number_of("7.5 m", unit="m"), number_of("2,5"), number_of("2;3"), number_of("40'")
    (7.5, 2.5, None, None)
    """
    if text is None:
        return None
    plain = text.removesuffix(unit).strip().replace(",", ".")
    return float(plain) if re.fullmatch(r"\d{1,6}(\.\d+)?", plain) else None


def levels_of(tags: Tags) -> float | None:
    """
    Return the storeys above ground [-]; a storey under the roof counts for half.

    Examples
    --------
    >>> levels_of({"building:levels": "2", "roof:levels": "1"})
    2.5
    """
    full = number_of(tags.get("building:levels"))
    if full is None:
        return None
    return full + LEVELS_IN_A_ROOF * (number_of(tags.get("roof:levels")) or 0.0)


def year_of(tags: Tags) -> int | None:
    """
    Return the year of ``start_date`` if it is one clean year.

    Examples
    --------
    >>> year_of({"start_date": "1978-05"}), year_of({"start_date": "~1950"})
    (1978, None)
    """
    found = re.fullmatch(r"([12]\d{3})(-\d{2}){0,2}", tags.get("start_date", ""))
    return int(found.group(1)) if found else None


def flats_of(tags: Tags) -> int | None:
    """
    Return the homes that tags count themselves, or None.

    Examples
    --------
    >>> flats_of({"building:flats": "12"}), flats_of({"addr:flats": "1-4;6"})
    (12, 5)
    """
    counted = number_of(tags.get("building:flats"))
    if counted is not None:
        return int(counted) if counted == int(counted) else None
    total = 0
    for part in re.split(r"[;,]", tags.get("addr:flats", "")):
        bounds = re.fullmatch(r"\s*(\d{1,4})\s*(?:-\s*(\d{1,4}))?\s*", part)
        if bounds is None:
            return None
        total += int(bounds.group(2) or bounds.group(1)) - int(bounds.group(1)) + 1
    return total if total > 0 else None


def addresses_of(tags: Tags) -> list[tuple[str, str, str]]:
    """
    Return street, house number and flats of each address in the tags.

    Examples
    --------
    >>> addresses_of({"addr:street": "Beulk", "addr:housenumber": "36,38"})
    [('Beulk', '36', ''), ('Beulk', '38', '')]
    """
    street = tags.get("addr:street", tags.get("addr:place", ""))
    flat = tags.get("addr:unit", tags.get("addr:flats", ""))
    numbers = re.split(r"[;,]", tags.get("addr:housenumber", ""))
    return [(street, number.strip(), flat) for number in numbers if number.strip()]


def size_class(height_m: float | None) -> str | None:
    """Return the class of a tree by its height [m]."""
    if height_m is None or height_m <= 0:
        return None
    return next((name for bound, name in _TREE_HEIGHTS_M if height_m > bound), "3")


def is_public(tags: Tags) -> bool | None:
    """Tell whether anyone may park; None if the tags do not say."""
    access = tags.get("access")
    return True if access in _OPEN_TO_ALL else False if access in _CLOSED else None


def kerb_spaces(tags: Tags) -> int | None:
    """
    Return the counted parking places along a street; ``both`` counts on each side.

    Examples
    --------
    >>> kerb_spaces({"parking:both:capacity": "4"}), kerb_spaces({"parking:left": "lane"})
    (8, None)
    """
    total = None
    for side, sides in _SIDES:
        for key in (f"parking:{side}:capacity", f"parking:lane:{side}:capacity"):
            counted = number_of(tags.get(key))
            if counted is not None and counted == int(counted):
                total = (total or 0) + sides * int(counted)
                break
    return total


def named_use(tags: Tags) -> str | None:
    """
    Return the function that a car park's name or operator gives away.

    Examples
    --------
    >>> named_use({"operator": "Colruyt"}), named_use({"name": "Kerkplein"})
    ('supermarket', None)
    """
    words = f"{tags.get('name', '')} {tags.get('operator', '')}".casefold()
    return next((use for pattern, use in _NAMED_USES if pattern.search(words)), None)


def owner_of(tags: Tags) -> str | None:
    """Return the kind of owner, only if the operator's name says it."""
    operator = tags.get("operator", "").casefold()
    return next((owner for pattern, owner in _OWNERS if pattern.search(operator)), None)
