"""The network side as a whole, on the small place with every table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lekp_lib import assumptions
from lekp_lib.contracts import Flanders, Place
from lekp_lib.disclosure import Results
from lekp_lib.io.read import read_flanders, read_place
from lekp_lib.studies.warmtenet import warmtenet

DATA = Path(__file__).parents[1] / "fixtures" / "data"


@pytest.fixture(scope="module")
def flanders() -> Flanders:
    """Return the figures of all municipalities."""
    return read_flanders(data_dir=DATA)


@pytest.fixture(scope="module")
def place() -> Place:
    """Return the place with two sources, an old pipe, works and actors."""
    return read_place("proefgemeente/proefwijk", data_dir=DATA)


@pytest.fixture(scope="module")
def results(place: Place, flanders: Flanders) -> Results:
    """Return the study of that place."""
    return warmtenet(place, flanders)


def own(place: Place, key: str, value: float) -> Place:
    """Return the place with one figure of its own."""
    unit = assumptions.load()[key].unit
    rows = pd.DataFrame({"key": [key], "value": [value], "unit": [unit], "source": ["proef"]})
    return replace(place, assumptions=assumptions.load(rows))


def with_table(place: Place, **tables: Any) -> Place:
    """Return the place with other tables."""
    return replace(place, tables={**place.tables, **tables})


def figure(results: Results, key: str) -> float:
    """Return one key figure."""
    return float(results.key_figures.set_index("key")["value"][key])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("phasing.street.final_share", 0.0),
        ("individual.heat_pump.upkeep_share", 0.0),
        ("supply.base_share", 0.0),
        ("finance.municipality.subsidy_share", 1.0),
    ],
)
def test_figures_at_their_end_give_an_answer(
    place: Place, flanders: Flanders, key: str, value: float
) -> None:
    """A municipality may ask what happens if nobody joins; the page still has its sentences."""
    shown = warmtenet(own(place, key, value), flanders).public["samenvatting"].frame["text"]
    assert shown.notna().all()
    assert not shown.str.contains("nan").any()


@pytest.mark.parametrize("dn", [15, 70, 400])
def test_old_pipes_of_any_size_are_taken(place: Place, flanders: Flanders, dn: int) -> None:
    """A size that the table of pipes lacks counts as the next thinner one."""
    pipes = place.tables["warmteleidingen"].assign(dn=dn)
    assert figure(warmtenet(with_table(place, warmteleidingen=pipes), flanders), "net_main_m") > 0


def test_two_sources_feed_one_network(results: Results) -> None:
    """All pipes start at the largest source; the other one feeds the same network."""
    joins = results.internal["net_kaart"].set_index("kind")["length_m"]
    assert joins.filter(like="bron").sum() == pytest.approx(23.0)
    assert results.internal["net_bronnen"]["origin"].eq("opgegeven").sum() == 2


def test_price_without_the_named_sources_is_told(results: Results) -> None:
    """The reader sees what the answer hangs on."""
    remarks = " ".join(results.public["toelichting_net"].frame["remark"])
    assert "Vallen de opgegeven bronnen weg" in remarks
    assert figure(results, "break_even_without_sources_eur_mwh") > 0


def test_a_verdict_that_hangs_on_the_source_is_a_doubt(place: Place, flanders: Flanders) -> None:
    """Free waste heat in plenty makes the net cheap; without it the net is dearer."""
    sources = place.tables["warmtebronnen"].iloc[:1].assign(capacity_kw=9e3, cost_eur_mwh=0.0)
    given = with_table(place, warmtebronnen=sources)
    dear = own(given, "supply.carrier.electricity.price_eur_mwh", 260.0)
    found = warmtenet(dear, flanders)
    price, without = (
        figure(found, key) for key in ("break_even_eur_mwh", "break_even_without_sources_eur_mwh")
    )
    verdict = found.public["oordeel_net"].frame["verdict"].iloc[0]
    hangs = price < figure(found, "price_to_beat_eur_mwh") < without
    assert without > price
    assert not (hangs and verdict == "kansrijk")


def test_one_or_two_companies_are_not_shown(results: Results) -> None:
    """What a lone company brings in is its own business."""
    table = results.public["inbreng"].frame.set_index("kind")
    assert table.loc["private", ["capital_eur", "capacity_eur", "value_eur"]].isna().all()
    assert table["share"].isna().all()


def test_rows_of_works_stand_by_name(results: Results) -> None:
    """The order of rows may not tell what a hidden street gains."""
    names = results.public["werken_per_straat"].frame["street_name"]
    assert names.is_monotonic_increasing
    assert len(names) > 0


def test_a_place_without_streets_has_every_table(place: Place, flanders: Flanders) -> None:
    """No network can be drawn: the tables are there, empty, and a sentence says why."""
    streets = place.tables["straten"].assign(road_class="motorway")
    found = warmtenet(with_table(place, straten=streets), flanders)
    assert found.public["net_kaart"].frame.empty
    assert "Er kon geen net getekend worden" in found.public["toelichting_net"].frame["remark"][0]
