"""
Yearly heat that a building loses through its shell, from areas and thermal resistances.

The way of the engineer, beside the typology: it needs no meters, and it knows nothing of the
rooms that people leave cold. Calculated losses of old homes lie well above what is metered.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from lekp_lib.errors import ContractError
from lekp_lib.units import W_PER_MW

__all__ = ["ELEMENTS", "heat_loss_coefficient", "yearly_heat_loss"]

ELEMENTS = ("wall", "roof", "floor", "window")
"""Parts of the shell, in columns ``<element>_m2`` and ``<element>_m2k_w``."""


def heat_loss_coefficient(
    shells: pd.DataFrame,
    *,
    film_m2k_w: Mapping[str, float],
    floor_ratio: float,
    air_changes: float,
    air_heat_wh_m3k: float,
) -> pd.DataFrame:
    """
    Return the heat that each building loses per degree of difference.

    Parameters
    ----------
    shells : DataFrame, one row per building
        ``<element>_m2`` [m2] and ``<element>_m2k_w``, the resistance from surface to surface
        [m2 K/W], for each of ``ELEMENTS``, and volume_m3, of the heated air [m3].
    film_m2k_w : mapping of str to float
        Resistance of the air films inside and outside together, of each element [m2 K/W].
    floor_ratio : float
        Loss of a floor over that of an equal element in the open air [-].
    air_changes : float
        Volumes of air renewed per hour [1/h].
    air_heat_wh_m3k : float
        Heat in a cubic metre of air [Wh/(m3 K)].

    Returns
    -------
    DataFrame, same index and order as `shells`
        ``transmission_w_k`` and ``ventilation_w_k`` [W/K].

    Raises
    ------
    ContractError
        If an area or a volume is negative, or a resistance with its films is not above 0.

    Notes
    -----
    ``Σ area / (resistance + films)``, the floor times its ratio, and ``heat × changes × volume``.

    Examples
    --------
    >>> shell = pd.DataFrame({"wall_m2": [100.0], "wall_m2k_w": [0.3], "roof_m2": [0.0],
    ...     "roof_m2k_w": [1.0], "floor_m2": [50.0], "floor_m2k_w": [0.8], "window_m2": [0.0],
    ...     "window_m2k_w": [0.3], "volume_m3": [300.0]})
    >>> heat_loss_coefficient(shell, film_m2k_w=dict.fromkeys(ELEMENTS, 0.2), floor_ratio=0.5,
    ...     air_changes=0.5, air_heat_wh_m3k=0.4).iloc[0].tolist()
    [225.0, 60.0]
    """
    areas = shells[[f"{element}_m2" for element in ELEMENTS]].to_numpy(dtype="float64")
    films = np.array([film_m2k_w[element] for element in ELEMENTS])
    resistance = shells[[f"{element}_m2k_w" for element in ELEMENTS]].to_numpy("float64") + films
    volume = shells["volume_m3"].astype("float64")
    is_wrong = ~((areas >= 0).all(axis=1) & (resistance > 0).all(axis=1) & (volume >= 0))
    if is_wrong.any():
        first = list(shells.index[is_wrong][:3])
        msg = (
            f"shells has {int(is_wrong.sum())} rows with a negative area or volume, or a "
            f"resistance that is not above 0, first {first}. Correct them or leave them out."
        )
        raise ContractError(msg)
    ratio = np.array([floor_ratio if element == "floor" else 1.0 for element in ELEMENTS])
    return pd.DataFrame(
        {
            "transmission_w_k": (areas / resistance) @ ratio,
            "ventilation_w_k": volume * air_changes * air_heat_wh_m3k,
        },
        index=shells.index,
    )


def yearly_heat_loss(
    coefficients: pd.DataFrame, *, temperature_c: npt.ArrayLike, base_c: float
) -> pd.Series[float]:
    """
    Return the useful heat that makes up for the losses of a year.

    Parameters
    ----------
    coefficients : DataFrame
        As returned by ``heat_loss_coefficient``.
    temperature_c : array of float
        Temperature outside of each hour of a year [°C].
    base_c : float
        Temperature outside above which nobody heats: sun, people and appliances do [°C].

    Returns
    -------
    Series, same index and order as `coefficients`
        ``space_mwh`` [MWh/yr].

    Notes
    -----
    Loss per degree × the degrees below the base, summed over the hours. The base stands for all
    gains; a warm hour does not pay back a cold one.

    Examples
    --------
    >>> parts = pd.DataFrame({"transmission_w_k": [300.0], "ventilation_w_k": [100.0]})
    >>> yearly_heat_loss(parts, temperature_c=[5.0] * 5000, base_c=15.0).tolist()
    [20.0]
    """
    below = np.clip(base_c - np.asarray(temperature_c, dtype="float64"), 0.0, None)
    total = coefficients["transmission_w_k"] + coefficients["ventilation_w_k"]
    return (total * float(below.sum()) / W_PER_MW).rename("space_mwh")
