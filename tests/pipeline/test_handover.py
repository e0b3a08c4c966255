"""A run never writes where a reader looks; a killed one leaves the last good result."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lekp_lib.errors import RunError
from lekp_lib.pipeline import handover
from lekp_lib.pipeline.handover import clear_leftovers, hand_over, workbench
from lekp_lib.pipeline.places import Project
from lekp_lib.pipeline.plan import Unit, downloads_folder, executed_file, results_folder

UnitsOf = Callable[..., list[Unit]]


@pytest.fixture
def unit(project: Project, units_of: UnitsOf) -> Unit:
    """Give a unit without results."""
    return units_of(project, "vlaanderen")[0]


def _fill(unit: Unit, bench: Path, text: str) -> None:
    for folder in (results_folder(bench, unit), downloads_folder(bench, unit)):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "table.csv").write_text(text, encoding="utf-8")
    executed = executed_file(bench, unit)
    executed.parent.mkdir(parents=True, exist_ok=True)
    executed.write_text(text, encoding="utf-8")


def _texts(unit: Unit) -> list[str]:
    paths = [unit.results / "table.csv", unit.downloads / "table.csv", unit.executed]
    return [path.read_text(encoding="utf-8") for path in paths]


def _leave_behind(unit: Unit, owner: dict[str, object]) -> Path:
    """Stop in the middle of an exchange, as a killed process would."""
    bench = unit.project.out_dir / "tmp" / "run-killed"
    _fill(unit, bench, "new")
    (bench / "owner.json").write_text(json.dumps(owner), encoding="utf-8")
    names = [path.relative_to(unit.project.out_dir).as_posix() for path in (unit.downloads,)]
    (bench / "journal.json").write_text(json.dumps(names), encoding="utf-8")
    old = bench / "old" / names[0]
    old.parent.mkdir(parents=True)
    unit.downloads.replace(old)
    downloads_folder(bench, unit).replace(unit.downloads)
    return bench


@pytest.fixture
def dead_owner() -> dict[str, object]:
    """Give the name tag of a process that is gone."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return handover._owner() | {"process": process.pid}


def test_new_results_replace_old_ones(unit: Unit) -> None:
    """All three parts change together and the bench is gone."""
    _fill(unit, unit.project.out_dir, "old")
    with workbench(unit.project.out_dir) as bench:
        _fill(unit, bench, "new")
        hand_over(unit, bench)
    assert _texts(unit) == ["new"] * 3
    assert not list((unit.project.out_dir / "tmp").iterdir())


def test_files_of_the_last_run_do_not_linger(unit: Unit) -> None:
    """A download that is no longer made is no longer there."""
    _fill(unit, unit.project.out_dir, "old")
    (unit.downloads / "gone.csv").touch()
    with workbench(unit.project.out_dir) as bench:
        _fill(unit, bench, "new")
        hand_over(unit, bench)
    assert [path.name for path in unit.downloads.iterdir()] == ["table.csv"]


def test_a_file_in_use_leaves_the_old_results(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    """When one part cannot be moved, the others are put back."""
    _fill(unit, unit.project.out_dir, "old")
    original = Path.replace

    def refuse_results(self: Path, target: Path) -> Path:
        if self == unit.results:
            raise PermissionError(13, "in gebruik", str(self))
        return original(self, target)

    with workbench(unit.project.out_dir) as bench:
        _fill(unit, bench, "new")
        monkeypatch.setattr(Path, "replace", refuse_results)
        with pytest.raises(RunError, match="sluit het bestand"):
            hand_over(unit, bench)
    monkeypatch.undo()
    assert _texts(unit) == ["old"] * 3


def test_a_killed_exchange_is_put_back(unit: Unit, dead_owner: dict[str, object]) -> None:
    """The next run finds the last good result whole."""
    _fill(unit, unit.project.out_dir, "old")
    bench = _leave_behind(unit, dead_owner)
    clear_leftovers(unit.project.out_dir)
    assert _texts(unit) == ["old"] * 3
    assert not bench.exists()


def test_a_run_that_goes_on_is_left_alone(unit: Unit) -> None:
    """Two commands may run at the same time."""
    with workbench(unit.project.out_dir) as bench:
        clear_leftovers(unit.project.out_dir)
        assert bench.is_dir()


def test_a_number_used_again_is_not_the_owner(unit: Unit) -> None:
    """Processes are told apart by when they began, too."""
    _fill(unit, unit.project.out_dir, "old")
    bench = _leave_behind(unit, handover._owner() | {"process": os.getppid(), "started": 1.0})
    clear_leftovers(unit.project.out_dir)
    assert not bench.exists()


@pytest.mark.parametrize(("age_s", "is_kept"), [(0, True), (2 * 24 * 3600, False)])
def test_a_bench_of_another_machine_is_kept_a_day(unit: Unit, age_s: int, is_kept: bool) -> None:
    """Whether its owner lives cannot be seen from here."""
    bench = unit.project.out_dir / "tmp" / "run-elsewhere"
    bench.mkdir(parents=True)
    (bench / "owner.json").write_text(
        json.dumps({"host": "elsewhere", "process": 1, "started": 1.0}), encoding="utf-8"
    )
    moment = time.time() - age_s
    os.utime(bench, (moment, moment))
    clear_leftovers(unit.project.out_dir)
    assert bench.exists() is is_kept
