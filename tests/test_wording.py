"""Tests of Dutch labels, numbers, dates and names of pages."""

from __future__ import annotations

import datetime as dt
import math
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib import wording
from lekp_lib.assumptions import BASES
from lekp_lib.contracts import INPUTS, RESULTS, lists
from lekp_lib.domain.stock_profile import HINTS
from lekp_lib.units import UNITS

CLOSED_LISTS = {
    "building_type": lists.BUILDING_TYPES,
    "period": lists.PERIODS,
    "function": lists.FUNCTIONS,
    "tenure": lists.TENURES,
    "road_class": lists.ROAD_CLASSES,
    "owner_kind": lists.OWNER_KINDS,
    "parking_function": lists.PARKING_FUNCTIONS,
    "tree_class": lists.TREE_CLASSES,
    "green_kind": lists.GREEN_KINDS,
    "area_kind": lists.AREA_KINDS,
    "heat_source_kind": lists.HEAT_SOURCE_KINDS,
    "works_party": lists.WORKS_PARTIES,
    "works_asset": lists.WORKS_ASSETS,
    "actor_kind": lists.ACTOR_KINDS,
    "contribution_kind": lists.CONTRIBUTION_KINDS,
    "condition": lists.CONDITIONS,
    "basis": BASES,
    "table": (*lists.TABLES, *lists.MUNICIPAL_TABLES),
    "income_group": lists.INCOME_GROUPS,
    "age_group": lists.AGE_GROUPS,
    "language_group": lists.LANGUAGE_GROUPS,
    "activation_group": lists.ACTIVATION_GROUPS,
    "location_kind": lists.LOCATION_KINDS,
    "package": lists.PACKAGES,
    "rule_kind": lists.RULE_KINDS,
    "rule_subject": lists.RULE_SUBJECTS,
    "rule_status": lists.RULE_STATUSES,
    "hint": HINTS,
}


@pytest.mark.parametrize(("kind", "codes"), CLOSED_LISTS.items())
def test_every_code_of_a_closed_list_has_a_label(kind: str, codes: tuple[str, ...]) -> None:
    """No reader ever sees a code."""
    assert set(codes) <= set(wording.LABELS[kind])


def test_every_kind_of_label_exists_and_covers_its_list() -> None:
    """A column that translates its codes can translate all of them."""
    for contract in (*INPUTS.values(), *RESULTS.values()):
        for column in contract.columns.values():
            if column.labels is not None:
                known = wording.LABELS.get(column.labels, {})
                assert known, f"{contract.name}.{column.name}"
                assert set(column.allowed or ()) <= set(known), f"{contract.name}.{column.name}"


def test_labels_of_one_list_differ() -> None:
    """Two codes that a form must tell apart have two labels."""
    for kind, codes in CLOSED_LISTS.items():
        words = [wording.label(kind, code).casefold() for code in codes]
        assert len(words) == len(set(words)), kind


def test_labels_hold_no_markup() -> None:
    """A label can stand in a page, a sheet and a message."""
    for words in wording.LABELS.values():
        assert not [word for word in words.values() if re.search(r"[<>&\"]", word)]


def test_every_unit_with_a_word_is_in_the_closed_list() -> None:
    """The words for units and the list of units speak of the same units."""
    assert set(wording.LABELS["unit"]) <= UNITS


@pytest.mark.parametrize("missing", [None, math.nan, pd.NA])
def test_what_is_missing_reads_not_known(missing: object) -> None:
    """No page shows nan, None or <NA>."""
    assert wording.label("tenure", missing) == wording.NOT_KNOWN
    assert wording.number(missing) == wording.NOT_KNOWN  # type: ignore[arg-type]
    assert wording.share(missing) == wording.NOT_KNOWN  # type: ignore[arg-type]
    assert wording.quantity(missing, "MWh") == wording.NOT_KNOWN  # type: ignore[arg-type]


def test_an_unknown_code_comes_back() -> None:
    """A code outside the list is shown rather than lost."""
    assert wording.label("tenure", "squat") == "squat"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234.5, 1, "1.234,5"),
        (1_000_000, 0, "1.000.000"),
        (-1234, 0, "-1.234"),
        (-0.04, 1, "0,0"),
        (0.5, 0, "0"),
        (999.999, 2, "1.000,00"),
    ],
)
def test_numbers_are_dutch(value: float, decimals: int, text: str) -> None:
    """A point parts thousands, a comma decimals, and zero has no sign."""
    assert wording.number(value, decimals) == text


@given(st.floats(-1e12, 1e12), st.integers(0, 4))
def test_a_dutch_number_reads_back(value: float, decimals: int) -> None:
    """What is written is the number, rounded."""
    text = wording.number(value, decimals)
    back = float(text.replace(".", "").replace(",", "."))
    assert back == pytest.approx(round(value, decimals), abs=10.0**-decimals)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (3, "aantal", "3"),
        (1250.0, "EUR/m", "1.250 euro/m"),
        (0.05, "aandeel", "5 %"),
        (12, "onbekend", "12 onbekend"),
    ],
)
def test_quantities_carry_their_unit(value: float, unit: str, text: str) -> None:
    """The unit follows the number, as a word where there is one."""
    assert wording.quantity(value, unit) == text


def test_dates_are_dutch() -> None:
    """The month is a word."""
    assert wording.date(dt.date(2026, 3, 1)) == "1 maart 2026"


@pytest.mark.parametrize(
    ("words", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a en b"), (list("abc"), "a, b en c")]
)
def test_words_are_joined(words: list[str], text: str) -> None:
    """The last two are joined by «en»."""
    assert wording.join(words) == text


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Pelt", "pelt"),
        ("Zoutleeuw – Dorp", "zoutleeuw-dorp"),
        ("'s-Gravenvoeren", "s-gravenvoeren"),
        ("Bièvene", "bievene"),
    ],
)
def test_names_become_slugs(name: str, slug: str) -> None:
    """A name becomes the name of a folder and a page."""
    assert wording.slugify(name) == slug


@given(st.text(max_size=40))
def test_a_slug_is_safe_and_stable(name: str) -> None:
    """Whatever the name, the slug leads nowhere else and is its own slug."""
    slug = wording.slugify(name)
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug)
    assert wording.slugify(slug) == slug
