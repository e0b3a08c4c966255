"""Metered use that fits the dwellings."""

from __future__ import annotations

import pytest

from lekp_lib.synthetic import SyntheticWijk

_SUMS = ["gas_mwh", "gas_points", "electricity_mwh", "electricity_points"]


def test_parts_add_up_to_the_wijk(demo: SyntheticWijk) -> None:
    """Streets and sectors each add up to the wijk, every year."""
    use = demo.tables["verbruik"]
    sums = use.groupby(["area_kind", "year"])[_SUMS].sum()
    for kind in ("street", "sector"):
        for year in (2018, 2019, 2020, 2021):
            part, whole = sums.loc[(kind, year)], sums.loc[("wijk", year)]
            assert part.tolist() == pytest.approx(whole.tolist(), abs=0.01)


def test_use_is_that_of_ordinary_homes(demo: SyntheticWijk) -> None:
    """60 to 85 % of the homes on gas, 12 to 18 MWh a connection, 2 to 5 MWh of electricity."""
    use = demo.tables["verbruik"]
    whole = use[use["area_kind"] == "wijk"]
    homes = demo.tables["gebouwen"]["dwellings"].sum()
    assert (whole["electricity_points"] == homes).all()
    assert (whole["gas_points"] / homes).between(0.6, 0.86).all()
    assert (whole["gas_mwh"] / whole["gas_points"]).between(12, 18).all()
    assert (whole["electricity_mwh"] / homes).between(2, 5).all()


def test_some_cells_are_too_small_to_publish(demo: SyntheticWijk) -> None:
    """Short streets have fewer than ten connections, others more."""
    use = demo.tables["verbruik"]
    points = use.loc[use["area_kind"] == "street", "gas_points"]
    assert (points < 10).any()
    assert (points >= 10).any()
    assert (use.loc[use["area_kind"] != "street", "gas_points"] >= 10).all()
