"""Climate tables: halls, sizes, invitations and who is present."""

from __future__ import annotations

from itertools import combinations, pairwise

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.domain import climate_tables
from lekp_lib.errors import ContractError

WITHIN = {"near": 600.0, "far": 800.0}


def walks_of(seed: int, *, homes: int = 12, halls: int = 6) -> tuple[pd.DataFrame, pd.Series]:
    """Return drawn distances and people."""
    rng = np.random.default_rng(seed)
    names = [f"h{one}" for one in range(halls)]
    walks = pd.DataFrame(rng.uniform(50, 1500, (homes, halls)), columns=names)
    return walks, pd.Series(rng.integers(1, 9, homes).astype("float64"))


@pytest.mark.parametrize("seed", range(5))
def test_every_choice_is_compared(seed: int) -> None:
    """The best of each size by each criterion is that of trying them all."""
    walks, people = walks_of(seed)
    compared = climate_tables.compare_sites(walks, people, within_m=WITHIN, most=3)
    best = climate_tables.best_sites(compared, within="far").set_index(["n_halls", "criterion"])
    assert len(compared) == 6 + 15 + 20
    for size in (1, 2, 3):
        near = [walks[list(one)].min(axis=1) for one in combinations(walks.columns, size)]
        worst = min(one.max() for one in near)
        mean = min((one * people).sum() / people.sum() for one in near)
        covered = max(people[one <= 800].sum() / people.sum() for one in near)
        assert best.loc[(size, "worst_m"), "worst_m"] == pytest.approx(worst)
        assert best.loc[(size, "mean_m"), "mean_m"] == pytest.approx(mean)
        assert best.loc[(size, "covered_share"), "covered_far_share"] == pytest.approx(covered)


def test_order_of_halls_and_homes_makes_no_difference() -> None:
    """The table of choices is the same."""
    walks, people = walks_of(1)
    one = climate_tables.compare_sites(walks, people, within_m=WITHIN, most=2)
    turned = climate_tables.compare_sites(
        walks.iloc[::-1, ::-1], people.iloc[::-1], within_m=WITHIN, most=2
    )
    pd.testing.assert_frame_equal(one, turned)


def test_homes_without_weight_do_not_count() -> None:
    """An empty building makes no walk longer."""
    walks = pd.DataFrame({"hall": [100.0, 5000.0]})
    found = climate_tables.compare_sites(walks, pd.Series([1.0, 0.0]), within_m=WITHIN, most=1)
    assert found.loc[0, ["worst_m", "covered_far_share"]].tolist() == [100.0, 1.0]


@pytest.mark.parametrize("n_halls", [0, 21])
def test_too_few_or_many_halls_are_refused(n_halls: int) -> None:
    """Not every combination could be compared."""
    walks = pd.DataFrame(1.0, [0], [f"h{one}" for one in range(n_halls)])
    with pytest.raises(ContractError, match=f"{n_halls} halls"):
        climate_tables.compare_sites(walks, pd.Series([1.0]), within_m=WITHIN, most=1)


def test_too_many_halls_together_are_refused() -> None:
    """Five of twenty would be too many combinations."""
    walks, people = walks_of(1)
    with pytest.raises(ContractError, match="most is 5"):
        climate_tables.compare_sites(walks, people, within_m=WITHIN, most=5)


def test_people_are_kept() -> None:
    """Each home goes to one hall; who walks too far is among them."""
    walks, people = walks_of(2)
    around = climate_tables.people_around(walks, ["h1", "h4"], people, within_m=300)
    near = walks[["h1", "h4"]].min(axis=1)
    assert around["people"].sum() == people.sum()
    assert around["too_far"].sum() == people[near > 300].sum()


def grid_edges(size: int, block_m: float) -> gpd.GeoDataFrame:
    """Return the streets of a square grid."""
    rows = []
    for x in range(size):
        for y in range(size):
            for dx, dy in ((1, 0), (0, 1)):
                if x + dx < size and y + dy < size:
                    ends = [(x * block_m, y * block_m), ((x + dx) * block_m, (y + dy) * block_m)]
                    rows.append((x * size + y, (x + dx) * size + y + dy, shapely.LineString(ends)))
    table = pd.DataFrame(rows, columns=["from_node", "to_node", "geometry"])
    return gpd.GeoDataFrame(table.assign(length_m=block_m), geometry="geometry", crs=31370)


@pytest.mark.parametrize("seed", range(3))
def test_walks_are_shortest_paths(seed: int) -> None:
    """Homes and halls put into the graph as nodes of their own give the same metres."""
    rng, edges = np.random.default_rng(seed), grid_edges(4, 100.0)
    spots = gpd.GeoSeries(shapely.points(rng.uniform(0, 300, (8, 2))), crs=31370)
    homes, halls = spots.iloc[:6], spots.iloc[6:]
    found = climate_tables.street_walks(homes, halls, edges)
    graph = nx.Graph()
    on: dict[int, list[tuple[float, object]]] = {}
    for name, spot in spots.items():
        edge = int(np.argmin(shapely.distance(edges.geometry.to_numpy(), spot)))
        line = edges.geometry.iloc[edge]
        on.setdefault(edge, []).append((line.project(spot), ("foot", name)))
        graph.add_edge(("foot", name), ("spot", name), m=line.distance(spot))
    for edge, row in edges.iterrows():
        stops = [(0.0, row["from_node"]), *sorted(on.get(int(edge), [])), (100.0, row["to_node"])]
        for (start, one), (stop, other) in pairwise(stops):
            graph.add_edge(one, other, m=stop - start)
    for home in homes.index:
        for hall in halls.index:
            metres = nx.shortest_path_length(graph, ("spot", home), ("spot", hall), weight="m")
            assert found.loc[home, hall] == pytest.approx(metres)


def test_no_street_no_way() -> None:
    """Streets that do not meet, or none at all, give an endless walk."""
    lines = [shapely.LineString([(0, 0), (10, 0)]), shapely.LineString([(500, 0), (510, 0)])]
    columns = {"from_node": [0, 2], "to_node": [1, 3], "length_m": [10.0, 10.0]}
    edges = gpd.GeoDataFrame(columns, geometry=lines, crs=31370)
    home = gpd.GeoSeries([shapely.Point(5, 1)], index=["a"], crs=31370)
    hall = gpd.GeoSeries([shapely.Point(505, 1)], index=["h"], crs=31370)
    assert climate_tables.street_walks(home, hall, edges).loc["a", "h"] == np.inf
    assert climate_tables.street_walks(home, hall, edges.iloc[:0]).loc["a", "h"] == np.inf


@pytest.mark.parametrize(
    ("invited", "tables", "evenings"), [(0, 0, 0), (80, 1, 1), (81, 2, 1), (400, 5, 1), (401, 6, 2)]
)
def test_tables_and_evenings_are_whole(invited: int, tables: int, evenings: int) -> None:
    """Eight seats a table and five tables an evening, one in ten comes."""
    size = climate_tables.size_of(invited, turnout_share=0.1, seats=8, tables_per_evening=5)
    assert (size.tables, size.evenings) == (tables, evenings)


def test_tables_without_seats_are_refused() -> None:
    """Nobody could sit."""
    with pytest.raises(ContractError, match="above 0"):
        climate_tables.size_of(10, turnout_share=0.1, seats=0, tables_per_evening=5)


@given(st.lists(st.floats(0.1, 500), min_size=1, max_size=6), st.integers(0, 60))
def test_seats_are_all_given_out(counts: list[float], seats: int) -> None:
    """None is lost, and no group is more than one seat from its part."""
    households = pd.Series(counts, index=[f"g{one}" for one in range(len(counts))])
    want = climate_tables.proportional_seats(households, seats=seats)
    assert want.sum() == seats
    assert ((want - households * seats / households.sum()).abs() <= 1 + 1e-6).all()


def test_silent_groups_get_more_letters() -> None:
    """The same seats at a third of the turnout ask three times the letters."""
    want, turnout = pd.Series({"a": 6, "b": 6}), pd.Series({"a": 0.09, "b": 0.03})
    made = climate_tables.invitations(want, turnout, pd.Series({"a": 900, "b": 900}))
    assert made["invitations"].tolist() == [67.0, 200.0]
    assert made["is_enough"].all()


def test_more_letters_than_households_is_told() -> None:
    """What can come, what is short and the turnout that would be enough."""
    want, turnout = pd.Series({"a": 6}), pd.Series({"a": 0.05})
    row = climate_tables.invitations(want, turnout, pd.Series({"a": 50.9})).loc["a"]
    assert (row["invitations"], row["expected"], row["short"]) == (50.0, 2.5, 4.0)
    assert row["needed_turnout_share"] == pytest.approx(6 / 50.9)
    assert not row["is_enough"]


def test_a_group_that_never_comes_is_all_short() -> None:
    """Letters do not help where nobody answers."""
    want = pd.Series({"a": 2})
    row = climate_tables.invitations(want, want * 0.0, want * 50).loc["a"]
    assert (row["expected"], row["short"]) == (0.0, 2.0)


def test_a_smaller_room_is_fair_again() -> None:
    """One seat more and a group is short."""
    households, turnout = pd.Series({"a": 60, "b": 30}), pd.Series({"a": 0.1, "b": 0.05})
    fair = climate_tables.fair_seats(households, turnout, seats=40)
    short = climate_tables.invitations(
        climate_tables.proportional_seats(households, seats=fair + 1), turnout, households
    )
    assert 0 < fair < 40
    assert not short["is_enough"].all()


def test_a_mirror_of_the_neighbourhood_is_no_distance() -> None:
    """Every group is there as much as it lives here."""
    here = pd.Series({"a": 30.0, "b": 70.0})
    distance, ratio = climate_tables.representativeness(here / 10, here)
    assert distance == pytest.approx(0.0)
    assert ratio.tolist() == pytest.approx([1.0, 1.0])


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0.1, 50)), min_size=2, max_size=6))
def test_distance_is_a_share(pairs: list[tuple[float, float]]) -> None:
    """And missing if nobody came."""
    present, here = (pd.Series(values) for values in zip(*pairs, strict=True))
    distance, _ = climate_tables.representativeness(present, here)
    assert np.isnan(distance) if present.sum() == 0 else 0 <= distance <= 1


def test_tables_of_other_groups_are_refused() -> None:
    """Counts cannot be compared with those of others."""
    one = pd.Series({"a": 1.0})
    with pytest.raises(ContractError, match="same groups"):
        climate_tables.representativeness(one, one.rename({"a": "b"}))
    with pytest.raises(ContractError, match="same groups"):
        climate_tables.invitations(one, one, one.rename({"a": "b"}))
