"""The studies of one municipality and of Flanders, on the published figures themselves."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Iterator

import pandas as pd
import pytest

from lekp_lib.assumptions import load
from lekp_lib.contracts import INPUTS, RESULTS, Flanders
from lekp_lib.disclosure import Results
from lekp_lib.errors import ContractError
from lekp_lib.studies import gemeente as module
from lekp_lib.studies.gemeente import KEYS, gemeente, vlaanderen

BERLAAR, VOEREN, HERSTAPPE = "12002", "73109", "73028"
NO_PROGRESS = pd.DataFrame(columns=list(INPUTS["voortgang"].columns))
CARRIERS = ("gas", "electricity")


def progress(*rows: tuple[str, int, float, str]) -> pd.DataFrame:
    """Return rows of ``voortgang``, all from one source."""
    table = pd.DataFrame(rows, columns=["goal_id", "year", "realised", "unit"])
    return table.assign(source="eigen telling")


@pytest.fixture(scope="module")
def everyone(flanders: Flanders) -> Iterator[dict[str, Results]]:
    """Run all municipalities, with warnings as errors; what is about all Flanders only once."""
    screening = module._screening(flanders, load().pick(KEYS))
    context, everywhere = module._context_rows, module._context_rows(flanders, None)
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("error")
        patch.setattr(module, "_screening", lambda *_: screening)
        patch.setattr(
            module, "_context_rows", lambda _, code: context(flanders, code) if code else everywhere
        )
        yield {
            code: gemeente(code, flanders, NO_PROGRESS, load())
            for code in flanders.municipalities.index
        }


@pytest.fixture(scope="module")
def flemish(flanders: Flanders) -> Results:
    """Give the study of Flanders."""
    return vlaanderen(flanders, load())


def key_figures(results: Results) -> pd.Series:
    """Return the values of the key figures."""
    return results.key_figures.set_index("key")["value"]


# The figures themselves


def test_flanders_has_6_629_143_inhabitants(flemish: Results) -> None:
    """All municipalities together, on 1 January 2020."""
    assert key_figures(flemish)["inhabitants"] == 6_629_143


def test_flanders_used_30_twh_of_gas_at_home(flanders: Flanders, flemish: Results) -> None:
    """30.42 TWh on 2,014,799 connections in 2021."""
    assert key_figures(flemish)["gas_gwh"] == pytest.approx(30_418, abs=1)
    assert flanders.municipalities["gas_residential_points_2021"].sum() == 2_014_799
    assert key_figures(flemish)["gas_per_connection_mwh"] == pytest.approx(15.1, abs=0.01)


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("figure", ["mwh", "points"])
def test_a_municipality_is_the_sum_of_its_wijken(
    flanders: Flanders, carrier: str, figure: str
) -> None:
    """Where no cell is blank both tables agree, up to rounding; a blank makes the sum smaller."""
    column = f"{carrier}_residential_{figure}"
    year = flanders.wijk_energy[flanders.wijk_energy["year"] == 2021]
    cells = year.assign(nis_code=year["wijk_code"].map(flanders.wijken["nis_code"]))
    cells = cells.groupby("nis_code")[column]
    total = flanders.municipalities[f"{column}_2021"]
    difference = (total - cells.sum()).reindex(total.index)
    is_whole = cells.apply(lambda values: values.notna().all())
    assert is_whole.sum() >= 250
    assert difference[is_whole].abs().max() <= 0.5
    assert (difference[~is_whole] > 0).all()


def test_every_wijk_lies_in_one_municipality(everyone: dict[str, Results]) -> None:
    """No wijk is lost and none counted twice."""
    codes = [code for one in everyone.values() for code in one.internal["wijken_screening"].index]
    assert sum(len(one.internal["wijken_screening"]) for one in everyone.values()) == 2526
    assert len(codes) == 2526


def test_dwellings_add_up_to_flanders(
    flanders: Flanders, everyone: dict[str, Results], flemish: Results
) -> None:
    """Shares by type are shares of the same homes everywhere."""
    total = sum(one.internal["woningen_per_type"]["dwellings"].sum() for one in everyone.values())
    assert total == flanders.dwellings["dwellings"].sum()
    assert key_figures(flemish)["dwellings"] == flanders.municipalities["dwellings_2025"].sum()


# All 285


def test_all_municipalities_run_without_warnings(everyone: dict[str, Results]) -> None:
    """Each one has an answer."""
    assert len(everyone) == 285


def test_every_table_is_what_its_contract_says(everyone: dict[str, Results]) -> None:
    """Columns, closed lists and required values hold in all municipalities."""
    for code, results in everyone.items():
        for name, frame in results.internal.items():
            contract = RESULTS[name]
            assert set(contract.columns) <= set(frame.columns), (code, name)
            for column in contract.columns.values():
                values = frame[column.name].dropna()
                assert not column.is_required or len(values) == len(frame), (code, name, column)
                assert column.allowed is None or values.isin(column.allowed).all(), (code, name)


def test_every_summary_is_whole(everyone: dict[str, Results]) -> None:
    """Four sentences, and none that says nan, None or «niet bekend inwoners»."""
    for code, results in everyone.items():
        summary = results.internal["samenvatting"]
        assert summary["part"].tolist() == ["wat", "zekerheid", "beslissing", "volgende_stap"]
        for text in summary["text"]:
            assert text.endswith("."), (code, text)
            assert not any(word in text for word in ("nan", "None", "<NA>")), (code, text)


def test_shares_are_shares(everyone: dict[str, Results]) -> None:
    """No share is below 0 or above 1; those of a whole add up to it."""
    for code, results in everyone.items():
        shares = results.key_figures.query("unit == 'aandeel'")["value"].dropna()
        assert shares.between(0, 1).all(), code
        for name in ("woningen_per_type", "gebouwen_per_periode"):
            table = results.internal[name]
            assert table["share"].sum() == pytest.approx(1.0), (code, name)
            assert table["share_flanders"].sum() == pytest.approx(1.0), (code, name)


def test_no_public_table_shows_a_small_cell(everyone: dict[str, Results]) -> None:
    """Below ten connections, or with an unknown number, use is blank."""
    for code, results in everyone.items():
        for name in ("gas_per_wijk", "elektriciteit_per_wijk"):
            counts = results.internal[name]["points"]
            is_small = counts.isna() | counts.between(1, 9)
            assert results.public[name].frame.loc[is_small, "mwh"].isna().all(), (code, name)


def test_no_municipality_stands_on_too_few_connections(flanders: Flanders) -> None:
    """Tables of whole municipalities are not guarded: none has one to nine connections."""
    for carrier in CARRIERS:
        points = flanders.municipalities[f"{carrier}_residential_points_2021"]
        assert not points.between(1, 9).any()


# Gaps


@pytest.mark.parametrize("name", ["Herstappe", "Bever", "Mesen", "Horebeke"])
def test_gaps_are_shown(flanders: Flanders, flemish: Results, name: str) -> None:
    """What the sources do not hold is said, on the page of Flanders and on its own."""
    gaps = flemish.internal["hiaten"].groupby("name")["gap"].agg(" ".join)
    assert "de EPC-labels" in gaps[name]
    code = flanders.municipalities.index[flanders.municipalities["name"] == name][0]
    own = gemeente(str(code), flanders, NO_PROGRESS, load())
    sure = own.internal["samenvatting"].set_index("part")["text"]["zekerheid"]
    assert "Niet bekend: " in sure
    assert key_figures(own)[["epc_ef_share"]].isna().all()


def test_herstappe_lacks_its_households_of_2030(flemish: Results) -> None:
    """The smallest municipality is too small for a projection."""
    gaps = flemish.internal["hiaten"].groupby("name")["gap"].agg(" ".join)
    assert "de verwachte huishoudens in 2025 en 2030" in gaps["Herstappe"]


def test_nothing_else_is_a_gap(flanders: Flanders, flemish: Results) -> None:
    """A municipality with all figures is not in the list, unless one of its wijken is blank."""
    year = flanders.wijk_energy[flanders.wijk_energy["year"] == 2021]
    known = year.dropna(subset=["gas_residential_points"])["wijk_code"]
    blank = flanders.wijken.drop(index=known)["nis_code"]
    expected = {"Herstappe", "Bever", "Mesen", "Horebeke"}
    expected |= set(flanders.municipalities.loc[blank.unique(), "name"])
    assert set(flemish.internal["hiaten"]["name"]) == expected


def test_voeren_has_no_gas(everyone: dict[str, Results]) -> None:
    """Zero connections: no use per connection, no share of nothing, a decision all the same."""
    results = everyone[VOEREN]
    value = key_figures(results)
    assert (value["gas_gwh"], value["on_gas_share"]) == (0.0, 0.0)
    assert pd.isna(value["gas_per_connection_mwh"])
    decision = results.internal["samenvatting"].set_index("part")["text"]["beslissing"]
    assert "begin bij wat de gemeente" in decision
    names = results.internal["wijken_screening"]["wijk"]
    assert not any(name in decision for name in names)


def test_voeren_still_shows_that_it_has_no_gas(everyone: dict[str, Results]) -> None:
    """Zero is no small cell: the tables show it."""
    table = everyone[VOEREN].public["gas_per_wijk"]
    is_zero = everyone[VOEREN].internal["gas_per_wijk"]["points"] == 0
    assert is_zero.any()
    assert (table.frame.loc[is_zero, "points"] == 0).all()


# Targets


@pytest.fixture(scope="module")
def berlaar(flanders: Flanders) -> Flanders:
    """Give Flanders with Berlaar as it counts itself: 11,949 inhabitants, 5,440 dwellings."""
    municipalities = flanders.municipalities.copy()
    municipalities.loc[BERLAAR, ["population_2020", "dwellings_2025"]] = [11_949, 5_440]
    return dataclasses.replace(flanders, municipalities=municipalities)


def goals(flanders: Flanders, done: pd.DataFrame, code: str = BERLAAR) -> pd.DataFrame:
    """Return the targets of a municipality by their mark."""
    results = gemeente(code, flanders, done, load())
    return results.internal["lekp_doelen"].set_index("goal_id")


@pytest.mark.parametrize(
    ("goal", "amount"),
    [("W2d", 860.33), ("W2d2", 430.16), ("W2a", 272.0), ("W2b", 136.0), ("W3b2", 179.24)],
)
def test_the_targets_of_berlaar(berlaar: Flanders, goal: str, amount: float) -> None:
    """430.16 kW is the figure that Berlaar itself publishes."""
    assert goals(berlaar, NO_PROGRESS).loc[goal, "amount"] == pytest.approx(amount, abs=0.006)


def test_the_formula_can_be_followed(berlaar: Flanders) -> None:
    """A reader sees how a target was computed, and from which count."""
    formulas = goals(berlaar, NO_PROGRESS)["formula"]
    assert formulas["W2d"] == "36 per 500 inwoners (1 januari 2020, Statbel)"
    assert formulas["W1a"] == "1 per inwoner (1 januari 2020, Statbel)"
    assert formulas["A4"] == "vast doel"


def test_later_versions_are_for_who_signed_them(berlaar: Flanders) -> None:
    """Who signed 2.0 or 2.1 is not known to us."""
    table = goals(berlaar, NO_PROGRESS)
    assert set(table.loc[table["version"] == "2.1", "for_whom"]) == {"voor wie 2.1 ondertekende"}
    assert table.loc["W1a", "for_whom"] == "voor wie LEKP ondertekende"


def test_figures_about_the_pact_itself_are_no_targets(berlaar: Flanders) -> None:
    """How many municipalities signed is nobody's goal."""
    assert not goals(berlaar, NO_PROGRESS).index.str.startswith("S").any()


def test_the_latest_year_of_progress_wins(berlaar: Flanders) -> None:
    """A municipality hands in its totals year after year."""
    done = progress(("W2a", 2025, 68.0, "renovatie"), ("W2a", 2023, 10.0, "renovatie"))
    row = goals(berlaar, done).loc["W2a"]
    assert (row["realised"], row["realised_year"]) == (68.0, 2025)
    assert row["realised_share"] == pytest.approx(0.25)


def test_an_unknown_goal_is_refused(berlaar: Flanders) -> None:
    """A misspelt mark would be silently lost."""
    with pytest.raises(ContractError, match=r"\['W9'\] bestaan niet"):
        goals(berlaar, progress(("W9", 2025, 1.0, "boom")))


def test_progress_on_the_pact_itself_is_refused(berlaar: Flanders) -> None:
    """S1 is no goal of a municipality."""
    with pytest.raises(ContractError, match=r"\['S1'\] bestaan niet"):
        goals(berlaar, progress(("S1", 2025, 1.0, "gemeente")))


def test_another_unit_is_refused(berlaar: Flanders) -> None:
    """Watts are no kilowatts."""
    done = progress(("W2d", 2025, 1.0, "kW"), ("W1a", 2025, 1.0, "m2"))
    with pytest.raises(ContractError, match="W1a in «m2» in plaats van «boom»"):
        goals(berlaar, done)


def test_a_share_of_households_is_counted_in_households(berlaar: Flanders) -> None:
    """The goal is 5 % of the households; what was done is a number of them too."""
    table = goals(berlaar, progress(("W2f", 2025, 50.0, "aantal")))
    assert table.loc["W2f", "unit"] == "aantal"
    households = berlaar.municipalities.loc[BERLAAR, "households_2020"]
    assert table.loc["W2f", "realised_share"] == pytest.approx(50 / (0.05 * households))
    with pytest.raises(ContractError, match="W2f in «procent» in plaats van «aantal»"):
        goals(berlaar, progress(("W2f", 2025, 3.0, "procent")))


def test_a_goal_of_no_levy_has_no_share(berlaar: Flanders) -> None:
    """One levy out of zero is not infinitely far."""
    assert pd.isna(goals(berlaar, progress(("A5", 2025, 1.0, "heffing"))).loc["A5"].realised_share)


# Refusals and inputs


@pytest.mark.parametrize("code", ["11007", "12002 ", "99999", ""])
def test_an_unknown_municipality_is_refused(flanders: Flanders, code: str) -> None:
    """Borsbeek merged with Antwerp in 2025."""
    with pytest.raises(ContractError, match="hoort bij geen Vlaamse gemeente"):
        gemeente(code, flanders, NO_PROGRESS, load())


def test_the_study_uses_only_the_figures_it_declares(everyone: dict[str, Results]) -> None:
    """The page lists what the answer stands on."""
    assert everyone[BERLAAR].assumptions_used["key"].tolist() == list(KEYS)


def test_the_figures_for_flanders_are_left_alone(flanders: Flanders) -> None:
    """The next municipality reads the same figures."""
    before = {name: table.copy(deep=True) for name, table in vars(flanders).items()}
    gemeente(HERSTAPPE, flanders, NO_PROGRESS, load())
    vlaanderen(flanders, load())
    for name, table in before.items():
        pd.testing.assert_frame_equal(getattr(flanders, name), table)


def test_the_hints_of_flanders_count_every_wijk_once(flemish: Results) -> None:
    """All wijken with figures, and all their gas."""
    table = flemish.internal["wijken_vlaanderen"]
    assert table["share"].sum() == pytest.approx(1.0)
    assert table["wijken"].sum() <= 2526


def test_the_municipalities_stand_side_by_side(flemish: Results) -> None:
    """One row each, on the map, with a page of its own."""
    table = flemish.public["gemeenten"].frame
    assert len(table) == 285
    assert table["slug"].is_unique
    assert table.crs == 31370
