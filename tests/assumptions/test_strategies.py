"""Every rate of a strategy has a range, a grade and a source, and says if it was measured here."""

from __future__ import annotations

import pytest

from lekp_lib.assumptions import BASES, load, load_evening_script, load_sources, load_strategies

RATES = load_strategies()
SCRIPT = load_evening_script()
SOURCES = set(load_sources().index)


def test_every_strategy_and_group_once() -> None:
    """All combinations are there, none twice."""
    strategies, groups = (RATES.index.unique(level) for level in range(2))
    assert len(RATES) == len(strategies) * len(groups) == 8 * 7
    assert RATES.index.is_unique


def test_rates_are_shares_in_their_range() -> None:
    """Low is not above the rate, high not below it."""
    assert (RATES["low_share"].between(0, RATES["rate_share"])).all()
    assert (RATES["high_share"].between(RATES["rate_share"], 1)).all()


def test_planning_values_have_the_documented_range() -> None:
    """Half as low, 1.6 times as high."""
    assert RATES["low_share"].to_numpy() == pytest.approx(RATES["rate_share"].to_numpy() * 0.5)
    assert RATES["high_share"].to_numpy() == pytest.approx(RATES["rate_share"].to_numpy() * 1.6)


def test_what_was_not_measured_here_says_so() -> None:
    """Only the letter has a Flemish measurement of its level."""
    assert set(RATES.index[RATES["is_flemish"]].get_level_values(0)) == {"letter"}
    told = RATES.loc[~RATES["is_flemish"], "note"]
    assert told.str.startswith("Geen Vlaamse meting.").all()


def test_rates_have_basis_source_and_place_in_it() -> None:
    """Also what was observed names its source."""
    assert set(RATES["basis"]) <= set(BASES)
    assert set(RATES["source_id"]) <= SOURCES
    assert (RATES[["locator", "note"]] != "").all(axis=None)
    assert ((RATES["observed"] != "") == (RATES["observed_source_id"] != "")).all()
    assert set(RATES["observed_source_id"]) - {""} <= SOURCES


def test_rates_apply_to_a_known_part() -> None:
    """Of all contacted, of those who come, or of those the partner knows."""
    assert set(RATES["within"]) == {"contacted", "attendees", "clients"}


def test_every_strategy_has_its_costs_and_hours() -> None:
    """A municipality replaces them one by one."""
    figures = load()
    for strategy in RATES.index.unique(0):
        for name in ("fixed_eur", "household_eur", "fixed_hours", "household_hours"):
            assert figures[f"activation.{strategy}.{name}"].value >= 0


def test_the_script_names_roles_and_sources() -> None:
    """Every part has somebody who leads it, and says where it comes from."""
    assert SCRIPT.index.tolist() == list(range(1, len(SCRIPT) + 1))
    assert (SCRIPT[["theme", "activity", "lead_role", "outcome", "locator"]] != "").all(axis=None)
    assert set(SCRIPT["source_id"]) <= SOURCES
    assert set(SCRIPT["basis"]) <= set(BASES)
