"""Tests of reading what a municipality did for its targets, and the figures for Flanders."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from lekp_lib.contracts import INPUTS, Flanders
from lekp_lib.errors import ContractError
from lekp_lib.io.read import nis_code_of, read_flanders, read_municipalities, read_progress

HEADINGS = "Doel;Jaar;Gerealiseerd;Eenheid;Bron\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder of a municipality."""
    (tmp_path / "berlaar").mkdir()
    return tmp_path / "berlaar"


def test_without_a_file_nothing_is_known(folder: Path) -> None:
    """The table has its columns and no rows."""
    progress = read_progress("berlaar", data_dir=folder.parent)
    assert progress.empty
    assert list(progress.columns) == list(INPUTS["voortgang"].columns)


def test_a_csv_is_read(folder: Path) -> None:
    """Numbers with a decimal comma are numbers."""
    (folder / "voortgang.csv").write_text(f"{HEADINGS}W2d;2024;123,5;kW;Fluvius\n", "utf-8")
    progress = read_progress("berlaar", data_dir=folder.parent)
    assert progress.loc[0, ["goal_id", "year", "realised"]].tolist() == ["W2d", 2024, 123.5]


def test_a_workbook_is_read(folder: Path) -> None:
    """A sheet of a workbook does as well."""
    book = openpyxl.Workbook()
    for row in [HEADINGS.strip().split(";"), ("W1a", 2024, 10, "boom", "dienst groen")]:
        book.active.append(row)
    book.save(folder / "voortgang.xlsx")
    assert read_progress("berlaar", data_dir=folder.parent)["realised"].tolist() == [10.0]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("W1a;2024;-5;boom;x", "minstens 0"),
        ("W1a;2014;5;boom;x", "minstens 2015"),
        ("W1a;2024;5;;x", "leeg maar verplicht"),
        ("W1a;2024;5;boom;x\nW1a;2024;6;boom;x", "komt meer dan eens voor"),
    ],
)
def test_a_wrong_row_is_refused(folder: Path, row: str, said: str) -> None:
    """Every fault of the file in one error."""
    (folder / "voortgang.csv").write_text(f"{HEADINGS}{row}\n", "utf-8")
    with pytest.raises(ContractError, match=said):
        read_progress("berlaar", data_dir=folder.parent)


def test_two_files_are_refused(folder: Path) -> None:
    """Which one is meant is not guessed."""
    (folder / "voortgang.csv").write_text(HEADINGS, "utf-8")
    (folder / "voortgang.xlsx").write_bytes(b"PK")
    with pytest.raises(ContractError, match=r"voortgang\.csv en voortgang\.xlsx"):
        read_progress("berlaar", data_dir=folder.parent)


def test_a_link_is_refused(folder: Path) -> None:
    """A link could lead anywhere."""
    (folder / "voortgang.csv").symlink_to(folder / "niets.csv")
    with pytest.raises(ContractError, match="geen gewoon bestand"):
        read_progress("berlaar", data_dir=folder.parent)


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("municipalities", 285), ("wijken", 2526), ("wijk_energy", 10_092),
        ("targets", 32), ("mergers", 28),
    ],
)  # fmt: skip
def test_the_figures_for_flanders_are_complete(flanders: Flanders, table: str, rows: int) -> None:
    """Every municipality, wijk and target is there."""
    assert len(getattr(flanders, table)) == rows


def test_codes_are_text_of_five_digits(flanders: Flanders) -> None:
    """No code lost a zero or became a number."""
    for codes in (
        flanders.municipalities.index.to_series(),
        flanders.wijken["nis_code"],
        flanders.building_stock["nis_code"],
        flanders.mergers["nis_code_2025"],
    ):
        assert codes.str.fullmatch(r"\d{5}").all()


def test_every_wijk_lies_in_a_known_municipality(flanders: Flanders) -> None:
    """And every row of energy belongs to a known wijk."""
    assert flanders.wijken["nis_code"].isin(flanders.municipalities.index).all()
    assert flanders.wijk_energy["wijk_code"].isin(flanders.wijken.index).all()


def test_names_of_municipalities_make_different_pages(flanders: Flanders) -> None:
    """No two municipalities share a slug."""
    codes = [nis_code_of(code, data_dir="data") for code in flanders.municipalities.index]
    assert codes == flanders.municipalities.index.tolist()


@pytest.mark.parametrize(("name", "code"), [("berlaar", "12002"), ("sint-niklaas", "46021")])
def test_a_municipality_is_found_by_its_slug(name: str, code: str) -> None:
    """A page and a command use the slug."""
    assert nis_code_of(name, data_dir="data") == code


def test_a_misspelt_municipality_is_offered_near_ones() -> None:
    """The error names what was probably meant."""
    with pytest.raises(ContractError, match=r"Bedoelde u .*berlaar"):
        nis_code_of("berlar", data_dir="data")


def test_a_data_folder_without_flanders_uses_the_projects_own(tmp_path: Path) -> None:
    """A municipality needs to hand in only its own folder."""
    assert len(read_municipalities(data_dir=tmp_path)) == 285


def test_a_data_folder_with_half_of_flanders_is_refused(tmp_path: Path) -> None:
    """A table that is missing is named."""
    (tmp_path / "vlaanderen").mkdir()
    with pytest.raises(ContractError, match=r"municipalities\.csv: het bestand ontbreekt"):
        read_flanders(data_dir=tmp_path)


def test_what_was_read_can_be_changed_without_harm() -> None:
    """A caller gets its own copy."""
    mine = read_municipalities(data_dir="data")
    mine.loc["12002", "name"] = "x"
    assert read_municipalities(data_dir="data").loc["12002", "name"] == "Berlaar"
