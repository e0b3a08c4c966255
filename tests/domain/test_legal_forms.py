"""Tests of the knock-out rules, the weights and what actors bring together."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.assumptions import load_legal_forms, load_legal_knockouts
from lekp_lib.domain import legal_forms
from lekp_lib.errors import ContractError

FORMS = load_legal_forms()
RULES = load_legal_knockouts()
VALUES = {
    "land_eur_m2": 100.0,
    "ground_rent_share": 0.03,
    "capacity_eur_kw": 500.0,
    "staff_year_eur": 80_000.0,
}
NOBODY = pd.DataFrame(
    columns=["actor_id", "kind", "contribution_kind", "amount", "unit", "condition"]
)


def actors(*rows: tuple[str, str, str, float | None, str, str]) -> pd.DataFrame:
    """Return contributions: who, kind of actor, what, how much, in what, on which condition."""
    return pd.DataFrame(list(rows), columns=NOBODY.columns)


def one(kind: str, what: str, condition: str) -> pd.DataFrame:
    """Return one contribution with a condition."""
    return actors(("a", kind, what, 10.0, "EUR", condition))


def asked_by(rule: pd.Series) -> tuple[pd.DataFrame, list[str]]:
    """Return the actors and wishes that set one rule to work."""
    if rule["trigger"] == "wish":
        return NOBODY, [rule["condition"]]
    kind = "private" if rule["actor_kind"] == legal_forms.ANY else rule["actor_kind"]
    what = "capital" if rule["contribution_kind"] == legal_forms.ANY else rule["contribution_kind"]
    return one(kind, what, rule["condition"]), []


def with_cell(criterion: str, answer: str, *, is_checked: bool, form: str = "agb") -> pd.DataFrame:
    """Return the forms with every cell of a criterion checked as ja, but for one."""
    forms = FORMS.copy()
    column = forms.index.get_level_values("criterion") == criterion
    forms.loc[column, ["answer", "source_id", "checked_on"]] = ["ja", "S-160", "2026-11"]
    source = ("S-160", "2026-11") if is_checked else ("", "")
    forms.loc[(form, criterion), ["answer", "source_id", "checked_on"]] = [answer, *source]
    return forms


def verdict(forms: pd.DataFrame, who: pd.DataFrame, wishes: list[str], form: str = "agb") -> str:
    """Return the verdict on one form."""
    table = legal_forms.assess_forms(forms, RULES, actors=who, wishes=wishes)
    return str(table.loc[form, "verdict"])


@pytest.mark.parametrize("rule_id", RULES.index)
def test_a_rule_bites_where_it_is_set_to_work(rule_id: str) -> None:
    """A checked «nee» knocks the form out, and this rule is the one that decides."""
    rule = RULES.loc[rule_id]
    who, wishes = asked_by(rule)
    forms = with_cell(rule["criterion"], "nee", is_checked=True)
    table = legal_forms.assess_forms(forms, RULES, actors=who, wishes=wishes)
    assert table.loc["agb", ["verdict", "rule_id"]].tolist() == ["out", rule_id]
    assert table["verdict"].drop("agb").tolist() == ["survives"] * 10


@pytest.mark.parametrize("rule_id", RULES.index)
def test_a_rule_does_not_bite_where_nobody_asks(rule_id: str) -> None:
    """The same cell is no obstacle in a place that asks nothing."""
    forms = with_cell(RULES.loc[rule_id, "criterion"], "nee", is_checked=True)
    assert verdict(forms, NOBODY, []) == "not_tested"


@pytest.mark.parametrize("rule_id", RULES.index)
def test_a_cell_that_was_not_checked_never_decides(rule_id: str) -> None:
    """Taking source and date away turns a knock-out into a question."""
    rule = RULES.loc[rule_id]
    who, wishes = asked_by(rule)
    forms = with_cell(rule["criterion"], "nee", is_checked=False)
    assert verdict(forms, who, wishes) == "to_check"


@pytest.mark.parametrize("lost", ["source_id", "checked_on"])
def test_half_of_a_source_does_not_decide(lost: str) -> None:
    """Both the source and the date are needed."""
    forms = with_cell("several_municipalities", "nee", is_checked=True)
    forms.loc[("agb", "several_municipalities"), lost] = ""
    assert verdict(forms, NOBODY, ["several_municipalities"]) == "to_check"


def test_without_checked_cells_nothing_is_knocked_out() -> None:
    """All at once: every wish, every condition, no source."""
    forms = FORMS.assign(source_id="", checked_on="", answer="nee")
    conditions = RULES.loc[RULES["trigger"] == "actor", "condition"].unique()
    who = pd.concat(
        [one(kind, "land", condition) for kind in ("public", "private", "civic")
         for condition in conditions]
    )  # fmt: skip
    wishes = RULES.loc[RULES["trigger"] == "wish", "condition"].tolist()
    table = legal_forms.assess_forms(forms, RULES, actors=who, wishes=wishes)
    assert set(table["verdict"]) == {"to_check"}


def test_partly_is_no_knock_out() -> None:
    """A form that can do it in part survives, with a remark."""
    forms = with_cell("private_member", "deels", is_checked=True)
    table = legal_forms.assess_forms(
        forms, RULES, actors=one("private", "capital", "co_ownership"), wishes=[]
    )
    assert table.loc["agb", ["verdict", "n_partly"]].tolist() == ["survives", 1]


def test_an_absent_cell_is_a_question() -> None:
    """A new criterion that nobody filled in decides nothing."""
    forms = with_cell("private_member", "ja", is_checked=True).drop(("agb", "private_member"))
    assert verdict(forms, one("private", "land", "co_ownership"), []) == "to_check"


def test_an_agb_serves_one_municipality() -> None:
    """The packaged table knocks it out when the net lies in two, and only then."""
    two = legal_forms.assess_forms(FORMS, RULES, actors=NOBODY, wishes=["several_municipalities"])
    assert two["verdict"].eq("out").pipe(lambda out: out.index[out].tolist()) == ["agb"]
    assert two.loc["agb", "clause"] == "Een AGB hoort bij één gemeente."
    assert verdict(FORMS, NOBODY, ["citizens_vote"]) == "to_check"


def test_a_company_cannot_steer_an_energy_community() -> None:
    """Whoever carries the risk and wants to steer does not get that status."""
    table = legal_forms.assess_forms(FORMS, RULES, actors=NOBODY, wishes=["private_demand_risk"])
    assert table.index[table["verdict"] == "out"].tolist() == ["egb", "heg"]
    assert table.loc["concession", "verdict"] == "survives"


def test_a_plant_that_stays_with_its_owner_rules_out_one_status() -> None:
    """Land that is leased does not; a heat plant that is leased does."""
    plant = one("private", "capacity", "lease_only")
    assert verdict(FORMS, plant, [], "heg") == "out"
    assert verdict(FORMS, plant, [], "egb") == "survives"
    assert verdict(FORMS, one("private", "land", "lease_only"), [], "heg") == "to_check"


def test_people_that_are_lent_are_no_plant() -> None:
    """A rule about installations does not bite on staff."""
    staff = actors(("a", "public", "capacity", 1.0, "vte", "lease_only"))
    assert verdict(FORMS, staff, [], "heg") == "not_tested"


def test_a_rule_for_citizens_leaves_companies_alone() -> None:
    """The kind of actor counts."""
    found = legal_forms.triggered_rules(RULES, actors=one("private", "capital", "vote"), wishes=[])
    assert found["actor_kind"].tolist() == ["private"]


def test_no_condition_asks_nothing() -> None:
    """Neither "none" nor an empty cell sets a rule to work."""
    who = pd.concat([one("civic", "capital", "none"), one("private", "land", None)])  # type: ignore[arg-type]
    assert legal_forms.triggered_rules(RULES, actors=who, wishes=[]).empty


def test_an_unknown_wish_is_refused() -> None:
    """A misspelt wish would otherwise pass as no wish."""
    with pytest.raises(ContractError, match=r"niet gekend: snel.*kies uit citizens_own"):
        legal_forms.triggered_rules(RULES, actors=NOBODY, wishes=["snel"])


def test_an_open_answer_that_would_knock_out_is_doubtful() -> None:
    """The reader sees which question to put first."""
    triggered = RULES.loc[["K12"]]
    found = legal_forms.findings(FORMS, triggered).set_index("form")
    assert found.loc[["regie", "eva", "agb"], "is_doubtful"].tolist() == [True, False, False]


@given(st.permutations(range(3)))
def test_the_order_of_actors_does_not_matter(order: list[int]) -> None:
    """The same people, the same verdicts and the same table."""
    who = actors(
        ("a", "public", "land", 10.0, "m2", "lease_only"),
        ("b", "private", "capital", 5.0, "EUR", "market_return"),
        ("c", "civic", "capacity", 2.0, "kW", "vote"),
    )
    turned = who.iloc[order]
    pd.testing.assert_frame_equal(
        legal_forms.assess_forms(FORMS, RULES, actors=who),
        legal_forms.assess_forms(FORMS, RULES, actors=turned),
    )
    pd.testing.assert_frame_equal(
        legal_forms.pool(who, **VALUES), legal_forms.pool(turned, **VALUES)
    )


def cells(**answers: tuple[str, bool]) -> pd.DataFrame:
    """Return one form whose criteria have these answers, checked or not."""
    return pd.DataFrame(
        [
            ("cv", name, answer, *(("S-1", "2026-11") if is_checked else ("", "")))
            for name, (answer, is_checked) in answers.items()
        ],
        columns=["form", "criterion", "answer", "source_id", "checked_on"],
    ).set_index(["form", "criterion"])


def test_weights_count_checked_cells_only() -> None:
    """Two points of four on what was checked, which is half of the weight."""
    forms = cells(vote=("ja", True), land=("nee", True), loan=("ja", False))
    row = legal_forms.weighted(
        forms, {"vote": 2, "land": 2, "loan": 4}, among=["cv"], partly_value=0.5
    ).loc["cv"]
    assert row.to_dict() == {"lowest": 0.25, "highest": 0.75, "score": 0.5, "checked_share": 0.5}


def test_partly_counts_for_what_is_agreed() -> None:
    """Between nee and ja."""
    forms = cells(vote=("deels", True))
    scores = legal_forms.weighted(forms, {"vote": 1}, among=["cv"], partly_value=0.25)
    assert scores["score"].tolist() == [0.25]


def test_a_form_without_checked_cells_has_no_score() -> None:
    """It is not zero: nothing is known."""
    scores = legal_forms.weighted(
        cells(vote=("ja", False)), {"vote": 1}, among=["cv"], partly_value=0.5
    )
    assert scores["score"].isna().all()
    assert scores[["lowest", "highest", "checked_share"]].iloc[0].tolist() == [0.0, 1.0, 0.0]


def test_only_surviving_forms_are_weighed() -> None:
    """A score never brings a form back."""
    scores = legal_forms.weighted(FORMS, {"citizen_vote": 1}, among=["egb"], partly_value=0.5)
    assert scores.index.tolist() == ["egb"]


def test_a_negative_weight_is_refused() -> None:
    """Nobody can say what it would mean."""
    with pytest.raises(ContractError, match="kleiner dan 0"):
        legal_forms.weighted(FORMS, {"citizen_vote": -1}, among=["egb"], partly_value=0.5)


def test_contributions_are_pooled_in_one_currency() -> None:
    """By hand: 100 m² x 100, 20 kW x 500, one person, and money as it is."""
    pooled = legal_forms.pool(
        actors(
            ("gemeente", "public", "land", 100.0, "m2", "none"),
            ("gemeente", "public", "capacity", 1.0, "vte", "none"),
            ("fabriek", "private", "capacity", 20.0, "kW", "none"),
            ("coop", "civic", "capital", 100_000.0, "EUR", "vote"),
        ),
        **VALUES,
    )
    assert pooled["value_eur"].tolist() == [90_000.0, 10_000.0, 100_000.0]
    assert pooled["share"].tolist() == [0.45, 0.05, 0.5]
    assert pooled["actors"].tolist() == [1, 1, 1]


def test_what_is_given_in_use_is_no_property() -> None:
    """Leased land has a rent and no share."""
    pooled = legal_forms.pool(
        actors(("kerk", "civic", "land", 100.0, "m2", "lease_only")), **VALUES
    )
    assert pooled.loc["civic", ["value_eur", "rent_eur", "in_use"]].tolist() == [0.0, 300.0, 1]
    assert pooled["share"].isna().all()


def test_a_contribution_that_cannot_be_valued_is_counted() -> None:
    """No amount, or a unit that does not fit: nothing is guessed."""
    pooled = legal_forms.pool(
        actors(
            ("a", "civic", "capital", None, "EUR", "none"),
            ("b", "civic", "land", 5.0, "kW", "none"),
            ("c", "civic", "capital", 7.0, "EUR", "none"),
        ),
        **VALUES,
    )
    assert pooled.loc["civic", ["not_valued", "value_eur", "actors"]].tolist() == [2, 7.0, 3]


def test_nobody_brings_nothing() -> None:
    """A place without actors has an empty table, not an error."""
    assert legal_forms.withhold(legal_forms.pool(NOBODY, **VALUES)).empty


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["public", "private", "civic"]),
            st.sampled_from(["land", "capital", "capacity"]),
            st.floats(0, 1e6),
            st.sampled_from(["m2", "EUR", "kW", "vte"]),
            st.sampled_from(["none", "lease_only"]),
        ),
        max_size=8,
    )
)
def test_shares_add_up_and_nothing_is_lost(rows: list[tuple[str, str, float, str, str]]) -> None:
    """All shares are one together; every actor is counted once."""
    who = actors(*((f"a{number}", *row) for number, row in enumerate(rows)))
    pooled = legal_forms.pool(who, **VALUES)
    assert pooled["actors"].sum() == len(rows)
    if pooled["value_eur"].sum() > 0:
        assert pooled["share"].sum() == pytest.approx(1.0)


def test_the_capital_of_a_lone_company_is_not_shown() -> None:
    """Neither are the shares that would give it away; two companies hide each other."""
    lone = actors(
        ("x", "private", "capital", 5.0, "EUR", "none"),
        ("y", "public", "capital", 7.0, "EUR", "none"),
    )
    shown = legal_forms.withhold(legal_forms.pool(lone, **VALUES))
    assert shown["capital_eur"].fillna(-1).tolist() == [7.0, -1.0]
    assert shown["share"].isna().all()
    two = pd.concat([lone, actors(("z", "private", "capital", 1.0, "EUR", "none"))])
    assert legal_forms.withhold(legal_forms.pool(two, **VALUES))["capital_eur"].tolist() == [7, 6]


def test_a_lone_company_without_capital_is_shown() -> None:
    """Land and heat are valued with our own figures."""
    who = actors(("x", "private", "land", 5.0, "m2", "none"))
    assert legal_forms.withhold(legal_forms.pool(who, **VALUES))["share"].tolist() == [1.0]


@pytest.mark.parametrize(
    ("checked_on", "today", "is_stale"),
    [
        ("2026-11", dt.date(2027, 11, 1), False),
        ("2026-11", dt.date(2027, 11, 2), True),
        ("2026-11-23", dt.date(2027, 11, 23), False),
        ("2028-02-29", dt.date(2029, 3, 2), True),
        ("", dt.date(2099, 1, 1), False),
    ],
)
def test_what_was_checked_turns_stale_after_a_year(
    checked_on: str, today: dt.date, *, is_stale: bool
) -> None:
    """A month counts from its first day; what was never checked is something else."""
    assert legal_forms.is_stale(checked_on, today) is is_stale


def test_a_date_that_is_none_is_refused() -> None:
    """Rather an error than a rule that never turns stale."""
    with pytest.raises(ValueError, match="JJJJ-MM-DD"):
        legal_forms.recheck_from("november 2026")
