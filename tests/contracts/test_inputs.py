"""Tests of the input contracts: everything a reader of a message or the template needs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from lekp_lib.contracts import INPUTS, RESULTS, Column, lists
from lekp_lib.contracts._base import column
from lekp_lib.units import UNITS

CONTRACTS = (*INPUTS.values(), *RESULTS.values())
ENGLISH = re.compile(
    r"\b(the|and|of the|number|name|year|per dwelling|share|total|street|building)\b", re.IGNORECASE
)


def offenders(is_right: Callable[[Column], bool]) -> list[str]:
    """Return the columns, of any table, that break a rule."""
    return [
        f"{contract.name}.{about.name}"
        for contract in CONTRACTS
        for about in contract.columns.values()
        if not is_right(about)
    ]


def test_there_is_a_contract_for_every_table() -> None:
    """The list of tables and the contracts name the same tables."""
    assert set(INPUTS) == {*lists.TABLES, *lists.MUNICIPAL_TABLES}


def test_contracts_are_found_by_their_name() -> None:
    """The name in the register is the name of the contract."""
    assert all(name == contract.name for name, contract in {**INPUTS, **RESULTS}.items())


def test_contracts_have_a_dutch_title() -> None:
    """A page and a workbook show the title, not the name of the table."""
    assert [one.name for one in CONTRACTS if not one.title[0].isupper()] == []
    assert [one.name for one in CONTRACTS if ENGLISH.search(one.title)] == []


def test_columns_have_a_dutch_title() -> None:
    """No heading is the name in the code."""
    assert offenders(lambda one: one.title != one.name and not ENGLISH.search(one.title)) == []


def test_columns_have_a_dutch_description() -> None:
    """A description is a sentence of its own."""
    assert offenders(lambda one: one.description.endswith((".", "?"))) == []
    assert offenders(lambda one: not ENGLISH.search(one.description)) == []


def test_columns_have_a_known_unit() -> None:
    """A number says in what it is counted."""
    assert offenders(lambda one: one.unit in UNITS) == []


def test_names_in_code_are_snake_case() -> None:
    """Canonical names are English snake_case, never a percentage."""
    is_name = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*").fullmatch
    assert offenders(lambda one: bool(is_name(one.name)) and "pct" not in one.name) == []


def test_yes_or_no_starts_with_is_or_has() -> None:
    """A name tells that the answer is yes or no."""
    assert (
        offenders(lambda one: (one.kind == "yes_no") == one.name.startswith(("is_", "has_"))) == []
    )


def test_input_titles_of_one_table_differ() -> None:
    """A heading leads to one column, by its title or by its name."""
    for contract in INPUTS.values():
        headings = [about.title.casefold() for about in contract.columns.values()]
        headings += [name.replace("_", " ") for name in contract.columns]
        assert len(headings) == len(set(headings)), contract.name


def test_index_and_key_are_columns() -> None:
    """What a contract says of its columns is about columns it has."""
    for contract in CONTRACTS:
        named = {*contract.key, *([contract.index] if contract.index else [])}
        assert named <= set(contract.columns), contract.name


def test_the_index_is_required() -> None:
    """A row without its own mark cannot be told from others."""
    for contract in INPUTS.values():
        assert contract.index is None or contract.columns[contract.index].is_required


def test_closed_lists_have_no_doubles() -> None:
    """A code stands once in its list."""
    for name in lists.__all__:
        values = getattr(lists, name)
        assert len(values) == len(set(values)), name


def test_periods_begin_where_the_one_before_ends() -> None:
    """The first years rise and fit the names of the periods."""
    years = lists.PERIOD_FIRST_YEAR
    assert list(years) == sorted(set(years))
    assert len(years) == len(lists.PERIODS)
    for name, first, following in zip(lists.PERIODS[1:-1], years[1:], years[2:], strict=False):
        assert name == f"{first}_{following - 1}"


def test_a_column_in_an_unknown_unit_is_refused() -> None:
    """A new unit is added to the list first."""
    with pytest.raises(ValueError, match=r"which is not in units\.UNITS"):
        column("Titel", "Uitleg.", unit="furlong")


@pytest.mark.parametrize("name", ["gebouwen", "verbruik", "parkings", "huishoudens"])
def test_measured_use_and_tenure_are_sensitive(name: str) -> None:
    """What falls under the small-cell rule is marked where it comes in."""
    sensitive = {one.name for one in INPUTS[name].columns.values() if one.is_sensitive}
    expected = {
        "gebouwen": {"tenure"},
        "verbruik": {"gas_mwh", "gas_points", "electricity_mwh", "electricity_points"},
        "parkings": set(),
        "huishoudens": set(INPUTS["huishoudens"].columns) - {"area_id"},
    }
    assert sensitive == expected[name]


def test_rules_of_a_contract_are_about_its_columns() -> None:
    """Years that rise and cells that go together stand in the table."""
    for contract in INPUTS.values():
        named = {*contract.rising, *(name for pair in contract.together for name in pair)}
        assert named <= set(contract.columns), contract.name
