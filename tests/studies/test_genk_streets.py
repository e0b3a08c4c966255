"""The streets of Genk both ways: the chapter on the method says what the benchmark finds."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lekp_lib import wording
from lekp_lib.assumptions import load
from lekp_lib.contracts import Flanders

ROOT = Path(__file__).parents[2]
FOLDER = ROOT.parent / "shared" / "data" / "genk"


@pytest.fixture(scope="module")
def genk() -> dict[str, Any]:
    """Give the functions of the benchmark."""
    if not FOLDER.is_dir():
        pytest.skip("shared/data/genk is not there")
    return runpy.run_path(str(ROOT / "benchmarks" / "genk_streets.py"))


@pytest.fixture(scope="module")
def buildings(genk: dict[str, Any], flanders: Flanders) -> pd.DataFrame:
    """Give 7,775 buildings with heat from their shell and from the typology."""
    used = load()
    found: pd.DataFrame = genk["both_ways"](FOLDER, flanders, used, genk["fictional_year"](used))
    return found


def test_the_chapter_tells_the_figures_of_the_benchmark(
    genk: dict[str, Any], buildings: pd.DataFrame
) -> None:
    """Level, rank and difference stand in the text as they come out today."""
    text = (ROOT / "book" / "methode" / "methode.md").read_text(encoding="utf-8")
    found = genk["differences"](buildings, genk["per_street"](buildings))
    shown, hidden, level, _, scaled, between, inside = found.values()
    assert f"We tonen {shown} straten; {hidden} straten" in text
    assert f"geeft {wording.number(level, 2)} keer zoveel" in text
    assert f"verschilt een straat gemiddeld nog {wording.share(scaled)}" in text
    assert f"is daar {wording.number(inside, 2)}" in text
    assert f"is ze maar {wording.number(between, 2)}" in text


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("Boxbergheide", "Boxbergheide"),
        ("OudWinterslag", "Oud-Winterslag"),
        ("Winterslag", "Winterslag"),
        ("ZwartbergNEast", "Zwartberg-Noord, oost"),
        ("ZwartbergNWest", "Zwartberg-Noord, west"),
        ("ZwartbergSouth", "Zwartberg-Zuid"),
    ],
)
def test_the_table_of_the_chapter_is_that_of_the_benchmark(
    genk: dict[str, Any], buildings: pd.DataFrame, flanders: Flanders, code: str, name: str
) -> None:
    """Shell, typology and metered gas of each neighbourhood that can be compared."""
    text = (ROOT / "book" / "methode" / "methode.md").read_text(encoding="utf-8")
    part = buildings[buildings["neighbourhood"] == code]
    figures = [*part[["loss_mwh", "typology_mwh"]].mean(), genk["metered"](flanders, load())[code]]
    row = " | ".join([name, *(wording.number(one, 1) for one in figures)])
    assert f"| {row} |" in text


def test_inside_a_neighbourhood_both_name_the_same_streets(
    genk: dict[str, Any], buildings: pd.DataFrame
) -> None:
    """More heat by the shell is more heat by the typology, in each of the nine."""
    streets = genk["per_street"](buildings)
    pairs = streets[["loss_mwh", "typology_mwh"]].groupby("neighbourhood").corr()
    assert (pairs.xs("loss_mwh", level=1)["typology_mwh"] > 0.5).all()
