"""Which metered cells may be used and shown, when areas lie inside each other."""

from __future__ import annotations

import pandas as pd

__all__ = ["guarded_electricity", "visible_gas"]


def visible_gas(
    use: pd.DataFrame, street_names: pd.Series, *, smallest_cell: float
) -> pd.Series[bool]:
    """
    Return which rows of metered gas give no small group of homes away.

    A street of a few homes must stay hidden; so must the street that, taken from the total of
    its neighbourhood, would leave only those few.

    Parameters
    ----------
    use : DataFrame
        Contract ``verbruik``, rows with gas: area_kind, area_id, year, gas_points [-].
    street_names : Series, indexed by street_id
        Name of each segment, missing where it has none.
    smallest_cell : float
        Connections that a cell, or what is left of a total, must at least hold [-].

    Returns
    -------
    Series of bool, same index and order as `use`

    Notes
    -----
    Per year one level counts below the neighbourhood: with a row of the wijk the sectors are
    left out, without it sectors go before streets. A segment is left out where its whole
    street has a row too. The smallest visible streets are hidden until the rest of the wijk
    is empty or large enough.

    Examples
    --------
    >>> use = pd.DataFrame({"area_kind": ["wijk", "street", "street", "street"], "year": 2021,
    ...     "area_id": ["w", "a", "b", "c"], "gas_points": [75, 4, 11, 60]})
    >>> visible_gas(use, pd.Series(dtype="str"), smallest_cell=10).tolist()
    [True, False, False, True]
    """
    points = use["gas_points"].astype("float64")
    kind = use["area_kind"]
    visible = (points == 0) | (points >= smallest_cell)
    for _, rows in use.groupby("year").groups.items():
        kinds = set(kind.loc[rows])
        left_out = "sector" if "wijk" in kinds else "street" if "sector" in kinds else ""
        visible.loc[rows] &= kind.loc[rows] != left_out
        visible.loc[rows] &= ~_inside_named_street(use.loc[rows], street_names)
        hidden = _hidden_beside_wijk(points.loc[rows], kind.loc[rows], visible, smallest_cell)
        visible = visible & ~visible.index.isin(hidden)
    return visible.rename("is_visible")


def _inside_named_street(use: pd.DataFrame, street_names: pd.Series) -> pd.Series[bool]:
    is_street = use["area_kind"] == "street"
    given = set(use.loc[is_street, "area_id"])
    names = use["area_id"].map(street_names)
    inside: pd.Series[bool] = is_street & names.isin(given) & (names != use["area_id"])
    return inside


def _hidden_beside_wijk(
    points: pd.Series, kind: pd.Series, visible: pd.Series, smallest_cell: float
) -> list[object]:
    """Return the streets to hide so that wijk less streets leaves no small rest."""
    shown = visible.loc[points.index]
    total = points[(kind == "wijk") & shown]
    streets = points[(kind == "street") & shown & (points > 0)].sort_values(kind="stable")
    hidden: list[object] = []
    if len(total) == 0:
        return hidden
    rest = float(total.sum() - streets.sum())
    for index, count in streets.items():
        if not 0 < rest < smallest_cell:
            break
        hidden.append(index)
        rest += float(count)
    return hidden


def guarded_electricity(
    gas_points: pd.Series, electricity_points: pd.Series, *, smallest_cell: float
) -> pd.Series:
    """
    Return electricity connections, missing where they or those without gas are a few.

    Parameters
    ----------
    gas_points, electricity_points : Series
        Connections of an area [-].
    smallest_cell : float
        Connections that a cell must at least hold [-].

    Examples
    --------
    >>> guarded_electricity(pd.Series([25.0, 25.0, 25.0]), pd.Series([7.0, 28.0, 60.0]),
    ...                     smallest_cell=10).tolist()
    [nan, nan, 60.0]
    """
    electricity = electricity_points.astype("float64")
    without = electricity - gas_points.astype("float64")
    is_small = (electricity > 0) & (electricity < smallest_cell)
    is_small |= (without > 0) & (without < smallest_cell)
    return electricity.mask(is_small)
