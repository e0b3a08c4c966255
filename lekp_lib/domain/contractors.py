"""
A pool of teams and the households that wait for one: contractors, but advisers just as well.

A household that orders works waits until a team is free. How long depends less on the number
of teams than on how busy they are: close to full, the wait explodes.

Throughout, requests come at random moments, a job takes a random time with a known mean
(exponential), and any team can do any job. Real pools are less flexible than that and real
jobs less uneven; the two pull the wait in opposite directions.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.linalg import solve_banded

from lekp_lib.errors import ContractError
from lekp_lib.units import HOURS_PER_DAY, HOURS_PER_YEAR

__all__ = ["growing_teams", "pace", "ramp", "spread_requests", "teams_needed", "waiting"]

_Numbers = np.ndarray[Any, Any]

_DAYS_PER_YEAR = HOURS_PER_YEAR // HOURS_PER_DAY
_HALVINGS = 60  # brings a bisection to the last digit
_TAIL = 10.0  # standard deviations of requests for which the queue has room


def waiting(
    requests_per_year: ArrayLike, *, jobs_per_team: float, teams: ArrayLike
) -> pd.DataFrame:
    """
    Return how long a request waits for a team if a year like this went on for ever.

    Parameters
    ----------
    requests_per_year : array-like, not negative
        Jobs asked for [1/yr].
    jobs_per_team : float, above 0
        Jobs one team finishes in a year of full work [1/yr].
    teams : array-like of whole numbers, not negative
        Teams in the pool, one value or as many as `requests_per_year` [-].

    Returns
    -------
    DataFrame
        requests_per_year [1/yr], teams [-], occupation_share [-] (above 1: more is asked than
        can be done), waits_share [-] (of the requests that find no free team), wait_days [d]
        (mean over all requests) and queue [-] (requests that wait at any moment). Without an
        end to the queue the last two are infinite.

    Raises
    ------
    ContractError
        If a number is negative or missing, or teams are not whole.

    Notes
    -----
    Erlang C. With load ``a = λ/μ``, the Erlang B loss by the recursion ``B₀ = 1, B_k = a·B_{k-1}
    / (k + a·B_{k-1})``; ``P_w = B_c / (1 - ρ·(1 - B_c))`` with ``ρ = a/c``; ``W_q = P_w /
    (c·μ - λ)``; ``L_q = λ·W_q``.

    References
    ----------
    S-230 in ``assumptions/sources.csv``.

    Examples
    --------
    Four teams of eight jobs a year: at 24 requests fine, at 30 hopeless, a fifth team helps.

    >>> waiting([24, 30, 30], jobs_per_team=8, teams=[4, 4, 5])["wait_days"].round(0).tolist()
    [23.0, 158.0, 17.0]
    """
    requests, pool = _checked(requests_per_year, teams, jobs_per_team)
    capacity = pool * jobs_per_team
    lost = _loss(requests / jobs_per_team, pool)
    with np.errstate(divide="ignore", invalid="ignore"):
        occupation = np.where(requests > 0, requests / capacity, 0.0)
        is_stable = occupation < 1
        waits = np.where(is_stable, lost / (1 - occupation * (1 - lost)), 1.0)
        wait = np.where(is_stable, waits / (capacity - requests), np.inf)
    waits, wait = np.where(requests > 0, waits, 0.0), np.where(requests > 0, wait, 0.0)
    with np.errstate(invalid="ignore"):
        queue = np.where(requests > 0, requests * wait, 0.0)
    return pd.DataFrame(
        {
            "requests_per_year": requests,
            "teams": pool.astype("int64"),
            "occupation_share": occupation,
            "waits_share": waits,
            "wait_days": wait * _DAYS_PER_YEAR,
            "queue": queue,
        }
    )


def _checked(
    requests_per_year: ArrayLike, teams: ArrayLike, jobs_per_team: float
) -> tuple[_Numbers, _Numbers]:
    """Return requests and teams as arrays of one length."""
    given = np.broadcast_arrays(
        np.atleast_1d(np.asarray(requests_per_year, dtype="float64")),
        np.asarray(teams, dtype="float64"),
    )
    requests, pool = given
    if not (np.isfinite(requests).all() and (requests >= 0).all()):
        msg = "Requests per year must be known and not negative."
        raise ContractError(msg)
    if not ((pool >= 0).all() and (pool == np.floor(pool)).all() and np.isfinite(pool).all()):
        msg = f"Teams must be whole numbers of 0 or more, not {pool.tolist()[:3]}. Round them."
        raise ContractError(msg)
    if not jobs_per_team > 0:
        msg = f"A team must finish more than 0 jobs a year, not {jobs_per_team}."
        raise ContractError(msg)
    return requests, pool


def _loss(load: _Numbers, teams: _Numbers) -> _Numbers:
    """Return the Erlang B loss of each load at its number of teams."""
    loss = np.ones_like(load)
    found = np.where(teams == 0, loss, np.nan)
    for number in range(1, int(teams.max(initial=0)) + 1):
        loss = load * loss / (number + load * loss)
        found = np.where(teams == number, loss, found)
    return found


def pace(
    teams: ArrayLike, *, jobs_per_team: float, most_occupation_share: float, most_wait_days: float
) -> _Numbers:
    """
    Return how many requests a year a pool can take without keeping people waiting.

    Who invites more households than this makes them wait, and who waits too long drops out.

    Parameters
    ----------
    teams : array-like of whole numbers
        Teams in the pool [-].
    jobs_per_team : float
        Jobs one team finishes in a year [1/yr].
    most_occupation_share : float, below 1
        Share of their time that teams may be at work [-].
    most_wait_days : float, above 0
        Longest mean wait [d]. In a small pool this is the stricter of the two.

    Returns
    -------
    ndarray
        Requests per year [1/yr]; 0 without teams.

    Raises
    ------
    ContractError
        If the limits are not between 0 and 1, or not above 0.

    Examples
    --------
    >>> pace([0, 1, 4], jobs_per_team=8, most_occupation_share=0.85, most_wait_days=90).round(1)
    array([ 0. ,  5.3, 27.2])
    """
    if not (0 < most_occupation_share < 1 and most_wait_days > 0):
        msg = "The occupation must lie between 0 and 1 and the wait above 0 days."
        raise ContractError(msg)
    pool = np.atleast_1d(np.asarray(teams, dtype="float64"))
    too_low, highest = np.zeros_like(pool), most_occupation_share * pool * jobs_per_team

    def is_fine(requests: _Numbers) -> _Numbers:
        found = waiting(requests, jobs_per_team=jobs_per_team, teams=pool)["wait_days"]
        return np.asarray(found.to_numpy() <= most_wait_days)

    too_high = highest.copy()
    for _ in range(_HALVINGS):
        middle = (too_low + too_high) / 2
        fine = is_fine(middle)
        too_low, too_high = np.where(fine, middle, too_low), np.where(fine, too_high, middle)
    return np.where(is_fine(highest), highest, too_low)


def teams_needed(
    requests_per_year: ArrayLike,
    *,
    jobs_per_team: float,
    most_occupation_share: float,
    most_wait_days: float,
) -> _Numbers:
    """
    Return the smallest pool that serves so many requests within both limits.

    Parameters
    ----------
    requests_per_year : array-like
        Jobs asked for [1/yr].
    jobs_per_team, most_occupation_share, most_wait_days
        See ``pace``.

    Returns
    -------
    ndarray of int
        Teams [-]; 0 where nothing is asked.

    Examples
    --------
    >>> teams_needed([0, 24, 30], jobs_per_team=8, most_occupation_share=0.85, most_wait_days=90)
    array([0, 4, 5])
    """
    requests, _ = _checked(requests_per_year, 0, jobs_per_team)
    teams = np.ceil(requests / (jobs_per_team * most_occupation_share) - 1e-9)
    limits = {"most_occupation_share": most_occupation_share, "most_wait_days": most_wait_days}
    while True:
        found = pace(teams, jobs_per_team=jobs_per_team, **limits)
        is_short = found < requests * (1 - 1e-9)
        if not is_short.any():
            return teams.astype("int64")
        teams = teams + is_short


def growing_teams(first: float, *, growth_share: float, years: pd.Index) -> pd.Series[int]:
    """
    Return the whole teams in a pool that hires every year.

    Parameters
    ----------
    first : float
        Teams in the first year, also a fraction: work of teams that do other things too [-].
    growth_share : float
        Growth per year, of the year before [-].
    years : Index of int
        Calendar years, one after another.

    Returns
    -------
    Series of int, indexed by `years`
        ``teams``, rounded down: a team that is not complete starts no job.

    Examples
    --------
    >>> growing_teams(4.0, growth_share=0.2, years=pd.Index([2027, 2028, 2029])).tolist()
    [4, 4, 5]
    """
    grown = first * (1 + growth_share) ** np.arange(len(years))
    return pd.Series(np.floor(grown + 1e-9), index=years, name="teams").astype("int64")


def spread_requests(total: float, pace_per_year: pd.Series[float]) -> pd.Series[float]:
    """
    Return how many households to let in each year, until all have had their turn.

    Parameters
    ----------
    total : float
        Jobs wanted in all [-].
    pace_per_year : Series, indexed by year
        Most requests the pool can take that year [1/yr].

    Returns
    -------
    Series, indexed by year
        ``requests_per_year`` [1/yr]; adds up to `total` if the years suffice.

    Examples
    --------
    >>> spread_requests(50.0, pd.Series([20.0, 25.0, 30.0], index=[2027, 2028, 2029])).tolist()
    [20.0, 25.0, 5.0]
    """
    done = pace_per_year.cumsum().clip(upper=total)
    return done.diff().fillna(done).rename("requests_per_year")


def ramp(
    requests_per_year: pd.Series[float],
    teams: pd.Series[int],
    *,
    jobs_per_team: float,
) -> pd.DataFrame:
    """
    Return what happens year after year when requests and teams grow, from an empty start.

    ``waiting`` tells what a year ends in if it never ended. A ramp is shorter than that: an
    overloaded pool gets a queue, not an infinite wait, and takes that queue to the next year.

    Parameters
    ----------
    requests_per_year : Series, indexed by year
        Jobs asked for, evenly over the year [1/yr].
    teams : Series of whole numbers, same index
        Teams in the pool [-].
    jobs_per_team : float
        Jobs one team finishes in a year [1/yr].

    Returns
    -------
    DataFrame, indexed by year
        requests_per_year [1/yr], teams [-], occupation_share [-] (asked over possible), done
        [1/yr], queue_end [-] (mean number that waits at the end of the year), wait_days [d]
        (mean over the year for whoever asks, with the teams of that year; infinite without
        teams) and steady_wait_days [d] (see ``waiting``).

    Raises
    ------
    ContractError
        If the years differ, or see ``waiting``.

    Notes
    -----
    The number of requests in the pool is a birth-death process. Its chances move by
    ``dp/dt = p·Q`` with ``λ`` up and ``min(n, c)·μ`` down, solved in steps of a day (implicit
    Euler); each year starts where the year before ended, so the backlog is carried along. A
    request that finds ``n`` others waits ``max(0, n - c + 1)/(c·μ)``. The number of states
    leaves room for the backlog that the averages alone would give and ten standard deviations
    more.

    Examples
    --------
    Forty requests a year for four teams of eight jobs: each year the queue grows.

    >>> years = pd.Index([2027, 2028], name="year")
    >>> asked, pool = pd.Series(40.0, index=years), pd.Series(4, index=years)
    >>> ramp(asked, pool, jobs_per_team=8)["wait_days"].round(0).tolist()
    [55.0, 158.0]
    """
    if not requests_per_year.index.equals(teams.index):
        msg = "Requests and teams must be given for the same years, in the same order."
        raise ContractError(msg)
    steady = waiting(requests_per_year.to_numpy(), jobs_per_team=jobs_per_team, teams=teams)
    chances = np.zeros(_room(steady, jobs_per_team))
    chances[0] = 1.0
    number = np.arange(len(chances))
    rows = []
    for asked, pool in zip(steady["requests_per_year"], steady["teams"], strict=True):
        mean, end = _year(chances, asked, pool, jobs_per_team)
        ahead = np.maximum(number - pool + 1, 0)
        wait = float(mean @ ahead) / (pool * jobs_per_team) if pool else np.inf
        rows.append(
            (
                max(asked + float((chances - end) @ number), 0.0),
                float(end @ np.maximum(number - pool, 0)),
                wait * _DAYS_PER_YEAR,
            )
        )
        chances = end
    found = pd.DataFrame(rows, columns=["done", "queue_end", "wait_days"], index=teams.index)
    steady = steady.set_index(teams.index)
    columns = ["requests_per_year", "teams", "occupation_share"]
    return steady[columns].join(found).assign(steady_wait_days=steady["wait_days"])


def _room(years: pd.DataFrame, jobs_per_team: float) -> int:
    """Return how many states hold all that is likely to be in the pool."""
    backlog, most = 0.0, 0.0
    for asked, pool in zip(years["requests_per_year"], years["teams"], strict=True):
        backlog = max(0.0, backlog + asked - pool * jobs_per_team)
        most = max(most, backlog)
    spread = _TAIL * np.sqrt(2 * years["requests_per_year"].sum() + 1)
    return int(np.ceil(years["teams"].max() + most + spread)) + 1


def _year(
    chances: _Numbers, asked: float, pool: int, jobs_per_team: float
) -> tuple[_Numbers, _Numbers]:
    """Return the chances of each number in the pool, over the year and at its end."""
    size = len(chances)
    up = np.append(np.full(size - 1, asked), 0.0) / _DAYS_PER_YEAR
    down = np.minimum(np.arange(size), pool) * jobs_per_team / _DAYS_PER_YEAR
    upper, lower = np.append(0.0, -down[1:]), np.append(-up[:-1], 0.0)
    day = np.vstack([upper, 1 + up + down, lower])
    total = np.zeros(size)
    for _ in range(_DAYS_PER_YEAR):
        chances = solve_banded((1, 1), day, chances)
        total += chances
    return total / _DAYS_PER_YEAR, chances
