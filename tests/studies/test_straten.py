"""The study of work programme 3, on a street that can be worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, Point, box
from shapely.affinity import translate

from lekp_lib import assumptions
from lekp_lib.contracts import INPUTS, RESULTS, Flanders, Place, Source, WijkSettings, check
from lekp_lib.disclosure import Results
from lekp_lib.studies.straten import straten

NIS = "13019"
Make = Callable[..., Place]


def table(name: str, geometry: list[Any], **columns: Any) -> gpd.GeoDataFrame:
    """Return a table in contract form, (0, 0) moved to a place in Flanders."""
    there = [translate(shape, 180_000, 200_000) for shape in geometry]
    raw = gpd.GeoDataFrame(columns, geometry=there, crs=31370)
    checked = check(raw, INPUTS[name], Source(f"{name}.gpkg"))
    assert not checked.faults, checked.faults
    return gpd.GeoDataFrame(checked.table)


def homes(number: int = 20, **columns: Any) -> gpd.GeoDataFrame:
    """Return two rows of homes of 6 m, façades 10 m apart, along a street from (0, 0) east."""
    west = np.arange(number) * 6.0
    shapes = [box(x, y, x + 6, y + 10) for y in (5, -15) for x in west]
    ids = [f"g{position}" for position in range(len(shapes))]
    about = {"function": "residential", "building_type": "terraced"} | columns
    return table("gebouwen", shapes, building_id=ids, **about)


def street(**columns: Any) -> gpd.GeoDataFrame:
    """Return one street of 120 m without junctions."""
    about = {"street_id": ["s1"], "street_name": "Dorp", "road_class": "local"} | columns
    return table("straten", [LineString([(0, 0), (120, 0)])], **about)


@pytest.fixture(scope="module")
def small(flanders: Flanders) -> Flanders:
    """Give a Flanders where 40 of 100 terraced homes have a garage, 30 of 100 buildings."""
    kind = {"nis_code": [NIS], "building_type": ["terraced"]}
    garages = {"buildings_with_garage": [30], "garages_or_covered_places": [40]}
    return replace(
        flanders,
        garages=pd.DataFrame(kind | garages),
        dwellings=pd.DataFrame(kind | {"dwellings": [100]}),
        building_stock=pd.DataFrame(kind | {"period": ["after_2011"], "buildings": [100]}),
    )


@pytest.fixture(scope="module")
def make() -> Make:
    """Give the function that makes a place out of tables and own figures."""

    def build(own: dict[str, float] | None = None, **tables: pd.DataFrame) -> Place:
        figures = assumptions.load()
        rows = [(key, value, figures[key].unit, "telling") for key, value in (own or {}).items()]
        overrides = pd.DataFrame(rows, columns=["key", "value", "unit", "source"])
        given = {"gebouwen": homes(), "straten": street()} | tables
        settings = WijkSettings(name="Dorp", municipality="Lille", nis_code=NIS)
        return Place("lille/dorp", settings, "", given, {}, (), assumptions.load(overrides))

    return build


@pytest.fixture(scope="module")
def base(make: Make, small: Flanders) -> Results:
    """Give the results of two rows of homes along one street, and nothing else."""
    return straten(make(), small)


def value(results: Results, key: str) -> float:
    """Return one key figure."""
    return float(results.key_figures.set_index("key")["value"][key])


def sentence(results: Results, part: str) -> str:
    """Return one sentence of the first screen."""
    return str(results.internal["samenvatting"].set_index("part")["text"][part])


def test_balance_by_hand(base: Results) -> None:
    """40 homes x (1.13 - 0.4 x 0.4) cars at night, and 8 visitors of whom 80 % are still there."""
    assert value(base, "demand_peak") == pytest.approx(40 * 0.97 + 0.8 * 0.2 * 40)
    assert value(base, "peak_hour") == 23
    # 2 x 120 m less 12 driveways of 3.5 m is 38.1 places, less half a place for each of 14 pieces
    assert value(base, "spaces_street") == 31
    assert value(base, "occupancy_peak_share") == pytest.approx(45.2 / 31)


def test_counted_places_replace_the_kerb(make: Make, small: Flanders) -> None:
    """A count is a fact: places, basis and verdict follow it."""
    results = straten(make(straten=street(on_street_spaces=100)), small)
    figures = results.key_figures.set_index("key")
    assert figures.loc["spaces_street", ["value", "basis"]].tolist() == [100.0, "measured"]
    assert value(results, "freeable_spaces") == 46  # 100 - 45.2 / 0.85
    assert "alle plaatsen zijn geteld" in sentence(results, "zekerheid")


def test_a_full_street_says_so(base: Results) -> None:
    """Verdicts can be negative, and then nothing can be freed."""
    assert "vol" in sentence(base, "beslissing")
    assert value(base, "freeable_spaces") == 0
    assert base.internal["parkeerbalans_straat"]["status"].tolist() == ["vol"]


def test_room_is_named_with_its_area(make: Make, small: Flanders) -> None:
    """Places, square metres and what can be green, 10.4 m2 a place and 75 % usable."""
    results = straten(make(straten=street(on_street_spaces=200)), small)
    places = value(results, "freeable_spaces")
    assert value(results, "freeable_green_m2") == pytest.approx(places * 10.4 * 0.75)
    assert sentence(results, "beslissing").startswith("Er is ruimte")


def test_open_streets_ask_for_a_count(make: Make, small: Flanders) -> None:
    """Where the map does not show where cars stand, nothing is promised."""
    aside = np.repeat([12.0, -12.0], 20)
    moved = [translate(shape, 0, y) for shape, y in zip(homes().geometry, aside, strict=True)]
    wide = homes().set_geometry(moved, crs=31370)
    results = straten(make(gebouwen=wide), small)
    assert value(results, "spaces_firm_share") == 0
    assert value(results, "freeable_spaces") == 0
    assert sentence(results, "beslissing").startswith("Beslis nog niet")


def test_own_figures_replace_the_defaults(make: Make, small: Flanders, base: Results) -> None:
    """The municipality knows better how many cars there are."""
    fewer = straten(make({"mobility.cars_household": 0.5}), small)
    assert value(fewer, "cars") == 20
    assert value(fewer, "demand_peak") < value(base, "demand_peak")


def test_a_given_width_replaces_the_measured_one(make: Make, small: Flanders) -> None:
    """Too narrow for parking: no places, and that is said."""
    results = straten(make(straten=street(profile_width_m=7.0)), small)
    profile = results.internal["straatprofiel"]
    assert profile[["width_m", "width_origin"]].to_numpy().tolist() == [[7.0, "opgegeven"]]
    assert value(results, "spaces_street") == 0
    assert "geen parkeerplaatsen" in sentence(results, "wat")


def test_measured_width_comes_with_its_cross_lines(base: Results) -> None:
    """Façades 10 m apart on both sides, all along the street."""
    profile = base.internal["straatprofiel"].iloc[0]
    assert profile["width_m"] == pytest.approx(10)
    assert (profile["width_class"], profile["both_share"]) == ("8 tot 10 m", 1.0)
    assert profile["width_origin"] == "afgeleid van de kaart"


def test_hours_cover_three_kinds_of_day(base: Results) -> None:
    """72 rows stand for the 168 hours of the week."""
    hours = base.internal["parkeerbalans_uur"]
    assert len(hours) == 72
    assert hours["days_week"].sum() == 168
    assert (hours["demand"] == hours["residents"] + hours["visitors"]).all()


def test_tornado_starts_with_what_matters_most(base: Results) -> None:
    """The largest swing comes first and the range of the verdict holds the middle."""
    assert base.internal["tornado_straten"]["swing_points"].is_monotonic_decreasing
    assert (base.internal["tornado_straten"]["swing_points"].dropna() >= 0.5).all()
    low, middle, high = (
        value(base, f"occupancy_peak_{part}share") for part in ("low_", "", "high_")
    )
    assert low < middle < high


def test_a_range_without_places_at_its_end_is_said(make: Make, small: Flanders) -> None:
    """8 m takes one row of cars with footways of 1.5 m, and none with footways of 2 m."""
    results = straten(make(straten=street(profile_width_m=8.0)), small)
    assert value(results, "spaces_street") > 0
    assert np.isnan(value(results, "occupancy_peak_high_share"))
    assert "geen plaats op straat" in sentence(results, "zekerheid")


def test_few_homes_hide_the_values_of_a_street(make: Make, small: Flanders) -> None:
    """Below five dwellings no modelled value of a street is public."""
    results = straten(make(gebouwen=homes(2)), small)
    shown = results.public["parkeerbalans_straat"].frame
    assert shown[["occupancy", "demand_peak", "status", "freeable"]].isna().all(axis=None)
    assert shown["dwellings"].tolist() == [4]


def test_no_homes_is_no_error(make: Make, small: Flanders) -> None:
    """A business park has no residents; widths and ground are still there."""
    results = straten(make(gebouwen=homes(function="industry", building_type=None)), small)
    assert "geen woningen" in sentence(results, "wat")
    assert value(results, "width_median_m") == pytest.approx(10)


def test_one_building_is_no_error(make: Make, small: Flanders) -> None:
    """The smallest place there can be."""
    lone = table("gebouwen", [box(0, 5, 8, 13)], building_id=["g1"], function="residential")
    assert value(straten(make(gebouwen=lone), small), "dwellings") == 1


def test_a_place_with_paths_only_is_no_error(make: Make, small: Flanders) -> None:
    """Without a street for cars there is no supply, and demand has no street."""
    results = straten(make(straten=street(road_class="slow")), small)
    assert len(results.internal["parkeerbalans_straat"]) == 0
    assert value(results, "demand_peak") > 0
    assert np.isnan(value(results, "occupancy_peak_share"))


def test_a_main_road_without_a_count_is_not_judged(make: Make, small: Flanders) -> None:
    """No places are looked for on a main road, so it is not called full either."""
    results = straten(make(straten=street(road_class="main")), small)
    assert results.internal["parkeerbalans_straat"]["status"].tolist() == ["niet beoordeeld"]


def test_absent_layers_stay_unknown(base: Results) -> None:
    """No table of trees is not the same as no trees."""
    assert np.isnan(value(base, "trees_street"))
    assert np.isnan(value(base, "car_parks"))
    assert np.isnan(value(base, "green_share"))
    ground = base.internal["ruimtegebruik"].set_index("kind")
    assert np.isnan(ground.loc["groen", "area_m2"])


def test_trees_and_green_are_counted(make: Make, small: Flanders) -> None:
    """Three trees along 120 m, and a park on a known part of the neighbourhood."""
    trees = table("bomen", [Point(x, 3) for x in (10, 20, 30)], tree_id=["a", "b", "c"])
    park = table("groen", [box(0, 20, 120, 30)], green_id=["p"], kind="park")
    outline = table("grens", [box(0, -70, 120, 30)])
    results = straten(make(bomen=trees, groen=park, grens=outline), small)
    assert value(results, "trees_100m") == pytest.approx(2.5)
    assert value(results, "green_share") == pytest.approx(0.1)
    assert value(results, "building_share") == pytest.approx(0.2)


def test_car_parks_show_their_night_without_a_name(make: Make, small: Flanders) -> None:
    """A school yard is free at night; of what is not known nothing is promised."""
    lots = table(
        "parkings",
        [Point(5, 30), box(0, 40, 25, 50)],
        parking_id=["p1", "p2"],
        owner_kind=["school", None],
        function=["school", None],
        capacity=[40, None],
    )
    results = straten(make(parkings=lots), small)
    shown = results.internal["parkings_slack"].set_index("parking_id")
    assert shown.loc["p1", ["free_night", "offered_night"]].tolist() == [40.0, 28]
    assert shown.loc["p2", ["capacity", "capacity_basis"]].tolist() == [10, "assumed"]
    assert shown.loc["p2", ["free_night", "offered_night"]].isna().all()
    assert "28 plaatsen" in sentence(results, "beslissing")
    assert results.public["parkings_berekend"].frame["parking_id"].tolist() == ["p1"]
    assert (value(results, "car_parks"), value(results, "car_parks_known")) == (2, 1)


def test_given_places_of_a_car_park_were_not_counted_here(make: Make, small: Flanders) -> None:
    """Somebody else published the number; only a count on the spot is measured."""
    lots = table("parkings", [Point(5, 30)], parking_id=["p1"], capacity=[40])
    results = straten(make(parkings=lots), small)
    assert results.internal["parkings_slack"]["capacity_basis"].tolist() == ["published"]


def two_streets(counted: list[int | None]) -> gpd.GeoDataFrame:
    """Return two streets that share the homes, with their counts."""
    lines = [LineString([(x, 0), (x + 60, 0)]) for x in (0, 60)]
    about = {"street_name": ["Dorp", "Veld"], "road_class": "local"}
    return table("straten", lines, street_id=["s1", "s2"], on_street_spaces=counted, **about)


def test_next_step_counts_what_is_not_counted(make: Make, small: Flanders) -> None:
    """The fullest street was counted already, so the other one is named."""
    results = straten(make(straten=two_streets([2, None])), small)
    assert sentence(results, "volgende_stap") == (
        "Tel in Veld de parkeerplaatsen, en de auto’s op een weekdag om 18 u en om 8 u."
    )


def test_next_step_asks_for_cars_where_every_named_street_is_counted(
    make: Make, small: Flanders
) -> None:
    """Streets with too few homes to be named give no reason to count places twice."""
    along = homes(12, street_id=["s1"] * 10 + ["s2"] * 8 + ["s3"] * 3 + ["s4"] * 3)
    ends = [0, 12, 24, 48, 72]
    lines = [LineString([(west, 0), (east, 0)]) for west, east in pairwise(ends)]
    streets = table(
        "straten",
        lines,
        street_id=["s1", "s2", "s3", "s4"],
        street_name=["Dorp", "Kerk", "Pad", "Hoek"],
        road_class="local",
        on_street_spaces=pd.array([9, 40, None, None], dtype="Int64"),
    )
    results = straten(make(gebouwen=along, straten=streets), small)
    assert value(results, "spaces_counted_share") < 1
    step = sentence(results, "volgende_stap")
    assert step.startswith("Tel in Dorp en Kerk de auto’s op een weekdag")
    assert "parkeerplaatsen" not in step


def test_hidden_street_is_not_named(make: Make, small: Flanders) -> None:
    """A street whose value is blanked beside a small one is not called the fullest either."""
    along = homes(12, street_id=(["s1"] * 10 + ["s2"] * 2) * 2)
    results = straten(make(gebouwen=along, straten=two_streets([9, None])), small)
    assert results.public["parkeerbalans_straat"].frame["occupancy"].isna().all()
    assert "Dorp" not in sentence(results, "volgende_stap")


def test_mostly_visitors_is_said_and_doubted(make: Make, small: Flanders, base: Results) -> None:
    """With hardly a car of residents the Dutch figure makes the answer; an own one is trusted."""
    few = {"mobility.cars_household": 0.2}
    text = sentence(straten(make(few), small), "zekerheid")
    assert "Meer dan de helft van die vraag is bezoek, volgens een Nederlands kencijfer" in text
    own = straten(make(few | {"mobility.visitors_dwelling": 0.3}), small)
    assert "bezoek" not in sentence(own, "zekerheid").partition("Het antwoord")[0]
    assert "Meer dan de helft" not in sentence(base, "zekerheid")


def test_width_from_few_facades_is_called_uncertain(make: Make, small: Flanders) -> None:
    """Homes on both sides of the first third only: nothing was measured on the spot."""
    origin = straten(make(gebouwen=homes(6)), small).internal["straatprofiel"]["width_origin"]
    assert origin.tolist() == ["weinig gevels: onzeker"]


def test_ground_is_derived_from_the_map(base: Results) -> None:
    """Areas of buildings come from a map, not from a count on the spot."""
    ground = base.internal["ruimtegebruik"].set_index("kind")["basis"]
    assert ground["gebouwen"] == "derived"
    assert "measured" not in set(base.key_figures["basis"])


def test_fallbacks_are_counted(base: Results) -> None:
    """Every figure that stood in for a fact is in the table, per subject 100 % in all."""
    filled = base.internal["invulling_straten"]
    assert filled.groupby("subject")["share"].sum().tolist() == pytest.approx(
        [1.0] * filled["subject"].nunique()
    )
    kerb = filled[filled["origin"] == "berekend uit de stoeprand"]
    assert kerb["number"].tolist() == [1]


def test_targets_follow_the_inhabitants(small: Flanders, base: Results) -> None:
    """40 homes times the mean household of the municipality, 1 m2 and 1 tree each."""
    goals = base.internal["lekp_straten"].set_index("goal_id")
    about = small.municipalities.loc[NIS]
    people = 40 * about["population_2020"] / about["households_2020"]
    assert goals["target"].tolist() == pytest.approx([people, people])


def test_a_fictional_place_takes_flemish_figures(make: Make, flanders: Flanders) -> None:
    """Its code has no municipality behind it, and the table of fallbacks says so."""
    place = make()
    settings = place.settings.model_copy(update={"nis_code": "99999", "is_fictional": True})
    results = straten(replace(place, settings=settings), flanders)
    assert "gemiddelde van Vlaanderen" in set(results.internal["invulling_straten"]["origin"])
    assert results.title == "Dorp (fictief)"


def test_the_order_of_the_rows_makes_no_difference(
    make: Make, small: Flanders, base: Results
) -> None:
    """Shuffled buildings, same figures."""
    shuffled = make(gebouwen=homes().sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(straten(shuffled, small).key_figures, base.key_figures)


def test_tables_fit_their_contracts(make: Make, small: Flanders, base: Results) -> None:
    """Every table has the columns, types and codes that its contract promises."""
    results = straten(make(straten=street(road_class="slow")), small)
    for tables in (results, base):
        assert {"parkeerbalans_straat", "samenvatting"} <= set(tables.internal)
        for name, frame in tables.internal.items():
            plain = pd.DataFrame(frame).drop(columns="geometry", errors="ignore")
            RESULTS[name].model.to_schema().validate(plain)


def test_tables_come_in_unchanged(make: Make, small: Flanders) -> None:
    """A study leaves its input alone."""
    place = make()
    before = {name: frame.copy() for name, frame in place.tables.items()}
    straten(place, small)
    for name, frame in place.tables.items():
        pd.testing.assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(before[name]))
