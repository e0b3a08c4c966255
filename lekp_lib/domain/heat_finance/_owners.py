"""Six ownership forms side by side: who pays in, who is paid out, what the household pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lekp_lib.domain.heat_finance._project import Project, break_even_price, project_flows
from lekp_lib.domain.heat_finance._value import irr, npv, payback_years
from lekp_lib.errors import AssumptionError, ContractError
from lekp_lib.money import annuity_factor

__all__ = [
    "CAPITAL_LAYERS",
    "EQUITY_LAYERS",
    "OWNERS",
    "Owner",
    "cash_flows",
    "compare_owners",
    "competitive_price",
    "owners",
]

OWNERS = (
    "municipality",
    "intermunicipal",
    "citizen_coop",
    "private_concession",
    "hybrid",
    "consumer_owned",
)
"""Codes of the ownership forms."""

EQUITY_LAYERS = (
    "municipal_equity",
    "intermunicipal_equity",
    "citizen_shares",
    "private_equity",
)
"""Capital that carries the risk of the owner."""

CAPITAL_LAYERS = ("subsidy", *EQUITY_LAYERS, "loan")
"""All that together pays the investment."""

_OWN_FIGURES = (
    "required_return_share",
    "subsidy_share",
    "loan_rate_share",
    "loan_term_years",
    "tax_share",
    "surplus_payout_share",
)


@dataclass(frozen=True)
class Owner:
    """
    An ownership form: what it must earn and where its money comes from.

    Parameters
    ----------
    code : str
        One of ``OWNERS``.
    required_return_share : float
        Real yearly return on the whole investment, before tax and loans [-].
    subsidy_share : float
        Share of the first investment that is subsidised [-, 0-1].
    equity_shares : Mapping of layer to share
        Part of each layer of ``EQUITY_LAYERS`` in the investment *after subsidy* [-]; what is
        left is borrowed, so that the stack always adds up.
    equity_returns : Mapping of layer to return
        Yearly payment each layer expects on what it paid in [-].
    loan_rate_share, loan_term_years : float
        Real interest [-] and whole number of yearly payments [yr].
    tax_share : float
        Tax on profit, below 1 [-].
    surplus_payout_share : float
        Share of what is left after the expected payments that is paid out as well [-, 0-1].

    Raises
    ------
    ContractError
        If a share lies outside 0-1, the equity adds up to more than 1, a layer is unknown or
        expects no known return, or the loan has no whole term.

    Examples
    --------
    >>> coop = Owner("citizen_coop", 0.05, 0.3, {"citizen_shares": 0.5}, {"citizen_shares": 0.04},
    ...              0.03, 20, 0.25, 0.0)
    >>> coop.capital_stack["citizen_shares"], coop.capital_stack["loan"]
    (0.35, 0.35)
    """

    code: str
    required_return_share: float
    subsidy_share: float
    equity_shares: Mapping[str, float]
    equity_returns: Mapping[str, float]
    loan_rate_share: float
    loan_term_years: float
    tax_share: float
    surplus_payout_share: float

    def __post_init__(self) -> None:
        shares = [self.subsidy_share, self.tax_share, self.surplus_payout_share]
        shares += [*self.equity_shares.values(), sum(self.equity_shares.values())]
        if not all(0 <= share <= 1 + 1e-9 for share in shares) or self.tax_share == 1:
            msg = (
                f"{self.code}: subsidie, eigen kapitaal, belasting en uitkering zijn aandelen van "
                "0 tot 1, het eigen kapitaal is samen hoogstens 1 en belasting minder dan 1. "
                "Wat te doen: verbeter de eigen aannames."
            )
            raise ContractError(msg)
        if not set(self.equity_shares) <= set(EQUITY_LAYERS) & set(self.equity_returns):
            msg = f"{self.code}: layers must be among {EQUITY_LAYERS}, each with a return."
            raise ContractError(msg)
        if self.loan_term_years < 1 or self.loan_term_years != round(self.loan_term_years):
            msg = f"{self.code}: de looptijd van de lening is een geheel aantal jaren vanaf 1."
            raise ContractError(msg)

    @property
    def capital_stack(self) -> dict[str, float]:
        """Share of each of ``CAPITAL_LAYERS`` in the investment; adds up to 1 [-]."""
        own = 1.0 - self.subsidy_share
        stack = {layer: own * self.equity_shares.get(layer, 0.0) for layer in EQUITY_LAYERS}
        return {
            "subsidy": self.subsidy_share,
            **stack,
            "loan": max(0.0, own - sum(stack.values())),
        }

    @property
    def capital_cost_share(self) -> float:
        """
        What the capital after subsidy costs a year before tax, loan and equity weighed [-].

        A required return below it cannot pay all who put money in; above it lies a margin
        for risk.
        """
        equity = sum(s * self.equity_returns[layer] for layer, s in self.equity_shares.items())
        loan = 1.0 - sum(self.equity_shares.values())
        before_tax = equity / (1.0 - self.tax_share) if equity else 0.0
        return before_tax + loan * self.loan_rate_share


def owners(figures: Mapping[str, float]) -> dict[str, Owner]:
    """
    Return the six ownership forms from the figures of the theme.

    Parameters
    ----------
    figures : Mapping
        Values by ``<owner>.<figure>`` (required_return_share, subsidy_share, loan_rate_share,
        loan_term_years, tax_share, surplus_payout_share; ``<layer>_share`` where the owner has
        that layer) and ``<layer>.return_share``; others are left alone.

    Returns
    -------
    dict of code to Owner
        In the order of ``OWNERS``.

    Raises
    ------
    AssumptionError
        If a figure is missing; all at once.

    Examples
    --------
    >>> from lekp_lib.assumptions import load
    >>> owners(load().values_below("finance."))["citizen_coop"].required_return_share
    0.05
    """
    needed = [f"{code}.{name}" for code in OWNERS for name in _OWN_FIGURES]
    needed += [f"{layer}.return_share" for layer in EQUITY_LAYERS]
    missing = [key for key in needed if key not in figures]
    if missing:
        msg = f"Deze kengetallen van de eigenaars ontbreken: {', '.join(missing)}."
        raise AssumptionError(msg)
    returns = {layer: figures[f"{layer}.return_share"] for layer in EQUITY_LAYERS}
    found = {}
    for code in OWNERS:
        layers = {
            layer: figures[f"{code}.{layer}_share"]
            for layer in EQUITY_LAYERS
            if f"{code}.{layer}_share" in figures
        }
        own = {name: figures[f"{code}.{name}"] for name in _OWN_FIGURES}
        found[code] = Owner(code=code, equity_shares=layers, equity_returns=returns, **own)
    return found


def cash_flows(project: Project, owner: Owner, *, heat_price_eur_mwh: float) -> pd.DataFrame:
    """
    Return all money that moves each year under one owner.

    Each layer pays its share of every first investment. Replacements are paid from cash: what
    they will cost is set aside evenly over the life of what they replace; what is lacking then
    is borrowed on the terms of the first loan. From what is left above that reserve the equity
    gets the payment it expects, and the agreed share of the rest. Any other lack of cash the
    owner must add: a shortage.

    Parameters
    ----------
    project : Project
    owner : Owner
    heat_price_eur_mwh : float
        Heat price in every year, without VAT [EUR/MWh].

    Returns
    -------
    DataFrame, index year
        Columns of ``project_flows`` and <layer>_eur (subsidy, four equity layers, loan: paid
        in), interest_eur, repayment_eur, debt_service_eur (their sum), tax_eur, dividends_eur
        [EUR/yr]; loan_balance_eur, reserve_eur, cash_eur at the end of the year [EUR].
        Cash below 0 is a shortage: the owner must add money that the stack does not hold.

    Notes
    -----
    A loan is repaid in equal yearly sums from the year after it is drawn. Tax is due on
    revenue less O&M, heat cost, interest and linear depreciation of the investment after
    subsidy; losses carry forward without limit. All in real money: a real loan of equal sums
    weighs less in the first years than a bank's, which does not grow with prices. Cash earns
    nothing.

    Examples
    --------
    >>> plan = Project.at_once({"pipes": 1000.0}, {"pipes": 50}, horizon_years=40, om_share=0.0,
    ...                        heat_mwh=10.0, heat_cost_eur_mwh=0.0)
    >>> town = Owner("municipality", 0.0, 0.2, {"municipal_equity": 0.5}, {"municipal_equity": 0.0},
    ...              0.0, 20, 0.0, 0.0)
    >>> flows = cash_flows(plan, town, heat_price_eur_mwh=3.0)
    >>> flows.loc[[0, 1], ["loan_eur", "debt_service_eur", "cash_eur"]].to_numpy().tolist()
    [[400.0, 0.0, 0.0], [0.0, 20.0, 10.0]]
    """
    flows = project_flows(
        project, heat_price_eur_mwh=heat_price_eur_mwh, subsidy_share=owner.subsidy_share
    )
    investment = flows["investment_eur"]
    layers = {f"{layer}_eur": share * investment for layer, share in owner.capital_stack.items()}
    flows = flows.assign(**layers, reserve_eur=_reserve(project))
    return flows.assign(**_ledger(flows, owner, _written_off(project, owner)))


def _written_off(project: Project, owner: Owner) -> npt.NDArray[np.float64]:
    """Return the linear depreciation of each year, of what was paid without subsidy."""
    spent = project.investment_eur * (1.0 - owner.subsidy_share) + project.reinvestment_eur
    total = np.zeros(len(spent))
    for kind, series in spent.items():
        life = round(project.lifetime_years[str(kind)])
        yearly = np.concatenate([[0.0], np.full(life, 1.0 / life)])
        total += np.convolve(series.to_numpy(), yearly)[: len(spent)]
    return total


def _reserve(project: Project) -> npt.NDArray[np.float64]:
    """Return what must lie ready at the end of each year for the replacements to come."""
    ready = np.zeros(len(project.years))
    for kind, series in project.reinvestment_eur.items():
        life = round(project.lifetime_years[str(kind)])
        for year in np.flatnonzero(series):
            before = np.arange(year - life, year)
            ready[before] += series[year] * (before - (year - life)) / life
    return ready


def _ledger(
    flows: pd.DataFrame, owner: Owner, written_off: npt.NDArray[np.float64]
) -> dict[str, npt.NDArray[np.float64]]:
    """Return loans, tax, payments and cash, year after year: each year rests on the last."""
    running = _running(flows).to_numpy()
    replaced = flows["reinvestment_eur"].to_numpy()
    loan, reserve = flows["loan_eur"].to_numpy(), flows["reserve_eur"].to_numpy()
    expected = _expected(flows, owner)
    term = round(owner.loan_term_years)
    payment = float(annuity_factor(owner.loan_rate_share, term))
    borrowed, shortage, interest, service, tax, dividends, balance, cash = np.zeros((8, len(flows)))
    owed = held = profit = taxed = 0.0
    for year in range(len(flows)):
        interest[year] = owed * owner.loan_rate_share
        profit += running[year] - written_off[year] - interest[year]
        tax[year] = owner.tax_share * max(0.0, profit - taxed)
        taxed = max(taxed, profit)
        held += running[year] - replaced[year] - service[year] - tax[year]
        borrowed[year] = min(replaced[year], max(0.0, -held))
        shortage[year] = max(0.0, -held - borrowed[year])
        held = max(0.0, held)
        drawn = loan[year] + borrowed[year]
        owed += interest[year] - service[year] + drawn
        service[year + 1 : year + 1 + term] += drawn * payment
        free = max(0.0, held - reserve[year])
        first = min(free, expected[year])
        dividends[year] = first + owner.surplus_payout_share * (free - first)
        held -= dividends[year]
        balance[year], cash[year] = owed, held
    return {
        "replacement_loan_eur": borrowed,
        "shortage_eur": shortage,
        "interest_eur": interest,
        "repayment_eur": service - interest,
        "debt_service_eur": service,
        "tax_eur": tax,
        "dividends_eur": dividends,
        "loan_balance_eur": balance,
        "cash_eur": cash,
    }


def _running(flows: pd.DataFrame) -> pd.Series[float]:
    """Return what a year of running the network leaves, before loans and tax."""
    income = flows["revenue_eur"] + flows["other_income_eur"]
    return income - flows["om_eur"] - flows["heat_cost_eur"]


def _expected(flows: pd.DataFrame, owner: Owner) -> npt.NDArray[np.float64]:
    """Return the payment that all equity paid in before expects each year."""
    total = np.zeros(len(flows))
    for layer in owner.equity_shares:
        paid_in = flows[f"{layer}_eur"].cumsum().shift(1, fill_value=0.0)
        total += paid_in.to_numpy() * owner.equity_returns[layer]
    return total


def competitive_price(
    alternative_eur: npt.ArrayLike,
    *,
    household_mwh: npt.ArrayLike,
    fixed_eur: npt.ArrayLike = 0.0,
    vat_share: npt.ArrayLike = 0.0,
    discount_share: npt.ArrayLike = 0.0,
) -> npt.NDArray[np.float64]:
    """
    Return the heat price at which a household is as well off as with its best alternative.

    Parameters
    ----------
    alternative_eur : array_like
        What the best alternative costs, all in, VAT included [EUR/yr].
    household_mwh : array_like
        Heat the household takes [MWh/yr].
    fixed_eur : array_like
        Fixed fee of the network, without VAT [EUR/yr].
    vat_share, discount_share : array_like
        VAT on heat [-]; how much cheaper the network must be [-, 0-1].

    Returns
    -------
    ndarray
        ``(alternative · (1 - discount) / (1 + VAT) - fixed) / heat``, without VAT; NaN where a
        household takes no heat [EUR/MWh].

    Examples
    --------
    >>> float(competitive_price(1272.0, household_mwh=10.0, fixed_eur=200.0, vat_share=0.06))
    100.0
    """
    bill = np.asarray(alternative_eur, "float64") * (1.0 - np.asarray(discount_share, "float64"))
    net = bill / (1.0 + np.asarray(vat_share, "float64")) - np.asarray(fixed_eur, "float64")
    heat = np.asarray(household_mwh, "float64")
    return np.asarray(net / np.where(heat > 0.0, heat, np.nan))


def compare_owners(
    project: Project,
    forms: Sequence[Owner],
    *,
    heat_price_eur_mwh: float,
    household_mwh: float,
    alternatives_eur: Mapping[str, float],
    fixed_eur: float = 0.0,
    vat_share: float = 0.0,
) -> pd.DataFrame:
    """
    Return the ownership forms side by side.

    Parameters
    ----------
    project : Project
    forms : sequence of Owner
    heat_price_eur_mwh : float
        Price at which worth, return and debt cover are judged, without VAT: for instance
        that of ``competitive_price`` [EUR/MWh].
    household_mwh : float
        Heat one household takes [MWh/yr].
    alternatives_eur : Mapping of code to yearly cost
        What that household pays for each other way to heat, VAT included [EUR/yr].
    fixed_eur, vat_share : float
        Fixed fee per household, which must be in the project's other income too [EUR/yr],
        without VAT; VAT on heat [-].

    Returns
    -------
    DataFrame, index owner, in the order of `forms`
        required_return_share, capital_cost_share [-]; break_even_eur_mwh [EUR/MWh]; npv_eur
        (at the required return) [EUR]; irr_share, equity_irr_share (after loans and tax) [-];
        payback_years [yr]; dscr_lowest, dscr_average (cash before debt service / debt service,
        replacements left out) [-]; subsidy_eur, shortage_eur (all years) [EUR]; bill_eur (one
        household at the break-even price), cheapest (code of its best alternative, missing if
        there is none), cheapest_eur, bill_gap_eur (above 0 if the network is dearer), VAT
        included [EUR/yr].

    Examples
    --------
    >>> plan = Project.at_once({"pipes": 1000.0}, {"pipes": 40}, horizon_years=40, om_share=0.0,
    ...                        heat_mwh=10.0, heat_cost_eur_mwh=0.0)
    >>> town = Owner("municipality", 0.0, 0.2, {}, {}, 0.0, 40, 0.0, 0.0)
    >>> table = compare_owners(plan, [town], heat_price_eur_mwh=4.0, household_mwh=10.0,
    ...                        alternatives_eur={"heat_pump": 30.0})
    >>> table[["break_even_eur_mwh", "npv_eur", "dscr_lowest", "bill_gap_eur"]].round(3).to_numpy()
    array([[  2., 800.,   2., -10.]])
    """
    known = {code: cost for code, cost in alternatives_eur.items() if np.isfinite(cost)}
    cheapest = min(known, key=lambda code: known[code], default=None)
    cheapest_eur = known[cheapest] if cheapest is not None else float("nan")
    rows = []
    for owner in forms:
        price = break_even_price(
            project, return_share=owner.required_return_share, subsidy_share=owner.subsidy_share
        )
        bill = (float(price) * household_mwh + fixed_eur) * (1.0 + vat_share)
        flows = cash_flows(project, owner, heat_price_eur_mwh=heat_price_eur_mwh)
        rows.append(
            {
                "owner": owner.code,
                "required_return_share": owner.required_return_share,
                "capital_cost_share": owner.capital_cost_share,
                "break_even_eur_mwh": float(price),
                **_judged(flows, owner),
                "bill_eur": bill,
                "cheapest": cheapest,
                "cheapest_eur": cheapest_eur,
                "bill_gap_eur": bill - cheapest_eur,
            }
        )
    return pd.DataFrame(rows).set_index("owner")


def _judged(flows: pd.DataFrame, owner: Owner) -> dict[str, float]:
    """Return what the flows of one owner come to."""
    project = flows["project_flow_eur"].to_numpy()
    paid_in = [*(f"{layer}_eur" for layer in EQUITY_LAYERS), "shortage_eur"]
    equity_in = flows[paid_in].sum(axis=1).to_numpy()
    to_equity = flows["dividends_eur"].to_numpy() - equity_in
    to_equity[-1] += flows["cash_eur"].iloc[-1] - flows["loan_balance_eur"].iloc[-1]
    to_equity[-1] += flows["residual_value_eur"].iloc[-1]
    lowest, average = _debt_cover(flows)
    return {
        "npv_eur": float(npv(project, owner.required_return_share)),
        "irr_share": irr(project),
        "equity_irr_share": irr(to_equity),
        "payback_years": payback_years(project - flows["residual_value_eur"].to_numpy()),
        "dscr_lowest": lowest,
        "dscr_average": average,
        "subsidy_eur": float(flows["subsidy_eur"].sum()),
        "shortage_eur": float(flows["shortage_eur"].sum()),
    }


def _debt_cover(flows: pd.DataFrame) -> tuple[float, float]:
    """Return the lowest and average cover over the years with debt service; NaN without debt."""
    service = flows["debt_service_eur"]
    cover = ((_running(flows) - flows["tax_eur"]) / service)[service > 0]
    return float(cover.min()), float(cover.mean())
