"""Can this municipality carry one contact point: dossiers, people, money, teams and groups."""

from __future__ import annotations

from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from lekp_lib import wording
from lekp_lib.assumptions import load_energy_offers, load_pool_criteria, load_sources
from lekp_lib.contracts import CRS, RESULTS, Contract, empty_table
from lekp_lib.contracts.lists import BUILDING_TYPES
from lekp_lib.contracts.results.mee_counter import CONTRACTS, FORMS, PAYERS, PLANS
from lekp_lib.domain import contact_point, contractors, targets
from lekp_lib.studies._mee_counter_words import NO_HOMES, counter_figures, counter_remarks
from lekp_lib.studies._mee_groups import GROUP_KEYS, Groups, group_tables, groups_of
from lekp_lib.studies._mee_offer_homes import Offer, offer_of, prices_of
from lekp_lib.studies._mee_scene import Scene
from lekp_lib.studies._section import Section
from lekp_lib.units import M2_PER_KM2

__all__ = ["COUNTER_KEYS", "counter_section"]

_TEAMS = ("most_occupation_share", "most_wait_days")
COUNTER_KEYS = (
    *GROUP_KEYS,
    "adoption.flemish_rate_share",
    "legal.staff_year_eur",
    *(f"counter.{name}" for name in _TEAMS),
    *(f"counter.passes.{stage}_share" for stage in contact_point.STAGES[:-1]),
    *(f"counter.hours.{stage}" for stage in contact_point.STAGES),
    "counter.goal_done",
    "counter.dossiers_per_goal",
    "counter.fte_hours",
    "counter.least_fte",
    "counter.fixed_eur",
    "counter.municipality_eur",
    "counter.km_eur",
    "counter.trips_per_visit",
    "counter.detour",
    "counter.speed_km_h",
    "counter.partners",
    "counter.fee_eur",
    "counter.contractor_eur",
    "counter.subsidy_share",
    "counter.jobs_per_team",
    "counter.available_share",
    "counter.team_growth_share",
    "counter.horizon_years",
)
"""The figures this section reads."""

_GOAL = "W2a"
_CURVE = tuple(share / 100 for share in range(50, 97, 3))  # where the curve is drawn
_KINDS = {"text": "str", "integer": "Int64", "number": "float64", "yes_no": "boolean"}


class _Market(NamedTuple):
    """
    Where the contact point works.

    Attributes
    ----------
    areas : DataFrame, index area (neighbourhood, municipality, partners)
        municipalities [-], dwellings [-], area_km2 [km2], goal, left and per_year
        (renovations).
    first_year, last_year : int
        Years in which what is left of the goal must be done.
    figures : dict of str to float
        Assumptions below ``counter.``.
    """

    areas: pd.DataFrame
    first_year: int
    last_year: int
    figures: dict[str, float]

    def per_year(self, area: str) -> float:
        """Return the renovations a year that the goal asks of an area."""
        return float(self.areas["per_year"].loc[area])

    def limits(self) -> dict[str, float]:
        """Return what keeps a queue short, for a pool."""
        return {name: self.figures[name] for name in _TEAMS}


def counter_section(scene: Scene, offer: Offer | None = None) -> Section:
    """
    Return whether the municipality can carry one contact point, alone or with others.

    Parameters
    ----------
    scene : Scene
        With ``COUNTER_KEYS``.
    offer : Offer, optional
        What the packages cost here, if it was made before.

    Returns
    -------
    Section
        Tables loket_volumes, loket_trechter, loket_kosten, loket_betalers,
        wachttijd_bezetting, ploegen_per_jaar, groepen_aanbod, groepen_offerte, groepen_rest,
        pool_voorwaarden and energie_aanbod; without homes all are empty.
    """
    if scene.homes.empty:
        return Section({one.name: _nothing(one) for one in CONTRACTS}, remarks=(NO_HOMES,))
    groups = groups_of(scene, offer_of(scene, prices_of(scene)) if offer is None else offer)
    market = _market(scene)
    funnel = _funnel(market, "municipality")
    costs = _costs(scene, market)
    tables = {
        "loket_volumes": _volumes(market, groups),
        "loket_trechter": _shown_funnel(market, funnel),
        "loket_kosten": costs,
        "loket_betalers": _payers(market, costs),
        "wachttijd_bezetting": _curve(scene, market),
        "ploegen_per_jaar": _teams_table(scene, market, funnel),
        **group_tables(scene, groups),
        "pool_voorwaarden": _criteria(),
        "energie_aanbod": _energy(scene),
    }
    found = {name: _typed(name, table) for name, table in tables.items()}
    numbers = _numbers(scene, market, found)
    return Section(found, counter_figures(numbers), counter_remarks(scene, numbers, market.figures))


def _nothing(contract: Contract) -> pd.DataFrame:
    """Return the table of a place without homes."""
    table = empty_table(contract)
    if contract.geometry:
        table = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries([], crs=CRS))
    return _typed(contract.name, table)


def _typed(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a contract in their order, each of its own kind."""
    about = RESULTS[name].columns
    kept = [*about, *(["geometry"] if RESULTS[name].geometry else [])]
    fixed = {"year": "int64", "buildings": "int64", "groups": "int64"}
    kinds = {key: fixed.get(key, _KINDS[one.kind]) for key, one in about.items()}
    return table[kept].astype(kinds).reset_index(drop=True)


# --- how much is asked ----------------------------------------------------------------------


def _market(scene: Scene) -> _Market:
    figures = scene.used.values_below("counter.")
    goal = scene.flanders.targets.loc[[_GOAL]]
    first = scene.on.year + 1
    last = max(pd.Timestamp(str(goal["deadline"].iloc[0])).year, first)
    areas = _areas(scene, int(figures["partners"]))
    asked = [
        float(
            targets.target_amounts(
                goal, inhabitants=np.nan, dwellings=dwellings, households=np.nan
            ).iloc[0]
        )
        for dwellings in areas["dwellings"]
    ]
    own = areas["dwellings"].loc["municipality"]
    done = figures["goal_done"] * (areas["dwellings"] / own if own else 0.0)
    left = (pd.Series(asked, index=areas.index) - done).clip(lower=0.0)
    per_year = left * figures["dossiers_per_goal"] / (last - first + 1)
    return _Market(areas.assign(goal=asked, left=left, per_year=per_year), first, last, figures)


def _areas(scene: Scene, partners: int) -> pd.DataFrame:
    """Return the neighbourhood, its municipality and the nearest ones; or copies of itself."""
    here = float(scene.homes["dwellings"].sum())
    hull = gpd.GeoSeries(scene.homes.geometry).union_all().convex_hull.area / M2_PER_KM2
    if scene.nis_code is None:
        own, together = (here, hull), (here * partners, hull * partners)
    else:
        known = scene.flanders.municipalities
        near = contact_point.nearest_places(known, scene.nis_code, count=partners)
        sums = known.loc[near, ["dwellings_2025", "area_km2"]].astype("float64")
        own, together = tuple(sums.iloc[0]), tuple(sums.sum())
    rows = [(0, here, hull), (1, *own), (partners, *together)]
    index = pd.Index(["neighbourhood", "municipality", "partners"], name="area")
    return pd.DataFrame(rows, index=index, columns=["municipalities", "dwellings", "area_km2"])


def _volumes(market: _Market, groups: Groups) -> pd.DataFrame:
    table = market.areas.assign(in_groups=np.nan)
    table["municipalities"] = table["municipalities"].mask(table["municipalities"] == 0)
    table.loc["neighbourhood", "in_groups"] = groups.table["dwellings"].sum()
    return table.reset_index()


def _funnel(market: _Market, area: str) -> pd.DataFrame:
    values, stages = market.figures, contact_point.STAGES
    return contact_point.funnel(
        market.per_year(area),
        passes={stage: values[f"passes.{stage}_share"] for stage in stages[:-1]},
        hours={stage: values[f"hours.{stage}"] for stage in stages},
    )


def _shown_funnel(market: _Market, funnel: pd.DataFrame) -> pd.DataFrame:
    here = _funnel(market, "neighbourhood")["dossiers"]
    return funnel.assign(neighbourhood=here).reset_index()


# --- people and money -----------------------------------------------------------------------


def _costs(scene: Scene, market: _Market) -> pd.DataFrame:
    values = market.figures
    desks = _desks(market)
    found = contact_point.desk_costs(
        desks,
        hours_per_fte=values["fte_hours"],
        most_occupation_share=values["most_occupation_share"],
        least_fte=values["least_fte"],
        costs={
            "staff_year_eur": scene.used["legal.staff_year_eur"].value,
            **{name: values[name] for name in ("fixed_eur", "municipality_eur", "km_eur")},
        },
    )
    waits = [
        _adviser_days(desk, int(advisers), values["fte_hours"])
        for (_, desk), advisers in zip(desks.iterrows(), found["advisers"], strict=True)
    ]
    return found.assign(
        municipalities=desks["municipalities"],
        own_done=desks["done"] * desks["own_share"],
        desk_fte=found["fte"],
        wait_days=waits,
    ).reset_index()


def _desks(market: _Market) -> pd.DataFrame:
    """Return the desk of the municipality alone, and that of the municipalities together."""
    values = market.figures
    areas = market.areas.loc[["municipality", "partners"]]
    funnels = [_funnel(market, str(area)) for area in areas.index]
    desks = pd.DataFrame(
        {
            "municipalities": areas["municipalities"].to_numpy(),
            "visits": [funnel["dossiers"].loc["visit"] for funnel in funnels],
            "done": [funnel["dossiers"].loc["done"] for funnel in funnels],
            "desk_hours": [funnel["hours"].sum() for funnel in funnels],
            "area_km2": areas["area_km2"].to_numpy(),
        },
        index=pd.Index(FORMS, name="form"),
    )
    trips = contact_point.travel(
        desks["visits"],
        desks["area_km2"],
        trips_per_visit=values["trips_per_visit"],
        detour=values["detour"],
        speed_km_h=values["speed_km_h"],
    )
    own = areas["dwellings"].iloc[0] / areas["dwellings"].to_numpy()
    return desks.assign(
        hours=desks["desk_hours"] + trips["travel_hours"], km=trips["km"], own_share=own
    )


def _adviser_days(desk: pd.Series[Any], advisers: int, fte_hours: float) -> float:
    """Return how long a household waits until an adviser takes up its dossier [d]."""
    if not desk["visits"] > 0:
        return 0.0
    per_adviser = fte_hours * desk["visits"] / desk["hours"]
    found = contractors.waiting(desk["visits"], jobs_per_team=per_adviser, teams=advisers)
    return _known(float(found["wait_days"].iloc[0]))


def _known(value: float) -> float:
    """Return a number, or nothing where it has no end."""
    return value if np.isfinite(value) else np.nan


def _payers(market: _Market, costs: pd.DataFrame) -> pd.DataFrame:
    values = market.figures
    parts = []
    for total, done in costs[["total_eur", "own_done"]].to_numpy("float64"):
        paid = contact_point.payers(
            float(total),
            float(done),
            fee_eur=values["fee_eur"],
            contractor_eur=values["contractor_eur"],
            subsidy_share=values["subsidy_share"],
        )
        parts.append(pd.DataFrame({"paid_eur": paid, "share": paid / float(total)}))
    return pd.concat(parts, keys=list(FORMS), names=["form"]).reset_index()[
        ["form", "payer", "paid_eur", "share"]
    ]


# --- teams ----------------------------------------------------------------------------------


def _first_teams(scene: Scene, market: _Market, area: str) -> float:
    """Return the teams that renovate there today and would work for the contact point."""
    rate = scene.used["adoption.flemish_rate_share"].value
    today = market.areas["dwellings"].loc[area] * rate / market.figures["jobs_per_team"]
    return float(today * market.figures["available_share"])


def _teams(scene: Scene, market: _Market, area: str) -> pd.Series[int]:
    years = pd.RangeIndex(
        market.first_year,
        market.first_year + int(market.figures["horizon_years"]),
        name="year",
    )
    return contractors.growing_teams(
        _first_teams(scene, market, area),
        growth_share=market.figures["team_growth_share"],
        years=pd.Index(years),
    )


def _pace(market: _Market, teams: pd.Series[int]) -> pd.Series[float]:
    found = contractors.pace(
        teams.to_numpy(), jobs_per_team=market.figures["jobs_per_team"], **market.limits()
    )
    return pd.Series(found, index=teams.index)


def _plans(market: _Market, teams: pd.Series[int]) -> dict[str, pd.Series[float]]:
    """Return the requests per year of each plan for the municipality."""
    total = market.per_year("municipality") * (market.last_year - market.first_year + 1)
    is_before = teams.index.to_numpy() <= market.last_year
    goal = pd.Series(np.where(is_before, market.per_year("municipality"), 0.0), index=teams.index)
    return {"goal": goal, "pace": contractors.spread_requests(total, _pace(market, teams))}


def _teams_table(scene: Scene, market: _Market, funnel: pd.DataFrame) -> pd.DataFrame:
    teams, jobs = _teams(scene, market, "municipality"), market.figures["jobs_per_team"]
    reached = float(funnel["of_contacts_share"].loc["done"])
    parts = []
    for plan, requests in _plans(market, teams).items():
        found = contractors.ramp(requests, teams, jobs_per_team=jobs)
        needed = contractors.teams_needed(
            requests.to_numpy(), jobs_per_team=jobs, **market.limits()
        )
        table = found.assign(
            plan=plan,
            contacts=requests / reached,
            occupation_share=found["occupation_share"].map(_known),
            wait_days=found["wait_days"].map(_known),
            done_in_all=found["done"].cumsum(),
            teams_needed=needed,
            to_hire=np.maximum(needed - teams.to_numpy(), 0),
        )
        parts.append(table.rename_axis("year").reset_index())
    return pd.concat(parts, ignore_index=True)


def _curve(scene: Scene, market: _Market) -> pd.DataFrame:
    """Return the wait at rising occupation, for the teams of here and of here and around."""
    jobs = market.figures["jobs_per_team"]
    pools = {
        max(int(_teams(scene, market, area).iloc[0]), 1) for area in ("municipality", "partners")
    }
    share = np.array(_CURVE)
    parts = [
        contractors.waiting(share * teams * jobs, jobs_per_team=jobs, teams=teams).assign(
            pool=f"{wording.number(teams)} {'ploeg' if teams == 1 else 'ploegen'}",
            occupation_share=share,
        )
        for teams in sorted(pools)
    ]
    return pd.concat(parts, ignore_index=True)


# --- the pool and the energy offer ----------------------------------------------------------


def _criteria() -> pd.DataFrame:
    table = load_pool_criteria()
    return table.assign(status=_sources(table)).reset_index()


def _energy(scene: Scene) -> pd.DataFrame:
    dwellings = scene.homes.groupby("building_type")["dwellings"].sum().astype("float64")
    table = load_energy_offers()
    table = table.assign(status=_sources(table)).reset_index()
    here = table[table["building_type"].isin(dwellings[dwellings > 0].index)]
    order = {code: place for place, code in enumerate(BUILDING_TYPES)}
    ordered = here.sort_values("building_type", key=lambda codes: codes.map(order), kind="stable")
    return ordered.assign(dwellings=ordered["building_type"].map(dwellings))


def _sources(table: pd.DataFrame) -> pd.Series[str]:
    """Return the source of each row, or that nobody checked it."""
    titles = load_sources()["title"]
    found = table["source_id"].map(titles).astype("str")
    return found.where(table["source_id"] != "", table["locator"])


# --- figures --------------------------------------------------------------------------------


def _numbers(scene: Scene, market: _Market, tables: dict[str, pd.DataFrame]) -> dict[str, float]:
    costs = tables["loket_kosten"].set_index("form")
    paid = tables["loket_betalers"].set_index(["form", "payer"])["paid_eur"]
    plans = tables["ploegen_per_jaar"].set_index(["plan", "year"])
    goal, pace = (plans.loc[plan] for plan in PLANS)
    asked = market.per_year("municipality") * (market.last_year - market.first_year + 1)
    at_pace = pace["requests_per_year"].cumsum()
    is_enough = at_pace >= asked * (1 - 1e-9)
    rest = tables["groepen_rest"]
    groups = tables["groepen_aanbod"]
    return {
        "municipal_dwellings": float(market.areas["dwellings"].loc["municipality"]),
        "goal": float(market.areas["goal"].loc["municipality"]),
        "goal_here": float(market.areas["goal"].loc["neighbourhood"]),
        "per_year": market.per_year("municipality"),
        "per_year_together": market.per_year("partners"),
        "first_year": float(market.first_year),
        "last_year": float(market.last_year),
        "last_seen": float(pace.index[-1]),
        "contacts": float(tables["loket_trechter"]["dossiers"].iloc[0]),
        "fte": float(costs["own_fte"].loc["alone"]),
        "fte_together": float(costs["own_fte"].loc["together"]),
        "cost_eur": float(costs["total_eur"].loc["alone"]),
        "cost_together_eur": float(costs["total_eur"].loc["together"]),
        "fee_eur": float(costs["cost_per_done_eur"].loc["alone"]),
        "fee_together_eur": float(costs["cost_per_done_eur"].loc["together"]),
        "own_paid_eur": float(paid.loc[("alone", PAYERS[-1])]),
        "teams": float(goal["teams"].iloc[0]),
        "teams_together": float(_teams(scene, market, "partners").iloc[0]),
        "teams_needed": float(goal["teams_needed"].iloc[0]),
        "occupation_share": float(goal["occupation_share"].iloc[0]),
        "wait_first_days": float(goal["wait_days"].iloc[0]),
        "wait_last_days": float(goal.loc[: market.last_year, "wait_days"].iloc[-1]),
        "pace": float(_pace(market, _teams(scene, market, "municipality")).iloc[0]),
        "pace_together": float(_pace(market, _teams(scene, market, "partners")).iloc[0]),
        "pace_year": float(pace.index[is_enough][0]) if is_enough.any() else np.nan,
        "groups": float(len(groups)),
        "in_groups": float(rest["in_groups"].sum()),
        "in_groups_walls": float(rest["in_groups_walls"].sum()),
        "left_share": 1 - _ratio(rest["in_groups"].sum(), rest["dwellings"].sum()),
        "dwellings": float(rest["dwellings"].sum()),
    }


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else np.nan
