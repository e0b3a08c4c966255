"""
Exact conversions and the closed list of units.

Only what is exact by definition lives here; a measured or agreed figure is a row in
``assumptions``.
"""

from __future__ import annotations

__all__ = [
    "HOURS_PER_DAY",
    "HOURS_PER_WEEK",
    "HOURS_PER_YEAR",
    "KELVIN_AT_0_C",
    "KG_PER_T",
    "KWH_PER_MWH",
    "M2_PER_HA",
    "M2_PER_KM2",
    "MONTHS_PER_YEAR",
    "MWH_PER_GWH",
    "M_PER_KM",
    "SUFFIX_UNITS",
    "S_PER_HOUR",
    "UNITS",
    "W_PER_KW",
    "W_PER_MW",
]

KWH_PER_MWH = 1000.0
MWH_PER_GWH = 1000.0
M_PER_KM = 1000.0
M2_PER_HA = 10_000.0
M2_PER_KM2 = 1_000_000.0
HOURS_PER_DAY = 24
HOURS_PER_WEEK = 168
HOURS_PER_YEAR = 8760
MONTHS_PER_YEAR = 12
KELVIN_AT_0_C = 273.15
KG_PER_T = 1000.0
S_PER_HOUR = 3600.0
W_PER_KW = 1000.0
W_PER_MW = 1_000_000.0

UNITS = frozenset(
    {
        "",  # text, codes, geometry
        "-",  # a ratio without unit
        "1/uur",
        "aantal",
        "dag",
        "EUR",
        "EUR/(kW jaar)",
        "EUR/kW",
        "EUR/m",
        "EUR/m2",
        "EUR/m3",
        "EUR/MWh",
        "graad",
        "GWh",
        "jaar",
        "K",
        "km",
        "km/uur",
        "kg/MWh",
        "km2",
        "kW",
        "kWh",
        "kWh/(m3 K)",
        "kWh/m2",
        "kWh/woning",
        "l",
        "l/m2",
        "m",
        "m2",
        "m2 K/W",
        "m2/plaats",
        "m3",
        "mm",
        "m/s",
        "Pa",
        "Pa/m",
        "t",
        "MWh",
        "MWh/aansluiting",
        "MWh/km2",
        "MWh/m",
        "MWh/woning",
        "aandeel",
        "aansluitingen/km2",
        "auto/huishouden",
        "auto/woning",
        "plaats",
        "plaats/woning",
        "uur",
        "W/(m2 K)",
        "W/m2",
        "Wh/(m2 K)",
        "Wh/(m3 K)",
        "°C",
        # what an actor brings besides money, land and power
        "vte",
        # units of the LEKP targets
        "boom",
        "contract",
        "formulier",
        "gemeente",
        "heffing",
        "ja",
        "laadequivalent",
        "laadpunt",
        "perk_10m2",
        "plan",
        "procent",
        "procent_per_jaar",
        "project_18kW",
        "renovatie",
        "toegang",
        "toegangspunt",
        "wooneenheid",
    }
)
"""Every unit a column or an assumption may have."""

SUFFIX_UNITS = {
    "_mwh_m": "MWh/m",
    "_kwh_m2": "kWh/m2",
    "_w_m2k": "W/(m2 K)",
    "_w_m2": "W/m2",
    "_wh_m2k": "Wh/(m2 K)",
    "_kwh_dwelling": "kWh/woning",
    "_mwh_dwelling": "MWh/woning",
    "_eur_mwh": "EUR/MWh",
    "_kg_mwh": "kg/MWh",
    "_eur_kw_year": "EUR/(kW jaar)",
    "_eur_kw": "EUR/kW",
    "_eur_m3": "EUR/m3",
    "_eur_m2": "EUR/m2",
    "_eur_m": "EUR/m",
    "_mwh": "MWh",
    "_gwh": "GWh",
    "_kwh": "kWh",
    "_kw": "kW",
    "_m2": "m2",
    "_m3": "m3",
    "_km2": "km2",
    "_km": "km",
    "_mm": "mm",
    "_m_s": "m/s",
    "_pa_m": "Pa/m",
    "_pa": "Pa",
    "_m": "m",
    "_eur": "EUR",
    "_days": "dag",
    "_share": "aandeel",
}
"""Suffix of a column or key → its unit; the longest matching suffix counts."""
