"""What ran when, with what, what is stale and what failed: for the terminal and the book."""

from __future__ import annotations

import datetime as dt
import html
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lekp_lib import wording
from lekp_lib.errors import SourceError
from lekp_lib.pipeline.cache import Fingerprints, why_stale
from lekp_lib.pipeline.manifest import Manifest, read_manifest
from lekp_lib.pipeline.plan import Unit

__all__ = ["STATES", "Row", "status", "status_page"]

STATES = {
    "ok": "in orde",
    "stale": "verouderd",
    "failed": "mislukt",
    "never": "nog niet uitgevoerd",
}


@dataclass(frozen=True)
class Row:
    """
    The state of one unit.

    Attributes
    ----------
    unit : Unit
        The unit.
    state : {"ok", "stale", "failed", "never"}
        See `STATES` for the Dutch words.
    reason : str
        Why it would run again, or what went wrong; empty if it is in order.
    manifest : Manifest or None
        The last run.
    """

    unit: Unit
    state: str
    reason: str
    manifest: Manifest | None

    def as_dict(self) -> dict[str, object]:
        """Return the row as a plain dictionary, for JSON."""
        last = self.manifest
        return {
            "place": self.unit.place.slug,
            "notebook": self.unit.template.name,
            "state": self.state,
            "reason": self.reason,
            "start": last.start if last else None,
            "duration_s": last.duration_s if last else None,
            "good_start": last.good_start if last else None,
            "library_version": last.library_version if last else None,
        }


def status(units: Iterable[Unit]) -> list[Row]:
    """Return the state of every unit, in the order given."""
    fingerprints = Fingerprints()
    return [_row(unit, fingerprints) for unit in units]


def status_page(rows: Sequence[Row]) -> str:
    """
    Return the Markdown of the page of the book that tells what ran when.

    Parameters
    ----------
    rows : sequence of Row
        The state of every unit of the book.
    """
    counts = Counter(row.state for row in rows)
    lines = [
        "# Status van de berekeningen",
        "",
        "Deze pagina toont wat er berekend is, wanneer, en wat niet gelukt is.",
        "Ze wordt bij elke opbouw van het boek opnieuw gemaakt.",
        "Elk uur is in UTC: in België is het dan één uur later, of twee uur in de zomer.",
        "",
    ]
    lines += [f"- {word}: {counts[state]}" for state, word in STATES.items()]
    lines += ["", *_failures(rows), "## Alle berekeningen", "", *_table(rows), "", *_versions(rows)]
    return "\n".join([*lines, ""])


def _row(unit: Unit, fingerprints: Fingerprints) -> Row:
    last = read_manifest(unit.manifest)
    if last is not None and last.status == "failed":
        return Row(unit=unit, state="failed", reason=last.error or "", manifest=last)
    try:
        reason = why_stale(unit, fingerprints.stamp(unit))
    except SourceError as err:
        return Row(unit=unit, state="failed", reason=str(err), manifest=last)
    if last is None:
        return Row(unit=unit, state="never", reason=reason or "", manifest=None)
    return Row(unit=unit, state="stale" if reason else "ok", reason=reason or "", manifest=last)


def _failures(rows: Sequence[Row]) -> list[str]:
    failed = [row for row in rows if row.state == "failed"]
    if not failed:
        return []
    items = [
        f"<li>{_link(row)} ({html.escape(_title(row))}): "
        f"{html.escape(_first_line(row.reason))}</li>"
        for row in failed
    ]
    return ["## Wat mislukt is", "", "<ul>", *items, "</ul>", ""]


def _table(rows: Sequence[Row]) -> list[str]:
    headings = ("Plaats", "Pagina", "Toestand", "Laatst uitgevoerd (UTC)", "Duur (seconden)")
    head = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    return [
        '<div class="lekp-scroll" role="region" aria-label="Alle berekeningen" tabindex="0">',
        '<table class="lekp-table lekp-sortable">',
        '<caption><span class="lekp-caption">Alle berekeningen van dit boek</span></caption>',
        f"<thead><tr>{head}</tr></thead>",
        "<tbody>",
        *map(_table_row, rows),
        "</tbody>",
        "</table>",
        "</div>",
    ]


def _table_row(row: Row) -> str:
    last = row.manifest
    moment = dt.datetime.fromisoformat(last.start) if last else None
    when = f"{wording.date(moment.date())} om {moment:%H:%M}" if moment else wording.NOT_KNOWN
    why = f": {html.escape(row.reason)}" if row.state == "stale" else ""
    duration = wording.number(last.duration_s, 1) if last else wording.NOT_KNOWN
    return (
        f'<tr><th scope="row">{_link(row)}</th><td>{html.escape(_title(row))}</td>'
        f"<td>{STATES[row.state]}{why}</td>"
        f'<td data-sort="{last.start if last else ""}">{when}</td>'
        f'<td class="lekp-number" data-sort="{last.duration_s if last else ""}">{duration}</td>'
        "</tr>"
    )


def _link(row: Row) -> str:
    place = row.unit.place
    fictional = " (fictief)" if place.is_fictional else ""
    name = place.slug if place.kind == "wijk" else place.name
    return f'<a href="lekp:{row.unit.name}">{html.escape(name)}{fictional}</a>'


def _title(row: Row) -> str:
    """Return what a reader calls the page: a notebook has its name for developers only."""
    return row.unit.template.title or f"Pagina van {row.unit.place.name}"


def _versions(rows: Sequence[Row]) -> list[str]:
    last = max(
        (row.manifest for row in rows if row.manifest),
        key=lambda manifest: manifest.start,
        default=None,
    )
    if last is None:
        return []
    packages = {"lekp_lib": last.library_version, **last.packages}
    items = [
        f"<li>{html.escape(name)} {html.escape(version)}</li>" for name, version in packages.items()
    ]
    text = "Met deze versies liep de laatste berekening:"
    return ["## Gebruikte versies", "", text, "", '<ul class="lekp-columns">', *items, "</ul>"]


def _first_line(text: str) -> str:
    lines = text.splitlines()
    more = f" (en nog {len(lines) - 1})" if len(lines) > 1 else ""
    return f"{lines[0] if lines else wording.NOT_KNOWN}{more}"
