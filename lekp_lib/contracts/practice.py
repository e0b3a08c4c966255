"""Documented Flemish cases beside the answers of the three work programmes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandera.typing import Series

from lekp_lib.contracts._base import Contract, Table, column
from lekp_lib.contracts.check import Source
from lekp_lib.contracts.checked import CHECKED_ON
from lekp_lib.errors import Fault

__all__ = ["PRACTICE", "QUESTIONS", "Praktijk", "spelling_faults"]

QUESTIONS = {
    "wp1.1": "Kan een hele wijk tegelijk overstappen op fossielvrije warmte?",
    "wp1.2": "Kan de aanleg van het net een hefboom zijn om samen te renoveren?",
    "wp1.3": "Van wie is het net?",
    "wp1.4": "Hoe wordt het net gefinancierd?",
    "wp1.5": "Welke juridische vorm bundelt grond, geld en capaciteit?",
    "wp1.6": "Sluit u woningen stap voor stap aan, of in één keer?",
    "wp1.7": "Hoe stemt u de timing af op andere werven?",
    "wp2.1": "Welk aanbod past bij elk huishouden, en wat kost het per maand?",
    "wp2.2": "Kan één contactpunt alles aanbieden?",
    "wp2.3": "Welke manieren om bewoners te bereiken werken echt, voor iedereen?",
    "wp2.4": "Kunnen klimaattafels daarbij helpen, en hoe dan?",
    "wp2.5": "Welke regels moeten anders, bijvoorbeeld voor een collectieve vergunning?",
    "wp2.6": "Hoe werken overheid, bedrijven en burgers samen om bewoners te ontzorgen?",
    "wp3.1": "Hoe versterken mobiliteitsbeleid en een klimaatbestendige straat elkaar?",
    "wp3.2": "Hoe werken gemeentediensten, private partijen en hogere overheden samen?",
    "wp3.3": "Welke afspraken maakt u met scholen of supermarkten om hun parking te delen?",
    "wp3.4": "Zijn er convenanten met nutsbeheerders nodig?",
    "wp3.5": "Welke ontwerpen maken ondergronds plaats voor wortels, warmtenet en riolen?",
}
"""Questions of the work programmes, in the order of their chapters."""


class Praktijk(Table):
    """Cases of practice: what was tried where, what came of it, and who says so."""

    case_id: Series[str] = column(
        "Geval-id",
        "Uniek kenmerk: kleine letters, cijfers en streepjes.",
        required=True,
        unique=True,
    )
    question: Series[str] = column(
        "Vraag",
        "De vraag waar het geval bij hoort, bijvoorbeeld wp1.3.",
        required=True,
        allowed=tuple(QUESTIONS),
    )
    place: Series[str] = column("Plaats", "Gemeente of streek in Vlaanderen.", required=True)
    year: Series[str] = column("Jaar", "Jaar of jaren, als tekst; leeg als het niet bekend is.")
    tried: Series[str] = column("Wat is geprobeerd", "Eén of twee zinnen.", required=True)
    outcome: Series[str] = column(
        "Uitkomst", "Wat het opleverde, of dat de uitkomst niet is nagegaan.", required=True
    )
    source: Series[str] = column("Bron", "Naam en jaar van de bron.", required=True)
    url: Series[str] = column("Adres", "Adres van de bron, dat begint met http:// of https://.")
    checked_on: Series[str] = column(
        "Nagekeken op",
        "Dag (JJJJ-MM-DD) of maand (JJJJ-MM) waarop de bron is nagelezen.",
        required=True,
    )


PRACTICE = Contract("praktijk", "Wat de praktijk leert", Praktijk, index="case_id")
"""The file ``data/praktijk.csv``."""

_SPELLING = {
    "case_id": (
        r"^[a-z0-9]+(-[a-z0-9]+)*$",
        "is geen kenmerk",
        "Schrijf kleine letters, cijfers en streepjes.",
    ),
    "url": (
        r"^https?://[^\s<>\"]+$",
        "is geen adres",
        "Schrijf het volledige adres, met https://, of laat de cel leeg.",
    ),
    "checked_on": (CHECKED_ON, "is geen datum", "Schrijf JJJJ-MM-DD of JJJJ-MM."),
}
"""Column → how it is spelled, what is wrong otherwise, what to do."""


def spelling_faults(practice: pd.DataFrame, source: Source) -> list[Fault]:
    """
    Return the identifiers, addresses and dates of cases that are not spelled as they should.

    Parameters
    ----------
    practice : DataFrame
        In the form of contract ``PRACTICE``, with or without its index.
    source : Source
        For the messages.

    Examples
    --------
    >>> cases = pd.DataFrame({"case_id": ["a"], "url": ["www.gent.be"], "checked_on": ["2026"]})
    >>> [fault.column for fault in spelling_faults(cases, Source("praktijk.csv", 2))]
    ['url', 'checked_on']
    """
    table = practice.reset_index()
    faults = []
    for name, (pattern, problem, remedy) in _SPELLING.items():
        texts = table[name].astype("str")
        is_wrong = table[name].notna() & ~texts.str.match(pattern, na=True).astype("bool")
        faults += [
            Fault(
                source.file,
                int(position) + source.first_row,
                name,
                str(texts.iloc[position]),
                problem,
                remedy,
            )
            for position in np.flatnonzero(is_wrong)
        ]
    return faults
