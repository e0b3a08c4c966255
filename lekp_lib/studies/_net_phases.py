"""All at once or step by step: groups, years, pipes, money and shared works."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from lekp_lib.contracts import CRS, Place
from lekp_lib.contracts.results.warmtenet_steps import ACTIONS, CHOICES, SIZINGS, STRATEGIES
from lekp_lib.disclosure import smallest_street
from lekp_lib.domain import heat_finance, heat_phasing, network_cost, works
from lekp_lib.domain.heat_finance import Project
from lekp_lib.studies._net_case import case_of, cohorts_of, growth_of, project_of, works_saving
from lekp_lib.studies._net_ground import Ground
from lekp_lib.studies._net_phases_words import phase_figures, phase_remarks
from lekp_lib.studies._net_plan import Plan
from lekp_lib.studies._section import Section
from lekp_lib.studies._warmtenet_scene import Neighbourhood

__all__ = ["group_of", "phases_section"]

_TREE = ["upstream", "from_node", "to_node", "length_m", "kind", "street_id", "building_id"]
_TREE += ["existing_dn", "hard_share", "geometry"]
_STEPWISE = STRATEGIES[1:]
_BASE = "outward"
_STREET = "street: "


@dataclass(frozen=True)
class _Scene:
    """
    What every order of streets has in common.

    Attributes
    ----------
    plan : Plan
    network : DataFrame
        Pipes of the plan with street (group of segments) and group (of the same street).
    group_of : Series, index building_id
    groups : DataFrame, index group
        See ``heat_phasing.start_years``; demand_mwh and dwellings of who joins in the end.
    """

    plan: Plan
    network: pd.DataFrame
    group_of: pd.Series[str]
    groups: pd.DataFrame

    def figure(self, name: str) -> float:
        """Return an assumption on phasing."""
        return self.plan.ground.figures[f"phasing.{name}"]

    @property
    def first_year(self) -> int:
        """Calendar year in which the first pipe can be laid."""
        return int(self.figure("first_year"))

    @property
    def last_start(self) -> int:
        """Last year in which a group may start, counted from the first."""
        return int(self.figure("horizon_years")) - 1


@dataclass(frozen=True)
class _Run:
    """One order of streets: when what starts and is laid, and what it brings."""

    starts: pd.DataFrame
    laying: pd.DataFrame
    works_saving_eur: float
    growth: pd.DataFrame
    npv_eur: float
    price_eur_mwh: float
    npv_low_eur: float
    npv_stopped_eur: float

    @property
    def guarded_eur(self) -> float:
        """What it is worth if uptake disappoints and the builder may stop [EUR]."""
        return max(self.npv_low_eur, self.npv_stopped_eur)


def phases_section(plan: Plan, place: Place, hood: Neighbourhood) -> Section:
    """
    Return in which order the streets can be opened, and what digging together saves.

    Parameters
    ----------
    plan : Plan
    place : Place
        With werken where there are.
    hood : Neighbourhood
        Names the street of each segment.
    """
    scene = _scene(plan, hood)
    mains = _mains_in_turn(scene)
    streets = _streets(scene, mains)
    whole = _whole_streets(plan.ground.works, mains[mains["is_in_turn"]], hood)
    choices = _choices(scene, streets, whole)
    scene = replace(scene, groups=scene.groups.assign(works_year=_works_years(scene, choices)))
    runs = {strategy: _run(scene, strategy) for strategy in STRATEGIES}
    best = _least_regret(runs)
    stepwise = best if best in _STEPWISE else _least_regret({k: runs[k] for k in _STEPWISE})
    pipes = _pipes(scene, runs[stepwise])
    tables = {
        "fasering": _strategies(scene, runs, best),
        "fasering_per_jaar": _per_phase(scene, runs, smallest_street(place.assumptions)),
        "fasering_kaart": _map(scene, streets, runs[best]),
        "leidingen_per_fase": pipes,
        "werken_per_straat": _works_table(streets, choices),
        "werken_samen": _works_summary(streets, choices),
    }
    has_works = not whole.empty
    told = phase_remarks(tables, plan.ground.below("phasing."), best, stepwise, has_works=has_works)
    return Section(tables, phase_figures(tables, best, runs[best].guarded_eur), told)


def _scene(plan: Plan, hood: Neighbourhood) -> _Scene:
    loads = plan.ground.loads
    street = plan.case.network["street_id"].map(hood.groups).astype("str")
    network = plan.case.network.assign(street=street, group=_STREET + street)
    deciders = group_of(plan.ground)
    return _Scene(
        plan=plan,
        network=network,
        group_of=deciders,
        groups=_groups(network, deciders, loads),
    )


def group_of(ground: Ground) -> pd.Series[str]:
    """Return who decides for each building: its street, its estate, or the building itself."""
    loads = ground.loads
    own = pd.Series(loads.index.astype("str"), index=loads.index, dtype="str")
    street = _STREET + loads["street_name"].astype("str")
    social = loads["dwellings"].where(loads["group_kind"] == "estate", 0)
    is_estate = (loads["group_kind"] == "estate") & (
        social.groupby(street).transform("sum") >= ground.figures["phasing.estate_dwellings"]
    )
    is_alone = loads["group_kind"].isin(["anchor", "apartment"]) | loads["street_name"].isna()
    group = street.mask(is_estate, "estate: " + street).mask(is_alone, "building: " + own)
    return group.astype("str")


def _groups(network: pd.DataFrame, group_of: pd.Series[str], loads: pd.DataFrame) -> pd.DataFrame:
    """Return the groups with what they bring once everybody who will join has joined."""
    amounts = loads[["demand_mwh", "dwellings"]].mul(loads["final_share"], axis=0)
    table = amounts.groupby(group_of).sum()
    kind = loads["group_kind"].groupby(group_of).first()
    kind = kind.mask(table.index.str.startswith(_STREET), "street")
    distance = heat_phasing.group_distances(network, group_of)
    return table.assign(kind=kind, distance_m=distance.reindex(table.index), works_year=np.nan)


def _whole_streets(
    segments: pd.DataFrame, mains: pd.DataFrame, hood: Neighbourhood
) -> pd.DataFrame:
    """Return the works of whole streets: a segment counts by its part of the digging."""
    civils = mains.groupby("street_id")["civils_eur"].sum()
    rows = segments.assign(
        street=segments["street_id"].map(hood.groups),
        saved=segments["shared_share"].astype("float64")
        * segments["street_id"].map(civils).astype("float64"),
    )
    rows = rows[rows["saved"] > 0].sort_values(
        ["street", "year", "saved", "works_id"], ascending=[True, True, False, True]
    )
    by = ["street", "year"]
    saved = rows.groupby(by)["saved"].sum().rename("total").reset_index()
    whole = rows.drop_duplicates(by).merge(saved, on=by)
    of_street = whole["street"].map(mains.groupby("street")["civils_eur"].sum())
    shared = whole["total"].astype("float64") / of_street.astype("float64")
    columns = ["street_id", "year", "works_id", "asset", "shared_share", "is_planned"]
    return whole.assign(street_id=whole["street"], shared_share=shared)[columns]


def _streets(scene: _Scene, mains: pd.DataFrame) -> pd.DataFrame:
    """Return the streets with a pipe: their turn without other works, and what digging costs."""
    in_turn = mains[mains["is_in_turn"]]
    loads, case = scene.plan.ground.loads, scene.plan.case
    expected = scene.groups["demand_mwh"].sum() / case.heat_mwh if case.heat_mwh > 0 else 0.0
    per_street = in_turn.groupby("street")
    table = per_street[["civils_eur", "pipe_eur"]].sum()
    dwellings = loads.groupby("street_name")["dwellings"].sum().reindex(table.index)
    return table.assign(
        length_m=mains.groupby("street")["length_m"].sum(),
        year=(per_street["laid_year"].min() + scene.first_year).astype("int64"),
        demand_mwh=per_street["demand_mwh"].max() * expected,
        dwellings=dwellings.fillna(0).astype("int64"),
    )


def _mains_in_turn(scene: _Scene) -> pd.DataFrame:
    """
    Return the pipes in streets, and whether they are laid when most of their street is.

    A pipe to another street may pass before the street itself has its turn.
    """
    laying = heat_phasing.laying_years(scene.network, _starts(scene, _BASE), scene.group_of)
    mains = scene.network[scene.network["building_id"].isna()].join(laying)
    mains = mains[mains["street"].notna() & mains["laid_year"].notna()]
    metres = mains.groupby(["street", "laid_year"])["length_m"].sum().reset_index()
    most = metres.sort_values(
        ["street", "length_m", "laid_year"], ascending=[True, False, True]
    ).drop_duplicates("street")
    turn = mains["street"].map(most.set_index("street")["laid_year"])
    return mains.assign(is_in_turn=mains["laid_year"] == turn)


def _starts(scene: _Scene, strategy: str) -> pd.DataFrame:
    mains_m = float(scene.network["length_m"].where(scene.network["building_id"].isna()).sum())
    spread = mains_m / scene.figure("spread_years")
    chosen = max(spread, scene.figure("least_metres_per_year_m"))
    return heat_phasing.start_years(
        scene.groups,
        scene.network,
        scene.group_of,
        strategy=strategy,
        metres_per_year=min(chosen, scene.figure("metres_per_year_m")),
        last_year=scene.last_start,
        wait_years=int(scene.figure("wait_years")),
        advance_years=int(scene.figure("advance_years")),
    )


def _choices(scene: _Scene, streets: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Return for each street whether it digs together, among the works near its own turn."""
    plan = scene.plan
    shift = whole["year"].astype("float64") - whole["street_id"].map(streets["year"]).astype(
        "float64"
    )
    near = shift.between(-scene.figure("advance_years"), scene.figure("wait_years"))
    near &= whole["year"].ge(scene.first_year)
    margin = scene.plan.price_to_beat_eur_mwh - float(plan.project.heat_cost_eur_mwh[-1])
    gain = works.gains(
        streets,
        whole[near.to_numpy(dtype="bool")],
        margin_eur_mwh=margin if np.isfinite(margin) else 0.0,
        rate_share=_return(scene),
        last_year=scene.first_year + scene.last_start,
    )
    return works.best_year_per_street(streets, gain)


def _return(scene: _Scene) -> float:
    return scene.plan.ground.figures["finance.municipality.required_return_share"]


def _works_years(scene: _Scene, choices: pd.DataFrame) -> pd.Series[float]:
    """Return the year of the works that each group waits for or goes along with."""
    pays = choices["choice"].isin(["together", "wait", "lay_ahead"])
    year = (choices["year"] - scene.first_year).where(pays)
    street = scene.plan.ground.loads["street_name"].groupby(scene.group_of).first()
    return street.map(year).reindex(scene.groups.index).astype("float64")


def _run(scene: _Scene, strategy: str) -> _Run:
    starts, case = _starts(scene, strategy), scene.plan.case
    laying = heat_phasing.laying_years(scene.network, starts, scene.group_of)
    growth = _growth(scene, starts, laying)
    project = project_of(case, growth)
    disappoints = {
        "final": scene.figure("disappointing_share"),
        "delay": scene.figure("disappointing_delay"),
    }
    low = _npv(scene, project_of(case, _growth(scene, starts, laying, **disappoints)))
    early = starts[starts["start_year"] < scene.figure("phase_years")]
    stopped = low
    if len(early) < len(starts):
        laid = heat_phasing.laying_years(scene.network, early, scene.group_of)
        stopped = _npv(scene, project_of(case, _growth(scene, early, laid, **disappoints)))
    owner = scene.plan.ground.below("finance.municipality.")
    return _Run(
        starts=starts,
        laying=laying,
        works_saving_eur=float(works_saving(case, laying["laid_year"]).sum()),
        growth=growth,
        npv_eur=_npv(scene, project),
        price_eur_mwh=float(
            heat_finance.break_even_price(
                project, return_share=_return(scene), subsidy_share=owner["subsidy_share"]
            )
        ),
        npv_low_eur=low,
        npv_stopped_eur=stopped,
    )


def _growth(
    scene: _Scene,
    starts: pd.DataFrame,
    laying: pd.DataFrame,
    *,
    final: float = 1.0,
    delay: float = 1.0,
) -> pd.DataFrame:
    """Return the yearly growth of the groups that start, with so much of the expected uptake."""
    case = scene.plan.case
    of_building = scene.group_of.map(starts["start_year"]).astype("float64")
    cohorts = cohorts_of(case, of_building)
    return growth_of(case, cohorts, laying, final=final, delay=delay)


def _npv(scene: _Scene, project: Project) -> float:
    """Return what the project is worth today at the price of the own heat pump [EUR]."""
    if not np.isfinite(scene.plan.price_to_beat_eur_mwh):
        return float("nan")
    flows = heat_finance.project_flows(
        project,
        heat_price_eur_mwh=scene.plan.price_to_beat_eur_mwh,
        subsidy_share=scene.plan.ground.figures["finance.municipality.subsidy_share"],
    )
    return float(heat_finance.npv(flows["project_flow_eur"].to_numpy(), _return(scene)))


def _least_regret(runs: dict[str, _Run]) -> str:
    """Return the order that is worth most if uptake disappoints; ties go to the first."""
    return max(runs, key=lambda strategy: np.nan_to_num(runs[strategy].guarded_eur, nan=-np.inf))


def _strategies(scene: _Scene, runs: dict[str, _Run], best: str) -> pd.DataFrame:
    case, gas = scene.plan.case, scene.plan.ways["gas"]
    gas_demand = float(gas["demand_mwh"].sum())
    avoided_t_mwh = (
        float(gas["co2_t"].sum()) / gas_demand - case.co2_t / case.heat_mwh
        if gas_demand > 0 and case.heat_mwh > 0
        else 0.0
    )
    phase, horizon = int(scene.figure("phase_years")), scene.last_start + 1
    highest = runs[best].guarded_eur
    rows = [
        {
            "approach": strategy,
            "investment_eur": float(run.growth["investment_eur"].sum()),
            "first_years_eur": float(run.growth["investment_eur"].iloc[:phase].sum()),
            "works_saving_eur": run.works_saving_eur,
            "npv_eur": run.npv_eur,
            "break_even_eur_mwh": run.price_eur_mwh,
            "co2_avoided_t": float(run.growth["heat_mwh"].iloc[:horizon].sum()) * avoided_t_mwh,
            "last_year": int(run.starts["start_year"].max()) + scene.first_year,
            "npv_low_eur": run.npv_low_eur,
            "npv_stopped_eur": run.npv_stopped_eur,
            "regret_eur": highest - run.guarded_eur,
            "is_recommended": strategy == best and bool(np.isfinite(highest)),
        }
        for strategy, run in runs.items()
    ]
    return pd.DataFrame(rows).astype(
        {"approach": "str", "last_year": "Int64", "is_recommended": "boolean"}
    )


def _per_phase(scene: _Scene, runs: dict[str, _Run], least: int) -> pd.DataFrame:
    """
    Return table ``fasering_per_jaar``: money of each phase, heat and dwellings at its end.

    In steps of what so many dwellings ask, or one order less another would tell what a single
    building asks. ``counted`` are the dwellings that are connected.
    """
    ends = [last for _, last in _spans(scene)]
    steps = _steps(scene, least)
    parts = []
    for strategy, run in runs.items():
        growth = run.growth.loc[: scene.last_start]
        spent = growth["investment_eur"].cumsum()
        at_end = growth[["heat_mwh", "dwellings"]].assign(investment_eur=spent).loc[ends]
        shown = (at_end / steps).round() * steps
        of_phase = shown["investment_eur"].diff().fillna(shown["investment_eur"])
        parts.append(
            shown.assign(
                investment_eur=of_phase,
                approach=strategy,
                year=[scene.first_year + end for end in ends],
                counted=at_end["dwellings"],
            )
        )
    table = pd.concat(parts, ignore_index=True)
    columns = ["approach", "year", "investment_eur", "heat_mwh", "dwellings", "counted"]
    return table[columns].astype({"approach": "str", "year": "Int64"})


def _steps(scene: _Scene, least: int) -> pd.Series[float]:
    """Return what so many mean dwellings ask, rounded up to a round figure."""
    groups, case = scene.groups, scene.plan.case
    dwellings = max(float(groups["dwellings"].sum()), 1.0)
    asked = {
        "investment_eur": sum(case.investment_eur.values()) / dwellings,
        "heat_mwh": float(groups["demand_mwh"].sum()) / dwellings,
        "dwellings": 1.0,
    }
    wanted = pd.Series(asked).clip(lower=1.0) * least
    unit = wanted.map(lambda amount: 10.0 ** math.floor(math.log10(amount)) / 2.0)
    return (wanted / unit).map(math.ceil) * unit


def _spans(scene: _Scene) -> list[tuple[int, int]]:
    """Return first and last year of each phase, counted from the first."""
    step, end = int(scene.figure("phase_years")), scene.last_start
    return [(first, min(first + step - 1, end)) for first in range(0, end + 1, step)]


def _map(scene: _Scene, streets: pd.DataFrame, run: _Run) -> gpd.GeoDataFrame:
    """Return table ``fasering_kaart``: each street with the year of its first pipe."""
    mains = scene.network[scene.network["street"].isin(streets.index)]
    mains = mains[mains["building_id"].isna()].join(run.laying["laid_year"])
    lines = gpd.GeoDataFrame(mains[["street", "geometry"]], geometry="geometry", crs=CRS)
    shapes = lines.dissolve(by="street").geometry.reindex(streets.index)
    year = mains.groupby("street")["laid_year"].min().reindex(streets.index) + scene.first_year
    table = pd.DataFrame(
        {
            "street_name": streets.index.astype("str"),
            "year": year.to_numpy(),
            "length_m": streets["length_m"].to_numpy(),
            "dwellings": streets["dwellings"].to_numpy(),
        }
    ).astype({"street_name": "str", "year": "Int64", "dwellings": "Int64"})
    return gpd.GeoDataFrame(table, geometry=shapes.to_numpy(), crs=CRS)


def _pipes(scene: _Scene, run: _Run) -> pd.DataFrame:
    """Return table ``leidingen_per_fase`` for one order of streets, both ways of sizing."""
    network = scene.network
    is_new = network["building_id"].isna() & network["existing_dn"].isna()
    phases = {
        f"{scene.first_year + first}–{scene.first_year + last}": (first, last)
        for first, last in _spans(scene)
    }
    ahead = pd.DataFrame({phase: network["dn"] for phase in phases})
    cost = pd.DataFrame({phase: network["cost_eur"] for phase in phases})
    per_phase = _sized_per_phase(scene, run, phases)
    parts = []
    for sizing, (dn, eur) in zip(SIZINGS, ((ahead, cost), per_phase), strict=True):
        actions = heat_phasing.pipe_actions(run.laying, dn, phases)[is_new]
        parts += [
            _summed(actions[phase], network, eur[phase]).assign(sizing=sizing, phase=phase)
            for phase in phases
        ]
    table = pd.concat(parts).rename_axis("action").reset_index()
    ordered = table.sort_values(["sizing", "action", "phase"], key=_rank, kind="stable")
    columns = ["sizing", "action", "phase", "length_m", "cost_eur", "counted"]
    return (
        ordered[columns]
        .reset_index(drop=True)
        .astype({"sizing": "str", "action": "str", "phase": "str"})
    )


def _rank(codes: pd.Series) -> pd.Series:
    """Return the place of a code in its list; what has no list keeps its own order."""
    lists = {"sizing": SIZINGS, "action": ACTIONS}
    if codes.name not in lists:
        return codes
    return codes.map({code: place for place, code in enumerate(lists[str(codes.name)])})


def _summed(
    action: pd.Series[str], network: pd.DataFrame, cost_eur: pd.Series[float]
) -> pd.DataFrame:
    """
    Return metres and money per action; only laying and replacing cost.

    ``counted`` are the most dwellings behind one of the pipes, at least one where money goes:
    the price of a metre tells how thick it is, hence what the buildings behind it ask.
    """
    spends = action.isin(["install", "replace"])
    pipes = network.reindex(action.index)
    table = pd.DataFrame(
        {
            "length_m": pipes["length_m"],
            "cost_eur": cost_eur.reindex(action.index).where(spends, 0.0),
        }
    )
    sums = table.groupby(action).sum().reindex(ACTIONS, fill_value=0.0)
    most = pipes["dwellings"].groupby(action).max().reindex(ACTIONS, fill_value=0)
    costs = sums["cost_eur"] > 0
    return sums.assign(counted=most.clip(lower=1).where(costs, most.max()))


def _sized_per_phase(
    scene: _Scene, run: _Run, phases: dict[str, tuple[int, int]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return size and cost of each pipe if a phase only looks at who has started by its end."""
    network, ground = scene.network, scene.plan.ground
    lies = network["existing_dn"].astype("float64")
    start = scene.group_of.map(run.starts["start_year"])
    before, dns, costs = -1, {}, {}
    for phase, (_, last) in phases.items():
        loads = ground.loads[(start <= last).reindex(ground.loads.index)]
        cost = pd.Series(0.0, index=network.index)
        if len(loads) > max(before, 0):
            used = run.laying["first_use_year"] <= last
            sized = _sized(scene, lies, loads, used)
            lies.loc[sized.index] = sized["dn"].astype("float64")
            cost.loc[sized.index] = sized["cost_eur"]
        # What is laid along with works, ahead of its use, gets its final size.
        waits = (run.laying["laid_year"] <= last) & lies.isna()
        cost = cost.mask(waits, network["cost_eur"])
        lies = lies.mask(waits, network["dn"].astype("float64"))
        before, dns[phase], costs[phase] = len(loads), lies.fillna(0.0), cost
    return pd.DataFrame(dns).astype("int64"), pd.DataFrame(costs)


def _sized(
    scene: _Scene, lies: pd.Series[float], loads: pd.DataFrame, used: pd.Series[bool]
) -> pd.DataFrame:
    """Return the pipes in use with dn and cost_eur, given what lies there already."""
    network, ground = scene.network, scene.plan.ground
    if len(loads) < len(ground.loads):
        part = network.loc[used, _TREE].assign(existing_dn=lies[used])
        return case_of(ground, part, loads).network
    # Everybody is there: the sizes are those of the plan.
    wanted = network["dn"].astype("float64")
    sized = network[["length_m"]].assign(
        dn=wanted.where(lies.isna() | (lies < wanted), lies).astype("int64"),
        existing_dn=lies,
        needs_replacement=lies < wanted,
    )
    cost = network_cost.pipe_costs(
        sized,
        ground.pipes,
        hard_share=network["hard_share"],
        replacement_factor=ground.figures["network.replacement_factor"],
    )
    return sized.join(cost)


def _works_table(streets: pd.DataFrame, choices: pd.DataFrame) -> pd.DataFrame:
    money = ["saving_eur", "waiting_eur", "ahead_eur", "gain_eur"]
    table = choices[["choice", "year", "asset", *money]].join(streets[["length_m", "dwellings"]])
    table.insert(1, "planned_year", streets["year"])
    table = table.rename_axis("street_name").reset_index()
    ordered = table.sort_values(["street_name", "choice"], kind="stable")
    counts = dict.fromkeys(("planned_year", "year", "dwellings"), "Int64")
    texts = dict.fromkeys(("street_name", "choice", "asset"), "str")
    return ordered.reset_index(drop=True).astype({**counts, **texts})


def _works_summary(streets: pd.DataFrame, choices: pd.DataFrame) -> pd.DataFrame:
    rows = choices[["choice", "gain_eur"]].join(streets[["length_m", "dwellings"]])
    sums = rows.assign(streets=1).groupby("choice").sum()
    found = [choice for choice in CHOICES if choice in sums.index]
    table = sums.reindex(found).rename_axis("choice").reset_index()
    columns = ["choice", "streets", "length_m", "gain_eur", "dwellings"]
    return table[columns].astype({"choice": "str", "streets": "Int64", "dwellings": "Int64"})
