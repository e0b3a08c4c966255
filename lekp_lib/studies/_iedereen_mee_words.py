"""The Dutch words of the study iedereen_mee: where a figure comes from, and the first screen."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from lekp_lib import wording
from lekp_lib.assumptions import Assumptions
from lekp_lib.studies._frames import summary

__all__ = ["FLEMISH", "HOW", "PLACES", "STEPS", "limits", "summary_sentences"]

STEPS = {
    "home_origin": "Is het een woning?",
    "type_origin": "Type",
    "dwellings_origin": "Aantal woningen",
    "period_origin": "Bouwperiode",
    "street_origin": "Straat",
}
HOW = {
    "home_origin": {
        "dwellings": "aantal woningen gegeven",
        "function": "volgens de functie",
        "building_type": "volgens het type",
        "house_number": "volgens het huisnummer",
        "footprint": "enkel volgens de grootte van het grondvlak",
    },
    "type_origin": {
        "given": "gegeven",
        "function": "woning boven een zaak",
        "dwellings": "meer dan één woning: appartementsgebouw",
        "levels": "veel bouwlagen: appartementsgebouw",
        "walls": "afgeleid uit gedeelde muren",
    },
    "dwellings_origin": {
        "dwellings": "gegeven",
        "house_numbers": "geteld uit de huisnummers",
        "floor_area": "geschat uit de vloeroppervlakte",
        "one": "één woning per huis aangenomen",
    },
    "period_origin": {
        "year": "bouwjaar gegeven",
        "period": "bouwperiode gegeven",
        "stock": "niet bekend: verdeeld zoals in de gemeente",
    },
    "street_origin": {
        "given": "straatnaam van het gebouw",
        "street_id": "straat-id van het gebouw",
        "street_name": "segment met dezelfde straatnaam",
        "nearest": "dichtste straat",
        "none": "niet gevonden",
    },
}
PLACES = {
    "share": "de wijk",
    "municipality_share": "de gemeente",
    "flanders_share": "Vlaanderen",
}
FLEMISH = "niet bekend: verdeeld zoals in Vlaanderen"

_MOST = 0.5  # half of it, by definition of "most"


def limits(used: Assumptions) -> tuple[float, float]:
    """Return the fewest dwellings in a row, and in a row that makes a joint project."""
    return (
        used["stock.row_smallest_dwellings"].value,
        used["stock.joint_project_dwellings"].value,
    )


def summary_sentences(
    figures: pd.DataFrame,
    internal: Mapping[str, pd.DataFrame],
    used: Assumptions,
    *,
    follows_flanders: bool,
) -> pd.DataFrame:
    """
    Return the first screen, written from guarded figures and exempt counts only.

    Parameters
    ----------
    figures : DataFrame
        Key figures as returned by ``disclosure.guard_key_figures``.
    internal : mapping of str to DataFrame
        The tables ``segmenten`` and ``rijen``: counts of dwellings, which are exempt.
    used : Assumptions
        With the limits of a row.
    follows_flanders : bool
        Unknown periods are spread as in Flanders instead of the municipality.
    """
    value = dict(zip(figures["key"], figures["value"], strict=True))
    if not value["dwellings"] > 0:
        return summary(
            what="In de tabel gebouwen vonden we geen enkele woning.",
            sure="Dat is wellicht een fout in de gegevens en geen uitspraak over de wijk.",
            decision="Er is nog niets te beslissen.",
            next_step="Vul in de tabel gebouwen de functie of het aantal woningen aan.",
        )
    return summary(
        what=_what(value, internal, used),
        sure=_how_sure(value, follows_flanders=follows_flanders),
        decision=_decision(value, internal, used),
        next_step=_next_step(value),
    )


def _what(
    value: Mapping[str, float], internal: Mapping[str, pd.DataFrame], used: Assumptions
) -> str:
    types = internal["vergelijking_type"].sort_values("dwellings", kind="stable")
    kind = wording.label("building_type", types["building_type"].iloc[-1])
    _, enough = limits(used)
    standing = value["dwellings_in_long_rows"]
    how_many = wording.number(standing) if standing > 0 else "geen enkele"
    return (
        f"De wijk telt {_count(value['dwellings'], 'woning', 'woningen')}, het vaakst van het type "
        f"{kind} ({wording.share(types['share'].iloc[-1])}); {how_many} daarvan "
        f"{'staat' if standing <= 1 else 'staan'} met minstens {wording.number(enough)} "
        f"{_alike(value)} naast elkaar of in één gebouw."
    )


def _alike(value: Mapping[str, float]) -> str:
    """Say no more than what is known: without years only the type is alike."""
    is_aged = value["period_known_share"] >= _MOST
    return "gelijke woningen" if is_aged else "woningen van hetzelfde type"


def _count(value: float, one: str, many: str) -> str:
    return f"{wording.number(value)} {one if round(value) == 1 else many}"


def _the(value: float, one: str, many: str, article: str = "de") -> str:
    return f"{article} enige {one}" if round(value) == 1 else f"de {wording.number(value)} {many}"


def _how_sure(value: Mapping[str, float], *, follows_flanders: bool) -> str:
    area = "Vlaanderen" if follows_flanders else "de gemeente"
    known, given = value["period_known_share"], value["type_given_share"]
    spread = f" (de rest is verdeeld zoals in {area})" if known < 1 else ""
    derived = " (de rest volgt vooral uit gedeelde muren)" if given < 1 else ""
    return (
        "Het zijn aantallen en geen bereidheid: niemand is gevraagd om mee te doen. De bouwperiode "
        f"is bekend voor {wording.share(known)} van de woningen{spread} en het type is gegeven "
        f"voor {wording.share(given)} van de gebouwen{derived}."
    )


def _decision(
    value: Mapping[str, float], internal: Mapping[str, pd.DataFrame], used: Assumptions
) -> str:
    least, enough = limits(used)
    n_short = value["rows"] - value["long_rows"]
    short = (
        f"{_the(n_short, 'kortere rij', 'kortere rijen')} van minstens {wording.number(least)} "
        f"woningen ({_together(value['short_row_dwellings'], n_short)})"
    )
    starts = _starts(value, internal["rijen"], enough)
    if starts:
        then = f" Neem daarna {short}, en zoek er buren bij." if n_short > 0 else ""
        return f"Begin bij {wording.join(starts)}. {_reach(value)}{then}"
    if n_short > 0:
        return (
            f"Geen rij haalt {wording.number(enough)} {_alike(value)}: begin bij {short}, zoek er "
            "gelijke woningen in dezelfde straat bij, en werk elders woning per woning."
        )
    return "Er staan te weinig gelijke woningen naast elkaar: werk woning per woning."


def _starts(value: Mapping[str, float], rows: pd.DataFrame, enough: float) -> list[str]:
    """Return the rows and buildings that make a joint project by themselves."""
    starts = []
    n_rows, n_buildings = value["long_rows"], value["large_buildings"]
    if n_rows > 0:
        starts.append(
            f"{_the(n_rows, 'rij', 'rijen')} van minstens {wording.number(enough)} {_alike(value)} "
            f"({_together(value['long_row_dwellings'], n_rows)}{_where(rows, n_rows)})"
        )
    if n_buildings > 0:
        starts.append(
            f"{_the(n_buildings, 'gebouw', 'gebouwen', 'het')} met minstens "
            f"{wording.number(enough)} woningen"
        )
    return starts


def _together(dwellings: float, n_rows: float) -> str:
    count = _count(dwellings, "woning", "woningen")
    return count if round(n_rows) == 1 else f"samen {count}"


def _where(rows: pd.DataFrame, n_rows: float) -> str:
    """Return the street of the longest row of several buildings, if it has one."""
    street = rows.loc[rows["buildings"] > 1, "street_name"].iloc[0]
    which = "" if round(n_rows) == 1 else "de langste "
    return "" if pd.isna(street) else f", {which}in de straat {street}"


def _reach(value: Mapping[str, float]) -> str:
    asked, at_most = value["w2a_renovations"], value["dwellings_in_long_rows_any_period"]
    goal = (
        "het evenredige deel van het LEKP-doel "
        f"({_count(asked, 'gezamenlijke renovatie', 'gezamenlijke renovaties')})"
    )
    if value["dwellings_in_long_rows"] >= asked:
        return f"Daar staan genoeg woningen voor {goal}, als iedereen meedoet."
    instead = (
        f"; hoeft de bouwperiode niet gelijk te zijn, dan wel ({wording.number(at_most)} woningen)"
    )
    return (
        f"Ook als iedereen daar meedoet, haalt de wijk {goal} er niet mee"
        f"{instead if at_most >= asked else ''}."
    )


def _next_step(value: Mapping[str, float]) -> str:
    if value["period_known_share"] < _MOST:
        return (
            "Vul de bouwjaren aan in de tabel gebouwen: zonder bouwjaar weten we enkel dat buren "
            "van hetzelfde type zijn, niet dat ze even oud zijn."
        )
    if value["long_rows"] == 0 and value["large_buildings"] > 0:
        return "Nodig de eigenaars van elk groot gebouw samen uit: zij beslissen per gebouw."
    if value["rows"] > 0:
        return (
            "Wandel langs de langste rij, kijk na of de huizen echt gelijk zijn, en nodig de "
            "bewoners samen uit."
        )
    return "Bezorg elke eigenaar eigen advies, en bundel enkel de bestelling van de werken."
