"""Tests of the legal side of the study warmtenet: tables and sentences."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from lekp_lib.assumptions import load, load_legal_forms
from lekp_lib.contracts import RESULTS, Place, WijkSettings
from lekp_lib.contracts.results import warmtenet_legal
from lekp_lib.disclosure import publish
from lekp_lib.errors import ContractError
from lekp_lib.studies._warmtenet_legal import LEGAL_KEYS, Legal, legal_side

USED = load().pick(LEGAL_KEYS)
COLUMNS = ["actor_id", "role_name", "kind", "contribution_kind", "amount", "unit", "condition"]
ACTORS = pd.DataFrame(
    [
        ("gemeente", "Gemeente", "public", "land", 1000.0, "m2", "lease_only"),
        ("fabriek", "Fabriek", "private", "capacity", 800.0, "kW", "market_return"),
        ("fabriek", "Fabriek", "private", "capital", 300_000.0, "EUR", "co_ownership"),
        ("cooperatie", "Coöperatie", "civic", "capital", 250_000.0, "EUR", "vote"),
        ("cooperatie", "Coöperatie", "civic", "capacity", None, "vte", "return_cap"),
    ],
    columns=COLUMNS,
)


def place(actors: pd.DataFrame | None = None) -> Place:
    """Return a neighbourhood of which only the actors are known."""
    settings = WijkSettings(name="Wijk", municipality="Lille", nis_code="13019")
    tables = {} if actors is None else {"actoren": actors}
    return Place("lille/wijk", settings, "", tables, {}, (), load())


def legal(actors: pd.DataFrame | None = ACTORS, **more: object) -> Legal:
    """Return the legal side of that neighbourhood."""
    return legal_side(place(actors), USED, **more)  # type: ignore[arg-type]


def forms(result: Legal) -> pd.DataFrame:
    """Return the table of forms by form."""
    return result.tables["juridische_vormen"].set_index("form")


@pytest.mark.parametrize("actors", [None, ACTORS, ACTORS.iloc[:0]], ids=["none", "all", "empty"])
@pytest.mark.parametrize("contract", warmtenet_legal.CONTRACTS, ids=lambda one: one.name)
def test_tables_are_what_their_contract_says(actors: pd.DataFrame | None, contract: object) -> None:
    """With actors, without, and with an empty table; all of them can be published."""
    name = contract.name  # type: ignore[attr-defined]
    table = legal(actors).tables[name]
    RESULTS[name].model.validate(table)
    shown = publish(table, RESULTS[name], smallest_cell=10, smallest_street=5, is_fictional=False)
    assert len(shown.frame) == len(table)


def test_without_actors_no_form_is_knocked_out() -> None:
    """The reader is told what to fill in, and sees the matrix all the same."""
    result = legal(None)
    assert set(forms(result)["verdict"]) == {"not_tested"}
    assert "Vul de tabel actoren in" in result.sentences[0]
    assert len(result.tables["juridische_matrix"]) == len(load_legal_forms())


def test_a_knock_out_is_told_with_clause_source_and_date() -> None:
    """A council can look it up."""
    row = forms(legal(wishes=["several_municipalities"])).loc["agb"]
    assert row["verdict"] == "out"
    assert row["clause"] == "Een AGB hoort bij één gemeente."
    assert row["source"].startswith("Agentschap Binnenlands Bestuur")
    assert (row["checked_on"], row["recheck_from"]) == ("november 2026", "1 november 2027")


def test_what_is_open_is_told_with_the_answer_so_far_and_who() -> None:
    """A provisional no is a question, not a verdict."""
    row = forms(legal()).loc["regie"]
    assert row["verdict"] == "to_check"
    assert "Kan een privaat bedrijf mede-eigenaar of lid zijn? (voorlopig: nee)" in row["to_check"]
    assert row["who_can_check"] == "jurist van het lokaal bestuur"
    assert pd.isna(row["clause"])


def test_surviving_forms_come_first() -> None:
    """What was knocked out stands at the bottom, the least doubtful on top."""
    order = legal(wishes=["several_municipalities"]).tables["juridische_vormen"]
    assert order["verdict"].tolist()[-3:] == ["out", "out", "out"]
    assert order["form"].iloc[0] == "project_company"


def test_an_old_check_is_visibly_old() -> None:
    """More than a year later the date says so; without a date of reading it does not."""
    late = legal(today=dt.date(2028, 1, 1)).tables["juridische_matrix"]["recheck_from"].dropna()
    assert late.str.endswith("(ouder dan een jaar)").all()
    assert (
        not legal().tables["juridische_matrix"]["recheck_from"].dropna().str.contains("oud").any()
    )


def test_an_unchecked_cell_reads_so_and_names_who() -> None:
    """Every row of the matrix has a source and a date, or "niet nagegaan" and a name."""
    matrix = legal().tables["juridische_matrix"]
    is_open = matrix["status"] == "niet nagegaan"
    assert (is_open == matrix["checked_on"].isna()).all()
    assert matrix.loc[is_open, "who_can_check"].notna().all()
    assert 0 < is_open.sum() < len(matrix)


def test_an_unchecked_cell_never_decides_here_either() -> None:
    """Without sources every form survives the same actors and wishes."""
    bare = load_legal_forms().assign(source_id="", checked_on="", answer="nee")
    result = legal(forms=bare, wishes=["several_municipalities", "direct_award"])
    assert set(forms(result)["verdict"]) == {"to_check"}
    assert result.sentences[0].startswith("Geen van de 9 rechtsvormen valt af.")


def test_the_sentences_say_what_survives_decides_and_is_open() -> None:
    """In that order, and that it is no legal advice."""
    told = legal(wishes=["several_municipalities"]).sentences
    assert told[0].startswith("Van de 9 rechtsvormen blijven er 8 over.")
    assert "Autonoom gemeentebedrijf (AGB) valt af." in told[1]
    assert "nog na te kijken. Dat kan bij: jurist van het lokaal bestuur" in told[2]
    assert told[-1].endswith("geen juridisch advies.")


def test_actors_that_contradict_each_other_are_told() -> None:
    """No form solves a cap and a market return at once."""
    assert any("begrensd rendement" in sentence for sentence in legal().sentences)
    alone = legal(ACTORS[ACTORS["condition"] != "return_cap"])
    assert not any("begrensd rendement" in sentence for sentence in alone.sentences)


def test_no_actor_is_named_and_a_lone_company_keeps_its_capital_to_itself() -> None:
    """The public table is per kind; the shares that would tell are left out too."""
    result = legal()
    table = result.tables["inbreng"].set_index("kind")
    assert "abriek" not in str(result.tables) + " ".join(result.sentences)
    assert pd.isna(table.loc["private", "capital_eur"])
    assert table["share"].isna().all()
    assert table.loc["public", "rent_eur"] == pytest.approx(1000 * 150 * 0.03)


def test_the_municipality_is_told_from_other_public_actors() -> None:
    """A housing company is no member of an AGB because the municipality is."""
    rows = [("a", name, "public", "capital", 5.0, "EUR", "co_ownership")
            for name in ("Stad", "Woonmaatschappij")]  # fmt: skip
    both = pd.DataFrame(rows, columns=COLUMNS)
    assert forms(legal(both.iloc[:1])).loc["agb", "verdict"] == "survives"
    assert "andere openbare partners" in forms(legal(both.iloc[1:])).loc["agb", "to_check"]


def test_own_weights_count() -> None:
    """A municipality changes a weight in its table aannames."""
    own = pd.DataFrame(
        {"key": [key for key in LEGAL_KEYS if key.startswith("legal.weight.")]}
    ).assign(value=0.0, unit="-", source="keuze")
    own.loc[own["key"] == "legal.weight.several_municipalities", "value"] = 1.0
    used = load(own).pick(LEGAL_KEYS)
    scores = legal_side(place(), used).tables["juridische_weging"].set_index("form")["score"]
    assert scores["project_company"] == 1.0
    assert scores["agb"] == 0.0


def test_an_unknown_wish_is_refused() -> None:
    """The message lists the wishes that are known."""
    with pytest.raises(ContractError, match="kies uit"):
        legal(wishes=["alles"])
