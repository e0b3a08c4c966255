"""What ran when, what is stale and what failed."""

from __future__ import annotations

from collections.abc import Callable

from lekp_lib.pipeline.places import Project
from lekp_lib.pipeline.plan import Unit
from lekp_lib.pipeline.status import status, status_page

UnitsOf = Callable[..., list[Unit]]


def test_each_unit_has_its_state(mixed_project: Project, units_of: UnitsOf) -> None:
    """Good and failed runs are told apart, with the reason."""
    rows = {row.unit.name: row for row in status(units_of(mixed_project))}
    assert rows["aalst/gemeente"].state == "ok"
    assert rows["aalst/rozendreef/wp3_straten"].state == "failed"
    assert "ZeroDivisionError" in rows["aalst/rozendreef/wp3_straten"].reason


def test_what_never_ran_says_so(project: Project, units_of: UnitsOf) -> None:
    """It has no moment and no duration."""
    row = status(units_of(project, "vlaanderen"))[0]
    assert row.as_dict()["state"] == "never"
    assert row.as_dict()["start"] is None


def test_the_page_counts_and_lists(mixed_project: Project, units_of: UnitsOf) -> None:
    """Numbers first, failures next, then every unit and the versions used."""
    page = status_page(status(units_of(mixed_project)))
    assert page.startswith("# Status van de berekeningen\n")
    assert "- in orde: 10\n" in page
    assert "- mislukt: 2\n" in page
    assert page.index("## Wat mislukt is") < page.index("## Alle berekeningen")
    assert page.count("<tr><th") == 13
    assert "<li>pandas " in page


def test_the_page_speaks_the_language_of_its_reader(
    mixed_project: Project, units_of: UnitsOf
) -> None:
    """Titles instead of names of notebooks, and hours that say in which zone."""
    page = status_page(status(units_of(mixed_project)))
    assert "<td>Parel van het warmtenet</td>" in page
    assert ">wp1_warmtenet<" not in page
    assert ">Aalst</a></th><td>Pagina van Aalst</td>" in page
    assert '<th scope="col">Laatst uitgevoerd (UTC)</th>' in page
    assert "Notebook" not in page


def test_a_fictional_place_says_so(mixed_project: Project, units_of: UnitsOf) -> None:
    """Also in a list of runs."""
    page = status_page(status(units_of(mixed_project, "aalst/rozendreef")))
    assert "aalst/rozendreef (fictief)" in page
