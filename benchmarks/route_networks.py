"""
Route heat networks with ours and with its peers, on the same graphs in one run.

Peers are networkx (Mehlhorn, and Kou up to 1,000 buildings) and SteinerPy (exact, up to 1,000
buildings unless told otherwise). networkx cannot keep a building the end of its pipe, so it gets
the nearest connection of each building only; SteinerPy gets all of them, with a constant on top.
Each method runs in a process of its own; memory is what that process adds at its peak. The gap
is to the optimum where SteinerPy proves it, else to our lower bound (marked <). Call::

    .venv/bin/python benchmarks/route_networks.py --sizes 200 1000 5000 20000 --exact 1000

The real streets are those of Wechelderzande (OpenStreetMap contributors, ODbL), used when the
folder ``shared`` stands beside the project.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import logging
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pyogrio
import shapely
from networkx.algorithms.approximation import steiner_tree

from lekp_lib.domain.network_route import lower_bound, route, select

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "wechelderzande-osm"
BLOCK_M, FRONTAGE_M, DROPPED, WITHIN_M = 90.0, 9.0, 0.06, 60.0
DRIVABLE = ("residential", "secondary", "tertiary", "unclassified", "service", "track", "path")
HEADING = f"{'graph':<26}{'method':<22}{'seconds':>9}{'MB':>8}{'cost':>12}{'gap %':>9}{'x ours':>9}"


@dataclass(frozen=True)
class Place:
    """The tables of one question."""

    name: str
    edges: pd.DataFrame
    terminals: pd.Series
    sources: pd.Series


def grid_streets(n_buildings: int, rng: np.random.Generator) -> list[shapely.LineString]:
    """Return a jittered grid of streets, some dropped, with cul-de-sacs."""
    side = max(2, round(np.sqrt(n_buildings / 26)) + 1)
    at = np.arange(side * side).reshape(side, side)
    places = np.column_stack([at.ravel() % side, at.ravel() // side]) * BLOCK_M
    places += rng.normal(0, 8, places.shape)
    pairs = np.vstack(
        [
            np.column_stack([at[:, :-1].ravel(), at[:, 1:].ravel()]),
            np.column_stack([at[:-1].ravel(), at[1:].ravel()]),
        ]
    )
    pairs = pairs[rng.random(len(pairs)) > DROPPED]
    lines = [shapely.LineString(places[pair]) for pair in pairs]
    for row in rng.choice(len(pairs), max(1, len(pairs) // 8), replace=False):
        begin, end = places[pairs[row]]
        foot = begin + (end - begin) * rng.uniform(0.3, 0.7)
        across = np.array([begin[1] - end[1], end[0] - begin[0]]) / np.hypot(*(end - begin))
        lines[row] = shapely.LineString([begin, foot, end])
        lines.append(
            shapely.LineString([foot, foot + across * rng.choice([-1, 1]) * rng.uniform(25, 50)])
        )
    return lines


def houses_along(
    lines: list[shapely.LineString], n_buildings: int, rng: np.random.Generator
) -> np.ndarray:
    """Return places of houses on both sides of the streets."""
    houses = []
    for line in lines:
        for side in (-1, 1):
            at = np.arange(6.0, line.length - 4.0, FRONTAGE_M)
            at = np.clip(at + rng.normal(0, 1, len(at)), 0.5, line.length - 0.5)
            on = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
            next_to = shapely.get_coordinates(shapely.line_interpolate_point(line, at + 0.1))
            ahead = (next_to - on) / np.maximum(np.hypot(*(next_to - on).T), 1e-9)[:, None]
            off = rng.uniform(5, 14, len(at))[:, None] * side
            houses.append(on + np.column_stack([-ahead[:, 1], ahead[:, 0]]) * off)
    every = np.vstack(houses)
    return every[np.sort(rng.permutation(len(every))[:n_buildings])]


def noded(lines: list[shapely.LineString]) -> np.ndarray:
    """Return the lines cut where they share a vertex."""
    vertices = [np.round(np.asarray(line.coords), 3) for line in lines]
    count: dict[tuple[float, ...], int] = {}
    for line in vertices:
        for place in (line[0], line[-1], *line):
            count[tuple(place)] = count.get(tuple(place), 0) + 1
    pieces = []
    for line in vertices:
        cuts = [i for i, place in enumerate(line) if count[tuple(place)] > 1]
        pieces += [shapely.LineString(line[a : b + 1]) for a, b in pairwise(cuts)]
    return np.array(pieces, dtype=object)


def connections(lines: np.ndarray, houses: np.ndarray, most: np.ndarray) -> pd.DataFrame:
    """Return per house its nearest streets, at most as many as given, and at least one."""
    tree, points = shapely.STRtree(lines), shapely.points(houses)
    near = tree.query(points, predicate="dwithin", distance=WITHIN_M)
    nearest = tree.query_nearest(points, all_matches=False)
    both = np.unique(np.concatenate([near, nearest], axis=1), axis=1)
    found = pd.DataFrame({"house": both[0], "line": both[1]})
    found["cost"] = shapely.distance(points[found["house"]], lines[found["line"]])
    found = found.sort_values(["house", "cost", "line"])
    found = found[found.groupby("house").cumcount() < most[found["house"]]]
    at = shapely.line_locate_point(lines[found["line"]], points[found["house"]])
    length = shapely.length(lines)[found["line"]]
    return found.assign(at=np.where(length - at < 0.01, length, np.round(at, 2)))


def place_of(
    name: str, lines: list[shapely.LineString], houses: np.ndarray, most: np.ndarray
) -> Place:
    """Return the tables of streets and houses; the plant is at the end of a main street."""
    cut = noded(lines)
    found = connections(cut, houses, most)
    ends = np.vstack([np.asarray(line.coords)[[0, -1]] for line in cut])
    crossings, number = np.unique(np.round(ends, 3), axis=0, return_inverse=True)
    number = number.reshape(-1, 2)
    length = shapely.length(cut)
    stops = pd.concat(
        [
            pd.DataFrame({"line": np.arange(len(cut)), "at": 0.0, "node": number[:, 0]}),
            pd.DataFrame({"line": np.arange(len(cut)), "at": length, "node": number[:, 1]}),
            found[["line", "at"]],
        ]
    )
    stops = stops.groupby(["line", "at"], as_index=False)["node"].first()
    is_new = stops["node"].isna()
    stops.loc[is_new, "node"] = len(crossings) + np.arange(int(is_new.sum()))
    stops["node"] = stops["node"].astype("int64")
    n_streets = int(stops["node"].max()) + 1
    follows = stops["line"].to_numpy()[1:] == stops["line"].to_numpy()[:-1]
    streets = pd.DataFrame(
        {
            "from_node": stops["node"].to_numpy()[:-1][follows],
            "to_node": stops["node"].to_numpy()[1:][follows],
            "cost": np.diff(stops["at"])[follows],
            "kind": "street",
        }
    )
    feet = found.merge(stops, on=["line", "at"], how="left")
    services = pd.DataFrame(
        {
            "from_node": feet["node"],
            "to_node": n_streets + feet["house"],
            "cost": feet["cost"],
            "kind": "service",
            "building_id": "b" + feet["house"].astype("str").str.zfill(6),
        }
    )
    ids = [f"b{house:06d}" for house in range(len(houses))]
    terminals = pd.Series(n_streets + np.arange(len(houses)), index=ids)
    edges = pd.concat([streets, services], ignore_index=True)
    return Place(name, edges, terminals, pd.Series({"plant": _plant(streets)}))


def _plant(streets: pd.DataFrame) -> int:
    """Return the first node of the largest part of the streets."""
    graph = nx.Graph(zip(streets["from_node"], streets["to_node"], strict=True))
    return int(min(max(nx.connected_components(graph), key=len)))


def grid_place(n_buildings: int, most: int, seed: int) -> Place:
    """Return a drawn town with 1 to `most` connections per building."""
    rng = np.random.default_rng(seed)
    lines = grid_streets(n_buildings, rng)
    houses = houses_along(lines, n_buildings, rng)
    name = f"grid {n_buildings:,}, {'1' if most == 1 else f'1-{most}'} conn."
    return place_of(name, lines, houses, rng.integers(1, most + 1, len(houses)))


def real_place(most: int) -> Place:
    """Return Wechelderzande with at most so many connections per building."""
    file = SHARED / "derived_wechel_2016.gpkg"
    streets = pyogrio.read_dataframe(file, layer="streets")
    buildings = pyogrio.read_dataframe(file, layer="buildings")
    lines = list(streets.geometry[streets["highway"].isin(DRIVABLE)])
    at = buildings.geometry[buildings["addr_housenumber"].notna()].centroid
    houses = np.column_stack([at.x, at.y])
    name = f"Wechelderzande, {most} conn."
    return place_of(name, lines, houses, np.full(len(houses), most))


# the methods


def ours(place: Place) -> float:
    """Return the cost of our route."""
    return route(place.edges, place.terminals, place.sources).cost


def our_bound(place: Place) -> float:
    """Return our proven lower bound."""
    return lower_bound(place.edges, place.terminals, place.sources)


def our_selection(place: Place) -> float:
    """Return the share of the bound that a selection with thin margins reaches, in percent."""
    mean = 1.1 * ours(place) / len(place.terminals)
    prizes = np.random.default_rng(3).gamma(4.0, mean / 4.0, len(place.terminals))
    series = pd.Series(prizes, index=place.terminals.index)
    found = select(place.edges, place.terminals, place.sources, series)
    return 100 * found.value / (found.upper_bound or np.nan)


def _graph(edges: pd.DataFrame, extra: float) -> nx.Graph:
    graph = nx.Graph()
    cost = edges["cost"] + extra * edges["kind"].eq("service")
    for a, b, price in zip(edges["from_node"], edges["to_node"], cost, strict=True):
        if not graph.has_edge(a, b) or graph[a][b]["weight"] > price:
            graph.add_edge(a, b, weight=price)
    return graph


def _goals(place: Place, graph: nx.Graph) -> tuple[nx.Graph, list[int]]:
    whole = nx.node_connected_component(graph, int(place.sources.iloc[0]))
    goals = [node for node in (*place.sources, *place.terminals) if node in whole]
    return graph.subgraph(whole).copy(), goals


def _networkx(place: Place, method: str) -> float:
    is_service = place.edges["kind"].eq("service")
    nearest = place.edges[is_service].sort_values("cost").drop_duplicates("building_id")
    edges = pd.concat([place.edges[~is_service], nearest])
    graph, goals = _goals(place, _graph(edges, 0.0))
    return float(steiner_tree(graph, goals, weight="weight", method=method).size("weight"))


def mehlhorn(place: Place) -> float:
    """Return the cost of networkx's Mehlhorn tree."""
    return _networkx(place, "mehlhorn")


def kou(place: Place) -> float:
    """Return the cost of networkx's Kou tree."""
    return _networkx(place, "kou")


def steinerpy_exact(place: Place) -> float:
    """Return the optimum according to SteinerPy, nan if it is not proven in five minutes."""
    import steinerpy

    logging.disable()
    extra = 3000.0 if place.edges["building_id"].dropna().duplicated().any() else 0.0
    graph, goals = _goals(place, _graph(place.edges, extra))
    with contextlib.redirect_stdout(io.StringIO()):
        found = steinerpy.SteinerProblem(graph, [goals]).get_solution(time_limit=300)
    is_proven = found.gap * found.objective <= 1e-4 * (found.objective - extra * (len(goals) - 1))
    return float(found.objective - extra * (len(goals) - 1)) if is_proven else float("nan")


def measured(method: Callable[[Place], float], place: Place) -> tuple[float, float, float]:
    """Return the answer, the seconds and the megabytes that a method adds, in its own process."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)

    def run() -> None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        answer = method(place)
        spent = time.perf_counter() - start
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        there.send((answer, spent, grown / 1024))

    process = context.Process(target=run)
    process.start()
    there.close()
    try:
        answer: tuple[float, float, float] = here.recv()
    except EOFError:
        answer = (float("nan"),) * 3
    process.join()
    return answer


def places(sizes: list[int], seed: int) -> Iterator[Place]:
    """Yield the graphs, from small to large."""
    for size in sizes:
        yield grid_place(size, 1, seed)
        yield grid_place(size, 3, seed)
    if SHARED.is_dir():
        yield real_place(1)
        yield real_place(2)


def methods(place: Place, options: argparse.Namespace) -> Iterator[tuple[str, Any]]:
    """Yield the methods that a graph of this size gets."""
    size = len(place.terminals)
    yield "ours, lower bound", our_bound
    yield "networkx Mehlhorn", mehlhorn
    if size <= options.kou:
        yield "networkx Kou", kou
    if size <= options.exact:
        yield "SteinerPy exact", steinerpy_exact


def line(place: Place, method: str, cells: tuple[float, ...]) -> str:
    """Return one line of the table."""
    seconds, memory, cost, gap, ratio = cells
    mark = "" if np.isnan(gap) else f"{gap:.3f}"
    return (
        f"{place.name:<26}{method:<22}{seconds:>9.3f}{memory:>8.1f}{cost:>12.1f}{mark:>9}"
        f"{ratio:>9.1f}\n"
    )


def main(options: argparse.Namespace) -> None:
    """Print the table."""
    sys.stdout.write(HEADING + "\n")
    for place in places(options.sizes, options.seed):
        runs = {"ours": min((measured(ours, place) for _ in range(3)), key=lambda run: run[1])}
        runs |= {name: measured(method, place) for name, method in methods(place, options)}
        optimum = runs.get("SteinerPy exact", (np.nan,))[0]
        best = runs["ours, lower bound"][0] if np.isnan(optimum) else optimum
        for name, (cost, seconds, memory) in runs.items():
            gap = 100 * (cost / best - 1)
            ratio = seconds / runs["ours"][1]
            sys.stdout.write(line(place, name, (seconds, memory, cost, gap, ratio)))
        if len(place.terminals) <= options.select:
            share, seconds, memory = measured(our_selection, place)
            sys.stdout.write(
                f"{place.name:<26}{'ours, selection':<22}{seconds:>9.3f}{memory:>8.1f}"
                f"{share:>11.2f}% of its upper bound, thin margins\n"
            )
        sys.stdout.write(f"{'':<26}gap to {'our bound' if np.isnan(optimum) else 'optimum'}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[200, 1000, 5000, 20000])
    parser.add_argument("--kou", type=int, default=1000, help="largest graph for Kou")
    parser.add_argument("--exact", type=int, default=1000, help="largest graph for SteinerPy")
    parser.add_argument("--select", type=int, default=0, help="largest graph for a selection")
    parser.add_argument("--seed", type=int, default=1)
    main(parser.parse_args())
