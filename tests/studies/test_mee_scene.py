"""Homes, households and rules that the questions of work programme 2 share."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lekp_lib.assumptions import load
from lekp_lib.contracts import Flanders, Place
from lekp_lib.contracts.lists import TENURES
from lekp_lib.disclosure import shown
from lekp_lib.errors import ContractError
from lekp_lib.io.read import read_flanders, read_place
from lekp_lib.studies._mee_base import base_section, rule_table
from lekp_lib.studies._mee_scene import SCENE_KEYS, Scene, scene_of

ROOT = Path(__file__).parents[2]
DAY = dt.date(2026, 11, 1)


@pytest.fixture(scope="module")
def flanders() -> Flanders:
    """Give the figures for Flanders."""
    return read_flanders(data_dir=ROOT / "data")


@pytest.fixture(scope="module")
def place() -> Place:
    """Give the small place with every table."""
    return read_place("proefgemeente/proefwijk", data_dir=ROOT / "tests/fixtures/data")


@pytest.fixture(scope="module")
def station(flanders: Flanders) -> Scene:
    """Give the demonstration place with 1,140 households in 1,200 dwellings."""
    return scene_of(read_place("voorbeeldgemeente/stationsbuurt", data_dir=ROOT / "data"),
                    flanders, on=DAY)  # fmt: skip


def without(place: Place, *names: str) -> Place:
    """Return the place without some tables."""
    return replace(place, tables={n: t for n, t in place.tables.items() if n not in names})


def with_rules(place: Place, **row: Any) -> Place:
    """Return the place with one rule of its municipality."""
    base = {"kind": "premium", "subject": "roof", "unit": "EUR", "source": "raad"}
    times = {"valid_from": DAY, "valid_to": None, "checked_on": DAY}
    rules = pd.DataFrame([base | times | row]).reindex(columns=list(place.rules.columns))
    return replace(place, rules=rules.astype(dict.fromkeys(times, "datetime64[ns]")))


def test_the_households_of_the_small_place_are_those_it_gave(
    place: Place, flanders: Flanders
) -> None:
    """28 households in 28 dwellings: 11 owners, 5 and 12 tenants, 16 with a low income."""
    scene = scene_of(place, flanders, on=DAY)
    assert scene.has_households
    assert (scene.households_given, scene.segments["dwellings"].sum()) == (28, pytest.approx(28))
    tenures = scene.segments.groupby("tenure")["dwellings"].sum()
    assert tenures[list(TENURES)].tolist() == pytest.approx([11, 5, 12], abs=1e-3)
    incomes = scene.households.groupby("income_group")["households"].sum()
    assert incomes[["low", "middle", "high"]].tolist() == pytest.approx([16, 8, 4], abs=1e-3)
    assert scene.groups.loc["other_language", "households"] == pytest.approx(6, abs=1e-3)
    assert scene.fit_error_share < 1e-5


def test_types_and_periods_stay_as_they_stand(station: Scene) -> None:
    """Fitting to households moves nobody to another kind of house."""
    fitted = station.segments.groupby("building_type")["dwellings"].sum()
    there = station.homes.groupby("building_type")["dwellings"].sum()
    assert fitted.to_dict() == pytest.approx(there.astype("float64").to_dict(), abs=0.01)


def test_households_and_segments_are_the_same_households(station: Scene) -> None:
    """Both tables come from one fit."""
    kept = ["tenure", "income_group"]
    homes = station.segments.groupby(kept)["dwellings"].sum()
    households = station.households.groupby(kept)["households"].sum()
    assert homes.to_numpy() == pytest.approx(households[homes.index].to_numpy())
    assert station.households_given == 1140
    assert station.households["households"].sum() == pytest.approx(1200)


def test_buildings_and_streets_are_enough(place: Place, flanders: Flanders) -> None:
    """Shares assumed for Flanders stand in, and given tenures stay."""
    bare = replace(place, tables={name: place.tables[name] for name in ("gebouwen", "straten")})
    scene = scene_of(bare, flanders, on=DAY)
    assert not scene.has_households
    assert scene.fit_error_share == pytest.approx(0.0)
    tenures = scene.segments.groupby("tenure")["dwellings"].sum()
    assert tenures[list(TENURES)].tolist() == pytest.approx([11, 5, 12])
    assert (scene.groups["households"] > 0).all()
    (first, *_) = base_section(scene).remarks
    assert "niet opgegeven" in first


def test_tables_that_contradict_are_told(place: Place, flanders: Flanders) -> None:
    """All dwellings of a social company in the buildings, none in the households."""
    households = place.tables["huishoudens"]
    owners = households[households["tenure"] == "owner_occupied"].assign(households=28)
    contrary = replace(place, tables={**place.tables, "huishoudens": owners})
    scene = scene_of(contrary, flanders, on=DAY)
    assert scene.fit_error_share > 0.1
    assert any("spreken elkaar tegen" in text for text in base_section(scene).remarks)


def test_shares_that_add_up_to_more_than_all_are_refused(place: Place, flanders: Flanders) -> None:
    """An own figure that leaves no owners is a fault with a name."""
    key = "population.private_rental.terraced_share"
    own = pd.DataFrame({"key": [key], "value": [0.99], "unit": ["aandeel"], "source": ["x"]})
    wrong = without(replace(place, assumptions=load(own)), "huishoudens")
    with pytest.raises(ContractError, match="bij «terraced» zijn samen meer dan 1"):
        scene_of(wrong, flanders, on=DAY)


def test_only_figures_that_are_named_can_be_read(place: Place, flanders: Flanders) -> None:
    """A study names its keys; the scene adds its own."""
    scene = scene_of(place, flanders, on=DAY, keys=("stock.row_smallest_dwellings",))
    assert set(scene.used) == {*SCENE_KEYS, "stock.row_smallest_dwellings"}


def test_the_day_decides_which_rules_count(place: Place, flanders: Flanders) -> None:
    """In 2023 the loan cost 2.25 %, in 2026 the last known rate is 2.75 % and stale."""
    then = scene_of(place, flanders, on=dt.date(2023, 6, 1)).rules
    now = scene_of(place, flanders, on=DAY).rules
    assert then.loc["loan_rate", ["value", "status"]].tolist() == [0.0225, "in_force"]
    assert now.loc["loan_rate", ["value", "status"]].tolist() == [0.0275, "stale"]
    assert now.loc["income_cap_low_single", "status"] == "expired"


def test_a_rule_of_the_municipality_wins(place: Place, flanders: Flanders) -> None:
    """One row changes what every question reads."""
    own = with_rules(place, rule_id="loan_rate", kind="loan_rate", subject="loan", value=0.01,
                     unit="aandeel")  # fmt: skip
    rules = scene_of(own, flanders, on=DAY).rules
    assert rules.loc["loan_rate", ["value", "status"]].tolist() == [0.01, "in_force"]
    assert len(rules) == len(scene_of(place, flanders, on=DAY).rules)


def test_the_table_of_rules_speaks_dutch(station: Scene) -> None:
    """Values, dates and for whom, as a reader writes them; every column as its contract says."""
    table = rule_table(station).set_index("rule_id")
    assert table.loc["loan_rate", "value"] == "2,75 %"
    assert table.loc["loan_rate", "valid_from"] == "24 februari 2024"
    assert table.loc["loan_max_low", "rule"] == "Mijn VerbouwLening (laag inkomen)"
    assert table.loc["premium_heat_pump_low", "value"] == "hoogstens 50 % van de factuur"
    assert table.loc["premium_window_middle", "value"].startswith("hoogstens 2.750 euro")
    assert table.loc["loan_repaid_by_premium", "value"] == "zie de toelichting"
    public = shown("regels_gebruikt", rule_table(station), used=station.used, is_fictional=True)
    assert len(public.frame) == len(station.rules)


def test_a_rule_with_a_limit_says_both(place: Place, flanders: Flanders) -> None:
    """An amount per m2, with the most it can be."""
    own = with_rules(place, rule_id="dak", value=20.0, unit="EUR/m2", max_eur=3000.0)
    table = rule_table(scene_of(own, flanders, on=DAY)).set_index("rule_id")
    assert table.loc["dak", "value"] == "20 euro/m², hoogstens 3.000 euro"


def test_a_rule_that_was_looked_for_is_shown_as_missing(station: Scene) -> None:
    """Once, at the end; one that is there is not repeated."""
    wanted = pd.DataFrame({"kind": "premium", "subject": ["roof", "roof", "heat_pump"],
                           "income_group": "low"})  # fmt: skip
    table = rule_table(station, wanted)
    assert len(table) == len(station.rules) + 1
    assert table.iloc[-1][["rule", "status"]].tolist() == ["dak (laag inkomen)", "missing"]


def test_a_few_households_are_nowhere_shown(place: Place, flanders: Flanders) -> None:
    """28 households: every group and every segment is too small to publish."""
    scene = scene_of(place, flanders, on=DAY)
    for name in ("segmenten_bewoners", "groepen_bewoners"):
        frame = base_section(scene).tables[name]
        public = shown(name, frame, used=scene.used, is_fictional=True).frame
        assert public.select_dtypes("float64").isna().all(axis=None)


def test_no_cell_below_ten_is_shown(station: Scene) -> None:
    """Segments and groups of the demonstration hold the rule as well."""
    for name, column in (("segmenten_bewoners", "dwellings"), ("groepen_bewoners", "households")):
        frame = base_section(station).tables[name]
        public = shown(name, frame, used=station.used, is_fictional=True).frame
        assert public[column].dropna().min() >= 10
