"""The residents' side of work programme 2: every question that asks who lives there."""

from __future__ import annotations

import pandas as pd

from lekp_lib.studies._mee_base import BASE_KEYS, base_section
from lekp_lib.studies._mee_counter import COUNTER_KEYS, counter_section
from lekp_lib.studies._mee_groups import groups_of
from lekp_lib.studies._mee_offer import OFFER_KEYS, offer_section
from lekp_lib.studies._mee_offer_homes import offer_of, prices_of
from lekp_lib.studies._mee_reach import REACH_KEYS, reach_section
from lekp_lib.studies._mee_roles import ROLES_KEYS, roles_section
from lekp_lib.studies._mee_rules import RULES_KEYS, rules_section
from lekp_lib.studies._mee_scene import SCENE_KEYS, Scene
from lekp_lib.studies._mee_tables import TABLES_KEYS, tables_section
from lekp_lib.studies._section import Section

__all__ = ["MEE_KEYS", "residents_side"]

MEE_KEYS = tuple(
    dict.fromkeys(
        (
            *SCENE_KEYS,
            *BASE_KEYS,
            *OFFER_KEYS,
            *COUNTER_KEYS,
            *REACH_KEYS,
            *TABLES_KEYS,
            *RULES_KEYS,
            *ROLES_KEYS,
        )
    )
)
"""The figures that the residents' side reads."""

_QUESTIONS = {
    "base": "Bewoners en regels",
    "offer": "Aanbod per woning",
    "counter": "Eén contactpunt",
    "reach": "Bewoners bereiken",
    "tables": "Klimaattafels",
    "rules": "Regels",
    "roles": "Wie doet wat",
}
"""Section → how readers call it beside its remarks."""


def residents_side(scene: Scene) -> Section:
    """
    Return the tables, figures and remarks of every question about residents.

    Parameters
    ----------
    scene : Scene
        With ``MEE_KEYS``.

    Returns
    -------
    Section
        The tables of all questions; ``toelichting_mee`` holds the remarks.
    """
    offer = None if scene.homes.empty else offer_of(scene, prices_of(scene))
    group = None if offer is None else groups_of(scene, offer).group
    sections = {
        "base": base_section(scene),
        "offer": offer_section(scene),
        "counter": counter_section(scene, offer),
        "reach": reach_section(scene),
        "tables": tables_section(scene),
        "rules": rules_section(scene, group),
        "roles": roles_section(scene),
    }
    tables = {name: table for part in sections.values() for name, table in part.tables.items()}
    tables["toelichting_mee"] = _remarks(sections)
    figures = tuple(figure for part in sections.values() for figure in part.figures)
    return Section(tables, figures)


def _remarks(sections: dict[str, Section]) -> pd.DataFrame:
    rows = [
        (_QUESTIONS[name], remark) for name, part in sections.items() for remark in part.remarks
    ]
    return pd.DataFrame(rows, columns=["question", "remark"]).astype("str")
