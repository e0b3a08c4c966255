"""What a reader does: search, open a municipality, a map and a neighbourhood."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.book]

MUNICIPALITY = "gemeenten/berlaar.html"
PROGRAMMES = [
    f"wijken/proefgemeente/proefwijk/{name}.html"
    for name in ("wp1_warmtenet", "wp2_iedereen_mee", "wp3_straten")
]
RESIDENTS = "wijken/proefgemeente/proefwijk/bewoners.html"
PAGES = ["index.html", MUNICIPALITY, *PROGRAMMES, RESIDENTS]


def test_search_finds_a_word(visit):
    """The search box finds pages on a Dutch word."""
    page = visit.open("search.html?q=warmtenet")
    page.wait_for_selector("#search-results li a", timeout=15000)
    assert page.locator("#search-results li a").count() >= 2


@pytest.mark.parametrize("path", PAGES)
def test_page_opens_without_complaint(visit, path):
    """A page has one title, no error in the console and asks only map tiles of others."""
    page = visit.open(path)
    for frame in page.locator("iframe.lekp-map").all():
        frame.scroll_into_view_if_needed()
    page.wait_for_timeout(800)
    assert page.locator("h1").count() == 1
    assert visit.complaints == []
    assert all(host.endswith("tile.openstreetmap.org") for host in visit.foreign)


@pytest.mark.parametrize("path", PAGES)
def test_page_fits_the_window(visit, path, width):
    """Nothing sticks out sideways, on a phone neither."""
    page = visit.open(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width + 1


def test_map_of_a_municipality_shows_its_wijken(visit):
    """The map loads from the site itself and draws the wijken of Berlaar."""
    page = visit.open(MUNICIPALITY)
    frame = page.locator("iframe.lekp-map").first
    frame.scroll_into_view_if_needed()
    assert frame.get_attribute("title")
    inside = frame.content_frame
    inside.locator("path.leaflet-interactive").first.wait_for(timeout=15000)
    assert inside.locator("path.leaflet-interactive").count() == 10


def test_table_sorts_on_click_and_by_keyboard(visit):
    """A click on a heading sorts the rows and says so to a screen reader."""
    page = visit.open(MUNICIPALITY)
    table = page.locator("table.lekp-sortable").first
    heading = table.locator("thead th").nth(2)
    control = heading.locator("button")
    control.click()
    first = heading.get_attribute("aria-sort")
    control.press("Enter")
    assert {first, heading.get_attribute("aria-sort")} == {"ascending", "descending"}


def test_interface_is_dutch(visit):
    """The language is declared and the theme's own words are Dutch."""
    page = visit.open("index.html")
    assert page.locator("html").get_attribute("lang") == "nl"
    html = page.content()
    for english in ("Search this book", "Skip to main content", "Back to top", "Next"):
        assert english not in re.sub(r"<script.*?</script>", "", html, flags=re.S)


def test_fiction_is_said_in_title_and_map(visit):
    """A fictional neighbourhood says so before anything else, and on its map."""
    page = visit.open(PROGRAMMES[0])
    assert "fictief" in page.locator("h1").inner_text().casefold()
    frame = page.locator("iframe.lekp-map").first
    frame.scroll_into_view_if_needed()
    text = frame.content_frame.locator("body").inner_text(timeout=15000)
    assert "fictie" in text.casefold()


def test_no_small_cell_is_published(site: Path):
    """The planted small cell, 47.123 MWh on four connections, is nowhere in the site."""
    planted = re.compile(r"47[.,]123")
    files = [path for path in site.rglob("*") if path.suffix in {".html", ".csv", ".geojson"}]
    guilty = [path.name for path in files if planted.search(path.read_text(encoding="utf-8"))]
    assert files
    assert guilty == []


def test_no_internal_link_is_broken(site: Path):
    """Every link and frame of every page leads to a file that exists."""
    broken = []
    pages = (page for page in site.rglob("*.html") if "_static" not in page.parts)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r'(?:href|src)="([^"#?]+)[^"]*"', text):
            if re.match(r"[a-z]+:|//", target):
                continue
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(site)} → {target}")
    assert broken == []
