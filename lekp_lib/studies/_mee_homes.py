"""The homes of a neighbourhood: segments, rows of like homes, and what the pact asks of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lekp_lib import wording
from lekp_lib.assumptions import Assumptions
from lekp_lib.contracts import CRS, Flanders
from lekp_lib.contracts.lists import BUILDING_TYPES, HOME_TYPES, PERIODS, TENURES
from lekp_lib.domain import (
    adjacency,
    renovation,
    stock_profile,
    targets,
)
from lekp_lib.studies import _iedereen_mee_words as words
from lekp_lib.studies._frames import KeyFigure
from lekp_lib.studies._mee_scene import Scene
from lekp_lib.studies._section import Section

__all__ = ["HOMES_KEYS", "homes_section"]

HOMES_KEYS = (
    "stock.row_smallest_dwellings",
    "stock.row_largest_dwellings",
    "stock.joint_project_dwellings",
    "stock.touching_gap_m",
)
"""The figures this section reads; the scene read the others."""

_GOALS = ("W2a", "W2b")
_WITH_HOMES = (*HOME_TYPES, "mixed_commercial")
_ESTIMATED = "floor_area"
_OFFICIAL = {name: "LEKPTotalHousingUnits" for name in ("w2a_renovations", "w2b_renovations")}
"""Key figure → its name in the pact."""


@dataclass(frozen=True)
class _Stock:
    """What the steps of this study share: homes, their walls, groups and periods."""

    homes: gpd.GeoDataFrame
    walls: pd.DataFrame
    group: pd.Series[Any]
    any_period: pd.Series[Any]
    weights: pd.DataFrame
    nis_code: str | None


@dataclass(frozen=True)
class _Grouped:
    """The rows, and per segment how many homes stand in one."""

    rows: pd.DataFrame
    per_segment: pd.DataFrame
    any_period: pd.DataFrame


def homes_section(scene: Scene) -> Section:
    """
    Return which homes there are and which like homes stand side by side.

    Parameters
    ----------
    scene : Scene
        With ``HOMES_KEYS``; a fictional place is set beside Flanders alone.
    """
    used, flanders = scene.used, scene.flanders
    stock = _stock(scene)
    grouped = _grouped(stock, used)
    tables = _tables(stock, grouped, used, flanders)
    return Section(tables, tuple(_figures(stock, tables, grouped, used)))


def _tables(
    stock: _Stock, grouped: _Grouped, used: Assumptions, flanders: Flanders
) -> dict[str, pd.DataFrame]:
    segments, tenures = _segments(stock, flanders), _tenures(stock.homes)
    types, periods = _type_comparison(stock, flanders), _period_comparison(stock, flanders)
    return {
        "segmenten": segments,
        "segmenten_getoond": _with_homes(segments),
        "eigendom_totaal": _tenure_totals(tenures),
        "segmenten_eigendom": tenures,
        "vergelijking_type": types,
        "vergelijking_periode": periods,
        "types_naast_elkaar": _side_by_side(types, "building_type"),
        "periodes_naast_elkaar": _side_by_side(periods, "period"),
        "rijen": _rows(stock, grouped.rows, used),
        "rijen_per_segment": _per_segment(grouped.per_segment),
        "buren_matrix": _matrix(stock),
        "lekp_wijk": _goals(flanders, grouped.per_segment),
        "invulling_woningen": _filled_in(stock),
        "kaart_woningen": stock.homes[["building_type", "period", "geometry"]].reset_index(
            drop=True
        ),
        "woningen_per_gebouw": _per_building(stock),
    }


# --- the homes ------------------------------------------------------------------------------


def _stock(scene: Scene) -> _Stock:
    used = scene.used
    homes = scene.homes.assign(kind=renovation.row_kinds(scene.homes))
    any_period = renovation.row_kinds(homes.assign(period=renovation.UNKNOWN))
    return _Stock(
        homes=gpd.GeoDataFrame(homes),
        walls=scene.walls,
        group=_groups(homes, homes["kind"], scene.walls, used),
        any_period=_groups(homes, any_period, scene.walls, used),
        weights=scene.weights,
        nis_code=scene.nis_code,
    )


def _groups(
    homes: gpd.GeoDataFrame, kind: pd.Series[Any], walls: pd.DataFrame, used: Assumptions
) -> pd.Series[int]:
    return adjacency.joint_groups(
        homes.assign(kind=kind, rank=0.0),
        walls,
        smallest=used["stock.row_smallest_dwellings"].value,
        largest=used["stock.row_largest_dwellings"].value,
        steps=0.0,
        step_m=0.0,
    )


# --- the tables -----------------------------------------------------------------------------


def _grouped(stock: _Stock, used: Assumptions) -> _Grouped:
    smallest, enough = words.limits(used)
    return _Grouped(
        rows=renovation.rows_of_homes(
            stock.homes, stock.group, stock.homes["street_name"], smallest=smallest
        ),
        per_segment=renovation.rows_per_segment(
            stock.homes, stock.group, smallest=smallest, enough=enough
        ),
        any_period=renovation.rows_per_segment(
            stock.homes, stock.any_period, smallest=smallest, enough=enough
        ),
    )


def _segments(stock: _Stock, flanders: Flanders) -> pd.DataFrame:
    table = renovation.segments(stock.homes, stock.weights)
    expected = table["dwellings_expected"]
    beside = _beside(flanders, list(renovation.SEGMENT), stock.nis_code)
    return table.assign(share=_ratio(expected, expected.sum())).merge(
        beside, how="left", on=list(renovation.SEGMENT)
    )


def _with_homes(segments: pd.DataFrame) -> pd.DataFrame:
    """Return the segments with a home found, or at least one expected."""
    is_there = (segments["dwellings"] > 0) | (segments["dwellings_expected"] >= 1)
    return segments[is_there].reset_index(drop=True)


def _beside(flanders: Flanders, within: list[str], nis_code: str | None) -> pd.DataFrame:
    """Return shares of buildings of known period in the municipality and in Flanders."""
    counts = flanders.building_stock
    counts = counts[counts["building_type"].isin(_WITH_HOMES) & counts["period"].isin(PERIODS)]
    shares = stock_profile.shares_beside(
        counts, value="buildings", within=within, nis_code=nis_code
    )
    return _renamed(shares, nis_code)[[*within, "municipality_share", "flanders_share"]]


def _renamed(shares: pd.DataFrame, nis_code: str | None) -> pd.DataFrame:
    """Name the shares after their place; a fictional place has no municipality."""
    return shares.assign(
        municipality_share=np.nan if nis_code is None else shares["share"],
        flanders_share=shares["share_flanders"],
    ).drop(columns=["share", "share_flanders"])


def _tenures(homes: pd.DataFrame) -> pd.DataFrame:
    """Return the tenures, or nothing if no tenure is known at all."""
    is_known = bool((homes["tenure"] != renovation.UNKNOWN).any())
    return renovation.tenure_segments(homes if is_known else homes.iloc[:0])


def _tenure_totals(tenures: pd.DataFrame) -> pd.DataFrame:
    """Return the dwellings per tenure; the fewest decide whether any of them may be shown."""
    totals = tenures.groupby("tenure")["dwellings"].sum()
    ordered = totals.reindex([*TENURES, renovation.UNKNOWN]).dropna().rename_axis("tenure")
    table = ordered.reset_index().astype({"tenure": "str"})
    return table.assign(fewest_dwellings=float(ordered.min()))


def _type_comparison(stock: _Stock, flanders: Flanders) -> pd.DataFrame:
    shares = stock_profile.shares_beside(
        flanders.dwellings, value="dwellings", within=["building_type"], nis_code=stock.nis_code
    )
    here = stock.homes.groupby("building_type")["dwellings"].sum().astype("float64")
    table = _renamed(shares, stock.nis_code).drop(columns="dwellings")
    dwellings = table["building_type"].map(here).fillna(0.0)
    table.insert(1, "dwellings", dwellings)
    table.insert(2, "share", _ratio(dwellings, dwellings.sum()))
    order = {code: place for place, code in enumerate(BUILDING_TYPES)}
    return table.sort_values("building_type", key=lambda codes: codes.map(order), ignore_index=True)


def _period_comparison(stock: _Stock, flanders: Flanders) -> pd.DataFrame:
    homes = stock.homes[stock.homes["building_type"].isin(_WITH_HOMES)]
    buildings = homes["period"].value_counts().reindex(list(PERIODS), fill_value=0)
    beside = _beside(flanders, ["period"], stock.nis_code).set_index("period")
    return (
        pd.DataFrame(
            {"buildings": buildings.astype("int64"), "share": _ratio(buildings, buildings.sum())}
        )
        .join(beside)
        .rename_axis("period")
        .reset_index()
    )


def _side_by_side(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the shares under each other, for a chart; a place of which nothing is known drops."""
    shares = table[[name, *words.PLACES]].rename(columns=words.PLACES)
    stacked = shares.melt(name, var_name="where", value_name="share").dropna(subset="share")
    return stacked.astype({"where": "str"}).reset_index(drop=True)


def _rows(stock: _Stock, rows: pd.DataFrame, used: Assumptions) -> gpd.GeoDataFrame:
    members = stock.group[stock.group.isin(rows.index)]
    outlines = adjacency.group_outlines(
        stock.homes, members, touching_gap_m=used["stock.touching_gap_m"].value
    )
    is_estimated = (stock.homes["dwellings_origin"] == _ESTIMATED).groupby(stock.group).any()
    is_hidden = (rows["buildings"] == 1) & is_estimated.reindex(rows.index)
    table = rows.assign(dwellings=rows["dwellings"].mask(is_hidden)).reset_index(drop=True)
    table.insert(0, "group_id", [str(number + 1) for number in range(len(table))])
    shapes = outlines.reindex(rows.index).to_numpy()
    return gpd.GeoDataFrame(table.astype({"group_id": "str"}), geometry=shapes, crs=CRS)


def _per_segment(per_segment: pd.DataFrame) -> pd.DataFrame:
    in_rows, dwellings = per_segment["dwellings_in_rows"], per_segment["dwellings"]
    return per_segment.assign(in_rows_share=_ratio(in_rows, dwellings))


def _per_building(stock: _Stock) -> pd.DataFrame:
    columns = stock.homes[["building_type", "period", "dwellings"]]
    return pd.DataFrame(columns).assign(group=stock.group).astype({"dwellings": "float64"})


def _matrix(stock: _Stock) -> pd.DataFrame:
    table = renovation.neighbour_pairs(stock.homes, stock.walls)
    return table.assign(share=_ratio(table["pairs"], table["pairs"].sum()))


def _goals(flanders: Flanders, per_segment: pd.DataFrame) -> pd.DataFrame:
    goals = flanders.targets.loc[list(_GOALS)]
    amounts = targets.target_amounts(
        goals,
        inhabitants=np.nan,
        dwellings=float(per_segment["dwellings"].sum()),
        households=np.nan,
    )
    in_rows, in_long_rows = _standing(per_segment)
    table = pd.DataFrame(
        {
            "goal": goals["goal_nl"],
            "signed_by": goals["version"].map(_signed_by),
            "amount": amounts,
            "dwellings_in_rows": in_rows,
            "dwellings_in_long_rows": in_long_rows,
            "is_enough": (in_long_rows >= amounts).astype("boolean"),
        }
    )
    return table.rename_axis("goal_id").reset_index()


def _signed_by(version: str) -> str:
    return (
        "voor wie het pact ondertekende" if version == "1.0" else f"voor wie {version} ondertekende"
    )


def _filled_in(stock: _Stock) -> pd.DataFrame:
    homes = stock.homes
    total = len(homes)
    rows = [
        (step, how, count, count / total)
        for column, step in words.STEPS.items()
        for how, count in _origins(homes, column, stock).items()
    ]
    table = pd.DataFrame(rows, columns=["step", "how", "buildings", "share"])
    return table.astype({"step": "str", "how": "str", "buildings": "int64", "share": "float64"})


def _origins(homes: pd.DataFrame, column: str, stock: _Stock) -> Mapping[str, int]:
    counts = homes[column].value_counts()
    how = words.HOW[column]
    found = {how[code]: int(counts[code]) for code in how if code in counts}
    if stock.nis_code is None and how.get("stock") in found:
        found[words.FLEMISH] = found.pop(how["stock"])
    return found


def _ratio(part: Any, whole: Any) -> Any:
    """Divide, and say nothing where there is nothing to divide by."""
    whole = pd.Series(whole, index=part.index, dtype="float64")
    return part / whole.where(whole > 0)


# --- figures and sentences ------------------------------------------------------------------


def _figures(
    stock: _Stock, internal: Mapping[str, pd.DataFrame], grouped: _Grouped, used: Assumptions
) -> list[KeyFigure]:
    least, enough = words.limits(used)
    homes, rows = stock.homes, grouped.rows
    dwellings = float(homes["dwellings"].sum())
    is_long, is_row = rows["dwellings"] >= enough, rows["buildings"] > 1
    in_rows, in_long_rows = _standing(grouped.per_segment)
    is_known = homes["period"] != renovation.UNKNOWN
    goals = internal["lekp_wijk"].set_index("goal_id")["amount"]
    of_least = f"minstens {wording.number(least)} gelijke woningen"
    of_enough = f"minstens {wording.number(enough)} gelijke woningen"
    figures = [
        ("dwellings", dwellings, "aantal", "woningen"),
        ("dwellings_in_long_rows", in_long_rows, "aantal",
         f"woningen in een rij of gebouw van {of_enough}"),
        ("w2a_renovations", goals["W2a"], "renovatie",
         "gezamenlijke renovaties tegen 2030: evenredig deel van het LEKP-doel"),
        ("w2b_renovations", goals["W2b"], "renovatie",
         "daarvan fossielvrij, voor wie LEKP 2.0 ondertekende"),
        ("home_buildings", len(homes), "aantal", "gebouwen met woningen"),
        ("segments", (grouped.per_segment["period"] != renovation.UNKNOWN).sum(), "aantal",
         "segmenten met bekend type en bekende bouwperiode"),
        ("period_known_share", _share(homes.loc[is_known, "dwellings"].sum(), dwellings),
         "aandeel", "van de woningen heeft een bekende bouwperiode"),
        ("type_given_share", _share((homes["type_origin"] == "given").sum(), len(homes)),
         "aandeel", "van de gebouwen met woningen heeft een gegeven type"),
        ("rows", is_row.sum(), "aantal", f"rijen van {of_least}"),
        ("long_rows", (is_row & is_long).sum(), "aantal", f"rijen van {of_enough}"),
        ("long_row_dwellings", rows.loc[is_row & is_long, "dwellings"].sum(), "aantal",
         f"woningen in een rij van {of_enough}"),
        ("short_row_dwellings", rows.loc[is_row & ~is_long, "dwellings"].sum(), "aantal",
         f"woningen in een kortere rij, van minstens {wording.number(least)}"),
        ("large_buildings", (~is_row & is_long).sum(), "aantal",
         f"gebouwen met minstens {wording.number(enough)} woningen"),
        ("longest_row_dwellings", rows.loc[is_row, "dwellings"].max(), "aantal",
         "woningen in de langste rij"),
        ("dwellings_in_rows", in_rows, "aantal", f"woningen in een rij of gebouw van {of_least}"),
        ("long_rows_share", _share(in_long_rows, dwellings), "aandeel",
         f"van de woningen staat in een rij of gebouw van {of_enough}"),
        ("dwellings_in_long_rows_any_period",
         max(in_long_rows, _standing(grouped.any_period)[1]), "aantal",
         "hetzelfde als de bouwperiode niet gelijk hoeft te zijn (bovengrens)"),
        ("like_neighbours_share", _like_share(stock), "aandeel",
         "van de buren met bekende bouwperiode is gelijk (een hoekhuis hoort bij zijn rij)"),
    ]  # fmt: skip
    return [
        KeyFigure(*figure, basis="derived", work_programme=2, lekp_name=_OFFICIAL.get(figure[0]))
        for figure in figures
    ]


def _like_share(stock: _Stock) -> float | None:
    """Return how many neighbours of known period, with a wall in common, are of one kind."""
    kind = stock.homes.loc[stock.homes["period"] != renovation.UNKNOWN, "kind"]
    one, other = (stock.walls[name].map(kind) for name in ("building_id", "neighbour_id"))
    return _share(float((one == other).sum()), float((one.notna() & other.notna()).sum()))


def _share(part: float, whole: float) -> float | None:
    return float(part / whole) if whole else None


def _standing(per_segment: pd.DataFrame) -> tuple[float, float]:
    """Return how many dwellings stand in a row, and how many in a long one."""
    in_rows, in_long_rows = per_segment[["dwellings_in_rows", "dwellings_in_long_rows"]].sum()
    return float(in_rows), float(in_long_rows)
