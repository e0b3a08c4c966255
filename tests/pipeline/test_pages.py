"""Titles and generated texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from lekp_lib.io.adapters import _osm_lines, fluvius
from lekp_lib.pipeline.intake import _STORY
from lekp_lib.pipeline.pages import (
    Page,
    failure_page,
    generated_entries,
    neighbourhood_page,
    page_of,
    province_page,
    story_html,
    title_of,
    warning_of,
)
from lekp_lib.pipeline.places import Project
from lekp_lib.pipeline.plan import Unit

UnitsOf = Callable[..., list[Unit]]


@pytest.fixture
def pages(mixed_project: Project, units_of: UnitsOf) -> dict[str, Page]:
    """Give the pages of the mixed project by the name of their unit."""
    found = (page_of(unit) for unit in units_of(mixed_project))
    return {page.unit.name: page for page in found if page is not None}


def test_titles_name_place_and_fiction(mixed_project: Project, units_of: UnitsOf) -> None:
    """A municipality has its name, a case study its programme and its neighbourhood."""
    titles = {unit.name: title_of(unit) for unit in units_of(mixed_project)}
    assert titles["aalst/gemeente"] == "Aalst"
    assert titles["aalst/rozendreef/wp1_warmtenet"] == (
        "Parel van het warmtenet: Rozendreef (fictief)"
    )
    assert titles["aalst/stationswijk/wp2_iedereen_mee"] == "Iedereen mee: Stationswijk"
    assert titles["vlaanderen/vlaanderen"] is None


def test_the_state_of_a_page_follows_its_run(pages: dict[str, Page]) -> None:
    """A run that failed without an older result has nothing to show."""
    assert pages["aalst/rozendreef/wp1_warmtenet"].state == "good"
    assert pages["aalst/rozendreef/wp3_straten"].state == "failed"


def test_a_unit_that_never_ran_has_no_page(project: Project, units_of: UnitsOf) -> None:
    """It is left out of the book."""
    assert page_of(units_of(project)[0]) is None


def test_a_failure_page_says_what_and_what_to_do(pages: dict[str, Page]) -> None:
    """With the message and the commands for this place."""
    text = failure_page(pages["aalst/rozendreef/wp3_straten"])
    assert "ZeroDivisionError" in text
    assert "`lekp check aalst/rozendreef`" in text


def test_a_message_cannot_write_the_page(pages: dict[str, Page]) -> None:
    """What stood in a file is quoted, not carried out."""
    page = pages["aalst/rozendreef/wp3_straten"]
    manifest = replace(page.manifest, error="</pre><script>x</script>\n\n# titel")
    text = warning_of(replace(page, manifest=manifest))
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_a_long_message_is_cut(pages: dict[str, Page]) -> None:
    """The rest is counted."""
    page = pages["aalst/rozendreef/wp3_straten"]
    manifest = replace(page.manifest, error="\n".join(["fout"] * 100))
    assert "… en nog 60 regels." in warning_of(replace(page, manifest=manifest))


def test_a_neighbourhood_page_tells_and_links(pages: dict[str, Page]) -> None:
    """Title, warning, story, then its case studies."""
    studies = [page for name, page in pages.items() if name.startswith("aalst/rozendreef/")]
    text = neighbourhood_page(studies[0].unit.place, studies, "<p>Verhaal</p>")
    assert text.startswith("# Rozendreef (fictief)\n")
    assert "Deze wijk bestaat niet." in text
    assert "- [Parel van het warmtenet](lekp:aalst/rozendreef/wp1_warmtenet)\n" in text
    assert "(de laatste berekening is mislukt)" in text


def test_a_neighbourhood_page_sends_residents_to_their_own_page(pages: dict[str, Page]) -> None:
    """Above the list of case studies, and not in it: its readers decide nothing there."""
    page = pages["aalst/stationswijk/bewoners"]
    text = neighbourhood_page(page.unit.place, [page], "")
    first, rest = text.split("## Wat we voor deze wijk berekenden")
    assert "Lees de bladzijde [Voor bewoners](lekp:aalst/stationswijk/bewoners)." in first
    assert "bewoners" not in rest


def test_a_neighbourhood_page_says_what_to_decide(pages: dict[str, Page]) -> None:
    """Below the link of a case study, as text: nothing in it is carried out."""
    page = pages["aalst/stationswijk/wp2_iedereen_mee"]
    summary = page.unit.downloads / "samenvatting.csv"
    assert not summary.exists()
    plain = neighbourhood_page(page.unit.place, [page], "")
    assert "Wat u nu beslist" not in plain
    summary.parent.mkdir(parents=True, exist_ok=True)
    summary.write_text("part,text\nwat,Iets.\nbeslissing,Begin <b>hier</b>.\n", encoding="utf-8")
    try:
        text = neighbourhood_page(page.unit.place, [page], "")
        assert "<strong>Wat u nu beslist.</strong> Begin &lt;b&gt;hier&lt;/b&gt;.</p>" in text
        assert "Iets." not in text
        failed = replace(page, state="failed")
        assert "Begin" not in neighbourhood_page(page.unit.place, [failed], "")
    finally:
        summary.unlink()


def test_a_province_page_lists_municipalities(pages: dict[str, Page]) -> None:
    """Each as a link."""
    text = province_page("Oost-Vlaanderen", [pages["aalst/gemeente"]])
    assert text.startswith("# Provincie Oost-Vlaanderen\n")
    assert '<li><a href="lekp:aalst">Aalst</a></li>' in text


def test_entries_are_grouped(pages: dict[str, Page]) -> None:
    """Municipalities by province, case studies by neighbourhood."""
    entries = generated_entries(list(pages.values()))
    assert [entry["file"] for entry in entries["vlaanderen"]] == [
        "vlaanderen/vlaanderen",
        "vlaanderen/provincie-antwerpen",
        "vlaanderen/provincie-oost-vlaanderen",
    ]
    assert entries["wijken"][0]["file"] == "wijken/aalst/rozendreef/index"
    assert [section["title"] for section in entries["wijken"][0]["sections"]] == [
        "Warmtenet",
        "Iedereen mee",
        "Straten",
        "Voor bewoners",
    ]


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        ("# Titel\n\nTekst.", "<p>Tekst.</p>"),
        ("Tekst.\n\n# Deel\n\n## Lager", "<p>Tekst.</p>\n<h2>Deel</h2>\n<h2>Lager</h2>"),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
        ("[x](javascript:alert)", "<p>[x](javascript:alert)</p>"),
        ("![Een foto](https://x.org/a.png)", "<p>Een foto</p>"),
        ("```{include} /etc/passwd\n```", '<pre><code class="language-{include}"></code></pre>'),
    ],
)
def test_a_story_can_do_no_harm(story: str, expected: str) -> None:
    """It is text: nothing in it is carried out or fetched."""
    assert story_html(story, {}) == expected


@pytest.mark.parametrize(
    "template",
    [
        _STORY.format(name="Dorp"),
        fluvius._story("Aalst"),
        _osm_lines.story("Aalst", {"gebouwen": pd.DataFrame()}, "1 mei 2026"),
    ],
)
def test_the_text_of_a_template_is_no_story(template: str) -> None:
    """What nobody wrote is not published; what was added to it is."""
    assert story_html(template, {}) == ""
    assert story_html(f"{template}\n\nHier wonen mensen.", {}) == "<p>Hier wonen mensen.</p>"


def test_a_story_shows_pictures_of_its_folder() -> None:
    """With their description."""
    found = story_html("![Een foto](a.png)", {"a.png": "../a.png"})
    assert '<img src="../a.png" alt="Een foto" loading="lazy"' in found
