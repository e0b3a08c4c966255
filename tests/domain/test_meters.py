"""Which metered cells may be shown when areas lie inside each other."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.domain.meters import guarded_electricity, visible_gas

NO_NAMES = pd.Series(dtype="str")


def use_of(wijk: int | None, streets: list[int]) -> pd.DataFrame:
    """Return one year of meters: perhaps the wijk, and its streets."""
    rows = [("street", f"s{number}", points) for number, points in enumerate(streets)]
    if wijk is not None:
        rows.insert(0, ("wijk", "w", wijk))
    return pd.DataFrame(rows, columns=["area_kind", "area_id", "gas_points"]).assign(year=2021)


@given(st.lists(st.integers(0, 40), max_size=8), st.integers(0, 30))
def test_no_subtraction_leaves_a_few_connections(streets: list[int], others: int) -> None:
    """Wijk less visible streets is nothing, or at least ten connections, or all are hidden."""
    use = use_of(sum(streets) + others, streets)
    visible = visible_gas(use, NO_NAMES, smallest_cell=10)
    shown = use[visible & (use["area_kind"] == "street")]["gas_points"]
    assert not shown.between(1, 9).any()
    if visible.iloc[0]:
        rest = use["gas_points"].iloc[0] - shown.sum()
        assert rest == 0 or rest >= 10 or (shown == 0).all()


def test_street_missing_from_the_table_is_protected_too() -> None:
    """A provider that leaves a street out does not make its figure public."""
    assert visible_gas(use_of(25, [10, 11]), NO_NAMES, smallest_cell=10).tolist() == [
        True,
        False,
        True,
    ]


def test_segment_inside_its_named_street_is_left_out() -> None:
    """Street and segment side by side would give the other segment away."""
    use = pd.DataFrame(
        {"area_kind": "street", "area_id": ["Dorp", "s1"], "gas_points": [24, 20], "year": 2021}
    )
    names = pd.Series({"s1": "Dorp", "s2": "Dorp"})
    assert visible_gas(use, names, smallest_cell=10).tolist() == [True, False]


@pytest.mark.parametrize(("electricity", "is_shown"), [(7.0, False), (28.0, False), (25.0, True)])
def test_electricity_tells_no_homes_without_gas(electricity: float, is_shown: bool) -> None:
    """Three homes without gas beside 25 with it stay hidden."""
    guarded = guarded_electricity(pd.Series([25.0]), pd.Series([electricity]), smallest_cell=10)
    assert guarded.notna().tolist() == [is_shown]
