"""One contact point, its teams and the groups, on small fictional places."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lekp_lib.assumptions import load
from lekp_lib.contracts import RESULTS, Contract, Flanders, Place
from lekp_lib.contracts.results import mee_counter as contracts
from lekp_lib.disclosure import publish
from lekp_lib.studies._mee_counter import COUNTER_KEYS, counter_section
from lekp_lib.studies._mee_groups import groups_of
from lekp_lib.studies._mee_offer_homes import offer_of, prices_of
from lekp_lib.studies._mee_scene import Scene, scene_of
from lekp_lib.studies._section import Section
from lekp_lib.synthetic import make_wijk

ON = dt.date(2026, 11, 24)
KINDS = ("station", "bare", "garden", "allotment", "one", "no homes")
RECIPES = {"garden": "garden_quarter", "allotment": "allotment"}
REAL = "13014"  # a municipality of the published figures


def place(kind: str, own: pd.DataFrame | None = None) -> Place:
    """Return a dense place, with its two tables only, with gardens, one home, or none."""
    recipe = RECIPES.get(kind, "station_belt")
    wijk = make_wijk(recipe, dwellings=1 if kind == "one" else 120, seed=3)
    tables = dict(wijk.tables)
    if kind in {"bare", "no homes"}:
        tables = {name: tables[name] for name in ("gebouwen", "straten")}
    if kind == "no homes":
        tables["gebouwen"] = tables["gebouwen"].assign(function="school", dwellings=0)
        tables["gebouwen"] = tables["gebouwen"].astype({"function": "str", "dwellings": "Int64"})
    return Place(f"proef/{wijk.slug}", wijk.settings, "", tables, {}, (), load(own))


def scene(flanders: Flanders, kind: str = "station", **own: float) -> Scene:
    """Return such a place on the day, with own figures below ``counter.`` where given."""
    figures = load()
    rows = [
        (f"counter.{key}", value, figures[f"counter.{key}"].unit, "proef")
        for key, value in own.items()
    ]
    table = pd.DataFrame(rows, columns=["key", "value", "unit", "source"]) if rows else None
    return scene_of(place(kind, table), flanders, on=ON, keys=COUNTER_KEYS)


@pytest.fixture(scope="module")
def sections(flanders: Flanders) -> Any:
    """Give the function that returns the section of each kind of place."""
    return cache(lambda kind: counter_section(scene(flanders, kind)))


@pytest.fixture(scope="module")
def station(sections: Any) -> Section:
    """Give the section of the dense place."""
    return sections("station")


@pytest.fixture(scope="module")
def real(flanders: Flanders) -> Section:
    """Give the section of the same homes in a municipality that exists."""
    return counter_section(replace(scene(flanders), nis_code=REAL))


def figure(section: Section, key: str) -> Any:
    """Return one key figure."""
    return next(one.value for one in section.figures if one.key == key)


def plan(section: Section, name: str) -> pd.DataFrame:
    """Return one plan by year."""
    table = section.tables["ploegen_per_jaar"]
    return table[table["plan"] == name].set_index("year")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("contract", contracts.CONTRACTS, ids=lambda one: one.name)
def test_tables_hold_their_contract(sections: Any, kind: str, contract: Contract) -> None:
    """In every kind of place, also one without homes."""
    table = sections(kind).tables[contract.name]
    contract.model.validate(table)
    publish(table, contract, smallest_cell=10, smallest_street=5, is_fictional=False)
    assert not table.duplicated(list(contract.key) or None).any()


@pytest.mark.parametrize("kind", KINDS)
def test_every_place_gets_an_answer_in_words(sections: Any, kind: str) -> None:
    """No sentence shows a number that is not there."""
    remarks = sections(kind).remarks
    assert remarks
    assert not any("nan" in text or "inf" in text.split() for text in remarks)
    assert not any("niet bekend" in text for text in remarks if "bouwjaar" not in text)


@pytest.mark.parametrize("kind", KINDS)
def test_key_figures_are_few_and_known(sections: Any, kind: str) -> None:
    """At most eight, none infinite."""
    figures = sections(kind).figures
    assert len(figures) <= 8
    assert all(one.value is None or np.isfinite(one.value) for one in figures)


def test_a_fictional_place_has_only_itself(station: Section) -> None:
    """Its dwellings are those of its municipality, and the page says so."""
    volumes = station.tables["loket_volumes"].set_index("area")
    here = volumes.loc["neighbourhood", "dwellings"]
    assert volumes.loc["municipality", "dwellings"] == here
    assert volumes.loc["partners", "dwellings"] == 5 * here
    assert station.remarks[0].startswith("Deze plaats is fictief")


def test_a_real_municipality_counts_all_its_dwellings(real: Section, flanders: Flanders) -> None:
    """Fifty renovations per thousand dwellings of the municipality, not of the wijk."""
    volumes = real.tables["loket_volumes"].set_index("area")
    dwellings = float(flanders.municipalities.loc[REAL, "dwellings_2025"])
    assert volumes.loc["municipality", "dwellings"] == dwellings
    assert volumes.loc["municipality", "goal"] == pytest.approx(dwellings * 0.05)
    assert volumes.loc["municipality", "per_year"] == pytest.approx(dwellings * 0.05 / 4)
    assert "fictief" not in " ".join(real.remarks)


def test_what_was_done_already_is_not_asked_again(flanders: Flanders) -> None:
    """Half the goal done leaves half of it, here and in the municipality."""
    here = scene(flanders, goal_done=3.0)
    volumes = counter_section(here).tables["loket_volumes"].set_index("area")
    assert volumes.loc["municipality", "left"] == pytest.approx(120 * 0.05 - 3)
    assert volumes.loc["neighbourhood", "left"] == pytest.approx(120 * 0.05 - 3)


def test_the_funnel_ends_in_the_goal(real: Section) -> None:
    """What the year asks is what comes out at the end; the wijk has its share of it."""
    table = real.tables["loket_trechter"].set_index("stage")
    volumes = real.tables["loket_volumes"].set_index("area")
    assert table.loc["done", "dossiers"] == pytest.approx(volumes.loc["municipality", "per_year"])
    share = volumes.loc["neighbourhood", "dwellings"] / volumes.loc["municipality", "dwellings"]
    assert (table["neighbourhood"] / table["dossiers"]).tolist() == pytest.approx([share] * 5)


def test_a_goal_that_asks_every_home_twice_is_called_out(
    station: Section, flanders: Flanders
) -> None:
    """Few who order means many first contacts: more than there are homes cannot be."""
    contacts = station.tables["loket_trechter"]["dossiers"].iloc[0]
    times = f"{contacts * 4 / 120:.1f}".replace(".", ",")
    assert any(f"{times} keer aangesproken worden" in text for text in station.remarks)
    stages = ("contact", "visit", "quote", "order")
    eager = {f"passes.{stage}_share": 1.0 for stage in stages}
    easy = counter_section(scene(flanders, **eager))
    assert any("één keer aangesproken" in text for text in easy.remarks)


def test_the_payers_pay_what_the_desk_costs(real: Section) -> None:
    """Money is conserved, alone and together."""
    paid = real.tables["loket_betalers"].groupby("form")["paid_eur"].sum()
    costs = real.tables["loket_kosten"].set_index("form")["total_eur"]
    pd.testing.assert_series_equal(paid, costs, check_names=False)


def test_a_small_place_gains_from_sharing(station: Section, real: Section) -> None:
    """A desk needs one adviser however few dossiers it has."""
    costs = station.tables["loket_kosten"].set_index("form")
    assert costs.loc["alone", "desk_fte"] == 1.0
    assert costs.loc["together", "total_eur"] < costs.loc["alone", "total_eur"] / 2
    shared = real.tables["loket_kosten"].set_index("form")
    assert shared.loc["together", "fixed_eur"] < shared.loc["alone", "fixed_eur"]


def test_waiting_rises_with_occupation(real: Section) -> None:
    """Every pool waits longer the busier it is, and the larger one waits less."""
    table = real.tables["wachttijd_bezetting"]
    assert (table.groupby("pool")["wait_days"].diff().dropna() > 0).all()
    at = table[table["occupation_share"] == 0.86]
    by_size = at.sort_values("requests_per_year")["wait_days"]
    assert by_size.is_monotonic_decreasing
    assert len(by_size) == 2


def test_at_the_pace_no_limit_breaks(real: Section) -> None:
    """Occupation stays below 85 %, the wait below half a year, nobody has to be found."""
    table = plan(real, "pace")
    assert (table["occupation_share"] <= 0.85 + 1e-9).all()
    assert (table["wait_days"] <= 182).all()
    assert (table["to_hire"] == 0).all()


def test_the_goal_is_too_much_for_the_teams_of_today(real: Section) -> None:
    """The queue grows as long as the goal is asked, and says how many teams are short."""
    table = plan(real, "goal").loc[:2030]
    assert (table["occupation_share"] > 1).all()
    assert table["queue_end"].is_monotonic_increasing
    assert (table["to_hire"] == table["teams_needed"] - table["teams"]).all()
    assert figure(real, "counter_teams_short") == table["to_hire"].iloc[0]


def test_enough_teams_are_called_enough(flanders: Flanders) -> None:
    """With every team of Flanders at hand the answer is yes."""
    here = scene(flanders, available_share=1.0, jobs_per_team=12.0, goal_done=5.9)
    found = counter_section(replace(here, nis_code=None))
    assert figure(found, "counter_teams_short") <= 1
    busy = scene(flanders, available_share=1.0, dossiers_per_goal=0.2)
    many = counter_section(replace(busy, nis_code=REAL))
    assert figure(many, "counter_teams_short") == 0
    assert any("Dat is genoeg" in text for text in many.remarks)


@pytest.mark.parametrize("kind", ["station", "garden", "allotment"])
def test_groups_are_within_size_and_each_home_is_counted_once(
    flanders: Flanders, kind: str
) -> None:
    """Five to thirty dwellings; in a group, too small or alone add up to all."""
    here = scene(flanders, kind)
    found = groups_of(here, offer_of(here, prices_of(here)))
    several = found.table[found.table["buildings"] > 1]
    assert several["dwellings"].between(5, 30).all()
    assert found.group.index.equals(here.homes.index)
    rest = counter_section(here).tables["groepen_rest"]
    parts = rest[["in_groups", "left_small", "left_alone"]].sum(axis=1)
    assert parts.tolist() == pytest.approx(rest["dwellings"].tolist())
    assert rest["in_groups"].sum() == found.table["dwellings"].sum()


def test_periods_in_a_group_lie_at_most_one_step_apart(flanders: Flanders) -> None:
    """The table shows oldest and newest, one step of Statbel's list apart at most."""
    order = {code: place for place, code in enumerate(contracts.PERIODS)}
    table = counter_section(scene(flanders, "garden")).tables["groepen_aanbod"]
    span = table["newest_period"].map(order) - table["oldest_period"].map(order)
    assert len(table) > 0
    assert span.dropna().between(0, 1).all()


def test_more_neighbours_count_when_free_homes_do(flanders: Flanders) -> None:
    """Without neighbours on the street only walls make a group."""
    wide = counter_section(scene(flanders, "allotment")).tables["groepen_rest"]
    walls = counter_section(scene(flanders, "allotment", neighbour_gap_m=0.0)).tables[
        "groepen_rest"
    ]
    assert walls["in_groups"].sum() == wide["in_groups_walls"].sum()
    assert walls["in_groups"].sum() < wide["in_groups"].sum()


def test_the_joint_offer_promises_nothing_by_default(station: Section, flanders: Flanders) -> None:
    """Apart is as dear as together, until the municipality counts the savings."""
    table = station.tables["groepen_offerte"]
    assert (table["offer_eur"] == table["cost_eur"]).all()
    counted = counter_section(scene(flanders, counted_savings=1.0)).tables["groepen_offerte"]
    saves = counted.set_index("building_type").loc["terraced"]
    assert saves["offer_eur"] == pytest.approx(saves["cost_eur"] - saves["shared_eur"])
    assert saves["shared_eur"] > 0


def test_the_map_has_no_modelled_value(station: Section) -> None:
    """Outlines tell type, period and number of homes, never euros or energy."""
    columns = RESULTS["groepen_aanbod"].columns
    assert not [name for name in columns if name.endswith(("_eur", "_mwh", "_share"))]
    assert set(station.tables["groepen_aanbod"].columns) == {*columns, "geometry"}


def test_estimated_homes_of_one_building_are_not_shown(flanders: Flanders) -> None:
    """A number of flats that was guessed from the floor area belongs to nobody's map."""
    here = scene(flanders, "garden")
    flats = here.homes["building_type"] == "apartment_building"
    assert flats.any()
    guessed = here.homes.assign(
        dwellings_origin=here.homes["dwellings_origin"].mask(flats, "floor_area")
    )
    table = counter_section(replace(here, homes=guessed)).tables["groepen_aanbod"]
    alone = table[table["buildings"] == 1]
    assert len(alone) > 0
    assert alone["dwellings"].isna().all()


def test_criteria_without_a_source_say_so(station: Section) -> None:
    """Nothing is presented as a rule that nobody looked up."""
    for name in ("pool_voorwaarden", "energie_aanbod"):
        assert set(station.tables[name]["status"]) == {"niet nagegaan"}


def test_energy_offers_are_for_the_types_that_stand_there(sections: Any) -> None:
    """A place without apartments gets no offer for them."""
    table = sections("allotment").tables["energie_aanbod"]
    rest = sections("allotment").tables["groepen_rest"]
    assert set(table["building_type"]) == set(rest["building_type"])
    assert (table.groupby("building_type").size() == 4).all()


def test_the_day_decides_how_many_years_are_left(flanders: Flanders) -> None:
    """A year later the same goal asks more per year; past the deadline all at once."""
    per_year = [
        counter_section(replace(scene(flanders), on=dt.date(year, 6, 1)))
        .tables["loket_volumes"]["per_year"]
        .iloc[1]
        for year in (2026, 2028, 2031)
    ]
    assert per_year == pytest.approx([1.5, 3.0, 6.0])
