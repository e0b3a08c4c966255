"""Draws, tornado and verdict on a heat network on small fictional places."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lekp_lib import wording
from lekp_lib.contracts import RESULTS, Contract
from lekp_lib.disclosure import publish
from lekp_lib.domain.heat_finance import break_even_price
from lekp_lib.studies._net_case import case_of, project_of
from lekp_lib.studies._net_draws import Driver, Model, drivers_of, model_of
from lekp_lib.studies._net_plan import Plan, price_to_beat, ways_of
from lekp_lib.studies._net_risk import risk_section
from lekp_lib.studies._section import Section

KINDS = ("station", "bare", "one", "no homes")
MINE = [
    RESULTS[name] for name in ("tornado_prijs", "kans_op_voordeel", "wat_draait_het", "oordeel_net")
]


@pytest.fixture(scope="module")
def sections(plans: Any) -> Any:
    """Give the function that returns the section of each kind of place."""
    return cache(lambda kind: risk_section(*plans(kind)))


@pytest.fixture(scope="module")
def station(sections: Any) -> Section:
    """Give the section of the dense place."""
    return sections("station")


@pytest.fixture(scope="module")
def drivers(plans: Any) -> dict[str, Driver]:
    """Give the assumptions that move in the dense place."""
    return drivers_of(*plans("station"))


@pytest.fixture(scope="module")
def model(plans: Any, drivers: dict[str, Driver]) -> Model:
    """Give the prices of the dense place."""
    return model_of(plans("station")[0], drivers)


def priced(model: Model, drivers: dict[str, Driver], **changed: float) -> dict[str, float]:
    """Return the prices with all at our own values but some."""
    values = {key: one.value for key, one in drivers.items()} | changed
    return {str(way): price for way, price in model.prices(pd.DataFrame([values])).iloc[0].items()}


def with_figures(plan: Plan, **changed: float) -> Plan:
    """Return the ground of a plan under other figures; dots of the keys written as __."""
    other = {key.replace("__", "."): value for key, value in changed.items()}
    return replace(plan, ground=replace(plan.ground, figures=plan.ground.figures | other))


def own(key: str, value: float, unit: str) -> pd.DataFrame:
    """Return the table aannames with one row."""
    return pd.DataFrame({"key": [key], "value": [value], "unit": [unit], "source": ["Bod"]})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("contract", MINE, ids=lambda one: one.name)
def test_tables_hold_their_contract(sections: Any, kind: str, contract: Contract) -> None:
    """In every kind of place, and all rows can be shown."""
    table = sections(kind).tables[contract.name]
    contract.model.validate(table)
    shown = publish(table, contract, smallest_cell=10, smallest_street=5, is_fictional=False)
    assert len(shown.frame) == len(table)


@pytest.mark.parametrize("kind", ["station", "bare", "one"])
def test_own_values_give_the_prices_of_the_plan(plans: Any, kind: str) -> None:
    """The parts put together are the break-even price and the price to beat again."""
    plan, found, hood = plans(kind)
    moving = drivers_of(plan, found, hood)
    prices = priced(model_of(plan, moving), moving)
    own_price = float(break_even_price(plan.project, return_share=0.035, subsidy_share=0.3))
    assert prices["network"] == pytest.approx(own_price)
    assert prices["heat_pump"] == pytest.approx(plan.price_to_beat_eur_mwh)
    assert prices["gas"] == pytest.approx(price_to_beat(plan.ground, plan.ways["gas"]))


@pytest.mark.parametrize(
    ("driver", "key", "value"),
    [
        ("power_home", "supply__carrier__electricity_household__price_eur_mwh", 420.0),
        ("cop_home", "supply__cop__field_share", 0.75),
        ("home_rate", "individual__rate_share", 0.06),
        ("home_rate", "individual__rate_share", 0.0),
        ("pump_upkeep", "individual__heat_pump__upkeep_share", 0.01),
        ("pump_life", "individual__heat_pump__lifetime_years", 15.0),
        ("vat", "individual__heat_vat_share", 0.21),
    ],
)
def test_heat_pump_is_as_dear_as_when_reckoned_anew(
    plans: Any, model: Model, drivers: dict[str, Driver], driver: str, key: str, value: float
) -> None:
    """The parts move as the whole calculation does; a COP moves the power grid a little too."""
    changed = with_figures(plans("station")[0], **{key: value})
    anew = ways_of(changed.ground, changed.ground.loads)["heat_pump"]
    price = priced(model, drivers, **{driver: value})["heat_pump"]
    assert price == pytest.approx(price_to_beat(changed.ground, anew), rel=5e-4)


def test_gas_is_as_dear_as_when_reckoned_anew(
    plans: Any, model: Model, drivers: dict[str, Driver]
) -> None:
    """A higher gas price moves gas, and nothing else."""
    changed = with_figures(plans("station")[0], supply__carrier__gas_household__price_eur_mwh=120.0)
    anew = ways_of(changed.ground, changed.ground.loads)["gas"]
    found, before = priced(model, drivers, gas_home=120.0), priced(model, drivers)
    assert found["gas"] == pytest.approx(price_to_beat(changed.ground, anew))
    assert found["network"] == before["network"]
    assert found["heat_pump"] == before["heat_pump"]


def test_electricity_moves_the_network_as_when_dispatched_anew(
    plans: Any, model: Model, drivers: dict[str, Driver]
) -> None:
    """Half the price of electricity, with sources that keep their order."""
    plan = plans("station")[0]
    half = plan.ground.figures["supply.carrier.electricity.price_eur_mwh"] / 2
    changed = with_figures(plan, supply__carrier__electricity__price_eur_mwh=half)
    case = case_of(changed.ground, plan.case.network.drop(columns=_SIZED), plan.case.loads)
    anew = break_even_price(project_of(case), return_share=0.035, subsidy_share=0.3)
    price = priced(model, drivers, power_network=half)["network"]
    assert price == pytest.approx(float(anew), rel=0.02)


_SIZED = ["pipe_eur", "civils_eur", "cost_eur", "loss_mwh"]


def test_more_uptake_is_the_project_of_more_uptake(
    plans: Any, model: Model, drivers: dict[str, Driver]
) -> None:
    """A tenth more of everybody: more connections, plant and heat, the same mains."""
    plan = plans("station")[0]
    loads = plan.case.loads.assign(final_share=plan.case.loads["final_share"] * 1.1)
    anew = break_even_price(
        project_of(replace(plan.case, loads=loads)), return_share=0.035, subsidy_share=0.3
    )
    price = priced(model, drivers, uptake=drivers["uptake"].value * 1.1)["network"]
    assert price == pytest.approx(float(anew))
    assert price < priced(model, drivers)["network"]


def test_slower_uptake_is_the_project_of_slower_uptake(
    plans: Any, model: Model, drivers: dict[str, Driver]
) -> None:
    """Everybody takes twice as long."""
    plan = plans("station")[0]
    loads = plan.case.loads
    slow = loads.assign(full_after_years=loads["full_after_years"] * 2.0)
    anew = break_even_price(
        project_of(replace(plan.case, loads=slow)), return_share=0.035, subsidy_share=0.3
    )
    price = priced(model, drivers, speed=drivers["speed"].value * 2.0)["network"]
    assert price == pytest.approx(float(anew))


def test_less_heat_carries_the_same_losses(model: Model, drivers: dict[str, Driver]) -> None:
    """With half the heat the network price more than its energy part rises; pumps share less."""
    half, whole = priced(model, drivers, later_demand=0.5), priced(model, drivers)
    assert half["network"] > whole["network"]
    assert half["heat_pump"] > whole["heat_pump"]
    both = priced(model, drivers, later_demand=0.5, demand=2.0)
    assert both["network"] == pytest.approx(whole["network"])


def test_tornado_of_the_return_by_hand(plans: Any, station: Section) -> None:
    """At 2.5 and 5 % only the network moves."""
    plan = plans("station")[0]
    row = station.tables["tornado_prijs"].set_index("assumption").loc["gemeente: vereist rendement"]
    ends = break_even_price(plan.project, return_share=[0.025, 0.05], subsidy_share=0.3)
    gaps = ends - plan.price_to_beat_eur_mwh
    assert [row["gap_low_eur_mwh"], row["gap_high_eur_mwh"]] == pytest.approx(gaps.tolist())
    assert (row["low_text"], row["value_text"], row["high_text"]) == ("2,5 %", "3,5 %", "5,0 %")


def test_what_moves_nothing_is_left_out(station: Section) -> None:
    """The gas price says nothing about net against heat pump; the largest swing comes first."""
    table = station.tables["tornado_prijs"]
    assert not table["assumption"].str.contains("gasprijs").any()
    assert table["swing_eur_mwh"].is_monotonic_decreasing
    assert set(table["assumption"]) == set(station.tables["wat_draait_het"]["assumption"])


def test_figure_of_the_place_itself_does_not_move(planned: Any) -> None:
    """Who gives an own return has no doubt on it left in the tornado."""
    given = own("finance.municipality.required_return_share", 0.03, "aandeel")
    table = risk_section(*planned(own=given)).tables["tornado_prijs"]
    assert "gemeente: vereist rendement" not in set(table["assumption"])


def at_cost(plan: Plan, factor: float) -> Plan:
    """Return the plan with everything that is built so many times as dear."""
    pipes = ["pipe_eur", "civils_eur", "cost_eur"]
    case = plan.case
    network = case.network.assign(**{name: case.network[name] * factor for name in pipes})
    parts = case.parts.assign(
        **{name: case.parts[name] * factor for name in ("investment_eur", "operation_eur_year")}
    )
    dear = replace(case, network=network, parts=parts, connections=case.connections * factor)
    return replace(plan, case=dear, project=project_of(dear))


def test_verdict_follows_the_price(plans: Any) -> None:
    """A network of twenty times the cost does not pay; one for next to nothing does."""
    plan, *rest = plans("station")
    found = {
        factor: risk_section(at_cost(plan, factor), *rest).tables["oordeel_net"]
        for factor in (0.01, 20.0)
    }
    assert found[0.01]["verdict"].tolist() == ["kansrijk"]
    assert found[20.0]["verdict"].tolist() == ["niet"]
    assert "minder dan 10 % kans" in found[20.0]["probability"].iloc[0]


def test_turning_value_makes_both_as_dear(plans: Any, drivers: dict[str, Driver]) -> None:
    """A network just dearer than a heat pump: the value that turns it is told and sooner first."""
    plan, found, hood = plans("station")
    once, twice = (
        priced(model_of(at_cost(plan, factor), drivers), drivers)["network"]
        for factor in (1.0, 2.0)
    )
    as_dear = 1.0 + (1.01 * plan.price_to_beat_eur_mwh - once) / (twice - once)
    section = risk_section(at_cost(plan, as_dear), found, hood)
    table = section.tables["wat_draait_het"]
    turned = table[table["flips_text"] != "keert niet om"]
    assert len(turned) > 3
    assert turned["distance_share"].is_monotonic_increasing
    assert (turned["flips_text"] != turned["value_text"]).all()
    assert turned["assumption"].iloc[0] in section.tables["oordeel_net"]["turns"].iloc[0]


def test_chances_are_counted_in_order(station: Section) -> None:
    """Low lies below middle and middle below high, for every way."""
    table = station.tables["kans_op_voordeel"]
    assert table["way"].tolist() == ["network", "heat_pump", "gas"]
    assert (table["low_eur_mwh"] < table["middle_eur_mwh"]).all()
    assert (table["middle_eur_mwh"] < table["high_eur_mwh"]).all()


def test_probability_is_never_certain(station: Section) -> None:
    """A rounded chance is a tenth between 10 and 90 %."""
    shares = [figure.value for figure in station.figures if figure.unit == "aandeel"]
    tenths = np.array(shares, "float64") * 10
    assert tenths == pytest.approx(np.round(tenths))
    assert ((tenths >= 1) & (tenths <= 9)).all()


def test_the_same_draws_each_time(plans: Any, station: Section) -> None:
    """Who runs it again reads the same figures."""
    again = risk_section(*plans("station"))
    pd.testing.assert_frame_equal(
        again.tables["kans_op_voordeel"], station.tables["kans_op_voordeel"]
    )


def test_without_homes_there_is_no_verdict(sections: Any) -> None:
    """The network has a price, but nothing to be held against."""
    section = sections("no homes")
    assert section.tables["oordeel_net"]["verdict"].tolist() == ["niet bekend"]
    assert section.tables["kans_op_voordeel"]["middle_eur_mwh"].notna().tolist() == [
        True,
        False,
        False,
    ]
    assert "geen oordeel" in section.remarks[0]


def test_without_uptake_there_is_no_verdict(planned: Any) -> None:
    """Nobody joins: the draws say nothing, and nothing breaks."""
    given = own("phasing.street.final_share", 0.0, "aandeel")
    rows = [given.assign(key=f"phasing.{kind}.final_share") for kind in _GROUPS]
    section = risk_section(*planned(own=pd.concat(rows)))
    assert section.tables["oordeel_net"]["verdict"].tolist() == ["niet bekend"]


_GROUPS = ("street", "estate", "apartment", "anchor")


@pytest.mark.parametrize("kind", KINDS)
def test_sentences_have_no_holes(sections: Any, kind: str) -> None:
    """No sentence names a figure that is not known."""
    row = sections(kind).tables["oordeel_net"].drop(columns="verdict").iloc[0]
    text = " ".join([*sections(kind).remarks, *row])
    assert "nan" not in text.casefold().split()
    assert wording.NOT_KNOWN not in text


def test_metered_place_is_surer_of_its_heat(plans: Any) -> None:
    """With meters what gas becomes is in doubt; without, how the homes lie from the mean."""
    metered, bare = (drivers_of(*plans(kind))["demand"] for kind in ("station", "bare"))
    assert "gemeten gas" in metered.label
    assert "niet gemeten" in bare.label
    assert bare.high - bare.low > metered.high - metered.low


def test_text_of_a_driver() -> None:
    """Factors are shares of our own figure; years and narrow shares get a decimal."""
    assert Driver("x", 0.5, 1.0, 2.0, "-").text(0.5) == "50 % van ons cijfer"
    assert Driver("x", 0.5, 1.0, 2.0, "-").text(1.0) == "ons cijfer"
    assert Driver("x", 0.02, 0.03, 0.04, "aandeel").text(0.025) == "2,5 %"
    assert Driver("x", 0.0, 0.3, 0.5, "aandeel").text(0.3) == "30 %"
