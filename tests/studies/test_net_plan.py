"""What every home pays on its own: heat pumps and gas, on a small fictional place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lekp_lib.assumptions import load
from lekp_lib.contracts import Flanders, Place
from lekp_lib.money import annuity_factor
from lekp_lib.studies._net_ground import NET_KEYS, Ground, prepare_ground
from lekp_lib.studies._net_plan import ways_of
from lekp_lib.studies._warmtenet_model import heat_of
from lekp_lib.studies._warmtenet_scene import KEYS, prepare
from lekp_lib.synthetic import make_wijk


@pytest.fixture(scope="module")
def ground(flanders: Flanders) -> Ground:
    """Give a place of forty homes."""
    wijk = make_wijk("station_belt", dwellings=40, seed=3)
    tables = {name: wijk.tables[name] for name in ("gebouwen", "straten")}
    place = Place(f"proef/{wijk.slug}", wijk.settings, "", tables, {}, (), load())
    used = place.assumptions.pick((*KEYS, *NET_KEYS))
    hood = prepare(place, flanders, used)
    heat = heat_of(hood, {key: figure.value for key, figure in used.items()})
    return prepare_ground(place, hood, heat, used)


def changed(ground: Ground, **figures: float) -> Ground:
    """Return the place with other figures; a double underscore stands for a dot."""
    own = {key.replace("__", "."): value for key, value in figures.items()}
    return replace(ground, figures=ground.figures | own)


def totals(ground: Ground, way: str) -> pd.Series[float]:
    """Return the sums over all homes."""
    table = ways_of(ground, ground.loads)[way]
    return table[table["dwellings"] > 0].sum(numeric_only=True)


def grid_eur(ground: Ground) -> float:
    """Return what the stronger grid of all homes costs per year, with VAT."""
    spread = annuity_factor(
        ground.figures["individual.rate_share"], ground.figures["individual.grid.lifetime_years"]
    )
    return float(totals(ground, "heat_pump")["wires_eur"] * spread) * 1.06


def test_without_capacity_tariff_the_grid_counts_in_full(ground: Ground) -> None:
    """Nothing pays for it yet."""
    free = changed(ground, individual__electricity__capacity_eur_kw=0.0)
    sums = totals(free, "heat_pump")
    assert sums["yearly_fixed_eur"] == 0.0
    assert sums["all_in_eur"] - sums["annual_cost_eur"] == pytest.approx(grid_eur(free))


def test_the_grid_is_paid_once(ground: Ground) -> None:
    """Tariff and what it leaves open make the cost of the grid, as long as it is dearer."""
    dear = changed(ground, individual__grid__connection_eur=10_000.0)
    sums = totals(dear, "heat_pump")
    left = sums["all_in_eur"] - sums["annual_cost_eur"]
    assert left > 0
    assert left + sums["yearly_fixed_eur"] == pytest.approx(grid_eur(dear))


def test_a_tariff_above_the_cost_of_the_grid_leaves_nothing_open(ground: Ground) -> None:
    """A household pays the tariff all the same."""
    rich = changed(ground, individual__electricity__capacity_eur_kw=1_000.0)
    sums = totals(rich, "heat_pump")
    assert sums["yearly_fixed_eur"] > grid_eur(rich)
    assert sums["all_in_eur"] == pytest.approx(sums["annual_cost_eur"])


def test_a_boiler_bears_the_standard_vat(ground: Ground) -> None:
    """21 % on a gas boiler, 6 % on a heat pump; the works are told without."""
    assert totals(ground, "gas")["investment_eur"] == pytest.approx(
        1.21 * totals(ground, "gas")["works_eur"]
    )
    assert totals(ground, "heat_pump")["investment_eur"] == pytest.approx(
        1.06 * totals(ground, "heat_pump")["works_eur"]
    )


def test_the_fixed_fee_of_gas_ends_with_gas(ground: Ground) -> None:
    """It is in the bill of gas, and in none with a heat pump."""
    free = changed(ground, individual__gas__fixed_eur=0.0)
    less = totals(ground, "gas") - totals(free, "gas")
    fee = ground.figures["individual.gas.fixed_eur"]
    assert less["all_in_eur"] == pytest.approx(fee * float(ground.loads["dwellings"].sum()))
    assert totals(free, "heat_pump")["all_in_eur"] == totals(ground, "heat_pump")["all_in_eur"]


def test_a_heating_curve_saves_electricity(ground: Ground) -> None:
    """With radiators that hardly follow the weather, the same heat asks more electricity."""
    flat = changed(ground, individual__heat_pump__radiator_exponent=1e6)
    curved = totals(ground, "heat_pump")["electricity_mwh"]
    assert curved < 0.9 * totals(flat, "heat_pump")["electricity_mwh"]


def test_every_building_has_its_own_temperature(ground: Ground) -> None:
    """A mix of radiators gives each building what it would get alone."""
    loads = ground.loads
    mixed = np.where(np.arange(len(loads)) % 2, 55.0, 40.0)
    found = ways_of(ground, loads, supply_c=mixed)["heat_pump"]["electricity_mwh"]
    for supply in (40.0, 55.0):
        alone = ways_of(ground, loads, supply_c=supply)["heat_pump"]["electricity_mwh"]
        pd.testing.assert_series_equal(found[mixed == supply], alone[mixed == supply])
