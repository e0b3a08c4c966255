"""Digging once: what is saved and what waiting costs."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lekp_lib.domain import works

SHARES = {"sewer": 0.5, "surface": 0.3}


def calendar(*rows: tuple[str, str, int | None, int | None, int | None]) -> pd.DataFrame:
    """Return works from street, asset, planned, earliest and latest year."""
    columns = ["street_id", "asset", "planned_year", "earliest_year", "latest_year"]
    table = pd.DataFrame(rows, columns=columns)
    years = columns[2:]
    table[years] = table[years].astype("Int64")
    return table.set_index(pd.Index([f"w{row}" for row in range(len(rows))], name="works_id"))


def streets(year: int = 2028) -> pd.DataFrame:
    """Return one street of 100,000 euro civils and 50,000 euro pipe."""
    return pd.DataFrame(
        {"year": [year], "civils_eur": [1e5], "pipe_eur": [5e4], "demand_mwh": [200.0]},
        index=pd.Index(["a"], name="street_id"),
    )


def gains_of(table: pd.DataFrame, year: int = 2028, margin: float = 20.0) -> pd.DataFrame:
    """Return the gains of the street at 4 % a year."""
    per_street = works.works_per_street(table, shared_share=SHARES)
    return works.gains(
        streets(year), per_street, margin_eur_mwh=margin, rate_share=0.04, last_year=2047
    )


def test_a_window_gives_one_row_a_year() -> None:
    """Works that may move from 2028 to 2030 can be met in three years."""
    table = works.works_per_street(calendar(("a", "sewer", 2029, 2028, 2030)), shared_share=SHARES)
    assert table["year"].tolist() == [2028, 2029, 2030]
    assert table["is_planned"].tolist() == [False, True, False]


def test_the_works_that_save_most_count() -> None:
    """A sewer and a new surface in the same year are one trench."""
    table = works.works_per_street(
        calendar(("a", "surface", 2029, None, None), ("a", "sewer", 2029, None, None)),
        shared_share=SHARES,
    )
    assert table[["works_id", "shared_share"]].to_numpy().tolist() == [["w1", 0.5]]


def test_works_that_open_no_trench_are_left_out() -> None:
    """An asset without a share, a missing street and a missing year give no row."""
    table = works.works_per_street(
        calendar(("a", "lamp", 2029, None, None), ("a", "sewer", None, None, None)),
        shared_share=SHARES,
    )
    assert table.empty


def test_no_works_at_all() -> None:
    """An empty calendar leaves every street on its own."""
    gain = gains_of(calendar())
    best = works.best_year_per_street(streets(), gain)
    assert best[["choice", "year", "gain_eur"]].to_numpy().tolist() == [["no_works", 2028, 0.0]]


def test_waiting_too_long_does_not_pay() -> None:
    """Half of the civils are 50,000; each year of waiting costs 200 MWh x 20 euro."""
    gain = gains_of(calendar(("a", "sewer", 2042, None, None)))
    assert gain["gain_eur"].tolist() == [pytest.approx(5e4 - 14 * 4e3)]
    best = works.best_year_per_street(streets(), gain)
    assert best[["choice", "year", "gain_eur"]].to_numpy().tolist() == [["apart", 2028, 0.0]]


def test_laying_ahead_costs_interest() -> None:
    """Two years of 4 % on the pipe and on what is left of the civils."""
    gain = gains_of(calendar(("a", "sewer", 2026, None, None)))
    assert gain["ahead_eur"].tolist() == [pytest.approx(0.0816 * 1e5)]
    best = works.best_year_per_street(streets(), gain)
    assert best["choice"].tolist() == ["lay_ahead"]


def test_the_planned_year_wins_a_tie() -> None:
    """Without a margin every year saves as much; nobody is asked to move."""
    gain = gains_of(calendar(("a", "sewer", 2030, 2028, 2032)), margin=0.0)
    best = works.best_year_per_street(streets(), gain)
    assert best[["choice", "year"]].to_numpy().tolist() == [["wait", 2030]]


def test_a_loss_on_heat_does_not_reward_waiting() -> None:
    """A negative margin counts as zero."""
    gain = gains_of(calendar(("a", "sewer", 2040, None, None)), margin=-50.0)
    assert gain["waiting_eur"].tolist() == [0.0]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.sampled_from(list(SHARES)), st.integers(2020, 2060)), max_size=6))
def test_the_best_choice_is_never_worse_than_digging_alone(rows: list[tuple[str, int]]) -> None:
    """A choice with a loss is not offered, and no other row of the table beats it."""
    gain = gains_of(calendar(*(("a", asset, year, None, None) for asset, year in rows)))
    best = works.best_year_per_street(streets(), gain)
    assert best.loc["a", "gain_eur"] == pytest.approx(max([0.0, *gain["gain_eur"]]))
