"""Plans of contacts: the documented toy, every plan by hand, and what must always hold."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from lekp_lib.domain import activation
from lekp_lib.domain.activation import COST_COLUMNS, Case, Plan
from lekp_lib.errors import ContractError

GROUPS = ["owner_mid_high", "owner_low", "landlord", "tenant", "aged_75_plus", "other_language"]
TOY: dict[str, tuple[float, float, list[float]]] = {
    "letter": (500, 1.5, [0.06, 0.02, 0.04, 0.02, 0.04, 0.01]),
    "door_to_door": (3000, 18, [0.35, 0.35, 0.05, 0.30, 0.40, 0.20]),
    "group_purchase": (6000, 2, [0.10, 0.03, 0.05, 0.01, 0.03, 0.01]),
    "ambassador": (4000, 6, [0.12, 0.12, 0.02, 0.12, 0.12, 0.15]),
    "climate_table": (2500, 8, [0.10, 0.06, 0.03, 0.06, 0.06, 0.03]),
    "welfare_partner": (2000, 10, [0.01, 0.30, 0.0, 0.25, 0.15, 0.30]),
    "landlord_line": (1500, 12, [0.0, 0.0, 0.25, 0.0, 0.0, 0.0]),
}
PLANNERS = (activation.utilitarian, activation.maximin, activation.leximin)


def toy() -> Case:
    """Return the documented toy: 7 strategies, 6 groups, 30,000 EUR."""
    costs = [(fixed, each, 0.0, 0.0) for fixed, each, _ in TOY.values()]
    return Case(
        households=pd.Series([900.0, 250.0, 300.0, 450.0, 220.0, 180.0], index=GROUPS),
        rates=pd.DataFrame([rates for *_, rates in TOY.values()], list(TOY), GROUPS),
        costs=pd.DataFrame(costs, list(TOY), list(COST_COLUMNS)),
        budget_eur=30_000.0,
    )


def small(seed: int, *, groups: int = 3, strategies: int = 3) -> Case:
    """Return a drawn case that is small enough to try every plan."""
    rng = np.random.default_rng(seed)
    names, ways = [f"g{one}" for one in range(groups)], [f"s{one}" for one in range(strategies)]
    rates = rng.uniform(0, 0.5, (strategies, groups)).round(2)
    rates[rng.random(rates.shape) < 0.2] = 0.0
    costs = rng.uniform([50, 1, 1, 0.01], [400, 12, 10, 0.2], (strategies, 4)).round(2)
    return Case(
        households=pd.Series(rng.integers(20, 200, groups).astype("float64"), index=names),
        rates=pd.DataFrame(rates, ways, names),
        costs=pd.DataFrame(costs, ways, list(COST_COLUMNS)),
        budget_eur=float(rng.uniform(200, 3000)),
        hours=float(rng.uniform(5, 60)),
    )


def by_hand(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """Return total and sorted reach of every plan that the money and hours allow."""
    shape = case.rates.shape
    every = np.array(list(product([False, True], repeat=shape[0] * shape[1])))
    contacts = every.reshape(-1, *shape)
    reach = 1 - np.where(contacts, 1 - case.rates.to_numpy(), 1.0).prod(axis=1)
    people = case.households.to_numpy()
    fixed_eur, each_eur, fixed_h, each_h = case.costs.to_numpy().T
    started, homes = contacts.any(axis=2), contacts @ people
    fits = started @ fixed_eur + homes @ each_eur <= case.budget_eur
    fits &= started @ fixed_h + homes @ each_h <= case.hours
    return (reach @ people)[fits], np.sort(reach[fits], axis=1)


def spent(case: Case, plan: Plan) -> tuple[float, float]:
    """Return the money and hours of a plan, counted from its contacts."""
    started = plan.contacts.any(axis=1)
    homes = plan.contacts.astype("float64") @ case.households
    costs = case.costs
    return (
        float((costs["fixed_eur"] * started + costs["household_eur"] * homes).sum()),
        float((costs["fixed_hours"] * started + costs["household_hours"] * homes).sum()),
    )


# --- the documented toy ---------------------------------------------------------------------


def test_toy_highest_total() -> None:
    """It reaches 556.5 households, 24.2 %, and leaves landlords and 75+ at nothing."""
    plan = activation.utilitarian(toy())
    assert plan.total_households == pytest.approx(556.5)
    assert plan.mean_share == pytest.approx(0.242, abs=5e-4)
    assert list(plan.reach_share.index[plan.reach_share == 0]) == ["landlord", "aged_75_plus"]
    assert plan.is_proven


def test_toy_fair_plan() -> None:
    """The worst group goes to 17.3 %, for 7.7 % of the total."""
    most, fair = activation.utilitarian(toy()), activation.maximin(toy())
    assert fair.total_households == pytest.approx(513.76)
    assert fair.mean_share == pytest.approx(0.223, abs=5e-4)
    assert fair.worst_share == pytest.approx(0.173, abs=5e-4)
    assert activation.price_of_fairness(most, fair) == pytest.approx(0.077, abs=5e-4)


def test_toy_floors() -> None:
    """A floor of 15 % costs 6 %; one of 20 % needs more money."""
    plan = activation.plan_above(toy(), 0.15)
    assert plan is not None
    price = activation.price_of_fairness(activation.utilitarian(toy()), plan)
    assert price == pytest.approx(0.06, abs=5e-3)
    assert activation.plan_above(toy(), 0.20) is None
    assert activation.obstacle(toy(), 0.20).limit == "budget"


def test_toy_frontier_runs_from_one_plan_to_the_other() -> None:
    """Both ends are the plans with a name, and each step gives up total for the worst group."""
    trades = activation.frontier(toy())
    assert trades["total_households"].iloc[[0, -1]].tolist() == pytest.approx([556.5, 513.76])
    assert trades["worst_share"].iloc[[0, -1]].tolist() == pytest.approx([0.0, 0.1728])
    assert trades["worst_share"].is_monotonic_increasing
    assert trades["total_households"].is_monotonic_decreasing


# --- against every plan, and against another formulation ------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_highest_total_of_all_plans(seed: int) -> None:
    """No plan that fits reaches more."""
    total, _ = by_hand(small(seed))
    found = activation.utilitarian(small(seed)).total_households
    assert found == pytest.approx(total.max(), abs=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_fairest_of_all_plans(seed: int) -> None:
    """Worst group, then the next, and so on: no plan that fits is better."""
    total, reach = by_hand(small(seed))
    plan = activation.leximin(small(seed))
    best = max(map(tuple, reach.round(9)))
    assert sorted(plan.reach_share) == pytest.approx(best, abs=1e-8)
    ties = (reach.round(9) == best).all(axis=1)
    assert plan.total_households == pytest.approx(total[ties].max(), abs=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_best_worst_group_of_all_plans(seed: int) -> None:
    """And of the plans with that worst group the highest total."""
    total, reach = by_hand(small(seed))
    plan = activation.maximin(small(seed))
    worst = reach[:, 0].max()
    assert plan.worst_share == pytest.approx(worst, abs=1e-8)
    best = total[reach[:, 0] >= worst - 1e-9].max()
    assert plan.total_households == pytest.approx(best, abs=1e-6)


def test_the_worst_group_may_change_on_the_way() -> None:
    """Two plans tie on the worst reach in different groups; the better second decides."""
    rates = pd.DataFrame({"a": [0.1, 0.3], "b": [0.4, 0.1]}, index=["s", "t"])
    costs = pd.DataFrame(0.0, ["s", "t"], list(COST_COLUMNS)).assign(fixed_eur=1.0)
    case = Case(pd.Series({"a": 100.0, "b": 1.0}), rates, costs, budget_eur=1.0)
    plan = activation.leximin(case)
    assert plan.reach_share.to_dict() == pytest.approx({"a": 0.1, "b": 0.4})
    assert activation.maximin(case).reach_share.to_dict() == pytest.approx({"a": 0.3, "b": 0.1})


def compact_worst(case: Case) -> float:
    """Return the best worst reach by the compact model in logarithms."""
    size = case.rates.size
    n_ways, n_groups = case.rates.shape
    weight = -np.log1p(-case.rates.to_numpy())
    eye = np.eye(n_groups)
    rows = np.hstack(
        [np.vstack([eye * weight[way] for way in range(n_ways)]).T, np.zeros((n_groups, n_ways))]
    )
    worst = LinearConstraint(np.hstack([rows, -np.ones((n_groups, 1))]), 0, np.inf)
    started = np.repeat(np.eye(n_ways), n_groups, axis=0)
    link = LinearConstraint(np.hstack([np.eye(size), -started, np.zeros((size, 1))]), -np.inf, 0)
    each = np.outer(case.costs["household_eur"], case.households).ravel()
    money = np.r_[each, case.costs["fixed_eur"], 0.0]
    found = milp(
        np.r_[np.zeros(size + n_ways), -1.0],
        constraints=[worst, link, LinearConstraint(money[None, :], -np.inf, case.budget_eur)],
        integrality=np.r_[np.ones(size + n_ways), 0.0],
        bounds=Bounds(0, np.r_[np.ones(size + n_ways), np.inf]),
        options={"mip_rel_gap": 0.0, "presolve": False},
    )
    return float(1 - np.exp(found.fun))


@pytest.mark.parametrize("seed", range(4))
def test_the_model_in_logarithms_agrees(seed: int) -> None:
    """Five strategies and five groups, another way to write the same question."""
    case = replace(small(seed, groups=5, strategies=5), hours=float("inf"))
    assert activation.maximin(case).worst_share == pytest.approx(compact_worst(case), abs=1e-5)


# --- what always holds ----------------------------------------------------------------------


@given(st.integers(0, 10_000))
def test_plans_keep_their_promises(seed: int) -> None:
    """Nobody spends too much; the fair plans are fairer, the other one reaches more."""
    case = small(seed, groups=4, strategies=3)
    most, fair, fairest = (planner(case) for planner in PLANNERS)
    for plan in (most, fair, fairest):
        eur, hours = spent(case, plan)
        assert eur == pytest.approx(plan.cost_eur, abs=1e-6)
        assert hours == pytest.approx(plan.hours, abs=1e-6)
        assert eur <= case.budget_eur * (1 + 1e-6)
        assert hours <= case.hours * (1 + 1e-6)
    assert fair.worst_share >= most.worst_share
    assert fairest.worst_share == fair.worst_share
    assert sorted(fairest.reach_share) >= sorted(fair.reach_share)
    assert most.total_households >= fair.total_households - 1e-6
    assert fair.total_households >= fairest.total_households - 1e-6


@given(st.integers(0, 10_000), st.floats(1.0, 3.0))
def test_more_money_never_hurts(seed: int, factor: float) -> None:
    """The worst group and the total can only rise."""
    case = small(seed)
    more = replace(case, budget_eur=case.budget_eur * factor, hours=case.hours * factor)
    assert activation.maximin(more).worst_share >= activation.maximin(case).worst_share
    highest = [activation.utilitarian(one).total_households for one in (more, case)]
    assert highest[0] >= highest[1] - 1e-6


@pytest.mark.parametrize("planner", PLANNERS)
def test_order_of_rows_makes_no_difference(planner: Any) -> None:
    """The same plan comes out of shuffled tables, and the tables stay as they were."""
    case = toy()
    before = case.rates.copy()
    turned = Case(
        case.households.iloc[::-1], case.rates.iloc[::-1], case.costs.iloc[::-1], case.budget_eur
    )
    one, other = planner(case), planner(turned)
    assert other.contacts.index.tolist() == list(TOY)[::-1]
    pd.testing.assert_frame_equal(other.contacts.loc[list(TOY), GROUPS], one.contacts)
    pd.testing.assert_frame_equal(case.rates, before)


# --- what stands in the way -----------------------------------------------------------------


def test_rates_that_cannot_reach_the_floor_are_named() -> None:
    """No money helps a group for which nothing works well enough."""
    found = activation.obstacle(replace(toy(), budget_eur=1e9), 0.40)
    assert (found.limit, found.groups) == ("rates", ("landlord",))


def test_hours_can_be_what_is_short() -> None:
    """One visit of an hour per household, and less than that at hand."""
    rates = pd.DataFrame({"a": [0.5]}, index=["visit"])
    costs = pd.DataFrame([[0.0, 1.0, 0.0, 1.0]], ["visit"], list(COST_COLUMNS))
    case = Case(pd.Series({"a": 10.0}), rates, costs, budget_eur=10.0, hours=9.0)
    found = activation.obstacle(case, 0.5)
    assert (found.limit, found.needed_eur, found.needed_hours) == ("hours", 10.0, 10.0)


def test_money_and_hours_can_be_short_together() -> None:
    """Each is enough for one way, but the cheap way is slow and the quick way is dear."""
    rates = pd.DataFrame({"a": [0.5, 0.5]}, index=["cheap", "quick"])
    costs = pd.DataFrame([[1.0, 0, 10.0, 0], [10.0, 0, 1.0, 0]], ["cheap", "quick"], COST_COLUMNS)
    case = Case(pd.Series({"a": 10.0}), rates, costs, budget_eur=5.0, hours=5.0)
    assert activation.obstacle(case, 0.5).limit == "budget_and_hours"
    assert activation.obstacle(replace(case, hours=10.0), 0.5).limit == "none"


def test_the_needed_money_is_enough_and_no_more() -> None:
    """With it the floor can be had, a euro less and it cannot."""
    found = activation.obstacle(toy(), 0.20)
    rich, poor = (replace(toy(), budget_eur=found.needed_eur + more) for more in (0.0, -1.0))
    assert activation.plan_above(rich, 0.20) is not None
    assert activation.plan_above(poor, 0.20) is None


def test_without_money_nobody_is_reached() -> None:
    """The empty plan is a plan, and fairness then costs nothing."""
    plan = activation.leximin(replace(toy(), budget_eur=0.0))
    assert plan.total_households == 0.0
    assert not plan.contacts.any(axis=None)
    assert activation.price_of_fairness(plan, plan) == 0.0


def test_a_group_without_households_is_refused() -> None:
    """It would make a contact that costs nothing and reaches nobody."""
    case = toy()
    with pytest.raises(ContractError, match="more than 0 households"):
        activation.maximin(replace(case, households=case.households * 0.0))


def test_tables_of_other_groups_are_refused() -> None:
    """The names that differ are told."""
    case = toy()
    with pytest.raises(ContractError, match="landlord"):
        activation.maximin(replace(case, rates=case.rates.drop(columns="landlord")))


@pytest.mark.parametrize("wrong", [-0.1, 1.1, float("nan")])
def test_a_rate_that_is_no_share_is_refused(wrong: float) -> None:
    """A missing rate is no rate of 0."""
    case = toy()
    rates = case.rates.copy()
    rates.loc["letter", "tenant"] = wrong
    with pytest.raises(ContractError, match="no share"):
        activation.maximin(replace(case, rates=rates))


def test_a_negative_budget_is_refused() -> None:
    """Nobody can spend it."""
    with pytest.raises(ContractError, match="negative"):
        activation.maximin(replace(toy(), budget_eur=-1.0))


def test_too_many_strategies_are_refused() -> None:
    """All sets of twenty strategies would not fit in memory."""
    ways = [f"s{one}" for one in range(20)]
    case = Case(
        pd.Series({"a": 1.0}),
        pd.DataFrame(0.1, ways, ["a"]),
        pd.DataFrame(0.0, ways, list(COST_COLUMNS)),
        budget_eur=1.0,
    )
    with pytest.raises(ContractError, match="20 strategies"):
        activation.maximin(case)
