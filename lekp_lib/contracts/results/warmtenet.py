"""Result tables of the study warmtenet."""

from __future__ import annotations

from lekp_lib.contracts._base import Contract

__all__ = ["CONTRACTS"]

CONTRACTS: tuple[Contract, ...] = ()
