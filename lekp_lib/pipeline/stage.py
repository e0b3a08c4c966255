"""Everything that the book is built from, gathered in one folder."""

from __future__ import annotations

import datetime as dt
import filecmp
import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from io import BytesIO
from pathlib import Path
from typing import Any

import sphinx
import xstatic.pkg.leaflet as leaflet
import yaml
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from lekp_lib.errors import BookError, ContractError
from lekp_lib.pipeline import reference
from lekp_lib.pipeline.markup import LEAFLET, Extras, Links, Rewriter, escape_markdown, relative
from lekp_lib.pipeline.pages import (
    STATUS,
    Page,
    failure_page,
    generated_entries,
    is_image,
    neighbourhood_name,
    neighbourhood_page,
    page_of,
    province_name,
    province_page,
    province_pages,
    story_html,
    studies_by_place,
    title_of,
    warning_of,
)
from lekp_lib.pipeline.places import PlaceRef, Project
from lekp_lib.pipeline.plan import Unit
from lekp_lib.pipeline.status import status, status_page
from lekp_lib.pipeline.toc import complete_toc, pages_in

__all__ = ["Staged", "gather", "notebook_page", "sync"]

Content = bytes | Path
CONFIG = "_config.yml"
TOC = "_toc.yml"
PRACTICE = "praktijk.json"
_LOCALE = Path("_locale") / "nl" / "LC_MESSAGES"
_EXTRA = "_extra"
_STORIES = "verhalen"
_HEADING = re.compile(r"^#[ \t]+(.*)$", re.MULTILINE)
_HIDDEN = {"remove-cell", "remove_cell", "remove-output", "remove_output"}
_TOOLS = ("jupyter-book", "sphinx", "sphinx-book-theme", "pydata-sphinx-theme", "myst-nb")


@dataclass(frozen=True)
class Staged:
    """
    The sources of a book.

    Attributes
    ----------
    files : dict of str to bytes or Path
        Every file by its path below the source folder.
    pages : tuple of Page
        The pages that come from runs.
    """

    files: dict[str, Content]
    pages: tuple[Page, ...]

    def fingerprint(self) -> str:
        """Return a fingerprint of every file: the same one needs no new build."""
        return _fingerprint({name: _read(content) for name, content in self.files.items()})

    def structure(self) -> str:
        """
        Return a fingerprint of what all pages show of one another.

        Sphinx rebuilds a page when its own text changes, not when a title in its
        navigation does; a change in this fingerprint asks for a build from scratch.
        """
        shared: dict[str, bytes] = {}
        for name, content in self.files.items():
            if name.startswith(f"{_EXTRA}/"):
                continue
            if name.startswith("_"):
                shared[name] = _read(content)
            elif name.endswith((".md", ".ipynb")):
                shared[name] = _first_heading(name, _read(content)).encode()
        for tool in _TOOLS:
            shared[f"version of {tool}"] = metadata.version(tool).encode()
        return _fingerprint(shared)


def gather(project: Project, units: Sequence[Unit]) -> Staged:
    """
    Return the sources of the book for some units: prose, pages of runs, navigation.

    Parameters
    ----------
    project : Project
        The folders of this command.
    units : sequence of Unit
        The units to publish; those that never ran have no page.

    Raises
    ------
    BookError
        If the book lacks its settings or its table of contents, or a page is missing.
    """
    pages = tuple(page for page in map(page_of, units) if page is not None)
    rewriter = Rewriter(links=_links(pages), extras=Extras())
    files: dict[str, Content] = dict(_prose(project.book_dir, rewriter))
    generated = _generated(project, units, pages, rewriter)
    clash = sorted(files.keys() & generated.keys())
    if clash:
        msg = f"book/{clash[0]} heet zoals een gegenereerde pagina. Wat te doen: hernoem ze."
        raise BookError(msg)
    files |= generated
    toc = complete_toc(_read_yaml(project.book_dir / TOC), generated_entries(pages))
    _refuse_missing(toc, files)
    files[TOC] = _to_yaml(toc)
    files[PRACTICE] = _practice(project)
    files[CONFIG] = _config(project, files)
    files |= _catalogue(project.book_dir / _LOCALE / "sphinx.po")
    files |= {f"{_EXTRA}/{name}": content for name, content in _extras(rewriter).items()}
    return Staged(files=files, pages=pages)


def sync(files: Mapping[str, Content], folder: Path) -> None:
    """
    Make a folder hold exactly these files, touching only what differs.

    Parameters
    ----------
    files : mapping of str to bytes or Path
        Files by their path below the folder.
    folder : Path
        The folder; what else it holds is removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif name not in files:
            path.unlink()
    for name, content in files.items():
        path = folder / name
        if isinstance(content, Path):
            _copy(content, path)
        elif not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def notebook_page(
    notebook: Mapping[str, Any],
    *,
    title: str | None,
    page: str,
    rewriter: Rewriter,
    warning: str = "",
) -> bytes:
    """
    Return an executed notebook as a page: its prose and its outputs, without the code.

    Parameters
    ----------
    notebook : mapping
        The executed notebook as JSON.
    title : str or None
        Replaces the first title of the notebook; None keeps it.
    page : str
        Name of the page.
    rewriter : Rewriter
        Makes links, maps and pictures local.
    warning : str
        Markdown to show below the title.
    """
    cells: list[dict[str, Any]] = []
    is_titled = False
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            if not is_titled and _HEADING.search(text):
                text = _retitle(text, title, warning)
                is_titled = True
            cells.append(_markdown_cell(rewriter.markdown(text, page)))
        elif cell["cell_type"] == "code" and not _HIDDEN.intersection(_tags(cell)):
            outputs = [found for output in cell["outputs"] if (found := _shown(output))]
            if outputs:
                cells.append(_output_cell(outputs, page, rewriter))
    if not is_titled:
        cells.insert(0, _markdown_cell(_retitle("# Zonder titel", title, warning)))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    metadata_of_page = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    content = {"cells": cells, "metadata": metadata_of_page, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content, ensure_ascii=False).encode("utf-8")


def _links(pages: Sequence[Page]) -> Links:
    names: dict[str, str] = {}
    downloads: dict[str, Path] = {}
    for page in pages:
        names[page.unit.name] = page.name
        if page.unit.place.kind == "wijk":
            names[page.unit.place.slug] = neighbourhood_name(page.unit.place)
        else:
            names[page.unit.place.slug] = page.name
        if page.state != "failed":
            for path in sorted(page.unit.downloads.glob("*")):
                downloads[f"{page.unit.name}/{path.name}"] = path
    return Links(pages=names, downloads=downloads)


def _prose(book_dir: Path, rewriter: Rewriter) -> Iterable[tuple[str, Content]]:
    for path in sorted(book_dir.rglob("*")):
        name = path.relative_to(book_dir).as_posix()
        hidden = any(part.startswith(".") or part == "__pycache__" for part in name.split("/"))
        if hidden or not path.is_file() or name == TOC or name.startswith("_locale/"):
            continue
        if path.suffix == ".md":
            text = path.read_text(encoding="utf-8")
            yield name, rewriter.markdown(text, name.removesuffix(".md")).encode("utf-8")
        else:
            yield name, path


def _generated(
    project: Project, units: Sequence[Unit], pages: Sequence[Page], rewriter: Rewriter
) -> dict[str, Content]:
    texts = {
        f"{STATUS}.md": status_page(status(units)),
        f"{reference.COLUMNS}.md": reference.columns_page(),
        f"{reference.FIGURES}.md": reference.figures_page(),
    }
    for province, members in province_pages(pages).items():
        texts[f"{province_name(province)}.md"] = province_page(province, members)
    for place, studies in studies_by_place(pages):
        name = neighbourhood_name(place)
        story = _story(project, place, name, rewriter)
        texts[f"{name}.md"] = neighbourhood_page(place, studies, story)
    files: dict[str, Content] = {}
    for page in pages:
        if page.state == "failed":
            texts[f"{page.name}.md"] = failure_page(page)
        else:
            files[f"{page.name}.ipynb"] = _executed(page, rewriter)
    for name, text in texts.items():
        files[name] = rewriter.markdown(text, name.removesuffix(".md")).encode("utf-8")
    return files


def _executed(page: Page, rewriter: Rewriter) -> bytes:
    try:
        notebook = json.loads(page.unit.executed.read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        msg = (
            f"Het uitgevoerde notebook «{page.unit.executed}» is onleesbaar ({err}). "
            f"Wat te doen: lekp run {page.unit.place.slug} --force."
        )
        raise BookError(msg) from err
    return notebook_page(
        notebook,
        title=title_of(page.unit),
        page=page.name,
        rewriter=rewriter,
        warning=warning_of(page) if page.state == "outdated" else "",
    )


def _practice(project: Project) -> bytes:
    """Return the cases of practice, which the chapters list, checked and as JSON."""
    from lekp_lib.io.read import read_practice

    try:
        cases = read_practice(data_dir=project.data_dir)
    except ContractError as err:
        msg = f"De gevallen onder «Wat de praktijk leert» zijn niet in orde.\n{err}"
        raise BookError(msg) from err
    rows = cases.reset_index().astype(object).where(lambda cell: cell.notna(), "")
    return json.dumps(rows.to_dict("records"), ensure_ascii=False, indent=1).encode("utf-8")


def _story(project: Project, place: PlaceRef, page: str, rewriter: Rewriter) -> str:
    folder = project.data_dir / place.slug
    try:
        text = (folder / "verhaal.md").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    images: dict[str, str] = {}
    for path in sorted(folder.glob("*")):
        if is_image(path.name) and path.is_file():
            target = f"{_STORIES}/{place.slug}/{path.name}"
            rewriter.extras.copies[target] = path
            images[path.name] = images[f"./{path.name}"] = relative(page, target)
    return story_html(text, images)


def _retitle(text: str, title: str | None, warning: str) -> str:
    def heading(found: re.Match[str]) -> str:
        own = found[0] if title is None else f"# {escape_markdown(title)}"
        return f"{own}\n\n{warning}\n" if warning else own

    return _HEADING.sub(heading, text, count=1)


def _tags(cell: Mapping[str, Any]) -> list[str]:
    return list(cell.get("metadata", {}).get("tags", []))


def _markdown_cell(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def _output_cell(outputs: list[dict[str, Any]], page: str, rewriter: Rewriter) -> dict[str, Any]:
    for output in outputs:
        if "text/html" in output.get("data", {}):
            text = rewriter.html("".join(output["data"]["text/html"]), page)
            output["data"] = {"text/html": text}
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {"tags": ["remove-input"]},
        "source": "pass",
        "outputs": outputs,
    }


def _shown(output: Mapping[str, Any]) -> dict[str, Any] | None:
    kind = output["output_type"]
    if kind in {"display_data", "execute_result"}:
        return {"output_type": "display_data", "metadata": {}, "data": dict(output["data"])}
    if kind == "stream" and output.get("name") == "stdout":
        return {"output_type": "stream", "name": "stdout", "text": output["text"]}
    return None


def _config(project: Project, files: Mapping[str, Content]) -> bytes:
    config = _read_yaml(project.root / CONFIG)
    known = [name for name in config.get("bibtex_bibfiles", []) if name in files]
    config.pop("bibtex_bibfiles", None)
    if known:
        config["bibtex_bibfiles"] = known
        config["sphinx"]["config"]["extensions"].append("sphinxcontrib.bibtex")
    return _to_yaml(config)


def _catalogue(path: Path) -> dict[str, Content]:
    """Return the Dutch words of the interface, compiled for pages and for scripts."""
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file)
    # Without dates of its own, the compiled file would differ from minute to minute.
    catalogue.creation_date = catalogue.revision_date = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    ours = {
        message.id: message.string
        for message in catalogue
        if isinstance(message.id, str) and message.id and message.string
    }
    own = Path(sphinx.__file__).parent / "locale" / "nl" / "LC_MESSAGES" / "sphinx.js"
    text = own.read_text(encoding="utf-8")
    words = json.loads(text[text.index("{") : text.rindex("}") + 1])
    words["messages"] |= ours
    script = f"Documentation.addTranslations({json.dumps(words, sort_keys=True)});"
    return {
        (_LOCALE / "sphinx.mo").as_posix(): compiled.getvalue(),
        (_LOCALE / "sphinx.js").as_posix(): script.encode("utf-8"),
    }


def _extras(rewriter: Rewriter) -> dict[str, Content]:
    base = Path(leaflet.BASE_DIR)
    names = ["leaflet.js", "leaflet.css", *(f"images/{p.name}" for p in base.glob("images/*"))]
    files: dict[str, Content] = {f"{LEAFLET}/{name}": base / name for name in names}
    files |= rewriter.extras.copies
    files |= rewriter.extras.contents
    return files | {f"downloads/{name}": path for name, path in rewriter.links.downloads.items()}


def _refuse_missing(toc: Mapping[str, Any], files: Mapping[str, Content]) -> None:
    known = {name.rsplit(".", 1)[0] for name in files if name.endswith((".md", ".ipynb"))}
    missing = [page for page in pages_in(toc) if page.removesuffix(".md") not in known]
    if missing:
        msg = (
            f"De inhoudsopgave noemt pagina's die niet bestaan: {', '.join(missing[:5])}. "
            "Wat te doen: verbeter book/_toc.yml of schrijf de pagina."
        )
        raise BookError(msg)


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as err:
        msg = f"«{path}» ontbreekt of is geen geldige YAML: {err}"
        raise BookError(msg) from err
    return found if isinstance(found, dict) else {}


def _to_yaml(content: object) -> bytes:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False).encode("utf-8")


def _read(content: Content) -> bytes:
    return content.read_bytes() if isinstance(content, Path) else content


def _copy(source: Path, target: Path) -> None:
    if target.is_file() and filecmp.cmp(source, target, shallow=False):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _first_heading(name: str, content: bytes) -> str:
    text = content.decode("utf-8")
    if name.endswith(".ipynb"):
        sources = ("".join(cell["source"]) for cell in json.loads(text)["cells"])
        text = "\n".join(source for source in sources if source)
    found = _HEADING.search(text)
    return found[1] if found else ""


def _fingerprint(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
