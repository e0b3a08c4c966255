"""Who does what in a neighbourhood, on small fictional places."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from lekp_lib.assumptions import load, load_roles
from lekp_lib.contracts import QUESTIONS, RESULTS, Contract, Flanders, Place
from lekp_lib.contracts.results import mee_roles as contracts
from lekp_lib.disclosure import publish
from lekp_lib.studies._mee_roles import roles_section
from lekp_lib.studies._mee_scene import scene_of
from lekp_lib.studies._section import Section
from lekp_lib.synthetic import make_wijk


def section_of(flanders: Flanders, actors: pd.DataFrame | None) -> Section:
    """Return the roles in a place with these actors."""
    wijk = make_wijk("station_belt", dwellings=20, seed=3)
    tables: dict[str, Any] = {name: wijk.tables[name] for name in ("gebouwen", "straten")}
    if actors is not None:
        tables["actoren"] = actors
    place = Place(f"proef/{wijk.slug}", wijk.settings, "", tables, {}, (), load())
    return roles_section(scene_of(place, flanders, on=dt.date(2026, 11, 24)))


def actors(*names: str) -> pd.DataFrame:
    """Return a table of actors with these roles."""
    return pd.DataFrame({"role_name": pd.Series(names, dtype="str"), "kind": "civic"})


def gap(section: Section, task: str) -> str:
    """Return whether a task is filled."""
    return str(section.tables["rolmatrix"].set_index("task_id").loc[task, "gap"])


@pytest.fixture(scope="module")
def bare(flanders: Flanders) -> Section:
    """Give the roles of a place that names no actor."""
    return section_of(flanders, None)


@pytest.mark.parametrize("contract", contracts.CONTRACTS, ids=lambda one: one.name)
def test_tables_hold_their_contract(bare: Section, contract: Contract) -> None:
    """And all rows can be shown."""
    table = bare.tables[contract.name]
    contract.model.validate(table)
    shown = publish(table, contract, smallest_cell=10, smallest_street=5, is_fictional=False)
    assert len(shown.frame) == len(table) > 0


def test_every_question_is_in_the_matrix(bare: Section) -> None:
    """By the words a reader knows it by."""
    assert set(bare.tables["rolmatrix"]["question"]) == set(QUESTIONS.values())


def test_shares_of_a_programme_make_one(bare: Section) -> None:
    """Every task is of government, companies or citizens."""
    table = bare.tables["rol_verdeling"]
    assert table.groupby("programme")["share"].sum().to_numpy() == pytest.approx(1.0)
    assert table["tasks"].sum() == len(load_roles())


def test_without_actors_the_answer_is_called_weak(bare: Section) -> None:
    """What is not told is neither filled nor open."""
    assert any("zwak" in remark for remark in bare.remarks)
    assert gap(bare, "counter-desk") == "not_told"
    assert gap(bare, "reach-silent") == "filled"


def test_a_named_actor_fills_its_tasks(flanders: Flanders) -> None:
    """The cooperative of the place sells its shares itself."""
    found = section_of(flanders, actors("Burgercoöperatie"))
    assert gap(found, "heat-shares") == "filled"
    party = found.tables["rol_partijen"].set_index("party").loc["citizen_coop"]
    assert party["named_by"] == "Burgercoöperatie"
    assert not any("zwak" in remark for remark in found.remarks)


def test_a_task_of_citizens_falls_back(flanders: Flanders) -> None:
    """Nobody knocks on doors here, so the energy house does."""
    found = section_of(flanders, actors("Kerkfabriek van de parochie").assign(kind="public"))
    assert gap(found, "reach-doors") == "fallback"


def test_figures_count_every_task_once(bare: Section) -> None:
    """Filled, with a fallback, or without a sure party."""
    values = {one.key: one.value for one in bare.figures}
    parts = [values[f"role_tasks_{part}"] for part in ("filled", "fallback", "open")]
    assert sum(part or 0 for part in parts) == values["role_tasks"]


def test_the_demonstration_place_is_read(flanders: Flanders) -> None:
    """Every pattern is a pattern, on the actors that the platform makes."""
    wijk = make_wijk("station_belt", dwellings=20, seed=3)
    found = section_of(flanders, wijk.tables["actoren"])
    status = found.tables["rol_partijen"].set_index("party")["status"]
    assert status[["municipality", "citizen_coop", "heat_company"]].tolist() == ["named"] * 3
    assert "rolmatrix" in RESULTS
