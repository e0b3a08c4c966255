"""The official names of the pact."""

from __future__ import annotations

from lekp_lib.contracts.lekp_names import LEKP_NAMES


def test_names_are_those_of_the_reporting_forms() -> None:
    """Three counts of werf 2, and cycle paths: new or renovated, one or two ways, four years."""
    paths = [name for name in LEKP_NAMES if name.startswith("LEKPTotalKmFor")]
    assert len(paths) == 2 * 2 * 4
    assert "LEKPTotalKmForNewOneWayBicycleInfrastructureFor2023" in paths
    assert set(LEKP_NAMES) - set(paths) == {
        "LEKPTotalHousingUnits",
        "LEKPHouseholds",
        "LEKPTotalHousingForRenovatingProject",
    }


def test_every_name_says_what_it_counts() -> None:
    """In words of its own."""
    assert len(set(LEKP_NAMES.values())) == len(LEKP_NAMES)
