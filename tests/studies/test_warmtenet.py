"""Heat, calibration, verdict and sentences of work programme 1 on small hand-made places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lekp_lib.assumptions import load
from lekp_lib.contracts import INPUTS, RESULTS, Flanders, Place, Source, WijkSettings, check
from lekp_lib.contracts.lists import BUILDING_TYPES, PERIODS
from lekp_lib.contracts.results.warmtenet import NO_DEMAND, SCENARIOS, VERDICTS
from lekp_lib.disclosure import KEY_FIGURES, Results
from lekp_lib.studies._net import FIRST_FIGURES
from lekp_lib.studies.warmtenet import KEYS, warmtenet

HERE, WIJK = "13019", "1301904"
EAST, NORTH = 180_000.0, 217_000.0
USEFUL = 0.85 * 0.903 * 0.97


def flanders() -> Flanders:
    """
    Return HERE, built after 2011, a small one spread evenly, and twelve to fit the levels on.

    In those twelve every home is a detached house of 1946–1961 and uses 18 MWh of gas.
    """
    fitted = [f"2{number:04d}" for number in range(12)]
    stock = [
        (code, kind, period, 10 if code != HERE or period == "after_2011" else 0)
        for code in (HERE, "11001")
        for kind in BUILDING_TYPES
        for period in PERIODS
    ]
    stock += [(code, "detached", "1946_1961", 1000) for code in fitted]
    columns = ["nis_code", "building_type", "period", "buildings"]
    points = [100, 150, *[1000] * len(fitted)]
    municipalities = pd.DataFrame(
        {
            "gas_residential_mwh_2021": [1500.0, 3000.0, *[18_000.0] * len(fitted)],
            "gas_residential_points_2021": points,
            "electricity_residential_mwh_2021": [4.0 * number for number in points],
            "electricity_residential_points_2021": [2 * number for number in points],
            "population_2020": [5 * number for number in points],
            "households_2020": [2 * number for number in points],
        },
        index=pd.Index([HERE, "11001", *fitted], name="nis_code"),
    )
    table = pd.DataFrame(stock, columns=columns)
    homes = table.rename(columns={"buildings": "dwellings"}).drop(columns="period")
    energy = pd.DataFrame(
        {
            "wijk_code": ["2000001", "2000002"],
            "year": 2021,
            "gas_residential_mwh": [3000.0, 4000.0],
            "gas_residential_points": [200, 200],
        }
    )
    wijken = pd.DataFrame({"nis_code": "20000"}, index=["2000001", "2000002"])
    mergers = pd.DataFrame({"nis_code_until_2024": ["13999"], "nis_code_2025": [HERE]})
    none = pd.DataFrame()
    return Flanders(municipalities, table, homes, none, wijken, energy, none, mergers)


def houses(n: int, *, start: int = 0, street: str | None = "Dorp", **about: Any) -> list[dict]:
    """Return n detached houses of 10 by 10 metres, 20 metres apart, along the street."""
    return [
        {
            "building_id": f"h{start + k}",
            "street_name": street,
            "geometry": shapely.box(
                EAST + 20 * (start + k),
                NORTH + 5,
                EAST + 20 * (start + k) + 10,
                NORTH + 15,
            ),
            **about,
        }
        for k in range(n)
    ]


def homes(n: int, **about: Any) -> list[dict]:
    """Return n houses with function residential."""
    return houses(n, **{"function": "residential", "construction_year": 1950, **about})


def roads(
    *names: str | None, road_class: str = "local", length: float = 1000.0
) -> gpd.GeoDataFrame:
    """Return one straight street per name, 40 metres apart."""
    lines = [
        shapely.LineString([(EAST, NORTH - 40 * k), (EAST + length, NORTH - 40 * k)])
        for k in range(len(names))
    ]
    columns = {
        "street_id": [f"s{k}" for k in range(len(names))],
        "street_name": pd.Series(names, dtype="str"),
        "road_class": road_class,
    }
    return gpd.GeoDataFrame(columns, geometry=lines, crs=31370)


def gas(*rows: tuple[str, str, int, float, int]) -> pd.DataFrame:
    """Return metered gas; twice as many connections on electricity as on gas."""
    columns = ["area_kind", "area_id", "year", "gas_mwh", "gas_points"]
    table = pd.DataFrame(list(rows), columns=columns)
    return table.assign(electricity_points=2 * table["gas_points"])


def typed(raw: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return a table as it comes out of reading, without faults."""
    checked = check(raw, INPUTS[name], Source(f"{name}.gpkg"))
    assert not checked.faults, [str(fault) for fault in checked.faults]
    return checked.table


def place(
    buildings: Sequence[dict],
    streets: gpd.GeoDataFrame | None = None,
    *,
    use: pd.DataFrame | None = None,
    boundary: shapely.Polygon | None = None,
    own: pd.DataFrame | None = None,
    **settings: Any,
) -> Place:
    """Return a place with these tables."""
    raw = gpd.GeoDataFrame(list(buildings), geometry="geometry", crs=31370)
    tables = {
        "gebouwen": typed(raw, "gebouwen"),
        "straten": typed(roads("Dorp") if streets is None else streets, "straten"),
    }
    if use is not None:
        tables["verbruik"] = typed(use, "verbruik")
    if boundary is not None:
        shape = gpd.GeoDataFrame({"name": ["Kern"]}, geometry=[boundary], crs=31370)
        tables["grens"] = typed(shape, "grens")
    about = {"name": "Kern", "municipality": "Lille", "nis_code": HERE, "wijk_code": WIJK}
    chosen = WijkSettings(**{**about, **settings})
    return Place("lille/kern", chosen, "", tables, {}, (), load(own))


def run(*arguments: Any, **options: Any) -> Results:
    """Return the results of the study on a place."""
    results = warmtenet(place(*arguments, **options), flanders())
    texts = results.public["samenvatting"].frame["text"].str.cat(sep=" ")
    assert "nan" not in texts.lower()
    return results


def figure(results: Results, key: str) -> float:
    """Return one key figure."""
    return float(results.key_figures.set_index("key")["value"][key])


def wijk(mwh: float, points: int = 100, year: int = 2021) -> tuple[str, str, int, float, int]:
    """Return one row of metered gas for the whole neighbourhood."""
    return ("wijk", WIJK, year, mwh, points)


def text_of(results: Results) -> str:
    """Return all sentences and remarks."""
    sentences = results.public["samenvatting"].frame["text"]
    return " ".join([*sentences, *results.public["opmerkingen"].frame["text"]])


def test_heat_of_one_house_by_hand() -> None:
    """18 MWh of gas less hot water, for 160 m² where 220 m² is the average, and hot water."""
    space = (18 * USEFUL - 2.25) * (100 * 1.6 / 220) ** 0.6
    assert figure(run(homes(1)), "demand_mwh_dwelling") == pytest.approx(space + 2.25)


def test_error_of_the_levels_is_told() -> None:
    """Municipalities, held-out error, that of the mean, of the wijken, and the cold year."""
    results = run(homes(6))
    assert figure(results, "typology_municipalities") == 12
    assert figure(results, "typology_error_share") == pytest.approx(0.0, abs=1e-9)
    assert figure(results, "typology_wijk_error_share") == pytest.approx((0.2 + 0.1) / 2)
    assert "niet gecorrigeerd voor het weer" in text_of(results)
    assert "2021 was koud" in text_of(results)
    assert "Lille telde wel mee" in text_of(results)


def test_levels_are_shown_per_type_and_period() -> None:
    """One row per class; the class that was metered is at its metered level."""
    table = run(homes(6)).public["typologie"].frame
    assert len(table) == len(BUILDING_TYPES) * len(PERIODS)
    row = table.set_index(["building_type", "construction_period"]).loc[("detached", "1946_1961")]
    assert row["heat_mwh_dwelling"] == pytest.approx(18 * USEFUL)
    assert row["low_mwh_dwelling"] <= row["heat_mwh_dwelling"] <= row["high_mwh_dwelling"]
    assert row["dwellings"] == 12_000


def test_hot_water_is_not_calibrated() -> None:
    """The meters ask for less: space heat takes the difference, showers stay."""
    table = run(homes(20), use=gas(wijk(1000.0))).internal["warmte_per_gebouw"]
    assert table["hot_water_mwh"].tolist() == pytest.approx([2.25] * 20)
    assert table["space_mwh"].sum() == pytest.approx(20 * (10 * USEFUL - 2.25))


def test_error_after_calibration_is_smaller() -> None:
    """Two streets off by as much: calibrated they come close, the wijk comes out right."""
    buildings = [*homes(30), *homes(30, start=30, street="Beulk")]
    rows = [wijk(1500.0), ("street", "Dorp", 2021, 300.0, 30), ("street", "Beulk", 2021, 600.0, 30)]
    results = run(buildings, roads("Dorp", "Beulk"), use=gas(*rows))
    before = figure(results, "error_before_areas_share")
    assert figure(results, "error_after_areas_share") < 0.5 * before
    assert results.internal["ijking"]["error_after_share"].tolist() == pytest.approx([0.0])


def test_every_dwelling_gets_heat_on_gas_or_not() -> None:
    """With half of the connections on gas, all twenty homes get the metered level."""
    results = run(homes(20), use=gas(wijk(1500.0)))
    assert figure(results, "demand_homes_gwh") == pytest.approx(20 * 15 * USEFUL / 1000)
    assert figure(results, "not_on_gas_share") == 0.5


def test_error_before_calibration_is_kept() -> None:
    """The page tells how far the model was off before the meters corrected it."""
    results = run(homes(20), use=gas(wijk(1500.0)))
    modelled = figure(results, "modelled_mwh_dwelling")
    assert figure(results, "error_before_share") == pytest.approx(modelled / (15 * USEFUL) - 1)
    assert "te hoog" in text_of(results)


def test_latest_year_is_used_and_named() -> None:
    """The gas of 2021 calibrates, 2020 widens the range, and the page says it was cold."""
    results = run(homes(20), use=gas(wijk(1500.0), wijk(1300.0, year=2020)))
    assert figure(results, "gas_year") == 2021
    first_screen = " ".join(results.public["samenvatting"].frame["text"])
    assert (
        "2021 was een koud jaar: in een gewoon jaar ligt de warmtevraag wat lager" in first_screen
    )
    assert results.internal["tornado"]["assumption"].str.contains("zachter").any()


def test_other_wijken_in_the_file_are_not_used() -> None:
    """Only the row of the own wijk calibrates."""
    other = ("wijk", "1301901", 2021, 9000.0, 100)
    assert figure(run(homes(20), use=gas(wijk(1500.0), other)), "gas_mwh") == 1500.0


def test_cell_too_small_to_show_never_calibrates() -> None:
    """Nine connections change nothing, in no figure at all."""
    small = run(homes(20), use=gas(wijk(90.0, points=9)))
    without = run(homes(20))
    pd.testing.assert_frame_equal(small.key_figures, without.key_figures)
    assert "te klein om te tonen" in text_of(small)


def test_street_that_gives_a_small_one_away_is_not_used_either() -> None:
    """The wijk less the street leaves nine connections: that street may not show either."""
    buildings = [*homes(30), *homes(15, start=30, street="Beulk")]
    code = wijk(1.0)[1]
    rows = [("wijk", code, 2021, 585.0, 39), ("street", "Dorp", 2021, 450.0, 30)]
    results = run(buildings, roads("Dorp", "Beulk"), use=gas(*rows))
    assert results.internal["ijking_per_straat"].empty
    assert results.internal["ijking"]["area_kind"].tolist() == ["wijk"]


def test_streets_move_heat_but_keep_the_total() -> None:
    """A thrifty and a thirsty street end up apart, the neighbourhood where its meters are."""
    buildings = [*homes(30), *homes(30, start=30, street="Beulk")]
    rows = [
        wijk(1500.0),
        ("street", "Dorp", 2021, 300.0, 30),
        ("street", "Beulk", 2021, 600.0, 30),
    ]
    results = run(buildings, roads("Dorp", "Beulk"), use=gas(*rows))
    demand = results.internal["warmte_per_straat"].set_index("street_name")["demand_mwh"]
    assert demand["Beulk"] > 1.5 * demand["Dorp"]
    assert demand.sum() == pytest.approx(60 * 15 * USEFUL)


@pytest.mark.parametrize("kind", ["sector", "street"])
def test_without_wijk_row_smaller_areas_stand_for_it(kind: str) -> None:
    """Sectors, or else streets, calibrate the whole, and the page says so."""
    area_id = "Dorp" if kind == "street" else "13019A00-"
    results = run(homes(20), use=gas((kind, area_id, 2021, 300.0, 20)))
    assert figure(results, "demand_mwh_dwelling") == pytest.approx(15 * USEFUL)
    assert "geen rij voor de hele wijk" in text_of(results)


def test_sector_beside_a_wijk_row_is_left_out() -> None:
    """Wijk less sectors could leave a few homes: one level below the wijk is enough."""
    sector = ("sector", "13019A00-", 2021, 700.0, 50)
    table = run(homes(20), use=gas(wijk(1500.0), sector)).internal["ijking"]
    assert table["area_kind"].tolist() == ["wijk"]


def test_meters_of_another_wijk_do_not_calibrate() -> None:
    """A place with a code of its own does not take the meters of elsewhere."""
    results = run(homes(20), use=gas(("wijk", "4400101", 2021, 9000.0, 800)))
    assert np.isnan(figure(results, "calibration_factor"))


def test_strange_factor_is_told() -> None:
    """A factor below 0.4 asks to check whether both tables are about the same area."""
    assert "ijkfactor" in text_of(run(homes(20), use=gas(wijk(300.0))))
    assert "ijkfactor" not in text_of(run(homes(20), use=gas(wijk(1500.0))))


def test_without_meters_the_municipality_is_an_indication() -> None:
    """No calibration: the gas of the municipality is set beside, and stretches the range."""
    results = run(homes(20))
    assert figure(results, "reference_gas_per_point") == 15.0
    assert np.isnan(figure(results, "calibration_factor"))
    assert figure(results, "demand_mwh_dwelling") == figure(results, "modelled_mwh_dwelling")
    assert results.internal["tornado"]["assumption"].str.contains("indicatie").any()
    assert "enkel een indicatie" in text_of(results)


def test_missing_year_is_the_distribution_of_the_municipality() -> None:
    """In a municipality built after 2011 an unknown house asks what a new one does."""
    unknown = run(homes(5, construction_year=None))
    new = run(homes(5, construction_year=2015))
    assert figure(unknown, "demand_gwh") == pytest.approx(figure(new, "demand_gwh"))
    assert "bouwperioden in Lille" in text_of(unknown)


def test_fictional_place_takes_the_flemish_mean() -> None:
    """A place that does not exist is filled in with Flanders, and says so."""
    results = run(
        homes(5, construction_year=None), nis_code="99999", wijk_code=None, is_fictional=True
    )
    assert "bouwperioden in Vlaanderen" in text_of(results)
    assert figure(results, "reference_gas_per_point") == 18.0


def test_municipality_of_before_the_mergers_is_found() -> None:
    """An old code leads to the municipality it became."""
    results = run(homes(5, construction_year=None), nis_code="13999")
    assert "bouwperioden in Lille" in text_of(results)


def test_sheds_and_unknown_footprints_get_no_demand_and_are_counted() -> None:
    """Two sheds, a stable and a nameless shape ask for nothing."""
    buildings = [
        *homes(5),
        *houses(2, start=5, function="ancillary"),
        *houses(1, start=7, function="agriculture"),
        *houses(1, start=8, function="unknown", house_number="3"),
    ]
    results = run(buildings)
    counts = results.internal["zonder_warmtevraag"].set_index("function")["buildings"]
    assert counts.to_dict() == {"ancillary": 2, "agriculture": 1, "unknown": 1}
    assert figure(results, "buildings_without_demand") == 4
    assert figure(results, "dwellings") == 5


def test_school_is_shown_apart_and_left_out_of_the_calibration() -> None:
    """A school adds its own heat and does not change the factor of the homes."""
    use = gas(wijk(1500.0))
    with_school = run([*homes(20), *houses(1, start=20, function="school")], use=use)
    without = run(homes(20), use=use)
    assert figure(with_school, "demand_other_gwh") > 0
    for key in ("calibration_factor", "demand_homes_gwh"):
        assert figure(with_school, key) == pytest.approx(figure(without, key))


def test_density_per_street_beside_the_mean() -> None:
    """All heat lies along one of two streets of the same length: half of it is the mean."""
    results = run(homes(20), roads("Dorp", "Beulk"))
    density = results.internal["warmte_per_straat"].set_index("street_name")["density_mwh_m"]
    assert figure(results, "density_mwh_m") == pytest.approx(density["Dorp"] / 2)
    assert figure(results, "density_served_mwh_m") == pytest.approx(density["Dorp"])


@pytest.mark.parametrize("road_class", ["motorway", "slow"])
def test_motorways_and_paths_are_left_out(road_class: str) -> None:
    """A street no pipe can serve a house from adds no length, and is counted."""
    other = roads("Dorp", "Pad").assign(road_class=["local", road_class])
    results = run(homes(20), other)
    assert figure(results, "street_length_km") == 1.0
    assert "1 segmenten tellen niet mee" in text_of(results)


@pytest.mark.parametrize(
    ("length", "verdict"),
    [(100.0, VERDICTS[0]), (200.0, VERDICTS[1]), (400.0, VERDICTS[2]), (2000.0, VERDICTS[3])],
)
def test_verdict_follows_from_the_density(length: float, verdict: str) -> None:
    """The same twenty homes are promising along a short street and hopeless along a long one."""
    buildings = [{**home, "street_id": "s0"} for home in homes(20)]
    results = run(buildings, roads("Dorp", length=length))
    middle = results.internal["oordeel_per_scenario"].iloc[1]
    assert middle["verdict"] == verdict
    assert results.internal["warmte_per_straat"]["verdict"].tolist() == [verdict]


def test_range_widens_the_verdict() -> None:
    """Low and high demand have their own verdict, and a doubtful one is told."""
    buildings = [{**home, "street_id": "s0"} for home in homes(20)]
    results = run(buildings, roads("Dorp", length=280.0))
    density = results.internal["oordeel_per_scenario"]["density_mwh_m"]
    assert density[:3].is_monotonic_increasing
    assert "Het oordeel is niet zeker" in text_of(results)


def test_fewer_connections_have_a_row_and_a_sentence() -> None:
    """Sixty per cent connects: the density falls as much, and another verdict is told."""
    buildings = [{**home, "street_id": "s0"} for home in homes(20)]
    results = run(buildings, roads("Dorp", length=200.0))
    table = results.internal["oordeel_per_scenario"].set_index("scenario")
    assert list(table.index) == list(SCENARIOS)
    assert table["connected_share"].tolist() == [1.0, 1.0, 1.0, 0.6]
    middle, few = table.loc[SCENARIOS[1]], table.loc[SCENARIOS[3]]
    assert few["density_mwh_m"] == pytest.approx(0.6 * middle["density_mwh_m"])
    assert few["demand_gwh"] == middle["demand_gwh"]
    assert (middle["verdict"], few["verdict"]) == (VERDICTS[1], VERDICTS[2])
    assert f"Sluit maar 60 % aan, dan wordt het «{VERDICTS[2]}»." in text_of(results)


def test_same_verdict_with_fewer_connections_is_not_told() -> None:
    """Along a very long street it is hopeless either way."""
    results = run(homes(20), roads("Dorp", length=2000.0))
    assert results.internal["oordeel_per_scenario"]["verdict"].iloc[3] == VERDICTS[3]
    assert "Sluit maar" not in text_of(results)


def test_figures_of_the_net_come_first_then_the_share_the_density_names() -> None:
    """A promising place names its promising streets; every other one the wider class."""
    for length, key in ((100.0, "demand_good_share"), (200.0, "demand_middle_share")):
        buildings = [{**home, "street_id": "s0"} for home in homes(20)]
        results = run(buildings, roads("Dorp", length=length))
        assert results.key_figures["key"].tolist()[:3] == list(FIRST_FIGURES)
        assert results.key_figures["key"].tolist()[5] == key


def test_assumptions_without_effect_are_counted_not_listed() -> None:
    """What is shown as 0,00 leaves the table, and the remarks tell how many there are."""
    results = run(homes(20), use=gas(wijk(1500.0)))
    assert (results.internal["tornado"]["swing_mwh_m"] >= 0.005).all()
    assert re.search(r"Nog \d+ aannames veranderen niets", text_of(results))


def test_used_streets_by_name_largest_first() -> None:
    """Only the latest year, by the name of the street, also where the meters name a segment."""
    buildings = [*homes(30), *homes(40, start=30, street="Beulk")]
    rows = [
        wijk(1500.0),
        ("street", "Dorp", 2021, 300.0, 30),
        ("street", "s1", 2021, 600.0, 40),
        ("street", "Dorp", 2020, 280.0, 30),
    ]
    results = run(buildings, roads("Dorp", "Beulk"), use=gas(*rows))
    shown = results.public["straten_geijkt"].frame
    assert shown["street_name"].tolist() == ["Beulk", "Dorp"]
    assert shown["gas_points"].tolist() == [40, 30]
    assert shown["error_share"].notna().all()
    assert len(results.public["ijking_per_straat"].frame) == 3


def test_sources_of_the_tables_are_listed() -> None:
    """Source, licence and date of each table, under the name readers know."""
    sources = {"gebouwen": {"source": "OSM", "licence": "ODbL", "date": "2016-09-25"}}
    shown = run(homes(6), sources=sources).public["bronnen_wijk"].frame
    assert shown.to_numpy().tolist() == [["gebouwen", "OSM", "ODbL", "2016-09-25"]]


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("2016-09-25", "van een kaart van september 2016."),
        ("2021-10", "van een kaart van oktober 2021."),
        ("2021-11-01", ""),
        ("2018–2021", ""),
        ("", ""),
    ],
)
def test_old_map_is_told(date: str, said: str) -> None:
    """A map of more than five years old is named on the first screen."""
    sources = {"gebouwen": {"source": "OSM", "licence": "ODbL", "date": date}}
    text = text_of(run(homes(6), sources=sources))
    assert (said in text) if said else ("van een kaart van" not in text)


def test_gas_on_electricity_is_a_ratio_of_counts() -> None:
    """Half as many connections on gas; no connection is matched to another."""
    results = run(homes(20), use=gas(wijk(1500.0)))
    assert "Per 100 aansluitingen op elektriciteit zijn er 50 op gas." in text_of(results)
    assert "heeft geen gas" not in text_of(results)


def test_thin_streets_are_not_shown() -> None:
    """A street with four dwellings has a name and a length, but no heat."""
    buildings = [*homes(4), *homes(6, start=10, street="Beulk")]
    shown = run(buildings, roads("Dorp", "Beulk")).public["warmte_per_straat"]
    row = shown.frame.set_index("street_name").loc["Dorp"]
    assert pd.isna(row["demand_mwh"])
    assert pd.isna(row["verdict"])
    assert row["length_m"] == 1000.0


def test_no_public_table_tells_about_one_building() -> None:
    """Heat per building stays inside; the public map holds type, period and function."""
    results = run(homes(6))
    assert "warmte_per_gebouw" not in results.public
    columns = set(results.public["gebouwen_kaart"].frame.columns)
    assert columns == {"building_type", "construction_period", "function", "geometry"}


def test_buildings_outside_the_boundary_do_not_count() -> None:
    """Half of the houses lie outside, and the page tells how many."""
    boundary = shapely.box(EAST - 50, NORTH - 50, EAST + 195, NORTH + 50)
    results = run(homes(20), boundary=boundary)
    assert figure(results, "dwellings") == 10
    assert "10 gebouwen liggen buiten de grens" in text_of(results)


def test_coverage_of_the_neighbourhood() -> None:
    """Dwellings found over connections on electricity, and area reached over the whole area."""
    boundary = shapely.box(EAST, NORTH, EAST + 2000, NORTH + 15)
    results = run(homes(20), use=gas(wijk(1500.0)), boundary=boundary)
    assert figure(results, "covered_dwellings_share") == 0.1
    assert 0 < figure(results, "covered_area_share") < 0.5


def test_own_figure_of_the_municipality_goes_first() -> None:
    """A row in aannames changes the answer and loses its range."""
    own = pd.DataFrame(
        {
            "key": ["heat.connected_share"],
            "value": [0.5],
            "unit": ["aandeel"],
            "source": ["Enquête"],
        }
    )
    results = run(homes(20), own=own)
    assert figure(results, "density_mwh_m") == pytest.approx(
        figure(run(homes(20)), "density_mwh_m") / 2
    )
    assert "als 50 % van de vraag aansluit" in text_of(results)
    assert len(results.internal["oordeel_per_scenario"]) == 3
    assert "Sluit maar" not in text_of(results)


def test_own_threshold_cannot_be_looser() -> None:
    """A municipality that lowers the smallest cell still does not use nine connections."""
    own = pd.DataFrame(
        {"key": ["privacy.smallest_cell"], "value": [2.0], "unit": ["aantal"], "source": ["x"]}
    )
    assert np.isnan(figure(run(homes(20), use=gas(wijk(90.0, points=9)), own=own), "gas_mwh"))


@pytest.mark.parametrize(
    "buildings",
    [
        homes(1),
        houses(1),
        houses(1, function="ancillary"),
        houses(3, function="industry"),
        houses(1, function="school"),
        homes(2, dwellings=0),
        homes(3, levels=2.0, height_m=6.0, floor_area_m2=200.0, building_type="detached"),
        homes(3, street=None),
    ],
)
@pytest.mark.parametrize("use", [None, gas(wijk(1500.0)), gas(wijk(0.0, points=0))])
def test_poor_places_get_an_answer(buildings: list[dict], use: pd.DataFrame | None) -> None:
    """Whatever is missing, the study answers with every figure and every table."""
    results = run(buildings, use=use)
    assert list(results.key_figures.columns) == list(KEY_FIGURES)
    assert set(results.internal) - set(results.public) == {"warmte_per_gebouw"}
    assert results.public["samenvatting"].frame["text"].str.len().min() > 10


def test_without_a_street_that_serves() -> None:
    """Only paths: heat is told, the density is not, and no verdict is made up."""
    results = run(homes(6), roads("Pad", road_class="slow"))
    assert np.isnan(figure(results, "density_mwh_m"))
    assert figure(results, "demand_gwh") > 0
    assert set(results.internal["oordeel_per_scenario"]["verdict"]) == {NO_DEMAND}
    assert "Neem nog geen beslissing" in text_of(results)


def test_tables_fit_their_contracts() -> None:
    """Every internal table has the columns, types and codes of its contract."""
    results = run(
        [*homes(20), *houses(2, start=30, function="school")],
        use=gas(wijk(1500.0), ("street", "Dorp", 2021, 300.0, 20)),
    )
    assert {"warmte_per_straat", "ijking", "samenvatting"} <= set(results.internal)
    for name, frame in results.internal.items():
        table = pd.DataFrame(frame)
        if name == "warmte_per_gebouw":
            table = table.reset_index()
        RESULTS[name].model.validate(table[list(RESULTS[name].columns)])


def test_order_of_buildings_does_not_matter() -> None:
    """Shuffled rows give the same figures."""
    buildings = [*homes(8), *houses(2, start=8, function="shop")]
    use = gas(wijk(1500.0))
    there, back = run(buildings, use=use), run(buildings[::-1], use=use)
    pd.testing.assert_frame_equal(there.key_figures, back.key_figures)


def test_every_key_is_used_and_declared() -> None:
    """The assumptions handed over are those the study declared."""
    assert set(run(homes(1)).assumptions_used["key"]) == set(KEYS)


def test_real_village_of_wechelderzande(root: Path) -> None:
    """16.7 MWh of gas per connection, 43 % not on gas, and more than a thousand homes."""
    from lekp_lib.io.read import read_flanders, read_place

    name = "lille/wechelderzande"
    if not (root / "data" / name).is_dir():
        pytest.skip(f"data/{name} is not there")
    data_dir = root / "data"
    results = warmtenet(read_place(name, data_dir=data_dir), read_flanders(data_dir=data_dir))
    assert figure(results, "gas_per_point") == pytest.approx(16.73, abs=0.01)
    assert figure(results, "not_on_gas_share") == pytest.approx(0.43, abs=0.005)
    assert figure(results, "demand_mwh_dwelling") == pytest.approx(12.45, abs=0.01)
    assert abs(figure(results, "error_before_share")) < 0.25
