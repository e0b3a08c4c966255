"""Tests of what a loan or an investment costs per year or per month."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lekp_lib.errors import ContractError
from lekp_lib.money import annuity_factor, monthly_payment


def test_an_annuity_of_twenty_years_at_three_percent() -> None:
    """The factor that stands in every table of interest."""
    assert float(annuity_factor(0.03, 20)) == pytest.approx(0.06722, abs=5e-6)


def test_without_interest_a_loan_is_split_evenly() -> None:
    """One twentieth a year; a rate that is almost 0 gives almost the same."""
    assert annuity_factor([0.0, 1e-12], 20).tolist() == pytest.approx([0.05, 0.05])


@pytest.mark.parametrize(("rate", "years"), [(0.03, 0), (-1.0, 20)])
def test_an_annuity_needs_a_term_and_a_rate(rate: float, years: float) -> None:
    """No term, no payment."""
    with pytest.raises(ContractError, match="term above 0"):
        annuity_factor(rate, years)


@pytest.mark.parametrize(
    ("rate", "years", "expected"),
    [(0.0275, 25, 276.79), (0.0225, 25, 261.68), (0.0, 25, 200.0), (0.0275, 20, 325.30)],
)
def test_a_loan_of_sixty_thousand(rate: float, years: float, expected: float) -> None:
    """The payments per month that lenders publish."""
    assert float(monthly_payment(60_000, rate, years)) == pytest.approx(expected, abs=0.005)


def test_a_mortgage_of_another_library() -> None:
    """200,000 over 15 years at 7.5 %: the example of numpy-financial."""
    assert float(monthly_payment(200_000, 0.075, 15)) == pytest.approx(1854.0247200054619)


def test_amounts_rates_and_terms_go_together() -> None:
    """One payment per loan; twice the loan is twice the payment."""
    found = monthly_payment([60_000, 120_000], 0.0275, [25, 25])
    assert found[1] == pytest.approx(2 * found[0])


@settings(deadline=None, max_examples=50)
@given(st.floats(0, 0.2), st.integers(1, 40))
def test_the_payments_leave_no_debt(rate: float, years: int) -> None:
    """What is owed grows by the interest, falls by the payment, and ends at nothing."""
    owed, payment = 1000.0, float(monthly_payment(1000.0, rate, years))
    for _ in range(12 * years):
        owed = owed * (1 + rate / 12) - payment
    assert owed == pytest.approx(0.0, abs=1e-3)
