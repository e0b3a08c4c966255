"""
Time the whole of programme 1 on fictional neighbourhoods of rising size.

Demand, route, sizes, plant, cost, six owners, renovation, phasing, works and 1,000 draws: what a
municipality waits for. Run: ``.venv/bin/python benchmarks/full_chain.py [dwellings …]``.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import psutil

from lekp_lib.assumptions import load
from lekp_lib.contracts import Place
from lekp_lib.io.read import read_flanders
from lekp_lib.studies.warmtenet import warmtenet
from lekp_lib.synthetic import make_wijk

SIZES = (200, 1000, 5000)
ROUNDS = 2  # the first round also fits the levels on the municipalities


def place_of(dwellings: int) -> Place:
    """Return a dense fictional neighbourhood."""
    wijk = make_wijk("station_belt", dwellings=dwellings, seed=1)
    return Place(wijk.slug, wijk.settings, wijk.story, wijk.tables, {}, (), load())


def main() -> None:
    """Print one row per size."""
    flanders = read_flanders(data_dir=Path(__file__).parents[1] / "data")
    sizes = [int(size) for size in sys.argv[1:]] or list(SIZES)
    sys.stdout.write(f"{'dwellings':>10}{'buildings':>11}{'seconds':>9}{'MB':>8}\n")
    for size in sizes:
        place = place_of(size)
        before = psutil.Process().memory_info().rss
        times = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            results = warmtenet(place, flanders)
            times.append(time.perf_counter() - start)
        grown = (psutil.Process().memory_info().rss - before) / 1e6
        buildings = len(results.internal["warmte_per_gebouw"])
        sys.stdout.write(f"{size:>10}{buildings:>11}{min(times):>9.2f}{grown:>8.0f}\n")


if __name__ == "__main__":
    main()
