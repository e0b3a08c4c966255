"""Groups, strategies and means, checked."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from lekp_lib.errors import ContractError

__all__ = ["COST_COLUMNS", "Case", "check"]

COST_COLUMNS = ("fixed_eur", "household_eur", "fixed_hours", "household_hours")
"""What a strategy asks: once, and per household that is contacted."""

_MOST_SETS = 2**13
"""Sets of strategies per group that fit in memory with ease."""


@dataclass(frozen=True)
class Case:
    """
    Groups, strategies and what there is to spend.

    Attributes
    ----------
    households : Series, indexed by group
        Households (or owners) in each group, above 0 [-]. Groups may overlap.
    rates : DataFrame, index strategy, one column per group
        Chance that a contacted household is reached [-, 0-1].
    costs : DataFrame, index strategy
        ``COST_COLUMNS`` [EUR, EUR per household, hours, hours per household].
    budget_eur, hours : float
        What there is; hours may be infinite [EUR, h].
    """

    households: pd.Series[float]
    rates: pd.DataFrame
    costs: pd.DataFrame
    budget_eur: float
    hours: float = float("inf")


def check(case: Case) -> None:
    """Raise what is wrong with a case."""
    groups, strategies = case.households.index, case.costs.index
    if len(groups) == 0 or not (case.households > 0).all():
        msg = "A case needs groups with more than 0 households each. Leave empty groups out."
        raise ContractError(msg)
    if set(case.rates.columns) != set(groups) or set(case.rates.index) != set(strategies):
        msg = (
            "rates must have one row per strategy of costs and one column per group of "
            f"households; groups that differ: {sorted(set(case.rates.columns) ^ set(groups))}, "
            f"strategies that differ: {sorted(set(case.rates.index) ^ set(strategies))}."
        )
        raise ContractError(msg)
    rates = case.rates.to_numpy(dtype="float64")
    if not ((rates >= 0) & (rates <= 1)).all():
        msg = "rates holds a value that is no share between 0 and 1. Check the table."
        raise ContractError(msg)
    efforts = case.costs[list(COST_COLUMNS)].to_numpy(dtype="float64")
    if not ((efforts >= 0).all() and case.budget_eur >= 0 and case.hours >= 0):
        msg = "A cost, the budget or the hours are negative or missing. Check the case."
        raise ContractError(msg)
    most = int((rates > 0).sum(axis=0).max())
    if 2**most > _MOST_SETS:
        msg = (
            f"A group has {most} strategies, which makes too many sets to compare. Leave out "
            "strategies, or set rates that hardly matter to 0."
        )
        raise ContractError(msg)
