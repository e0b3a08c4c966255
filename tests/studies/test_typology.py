"""The levels on the published figures of Flanders: how good they are, when they are refitted."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from lekp_lib.assumptions import load
from lekp_lib.contracts import Flanders
from lekp_lib.studies._typology import Levels, fitted_levels


@pytest.fixture(scope="module")
def levels(flanders: Flanders) -> Levels:
    """Return what is fitted to the published figures."""
    return fitted_levels(flanders, load())


def test_held_out_error_on_flanders(levels: Levels) -> None:
    """277 municipalities, unseen: below the 5.5 % of a plain ridge, and 9.1 % for the mean."""
    assert len(levels.typology.held_out) == 277
    assert levels.typology.error_share < 0.0525
    assert levels.typology.mean_error_share == pytest.approx(0.091, abs=0.001)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_error_is_no_luck_of_the_draw(flanders: Flanders, seed: int) -> None:
    """Other parts give nearly the same error."""
    own = pd.DataFrame(
        {"key": ["heat.fit.seed"], "value": [float(seed)], "unit": ["aantal"], "source": ["x"]}
    )
    assert fitted_levels(flanders, load(own)).typology.error_share < 0.0525


def test_levels_are_plausible(levels: Levels) -> None:
    """Every class uses gas, none a multiple of the mean, and an apartment less than a house."""
    gas = levels.typology.levels["gas_mwh_dwelling"]
    assert gas.between(2, 32).all()
    assert gas.xs("after_2011", level="period").max() < gas.xs("1962_1970", level="period").min()
    assert (gas.loc["apartment_building"] < gas.loc["detached"]).all()
    assert levels.dwellings.sum() > 3_000_000
    assert levels.on_gas_share == pytest.approx(0.70, abs=0.01)


def test_levels_help_in_neighbourhoods_too(levels: Levels) -> None:
    """In the wijken of unseen municipalities the error is below that of the Flemish mean."""
    table = levels.wijk_ratios
    of_mean = (table["mean"] / table["metered"] - 1).abs().mean()
    assert len(table) > 1900
    assert levels.wijk_error_share < of_mean - 0.01


def test_same_tables_are_fitted_once(flanders: Flanders, levels: Levels) -> None:
    """A copy of the tables is recognised; other gas or another figure is fitted anew."""
    same = replace(flanders, municipalities=flanders.municipalities.copy())
    assert fitted_levels(same, load()) is levels
    warmer = flanders.municipalities.assign(
        gas_residential_mwh_2021=flanders.municipalities["gas_residential_mwh_2021"] * 0.9
    )
    other = fitted_levels(replace(flanders, municipalities=warmer), load()).typology.levels
    ratio = other["gas_mwh_dwelling"] / levels.typology.levels["gas_mwh_dwelling"]
    assert ratio.to_numpy() == pytest.approx(0.9)
