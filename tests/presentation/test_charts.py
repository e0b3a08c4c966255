"""Charts: bars, lines, hours, distribution and tornado."""

from __future__ import annotations

import re

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from lekp_lib.contracts import RESULTS
from lekp_lib.errors import ContractError
from lekp_lib.presentation import charts

WORDS = {"title": "Proef", "text": "De eerste is duidelijk het grootst."}


@pytest.fixture
def long_table(make_table, about):
    """Return gas by place and year; one year of one place was blanked."""
    frame = pd.DataFrame(
        {
            "where": ["Lille", "Lille", "Vlaanderen", "Vlaanderen"],
            "year": [2020, 2021, 2020, 2021],
            "gas": [16.2, None, 15.0, 14.5],
        }
    )
    columns = [
        about("where", "text"),
        about("year", "integer", unit="jaar", title="Jaar"),
        about("gas", "number", unit="MWh", decimals=1, title="Gas"),
    ]
    return make_table(frame, columns, hidden=[(1, "gas")])


@pytest.fixture
def wide_table(make_table, about):
    """Return shares of a place and of Flanders side by side."""
    frame = pd.DataFrame(
        {"type": ["terraced", "detached"], "here": [0.6, 0.4], "there": [0.5, 0.5], "homes": [6, 4]}
    )
    columns = [
        about("type", "text", labels="building_type"),
        about("here", "number", unit="aandeel", title="Wijk"),
        about("there", "number", unit="aandeel", title="Vlaanderen"),
        about("homes", "integer", unit="aantal", title="Woningen"),
    ]
    return make_table(frame, columns, is_fictional=True)


@pytest.fixture
def day_table(make_table, about):
    """Return demand that passes supply in one hour of one kind of day."""
    frame = pd.DataFrame(
        [(day, hour, 60.0 if (day, hour) == ("zondag", 15) else 40.0, 50.0)
         for day in ("weekdag", "zondag") for hour in range(24)],
        columns=["day", "hour", "demand", "supply"],
    )  # fmt: skip
    columns = [
        about("day", "text"),
        about("hour", "integer", unit="uur"),
        about("demand", "number", unit="plaats", title="Vraag"),
        about("supply", "number", unit="plaats", title="Aanbod"),
    ]
    return make_table(frame, columns)


def n_texts(svg: str) -> list[str]:
    """Return the texts of a picture; matplotlib notes each as a comment before its glyphs."""
    return re.findall(r"<!-- (.*?) -->", svg)


def test_only_public_tables_are_drawn(wide_table) -> None:
    """A bare frame has not been through disclosure."""
    with pytest.raises(TypeError, match="Only a PublicTable may be shown"):
        charts.bars(wide_table.frame, category="type", value="here", **WORDS)


@pytest.mark.parametrize("text", ["", "Te kort.", "Proef"])
def test_message_is_required(wide_table, text) -> None:
    """A chart without a message is refused."""
    with pytest.raises(ContractError, match="text that says its message"):
        charts.bars(wide_table, category="type", value="here", title="Proef", text=text)


def test_figure_has_alternative_and_caption(wide_table) -> None:
    """The alternative names the kind of chart and says the message."""
    text = charts.bars(wide_table, category="type", value="here", **WORDS).text
    assert f'alt="Staafdiagram. {WORDS["text"]}"' in text
    assert '<figcaption><strong>Proef.</strong> <strong class="lekp-tag">Fictieve' in text


def test_same_input_gives_the_same_bytes(wide_table, day_table, svg_of) -> None:
    """No date and no random ids."""
    first, second = (
        charts.bars(wide_table, category="type", value=["here", "there"], **WORDS) for _ in range(2)
    )
    assert first == second
    assert "<dc:date>" not in svg_of(first)


def test_no_figure_stays_open(wide_table) -> None:
    """A notebook with many charts keeps none of them in memory."""
    charts.bars(wide_table, category="type", value="here", **WORDS)
    assert plt.get_fignums() == []


def test_picture_asks_nothing_of_others(wide_table, svg_of) -> None:
    """Names of XML aside, no address is in the picture."""
    svg = svg_of(charts.bars(wide_table, category="type", value="here", **WORDS))
    assert svg.startswith("<svg")
    assert not re.findall(r'(?:xlink:href|src|href)="(?!#)', svg)


def test_bars_are_labelled_in_dutch(wide_table, svg_of) -> None:
    """Codes become words, shares percent, with the unit below."""
    texts = n_texts(svg_of(charts.bars(wide_table, category="type", value="here", **WORDS)))
    assert {"rijwoning", "60", "Wijk (%)"} <= set(texts)


def test_bars_compare_columns_of_one_unit(wide_table, svg_of) -> None:
    """Several columns stand side by side, named in a legend."""
    shown = charts.bars(wide_table, category="type", value=["here", "there"], **WORDS)
    assert {"Wijk", "Vlaanderen", "in %"} <= set(n_texts(svg_of(shown)))


def test_bars_of_different_units_are_refused(wide_table) -> None:
    """Homes and shares have no common axis."""
    with pytest.raises(ContractError, match="different units"):
        charts.bars(wide_table, category="type", value=["here", "homes"], **WORDS)


def test_blanked_bar_says_so(long_table, svg_of) -> None:
    """A blanked cell is not a bar of length 0."""
    shown = charts.bars(long_table, category="year", group="where", value="gas", **WORDS)
    texts = n_texts(svg_of(shown))
    assert "te klein om te tonen" in texts
    assert {"2020", "16,2"} <= set(texts)


def test_two_rows_for_one_bar_are_refused(long_table) -> None:
    """Two values for one place cannot be one bar."""
    with pytest.raises(ContractError, match="several rows for one where"):
        charts.bars(long_table, category="where", value="gas", **WORDS)


def test_too_many_bars_are_refused(make_table, about) -> None:
    """A hundred bars are a table."""
    frame = pd.DataFrame({"name": [str(i) for i in range(100)], "x": 1.0})
    public = make_table(frame, [about("name", "text"), about("x", "number")])
    with pytest.raises(ContractError, match="100 bars cannot be read"):
        charts.bars(public, category="name", value="x", **WORDS)


def test_text_columns_cannot_be_measured(wide_table) -> None:
    """A bar needs a number."""
    with pytest.raises(ContractError, match="holds no numbers"):
        charts.bars(wide_table, category="type", value="type", **WORDS)


def test_dollars_are_not_mathematics(make_table, about, svg_of) -> None:
    """A name with dollar signs is shown as it is."""
    frame = pd.DataFrame({"name": ["a $x$ b"], "x": [1.0]})
    public = make_table(frame, [about("name", "text"), about("x", "number")])
    assert "a $x$ b" in n_texts(svg_of(charts.bars(public, category="name", value="x", **WORDS)))


def test_lines_are_named_and_broken_lines_explained(long_table, svg_of) -> None:
    """Names stand at the ends, years have no point, and the caption tells of the gap."""
    shown = charts.lines(long_table, x="year", value="gas", group="where", **WORDS)
    assert {"Lille", "Vlaanderen", "2020", "Gas (MWh)"} <= set(n_texts(svg_of(shown)))
    assert "Waar een lijn onderbroken is" in shown.text


def test_too_many_lines_are_refused(make_table, about) -> None:
    """Eight lines cannot be told apart."""
    frame = pd.DataFrame({"g": list("abcdefgh"), "x": 1, "y": 1.0})
    columns = [about("g", "text"), about("x", "integer"), about("y", "number")]
    with pytest.raises(ContractError, match="8 lines cannot be told apart"):
        charts.lines(make_table(frame, columns), x="x", value="y", group="g", **WORDS)


def test_week_has_a_panel_per_kind_of_day(day_table, svg_of) -> None:
    """Both days, both lines, and the shortage in the legend."""
    shown = charts.week_profile(
        day_table, hour="hour", day="day", demand="demand", supply="supply", **WORDS
    )
    wanted = {"weekdag", "zondag", "Vraag", "Aanbod", "tekort", "in plaatsen"}
    assert wanted <= set(n_texts(svg_of(shown)))


def test_no_shortage_no_legend_for_it(day_table, make_table, svg_of) -> None:
    """The legend names what is drawn."""
    frame = day_table.frame.assign(demand=10.0)
    public = make_table(frame, list(day_table.columns.values()))
    shown = charts.week_profile(
        public, hour="hour", day="day", demand="demand", supply="supply", **WORDS
    )
    assert "tekort" not in n_texts(svg_of(shown))


def test_incomplete_hours_are_refused(day_table, make_table) -> None:
    """A missing hour would be drawn as a straight line."""
    public = make_table(day_table.frame.iloc[1:], list(day_table.columns.values()))
    with pytest.raises(ContractError, match="needs each hour 0-23 once"):
        charts.week_profile(
            public, hour="hour", day="day", demand="demand", supply="supply", **WORDS
        )


def test_histogram_marks_the_own_value(towns, svg_of) -> None:
    """The own place is named with its value."""
    shown = charts.histogram(
        towns, value="on_gas", own="lille", own_column="slug", counted="gemeenten", **WORDS
    )
    texts = n_texts(svg_of(shown))
    assert {"Lille: 41 %", "Aantal gemeenten", "Aandeel op gas (%)"} <= set(texts)


def test_histogram_counts_what_it_leaves_out(long_table) -> None:
    """Rows without a number are counted in the caption."""
    shown = charts.histogram(long_table, value="gas", **WORDS)
    assert "Zonder cijfer en niet meegeteld: 1." in shown.text


def test_unknown_own_row_is_refused(towns) -> None:
    """A misspelt place is an error, not an unmarked chart."""
    with pytest.raises(ContractError, match="has 0 rows with 'gent', not 1"):
        charts.histogram(towns, value="on_gas", own="gent", own_column="slug", **WORDS)


def test_strongest_assumption_is_on_top(make_table, about, svg_of) -> None:
    """Rows come by the size of the swing, with both answers beside them."""
    frame = pd.DataFrame({"what": ["zwak", "sterk"], "low": [1.0, 3.0], "high": [1.1, 0.5]})
    columns = [about("what", "text")]
    columns += [about(name, "number", unit="MWh", decimals=1) for name in ("low", "high")]
    shown = charts.tornado(
        make_table(frame, columns), category="what", low="low", high="high", **WORDS
    )
    texts = n_texts(svg_of(shown))
    assert texts.index("sterk") < texts.index("zwak")
    assert {"3,0", "0,5", "bij lage waarde", "in MWh"} <= set(texts)


def test_input_is_not_changed(long_table) -> None:
    """The table that came in stays as it was."""
    before = long_table.frame.copy()
    charts.lines(long_table, x="year", value="gas", group="where", **WORDS)
    assert long_table.frame.equals(before)


def test_bars_of_nothing_say_so(make_table) -> None:
    """A small place may show none of its groups."""
    columns = list(RESULTS["mee_aanwezig"].columns.values())
    empty = make_table(pd.DataFrame(columns=[column.name for column in columns]), columns)
    names = {"category": "group", "value": "presence_ratio", "group": "inviting"}
    shown = charts.bars(empty, **names, title="Wie er zit", text="Geen groep is groot genoeg.")
    assert "niets te tonen" in shown.text


def test_tornado_of_nothing_says_so(make_table) -> None:
    """A place without an answer has no assumptions that move it."""
    columns = list(RESULTS["tornado"].columns.values())
    empty = make_table(pd.DataFrame(columns=[column.name for column in columns]), columns)
    names = {"category": "assumption", "low": "density_low_mwh_m", "high": "density_high_mwh_m"}
    shown = charts.tornado(empty, **names, title="Wat telt", text="Er is niets dat nog telt.")
    assert "niets te tonen" in shown.text
