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
    load_barriers,
    load_energy_offers,
    load_evening_script,
    load_legal_forms,
    load_legal_knockouts,
    load_messages,
    load_pipes,
    load_pool_criteria,
    load_presence,
    load_risks,
    load_roles,
    load_sources,
    load_strategies,
    load_water,
    untranslated_messages,
)

__all__ = [
    "BASES",
    "Assumption",
    "Assumptions",
    "load",
    "load_barriers",
    "load_energy_offers",
    "load_evening_script",
    "load_legal_forms",
    "load_legal_knockouts",
    "load_messages",
    "load_pipes",
    "load_pool_criteria",
    "load_presence",
    "load_risks",
    "load_roles",
    "load_sources",
    "load_strategies",
    "load_water",
    "untranslated_messages",
]
