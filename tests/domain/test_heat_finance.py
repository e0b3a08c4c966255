"""What a heat network costs, who pays, and at which price it breaks even."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lekp_lib.assumptions import load, load_risks
from lekp_lib.domain.heat_finance import (
    CAPITAL_LAYERS,
    EQUITY_LAYERS,
    OWNERS,
    Owner,
    Project,
    break_even_of_series,
    break_even_price,
    cash_flows,
    compare_owners,
    competitive_price,
    irr,
    levelised_cost,
    npv,
    owners,
    payback_years,
    present_value,
    price_surface,
    project_flows,
    uptake,
)
from lekp_lib.errors import AssumptionError, ContractError
from lekp_lib.money import annuity_factor

FORMS = owners(load().values_below("finance."))
RATES = (0.0, 0.03, 0.04, 0.06, 0.08, 0.12, 0.14)
TABLE = {
    0.0: (132, 169, 184, 216, 252, 328, 368),
    0.3: (116, 142, 153, 176, 201, 254, 282),
    0.5: (106, 125, 132, 149, 166, 205, 224),
}


def illustrative(pipes_years: int = 40) -> Project:
    """Return 1,000 dwellings of 12 MWh: 15.9 km of 850 EUR/m, connections and a plant."""
    return Project.at_once(
        {"pipes": 15_900 * 850.0, "connections": 1_000 * 6_000.0, "plant": 5e6},
        {"pipes": pipes_years, "connections": 40, "plant": 40},
        horizon_years=40,
        om_share=0.02,
        heat_mwh=12_000.0,
        heat_cost_eur_mwh=35 / (1 - 0.12),
    )


def small(years: int = 40, life: int = 40, plant: float = 0.0) -> Project:
    """Return 1,000 EUR of pipes and a plant of 20 years that sell 10 MWh a year at no cost."""
    return Project.at_once(
        {"pipes": 1_000.0, "plant": plant},
        {"pipes": life, "plant": 20},
        horizon_years=years,
        om_share=0.0,
        heat_mwh=10.0,
        heat_cost_eur_mwh=0.0,
    )


def owner(**changes: object) -> Owner:
    """Return a municipality that borrows all at no interest, with changes."""
    plain = Owner("municipality", 0.0, 0.0, {}, dict.fromkeys(EQUITY_LAYERS, 0.0), 0.0, 40, 0, 0)
    return replace(plain, **changes)  # type: ignore[arg-type]


# The worth of money over time


@settings(deadline=None, max_examples=50)
@given(st.floats(0, 0.2), st.integers(1, 60))
def test_the_payments_of_an_annuity_are_worth_the_loan(rate: float, years: int) -> None:
    """Counted back to year 0, they are 1."""
    payments = float(annuity_factor(rate, years)) * np.ones(years)
    assert present_value(payments, rate=rate, year=np.arange(1, years + 1)).sum() == pytest.approx(
        1.0
    )


def test_npv_of_the_textbook() -> None:
    """The example of numpy-financial."""
    flows = [-40_000, 5_000, 8_000, 12_000, 30_000]
    assert float(npv(flows, 0.08)) == pytest.approx(3065.22267, abs=5e-6)


def test_npv_broadcasts() -> None:
    """Two projects at two rates."""
    flows = np.array([[-100.0, 110.0], [-100.0, 121.0]])
    assert npv(flows, [0.1, 0.1]).tolist() == pytest.approx([0.0, 10.0])


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.floats(1.0, 1e6), min_size=1, max_size=40),
    st.floats(-0.5, 0.5),
    st.floats(0.001, 0.5),
)
def test_worth_falls_with_the_rate(income: list[float], rate: float, more: float) -> None:
    """Who pays first and earns later likes no interest."""
    flows = [-100.0, *income]
    assert float(npv(flows, rate + more)) < float(npv(flows, rate))


@pytest.mark.parametrize(
    ("flows", "rate"),
    [
        ([-100, 39, 59, 55, 20], 0.2809484),
        ([-100, 0, 0, 74], -0.0954958),
        ([-100, 100, 0, -7], -0.0833000),
        ([-100, 100, 0, 7], 0.0620585),
        ([-5, 10.5, 1, -8, 1], 0.0885985),
        ([100, -110], 0.1),
        ([0, 0, -100, 100], 0.0),
    ],
)
def test_irr_of_the_textbook(flows: list[float], rate: float) -> None:
    """The examples of numpy-financial, one with two roots; then a loan, and no interest."""
    assert irr(flows) == pytest.approx(rate, abs=1e-5)


@pytest.mark.parametrize("flows", [[1, 2], [-1, -2], [0, 0], []])
def test_irr_needs_a_change_of_sign(flows: list[float]) -> None:
    """What only costs or only earns has no return."""
    assert np.isnan(irr(flows))


def test_irr_of_very_long_flows_does_not_overflow() -> None:
    """Four hundred years of 5 % are 5 %."""
    assert irr([-100.0, *[5.0] * 399, 105.0]) == pytest.approx(0.05)


def test_irr_without_a_root() -> None:
    """Worth something at every rate, whatever the signs."""
    assert np.isnan(irr([10.0, -10.0, 10.0]))


@settings(deadline=None, max_examples=50)
@given(st.floats(-0.3, 0.6), st.lists(st.floats(1.0, 100.0), min_size=1, max_size=40))
def test_irr_makes_the_flows_worth_nothing(rate: float, income: list[float]) -> None:
    """An investment of what the income is worth at a rate earns that rate."""
    worth = float(npv([0.0, *income], rate))
    assert irr([-worth, *income]) == pytest.approx(rate, abs=1e-9)


@pytest.mark.parametrize(
    ("flows", "years"),
    [([-100, 50, 50], 2.0), ([-100, 80, 80], 1.25), ([-100, 50, -50, 200], 2.5), ([10, -5], 0.0)],
)
def test_payback(flows: list[float], years: float) -> None:
    """The moment the money is back, within the year."""
    assert payback_years(flows) == pytest.approx(years)


def test_payback_that_never_comes() -> None:
    """Half of it is not all of it."""
    assert np.isnan(payback_years([-100.0, 25.0, 25.0]))


def test_levelised_cost_by_hand() -> None:
    """110 next year is 100 now; 11 MWh next year are 10 now."""
    assert float(levelised_cost([50.0, 110.0], [0.0, 11.0], 0.1)) == pytest.approx(15.0)
    assert np.isnan(levelised_cost([50.0], [0.0], 0.1))


# Uptake


def test_uptake_grows_evenly() -> None:
    """A fifth a year when it takes five, nothing in year 0."""
    share = uptake(np.arange(8), full_after_years=5)
    assert share.tolist() == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1, 1, 1])


def test_each_group_has_its_own_uptake() -> None:
    """One starts later, the other stops halfway."""
    share = uptake([0, 1, 2, 3], full_after_years=[1, 2], start_year=[2, 0], final_share=[1.0, 0.5])
    assert share.tolist() == [[0, 0, 0, 1], [0, 0.25, 0.5, 0.5]]


def test_uptake_takes_time() -> None:
    """A network cannot be full before it is there; 0 years is at once, as 1 is."""
    with pytest.raises(ContractError, match="0 years or more"):
        uptake([0, 1], full_after_years=[1, -1])
    assert uptake([0, 1, 2], full_after_years=0).tolist() == [0.0, 1.0, 1.0]


# The project


def test_the_investment_of_the_illustrative_case() -> None:
    """24,515 EUR per dwelling."""
    assert illustrative().investment_eur.iloc[0].sum() == 24_515_000


@pytest.mark.parametrize("subsidy", TABLE)
def test_the_illustrative_table_is_reproduced(subsidy: float) -> None:
    """Every cell to the unit: all sold from year 1, income at the end of each year."""
    prices = break_even_price(illustrative(), return_share=RATES, subsidy_share=subsidy)
    assert prices.round().tolist() == list(TABLE[subsidy])


def test_slow_uptake_in_the_illustrative_case() -> None:
    """Full after 1, 5, 10 and 15 years at 4 %; O&M does not wait."""
    plan = illustrative()
    shares = uptake(plan.years, full_after_years=[1, 5, 10, 15])
    prices = break_even_price(plan, return_share=0.04, uptake_share=shares)
    assert prices.round().tolist() == [184, 199, 219, 243]


def test_pipes_of_fifty_years_keep_a_fifth() -> None:
    """10 of 50 years are left after 40: 126 instead of 132 EUR/MWh at 0 %."""
    plan = illustrative(pipes_years=50)
    assert plan.residual_value_eur["pipes"] == pytest.approx(15_900 * 850 / 5)
    assert float(break_even_price(plan, return_share=0.0)) == pytest.approx(126, abs=0.5)


def test_the_price_is_the_levelised_cost() -> None:
    """Another road to the same figure: costs and heat year by year."""
    plan = illustrative(pipes_years=50)
    flows = project_flows(plan, heat_price_eur_mwh=0.0, subsidy_share=0.3)
    by_year = levelised_cost(-flows["project_flow_eur"], plan.heat_mwh, 0.06)
    price = break_even_price(plan, return_share=0.06, subsidy_share=0.3)
    assert float(price) == pytest.approx(float(by_year), rel=1e-12)


def test_series_of_their_own_are_priced_as_projects() -> None:
    """Two networks, one paid in the first year and one over three, in a single call."""
    plan = small(years=30, life=50, plant=100.0)
    later = plan.investment_eur.copy()
    later.loc[[0, 1, 2], "plant"] = 100.0 / 3.0
    plans = [plan, replace(plan, investment_eur=later)]
    found = break_even_of_series(
        {
            kind: np.stack([one.investment_eur[kind] for one in plans])
            for kind in ("pipes", "plant")
        },
        plan.lifetime_years,
        om_eur=plan.om_eur,
        heat_cost_eur=plan.heat_cost_eur,
        heat_mwh=plan.heat_mwh,
        return_share=0.05,
        subsidy_share=0.3,
    )
    alone = [break_even_price(one, return_share=0.05, subsidy_share=0.3) for one in plans]
    assert found.tolist() == pytest.approx([float(price) for price in alone])
    flows = project_flows(plans[1], heat_price_eur_mwh=float(found[1]), subsidy_share=0.3)
    assert float(npv(flows["project_flow_eur"], 0.05)) == pytest.approx(0.0, abs=1e-6)


def test_what_wears_out_is_replaced() -> None:
    """A plant of 20 years is replaced once in 50, and half of that is left."""
    plan = small(years=50, life=50, plant=100.0)
    again = plan.reinvestment_eur["plant"]
    assert again[again > 0].to_dict() == {20: 100.0, 40: 100.0}
    assert plan.residual_value_eur.to_dict() == {"pipes": 0.0, "plant": 50.0}


def test_nothing_is_replaced_in_the_last_year() -> None:
    """A plant that lasts exactly to the horizon is not bought anew, and is worth nothing."""
    plan = small(years=40, plant=100.0)
    assert plan.reinvestment_eur["plant"].sum() == 100.0
    assert plan.residual_value_eur["plant"] == 0.0


def test_what_is_built_later_lasts_longer() -> None:
    """A street of year 10 is 30 years old at 40, one of year 40 is new."""
    spent = pd.DataFrame({"pipes": np.zeros(41)})
    spent.loc[[10, 40], "pipes"] = 100.0
    plan = replace(small(), investment_eur=spent, lifetime_years={"pipes": 50})
    assert plan.residual_value_eur["pipes"] == pytest.approx(40.0 + 100.0)


@settings(deadline=None, max_examples=40)
@given(
    st.floats(0.0, 0.15),
    st.floats(0.0, 0.6),
    st.integers(40, 80),
    st.integers(1, 15),
    st.floats(0.0, 0.03),
)
def test_at_its_break_even_price_a_project_earns_what_it_must(
    rate: float, subsidy: float, life: int, full: int, om: float
) -> None:
    """Worth nothing at the required return, and earning exactly that."""
    plan = small(life=life)
    plan = replace(
        plan, uptake_share=uptake(plan.years, full_after_years=full), om_eur=plan.heat_mwh * om
    )
    price = float(break_even_price(plan, return_share=rate, subsidy_share=subsidy))
    flows = project_flows(plan, heat_price_eur_mwh=price, subsidy_share=subsidy)
    assert float(npv(flows["project_flow_eur"], rate)) == pytest.approx(0.0, abs=1e-6)
    assert irr(flows["project_flow_eur"]) == pytest.approx(rate, abs=1e-9)


def test_factors_are_the_same_as_another_project() -> None:
    """Half the heat at twice the cost, plant 20 % dearer, O&M 10 % more."""
    plan = illustrative(pipes_years=50)
    spent = plan.investment_eur * pd.Series({"pipes": 1.0, "connections": 1.0, "plant": 1.2})
    other = replace(
        plan,
        investment_eur=spent,
        heat_mwh=plan.heat_mwh * 0.5,
        heat_cost_eur_mwh=plan.heat_cost_eur_mwh * 2,
        om_eur=plan.om_eur * 1.1,
    )
    price = break_even_price(
        plan,
        return_share=0.05,
        investment_factor={"plant": 1.2},
        om_factor=1.1,
        heat_factor=0.5,
        heat_cost_factor=2.0,
    )
    assert float(price) == pytest.approx(float(break_even_price(other, return_share=0.05)))


def test_draws_and_one_by_one_agree() -> None:
    """A thousand at once are a thousand times one."""
    plan, rng = illustrative(50), np.random.default_rng(3)
    rate, cost, full = rng.uniform(0, 0.14, 20), rng.uniform(0.8, 1.3, 20), rng.uniform(1, 15, 20)
    shares = uptake(plan.years, full_after_years=full)
    together = break_even_price(
        plan, return_share=rate, uptake_share=shares, investment_factor=cost
    )
    alone = [
        float(break_even_price(plan, return_share=r, uptake_share=u, investment_factor=c))
        for r, u, c in zip(rate, shares, cost, strict=True)
    ]
    assert together.tolist() == pytest.approx(alone, rel=1e-12)


def test_other_income_lowers_the_price() -> None:
    """10 EUR a year over 10 MWh is 1 EUR/MWh."""
    plan = small()
    helped = replace(plan, other_income_eur=(plan.years > 0) * 10.0)
    without = break_even_price(plan, return_share=0.04)
    assert float(without - break_even_price(helped, return_share=0.04)) == pytest.approx(1.0)


def test_without_heat_there_is_no_price() -> None:
    """Missing, not infinite."""
    plan = replace(small(), heat_mwh=0.0)
    assert np.isnan(break_even_price(plan, return_share=[0.0, 0.04])).all()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"heat_mwh": np.ones(3)}, "heat_mwh must have 41 years"),
        ({"om_eur": -1.0}, "om_eur must be finite and not below 0"),
        ({"heat_cost_eur_mwh": np.nan}, "heat_cost_eur_mwh must be finite"),
        ({"uptake_share": 1.1}, "not be above 1"),
        ({"lifetime_years": {"pipes": 40}}, "Every asset class needs a lifetime"),
        ({"lifetime_years": {"pipes": 40, "plant": 0.5}}, "whole number of years"),
        ({"investment_eur": pd.DataFrame({"pipes": [1.0]}, index=[1])}, "count up from 0"),
    ],
)
def test_a_project_that_is_none(changes: dict[str, object], words: str) -> None:
    """Series of the same years, and lifetimes for all that is built."""
    with pytest.raises(ContractError, match=words):
        replace(small(), **changes)  # type: ignore[arg-type]


def test_a_project_keeps_its_own_copy() -> None:
    """What its maker does afterwards changes nothing, and nobody can write in it."""
    heat = np.ones(41)
    plan = replace(small(), heat_mwh=heat)
    heat[:] = 5.0
    assert plan.heat_mwh.max() == 1.0
    with pytest.raises(ValueError, match="read-only"):
        plan.heat_mwh[0] = 2.0


def test_the_surface_has_every_combination() -> None:
    """Owner by uptake by subsidy, each as if asked alone."""
    plan = illustrative()
    surface = price_surface(
        {
            full: replace(plan, uptake_share=uptake(plan.years, full_after_years=full))
            for full in (1.0, 5.0, 10.0, 15.0)
        },
        returns={"municipality": 0.04, "private_concession": 0.14},
        subsidies=[0.0, 0.3, 0.5],
    )
    prices = surface.set_index(["owner", "full_after_years", "subsidy_share"])["break_even_eur_mwh"]
    assert len(prices) == 2 * 4 * 3
    assert prices["municipality", 15, 0.0] == pytest.approx(243, abs=0.5)
    assert prices["private_concession", 1, 0.5] == pytest.approx(224, abs=0.5)


# The owners


def test_the_six_forms_are_there() -> None:
    """In the order of the list, from the packaged figures."""
    assert tuple(FORMS) == OWNERS


@pytest.mark.parametrize("code", OWNERS)
def test_the_capital_of_each_form_adds_up(code: str) -> None:
    """Subsidy, equity and loan are the investment."""
    stack = FORMS[code].capital_stack
    assert tuple(stack) == CAPITAL_LAYERS
    assert sum(stack.values()) == pytest.approx(1.0)
    assert min(stack.values()) >= 0


@pytest.mark.parametrize("code", OWNERS)
def test_each_form_asks_at_least_what_its_capital_costs(code: str) -> None:
    """Our own figures do not contradict each other."""
    assert FORMS[code].required_return_share >= FORMS[code].capital_cost_share


def test_capital_cost_by_hand() -> None:
    """40 % at 12 % after 25 % tax is 6.4 %; 60 % at 3.5 % is 2.1 %."""
    form = owner(
        equity_shares={"private_equity": 0.4},
        equity_returns={"private_equity": 0.12},
        loan_rate_share=0.035,
        tax_share=0.25,
    )
    assert form.capital_cost_share == pytest.approx(0.085)


def test_missing_figures_of_an_owner_are_named() -> None:
    """All at once."""
    figures = load().values_below("finance.")
    del figures["hybrid.tax_share"], figures["private_equity.return_share"]
    with pytest.raises(AssumptionError, match=r"hybrid\.tax_share, private_equity\.return_share"):
        owners(figures)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"subsidy_share": 1.2}, "aandelen van 0 tot 1"),
        ({"tax_share": 1.0}, "belasting minder dan 1"),
        ({"equity_shares": {"municipal_equity": 0.6, "citizen_shares": 0.6}}, "samen hoogstens 1"),
        ({"equity_shares": {"bank": 0.1}}, "layers must be among"),
        ({"loan_term_years": 0}, "geheel aantal jaren"),
    ],
)
def test_an_owner_that_does_not_add_up(changes: dict[str, object], words: str) -> None:
    """A town that changes a figure reads which one."""
    with pytest.raises(ContractError, match=words):
        owner(**changes)


@settings(deadline=None, max_examples=30)
@given(
    st.sampled_from(OWNERS),
    st.floats(0.0, 400.0),
    st.integers(1, 15),
    st.integers(0, 10),
    st.floats(0.0, 300.0),
)
def test_no_money_is_made_or_lost(
    code: str, price: float, full: int, later: int, plant: float
) -> None:
    """Each year: what comes in is what goes out and what cash grows."""
    plan = small(life=30, plant=plant)
    spent = plan.investment_eur.copy()
    spent.loc[later, "pipes"] += 500.0
    plan = replace(
        plan,
        investment_eur=spent,
        uptake_share=uptake(plan.years, full_after_years=full),
        om_eur=plan.heat_mwh * 2,
    )
    flows = cash_flows(plan, FORMS[code], heat_price_eur_mwh=price)
    money_in = flows[[f"{layer}_eur" for layer in CAPITAL_LAYERS]].sum(axis=1)
    assert money_in.tolist() == pytest.approx(flows["investment_eur"].tolist())
    money_in += flows[
        ["replacement_loan_eur", "shortage_eur", "revenue_eur", "other_income_eur"]
    ].sum(axis=1)
    money_out = flows[
        [
            *("investment_eur", "reinvestment_eur", "om_eur", "heat_cost_eur"),
            *("interest_eur", "repayment_eur", "tax_eur", "dividends_eur"),
        ]
    ].sum(axis=1)
    grown = flows["cash_eur"].diff().fillna(flows["cash_eur"])
    assert (money_in - money_out).tolist() == pytest.approx(grown.tolist(), abs=1e-6)
    assert flows[["cash_eur", "dividends_eur", "tax_eur", "shortage_eur"]].min(axis=None) > -1e-6


def test_a_loan_is_repaid_in_its_term() -> None:
    """1,000 at 3 % over 20 years: 67.22 a year, the first interest 30, nothing left after."""
    flows = cash_flows(
        small(), owner(loan_rate_share=0.03, loan_term_years=20), heat_price_eur_mwh=20.0
    )
    assert flows["debt_service_eur"][1:21].tolist() == pytest.approx([67.2157076] * 20)
    assert flows["interest_eur"][1] == pytest.approx(30.0)
    assert flows["loan_balance_eur"][[0, 20]].tolist() == pytest.approx([1000.0, 0.0], abs=1e-9)
    assert flows["debt_service_eur"][21:].sum() == 0.0


def test_equity_gets_what_it_expects_and_a_share_of_the_rest() -> None:
    """100 earned: 20 expected on 1,000, then half of the other 80."""
    form = owner(
        equity_shares={"citizen_shares": 1.0},
        equity_returns={"citizen_shares": 0.02},
        surplus_payout_share=0.5,
    )
    flows = cash_flows(small(), form, heat_price_eur_mwh=10.0)
    assert flows.loc[1, ["dividends_eur", "cash_eur"]].tolist() == pytest.approx([60.0, 40.0])
    assert flows.loc[0, "dividends_eur"] == 0.0


def test_money_for_replacement_is_not_paid_out() -> None:
    """A plant of 200 in 20 years: 10 a year stays, until it is bought."""
    form = owner(equity_shares={"private_equity": 1.0}, surplus_payout_share=1.0)
    flows = cash_flows(small(plant=200.0), form, heat_price_eur_mwh=10.0)
    assert flows["cash_eur"][[1, 10, 19]].tolist() == pytest.approx([10.0, 100.0, 190.0])
    assert flows.loc[20, ["cash_eur", "replacement_loan_eur"]].tolist() == pytest.approx([0, 0])
    assert flows.loc[20, "dividends_eur"] == pytest.approx(190 + 100 - 200)


def test_a_replacement_without_reserve_is_borrowed() -> None:
    """Nothing is earned: the plant is lent for, and its repayment is a shortage."""
    form = owner(equity_shares={"municipal_equity": 1.0}, loan_term_years=20)
    flows = cash_flows(small(plant=200.0), form, heat_price_eur_mwh=0.0)
    assert flows["replacement_loan_eur"][20] == 200.0
    assert flows["shortage_eur"][21:].tolist() == pytest.approx([10.0] * 20)


def test_tax_waits_for_earlier_losses() -> None:
    """Written off 25 a year, earned 0, 50, 50, 50: 0, 0, 25 and 25 of profit are taxed."""
    plan = replace(small(years=4, life=4), heat_mwh=[0.0, 0.0, 10.0, 10.0, 10.0])
    plan = replace(plan, investment_eur=plan.investment_eur / 10)
    form = owner(equity_shares={"private_equity": 1.0}, tax_share=0.2)
    flows = cash_flows(plan, form, heat_price_eur_mwh=5.0)
    assert flows["tax_eur"].tolist() == pytest.approx([0, 0, 0, 5, 5])


def test_subsidy_lowers_what_is_written_off() -> None:
    """Half a subsidy: 12.5 a year of 100 over 4 years, so 37.5 of 50 is profit."""
    plan = small(years=4, life=4)
    plan = replace(plan, investment_eur=plan.investment_eur / 10)
    form = owner(equity_shares={"private_equity": 1.0}, tax_share=0.2, subsidy_share=0.5)
    assert cash_flows(plan, form, heat_price_eur_mwh=5.0)["tax_eur"][1] == pytest.approx(7.5)


def test_a_competitive_price_gives_the_same_bill() -> None:
    """With VAT and fixed fee, and a tenth cheaper, the household pays 90 %."""
    price = competitive_price(
        2_000.0, household_mwh=12.0, fixed_eur=300.0, vat_share=0.06, discount_share=0.1
    )
    assert (float(price) * 12 + 300) * 1.06 == pytest.approx(1_800.0)


def compared(plan: Project, *forms: Owner, price: float = 4.0) -> pd.DataFrame:
    """Return forms side by side for a household of 10 MWh with a heat pump or gas."""
    return compare_owners(
        plan,
        list(forms),
        heat_price_eur_mwh=price,
        household_mwh=10.0,
        alternatives_eur={"gas": float("nan"), "heat_pump": 60.0, "pellets": 70.0},
        fixed_eur=5.0,
        vat_share=0.2,
    )


def test_the_forms_side_by_side_by_hand() -> None:
    """1,000 EUR over 40 years of 10 MWh: 2.5 EUR/MWh; sold at 4 it earns 600 more."""
    row = compared(small(), owner()).loc["municipality"]
    assert row["break_even_eur_mwh"] == pytest.approx(2.5)
    assert row["npv_eur"] == pytest.approx(600.0)
    assert row["payback_years"] == pytest.approx(25.0)
    assert row[["dscr_lowest", "dscr_average"]].tolist() == pytest.approx([1.6, 1.6])
    assert row["bill_eur"] == pytest.approx((2.5 * 10 + 5) * 1.2)
    assert (row["cheapest"], row["bill_gap_eur"]) == ("heat_pump", pytest.approx(36.0 - 60.0))


def test_equity_earns_its_required_return_when_it_pays_all() -> None:
    """No loan, no tax, no subsidy: the equity's return is the project's."""
    form = owner(
        required_return_share=0.05,
        equity_shares={"private_equity": 1.0},
        surplus_payout_share=1.0,
    )
    price = float(break_even_price(small(life=50), return_share=0.05))
    row = compared(small(life=50), form, price=price).loc["municipality"]
    assert row[["irr_share", "equity_irr_share"]].tolist() == pytest.approx([0.05, 0.05])


def test_who_asks_more_is_dearer() -> None:
    """The order of the required returns is the order of the prices."""
    table = compared(illustrative(50), *FORMS.values(), price=170.0)
    by_return = table.sort_values("required_return_share")["break_even_eur_mwh"]
    assert by_return.is_monotonic_increasing
    assert by_return.index[[0, -1]].tolist() == ["consumer_owned", "private_concession"]


def test_the_order_of_the_forms_is_kept_and_does_not_matter() -> None:
    """Backwards gives the same rows, backwards."""
    forms = list(FORMS.values())
    there, back = compared(small(), *forms), compared(small(), *forms[::-1])
    pd.testing.assert_frame_equal(there, back.iloc[::-1])


def test_a_project_without_debt_or_alternative() -> None:
    """Missing figures, no crash."""
    table = compare_owners(
        small(),
        [owner(equity_shares={"municipal_equity": 1.0})],
        heat_price_eur_mwh=4.0,
        household_mwh=10.0,
        alternatives_eur={},
    )
    assert table[["dscr_lowest", "cheapest", "bill_gap_eur"]].isna().all(axis=None)


def test_every_owner_has_six_risks() -> None:
    """Each with a carrier, a sentence, and who can check it."""
    risks = load_risks()
    assert risks.groupby("owner")["risk"].nunique().to_dict() == dict.fromkeys(OWNERS, 6)
    assert not risks.duplicated(["owner", "risk"]).any()
    assert (risks[["carrier", "basis", "source_id", "check_by", "note"]] != "").all(axis=None)
    assert (risks["locator"] == "niet nagegaan")[risks["basis"] == "assumed"].all()
