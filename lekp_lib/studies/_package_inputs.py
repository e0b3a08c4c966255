"""The figures behind the three renovation packages, in the form the calculation asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from lekp_lib.domain import construction_period, heat_supply
from lekp_lib.domain.renovation_package import ELEMENTS, Balance, Shell, area_ratios
from lekp_lib.units import KWH_PER_MWH

__all__ = ["PACKAGE_KEYS", "PackageInputs", "package_inputs", "seasonal_cop"]

FIRST_YEARS = {
    "before_1946": 0,
    "1946_1970": 1946,
    "1971_1990": 1971,
    "1991_2005": 1991,
    "2006_2011": 2006,
    "from_2012": 2012,
}
"""Periods of TABULA Belgium → their first construction year."""

_RATIO = "individual.shell."
_RATIOS = (
    "detached_wall",
    "semi_detached_wall",
    "terraced_wall",
    *(f"house_{element}" for element in ELEMENTS if element != "wall"),
    *(f"apartment_{element}" for element in ELEMENTS),
)
_BALANCE = (
    "heating_hours",
    "indoor_c",
    "outdoor_c",
    "internal_w_m2",
    "sun_kwh_m2",
    "sun_share",
    "storage_wh_m2k",
    "room_height_m",
    "gain_power",
    "gain_hours",
)
_AIR_CURVE = ("level", "slope", "curvature")

PACKAGE_KEYS = (
    *(f"{_RATIO}{name}" for name in _RATIOS),
    *(f"individual.element.{element}_eur_m2" for element in ELEMENTS),
    *(f"package.u.{element}_{code}_w_m2k" for element in ELEMENTS for code in FIRST_YEARS),
    *(f"package.u.{element}_after_w_m2k" for element in ELEMENTS),
    *(f"package.u.{element}_enough_w_m2k" for element in ELEMENTS),
    *(f"package.balance.{name}" for name in _BALANCE),
    "package.prebound.lowest_share",
    "package.rebound_share",
    "heat.loss.floor_ratio",
    "heat.loss.air_changes",
    "heat.loss.air_heat",
    "heat.hot_water_kwh_dwelling",
    "buildings.stock_last_year",
    *(f"supply.cop.air.{name}" for name in _AIR_CURVE),
    "supply.cop.least_lift_k",
    "supply.cop.field_share",
)
"""The figures these inputs read."""


@dataclass(frozen=True)
class PackageInputs:
    """
    What ``renovation_package`` asks beside the homes.

    Attributes
    ----------
    shell : Shell
    balance : Balance
    lowest_prebound_share, rebound_share, hot_water_mwh : float
        See ``renovation_package.package_demand`` [-, -, MWh/yr].
    """

    shell: Shell
    balance: Balance
    lowest_prebound_share: float
    rebound_share: float
    hot_water_mwh: float


def package_inputs(values: Mapping[str, float]) -> PackageInputs:
    """
    Return the inputs of the packages.

    Parameters
    ----------
    values : mapping of str to float
        Figures by key, with ``PACKAGE_KEYS``; money in the prices of one year.
    """
    last_year = int(values["buildings.stock_last_year"])
    years = list(FIRST_YEARS.values())

    def by_period(pattern: str) -> pd.Series[float]:
        known = [values[pattern.format(code)] for code in FIRST_YEARS]
        return construction_period.values_by_period(known, years, last_year=last_year)

    def per_element(pattern: str) -> dict[str, float]:
        return {element: values[pattern.format(element)] for element in ELEMENTS}

    u_before = {element: by_period(f"package.u.{element}_{{}}_w_m2k") for element in ELEMENTS}
    return PackageInputs(
        shell=Shell(
            area_ratio=area_ratios({name: values[f"{_RATIO}{name}"] for name in _RATIOS}),
            u_before=pd.DataFrame(u_before),
            u_after=per_element("package.u.{}_after_w_m2k"),
            u_enough=per_element("package.u.{}_enough_w_m2k"),
            cost_eur_m2=per_element("individual.element.{}_eur_m2"),
        ),
        balance=Balance(
            **{name: values[f"package.balance.{name}"] for name in _BALANCE},
            air_changes=values["heat.loss.air_changes"],
            air_heat_wh_m3k=values["heat.loss.air_heat"],
            floor_ratio=values["heat.loss.floor_ratio"],
        ),
        lowest_prebound_share=values["package.prebound.lowest_share"],
        rebound_share=values["package.rebound_share"],
        hot_water_mwh=values["heat.hot_water_kwh_dwelling"] / KWH_PER_MWH,
    )


def seasonal_cop(
    values: Mapping[str, float], *, sink_c: float, outdoor_c: float | None = None
) -> float:
    """
    Return the COP of a heat pump on outside air at one temperature outside.

    Parameters
    ----------
    values : mapping of str to float
        With ``PACKAGE_KEYS``.
    sink_c : float
        Temperature of the water that is made [°C].
    outdoor_c : float, optional
        By default the mean of the heating season [°C].
    """
    found = heat_supply.heat_pump_cop(
        values["package.balance.outdoor_c"] if outdoor_c is None else outdoor_c,
        sink_c,
        **{name: values[f"supply.cop.air.{name}"] for name in _AIR_CURVE},
        least_lift_k=values["supply.cop.least_lift_k"],
        field_share=values["supply.cop.field_share"],
    )
    return float(found)
