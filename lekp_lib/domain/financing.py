"""
What a renovation costs a household each month: premium, loan, energy, and who pays what.

An amount is positive when the household pays. Throughout, ``cases`` has one row per home, package
and owner, any index: investment_eur with VAT, premium_eur, scheme_eur (what may be borrowed on the
terms of the scheme) with scheme_rate [-] and scheme_years, and market_rate [-] and market_years for
the rest. Nothing is paid from savings, so that every euro is in the monthly amount.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from lekp_lib.errors import ContractError
from lekp_lib.money import annuity_factor, monthly_payment
from lekp_lib.units import MONTHS_PER_YEAR

__all__ = [
    "break_even",
    "equivalent_annual_cost",
    "monthly_flow",
    "payments",
    "premium_amounts",
    "retention",
    "rolling_fund",
    "three_columns",
]

_Floats = npt.NDArray[np.float64]
_ROUNDS = 60


def premium_amounts(works: pd.DataFrame, rules: pd.DataFrame) -> pd.Series[float]:
    """
    Return the premium for each element of work.

    Parameters
    ----------
    works : DataFrame, any index
        cost_eur of the invoice, VAT excluded [EUR], and area_m2 (may be missing) [m2].
    rules : DataFrame, same index
        value, unit (EUR, EUR/m2 or aandeel), max_eur and max_share; missing where there is no
        rule or only a part of it is known.

    Returns
    -------
    Series, same index and order as `works`
        ``premium_eur`` [EUR]; 0 without a rule that can be worked out. Never more than the
        invoice.

    Examples
    --------
    >>> works = pd.DataFrame({"cost_eur": [10000.0, 9000.0], "area_m2": [None, 100.0]})
    >>> rules = pd.DataFrame({"value": [0.5, 20.0], "unit": ["aandeel", "EUR/m2"],
    ...                       "max_eur": [4000.0, None], "max_share": [None, 0.5]})
    >>> premium_amounts(works, rules).tolist()
    [4000.0, 2000.0]
    """
    cost = works["cost_eur"].astype("float64")
    value = rules["value"].astype("float64")
    of_unit = {
        "EUR": value,
        "EUR/m2": value * works["area_m2"].astype("float64"),
        "aandeel": value * cost,
    }
    amount = pd.Series(0.0, works.index)
    for unit, found in of_unit.items():
        amount = amount.mask(rules["unit"] == unit, found)
    of_invoice = rules["max_share"].astype("float64").fillna(1.0) * cost
    most = of_invoice.clip(upper=rules["max_eur"].astype("float64").fillna(np.inf))
    return amount.fillna(0.0).clip(upper=most).rename("premium_eur")


def payments(cases: pd.DataFrame, *, premium_months: float) -> pd.DataFrame:
    """
    Return what the loans ask each month, before and after the premium arrives.

    Who waits for a premium borrows it first. When it comes, the law wants it to repay the loan;
    the term stays, the monthly amount falls.

    Parameters
    ----------
    cases : DataFrame
        See the module.
    premium_months : float
        Months between the first payment and the premium [-].

    Returns
    -------
    DataFrame, same index and order as `cases`
        scheme_eur and market_eur borrowed; first_month_eur until the premium comes and month_eur
        from then on [EUR per month]; left_over_eur: premium beyond what is still owed, which the
        household keeps [EUR]; gap_eur, what is borrowed for the premium, and gap_cost_eur, the
        interest on it until it comes [EUR].

    Raises
    ------
    ContractError
        If the premium comes after the last payment, or exceeds the investment.

    Notes
    -----
    ``month = (balance after m payments - premium) · annuity(rate, remaining months)``. The
    premium repays the loan of the scheme first, then the other.

    Examples
    --------
    >>> case = pd.DataFrame({"investment_eur": [60000.0], "premium_eur": [0.0],
    ...     "scheme_eur": [60000.0], "scheme_rate": [0.0275], "scheme_years": [25],
    ...     "market_rate": [0.05], "market_years": [20]})
    >>> payments(case, premium_months=12)["month_eur"].round(2).tolist()
    [276.79]
    """
    _check(cases, premium_months)
    invested, premium = (cases[name].to_numpy("float64") for name in _AMOUNTS)
    scheme = np.minimum(cases["scheme_eur"].to_numpy("float64"), invested)
    loans = {"scheme": scheme, "market": invested - scheme}
    first, later, interest = (np.zeros(len(cases)) for _ in range(3))
    rest = premium
    for name, lent in loans.items():
        rate = cases[f"{name}_rate"].to_numpy("float64")
        years = cases[f"{name}_years"].to_numpy("float64")
        owed = _balance(lent, rate, years, premium_months)
        repaid = np.minimum(owed, rest)
        rest = rest - repaid
        first += monthly_payment(lent, rate, years)
        later += monthly_payment(owed - repaid, rate, years - premium_months / MONTHS_PER_YEAR)
        interest += repaid * rate * premium_months / MONTHS_PER_YEAR
    return pd.DataFrame(
        {
            "scheme_eur": loans["scheme"],
            "market_eur": loans["market"],
            "first_month_eur": first,
            "month_eur": later,
            "left_over_eur": rest,
            "gap_eur": premium,
            "gap_cost_eur": interest,
        },
        index=cases.index,
    )


_AMOUNTS = ("investment_eur", "premium_eur")


def _check(cases: pd.DataFrame, premium_months: float) -> None:
    invested, premium = (cases[name] for name in _AMOUNTS)
    shortest = cases[["scheme_years", "market_years"]].min().min() * MONTHS_PER_YEAR
    is_wrong = ~((premium >= 0) & (premium <= invested))
    if is_wrong.any():
        first = list(cases.index[is_wrong][:3])
        msg = f"A premium lies between 0 and the investment, not so for {first}. Correct it."
        raise ContractError(msg)
    if len(cases) and not 0 <= premium_months < shortest:
        msg = f"The premium comes after {premium_months} months, but a loan ends at {shortest}."
        raise ContractError(msg)


def _balance(
    lent: npt.ArrayLike, rate: npt.ArrayLike, years: npt.ArrayLike, months: float
) -> _Floats:
    """Return what is still owed after so many equal payments [EUR]."""
    growth = (1.0 + np.asarray(rate, "float64") / MONTHS_PER_YEAR) ** months
    payment = monthly_payment(lent, rate, years)
    monthly = np.asarray(rate, "float64") / MONTHS_PER_YEAR
    paid = np.divide(growth - 1.0, monthly, out=np.full_like(growth, months), where=monthly != 0)
    return np.asarray(np.maximum(np.asarray(lent, "float64") * growth - payment * paid, 0.0))


def monthly_flow(
    case: pd.Series[float], *, premium_months: int, change_eur_month: float
) -> pd.DataFrame:
    """
    Return every month of one case, from the works to the last payment.

    Parameters
    ----------
    case : Series
        One row of ``cases``, see the module.
    premium_months : int
        Month in which the premium comes; after the payment of that month.
    change_eur_month : float
        What energy and upkeep cost more than before, negative when they cost less [EUR/month].

    Returns
    -------
    DataFrame, index month (0 is that of the works)
        payment_eur, interest_eur (part of it), premium_eur, balance_eur (owed at the end of the
        month), net_eur (payment with the change of energy, less premium that is left over) and
        cumulative_eur [EUR].

    Examples
    --------
    >>> case = pd.Series({"investment_eur": 1200.0, "premium_eur": 600.0, "scheme_eur": 1200.0,
    ...     "scheme_rate": 0.0, "scheme_years": 1.0, "market_rate": 0.05, "market_years": 1.0})
    >>> flow = monthly_flow(case, premium_months=3, change_eur_month=-60.0)
    >>> flow.loc[[3, 4], ["payment_eur", "balance_eur", "net_eur"]].round(2).to_numpy().tolist()
    [[100.0, 300.0, 40.0], [33.33, 266.67, -26.67]]
    """
    invested = float(case["investment_eur"])
    scheme = min(float(case["scheme_eur"]), invested)
    owed = {"scheme": scheme, "market": invested - scheme}
    ends = {name: round(case[f"{name}_years"] * MONTHS_PER_YEAR) for name in owed}
    rows = [(0, 0.0, 0.0, 0.0, invested, 0.0)]
    for month in range(1, max(ends.values()) + 1):
        payment = interest = 0.0
        for name, balance in owed.items():
            left = ends[name] - month + 1
            if left < 1 or balance <= 0:
                continue
            rate = float(case[f"{name}_rate"])
            paid = float(monthly_payment(balance, rate, left / MONTHS_PER_YEAR))
            due = balance * rate / MONTHS_PER_YEAR
            owed[name] = balance + due - paid
            payment, interest = payment + paid, interest + due
        premium = float(case["premium_eur"]) if month == premium_months else 0.0
        kept = premium
        for name, balance in owed.items():
            repaid = min(balance, kept)
            owed[name], kept = balance - repaid, kept - repaid
        net = payment + change_eur_month - kept
        rows.append((month, payment, interest, premium, sum(owed.values()), net))
    names = ["month", "payment_eur", "interest_eur", "premium_eur", "balance_eur", "net_eur"]
    flow = pd.DataFrame(rows, columns=names).set_index("month")
    return flow.assign(cumulative_eur=flow["net_eur"].cumsum())


def three_columns(
    month_eur: pd.Series[float],
    energy_eur: pd.Series[float],
    upkeep_eur: pd.Series[float],
    *,
    rent_share: float,
) -> pd.DataFrame:
    """
    Return what a package changes each month for an owner-occupier, a landlord and a tenant.

    The landlord pays for the works, the tenant has the lower bill. A part of it can come back as
    rent; what one pays the other receives.

    Parameters
    ----------
    month_eur : Series
        Payment of the loans [EUR/month].
    energy_eur, upkeep_eur : Series, same index
        What energy, and upkeep of the heater, cost more than before [EUR/month]; both are the
        tenant's.
    rent_share : float
        Part of a lower bill (energy and upkeep together) that is asked as extra rent [-, 0-1].

    Returns
    -------
    DataFrame, same index and order as `month_eur`
        owner_occupier_eur, landlord_eur, tenant_eur and rent_eur, from tenant to landlord
        [EUR/month]. The landlord's and the tenant's amounts add up to the owner-occupier's.

    Examples
    --------
    >>> table = three_columns(pd.Series([200.0]), pd.Series([-100.0]), pd.Series([0.0]),
    ...                       rent_share=0.25)
    >>> table.iloc[0].tolist()
    [100.0, 175.0, -75.0, 25.0]
    """
    bill = energy_eur + upkeep_eur
    rent = (-bill).clip(lower=0.0) * rent_share
    return pd.DataFrame(
        {
            "owner_occupier_eur": month_eur + bill,
            "landlord_eur": month_eur - rent,
            "tenant_eur": bill + rent,
            "rent_eur": rent,
        }
    )


def retention(cases: pd.DataFrame, *, fund_eur: float, gain_eur: float = 0.0) -> pd.DataFrame:
    """
    Return what a household pays when a rolling fund puts up the money until the home is sold.

    Parameters
    ----------
    cases : DataFrame
        See the module.
    fund_eur : float
        Most that the fund puts into a home [EUR].
    gain_eur : float
        Part of the gain on the home that goes to the fund at the sale [EUR].

    Returns
    -------
    DataFrame, same index and order as `cases`
        fund_eur; rest_eur, which must be borrowed; month_eur for it, on the terms of the scheme
        as far as it goes; at_sale_eur, due to the fund when the home is sold [EUR].

    Examples
    --------
    >>> case = pd.DataFrame({"investment_eur": [36000.0], "premium_eur": [6000.0],
    ...     "scheme_eur": [60000.0], "scheme_rate": [0.0], "scheme_years": [25],
    ...     "market_rate": [0.05], "market_years": [20]})
    >>> retention(case, fund_eur=20000.0).iloc[0].tolist()
    [20000.0, 10000.0, 33.333333333333336, 20000.0]
    """
    needed = cases["investment_eur"] - cases["premium_eur"]
    fund = needed.clip(upper=fund_eur)
    rest = cases.assign(investment_eur=needed - fund, premium_eur=0.0)
    return pd.DataFrame(
        {
            "fund_eur": fund,
            "rest_eur": rest["investment_eur"],
            "month_eur": payments(rest, premium_months=0)["month_eur"],
            "at_sale_eur": fund + gain_eur * (fund > 0),
        }
    )


def rolling_fund(paid_out_eur: npt.ArrayLike, *, mobility_share: float) -> pd.DataFrame:
    """
    Return how a fund fills up again as homes are sold.

    Parameters
    ----------
    paid_out_eur : array_like, one value per year
        What the fund puts into homes that year [EUR].
    mobility_share : float
        Homes of which the owner changes in a year [-].

    Returns
    -------
    DataFrame, index year from 1
        paid_out_eur, returned_eur (of what stood out when the year began), outstanding_eur at its
        end and fresh_eur, the money to be added [EUR].

    Examples
    --------
    >>> rolling_fund([100.0, 0.0], mobility_share=0.25)["outstanding_eur"].tolist()
    [100.0, 75.0]
    """
    rows, outstanding, purse = [], 0.0, 0.0
    for paid in np.asarray(paid_out_eur, dtype="float64"):
        returned = outstanding * mobility_share
        outstanding += paid - returned
        purse += returned
        fresh = max(paid - purse, 0.0)
        purse = max(purse - paid, 0.0)
        rows.append((paid, returned, outstanding, fresh))
    names = ["paid_out_eur", "returned_eur", "outstanding_eur", "fresh_eur"]
    years = pd.RangeIndex(1, len(rows) + 1, name="year")
    return pd.DataFrame(rows, columns=names, index=years)


def equivalent_annual_cost(parts: pd.DataFrame, *, rate: float) -> pd.Series[float]:
    """
    Return what an investment costs per year of its life.

    Parameters
    ----------
    parts : DataFrame, any index
        net_eur, with VAT and less premium [EUR], and lifetime_years [yr].
    rate : float
        Real interest [-].

    Returns
    -------
    Series, same index and order as `parts`
        ``annual_eur`` [EUR/yr].

    Examples
    --------
    >>> parts = pd.DataFrame({"net_eur": [1000.0], "lifetime_years": [20.0]})
    >>> equivalent_annual_cost(parts, rate=0.03).round(2).tolist()
    [67.22]
    """
    factor = annuity_factor(rate, parts["lifetime_years"].to_numpy("float64"))
    return (parts["net_eur"] * factor).rename("annual_eur")


def break_even(cases: pd.DataFrame, *, limits: dict[str, tuple[float, float]]) -> pd.DataFrame:
    """
    Return what would have to change for a package to cost nothing per month.

    Parameters
    ----------
    cases : DataFrame
        net_investment_eur (less premium) [EUR] with rate [-] and years, one loan; gas_saved_mwh
        and electricity_mwh more than before [MWh/yr], gas_eur_mwh and electricity_eur_mwh, and
        other_eur: everything else that changes in a year, positive when it costs [EUR/yr].
    limits : dict of str to (float, float)
        Lowest and highest value that is still worth naming, of price_ratio [-], gas_eur_mwh,
        rate [-] and premium_eur.

    Returns
    -------
    DataFrame, same index and order as `cases`
        price_ratio (price of electricity over that of gas), gas_eur_mwh, rate, and premium_eur
        on top of the premium there is: each the value at which the month costs 0 while the rest
        stays. NaN where there is none within the limits.

    Notes
    -----
    The ratio changes with the price of electricity. The rate is found by halving.

    Examples
    --------
    >>> case = pd.DataFrame({"net_investment_eur": [12000.0], "rate": [0.0], "years": [10.0],
    ...     "gas_saved_mwh": [10.0], "electricity_mwh": [2.0], "gas_eur_mwh": [100.0],
    ...     "electricity_eur_mwh": [300.0], "other_eur": [0.0]})
    >>> wide = dict.fromkeys(["price_ratio", "gas_eur_mwh", "rate", "premium_eur"], (-1e9, 1e9))
    >>> break_even(case, limits=wide | {"rate": (0.0, 1.0)}).iloc[0].tolist()
    [-1.0, 180.0, nan, 8000.0]
    """
    gas, electricity = cases["gas_saved_mwh"], cases["electricity_mwh"]
    loan = cases["net_investment_eur"]
    yearly = monthly_payment(loan, cases["rate"], cases["years"]) * MONTHS_PER_YEAR
    without = gas * cases["gas_eur_mwh"] - cases["other_eur"]
    saved = without - electricity * cases["electricity_eur_mwh"]
    price = (without - yearly) / electricity.where(electricity > 0)
    due = yearly + electricity * cases["electricity_eur_mwh"] + cases["other_eur"]
    per_euro = monthly_payment(1.0, cases["rate"], cases["years"]) * MONTHS_PER_YEAR
    found = {
        "price_ratio": price / cases["gas_eur_mwh"],
        "gas_eur_mwh": due / gas.where(gas > 0),
        "rate": _rate_that_fits(loan, cases["years"], saved, limits["rate"]),
        "premium_eur": (loan - saved / per_euro).where(saved >= 0),
    }
    return pd.DataFrame(
        {name: values.where(values.between(*limits[name])) for name, values in found.items()}
    )


def _rate_that_fits(
    loan: pd.Series[float],
    years: pd.Series[float],
    yearly_eur: pd.Series[float],
    limits: tuple[float, float],
) -> pd.Series[float]:
    """Return the interest at which the loan asks exactly so much a year, NaN if none does."""

    def short(rate: _Floats) -> _Floats:
        asked = monthly_payment(loan, rate, years) * MONTHS_PER_YEAR
        return np.asarray(asked - yearly_eur.to_numpy("float64"))

    low, high = (np.full(len(loan), limit, dtype="float64") for limit in limits)
    is_within = (short(low) <= 0) & (short(high) >= 0) & (loan > 0).to_numpy()
    return pd.Series(_root(short, low, high), loan.index).where(is_within)


def _root(rising: Callable[[_Floats], _Floats], low: _Floats, high: _Floats) -> _Floats:
    """Return where a rising function is 0, by halving, for all rows at once."""
    for _ in range(_ROUNDS):
        middle = (low + high) / 2.0
        is_above = rising(middle) > 0
        low, high = np.where(is_above, low, middle), np.where(is_above, middle, high)
    return (low + high) / 2.0
