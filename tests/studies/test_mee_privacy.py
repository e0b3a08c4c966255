"""Nothing about a few households leaves work programme 2, also not by taking differences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lekp_lib.contracts import RESULTS, Flanders
from lekp_lib.contracts.lists import PACKAGES
from lekp_lib.disclosure import Results, publish, shown
from lekp_lib.domain import population
from lekp_lib.io.read import read_place
from lekp_lib.studies import _mee_halls
from lekp_lib.studies._mee import MEE_KEYS
from lekp_lib.studies._mee_base import base_section
from lekp_lib.studies._mee_case import cells_of, visible_cells
from lekp_lib.studies._mee_halls import _weights
from lekp_lib.studies._mee_offer import offer_section
from lekp_lib.studies._mee_offer_tables import fewest_of_owners, fund_years
from lekp_lib.studies._mee_rules import _counters
from lekp_lib.studies._mee_scene import Scene, scene_of
from lekp_lib.studies.iedereen_mee import iedereen_mee

ROOT = Path(__file__).parents[2]
DAY = dt.date(2026, 11, 1)


@pytest.fixture(scope="module")
def station(flanders: Flanders) -> Scene:
    """Give the demonstration place with 1,200 dwellings."""
    place = read_place("voorbeeldgemeente/stationsbuurt", data_dir=ROOT / "data")
    return scene_of(place, flanders, on=DAY, keys=MEE_KEYS)


@pytest.fixture(scope="module")
def small(flanders: Flanders) -> Results:
    """Give all results of the place with 28 households."""
    place = read_place("proefgemeente/proefwijk", data_dir=ROOT / "tests/fixtures/data")
    return iedereen_mee(place, flanders, on=DAY)


def segments(counts: Mapping[tuple[str, str, str], float]) -> pd.DataFrame:
    """Return segments of one period from counts per type, tenure and income."""
    keys = pd.MultiIndex.from_tuples(counts, names=["building_type", "tenure", "income_group"])
    table = pd.DataFrame({"dwellings": list(counts.values())}, index=keys).reset_index()
    return table.assign(period="1919_1945")


def told(counts: Mapping[tuple[str, str, str], float]) -> set[tuple[str, str, str]]:
    """Return the cells that may be shown."""
    public = publish(
        cells_of(segments(counts)),
        RESULTS["segmenten_bewoners"],
        smallest_cell=10,
        smallest_street=5,
        is_fictional=False,
    ).frame
    return set(public[["building_type", "tenure", "income_group"]].itertuples(index=False))


def planted(scene: Scene, few: Mapping[str, float]) -> Scene:
    """Return the scene with few dwellings of some kind of owner (tenure or owner's income)."""
    table = scene.segments.copy()
    for name, count in few.items():
        tenure, _, income = name.partition("/")
        is_cell = table["tenure"] == tenure
        if income:
            is_cell &= table["income_group"] == income
        now = table.loc[is_cell, "dwellings"].sum()
        table.loc[is_cell, "dwellings"] *= count / now
    return replace(scene, segments=table)


def hidden_of(counts: Mapping[tuple[str, str, str], float], keys: list[int]) -> pd.Series[float]:
    """Return what a reader works out: each total over some keys, without the cells shown."""
    shown_cells = told(counts)
    rest = {cell: 0.0 if cell in shown_cells else count for cell, count in counts.items()}
    table = pd.DataFrame([(*cell, left) for cell, left in rest.items()])
    found = table.groupby(keys)[3].sum()
    return found[found > 0]


CELLS = {
    ("terraced", "owner_occupied", "low"): 20.0,
    ("terraced", "owner_occupied", "middle"): 60.0,
    ("terraced", "private_rental", "low"): 30.0,
    ("terraced", "private_rental", "middle"): 25.0,
    ("detached", "owner_occupied", "low"): 4.0,
    ("detached", "owner_occupied", "middle"): 40.0,
    ("detached", "private_rental", "low"): 12.0,
    ("detached", "private_rental", "middle"): 11.0,
}


@pytest.mark.parametrize("keys", [[1, 2], [0, 1], [0], [1], [2]])
def test_no_total_of_another_table_gives_a_cell_away(keys: list[int]) -> None:
    """Owners per income stand in the groups, dwellings per type and tenure in the barriers."""
    assert (hidden_of(CELLS, keys) >= 10).all()


def test_houses_and_apartments_of_a_tenure_give_no_type_away() -> None:
    """Renovations per year tell rented houses: 30 terraced shown would leave 4 detached."""
    cells = {
        ("terraced", "private_rental", "low"): 30.0,
        ("detached", "private_rental", "low"): 4.0,
        ("apartment_building", "private_rental", "low"): 12.0,
        ("apartment_building", "owner_occupied", "low"): 50.0,
        ("terraced", "owner_occupied", "low"): 50.0,
        ("detached", "owner_occupied", "low"): 50.0,
    }
    assert ("terraced", "private_rental", "low") not in told(cells)


def test_the_table_knows_houses_from_apartments(station: Scene) -> None:
    """The column that guards it is there, and does not leave the house."""
    table = base_section(station).tables["segmenten_bewoners"]
    assert set(table["home"]) == {"house", "apartment"}
    public = shown("segmenten_bewoners", table, used=station.used, is_fictional=True)
    assert "home" not in public.frame


@pytest.mark.parametrize("few", [{"owner_occupied/high": 4.0}, {"social_rental": 7.0}])
def test_premiums_do_not_tell_how_many_owners_of_a_kind(
    station: Scene, few: dict[str, float]
) -> None:
    """A premium depends on the owner: its total over the neighbourhood is an equation in them."""
    scene = planted(station, few)
    table = offer_section(scene).tables["pakket_totalen"]
    assert fewest_of_owners(scene.segments) == pytest.approx(next(iter(few.values())))
    public = shown("pakket_totalen", table, used=scene.used, is_fictional=True).frame
    assert public[["premium_eur", "premium_last_eur"]].isna().all(axis=None)
    assert public["investment_eur"].notna().all()


def test_the_other_homes_are_billed_as_one_owner_where_owners_are_few(station: Scene) -> None:
    """The mean bill of the rest is the same, whoever the few owners are."""
    bills = []
    for count in (3.0, 8.0):
        scene = planted(station, {"owner_occupied/high": count})
        low = scene.segments["tenure"].eq("owner_occupied") & scene.segments["income_group"].eq(
            "low"
        )
        high = scene.segments["tenure"].eq("owner_occupied") & scene.segments["income_group"].eq(
            "high"
        )
        table = scene.segments.copy()
        moved = station.segments.loc[high, "dwellings"].to_numpy() - table.loc[high, "dwellings"]
        table.loc[low, "dwellings"] += moved.to_numpy()
        found = offer_section(replace(scene, segments=table)).tables["aanbod_segmenten"]
        rest = found[found["segment"].str.startswith("overige")].set_index("package")
        assert rest["segment"].str.contains("gerekend als").all()
        bills.append(rest["premium_last_eur"] / rest["investment_eur"])
    assert bills[0].to_numpy() == pytest.approx(bills[1].to_numpy(), rel=0.02)


def test_a_bill_stands_only_where_its_cell_is_shown(station: Scene) -> None:
    """A cell that was blanked to guard its neighbour is not told by a bill after all."""
    few = planted(station, {"owner_occupied/high": 12.0})
    table = offer_section(few).tables["aanbod_segmenten"]
    public = visible_cells(few)
    both = few.segments.merge(public[["building_type", "tenure", "income_group"]])
    most = float(both["dwellings"].sum())
    own = table[~table["segment"].str.startswith("overige") & (table["package"] == PACKAGES[0])]
    assert own["dwellings"].sum() <= most + 1e-6


def test_the_rolling_fund_does_not_tell_the_other_owners(station: Scene) -> None:
    """All owners less those with a low income are the few others."""
    funded = pd.DataFrame(
        {"fund_eur": [30_000.0]},
        index=pd.MultiIndex.from_tuples(
            [("terraced", "1919_1945", "schil")], names=["building_type", "period", "package"]
        ),
    )
    homes = segments({("terraced", "owner_occupied", "low"): 40.0})
    values = {"package.fund.years": 20.0, "package.fund.pace_years": 10.0,
              "package.fund.mobility_share": 0.04}  # fmt: skip
    table = fund_years(homes, funded, values, fewest=5.0)
    public = shown("rollend_fonds_jaren", table, used=station.used, is_fictional=True).frame
    assert public["paid_out_eur"].isna().all()


def test_counters_of_owners_hide_a_few_tenants(station: Scene) -> None:
    """Who knows all homes and all owners knows the five that are let."""
    table = station.households
    is_let = table["tenure"] == "private_rental"
    few = table["households"].where(~is_let, 5.0 / is_let.sum())
    walls = pd.DataFrame({"is_on_line": False}, index=station.homes.index)
    counters = _counters(replace(station, households=table.assign(households=few)), walls)
    owners = ["owner_occupied", "owner_low", "owner_low_middle"]
    assert (counters.loc[owners, "fewest_dwellings"] < 10).all()


def test_walks_weigh_only_incomes_that_are_shown(
    station: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 15 choices of halls the low incomes per type could be solved; hidden ones are not in."""
    none = visible_cells(station).iloc[:0]
    monkeypatch.setattr(_mee_halls, "visible_cells", lambda _: none)
    weights = _weights(station)
    assert np.array_equal(weights, station.homes["dwellings"].astype("float64"))


# --- the whole output of a small place ----------------------------------------------------------


def numbers(results: Results) -> dict[tuple[str, str, Any], float]:
    """Return every number of the public tables, by table, column and row."""
    found: dict[tuple[str, str, Any], float] = {}
    for name, public in results.public.items():
        for column in public.frame.select_dtypes("number"):
            values = public.frame[column].astype("Float64").to_numpy("float64", na_value=np.nan)
            found |= {(name, str(column), row): float(one) for row, one in enumerate(values)}
    return found


def test_no_sensitive_cell_of_a_small_place_is_below_ten(small: Results) -> None:
    """Of 28 households, five here and four there, nothing is shown but nought."""
    for name, public in small.public.items():
        for column, about in public.columns.items():
            if about.is_sensitive and about.unit == "aantal":
                values = public.frame[column].dropna()
                assert ((values == 0) | (values >= 10)).all(), (name, column)


def test_no_number_of_a_small_place_is_a_count_of_a_few(small: Results, flanders: Flanders) -> None:
    """No cell follows the households: with others in the same homes every table is the same."""
    place = read_place("proefgemeente/proefwijk", data_dir=ROOT / "tests/fixtures/data")
    table = place.tables["huishoudens"].copy()
    for group, count in {"low": 15, "middle": 9}.items():
        table.loc[table["income_group"] == group, "households"] = count
    for group, count in {"35_64": 12, "65_74": 6}.items():
        table.loc[table["age_group"] == group, "households"] = count
    for group, count in {"dutch": 20, "other": 8}.items():
        table.loc[table["language_group"] == group, "households"] = count
    other = iedereen_mee(
        replace(place, tables={**place.tables, "huishoudens": table}), flanders, on=DAY
    )
    before, after = numbers(small), numbers(other)
    assert before.keys() == after.keys()
    moved = {
        key for key, value in before.items()
        if not np.isclose(value, after[key], rtol=1e-5, atol=1e-6, equal_nan=True)
    }  # fmt: skip
    assert not moved
    said = [set(found.public["toelichting_mee"].frame["remark"]) for found in (small, other)]
    assert said[0] == said[1]
    figures = [found.key_figures.set_index("key")["value"] for found in (small, other)]
    kept = figures[0].index.drop("household_fit_error_share")
    assert figures[0][kept].to_numpy() == pytest.approx(figures[1][kept].to_numpy(), nan_ok=True)


def test_groups_that_add_up_stand_or_fall_together() -> None:
    """Three hidden groups of which two are shown elsewhere would tell the third."""
    groups = population.activation_groups(np.ones((6, 10, 3, 3, 4, 2)))
    groups.loc[["owner_mid_high", "owner_low"], "households"] = [5.0, 40.0]
    assert population.fewest_behind(groups)["owner_low"] == 5.0
