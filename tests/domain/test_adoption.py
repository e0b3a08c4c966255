"""Adoption over time, held against closed forms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.domain import adoption
from lekp_lib.errors import ContractError

YEARS = range(1, 16)
RATE = st.floats(0.001, 0.3)


def steady(rate: float) -> pd.DataFrame:
    """Return one segment with the same chance every year."""
    return pd.DataFrame([[rate] * len(YEARS)], index=["all"], columns=YEARS)


@given(RATE, st.floats(0.0, 0.8))
def test_bass_is_the_closed_form(rate: float, imitation: float) -> None:
    """F = (1 - e^-(p+q)t) / (1 + q/p e^-(p+q)t)."""
    fade = np.exp(-(rate + imitation) * np.array(YEARS))
    expected = (1 - fade) / (1 + imitation / rate * fade)
    found = adoption.bass_share(steady(rate), imitation=imitation)
    assert found.loc["all"].to_numpy() == pytest.approx(expected, rel=1e-9)


@given(RATE)
def test_without_imitation_the_models_are_one(rate: float) -> None:
    """Nobody follows a neighbour in either."""
    bass = adoption.bass_share(steady(rate), imitation=0.0)
    assert bass.to_numpy() == pytest.approx(adoption.hazard_share(steady(rate)).to_numpy())


def test_a_campaign_year_is_solved_step_by_step() -> None:
    """A push that changes each year agrees with ten thousand small steps."""
    push = pd.DataFrame([[0.01, 0.2, 0.0, 0.05]], index=["all"], columns=[1, 2, 3, 4])
    share, steps = 0.0, 10_000
    for rate in push.loc["all"]:
        for _ in range(steps):
            share += (rate + 0.3 * share) * (1 - share) / steps
    found = adoption.bass_share(push, imitation=0.3)
    assert found.loc["all", 4] == pytest.approx(share, rel=1e-4)


def test_all_taken_part_stays_all() -> None:
    """No share passes 1, also not where nothing pushes."""
    push = steady(0.0)
    assert (adoption.bass_share(push, imitation=0.5, started_share=1.0) == 1.0).all(axis=None)
    assert (adoption.bass_share(push, imitation=0.5) == 0.0).all(axis=None)


@given(st.floats(0.0, 0.9), st.floats(0.0, 1.0), st.integers(1, 5))
def test_a_campaign_brings_reach_times_follow(reach: float, follow: float, years: int) -> None:
    """By itself, whatever the number of years it is spread over."""
    extra = adoption.campaign_hazard(
        pd.Series({"all": reach}), follow_share=follow, campaign_years=years, years=6
    )
    assert adoption.hazard_share(extra).loc["all", 6] == pytest.approx(reach * follow, abs=1e-12)


def test_scaled_chances_have_the_known_mean() -> None:
    """The proportion stays, the level is that of here."""
    homes = pd.Series({"owner": 30.0, "tenant": 70.0})
    hazard = adoption.scaled_hazard(pd.Series({"owner": 0.03, "tenant": 0.01}), homes,
                                    mean_share=0.01)  # fmt: skip
    chance = 1 - np.exp(-hazard)
    assert (chance * homes).sum() / homes.sum() == pytest.approx(0.01)
    assert chance["owner"] / chance["tenant"] == pytest.approx(3.0)


def test_models_are_compared_per_year() -> None:
    """The campaign's own part is what remains without what comes anyway."""
    homes, base = pd.Series({"a": 100.0, "b": 50.0}), pd.Series({"a": 0.01, "b": 0.02})
    extra = adoption.campaign_hazard(
        pd.Series({"a": 0.1, "b": 0.0}), follow_share=0.5, campaign_years=1, years=2
    )
    parts = [adoption.adoption(homes, base, one, imitation=0.1) for one in (extra, extra * 0.0)]
    compared = adoption.compare(*parts)
    bare = 100 * (1 - np.exp(-0.01)) + 50 * (1 - np.exp(-0.02))
    won = 100 * np.exp(-0.01) * 0.05
    assert compared.loc[1, "hazard_homes"] == pytest.approx(bare + won)
    assert compared.loc[1, "hazard_extra_homes"] == pytest.approx(won)
    assert (compared["bass_homes"] > compared["hazard_homes"]).all()


def test_a_negative_chance_is_refused() -> None:
    """Nobody undoes a renovation."""
    with pytest.raises(ContractError, match="negative or missing"):
        adoption.bass_share(steady(-0.01), imitation=0.1)


def test_a_campaign_without_years_is_refused() -> None:
    """Nothing can be spread over no time."""
    with pytest.raises(ContractError, match="at least one year"):
        adoption.campaign_hazard(pd.Series({"a": 0.1}), follow_share=1, campaign_years=0, years=3)


def test_a_campaign_that_convinces_all_is_refused() -> None:
    """Its chance per year would be endless."""
    with pytest.raises(ContractError, match="not including 1"):
        adoption.campaign_hazard(pd.Series({"a": 1.0}), follow_share=1, campaign_years=1, years=3)


def test_tables_of_other_segments_are_refused() -> None:
    """A segment without homes would be lost in silence."""
    one = pd.Series({"a": 1.0})
    with pytest.raises(ContractError, match="same segments"):
        adoption.adoption(one, one, steady(0.1), imitation=0.0)
