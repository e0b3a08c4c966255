"""The order in which a heat network grows."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lekp_lib.domain import heat_phasing as phasing
from lekp_lib.errors import ContractError

GROUP_OF = pd.Series({"a": "near", "b": "far", "c": "side"})


def street_network() -> pd.DataFrame:
    """Return a trunk of 100 m, then 300 m to b, and a side street of 200 m to c."""
    return pd.DataFrame(
        {
            "upstream": [-1, 0, 0, 2, 0, 4],
            "length_m": [100.0, 5.0, 300.0, 5.0, 200.0, 5.0],
            "building_id": [None, "a", None, "b", None, "c"],
            "group": ["near", None, "far", None, "side", None],
        }
    )


def three_groups(**columns: list[object]) -> pd.DataFrame:
    """Return the groups near, far and side, far being a school."""
    table = pd.DataFrame(
        {
            "kind": ["street", "anchor", "street"],
            "demand_mwh": [100.0, 400.0, 100.0],
            "distance_m": [105.0, 405.0, 305.0],
            "works_year": pd.array([None, None, None], dtype="Float64"),
        },
        index=["near", "far", "side"],
    )
    return table.assign(**columns)


def starts_of(groups: pd.DataFrame, strategy: str, **options: int) -> list[int]:
    """Return start years with 200 m a year."""
    table = phasing.start_years(
        groups,
        street_network(),
        GROUP_OF,
        strategy=strategy,
        metres_per_year=200,
        last_year=19,
        **options,
    )
    return table["start_year"].tolist()


def test_all_at_once_starts_in_the_first_year() -> None:
    """Nobody waits."""
    assert starts_of(three_groups(), "all_at_once") == [0, 0, 0]


def test_outward_follows_the_distance() -> None:
    """100 m, then 300 m, then 600 m are laid at 200 m a year."""
    assert starts_of(three_groups(), "outward") == [0, 2, 1]


def test_a_large_load_goes_first() -> None:
    """The school needs 400 m, the near street then nothing more, the side street 200 m."""
    assert starts_of(three_groups(), "anchors_first") == [1, 1, 2]


def test_a_street_waits_for_works_that_come_soon() -> None:
    """Works two years later are worth waiting for when two years are allowed."""
    groups = three_groups(works_year=[2.0, None, None])
    assert starts_of(groups, "follow_works", wait_years=2)[0] == 2
    assert starts_of(groups, "follow_works", wait_years=1)[0] == 0


def test_pipes_may_lie_ahead_of_use() -> None:
    """Works before the network comes open the street, but heat comes later."""
    groups = three_groups(works_year=[None, 1.0, None])
    table = phasing.start_years(
        groups,
        street_network(),
        GROUP_OF,
        strategy="follow_works",
        metres_per_year=200,
        last_year=19,
        advance_years=2,
    )
    assert table.loc["far"].tolist() == [2, 1]
    laying = phasing.laying_years(
        street_network().assign(group=street_network()["group"]), table, GROUP_OF
    )
    assert laying.loc[2].tolist() == [1.0, 2.0]
    assert laying.loc[0].tolist() == [0.0, 0.0]


def test_an_unknown_strategy_is_refused() -> None:
    """The message names the strategies there are."""
    with pytest.raises(ContractError, match="all_at_once"):
        starts_of(three_groups(), "whenever")


def test_a_network_in_the_wrong_order_is_refused() -> None:
    """A pipe before the one that feeds it would give silent nonsense."""
    network = pd.DataFrame(
        {"upstream": [1, -1], "length_m": [1.0, 1.0], "building_id": ["a", None]}
    )
    with pytest.raises(ContractError, match="Order the network"):
        phasing.group_distances(network, GROUP_OF)


def random_tree(parents: list[int]) -> pd.DataFrame:
    """Return a network in which pipe i hangs on a pipe before it; odd pipes serve a building."""
    upstream = [-1, *(parent % (row + 1) for row, parent in enumerate(parents))]
    size = len(upstream)
    return pd.DataFrame(
        {
            "upstream": upstream,
            "length_m": np.arange(1.0, size + 1),
            "building_id": [f"b{row}" if row % 2 else None for row in range(size)],
            "group": None,
        }
    )


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 50), min_size=1, max_size=30), st.integers(1, 60))
def test_a_pipe_is_used_from_the_first_building_behind_it(parents: list[int], metres: int) -> None:
    """Checked against all descendants in a graph library; nothing is used before it is laid."""
    network = random_tree(parents)
    served = network["building_id"].dropna()
    group_of = pd.Series([f"g{i % 3}" for i in range(len(served))], index=served.to_numpy())
    groups = pd.DataFrame(
        {"kind": "street", "demand_mwh": 1.0, "works_year": np.nan},
        index=sorted(set(group_of)),
    ).assign(distance_m=phasing.group_distances(network, group_of))
    starts = phasing.start_years(
        groups, network, group_of, strategy="outward", metres_per_year=metres, last_year=19
    )
    laying = phasing.laying_years(network, starts, group_of)
    graph = nx.DiGraph([(up, row) for row, up in network["upstream"].items()])
    for row in network.index:
        behind = [row, *nx.descendants(graph, row)]
        years = network.loc[behind, "building_id"].map(group_of).map(starts["start_year"]).dropna()
        first = laying.loc[row, "first_use_year"]
        assert (np.isnan(first) and years.empty) or first == years.min()
    known = laying.dropna()
    assert (known["laid_year"] <= known["first_use_year"]).all()


def cohort(**amounts: float) -> pd.DataFrame:
    """Return one cohort of 200 MWh that costs nothing, with changes."""
    columns = ["dwellings", "connection_eur", "service_eur", "service_loss_mwh"]
    return pd.DataFrame([{"demand_mwh": 200.0, **dict.fromkeys(columns, 0.0), **amounts}])


@pytest.mark.parametrize(
    ("shares", "plant"),
    [
        ([0.2, 0.6, 1.0], [40.0, 40.0, 40.0]),
        ([0.2, 0.4, 0.5], [40.0, 40.0, 0.0]),
        ([0.5, 1.0, 2.0], [80.0, 80.0, 80.0]),
    ],
)
def test_the_plant_grows_in_steps(shares: list[float], plant: list[float]) -> None:
    """Three steps of 40; with half of the load two of them, with twice the load steps of 80."""
    found = phasing.joining(cohort(), [shares], plant_eur=120.0, plant_modules=3)
    assert found["plant_eur"].tolist() == pytest.approx(plant)


def test_a_well_is_not_drilled_in_steps() -> None:
    """Nothing before the first heat, then all of it, once."""
    found = phasing.joining(
        cohort(), [[0.0, 0.1, 1.0]], plant_eur=0.0, plant_modules=3, whole_eur=500.0
    )
    assert found["plant_eur"].tolist() == [0.0, 500.0, 0.0]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=8), st.integers(1, 5))
def test_many_at_once_are_the_same_one_by_one(steps: list[float], modules: int) -> None:
    """Whatever the uptake; and who joins in the end has paid everything."""
    shares = np.sort([steps, steps[::-1]], axis=-1)[:, np.newaxis, :]
    table = cohort(connection_eur=90.0, service_eur=30.0)
    about = {"plant_eur": 120.0, "plant_modules": modules}
    found = phasing.joining(table, shares, **about)  # type: ignore[arg-type]
    alone = phasing.joining(table, shares[0], **about)  # type: ignore[arg-type]
    for name, series in alone.items():
        np.testing.assert_array_equal(found[name][0], series)
    assert alone["services_eur"].sum() == pytest.approx(30.0 * max(steps))
    assert (alone["plant_eur"] >= 0).all()


def test_everything_that_is_needed_is_paid_once() -> None:
    """The sum over the years is the cost of the whole network."""
    network = pd.DataFrame(
        {
            "laid_year": [0.0, 2.0, np.nan],
            "first_use_year": [0.0, 3.0, np.nan],
            "length_m": [100.0, 50.0, 70.0],
            "cost_eur": [1e5, 6e4, 7e4],
            "loss_mwh": [10.0, 5.0, 7.0],
            "building_id": [None, None, None],
        }
    )
    groups = pd.DataFrame(
        {
            "demand_mwh": [200.0],
            "dwellings": [15],
            "connection_eur": [9e4],
            "service_eur": [3e4],
            "service_loss_mwh": [2.0],
        },
        index=["x"],
    )
    shares = [[0.5, 0.5, 0.5, 1.0]]
    table = phasing.growth(network, groups, shares, plant_eur=1e6, plant_modules=4)
    assert table["investment_eur"].sum() == pytest.approx(1e5 + 6e4 + 9e4 + 3e4 + 1e6)
    assert table["trench_m"].tolist() == [100.0, 0.0, 50.0, 0.0]
    assert table["loss_mwh"].tolist() == [11.0, 11.0, 11.0, 17.0]
    assert table["plant_eur"].tolist() == [5e5, 0.0, 0.0, 5e5]


def test_a_network_without_demand_builds_no_plant() -> None:
    """Nothing sold, nothing built."""
    groups = pd.DataFrame(
        0.0,
        index=["x"],
        columns=["demand_mwh", "dwellings", "connection_eur", "service_eur", "service_loss_mwh"],
    )
    network = pd.DataFrame(
        columns=["laid_year", "first_use_year", "length_m", "cost_eur", "loss_mwh", "building_id"],
        dtype="float64",
    )
    table = phasing.growth(network, groups, [[0.0, 1.0]], plant_eur=1e6, plant_modules=2)
    assert table.to_numpy().sum() == 0.0


def test_actions_per_phase() -> None:
    """Laid ahead of use, then idle, then used; a thin pipe is replaced when the load grows."""
    laying = pd.DataFrame({"laid_year": [0.0, 0.0, 6.0], "first_use_year": [0.0, 12.0, 6.0]})
    dn = pd.DataFrame({"A": [50, 0, 0], "B": [50, 0, 32], "C": [80, 40, 32]})
    phases = {"A": (0, 4), "B": (5, 9), "C": (10, 19)}
    table = phasing.pipe_actions(laying, dn, phases)
    assert table[["A", "B", "C"]].to_numpy().tolist() == [
        ["install", "keep", "replace"],
        ["install", "idle", "keep"],
        ["none", "install", "keep"],
    ]
    assert table["dn_A"].tolist() == [50, 40, 0]
    assert table["dn_C"].tolist() == [80, 40, 32]
