"""The worth of money over time: present value, return, payback, levelised cost."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

__all__ = ["irr", "levelised_cost", "npv", "payback_years", "present_value"]

_GROWTH = np.geomspace(1e-2, 1e2, 801)
"""Where ``irr`` looks for a root: yearly growth 1 + rate, from -99 % to +9,900 %."""


def present_value(
    amount: npt.ArrayLike, *, rate: npt.ArrayLike, year: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """
    Return what an amount in a later year is worth in year 0.

    Parameters
    ----------
    amount, rate, year : array_like, broadcast together
        Amount [EUR], yearly rate above -1 [-] and year in which it falls [yr].

    Returns
    -------
    ndarray
        ``amount · (1 + rate)^-year`` [EUR].

    Examples
    --------
    >>> present_value(121.0, rate=0.1, year=[0, 2]).round(6)
    array([121., 100.])
    """
    growth = 1.0 + np.asarray(rate, "float64")
    return np.asarray(np.asarray(amount, "float64") * growth ** -np.asarray(year, "float64"))


def npv(flows: npt.ArrayLike, rate: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """
    Return the net present value of yearly flows.

    Parameters
    ----------
    flows : array_like, shape (..., years)
        Money in (+) and out (-) per year; the first is year 0 and is not discounted [EUR].
    rate : array_like, shape (...)
        Yearly rate, above -1 [-].

    Returns
    -------
    ndarray, shape (...)
        Sum of the present values [EUR].

    Examples
    --------
    >>> npv([-100.0, 60.0, 60.0], [0.0, 0.2]).round(2)
    array([20.  , -8.33])
    """
    flows = np.asarray(flows, "float64")
    rate = np.asarray(rate, "float64")[..., np.newaxis]
    years = np.arange(flows.shape[-1])
    return np.asarray(present_value(flows, rate=rate, year=years).sum(axis=-1))


def irr(flows: npt.ArrayLike) -> float:
    """
    Return the rate at which the flows are worth nothing: the internal rate of return.

    Flows that change sign more than once (a pump that is replaced) can have more than one
    such rate; the one nearest to 0 counts.

    Parameters
    ----------
    flows : array_like, shape (years,)
        Money in (+) and out (-) per year from year 0 [EUR].

    Returns
    -------
    float
        Rate [-]; NaN without a change of sign or without a root from -99 % to +9,900 %.

    Examples
    --------
    >>> round(irr([-100.0, 10.0, 110.0]), 9)
    0.1
    >>> irr([10.0, 10.0])
    nan
    """
    flows = np.trim_zeros(np.asarray(flows, "float64"))
    if not (flows < 0).any() or not (flows > 0).any():
        return float("nan")
    worth = _scaled_worth(_GROWTH, flows)
    is_root = worth == 0
    is_left = worth[:-1] * worth[1:] < 0
    roots = [float(growth) for growth in _GROWTH[is_root]]
    roots += [
        brentq(lambda one: float(_scaled_worth(np.array([one]), flows)[0]), low, high, xtol=1e-14)
        for low, high in zip(_GROWTH[:-1][is_left], _GROWTH[1:][is_left], strict=True)
    ]
    return min(roots, key=lambda growth: abs(np.log(growth)), default=float("nan")) - 1.0


def _scaled_worth(
    growth: npt.NDArray[np.float64], flows: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the net present value times a positive factor that keeps it from overflowing."""
    year = np.arange(len(flows))
    exponent = np.where(growth[:, np.newaxis] < 1, len(flows) - 1 - year, -year)
    return np.asarray((flows * growth[:, np.newaxis] ** exponent).sum(axis=1))


def payback_years(flows: npt.ArrayLike) -> float:
    """
    Return after how many years the money is back, without interest.

    Parameters
    ----------
    flows : array_like, shape (years,)
        Money in (+) and out (-) per year from year 0 [EUR].

    Returns
    -------
    float
        First moment at which the running total is back at 0 after a debt, interpolated within
        the year [yr]; 0 if there never was a debt, NaN if it never comes back.

    Examples
    --------
    >>> payback_years([-100.0, 40.0, 40.0, 40.0])
    2.5
    """
    flows = np.asarray(flows, "float64")
    total = flows.cumsum()
    in_debt = total < 0
    if not in_debt.any():
        return 0.0
    is_back = in_debt[:-1] & ~in_debt[1:]
    if not is_back.any():
        return float("nan")
    year = int(is_back.argmax())
    return float(year - total[year] / flows[year + 1])


def levelised_cost(
    costs_eur: npt.ArrayLike, heat_mwh: npt.ArrayLike, rate: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """
    Return the cost per unit of heat, both counted back to year 0.

    Parameters
    ----------
    costs_eur, heat_mwh : array_like, shape (..., years)
        Costs less subsidies [EUR] and heat delivered [MWh] per year from year 0.
    rate : array_like, shape (...)
        Yearly rate, above -1 [-].

    Returns
    -------
    ndarray, shape (...)
        [EUR/MWh]; NaN where no heat is delivered.

    Examples
    --------
    >>> float(levelised_cost([100.0, 10.0, 10.0], [0.0, 1.0, 1.0], 0.0))
    60.0
    """
    costs, heat = np.broadcast_arrays(npv(costs_eur, rate), npv(heat_mwh, rate))
    without = np.full(costs.shape, np.nan)
    return np.asarray(np.divide(costs, heat, out=without, where=heat > 0))
