"""Which parties a place has, and which tasks have nobody yet."""

from __future__ import annotations

import pandas as pd
import pytest

from lekp_lib.domain import roles
from lekp_lib.errors import ContractError

KINDS = {"town": "public", "coop": "civic", "friends": "civic", "builder": "private"}
WORDS = {"town": r"^gemeente\b", "coop": "co[öo]peratie", "builder": "aannemer"}


def here(*actors: tuple[str, str]) -> pd.Series:
    """Return the status of each party, given names of roles and their kind."""
    table = pd.DataFrame(list(actors), columns=["role_name", "kind"])
    found = roles.parties_here(KINDS, words=WORDS, everywhere=["town"], actors=table)
    return found["status"]


def gap(does: str, answers: str, fallback: str = "", **status: str) -> str:
    """Return the gap of one task."""
    matrix = pd.DataFrame({"R": [does], "A": [answers], "fallback": [fallback]}, index=["task"])
    parties = pd.DataFrame({"status": pd.Series(status)})
    return str(roles.task_gaps(matrix, parties)["gap"].iloc[0])


def test_a_party_is_told_by_the_name_of_its_role() -> None:
    """Capitals do not matter; a town that is named is named, not assumed."""
    found = here(("Burgercoöperatie", "civic"), ("Gemeente", "public"))
    assert found[["town", "coop"]].tolist() == ["named", "named"]


def test_every_place_has_its_town() -> None:
    """Also one that does not mention it."""
    assert here()["town"] == "everywhere"


def test_a_stranger_may_take_a_role_of_its_kind() -> None:
    """A recognised actor has its own role already."""
    assert here(("Praatcafé", "civic"))["friends"] == "possible"
    assert here(("Burgercoöperatie", "civic"))["friends"] == "open"
    assert here(("Praatcafé", "civic"))["builder"] == "open"


def test_without_a_table_nothing_is_told() -> None:
    """Not known is not the same as nobody."""
    found = roles.parties_here(KINDS, words=WORDS, everywhere=["town"], actors=None)
    assert found["status"].tolist() == ["everywhere", "not_told", "not_told", "not_told"]
    assert found["named_by"].isna().all()


@pytest.mark.parametrize(
    ("does", "answers", "fallback", "wanted"),
    [
        ("there", "there", "", "filled"),
        ("there", "there", "gone", "filled"),
        ("gone", "there", "there", "fallback"),
        ("gone", "gone", "there", "fallback"),
        ("maybe", "there", "", "possible"),
        ("maybe", "gone", "", "open"),
        ("gone", "there", "gone", "open"),
        ("secret", "there", "", "not_told"),
    ],
)
def test_a_task_is_filled_by_who_does_and_who_answers(
    does: str, answers: str, fallback: str, wanted: str
) -> None:
    """Both must be there; else who steps in."""
    status = {"there": "named", "gone": "open", "maybe": "possible", "secret": "not_told"}
    assert gap(does, answers, fallback, **status) == wanted


def test_an_unknown_party_is_told() -> None:
    """A typing error must not read as a gap."""
    with pytest.raises(ContractError, match="nobody"):
        gap("nobody", "town", town="named")
