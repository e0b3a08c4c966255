"""
Which source gives which heat: base, store, peak and back-up, hour by hour.

Cheap base sources run first, a tank keeps their surplus for the morning, and boilers do the rest
and stand by when something breaks. What remains for the boilers decides how free of fossil fuel
the network is. A source that is colder than the network is lifted by a heat pump, whose
electricity is counted.
"""

from __future__ import annotations

from lekp_lib.domain.heat_supply._cop import carnot_cop, heat_pump_cop, seasonal_cop
from lekp_lib.domain.heat_supply._dispatch import Supply, dispatch, solar_availability
from lekp_lib.domain.heat_supply._investment import investment
from lekp_lib.domain.heat_supply._plant import (
    Store,
    default_sources,
    figures_table,
    prepare,
    store_for,
    with_backup,
)

__all__ = [
    "Store",
    "Supply",
    "carnot_cop",
    "default_sources",
    "dispatch",
    "figures_table",
    "heat_pump_cop",
    "investment",
    "prepare",
    "seasonal_cop",
    "solar_availability",
    "store_for",
    "with_backup",
]
