"""Tests of reading premiums, loans and rules, of Flanders and of a municipality."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from lekp_lib.contracts import INPUTS
from lekp_lib.errors import ContractError
from lekp_lib.io.read import check_place, read_flanders, read_local_rules, read_place

ROOT = Path(__file__).parents[2]
HEADINGS = (
    "Regel-id;Soort regel;Onderwerp;Waarde;Eenheid;"
    "Geldig vanaf;Geldig tot en met;Nagekeken op;Bron\n"
)
ROW = "eigen_dak;premie;dak;500;EUR;01/03/2026;;01/09/2026;gemeenteraad\n"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Give a data folder with the small place."""
    shutil.copytree(ROOT / "tests/fixtures/data/proefgemeente", tmp_path / "proefgemeente")
    return tmp_path


def put(data_dir: Path, text: str) -> None:
    """Write the rules of the municipality."""
    (data_dir / "proefgemeente" / "regels.csv").write_text(HEADINGS + text, "utf-8")


def test_the_rules_of_flanders_hold_their_contract() -> None:
    """They are read with the other figures for Flanders; each names its source."""
    rules = read_flanders(data_dir=ROOT / "data").rules
    assert list(rules.columns) == list(INPUTS["regels"].columns)
    assert len(rules) > 20
    assert rules["source"].notna().all()
    assert (rules["checked_on"] <= pd.Timestamp("2026-11-30")).all()
    assert (rules["value"].isna() | rules["unit"].notna()).all()


def test_each_rule_has_one_kind_and_subject() -> None:
    """A rule may change its value over time, not what it is about."""
    rules = read_flanders(data_dir=ROOT / "data").rules
    about = rules[["rule_id", "kind", "subject", "income_group", "tenure"]].drop_duplicates()
    assert about["rule_id"].is_unique


def test_what_was_not_found_is_not_confirmed_lately() -> None:
    """The interest of 2025 and 2026 is unknown: the row of 2024 says so by its day."""
    rules = read_flanders(data_dir=ROOT / "data").rules
    last = rules[rules["rule_id"] == "loan_rate"].sort_values("valid_from").iloc[-1]
    assert (last["value"], last["checked_on"].year) == (0.0275, 2024)


def test_without_a_table_a_place_has_no_rules_of_its_own(data_dir: Path) -> None:
    """The table has its columns and no rows."""
    rules = read_place("proefgemeente/proefwijk", data_dir=data_dir).rules
    assert rules.empty
    assert list(rules.columns) == list(INPUTS["regels"].columns)


def test_the_rules_of_a_municipality_come_with_its_places(data_dir: Path) -> None:
    """Dutch headings and Belgian dates are understood."""
    put(data_dir, ROW)
    row = read_place("proefgemeente/proefwijk", data_dir=data_dir).rules.iloc[0]
    assert (row["kind"], row["subject"], row["value"]) == ("premium", "roof", 500.0)
    assert (row["valid_from"], row["checked_on"]) == (
        pd.Timestamp("2026-03-01"),
        pd.Timestamp("2026-09-01"),
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROW.replace("premie", "gunst"), "staat niet in de lijst"),
        (ROW.replace(";;", ";28/02/2026;"), "2026-02-28.*ligt vóór.*2026-03-01"),
        (ROW.replace("500;EUR", "500;"), "«Eenheid» ontbreekt bij «Waarde»"),
        (ROW.replace("01/09/2026", ""), "leeg maar verplicht"),
        (ROW + ROW, "komt meer dan eens voor"),
        (ROW.replace("01/03/2026", "") * 2, "komt meer dan eens voor"),
    ],
)
def test_a_wrong_rule_stops_its_places(data_dir: Path, row: str, said: str) -> None:
    """The municipality and each of its places tell the fault."""
    put(data_dir, row)
    with pytest.raises(ContractError, match=said):
        read_local_rules("proefgemeente", data_dir=data_dir)
    report = check_place("proefgemeente/proefwijk", data_dir=data_dir)
    assert [fault.file for fault in report.faults] == ["regels.csv"] * len(report.faults)
    assert report.faults


def test_a_data_folder_of_its_own_may_lack_the_table(tmp_path: Path) -> None:
    """Every rule is then missing, which the pages say; nothing is guessed."""
    folder = tmp_path / "vlaanderen"
    shutil.copytree(ROOT / "data" / "vlaanderen", folder)
    (folder / "regels.csv").unlink()
    assert read_flanders(data_dir=tmp_path).rules.empty
