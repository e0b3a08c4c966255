"""The figures and sentences on the contact point, the teams and the groups."""

from __future__ import annotations

import math
from collections.abc import Mapping

from lekp_lib import wording
from lekp_lib.studies._frames import KeyFigure
from lekp_lib.studies._mee_scene import Scene
from lekp_lib.units import HOURS_PER_DAY, HOURS_PER_YEAR

__all__ = ["NO_HOMES", "counter_figures", "counter_remarks"]

NO_HOMES = "Er zijn geen woningen gevonden: over het loket is hier niets te zeggen."

_MOST = 0.5  # half of it, by definition of "most"
_LONG_YEARS = 2  # from here on a wait is told in years

_FIGURES = {
    "counter_goal_renovations": (
        "goal",
        "renovatie",
        "gezamenlijke renovaties die het pact van de gemeente vraagt",
    ),
    "counter_fte": ("fte", "vte", "adviseurs voor een loket van de gemeente alleen"),
    "counter_cost_eur": ("cost_eur", "EUR", "kost van een eigen loket per jaar"),
    "counter_cost_together_eur": (
        "cost_together_eur",
        "EUR",
        "kost voor de gemeente in een gedeeld loket, per jaar",
    ),
    "counter_fee_eur": ("fee_eur", "EUR", "kost van een eigen loket per uitgevoerde renovatie"),
    "counter_pace": ("pace", "renovatie", "renovaties per jaar die de ploegen aankunnen"),
    "counter_teams_short": ("teams_short", "aantal", "ploegen te weinig voor het doel"),
    "counter_in_groups": (
        "in_groups",
        "aantal",
        "woningen in een groep die samen kan bestellen",
    ),
}
_OFFICIAL = {"counter_goal_renovations": "LEKPTotalHousingUnits"}


def counter_figures(numbers: Mapping[str, float]) -> tuple[KeyFigure, ...]:
    """Return the key figures of the section."""
    known = {**numbers, "teams_short": max(numbers["teams_needed"] - numbers["teams"], 0.0)}
    return tuple(
        KeyFigure(
            key, _rounded(known[name]), unit, label, "derived", 2, lekp_name=_OFFICIAL.get(key)
        )
        for key, (name, unit, label) in _FIGURES.items()
    )


def _rounded(value: float) -> float | None:
    return None if math.isnan(value) else value


def counter_remarks(
    scene: Scene, numbers: Mapping[str, float], figures: Mapping[str, float]
) -> tuple[str, ...]:
    """Return the sentences beside the answer."""
    found = [
        _goal(scene, numbers, figures),
        _contacts(numbers),
        _desk(numbers, figures),
        _payer(numbers, figures),
        _teams(numbers, figures),
        _pace(numbers),
        _together(numbers, figures),
        _groups(scene, numbers, figures),
        _weak(scene),
    ]
    return tuple(sentence for sentence in found if sentence)


def _euro(value: float) -> str:
    """Return an amount that is no more exact than it is known."""
    step = 1000 if value >= 10_000 else 100
    return f"{wording.number(round(value / step) * step)} euro"


def _goal(scene: Scene, numbers: Mapping[str, float], figures: Mapping[str, float]) -> str:
    counted = ", als er nog geen geteld zijn" if figures["goal_done"] == 0 else ""
    where = (
        "Deze plaats is fictief en heeft geen gemeente rond zich: we rekenen met haar eigen "
        f"{wording.number(numbers['municipal_dwellings'])} woningen. "
        if scene.nis_code is None
        else ""
    )
    return (
        f"{where}Het pact vraagt van de gemeente "
        f"{_count(numbers['goal'], 'gezamenlijke renovatie')} tegen {numbers['last_year']:.0f}. "
        f"Dat zijn er nog {_some(numbers['per_year'])} per jaar vanaf "
        f"{numbers['first_year']:.0f}{counted}."
    )


def _contacts(numbers: Mapping[str, float]) -> str:
    """Say how often every home would have to be asked."""
    years = max(numbers["last_year"] - numbers["first_year"] + 1, 1.0)
    asked, homes = numbers["contacts"] * years, numbers["municipal_dwellings"]
    if not (asked > 0 and homes > 0):
        return ""
    known = (
        f"Met deze afhakers zijn daarvoor {wording.number(numbers['contacts'])} eerste contacten "
        "per jaar nodig"
    )
    if asked <= homes:
        return (
            f"{known}: tot {numbers['last_year']:.0f} wordt {wording.share(asked / homes)} van de "
            "woningen dan één keer aangesproken."
        )
    return (
        f"{known}. Tot {numbers['last_year']:.0f} moet elke woning dan "
        f"{wording.number(asked / homes, 1)} keer aangesproken worden: zo lukt het niet. Zoek een "
        "aanpak waarbij minder gezinnen afhaken, of tel ook groepsaankopen over de hele gemeente."
    )


def _some(value: float) -> str:
    return wording.number(value, 0 if value >= 10 else 1)


def _count(value: float, one: str) -> str:
    return f"{_some(value)} {one if round(value) == 1 else one + 's'}"


def _desk(numbers: Mapping[str, float], figures: Mapping[str, float]) -> str:
    alone, shared = numbers["cost_eur"], numbers["cost_together_eur"]
    partners = wording.number(figures["partners"])
    is_cheaper = shared < alone
    compared = (
        f"In een loket van {partners} gemeenten betaalt ze {_euro(shared)}"
        if is_cheaper
        else f"Een loket van {partners} gemeenten is voor haar niet goedkoper: {_euro(shared)}"
    )
    return (
        f"Een eigen loket vraagt {_advisers(numbers['fte'])} en kost "
        f"{_euro(alone)} per jaar. {compared}. Alles binnen onze aannames."
    )


def _advisers(fte: float) -> str:
    count = wording.number(fte, 0 if round(fte, 1) == round(fte) else 1)
    return f"{count} {'voltijdse adviseur' if count == '1' else 'voltijdse adviseurs'}"


def _payer(numbers: Mapping[str, float], figures: Mapping[str, float]) -> str:
    if math.isnan(numbers["fee_eur"]):
        return ""
    free = figures["fee_eur"] == 0 and figures["contractor_eur"] == 0
    who = "Zonder bijdrage van gezinnen of aannemers" if free else "Na de andere bijdragen"
    return (
        f"{who} betaalt de gemeente {_euro(max(numbers['own_paid_eur'], 0.0))} per jaar. Een "
        f"loket dat zichzelf betaalt, moet {_euro(numbers['fee_eur'])} per renovatie vragen, of "
        f"{_euro(numbers['fee_together_eur'])} in een gedeeld loket. Welke toelagen er vandaag "
        "zijn, is niet nagegaan."
    )


def _teams(numbers: Mapping[str, float], figures: Mapping[str, float]) -> str:
    teams, needed = numbers["teams"], numbers["teams_needed"]
    most = wording.share(figures["most_occupation_share"])
    if teams == 0:
        return (
            "In de gemeente alleen is er naar schatting geen volledige ploeg voor het loket; nodig "
            f"{'is' if needed == 1 else 'zijn'} {_ploegen(needed)}. Zonder ploegen van elders "
            "start er niets."
        )
    if needed <= teams:
        return (
            f"Met {_ploegen(teams)} is de bezetting {wording.share(numbers['occupation_share'])}. "
            "Dat is genoeg: de wachttijd blijft kort."
        )
    return (
        f"Met {_ploegen(teams)} is het doel te veel: het vraagt "
        f"{wording.share(numbers['occupation_share'])} van wat zij kunnen. Wie in "
        f"{numbers['last_year']:.0f} bestelt, wacht gemiddeld {_long(numbers['wait_last_days'])}. "
        f"Boven een bezetting van {most} groeit de rij snel. Er zijn {_ploegen(needed)} nodig."
    )


def _long(days: float) -> str:
    """Return a wait in days, or in years where it is long."""
    years = days * HOURS_PER_DAY / HOURS_PER_YEAR
    return (
        f"{wording.number(years)} jaar" if years >= _LONG_YEARS else f"{wording.number(days)} dagen"
    )


def _ploegen(value: float) -> str:
    return f"{wording.number(value)} {'ploeg' if round(value) == 1 else 'ploegen'}"


def _pace(numbers: Mapping[str, float]) -> str:
    if numbers["pace"] <= 0:
        return ""
    if numbers["pace"] >= numbers["per_year"]:
        return ""
    when = (
        f"Zo is het doel gehaald in {numbers['pace_year']:.0f}."
        if not math.isnan(numbers["pace_year"])
        else f"Zo is het doel in {numbers['last_seen']:.0f} nog niet gehaald."
    )
    return (
        f"Nodig niet meer gezinnen uit dan de ploegen aankunnen: {_some(numbers['pace'])} "
        f"renovaties per jaar. {when}"
    )


def _together(numbers: Mapping[str, float], figures: Mapping[str, float]) -> str:
    teams = numbers["teams_together"]
    if teams <= numbers["teams"]:
        return ""
    is_one = round(teams) == 1
    return (
        f"In {wording.number(figures['partners'])} gemeenten samen {'is' if is_one else 'zijn'} er "
        f"{_ploegen(teams)}: {'die kan' if is_one else 'die kunnen'} "
        f"{_some(numbers['pace_together'])} renovaties per jaar aan; "
        f"het pact vraagt er daar {_some(numbers['per_year_together'])}. In een grote pool wacht "
        "men korter bij dezelfde bezetting."
    )


def _groups(scene: Scene, numbers: Mapping[str, float], figures: Mapping[str, float]) -> str:
    smallest = wording.number(scene.used["stock.row_smallest_dwellings"].value)
    largest = wording.number(scene.used["stock.row_largest_dwellings"].value)
    if numbers["groups"] == 0:
        return (
            f"Er staan nergens {smallest} gelijke woningen samen: een gezamenlijk aanbod per groep "
            "werkt hier niet. Werk woning per woning."
        )
    promise = (
        " We rekenen geen korting: er is geen nagerekende Vlaamse korting gevonden."
        if scene.used["package.discount.counted_share"].value == 0
        else ""
    )
    return (
        f"{wording.number(numbers['in_groups'])} woningen staan in een groep van {smallest} tot "
        f"{largest} gelijke woningen. Tellen enkel gedeelde muren, dan "
        f"{wording.number(numbers['in_groups_walls'])}. De andere "
        f"({wording.share(numbers['left_share'])}) blijven over en krijgen een eigen aanbod."
        f"{promise}"
    )


def _weak(scene: Scene) -> str:
    known = (scene.homes["period"] != "unknown").mean()
    if known >= _MOST:
        return (
            "Hoe snel ploegen werken en hoeveel gezinnen afhaken, zijn aannames zonder Vlaamse "
            "meting. Vervang ze door uw eigen cijfers."
        )
    return (
        "Van de meeste woningen is het bouwjaar niet bekend: groepen zijn dan enkel gelijk van "
        "type. Ook de cijfers over ploegen en afhakers zijn aannames zonder Vlaamse meting."
    )
