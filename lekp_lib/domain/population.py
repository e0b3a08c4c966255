"""
Which households live in which homes, fitted to what is known of each apart.

Seldom does anyone know how many tenants with a low income live in terraced houses from before
1946. The homes are known per type and period, and households per tenure or income; iterative
proportional fitting finds the combination nearest to a first guess that agrees with
all of them, and tells how far it stayed from agreeing.

Arrays have one axis per name in ``DIMENSIONS``, in that order, and one place per code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from lekp_lib.contracts.lists import (
    AGE_GROUPS,
    BUILDING_TYPES,
    INCOME_GROUPS,
    LANGUAGE_GROUPS,
    PERIODS,
    TENURES,
)
from lekp_lib.errors import ContractError

__all__ = [
    "CODES",
    "DIMENSIONS",
    "Fit",
    "Margin",
    "activation_groups",
    "dwellings_by_tenure",
    "fewest_behind",
    "fit",
    "household_margins",
    "household_seed",
    "households_counted",
    "households_table",
]

Array = npt.NDArray[np.float64]
Margin = tuple[tuple[int, ...], Array]
"""Axes of the array, and how much each combination of them must add up to."""

CODES: dict[str, tuple[str, ...]] = {
    "building_type": BUILDING_TYPES,
    "period": PERIODS,
    "tenure": TENURES,
    "income_group": INCOME_GROUPS,
    "age_group": AGE_GROUPS,
    "language_group": LANGUAGE_GROUPS,
}
DIMENSIONS = tuple(CODES)
"""What tells a household and its home."""

_OF_HOUSEHOLDS = ("tenure", "income_group", "age_group", "language_group")
_UNKNOWN = "unknown"
_OWNER, _PRIVATE, _SOCIAL = TENURES


class Fit(NamedTuple):
    """
    A fitted array.

    Attributes
    ----------
    fitted : ndarray
        Same shape as the seed [unit of the margins].
    residual : float
        Largest gap between a margin and what was fitted to it, as part of the largest total of
        a margin [-]; 0 when all agree.
    """

    fitted: Array
    residual: float


def fit(seed: Array, margins: Sequence[Margin], *, tolerance: float, rounds: int) -> Fit:
    """
    Return the array nearest to a seed whose sums are the margins.

    Parameters
    ----------
    seed : ndarray
        First guess, not negative. A cell of 0 stays 0: it cannot exist.
    margins : sequence of (axes, ndarray)
        Sums over all other axes, in the order of `axes`.
    tolerance : float
        Residual with which the fit is good enough [-].
    rounds : int
        Most rounds over all margins.

    Returns
    -------
    Fit
        Where margins contradict each other, or ask something of cells that are all 0, the
        residual stays above the tolerance; the last margin is then met best.

    Raises
    ------
    ContractError
        If a figure is negative or missing, or a margin does not fit the seed.

    Notes
    -----
    Each round multiplies all cells by ``margin / sum`` for one margin after the other
    (Deming and Stephan). The odds ratios of the seed are kept.

    Examples
    --------
    >>> found = fit(np.array([[1.0, 1.0], [1.0, 3.0]]),
    ...             [((0,), np.array([40.0, 60.0])), ((1,), np.array([50.0, 50.0]))],
    ...             tolerance=1e-9, rounds=100)
    >>> found.fitted.round(2).tolist()
    [[26.41, 13.59], [23.59, 36.41]]
    >>> found.residual < 1e-9
    True
    """
    _check(seed, margins)
    total = max((float(wanted.sum()) for _, wanted in margins), default=0.0)
    fitted = seed.astype("float64", copy=True)
    residual = _residual(fitted, margins, total)
    for _ in range(rounds):
        if residual <= tolerance:
            break
        for axes, wanted in margins:
            found = _summed(fitted, axes)
            ratio = np.divide(wanted, found, out=np.ones_like(found), where=found > 0)
            fitted *= _over(ratio, axes, fitted.ndim)
        residual = _residual(fitted, margins, total)
    return Fit(fitted, residual)


def _check(seed: Array, margins: Sequence[Margin]) -> None:
    for values in (seed, *(wanted for _, wanted in margins)):
        if not np.isfinite(values).all() or (values < 0).any():
            msg = "seed and margins must hold numbers of at least 0, without gaps."
            raise ContractError(msg)
    for axes, wanted in margins:
        is_known = len(set(axes)) == len(axes) and set(axes) <= set(range(seed.ndim))
        if not is_known or wanted.shape != tuple(seed.shape[axis] for axis in axes):
            msg = f"A margin over axes {axes} of shape {wanted.shape} does not fit {seed.shape}."
            raise ContractError(msg)


def _summed(array: Array, axes: tuple[int, ...]) -> Array:
    """Return the sums over all axes but these, in their order."""
    others = tuple(axis for axis in range(array.ndim) if axis not in axes)
    kept = sorted(axes)
    sums = np.asarray(array.sum(axis=others), dtype="float64")
    return sums.transpose([kept.index(axis) for axis in axes])


def _over(ratio: Array, axes: tuple[int, ...], n_axes: int) -> Array:
    """Return a ratio per combination of axes, ready to multiply the whole array by."""
    rising = ratio.transpose(np.argsort(axes))
    return rising.reshape([rising.shape[sorted(axes).index(axis)] if axis in axes else 1
                           for axis in range(n_axes)])  # fmt: skip


def _residual(fitted: Array, margins: Sequence[Margin], total: float) -> float:
    gaps = [np.abs(_summed(fitted, axes) - wanted).max(initial=0.0) for axes, wanted in margins]
    return float(max(gaps, default=0.0) / total) if total > 0 else 0.0


def dwellings_by_tenure(homes: pd.DataFrame, weights: pd.DataFrame, shares: pd.DataFrame) -> Array:
    """
    Return the dwellings per type, period and tenure, with the unknown spread out.

    Parameters
    ----------
    homes : DataFrame, index building_id
        building_type and tenure (codes, tenure "unknown" where missing), dwellings [-].
    weights : DataFrame, same index, columns ``PERIODS``
        How likely each building is of each period [-]; each row adds up to 1.
    shares : DataFrame, index building_type, columns ``TENURES``
        Which part of the dwellings of unknown tenure is of each tenure [-].

    Returns
    -------
    ndarray, type by period by tenure
        Dwellings [-]; they add up to those of `homes`.

    Examples
    --------
    >>> homes = pd.DataFrame({"building_type": "terraced", "dwellings": [1.0, 2.0],
    ...                       "tenure": ["social_rental", "unknown"]}, index=["a", "b"])
    >>> weights = pd.DataFrame(0.0, index=homes.index, columns=list(PERIODS))
    >>> weights["after_2011"] = 1.0
    >>> shares = pd.DataFrame(0.5, index=list(BUILDING_TYPES), columns=list(TENURES))
    >>> shares["social_rental"] = 0.0
    >>> dwellings_by_tenure(homes, weights, shares).sum(axis=(0, 1)).tolist()
    [1.0, 1.0, 1.0]
    """
    of_type = shares.loc[homes["building_type"], list(TENURES)].to_numpy("float64")
    given = np.column_stack([(homes["tenure"] == code).to_numpy("float64") for code in TENURES])
    is_unknown = (homes["tenure"] == _UNKNOWN).to_numpy()
    tenure = np.where(is_unknown[:, None], of_type, given)
    period = weights.loc[homes.index, list(PERIODS)].to_numpy("float64")
    dwellings = homes["dwellings"].to_numpy("float64")
    array = np.zeros((len(BUILDING_TYPES), len(PERIODS), len(TENURES)))
    place = pd.Index(BUILDING_TYPES).get_indexer(pd.Index(homes["building_type"]))
    np.add.at(array, place, dwellings[:, None, None] * period[:, :, None] * tenure[:, None, :])
    return array


def household_seed(dwellings: Array, *shares: pd.DataFrame) -> Array:
    """
    Return a first guess of the households: each tenure with its own mix.

    Parameters
    ----------
    dwellings : ndarray, type by period by tenure
        See `dwellings_by_tenure` [-].
    *shares : DataFrame, index tenure
        For income, age and language: which part of the households of each tenure is in each
        group [-]; each row adds up to 1. Within a tenure they do not depend on each other.

    Returns
    -------
    ndarray, one axis per name in ``DIMENSIONS``
        Households [-], one per dwelling.

    Raises
    ------
    ContractError
        If shares are negative or do not add up to 1.

    Examples
    --------
    >>> dwellings = np.zeros((6, 10, 3))
    >>> dwellings[0, 0] = [10, 0, 0]
    >>> income = pd.DataFrame(1 / 3, index=list(TENURES), columns=list(INCOME_GROUPS))
    >>> household_seed(dwellings, income).sum(axis=(0, 1, 2)).round(2).tolist()
    [3.33, 3.33, 3.33]
    """
    array = dwellings
    for table in shares:
        mix = table.loc[list(TENURES)].to_numpy("float64")
        if (mix < 0).any() or not np.allclose(mix.sum(axis=1), 1.0):
            msg = f"The shares over {list(table.columns)} must be at least 0 and add up to 1."
            raise ContractError(msg)
        of_tenure = mix.reshape(1, 1, len(TENURES), *([1] * (array.ndim - 3)), mix.shape[1])
        array = array[..., None] * of_tenure
    return array


def household_margins(households: pd.DataFrame, *, total: float) -> list[Margin]:
    """
    Return what is known of the households as margins of the array.

    Parameters
    ----------
    households : DataFrame
        Contract ``huishoudens``; areas are added up. Rows with the same columns filled in make
        one margin, in which a group that is not named has no households.
    total : float
        What the largest margin is made to add up to: one household per dwelling [-].

    Returns
    -------
    list of (axes, ndarray)
        Margins that disagree about the number of households stay apart by as much.

    Examples
    --------
    >>> rows = pd.DataFrame({"area_id": "x", "tenure": ["owner_occupied", "private_rental"],
    ...                      "households": [30.0, 20.0]})
    >>> household_margins(rows, total=100)
    [((2,), array([60., 40.,  0.]))]
    """
    largest = households_counted(households)
    scale = total / largest if largest > 0 else 0.0
    return [
        (
            tuple(DIMENSIONS.index(name) for name in names),
            _counted(households.loc[rows.index, list(names)], rows) * scale,
        )
        for names, rows in _patterns(households)
    ]


def households_counted(households: pd.DataFrame | None) -> float:
    """
    Return how many households a table counts: its largest margin; NaN without a table.

    Parameters
    ----------
    households : DataFrame or None
        Contract ``huishoudens``.

    Examples
    --------
    >>> rows = pd.DataFrame({"tenure": ["owner_occupied", None], "households": [30.0, 50.0]})
    >>> households_counted(rows)
    50.0
    """
    if households is None:
        return float("nan")
    return max((float(rows.sum()) for _, rows in _patterns(households)), default=0.0)


def _patterns(households: pd.DataFrame) -> list[tuple[tuple[str, ...], pd.Series[float]]]:
    """Return the counts of each set of columns that are filled in together."""
    given = [name for name in _OF_HOUSEHOLDS if name in households]
    is_filled = households[given].notna()
    pattern = is_filled.to_numpy() @ (2 ** np.arange(len(given)))
    counts = pd.Series(households["households"].astype("float64"))
    return [
        (
            tuple(name for place, name in enumerate(given) if code >> place & 1),
            counts[pattern == code],
        )
        for code in sorted(set(pattern.tolist()))
    ]


def _counted(codes: pd.DataFrame, counts: pd.Series[float]) -> Array:
    array = np.zeros([len(CODES[str(name)]) for name in codes])
    places = tuple(pd.Index(CODES[str(name)]).get_indexer(pd.Index(codes[name])) for name in codes)
    if not places:
        return np.asarray(counts.sum(), dtype="float64")
    np.add.at(array, places, counts.to_numpy())
    return array


def households_table(fitted: Array, names: Sequence[str], *, value: str) -> pd.DataFrame:
    """
    Return the sums over some dimensions as a table.

    Parameters
    ----------
    fitted : ndarray, one axis per name in ``DIMENSIONS``
        Households [-].
    names : sequence of str
        Dimensions to keep.
    value : str
        Name of the column with the sums.

    Examples
    --------
    >>> fitted = np.ones((6, 10, 3, 3, 4, 2))
    >>> households_table(fitted, ["tenure"], value="households")
               tenure  households
    0  owner_occupied      1440.0
    1  private_rental      1440.0
    2   social_rental      1440.0
    """
    axes = tuple(DIMENSIONS.index(name) for name in names)
    index = pd.MultiIndex.from_product([CODES[name] for name in names], names=list(names))
    sums = pd.Series(_summed(fitted, axes).ravel(), index, name=value).reset_index()
    return sums.astype(dict.fromkeys(names, "str"))


def activation_groups(fitted: Array) -> pd.DataFrame:
    """
    Return how many households are in each group to reach; groups overlap.

    Parameters
    ----------
    fitted : ndarray, one axis per name in ``DIMENSIONS``
        Households [-].

    Returns
    -------
    DataFrame, index group
        households [-]: owner_mid_high, owner_low, landlord (counted as the dwellings let by
        private owners), tenant, social_tenant (also counted as tenant), aged_75_plus,
        other_language.

    Examples
    --------
    >>> activation_groups(np.ones((6, 10, 3, 3, 4, 2)))["households"].to_dict()["owner_low"]
    480.0
    """
    table = households_table(fitted, _OF_HOUSEHOLDS, value="households")
    is_owner, is_low = table["tenure"] == _OWNER, table["income_group"] == INCOME_GROUPS[0]
    members: Mapping[str, pd.Series[bool]] = {
        "owner_mid_high": is_owner & ~is_low,
        "owner_low": is_owner & is_low,
        "landlord": table["tenure"] == _PRIVATE,
        "tenant": ~is_owner,
        "social_tenant": table["tenure"] == _SOCIAL,
        "aged_75_plus": table["age_group"] == AGE_GROUPS[-1],
        "other_language": table["language_group"] != LANGUAGE_GROUPS[0],
    }
    sums = {group: float(table.loc[mask, "households"].sum()) for group, mask in members.items()}
    return pd.DataFrame({"households": sums}).rename_axis("group")


def fewest_behind(groups: pd.DataFrame) -> pd.Series[float]:
    """
    Return the fewest households that each row of a table with groups could tell something of.

    Owners and tenants add up to all households, and so do private and social tenants to all
    tenants: who knows the others can work out the last. Such rows stand or fall together.

    Parameters
    ----------
    groups : DataFrame, index group
        See `activation_groups`.

    Returns
    -------
    Series, same index
        Count to hold against the smallest cell [-]; 0 where there is nobody at all.

    Examples
    --------
    >>> groups = activation_groups(np.ones((6, 10, 3, 3, 4, 2)))
    >>> groups.loc[["landlord", "owner_low"], "households"] = [4.0, 30.0]
    >>> fewest_behind(groups)[["landlord", "social_tenant", "owner_mid_high"]].tolist()
    [4.0, 4.0, 30.0]
    """
    counts = groups["households"]
    total = float(counts[["owner_mid_high", "owner_low", "tenant"]].sum())
    tenures = _fewest(counts[["owner_mid_high", "owner_low", "tenant"]])
    tenants = min(tenures, _fewest(counts[["landlord", "social_tenant"]]))
    of_all = {group: _fewest(pd.Series([counts[group], total - counts[group]]))
              for group in ("aged_75_plus", "other_language")}  # fmt: skip
    shared = dict.fromkeys(("owner_mid_high", "owner_low", "tenant"), tenures)
    shared |= dict.fromkeys(("landlord", "social_tenant"), tenants)
    return groups.index.to_series().map(shared | of_all).where(counts > 0, 0.0).astype("float64")


def _fewest(counts: pd.Series[float]) -> float:
    """Return the smallest count of a group that is there."""
    return float(counts[counts > 0].min()) if (counts > 0).any() else 0.0
