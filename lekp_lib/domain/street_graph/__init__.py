"""
From drawn streets to a graph on which a heat network can be routed, never a crash on the way.

Streets are cut at their crossings, gaps are closed or listed, buildings get several possible
house connections, sources and existing pipes are tied in. Order of the steps: ``build``,
``lay_existing``, ``connect_buildings``, ``connect_sources``.
"""

from lekp_lib.domain.street_graph._build import build
from lekp_lib.domain.street_graph._buildings import connect_buildings
from lekp_lib.domain.street_graph._existing import lay_existing
from lekp_lib.domain.street_graph._graph import (
    EDGE_COLUMNS,
    EDGE_KINDS,
    REPAIR_COLUMNS,
    REPAIR_KINDS,
    StreetGraph,
)
from lekp_lib.domain.street_graph._sources import best_site, connect_sources

__all__ = [
    "EDGE_COLUMNS",
    "EDGE_KINDS",
    "REPAIR_COLUMNS",
    "REPAIR_KINDS",
    "StreetGraph",
    "best_site",
    "build",
    "connect_buildings",
    "connect_sources",
    "lay_existing",
]
