"""The network side as a whole, on the small place with every table."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

from lekp_lib import assumptions
from lekp_lib.contracts import RESULTS, Flanders, Place
from lekp_lib.disclosure import Results, publish
from lekp_lib.io.read import read_flanders, read_place
from lekp_lib.studies._net import TOO_FEW, _verdict_on
from lekp_lib.studies._net_route_choice import _apart
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


def test_a_verdict_that_hangs_on_the_source_says_so(place: Place, flanders: Flanders) -> None:
    """Free waste heat in plenty makes the net cheap; without it the net is dearer."""
    sources = place.tables["warmtebronnen"].iloc[:1].assign(capacity_kw=9e3, cost_eur_mwh=0.0)
    given = with_table(place, warmtebronnen=sources)
    dear = own(given, "supply.carrier.electricity.price_eur_mwh", 260.0)
    found = warmtenet(dear, flanders)
    price, without = (
        figure(found, key) for key in ("break_even_eur_mwh", "break_even_without_sources_eur_mwh")
    )
    first = found.public["samenvatting"].frame["text"].iloc[0]
    assert price < figure(found, "price_to_beat_eur_mwh") < without
    assert "Dat geldt zolang de opgegeven bronnen er zijn" in first


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


# What one public table less another tells


def shown(name: str, rows: dict[str, list[Any]]) -> pd.DataFrame:
    """Return the public side of a table; columns that are not given are empty."""
    contract = RESULTS[name]
    n_rows = len(next(iter(rows.values())))
    blank = {column: [None] * n_rows for column in contract.columns}
    frame = pd.DataFrame(blank | rows)
    kept = replace(contract, geometry=())
    return publish(frame, kept, smallest_cell=10, smallest_street=5, is_fictional=False).frame


def test_works_per_choice_less_its_streets_tell_no_small_street() -> None:
    """Three dwellings dig together beside a large street: the sum of that choice is public."""
    streets: dict[str, list[Any]] = {
        "choice": ["together", "together", "together", "apart", "apart"],
        "gain_eur": [100.0, 500.0, 900.0, 50.0, 60.0],
        "dwellings": [3, 20, 40, 30, 30],
    }
    table = shown("werken_per_straat", streets)
    together = table[table["choice"] == "together"]
    assert together["gain_eur"].isna().tolist() == [True, True, False]


def test_demand_per_class_less_its_streets_tells_no_small_street() -> None:
    """A class of two streets, one of three dwellings: neither shows its demand."""
    streets: dict[str, list[Any]] = {
        "verdict": ["kansrijk", "kansrijk", "weinig kans", "weinig kans"],
        "demand_mwh": [30.0, 200.0, 80.0, 90.0],
        "dwellings": [3, 20, 8, 9],
    }
    assert shown("warmte_per_straat", streets)["demand_mwh"].isna().tolist()[:2] == [True, True]


def test_diameters_of_one_trench_have_a_total() -> None:
    """What all main pipes cost is public, so one small size takes another along."""
    rows: dict[str, list[Any]] = {
        "trench": ["hoofdleiding"] * 3 + ["huisaansluiting"],
        "dn": [25, 32, 50, 20],
        "cost_eur": [10.0, 20.0, 30.0, 40.0],
        "counted": [2, 9, 30, 30],
    }
    assert shown("net_diameters", rows)["cost_eur"].isna().tolist() == [True, True, False, False]


def test_metres_of_a_size_are_those_on_the_map(results: Results) -> None:
    """Nothing is left for the lines whose size the map hides."""
    internal = results.internal["net_kaart"].groupby("dn")["length_m"].sum()
    lines = results.internal["net_kaart"]
    of_many = lines[lines["dwellings"] >= 5].groupby("dn")["length_m"].sum()
    sizes = results.internal["net_diameters"].query("trench == 'hoofdleiding'").dropna(subset="dn")
    metres = sizes.set_index("dn")["length_m"]
    assert metres.to_dict() == pytest.approx(of_many.to_dict())
    assert internal.sum() > metres.sum()  # there are such lines


LOADS = pd.DataFrame({"dwellings": [6, 5, 3, 1, 0]}, index=list("abcde"))


@pytest.mark.parametrize(
    ("choices", "counted"),
    [
        (["abcde", "abcd"], [15, 1]),  # a large user alone
        (["abcde", "abc"], [15, 1]),  # one dwelling and that large user
        (["abcde", "ab"], [15, 4]),
        (["abcde", "ab", "a"], [15, 4, 6]),  # beside nobody: six; beside all: nine
        (["abcde", "abcde"], [15, 15]),  # the same again tells nothing
        (["abcde", ""], [15, 15]),
        (["abcde", "cd"], [15, 4]),  # beside nobody
    ],
)
def test_a_choice_counts_what_it_has_more_or_less_than_another(
    choices: list[str], counted: list[int]
) -> None:
    """The difference of two shares is the share of the buildings between them."""
    chosen = [pd.Index(list(choice)) for choice in choices]
    assert _apart(LOADS, chosen, 5) == counted


def smallest_step(tables: list[pd.DataFrame]) -> int:
    """Return the fewest dwellings between two rows that differ, and between a row and nobody."""
    counts: list[int] = sorted({0, *pd.concat(tables)["dwellings"].tolist()})
    return min(late - early for early, late in pairwise(counts))


def test_shares_that_differ_by_few_dwellings_are_not_both_shown(results: Results) -> None:
    """No two public shares of the demand lie one to four dwellings apart."""
    names = ("net_keuze", "net_per_rendement_samen")
    every = [results.internal[name] for name in names]
    public = [results.public[name].frame.dropna(subset="demand_share") for name in names]
    assert smallest_step(every) < 5 <= smallest_step(public)


def test_phases_of_two_orders_tell_no_single_home(results: Results) -> None:
    """Whatever two rows are subtracted: nothing, or what five dwellings ask and more."""
    table = results.public["fasering_per_jaar"].frame
    per_home = figure(results, "demand_mwh_dwelling")
    heat = table["heat_mwh"].dropna().to_numpy()
    apart = abs(heat[:, None] - heat[None, :])
    assert apart[apart > 1e-6].min() >= 5 * 0.8 * per_home
    assert table.groupby("approach").size().eq(4).all()


def test_a_source_that_was_given_shows_no_price(results: Results) -> None:
    """Price and exact capacity belong to the owner; the hours do not give them away."""
    table = results.public["net_bronnen"].frame
    given = table[table["origin"] == "opgegeven"]
    assert given["cost_eur_mwh"].isna().all()
    assert set(given["capacity_kw"]) == {100.0, 80.0}  # 120 and 80 kW
    hours = given["heat_mwh"] * 1000 / given["capacity_kw"]
    assert given["full_load_hours"].to_numpy() == pytest.approx(hours.to_numpy())
    curve = results.public["belastingduurkromme"].frame.set_index("curve")["power_kw"]
    assert set(curve["vermogen van de basisbronnen"]) == {180.0}


def test_a_handful_of_homes_shows_no_bill(place: Place, flanders: Flanders) -> None:
    """With one to four dwellings a mean bill is somebody's bill."""
    buildings = place.tables["gebouwen"]
    homes = buildings[buildings["function"] == "residential"].iloc[:3]
    found = warmtenet(with_table(place, gebouwen=homes), flanders)
    assert "network_bill_eur" not in set(found.key_figures["key"])
    assert found.public["jaarkost_huishouden"].frame.empty
    assert TOO_FEW.format(least=5) in set(found.public["toelichting_net"].frame["remark"])


# What the first screen promises


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (1.0, "Een warmtenet voor heel Kern is kansrijk."),
        (0.9, "10 % van de warmtevraag ligt waar geen leiding kan komen"),
        (0.6, "het deel van Kern dat een leiding kan bereiken is kansrijk. Dat deel vraagt maar"),
    ],
)
def test_a_verdict_says_on_what_part_it_is(share: float, said: str) -> None:
    """Of a whole neighbourhood nothing is said where a pipe reaches too little of it."""
    text = _verdict_on("kansrijk", "Kern", share, least_share=0.8)
    assert said in text
    assert ("heel Kern" in text) == (share >= 0.8)


def test_the_first_screen_names_the_price_without_the_sources(results: Results) -> None:
    """The reader sees at once what the price hangs on."""
    text = results.public["samenvatting"].frame["text"][0]
    price = figure(results, "break_even_without_sources_eur_mwh")
    assert f"Vallen de opgegeven bronnen weg, dan is het {price:.0f} euro/MWh." in text


def test_a_source_far_away_and_late_is_told(place: Place, flanders: Flanders) -> None:
    """A straight pipe over 400 m, and heat that comes two years after the first pipe."""
    sources = place.tables["warmtebronnen"].iloc[:1]
    there = gpd.GeoDataFrame(sources).geometry
    moved = sources.assign(geometry=there.translate(-400.0, -400.0))
    moved = moved.assign(available_from=pd.array([2030], dtype="Int64"))
    found = warmtenet(with_table(place, warmtebronnen=moved), flanders)
    told = " ".join(found.public["toelichting_net"].frame["remark"])
    assert "van de dichtste straat waarin een leiding kan liggen" in told
    assert "pas vanaf 2030, terwijl het net in 2028 begint" in told


def test_an_exact_proof_is_told(place: Place, flanders: Flanders) -> None:
    """With the extra package the page says what the solver proved, never a larger gap."""
    pytest.importorskip("steinerpy")
    proven = warmtenet(place, flanders, proof_seconds=20)
    remarks = " ".join(proven.public["toelichting_net"].frame["remark"])
    assert "(SteinerPy) mocht 20 seconden zoeken" in remarks
    assert 0.0 <= figure(proven, "net_gap_share") <= 1e-4
