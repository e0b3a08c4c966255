"""Energy use per statistical sector becomes table ``verbruik``, or nothing changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from lekp_lib.errors import ContractError, SourceError
from lekp_lib.io.adapters._fluvius_read import read_use, sector_code
from lekp_lib.io.adapters.fluvius import import_fluvius

from .conftest import ROOT

FOLDER = ROOT / "tests/fixtures/fluvius"
WIDE, LONG, SECTORS = (
    FOLDER / name for name in ("provincies.csv", "fluvius-2020.csv", "sectoren.csv")
)
PLACE = "lille/wechelderzande"
WIDE_HEADINGS = WIDE.read_text(encoding="utf-8").splitlines()[0].split(",")


def _table(data_dir: Path) -> pd.DataFrame:
    path = data_dir / PLACE / "verbruik.csv"
    return pd.read_csv(path, dtype={"area_id": "str"}).set_index(["area_kind", "area_id", "year"])


def _import(data_dir: Path, *files: Path, **options: object) -> list[str]:
    given = {"sectors": SECTORS, **options}
    return import_fluvius(files, place=PLACE, data_dir=data_dir, **given)  # type: ignore[arg-type]


def _sheet(path: Path, *rows: list[object], headings: list[str] | None = None) -> Path:
    workbook = openpyxl.Workbook()
    for row in [headings or WIDE_HEADINGS, *rows]:
        workbook.active.append(row)
    workbook.save(path)
    return path


def _wide_row(sector: object, year: object = 2020, gas: object = 5000.0) -> list[object]:
    return [sector, year, 0, 2000.0, 0, 4.0, 0, gas, 0, 3.0, 0, "statsec2019"]


def test_sectors_add_up_to_the_wijk(data_dir: Path) -> None:
    """900.000 + 150.000,5 kWh gas, 300.000 + 60.000 kWh electricity."""
    _import(data_dir, WIDE)
    row = _table(data_dir).loc[("wijk", "1301904", 2020)]
    assert row.to_dict() == {
        "gas_mwh": 1050.0005, "gas_points": 70, "electricity_mwh": 360.0, "electricity_points": 120,
    }  # fmt: skip


def test_both_layouts_agree(data_dir: Path) -> None:
    """Households on both roles count, industry and injection do not."""
    _import(data_dir, LONG)
    row = _table(data_dir).loc[("wijk", "1301904", 2020)]
    assert (row["electricity_mwh"], row["electricity_points"]) == (360.0005, 120)


def test_sector_without_figure_leaves_the_total_empty(data_dir: Path) -> None:
    """The sign -99999 is never a number, and no partial total is shown as a total."""
    lines = _import(data_dir, WIDE)
    row = _table(data_dir).loc[("wijk", "1301904", 2021)]
    assert row[["gas_mwh", "gas_points"]].isna().all()
    assert row["electricity_mwh"] == 371.0
    assert "2021, gas: geen cijfer, dus geen totaal voor de wijk voor 13019B010." in lines
    assert "2021: huishoudens verbruikten 371,0 MWh elektriciteit op 122 aansluitingen." in lines


def test_absent_market_in_a_raw_file_is_no_connection(data_dir: Path) -> None:
    """The raw layout has rows only for what there is; the lines say so."""
    lines = _import(data_dir, LONG)
    row = _table(data_dir).loc[("wijk", "1301904", 2020)]
    assert (row["gas_mwh"], row["gas_points"]) == (900.0, 60)
    assert any(
        line.startswith("2020, gas: geen aansluitingen in het bestand")
        and line.endswith("voor 13019B010.")
        for line in lines
    )


def test_absent_sector_is_unknown_and_not_zero(tmp_path: Path, data_dir: Path) -> None:
    """A sector that is in no row of the file has no figure."""
    file = _sheet(tmp_path / "a.xlsx", _wide_row("13019B000"))
    with pytest.raises(ContractError, match="geen enkel jaar heeft cijfers"):
        _import(data_dir, file)
    assert list(data_dir.iterdir()) == []


def test_unknown_sectors_are_listed_and_not_used(data_dir: Path) -> None:
    """Use that the provider could not place is not shared out."""
    lines = _import(data_dir, WIDE)
    assert (
        "2020, elektriciteit: 4,0 MWh op 2 aansluitingen in de gemeente is aan geen sector "
        "toegewezen (13019ZZZZ) en telt niet mee."
    ) in lines
    assert "Codes voor een onbekende sector, niet gebruikt: 1." in lines
    assert "Sectoren zonder cijfers in het bestand: 1." in lines


def test_raw_file_counts_every_kind_of_unknown_sector(data_dir: Path) -> None:
    """Codes ending in zzzz, in either case, and REST."""
    assert "Codes voor een onbekende sector, niet gebruikt: 3." in _import(data_dir, LONG)


def test_rows_per_sector_on_request(data_dir: Path) -> None:
    """The wijk's row stays; sectors without any figure have none."""
    _import(data_dir, WIDE, per_sector=True, year=2021)
    table = _table(data_dir)
    assert table.index.tolist() == [
        ("wijk", "1301904", 2021), ("sector", "13019B000", 2021), ("sector", "13019B010", 2021),
    ]  # fmt: skip
    assert table.loc[("sector", "13019B000", 2021), "gas_mwh"] == 1000.0


def test_year_of_a_raw_file(tmp_path: Path, data_dir: Path) -> None:
    """From the option, else from the file's name, else refused."""
    copy = tmp_path / "fluvius.csv"
    copy.write_bytes(LONG.read_bytes())
    with pytest.raises(ContractError, match="zegt niet over welk jaar"):
        _import(data_dir, copy)
    _import(data_dir, copy, year=2019)
    assert _table(data_dir).index.get_level_values("year").tolist() == [2019]


def test_year_that_is_not_in_the_file(data_dir: Path) -> None:
    """Nothing is written for a year without figures."""
    with pytest.raises(ContractError, match="geen enkel jaar heeft cijfers"):
        _import(data_dir, WIDE, year=2012)


def test_same_year_from_two_files_is_refused(data_dir: Path) -> None:
    """Otherwise a year would count twice."""
    with pytest.raises(ContractError, match="meer dan eens voor"):
        _import(data_dir, WIDE, LONG)


@pytest.mark.parametrize("code", [1.1002e126, 13019000, "1.1002E+126", "1,1E+126"])
def test_code_that_became_a_number_is_refused(code: object, tmp_path: Path, data_dir: Path) -> None:
    """Code 11002E122 is lost when a spreadsheet reads it as a number."""
    file = _sheet(tmp_path / "a.xlsx", _wide_row("13019B000"), _wide_row(code))
    with pytest.raises(ContractError, match="een rekenblad heeft deze code in een getal") as caught:
        _import(data_dir, file)
    assert caught.value.faults[0].row == 3


def test_code_with_an_e_is_a_code() -> None:
    """As text it is fine."""
    assert sector_code("11002E122")[0] == "11002E122"


@pytest.mark.parametrize(
    ("row", "match"),
    [
        (_wide_row("13019B000", gas=-5.0), "is negatief"),
        (_wide_row("13019B000", gas="veel"), "is geen getal"),
        (_wide_row("13019B000", year=None), "is geen jaar"),
        (_wide_row("13019B000", year=2020.5), "is geen geheel getal"),
        (_wide_row("Lille"), "is geen code van een statistische sector"),
        (_wide_row(None), "is geen code van een statistische sector"),
    ],
)
def test_wrong_cells_are_refused(
    row: list[object], match: str, tmp_path: Path, data_dir: Path
) -> None:
    """With the row as a spreadsheet numbers it."""
    file = _sheet(tmp_path / "a.xlsx", row)
    with pytest.raises(ContractError, match=match) as caught:
        _import(data_dir, file)
    assert caught.value.faults[0].row == 2
    assert list(data_dir.iterdir()) == []


def test_file_full_of_wrong_cells_does_not_flood(tmp_path: Path, data_dir: Path) -> None:
    """Reading stops where the pattern is clear."""
    rows = [_wide_row(float(number)) for number in range(200)]
    with pytest.raises(ContractError) as caught:
        _import(data_dir, _sheet(tmp_path / "a.xlsx", *rows))
    assert len(caught.value.faults) <= 26


def test_headings_may_stand_below_a_title(tmp_path: Path) -> None:
    """Workbooks often begin with a title."""
    rows: list[list[object]] = [list(WIDE_HEADINGS), _wide_row("13019B000")]
    file = _sheet(tmp_path / "a.xlsx", *rows, headings=["Verbruik per sector"])
    readings = list(read_use(file, year=None))
    assert [(one.sector, one.carrier, one.kwh) for one in readings] == [
        ("13019B000", "gas", 5000.0),
        ("13019B000", "electricity", 2000.0),
    ]


@pytest.mark.parametrize(
    ("name", "content", "error", "match"),
    [
        ("a.xlsx", b"", ContractError, "het bestand is leeg"),
        ("a.xlsx", b"PK\x03\x04half", SourceError, "beschadigd of afgebroken"),
        ("a.xlsx", b"<html>404</html>", SourceError, "beschadigd of afgebroken"),
        ("a.csv", b"\xff\xfe\x00", SourceError, "beschadigd of afgebroken"),
        ("a.csv", b"naam,waarde\na,1\n", ContractError, "de kolommen zijn niet die van"),
        ("a.pdf", b"%PDF", ContractError, "dit is geen rekenblad"),
    ],
)
def test_file_that_cannot_be_used(
    name: str, content: bytes, error: type[Exception], match: str, tmp_path: Path, data_dir: Path
) -> None:
    """One Dutch sentence instead of a traceback, and nothing on disk."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(error, match=match):
        _import(data_dir, tmp_path / name)
    assert list(data_dir.iterdir()) == []


def test_workbook_that_was_cut_off(tmp_path: Path, data_dir: Path) -> None:
    """Half a download."""
    whole = _sheet(tmp_path / "whole.xlsx", _wide_row("13019B000")).read_bytes()
    (tmp_path / "half.xlsx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError, match="beschadigd of afgebroken"):
        _import(data_dir, tmp_path / "half.xlsx")


def test_table_of_sectors_is_asked_for(data_dir: Path) -> None:
    """A wijkcode does not tell its sectors."""
    with pytest.raises(ContractError, match="de tabel mee die de wijk van elke sector noemt"):
        _import(data_dir, WIDE, sectors=None)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("naam;wijk\nx;1301904\n", "geen kolom met de sector"),
        ("sector;wijk\n13019A000;1301901\n", "geen enkele sector hoort bij wijk 1301904"),
        ("sector;wijk\n1,1E+126;1301904\n", "een rekenblad heeft deze code in een getal"),
    ],
)
def test_table_of_sectors_that_does_not_fit(
    text: str, match: str, tmp_path: Path, data_dir: Path
) -> None:
    """The message says what is missing in it."""
    (tmp_path / "sectoren.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ContractError, match=match):
        _import(data_dir, WIDE, sectors=tmp_path / "sectoren.csv")


def test_wijk_code_as_a_number_in_the_table_of_sectors(tmp_path: Path, data_dir: Path) -> None:
    """A whole number reads as its digits."""
    rows: list[list[object]] = [["13019B000", 1301904.0], ["13019B010", 1301904]]
    file = _sheet(tmp_path / "s.xlsx", *rows, headings=["sector", "wijk"])
    lines = _import(data_dir, WIDE, sectors=file)
    assert any("telt 2 statistische sectoren: 13019B000, 13019B010." in line for line in lines)


def test_place_without_wijk_code_is_refused(data_dir: Path) -> None:
    """Without a code nobody knows which sectors count."""
    with pytest.raises(ContractError, match="de wijkcode is niet bekend"):
        import_fluvius([WIDE], place="lille/nergens", data_dir=data_dir, sectors=SECTORS)


def test_table_that_is_there_is_kept(data_dir: Path) -> None:
    """Unless the user asks to replace it."""
    _import(data_dir, WIDE, year=2020)
    with pytest.raises(ContractError, match="de tabel verbruik bestaat al"):
        _import(data_dir, WIDE)
    _import(data_dir, WIDE, force=True)
    assert _table(data_dir).index.get_level_values("year").tolist() == [2020, 2021]


def test_filled_in_template_is_in_the_way(data_dir: Path) -> None:
    """Rows that someone typed into the workbook are a table too."""
    folder = data_dir / PLACE
    folder.mkdir(parents=True)
    workbook = openpyxl.Workbook()
    workbook.active.title = "verbruik"
    workbook.active.append(["Soort gebied", "Gebied", "Jaar"])
    workbook.active.append(["wijk", "1301904", 2020])
    workbook.save(folder / "invulblad.xlsx")
    with pytest.raises(ContractError, match=re.escape("invulblad.xlsx")):
        _import(data_dir, WIDE, force=True)


def test_source_is_noted(data_dir: Path) -> None:
    """wijk.yml tells file and years."""
    lines = _import(data_dir, WIDE)
    text = (data_dir / PLACE / "wijk.yml").read_text(encoding="utf-8")
    assert "source: Fluvius, bestand provincies.csv" in text
    assert "date: 2020 en 2021" in text
    assert "niet omgerekend naar een gemiddelde winter" in lines[-2]


@pytest.mark.parametrize(
    "name",
    [
        "fluvius/upload_elektriciteit_verbruik.xlsx",
        "fluvius/statistiche-sector-zonder-subsector-2020.xlsx",
    ],
)
def test_wechelderzande(name: str, real: Callable[[str], Path], data_dir: Path) -> None:
    """Five sectors; 2020 is the same in both layouts, 2021 is the known total."""
    sectors = real("boundaries/statsec2019_als_basis.xlsx")
    _import(data_dir, real(name), sectors=sectors)
    table = _table(data_dir).loc["wijk"].loc["1301904"]
    assert table.loc[2020, ["gas_mwh", "gas_points"]].tolist() == [15070.74322, 1031]
    if 2021 in table.index:
        assert table.loc[2021, "gas_mwh"] == pytest.approx(17_646.6, abs=0.05)
        assert table.loc[2021, "gas_points"] == 1055
