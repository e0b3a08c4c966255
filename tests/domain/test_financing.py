"""Loans, premiums and who pays what, against hand-made cases and month-by-month bookkeeping."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.domain import financing
from lekp_lib.errors import ContractError

CASE = {
    "investment_eur": 60_000.0,
    "premium_eur": 0.0,
    "scheme_eur": 60_000.0,
    "scheme_rate": 0.0275,
    "scheme_years": 25.0,
    "market_rate": 0.05,
    "market_years": 20.0,
}
WIDE = {
    "price_ratio": (0.0, 50.0),
    "gas_eur_mwh": (0.0, 5000.0),
    "rate": (0.0, 0.5),
    "premium_eur": (0.0, 1e9),
}
MONEY = st.floats(100, 90_000)


def cases(**changes: float) -> pd.DataFrame:
    """Return one case."""
    return pd.DataFrame([{**CASE, **changes}])


@pytest.mark.parametrize(
    ("rate", "years", "month"),
    [(0.0275, 25, 276.79), (0.0225, 25, 261.68), (0.0, 25, 200.0), (0.0275, 20, 325.30)],
)
def test_60000_euro_of_the_scheme(rate: float, years: int, month: float) -> None:
    """The amounts of the reference, to the cent."""
    found = financing.payments(cases(scheme_rate=rate, scheme_years=years), premium_months=12)
    assert found[["first_month_eur", "month_eur"]].iloc[0].tolist() == pytest.approx(
        [month] * 2, abs=0.005
    )


@given(
    MONEY,
    st.floats(0, 1),
    st.floats(0, 70_000),
    st.sampled_from([0.0, 0.0275, 0.06]),
    st.integers(1, 36),
)
def test_closed_form_equals_bookkeeping(
    invested: float, premium_share: float, scheme: float, rate: float, months: int
) -> None:
    """Payments before and after the premium are those of the account, which ends at 0."""
    table = cases(
        investment_eur=invested,
        premium_eur=invested * premium_share,
        scheme_eur=scheme,
        scheme_rate=rate,
    )
    found = financing.payments(table, premium_months=months).iloc[0]
    flow = financing.monthly_flow(table.iloc[0], premium_months=months, change_eur_month=0.0)
    assert flow.loc[1, "payment_eur"] == pytest.approx(found["first_month_eur"])
    assert flow.loc[months + 1, "payment_eur"] == pytest.approx(found["month_eur"], abs=1e-6)
    assert flow["balance_eur"].iloc[-1] == pytest.approx(0.0, abs=1e-4)


@given(MONEY, st.floats(0, 1), st.integers(1, 24))
def test_every_euro_of_the_loan_is_repaid_once(
    invested: float, premium_share: float, months: int
) -> None:
    """Payments and premium together are the investment with its interest."""
    table = cases(investment_eur=invested, premium_eur=invested * premium_share)
    flow = financing.monthly_flow(table.iloc[0], premium_months=months, change_eur_month=0.0)
    kept = -flow["net_eur"].sum() + flow["payment_eur"].sum()
    paid = flow["payment_eur"].sum() + flow["premium_eur"].sum() - kept
    assert paid == pytest.approx(invested + flow["interest_eur"].sum(), abs=1e-4)


def test_premium_repays_the_loan_early() -> None:
    """6,000 euro after a year at 0 %: 100 a month, then 100 less 6,000 over 9 years."""
    table = cases(investment_eur=12_000.0, premium_eur=5_400.0, scheme_rate=0.0, scheme_years=10.0)
    found = financing.payments(table, premium_months=12).iloc[0]
    assert found["first_month_eur"] == pytest.approx(100.0)
    assert found["month_eur"] == pytest.approx(50.0)
    assert found["gap_eur"] == 5_400.0
    assert found["gap_cost_eur"] == 0.0


def test_waiting_for_a_premium_costs_interest() -> None:
    """1,000 euro lent for a year at 6 % costs 60 euro."""
    table = cases(investment_eur=10_000.0, premium_eur=1_000.0, scheme_rate=0.06)
    found = financing.payments(table, premium_months=12).iloc[0]
    assert found["gap_cost_eur"] == pytest.approx(60.0)


def test_above_the_maximum_another_loan_comes() -> None:
    """70,000 euro: 60,000 from the scheme, 10,000 from a bank."""
    found = financing.payments(cases(investment_eur=70_000.0), premium_months=12).iloc[0]
    assert (found["scheme_eur"], found["market_eur"]) == (60_000.0, 10_000.0)
    assert found["month_eur"] == pytest.approx(276.79 + 66.00, abs=0.01)


@pytest.mark.parametrize(
    ("changes", "months", "words"),
    [({"premium_eur": 60_001.0}, 12, "premium"), ({}, 240, "loan ends")],
)
def test_impossible_premium_is_refused(changes: dict[str, float], months: int, words: str) -> None:
    """A premium above the investment, or after the last payment, is a mistake."""
    with pytest.raises(ContractError, match=words):
        financing.payments(cases(**changes), premium_months=months)


@pytest.mark.parametrize(
    ("rule", "amount"),
    [
        ({"value": 0.5, "unit": "aandeel"}, 5_000.0),
        ({"value": 30.0, "unit": "EUR/m2"}, 3_000.0),
        ({"value": 1_500.0, "unit": "EUR"}, 1_500.0),
        ({"value": 0.5, "unit": "aandeel", "max_eur": 2_750.0}, 2_750.0),
        ({"value": 30_000.0, "unit": "EUR", "max_share": 0.25}, 2_500.0),
        ({"value": 30_000.0, "unit": "EUR"}, 10_000.0),
        ({"max_eur": 2_750.0}, 0.0),
        ({}, 0.0),
    ],
)
def test_premium_of_each_kind_of_rule(rule: dict[str, Any], amount: float) -> None:
    """An invoice of 10,000 euro for 100 m2; what is not known is not guessed."""
    works = pd.DataFrame({"cost_eur": [10_000.0], "area_m2": [100.0]})
    columns = ["value", "unit", "max_eur", "max_share"]
    rules = pd.DataFrame([rule]).reindex(columns=columns)
    assert financing.premium_amounts(works, rules).tolist() == [amount]


@given(
    st.floats(0, 900),
    st.floats(-400, 400),
    st.floats(-30, 30),
    st.floats(0, 1),
)
def test_money_is_conserved_between_the_columns(
    month: float, energy: float, upkeep: float, rent_share: float
) -> None:
    """Landlord and tenant together pay what an owner-occupier pays; rent only changes hands."""
    amounts = (pd.Series([value]) for value in (month, energy, upkeep))
    found = financing.three_columns(*amounts, rent_share=rent_share).iloc[0]
    assert found["landlord_eur"] + found["tenant_eur"] == pytest.approx(
        found["owner_occupier_eur"], abs=1e-9
    )
    assert month - found["landlord_eur"] == pytest.approx(found["rent_eur"], abs=1e-9)
    assert found["tenant_eur"] - (energy + upkeep) == pytest.approx(found["rent_eur"], abs=1e-9)


def test_no_rent_on_a_bill_that_rises() -> None:
    """A tenant who pays more for energy pays no rent for it."""
    one = pd.Series([10.0])
    assert financing.three_columns(one, one, one, rent_share=0.5)["rent_eur"].tolist() == [0.0]


def test_rolling_fund_asks_nothing_each_month() -> None:
    """20,000 euro of works fit in a fund of 30,000: no payment, 20,000 at the sale."""
    found = financing.retention(cases(investment_eur=20_000.0), fund_eur=30_000.0).iloc[0]
    assert found.tolist() == [20_000.0, 0.0, 0.0, 20_000.0]


def test_rest_above_the_fund_is_borrowed() -> None:
    """90,000 euro of works: 30,000 from the fund, 60,000 on the terms of the scheme."""
    found = financing.retention(cases(investment_eur=90_000.0), fund_eur=30_000.0).iloc[0]
    assert found["month_eur"] == pytest.approx(276.79, abs=0.005)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20), st.floats(0, 0.5))
def test_fund_loses_and_makes_no_money(paid: list[float], mobility: float) -> None:
    """What went out either came back or still stands out; fresh money is never negative."""
    table = financing.rolling_fund(paid, mobility_share=mobility)
    standing = table["outstanding_eur"].iloc[-1]
    assert table["returned_eur"].sum() + standing == pytest.approx(sum(paid), rel=1e-9, abs=1e-6)
    assert (table["fresh_eur"] >= 0).all()
    assert table["fresh_eur"].sum() <= sum(paid) + 1e-6


def need(**changes: float) -> pd.DataFrame:
    """Return a case that saves 10 MWh of gas at 100 euro and borrows 12,000 for 10 years."""
    about = {
        "net_investment_eur": 24_000.0,
        "rate": 0.03,
        "years": 20.0,
        "gas_saved_mwh": 10.0,
        "electricity_mwh": 2.0,
        "gas_eur_mwh": 100.0,
        "electricity_eur_mwh": 300.0,
        "other_eur": 0.0,
    }
    return pd.DataFrame([{**about, **changes}])


def month_of(case: pd.Series) -> float:
    """Return what a case costs per month, worked out apart."""
    k = case["rate"] / 12
    n = case["years"] * 12
    factor = 1 / n if k == 0 else k / (1 - (1 + k) ** -n)
    yearly = (
        case["electricity_mwh"] * case["electricity_eur_mwh"]
        - case["gas_saved_mwh"] * case["gas_eur_mwh"]
        + case["other_eur"]
    )
    return float(case["net_investment_eur"] * factor + yearly / 12)


@given(st.floats(1_000, 60_000), st.floats(1, 25), st.floats(0, 5), st.floats(-300, 300))
def test_each_break_even_brings_the_month_to_nothing(
    loan: float, gas: float, electricity: float, other: float
) -> None:
    """Put in, one at a time, what was found: the month costs 0."""
    table = need(
        net_investment_eur=loan, gas_saved_mwh=gas, electricity_mwh=electricity, other_eur=other
    )
    found = financing.break_even(table, limits=WIDE).iloc[0]
    case = table.iloc[0]
    changed = {
        "price_ratio": {"electricity_eur_mwh": found["price_ratio"] * 100.0},
        "gas_eur_mwh": {"gas_eur_mwh": found["gas_eur_mwh"]},
        "rate": {"rate": found["rate"]},
        "premium_eur": {"net_investment_eur": loan - found["premium_eur"]},
    }
    for name, change in changed.items():
        if np.isfinite(found[name]):
            month = month_of(pd.Series({**case, **change}))
            assert month == pytest.approx(0.0, abs=1e-3), name


def test_none_within_the_limits_is_none() -> None:
    """Without a saving no interest and no premium help; without electricity no ratio does."""
    found = financing.break_even(
        need(gas_saved_mwh=0.0, electricity_mwh=0.0, other_eur=50.0), limits=WIDE
    )
    assert found.isna().all(axis=None)


def test_interest_beyond_the_limit_is_none() -> None:
    """A rate of 4 % would do, but nothing above 2 % is named."""
    table = need(gas_saved_mwh=23.5, rate=0.0)
    assert financing.break_even(table, limits=WIDE)["rate"].item() > 0.02
    narrow = financing.break_even(table, limits={**WIDE, "rate": (0.0, 0.02)})
    assert narrow["rate"].isna().all()


def test_cost_per_year_by_hand() -> None:
    """1,000 euro over 20 years at 3 % is 67.22 a year; without interest it is 50."""
    parts = pd.DataFrame({"net_eur": [1_000.0], "lifetime_years": [20.0]})
    found = [financing.equivalent_annual_cost(parts, rate=rate).item() for rate in (0.03, 0.0)]
    assert found == pytest.approx([67.22, 50.0], abs=0.005)
