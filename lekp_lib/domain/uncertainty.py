"""
How sure an answer is: draws within the ranges of the figures, and what weighs most.

Throughout, ``figures`` is a table with one row per figure, index key, and the columns low,
value and high with low ≤ value ≤ high; a ``function`` takes a table with one column per key
and any number of rows, and returns one outcome per row that depends on that row only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import norm, qmc, rankdata

from lekp_lib.errors import ContractError

__all__ = ["VERDICTS", "draws", "probability_words", "tornado", "verdict", "what_turns"]

VERDICTS = ("niet", "twijfel", "kansrijk")
"""The verdicts, from the worst to the best."""

Outcome = Callable[[pd.DataFrame], npt.ArrayLike]
"""One outcome per row of a table of figures."""

_STEPS = 32
_HALVINGS = 40
_OUR_ASSUMPTIONS = "binnen onze aannames"


def draws(
    figures: pd.DataFrame,
    *,
    n: int,
    seed: int,
    correlations: Mapping[tuple[str, str], float] | None = None,
) -> pd.DataFrame:
    """
    Return draws of all figures at once, each within its own range.

    A figure is triangular: its value is the most likely, low and high are the ends. The draws
    are a Latin hypercube: of `n` equally likely slices of every figure, each is drawn once.
    Figures that move together are paired by rank, which leaves their own draws as they are.

    Parameters
    ----------
    figures : DataFrame
        See the module; low = high gives a constant.
    n : int
        Number of draws, more than there are figures.
    seed : int
        The same seed and figures give the same draws, in whatever order the figures stand.
    correlations : Mapping of two keys to number, optional
        Rank correlation (Spearman) of a pair, between -1 and 1; other pairs are independent.

    Returns
    -------
    DataFrame, index 0 … n - 1, one column per figure, in the order of `figures`
        Values in the units of the figures.

    Raises
    ------
    ContractError
        If a range is upside down, a key stands twice, there are too few draws, or the
        correlations name an unknown figure or contradict each other.

    Notes
    -----
    A Gaussian copula with correlation ``2 · sin(π · rank correlation / 6)`` by the method of
    Iman and Conover: normal scores of the hypercube are given exactly the wanted correlation,
    and each column of the hypercube is put in the order of its scores.

    Examples
    --------
    >>> figures = pd.DataFrame({"low": [0.0, 1.0], "value": [1.0, 2.0], "high": [2.0, 3.0]},
    ...                        index=["gas", "electricity"])
    >>> together = draws(figures, n=1000, seed=1, correlations={("gas", "electricity"): 0.8})
    >>> together.mean().round(2).to_dict()
    {'gas': 1.0, 'electricity': 2.0}
    >>> round(together.corr(method="spearman").loc["gas", "electricity"], 1)
    np.float64(0.8)
    """
    _check(figures)
    ordered = figures.sort_index()
    if n <= len(ordered):
        msg = f"{len(ordered)} figures need more than {n} draws."
        raise ContractError(msg)
    if ordered.empty:
        return pd.DataFrame(index=pd.RangeIndex(n))
    chances = qmc.LatinHypercube(len(ordered), rng=np.random.default_rng(seed)).random(n)
    chances = _paired(chances, _copula(ordered.index, correlations or {}))
    drawn = pd.DataFrame(_triangular(chances, ordered), columns=ordered.index)
    return drawn[figures.index]


def _check(figures: pd.DataFrame) -> None:
    numbers = figures[["low", "value", "high"]].to_numpy("float64")
    in_order = (np.diff(numbers, axis=1) >= 0).all(axis=1) & np.isfinite(numbers).all(axis=1)
    if figures.index.has_duplicates or not in_order.all():
        wrong = sorted({*figures.index[figures.index.duplicated()], *figures.index[~in_order]})
        msg = f"Each figure stands once, with low <= value <= high; not so for {wrong}."
        raise ContractError(msg)


def _copula(
    keys: pd.Index[str], correlations: Mapping[tuple[str, str], float]
) -> npt.NDArray[np.float64]:
    """Return the triangular root of the correlation of the normal scores."""
    place = {key: position for position, key in enumerate(keys)}
    wanted = np.eye(len(keys))
    for (one, other), rank_correlation in correlations.items():
        if one not in place or other not in place or one == other:
            msg = f"The correlation of «{one}» and «{other}» is not one of two figures."
            raise ContractError(msg)
        pair = place[one], place[other]
        wanted[pair] = wanted[pair[::-1]] = 2.0 * np.sin(np.pi * rank_correlation / 6.0)
    try:
        return np.asarray(np.linalg.cholesky(wanted), "float64")
    except np.linalg.LinAlgError:
        msg = "The correlations contradict each other, or one is not between -1 and 1."
        raise ContractError(msg) from None


def _paired(
    chances: npt.NDArray[np.float64], root: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the same columns, each in an order that gives the wanted correlation."""
    scores = norm.ppf(chances)
    found = np.atleast_2d(np.corrcoef(scores, rowvar=False))
    scores = np.linalg.solve(np.linalg.cholesky(found), scores.T).T @ root.T
    ranks = rankdata(scores, axis=0, method="ordinal") - 1
    return np.asarray(np.take_along_axis(np.sort(chances, axis=0), ranks, axis=0))


def _triangular(chances: npt.NDArray[np.float64], figures: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Return the values below which a triangular figure lies with the given chances."""
    low, value, high = (figures[name].to_numpy("float64") for name in ("low", "value", "high"))
    width = high - low
    rising = low + np.sqrt(chances * width * (value - low))
    falling = high - np.sqrt((1.0 - chances) * width * (high - value))
    return np.asarray(np.where(chances * width < value - low, rising, falling))


def tornado(function: Outcome, figures: pd.DataFrame) -> pd.DataFrame:
    """
    Return how far each figure alone can move the outcome, the largest first.

    Parameters
    ----------
    function, figures
        See the module; `function` is called once, with 1 + 2 rows per figure.

    Returns
    -------
    DataFrame, indexed by key
        low, value, high; outcome_low, outcome_high (with only this figure at its low or high)
        and outcome (all at their value); swing, the distance between the furthest two of these.

    Raises
    ------
    ContractError
        If a range is upside down or a key stands twice.

    Examples
    --------
    >>> figures = pd.DataFrame({"low": [1.0, 1.0], "value": [2.0, 2.0], "high": [3.0, 9.0]},
    ...                        index=["price", "cost"])
    >>> tornado(lambda rows: 10 * rows["price"] - rows["cost"], figures)["swing"].to_dict()
    {'price': 20.0, 'cost': 8.0}
    """
    _check(figures)
    ranges = figures[["low", "value", "high"]].astype("float64")
    n = len(ranges)
    rows = _at_values(ranges, 1 + 2 * n)
    each = np.arange(n)
    rows[1 + each, each] = ranges["low"]
    rows[1 + n + each, each] = ranges["high"]
    outcomes = _outcomes(function, rows, ranges.index)
    table = ranges.assign(
        outcome_low=outcomes[1 : 1 + n], outcome=outcomes[0], outcome_high=outcomes[1 + n :]
    )
    ends = table[["outcome_low", "outcome", "outcome_high"]]
    table["swing"] = ends.max(axis=1) - ends.min(axis=1)
    return table.sort_index().sort_values("swing", ascending=False, kind="stable")


def _at_values(figures: pd.DataFrame, n: int) -> npt.NDArray[np.float64]:
    """Return rows in which every figure has its value."""
    return np.tile(figures["value"].to_numpy("float64"), (n, 1))


def _outcomes(
    function: Outcome, rows: npt.NDArray[np.float64], keys: pd.Index[str]
) -> npt.NDArray[np.float64]:
    outcomes = np.asarray(function(pd.DataFrame(rows, columns=keys)), "float64")
    if outcomes.shape != (len(rows),):
        msg = f"function must return one outcome per row: {len(rows)}, not {outcomes.shape}."
        raise ContractError(msg)
    return outcomes


def what_turns(function: Outcome, figures: pd.DataFrame, *, threshold: float) -> pd.DataFrame:
    """
    Return which single figure, within its range, turns the answer, and at which value.

    Parameters
    ----------
    function, figures
        See the module. The answer is yes where the outcome is at least `threshold`.
    threshold : float
        Unit of the outcome.

    Returns
    -------
    DataFrame, indexed by key, what turns soonest first
        low, value, high; flips_at, the value nearest to ours at which the answer turns, missing
        if it does not within the range; flips_to ("low", "high", missing): the end that lies
        beyond it; distance_share, how much of the way to that end it lies [-, 0-1].

    Raises
    ------
    ContractError
        If a range is upside down or a key stands twice.

    Notes
    -----
    Both sides of each figure are tried in 32 steps; the first step that turns the answer is
    halved until the value is known to a 10¹² part. An answer that turns and turns back within
    one step is not seen.

    Examples
    --------
    >>> figures = pd.DataFrame({"low": [1.0, 1.0], "value": [4.0, 2.0], "high": [5.0, 9.0]},
    ...                        index=["price", "cost"])
    >>> turning = what_turns(lambda rows: rows["price"] - rows["cost"], figures, threshold=0.0)
    >>> turning[["flips_at", "flips_to"]].round(6).values.tolist()
    [[4.0, 'high'], [2.0, 'low']]
    """
    _check(figures)
    ranges = figures[["low", "value", "high"]].astype("float64")
    n = len(ranges)
    if n == 0:
        return _turning(ranges, np.empty((2, 0)))
    column = np.tile(np.arange(n), 2)
    start = np.tile(ranges["value"].to_numpy(), 2)
    way = np.concatenate([ranges["low"].to_numpy(), ranges["high"].to_numpy()]) - start
    base = _outcomes(function, _at_values(ranges, 1), ranges.index)[0] >= threshold

    def has_turned(part: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """Tell whether the answer differs, a part of the way to each end; shape (k, 2n)."""
        rows = _at_values(ranges, part.size)
        rows[np.arange(part.size), np.tile(column, len(part))] = (start + part * way).ravel()
        yes = _outcomes(function, rows, ranges.index) >= threshold
        return np.asarray(yes != base).reshape(part.shape)

    turned = has_turned(np.tile(np.linspace(0.0, 1.0, _STEPS + 1)[:, np.newaxis], 2 * n))
    after = turned.argmax(axis=0) / _STEPS
    before = np.maximum(after - 1.0 / _STEPS, 0.0)
    for _ in range(_HALVINGS):
        middle = (before + after) / 2.0
        beyond = has_turned(middle[np.newaxis])[0]
        before, after = np.where(beyond, before, middle), np.where(beyond, middle, after)
    return _turning(ranges, np.where(turned.any(axis=0), after, np.nan).reshape(2, n))


def _turning(ranges: pd.DataFrame, part: npt.NDArray[np.float64]) -> pd.DataFrame:
    """Return per figure the end at which the answer turns soonest."""
    low, high = np.where(np.isnan(part), np.inf, part)
    to_low = low <= high
    share = pd.Series(np.minimum(low, high), index=ranges.index)
    share = share.where(np.isfinite(share))
    end = ranges["low"].where(to_low, ranges["high"])
    table = ranges.assign(
        flips_at=ranges["value"] + share * (end - ranges["value"]),
        flips_to=pd.Series(np.where(to_low, "low", "high"), index=ranges.index, dtype="str"),
        distance_share=share,
    )
    table["flips_to"] = table["flips_to"].where(share.notna())
    return table.sort_index().sort_values("distance_share", kind="stable")


def probability_words(share: float) -> str:
    """
    Return a probability in words, rounded to 10 %, and never as certain.

    Parameters
    ----------
    share : float
        Share of the draws [-, 0-1]; NaN if there is none.

    Returns
    -------
    str
        Dutch.

    Raises
    ------
    ContractError
        If the share lies outside 0-1.

    Examples
    --------
    >>> probability_words(0.68)
    'ongeveer 70 % kans, binnen onze aannames'
    >>> probability_words(0.99)
    'meer dan 90 % kans, binnen onze aannames'
    """
    if np.isnan(share):
        return "kans niet bekend"
    if not 0 <= share <= 1:
        msg = f"A probability lies between 0 and 1, not at {share}."
        raise ContractError(msg)
    tenths = int(np.floor(share * 10 + 0.5))
    if tenths == 0:
        return f"minder dan 10 % kans, {_OUR_ASSUMPTIONS}"
    if tenths == 10:
        return f"meer dan 90 % kans, {_OUR_ASSUMPTIONS}"
    return f"ongeveer {10 * tenths} % kans, {_OUR_ASSUMPTIONS}"


def verdict(share: float, *, likely_share: float, unlikely_share: float) -> str:
    """
    Return the verdict that goes with a probability.

    Parameters
    ----------
    share : float
        Share of the draws in which the network pays [-, 0-1].
    likely_share, unlikely_share : float
        From here it is likely, up to here it is not [-, 0-1].

    Returns
    -------
    str
        One of ``VERDICTS``.

    Raises
    ------
    ContractError
        If the share is missing or the thresholds cross.

    Examples
    --------
    >>> [verdict(p, likely_share=0.7, unlikely_share=0.3) for p in (0.3, 0.5, 0.7)]
    ['niet', 'twijfel', 'kansrijk']
    """
    if np.isnan(share) or not unlikely_share < likely_share:
        msg = "A verdict needs a probability, and a lower threshold below the upper one."
        raise ContractError(msg)
    if share >= likely_share:
        return "kansrijk"
    return "niet" if share <= unlikely_share else "twijfel"
