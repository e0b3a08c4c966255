"""What a heat network would meet in the fictional wijken."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import pandas as pd
import pytest

from lekp_lib.synthetic import DEMO_DWELLINGS, SyntheticWijk

Made = Callable[[str, int], SyntheticWijk]


def tables(made: Made, kind: str) -> dict[str, pd.DataFrame]:
    """Return the tables of a wijk of the demonstration."""
    return dict(made(kind, DEMO_DWELLINGS[kind]).tables)


def test_each_wijk_brings_other_tables(made: Made) -> None:
    """All there is near the station, no weather in the garden quarter, defaults elsewhere."""
    heat = {"klimaat", "warmtebronnen", "werken", "actoren"}
    found = {kind: heat & set(tables(made, kind)) for kind in DEMO_DWELLINGS}
    assert found == {
        "station_belt": heat,
        "garden_quarter": heat - {"klimaat"},
        "allotment": {"werken"},
    }


def test_the_waste_heat_comes_from_the_factory(made: Made) -> None:
    """The source stands where the story says that ovens blow heat away."""
    near = tables(made, "station_belt")
    sources = gpd.GeoDataFrame(near["warmtebronnen"])
    waste = sources.loc[sources["kind"] == "waste_heat"].geometry
    buildings = gpd.GeoDataFrame(near["gebouwen"])
    factory = buildings[buildings["function"] == "industry"]
    assert factory.geometry.distance(waste.iloc[0]).min() == 0


def test_a_larger_wijk_has_more_power(made: Made) -> None:
    """Power and money grow with the dwellings."""
    power = [
        made("station_belt", size).tables["warmtebronnen"]["capacity_kw"].sum()
        for size in (1200, 5000)
    ]
    assert power[1] / power[0] == pytest.approx(5000 / 1200, rel=0.01)


def test_land_is_as_large_as_its_shape(made: Made) -> None:
    """The municipality brings 1,200 m2 on the map and in the table."""
    actors = gpd.GeoDataFrame(tables(made, "station_belt")["actoren"])
    land = actors[actors["contribution_kind"] == "land"]
    assert land["amount"].tolist() == [1200]
    assert land.area.tolist() == pytest.approx([1200], rel=0.001)
    assert actors.loc[actors["contribution_kind"] != "land"].geometry.isna().all()


def test_works_take_a_whole_street_at_once(demo: SyntheticWijk) -> None:
    """All segments of a street are dug up in one year, for the same works."""
    works, streets = demo.tables["werken"], demo.tables["straten"]
    names = works["street_id"].map(streets["street_name"])
    years = works.groupby(names)["planned_year"].agg(["min", "max"])
    assert (years["min"] == years["max"]).all()
    segments = streets["street_name"].value_counts()
    dug = works.groupby([names, "asset"])["street_id"].nunique()
    assert (dug == segments[dug.index.get_level_values(0)].to_numpy()).all()
    assert works["planned_year"].between(2026, 2038).all()


def test_about_half_of_the_streets_near_the_station_are_dug_up(made: Made) -> None:
    """Enough to share the trench, not everywhere; few works among the detached houses."""
    shares = {}
    for kind in DEMO_DWELLINGS:
        near = tables(made, kind)
        shares[kind] = near["straten"].index.isin(near["werken"]["street_id"]).mean()
    assert 0.35 < shares["station_belt"] < 0.65
    assert shares["allotment"] < 0.3


def test_the_weather_is_a_flemish_year(made: Made) -> None:
    """8,760 hours, a cold January, a warm July, rain in one hour of ten."""
    year = tables(made, "station_belt")["klimaat"]
    assert len(year) == 8760
    months = year.groupby(year["timestamp"].dt.month)["temperature_c"].mean()
    assert months[1] < 6 < 15 < months[7]
    assert 700 < year["rain_mm"].sum() < 950
    assert 0.03 < (year["rain_mm"] > 0).mean() < 0.15
