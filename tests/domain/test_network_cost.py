"""Prices of pipes, civils and connections, against the published tables and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.assumptions import load, load_pipes, load_sources
from lekp_lib.domain import network_cost
from lekp_lib.errors import ContractError

FIGURES = load()
PIPES = load_pipes()
PER_KW = FIGURES.values_below("network.connection.")
# DN: topotherm 0.6.0 [EUR 2025], dhnx_addons [EUR 2024], CEA [USD 2015], THERMOS pipe, hard [GBP]
PUBLISHED = {
    25: (718, 640, 581, 91, 545),
    32: (763, 670, 620, 107, 562),
    40: (786, 710, 642, 126, 583),
    50: (880, 760, 727, 152, 611),
    65: (907, 850, 788, 193, 656),
    80: (1061, 940, 904, 237, 705),
    100: (1090, 1070, 1116, 300, 774),
    125: (1256, 1250, 1340, 385, 866),
    150: (1332, 1440, 1616, 474, 964),
    200: (1836, 1840, 1924, 667, 1174),
    250: (2036, 2280, 2576, 874, 1401),
    300: (2183, 2740, 3229, 1094, 1642),
}


@pytest.fixture
def sized() -> pd.DataFrame:
    """Give 100 m of DN100 in a street and 10 m of DN25 in a garden."""
    return pd.DataFrame(
        {
            "dn": [100, 25],
            "length_m": [100.0, 10.0],
            "kind": ["street", "service"],
            "street_id": ["s1", None],
        },
        index=pd.Index([7, 3], name="pipe"),
    )


def everywhere(share: float, table: pd.DataFrame) -> pd.Series:
    """Return one part of paved ground for all."""
    return pd.Series(share, index=table.index)


# The table of pipes


@pytest.mark.parametrize("dn", PUBLISHED)
def test_on_hard_ground_the_price_is_the_published_one(dn: int) -> None:
    """At each node of the table a kilometre costs what topotherm says."""
    pipe = pd.DataFrame({"dn": [dn], "length_m": [1000.0]})
    found = network_cost.pipe_costs(
        pipe, PIPES, hard_share=everywhere(1.0, pipe), replacement_factor=1.5
    )
    assert found["cost_eur"].tolist() == pytest.approx([PUBLISHED[dn][0] * 1000.0], abs=1e-6)


@pytest.mark.parametrize("dn", PUBLISHED)
def test_the_range_is_that_of_the_other_tables(dn: int) -> None:
    """Low and high are the extremes of four tables at one price level."""
    growth = 1 + FIGURES["network.price_growth_share"].value
    usd, gbp = 0.9, 1.15  # euro per dollar of 2015 and per pound of 2020, as the table was made
    topotherm, dhnx, cea, pipe, hard = PUBLISHED[dn]
    four = [
        topotherm,
        dhnx * growth,
        cea * usd * growth**10,
        (pipe + hard) * gbp * growth**5,
    ]
    assert PIPES.loc[dn, "cost_low_eur_m"] == pytest.approx(min(four), abs=2)
    assert PIPES.loc[dn, "cost_high_eur_m"] == pytest.approx(max(four), abs=2)


@pytest.mark.parametrize("dn", PUBLISHED)
def test_the_civils_are_the_part_that_thermos_gives(dn: int) -> None:
    """Hard civils over pipe and hard civils, from the published pounds."""
    *_, pipe, hard = PUBLISHED[dn]
    assert PIPES.loc[dn, "civils_share"] == pytest.approx(hard / (pipe + hard), abs=0.001)


@pytest.mark.parametrize(("dn", "soft", "hard"), [(20, 206, 534), (250, 362, 1401)])
def test_soft_ground_is_cheaper_as_thermos_says(dn: int, soft: float, hard: float) -> None:
    """The ends of the published range: 206 against 534 and 362 against 1,401 pounds."""
    assert PIPES.loc[dn, "soft_civils_ratio"] == pytest.approx(soft / hard, abs=0.001)


def test_dn20_follows_from_dn25() -> None:
    """The thinnest pipe is not in the table: 718 times the mean ratio of two other tables."""
    assert PIPES.loc[20, "cost_eur_m"] == round(718 * (600 / 640 + 578.699 / 580.985) / 2)
    assert PIPES.loc[20, "basis"] == "derived"


def test_the_table_is_in_order_and_has_sources() -> None:
    """Thicker pipes are wider, lose and cost no less, and every column names its source."""
    numbers = ["inner_diameter_m", "cost_eur_m", "cost_low_eur_m", "cost_high_eur_m"]
    assert PIPES.index.is_monotonic_increasing
    assert (PIPES[numbers].diff().dropna() > 0).all(axis=None)
    assert (PIPES["cost_low_eur_m"] <= PIPES["cost_eur_m"]).all()
    assert (PIPES["cost_eur_m"] <= PIPES["cost_high_eur_m"]).all()
    named = " ".join(PIPES.filter(like="_source_id").agg(" ".join, axis=1)).split()
    assert set(named) <= set(load_sources().index)


# Pipes


def test_soft_ground_saves_on_civils_only(sized: pd.DataFrame) -> None:
    """DN100: 72 % of 1,090 is civils; in soft ground 32.2 % of that is left."""
    found = network_cost.pipe_costs(
        sized, PIPES, hard_share=everywhere(0.0, sized), replacement_factor=1.5
    )
    assert found.loc[7, "pipe_eur"] == pytest.approx(109_000 * (1 - 0.72))
    assert found.loc[7, "civils_eur"] == pytest.approx(109_000 * 0.72 * 0.322)
    assert found.loc[7, "cost_eur"] == found.loc[7, ["pipe_eur", "civils_eur"]].sum()


def test_what_lies_there_is_free_unless_it_is_too_thin(sized: pd.DataFrame) -> None:
    """A kept pipe costs nothing; a replaced one half as much again as a new one."""
    lies_there = sized.assign(existing_dn=[100.0, 20.0], needs_replacement=[False, True])
    found = network_cost.pipe_costs(
        lies_there, PIPES, hard_share=everywhere(1.0, sized), replacement_factor=1.5
    )
    assert found["cost_eur"].tolist() == pytest.approx([0.0, 1.5 * 7180.0])


def test_every_pipe_has_a_share_of_paved_ground(sized: pd.DataFrame) -> None:
    """A pipe that was forgotten does not cost nothing."""
    with pytest.raises(ContractError, match=r"lacks 1 pipes, first \[3\]"):
        network_cost.pipe_costs(
            sized, PIPES, hard_share=pd.Series({7: 1.0}), replacement_factor=1.5
        )


def test_an_unknown_size_has_no_price() -> None:
    """Nothing is read between the rows of the table."""
    with pytest.raises(ContractError, match="37"):
        network_cost.marginal_cost_per_m([37], PIPES, hard_share=1.0)


def test_known_streets_go_before_the_default() -> None:
    """Street s1 is half green and 8 m wide: 4 of the 16 m to its house lie in it."""
    network = pd.DataFrame(
        {
            "kind": ["street", "service", "service", "service"],
            "length_m": [50.0, 16.0, 10.0, 3.0],
            "street_id": ["s1", "s1", "s2", None],
        }
    )
    known = pd.DataFrame({"paved_share": [0.5, None], "profile_width_m": [8.0, None]}, ["s1", "s2"])
    found = network_cost.hard_shares(
        network, street_share=1.0, service_share=0.2, width_m=10.0, known=known
    )
    in_garden = (4 * 0.5 + 12 * 0.2) / 16
    assert found.to_dict() == pytest.approx({0: 0.5, 1: in_garden, 2: 0.6, 3: 1.0})


@given(st.floats(0, 60), st.floats(0.1, 30), st.floats(0, 1), st.floats(0, 1))
def test_a_house_connection_is_as_hard_as_where_it_lies(
    length: float, width: float, street: float, garden: float
) -> None:
    """Never harder than the harder of street and garden, nor softer than the softer."""
    network = pd.DataFrame({"kind": ["service"], "length_m": [length], "street_id": [None]})
    found = network_cost.hard_shares(
        network, street_share=street, service_share=garden, width_m=width
    )
    low, high = min(street, garden), max(street, garden)
    assert low - 1e-9 <= found.iloc[0] <= high + 1e-9


# Edges of the street graph


def test_edges_are_priced_by_one_size_until_more_is_known() -> None:
    """The second round knows that edge 2 takes DN100."""
    edges = pd.DataFrame(
        {"length_m": [10.0, 99.0, 20.0], "existing_dn": [np.nan, 65.0, np.nan]}, index=[5, 6, 2]
    )
    about = {"dn": 65, "hard_share": everywhere(1.0, edges), "replacement_factor": 1.5}
    first = network_cost.edge_price(edges, PIPES, **about)
    second = network_cost.edge_price(edges, PIPES, known_dn=pd.Series({2: 100}), **about)
    assert first.to_dict() == pytest.approx({5: 9070.0, 6: 0.0, 2: 18_140.0})
    assert second.to_dict() == pytest.approx({5: 9070.0, 6: 0.0, 2: 21_800.0})


def test_a_pipe_that_is_too_thin_is_no_gift() -> None:
    """DN50 where DN65 is needed: one and a half times the new pipe; free where DN40 will do."""
    edges = pd.DataFrame({"length_m": [10.0, 10.0], "existing_dn": [50.0, 50.0]})
    found = network_cost.edge_price(
        edges,
        PIPES,
        dn=65,
        hard_share=everywhere(1.0, edges),
        replacement_factor=1.5,
        known_dn=pd.Series({1: 40}),
    )
    assert found.tolist() == pytest.approx([1.5 * 9070.0, 0.0])


# Connections


def test_a_house_gets_a_unit_a_meter_and_pipes_indoors() -> None:
    """1,800 + 1,131.81 + 2,700 EUR, whatever its power."""
    house = pd.DataFrame(
        {"dwellings": [1], "demand_mwh": [12.0], "other_mwh": [0.0], "connection_kw": [30.0]}
    )
    found = network_cost.connection_costs(house, costs=PER_KW)
    assert found["connection_eur"].tolist() == pytest.approx([5631.81])


def test_a_school_pays_per_kw_and_has_one_meter() -> None:
    """100 kW: 13,500 substation, 15,100 indoors, 1,131.81 + 167 meter."""
    school = pd.DataFrame(
        {"dwellings": [0], "demand_mwh": [90.0], "other_mwh": [90.0], "connection_kw": [100.0]}
    )
    found = network_cost.connection_costs(school, costs=PER_KW)
    assert found["connection_eur"].tolist() == pytest.approx([13_500 + 15_100 + 1_298.81])


def test_a_shop_below_flats_pays_for_its_part() -> None:
    """A third of the heat is the shop's: a third of 60 kW on top of four flats."""
    mixed = pd.DataFrame(
        {"dwellings": [4], "demand_mwh": [60.0], "other_mwh": [20.0], "connection_kw": [60.0]}
    )
    found = network_cost.connection_costs(mixed, costs=PER_KW)
    flat = 0.15 * 1444 + 0.85 * 3000
    assert found.loc[0, "unit_eur"] == pytest.approx(4 * 1800 + 20 * 135)
    assert found.loc[0, "indoor_eur"] == pytest.approx(4 * flat + 20 * 151)


def test_a_building_without_heat_costs_nothing() -> None:
    """A shed has no power, no meter."""
    shed = pd.DataFrame(
        {"dwellings": [0], "demand_mwh": [0.0], "other_mwh": [0.0], "connection_kw": [0.0]}
    )
    assert network_cost.connection_costs(shed, costs=PER_KW)["connection_eur"].tolist() == [0.0]


def test_only_money_is_indexed() -> None:
    """Seven years at 10 % on a price of 2018; a share stays a share."""
    picked = {
        "station": FIGURES["network.connection.substation_eur_kw"],
        "share": FIGURES["network.connection.block_share"],
    }
    found = network_cost.indexed(picked, to_year=2025, yearly_growth_share=0.1)
    assert found == pytest.approx({"station": 135 * 1.1**7, "share": 0.15})


# What always holds


@given(
    st.sampled_from(list(PIPES.index)),
    st.floats(0, 1),
    st.floats(0.1, 500),
    st.floats(0.1, 100),
)
def test_cost_grows_with_length(dn: int, hard: float, length: float, more: float) -> None:
    """A longer trench costs more, in proportion."""
    pipes = pd.DataFrame({"dn": [dn, dn], "length_m": [length, length + more]})
    found = network_cost.pipe_costs(
        pipes, PIPES, hard_share=everywhere(hard, pipes), replacement_factor=1.5
    )["cost_eur"]
    assert found[1] > found[0]
    np.testing.assert_allclose(found[1] / found[0], (length + more) / length)


@given(st.sampled_from(list(PIPES.index)), st.floats(0, 1), st.floats(0, 1))
def test_paved_ground_never_costs_less(dn: int, one: float, other: float) -> None:
    """More paving, more civils; the pipe itself stays the same."""
    found = network_cost.marginal_cost_per_m(
        [dn, dn], PIPES, hard_share=[min(one, other), max(one, other)]
    )
    assert found.loc[1, "civils_eur_m"] >= found.loc[0, "civils_eur_m"]
    assert found.loc[1, "pipe_eur_m"] == found.loc[0, "pipe_eur_m"]


@given(st.permutations([0, 1, 2, 3]))
def test_the_order_of_rows_does_not_matter(rows: list[int]) -> None:
    """Each pipe keeps its own price."""
    pipes = pd.DataFrame({"dn": [25, 50, 100, 200], "length_m": [5.0, 6.0, 7.0, 8.0]})
    hard = pd.Series([0.0, 0.3, 0.6, 1.0])
    found, other = (
        network_cost.pipe_costs(one, PIPES, hard_share=hard, replacement_factor=1.5)
        for one in (pipes, pipes.loc[rows])
    )
    pd.testing.assert_frame_equal(found, other.loc[pipes.index])
