"""Which notebooks run for which place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lekp_lib.errors import ContractError, RunError
from lekp_lib.pipeline.places import Project
from lekp_lib.pipeline.plan import Unit, templates_named

UnitsOf = Callable[..., list[Unit]]


def test_each_kind_of_place_has_its_notebooks(project: Project, units_of: UnitsOf) -> None:
    """Flanders and a municipality have one, a neighbourhood has three."""
    names = [unit.name for unit in units_of(project, "vlaanderen", "aalst/rozendreef")]
    assert names == [
        "vlaanderen/vlaanderen",
        "aalst/rozendreef/wp1_warmtenet",
        "aalst/rozendreef/wp2_iedereen_mee",
        "aalst/rozendreef/wp3_straten",
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
