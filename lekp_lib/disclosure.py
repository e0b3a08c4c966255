"""
The small-cell rule: an internal table in, a public table out.

Nothing else makes a ``PublicTable``, and presentation takes nothing else. A cell that stands
on too few households is blanked; where one blank could be worked out from a known total, the
next smallest cells are blanked too, until those blanked together are large enough.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lekp_lib import assumptions as packaged
from lekp_lib.assumptions import Assumptions
from lekp_lib.contracts import RESULTS, Column, Contract
from lekp_lib.contracts.lekp_names import LEKP_NAMES
from lekp_lib.errors import ContractError

__all__ = [
    "KEY_FIGURES",
    "PublicTable",
    "Results",
    "guard_key_figures",
    "publish",
    "release",
    "shown",
    "smallest_cell",
    "smallest_street",
]

KEY_FIGURES = ("key", "value", "unit", "label", "work_programme", "basis", "lekp_name")
"""Columns of ``kerncijfers.csv``; the last one is empty where the pact has no name for it."""


@dataclass(frozen=True)
class PublicTable:
    """
    A table that may be shown to everybody.

    Attributes
    ----------
    name, title : str
        Name in the contracts and Dutch title.
    frame : DataFrame or GeoDataFrame
        The rows; blanked cells are missing.
    suppressed : DataFrame of bool, same rows and columns as `frame` without geometry
        True where a cell was blanked because too few households stand behind it.
    columns : mapping of str to Column
        Dutch title, unit and decimals of each column.
    is_fictional : bool
        The place does not exist.
    """

    name: str
    title: str
    frame: pd.DataFrame
    suppressed: pd.DataFrame
    columns: Mapping[str, Column]
    is_fictional: bool


@dataclass(frozen=True)
class Results:
    """
    What a study hands over.

    Attributes
    ----------
    internal : mapping of str to DataFrame
        Full tables by name, never published.
    public : mapping of str to PublicTable
        The same tables after disclosure, and only those that may leave the house.
    key_figures : DataFrame
        Columns ``KEY_FIGURES``, guarded.
    assumptions_used : DataFrame
        The figures the study stands on, see ``Assumptions.table``.
    title : str
        Name of the place, with "(fictief)" where it does not exist.
    is_fictional : bool
        The place does not exist.
    """

    internal: Mapping[str, pd.DataFrame]
    public: Mapping[str, PublicTable]
    key_figures: pd.DataFrame
    assumptions_used: pd.DataFrame
    title: str
    is_fictional: bool


def release(
    internal: Mapping[str, pd.DataFrame],
    *,
    key_figures: pd.DataFrame,
    used: Assumptions,
    title: str,
    is_fictional: bool,
) -> Results:
    """
    Return the results of a study with their public side.

    Parameters
    ----------
    internal : mapping of str to DataFrame
        Tables named after a contract in ``contracts.RESULTS``.
    key_figures : DataFrame
        As returned by ``guard_key_figures``.
    used : Assumptions
        The figures the study used, ``privacy.*`` among them.
    title : str
        Name of the place.
    is_fictional : bool
        The place does not exist.

    Raises
    ------
    ContractError
        If a table has no contract or lacks a column of it, or the key figures were not
        guarded.
    """
    if tuple(key_figures.columns) != KEY_FIGURES:
        msg = f"Key figures must have the columns {KEY_FIGURES}: pass them by guard_key_figures."
        raise ContractError(msg)
    public = {
        name: shown(name, frame, used=used, is_fictional=is_fictional)
        for name, frame in internal.items()
        if _contract(name).is_public
    }
    return Results(
        internal=dict(internal),
        public=public,
        key_figures=key_figures,
        assumptions_used=used.table(),
        title=f"{title} (fictief)" if is_fictional else title,
        is_fictional=is_fictional,
    )


def shown(name: str, frame: pd.DataFrame, *, used: Assumptions, is_fictional: bool) -> PublicTable:
    """
    Return the public side of one result table, so that a sentence names nothing it hides.

    Parameters
    ----------
    name : str
        A key of ``contracts.RESULTS``.
    frame : DataFrame or GeoDataFrame
        The internal table.
    used : Assumptions
        With ``privacy.*``.
    is_fictional : bool
        The place does not exist.

    Examples
    --------
    >>> frame = pd.DataFrame({"part": ["wat"], "text": ["A."]})
    >>> shown("samenvatting", frame, used=packaged.load(), is_fictional=False).title
    'Samenvatting'
    """
    smallest_cell, smallest_street = _thresholds(used)
    return publish(
        frame,
        _contract(name),
        smallest_cell=smallest_cell,
        smallest_street=smallest_street,
        is_fictional=is_fictional,
    )


def smallest_cell(used: Assumptions) -> int:
    """
    Return how many households a sensitive cell must stand on.

    A place may make the threshold stricter, never looser.

    Parameters
    ----------
    used : Assumptions
        With ``privacy.*``.

    Examples
    --------
    >>> smallest_cell(packaged.load())
    10
    """
    return _thresholds(used)[0]


def smallest_street(used: Assumptions) -> int:
    """
    Return how many dwellings a modelled value must stand on.

    A place may make the threshold stricter, never looser.

    Parameters
    ----------
    used : Assumptions
        With ``privacy.*``.

    Examples
    --------
    >>> smallest_street(packaged.load())
    5
    """
    return _thresholds(used)[1]


def _thresholds(used: Assumptions) -> tuple[int, int]:
    """Return the thresholds; a place may make them stricter, never looser."""
    default = packaged.load()
    names = ("privacy.smallest_cell", "privacy.smallest_street_dwellings")
    cell, street = (math.ceil(max(used[name].value, default[name].value)) for name in names)
    return cell, street


def _contract(name: str) -> Contract:
    if name not in RESULTS:
        msg = f"Result table «{name}» has no contract in contracts.results. Add one."
        raise ContractError(msg)
    return RESULTS[name]


def publish(
    internal: pd.DataFrame,
    contract: Contract,
    *,
    smallest_cell: int,
    smallest_street: int,
    is_fictional: bool,
) -> PublicTable:
    """
    Return one table with its small cells blanked.

    Parameters
    ----------
    internal : DataFrame or GeoDataFrame
        With all columns of the contract.
    contract : Contract
        Names the count column, the groups that add up to a known total and, per column,
        whether it is sensitive or a modelled value per street.
    smallest_cell, smallest_street : int
        Households behind a sensitive cell; dwellings behind a street value.
    is_fictional : bool
        The place does not exist.

    Examples
    --------
    >>> frame = pd.DataFrame({"table": ["groen"], "label": ["groen"], "is_present": [True],
    ...     "found": ["x"], "stands_in": [None], "improves": [None]})
    >>> shown = publish(frame, RESULTS["rijkdom"], smallest_cell=10, smallest_street=5,
    ...                 is_fictional=False)
    >>> bool(shown.suppressed.to_numpy().any())
    False
    """
    columns = contract.columns
    _check_columns(internal, contract, columns)
    kept = [*columns, *(["geometry"] if contract.geometry else [])]
    shown = internal[kept].copy()
    sensitive = [name for name, about in columns.items() if about.is_sensitive]
    of_streets = [name for name, about in columns.items() if about.is_per_street]
    hidden = dict.fromkeys(columns, np.zeros(len(shown), dtype=bool))
    if sensitive or of_streets:
        counts = _counts(internal, contract)
        # Unless the contract knows better: all streets together make the neighbourhood, whose
        # total is shown.
        groups = contract.total_groups or ((),)
        partners = _blank_rows(internal, counts, groups, smallest_street)
        is_short = (partners | ~(counts >= smallest_street)).to_numpy()
        is_small = _blank_rows(internal, counts, contract.total_groups, smallest_cell).to_numpy()
        hidden |= {name: is_short for name in of_streets}
        hidden |= {name: hidden[name] | is_small for name in sensitive}
    for name in (*sensitive, *of_streets):
        shown[name] = shown[name].mask(hidden[name])
    suppressed = pd.DataFrame(hidden, index=shown.index)
    if contract.drops_blank_rows:
        is_kept = ~suppressed[sensitive].all(axis=1)
        shown, suppressed = shown[is_kept], suppressed[is_kept]
    return PublicTable(
        contract.name, contract.title, shown, suppressed, columns, is_fictional=is_fictional
    )


def _check_columns(
    internal: pd.DataFrame, contract: Contract, columns: Mapping[str, Column]
) -> None:
    needed = [*columns, *([contract.count_column] if contract.count_column else [])]
    absent = [name for name in dict.fromkeys(needed) if name not in internal]
    if contract.geometry and "geometry" not in internal:
        absent.append("geometry")
    if absent:
        msg = f"Result table «{contract.name}» lacks the columns {absent} of its contract."
        raise ContractError(msg)


def _counts(internal: pd.DataFrame, contract: Contract) -> pd.Series:
    if contract.count_column is None:
        msg = f"Contract «{contract.name}» has guarded columns but names no count column."
        raise ContractError(msg)
    return internal[contract.count_column].astype("Float64").astype("float64")


def _blank_rows(
    internal: pd.DataFrame,
    counts: pd.Series,
    total_groups: tuple[tuple[str, ...], ...],
    smallest: int,
) -> pd.Series:
    """Blank small rows, then as many neighbours as needed so that no total gives them away."""
    blank = (counts > 0) & (counts < smallest) | counts.isna()
    changed = True
    while changed:
        before = blank.copy()
        for group in total_groups:
            blank = _blank_partners(internal, counts, blank, group, smallest)
        changed = bool((blank != before).any())
    return blank


def _blank_partners(
    internal: pd.DataFrame,
    counts: pd.Series,
    blank: pd.Series,
    group: tuple[str, ...],
    smallest: int,
) -> pd.Series:
    result = blank.to_numpy().copy()
    amounts = counts.fillna(0).to_numpy()
    for positions in _positions(internal, group):
        blanked = positions[result[positions]]
        if len(blanked) == 0:
            continue
        shown = positions[~result[positions] & (amounts[positions] > 0)]
        while len(shown) > 0 and (len(blanked) < 2 or amounts[blanked].sum() < smallest):
            # Equals go together, so that every table with these rows blanks the same ones.
            is_next = amounts[shown] == amounts[shown].min()
            blanked = np.append(blanked, shown[is_next])
            shown = shown[~is_next]
        result[blanked] = True
    return pd.Series(result, index=blank.index)


def _positions(internal: pd.DataFrame, group: tuple[str, ...]) -> list[np.ndarray]:
    if not group:
        return [np.arange(len(internal))]
    grouped = pd.DataFrame(internal)[list(group)].groupby(list(group), dropna=False)
    return [np.asarray(positions) for positions in grouped.indices.values()]


def guard_key_figures(figures: pd.DataFrame, used: Assumptions) -> pd.DataFrame:
    """
    Blank key figures that stand on too few households, and drop the column that tells.

    Parameters
    ----------
    figures : DataFrame
        Columns ``KEY_FIGURES`` and ``households``: the number of households or connections
        behind a sensitive figure, missing for a figure that is exempt.
    used : Assumptions
        With ``privacy.*``.

    Returns
    -------
    DataFrame
        Columns ``KEY_FIGURES``. Sentences may only be written from these.

    Raises
    ------
    ContractError
        If a figure carries a name that is not in ``LEKP_NAMES``.

    Examples
    --------
    >>> figures = pd.DataFrame({"key": ["a", "b"], "value": [1.0, 2.0], "unit": "MWh",
    ...     "label": "x", "work_programme": 1, "basis": "measured", "lekp_name": None,
    ...     "households": [4, 40]})
    >>> guard_key_figures(figures, packaged.load())["value"].tolist()
    [nan, 2.0]
    """
    strange = sorted(set(figures["lekp_name"].dropna()) - set(LEKP_NAMES))
    if strange:
        msg = f"Key figures carry names the pact does not have: {strange}. See LEKP_NAMES."
        raise ContractError(msg)
    smallest, _ = _thresholds(used)
    households = figures["households"].astype("Float64").astype("float64")
    small = (households > 0) & (households < smallest)
    guarded = figures[list(KEY_FIGURES)].copy()
    guarded["value"] = guarded["value"].mask(small)
    return guarded
