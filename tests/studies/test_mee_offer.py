"""The three packages and their bills on the small place and on a demonstration place."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lekp_lib.assumptions import load, load_messages
from lekp_lib.contracts import RESULTS, Flanders
from lekp_lib.contracts.lists import PACKAGES, TENURES
from lekp_lib.contracts.results import mee_offer as contracts
from lekp_lib.disclosure import shown
from lekp_lib.domain import renovation_package
from lekp_lib.io.read import read_place
from lekp_lib.studies import _mee_offer_money as money
from lekp_lib.studies._mee_offer import OFFER_KEYS, offer_section
from lekp_lib.studies._mee_offer_homes import Offer, offer_of, prices_of
from lekp_lib.studies._mee_offer_tables import _TOTALS, _main_segments
from lekp_lib.studies._mee_offer_words import _on_turning
from lekp_lib.studies._mee_scene import Scene, scene_of
from lekp_lib.studies._section import Section

ROOT = Path(__file__).parents[2]
DAY = dt.date(2026, 11, 24)


def scene(flanders: Flanders, slug: str, folder: str) -> Scene:
    """Return the scene of a place, with the figures the section names and no other."""
    place = read_place(slug, data_dir=ROOT / folder)
    return scene_of(place, flanders, on=DAY, keys=OFFER_KEYS)


@pytest.fixture(scope="module")
def small(flanders: Flanders) -> Scene:
    """Give the small place with every table."""
    return scene(flanders, "proefgemeente/proefwijk", "tests/fixtures/data")


@pytest.fixture(scope="module")
def station(flanders: Flanders) -> Scene:
    """Give the demonstration place with 1,200 dwellings."""
    return scene(flanders, "voorbeeldgemeente/stationsbuurt", "data")


@pytest.fixture(scope="module")
def section(station: Scene) -> Section:
    """Give the answer for the demonstration place."""
    return offer_section(station)


@pytest.fixture(scope="module")
def offer(station: Scene) -> Offer:
    """Give the packages of the demonstration place."""
    return offer_of(station, prices_of(station))


@pytest.fixture(scope="module")
def small_section(small: Scene) -> Section:
    """Give the answer for the small place."""
    return offer_section(small)


@pytest.fixture(scope="module")
def bare(small: Scene) -> Section:
    """Give the answer for the small place without households and without somebody to call."""
    nobody = small.place.settings.model_copy(update={"contact_role": None})
    place = replace(small.place, settings=nobody)
    return offer_section(replace(small, place=place, has_households=False))


def with_rule(scene: Scene, **row: Any) -> Scene:
    """Return the scene with one more rule that holds."""
    empty = dict.fromkeys(scene.rules.columns)
    base = {"kind": "premium", "status": "in_force", "checked_on": pd.Timestamp(DAY)}
    more = pd.DataFrame([{**empty, **base, **row}], index=pd.Index(["new"], name="rule_id"))
    kinds = {name: scene.rules[name].dtype for name in scene.rules}
    return replace(scene, rules=pd.concat([scene.rules, more.astype(kinds)]))


def test_every_table_keeps_its_contract(section: Section, small_section: Section) -> None:
    """All tables of the contracts are there, with their columns, keys and closed lists."""
    for found in (section, small_section):
        assert set(found.tables) == {contract.name for contract in contracts.CONTRACTS}
        for name, table in found.tables.items():
            contract = RESULTS[name]
            contract.model.to_schema().validate(table)
            if contract.key:
                assert not table.duplicated(list(contract.key)).any(), name
        assert len(found.figures) <= 8
        assert all(text.endswith(".") for text in found.remarks)


def test_euro_per_dwelling_stays_in_bounds(section: Section) -> None:
    """A mean home of this place: the packages do not become dearer or cheaper unseen."""
    totals = section.tables["pakket_totalen"].set_index("package")["investment_eur"] / 1200
    assert 20_000 < totals["basis"] < 29_000
    assert 47_000 < totals["schil"] < 60_000
    assert 60_000 < totals["fossielvrij"] < 75_000


def test_real_use_today_is_that_of_the_meters(offer: Offer) -> None:
    """Homes use today what Flemish homes do, about 6 to 17 MWh of heat, not what is calculated."""
    today = offer.packages.xs(renovation_package.TODAY, level="package").join(offer.kinds)
    mean = (today["realistic_mwh"] * today["dwellings"]).sum() / today["dwellings"].sum()
    assert 8 < mean < 13
    assert (today["realistic_mwh"] <= today["calculated_mwh"] + 1e-9).all()


def test_real_saving_is_never_above_the_calculated_one(section: Section) -> None:
    """A bill on calculated savings alone would promise too much."""
    table = section.tables["aanbod_segmenten"]
    assert (table["net_realistic_eur"] >= table["net_calculated_eur"] - 1e-9).all()


def test_columns_of_owner_landlord_and_tenant_add_up(section: Section) -> None:
    """What the landlord pays and the tenant gains is what an owner-occupier would have."""
    table = section.tables["drie_kolommen"]
    both = table["landlord_eur"] + table["tenant_eur"]
    assert both.to_numpy() == pytest.approx(table["owner_occupier_eur"].to_numpy())


def test_segments_add_up_to_all_dwellings(section: Section, station: Scene) -> None:
    """Main segments and the rest are every dwelling, per package."""
    counts = section.tables["aanbod_segmenten"].groupby("package")["dwellings"].sum()
    assert counts.to_numpy() == pytest.approx([station.segments["dwellings"].sum()] * 3)


@pytest.mark.parametrize("place", ["small", "station"])
def test_no_row_stands_for_a_few_households(place: str, request: pytest.FixtureRequest) -> None:
    """What is shown has 10 dwellings or more, and so has what is left of every total."""
    segments = request.getfixturevalue(place).segments
    is_main = _main_segments(segments, 10)
    count = segments["dwellings"]
    assert (count[is_main] >= 10).all()
    for keys in _TOTALS:
        group = segments.groupby(keys).ngroup() if keys else pd.Series(0, segments.index)
        rest = count.where(~is_main, 0.0).groupby(group).sum()
        has_main = is_main.groupby(group).any()
        assert ((rest < 1e-6) | (rest >= 10))[has_main].all()


def test_public_tables_hide_small_cells(
    small_section: Section, section: Section, station: Scene
) -> None:
    """After disclosure no count of segments lies between 0 and 10."""
    used = station.place.assumptions
    for tables in (section.tables, small_section.tables):
        table = shown("aanbod_segmenten", tables["aanbod_segmenten"], used=used, is_fictional=True)
        assert not table.frame["dwellings"].between(0.001, 9.999).any()


def test_stale_rule_is_left_out_and_shown_beside(section: Section) -> None:
    """The heat-pump premium of 2025 is in the second bill only, and the remark names its date."""
    table = section.tables["aanbod_segmenten"]
    own = table[table["segment"].str.contains("laag inkomen") & (table["package"] == PACKAGES[-1])]
    own = own[own["segment"].str.contains("eigenaar")]
    assert (own["premium_eur"] == 0).all()
    assert (own["premium_last_eur"] > 1000).all()
    assert any("26 maart 2025" in text for text in section.remarks)


def test_new_premium_row_changes_the_bill(station: Scene) -> None:
    """A council that adds 20 euro per m2 of roof sees it in every package, for everybody."""
    changed = with_rule(station, subject="roof", value=20.0, unit="EUR/m2")
    offer = offer_of(changed, prices_of(changed))
    before, after = (
        money.cases_of(offer, money.rules_of(one.rules, money.IN_FORCE))
        for one in (station, changed)
    )
    roof = offer.works.xs("roof", level="element")["area_m2"].iloc[0]
    gain = (after["premium_eur"] - before["premium_eur"]).iloc[0]
    assert gain == pytest.approx(20.0 * roof)
    assert (after["month_eur"] <= before["month_eur"] + 1e-9).all()


def test_nothing_is_guessed_without_rules(station: Scene) -> None:
    """No rule at all: no premium, an ordinary loan, VAT of 21 %, no fund."""
    bare = replace(station, rules=station.rules.iloc[:0])
    found = offer_section(bare)
    table = found.tables["aanbod_segmenten"]
    assert not table[["premium_eur", "premium_last_eur"]].to_numpy().any()
    assert found.tables["rollend_fonds_jaren"].empty
    costs = found.tables["pakketten_per_woning"]
    assert (costs["investment_eur"] / costs["cost_eur"]).to_numpy() == pytest.approx(1.21)
    assert found.tables["woningen_zoals_de_mijne"]["support"].str.contains("geen premie").all()


def test_month_by_month_is_the_bill(section: Section, offer: Offer, station: Scene) -> None:
    """The account of the most common home asks what its bill says, and ends at 0."""
    flow = section.tables["kasstroom_maand"].set_index(["measure", "month"])
    last = money.cases_of(offer, money.rules_of(station.rules, money.LAST_KNOWN))
    kind = offer.kinds["dwellings"].idxmax()
    bill = last.loc[(*kind, "fossielvrij", "owner_low")]
    assert flow.loc[("realistic", 24), "net_eur"] == pytest.approx(bill["net_realistic_eur"])
    assert flow.loc[("realistic", 300), "balance_eur"] == pytest.approx(0.0, abs=1e-4)


def test_break_even_premium_brings_the_month_to_nothing(offer: Offer, station: Scene) -> None:
    """Interest and term of one loan: the premium found makes the month cost 0."""
    known = money.cases_of(offer, money.rules_of(station.rules, money.IN_FORCE))
    found = money.break_evens(offer, known)["premium_eur"]
    left = known["month_eur"] * (1 - found / known["investment_eur"])
    bill = known["energy_realistic_eur"] + known["upkeep_eur"]
    is_known = found.notna()
    assert is_known.any()
    assert (left + bill)[is_known].to_numpy() == pytest.approx(0.0, abs=1e-6)


def test_cheapest_per_year_and_lightest_per_month_may_differ(section: Section) -> None:
    """Each segment has one of both, and the marks say which."""
    table = section.tables["aanbod_segmenten"]
    for mark, column in (("is_cheapest_year", "annual_eur"), ("is_lightest_month", "net_realistic_eur")):  # fmt: skip  # noqa: E501
        best = table.loc[table.groupby("segment")[column].idxmin()]
        assert best[mark].all()
        assert table[mark].sum() == table["segment"].nunique()


def test_group_discount_counts_only_when_it_is_switched_on(station: Scene) -> None:
    """Ten homes together: nothing by default, 8 % where a municipality counts on it."""
    values = prices_of(station)
    found = [
        offer_of(station, {**values, "package.discount.counted_share": share}).works["cost_eur"]
        for share in (0.0, 1.0)
    ]
    assert (found[1] / found[0]).to_numpy() == pytest.approx(0.92)


def test_heat_network_takes_the_place_of_the_heat_pump(station: Scene) -> None:
    """Where programme 1 brings a network, Fossielvrij buys heat instead of a heat pump."""
    values = prices_of(station)
    found = offer_of(station, values, network_price_eur_mwh=80.0)
    elements = set(found.works.index.get_level_values("element"))
    assert "heat_network" in elements
    assert "heat_pump" not in elements
    assert not found.packages["electricity_realistic_mwh"].any()


def test_price_of_heat_that_is_even_with_the_heat_pump(station: Scene, section: Section) -> None:
    """At the price that is named, a month with a network costs what the heat pump does."""
    said = next(text for text in section.remarks if "warmtenet" in text)
    price = float(re.findall(r"dan (\d+) euro per MWh", said)[0])
    networked = offer_section(station, network_price_eur_mwh=price)
    months = [
        found.tables["pakket_totalen"].set_index("package").loc["fossielvrij", "net_realistic_eur"]
        for found in (section, networked)
    ]
    assert months[1] == pytest.approx(months[0], abs=0.5)
    assert not any("zonder btw" in text for text in networked.remarks)


def test_what_a_year_costs_without_works_is_said(section: Section) -> None:
    """The cheapest package per year is set beside doing nothing."""
    table = section.tables["aanbod_segmenten"]
    basis = table[table["package"] == "basis"]
    today = (basis["annual_today_eur"] * basis["dwellings"]).sum() / basis["dwellings"].sum()
    said = next(text for text in section.remarks if text.startswith("Over de hele levensduur"))
    found = float(re.findall(r"Niets doen kost ([\d.]+) euro", said)[0].replace(".", ""))
    assert found == pytest.approx(today, abs=5.1)
    assert "Basis het goedkoopst" in said


def test_only_what_does_not_help_is_said_not_to_help(section: Section) -> None:
    """A gas price that would do is not named again among what never does."""
    table = section.tables["wat_keert_pakket"]
    row = table[table["package"] == "fossielvrij"].iloc[[0]]
    said = _on_turning(row.assign(gas_text="265 euro/MWh", rate_text="geen"))
    helps, never = said.split(" Voor ")
    assert "een gasprijs van 265 euro/MWh" in helps
    assert "rente" in never
    assert "gasprijs" not in never
    assert "de prijs van gas" not in never


def test_weak_answer_is_named(bare: Section, section: Section) -> None:
    """Without the table of households, and only then, the answer per group says it is weak."""
    assert any("huishoudens ontbreekt" in text for text in bare.remarks)
    assert not any("huishoudens ontbreekt" in text for text in section.remarks)


def test_place_without_homes_has_empty_tables(station: Scene) -> None:
    """No home: every table is there, without rows, and one sentence says why."""
    found = offer_section(replace(station, segments=station.segments.iloc[:0]))
    assert all(table.empty for table in found.tables.values())
    assert found.remarks == ("Er zijn in deze wijk geen woningen gevonden.",)
    used = station.place.assumptions
    for name, table in found.tables.items():
        assert shown(name, table, used=used, is_fictional=True).frame.empty


def test_verdict_is_said_plainly(section: Section) -> None:
    """Dearer per month is called dearer, with what would change it."""
    assert "niet goedkoper per maand" in section.remarks[0]
    assert any("pas goedkoper per maand met" in text for text in section.remarks)


def test_owners_are_all_tenures_and_incomes() -> None:
    """Every segment has somebody who pays for the works."""
    assert {tenure for tenure, _ in money.OWNERS.values()} == set(TENURES)


def test_only_named_figures_are_read(station: Scene) -> None:
    """The section runs on its own keys, and every key exists."""
    assert set(OFFER_KEYS) <= set(load())
    assert len(OFFER_KEYS) == len(set(OFFER_KEYS))
    assert set(OFFER_KEYS) <= set(station.used)


def test_residents_read_short_sentences(section: Section) -> None:
    """B1: no sentence of the page for residents has more than 20 words, and no field is left."""
    table = section.tables["woningen_zoals_de_mijne"]
    for column in ("offer", "cost", "support", "tenant", "call"):
        for text in table[column]:
            assert "{" not in text
            assert all(len(part.split()) <= 20 for part in re.split(r"(?<=[.?])\s", text)), text


def test_support_that_counts_is_named(small: Scene) -> None:
    """A premium that is sure is in the amounts, and the card says so."""
    offered = offer_section(with_rule(small, subject="roof", value=1000.0, unit="EUR"))
    said = offered.tables["woningen_zoals_de_mijne"].set_index("package")["support"]
    assert said["basis"].str.contains("premie van ongeveer 1.000 euro is al meegeteld").all()


def test_every_message_can_be_translated() -> None:
    """The catalogue has a column per language; what is not translated comes in Dutch."""
    dutch = load_messages("nl")
    assert all(dutch.values())
    for language in ("en", "fr", "tr", "ar"):
        assert set(load_messages(language)) == set(dutch)


def test_the_page_names_whom_to_call(section: Section, bare: Section, station: Scene) -> None:
    """The role of wijk.yml; without one, the municipality."""
    role = station.place.settings.contact_role
    assert role is not None
    said, nobody = (found.tables["woningen_zoals_de_mijne"]["call"] for found in (section, bare))
    assert said.str.contains(role, regex=False).all()
    assert nobody.str.contains("gemeente").all()
