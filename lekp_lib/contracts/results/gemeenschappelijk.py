"""Result tables that every study makes."""

from __future__ import annotations

import pandas as pd
from pandera.typing import Series

from lekp_lib.contracts._base import Contract, Table, column
from lekp_lib.contracts.lists import TABLES

__all__ = ["CONTRACTS"]


class Samenvatting(Table):
    """The sentences of the first screen."""

    part: Series[str] = column(
        "Onderdeel",
        "Wat er is, hoe zeker, welke beslissing nu, welke volgende stap.",
        required=True,
        unique=True,
        allowed=("wat", "zekerheid", "beslissing", "volgende_stap"),
    )
    text: Series[str] = column("Tekst", "Eén zin.", required=True)


class Rijkdom(Table):
    """Which tables were there, and what stood in for those that were not."""

    table: Series[str] = column("Tabel", "Naam van de tabel.", required=True, allowed=TABLES)
    label: Series[str] = column("Gegevens", "Naam voor lezers.", required=True)
    is_present: Series[pd.BooleanDtype] = column(
        "Aanwezig", "Werd de tabel gegeven?", required=True
    )
    found: Series[str] = column("Wat er staat", "Wat in de tabel gevonden werd.")
    stands_in: Series[str] = column("Wat nu invalt", "Aanname die de plaats inneemt.")
    improves: Series[str] = column("Wat beter wordt", "Wat de tabel zou verbeteren.")


class BronnenWijk(Table):
    """Where the tables of a neighbourhood come from, as its settings say."""

    table: Series[str] = column("Gegevens", "Naam van de tabel, voor lezers.", required=True)
    source: Series[str] = column("Bron", "Wie de gegevens maakte.", required=True)
    licence: Series[str] = column("Licentie", "Wat u met de gegevens mag doen.", required=True)
    date: Series[str] = column("Datum", "Datum van de gegevens, als die gegeven is.")


CONTRACTS = (
    Contract("samenvatting", "Samenvatting", Samenvatting),
    Contract("rijkdom", "Rijkdom van de gegevens", Rijkdom),
    Contract("bronnen_wijk", "Bronnen van de gegevens van de wijk", BronnenWijk),
)
