"""Every packaged figure is read by something: a figure without a reader only misleads."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import ItemsView, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lekp_lib.assumptions import Assumption, Assumptions, load
from lekp_lib.contracts import Flanders
from lekp_lib.domain import network_cost
from lekp_lib.io.read import read_place
from lekp_lib.studies import _net_ground, _typology
from lekp_lib.studies.iedereen_mee import iedereen_mee
from lekp_lib.studies.straten import straten
from lekp_lib.studies.warmtenet import warmtenet

ROOT = Path(__file__).parents[2]
PLACE = "proefgemeente/proefwijk"


class Watched(Assumptions):
    """The figures of a place; tells which were asked for by name or by a narrow beginning."""

    read: set[str] = set()  # noqa: RUF012 - one list for a figure and what is picked from it
    picked: set[str] = set()  # noqa: RUF012

    def __getitem__(self, key: str) -> Assumption:
        self.read.add(key)
        return super().__getitem__(key)

    def items(self) -> ItemsView[str, Assumption]:
        """Return all figures; copying them all is not reading them."""
        return self._figures.items()

    def pick(self, keys: Iterable[str]) -> Watched:
        """Return some figures; naming what may be read is not reading."""
        chosen = {key: self._figures[key] for key in keys}
        self.picked.update(chosen)
        return Watched(chosen)

    def values_below(self, prefix: str) -> dict[str, float]:
        """Return the values below a prefix."""
        found = super().values_below(prefix)
        self.read.update(prefix + name for name in found)
        return found


class Values(dict[str, float]):
    """
    Values by key below a beginning; to copy or list them all is only reading below a narrow one.

    Of a narrow beginning (with two dots) what lies directly below it is read at once, because
    ``**`` leaves no trace.
    """

    def __init__(self, values: Mapping[str, float], prefix: str = "") -> None:
        super().__init__(values)
        self.prefix = prefix
        self._tell(key for key in values if "." not in key)

    def __getitem__(self, key: str) -> float:
        Watched.read.add(self.prefix + key)
        return super().__getitem__(key)

    def items(self) -> Any:
        """Return keys and values."""
        self._tell(self)
        return super().items()

    def _tell(self, keys: Iterable[str]) -> None:
        if self.prefix.count(".") > 1:
            Watched.read.update(self.prefix + key for key in keys)


@pytest.fixture(scope="module")
def read(flanders: Flanders) -> set[str]:
    """Give the keys that three studies read of the place with every table."""
    indexed = network_cost.indexed

    def below(values: dict[str, float], prefix: str) -> Values:
        return Values(
            {
                key.removeprefix(prefix): value
                for key, value in dict.items(values)
                if key.startswith(prefix)
            },
            prefix,
        )

    place = read_place(PLACE, data_dir=ROOT / "tests" / "fixtures" / "data")
    place = replace(place, assumptions=Watched(load()))
    Watched.read.clear()
    _typology._fitted.cache_clear()  # an earlier test may have read these figures
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network_cost, "indexed", lambda *a, **k: Values(indexed(*a, **k)))
        patch.setattr(_net_ground, "below", below)
        warmtenet(place, flanders)
        straten(place, flanders)
        iedereen_mee(place, flanders, on=dt.date(2026, 11, 1))
    return set(Watched.read)


def named() -> set[str]:
    """Return every string that stands in the code."""
    paths = [*(ROOT / "lekp_lib").rglob("*.py"), *(ROOT / "benchmarks").glob("*.py")]
    trees = (ast.walk(ast.parse(path.read_text(encoding="utf-8"))) for path in paths)
    return {
        node.value
        for nodes in trees
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_figure_is_read(read: set[str]) -> None:
    """
    By its name in the code, or by a study of the place with every table.

    A theme that none of the studies picks from is on no page.
    """
    strings = named()
    themes = {key.partition(".")[0] for key in Watched.picked}
    starts = tuple(one for one in strings if one.count(".") > 1 and one.endswith("_"))
    dead = [key for key in load() if key not in read | strings and not key.startswith(starts)]
    assert [key for key in dead if key.partition(".")[0] in themes] == []
