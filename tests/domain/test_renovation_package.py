"""Three packages on a house and a flat that can be reckoned by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.assumptions import load
from lekp_lib.contracts.lists import PACKAGES, PERIODS
from lekp_lib.domain import renovation_package as packages
from lekp_lib.domain.renovation_package import ELEMENTS, Balance, Shell
from lekp_lib.errors import ContractError
from lekp_lib.studies._package_inputs import package_inputs

VALUES = {key: figure.value for key, figure in load().items()}
INPUTS = package_inputs(VALUES)
SEASON = Balance(
    heating_hours=5000.0,
    indoor_c=18.0,
    outdoor_c=8.0,
    internal_w_m2=0.0,
    sun_kwh_m2=0.0,
    sun_share=0.0,
    storage_wh_m2k=45.0,
    room_height_m=2.5,
    air_changes=0.4,
    air_heat_wh_m3k=0.35,
    floor_ratio=0.5,
    gain_power=0.8,
    gain_hours=30.0,
)
SHELL = Shell(
    area_ratio=pd.DataFrame([[1.0, 1.0, 1.0, 0.2]], ["detached"], list(ELEMENTS)),
    u_before=pd.DataFrame([[2.0, 2.0, 2.0, 5.0]], ["before_1900"], list(ELEMENTS)),
    u_after=dict.fromkeys(ELEMENTS, 0.5),
    u_enough=dict.fromkeys(ELEMENTS, 1.0),
    cost_eur_m2={"wall": 100.0, "floor": 50.0, "roof": 80.0, "window": 500.0},
)


def homes(**changes: Any) -> pd.DataFrame:
    """Return one house of 100 m2."""
    about = {"building_type": "detached", "period": "before_1900", "floor_area_m2": 100.0}
    return pd.DataFrame([{**about, "is_heritage": False, **changes}], index=["house"])


def costs(table: pd.DataFrame, shell: Shell = SHELL, **installations: Any) -> pd.Series:
    """Return the cost of each package."""
    found = packages.package_costs(
        table, shell=shell, installations=installations, spread_share=0.3
    )
    return found["cost_eur"].groupby("package").sum()


def demand(table: pd.DataFrame, space_mwh: float = 10.0, **changes: Any) -> pd.DataFrame:
    """Return the demand, with 10 MWh of space heat in meters."""
    choices: dict[str, Any] = {
        "shell": SHELL,
        "balance": SEASON,
        "space_today_mwh": pd.Series(space_mwh, table.index),
        "lowest_prebound_share": 0.1,
        "rebound_share": 0.25,
        "hot_water_mwh": 2.0,
    }
    return packages.package_demand(table, **{**choices, **changes})


def test_house_of_the_reference_costs_46500() -> None:
    """110 m2 of open house, whole shell, in prices of 2020 before VAT and heater."""
    table = homes(floor_area_m2=110.0)
    assert costs(table, INPUTS.shell)["schil"] == pytest.approx(46_500, abs=50)


@pytest.mark.parametrize(
    ("building_type", "low", "high"),
    [("terraced", 300, 330), ("semi_detached", 355, 380), ("apartment_building", 260, 275)],
)
def test_cost_per_square_metre_stays_in_bounds(building_type: str, low: float, high: float) -> None:
    """The whole shell in euro of 2020 per m2 of heated floor does not drift unseen."""
    table = homes(building_type=building_type)
    assert low < costs(table, INPUTS.shell)["schil"] / 100.0 < high


def test_three_packages_by_hand() -> None:
    """8,000 roof + 10,000 glass; with 10,000 wall and 5,000 floor; with a heater of 9,000."""
    found = costs(homes(), fossielvrij={"heat_pump": 9000.0})
    assert found.to_dict() == {"basis": 18_000.0, "schil": 33_000.0, "fossielvrij": 42_000.0}


def test_listed_home_keeps_its_wall() -> None:
    """No outer wall from outside: 10,000 euro less, and the wall leaks as before."""
    table = homes(is_heritage=True)
    assert costs(table)["schil"] == 23_000.0
    loss = demand(table)["loss_w_k"].loc["house"]
    assert loss["schil"] == pytest.approx(200 + 25 + 50 + 10 + 35)


def test_good_element_is_left_alone() -> None:
    """Glass that is good enough costs nothing and keeps its value."""
    shell = replace(SHELL, u_enough={**SHELL.u_enough, "window": 5.0})
    assert costs(homes(), shell)["basis"] == 8_000.0


def test_discount_is_nothing_unless_it_counts() -> None:
    """Twelve homes would get 8 %, but a discount nobody measured is not promised."""
    steps = {5: 0.05, 10: 0.08, 25: 0.12}
    found = [
        packages.collective_discount(12, steps=steps, counted_share=share).item()
        for share in (0.0, 1.0)
    ]
    assert found == [0.0, 0.08]


def test_balance_by_hand() -> None:
    """635 W/K times 10 degrees over 5,000 hours is 31.75 MWh; a whole shell leaves 10."""
    table = demand(homes()).loc["house"]
    assert table["loss_w_k"].to_dict() == pytest.approx(
        {"today": 635.0, "basis": 395.0, "schil": 170.0, "fossielvrij": 170.0}
    )
    assert table.loc["today", "calculated_mwh"] == pytest.approx(31.75 + 2.0)


def test_real_saving_is_the_calculated_one_with_prebound_and_rebound() -> None:
    """10 of 31.75 MWh are really used; a quarter of what is saved becomes warmth."""
    row = demand(homes()).loc[("house", "schil")]
    saved = (635.0 - 170.0) * 0.05
    assert row["saving_calculated_mwh"] == pytest.approx(saved)
    assert row["saving_realistic_mwh"] == pytest.approx(saved * 10.0 / 31.75 * 0.75)
    assert row["realistic_mwh"] == pytest.approx(12.0 - row["saving_realistic_mwh"])


def test_used_is_never_above_calculated() -> None:
    """Meters that say more than the calculation do not make a saving larger than it can be."""
    row = demand(homes(), space_mwh=99.0, rebound_share=0.0).loc[("house", "schil")]
    assert row["saving_realistic_mwh"] == pytest.approx(row["saving_calculated_mwh"])


def test_gains_of_use_by_hand() -> None:
    """Gains as large as losses serve for a/(a+1); a slow home with a = 2 keeps two thirds."""
    loss = 635.0
    season = replace(SEASON, internal_w_m2=63.5, gain_power=2.0, storage_wh_m2k=0.0)
    today = demand(homes(), balance=season).loc[("house", "today"), "calculated_mwh"]
    assert today == pytest.approx(loss * 0.05 / 3.0 + 2.0)


@given(st.floats(20, 400), st.sampled_from(PERIODS), st.booleans(), st.floats(1, 60))
def test_more_work_never_asks_more_heat(
    floor: float, period: str, is_heritage: bool, space: float
) -> None:
    """Each package asks at most what the lighter one asks, calculated and real."""
    table = homes(
        building_type="terraced", period=period, floor_area_m2=floor, is_heritage=is_heritage
    )
    found = demand(table, space, shell=INPUTS.shell, balance=INPUTS.balance)
    for measure in ("calculated_mwh", "realistic_mwh"):
        heat = found[measure].to_numpy()
        assert (np.diff(heat) <= 1e-9).all()
        assert (heat >= 2.0 - 1e-9).all()


def test_lekp_count_beside_deep_share() -> None:
    """Roof and glass are two renovations, and half of what the shell loses too much."""
    table = homes()
    found = packages.package_costs(
        table,
        shell=SHELL,
        installations={"basis": {"ventilation_check": 250.0}},
        spread_share=0.3,
    )
    counts = packages.equivalents(found, demand(table), counted=ELEMENTS).loc["house"]
    assert counts["lekp_renovations"].to_dict() == {"basis": 2, "schil": 4, "fossielvrij": 4}
    assert counts["deep_share"].tolist() == pytest.approx([240 / 465, 1.0, 1.0])


def test_new_home_needs_nothing() -> None:
    """After 2011 every element is good enough: no works, no saving, nothing counted."""
    table = homes(period="after_2011")
    found = packages.package_costs(
        table,
        shell=INPUTS.shell,
        installations={package: {"ventilation_check": 1.0} for package in PACKAGES},
        spread_share=0.3,
    )
    assert set(found.index.get_level_values("element")) == {"ventilation_check"}
    counts = packages.equivalents(
        found, demand(table, shell=INPUTS.shell, balance=INPUTS.balance), counted=ELEMENTS
    )
    assert not counts.to_numpy().any()


def test_order_of_rows_does_not_matter() -> None:
    """The same homes in another order give the same rows, and the input stays as it was."""
    table = pd.concat([homes(floor_area_m2=50.0 + n).rename({"house": n}) for n in range(4)])
    before = table.copy()
    left, right = demand(table), demand(table[::-1])
    pd.testing.assert_frame_equal(left.sort_index(), right.sort_index())
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"floor_area_m2": 0.0}, "not above 0"), ({"period": "unknown"}, "no period")],
)
def test_impossible_home_is_refused(changes: dict[str, Any], words: str) -> None:
    """A floor of nothing and a period without a value name themselves."""
    with pytest.raises(ContractError, match=words):
        costs(homes(**changes))


def test_share_above_one_is_refused() -> None:
    """More than all of a saving cannot become warmth."""
    with pytest.raises(ContractError, match="between 0 and 1"):
        demand(homes(), rebound_share=1.5)
