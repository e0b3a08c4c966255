"""LEKP targets: what they amount to for one municipality, and how far it is."""

from __future__ import annotations

import pandas as pd

from lekp_lib.errors import ContractError

__all__ = ["BASES_OF_TARGETS", "progress_towards", "target_amounts"]

BASES_OF_TARGETS = ("inwoner", "wooneenheid", "huishouden", "gemeente")
"""What a target can be counted per."""


def target_amounts(
    targets: pd.DataFrame, *, inhabitants: float, dwellings: float, households: float
) -> pd.Series:
    """
    Return what each target amounts to for a municipality.

    The pact states its targets per inhabitant, dwelling or household; a municipality wants
    the number.

    Parameters
    ----------
    targets : DataFrame, one row per target, index ``id``
        Columns value [unit], per_value [-] and per_unit (one of ``BASES_OF_TARGETS``).
    inhabitants, dwellings, households : float
        Counts in the municipality [-]; NaN gives NaN.

    Returns
    -------
    Series, same index and order as `targets`
        ``amount`` in the unit of the target; a share of households (unit procent) becomes a
        number of households.

    Raises
    ------
    ContractError
        If a target is counted per something else.

    Notes
    -----
    ``amount = value · base / per_value``.

    References
    ----------
    S-008 in ``assumptions/sources.csv``.

    Examples
    --------
    The cooperative energy goal of Berlaar, with its own 11,949 inhabitants:

    >>> targets = pd.DataFrame({"value": [36.0, 18.0], "per_value": [500.0, 500.0],
    ...                         "per_unit": ["inwoner", "inwoner"]}, index=["W2d", "W2d2"])
    >>> target_amounts(targets, inhabitants=11949, dwellings=5440, households=5000).round(2)
    W2d     860.33
    W2d2    430.16
    Name: amount, dtype: float64
    """
    unknown = sorted(set(targets["per_unit"]).difference(BASES_OF_TARGETS))
    if unknown:
        msg = f"Targets are counted per {unknown}; known are {BASES_OF_TARGETS}."
        raise ContractError(msg)
    counts = {
        "inwoner": inhabitants,
        "wooneenheid": dwellings,
        "huishouden": households,
        "gemeente": 1.0,
    }
    base = targets["per_unit"].map(counts).astype("float64")
    return (targets["value"] * base / targets["per_value"]).rename("amount")


def progress_towards(amounts: pd.Series, progress: pd.DataFrame) -> pd.DataFrame:
    """
    Return the latest realised figure of each target and the share it is of the amount.

    Parameters
    ----------
    amounts : Series, indexed by target id
        From ``target_amounts`` [unit of the target].
    progress : DataFrame
        Contract ``voortgang``: goal_id, year, realised [unit of the target].

    Returns
    -------
    DataFrame, same index and order as `amounts`
        realised [unit of the target], realised_year, realised_share [-]; missing where
        nothing is known, the share also where the amount is 0.

    Raises
    ------
    ContractError
        If `progress` names a target that does not exist.

    Examples
    --------
    >>> amounts = pd.Series({"W1a": 200.0, "W4a": 100.0})
    >>> done = pd.DataFrame({"goal_id": ["W1a", "W1a"], "year": [2023, 2024],
    ...                      "realised": [10.0, 50.0]})
    >>> progress_towards(amounts, done)["realised_share"].tolist()
    [0.25, nan]
    """
    unknown = sorted(set(progress["goal_id"]).difference(amounts.index))
    if unknown:
        msg = (
            f"voortgang: de doelen {unknown} bestaan niet. Wat te doen: gebruik een kenmerk uit "
            "data/vlaanderen/lekp_targets.csv, zoals W1a."
        )
        raise ContractError(msg)
    latest = (
        progress.sort_values("year")
        .drop_duplicates("goal_id", keep="last")
        .set_index("goal_id")[["realised", "year"]]
        .reindex(amounts.index)
    )
    realised = latest["realised"].astype("float64")
    return pd.DataFrame(
        {
            "realised": realised,
            "realised_year": latest["year"].astype("Int64"),
            "realised_share": realised / amounts.where(amounts != 0),
        }
    )
