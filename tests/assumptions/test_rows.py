"""Every packaged figure has a unit, a range, a basis and a source."""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lekp_lib.assumptions import BASES, Assumption, load, load_presence, load_sources
from lekp_lib.assumptions._load import _NOT_FIGURES
from lekp_lib.contracts.lists import FUNCTIONS, PARKING_FUNCTIONS
from lekp_lib.units import SUFFIX_UNITS, UNITS

PACKAGE = Path(__file__).parents[2] / "lekp_lib"
FIGURE_FILES = [
    path
    for path in sorted((PACKAGE / "assumptions").glob("*.csv"))
    if path.name not in _NOT_FIGURES
]
FIGURES = tuple(load().values())
THEMES = {key.partition(".")[0] for key in load()}
HEADINGS = (
    *("key", "value", "unit", "low", "high", "valid_year", "price_year"),
    *("basis", "source_id", "locator", "label", "note"),
)


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a packaged file as text."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("path", FIGURE_FILES, ids=lambda path: path.name)
def test_every_file_has_the_headings(path: Path) -> None:
    """One row, one figure, in the columns that were agreed."""
    with path.open(encoding="utf-8", newline="") as stream:
        assert tuple(next(csv.reader(stream))) == HEADINGS


@pytest.mark.parametrize("path", FIGURE_FILES, ids=lambda path: path.name)
def test_every_cell_is_below_a_heading(path: Path) -> None:
    """A forgotten quote does not push a figure into the next column."""
    assert all(None not in row and None not in row.values() for row in rows(path))


def test_no_key_stands_twice() -> None:
    """One key is one figure, over all themes."""
    counts = Counter(row["key"] for path in FIGURE_FILES for row in rows(path))
    assert [key for key, times in counts.items() if times > 1] == []


def test_every_row_is_loaded() -> None:
    """Nothing in the files is left out."""
    assert sum(len(rows(path)) for path in FIGURE_FILES) == len(load())


def offenders(is_right: Callable[[Assumption], bool]) -> list[str]:
    """Return the keys of the figures that break a rule."""
    return [figure.key for figure in FIGURES if not is_right(figure)]


def promised_unit(key: str) -> str | None:
    """Return the unit that the longest suffix of a key promises."""
    fits = [suffix for suffix in SUFFIX_UNITS if key.endswith(suffix)]
    return SUFFIX_UNITS[max(fits, key=len)] if fits else None


def test_keys_are_dotted_names() -> None:
    """The theme comes first, in plain letters."""
    assert offenders(lambda one: bool(re.fullmatch(r"[a-z]+(\.[a-z0-9_]+)+", one.key))) == []


def test_units_are_in_the_closed_list() -> None:
    """A figure without a known unit cannot be used."""
    assert offenders(lambda one: one.unit in UNITS - {""}) == []


def test_units_are_those_the_names_promise() -> None:
    """A key that ends in _kwh_m2 is in kWh per m²; the longest suffix counts."""
    assert offenders(lambda one: promised_unit(one.key) in {None, one.unit}) == []


def test_values_lie_in_their_range() -> None:
    """Low is not above the value, high not below it."""
    assert offenders(lambda one: one.low <= one.value <= one.high) == []


def test_shares_lie_between_0_and_1() -> None:
    """A share is a share, its range too."""
    assert offenders(lambda one: one.unit != "aandeel" or 0 <= one.low <= one.high <= 1) == []


def test_sources_are_in_the_register() -> None:
    """Who reads a figure can find where it comes from."""
    known = set(load_sources().index) - {"eigen"}
    assert offenders(lambda one: one.source_id in known) == []


def test_sources_have_a_place_in_them() -> None:
    """A source without page, table or cell cannot be checked."""
    assert offenders(lambda one: bool(one.locator)) == []


def test_the_basis_is_one_of_five() -> None:
    """Each figure says how sure it is."""
    assert offenders(lambda one: one.basis in BASES) == []


def test_money_and_only_money_has_a_price_year() -> None:
    """A price without a year is no price."""
    has_year = re.compile(r"\d{4}").fullmatch
    assert offenders(lambda one: bool(has_year(one.price_year)) == ("EUR" in one.unit)) == []


def test_the_year_described_is_a_year() -> None:
    """Readers see how old a figure is."""
    assert offenders(lambda one: bool(re.fullmatch(r"\d{4}", one.valid_year))) == []


def test_readers_get_a_label() -> None:
    """The name in the book is short, and no key."""
    assert offenders(lambda one: 3 <= len(one.label) <= 80 and one.label != one.key) == []


def test_what_is_assumed_without_a_range_explains_itself() -> None:
    """An assumption that knows no doubt says in a note why."""
    assert (
        offenders(lambda one: one.basis != "assumed" or one.low < one.high or bool(one.note)) == []
    )


def test_the_register_names_title_publisher_and_licence() -> None:
    """No source is only a number."""
    register = load_sources().drop(index="eigen")
    assert not register.index.duplicated().any()
    assert (register[["title", "publisher", "licence"]] != "").all(axis=None)


def keys_in(path: Path) -> Iterator[str]:
    """Return the strings in a module that look like the key of a figure."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            theme, dot, _ = node.value.partition(".")
            if dot and theme in THEMES and re.fullmatch(r"[a-z0-9_.]+", node.value):
                yield node.value


@pytest.mark.parametrize(
    "path", sorted((PACKAGE / "studies").glob("*.py")), ids=lambda path: path.name
)
def test_every_key_a_study_names_exists(path: Path) -> None:
    """A key, or the beginning of one, leads to a figure."""
    known = tuple(load())
    lost = [key for key in keys_in(path) if not any(one.startswith(key) for one in known)]
    assert lost == []


@pytest.mark.parametrize("domain", sorted((PACKAGE / "domain").glob("*.py")), ids=lambda p: p.name)
def test_the_domain_reads_no_figure_itself(domain: Path) -> None:
    """Figures reach a domain function as arguments, never by key."""
    assert list(keys_in(domain)) == []


def test_presence_is_known_for_every_hour() -> None:
    """Each function has 24 hours for each kind of day."""
    presence = load_presence()
    hours = presence.groupby(["function", "day_kind"])["hour"].apply(lambda part: sorted(part))
    assert all(part == list(range(24)) for part in hours)
    assert set(presence["day_kind"]) == {"weekday", "saturday", "sunday"}


def test_presence_speaks_of_known_functions_and_sources() -> None:
    """No curve is for a function that no car park or building can have."""
    presence = load_presence()
    assert set(presence["function"]) <= {*PARKING_FUNCTIONS, *FUNCTIONS}
    assert set(presence["basis"]) <= set(BASES)
    assert set(presence["source_id"]) <= set(load_sources().index)
    assert presence["share"].between(0, 1).all()
