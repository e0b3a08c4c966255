"""What the command says in a terminal: Dutch lines, one list per subject."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lekp_lib.pipeline.status import STATES, Row

if TYPE_CHECKING:
    from lekp_lib.pipeline.book import Book
    from lekp_lib.pipeline.cache import Task
    from lekp_lib.pipeline.intake import Report
    from lekp_lib.pipeline.manifest import Outcome
    from lekp_lib.pipeline.run import Runs

__all__ = [
    "book_lines",
    "check_lines",
    "failure_lines",
    "outcome_line",
    "plan_line",
    "run_line",
    "status_lines",
]

_MANY = 5  # so many names fit in a line; more are counted


def check_lines(reports: Sequence[Report]) -> list[str]:
    """Return every fault and every notice by place, and a count."""
    lines = []
    for report in reports:
        if not report.is_in_order or report.notices:
            lines.append(f"{report.place}:")
        lines += [f"  Fout: {problem}" for problem in report.problems]
        lines += [f"  Fout: {fault}" for fault in report.faults]
        lines += [f"  Opmerking: {notice}" for notice in report.notices]
    n_faults = sum(len(report.faults) + len(report.problems) for report in reports)
    found = "geen fouten" if n_faults == 0 else _count(n_faults, "fout", "fouten")
    return [*lines, f"{_count(len(reports), 'plaats', 'plaatsen')} nagekeken: {found}."]


def plan_line(tasks: Sequence[Task]) -> str:
    """Return what is going to run and why."""
    if len(tasks) == 1:
        return f"{tasks[0].unit.name}: {tasks[0].reason}."
    reason, number = Counter(task.reason for task in tasks).most_common(1)[0]
    why = reason if number == len(tasks) else f"vooral: {reason}"
    return f"{len(tasks)} notebooks zijn niet actueel ({why})."


def outcome_line(outcome: Outcome) -> str:
    """Return how one run ended."""
    if outcome.status == "failed":
        return f"{outcome.unit.name}: MISLUKT"
    return f"{outcome.unit.name}: klaar in {outcome.duration_s:.1f} s".replace(".", ",")


def run_line(runs: Runs) -> str:
    """Return how many notebooks ran, were fresh and failed."""
    n_run = sum(outcome.status == "ok" for outcome in runs.outcomes)
    return (
        f"{_count(n_run, 'notebook', 'notebooks')} uitgevoerd, {runs.n_fresh} nog actueel, "
        f"{len(runs.failed)} mislukt."
    )


def failure_lines(runs: Runs) -> list[str]:
    """
    Return each reason of failure once, with the runs it hit.

    Bad data of one place fail all its notebooks with the same words.
    """
    by_message: dict[str, list[str]] = {}
    for outcome in runs.failed:
        by_message.setdefault(outcome.error or "", []).append(outcome.unit.name)
    lines = []
    for message, names in by_message.items():
        more = f" en nog {len(names) - _MANY}" if len(names) > _MANY else ""
        lines += ["", f"Mislukt: {', '.join(names[:_MANY])}{more}"]
        lines += [f"  {line}" for line in message.splitlines()]
    return lines


def book_lines(built: Book) -> list[str]:
    """Return what became of the book and where to open it."""
    state = "is gebouwd" if built.is_built else "was nog actueel"
    pages = _count(built.n_pages, "pagina", "pagina’s")
    lines = [f"Het boek {state}: {pages} met berekeningen."]
    if built.n_failed:
        lines.append(f"Op {built.n_failed} daarvan staat dat de berekening mislukte.")
    return [*lines, f"Open: {built.index}"]


def status_lines(rows: Sequence[Row]) -> list[str]:
    """Return the state of every unit; many municipalities in the same state are one line."""
    counts = Counter(row.state for row in rows)
    lines = [", ".join(f"{counts[state]} {word}" for state, word in STATES.items()) + "."]
    alike = Counter((row.state, row.reason) for row in rows if row.unit.place.kind == "gemeente")
    told: set[tuple[str, str]] = set()
    for row in rows:
        same = (row.state, row.reason)
        if row.unit.place.kind != "gemeente" or alike[same] <= _MANY:
            lines.append(_status_line(row))
        elif same not in told:
            told.add(same)
            lines.append(f"{alike[same]} gemeenten: {STATES[row.state]}{_why(row)}")
    return lines


def _status_line(row: Row) -> str:
    when = f", laatst op {row.manifest.start[:16].replace('T', ' om ')}" if row.manifest else ""
    return f"{row.unit.name}: {STATES[row.state]}{when}{_why(row)}"


def _why(row: Row) -> str:
    lines = row.reason.splitlines()
    return f" ({lines[0]})" if lines and lines[0] != STATES[row.state] else ""


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
