"""Draws within ranges, what weighs most, what turns the answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import triang

from lekp_lib.domain.uncertainty import draws, probability_words, tornado, verdict, what_turns
from lekp_lib.errors import ContractError


def figures_of(**ranges: tuple[float, float, float]) -> pd.DataFrame:
    """Return figures from low, value and high by key."""
    return pd.DataFrame.from_dict(ranges, orient="index", columns=["low", "value", "high"])


FIGURES = figures_of(
    gas=(60.0, 85.0, 120.0),
    electricity=(250.0, 373.0, 400.0),
    pipe=(0.8, 0.8, 1.3),
    uptake=(0.4, 0.7, 0.7),
    tax=(0.06, 0.06, 0.06),
)
PAIRS = {("gas", "electricity"): 0.7, ("pipe", "uptake"): -0.5}


def chances(drawn: pd.DataFrame, key: str) -> Any:
    """Return where the draws of a figure lie in its distribution, by scipy."""
    low, value, high = FIGURES.loc[key]
    return triang((value - low) / (high - low), low, high - low).cdf(drawn[key])


@pytest.mark.parametrize("key", ["gas", "electricity", "pipe", "uptake"])
def test_every_slice_is_drawn_once(key: str) -> None:
    """Pairing leaves the hypercube of each figure as it is, one-sided ranges too."""
    drawn = draws(FIGURES, n=500, seed=4, correlations=PAIRS)
    slices = np.floor(chances(drawn, key) * 500 + 1e-7)
    assert sorted(slices.tolist()) == list(range(500))


def test_correlated_draws_are_the_same_values() -> None:
    """A correlation changes the order of a figure, not its values."""
    free, paired = draws(FIGURES, n=300, seed=4), draws(FIGURES, n=300, seed=4, correlations=PAIRS)
    for key in FIGURES.index:
        assert sorted(free[key]) == sorted(paired[key])


@pytest.mark.parametrize("seed", range(5))
def test_pairs_move_together_and_others_do_not(seed: int) -> None:
    """Rank correlations are what was asked within a few hundredths."""
    drawn = draws(FIGURES, n=1000, seed=seed, correlations=PAIRS)
    found = drawn.drop(columns="tax").corr(method="spearman")
    assert found.loc["gas", "electricity"] == pytest.approx(0.7, abs=0.03)
    assert found.loc["pipe", "uptake"] == pytest.approx(-0.5, abs=0.03)
    assert found.loc["gas", "pipe"] == pytest.approx(0.0, abs=0.03)


def test_a_constant_stays_what_it_is() -> None:
    """No range, no doubt."""
    assert (draws(FIGURES, n=50, seed=1)["tax"] == 0.06).all()


@settings(deadline=None, max_examples=20)
@given(st.permutations(list(FIGURES.index)), st.integers(0, 1000))
def test_the_order_of_the_figures_does_not_matter(keys: list[str], seed: int) -> None:
    """The same seed gives each figure the same draws."""
    straight = draws(FIGURES, n=20, seed=seed, correlations=PAIRS)
    turned = {(other, one): rho for (one, other), rho in reversed(PAIRS.items())}
    mixed = draws(FIGURES.loc[keys], n=20, seed=seed, correlations=turned)
    pd.testing.assert_frame_equal(mixed, straight[keys])


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.floats(-1e3, 1e3), st.floats(0, 1e3), st.floats(0, 1e3)),
        min_size=1,
        max_size=5,
    )
)
def test_draws_stay_in_their_range(rows: list[tuple[float, float, float]]) -> None:
    """From low to high, whatever the shape."""
    ranges = {f"k{n}": (a, a + b, a + b + c) for n, (a, b, c) in enumerate(rows)}
    figures = figures_of(**ranges)
    drawn = draws(figures, n=16, seed=0)
    room = 1e-9
    assert (drawn >= figures["low"] - room).all(axis=None)
    assert (drawn <= figures["high"] + room).all(axis=None)


def test_the_seed_decides() -> None:
    """Another seed, other draws."""
    assert not draws(FIGURES, n=20, seed=1).equals(draws(FIGURES, n=20, seed=2))


def test_no_figures_no_columns() -> None:
    """Nothing in doubt."""
    assert draws(FIGURES.iloc[:0], n=3, seed=1).shape == (3, 0)


@pytest.mark.parametrize(
    ("correlations", "words"),
    [
        ({("gas", "wind"): 0.5}, "«gas» and «wind» is not one of two figures"),
        ({("gas", "gas"): 0.5}, "is not one of two figures"),
        ({("gas", "pipe"): 1.2}, "not between -1 and 1"),
        (
            {("gas", "pipe"): 0.9, ("pipe", "uptake"): 0.9, ("gas", "uptake"): -0.9},
            "contradict each other",
        ),
    ],
)
def test_correlations_must_be_possible(
    correlations: dict[tuple[str, str], float], words: str
) -> None:
    """Two figures, and not three that pull apart."""
    with pytest.raises(ContractError, match=words):
        draws(FIGURES, n=50, seed=1, correlations=correlations)


def test_ranges_must_be_upright() -> None:
    """The figure that is wrong is named."""
    with pytest.raises(ContractError, match=r"not so for \['cost'\]"):
        draws(figures_of(cost=(2.0, 1.0, 3.0)), n=50, seed=1)


def test_few_draws_cannot_hold_many_figures() -> None:
    """Five figures need six draws."""
    with pytest.raises(ContractError, match="5 figures need more than 5 draws"):
        draws(FIGURES, n=5, seed=1)


def margin(rows: pd.DataFrame) -> pd.Series[float]:
    """Return price less cost, and a square that is lowest in the middle."""
    return rows["price"] - rows["cost"] + rows["square"] ** 2


OWN = figures_of(
    cost=(1.0, 4.0, 6.0), price=(2.0, 5.0, 6.0), square=(-3.0, 0.0, 1.0), idle=(0.0, 0.0, 0.0)
)


def test_the_tornado_by_hand() -> None:
    """Widest first; a dent counts to its bottom."""
    table = tornado(margin, OWN)
    assert table["swing"].to_dict() == {"square": 9.0, "cost": 5.0, "price": 4.0, "idle": 0.0}
    assert list(table.index) == ["square", "cost", "price", "idle"]
    outcomes = table.loc["cost", ["outcome_low", "outcome", "outcome_high"]]
    assert outcomes.tolist() == [4.0, 1.0, -1.0]


def test_the_tornado_does_not_depend_on_the_order() -> None:
    """Upside down gives the same table."""
    pd.testing.assert_frame_equal(tornado(margin, OWN), tornado(margin, OWN.iloc[::-1]))


def test_a_function_answers_for_every_row() -> None:
    """One figure for all rows is a mistake."""
    with pytest.raises(ContractError, match="one outcome per row: 9"):
        tornado(lambda rows: 1.0, OWN)


def test_what_turns_the_answer_by_hand() -> None:
    """Cost 5 (halfway up) or price 4 (a third of the way down); the square never does."""
    table = what_turns(margin, OWN, threshold=0.0)
    assert table["flips_at"].round(9).dropna().to_dict() == {"price": 4.0, "cost": 5.0}
    assert table["flips_to"].dropna().to_dict() == {"price": "low", "cost": "high"}
    assert table["distance_share"].dropna().tolist() == pytest.approx([1 / 3, 1 / 2])
    assert list(table.index) == ["price", "cost", "idle", "square"]


def test_what_turns_a_no_into_a_yes() -> None:
    """At -2 or lower the square lifts 1 to 5."""
    table = what_turns(margin, OWN, threshold=5.0)
    assert table["flips_at"].dropna().round(9).to_dict() == {"square": -2.0}


@settings(deadline=None, max_examples=30)
@given(st.floats(-2.0, 2.0))
def test_the_answer_turns_just_there(threshold: float) -> None:
    """A little before it is ours, at the value it is the other."""
    table = what_turns(margin, OWN, threshold=threshold).dropna()
    middle = OWN["value"]
    is_yes = margin(middle.to_frame().T).iloc[0] >= threshold
    for key, at in table["flips_at"].items():
        before = at + 1e-9 * np.sign(middle[key] - at)
        here = pd.DataFrame([{**middle, key: at}, {**middle, key: before}])
        assert (margin(here) >= threshold).tolist() == [not is_yes, is_yes]


def test_nothing_in_doubt_turns_nothing() -> None:
    """An empty table, no crash."""
    assert what_turns(lambda rows: np.ones(len(rows)), OWN.iloc[:0], threshold=0.0).empty


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "minder dan 10 % kans"),
        (0.04, "minder dan 10 % kans"),
        (0.05, "ongeveer 10 % kans"),
        (0.25, "ongeveer 30 % kans"),
        (0.949, "ongeveer 90 % kans"),
        (0.95, "meer dan 90 % kans"),
        (1.0, "meer dan 90 % kans"),
    ],
)
def test_a_probability_in_words(share: float, words: str) -> None:
    """Tens, never certain, always within our assumptions."""
    assert probability_words(share) == f"{words}, binnen onze aannames"


def test_a_probability_that_is_missing_or_none() -> None:
    """Not known is said; 1.2 is a mistake."""
    assert probability_words(float("nan")) == "kans niet bekend"
    with pytest.raises(ContractError, match="between 0 and 1"):
        probability_words(1.2)


@pytest.mark.parametrize(
    ("share", "word"), [(0.31, "twijfel"), (0.69, "twijfel"), (0.7, "kansrijk"), (0.3, "niet")]
)
def test_the_verdict_follows_the_thresholds(share: float, word: str) -> None:
    """On a threshold counts as past it."""
    assert verdict(share, likely_share=0.7, unlikely_share=0.3) == word


@pytest.mark.parametrize(("share", "likely"), [(float("nan"), 0.7), (0.5, 0.3)])
def test_no_verdict_without_a_probability(share: float, likely: float) -> None:
    """And none with thresholds that cross."""
    with pytest.raises(ContractError, match="A verdict needs"):
        verdict(share, likely_share=likely, unlikely_share=0.3)
