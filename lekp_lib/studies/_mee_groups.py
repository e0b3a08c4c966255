"""Which like homes can order together, what that costs, and who is left over."""

from __future__ import annotations

from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from lekp_lib.contracts import CRS
from lekp_lib.contracts.lists import BUILDING_TYPES, PERIODS
from lekp_lib.domain import adjacency, contact_point, renovation, renovation_package
from lekp_lib.studies._mee_offer_homes import HOMES_KEYS, Offer
from lekp_lib.studies._mee_offer_tables import coarse
from lekp_lib.studies._mee_scene import Scene

__all__ = ["GROUP_KEYS", "Groups", "group_tables", "groups_of"]

_DISCOUNT = "package.discount.from_"
_DISCOUNT_STEPS = (5, 10, 25)

GROUP_KEYS = (
    *HOMES_KEYS,
    "stock.touching_gap_m",
    "stock.row_smallest_dwellings",
    "stock.row_largest_dwellings",
    "counter.period_steps",
    "counter.period_step_m",
    "counter.neighbour_gap_m",
    "counter.scaffold_eur",
    "counter.drawing_eur",
    "counter.counted_savings",
    "package.discount.counted_share",
    *(f"{_DISCOUNT}{step}_share" for step in _DISCOUNT_STEPS),
)
"""The figures that groups are made with."""

JOINT = "schil"
"""The package that is ordered together: the one with the scaffold."""

_ESTIMATED = "floor_area"
_BUILDING, _WALLS, _LOOSE = "in één gebouw", "met gedeelde muren", "los naast elkaar"


class Groups(NamedTuple):
    """
    The groups of a neighbourhood.

    Attributes
    ----------
    group : Series, indexed by building_id
        Group of each building with homes; see `table` for which are large enough.
    by_walls : Series, indexed by building_id
        The same if only shared walls make neighbours.
    table : DataFrame, index group
        Groups that are large enough, largest first: building_type, street_name, oldest_period,
        newest_period, shares_walls, buildings, dwellings and cost_eur of all works apart [EUR].
    """

    group: pd.Series[int]
    by_walls: pd.Series[int]
    table: pd.DataFrame


def groups_of(scene: Scene, offer: Offer) -> Groups:
    """
    Return the groups of like homes that stand together.

    Alike are homes of one family of types, with the same works in the package Schil, and with
    construction periods at most some steps apart.

    Parameters
    ----------
    scene : Scene
        With ``GROUP_KEYS``.
    offer : Offer
        What the package asks of each kind of home.
    """
    homes = scene.homes.assign(kind=_kinds(scene, offer), rank=_ranks(scene.homes["period"]))
    streets = gpd.GeoDataFrame(scene.place.tables["straten"])
    gap_m = scene.used["counter.neighbour_gap_m"].value
    beside = adjacency.street_neighbours(homes, streets, within_m=gap_m)
    pairs = pd.concat([scene.walls[list(beside.columns)], beside], ignore_index=True)
    group, by_walls = _grouped(scene, homes, pairs), _grouped(scene, homes, scene.walls)
    return Groups(group, by_walls, _table(scene, homes, group, _costs(scene, offer)))


def _kinds(scene: Scene, offer: Offer) -> pd.Series[Any]:
    """Return what must be equal: family of types, works of the package, protected or not."""
    works = offer.works.xs(JOINT, level="package").reset_index()
    needed = works.groupby(["building_type", "period"])["element"].agg(
        lambda names: "+".join(sorted(set(names)))
    )
    homes = scene.homes
    keys = pd.MultiIndex.from_frame(homes[["building_type", "period"]])
    package = pd.Series(needed.reindex(keys).to_numpy(), index=homes.index, dtype="str")
    family = renovation.row_kinds(homes.assign(period=package.fillna(renovation.UNKNOWN)))
    return family.mask(homes["is_heritage"], family + "|heritage")


def _ranks(period: pd.Series[str]) -> pd.Series[float]:
    order = {code: float(place) for place, code in enumerate(PERIODS)}
    return pd.Series(period.map(order), dtype="float64")


def _grouped(scene: Scene, homes: gpd.GeoDataFrame, pairs: pd.DataFrame) -> pd.Series[int]:
    used = scene.used
    return adjacency.joint_groups(
        homes,
        pairs,
        smallest=used["stock.row_smallest_dwellings"].value,
        largest=used["stock.row_largest_dwellings"].value,
        steps=used["counter.period_steps"].value,
        step_m=used["counter.period_step_m"].value,
    )


def _costs(scene: Scene, offer: Offer) -> pd.Series[float]:
    """Return what the works cost per building, apart [EUR]; an unknown period is spread out."""
    works = offer.works["cost_eur"].xs(JOINT, level="package")
    each = works.groupby(["building_type", "period"]).sum().unstack("period")  # noqa: PD010
    homes = scene.homes
    of_type = each.reindex(index=homes["building_type"], columns=list(PERIODS)).to_numpy("float64")
    chance = scene.weights.reindex(homes.index)[list(PERIODS)].to_numpy("float64")
    mean = np.nansum(np.where(chance > 0, chance * of_type, 0.0), axis=1)
    return pd.Series(mean * homes["dwellings"].to_numpy("float64"), index=homes.index)


def _table(
    scene: Scene, homes: gpd.GeoDataFrame, group: pd.Series[int], cost_eur: pd.Series[float]
) -> pd.DataFrame:
    smallest = scene.used["stock.row_smallest_dwellings"].value
    rows = renovation.rows_of_homes(homes, group, homes["street_name"], smallest=smallest)
    rank = homes["rank"].groupby(group)
    code = dict(enumerate(PERIODS))
    table = rows.assign(
        oldest_period=rank.min().map(code).fillna(renovation.UNKNOWN).reindex(rows.index),
        newest_period=rank.max().map(code).fillna(renovation.UNKNOWN).reindex(rows.index),
        cost_eur=cost_eur.groupby(group).sum().reindex(rows.index),
    )
    whole = adjacency.joint_groups(
        homes.assign(kind=group, rank=0.0),
        scene.walls,
        smallest=0,
        largest=np.inf,
        steps=0,
        step_m=0,
    )
    is_walled = (whole.groupby(group).agg(np.ptp) == 0).reindex(rows.index)
    how = pd.Series(np.where(is_walled, _WALLS, _LOOSE), index=rows.index, dtype="str")
    return table.assign(shares_walls=how.mask(rows["buildings"] == 1, _BUILDING))


def group_tables(scene: Scene, groups: Groups) -> dict[str, pd.DataFrame]:
    """Return the tables groepen_aanbod, groepen_offerte and groepen_rest."""
    return {
        "groepen_aanbod": _map(scene, groups),
        "groepen_offerte": _offers(scene, groups.table),
        "groepen_rest": _left(scene, groups),
    }


def _map(scene: Scene, groups: Groups) -> gpd.GeoDataFrame:
    table, homes = groups.table, scene.homes
    members = groups.group[groups.group.isin(table.index)]
    outlines = adjacency.group_outlines(
        homes, members, touching_gap_m=scene.used["stock.touching_gap_m"].value
    )
    is_estimated = (homes["dwellings_origin"] == _ESTIMATED).groupby(groups.group).any()
    is_hidden = (table["buildings"] == 1) & is_estimated.reindex(table.index)
    shown = table.assign(dwellings=table["dwellings"].mask(is_hidden)).drop(
        columns=["period", "cost_eur"]
    )
    shown.insert(0, "group_id", [str(number + 1) for number in range(len(shown))])
    texts = ["group_id", "street_name", "building_type", "oldest_period", "newest_period"]
    shapes = outlines.reindex(table.index).to_numpy()
    kinds = dict.fromkeys([*texts, "shares_walls"], "str")
    return gpd.GeoDataFrame(shown.reset_index(drop=True).astype(kinds), geometry=shapes, crs=CRS)


def _offers(scene: Scene, table: pd.DataFrame) -> pd.DataFrame:
    """Return what groups pay together, per type: one euro figure per building stays inside."""
    used = scene.used
    steps = {step: used[f"{_DISCOUNT}{step}_share"].value for step in _DISCOUNT_STEPS}
    discount = renovation_package.collective_discount(
        table["dwellings"].to_numpy(),
        steps=steps,
        counted_share=used["package.discount.counted_share"].value,
    )
    asked = table[["dwellings", "cost_eur"]].assign(jobs=table["buildings"])
    offers = contact_point.joint_offers(
        asked,
        discount_share=pd.Series(discount, index=table.index),
        scaffold_eur=used["counter.scaffold_eur"].value,
        drawing_eur=used["counter.drawing_eur"].value,
        counted_share=used["counter.counted_savings"].value,
    )
    parts = asked.drop(columns="jobs").join(offers.drop(columns="offer_per_dwelling_eur"))
    sums = parts.assign(groups=1).groupby(table["building_type"]).sum()
    per_dwelling = sums["offer_eur"] / sums["dwellings"]
    cost_eur = coarse(sums["cost_eur"])
    told = sums.assign(
        cost_eur=cost_eur,
        discount_eur=coarse(sums["discount_eur"]),
        shared_eur=coarse(sums["shared_eur"]),
        offer_eur=cost_eur - coarse(sums["cost_eur"] - sums["offer_eur"]),
        offer_per_dwelling_eur=coarse(per_dwelling),
    )
    return _per_type(told).astype({"groups": "int64"})


def _left(scene: Scene, groups: Groups) -> pd.DataFrame:
    homes, smallest = scene.homes, scene.used["stock.row_smallest_dwellings"].value
    dwellings = homes["dwellings"].astype("float64")
    is_in = groups.group.isin(groups.table.index)
    by_walls = dwellings.groupby(groups.by_walls).transform("sum") >= smallest
    is_one = groups.group.groupby(groups.group).transform("size") == 1
    parts = pd.DataFrame(
        {
            "dwellings": dwellings,
            "in_groups": dwellings.where(is_in, 0.0),
            "in_groups_walls": dwellings.where(by_walls, 0.0),
            "left_small": dwellings.where(~is_in & ~is_one, 0.0),
            "left_alone": dwellings.where(~is_in & is_one, 0.0),
        }
    )
    sums = parts.groupby(homes["building_type"]).sum()
    return _per_type(sums.assign(left_share=1 - sums["in_groups"] / sums["dwellings"]))


def _per_type(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per type that occurs, in the order of the list."""
    found = [code for code in BUILDING_TYPES if code in table.index]
    ordered = table.reindex(found).rename_axis("building_type").reset_index()
    return ordered.astype({"building_type": "str"})
