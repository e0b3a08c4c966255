"""The heat levels per type and period, fitted once per set of Flemish tables and figures."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd

from lekp_lib.assumptions import Assumptions
from lekp_lib.contracts import Flanders
from lekp_lib.contracts.lists import BUILDING_TYPES
from lekp_lib.domain import construction_period, heat_typology
from lekp_lib.domain.heat_typology import FitChoices, Typology

__all__ = [
    "HOUSEHOLD_YEAR",
    "REFERENCE_YEAR",
    "SHAPE_FIRST_YEARS",
    "TYPOLOGY_KEYS",
    "Levels",
    "fitted_levels",
]

REFERENCE_YEAR = 2021
"""Year of the gas of the municipalities."""

HOUSEHOLD_YEAR = 2020
"""Year in which the people and households of the municipalities were counted."""

SHAPE_FIRST_YEARS = {
    "before_1946": 0,
    "1946_1970": 1946,
    "1971_1990": 1971,
    "1991_2005": 1991,
    "2006_2013": 2006,
    "from_2014": 2014,
}
"""Classes of the shape of the levels → their first construction year."""

_SHAPE = tuple(f"heat.shape.{code}_kwh_m2" for code in SHAPE_FIRST_YEARS)
_CHOICES = (
    "smallest_points",
    "lowest_penalty",
    "highest_penalty",
    "penalties",
    "lowest_ratio",
    "period_reach",
    "own_weight",
    "folds",
    "seed",
    "coverage_share",
    "wijk_points",
    "thin_share",
)

TYPOLOGY_KEYS = (
    *_SHAPE,
    *(f"heat.shape_type.{code}" for code in BUILDING_TYPES),
    *(f"heat.reference.{code}_m2" for code in BUILDING_TYPES),
    "heat.net_floor_share",
    "heat.hot_water_kwh_dwelling",
    "buildings.stock_last_year",
    *(f"heat.fit.{name}" for name in _CHOICES),
)
"""The figures the fit uses."""

_COLUMNS = (
    f"gas_residential_mwh_{REFERENCE_YEAR}",
    f"gas_residential_points_{REFERENCE_YEAR}",
    f"electricity_residential_mwh_{REFERENCE_YEAR}",
    f"electricity_residential_points_{REFERENCE_YEAR}",
    f"population_{HOUSEHOLD_YEAR}",
    f"households_{HOUSEHOLD_YEAR}",
)


@dataclass(frozen=True)
class Levels:
    """
    The fit, and what a reader must know of it.

    Attributes
    ----------
    typology : Typology
        Levels of gas per connection.
    ranges : DataFrame, index (building_type, period)
        low_mwh_dwelling and high_mwh_dwelling, of gas.
    dwellings : Series, index (building_type, period)
        Dwellings of each class in the municipalities that were fitted on.
    on_gas_share : float
        Connections on gas over those on electricity in these municipalities [-].
    wijk_ratios : DataFrame
        See ``heat_typology.neighbourhood_ratios``.
    """

    typology: Typology
    ranges: pd.DataFrame
    dwellings: pd.Series[float]
    on_gas_share: float
    wijk_ratios: pd.DataFrame

    @property
    def wijk_error_share(self) -> float:
        """Mean absolute error of the prediction for a neighbourhood, over metered [-]."""
        table = self.wijk_ratios
        return float((table["predicted"] / table["metered"] - 1.0).abs().mean())


@dataclass(frozen=True)
class _Keyed:
    """Tables that are the same when their digest is."""

    digest: str
    flanders: Flanders = field(compare=False)
    used: Assumptions = field(compare=False)


def fitted_levels(flanders: Flanders, used: Assumptions) -> Levels:
    """
    Return the levels that the gas of the municipalities gives, from memory where nothing changed.

    Parameters
    ----------
    flanders : Flanders
        Building stock, dwellings and meters.
    used : Assumptions
        With ``TYPOLOGY_KEYS``.

    Notes
    -----
    The municipality of a place is not held out when its own levels are fitted; the error that
    is published is.
    """
    figures = used.pick(TYPOLOGY_KEYS)
    return _fitted(_Keyed(_digest(flanders, figures), flanders, figures))


def _digest(flanders: Flanders, used: Assumptions) -> str:
    seen = hashlib.blake2b()
    tables = (
        flanders.municipalities[list(_COLUMNS)],
        flanders.building_stock,
        flanders.dwellings,
        flanders.wijk_energy,
        flanders.wijken,
    )
    for table in tables:
        seen.update(pd.util.hash_pandas_object(table).to_numpy().tobytes())
    seen.update(repr([(key, figure.value) for key, figure in used.items()]).encode())
    return seen.hexdigest()


@lru_cache(maxsize=8)
def _fitted(keyed: _Keyed) -> Levels:
    flanders, used = keyed.flanders, keyed.used
    about = flanders.municipalities
    shares = heat_typology.stock_shares(flanders.building_stock, flanders.dwellings)
    shares = shares.loc[shares.index.intersection(about.index)]
    points = about.loc[shares.index, f"gas_residential_points_{REFERENCE_YEAR}"].astype("float64")
    gas = about.loc[shares.index, f"gas_residential_mwh_{REFERENCE_YEAR}"] / points
    is_used = (points > used["heat.fit.smallest_points"].value) & (gas > 0)
    typology = heat_typology.fit_typology(
        shares,
        gas[is_used],
        heat_typology.traits(about, year=REFERENCE_YEAR, household_year=HOUSEHOLD_YEAR),
        _prior(used),
        choices=_choices(used),
    )
    electricity = about.loc[
        gas.index[is_used], f"electricity_residential_points_{REFERENCE_YEAR}"
    ].sum()
    homes = flanders.dwellings.groupby("nis_code")["dwellings"].sum()
    fitted = shares[is_used]
    return Levels(
        typology=typology,
        ranges=heat_typology.level_ranges(
            typology, coverage_share=used["heat.fit.coverage_share"].value
        ),
        dwellings=fitted.mul(homes.reindex(fitted.index), axis=0).sum(),
        on_gas_share=float(points[is_used].sum() / electricity),
        wijk_ratios=heat_typology.neighbourhood_ratios(
            typology,
            flanders.wijk_energy,
            flanders.wijken,
            year=REFERENCE_YEAR,
            smallest_points=used["heat.fit.wijk_points"].value,
        ),
    )


def _prior(used: Assumptions) -> pd.Series[float]:
    """Return the shape of the levels, from the rows on shape and floor area."""
    return heat_typology.prior_levels(
        construction_period.values_by_period(
            [used[key].value for key in _SHAPE],
            list(SHAPE_FIRST_YEARS.values()),
            last_year=int(used["buildings.stock_last_year"].value),
        ),
        pd.Series({code: used[f"heat.shape_type.{code}"].value for code in BUILDING_TYPES}),
        pd.Series({code: used[f"heat.reference.{code}_m2"].value for code in BUILDING_TYPES}),
        net_floor_share=used["heat.net_floor_share"].value,
        hot_water_kwh_dwelling=used["heat.hot_water_kwh_dwelling"].value,
    )


def _choices(used: Assumptions) -> FitChoices:
    value = {name: used[f"heat.fit.{name}"].value for name in _CHOICES}
    penalties = np.geomspace(
        value["lowest_penalty"], value["highest_penalty"], int(value["penalties"])
    )
    return FitChoices(
        penalties=tuple(float(penalty) for penalty in penalties),
        lowest_ratio=value["lowest_ratio"],
        period_reach=value["period_reach"],
        own_weight=value["own_weight"],
        folds=int(value["folds"]),
        seed=int(value["seed"]),
    )
