"""The Dutch words of the study iedereen_mee: where a figure comes from, and the first screen."""

from __future__ import annotations

import math
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
    figures: pd.DataFrame, types: pd.DataFrame, used: Assumptions, *, follows_flanders: bool
) -> pd.DataFrame:
    """
    Return the first screen, written from guarded figures and exempt counts only.

    Parameters
    ----------
    figures : DataFrame
        Key figures as returned by ``disclosure.guard_key_figures``.
    types : DataFrame
        Table ``vergelijking_type``: counts of dwellings, which are exempt.
    used : Assumptions
        With the limits of a row.
    follows_flanders : bool
        Unknown periods are spread as in Flanders instead of the municipality.
    """
    value = {
        str(key): float(number)
        for key, number in zip(figures["key"], figures["value"].astype("float64"), strict=True)
    }
    if not value["dwellings"] > 0:
        return summary(
            what="In de tabel gebouwen vonden we geen enkele woning.",
            sure="Dat is wellicht een fout in de gegevens en geen uitspraak over de wijk.",
            decision="Er is nog niets te beslissen.",
            next_step="Vul in de tabel gebouwen de functie of het aantal woningen aan.",
        )
    return summary(
        what=f"{_homes(value, types)} {_offer(value)}".strip(),
        sure=f"{_how_sure(value, follows_flanders=follows_flanders)} {_rules(value)}".strip(),
        decision=f"{_groups(value, used)} {_reach(value)}".strip(),
        next_step=_next_step(value),
    )


def _homes(value: Mapping[str, float], types: pd.DataFrame) -> str:
    most = types.sort_values("dwellings", kind="stable").iloc[-1]
    return (
        f"De wijk telt {_count(value['dwellings'], 'woning', 'woningen')}, het vaakst van het type "
        f"{wording.label('building_type', most['building_type'])} ({wording.share(most['share'])})."
    )


def _offer(value: Mapping[str, float]) -> str:
    cost, net = _known(value, "offer_investment_schil_eur", "offer_net_schil_eur")
    if math.isnan(cost) or math.isnan(net):
        return ""
    return (
        f"Een volledige schil kost er gemiddeld {wording.quantity(_rounded(cost), 'EUR')} per "
        f"woning. Wie daarvoor leent, betaalt per maand "
        f"{wording.quantity(_rounded(abs(net)), 'EUR')} {'minder' if net < 0 else 'meer'} dan nu, "
        "de besparing meegeteld."
    )


def _how_sure(value: Mapping[str, float], *, follows_flanders: bool) -> str:
    area = "Vlaanderen" if follows_flanders else "de gemeente"
    known = value["period_known_share"]
    spread = f"; de rest is verdeeld zoals in {area}" if known < 1 else ""
    return (
        "Het zijn berekeningen en geen bereidheid: niemand is gevraagd om mee te doen. De "
        f"bouwperiode is bekend voor {wording.share(known)} van de woningen{spread}."
    )


def _rules(value: Mapping[str, float]) -> str:
    (unsure,) = _known(value, "rules_unsure")
    if not unsure > 0:
        return ""
    which = "regel" if unsure == 1 else "regels"
    are = "is" if unsure == 1 else "zijn"
    return (
        f"{wording.number(unsure)} {which} over premies en leningen {are} voorbij of lang niet "
        "nagekeken; zulke premies tellen niet mee."
    )


def _groups(value: Mapping[str, float], used: Assumptions) -> str:
    standing, asked = _known(value, "counter_in_groups", "w2a_renovations")
    if not standing > 0:
        return "Er staan te weinig gelijke woningen naast elkaar: werk woning per woning."
    smallest, largest = (
        wording.number(used[f"stock.row_{end}_dwellings"].value) for end in ("smallest", "largest")
    )
    begin = (
        f"Begin bij de {_count(standing, 'woning', 'woningen')} die in een groep van {smallest} "
        f"tot {largest} gelijke woningen staan."
    )
    goal = (
        "het evenredige deel van het LEKP-doel "
        f"({_count(asked, 'gezamenlijke renovatie', 'gezamenlijke renovaties')})"
    )
    if asked > standing:
        return f"{begin} Ook als iedereen daar meedoet, haalt de wijk {goal} er niet mee."
    return f"{begin} Doet daar {wording.share(asked / standing)} mee, dan haalt de wijk {goal}."


def _reach(value: Mapping[str, float]) -> str:
    worst, fair, price = _known(
        value, "reach_most_worst_share", "reach_fair_worst_share", "price_of_fairness_share"
    )
    if math.isnan(worst) or not fair > worst:
        return ""
    return (
        "Kies ook of u zoveel mogelijk mensen wilt bereiken, of elke groep. In het tweede geval "
        f"gaat de slechtst bereikte groep van {wording.share(worst, 1)} naar "
        f"{wording.share(fair, 1)}, "
        f"en verliest u {wording.share(price)} van het totale bereik."
    )


def _next_step(value: Mapping[str, float]) -> str:
    if value["period_known_share"] < _MOST:
        return (
            "Vul de bouwjaren aan in de tabel gebouwen: zonder bouwjaar weten we enkel dat buren "
            "van hetzelfde type zijn, niet dat ze even oud zijn."
        )
    if _known(value, "rules_unsure")[0] > 0:
        return (
            "Kijk de premies en de rente na in de tabel regels: daarna rekent elke bladzijde "
            "opnieuw, met de echte bedragen."
        )
    if _known(value, "counter_in_groups")[0] > 0:
        return (
            "Wandel langs de grootste groep, kijk na of de huizen echt gelijk zijn, en nodig de "
            "bewoners samen uit."
        )
    return "Bezorg elke eigenaar eigen advies, en bundel enkel de bestelling van de werken."


def _known(value: Mapping[str, float], *keys: str) -> tuple[float, ...]:
    return tuple(value.get(key, math.nan) for key in keys)


def _count(value: float, one: str, many: str) -> str:
    return f"{wording.number(value)} {one if round(value) == 1 else many}"


def _rounded(amount_eur: float) -> float:
    """Return money as precise as it is known: two figures."""
    if amount_eur == 0:
        return 0.0
    return round(amount_eur, 1 - math.floor(math.log10(abs(amount_eur))))
