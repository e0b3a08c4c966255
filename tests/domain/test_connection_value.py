"""Tests of what it is worth to connect a building."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.domain.connection_value import connection_prizes, lasting_cost, yearly_worth
from lekp_lib.errors import ContractError

LOADS = pd.DataFrame(
    {"demand_mwh": [10.0, 20.0], "final_share": [1.0, 0.5]}, index=pd.Index(["a", "b"])
)
COSTS = pd.Series({"b": 4000.0, "a": 6000.0})


@given(rate=st.floats(0.001, 0.3), years=st.integers(1, 60))
def test_yearly_worth_is_that_of_an_annuity(rate: float, years: int) -> None:
    """The closed formula of every handbook."""
    assert yearly_worth(return_share=rate, years=years) == pytest.approx(
        (1 - (1 + rate) ** -years) / rate
    )


def test_without_interest_a_year_counts_as_a_year() -> None:
    """No division by nothing at 0 %."""
    assert yearly_worth(return_share=0.0, years=40) == 40.0


def test_a_return_of_minus_all_is_refused() -> None:
    """Money that is all lost in a year has no worth."""
    with pytest.raises(ContractError, match="above -1"):
        yearly_worth(return_share=-1.0, years=40)


def test_prize_is_margin_less_connection_by_hand() -> None:
    """40 years of 10 MWh at 30 euro less 6,000; half of the same for b, less half of 4,000."""
    prizes = connection_prizes(LOADS, COSTS, margin_eur_mwh=30.0, return_share=0.0, years=40)
    assert prizes.to_dict() == {"a": 6000.0, "b": 10000.0}


def test_heat_that_costs_more_than_it_brings_in_has_a_negative_prize() -> None:
    """Nobody should be connected then."""
    prizes = connection_prizes(LOADS, COSTS, margin_eur_mwh=-1.0, return_share=0.04, years=40)
    assert (prizes < 0).all()


def test_a_building_without_connection_cost_is_named() -> None:
    """A missing cost is not a free connection."""
    with pytest.raises(ContractError, match=r"lacks 1 buildings, first \['b'\]"):
        connection_prizes(LOADS, COSTS[["a"]], margin_eur_mwh=1.0, return_share=0.0, years=1)


@given(first=st.floats(0.0, 0.2), more=st.floats(0.0, 0.2))
def test_prize_falls_with_the_required_return(first: float, more: float) -> None:
    """Who asks more return finds fewer buildings worth it."""
    low, high = (
        connection_prizes(LOADS, COSTS, margin_eur_mwh=30.0, return_share=rate, years=40)
        for rate in (first, first + more)
    )
    assert (high <= low + 1e-6).all()


def test_lasting_cost_adds_upkeep_by_hand() -> None:
    """1,000 euro and 3 % of it for 40 years."""
    cost = lasting_cost(pd.Series({7: 1000.0}), upkeep_share=0.03, return_share=0.0, years=40)
    assert cost.round(6).to_dict() == {7: 2200.0}
