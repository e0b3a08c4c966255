"""Who does what: which parties a place already has, and where a task has nobody yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from lekp_lib.errors import ContractError

__all__ = ["parties_here", "split_parties", "task_gaps"]

_PRESENT = ("named", "everywhere")


def parties_here(
    kinds: Mapping[str, str],
    *,
    words: Mapping[str, str],
    everywhere: Collection[str],
    actors: pd.DataFrame | None,
) -> pd.DataFrame:
    """
    Return which parties of the role matrix a place has.

    Parameters
    ----------
    kinds : mapping of str to str
        Party → public, private or civic.
    words : mapping of str to str
        Party → pattern that recognises it in the name of a role.
    everywhere : collection of str
        Parties that every Flemish municipality has.
    actors : DataFrame, optional
        Contract ``actoren``: role_name and kind.

    Returns
    -------
    DataFrame, indexed by ``party`` in the order of `kinds`
        kind; status (of ``mee_roles.PARTY_STATUSES``): named in the table, present everywhere,
        possible (an actor of that kind that no pattern recognises might do it), open, or
        not_told without a table; named_by (role names, missing where there are none).

    Examples
    --------
    >>> actors = pd.DataFrame({"role_name": ["Burgercoöperatie"], "kind": ["civic"]})
    >>> parties_here({"citizen_coop": "civic", "residents": "civic", "bank": "private"},
    ...     words={"citizen_coop": "co.peratie"}, everywhere=["residents"], actors=actors
    ... )["status"].tolist()
    ['named', 'everywhere', 'open']
    """
    names = pd.Series([], dtype="str") if actors is None else actors["role_name"].astype("str")
    hits = {
        party: names.str.contains(pattern, case=False, regex=True)
        for party, pattern in words.items()
    }
    is_known = pd.DataFrame(hits, index=names.index).any(axis=1)
    strangers = set() if actors is None else set(actors.loc[~is_known, "kind"])
    rows = []
    for party, kind in kinds.items():
        named = sorted(set(names[hits[party]])) if party in hits else []
        status = "named" if named else "everywhere" if party in everywhere else "not_told"
        if status == "not_told" and actors is not None:
            status = "possible" if kind in strangers else "open"
        rows.append((party, kind, status, ", ".join(named) or None))
    table = pd.DataFrame(rows, columns=["party", "kind", "status", "named_by"])
    return table.astype("str").set_index("party")


def split_parties(cell: str) -> list[str]:
    """
    Return the parties of a cell of the matrix.

    Examples
    --------
    >>> split_parties("bank;residents"), split_parties("")
    (['bank', 'residents'], [])
    """
    return [party for party in cell.split(";") if party]


def task_gaps(roles: pd.DataFrame, parties: pd.DataFrame) -> pd.DataFrame:
    """
    Return for each task whether somebody here can do it and answer for it.

    Parameters
    ----------
    roles : DataFrame, indexed by ``task_id``
        R, A and fallback (empty where there is none): parties.
    parties : DataFrame
        As returned by ``parties_here``.

    Returns
    -------
    DataFrame, same index and order
        gap: ``filled`` (who does it and who answers for it are both here), ``fallback`` (they
        are not both here, who steps in is), ``possible``, ``open``, or ``not_told`` where no
        table says who is here.

    Raises
    ------
    ContractError
        If a task names a party that is not in `parties`.

    Examples
    --------
    >>> roles = pd.DataFrame({"R": ["coop", "bank"], "A": "town", "fallback": ["town", ""]},
    ...                      index=["shares", "loan"])
    >>> parties = pd.DataFrame({"status": ["everywhere", "open", "possible"]},
    ...                        index=["town", "coop", "bank"])
    >>> task_gaps(roles, parties)["gap"].tolist()
    ['fallback', 'possible']
    """
    named = pd.unique(roles[["R", "A", "fallback"]].to_numpy().ravel())
    strange = sorted(set(named) - set(parties.index) - {""})
    if strange:
        msg = f"Tasks name parties that are not in the list: {strange}. Add them or correct it."
        raise ContractError(msg)
    does, answers = (roles[name].map(parties["status"]) for name in ("R", "A"))
    maybe = [*_PRESENT, "possible"]
    steps_in = roles["fallback"].map(parties["status"]).isin(_PRESENT)
    gap = pd.Series("open", index=roles.index, dtype="str")
    gap = gap.mask((does == "not_told") | (answers == "not_told"), "not_told")
    gap = gap.mask(does.isin(maybe) & answers.isin(maybe), "possible")
    gap = gap.mask(steps_in, "fallback")
    return pd.DataFrame({"gap": gap.mask(does.isin(_PRESENT) & answers.isin(_PRESENT), "filled")})
