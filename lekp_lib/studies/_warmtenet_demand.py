"""The demand side of work programme 1: heat per building, street and metered area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from lekp_lib.assumptions import Assumptions
from lekp_lib.contracts import Place
from lekp_lib.contracts.results.warmtenet import VERDICTS
from lekp_lib.domain import heat_density
from lekp_lib.studies import _warmtenet_tables as tables
from lekp_lib.studies._frames import KeyFigure
from lekp_lib.studies._typology import REFERENCE_YEAR
from lekp_lib.studies._warmtenet_model import (
    Heat,
    errors_after,
    mean_density,
    swings,
    useful_heat,
)
from lekp_lib.studies._warmtenet_scene import Neighbourhood
from lekp_lib.studies._warmtenet_words import Words, map_date
from lekp_lib.units import M_PER_KM, MWH_PER_GWH

__all__ = ["Demand", "demand_side"]

_ABOUT: Mapping[str, tuple[str, str, str]] = {
    "density_mwh_m": ("MWh/m", "gemiddelde warmtedichtheid van de straten", "model"),
    "demand_gwh": ("GWh", "nuttige warmte per jaar", "model"),
    "demand_middle_share": (
        "aandeel",
        "vraag in kansrijke of te onderzoeken straten",
        "model",
    ),
    "density_low_mwh_m": ("MWh/m", "gemiddelde warmtedichtheid, laag", "model"),
    "density_high_mwh_m": ("MWh/m", "gemiddelde warmtedichtheid, hoog", "model"),
    "density_served_mwh_m": (
        "MWh/m",
        "warmtedichtheid waar gebouwen staan (bovengrens)",
        "model",
    ),
    "demand_low_gwh": ("GWh", "nuttige warmte per jaar, laag", "model"),
    "demand_high_gwh": ("GWh", "nuttige warmte per jaar, hoog", "model"),
    "demand_homes_gwh": ("GWh", "nuttige warmte van woningen", "model"),
    "demand_other_gwh": ("GWh", "nuttige warmte van scholen, winkels en andere", "assumed"),
    "demand_good_share": ("aandeel", "warmtevraag in kansrijke straten", "model"),
    "demand_critical_share": ("aandeel", "warmtevraag boven de kritieke drempel", "model"),
    "dwellings_good_share": ("aandeel", "woningen in kansrijke straten", "model"),
    "dwellings_middle_share": (
        "aandeel",
        "woningen in kansrijke of te onderzoeken straten",
        "model",
    ),
    "streets_good": ("aantal", "kansrijke straten", "model"),
    "streets_middle": ("aantal", "kansrijke of te onderzoeken straten", "model"),
    "street_length_km": ("km", "lengte van de straten", "derived"),
    "dwellings": ("aantal", "woningen", "derived"),
    "buildings": ("aantal", "gebouwen", "derived"),
    "buildings_without_demand": ("aantal", "gebouwen zonder warmtevraag", "derived"),
    "periods_known_share": ("aandeel", "woongebouwen met een bekende bouwperiode", "derived"),
    "unassigned_demand_share": ("aandeel", "warmtevraag te ver van een straat", "derived"),
    "demand_mwh_dwelling": ("MWh/woning", "nuttige warmte per woning", "model"),
    "modelled_mwh_dwelling": ("MWh/woning", "nuttige warmte per woning, voor ijking", "derived"),
    "metered_mwh_dwelling": (
        "MWh/woning",
        "nuttige warmte per woning uit gemeten gas",
        "derived",
    ),
    "error_before_share": ("aandeel", "fout van de berekening voor ijking", "derived"),
    "error_before_areas_share": (
        "aandeel",
        "gemiddelde fout per gemeten gebied, voor ijking",
        "derived",
    ),
    "error_after_areas_share": (
        "aandeel",
        "gemiddelde fout per gemeten gebied, na ijking",
        "derived",
    ),
    "calibration_factor": ("-", "ijkfactor", "derived"),
    "gas_year": ("jaar", "jaar van het gemeten gas", "measured"),
    "gas_mwh": ("MWh", "gemeten gas van huishoudens", "measured"),
    "gas_points": ("aantal", "gasaansluitingen van huishoudens", "measured"),
    "gas_per_point": ("MWh/aansluiting", "gas per aansluiting", "measured"),
    "not_on_gas_share": ("aandeel", "minder aansluitingen op gas dan op elektriciteit", "measured"),
    "covered_dwellings_share": (
        "aandeel",
        "gevonden woningen per elektriciteitsaansluiting",
        "derived",
    ),
    "covered_area_share": ("aandeel", "oppervlakte van de wijk binnen de gegevens", "derived"),
    "reference_gas_per_point": (
        "MWh/aansluiting",
        f"gas per aansluiting elders, {REFERENCE_YEAR} (indicatie)",
        "measured",
    ),
    "error_reference_share": (
        "aandeel",
        "berekening voor ijking tegenover die indicatie",
        "derived",
    ),
    "typology_municipalities": ("aantal", "gemeenten achter de niveaus", "derived"),
    "typology_error_share": (
        "aandeel",
        "fout van de niveaus in gemeenten die niet meetelden",
        "derived",
    ),
    "typology_mean_error_share": ("aandeel", "fout van het Vlaamse gemiddelde daar", "derived"),
    "typology_wijk_error_share": (
        "aandeel",
        "fout van het niveau van de gemeente in haar wijken",
        "derived",
    ),
    "typology_on_gas_share": (
        "aandeel",
        f"aansluitingen op gas tegenover elektriciteit, {REFERENCE_YEAR}",
        "measured",
    ),
}
"""Key → unit, label, basis; "model" is derived once calibrated, else assumed."""

_SHOWN_MWH_M = 0.005
"""A smaller difference is shown as 0,00 [MWh/m]."""

_BEHIND_METERS = (
    "metered_mwh_dwelling",
    "error_before_share",
    "error_before_areas_share",
    "error_after_areas_share",
    "calibration_factor",
    "gas_mwh",
    "gas_points",
    "gas_per_point",
)


@dataclass(frozen=True)
class Demand:
    """Tables, figures and words of the heat demand."""

    tables: dict[str, pd.DataFrame]
    figures: tuple[KeyFigure, ...]
    words: Words


def demand_side(place: Place, hood: Neighbourhood, heat: Heat, used: Assumptions) -> Demand:
    """
    Return what the demand alone says: per building, street, class and range.

    Parameters
    ----------
    place : Place
    hood, heat
        What stands there and the heat it asks for.
    used : Assumptions
        With the keys of ``_warmtenet_scene``.
    """
    values = {key: figure.value for key, figure in used.items()}
    streets, served_m = tables.per_street(hood, heat, used)
    every_swing = swings(hood, used)
    scenarios = tables.per_scenario(
        streets,
        used,
        demand_mwh=float(heat.per_building["demand_mwh"].sum()),
        densities_mwh_m=_densities(mean_density(hood, heat, values), every_swing),
    )
    per_area, per_metered_street = tables.calibration(hood, heat)
    numbers = {
        **_of_demand(hood, heat, scenarios),
        **_of_streets(streets, served_m, scenarios, used),
        **_of_meters(hood, heat, values),
        **_of_reference(hood, heat, values),
    }
    tornado, without_effect = _by_effect(every_swing)
    words = replace(_words(place, hood, heat, scenarios, used), without_effect=without_effect)
    made = {
        "warmte_per_straat": streets,
        "oordeel_per_scenario": scenarios,
        "oordeel_per_klasse": tables.per_class(streets, used),
        "warmte_per_type_periode": tables.per_type_and_period(hood, heat),
        "gebouwen_kaart": tables.building_map(hood),
        "ijking": per_area,
        "ijking_per_straat": per_metered_street,
        "straten_geijkt": tables.calibrated_streets(hood, per_metered_street),
        "tornado": tornado,
        "invulling": tables.filled_in(hood, heat),
        "zonder_warmtevraag": tables.without_demand(hood, heat),
        "andere_gebouwen": tables.other_buildings(hood, heat, used),
        **tables.of_levels(hood, heat, values),
        "warmte_per_gebouw": tables.per_building(hood, heat),
    }
    return Demand(made, _key_figures(numbers, hood, heat, words.verdicts[1]), words)


def _densities(middle: float, tornado: pd.DataFrame) -> tuple[float, float, float]:
    """Return low, middle and high mean density; who connects is a choice, not a range."""
    rows = tornado[tornado["concerns"] == "warmtevraag"]
    if np.isnan(middle):
        return middle, middle, middle
    low, high = heat_density.combined_range(
        middle, rows["density_low_mwh_m"], rows["density_high_mwh_m"]
    )
    return low, middle, high


def _by_effect(every_swing: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return what moves the density enough to be seen, and the names of the rest."""
    is_seen = every_swing["swing_mwh_m"] >= _SHOWN_MWH_M
    names = every_swing.loc[~is_seen, "assumption"]
    return every_swing[is_seen].reset_index(drop=True), tuple(names)


def _of_demand(hood: Neighbourhood, heat: Heat, scenarios: pd.DataFrame) -> dict[str, float]:
    buildings = heat.per_building
    demand = buildings["demand_mwh"]
    homes_mwh = float((buildings["space_mwh"] + buildings["hot_water_mwh"]).sum())
    is_home = buildings["dwellings"] > 0
    low, middle, high = scenarios["demand_gwh"][:3]
    unassigned = demand[hood.facts["street_id"].isna()].sum()
    return {
        "demand_gwh": middle,
        "demand_low_gwh": low,
        "demand_high_gwh": high,
        "demand_homes_gwh": homes_mwh / MWH_PER_GWH,
        "demand_other_gwh": float(buildings["other_mwh"].sum()) / MWH_PER_GWH,
        "demand_mwh_dwelling": _ratio(homes_mwh, buildings["dwellings"].sum()),
        "modelled_mwh_dwelling": heat.modelled_mwh_dwelling,
        "dwellings": float(buildings["dwellings"].sum()),
        "buildings": float(len(buildings)),
        "buildings_without_demand": float((demand <= 0).sum()),
        "periods_known_share": _ratio(
            hood.facts.loc[is_home, "period"].notna().sum(), is_home.sum()
        ),
        "unassigned_demand_share": _ratio(unassigned, demand.sum()),
        "covered_area_share": hood.covered_share,
    }


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below > 0 else float("nan")


def _of_streets(
    streets: pd.DataFrame, served_m: pd.Series[float], scenarios: pd.DataFrame, used: Assumptions
) -> dict[str, float]:
    middle = scenarios.iloc[1]
    good = used["heat.density_good_mwh_m"].value
    worth = used["heat.density_middle_mwh_m"].value
    dwellings = streets["dwellings"].astype("float64")
    density = streets["density_mwh_m"].astype("float64")
    connected = float(streets["demand_mwh"].sum()) * used["heat.connected_share"].value

    def homes_above(bound: float) -> float:
        total = float(dwellings.sum())
        return heat_density.share_above(dwellings, density, bound=bound, total=total)

    return {
        "density_low_mwh_m": scenarios["density_mwh_m"].iloc[0],
        "density_mwh_m": middle["density_mwh_m"],
        "density_high_mwh_m": scenarios["density_mwh_m"].iloc[2],
        "density_served_mwh_m": _ratio(connected, float(served_m.sum())),
        "demand_good_share": middle["good_share"],
        "demand_middle_share": middle["middle_share"],
        "demand_critical_share": middle["critical_share"],
        "dwellings_good_share": homes_above(good),
        "dwellings_middle_share": homes_above(worth),
        "streets_good": float((density >= good).sum()),
        "streets_middle": float((density >= worth).sum()),
        "street_length_km": float(streets["length_m"].sum()) / M_PER_KM,
    }


def _of_meters(hood: Neighbourhood, heat: Heat, values: Mapping[str, float]) -> dict[str, float]:
    if hood.overall.empty:
        return {}
    gas = float(hood.overall["gas_mwh"].sum())
    points = float(hood.overall["gas_points"].sum())
    useful = _useful(gas, values)
    numbers = {
        "gas_year": float(hood.overall["year"].iloc[0]),
        "gas_mwh": gas,
        "gas_points": points,
        "gas_per_point": _ratio(gas, points),
        "metered_mwh_dwelling": _ratio(useful, points),
        "not_on_gas_share": float("nan"),
    }
    if heat.overall_factor is not None:
        numbers["calibration_factor"] = heat.overall_factor
        numbers["error_before_share"] = 1.0 / heat.overall_factor - 1.0
        numbers |= _per_metered_area(hood, heat)
    electricity = hood.overall["electricity_points"]
    if electricity.notna().all() and electricity.sum() > 0:
        total = float(electricity.sum())
        numbers["not_on_gas_share"] = max(1.0 - points / total, 0.0)
        if hood.overall["area_kind"].iloc[0] != "street":
            found = float(heat.per_building["dwellings"].sum())
            numbers["covered_dwellings_share"] = _ratio(found, total)
    return numbers


def _per_metered_area(hood: Neighbourhood, heat: Heat) -> dict[str, float]:
    """Return the mean absolute error over the smallest areas that were used."""
    used = heat.compared.join(errors_after(hood, heat))
    used = used.loc[hood.cells["is_used"]].dropna(subset="error_share")
    kinds = hood.cells.loc[used.index, "area_kind"]
    if (kinds == "street").any():
        used = used[kinds == "street"]
    return {
        "error_before_areas_share": float(used["error_share"].abs().mean()),
        "error_after_areas_share": float(used["error_after_share"].abs().mean()),
    }


def _of_typology(hood: Neighbourhood) -> dict[str, float]:
    typology = hood.levels.typology
    return {
        "typology_municipalities": float(len(typology.held_out)),
        "typology_error_share": typology.error_share,
        "typology_mean_error_share": typology.mean_error_share,
        "typology_wijk_error_share": hood.levels.wijk_error_share,
        "typology_on_gas_share": hood.levels.on_gas_share,
    }


def _of_reference(hood: Neighbourhood, heat: Heat, values: Mapping[str, float]) -> dict[str, float]:
    """Return gas per connection of the municipality or Flanders, to set the model beside."""
    useful = _useful(hood.reference_mwh_point, values)
    return {
        "reference_gas_per_point": hood.reference_mwh_point,
        "error_reference_share": _ratio(heat.modelled_mwh_dwelling, useful) - 1.0,
        **_of_typology(hood),
    }


def _useful(gas_mwh: float, values: Mapping[str, float]) -> float:
    return float(useful_heat(pd.Series([gas_mwh]), values).iloc[0])


def _key_figures(
    numbers: Mapping[str, float], hood: Neighbourhood, heat: Heat, verdict: str
) -> tuple[KeyFigure, ...]:
    """Return the key figures; the third one is the share that the decision names."""
    basis_of_model = "assumed" if heat.overall_factor is None else "derived"
    points = numbers.get("gas_points")
    electricity = hood.overall["electricity_points"].astype("Float64").sum()
    without_gas = float(electricity) - points if points is not None else 0.0
    households = {
        **dict.fromkeys(_BEHIND_METERS, points),
        "not_on_gas_share": min(points, without_gas) if points and without_gas > 0 else points,
    }
    order = list(_ABOUT)
    if verdict == VERDICTS[0]:
        good, middle = (order.index(key) for key in ("demand_good_share", "demand_middle_share"))
        order[middle], order[good] = order[good], order[middle]
    return tuple(
        KeyFigure(
            key,
            float(numbers.get(key, float("nan"))),
            unit,
            label,
            basis_of_model if basis == "model" else basis,
            1,
            households.get(key),
        )
        for key, (unit, label, basis) in ((key, _ABOUT[key]) for key in order)
    )


def _words(
    place: Place, hood: Neighbourhood, heat: Heat, scenarios: pd.DataFrame, used: Assumptions
) -> Words:
    verdicts = [str(verdict) for verdict in scenarios["verdict"]]
    kinds = hood.cells.loc[hood.cells["is_used"], "area_kind"]
    is_calibrated = heat.overall_factor is not None
    return Words(
        name=place.settings.name,
        stock_name=place.settings.municipality if hood.stock_nis else "Vlaanderen",
        verdicts=(verdicts[0], verdicts[1], verdicts[2]),
        good_mwh_m=used["heat.density_good_mwh_m"].value,
        middle_mwh_m=used["heat.density_middle_mwh_m"].value,
        critical_mwh_m=used["heat.density_critical_mwh_m"].value,
        verdict_share=used["heat.verdict_share"].value,
        lowest_factor=used["heat.factor_lowest"].value,
        highest_factor=used["heat.factor_highest"].value,
        connected_share=used["heat.connected_share"].value,
        lowest_connected_share=used["heat.connected_share"].low,
        verdict_if_few_connect=verdicts[3] if len(verdicts) > 3 else verdicts[1],
        map_date=map_date(place),
        has_meters=is_calibrated,
        has_streets_metered=is_calibrated and bool((kinds == "street").any()),
        n_cells_too_small=hood.n_cells_hidden,
        overall_kind=str(hood.overall["area_kind"].iloc[0]) if is_calibrated else "",
        n_outside=hood.n_outside,
        n_segments_left_out=hood.n_segments_left_out,
    )
