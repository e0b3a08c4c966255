"""Which notebooks run for which place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from lekp_lib.errors import ContractError, RunError
from lekp_lib.pipeline.places import Project, discover, select
from lekp_lib.pipeline.plan import Unit, plan, templates_named

UnitsOf = Callable[..., list[Unit]]


def test_each_kind_of_place_has_its_notebooks(project: Project, units_of: UnitsOf) -> None:
    """Flanders and a municipality have one, a neighbourhood one per programme and for residents."""
    names = [unit.name for unit in units_of(project, "vlaanderen", "aalst/rozendreef")]
    assert names == [
        "vlaanderen/vlaanderen",
        "aalst/rozendreef/wp1_warmtenet",
        "aalst/rozendreef/wp2_iedereen_mee",
        "aalst/rozendreef/wp3_straten",
        "aalst/rozendreef/bewoners",
    ]


def test_only_takes_the_part_before_the_underscore(project: Project, units_of: UnitsOf) -> None:
    """A short name is enough."""
    names = [unit.name for unit in units_of(project, "aalst", only=("wp3", "gemeente"))]
    assert names == [
        "aalst/gemeente",
        "aalst/rozendreef/wp3_straten",
        "aalst/stationswijk/wp3_straten",
    ]


def test_an_unknown_notebook_is_refused() -> None:
    """The message lists what there is."""
    with pytest.raises(ContractError, match=r"«wp9» bestaat niet.*wp1_warmtenet"):
        templates_named(["wp9"])


def test_a_missing_template_is_refused(project: Project, units_of: UnitsOf) -> None:
    """It is no silent omission from the book."""
    (project.notebooks_dir / "wp2_iedereen_mee.ipynb").unlink()
    with pytest.raises(RunError, match=r"wp2_iedereen_mee\.ipynb.*ontbreekt"):
        units_of(project)


def test_rules_count_on_the_first_of_the_month(project: Project, units_of: UnitsOf) -> None:
    """One day per month: a page is not made anew each day. Other notebooks have no such day."""
    places = select(discover(project.data_dir), ["aalst/rozendreef"])
    units = plan(project, places, today=dt.date(2026, 11, 24))
    overrides = {unit.template.name: unit.overrides for unit in units}
    assert overrides == {
        "wp1_warmtenet": {},
        "wp2_iedereen_mee": {"peildatum": "2026-11-01"},
        "wp3_straten": {},
        "bewoners": {"peildatum": "2026-11-01"},
    }


def test_a_place_may_choose_its_day(project: Project) -> None:
    """What ``wijk.yml`` says goes before the month."""
    settings = project.data_dir / "aalst/rozendreef/wijk.yml"
    own = 'parameters:\n  wp2_iedereen_mee: {peildatum: "2026-03-15"}\n'
    settings.write_text(settings.read_text("utf-8") + own, "utf-8")
    places = select(discover(project.data_dir), ["aalst/rozendreef"])
    (unit,) = plan(project, places, ["wp2"], today=dt.date(2026, 11, 24))
    assert unit.overrides == {"peildatum": "2026-03-15"}


def test_without_a_day_the_clock_tells(project: Project, units_of: UnitsOf) -> None:
    """A command of today takes the rules of this month."""
    (unit,) = units_of(project, "aalst/rozendreef", only=("wp2",))
    assert dt.date.fromisoformat(str(unit.overrides["peildatum"])).day == 1
