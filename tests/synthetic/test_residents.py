"""Who lives in the fictional wijken, and where they can meet."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import pandas as pd
import pytest

from lekp_lib.synthetic import DEMO_DWELLINGS, SyntheticWijk

Made = Callable[[str, int], SyntheticWijk]
GROUPS = ["tenure", "income_group", "age_group", "language_group"]
COUNTED = ("station_belt", "garden_quarter")


def households(made: Made, kind: str) -> pd.DataFrame:
    """Return the table of a wijk of the demonstration."""
    return made(kind, DEMO_DWELLINGS[kind]).tables["huishoudens"]


def test_the_detached_houses_bring_neither_table(made: Made) -> None:
    """There the defaults show what they are worth."""
    assert not {"huishoudens", "locaties"} & set(made("allotment", 350).tables)


def test_a_hamlet_counts_nobody(made: Made) -> None:
    """With so few households nearly every group would be too small to publish."""
    assert "huishoudens" not in made("station_belt", 50).tables


@pytest.mark.parametrize("kind", COUNTED)
def test_all_margins_count_the_same_households(made: Made, kind: str) -> None:
    """Each set of filled columns adds up to one total, below the number of dwellings."""
    table = households(made, kind)
    totals = table.groupby(table[GROUPS].notna().apply(tuple, axis=1))["households"].sum()
    assert totals.min() == totals.max()
    assert 0.9 * DEMO_DWELLINGS[kind] < totals.iloc[0] < DEMO_DWELLINGS[kind]


@pytest.mark.parametrize("kind", COUNTED)
def test_no_group_is_too_small_to_publish(made: Made, kind: str) -> None:
    """Whoever hands over such a table has held the rule already."""
    counts = households(made, kind)["households"]
    assert counts[counts > 0].min() >= 10


def test_tenures_are_those_of_the_buildings(made: Made) -> None:
    """In the garden quarter three of four tenants rent from the company, as the houses say."""
    wijk = made("garden_quarter", DEMO_DWELLINGS["garden_quarter"])
    homes = wijk.tables["gebouwen"].dropna(subset="tenure")
    of_homes = homes.groupby("tenure")["dwellings"].sum()
    table = wijk.tables["huishoudens"]
    alone = table[table[GROUPS[1:]].isna().all(axis=1)].set_index("tenure")["households"]
    shares = alone / alone.sum() - of_homes / of_homes.sum()
    assert shares.abs().max() < 0.03


@pytest.mark.parametrize("kind", COUNTED)
def test_halls_are_buildings_of_the_wijk(made: Made, kind: str) -> None:
    """A hall that is drawn stands where a building stands, and all differ in size."""
    tables = made(kind, DEMO_DWELLINGS[kind]).tables
    halls = gpd.GeoDataFrame(tables["locaties"])
    buildings = gpd.GeoDataFrame(tables["gebouwen"])
    built = buildings[buildings["function"].isin(["school", "community", "sport"])].union_all()
    drawn = halls[halls.geom_type == "Polygon"]
    assert (drawn.intersection(built).area / drawn.area).min() > 0.5
    assert halls["seats"].is_unique
    assert len(halls) >= 3
