"""Segments, rows and comparison of the homes of work programme 2 on small hand-made places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from lekp_lib.assumptions import load
from lekp_lib.contracts import INPUTS, RESULTS, Flanders, Place, Source, WijkSettings, check
from lekp_lib.contracts.lists import BUILDING_TYPES, PERIODS
from lekp_lib.disclosure import Results, guard_key_figures, release
from lekp_lib.errors import ContractError
from lekp_lib.studies._frames import key_figures
from lekp_lib.studies._mee_homes import HOMES_KEYS, homes_section
from lekp_lib.studies._mee_scene import SCENE_KEYS, scene_of
from lekp_lib.studies._stock import described_stock
from lekp_lib.synthetic import KINDS, make_wijk

HERE = "13019"
TODAY = dt.date(2026, 11, 1)
EAST, NORTH = 180_000.0, 217_000.0


def flanders() -> Flanders:
    """Return two municipalities: HERE built everything after 2011, the other spread evenly."""
    cells = [(kind, period) for kind in BUILDING_TYPES for period in PERIODS]
    stock = pd.DataFrame(
        [
            (code, kind, period, 10 if code != HERE or period == "after_2011" else 0)
            for code in (HERE, "11001")
            for kind, period in cells
        ],
        columns=["nis_code", "building_type", "period", "buildings"],
    )
    dwellings = pd.DataFrame(
        [(code, kind, 100) for code in (HERE, "11001") for kind in BUILDING_TYPES],
        columns=["nis_code", "building_type", "dwellings"],
    )
    targets = pd.DataFrame(
        {
            "goal_nl": ["collectieve renovaties", "waarvan fossielvrij"],
            "value": [50.0, 25.0],
            "per_value": 1000.0,
            "per_unit": "wooneenheid",
            "version": ["1.0", "2.0"],
        },
        index=pd.Index(["W2a", "W2b"], name="id"),
    )
    none = pd.DataFrame()
    return Flanders(none, stock, dwellings, none, none, none, targets, none)


def row_of_houses(
    n: int, *, start: int = 0, north: float = 0.0, **columns: Any
) -> list[dict[str, Any]]:
    """Return n houses of 6 by 10 metres against each other, along the street."""
    return [
        {
            "building_id": f"h{start + k:03d}",
            "function": "residential",
            "geometry": shapely.box(
                EAST + 6 * k, NORTH + 5 + north, EAST + 6 * k + 6, NORTH + 15 + north
            ),
            **columns,
        }
        for k in range(n)
    ]


def place_of(houses: Sequence[dict[str, Any]], **settings: Any) -> Place:
    """Return a place with one street and these buildings, checked like any other."""
    raw = gpd.GeoDataFrame(list(houses), geometry="geometry", crs=31370)
    line = shapely.LineString([(EAST, NORTH), (EAST + 300, NORTH)])
    street = gpd.GeoDataFrame(
        {"street_id": ["s1"], "street_name": ["Stationsstraat"]}, geometry=[line], crs=31370
    )
    buildings = check(raw, INPUTS["gebouwen"], Source("gebouwen.gpkg"))
    streets = check(street, INPUTS["straten"], Source("straten.gpkg"))
    assert not buildings.faults + streets.faults
    about = {"name": "Dorp", "municipality": "Lille", "nis_code": HERE, **settings}
    tables = {"gebouwen": buildings.table, "straten": streets.table}
    return Place("lille/dorp", WijkSettings(**about), "", tables, {}, (), load())


def figure(results: Results, key: str) -> float:
    """Return one key figure."""
    return float(results.key_figures.set_index("key").loc[key, "value"])


def released(place: Place, figures: Flanders) -> Results:
    """Return what this section lets out of a place."""
    used = load().pick(sorted({*SCENE_KEYS, *HOMES_KEYS}))
    own = replace(place, assumptions=place.assumptions.pick(list(used)))
    section = homes_section(scene_of(own, figures, on=TODAY))
    return release(
        section.tables,
        key_figures=guard_key_figures(key_figures(section.figures), used),
        used=used,
        title=place.settings.name,
        is_fictional=place.settings.is_fictional,
    )


@pytest.fixture(scope="module")
def street() -> Results:
    """Twelve houses of 1935 in a row, one alone, two of 1935 further on."""
    houses = [
        *row_of_houses(12, construction_year=1935),
        *row_of_houses(1, start=20, north=100, construction_year=1975),
        *row_of_houses(2, start=30, north=200, construction_year=1935),
    ]
    return released(place_of(houses), flanders())


def test_every_table_keeps_its_contract(street: Results) -> None:
    """What the study hands over is what the contracts promise."""
    assert {"segmenten", "rijen"} <= set(street.internal)
    for name, table in street.internal.items():
        RESULTS[name].model.to_schema().validate(pd.DataFrame(table))


def test_row_is_found_with_its_street(street: Results) -> None:
    """Twelve houses, ends included, are one row in the only street."""
    rows = street.public["rijen"].frame
    assert rows[["group_id", "street_name", "building_type", "period"]].iloc[0].tolist() == [
        "1", "Stationsstraat", "terraced", "1919_1945"
    ]  # fmt: skip
    assert rows["dwellings"].tolist() == [12.0]
    assert rows.geometry.iloc[0].area == pytest.approx(720.0)


def test_goals_are_proportional(street: Results) -> None:
    """Fifteen dwellings carry 50 in 1,000 of them, and half of that without fossil fuel."""
    goals = street.public["lekp_wijk"].frame
    assert goals["amount"].tolist() == pytest.approx([0.75, 0.375])
    assert goals["signed_by"].tolist() == [
        "voor wie het pact ondertekende",
        "voor wie 2.0 ondertekende",
    ]


def test_types_follow_from_walls(street: Results) -> None:
    """Ten terraced, two ends and a pair semi-detached, one detached."""
    types = street.public["vergelijking_type"].frame.set_index("building_type")["dwellings"]
    assert types[types > 0].to_dict() == {"terraced": 10.0, "semi_detached": 4.0, "detached": 1.0}


def test_short_rows_are_named_as_such() -> None:
    """Seven houses are a row, but not enough for a joint project."""
    results = released(place_of(row_of_houses(7, construction_year=1935)), flanders())
    assert (figure(results, "rows"), figure(results, "long_rows")) == (1, 0)


def test_detached_houses_are_taken_one_by_one() -> None:
    """Without neighbours there is no row."""
    houses = [h for k in range(4) for h in row_of_houses(1, start=k, north=50.0 * k)]
    results = released(place_of(houses), flanders())
    assert results.public["rijen"].frame.empty
    assert results.public["buren_matrix"].frame.empty


def test_unknown_years_follow_the_municipality() -> None:
    """All homes of unknown year fall where the municipality has its buildings."""
    results = released(place_of(row_of_houses(12)), flanders())
    table = results.public["segmenten"].frame
    expected = table.groupby("period")["dwellings_expected"].sum()
    assert expected["after_2011"] == pytest.approx(12.0)
    filled = results.public["invulling_woningen"].frame
    assert "niet bekend: verdeeld zoals in de gemeente" in filled["how"].tolist()


def test_fictional_place_follows_flanders() -> None:
    """A place that does not exist has no municipality to compare with."""
    place = place_of(row_of_houses(12), is_fictional=True, nis_code="99999")
    results = released(place, flanders())
    assert results.public["vergelijking_type"].frame["municipality_share"].isna().all()
    filled = results.public["invulling_woningen"].frame
    assert "niet bekend: verdeeld zoals in Vlaanderen" in filled["how"].tolist()
    assert results.title == "Dorp (fictief)"


def test_unknown_municipality_is_refused() -> None:
    """A real place must belong to a municipality that exists."""
    place = place_of(row_of_houses(3), nis_code="13000")
    with pytest.raises(ContractError, match="no municipality 13000"):
        released(place, flanders())


def test_mixed_years_give_a_range() -> None:
    """Old and new in turn make no row, unless age need not be alike."""
    houses = row_of_houses(12)
    for k, house in enumerate(houses):
        house["construction_year"] = 1935 if k % 2 else 1985
    results = released(place_of(houses), flanders())
    assert figure(results, "dwellings_in_long_rows") == 0
    assert figure(results, "dwellings_in_long_rows_any_period") == 12
    assert figure(results, "like_neighbours_share") == 0


def test_counted_apartments_are_a_group_of_their_own() -> None:
    """A building with sixteen counted homes stands on the map with its number."""
    houses = row_of_houses(1, construction_year=1975, dwellings=16)
    results = released(place_of(houses), flanders())
    assert results.public["rijen"].frame["dwellings"].tolist() == [16.0]
    assert figure(results, "large_buildings") == 1


def test_estimated_apartments_show_no_number_on_the_map() -> None:
    """How many homes one building may have is modelled, so the map keeps silent."""
    house = {
        **row_of_houses(1, building_type="apartment_building")[0],
        "geometry": shapely.box(EAST, NORTH + 5, EAST + 40, NORTH + 20),
    }
    results = released(place_of([house]), flanders())
    assert figure(results, "large_buildings") == 1
    assert results.public["rijen"].frame["dwellings"].isna().all()


def test_small_tenures_are_blanked() -> None:
    """Neither three rented homes nor what would give them away are shown."""
    houses = row_of_houses(30, building_type="terraced", construction_year=1935)
    for k, house in enumerate(houses):
        house["tenure"] = "social_rental" if k < 3 else "owner_occupied"
    results = released(place_of(houses), flanders())
    assert len(results.internal["segmenten_eigendom"]) == 2
    assert results.public["segmenten_eigendom"].frame.empty


def totals_with(n_social: int) -> pd.Series[float]:
    """Return the public totals per tenure of 30 homes, of which so many are let socially."""
    houses = row_of_houses(30, building_type="terraced", construction_year=1935)
    for k, house in enumerate(houses):
        house["tenure"] = "social_rental" if k < n_social else "owner_occupied"
    totals = released(place_of(houses), flanders()).public["eigendom_totaal"].frame
    assert totals.columns.tolist() == ["tenure", "dwellings"]
    return totals.set_index("tenure")["dwellings"]


def test_one_small_tenure_hides_every_total() -> None:
    """Beside the segments any shown total could give the small one away."""
    assert totals_with(12).to_dict() == {"owner_occupied": 18.0, "social_rental": 12.0}
    assert totals_with(3).empty


def test_shown_segments_are_those_with_homes() -> None:
    """Empty segments are for the download, homes are never left out."""
    place = place_of(row_of_houses(12), is_fictional=True, nis_code="99999")
    results = released(place, flanders())
    shown, full = (results.public[name].frame for name in ("segmenten_getoond", "segmenten"))
    assert len(shown) < len(full)
    assert shown["dwellings"].sum() == full["dwellings"].sum()
    assert ((shown["dwellings"] > 0) | (shown["dwellings_expected"] >= 1)).all()


def test_tenure_is_empty_when_nobody_knows() -> None:
    """Without any tenure there is no table full of unknowns."""
    results = released(place_of(row_of_houses(3)), flanders())
    assert results.public["segmenten_eigendom"].frame.empty
    assert results.public["eigendom_totaal"].frame.empty


def test_one_building_is_enough() -> None:
    """The smallest place there is gives an answer too."""
    results = released(place_of(row_of_houses(1)), flanders())
    assert figure(results, "dwellings") == 1


def test_motorway_gives_no_address() -> None:
    """Beside nothing but a motorway, homes have no street."""
    place = place_of(row_of_houses(6, construction_year=1935))
    streets = place.tables["straten"].assign(road_class="motorway")
    lone = replace(place, tables={**place.tables, "straten": streets})
    rows = released(lone, flanders()).public["rijen"].frame
    assert rows["street_name"].isna().all()


def test_own_limits_count() -> None:
    """A municipality that calls four homes a joint project finds its rows, and reads its number."""
    own = pd.DataFrame(
        {
            "key": ["stock.joint_project_dwellings", "stock.row_smallest_dwellings"],
            "value": [4.0, 3.0],
            "unit": "aantal",
            "source": "reglement",
        }
    )
    place = replace(place_of(row_of_houses(4, construction_year=1935)), assumptions=load(own))
    results = released(place, flanders())
    assert figure(results, "long_rows") == 1


def test_order_of_buildings_does_not_matter(street: Results) -> None:
    """Buildings in another order give the same key figures."""
    houses = [
        *row_of_houses(2, start=30, north=200, construction_year=1935),
        *row_of_houses(12, construction_year=1935)[::-1],
        *row_of_houses(1, start=20, north=100, construction_year=1975),
    ]
    found = released(place_of(houses), flanders())
    pd.testing.assert_frame_equal(found.key_figures, street.key_figures)


@pytest.mark.parametrize("kind", KINDS)
def test_fictional_wijken_keep_their_dwellings(kind: str) -> None:
    """Whatever the wijk looks like, every dwelling has a segment and every table its contract."""
    wijk = make_wijk(kind, dwellings=60, seed=3)
    place = Place(wijk.slug, wijk.settings, wijk.story, wijk.tables, {}, (), load())
    results = released(place, flanders())
    assert figure(results, "dwellings") == 60
    assert results.internal["segmenten"]["dwellings_expected"].sum() == pytest.approx(60)
    for name, table in results.internal.items():
        RESULTS[name].model.to_schema().validate(pd.DataFrame(table))


def test_sheds_make_nobody_a_neighbour() -> None:
    """A garage against the house leaves it detached."""
    houses = row_of_houses(2)
    houses[1]["function"] = "ancillary"
    place = place_of(houses)
    buildings = gpd.GeoDataFrame(place.tables["gebouwen"])
    stock = described_stock(buildings, place.assumptions)
    assert stock.walls.empty
    assert stock.buildings.loc["h000", "building_type"] == "detached"


def test_goals_of_the_pact_carry_its_own_names(street: Results) -> None:
    """Other figures have no official name, and say nothing."""
    named = street.key_figures.set_index("key")["lekp_name"].dropna()
    assert named.to_dict() == {
        "w2a_renovations": "LEKPTotalHousingUnits",
        "w2b_renovations": "LEKPTotalHousingUnits",
    }
