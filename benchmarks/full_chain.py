"""
Time the whole of programme 1 on fictional neighbourhoods of rising size.

Demand, route, sizes, plant, cost, six owners, renovation, phasing, works and 1,000 draws: what a
municipality waits for. The draws are timed once more by themselves. Every size runs in a process
of its own, so that the memory is its own peak. Run:
``.venv/bin/python benchmarks/full_chain.py [dwellings …]``.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from pathlib import Path

from lekp_lib.assumptions import load
from lekp_lib.contracts import Place
from lekp_lib.domain import uncertainty
from lekp_lib.io.read import read_flanders
from lekp_lib.studies._net_draws import drivers_of, model_of
from lekp_lib.studies._net_ground import prepare_ground
from lekp_lib.studies._net_plan import plan_of
from lekp_lib.studies._net_risk import ranges_of
from lekp_lib.studies._warmtenet_model import heat_of
from lekp_lib.studies._warmtenet_scene import prepare
from lekp_lib.studies.warmtenet import KEYS, warmtenet
from lekp_lib.synthetic import make_wijk

SIZES = (200, 1000, 5000, 20_000)
ROUNDS = 2  # the first round also fits the levels on the municipalities
DRAWS = 1000
MB = 1024.0


def place_of(dwellings: int) -> Place:
    """Return a dense fictional neighbourhood."""
    wijk = make_wijk("station_belt", dwellings=dwellings, seed=1)
    return Place(wijk.slug, wijk.settings, wijk.story, wijk.tables, {}, (), load())


def seconds_of_draws(place: Place) -> float:
    """Return how long the draws alone take, model and ranges given."""
    flanders = read_flanders(data_dir=Path(__file__).parents[1] / "data")
    used = place.assumptions.pick(KEYS)
    hood = prepare(place, flanders, used)
    heat = heat_of(hood, {key: figure.value for key, figure in used.items()})
    plan = plan_of(prepare_ground(place, hood, heat, used))
    if plan is None:
        return 0.0
    drivers = drivers_of(plan, place, hood)
    model = model_of(plan, drivers)
    start = time.perf_counter()
    model.prices(uncertainty.draws(ranges_of(drivers), n=DRAWS, seed=1))
    return time.perf_counter() - start


def measure(dwellings: int) -> str:
    """Return one row of the answer."""
    flanders = read_flanders(data_dir=Path(__file__).parents[1] / "data")
    place = place_of(dwellings)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MB
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        results = warmtenet(place, flanders)
        times.append(time.perf_counter() - start)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MB - before
    buildings = len(results.internal["warmte_per_gebouw"])
    drawn = seconds_of_draws(place)
    return f"{dwellings:>10}{buildings:>11}{min(times):>9.2f}{drawn:>9.2f}{grown:>8.0f}\n"


def main() -> None:
    """Print one row per size."""
    sizes = [int(size) for size in sys.argv[1:]] or list(SIZES)
    sys.stdout.write(f"{'dwellings':>10}{'buildings':>11}{'seconds':>9}{'draws s':>9}{'MB':>8}\n")
    for size in sizes:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            sys.stdout.write(pool.apply(measure, (size,)))
        sys.stdout.flush()


if __name__ == "__main__":
    main()
