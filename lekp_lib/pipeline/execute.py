"""One strict run of one notebook: checked before, checked after, then put in place."""

from __future__ import annotations

import ast
import datetime as dt
import logging
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillException, PapermillExecutionError
from papermill.utils import any_tagged_cell

import lekp_lib
from lekp_lib import errors
from lekp_lib.errors import LekpError, RunError
from lekp_lib.pipeline.cache import Task
from lekp_lib.pipeline.handover import hand_over, workbench
from lekp_lib.pipeline.kernels import Fleet, event_loop
from lekp_lib.pipeline.manifest import Manifest, Outcome, record_failure, write_manifest
from lekp_lib.pipeline.plan import KEY_FIGURES, MANIFEST, executed_file, results_folder

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["Workshop", "check_parameters", "execute", "parameters_of"]

KERNEL = "python3"
CELL_TIMEOUT_S = 1800
_START_TIMEOUT_S = 120
_LONGEST_MESSAGE = 2000
_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "bool": (bool,),
    "int": (int,),
    "float": (float, int),
    "list": (list, tuple),
    "dict": (dict,),
}

# papermill and nbclient log what we report ourselves, in English.
logging.getLogger("papermill").setLevel(logging.CRITICAL)
logging.getLogger("traitlets").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Workshop:
    """
    What all runs of one command share.

    Attributes
    ----------
    kernels : Fleet
        Where kernels come from.
    gate : callable
        Takes a place slug and raises a `LekpError` if its data are not in order.
    cell_timeout_s : int
        Longest time one cell may take [s].
    """

    kernels: Fleet
    gate: Callable[[str], None]
    cell_timeout_s: int = CELL_TIMEOUT_S
    _templates: dict[Path, dict[str, Any]] = field(default_factory=dict)

    def template(self, notebook: Path) -> dict[str, Any]:
        """Return the parameters of a template, read once."""
        if notebook not in self._templates:
            self._templates[notebook] = parameters_of(notebook)
        return self._templates[notebook]


def execute(task: Task, workshop: Workshop) -> Outcome:
    """
    Run one notebook for one place and put its results in place if all went well.

    Parameters
    ----------
    task : Task
        The unit and what it depends on.
    workshop : Workshop
        What all runs share.

    Returns
    -------
    Outcome
        Never raises for a run that failed: the failure is recorded in the manifest and
        the last good result stays where it is.
    """
    start = dt.datetime.now(dt.UTC)
    clock = time.perf_counter()
    error = bug = None
    trace = None
    try:
        _run(task, workshop, start=start, clock=clock)
    except LekpError as err:
        error = str(err)
        trace = _traceback_of(err)
    except OSError as err:  # a full disk, a folder without rights
        error = f"Lezen of schrijven lukte niet: {err}. Wat te doen: kijk schijf en rechten na."
    except Exception as err:  # noqa: BLE001 - one unit must not stop the others; told as a bug
        error = f"Fout in het platform zelf: {type(err).__name__}: {err}"
        bug = trace = traceback.format_exc()
    duration_s = time.perf_counter() - clock
    if error is None:
        return Outcome(unit=task.unit, status="ok", duration_s=duration_s)
    if workshop.kernels.is_stopping:
        return Outcome(unit=task.unit, status="stopped", duration_s=duration_s)
    failure = _manifest(task, start=start, duration_s=duration_s, status="failed")
    record_failure(task.unit.manifest, replace(failure, error=error, traceback=trace))
    return Outcome(unit=task.unit, status="failed", duration_s=duration_s, error=error, bug=bug)


def parameters_of(notebook: Path) -> dict[str, Any]:
    """
    Return the parameters that a template declares.

    Raises
    ------
    RunError
        If the notebook cannot be read or has no cell tagged ``parameters``.
    """
    try:
        node = papermill.iorw.load_notebook_node(str(notebook))
        declared: dict[str, Any] = papermill.inspect_notebook(node)
    except (OSError, ValueError, PapermillException) as err:
        msg = f"Het notebook «{notebook.name}» kan niet worden gelezen: {err}"
        raise RunError(msg) from err
    if not any_tagged_cell(node, "parameters"):
        msg = (
            f"Het notebook «{notebook.name}» heeft geen cel met het label «parameters». "
            "Wat te doen: geef de cel met place, data_dir en out_dir dat label."
        )
        raise RunError(msg)
    return declared


def check_parameters(
    notebook: Path, declared: Mapping[str, Any], given: Mapping[str, object]
) -> None:
    """
    Compare the parameters that are given with those that a template declares.

    Parameters
    ----------
    notebook : Path
        The template, for the message.
    declared : mapping
        See `parameters_of`.
    given : mapping of str to object
        The parameters by name.

    Raises
    ------
    RunError
        For a name that the template does not know or a value of another type than its
        annotation or its default.
    """
    unknown = sorted(given.keys() - declared.keys())
    if unknown:
        msg = (
            f"Het notebook «{notebook.name}» kent de parameter «{unknown[0]}» niet. Wat te doen: "
            f"kijk «parameters» in wijk.yml na; het notebook kent {', '.join(sorted(declared))}."
        )
        raise RunError(msg)
    for name, value in given.items():
        expected = _expected_type(declared[name])
        if expected is None or _has_type(value, expected):
            continue
        msg = (
            f"De parameter «{name}» van het notebook «{notebook.name}» moet van het type "
            f"{expected} zijn, niet {type(value).__name__} («{value}»). "
            "Wat te doen: kijk «parameters» in wijk.yml na."
        )
        raise RunError(msg)


def _run(task: Task, workshop: Workshop, *, start: dt.datetime, clock: float) -> None:
    unit = task.unit
    declared = workshop.template(unit.notebook)
    data_dir = str(unit.project.data_dir)
    fixed = {"place": unit.place.slug, "data_dir": data_dir, "out_dir": ""}
    check_parameters(unit.notebook, declared, {**fixed, **unit.overrides})
    if unit.place.kind == "wijk":
        workshop.gate(unit.place.slug)
    with workbench(unit.project.out_dir) as bench:
        given = {**unit.overrides, **fixed, "out_dir": str(bench)}
        try:
            with event_loop():
                node = _papermill(task, workshop, bench=bench, given=given)
            _refuse_silence(task, node, results_folder(bench, unit))
        except RunError:
            _keep_failed(executed_file(bench, unit), unit.failed)
            raise
        done = _manifest(task, start=start, duration_s=time.perf_counter() - clock, status="ok")
        write_manifest(results_folder(bench, unit) / MANIFEST, done)
        hand_over(unit, bench)
    unit.failed.unlink(missing_ok=True)


def _papermill(
    task: Task, workshop: Workshop, *, bench: Path, given: dict[str, object]
) -> NotebookNode:
    output = executed_file(bench, task.unit)
    output.parent.mkdir(parents=True, exist_ok=True)
    for attempt in (1, 2):
        try:
            executed: NotebookNode = papermill.execute_notebook(
                str(task.unit.notebook),
                str(output),
                parameters=given,
                kernel_name=KERNEL,
                progress_bar=False,
                request_save_on_cell_execute=False,
                start_timeout=_START_TIMEOUT_S,
                execution_timeout=workshop.cell_timeout_s,
                kernel_manager_class=workshop.kernels.manager_class,
                shutdown_kernel="immediate",
            )
            return executed
        except PapermillExecutionError as err:
            raise RunError(_cell_message(task, err)) from err
        except CellTimeoutError as err:
            msg = (
                f"Een cel van «{task.unit.notebook.name}» duurde langer dan "
                f"{workshop.cell_timeout_s} seconden en is afgebroken. "
                "Wat te doen: kijk de omvang van de gegevens na of geef --timeout op."
            )
            raise RunError(msg) from err
        except (DeadKernelError, RuntimeError) as err:
            # A kernel that dies, for want of memory mostly, gets one more chance.
            if attempt == 1 and not workshop.kernels.is_stopping:
                continue
            msg = (
                f"De rekenkern van «{task.unit.notebook.name}» viel twee keer weg ({err}). "
                "Wat te doen: probeer opnieuw met minder tegelijk (--jobs 1)."
            )
            raise RunError(msg) from err
    raise AssertionError  # the second attempt returns or raises


def _cell_message(task: Task, err: PapermillExecutionError) -> str:
    text = str(err.evalue).strip()
    if len(text) > _LONGEST_MESSAGE:
        text = text[:_LONGEST_MESSAGE] + " …"
    if err.ename in errors.__all__:
        return text  # our own message: already Dutch and complete
    return (
        f"Fout in cel {err.exec_count} van «{task.unit.notebook.name}»: {err.ename}: {text}. "
        "Wat te doen: meld dit aan wie het notebook beheert."
    )


def _refuse_silence(task: Task, node: NotebookNode, results: Path) -> None:
    """Fail a run that reached its end but has nothing to show."""
    shown = {"display_data", "execute_result"}
    if not any(
        output.output_type in shown for cell in node.cells for output in cell.get("outputs", [])
    ):
        msg = f"Het notebook «{task.unit.notebook.name}» liep tot het einde, maar toont niets."
        raise RunError(msg)
    try:
        text = (results / KEY_FIGURES).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        text = ""
    if len([line for line in text.splitlines() if line.strip()]) < 2:
        msg = (
            f"Het notebook «{task.unit.notebook.name}» liep tot het einde, "
            f"maar schreef geen {KEY_FIGURES}."
        )
        raise RunError(msg)


def _keep_failed(output: Path, target: Path) -> None:
    if output.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        output.replace(target)


def _manifest(
    task: Task, *, start: dt.datetime, duration_s: float, status: Literal["ok", "failed"]
) -> Manifest:
    moment = start.astimezone().isoformat(timespec="seconds")
    return Manifest(
        place=task.unit.place.slug,
        notebook=task.unit.template.name,
        key=task.stamp.key,
        inputs=task.stamp.inputs,
        parameters=task.stamp.parameters,
        library_version=lekp_lib.__version__,
        library_hash=task.stamp.library_hash,
        packages=task.stamp.packages,
        start=moment,
        duration_s=round(duration_s, 3),
        status=status,
        good_start=moment if status == "ok" else None,
    )


def _traceback_of(err: BaseException) -> str | None:
    cause = err.__cause__
    return str(cause)[-8000:] if isinstance(cause, PapermillExecutionError) else None


def _expected_type(declared: Mapping[str, Any]) -> str | None:
    named = str(declared["inferred_type_name"]).split("[")[0]
    if named in _TYPES:
        return named
    try:
        default = ast.literal_eval(str(declared["default"]))
    except (ValueError, SyntaxError):
        return None
    return type(default).__name__ if type(default).__name__ in _TYPES else None


def _has_type(value: object, expected: str) -> bool:
    if isinstance(value, bool):  # a bool is an int to Python, not to a reader
        return expected == "bool"
    return isinstance(value, _TYPES[expected])
