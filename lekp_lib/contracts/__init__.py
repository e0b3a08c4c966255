"""What every table must look like, going in and coming out."""

from __future__ import annotations

from lekp_lib.contracts._base import CRS, Column, Contract, empty_table
from lekp_lib.contracts.check import Checked, Source, check, reference_faults
from lekp_lib.contracts.checked import is_stale, recheck_from
from lekp_lib.contracts.inputs import INPUTS
from lekp_lib.contracts.place import FICTIONAL_NIS, Flanders, Place, SourceNote, WijkSettings
from lekp_lib.contracts.practice import PRACTICE, QUESTIONS
from lekp_lib.contracts.results import RESULTS

__all__ = [
    "CRS",
    "FICTIONAL_NIS",
    "INPUTS",
    "PRACTICE",
    "QUESTIONS",
    "RESULTS",
    "Checked",
    "Column",
    "Contract",
    "Flanders",
    "Place",
    "Source",
    "SourceNote",
    "WijkSettings",
    "check",
    "empty_table",
    "is_stale",
    "recheck_from",
    "reference_faults",
]
