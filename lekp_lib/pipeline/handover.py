"""
A private folder per run, and the exchange of its results for the old ones.

A run never writes where a reader looks. Only what is complete is moved into place, and
whatever a killed run left behind is put back or cleared by the next one.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from lekp_lib.errors import RunError
from lekp_lib.pipeline.plan import Unit, downloads_folder, executed_file, results_folder

__all__ = ["clear_leftovers", "hand_over", "workbench"]

_OWNER = "owner.json"
_JOURNAL = "journal.json"
_OLD = "old"
_DAY_S = 24 * 3600


@contextmanager
def workbench(out_dir: Path) -> Iterator[Path]:
    """
    Give a folder of one's own below ``<out>/tmp`` and remove it afterwards.

    Parameters
    ----------
    out_dir : Path
        Folder for everything generated.

    Yields
    ------
    Path
        An empty folder on the same disk as the results.
    """
    shelf = out_dir / "tmp"
    shelf.mkdir(parents=True, exist_ok=True)
    bench = Path(tempfile.mkdtemp(prefix="run-", dir=shelf))
    (bench / _OWNER).write_text(json.dumps(_owner()), encoding="utf-8")
    try:
        yield bench
    finally:
        shutil.rmtree(bench, ignore_errors=True)


def hand_over(unit: Unit, bench: Path) -> None:
    """
    Exchange the results of a unit for those on its bench, all of them or none.

    Parameters
    ----------
    unit : Unit
        The unit that ran.
    bench : Path
        Its `workbench`, with the manifest among the results.

    Raises
    ------
    RunError
        If a file is in use, mostly because a table is open in another program.
    """
    out_dir = unit.project.out_dir
    # The results come last: they hold the manifest, which makes the run count.
    moves = [
        (downloads_folder(bench, unit), unit.downloads),
        (executed_file(bench, unit), unit.executed),
        (results_folder(bench, unit), unit.results),
    ]
    targets = [target.relative_to(out_dir).as_posix() for _, target in moves]
    (bench / _JOURNAL).write_text(json.dumps(targets), encoding="utf-8")
    try:
        for fresh, target in moves:
            _exchange(fresh, target, bench / _OLD / target.relative_to(out_dir))
    except OSError as err:
        _put_back(bench, out_dir)
        msg = (
            f"Het resultaat kan niet worden opgeslagen: «{err.filename or unit.results}» is in "
            f"gebruik of beveiligd ({err.strerror}). Wat te doen: sluit het bestand in andere "
            "programma's en probeer opnieuw."
        )
        raise RunError(msg) from err
    (bench / _JOURNAL).unlink()


def clear_leftovers(out_dir: Path) -> None:
    """
    Clear what runs that were killed left behind; a run that is going on is left alone.

    Parameters
    ----------
    out_dir : Path
        Folder for everything generated.
    """
    for bench in sorted((out_dir / "tmp").glob("*")):
        if bench.is_dir() and not _is_in_use(bench):
            _put_back(bench, out_dir)
            shutil.rmtree(bench, ignore_errors=True)


def _exchange(fresh: Path, target: Path, old: Path) -> None:
    if target.exists():
        old.parent.mkdir(parents=True, exist_ok=True)
        target.replace(old)
    if fresh.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh.replace(target)


def _put_back(bench: Path, out_dir: Path) -> None:
    try:
        targets = json.loads((bench / _JOURNAL).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    for name in targets:
        old = bench / _OLD / name
        target = out_dir / name
        if not old.exists():
            continue
        if target.is_dir():
            shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        old.replace(target)


def _owner() -> dict[str, object]:
    process = psutil.Process()
    return {
        "host": socket.gethostname(),
        "process": process.pid,
        "started": round(process.create_time(), 1),
    }


def _is_in_use(bench: Path) -> bool:
    try:
        owner = json.loads((bench / _OWNER).read_text(encoding="utf-8"))
        number, host, started = int(owner["process"]), owner["host"], float(owner["started"])
    except (OSError, ValueError, KeyError, TypeError):
        # Without a name on it: perhaps just being made, so only cleared when old.
        return _age_s(bench) < _DAY_S
    if host != socket.gethostname():
        return _age_s(bench) < _DAY_S
    if number == os.getpid():
        return True
    try:
        # A number is used again after a while; the moment of birth is not.
        return bool(abs(psutil.Process(number).create_time() - started) < 1)
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True


def _age_s(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0
