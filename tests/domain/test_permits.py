"""Who needs a permit, what filing together costs, and what a change of rules spares."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.contracts.results.mee_rules import FORMS, VARIANTS
from lekp_lib.domain import permits
from lekp_lib.domain.permits import PermitTerms
from lekp_lib.errors import ContractError

TERMS = PermitTerms(
    architect_hours=8,
    clerk_hours=4,
    applicant_hours=6,
    signature_hours=0.5,
    joint_extra_share=0,
    linked_extra_share=0.25,
    fee_eur=100,
    architect_hour_eur=85,
    clerk_hour_eur=50,
    signature_days=14,
    simple_days=60,
    inquiry_days=120,
    appeal_days=30,
    inquiry_share=0.1,
)
LIMITS = {"within_m": 0.5, "reach_m": 25.0, "widest_half_m": 8.0}


def homes(*front_m: float) -> gpd.GeoDataFrame:
    """Return houses of 6 m wide beside each other, each at its distance from the axis."""
    west = 6.0 * np.arange(len(front_m))
    shapes = shapely.box(west, np.array(front_m), west + 6, np.array(front_m) + 10)
    names = [f"h{number}" for number in range(len(front_m))]
    return gpd.GeoDataFrame(index=pd.Index(names, name="building_id"), geometry=shapes, crs=31370)


def street(width_m: float | None = None, **columns: Any) -> gpd.GeoDataFrame:
    """Return one straight street along the houses."""
    line = shapely.LineString([(-10, 0), (300, 0)])
    about = {"profile_width_m": [width_m], "street_name": ["Dorp"], **columns}
    return gpd.GeoDataFrame(about, index=["s"], geometry=[line], crs=31370)


def on_line(houses: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, **more: Any) -> list[Any]:
    """Return where the front walls stand."""
    return permits.building_line(houses, streets, **LIMITS, **more)["is_on_line"].tolist()


def files(*chances: float, dwellings: float = 1.0, is_freed: bool = True) -> pd.DataFrame:
    """Return one file per chance."""
    names = [f"h{number:02}" for number in range(len(chances))]
    return pd.DataFrame(
        {"dwellings": dwellings, "approval_share": chances, "is_freed": is_freed}, index=names
    )


def row(table: pd.DataFrame) -> pd.Series[Any]:
    """Return one group for all files."""
    return pd.Series(0, index=table.index)


def compared(table: pd.DataFrame, **terms: float) -> pd.DataFrame:
    """Return the ways of filing of one row."""
    return permits.compare_forms(
        table, row(table), terms=replace(TERMS, **terms), block_files=5
    ).xs(0, level="group")


# The building line


def test_a_wall_at_the_edge_of_the_profile_stands_on_the_line() -> None:
    """Half of 10 m is 5 m; a setback of 0.4 m is drawing, one of 2 m is a garden."""
    assert on_line(homes(5.0, 5.4, 7.0), street(10.0)) == [True, True, False]


def test_a_wall_before_the_edge_stands_on_the_line() -> None:
    """A house that sticks out hangs over public ground all the more."""
    assert on_line(homes(4.0), street(10.0)) == [True]


def test_without_profile_the_neighbours_make_the_line() -> None:
    """The median of the street; who steps back is behind it."""
    found = permits.building_line(homes(5.0, 5.0, 5.2, 7.0), street(), **LIMITS)
    assert found["is_on_line"].tolist() == [True, True, True, False]
    assert set(found["origin"]) == {"common_line"}


def test_a_line_far_from_the_axis_has_gardens_before_it() -> None:
    """All stand in line, yet no wall reaches the street."""
    assert on_line(homes(9.0, 9.0, 9.0), street()) == [False] * 3
    assert on_line(homes(9.0, 9.0), street(18.0)) == [False] * 2


def test_one_house_makes_no_line() -> None:
    """Nothing is said where nothing is known."""
    assert on_line(homes(5.0), street()) == [pd.NA]


def test_a_house_out_of_reach_is_not_known() -> None:
    """Also where there is no street at all."""
    assert on_line(homes(5.0, 40.0), street(10.0)) == [True, pd.NA]
    assert on_line(homes(5.0), street(10.0).iloc[:0]) == [pd.NA]


def test_what_is_given_wins() -> None:
    """A survey on the spot knows better; an empty cell changes nothing."""
    told = pd.Series([False, None], index=["h0", "h1"], dtype="boolean")
    found = permits.building_line(homes(5.0, 5.0), street(10.0), **LIMITS, given=told)
    assert found["is_on_line"].tolist() == [False, True]
    assert found["origin"].tolist() == ["given", "profile"]


def test_the_line_does_not_depend_on_the_order_of_rows() -> None:
    """Nor does it touch its input."""
    houses = homes(5.0, 5.1, 7.0, 5.0)
    before = houses.copy()
    one = permits.building_line(houses, street(), **LIMITS)
    other = permits.building_line(houses.iloc[::-1], street(), **LIMITS).loc[houses.index]
    pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(pd.DataFrame(houses), pd.DataFrame(before))


def test_streets_without_optional_columns_do() -> None:
    """Only a name and a line are certain."""
    bare = street()[["geometry"]]
    assert on_line(homes(5.0, 5.0), bare) == [True, True]


# Chances


def test_twenty_times_95_is_36() -> None:
    """The number that argues for another rule."""
    assert compared(files(*[0.95] * 20)).loc["joint", "all_share"] == pytest.approx(
        0.3585, abs=1e-4
    )


def test_chances_differ_per_home() -> None:
    """The product of 0.9, 0.8 and 1."""
    found = compared(files(0.9, 0.8, 1.0, dwellings=2.0))
    assert found.loc["joint", "all_share"] == pytest.approx(0.72)
    assert found.loc["joint", "expected_dwellings"] == pytest.approx(6 * 0.72)
    assert found.loc["linked", "expected_dwellings"] == pytest.approx(2 * 2.7)


def test_a_draw_of_decisions_agrees() -> None:
    """A simulation of all-or-nothing and of blocks, as a check from elsewhere."""
    table = files(*np.linspace(0.85, 0.99, 12))
    block = permits.blocks_of(row(table), block_files=4)
    rng = np.random.default_rng(7)
    granted = rng.random((40_000, 12)) < table["approval_share"].to_numpy()
    drawn = sum(
        granted[:, (block == name).to_numpy()].all(axis=1).mean() * (block == name).sum()
        for name in block.unique()
    )
    found = permits.expected_permitted(table, row(table), block)
    assert found[0] == pytest.approx(drawn, rel=0.01)


chances = st.lists(st.floats(0.05, 1.0), min_size=1, max_size=25)


@given(chances)
def test_the_smaller_the_block_the_more_is_permitted(shares: list[float]) -> None:
    """A joint file is the worst, a decision per home the best."""
    found = compared(files(*shares))["expected_dwellings"]
    assert found["joint"] <= found["blocks"] + 1e-9
    assert found["blocks"] <= found["separate"] + 1e-9
    assert found["separate"] == pytest.approx(found["linked"])


@given(st.integers(1, 60), st.floats(1, 20))
def test_blocks_hold_every_file_once(size: int, most: float) -> None:
    """None is larger than allowed; sizes differ by at most one."""
    sizes = permits.blocks_of(pd.Series(0, index=range(size)), block_files=most).value_counts()
    assert sizes.sum() == size
    assert sizes.max() <= max(1, most)
    assert sizes.max() - sizes.min() <= 1


def test_the_table_of_chances_is_that_of_single_files() -> None:
    """Every size and chance, and what is left of it."""
    found = permits.success_shares([5, 20], [0.9, 0.95], block_files=5)
    one = found.set_index(["files", "approval_share"]).loc[(20, 0.9)]
    assert one["joint_share"] == pytest.approx(0.9**20)
    assert one["block_share"] == pytest.approx(0.9**5)
    assert len(found) == 4


# Time and money


def test_the_slowest_signature_is_a_harmonic_sum() -> None:
    """12 · (1 + 1/2 + 1/3); and as a draw of many owners says."""
    exact = permits.slowest_signature_days([3, 20], mean_days=12)
    rng = np.random.default_rng(1)
    drawn = rng.exponential(12, (50_000, 20)).max(axis=1).mean()
    assert exact[0] == pytest.approx(22.0)
    assert exact[1] == pytest.approx(drawn, rel=0.01)


def test_one_file_saves_the_hours_of_all_others() -> None:
    """(n - 1) files of 8 and 4 hours; each other applicant still signs."""
    found = compared(files(*[0.95] * 10))
    saved = found.loc["separate"] - found.loc["joint"]
    assert saved["architect_hours"] == 9 * 8
    assert saved["clerk_hours"] == 9 * 4
    assert saved["applicant_hours"] == 9 * (6 - 0.5)
    assert saved["fee_eur"] == 900


def test_linked_files_cost_a_part_of_each_extra_file() -> None:
    """1 + 9 · 0.25 files of work, ten fees."""
    found = compared(files(*[0.95] * 10)).loc["linked"]
    assert found["architect_hours"] == pytest.approx(8 * 3.25)
    assert found["cost_eur"] == pytest.approx(3.25 * (8 * 85 + 4 * 50) + 1000)


def test_a_home_alone_pays_the_same_in_every_way() -> None:
    """There is nothing to share."""
    found = compared(files(0.95))
    assert (found == found.loc["separate"]).all(axis=None)
    assert found.loc["joint", "days"] == pytest.approx(14 + 66 + 30)


def test_a_joint_file_waits_for_everybody() -> None:
    """For the last signature, and for the one home that calls for an inquiry."""
    found = compared(files(0.95, 0.95), inquiry_share=0.5)["days"]
    assert found["separate"] == pytest.approx(14 + 90 + 30)
    assert found["joint"] == pytest.approx(21 + 105 + 30)


@given(st.integers(2, 40), st.floats(0.02, 0.95))
def test_at_the_break_even_a_permit_costs_the_same(size: int, ratio: float) -> None:
    """Below it linked files are cheaper per permitted home."""
    size_of, joint, linked = (pd.Series([value]) for value in (float(size), ratio, 1.0))
    share = permits.break_even_share(size_of, joint_eur=joint, linked_eur=linked)[0]
    assert ratio / share**size == pytest.approx(1.0 / share)
    lower = share * 0.99
    assert ratio / lower**size > 1.0 / lower


def test_a_group_of_one_has_no_break_even() -> None:
    """There is nothing to choose."""
    one = pd.Series([1.0])
    assert permits.break_even_share(one, joint_eur=one, linked_eur=one).isna().all()


def test_a_building_without_group_is_told() -> None:
    """A file that vanishes would look like a saving."""
    table = files(0.9, 0.9)
    with pytest.raises(ContractError, match=r"1 building.*h01"):
        permits.compare_forms(table, row(table).iloc[:1], terms=TERMS, block_files=5)


def test_forms_come_in_their_order() -> None:
    """Group by group, also without any file."""
    table = files(0.9, 0.9, 0.9)
    group = pd.Series([4, 2, 2], index=table.index)
    found = permits.compare_forms(table, group, terms=TERMS, block_files=5)
    assert found.index.tolist() == [(group, form) for group in (2, 4) for form in FORMS]
    empty = permits.compare_forms(table.iloc[:0], group, terms=TERMS, block_files=5)
    assert len(empty) == 0


# Variants


def variants(table: pd.DataFrame, smallest: float = 5) -> pd.DataFrame:
    """Return the variants for one row."""
    return permits.rule_variants(table, row(table), terms=TERMS, smallest=smallest)


def test_an_exemption_frees_the_walls_on_the_line() -> None:
    """Heritage stays: two of ten homes still file, and pay."""
    table = files(*[0.95] * 10)
    table.loc[["h00", "h01"], "is_freed"] = False
    found = variants(table).loc["front_wall_exemption"]
    assert found["dwellings_freed"] == 8
    assert found["files"] == 2
    assert found["expected_dwellings"] == pytest.approx(8 + 2 * 0.95)
    assert found["days"] == pytest.approx(110 * 2 / 10)


def test_a_severable_file_keeps_the_homes_that_are_granted() -> None:
    """As cheap as one file, as safe as separate ones."""
    found = variants(files(*[0.95] * 20))
    assert found.loc["severable", "cost_eur"] == found.loc["joint", "cost_eur"]
    assert found.loc["severable", "expected_dwellings"] == pytest.approx(19.0)
    assert found.loc["joint", "expected_dwellings"] == pytest.approx(20 * 0.95**20)


def test_one_fee_saves_all_other_fees() -> None:
    """On top of what linked files save."""
    table = files(*[0.95] * 10)
    linked = compared(table).loc["linked"]
    found = variants(table).loc["linked_one_fee"]
    assert found["fee_eur"] == 100
    assert found["cost_eur"] == pytest.approx(linked["cost_eur"] - 900)


def test_a_group_that_is_too_small_files_apart() -> None:
    """No variant but the exemption changes anything for it."""
    found = variants(files(0.95, 0.9), smallest=5).drop(index="front_wall_exemption")
    assert (found == found.loc["separate"]).all(axis=None)


def test_saving_is_the_gap_with_separate_files() -> None:
    """Hours, euros and days; zero for how it goes now."""
    found = variants(files(*[0.95] * 10))
    assert found.index.tolist() == list(VARIANTS)
    assert (found.loc["separate", ["hours_saved", "eur_saved", "days_saved"]] == 0).all()
    gap = found.loc["separate", "cost_eur"] - found["cost_eur"]
    pd.testing.assert_series_equal(found["eur_saved"], gap, check_names=False)


def test_without_files_there_is_nothing_to_save() -> None:
    """A place with gardens before every house."""
    found = variants(files(0.9).iloc[:0])
    assert (found["files"] == 0).all()
    assert found["days"].isna().all()


@given(chances, st.integers(1, 4), st.randoms(use_true_random=False))
def test_totals_do_not_depend_on_the_order_of_rows(
    shares: list[float], n_groups: int, random: Any
) -> None:
    """Nor on which group comes first."""
    table = files(*shares)
    group = pd.Series([number % n_groups for number in range(len(table))], index=table.index)
    shuffled = table.sample(frac=1, random_state=random.randrange(1000))
    one, other = (
        permits.rule_variants(rows, group, terms=TERMS, smallest=3) for rows in (table, shuffled)
    )
    pd.testing.assert_frame_equal(one, other)
