"""Tests of fitting households to what is known of each apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st

from lekp_lib.contracts.lists import ACTIVATION_GROUPS, BUILDING_TYPES, PERIODS, TENURES
from lekp_lib.domain import population
from lekp_lib.errors import ContractError

FINE = {"tolerance": 1e-10, "rounds": 2000}
SHAPE = tuple(len(codes) for codes in population.CODES.values())


def rows(**columns: list[object]) -> pd.DataFrame:
    """Return a table ``huishoudens`` of one area; what is not named is empty."""
    names = ["tenure", "age_group", "income_group", "language_group", "households"]
    table = pd.DataFrame(columns).reindex(columns=names)
    return table.assign(area_id="x", households=table["households"].astype("Int64"))


def test_a_case_by_hand() -> None:
    """With an odds ratio of 3, x(10 + x) = 3(40 − x)(50 − x), so x = 70 − √1900."""
    found = population.fit(
        np.array([[1.0, 1.0], [1.0, 3.0]]),
        [((0,), np.array([40.0, 60.0])), ((1,), np.array([50.0, 50.0]))],
        **FINE,
    )
    assert found.fitted[0, 0] == pytest.approx(70 - 1900**0.5)
    assert found.residual < 1e-10


def test_the_fit_is_the_nearest_table() -> None:
    """A general optimiser that minimises the relative entropy finds the same table."""
    rng = np.random.default_rng(3)
    seed, truth = rng.uniform(0.2, 2.0, (2, 3, 2)), rng.uniform(1.0, 9.0, (2, 3, 2))
    margins = [((0, 1), truth.sum(axis=2)), ((2,), truth.sum(axis=(0, 1)))]
    fitted = population.fit(seed, margins, **FINE).fitted

    def sums(cells: np.ndarray) -> np.ndarray:
        table = cells.reshape(seed.shape)
        gaps = (table.sum(axis=2) - margins[0][1], table.sum(axis=(0, 1))[:1] - margins[1][1][:1])
        return np.concatenate([gap.ravel() for gap in gaps])

    best = scipy.optimize.minimize(
        lambda cells: float(np.sum(cells * np.log(cells / seed.ravel()) - cells)),
        np.full(seed.size, truth.mean()),
        jac=lambda cells: np.log(cells / seed.ravel()),
        bounds=[(1e-6, None)] * seed.size,
        constraints={"type": "eq", "fun": sums},
        method="SLSQP",
        options={"ftol": 1e-13, "maxiter": 500},
    )
    assert fitted.ravel() == pytest.approx(best.x, rel=1e-3)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6))
def test_margins_that_agree_are_met(number: int) -> None:
    """Whatever the seed, sums of one table can be met, and the order of axes does not matter."""
    rng = np.random.default_rng(number)
    truth, seed = rng.uniform(0.1, 5.0, (3, 2, 4)), rng.uniform(0.1, 5.0, (3, 2, 4))
    margins = [((2, 0), truth.sum(axis=1).T), ((1,), truth.sum(axis=(0, 2)))]
    found = population.fit(seed, margins, **FINE)
    assert found.residual <= 1e-10
    assert found.fitted.sum() == pytest.approx(truth.sum())
    turned = population.fit(
        seed.transpose(2, 0, 1), [((0, 1), margins[0][1]), ((2,), margins[1][1])], **FINE
    )
    assert turned.fitted == pytest.approx(found.fitted.transpose(2, 0, 1))


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6))
def test_cells_of_zero_stay_zero(number: int) -> None:
    """What cannot exist is never filled."""
    rng = np.random.default_rng(number)
    seed = rng.uniform(0.1, 2.0, (3, 4)) * (rng.random((3, 4)) > 0.3)
    truth = seed * rng.uniform(0.5, 2.0, (3, 4))
    margins = [((0,), truth.sum(axis=1)), ((1,), truth.sum(axis=0))]
    found = population.fit(seed, margins, **FINE)
    assert (found.fitted[seed == 0] == 0).all()
    assert (found.fitted >= 0).all()


def test_odds_ratios_of_the_seed_are_kept() -> None:
    """Fitting scales rows and columns, nothing else."""
    seed = np.array([[2.0, 1.0], [1.0, 4.0]])
    margins = [((0,), np.array([30.0, 70.0])), ((1,), np.array([55.0, 45.0]))]
    table = population.fit(seed, margins, **FINE).fitted
    assert table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0]) == pytest.approx(8.0)


def test_margins_that_contradict_are_told() -> None:
    """A total of 100 and one of 90 leave a gap of 10 of 100 behind, split over two cells."""
    margins = [((0,), np.array([50.0, 50.0])), ((1,), np.array([45.0, 45.0]))]
    found = population.fit(np.ones((2, 2)), margins, tolerance=1e-9, rounds=50)
    assert found.residual == pytest.approx(0.05)
    assert found.fitted.sum(axis=0).tolist() == pytest.approx([45.0, 45.0])


def test_households_where_none_can_be_are_told() -> None:
    """A group without a home that fits it stays empty, and the residual says how many."""
    seed = np.array([[1.0, 0.0], [1.0, 0.0]])
    margins = [((0,), np.array([5.0, 5.0])), ((1,), np.array([8.0, 2.0]))]
    assert population.fit(seed, margins, tolerance=1e-9, rounds=50).residual >= 0.1


def test_a_seed_that_fits_is_left_alone() -> None:
    """No round is needed, and the seed itself is not changed."""
    seed = np.array([[1.0, 2.0], [3.0, 4.0]])
    found = population.fit(seed, [((0,), np.array([3.0, 7.0]))], tolerance=1e-9, rounds=0)
    assert found.fitted.tolist() == seed.tolist()
    assert found.fitted is not seed


def test_no_margin_at_all_gives_the_seed() -> None:
    """Nothing to fit to, nothing to miss."""
    assert population.fit(np.ones((2, 2)), [], tolerance=0.0, rounds=9).residual == 0.0


@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf])
def test_a_seed_that_is_no_count_is_refused(bad: float) -> None:
    """Fewer than no households cannot be fitted."""
    with pytest.raises(ContractError, match="at least 0"):
        population.fit(np.array([1.0, bad]), [], tolerance=0.0, rounds=1)


@pytest.mark.parametrize(("axes", "shape"), [((0,), (3,)), ((0, 0), (2, 2)), ((5,), (2,))])
def test_a_margin_of_another_shape_is_refused(axes: tuple[int, ...], shape: tuple[int]) -> None:
    """Each margin names axes of the seed, with as many places."""
    with pytest.raises(ContractError, match="does not fit"):
        population.fit(np.ones((2, 2)), [(axes, np.ones(shape))], tolerance=0.0, rounds=1)


def test_known_tenures_stay_and_unknown_ones_spread() -> None:
    """Of four dwellings, one is social; three of unknown tenure follow the shares of the type."""
    homes = pd.DataFrame(
        {
            "building_type": ["terraced", "apartment_building"],
            "dwellings": [1.0, 3.0],
            "tenure": ["social_rental", "unknown"],
        },
        index=["a", "b"],
    )
    weights = pd.DataFrame(0.0, homes.index, list(PERIODS))
    weights.loc["a", "before_1900"] = 1.0
    weights.loc["b", ["before_1900", "after_2011"]] = 0.5
    shares = pd.DataFrame({"owner_occupied": 0.5, "private_rental": 0.5, "social_rental": 0.0},
                          index=list(BUILDING_TYPES))  # fmt: skip
    array = population.dwellings_by_tenure(homes, weights, shares)
    assert array.sum() == pytest.approx(4.0)
    assert array[BUILDING_TYPES.index("terraced"), 0].tolist() == [0.0, 0.0, 1.0]
    assert array[BUILDING_TYPES.index("apartment_building"), -1].tolist() == [0.75, 0.75, 0.0]
    turned = population.dwellings_by_tenure(homes.iloc[::-1], weights, shares)
    assert turned == pytest.approx(array)


def test_shares_that_are_no_shares_are_refused() -> None:
    """A mix adds up to 1."""
    income = pd.DataFrame(0.5, index=list(TENURES), columns=["low", "middle", "high"])
    with pytest.raises(ContractError, match="add up to 1"):
        population.household_seed(np.ones(SHAPE[:3]), income)


def test_rows_with_the_same_columns_make_one_margin() -> None:
    """Areas add up; each set of filled columns stands by itself, also none at all."""
    table = rows(
        tenure=["owner_occupied", "owner_occupied", "social_rental", None, None],
        income_group=[None, None, None, "low", None],
        households=[10, 20, 10, 25, 40],
    )
    margins = dict(population.household_margins(table, total=80.0))
    assert margins[(2,)].tolist() == [60.0, 0.0, 20.0]
    assert margins[(3,)].tolist() == [50.0, 0.0, 0.0]
    assert float(margins[()]) == 80.0
    assert population.households_counted(table) == 40.0


def test_a_joint_margin_keeps_its_combinations() -> None:
    """Tenure by age is a margin over two axes."""
    table = rows(
        tenure=["owner_occupied", "private_rental"],
        age_group=["75_plus", "under_35"],
        households=[6, 4],
    )
    ((axes, array),) = population.household_margins(table, total=10.0)
    assert axes == (2, 4)
    assert (array[0, 3], array[1, 0], array.sum()) == (6.0, 4.0, 10.0)


def test_without_a_table_nothing_is_counted() -> None:
    """No number stands in for one that was not given."""
    assert np.isnan(population.households_counted(None))


def test_groups_overlap_and_owners_and_tenants_are_all() -> None:
    """Every household is an owner or a tenant; a tenant of a company is a tenant too."""
    fitted = np.random.default_rng(1).uniform(0.0, 3.0, SHAPE)
    groups = population.activation_groups(fitted)["households"]
    assert tuple(groups.index) == ACTIVATION_GROUPS
    owners = groups["owner_mid_high"] + groups["owner_low"]
    assert owners + groups["tenant"] == pytest.approx(fitted.sum())
    assert groups["landlord"] + groups["social_tenant"] == pytest.approx(groups["tenant"])
    assert groups["aged_75_plus"] == pytest.approx(fitted[..., 3, :].sum())


def groups_of(**households: float) -> pd.DataFrame:
    """Return groups of 100 households each, but for those that are named."""
    counts = dict.fromkeys(ACTIVATION_GROUPS, 100.0) | households
    return pd.DataFrame({"households": counts}).rename_axis("group")


@pytest.mark.parametrize(
    ("small", "together"),
    [
        ("owner_low", {"owner_mid_high", "owner_low", "tenant", "landlord", "social_tenant"}),
        ("social_tenant", {"landlord", "social_tenant"}),
        ("aged_75_plus", {"aged_75_plus"}),
    ],
)
def test_groups_that_tell_each_other_stand_or_fall_together(small: str, together: set[str]) -> None:
    """Four households behind one row hide all rows from which they could be worked out."""
    fewest = population.fewest_behind(groups_of(**{small: 4.0}))
    assert set(fewest.index[fewest == 4.0]) == together


def test_nearly_everybody_tells_who_is_left() -> None:
    """All but three speak another language: then three speak Dutch."""
    fewest = population.fewest_behind(groups_of(other_language=297.0))
    assert fewest["other_language"] == 3.0


def test_nobody_is_not_a_small_group() -> None:
    """No social tenants at all hides nothing."""
    fewest = population.fewest_behind(groups_of(social_tenant=0.0))
    assert (fewest["social_tenant"], fewest["landlord"]) == (0.0, 100.0)
