"""The street graph as tables, and the way from and to the arrays it is built with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lekp_lib.domain.street_graph._draft import TRAITS, Draft, Floats, Ints, Shapes, components
from lekp_lib.errors import ContractError

__all__ = [
    "EDGE_COLUMNS",
    "EDGE_KINDS",
    "REPAIR_COLUMNS",
    "REPAIR_KINDS",
    "StreetGraph",
    "canonical",
    "check_crs",
    "draft_of",
    "graph_of",
    "no_series",
    "repair_rows",
]

EDGE_KINDS = ("street", "join", "service", "existing")
"""Street; assumed link over a gap; house connection; pipe that lies there already."""

EDGE_COLUMNS = ("from_node", "to_node", "length_m", *TRAITS, "geometry")
"""Columns of the table of edges."""

REPAIR_KINDS = ("snapped", "joined", "separate", "source_apart")
"""Loose end tied in; part tied in; part left alone; source away from the largest part."""

REPAIR_COLUMNS = ("kind", "street_id", "gap_m", "length_m", "geometry")
"""Columns of the table of repairs."""


@dataclass(frozen=True)
class StreetGraph:
    """
    Where a heat network may run.

    Attributes
    ----------
    nodes : DataFrame, index ``node`` 0..n-1
        x, y [m, EPSG:31370]; ``part``: connected part, 0 is the largest by length. A building
        counts to the lowest part it can be served from. A node keeps its number in all later
        steps, except that ``lay_existing`` may merge nodes.
    edges : GeoDataFrame, index ``edge`` 0..m-1
        Columns ``EDGE_COLUMNS``: length_m is that of the LineString, which runs from from_node
        to to_node; a house connection runs from the street (from_node) to the façade, its
        to_node is the building. kind is one of ``EDGE_KINDS``. street_id is missing for
        services and existing pipes, building_id for all but services. road_class and
        paved_share as given for the street; existing_dn only for existing pipes. Two edges may
        join the same nodes, and an edge may end where it began.
    terminals : Series, index building_id
        Node of each building that has at least one house connection.
    sources : Series, index source_id
        Node of each source.
    repairs : GeoDataFrame
        Columns ``REPAIR_COLUMNS``, to be drawn and counted: kind is one of ``REPAIR_KINDS``;
        gap_m is the gap that was bridged or that stays open [m], length_m the length of a part
        that stays alone [m].
    too_far : Series, index building_id
        Distance to the nearest street of buildings without house connection [m]; missing where
        there is no street or the building has no shape.
    """

    nodes: pd.DataFrame
    edges: gpd.GeoDataFrame
    terminals: pd.Series[int]
    sources: pd.Series[int]
    repairs: gpd.GeoDataFrame
    too_far: pd.Series[float]


def canonical(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the rows in an order that does not depend on the order they came in."""
    keys = pd.DataFrame({"id": table.index.astype("str")})
    if keys["id"].duplicated().any():
        keys["shape"] = shapely.to_wkb(table.geometry.to_numpy(), hex=True)
    return table.iloc[keys.sort_values(list(keys.columns), kind="stable").index.to_numpy()]


def check_crs(graph: StreetGraph, table: gpd.GeoDataFrame) -> None:
    """Refuse a table that lies in another coordinate system than the graph."""
    ours, theirs = graph.edges.crs, table.crs
    if ours is not None and theirs is not None and ours != theirs:
        msg = f"The table is in {theirs.name}, the streets are in {ours.name}. Reproject first."
        raise ContractError(msg)


def no_series(name: str, index_name: str, dtype: str) -> pd.Series[Any]:
    """Return an empty series with text labels."""
    return pd.Series([], index=pd.Index([], dtype="str", name=index_name), dtype=dtype, name=name)


def repair_rows(
    kind: str, lines: Shapes, street_id: Any, *, gap_m: Any, length_m: Any, crs: Any
) -> gpd.GeoDataFrame:
    """Return rows of the table of repairs."""
    size = len(lines)
    columns = {
        "kind": pd.Series(kind, index=range(size), dtype="str"),
        "street_id": pd.Series(np.asarray(street_id, dtype=object), dtype="str"),
        "gap_m": pd.Series(gap_m, index=range(size), dtype="float64"),
        "length_m": pd.Series(length_m, index=range(size), dtype="float64"),
    }
    return gpd.GeoDataFrame(columns, geometry=lines, crs=crs)


def draft_of(graph: StreetGraph) -> Draft:
    """Return the arrays behind a graph."""
    edges = graph.edges
    return Draft(
        graph.nodes[["x", "y"]].to_numpy(dtype="float64"),
        edges[["from_node", "to_node"]].to_numpy(dtype="int64"),
        edges.geometry.to_numpy(),
        pd.DataFrame(edges[list(TRAITS)]),
    )


def _parts(draft: Draft, length_m: Floats) -> Ints:
    """Return the part of each node, largest first; no path runs through a building."""
    size = len(draft.xy)
    is_service = (draft.traits["kind"] == "service").to_numpy(dtype=bool)
    open_ends = draft.ends[~is_service]
    label = components(size, open_ends)
    extent = np.bincount(label[open_ends[:, 0]], weights=length_m[~is_service], minlength=size)
    rank = np.empty(size, dtype="int64")
    rank[np.argsort(-extent.round(3), kind="stable")] = np.arange(size)
    part = rank[label]
    street, building = draft.ends[is_service].T
    part[building] = size
    np.minimum.at(part, building, part[street])
    return part


def graph_of(
    draft: Draft,
    *,
    terminals: pd.Series[int],
    sources: pd.Series[int],
    repairs: gpd.GeoDataFrame,
    too_far: pd.Series[float],
    crs: Any,
) -> StreetGraph:
    """Return the tables of a draft."""
    length_m = shapely.length(draft.lines)
    nodes = pd.DataFrame(draft.xy, columns=["x", "y"]).rename_axis("node")
    nodes["part"] = _parts(draft, length_m)
    frame = pd.DataFrame(
        {"from_node": draft.ends[:, 0], "to_node": draft.ends[:, 1], "length_m": length_m}
    )
    frame[list(TRAITS)] = draft.traits
    edges = gpd.GeoDataFrame(frame.rename_axis("edge"), geometry=draft.lines, crs=crs)
    return StreetGraph(nodes, edges, terminals, sources, repairs, too_far)
