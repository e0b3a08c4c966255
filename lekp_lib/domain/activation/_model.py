"""The linear problem in whole numbers: one set of strategies per group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from lekp_lib.domain.activation._case import COST_COLUMNS, Case, check
from lekp_lib.errors import ContractError

__all__ = [
    "Count",
    "Flags",
    "Floats",
    "Ints",
    "Model",
    "highest",
    "is_minimal",
    "model_of",
    "solve",
    "spent",
]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

_ROUNDING = 1e-9
"""Part of a limit that is only the rounding of the computer."""
_PER_LIMIT = 1000.0
"""A limit is a thousand parts: the solver's tolerance is then a billionth of it."""
_INFEASIBLE = 2  # status of scipy.optimize.milp


@dataclass(frozen=True)
class Model:
    """One column per group and set of strategies, then one per strategy that starts."""

    group: Ints
    sets: Flags
    without: Ints  # per set and strategy: the same set without it; -1 where it is not in it
    reach: Floats
    households: Floats
    eur: Floats
    hours: Floats
    rules: sparse.csc_array
    limits: sparse.csc_array
    most: Floats

    @property
    def n_sets(self) -> int:
        return len(self.group)

    @property
    def n_strategies(self) -> int:
        return int(self.sets.shape[1])

    @property
    def worth(self) -> Floats:
        """What each column adds to the total; minus, because the solver looks for the least."""
        return np.concatenate([-self.reach * self.households, np.zeros(self.n_strategies)])

    @property
    def all_sets(self) -> Flags:
        return np.ones(self.n_sets, dtype=bool)


class Count(NamedTuple):
    """At least so many groups are reached at least so well."""

    floor: float
    n_groups: int


def model_of(case: Case) -> Model:
    """Return every set of strategies per group; sets with a useless contact are left out."""
    check(case)
    groups, strategies = case.households.sort_index(), case.costs.sort_index()
    rates = case.rates.loc[strategies.index, groups.index].to_numpy(dtype="float64")
    parts = [_subsets(rates[:, number] > 0) for number in range(len(groups))]
    sizes = [len(sets) for sets, _ in parts]
    group = np.repeat(np.arange(len(groups)), sizes)
    sets = np.vstack([part for part, _ in parts])
    first = np.repeat(np.cumsum([0, *sizes[:-1]]), sizes)[:, None]
    steps = np.vstack([part for _, part in parts])
    # rounded, so that equal reaches are equal whatever the order in which they were multiplied
    reach = np.round(1.0 - np.where(sets, 1.0 - rates.T[group], 1.0).prod(axis=1), 12)
    households = np.asarray(groups, dtype="float64")[group]
    fixed_eur, each_eur, fixed_h, each_h = strategies[list(COST_COLUMNS)].to_numpy("float64").T
    efforts = (
        np.r_[households * (sets @ each_eur), fixed_eur],
        np.r_[households * (sets @ each_h), fixed_h],
    )
    nothing = np.empty((0, len(efforts[0])))
    limits = [limit for limit in zip(efforts, (case.budget_eur, case.hours), strict=True)
              if np.isfinite(limit[1])]  # fmt: skip
    return Model(
        group=group,
        sets=sets,
        without=np.where(sets, first + steps, -1),
        reach=reach,
        households=households,
        eur=efforts[0],
        hours=efforts[1],
        rules=_rules(group, sets),
        limits=sparse.csc_array(np.vstack([nothing, *(effort for effort, _ in limits)])),
        most=np.array([most for _, most in limits]),
    )


def _subsets(is_useful: Flags) -> tuple[Flags, Ints]:
    """Return all sets of the useful strategies, and where each is found without one of them."""
    places = np.flatnonzero(is_useful)
    numbers = np.arange(2 ** len(places))
    bits = 2 ** np.arange(len(places))
    table = np.zeros((len(numbers), len(is_useful)), dtype=bool)
    table[:, places] = numbers[:, None] & bits
    steps = np.zeros(table.shape, dtype="int64")
    steps[:, places] = numbers[:, None] - bits
    return table, steps


def _rules(group: Ints, sets: Flags) -> sparse.csc_array:
    """One set per group (first rows), and nothing by a strategy that has not started."""
    n_sets, n_strategies = sets.shape
    n_groups = int(group[-1]) + 1
    one_each = sparse.csr_array((np.ones(n_sets), (group, np.arange(n_sets))))
    column, strategy = np.nonzero(sets)
    pair = group[column] * n_strategies + strategy
    shape = (n_groups * n_strategies, n_sets)
    used = sparse.csr_array((np.ones(len(column)), (pair, column)), shape=shape)
    started = sparse.csr_array(np.tile(-np.eye(n_strategies), (n_groups, 1)))
    none = sparse.csr_array((n_groups, n_strategies))
    return sparse.csc_array(sparse.block_array([[one_each, none], [used, started]]))


def is_minimal(model: Model, floors: Sequence[float]) -> Flags:
    """Return which sets no longer pass as many floors if any strategy is taken out."""
    level = np.searchsorted(np.sort(floors), model.reach, side="right")
    lower = np.where(model.without >= 0, level[model.without], -1)
    return np.asarray((lower < level[:, None]).all(axis=1))


def solve(
    model: Model,
    worth: Floats,
    counts: Sequence[Count],
    is_open: Flags,
    *,
    has_limits: bool = True,
) -> tuple[Ints, float] | None:
    """Return which of the open sets are chosen and the proven gap; None if nothing fits."""
    fits = _fits(model) if has_limits else model.all_sets
    sets = np.flatnonzero(is_open & fits)
    columns = np.r_[sets, model.n_sets + np.arange(model.n_strategies)]
    n_groups = int(model.group[-1]) + 1
    n_links = model.rules.shape[0] - n_groups
    rows = LinearConstraint(
        model.rules[:, columns],
        np.r_[np.ones(n_groups), np.full(n_links, -np.inf)],
        np.r_[np.ones(n_groups), np.zeros(n_links)],
    )
    found = milp(
        worth[columns],
        constraints=[
            rows,
            *(_limits(model, columns) if has_limits else ()),
            *(_above(model, sets, count) for count in counts),
        ],
        integrality=np.ones(len(columns)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0, "presolve": False},  # small already, and it may print
    )
    if found.status == _INFEASIBLE:
        return None
    if found.x is None:
        msg = f"The solver gave no answer on this case: {found.message}"
        raise ContractError(msg)
    return sets[found.x[: len(sets)] > 0.5], float(found.mip_gap or 0.0)


def _fits(model: Model) -> Flags:
    """Return the sets that money and hours allow by themselves."""
    is_fit = model.all_sets
    efforts = model.limits.toarray()
    for effort, most in zip(efforts, model.most, strict=True):
        start = model.sets @ effort[model.n_sets :]
        is_fit &= effort[: model.n_sets] + start <= most * (1 + _ROUNDING)
    return is_fit


def _limits(model: Model, columns: Ints) -> tuple[LinearConstraint, ...]:
    if len(model.most) == 0:
        return ()
    scale = np.array([_PER_LIMIT / most if most > 0 else 1.0 for most in model.most])
    rows = model.limits[:, columns].multiply(scale[:, None])
    return (LinearConstraint(sparse.csc_array(rows), -np.inf, model.most * scale),)


def _above(model: Model, sets: Ints, count: Count) -> LinearConstraint:
    is_above = np.r_[model.reach[sets] >= count.floor, np.zeros(model.n_strategies, dtype=bool)]
    return LinearConstraint(
        sparse.csr_array(is_above[None, :].astype("float64")), count.n_groups, np.inf
    )


def highest(model: Model, counts: Sequence[Count], *, n_groups: int, at_least: float) -> float:
    """Return the highest reach that so many groups can have together."""
    values = np.unique(model.reach)
    low, high = int(np.searchsorted(values, at_least)), len(values) - 1
    while low < high:
        middle = (low + high + 1) // 2
        wanted = [*counts, Count(float(values[middle]), n_groups)]
        floors = [count.floor for count in wanted]
        is_open = is_minimal(model, floors) & (model.reach >= floors[0])
        found = solve(model, model.eur, wanted, is_open)
        if found is None:
            high = middle - 1
        else:
            reached = np.sort(model.reach[found[0]])[-n_groups]
            low = max(middle, int(np.searchsorted(values, reached)))
    return float(values[low])


def spent(model: Model, effort: Floats, chosen: Ints) -> float:
    is_started = model.sets[chosen].any(axis=0)
    return float(effort[chosen].sum() + effort[model.n_sets :][is_started].sum())
