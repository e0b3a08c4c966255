"""Question 1 of work programme 2: three packages, and what they cost whom each month."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from lekp_lib import wording
from lekp_lib.contracts import RESULTS, empty_table
from lekp_lib.contracts.lists import PACKAGES
from lekp_lib.disclosure import smallest_cell, smallest_street
from lekp_lib.domain import population, rules
from lekp_lib.studies import _mee_offer_tables as tables
from lekp_lib.studies._frames import KeyFigure
from lekp_lib.studies._mee_case import CELL, visible_cells
from lekp_lib.studies._mee_offer_homes import HOMES_KEYS, Offer, offer_of, prices_of
from lekp_lib.studies._mee_offer_money import (
    IN_FORCE,
    LAST_KNOWN,
    MONEY_KEYS,
    OwnerRules,
    cases_of,
    fund_rule,
    loan_rules,
    premium_rules,
    retained,
    rules_of,
)
from lekp_lib.studies._mee_offer_words import Telling, remarks, residents_table, rounded
from lekp_lib.studies._mee_scene import Scene
from lekp_lib.studies._section import Section

__all__ = ["OFFER_KEYS", "offer_section"]

OFFER_KEYS = (
    *dict.fromkeys((*HOMES_KEYS, *MONEY_KEYS)),
    "package.rent_share",
    "package.fund.mobility_share",
    "package.fund.years",
    "package.fund.pace_years",
    "privacy.smallest_cell",
    "privacy.smallest_street_dwellings",
)
"""The figures this section reads."""

_TABLES = (
    "pakketten_per_woning",
    "pakket_onderdelen",
    "aanbod_segmenten",
    "drie_kolommen",
    "pakket_totalen",
    "wat_keert_pakket",
    "gevoeligheid_pakket",
    "kasstroom_maand",
    "rollend_fonds_woning",
    "rollend_fonds_jaren",
    "woningen_zoals_de_mijne",
)

_CLEAN = PACKAGES[-1]
_TRIED_HEAT_EUR_MWH = (0.0, 1.0)  # two points of a straight line

_TRIED: Mapping[str, tuple[str, str]] = {
    "prijs van gas": ("supply.carrier.gas_household.price_eur_mwh", "EUR/MWh"),
    "prijs van stroom": ("supply.carrier.electricity_household.price_eur_mwh", "EUR/MWh"),
    "rente van een gewone lening": ("package.loan.market_rate_share", "aandeel"),
    "besparing die naar comfort gaat": ("package.rebound_share", "aandeel"),
    "deel van de groepskorting dat meetelt": ("package.discount.counted_share", "aandeel"),
}
"""What is varied → its figure and unit."""

_LABELS: Mapping[str, tuple[str, str]] = {
    "offer_investment_schil_eur": ("EUR", "pakket Schil, gemiddeld per woning, met btw"),
    "offer_net_basis_eur": ("EUR", "pakket Basis per maand, tegenover nu"),
    "offer_net_schil_eur": ("EUR", "pakket Schil per maand, tegenover nu"),
    "offer_net_fossielvrij_eur": ("EUR", "pakket Fossielvrij per maand, tegenover nu"),
    "offer_real_saving_share": ("aandeel", "werkelijke op berekende besparing, pakket Schil"),
    "offer_lekp_renovations": ("renovatie", "renovaties in het LEKP als iedereen Basis neemt"),
    "offer_deep_equivalents": ("renovatie", "hetzelfde werk als diepe renovaties"),
}
"""Key figures → unit and label."""


@dataclass(frozen=True)
class _Bills:
    """The bills with rules in force, and with the last known rules."""

    known: pd.DataFrame
    last: pd.DataFrame


def offer_section(
    scene: Scene, *, network_price_eur_mwh: float | None = None, language: str = "nl"
) -> Section:
    """
    Return the three packages for the homes of a neighbourhood, and what they cost whom.

    Parameters
    ----------
    scene : Scene
    network_price_eur_mwh : float, optional
        Price of heat without VAT, where work programme 1 says that a heat network comes; it
        takes the place of the heat pump [EUR/MWh].
    language : str
        Language of the table for residents, see ``load_messages``.

    Returns
    -------
    Section
        The tables of ``contracts.results.mee_offer``; those on a rolling fund are empty where no
        rule tells how much it lends.
    """
    if scene.segments.empty:
        return _nothing()
    values = prices_of(scene)
    offer = offer_of(scene, values, network_price_eur_mwh=network_price_eur_mwh)
    bills = _bills(offer, scene.rules)
    stale, has_scheme = _stale(scene.rules), _has_scheme(scene.rules)
    found = {
        "pakketten_per_woning": tables.kinds_table(offer, bills.known),
        "pakket_onderdelen": tables.elements_table(offer),
        "aanbod_segmenten": _of_segments(scene, bills),
        "drie_kolommen": tables.columns_table(
            offer, bills.known, rent_share=values["package.rent_share"]
        ),
        "pakket_totalen": tables.totals_table(offer, scene.segments, bills.known, bills.last),
        "wat_keert_pakket": tables.breaking_table(offer, bills.known),
        "gevoeligheid_pakket": _sensitivity(scene, values, network_price_eur_mwh),
        "kasstroom_maand": tables.month_table(offer, bills.last),
        **_fund(scene, offer, bills),
        "woningen_zoals_de_mijne": residents_table(
            offer,
            bills.known,
            bills.last,
            Telling(
                language=language,
                last_day=None if stale.empty else stale["day"].min().date(),
                has_scheme=has_scheme,
                contact_role=scene.place.settings.contact_role,
                is_network=network_price_eur_mwh is not None,
                smallest=smallest_street(scene.used),
            ),
        ),
    }
    said = remarks(
        found,
        has_households=scene.has_households,
        stale=stale,
        has_scheme=has_scheme,
        network_even_eur_mwh=(
            _even_network(scene, values, bills.known, offer)
            if network_price_eur_mwh is None
            else math.nan
        ),
    )
    return Section(found, _figures(found["pakket_totalen"], offer), said)


def _nothing() -> Section:
    """Return the tables without rows, where there is no home."""
    found = {}
    for name in _TABLES:
        contract = RESULTS[name]
        counted = contract.count_column or "dwellings"
        found[name] = empty_table(contract).assign(**{counted: pd.Series(dtype="float64")})
    return Section(found, (), ("Er zijn in deze wijk geen woningen gevonden.",))


def _has_scheme(current: pd.DataFrame) -> bool:
    """Tell whether the terms of the Flemish loan are in force and were checked lately."""
    found = loan_rules(current, IN_FORCE)
    own = found[found["owner"] == "owner_low"]
    return bool((own["status"] != rules.MISSING).all())


def _bills(offer: Offer, current: pd.DataFrame) -> _Bills:
    known, last = (rules_of(current, variant) for variant in (IN_FORCE, LAST_KNOWN))
    return _Bills(cases_of(offer, known), cases_of(offer, last))


def _of_segments(scene: Scene, bills: _Bills) -> pd.DataFrame:
    """Return table ``aanbod_segmenten``."""
    return tables.bills(
        scene.segments,
        bills.known,
        bills.last,
        smallest=smallest_cell(scene.used),
        is_told=_told(scene),
    )


def _told(scene: Scene) -> pd.Series[bool]:
    """Tell which segments stand in a cell that ``segmenten_bewoners`` shows."""
    told = pd.MultiIndex.from_frame(visible_cells(scene)[list(CELL)])
    is_told = pd.MultiIndex.from_frame(scene.segments[list(CELL)]).isin(told)
    return pd.Series(is_told, scene.segments.index)


def _fund(scene: Scene, offer: Offer, bills: _Bills) -> dict[str, pd.DataFrame]:
    """Return the tables about a rolling fund, empty where no rule tells how much it lends."""
    most = float(fund_rule(scene.rules)["value"])
    if not math.isfinite(most):
        names = ("rollend_fonds_woning", "rollend_fonds_jaren")
        return {name: table for name, table in _nothing().tables.items() if name in names}
    funded = retained(bills.last, most_eur=most)
    main = tables.of_kinds(funded, tables.main_kinds(offer)).reset_index()
    return {
        "rollend_fonds_woning": tables.shown("rollend_fonds_woning", main),
        "rollend_fonds_jaren": tables.fund_years(
            scene.segments,
            funded,
            offer.figures,
            fewest=float(population.fewest_behind(scene.groups)["owner_low"]),
        ),
    }


def _even_network(
    scene: Scene, values: Mapping[str, float], pumped: pd.DataFrame, offer: Offer
) -> float:
    """Return the price of heat at which a heat network is as light as the heat pump [EUR/MWh]."""
    counted = rules_of(scene.rules, IN_FORCE)
    months = []
    for price in _TRIED_HEAT_EUR_MWH:
        networked = offer_of(scene, values, network_price_eur_mwh=price)
        months.append(float(tables.mean_month(networked, cases_of(networked, counted))[_CLEAN]))
    (low, high), (first, last) = _TRIED_HEAT_EUR_MWH, months
    aim = float(tables.mean_month(offer, pumped)[_CLEAN])
    return low + (aim - first) * (high - low) / (last - first) if last > first else math.nan


def _stale(current: pd.DataFrame) -> pd.DataFrame:
    """Return the rules on premiums and loans that the first bill leaves out."""
    found = pd.concat(
        [premium_rules(current, LAST_KNOWN), loan_rules(current, LAST_KNOWN)], ignore_index=True
    ).dropna(subset="rule_id")
    found = found[found["status"] != rules.IN_FORCE].drop_duplicates("rule_id")
    about = current[current.index.isin(found["rule_id"])]
    subject = about["subject"].map(lambda code: wording.label("renovation_element", code))
    kind = about["kind"].map(lambda code: wording.label("rule_kind", code))
    is_loan = about["kind"] != "premium"
    label = kind.where(is_loan, kind + " voor " + subject)
    table = pd.DataFrame({"label": label, "day": about["checked_on"]}).reset_index(drop=True)
    oldest = table.groupby("label", sort=False)["day"].min().reset_index()
    days = [wording.date(day.date()) for day in oldest["day"]]
    return oldest.assign(day_text=pd.Series(days, dtype="str"))


_Month = Callable[..., "pd.Series[float]"]
_Tried = tuple[tuple[str, "pd.Series[float]"], tuple[str, "pd.Series[float]"]]


def _sensitivity(
    scene: Scene, values: Mapping[str, float], network_price_eur_mwh: float | None
) -> pd.DataFrame:
    """Return table ``gevoeligheid_pakket``: one assumption at a time."""
    known, last = (rules_of(scene.rules, variant) for variant in (IN_FORCE, LAST_KNOWN))

    def month(
        changed: Mapping[str, float], counted: OwnerRules = known, **choices: float
    ) -> pd.Series[float]:
        offer = offer_of(scene, changed, network_price_eur_mwh=network_price_eur_mwh, **choices)
        return tables.mean_month(offer, cases_of(offer, counted))

    base = month(values)
    tried: dict[str, _Tried] = {
        **_of_works(scene, values, month),
        "premie en Vlaamse lening": (
            ("laatst bekende regels", month(values, last)),
            ("enkel wat zeker geldt", base),
        ),
        **_of_figures(scene, values, month),
    }
    rows = []
    for name, (low, high) in tried.items():
        for package in PACKAGES:
            nets = (low[1][package], base[package], high[1][package])
            row = dict(zip(("net_low_eur", "net_eur", "net_high_eur"), nets, strict=True))
            about = {"assumption": name, "package": package}
            texts = {"low_text": low[0], "high_text": high[0]}
            rows.append({**about, **texts, **row, "is_turning": min(nets) <= 0 < max(nets)})
    return tables.shown("gevoeligheid_pakket", pd.DataFrame(rows))


def _of_works(scene: Scene, values: Mapping[str, float], month: _Month) -> dict[str, _Tried]:
    """Return what dearer works do, and homes that use what the literature tells."""
    spread = values["package.cost.spread_share"]
    other = scene.used["package.prebound.literature_share"]
    low, high = (
        (wording.share(factor), month(values, cost_factor=factor))
        for factor in (1.0 - spread, 1.0 + spread)
    )
    less, more = (
        (wording.share(share), month(values, space_today_share=share))
        for share in (other.low, other.high)
    )
    return {
        "kosten van alle werken": (low, high),
        "werkelijk tegenover berekend verbruik, vuistregel": (less, more),
    }


def _of_figures(scene: Scene, values: Mapping[str, float], month: _Month) -> dict[str, _Tried]:
    """Return what the low and high value of a figure do."""
    tried = {}
    for name, (key, unit) in _TRIED.items():
        figure = scene.used[key]
        scale = values[key] / figure.value if figure.value else 1.0
        low, high = (
            (wording.quantity(value, unit), month({**values, key: value * scale}))
            for value in (figure.low, figure.high)
        )
        tried[name] = (low, high)
    return tried


def _figures(totals: pd.DataFrame, offer: Offer) -> tuple[KeyFigure, ...]:
    of = totals.set_index("package").astype("float64").to_dict()
    homes = float(offer.kinds["dwellings"].sum())
    saved = of["saving_calculated_mwh"]["schil"]
    real = of["saving_realistic_mwh"]["schil"]
    numbers = {
        "offer_investment_schil_eur": float(f"{of['investment_eur']['schil'] / homes:.2g}"),
        **{
            f"offer_net_{package}_eur": rounded(of["net_realistic_eur"][package])
            for package in PACKAGES
        },
        "offer_real_saving_share": real / saved if saved > 0 else math.nan,
        "offer_lekp_renovations": of["lekp_renovations"]["basis"],
        "offer_deep_equivalents": of["deep_equivalents"]["basis"],
    }
    return tuple(
        KeyFigure(key, numbers[key], unit, label, "assumed", 2)
        for key, (unit, label) in _LABELS.items()
    )
