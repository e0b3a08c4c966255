"""Tests of reading one cell: what it can only mean, or a fault."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.contracts import INPUTS
from lekp_lib.contracts._values import BadCell, parse

GEBOUWEN = INPUTS["gebouwen"].columns
AREA = INPUTS["verbruik"].columns["area_id"]
TIME = INPUTS["klimaat"].columns["timestamp"]


def numbers(*cells: Any, comma: bool = False) -> list[float]:
    """Return cells as numbers, unreadable ones missing."""
    values, _ = parse(pd.Series(cells, dtype=object), GEBOUWEN["levels"], uses_comma=comma)
    return values.tolist()


def problems(column: str, *cells: Any, comma: bool = False) -> list[str]:
    """Return what is said of the cells that cannot be read."""
    about = AREA if column == "area_id" else GEBOUWEN[column]
    _, bad = parse(pd.Series(cells, dtype=object), about, uses_comma=comma)
    return [cell.problem for cell in bad]


def texts(column: str, *cells: Any) -> list[Any]:
    """Return cells as text, unreadable ones missing."""
    about = AREA if column == "area_id" else GEBOUWEN[column]
    return parse(pd.Series(cells, dtype=object), about, uses_comma=False)[0].tolist()


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2,5", 2.5),
        ("2.5", 2.5),
        ("1.234,5", 1234.5),
        ("1.234.567", 1_234_567.0),
        ("0.125", 0.125),
        ("12,3456", 12.3456),
        ("-3", -3.0),
        (" 7 ", 7.0),
        ("1e3", 1000.0),
        (",5", 0.5),
        (2.5, 2.5),
        (np.int64(3), 3.0),
        (Decimal("1.50"), 1.5),
    ],
)
def test_a_number_is_read_as_it_is_meant(cell: Any, value: float) -> None:
    """Both ways of writing a number are read where they can only mean one thing."""
    assert numbers(cell, comma=True) == [value]


@pytest.mark.parametrize("cell", ["", "  ", None, float("nan"), pd.NA])
def test_an_empty_cell_is_missing(cell: Any) -> None:
    """Nothing is filled in, nothing is wrong."""
    assert pd.isna(numbers(cell, comma=True)[0])
    assert problems("levels", cell) == []


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("twee", "tekst in plaats van een getal"),
        ("2 m", "tekst in plaats van een getal"),
        ("1,234.5", "tekst in plaats van een getal"),
        ("1 234", "tekst in plaats van een getal"),
        ("12%", "tekst in plaats van een getal"),
        ("٣", "tekst in plaats van een getal"),
        ("NaN", "geen geldig getal"),
        ("-inf", "geen geldig getal"),
        ("#N/B", "geen geldig getal"),
        (float("inf"), "geen geldig getal"),
        ("1e999", "te groot"),
        (True, "tekst in plaats van een getal"),
        (dt.datetime(2024, 2, 1), "tekst in plaats van een getal"),
        (["1"], "tekst in plaats van een getal"),
    ],
)
def test_what_is_no_number_is_refused(cell: Any, said: str) -> None:
    """Nothing that is no number becomes one."""
    found = problems("levels", cell, comma=True)
    assert len(found) == 1
    assert said in found[0]
    assert pd.isna(numbers(cell, comma=True)[0])


def test_a_number_that_means_two_things_is_refused() -> None:
    """1.234 in a file with decimal commas may be one or a thousand."""
    assert problems("levels", "1.234", comma=True) == ["kan een duizendtal of een kommagetal zijn"]


def test_a_comma_that_means_two_things_is_refused() -> None:
    """1,234 in a file with decimal points may be one or a thousand."""
    assert problems("levels", "1,234") == ["kan een duizendtal of een kommagetal zijn"]


@pytest.mark.parametrize(
    ("cells", "comma", "values"),
    [
        (("1.234", "3,5"), True, [1234.0, 3.5]),
        (("1.234", "2.5"), True, [1.234, 2.5]),
        (("1.234", "2"), False, [1.234, 2.0]),
        (("1,234", "3,5"), False, [1.234, 3.5]),
        (("2.5", "3,5"), True, [2.5, 3.5]),
        ((2.5, "3,5"), True, [2.5, 3.5]),
        (("0.250", "0.500"), True, [0.25, 0.5]),
    ],
)
def test_the_rest_of_the_column_tells_what_a_point_means(
    cells: tuple[Any, ...], comma: bool, values: list[float]
) -> None:
    """Each cell is read by what the others say, never changed by them."""
    assert numbers(*cells, comma=comma) == values


def test_a_column_that_writes_both_ways_does_not_tell() -> None:
    """With 2.5 and 3,5 beside it, 1.234 stays doubtful."""
    assert problems("levels", "1.234", "2.5", "3,5", comma=True) == [
        "kan een duizendtal of een kommagetal zijn"
    ]


@given(st.floats(0, 9e5, allow_nan=False).map(lambda value: round(value, 2)), st.booleans())
def test_a_number_with_two_decimals_reads_back(value: float, with_comma: bool) -> None:
    """Written with a point or a comma, it is the same number."""
    text = f"{value:.2f}".replace(".", "," if with_comma else ".")
    assert numbers(text, comma=with_comma) == [value]


@given(st.one_of(st.text(max_size=12), st.floats(), st.integers(), st.booleans(), st.none()))
@pytest.mark.parametrize("column", ["levels", "dwellings", "is_heritage", "tenure", "street_id"])
def test_any_cell_is_read_or_refused(column: str, cell: Any) -> None:
    """Whatever stands in a cell, it is a value, a missing value or a fault."""
    values, bad = parse(pd.Series([cell], dtype=object), GEBOUWEN[column], uses_comma=True)
    assert len(values) == 1
    assert all(isinstance(one, BadCell) and one.position == 0 for one in bad)
    assert not bad or pd.isna(values.iloc[0])


def test_a_count_must_be_whole() -> None:
    """Half a dwelling is refused, with the cell as it was written."""
    _, bad = parse(pd.Series(["2,5"]), GEBOUWEN["dwellings"], uses_comma=True)
    assert [(cell.value, cell.problem) for cell in bad] == [("2,5", "is geen geheel getal")]


@pytest.mark.parametrize(
    ("cell", "code"),
    [("rijwoning", "terraced"), ("RIJWONING", "terraced"), ("terraced", "terraced")],
)
def test_labels_and_codes_are_the_same(cell: str, code: str) -> None:
    """A form may hold the Dutch word or the code."""
    assert texts("building_type", cell) == [code]


def test_a_label_outside_the_list_stays_as_written() -> None:
    """The message then shows what the user wrote."""
    assert texts("tenure", "eigendom onbekend") == ["eigendom onbekend"]


@pytest.mark.parametrize("cell", ["11002E122", "007", "A 1", "été"])
def test_a_code_stays_text(cell: str) -> None:
    """No code is read as a number."""
    assert texts("area_id", cell) == [cell]


def test_whole_numbers_are_codes_without_decimals() -> None:
    """A file that stored the code 12 as a number gives 12 back, however long the code."""
    assert texts("area_id", 12.0, 12, 2**60 + 1) == ["12", "12", str(2**60 + 1)]


@pytest.mark.parametrize("cell", [1.1002e126, "1,1002E+126", "1.1002E+126", 2.5])
def test_a_code_that_became_a_number_is_refused(cell: Any) -> None:
    """A spreadsheet turned 11002E122 into a number; the code is lost."""
    assert problems("area_id", cell) == ["een rekenblad heeft deze code in een getal veranderd"]


def test_a_house_number_that_became_a_date_is_refused() -> None:
    """A spreadsheet turned 1-2 into the first of February."""
    found = problems("house_number", dt.datetime(2026, 2, 1))
    assert found == ["een rekenblad heeft deze code in een datum veranderd"]


@pytest.mark.parametrize("cell", ["nan", "-inf", "#REF!"])
def test_no_number_is_no_code(cell: str) -> None:
    """What a program writes for nothing is not taken for a mark."""
    assert problems("area_id", cell) == ["is een foutmelding en geen tekst"]


@pytest.mark.parametrize("cell", ["a\x0bb", "\x1b[31mrood", "a\x00"])
def test_hidden_signs_are_refused_and_not_shown(cell: str) -> None:
    """A sign that breaks a workbook or a terminal comes in nor out."""
    _, bad = parse(pd.Series([cell]), GEBOUWEN["street_name"], uses_comma=False)
    assert [one.problem for one in bad] == ["bevat onzichtbare tekens"]
    assert bad[0].value.isprintable()


@pytest.mark.parametrize("cell", [["a", "b"], {"a": 1}, b"a", np.array(["a"])])
def test_lists_are_no_text(cell: Any) -> None:
    """A cell holds one text."""
    assert problems("street_name", cell) == ["is geen gewone tekst"]


@pytest.mark.parametrize(
    ("cell", "answer"),
    [("ja", True), ("Nee", False), (1, True), (0.0, False), (True, True), ("waar", True)],
)
def test_yes_and_no_are_read(cell: Any, answer: bool) -> None:
    """The Dutch and the machine's way both count."""
    values, bad = parse(pd.Series([cell], dtype=object), GEBOUWEN["is_heritage"], uses_comma=False)
    assert (values.tolist(), bad) == ([answer], [])


def test_perhaps_is_neither_yes_nor_no() -> None:
    """Anything else is refused."""
    assert problems("is_heritage", "misschien") == ["is geen ja of nee"]


@pytest.mark.parametrize(
    "cell",
    [
        "2024-01-31 13:00",
        "2024-01-31T13:00:00",
        "31/01/2024 13:00",
        "31-1-2024 13:00:00",
        "2024-01-31T12:00Z",
        "2024-01-31 14:00+02:00",
        dt.datetime(2024, 1, 31, 13),
        pd.Timestamp("2024-01-31 12:00", tz="UTC"),
        np.datetime64("2024-01-31T13"),
    ],
)
def test_a_moment_is_read_in_winter_time(cell: Any) -> None:
    """However it is written; one that names its zone is moved to ours."""
    values, bad = parse(pd.Series([cell], dtype=object), TIME, uses_comma=True)
    assert (values.tolist(), bad) == ([pd.Timestamp("2024-01-31 13:00")], [])


def test_a_day_begins_at_midnight() -> None:
    """A spreadsheet leaves the hour out where it is zero."""
    values, _ = parse(pd.Series(["31/01/2024", None]), TIME, uses_comma=True)
    assert values[0] == pd.Timestamp("2024-01-31")
    assert pd.isna(values[1])


@pytest.mark.parametrize(
    "cell", ["straks", "13:00", "31/31/2024 13:00", "2024-01-31 24:00", 45322.5, True, "24-01-31"]
)
def test_what_is_no_moment_is_refused(cell: Any) -> None:
    """Nothing is guessed of a date."""
    values, bad = parse(pd.Series([cell], dtype=object), TIME, uses_comma=True)
    assert [one.problem for one in bad] == ["is geen datum"]
    assert pd.isna(values[0])


@given(st.one_of(st.text(max_size=20), st.floats(), st.integers(), st.datetimes(), st.none()))
def test_any_cell_is_a_moment_or_refused(cell: Any) -> None:
    """Whatever stands in a cell, reading it never breaks."""
    values, bad = parse(pd.Series([cell], dtype=object), TIME, uses_comma=True)
    assert len(values) == 1
    assert not bad or pd.isna(values.iloc[0])
