"""Phasing, pipes per phase and shared works, on small fictional places."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd
import pytest

from lekp_lib.assumptions import load
from lekp_lib.contracts import RESULTS, Flanders, Place
from lekp_lib.contracts.results import warmtenet_steps as contracts
from lekp_lib.disclosure import publish
from lekp_lib.domain import heat_phasing, works
from lekp_lib.studies._net_ground import NET_KEYS, prepare_ground
from lekp_lib.studies._net_phases import group_of, phases_section
from lekp_lib.studies._net_plan import Plan, plan_of
from lekp_lib.studies._section import Section
from lekp_lib.studies._warmtenet_model import heat_of
from lekp_lib.studies._warmtenet_scene import KEYS, Neighbourhood, prepare
from lekp_lib.synthetic import make_wijk

KINDS = ("station", "social", "bare", "one", "no homes", "small street")
NAMES = (
    *("fasering", "fasering_per_jaar", "fasering_kaart"),
    *("leidingen_per_fase", "werken_per_straat", "werken_samen"),
)
FIRST = 2028
Parts = tuple[Plan, Place, Neighbourhood]


def place(kind: str, own: pd.DataFrame | None = None) -> Place:
    """Return a fictional place: dense, social housing, bare tables, one house, only schools."""
    wijk = make_wijk(
        "garden_quarter" if kind == "social" else "station_belt",
        dwellings={"one": 1, "small street": 4}.get(kind, 60),
        seed=3,
    )
    tables = dict(wijk.tables)
    if kind not in ("station", "social"):
        tables = {name: tables[name] for name in ("gebouwen", "straten")}
    if kind == "no homes":
        tables["gebouwen"] = tables["gebouwen"].assign(function="school", dwellings=0)
        tables["gebouwen"] = tables["gebouwen"].astype({"function": "str", "dwellings": "Int64"})
    return Place(f"proef/{wijk.slug}", wijk.settings, "", tables, {}, (), load(own))


def planned(
    flanders: Flanders,
    kind: str,
    *,
    own: pd.DataFrame | None = None,
    calendar: pd.DataFrame | None = None,
) -> Parts:
    """Return the plan of such a place, with its own figures and works where given."""
    found = place(kind, own)
    if calendar is not None:
        found.tables["werken"] = calendar  # type: ignore[index]
    used = found.assumptions.pick((*KEYS, *NET_KEYS))
    values = {key: figure.value for key, figure in used.items()}
    hood = prepare(found, flanders, used)
    plan = plan_of(prepare_ground(found, hood, heat_of(hood, values), used))
    assert plan is not None
    return plan, found, hood


def own_figures(**values: float) -> pd.DataFrame:
    """Return figures of the place itself; a double underscore stands for a dot."""
    keys = [key.replace("__", ".") for key in values]
    table = pd.DataFrame({"key": keys, "value": list(values.values())})
    return table.assign(unit=[load()[key].unit for key in keys], source=None, note=None)


def sewer(streets: list[str], year: int, part: float | None = None) -> pd.DataFrame:
    """Return a calendar in which each segment gets a sewer in that year."""
    table = pd.DataFrame(
        {
            "street_id": streets,
            "party": "sewer",
            "asset": "sewer",
            "planned_year": year,
            "earliest_year": None,
            "latest_year": None,
            "length_share": part,
        },
        index=pd.Index([f"w{n}" for n in range(len(streets))], name="works_id"),
    )
    years = dict.fromkeys(("planned_year", "earliest_year", "latest_year"), "Int64")
    return table.astype({**years, "length_share": "float64"})


@pytest.fixture(scope="module")
def sections(flanders: Flanders) -> Any:
    """Give the function that answers for each kind of place once."""
    return cache(lambda kind: phases_section(*planned(flanders, kind)))


def by_approach(section: Section) -> pd.DataFrame:
    """Return table fasering by approach."""
    return section.tables["fasering"].set_index("approach")


def test_the_contract_has_the_codes_of_the_domain() -> None:
    """Two closed lists that must stay the same."""
    assert contracts.STRATEGIES == heat_phasing.STRATEGIES
    assert heat_phasing.ACTIONS[1:] == contracts.ACTIONS
    assert contracts.CHOICES == works.CHOICES


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_tables_keep_their_contract(sections: Any, kind: str, name: str) -> None:
    """Also for one house, without homes and without optional tables."""
    table = sections(kind).tables[name]
    RESULTS[name].model.validate(pd.DataFrame(table))
    shown = publish(table, RESULTS[name], smallest_cell=10, smallest_street=5, is_fictional=False)
    assert len(shown.frame) == len(table)


@pytest.mark.parametrize("kind", KINDS)
def test_sentences_name_no_missing_figure(sections: Any, kind: str) -> None:
    """What cannot be computed is not told."""
    told = " ".join(sections(kind).remarks)
    assert "niet bekend" not in told.replace("geen andere werken bekend", "")
    assert "nan" not in told


def test_a_street_with_few_homes_hides_its_year(sections: Any) -> None:
    """The map of four homes shows pipes, not when they come."""
    table = sections("small street").tables["fasering_kaart"]
    contract = RESULTS["fasering_kaart"]
    shown = publish(table, contract, smallest_cell=10, smallest_street=5, is_fictional=False)
    assert table["year"].notna().all()
    assert shown.frame["year"].isna().all()


def test_all_at_once_starts_everywhere_in_the_first_year(sections: Any) -> None:
    """Nobody has to wait for the pipe."""
    found = by_approach(sections("station"))
    assert found.loc["all_at_once", "last_year"] == FIRST
    assert (found["last_year"] >= FIRST).all()


def test_whatever_the_order_the_same_homes_are_connected_in_the_end(sections: Any) -> None:
    """Everybody who is expected to join has joined by the last year."""
    table = sections("social").tables["fasering_per_jaar"]
    last = table[table["year"] == table["year"].max()].set_index("approach")["dwellings"]
    assert last.to_numpy() == pytest.approx(last.max())


def test_connections_never_fall(sections: Any) -> None:
    """Heat and homes only grow."""
    table = sections("social").tables["fasering_per_jaar"]
    for _, rows in table.groupby("approach"):
        assert rows["dwellings"].is_monotonic_increasing
        assert rows["heat_mwh"].is_monotonic_increasing


def test_the_money_over_the_years_is_the_investment(sections: Any) -> None:
    """What is spent phase by phase adds up to the total, but for what five dwellings cost."""
    tables = sections("station").tables
    spent = tables["fasering_per_jaar"].groupby("approach")["investment_eur"].sum()
    total = tables["fasering"].set_index("approach")["investment_eur"]
    assert spent.to_dict() == pytest.approx(total.to_dict(), abs=5 * 40_000)
    assert (spent > 0).all()


def test_phases_come_in_steps_of_five_dwellings(sections: Any) -> None:
    """Connected dwellings are told in fives; the count behind a row is not rounded."""
    table = sections("social").tables["fasering_per_jaar"]
    assert (table["dwellings"] % 5 == 0).all()
    assert (table["counted"] % 5 != 0).any()
    assert (table["dwellings"] - table["counted"]).abs().max() <= 2.5


def test_the_least_regret_is_none(sections: Any) -> None:
    """One approach is recommended; its regret is 0 and no other is below."""
    found = by_approach(sections("social"))
    assert found["is_recommended"].sum() == 1
    assert found["regret_eur"].min() == 0
    assert found.loc[found["is_recommended"], "regret_eur"].item() == 0


def test_without_homes_there_is_no_price_and_no_advice(sections: Any) -> None:
    """Schools have no heat pump of a household to compare with."""
    found = by_approach(sections("no homes"))
    assert found["npv_eur"].isna().all()
    assert not found["is_recommended"].any()
    assert (found["investment_eur"] > 0).all()


def test_who_may_stop_never_loses_more(sections: Any) -> None:
    """Regret is counted from the better of going on and stopping."""
    found = by_approach(sections("social"))
    worth = found[["npv_low_eur", "npv_stopped_eur"]].max(axis=1)
    assert found["regret_eur"].to_dict() == pytest.approx((worth.max() - worth).to_dict())


def test_uptake_as_planned_is_no_disappointment(flanders: Flanders) -> None:
    """A disappointment that is none leaves the value as it was."""
    own = own_figures(phasing__disappointing_share=1.0, phasing__disappointing_delay=1.0)
    found = by_approach(phases_section(*planned(flanders, "station", own=own)))
    assert found["npv_low_eur"].to_dict() == pytest.approx(found["npv_eur"].to_dict())


def test_pipes_are_laid_once_and_add_up(sections: Any, flanders: Flanders) -> None:
    """All main pipe is laid over the phases; sized ahead, none is ever replaced."""
    pipes = sections("station").tables["leidingen_per_fase"]
    mains = planned(flanders, "station")[0].case.mains
    metres = pipes.groupby(["sizing", "action"])["length_m"].sum()
    laid = mains.loc[mains["existing_dn"].isna(), "length_m"].sum()
    for sizing in contracts.SIZINGS:
        assert metres[sizing, "install"] == pytest.approx(laid)
    assert metres["ahead", "replace"] == 0


def test_sizing_per_phase_starts_cheaper(flanders: Flanders) -> None:
    """Small pipes first, larger ones later: never more in the first phase."""
    own = own_figures(phasing__least_metres_per_year_m=100.0, phasing__spread_years=15.0)
    section = phases_section(*planned(flanders, "social", own=own))
    pipes = section.tables["leidingen_per_fase"]
    first = pipes[pipes["phase"] == pipes["phase"].min()].groupby("sizing")["cost_eur"].sum()
    assert first["per_phase"] <= first["ahead"] + 1e-6


def test_without_a_calendar_the_reader_is_told(sections: Any) -> None:
    """No works: every street digs alone, and the page says what to fill in."""
    section = sections("bare")
    assert set(section.tables["werken_per_straat"]["choice"]) == {"no_works"}
    assert any("Vul de tabel werken in" in told for told in section.remarks)
    assert (by_approach(section)["works_saving_eur"] == 0).all()


@pytest.mark.parametrize(("part", "share"), [(None, 0.5), (0.5, 0.25)])
def test_a_sewer_everywhere_in_the_first_year_saves_half_the_digging(
    flanders: Flanders, part: float | None, share: float
) -> None:
    """All at once, all main pipe shares its trench, over the length that is opened."""
    plan, found, hood = planned(flanders, "bare")
    calendar = sewer(list(hood.streets.index), FIRST, part)
    section = phases_section(*planned(flanders, "bare", calendar=calendar))
    row = by_approach(section).loc["all_at_once"]
    civils = plan.case.mains.loc[plan.case.mains["street_id"].notna(), "civils_eur"].sum()
    assert row["works_saving_eur"] == pytest.approx(share * civils)
    alone = by_approach(phases_section(plan, found, hood)).loc["all_at_once"]
    assert alone["investment_eur"] - row["investment_eur"] == pytest.approx(share * civils)


def test_works_in_its_own_year_are_shared_without_waiting(flanders: Flanders) -> None:
    """A street whose turn falls in the year of the sewer digs together; nothing is lost."""
    _, _, hood = planned(flanders, "bare")
    calendar = sewer(list(hood.streets.index), FIRST)
    tables = phases_section(*planned(flanders, "bare", calendar=calendar)).tables
    table = tables["werken_per_straat"]
    own = table[table["planned_year"] == FIRST]
    assert len(own) > 0
    assert set(own["choice"]) == {"together"}
    assert own["gain_eur"].to_numpy() == pytest.approx(own["saving_eur"].to_numpy())
    assert tables["werken_samen"]["gain_eur"].sum() == pytest.approx(table["gain_eur"].sum())


def test_works_that_come_too_late_are_not_waited_for(flanders: Flanders) -> None:
    """Fifteen years is beyond the patience that the assumptions give a street."""
    _, _, hood = planned(flanders, "bare")
    calendar = sewer(list(hood.streets.index), FIRST + 15)
    section = phases_section(*planned(flanders, "bare", calendar=calendar))
    assert set(section.tables["werken_per_straat"]["choice"]) == {"no_works"}
    assert any("niet rond het jaar" in told for told in section.remarks)


@pytest.mark.parametrize(("least", "group"), [(3.0, "estate: street: A"), (4.0, "street: A")])
def test_social_homes_of_a_street_are_one_group(
    flanders: Flanders, least: float, group: str
) -> None:
    """From so many homes on; large users and co-owners decide for themselves."""
    ground = planned(flanders, "one")[0].ground
    loads = pd.DataFrame(
        {
            "street_name": ["A", "A", "A", "A", None],
            "group_kind": ["estate", "estate", "street", "anchor", "street"],
            "dwellings": [1, 2, 1, 0, 1],
        },
        index=list("abcde"),
    )
    figures = {**ground.figures, "phasing.estate_dwellings": least}
    found = group_of(replace(ground, loads=loads, figures=figures))
    assert found.tolist() == [group, group, "street: A", "building: d", "building: e"]
