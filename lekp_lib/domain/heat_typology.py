"""
Heat levels per type and construction period, fitted to the metered gas of the municipalities.

What an average home of a class uses is nowhere measured, but what the connections of each
municipality use together is. The more homes of a class a municipality has, the more its mean
tells about that class. Classes that hardly differ between municipalities stay near a prior
shape: the answer is only as sharp as the meters allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.linalg import block_diag
from scipy.optimize import lsq_linear

from lekp_lib.contracts.lists import BUILDING_TYPES, PERIODS
from lekp_lib.errors import ContractError

__all__ = [
    "FitChoices",
    "Typology",
    "fit_typology",
    "level_ranges",
    "levels_of_municipality",
    "neighbourhood_ratios",
    "prior_levels",
    "stock_shares",
    "traits",
]

_Array: TypeAlias = npt.NDArray[np.float64]

_CLASSES = pd.MultiIndex.from_product(
    [list(BUILDING_TYPES), list(PERIODS)], names=["building_type", "period"]
)


@dataclass(frozen=True)
class FitChoices:
    """
    How the levels are fitted.

    Attributes
    ----------
    penalties : tuple of float
        Candidates for the strength of the pull towards the prior, any order [-].
    lowest_ratio : float
        A level is at least this part of its prior [-].
    period_reach : float
        Periods this far apart deviate from the prior as much together as e to the power -1 [-].
    own_weight : float
        Weight of a class's own deviation beside that of its type and that of its period [-].
    folds : int
        Parts in which the municipalities are held out one by one [-].
    seed : int
        Draws the parts.
    """

    penalties: tuple[float, ...]
    lowest_ratio: float
    period_reach: float
    own_weight: float
    folds: int
    seed: int


@dataclass(frozen=True)
class Typology:
    """
    Fitted levels, and how far they are off in municipalities that were held out.

    Attributes
    ----------
    levels : DataFrame, index (building_type, period)
        gas_mwh_dwelling, sd_mwh_dwelling [MWh per connection and year], stock_share [-] and
        is_lowest: the level lies at the lowest ratio to its prior.
    factors : Series, index nis_code
        What the traits of a municipality do to every level [-]; 1 where they are as its
        building types let expect.
    held_out : DataFrame, index nis_code
        metered, predicted and mean [MWh per connection]: predicted and mean come from a fit and
        a mean without the part the municipality lies in.
    penalty : float
        Strength that was chosen on all municipalities [-].
    error_share, mean_error_share : float
        Mean absolute error of predicted and of mean, over metered [-].
    """

    levels: pd.DataFrame
    factors: pd.Series[float]
    held_out: pd.DataFrame
    penalty: float
    error_share: float
    mean_error_share: float


def stock_shares(building_stock: pd.DataFrame, dwellings: pd.DataFrame) -> pd.DataFrame:
    """
    Return how the dwellings of each municipality are spread over type and period.

    Parameters
    ----------
    building_stock : DataFrame
        nis_code, building_type, period, buildings [-].
    dwellings : DataFrame
        nis_code, building_type, dwellings [-].

    Returns
    -------
    DataFrame, index nis_code, columns (building_type, period)
        Shares of the dwellings [-]; each row adds up to 1. A municipality without a building of
        known period is left out.

    Notes
    -----
    Dwellings are counted per type alone: those of a type are spread like its buildings of known
    period, as if an old apartment building held as many homes as a new one.

    References
    ----------
    S-002 in ``assumptions/sources.csv``.

    Examples
    --------
    >>> stock = pd.DataFrame({"nis_code": "1", "building_type": ["detached", "apartment_building"],
    ...     "period": ["1946_1961", "after_2011"], "buildings": [30, 5]})
    >>> homes = pd.DataFrame({"nis_code": "1", "dwellings": [30, 90],
    ...     "building_type": ["detached", "apartment_building"]})
    >>> stock_shares(stock, homes).loc["1", ("apartment_building", "after_2011")]
    np.float64(0.75)
    """
    buildings = building_stock.pivot_table(
        index="nis_code", columns=["building_type", "period"], values="buildings", aggfunc="sum"
    )
    buildings = buildings.reindex(columns=_CLASSES).fillna(0.0)
    per_type = dwellings.pivot_table(
        index="nis_code", columns="building_type", values="dwellings", aggfunc="sum"
    )
    homes = per_type.reindex(index=buildings.index, columns=list(BUILDING_TYPES)).fillna(0.0)
    cube = buildings.to_numpy(dtype="float64").reshape(-1, len(BUILDING_TYPES), len(PERIODS))
    of_type = cube.sum(axis=2, keepdims=True)
    spread = np.divide(cube, of_type, out=np.zeros_like(cube), where=of_type > 0)
    counted = (spread * homes.to_numpy(dtype="float64")[:, :, None]).reshape(len(homes), -1)
    total = counted.sum(axis=1)
    is_known = total > 0
    shares = counted[is_known] / total[is_known, None]
    return pd.DataFrame(shares, index=buildings.index[is_known], columns=_CLASSES)


def traits(municipalities: pd.DataFrame, *, year: int, household_year: int) -> pd.DataFrame:
    """
    Return what tells municipalities with the same homes apart.

    Parameters
    ----------
    municipalities : DataFrame, index nis_code
        ``<carrier>_residential_mwh_<year>`` [MWh] and ``_points_<year>`` [-] of gas and
        electricity, ``population_<household_year>`` and ``households_<household_year>`` [-].
    year, household_year : int
        Year of the meters, and of the count of households.

    Returns
    -------
    DataFrame, same index and order as `municipalities`
        on_gas_share [-], persons_household [-], electricity_mwh_point [MWh]; the mean of the
        others where one is not known.

    Examples
    --------
    >>> about = pd.DataFrame({"gas_residential_points_2021": [60.0],
    ...     "electricity_residential_points_2021": [80.0], "population_2020": [200],
    ...     "electricity_residential_mwh_2021": [280.0], "households_2020": [100]})
    >>> traits(about, year=2021, household_year=2020).iloc[0].tolist()
    [0.75, 2.0, 3.5]
    """
    electricity = municipalities[f"electricity_residential_points_{year}"].astype("float64")
    electricity = electricity.where(electricity > 0)
    households = municipalities[f"households_{household_year}"].astype("float64")
    table = pd.DataFrame(
        {
            "on_gas_share": municipalities[f"gas_residential_points_{year}"] / electricity,
            "persons_household": municipalities[f"population_{household_year}"]
            / households.where(households > 0),
            "electricity_mwh_point": municipalities[f"electricity_residential_mwh_{year}"]
            / electricity,
        }
    )
    return table.fillna(table.mean())


def prior_levels(
    kwh_m2_by_period: pd.Series[float],
    factor_by_type: pd.Series[float],
    reference_m2: pd.Series[float],
    *,
    net_floor_share: float,
    hot_water_kwh_dwelling: float,
) -> pd.Series[float]:
    """
    Return the shape towards which the levels are drawn: only its ratios count.

    Parameters
    ----------
    kwh_m2_by_period : Series, index ``PERIODS``
        Useful heat per square metre of net floor area [kWh/m2].
    factor_by_type, reference_m2 : Series, index ``BUILDING_TYPES``
        Factor for shared walls [-] and gross floor area of an average dwelling [m2].
    net_floor_share : float
        Net heated floor area over gross floor area [-].
    hot_water_kwh_dwelling : float
        Useful heat for hot water [kWh].

    Returns
    -------
    Series, index (building_type, period)
        ``prior_kwh`` [kWh per dwelling and year].

    Examples
    --------
    >>> prior = prior_levels(pd.Series(100.0, PERIODS), pd.Series(0.5, BUILDING_TYPES),
    ...     pd.Series(200.0, BUILDING_TYPES), net_floor_share=0.8, hot_water_kwh_dwelling=2000.0)
    >>> prior.iloc[0].item()
    10000.0
    """
    periods = kwh_m2_by_period.reindex(list(PERIODS)).to_numpy(dtype="float64")
    of_type = (factor_by_type * reference_m2).reindex(list(BUILDING_TYPES)).to_numpy("float64")
    space = np.outer(of_type, periods).ravel() * net_floor_share
    return pd.Series(space + hot_water_kwh_dwelling, _CLASSES, name="prior_kwh")


def fit_typology(
    shares: pd.DataFrame,
    gas_mwh_point: pd.Series[float],
    about: pd.DataFrame,
    prior: pd.Series[float],
    *,
    choices: FitChoices,
) -> Typology:
    """
    Return the level of each class that together explain the gas of the municipalities.

    Parameters
    ----------
    shares : DataFrame, index nis_code
        As returned by ``stock_shares``.
    gas_mwh_point : Series, index nis_code
        Metered gas per connection of the municipalities to fit on [MWh/yr]; a part of `shares`.
    about : DataFrame, index nis_code
        As returned by ``traits``, for every row of `shares`.
    prior : Series, index (building_type, period)
        As returned by ``prior_levels``.
    choices : FitChoices
        How to fit.

    Returns
    -------
    Typology

    Raises
    ------
    ContractError
        If there are fewer municipalities than parts, or one has no shares or no gas.

    Notes
    -----
    ``gas = Σ share × prior × (1 + d) + Σ share × prior × Σ trait × g``: d is how far a class
    lies from its prior and g what one standard deviation of a trait does. Traits count as far
    as the building types do not explain them: the level of an apartment includes that fewer
    people live there. The prior is scaled to the mean of the meters. d is drawn to 0 by a ridge
    whose matrix lets a type, a period with its neighbours, and a class of its own move together;
    errors are weighed over metered, as they are reported. The strength is the strongest whose
    error, each municipality left out once, lies within one standard error of the smallest, and
    is chosen anew inside every part.

    The error is that of the mean of a municipality. One class is known less well: see
    ``sd_mwh_dwelling``, the standard deviation given meters and prior.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> shares = pd.DataFrame(rng.dirichlet(np.ones(60), 40), columns=_CLASSES)
    >>> prior = pd.Series(10.0, _CLASSES)
    >>> gas = pd.Series(15.0, shares.index)
    >>> choices = FitChoices((0.1,), 0.5, 2.0, 0.5, folds=5, seed=0)
    >>> about = pd.DataFrame({"persons_household": rng.normal(size=40)})
    >>> fitted = fit_typology(shares, gas, about, prior, choices=choices)
    >>> fitted.levels["gas_mwh_dwelling"].round(6).unique().tolist()
    [15.0]
    """
    _check(shares, gas_mwh_point, about, choices)
    gas = gas_mwh_point.sort_index()
    stock = shares.loc[gas.index]
    metered = np.asarray(gas, dtype="float64")
    own = _unexplained(stock, about.loc[gas.index])
    problem = _problem(stock.to_numpy(dtype="float64"), own, metered, prior, choices)
    held_out = _held_out(problem, metered, choices).set_axis(gas.index)
    penalty = _chosen_penalty(problem, choices.penalties)
    found = _solve(problem, penalty, choices.lowest_ratio)
    errors = held_out.sub(held_out["metered"], axis=0).abs().div(held_out["metered"], axis=0)
    return Typology(
        levels=_levels(problem, found, penalty, stock, choices),
        factors=_factors(shares, stock, about, found[len(_CLASSES) :]),
        held_out=held_out,
        penalty=penalty,
        error_share=float(errors["predicted"].mean()),
        mean_error_share=float(errors["mean"].mean()),
    )


def _check(
    shares: pd.DataFrame,
    gas_mwh_point: pd.Series[float],
    about: pd.DataFrame,
    choices: FitChoices,
) -> None:
    if len(gas_mwh_point) < choices.folds:
        msg = f"gas_mwh_point has {len(gas_mwh_point)} rows, fewer than folds ({choices.folds})."
        raise ContractError(msg)
    lost = gas_mwh_point.index.difference(shares.index)
    if len(lost):
        msg = f"gas_mwh_point names {list(lost[:3])}, not in shares. Leave them out."
        raise ContractError(msg)
    if not (gas_mwh_point > 0).all() or shares.index.difference(about.index).size:
        msg = "gas_mwh_point must be above 0, and about needs a row for each row of shares."
        raise ContractError(msg)


@dataclass(frozen=True)
class _Problem:
    """Rows and columns of the least squares, relative to what was metered."""

    shares: _Array  # municipality by class
    own: _Array  # municipality by trait
    metered: _Array
    prior: _Array
    ridge: _Array  # inverse of how classes deviate together

    def at(self, rows: npt.NDArray[np.intp]) -> _Problem:
        kept = (self.shares[rows], self.own[rows], self.metered[rows])
        return _Problem(*kept, self.prior, self.ridge)

    @property
    def levels(self) -> _Array:
        """Prior, scaled to the mean of the meters [MWh]."""
        return self.prior * float(self.metered.mean() / (self.shares @ self.prior).mean())

    def columns(self, levels: _Array) -> tuple[_Array, _Array]:
        """Return the columns, and what the prior says [MWh]."""
        expected = self.shares @ levels
        return np.hstack([self.shares * levels, self.own * expected[:, None]]), expected


def _problem(
    stock: _Array, own: _Array, metered: _Array, prior: pd.Series[float], choices: FitChoices
) -> _Problem:
    types, periods = np.divmod(np.arange(len(_CLASSES)), len(PERIODS))
    is_same = (np.equal.outer(types, types)).astype("float64")
    near = np.exp(-np.abs(np.subtract.outer(periods, periods)) / choices.period_reach)
    together = (is_same + near + choices.own_weight * is_same * near) / (2 + choices.own_weight)
    jitter = np.sqrt(np.finfo("float64").eps) * np.eye(len(_CLASSES))
    ridge = block_diag(np.linalg.inv(together + jitter), np.eye(own.shape[1]))
    return _Problem(stock, own, metered, np.asarray(prior.loc[_CLASSES], dtype="float64"), ridge)


def _unexplained(stock: pd.DataFrame, about: pd.DataFrame) -> _Array:
    """Return traits less what the building types let expect, in standard deviations."""
    rest = about.to_numpy(dtype="float64") - _expected(stock, stock, about)
    return _over(rest, rest.std(axis=0))


def _over(values: _Array, spread: _Array) -> _Array:
    """Divide by the spread; a trait that is the same everywhere tells nothing."""
    is_spread = spread > np.finfo("float32").eps
    return np.divide(values, spread, out=np.zeros_like(values), where=is_spread)


def _expected(shares: pd.DataFrame, stock: pd.DataFrame, about: pd.DataFrame) -> _Array:
    """Return the traits that the types in `shares` let expect, learnt on `stock`."""
    known = about.loc[stock.index].to_numpy(dtype="float64")
    slopes, *_ = np.linalg.lstsq(_by_type(stock), known, rcond=None)
    return np.asarray(_by_type(shares) @ slopes)


def _by_type(shares: pd.DataFrame) -> _Array:
    cube = shares.to_numpy(dtype="float64").reshape(-1, len(BUILDING_TYPES), len(PERIODS))
    return np.asarray(cube.sum(axis=2))


def _system(problem: _Problem, penalty: float) -> tuple[_Array, _Array, _Array]:
    """Return the matrix and right side of the normal equations, and the weighed columns."""
    columns, expected = problem.columns(problem.levels)
    weighed = columns / problem.metered[:, None]
    gap = 1.0 - expected / problem.metered
    return weighed.T @ weighed + penalty * problem.ridge, weighed.T @ gap, weighed


def _solve(problem: _Problem, penalty: float, lowest_ratio: float) -> _Array:
    """Return deviations and effects of traits; no level below its lowest ratio."""
    matrix, right, _ = _system(problem, penalty)
    free = np.linalg.solve(matrix, right)
    floor = np.full(len(free), -np.inf)
    floor[: len(_CLASSES)] = lowest_ratio - 1.0
    if (free >= floor).all():
        return np.asarray(free)
    root = np.linalg.cholesky(matrix).T
    aim = np.linalg.solve(root.T, right)
    return np.asarray(lsq_linear(root, aim, bounds=(floor, np.inf), method="bvls").x)


def _chosen_penalty(problem: _Problem, penalties: Sequence[float]) -> float:
    """Return the strongest penalty within one standard error of the smallest error."""
    strongest_first = sorted(penalties, reverse=True)
    errors = np.array([np.abs(_left_out(problem, penalty)) for penalty in strongest_first])
    means = errors.mean(axis=1)
    best = int(means.argmin())
    spread = errors[best].std() / np.sqrt(errors.shape[1])
    return strongest_first[int(np.flatnonzero(means <= means[best] + spread)[0])]


def _left_out(problem: _Problem, penalty: float) -> _Array:
    """Return the relative error of each municipality, fitted without it (closed form)."""
    matrix, right, weighed = _system(problem, penalty)
    solved = np.linalg.solve(matrix, np.column_stack([right, weighed.T]))
    expected = problem.shares @ problem.levels / problem.metered
    leverage = np.einsum("ij,ji->i", weighed, solved[:, 1:])
    return np.asarray((1.0 - expected - weighed @ solved[:, 0]) / (1.0 - leverage))


def _held_out(problem: _Problem, metered: _Array, choices: FitChoices) -> pd.DataFrame:
    """Return metered beside what a fit without its part says, per municipality."""
    order = np.random.default_rng(choices.seed).permutation(len(metered))
    predicted, mean = np.empty(len(metered)), np.empty(len(metered))
    for first in range(choices.folds):
        out = order[first :: choices.folds]
        kept = problem.at(np.setdiff1d(order, out))
        found = _solve(kept, _chosen_penalty(kept, choices.penalties), choices.lowest_ratio)
        columns, expected = problem.at(out).columns(kept.levels)
        predicted[out] = expected + columns @ found
        mean[out] = kept.metered.mean()
    return pd.DataFrame({"metered": metered, "predicted": predicted, "mean": mean})


def _levels(
    problem: _Problem, found: _Array, penalty: float, stock: pd.DataFrame, choices: FitChoices
) -> pd.DataFrame:
    """Return the table of levels with their standard deviation given meters and prior."""
    n = len(_CLASSES)
    matrix, _, _ = _system(problem, penalty)
    noise = float(np.sqrt(np.mean(_left_out(problem, penalty) ** 2)))
    spread = noise * np.sqrt(np.diag(np.linalg.inv(matrix)))[:n]
    return pd.DataFrame(
        {
            "gas_mwh_dwelling": problem.levels * (1.0 + found[:n]),
            "sd_mwh_dwelling": problem.levels * spread,
            "stock_share": stock.mean().to_numpy(),
            "is_lowest": found[:n] <= choices.lowest_ratio - 1.0 + np.finfo("float32").eps,
        },
        index=_CLASSES,
    )


def _factors(
    shares: pd.DataFrame, stock: pd.DataFrame, about: pd.DataFrame, effects: _Array
) -> pd.Series[float]:
    """Return what the traits do to the levels, never more than in a municipality fitted on."""
    known = about.loc[stock.index].to_numpy("float64") - _expected(stock, stock, about)
    spread = known.std(axis=0)
    per_unit = _over(effects, spread)
    rest = about.loc[shares.index].to_numpy("float64") - _expected(shares, stock, about)
    bounds = known @ per_unit
    factors = 1.0 + np.clip(rest @ per_unit, bounds.min(), bounds.max())
    return pd.Series(factors, shares.index, name="factor")


def levels_of_municipality(typology: Typology, nis_code: str | None) -> pd.Series[float]:
    """
    Return the levels as they are in one municipality.

    Parameters
    ----------
    typology : Typology
        The fitted levels.
    nis_code : str or None
        The municipality; None, or one without factor, for the Flemish levels.

    Returns
    -------
    Series, index (building_type, period)
        ``gas_mwh_dwelling`` [MWh per connection and year].

    Examples
    --------
    >>> levels = pd.DataFrame({"gas_mwh_dwelling": 10.0}, index=_CLASSES)
    >>> fitted = Typology(levels, pd.Series({"13019": 1.1}), pd.DataFrame(), 0.1, 0.05, 0.09)
    >>> levels_of_municipality(fitted, "13019").iloc[0].item()
    11.0
    """
    factor = float(typology.factors.get(nis_code, 1.0)) if nis_code is not None else 1.0
    return typology.levels["gas_mwh_dwelling"] * factor


def level_ranges(typology: Typology, *, coverage_share: float) -> pd.DataFrame:
    """
    Return low and high of each level.

    Parameters
    ----------
    typology : Typology
        The fitted levels.
    coverage_share : float
        Chance that a level lies within its range, if errors are normal [-, 0-1].

    Returns
    -------
    DataFrame, index (building_type, period)
        ``low_mwh_dwelling`` (not below 0) and ``high_mwh_dwelling`` [MWh per connection].

    Examples
    --------
    >>> levels = pd.DataFrame({"gas_mwh_dwelling": 10.0, "sd_mwh_dwelling": 1.0}, index=_CLASSES)
    >>> fitted = Typology(levels, pd.Series(), pd.DataFrame(), 0.1, 0.05, 0.09)
    >>> level_ranges(fitted, coverage_share=0.8).iloc[0].round(2).tolist()
    [8.72, 11.28]
    """
    width = NormalDist().inv_cdf((1.0 + coverage_share) / 2.0)
    level, spread = (typology.levels[name] for name in ("gas_mwh_dwelling", "sd_mwh_dwelling"))
    return pd.DataFrame(
        {
            "low_mwh_dwelling": (level - width * spread).clip(lower=0.0),
            "high_mwh_dwelling": level + width * spread,
        }
    )


def neighbourhood_ratios(
    typology: Typology,
    wijk_energy: pd.DataFrame,
    wijken: pd.DataFrame,
    *,
    year: int,
    smallest_points: float,
) -> pd.DataFrame:
    """
    Return how far neighbourhoods lie from what is predicted for their municipality.

    The stock of a neighbourhood is not open data: this tells what a level of the municipality
    is worth in one of its neighbourhoods, before its own buildings are known.

    Parameters
    ----------
    typology : Typology
        The fitted levels; the predictions come from fits without the municipality.
    wijk_energy : DataFrame
        wijk_code, year, gas_residential_mwh [MWh], gas_residential_points [-].
    wijken : DataFrame, index wijk_code
        nis_code.
    year : int
        Year of the meters.
    smallest_points : float
        A neighbourhood needs at least this many connections [-].

    Returns
    -------
    DataFrame, index wijk_code
        ``metered``, ``predicted`` and ``mean`` [MWh per connection].

    Examples
    --------
    >>> unseen = pd.DataFrame({"metered": [14.0], "predicted": [15.0], "mean": [16.0]}, ["13019"])
    >>> fitted = Typology(pd.DataFrame(), pd.Series(), unseen, 0.1, 0.05, 0.09)
    >>> energy = pd.DataFrame({"wijk_code": ["w"], "year": [2021], "gas_residential_mwh": [1300.0],
    ...                        "gas_residential_points": [100]})
    >>> wijken = pd.DataFrame({"nis_code": "13019"}, index=["w"])
    >>> neighbourhood_ratios(fitted, energy, wijken, year=2021, smallest_points=50).iloc[0].tolist()
    [13.0, 15.0, 16.0]
    """
    rows = wijk_energy[wijk_energy["year"] == year].set_index("wijk_code")
    rows = rows[(rows["gas_residential_points"] >= smallest_points)]
    home: pd.Series[Any] = wijken["nis_code"].reindex(rows.index)
    known = typology.held_out.reindex(home)
    metered = rows["gas_residential_mwh"] / rows["gas_residential_points"]
    table = pd.DataFrame(
        {
            "metered": metered,
            "predicted": known["predicted"].to_numpy(),
            "mean": known["mean"].to_numpy(),
        }
    )
    return table[(table["metered"] > 0) & table["predicted"].notna()]
