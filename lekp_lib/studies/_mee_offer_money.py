"""What each package costs each kind of owner: rules, loans, months and years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lekp_lib.domain import financing, rules
from lekp_lib.domain.renovation_package import ELEMENTS, TODAY
from lekp_lib.studies._mee_offer_homes import KIND, Offer
from lekp_lib.units import MONTHS_PER_YEAR

__all__ = [
    "IN_FORCE",
    "LAST_KNOWN",
    "MONEY_KEYS",
    "OWNERS",
    "OwnerRules",
    "break_evens",
    "cases_of",
    "fund_rule",
    "loan_rules",
    "premium_rules",
    "retained",
    "rules_of",
]

IN_FORCE, LAST_KNOWN = "in_force", "last_known"
"""Which rules count: those that hold and were checked lately, or the last known ones."""

OWNERS: Mapping[str, tuple[str, str | None]] = {
    "owner_low": ("owner_occupied", "low"),
    "owner_middle": ("owner_occupied", "middle"),
    "owner_high": ("owner_occupied", "high"),
    "landlord": ("private_rental", None),
    "social_landlord": ("social_rental", None),
}
"""Who pays for the works → tenure and income group; a landlord's income is not known."""

MONEY_KEYS = (
    "individual.rate_share",
    "individual.renovation.lifetime_years",
    "individual.heat_pump.lifetime_years",
    "individual.vat.standard_share",
    "package.ventilation.lifetime_years",
    "package.solar.lifetime_years",
    "package.loan.market_rate_share",
    "package.loan.market_years",
    "package.premium_months",
    "package.limit.ratio_low",
    "package.limit.ratio_high",
    "package.limit.gas_eur_mwh",
    "package.limit.rate_share",
    "supply.carrier.electricity_household.price_eur_mwh",
    "supply.carrier.gas_household.price_eur_mwh",
)
"""The figures this step reads."""

_KEYS = [*KIND, "package"]
_CASE = [*_KEYS, "owner"]
_LOAN = ("loan_max", "loan_rate", "loan_years")
_COSTS = ("cost_eur", "cost_low_eur", "cost_high_eur")
_LIFE = {
    **dict.fromkeys(ELEMENTS, "individual.renovation.lifetime_years"),
    "ventilation_check": "package.ventilation.lifetime_years",
    "ventilation": "package.ventilation.lifetime_years",
    "heat_pump": "individual.heat_pump.lifetime_years",
    "heat_network": "individual.renovation.lifetime_years",
    "solar_panels": "package.solar.lifetime_years",
}
"""Element → key of its lifetime."""


@dataclass(frozen=True)
class OwnerRules:
    """
    The rules that count, looked up once.

    Attributes
    ----------
    vat_share : Series, index subject (renovation, heat_pump)
        NaN where no rule in force tells it [-].
    premiums, loans : DataFrame
        See `premium_rules` and `loan_rules`.
    """

    vat_share: pd.Series[float]
    premiums: pd.DataFrame
    loans: pd.DataFrame


def rules_of(current: pd.DataFrame, variant: str) -> OwnerRules:
    """
    Return the rules that count for every owner.

    Parameters
    ----------
    current : DataFrame
        See ``Scene.rules``.
    variant : str
        ``IN_FORCE`` or ``LAST_KNOWN``; VAT is always that in force.
    """
    wanted = pd.DataFrame({"kind": "vat", "subject": ["renovation", "heat_pump"]})
    found = rules.rules_for(_counted(current, IN_FORCE), wanted)
    return OwnerRules(
        vat_share=found["value"].astype("float64").set_axis(wanted["subject"]),
        premiums=premium_rules(current, variant),
        loans=loan_rules(current, variant),
    )


def cases_of(offer: Offer, counted: OwnerRules) -> pd.DataFrame:
    """
    Return what each package costs each owner of each kind of home.

    Parameters
    ----------
    offer : Offer
    counted : OwnerRules

    Returns
    -------
    DataFrame, index (building_type, period, package, owner)
        cost_eur without VAT; investment_eur, investment_low_eur and investment_high_eur with VAT;
        premium_eur; the terms of the loans and the columns of ``financing.payments``;
        energy_<measure>_eur, what energy costs more per month, upkeep_eur idem;
        net_<measure>_eur per month with the payment; annual_eur and annual_today_eur, see
        ``financing.equivalent_annual_cost``, with real savings; and per year gas_saved_mwh,
        electricity_mwh and other_eur, see ``financing.break_even``.
    """
    values = offer.figures
    works = _works(offer, counted)
    grouped = works.groupby(_CASE, sort=False)
    sums = grouped[[*_COSTS, "premium_eur"]].sum()
    with_vat = grouped[[f"{name}_vat" for name in _COSTS]].sum()
    table = sums[["cost_eur", "premium_eur"]].assign(
        investment_eur=with_vat["cost_eur_vat"],
        investment_low_eur=with_vat["cost_low_eur_vat"],
        investment_high_eur=with_vat["cost_high_eur_vat"],
    )
    table = table.join(_terms(counted.loans, values), on="owner")
    paid = financing.payments(table, premium_months=values["package.premium_months"])
    table = table.rename(columns={"scheme_eur": "scheme_max_eur"}).join(paid)
    changed = _changes(offer).reindex(_without(table.index, "owner"))
    table = table.join(changed.set_axis(table.index))
    for measure in ("calculated", "realistic"):
        bill = table[f"energy_{measure}_eur"] + table["upkeep_eur"]
        table[f"net_{measure}_eur"] = table["month_eur"] + bill
    spread = financing.equivalent_annual_cost(
        works.assign(net_eur=works["cost_eur_vat"] - works["premium_eur"]),
        rate=values["individual.rate_share"],
    )
    yearly = spread.groupby(_works_keys(works), sort=False).sum()
    return table.assign(annual_eur=table["running_eur"] + yearly.reindex(table.index))


def _works_keys(works: pd.DataFrame) -> list[Any]:
    return [works[name] for name in _CASE]


def _without(index: pd.Index[Any], level: str) -> pd.MultiIndex:
    """Return the index of a table of cases or packages without one of its levels."""
    names = [str(name) for name in index.names if name != level]
    return pd.MultiIndex.from_arrays([index.get_level_values(name) for name in names], names=names)


def _works(offer: Offer, counted: OwnerRules) -> pd.DataFrame:
    """Return the works per owner, with VAT, premium and lifetime, one row each."""
    standard = offer.figures["individual.vat.standard_share"]
    of_subject = counted.vat_share.fillna(standard)
    vat = {e: of_subject[e if e == "heat_pump" else "renovation"] for e in _LIFE}
    plain = offer.works.reset_index()
    rate = 1.0 + plain["element"].map(vat)
    plain = plain.assign(
        **{f"{name}_vat": plain[name] * rate for name in _COSTS},
        lifetime_years=plain["element"].map({e: offer.figures[key] for e, key in _LIFE.items()}),
    )
    works = plain.merge(pd.DataFrame({"owner": list(OWNERS)}), how="cross")
    fits = works.reset_index(names="work").merge(
        counted.premiums, how="left", on=["owner", "element"]
    )
    amounts = financing.premium_amounts(fits, fits).groupby(fits["work"]).sum()
    return works.assign(premium_eur=amounts.clip(upper=works["cost_eur"]))


def _counted(current: pd.DataFrame, variant: str) -> pd.DataFrame:
    return current if variant == LAST_KNOWN else current[current["status"] == rules.IN_FORCE]


def _wanted(asked: Mapping[str, str]) -> pd.DataFrame:
    """Return a wish per owner and pair of subject and kind, for ``rules.rules_for``."""
    rows = [
        {"owner": owner, "subject": subject, "kind": kind, "tenure": tenure, "income_group": income}
        for owner, (tenure, income) in OWNERS.items()
        for subject, kind in asked.items()
    ]
    return pd.DataFrame(rows)


def premium_rules(current: pd.DataFrame, variant: str) -> pd.DataFrame:
    """
    Return the premiums that count: a row per owner, element and rule that fits.

    Parameters
    ----------
    current : DataFrame
        See ``Scene.rules``.
    variant : str
        ``IN_FORCE`` or ``LAST_KNOWN``.
    """
    wanted = _wanted(dict.fromkeys(_LIFE, "premium"))
    found = rules.rules_for(_counted(current, variant), wanted, every=True)
    about = wanted.loc[found.index, ["owner", "subject"]].rename(columns={"subject": "element"})
    return pd.concat([part.reset_index(drop=True) for part in (about, found)], axis=1)


def loan_rules(current: pd.DataFrame, variant: str) -> pd.DataFrame:
    """
    Return the terms of the loan of the scheme: a row per owner and kind of rule.

    Parameters
    ----------
    current : DataFrame
        See ``Scene.rules``.
    variant : str
        ``IN_FORCE`` or ``LAST_KNOWN``.
    """
    parts = []
    for kind in _LOAN:
        wanted = _wanted({"loan": kind})
        found = rules.rules_for(_counted(current, variant), wanted)
        parts.append(wanted[["owner", "kind"]].join(found))
    return pd.concat(parts, ignore_index=True)


def _terms(loans: pd.DataFrame, values: Mapping[str, float]) -> pd.DataFrame:
    """Return the terms of both loans per owner; no scheme where one of its terms is not known."""
    found = loans.pivot_table(index="owner", columns="kind", values="value", aggfunc="first")
    terms = found.astype("float64").reindex(index=list(OWNERS), columns=list(_LOAN))
    is_known = terms.notna().all(axis=1)
    years = values["package.loan.market_years"]
    return pd.DataFrame(
        {
            "scheme_eur": terms["loan_max"].where(is_known, 0.0),
            "scheme_rate": terms["loan_rate"].where(is_known, 0.0),
            "scheme_years": terms["loan_years"].where(is_known, years),
            "market_rate": values["package.loan.market_rate_share"],
            "market_years": years,
        }
    )


def _changes(offer: Offer) -> pd.DataFrame:
    """Return what energy and upkeep cost more than today, and what a year costs without works."""
    packages = offer.packages
    today = pd.DataFrame(packages.xs(TODAY, level="package")).reindex(
        _without(packages.index, "package")
    )
    today = today.set_axis(packages.index)
    change = packages - today
    electricity_price = offer.figures["supply.carrier.electricity_household.price_eur_mwh"]
    gas_price = offer.figures["supply.carrier.gas_household.price_eur_mwh"]
    gas_saved, electricity = -change["gas_realistic_mwh"], change["electricity_realistic_mwh"]
    metered = electricity * electricity_price - gas_saved * gas_price
    yearly = ["energy_realistic_eur", "upkeep_eur", "replacement_eur"]
    running = sum(packages[name] for name in yearly)
    before = sum(today[name] for name in yearly)
    return pd.DataFrame(
        {
            "energy_calculated_eur": change["energy_calculated_eur"] / MONTHS_PER_YEAR,
            "energy_realistic_eur": change["energy_realistic_eur"] / MONTHS_PER_YEAR,
            "upkeep_eur": change["upkeep_eur"] / MONTHS_PER_YEAR,
            "running_eur": running,
            "annual_today_eur": before,
            "gas_saved_mwh": gas_saved,
            "electricity_mwh": electricity,
            "other_eur": change["energy_realistic_eur"] - metered + change["upkeep_eur"],
        }
    )


def break_evens(offer: Offer, cases: pd.DataFrame) -> pd.DataFrame:
    """
    Return what would make the month cost nothing more, see ``financing.break_even``.

    Parameters
    ----------
    offer : Offer
    cases : DataFrame
        As returned by `cases_of`.

    Notes
    -----
    The two loans count as one, at their mean interest and term.
    """
    values = offer.figures
    net = cases["investment_eur"] - cases["premium_eur"]
    part = (
        cases["scheme_eur"] / cases["investment_eur"].where(cases["investment_eur"] > 0)
    ).fillna(0.0)

    def mean(name: str) -> pd.Series[float]:
        return part * cases[f"scheme_{name}"] + (1.0 - part) * cases[f"market_{name}"]

    table = cases[["gas_saved_mwh", "electricity_mwh", "other_eur"]].assign(
        net_investment_eur=net,
        rate=mean("rate"),
        years=mean("years"),
        gas_eur_mwh=values["supply.carrier.gas_household.price_eur_mwh"],
        electricity_eur_mwh=values["supply.carrier.electricity_household.price_eur_mwh"],
    )
    limit = {name: values[f"package.limit.{name}"] for name in ("ratio_low", "ratio_high")}
    found = financing.break_even(
        table,
        limits={
            "price_ratio": (limit["ratio_low"], limit["ratio_high"]),
            "gas_eur_mwh": (0.0, values["package.limit.gas_eur_mwh"]),
            "rate": (0.0, values["package.limit.rate_share"]),
            "premium_eur": (0.0, np.inf),
        },
    )
    return found.where(cases["investment_eur"] > 0)


def fund_rule(current: pd.DataFrame) -> pd.Series[Any]:
    """Return the last known rule on a rolling fund for owners with a low income."""
    tenure, income = OWNERS["owner_low"]
    wanted = pd.DataFrame(
        {"kind": ["retention_fund"], "subject": "renovation", "tenure": tenure}
    ).assign(income_group=income)
    return rules.rules_for(current, wanted).iloc[0]


def retained(cases: pd.DataFrame, *, most_eur: float) -> pd.DataFrame:
    """
    Return what an owner with a low income pays when a rolling fund puts up the money.

    Parameters
    ----------
    cases : DataFrame
        As returned by `cases_of`.
    most_eur : float
        Most that the fund puts into a home [EUR].

    Returns
    -------
    DataFrame, index (building_type, period, package)
        The columns of ``financing.retention`` with net_realistic_eur per month.
    """
    own = cases.xs("owner_low", level="owner")
    found = financing.retention(own.assign(scheme_eur=own["scheme_max_eur"]), fund_eur=most_eur)
    bill = own["energy_realistic_eur"] + own["upkeep_eur"]
    return found.assign(net_realistic_eur=found["month_eur"] + bill)
