"""A neighbourhood and Flanders, as they enter a study: checked tables and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, field_validator

from lekp_lib.assumptions import Assumptions
from lekp_lib.contracts._base import empty_table
from lekp_lib.contracts.inputs import INPUTS

__all__ = ["FICTIONAL_NIS", "Flanders", "Place", "SourceNote", "WijkSettings"]

FICTIONAL_NIS = "99999"
"""NIS code of the fictional municipality; no real one has it."""


class SourceNote(BaseModel):
    """Where one table of a neighbourhood comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    licence: str
    date: str = ""


class WijkSettings(BaseModel):
    """
    The file ``wijk.yml`` of a neighbourhood.

    Examples
    --------
    >>> WijkSettings(name="Dorp", municipality="Lille", nis_code="13019").is_fictional
    False
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"\S")
    municipality: str = Field(pattern=r"\S")
    nis_code: str
    wijk_code: str | None = None
    is_fictional: bool = False
    sources: dict[str, SourceNote] = Field(default_factory=dict)
    contact_role: str | None = None
    parameters: dict[str, dict[str, str | int | float | bool]] = Field(default_factory=dict)

    @field_validator("name", "municipality")
    @classmethod
    def _no_markup(cls, name: str) -> str:
        if re.search(r"[<>]", name):
            msg = "mag geen < of > bevatten"
            raise ValueError(msg)
        return name

    @field_validator("nis_code")
    @classmethod
    def _five_digits(cls, code: str) -> str:
        if not re.fullmatch(r"[0-9]{5}", code):
            msg = "moet uit vijf cijfers bestaan, tussen aanhalingstekens"
            raise ValueError(msg)
        return code


@dataclass(frozen=True)
class Place:
    """
    One neighbourhood, read and checked.

    Attributes
    ----------
    slug : str
        ``<gemeente>/<wijk>``.
    settings : WijkSettings
        The file ``wijk.yml``.
    story : str
        ``verhaal.md``, empty if there is none.
    tables : mapping of str to DataFrame or GeoDataFrame
        Contract tables by name; a table that was not given is absent. Every optional
        column is there, missing where it was not given.
    files : mapping of str to str
        Table → the file it came from.
    notices : tuple of str
        Dutch remarks made while reading, for instance columns that were not recognised.
    assumptions : Assumptions
        Defaults with the place's own figures over them.
    rules : DataFrame
        Contract ``regels``: what the municipality adds to the rules of Flanders; often empty.
    """

    slug: str
    settings: WijkSettings
    story: str
    tables: Mapping[str, pd.DataFrame]
    files: Mapping[str, str]
    notices: tuple[str, ...]
    assumptions: Assumptions
    rules: pd.DataFrame = field(default_factory=lambda: empty_table(INPUTS["regels"]))


@dataclass(frozen=True)
class Flanders:
    """
    The figures for all Flemish municipalities and wijken; every code is text.

    Attributes
    ----------
    municipalities : DataFrame, index nis_code
        Name, province, longitude, latitude, population, households, dwellings, EPC shares, gas
        and electricity of 2021 [MWh, points].
    building_stock : DataFrame
        nis_code, building_type, period, buildings.
    dwellings : DataFrame
        nis_code, building_type, dwellings.
    garages : DataFrame
        nis_code, building_type, buildings_with_garage, garages_or_covered_places.
    wijken : DataFrame, index wijk_code
        Name, nis_code, longitude, latitude, area_km2, name_source.
    wijk_energy : DataFrame
        wijk_code, year, gas and electricity [MWh] and points; blank cells are missing.
    targets : DataFrame, index id
        LEKP targets with value, unit, base, version, status, source and grade.
    mergers : DataFrame
        nis_code_until_2024, name_until_2024, nis_code_2025.
    practice : DataFrame, index case_id
        Documented Flemish cases per question, see ``contracts.PRACTICE``; empty if not read.
    rules : DataFrame
        Contract ``regels``: premiums, loans, taxes and duties with their dates; empty if not
        read.
    """

    municipalities: pd.DataFrame
    building_stock: pd.DataFrame
    dwellings: pd.DataFrame
    garages: pd.DataFrame
    wijken: pd.DataFrame
    wijk_energy: pd.DataFrame
    targets: pd.DataFrame
    mergers: pd.DataFrame
    practice: pd.DataFrame = field(default_factory=pd.DataFrame)
    rules: pd.DataFrame = field(default_factory=lambda: empty_table(INPUTS["regels"]))
