"""The page for residents: the words, the figures they say, and the language."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from lekp_lib.assumptions import _load, load_messages
from lekp_lib.contracts import Flanders, Place
from lekp_lib.contracts.lists import PACKAGES
from lekp_lib.disclosure import Results
from lekp_lib.errors import AssumptionError
from lekp_lib.io.read import read_place
from lekp_lib.presentation import panels
from lekp_lib.studies.bewoners import bewoners

ROOT = Path(__file__).parents[2]
DAY = dt.date(2026, 11, 24)
MOST_WORDS = 20


@pytest.fixture(scope="module")
def place() -> Place:
    """Give the small place with every table."""
    return read_place("proefgemeente/proefwijk", data_dir=ROOT / "tests/fixtures/data")


@pytest.fixture(scope="module")
def results(place: Place, flanders: Flanders) -> Results:
    """Give the page of the small place."""
    return bewoners(place, flanders, on=DAY)


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a catalogue in which the French of each sentence is its Dutch between signs."""
    table = _load._packaged_table("messages.csv")
    made = table.assign(fr="«" + table["nl"] + "»")
    monkeypatch.setattr(_load, "_packaged_table", lambda name: made)


def sentences(results: Results) -> dict[str, str]:
    """Return the first screen by its parts."""
    frame = results.public["samenvatting"].frame
    return dict(zip(frame["part"], frame["text"], strict=True))


def kinds(results: Results) -> list[str]:
    """Return the kinds of homes on the page."""
    return list(results.public["woningen_zoals_de_mijne"].frame["home"].unique())


def test_only_kinds_with_enough_homes_are_shown(results: Results) -> None:
    """Of the five largest kinds of the small place only two have five dwellings."""
    assert kinds(results) == [
        "Appartement, gebouwd tussen 1962 en 1970",
        "Rijhuis, gebouwd tussen 1900 en 1918",
    ]


def test_key_figures_are_what_the_page_says(results: Results) -> None:
    """Rounded alike, on the first screen and on the card of the most common home."""
    figures = results.key_figures.set_index("key")["value"]
    cards = results.public["woningen_zoals_de_mijne"].frame
    first = cards[cards["home"] == cards["home"].iloc[0]].set_index("package")["cost"]
    for package in PACKAGES:
        said = f"elke maand ongeveer {figures[f'residents_month_{package}_eur']:.0f} euro meer"
        assert said in first[package]
        assert said in sentences(results)["wat"]
    assert figures["residents_home_kinds"] == len(kinds(results))


def test_dearer_is_called_dearer(results: Results) -> None:
    """The first screen does not hide that a package costs more each month."""
    assert sentences(results)["wat"].count("euro meer dan nu") == len(PACKAGES)
    assert "geschat" in sentences(results)["zekerheid"]


def test_the_page_names_whom_to_call(results: Results, place: Place) -> None:
    """The role of ``wijk.yml``, at the start and at the end."""
    role = place.settings.contact_role
    assert role is not None
    assert role in sentences(results)["volgende_stap"]
    assert role in panels.homes_like_mine(results.public["woningen_zoals_de_mijne"]).text


def test_a_place_without_homes_still_has_a_page(place: Place, flanders: Flanders) -> None:
    """No amounts and no figures, but somebody to call."""
    buildings = place.tables["gebouwen"].assign(function="school", dwellings=0)
    typed = buildings.astype({"function": "str", "dwellings": "Int64"})
    empty = replace(place, tables={**place.tables, "gebouwen": typed})
    results = bewoners(empty, flanders, on=DAY)
    assert kinds(results) == []
    assert "nog geen bedragen" in sentences(results)["wat"]
    assert "Neem contact op" in sentences(results)["volgende_stap"]
    assert results.key_figures["value"].dropna().tolist() == [0.0]


def test_every_sentence_is_short() -> None:
    """B1: no sentence of the catalogue has more than 20 words."""
    for key, text in load_messages().items():
        parts = re.split(r"(?<=[.?!:])\s", text)
        assert all(len(part.split()) <= MOST_WORDS for part in parts), key


@pytest.mark.usefixtures("marked")
def test_every_sentence_comes_from_the_catalogue(place: Place, flanders: Flanders) -> None:
    """In a language that is fully translated, no text on the page stands outside it."""
    public = bewoners(place, flanders, on=DAY, language="fr").public
    shown = [
        panels.residents_opening(public["samenvatting"], language="fr"),
        panels.homes_like_mine(public["woningen_zoals_de_mijne"], language="fr"),
        panels.read_more("a/b", language="fr"),
    ]
    texts = re.split(r"<[^>]+>", "".join(one.text for one in shown))
    found = [text.strip() for text in texts if text.strip()]
    assert len(found) > 20
    assert [text for text in found if not (text[0] == "«" and text[-1] == "»")] == []
    assert not any("vertaald" in text for text in found)


def test_what_is_not_translated_comes_in_dutch(
    results: Results, place: Place, flanders: Flanders
) -> None:
    """An empty column gives the Dutch page."""
    found = bewoners(place, flanders, on=DAY, language="tr").public
    for name, public in results.public.items():
        pd.testing.assert_frame_equal(found[name].frame, public.frame)


def test_an_unknown_language_is_refused(place: Place, flanders: Flanders) -> None:
    """The message names the languages there are."""
    with pytest.raises(AssumptionError, match=r"niet in «de», wel in: nl, en, fr, tr, ar"):
        bewoners(place, flanders, on=DAY, language="de")
