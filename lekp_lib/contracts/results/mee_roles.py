"""Result tables of the study iedereen_mee about who does what."""

from __future__ import annotations

import pandas as pd
from pandera.typing import Series

from lekp_lib.contracts._base import Contract, Table, column
from lekp_lib.contracts.lists import ACTOR_KINDS

__all__ = ["CONTRACTS", "GAPS", "PARTIES", "PARTY_STATUSES"]

PARTIES = {
    "municipality": "public",
    "ocmw": "public",
    "intermunicipal": "public",
    "energy_house": "public",
    "renovation_coach": "public",
    "housing_company": "public",
    "network_operator": "public",
    "utilities": "public",
    "school": "public",
    "province": "public",
    "flemish_government": "public",
    "architects": "private",
    "contractors": "private",
    "heat_company": "private",
    "mobility_provider": "private",
    "company": "private",
    "landlords": "private",
    "bank": "private",
    "citizen_coop": "civic",
    "neighbourhood_group": "civic",
    "civil_society": "civic",
    "residents": "civic",
}
"""Party of the role matrix → kind."""

PARTY_STATUSES = ("named", "everywhere", "possible", "open", "not_told")
"""How sure it is that a place has a party, surest first."""

GAPS = ("filled", "fallback", "possible", "open", "not_told")


class Rolmatrix(Table):
    """Every task of the three programmes: who does it, who answers for it, is it filled here?"""

    task_id: Series[str] = column("Taak-id", "Kenmerk van de taak.", required=True, unique=True)
    programme: Series[int] = column("Programma", "1, 2 of 3.", required=True, ge=1, le=3)
    question: Series[str] = column("Vraag", "Vraag van het programma.", required=True)
    task: Series[str] = column("Taak", "Wat er moet gebeuren.", required=True)
    responsible: Series[str] = column(
        "Wie doet het", "De uitvoerder.", required=True, allowed=tuple(PARTIES), labels="party"
    )
    accountable: Series[str] = column(
        "Wie is eindverantwoordelijk",
        "Precies één partij per taak.",
        required=True,
        allowed=tuple(PARTIES),
        labels="party",
    )
    consulted: Series[str] = column("Wie vraagt u om raad", "Partijen die meedenken.")
    informed: Series[str] = column("Wie licht u in", "Partijen die het moeten weten.")
    legal_basis: Series[str] = column("Wettelijke basis", "Of: niet nagegaan.", required=True)
    budget_line: Series[str] = column("Waar het geld staat", "Of: niet nagegaan.", required=True)
    hours_per_dossier: Series[float] = column(
        "Uren per dossier", "Leeg als het niet bekend is.", unit="uur", decimals=1, ge=0
    )
    fallback: Series[str] = column(
        "Wie springt in",
        "Partij die de taak overneemt; elke taak van burgers heeft er een.",
        allowed=tuple(PARTIES),
        labels="party",
    )
    gap: Series[str] = column(
        "Ingevuld in deze wijk?",
        "Volgens de tabel actoren, en wat elke gemeente heeft.",
        required=True,
        allowed=GAPS,
        labels="role_gap",
    )
    source: Series[str] = column("Bron", "Of: aanname van het platform.", required=True)


class RolPartijen(Table):
    """The parties of the matrix: are they here, and how much rests on them?"""

    party: Series[str] = column(
        "Partij", "Soort organisatie.", required=True, allowed=tuple(PARTIES), labels="party"
    )
    kind: Series[str] = column(
        "Soort", "Overheid, bedrijf of burgers.", required=True, allowed=ACTOR_KINDS,
        labels="actor_kind",
    )  # fmt: skip
    status: Series[str] = column(
        "Is die er?",
        "Genoemd in de tabel actoren, overal aanwezig, mogelijk of niet.",
        required=True,
        allowed=PARTY_STATUSES,
        labels="party_status",
    )
    named_by: Series[str] = column("Wie", "Rol in de tabel actoren; nooit een persoon.")
    does: Series[pd.Int64Dtype] = column("Voert uit", "Aantal taken.", unit="aantal", ge=0)
    answers: Series[pd.Int64Dtype] = column(
        "Is eindverantwoordelijk", "Aantal taken.", unit="aantal", ge=0
    )


class RolVerdeling(Table):
    """How the tasks of each programme are spread over government, companies and citizens."""

    programme: Series[str] = column("Programma", "Werkprogramma.", required=True)
    kind: Series[str] = column(
        "Soort", "Overheid, bedrijf of burgers.", required=True, allowed=ACTOR_KINDS,
        labels="actor_kind",
    )  # fmt: skip
    tasks: Series[pd.Int64Dtype] = column(
        "Taken", "Taken die deze soort uitvoert.", unit="aantal", ge=0
    )
    share: Series[float] = column(
        "Aandeel", "Van de taken van het programma.", unit="aandeel", ge=0, le=1
    )


CONTRACTS: tuple[Contract, ...] = (
    Contract("rolmatrix", "Wie doet wat", Rolmatrix),
    Contract("rol_partijen", "Welke partijen er zijn", RolPartijen, key=("party",)),
    Contract(
        "rol_verdeling",
        "Taken van overheid, bedrijven en burgers",
        RolVerdeling,
        key=("programme", "kind"),
    ),
)
"""Result tables about roles."""
