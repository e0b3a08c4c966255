"""Tests of the exception tree and of how a fault reads."""

from __future__ import annotations

import json

import pytest

from lekp_lib import errors
from lekp_lib.errors import AssumptionError, ContractError, Fault, LekpError

FAULT = Fault("gebouwen.csv", 3, "levels", "-2", "moet groter zijn dan 0", "Verbeter de waarde.")
TREE = {
    "ContractError": ValueError,
    "AssumptionError": KeyError,
    "SourceError": OSError,
    "RunError": RuntimeError,
    "BookError": RuntimeError,
}


@pytest.mark.parametrize(("name", "resembles"), TREE.items())
def test_each_error_is_ours_and_resembles_a_builtin(name: str, resembles: type) -> None:
    """Every error can be caught as ours and as the builtin it resembles."""
    error = getattr(errors, name)
    assert issubclass(error, LekpError)
    assert issubclass(error, resembles)


def test_the_tree_is_complete() -> None:
    """No error stands in the module without standing in the tree."""
    found = {
        name
        for name, thing in vars(errors).items()
        if isinstance(thing, type) and issubclass(thing, LekpError) and thing is not LekpError
    }
    assert found == set(TREE)


def test_a_fault_tells_file_row_column_value_and_remedy() -> None:
    """A fault reads as one Dutch line with all that is known."""
    assert str(FAULT) == (
        "gebouwen.csv, rij 3, kolom levels, waarde «-2»: moet groter zijn dan 0. "
        "Wat te doen: Verbeter de waarde."
    )


def test_a_fault_of_a_whole_file_names_no_row() -> None:
    """What is not known is left out of the line."""
    fault = Fault("straten.csv", None, None, None, "het bestand is leeg", "Vul het aan.")
    assert str(fault) == "straten.csv: het bestand is leeg. Wat te doen: Vul het aan."


def test_a_contract_error_lists_every_fault_on_its_own_line() -> None:
    """All faults are told at once."""
    assert str(ContractError([FAULT, FAULT])).splitlines() == [str(FAULT), str(FAULT)]


def test_a_contract_error_keeps_its_faults() -> None:
    """A program can read the faults one by one."""
    assert ContractError(iter([FAULT])).faults == (FAULT,)


def test_a_contract_error_may_be_one_sentence() -> None:
    """A text is taken as it is, not letter by letter."""
    error = ContractError("geen naam van een plaats")
    assert str(error) == "geen naam van een plaats"
    assert error.faults == ()


def test_an_assumption_error_has_no_quotes_round_its_message() -> None:
    """A KeyError shows its message as code; ours shows a sentence."""
    assert str(AssumptionError("Het kengetal bestaat niet.")) == "Het kengetal bestaat niet."


def test_a_fault_becomes_json() -> None:
    """The machine-readable output of a check holds plain values."""
    assert json.loads(json.dumps(FAULT.as_dict()))["row"] == 3
