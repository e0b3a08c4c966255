"""Renovation, temperature and what comes first, on small fictional places."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lekp_lib.assumptions import load
from lekp_lib.contracts import RESULTS, Flanders, Place
from lekp_lib.disclosure import publish
from lekp_lib.money import annuity_factor
from lekp_lib.studies._net_ground import NET_KEYS, prepare_ground
from lekp_lib.studies._net_plan import Plan, plan_of
from lekp_lib.studies._net_renovation import renovation_section
from lekp_lib.studies._section import Section
from lekp_lib.studies._warmtenet_model import heat_of
from lekp_lib.studies._warmtenet_scene import KEYS, Neighbourhood, prepare
from lekp_lib.synthetic import make_wijk

KINDS = ("station", "bare", "one", "no homes")
Parts = tuple[Plan, Place, Neighbourhood]


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


def planned(flanders: Flanders, kind: str, own: pd.DataFrame | None = None) -> Parts:
    """Return the plan of such a place."""
    found = place(kind, own)
    used = found.assumptions.pick((*KEYS, *NET_KEYS))
    values = {key: figure.value for key, figure in used.items()}
    hood = prepare(found, flanders, used)
    plan = plan_of(prepare_ground(found, hood, heat_of(hood, values), used))
    assert plan is not None
    return plan, found, hood


def own_figures(**values: float) -> pd.DataFrame:
    """Return figures of the place itself; a double underscore stands for a dot."""
    keys = [key.replace("__", ".") for key in values]
    table = pd.DataFrame({"key": keys, "value": list(values.values())})
    return table.assign(unit=[load()[key].unit for key in keys], source=None, note=None)


@pytest.fixture(scope="module")
def sections(flanders: Flanders) -> Any:
    """Give the function that answers for each kind of place once."""
    return cache(lambda kind: renovation_section(*planned(flanders, kind)))


@pytest.fixture(scope="module")
def plan(flanders: Flanders) -> Plan:
    """Give the plan of the dense place."""
    return planned(flanders, "station")[0]


def rows(section: Section) -> pd.DataFrame:
    """Return the table of depths by depth and regime."""
    return section.tables["renovatie_en_net"].set_index(["depth", "regime"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["renovatie_en_net", "volgorde"])
def test_tables_keep_their_contract(sections: Any, kind: str, name: str) -> None:
    """Also for one house, without homes and without optional tables; nothing is blanked."""
    table = sections(kind).tables[name]
    RESULTS[name].model.validate(table)
    shown = publish(table, RESULTS[name], smallest_cell=10, smallest_street=5, is_fictional=False)
    assert len(shown.frame) == {"renovatie_en_net": 6, "volgorde": 3}[name]


@pytest.mark.parametrize("kind", KINDS)
def test_sentences_name_no_missing_figure(sections: Any, kind: str) -> None:
    """What cannot be computed is not told."""
    told = " ".join(sections(kind).remarks)
    assert "niet bekend" not in told
    assert "nan" not in told


def test_without_renovation_the_network_is_that_of_the_plan(sections: Any, plan: Plan) -> None:
    """The first row repeats the first question."""
    row = rows(sections("station")).loc[("none", "70/40")]
    assert row["mains_eur"] == plan.case.investment_eur["mains"]
    assert row["co2_t"] == plan.case.co2_t
    pumps = plan.ways["heat_pump"]
    homes = pumps[pumps["dwellings"] > 0]
    each = homes["all_in_eur"].sum() / homes["dwellings"].sum()
    assert row["household_pump_eur"] == pytest.approx(each)


def test_deeper_renovation_asks_less_and_never_thicker_pipes(sections: Any) -> None:
    """Demand, power and pipes fall; the share that is lost grows."""
    found = rows(sections("station")).xs("70/40", level="regime").loc[["none", "light", "deep"]]
    for name in ("demand_gwh", "design_kw", "mains_eur", "mean_dn"):
        assert found[name].is_monotonic_decreasing, name
    assert found["loss_share"].is_monotonic_increasing


def test_a_cooler_network_loses_less(sections: Any) -> None:
    """At every depth."""
    loss = rows(sections("station"))["loss_share"]
    cool, warm = (loss.xs(regime, level="regime") for regime in ("55/30", "70/40"))
    assert (cool < warm).all()


def test_only_radiators_that_are_too_small_are_replaced(sections: Any) -> None:
    """A home without renovation asks 70 °C and gets 55."""
    emitters = rows(sections("station"))["emitters_eur"]
    assert emitters.index[emitters > 0].tolist() == [("none", "55/30")]


def test_the_bill_is_price_times_heat_with_vat(sections: Any, plan: Plan) -> None:
    """Recomputed by hand from the row and the loads."""
    row = rows(sections("station")).loc[("none", "70/40")]
    homes = plan.ground.loads.query("dwellings > 0")
    heat = homes["demand_mwh"].sum() / homes["dwellings"].sum()
    vat = 1 + plan.ground.figures["individual.heat_vat_share"]
    assert row["heat_bill_eur"] == pytest.approx(heat * row["break_even_eur_mwh"] * vat)
    assert row["household_network_eur"] == row["heat_bill_eur"]
    assert row["saving_eur"] == row["household_pump_eur"] - row["household_network_eur"]


def test_the_renovation_is_spread_over_its_life(flanders: Flanders) -> None:
    """Without interest a renovation of 35 years costs a thirty-fifth a year, in both ways."""
    section = renovation_section(
        *planned(flanders, "station", own_figures(individual__rate_share=0.0))
    )
    row = rows(section).loc[("deep", "70/40")]
    yearly = row["household_network_eur"] - row["heat_bill_eur"]
    assert yearly == pytest.approx(row["renovation_eur"] / 35)


def test_a_cool_network_boosts_hot_water(sections: Any, plan: Plan) -> None:
    """Only at 55/30: a fifth of the hot water at the price of electricity, and the device."""
    found = rows(sections("station"))["booster_eur"]
    assert (found.xs("70/40", level="regime") == 0).all()
    ground = plan.ground
    homes = ground.loads.query("dwellings > 0")
    electricity = 0.2 * homes["hot_water_mwh"].sum() / homes["dwellings"].sum()
    price = ground.figures["supply.carrier.electricity_household.price_eur_mwh"]
    device = ground.figures["individual.booster.dwelling_eur"] * 1.06 * annuity_factor(0.03, 15)
    cool = found.xs("55/30", level="regime")
    assert cool.tolist() == pytest.approx([electricity * price + float(device)] * 3)


def test_boosted_heat_is_not_paid_twice(sections: Any, plan: Plan) -> None:
    """The network sells less by the electricity of the boosters; all are in the household's sum."""
    row = rows(sections("station")).loc[("light", "55/30")]
    homes = plan.ground.loads.query("dwellings > 0")
    less = 0.2 * homes["hot_water_mwh"].sum() + 0.25 * homes["space_mwh"].sum()
    sold = (homes["demand_mwh"].sum() - less) / homes["dwellings"].sum()
    assert row["heat_bill_eur"] == pytest.approx(sold * row["break_even_eur_mwh"] * 1.06)
    renovation = row["renovation_eur"] * float(annuity_factor(0.03, 35))
    parts = row["heat_bill_eur"] + row["booster_eur"] + renovation
    assert row["household_network_eur"] == pytest.approx(parts)


def with_heritage(parts: Parts, value: bool | None) -> Parts:
    """Return the parts with all buildings heritage, none, or not known."""
    plan, found, hood = parts
    known = pd.array([value] * len(hood.buildings), "boolean")
    return plan, found, replace(hood, buildings=hood.buildings.assign(is_heritage=known))


def test_heritage_keeps_its_walls(flanders: Flanders) -> None:
    """Deep renovation then costs less and saves less; light renovation is the same."""
    parts = planned(flanders, "station")
    all_of_them, none = (
        renovation_section(*with_heritage(parts, value)) for value in (True, False)
    )
    kept, free = (rows(section).xs("70/40", level="regime") for section in (all_of_them, none))
    assert kept.loc["deep", "demand_gwh"] > free.loc["deep", "demand_gwh"]
    assert kept.loc["deep", "renovation_eur"] < free.loc["deep", "renovation_eur"]
    pd.testing.assert_series_equal(kept.loc["light"], free.loc["light"])
    assert "erfgoed" in " ".join(all_of_them.remarks)
    assert "erfgoed" not in " ".join(none.remarks)


def test_heritage_that_is_not_known_counts_as_none(flanders: Flanders) -> None:
    """A blank is no reason to leave the walls alone."""
    parts = planned(flanders, "bare")
    blank, none = (
        rows(renovation_section(*with_heritage(parts, value))) for value in (None, False)
    )
    pd.testing.assert_frame_equal(blank, none)


def order(section: Section) -> pd.DataFrame:
    """Return the table of orders by order."""
    return section.tables["volgorde"].set_index("order")


def test_orders_add_up(sections: Any) -> None:
    """The total is what the network, the renovation and the gas cost."""
    found = order(sections("station"))
    parts = found[["network_eur", "renovation_eur", "gas_eur"]].sum(axis=1)
    assert found["total_eur"].to_numpy() == pytest.approx(parts.to_numpy())


def test_a_network_that_waits_keeps_homes_on_gas_so_much_longer(sections: Any) -> None:
    """Ten years by default."""
    years = order(sections("station"))["gas_years"]
    assert years["renovation_first"] - years["together"] == pytest.approx(10)
    assert years["network_first"] == years["together"]


def test_without_waiting_the_orders_are_the_same(flanders: Flanders) -> None:
    """Renovation first with a network in the same year is both in one go."""
    nothing = own_figures(phasing__network_wait_years=0.0)
    found = order(renovation_section(*planned(flanders, "station", nothing)))
    same = found.loc[["together", "renovation_first"]].drop(columns="regime")
    assert np.ptp(same.to_numpy("float64"), axis=0) == pytest.approx(0)


def test_later_renovation_costs_less_today(sections: Any) -> None:
    """At a positive return; the same renovation of the same homes."""
    cost = order(sections("station"))["renovation_eur"]
    assert 0 < cost["network_first"] < cost["together"]
    assert cost["renovation_first"] == pytest.approx(cost["together"])


def test_figures_repeat_the_tables(sections: Any) -> None:
    """The key figures are cells of the tables."""
    section = sections("station")
    values = {figure.key: figure.value for figure in section.figures}
    deep = rows(section).loc[("deep", "55/30")]
    assert values["deep_break_even_eur_mwh"] == deep["break_even_eur_mwh"]
    less = 1 - deep["demand_gwh"] / rows(section).loc[("none", "70/40"), "demand_gwh"]
    assert values["deep_demand_less_share"] == pytest.approx(less)
