"""
Run 24 notebooks of all templates with ``lekp run`` and with a serial papermill loop.

The two take turns, so that a busy machine bothers both. Call with the number of turns::

    .venv/bin/python benchmarks/run_notebooks.py 3
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MUNICIPALITIES = [
    "aartselaar",
    "antwerpen",
    "berlaar",
    "bever",
    "brugge",
    "genk",
    "gent",
    "hasselt",
    "herstappe",
    "horebeke",
    "leuven",
    "lille",
    "mechelen",
    "mesen",
]
WIJKEN = ("stationsbuurt", "tuinwijk-lindeveld", "verkaveling-meersbeek")
PROGRAMMES = ("wp1_warmtenet", "wp2_iedereen_mee", "wp3_straten")
UNITS = [
    ("vlaanderen", "vlaanderen"),
    *((name, "gemeente") for name in MUNICIPALITIES),
    *((f"voorbeeldgemeente/{wijk}", name) for wijk in WIJKEN for name in PROGRAMMES),
]
SERIAL = """
import sys, papermill
for line in sys.argv[2:]:
    place, template = line.split("=")
    papermill.execute_notebook(
        f"notebooks/{template}.ipynb", f"{sys.argv[1]}/{place.replace('/', '_')}_{template}.ipynb",
        parameters={"place": place, "data_dir": "data", "out_dir": sys.argv[1]},
        progress_bar=False,
    )
"""


def run_ours(folder: str) -> list[str]:
    """Return the command of the platform's own runner."""
    run = "from lekp_lib.cli import main; main()"
    places = ["vlaanderen", *MUNICIPALITIES, *(f"voorbeeldgemeente/{wijk}" for wijk in WIJKEN)]
    return [sys.executable, "-c", run, "run", *places, "--force", "--out", folder]


def run_serial(folder: str) -> list[str]:
    """Return the command of a plain papermill loop over the same notebooks."""
    return [sys.executable, "-c", SERIAL, folder, *(f"{place}={name}" for place, name in UNITS)]


def seconds(command: list[str]) -> float:
    """Return how long a command takes, and stop if it fails."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stdout[-2000:] + done.stderr[-2000:])
    return time.perf_counter() - start


def main(turns: int) -> None:
    """Print the seconds of every turn and the ratio of the medians."""
    times: dict[str, list[float]] = {"lekp run": [], "papermill": []}
    for turn in range(turns):
        for name, command in (("papermill", run_serial), ("lekp run", run_ours)):
            with tempfile.TemporaryDirectory() as folder:
                times[name].append(seconds(command(folder)))
            sys.stdout.write(f"{turn + 1} {name}: {times[name][-1]:.1f} s\n")
    ratio = statistics.median(times["papermill"]) / statistics.median(times["lekp run"])
    sys.stdout.write(f"{len(UNITS)} notebooks, ratio of medians {ratio:.2f}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
