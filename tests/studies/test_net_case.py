"""One network in yearly money: the same price wherever it is asked, and pipes that lie already."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from lekp_lib.assumptions import load
from lekp_lib.contracts import Flanders, Place
from lekp_lib.domain.heat_finance import break_even_price
from lekp_lib.studies._net_case import cohorts_of, growth_of, project_of, works_saving
from lekp_lib.studies._net_draws import drivers_of, model_of
from lekp_lib.studies._net_ground import GROUP_KINDS, NET_KEYS, prepare_ground
from lekp_lib.studies._net_money import money_section
from lekp_lib.studies._net_phases import phases_section
from lekp_lib.studies._net_plan import Plan, plan_of
from lekp_lib.studies._net_risk import risk_section
from lekp_lib.studies._warmtenet_model import heat_of
from lekp_lib.studies._warmtenet_scene import KEYS, Neighbourhood, prepare
from lekp_lib.synthetic import make_wijk

Parts = tuple[Plan, Place, Neighbourhood]


def planned(flanders: Flanders, kind: str, **tables: pd.DataFrame) -> Parts:
    """Return the plan of a small fictional place of that kind."""
    wijk = make_wijk(kind, dwellings=60, seed=3)  # type: ignore[arg-type]
    own = tables.pop("aannames", None)
    found = Place(
        f"proef/{wijk.slug}", wijk.settings, "", {**wijk.tables, **tables}, {}, (), load(own)
    )
    used = found.assumptions.pick((*KEYS, *NET_KEYS))
    values = {key: figure.value for key, figure in used.items()}
    hood = prepare(found, flanders, used)
    plan = plan_of(prepare_ground(found, hood, heat_of(hood, values), used))
    assert plan is not None
    return plan, found, hood


@pytest.fixture(scope="module")
def plans(flanders: Flanders) -> Any:
    """Give the function that plans each kind of place once."""
    return cache(lambda kind: planned(flanders, kind))


def sewer(hood: Neighbourhood) -> pd.DataFrame:
    """Return a calendar with a sewer in every street in the first year of the network."""
    streets = list(hood.streets.index)
    table = pd.DataFrame(
        {
            "street_id": streets,
            "party": "sewer",
            "asset": "sewer",
            "planned_year": 2028,
            "earliest_year": None,
            "latest_year": None,
            "length_share": None,
        },
        index=pd.Index([f"w{n}" for n in range(len(streets))], name="works_id"),
    )
    years = dict.fromkeys(("planned_year", "earliest_year", "latest_year"), "Int64")
    return table.astype({**years, "length_share": "float64"})


def figures_of(**values: float) -> pd.DataFrame:
    """Return figures of the place itself; a double underscore stands for a dot."""
    keys = [key.replace("__", ".") for key in values]
    units = [load()[key].unit for key in keys]
    return pd.DataFrame({"key": keys, "value": list(values.values()), "unit": units, "source": ""})


@pytest.mark.parametrize("kind", ["station_belt", "garden_quarter", "allotment"])
@pytest.mark.parametrize("with_works", [False, True])
def test_one_price_wherever_it_is_asked(
    plans: Any, flanders: Flanders, kind: str, with_works: bool
) -> None:
    """First screen, owners, draws and "all at once" agree to the cent, shared works included."""
    parts = plans(kind)
    if with_works:
        parts = planned(flanders, kind, werken=sewer(parts[2]))
    plan, *rest = parts
    drivers = drivers_of(plan, *rest)
    own = pd.DataFrame([{key: one.value for key, one in drivers.items()}])
    terms = {"return_share": 0.035, "subsidy_share": 0.3}
    price = float(break_even_price(plan.project, **terms))
    money, phases = money_section(plan, *rest), phases_section(plan, *rest)
    owners = money.tables["eigenaars"].set_index("owner")["break_even_eur_mwh"]
    order = phases.tables["fasering"].set_index("approach")["break_even_eur_mwh"]
    found = [
        {figure.key: figure.value for figure in money.figures}["break_even_eur_mwh"],
        owners["municipality"],
        order["all_at_once"],
        float(model_of(plan, drivers).prices(own)["network"].iloc[0]),
    ]
    assert found == pytest.approx([price] * 4, abs=0.005)


def test_a_shared_trench_is_cheaper(plans: Any, flanders: Flanders) -> None:
    """Half of the digging in the street is saved, and the price on the first screen falls."""
    plan, _, hood = plans("station_belt")
    along = planned(flanders, "station_belt", werken=sewer(hood))[0]
    nothing = pd.Series(0.0, along.case.network.index)
    in_street = along.case.mains[along.case.mains["street_id"].notna()]
    saved = works_saving(along.case, nothing).sum()
    assert saved == pytest.approx(in_street["civils_eur"].sum() / 2)
    one, other = (break_even_price(p.project, return_share=0.035) for p in (plan, along))
    assert other < one


def test_what_is_paid_over_the_years_is_what_is_built(plans: Any) -> None:
    """Mains for all, connections and house connections for who is expected to join."""
    case = plans("station_belt")[0].case
    final = case.loads["final_share"]
    spent = project_of(case).investment_eur
    service = case.services.set_index("building_id")["cost_eur"].reindex(case.loads.index)
    expected = case.mains["cost_eur"].sum() + (service * final).sum()
    expected -= works_saving(case, pd.Series(0.0, case.network.index)).sum()
    assert spent["pipes"].sum() == pytest.approx(expected)
    paid = (case.connections["connection_eur"] * final).sum()
    assert spent["connections"].sum() == pytest.approx(paid)
    assert spent.loc[0].sum() < spent.sum().sum()


def test_heat_follows_what_was_paid_the_year_before(plans: Any) -> None:
    """Nothing is sold in the first year; what is sold later was connected by then."""
    case = plans("station_belt")[0].case
    project, growth = project_of(case), growth_of(case, cohorts_of(case))
    sold = project.heat_mwh * project.uptake_share
    assert sold[0] == 0
    assert sold[1:].tolist() == pytest.approx(growth["heat_mwh"].iloc[:-1].tolist())
    expected = (case.loads["demand_mwh"] * case.loads["final_share"]).sum()
    assert sold[-1] == pytest.approx(expected)


def test_who_joins_at_once_pays_at_once(plans: Any) -> None:
    """Uptake in 0 years: a network that is bought whole in the first year."""
    case = plans("station_belt")[0].case
    fast = replace(case, loads=case.loads.assign(full_after_years=0.0))
    spent = project_of(fast).investment_eur.sum(axis=1)
    assert spent.iloc[1:].sum() == pytest.approx(0.0)


@pytest.mark.parametrize(
    "key",
    [
        *(f"phasing.{kind}.full_after_years" for kind in GROUP_KINDS),
        "supply.kind.power_grid.investment_eur_kw",
        "supply.kind.power_grid.charge_eur_kw_year",
        "network.hard.service_share",
    ],
)
def test_a_figure_of_0_gives_an_answer(flanders: Flanders, key: str) -> None:
    """Who joins at once, a connection that is there already: every part of the answer stands."""
    own = figures_of(**{key.replace(".", "__"): 0.0})
    parts = planned(flanders, "station_belt", aannames=own)
    for section in (money_section, phases_section, risk_section):
        assert section(*parts).tables


def existing(plan: Plan, dn: int, part: float) -> gpd.GeoDataFrame:
    """Return pipes of one size beside a part of the mains of a plan."""
    mains = plan.case.mains
    chosen = mains[np.random.default_rng(1).random(len(mains)) < part]
    names = pd.Index([f"p{number}" for number in range(len(chosen))], name="pipe_id")
    sizes = pd.array([dn] * len(chosen), dtype="Int64")
    lines = gpd.GeoSeries(chosen["geometry"].to_numpy(), crs=31370).translate(1.0, 1.0)
    return gpd.GeoDataFrame({"dn": sizes}, index=names, geometry=lines.to_numpy(), crs=31370)


@pytest.mark.parametrize("kind", ["station_belt", "allotment"])
def test_thin_stubs_are_not_followed(plans: Any, flanders: Flanders, kind: str) -> None:
    """Pipes of DN20 under half of the streets make the network hardly dearer."""
    plan = plans(kind)[0]
    stubs = planned(flanders, kind, warmteleidingen=existing(plan, 20, 0.5))[0]
    without, along = (one.case.network["cost_eur"].sum() for one in (plan, stubs))
    assert along < 1.02 * without
    replaced = stubs.case.mains["needs_replacement"]
    assert (
        stubs.case.mains.loc[replaced, "length_m"].sum() < 0.05 * plan.case.mains["length_m"].sum()
    )


def test_pipes_that_are_thick_enough_are_used(plans: Any, flanders: Flanders) -> None:
    """DN150 under every street: hardly a metre of main is dug, and the proof still holds."""
    plan = plans("station_belt")[0]
    thick = planned(flanders, "station_belt", warmteleidingen=existing(plan, 150, 1.1))[0]
    assert thick.case.mains["cost_eur"].sum() < 0.2 * plan.case.mains["cost_eur"].sum()
    assert 0.0 <= thick.gap_share < 0.05
