"""The tables of the offer, from packages and bills to what a reader sees."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from lekp_lib import wording
from lekp_lib.contracts import RESULTS
from lekp_lib.contracts.lists import PACKAGES
from lekp_lib.contracts.results.mee_offer import MEASURES
from lekp_lib.domain import financing
from lekp_lib.domain.renovation_package import TODAY
from lekp_lib.studies._mee_offer_homes import KIND, Offer
from lekp_lib.studies._mee_offer_money import OWNERS, break_evens

__all__ = [
    "MAIN_KINDS",
    "NOTHING",
    "bills",
    "breaking_table",
    "coarse",
    "columns_table",
    "elements_table",
    "fewest_of_owners",
    "fund_years",
    "kinds_table",
    "main_kinds",
    "mean_month",
    "month_table",
    "of_kinds",
    "shown",
    "totals_table",
]

MAIN_KINDS = 5
"""Kinds of homes that get tables of their own."""

NOTHING = "geen"
"""Where no value within the limits makes a package cost nothing more."""

_MOST_SEGMENTS = 12
_REST = "overige woningen"
_AS_MIDDLE = " (gerekend als eigenaar-bewoner met middeninkomen)"
_KEYS = [*KIND, "package"]
_WHO = ["tenure", "income_group"]
_MIDDLE = "owner_middle"
_EDGE = 1e-6
_TOTALS: tuple[list[str], ...] = (
    [],
    ["tenure"],
    ["income_group"],
    _WHO,
    ["building_type", "tenure"],
    ["building_type", *_WHO],
    KIND,
    [*KIND, "tenure"],
)
"""Totals that other tables show: no difference with them may stand for a few homes."""


def shown(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a contract in their order, with what its count column needs."""
    contract = RESULTS[name]
    about = contract.columns
    kinds = {"text": "str", "integer": "Int64", "number": "float64", "yes_no": "boolean"}
    counted = contract.count_column
    extra = [counted] if counted is not None and counted not in about else []
    found = table[[*about, *extra]].astype({key: kinds[one.kind] for key, one in about.items()})
    return found.reset_index(drop=True)


def coarse(amounts: pd.Series[float]) -> pd.Series[float]:
    """
    Return amounts to three digits: no total is known better.

    Examples
    --------
    >>> coarse(pd.Series([29_167_257.7, 0.0, 512.4])).tolist()
    [29200000.0, 0.0, 512.0]
    """
    return amounts.map(lambda amount: float(f"{amount:.3g}"))


def main_kinds(offer: Offer) -> pd.MultiIndex:
    """Return the kinds with most dwellings, most first."""
    found = offer.kinds.sort_values("dwellings", ascending=False, kind="stable").index
    return pd.MultiIndex.from_tuples(list(found[:MAIN_KINDS]), names=KIND)


def of_kinds(table: pd.DataFrame, kinds: pd.MultiIndex) -> pd.DataFrame:
    """Return the rows of some kinds, in their order."""
    parts: list[pd.DataFrame] = [table[_is_kind(table.index, kind)] for kind in kinds]
    return pd.concat(parts)


def _is_kind(index: pd.Index[Any], kind: tuple[str, str]) -> Any:
    types, periods = (index.get_level_values(name) for name in KIND)
    return (types == kind[0]) & (periods == kind[1])


def kinds_table(offer: Offer, cases: pd.DataFrame) -> pd.DataFrame:
    """Return table ``pakketten_per_woning``."""
    packages = offer.packages.drop(index=TODAY, level="package")
    today = _level(offer.packages, TODAY, "package")
    kinds = offer.kinds.join(
        today[["calculated_mwh", "realistic_mwh"]].rename(columns=lambda name: f"today_{name}")
    )
    bill = _level(cases, _MIDDLE, "owner")
    names = ["cost_eur", "investment_eur", "investment_low_eur", "investment_high_eur"]
    table = packages.join(bill[names]).fillna({name: 0.0 for name in names}).join(kinds)
    order = {kind: place for place, kind in enumerate(_by_size(offer))}
    place = [order[row[:2]] for row in table.index]
    ordered = table.assign(place=place).sort_values("place", kind="stable")
    return shown("pakketten_per_woning", ordered.reset_index())


def _by_size(offer: Offer) -> list[tuple[str, str]]:
    return list(offer.kinds.sort_values("dwellings", ascending=False, kind="stable").index)


def elements_table(offer: Offer) -> pd.DataFrame:
    """Return table ``pakket_onderdelen``."""
    return shown("pakket_onderdelen", of_kinds(offer.works, main_kinds(offer)).reset_index())


def bills(
    segments: pd.DataFrame,
    known: pd.DataFrame,
    last: pd.DataFrame,
    *,
    smallest: float,
    is_told: pd.Series[bool] | None = None,
) -> pd.DataFrame:
    """
    Return table ``aanbod_segmenten``: the largest segments, and the mean of all others.

    Parameters
    ----------
    segments : DataFrame
        See ``Scene.segments``.
    known, last : DataFrame
        Cases with rules in force, and with the last known rules, see ``cases_of``.
    smallest : float
        Fewest dwellings that a row may stand for [-].
    is_told : Series of bool, optional
        Segments of which another table may tell type, tenure and income; all if left out.

    Notes
    -----
    A mean of premiums tells how many owners of each kind there are. Where a kind has too few,
    the others get the bill of an owner-occupier with a middle income, and their row says so.
    """
    owner = _owners(segments)
    is_main = _main_segments(segments, smallest, is_told)
    rest = _REST
    if fewest_of_owners(segments) < smallest:
        owner, rest = owner.where(is_main, _MIDDLE), f"{_REST}{_AS_MIDDLE}"
    names = _segment_names(segments).where(is_main, rest)
    every = segments.assign(owner=owner, segment=names).merge(
        pd.DataFrame({"package": list(PACKAGES)}), how="cross"
    )
    keys = pd.MultiIndex.from_frame(every[[*_KEYS, "owner"]])
    bill, old = (table.reindex(keys).set_axis(every.index) for table in (known, last))
    bill = bill.assign(
        premium_last_eur=old["premium_eur"],
        month_last_eur=old["month_eur"],
        net_last_eur=old["net_realistic_eur"],
        gap_eur=old["gap_eur"],
        gap_cost_eur=old["gap_cost_eur"],
    )
    names_of = [name for name in RESULTS["aanbod_segmenten"].columns if name.endswith("_eur")]
    return _merged(every, bill[names_of], names_of)


def _merged(every: pd.DataFrame, bill: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return the mean bill of each segment, weighed by dwellings, and what is best for it."""
    weighed = bill.mul(every["dwellings"], axis=0).assign(
        segment=every["segment"],
        package=every["package"],
        dwellings=every["dwellings"],
        low=every["dwellings"].where(every["income_group"] == "low", 0.0),
    )
    sums = weighed.groupby(["segment", "package"], sort=False).sum()
    table = sums[names].div(sums["dwellings"], axis=0).join(sums[["dwellings", "low"]])
    table = table.reset_index()
    of_segment = table.groupby("segment")
    is_rest = table["segment"].str.startswith(_REST)
    is_light = table["net_realistic_eur"] <= of_segment["net_realistic_eur"].transform("min")
    is_cheap = table["annual_eur"] <= of_segment["annual_eur"].transform("min")
    is_light_enough = (table["net_realistic_eur"] <= 0) & (table["low"] <= 0)
    table = table.assign(
        is_cheapest_year=is_cheap.astype("boolean"),
        is_lightest_month=is_light.astype("boolean"),
        is_affordable=is_light_enough.astype("boolean").mask(is_rest),
        size=table["dwellings"].mask(is_rest, -1.0),
        place=table["package"].map({code: place for place, code in enumerate(PACKAGES)}),
    )
    order = ["size", "segment", "place"]
    ordered = table.sort_values(order, ascending=[False, True, True])
    return shown("aanbod_segmenten", ordered)


def fewest_of_owners(segments: pd.DataFrame) -> float:
    """
    Return the homes of the smallest kind of owner that is there; 0 without homes.

    A premium depends on the owner: a total or a mean of premiums tells how many of each there are.
    """
    count = segments["dwellings"].astype("float64").groupby(_owners(segments)).sum()
    return float(count[count > _EDGE].min()) if (count > _EDGE).any() else 0.0


def _owners(segments: pd.DataFrame) -> pd.Series[str]:
    """Return who pays for the works in each segment; of a landlord the income is not known."""
    of_pair = {pair: owner for owner, pair in OWNERS.items()}
    is_own = segments["tenure"] == "owner_occupied"
    income = segments["income_group"].astype("object").where(is_own, None)
    pairs = zip(segments["tenure"], income, strict=True)
    found = [of_pair[tenure, None if pd.isna(group) else group] for tenure, group in pairs]
    return pd.Series(found, segments.index, dtype="str")


def _segment_names(segments: pd.DataFrame) -> pd.Series[str]:
    words = [
        segments[name].map(lambda code, kind=name: wording.label(kind, code))
        for name in (*KIND, *_WHO)
    ]
    joined = words[0]
    for word in words[1:]:
        joined = joined + ", " + word
    return joined.astype("str")


def _main_segments(
    segments: pd.DataFrame, smallest: float, is_told: pd.Series[bool] | None = None
) -> pd.Series[bool]:
    """
    Tell which segments get a row of their own.

    What is left of a total that another table shows is never a few homes: then the smallest
    segment within that total joins the others.
    """
    count = segments["dwellings"].astype("float64")
    told = count if is_told is None else count[is_told]
    largest = told.sort_values(ascending=False, kind="stable").index[:_MOST_SEGMENTS]
    is_main = (count >= smallest) & count.index.isin(largest)
    is_changed = True
    while is_changed:
        before = is_main.copy()
        for keys in _TOTALS:
            is_main = _without_small_rest(segments, is_main, keys, smallest)
        is_changed = bool((before != is_main).any())
    return is_main


def _without_small_rest(
    segments: pd.DataFrame, is_main: pd.Series[bool], keys: list[str], smallest: float
) -> pd.Series[bool]:
    count = segments["dwellings"].astype("float64")
    group = pd.Series(0, segments.index)
    if keys:
        group = segments.groupby(keys).ngroup()
    rest = count.where(~is_main, 0.0).groupby(group).transform("sum")
    is_short = is_main & (rest > _EDGE) & (rest < smallest)
    smallest_there = count.where(is_short).groupby(group).transform("min")
    return is_main & ~(is_short & (count <= smallest_there))


def columns_table(offer: Offer, known: pd.DataFrame, *, rent_share: float) -> pd.DataFrame:
    """Return table ``drie_kolommen``, with loans on the terms that are open to everybody."""
    cases = of_kinds(_level(known, "landlord", "owner"), main_kinds(offer))
    found = {
        measure: financing.three_columns(
            cases["month_eur"],
            cases[f"energy_{measure}_eur"],
            cases["upkeep_eur"],
            rent_share=rent_share,
        )
        for measure in MEASURES
    }
    calculated = found["calculated"][["owner_occupier_eur", "tenant_eur"]].rename(
        columns=lambda name: name.replace("_eur", "_calculated_eur")
    )
    return shown("drie_kolommen", found["realistic"].join(calculated).reset_index())


def totals_table(
    offer: Offer, segments: pd.DataFrame, known: pd.DataFrame, last: pd.DataFrame
) -> pd.DataFrame:
    """Return table ``pakket_totalen``, with the fewest homes that a premium tells about."""
    fewest = fewest_of_owners(segments)
    counted = segments.assign(owner=_owners(segments)).groupby([*KIND, "owner"])["dwellings"].sum()
    rows = []
    for package in PACKAGES:
        bill, old = (_level(table, package, "package") for table in (known, last))
        about = _level(offer.packages, package, "package")
        of_kind = offer.kinds["dwellings"]
        has_work = about["deep_share"] > 0
        middle = _level(bill, _MIDDLE, "owner")["net_realistic_eur"].reindex(of_kind.index)
        sums = {
            name: float((bill[name] * counted).sum())
            for name in (
                "investment_eur",
                "investment_low_eur",
                "investment_high_eur",
                "premium_eur",
            )
        }
        works = {
            name: float((about[name] * of_kind).sum())
            for name in ("saving_calculated_mwh", "saving_realistic_mwh", "lekp_renovations")
        }
        all_homes = float(of_kind.sum())
        is_clean = package == "fossielvrij"
        rows.append(
            {"package": package, **sums, **works}
            | {
                "dwellings": float(of_kind[has_work].sum()),
                "fewest_dwellings": fewest,
                "premium_last_eur": float((old["premium_eur"] * counted).sum()),
                "deep_equivalents": float((about["deep_share"] * of_kind).sum()),
                "fossil_free_dwellings": all_homes if is_clean else 0.0,
                "net_realistic_eur": float((middle * of_kind).sum()) / all_homes,
                "cheaper_share": float(of_kind[middle.fillna(0.0) <= 0].sum()) / all_homes,
            }
        )
    table = pd.DataFrame(rows)
    names = table.columns.astype("str")
    totals = [name for name in names if name.endswith("_eur") and name != "net_realistic_eur"]
    return shown("pakket_totalen", table.assign(**{name: coarse(table[name]) for name in totals}))


def mean_month(offer: Offer, known: pd.DataFrame) -> pd.Series[float]:
    """Return per package what the month of an average home costs more, middle income [EUR]."""
    middle = _level(known, _MIDDLE, "owner")["net_realistic_eur"]
    homes = offer.kinds["dwellings"]
    weighed = pd.DataFrame({"eur": middle}).join(homes, on=KIND)
    total = (weighed["eur"] * weighed["dwellings"]).groupby("package").sum()
    return total / float(homes.sum())


def _level(table: pd.DataFrame, code: str, level: str) -> pd.DataFrame:
    """Return the rows with a code in one level of the index, which goes."""
    return pd.DataFrame(table.xs(code, level=level))


def breaking_table(offer: Offer, known: pd.DataFrame) -> pd.DataFrame:
    """Return table ``wat_keert_pakket``."""
    cases = _level(of_kinds(known, main_kinds(offer)), _MIDDLE, "owner")
    found = break_evens(offer, cases)
    euro: Callable[[float], str] = lambda value: wording.quantity(  # noqa: E731
        float(f"{value:.2g}"), "EUR"
    )
    texts = {
        "premium_text": _texts(found["premium_eur"], euro),
        "rate_text": _texts(found["rate"], lambda value: wording.share(value, 1)),
        "gas_text": _texts(found["gas_eur_mwh"], lambda value: wording.quantity(value, "EUR/MWh")),
        "ratio_text": _texts(found["price_ratio"], lambda value: wording.number(value, 1)),
    }
    table = cases[["net_realistic_eur"]].assign(**texts)
    return shown("wat_keert_pakket", table.reset_index())


def _texts(values: pd.Series[float], say: Callable[[float], str]) -> pd.Series[str]:
    return values.map(lambda value: say(value) if math.isfinite(value) else NOTHING)


def month_table(offer: Offer, last: pd.DataFrame) -> pd.DataFrame:
    """Return table ``kasstroom_maand``: Fossielvrij in the most common home, low income."""
    own = _level(_level(last, "owner_low", "owner"), "fossielvrij", "package")
    case = own.loc[own.index == _by_size(offer)[0]].iloc[0].astype("float64")
    loan = case[["investment_eur", "premium_eur", *_TERMS]].rename({"scheme_max_eur": "scheme_eur"})
    parts = []
    for measure in MEASURES:
        flow = financing.monthly_flow(
            loan,
            premium_months=int(offer.figures["package.premium_months"]),
            change_eur_month=float(case[f"energy_{measure}_eur"] + case["upkeep_eur"]),
        )
        parts.append(flow.reset_index().assign(measure=measure))
    return shown("kasstroom_maand", pd.concat(parts))


_TERMS = ("scheme_max_eur", "scheme_rate", "scheme_years", "market_rate", "market_years")


def fund_years(
    segments: pd.DataFrame, funded: pd.DataFrame, values: Mapping[str, float], *, fewest: float
) -> pd.DataFrame:
    """
    Return table ``rollend_fonds_jaren``: package Schil for every owner with a low income.

    Parameters
    ----------
    segments : DataFrame
        See ``Scene.segments``.
    funded : DataFrame
        See ``retained``.
    values : mapping of str to float
        With ``package.fund.*``.
    fewest : float
        Fewest households that the number of these owners could tell something of [-].
    """
    is_meant = (segments["tenure"] == "owner_occupied") & (segments["income_group"] == "low")
    homes = segments[is_meant].groupby(KIND)["dwellings"].sum()
    per_home = _level(funded, "schil", "package")["fund_eur"].reindex(homes.index)
    total = float((homes * per_home).sum())
    years, pace = (int(values[f"package.fund.{name}"]) for name in ("years", "pace_years"))
    out = [total / pace if year < pace else 0.0 for year in range(years)]
    table = financing.rolling_fund(out, mobility_share=values["package.fund.mobility_share"])
    households = min(float(homes.sum()), fewest)
    return shown("rollend_fonds_jaren", table.reset_index().assign(households=households))
