"""The record of one run: what ran when, with what, and how it ended."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Literal

from lekp_lib.errors import without_values
from lekp_lib.pipeline.plan import Unit

__all__ = ["Manifest", "Outcome", "read_manifest", "record_failure", "write_manifest"]

_SCHEMA = 1


@dataclass(frozen=True)
class Manifest:
    """
    What is known about the last run of a unit.

    Attributes
    ----------
    place, notebook : str
        The unit.
    key : str
        Fingerprint of everything the run depended on.
    inputs : dict of str to str
        SHA-256 per input file, by its path below the data folder or the root.
    parameters : dict
        Parameters given to the notebook; paths are left out.
    library_version : str
        Version of ``lekp_lib``.
    library_hash : str
        Fingerprint of its source.
    packages : dict of str to str
        Versions of Python and of the main packages.
    start : str
        Moment the run began, ISO 8601 with time zone.
    duration_s : float
        Wall time [s].
    status : {"ok", "failed"}
        How the last run ended.
    error : str or None
        What went wrong, in Dutch.
    traceback : str or None
        For who looks for the cause; never shown on a page.
    good_start : str or None
        Moment of the last run that succeeded; its results are in place.
    """

    place: str
    notebook: str
    key: str
    inputs: dict[str, str]
    parameters: dict[str, object]
    library_version: str
    library_hash: str
    packages: dict[str, str]
    start: str
    duration_s: float
    status: Literal["ok", "failed"]
    error: str | None = None
    traceback: str | None = None
    good_start: str | None = None
    schema: int = field(default=_SCHEMA)


@dataclass(frozen=True)
class Outcome:
    """
    How one run ended.

    Attributes
    ----------
    unit : Unit
        What ran.
    status : {"ok", "failed", "stopped"}
        ``stopped`` means that the user broke off the run: nothing was recorded.
    duration_s : float
        Wall time [s].
    error : str or None
        What went wrong, in Dutch.
    bug : str or None
        Traceback if the platform itself is at fault, not the notebook or its data.
    """

    unit: Unit
    status: Literal["ok", "failed", "stopped"]
    duration_s: float
    error: str | None = None
    bug: str | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the outcome as a plain dictionary, for JSON."""
        return {
            "place": self.unit.place.slug,
            "notebook": self.unit.template.name,
            "status": self.status,
            "duration_s": round(self.duration_s, 2),
            "error": self.error,
        }


def read_manifest(path: Path) -> Manifest | None:
    """Return the record at `path`, or None if there is none that can be read."""
    try:
        found = Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return found if found.schema == _SCHEMA else None


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write a record so that a reader sees the old one or the new one, never a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.write_text(text + "\n", encoding="utf-8")
    fresh.replace(path)


def record_failure(path: Path, failure: Manifest) -> None:
    """
    Record that a run failed, next to the last good result if there is one.

    Parameters
    ----------
    path : Path
        The manifest of the unit.
    failure : Manifest
        The failed run; its message is kept without the values of cells, since it is shown on
        the page.
    """
    last = read_manifest(path)
    error = without_values(failure.error or "")
    good_start = last.good_start if last else None
    write_manifest(path, replace(failure, error=error, good_start=good_start))
