"""The tiny place whose numbers can be checked by hand."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import yaml

from lekp_lib.contracts import FICTIONAL_NIS, INPUTS, Source, WijkSettings, check
from lekp_lib.contracts.lists import TABLES
from lekp_lib.io.read import check_place

PLACE = Path(__file__).parents[1] / "fixtures" / "data" / "proefgemeente" / "proefwijk"
LAYERS = tuple(sorted(path.stem for path in PLACE.glob("*.geojson")))


@pytest.mark.parametrize("name", LAYERS)
def test_layers_hold_their_contract(name: str) -> None:
    """Every layer is in EPSG:31370 and has no fault."""
    assert check(gpd.read_file(PLACE / f"{name}.geojson"), INPUTS[name], Source(name)).faults == ()


def test_buildings_are_what_the_story_says() -> None:
    """28 dwellings: two rows of five, four semi-detached, two detached, a block of twelve."""
    buildings = gpd.read_file(PLACE / "gebouwen.geojson")
    homes = buildings[buildings["dwellings"] > 0]
    assert homes.groupby("building_type")["dwellings"].sum().to_dict() == {
        "apartment_building": 12,
        "detached": 2,
        "semi_detached": 4,
        "terraced": 10,
    }
    assert (homes.loc[homes["building_type"] == "terraced"].area == 60).all()


def test_one_street_is_too_small_to_publish() -> None:
    """Four connections in the Schoolstraat; the streets add up to the wijk."""
    use = pd.read_csv(PLACE / "verbruik.csv")
    assert use.set_index("area_id").loc["s3", ["gas_mwh", "gas_points"]].tolist() == [47.123, 4]
    sums = use.groupby("area_kind")[["gas_mwh", "gas_points", "electricity_mwh"]].sum()
    assert sums.loc["street"].tolist() == pytest.approx(sums.loc["wijk"].tolist())


def test_every_table_but_the_weather_and_own_figures_is_there() -> None:
    """What the notebooks show is shown here with a few rows, and read without a remark."""
    report = check_place("proefgemeente/proefwijk", data_dir=PLACE.parents[1])
    assert (report.faults, report.notices) == ((), ())
    tables = {path.stem for path in PLACE.iterdir() if path.suffix in {".geojson", ".csv"}}
    assert set(TABLES) - tables == {"aannames", "klimaat"}


def test_settings_say_that_it_is_fictional() -> None:
    """No real municipality has its NIS code."""
    settings = WijkSettings.model_validate(yaml.safe_load((PLACE / "wijk.yml").read_text("utf-8")))
    assert (settings.is_fictional, settings.nis_code) == (True, FICTIONAL_NIS)
