"""The pages of the book that come from runs: their names, titles and generated texts."""

from __future__ import annotations

import csv
import datetime as dt
import html
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from lekp_lib import wording
from lekp_lib.pipeline import reference
from lekp_lib.pipeline.manifest import Manifest, read_manifest
from lekp_lib.pipeline.markup import escape_markdown
from lekp_lib.pipeline.places import PlaceRef
from lekp_lib.pipeline.plan import Unit
from lekp_lib.pipeline.toc import Entry

__all__ = [
    "Page",
    "display_name",
    "failure_page",
    "generated_entries",
    "is_image",
    "neighbourhood_name",
    "neighbourhood_page",
    "page_of",
    "province_name",
    "province_page",
    "province_pages",
    "story_html",
    "studies_by_place",
    "title_of",
    "warning_of",
]

FICTIONAL = "(fictief)"
STATUS = "status"
_LONGEST_MESSAGE = 40  # lines
_SUMMARY = "samenvatting.csv"
_DECISION = "beslissing"
_TEMPLATE_SIGNS = (
    "Vertel hier in een paar zinnen het verhaal van de wijk",
    "Vervang deze tekst door het verhaal van de wijk",
)
"""What `lekp new` and `lekp import` write where the story of the municipality must come."""
_TEMPLATE_TEXTS = (*_TEMPLATE_SIGNS, "is beschreven met open gegevens van OpenStreetMap")
_IMAGES = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"}


@dataclass(frozen=True)
class Page:
    """
    The page of one unit.

    Attributes
    ----------
    unit : Unit
        What the page shows.
    name : str
        Path of the page below the site, without suffix.
    manifest : Manifest
        The last run.
    state : {"good", "outdated", "failed"}
        ``outdated``: the last run failed, an older result is shown under a warning.
        ``failed``: there is no result to show.
    """

    unit: Unit
    name: str
    manifest: Manifest
    state: Literal["good", "outdated", "failed"]


def page_of(unit: Unit) -> Page | None:
    """Return the page of a unit, or None if it never ran."""
    manifest = read_manifest(unit.manifest)
    if manifest is None:
        return None
    has_result = manifest.good_start is not None and unit.executed.is_file()
    if manifest.status == "ok" and not has_result:
        return None
    state: Literal["good", "outdated", "failed"] = "good" if manifest.status == "ok" else "failed"
    if state == "failed" and has_result:
        state = "outdated"
    return Page(unit=unit, name=_page_name(unit), manifest=manifest, state=state)


def title_of(unit: Unit) -> str | None:
    """Return the title of a page, or None where the notebook has its own."""
    place = unit.place
    if place.kind == "vlaanderen":
        return None
    if place.kind == "gemeente":
        return place.name
    return f"{unit.template.title.removesuffix('!')}: {display_name(place)}"


def display_name(place: PlaceRef) -> str:
    """Return the name of a place, which says so if the place does not exist."""
    if place.is_fictional and FICTIONAL not in place.name:
        return f"{place.name} {FICTIONAL}"
    return place.name


def warning_of(page: Page) -> str:
    """Return Markdown that says that a page shows an older result, and why."""
    since = _moment(page.manifest.good_start)
    return "\n".join(
        [
            "::::::{warning}",
            f"De laatste berekening, op {_moment(page.manifest.start)}, is mislukt.",
            f"Hieronder staat het resultaat van {since}.",
            "",
            _message(page.manifest.error or ""),
            "::::::",
        ]
    )


def failure_page(page: Page) -> str:
    """Return the Markdown of a page whose unit has never given a result."""
    title = title_of(page.unit) or page.unit.place.name
    place = page.unit.place.slug
    return "\n".join(
        [
            f"# {escape_markdown(title)}",
            "",
            "::::::{error}",
            f"De berekening voor deze pagina is mislukt op {_moment(page.manifest.start)}.",
            "Er is nog geen eerder resultaat om te tonen.",
            "::::::",
            "",
            "## Wat ging er mis?",
            "",
            _message(page.manifest.error or ""),
            "",
            "## Wat kunt u doen?",
            "",
            f"1. Kijk de gegevens na: `lekp check {place}`.",
            f"2. Verbeter wat daar gemeld wordt en voer opnieuw uit: `lekp run {place}`.",
            "3. Blijft het misgaan? Bezorg de melding hierboven aan het platform.",
            "",
        ]
    )


def neighbourhood_page(place: PlaceRef, pages: Sequence[Page], story: str) -> str:
    """
    Return the Markdown of the first page of a neighbourhood.

    Parameters
    ----------
    place : PlaceRef
        The neighbourhood.
    pages : sequence of Page
        Its case studies.
    story : str
        Its story as HTML, see `story_html`.
    """
    lines = [f"# {escape_markdown(display_name(place))}", ""]
    if place.is_fictional:
        lines += [
            '<div class="lekp-fictional" role="note">Deze wijk bestaat niet. '
            "Alle gegevens zijn verzonnen.</div>",
            "",
        ]
    home = place.slug.split("/", maxsplit=1)[0]
    lines += [f"Gemeente: [{escape_markdown(place.municipality)}](lekp:{home})", ""]
    if story:
        lines += ['<div class="lekp-story">', story, "</div>", ""]
    for page in pages:
        if page.unit.template.is_for_residents:
            lines += [f"Woont u in deze wijk? Lees de bladzijde {_link_to(page)}.", ""]
    lines += ["## Wat we voor deze wijk berekenden", ""]
    for page in pages:
        if page.unit.template.is_for_residents:
            continue
        lines.append(f"- {_link_to(page)}")
        decision = _decision(page)
        if decision:
            text = f"<strong>Wat u nu beslist.</strong> {html.escape(decision)}"
            lines += ["", f'  <p class="lekp-decision">{text}</p>', ""]
    return "\n".join([*lines, ""])


def province_page(province: str, pages: Sequence[Page]) -> str:
    """Return the Markdown of a page that lists the municipalities of a province."""
    items = [
        f'<li><a href="lekp:{page.unit.place.slug}">{html.escape(page.unit.place.name)}</a></li>'
        for page in pages
    ]
    return "\n".join(
        [
            f"# Provincie {escape_markdown(province)}",
            "",
            f"Gemeenten in dit boek: {len(items)}. Kies een gemeente.",
            "",
            '<ul class="lekp-columns">',
            *items,
            "</ul>",
            "",
        ]
    )


def province_pages(pages: Sequence[Page]) -> dict[str, list[Page]]:
    """Return the pages of the municipalities by province."""
    found: dict[str, list[Page]] = defaultdict(list)
    for page in pages:
        if page.unit.place.kind == "gemeente":
            found[page.unit.place.province].append(page)
    return dict(sorted(found.items()))


def province_name(province: str) -> str:
    """Return the name of the page of a province."""
    return f"vlaanderen/provincie-{wording.slugify(province)}"


def neighbourhood_name(place: PlaceRef) -> str:
    """Return the name of the first page of a neighbourhood."""
    return f"wijken/{place.slug}/index"


def generated_entries(pages: Sequence[Page]) -> dict[str, list[Entry]]:
    """
    Return the entries of the table of contents for the pages that come from runs.

    Parameters
    ----------
    pages : sequence of Page
        All pages of the book that come from runs.
    """
    flanders: list[Entry] = [
        {"file": page.name} for page in pages if page.unit.place.kind == "vlaanderen"
    ]
    for province, members in province_pages(pages).items():
        sections = [{"file": page.name} for page in members]
        flanders.append({"file": province_name(province), "sections": sections})
    wijken: list[Entry] = []
    for place, studies in studies_by_place(pages):
        sections = [
            {"file": page.name, "title": page.unit.template.short_title} for page in studies
        ]
        wijken.append({"file": neighbourhood_name(place), "sections": sections})
    return {
        "vlaanderen": flanders,
        "wijken": wijken,
        "status": [{"file": STATUS}],
        "kolommen": [{"file": reference.COLUMNS}],
        "kengetallen": [{"file": reference.FIGURES}],
    }


def studies_by_place(pages: Sequence[Page]) -> list[tuple[PlaceRef, list[Page]]]:
    """Return each neighbourhood with its case studies."""
    found: dict[str, list[Page]] = defaultdict(list)
    for page in pages:
        if page.unit.place.kind == "wijk":
            found[page.unit.place.slug].append(page)
    return [(studies[0].unit.place, studies) for studies in found.values()]


def story_html(text: str, images: Mapping[str, str]) -> str:
    """
    Return the story of a neighbourhood as HTML that can do no harm.

    A municipality writes it, so nothing in it is carried out: no HTML, no directives. A
    picture is shown if it lies in the folder of the place, others become their text. The
    text that `lekp new` or `lekp import` wrote is left out: it is no story yet.

    Parameters
    ----------
    text : str
        Markdown.
    images : mapping of str to str
        Address of each picture that may be shown, by its name in the text.
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(_without_template(_without_title(text)))
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            # The page has its title; what is below it starts one level lower.
            token.tag = f"h{min(int(token.tag[1]) + (token.tag == 'h1'), 6)}"
        for child in token.children or []:
            _tame_image(child, images)
    rendered: str = parser.renderer.render(tokens, parser.options, {})
    # A blank line would end the block of HTML that holds the story.
    return re.sub(r"\n\s*\n", "\n", rendered).strip()


def is_image(name: str) -> bool:
    """Return whether a file is a picture that a page can show."""
    return any(name.lower().endswith(suffix) for suffix in _IMAGES)


def _page_name(unit: Unit) -> str:
    if unit.place.kind == "vlaanderen":
        return f"vlaanderen/{unit.template.name}"
    if unit.place.kind == "gemeente":
        return f"gemeenten/{unit.place.slug}"
    return f"wijken/{unit.name}"


def _link_to(page: Page) -> str:
    note = "" if page.state == "good" else " (de laatste berekening is mislukt)"
    return f"[{escape_markdown(page.unit.template.title)}](lekp:{page.unit.name}){note}"


def _moment(text: str | None) -> str:
    if not text:
        return wording.NOT_KNOWN
    moment = dt.datetime.fromisoformat(text)
    return f"{wording.date(moment.date())} om {moment:%H:%M} (UTC)"


def _message(text: str) -> str:
    lines = text.splitlines() or [wording.NOT_KNOWN]
    if len(lines) > _LONGEST_MESSAGE:
        left = len(lines) - _LONGEST_MESSAGE
        lines = [*lines[:_LONGEST_MESSAGE], f"… en nog {left} regels."]
    # In a block of its own and escaped: a message may quote whatever stood in a file.
    return f'<pre class="lekp-message">{html.escape(chr(10).join(lines))}</pre>'


def _without_title(text: str) -> str:
    return re.sub(r"\A\s*#\s[^\n]*\n?", "", text.removeprefix("\ufeff"))


def _without_template(text: str) -> str:
    if not any(sign in " ".join(text.split()) for sign in _TEMPLATE_SIGNS):
        return text
    parts = re.split(r"\n[^\S\n]*\n", text)
    return "\n\n".join(part for part in parts if not _is_template(part))


def _is_template(part: str) -> bool:
    words = " ".join(part.split())
    return any(known in words for known in _TEMPLATE_TEXTS)


def _decision(page: Page) -> str:
    """Return what a case study asks to decide, empty if it does not say."""
    if page.state == "failed":
        return ""
    try:
        with (page.unit.downloads / _SUMMARY).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        return ""
    texts = [row.get("text") or "" for row in rows if row.get("part") == _DECISION]
    return " ".join(" ".join(texts).split())


def _tame_image(token: Token, images: Mapping[str, str]) -> None:
    if token.type != "image":
        return
    source: Any = token.attrs.get("src", "")
    if source in images:
        token.attrs["src"] = images[source]
        token.attrs["loading"] = "lazy"
    else:
        token.type, token.tag, token.children = "text", "", None
