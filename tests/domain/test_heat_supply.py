"""Sources, tank and boilers give exactly the heat that is asked, in the right order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lekp_lib.assumptions import load
from lekp_lib.domain.heat_supply import (
    Store,
    Supply,
    carnot_cop,
    default_sources,
    dispatch,
    figures_table,
    heat_pump_cop,
    investment,
    prepare,
    seasonal_cop,
    solar_availability,
    store_for,
    with_backup,
)
from lekp_lib.errors import ContractError

FIGURES = load()
KINDS = figures_table(FIGURES.values_below("supply.kind."))
CARRIERS = figures_table(FIGURES.values_below("supply.carrier."))
LIFT = {"quality_share": 0.5, "least_lift_k": 15.0}
NO_TANK = Store(0.0, 0.0, 0.0)
HOURLY_LOADS = st.lists(st.floats(0, 100), min_size=1, max_size=72)


def sources_of(**kinds: float) -> pd.DataFrame:
    """Return a table ``warmtebronnen`` with a capacity per kind and nothing else filled in."""
    return pd.concat(
        [
            default_sources(kw, base_share=1.0)
            .assign(kind=kind)
            .rename(index={"default_air": f"my_{kind}"})
            for kind, kw in kinds.items()
        ]
    )


def plant_of(sources: pd.DataFrame, design_kw: float, **changes: Any) -> pd.DataFrame:
    """Return sources on a network of 70 °C, with electric boilers behind them."""
    ready = prepare(sources, supply_c=70.0, kinds=KINDS, **LIFT)
    settings_ = {"boiler_kind": "electric_boiler", "units": 2, "kinds": KINDS} | changes
    return with_backup(ready, design_kw, **settings_)


def run(load_kw: list[float], plant: pd.DataFrame, **changes: Any) -> Supply:
    """Return the dispatch at a COP of 3 for outside air."""
    return dispatch(load_kw, plant, **{"carriers": CARRIERS, "air_cop": 3.0} | changes)


AIR_60 = plant_of(default_sources(100.0, base_share=0.6), 100.0)


# Heat pumps


@pytest.mark.parametrize(
    ("kind", "source_c", "sink_c", "cop"),
    [("air", 7, 55, 2.5), ("air", 7, 35, 3.4)],
)
def test_the_cop_is_that_of_the_published_examples(
    kind: str, source_c: float, sink_c: float, cop: float
) -> None:
    """Two examples that can be checked by hand, with the packaged figures."""
    common = {"least_lift_k": 15.0, "field_share": 0.85}
    found = heat_pump_cop(source_c, sink_c, **FIGURES.values_below(f"supply.cop.{kind}."), **common)
    assert round(float(found), 1) == cop


@given(lift=st.floats(0, 200), more=st.floats(0, 50))
def test_a_larger_lift_never_helps(lift: float, more: float) -> None:
    """Not at the far end of the parabola either."""
    figures = FIGURES.values_below("supply.cop.air.") | {"least_lift_k": 15.0, "field_share": 1.0}
    near, far = heat_pump_cop(0.0, [lift, lift + more], **figures)
    assert near >= far > 0


def test_the_large_heat_pump_is_half_of_carnot() -> None:
    """From 0 to 70 °C: half of 343.15 over 70."""
    assert carnot_cop(0.0, 70.0, **LIFT) == pytest.approx(0.5 * 343.15 / 70)


def test_a_cop_over_the_year_weighs_by_electricity() -> None:
    """100 heat at COP 2 and 100 at COP 4 take 75 of electricity."""
    assert seasonal_cop([100.0, 100.0], [2.0, 4.0]) == pytest.approx(200 / 75)


# Making the sources complete


def test_a_cold_source_is_lifted_and_gives_more() -> None:
    """Waste heat of 30 °C at 70 °C: the electricity of the pump comes on top."""
    ready = prepare(sources_of(waste_heat=100.0), supply_c=70.0, kinds=KINDS, **LIFT).iloc[0]
    cop = 0.5 * 343.15 / 40
    assert ready["is_lifted"]
    assert ready["delivered_kw"] == pytest.approx(100 * cop / (cop - 1))


def test_a_hot_source_is_not_lifted() -> None:
    """The own temperature of the table goes before the default."""
    hot = sources_of(waste_heat=100.0).assign(temperature_c=90.0)
    ready = prepare(hot, supply_c=70.0, kinds=KINDS, **LIFT).iloc[0]
    assert not ready["is_lifted"]
    assert ready["delivered_kw"] == 100.0


def test_a_source_of_later_is_left_out() -> None:
    """In 2030 a factory that connects in 2035 gives nothing; one without a year is there."""
    later = sources_of(waste_heat=100.0, biomass=50.0)
    later["available_from"] = pd.array([2035, pd.NA], dtype="Int64")
    ready = prepare(later, supply_c=70.0, kinds=KINDS, **LIFT, year=2030)
    assert list(ready["kind"]) == ["biomass"]


def test_what_the_table_says_about_firmness_counts() -> None:
    """A waste incinerator with a contract may be firm."""
    sure = sources_of(waste_heat=100.0).assign(is_firm=True)
    assert prepare(sure, supply_c=70.0, kinds=KINDS, **LIFT)["is_firm"].all()


def test_an_unknown_kind_is_refused() -> None:
    """Nothing runs on a source without figures."""
    with pytest.raises(ContractError, match=r"kinds lacks .'fusion'"):
        prepare(sources_of(fusion=100.0), supply_c=70.0, kinds=KINDS, **LIFT)


@given(
    capacities=st.lists(st.floats(1, 300), max_size=4),
    design_kw=st.floats(1, 500),
    units=st.integers(2, 4),
)
def test_firm_power_without_its_largest_unit_covers_the_peak(
    capacities: list[float], design_kw: float, units: int
) -> None:
    """Whatever the sources: any one unit may fail on the coldest day."""
    table = pd.concat(
        [sources_of(biomass=1.0).iloc[:0], *[sources_of(biomass=kw) for kw in capacities]]
    )
    table.index = pd.Index([f"s{n}" for n in range(len(table))], name="source_id")
    plant = plant_of(table, design_kw, units=units)
    sizes = plant["delivered_kw"].drop("backup", errors="ignore").tolist()
    if "backup" in plant.index:
        sizes += [plant.loc["backup", "delivered_kw"] / units] * units
    assert sum(sizes) - max(sizes) >= design_kw * (1 - 1e-9)


def test_waste_heat_that_may_stop_is_fully_backed_up() -> None:
    """A source that is not firm counts for nothing on the coldest day."""
    plant = plant_of(sources_of(waste_heat=500.0), 100.0)
    assert plant.loc["backup", "delivered_kw"] == 200.0


def test_no_source_is_built_larger_than_the_network() -> None:
    """A power station next door is connected for what is needed."""
    plant = plant_of(sources_of(biomass=10_000.0), 100.0)
    assert plant.loc["my_biomass", "delivered_kw"] == 100.0


def test_a_single_boiler_is_refused() -> None:
    """It would have no stand-in."""
    with pytest.raises(ContractError, match="Er zijn 1 piekketels"):
        plant_of(default_sources(100.0, base_share=0.5), 100.0, units=1)


# Running them


def test_base_runs_before_peak() -> None:
    """Of 100 kW the heat pump gives 60 and the boiler 40."""
    supply = run([30.0, 100.0], AIR_60)
    assert supply.produced_kw["default_air"].tolist() == [30.0, 60.0]
    assert supply.produced_kw["backup"].tolist() == [0.0, 40.0]


def test_electricity_emission_and_cost_follow_from_the_heat() -> None:
    """90 kWh at COP 3 is 30 kWh of electricity, at its price and emission."""
    row = run([30.0, 60.0], AIR_60).by_source.loc["default_air"]
    assert row["electricity_mwh"] == pytest.approx(0.030)
    assert row["cost_eur"] == pytest.approx(0.030 * CARRIERS.loc["electricity", "price_eur_mwh"])
    assert row["co2_t"] == pytest.approx(0.030 * 0.16749)
    assert row["full_load_hours"] == pytest.approx(1.5)


def test_a_lifted_source_splits_heat_and_electricity() -> None:
    """Own heat and electricity together are the heat that is delivered."""
    row = run([50.0], plant_of(sources_of(aquathermal=100.0), 100.0)).by_source.iloc[0]
    assert row["electricity_mwh"] == pytest.approx(0.050 / (0.5 * 343.15 / 62))
    assert row["electricity_mwh"] + row["source_heat_mwh"] == pytest.approx(row["heat_mwh"])


def test_a_gas_boiler_is_fossil_and_burns_on_its_efficiency() -> None:
    """The share of fossil heat can be read from the table."""
    plant = plant_of(default_sources(100.0, base_share=0.6), 100.0, boiler_kind="gas_boiler")
    table = run([100.0], plant).by_source
    assert table.loc[table["is_fossil"], "heat_share"].tolist() == pytest.approx([0.4])
    assert table.loc["backup", "fuel_mwh"] == pytest.approx(0.040 / 0.93)
    assert table.loc["backup", "co2_t"] == pytest.approx(0.040 / 0.93 * 0.182)


def test_the_cheapest_base_source_runs_first() -> None:
    """Geothermal heat that is warm enough goes before wood."""
    plant = plant_of(sources_of(biomass=50.0, geothermal=50.0), 100.0)
    assert run([50.0], plant).by_source["heat_mwh"].to_dict() == pytest.approx(
        {"my_geothermal": 0.05, "my_biomass": 0.0, "backup": 0.0}
    )


def test_a_price_of_its_own_goes_before_that_of_the_fuel() -> None:
    """A contract for wood heat at 200 EUR/MWh, all in."""
    dear = sources_of(biomass=100.0).assign(cost_eur_mwh=200.0)
    row = run([100.0], plant_of(dear, 100.0)).by_source.loc["my_biomass"]
    assert row["cost_eur"] == pytest.approx(20.0)


def test_the_sun_gives_what_there_is() -> None:
    """Collectors run first, at the share of their power that the hour allows."""
    plant = plant_of(sources_of(solar_thermal=100.0), 100.0)
    supply = run([80.0, 80.0], plant, solar_share=[0.0, 0.5])
    assert supply.produced_kw["my_solar_thermal"].tolist() == [0.0, 50.0]


def test_the_sun_stands_highest_in_june_at_noon() -> None:
    """And not at all at night."""
    sun = solar_availability(latitude_deg=51.0, axial_tilt_deg=23.44, full_load_hours=600.0)
    days = sun.reshape(-1, 24)
    assert 165 < days.sum(axis=1).argmax() < 178
    assert days[171].argmax() in {11, 12}
    assert days[:, 0].max() == 0.0
    assert sun.max() < 1


def test_a_tank_carries_surplus_to_the_peak() -> None:
    """60 kW of base: 20 stored in the easy hour, 20 less from the boiler in the hard one."""
    supply = run([40.0, 100.0], AIR_60, store=Store(100.0, 3.0, 0.0))
    assert supply.produced_kw["default_air"].tolist() == [60.0, 60.0]
    assert supply.produced_kw["backup"].tolist() == pytest.approx([0.0, 20.0])
    assert supply.stored_kwh.tolist() == pytest.approx([20.0, 0.0])


def test_a_tank_leaks() -> None:
    """Of 20 kWh a tenth is gone in the hour after."""
    supply = run([40.0, 100.0], AIR_60, store=Store(100.0, 3.0, 0.1))
    assert supply.storage_loss_mwh == pytest.approx(0.002)
    assert supply.produced_kw["backup"].tolist() == pytest.approx([0.0, 22.0])


@settings(deadline=None)
@given(
    load_kw=HOURLY_LOADS,
    base_share=st.floats(0.05, 1),
    tank_kwh=st.floats(0, 500),
    leak=st.floats(0, 0.2),
)
def test_heat_is_neither_made_nor_lost(
    load_kw: list[float], base_share: float, tank_kwh: float, leak: float
) -> None:
    """Produced is load, leak and what stays in the tank; nothing is negative or too much."""
    plant = plant_of(default_sources(100.0, base_share=base_share), 100.0)
    supply = run(load_kw, plant, store=Store(tank_kwh, 1.0, leak))
    kept = supply.storage_loss_mwh + supply.storage_change_mwh
    assert supply.by_source["heat_mwh"].sum() == pytest.approx(sum(load_kw) / 1000 + kept)
    assert (supply.produced_kw >= 0).all(axis=None)
    assert (supply.produced_kw <= supply.by_source["capacity_kw"] * (1 + 1e-9)).all(axis=None)
    assert ((supply.stored_kwh >= 0) & (supply.stored_kwh <= tank_kwh)).all()


@settings(deadline=None)
@given(
    load_kw=HOURLY_LOADS,
    tank_kwh=st.floats(0, 500),
    more_kwh=st.floats(0, 500),
    leak=st.floats(0, 0.2),
)
def test_a_larger_tank_never_asks_more_of_the_boilers(
    load_kw: list[float], tank_kwh: float, more_kwh: float, leak: float
) -> None:
    """Whatever the load and the leak."""
    small, large = (
        run(load_kw, AIR_60, store=Store(kwh, 1.0, leak)).by_source.loc["backup", "heat_mwh"]
        for kwh in (tank_kwh, tank_kwh + more_kwh)
    )
    assert large <= small + 1e-9


def test_the_order_of_rows_does_not_matter() -> None:
    """Sources of equal cost run by name."""
    table = sources_of(biomass=30.0, waste_heat=30.0, air_heat_pump=30.0)
    load_kw = [20.0, 50.0, 90.0]
    one = run(load_kw, plant_of(table, 100.0)).by_source
    other = run(load_kw, plant_of(table.iloc[::-1], 100.0)).by_source
    pd.testing.assert_frame_equal(one, other)


def test_sources_that_fall_short_are_refused() -> None:
    """The load is always met, or the study is told."""
    with pytest.raises(ContractError, match=r"fall 40\.0 kWh short"):
        run([100.0], AIR_60.drop(index="backup"))


def test_an_unknown_load_is_refused() -> None:
    """A gap is no zero."""
    with pytest.raises(ContractError, match="negative or missing"):
        run([1.0, np.nan], AIR_60)


def test_a_fuel_without_a_price_is_refused() -> None:
    """Heat without a price would look like a present."""
    with pytest.raises(ContractError, match=r"carriers lacks .'electricity'"):
        run([1.0], AIR_60, carriers=CARRIERS.drop(index="electricity"))


def test_the_default_plant_covers_most_of_a_year_with_its_heat_pump() -> None:
    """Sinus winters, 45 % of the peak: far more than 45 % of the heat."""
    hour = np.arange(8760)
    load_kw = 35 + 30 * np.cos(2 * np.pi * hour / 8760) + 5 * np.cos(2 * np.pi * hour / 24)
    plant = plant_of(default_sources(100.0, base_share=FIGURES["supply.base_share"].value), 100.0)
    table = run(load_kw.tolist(), plant).by_source
    assert 0.75 < table.loc["default_air", "heat_share"] < 0.95


# What it costs to build


def test_a_tank_is_sized_by_hours_of_base_power() -> None:
    """100 kW for 3 hours over 30 degrees."""
    store = store_for(
        100.0, hours=3.0, supply_c=70.0, return_c=40.0, water_kwh_m3_k=1.14, loss_share=0.0
    )
    assert store.volume_m3 == pytest.approx(300 / (1.14 * 30))


def test_base_sources_are_paid_for_what_they_gave_and_boilers_in_full() -> None:
    """The heat pump never gave more than 30 kW; the boilers stand by with all they have."""
    parts = investment(AIR_60, run([30.0], AIR_60), kinds=KINDS).set_index("source_id")
    prices = KINDS["investment_eur_kw"]
    assert parts.loc["default_air", "investment_eur"] == pytest.approx(30 * prices["air_heat_pump"])
    assert parts.loc["backup", "investment_eur"] == pytest.approx(100 * prices["electric_boiler"])


def test_the_power_grid_is_paid_for_all_that_takes_electricity() -> None:
    """30 kW at COP 3 is 10 kW in the hour; boilers alone would take all of the 30 kW."""
    parts = investment(AIR_60, run([30.0], AIR_60, air_cop=3.0), kinds=KINDS)
    row = parts[parts["part"] == "power_grid"].iloc[0]
    grid = KINDS.loc["power_grid"]
    alone = 30 / KINDS.loc["electric_boiler", "efficiency_share"]
    assert row["investment_eur"] == pytest.approx(alone * grid["investment_eur_kw"])
    upkeep = row["investment_eur"] * grid["operation_share"]
    assert row["operation_eur_year"] - upkeep == pytest.approx(10 * grid["charge_eur_kw_year"])


def test_without_electricity_there_is_no_connection_to_pay() -> None:
    """Wood and gas take none; and only what is found in the place is built whole."""
    plant = plant_of(sources_of(biomass=100.0), 100.0, boiler_kind="gas_boiler")
    parts = investment(plant, run([50.0], plant), kinds=KINDS)
    assert set(parts["part"]) == {"source"}
    assert not parts["is_whole"].any()
    warm = plant_of(sources_of(waste_heat=100.0), 100.0)
    found = investment(warm, run([50.0], warm), kinds=KINDS)
    assert found.loc[found["is_whole"], ["source_id", "part"]].to_numpy().tolist() == [
        ["my_waste_heat", "source"]
    ]


def test_a_lifted_source_pays_for_its_heat_pump_and_the_tank_for_its_volume() -> None:
    """Three parts, each with its own life."""
    plant = plant_of(sources_of(aquathermal=100.0), 50.0)
    parts = investment(plant, run([50.0], plant), kinds=KINDS, store=Store(1.0, 10.0, 0.0))
    lift = parts[parts["part"] == "lift"].iloc[0]
    assert lift["investment_eur"] == pytest.approx(
        50 * KINDS.loc["lift_heat_pump", "investment_eur_kw"]
    )
    own = parts[parts["source_id"] == "my_aquathermal"].iloc[0]
    assert own["investment_eur"] == pytest.approx(
        50 * (1 - 62 / (0.5 * 343.15)) * KINDS.loc["aquathermal", "investment_eur_kw"]
    )
    assert parts.loc[parts["part"] == "store", "investment_eur"].tolist() == [8000.0]


def test_an_investment_of_the_place_goes_before_the_default() -> None:
    """The quote for the source counts, with upkeep as the usual share of it."""
    table = sources_of(biomass=100.0).assign(investment_eur=12_345.0)
    plant = plant_of(table, 100.0)
    parts = investment(plant, run([50.0], plant), kinds=KINDS).set_index("source_id")
    assert parts.loc["my_biomass", "investment_eur"] == 12_345.0
    assert parts.loc["my_biomass", "operation_eur_year"] == pytest.approx(
        12_345 * KINDS.loc["biomass", "operation_share"]
    )
    assert parts.loc["backup", "investment_eur"] > 0


def test_nothing_given_is_changed() -> None:
    """The table of the place stays as it was read."""
    table = sources_of(waste_heat=100.0, biomass=50.0)
    before = table.copy(deep=True)
    run([50.0], plant_of(table, 100.0))
    pd.testing.assert_frame_equal(table, before)
