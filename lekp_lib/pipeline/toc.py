"""The table of contents: the skeleton of the editors with the generated pages in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lekp_lib.errors import BookError

__all__ = ["Entry", "complete_toc", "pages_in"]

Entry = dict[str, Any]


def complete_toc(skeleton: Mapping[str, Any], generated: Mapping[str, Sequence[Entry]]) -> Entry:
    """
    Return the table of contents with every key ``generated`` filled in.

    A chapter with a file gets the generated pages as its sections; an entry without a
    file is replaced by them. Parts that stay empty are left out.

    Parameters
    ----------
    skeleton : mapping
        ``book/_toc.yml`` as read.
    generated : mapping of str to list of entries
        The generated pages by the name that the skeleton uses.

    Raises
    ------
    BookError
        If the skeleton asks for pages that nobody generates.
    """
    toc = {key: value for key, value in skeleton.items() if key not in {"parts", "chapters"}}
    if "chapters" in skeleton:
        toc["chapters"] = _fill(skeleton["chapters"], generated)
    if "parts" in skeleton:
        parts = [_fill_part(part, generated) for part in skeleton["parts"]]
        toc["parts"] = [part for part in parts if part["chapters"]]
    return toc


def pages_in(toc: object) -> Iterator[str]:
    """Yield every page that a table of contents names, the root first."""
    if isinstance(toc, Mapping):
        yield from (str(toc[key]) for key in ("root", "file") if key in toc)
        for value in toc.values():
            yield from pages_in(value)
    elif isinstance(toc, list):
        for entry in toc:
            yield from pages_in(entry)


def _fill_part(part: Mapping[str, Any], generated: Mapping[str, Sequence[Entry]]) -> Entry:
    filled = {key: value for key, value in part.items() if key != "generated"}
    filled["chapters"] = _fill(part.get("chapters", []), generated)
    if "generated" in part:
        filled["chapters"] += _named(part["generated"], generated)
    return filled


def _fill(
    entries: Sequence[Mapping[str, Any]], generated: Mapping[str, Sequence[Entry]]
) -> list[Entry]:
    filled: list[Entry] = []
    for entry in entries:
        own = {key: value for key, value in entry.items() if key != "generated"}
        extra = _named(entry["generated"], generated) if "generated" in entry else []
        if "file" not in own:
            filled += extra
            continue
        sections = _fill(own.pop("sections", []), generated) + extra
        filled.append({**own, "sections": sections} if sections else own)
    return filled


def _named(name: str, generated: Mapping[str, Sequence[Entry]]) -> list[Entry]:
    if name not in generated:
        msg = (
            f"De inhoudsopgave vraagt gegenereerde pagina's «{name}», maar die bestaan niet. "
            f"Wat te doen: kies in book/_toc.yml uit {', '.join(sorted(generated))}."
        )
        raise BookError(msg)
    return list(generated[name])
