"""Which places there are, and which of them a user means."""

from __future__ import annotations

import csv
import difflib
import fnmatch
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import yaml

from lekp_lib.errors import ContractError, SourceError
from lekp_lib.wording import slugify

__all__ = [
    "FLANDERS",
    "PlaceRef",
    "Project",
    "discover",
    "find_root",
    "flanders_folder",
    "near_names",
    "open_project",
    "refuse_reserved",
    "select",
    "split_place",
]

FLANDERS = "vlaanderen"
MUNICIPALITIES = "municipalities.csv"
SETTINGS = "wijk.yml"

_LONGEST_SETTINGS = 100_000
_ALIAS = re.compile(r"[:\-\[,{]\s*[*&]\w")  # a few lines with aliases can fill the memory
_GLOB = re.compile(r"[*?\[]")
_TABLES = {"gebouwen", "straten"}
_RESERVED = {"gemeente"}  # the results of a municipality lie in results/<gemeente>/gemeente
_PROVINCES = {
    "1": "Antwerpen",
    "2": "Vlaams-Brabant",
    "3": "West-Vlaanderen",
    "4": "Oost-Vlaanderen",
    "7": "Limburg",
}


@dataclass(frozen=True)
class PlaceRef:
    """
    A place that has pages in the book, without any of its data.

    Attributes
    ----------
    slug : str
        ``vlaanderen``, ``<gemeente>`` or ``<gemeente>/<wijk>``.
    kind : {"vlaanderen", "gemeente", "wijk"}
        Decides which notebooks run.
    name : str
        Name as a reader knows it.
    municipality : str
        Name of the municipality, empty for Flanders.
    nis_code : str
        Five digits, or empty where there is none.
    province : str
        Name of the province, empty where there is none.
    is_fictional : bool
        The page must say so in its title.
    parameters : mapping of template name to parameters
        Overrides from ``wijk.yml``.
    """

    slug: str
    kind: Literal["vlaanderen", "gemeente", "wijk"]
    name: str
    municipality: str = ""
    nis_code: str = ""
    province: str = ""
    is_fictional: bool = False
    parameters: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


@dataclass(frozen=True)
class Project:
    """The folders that one command works with, all of them absolute."""

    root: Path
    data_dir: Path
    out_dir: Path

    @property
    def notebooks_dir(self) -> Path:
        """Folder of the notebook templates."""
        return self.root / "notebooks"

    @property
    def book_dir(self) -> Path:
        """Folder of the prose of the book."""
        return self.root / "book"


def find_root(start: Path | None = None) -> Path:
    """
    Return the root of the project, looking upwards from `start`.

    Parameters
    ----------
    start : Path, optional
        Where to begin, the current folder by default.

    Returns
    -------
    Path
        The first folder with ``notebooks/`` and ``pyproject.toml``, else the folder
        that holds the package.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "notebooks").is_dir() and (folder / "pyproject.toml").is_file():
            return folder
    return Path(__file__).resolve().parents[2]


def open_project(*, data: Path | None = None, out: Path | None = None) -> Project:
    """
    Return the folders to work with.

    Parameters
    ----------
    data : Path, optional
        Data folder as the user gave it: tried against the current folder, then
        against the root of the project. ``data`` in the root by default.
    out : Path, optional
        Folder for everything generated, ``_build`` in the root by default.

    Raises
    ------
    SourceError
        If the data folder does not exist.
    """
    root = find_root()
    candidates = [root / "data"] if data is None else [Path.cwd() / data, root / data]
    data_dir = next((folder for folder in candidates if folder.is_dir()), None)
    if data_dir is None:
        msg = (
            f"De gegevensmap «{data or candidates[0]}» bestaat niet. "
            "Wat te doen: geef met --data een bestaande map op."
        )
        raise SourceError(msg)
    out_dir = root / "_build" if out is None else Path.cwd() / out
    if out_dir.exists() and not out_dir.is_dir():
        msg = f"«{out_dir}» is geen map. Wat te doen: geef met --out een map op."
        raise SourceError(msg)
    return Project(root=root, data_dir=data_dir.resolve(), out_dir=out_dir.resolve())


def flanders_folder(data_dir: Path) -> Path:
    """Return the folder with the figures for Flanders: the data folder's, else the project's."""
    own = data_dir / FLANDERS
    return own if own.is_dir() else find_root() / "data" / FLANDERS


def discover(data_dir: Path) -> tuple[PlaceRef, ...]:
    """
    Return every place of a data folder: Flanders, its municipalities, the neighbourhoods.

    Parameters
    ----------
    data_dir : Path
        Folder with the folders of the places, and ``vlaanderen`` unless the project's counts.

    Returns
    -------
    tuple of PlaceRef
        Flanders first, then municipalities and neighbourhoods by slug.

    Raises
    ------
    SourceError
        If the list of municipalities is absent or cannot be read.
    """
    municipalities = _municipalities(flanders_folder(data_dir) / MUNICIPALITIES)
    by_slug = {place.slug: place for place in municipalities}
    return (
        PlaceRef(slug=FLANDERS, kind="vlaanderen", name="Vlaanderen"),
        *municipalities,
        *_neighbourhoods(data_dir, by_slug),
    )


def select(places: Sequence[PlaceRef], patterns: Iterable[str]) -> list[PlaceRef]:
    """
    Return the places that the user means.

    Parameters
    ----------
    places : sequence of PlaceRef
        All places, see `discover`.
    patterns : iterable of str
        ``<gemeente>/<wijk>``, ``<gemeente>`` (slug or NIS code: the page of the
        municipality and its neighbourhoods), ``vlaanderen`` or a glob of these.
        None at all means every place.

    Returns
    -------
    list of PlaceRef
        In the order of `places`, each once.

    Raises
    ------
    ContractError
        If a pattern means no known place, or tries to leave the data folder.
    """
    wanted = list(patterns)
    if not wanted:
        return list(places)
    chosen: set[str] = set()
    for pattern in wanted:
        found = _matches(places, pattern)
        if not found:
            raise ContractError(_unknown(places, pattern))
        chosen |= found
    return [place for place in places if place.slug in chosen]


def split_place(text: str) -> list[str]:
    """
    Return the parts of a place as typed, or refuse it.

    Raises
    ------
    ContractError
        For absolute paths, back-slashes, ``.`` and ``..``, and more than two parts.
    """
    parts = text.strip().removesuffix("/").split("/")
    bad = "\\" in text or ":" in text or any(part.strip() in {"", ".", ".."} for part in parts)
    if bad or len(parts) > 2:
        msg = (
            f"«{text}» is geen plaats. Wat te doen: schrijf <gemeente>, <gemeente>/<wijk>, "
            "een NIS-code of «vlaanderen», bijvoorbeeld «aalst» of «aalst/rozendreef»."
        )
        raise ContractError(msg)
    return parts


def refuse_reserved(wijk: str) -> None:
    """
    Refuse a name of a neighbourhood that the platform uses itself.

    Raises
    ------
    ContractError
        If the name is that of the page of the municipality.
    """
    if wijk in _RESERVED:
        msg = f"Een wijk kan niet «{wijk}» heten. Wat te doen: geef de map een andere naam."
        raise ContractError(msg)


def near_names(text: str, known: Sequence[str]) -> str:
    """
    Return the names that look like a text, ready for a question, or nothing.

    Examples
    --------
    >>> near_names("alst", ["aalst", "gent"])
    '«aalst»'
    """
    near = difflib.get_close_matches(text, known, n=3, cutoff=0.6)
    if "/" in text:
        # Who knows the municipality may have forgotten how the neighbourhood is called.
        home = f"{slugify(text.split('/')[0])}/"
        near += [slug for slug in known if slug.startswith(home) and slug not in near]
    return " of ".join(f"«{slug}»" for slug in near[:3])


def _municipalities(path: Path) -> list[PlaceRef]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [(row["nis_code"].strip(), row["name"].strip()) for row in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError, KeyError, AttributeError) as err:
        msg = (
            f"De lijst van gemeenten «{path}» ontbreekt of is onleesbaar ({err}). "
            "Wat te doen: zet de map «vlaanderen» van het platform in de gegevensmap."
        )
        raise SourceError(msg) from err
    places = [
        PlaceRef(
            slug=slugify(name),
            kind="gemeente",
            name=name,
            municipality=name,
            nis_code=nis_code,
            province=_PROVINCES.get(nis_code[:1], "Vlaanderen"),
        )
        for nis_code, name in rows
    ]
    return sorted(places, key=lambda place: place.slug)


def _neighbourhoods(data_dir: Path, municipalities: Mapping[str, PlaceRef]) -> list[PlaceRef]:
    places = []
    for folder in sorted(data_dir.glob("*/*/")):
        gemeente, wijk = folder.parts[-2:]
        is_hidden = gemeente.startswith(".") or wijk.startswith(".")
        if is_hidden or gemeente == FLANDERS or not _is_neighbourhood(folder):
            continue
        refuse_reserved(wijk)
        settings = _read_settings(folder / SETTINGS)
        home = municipalities.get(gemeente)
        default = home.name if home else gemeente.replace("-", " ").capitalize()
        places.append(
            PlaceRef(
                slug=f"{gemeente}/{wijk}",
                kind="wijk",
                name=str(settings.get("name") or wijk.replace("-", " ").capitalize()),
                municipality=str(settings.get("municipality") or default),
                nis_code=str(settings.get("nis_code") or (home.nis_code if home else "")),
                province=home.province if home else "",
                is_fictional=settings.get("is_fictional") is True,
                parameters=_parameters(settings.get("parameters")),
            )
        )
    return places


def _is_neighbourhood(folder: Path) -> bool:
    # A folder with buildings or streets but without wijk.yml counts too: the check of
    # the place can then say what is missing.
    return any(folder.glob(SETTINGS)) or any(
        path.stem.lower() in _TABLES for path in folder.glob("*.*")
    )


def _read_settings(path: Path) -> dict[str, object]:
    # Faults in wijk.yml are told by the check of the place; here an unreadable file
    # only means that nothing is known but the name of the folder.
    try:
        text = path.read_text(encoding="utf-8")
        if len(text) > _LONGEST_SETTINGS or _ALIAS.search(text):
            return {}
        settings = yaml.safe_load(text)
    except (OSError, ValueError, RecursionError, yaml.YAMLError):
        return {}
    return settings if isinstance(settings, dict) else {}


def _parameters(value: object) -> dict[str, dict[str, object]]:
    if not isinstance(value, dict):
        return {}
    return {str(name): dict(given) for name, given in value.items() if isinstance(given, dict)}


def _matches(places: Sequence[PlaceRef], pattern: str) -> set[str]:
    parts = [part.strip().lower() for part in split_place(pattern)]
    codes = {place.slug: place.nis_code for place in places if place.kind == "gemeente"}
    found = set()
    for place in places:
        own = place.slug.split("/")
        is_home = _is_match(own[0], parts[0]) or _is_match(codes.get(own[0], ""), parts[0])
        # A municipality means its page and its neighbourhoods: compare what was given.
        if is_home and len(own) >= len(parts) and all(map(_is_match, own[1:], parts[1:])):
            found.add(place.slug)
    return found


def _is_match(own: str, given: str) -> bool:
    if _GLOB.search(given):
        return fnmatch.fnmatchcase(own.lower(), given)
    return own.lower() == given or slugify(own) == slugify(given) != ""


def _unknown(places: Sequence[PlaceRef], pattern: str) -> str:
    known = [place.slug for place in places]
    near = near_names(pattern.lower(), known)
    hint = f" Bedoelde u {near}?" if near else ""
    return (
        f"De plaats «{pattern}» is niet gekend.{hint} Wat te doen: gebruik de naam van een Vlaamse "
        "gemeente, haar NIS-code, «vlaanderen» of <gemeente>/<wijk> met een map in de "
        "gegevensmap; «lekp new» maakt een nieuwe wijk aan."
    )
