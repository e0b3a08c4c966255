"""
Have pandapipes compute pressure and heat loss in three networks, and keep its answers.

pandapipes cannot share the lock of the platform, so it runs in an environment of its own:
``make oracles``. The tests only read the JSON files.
"""

from __future__ import annotations

import csv
import json
import math
import random
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandapipes

ROOT = Path(__file__).parents[2]
TABLES = ROOT / "lekp_lib" / "assumptions"
TARGET = ROOT / "tests" / "fixtures" / "oracles"
SUPPLY_C, RETURN_C, GROUND_C = 70.0, 40.0, 10.0
ROUGHNESS_M = 0.00005
KELVIN = 273.15
SETTINGS = {
    "friction_model": "colebrook",
    "mode": "sequential",
    "iter": 300,
    "use_numba": False,
    "max_iter_colebrook": 200,
}
GRADIENT_PA_M = 150.0


def table(name: str) -> list[dict[str, float]]:
    """Return the numbers of a packaged table."""
    with (TABLES / name).open(encoding="utf-8") as stream:
        return [
            {key: float(text) for key, text in row.items() if is_number(text)}
            for row in csv.DictReader(stream)
        ]


def is_number(text: str) -> bool:
    """Tell whether a cell holds a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def specific_heat(mean_c: float) -> float:
    """Return the specific heat of water between two rows of the table."""
    rows = table("water.csv")
    for one, other in pairwise(rows):
        if one["temperature_c"] <= mean_c <= other["temperature_c"]:
            share = (mean_c - one["temperature_c"]) / (
                other["temperature_c"] - one["temperature_c"]
            )
            return one["specific_heat_j_kgk"] + share * (
                other["specific_heat_j_kgk"] - one["specific_heat_j_kgk"]
            )
    raise ValueError(mean_c)


def line() -> list[dict[str, Any]]:
    """Return five houses one behind the other along a street."""
    pipes: list[dict[str, Any]] = []
    feeder = -1
    for number in range(5):
        street = {"upstream": feeder, "length_m": 60.0 + 15 * number, "load_kw": 0.0}
        feeder = len(pipes)
        pipes += [street, {"upstream": feeder, "length_m": 12.0, "load_kw": 20.0 + 5 * number}]
    return pipes


def street() -> list[dict[str, Any]]:
    """Return a street with a side street, twenty houses in all."""
    pipes: list[dict[str, Any]] = []
    branch = -1
    for feeder, houses in ((-1, 12), (None, 8)):
        feeder = branch if feeder is None else feeder
        for number in range(houses):
            pipes.append({"upstream": feeder, "length_m": 18.0, "load_kw": 0.0})
            feeder = len(pipes) - 1
            branch = feeder if houses == 12 and number == 5 else branch
            load = 9.0 + (number * 7) % 13
            pipes.append({"upstream": feeder, "length_m": 8.0 + number % 5, "load_kw": load})
    return pipes


def tree() -> list[dict[str, Any]]:
    """Return a hundred houses on a tree of streets, the same every time."""
    draw = random.Random(2026)
    pipes: list[dict[str, Any]] = []
    streets = [-1]
    for _ in range(100):
        feeder = streets[-1] if draw.random() < 0.8 else draw.choice(streets[1:] or [-1])
        pipes.append({"upstream": feeder, "length_m": draw.uniform(8, 30), "load_kw": 0.0})
        streets.append(len(pipes) - 1)
        length, load = draw.uniform(5, 18), draw.uniform(8, 30)
        pipes.append({"upstream": streets[-1], "length_m": length, "load_kw": load})
    return pipes


def with_diameters(pipes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add the power behind each pipe and a plausible DN, by a rule of thumb of its own."""
    behind = [pipe["load_kw"] for pipe in pipes]
    for row in range(len(pipes) - 1, -1, -1):
        if pipes[row]["upstream"] >= 0:
            behind[pipes[row]["upstream"]] += behind[row]
    sizes = sorted(int(row["dn"]) for row in table("pipes.csv"))
    chosen = []
    for pipe, power in zip(pipes, behind, strict=True):
        millimetres = 22.0 * (power / 22.0) ** 0.37
        dn = next(size for size in sizes if size >= min(millimetres, sizes[-1]))
        chosen.append(pipe | {"dn": dn, "behind_kw": power})
    return chosen


def solve(pipes: list[dict[str, Any]]) -> dict[str, Any]:
    """Return pressure drop and heat loss per pipe, supply and return, as pandapipes finds them."""
    kinds = {int(row["dn"]): row for row in table("pipes.csv")}
    net = pandapipes.create_empty_network(fluid="water")
    start = SUPPLY_C + KELVIN
    nodes = [
        [pandapipes.create_junction(net, 6, degrees + KELVIN) for _ in range(len(pipes) + 1)]
        for degrees in (SUPPLY_C, RETURN_C)  # the hydraulic step takes water at these
    ]
    pandapipes.create_circ_pump_const_pressure(
        net, nodes[1][-1], nodes[0][-1], p_flow_bar=12, plift_bar=8, t_flow_k=start
    )
    for row, pipe in enumerate(pipes):
        kind = kinds[pipe["dn"]]
        inner = kind["inner_diameter_m"]
        both = [(nodes[0][pipe["upstream"]], nodes[0][row])]
        both += [(nodes[1][row], nodes[1][pipe["upstream"]])]
        for begin, end in both:
            pandapipes.create_pipe_from_parameters(
                net,
                begin,
                end,
                length_km=pipe["length_m"] / 1000,
                inner_diameter_mm=inner * 1000,
                k_mm=ROUGHNESS_M * 1000,
                u_w_per_m2k=kind["u_w_mk"] / (math.pi * inner),
                text_k=GROUND_C + KELVIN,
            )
        if pipe["load_kw"] > 0:
            flow = pipe["load_kw"] * 1000 / specific_heat((SUPPLY_C + RETURN_C) / 2)
            pandapipes.create_heat_consumer(
                net,
                nodes[0][row],
                nodes[1][row],
                controlled_mdot_kg_per_s=flow / (SUPPLY_C - RETURN_C),
                treturn_k=RETURN_C + KELVIN,
            )
    pandapipes.pipeflow(net, **SETTINGS)
    found = net.res_pipe
    drop = (found["p_from_bar"] - found["p_to_bar"]) * 1e5
    heat = specific_heat((SUPPLY_C + RETURN_C) / 2) * found["mdot_from_kg_per_s"].abs()
    loss = heat * (found["t_from_k"] - found["t_outlet_k"])
    return {
        "pressure_drop_pa": [round(float(drop[i] + drop[i + 1]), 3) for i in net.pipe.index[::2]],
        "loss_w": [round(float(loss[i] + loss[i + 1]), 4) for i in net.pipe.index[::2]],
        "flow_kg_s": [round(float(found["mdot_from_kg_per_s"][i]), 6) for i in net.pipe.index[::2]],
    }


def main() -> None:
    """Write one JSON file per network."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, made in (("line", line()), ("street", street()), ("tree", tree())):
        pipes = with_diameters(made)
        record = {
            "made_by": "tests/oracles/make_pandapipes_fixtures.py",
            "pandapipes": pandapipes.__version__,
            "python": f"{sys.version_info.major}.{sys.version_info.minor}",
            "settings": SETTINGS,
            "supply_c": SUPPLY_C,
            "return_c": RETURN_C,
            "ground_c": GROUND_C,
            "roughness_m": ROUGHNESS_M,
            "pipes": pipes,
            "found": solve(pipes),
        }
        text = json.dumps(record, indent=1, sort_keys=True)
        (TARGET / f"pandapipes_{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
