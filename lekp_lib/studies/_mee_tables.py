"""Can climate tables do it: what they add, how many, in which halls, whom to invite, who comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from lekp_lib import wording
from lekp_lib.assumptions import load_evening_script
from lekp_lib.domain import activation, climate_tables, targets
from lekp_lib.domain.activation import Case, Plan
from lekp_lib.studies._frames import KeyFigure
from lekp_lib.studies._mee_case import CASE_KEYS, case_of, costs_of, rates_of, typed, visible_groups
from lekp_lib.studies._mee_halls import HALL_KEYS, Halls, Sites, halls_of, sites_of
from lekp_lib.studies._mee_scene import Scene
from lekp_lib.studies._section import Section

__all__ = ["TABLES_KEYS", "tables_section"]

TABLES_KEYS = (
    *CASE_KEYS,
    *HALL_KEYS,
    "tables.per_evening",
)
"""The figures this section reads."""

_TABLE = "climate_table"
_GOAL = "W2e"
_PARTITION = ("owner_mid_high", "owner_low", "tenant")
"""Groups that do not overlap and together are all who live here."""
_SILENT = ("aged_75_plus", "other_language")
_EMPTY = pd.DataFrame()
_LABELS = {
    "climate_tables": ("aantal", "klimaattafels als elk huishouden wordt uitgenodigd"),
    "climate_table_evenings": ("aantal", "avonden daarvoor"),
    "climate_table_extra_households": ("aantal", "extra bereikt als iedereen ook een tafel krijgt"),
    "climate_table_extra_per_keur": ("aantal", "daarvan per 1.000 euro voor die tafels"),
    "hall_worst_m": ("m", "verste wandeling naar de voorgestelde zalen"),
    "hall_covered_share": ("aandeel", "van de woningen heeft zo'n zaal op haalbare afstand"),
    "invitations": ("aantal", "uitnodigingen om één avond eerlijk te vullen"),
    "least_present_ratio": ("-", "minst aanwezige groep als iedereen gelijk wordt uitgenodigd"),
}
"""Key figure → unit and label."""


def tables_section(scene: Scene) -> Section:
    """
    Return what climate tables add, how many are needed, where, and who is then present.

    Parameters
    ----------
    scene : Scene
        With ``TABLES_KEYS`` among its figures.
    """
    households = visible_groups(scene)
    value, groups = _worth(scene, households)
    halls = halls_of(scene)
    sites = sites_of(scene, halls)
    invited, present = _invited(scene, households), _present(scene, households)
    tables = {
        "mee_tafels_nut": value,
        "mee_tafels_groep": groups,
        "mee_tafels_aantal": _sizes(scene, households),
        "mee_zalen": sites.best,
        "mee_zalen_alle": sites.every,
        "mee_zaal_gebruik": sites.use,
        "mee_zaal_te_ver": sites.too_far,
        "mee_uitnodigingen": invited,
        "mee_aanwezig": present,
        "mee_avond": typed("mee_avond", load_evening_script().reset_index()),
    }
    return Section(tables, _figures(tables), _remarks(scene, tables, halls, sites))


# --- what they add --------------------------------------------------------------------------


def _worth(scene: Scene, households: pd.Series[float]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the reach without tables, with them, and with their money spent otherwise."""
    if households.empty:
        return typed("mee_tafels_nut", _EMPTY), typed("mee_tafels_groep", _EMPTY)
    bare = case_of(scene, households, without=_TABLE)
    without = activation.leximin(bare)
    cost = costs_of(scene.used).to_dict("index")[_TABLE]
    extra_eur = cost["fixed_eur"] + cost["household_eur"] * float(households.sum())
    extra_hours = cost["fixed_hours"] + cost["household_hours"] * float(households.sum())
    more = replace(bare, budget_eur=bare.budget_eur + extra_eur, hours=bare.hours + extra_hours)
    allowed = activation.leximin(case_of(scene, households))
    otherwise = activation.leximin(more)
    added = _with_tables(scene, bare, without)
    rows = [
        ("without", without.reach_share, without.cost_eur),
        ("allowed", allowed.reach_share, allowed.cost_eur),
        ("added", added, without.cost_eur + extra_eur),
        ("same_money", otherwise.reach_share, otherwise.cost_eur),
    ]
    value = pd.DataFrame([_variant(*row, households, without) for row in rows])
    extra = added - without.reach_share
    groups = pd.DataFrame(
        {
            "without_share": without.reach_share,
            "allowed_share": allowed.reach_share,
            "added_share": added,
            "extra_share": extra,
            "extra_per_keur": extra * households * 1000.0 / extra_eur,
        }
    )
    return (
        typed("mee_tafels_nut", value),
        typed("mee_tafels_groep", groups.rename_axis("group").reset_index()),
    )


def _with_tables(scene: Scene, bare: Case, plan: Plan) -> pd.Series[float]:
    """Return the reach when everybody is also invited to a table."""
    contacts = plan.contacts.copy()
    contacts.loc[_TABLE] = True
    return activation.reach(contacts.astype("bool"), rates_of(scene.used).rate_share)


def _variant(
    name: str,
    reach: pd.Series[float],
    cost_eur: float,
    households: pd.Series[float],
    without: Plan,
) -> dict[str, Any]:
    total = float((reach * households).sum())
    more = round(total - without.total_households, 9) + 0.0
    dearer = cost_eur - without.cost_eur
    return {
        "variant": name,
        "mean_share": total / float(households.sum()),
        "worst_share": float(reach.min()),
        "total_households": total,
        "extra_households": more,
        "cost_eur": cost_eur,
        "extra_per_keur": more * 1000.0 / dearer if dearer > 0 else np.nan,
    }


# --- how many -------------------------------------------------------------------------------


def _sizes(scene: Scene, households: pd.Series[float]) -> pd.DataFrame:
    dwellings = float(scene.homes["dwellings"].sum())
    asked = targets.target_amounts(
        scene.flanders.targets.loc[[_GOAL]],
        inhabitants=np.nan,
        dwellings=dwellings,
        households=np.nan,
    )
    seats, evening = scene.used["tables.seats"].value, scene.used["tables.per_evening"].value
    rows = []
    for kind, invited in (("pact", float(asked.iloc[0])), ("everybody", dwellings)):
        size, low, high = (
            climate_tables.size_of(
                invited, turnout_share=turnout, seats=seats, tables_per_evening=evening
            )
            for turnout in _turnout(scene, households)
        )
        rows.append(
            {
                "invited_kind": kind,
                "invited": size.invited,
                "expected": size.expected,
                "tables": size.tables,
                "evenings": size.evenings,
                "tables_low": low.tables,
                "tables_high": high.tables,
            }
        )
    return typed("mee_tafels_aantal", pd.DataFrame(rows))


def _turnout(scene: Scene, households: pd.Series[float]) -> tuple[float, float, float]:
    """Return the mean turnout of who lives here, with its range."""
    groups = [group for group in _PARTITION if group in households] or list(_PARTITION)
    weights = households.reindex(groups).fillna(1.0).to_numpy(dtype="float64")
    figures = [scene.used[f"tables.turnout.{group}_share"] for group in groups]
    value, low, high = (
        float(np.average([getattr(one, name) for one in figures], weights=weights))
        for name in ("value", "low", "high")
    )
    return value, low, high


# --- whom to invite, and who comes ----------------------------------------------------------


def _full_evening(scene: Scene) -> int:
    return int(scene.used["tables.seats"].value * scene.used["tables.per_evening"].value)


def _partition(households: pd.Series[float]) -> pd.Series[float]:
    """Return the groups that together are everybody; nothing if too few may be shown."""
    found = households.reindex([group for group in _PARTITION if group in households])
    return found if len(found) > 1 else found.iloc[:0]


def _of_turnout(scene: Scene, groups: pd.Index) -> pd.Series[float]:
    turnouts = {group: scene.used[f"tables.turnout.{group}_share"].value for group in groups}
    return pd.Series(turnouts, index=groups, dtype="float64")


def _invited(scene: Scene, households: pd.Series[float]) -> pd.DataFrame:
    """Return the invitations that fill one evening so that it mirrors the neighbourhood."""
    parts, seats = _partition(households), _full_evening(scene)
    want = climate_tables.proportional_seats(parts, seats=seats)
    for group in _SILENT:
        if group in households:
            rest = float(scene.homes["dwellings"].sum()) - households[group]
            pair = pd.Series({group: households[group], "rest": max(rest, 0.0)})
            want[group] = climate_tables.proportional_seats(pair, seats=seats)[group]
    table = climate_tables.invitations(
        want, _of_turnout(scene, want.index), households.reindex(want.index)
    )
    return typed("mee_uitnodigingen", table.rename_axis("group").reset_index())


def _present(scene: Scene, households: pd.Series[float]) -> pd.DataFrame:
    """Return who is at the tables if all are invited alike, and if silent groups get more."""
    parts = _partition(households)
    if parts.empty:
        return typed("mee_aanwezig", _EMPTY)
    invited = _invited(scene, households).set_index("group")["expected"].astype("float64")
    alike = parts * _of_turnout(scene, parts.index)
    rows = []
    for inviting, present in (("same_for_all", alike), ("per_group", invited[parts.index])):
        _, ratio = climate_tables.representativeness(present, parts)
        rows.append(_presence(inviting, present, parts, ratio))
        for group in _SILENT:
            if group in households:
                rows.append(_silent_presence(scene, inviting, group, households, invited))
    return typed("mee_aanwezig", pd.concat(rows))


def _presence(
    inviting: str, present: pd.Series[float], here: pd.Series[float], ratio: pd.Series[float]
) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "here_share": here / here.sum(),
            "present_share": present / present.sum(),
            "presence_ratio": ratio,
        }
    )
    return table.rename_axis("group").reset_index().assign(inviting=inviting)


def _silent_presence(
    scene: Scene,
    inviting: str,
    group: str,
    households: pd.Series[float],
    invited: pd.Series[float],
) -> pd.DataFrame:
    """Return the presence of a group beside all others, who come as often as people do here."""
    everybody = float(scene.homes["dwellings"].sum())
    here = pd.Series({group: households[group], "rest": everybody - households[group]})
    if inviting == "same_for_all":
        mean, _, _ = _turnout(scene, households)
        own = float(_of_turnout(scene, pd.Index([group])).iloc[0])
        present = here * pd.Series({group: own, "rest": mean})
    else:
        seats = float(_full_evening(scene))
        present = pd.Series({group: invited[group], "rest": seats - invited[group]})
    _, ratio = climate_tables.representativeness(present, here)
    return _presence(inviting, present, here, ratio).iloc[:1]


# --- figures and sentences ------------------------------------------------------------------


def _figures(tables: Mapping[str, pd.DataFrame]) -> tuple[KeyFigure, ...]:
    sizes = tables["mee_tafels_aantal"].set_index("invited_kind").to_dict("index")["everybody"]
    added = tables["mee_tafels_nut"].set_index("variant").to_dict("index").get("added", {})
    best, present = tables["mee_zalen"], tables["mee_aanwezig"]
    advised = best[best["is_advised"].fillna(value=False)].to_dict("records") or [{}]
    alike = present.loc[present["inviting"] == "same_for_all", "presence_ratio"]
    parts = tables["mee_uitnodigingen"]
    letters = parts.loc[parts["group"].isin(_PARTITION), "invitations"]
    numbers: dict[str, Any] = {
        "climate_tables": sizes["tables"],
        "climate_table_evenings": sizes["evenings"],
        "climate_table_extra_households": added.get("extra_households"),
        "climate_table_extra_per_keur": added.get("extra_per_keur"),
        "hall_worst_m": advised[0].get("worst_m"),
        "hall_covered_share": advised[0].get("covered_far_share"),
        "invitations": letters.sum() if len(letters) else None,
        "least_present_ratio": alike.min() if len(alike) else None,
    }
    return tuple(
        KeyFigure(
            key, None if numbers[key] is None else float(numbers[key]), unit, label, "assumed", 2
        )
        for key, (unit, label) in _LABELS.items()
    )


def _remarks(
    scene: Scene, tables: Mapping[str, pd.DataFrame], halls: Halls, sites: Sites
) -> tuple[str, ...]:
    parts = (
        _on_value(tables["mee_tafels_nut"]),
        _on_size(tables["mee_tafels_aantal"]),
        _on_origin(halls),
        _on_halls(scene, tables, sites),
        _on_invitations(tables["mee_uitnodigingen"], scene),
        _on_presence(tables["mee_aanwezig"]),
        "Opkomst en respons zijn planwaarden: we vonden geen Vlaamse meting. Tel na elke avond per "
        "groep hoeveel mensen er zaten, zonder namen, en vul die opkomst in als eigen aanname.",
    )
    return tuple(part for part in parts if part)


def _on_value(value: pd.DataFrame) -> str:
    if value.empty:
        return (
            "De groepen zijn te klein om te tonen wat tafels toevoegen. Neem enkele wijken samen."
        )
    extra = dict(zip(value["variant"], value["extra_households"], strict=True))
    worst = dict(zip(value["variant"], value["worst_share"], strict=True))
    per = dict(zip(value["variant"], value["extra_per_keur"], strict=True))
    is_idle = extra["allowed"] == 0 and worst["allowed"] == worst["without"]
    first = "Met hetzelfde geld voegen klimaattafels niets toe. " if is_idle else ""
    verdict = (
        "Als middel om mensen te bereiken zijn tafels hier dus de betere keuze."
        if extra["added"] > extra["same_money"]
        else "Als middel om veel mensen te bereiken zijn klimaattafels hier dus niet de beste "
        "keuze. Hun waarde ligt elders: samen een plan maken voor de straat. Dat rekenen wij niet "
        "uit."
    )
    return (
        f"{first}Vraagt u elk huishouden ook aan tafel, met extra geld, dan bereikt u "
        f"{wording.number(extra['added'], 1)} huishoudens extra: {wording.number(per['added'], 1)} "
        "per 1.000 euro, binnen onze aannames. Hetzelfde extra geld aan een andere aanpak bereikt "
        f"{wording.number(extra['same_money'], 1)} huishoudens extra. {verdict}"
    )


def _on_size(sizes: pd.DataFrame) -> str:
    count = {row["invited_kind"]: row for row in sizes.to_dict("records")}
    pact, everybody = count["pact"], count["everybody"]
    return (
        "Nodigt u elk huishouden uit, dan komen er ongeveer "
        f"{wording.number(everybody['expected'])} mensen: {_tables(everybody['tables'])} "
        f"({wording.number(everybody['tables_low'])} tot "
        f"{wording.number(everybody['tables_high'])}), op {_evenings(everybody['evenings'])}. Het "
        "klimaatpact vroeg, voor wie 2.0 ondertekende, om "
        f"{_homes(pact['invited'])} uit te nodigen: dat vult {_tables(pact['tables'])}."
    )


def _homes(count: float) -> str:
    return f"{wording.number(count)} {'huishouden' if round(count) == 1 else 'huishoudens'}"


def _tables(count: float) -> str:
    return f"{wording.number(count)} {'tafel' if count == 1 else 'tafels'}"


def _evenings(count: float) -> str:
    return f"{wording.number(count)} {'avond' if count == 1 else 'avonden'}"


def _on_origin(halls: Halls) -> str:
    if halls.origin == "none":
        return (
            "Er is geen zaal bekend: de tabel locaties ontbreekt of bevat geen geschikte plek, en "
            "we vonden geen school of gemeenschapsgebouw. We tonen dus enkel hoeveel tafels u "
            "nodig hebt, niet waar. Een denkbeeldige zaal in het midden tekenen we niet."
        )
    if halls.origin == "gebouwen":
        return (
            "De tabel locaties ontbreekt of bevat geen geschikte plek. We namen daarom scholen en "
            "andere openbare gebouwen in de wijk; of daar plaats is, en of iedereen binnen kan, is "
            "niet nagegaan."
        )
    if halls.n_left_out > 0:
        count = "1 plek" if halls.n_left_out == 1 else f"{wording.number(halls.n_left_out)} plekken"
        return f"We lieten {count} weg: te klein, niet toegankelijk, of te veel om te vergelijken."
    return ""


def _on_halls(scene: Scene, tables: Mapping[str, pd.DataFrame], sites: Sites) -> str:
    if not sites.advised:
        return ""
    best, n_choices = tables["mee_zalen"], len(tables["mee_zalen_alle"])
    row = best[best["is_advised"].fillna(value=False)].iloc[0]
    far_m = wording.quantity(scene.used["tables.far_m"].value, "m")
    names = wording.join([f"«{name}»" for name in sites.advised])
    whole = f"Alle {wording.number(n_choices)} keuzes zijn vergeleken. " if n_choices > 1 else ""
    why = (
        f" Meer zalen samen brengen niet meer mensen binnen {far_m}."
        if n_choices > 1 and len(sites.advised) < int(best["n_halls"].max())
        else ""
    )
    return (
        f"{whole}Ons voorstel is {names}: gemiddeld {wording.quantity(float(row['mean_m']), 'm')} "
        f"wandelen, hoogstens {wording.quantity(float(row['worst_m']), 'm')}.{why}"
        f"{_on_left_out(float(tables['mee_zaal_gebruik']['too_far'].sum()), far_m)}"
        f"{_on_straight(sites.n_straight)}"
    )


def _on_left_out(dwellings: float, far_m: str) -> str:
    if dwellings <= 0:
        return ""
    return (
        f" Voor {wording.number(dwellings)} woningen blijft het verder dan {far_m}: bied daar "
        "vervoer aan of ga zelf langs."
    )


def _on_straight(buildings: int) -> str:
    if buildings == 0:
        return ""
    return (
        f" Voor {wording.number(buildings)} gebouwen vonden we geen weg over straat; daar rekenden "
        "we met de rechte lijn en een omweg."
    )


def _on_invitations(invited: pd.DataFrame, scene: Scene) -> str:
    letters = float(invited.loc[invited["group"].isin(_PARTITION), "invitations"].sum())
    if letters <= 0:
        return ""
    seats = wording.number(_full_evening(scene))
    short = invited[~invited["is_enough"].astype("bool")]
    text = (
        f"Om één avond met {seats} plaatsen eerlijk te vullen vraagt u "
        f"{wording.number(letters)} huishoudens, met meer brieven voor groepen die minder komen."
    )
    if short.empty:
        return text
    names = wording.join([f"«{wording.label('activation_group', one)}»" for one in short["group"]])
    fair = _fair_seats(invited, scene)
    instead = (
        f"neem dan {wording.number(fair)} plaatsen in plaats van {seats}: dan kan elke groep er "
        "zijn zoals in de wijk"
        if fair > 0
        else "een eerlijke avond lukt dan niet met deze opkomst"
    )
    return (
        f"{text} Er wonen te weinig mensen van deze groepen: {names}. De kleinste toegeving is "
        f"samen {wording.number(float(short['short'].sum()))} van hun plaatsen los te laten. Of "
        f"{instead}. Of zoek een brugfiguur die de opkomst verhoogt."
    )


def _fair_seats(invited: pd.DataFrame, scene: Scene) -> int:
    """Return the largest evening at which no group is short."""
    table = invited.set_index("group")
    households = table["households"].astype("float64")
    parts, seats = _partition(households), _full_evening(scene)
    found = [climate_tables.fair_seats(parts, table.loc[parts.index, "turnout_share"], seats=seats)]
    for group in _SILENT:
        if group in households:
            rest = float(scene.homes["dwellings"].sum()) - households[group]
            pair = pd.Series({group: households[group], "rest": max(rest, 0.0)})
            turnout = pd.Series({group: table["turnout_share"][group], "rest": 1.0})
            found.append(climate_tables.fair_seats(pair, turnout, seats=seats))
    return min(found)


def _on_presence(present: pd.DataFrame) -> str:
    alike = present[present["inviting"] == "same_for_all"]
    if alike.empty:
        return ""
    least = alike.sort_values("presence_ratio", kind="stable").iloc[0]
    return (
        "Krijgt iedereen dezelfde brief, dan zit "
        f"«{wording.label('activation_group', least['group'])}» het minst aan tafel: "
        f"{wording.share(float(least['present_share']))} van wie komt, tegenover "
        f"{wording.share(float(least['here_share']))} van wie hier woont."
    )
