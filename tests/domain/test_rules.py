"""Tests of which rules hold on a day."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from lekp_lib.contracts import INPUTS, empty_table
from lekp_lib.domain import rules
from lekp_lib.errors import ContractError

DAY = dt.date(2026, 11, 1)
TIMES = ("valid_from", "valid_to", "checked_on")


def table(*rows: dict[str, object]) -> pd.DataFrame:
    """Return rows of ``regels``, checked on the day itself unless they say otherwise."""
    given = [
        {"rule_id": "r", "kind": "premium", "subject": "roof", "checked_on": "2026-11-01"} | row
        for row in rows
    ]
    frame = pd.DataFrame(given).reindex(columns=list(INPUTS["regels"].columns))
    times = {name: pd.to_datetime(frame[name]) for name in TIMES}
    return frame.assign(**times)


def on(frame: pd.DataFrame, day: dt.date = DAY) -> pd.DataFrame:
    """Return the rules of a day, stale after a year."""
    return rules.rules_on(frame, day, stale_after_days=365)


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ({"valid_from": "2026-11-01"}, "in_force"),
        ({"valid_to": "2026-11-01"}, "in_force"),
        ({"valid_to": "2026-10-31"}, "expired"),
        ({"checked_on": "2025-11-01"}, "in_force"),
        ({"checked_on": "2025-10-31"}, "stale"),
        ({"checked_on": "2025-10-31", "valid_to": "2026-10-31"}, "expired"),
        ({"checked_on": "2027-01-01"}, "in_force"),
    ],
)
def test_a_rule_says_how_it_stands(row: dict[str, object], status: str) -> None:
    """First and last day count; a year without confirmation is too long."""
    assert on(table(row))["status"].tolist() == [status]


@pytest.mark.parametrize(
    ("day", "value"), [("2023-02-01", 1.0), ("2024-02-23", 1.0), ("2024-02-24", 2.0)]
)
def test_the_row_that_began_last_counts(day: str, value: float) -> None:
    """A rule has a history; the order of its rows does not matter."""
    history = table(
        {"value": 2.0, "valid_from": "2024-02-24"},
        {"value": 1.0, "valid_from": "2023-02-01", "valid_to": "2024-02-23"},
        {"value": 0.0},
    )
    for rows in (history, history.iloc[::-1]):
        assert on(rows, dt.date.fromisoformat(day))["value"].tolist() == [value]


def test_a_rule_that_begins_later_is_not_there_yet() -> None:
    """Nothing is promised ahead."""
    assert on(table({"valid_from": "2026-11-02"})).empty


def test_no_rules_give_no_rules() -> None:
    """A place without a table has an empty one, and every wish is missing."""
    nothing = on(empty_table(INPUTS["regels"]))
    wanted = pd.DataFrame({"kind": ["premium"], "subject": ["roof"]})
    assert nothing.empty
    assert rules.rules_for(nothing, wanted)["status"].tolist() == ["missing"]


CURRENT = on(
    table(
        {"rule_id": "all", "value": 1.0},
        {"rule_id": "low", "value": 2.0, "income_group": "low"},
        {"rule_id": "owner", "value": 3.0, "tenure": "owner_occupied"},
        {"rule_id": "both", "value": 4.0, "tenure": "owner_occupied", "income_group": "low"},
    )
)


@pytest.mark.parametrize(
    ("income", "tenure", "rule_id"),
    [
        ("low", "owner_occupied", "both"),
        ("high", "owner_occupied", "owner"),
        ("low", "social_rental", "low"),
        ("high", None, "all"),
        (None, None, "all"),
    ],
)
def test_the_closest_rule_counts(income: str | None, tenure: str | None, rule_id: str) -> None:
    """A rule for this tenure and income goes before one for everybody."""
    wanted = pd.DataFrame({"kind": ["premium"], "subject": ["roof"], "income_group": [income],
                           "tenure": [tenure]})  # fmt: skip
    assert rules.rules_for(CURRENT, wanted)["rule_id"].tolist() == [rule_id]


def test_a_rule_for_others_does_not_count() -> None:
    """A rule for low incomes says nothing to a high one."""
    wanted = pd.DataFrame({"kind": ["premium"], "subject": ["roof"], "income_group": ["high"]})
    found = rules.rules_for(CURRENT.loc[["low"]], wanted)
    assert found["status"].tolist() == ["missing"]
    assert found["value"].isna().all()


def test_all_rules_that_fit_can_be_asked() -> None:
    """Premiums add up: each wish repeats, the closest rule first."""
    wanted = pd.DataFrame(
        {"kind": "premium", "subject": ["roof", "wall"], "income_group": "low"}, index=["x", "y"]
    )
    found = rules.rules_for(CURRENT, wanted, every=True)
    assert found.index.tolist() == ["x", "x", "y"]
    assert found["rule_id"].tolist()[:2] == ["low", "all"]
    assert found.loc["y", "status"] == "missing"


def test_wishes_keep_their_order_and_index() -> None:
    """The answer stands beside the question, whatever its index."""
    wanted = pd.DataFrame({"kind": "premium", "subject": ["wall", "roof"]}, index=[7, 3])
    found = rules.rules_for(CURRENT, wanted)
    assert found.index.tolist() == [7, 3]
    assert found["status"].tolist() == ["missing", "in_force"]


def test_a_doubled_wish_is_refused() -> None:
    """One label, one wish."""
    wanted = pd.DataFrame({"kind": "premium", "subject": ["roof", "roof"]}, index=[1, 1])
    with pytest.raises(ContractError, match="without doubles"):
        rules.rules_for(CURRENT, wanted)


def test_the_rows_of_a_municipality_win() -> None:
    """Its rule replaces the whole history of the same rule, and its own rules are added."""
    flemish = table(
        {"rule_id": "a", "value": 1.0},
        {"rule_id": "b", "value": 2.0, "valid_from": "2020-01-01"},
        {"rule_id": "b", "value": 3.0, "valid_from": "2026-01-01"},
    )
    local = table({"rule_id": "b", "value": 9.0}, {"rule_id": "own", "value": 5.0})
    found = on(rules.with_local_rules(flemish, local))["value"]
    assert found.to_dict() == {"a": 1.0, "b": 9.0, "own": 5.0}


def test_without_local_rules_nothing_changes() -> None:
    """The table of Flanders is as it was, and is not touched."""
    flemish = table({"rule_id": "a", "value": 1.0})
    before = flemish.copy()
    found = rules.with_local_rules(flemish, empty_table(INPUTS["regels"]))
    assert found["value"].tolist() == [1.0]
    pd.testing.assert_frame_equal(flemish, before)
    alone = rules.with_local_rules(empty_table(INPUTS["regels"]), flemish)
    assert alone["rule_id"].tolist() == ["a"]
