"""The runs of one command: what is stale, side by side over the cores."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from lekp_lib.errors import LekpError, RunError, SourceError
from lekp_lib.pipeline.cache import Fingerprints, Task, why_stale
from lekp_lib.pipeline.handover import clear_leftovers
from lekp_lib.pipeline.manifest import Outcome
from lekp_lib.pipeline.plan import Unit

__all__ = ["Checker", "Gate", "Runs", "run", "run_all", "stale_tasks"]

Checker = Callable[[str], None]
Report = Callable[[Outcome], None]

# Neighbourhoods take longest: started first, they do not keep one core busy at the end.
_ORDER = {"wijk": 0, "vlaanderen": 1, "gemeente": 2}
_POLL_S = 0.5


@dataclass(frozen=True)
class Runs:
    """
    What one command did.

    Attributes
    ----------
    outcomes : tuple of Outcome
        One per unit that ran or could not start.
    n_fresh : int
        Units whose result was still fresh.
    """

    outcomes: tuple[Outcome, ...]
    n_fresh: int

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The runs that failed."""
        return tuple(outcome for outcome in self.outcomes if outcome.status == "failed")


def stale_tasks(units: Iterable[Unit], *, force: bool = False) -> tuple[list[Task], list[Outcome]]:
    """
    Return the units that must run and those whose inputs cannot be read.

    Parameters
    ----------
    units : iterable of Unit
        All units in question.
    force : bool
        Run the fresh ones too.
    """
    fingerprints = Fingerprints()
    tasks, unreadable = [], []
    for unit in units:
        try:
            stamp = fingerprints.stamp(unit)
        except SourceError as err:
            unreadable.append(Outcome(unit=unit, status="failed", duration_s=0, error=str(err)))
            continue
        reason = why_stale(unit, stamp) or ("gevraagd met --force" if force else None)
        if reason:
            tasks.append(Task(unit=unit, stamp=stamp, reason=reason))
    return tasks, unreadable


def run(
    units: Sequence[Unit],
    *,
    check: Checker,
    jobs: int | None = None,
    force: bool = False,
    cell_timeout_s: int | None = None,
    begin: Callable[[Sequence[Task]], None] | None = None,
    report: Report | None = None,
) -> Runs:
    """
    Run what is not fresh.

    Parameters
    ----------
    units : sequence of Unit
        All units in question.
    check : callable
        Takes the slug of a neighbourhood and raises a `LekpError` if its data are not
        in order; called once per place, before any of its kernels starts.
    jobs : int, optional
        Notebooks side by side, one more than there are cores by default.
    force : bool
        Run the fresh ones too.
    cell_timeout_s : int, optional
        Longest time one cell may take [s].
    begin, report : callable, optional
        Told what is going to run, and then of each run that ended.
    """
    tasks, outcomes = stale_tasks(units, force=force)
    n_fresh = len(units) - len(tasks) - len(outcomes)
    if begin is not None:
        begin(tasks)
    for outcome in outcomes:
        if report is not None:
            report(outcome)
    if tasks:
        outcomes += run_all(
            tasks, check=check, jobs=jobs, cell_timeout_s=cell_timeout_s, report=report
        )
    return Runs(outcomes=tuple(outcomes), n_fresh=n_fresh)


def run_all(
    tasks: Sequence[Task],
    *,
    check: Checker,
    jobs: int | None = None,
    cell_timeout_s: int | None = None,
    report: Report | None = None,
) -> list[Outcome]:
    """
    Run every task, several at a time; one that fails does not stop the others.

    Parameters
    ----------
    tasks, check, jobs, cell_timeout_s, report
        See `run`.

    Raises
    ------
    KeyboardInterrupt
        If the user breaks off; all kernels are gone by then and nothing is half done.
    """
    # Starting kernels takes heavy imports, which a command with nothing to do never pays.
    from lekp_lib.pipeline.execute import CELL_TIMEOUT_S, Workshop, execute
    from lekp_lib.pipeline.kernels import fleet

    ordered = sorted(tasks, key=lambda task: _ORDER[task.unit.place.kind])
    for out_dir in {task.unit.project.out_dir for task in ordered}:
        clear_leftovers(out_dir)
    outcomes: list[Outcome] = []
    with fleet() as kernels, ThreadPoolExecutor(max_workers=jobs or _n_cores() + 1) as pool:
        workshop = Workshop(
            kernels=kernels,
            gate=Gate(check),
            cell_timeout_s=cell_timeout_s or CELL_TIMEOUT_S,
        )
        waiting = {pool.submit(execute, task, workshop) for task in ordered}
        try:
            while waiting:
                # A short wait: on Windows a longer one cannot be broken off.
                done, waiting = wait(waiting, timeout=_POLL_S, return_when=FIRST_COMPLETED)
                for outcome in (future.result() for future in done):
                    outcomes.append(outcome)
                    if report is not None:
                        report(outcome)
        except BaseException:
            _stop(waiting, kernels.stop)
            raise
    return outcomes


class Gate:
    """
    Check each place once, however many of its notebooks wait for the answer.

    Parameters
    ----------
    check : callable
        Takes a place slug and raises a `LekpError` if its data are not in order.
    """

    def __init__(self, check: Checker) -> None:
        self._check = check
        self._verdicts: dict[str, str | None] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def __call__(self, place: str) -> None:
        """
        Let a place through, or not.

        Raises
        ------
        RunError
            With the faults found in the data of the place.
        """
        with self._lock:
            own = self._locks.setdefault(place, threading.Lock())
        with own:
            if place not in self._verdicts:
                self._verdicts[place] = self._verdict(place)
        verdict = self._verdicts[place]
        if verdict is not None:
            raise RunError(verdict)

    def _verdict(self, place: str) -> str | None:
        try:
            self._check(place)
        except LekpError as err:
            return str(err)
        return None


def _stop(waiting: Iterable[Future[Outcome]], stop: Callable[[], None]) -> None:
    left = {future for future in waiting if not future.cancel()}
    while left:
        stop()  # again and again: a kernel may have been starting just now
        _, left = wait(left, timeout=_POLL_S)


# One more than that: while one kernel starts or ends, the others compute.
def _n_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
