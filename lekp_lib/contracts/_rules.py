"""Rules over more than one cell: doubled keys, years out of order, too few rows."""

from __future__ import annotations

import itertools

import pandas as pd

from lekp_lib import wording
from lekp_lib.contracts._base import Contract
from lekp_lib.errors import Fault

__all__ = ["table_faults"]


def table_faults(table: pd.DataFrame, contract: Contract, file: str, first_row: int) -> list[Fault]:
    """
    Return what is wrong between cells that are each right.

    Parameters
    ----------
    table : DataFrame, RangeIndex
        Typed, every column of the contract present, unreadable cells missing.
    contract : Contract
        Says which rules hold.
    file, first_row : str, int
        For the messages.

    Examples
    --------
    >>> from lekp_lib.contracts.inputs import INPUTS
    >>> years = {"earliest_year": [2030], "planned_year": [2029], "latest_year": [2031]}
    >>> table_faults(pd.DataFrame(years), INPUTS["werken"], "werken.csv", 2)[0].problem
    '«Gepland jaar» (2029) ligt vóór «Vroegste jaar» (2030)'
    """
    found = [
        *_doubled(table, contract),
        *_falling(table, contract),
        *_alone(table, contract),
        *_too_few(table, contract),
    ]
    return [
        Fault(file, None if row is None else row + first_row, column, value, problem, remedy)
        for row, column, value, problem, remedy in found
    ]


_Found = list[tuple[int | None, str | None, str | None, str, str]]
"""Position, column, value, problem, remedy."""


def _doubled(table: pd.DataFrame, contract: Contract) -> _Found:
    if not contract.key:
        return []
    keys = pd.DataFrame(table)[list(contract.key)]
    is_told = pd.Series(contract.is_empty_a_key, keys.index) | keys.notna().all(axis=1)
    doubled = keys[keys.duplicated(keep="first") & is_told]
    problem = f"deze combinatie van {wording.join(list(contract.key))} komt meer dan eens voor"
    return [
        (
            int(row),
            contract.key[-1],
            " · ".join(str(value) for value in values),
            problem,
            "Houd één rij over, of tel ze samen.",
        )
        for row, values in zip(doubled.index, doubled.itertuples(index=False), strict=True)
    ]


def _falling(table: pd.DataFrame, contract: Contract) -> _Found:
    """Return the rows in which a later column holds less than an earlier one."""
    found: _Found = []
    titles = {name: contract.columns[name].title for name in contract.rising}
    for early, late in itertools.combinations(contract.rising, 2):
        between = contract.rising[contract.rising.index(early) + 1 : contract.rising.index(late)]
        is_next = table[list(between)].isna().all(axis=1)  # neighbours tell the others
        wrong = table[is_next & (table[late] < table[early]).fillna(value=False).astype(bool)]
        found += [
            (
                int(row),
                late,
                _day(after),
                f"«{titles[late]}» ({_day(after)}) ligt vóór «{titles[early]}» ({_day(before)})",
                "Verbeter een van beide.",
            )
            for row, before, after in zip(wrong.index, wrong[early], wrong[late], strict=True)
        ]
    return found


def _day(value: object) -> str:
    """Return a year as it is and a moment without its hour."""
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)


def _alone(table: pd.DataFrame, contract: Contract) -> _Found:
    """Return the rows with a value that says nothing without another."""
    found: _Found = []
    for first, second in contract.together:
        columns = contract.columns
        problem = f"«{columns[second].title}» ontbreekt bij «{columns[first].title}»"
        rows = table.index[table[first].notna() & table[second].isna()]
        found += [(int(row), second, None, problem, "Vul beide cellen in.") for row in rows]
    return found


def _too_few(table: pd.DataFrame, contract: Contract) -> _Found:
    if len(table) >= contract.least_rows:
        return []
    least = wording.number(contract.least_rows)
    problem = f"de tabel telt {wording.number(len(table))} rijen; er zijn er minstens {least} nodig"
    return [(None, None, None, problem, "Vul ze aan, of laat het bestand weg.")]
