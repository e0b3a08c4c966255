"""HTML that is safe by construction: what is not ``Html`` is text, and text is escaped."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass

__all__ = ["Html", "element", "escape", "fragment", "link", "script_json"]

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINK = re.compile(r"(https?://|lekp:|lekp-download:)[^\s\"'<>\\]+")
_VOID = frozenset({"br", "img"})
_IN_SCRIPT = str.maketrans(
    {
        "<": "\\u003c",
        ">": "\\u003e",
        "&": "\\u0026",
        "'": "\\u0027",
        "\u2028": "\\u2028",
        "\u2029": "\\u2029",
    }
)


@dataclass(frozen=True, repr=False)
class Html:
    """
    A piece of HTML that a notebook shows and that may be put inside other HTML.

    Attributes
    ----------
    text : str
        Markup. Whoever makes an ``Html`` promises that data in it are escaped.

    Examples
    --------
    >>> Html("<p>Dag</p>")
    <Html: 10 tekens>
    """

    text: str

    def _repr_html_(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Html: {len(self.text)} tekens>"


def escape(value: object) -> str:
    """
    Return a value as text that is safe between tags and inside quoted attributes.

    Examples
    --------
    >>> escape("<script>alert('1')</script>")
    '&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;'
    """
    return html.escape(_CONTROL.sub("", str(value)), quote=True)


def element(tag: str, *children: object, **attributes: object) -> Html:
    """
    Return one element; children and attribute values are escaped unless they are ``Html``.

    Parameters
    ----------
    tag : str
        Name of the element.
    *children
        ``Html`` is put in as it is, anything else as text.
    **attributes
        ``data_sort`` becomes ``data-sort`` and ``class_`` becomes ``class``. None and False
        leave the attribute out, True gives it without a value.

    Examples
    --------
    >>> element("td", "a < b", class_="lekp-number", data_sort=3).text
    '<td class="lekp-number" data-sort="3">a &lt; b</td>'
    """
    opening = f"<{tag}{''.join(_attribute(*item) for item in attributes.items())}>"
    return Html(opening if tag in _VOID else f"{opening}{fragment(*children).text}</{tag}>")


def _attribute(name: str, value: object) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(value)}"'


def fragment(*children: object) -> Html:
    """
    Return several pieces after one another.

    Examples
    --------
    >>> fragment(Html("<b>5</b>"), " < 6").text
    '<b>5</b> &lt; 6'
    """
    return Html("".join(c.text if isinstance(c, Html) else escape(c) for c in children))


def link(href: str, *children: object, **attributes: object) -> Html:
    """
    Return a link, or only its text if the address is not one that we make.

    Parameters
    ----------
    href : str
        ``https:``, ``http:``, ``lekp:<place>`` or ``lekp-download:<place>/<notebook>/<file>``.

    Examples
    --------
    >>> link("lekp:gent", "Gent").text
    '<a href="lekp:gent">Gent</a>'
    >>> link("javascript:alert(1)", "Gent").text
    'Gent'
    """
    if not _LINK.fullmatch(href):
        return fragment(*children)
    return element("a", *children, href=href, **attributes)


def script_json(value: object) -> str:
    r"""
    Return a value as JSON that cannot end the script element it stands in.

    Examples
    --------
    >>> script_json({"naam": "</script>"})
    '{"naam":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_IN_SCRIPT)
