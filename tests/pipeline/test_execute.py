"""One strict run: what is checked before a kernel starts and after it ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lekp_lib.errors import RunError
from lekp_lib.pipeline.cache import Fingerprints, Task
from lekp_lib.pipeline.execute import Workshop, check_parameters, execute, parameters_of
from lekp_lib.pipeline.kernels import fleet
from lekp_lib.pipeline.manifest import Outcome, read_manifest
from lekp_lib.pipeline.places import Project
from lekp_lib.pipeline.plan import Unit

UnitsOf = Callable[..., list[Unit]]
PutNotebook = Callable[[Project, str, str], None]
Run = Callable[..., Outcome]


@pytest.fixture
def run_one(project: Project, units_of: UnitsOf, put_notebook: PutNotebook) -> Iterator[Run]:
    """Give a function that runs one tiny notebook for Aalst."""

    def run(kind: str, *, seconds: int = 60, **overrides: object) -> Outcome:
        put_notebook(project, "gemeente", kind)
        unit = units_of(project, "aalst", only=("gemeente",))[0]
        place = replace(unit.place, parameters={"gemeente": overrides})
        unit = replace(unit, place=place)
        task = Task(unit=unit, stamp=Fingerprints().stamp(unit), reason="")
        with fleet() as kernels:
            return execute(task, Workshop(kernels, lambda _: None, cell_timeout_s=seconds))

    return run


def _declared(project: Project) -> tuple[Path, dict[str, object]]:
    notebook = project.notebooks_dir / "gemeente.ipynb"
    return notebook, parameters_of(notebook)


def test_a_good_run_is_put_in_place(run_one: Run) -> None:
    """Notebook, tables and manifest are there, and nothing is left on the bench."""
    unit = run_one("fine").unit
    manifest = read_manifest(unit.manifest)
    assert manifest is not None
    assert (manifest.status, manifest.good_start) == ("ok", manifest.start)
    assert unit.executed.is_file()
    assert (unit.downloads / "tabel.csv").is_file()
    assert not list((unit.project.out_dir / "tmp").iterdir())


def test_parameters_reach_the_notebook(run_one: Run) -> None:
    """An override of the place ends up in its results."""
    unit = run_one("fine", scale=2.5).unit
    assert "scale,2.5" in (unit.results / "kerncijfers.csv").read_text(encoding="utf-8")


def test_a_failing_cell_is_named(run_one: Run) -> None:
    """The message tells cell, notebook and error; the notebook is kept to look into."""
    outcome = run_one("failing")
    assert re.search(r"cel \d+ van «gemeente\.ipynb».*ZeroDivisionError", outcome.error or "")
    assert outcome.unit.failed.is_file()
    assert not outcome.unit.executed.exists()


def test_our_own_message_is_passed_on_as_it_is(run_one: Run) -> None:
    """A contract error is Dutch and complete already."""
    assert (run_one("explaining").error or "").startswith("gebouwen.csv: het bestand is leeg")


def test_a_failure_leaves_the_last_good_result(run_one: Run) -> None:
    """The old figures stay and the manifest says that the last run failed."""
    unit = run_one("fine").unit
    run_one("failing")
    manifest = read_manifest(unit.manifest)
    assert manifest is not None
    assert manifest.status == "failed"
    assert manifest.good_start is not None
    assert unit.executed.is_file()
    assert (unit.results / "kerncijfers.csv").is_file()


def test_a_slow_cell_is_broken_off(run_one: Run) -> None:
    """The message says how long it may take."""
    assert "langer dan 1 seconden" in (run_one("slow", seconds=1).error or "")


@pytest.mark.parametrize(
    ("kind", "message"), [("silent", "schreef geen kerncijfers.csv"), ("mute", "toont niets")]
)
def test_reaching_the_end_is_not_enough(run_one: Run, kind: str, message: str) -> None:
    """A run without figures or without output is a failure."""
    assert message in (run_one(kind).error or "")


def test_a_dead_kernel_gets_one_more_chance(run_one: Run) -> None:
    """The notebook kills its kernel the first time and is fine the second."""
    assert run_one("dying").status == "ok"


def test_a_notebook_without_the_tag_is_refused(run_one: Run) -> None:
    """Its parameters would silently be ignored."""
    assert "geen cel met het label «parameters»" in (run_one("untagged").error or "")


def test_a_notebook_that_is_no_notebook_is_refused(tmp_path: Path) -> None:
    """The message names the file."""
    path = tmp_path / "kapot.ipynb"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(RunError, match=r"«kapot\.ipynb» kan niet worden gelezen"):
        parameters_of(path)


def test_a_misspelt_parameter_is_refused(project: Project) -> None:
    """The message lists those that exist."""
    with pytest.raises(RunError, match=r"kent de parameter «skale» niet.*scale"):
        check_parameters(*_declared(project), {"skale": 1.0})


@pytest.mark.parametrize("value", ["veel", True, [1.0], None])
def test_a_value_of_another_type_is_refused(project: Project, value: object) -> None:
    """The default says what is expected."""
    with pytest.raises(RunError, match="moet van het type float zijn"):
        check_parameters(*_declared(project), {"scale": value})


@pytest.mark.parametrize("value", [2.5, 3])
def test_a_whole_number_may_stand_for_a_fraction(project: Project, value: float) -> None:
    """YAML writes 3 where 3.0 is meant."""
    check_parameters(*_declared(project), {"scale": value})


def test_wrong_parameters_start_no_kernel(run_one: Run) -> None:
    """The run fails at once and leaves no trace but its record."""
    outcome = run_one("fine", skale=1.0)
    assert outcome.status == "failed"
    assert not outcome.unit.failed.exists()
