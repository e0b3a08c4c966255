"""
What a loan or an investment costs per year or per month.

Shared ground, like ``units``: every programme spreads money over time in the same way.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lekp_lib.errors import ContractError
from lekp_lib.units import MONTHS_PER_YEAR

__all__ = ["annuity_factor", "monthly_payment"]


def annuity_factor(rate: npt.ArrayLike, years: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """
    Return the equal yearly payment that repays 1 euro, interest included.

    Parameters
    ----------
    rate : array_like
        Yearly interest, above -1 [-].
    years : array_like, broadcast with `rate`
        Number of payments, the first after one year [yr].

    Returns
    -------
    ndarray
        ``rate / (1 - (1 + rate)^-years)`` [1/yr]; ``1 / years`` without interest.

    Raises
    ------
    ContractError
        If a term is not positive or a rate not above -1.

    Examples
    --------
    >>> annuity_factor([0.0, 0.03], 20).round(5)
    array([0.05   , 0.06722])
    """
    rate, years = np.broadcast_arrays(np.asarray(rate, "float64"), np.asarray(years, "float64"))
    if not ((rate > -1) & (years > 0)).all():
        msg = "An annuity needs a term above 0 years and a rate above -100 %."
        raise ContractError(msg)
    repaid = -np.expm1(-years * np.log1p(rate))
    without = np.asarray(1.0 / years)
    return np.asarray(np.divide(rate, repaid, out=without, where=repaid != 0))


def monthly_payment(
    principal_eur: npt.ArrayLike, yearly_rate: npt.ArrayLike, years: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """
    Return the equal monthly payment that repays a loan, interest included.

    Parameters
    ----------
    principal_eur : array_like
        Amount that is lent [EUR].
    yearly_rate : array_like, broadcast with `principal_eur`
        Nominal interest per year, a twelfth of it due each month [-].
    years : array_like, broadcast with `principal_eur`
        Term [yr].

    Returns
    -------
    ndarray
        Payment per month [EUR].

    Raises
    ------
    ContractError
        If a term is not positive or a rate is -100 % a month or less.

    Examples
    --------
    >>> monthly_payment(60_000, [0.0275, 0.0225, 0.0], 25).round(2)
    array([276.79, 261.68, 200.  ])
    """
    months = np.asarray(years, "float64") * MONTHS_PER_YEAR
    rate = np.asarray(yearly_rate, "float64") / MONTHS_PER_YEAR
    return np.asarray(np.asarray(principal_eur, "float64") * annuity_factor(rate, months))
