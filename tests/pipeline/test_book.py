"""A tiny book, really built once."""

from __future__ import annotations

import html.parser
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from lekp_lib.errors import BookError
from lekp_lib.pipeline import book as book_room
from lekp_lib.pipeline.book import Book, build_book
from lekp_lib.pipeline.places import Project
from lekp_lib.pipeline.plan import Unit

UnitsOf = Callable[..., list[Unit]]
pytestmark = pytest.mark.book

_LOADED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}


class _Page(html.parser.HTMLParser):
    """The tags of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))


@pytest.fixture(scope="module")
def built(mixed_project: Project) -> tuple[Project, list[Unit], Book]:
    """Give the book of the mixed project."""
    from lekp_lib.pipeline.places import discover
    from lekp_lib.pipeline.plan import plan

    units = plan(mixed_project, discover(mixed_project.data_dir))
    return mixed_project, units, build_book(mixed_project, units)


@pytest.fixture(scope="module")
def site(built: tuple[Project, list[Unit], Book]) -> Path:
    """Give the folder of the pages."""
    return built[2].index.parent


def _pages(site: Path) -> Iterator[tuple[Path, _Page]]:
    for path in sorted(site.rglob("*.html")):
        if "_static" not in path.parts:
            yield path, _Page(path)


def _text(site: Path, name: str) -> str:
    return (site / name).read_text(encoding="utf-8")


def test_the_book_counts_its_pages(built: tuple[Project, list[Unit], Book]) -> None:
    """Those that failed as well."""
    book = built[2]
    assert (book.is_built, book.n_pages, book.n_failed) == (True, 12, 2)


def test_every_page_is_dutch(site: Path) -> None:
    """For screen readers and search engines."""
    for path, page in _pages(site):
        languages = [attributes.get("lang") for tag, attributes in page.tags if tag == "html"]
        assert languages == ["nl"], path


def test_nothing_is_asked_of_third_parties(site: Path) -> None:
    """No script, style, picture or frame comes from elsewhere."""
    for path, page in _pages(site):
        for tag, attributes in page.tags:
            address = attributes.get(_LOADED.get(tag, ""), "")
            assert not urlsplit(address).netloc, (path, address)
        for line in path.read_text(encoding="utf-8").splitlines():
            assert "cdn." not in line, path


def test_links_lead_somewhere(site: Path) -> None:
    """Every link inside the site has its file."""
    for path, page in _pages(site):
        for tag, attributes in page.tags:
            parts = urlsplit(attributes.get("href") or attributes.get("src") or "")
            if parts.scheme or parts.netloc or not parts.path:
                continue
            target = path.parent / unquote(parts.path)
            assert target.exists(), (path, tag, parts.path)


def test_pages_can_be_read_aloud(site: Path) -> None:
    """One title a page; pictures and frames are described."""
    for path, page in _pages(site):
        is_map = "kaarten" in path.parts
        assert is_map or [tag for tag, _ in page.tags].count("h1") == 1, path
        assert all(attributes.get("alt") for tag, attributes in page.tags if tag == "img"), path
        assert all(found.get("title") for tag, found in page.tags if tag == "iframe"), path


def test_no_english_is_left_in_the_interface(site: Path) -> None:
    """Neither to read nor to hear."""
    english = (
        "Skip to main",
        "Back to top",
        "Search this",
        "Toggle",
        "Color mode",
        "Link to this",
        "next page",
        "previous page",
        "Contents",
        "Copyright",
        'aria-label="Main"',
        'aria-label="Page"',
    )
    for path in (site / "index.html", site / "search.html", site / "status.html"):
        text = path.read_text(encoding="utf-8")
        assert [word for word in english if word in text] == [], path


def test_code_and_stderr_are_not_shown(site: Path) -> None:
    """Readers see answers."""
    text = _text(site, "wijken/aalst/rozendreef/wp1_warmtenet.html")
    assert "geheim bericht" not in text
    assert "from pathlib" not in text
    assert "1.234" in text


def test_the_title_says_that_a_place_is_fictional(site: Path) -> None:
    """In the heading and in the title of the window."""
    text = _text(site, "wijken/aalst/rozendreef/wp1_warmtenet.html")
    assert "<title>Parel van het warmtenet: Rozendreef (fictief)" in text


def test_a_failed_run_has_a_page(site: Path) -> None:
    """It says what failed and what to do."""
    text = _text(site, "wijken/aalst/rozendreef/wp3_straten.html")
    assert "ZeroDivisionError" in text
    assert "Kijk de gegevens na" in text


def test_a_story_is_shown_without_its_scripts(site: Path) -> None:
    """Its words are there."""
    text = _text(site, "wijken/aalst/rozendreef/index.html")
    assert "Hier wonen <strong>mensen</strong>" in text
    assert "<script>alert(1)" not in text


def test_formulas_need_no_script(site: Path) -> None:
    """Browsers draw MathML themselves."""
    scripts = [attributes for tag, attributes in _Page(site / "index.html").tags if tag == "script"]
    assert "<math" in _text(site, "index.html")
    assert "mathjax" not in str(scripts).lower()


def test_navigation_shows_only_the_own_branch(site: Path) -> None:
    """Municipalities are listed below their province, not on every page."""
    assert "gemeenten/antwerpen.html" not in _text(site, "index.html")
    assert "antwerpen.html" in _text(site, "vlaanderen/provincie-antwerpen.html")


def test_nothing_changed_needs_no_build(built: tuple[Project, list[Unit], Book]) -> None:
    """The pages are left alone."""
    project, units, book = built
    before = book.index.stat().st_mtime_ns
    assert not build_book(project, units).is_built
    assert book.index.stat().st_mtime_ns == before


def test_a_new_title_reaches_every_page(built: tuple[Project, list[Unit], Book]) -> None:
    """Navigation is never stale; a download that is gone is gone from the site."""
    project, units, book = built
    page = project.book_dir / "vlaanderen/index.md"
    page.write_text("# Een verse titel\n\nKies.\n", encoding="utf-8")
    build_book(project, units)
    assert "Een verse titel" in _text(book.index.parent, "status.html")
    assert "Een verse titel" in _text(book.index.parent, "gemeenten/aalst.html")


def test_another_sentence_builds_one_page(
    built: tuple[Project, list[Unit], Book], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest is not read again."""
    project, units, book = built
    page = project.book_dir / "index.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nNog iets.\n", encoding="utf-8")
    monkeypatch.setattr(book_room, "_build_anew", None)
    assert build_book(project, units).is_built
    assert "Nog iets." in _text(book.index.parent, "index.html")


def test_a_warning_is_an_error_and_leaves_the_old_site(
    built: tuple[Project, list[Unit], Book],
) -> None:
    """The message names the page; the next build starts from scratch."""
    project, units, book = built
    page = project.book_dir / "vlaanderen/index.md"
    good = page.read_text(encoding="utf-8")
    page.write_text("# Kapot\n\n[weg](bestaat-niet.md)\n", encoding="utf-8")
    with pytest.raises(BookError, match=r"vlaanderen.index\.md.*bestaat-niet"):
        build_book(project, units)
    page.write_text(good, encoding="utf-8")
    assert "Een verse titel" in _text(book.index.parent, "status.html")
