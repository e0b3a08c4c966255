"""What a run depends on, as one fingerprint: the same fingerprint needs no new run."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from lekp_lib.errors import SourceError
from lekp_lib.pipeline.manifest import read_manifest
from lekp_lib.pipeline.places import flanders_folder
from lekp_lib.pipeline.plan import KEY_FIGURES, Unit

__all__ = ["Fingerprints", "Stamp", "Task", "library_hash", "package_versions", "why_stale"]

_PACKAGES = (
    "folium",
    "geopandas",
    "matplotlib",
    "numpy",
    "pandas",
    "pandera",
    "papermill",
    "pyarrow",
    "pydantic",
    "pyogrio",
    "scipy",
    "shapely",
)


@dataclass(frozen=True)
class Stamp:
    """
    Everything a run of a unit depends on.

    Attributes
    ----------
    inputs : dict of str to str
        SHA-256 of the template and of every input file.
    parameters : dict
        Parameters without paths: the same data in another folder is no other run.
    library_hash : str
        Fingerprint of the source of ``lekp_lib``.
    packages : dict of str to str
        Versions of Python and of the main packages.
    """

    inputs: dict[str, str]
    parameters: dict[str, object]
    library_hash: str
    packages: dict[str, str]

    @property
    def key(self) -> str:
        """One fingerprint of it all."""
        text = json.dumps(vars(self), sort_keys=True, default=str)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class Task:
    """A unit that must run, what it depends on and why it is not fresh."""

    unit: Unit
    stamp: Stamp
    reason: str


class Fingerprints:
    """
    Fingerprints of units; reads each file once, however many units share it.

    Examples
    --------
    One object serves one command::

        fingerprints = Fingerprints()
        stamps = [fingerprints.stamp(unit) for unit in units]
    """

    def __init__(self) -> None:
        self._hashes: dict[Path, str] = {}
        self._folders: dict[Path, dict[str, str]] = {}

    def stamp(self, unit: Unit) -> Stamp:
        """
        Return what a run of `unit` depends on.

        Raises
        ------
        SourceError
            If an input file cannot be read.
        """
        data_dir = unit.project.data_dir
        inputs = {f"notebooks/{unit.notebook.name}": self._hash(unit.notebook)}
        flanders = flanders_folder(data_dir)
        inputs |= self._folder(flanders, flanders.parent)
        if unit.place.kind == "wijk":
            inputs |= self._folder(data_dir / unit.place.slug, data_dir)
        if unit.place.kind != "vlaanderen":
            home = data_dir / unit.place.slug.split("/")[0]
            # Of the municipality only its own files: not its neighbourhoods.
            inputs |= {name: self._hash(data_dir / name) for name in _files_in(home, data_dir)}
        return Stamp(
            inputs=inputs,
            parameters={"place": unit.place.slug, **unit.overrides},
            library_hash=library_hash(),
            packages=package_versions(),
        )

    def _folder(self, folder: Path, base: Path) -> dict[str, str]:
        if folder not in self._folders:
            paths = _visible(folder.rglob("*"), base)
            self._folders[folder] = {name: self._hash(base / name) for name in paths}
        return self._folders[folder]

    def _hash(self, path: Path) -> str:
        if path not in self._hashes:
            self._hashes[path] = _file_hash(path)
        return self._hashes[path]


def why_stale(unit: Unit, stamp: Stamp) -> str | None:
    """
    Return why a unit must run, in Dutch, or None if its result is fresh.

    Parameters
    ----------
    unit : Unit
        The unit.
    stamp : Stamp
        What it would depend on now.
    """
    last = read_manifest(unit.manifest)
    if last is None:
        return "nog niet uitgevoerd"
    if last.status == "failed":
        return "de vorige uitvoering is mislukt"
    if not unit.executed.is_file() or not (unit.results / KEY_FIGURES).is_file():
        return "het resultaat ontbreekt"
    if last.key == stamp.key:
        return None
    changed = sorted(
        name
        for name in last.inputs.keys() | stamp.inputs.keys()
        if last.inputs.get(name) != stamp.inputs.get(name)
    )
    if changed:
        more = f" en nog {len(changed) - 1}" if len(changed) > 1 else ""
        return f"gewijzigd: {changed[0]}{more}"
    if last.parameters != stamp.parameters:
        return "de parameters zijn gewijzigd"
    if last.library_hash != stamp.library_hash:
        return "de rekenbibliotheek is gewijzigd"
    return "de gebruikte pakketten zijn gewijzigd"


@cache
def library_hash() -> str:
    """Return the fingerprint of the source of ``lekp_lib``, its figures included."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.suffix in {".py", ".csv"}):
        digest.update(path.relative_to(root).as_posix().encode("utf-8"))
        digest.update(bytes.fromhex(_file_hash(path)))
    return digest.hexdigest()


@cache
def _installed_versions() -> tuple[tuple[str, str], ...]:
    versions = [("python", platform.python_version())]
    for package in _PACKAGES:
        try:
            versions.append((package, metadata.version(package)))
        except metadata.PackageNotFoundError:
            continue
    return tuple(versions)


def package_versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that can change a figure."""
    return dict(_installed_versions())


def _files_in(folder: Path, base: Path) -> list[str]:
    return _visible(folder.glob("*"), base) if folder.is_dir() else []


def _visible(paths: Iterable[Path], base: Path) -> list[str]:
    # Lock files of spreadsheet programs and files of the system are nobody's data.
    names = [path.relative_to(base) for path in paths if path.is_file()]
    hidden = (".", "~$")
    return sorted(
        name.as_posix()
        for name in names
        if not any(part.startswith(hidden) or part == "Thumbs.db" for part in name.parts)
    )


def _file_hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as err:
        msg = (
            f"Het bestand «{path}» kan niet worden gelezen ({err.strerror or err}). "
            "Wat te doen: sluit het in andere programma's en kijk de rechten na."
        )
        raise SourceError(msg) from err
