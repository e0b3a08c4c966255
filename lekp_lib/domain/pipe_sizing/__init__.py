"""
How thick each pipe of a heat network must be, and what it loses in pressure and heat.

Without loops a network needs no solver: what flows through a pipe is what the buildings behind
it ask, so one pass from the leaves to the root sizes it exactly. A trench holds a supply and a
return pipe of the same size. Throughout, ``network`` has one row per pipe, index ``pipe``, and
the columns upstream (the pipe that feeds it, -1 at a source), from_node (towards the source),
to_node, length_m, kind ("street", "join", "service", "existing") and building_id (where the pipe
ends in a building). Several sources make a forest. Rows may stand in any order.
"""

from __future__ import annotations

from lekp_lib.domain.pipe_sizing._load import design_load, load_per_pipe, simultaneity
from lekp_lib.domain.pipe_sizing._operation import (
    cubic_load_hours,
    longest_path_pressure,
    losses,
    pumping,
    route_to,
)
from lekp_lib.domain.pipe_sizing._size import (
    SizingRules,
    friction_factor,
    pressure_gradient,
    size,
)

__all__ = [
    "SizingRules",
    "cubic_load_hours",
    "design_load",
    "friction_factor",
    "load_per_pipe",
    "longest_path_pressure",
    "losses",
    "pressure_gradient",
    "pumping",
    "route_to",
    "simultaneity",
    "size",
]
