"""Fictional wijken of any size: they hold every contract and nobody lives there."""

from __future__ import annotations

from lekp_lib.synthetic._recipes import KINDS
from lekp_lib.synthetic._wijken import (
    DEMO_DWELLINGS,
    MUNICIPALITY,
    SyntheticWijk,
    demo_wijken,
    make_wijk,
)

__all__ = [
    "DEMO_DWELLINGS",
    "KINDS",
    "MUNICIPALITY",
    "SyntheticWijk",
    "demo_wijken",
    "make_wijk",
]
