"""Where data and results lie, and which names may lead there."""

from __future__ import annotations

import re
from pathlib import Path

from lekp_lib.errors import ContractError

__all__ = ["check_place_name", "find_folder", "project_root"]

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def project_root() -> Path:
    """
    Return the folder that holds ``notebooks`` and ``pyproject.toml``.

    Looked for from the current folder upwards, then beside the package.
    """
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "notebooks").is_dir() and (folder / "pyproject.toml").is_file():
            return folder
    return Path(__file__).resolve().parents[2]


def find_folder(folder: str | Path) -> Path:
    """
    Return a folder as an absolute path.

    A relative one is looked for in the current folder first, then in the project's root,
    where it is placed if it is in neither.

    Examples
    --------
    >>> find_folder("lekp_lib").name
    'lekp_lib'
    """
    path = Path(folder)
    if path.is_absolute():
        return path
    here = Path.cwd() / path
    return here if here.is_dir() else project_root() / path


def check_place_name(place: str) -> str:
    """
    Return the name of a place if it can only lead inside the data folder.

    Raises
    ------
    ContractError
        If it is not one or two slugs joined by a slash.

    Examples
    --------
    >>> check_place_name("lille/wechelderzande")
    'lille/wechelderzande'
    >>> check_place_name("../geheim")
    Traceback (most recent call last):
    lekp_lib.errors.ContractError: «../geheim» is geen naam van een plaats. ...
    """
    parts = place.split("/")
    if len(parts) > 2 or not all(_SLUG.fullmatch(part) for part in parts):
        msg = (
            f"«{place}» is geen naam van een plaats. Wat te doen: schrijf <gemeente> of "
            "<gemeente>/<wijk>, met kleine letters, cijfers en streepjes, bijvoorbeeld "
            "sint-niklaas/stationswijk."
        )
        raise ContractError(msg)
    return place
