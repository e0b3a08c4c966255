"""Plans of a heat network on small fictional places, made once for all tests."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd
import pytest

from lekp_lib.assumptions import load
from lekp_lib.contracts import Flanders, Place
from lekp_lib.studies._net_ground import NET_KEYS, prepare_ground
from lekp_lib.studies._net_plan import Plan, plan_of
from lekp_lib.studies._warmtenet_model import heat_of
from lekp_lib.studies._warmtenet_scene import KEYS, Neighbourhood, prepare
from lekp_lib.synthetic import make_wijk


def place(kind: str, own: pd.DataFrame | None = None) -> Place:
    """Return a dense place, without its optional tables, one house, or only schools."""
    wijk = make_wijk("station_belt", dwellings=1 if kind == "one" else 40, seed=3)
    tables = dict(wijk.tables)
    if kind != "station":
        tables = {name: tables[name] for name in ("gebouwen", "straten")}
    if kind == "no homes":
        tables["gebouwen"] = tables["gebouwen"].assign(function="school", dwellings=0)
        tables["gebouwen"] = tables["gebouwen"].astype({"function": "str", "dwellings": "Int64"})
    return Place(f"proef/{wijk.slug}", wijk.settings, "", tables, {}, (), load(own))


@pytest.fixture(scope="session")
def planned(flanders: Flanders) -> Any:
    """Give the function that plans a kind of place, with figures of its own."""

    def plan_with(
        kind: str = "station", own: pd.DataFrame | None = None
    ) -> tuple[Plan, Place, Neighbourhood]:
        found = place(kind, own)
        used = found.assumptions.pick((*KEYS, *NET_KEYS))
        values = {key: figure.value for key, figure in used.items()}
        hood = prepare(found, flanders, used)
        plan = plan_of(prepare_ground(found, hood, heat_of(hood, values), used))
        assert plan is not None
        return plan, found, hood

    return plan_with


@pytest.fixture(scope="session")
def plans(planned: Any) -> Any:
    """Give the function that plans each kind of place once."""
    return cache(lambda kind: planned(kind))
