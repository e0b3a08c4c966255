"""Everything that the book is built from."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from lekp_lib.errors import BookError
from lekp_lib.pipeline.markup import Extras, Links, Rewriter
from lekp_lib.pipeline.places import Project
from lekp_lib.pipeline.plan import Unit
from lekp_lib.pipeline.stage import gather, notebook_page, sync

UnitsOf = Callable[..., list[Unit]]


def _code(*outputs: dict[str, Any], source: str = "geheim = 1") -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": list(outputs)}


def _html(text: str) -> dict[str, Any]:
    data = {"text/html": [text], "text/plain": "<Html>"}
    return {"output_type": "execute_result", "data": data, "metadata": {}}


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": [text]}


def _stage(*cells: dict[str, Any], title: str | None = "Aalst", warning: str = "") -> Any:
    notebook: Mapping[str, Any] = {"cells": list(cells), "metadata": {"papermill": {"x": 1}}}
    rewriter = Rewriter(links=Links(), extras=Extras())
    content = notebook_page(
        notebook, title=title, page="gemeenten/aalst", rewriter=rewriter, warning=warning
    )
    return json.loads(content)


def _text(project: Project, units: list[Unit], name: str) -> str:
    content = gather(project, units).files[name]
    assert isinstance(content, bytes)
    return content.decode("utf-8")


def test_the_first_title_is_replaced() -> None:
    """Only the first, and what follows stays."""
    page = _stage(_markdown("# Een gemeente\n\nDe vraag."))
    assert page["cells"][0]["source"] == "# Aalst\n\nDe vraag."


def test_a_notebook_may_keep_its_title() -> None:
    """The page of Flanders has a title of its own."""
    page = _stage(_markdown("# Vlaanderen\n"), title=None)
    assert page["cells"][0]["source"] == "# Vlaanderen\n"


def test_a_warning_stands_below_the_title() -> None:
    """Before anything else on the page."""
    page = _stage(_markdown("# X\n\nTekst."), warning="LET OP")
    assert page["cells"][0]["source"] == "# Aalst\n\nLET OP\n\n\nTekst."


def test_code_and_messages_to_the_developer_are_left_out() -> None:
    """Neither code, nor stderr, nor the folders of this machine reach the page."""
    error = {"output_type": "stream", "name": "stderr", "text": "geheim"}
    page = _stage(_markdown("# X"), _code(error), _code(_html("<p>Hier.</p>"), error))
    assert "geheim" not in json.dumps(page)
    assert "papermill" not in json.dumps(page)
    assert len(page["cells"]) == 2


def test_a_cell_for_the_tests_is_left_out() -> None:
    """Its tag says that it is not for readers."""
    cell = _code(_html("<p>Cijfers.</p>")) | {"metadata": {"tags": ["x", "remove-cell"]}}
    assert len(_stage(_markdown("# X"), cell)["cells"]) == 1


def test_html_is_all_that_is_kept_of_an_output() -> None:
    """The plain text beside it would only make the page heavier."""
    page = _stage(_markdown("# X"), _code(_html("<p>Hier.</p>")))
    assert page["cells"][1]["outputs"][0]["data"] == {"text/html": "<p>Hier.</p>"}


def test_prose_pages_and_generated_pages_come_together(
    mixed_project: Project, units_of: UnitsOf
) -> None:
    """The table of contents names them all."""
    staged = gather(mixed_project, units_of(mixed_project))
    assert {
        "index.md",
        "vlaanderen/vlaanderen.ipynb",
        "vlaanderen/provincie-antwerpen.md",
        "gemeenten/sint-niklaas.ipynb",
        "wijken/aalst/rozendreef/index.md",
        "wijken/aalst/rozendreef/wp1_warmtenet.ipynb",
        "wijken/aalst/rozendreef/wp3_straten.md",
        "status.md",
        "_locale/nl/LC_MESSAGES/sphinx.mo",
        "_extra/_leaflet/leaflet.js",
        "_extra/downloads/aalst/rozendreef/wp1_warmtenet/tabel.csv",
    } <= staged.files.keys()


def test_a_preview_holds_one_place_and_the_prose(mixed_project: Project, units_of: UnitsOf) -> None:
    """Links to the rest of the book become plain text, and no other download is published."""
    units = units_of(mixed_project, "aalst/rozendreef")
    files = gather(mixed_project, units).files
    assert not [name for name in files if name.startswith("gemeenten/")]
    assert not [name for name in files if "downloads/antwerpen" in name]
    assert _text(mixed_project, units, "index.md").startswith("# Een proefboek\n\nLees Aalst en")


def test_internal_tables_are_never_staged(mixed_project: Project, units_of: UnitsOf) -> None:
    """Only what was released goes to the site."""
    files = gather(mixed_project, units_of(mixed_project)).files
    assert not [name for name in files if "kerncijfers" in name or "manifest" in name]


def test_settings_fit_what_is_there(mixed_project: Project, units_of: UnitsOf) -> None:
    """Without a bibliography the book does not ask for one."""
    config = yaml.safe_load(_text(mixed_project, units_of(mixed_project), "_config.yml"))
    assert "bibtex_bibfiles" not in config
    assert config["execute"]["execute_notebooks"] == "off"


def test_search_speaks_dutch(mixed_project: Project, units_of: UnitsOf) -> None:
    """Our words are added to those of Sphinx."""
    name = "_locale/nl/LC_MESSAGES/sphinx.js"
    words = _text(mixed_project, units_of(mixed_project), name)
    assert "Niets gevonden" in words
    assert '"Searching": "Bezig met zoeken"' in words


def test_only_a_title_changes_the_structure(mixed_project: Project, units_of: UnitsOf) -> None:
    """Another text asks for one page, another title for a build from scratch."""
    staged = gather(mixed_project, units_of(mixed_project))
    before = staged.fingerprint(), staged.structure()
    staged.files["index.md"] = b"# Een proefboek\n\nAndere tekst.\n"
    assert staged.fingerprint() != before[0]
    assert staged.structure() == before[1]
    staged.files["index.md"] = b"# Een andere titel\n"
    assert staged.structure() != before[1]


def test_a_page_that_does_not_exist_is_refused(project: Project, units_of: UnitsOf) -> None:
    """The message names it."""
    (project.book_dir / "vlaanderen/index.md").unlink()
    with pytest.raises(BookError, match=r"niet bestaan: vlaanderen/index"):
        gather(project, units_of(project))


def test_prose_cannot_take_the_name_of_a_generated_page(
    project: Project, units_of: UnitsOf
) -> None:
    """One of the two would silently be lost."""
    (project.book_dir / "status.md").write_text("# Status\n", encoding="utf-8")
    with pytest.raises(BookError, match=r"status\.md"):
        gather(project, units_of(project))


def test_sync_touches_only_what_differs(tmp_path: Path) -> None:
    """Sphinx goes by the time of a file."""
    sync({"a.md": b"a", "b/c.md": b"c"}, tmp_path)
    before = (tmp_path / "a.md").stat().st_mtime_ns
    sync({"a.md": b"a", "d.md": b"d"}, tmp_path)
    assert (tmp_path / "a.md").stat().st_mtime_ns == before
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.md", "d.md"]


def test_the_same_book_is_the_same_tomorrow(
    mixed_project: Project, units_of: UnitsOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No date of the build itself gets into the sources."""
    before = gather(mixed_project, units_of(mixed_project)).fingerprint()
    later = time.time() + 7 * 24 * 3600
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(later))
    assert gather(mixed_project, units_of(mixed_project)).fingerprint() == before
