"""The register of barriers: every row complete, with a source or the words that it has none."""

from __future__ import annotations

import re

from lekp_lib.assumptions import load_barriers
from lekp_lib.contracts.results.mee_rules import BARRIER_STATUSES, COUNTERS
from lekp_lib.wording import LABELS

BARRIERS = load_barriers()
NOT_CHECKED = "niet nagegaan"


def test_every_row_has_one_identifier() -> None:
    """And there are enough of them to call it a register."""
    assert BARRIERS.index.is_unique
    assert len(BARRIERS) >= 20


def test_every_row_says_who_is_hit_what_and_who_can_change_it() -> None:
    """No cell of words is empty, the date excepted."""
    words = BARRIERS.drop(columns=["effect_days", "effect_eur", "source_date"])
    assert (words != "").all(axis=None)


def test_a_source_has_a_date_or_is_not_checked() -> None:
    """An undated source says so in words."""
    is_open = BARRIERS["source"] == NOT_CHECKED
    assert ((BARRIERS["status"] == NOT_CHECKED) == is_open).all()
    assert ((BARRIERS["source_date"] == "") == is_open).all()
    dates = BARRIERS.loc[~is_open, "source_date"]
    assert dates.map(lambda day: bool(re.fullmatch(r"\d{4}(-\d{2}){0,2}|zonder datum", day))).all()


def test_codes_are_of_the_closed_lists() -> None:
    """A counter that code does not compute would count nobody."""
    assert set(BARRIERS["status"]) <= set(BARRIER_STATUSES)
    assert set(BARRIERS["counts_on"]) == set(COUNTERS)
    assert set(LABELS["barrier_counter"]) == set(COUNTERS)


def test_effects_are_not_negative() -> None:
    """Missing where nobody knows."""
    effects = BARRIERS[["effect_days", "effect_eur"]]
    assert effects.notna().any().all()
    assert (effects.isna() | (effects > 0)).all(axis=None)


def test_the_rate_costs_what_an_annuity_says() -> None:
    """60,000 EUR over 25 years: 276.79 a month instead of 200.00."""
    assert BARRIERS.loc["rente", "effect_eur"] == round((276.79 - 200.00) * 300)
