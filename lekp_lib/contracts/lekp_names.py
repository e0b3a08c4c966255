"""
Official names of the Lokaal Energie- en Klimaatpact, as its reporting forms use them.

The forms are those of the Flemish counter for local authorities (lblod); in linked data each
name stands behind the prefix ``lblodBesluit:``. Only amounts are listed: names and remarks of
a report are no key figures.
"""

from __future__ import annotations

__all__ = ["LEKP_NAMES", "LEKP_SOURCE"]

LEKP_SOURCE = "lblod/manage-submission-form-tooling"
"""Public repository with the forms."""

LEKP_NAMES = {
    "LEKPTotalHousingUnits": "wooneenheden in een collectieve renovatie",
    "LEKPHouseholds": "huishoudens die uitgenodigd zijn voor een klimaattafel",
    "LEKPTotalHousingForRenovatingProject": (
        "wooneenheden die op een klimaattafel een renovatietraject op maat kregen aangeboden"
    ),
    **{
        f"LEKPTotalKmFor{state}{way}BicycleInfrastructureFor{year}": (
            f"km {words} in {year}, {direction}"
        )
        for state, words in {"New": "nieuw fietspad", "Renovated": "vernieuwd fietspad"}.items()
        for way, direction in {
            "OneWay": "in één richting",
            "BiDirectionalWay": "in twee richtingen",
        }.items()
        for year in range(2023, 2027)
    },
}
"""Name → what it counts, in Dutch."""
