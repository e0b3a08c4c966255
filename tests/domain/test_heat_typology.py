"""Levels fitted to gas: known levels come back, against an independent least squares."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.contracts.lists import BUILDING_TYPES, PERIODS
from lekp_lib.domain import heat_typology
from lekp_lib.domain.heat_typology import FitChoices, Typology
from lekp_lib.errors import ContractError

CLASSES = pd.MultiIndex.from_product(
    [list(BUILDING_TYPES), list(PERIODS)], names=["building_type", "period"]
)
CHOICES = FitChoices((0.0001, 0.01, 1.0), 0.5, period_reach=2.0, own_weight=0.5, folds=5, seed=3)
PRIOR = pd.Series(10.0, CLASSES)
TRUE = pd.Series(
    [level * fade for level in (12, 16, 20, 8, 12, 16) for fade in np.linspace(1.2, 0.7, 10)],
    CLASSES,
)


def stock(n: int = 120, seed: int = 0) -> pd.DataFrame:
    """Return shares of n municipalities, some with much more of one class than others."""
    shares = np.random.default_rng(seed).dirichlet(np.full(len(CLASSES), 0.2), n)
    return pd.DataFrame(shares, [f"{number:05d}" for number in range(n)], CLASSES)


def persons(shares: pd.DataFrame, seed: int = 1) -> pd.DataFrame:
    """Return one trait that has nothing to do with the homes."""
    drawn = np.random.default_rng(seed).normal(2.3, 0.2, len(shares))
    return pd.DataFrame({"persons_household": drawn}, shares.index)


def fit(
    shares: pd.DataFrame,
    gas: pd.Series[float],
    choices: FitChoices = CHOICES,
    about: pd.DataFrame | None = None,
) -> Typology:
    """Return the fit with the flat prior."""
    traits = persons(shares) if about is None else about
    return heat_typology.fit_typology(shares, gas, traits, PRIOR, choices=choices)


def test_known_levels_come_back() -> None:
    """Without noise and pull, the levels behind 400 simulated municipalities are found."""
    shares = stock(400)
    choices = replace(CHOICES, penalties=(1e-6,), lowest_ratio=0.1)
    found = fit(shares, shares @ TRUE, choices).levels["gas_mwh_dwelling"]
    assert (found / TRUE - 1).abs().max() < 0.02


def test_held_out_error_beats_the_mean_and_knows_the_noise() -> None:
    """With 5 % noise the error of unseen municipalities is little more than that noise."""
    shares = stock(400)
    noise = np.random.default_rng(5).normal(1, 0.05, len(shares))
    found = fit(shares, (shares @ TRUE) * noise)
    assert 0.035 < found.error_share < 0.055
    assert found.error_share < 0.7 * found.mean_error_share


def test_held_out_rows_are_not_seen() -> None:
    """What one municipality used does not change what is predicted for its own part."""
    shares = stock(60)
    gas = shares @ TRUE
    order = np.random.default_rng(CHOICES.seed).permutation(len(gas))
    part = gas.index[order[:: CHOICES.folds]]
    other = gas.where(~gas.index.isin(part), 2 * gas)
    there, back = (fit(shares, values).held_out.loc[part] for values in (gas, other))
    pd.testing.assert_frame_equal(there[["predicted", "mean"]], back[["predicted", "mean"]])


def test_against_least_squares_on_the_augmented_system() -> None:
    """Rows for the meters and rows for the penalty, solved by numpy, give the same levels."""
    shares = stock(80)
    gas = shares @ TRUE * np.random.default_rng(2).normal(1, 0.03, 80)
    choices = replace(CHOICES, penalties=(0.05,), lowest_ratio=-100.0)
    about = pd.DataFrame({"persons_household": 2.0}, shares.index)
    found = fit(shares, gas, choices, about).levels["gas_mwh_dwelling"]

    types, periods = np.divmod(np.arange(len(CLASSES)), len(PERIODS))
    same = (types[:, None] == types) * 1.0
    near = np.exp(-np.abs(periods[:, None] - periods) / 2.0)
    together = (same + near + 0.5 * same * near) / 2.5
    together += np.sqrt(np.finfo(float).eps) * np.eye(len(CLASSES))
    penalty = np.linalg.inv(np.linalg.cholesky(together)) * np.sqrt(0.05)
    level = gas.mean()
    rows = np.vstack([shares.to_numpy() * level / gas.to_numpy()[:, None], penalty])
    aim = np.concatenate([1 - level / gas.to_numpy(), np.zeros(len(CLASSES))])
    deviation = np.linalg.lstsq(rows, aim, rcond=None)[0]
    assert found.to_numpy() == pytest.approx(level * (1 + deviation), rel=1e-5)


def test_left_out_error_equals_refitting() -> None:
    """The closed form that chooses the strength is what leaving each one out really gives."""
    shares, penalty = stock(30), 0.1
    gas = shares @ TRUE
    metered, own = gas.to_numpy(), np.zeros((30, 0))
    build = heat_typology._problem
    whole = build(shares.to_numpy(), own, metered, PRIOR, CHOICES)
    matrix, right, weighed = heat_typology._system(whole, penalty)
    gap = 1 - metered.mean() / metered
    refitted = []
    for row in range(30):
        without = matrix - np.outer(weighed[row], weighed[row])
        answer = np.linalg.solve(without, right - weighed[row] * gap[row])
        refitted.append(gap[row] - weighed[row] @ answer)
    assert heat_typology._left_out(whole, penalty) == pytest.approx(np.array(refitted))


def test_order_of_rows_does_not_matter() -> None:
    """Shuffled municipalities give the same levels, parts and factors."""
    shares = stock(60)
    gas = shares @ TRUE
    turned = shares[::-1]
    there, back = fit(shares, gas), fit(turned, gas[::-1], about=persons(shares)[::-1])
    pd.testing.assert_frame_equal(there.levels, back.levels)
    pd.testing.assert_frame_equal(there.held_out, back.held_out)
    pd.testing.assert_series_equal(there.factors, back.factors[::-1])


@given(st.integers(0, 1000), st.floats(0.2, 0.9))
def test_no_level_lies_below_its_lowest_ratio(seed: int, lowest: float) -> None:
    """Whatever the meters say, no class gets less than that part of the prior, nor below 0."""
    shares = stock(20, seed)
    gas = pd.Series(np.random.default_rng(seed).uniform(5, 30, 20), shares.index)
    choices = replace(CHOICES, penalties=(0.001,), lowest_ratio=lowest)
    levels = fit(shares, gas, choices).levels
    prior = gas.mean()
    assert levels["gas_mwh_dwelling"].min() >= lowest * prior * (1 - 1e-6)
    assert levels["sd_mwh_dwelling"].min() > 0


def test_class_nobody_has_follows_its_neighbours() -> None:
    """A period that is nowhere built moves with those around it, and is not known well."""
    shares = stock(200)
    shares[("detached", "1962_1970")] = 0.0
    shares = shares.div(shares.sum(axis=1), axis=0)
    levels = fit(shares, shares @ TRUE).levels
    detached = levels.loc["detached"]
    low, high = sorted(detached.loc[["1946_1961", "1971_1981"], "gas_mwh_dwelling"])
    assert low - 2 < detached.loc["1962_1970", "gas_mwh_dwelling"] < high + 2
    assert detached["sd_mwh_dwelling"].idxmax() == "1962_1970"
    assert detached.loc["1962_1970", "stock_share"] == 0


def test_traits_change_every_level_alike() -> None:
    """Where people use 10 % more per standard deviation of a trait, the factor says so."""
    shares = stock(200)
    about = persons(shares)
    unit = (about["persons_household"] - about["persons_household"].mean()) / about[
        "persons_household"
    ].std(ddof=0)
    found = fit(shares, (shares @ TRUE) * (1 + 0.1 * unit), about=about)
    slope = np.polyfit(unit, found.factors, 1)[0]
    assert slope == pytest.approx(0.1, abs=0.02)
    assert found.factors.mean() == pytest.approx(1.0, abs=0.01)


def test_what_homes_explain_is_no_trait() -> None:
    """A trait that is nothing but the building types leaves every factor at 1."""
    shares = stock(100)
    by_type = shares.T.groupby(level=0).sum().T[list(BUILDING_TYPES)]
    about = pd.DataFrame({"persons_household": by_type @ np.arange(1.0, 7.0)})
    factors = fit(shares, shares @ TRUE, about=about).factors
    assert factors.to_numpy() == pytest.approx(1.0)


def test_strong_pull_is_chosen_when_weak_is_no_better() -> None:
    """Pure noise around the prior: the strongest penalty wins."""
    shares = stock(100)
    gas = pd.Series(np.random.default_rng(9).normal(15, 1, 100), shares.index)
    assert fit(shares, gas).penalty == max(CHOICES.penalties)


def test_dwellings_weigh_not_buildings() -> None:
    """Five buildings with 90 homes count three times as much as 30 houses."""
    table = pd.DataFrame(
        {
            "nis_code": "1",
            "building_type": ["detached", "detached", "apartment_building"],
            "period": ["1946_1961", "unknown", "after_2011"],
            "buildings": [30, 7, 5],
        }
    )
    homes = pd.DataFrame(
        {
            "nis_code": "1",
            "building_type": ["detached", "apartment_building"],
            "dwellings": [30, 90],
        }
    )
    shares = heat_typology.stock_shares(table, homes).loc["1"]
    assert shares[shares > 0].to_dict() == {
        ("detached", "1946_1961"): 0.25,
        ("apartment_building", "after_2011"): 0.75,
    }


def test_range_of_a_level() -> None:
    """Four chances out of five is 1.28 standard deviations to either side."""
    found = fit(stock(60), stock(60) @ TRUE)
    levels = found.levels.assign(gas_mwh_dwelling=10.0, sd_mwh_dwelling=1.0)
    ranges = heat_typology.level_ranges(replace(found, levels=levels), coverage_share=0.8)
    assert ranges.iloc[0].tolist() == pytest.approx([8.718, 11.282], abs=0.001)


def test_levels_of_a_municipality() -> None:
    """Its factor multiplies the Flemish levels; without a code there is none."""
    found = replace(
        fit(stock(60), stock(60) @ TRUE), factors=pd.Series({"00001": 1.1}, name="factor")
    )
    own, flemish, other = (
        heat_typology.levels_of_municipality(found, code) for code in ("00001", None, "x")
    )
    assert (own / flemish).tolist() == pytest.approx([1.1] * len(CLASSES))
    pd.testing.assert_series_equal(flemish, other)


def test_neighbourhoods_beside_their_municipality() -> None:
    """Only the asked year and enough connections; predicted comes from outside the part."""
    shares = stock(60)
    found = fit(shares, shares @ TRUE)
    energy = pd.DataFrame(
        {
            "wijk_code": ["a", "a", "b", "c"],
            "year": [2021, 2020, 2021, 2021],
            "gas_residential_mwh": [3000.0, 2000.0, 90.0, None],
            "gas_residential_points": [200, 200, 9, None],
        }
    )
    wijken = pd.DataFrame({"nis_code": "00001"}, index=["a", "b", "c"])
    table = heat_typology.neighbourhood_ratios(
        found, energy, wijken, year=2021, smallest_points=100
    )
    assert table.index.tolist() == ["a"]
    assert table.loc["a", "metered"] == 15.0
    assert table.loc["a", "predicted"] == found.held_out.loc["00001", "predicted"]


def test_too_few_municipalities_are_refused() -> None:
    """Four municipalities cannot be held out in five parts."""
    with pytest.raises(ContractError, match="folds"):
        fit(stock(4), stock(4) @ TRUE)


def test_municipality_without_stock_is_refused() -> None:
    """Gas of a municipality whose homes are not known raises and names it."""
    shares = stock(20)
    gas = pd.concat([shares @ TRUE, pd.Series({"99999": 15.0})])
    with pytest.raises(ContractError, match="99999"):
        fit(shares, gas)


def test_municipality_without_gas_is_refused() -> None:
    """No use at all cannot be weighed over what was metered."""
    shares = stock(20)
    with pytest.raises(ContractError, match="above 0"):
        fit(shares, (shares @ TRUE).where(shares.index != "00003", 0.0))
