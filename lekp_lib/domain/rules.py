"""
Which premiums, loan terms, taxes and duties hold on a day, and how sure that is.

A rule is never guessed: what was not found is ``missing``, what ended is ``expired``, and what
nobody confirmed for a long time is ``stale``. A rule that counted before stays readable, with
its dates, so that a page can show a bill without it and, beside that, with it.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd

from lekp_lib.errors import ContractError

__all__ = ["EXPIRED", "IN_FORCE", "MISSING", "STALE", "rules_for", "rules_on", "with_local_rules"]

IN_FORCE, STALE, EXPIRED, MISSING = "in_force", "stale", "expired", "missing"
"""How a rule stands on a day."""

_FOR_WHOM = ("tenure", "income_group")
"""Empty: for everybody. The first weighs more where two rules fit as well."""


def with_local_rules(rules: pd.DataFrame, local: pd.DataFrame) -> pd.DataFrame:
    """
    Return the rules of Flanders with those of a municipality added.

    Parameters
    ----------
    rules, local : DataFrame
        Contract ``regels``.

    Returns
    -------
    DataFrame
        Contract ``regels``: all rows of `local`, and those of `rules` whose rule_id `local`
        does not name. A municipality that names a rule replaces its whole history.

    Examples
    --------
    >>> rules = pd.DataFrame({"rule_id": ["a", "b"], "value": [1.0, 2.0]})
    >>> local = pd.DataFrame({"rule_id": ["b"], "value": [3.0]})
    >>> with_local_rules(rules, local)["value"].tolist()
    [1.0, 3.0]
    """
    kept = rules[~rules["rule_id"].isin(local["rule_id"])]
    return pd.concat([kept, local], ignore_index=True)


def rules_on(rules: pd.DataFrame, day: dt.date, *, stale_after_days: float) -> pd.DataFrame:
    """
    Return each rule as it stands on a day.

    Parameters
    ----------
    rules : DataFrame
        Contract ``regels``; a rule may have a row per period.
    day : date
        The day that counts.
    stale_after_days : float
        After so many days without confirmation a rule is ``stale`` [days].

    Returns
    -------
    DataFrame, indexed by ``rule_id``
        The other columns of the contract and status (in_force, stale or expired): of each
        rule the row that began last. A rule that begins later is left out; it has no row yet.
        A row without a first day began before all others.

    Notes
    -----
    ``expired`` when valid_to lies before the day, else ``stale`` when
    ``day − checked_on > stale_after_days``. A row checked after the day is not stale.

    Examples
    --------
    >>> rules = pd.DataFrame({
    ...     "rule_id": ["rate", "rate"], "value": [0.0225, 0.0275],
    ...     "valid_from": pd.to_datetime(["2023-02-01", "2024-02-24"]),
    ...     "valid_to": pd.to_datetime(["2024-02-23", None]),
    ...     "checked_on": pd.to_datetime(["2024-02-24", "2024-02-24"]),
    ... })
    >>> rules_on(rules, dt.date(2026, 11, 1), stale_after_days=365)[["value", "status"]]
              value status
    rule_id
    rate     0.0275  stale
    """
    moment = pd.Timestamp(day)
    has_begun = rules["valid_from"].isna() | (rules["valid_from"] <= moment)
    ordered = rules[has_begun].sort_values(
        ["rule_id", "valid_from"], na_position="first", kind="stable"
    )
    latest = ordered.drop_duplicates("rule_id", keep="last").set_index("rule_id")
    is_old = (moment - latest["checked_on"]).dt.days > stale_after_days
    status = pd.Series(IN_FORCE, latest.index, dtype="str")
    status = status.mask(is_old, STALE).mask(latest["valid_to"] < moment, EXPIRED)
    return latest.assign(status=status)


def rules_for(current: pd.DataFrame, wanted: pd.DataFrame, *, every: bool = False) -> pd.DataFrame:
    """
    Return the rule that counts for each wish, missing where there is none.

    Parameters
    ----------
    current : DataFrame, indexed by ``rule_id``
        See `rules_on`.
    wanted : DataFrame
        kind and subject; optionally income_group and tenure (code, or missing where it does
        not matter: then only rules for everybody fit).
    every : bool
        Return all rules that fit, the closest first, instead of the closest alone: premiums
        of Flanders and of a municipality add up, interest rates do not.

    Returns
    -------
    DataFrame, index of `wanted` (repeated if `every`)
        rule_id and the columns of `current` but for kind, subject, income_group and tenure.
        Without a rule the status is ``missing`` and the rest is empty.

    Raises
    ------
    ContractError
        If the index of `wanted` holds a label twice.

    Notes
    -----
    A rule fits when its tenure and income_group are empty or those wanted. The closest rule
    names both, then tenure, then income_group, then none; of equals the first in `current`.

    Examples
    --------
    >>> current = pd.DataFrame({
    ...     "kind": "premium", "subject": "roof", "income_group": [None, "low"],
    ...     "tenure": None, "value": [20.0, 30.0], "status": "in_force",
    ... }, index=pd.Index(["all", "low"], name="rule_id"))
    >>> wanted = pd.DataFrame({"kind": "premium", "subject": ["roof", "roof", "wall"],
    ...                        "income_group": ["low", "high", "low"]})
    >>> rules_for(current, wanted)[["rule_id", "value", "status"]]
      rule_id  value    status
    0     low   30.0  in_force
    1     all   20.0  in_force
    2     NaN    NaN   missing
    """
    if wanted.index.has_duplicates:
        msg = "wanted must have an index without doubles: one label, one wish."
        raise ContractError(msg)
    asked = wanted.reindex(columns=["kind", "subject", *_FOR_WHOM]).astype("object")
    asked = asked.assign(place=range(len(asked)))
    offered = current.reset_index().astype({name: "object" for name in _FOR_WHOM})
    offered = offered.assign(order=range(len(offered)))
    pairs = asked.merge(offered, on=["kind", "subject"], suffixes=("_wanted", ""))
    closeness = pd.Series(0, pairs.index)
    fits = pd.Series(True, pairs.index)
    for weight, name in zip((2, 1), _FOR_WHOM, strict=True):
        is_same = pairs[name] == pairs[f"{name}_wanted"]
        fits &= pairs[name].isna() | is_same
        closeness += weight * is_same.astype("int64")
    found = pairs.assign(closeness=closeness)[fits].sort_values(
        ["place", "closeness", "order"], ascending=[True, False, True]
    )
    if not every:
        found = found.drop_duplicates("place")
    columns = ["rule_id", *(name for name in current if name not in asked)]
    table = asked[["place"]].merge(found[["place", *columns]], how="left", on="place")
    labels = wanted.index[table["place"]]
    table["status"] = table["status"].astype("str").fillna(MISSING)
    return table[columns].set_axis(labels, axis=0)
