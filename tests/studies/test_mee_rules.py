"""Permits and barriers of a neighbourhood, on small fictional places."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd
import pytest

from lekp_lib.assumptions import load
from lekp_lib.contracts import RESULTS, Contract, Flanders, Place
from lekp_lib.contracts.results import mee_rules as contracts
from lekp_lib.disclosure import publish
from lekp_lib.studies._mee_rules import RULES_KEYS, rules_section
from lekp_lib.studies._mee_scene import Scene, scene_of
from lekp_lib.studies._section import Section
from lekp_lib.synthetic import make_wijk

ON = dt.date(2026, 11, 24)
KINDS = ("station", "bare", "estate", "one", "no homes")
OWNERS = ["owner_occupied", "owner_low", "owner_low_middle", "private_rental"]


def place(kind: str, own: pd.DataFrame | None = None) -> Place:
    """Return a dense place, without its optional tables, one with gardens, one home, or none."""
    recipe = "allotment" if kind == "estate" else "station_belt"
    wijk = make_wijk(recipe, dwellings=1 if kind == "one" else 60, seed=3)
    tables = dict(wijk.tables)
    if kind in {"bare", "no homes"}:
        tables = {name: tables[name] for name in ("gebouwen", "straten")}
    if kind == "no homes":
        tables["gebouwen"] = tables["gebouwen"].assign(function="school", dwellings=0)
        tables["gebouwen"] = tables["gebouwen"].astype({"function": "str", "dwellings": "Int64"})
    return Place(f"proef/{wijk.slug}", wijk.settings, "", tables, {}, (), load(own))


def scene(flanders: Flanders, kind: str = "station", own: pd.DataFrame | None = None) -> Scene:
    """Return what the questions share in such a place."""
    return scene_of(place(kind, own), flanders, on=ON, keys=RULES_KEYS)


@pytest.fixture(scope="module")
def sections(flanders: Flanders) -> Any:
    """Give the function that returns the section of each kind of place."""
    return cache(lambda kind: rules_section(scene(flanders, kind)))


@pytest.fixture(scope="module")
def station(sections: Any) -> Section:
    """Give the section of the dense place."""
    return sections("station")


def figure(section: Section, key: str) -> Any:
    """Return one key figure."""
    return next(one.value for one in section.figures if one.key == key)


def counted(section: Section, counter: str) -> pd.DataFrame:
    """Return the barriers that one counter counts."""
    table = section.tables["knelpunten"]
    return table[table["counts_on"] == counter]


def shown(section: Section) -> pd.DataFrame:
    """Return the public register."""
    return publish(
        section.tables["knelpunten"],
        RESULTS["knelpunten"],
        smallest_cell=10,
        smallest_street=5,
        is_fictional=False,
    ).frame


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("contract", contracts.CONTRACTS, ids=lambda one: one.name)
def test_tables_hold_their_contract(sections: Any, kind: str, contract: Contract) -> None:
    """In every kind of place."""
    table = sections(kind).tables[contract.name]
    contract.model.validate(table)
    publish(table, contract, smallest_cell=10, smallest_street=5, is_fictional=False)
    assert not table.duplicated(list(contract.key) or None).any()


@pytest.mark.parametrize("kind", KINDS)
def test_every_place_gets_an_answer_in_words(sections: Any, kind: str) -> None:
    """Nothing reads "nan", and there are at most eight figures."""
    section = sections(kind)
    assert len(section.figures) <= 8
    assert len(section.remarks) >= 4
    assert not [remark for remark in section.remarks if "nan" in remark.split()]


def test_walls_are_counted_once(station: Section) -> None:
    """On the line, behind it or unknown: together all homes."""
    walls = station.tables["voorgevels"]
    assert walls["dwellings"].sum() == counted(station, "all")["dwellings"].iloc[0]
    assert walls["share"].sum() == pytest.approx(1.0)


def test_a_dense_place_stands_on_the_line_and_one_with_gardens_does_not(sections: Any) -> None:
    """The derivation tells them apart."""
    assert figure(sections("station"), "on_building_line_share") > 0.8
    assert figure(sections("estate"), "on_building_line_share") == 0


def test_gardens_before_every_house_make_a_negative_verdict(sections: Any) -> None:
    """A collective permit solves little there, and the page says so."""
    estate = sections("estate")
    assert len(estate.tables["vergunning_groepen"]) == 0
    assert any("lost in deze wijk dus weinig op" in remark for remark in estate.remarks)


def test_a_survey_of_the_municipality_wins(flanders: Flanders) -> None:
    """A column that says no wall is on the line frees the place of permits."""
    found = scene(flanders)
    told = found.place.tables["gebouwen"].assign(is_on_building_line=False, is_heritage=False)
    told = told.astype({"is_on_building_line": "boolean", "is_heritage": "boolean"})
    surveyed = replace(found.place, tables={**found.place.tables, "gebouwen": told})
    section = rules_section(scene_of(surveyed, flanders, on=ON, keys=RULES_KEYS))
    assert figure(section, "dwellings_on_building_line") == 0
    assert figure(section, "permit_dwellings") == 0


def test_a_given_grouping_is_used(flanders: Flanders) -> None:
    """Who knows better groups brings them; all homes in one make one file of all."""
    found = scene(flanders)
    together = pd.Series(0, index=found.homes.index)
    section = rules_section(found, together)
    assert figure(section, "permit_groups") == 1
    files = section.tables["voorgevels"]["files"].sum()
    assert figure(section, "largest_group_files") == files


def test_groups_are_large_enough_and_add_up(station: Section) -> None:
    """What the ways of filing ask is the sum over the groups that are shown."""
    groups = station.tables["vergunning_groepen"]
    forms = station.tables["vergunning_vormen"].set_index("form")
    assert (groups["dwellings"] >= 5).all()
    assert forms.loc["joint", "files"] == groups["files"].sum()
    assert groups["files"].is_monotonic_decreasing


def test_the_map_says_nothing_of_a_single_building(station: Section) -> None:
    """Each outline holds at least the dwellings of its group, five or more."""
    groups = station.tables["vergunning_groepen"]
    table = publish(
        groups,
        RESULTS["vergunning_groepen"],
        smallest_cell=10,
        smallest_street=5,
        is_fictional=False,
    )
    assert len(groups) > 0
    assert (table.frame["dwellings"] >= 5).all()


def test_the_exemption_frees_what_is_no_heritage(station: Section) -> None:
    """The key figure is that of the table."""
    table = station.tables["regelvarianten"].set_index("variant")
    freed = table.loc["front_wall_exemption", "dwellings_freed"]
    assert 0 < freed <= figure(station, "permit_dwellings")
    assert figure(station, "exemption_dwellings_freed") == freed
    assert (table.drop(index="front_wall_exemption")["dwellings_freed"] == 0).all()


def test_every_variant_says_who_can_change_it(station: Section) -> None:
    """At least three proposals, each in one sentence."""
    table = station.tables["regelvarianten"].set_index("variant")
    proposals = table.loc[["severable", "front_wall_exemption", "linked_one_fee"]]
    assert proposals["proposal"].str.count(r"\.$").eq(1).all()
    assert proposals["who_can_change"].str.contains("Vlaamse Regering|gemeenteraad").all()


def test_a_municipality_changes_the_fee_in_its_own_table(flanders: Flanders) -> None:
    """One row of own figures reaches the bill."""
    row = ("permits.fee_eur", 0.0, "EUR", "Eigen reglement")
    own = pd.DataFrame([row], columns=["key", "value", "unit", "source"])
    section = rules_section(scene(flanders, own=own))
    assert (section.tables["vergunning_vormen"]["fee_eur"] == 0).all()


def test_barriers_are_counted_on_the_households_of_the_place(flanders: Flanders) -> None:
    """The counters are those of the scene."""
    found = scene(flanders)
    section = rules_section(found)
    tenures = found.households.groupby("tenure")["households"].sum()
    rental = counted(section, "private_rental")["dwellings"]
    assert rental.to_numpy() == pytest.approx(tenures["private_rental"])
    assert counted(section, "front_on_building_line")["dwellings"].iloc[0] == figure(
        section, "dwellings_on_building_line"
    )


def households(found: Scene, tenure: dict[str, float]) -> Scene:
    """Return the place with so many households of each tenure, all else equal."""
    table = found.households
    now = table.groupby("tenure")["households"].transform("sum")
    want = table["tenure"].map(tenure).fillna(0.0)
    return replace(found, households=table.assign(households=table["households"] / now * want))


def test_a_tenure_of_nine_households_blanks_all_tenures(flanders: Flanders) -> None:
    """The others and the total would give it away."""
    few = {"owner_occupied": 400.0, "private_rental": 191.0, "social_rental": 9.0}
    table = shown(rules_section(households(scene(flanders), few)))
    tenures = table[table["counts_on"].isin(["owner_occupied", "private_rental"])]
    assert tenures["dwellings"].isna().all()
    assert table.loc[table["counts_on"] == "all", "dwellings"].notna().all()


def test_tenures_that_are_large_enough_are_shown(flanders: Flanders) -> None:
    """The guard does not hide what it need not hide."""
    many = {"owner_occupied": 400.0, "private_rental": 190.0, "social_rental": 10.0}
    table = shown(rules_section(households(scene(flanders), many)))
    tenures = table[table["counts_on"].isin(["owner_occupied", "private_rental"])]
    assert tenures["dwellings"].notna().all()


def test_a_small_income_group_blanks_the_counters_of_income(flanders: Flanders) -> None:
    """Low beside low and middle would tell the middle."""
    found = scene(flanders)
    table = found.households
    is_cell = (table["tenure"] == "owner_occupied") & (table["income_group"] == "middle")
    few = table["households"].mask(is_cell, 3.0 / is_cell.sum())
    register = shown(rules_section(replace(found, households=table.assign(households=few))))
    incomes = register[register["counts_on"].isin(["owner_low", "owner_low_middle"])]
    assert incomes["dwellings"].isna().all()


def test_defaults_are_called_defaults(sections: Any) -> None:
    """Without the table huishoudens the counts per household are weak."""
    assert any("aannames voor Vlaanderen" in remark for remark in sections("bare").remarks)


def test_results_do_not_depend_on_the_order_of_rows(flanders: Flanders) -> None:
    """Buildings in another order give the same tables."""
    found = place("station")
    turned = {name: table.iloc[::-1] for name, table in found.tables.items() if name != "klimaat"}
    other = replace(found, tables={**found.tables, **turned})
    one, two = (
        rules_section(scene_of(each, flanders, on=ON, keys=RULES_KEYS)) for each in (found, other)
    )
    for name in ("voorgevels", "vergunning_vormen", "regelvarianten", "knelpunten"):
        pd.testing.assert_frame_equal(one.tables[name], two.tables[name])
