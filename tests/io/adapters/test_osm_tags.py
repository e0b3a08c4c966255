"""What tags mean."""

from __future__ import annotations

import pytest

from lekp_lib.contracts.lists import (
    BUILDING_TYPES,
    FUNCTIONS,
    GREEN_KINDS,
    OWNER_KINDS,
    PARKING_FUNCTIONS,
    ROAD_CLASSES,
    TREE_CLASSES,
)
from lekp_lib.io.adapters import _osm_tags as tags


def test_tables_hold_codes_of_the_closed_lists_only() -> None:
    """A tag can never lead to a code that the contract refuses."""
    functions, types = zip(*tags.BUILDINGS.values(), strict=True)
    assert set(functions) <= set(FUNCTIONS)
    assert set(types) - {None} <= set(BUILDING_TYPES)
    assert set(tags.ROADS.values()) - {None} <= set(ROAD_CLASSES)
    assert set(tags.GREEN.values()) <= set(GREEN_KINDS)
    assert {use for uses in tags._USES.values() for use in uses.values()} - {""} <= set(FUNCTIONS)
    assert {use for _, use in tags._NAMED_USES} <= set(PARKING_FUNCTIONS)
    assert {owner for _, owner in tags._OWNERS} <= set(OWNER_KINDS)


def test_every_use_has_a_rank() -> None:
    """A building with several uses gets the one that says most."""
    uses = {use for table in tags._USES.values() for use in table.values()} - {""}
    assert uses == set(tags._USE_ORDER)
    assert tags.foremost(["shop", "school", "hospitality"]) == "school"


@pytest.mark.parametrize(
    ("given", "use"),
    [
        ({"amenity": "school"}, "school"),
        ({"shop": "supermarket"}, "supermarket"),
        ({"shop": "bakery", "amenity": "cafe"}, "hospitality"),
        ({"shop": "vacant"}, None),
        ({"office": "no"}, None),
        ({"healthcare": "physiotherapist"}, "care"),
        ({"amenity": "parking"}, None),
        ({"amenity": "bench"}, None),
    ],
)
def test_use_of(given: dict[str, str], use: str | None) -> None:
    """Keys besides building tell what happens somewhere."""
    assert tags.use_of(given) == use


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3.0), ("7,5", 7.5), ("12 m", 12.0), ("12m", 12.0), ("2;3", None), ("ca. 5", None),
     ("-4", None), ("1e9", None), ("nan", None), ("", None), (None, None), ("٣" * 7, None)],
)  # fmt: skip
def test_number_of(text: str | None, number: float | None) -> None:
    """Only one plain number counts."""
    assert tags.number_of(text, unit="m") == number


@pytest.mark.parametrize(
    ("flats", "number"), [("1-4", 4), ("1;3;5", 3), ("A-D", None), ("4-1", None), ("", None)]
)
def test_flats_of(flats: str, number: int | None) -> None:
    """Ranges and lists are counted, letters are not guessed."""
    assert tags.flats_of({"addr:flats": flats}) == number


@pytest.mark.parametrize(
    ("start", "year"),
    [("1978", 1978), ("1978-05-03", 1978), ("C19", None), ("1970s", None), ("before 1950", None)],
)
def test_year_of(start: str, year: int | None) -> None:
    """Only a clean year is a construction year."""
    assert tags.year_of({"start_date": start}) == year


@pytest.mark.parametrize(
    ("height", "name"),
    [(25.0, "1a"), (20.0, "1b"), (12.0, "2"), (6.0, "3"), (2.0, "3"), (0.0, None), (None, None)],
)
def test_size_class(height: float | None, name: str | None) -> None:
    """The bounds are those of the contract: more than 20, 12 and 6 metres."""
    assert tags.size_class(height) == name
    assert name is None or name in TREE_CLASSES


@pytest.mark.parametrize(
    ("given", "spaces"),
    [
        ({"parking:left:capacity": "3", "parking:right:capacity": "4"}, 7),
        ({"parking:lane:both:capacity": "5"}, 10),
        ({"parking:left:capacity": "veel"}, None),
        ({"parking:lane:both": "parallel"}, None),
    ],
)
def test_kerb_spaces(given: dict[str, str], spaces: int | None) -> None:
    """Only counted places are taken."""
    assert tags.kerb_spaces(given) == spaces


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"landuse": "farmland"}, "agriculture"),
        ({"landuse": "grass", "leisure": "park"}, "park"),
        ({"natural": "water"}, "water"),
        ({"landuse": "residential"}, None),
    ],
)
def test_green_kind(given: dict[str, str], kind: str | None) -> None:
    """What an area is for goes before what grows on it."""
    assert tags.green_kind(given) == kind


@pytest.mark.parametrize(
    ("access", "answer"), [("yes", True), ("customers", False), ("private", False), (None, None)]
)
def test_is_public(access: str | None, answer: bool | None) -> None:
    """Without a tag nobody knows."""
    assert tags.is_public({"access": access} if access else {}) is answer
