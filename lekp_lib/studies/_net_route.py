"""Question 1 of work programme 1: can the whole neighbourhood switch to one network at once?"""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd

from lekp_lib import wording
from lekp_lib.contracts import Place
from lekp_lib.contracts.results.warmtenet_route import (
    CURVES,
    HEAT_USES,
    MONTHS,
    REPAIRS,
    SELECTIONS,
    SOURCE_ORIGINS,
    TRENCHES,
    WAYS,
)
from lekp_lib.domain import heat_load
from lekp_lib.domain.street_graph import REPAIR_KINDS
from lekp_lib.studies._frames import KeyFigure
from lekp_lib.studies._net_plan import Plan
from lekp_lib.studies._net_route_choice import choice_tables
from lekp_lib.studies._net_route_cost import (
    compared,
    invested,
    per_dwelling,
    rules_compared,
    source_kw,
)
from lekp_lib.studies._net_route_lines import drawn_mains, lines_of
from lekp_lib.studies._section import Section
from lekp_lib.studies._warmtenet_scene import Neighbourhood
from lekp_lib.units import HOURS_PER_YEAR, KWH_PER_MWH

__all__ = ["route_section"]

_CURVE_POINTS = 60
_COMMON_YEAR = "2001-01-01"
"""Any year without 29 February: only the months count."""

_SAID = ("yearly_eur", "grid_eur")
_REPAIR_LABELS = dict(zip(REPAIR_KINDS, REPAIRS, strict=False))


def route_section(plan: Plan, place: Place, hood: Neighbourhood) -> Section:
    """
    Return the route, the pipes, the cost and the sources of one network for everybody.

    Parameters
    ----------
    plan : Plan
    place : Place
        With its assumptions.
    hood : Neighbourhood
        For the names of the streets.

    Returns
    -------
    Section
        The tables of ``contracts.results.warmtenet_route``; those of ``choice_tables`` are
        absent where nobody lives.
    """
    mains = drawn_mains(plan, place, hood)
    lines = lines_of(mains, ["street_name", "dn", "label"])
    tables = {
        "net_kaart": lines.rename(columns={"label": "kind"}).astype({"dn": "Int64"}),
        "net_herstel": _repairs(plan),
        "net_herstel_aantallen": _repair_counts(plan),
        "net_diameters": _diameters(plan, mains["is_small"]),
        "net_kosten": invested(plan, place),
        "net_vergelijking": compared(plan),
        "net_gelijktijdigheid": rules_compared(plan),
        "net_bronnen": _sources(plan),
        "belastingduurkromme": _duration(plan),
        "warmte_per_maand": _months(plan),
        **choice_tables(plan, place, hood),
    }
    return Section(tables, _figures(plan), _remarks(plan, tables))


def _repairs(plan: Plan) -> gpd.GeoDataFrame:
    """Return table ``net_herstel``; loose ends that were tied in are too small to draw."""
    repairs = plan.ground.graph.repairs
    drawn = repairs[repairs["kind"] != REPAIR_KINDS[0]]
    table = drawn.assign(kind=drawn["kind"].map(_REPAIR_LABELS).astype("str"))
    return table[["kind", "gap_m", "length_m", "geometry"]].reset_index(drop=True)


def _repair_counts(plan: Plan) -> pd.DataFrame:
    """Return table ``net_herstel_aantallen``, a row for everything that can happen."""
    ground = plan.ground
    repairs = pd.DataFrame(ground.graph.repairs.drop(columns="geometry"))
    sums = repairs.groupby("kind").agg(
        number=("kind", "size"), gap_m=("gap_m", "sum"), length_m=("length_m", "sum")
    )
    table = sums.reindex(REPAIR_KINDS).fillna(0.0)
    n_far = len(ground.graph.too_far)
    without = pd.DataFrame({"number": [n_far, ground.n_unreached - n_far]})
    table = pd.concat([table, without], ignore_index=True)
    table.insert(0, "kind", pd.Series(REPAIRS, dtype="str"))
    return table.astype({"number": "int64"}).astype({"number": "Int64"})


def _diameters(plan: Plan, is_small: pd.Series[bool]) -> pd.DataFrame:
    """
    Return table ``net_diameters``.

    Branches with few dwellings stand together without a size: the metres of a size less those
    on the map would give their size away.

    ``counted``: for a size in the street the most dwellings behind one pipe, for a size of house
    connection all dwellings that hang on one, for the small branches all dwellings behind them.
    A size without dwellings is that of some large user, hence it counts as one household.
    """
    network = plan.case.network
    is_main = network["kind"] != "service"
    small = is_small.reindex(network.index, fill_value=False)
    pipes = pd.DataFrame(network.drop(columns="geometry")).assign(
        trench=np.where(is_main, *TRENCHES),
        dn=network["dn"].astype("Int64").mask(small),
        behind=network["dwellings"].mask(is_main & network["upstream"].isin(small.index[small]), 0),
    )
    groups = pipes.groupby(["trench", "dn"], sort=True, dropna=False)
    table = groups[["length_m", "cost_eur", "loss_mwh"]].sum()
    most, together = groups["dwellings"].max(), groups["behind"].sum()
    of_mains = table.index.get_level_values("trench") == TRENCHES[0]
    of_mains &= table.index.get_level_values("dn").notna()
    total = table.groupby("trench")["length_m"].transform("sum")
    table = table.assign(
        share=(table["length_m"] / total).fillna(0.0), counted=most.where(of_mains, together)
    )
    table["counted"] = table["counted"].clip(lower=1)
    return table.reset_index().astype({"trench": "str", "dn": "Int64", "counted": "Int64"})


def _sources(plan: Plan) -> pd.DataFrame:
    """
    Return table ``net_bronnen``, in the order in which the sources run.

    Capacity and price of a source that was given belong to its owner: no price, and the
    capacity of every source in round figures, as the reserve would give it away.
    """
    table = plan.case.supply.by_source
    is_given = table.index.isin(plan.ground.sources.index)
    given, assumed, reserve = SOURCE_ORIGINS
    origin = np.select([is_given, ~table["is_peak"].astype(bool)], [given, assumed], reserve)
    heat, capacity = table["heat_mwh"], _shown_kw(plan, table["capacity_kw"])
    price = table["cost_eur"] / heat.where(heat > 0)
    return (
        table[["kind", "heat_mwh", "heat_share", "co2_t"]]
        .assign(
            origin=origin,
            capacity_kw=capacity,
            full_load_hours=(heat * KWH_PER_MWH / capacity.where(capacity > 0)).fillna(0.0),
            cost_eur_mwh=price.mask(is_given),
        )
        .reset_index(drop=True)
        .astype({"kind": "str", "origin": "str"})
    )


def _shown_kw(plan: Plan, capacity_kw: pd.Series[float]) -> pd.Series[float]:
    """Return capacities as they may be shown: with one figure and zeros where one was given."""
    if plan.ground.sources.empty:
        return capacity_kw
    step = 10.0 ** np.floor(np.log10(capacity_kw.where(capacity_kw > 0, 1.0)))
    return (capacity_kw / step).round() * step


def _duration(plan: Plan) -> pd.DataFrame:
    """Return table ``belastingduurkromme``."""
    plant = plan.case.plant
    base = plant.loc[~plant["is_peak"].astype(bool), "delivered_kw"]
    base_kw = float(_shown_kw(plan, base).sum())
    asked = heat_load.duration_curve(plan.case.hours["load_kw"], points=_CURVE_POINTS)
    asked = asked.rename(columns={"load_kw": "power_kw"})
    curves = dict(zip(CURVES, (asked, asked.assign(power_kw=base_kw)), strict=True))
    table = pd.concat([curve.assign(curve=name) for name, curve in curves.items()])
    return table.reset_index(drop=True).astype({"curve": "str", "hours": "Int64"})


def _months(plan: Plan) -> pd.DataFrame:
    """Return table ``warmte_per_maand``."""
    month = pd.date_range(_COMMON_YEAR, periods=HOURS_PER_YEAR, freq="h").month
    hours = plan.case.hours[["space_kw", "hot_water_kw", "losses_kw"]].set_axis(HEAT_USES, axis=1)
    sums = (hours.groupby(np.asarray(month)).sum() / KWH_PER_MWH).set_axis(list(MONTHS))
    table = sums.rename_axis("month").reset_index().melt("month", var_name="use")
    return table.rename(columns={"value": "heat_mwh"}).astype({"month": "str", "use": "str"})


def _figures(plan: Plan) -> tuple[KeyFigure, ...]:
    """Return the key figures of the network."""
    case, total = plan.case, sum(plan.case.investment_eur.values())
    supply = case.supply.by_source
    made, trench_m = float(supply["heat_mwh"].sum()), float(case.network["length_m"].sum())
    fossil = float(supply.loc[supply["is_fossil"], "heat_mwh"].sum())
    rows: list[tuple[str, float, str, str]] = [
        ("net_main_m", float(case.mains["length_m"].sum()), "m", "hoofdleidingen van het net"),
        ("net_service_m", float(case.services["length_m"].sum()), "m", "huisaansluitingen"),
        ("net_heat_mwh_m", _over(case.heat_mwh, trench_m), "MWh/m", "warmte per meter sleuf"),
        ("net_design_kw", source_kw(plan), "kW", "vermogen aan de bron"),
        ("net_loss_share", case.loss_share, "aandeel", "warmteverlies in de leidingen"),
        ("net_gap_share", plan.gap_share, "aandeel", "tracé: hoogstens zoveel te duur"),
        ("net_investment_eur", total, "EUR", "investering, iedereen aangesloten"),
        ("net_dwelling_eur", per_dwelling(plan, total), "EUR", "investering per woning"),
        ("net_co2_t", case.co2_t, "t", "CO2 per jaar met het net"),
        ("gas_co2_t", float(plan.ways["gas"]["co2_t"].sum()), "t", "CO2 per jaar op aardgas"),
        ("net_fossil_share", _over(fossil, made), "aandeel", "warmte van het net uit aardgas"),
        ("net_pump_share", _over(case.pump_mwh, made), "aandeel", "pompstroom per warmte"),
        ("net_unreached", plan.ground.n_unreached, "aantal", "gebouwen die geen leiding bereikt"),
    ]
    return tuple(
        KeyFigure(key, value, unit, label, "derived", 1) for key, value, unit, label in rows
    )


def _over(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.nan


def _remarks(plan: Plan, tables: dict[str, pd.DataFrame]) -> tuple[str, ...]:
    said = (
        _on_route(plan.gap_share),
        _on_cost(tables["net_vergelijking"]),
        *_on_choice(tables.get("net_keuze")),
        _on_sources(plan),
        _on_weather(plan.ground.weather_year),
        _on_repairs(tables["net_herstel_aantallen"]),
        _on_unreached(plan.ground.n_unreached),
    )
    return tuple(sentence for sentence in said if sentence)


def _on_route(gap_share: float) -> str:
    if not math.isfinite(gap_share):
        return "Niet bewezen: we weten niet hoeveel goedkoper het tracé nog kan."
    rounded_up = math.ceil(round(gap_share * 10_000, 6)) / 10_000
    if rounded_up <= 0:
        return "Bewezen: binnen onze aannames is er geen goedkoper tracé voor dit net."
    return (
        f"Bewezen: dit tracé is hoogstens {wording.share(rounded_up, 2)} duurder dan het "
        "goedkoopst mogelijke, binnen onze aannames."
    )


def _on_cost(table: pd.DataFrame) -> str:
    yearly, grid = (dict(zip(WAYS, table[name].astype("float64"), strict=True)) for name in _SAID)
    _, net, pump, _ = WAYS
    if math.isnan(yearly[net]) or math.isnan(yearly[pump]):
        return ""
    removal = wording.quantity(grid[net], "EUR")
    return (
        f"Een woning betaalt met het net en met subsidie ongeveer "
        f"{wording.quantity(yearly[net], 'EUR')} per jaar, met een eigen warmtepomp "
        f"{wording.quantity(yearly[pump], 'EUR')}. Bij de warmtepomp zit het zwaardere "
        f"elektriciteitsnet erin. Het aardgasnet gaat in beide gevallen weg: {removal} per woning, "
        "bij geen van beide meegeteld."
    )


def _on_choice(table: pd.DataFrame | None) -> tuple[str, ...]:
    if table is None:
        return (
            "Er zijn geen woningen aangesloten. Zonder woningen is er geen prijs om het net mee te "
            "vergelijken, en kiezen we dus ook geen straten.",
        )
    chosen = table.set_index("selection").loc[list(SELECTIONS), "buildings"]
    everyone, paying = int(chosen.iloc[0]), int(chosen.iloc[1])
    if paying == 0:
        first = "Geen enkel gebouw betaalt zijn eigen aansluiting en leiding terug."
    elif paying == everyone:
        first = "Elk gebouw betaalt zijn eigen aansluiting en leiding terug."
    else:
        first = (
            f"{wording.number(paying)} van de {wording.number(everyone)} gebouwen betalen samen "
            "hun aansluitingen en leidingen terug."
        )
    return (
        f"{first} De warmtecentrale telt daarbij niet mee: ze is er voor iedereen samen. We "
        "rekenen met de prijs van een eigen warmtepomp en zonder subsidie.",
        "De kaart per rendement volgt het tracé van het volledige net. Een ander tracé kan bij een "
        "hoog rendement een andere keuze geven.",
    )


def _on_sources(plan: Plan) -> str:
    given, plant = plan.ground.sources, plan.case.plant
    if given.empty:
        return (
            "Er is geen warmtebron opgegeven. De warmtecentrale staat daarom in het midden van de "
            "warmtevraag, met een grote luchtwarmtepomp en elektrische ketels. Dat is een aanname."
        )
    said = (
        "De warmtebronnen en hun plaats komen uit uw tabel warmtebronnen. Hun vermogen staat er "
        "afgerond en hun prijs niet: die zijn van de eigenaar van de bron. In de warmteprijs van "
        "het hele net zit die prijs wel: vraag de eigenaar of dat mag."
    )
    later = given.index.difference(plant.index)
    if len(later) > 0:
        year = int(plan.ground.figures["phasing.first_year"])
        said += (
            f" {wording.number(len(later))} van de {wording.number(len(given))} bronnen tellen "
            f"niet mee: ze zijn er nog niet in {year}, het eerste jaar van het net."
        )
    said += _on_distance(plan) + _on_start(plan)
    if plant["is_peak"].astype(bool).all():
        said += " Alle warmte komt hier uit reserveketels. Dat is duur en niet de bedoeling."
    return said


def _on_distance(plan: Plan) -> str:
    """Say that a source lies far from every street."""
    mains, farthest_m = plan.case.mains, plan.ground.figures["routing.source_farthest_m"]
    joins = mains.loc[(mains["kind"] == "join") & (mains["upstream"] == -1), "length_m"]
    if joins.empty or joins.max() <= farthest_m:
        return ""
    return (
        f" De bron ligt {wording.quantity(float(joins.max()), 'm')} van de dichtste straat waarin "
        f"een leiding kan liggen, verder dan {wording.quantity(farthest_m, 'm')}. We rekenen met "
        "een rechte leiding naar die straat: ga na of daar een weg voor is."
    )


def _on_start(plan: Plan) -> str:
    """Say that a source that counts is not there yet when the network starts."""
    first = int(plan.ground.figures["phasing.first_year"])
    given = plan.ground.sources
    years = given.loc[given.index.isin(plan.case.plant.index), "available_from"].dropna()
    late = years[years.astype("float64") > first]
    if late.empty:
        return ""
    return (
        f" {wording.number(len(late))} van de bronnen die meetellen, "
        f"{'is er' if len(late) == 1 else 'zijn er'} pas vanaf {int(late.max())}, terwijl het net "
        f"in {first} begint. Wat tot dan de warmte levert, zit niet in de prijs."
    )


def _on_weather(year: int | None) -> str:
    if year is None:
        return (
            "Het weer is een nagebootst jaar, geen gemeten jaar. Vul de tabel klimaat in om met "
            "echt weer te rekenen."
        )
    return f"Het weer is dat van {year}, uit uw tabel klimaat."


def _on_repairs(table: pd.DataFrame) -> str:
    counts = table.set_index("kind")["number"].iloc[: len(REPAIR_KINDS)]
    found = [f"{kind} ({wording.number(int(n))} keer)" for kind, n in counts.items() if n > 0]
    if not found:
        return "De getekende straten sloten overal op elkaar aan."
    return f"De getekende straten sloten niet overal op elkaar aan: {wording.join(found)}."


def _on_unreached(n_unreached: int) -> str:
    if n_unreached == 0:
        return ""
    if n_unreached == 1:
        return "Eén gebouw met warmtevraag is voor geen leiding bereikbaar en telt niet mee."
    return (
        f"{wording.number(n_unreached)} gebouwen met warmtevraag zijn voor geen leiding bereikbaar "
        "en tellen niet mee."
    )
