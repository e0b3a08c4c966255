"""
Other works in the street: what digging once saves, and what waiting for it costs.

Civils (opening, closing and paving the trench) are the part of a heat network that can be
shared with a sewer, a water main, depaving or a new street layout.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

__all__ = ["CHOICES", "best_year_per_street", "gains", "works_per_street"]

CHOICES = ("together", "wait", "lay_ahead", "apart", "no_works")
"""In the same year, wait for the works, lay pipes ahead of use, dig apart, nothing planned."""


def works_per_street(works: pd.DataFrame, *, shared_share: Mapping[str, float]) -> pd.DataFrame:
    """
    Return the works that a heat network can share, one row per street and year it may be in.

    Parameters
    ----------
    works : DataFrame
        Contract ``werken``, index works_id: street_id, asset, planned_year, earliest_year and
        latest_year (these two may be missing: then the planned year is fixed).
    shared_share : mapping of str to float
        Asset → part of the civils of a heat pipe that these works save [-, 0-1]. Assets that
        are not named, save nothing.

    Returns
    -------
    DataFrame
        Columns ``street_id``, ``year``, ``works_id``, ``asset``, ``shared_share`` [-],
        ``is_planned`` (the year the party planned itself). Of several works in the same street
        and year the one that saves most. Sorted by street and year.

    Examples
    --------
    >>> works = pd.DataFrame({"street_id": ["a"], "asset": ["sewer"], "planned_year": [2029],
    ...     "earliest_year": [2028], "latest_year": [2029]}, index=["w1"])
    >>> works_per_street(works, shared_share={"sewer": 0.5})[["year", "is_planned"]].to_numpy()
    array([[2028, False],
           [2029, True]], dtype=object)
    """
    rows = works.assign(
        works_id=works.index,
        shared_share=works["asset"].map(dict(shared_share)).astype("float64"),
    ).reset_index(drop=True)
    rows = rows[rows["shared_share"].gt(0) & rows["street_id"].notna()]
    rows = rows[rows["planned_year"].notna()]
    planned = rows["planned_year"].astype("int64")
    first = rows["earliest_year"].fillna(planned).astype("int64")
    last = rows["latest_year"].fillna(planned).astype("int64")
    spans = (last - first + 1).clip(lower=0).to_numpy()
    offsets = np.concatenate([np.arange(span) for span in spans] or [np.array([], dtype="int64")])
    wide = rows.loc[rows.index.repeat(spans), ["street_id", "works_id", "asset", "shared_share"]]
    year = first.to_numpy().repeat(spans) + offsets.astype("int64")
    wide = wide.assign(year=year, is_planned=year == planned.to_numpy().repeat(spans))
    wide = wide.sort_values(
        ["street_id", "year", "shared_share", "is_planned", "works_id"],
        ascending=[True, True, False, False, True],
        kind="stable",
    )
    first_of_year = wide.drop_duplicates(["street_id", "year"])
    columns = ["street_id", "year", "works_id", "asset", "shared_share", "is_planned"]
    return first_of_year[columns].reset_index(drop=True)


def gains(
    streets: pd.DataFrame,
    works: pd.DataFrame,
    *,
    margin_eur_mwh: float,
    rate_share: float,
    last_year: int,
) -> pd.DataFrame:
    """
    Return what each street gains by digging together with each of its works.

    Parameters
    ----------
    streets : DataFrame, one row per street with a pipe, index street_id
        year (planned for the network), civils_eur, pipe_eur [EUR] and demand_mwh (of all that
        would get heat through this street) [MWh/yr].
    works : DataFrame
        As returned by ``works_per_street``.
    margin_eur_mwh : float
        What is earned on a MWh of heat, above what making it costs [EUR/MWh].
    rate_share : float
        Interest on pipes that lie in the ground before they are used [-/yr].
    last_year : int
        Works after this year come too late to wait for.

    Returns
    -------
    DataFrame
        street_id, year, works_id, asset, is_planned, ``saving_eur``, ``waiting_eur`` (heat not
        sold while the street waits), ``ahead_eur`` (interest on what lies unused), ``gain_eur``
        (saving less both) [EUR] and ``shift_years`` (works after the network: positive).

    Notes
    -----
    ``saving = civils × shared share``; ``waiting = shift × demand × margin`` when the works
    come later; ``ahead = ((1 + rate)^years - 1) × (civils - saving + pipe)`` when they come
    first. A negative margin does not make waiting pay: it counts as zero.

    Examples
    --------
    >>> streets = pd.DataFrame({"year": [2028], "civils_eur": [1e5], "pipe_eur": [5e4],
    ...                         "demand_mwh": [200.0]}, index=["a"])
    >>> works = pd.DataFrame({"street_id": ["a"], "year": [2030], "works_id": ["w1"],
    ...     "asset": ["sewer"], "shared_share": [0.5], "is_planned": [True]})
    >>> gains(streets, works, margin_eur_mwh=20, rate_share=0.04, last_year=2045)[
    ...     ["saving_eur", "waiting_eur", "gain_eur"]].to_numpy().tolist()
    [[50000.0, 8000.0, 42000.0]]
    """
    rows = works[works["street_id"].isin(streets.index) & works["year"].le(last_year)]
    own = streets.reindex(rows["street_id"]).set_index(rows.index)
    shift = rows["year"].astype("int64") - own["year"].astype("int64")
    saving = own["civils_eur"] * rows["shared_share"]
    waiting = shift.clip(lower=0) * own["demand_mwh"] * max(margin_eur_mwh, 0.0)
    early = (-shift).clip(lower=0).astype("float64")
    ahead = ((1.0 + rate_share) ** early - 1.0) * (own["civils_eur"] - saving + own["pipe_eur"])
    return rows[["street_id", "year", "works_id", "asset", "is_planned"]].assign(
        saving_eur=saving,
        waiting_eur=waiting,
        ahead_eur=ahead,
        gain_eur=saving - waiting - ahead,
        shift_years=shift,
    )


def best_year_per_street(streets: pd.DataFrame, gain: pd.DataFrame) -> pd.DataFrame:
    """
    Return for each street whether and when to dig together with other works.

    Parameters
    ----------
    streets : DataFrame, one row per street with a pipe, index street_id
        year: planned for the network.
    gain : DataFrame
        As returned by ``gains``.

    Returns
    -------
    DataFrame, same index and order as `streets`
        ``choice`` (one of ``CHOICES``), ``year``, ``works_id``, ``asset`` (missing where the
        network digs alone), ``is_planned``, ``saving_eur``, ``waiting_eur``, ``ahead_eur``,
        ``gain_eur`` [EUR]. Where no works pay, the gain is 0 and choice is ``apart``.

    Examples
    --------
    >>> streets = pd.DataFrame({"year": [2028, 2028]}, index=["a", "b"])
    >>> gain = pd.DataFrame({"street_id": ["a", "a"], "year": [2030, 2031], "works_id": ["v", "w"],
    ...     "asset": ["sewer", "sewer"], "is_planned": [True, False], "saving_eur": [9.0, 9.0],
    ...     "waiting_eur": [4.0, 6.0], "ahead_eur": [0.0, 0.0], "gain_eur": [5.0, 3.0],
    ...     "shift_years": [2, 3]})
    >>> best_year_per_street(streets, gain)[["choice", "year"]].to_numpy().tolist()
    [['wait', 2030], ['no_works', 2028]]
    """
    ordered = gain.sort_values(
        ["street_id", "gain_eur", "is_planned", "year"],
        ascending=[True, False, False, True],
        kind="stable",
    )
    best = ordered.drop_duplicates("street_id").set_index("street_id").reindex(streets.index)
    pays = best["gain_eur"].gt(0).fillna(value=False)
    shift = best["shift_years"].fillna(0)
    choice = np.select(
        [best["works_id"].isna(), ~pays, shift > 0, shift < 0],
        ["no_works", "apart", "wait", "lay_ahead"],
        "together",
    )
    money = ["saving_eur", "waiting_eur", "ahead_eur", "gain_eur"]
    table = best[["works_id", "asset", "is_planned"]].where(pays)
    table.insert(0, "choice", choice)
    table.insert(1, "year", best["year"].where(pays, streets["year"]).astype("int64"))
    return table.join(best[money].astype("float64").where(pays, 0.0))
