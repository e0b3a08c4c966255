"""First screen, data richness, downloads and the fictional banner."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from lekp_lib.contracts import RESULTS
from lekp_lib.disclosure import Results
from lekp_lib.errors import ContractError
from lekp_lib.presentation import panels


@pytest.fixture
def results(streets, summary, figures) -> Results:
    """Return results with a table and a map table."""
    public = {
        "straten": replace(streets, name="straten"),
        "samenvatting": replace(summary, name="samenvatting"),
    }
    return Results({}, public, figures, pd.DataFrame(), "Lille", is_fictional=False)


@pytest.fixture
def rijkdom(make_table):
    """Return a table that was there and one that was not."""
    frame = pd.DataFrame(
        {
            "table": ["gebouwen", "bomen"],
            "label": ["gebouwen", "<b>bomen</b>"],
            "is_present": pd.array([True, False], dtype="boolean"),
            "found": ["480 rijen", None],
            "stands_in": [None, "Geen bomen."],
            "improves": [None, "de schaduw"],
        }
    )
    return make_table(frame, list(RESULTS["rijkdom"].columns.values()))


def test_first_screen_in_order(summary, figures) -> None:
    """Three sentences, three figures, one next step."""
    text = panels.opening(summary, figures).text
    words = ["Er is warmte.", "Vrij zeker.", "Beslis nu.", "lekp-cards", "Volgende stap"]
    places = [text.index(word) for word in words]
    assert places == sorted(places)
    assert text.count('class="lekp-card"') == 3
    assert "<script" not in text


def test_first_screen_with_chosen_figures(summary, figures) -> None:
    """The notebook may choose the figures."""
    text = panels.opening(summary, figures, keys=["capex"]).text
    assert "12,3 miljoen euro" in text
    assert text.count('class="lekp-card"') == 1


def test_first_screen_of_a_fictional_place_warns(summary, figures) -> None:
    """The warning comes before the answer."""
    text = panels.opening(replace(summary, is_fictional=True), figures).text
    assert text.index("lekp-fictional") < text.index("Er is warmte.")


def test_missing_sentence_is_refused(summary, figures, make_table) -> None:
    """A first screen without a decision is no first screen."""
    short = make_table(summary.frame.iloc[:2], list(summary.columns.values()))
    with pytest.raises(ContractError, match="lacks the parts beslissing, volgende_stap"):
        panels.opening(short, figures)


def test_first_screen_takes_public_tables_only(summary, figures) -> None:
    """Sentences go through disclosure too."""
    with pytest.raises(TypeError, match="Only a PublicTable may be shown"):
        panels.opening(summary.frame, figures)


def test_richness_says_what_was_there_and_what_would_help(rijkdom) -> None:
    """A sign and a word for each table, and no colour needed to tell them apart."""
    text = panels.richness(rijkdom).text
    assert "1 van de 2 tabellen waren er." in text
    assert '<span class="lekp-icon" aria-hidden="true">✓</span> <strong>gebouwen</strong>' in text
    assert ": aanwezig (480 rijen)." in text
    assert ": ontbreekt. Nu valt in: Geen bomen. Toevoegen verbetert: de schaduw." in text
    assert "&lt;b&gt;bomen" in text


def test_richness_of_a_complete_place(rijkdom, make_table) -> None:
    """Where all tables were there, nothing is said of assumptions."""
    full = make_table(rijkdom.frame.iloc[:1], list(rijkdom.columns.values()))
    text = panels.richness(full).text
    assert "Alle tabellen waren er." in text
    assert "aanname" not in text


def test_downloads_name_the_files_as_written(results) -> None:
    """One workbook, and per table CSV and, with geometry, GeoJSON."""
    text = panels.downloads(results, place="lille/dorp", notebook="wp1_warmtenet").text
    base = "lekp-download:lille/dorp/wp1_warmtenet"
    for file in ("wp1_warmtenet.xlsx", "straten.csv", "straten.geojson", "samenvatting.csv"):
        assert f'href="{base}/{file}"' in text
    assert "samenvatting.geojson" not in text
    assert 'aria-label="Proeftabel als CSV"' in text


def test_downloads_of_a_fictional_place_warn(results) -> None:
    """Whoever takes a file away has read it."""
    fictional = replace(results, is_fictional=True)
    assert "Fictieve gegevens" in panels.downloads(fictional, place="a/b", notebook="c").text
    assert "Fictieve" not in panels.downloads(results, place="a/b", notebook="c").text


def test_banner_only_for_fictional_places(results) -> None:
    """A real place gets nothing."""
    assert panels.fictional_banner(results).text == ""
    assert "bestaat niet" in panels.fictional_banner(replace(results, is_fictional=True)).text


def test_panels_of_results_take_results(streets) -> None:
    """A table is not the results of a study."""
    with pytest.raises(TypeError, match="made from the Results of a study"):
        panels.fictional_banner(streets)


@pytest.fixture
def homes(make_table):
    """Return two kinds of homes with one package each, the second one without support."""
    frame = pd.DataFrame(
        {
            "home": ["Rijhuis", "<b>Halfopen</b>"],
            "package": ["basis", "schil"],
            "offer": ["Een dak.", "Een muur."],
            "cost": ["10 euro.", "20 euro."],
            "support": ["5 euro.", None],
            "tenant": ["Niets.", "Niets."],
            "call": ["Bel ons.", "Bel ons."],
        }
    )
    return make_table(frame, list(RESULTS["woningen_zoals_de_mijne"].columns.values()))


def test_residents_find_their_home_and_whom_to_call(homes) -> None:
    """A list to jump from, a heading per kind, a card per package, and whom to call once."""
    text = panels.homes_like_mine(homes).text
    assert '<a href="#huis-2">&lt;b&gt;Halfopen&lt;/b&gt;</a>' in text
    assert '<h3 id="huis-2">&lt;b&gt;Halfopen&lt;/b&gt;</h3>' in text
    assert text.count('class="lekp-card"') == 2
    assert text.count("<dt>Met steun</dt>") == 1
    assert text.count("Bel ons.") == 1


def test_residents_of_a_place_without_homes_get_no_empty_heading(homes, make_table) -> None:
    """The first screen has said that there are no amounts."""
    empty = make_table(homes.frame.iloc[:0], list(homes.columns.values()))
    assert panels.homes_like_mine(empty).text == ""


def test_first_screen_of_residents_warns_and_answers(summary) -> None:
    """Fiction first, then four answers; each line is a paragraph."""
    summary.frame["text"] = summary.frame["text"].mask(summary.frame["part"] == "wat", "A.\nB.")
    text = panels.residents_opening(replace(summary, is_fictional=True)).text
    assert "<dd><p>A.</p><p>B.</p></dd>" in text
    assert text.index("Deze wijk bestaat niet.") < text.index("<p>A.</p>")
    assert text.count("<dt>") == 4


def test_what_is_not_translated_is_said(summary, monkeypatch) -> None:
    """Above the answers; the page stays Dutch for who hears it until most is translated."""
    assert "nog niet helemaal vertaald" not in panels.residents_opening(summary).text
    text = panels.residents_opening(summary, language="ar").text
    assert text.index("nog niet helemaal vertaald") < text.index("<dl")
    assert 'dir="auto"' in text
    assert "lang=" not in text
    monkeypatch.setattr(panels, "untranslated_messages", lambda language: [])
    assert 'lang="ar"' in panels.residents_opening(summary, language="ar").text


def test_council_page_names_at_most_three_unknowns(summary, figures, make_table, about) -> None:
    """Three sentences, three figures, and the first things that could turn the answer."""
    frame = pd.DataFrame({"what": ["prijs", "vraag", "bron", "rente"]})
    unknown = make_table(frame, [about("what", "text")])
    text = panels.council(summary, figures, unknown, name="Dorp").text
    assert "Dorp: één pagina voor de gemeenteraad" in text
    assert [word in text for word in ("<li>prijs</li>", "<li>bron</li>", "<li>rente</li>")] == [
        True,
        True,
        False,
    ]


def test_council_page_without_unknowns_says_so(summary, figures, make_table, about) -> None:
    """An empty list is a result too."""
    unknown = make_table(pd.DataFrame({"what": []}, dtype="str"), [about("what", "text")])
    text = panels.council(summary, figures, unknown, name="Dorp").text
    assert "keert geen enkel cijfer" in text
