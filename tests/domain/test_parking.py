"""Parking: demand by hour, places along the kerb, what can go and what can be shared."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

from lekp_lib import assumptions
from lekp_lib.contracts.lists import BUILDING_TYPES, PARKING_FUNCTIONS
from lekp_lib.domain import parking
from lekp_lib.errors import ContractError

WEEK = parking.week_presence(assumptions.load_presence())


def kerb(**changes: float) -> pd.DataFrame:
    """Return one segment of 120 m in an enclosed street, parked on both sides."""
    row = {"length_m": 120.0, "built_share": 1.0, "sides": 2.0, "junction_ends": 2.0}
    return pd.DataFrame([row | {"driveways": 4.0} | changes])


def spaces(table: pd.DataFrame) -> int:
    """Return the places of the first segment, with round figures."""
    places = parking.kerb_spaces(
        table, place_length_m=5.0, junction_loss_m=10.0, driveway_gap_m=5.0, lost_place_piece=0.5
    )
    return int(places.iloc[0])


def test_a_week_has_168_hours() -> None:
    """Every curve of the platform covers each hour of the week once."""
    assert len(WEEK) == 168
    assert WEEK.index.is_unique


def test_presence_curves_follow_known_uses() -> None:
    """Curves exist for uses that a car park can have, residents and visitors among them."""
    assert set(WEEK.columns) <= set(PARKING_FUNCTIONS)
    assert {"residential", "visitors", "school", "supermarket"} <= set(WEEK.columns)


def test_presence_keeps_the_cells_read_at_a_source() -> None:
    """Residents are all home at night and for 90 % in the evening; visitors are gone at night."""
    weekday = WEEK.xs("weekday", level="day_kind").xs(1, level="day")
    assert weekday.loc[[2, 20], "residential"].tolist() == [1.0, 0.9]
    assert weekday.loc[[3, 20, 23], "visitors"].tolist() == [0.0, 1.0, 0.8]


def test_presence_lacking_an_hour_is_refused() -> None:
    """A curve with a hole would silently lower the demand."""
    curve = assumptions.load_presence().iloc[1:]
    with pytest.raises(ContractError, match="residential"):
        parking.week_presence(curve)


def test_private_places_of_a_type_without_counts_are_the_mean() -> None:
    """Statbel counts no garages in other buildings: that is not the same as none."""
    garages = pd.DataFrame(
        {"building_type": ["terraced", "other"], "garages_or_covered_places": [40, 0]}
    )
    homes = pd.DataFrame({"building_type": ["terraced", "other"], "dwellings": [100, 50]})
    places = parking.private_places(garages, homes)
    assert places["other"] == places["unknown"] == 0.4


def test_private_places_need_dwellings() -> None:
    """Without any dwelling there is nothing to divide by."""
    garages = pd.DataFrame({"building_type": ["terraced"], "garages_or_covered_places": [40]})
    homes = pd.DataFrame({"building_type": ["terraced"], "dwellings": [0]})
    with pytest.raises(ContractError, match="no building type in common"):
        parking.private_places(garages, homes)


def test_cars_on_the_street_are_never_negative() -> None:
    """More private room than cars leaves the street empty, not below empty."""
    one = pd.Series({"detached": 2.0})
    cars = parking.street_cars(one, cars_household=1.0, used_share=one * 0.5, driveway_cars=one)
    assert cars["detached"] == 0.0


def test_demand_names_a_function_without_curve() -> None:
    """A use without a curve cannot be put on the clock."""
    with pytest.raises(ContractError, match="harbour"):
        parking.hourly_demand(pd.DataFrame({"a": [1.0]}, index=["harbour"]), WEEK)


def test_peak_places_need_every_type() -> None:
    """A type without cars per dwelling would vanish from the demand."""
    homes = pd.DataFrame({"terraced": [3.0], "detached": [1.0]}, index=["Dorp"])
    with pytest.raises(ContractError, match="detached"):
        parking.peak_places(homes, pd.Series({"terraced": 1.0}), visitors_dwelling=0.3)


@given(st.lists(st.floats(0, 500), min_size=1, max_size=8))
def test_streets_add_up_to_the_neighbourhood(homes: list[float]) -> None:
    """The demand of all streets together is the demand of all dwellings together."""
    cars = pd.Series({"terraced": 0.9})
    apart = pd.DataFrame({"terraced": homes})
    whole = apart.sum().to_frame().T
    demand = [
        parking.hourly_demand(parking.peak_places(table, cars, visitors_dwelling=0.3), WEEK)
        for table in (apart, whole)
    ]
    np.testing.assert_allclose(demand[0].sum(axis=1), demand[1][0], atol=1e-6)


def test_binding_hour_of_residents_is_at_night() -> None:
    """With many cars on the street and visitors still there, 23 h on a weekday binds."""
    peak = pd.DataFrame({"Dorp": [90.0, 30.0]}, index=["residential", "visitors"])
    binding = parking.peak_hours(parking.hourly_demand(peak, WEEK)).loc["Dorp"]
    assert (binding["day_kind"], binding["hour"]) == ("weekday", 23)
    assert binding["demand"] == pytest.approx(90 + 0.8 * 30)


def test_no_streets_have_no_binding_hour() -> None:
    """An empty table stays an empty table."""
    assert len(parking.peak_hours(pd.DataFrame(index=WEEK.index))) == 0


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({}, 33),
        ({"sides": 1.0}, 16),
        ({"sides": 0.0}, 0),
        ({"junction_ends": 0.0}, 41),
        ({"built_share": 0.5}, 9),
        ({"driveways": 0.0}, 39),
        ({"driveways": 60.0}, 0),
    ],
)
def test_kerb_spaces_by_hand(changes: dict[str, float], places: int) -> None:
    """Length, junctions and driveways each take their part of the kerb."""
    assert spaces(kerb(**changes)) == places


@given(st.floats(0, 2000), st.floats(0, 80), st.floats(0, 2))
def test_more_driveways_never_give_more_places(
    length: float, driveways: float, sides: float
) -> None:
    """Places are whole, never negative, and fall as driveways are added."""
    before = spaces(kerb(length_m=length, driveways=driveways, sides=sides))
    after = spaces(kerb(length_m=length, driveways=driveways + 1, sides=sides))
    assert before >= after >= 0


def test_freeable_spaces_stop_at_those_that_are_known() -> None:
    """What the map does not show cannot be promised away."""
    freeable = parking.freeable_spaces(
        pd.Series([100, 50]), pd.Series([0.0, 60.0]), firm=pd.Series([7, 50]), alarm_share=0.85
    )
    assert freeable.tolist() == [7, 0]


def test_capacity_of_a_point_without_number_is_unknown() -> None:
    """A point has no area to work a number out from."""
    lots = gpd.GeoDataFrame(
        {"capacity": pd.array([None, None], dtype="Int64")},
        geometry=[Point(0, 0), box(0, 0, 10, 10)],
        crs=31370,
    )
    size = parking.car_park_capacity(lots, place_m2=25.0)
    assert size["capacity"].isna().tolist() == [True, False]
    assert size["capacity_basis"].isna().tolist() == [True, False]


def test_an_owner_does_not_overrule_a_function() -> None:
    """A public car park of a school stays without a curve."""
    lots = pd.DataFrame({"function": ["public", None], "owner_kind": ["school", "school"]})
    assert parking.car_park_use(lots, WEEK).tolist() == [parking.UNKNOWN, "school"]


def test_a_school_is_empty_at_night_and_a_home_is_not() -> None:
    """What can be shared at night depends on who parks there."""
    lots = pd.DataFrame({"capacity": [100, 100], "use": ["school", "residential"]})
    slack = parking.night_slack(lots, WEEK, own_peak_share=0.9, offered_share=0.7, night=(21, 6))
    assert slack["free_night"].tolist() == pytest.approx([100.0, 10.0])
    assert slack["offered_night"].tolist() == [70, 7]


def test_slack_is_missing_where_the_use_is_not_known() -> None:
    """No curve, no promise."""
    lots = pd.DataFrame({"capacity": [100], "use": [parking.UNKNOWN]})
    slack = parking.night_slack(lots, WEEK, own_peak_share=0.9, offered_share=0.7, night=(21, 6))
    assert slack.isna().all(axis=None)


def test_garage_share_never_exceeds_one() -> None:
    """A small municipality may count more buildings with a garage than buildings."""
    garages = pd.DataFrame({"building_type": ["terraced"], "buildings_with_garage": [12]})
    stock = pd.DataFrame({"building_type": ["terraced"], "buildings": [10]})
    share = parking.garage_share(garages, stock)
    assert share["terraced"] == 1.0
    assert share.index.tolist() == [*BUILDING_TYPES, parking.UNKNOWN]
