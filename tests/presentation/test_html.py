"""HTML is safe by construction."""

from __future__ import annotations

import json

import pytest

from lekp_lib.presentation.html import Html, element, escape, fragment, link, script_json


def test_text_is_escaped_and_markup_is_not() -> None:
    """Only what is ``Html`` already goes in as it is."""
    assert element("p", Html("<b>5</b>"), "<6").text == "<p><b>5</b>&lt;6</p>"


def test_attributes_cannot_be_left() -> None:
    """A quote in a value does not end the attribute."""
    assert element("p", title='"><script>').text == '<p title="&quot;&gt;&lt;script&gt;"></p>'


def test_attributes_without_value() -> None:
    """None and False leave an attribute out, True gives its name alone."""
    assert element("p", hidden=True, id=None, lang=False).text == "<p hidden></p>"


def test_void_elements_have_no_end() -> None:
    """An image is not closed."""
    assert element("img", alt="x").text == '<img alt="x">'


def test_control_characters_are_dropped() -> None:
    """Characters that HTML forbids do not reach the page."""
    assert escape("a\x00b\x1bc") == "abc"


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "lekp:x y", "data:text/html,x", "https://a.be/'x", ""]
)
def test_strange_addresses_become_text(href: str) -> None:
    """Only addresses that the platform makes become links."""
    assert link(href, "tekst") == Html("tekst")


@pytest.mark.parametrize(
    "href", ["https://a.be/x?y=1", "lekp:gent/wijk", "lekp-download:a/b/c.csv"]
)
def test_own_addresses_become_links(href: str) -> None:
    """Web addresses, pages and downloads are links."""
    assert link(href, "tekst").text.startswith(f'<a href="{href}"')


def test_json_stays_inside_its_script() -> None:
    """No tag, entity or line end of JavaScript survives, and the value comes back whole."""
    value = {"naam": "</script><!-- & ' \u2028"}
    text = script_json(value)
    assert not set("<>&'\u2028") & set(text)
    assert json.loads(text) == value


def test_shown_in_a_notebook_but_short_as_text() -> None:
    """The plain side of an output does not double a page."""
    assert Html("<p>" * 1000)._repr_html_() == "<p>" * 1000
    assert repr(Html("<p>")) == "<Html: 3 tekens>"


def test_fragment_of_nothing_is_empty() -> None:
    """Nothing gives nothing."""
    assert fragment() == Html("")
