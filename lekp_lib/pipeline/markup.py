"""
Rewrite the pages of the book so that they ask nothing of anybody else.

Links between pages become relative ones, maps and large pictures become files of the
site, and a map gets its scripts from the site itself.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from lekp_lib.errors import BookError

__all__ = ["Extras", "Links", "Rewriter", "escape_markdown", "localise_map", "relative"]

_ATTRIBUTE = r"""[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?"""
_ATTRIBUTE_PARTS = re.compile(
    r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?"""
)


def _tag(name: str, *, ending: str = "") -> re.Pattern[str]:
    # Values in quotes may hold any sign, a whole page of HTML included.
    pattern = rf"<{name}\b((?:\s+{_ATTRIBUTE})*)\s*/?>{ending}"
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


_IFRAME = _tag("iframe")
_IMAGE = _tag("img")
_LINK = _tag("a", ending=r"(.*?)</a\s*>")
_SCRIPT = _tag("script", ending=r"(.*?)</script\s*>")
_STYLESHEET = _tag("link")
_MARKDOWN_LINK = re.compile(
    r"\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]\((lekp(?:-download)?:[^)\s]+)(?:\s+\"[^\"]*\")?\)"
)
_MARKDOWN_CODE = re.compile(
    r"(^[ ]{0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n.*?^[ ]{0,3}(?P=fence)[`~]*[ ]*$|`[^`\n]+`)",
    re.MULTILINE | re.DOTALL,
)
_MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|$~^])")
_DATA_IMAGE = re.compile(r"data:image/(svg\+xml|png|jpeg|gif|webp);base64,([A-Za-z0-9+/=\s]+)")
_SUFFIXES = {"svg+xml": "svg", "png": "png", "jpeg": "jpg", "gif": "gif", "webp": "webp"}
_SMALL_IMAGE = 2048  # characters of base64 that may stay in the page
_REMOTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)

LEAFLET = "_leaflet"
MAPS = "kaarten"
FIGURES = "figuren"
DOWNLOADS = "downloads"


@dataclass
class Extras:
    """
    Files that stand next to the pages, by their path in the site.

    Attributes
    ----------
    contents : dict of str to bytes
        Files made here.
    copies : dict of str to Path
        Files copied from elsewhere.
    """

    contents: dict[str, bytes] = field(default_factory=dict)
    copies: dict[str, Path] = field(default_factory=dict)

    def add(self, folder: str, suffix: str, content: bytes) -> str:
        """Keep a file under a name made from its content and return its path."""
        path = f"{folder}/{hashlib.sha256(content).hexdigest()[:20]}.{suffix}"
        self.contents[path] = content
        return path


@dataclass(frozen=True)
class Links:
    """
    Where the pages and the downloads of this book are.

    Attributes
    ----------
    pages : mapping of str to str
        From ``<place>`` or ``<place>/<notebook>`` to the name of the page.
    downloads : mapping of str to Path
        From ``<place>/<notebook>/<file>`` to the file.
    """

    pages: Mapping[str, str] = field(default_factory=dict)
    downloads: Mapping[str, Path] = field(default_factory=dict)

    def resolve(self, target: str, page: str) -> str | None:
        """Return a ``lekp:`` or ``lekp-download:`` target as seen from a page, if it exists."""
        scheme, _, rest = target.partition(":")
        name, _, fragment = rest.partition("#")
        if scheme == "lekp-download":
            return relative(page, f"{DOWNLOADS}/{name}") if name in self.downloads else None
        found = self.pages.get(name.strip("/"))
        if found is None:
            return None
        return relative(page, f"{found}.html") + (f"#{quote(fragment)}" if fragment else "")


@dataclass(frozen=True)
class Rewriter:
    """
    Rewrites one page after another and collects the files they need.

    Attributes
    ----------
    links : Links
        The pages and downloads that exist.
    extras : Extras
        Filled along the way.
    """

    links: Links
    extras: Extras

    def html(self, text: str, page: str) -> str:
        """
        Return the HTML of a page with local links, maps and pictures.

        Parameters
        ----------
        text : str
            HTML, for instance one output of a notebook.
        page : str
            Name of the page, its path below the site without suffix.
        """
        text = _IFRAME.sub(lambda found: self._iframe(found, page), text)
        text = _IMAGE.sub(lambda found: self._image(found, page), text)
        return _LINK.sub(lambda found: self._link(found, page), text)

    def markdown(self, text: str, page: str) -> str:
        """Return Markdown with local links; what stands in code is left alone."""
        return _outside_code(text, lambda prose: self._prose(prose, page))

    def _prose(self, text: str, page: str) -> str:
        def replace(found: re.Match[str]) -> str:
            href = self.links.resolve(found[2], page)
            return found[1] if href is None else f'<a href="{html.escape(href)}">{found[1]}</a>'

        return self.html(_MARKDOWN_LINK.sub(replace, text), page)

    def _iframe(self, found: re.Match[str], page: str) -> str:
        attributes = _attributes(found[1])
        if "lekp-map" not in attributes.get("class", "").split() or "srcdoc" not in attributes:
            return found[0]
        document = localise_map(attributes.pop("srcdoc"), title=attributes.get("title", "Kaart"))
        # Links in a map are followed from the folder that all maps lie in.
        document = _LINK.sub(lambda link: self._link(link, f"{MAPS}/kaart"), document)
        path = self.extras.add(MAPS, "html", document.encode("utf-8"))
        attributes |= {"src": relative(page, path), "loading": "lazy"}
        return _write_tag("iframe", attributes)

    def _image(self, found: re.Match[str], page: str) -> str:
        attributes = _attributes(found[1])
        data = _DATA_IMAGE.fullmatch(attributes.get("src", ""))
        if data is None or len(data[2]) <= _SMALL_IMAGE:
            return found[0]
        try:
            content = base64.b64decode(data[2])
        except binascii.Error:
            return found[0]
        attributes["src"] = relative(page, self.extras.add(FIGURES, _SUFFIXES[data[1]], content))
        attributes.setdefault("loading", "lazy")
        return _write_tag("img", attributes)

    def _link(self, found: re.Match[str], page: str) -> str:
        attributes = _attributes(found[1])
        target = attributes.get("href", "")
        if not target.startswith(("lekp:", "lekp-download:")):
            return found[0]
        href = self.links.resolve(target, page)
        if href is None:
            return f"<span>{found[2]}</span>"
        return f"{_write_tag('a', attributes | {'href': href})}{found[2]}</a>"


def localise_map(document: str, *, title: str) -> str:
    """
    Return the page of a map that loads Leaflet from the site itself.

    Parameters
    ----------
    document : str
        A complete HTML page, or the body of one.
    title : str
        Title for screen readers.

    Raises
    ------
    BookError
        If the map loads another script or style from elsewhere.
    """

    def script(found: re.Match[str]) -> str:
        source = _attributes(found[1]).get("src", "")
        if source.split("?")[0].endswith("leaflet.js"):
            return f'<script src="../{LEAFLET}/leaflet.js"></script>'
        _refuse_remote(source)
        return found[0]

    def stylesheet(found: re.Match[str]) -> str:
        source = _attributes(found[1]).get("href", "")
        if source.split("?")[0].endswith("leaflet.css"):
            return f'<link rel="stylesheet" href="../{LEAFLET}/leaflet.css"/>'
        _refuse_remote(source)
        return found[0]

    text = _STYLESHEET.sub(stylesheet, _SCRIPT.sub(script, document))
    if "<html" not in text.lower():
        text = (
            f"<!DOCTYPE html>\n<html><head><meta charset='utf-8'/></head><body>{text}</body></html>"
        )
    text = re.sub(r"<html(?![^>]*\slang=)", '<html lang="nl"', text, count=1, flags=re.IGNORECASE)
    if "<title" not in text.lower():
        heading = f"<head><title>{html.escape(title)}</title>"
        text = re.sub(r"<head>", lambda _: heading, text, count=1, flags=re.IGNORECASE)
    return text


def relative(page: str, target: str) -> str:
    """
    Return the address of a file of the site as seen from a page.

    Examples
    --------
    >>> relative("wijken/aalst/rozendreef/index", "gemeenten/aalst.html")
    '../../../gemeenten/aalst.html'
    """
    return quote(posixpath.relpath(f"/{target}", f"/{posixpath.dirname(page)}"))


def escape_markdown(text: str) -> str:
    r"""
    Return text that Markdown shows as it is.

    Examples
    --------
    >>> escape_markdown("Wijk *1*")
    'Wijk \\*1\\*'
    """
    return _MARKDOWN_SIGNS.sub(r"\\\1", " ".join(text.split()))


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    parts, end = [], 0
    for found in _MARKDOWN_CODE.finditer(text):
        parts += [change(text[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*parts, change(text[end:])])


def _attributes(text: str) -> dict[str, str]:
    return {
        found[1].lower(): html.unescape(next((part for part in found.groups()[1:] if part), ""))
        for found in _ATTRIBUTE_PARTS.finditer(text)
    }


def _write_tag(name: str, attributes: Mapping[str, str]) -> str:
    pairs = [f' {key}="{html.escape(value)}"' for key, value in attributes.items()]
    return f"<{name}{''.join(pairs)}>"


def _refuse_remote(source: str) -> None:
    if _REMOTE.match(source):
        msg = (
            f"Een kaart laadt «{source}» van een andere site. "
            "Wat te doen: gebruik in kaarten alleen Leaflet, dat met het boek meekomt."
        )
        raise BookError(msg)
