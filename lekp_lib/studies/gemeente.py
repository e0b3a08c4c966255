"""One municipality, and Flanders as a whole, from published figures."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from lekp_lib import wording
from lekp_lib.assumptions import Assumptions
from lekp_lib.contracts import CRS, Flanders
from lekp_lib.contracts.lists import EPC_LABELS, HOME_TYPES, PERIODS
from lekp_lib.disclosure import Results, guard_key_figures, release
from lekp_lib.domain import stock_profile, targets
from lekp_lib.errors import ContractError
from lekp_lib.studies import _lekp_words as words
from lekp_lib.studies._frames import KeyFigure, key_figures, summary
from lekp_lib.units import MWH_PER_GWH

__all__ = ["KEYS", "gemeente", "vlaanderen"]

KEYS = (
    "privacy.smallest_cell",
    "privacy.smallest_street_dwellings",
    "municipality.screen_top_share",
)
ENERGY_YEAR = 2021
"""The latest year of the energy table."""

_SINGLE_FAMILY = ("terraced", "semi_detached", "detached")
_BEFORE_1971 = PERIODS[:5]
_EPC_COLUMNS = dict(zip(EPC_LABELS, ("a_plus", "a", "b", "c", "d", "e", "f"), strict=True))


def gemeente(
    nis_code: str, flanders: Flanders, progress: pd.DataFrame, assumptions: Assumptions
) -> Results:
    """
    Return where one municipality stands, from published figures and its own progress.

    Parameters
    ----------
    nis_code : str
        Five digits, division of 1 January 2025.
    flanders : Flanders
        The figures for all municipalities.
    progress : DataFrame
        Contract ``voortgang``; without rows nothing is known of what was done.
    assumptions : Assumptions
        With ``KEYS``.

    Raises
    ------
    ContractError
        If the municipality is unknown or `progress` does not fit the targets.
    """
    if nis_code not in flanders.municipalities.index:
        msg = f"NIS-code «{nis_code}» hoort bij geen Vlaamse gemeente (indeling van 2025)."
        raise ContractError(msg)
    used = assumptions.pick(KEYS)
    flanders = _guarded(flanders, used)
    about = _row(flanders.municipalities, nis_code)
    names = flanders.wijken["name"]
    here = flanders.wijken.index[flanders.wijken["nis_code"] == nis_code]
    energy = flanders.wijk_energy[flanders.wijk_energy["wijk_code"].isin(here)]
    screening = _screening(flanders, used)
    internal = {
        "lekp_doelen": _goals(flanders, about, progress),
        "woningen_per_type": _dwellings(flanders, nis_code),
        "gebouwen_per_periode": stock_profile.shares_beside(
            flanders.building_stock,
            value="buildings",
            within=["building_type", "period"],
            nis_code=nis_code,
        ),
        "epc": _epc(flanders, about),
        "gas_per_wijk": _energy_table(energy, "gas", names),
        "elektriciteit_per_wijk": _energy_table(energy, "electricity", names),
        "wijken_screening": screening.loc[here].reset_index(),
        "kengetallen_gemeente": _context(flanders, nis_code),
    }
    figures = guard_key_figures(key_figures(_municipal_figures(flanders, nis_code)), used)
    internal |= _beside_flanders(internal, str(about["name"]))
    internal["gas_per_jaar"] = _gas_per_year(flanders, energy, str(about["name"]))
    internal["samenvatting"] = _municipal_summary(about, figures, internal, used)
    return release(
        internal, key_figures=figures, used=used, title=str(about["name"]), is_fictional=False
    )


def _guarded(flanders: Flanders, used: Assumptions) -> Flanders:
    """Return the figures without the wijk cells that a municipal total gives away."""
    energy = stock_profile.guarded_energy(
        flanders.wijk_energy,
        flanders.wijken,
        flanders.municipalities,
        smallest=used["privacy.smallest_cell"].value,
        year=ENERGY_YEAR,
    )
    return replace(flanders, wijk_energy=energy)


def _row(table: pd.DataFrame, index: object) -> pd.Series:
    """Return one row; the index is unique."""
    return table.iloc[int(table.index.get_indexer(pd.Index([index]))[0])]


def _goals(flanders: Flanders, about: pd.Series, progress: pd.DataFrame) -> pd.DataFrame:
    goals = flanders.targets[flanders.targets["werf"] != "meta"]
    # A share of the households becomes a number of them; so must what was done.
    units = goals["unit"].mask(goals["per_unit"] == "huishouden", "aantal")
    _check_units(progress, units)
    amounts = targets.target_amounts(
        goals,
        inhabitants=about["population_2020"],
        dwellings=about["dwellings_2025"],
        households=about["households_2020"],
    )
    done = targets.progress_towards(amounts, progress)
    units = goals["unit"].mask(goals["per_unit"] == "huishouden", "aantal")
    table = pd.DataFrame(
        {
            "goal": goals["goal_nl"],
            "version": goals["version"],
            "target": words.amount_texts(amounts, units),
            "done": words.done_texts(done, units),
            "amount": amounts,
            "unit": units,
            "formula": words.formulas(goals),
            "realised": done["realised"],
            "realised_year": done["realised_year"],
            "realised_share": done["realised_share"],
            "deadline": goals["deadline"].map(words.deadline),
            "status": goals["status_2026"],
            "for_whom": goals["version"].map(words.for_whom),
            "grade": goals["grade"],
            "source_url": goals["source_url"],
        }
    )
    return table.rename_axis("goal_id").reset_index()


def _check_units(progress: pd.DataFrame, units: pd.Series) -> None:
    expected = progress["goal_id"].map(units)
    wrong = progress[expected.notna() & (expected != progress["unit"])]
    if len(wrong) > 0:
        row = wrong.iloc[0]
        msg = (
            f"voortgang: {len(wrong)} rij(en) hebben een andere eenheid dan het doel; de eerste "
            f"is {row['goal_id']} in «{row['unit']}» in plaats van "
            f"«{units.loc[row['goal_id']]}». Wat te doen: reken om naar die eenheid."
        )
        raise ContractError(msg)


def _dwellings(flanders: Flanders, nis_code: str) -> pd.DataFrame:
    table = stock_profile.shares_beside(
        flanders.dwellings, value="dwellings", within=["building_type"], nis_code=nis_code
    )
    garages = flanders.garages[flanders.garages["nis_code"] == nis_code]
    places = garages.set_index("building_type")["garages_or_covered_places"]
    counted = table["dwellings"].where(table["dwellings"] > 0)
    per_dwelling = table["building_type"].map(places) / counted
    return table.assign(garages_per_dwelling=per_dwelling)


def _epc(flanders: Flanders, about: pd.Series) -> pd.DataFrame:
    columns = [f"epc_{name}_share_2023" for name in _EPC_COLUMNS.values()]
    everywhere = flanders.municipalities.dropna(subset=columns)
    weights = everywhere["households_2020"].to_numpy()
    mean = np.average(everywhere[columns].to_numpy(dtype="float64"), axis=0, weights=weights)
    return pd.DataFrame(
        {
            "label": list(EPC_LABELS),
            "share": about[columns].to_numpy(dtype="float64"),
            "share_flanders": mean,
        }
    )


def _beside_flanders(internal: dict[str, pd.DataFrame], name: str) -> dict[str, pd.DataFrame]:
    """Return the shares as long tables, as a chart wants them."""
    types = internal["woningen_per_type"]
    stock = internal["gebouwen_per_periode"]
    homes = stock[stock["building_type"].isin(HOME_TYPES)]
    sums = homes.groupby("period")[["share", "share_flanders"]].sum()
    periods = sums.loc[[*PERIODS, "unknown"]] / sums.sum()
    epc = internal["epc"]
    return {
        "woningtype_naast_vlaanderen": _long(
            types["building_type"].map(lambda code: wording.label("building_type", code)),
            types,
            name,
        ),
        "periode_naast_vlaanderen": _long(
            periods.index.to_series().map(lambda code: wording.label("period", code)),
            periods,
            name,
        ),
        "epc_naast_vlaanderen": _long(epc["label"], epc, name),
    }


def _long(category: pd.Series, shares: pd.DataFrame, name: str) -> pd.DataFrame:
    columns = {name: "share", "Vlaanderen": "share_flanders"}
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "category": category.to_numpy(),
                    "where": where,
                    "share": shares[column].to_numpy(dtype="float64"),
                }
            )
            for where, column in columns.items()
        ],
        ignore_index=True,
    )


def _gas_per_year(flanders: Flanders, energy: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return gas per connection by year over the wijken with figures."""
    parts = []
    for where, rows in ((name, energy), ("Vlaanderen", flanders.wijk_energy)):
        sums = rows.groupby("year")[["gas_residential_mwh", "gas_residential_points"]].sum()
        points = sums["gas_residential_points"]
        parts.append(
            pd.DataFrame(
                {
                    "where": where,
                    "year": sums.index,
                    "points": points.to_numpy(),
                    "per_point_mwh": (
                        sums["gas_residential_mwh"] / points.where(points > 0)
                    ).to_numpy(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _energy_table(energy: pd.DataFrame, carrier: str, names: pd.Series) -> pd.DataFrame:
    table = stock_profile.energy_per_point(energy, carrier=carrier)
    table.insert(1, "wijk", table["wijk_code"].map(names))
    return table.sort_values(["wijk", "year"]).reset_index(drop=True)


def _screening(flanders: Flanders, used: Assumptions) -> gpd.GeoDataFrame:
    """Return the indicators of all wijken, their place in Flanders and a first hint."""
    wijken = flanders.wijken
    year = flanders.wijk_energy[flanders.wijk_energy["year"] == ENERGY_YEAR]
    energy = year.set_index("wijk_code")
    indicators = stock_profile.wijk_indicators(wijken, energy)
    percentiles = indicators.apply(lambda values: stock_profile.percentile_in(values, values))
    hint = stock_profile.screen(percentiles, top_share=used["municipality.screen_top_share"].value)
    table = indicators.assign(
        wijk=wijken["name"],
        nis_code=wijken["nis_code"],
        gas_points=energy["gas_residential_points"].reindex(wijken.index),
        gas_mwh=energy["gas_residential_mwh"].reindex(wijken.index),
        gas_mwh_km2_percentile=percentiles["gas_mwh_km2"],
        hint=hint,
    )
    return _with_points(table, wijken)


def _with_points(table: pd.DataFrame, places: pd.DataFrame) -> gpd.GeoDataFrame:
    points = gpd.points_from_xy(places["longitude"], places["latitude"], crs=4326)
    return gpd.GeoDataFrame(table, geometry=points.to_crs(CRS), crs=CRS)


def _context(flanders: Flanders, nis_code: str) -> pd.DataFrame:
    """Return what is known per municipality only, beside Flanders."""
    rows = [
        (label, here, everywhere, unit, year, source)
        for (label, here, unit, year, source), (_, everywhere, *_rest) in zip(
            _context_rows(flanders, nis_code), _context_rows(flanders, None), strict=True
        )
    ]
    columns = ["label", "value", "flanders", "unit", "year", "source"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(
        here=_with_units(table["value"], table["unit"]),
        everywhere=_with_units(table["flanders"], table["unit"]),
    )


def _with_units(values: pd.Series, units: pd.Series) -> list[str]:
    return [
        wording.quantity(value, unit, 0 if unit == "aandeel" else 1)
        for value, unit in zip(values, units, strict=True)
    ]


_ContextRow = tuple[str, float, str, str, str]


def _context_rows(flanders: Flanders, nis_code: str | None) -> list[_ContextRow]:
    chosen = [nis_code] if nis_code is not None else list(flanders.municipalities.index)
    people = flanders.municipalities.loc[chosen].sum(numeric_only=True, min_count=1)
    complete = flanders.municipalities.loc[chosen].dropna(subset=["households_2030"])
    growth = np.nan
    if len(complete) > 0:
        growth = complete["households_2030"].sum() / complete["households_2020"].sum() - 1
    stock = flanders.building_stock[flanders.building_stock["nis_code"].isin(chosen)]
    garages = flanders.garages.loc[flanders.garages["nis_code"].isin(chosen)]
    old = stock_profile.old_home_share(stock, periods=_BEFORE_1971, types=_SINGLE_FAMILY)
    gas, points = people["gas_residential_mwh_2021"], people["gas_residential_points_2021"]
    electricity = people["electricity_residential_points_2021"]
    statbel = "Statbel, gebouwenpark"
    return [
        ("Inwoners per huishouden", people["population_2020"] / people["households_2020"],
         "-", "2020", "Statbel"),
        ("Groei van de huishoudens tot 2030", growth, "aandeel", "2020–2030",
         "Statistiek Vlaanderen"),
        ("Eengezinswoningen van voor 1971", old, "aandeel", "2025", statbel),
        ("Garages en overdekte plaatsen per woning",
         garages["garages_or_covered_places"].sum() / people["dwellings_2025"],
         "plaats/woning", "2025", statbel),
        ("Gas per aansluiting", gas / points if points else np.nan,
         "MWh", str(ENERGY_YEAR), "Fluvius"),
        ("Aansluitingen op gas", min(points / electricity, 1.0), "aandeel", str(ENERGY_YEAR),
         "Fluvius"),
    ]  # fmt: skip


def _municipal_figures(flanders: Flanders, nis_code: str) -> list[KeyFigure]:
    about = _row(flanders.municipalities, nis_code)
    points = float(about["gas_residential_points_2021"])
    gas = float(about["gas_residential_mwh_2021"])
    electricity = float(about["electricity_residential_points_2021"])
    return [
        KeyFigure("inhabitants", about["population_2020"], "aantal",
                  "inwoners op 1 januari 2020", "published", 0),
        KeyFigure("dwellings", about["dwellings_2025"], "aantal",
                  "woningen in 2025", "published", 0),
        KeyFigure("gas_gwh", gas / MWH_PER_GWH, "GWh",
                  "gas van huishoudens in 2021", "measured", 0, points),
        KeyFigure("gas_per_connection_mwh", gas / points if points else None, "MWh",
                  "gas per aansluiting in 2021", "measured", 0, points),
        KeyFigure("on_gas_share", min(points / electricity, 1.0), "aandeel",
                  "gasaansluitingen per stroomaansluiting", "measured", 0,
                  points or None),
        KeyFigure("epc_ef_share",
                  about["epc_e_share_2023"] + about["epc_f_share_2023"], "aandeel",
                  "van de EPC’s heeft label E of F (2023)", "published", 0),
    ]  # fmt: skip


def _municipal_summary(
    about: pd.Series, figures: pd.DataFrame, internal: dict[str, pd.DataFrame], used: Assumptions
) -> pd.DataFrame:
    value = figures.set_index("key")["value"]
    wijken = internal["wijken_screening"]
    name = about["name"]
    what = (
        f"{name} telt {wording.number(value['inhabitants'])} inwoners (1 januari 2020) en "
        f"{wording.number(value['dwellings'])} woningen (2025), in {len(wijken)} "
        f"{'wijk' if len(wijken) == 1 else 'wijken'}; "
        f"{_gas_sentence(value['gas_gwh'])}"
    )
    sure = (
        "Inwoners, gebouwen en verbruik zijn gepubliceerd of gemeten. Het verbruik is niet "
        "gecorrigeerd voor het weer: 2021 was koud. Gemeten gas is niet de hele warmtevraag."
    )
    return summary(
        what=what,
        sure=sure + _gap_sentence(about),
        decision=_decision(wijken, used, gas_gwh=value["gas_gwh"]),
        next_step=(
            "Vraag uw gegevensbeheerder om die wijk klaar te zetten (zie de gids): dan rekenen we "
            "haar straat per straat door."
        ),
    )


def _gas_sentence(gas_gwh: float) -> str:
    if pd.isna(gas_gwh):
        return "het gas van de huishoudens steunt op te weinig aansluitingen om te tonen."
    if gas_gwh == 0:
        return "volgens Fluvius verbruiken de huishoudens er geen gas uit het net."
    return f"de huishoudens verbruikten in 2021 {wording.quantity(gas_gwh, 'GWh', 1)} gas."


def _gap_sentence(about: pd.Series) -> str:
    gaps = _gaps(about)
    return f" Niet bekend: {wording.join(gaps)}." if gaps else ""


def _gaps(about: pd.Series) -> list[str]:
    gaps = []
    if pd.isna(about["households_2030"]):
        gaps.append("de verwachte huishoudens in 2025 en 2030")
    if pd.isna(about["epc_f_share_2023"]):
        gaps.append("de EPC-labels")
    return gaps


def _decision(wijken: pd.DataFrame, used: Assumptions, *, gas_gwh: float) -> str:
    if gas_gwh == 0:
        return (
            "De meters zeggen hier niets over de warmtevraag: begin bij wat de gemeente weet over "
            "stookolie, hout en elektriciteit."
        )
    smallest = used["privacy.smallest_cell"].value
    known = wijken[wijken["gas_points"] >= smallest]
    if len(known) == 0:
        return (
            "Er is te weinig gemeten gas om wijken te vergelijken: begin bij wat de gemeente zelf "
            "weet van de verwarming."
        )
    densest = known.iloc[int(known["gas_mwh_km2"].argmax())]
    if densest["hint"] in {"dense", "both"}:
        return (
            f"Onderzoek eerst {densest['wijk']}: van de wijken met cijfers heeft ze het meeste gas "
            f"per km², evenveel als of meer dan {wording.share(densest['gas_mwh_km2_percentile'])} "
            "van de Vlaamse wijken. Of een warmtenet er kan, toont pas een studie per straat."
        )
    thirsty = known.iloc[int(known["gas_per_connection_mwh"].argmax())]
    return (
        "Geen wijk hoort bij de dichtste van Vlaanderen: zoek hier niet eerst naar een "
        f"warmtenet, maar naar renovatie, te beginnen in {thirsty['wijk']}, met het meeste gas "
        "per woning."
    )


def vlaanderen(flanders: Flanders, assumptions: Assumptions) -> Results:
    """
    Return where the 285 municipalities and their wijken stand.

    Parameters
    ----------
    flanders : Flanders
        The figures for all municipalities.
    assumptions : Assumptions
        With ``KEYS``.
    """
    used = assumptions.pick(KEYS)
    flanders = _guarded(flanders, used)
    screening = _screening(flanders, used)
    internal = {
        "gemeenten": _side_by_side(flanders),
        "hiaten": _all_gaps(flanders, screening),
        "wijken_vlaanderen": _by_hint(screening),
        "spreiding": _spread(screening),
        "gebouwen_per_periode": stock_profile.shares_beside(
            flanders.building_stock,
            value="buildings",
            within=["building_type", "period"],
            nis_code=None,
        ),
    }
    figures = guard_key_figures(key_figures(_flemish_figures(flanders)), used)
    internal["samenvatting"] = _flemish_summary(figures, internal)
    return release(internal, key_figures=figures, used=used, title="Vlaanderen", is_fictional=False)


def _side_by_side(flanders: Flanders) -> gpd.GeoDataFrame:
    about = flanders.municipalities
    points = about["gas_residential_points_2021"]
    electricity = about["electricity_residential_points_2021"]
    stock = flanders.building_stock.groupby("nis_code")
    old = {
        code: stock_profile.old_home_share(rows, periods=_BEFORE_1971, types=_SINGLE_FAMILY)
        for code, rows in stock
    }
    table = pd.DataFrame(
        {
            "slug": about["name"].map(wording.slugify),
            "name": about["name"],
            "province": about["province"],
            "population": about["population_2020"].astype("float64"),
            "dwellings": about["dwellings_2025"],
            "old_home_share": pd.Series(old),
            "epc_ef_share": about["epc_e_share_2023"] + about["epc_f_share_2023"],
            "gas_points": points.astype("float64"),
            "gas_per_connection_mwh": about["gas_residential_mwh_2021"] / points.where(points > 0),
            "on_gas_share": (points / electricity).clip(upper=1.0),
        }
    )
    placed = _with_points(table, about).rename_axis("nis_code").reset_index()
    return placed.sort_values("name").reset_index(drop=True)


def _all_gaps(flanders: Flanders, screening: pd.DataFrame) -> pd.DataFrame:
    rows = [
        (about["name"], wording.join(_gaps(about)))
        for _, about in flanders.municipalities.iterrows()
        if _gaps(about)
    ]
    blank = screening["gas_points"].isna()
    owners = flanders.municipalities["name"].reindex(screening.loc[blank, "nis_code"])
    counted = owners.value_counts().sort_index()
    rows += [
        (name, f"gas van {count} {'wijk' if count == 1 else 'wijken'} in {ENERGY_YEAR}")
        for name, count in counted.items()
    ]
    return pd.DataFrame(rows, columns=["name", "gap"])


def _by_hint(screening: pd.DataFrame) -> pd.DataFrame:
    grouped = screening.assign(hint=screening["hint"]).groupby("hint")
    table = pd.DataFrame(
        {"wijken": grouped.size(), "gas_gwh": grouped["gas_mwh"].sum() / MWH_PER_GWH}
    ).reindex(list(stock_profile.HINTS), fill_value=0)
    total = table["gas_gwh"].sum()
    return table.assign(share=table["gas_gwh"] / total).rename_axis("hint").reset_index()


def _spread(screening: pd.DataFrame) -> pd.DataFrame:
    quantiles = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]
    columns = ["gas_per_connection_mwh", "on_gas_share", "gas_mwh_km2"]
    table = pd.DataFrame(screening)[columns].quantile(quantiles)
    return table.rename_axis("quantile").reset_index()


def _flemish_figures(flanders: Flanders) -> list[KeyFigure]:
    total = flanders.municipalities.sum(numeric_only=True)
    points = total["gas_residential_points_2021"]
    gas = total["gas_residential_mwh_2021"]
    electricity = total["electricity_residential_points_2021"]
    return [
        KeyFigure("municipalities", len(flanders.municipalities), "aantal", "gemeenten",
                  "published", 0),
        KeyFigure("wijken", len(flanders.wijken), "aantal", "wijken", "published", 0),
        KeyFigure("inhabitants", total["population_2020"], "aantal",
                  "inwoners op 1 januari 2020", "published", 0),
        KeyFigure("dwellings", total["dwellings_2025"], "aantal", "woningen in 2025",
                  "published", 0),
        KeyFigure("gas_gwh", gas / MWH_PER_GWH, "GWh", "gas van huishoudens in 2021",
                  "measured", 0, points),
        KeyFigure("gas_per_connection_mwh", gas / points, "MWh", "gas per aansluiting in 2021",
                  "measured", 0, points),
        KeyFigure("on_gas_share", points / electricity, "aandeel",
                  "gasaansluitingen per stroomaansluiting", "measured", 0,
                  points),
    ]  # fmt: skip


def _flemish_summary(figures: pd.DataFrame, internal: dict[str, pd.DataFrame]) -> pd.DataFrame:
    value = figures.set_index("key")["value"]
    hints = internal["wijken_vlaanderen"].set_index("hint")
    dense = int(hints.loc[["dense", "both"], "wijken"].sum())
    dense_share = float(hints.loc[["dense", "both"], "share"].sum())
    return summary(
        what=(
            f"De {wording.number(value['municipalities'])} Vlaamse gemeenten tellen "
            f"{wording.number(value['wijken'])} wijken; hun huishoudens verbruikten in 2021 "
            f"{wording.quantity(value['gas_gwh'] / MWH_PER_GWH, 'TWh', 1)} gas, en "
            f"er zijn {wording.number(100 * value['on_gas_share'])} gasaansluitingen per 100 "
            "elektriciteitsaansluitingen."
        ),
        sure=(
            "Alle cijfers zijn gepubliceerd of gemeten. Ze zijn niet gecorrigeerd voor het weer: "
            "2021 was koud. Gemeten gas is niet de hele warmtevraag."
        ),
        decision=(
            f"Kijk eerst naar de {wording.number(dense)} wijken die bij het dichtste deel van "
            f"Vlaanderen horen: daar zit {wording.share(dense_share)} van het gas van huishoudens. "
            "Of een warmtenet er kan, toont pas een studie per straat."
        ),
        next_step="Zoek uw gemeente in de tabel en open haar pagina.",
    )
