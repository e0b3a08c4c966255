"""Which notebooks run for which place: one unit of work each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lekp_lib.errors import ContractError, RunError
from lekp_lib.pipeline.places import PlaceRef, Project

__all__ = [
    "RULES_DAY",
    "TEMPLATES",
    "Template",
    "Unit",
    "downloads_folder",
    "executed_file",
    "plan",
    "results_folder",
    "templates_named",
]

KEY_FIGURES = "kerncijfers.csv"
MANIFEST = "manifest.json"
RULES_DAY = "peildatum"
"""Parameter with the day whose rules count, as ``YYYY-MM-DD``."""


@dataclass(frozen=True)
class Template:
    """
    A notebook that is run once for every place of one kind.

    Attributes
    ----------
    name : str
        Name of the notebook without its suffix.
    kind : str
        Kind of place it runs for.
    title : str
        Title of its pages; for a neighbourhood the name of the place follows.
    short_title : str
        Title in the navigation.
    is_dated : bool
        The notebook takes the day whose rules count as parameter ``peildatum``.
    is_for_residents : bool
        Its readers live there; the others are for who works for the municipality.
    """

    name: str
    kind: str
    title: str = ""
    short_title: str = ""
    is_dated: bool = False
    is_for_residents: bool = False


TEMPLATES = (
    Template("vlaanderen", "vlaanderen"),
    Template("gemeente", "gemeente"),
    Template("wp1_warmtenet", "wijk", "Parel van het warmtenet", "Warmtenet"),
    Template("wp2_iedereen_mee", "wijk", "Iedereen mee!", "Iedereen mee", is_dated=True),
    Template("wp3_straten", "wijk", "Straten naar de toekomst", "Straten"),
    Template(
        "bewoners",
        "wijk",
        "Voor bewoners",
        "Voor bewoners",
        is_dated=True,
        is_for_residents=True,
    ),
)


@dataclass(frozen=True)
class Unit:
    """
    One notebook for one place, and where all of it lies.

    Attributes
    ----------
    place : PlaceRef
        The place.
    template : Template
        The notebook.
    project : Project
        The folders of this command.
    today : date
        Day of this command.
    """

    place: PlaceRef
    template: Template
    project: Project
    today: dt.date

    @property
    def name(self) -> str:
        """Name of the unit as messages and folders know it."""
        return f"{self.place.slug}/{self.template.name}"

    @property
    def notebook(self) -> Path:
        """The template to run."""
        return self.project.notebooks_dir / f"{self.template.name}.ipynb"

    @property
    def overrides(self) -> dict[str, object]:
        """Parameters of this run; rules count as on the first of the month, or the place's day."""
        first = self.today.replace(day=1).isoformat()
        dated = {RULES_DAY: first} if self.template.is_dated else {}
        return {**dated, **self.place.parameters.get(self.template.name, {})}

    @property
    def results(self) -> Path:
        """Folder of the internal tables, the key figures and the manifest."""
        return results_folder(self.project.out_dir, self)

    @property
    def downloads(self) -> Path:
        """Folder of the public tables."""
        return downloads_folder(self.project.out_dir, self)

    @property
    def executed(self) -> Path:
        """The notebook with its outputs."""
        return executed_file(self.project.out_dir, self)

    @property
    def failed(self) -> Path:
        """The notebook of the last failed run, for who looks for the cause."""
        return self.project.out_dir / "failed" / f"{self.name}.ipynb"

    @property
    def manifest(self) -> Path:
        """What ran when and with what."""
        return self.results / MANIFEST


def results_folder(out_dir: Path, unit: Unit) -> Path:
    """Return where a unit writes its internal tables below `out_dir`."""
    return out_dir / "results" / unit.name


def downloads_folder(out_dir: Path, unit: Unit) -> Path:
    """Return where a unit writes its public tables below `out_dir`."""
    return out_dir / "downloads" / unit.name


def executed_file(out_dir: Path, unit: Unit) -> Path:
    """Return where the executed notebook of a unit lies below `out_dir`."""
    return out_dir / "notebooks" / f"{unit.name}.ipynb"


def templates_named(only: Iterable[str]) -> tuple[Template, ...]:
    """
    Return the templates that the user asks for.

    Parameters
    ----------
    only : iterable of str
        Names of templates or their part before the first ``_``; none means all.

    Raises
    ------
    ContractError
        If a name means no template.

    Examples
    --------
    >>> [template.name for template in templates_named(["wp1", "gemeente"])]
    ['gemeente', 'wp1_warmtenet']
    """
    wanted = {name.strip().lower().removesuffix(".ipynb") for name in only if name.strip()}
    known = {template.name for template in TEMPLATES}
    short = {name.split("_")[0] for name in known}
    unknown = sorted(wanted - known - short)
    if unknown:
        msg = (
            f"Het notebook «{unknown[0]}» bestaat niet. "
            f"Wat te doen: kies uit {', '.join(sorted(known))}."
        )
        raise ContractError(msg)
    return tuple(
        template
        for template in TEMPLATES
        if not wanted or wanted & {template.name, template.name.split("_")[0]}
    )


def plan(
    project: Project,
    places: Sequence[PlaceRef],
    only: Iterable[str] = (),
    *,
    today: dt.date | None = None,
) -> list[Unit]:
    """
    Return every unit of work for some places.

    Parameters
    ----------
    project : Project
        The folders of this command.
    places : sequence of PlaceRef
        The places to run.
    only : iterable of str
        See `templates_named`.
    today : date, optional
        Day of this command; that of the clock if left out.

    Raises
    ------
    RunError
        If a template is absent.
    """
    templates = templates_named(only)
    day = today or dt.datetime.now(dt.UTC).date()
    units = [
        Unit(place=place, template=template, project=project, today=day)
        for place in places
        for template in templates
        if template.kind == place.kind
    ]
    for path in sorted({unit.notebook for unit in units}):
        if not path.is_file():
            msg = (
                f"Het notebook «{path}» ontbreekt. Wat te doen: haal het terug uit het "
                "versiebeheer of laat het weg met --only."
            )
            raise RunError(msg)
    return units
