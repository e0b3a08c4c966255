"""Owners, capital, prices and bills of a heat network on small fictional places."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lekp_lib import wording
from lekp_lib.assumptions import load_risks
from lekp_lib.contracts import RESULTS, Contract
from lekp_lib.contracts.results import warmtenet_money as contracts
from lekp_lib.disclosure import publish
from lekp_lib.domain import heat_finance
from lekp_lib.domain.heat_finance import break_even_price
from lekp_lib.studies._net_case import project_of
from lekp_lib.studies._net_money import money_section
from lekp_lib.studies._section import Section

KINDS = ("station", "bare", "one", "no homes")
TABLES = ("eigenaars", "kapitaal", "prijs_per_eigenaar", "kasstroom", "risicos")
MINE = [RESULTS[name] for name in (*TABLES, "jaarkost_huishouden")]


@pytest.fixture(scope="module")
def sections(plans: Any) -> Any:
    """Give the function that returns the section of each kind of place."""
    return cache(lambda kind: money_section(*plans(kind)))


@pytest.fixture(scope="module")
def station(sections: Any) -> Section:
    """Give the section of the dense place."""
    return sections("station")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("contract", MINE, ids=lambda one: one.name)
def test_tables_hold_their_contract(sections: Any, kind: str, contract: Contract) -> None:
    """In every kind of place, and all rows can be shown."""
    table = sections(kind).tables[contract.name]
    contract.model.validate(table)
    shown = publish(table, contract, smallest_cell=10, smallest_street=5, is_fictional=False)
    assert len(shown.frame) == len(table) > 0
    assert not table.duplicated(list(contract.key) or None).any()


def test_slower_uptake_also_pays_later(plans: Any, station: Section) -> None:
    """In the table of prices connections follow who joins, as in the price of the plan itself."""
    plan = plans("station")[0]
    loads = plan.case.loads.assign(full_after_years=10.0)
    slow = break_even_price(project_of(replace(plan.case, loads=loads)), return_share=0.03)
    table = station.tables["prijs_per_eigenaar"].set_index(
        ["owner", "full_after_years", "subsidy_share"]
    )
    found = table["price_eur_mwh"]["consumer_owned", 10, 0.0]
    assert found == pytest.approx(float(slow))
    assert found > table["price_eur_mwh"]["consumer_owned", 1, 0.0]


def test_cheaper_is_below_the_price_of_a_heat_pump(plans: Any) -> None:
    """The tick in the figure is that comparison and nothing else."""
    plan, *rest = plans("station")
    table = money_section(replace(plan, price_to_beat_eur_mwh=150.0), *rest).tables[
        "prijs_per_eigenaar"
    ]
    assert table["is_cheaper"].tolist() == (table["price_eur_mwh"] < 150.0).tolist()


def test_the_stack_pays_the_investment(plans: Any, station: Section) -> None:
    """The layers of each owner add up to what the network costs."""
    invested = plans("station")[0].project.investment_eur.to_numpy().sum()
    stack = station.tables["kapitaal"].groupby("owner")[["share", "amount_eur"]].sum()
    assert stack["share"].to_numpy() == pytest.approx(1.0)
    assert stack["amount_eur"].to_numpy() == pytest.approx(invested)


def test_cash_of_each_owner_is_worth_nothing_at_its_return(station: Section) -> None:
    """Counted back at the required return, what comes in equals what goes out."""
    returns = station.tables["eigenaars"].set_index("owner")["required_return_share"]
    for owner, flows in station.tables["kasstroom"].groupby("owner"):
        factor = (1 + returns[str(owner)]) ** flows["year"].to_numpy("float64")
        scale = flows["investment_eur"].sum()
        assert (flows["flow_eur"] / factor).sum() / scale == pytest.approx(0.0, abs=1e-9)
        assert flows["cumulative_eur"].iloc[-1] == pytest.approx(flows["flow_eur"].sum())


def test_bill_is_price_times_heat_and_vat(plans: Any, station: Section) -> None:
    """One household takes the mean of the homes, and pays VAT on it."""
    plan = plans("station")[0]
    homes = plan.ways["gas"][plan.ways["gas"]["dwellings"] > 0]
    mean_mwh = homes["demand_mwh"].sum() / homes["dwellings"].sum()
    table = station.tables["eigenaars"]
    bill = table["break_even_eur_mwh"] * mean_mwh * 1.06
    assert table["bill_eur"].tolist() == pytest.approx(bill.tolist())
    gap = bill - homes["all_in_eur"].sum() / homes["dwellings"].sum()
    assert table["gas_gap_eur"].tolist() == pytest.approx(gap.tolist())


def test_parts_of_a_bill_add_up(plans: Any, station: Section) -> None:
    """They make the whole; a MWh costs more while few share the losses, and the bill is a mean."""
    table = station.tables["jaarkost_huishouden"]
    parts = table[["energy_eur", "upkeep_eur", "capital_eur"]].sum(axis=1)
    assert parts.tolist() == pytest.approx(table["total_eur"].tolist())
    plan = plans("station")[0]
    homes = plan.ways["gas"][plan.ways["gas"]["dwellings"] > 0]
    paid = homes["demand_mwh"].sum() / homes["dwellings"].sum() * 1.06
    first, last = (float(plan.project.heat_cost_eur_mwh[year]) * paid for year in (1, -1))
    assert table["energy_eur"].iloc[:6].between(last, first).all()


def test_owner_that_asks_more_is_dearer(station: Section) -> None:
    """With the same subsidy the price follows the required return."""
    table = station.tables["eigenaars"].sort_values("required_return_share")
    assert table["break_even_eur_mwh"].is_monotonic_increasing


def test_key_figures_are_those_of_the_municipality(station: Section) -> None:
    """The first screen says what the table says."""
    figures = {figure.key: figure.value for figure in station.figures}
    row = station.tables["eigenaars"].set_index("owner").loc["municipality"]
    assert figures["break_even_eur_mwh"] == row["break_even_eur_mwh"]
    assert figures["network_bill_eur"] == row["bill_eur"]
    assert figures["break_even_unsubsidised_eur_mwh"] > figures["break_even_eur_mwh"]


def test_without_homes_nothing_is_compared(sections: Any) -> None:
    """The price of the network is known, a household's bill is not, and the page says so."""
    section = sections("no homes")
    assert section.tables["eigenaars"]["break_even_eur_mwh"].notna().all()
    assert section.tables["eigenaars"]["bill_eur"].isna().all()
    assert section.tables["prijs_per_eigenaar"]["is_cheaper"].isna().all()
    assert "Er zijn geen woningen om mee te vergelijken." in section.remarks


def test_without_heat_there_is_no_price(plans: Any) -> None:
    """Nobody joins: the page says that no price comes out."""
    plan, *rest = plans("station")
    idle = replace(plan.project, uptake_share=np.zeros(len(plan.project.years)))
    section = money_section(replace(plan, project=idle), *rest)
    assert section.tables["eigenaars"]["break_even_eur_mwh"].isna().all()
    assert "verkoopt geen warmte" in section.remarks[0]


@pytest.mark.parametrize("kind", KINDS)
def test_sentences_have_no_holes(sections: Any, kind: str) -> None:
    """No sentence names a figure that is not known."""
    text = " ".join(sections(kind).remarks)
    assert "nan" not in text.casefold().split()
    assert wording.NOT_KNOWN not in text


def test_owners_with_another_subsidy_are_told_apart(planned: Any) -> None:
    """The difference is then not said to come from the return alone."""
    key = "finance.private_concession.subsidy_share"
    own = pd.DataFrame({"key": [key], "value": [0.0], "unit": ["aandeel"], "source": ["Bod"]})
    section = money_section(*planned(own=own))
    assert "het rendement en de subsidie" in section.remarks[0]


def test_codes_are_those_of_the_calculation() -> None:
    """Contracts, calculation and table of risks speak of the same owners and layers."""
    risks = load_risks()
    assert contracts.OWNERS == heat_finance.OWNERS
    assert contracts.LAYERS == heat_finance.CAPITAL_LAYERS
    assert set(risks["owner"]) == set(contracts.OWNERS)
    assert set(risks["risk"]) == set(contracts.RISKS)
    assert set(risks["carrier"]) <= set(contracts.CARRIERS)


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("network_owner", contracts.OWNERS),
        ("capital_layer", contracts.LAYERS),
        ("network_risk", contracts.RISKS),
        ("risk_carrier", contracts.CARRIERS),
        ("heat_way", contracts.WAYS),
    ],
)
def test_every_code_has_a_dutch_label(kind: str, codes: tuple[str, ...]) -> None:
    """No reader sees a code."""
    assert set(wording.LABELS[kind]) == set(codes)
