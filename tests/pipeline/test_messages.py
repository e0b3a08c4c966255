"""What the command says in a terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lekp_lib.errors import Fault
from lekp_lib.pipeline.cache import Fingerprints, Task
from lekp_lib.pipeline.intake import Report
from lekp_lib.pipeline.manifest import Outcome
from lekp_lib.pipeline.messages import (
    check_lines,
    failure_lines,
    outcome_line,
    plan_line,
    run_line,
    status_lines,
)
from lekp_lib.pipeline.places import Project
from lekp_lib.pipeline.plan import Unit
from lekp_lib.pipeline.run import Runs
from lekp_lib.pipeline.status import status

UnitsOf = Callable[..., list[Unit]]


def test_faults_are_listed_by_place_and_counted() -> None:
    """Notices too; a place in order is only counted."""
    fault = Fault("straten.csv", 2, None, None, "de rij is leeg", "Verwijder ze.")
    reports = [Report("aalst"), Report("aalst/x", faults=(fault,), notices=("Let op.",))]
    assert check_lines(reports) == [
        "aalst/x:",
        "  Fout: straten.csv, rij 2: de rij is leeg. Wat te doen: Verwijder ze.",
        "  Opmerking: Let op.",
        "2 plaatsen nagekeken: 1 fout.",
    ]


def test_a_plan_says_how_much_and_why(project: Project, units_of: UnitsOf) -> None:
    """The commonest reason stands for all if they differ."""
    unit = units_of(project, "vlaanderen")[0]
    task = Task(unit=unit, stamp=Fingerprints().stamp(unit), reason="nog niet uitgevoerd")
    other = replace(task, reason="gewijzigd: a.csv")
    assert plan_line([task]) == "vlaanderen/vlaanderen: nog niet uitgevoerd."
    assert plan_line([task, task]) == "2 notebooks zijn niet actueel (nog niet uitgevoerd)."
    assert plan_line([task, task, other]).endswith("(vooral: nog niet uitgevoerd).")


def test_a_failure_is_told_once_for_all_it_hit(project: Project, units_of: UnitsOf) -> None:
    """With the first names and the number of the others."""
    units = units_of(project)[:7]
    failed = [Outcome(unit=unit, status="failed", duration_s=1, error="Nee.") for unit in units]
    runs = Runs(outcomes=tuple(failed), n_fresh=2)
    assert run_line(runs) == "0 notebooks uitgevoerd, 2 nog actueel, 7 mislukt."
    assert failure_lines(runs)[1].startswith("Mislukt: vlaanderen/vlaanderen, aalst/gemeente")
    assert failure_lines(runs)[1].endswith(" en nog 2")
    assert failure_lines(runs)[2:] == ["  Nee."]


def test_durations_have_a_comma(project: Project, units_of: UnitsOf) -> None:
    """As Dutch numbers do."""
    unit = units_of(project, "vlaanderen")[0]
    done = Outcome(unit=unit, status="ok", duration_s=2.345)
    assert outcome_line(done) == "vlaanderen/vlaanderen: klaar in 2,3 s"


def test_many_municipalities_alike_are_one_line(project: Project, units_of: UnitsOf) -> None:
    """Nobody reads 285 lines that say the same."""
    rows = status(units_of(project, "vlaanderen", "antwerpen"))
    lines = status_lines([rows[0], *[rows[1]] * 9])
    assert lines[1:] == [
        "vlaanderen/vlaanderen: nog niet uitgevoerd",
        "9 gemeenten: nog niet uitgevoerd",
    ]
