"""
Plans of contacts: time, proof of optimum, and how far simpler methods stay behind.

8 strategies and 12 groups, drawn at random with a tight, a middling and a wide budget, hours
besides; the documented toy; and small cases where every plan is tried. Call::

    .venv/bin/python benchmarks/activation.py
    .venv/bin/python benchmarks/activation.py --seeds 10

``gap`` is the solver's proven distance of the total to the best total. ``next`` tells whether a
worst group one step better was proven impossible. Greedy takes the contact that brings most per
euro (for the total), or most per euro for the group that is worst (for fairness).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from itertools import product

import numpy as np
import pandas as pd

from lekp_lib.domain import activation
from lekp_lib.domain.activation import COST_COLUMNS, Case, Plan

HEADING = (
    f"{'case':<32}{'plan':<14}{'seconds':>9}{'worst':>9}{'total':>10}{'gap':>9}{'next':>12}"
    f"{'greedy':>9}{'best':>9}"
)
TOY_GROUPS = (900, 250, 300, 450, 220, 180)
TOY = (
    (500, 1.5, 0.06, 0.02, 0.04, 0.02, 0.04, 0.01),
    (3000, 18, 0.35, 0.35, 0.05, 0.30, 0.40, 0.20),
    (6000, 2, 0.10, 0.03, 0.05, 0.01, 0.03, 0.01),
    (4000, 6, 0.12, 0.12, 0.02, 0.12, 0.12, 0.15),
    (2500, 8, 0.10, 0.06, 0.03, 0.06, 0.06, 0.03),
    (2000, 10, 0.01, 0.30, 0.0, 0.25, 0.15, 0.30),
    (1500, 12, 0.0, 0.0, 0.25, 0.0, 0.0, 0.0),
)
STEP = 1e-9
MOST_TRIED = 2**14


def toy() -> Case:
    """Return the documented toy."""
    rates = pd.DataFrame([row[2:] for row in TOY])
    costs = pd.DataFrame([(*row[:2], 0.0, 0.0) for row in TOY], columns=list(COST_COLUMNS))
    return Case(pd.Series(TOY_GROUPS, dtype="float64"), rates, costs, 30_000.0)


def drawn(seed: int, budget_share: float, *, strategies: int = 8, groups: int = 12) -> Case:
    """Return a drawn case in which money and hours are that part of what everything takes."""
    rng = np.random.default_rng(seed)
    level = rng.uniform(0.02, 0.35, strategies)
    rates = (level[:, None] * rng.uniform(0.3, 1.6, (strategies, groups))).clip(0, 0.9).round(3)
    rates[rng.random(rates.shape) < 0.15] = 0.0
    people = rng.uniform(60, 900, groups).round()
    each = (1 + 40 * level * rng.uniform(0.6, 1.4, strategies)).round(1)
    fixed = rng.uniform(500, 6000, strategies).round(-2)
    hours = (each * rng.uniform(0.01, 0.05, strategies)).round(3)
    costs = pd.DataFrame(np.array([fixed, each, fixed / 100, hours]).T, columns=list(COST_COLUMNS))
    total = costs[["fixed_eur", "fixed_hours"]].sum().to_numpy()
    total = total + costs[["household_eur", "household_hours"]].sum().to_numpy() * people.sum()
    budget, most_hours = total * budget_share
    return Case(pd.Series(people), pd.DataFrame(rates), costs, float(budget), float(most_hours))


def spent(case: Case, contacts: np.ndarray) -> tuple[float, float]:
    """Return the money and hours of a plan."""
    fixed_eur, each_eur, fixed_h, each_h = case.costs.to_numpy().T
    started, homes = contacts.any(axis=1), contacts @ case.households.to_numpy()
    return float(started @ fixed_eur + homes @ each_eur), float(started @ fixed_h + homes @ each_h)


def reach_of(case: Case, contacts: np.ndarray) -> np.ndarray:
    """Return the reach per group."""
    return np.asarray(1 - np.where(contacts, 1 - case.rates.to_numpy(), 1.0).prod(axis=0))


def greedy(case: Case, *, is_fair: bool) -> float:
    """Return the total, or the worst reach, of adding the best contact per euro at a time."""
    contacts = np.zeros(case.rates.shape, dtype=bool)
    people, rates = case.households.to_numpy(), case.rates.to_numpy()
    while True:
        reach, (eur, _) = reach_of(case, contacts), spent(case, contacts)
        best, place = 0.0, None
        for strategy, group in zip(*np.nonzero(~contacts), strict=True):
            if is_fair and group != int(reach.argmin()):
                continue
            more = contacts.copy()
            more[strategy, group] = True
            new_eur, new_hours = spent(case, more)
            if new_eur > case.budget_eur or new_hours > case.hours:
                continue
            gain = (1 - reach[group]) * rates[strategy, group] * people[group]
            if gain / max(new_eur - eur, 1e-9) > best:
                best, place = gain / max(new_eur - eur, 1e-9), (strategy, group)
        if place is None:
            break
        contacts[place] = True
    reach = reach_of(case, contacts)
    return float(reach.min() if is_fair else reach @ people)


def tried(case: Case, *, is_fair: bool) -> float:
    """Return the best of every plan; nan if there are too many."""
    size = case.rates.size
    if 2**size > MOST_TRIED:
        return float("nan")
    best = 0.0
    for bits in product([False, True], repeat=size):
        contacts = np.array(bits).reshape(case.rates.shape)
        eur, hours = spent(case, contacts)
        if eur <= case.budget_eur and hours <= case.hours:
            reach = reach_of(case, contacts)
            best = max(best, float(reach.min() if is_fair else reach @ case.households.to_numpy()))
    return best


def rows(name: str, case: Case) -> None:
    """Print the lines of one case."""
    planners: dict[str, Callable[[Case], Plan]] = {
        "highest total": activation.utilitarian,
        "maximin": activation.maximin,
        "leximin": activation.leximin,
    }
    for label, planner in planners.items():
        start = time.perf_counter()
        plan = planner(case)
        seconds = time.perf_counter() - start
        is_fair = label != "highest total"
        other, best = greedy(case, is_fair=is_fair), tried(case, is_fair=is_fair)
        proof = "-"
        if is_fair:
            better = activation.plan_above(case, plan.worst_share + STEP)
            proof = "impossible" if better is None else "POSSIBLE"
        shown = f"{other:>9.4f}{best:>9.4f}" if is_fair else f"{other:>9.1f}{best:>9.1f}"
        sys.stdout.write(
            f"{name:<32}{label:<14}{seconds:>9.2f}{plan.worst_share:>9.4f}"
            f"{plan.total_households:>10.1f}{plan.gap_share:>9.1e}{proof:>12}{shown}\n"
        )
        sys.stdout.flush()
    start = time.perf_counter()
    trades = activation.frontier(case)
    sys.stdout.write(
        f"{name:<32}{'frontier':<14}{time.perf_counter() - start:>9.2f}   {len(trades)} plans\n"
    )


def main(options: argparse.Namespace) -> None:
    """Print the table."""
    sys.stdout.write(HEADING + "\n")
    rows("toy, 7 x 6", toy())
    rows("small, 3 x 4, every plan", drawn(1, 0.4, strategies=3, groups=4))
    for seed in range(options.seeds):
        for share in (0.1, 0.25, 0.5):
            rows(f"8 x 12, seed {seed}, {share:.0%} of money", drawn(seed, share))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    main(parser.parse_args())
