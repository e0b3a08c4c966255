"""Importers: files of one provider in, contract tables of a neighbourhood out."""

from __future__ import annotations

__all__: list[str] = []
