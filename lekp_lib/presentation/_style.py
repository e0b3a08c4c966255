"""Colours of the house, told apart by readers who are colour-blind (Okabe-Ito, viridis)."""

from __future__ import annotations

from matplotlib import colormaps
from matplotlib.colors import to_hex

__all__ = [
    "ACCENT",
    "GREY",
    "GRID",
    "INK",
    "MUTED",
    "OTHERS",
    "PALE",
    "QUALITATIVE",
    "SHORTAGE",
    "SPAN",
    "UNKNOWN",
    "sequential",
]

INK = "#22272b"
MUTED = "#565f67"
GREY = "#868d93"
GRID = "#dcdfe1"
ACCENT = "#0b6583"
SHORTAGE = "#d55e00"
PALE = "#fbe3d3"
SPAN = "#9db8c3"

QUALITATIVE = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#e69f00",
    "#56b4e9",
    "#7a5c3e",
)
"""One colour per category."""

OTHERS = "#8b9298"
"""What the last categories of a longer list share."""

UNKNOWN = "#dfe2e4"
"""A category that is not known."""


def sequential(n: int, *, lightest: float) -> list[str]:
    """
    Return `n` colours from light (low) to dark (high).

    Parameters
    ----------
    n : int
        Number of classes.
    lightest : float
        Place on viridis where the lowest class begins [-, 0-1]; thin lines need a
        darker beginning than filled areas.

    Examples
    --------
    >>> sequential(2, lightest=0.6)
    ['#22a884', '#450457']
    """
    darkest = 0.01
    step = (lightest - darkest) / max(n - 1, 1)
    return [to_hex(colormaps["viridis"](lightest - step * i)) for i in range(n)]
