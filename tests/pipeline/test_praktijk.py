"""The list of documented cases in a chapter, in a book that is really built."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from lekp_lib.errors import BookError
from lekp_lib.pipeline.book import build_book
from lekp_lib.pipeline.places import Project
from lekp_lib.pipeline.stage import PRACTICE, gather

pytestmark = pytest.mark.book

HEADING = "case_id,question,place,year,tried,outcome,source,url,checked_on\n"
CHAPTER = "# Vragen\n\n```{praktijk} wp1.1\n```\n\n## Zonder\n\n```{praktijk} wp1.2\n```\n"
ROOT = Path(__file__).parents[2]


def put_cases(project: Project, *rows: str) -> None:
    """Write the cases of a project."""
    path = project.data_dir / "praktijk.csv"
    path.write_text(HEADING + "".join(f"{row}\n" for row in rows), encoding="utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, str]:
    """Give a small book with a chapter that lists cases, and the text of that chapter."""
    import shutil

    root = tmp_path_factory.mktemp("praktijk")
    project = Project(root=root, data_dir=root / "data", out_dir=root / "_build")
    project.data_dir.mkdir()
    today = dt.date.today()
    put_cases(
        project,
        "a,wp1.1,Gent,2020,Een *net* & meer.,Het werkt.,Stad Gent,https://stad.gent,2020-01-05",
        f"b,wp1.1,Lille,,Een plan.,Gestopt.,VVSG,,{today:%Y-%m-%d}",
        f"c,wp3.1,Ieper,2021,Iets anders.,Niets.,VVSG,,{today:%Y-%m}",
    )
    book = project.book_dir
    for folder in ("_ext", "_locale", "_static"):
        shutil.copytree(ROOT / "book" / folder, book / folder)
    shutil.copy(ROOT / "_config.yml", root / "_config.yml")
    (book / "_toc.yml").write_text("format: jb-book\nroot: index\n", encoding="utf-8")
    (book / "index.md").write_text(CHAPTER, encoding="utf-8")
    build_book(project, [])
    return project, page(project)


def page(project: Project) -> str:
    """Return the text of the first page."""
    return (project.out_dir / "html" / "index.html").read_text(encoding="utf-8")


def test_a_case_says_where_when_what_and_who(built: tuple[Project, str]) -> None:
    """Text of an editor is text, never markup; the source is a link."""
    text = built[1]
    assert "<strong>Gent, 2020.</strong> Een *net* &amp; meer. Het werkt (bron: <a" in text
    assert 'href="https://stad.gent">Stad Gent</a>; nagekeken op 5 januari 2020' in text


def test_an_old_check_is_visibly_old(built: tuple[Project, str]) -> None:
    """Only the case that was checked more than a year ago."""
    assert built[1].count("ouder dan een jaar") == 1
    assert "5 januari 2020 — ouder dan een jaar)" in built[1]


def test_a_case_without_year_or_address_is_shown(built: tuple[Project, str]) -> None:
    """What is missing leaves no comma and no empty link."""
    assert "<strong>Lille.</strong> Een plan. Gestopt (bron: VVSG; nagekeken op" in built[1]


def test_only_the_cases_of_the_question_are_shown(built: tuple[Project, str]) -> None:
    """Another question has its own place."""
    assert "Iets anders" not in built[1]


def test_a_question_without_cases_says_so(built: tuple[Project, str]) -> None:
    """A reader sees that we looked."""
    assert built[1].count("Geen gedocumenteerd Vlaams geval gevonden.") == 1


def test_another_case_reaches_the_page(built: tuple[Project, str]) -> None:
    """Editors change the file only, not the chapter."""
    project, _ = built
    put_cases(project, "d,wp1.2,Aalst,2024,Een nieuw geval.,Goed.,VVSG,,2026-11")
    assert build_book(project, []).is_built
    assert "Een nieuw geval." in page(project)
    assert "Het werkt" not in page(project)


def test_an_unknown_question_stops_the_book(built: tuple[Project, str]) -> None:
    """A typing error must not read as "none found"."""
    project, _ = built
    chapter = project.book_dir / "index.md"
    chapter.write_text(CHAPTER.replace("wp1.2", "wp1.99"), encoding="utf-8")
    with pytest.raises(BookError, match=r"«wp1\.99» is geen vraag"):
        build_book(project, [])
    chapter.write_text(CHAPTER, encoding="utf-8")


def test_a_wrong_case_stops_the_book_before_it_is_built(built: tuple[Project, str]) -> None:
    """The message names row and column of the file."""
    project, _ = built
    put_cases(project, "e,wp1.1,Gent,2020,Een net.,Het werkt.,VVSG,,ooit")
    with pytest.raises(BookError, match=r"(?s)praktijk leert.*rij 2, kolom checked_on"):
        build_book(project, [])


def test_the_chapters_get_the_projects_cases(built: tuple[Project, str]) -> None:
    """A data folder without the file uses that of the project."""
    project, _ = built
    (project.data_dir / "praktijk.csv").unlink()
    content = gather(project, []).files[PRACTICE]
    assert isinstance(content, bytes)
    assert {"mortsel-net"} < {case["case_id"] for case in json.loads(content)}
