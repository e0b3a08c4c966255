"""Tests of picking figures and laying a place's own over them."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.assumptions import Assumptions, load
from lekp_lib.errors import AssumptionError

KEY = "privacy.smallest_cell"


def own(key: str = KEY, value: float = 15.0, unit: str = "aantal") -> pd.DataFrame:
    """Return one row of the table ``aannames``."""
    return pd.DataFrame({"key": [key], "value": [value], "unit": [unit], "source": ["Raad"]})


def test_an_unknown_key_is_refused_by_name() -> None:
    """A misspelt key is an error, not a default."""
    with pytest.raises(AssumptionError, match=r"«heat\.unknown» bestaat niet"):
        load()["heat.unknown"]


def test_only_the_picked_figures_can_be_read() -> None:
    """What a study did not declare it cannot use."""
    picked = load().pick([KEY])
    assert list(picked) == [KEY]
    with pytest.raises(AssumptionError, match="werd niet opgegeven"):
        picked["privacy.smallest_street_dwellings"]


def test_picking_an_unknown_key_is_refused() -> None:
    """A study cannot start without one of its figures."""
    with pytest.raises(AssumptionError, match=r"«geen\.sleutel»"):
        load().pick([KEY, "geen.sleutel"])


def test_values_below_leave_the_prefix_out() -> None:
    """A group of figures is read at once, by the last part of its keys."""
    assert set(load().values_below("privacy.")) == {"smallest_cell", "smallest_street_dwellings"}


def test_the_table_has_one_row_per_figure() -> None:
    """The book shows every figure with all it says of itself."""
    table = load().table()
    assert table["key"].tolist() == list(load())
    assert {"low", "high", "basis", "locator"} <= set(table.columns)


def test_an_own_figure_replaces_value_range_and_source() -> None:
    """What the municipality says is shown as its own."""
    figure = load(own())[KEY]
    assert (figure.low, figure.value, figure.high) == (15.0, 15.0, 15.0)
    assert (figure.source_id, figure.locator) == ("eigen", "Raad")


def test_an_own_figure_leaves_the_packaged_one_alone() -> None:
    """The next place starts from the defaults again."""
    load(own())
    assert load()[KEY].value == 10.0


def test_an_own_figure_with_an_unknown_key_is_refused() -> None:
    """A misspelt override would be silently lost."""
    with pytest.raises(AssumptionError, match=r"«privacy\.smalest» bestaat niet"):
        load(own("privacy.smalest"))


def test_an_own_figure_in_another_unit_is_refused() -> None:
    """A price per km is no price per m."""
    with pytest.raises(AssumptionError, match="moet in aantal staan"):
        load(own(unit="EUR"))


def test_all_faults_of_the_own_figures_are_told_at_once() -> None:
    """Nobody corrects them one by one."""
    both = pd.concat([own("geen.sleutel"), own(unit="EUR")])
    with pytest.raises(AssumptionError, match=r"(?s)geen.sleutel.*moet in aantal"):
        load(both)


@given(st.floats(0, 1e6))
def test_only_the_named_figure_changes(value: float) -> None:
    """All others stay as they were."""
    changed, packaged = load(own(value=value)), load()
    assert [key for key in packaged if changed[key] != packaged[key]] in ([KEY], [])
    assert isinstance(changed, Assumptions)
