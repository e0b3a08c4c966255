"""
Legal forms for a heat network: what the actors of a place ask, and which forms that rules out.

Only a cell that was checked at a source may knock a form out; every other cell leaves a
question for somebody who can answer it. There is no total score that decides.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from lekp_lib.contracts import is_stale, recheck_from
from lekp_lib.errors import ContractError

__all__ = [
    "ANY",
    "assess_forms",
    "findings",
    "is_checked",
    "is_stale",
    "pool",
    "recheck_from",
    "triggered_rules",
    "weighted",
    "withhold",
]

ANY = "any"
"""In a rule: whatever the kind of actor or contribution."""

_CELL = ["answer", "clause", "source_id", "locator", "checked_on", "who_can_check"]
_UNKNOWN = "onbekend"
_OUTCOMES = {"ja": "passes", "deels": "partly", "nee": "passes"}
_KINDS = ("public", "private", "civic")
_CONTRIBUTIONS = ("land", "capital", "capacity")


def is_checked(forms: pd.DataFrame) -> pd.Series[bool]:
    """
    Return which cells were checked at a source; only these may decide.

    Parameters
    ----------
    forms : DataFrame, one row per form and criterion
        source_id, checked_on (empty where not checked).

    Returns
    -------
    Series of bool, same index and order as `forms`

    Examples
    --------
    >>> cells = pd.DataFrame({"source_id": ["S-1", ""], "checked_on": ["2026-11", ""]})
    >>> is_checked(cells).tolist()
    [True, False]
    """
    has_source = forms["source_id"].fillna("") != ""
    return (has_source & (forms["checked_on"].fillna("") != "")).rename("is_checked")


def triggered_rules(
    rules: pd.DataFrame, *, actors: pd.DataFrame, wishes: Collection[str]
) -> pd.DataFrame:
    """
    Return the rules that this place sets to work.

    Parameters
    ----------
    rules : DataFrame, one row per rule
        Index ``rule_id``; trigger (actor, wish), actor_kind, contribution_kind, condition,
        criterion, knocks_out_if, reason.
    actors : DataFrame, one row per contribution
        kind, contribution_kind, unit, condition (may be missing); no rows if nobody is known.
        The kind is ``municipality`` for the municipality itself. Capacity in ``vte`` is
        people: no rule about plants bites on it.
    wishes : collection of str
        What the municipality wants: conditions of rules with trigger ``wish``.

    Returns
    -------
    DataFrame
        The rows of `rules` that apply, in their own order.

    Raises
    ------
    ContractError
        If a wish is not known to any rule.

    Examples
    --------
    >>> rules = pd.DataFrame({"trigger": ["actor", "wish"], "actor_kind": ["private", ANY],
    ...     "contribution_kind": ANY, "condition": ["vote", "two_towns"]}, index=["K1", "K2"])
    >>> actors = pd.DataFrame({"kind": ["civic"], "contribution_kind": ["land"],
    ...                        "unit": ["m2"], "condition": ["vote"]})
    >>> triggered_rules(rules, actors=actors, wishes=["two_towns"]).index.tolist()
    ['K2']
    """
    of_wishes = rules["trigger"] == "wish"
    known = sorted(set(rules.loc[of_wishes, "condition"]))
    lost = sorted(set(wishes) - set(known))
    if lost:
        msg = f"Deze wens is niet gekend: {lost[0]}. Wat te doen: kies uit {', '.join(known)}."
        raise ContractError(msg)
    wanted = of_wishes & rules["condition"].isin(list(wishes))
    what = actors["contribution_kind"].mask(actors["unit"] == "vte", "staff")
    asked = actors[["kind", "condition"]].assign(contribution_kind=what).drop_duplicates()
    pairs = rules[~of_wishes].rename_axis("rule_id").reset_index()
    pairs = pairs.merge(asked, on="condition", suffixes=("_of_rule", ""))
    fits = pairs["actor_kind"].isin([ANY]) | (pairs["actor_kind"] == pairs["kind"])
    for_all = pairs["contribution_kind_of_rule"] == ANY
    fits &= for_all | (pairs["contribution_kind_of_rule"] == pairs["contribution_kind"])
    return rules[wanted | rules.index.isin(pairs.loc[fits, "rule_id"])]


def findings(forms: pd.DataFrame, triggered: pd.DataFrame) -> pd.DataFrame:
    """
    Return what each triggered rule says of each form.

    Parameters
    ----------
    forms : DataFrame, one row per form and criterion
        Index ``form`` and ``criterion``; answer (ja, deels, nee, onbekend), clause, source_id,
        locator, checked_on, who_can_check.
    triggered : DataFrame
        As returned by `triggered_rules`.

    Returns
    -------
    DataFrame, one row per form and rule, in the order of both
        form, rule_id, criterion, reason, outcome, is_doubtful, and the columns of the cell.
        The outcome is ``out`` (checked, and the rule knocks the form out), ``partly`` (checked,
        the answer is "deels"), ``passes`` (checked), or ``open`` (not checked, not known or
        absent). An open cell is doubtful if its answer, once confirmed, would knock the form out.

    Examples
    --------
    >>> forms = pd.DataFrame({"answer": ["nee", "nee"], "clause": "Eén gemeente.",
    ...     "source_id": ["S-1", ""], "locator": "", "checked_on": ["2026-11", ""],
    ...     "who_can_check": "ABB"},
    ...     index=pd.MultiIndex.from_tuples([("agb", "two"), ("regie", "two")],
    ...                                     names=["form", "criterion"]))
    >>> rule = pd.DataFrame({"criterion": ["two"], "knocks_out_if": ["nee"], "reason": ["Twee."]},
    ...                     index=["K1"])
    >>> findings(forms, rule)[["form", "outcome"]].to_numpy().tolist()
    [['agb', 'out'], ['regie', 'open']]
    """
    names = pd.DataFrame({"form": _form_names(forms)})
    asked = triggered.rename_axis("rule_id").reset_index()
    asked = asked[["rule_id", "criterion", "knocks_out_if", "reason"]]
    found = names.merge(asked, how="cross").merge(
        forms[_CELL].reset_index(), how="left", on=["form", "criterion"]
    )
    is_open = ~is_checked(found) | found["answer"].isna() | (found["answer"] == _UNKNOWN)
    outcome = found["answer"].map(_OUTCOMES).fillna("open")
    is_knocked = found["answer"] == found["knocks_out_if"]
    outcome = outcome.mask(is_knocked, "out").mask(is_open, "open").astype("str")
    columns = ["form", "rule_id", "criterion", "reason", "outcome", "is_doubtful", *_CELL]
    return found.assign(outcome=outcome, is_doubtful=is_open & is_knocked)[columns]


def _form_names(forms: pd.DataFrame) -> pd.Index:
    return forms.index.get_level_values("form").unique()


def assess_forms(
    forms: pd.DataFrame,
    rules: pd.DataFrame,
    *,
    actors: pd.DataFrame,
    wishes: Collection[str] = (),
) -> pd.DataFrame:
    """
    Return for each legal form whether it survives what this place asks, and by which clause.

    Parameters
    ----------
    forms, rules : DataFrame
        See `findings` and `triggered_rules`.
    actors : DataFrame, one row per contribution
        kind, contribution_kind, unit, condition.
    wishes : collection of str
        What the municipality wants.

    Returns
    -------
    DataFrame, indexed by ``form``, in the order of `forms`
        verdict: ``out``, ``to_check`` (it survives, but something was not checked),
        ``survives`` or ``not_tested`` (nobody asks anything); of the first rule that knocks it
        out: rule_id, criterion, reason, clause, source_id, locator, checked_on (missing
        otherwise); n_out, n_partly, n_open: the number of rules with that outcome; n_doubtful.

    Notes
    -----
    A cell without source and date is never more than a question, whatever its answer.

    Examples
    --------
    >>> from lekp_lib.assumptions import load_legal_forms, load_legal_knockouts
    >>> nobody = pd.DataFrame(columns=["kind", "contribution_kind", "unit", "condition"])
    >>> verdicts = assess_forms(load_legal_forms(), load_legal_knockouts(), actors=nobody,
    ...                         wishes=["several_municipalities"])["verdict"]
    >>> verdicts[["agb", "regie", "project_company"]].tolist()
    ['out', 'to_check', 'survives']
    """
    triggered = triggered_rules(rules, actors=actors, wishes=wishes)
    found = findings(forms, triggered)
    names = pd.Index(_form_names(forms), name="form")
    counts = {
        f"n_{kind}": (found["outcome"] == kind).groupby(found["form"]).sum().reindex(names)
        for kind in ("out", "partly", "open")
    }
    counts["n_doubtful"] = found["is_doubtful"].groupby(found["form"]).sum().reindex(names)
    numbers = pd.DataFrame(counts, index=names).fillna(0).astype("int64")
    shown = ["rule_id", "criterion", "reason", "clause", "source_id", "locator", "checked_on"]
    deciding = found[found["outcome"] == "out"].drop_duplicates("form").set_index("form")
    verdict = np.select(
        [numbers["n_out"] > 0, numbers["n_open"] > 0, np.full(len(names), len(triggered) > 0)],
        ["out", "to_check", "survives"],
        default="not_tested",
    )
    table = pd.DataFrame({"verdict": verdict.astype("str")}, index=names)
    return table.join(deciding[shown].astype("str")).join(numbers)


def weighted(
    forms: pd.DataFrame,
    weights: Mapping[str, float],
    *,
    among: Collection[str],
    partly_value: float,
) -> pd.DataFrame:
    """
    Return how well each surviving form fits the user's own weights, over checked cells only.

    It comes second: a high score never brings back a form that was knocked out.

    Parameters
    ----------
    forms : DataFrame, one row per form and criterion
        See `findings`.
    weights : mapping of str to float
        Criterion → weight [-], 0 or more; a criterion that is absent weighs nothing.
    among : collection of str
        The forms that survive.
    partly_value : float
        What the answer "deels" counts for, between nee (0) and ja (1) [-].

    Returns
    -------
    DataFrame, indexed by ``form``, in the order of `forms`
        lowest and highest [-, 0-1]: the score if everything that was not checked turns out
        nee, or ja; score [-, 0-1] over the checked cells alone, missing where there is none;
        checked_share: the part of the weight that was checked [-, 0-1].

    Raises
    ------
    ContractError
        If a weight is negative.

    Examples
    --------
    >>> forms = pd.DataFrame({"answer": ["ja", "nee"], "source_id": ["S-1", ""],
    ...     "checked_on": ["2026-11", ""]},
    ...     index=pd.MultiIndex.from_tuples([("cv", "vote"), ("cv", "loan")],
    ...                                     names=["form", "criterion"]))
    >>> weighted(forms, {"vote": 1, "loan": 3}, among=["cv"], partly_value=0.5).iloc[0].tolist()
    [0.25, 1.0, 1.0, 0.25]
    """
    negative = sorted(name for name, weight in weights.items() if weight < 0)
    if negative:
        msg = f"Het gewicht van «{negative[0]}» is kleiner dan 0. Wat te doen: kies 0 of meer."
        raise ContractError(msg)
    cells = forms[forms.index.get_level_values("form").isin(list(among))]
    of_form = cells.index.get_level_values("form")
    weight = pd.Series(
        [float(weights.get(name, 0.0)) for name in cells.index.get_level_values("criterion")],
        index=cells.index,
    )
    value = cells["answer"].map({"ja": 1.0, "deels": partly_value, "nee": 0.0})
    counted = weight.where(is_checked(cells) & value.notna(), 0.0)
    sums = pd.DataFrame(
        {"total": weight, "checked": counted, "points": counted * value.fillna(0.0)}
    )
    sums = sums.groupby(of_form, sort=False).sum().rename_axis("form")
    total, checked = (sums[name].where(sums[name] > 0) for name in ("total", "checked"))
    return pd.DataFrame(
        {
            "lowest": sums["points"] / total,
            "highest": (sums["points"] + sums["total"] - sums["checked"]) / total,
            "score": sums["points"] / checked,
            "checked_share": sums["checked"] / total,
        }
    )


def pool(
    actors: pd.DataFrame,
    *,
    land_eur_m2: float,
    ground_rent_share: float,
    capacity_eur_kw: float,
    staff_year_eur: float,
) -> pd.DataFrame:
    """
    Return what public, private and civic actors bring together, in one currency.

    Parameters
    ----------
    actors : DataFrame, one row per contribution
        actor_id, kind, contribution_kind, amount, unit (m2, EUR, kW, vte), condition.
    land_eur_m2 : float
        Value of land [EUR/m2].
    ground_rent_share : float
        Yearly rent of land that is not sold, as a part of its value [-, 0-1].
    capacity_eur_kw : float
        Value of heat capacity [EUR/kW].
    staff_year_eur : float
        Value of one full-time person for one year [EUR].

    Returns
    -------
    DataFrame, indexed by ``kind``: public, private, civic, those that are there
        actors (how many), land_eur, capital_eur, capacity_eur, value_eur (their sum) [EUR],
        share of that value over all kinds [-, 0-1], rent_eur for land in use [EUR/yr],
        capital_actors (how many bring capital), in_use and not_valued (contributions).

    Notes
    -----
    What an actor only gives in use (condition ``lease_only``) stays his own: it is counted,
    land with its rent, and is no part of the value. A contribution without amount, or in a
    unit that does not fit, is counted as not valued; nothing is guessed.

    Examples
    --------
    >>> actors = pd.DataFrame({"actor_id": ["a", "b"], "kind": ["public", "civic"],
    ...     "contribution_kind": ["land", "capital"], "amount": [100.0, 5000.0],
    ...     "unit": ["m2", "EUR"], "condition": ["none", "vote"]})
    >>> pool(actors, land_eur_m2=150, ground_rent_share=0.03, capacity_eur_kw=500,
    ...      staff_year_eur=80000)["share"].tolist()
    [0.75, 0.25]
    """
    prices = {
        **{(what, "EUR"): 1.0 for what in _CONTRIBUTIONS},
        ("land", "m2"): land_eur_m2,
        ("capacity", "kW"): capacity_eur_kw,
        ("capacity", "vte"): staff_year_eur,
    }
    pairs = zip(actors["contribution_kind"], actors["unit"], strict=True)
    price = pd.Series([prices.get(pair, np.nan) for pair in pairs], actors.index, dtype="float64")
    table = _per_kind(actors, actors["amount"].astype("float64") * price, ground_rent_share)
    table["value_eur"] = table[[f"{what}_eur" for what in _CONTRIBUTIONS]].sum(axis=1)
    total = table["value_eur"].sum()
    table["share"] = table["value_eur"] / (total if total > 0 else np.nan)
    return table


def _per_kind(actors: pd.DataFrame, worth: pd.Series, ground_rent_share: float) -> pd.DataFrame:
    """Add the worth of contributions up per kind of actor, and count them."""
    what, in_use = actors["contribution_kind"], actors["condition"] == "lease_only"
    parts = {f"{one}_eur": worth.where((what == one) & ~in_use) for one in _CONTRIBUTIONS}
    parts["rent_eur"] = (worth * ground_rent_share).where((what == "land") & in_use)
    sums = pd.DataFrame(parts).groupby(actors["kind"]).sum()
    with_capital = (what == "capital") & worth.notna()
    ids = pd.DataFrame(
        {"actors": actors["actor_id"], "capital_actors": actors["actor_id"].where(with_capital)}
    )
    marks = pd.DataFrame({"in_use": in_use, "not_valued": worth.isna()})
    counts = ids.groupby(actors["kind"]).nunique().join(marks.groupby(actors["kind"]).sum())
    order = pd.Index([kind for kind in _KINDS if kind in sums.index], name="kind", dtype="str")
    return sums.join(counts.astype("int64")).reindex(order)


def withhold(pooled: pd.DataFrame) -> pd.DataFrame:
    """
    Return pooled contributions fit for everybody: the capital of a lone company is left out.

    The shares of all kinds go with it, since they would give it away.

    Parameters
    ----------
    pooled : DataFrame
        As returned by `pool`.

    Returns
    -------
    DataFrame, same index, order and columns as `pooled`, with ``is_withheld``

    Examples
    --------
    >>> pooled = pd.DataFrame({"capital_eur": [5.0, 7.0], "value_eur": [5.0, 7.0],
    ...     "share": [0.4, 0.6], "capital_actors": [1, 1]}, index=["public", "private"])
    >>> withhold(pooled)["capital_eur"].tolist()
    [5.0, nan]
    """
    is_alone = (pooled.index == "private") & (pooled["capital_actors"] == 1)
    shown = pooled.assign(is_withheld=is_alone)
    for name in ("capital_eur", "value_eur"):
        shown[name] = shown[name].mask(is_alone)
    if is_alone.any():
        shown["share"] = float("nan")
    return shown
