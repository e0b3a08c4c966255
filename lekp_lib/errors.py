"""
The errors of the platform, and what one fault in a file looks like.

LekpError
├─ ContractError (ValueError)      a table is not what was promised
├─ AssumptionError (KeyError)      a figure is missing or has no source
├─ SourceError (OSError)           a file or address did not give what was expected
├─ RunError (RuntimeError)         a notebook run failed
└─ BookError (RuntimeError)        the build of the book failed

Messages are Dutch: they are read at a town hall.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass

__all__ = [
    "AssumptionError",
    "BookError",
    "ContractError",
    "Fault",
    "LekpError",
    "RunError",
    "SourceError",
    "without_values",
]


@dataclass(frozen=True)
class Fault:
    """
    One thing that is wrong in one place of one file.

    Attributes
    ----------
    file : str
        Name of the file as the user knows it.
    row : int or None
        Row as the user sees it: in a sheet the heading is row 1, in a geographic
        file the first feature is 1. None if the whole file or column is meant.
    column : str or None
        Canonical column name, or None if the whole file is meant.
    value : str or None
        The offending value as text.
    problem, remedy : str
        What is wrong and what to do, in Dutch.

    Examples
    --------
    >>> print(Fault("gebouwen.csv", 3, "levels", "-2", "moet groter zijn dan 0", "Verbeter."))
    gebouwen.csv, rij 3, kolom levels, waarde «-2»: moet groter zijn dan 0. Wat te doen: Verbeter.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    problem: str
    remedy: str

    def __str__(self) -> str:
        where = [self.file]
        if self.row is not None:
            where.append(f"rij {self.row}")
        if self.column is not None:
            where.append(f"kolom {self.column}")
        if self.value is not None:
            where.append(f"waarde «{' '.join(self.value.split())}»")
        return f"{', '.join(where)}: {self.problem}. Wat te doen: {self.remedy}"

    def as_dict(self) -> dict[str, object]:
        """Return the fault as a plain dictionary, for JSON."""
        return asdict(self)


class LekpError(Exception):
    """Anything the platform can explain to its user."""


class ContractError(LekpError, ValueError):
    """
    A table is not what was promised; carries every fault found.

    Examples
    --------
    >>> fault = Fault("straten.csv", None, None, None, "het bestand is leeg", "Vul het aan.")
    >>> print(ContractError([fault]))
    straten.csv: het bestand is leeg. Wat te doen: Vul het aan.
    """

    def __init__(self, faults: Iterable[Fault] | str) -> None:
        self.faults: tuple[Fault, ...] = () if isinstance(faults, str) else tuple(faults)
        text = faults if isinstance(faults, str) else "\n".join(str(f) for f in self.faults)
        super().__init__(text)


class AssumptionError(LekpError, KeyError):
    """A figure is missing, has no source, or was never declared."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class SourceError(LekpError, OSError):
    """A file or address did not give what was expected."""


class RunError(LekpError, RuntimeError):
    """A notebook could not be run or failed while running."""


class BookError(LekpError, RuntimeError):
    """The book could not be built."""


def without_values(message: str) -> str:
    """
    Return a message of faults without the values of cells, fit for a published page.

    A wrong cell may be a measured figure of a few households.

    Examples
    --------
    >>> fault = Fault("verbruik.csv", 3, "gas_mwh", "47,1 MWh", "is tekst", "Verbeter.")
    >>> without_values(str(fault))
    'verbruik.csv, rij 3, kolom gas_mwh: is tekst. Wat te doen: Verbeter.'
    """
    return re.sub(r", waarde «.*»: ", ": ", message)
