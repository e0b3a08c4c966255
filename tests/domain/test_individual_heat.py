"""Heat pumps, boilers, renovation and shared grids, checked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.assumptions import load
from lekp_lib.domain import individual_heat
from lekp_lib.errors import ContractError

FIGURES = load()
PUMP = FIGURES.values_below("individual.heat_pump.")
BOILER = FIGURES.values_below("individual.boiler.")
GRID = FIGURES.values_below("individual.grid.")
BOOSTER = FIGURES.values_below("individual.booster.")
SHELL = FIGURES.values_below("individual.shell.")
ELEMENT = FIGURES.values_below("individual.element.")
CURVE = {"room_c": 20.0, "design_c": -8.0, "exponent": 1.3}
PRICES = {
    "electricity_eur_mwh": 300.0,
    "capacity_eur_kw": 40.0,
    "peak_share": 0.5,
    "electricity_kg_mwh": 167.49,
    "gas_eur_mwh": 85.0,
    "fixed_eur": 100.0,
    "gas_kg_mwh": 182.0,
    "vat_share": 0.06,
}


@pytest.fixture
def loads() -> pd.DataFrame:
    """Give a house, four flats and a school in two streets."""
    return pd.DataFrame(
        {
            "dwellings": [1, 4, 0],
            "space_mwh": [10.0, 20.0, 0.0],
            "hot_water_mwh": [2.0, 8.0, 0.0],
            "other_mwh": [0.0, 0.0, 90.0],
            "demand_mwh": [12.0, 28.0, 90.0],
            "space_peak_kw": [6.0, 14.0, 60.0],
            "hot_water_peak_kw": [8.0, 16.0, 0.0],
            "connection_kw": [14.0, 30.0, 60.0],
            "street_id": ["s1", "s1", "s2"],
        },
        index=pd.Index(["a", "b", "c"], name="building_id"),
    )


def heat_pumps(loads: pd.DataFrame, supply_c: float = 55.0, **prices: float) -> pd.DataFrame:
    """Return heat pumps at COP 2.5 (on the coldest day and for taps 2), at 4 %."""
    return individual_heat.heat_pumps(
        loads,
        supply_c=supply_c,
        cop_space=2.5,
        cop_coldest=2.0,
        cop_hot_water=2.0,
        costs=PUMP,
        prices=PRICES | prices,
        rate=0.04,
    )


def test_a_heat_pump_uses_less_electricity_than_it_gives_heat(loads: pd.DataFrame) -> None:
    """10 / 2.5 + 2 / 2 = 5 MWh for the house; the school needs 36."""
    found = heat_pumps(loads)
    assert found["electricity_mwh"].tolist() == pytest.approx([5.0, 12.0, 36.0])
    assert found["yearly_energy_eur"]["a"] == pytest.approx(5 * 300)
    assert found["co2_t"]["a"] == pytest.approx(5 * 0.16749)


def test_a_heat_pump_costs_per_home_and_per_kw(loads: pd.DataFrame) -> None:
    """House: (5,747.5 + 6 × 537 + 1,200) × 1.06; radiators of 55 °C may stay."""
    found = heat_pumps(loads)["investment_eur"]
    assert found["a"] == pytest.approx((5747.5 + 6 * 537 + 1200) * 1.06)
    assert found["b"] == pytest.approx((4 * 5747.5 + 14 * 537 + 4 * 850) * 1.06)
    assert found["c"] == pytest.approx((4750 + 60 * 1000) * 1.06)


def test_cooler_water_asks_other_radiators(loads: pd.DataFrame) -> None:
    """At 45 °C each home pays for low-temperature emitters, the school does not."""
    more = (heat_pumps(loads, 45.0) - heat_pumps(loads))["investment_eur"] / 1.06
    assert more.tolist() == pytest.approx([2243.5, 4 * 1486, 0.0])


def test_the_yearly_cost_is_annuity_energy_and_upkeep(loads: pd.DataFrame) -> None:
    """By hand for the house: 18 years at 4 % is 0.07899; upkeep is 2 % of the machine."""
    found = heat_pumps(loads).loc["a"]
    machine, panel = (5747.5 + 6 * 537) * 1.06, 1200 * 1.06
    assert found["yearly_om_eur"] == pytest.approx(0.02 * machine)
    assert found["annual_cost_eur"] == pytest.approx(
        0.0789933 * (machine + panel) + 5 * 300 + 60 + 0.02 * machine, rel=1e-6
    )


def test_a_heat_pump_raises_the_capacity_tariff(loads: pd.DataFrame) -> None:
    """6 kW of heat at COP 2 is 3 kW electric; half of it counts in the peak: 1.5 × 40 EUR."""
    found = heat_pumps(loads)
    assert found["electric_kw"].tolist() == pytest.approx([3.0, 7.0, 30.0])
    assert found["yearly_fixed_eur"].tolist() == pytest.approx([60.0, 140.0, 600.0])


def test_the_capacity_tariff_is_no_energy(loads: pd.DataFrame) -> None:
    """A dearer kW moves the fixed part and the total alike, the energy not at all."""
    more = heat_pumps(loads, capacity_eur_kw=60.0) - heat_pumps(loads)
    assert more["yearly_energy_eur"].tolist() == [0.0, 0.0, 0.0]
    assert more["annual_cost_eur"].tolist() == pytest.approx([30.0, 70.0, 300.0])


def test_gas_has_a_fixed_fee_per_connection(loads: pd.DataFrame) -> None:
    """One per home and one for the school; it is part of the yearly cost."""
    found = individual_heat.gas_boilers(loads, costs=BOILER, prices=PRICES, rate=0.04)
    free = individual_heat.gas_boilers(
        loads, costs=BOILER, prices=PRICES | {"fixed_eur": 0.0}, rate=0.04
    )
    assert found["yearly_fixed_eur"].tolist() == [100.0, 400.0, 100.0]
    less = found["annual_cost_eur"] - free["annual_cost_eur"]
    assert less.tolist() == pytest.approx([100.0, 400.0, 100.0])


def test_radiators_ask_cooler_water_when_it_is_mild() -> None:
    """On the coldest day all of it, halfway (with exponent 1) half of it, in summer none."""
    curve = CURVE | {"exponent": 1.0}
    found = individual_heat.heating_curve([-20.0, -8.0, 6.0, 20.0, 30.0], 50.0, **curve)
    assert found.tolist() == pytest.approx([50.0, 50.0, 35.0, 20.0, 20.0])


def test_a_radiator_gives_more_than_in_proportion() -> None:
    """Half of the heat asks (1/2)^(1/1.3) = 0.5867 of the difference: 37.6 °C."""
    found = individual_heat.heating_curve(6.0, 50.0, **CURVE)
    assert float(found) == pytest.approx(20 + 30 * 0.586730, abs=1e-4)


@given(st.floats(-15, 25), st.floats(-15, 25), st.floats(30, 80))
def test_colder_weather_never_asks_cooler_water(one: float, other: float, supply: float) -> None:
    """And the curve stays between the room and the supply of the coldest day."""
    cold, mild = individual_heat.heating_curve(sorted([one, other]), supply, **CURVE)
    assert 20.0 <= mild <= cold <= supply + 1e-9


# A network that is too cool for taps


def test_a_booster_gives_part_of_the_hot_water(loads: pd.DataFrame) -> None:
    """A fifth of 2 MWh is 0.4 MWh, at 300 EUR; 800 EUR with VAT over 15 years without interest."""
    found = individual_heat.boosters(loads, costs=BOOSTER, prices=PRICES, rate=0.0).loc["a"]
    assert found["electricity_mwh"] == pytest.approx(0.4)
    assert found["co2_t"] == pytest.approx(0.4 * 0.16749)
    assert found["annual_cost_eur"] == pytest.approx(0.4 * 300 + 800 * 1.06 / 15)


def test_every_home_has_its_own_booster(loads: pd.DataFrame) -> None:
    """Four for the flats, none for the school that has no taps."""
    found = individual_heat.boosters(loads, costs=BOOSTER, prices=PRICES, rate=0.0)
    assert found["annual_cost_eur"]["b"] == pytest.approx(1.6 * 300 + 4 * 800 * 1.06 / 15)
    assert found["annual_cost_eur"]["c"] == 0.0


def test_gas_is_billed_above_the_useful_heat(loads: pd.DataFrame) -> None:
    """12 MWh at 86 % is 13.95 MWh on the bill, 182 kg each."""
    found = individual_heat.gas_boilers(loads, costs=BOILER, prices=PRICES, rate=0.04).loc["a"]
    boiler = (2202.09 + 14 * 98.78) * 1.06
    assert found["gas_mwh"] == pytest.approx(12 / 0.86)
    assert found["co2_t"] == pytest.approx(12 / 0.86 * 0.182)
    assert found["investment_eur"] == pytest.approx(boiler)
    assert found["yearly_om_eur"] == pytest.approx(0.05 * boiler)


def test_both_ways_give_the_same_columns(loads: pd.DataFrame) -> None:
    """The alternatives can be laid beside each other."""
    boilers = individual_heat.gas_boilers(loads, costs=BOILER, prices=PRICES, rate=0.04)
    assert list(boilers) == list(heat_pumps(loads))
    assert boilers.index.equals(loads.index)


def test_a_building_without_heat_pays_nothing(loads: pd.DataFrame) -> None:
    """A shed gets no heat pump and no boiler."""
    shed = loads.loc[["c"]].assign(
        other_mwh=0.0, demand_mwh=0.0, space_peak_kw=0.0, connection_kw=0.0
    )
    boilers = individual_heat.gas_boilers(shed, costs=BOILER, prices=PRICES, rate=0.04)
    assert heat_pumps(shed)["annual_cost_eur"].tolist() == [0.0]
    assert boilers["annual_cost_eur"].tolist() == [0.0]


# Renovation


def test_renovation_lowers_heat_and_peak_alike(loads: pd.DataFrame) -> None:
    """Half the space heat halves its peak; hot water and the school stay."""
    found = individual_heat.after_renovation(loads, space_share=0.5)
    assert found["demand_mwh"].tolist() == [7.0, 18.0, 90.0]
    assert found["space_peak_kw"].tolist() == [3.0, 7.0, 60.0]
    assert found["connection_kw"].tolist() == [11.0, 23.0, 60.0]


def test_a_share_of_heat_lies_between_none_and_all(loads: pd.DataFrame) -> None:
    """45 is not 45 %."""
    with pytest.raises(ContractError, match="between 0 and 1"):
        individual_heat.after_renovation(loads, space_share=45)


def homes(**columns: object) -> pd.DataFrame:
    """Return houses of each type of 137.5 m² gross, 110 m² of it heated, with some columns."""
    kinds = ["detached", "semi_detached", "terraced", "mixed_commercial", "other"]
    table = pd.DataFrame({"building_type": kinds, "dwellings": 1, "living_m2": 137.5})
    return table.assign(**columns)


def areas(table: pd.DataFrame) -> pd.DataFrame:
    """Return the shells with our own ratios, 80 % of the floor being heated."""
    return individual_heat.shell_areas(table, ratios=SHELL, net_floor_share=0.8)


def test_the_whole_shell_of_a_detached_house() -> None:
    """The check of the source: 110 m² costs 46,500 EUR, of which 25.0 for the walls."""
    found = areas(homes()).iloc[[0]]
    cost = individual_heat.renovation_costs(found, individual_heat.ELEMENTS, prices=ELEMENT)
    walls = individual_heat.renovation_costs(found, ("wall",), prices=ELEMENT)
    assert cost.iloc[0] == pytest.approx(46_500, abs=60)
    assert walls.iloc[0] == pytest.approx(25_000, abs=10)


def test_only_the_floor_that_is_heated_counts() -> None:
    """The same share of every part; the table itself stays as it is."""
    table = homes()
    less = individual_heat.shell_areas(table, ratios=SHELL, net_floor_share=0.4)
    pd.testing.assert_frame_equal(less * 2, areas(table))
    pd.testing.assert_frame_equal(table, homes())


def test_a_terraced_house_has_less_wall() -> None:
    """110 m² × 1.42, 1.05 and 0.7; beside a shop as in a row, other houses as detached."""
    found = areas(homes())["wall_m2"]
    assert found.tolist() == pytest.approx([156.2, 115.5, 77.0, 77.0, 156.2])


def test_flats_have_their_own_ratios() -> None:
    """Two dwellings make flats, whatever the type says; without dwellings there is no cost."""
    found = areas(homes(dwellings=[2, 0, 0, 0, 8]))
    assert found["wall_m2"].tolist() == pytest.approx([85.8, 0.0, 0.0, 0.0, 85.8])
    assert found["roof_m2"].tolist() == pytest.approx([31.9, 0.0, 0.0, 0.0, 31.9])


def test_a_renovation_costs_what_its_parts_cost() -> None:
    """Roof and glass are a part of the whole; nothing done is nothing paid."""
    found = areas(homes())

    def cost(*parts: str) -> pd.Series[float]:
        return individual_heat.renovation_costs(found, parts, prices=ELEMENT)

    each = sum(cost(part).to_numpy() for part in individual_heat.ELEMENTS)
    assert cost(*individual_heat.ELEMENTS).to_numpy() == pytest.approx(np.asarray(each))
    assert cost().tolist() == [0.0] * 5


# Shared grids


def grid_costs(loads: pd.DataFrame) -> pd.DataFrame:
    """Return the grids of two streets of 100 and 60 m, with 2 kW, 6 kW and 20 kW electric."""
    power = pd.Series([2.0, 6.0, 20.0], index=loads.index)
    return individual_heat.grid_costs(
        loads, power, pd.Series({"s1": 100.0, "s2": 60.0}), costs=GRID
    )


def test_a_street_is_shared_per_home(loads: pd.DataFrame) -> None:
    """100 m for five homes is 20 m each: half of it reinforced, all of the gas main removed."""
    found = grid_costs(loads)
    assert found.loc["a", "electricity_grid_eur"] == pytest.approx(
        20 * 118 * 0.5 + 2 * 0.7 * 63_673 / 630 + 765
    )
    assert found["gas_removal_eur"].tolist() == pytest.approx(
        [20 * 104 + 1212, 80 * 104 + 4 * 479, 60 * 104 + 1250]
    )


def test_a_building_without_street_bears_the_mean(loads: pd.DataFrame) -> None:
    """160 m for six units is 26.7 m for the one that lies nowhere; the totals of others stay."""
    extra = pd.concat([loads, loads.loc[["a"]].rename({"a": "d"}).assign(street_id=None)])
    found = (
        grid_costs(extra.iloc[:3]),
        individual_heat.grid_costs(
            extra,
            pd.Series(0.0, index=extra.index),
            pd.Series({"s1": 100.0, "s2": 60.0}),
            costs=GRID,
        ),
    )
    assert found[1].loc["d", "gas_removal_eur"] == pytest.approx(160 / 6 * 104 + 1212)
    assert found[1]["gas_removal_eur"][:3].equals(found[0]["gas_removal_eur"])


# What always holds


@given(st.floats(0.0, 1.0))
def test_renovation_never_adds_demand(share: float) -> None:
    """Heat, peak and gas after renovation are at most those before."""
    house = pd.DataFrame(
        {
            "dwellings": [1],
            "space_mwh": [10.0],
            "hot_water_mwh": [2.0],
            "other_mwh": [1.0],
            "demand_mwh": [13.0],
            "space_peak_kw": [6.0],
            "hot_water_peak_kw": [8.0],
            "connection_kw": [14.0],
        }
    )
    after = individual_heat.after_renovation(house, space_share=share)
    columns = ["space_mwh", "demand_mwh", "space_peak_kw", "connection_kw"]
    assert (after[columns] <= house[columns] + 1e-9).all(axis=None)
    assert after.loc[0, "demand_mwh"] == pytest.approx(10 * share + 3)


@given(st.permutations(["a", "b", "c"]))
def test_the_order_of_rows_does_not_matter(order: list[str]) -> None:
    """Each building keeps its own bill."""
    table = pd.DataFrame(
        {
            "dwellings": [1, 4, 0],
            "space_mwh": [10.0, 20.0, 0.0],
            "hot_water_mwh": [2.0, 8.0, 0.0],
            "other_mwh": [0.0, 0.0, 90.0],
            "space_peak_kw": [6.0, 14.0, 60.0],
            "street_id": ["s1", "s1", None],
        },
        index=["a", "b", "c"],
    )
    power = pd.Series({"a": 1.0, "b": 2.0, "c": 3.0})
    length = pd.Series({"s1": 50.0})
    shuffled = table.loc[order]
    pd.testing.assert_frame_equal(heat_pumps(table), heat_pumps(shuffled).loc[table.index])
    pd.testing.assert_frame_equal(
        individual_heat.grid_costs(table, power, length, costs=GRID),
        individual_heat.grid_costs(shuffled, power, length, costs=GRID).loc[table.index],
    )
