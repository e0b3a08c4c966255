"""Tests of the exact conversions and the closed list of units."""

from __future__ import annotations

import pytest

from lekp_lib import units
from lekp_lib.contracts import INPUTS, RESULTS


def unit_of(name: str) -> str | None:
    """Return the unit that the longest suffix of a name promises."""
    fits = [suffix for suffix in units.SUFFIX_UNITS if name.endswith(suffix)]
    return units.SUFFIX_UNITS[max(fits, key=len)] if fits else None


@pytest.mark.parametrize(
    ("factor", "expected"),
    [
        (units.KWH_PER_MWH, 1_000),
        (units.MWH_PER_GWH, 1_000),
        (units.M2_PER_HA, 100 * 100),
        (units.M2_PER_KM2, 1_000 * 1_000),
        (units.HOURS_PER_DAY, 24),
        (units.HOURS_PER_WEEK, 7 * 24),
    ],
)
def test_conversions_are_exact(factor: float, expected: float) -> None:
    """Every conversion is true by definition."""
    assert factor == expected


def test_every_suffix_promises_a_known_unit() -> None:
    """No suffix leads to a unit that the list does not hold."""
    assert set(units.SUFFIX_UNITS.values()) <= units.UNITS


def test_percentages_are_banned() -> None:
    """Shares run from 0 to 1; a suffix for per cent does not exist."""
    assert not [suffix for suffix in units.SUFFIX_UNITS if "pct" in suffix]


def test_columns_keep_the_unit_of_their_name() -> None:
    """A column that ends in _mwh holds MWh, one that ends in _mwh_km2 something per km2."""
    wrong = [
        (contract.name, column.name, column.unit)
        for contract in (*INPUTS.values(), *RESULTS.values())
        for column in contract.columns.values()
        if (promised := unit_of(column.name)) is not None
        and column.unit != promised
        and not column.unit.endswith(f"/{promised}")
    ]
    assert wrong == []
