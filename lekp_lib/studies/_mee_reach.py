"""Which activation reaches everybody: three plans, what fairness costs, and works over time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from lekp_lib import assumptions as packaged
from lekp_lib import wording
from lekp_lib.assumptions import Assumptions, load_sources, load_strategies
from lekp_lib.contracts.lists import ACTIVATION_GROUPS
from lekp_lib.contracts.results.mee_reach import SEGMENTS
from lekp_lib.domain import activation, adoption
from lekp_lib.domain.activation import Case, Plan
from lekp_lib.studies._frames import KeyFigure
from lekp_lib.studies._mee_case import (
    CASE_KEYS,
    FLATS,
    case_of,
    costs_of,
    rates_of,
    typed,
    visible_groups,
)
from lekp_lib.studies._mee_scene import Scene
from lekp_lib.studies._section import Section

__all__ = ["REACH_KEYS", "reach_section"]

_DAYS = (
    "activation.extra_days.one",
    "activation.extra_days.five",
    "activation.extra_days.twenty",
)
_FLOORS = (
    "activation.floor.a_share",
    "activation.floor.b_share",
    "activation.floor.c_share",
    "activation.floor.d_share",
)
_FOLLOW = (
    "counter.passes.visit_share",
    "counter.passes.quote_share",
    "counter.passes.order_share",
)
_CHANCES = {
    "house_owner_occupied": "adoption.house.owner_occupied_share",
    "house_private_rental": "adoption.house.private_rental_share",
    "house_social_rental": "adoption.house.social_rental_share",
    "apartment_owner_occupied": "adoption.apartment.owner_occupied_share",
    "apartment_private_rental": "adoption.apartment.private_rental_share",
    "apartment_social_rental": "adoption.apartment.social_rental_share",
}
"""Kind of home → its chance to be renovated in a year."""

REACH_KEYS = (
    *CASE_KEYS,
    "activation.day_hours",
    *_DAYS,
    *_FLOORS,
    *_FOLLOW,
    *_CHANCES.values(),
    "adoption.flemish_rate_share",
    "adoption.imitation_share",
    "adoption.campaign_years",
    "adoption.years",
)
"""The figures this section reads."""

_DOOR = "door_to_door"
_PLANNERS = {
    "utilitarian": activation.utilitarian,
    "maximin": activation.maximin,
    "leximin": activation.leximin,
}
_DECIDES: Mapping[str, tuple[str, ...]] = {
    "owner_occupied": ("owner_mid_high", "owner_low"),
    "private_rental": ("landlord",),
}
"""Tenure → the groups that decide on works there; a housing company decides by itself."""
_SHOWN_BY = {
    "owner_occupied": "owner_mid_high",
    "private_rental": "landlord",
    "social_rental": "social_tenant",
}
"""Tenure → the group that must be large enough for it to be shown."""
_LABELS = {
    "reach_most_share": ("aandeel", "gemiddeld bereik van het plan met het hoogste totaal"),
    "reach_most_worst_share": (
        "aandeel",
        "bereik van de slechtst bereikte groep in het plan met het hoogste totaal",
    ),
    "reach_fair_share": ("aandeel", "gemiddeld bereik van het eerlijkste plan"),
    "reach_fair_worst_share": (
        "aandeel",
        "bereik van de slechtst bereikte groep in het eerlijkste plan",
    ),
    "price_of_fairness_share": (
        "aandeel",
        "van het hoogste totaal dat het eerlijkste plan opgeeft",
    ),
    "groups_at_zero": ("aantal", "groepen die het plan met het hoogste totaal niet aanspreekt"),
    "campaign_homes": ("aantal", "extra gerenoveerde woningen door de campagne"),
}
"""Key figure → unit and label."""


@dataclass(frozen=True)
class _Works:
    """Renovations over time: per year, per kind of home, and what the campaign adds."""

    years: pd.DataFrame
    segments: pd.DataFrame


def reach_section(scene: Scene) -> Section:
    """
    Return who is reached by which plan, what fairness costs and what comes of it.

    Parameters
    ----------
    scene : Scene
        With ``REACH_KEYS`` among its figures.
    """
    households = visible_groups(scene)
    tables = {
        "mee_strategieen": _strategies(scene.used),
        "mee_kosten": typed(
            "mee_kosten", costs_of(scene.used).rename_axis("approach").reset_index()
        ),
    }
    if households.empty:
        nothing = pd.DataFrame()
        names = ("plannen", "bereik", "grens", "ondergrens", "extra_dag", "adoptie",
                 "adoptie_segment")  # fmt: skip
        tables |= {f"mee_{name}": typed(f"mee_{name}", nothing) for name in names}
        return Section(tables, _figures({}), (_TOO_SMALL,))
    case = case_of(scene, households)
    plans = {name: planner(case) for name, planner in _PLANNERS.items()}
    floors, days = _floors(case, plans["utilitarian"], scene.used), _more_days(case, plans, scene)
    works = _works(scene, households, plans["leximin"])
    tables |= {
        "mee_plannen": _plans(plans),
        "mee_bereik": _reach(plans, scene.used),
        "mee_grens": typed("mee_grens", activation.frontier(case)),
        "mee_ondergrens": floors,
        "mee_extra_dag": days,
        "mee_adoptie": works.years,
        "mee_adoptie_segment": works.segments,
    }
    remarks = _remarks(scene, case, plans, tables)
    return Section(tables, _figures(_numbers(plans, works)), remarks)


_TOO_SMALL = (
    "Geen enkele groep heeft genoeg huishoudens om te tonen. Daarom rekenen we hier geen plan uit. "
    "Neem een grotere wijk, of neem enkele wijken samen."
)


# --- the tables -----------------------------------------------------------------------------


def _strategies(used: Assumptions) -> pd.DataFrame:
    """Return the rates as they are used, with what is known of them."""
    table = load_strategies()
    rates = rates_of(used)._asdict()
    for name, wide in rates.items():
        table[name] = [wide.loc[strategy, group] for strategy, group in table.index]
    titles = load_sources()["title"]
    source = table["observed_source_id"].map(titles).fillna("")
    observed = table["observed"] + (" Bron: " + source + ".").where(source != "", "")
    measured = table["is_flemish"].map(
        {True: "één Vlaamse meting van het niveau", False: "geen Vlaamse meting"}
    )
    return typed(
        "mee_strategieen",
        table.assign(observed=observed, measured=measured)
        .rename_axis(["approach", "group"])
        .reset_index(),
    )


def _plans(plans: Mapping[str, Plan]) -> pd.DataFrame:
    rows = [
        {
            "plan": name,
            "total_households": plan.total_households,
            "mean_share": plan.mean_share,
            "worst_share": plan.worst_share,
            "worst_group": plan.reach_share.idxmin(),
            "groups_at_zero": int((plan.reach_share == 0).sum()),
            "price_share": activation.price_of_fairness(plans["utilitarian"], plan),
            "cost_eur": plan.cost_eur,
            "hours": plan.hours,
            "is_proven": plan.is_proven,
        }
        for name, plan in plans.items()
    ]
    return typed("mee_plannen", pd.DataFrame(rows))


def _reach(plans: Mapping[str, Plan], used: Assumptions) -> pd.DataFrame:
    """Return the reach per plan and group, also if all rates are low or high."""
    rates = rates_of(used)
    parts = []
    for name, plan in plans.items():
        low, high = (
            activation.reach(plan.contacts, wide) for wide in (rates.low_share, rates.high_share)
        )
        ways = {group: _named_ways(used_by) for group, used_by in plan.contacts.items()}
        part = plan.reach_share.to_frame().assign(
            plan=name, low_share=low, high_share=high, strategies=pd.Series(ways)
        )
        parts.append(part.rename_axis("group").reset_index())
    return typed("mee_bereik", pd.concat(parts))


def _named_ways(is_used: pd.Series[Any]) -> str:
    names = [wording.label("strategy", strategy) for strategy in is_used.index[is_used]]
    return wording.join(names) or "niet aangesproken"


def _floors(case: Case, most: Plan, used: Assumptions) -> pd.DataFrame:
    """Return what each floor costs, or what keeps it out of reach."""
    rows = []
    for name in _FLOORS:
        floor = used[name].value
        why = activation.obstacle(case, floor)
        plan = activation.plan_above(case, floor)
        labels = [wording.label("activation_group", group) for group in why.groups]
        row: dict[str, Any] = {
            "floor_share": floor,
            "is_feasible": plan is not None,
            "limit": "none" if plan is not None else why.limit,
            "groups": wording.join(labels) or None,
            "needed_eur": why.needed_eur,
            "needed_hours": why.needed_hours,
        }
        if plan is not None:
            row["mean_share"] = plan.mean_share
            row["price_share"] = activation.price_of_fairness(most, plan)
        rows.append(row)
    return typed("mee_ondergrens", pd.DataFrame(rows))


def _more_days(case: Case, plans: Mapping[str, Plan], scene: Scene) -> pd.DataFrame:
    """Return the plans made anew with more days of door-to-door, and the money for those days."""
    used = scene.used
    day_hours = used["activation.day_hours"].value
    homes_a_day = day_hours / used[f"activation.{_DOOR}.household_hours"].value
    day_eur = homes_a_day * used[f"activation.{_DOOR}.household_eur"].value
    rows = []
    for name in ("utilitarian", "maximin"):
        for days in (0, *(int(used[one].value) for one in _DAYS)):
            more = replace(
                case,
                budget_eur=case.budget_eur + days * day_eur,
                hours=case.hours + days * day_hours,
            )
            plan = _PLANNERS[name](more) if days else plans[name]
            rows.append(
                {
                    "plan": name,
                    "days": days,
                    "worst_share": plan.worst_share,
                    "total_households": plan.total_households,
                    "worst_gain_share": plan.worst_share - plans[name].worst_share,
                    "gain_households": plan.total_households - plans[name].total_households,
                    "extra_eur": days * day_eur,
                }
            )
    return typed("mee_extra_dag", pd.DataFrame(rows))


# --- works over time ------------------------------------------------------------------------


def _works(scene: Scene, households: pd.Series[float], plan: Plan) -> _Works:
    """Return the renovations with the campaign; kinds of homes that may not be shown drop out."""
    homes = _homes_per_segment(scene, households)
    used = scene.used
    if not homes.sum() > 0:
        nothing = pd.DataFrame()
        return _Works(typed("mee_adoptie", nothing), typed("mee_adoptie_segment", nothing))
    chances = {name: used[_CHANCES[name]].value for name in homes.index}
    base = adoption.scaled_hazard(
        pd.Series(chances),
        homes,
        mean_share=used["adoption.flemish_rate_share"].value,
    )
    years = int(used["adoption.years"].value)
    extra = adoption.campaign_hazard(
        _reach_per_segment(homes.index, households, plan),
        follow_share=float(np.prod([used[one].value for one in _FOLLOW])),
        campaign_years=int(used["adoption.campaign_years"].value),
        years=years,
    )
    imitation = used["adoption.imitation_share"].value
    with_campaign, without = (
        adoption.adoption(homes, base, push, imitation=imitation) for push in (extra, extra * 0.0)
    )
    last = with_campaign[with_campaign["year"] == years].set_index("segment")
    shares = last[["bass_homes", "hazard_homes"]].div(homes, axis=0)
    segments = shares.set_axis(["bass_share", "hazard_share"], axis=1).assign(base_share=base)
    compared = adoption.compare(with_campaign, without).reset_index()
    return _Works(
        typed("mee_adoptie", compared),
        typed("mee_adoptie_segment", segments.rename_axis("segment").reset_index()),
    )


def _homes_per_segment(scene: Scene, households: pd.Series[float]) -> pd.Series[float]:
    segments = scene.segments
    tenures = [tenure for tenure, group in _SHOWN_BY.items() if group in households]
    is_shown = segments["tenure"].isin(tenures)
    kind = segments["building_type"].isin(FLATS).map({True: "apartment", False: "house"})
    names = kind + "_" + segments["tenure"].astype("str")
    homes = segments.loc[is_shown, "dwellings"].groupby(names[is_shown]).sum()
    found = _without_few(homes, _smallest_cell(scene.used))
    return found.reindex([name for name in SEGMENTS if name in found.index]).astype("float64")


def _smallest_cell(used: Assumptions) -> float:
    """Return the threshold; a place may make it stricter, never looser."""
    key = "privacy.smallest_cell"
    return max(used[key].value, packaged.load()[key].value)


def _without_few(homes: pd.Series[float], smallest: float) -> pd.Series[float]:
    """
    Count too few homes of one kind with the other kind of the same tenure.

    The totals per year are sums over kinds of home with known chances: with enough years the
    homes of each kind could be worked out.
    """
    kept = homes.copy()
    for name in homes.index[homes < smallest]:
        kind, _, tenure = str(name).partition("_")
        other = f"{'house' if kind == 'apartment' else 'apartment'}_{tenure}"
        if other in kept.index:
            kept[other] += kept[name]
            kept = kept.drop(name)
    return kept[kept >= smallest]


def _reach_per_segment(
    segments: pd.Index, households: pd.Series[float], plan: Plan
) -> pd.Series[float]:
    """Return the reach among those who decide on works in each kind of home."""
    reach = {}
    for segment in segments:
        tenure = str(segment).partition("_")[2]
        groups = [group for group in _DECIDES.get(tenure, ()) if group in households]
        weights = households[groups]
        known = float((plan.reach_share[groups] * weights).sum())
        reach[segment] = known / float(weights.sum()) if groups else 0.0
    return pd.Series(reach, dtype="float64")


# --- figures and sentences ------------------------------------------------------------------


def _numbers(plans: Mapping[str, Plan], works: _Works) -> dict[str, float]:
    most, fair = plans["utilitarian"], plans["leximin"]
    homes = works.years["hazard_extra_homes"]
    return {
        "reach_most_share": most.mean_share,
        "reach_most_worst_share": most.worst_share,
        "reach_fair_share": fair.mean_share,
        "reach_fair_worst_share": fair.worst_share,
        "price_of_fairness_share": activation.price_of_fairness(most, fair),
        "groups_at_zero": float((most.reach_share == 0).sum()),
        "campaign_homes": float(homes.iloc[-1]) if len(homes) else np.nan,
    }


def _figures(numbers: Mapping[str, float]) -> tuple[KeyFigure, ...]:
    return tuple(
        KeyFigure(key, numbers.get(key), unit, label, "assumed", 2)
        for key, (unit, label) in _LABELS.items()
    )


def _remarks(
    scene: Scene, case: Case, plans: Mapping[str, Plan], tables: Mapping[str, pd.DataFrame]
) -> tuple[str, ...]:
    parts = (
        _on_most(plans["utilitarian"], case),
        _on_first_step(tables["mee_grens"]),
        _on_fair(plans),
        _on_floors(tables["mee_ondergrens"]),
        _on_days(tables["mee_extra_dag"]),
        _on_works(tables["mee_adoptie"]),
        _on_hidden(scene, case),
        "De cijfers per aanpak zijn planwaarden: enkel voor de brief vonden we een Vlaamse meting "
        "van het niveau. We nemen aan dat elke aanpak los van de andere werkt; wie twee keer "
        "wordt aangesproken, is in werkelijkheid vaak dezelfde. De echte cijfers liggen dus "
        "eerder lager.",
        "" if scene.has_households else
        "Zonder de tabel huishoudens zijn de groepen geschat zoals in heel Vlaanderen. Dit "
        "antwoord is dan zwak: gebruik het om te leren rekenen, niet om te beslissen.",
    )  # fmt: skip
    return tuple(part for part in parts if part)


def _groups(names: pd.Index) -> str:
    return wording.join([f"«{wording.label('activation_group', name)}»" for name in names])


def _on_most(plan: Plan, case: Case) -> str:
    money = wording.quantity(case.budget_eur, "EUR")
    hours = wording.quantity(case.hours, "uur")
    intro = (
        f"Met {money} en {hours} bereikt het plan met het hoogste totaal gemiddeld "
        f"{wording.share(plan.mean_share, 1)} van de groepen, binnen onze aannames."
    )
    at_zero = plan.reach_share.index[plan.reach_share == 0]
    if at_zero.empty:
        return f"{intro} Elke groep wordt daarbij aangesproken."
    if len(at_zero) == len(plan.reach_share):
        return "Met dit geld en deze uren kan geen enkele aanpak starten: niemand wordt bereikt."
    return f"{intro} Niemand spreekt dan aan: {_groups(at_zero)}. Daar is het bereik 0 %."


def _on_fair(plans: Mapping[str, Plan]) -> str:
    most, fair = plans["utilitarian"], plans["leximin"]
    price = activation.price_of_fairness(most, fair)
    if fair.worst_share <= most.worst_share:
        return "Een eerlijker verdeling tilt de slechtst bereikte groep hier niet op: " + (
            "er is te weinig geld of tijd." if fair.worst_share == 0 else "het plan is al eerlijk."
        )
    return (
        "Kiest u voor de slechtst bereikte groep, dan gaat die van "
        f"{wording.share(most.worst_share, 1)} naar {wording.share(fair.worst_share, 1)}. Dat kost "
        f"{wording.share(price, 1)} van het totale bereik: de prijs van eerlijkheid."
    )


def _on_first_step(trades: pd.DataFrame) -> str:
    """Say what the first step away from the highest total gives, where more steps follow."""
    if len(trades) <= 2:
        return ""
    step = trades.iloc[1]
    return (
        f"De eerste stap is het goedkoopst: voor {wording.share(float(step['price_share']), 1)} "
        "van het totale bereik wordt elke groep al voor minstens "
        f"{wording.share(float(step['worst_share']), 1)} bereikt."
    )


def _on_floors(floors: pd.DataFrame) -> str:
    out = floors[~floors["is_feasible"].astype("bool")]
    if out.empty:
        return ""
    first = out.iloc[0]
    text = (
        f"Elke groep voor minstens {wording.share(first['floor_share'])} bereiken lukt niet: "
        f"{wording.label('reach_limit', first['limit'])}."
    )
    if first["limit"] == "rates":
        return f"{text} Het gaat om: {first['groups']}."
    needs = [
        *(
            [wording.quantity(_up(float(first["needed_eur"])), "EUR")]
            * ("budget" in first["limit"])
        ),
        *([wording.quantity(float(first["needed_hours"]), "uur")] * ("hours" in first["limit"])),
    ]
    return f"{text} Nodig is minstens {wording.join(needs)}."


def _up(amount: float) -> float:
    """Return an amount in hundreds that is surely enough."""
    return math.ceil(amount / 100.0) * 100.0 if math.isfinite(amount) else amount


def _on_days(days: pd.DataFrame) -> str:
    own = days[days["plan"] == "maximin"]
    now, fair = own.iloc[0], own[own["days"] > 0]
    gains = fair[fair["worst_gain_share"] > 0]
    one = fair.iloc[0]
    if gains.empty:
        most = wording.number(int(fair["days"].max()))
        return (
            f"Zelfs {most} dagen deur aan deur extra helpen de slechtst bereikte groep niet: een "
            "groep wordt hier helemaal aangesproken of niet, en daarvoor is dat nog te weinig."
        )
    first = gains.iloc[0]
    count = wording.number(int(first["days"]))
    text = (
        f"Met {count} {'dag' if first['days'] == 1 else 'dagen'} deur aan deur extra "
        f"({wording.quantity(float(first['extra_eur']), 'EUR')}) stijgt het bereik van de slechtst "
        f"bereikte groep van {wording.share(float(now['worst_share']), 1)} naar "
        f"{wording.share(float(first['worst_share']), 1)}."
    )
    if int(first["days"]) == int(one["days"]):
        return text
    return f"Eén dag deur aan deur meer verandert nog niets voor de slechtst bereikte groep. {text}"


def _on_works(years: pd.DataFrame) -> str:
    if years.empty:
        return ""
    last = years.iloc[-1]
    low, high = sorted((float(last["hazard_homes"]), float(last["bass_homes"])))
    return (
        f"Na {wording.number(int(last['year']))} jaar zijn {wording.number(low)} tot "
        f"{wording.number(high)} woningen gerenoveerd, binnen onze aannames. De campagne van het "
        f"eerlijke plan brengt daarvan {wording.number(float(last['hazard_extra_homes']))} tot "
        f"{wording.number(float(last['bass_extra_homes']))} woningen. Sociale huurwoningen volgen "
        "het ritme van de woonmaatschappij: daar beslist de huurder niet."
    )


def _on_hidden(scene: Scene, case: Case) -> str:
    counts = scene.groups["households"]
    hidden = [name for name in ACTIVATION_GROUPS
              if counts.get(name, 0) > 0 and name not in case.households]  # fmt: skip
    if not hidden:
        return ""
    return (
        f"Niet meegerekend, want te klein om te tonen: {_groups(pd.Index(hidden))}. Vergeet deze "
        "mensen niet: spreek hen persoonlijk aan."
    )
