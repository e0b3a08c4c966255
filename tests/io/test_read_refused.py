"""
Files that are wrong: refused in clear Dutch, with file, row, column, value and what to do.

The fixture checks each time that nothing was written and that no English slips through.
"""

from __future__ import annotations

import io
import json
import math
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.contracts import INPUTS, Contract, check
from lekp_lib.errors import ContractError, Fault
from lekp_lib.io._raw import read_raw
from lekp_lib.io.read import check_place, read_place

EAST, NORTH = 180_000.0, 200_000.0
HEADINGS = "area_kind,area_id,year,gas_mwh\n"
DUTCH_HEADINGS = "Soort gebied;Gebied;Jaar;Gas\n"


def sheet(*rows: tuple[Any, ...]) -> bytes:
    """Return a workbook with one sheet of ``verbruik``."""
    book = openpyxl.Workbook()
    for row in [("Soort gebied", "Gebied", "Jaar", "Gas"), *rows]:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# Coordinate reference systems


def test_a_geojson_in_metres_without_crs_is_refused(place: Any) -> None:
    """By its standard it would be WGS 84, which metres are not."""
    place.put_buildings(crs=None)
    fault = place.fault()
    assert (fault.file, fault.problem) == (
        "gebouwen.geojson",
        "het coördinatenstelsel (CRS) ontbreekt",
    )
    assert "EPSG:31370 (Lambert 72)" in fault.remedy


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize("ending", ["gpkg", "parquet"])
def test_a_file_without_crs_is_refused(
    place: Any, buildings: gpd.GeoDataFrame, ending: str
) -> None:
    """No CRS is guessed."""
    place.put_frame(f"gebouwen.{ending}", buildings.set_crs(None, allow_override=True))
    assert "(CRS) ontbreekt" in place.fault().problem


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "parquet"])
@pytest.mark.parametrize(("crs", "name"), [(3857, "Pseudo-Mercator"), (28992, "RD New"),
                                           (31300, "Belge Lambert 72")])  # fmt: skip
def test_another_crs_is_refused_by_name(
    place: Any, buildings: gpd.GeoDataFrame, ending: str, crs: int, name: str
) -> None:
    """The message says which one was found and which are accepted."""
    place.put_frame(f"gebouwen.{ending}", buildings.to_crs(crs))
    assert name in place.fault().problem


def test_a_projection_that_only_has_the_right_name_is_refused(
    place: Any, buildings: gpd.GeoDataFrame
) -> None:
    """Lambert 72 with another false easting lies a hundred kilometres away."""
    false = buildings.crs.to_wkt("WKT1_ESRI").replace("150000.013", "250000.013")
    assert false != buildings.crs.to_wkt("WKT1_ESRI")
    place.put_frame("gebouwen.gpkg", buildings.set_crs(false, allow_override=True))
    assert "wordt niet aanvaard" in place.fault().problem


def test_metres_that_call_themselves_degrees_are_refused(
    place: Any, buildings: gpd.GeoDataFrame
) -> None:
    """The CRS was stamped on, not transformed."""
    place.put_frame("gebouwen.gpkg", buildings.set_crs(4326, allow_override=True))
    assert "zijn geen graden" in place.fault().problem


def test_degrees_that_call_themselves_metres_are_refused(
    place: Any, buildings: gpd.GeoDataFrame
) -> None:
    """Four metres from the corner of the map lies no Belgian building."""
    degrees = buildings.to_crs(4326).set_crs(31370, allow_override=True)
    place.put_frame("gebouwen.gpkg", degrees)
    assert {fault.problem for fault in place.faults()} == {"de vorm ligt buiten België"}


def test_swapped_degrees_are_refused(place: Any, buildings: gpd.GeoDataFrame) -> None:
    """Latitude first puts the buildings off Somalia."""
    shapes = shapely.transform(buildings.to_crs(4326).geometry.to_numpy(), np.fliplr)
    place.put_buildings(list(shapes), crs=None)
    assert [fault.row for fault in place.faults()] == [1, 2, 3]
    assert "coördinatenstelsel" in place.faults()[0].remedy


def test_swapped_metres_are_refused(place: Any, buildings: gpd.GeoDataFrame) -> None:
    """They still lie in Belgium, but far from their municipality."""
    shapes = shapely.transform(buildings.geometry.to_numpy(), np.fliplr)
    place.put_buildings(list(shapes))
    place.put("wijk.yml", 'name: Kern\nmunicipality: Herenthout\nnis_code: "13012"\n')
    place.folder.parent.rename(place.data_dir / "herenthout")
    (fault,) = check_place("herenthout/kern", data_dir=place.data_dir).faults
    assert (fault.file, fault.column) == ("gebouwen.geojson", "geometry")
    assert "km van het midden van Herenthout" in fault.problem


# Shapes

BOW_TIE = shapely.Polygon(
    [(EAST, NORTH), (EAST + 9, NORTH + 9), (EAST + 9, NORTH), (EAST, NORTH + 9)]
)


def ring(x: float) -> dict[str, Any]:
    """Return a polygon with one planted coordinate, as GeoJSON."""
    ring = [[x, NORTH], [EAST + 9, NORTH], [EAST + 9, NORTH + 9], [x, NORTH]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (None, "de vorm ontbreekt of is leeg"),
        ({"type": "Polygon", "coordinates": []}, "de vorm ontbreekt of is leeg"),
        (BOW_TIE, "het vlak kruist zichzelf"),
        (shapely.Point(EAST, NORTH), "de vorm moet een vlak zijn"),
        (ring(math.nan), "de vorm ontbreekt of is leeg"),
        (ring(math.inf), "een coördinaat is geen getal of oneindig"),
        (ring(1e300), "de vorm ligt buiten België"),
    ],
)
def test_a_wrong_shape_is_refused_with_its_row(place: Any, shape: Any, said: str) -> None:
    """One planted shape between right ones is the one that is told."""
    place.put_buildings([place.square(0), shape, place.square(2)])
    fault = place.fault()
    assert (fault.row, fault.column) == (2, "geometry")
    assert said in fault.problem


def test_infinite_coordinates_in_a_geopackage_are_refused(place: Any) -> None:
    """A format that can store them gives them away."""
    points = [shapely.Point(EAST, NORTH), shapely.Point(EAST, np.inf)]
    frame = gpd.GeoDataFrame({"tree_id": ["a", "b"]}, geometry=points, crs=31370)
    place.put_frame("bomen.gpkg", frame)
    assert "geen getal of oneindig" in place.fault().problem


def test_a_shape_that_cannot_be_read_is_refused_with_its_row(place: Any) -> None:
    """Text that is no shape counts as a missing one."""
    text = f"tree_id,geometry\na,SRID=31370;POINT ({EAST} {NORTH})\nb,SRID=31370;PUNT (1\n"
    place.put("bomen.csv", text)
    assert (place.fault().row, place.fault().column) == (3, "geometry")


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("POINT (1 2)", "POINT (1 2)", "(CRS) ontbreekt"),
        ("SRID=31370;POINT (1 2)", "SRID=4326;POINT (1 2)", "verschillende coördinatenstelsels"),
        ("SRID=999999;POINT (1 2)", "SRID=999999;POINT (1 2)", "(CRS) ontbreekt"),
    ],
)
def test_shapes_as_text_need_one_crs(place: Any, first: str, second: str, said: str) -> None:
    """The CRS before the shapes is there, known and the same."""
    place.put("bomen.csv", f"tree_id,geometry\na,{first}\nb,{second}\n")
    assert said in place.fault().problem


# Values


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("NaN", "is geen geldig getal"),
        ("inf", "is geen geldig getal"),
        ("veel", "is tekst in plaats van een getal"),
        ("-1", "moet minstens 0 MWh zijn"),
        ("99999999", "mag hoogstens 10.000.000 MWh zijn"),
        ("1e999", "is te groot voor een getal"),
    ],
)
def test_a_wrong_cell_of_a_csv_is_refused_with_its_row(place: Any, cell: str, said: str) -> None:
    """Rows count as in a spreadsheet: the heading is row 1."""
    place.put("verbruik.csv", f"{HEADINGS}street,s1,2021,1\nstreet,s2,2021,{cell}\n")
    fault = place.fault()
    assert (fault.file, fault.row, fault.column) == ("verbruik.csv", 3, "gas_mwh")
    assert (fault.value, said in fault.problem) == (cell, True)


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -4, "groot"])
def test_a_wrong_value_of_a_geojson_is_refused_with_its_row(place: Any, wrong: object) -> None:
    """Rows count as features: the first one is 1."""
    place.put_buildings(floor_area_m2=[100, wrong, 120])
    fault = place.fault()
    assert (fault.file, fault.row, fault.column) == ("gebouwen.geojson", 2, "floor_area_m2")


def test_nan_in_a_geoparquet_is_refused(place: Any, buildings: gpd.GeoDataFrame) -> None:
    """An empty cell is empty; NaN was put there by a computation that failed."""
    path = place.put_frame("gebouwen.parquet", buildings)
    table = pq.read_table(path)
    pq.write_table(table.append_column("levels", pa.array([1.0, math.nan, None])), path)
    assert (place.fault().row, place.fault().value) == (2, "NaN")


def test_doubled_identifiers_are_refused(place: Any) -> None:
    """Both buildings are shown."""
    place.put_buildings(building_id=["a", "b", "a"])
    faults = place.faults()
    assert [(fault.row, fault.value) for fault in faults] == [(1, "a"), (3, "a")]
    assert {fault.problem for fault in faults} == {"komt meer dan eens voor"}


def test_a_number_that_means_two_things_is_refused(place: Any) -> None:
    """1.234 in a semicolon file is one or a thousand; it is not guessed."""
    place.put("verbruik.csv", f"{DUTCH_HEADINGS}straat;s1;2021;1.234\n")
    fault = place.fault()
    assert (fault.row, fault.value) == (2, "1.234")
    assert "duizendtal of een kommagetal" in fault.problem


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("verbruik.csv", f"{DUTCH_HEADINGS}sector;1,1002E+126;2021;1\n".encode()),
        ("verbruik.xlsx", sheet(("sector", 1.1002e126, 2021, 1))),
    ],
)
def test_a_code_that_a_spreadsheet_turned_into_a_number_is_refused(
    place: Any, name: str, content: bytes
) -> None:
    """11002E122 looks like a number to a spreadsheet; the remedy tells how to stop it."""
    place.put(name, content)
    fault = place.fault()
    assert (fault.row, fault.column) == (2, "area_id")
    assert fault.problem == "een rekenblad heeft deze code in een getal veranderd"
    assert "«Tekst»" in fault.remedy


def test_a_building_in_an_unknown_street_is_refused(place: Any) -> None:
    """A reference leads to a street that is there."""
    place.put_buildings(street_id=["s1", "s9", None])
    fault = place.fault()
    assert (fault.row, fault.column, fault.value) == (2, "street_id", "s9")


def test_use_of_an_unknown_street_is_refused(place: Any) -> None:
    """Gas of a street that does not exist would be lost."""
    place.put("verbruik.csv", f"{HEADINGS}street,s9,2021,1\nsector,11002E122,2021,1\n")
    assert (place.fault().row, place.fault().value) == (2, "s9")


# Own figures


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("privacy.smalest_cell,15,aantal,Raad", "key", "dit kengetal bestaat niet"),
        ("privacy.smallest_cell,15,EUR,Raad", "unit", "moet in aantal staan"),
        ("privacy.smallest_cell,-15,aantal,Raad", "value", "mag niet negatief zijn"),
        ("municipality.screen_top_share,25,aandeel,Raad", "value", "niet groter zijn dan 1"),
        ("finance.later_demand_factor,0,-,Raad", "value", "mag niet 0 zijn"),
        ("supply.kind.electric_boiler.efficiency_share,0,aandeel,Raad", "value", "niet 0 zijn"),
        ("finance.plant_lifetime_years,0.5,jaar,Raad", "value", "moet minstens 1 zijn"),
    ],
)
def test_a_wrong_own_figure_is_refused(place: Any, row: str, column: str, said: str) -> None:
    """An own figure that no default gives way to would be silently lost."""
    place.put("aannames.csv", f"key,value,unit,source\n{row}\n")
    fault = place.fault()
    assert (fault.file, fault.row, fault.column) == ("aannames.csv", 2, column)
    assert said in fault.problem


@pytest.mark.parametrize(
    "row",
    [
        "phasing.street.full_after_years,0,aantal,Raad",
        "finance.rank_correlation.electricity_gas,0,-,Raad",
        "network.connection.meter_eur,0,EUR,Raad",
        "supply.kind.power_grid.investment_eur_kw,0,EUR/kW,Raad",
        "network.hard.street_share,0,aandeel,Raad",
    ],
)
def test_an_own_figure_of_0_that_makes_sense_is_read(place: Any, row: str) -> None:
    """At once, without connection, for free, unpaved."""
    place.put("aannames.csv", f"key,value,unit,source\n{row}\n")
    assert place.read().assumptions[row.split(",")[0]].value == 0


def test_a_misspelt_own_figure_is_offered_a_near_one(place: Any) -> None:
    """The remedy names the key that was probably meant."""
    place.put("aannames.csv", "key,value,unit,source\nprivacy.smalest_cell,15,aantal,Raad\n")
    assert "«privacy.smallest_cell»" in place.fault().remedy


# Columns and rows


def test_a_missing_column_is_refused(place: Any) -> None:
    """The message names the column both ways and says what it must hold."""
    place.put("gebouwen.geojson", place.geojson([place.square()], [{"naam": "x"}]))
    fault = place.fault()
    assert (fault.row, fault.column) == (None, "building_id")
    assert "«Gebouw-id»" in fault.problem


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("verbruik.csv", b"area_kind,area_id,year,gas_mwh,gas_mwh\nstreet,s1,2021,1,2\n"),
        ("verbruik.csv", b"area_kind,area_id,year,gas_mwh,Gas\nstreet,s1,2021,1,2\n"),
    ],
)
def test_a_doubled_heading_is_refused(place: Any, name: str, content: bytes) -> None:
    """Neither of the two columns is quietly preferred."""
    place.put(name, content)
    assert place.fault().problem == "de kolom gas_mwh staat er twee keer in"


def test_a_doubled_heading_of_a_workbook_is_refused(place: Any) -> None:
    """A sheet may hold the same heading twice; a table may not."""
    book = openpyxl.Workbook()
    for row in [("Soort gebied", "Gebied", "Jaar", "Jaar"), ("wijk", "w", 2021, 2020)]:
        book.active.append(row)
    book.save(place.folder / "verbruik.xlsx")
    assert place.fault().problem == "de kolom year staat er twee keer in"


def test_a_row_with_more_cells_than_headings_is_refused(place: Any) -> None:
    """A comma that parts too much would push cells into other columns."""
    place.put("verbruik.csv", f"{HEADINGS}street,s1,2021,1,5\nwijk,w,2021,1\n")
    fault = place.fault()
    assert fault.row == 2
    assert "telt 5 cellen, maar er zijn 4 kolomkoppen" in fault.problem


def test_a_column_without_heading_is_remarked(place: Any) -> None:
    """What stands below no heading is not used, and that is said."""
    place.put("verbruik.csv", "area_kind,,area_id,year\nwijk,opmerking,w,2021\n")
    (notice,) = place.check().notices
    assert "«kolom 2 zonder kop»" in notice


def test_a_file_without_headings_is_refused(place: Any) -> None:
    """An empty first row is no heading."""
    place.put("verbruik.csv", ",,\nwijk,w,2021\n")
    assert "eerste rij is leeg" in place.fault().problem


def test_a_quote_that_is_not_closed_is_refused_with_its_row(place: Any) -> None:
    """It would swallow the rest of the file."""
    place.put("verbruik.csv", f'{HEADINGS}wijk,w,2021,1\nwijk,"x,2021,1\nwijk,y,2021,1\n')
    assert place.fault().row == 3
    assert "aanhalingsteken" in place.fault().problem


def test_a_csv_that_stops_halfway_a_row_is_refused(place: Any) -> None:
    """The copy was broken off."""
    place.put("verbruik.csv", f"{HEADINGS}wijk,w,2021,1\nwijk,x")
    assert (place.fault().row, place.fault().problem) == (
        3,
        "het bestand houdt midden in deze rij op",
    )


# Whole files

WHOLE_FILES: dict[str, tuple[str, bytes, str]] = {
    "nothing in it": ("gebouwen.geojson", b"", "(0 bytes)"),
    "nothing in the csv": ("verbruik.csv", b"", "(0 bytes)"),
    "only spaces": ("verbruik.csv", b" \n\n", "het bestand is leeg"),
    "only a BOM": ("verbruik.csv", b"\xef\xbb\xbf", "het bestand is leeg"),
    "only headings": ("verbruik.csv", HEADINGS.encode(), "geen enkele rij"),
    "only headings and no trees": ("bomen.csv", b"tree_id,geometry\n", "geen enkele rij"),
    "text as gpkg": ("gebouwen.gpkg", b"hallo\n" * 99, "is geen .gpkg"),
    "text as xlsx": ("verbruik.xlsx", b"hallo\n" * 99, "is geen .xlsx"),
    "text as zip": ("gebouwen.zip", b"hallo\n" * 99, "is geen .zip"),
    "text as shp": ("gebouwen.shp", b"hallo\n" * 99, "is geen .shp"),
    "text as parquet": ("gebouwen.parquet", b"hallo\n" * 99, "is geen .parquet"),
    "text as geojson": ("gebouwen.geojson", b"hallo\n" * 99, "niet gelezen worden"),
    "a zip that is no workbook": ("verbruik.xlsx", b"PK\x05\x06" + bytes(18), "niet gelezen"),
    "a zip without shapefile": ("gebouwen.zip", b"PK\x05\x06" + bytes(18), "0 shapefiles"),
    "a workbook as csv": ("verbruik.csv", sheet(), "geen gewone tekst"),
    "UTF-16": ("verbruik.csv", HEADINGS.encode("utf-16"), "geen gewone tekst"),
    "no known encoding": ("verbruik.csv", b"area_kind\nwijk\x81\n", "niet leesbaar"),
    "a sheet with nothing": ("verbruik.xlsx", b"", "(0 bytes)"),
    "json that is no map": ("gebouwen.geojson", b'{"a": 1}', "niet gelezen worden"),
    "TopoJSON": ("gebouwen.json", b'{"type": "Topology", "objects": {}, "arcs": []}', "niet gel"),
}


@pytest.mark.parametrize(("name", "content", "said"), WHOLE_FILES.values(), ids=WHOLE_FILES)
def test_a_file_that_is_not_what_it_says_is_refused(
    place: Any, name: str, content: bytes, said: str
) -> None:
    """The message names the file, says what is wrong and what to do."""
    place.put(name, content)
    fault = place.faults()[-1]
    assert (fault.file, fault.row) == (name, None)
    assert said in fault.problem


def test_no_rows_in_a_geojson_is_refused(place: Any) -> None:
    """An empty layer is not a neighbourhood without buildings."""
    place.put("gebouwen.geojson", place.geojson([], []))
    assert "geen enkele rij" in place.faults()[-1].problem


def test_an_empty_sheet_is_refused(place: Any) -> None:
    """A workbook of a table holds the table."""
    openpyxl.Workbook().save(place.folder / "verbruik.xlsx")
    assert "is leeg" in place.fault().problem


Damage = Callable[[bytes], bytes]
DAMAGES: dict[str, Damage] = {
    "half": lambda raw: raw[: len(raw) // 2],
    "a tenth": lambda raw: raw[: len(raw) // 10],
    "all but the last bytes": lambda raw: raw[:-40],
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("ending", ["gpkg", "geojson", "parquet"])
def test_a_truncated_map_is_refused(
    place: Any, buildings: gpd.GeoDataFrame, ending: str, damage: Damage
) -> None:
    """A copy that was broken off is not read as far as it goes."""
    path = place.put_frame(f"gebouwen.{ending}", buildings)
    path.write_bytes(damage(path.read_bytes()))
    assert "afgebroken" in place.fault().problem


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_truncated_workbook_is_refused(place: Any, damage: Damage) -> None:
    """Half a workbook is no workbook."""
    place.put("verbruik.xlsx", damage(sheet(("wijk", "w", 2021, 1))))
    assert "afgebroken" in place.fault().problem


def zipped(frame: gpd.GeoDataFrame, folder: Path, *, layers: int = 1, without: str = "") -> bytes:
    """Return a zip with shapefiles."""
    for number in range(layers):
        frame.rename(columns={"building_id": "building_i"}).to_file(folder / f"laag{number}.shp")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in folder.glob("laag*"):
            if path.suffix != without:
                archive.write(path, path.name)
    return buffer.getvalue()


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_truncated_zip_is_refused(
    place: Any, buildings: gpd.GeoDataFrame, tmp_path: Path, damage: Damage
) -> None:
    """Half a zip is no zip."""
    place.put("gebouwen.zip", damage(zipped(buildings, tmp_path)))
    assert "afgebroken" in place.fault().problem


@pytest.mark.parametrize(
    ("without", "said"), [(".prj", "(CRS) ontbreekt"), (".shx", "niet gelezen"),
                          (".dbf", "kolom building_id")]
)  # fmt: skip
def test_a_shapefile_with_a_part_missing_is_refused(
    place: Any, buildings: gpd.GeoDataFrame, tmp_path: Path, without: str, said: str
) -> None:
    """A shapefile is four files."""
    place.put("gebouwen.zip", zipped(buildings, tmp_path, without=without))
    assert said in place.fault().problem


def test_a_zip_with_two_shapefiles_is_refused(
    place: Any, buildings: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    """Which one is meant is not guessed."""
    place.put("gebouwen.zip", zipped(buildings, tmp_path, layers=2))
    assert place.fault().problem == "de zip bevat 2 shapefiles"


def test_a_geopackage_with_two_layers_is_refused(place: Any, buildings: gpd.GeoDataFrame) -> None:
    """The message names the layers and how to choose."""
    path = place.put_frame("gebouwen.gpkg", buildings, layer="a")
    pyogrio.write_dataframe(buildings, path, layer="b")
    assert place.fault().problem == "het bestand bevat 2 lagen: a, b"
    assert "Noem één laag «gebouwen»" in place.fault().remedy


def test_a_geopackage_without_shapes_is_refused(place: Any) -> None:
    """A layer without geometry is a list, not a map."""
    path = place.put("gebouwen.gpkg", b"")
    path.unlink()
    pyogrio.write_dataframe(pd.DataFrame({"building_id": ["a"]}), path)
    assert "geen geometrie" in place.fault().problem


def test_letters_that_cannot_be_read_are_refused(
    place: Any, buildings: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    """A shapefile that says UTF-8 and is Windows-1252."""
    raw = zipped(buildings.assign(street_nam="Kerkstraat"), tmp_path)
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"Kerkstraat", b"K\xe9rkstraat"))
    place.put("gebouwen.zip", buffer.getvalue())
    assert "tekens van het bestand zijn niet leesbaar" in place.fault().problem


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", ["a.gpkg", "a.zip", "a.parquet", "a.xlsx", "a.geojson"])
def test_no_damage_gives_another_error(
    buildings: gpd.GeoDataFrame, tmp_path: Path, name: str, seed: int
) -> None:
    """Whatever bytes are changed, the file is read, or refused in Dutch."""
    path = tmp_path / name
    if name == "a.xlsx":
        path.write_bytes(sheet(("wijk", "w", 2021, 1)))
    elif name == "a.zip":
        path.write_bytes(zipped(buildings, tmp_path))
    elif name == "a.parquet":
        buildings.to_parquet(path)
    else:
        buildings.to_file(path)
    contract = INPUTS["verbruik" if name == "a.xlsx" else "gebouwen"]
    raw, chance = path.read_bytes(), random.Random(f"{name} {seed}")
    for _ in range(12):
        damaged = bytearray(raw)
        for _ in range(chance.choice([1, 5, 50])):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path.write_bytes(bytes(damaged))
        assert all(fault.problem for fault in faults_of(path, contract))


def faults_of(path: Path, contract: Contract) -> tuple[Fault, ...]:
    """Return the faults of one file, whether it could be opened or not."""
    try:
        raw, source = read_raw(path)
    except ContractError as error:
        return error.faults or (Fault(path.name, None, None, None, "", ""),)
    return check(raw, contract, source).faults


# Files that would reach outside the folder


def test_a_symbolic_link_is_refused(place: Any, buildings: gpd.GeoDataFrame) -> None:
    """A link could lead to any file of the machine."""
    path = place.put_frame("gebouwen.gpkg", buildings)
    path.rename(place.data_dir / "elders.gpkg")
    path.symlink_to(place.data_dir / "elders.gpkg")
    assert place.fault().problem == "is geen gewoon bestand"


@pytest.mark.parametrize("name", ["verhaal.md", "wijk.yml"])
def test_a_link_to_a_secret_is_refused(place: Any, tmp_path: Path, name: str) -> None:
    """A story that is a link would be published."""
    secret = tmp_path / "secret"
    secret.write_text("geheim", encoding="utf-8")
    (place.folder / name).unlink(missing_ok=True)
    (place.folder / name).symlink_to(secret)
    assert (place.fault().file, place.fault().problem) == (name, "is geen gewoon bestand")


@pytest.mark.parametrize("name", ["gebouwen.gpkg", "verbruik.csv", "verhaal.md"])
def test_a_folder_named_like_a_file_is_refused(place: Any, name: str) -> None:
    """Only files are read."""
    if name == "gebouwen.gpkg":
        (place.folder / "gebouwen.geojson").unlink()
    (place.folder / name).mkdir()
    assert place.fault().problem == "is geen gewoon bestand"


def test_a_geopackage_that_points_to_another_file_is_refused(
    place: Any, buildings: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    """GDAL would open what a virtual file names, on this machine or the network."""
    buildings.to_file(tmp_path / "secret.gpkg")
    place.put(
        "gebouwen.gpkg",
        f'<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{tmp_path}/secret.gpkg'
        "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
    )
    assert "is geen .gpkg" in place.fault().problem


def test_a_geojson_that_is_a_command_is_refused(
    place: Any, buildings: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    """GDAL would run the pipeline in it."""
    buildings.to_file(tmp_path / "secret.gpkg")
    command = f"gdal vector pipeline ! read {tmp_path}/secret.gpkg ! write --of stream streamed"
    content = {"type": "gdal_streamed_alg", "command_line": command}
    place.put("gebouwen.geojson", json.dumps(content))
    assert "niet gelezen worden" in place.fault().problem


@pytest.mark.parametrize(
    "name",
    ["../geheim", "dorp/../../geheim", "/etc/passwd", "dorp/kern/meer", "dorp\\kern", "", "dorp/",
     "Dorp/Kern", "dorp/kern\n", "dorp/k%2e", "~root/kern", "C:/kern"],
)  # fmt: skip
@pytest.mark.parametrize("reader", [check_place, read_place])
def test_a_name_that_leads_elsewhere_is_refused(place: Any, reader: Any, name: str) -> None:
    """No name of a place leaves the data folder."""
    with pytest.raises(ContractError, match="is geen naam van een plaats"):
        reader(name, data_dir=place.data_dir)


# More than one thing at once


def test_a_place_that_does_not_exist_is_told(place: Any) -> None:
    """The remedy is the command that makes it."""
    (fault,) = check_place("dorp/ergens", data_dir=place.data_dir).faults
    assert fault.problem == "de map dorp/ergens bestaat niet in de gegevensmap"
    assert "lekp new dorp/ergens" in fault.remedy


def test_a_missing_required_table_is_told(place: Any) -> None:
    """Without buildings nothing can be computed."""
    (place.folder / "gebouwen.geojson").unlink()
    assert place.fault().problem == "de verplichte tabel gebouwen ontbreekt"


def test_two_files_for_one_table_are_refused(place: Any, buildings: gpd.GeoDataFrame) -> None:
    """Which one is meant is not guessed."""
    buildings.to_file(place.folder / "gebouwen.gpkg")
    assert "gebouwen.geojson en gebouwen.gpkg" in place.fault().problem


def test_a_filled_form_beside_a_file_is_refused(place: Any) -> None:
    """The same table twice, once in the form: not guessed either."""
    place.put("verbruik.csv", f"{HEADINGS}wijk,w,2021,1\n")
    book = openpyxl.Workbook()
    sheet = book.create_sheet("verbruik")
    for row in [("Soort gebied", "Gebied", "Jaar"), ("wijk", "w", 2021)]:
        sheet.append(row)
    book.save(place.folder / "invulblad.xlsx")
    assert "verbruik.csv en invulblad.xlsx" in place.fault().problem


def test_a_story_in_another_encoding_is_told(place: Any) -> None:
    """The remedy says how to save it."""
    place.put("verhaal.md", "Zélzate", encoding="cp1252")
    assert (place.fault().file, "UTF-8" in place.fault().remedy) == ("verhaal.md", True)


def test_all_faults_of_all_files_come_at_once(place: Any) -> None:
    """A user corrects everything in one evening."""
    place.put("wijk.yml", "name: Kern\n")
    place.put_buildings(floor_area_m2=[1, -2, 3], levels=["x", 1, 2])
    place.put("straten.geojson", place.geojson([place.line()], [{"street_name": "Dorp"}]))
    place.put("verbruik.csv", f"{HEADINGS}dorp,w,1800,1\n")
    place.put("bomen.gpkg", b"SQLite format 3\x00 en dan niets")
    found = {fault.file for fault in place.faults()}
    assert found == {
        "wijk.yml", "gebouwen.geojson", "straten.geojson", "verbruik.csv", "bomen.gpkg"
    }  # fmt: skip


def test_reading_a_wrong_place_raises_every_fault(place: Any) -> None:
    """The error lists what the check reports."""
    place.put_buildings(floor_area_m2=[-1, -2, 3])
    with pytest.raises(ContractError, match=r"(?s)rij 1.*rij 2") as caught:
        read_place("dorp/kern", data_dir=place.data_dir)
    assert caught.value.faults == place.faults()


# Anything at all


@given(st.binary(max_size=200))
def test_any_bytes_in_a_csv_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    """No file of any content gives another error."""
    path = tmp_path_factory.getbasetemp() / "verbruik.csv"
    path.write_bytes(raw)
    assert all(fault.problem for fault in faults_of(path, INPUTS["verbruik"]))


CELLS = st.text(st.characters(codec="utf-8"), max_size=8)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=4), st.sampled_from(",;\t"))
def test_any_text_in_cells_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], separator: str
) -> None:
    """Cells below right headings hold values, nothing, or faults."""
    path = tmp_path_factory.getbasetemp() / "verbruik.csv"
    heading = HEADINGS.replace(",", separator)
    body = "\n".join(separator.join(row) for row in rows)
    path.write_bytes(f"{heading}{body}\n".encode())
    assert all(fault.problem for fault in faults_of(path, INPUTS["verbruik"]))
