"""The runs of one command, side by side."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from lekp_lib.errors import ContractError, Fault, RunError
from lekp_lib.pipeline import execute as execute_room
from lekp_lib.pipeline.kernels import fleet
from lekp_lib.pipeline.manifest import Outcome, read_manifest
from lekp_lib.pipeline.places import Project
from lekp_lib.pipeline.plan import Unit
from lekp_lib.pipeline.run import Gate, run, run_all, stale_tasks

UnitsOf = Callable[..., list[Unit]]
PutNotebook = Callable[[Project, str, str], None]


def _allow(place: str) -> None:
    """Find no fault with any place."""


def test_a_failure_does_not_stop_the_others(mixed_project: Project, units_of: UnitsOf) -> None:
    """Two of ten notebooks fail, the others have their results."""
    states = {unit.name: read_manifest(unit.manifest) for unit in units_of(mixed_project)}
    failed = {name for name, manifest in states.items() if manifest and manifest.status != "ok"}
    assert failed == {"aalst/rozendreef/wp3_straten", "aalst/stationswijk/wp3_straten"}
    assert all(states.values())


def test_only_what_failed_runs_again(mixed_project: Project, units_of: UnitsOf) -> None:
    """The rest is fresh."""
    tasks, unreadable = stale_tasks(units_of(mixed_project))
    assert {task.unit.template.name for task in tasks} == {"wp3_straten"}
    assert not unreadable


def test_force_runs_what_is_fresh(mixed_project: Project, units_of: UnitsOf) -> None:
    """The reason says so."""
    tasks, _ = stale_tasks(units_of(mixed_project, "vlaanderen"), force=True)
    assert [task.reason for task in tasks] == ["gevraagd met --force"]


def test_bad_data_start_no_kernel(
    project: Project, units_of: UnitsOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All notebooks of the place fail with the faults found, which are looked for once."""
    checked: list[str] = []

    def refuse(place: str) -> None:
        checked.append(place)
        fault = Fault("gebouwen.csv", 3, "levels", "-2", "moet groter zijn dan 0", "Verbeter.")
        raise ContractError([fault])

    monkeypatch.setattr(execute_room, "_papermill", None)
    runs = run(units_of(project, "aalst/rozendreef"), check=refuse)
    assert checked == ["aalst/rozendreef"]
    assert {outcome.error for outcome in runs.failed} == {
        "gebouwen.csv, rij 3, kolom levels, waarde «-2»: moet groter zijn dan 0. "
        "Wat te doen: Verbeter."
    }
    assert len(runs.failed) == 4


def test_a_bug_is_told_apart(
    project: Project, units_of: UnitsOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fails its unit and keeps its traceback."""

    def break_down(*_: object, **__: object) -> None:
        raise TypeError("oei")

    monkeypatch.setattr(execute_room, "_papermill", break_down)
    runs = run(units_of(project, "vlaanderen"), check=_allow)
    assert "TypeError: oei" in (runs.outcomes[0].bug or "")


def test_each_end_is_reported(
    project: Project, units_of: UnitsOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, whatever the outcome."""

    def refuse(*_: object, **__: object) -> None:
        raise RunError("nee")

    told: list[Outcome] = []
    monkeypatch.setattr(execute_room, "_papermill", refuse)
    runs = run(units_of(project), check=_allow, report=told.append)
    assert told == list(runs.outcomes)
    assert len(told) == 12


def test_breaking_off_stops_cleanly(
    project: Project, units_of: UnitsOf, put_notebook: PutNotebook
) -> None:
    """Running kernels are gone, nothing is recorded and nothing is left behind."""
    put_notebook(project, "gemeente", "slow")
    tasks, _ = stale_tasks(units_of(project, "s*", "antwerpen"))

    def interrupt(_: Outcome) -> None:
        raise KeyboardInterrupt

    put_notebook(project, "vlaanderen", "fine")
    more, _ = stale_tasks(units_of(project, "vlaanderen"))
    with pytest.raises(KeyboardInterrupt):
        run_all([*more, *tasks], check=_allow, jobs=3, report=interrupt)
    assert all(read_manifest(task.unit.manifest) is None for task in tasks)
    assert not list((project.out_dir / "tmp").iterdir())


def test_a_place_is_checked_once_by_many() -> None:
    """Threads that ask at the same time share the answer."""
    asked: list[str] = []
    gate = Gate(asked.append)
    threads = [threading.Thread(target=gate, args=("aalst/x",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asked == ["aalst/x"]


def test_sockets_are_private_and_cleared_away() -> None:
    """Where the system has them, nobody else can reach a kernel."""
    with fleet() as kernels:
        folder = kernels._sockets
        if folder is None:
            pytest.skip("this system uses local ports")
        assert Path(folder).stat().st_mode & 0o077 == 0
    assert not folder.exists()
