"""What the reader is told about phasing and shared works."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from lekp_lib import wording
from lekp_lib.studies._frames import KeyFigure

__all__ = ["phase_figures", "phase_remarks"]

_Rows = dict[Any, Any]


def phase_figures(
    tables: Mapping[str, pd.DataFrame], best: str, guarded_eur: float
) -> tuple[KeyFigure, ...]:
    """
    Return the key figures on phasing and works.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables of the section.
    best : str
        The order of streets with the least regret.
    guarded_eur : float
        What it is worth if uptake disappoints and the builder may stop [EUR].
    """
    rows: _Rows = tables["fasering"].set_index("approach").to_dict("index")
    row, once = rows[best], rows["all_at_once"]
    gain = float(tables["werken_per_straat"]["gain_eur"].sum())
    about = (
        ("phasing_npv_eur", row["npv_eur"], "EUR", "netto waarde van de aanpak met minste spijt"),
        ("phasing_npv_low_eur", guarded_eur, "EUR", "waarde daarvan bij tegenvaller"),
        ("all_at_once_regret_eur", once["regret_eur"], "EUR", "spijt als alles in één keer komt"),
        ("first_years_eur", row["first_years_eur"], "EUR", "investering in de eerste fase"),
        ("works_gain_eur", gain, "EUR", "winst door samen te graven, straat per straat"),
        ("co2_avoided_t", row["co2_avoided_t"], "t", "CO2 vermeden tegenover gas na 20 jaar"),
        ("last_street_year", row["last_year"], "jaar", "jaar van de laatste straat"),
    )
    return tuple(
        KeyFigure(key, float(value), unit, label, "assumed", 1) for key, value, unit, label in about
    )


def phase_remarks(
    tables: Mapping[str, pd.DataFrame],
    phasing: Mapping[str, float],
    best: str,
    stepwise: str,
    *,
    has_works: bool,
) -> tuple[str, ...]:
    """
    Return the sentences beside phasing and works.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Tables of the section.
    phasing : mapping of str to float
        The figures below ``phasing.``.
    best, stepwise : str
        The order with the least regret, of all and of those that go step by step.
    has_works : bool
        Works are known in streets of the network.
    """
    rows: _Rows = tables["fasering"].set_index("approach").to_dict("index")
    told = [
        _best_remark(phasing, rows, best),
        _regret_remark(phasing, rows, best),
        _sizing_remark(tables["leidingen_per_fase"], stepwise),
        _works_remark(tables["werken_per_straat"], rows, has_works=has_works),
        f"De buizen, de bron en de prijzen blijven in elke aanpak dezelfde; {_name('all_at_once')} "
        "is het net van het eerste scherm, met dezelfde prijs. Wat de gemeente leert uit de eerste "
        "straten, en wie intussen zelf een warmtepomp koopt, telt niet mee.",
    ]
    return tuple(sentence for sentence in told if sentence)


def _eur(value: float) -> str:
    """Return an amount in words, to the thousand."""
    return wording.quantity(round(value, -3), "EUR")


def _name(strategy: str) -> str:
    return f"«{wording.label('phasing_strategy', strategy)}»"


def _best_remark(phasing: Mapping[str, float], rows: _Rows, best: str) -> str:
    worth = {strategy: float(row["npv_eur"]) for strategy, row in rows.items()}
    if not np.isfinite(list(worth.values())).all():
        return ""
    top = max(worth, key=lambda strategy: worth[strategy])
    loses = worth[top] < 0
    verdict = (
        f"Geen enkele aanpak is het geld waard als de warmte evenveel kost als een eigen "
        f"warmtepomp; {_name(top)} verliest het minst: {_eur(-worth[top])} in geld van vandaag."
        if loses
        else f"Loopt het zoals verwacht, dan is {_name(top)} het meest waard: {_eur(worth[top])} "
        "in geld van vandaag, als de warmte evenveel kost als een eigen warmtepomp."
    )
    early = _eur(rows[best]["first_years_eur"])
    step = int(phasing["phase_years"])
    return f"{verdict} In de eerste {step} jaar vraagt {_name(best)} een investering van {early}."


def _regret_remark(phasing: Mapping[str, float], rows: _Rows, best: str) -> str:
    if not np.isfinite([row["regret_eur"] for row in rows.values()]).all():
        return ""
    share = wording.share(1.0 - phasing["disappointing_share"])
    once = rows["all_at_once"]["regret_eur"]
    said = (
        "ook dan is alles in één keer de beste keuze"
        if best == "all_at_once"
        else f"met alles in één keer heeft u dan {_eur(once)} spijt tegenover {_name(best)}"
    )
    return (
        f"Sluit {share} minder aan dan verwacht, en trager, dan telt of u nog kunt stoppen: "
        f"{said}. "
        f"{_name(best)} heeft dus de minste spijt, binnen onze aannames."
    )


def _sizing_remark(pipes: pd.DataFrame, stepwise: str) -> str:
    cost = pipes.groupby("sizing")["cost_eur"].sum()
    is_again = (pipes["sizing"] == "per_phase") & (pipes["action"] == "replace")
    again = float(pipes.loc[is_again, "length_m"].sum())
    if not cost["ahead"] > 0:
        return ""
    if again == 0:
        return (
            f"Bij {_name(stepwise)} hoeft geen buis vervangen te worden, ook als elke fase alleen "
            "naar de eigen straten kijkt."
        )
    change = cost["per_phase"] - cost["ahead"]
    way = "meer" if change > 0 else "minder"
    return (
        f"Wie bij {_name(stepwise)} in elke fase alleen buizen legt voor wie er dan is, moet later "
        f"{wording.quantity(again, 'm')} hoofdleiding vervangen en geeft {_eur(abs(change))} {way} "
        "uit dan wie meteen de eindmaat legt."
    )


def _works_remark(table: pd.DataFrame, rows: _Rows, *, has_works: bool) -> str:
    if not has_works:
        return (
            "Voor de straten van het net zijn geen andere werken bekend. Vul de tabel werken in "
            "(riolering, wegdek, ontharding) om te zien wat samen graven bespaart."
        )
    pays = table["gain_eur"] > 0
    gain = _eur(float(table["gain_eur"].sum()))
    if not pays.any():
        return (
            "Er zijn werken gepland, maar wachten of vooruit leggen kost meer dan samen graven "
            "bespaart."
            if (table["choice"] == "apart").any()
            else "Er zijn werken gepland, maar niet rond het jaar waarin die straten voor het net "
            "aan de beurt zijn. Overleg of de planning van een van beide kan schuiven."
        )
    kinds = {"wait": "te wachten", "lay_ahead": "buizen vooruit te leggen"}
    moved = [
        f"{n} keer door {words}"
        for kind, words in kinds.items()
        if (n := int((table["choice"] == kind).sum()))
    ]
    how = f", waarvan {wording.join(moved)}" if moved else ""
    along = rows["follow_works"]["works_saving_eur"]
    is_same = rows["follow_works"]["npv_eur"] == rows["outward"]["npv_eur"]
    same = " De volgorde van de straten hoeft er niet voor te veranderen." if is_same else ""
    return (
        f"In {int(pays.sum())} van de {len(table)} straten loont het om samen met andere werken te "
        f"graven{how}. Straat per straat bekeken levert dat {gain} op. "
        f"Volgt het hele net de werken, dan spaart het {_eur(along)} graafwerk uit."
        f"{same}"
    )
