"""The role matrix: one party answers for each task, and no task of citizens stands alone."""

from __future__ import annotations

import pytest

from lekp_lib.assumptions import load, load_roles
from lekp_lib.contracts import QUESTIONS
from lekp_lib.contracts.lists import ACTOR_KINDS
from lekp_lib.contracts.results.mee_roles import GAPS, PARTIES, PARTY_STATUSES
from lekp_lib.domain.roles import split_parties
from lekp_lib.wording import LABELS

ROLES = load_roles()
IS_CIVIC = {party for party, kind in PARTIES.items() if kind == "civic"}


def test_every_task_stands_once() -> None:
    """One identifier, one sentence."""
    assert ROLES.index.is_unique
    assert ROLES["task"].is_unique


def test_exactly_one_party_answers_for_a_task() -> None:
    """Two would each wait for the other."""
    assert ROLES["A"].isin(PARTIES).all()


def test_exactly_one_party_does_a_task() -> None:
    """Others are asked or told."""
    assert ROLES["R"].isin(PARTIES).all()


def test_no_company_works_without_somebody_who_answers() -> None:
    """And it does not answer for its own work."""
    private = ROLES[ROLES["R"].map(PARTIES) == "private"]
    assert len(private) > 0
    assert (private["A"].map(PARTIES) != "private").all()


def test_every_task_of_citizens_has_a_fallback() -> None:
    """Volunteers may stop; who steps in is no volunteer."""
    civic = ROLES[ROLES["R"].isin(IS_CIVIC) | ROLES["A"].isin(IS_CIVIC)]
    assert len(civic) > 0
    assert civic["fallback"].isin(set(PARTIES) - IS_CIVIC).all()


def test_a_fallback_is_a_party() -> None:
    """Or empty, where none is needed."""
    assert ROLES["fallback"].isin([*PARTIES, ""]).all()


@pytest.mark.parametrize("column", ["C", "I"])
def test_who_is_asked_and_told_is_a_party(column: str) -> None:
    """None of them does or answers for the task as well."""
    for _, task in ROLES.iterrows():
        parties = split_parties(task[column])
        assert set(parties) <= set(PARTIES)
        assert len(parties) == len(set(parties))
        assert not {task["R"], task["A"]} & set(parties), task["task"]


def test_every_question_of_the_three_programmes_has_a_task() -> None:
    """The programme is that of the question."""
    assert set(ROLES["question"]) == set(QUESTIONS)
    assert (ROLES["programme"] == ROLES["question"].str[2].astype("int64")).all()


def test_every_cell_of_words_is_filled() -> None:
    """With the words "niet nagegaan" where nobody looked."""
    assert (ROLES[["task", "legal_basis", "budget_line", "source"]] != "").all(axis=None)


def test_hours_are_those_of_the_permits() -> None:
    """The matrix and the calculation do not contradict each other."""
    figures = load()
    hours = ROLES["hours_per_dossier"]
    assert hours["permit-draw"] == figures["permits.architect_hours"].value
    assert hours["permit-decide"] == figures["permits.clerk_hours"].value


def test_readers_see_words() -> None:
    """Every party, status and gap has a Dutch label."""
    assert set(LABELS["party"]) == set(PARTIES)
    assert set(LABELS["party_status"]) == set(PARTY_STATUSES)
    assert set(LABELS["role_gap"]) == set(GAPS)
    assert set(PARTIES.values()) == set(ACTOR_KINDS)
