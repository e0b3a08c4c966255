"""What every fictional wijk promises, whatever its kind and size."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal

from lekp_lib.contracts import FICTIONAL_NIS, INPUTS, Source, check, reference_faults
from lekp_lib.contracts.lists import TABLES
from lekp_lib.synthetic import DEMO_DWELLINGS, KINDS, SyntheticWijk, demo_wijken, make_wijk

Made = Callable[[str, int], SyntheticWijk]
SIZES = [(kind, size) for kind in KINDS for size in (1, 50, 1200)] + [("station_belt", 5000)]
MAY_BE_ABSENT = {
    *("aannames", "klimaat", "warmtebronnen", "warmteleidingen", "actoren"),
    *("huishoudens", "locaties"),
}
PREFIXES = {"sb": "station_belt", "tl": "garden_quarter", "vm": "allotment"}


def touching(buildings: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the places of every two buildings that touch, and what they share."""
    shapes = buildings.geometry.to_numpy()
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    return first, second, shapely.intersection(shapes[first], shapes[second])


@pytest.mark.parametrize(("kind", "size"), SIZES)
def test_has_as_many_dwellings_as_asked(made: Made, kind: str, size: int) -> None:
    """Any size is made, to the dwelling."""
    assert made(kind, size).tables["gebouwen"]["dwellings"].sum() == size


@pytest.mark.parametrize(("kind", "size"), SIZES)
def test_no_footprints_overlap(made: Made, kind: str, size: int) -> None:
    """Two buildings share a wall, a corner or nothing."""
    shared = touching(made(kind, size).tables["gebouwen"])[2]
    assert shapely.area(shared).sum() == 0


@pytest.mark.parametrize(("kind", "size"), SIZES)
def test_lies_within_its_boundary(made: Made, kind: str, size: int) -> None:
    """Every building, street, source, plot, car park, tree and green lies inside the outline."""
    tables = made(kind, size).tables
    limit = tables["grens"].geometry.iloc[0].buffer(0.1)
    for name, table in tables.items():
        if name != "grens" and "geometry" in table:
            shapes = gpd.GeoDataFrame(table).geometry.dropna()
            assert shapely.covers(limit, shapes.to_numpy()).all(), name


@pytest.mark.parametrize(("kind", "size"), SIZES)
def test_streets_form_one_network_cut_at_every_junction(made: Made, kind: str, size: int) -> None:
    """One can walk from any street to any other; segments meet only at their ends."""
    streets = made(kind, size).tables["straten"]
    network = nx.Graph()
    for street_id, line in streets.geometry.items():
        network.add_edge(line.coords[0], line.coords[-1], street_id=street_id)
    assert nx.is_connected(network)
    inner = [point for line in streets.geometry for point in line.coords[1:-1]]
    assert not set(inner) & set(network)
    assert streets.length.min() > 3


@pytest.mark.parametrize("kind", KINDS)
def test_streets_cross_only_at_junctions(made: Made, kind: str) -> None:
    """Two segments that meet do so at an end of both."""
    streets = made(kind, 1200).tables["straten"]
    shapes = streets.geometry.to_numpy()
    first, second = shapely.STRtree(shapes).query(shapes, predicate="crosses")
    assert len(first) == len(second) == 0


def test_same_seed_same_wijk(made: Made, demo: SyntheticWijk) -> None:
    """The same seed gives the same tables, another seed another wijk."""
    kind = PREFIXES[demo.tables["gebouwen"].index[0][:2]]
    again = make_wijk(kind, dwellings=DEMO_DWELLINGS[kind], seed=1)
    assert again.settings == demo.settings
    assert again.story == demo.story
    for name, table in demo.tables.items():
        assert_frame_equal(pd.DataFrame(again.tables[name]), pd.DataFrame(table))
    other = make_wijk(kind, dwellings=50, seed=2).tables["gebouwen"]
    fifty = made(kind, 50).tables["gebouwen"]
    assert other.geometry.iloc[0] != fifty.geometry.iloc[0]


def test_holds_every_contract(demo: SyntheticWijk) -> None:
    """All tables are in contract form, and so is each reference between them."""
    assert set(TABLES) - set(demo.tables) <= MAY_BE_ABSENT
    for name, table in demo.tables.items():
        contract = INPUTS[name]
        raw = table if contract.index is None else table.reset_index()
        checked = check(raw, contract, Source(name))
        assert checked.faults == ()
        assert checked.notices == ()
        assert_frame_equal(pd.DataFrame(checked.table), pd.DataFrame(table))
    sources = {name: Source(name) for name in demo.tables}
    assert reference_faults(demo.tables, sources) == []


def test_ancillary_buildings_have_no_dwellings(demo: SyntheticWijk) -> None:
    """A garage or shed is never a home."""
    buildings = demo.tables["gebouwen"]
    ancillary = buildings["function"] == "ancillary"
    assert ancillary.sum() > 100
    assert (buildings.loc[ancillary, "dwellings"] == 0).all()
    homes = buildings.loc[buildings["dwellings"] > 0, "function"]
    assert set(homes) <= {"residential", "mixed"}


def test_terraced_neighbours_share_their_wall(demo: SyntheticWijk) -> None:
    """A terraced house shares a wall with two houses, an end house with one, point for point."""
    buildings = demo.tables["gebouwen"]
    houses = buildings[buildings["function"].isin(["residential", "mixed"])]
    first, second, shared = touching(houses)
    walls = shapely.length(shared)
    is_wall = walls > 4
    neighbours = pd.Series(0, index=houses.index)
    for place in (first, second):
        neighbours = neighbours.add(
            pd.Series(houses.index[place[is_wall]]).value_counts(), fill_value=0
        )
    expected = {"terraced": 2, "semi_detached": 1, "detached": 0}
    for kind, number in expected.items():
        assert (neighbours[houses["building_type"] == kind] == number).all(), kind
    for one, other, wall in zip(first[is_wall], second[is_wall], shared[is_wall], strict=True):
        points = set(shapely.get_coordinates(wall).view("complex128").ravel())
        for place in (one, other):
            ring = shapely.get_coordinates(houses.geometry.iloc[place])
            assert points <= set(ring.view("complex128").ravel())


def test_buildings_stand_clear_of_the_public_domain(demo: SyntheticWijk) -> None:
    """No building stands on a street and no tree in a building."""
    buildings, streets = demo.tables["gebouwen"], demo.tables["straten"]
    axes = streets.geometry.buffer(1.4, cap_style="flat").union_all()
    assert not buildings.intersects(axes).any()
    trees = demo.tables["bomen"].geometry
    assert shapely.distance(trees.union_all(), buildings.geometry.union_all()) > 0.5


def test_gaps_are_there_on_purpose(demo: SyntheticWijk) -> None:
    """Levels, years and streets are partly unknown, so that the defaults have work to do."""
    buildings = demo.tables["gebouwen"]
    homes = buildings[buildings["dwellings"] > 0]
    for name, low, high in (
        ("levels", 0.1, 0.45),
        ("height_m", 0.15, 0.4),
        ("construction_year", 0.1, 0.4),
        ("street_id", 0.01, 0.12),
        ("epc_label", 0.2, 0.75),
    ):
        assert low < homes[name].isna().mean() < high, name
    nothing = homes[["levels", "height_m", "floor_area_m2"]].isna().all(axis=1)
    assert 0 < nothing.mean() < 0.15


def test_says_that_it_is_fictional(demo: SyntheticWijk) -> None:
    """Settings and story both say that nothing of it exists."""
    assert demo.settings.is_fictional
    assert demo.settings.nis_code == FICTIONAL_NIS
    assert set(demo.settings.sources) == set(demo.tables)
    assert demo.story.startswith("**Deze wijk is verzonnen.**")
    assert "hebben daarom geen achtergrond" in demo.story.replace("\n", " ")
    assert 150 <= len(demo.story.split()) <= 260


def test_addresses_are_not_doubled(demo: SyntheticWijk) -> None:
    """A street name and a number mean one building."""
    buildings = demo.tables["gebouwen"].dropna(subset=["house_number"])
    assert not buildings.duplicated(["street_name", "house_number"]).any()


def test_buildings_stand_along_the_street_they_belong_to(demo: SyntheticWijk) -> None:
    """A house is found on the segment that it names."""
    buildings = demo.tables["gebouwen"].dropna(subset=["street_id"])
    lines = demo.tables["straten"].geometry.loc[buildings["street_id"]]
    away = buildings.geometry.distance(gpd.GeoSeries(lines.to_numpy(), buildings.index, 31370))
    assert away.max() < 45
    assert np.median(away) < 15


def test_demo_has_three_contrasting_wijken(made: Made) -> None:
    """The demonstration: dense and terraced, social and green, wide and detached."""
    station, garden, allotment = (made(kind, n) for kind, n in DEMO_DWELLINGS.items())
    assert len({w.slug for w in (station, garden, allotment)}) == 3
    homes = {
        w.slug: w.tables["gebouwen"].query("dwellings > 0") for w in (station, garden, allotment)
    }
    types = {
        slug: table["building_type"].value_counts(normalize=True) for slug, table in homes.items()
    }
    assert types[station.slug]["terraced"] > 0.6
    assert types[allotment.slug]["detached"] > 0.7
    tenure = homes[garden.slug].groupby("tenure")["dwellings"].sum()
    assert tenure["social_rental"] > 0.6 * tenure.sum()
    assert homes[station.slug]["tenure"].isna().all()
    density = [
        w.tables["gebouwen"]["dwellings"].sum() / w.tables["grens"].area.sum() * 10_000
        for w in (station, garden, allotment)
    ]
    assert density == sorted(density, reverse=True)
    functions = set(station.tables["gebouwen"]["function"])
    assert {"school", "supermarket", "industry", "mixed", "community"} <= functions


def test_wijken_of_the_demo_do_not_meet(made: Made) -> None:
    """Three places on the map, without one identifier twice."""
    wijken = [made(kind, n) for kind, n in DEMO_DWELLINGS.items()]
    limits = [w.tables["grens"].geometry.iloc[0] for w in wijken]
    assert shapely.union_all(limits).area == pytest.approx(sum(limit.area for limit in limits))
    for name in ("gebouwen", "straten"):
        identifiers = [key for w in wijken for key in w.tables[name].index]
        assert len(identifiers) == len(set(identifiers))


def test_demo_gives_the_wijken_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """The three kinds, each with its number of dwellings and the seed that was asked."""
    asked: list[tuple[str, int, int]] = []
    monkeypatch.setattr(
        "lekp_lib.synthetic._wijken.make_wijk",
        lambda kind, *, dwellings, seed: asked.append((kind, dwellings, seed)),
    )
    demo_wijken(4)
    assert asked == [(kind, number, 4) for kind, number in DEMO_DWELLINGS.items()]


@pytest.mark.parametrize(("kind", "dwellings"), [("castle", 10), ("allotment", 0)])
def test_refuses_what_cannot_be_made(kind: str, dwellings: int) -> None:
    """An unknown kind or no dwellings at all is an error that names the choices."""
    with pytest.raises(ValueError, match=r"use 1 or more of \('station_belt'"):
        make_wijk(kind, dwellings=dwellings, seed=1)
