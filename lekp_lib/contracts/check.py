"""
Hold a table against its contract: every fault at once, in Dutch.

The order is always the same: CRS, headings, rows, values, rules, geometry. Nothing is
corrected quietly; what is transformed (a decimal comma, a Dutch heading) is exact.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeGuard

import geopandas as gpd
import pandas as pd
import pandera.pandas as pa

from lekp_lib import wording
from lekp_lib.contracts._base import CRS, Column, Contract, empty_column
from lekp_lib.contracts._geometry import geometry_faults
from lekp_lib.contracts._rules import table_faults
from lekp_lib.contracts._values import parse, shown
from lekp_lib.errors import Fault

__all__ = ["Checked", "Source", "check", "reference_faults"]

_MOST_ALIKE = 100
"""Faults of one kind in one column that are told one by one."""

_SHAPES_NOT_READ = (
    "de vormen in de kolom geometry worden zo niet gelezen; bewaar de tabel als GeoPackage."
)

_SHAPEFILE_NAME = 10
"""Characters that a shapefile keeps of the name of a column."""


@dataclass(frozen=True)
class Source:
    """
    Where a raw table came from, for messages.

    Attributes
    ----------
    file : str
        File name as the user knows it.
    first_row : int
        Row number of the first record: 2 in a sheet, 1 in a geographic file.
    uses_decimal_comma : bool
        Whether the file is of the kind that writes 1,5 for one and a half.
    """

    file: str
    first_row: int = 1
    uses_decimal_comma: bool = False


@dataclass(frozen=True)
class Checked:
    """A table after checking: only to be used where there are no faults."""

    table: pd.DataFrame
    faults: tuple[Fault, ...]
    notices: tuple[str, ...]


def check(raw: pd.DataFrame, contract: Contract, source: Source) -> Checked:
    """
    Return a table in contract form, with every fault found in it.

    Parameters
    ----------
    raw : DataFrame or GeoDataFrame
        As read: headings in Dutch or canonical, text where the file holds text.
        A table with geometry must be in EPSG:31370.
    contract : Contract
        What the table must look like.
    source : Source
        For the messages.

    Returns
    -------
    Checked
        The table with canonical names, every optional column present, indexed as the
        contract says.

    Examples
    --------
    >>> from lekp_lib.contracts.inputs import INPUTS
    >>> raw = pd.DataFrame({"Doel": ["W1a"], "Jaar": ["2024"], "Gerealiseerd": ["12,5"],
    ...                     "Eenheid": ["boom"], "Bron": ["eigen telling"]})
    >>> checked = check(raw, INPUTS["voortgang"], Source("voortgang.csv", 2, True))
    >>> checked.table.loc[0, "realised"], checked.faults
    (np.float64(12.5), ())
    """
    crs_fault = _crs_fault(raw, contract, source)
    if crs_fault is not None:
        return Checked(raw, (crs_fault,), ())
    named, heading_faults, notices = _name_columns(raw, contract, source)
    if len(named) == 0:
        fault = _file_fault(
            source,
            "het bestand bevat geen enkele rij",
            "Vul het aan, of laat het bestand weg als u deze gegevens niet hebt.",
        )
        return Checked(named, (*heading_faults, fault), tuple(notices))
    typed, value_faults, unread = _parse_columns(named, contract, source)
    faults = [
        *heading_faults,
        *value_faults,
        *_rule_faults((named, typed), contract, source, unread),
        *table_faults(typed, contract, source.file, source.first_row),
    ]
    if contract.geometry:
        faults += geometry_faults(gpd.GeoDataFrame(typed), contract, source.file, source.first_row)
    table = typed
    if contract.index is not None and contract.index in typed:
        table = typed.set_index(contract.index, drop=True)
    ordered = sorted(faults, key=lambda fault: (fault.row or 0, fault.column or ""))
    return Checked(table, tuple(_without_flood(ordered)), tuple(notices))


def _without_flood(faults: Iterable[Fault]) -> list[Fault]:
    """Keep the first faults of each kind in each column, and count the others in one sentence."""
    seen: Counter[tuple[str | None, str]] = Counter()
    kept, more = [], {}
    for fault in faults:
        kind = (fault.column, fault.problem.partition(" (bij ")[0])
        seen[kind] += 1
        if seen[kind] <= _MOST_ALIKE:
            kept.append(fault)
        else:
            more[kind] = fault
    for kind, fault in more.items():
        others = wording.number(seen[kind] - _MOST_ALIKE)
        problem = f"{kind[1]}; dat geldt ook voor nog {others} andere rijen"
        kept.append(Fault(fault.file, None, fault.column, None, problem, fault.remedy))
    return kept


def _file_fault(source: Source, problem: str, remedy: str, column: str | None = None) -> Fault:
    return Fault(source.file, None, column, None, problem, remedy)


def _crs_fault(raw: pd.DataFrame, contract: Contract, source: Source) -> Fault | None:
    if not contract.geometry:
        return None
    if not _has_shapes(raw):
        if contract.is_geometry_optional:
            return None
        return _file_fault(
            source,
            "het bestand bevat geen geometrie (vormen op de kaart)",
            "Bewaar de laag als GeoPackage of GeoJSON, met de vormen erbij.",
        )
    if raw.crs is None and not (contract.is_geometry_optional and raw.geometry.isna().all()):
        return _file_fault(
            source,
            "het coördinatenstelsel (CRS) ontbreekt",
            "Bewaar het bestand opnieuw met EPSG:31370 (Lambert 72), EPSG:3812 (Lambert 2008) "
            "of EPSG:4326 (WGS 84).",
        )
    if raw.crs is not None and raw.crs.to_epsg() != CRS:
        return _file_fault(
            source,
            f"het coördinatenstelsel is {raw.crs.name} in plaats van EPSG:{CRS}",
            f"Zet het bestand om naar EPSG:{CRS}.",
        )
    return None


def _has_shapes(raw: pd.DataFrame) -> TypeGuard[gpd.GeoDataFrame]:
    return isinstance(raw, gpd.GeoDataFrame) and raw._geometry_column_name in raw


def _name_columns(
    raw: pd.DataFrame, contract: Contract, source: Source
) -> tuple[pd.DataFrame, list[Fault], list[str]]:
    """Give columns their canonical names; report what is missing, doubled or not recognised."""
    columns = contract.columns
    aliases = _aliases(columns)
    found: dict[int, str] = {}
    faults: list[Fault] = []
    notices: list[str] = []
    is_shape = source.file.casefold().endswith((".shp", ".zip"))
    for position, heading in enumerate(raw.columns):
        if heading == "geometry":
            if contract.is_geometry_optional and not _has_shapes(raw):
                notices.append(f"{source.file}: {_SHAPES_NOT_READ}")
            continue
        name = aliases.get(_plain(heading)) or (_cut_name(heading, aliases) if is_shape else None)
        if name is None:
            notices.append(_unknown_heading(str(heading), contract, source))
        elif name in found.values():
            problem = f"de kolom {name} staat er twee keer in"
            faults.append(_file_fault(source, problem, "Verwijder een van beide.", name))
        else:
            found[position] = name
    faults += [
        _file_fault(
            source,
            f"de verplichte kolom {name} («{column.title}») ontbreekt",
            f"Voeg de kolom {name} toe. {column.description}",
            name,
        )
        for name, column in columns.items()
        if column.is_required and name not in found.values()
    ]
    named = pd.DataFrame(raw).iloc[:, list(found)].set_axis(list(found.values()), axis=1)
    if contract.geometry:
        shapes = raw.geometry.to_numpy() if _has_shapes(raw) else [None] * len(raw)
        named = gpd.GeoDataFrame(named, geometry=shapes, crs=CRS)
    return named.reset_index(drop=True), faults, notices


def _aliases(columns: Mapping[str, Column]) -> dict[str, str]:
    aliases = {}
    for name, column in columns.items():
        for alias in (name, column.title, f"{column.title} ({column.unit})"):
            aliases[_plain(alias)] = name
    return aliases


def _plain(heading: object) -> str:
    return re.sub(r"[\s_\-]+", " ", str(heading).replace("\ufeff", "")).strip().casefold()


def _cut_name(heading: object, aliases: Mapping[str, str]) -> str | None:
    """Recognise a name that a shapefile cut to ten characters, if only one fits."""
    if len(str(heading)) != _SHAPEFILE_NAME:
        return None
    fits = {name for alias, name in aliases.items() if alias.startswith(_plain(heading))}
    return fits.pop() if len(fits) == 1 else None


def _unknown_heading(heading: str, contract: Contract, source: Source) -> str:
    names = list(contract.columns)
    near = difflib.get_close_matches(heading.casefold(), names, n=1, cutoff=0.75)
    hint = f" Bedoelde u «{near[0]}»?" if near else ""
    return (
        f"{source.file}: de kolom «{shown(heading)}» is niet gekend en wordt niet gebruikt.{hint}"
    )


def _parse_columns(
    named: pd.DataFrame, contract: Contract, source: Source
) -> tuple[pd.DataFrame, list[Fault], set[tuple[str, int]]]:
    """Return typed columns, the faults, and the cells that could not be read."""
    typed = named.copy()
    faults: list[Fault] = []
    unread: set[tuple[str, int]] = set()
    for name, column in contract.columns.items():
        if name not in named:
            typed[name] = empty_column(column.kind, typed.index)
            continue
        typed[name], bad = parse(named[name], column, uses_comma=source.uses_decimal_comma)
        for position, value, problem, remedy in bad:
            unread.add((name, position))
            row = position + source.first_row
            faults.append(Fault(source.file, row, name, value, problem, remedy))
    if contract.geometry:
        typed = typed[[*(name for name in typed if name != "geometry"), "geometry"]]
    return typed, faults, unread


def _rule_faults(
    tables: tuple[pd.DataFrame, pd.DataFrame],
    contract: Contract,
    source: Source,
    unread: set[tuple[str, int]],
) -> list[Fault]:
    """Run pandera lazily and put its findings in Dutch; what was said before is left out."""
    named, typed = tables
    columns = contract.columns
    try:
        contract.model.validate(pd.DataFrame(typed)[list(columns)], lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
    else:
        return []
    broken = cases[cases["index"].isna()]
    if len(broken) > 0:
        first = broken.iloc[0]
        msg = f"Contract {contract.name} is broken: {first['check']} on {first['column']}."
        raise TypeError(msg)
    given = {name: named[name].tolist() for name in named if name in columns}
    words = {
        (rule, name): _translate(str(rule), columns[name])
        for rule, name in set(zip(cases["check"], cases["column"], strict=True))
        if name in given
    }
    faults = []
    for rule, name, index in zip(cases["check"], cases["column"], cases["index"], strict=True):
        position = int(index)
        if name in given and (name, position) not in unread:
            value = None if rule == "not_nullable" else shown(given[name][position])
            row = position + source.first_row
            faults.append(Fault(source.file, row, name, value, *words[rule, name]))
    return faults


_RULES = {
    "greater_than_or_equal_to": ("moet minstens {0} zijn", "Verbeter de waarde."),
    "greater_than": ("moet groter zijn dan {0}", "Verbeter de waarde, of laat de cel leeg."),
    "less_than_or_equal_to": (
        "mag hoogstens {0} zijn",
        "Verbeter de waarde; kijk na of de eenheid klopt.",
    ),
    "less_than": ("moet kleiner zijn dan {0}", "Verbeter de waarde; kijk de eenheid na."),
    "field_uniqueness": ("komt meer dan eens voor", "Geef elke rij een eigen kenmerk."),
    "not_nullable": ("de cel is leeg maar verplicht", "Vul de cel in."),
    "str_matches": ("telt meer dan één regel", "Zet het kenmerk op één regel."),
}


def _translate(check_name: str, column: Column) -> tuple[str, str]:
    name, _, argument = check_name.partition("(")
    if name == "isin":
        choices = wording.join([_choice(column, code) for code in column.allowed or ()])
        return "staat niet in de lijst", f"Kies uit {choices}."
    problem, remedy = _RULES[name]
    if name == "field_uniqueness" and column.kind == "time":
        remedy = "Geef elk uur één rij, het hele jaar in wintertijd (UTC+1)."
    return problem.format(_bound(argument.rstrip(")"), column)), remedy


def _bound(argument: str, column: Column) -> str:
    """Return a limit the way a reader writes it, with its unit."""
    if column.unit == "jaar" or not re.fullmatch(r"[0-9.e+-]+", argument):
        return argument
    decimals = 0 if float(argument).is_integer() else 2
    unit = "-" if column.unit == "aandeel" else column.unit
    return wording.quantity(float(argument), unit, decimals)


def _choice(column: Column, code: str) -> str:
    if column.labels is None:
        return code
    return f"{code} ({wording.label(column.labels, code)})"


def reference_faults(
    tables: Mapping[str, pd.DataFrame], sources: Mapping[str, Source]
) -> list[Fault]:
    """
    Return the references between tables that lead nowhere.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Checked tables by name.
    sources : mapping of str to Source
        Where each came from.

    Examples
    --------
    >>> buildings = pd.DataFrame({"street_id": ["s9"]}, index=["g1"])
    >>> streets = pd.DataFrame({"street_name": ["Dorp"]}, index=["s1"])
    >>> faults = reference_faults(
    ...     {"gebouwen": buildings, "straten": streets}, {"gebouwen": Source("gebouwen.gpkg")}
    ... )
    >>> faults[0].value, faults[0].row
    ('s9', 1)
    """
    if "straten" not in tables:
        return []
    streets = tables["straten"]
    known = set(streets.index)
    faults = []
    if "gebouwen" in tables:
        faults += _dangling(tables["gebouwen"]["street_id"], known, sources["gebouwen"])
    if "werken" in tables:
        faults += _dangling(tables["werken"]["street_id"], known, sources["werken"])
    if "verbruik" in tables:
        use = tables["verbruik"]
        names = known | set(streets["street_name"].dropna())
        of_streets = use.loc[use["area_kind"] == "street", "area_id"]
        faults += _dangling(of_streets, names, sources["verbruik"], use.index)
    return _without_flood(faults)


def _dangling(
    references: pd.Series, known: set[str], source: Source, rows: pd.Index | None = None
) -> list[Fault]:
    lost = references[references.notna() & ~references.isin(known)]
    positions = (references.index if rows is None else rows).get_indexer(lost.index)
    return [
        Fault(
            source.file,
            int(position) + source.first_row,
            str(references.name),
            str(value),
            "deze straat bestaat niet in de tabel straten",
            "Verbeter de verwijzing, of voeg de straat toe aan straten.",
        )
        for position, value in zip(positions, lost, strict=True)
    ]
