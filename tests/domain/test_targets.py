"""Tests of what the LEKP targets amount to, and of how far a municipality is."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.domain.targets import BASES_OF_TARGETS, progress_towards, target_amounts
from lekp_lib.errors import ContractError

BERLAAR = {"inhabitants": 11949, "dwellings": 5440, "households": 5000}


def targets(**rows: tuple[float, float, str]) -> pd.DataFrame:
    """Return targets: value, per how many, of what."""
    columns = ["value", "per_value", "per_unit"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


@pytest.mark.parametrize(
    ("value", "per_value", "per_unit", "amount"),
    [
        (36.0, 500.0, "inwoner", 860.328),  # W2d: Berlaar's own 430.16 is half of it
        (18.0, 500.0, "inwoner", 430.164),
        (50.0, 1000.0, "wooneenheid", 272.0),  # W2a
        (25.0, 1000.0, "wooneenheid", 136.0),  # W2b
        (1.5, 100.0, "inwoner", 179.235),  # W3b2
        (5.0, 100.0, "huishouden", 250.0),
        (1.0, 1.0, "gemeente", 1.0),
    ],
)
def test_the_targets_of_berlaar(
    value: float, per_value: float, per_unit: str, amount: float
) -> None:
    """Figures that the municipality itself publishes, or that fit on the back of an envelope."""
    found = target_amounts(targets(T=(value, per_value, per_unit)), **BERLAAR)
    assert found.loc["T"] == pytest.approx(amount)


def test_every_base_can_be_counted() -> None:
    """The list of bases is the list the function knows."""
    rows = {base: (1.0, 1.0, base) for base in BASES_OF_TARGETS}
    assert target_amounts(targets(**rows), **BERLAAR).notna().all()


def test_an_unknown_base_is_refused() -> None:
    """A new kind of target needs a new count."""
    with pytest.raises(ContractError, match="counted per \\['koe'\\]"):
        target_amounts(targets(T=(1.0, 1.0, "koe")), **BERLAAR)


def test_an_unknown_count_gives_an_unknown_amount() -> None:
    """What cannot be computed is missing, not zero."""
    about = {**BERLAAR, "dwellings": math.nan}
    found = target_amounts(targets(T=(50.0, 1000.0, "wooneenheid")), **about)
    assert found.isna().tolist() == [True]


def test_amounts_keep_the_index_and_leave_the_input() -> None:
    """Same rows, same order, a Series with its name."""
    table = targets(b=(1.0, 1.0, "gemeente"), a=(2.0, 1.0, "gemeente"))
    before = table.copy(deep=True)
    found = target_amounts(table, **BERLAAR)
    assert (found.index.tolist(), found.name) == (["b", "a"], "amount")
    pd.testing.assert_frame_equal(table, before)


@given(st.floats(1, 1e6), st.floats(1, 100))
def test_amounts_grow_with_the_municipality(inhabitants: float, factor: float) -> None:
    """Twice the inhabitants, twice the trees."""
    one = target_amounts(targets(T=(1.0, 500.0, "inwoner")), inhabitants=inhabitants,
                         dwellings=1, households=1)  # fmt: skip
    more = target_amounts(targets(T=(1.0, 500.0, "inwoner")), inhabitants=inhabitants * factor,
                          dwellings=1, households=1)  # fmt: skip
    assert more.loc["T"] == pytest.approx(one.loc["T"] * factor)


AMOUNTS = pd.Series({"W1a": 200.0, "W4a": 100.0, "A5": 0.0}, name="amount")


def done(*rows: tuple[str, int, float]) -> pd.DataFrame:
    """Return rows of ``voortgang``."""
    return pd.DataFrame(rows, columns=["goal_id", "year", "realised"])


def test_the_latest_year_wins() -> None:
    """The order of the rows does not matter."""
    row = progress_towards(AMOUNTS, done(("W1a", 2025, 80.0), ("W1a", 2023, 10.0))).loc["W1a"]
    assert row.tolist() == [80.0, 2025, 0.4]


def test_what_was_never_told_is_missing() -> None:
    """Not known is not zero."""
    assert progress_towards(AMOUNTS, done(("W1a", 2025, 80.0))).loc["W4a"].isna().all()


def test_without_progress_nothing_is_known() -> None:
    """Most municipalities hand nothing in."""
    table = progress_towards(AMOUNTS, pd.DataFrame(columns=["goal_id", "year", "realised"]))
    assert table.isna().all(axis=None)
    assert str(table["realised_year"].dtype) == "Int64"


@pytest.mark.parametrize("realised", [0.0, 3.0])
def test_a_target_of_zero_has_no_share(realised: float) -> None:
    """Zero levies out of zero is neither 0 nor infinitely many per cent."""
    row = progress_towards(AMOUNTS, done(("A5", 2025, realised))).loc["A5"]
    assert (row["realised"], pd.isna(row["realised_share"])) == (realised, True)


def test_an_unknown_target_is_refused_in_dutch() -> None:
    """The message says where the marks of the targets stand."""
    with pytest.raises(ContractError, match=r"\['W9'\] bestaan niet.*lekp_targets\.csv"):
        progress_towards(AMOUNTS, done(("W9", 2025, 1.0)))


def test_progress_keeps_the_order_of_the_amounts() -> None:
    """A table of targets stays in its own order."""
    table = progress_towards(AMOUNTS, done(("W4a", 2025, 1.0), ("W1a", 2025, 1.0)))
    assert table.index.tolist() == ["W1a", "W4a", "A5"]
