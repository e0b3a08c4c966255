"""A tiny project: five small templates, three municipalities, two neighbourhoods."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import pytest

from lekp_lib.pipeline.places import Project, discover, select
from lekp_lib.pipeline.plan import TEMPLATES, Unit, plan

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "tests" / "fixtures" / "notebooks"
MUNICIPALITIES = "nis_code,name\n41002,Aalst\n11002,Antwerpen\n46021,Sint-Niklaas\n"
SETTINGS = """\
name: {name}
municipality: Aalst
nis_code: "41002"
is_fictional: {fictional}
"""
STORY = "# {name}\n\nHier wonen **mensen**. <script>alert(1)</script>\n\n## Vroeger\n\nEen weide.\n"
BOOK = {
    "_toc.yml": (
        "format: jb-book\nroot: index\nparts:\n"
        "- caption: Vlaanderen\n  chapters:\n"
        "  - file: vlaanderen/index\n    generated: vlaanderen\n"
        "- caption: Wijken\n  chapters:\n  - generated: wijken\n"
        "- caption: Status\n  chapters:\n  - generated: status\n"
    ),
    "index.md": "# Een proefboek\n\nLees [Aalst](lekp:aalst) en [Gent](lekp:gent).\n\n$$a^2$$\n",
    "vlaanderen/index.md": "# Alle gemeenten\n\nKies een gemeente.\n",
}


class MakeProject(Protocol):
    """Make a project whose templates are `fine`, apart from those that are named."""

    def __call__(self, **notebooks: str) -> Project:
        """Return the project; name a template to give it another notebook."""


UnitsOf = Callable[..., list[Unit]]
PutNotebook = Callable[[Project, str, str], None]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _put_notebook(project: Project, name: str, kind: str) -> None:
    text = (NOTEBOOKS / f"{kind}.ipynb").read_text(encoding="utf-8").replace("@NAME@", name)
    _write(project.notebooks_dir / f"{name}.ipynb", text)


def _make(root: Path, notebooks: Mapping[str, str]) -> Project:
    project = Project(root=root, data_dir=root / "data", out_dir=root / "_build")
    _write(root / "pyproject.toml", "")
    _write(root / "data/vlaanderen/municipalities.csv", MUNICIPALITIES)
    for wijk, fictional in (("rozendreef", "true"), ("stationswijk", "false")):
        folder = root / "data/aalst" / wijk
        name = wijk.capitalize()
        _write(folder / "wijk.yml", SETTINGS.format(name=name, fictional=fictional))
        _write(folder / "verhaal.md", STORY.format(name=name))
    for template in TEMPLATES:
        _put_notebook(project, template.name, notebooks.get(template.name, "fine"))
    for name, text in BOOK.items():
        _write(root / "book" / name, text)
    for folder_name in ("_ext", "_locale", "_static"):
        shutil.copytree(ROOT / "book" / folder_name, root / "book" / folder_name)
    shutil.copy(ROOT / "_config.yml", root / "_config.yml")
    return project


def _units_of(project: Project, *patterns: str, only: tuple[str, ...] = ()) -> list[Unit]:
    return plan(project, select(discover(project.data_dir), patterns), only)


@pytest.fixture
def make_project(tmp_path: Path) -> MakeProject:
    """Give the maker of projects."""
    return lambda **notebooks: _make(tmp_path / "project", notebooks)


@pytest.fixture
def project(make_project: MakeProject) -> Project:
    """Give a project in which every notebook is fine."""
    return make_project()


@pytest.fixture
def units_of() -> UnitsOf:
    """Give the function that returns the units of some places."""
    return _units_of


@pytest.fixture
def put_notebook() -> PutNotebook:
    """Give the function that puts a tiny notebook in a project as a template."""
    return _put_notebook


@pytest.fixture(scope="session")
def mixed_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give a project that ran once: one template is rich, one fails, the others are fine."""
    from lekp_lib.pipeline.run import run

    root = tmp_path_factory.mktemp("mixed") / "project"
    project = _make(root, {"wp1_warmtenet": "rich", "wp3_straten": "failing"})
    run(_units_of(project), check=lambda _: None)
    return project
