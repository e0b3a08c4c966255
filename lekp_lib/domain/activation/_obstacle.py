"""Why a floor cannot be reached, and what would be enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lekp_lib.domain.activation._case import Case
from lekp_lib.domain.activation._model import (
    Flags,
    Floats,
    Model,
    is_minimal,
    model_of,
    solve,
    spent,
)

__all__ = ["LIMITS", "Obstacle", "obstacle"]

LIMITS = ("none", "rates", "budget", "hours", "budget_and_hours")
"""What stands in the way of a floor; the first where nothing does."""


@dataclass(frozen=True)
class Obstacle:
    """
    Why no plan reaches a floor in every group.

    Attributes
    ----------
    limit : str
        One of ``LIMITS``.
    groups : tuple of str
        Groups that no set of strategies lifts to the floor; empty unless `limit` is "rates".
    needed_eur, needed_hours : float
        Least money without a limit on hours, and least hours without a limit on money, at
        which the floor can be reached; missing if `limit` is "rates" [EUR, h].
    """

    limit: str
    groups: tuple[str, ...]
    needed_eur: float
    needed_hours: float


def obstacle(case: Case, floor_share: float) -> Obstacle:
    """
    Return which limit keeps a floor out of reach, and what would be enough.

    Parameters
    ----------
    case : Case
    floor_share : float
        Wanted reach of every group [-, 0-1].

    Returns
    -------
    Obstacle
        ``budget_and_hours`` means: each is too small or they are too small together.

    Examples
    --------
    >>> import pandas as pd
    >>> from lekp_lib.domain.activation import COST_COLUMNS
    >>> rates = pd.DataFrame({"a": [0.5], "b": [0.2]}, index=["visit"])
    >>> costs = pd.DataFrame(1.0, ["visit"], list(COST_COLUMNS))
    >>> case = Case(pd.Series({"a": 10.0, "b": 5.0}), rates, costs, budget_eur=16.0)
    >>> obstacle(case, 0.3).groups
    ('b',)
    """
    model = model_of(case)
    is_open = model.reach >= floor_share
    able = np.bincount(model.group[is_open], minlength=len(case.households)) > 0
    if not able.all():
        stuck = tuple(str(name) for name in case.households.sort_index().index[~able])
        return Obstacle("rates", stuck, np.nan, np.nan)
    is_open &= is_minimal(model, [floor_share])
    money, time = (_least(model, effort, is_open) for effort in (model.eur, model.hours))
    is_short = (money > case.budget_eur, time > case.hours)
    if any(is_short):
        limit = "budget_and_hours" if all(is_short) else "budget" if is_short[0] else "hours"
    else:
        is_met = solve(model, model.eur, (), is_open) is not None
        limit = "none" if is_met else "budget_and_hours"
    return Obstacle(limit, (), money, time)


def _least(model: Model, effort: Floats, is_open: Flags) -> float:
    """Return the least money or time that reaches the floor, whatever the other takes."""
    found = solve(model, effort, (), is_open, has_limits=False)
    return np.nan if found is None else spent(model, effort, found[0])
