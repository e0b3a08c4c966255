"""Who does what in the three programmes, and where this place has nobody yet."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from lekp_lib import wording
from lekp_lib.assumptions import load_roles
from lekp_lib.contracts import QUESTIONS, RESULTS
from lekp_lib.contracts.lists import ACTOR_KINDS
from lekp_lib.contracts.results.mee_roles import GAPS, PARTIES
from lekp_lib.domain import roles as role_matrix
from lekp_lib.studies._frames import KeyFigure
from lekp_lib.studies._mee_scene import Scene
from lekp_lib.studies._section import Section

__all__ = ["ROLES_KEYS", "roles_section"]

ROLES_KEYS: tuple[str, ...] = ()
"""This section reads no figure."""

_WORDS = {
    "municipality": r"^(?:gemeente|stad)\b",
    "ocmw": "ocmw",
    "intermunicipal": "intercommunale|intergemeentelijk|vereniging van gemeenten",
    "energy_house": "energiehuis",
    "renovation_coach": "renovatiebegeleid|renovatiecoach|woonloket|energieloket",
    "housing_company": "woonmaatschappij",
    "network_operator": "netbeheerder|elektriciteitsnet|gasnet",
    "utilities": "waterbedrijf|watermaatschappij|rioolbeheerder|nutsbeheerder",
    "school": "school",
    "province": "provincie",
    "architects": "architect",
    "contractors": "aannemer|bouwbedrijf",
    "heat_company": "warmtebedrijf",
    "mobility_provider": "deelwagen|deelauto|autodelen|deelmobiliteit",
    "company": "supermarkt|winkel|fabriek|bedrijvenpark",
    "landlords": "verhuurder",
    "bank": r"\bbank\b",
    "citizen_coop": "co[öo]peratie",
    "neighbourhood_group": "bewonersgroep|wijkhuis|buurthuis|buurtcomité|wijkcomité|ambassadeur",
    "civil_society": "saamo|samenlevingsopbouw|welzijn|middenveld",
}
"""Party → how the name of a role tells it."""

_EVERYWHERE = (
    "municipality",
    "ocmw",
    "energy_house",
    "network_operator",
    "utilities",
    "province",
    "flemish_government",
    "residents",
)
"""Parties that serve every Flemish municipality."""

_PROGRAMMES = {1: "1 · Parel van het warmtenet", 2: "2 · Iedereen mee!", 3: "3 · Straten"}
_MOST_NAMED = 4


def roles_section(scene: Scene) -> Section:
    """
    Return the role matrix, and which tasks have nobody yet in this place.

    Parameters
    ----------
    scene : Scene
        Only its table ``actoren`` is read, where there is one.

    Returns
    -------
    Section
        Tables rolmatrix, rol_partijen and rol_verdeling.
    """
    matrix = load_roles()
    actors = scene.place.tables.get("actoren")
    parties = role_matrix.parties_here(PARTIES, words=_WORDS, everywhere=_EVERYWHERE, actors=actors)
    matrix = matrix.join(role_matrix.task_gaps(matrix, parties))
    tables = {
        "rolmatrix": _matrix(matrix),
        "rol_partijen": _parties(parties, matrix),
        "rol_verdeling": _spread(matrix),
    }
    return Section(tables, _figures(matrix), _remarks(matrix, has_actors=actors is not None))


def _shown(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a contract in their order, codes as text and counts whole."""
    about = RESULTS[name].columns
    kinds = {"text": "str", "integer": "Int64", "number": "float64", "yes_no": "boolean"}
    return table[list(about)].astype({key: kinds[one.kind] for key, one in about.items()})


def _matrix(matrix: pd.DataFrame) -> pd.DataFrame:
    table = matrix.reset_index().assign(
        question=matrix["question"].map(QUESTIONS).to_numpy(),
        consulted=matrix["C"].map(_listed).to_numpy(),
        informed=matrix["I"].map(_listed).to_numpy(),
        fallback=matrix["fallback"].replace("", None).to_numpy(),
    )
    table = table.rename(columns={"R": "responsible", "A": "accountable"})
    return _shown("rolmatrix", table).astype({"programme": "int64"})


def _listed(cell: str) -> str:
    return wording.join([wording.label("party", one) for one in role_matrix.split_parties(cell)])


def _parties(parties: pd.DataFrame, matrix: pd.DataFrame) -> pd.DataFrame:
    counts = {"does": matrix["R"].value_counts(), "answers": matrix["A"].value_counts()}
    table = parties.assign(
        **{name: count.reindex(parties.index, fill_value=0) for name, count in counts.items()}
    )
    return _shown("rol_partijen", table.rename_axis("party").reset_index())


def _spread(matrix: pd.DataFrame) -> pd.DataFrame:
    """Return how many tasks government, companies and citizens carry out."""
    kinds = matrix["R"].map(PARTIES)
    every = pd.MultiIndex.from_product([sorted(_PROGRAMMES), ACTOR_KINDS])
    tasks = kinds.groupby([matrix["programme"], kinds]).size().reindex(every, fill_value=0)
    table = tasks.rename_axis(["programme", "kind"]).rename("tasks").reset_index()
    total = table.groupby("programme")["tasks"].transform("sum")
    table = table.assign(share=table["tasks"] / total)
    return _shown("rol_verdeling", table.assign(programme=table["programme"].map(_PROGRAMMES)))


def _counts(matrix: pd.DataFrame) -> Mapping[str, int]:
    counts = matrix["gap"].value_counts().reindex(list(GAPS), fill_value=0)
    return {str(gap): int(count) for gap, count in counts.items()}


def _figures(matrix: pd.DataFrame) -> tuple[KeyFigure, ...]:
    counts = _counts(matrix)
    civic = int((matrix["R"].map(PARTIES) == "civic").sum())
    about = (
        ("role_tasks", len(matrix), "taken in de drie programma's"),
        ("role_tasks_filled", counts["filled"], "taken die hier ingevuld zijn"),
        ("role_tasks_fallback", counts["fallback"], "taken waar een vervanger moet inspringen"),
        (
            "role_tasks_open",
            len(matrix) - counts["filled"] - counts["fallback"],
            "taken zonder zekere uitvoerder",
        ),
        ("role_tasks_civic", civic, "taken die burgers uitvoeren"),
    )
    return tuple(
        KeyFigure(key, value, "aantal", label, "assumed", 2) for key, value, label in about
    )


def _remarks(matrix: pd.DataFrame, *, has_actors: bool) -> tuple[str, ...]:
    counts = _counts(matrix)
    total, filled = wording.number(len(matrix)), wording.number(counts["filled"])
    told = [
        f"Van de {total} taken in de drie programma's zijn er hier {filled} ingevuld: de partij "
        "staat in de tabel actoren, of elke gemeente heeft er een.",
        _gaps(matrix),
        "De verdeling is een voorstel van het platform, geen wet. Waar «niet nagegaan» staat, "
        "kan de jurist of de financieel directeur van de gemeente dat aanvullen.",
    ]
    if not has_actors:
        told.insert(
            1,
            "De tabel actoren ontbreekt. Dit antwoord is dus zwak: we kennen alleen de partijen "
            "die elke gemeente heeft.",
        )
    return tuple(sentence for sentence in told if sentence)


def _gaps(matrix: pd.DataFrame) -> str:
    lost = matrix.loc[~matrix["gap"].isin(["filled", "fallback"]), "R"].value_counts()
    parts = []
    if len(lost):
        named = [wording.label("party", party) for party in lost.index[:_MOST_NAMED]]
        parts.append(f"Zoek eerst deze partijen: {wording.join(named)}.")
    n_fallback = _counts(matrix)["fallback"]
    if n_fallback:
        tasks = "taak" if n_fallback == 1 else "taken"
        parts.append(
            f"Bij {wording.number(n_fallback)} {tasks} vonden we de uitvoerder niet, maar is er "
            "wel iemand die kan inspringen."
        )
    return " ".join(parts)
