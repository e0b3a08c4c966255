"""The book: staged, built with warnings as errors, and put in place when it is whole."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lekp_lib.errors import BookError
from lekp_lib.pipeline.handover import clear_leftovers, workbench
from lekp_lib.pipeline.markup import DOWNLOADS, FIGURES, MAPS
from lekp_lib.pipeline.places import Project
from lekp_lib.pipeline.plan import Unit
from lekp_lib.pipeline.stage import Staged, gather, sync

__all__ = ["Book", "build_book"]

_STATE = "book.json"
_LOG = "book.log"
_MOST_WARNINGS = 10
_WARNING = re.compile(r"\b(WARNING|ERROR|CRITICAL|SEVERE)\b|^\S*(Error|Exception)\b|rror:")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_MADE_HERE = (MAPS, FIGURES, DOWNLOADS, "verhalen")


@dataclass(frozen=True)
class Book:
    """
    A book that was built, or that needed no build.

    Attributes
    ----------
    index : Path
        Its first page.
    is_built : bool
        False if nothing had changed.
    n_pages : int
        Pages that come from runs.
    n_failed : int
        Pages of which the last run failed.
    """

    index: Path
    is_built: bool
    n_pages: int
    n_failed: int


def build_book(project: Project, units: Sequence[Unit], *, force: bool = False) -> Book:
    """
    Build the website from the prose and the executed notebooks.

    A build from scratch happens beside the old site and replaces it when it succeeded.
    When only the text of some pages changed, only these are built again.

    Parameters
    ----------
    project : Project
        The folders of this command.
    units : sequence of Unit
        The units to publish.
    force : bool
        Build from scratch even if nothing changed.

    Raises
    ------
    BookError
        If the sources are not in order or the build gave a warning; the old site stays.
    """
    out_dir = project.out_dir
    html = out_dir / "html"
    clear_leftovers(out_dir)
    staged = gather(project, units)
    state = {"content": staged.fingerprint(), "structure": staged.structure()}
    last = _read_state(out_dir / _STATE)
    is_whole = (html / "index.html").is_file() and not force
    if not (is_whole and last == state):
        sync(staged.files, out_dir / "source")
        # Without this file a build that breaks off is followed by one from scratch.
        (out_dir / _STATE).unlink(missing_ok=True)
        if is_whole and last.get("structure") == state["structure"]:
            _build_again(out_dir, staged)
        else:
            _build_anew(out_dir)
        (out_dir / _STATE).write_text(json.dumps(state), encoding="utf-8")
        is_built = True
    else:
        is_built = False
    failed = [page for page in staged.pages if page.state != "good"]
    return Book(
        index=html / "index.html",
        is_built=is_built,
        n_pages=len(staged.pages),
        n_failed=len(failed),
    )


def _build_anew(out_dir: Path) -> None:
    with workbench(out_dir) as bench:
        html, doctrees = bench / "html", bench / "doctrees"
        _print(out_dir, html, doctrees, fresh=True)
        try:
            for fresh in (html, doctrees):
                target = out_dir / fresh.name
                if target.exists():
                    target.replace(bench / f"old-{fresh.name}")
                fresh.replace(target)
        except OSError as err:
            msg = (
                f"Het boek is gebouwd, maar «{out_dir / 'html'}» is in gebruik ({err.strerror}). "
                "Wat te doen: sluit wat die map gebruikt en probeer opnieuw."
            )
            raise BookError(msg) from err


def _build_again(out_dir: Path, staged: Staged) -> None:
    html = out_dir / "html"
    _print(out_dir, html, out_dir / "doctrees", fresh=False)
    for folder in _MADE_HERE:
        for path in (html / folder).rglob("*"):
            if path.is_file() and f"_extra/{path.relative_to(html).as_posix()}" not in staged.files:
                path.unlink()


def _print(out_dir: Path, html: Path, doctrees: Path, *, fresh: bool) -> None:
    command = [sys.executable, "-m", "lekp_lib.pipeline.press"]
    command += [str(out_dir / "source"), str(html), str(doctrees), *(["fresh"] if fresh else [])]
    package = str(Path(__file__).resolve().parents[2])
    paths = [package, os.environ.get("PYTHONPATH", "")]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "PYTHONUTF8": "1",
        "PYTHONWARNINGS": "ignore",
    }
    log = out_dir / _LOG
    with log.open("w", encoding="utf-8") as file:
        done = subprocess.run(
            command, stdout=file, stderr=subprocess.STDOUT, env=environment, check=False
        )
    if done.returncode != 0:
        raise BookError(_what_went_wrong(log, out_dir / "source"))


def _what_went_wrong(log: Path, source: Path) -> str:
    lines = _COLOUR.sub("", log.read_text(encoding="utf-8", errors="replace")).splitlines()
    found = [
        line.replace(f"{source}{os.sep}", "").strip() for line in lines if _WARNING.search(line)
    ]
    shown = list(dict.fromkeys(found))[:_MOST_WARNINGS] or lines[-3:]
    return "\n".join(
        [
            "Het boek kan niet worden gebouwd; de vorige versie blijft staan.",
            *(f"  {line}" for line in shown),
            f"Wat te doen: verbeter de genoemde pagina's. Alles staat in «{log}».",
        ]
    )


def _read_state(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
