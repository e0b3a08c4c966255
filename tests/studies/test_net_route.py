"""Route, pipes, cost and sources of one network for everybody, on small places."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lekp_lib.assumptions import load
from lekp_lib.contracts import RESULTS, Flanders, Place
from lekp_lib.contracts.results import warmtenet_route
from lekp_lib.contracts.results.warmtenet_route import RATES
from lekp_lib.disclosure import PublicTable, shown
from lekp_lib.io.read import read_place
from lekp_lib.studies._net_ground import NET_KEYS, prepare_ground
from lekp_lib.studies._net_plan import Plan, plan_of
from lekp_lib.studies._net_route import _on_route, route_section
from lekp_lib.studies._net_route_lines import lines_of
from lekp_lib.studies._section import Section
from lekp_lib.studies._warmtenet_model import heat_of
from lekp_lib.studies._warmtenet_scene import KEYS, Neighbourhood, prepare
from lekp_lib.synthetic import make_wijk

CHOICE = {"net_keuze", "net_per_rendement", "net_per_rendement_samen"}
NAMES = [contract.name for contract in warmtenet_route.CONTRACTS]


@dataclass(frozen=True)
class Scene:
    """A place with its network and what the section says of it."""

    place: Place
    hood: Neighbourhood
    plan: Plan
    section: Section

    def figure(self, key: str) -> float:
        """Return a key figure."""
        value = {figure.key: figure.value for figure in self.section.figures}[key]
        return math.nan if value is None else value

    def public(self, name: str) -> PublicTable:
        """Return a table as everybody sees it."""
        return shown(name, self.section.tables[name], used=load(), is_fictional=True)


def scene_of(place: Place, flanders: Flanders) -> Scene:
    """Return the network of a place."""
    used = place.assumptions.pick((*KEYS, *NET_KEYS))
    hood = prepare(place, flanders, used)
    heat = heat_of(hood, {key: figure.value for key, figure in used.items()})
    plan = plan_of(prepare_ground(place, hood, heat, used))
    assert plan is not None
    return Scene(place, hood, plan, route_section(plan, place, hood))


def bare_place(*, most: int | None = None, **about: Any) -> Place:
    """Return an allotment without any optional table, of the first buildings."""
    wijk = make_wijk("allotment", dwellings=12, seed=1)
    homes = wijk.tables["gebouwen"][lambda table: table["dwellings"] > 0]
    tables = {"gebouwen": homes.iloc[:most].assign(**about), "straten": wijk.tables["straten"]}
    return Place(wijk.slug, wijk.settings, "", tables, {}, (), load())


@pytest.fixture(scope="module")
def scenes(flanders: Flanders, root: Any) -> Mapping[str, Scene]:
    """Give a place with everything, one with the least, one house, and only schools."""
    data_dir = root / "tests" / "fixtures" / "data"
    schools = bare_place(most=3, function="school", dwellings=pd.array([0] * 3, dtype="Int64"))
    places = {
        "all": read_place("proefgemeente/proefwijk", data_dir=data_dir),
        "bare": bare_place(),
        "one": bare_place(most=1),
        "schools": schools,
    }
    return {name: scene_of(place, flanders) for name, place in places.items()}


@pytest.mark.parametrize("which", ["all", "bare", "one", "schools"])
def test_tables_hold_their_contract_and_can_be_published(
    scenes: Mapping[str, Scene], which: str
) -> None:
    """With and without optional tables, of one house, and where nobody lives."""
    scene = scenes[which]
    tables = scene.section.tables
    assert set(tables) == set(NAMES) - (CHOICE if which == "schools" else set())
    for name, table in tables.items():
        RESULTS[name].model.validate(table)
        assert not table.duplicated(list(RESULTS[name].key) or None).any() or not RESULTS[name].key
        assert len(scene.public(name).frame) == len(table)


def test_maps_draw_every_metre_of_main_pipe_once(scenes: Mapping[str, Scene]) -> None:
    """Key figure, map of diameters and map of returns tell of the same pipes."""
    scene = scenes["all"]
    for name in ("net_kaart", "net_per_rendement"):
        lines = scene.section.tables[name]
        assert lines["length_m"].sum() == pytest.approx(scene.figure("net_main_m"))
        assert shapely.length(lines.geometry).sum() == pytest.approx(scene.figure("net_main_m"))


def test_a_pipe_to_few_dwellings_is_drawn_without_its_size(scenes: Mapping[str, Scene]) -> None:
    """The line stays, the diameter does not; others in the street keep theirs."""
    public = scenes["all"].public("net_kaart").frame
    is_small = public["dwellings"] < 5
    assert is_small.any()
    assert (public["dn"].isna() == is_small).all()
    assert public.geometry.notna().all()


def test_lines_merge_pipes_that_have_their_size_in_common() -> None:
    """Two pipes end to end are one line; the stub behind them stands apart."""
    points = [(0.0, 0.0), (10.0, 0.0), (30.0, 0.0), (35.0, 0.0)]
    pipes = pd.DataFrame(
        {
            "street_name": "Dorp",
            "dn": 32,
            "is_small": [False, False, True],
            "length_m": [10.0, 20.0, 5.0],
            "dwellings": [9, 6, 2],
            "geometry": [shapely.LineString(ends) for ends in itertools.pairwise(points)],
        }
    )
    lines = lines_of(pipes.iloc[::-1], ["street_name", "dn"])
    assert lines["length_m"].tolist() == [30.0, 5.0]
    assert lines["dwellings"].tolist() == [9, 2]
    assert lines.geometry.geom_type.tolist() == ["LineString", "LineString"]


def test_pipes_that_lie_there_are_told_from_new_ones(scenes: Mapping[str, Scene]) -> None:
    """The place with everything has an old pipe and a source at some distance."""
    kinds = scenes["all"].section.tables["net_kaart"].groupby("kind")["length_m"].sum()
    assert kinds["bestaand"] == pytest.approx(40.0)
    assert kinds["aansluiting van de bron"] == pytest.approx(23.0)


def test_costs_add_up_and_lie_in_their_range(scenes: Mapping[str, Scene]) -> None:
    """The parts are the investment of the plan, whatever way they are cut."""
    scene = scenes["all"]
    table = scene.section.tables["net_kosten"].set_index("part")
    money = scene.plan.case.investment_eur
    assert table["investment_eur"].iloc[:2].sum() == pytest.approx(money["mains"])
    parts = [*table["investment_eur"].iloc[2:4], table["investment_eur"].iloc[4:6].sum()]
    assert parts == pytest.approx(list(money.values())[1:])
    assert table.loc["samen", "investment_eur"] == pytest.approx(sum(money.values()))
    assert (table["low_eur"] < table["investment_eur"]).all()
    assert (table["investment_eur"] < table["high_eur"]).all()


def test_where_only_homes_are_connected_each_bears_its_part(scenes: Mapping[str, Scene]) -> None:
    """Twelve houses: the whole investment over twelve."""
    scene = scenes["bare"]
    assert scene.figure("net_dwelling_eur") == pytest.approx(
        scene.figure("net_investment_eur") / 12
    )


def test_a_household_pays_the_price_of_its_heat_with_vat(scenes: Mapping[str, Scene]) -> None:
    """Price times heat per home times one plus VAT; subsidy makes it cheaper."""
    scene = scenes["bare"]
    table = scene.section.tables["net_vergelijking"].set_index("way")
    vat = 1.0 + load()["individual.heat_vat_share"].value
    heat_mwh = scene.plan.case.heat_mwh / 12
    without, subsidised = table.iloc[0], table.iloc[1]
    assert without["yearly_eur"] == pytest.approx(without["levelised_eur_mwh"] * heat_mwh * vat)
    assert subsidised["levelised_eur_mwh"] < without["levelised_eur_mwh"]
    assert table.loc["eigen warmtepomp", "levelised_eur_mwh"] == pytest.approx(
        scene.plan.price_to_beat_eur_mwh
    )


def test_investments_stand_beside_each_other_without_vat(scenes: Mapping[str, Scene]) -> None:
    """The network has no VAT in it, so heat pump and boiler must not have it either."""
    scene = scenes["bare"]
    table = scene.section.tables["net_vergelijking"].set_index("way")["investment_eur"]
    vat = {"eigen warmtepomp": ("heat_pump", 1.06), "blijven op aardgas": ("gas", 1.21)}
    for name, (way, factor) in vat.items():
        homes = scene.plan.ways[way].query("dwellings > 0")
        each = homes["investment_eur"].sum() / homes["dwellings"].sum()
        assert table[name] * factor == pytest.approx(each)


def test_without_homes_there_is_nothing_per_dwelling(scenes: Mapping[str, Scene]) -> None:
    """Schools alone: a cost of heat, no household, and a sentence that says so."""
    scene = scenes["schools"]
    table = scene.section.tables["net_vergelijking"]
    assert table["yearly_eur"].isna().all()
    assert math.isfinite(table["levelised_eur_mwh"].iloc[0])
    assert any(said.startswith("Er zijn geen woningen") for said in scene.section.remarks)


def test_months_hold_the_heat_of_the_year(scenes: Mapping[str, Scene]) -> None:
    """Twelve months, three uses, all heat and all losses."""
    scene = scenes["all"]
    table = scene.section.tables["warmte_per_maand"]
    case = scene.plan.case
    assert len(table) == 36
    assert table["heat_mwh"].sum() == pytest.approx(case.heat_mwh + case.loss_mwh)


def test_duration_curve_falls_from_the_peak(scenes: Mapping[str, Scene]) -> None:
    """The first hour is the coldest, the last one hour 8,760."""
    table = scenes["all"].section.tables["belastingduurkromme"]
    asked = table[table["curve"] == "gevraagde warmte"]
    assert asked["power_kw"].iloc[0] == scenes["all"].plan.case.hours["load_kw"].max()
    assert (np.diff(asked["power_kw"]) <= 0).all()
    assert asked["hours"].iloc[[0, -1]].tolist() == [1, 8760]


def test_sources_tell_where_they_come_from(scenes: Mapping[str, Scene]) -> None:
    """Given ones, an assumed one, and boilers in reserve; together they give all heat."""
    given, assumed = (scenes[name].section.tables["net_bronnen"] for name in ("all", "bare"))
    assert set(given["origin"]) == {"opgegeven", "reserve"}
    assert set(assumed["origin"]) == {"aangenomen", "reserve"}
    assert given["heat_share"].sum() == pytest.approx(1.0)


def test_what_stood_in_is_told(scenes: Mapping[str, Scene]) -> None:
    """No source and no weather: both are assumptions."""
    told = " ".join(scenes["bare"].section.remarks)
    assert "Er is geen warmtebron opgegeven." in told
    assert "nagebootst jaar" in told


def test_a_source_that_comes_later_is_told(scenes: Mapping[str, Scene]) -> None:
    """A plant that lacks a given source runs without it, and the reader hears of it."""
    scene = scenes["all"]
    case = scene.plan.case
    boilers = case.plant[case.plant["is_peak"].astype(bool)]
    plan = replace(scene.plan, case=replace(case, plant=boilers))
    told = " ".join(route_section(plan, scene.place, scene.hood).remarks)
    assert "bronnen tellen niet mee" in told
    assert "Alle warmte komt hier uit reserveketels." in told


def test_repairs_are_counted_and_the_large_ones_drawn(scenes: Mapping[str, Scene]) -> None:
    """A loose end of a metre is not to be seen on a map; a bridged gap is."""
    scene = scenes["bare"]
    line = shapely.LineString([(0, 0), (10, 0)])
    repairs = gpd.GeoDataFrame(
        {
            "kind": ["snapped", "snapped", "joined"],
            "street_id": "s1",
            "gap_m": [1.0, 2.0, 10.0],
            "length_m": np.nan,
        },
        geometry=[line] * 3,
        crs=31370,
    )
    ground = scene.plan.ground
    graph = replace(ground.graph, repairs=repairs, too_far=pd.Series({"x": 400.0}))
    plan = replace(scene.plan, ground=replace(ground, graph=graph, n_unreached=3))
    section = route_section(plan, scene.place, scene.hood)
    assert section.tables["net_herstel"]["kind"].tolist() == ["onderbreking overbrugd"]
    assert section.tables["net_herstel_aantallen"]["number"].tolist() == [2, 1, 0, 0, 1, 2]
    assert section.tables["net_herstel_aantallen"]["gap_m"].tolist()[:2] == [3.0, 10.0]
    assert any("los uiteinde vastgemaakt (2 keer)" in said for said in section.remarks)
    assert any(said.startswith("3 gebouwen") for said in section.remarks)


@pytest.mark.parametrize("which", ["all", "bare", "one"])
def test_choosing_is_never_worse_than_all_or_none(scenes: Mapping[str, Scene], which: str) -> None:
    """Whatever is chosen is worth something, at least what everybody is worth."""
    table = scenes[which].section.tables["net_keuze"]
    everyone, chosen = table["value_eur"]
    assert chosen >= max(everyone, 0.0) - 1e-6
    assert chosen <= table["upper_bound_eur"].iloc[1] + 1e-3
    assert table["buildings"].iloc[0] == len(scenes[which].plan.case.loads)


@pytest.mark.parametrize("which", ["all", "bare"])
def test_who_asks_more_return_builds_no_more(scenes: Mapping[str, Scene], which: str) -> None:
    """Rates rise, buildings and metres do not."""
    table = scenes[which].section.tables["net_per_rendement_samen"]
    assert table["return_share"].tolist() == [0.0, 0.04, 0.08, 0.14]
    assert (np.diff(table["buildings"]) <= 0).all()
    assert (np.diff(table["main_m"]) <= 1e-9).all()


def test_streets_on_the_map_make_the_metres_of_each_return(scenes: Mapping[str, Scene]) -> None:
    """A street built up to 8 % is there at 0, 4 and 8 %."""
    tables = scenes["all"].section.tables
    metres = tables["net_per_rendement"].groupby("built_up_to")["length_m"].sum()
    for place, total in enumerate(tables["net_per_rendement_samen"]["main_m"]):
        assert metres.reindex(RATES[place:]).sum() == pytest.approx(total)


def test_rules_for_the_peak_stand_side_by_side(scenes: Mapping[str, Scene]) -> None:
    """The rule that sizes the network never promises less than the coldest hour."""
    table = scenes["bare"].section.tables["net_gelijktijdigheid"]
    used, thermos, coldest = table["design_kw"]
    network = scenes["bare"].plan.case.network
    starts = network[network["upstream"] == -1]
    floor, span = (load()[f"network.thermos.{name}"].value for name in ("floor", "span"))
    by_hand = (floor + span / starts["connections"]) * starts["load_kw"]
    assert thermos == pytest.approx(by_hand.sum())
    assert used >= coldest


@pytest.mark.parametrize(
    ("gap", "said"),
    [(0.0, "geen goedkoper tracé"), (0.00121, "hoogstens 0,13 % duurder"), (math.nan, "Niet bew")],
)
def test_the_proof_is_told_in_words(gap: float, said: str) -> None:
    """Rounded up, so that nothing is promised that was not proven."""
    assert said in _on_route(gap)
