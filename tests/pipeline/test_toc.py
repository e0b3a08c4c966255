"""The table of contents with the generated pages in it."""

from __future__ import annotations

import pytest

from lekp_lib.errors import BookError
from lekp_lib.pipeline.toc import complete_toc, pages_in

GENERATED = {
    "wijken": [{"file": "wijken/a/index", "sections": [{"file": "wijken/a/wp1"}]}],
    "vlaanderen": [],
}


def _part(*chapters: dict[str, object], **more: object) -> dict[str, object]:
    return {"root": "index", "parts": [{"caption": "Deel", "chapters": list(chapters), **more}]}


def test_a_chapter_gets_its_pages_as_sections() -> None:
    """The prose page comes first, the pages below it."""
    toc = complete_toc(_part({"file": "wijken/index", "generated": "wijken"}), GENERATED)
    assert toc["parts"][0]["chapters"] == [
        {"file": "wijken/index", "sections": GENERATED["wijken"]}
    ]


def test_an_entry_without_a_file_is_replaced() -> None:
    """The pages stand on their own."""
    toc = complete_toc(_part({"generated": "wijken"}), GENERATED)
    assert toc["parts"][0]["chapters"] == GENERATED["wijken"]


def test_a_part_can_be_generated() -> None:
    """Its pages come after the chapters written by hand."""
    toc = complete_toc(_part({"file": "a"}, generated="wijken"), GENERATED)
    assert list(pages_in(toc)) == ["index", "a", "wijken/a/index", "wijken/a/wp1"]


def test_an_empty_part_is_left_out() -> None:
    """A preview of one neighbourhood has no municipalities."""
    assert complete_toc(_part({"generated": "vlaanderen"}), GENERATED)["parts"] == []


def test_a_chapter_without_generated_pages_stays() -> None:
    """Its prose is still worth reading."""
    toc = complete_toc(_part({"file": "v", "generated": "vlaanderen"}), GENERATED)
    assert toc["parts"][0]["chapters"] == [{"file": "v"}]


def test_unknown_generated_pages_are_refused() -> None:
    """The message lists what there is."""
    with pytest.raises(BookError, match=r"«straten».*vlaanderen, wijken"):
        complete_toc(_part({"generated": "straten"}), GENERATED)


def test_a_skeleton_without_parts_works() -> None:
    """Chapters may stand at the top."""
    toc = complete_toc({"root": "index", "chapters": [{"generated": "wijken"}]}, GENERATED)
    assert toc["chapters"] == GENERATED["wijken"]
