"""Loads, sizes, pressure and losses of pipes, by hand and against pandapipes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.assumptions import load, load_pipes, load_water
from lekp_lib.domain import pipe_sizing
from lekp_lib.domain.pipe_sizing import SizingRules
from lekp_lib.errors import ContractError

FIGURES = load()
WINTER = FIGURES.values_below("network.winter.")
THERMOS = FIGURES.values_below("network.thermos.")
RULES = SizingRules(**FIGURES.values_below("network.sizing."))
PIPES, WATER = load_pipes(), load_water()
ORACLES = Path(__file__).parents[1] / "fixtures" / "oracles"
TOLERANCE = 0.02


@pytest.fixture
def street() -> pd.DataFrame:
    """Give two pieces of street: house a on the first, b and the school c on the second."""
    return pd.DataFrame(
        {
            "upstream": [-1, 10, 10, 12, 12],
            "from_node": [0, 1, 1, 2, 2],
            "to_node": [1, 3, 2, 4, 5],
            "length_m": [100.0, 10.0, 50.0, 8.0, 30.0],
            "kind": ["street", "service", "street", "service", "service"],
            "building_id": [None, "a", None, "b", "c"],
        },
        index=pd.Index([10, 11, 12, 13, 14], name="pipe"),
    )


@pytest.fixture
def loads() -> pd.DataFrame:
    """Give a house, four flats and a school."""
    return pd.DataFrame(
        {
            "dwellings": [1, 4, 0],
            "demand_mwh": [12.0, 30.0, 100.0],
            "connection_kw": [10.0, 20.0, 60.0],
        },
        index=pd.Index(["a", "b", "c"], name="building_id"),
    )


def sized(network: pd.DataFrame, loads: pd.DataFrame, **changes: float) -> pd.DataFrame:
    """Return a network with loads, design loads and sizes, 70/40 unless told otherwise."""
    loaded = pipe_sizing.load_per_pipe(network, loads)
    designed = pipe_sizing.design_load(loaded, coefficients=WINTER)
    regime = {"supply_c": 70.0, "return_c": 40.0} | changes
    return pipe_sizing.size(designed, PIPES, WATER, rules=RULES, **regime)


# Loads


def test_a_pipe_carries_all_buildings_behind_it(street: pd.DataFrame, loads: pd.DataFrame) -> None:
    """Power, heat, homes and buildings add up towards the source."""
    found = pipe_sizing.load_per_pipe(street, loads)
    assert found["load_kw"].tolist() == [90, 10, 80, 20, 60]
    assert found["demand_mwh"].tolist() == [142, 12, 130, 30, 100]
    assert found["dwellings"].tolist() == [5, 1, 4, 4, 0]
    assert found["connections"].tolist() == [3, 1, 2, 1, 1]
    assert found["largest_single_kw"].tolist() == [60, 10, 60, 20, 60]


def test_the_network_that_came_in_is_not_changed(street: pd.DataFrame, loads: pd.DataFrame) -> None:
    """The input keeps its columns and the output its rows."""
    before = street.copy()
    found = sized(street, loads)
    pd.testing.assert_frame_equal(street, before)
    assert found.index.equals(street.index)


def test_buildings_that_no_pipe_reaches_do_not_count(
    street: pd.DataFrame, loads: pd.DataFrame
) -> None:
    """Who is not connected asks nothing."""
    found = pipe_sizing.load_per_pipe(street.drop(index=14), loads)
    assert found["load_kw"].tolist() == [30, 10, 20, 20]


@pytest.mark.parametrize(
    ("pipe", "column", "value", "message"),
    [
        (14, "building_id", "x", "not in loads"),
        (14, "building_id", "a", "two pipes"),
        (12, "building_id", "c", "leaf"),
        (14, "upstream", 99, "not in network"),
        (10, "upstream", 12, "loop"),
    ],
)
def test_a_wrong_network_is_refused(
    street: pd.DataFrame, loads: pd.DataFrame, pipe: int, column: str, value: Any, message: str
) -> None:
    """What cannot be is said, with the pipe."""
    if message == "leaf":
        street = street.astype({"building_id": "object"})
        street.loc[14, "building_id"] = None
    street.loc[pipe, column] = value
    with pytest.raises(ContractError, match=message):
        pipe_sizing.load_per_pipe(street, loads)


def test_a_pipe_stands_only_once(street: pd.DataFrame, loads: pd.DataFrame) -> None:
    """Two rows with one number would be summed twice."""
    with pytest.raises(ContractError, match="twice"):
        pipe_sizing.load_per_pipe(pd.concat([street, street.tail(1)]), loads)


# Simultaneity


@pytest.mark.parametrize(
    ("connections", "share"),
    [
        (1, 1.0),
        (2, 0.9993),
        (5, 0.9927),
        (10, 0.9740),
        (20, 0.9190),
        (50, 0.7433),
        (100, 0.5882),
        (200, 0.4993),
        (255, 0.4831),
        (300, 0.4751),
        (5000, 0.4751),
    ],
)
def test_winter_gives_its_published_values(connections: int, share: float) -> None:
    """The curve is that of 2001, and flat beyond what it was checked for."""
    found = pipe_sizing.simultaneity([connections], formula="winter", coefficients=WINTER)
    assert found[0] == pytest.approx(share, abs=5e-5)


@pytest.mark.parametrize(("connections", "share"), [(1, 1.0), (10, 0.658), (200, 0.6219)])
def test_thermos_gives_its_published_values(connections: int, share: float) -> None:
    """The second family counts fewer small branches together."""
    found = pipe_sizing.simultaneity([connections], formula="thermos", coefficients=THERMOS)
    assert found[0] == pytest.approx(share, abs=5e-5)


def test_another_formula_is_unknown() -> None:
    """A typing error does not pass for a default."""
    with pytest.raises(ContractError, match="winter or thermos"):
        pipe_sizing.simultaneity([2], formula="wintr", coefficients=WINTER)


def test_a_large_building_is_not_diversified_away(
    street: pd.DataFrame, loads: pd.DataFrame
) -> None:
    """The school asks its 60 kW whatever the houses do; without the guard 2 × 0.81 would rule."""
    loads.loc["b", "connection_kw"] = 2.0
    loaded = pipe_sizing.load_per_pipe(street, loads)
    found = pipe_sizing.design_load(loaded, formula="thermos", coefficients=THERMOS)
    assert found["design_kw"].tolist() == [60.0, 10.0, 60.0, 2.0, 60.0]


def test_small_neighbours_do_not_shrink_the_pipe_of_large_ones() -> None:
    """Two schools ask 199.9 kW; fifty sheds before them would make that 0.73 × 200.5."""
    loaded = pd.DataFrame(
        {
            "upstream": [-1, 0],
            "connections": [52, 2],
            "load_kw": [200.5, 200.0],
            "largest_single_kw": [100.0, 100.0],
        }
    )
    found = pipe_sizing.design_load(loaded, coefficients=WINTER)["design_kw"]
    assert found.tolist() == pytest.approx([199.85, 199.85], abs=0.01)


# Sizes


def test_flow_follows_from_power_and_cooling(street: pd.DataFrame, loads: pd.DataFrame) -> None:
    """60 kW that cools 30 K at 4183.3 J/(kg K) is 0.4781 kg/s, or 1.746 m3/h at 985.62 kg/m3."""
    found = sized(street, loads)
    assert found.loc[14, "flow_m3_h"] == pytest.approx(0.47809 / 985.62 * 3600, rel=1e-4)


def test_the_thinnest_pipe_that_suffices_is_taken(
    street: pd.DataFrame, loads: pd.DataFrame
) -> None:
    """Each chosen pipe keeps both limits, and one size thinner breaks one (or is not allowed)."""
    found = sized(street, loads)
    assert found.loc[14, "dn"] == 32
    assert (found["gradient_pa_m"] <= RULES.largest_gradient_pa_m).all()
    thinner = pipe_sizing.pressure_gradient(
        0.47809, 0.0285, roughness_m=5e-5, density_kg_m3=985.62, viscosity_pa_s=5.07e-4
    )
    assert thinner > RULES.largest_gradient_pa_m


@pytest.mark.parametrize(("dn", "kw"), [(25, 45), (50, 252), (80, 756)])
def test_capacities_agree_with_the_published_table(dn: int, kw: float) -> None:
    """At 150 Pa/m and 30 K the table of the reference holds within 2 % (it took water of 60 °C)."""
    pipe = pd.DataFrame(
        {"upstream": [-1], "kind": ["street"], "length_m": [1.0], "design_kw": [kw * 0.98]}
    )
    free = SizingRules(150, 9, 9, 20, 20, 5e-5)
    thin = pipe_sizing.size(pipe, PIPES, WATER, supply_c=75, return_c=45, rules=free)
    thick = pipe_sizing.size(
        pipe.assign(design_kw=kw * 1.02), PIPES, WATER, supply_c=75, return_c=45, rules=free
    )
    assert thin["dn"].tolist() == [dn]
    assert thick["dn"].iloc[0] > dn


def test_velocity_limits_the_thick_pipes(street: pd.DataFrame, loads: pd.DataFrame) -> None:
    """At 10 MW the water may not run faster than the rule, so the gradient stays below its own."""
    found = sized(street, loads.assign(connection_kw=[10.0, 20.0, 10_000.0]))
    assert found.loc[10, "velocity_m_s"] <= RULES.largest_distribution_m_s
    assert found.loc[10, "gradient_pa_m"] < 0.8 * RULES.largest_gradient_pa_m


def test_too_much_for_the_thickest_pipe_is_marked(
    street: pd.DataFrame, loads: pd.DataFrame
) -> None:
    """Nothing is sized silently: the thickest pipe is taken and the row says so."""
    found = sized(street, loads.assign(connection_kw=[10.0, 20.0, 90_000.0]))
    assert found["exceeds_largest_dn"].tolist() == [True, False, True, False, True]
    assert found.loc[10, "dn"] == PIPES.index.max()


def test_an_existing_pipe_keeps_its_size_or_is_replaced(
    street: pd.DataFrame, loads: pd.DataFrame
) -> None:
    """DN100 is kept where DN40 would do; DN20 is too thin for 80 kW."""
    lies_there = street.assign(existing_dn=[100.0, np.nan, 20.0, np.nan, np.nan])
    found = sized(lies_there, loads)
    plain = sized(street, loads)
    assert found["needs_replacement"].tolist() == [False, False, True, False, False]
    assert found.loc[10, "dn"] == 100
    assert found.loc[12, "dn"] == plain.loc[12, "dn"]


def test_an_existing_pipe_has_a_known_size(street: pd.DataFrame, loads: pd.DataFrame) -> None:
    """A kind without a DN, or a DN that is not made, cannot be judged."""
    with pytest.raises(ContractError, match=r"existing_dn.*\[10\]"):
        sized(street.assign(existing_dn=[37.0, *[np.nan] * 4]), loads)
    street.loc[10, "kind"] = "existing"
    with pytest.raises(ContractError, match=r"existing_dn.*\[10\]"):
        sized(street, loads)


def test_supply_is_warmer_than_return(street: pd.DataFrame, loads: pd.DataFrame) -> None:
    """Swapped temperatures are caught."""
    with pytest.raises(ContractError, match="supply_c"):
        sized(street, loads, supply_c=40.0, return_c=70.0)


def test_friction_solves_colebrook() -> None:
    """The factor found satisfies the implicit law, from pipes of glass to rough ones."""
    number, rough = np.meshgrid(np.geomspace(4e3, 1e7, 9), np.geomspace(1e-6, 0.02, 7))
    factor = pipe_sizing.friction_factor(number, rough)
    right = -2 * np.log10(rough / 3.71 + 2.51 / (number * np.sqrt(factor)))
    np.testing.assert_allclose(1 / np.sqrt(factor), right, rtol=1e-5)


def test_slow_water_is_laminar() -> None:
    """At Re 500 the factor is 64 / 500."""
    assert pipe_sizing.friction_factor(500.0, 0.001) == pytest.approx(0.128)


# Losses, pressure, pumps


@pytest.mark.parametrize(
    ("supply", "back", "watt"), [(70, 40, 20.1), (80, 50, 24.6), (55, 30, 14.5)]
)
def test_losses_agree_with_the_published_table(supply: float, back: float, watt: float) -> None:
    """DN100 in ground of 10 °C loses what the reference computed, within 3 %."""
    metre = pd.DataFrame({"dn": [100], "length_m": [1.0]})
    found = pipe_sizing.losses(metre, PIPES, supply_c=supply, return_c=back, ground_c=10)
    assert found.iloc[0] * 1e6 / 8760 == pytest.approx(watt, rel=0.03)


def test_the_worst_route_sizes_the_pump(street: pd.DataFrame, loads: pd.DataFrame) -> None:
    """The school lies furthest: its three pipes with 25 % for fittings, and the substation."""
    found = sized(street, loads)
    worst = pipe_sizing.longest_path_pressure(found, fittings_factor=1.25, substation_pa=5e4)
    drop = found.loc[[10, 12, 14], "pressure_drop_pa"].sum()
    assert worst.loc[0, "end_pipe"] == 14
    assert worst.loc[0, "path_length_m"] == 180
    assert worst.loc[0, "pressure_pa"] == pytest.approx(1.25 * drop + 5e4)
    assert pipe_sizing.route_to(street, 14).tolist() == [10, 12, 14]


def test_each_source_has_its_own_pump(street: pd.DataFrame, loads: pd.DataFrame) -> None:
    """Two networks beside each other do not share pressure, but two starts of one source do."""
    street.loc[12, ["upstream", "from_node"]] = [-1, 0]
    one = pipe_sizing.longest_path_pressure(
        sized(street, loads), fittings_factor=1.0, substation_pa=0.0
    )
    street.loc[12, "from_node"] = 7
    two = pipe_sizing.longest_path_pressure(
        sized(street, loads), fittings_factor=1.0, substation_pa=0.0
    )
    assert one.index.tolist() == [0]
    assert two["end_pipe"].to_dict() == {0: 11, 7: 14}
    assert one["flow_m3_h"].sum() == pytest.approx(two["flow_m3_h"].sum())


def test_a_route_ends_in_a_known_pipe(street: pd.DataFrame) -> None:
    """Another number is no pipe."""
    with pytest.raises(ContractError, match="99"):
        pipe_sizing.route_to(street, 99)


def test_a_year_without_load_has_no_pumping() -> None:
    """Zero divided by zero is no answer."""
    with pytest.raises(ContractError, match="load"):
        pipe_sizing.cubic_load_hours([0.0, 0.0])


# Against pandapipes


def oracle(name: str) -> tuple[dict[str, Any], pd.DataFrame]:
    """Return what pandapipes found in a network, and our network with the same pipes and flows."""
    record = json.loads((ORACLES / f"pandapipes_{name}.json").read_text(encoding="utf-8"))
    pipes = pd.DataFrame(record["pipes"])
    network = pipes.rename(columns={"behind_kw": "design_kw", "dn": "existing_dn"}).assign(
        kind="street", from_node=0
    )
    loose = SizingRules(1e6, 99, 99, 20, 20, record["roughness_m"])
    temperatures = {"supply_c": record["supply_c"], "return_c": record["return_c"]}
    ours = pipe_sizing.size(network, PIPES, WATER, rules=loose, **temperatures)
    loss = pipe_sizing.losses(ours, PIPES, ground_c=record["ground_c"], **temperatures)
    return record, ours.assign(loss_w=loss * 1e6 / 8760)


@pytest.mark.parametrize("name", ["line", "street", "tree"])
def test_pressure_agrees_with_pandapipes(name: str) -> None:
    """Every trench loses the same pressure, within 2 %; so do the worst routes."""
    record, ours = oracle(name)
    theirs = ours.assign(pressure_drop_pa=record["found"]["pressure_drop_pa"])
    assert not ours["needs_replacement"].any()
    np.testing.assert_allclose(ours["pressure_drop_pa"], theirs["pressure_drop_pa"], rtol=TOLERANCE)
    worst, expected = (
        pipe_sizing.longest_path_pressure(one, fittings_factor=1.0, substation_pa=0.0)
        for one in (ours, theirs)
    )
    assert worst["end_pipe"].equals(expected["end_pipe"])
    np.testing.assert_allclose(worst["pressure_pa"], expected["pressure_pa"], rtol=TOLERANCE)


@pytest.mark.parametrize("name", ["line", "street", "tree"])
def test_losses_agree_with_pandapipes(name: str) -> None:
    """The network loses the same heat, within 2 %, though there the water cools on its way."""
    record, ours = oracle(name)
    assert ours["loss_w"].sum() == pytest.approx(sum(record["found"]["loss_w"]), rel=TOLERANCE)


@pytest.mark.parametrize("name", ["line", "street", "tree"])
def test_flow_agrees_with_pandapipes(name: str) -> None:
    """The water itself is the same, pipe by pipe."""
    record, ours = oracle(name)
    density = float(np.interp(55.0, WATER.index, WATER["density_kg_m3"]))
    flow = ours["flow_m3_h"] * density / 3600
    np.testing.assert_allclose(flow, record["found"]["flow_kg_s"], rtol=1e-4)


# What always holds


@st.composite
def networks(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw a forest of streets with a house on every one, and the loads of the houses."""
    n = draw(st.integers(1, 12))
    feeders = [-1] + [draw(st.integers(-1, row - 1)) for row in range(1, n)]
    power = draw(st.lists(st.floats(1.0, 900.0), min_size=n, max_size=n))
    houses = [f"h{row}" for row in range(n)]
    network = pd.DataFrame(
        {
            "upstream": feeders + list(range(n)),
            "from_node": [-1 - (f < 0) if f < 0 else f for f in feeders] + list(range(n)),
            "length_m": [float(10 + row) for row in range(2 * n)],
            "kind": ["street"] * n + ["service"] * n,
            "building_id": [None] * n + houses,
        }
    )
    loads = pd.DataFrame({"dwellings": 1, "demand_mwh": 10.0, "connection_kw": power}, index=houses)
    return network, loads


@given(networks())
def test_flow_is_conserved_at_every_node(drawn: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    """What enters a pipe of a street is what its house and the next pipes ask together."""
    network, loads = drawn
    found = pipe_sizing.load_per_pipe(network, loads)
    onward = found.groupby("upstream")["load_kw"].sum()
    streets = found[found["kind"] == "street"]
    np.testing.assert_allclose(streets["load_kw"], onward.reindex(streets.index), rtol=1e-9)
    assert onward[-1] == pytest.approx(loads["connection_kw"].sum())


@given(networks())
def test_pipes_do_not_shrink_towards_the_source(
    drawn: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    """No pipe is thinner, and none designed for less, than one that it feeds."""
    found = sized(*drawn)
    fed = found[found["upstream"] != -1]
    above = found.loc[fed["upstream"]]
    assert (above["dn"].to_numpy() >= fed["dn"].to_numpy()).all()
    assert (above["design_kw"].to_numpy() >= fed["design_kw"].to_numpy()).all()


@given(networks(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    drawn: tuple[pd.DataFrame, pd.DataFrame], shuffle: Any
) -> None:
    """Shuffled pipes get the same sizes, losses and routes."""
    network, loads = drawn
    rows = list(network.index)
    shuffle.shuffle(rows)
    found, other = sized(network, loads), sized(network.loc[rows], loads).loc[network.index]
    pd.testing.assert_frame_equal(found, other)
    routes = [
        pipe_sizing.longest_path_pressure(one, fittings_factor=1.2, substation_pa=1e4)
        for one in (found, other.loc[rows])
    ]
    pd.testing.assert_frame_equal(*routes)


@given(st.floats(45, 90), st.floats(1, 20), st.sampled_from(list(PIPES.index)))
def test_warmer_water_loses_more(supply: float, warmer: float, dn: int) -> None:
    """Losses grow with the temperature of the network."""
    metre = pd.DataFrame({"dn": [dn], "length_m": [100.0]})
    cool, warm = (
        pipe_sizing.losses(metre, PIPES, supply_c=degrees, return_c=30, ground_c=10).iloc[0]
        for degrees in (supply, supply + warmer)
    )
    assert warm > cool > 0
