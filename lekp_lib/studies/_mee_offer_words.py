"""The sentences beside the offer, and those of the page for residents."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from lekp_lib import wording
from lekp_lib.assumptions import load_messages
from lekp_lib.contracts.lists import PACKAGES
from lekp_lib.studies._mee_offer_homes import Offer
from lekp_lib.studies._mee_offer_tables import NOTHING, main_kinds, shown

__all__ = ["Telling", "call_sentence", "change_sentence", "remarks", "residents_table", "rounded"]

_ROUND_EUR = 10
_WORKS_EUR = 500
_FLAT = "apartment_building"
_MIDDLE = "owner_middle"
_WAYS: Mapping[str, str] = {
    "premium_text": "de premie",
    "rate_text": "de rente",
    "gas_text": "de prijs van gas",
    "ratio_text": "de verhouding tussen de prijs van stroom en gas",
}
"""Column of ``wat_keert_pakket`` → what it is about."""


@dataclass(frozen=True)
class Telling:
    """
    How residents are told.

    Attributes
    ----------
    language : str
        See ``load_messages``.
    last_day : date or None
        Day of the oldest of the last known rules that the first bill leaves out; None if it
        leaves out none.
    has_scheme : bool
        The terms of the Flemish loan are in force and were checked lately.
    contact_role : str or None
        Whom to call, from the settings of the place.
    is_network : bool
        Fossielvrij is a connection to a heat network.
    smallest : float
        Fewest dwellings of a kind that is shown [-].
    """

    language: str
    last_day: dt.date | None
    has_scheme: bool
    contact_role: str | None
    is_network: bool
    smallest: float


def residents_table(
    offer: Offer, known: pd.DataFrame, last: pd.DataFrame, telling: Telling
) -> pd.DataFrame:
    """
    Return table ``woningen_zoals_de_mijne``, in the sentences of the catalogue.

    Parameters
    ----------
    offer : Offer
    known, last : DataFrame
        Bills with rules in force, and with the last known rules, see ``cases_of``.
    telling : Telling
    """
    say = load_messages(telling.language)
    rows = []
    for kind in main_kinds(offer):
        homes = float(offer.kinds["dwellings"][offer.kinds.index.isin([kind])].sum())
        for package in PACKAGES:
            mine = known.index.isin([(*kind, package, _MIDDLE)])
            if homes < telling.smallest or not mine.any():
                continue
            bill, old = (table[mine].iloc[0] for table in (known, last))
            rows.append(
                {
                    "home": _home(say, *kind),
                    "package": package,
                    "offer": _offer(say, offer, (*kind, package), telling),
                    "cost": " ".join(_cost(say, bill)),
                    "support": " ".join(_support(say, bill, old, telling)),
                    "tenant": _tenant(say, bill),
                    "call": call_sentence(say, telling.contact_role),
                }
            )
    columns = ["home", "package", "offer", "cost", "support", "tenant", "call"]
    return shown("woningen_zoals_de_mijne", pd.DataFrame(rows, columns=columns))


def _home(say: Mapping[str, str], building_type: str, period: str) -> str:
    first, _, last = period.partition("_")
    built = say.get(f"period.{period}") or say["period.between"].format(first=first, last=last)
    return say["home.kind"].format(home=say[f"home.{building_type}"], period=built)


def _offer(
    say: Mapping[str, str], offer: Offer, key: tuple[str, str, str], telling: Telling
) -> str:
    package = key[2]
    is_last = package == PACKAGES[-1]
    text = say[f"offer.{package}_network" if telling.is_network and is_last else f"offer.{package}"]
    if not (offer.packages["deep_share"][offer.packages.index.isin([key])] > 0).any():
        return f"{say['offer.little']} {text}" if is_last else say["offer.little"]
    return f"{text} {say['offer.together']}" if key[0] == _FLAT else text


def _cost(say: Mapping[str, str], bill: pd.Series[float]) -> list[str]:
    works = rounded(float(bill["investment_eur"]), _WORKS_EUR)
    if works <= 0:
        return [say["cost.nothing"]]
    return [
        say["cost.works"].format(works=wording.number(works)),
        change_sentence(say, "cost", float(bill["net_realistic_eur"])),
    ]


def rounded(amount: float, step: float = _ROUND_EUR) -> float:
    """Return an amount as the page for residents says it [EUR]."""
    return round(amount / step) * step


def change_sentence(say: Mapping[str, str], what: str, amount: float, **fields: str) -> str:
    """
    Return the sentence for more, less or as much, in tens of euro.

    Parameters
    ----------
    say : mapping of str to str
        See ``load_messages``.
    what : str
        Part of the key before ``.more``, ``.less`` or ``.same``.
    amount : float
        How much more than today [EUR].
    **fields : str
        What else the sentence names.
    """
    tens = rounded(amount)
    name = "same" if tens == 0 else "more" if tens > 0 else "less"
    return say[f"{what}.{name}"].format(amount=wording.number(abs(tens)), **fields)


def _support(
    say: Mapping[str, str], bill: pd.Series[float], old: pd.Series[float], telling: Telling
) -> list[str]:
    """Return what support is counted, and what the month is with the last known support."""
    said = []
    premium = rounded(float(bill["premium_eur"]))
    if premium > 0:
        said.append(say["support.premium"].format(amount=wording.number(premium)))
    if telling.has_scheme and float(bill["scheme_eur"]) > 0:
        said.append(say["support.loan"])
    month = float(old["net_realistic_eur"])
    if telling.last_day is not None and abs(float(bill["net_realistic_eur"]) - month) >= 1:
        day = _day(say, telling.last_day)
        said.append(change_sentence(say, "support", month, date=day))
    return said or [say["support.unknown"]]


def _day(say: Mapping[str, str], day: dt.date) -> str:
    return say["date.day"].format(day=day.day, month=say[f"month.{day.month}"], year=day.year)


def _tenant(say: Mapping[str, str], bill: pd.Series[float]) -> str:
    return change_sentence(say, "tenant", float(bill["energy_realistic_eur"] + bill["upkeep_eur"]))


def call_sentence(say: Mapping[str, str], contact_role: str | None) -> str:
    """Return whom to call; the municipality where the settings of the place name nobody."""
    if not contact_role:
        return say["call.unknown"]
    return say["call.role"].format(role=contact_role)


def remarks(
    tables: Mapping[str, pd.DataFrame],
    *,
    has_households: bool,
    stale: pd.DataFrame,
    has_scheme: bool,
    network_even_eur_mwh: float = math.nan,
) -> tuple[str, ...]:
    """
    Return what a reader must know beside the tables.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the section.
    has_households : bool
        Tenure and income come from a table of the place.
    stale : DataFrame
        Rules on premiums and loans that do not count: label and day_text.
    has_scheme : bool
        The terms of the Flemish loan are in force and were checked lately.
    network_even_eur_mwh : float
        Price of heat, VAT excluded, at which a heat network is as light per month as the heat
        pump; NaN where that was not looked for [EUR/MWh].
    """
    totals = tables["pakket_totalen"].set_index("package")
    if totals["investment_eur"].sum() <= 0:
        return ("Er is in deze wijk geen woning waar een pakket werk geeft.",)
    parts = (
        _on_months(totals),
        _on_years(tables["aanbod_segmenten"]),
        _on_savings(totals),
        _on_turning(tables["wat_keert_pakket"]),
        _on_network(network_even_eur_mwh),
        _on_counting(totals),
        _on_tenants(tables["drie_kolommen"]),
        _on_rules(stale, has_scheme=has_scheme),
        _on_households(has_households=has_households),
        "Prijzen per m² komen uit een Frans model en zijn 30 % onzeker. De korting voor een groep "
        "staat op 0 %. Vervang de prijzen door die van uw raamcontract, in de tabel aannames.",
    )
    return tuple(part for part in parts if part)


def _euro(value: float) -> str:
    return wording.quantity(round(value / _ROUND_EUR) * _ROUND_EUR, "EUR")


def _more(value: float) -> str:
    return f"{_euro(abs(value))} {'meer' if value > 0 else 'minder'}"


def _on_months(totals: pd.DataFrame) -> str:
    months = totals["net_realistic_eur"]
    said = [f"{_more(months[code])} met {wording.label('package', code)}" for code in PACKAGES]
    dear = [wording.label("package", code) for code in PACKAGES if months[code] > 0]
    known = (
        "Neem een gemiddelde woning en een eigenaar-bewoner met middeninkomen, die voor alles "
        f"leent. Die betaalt per maand {wording.join(said)}, met de werkelijke besparing."
    )
    if not dear:
        return f"{known} Binnen onze aannames is geen pakket duurder per maand."
    return f"{known} Binnen onze aannames is dit niet goedkoper per maand: {wording.join(dear)}."


def _on_years(segments: pd.DataFrame) -> str:
    """Say what a year costs with the cheapest package, and without works."""
    counted = segments.assign(
        package_eur=segments["annual_eur"] * segments["dwellings"],
        today_eur=segments["annual_today_eur"] * segments["dwellings"],
    )
    sums = counted.groupby("package")[["package_eur", "today_eur", "dwellings"]].sum()
    means = sums[["package_eur", "today_eur"]].div(sums["dwellings"], axis=0)
    if means.empty or means.isna().to_numpy().any():
        return ""
    best = str(means["package_eur"].idxmin())
    cost, today = float(means["package_eur"].min()), float(means["today_eur"].loc[best])
    known = (
        "Over de hele levensduur, zonder lening, is van de drie pakketten "
        f"{wording.label('package', best)} het goedkoopst: {_euro(cost)} per jaar, met energie, "
        f"onderhoud en een nieuwe ketel erbij. Niets doen kost {_euro(today)} per jaar"
    )
    return f"{known}, dus minder." if today < cost else f"{known}."


def _on_network(even_eur_mwh: float) -> str:
    """Say at which price of heat a heat network is as light as the heat pump."""
    if not math.isfinite(even_eur_mwh):
        return ""
    if even_eur_mwh <= 0:
        return (
            "Een warmtenet in plaats van de warmtepomp is hier bij geen enkele warmteprijs lichter "
            "per maand."
        )
    return (
        "Komt er een warmtenet (zie programma 1), dan vervangt dat in Fossielvrij de warmtepomp. "
        f"Per maand is dat lichter als de warmte minder kost dan {wording.number(even_eur_mwh)} "
        "euro per MWh, alles inbegrepen en zonder btw."
    )


def _on_savings(totals: pd.DataFrame) -> str:
    calculated, real = (
        float(totals[f"saving_{measure}_mwh"]["schil"]) for measure in ("calculated", "realistic")
    )
    if calculated <= 0:
        return ""
    share = real / calculated
    return (
        f"De werkelijke besparing van Schil is {wording.share(share)} van de berekende. De "
        "berekening en de kosten gaan uit van woningen zoals ze gebouwd zijn. Het gemeten gas van "
        "de gemeenten is een gemiddelde, ook van woningen die al beter zijn, en wie slecht woont, "
        "stookt vaak weinig. Waar al dubbel glas of dakisolatie zit, kosten de werken dus minder "
        "dan hier staat. Waar nog niets gebeurde, is de besparing groter: een vuistregel voor de "
        "slechtste labels is 50 tot 80 %, zie de tabel gevoeligheid."
    )


def _on_turning(table: pd.DataFrame) -> str:
    """Say what would make Fossielvrij pay in the most common home."""
    mine = table[table["package"] == "fossielvrij"]
    if mine.empty or not math.isfinite(float(mine["net_realistic_eur"].iloc[0])):
        return ""
    row = mine.iloc[0]
    home = f"{wording.label('building_type', row['building_type'])}, gebouwd " + wording.label(
        "period", row["period"]
    )
    if float(row["net_realistic_eur"]) <= 0:
        return f"In de meest voorkomende woning ({home}) is Fossielvrij niet duurder per maand."
    ways = {
        "premium_text": "een extra premie van {}",
        "rate_text": "een rente van {}",
        "gas_text": "een gasprijs van {}",
        "ratio_text": "stroom die hoogstens {} keer zoveel kost als gas",
    }
    found = [text.format(row[name]) for name, text in ways.items() if row[name] != NOTHING]
    if not found:
        return (
            f"In de meest voorkomende woning ({home}) vonden we binnen redelijke grenzen niets dat "
            "Fossielvrij alleen per maand goedkoper maakt."
        )
    absent = [_WAYS[name] for name in ways if row[name] == NOTHING]
    short = (
        f" Voor {wording.join(absent)} bestaat binnen redelijke grenzen geen waarde die alleen "
        "volstaat: zie de tabel."
        if absent
        else ""
    )
    return (
        f"In de meest voorkomende woning ({home}) wordt Fossielvrij pas goedkoper per maand met "
        f"{' of '.join(found)}.{short}"
    )


def _on_counting(totals: pd.DataFrame) -> str:
    counted = float(totals["lekp_renovations"]["basis"])
    deep = float(totals["deep_equivalents"]["basis"])
    return (
        f"Als iedereen Basis neemt, telt dat in het LEKP als {wording.number(counted)} renovaties. "
        f"In warmteverlies is het evenveel als {wording.number(deep)} volledige renovaties van de "
        "schil. Beide cijfers staan naast elkaar, want het eerste alleen vleit."
    )


def _on_tenants(table: pd.DataFrame) -> str:
    mine = table[table["package"] == "schil"]
    if mine.empty:
        return ""
    landlord, tenant = float(mine["landlord_eur"].iloc[0]), float(mine["tenant_eur"].iloc[0])
    return (
        "In een huurwoning betaalt de verhuurder en wint de huurder. In de meest voorkomende "
        f"woning betaalt de verhuurder voor Schil per maand {_more(landlord)} en de huurder "
        f"{_more(tenant)} dan nu. Wij rekenen geen hogere huur."
    )


def _on_rules(stale: pd.DataFrame, *, has_scheme: bool) -> str:
    if stale.empty:
        return ""
    named = [f"{row.label} ({row.day_text})" for row in stale.itertuples()]
    loan = (
        ""
        if has_scheme
        else " Zolang de rente van Mijn VerbouwLening niet nagekeken is, rekent de eerste "
        "rekening met een gewone lening."
    )
    return (
        f"Deze regels zijn niet recent nagekeken of voorbij: {wording.join(named)}. De eerste "
        f"rekening telt ze niet mee; ernaast staat de rekening met de laatst bekende regel.{loan} "
        "Verbeter ze in de tabel regels: alle bladzijden volgen."
    )


def _on_households(*, has_households: bool) -> str:
    if has_households:
        return ""
    return (
        "De tabel huishoudens ontbreekt. Wie eigenaar is, huurt of een laag inkomen heeft, is hier "
        "geschat met vaste aandelen. Het antwoord per soort woning is even goed, dat per groep "
        "bewoners is zwak."
    )
