"""Who is reached, and what climate tables add, on places with and without all tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lekp_lib import wording
from lekp_lib.assumptions import load, load_evening_script, load_strategies
from lekp_lib.contracts import RESULTS, Contract, Flanders, Place
from lekp_lib.contracts.lists import ACTIVATION_GROUPS
from lekp_lib.contracts.results import mee_reach, mee_tables
from lekp_lib.disclosure import publish
from lekp_lib.domain import activation, climate_tables
from lekp_lib.io.read import read_place
from lekp_lib.studies._mee_case import case_of, rates_of, visible_groups
from lekp_lib.studies._mee_reach import (
    REACH_KEYS,
    _smallest_cell,
    _without_few,
    reach_section,
)
from lekp_lib.studies._mee_scene import Scene, scene_of
from lekp_lib.studies._mee_tables import TABLES_KEYS, tables_section
from lekp_lib.studies._section import Section

ROOT = Path(__file__).parents[2]
DAY = dt.date(2026, 11, 1)
KINDS = ("station", "bare", "small", "no homes")
KEYS = (*REACH_KEYS, *TABLES_KEYS)
SECTIONS: dict[str, Callable[[Scene], Section]] = {
    "reach": reach_section,
    "tables": tables_section,
}


def place(kind: str) -> Place:
    """Return a large place, the same without optional tables, a small one, or only schools."""
    if kind == "small":
        return read_place("proefgemeente/proefwijk", data_dir=ROOT / "tests/fixtures/data")
    found = read_place("voorbeeldgemeente/stationsbuurt", data_dir=ROOT / "data")
    if kind == "station":
        return found
    tables = {name: found.tables[name] for name in ("gebouwen", "straten")}
    if kind == "no homes":
        empty = tables["gebouwen"].assign(function="school", dwellings=0).iloc[:5]
        tables["gebouwen"] = empty.astype({"function": "str", "dwellings": "Int64"})
    return replace(found, tables=tables)


@pytest.fixture(scope="module")
def scenes(flanders: Flanders) -> Any:
    """Give the function that prepares each kind of place once."""
    return cache(lambda kind: scene_of(place(kind), flanders, on=DAY, keys=KEYS))


@pytest.fixture(scope="module")
def sections(scenes: Any) -> Any:
    """Give the function that answers each question once per kind of place."""
    return cache(lambda kind, which: SECTIONS[which](scenes(kind)))


def with_own(scene: Scene, **own: float) -> Scene:
    """Return a scene with figures of the place itself."""
    keys = [key.replace("__", ".") for key in own]
    units = [load()[key].unit for key in keys]
    table = pd.DataFrame({"key": keys, "value": list(own.values()), "unit": units, "source": "x"})
    return replace(scene, used=load(table))


def contracts_of(which: str) -> tuple[Contract, ...]:
    """Return the contracts of one question."""
    return {"reach": mee_reach, "tables": mee_tables}[which].CONTRACTS


@pytest.mark.parametrize("which", SECTIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_tables_hold_their_contract(sections: Any, kind: str, which: str) -> None:
    """In every kind of place, and all of them are there."""
    tables = sections(kind, which).tables
    assert set(tables) == {contract.name for contract in contracts_of(which)}
    for contract in contracts_of(which):
        table = tables[contract.name]
        contract.model.validate(table)
        publish(table, contract, smallest_cell=10, smallest_street=5, is_fictional=False)
        assert not table.duplicated(list(contract.key) or None).any()


@pytest.mark.parametrize("which", SECTIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_sentences_have_no_holes(sections: Any, kind: str, which: str) -> None:
    """No sentence names a figure that is not known, and there is always one."""
    text = " ".join(sections(kind, which).remarks)
    assert text
    assert "nan" not in text.casefold().split()
    assert wording.NOT_KNOWN not in text


@pytest.mark.parametrize("which", SECTIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_at_most_eight_key_figures(sections: Any, kind: str, which: str) -> None:
    """The same ones everywhere, so that places can be compared."""
    figures = [figure.key for figure in sections(kind, which).figures]
    assert figures == [figure.key for figure in sections("station", which).figures]
    assert len(figures) <= 8


def test_fair_plans_lift_the_worst_group(sections: Any) -> None:
    """The price of it is told, and every plan is proven best of its kind."""
    plans = sections("station", "reach").tables["mee_plannen"].set_index("plan")
    assert plans.loc["maximin", "worst_share"] > plans.loc["utilitarian", "worst_share"]
    assert plans.loc["utilitarian", "price_share"] == 0.0
    assert plans.loc["maximin", "price_share"] > 0.0
    assert plans["is_proven"].all()


def test_the_plan_is_that_of_the_case(scenes: Any, sections: Any) -> None:
    """The page shows what the calculation gives."""
    scene = scenes("station")
    plan = activation.maximin(case_of(scene, visible_groups(scene)))
    shown = sections("station", "reach").tables["mee_plannen"].set_index("plan").loc["maximin"]
    assert shown["total_households"] == pytest.approx(plan.total_households)
    assert shown["worst_group"] == plan.reach_share.idxmin()


def test_reach_lies_in_its_range(sections: Any) -> None:
    """Low rates give less, high rates more."""
    table = sections("station", "reach").tables["mee_bereik"]
    assert (table["low_share"] <= table["reach_share"]).all()
    assert (table["reach_share"] <= table["high_share"]).all()


def test_an_unreachable_floor_says_what_is_short(sections: Any) -> None:
    """And a floor that can be had names no limit."""
    table = sections("station", "reach").tables["mee_ondergrens"]
    is_met = table["is_feasible"].astype("bool")
    assert (table.loc[is_met, "limit"] == "none").all()
    assert table.loc[~is_met, "limit"].isin(["rates", "budget", "hours", "budget_and_hours"]).all()
    assert (~is_met).any()


def test_more_days_never_make_it_worse(sections: Any) -> None:
    """The worst group of the fair plan gains, or stays."""
    table = sections("station", "reach").tables["mee_extra_dag"]
    fair = table[table["plan"] == "maximin"].sort_values("days")
    assert fair["worst_share"].is_monotonic_increasing
    assert (fair["worst_gain_share"] >= 0).all()


def test_works_rise_and_the_campaign_adds(sections: Any) -> None:
    """Nobody undoes a renovation."""
    years = sections("station", "reach").tables["mee_adoptie"]
    assert years["bass_homes"].is_monotonic_increasing
    assert years["hazard_homes"].is_monotonic_increasing
    assert (years["hazard_extra_homes"] > 0).all()


def test_own_experience_changes_the_rates() -> None:
    """A municipality that measured twice the response fills in 2."""
    own = pd.DataFrame({"key": ["activation.letter.response_ratio"], "value": [2.0],
                        "unit": ["-"], "source": ["eigen telling"]})  # fmt: skip
    ratio = rates_of(load(own)).rate_share / rates_of(load()).rate_share
    assert (ratio.loc["letter"] == 2.0).all()
    assert (ratio.drop(index="letter").fillna(1.0) == 1.0).all(axis=None)


def test_small_groups_take_no_part_at_all(scenes: Any) -> None:
    """No cost and no total can give away a group that is hidden."""
    assert visible_groups(scenes("small")).empty
    scene = scenes("station")
    few = scene.groups.copy()
    few.loc["other_language", "households"] = 4.0
    hidden = replace(scene, groups=few)
    assert "other_language" not in visible_groups(hidden)
    for which in SECTIONS:
        section = SECTIONS[which](hidden)
        for name, table in section.tables.items():
            if "group" in table and name != "mee_strategieen":
                assert "other_language" not in set(table["group"])


def test_few_homes_of_a_kind_are_counted_with_the_other(scenes: Any) -> None:
    """The totals per year then hold no kind of home of fewer than ten; none is lost."""
    scene = scenes("station")
    homes = pd.Series({"house_social_rental": 3.0, "apartment_social_rental": 60.0,
                       "house_owner_occupied": 40.0, "house_private_rental": 4.0})  # fmt: skip
    kept = _without_few(homes, _smallest_cell(scene.used))
    assert kept.to_dict() == {"apartment_social_rental": 63.0, "house_owner_occupied": 40.0}


def test_a_place_cannot_loosen_the_threshold(scenes: Any) -> None:
    """A smaller cell of its own is not taken over."""
    loose = with_own(scenes("station"), privacy__smallest_cell=2.0)
    assert _smallest_cell(loose.used) == 10.0


def test_households_on_the_page_are_never_few(sections: Any) -> None:
    """Ten or more in every cell."""
    for kind in KINDS:
        table = sections(kind, "tables").tables["mee_uitnodigingen"]
        assert (table["households"] >= 10).all()


def test_without_money_nobody_is_reached(scenes: Any) -> None:
    """The page says so."""
    poor = with_own(scenes("station"), activation__budget_household_eur=0.0)
    section = reach_section(poor)
    assert (section.tables["mee_bereik"]["reach_share"] == 0).all()
    assert "niemand wordt bereikt" in section.remarks[0]


# --- climate tables -------------------------------------------------------------------------


def test_tables_are_added_for_every_group(scenes: Any, sections: Any) -> None:
    """What they add is the part that the plan missed, times the rate of a table."""
    table = sections("station", "tables").tables["mee_tafels_groep"].set_index("group")
    rate = rates_of(scenes("station").used).rate_share.loc["climate_table"]
    missed = (1 - table["without_share"]) * rate[table.index]
    assert table["extra_share"].to_numpy() == pytest.approx(missed.to_numpy())


def test_the_same_money_may_do_more(sections: Any) -> None:
    """The verdict follows the comparison."""
    section = sections("station", "tables")
    value = section.tables["mee_tafels_nut"].set_index("variant")["extra_households"]
    assert value["without"] == 0.0
    is_worse = value["added"] < value["same_money"]
    assert ("niet de beste keuze" in section.remarks[0]) == is_worse


def test_halls_are_the_accessible_ones_of_the_place(scenes: Any, sections: Any) -> None:
    """Every choice of up to four of them is there once."""
    halls = scenes("station").place.tables["locaties"]
    n_fit = int(halls["is_accessible"].fillna(value=True).sum())
    every = sections("station", "tables").tables["mee_zalen_alle"]
    alone = set(every.loc[every["n_halls"] == 1, "halls"])
    assert alone == set(halls.loc[halls["is_accessible"].fillna(value=True), "name"])
    assert len(every) == sum(_choose(n_fit, size) for size in range(1, 5))


def _choose(n: int, k: int) -> int:
    return 0 if k > n else 1 if k == 0 else _choose(n - 1, k - 1) + _choose(n - 1, k)


def test_one_choice_is_advised_and_everybody_has_a_hall(scenes: Any, sections: Any) -> None:
    """The homes of the halls add up to all homes."""
    tables = sections("station", "tables").tables
    assert tables["mee_zalen"]["is_advised"].sum() == 1
    total = scenes("station").homes["dwellings"].sum()
    assert tables["mee_zaal_gebruik"]["dwellings"].sum() == pytest.approx(total)


def test_who_walks_too_far_is_named_by_street(scenes: Any) -> None:
    """With a short reach some streets are left out; their homes are those counted per hall."""
    near = with_own(scenes("station"), tables__far_m=300.0, tables__near_m=200.0)
    tables = tables_section(near).tables
    left_out = tables["mee_zaal_te_ver"]["dwellings"].sum()
    assert left_out == pytest.approx(tables["mee_zaal_gebruik"]["too_far"].sum())
    assert (tables["mee_zaal_te_ver"]["walk_m"] > 300).all()


def test_schools_stand_in_for_missing_halls(sections: Any) -> None:
    """And the page says so."""
    section = sections("bare", "tables")
    assert len(section.tables["mee_zalen"]) > 0
    assert any("scholen en andere openbare gebouwen" in text for text in section.remarks)


def test_without_any_hall_only_the_number_is_told(scenes: Any) -> None:
    """No hall is made up."""
    scene = scenes("bare")
    houses = scene.place.tables["gebouwen"].assign(function="residential")
    tables = {**scene.place.tables, "gebouwen": houses.astype({"function": "str"})}
    section = tables_section(replace(scene, place=replace(scene.place, tables=tables)))
    assert section.tables["mee_zalen"].empty
    assert (section.tables["mee_tafels_aantal"]["tables"] > 0).all()
    assert any("Er is geen zaal bekend" in text for text in section.remarks)


def test_more_letters_for_silent_groups_mirror_the_neighbourhood(sections: Any) -> None:
    """No group is less present than when all get the same letter chance and stay silent."""
    present = sections("station", "tables").tables["mee_aanwezig"]
    least = present.groupby("inviting")["presence_ratio"].min()
    assert least["per_group"] > least["same_for_all"]


def test_the_pact_asks_one_in_twenty(scenes: Any, sections: Any) -> None:
    """50 invitations per 1,000 dwellings."""
    sizes = sections("station", "tables").tables["mee_tafels_aantal"].set_index("invited_kind")
    dwellings = scenes("station").homes["dwellings"].sum()
    assert sizes.loc["pact", "invited"] == pytest.approx(0.05 * dwellings)
    assert sizes.loc["everybody", "invited"] == pytest.approx(dwellings)


# --- codes and words ------------------------------------------------------------------------


def test_codes_are_those_of_the_calculation() -> None:
    """Contracts, calculation and tables of figures speak of the same things."""
    table = load_strategies()
    assert mee_reach.LIMITS == activation.LIMITS
    assert mee_tables.CRITERIA == climate_tables.CRITERIA
    wanted = pd.MultiIndex.from_product([mee_reach.STRATEGIES, ACTIVATION_GROUPS])
    assert list(table.index) == list(wanted)
    assert set(table["evidence"]) <= set(mee_reach.EVIDENCE)


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("strategy", mee_reach.STRATEGIES),
        ("reach_plan", mee_reach.PLANS),
        ("reach_limit", mee_reach.LIMITS),
        ("evidence", mee_reach.EVIDENCE),
        ("home_segment", mee_reach.SEGMENTS),
        ("table_variant", mee_tables.VARIANTS),
        ("invited_kind", mee_tables.INVITED),
        ("hall_criterion", mee_tables.CRITERIA),
        ("inviting", mee_tables.INVITING),
    ],
)
def test_every_code_has_a_dutch_label(kind: str, codes: tuple[str, ...]) -> None:
    """No reader sees a code."""
    assert set(wording.LABELS[kind]) == set(codes)


def test_the_evening_ends_with_an_hour_for_residents() -> None:
    """Advice first, then the themes of the residents themselves."""
    script = load_evening_script()
    assert script["theme"].tolist()[1:4] == ["renovatie", "klimaat en tuin", "mobiliteit"]
    assert script["minutes"].iloc[-1] == 60


def test_results_are_registered() -> None:
    """The study can release them."""
    names = {contract.name for which in SECTIONS for contract in contracts_of(which)}
    assert names <= set(RESULTS)
