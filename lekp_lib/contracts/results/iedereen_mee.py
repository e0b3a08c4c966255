"""Result tables of the study iedereen_mee."""

from __future__ import annotations

from lekp_lib.contracts._base import Contract

__all__ = ["CONTRACTS"]

CONTRACTS: tuple[Contract, ...] = ()
