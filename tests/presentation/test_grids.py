"""Grids: one shaded number for every pair."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from lekp_lib.errors import ContractError
from lekp_lib.presentation.grids import grid

WORDS = {"title": "Prijs", "text": "Wie meer rendement vraagt, rekent een hogere prijs."}


@pytest.fixture
def prices(make_table, about):
    """Return prices of two owners and two speeds, with and without subsidy; one is missing."""
    frame = pd.DataFrame(
        {
            "owner": ["stad", "stad", "bedrijf", "bedrijf"] * 2,
            "years": [1, 10] * 4,
            "subsidy": [0.0] * 4 + [0.3] * 4,
            "price": [100.0, 120.0, 150.0, 200.0, 90.0, 110.0, 130.0, None],
            "is_cheaper": [True, False, False, False, True, True, False, False],
        }
    )
    columns = [
        about("owner", "text", title="Eigenaar"),
        about("years", "integer", unit="jaar"),
        about("subsidy", "number", unit="aandeel", title="Subsidie"),
        about("price", "number", unit="EUR/MWh", title="Prijs"),
        about("is_cheaper", "yes_no"),
    ]
    return make_table(frame, columns, hidden=[(7, "price")])


def shown(prices, **options: str) -> str:
    """Return the markup of the grid of prices."""
    names = {"row": "owner", "column": "years", "value": "price", "panel": "subsidy"}
    return grid(prices, **{**names, **WORDS, **options}).text


def test_each_panel_is_a_table_with_its_own_caption(prices) -> None:
    """Two subsidies, two tables."""
    text = shown(prices)
    assert text.count("<table") == 2
    assert "<caption>0 %</caption>" in text


def test_the_largest_number_is_darkest_over_all_panels(prices) -> None:
    """One scale for the whole figure: 90 is lightest, 200 darkest."""
    text = shown(prices)
    assert '<td class="lekp-shade-5">200</td>' in text
    assert '<td class="lekp-shade-1">90</td>' in text
    assert text.count("lekp-shade-5") == 1


def test_a_mark_is_a_tick_that_can_be_read_aloud(prices) -> None:
    """Three cells are cheaper."""
    assert shown(prices, mark="is_cheaper").count("✓") == 3


def test_a_blanked_cell_says_so_and_has_no_shade(prices) -> None:
    """The small-cell rule holds in a grid too."""
    assert "<td>te klein om te tonen</td>" in shown(prices)


def test_heads_have_scopes(prices) -> None:
    """Rows and columns are announced by a screen reader."""
    text = shown(prices)
    assert len(re.findall('scope="row"', text)) == 4
    assert len(re.findall('scope="col"', text)) == 6


def test_two_rows_for_one_cell_are_refused(prices) -> None:
    """Without the panel each cell would hold two prices."""
    with pytest.raises(ContractError, match="Add a panel"):
        grid(prices, row="owner", column="years", value="price", **WORDS)


def test_equal_numbers_get_one_shade(make_table, about) -> None:
    """No division by a width of zero."""
    frame = pd.DataFrame({"a": ["x", "y"], "b": ["p", "p"], "n": [3.0, 3.0]})
    table = make_table(frame, [about("a", "text"), about("b", "text"), about("n", "number")])
    text = grid(table, row="a", column="b", value="n", **WORDS).text
    assert text.count("lekp-shade-1") == 2
