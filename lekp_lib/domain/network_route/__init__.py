"""
Where the pipes of a heat network run: the cheapest way to join buildings with a source.

``route`` finds the network, ``lower_bound`` and ``exact`` prove how good it is, ``select`` says
which buildings to connect, and ``as_tree`` and ``prune`` work with what was found.
"""

from __future__ import annotations

from lekp_lib.domain.network_route._exact import exact
from lekp_lib.domain.network_route._route import Route, lower_bound, route
from lekp_lib.domain.network_route._select import Selection, select
from lekp_lib.domain.network_route._tree import as_tree, prune

__all__ = [
    "Route",
    "Selection",
    "as_tree",
    "exact",
    "lower_bound",
    "prune",
    "route",
    "select",
]
