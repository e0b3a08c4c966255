"""Pages that ask nothing of anybody else."""

from __future__ import annotations

import base64
from html import escape
from pathlib import Path

import pytest

from lekp_lib.errors import BookError
from lekp_lib.pipeline.markup import Extras, Links, Rewriter, localise_map, relative

PAGE = "wijken/aalst/rozendreef/wp1_warmtenet"
LEAFLET = (
    '<!DOCTYPE html><html><head><script src="https://cdn.x.org/leaflet.js"></script>'
    '<link rel="stylesheet" href="https://cdn.x.org/leaflet.css"/></head><body>{body}</body></html>'
)


@pytest.fixture
def rewriter() -> Rewriter:
    """Give a rewriter for a book with one municipality and one download."""
    links = Links(
        pages={"aalst": "gemeenten/aalst"},
        downloads={"aalst/gemeente/tabel.csv": Path("tabel.csv")},
    )
    return Rewriter(links=links, extras=Extras())


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="lekp:aalst">Aalst</a>', '<a href="../../../gemeenten/aalst.html">Aalst</a>'),
        (
            '<a class="x" href="lekp:aalst#het-gas">gas</a>',
            '<a class="x" href="../../../gemeenten/aalst.html#het-gas">gas</a>',
        ),
        ('<a href="lekp:gent"><b>Gent</b></a>', "<span><b>Gent</b></span>"),
        (
            '<a href="lekp-download:aalst/gemeente/tabel.csv">CSV</a>',
            '<a href="../../../downloads/aalst/gemeente/tabel.csv">CSV</a>',
        ),
        ('<a href="lekp-download:aalst/gemeente/weg.csv">CSV</a>', "<span>CSV</span>"),
        ('<a href="https://lokeren.be">ver</a>', '<a href="https://lokeren.be">ver</a>'),
    ],
)
def test_links_are_relative_or_plain_text(rewriter: Rewriter, html: str, expected: str) -> None:
    """A page or a file that is not in this book is named, not linked."""
    assert rewriter.html(html, PAGE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zie [Aalst](lekp:aalst).", 'Zie <a href="../../../gemeenten/aalst.html">Aalst</a>.'),
        ("Zie [de *stad*](lekp:gent).", "Zie de *stad*."),
        ("Schrijf `[x](lekp:aalst)`.", "Schrijf `[x](lekp:aalst)`."),
        ("```text\n[x](lekp:aalst)\n```\n", "```text\n[x](lekp:aalst)\n```\n"),
    ],
)
def test_links_in_markdown_are_resolved(rewriter: Rewriter, text: str, expected: str) -> None:
    """What stands in code is an example and stays."""
    assert rewriter.markdown(text, PAGE) == expected


def test_a_map_becomes_a_file(rewriter: Rewriter) -> None:
    """The frame keeps its title and loads late; its links still lead to pages."""
    body = '<a href="lekp:aalst" target="_parent">Aalst</a>'
    frame = f'<iframe class="lekp-map" title="Kaart" srcdoc="{escape(LEAFLET.format(body=body))}">'
    found = rewriter.html(f"{frame}</iframe>", PAGE)
    ((path, content),) = rewriter.extras.contents.items()
    src = f"../../../{path}"
    expected = f'<iframe class="lekp-map" title="Kaart" src="{src}" loading="lazy"></iframe>'
    assert found == expected
    assert '<a href="../gemeenten/aalst.html" target="_parent">' in content.decode()


def test_a_map_loads_leaflet_from_the_site() -> None:
    """No address of another site is left, and screen readers get language and title."""
    found = localise_map(LEAFLET.format(body=""), title="Straten & pleinen")
    assert "https://" not in found
    assert '<script src="../_leaflet/leaflet.js">' in found
    assert '<html lang="nl">' in found
    assert "<title>Straten &amp; pleinen</title>" in found


@pytest.mark.parametrize(
    "foreign",
    [
        '<script src="https://x.org/jquery.js"></script>',
        '<script src="//x.org/a.js"></script>',
        '<link rel="stylesheet" href="https://x.org/a.css"/>',
    ],
)
def test_a_map_that_loads_something_else_is_refused(foreign: str) -> None:
    """The reader's address would be given away."""
    with pytest.raises(BookError, match="van een andere site"):
        localise_map(foreign, title="Kaart")


def test_other_frames_are_left_alone(rewriter: Rewriter) -> None:
    """Only our own maps are moved."""
    frame = '<iframe title="Film" src="film.html"></iframe>'
    assert rewriter.html(frame, PAGE) == frame


def test_a_large_picture_becomes_a_file(rewriter: Rewriter) -> None:
    """Its description stays."""
    drawing = b"<svg>" + b" " * 5000 + b"</svg>"
    data = base64.b64encode(drawing).decode()
    html = f'<img alt="Een &lt;figuur&gt;" src="data:image/svg+xml;base64,{data}">'
    found = rewriter.html(html, PAGE)
    ((path, content),) = rewriter.extras.contents.items()
    assert content == drawing
    assert path.endswith(".svg")
    assert f'alt="Een &lt;figuur&gt;" src="../../../{path}"' in found


def test_a_small_picture_stays(rewriter: Rewriter) -> None:
    """A file of its own would only cost a request."""
    html = '<img alt="x" src="data:image/png;base64,AAAA">'
    assert rewriter.html(html, PAGE) == html


def test_the_same_map_is_kept_once(rewriter: Rewriter) -> None:
    """Files are named after their content."""
    frame = f'<iframe class="lekp-map" srcdoc="{escape(LEAFLET)}"></iframe>'
    rewriter.html(frame * 2, PAGE)
    assert len(rewriter.extras.contents) == 1


@pytest.mark.parametrize(
    ("page", "expected"), [("index", "gemeenten/a.html"), ("gemeenten/b", "a.html")]
)
def test_addresses_are_relative(page: str, expected: str) -> None:
    """The site works from any folder, also from a disk."""
    assert relative(page, "gemeenten/a.html") == expected
