"""
Which groups to contact in which way, so that nobody is left out, within money and hours.

A group is contacted by a strategy wholly or not at all. Then only so many sets of strategies
exist per group, and the reach of each is known beforehand: choosing one set per group is a
linear problem in whole numbers, solved to proven optimum.
"""

from lekp_lib.domain.activation._case import COST_COLUMNS, Case
from lekp_lib.domain.activation._obstacle import LIMITS, Obstacle, obstacle
from lekp_lib.domain.activation._plans import (
    Plan,
    frontier,
    leximin,
    maximin,
    plan_above,
    price_of_fairness,
    reach,
    utilitarian,
)

__all__ = [
    "COST_COLUMNS",
    "LIMITS",
    "Case",
    "Obstacle",
    "Plan",
    "frontier",
    "leximin",
    "maximin",
    "obstacle",
    "plan_above",
    "price_of_fairness",
    "reach",
    "utilitarian",
]
