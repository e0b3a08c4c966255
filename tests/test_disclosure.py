"""Tests of the small-cell rule: planted cells are blanked and cannot be worked out."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandera.typing import Series

from lekp_lib.assumptions import Assumptions, load
from lekp_lib.contracts import RESULTS, Contract
from lekp_lib.contracts._base import Table, column
from lekp_lib.disclosure import (
    KEY_FIGURES,
    PublicTable,
    Results,
    guard_key_figures,
    publish,
    release,
)
from lekp_lib.errors import ContractError

SMALLEST, STREET = 10, 5


class Use(Table):
    """Measured use per street, for these tests."""

    street: Series[str] = column("Straat", "Naam.")
    kind: Series[str] = column("Soort", "Soort.")
    households: Series[float] = column("Huishoudens", "Aantal.", unit="aantal", sensitive=True)
    gas_mwh: Series[float] = column("Gas", "Gemeten.", unit="MWh", sensitive=True)
    demand_mwh: Series[float] = column("Vraag", "Berekend.", unit="MWh", per_street=True)


CONTRACT = Contract("gebruik", "Gebruik", Use, count_column="households")
WITH_TOTAL = replace(CONTRACT, total_groups=((),))


def table(counts: list[float], kinds: list[str] | None = None) -> pd.DataFrame:
    """Return a table with these counts and a value in every cell."""
    return pd.DataFrame(
        {
            "street": [f"s{number}" for number in range(len(counts))],
            "kind": kinds or ["a"] * len(counts),
            "households": np.array(counts, dtype="float64"),
            "gas_mwh": np.arange(len(counts)) + 100.0,
            "demand_mwh": np.arange(len(counts)) + 200.0,
        }
    )


def shown(frame: pd.DataFrame, contract: Contract = CONTRACT) -> PublicTable:
    """Return the public side of a table."""
    return publish(
        frame, contract, smallest_cell=SMALLEST, smallest_street=STREET, is_fictional=False
    )


def blanked(frame: pd.DataFrame, contract: Contract = CONTRACT) -> list[bool]:
    """Return which rows lost their measured use."""
    return shown(frame, contract).suppressed["gas_mwh"].tolist()


def test_a_planted_small_cell_is_blanked() -> None:
    """Nine households are too few, in the value and in the count itself."""
    frame = shown(table([9, 10])).frame
    assert frame["gas_mwh"].isna().tolist() == [True, False]
    assert frame["households"].isna().tolist() == [True, False]


def test_zero_is_not_small() -> None:
    """Nobody lives there: nothing to protect."""
    assert blanked(table([0, 10])) == [False, False]


def test_a_missing_count_blanks() -> None:
    """What stands on an unknown number of households is not shown."""
    assert blanked(table([np.nan, 10])) == [True, False]


def test_what_is_not_sensitive_stays() -> None:
    """Names and types are not blanked."""
    public = shown(table([1, 1]))
    assert public.frame["street"].tolist() == ["s0", "s1"]
    assert not public.suppressed["street"].any()


def test_a_cell_that_a_total_gives_away_takes_a_neighbour_along() -> None:
    """The next smallest goes too, until ten households stand behind the blanks."""
    assert blanked(table([3, 50, 20, 40]), WITH_TOTAL) == [True, False, True, False]


def test_two_small_cells_together_may_still_be_too_few() -> None:
    """Four and five are nine: a third one goes."""
    assert blanked(table([4, 5, 30, 40]), WITH_TOTAL) == [True, True, True, False]


def test_two_small_cells_together_may_be_enough() -> None:
    """Six and seven are thirteen: the others stay."""
    assert blanked(table([6, 7, 30]), WITH_TOTAL) == [True, True, False]


def test_an_empty_neighbour_hides_nothing() -> None:
    """A row of zero is no partner: its value is known."""
    assert blanked(table([3, 0, 20]), WITH_TOTAL) == [True, False, True]


def test_an_unknown_cell_needs_a_neighbour_too() -> None:
    """The total less the others would give it away."""
    assert blanked(table([np.nan, 30, 20]), WITH_TOTAL) == [True, False, True]


def test_equals_go_together() -> None:
    """Which of two equals goes never depends on the order of the rows."""
    assert blanked(table([3, 20, 20, 40]), WITH_TOTAL) == [True, True, True, False]


def test_groups_have_their_own_totals() -> None:
    """A neighbour of another group does not help."""
    contract = replace(CONTRACT, total_groups=(("kind",),))
    frame = table([3, 30, 40, 50], ["a", "a", "b", "b"])
    assert blanked(frame, contract) == [True, True, False, False]


def test_blanks_spread_over_crossing_totals() -> None:
    """A neighbour blanked for one total needs one of its own in the other."""
    contract = replace(CONTRACT, total_groups=(("street",), ("kind",)))
    frame = table([3, 30, 40, 50], ["a", "b", "a", "b"]).assign(street=["x", "x", "y", "y"])
    assert blanked(frame, contract) == [True, True, True, True]


def test_a_row_without_group_is_a_group() -> None:
    """A missing class adds up to a total as well."""
    contract = replace(CONTRACT, total_groups=(("kind",),))
    frame = table([3, 30, 40], ["a", "a", "a"]).assign(kind=[None, None, "a"])
    assert blanked(frame, contract) == [True, True, False]


@pytest.mark.parametrize(("dwellings", "is_hidden"), [(4, True), (5, False), (np.nan, True)])
def test_a_street_needs_five_dwellings(dwellings: float, is_hidden: bool) -> None:
    """A modelled value of a short street, or of an unknown one, is not shown."""
    assert shown(table([dwellings])).suppressed["demand_mwh"].tolist() == [is_hidden]


def test_a_short_street_takes_a_neighbour_along() -> None:
    """The total of the neighbourhood is shown, so one blank street would be given away."""
    hidden = shown(table([3, 40, 20])).suppressed["demand_mwh"]
    assert hidden.tolist() == [True, False, True]


def test_streets_have_the_totals_of_their_contract() -> None:
    """The sum of each kind is shown too: the neighbour must be of the same kind."""
    contract = replace(CONTRACT, total_groups=(("kind",), ()))
    frame = table([3, 40, 20, 30], ["a", "a", "b", "b"])
    hidden = shown(frame, contract).suppressed["demand_mwh"]
    assert hidden.tolist() == [True, True, False, False]


def test_a_street_without_dwellings_hides_nothing() -> None:
    """It has no value of its own to give away, and is no partner for another."""
    hidden = shown(table([0, 40, 20])).suppressed["demand_mwh"]
    assert hidden.tolist() == [True, False, False]


def test_a_blanked_row_can_leave_the_table() -> None:
    """Where the row alone says too much, as the tenure of the only house of its kind."""
    contract = replace(WITH_TOTAL, drops_blank_rows=True)
    public = shown(table([3, 50, 20]), contract)
    assert public.frame["street"].tolist() == ["s1"]
    assert public.suppressed.index.equals(public.frame.index)


def test_rows_only_leave_tables_with_sensitive_columns() -> None:
    """Without such columns every row would leave."""
    for contract in RESULTS.values():
        if contract.drops_blank_rows:
            assert any(about.is_sensitive for about in contract.columns.values()), contract.name


COUNTS = st.one_of(st.just(np.nan), st.integers(0, 40).map(float))


def is_safe(rows: pd.DataFrame) -> bool:
    """Tell whether a total of these rows gives no blanked row away."""
    hidden = rows[rows["is_blank"]]
    left = rows[~rows["is_blank"] & (rows["households"] > 0)]
    return (
        hidden.empty or left.empty or (len(hidden) >= 2 and hidden["households"].sum() >= SMALLEST)
    )


@given(st.lists(st.tuples(COUNTS, st.sampled_from("ab"), st.sampled_from("xy")), max_size=14))
def test_no_total_gives_a_blank_away(rows: list[tuple[float, str, str]]) -> None:
    """In every group with a blank, two rows of together ten households are blank, or all."""
    groups = (("kind",), ("street",), ())
    frame = table([count for count, _, _ in rows], [kind for _, kind, _ in rows])
    frame["street"] = pd.Series([street for _, _, street in rows], dtype="str")
    contract = replace(CONTRACT, total_groups=groups)
    frame["is_blank"] = blanked(frame, contract)
    small = frame["households"].between(1, SMALLEST - 1) | frame["households"].isna()
    assert frame.loc[small, "is_blank"].all()
    for group in groups:
        parts = [part for _, part in frame.groupby(list(group))] if group else [frame]
        assert all(is_safe(part) for part in parts)


@given(st.lists(COUNTS, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(counts: list[float], random: Random) -> None:
    """The same rows are blanked in every table that holds them."""
    order = list(range(len(counts)))
    random.shuffle(order)
    frame = table(counts)
    mixed = shown(frame.iloc[order], WITH_TOTAL).suppressed["gas_mwh"].sort_index()
    assert mixed.tolist() == blanked(frame, WITH_TOTAL)


def test_the_input_is_unchanged() -> None:
    """The internal table keeps its values."""
    frame = table([3, 20])
    before = frame.copy(deep=True)
    shown(frame, WITH_TOTAL)
    pd.testing.assert_frame_equal(frame, before)


def test_the_index_comes_back() -> None:
    """Rows can be matched with the internal table."""
    frame = table([3, 20]).set_index(pd.Index([7, 9]))
    public = shown(frame)
    assert public.frame.index.tolist() == public.suppressed.index.tolist() == [7, 9]


def test_what_the_contract_does_not_name_stays_inside() -> None:
    """A column nobody described is not published."""
    assert "name" not in shown(table([20]).assign(name="Jan")).frame


def test_shapes_are_kept() -> None:
    """A map table stays a map table, with its CRS."""
    contract = replace(CONTRACT, geometry=("Point",))
    points = gpd.points_from_xy([1.0, 2.0], [3.0, 4.0])
    public = shown(gpd.GeoDataFrame(table([3, 20]), geometry=points, crs=31370), contract)
    assert isinstance(public.frame, gpd.GeoDataFrame)
    assert public.frame.crs == 31370
    assert "geometry" not in public.suppressed


def test_an_empty_table_passes() -> None:
    """No rows, nothing to hide."""
    assert shown(table([]), WITH_TOTAL).frame.empty


def test_a_missing_column_is_refused() -> None:
    """A study that forgets a column of its contract hears it."""
    with pytest.raises(ContractError, match="lacks the columns \\['gas_mwh'\\]"):
        shown(table([20]).drop(columns="gas_mwh"))


def test_missing_shapes_are_refused() -> None:
    """A map table without shapes is no map table."""
    with pytest.raises(ContractError, match="geometry"):
        shown(table([20]), replace(CONTRACT, geometry=("Point",)))


def test_a_missing_count_column_is_refused() -> None:
    """Without a count the rule cannot work."""
    with pytest.raises(ContractError, match="lacks the columns \\['n'\\]"):
        shown(table([20]), replace(CONTRACT, count_column="n"))


def test_guarded_columns_need_a_count_column() -> None:
    """A contract with sensitive columns must say what stands behind them."""
    with pytest.raises(ContractError, match="names no count column"):
        shown(table([20]), replace(CONTRACT, count_column=None))


def test_every_contract_with_guarded_columns_names_its_count() -> None:
    """No result table can be published by accident."""
    careless = [
        contract.name
        for contract in RESULTS.values()
        if any(about.is_sensitive or about.is_per_street for about in contract.columns.values())
        and contract.count_column is None
    ]
    assert careless == []


def test_the_columns_of_a_total_are_columns_of_the_table() -> None:
    """A group named after nothing would guard nothing."""
    for contract in RESULTS.values():
        names = {name for group in contract.total_groups for name in group}
        inside = {"home"} if contract.name == "segmenten_bewoners" else set()
        assert names <= set(contract.columns) | inside, contract.name


def used(cell: float = 10.0, street: float = 5.0) -> Assumptions:
    """Return the privacy figures of a place."""
    figures = load().pick(["privacy.smallest_cell", "privacy.smallest_street_dwellings"])
    values = {"privacy.smallest_cell": cell, "privacy.smallest_street_dwellings": street}
    return Assumptions({key: replace(figures[key], value=values[key]) for key in figures})


def key_figure(value: float, households: float | None) -> pd.DataFrame:
    """Return one key figure before the guard."""
    row = ("gas_mwh", value, "MWh", "gas", 1, "measured", None, households)
    return pd.DataFrame([row], columns=[*KEY_FIGURES, "households"])


@pytest.mark.parametrize(
    ("asked", "households", "is_hidden"),
    [
        (10, 9, True),
        (10, 10, False),
        (15, 12, True),
        (3, 9, True),  # a looser rule is not taken
        (10.5, 10, True),  # a stricter one is not rounded away
        (10, 0, False),
        (10, None, False),  # exempt
    ],
)
def test_a_place_may_only_be_stricter(
    asked: float, households: float | None, is_hidden: bool
) -> None:
    """The threshold of the place counts where it is higher than the default."""
    guarded = guard_key_figures(key_figure(100.0, households), used(asked))
    assert guarded["value"].isna().tolist() == [is_hidden]


def test_the_guard_drops_the_count() -> None:
    """The number of households behind a figure is not published with it."""
    assert tuple(guard_key_figures(key_figure(1.0, 4.0), used()).columns) == KEY_FIGURES


@pytest.mark.parametrize(
    ("asked", "dwellings", "hidden"),
    [
        (5.0, [7.0, 8.0, 30.0], [False, False, False]),
        (8.0, [7.0, 8.0, 30.0], [True, True, False]),
        (2.0, [3.0, 8.0, 30.0], [True, True, False]),
    ],
)
def test_a_stricter_street_threshold_is_taken(
    asked: float, dwellings: list[float], hidden: list[bool]
) -> None:
    """A place that wants eight dwellings gets eight, one that wants two gets five."""
    streets = RESULTS_WITH_STREETS[0]
    frame = pd.DataFrame({name: dwellings for name in {*streets.columns, streets.count_column}})
    if streets.geometry:
        points = gpd.points_from_xy([1.0, 2.0, 3.0], [3.0, 4.0, 5.0])
        frame = gpd.GeoDataFrame(frame, geometry=points, crs=31370)
    results = released({streets.name: frame}, used(street=asked))
    name = next(name for name, about in streets.columns.items() if about.is_per_street)
    assert results.public[streets.name].suppressed[name].tolist() == hidden


RESULTS_WITH_STREETS = [
    contract
    for contract in RESULTS.values()
    if any(about.is_per_street for about in contract.columns.values())
]


def released(internal: dict[str, pd.DataFrame], figures: Assumptions, **changes: Any) -> Results:
    """Return results as a study hands them over."""
    given = {"title": "Kern", "is_fictional": False, **changes}
    guarded = guard_key_figures(key_figure(1.0, None), figures)
    return release(internal, key_figures=guarded, used=figures, **given)


def summary() -> pd.DataFrame:
    """Return the smallest table that has a contract."""
    return pd.DataFrame({"part": ["wat"], "text": ["Zin."]})


def test_a_table_without_contract_is_refused() -> None:
    """Nothing leaves the house that nobody described."""
    with pytest.raises(ContractError, match="«geheim» has no contract"):
        released({"geheim": pd.DataFrame()}, used())


def test_unguarded_key_figures_are_refused() -> None:
    """Key figures pass through the guard or not at all."""
    with pytest.raises(ContractError, match="guard_key_figures"):
        release(
            {"samenvatting": summary()},
            key_figures=key_figure(1.0, 4.0),
            used=used(),
            title="Kern",
            is_fictional=False,
        )


def test_a_fictional_place_says_so() -> None:
    """The title and every table say that the place does not exist."""
    results = released({"samenvatting": summary()}, used(), is_fictional=True)
    assert results.title == "Kern (fictief)"
    assert results.public["samenvatting"].is_fictional


def test_internal_tables_that_are_not_public_stay_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A contract can keep a table in the house."""
    hidden = replace(RESULTS["samenvatting"], is_public=False)
    monkeypatch.setitem(RESULTS, "samenvatting", hidden)
    results = released({"samenvatting": summary()}, used())
    assert list(results.public) == []
    assert list(results.internal) == ["samenvatting"]


def test_only_official_names_pass() -> None:
    """A name of our own making would mislead whoever reads the file with the pact beside it."""
    made_up = key_figure(1.0, None).assign(lekp_name="LEKPIetsAnders")
    with pytest.raises(ContractError, match="LEKPIetsAnders"):
        guard_key_figures(made_up, used())


def test_an_official_name_survives_the_guard() -> None:
    """Also where the figure itself is too small to show."""
    named = key_figure(1.0, 4.0).assign(lekp_name="LEKPTotalHousingUnits")
    assert guard_key_figures(named, used())["lekp_name"].tolist() == ["LEKPTotalHousingUnits"]
