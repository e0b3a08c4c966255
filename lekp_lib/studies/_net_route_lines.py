"""Pipes as lines on a map: one per street and what they have in common."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lekp_lib.contracts import CRS, Place
from lekp_lib.disclosure import smallest_street
from lekp_lib.studies._net_plan import Plan
from lekp_lib.studies._warmtenet_scene import Neighbourhood

__all__ = ["drawn_mains", "lines_of"]

_NO_STREET = "buiten een straat"


def drawn_mains(plan: Plan, place: Place, hood: Neighbourhood) -> pd.DataFrame:
    """
    Return the main pipes with what a map says of them.

    Parameters
    ----------
    plan : Plan
    place : Place
        For the smallest number of dwellings that may be shown.
    hood : Neighbourhood
        For the names of the streets.

    Returns
    -------
    DataFrame, index pipe, rising
        The columns of the sized network with street_name, label (one of ``PIPE_KINDS``) and
        is_small: too few dwellings behind the pipe to show more of it than that it is there.
    """
    mains = plan.case.mains.sort_index()
    is_join = mains["kind"] == "join"
    lies_there = mains["existing_dn"].notna()
    cases = [
        is_join & (mains["upstream"] == -1),
        is_join,
        lies_there & mains["needs_replacement"].astype(bool),
        lies_there,
    ]
    labels = (
        "aansluiting van de bron",
        "verbinding over een onderbreking",
        "bestaand, te vervangen",
        "bestaand",
    )
    label = pd.Series(np.select(cases, labels, default="nieuw"), mains.index, dtype="str")
    name = mains["street_id"].map(hood.groups).astype("object")
    return mains.assign(
        label=label,
        street_name=name.where(name.notna(), _NO_STREET).astype("str"),
        is_small=mains["dwellings"] < smallest_street(place.assumptions),
    )


def lines_of(mains: pd.DataFrame, by: list[str]) -> gpd.GeoDataFrame:
    """
    Return one line per group of pipes.

    Pipes with few dwellings behind them stay apart, so that hiding them hides no others.

    Parameters
    ----------
    mains : DataFrame
        As returned by ``drawn_mains``.
    by : list of str
        Columns that the pipes of a line have in common.

    Returns
    -------
    GeoDataFrame
        The columns of `by`, length_m [m] and dwellings: the most that any of its pipes serves.
    """
    groups = mains.groupby([*by, "is_small"], sort=True)
    table = groups.agg(length_m=("length_m", "sum"), dwellings=("dwellings", "max")).reset_index()
    number = groups.ngroup().to_numpy(dtype="int64")
    order = np.argsort(number, kind="stable")
    pieces = mains["geometry"].to_numpy()[order]
    shapes = shapely.multilinestrings(pieces, indices=number[order]) if len(pieces) else []
    table = table.drop(columns="is_small").astype({"dwellings": "Int64"})
    return gpd.GeoDataFrame(table, geometry=shapely.line_merge(shapes), crs=CRS)
