"""The kinds of homes in a neighbourhood, and what each package does to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lekp_lib.contracts.lists import BUILDING_TYPES
from lekp_lib.domain import (
    heat_demand,
    heat_typology,
    individual_heat,
    network_cost,
    renovation_package,
)
from lekp_lib.domain.renovation_package import ELEMENTS, TODAY
from lekp_lib.money import annuity_factor
from lekp_lib.studies._mee_scene import Scene
from lekp_lib.studies._package_inputs import (
    PACKAGE_KEYS,
    PackageInputs,
    package_inputs,
    seasonal_cop,
)
from lekp_lib.studies._typology import TYPOLOGY_KEYS, fitted_levels
from lekp_lib.units import KWH_PER_MWH, W_PER_KW

__all__ = ["HOMES_KEYS", "KIND", "LEKP_WORKS", "Offer", "offer_of", "prices_of"]

KIND = ["building_type", "period"]
"""What tells a kind of home."""

LEKP_WORKS = (*ELEMENTS, "ventilation", "heat_pump")
"""Works of which the pact counts each as one renovation of a home."""

_PUMP = (
    *("dwelling_eur", "dwelling_eur_kw", "other_eur", "other_eur_kw"),
    *("house_panel_eur", "apartment_panel_eur", "upkeep_share", "lifetime_years"),
    *("emitters_low_c", "emitters_lifetime_years"),
)
_CURVE = ("room_c", "design_c", "radiator_exponent")
_BOILER = ("dwelling_eur", "dwelling_eur_kw", "upkeep_share", "lifetime_years", "efficiency_share")
_HEATED = ("largest_dwelling_m2", "mixed_home_share", "area_exponent", "boiler_efficiency_share")

DISCOUNT_STEPS = (5, 10, 25)
"""Homes from where on a larger discount is asked, as the names of the figures say."""

HOMES_KEYS = (
    *PACKAGE_KEYS,
    *TYPOLOGY_KEYS,
    *(f"heat.{name}" for name in _HEATED),
    "heat.lower_to_upper_share",
    "heat.cooking_share",
    "buildings.apartment_m2",
    *(f"individual.heat_pump.{name}" for name in (*_PUMP, *_CURVE, "hot_water_c")),
    *(f"individual.boiler.{name}" for name in _BOILER),
    "individual.renovation.deep_supply_c",
    "individual.renovation.lifetime_years",
    "individual.electricity.capacity_eur_kw",
    "individual.electricity.peak_share",
    "individual.gas.fixed_eur",
    "individual.rate_share",
    "stock.joint_project_dwellings",
    *(f"package.discount.from_{n}_share" for n in DISCOUNT_STEPS),
    "package.discount.counted_share",
    "package.cost.spread_share",
    "package.cost.ventilation_check_eur",
    "package.cost.ventilation_eur",
    "package.cost.solar_eur_kw",
    "package.cost.heat_network_eur",
    "package.solar.house_kw",
    "package.solar.apartment_kw",
    "package.solar.full_load_hours",
    "package.solar.own_use_share",
    "package.solar.feed_in_eur_mwh",
    "individual.heat_vat_share",
    "individual.vat.renovation_share",
    "individual.vat.standard_share",
    "supply.carrier.electricity_household.price_eur_mwh",
    "supply.carrier.gas_household.price_eur_mwh",
    "package.prebound.literature_share",
    "network.price_year",
    "network.price_growth_share",
)
"""The figures this step reads."""

_FLAT = "apartment_building"
_FREE = ("house_emitters_eur", "apartment_emitters_eur", "other_eur", "other_eur_kw")
_MEASURES = ("calculated", "realistic")


@dataclass(frozen=True)
class Offer:
    """
    What each package is for each kind of home.

    Attributes
    ----------
    figures : dict of str to float
        The figures, money in the prices of one year.
    kinds : DataFrame, index (building_type, period)
        dwellings [-], floor_area_m2 of an average home [m2], heritage_share [-].
    works : DataFrame, index (building_type, period, package, element)
        Per home: area_m2, u_before, u_after, cost_eur, cost_low_eur, cost_high_eur, VAT excluded.
        Costs are those of an average home, part of which may be protected.
    packages : DataFrame, index (building_type, period, package), package with today
        Per home: loss_w_k, calculated_mwh, realistic_mwh, saving_calculated_mwh,
        saving_realistic_mwh; lekp_renovations and deep_share; per measure (calculated,
        realistic): gas_<m>_mwh, electricity_<m>_mwh, energy_<m>_eur with sun and fixed charges
        [EUR/yr]; upkeep_eur of the heater [EUR/yr].
    """

    figures: dict[str, float]
    kinds: pd.DataFrame
    works: pd.DataFrame
    packages: pd.DataFrame


def prices_of(scene: Scene) -> dict[str, float]:
    """Return all figures of the scene, money in the prices of one year."""
    year = int(scene.used["network.price_year"].value)
    growth = scene.used["network.price_growth_share"].value
    return network_cost.indexed(scene.used, to_year=year, yearly_growth_share=growth)


def offer_of(
    scene: Scene,
    values: Mapping[str, float],
    *,
    cost_factor: float = 1.0,
    space_today_share: float | None = None,
    network_price_eur_mwh: float | None = None,
) -> Offer:
    """
    Return the packages for every kind of home in the neighbourhood.

    Parameters
    ----------
    scene : Scene
    values : mapping of str to float
        See `prices_of`; with ``HOMES_KEYS``.
    cost_factor : float
        All works cost so many times as much, to see what that does [-].
    space_today_share : float, optional
        Space heat used today over calculated [-]; by default what the gas of the municipalities
        tells, or the figure of the literature where there are no meters at all.
    network_price_eur_mwh : float, optional
        Price of heat without VAT where a heat network comes: it takes the place of the heat
        pump in Fossielvrij [EUR/MWh].
    """
    inputs = package_inputs(values)
    kinds = _kinds(scene, values)
    homes = _with_heritage(kinds)
    demand = _demand(scene, values, inputs, homes, space_today_share)
    heater = {measure: _heat_pump(values, demand, measure, homes) for measure in _MEASURES}
    is_network = network_price_eur_mwh is not None
    works = renovation_package.package_costs(
        homes,
        shell=inputs.shell,
        installations=_installations(values, homes, heater["calculated"], is_network=is_network),
        spread_share=values["package.cost.spread_share"],
        discount_share=_discount(values),
    )
    money = ["cost_eur", "cost_low_eur", "cost_high_eur"]
    works[money] *= cost_factor
    counts = renovation_package.equivalents(works, demand, counted=LEKP_WORKS)
    energy = _energy(values, demand, homes, heater, network_price_eur_mwh)
    return Offer(
        figures=dict(values),
        kinds=kinds,
        works=_mixed(works, homes, ["package", "element"], fill=money),
        packages=_mixed(demand.join(counts).join(energy).fillna(0.0), homes, ["package"]),
    )


def _discount(values: Mapping[str, float]) -> float:
    """Return what is counted of the discount for a joint project of the usual size [-]."""
    found = renovation_package.collective_discount(
        values["stock.joint_project_dwellings"],
        steps={n: values[f"package.discount.from_{n}_share"] for n in DISCOUNT_STEPS},
        counted_share=values["package.discount.counted_share"],
    )
    return float(found)


def _kinds(scene: Scene, values: Mapping[str, float]) -> pd.DataFrame:
    """Return the kinds of homes: those of its type stand in where none has a known period."""
    homes = scene.homes
    is_mixed = homes["building_type"] == "mixed_commercial"
    living = heat_demand.living_floor_area(
        homes.assign(function=is_mixed.map({True: "mixed", False: "residential"})),
        mixed_home_share=values["heat.mixed_home_share"],
        apartment_m2=values["buildings.apartment_m2"],
        largest_dwelling_m2=values["heat.largest_dwelling_m2"],
    )["living_m2"]
    table = homes[KIND].assign(
        dwellings=homes["dwellings"].astype("float64"),
        floor=living * values["heat.net_floor_share"],
        listed=homes["is_heritage"] * homes["dwellings"].astype("float64"),
    )
    kinds = scene.segments.groupby(KIND)["dwellings"].sum().to_frame()

    def mean(keys: list[str]) -> pd.DataFrame:
        sums: pd.DataFrame = table.groupby(keys)[["dwellings", "floor", "listed"]].sum()
        return sums[["floor", "listed"]].div(sums["dwellings"], axis=0)

    own = mean(KIND).reindex(kinds.index)
    of_type = mean(KIND[:1]).reindex(kinds.index.get_level_values("building_type"))
    found = own.fillna(of_type.set_axis(kinds.index))
    return kinds.assign(floor_area_m2=found["floor"], heritage_share=found["listed"])


def _with_heritage(kinds: pd.DataFrame) -> pd.DataFrame:
    """Return every kind twice where a part is protected; ``weight`` is that part [-]."""
    rows = kinds.reset_index()
    parts = [
        rows.assign(is_heritage=False, weight=1.0 - rows["heritage_share"]),
        rows.assign(is_heritage=True, weight=rows["heritage_share"]),
    ]
    table = pd.concat(parts, ignore_index=True)
    return table[table["weight"] > 0].reset_index(drop=True)


def _mixed(
    table: pd.DataFrame, homes: pd.DataFrame, keys: list[str], *, fill: list[str] | None = None
) -> pd.DataFrame:
    """Return the means over protected and other homes of a kind; absent works cost 0 there."""
    about = homes.loc[table.index.get_level_values("home"), [*KIND, "weight"]]
    flat = table.reset_index().assign(**{str(name): about[name].to_numpy() for name in about})
    summed = list(table.columns) if fill is None else fill
    weighed = flat.assign(**{str(name): flat[name] * flat["weight"] for name in summed})
    grouped = weighed.groupby([*KIND, *keys], sort=False)
    sums = grouped[summed].sum()
    rest = [name for name in table.columns if name not in summed]
    return sums if not rest else pd.DataFrame(grouped[rest].first()).join(sums)


def _demand(
    scene: Scene,
    values: Mapping[str, float],
    inputs: PackageInputs,
    homes: pd.DataFrame,
    space_today_share: float | None,
) -> pd.DataFrame:
    common: dict[str, Any] = {
        "shell": inputs.shell,
        "balance": inputs.balance,
        "rebound_share": inputs.rebound_share,
        "hot_water_mwh": inputs.hot_water_mwh,
    }
    if space_today_share is None and scene.flanders.municipalities.empty:
        space_today_share = values["package.prebound.literature_share"]
    if space_today_share is None:
        metered, lowest = _metered_space(scene, values, homes), inputs.lowest_prebound_share
    else:
        metered, lowest = pd.Series(0.0, homes.index), space_today_share
    return renovation_package.package_demand(
        homes, space_today_mwh=metered, lowest_prebound_share=lowest, **common
    )


def _metered_space(
    scene: Scene, values: Mapping[str, float], homes: pd.DataFrame
) -> pd.Series[float]:
    """Return the space heat that the gas of the municipalities tells of such homes [MWh/yr]."""
    levels = fitted_levels(scene.flanders, scene.used)
    gas = heat_typology.levels_of_municipality(levels.typology, scene.nis_code)
    useful = heat_demand.useful_heat_from_gas(
        pd.Series([1.0]),
        boiler_efficiency_share=values["heat.boiler_efficiency_share"],
        lower_to_upper_share=values["heat.lower_to_upper_share"],
        cooking_share=values["heat.cooking_share"],
    )
    space = heat_demand.space_heat_levels(
        gas,
        useful_per_gas_share=float(useful.iloc[0]),
        hot_water_kwh_dwelling=values["heat.hot_water_kwh_dwelling"],
    )
    gross = homes["floor_area_m2"] / values["heat.net_floor_share"]
    weights = pd.get_dummies(homes["period"], dtype="float64")
    return heat_demand.space_heat_demand(
        homes.assign(living_m2=gross, dwellings=1.0),
        weights.reindex(columns=space.columns, fill_value=0.0),
        space,
        reference_m2={code: values[f"heat.reference.{code}_m2"] for code in BUILDING_TYPES},
        area_exponent=values["heat.area_exponent"],
    )


def _heat_pump(
    values: Mapping[str, float],
    demand: pd.DataFrame,
    measure: str,
    homes: pd.DataFrame,
) -> pd.DataFrame:
    """Return ``individual_heat.heat_pumps`` for one home of each kind, works without VAT."""
    of_package = demand.xs("fossielvrij", level="package")
    lift = values["package.balance.indoor_c"] - values["individual.heat_pump.design_c"]
    water = values["heat.hot_water_kwh_dwelling"] / KWH_PER_MWH
    loads = pd.DataFrame(
        {
            "dwellings": 1,
            "space_mwh": of_package[f"{measure}_mwh"] - water,
            "hot_water_mwh": water,
            "other_mwh": 0.0,
            "space_peak_kw": of_package["loss_w_k"] * lift / W_PER_KW,
        }
    )
    costs = {name: values[f"individual.heat_pump.{name}"] for name in _PUMP}
    costs |= dict.fromkeys(_FREE, 0.0)
    is_flat = (homes["building_type"] == _FLAT).reindex(loads.index)
    panel = {True: "apartment_panel_eur", False: "house_panel_eur"}
    parts = [
        individual_heat.heat_pumps(
            loads[is_flat == flat],
            supply_c=values["individual.renovation.deep_supply_c"],
            costs=costs | {"house_panel_eur": costs[panel[flat]]},
            prices=_prices(values),
            rate=values["individual.rate_share"],
            **_cops(values),
        )
        for flat in (False, True)
    ]
    return pd.concat(parts).reindex(loads.index)


def _cops(values: Mapping[str, float]) -> dict[str, float]:
    curve = {name: values[f"individual.heat_pump.{name}"] for name in ("room_c", "design_c")}

    def sink(outdoor_c: float) -> float:
        found = individual_heat.heating_curve(
            outdoor_c,
            values["individual.renovation.deep_supply_c"],
            exponent=values["individual.heat_pump.radiator_exponent"],
            **curve,
        )
        return float(found)

    outdoor_c = values["package.balance.outdoor_c"]
    return {
        "cop_space": seasonal_cop(values, sink_c=sink(outdoor_c)),
        "cop_coldest": seasonal_cop(
            values, sink_c=sink(curve["design_c"]), outdoor_c=curve["design_c"]
        ),
        "cop_hot_water": seasonal_cop(values, sink_c=values["individual.heat_pump.hot_water_c"]),
    }


def _prices(values: Mapping[str, float]) -> dict[str, float]:
    return {
        "electricity_eur_mwh": values["supply.carrier.electricity_household.price_eur_mwh"],
        "capacity_eur_kw": values["individual.electricity.capacity_eur_kw"],
        "peak_share": values["individual.electricity.peak_share"],
        "electricity_kg_mwh": 0.0,
        "vat_share": 0.0,
    }


def _installations(
    values: Mapping[str, float],
    homes: pd.DataFrame,
    pump: pd.DataFrame,
    *,
    is_network: bool,
) -> dict[str, dict[str, Any]]:
    """Return what is no part of the shell, per package [EUR per home]."""
    solar = _solar_kw(values, homes) * values["package.cost.solar_eur_kw"]
    full = {"ventilation": values["package.cost.ventilation_eur"]}
    heating = {"heat_pump": pump["investment_eur"].reindex(homes.index).to_numpy()}
    if is_network:
        heating = {"heat_network": np.full(len(homes), values["package.cost.heat_network_eur"])}
    return {
        "basis": {"ventilation_check": values["package.cost.ventilation_check_eur"]},
        "schil": full,
        "fossielvrij": {**full, **heating, "solar_panels": solar},
    }


def _energy(
    values: Mapping[str, float],
    demand: pd.DataFrame,
    homes: pd.DataFrame,
    heater: Mapping[str, pd.DataFrame],
    network_price_eur_mwh: float | None,
) -> pd.DataFrame:
    """Return energy, upkeep and a later boiler of every state, per home and year."""
    parts: dict[str, pd.Series[float]] = {}
    boilers = {measure: _boilers(values, demand, measure) for measure in _MEASURES}
    is_clean = demand.index.get_level_values("package") == "fossielvrij"
    for measure in _MEASURES:
        on_gas = boilers[measure]
        clean = _clean_energy(
            values, demand, homes, heater[measure], measure, network_price_eur_mwh
        )
        gas = on_gas["gas_mwh"].mask(is_clean, 0.0)
        bill = (on_gas["yearly_energy_eur"] + on_gas["yearly_fixed_eur"]).mask(
            is_clean, clean["energy_eur"]
        )
        parts |= {
            f"gas_{measure}_mwh": gas,
            f"electricity_{measure}_mwh": clean["electricity_mwh"].where(is_clean, 0.0),
            f"energy_{measure}_eur": bill,
        }
    upkeep = boilers["calculated"]["yearly_om_eur"].mask(is_clean, clean["upkeep_eur"])
    factor = float(
        annuity_factor(values["individual.rate_share"], values["individual.boiler.lifetime_years"])
    )
    later = (boilers["calculated"]["investment_eur"] * factor).mask(is_clean, 0.0)
    return pd.DataFrame({**parts, "upkeep_eur": upkeep, "replacement_eur": later})


def _boilers(values: Mapping[str, float], demand: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return ``individual_heat.gas_boilers`` for the boiler that hangs there today."""
    lift = values["package.balance.indoor_c"] - values["individual.heat_pump.design_c"]
    of_home = demand.index.get_level_values("home")
    today = demand["loss_w_k"].xs(TODAY, level="package").reindex(of_home).to_numpy("float64")
    loads = pd.DataFrame(
        {
            "dwellings": 1,
            "demand_mwh": demand[f"{measure}_mwh"],
            "connection_kw": today * lift / W_PER_KW,
        }
    )
    efficiency = values["heat.boiler_efficiency_share"] * values["heat.lower_to_upper_share"]
    costs = {name: values[f"individual.boiler.{name}"] for name in _BOILER}
    return individual_heat.gas_boilers(
        loads,
        costs=costs | {"efficiency_share": efficiency},
        prices={
            "gas_eur_mwh": values["supply.carrier.gas_household.price_eur_mwh"],
            "fixed_eur": values["individual.gas.fixed_eur"],
            "gas_kg_mwh": 0.0,
            "vat_share": values["individual.vat.standard_share"],
        },
        rate=values["individual.rate_share"],
    )


def _clean_energy(
    values: Mapping[str, float],
    demand: pd.DataFrame,
    homes: pd.DataFrame,
    pump: pd.DataFrame,
    measure: str,
    network_price_eur_mwh: float | None,
) -> pd.DataFrame:
    """Return what a home without gas pays for heat, less its sun, under the index of `demand`."""
    electricity = pump["electricity_mwh"]
    energy = pump["yearly_energy_eur"] + pump["yearly_fixed_eur"]
    upkeep = pump["yearly_om_eur"] * (1.0 + values["individual.vat.renovation_share"])
    if network_price_eur_mwh is not None:
        heat = demand[f"{measure}_mwh"].xs("fossielvrij", level="package")
        vat = 1.0 + values["individual.heat_vat_share"]
        energy = heat * network_price_eur_mwh * vat
        electricity, upkeep = electricity * 0.0, upkeep * 0.0
    table = pd.DataFrame(
        {
            "electricity_mwh": electricity,
            "energy_eur": energy - _sun_eur(values, homes),
            "upkeep_eur": upkeep,
        }
    )
    return table.loc[demand.index.get_level_values("home")].set_axis(demand.index)


def _sun_eur(values: Mapping[str, float], homes: pd.DataFrame) -> pd.Series[float]:
    """Return what solar panels bring in per home and year [EUR/yr]."""
    share = values["package.solar.own_use_share"]
    price = share * values["supply.carrier.electricity_household.price_eur_mwh"]
    price += (1.0 - share) * values["package.solar.feed_in_eur_mwh"]
    made = _solar_kw(values, homes) * values["package.solar.full_load_hours"] / KWH_PER_MWH
    return made * price


def _solar_kw(values: Mapping[str, float], homes: pd.DataFrame) -> pd.Series[float]:
    is_flat = homes["building_type"] == _FLAT
    of_form = (values["package.solar.apartment_kw"], values["package.solar.house_kw"])
    return pd.Series(np.where(is_flat, *of_form), homes.index)
