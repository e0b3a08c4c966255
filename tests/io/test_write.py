"""Tests of what is written: contract tables that read back, and public files without secrets."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from lekp_lib.assumptions import load
from lekp_lib.contracts import INPUTS
from lekp_lib.contracts.lists import MUNICIPAL_TABLES
from lekp_lib.disclosure import KEY_FIGURES, Results, guard_key_figures, release
from lekp_lib.errors import ContractError
from lekp_lib.io.template import write_workbook
from lekp_lib.io.write import FICTIONAL_NOTE, TOO_SMALL, write_results, write_table

SECRET = 123.456
PRIVACY = ("privacy.smallest_cell", "privacy.smallest_street_dwellings")


def wijken(names: list[str]) -> gpd.GeoDataFrame:
    """Return rows of ``wijken_screening``; the first stands on nine connections."""
    rows = len(names)
    planted = [SECRET, *[15.0] * (rows - 1)][:rows]
    frame = pd.DataFrame(
        {
            "wijk_code": [str(number) for number in range(rows)],
            "wijk": names,
            "gas_points": [9.0, *[100.0] * (rows - 1)][:rows],
            "gas_per_connection_mwh": planted,
            "on_gas_share": 0.5,
            "gas_mwh_km2": planted,
            "connections_km2": planted,
            "gas_mwh_km2_percentile": 0.5,
            "hint": "dense",
        }
    )
    points = gpd.points_from_xy([180_000.0] * rows, [200_000.0] * rows)
    return gpd.GeoDataFrame(frame, geometry=points, crs=31370)


def results(names: list[str], *, is_fictional: bool = False) -> Results:
    """Return results with one table and one key figure that are too small to show."""
    used = load().pick(PRIVACY)
    row = ("gas_mwh", SECRET, "MWh", "gas", 0, "measured", "LEKPTotalHousingUnits", 9.0)
    figures = pd.DataFrame([row], columns=[*KEY_FIGURES, "households"])
    return release(
        {"wijken_screening": wijken(names)},
        key_figures=guard_key_figures(figures, used),
        used=used,
        title="Dorp",
        is_fictional=is_fictional,
    )


def write(tmp_path: Path, handed_over: Results) -> Path:
    """Write results and return the folder of the public files."""
    write_results(handed_over, place="dorp/kern", notebook="wp1", out_dir=tmp_path)
    return tmp_path / "downloads" / "dorp" / "kern" / "wp1"


def test_every_file_written_is_named(tmp_path: Path) -> None:
    """Internal tables below results, public ones below downloads."""
    paths = write_results(results(["a", "b"]), place="dorp/kern", notebook="wp1", out_dir=tmp_path)
    names = {path.relative_to(tmp_path).as_posix() for path in paths}
    assert names == {
        "results/dorp/kern/wp1/kerncijfers.csv",
        "results/dorp/kern/wp1/wijken_screening.parquet",
        "downloads/dorp/kern/wp1/kerncijfers.csv",
        "downloads/dorp/kern/wp1/wijken_screening.csv",
        "downloads/dorp/kern/wp1/wijken_screening.geojson",
        "downloads/dorp/kern/wp1/wp1.xlsx",
    }
    assert all(path.is_file() for path in paths)


def test_no_public_file_holds_what_is_too_small(tmp_path: Path) -> None:
    """A planted value is found in the internal table only."""
    public = write(tmp_path, results(["a", "b"]))
    texts = [path.read_text("utf-8") for path in public.glob("*.*") if path.suffix != ".xlsx"]
    book = openpyxl.load_workbook(public / "wp1.xlsx")
    texts += [str(row) for sheet in book for row in sheet.iter_rows(values_only=True)]
    assert len(texts) > 3
    assert [text for text in texts if str(SECRET) in text] == []
    internal = pd.read_parquet(tmp_path / "results/dorp/kern/wp1/wijken_screening.parquet")
    assert internal.loc[0, "gas_mwh_km2"] == SECRET


def test_downloads_carry_the_official_name(tmp_path: Path) -> None:
    """The pact's own name stands beside our key, in the CSV and in the workbook."""
    public = write(tmp_path, results(["a", "b"]))
    table = pd.read_csv(public / "kerncijfers.csv")
    assert table["lekp_name"].tolist() == ["LEKPTotalHousingUnits"]
    sheet = openpyxl.load_workbook(public / "wp1.xlsx")["Kerncijfers"]
    heading, row = sheet.iter_rows(values_only=True)
    assert (heading[4], row[4]) == ("Naam in het LEKP", "LEKPTotalHousingUnits")


def test_a_blank_says_why_in_the_workbook(tmp_path: Path) -> None:
    """People see that the figure is too small, not that it is missing."""
    path = write(tmp_path, results(["a", "b"])) / "wp1.xlsx"
    row = [cell.value for cell in openpyxl.load_workbook(path)["wijken_screening"][2]]
    assert row.count(TOO_SMALL) == 7


def test_the_workbook_speaks_dutch(tmp_path: Path) -> None:
    """Titles with units for headings, labels for codes."""
    path = write(tmp_path, results(["a", "b"])) / "wp1.xlsx"
    sheet = openpyxl.load_workbook(path)["wijken_screening"]
    assert [cell.value for cell in sheet[1]][3] == "Gas per aansluiting (MWh)"
    assert "onderzoek een warmtenet" in str([cell.value for cell in sheet[3]])


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_becomes_a_formula(tmp_path: Path, start: str) -> None:
    """A name that starts like a formula stays a name."""
    path = write(tmp_path, results(["a", f'{start}HYPERLINK("x")'])) / "wp1.xlsx"
    cell = openpyxl.load_workbook(path)["wijken_screening"]["B3"]
    assert cell.data_type == "s"
    assert str(cell.value).startswith("'")


@pytest.mark.parametrize(("name", "cell"), [("a\x0bb", "ab"), ("", None), ("<b>&", "<b>&")])
def test_odd_names_can_be_written(tmp_path: Path, name: str, cell: str | None) -> None:
    """No name of a wijk stops the writing at the very end of a run."""
    path = write(tmp_path, results(["a", name])) / "wp1.xlsx"
    assert openpyxl.load_workbook(path)["wijken_screening"]["B3"].value == cell


def test_a_fictional_place_says_so_in_every_file(tmp_path: Path) -> None:
    """A download that travels still says that the place does not exist."""
    public = write(tmp_path, results(["a", "b"], is_fictional=True))
    for path in public.glob("*.csv"):
        assert (pd.read_csv(path)["gegevens"] == "fictief").all()
    content = json.loads((public / "wijken_screening.geojson").read_text("utf-8"))
    assert {feature["properties"]["gegevens"] for feature in content["features"]} == {"fictief"}
    about = openpyxl.load_workbook(public / "wp1.xlsx")["Leesmij"]
    assert (about["A1"].value, about["A2"].value) == ("Dorp (fictief)", FICTIONAL_NOTE)


def test_a_public_map_is_in_degrees(tmp_path: Path) -> None:
    """GeoJSON is WGS 84 by its standard."""
    path = write(tmp_path, results(["a", "b"])) / "wijken_screening.geojson"
    east, north = json.loads(path.read_text("utf-8"))["features"][0]["geometry"]["coordinates"]
    assert (round(east), round(north)) == (5, 51)


def test_a_table_without_rows_can_be_written(tmp_path: Path) -> None:
    """A place without wijken with figures still has its files."""
    assert (write(tmp_path, results([])) / "wijken_screening.geojson").is_file()


def test_writing_again_gives_the_same_files(tmp_path: Path) -> None:
    """CSV and GeoJSON depend on the rows alone."""
    public = write(tmp_path, results(["a", "b"]))
    before = {path.name: path.read_bytes() for path in public.glob("*.csv")}
    write(tmp_path, results(["a", "b"]))
    assert {path.name: path.read_bytes() for path in public.glob("*.csv")} == before


def test_a_place_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    """Nothing is written outside the folder of results."""
    with pytest.raises(ContractError, match="is geen naam van een plaats"):
        write_results(results(["a"]), place="../kern", notebook="wp1", out_dir=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_map_table_reads_back(place: Any, tmp_path: Path) -> None:
    """What an import writes is what the platform reads."""
    before = place.read().tables["gebouwen"]
    path = write_table("gebouwen", before, tmp_path)
    place.put("gebouwen.gpkg", path.read_bytes())
    pd.testing.assert_frame_equal(place.read().tables["gebouwen"], before)


def test_a_plain_table_reads_back(place: Any, tmp_path: Path) -> None:
    """Codes, numbers and empty cells survive the CSV."""
    place.put(
        "verbruik.csv",
        "area_kind,area_id,year,gas_mwh,gas_points\nsector,11002E122,2021,12.5,\nwijk,007,2021,,3\n",
    )
    before = place.read().tables["verbruik"]
    place.put("verbruik.csv", write_table("verbruik", before, tmp_path).read_bytes())
    pd.testing.assert_frame_equal(place.read().tables["verbruik"], before)


@pytest.mark.parametrize("shape", [None, shapely.box(180_000, 200_000, 180_040, 200_030)])
def test_a_table_that_may_do_without_map_reads_back(
    place: Any, tmp_path: Path, shape: shapely.Polygon | None
) -> None:
    """With a shape it is a GeoPackage, without any a CSV."""
    rows = {"actor_id": ["a1"], "role_name": ["Gemeente"], "kind": ["public"]}
    frame = gpd.GeoDataFrame(rows | {"contribution_kind": ["land"]}, geometry=[shape], crs=31370)
    path = write_table("actoren", frame, tmp_path)
    assert path.suffix == (".csv" if shape is None else ".gpkg")
    place.put(path.name, path.read_bytes())
    assert gpd.GeoDataFrame(place.read().tables["actoren"]).geometry.tolist() == [shape]


def test_hours_read_back(place: Any, tmp_path: Path) -> None:
    """A time is written as a reader of ours takes it."""
    hours = pd.date_range("2023-01-01", periods=8760, freq="h", unit="ns")
    path = write_table("klimaat", pd.DataFrame({"timestamp": hours, "rain_mm": 0.5}), tmp_path)
    assert path.read_text("utf-8").startswith("timestamp,rain_mm\n2023-01-01 00:00,0.5\n")
    place.put("klimaat.csv", path.read_bytes())
    assert place.read().tables["klimaat"]["timestamp"].tolist() == list(hours)


def test_the_bytes_of_a_map_table_depend_on_its_rows_alone(place: Any, tmp_path: Path) -> None:
    """The demonstration data do not change by being made again."""
    table = place.read().tables["gebouwen"]
    first = write_table("gebouwen", table, tmp_path).read_bytes()
    time.sleep(1.1)  # GeoPackage stores the second in which it was written
    assert write_table("gebouwen", table, tmp_path).read_bytes() == first


def test_a_table_may_get_another_name(place: Any, tmp_path: Path) -> None:
    """The layer keeps the name of the table."""
    path = write_table("straten", place.read().tables["straten"], tmp_path, basename="nieuw")
    assert path.name == "nieuw.gpkg"


# The form


@pytest.fixture
def form(place: Any) -> Path:
    """Give an empty form in the folder of the neighbourhood."""
    return write_workbook(place.folder / "invulblad.xlsx")


def test_the_form_has_a_sheet_for_every_table_without_map(form: Path) -> None:
    """Tables that need shapes are explained on the first sheet alone."""
    plain = [n for n, one in INPUTS.items() if not one.needs_shapes and n not in MUNICIPAL_TABLES]
    assert openpyxl.load_workbook(form).sheetnames == ["Leesmij", *plain]


def test_the_form_explains_every_column_of_every_map(form: Path) -> None:
    """Who draws a map finds what it must hold."""
    rows = list(openpyxl.load_workbook(form)["Leesmij"].iter_rows(values_only=True))
    explained = {row[0] for row in rows}
    for contract in INPUTS.values():
        if contract.geometry:
            assert {f"{contract.name}.gpkg", *contract.columns} <= explained


def test_an_empty_form_counts_as_nothing(form: Path, place: Any) -> None:
    """A form that nobody filled in is no table."""
    assert set(place.read().tables) == {"gebouwen", "straten"}
    assert place.check().notices == ()


def test_a_filled_form_is_read(form: Path, place: Any) -> None:
    """What someone fills in, in Dutch, becomes a table."""
    book = openpyxl.load_workbook(form)
    for position, value in enumerate(["statistische sector", "11002E122", 2021, 12.5], start=1):
        book["verbruik"].cell(row=2, column=position, value=value)
    book.save(form)
    use = place.read().tables["verbruik"]
    assert use[["area_kind", "area_id", "gas_mwh"]].iloc[0].tolist() == [
        "sector",
        "11002E122",
        12.5,
    ]


def test_a_fault_in_the_form_names_sheet_and_row(form: Path, place: Any) -> None:
    """The user finds the cell."""
    book = openpyxl.load_workbook(form)
    for position, value in enumerate(["wijk", "w", "dit jaar"], start=1):
        book["verbruik"].cell(row=2, column=position, value=value)
    book.save(form)
    assert (place.fault().file, place.fault().row) == ("invulblad.xlsx · verbruik", 2)


@pytest.mark.parametrize(
    ("table", "letter", "shown"), [("verbruik", "B", "@"), ("klimaat", "A", "yyyy-mm-dd hh:mm")]
)
def test_codes_and_times_are_kept_in_every_row(
    form: Path, table: str, letter: str, shown: str
) -> None:
    """Below the prepared rows too, a spreadsheet leaves a code alone and shows the hour."""
    sheet = openpyxl.load_workbook(form)[table]
    assert sheet[f"{letter}150"].number_format == shown
    assert sheet.column_dimensions[letter].number_format == shown


def test_closed_lists_offer_their_choices(form: Path) -> None:
    """The choices fit in what a spreadsheet can hold, and are the Dutch labels."""
    for sheet in openpyxl.load_workbook(form):
        for choice in sheet.data_validations.dataValidation:
            assert len(choice.formula1) <= 257
    (choice,) = openpyxl.load_workbook(form)["verbruik"].data_validations.dataValidation
    assert choice.formula1 == '"straat,statistische sector,wijk"'
