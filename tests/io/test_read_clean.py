"""Files that look hostile but are right: they must be read as they are."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely

from lekp_lib.io.read import read_place

# Coordinates of the base neighbourhood, see tests/conftest.py.
EAST, NORTH = 180_000.0, 200_000.0
N_LARGE = 200_000
SECTOR = "11002E122"


def footprints(place: Any) -> list[tuple[float, ...]]:
    """Return the bounds of the buildings, rounded to decimetres [m, EPSG:31370]."""
    frame = gpd.GeoDataFrame(place.tables["gebouwen"])
    assert frame.crs == 31370
    return [tuple(round(float(edge), 1) for edge in row) for row in frame.bounds.to_numpy()]


EXPECTED = [(EAST + 20 * n, NORTH, EAST + 20 * n + 10, NORTH + 10) for n in range(3)]


def shape_zip(frame: gpd.GeoDataFrame, folder: Path, *, left_out: str = "", top: str = "") -> bytes:
    """Return a zipped shapefile, with names cut as a shapefile does."""
    cut = frame.rename(columns={name: name[:10] for name in frame.columns if name != "geometry"})
    folder.mkdir()
    cut.to_file(folder / "laag.shp")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(folder.iterdir()):
            if path.suffix != left_out:
                archive.write(path, f"{top}{path.name}")
                archive.writestr(f"__MACOSX/{top}._{path.name}", b"Mac OS X")
    return buffer.getvalue()


def workbook(rows: list[tuple[Any, ...]], sheet: str = "Blad1") -> bytes:
    """Return a workbook with one sheet."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_the_base_place_is_clean(place: Any) -> None:
    """The neighbourhood all other tests start from has no fault and no remark."""
    assert place.check().notices == ()
    assert footprints(place.read()) == EXPECTED


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "parquet"])
@pytest.mark.parametrize("crs", [31370, 3812, 4326])
def test_every_format_is_read_in_every_accepted_crs(
    place: Any, buildings: gpd.GeoDataFrame, ending: str, crs: int
) -> None:
    """Lambert 72, Lambert 2008 and WGS 84 give the same buildings at the same spot."""
    place.put_frame(f"gebouwen.{ending}", buildings.to_crs(crs))
    moved = np.array(footprints(place.read()))
    assert np.abs(moved - np.array(EXPECTED)).max() < 0.5
    assert place.check().notices == ()


def test_a_geojson_without_crs_member_is_wgs_84(place: Any, buildings: gpd.GeoDataFrame) -> None:
    """The standard says so, and the coordinates agree."""
    shapes = list(buildings.to_crs(4326).geometry)
    place.put_buildings(shapes, crs=None)
    assert np.abs(np.array(footprints(place.read())) - np.array(EXPECTED)).max() < 0.5


@pytest.mark.parametrize("top", ["", "map/"])
def test_a_zipped_shapefile_is_read(
    place: Any, buildings: gpd.GeoDataFrame, tmp_path: Path, top: str
) -> None:
    """What a Mac or a folder adds to the zip does not matter."""
    place.put("gebouwen.zip", shape_zip(buildings, tmp_path / "shp", top=top))
    assert footprints(place.read()) == EXPECTED


def test_a_loose_shapefile_is_read(place: Any, buildings: gpd.GeoDataFrame) -> None:
    """Its four files count as one table."""
    (place.folder / "gebouwen.geojson").unlink()
    buildings.rename(columns={"building_id": "building_i"}).to_file(place.folder / "gebouwen.shp")
    assert footprints(place.read()) == EXPECTED
    assert place.check().notices == ()


def test_a_home_made_description_of_lambert_72_is_recognised(
    place: Any, buildings: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    """An old .prj without a code is compared by what it does, not by its name."""
    old = (
        'PROJCS["Belge_Lambert_1972",GEOGCS["GCS_Belge_1972",DATUM["D_Belge_1972",SPHEROID['
        '"International_1924",6378388.0,297.0]],PRIMEM["Greenwich",0.0],UNIT["Degree",'
        '0.0174532925199433]],PROJECTION["Lambert_Conformal_Conic"],PARAMETER["False_Easting",'
        '150000.01256],PARAMETER["False_Northing",5400088.4378],PARAMETER["Central_Meridian",'
        '4.367486666666666],PARAMETER["Standard_Parallel_1",49.8333339],PARAMETER['
        '"Standard_Parallel_2",51.16666723333333],PARAMETER["Latitude_Of_Origin",90.0],'
        'UNIT["Meter",1.0]]'
    )
    place.put(
        "gebouwen.zip", shape_zip(buildings.set_crs(old, allow_override=True), tmp_path / "a")
    )
    assert footprints(place.read()) == EXPECTED


def test_shapes_with_heights_are_flattened(place: Any, buildings: gpd.GeoDataFrame) -> None:
    """GRB and 3D models give heights; the map does not need them."""
    tall = shapely.force_3d(buildings.geometry.to_numpy(), 12.0)
    frame = buildings.set_geometry(gpd.GeoSeries(tall, crs=31370))
    place.put_frame("gebouwen.gpkg", frame)
    assert not place.read().tables["gebouwen"].geometry.has_z.any()


def test_a_height_system_beside_lambert_72_is_left_out(
    place: Any, buildings: gpd.GeoDataFrame
) -> None:
    """EPSG:6190 is Lambert 72 with heights above Ostend."""
    tall = shapely.force_3d(buildings.geometry.to_numpy(), 12.0)
    place.put_frame("gebouwen.gpkg", gpd.GeoDataFrame(buildings, geometry=tall, crs=6190))
    assert footprints(place.read()) == EXPECTED


def test_the_layer_named_after_the_table_is_read(place: Any, buildings: gpd.GeoDataFrame) -> None:
    """Other layers of a GeoPackage do not matter."""
    path = place.put_frame("gebouwen.gpkg", buildings, layer="Gebouwen")
    pyogrio.write_dataframe(buildings.iloc[:1], path, layer="oud")
    assert len(place.read().tables["gebouwen"]) == 3


def test_the_styles_that_qgis_stores_are_no_layer(place: Any, buildings: gpd.GeoDataFrame) -> None:
    """A GeoPackage with one layer and its styles has one layer."""
    path = place.put_frame("gebouwen.gpkg", buildings, layer="huizen")
    pyogrio.write_dataframe(pd.DataFrame({"styleName": ["a"]}), path, layer="layer_styles")
    assert footprints(place.read()) == EXPECTED


def test_an_index_in_a_parquet_file_is_a_column(place: Any, buildings: gpd.GeoDataFrame) -> None:
    """Who saved the identifiers as index did not lose them."""
    place.put("gebouwen.parquet", b"")
    buildings.set_index("building_id").to_parquet(place.folder / "gebouwen.parquet")
    assert place.read().tables["gebouwen"].index.tolist() == ["g1", "g2", "g3"]


def test_trees_may_come_in_a_csv_with_shapes_as_text(place: Any) -> None:
    """The CRS stands before each shape."""
    place.put("bomen.csv", f"tree_id;geometry\nb1;SRID=31370;POINT ({EAST} {NORTH})\n".replace(
        "SRID", '"SRID').replace(")\n", ')"\n'))  # fmt: skip
    assert place.read().tables["bomen"].geometry.iloc[0] == shapely.Point(EAST, NORTH)


def test_script_in_a_street_name_stays_text(place: Any) -> None:
    """Reading changes nothing; showing must escape it."""
    script = "<script>alert('x')</script>"
    place.put_buildings(street_name=[script, "Dorp", None])
    assert place.read().tables["gebouwen"]["street_name"].iloc[0] == script


CSV = f"Soort gebied;Gebied;Jaar;Gas\nstraat;s1;2021;1.234,5\nsector;{SECTOR};2021;12,5\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_csv_of_a_dutch_spreadsheet_is_read(place: Any, encoding: str, newline: str) -> None:
    """Semicolons, decimal commas, a BOM and Windows-1252 are all as they should be."""
    text = CSV + "wijk;Zélzate;2021;\n"
    place.put("verbruik.csv", text.replace("\n", newline), encoding=encoding)
    use = place.read().tables["verbruik"]
    assert use["gas_mwh"].tolist()[:2] == [1234.5, 12.5]
    assert use["area_id"].tolist() == ["s1", SECTOR, "Zélzate"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_seen(place: Any, separator: str) -> None:
    """Comma, semicolon and tab part the cells."""
    text = f"area_kind,area_id,year,gas_mwh\nsector,{SECTOR},2021,12.5\n"
    place.put("verbruik.csv", text.replace(",", separator))
    assert place.read().tables["verbruik"]["gas_mwh"].tolist() == [12.5]


def test_a_comma_inside_quotes_parts_nothing(place: Any) -> None:
    """A name with a comma, a quote and a new line is one cell."""
    place.put(
        "aannames.csv", 'key,value,unit,source\nprivacy.smallest_cell,15,aantal,"A, ""B""\nC"\n'
    )
    assert place.read().assumptions["privacy.smallest_cell"].locator == 'A, "B"\nC'


def test_empty_rows_and_columns_of_a_spreadsheet_are_left_out(place: Any) -> None:
    """Spreadsheets write them at the end."""
    place.put("verbruik.csv", "Soort gebied;Gebied;Jaar;;\nstraat;s1;2021;;\n;;;;\n\n")
    assert len(place.read().tables["verbruik"]) == 1
    assert place.check().notices == ()


def test_cells_left_out_at_the_end_of_a_row_are_empty(place: Any) -> None:
    """Old spreadsheets leave the last separators out."""
    place.put("verbruik.csv", "area_kind,area_id,year,gas_mwh\nstreet,s1,2021\n")
    assert place.read().tables["verbruik"]["gas_mwh"].isna().all()


def test_a_workbook_keeps_codes_and_numbers(place: Any) -> None:
    """A sector code in a text cell stays text, a number stays a number."""
    rows = [
        ("Soort gebied", "Gebied", "Jaar", "Gas"),
        ("sector", SECTOR, 2021, 2.5),
        ("sector", "11002A00-", 2021, "3,5"),
    ]
    place.put("verbruik.xlsx", workbook(rows))
    use = place.read().tables["verbruik"]
    assert use["area_id"].tolist() == [SECTOR, "11002A00-"]
    assert use["gas_mwh"].tolist() == [2.5, 3.5]


def test_a_workbook_that_lies_about_its_size_is_read_whole(place: Any) -> None:
    """Some programs write that the sheet is one cell large."""
    raw = workbook([("Soort gebied", "Gebied", "Jaar"), ("wijk", "w", 2021)])
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, text.replace(b'ref="A1:C2"', b'ref="A1"'))
    place.put("verbruik.xlsx", buffer.getvalue())
    assert len(place.read().tables["verbruik"]) == 1


def test_the_sheet_named_after_the_table_is_read(place: Any) -> None:
    """A first sheet with explanations does not matter."""
    book = openpyxl.Workbook()
    book.active.append(["Lees mij eerst"])
    sheet = book.create_sheet("Verbruik")
    for row in [("Soort gebied", "Gebied", "Jaar"), ("wijk", "w", 2021)]:
        sheet.append(row)
    book.save(place.folder / "verbruik.xlsx")
    assert len(place.read().tables["verbruik"]) == 1


@pytest.mark.parametrize("headings", [("Soort gebied", "Gebied", "Jaar"),
                                      ("area_kind", "area_id", "year")])  # fmt: skip
def test_the_form_is_read_sheet_by_sheet(place: Any, headings: tuple[str, ...]) -> None:
    """A filled sheet of the form counts, whatever its headings are called; an empty one not."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("verbruik")
    for row in [headings, ("wijk", "w", 2021)]:
        sheet.append(row)
    book.create_sheet("aannames").append(["Kengetal", "Waarde", "Eenheid", "Bron"])
    book.save(place.folder / "invulblad.xlsx")
    read = place.read()
    assert set(read.tables) == {"gebouwen", "straten", "verbruik"}
    assert read.files["verbruik"] == "invulblad.xlsx · verbruik"


def test_a_table_without_map_may_be_parquet(place: Any) -> None:
    """Empty numbers in it are missing, not NaN that somebody wrote."""
    frame = pd.DataFrame({"area_kind": ["street", "street"], "area_id": ["s1", "s2"],
                          "year": [2021, 2021], "gas_mwh": [None, 2.5]})  # fmt: skip
    frame.to_parquet(place.folder / "verbruik.parquet")
    assert place.read().tables["verbruik"]["gas_mwh"].isna().tolist() == [True, False]


ACTORS = "actor_id,role_name,kind,contribution_kind\na1,Gemeente,publiek,grond\n"


def test_a_table_that_may_do_without_map_is_read_from_a_sheet(place: Any) -> None:
    """Actors come as CSV, with a column for shapes all the same."""
    place.put("actoren.csv", ACTORS)
    actors = gpd.GeoDataFrame(place.read().tables["actoren"])
    assert (actors["kind"].tolist(), actors.crs) == (["public"], 31370)
    assert actors.geometry.isna().all()
    assert place.check().notices == ()


def test_an_empty_column_of_shapes_is_no_fault(place: Any) -> None:
    """Who copied the headings of a map has no CRS to give."""
    place.put("actoren.csv", ACTORS.replace("kind\n", "kind,geometry\n").replace("grond", "grond,"))
    assert gpd.GeoDataFrame(place.read().tables["actoren"]).geometry.isna().all()


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "parquet"])
def test_a_table_that_may_do_without_map_is_read_from_a_map(place: Any, ending: str) -> None:
    """Land of an actor lies somewhere; money has no shape."""
    square = shapely.box(EAST, NORTH, EAST + 40, NORTH + 30)
    rows = {
        "actor_id": ["a1", "a1"],
        "role_name": "Gemeente",
        "kind": "public",
        "contribution_kind": ["land", "capital"],
    }
    frame = gpd.GeoDataFrame(rows, geometry=[square, None], crs=31370)
    place.put_frame(f"actoren.{ending}", frame)
    actors = gpd.GeoDataFrame(place.read().tables["actoren"])
    assert actors.area.round(1).tolist()[0] == 1200
    assert actors.geometry.isna().tolist() == [False, True]


def test_actors_may_stand_in_the_form(place: Any) -> None:
    """The sheet of the form counts as the table."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("actoren")
    for row in [("Actor-id", "Rol", "Soort actor", "Inbreng"), ("a", "b", "burgers", "kapitaal")]:
        sheet.append(row)
    book.save(place.folder / "invulblad.xlsx")
    assert place.read().tables["actoren"]["kind"].tolist() == ["civic"]


def test_a_year_of_weather_is_read_from_csv_and_workbook(place: Any) -> None:
    """Times of a spreadsheet and of a Dutch CSV are the same times."""
    hours = pd.date_range("2024-01-01", periods=8784, freq="h")
    text = "".join(f"{hour:%d/%m/%Y %H:%M};4,5\n" for hour in hours)
    place.put("klimaat.csv", f"Tijdstip;Temperatuur\n{text}")
    from_text = place.read().tables["klimaat"]
    rows = [("Tijdstip", "Temperatuur"), *((hour.to_pydatetime(), 4.5) for hour in hours)]
    place.put("klimaat.xlsx", workbook(rows))
    pd.testing.assert_frame_equal(place.read().tables["klimaat"], from_text)
    assert from_text["timestamp"].tolist() == list(hours)


def test_own_figures_are_laid_over_the_defaults(place: Any) -> None:
    """The place computes with its own number."""
    place.put(
        "aannames.csv", "Kengetal;Waarde;Eenheid;Bron\nprivacy.smallest_cell;15;aantal;Raad\n"
    )
    assert place.read().assumptions["privacy.smallest_cell"].value == 15.0


def test_optional_tables_that_are_absent_are_absent(place: Any) -> None:
    """A study sees that nothing was given."""
    assert set(place.read().tables) == {"gebouwen", "straten"}


def test_the_story_is_read(place: Any) -> None:
    """The human side of the neighbourhood comes along, without a BOM."""
    place.put("verhaal.md", "Hier wonen mensen in Zélzate.", encoding="utf-8-sig")
    assert place.read().story == "Hier wonen mensen in Zélzate."


def test_a_file_of_no_table_is_remarked(place: Any) -> None:
    """Nobody thinks that it was used."""
    place.put("gebouwen_oud.csv", "a\n1\n")
    (notice,) = place.check().notices
    assert notice.startswith("gebouwen_oud.csv: ")


def test_a_table_in_a_format_that_is_not_read_is_remarked(place: Any) -> None:
    """A table in another format is never dropped without a word."""
    place.put("verbruik.ods", "PK")
    (notice,) = place.check().notices
    assert "verbruik.ods" in notice
    assert ".csv of .xlsx of .parquet" in notice


def test_200_000_buildings_are_read_in_time(place: Any) -> None:
    """A city is read within seconds."""
    number = np.arange(N_LARGE)
    west = EAST - 5000 + (number % 500) * 20.0
    south = NORTH + (number // 500) * 20.0
    frame = gpd.GeoDataFrame(
        {
            "building_id": number.astype(str),
            "building_type": "rijwoning",
            "construction_year": 1965,
            "levels": 2.5,
            "street_id": "s1",
        },
        geometry=shapely.box(west, south, west + 10, south + 10),
        crs=31370,
    )
    place.put_frame("gebouwen.gpkg", frame, layer_options={"SPATIAL_INDEX": "NO"})
    start = time.perf_counter()
    table = read_place("dorp/kern", data_dir=place.data_dir).tables["gebouwen"]
    assert len(table) == N_LARGE
    assert time.perf_counter() - start < 30
