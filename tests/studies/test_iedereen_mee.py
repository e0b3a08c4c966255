"""The whole study of work programme 2: first screen, figures in use, every table in its form."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from lekp_lib.contracts import INPUTS, RESULTS, Flanders, Place, Source, check
from lekp_lib.disclosure import Results
from lekp_lib.io import read
from lekp_lib.studies.iedereen_mee import KEYS, iedereen_mee

ROOT = Path(__file__).parents[2]
TODAY = dt.date(2026, 11, 1)
EAST, NORTH = 180_000.0, 217_000.0


@pytest.fixture(scope="module")
def flanders() -> Flanders:
    """The figures of all municipalities."""
    return read.read_flanders(data_dir=ROOT / "data")


@pytest.fixture(scope="module")
def small() -> Place:
    """The small place of the tests, with every table."""
    return read.read_place("proefgemeente/proefwijk", data_dir=ROOT / "tests/fixtures/data")


@pytest.fixture(scope="module")
def results(small: Place, flanders: Flanders) -> Results:
    """The study on that place."""
    return iedereen_mee(small, flanders, on=TODAY)


def sentence(results: Results, part: str) -> str:
    """Return one sentence of the first screen."""
    table = results.public["samenvatting"].frame.set_index("part")
    return str(table.loc[part, "text"])


def bare(place: Place, count: int, **columns: Any) -> Place:
    """Return a place with so many terraced houses, one street and nothing else."""
    shapes = shapely.box(
        EAST + 6.0 * pd.RangeIndex(count).to_numpy(),
        NORTH + 5.0,
        EAST + 6.0 * pd.RangeIndex(count).to_numpy() + 6.0,
        NORTH + 15.0,
    )
    table = {"building_id": [f"h{k:03d}" for k in range(count)], "function": "residential"}
    raw = gpd.GeoDataFrame(table | columns, geometry=shapes, crs=31370)
    line = shapely.LineString([(EAST, NORTH), (EAST + 900.0, NORTH)])
    street = gpd.GeoDataFrame(
        {"street_id": ["s1"], "street_name": ["Stationsstraat"]}, geometry=[line], crs=31370
    )
    tables = {
        "gebouwen": check(raw, INPUTS["gebouwen"], Source("gebouwen.gpkg")).table,
        "straten": check(street, INPUTS["straten"], Source("straten.gpkg")).table,
    }
    return replace(place, tables=tables)


def test_every_table_keeps_its_contract(results: Results) -> None:
    """What the study hands over is what the contracts promise."""
    assert {"segmenten", "pakket_totalen", "mee_plannen", "rolmatrix"} <= set(results.internal)
    for name, table in results.internal.items():
        RESULTS[name].model.to_schema().validate(pd.DataFrame(table))


def test_only_declared_figures_are_used(results: Results) -> None:
    """The page lists exactly the figures the study declares."""
    assert results.assumptions_used["key"].tolist() == list(KEYS)


def test_every_question_has_its_remarks(results: Results) -> None:
    """No question of the programme goes without a word to read beside it."""
    assert set(results.public["toelichting_mee"].frame["question"]) == {
        "Bewoners en regels",
        "Aanbod per woning",
        "Eén contactpunt",
        "Bewoners bereiken",
        "Klimaattafels",
        "Regels",
        "Wie doet wat",
    }


def test_first_screen_says_what_a_month_costs(results: Results) -> None:
    """The first sentence speaks of money, the second of rules nobody checked lately."""
    assert "betaalt per maand" in sentence(results, "wat")
    assert "regels over premies en leningen" in sentence(results, "zekerheid")


def test_two_tables_are_enough(small: Place, flanders: Flanders) -> None:
    """With buildings and streets alone every question still has an answer."""
    found = iedereen_mee(bare(small, 150, construction_year=1935), flanders, on=TODAY)
    assert len(found.public["mee_plannen"].frame) == 3
    assert "Begin bij de 150 woningen" in sentence(found, "beslissing")


def test_unknown_years_are_asked_for(small: Place, flanders: Flanders) -> None:
    """Without construction years the next step is to fill them in."""
    found = iedereen_mee(bare(small, 6), flanders, on=TODAY)
    assert sentence(found, "volgende_stap").startswith("Vul de bouwjaren aan")


def test_no_homes_is_a_plain_sentence(small: Place, flanders: Flanders) -> None:
    """A place with only sheds gets an answer instead of an error."""
    found = iedereen_mee(_sheds(small), flanders, on=TODAY)
    assert "geen enkele woning" in sentence(found, "wat")
    for name, table in found.internal.items():
        RESULTS[name].model.to_schema().validate(pd.DataFrame(table))


def _sheds(place: Place) -> Place:
    """Return the place with sheds alone."""
    houses = bare(place, 2)
    sheds = houses.tables["gebouwen"].assign(function="ancillary")
    return replace(houses, tables={**houses.tables, "gebouwen": sheds})


def test_other_rules_change_the_page(small: Place, flanders: Flanders) -> None:
    """One table of rules, checked today, moves the bill of a month."""
    fresh = flanders.rules.assign(checked_on=pd.Timestamp(TODAY), valid_to=pd.NaT)
    old = iedereen_mee(small, flanders, on=TODAY).key_figures.set_index("key")["value"]
    new = iedereen_mee(small, replace(flanders, rules=fresh), on=TODAY).key_figures
    found = new.set_index("key")["value"]
    assert found["rules_unsure"] < old["rules_unsure"]
    assert found["offer_net_fossielvrij_eur"] < old["offer_net_fossielvrij_eur"]
