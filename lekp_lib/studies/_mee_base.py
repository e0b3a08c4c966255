"""What all questions of work programme 2 show beside their answer: residents and rules."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from lekp_lib import wording
from lekp_lib.contracts.lists import RULE_KINDS, RULE_STATUSES
from lekp_lib.domain import population, rules
from lekp_lib.studies._frames import KeyFigure
from lekp_lib.studies._mee_case import cells_of
from lekp_lib.studies._mee_scene import Scene
from lekp_lib.studies._section import Section

__all__ = ["BASE_KEYS", "base_section", "rule_table"]

BASE_KEYS = ("population.fit_told_share",)
"""The figures this section reads; the scene read the others."""

_DATES = ("valid_from", "valid_to", "checked_on")
_NOT_FOUND = "niet gevonden"
_NO_NUMBER = "zie de toelichting"
_WITHOUT_NUMBER = ("duty", "permit")


def base_section(scene: Scene, wanted: pd.DataFrame | None = None) -> Section:
    """
    Return who lives in which homes, the groups to reach and the rules that count.

    Parameters
    ----------
    scene : Scene
        Homes, households and rules.
    wanted : DataFrame, optional
        See `rule_table`.
    """
    table = rule_table(scene, wanted)
    groups = scene.groups.assign(fewest_households=population.fewest_behind(scene.groups))
    n_sure = float((table["status"] == rules.IN_FORCE).sum())
    figures = (
        KeyFigure("rules_in_force", n_sure, "aantal", "regels die zeker gelden", "derived", 2),
        KeyFigure("rules_unsure", len(table) - n_sure, "aantal",
                  "regels die voorbij, lang niet nagekeken of niet gevonden zijn", "derived", 2),
        KeyFigure("household_fit_error_share", scene.fit_error_share, "aandeel",
                  "grootste afwijking tussen de geschatte huishoudens en de bekende totalen",
                  "derived", 2),
    )  # fmt: skip
    tables = {
        "regels_gebruikt": table,
        "segmenten_bewoners": cells_of(scene.segments),
        "groepen_bewoners": groups.reset_index(),
    }
    return Section(tables, figures, (*_about_residents(scene), *_about_rules(scene, table)))


def rule_table(scene: Scene, wanted: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Return result table ``regels_gebruikt``: each rule with its dates and how sure it is.

    Parameters
    ----------
    scene : Scene
        With the rules of the day.
    wanted : DataFrame, optional
        kind, subject, income_group and tenure of rules that a study looked for, see
        ``rules.rules_for``; those without a rule come last, as ``missing``.
    """
    order = {kind: place for place, kind in enumerate(RULE_KINDS)}
    found = scene.rules.reset_index()
    found = found.sort_values(["kind", "subject", "rule_id"], key=lambda codes: codes.map(order)
                              if codes.name == "kind" else codes)  # fmt: skip
    if wanted is not None:
        asked = wanted.drop_duplicates().reset_index(drop=True)
        status = rules.rules_for(scene.rules, asked)["status"]
        absent = asked[status == rules.MISSING].assign(status=rules.MISSING)
        found = pd.concat([found, absent.reindex(columns=found.columns)], ignore_index=True)
    columns = {
        "rule_id": found["rule_id"],
        "kind": found["kind"],
        "rule": [_named(row) for row in found.to_dict("records")],
        "value": [_worded(row) for row in found.to_dict("records")],
        **{name: [_day(moment) for moment in found[name]] for name in _DATES},
        **{name: found[name] for name in ("status", "source", "note")},
    }
    return pd.DataFrame(columns).astype("str").reset_index(drop=True)


def _named(row: Mapping[Hashable, Any]) -> str:
    """Return what a rule is about, and for whom."""
    whom = [
        wording.label(name, row[name])
        for name in ("income_group", "tenure")
        if isinstance(row[name], str)
    ]
    subject = wording.label("rule_subject", row["subject"])
    return f"{subject} ({', '.join(whom)})" if whom else subject


def _worded(row: Mapping[Hashable, Any]) -> str | None:
    """Return the number of a rule as a reader writes it."""
    value, unit = _number(row["value"]), str(row["unit"])
    most_eur, most_share = _number(row["max_eur"]), _number(row["max_share"])
    if math.isnan(value):
        if not math.isnan(most_eur):
            return f"hoogstens {wording.quantity(most_eur, 'EUR')}; bedrag {_NOT_FOUND}"
        return _NO_NUMBER if row["kind"] in _WITHOUT_NUMBER else _NOT_FOUND
    decimals = 0 if (value * 100).is_integer() or unit == "jaar" else 2
    text = wording.quantity(value, unit, decimals)
    if unit == "aandeel" and most_share == value:
        return f"hoogstens {text} van de factuur"
    limits = [
        *([wording.quantity(most_eur, "EUR")] if not math.isnan(most_eur) else []),
        *([f"{wording.share(most_share)} van de factuur"] if not math.isnan(most_share) else []),
    ]
    return f"{text}, hoogstens {wording.join(limits)}" if limits else text


def _number(cell: object) -> float:
    return float(cell) if isinstance(cell, int | float) else float("nan")


def _day(moment: object) -> str | None:
    return wording.date(moment) if isinstance(moment, pd.Timestamp) else None


# --- sentences ------------------------------------------------------------------------------


def _about_residents(scene: Scene) -> list[str]:
    if not scene.has_households:
        return [
            "Wie hier woont, is niet opgegeven: eigendom, inkomen, leeftijd en taal zijn "
            "geschat met aannames voor heel Vlaanderen. Met de tabel huishoudens wordt dit "
            "antwoord veel sterker."
        ]
    said = [
        "De tabel huishoudens telt "
        f"{wording.number(scene.households_given)} huishoudens; we verdelen ze over alle "
        f"{wording.number(scene.homes['dwellings'].sum())} woningen. Bekend zijn de totalen; "
        "de combinaties van kenmerken zijn geschat."
    ]
    if scene.fit_error_share > scene.used["population.fit_told_share"].value:
        said.append(
            "De tabellen spreken elkaar tegen: een geschat totaal wijkt "
            f"{wording.share(scene.fit_error_share, 1)} van alle woningen af van wat u opgaf."
        )
    return said


def _about_rules(scene: Scene, table: pd.DataFrame) -> list[str]:
    """Return how many rules are not sure, and when the page was dated."""
    counts = table["status"].value_counts()
    parts = [
        f"{wording.number(counts[status])} {wording.label('rule_status', status)}"
        for status in RULE_STATUSES[1:]
        if status in counts
    ]
    said = [f"De regels tellen zoals op {wording.date(scene.on)}."]
    if parts:
        said.append(
            f"Van de {wording.number(len(table))} regels zijn er {wording.join(parts)}. Een "
            "premie die niet zeker is, rekenen we niet mee; de laatst bekende staat ernaast."
        )
    return said
