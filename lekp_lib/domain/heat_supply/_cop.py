"""How much heat a heat pump gives per unit of electricity."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lekp_lib.units import KELVIN_AT_0_C

__all__ = ["carnot_cop", "heat_pump_cop", "seasonal_cop"]


def heat_pump_cop(
    source_c: ArrayLike,
    sink_c: ArrayLike,
    *,
    level: float,
    slope: float,
    curvature: float,
    least_lift_k: float,
    field_share: float,
) -> NDArray[np.float64]:
    """
    Return how much heat a heat pump of a home gives per unit of electricity.

    Parameters
    ----------
    source_c, sink_c : array or float
        Temperature of air, ground or water outside, and of the water made [°C].
    level, slope, curvature : float
        Figures of the kind of source [-, 1/K, 1/K2].
    least_lift_k : float
        A smaller lift counts as this one [K].
    field_share : float
        What is left in real homes of the figure on the test bench [-, 0-1].

    Returns
    -------
    array
        COP [-].

    Notes
    -----
    ``field × (level - slope × lift + curvature × lift²)``. Beyond its lowest point the parabola
    would rise again; there the lowest value is kept.

    References
    ----------
    S-121 in ``assumptions/sources.csv``.

    Examples
    --------
    >>> round(float(heat_pump_cop(7.0, 55.0, level=6.08, slope=0.09, curvature=0.0005,
    ...                           least_lift_k=15.0, field_share=0.85)), 1)
    2.5
    """
    lift = np.asarray(sink_c, dtype="float64") - np.asarray(source_c, dtype="float64")
    lift = np.clip(lift, least_lift_k, slope / (2 * curvature))
    return np.asarray(field_share * (level - slope * lift + curvature * lift**2))


def carnot_cop(
    source_c: ArrayLike, sink_c: ArrayLike, *, quality_share: float, least_lift_k: float
) -> NDArray[np.float64]:
    """
    Return how much heat a large heat pump gives per unit of electricity.

    Parameters
    ----------
    source_c, sink_c : array or float
        Temperature of the source and of the water made [°C].
    quality_share : float
        What a real machine reaches of the ideal one [-, 0-1].
    least_lift_k : float
        A smaller lift counts as this one [K].

    Returns
    -------
    array
        COP [-], never below 1.

    Notes
    -----
    ``quality × sink / lift``, with the sink in kelvin.

    Examples
    --------
    >>> round(float(carnot_cop(6.85, 76.85, quality_share=0.5, least_lift_k=15.0)), 6)
    2.5
    """
    sink = np.asarray(sink_c, dtype="float64")
    lift = np.maximum(sink - np.asarray(source_c, dtype="float64"), least_lift_k)
    return np.asarray(np.maximum(1.0, quality_share * (sink + KELVIN_AT_0_C) / lift))


def seasonal_cop(load_kw: ArrayLike, cop: ArrayLike) -> float:
    """
    Return the COP over a year: all heat over all electricity.

    Parameters
    ----------
    load_kw, cop : array of hours
        Heat asked [kW] and COP [-].

    Examples
    --------
    >>> seasonal_cop([30.0, 10.0], [2.0, 4.0]).__round__(4)
    2.2857
    """
    load = np.asarray(load_kw, dtype="float64")
    return float(load.sum() / (load / np.asarray(cop, dtype="float64")).sum())
