"""Tables, key figures, assumptions and sources."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from lekp_lib.assumptions import load
from lekp_lib.errors import ContractError
from lekp_lib.presentation import tables


def rows_of(text: str) -> list[str]:
    """Return the heading of each row, without links."""
    return re.findall(r'<th (?:class="[^"]*" )?scope="row"[^>]*>(?:<a [^>]*>)?(.*?)<', text)


def test_only_public_tables_are_shown(streets) -> None:
    """A bare frame has not been through disclosure."""
    with pytest.raises(TypeError, match="Only a PublicTable may be shown"):
        tables.table(streets.frame)


def test_table_is_accessible(streets) -> None:
    """Caption, headings of columns and rows, and a region that keyboard users can scroll."""
    text = tables.table(streets).text
    caption = '<caption><span class="lekp-caption"><strong>Proeftabel.</strong></span></caption>'
    assert f'<table class="lekp-sortable">{caption}' in text
    assert '<th scope="col">Straat</th>' in text
    assert '<th scope="row">Dorp</th>' in text
    assert 'class="lekp-scroll" tabindex="0" role="region" aria-label="Proeftabel"' in text


def test_numbers_are_dutch_and_carry_their_raw_value(towns) -> None:
    """Thousands with a point, shares in percent, and what a machine sorts on beside it."""
    text = tables.table(towns).text
    assert '<td class="lekp-number" data-sort="16500">16.500</td>' in text
    assert '<td class="lekp-number" data-sort="0.805">80</td>' in text
    assert ">Aandeel op gas (%)</th>" in text


def test_blanked_and_unknown_cells_read_differently(streets) -> None:
    """A blanked cell says so, and a note tells why."""
    text = tables.table(streets).text
    assert '<td class="lekp-number" data-sort="">te klein om te tonen</td>' in text
    assert '<td class="lekp-number" data-sort="">niet bekend</td>' in text
    assert "te weinig huishoudens" in text


def test_no_note_without_blanked_cells(towns) -> None:
    """Nothing is explained that is not there."""
    assert "te weinig huishoudens" not in tables.table(towns).text


def test_data_are_escaped(streets, towns, evil) -> None:
    """A name never runs, in a cell or in a link."""
    shown = tables.table(streets).text + tables.table(towns, links="slug", caption=evil).text
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown


def test_numbers_sort_from_large_to_small(towns) -> None:
    """The largest comes first, and only as many as asked; the caption tells of the rest."""
    text = tables.table(towns, sort_by="population", most=2).text
    assert rows_of(text) == ["Aalst", "Lille"]
    assert "De eerste 2 van 3 rijen" in text


def test_names_sort_forward_and_missing_comes_last(streets) -> None:
    """Text runs from a to z; what is not known comes last either way."""
    assert rows_of(tables.table(streets, sort_by="street_name").text)[0] == "Dorp"
    up = tables.table(streets, sort_by="density", descending=False).text
    assert rows_of(up)[0] == "Dorp"
    assert rows_of(up)[2:] == ["Kerkpad", "Veld"]


def test_closed_lists_sort_in_their_own_order(streets) -> None:
    """Thin comes before dense, as the list says, not the alphabet."""
    text = tables.table(streets, columns=["street_name", "verdict"], sort_by="verdict").text
    assert '<td data-sort="0">thin</td>' in text
    assert rows_of(text)[:2] == ["Dorp", "Veld"]


def test_rows_link_to_their_page(towns) -> None:
    """The row heading leads to the place; without a place there is no link."""
    text = tables.table(towns, links="slug").text
    assert '<th scope="row"><a href="lekp:lille">Lille</a></th>' in text
    assert text.count("<a ") == 2
    assert "Pagina" not in text


def test_unknown_column_is_refused(streets) -> None:
    """The message names the columns there are."""
    with pytest.raises(ContractError, match=r"has no column width\. Choose from: street_name"):
        tables.table(streets, columns=["width"])


def test_empty_table_says_so(make_table, about) -> None:
    """No rows is an answer too."""
    empty = make_table(pd.DataFrame({"x": pd.Series(dtype=float)}), [about("x", "number")])
    assert "Er zijn geen rijen." in tables.table(empty).text


def test_calendar_years_stay_whole(make_table, about) -> None:
    """A year has no point for thousands and needs no unit."""
    years = make_table(
        pd.DataFrame({"jaar": [1970, 2021]}), [about("jaar", "integer", unit="jaar")]
    )
    text = tables.table(years).text
    assert ">1970<" in text
    assert ">Jaar</th>" in text


@pytest.mark.parametrize(
    ("title", "unit", "expected"),
    [
        ("Plaatsen op straat", "plaats", "Plaatsen op straat"),
        ("Aansluitingen per km²", "aansluitingen/km2", "Aansluitingen per km²"),
        ("Parkeerplaatsen", "plaats", "Parkeerplaatsen (plaatsen)"),
        ("Warmte per meter", "MWh/m", "Warmte per meter (MWh per meter)"),
    ],
)
def test_a_heading_names_its_unit_once(make_table, about, title, unit, expected) -> None:
    """Only a title with every word of the unit does without."""
    column = replace(about("x", "number", unit=unit), title=title)
    shown = make_table(pd.DataFrame({"x": [1.0]}), [column])
    assert f">{expected}</th>" in tables.table(shown).text


def test_other_kinds_of_cells(make_table, about) -> None:
    """Yes or no, dates, codes and web addresses in Dutch."""
    frame = pd.DataFrame(
        {
            "open": pd.array([True, None], dtype="boolean"),
            "day": pd.to_datetime(["2030-12-31", None]),
            "type": ["terraced", None],
            "source_url": ["https://www.vlaanderen.be/lekp", "javascript:alert(1)"],
        }
    )
    kinds = {"open": "yes_no", "day": "time", "type": "text", "source_url": "text"}
    labels = {"type": "building_type"}
    columns = [about(name, kind, labels=labels.get(name)) for name, kind in kinds.items()]
    text = tables.table(make_table(frame, columns)).text
    assert all(word in text for word in ("ja<", "31 december 2030", "rijwoning", "niet bekend"))
    assert '<a href="https://www.vlaanderen.be/lekp">vlaanderen.be</a>' in text
    assert 'href="javascript' not in text


def test_same_input_gives_the_same_bytes(streets) -> None:
    """Tables do not change from run to run."""
    assert tables.table(streets) == tables.table(streets)


def test_key_figures_are_short_and_say_how_sure(figures) -> None:
    """Millions in words, shares in percent, and a basis on every card."""
    text = tables.key_figures(figures).text
    assert '<span class="lekp-card-number">2,41 MWh per meter</span>' in text
    assert ">43 %<" in text
    assert ">12,3 miljoen euro<" in text
    assert '<span class="lekp-card-basis">afgeleid</span>' in text


def test_missing_key_figure_and_basis(figures) -> None:
    """What is missing reads "niet bekend", a figure without basis "niet nagegaan"."""
    text = tables.key_figures(figures, keys=["gas"]).text
    assert ">niet bekend<" in text
    assert ">niet nagegaan<" in text
    assert "<script" not in text


def test_key_figures_in_the_order_asked(figures) -> None:
    """Only the keys asked for, in that order."""
    text = tables.key_figures(figures, keys=["share", "density"]).text
    assert text.index("aandeel kansrijk") < text.index("dichtheid")
    assert "investering" not in text


def test_unknown_key_is_refused(figures) -> None:
    """A misspelt key is an error, not an empty card."""
    with pytest.raises(ContractError, match="no key figure densty"):
        tables.key_figures(figures, keys=["densty"])


def test_other_frames_are_no_key_figures(figures) -> None:
    """A frame without basis is refused, and so is anything that is no frame."""
    with pytest.raises(ContractError, match="lacks the columns basis"):
        tables.key_figures(figures.drop(columns="basis"))
    with pytest.raises(TypeError, match="must be the DataFrame of Results"):
        tables.key_figures([1, 2])


def used_figures() -> pd.DataFrame:
    """Return two figures by hand: one law without range, one assumed with a range."""
    packaged = load().pick(["privacy.smallest_cell"]).table()
    rows = pd.concat([packaged, packaged, packaged], ignore_index=True)
    return rows.assign(
        key=["heat.law", "heat.guess", "heat.own"],
        label=["wet", "gok", "eigen"],
        basis=["law", "assumed", "published"],
        value=[0.05, 0.5, 3.0],
        low=[0.05, 0.25, 3.0],
        high=[0.05, 0.625, 3.0],
        unit=["aandeel", "aandeel", "EUR"],
        price_year=["", "", "2024"],
        source_id=["S-001", "S-999", "eigen"],
        note=["", "<b>let op</b>", ""],
    )


def test_least_sure_assumptions_come_first() -> None:
    """Assumed before published before law."""
    assert rows_of(tables.assumption_table(used_figures()).text) == ["gok", "eigen", "wet"]


def test_assumptions_are_folded_and_rules_on_small_cells_come_last() -> None:
    """A long table waits until it is asked for; what changes no result comes below the rest."""
    used = used_figures().assign(key=["heat.a", "privacy.b", "heat.c"])
    text = tables.assumption_table(used).text
    assert text.startswith('<details class="lekp-more"><summary>Toon alle 3 kengetallen</summary>')
    assert rows_of(text) == ["eigen", "wet", "gok"]
    assert "<summary>Toon het kengetal</summary>" in tables.assumption_table(used.head(1)).text


def test_assumptions_show_value_range_basis_and_source() -> None:
    """Ranges on the scale of the value; what has no source reads "niet nagegaan"."""
    text = tables.assumption_table(used_figures()).text
    assert ">50 %</td>" in text
    assert ">25 tot 62,5</td>" in text
    assert ">ligt vast</td>" in text
    assert ">aangenomen</td>" in text
    assert "niet nagegaan" in text
    assert "Eigen cijfer van de gemeente, huisregel, prijzen van 2024" in text
    assert "&lt;b&gt;let op&lt;/b&gt;" in text


def test_each_source_once() -> None:
    """A source that is used twice is listed once, own figures are named."""
    text = tables.sources_list(used_figures()).text
    assert text.count("Huisregels") == 1
    assert "Eigen cijfers van de gemeente." in text
