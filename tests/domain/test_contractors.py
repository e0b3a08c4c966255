"""Waiting for a team: closed forms, a queue simulation and what must always hold."""

from __future__ import annotations

import heapq
import math

import ciw
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lekp_lib.domain.contractors import (
    growing_teams,
    pace,
    ramp,
    spread_requests,
    teams_needed,
    waiting,
)
from lekp_lib.errors import ContractError

JOBS = 8.0
LIMITS = {"most_occupation_share": 0.85, "most_wait_days": 90.0}


def simulated(requests: float, teams: int, until: float) -> pd.Series:
    """Return the waits in days in a pool that ciw simulates for so many years."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(requests)],
        service_distributions=[ciw.dists.Exponential(JOBS)],
        number_of_servers=[teams],
    )
    ciw.seed(1)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(until)
    return pd.DataFrame(simulation.get_all_records())["waiting_time"] * 365


def simulated_ramp(rates: list[float], teams: int, runs: int) -> pd.Series:
    """Return the mean wait in days per year, over runs that start empty."""
    rng = np.random.default_rng(1)
    waits: list[tuple[int, float]] = []
    for _ in range(runs):
        free = [0.0] * teams
        for year, rate in enumerate(rates):
            for moment in np.sort(rng.uniform(year, year + 1, rng.poisson(rate))):
                start = max(moment, heapq.heappop(free))
                heapq.heappush(free, start + rng.exponential(1 / JOBS))
                waits.append((year, (start - moment) * 365))
    return pd.DataFrame(waits, columns=["year", "days"]).groupby("year")["days"].mean()


def years(*values: float) -> pd.Series:
    """Return one value per year from 2027."""
    return pd.Series(values, index=pd.RangeIndex(2027, 2027 + len(values)))


@pytest.mark.parametrize(
    ("requests", "teams", "occupation", "chance", "days"),
    [(24, 4, 0.75, 0.509, 23), (30, 4, 0.9375, 0.865, 158), (30, 5, 0.75, None, 17)],
)
def test_the_published_cases_come_out(
    requests: float, teams: int, occupation: float, chance: float | None, days: float
) -> None:
    """Eight jobs a team: 23 days at three quarters full, 158 at 94 %, 17 with a fifth team."""
    found = waiting(requests, jobs_per_team=JOBS, teams=teams).iloc[0]
    assert found["occupation_share"] == occupation
    assert found["wait_days"] == pytest.approx(days, abs=0.5)
    if chance is not None:
        assert found["waits_share"] == pytest.approx(chance, abs=0.0005)


def test_one_team_is_the_textbook_queue() -> None:
    """M/M/1: the chance to wait is the occupation, the queue is ρ²/(1 - ρ)."""
    found = waiting(6.0, jobs_per_team=JOBS, teams=1).iloc[0]
    assert found["waits_share"] == pytest.approx(0.75)
    assert found["queue"] == pytest.approx(0.75**2 / 0.25)


@pytest.mark.parametrize(("load", "teams"), [(2.0, 3), (7.5, 9), (18.0, 20)])
def test_the_recursion_is_the_textbook_sum(load: float, teams: int) -> None:
    """Erlang C written out with factorials gives the same chance."""
    last = load**teams / math.factorial(teams) / (1 - load / teams)
    terms = sum(load**k / math.factorial(k) for k in range(teams))
    found = waiting(load * JOBS, jobs_per_team=JOBS, teams=teams)["waits_share"]
    assert found[0] == pytest.approx(last / (terms + last))


def test_a_simulated_pool_waits_as_long() -> None:
    """Three thousand simulated years agree with the formula, within twice their own spread."""
    found = simulated(24.0, teams=4, until=3000.0)
    expected = waiting(24.0, jobs_per_team=JOBS, teams=4)["wait_days"][0]
    assert found.mean() == pytest.approx(expected, rel=0.15)


def test_overload_is_an_answer() -> None:
    """More than the pool can do gives no end to the wait, and no error."""
    found = waiting([32.0, 40.0, 5.0, 0.0], jobs_per_team=JOBS, teams=[4, 4, 0, 0])
    assert np.isinf(found["wait_days"][:3]).all()
    assert found["occupation_share"].tolist() == [1.0, 1.25, np.inf, 0.0]
    assert found["wait_days"][3] == 0.0


@given(requests=st.floats(0.1, 200), extra=st.floats(0.1, 50), teams=st.integers(1, 40))
def test_more_requests_wait_longer_and_more_teams_shorter(
    requests: float, extra: float, teams: int
) -> None:
    """Nobody gains from a busier pool, nobody loses from a larger one."""
    found = waiting(
        [requests, requests + extra, requests], jobs_per_team=JOBS, teams=[teams, teams, teams + 1]
    )["wait_days"]
    assert found[0] <= found[1]
    assert found[2] <= found[0]


@settings(max_examples=25)
@given(teams=st.integers(1, 60), days=st.floats(1, 400))
def test_the_pace_keeps_both_limits_and_meets_one(teams: int, days: float) -> None:
    """At the pace, either the occupation or the wait is at its limit."""
    requests = pace(teams, jobs_per_team=JOBS, most_occupation_share=0.85, most_wait_days=days)
    found = waiting(requests, jobs_per_team=JOBS, teams=teams).iloc[0]
    assert found["occupation_share"] <= 0.85 + 1e-9
    assert found["wait_days"] <= days * (1 + 1e-9)
    assert found["occupation_share"] > 0.85 - 1e-6 or found["wait_days"] > days * (1 - 1e-6)


@settings(max_examples=25)
@given(requests=st.floats(0.0, 500))
def test_the_pool_needed_is_the_smallest(requests: float) -> None:
    """With one team fewer a limit breaks."""
    teams = int(teams_needed(requests, jobs_per_team=JOBS, **LIMITS)[0])
    around = pace([max(teams - 1, 0), teams], jobs_per_team=JOBS, **LIMITS)
    assert around[1] >= requests * (1 - 1e-6)
    assert teams == 0 or around[0] < requests


@pytest.mark.parametrize("rates", [[20.0, 40.0, 40.0], [30.0, 30.0, 30.0], [60.0, 10.0, 10.0]])
def test_a_simulated_ramp_waits_as_long(rates: list[float]) -> None:
    """From an empty start, through overload and out of it, within a tenth and two days."""
    found = simulated_ramp(rates, 4, runs=600)
    expected = ramp(years(*rates), years(4, 4, 4).astype(int), jobs_per_team=JOBS)["wait_days"]
    assert found.to_numpy() == pytest.approx(expected.to_numpy(), rel=0.1, abs=2.0)


def test_a_long_ramp_ends_in_the_formula() -> None:
    """A year that repeats itself long enough is the stationary year."""
    found = ramp(years(*[20.0] * 12), years(*[4] * 12).astype(int), jobs_per_team=JOBS)
    assert found["wait_days"].iloc[-1] == pytest.approx(
        found["steady_wait_days"].iloc[-1], rel=0.01
    )


def test_overload_builds_the_queue_that_the_averages_give() -> None:
    """Once all teams are at work, what is asked and not done is added to the queue."""
    found = ramp(years(60.0, 60.0, 60.0), years(4, 4, 4).astype(int), jobs_per_team=JOBS)
    assert found["queue_end"].diff().iloc[-1] == pytest.approx(60 - 32, rel=0.01)


@settings(max_examples=15)
@given(rates=st.lists(st.floats(0, 60), min_size=1, max_size=4), pool=st.integers(0, 8))
def test_no_request_is_lost(rates: list[float], pool: int) -> None:
    """Asked is done, at work or in the queue; the teams never do more than they can."""
    teams = years(*[pool] * len(rates)).astype(int)
    found = ramp(years(*rates), teams, jobs_per_team=JOBS)
    left = found["requests_per_year"].sum() - found["done"].sum()
    waits = found["queue_end"].iloc[-1]
    assert waits - 1e-6 <= left <= waits + pool + 1e-6
    assert (found["done"] <= pool * JOBS + 1e-6).all()


def test_a_queue_outlives_the_requests() -> None:
    """Who asks in the year after the rush still waits behind it, until the queue is gone."""
    found = ramp(years(60.0, 0.0, 0.0), years(4, 4, 4).astype(int), jobs_per_team=JOBS)
    waits = found["wait_days"].tolist()
    assert waits[1] > 100
    assert waits[2] < waits[1] / 10


def test_an_empty_pool_never_starts() -> None:
    """Without teams everybody stays in the queue."""
    found = ramp(years(10.0), years(0).astype(int), jobs_per_team=JOBS).iloc[0]
    assert np.isinf(found["wait_days"])
    assert found["queue_end"] == pytest.approx(10.0, rel=0.01)


def test_teams_grow_in_whole_numbers() -> None:
    """A team that is half hired does not work yet."""
    found = growing_teams(10.0, growth_share=0.05, years=pd.RangeIndex(2027, 2031))
    assert found.tolist() == [10, 10, 11, 11]


def test_who_waits_for_a_turn_gets_one_later() -> None:
    """The pace is filled year by year, and the total is kept."""
    assert spread_requests(50.0, years(20.0, 25.0, 30.0)).tolist() == [20.0, 25.0, 5.0]
    assert spread_requests(90.0, years(20.0, 25.0, 30.0)).sum() == 75.0


@pytest.mark.parametrize(
    ("requests", "teams", "jobs", "says"),
    [
        (-1.0, 1, 8.0, "not negative"),
        (np.nan, 1, 8.0, "known"),
        (1.0, 1.5, 8.0, "whole numbers"),
        (1.0, 1, 0.0, "more than 0 jobs"),
    ],
)
def test_impossible_pools_are_refused(
    requests: float, teams: float, jobs: float, says: str
) -> None:
    """Half a team or a negative request is a slip, not a case."""
    with pytest.raises(ContractError, match=says):
        waiting(requests, jobs_per_team=jobs, teams=teams)


def test_limits_must_be_limits() -> None:
    """At full occupation the wait has no end, so it cannot be asked for."""
    with pytest.raises(ContractError, match="between 0 and 1"):
        pace(4, jobs_per_team=JOBS, most_occupation_share=1.0, most_wait_days=90.0)


def test_years_must_agree() -> None:
    """Teams of other years are a mistake."""
    with pytest.raises(ContractError, match="same years"):
        ramp(years(10.0), years(4, 4).astype(int), jobs_per_team=JOBS)
