"""Tests of reading the documented cases of practice."""

from __future__ import annotations

from pathlib import Path

import pytest

from lekp_lib.errors import ContractError
from lekp_lib.io.read import read_flanders, read_practice

HEADING = "case_id,question,place,year,tried,outcome,source,url,checked_on\n"
GOOD = "a-1,wp1.1,Gent,2020,Een net.,Het werkt.,Stad Gent,,2026-11\n"


def write(folder: Path, *rows: str) -> Path:
    """Write the file in a data folder and return the folder."""
    (folder / "praktijk.csv").write_text(HEADING + "".join(rows), encoding="utf-8")
    return folder


def test_the_data_folders_own_cases_come_first(tmp_path: Path) -> None:
    """An editor can work in another folder."""
    assert read_practice(data_dir=write(tmp_path, GOOD)).index.tolist() == ["a-1"]


def test_a_folder_without_cases_uses_the_projects_own(tmp_path: Path) -> None:
    """A municipality needs to hand in nothing."""
    assert len(read_practice(data_dir=tmp_path)) > 20


def test_the_cases_come_with_the_figures_for_flanders() -> None:
    """A study can show them beside its answer."""
    assert "mortsel-net" in read_flanders(data_dir="data").practice.index


@pytest.mark.parametrize(("programme", "questions"), [("wp1", 7), ("wp2", 6)])
def test_every_question_of_a_computed_programme_has_cases(programme: str, questions: int) -> None:
    """Two to four of them."""
    counts = read_practice(data_dir="data")["question"].value_counts()
    found = counts[counts.index.str.startswith(f"{programme}.")]
    assert len(found) == questions
    assert found.between(2, 4).all()


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (GOOD.replace("wp1.1", "wp9.1"), r"rij 2, kolom question, waarde «wp9.1».*Kies uit wp1\.1"),
        (GOOD.replace("a-1", "A 1"), r"kolom case_id, waarde «A 1»: is geen kenmerk"),
        (GOOD.replace(",,2026", ",www.gent.be,2026"), r"kolom url.*is geen adres.*https://"),
        (GOOD.replace("2026-11", "november"), r"kolom checked_on, waarde «november».*JJJJ-MM"),
        (GOOD.replace("2026-11", ""), r"kolom checked_on: de cel is leeg maar verplicht"),
        (GOOD.replace("Stad Gent", ""), r"kolom source: de cel is leeg maar verplicht"),
        (GOOD * 2, r"kolom case_id.*komt meer dan eens voor"),
    ],
)
def test_a_wrong_cell_is_told(tmp_path: Path, row: str, told: str) -> None:
    """By row, column and what to do."""
    with pytest.raises(ContractError, match=told):
        read_practice(data_dir=write(tmp_path, row))
