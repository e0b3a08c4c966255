"""
Every figure the platform stands on, with unit, range, basis and source.

One CSV per theme lies beside this module; ``sources.csv`` tells where they come from.
A place may override figures in its own ``aannames`` table.
"""

from __future__ import annotations

from lekp_lib.assumptions._load import (
    BASES,
    Assumption,
    Assumptions,
    load,
    load_legal_forms,
    load_legal_knockouts,
    load_pipes,
    load_presence,
    load_risks,
    load_sources,
    load_water,
)

__all__ = [
    "BASES",
    "Assumption",
    "Assumptions",
    "load",
    "load_legal_forms",
    "load_legal_knockouts",
    "load_pipes",
    "load_presence",
    "load_risks",
    "load_sources",
    "load_water",
]
