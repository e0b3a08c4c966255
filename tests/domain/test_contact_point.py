"""Dossiers, desks, payers and joint offers, in numbers that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.domain.contact_point import (
    PAYERS,
    STAGES,
    desk_costs,
    funnel,
    joint_offers,
    nearest_places,
    payers,
    travel,
)
from lekp_lib.errors import ContractError

PASSES = {"contact": 0.1, "visit": 0.6, "quote": 0.5, "order": 0.75}
HOURS = {"contact": 0.5, "visit": 5.0, "quote": 4.0, "order": 2.0, "done": 8.0}
COSTS = {"staff_year_eur": 80e3, "fixed_eur": 40e3, "municipality_eur": 10e3, "km_eur": 0.5}


def desks(**columns: object) -> pd.DataFrame:
    """Return one desk of its own and one shared by four equals."""
    table = {
        "hours": [850.0, 3400.0],
        "visits": [100.0, 400.0],
        "done": [20.0, 80.0],
        "km": [1000.0, 8000.0],
        "municipalities": [1, 4],
        "own_share": [1.0, 0.25],
    }
    return pd.DataFrame(table | columns, index=["alone", "together"])


def cost_of(table: pd.DataFrame, least_fte: float = 0.0) -> pd.DataFrame:
    """Return what these desks cost at thousand hours per adviser."""
    limits = {"hours_per_fte": 1000.0, "most_occupation_share": 0.85}
    return desk_costs(table, least_fte=least_fte, costs=COSTS, **limits)


def test_a_goal_is_counted_back_to_the_first_contact() -> None:
    """Nine renovations need four hundred contacts at these rates."""
    found = funnel(9.0, passes=PASSES, hours=HOURS)
    assert found["dossiers"].round(6).tolist() == [400, 40, 24, 12, 9]
    assert found["drop_outs"].round(6).tolist() == [360, 16, 12, 3, 0]
    assert found["hours"].round(6).tolist() == [200, 200, 96, 24, 72]


@given(
    done=st.floats(0, 1e4),
    shares=st.lists(st.floats(0.01, 1.0), min_size=4, max_size=4),
)
def test_no_dossier_is_lost(done: float, shares: list[float]) -> None:
    """Who enters a stage goes on or drops out; what is left in the end is done."""
    passes = dict(zip(STAGES, shares, strict=False))
    found = funnel(done, passes=passes, hours=HOURS)
    assert list(found.index) == list(STAGES)
    goes_on = (found["dossiers"] - found["drop_outs"]).to_numpy()[:-1]
    assert goes_on == pytest.approx(found["dossiers"].to_numpy()[1:])
    assert found["drop_outs"].sum() + done == pytest.approx(found["dossiers"].iloc[0])


@pytest.mark.parametrize(
    ("passes", "hours", "done", "says"),
    [
        ({"contact": 0.1}, HOURS, 1.0, "have no share"),
        (PASSES, {"visit": 1.0}, 1.0, "no hours"),
        ({**PASSES, "visit": 0.0}, HOURS, 1.0, "above 0"),
        ({**PASSES, "visit": 1.2}, HOURS, 1.0, "not above 1"),
        (PASSES, HOURS, -1.0, "cannot be negative"),
    ],
)
def test_impossible_funnels_are_refused(
    passes: dict[str, float], hours: dict[str, float], done: float, says: str
) -> None:
    """A stage without its share, or a share that nobody passes, is a slip."""
    with pytest.raises(ContractError, match=says):
        funnel(done, passes=passes, hours=hours)


def test_the_place_itself_comes_first_then_the_nearest() -> None:
    """A degree east counts for less than a degree north."""
    places = pd.DataFrame(
        {"longitude": [4.0, 4.0, 4.12, 5.0], "latitude": [51.0, 51.1, 51.0, 51.0]},
        index=["home", "north", "east", "far"],
    )
    assert nearest_places(places, "home", count=3).tolist() == ["home", "east", "north"]
    assert nearest_places(places, "home", count=1).tolist() == ["home"]
    shuffled = places.loc[["far", "east", "home", "north"]]
    assert nearest_places(shuffled, "home", count=3).tolist() == ["home", "east", "north"]


def test_an_unknown_place_has_no_neighbours() -> None:
    """A code that does not exist is told."""
    places = pd.DataFrame({"longitude": [4.0], "latitude": [51.0]}, index=["home"])
    with pytest.raises(ContractError, match="not among the places"):
        nearest_places(places, "elsewhere", count=2)


def test_the_mean_trip_in_a_round_area_is_two_thirds_of_its_radius() -> None:
    """A radius of three kilometres gives trips of two, there and back four."""
    index = ["dorp"]
    found = travel(
        pd.Series(10.0, index=index),
        pd.Series(np.pi * 9, index=index),
        trips_per_visit=2,
        detour=1.5,
        speed_km_h=30,
    )
    assert found.loc["dorp"].tolist() == pytest.approx([10 * 2 * 4 * 1.5, 4.0])


def test_points_in_a_disc_lie_two_thirds_of_the_radius_away() -> None:
    """Random points give the same distance as the formula."""
    rng = np.random.default_rng(1)
    points = rng.uniform(-1, 1, (200_000, 2))
    away = np.hypot(*points[np.hypot(*points.T) < 1].T)
    found = travel(pd.Series([1.0]), pd.Series([np.pi]), trips_per_visit=1, detour=1, speed_km_h=1)[
        "km"
    ]
    assert found[0] / 2 == pytest.approx(away.mean(), rel=0.005)


def test_a_desk_costs_people_travel_and_a_fixed_sum() -> None:
    """One adviser, thousand kilometres, one desk and one municipality."""
    found = cost_of(desks()).loc["alone"]
    assert found["fte"] == pytest.approx(1.0)
    assert found["total_eur"] == pytest.approx(80_000 + 500 + 50_000)
    assert found["cost_per_done_eur"] == pytest.approx(130_500 / 20)
    assert found["cost_per_visit_eur"] == pytest.approx(1305)


def test_sharing_a_desk_shares_the_fixed_cost_only() -> None:
    """A quarter of the dossiers pays a quarter of people and travel, and of the desk."""
    found = cost_of(desks()).loc["together"]
    assert found["own_fte"] == pytest.approx(1.0)
    assert found["fixed_eur"] == pytest.approx(10_000 + 10_000)
    assert found["travel_eur"] == pytest.approx(1000)


def test_a_desk_has_a_least_size() -> None:
    """Too few dossiers for one adviser still ask one; two people are needed for 1.2 of them."""
    found = cost_of(desks(hours=[100.0, 1020.0]), least_fte=1.0)
    assert found["fte"].tolist() == pytest.approx([1.0, 1.2])
    assert found["advisers"].tolist() == [1, 2]


def test_without_dossiers_there_is_no_fee() -> None:
    """No renovation, no cost per renovation; the desk costs money all the same."""
    found = cost_of(desks(done=0.0, visits=0.0, hours=0.0, km=0.0), least_fte=1.0)
    assert found[["cost_per_done_eur", "cost_per_visit_eur"]].isna().all(axis=None)
    assert (found["total_eur"] > 0).all()


@given(
    total=st.floats(0, 1e7),
    done=st.floats(0, 1e4),
    fee=st.floats(0, 1e4),
    share=st.floats(0, 1),
)
def test_what_is_paid_is_what_it_costs(total: float, done: float, fee: float, share: float) -> None:
    """Money is conserved between the payers."""
    paid = payers(total, done, fee_eur=fee, contractor_eur=fee / 2, subsidy_share=share)
    assert list(paid.index) == list(PAYERS)
    assert paid.sum() == pytest.approx(total, abs=1e-3)


def test_at_the_break_even_fee_the_municipality_pays_nothing() -> None:
    """The cost per renovation is the fee that closes the books."""
    row = cost_of(desks()).loc["alone"]
    paid = payers(
        row["total_eur"], 20, fee_eur=row["cost_per_done_eur"], contractor_eur=0, subsidy_share=0
    )
    assert paid["municipality"] == pytest.approx(0.0, abs=1e-6)


GROUPS = pd.DataFrame(
    {"dwellings": [10.0, 12.0, 6.0], "jobs": [10, 1, 6], "cost_eur": [400e3, 300e3, np.nan]}
)
SAVINGS = {"scaffold_eur": 500.0, "drawing_eur": 300.0}


def test_by_default_nothing_is_promised() -> None:
    """Without discount and counted savings, together costs as much as apart."""
    found = joint_offers(GROUPS, discount_share=0.0, counted_share=0.0, **SAVINGS)
    assert found["offer_eur"].iloc[:2].tolist() == [400e3, 300e3]
    assert (found["discount_eur"].iloc[:2] == 0).all()


def test_the_first_building_pays_the_scaffold() -> None:
    """Nine of ten buildings save; an apartment building has nobody to share with."""
    found = joint_offers(GROUPS, discount_share=0.0, counted_share=1.0, **SAVINGS)
    assert found["shared_eur"].iloc[:2].tolist() == [9 * 800, 0]


def test_an_unknown_price_gives_no_offer() -> None:
    """What is not known is not zero."""
    found = joint_offers(GROUPS, discount_share=0.1, counted_share=1.0, **SAVINGS)
    assert found.iloc[2].isna().all()


def test_each_group_may_have_its_own_discount() -> None:
    """Larger orders may be cheaper."""
    own = pd.Series([0.1, 0.0, 0.0])
    found = joint_offers(GROUPS, discount_share=own, counted_share=0.0, **SAVINGS)
    assert found["discount_eur"].iloc[:2].tolist() == [40e3, 0]
    assert found["offer_per_dwelling_eur"].iloc[0] == pytest.approx(36e3)
