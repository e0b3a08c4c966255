"""
What a heat network costs, who pays for it, and at which heat price it breaks even.

Everything is in real money (without inflation) of one price year. Yearly series start at year
0, in which the first investment falls; the last year is the horizon, at which what is left of
the assets counts as residual value. A figure of a year counts at the end of that year.
"""

from __future__ import annotations

from lekp_lib.domain.heat_finance._owners import (
    CAPITAL_LAYERS,
    EQUITY_LAYERS,
    OWNERS,
    Owner,
    cash_flows,
    compare_owners,
    competitive_price,
    owners,
)
from lekp_lib.domain.heat_finance._project import (
    Project,
    break_even_of_series,
    break_even_price,
    price_surface,
    project_flows,
    uptake,
)
from lekp_lib.domain.heat_finance._value import (
    irr,
    levelised_cost,
    npv,
    payback_years,
    present_value,
)

__all__ = [
    "CAPITAL_LAYERS",
    "EQUITY_LAYERS",
    "OWNERS",
    "Owner",
    "Project",
    "break_even_of_series",
    "break_even_price",
    "cash_flows",
    "compare_owners",
    "competitive_price",
    "irr",
    "levelised_cost",
    "npv",
    "owners",
    "payback_years",
    "present_value",
    "price_surface",
    "project_flows",
    "uptake",
]
