"""Every cell on a legal form has its source and date, or says who can check it."""

from __future__ import annotations

import pandas as pd

from lekp_lib.assumptions import load, load_legal_forms, load_legal_knockouts, load_sources
from lekp_lib.contracts import recheck_from
from lekp_lib.contracts.lists import ACTOR_KINDS, CONDITIONS, CONTRIBUTION_KINDS
from lekp_lib.contracts.results.warmtenet_legal import ANSWERS, CRITERIA, FORMS
from lekp_lib.wording import LABELS

CELLS = load_legal_forms()
RULES = load_legal_knockouts()
HAS_SOURCE = CELLS["source_id"] != ""


def test_every_form_answers_every_question_once() -> None:
    """At least eight forms and eight criteria, without a gap or a double."""
    assert len(FORMS) >= 8
    assert len(CRITERIA) >= 8
    wanted = pd.MultiIndex.from_product([FORMS, CRITERIA])
    assert sorted(CELLS.index) == sorted(wanted)


def test_a_cell_has_source_and_date_or_neither() -> None:
    """Half of a source is no source."""
    assert ((CELLS["checked_on"] != "") == HAS_SOURCE).all()


def test_sources_are_in_the_register() -> None:
    """Who reads a clause can find where it comes from."""
    assert set(CELLS.loc[HAS_SOURCE, "source_id"]) <= set(load_sources().index)


def test_dates_can_be_read() -> None:
    """Each one gives a day from which it is stale."""
    assert CELLS.loc[HAS_SOURCE, "checked_on"].map(recheck_from).notna().all()


def test_every_cell_says_where_to_look_and_who_can() -> None:
    """Also one that was checked: it must be checked again within a year."""
    assert (CELLS[["clause", "locator", "who_can_check"]] != "").all(axis=None)


def test_answers_are_one_of_four() -> None:
    """A checked cell has an answer."""
    assert set(CELLS["answer"]) <= set(ANSWERS)
    assert "onbekend" not in set(CELLS.loc[HAS_SOURCE, "answer"])


def test_what_was_not_checked_says_so() -> None:
    """A provisional answer is called provisional in its own words."""
    told = CELLS[~HAS_SOURCE & (CELLS["answer"] != "onbekend")]
    assert told["clause"].str.startswith("Voorlopig").all()
    assert not CELLS.loc[HAS_SOURCE, "clause"].str.startswith("Voorlopig").any()


def test_rules_speak_of_known_things() -> None:
    """A rule about a condition that nobody can choose would never bite."""
    of_actors = RULES[RULES["trigger"] == "actor"]
    assert set(RULES["trigger"]) == {"actor", "wish"}
    assert set(of_actors["condition"]) <= set(CONDITIONS)
    assert set(of_actors["actor_kind"]) <= {*ACTOR_KINDS, "municipality", "any"}
    assert set(of_actors["contribution_kind"]) <= {*CONTRIBUTION_KINDS, "any"}
    assert set(RULES["criterion"]) <= set(CRITERIA)
    assert set(RULES["knocks_out_if"]) <= set(ANSWERS)


def test_no_rule_stands_twice() -> None:
    """One rule, one number."""
    assert RULES.index.is_unique
    assert not RULES.drop(columns="reason").duplicated().any()


def test_readers_see_words() -> None:
    """Every form, question and answer has a Dutch label."""
    assert set(LABELS["legal_form"]) == set(FORMS)
    assert set(LABELS["legal_criterion"]) == set(CRITERIA)
    assert set(LABELS["legal_answer"]) == set(ANSWERS)


def test_every_question_can_be_weighed() -> None:
    """A municipality changes a weight in its own figures."""
    assert set(load().values_below("legal.weight.")) == set(CRITERIA)
