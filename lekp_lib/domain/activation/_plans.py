"""The plans: highest total, best for the worst group, and every trade between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from lekp_lib.domain.activation._case import Case
from lekp_lib.domain.activation._model import (
    Count,
    Ints,
    Model,
    highest,
    model_of,
    solve,
    spent,
)
from lekp_lib.errors import ContractError

__all__ = [
    "Plan",
    "frontier",
    "leximin",
    "maximin",
    "plan_above",
    "price_of_fairness",
    "reach",
    "utilitarian",
]

_PROVEN_GAP = 1e-6
"""Gap that is only the rounding of the solver."""


@dataclass(frozen=True)
class Plan:
    """
    Who is contacted how, and what comes of it.

    Attributes
    ----------
    contacts : DataFrame of bool, index strategy, one column per group
    reach_share : Series, indexed by group
        Part of the group that is reached at least once [-, 0-1].
    total_households : float
        Reach of all groups added up; a household in two groups counts twice [-].
    mean_share : float
        The same as part of all households [-, 0-1].
    worst_share : float
        Reach of the group that is reached least [-, 0-1].
    cost_eur, hours : float
        What the plan takes [EUR, h].
    gap_share : float
        Proven distance to the best total there can be [-]; 0 is proven best.
    """

    contacts: pd.DataFrame
    reach_share: pd.Series[float]
    total_households: float
    mean_share: float
    worst_share: float
    cost_eur: float
    hours: float
    gap_share: float

    @property
    def is_proven(self) -> bool:
        """No plan of its kind has a higher total."""
        return self.gap_share <= _PROVEN_GAP


def utilitarian(case: Case) -> Plan:
    """
    Return the plan that reaches most households in all, whoever they are.

    The plan a campaign office makes without thinking of groups: cheap contacts first.

    Parameters
    ----------
    case : Case

    Returns
    -------
    Plan
        The order of strategies and groups makes no difference to it.

    Raises
    ------
    ContractError
        If the tables do not name the same groups and strategies, a rate is no share, a cost is
        negative, or there are more strategies than the method can take.

    Notes
    -----
    Reach of group g is ``1 - prod(1 - p)`` over its contacts: contacts are taken to work
    independently. One zero-one variable per group and set of strategies makes it linear.

    Examples
    --------
    >>> case = Case(
    ...     households=pd.Series({"owner": 900.0, "tenant": 450.0}),
    ...     rates=pd.DataFrame({"owner": [0.06, 0.10], "tenant": [0.02, 0.20]},
    ...                        index=["letter", "visit"]),
    ...     costs=pd.DataFrame({"fixed_eur": 0.0, "household_eur": [1.0, 2.0],
    ...                         "fixed_hours": 0.0, "household_hours": 0.0},
    ...                        index=["letter", "visit"]),
    ...     budget_eur=1800.0,
    ... )
    >>> utilitarian(case).reach_share.round(2).to_dict()
    {'owner': 0.06, 'tenant': 0.2}
    """
    model = model_of(case)
    return _plan(case, model, *_best(model, ()))


def plan_above(case: Case, floor_share: float) -> Plan | None:
    """
    Return the plan with the highest total among those that reach a floor in every group.

    Parameters
    ----------
    case : Case
    floor_share : float
        Least reach of every group [-, 0-1].

    Returns
    -------
    Plan or None
        None if no plan does; ``obstacle`` says why.

    Examples
    --------
    >>> from lekp_lib.domain.activation import COST_COLUMNS
    >>> rates = pd.DataFrame({"a": [0.5], "b": [0.2]}, index=["visit"])
    >>> costs = pd.DataFrame(1.0, ["visit"], list(COST_COLUMNS))
    >>> case = Case(pd.Series({"a": 10.0, "b": 5.0}), rates, costs, budget_eur=16.0)
    >>> plan_above(case, 0.1).mean_share, plan_above(case, 0.3)
    (0.4, None)
    """
    model = model_of(case)
    found = solve(model, model.worth, (), model.reach >= floor_share)
    return None if found is None else _plan(case, model, *found)


def maximin(case: Case) -> Plan:
    """
    Return the plan whose least-reached group is reached best, and of those the highest total.

    Parameters
    ----------
    case : Case

    Returns
    -------
    Plan

    Notes
    -----
    The worst group's reach is one of finitely many values. Bisection over them proves that the
    next higher value cannot be had.

    Examples
    --------
    >>> from lekp_lib.domain.activation import COST_COLUMNS
    >>> rates = pd.DataFrame({"a": [0.5], "b": [0.2]}, index=["visit"])
    >>> costs = pd.DataFrame(1.0, ["visit"], list(COST_COLUMNS))
    >>> case = Case(pd.Series({"a": 10.0, "b": 5.0}), rates, costs, budget_eur=16.0)
    >>> maximin(case).worst_share
    0.2
    """
    model = model_of(case)
    everyone = len(case.households)
    floor = highest(model, (), n_groups=everyone, at_least=0.0)
    return _plan(case, model, *_best(model, (Count(floor, everyone),)))


def leximin(case: Case) -> Plan:
    """
    Return the plan that is best for the worst group, then for the second worst, and so on.

    Parameters
    ----------
    case : Case

    Returns
    -------
    Plan
        Of all plans with this row of reaches, one with the highest total.

    Notes
    -----
    Which group is worst, second worst, … may differ between plans that are equally good so far,
    so no group is fixed on the way. Step k finds the highest value v such that all groups but
    k - 1 are reached at least v, while every earlier step keeps its own count.

    Examples
    --------
    >>> from lekp_lib.domain.activation import COST_COLUMNS
    >>> rates = pd.DataFrame({"a": [0.5], "b": [0.2]}, index=["visit"])
    >>> costs = pd.DataFrame(1.0, ["visit"], list(COST_COLUMNS))
    >>> case = Case(pd.Series({"a": 10.0, "b": 5.0}), rates, costs, budget_eur=16.0)
    >>> leximin(case).reach_share.to_dict()
    {'a': 0.5, 'b': 0.2}
    """
    model = model_of(case)
    counts: list[Count] = []
    floor = 0.0
    for n_groups in range(len(case.households), 0, -1):
        floor = highest(model, counts, n_groups=n_groups, at_least=floor)
        counts.append(Count(floor, n_groups))
    return _plan(case, model, *_best(model, counts))


def frontier(case: Case) -> pd.DataFrame:
    """
    Return every trade between total reach and the reach of the worst group.

    Parameters
    ----------
    case : Case

    Returns
    -------
    DataFrame
        ``worst_share``, ``total_households``, ``mean_share``, ``cost_eur``, ``hours`` and
        ``price_share`` (part of the highest total that is given up), from the plan with the
        highest total to the one that is best for the worst group. No plan is better on both.

    Notes
    -----
    Epsilon constraint: each step asks for the highest total with a worst group strictly above
    that of the step before, until nothing is left.

    Examples
    --------
    >>> from lekp_lib.domain.activation import COST_COLUMNS
    >>> rates = pd.DataFrame({"a": [0.5], "b": [0.2]}, index=["visit"])
    >>> costs = pd.DataFrame(1.0, ["visit"], list(COST_COLUMNS))
    >>> case = Case(pd.Series({"a": 10.0, "b": 5.0}), rates, costs, budget_eur=16.0)
    >>> frontier(case)[["worst_share", "total_households"]].to_numpy().tolist()
    [[0.2, 6.0]]
    """
    model = model_of(case)
    rows: list[Plan] = []
    is_open = model.all_sets
    while (found := solve(model, model.worth, (), is_open)) is not None:
        plan = _plan(case, model, *found)
        is_open = model.reach > plan.worst_share
        # a step that loses nothing makes the one before it superfluous
        rows = [row for row in rows if row.total_households > plan.total_households] + [plan]
    names = ("worst_share", "total_households", "mean_share", "cost_eur", "hours")
    table = pd.DataFrame([{name: getattr(row, name) for name in names} for row in rows])
    prices = [price_of_fairness(rows[0], row) for row in rows]
    return table.assign(price_share=prices).astype("float64")


def price_of_fairness(highest: Plan, fair: Plan) -> float:
    """
    Return the part of the highest total that a fairer plan gives up.

    Parameters
    ----------
    highest : Plan
        As returned by ``utilitarian``.
    fair : Plan
        Another plan for the same case.

    Returns
    -------
    float
        [-]; 0 where nobody can be reached at all.

    Examples
    --------
    >>> from lekp_lib.domain.activation import COST_COLUMNS
    >>> rates = pd.DataFrame({"a": [0.5], "b": [0.2]}, index=["visit"])
    >>> costs = pd.DataFrame(1.0, ["visit"], list(COST_COLUMNS))
    >>> case = Case(pd.Series({"a": 10.0, "b": 5.0}), rates, costs, budget_eur=16.0)
    >>> price_of_fairness(utilitarian(case), maximin(case))
    0.0
    """
    if highest.total_households <= 0:
        return 0.0
    return 1.0 - fair.total_households / highest.total_households


def reach(contacts: pd.DataFrame, rates: pd.DataFrame) -> pd.Series[float]:
    """
    Return the part of each group that is reached at least once.

    Parameters
    ----------
    contacts : DataFrame of bool, index strategy, one column per group
        Who is contacted how.
    rates : DataFrame
        Chance per contact; at least those strategies and groups [-, 0-1].

    Returns
    -------
    Series, indexed by group
        ``reach_share``: ``1 - prod(1 - p)`` [-, 0-1].

    Examples
    --------
    >>> both = pd.DataFrame({"owner": [True, True]}, index=["letter", "visit"])
    >>> chances = pd.DataFrame({"owner": [0.1, 0.2]}, index=["letter", "visit"])
    >>> reach(both, chances).round(2).to_dict()
    {'owner': 0.28}
    """
    known = rates.loc[contacts.index, contacts.columns]
    missed = (1.0 - known.where(contacts, 0.0)).prod()
    return (1.0 - missed).rename("reach_share")


def _best(model: Model, counts: Sequence[Count]) -> tuple[Ints, float]:
    """Return the sets with the highest total; to contact nobody always fits."""
    lowest = min((count.floor for count in counts), default=0.0)
    found = solve(model, model.worth, counts, model.reach >= lowest)
    if found is None:
        msg = "No plan fits, not even one without contacts. Check the limits of the case."
        raise ContractError(msg)
    return found


def _plan(case: Case, model: Model, chosen: Ints, gap_share: float) -> Plan:
    """Return the plan in the order of the case."""
    groups = case.households.sort_index().index
    strategies = case.costs.sort_index().index
    contacts = pd.DataFrame(model.sets[chosen].T, index=strategies, columns=groups)
    reach = pd.Series(model.reach[chosen], index=groups, name="reach_share")
    total = float((model.reach * model.households)[chosen].sum())
    return Plan(
        contacts=contacts.loc[case.costs.index, case.households.index],
        reach_share=reach.loc[case.households.index],
        total_households=total,
        mean_share=total / float(case.households.sum()),
        worst_share=float(reach.min()),
        cost_eur=spent(model, model.eur, chosen),
        hours=spent(model, model.hours, chosen),
        gap_share=gap_share,
    )
