"""Who lives in the fictional wijken, counted, and where they could meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from lekp_lib.contracts.lists import AGE_GROUPS, INCOME_GROUPS, LANGUAGE_GROUPS, TENURES
from lekp_lib.synthetic._recipes import Recipe
from lekp_lib.synthetic._sites import Site, site_points
from lekp_lib.synthetic._templates import Box, corners

__all__ = ["households", "locations"]

_FEWEST_HOUSEHOLDS = 300
"""In a smaller wijk nearly every group would be too small to publish, so nobody counts."""

_GROUPS = {
    "income_group": INCOME_GROUPS,
    "age_group": AGE_GROUPS,
    "language_group": LANGUAGE_GROUPS,
}
_Mix = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class _Residents:
    """
    Households of a kind of wijk.

    Attributes
    ----------
    lived_in_share : float
        Dwellings with a household.
    tenures : tuple of float
        Share of each tenure.
    income_group, age_group, language_group : tuple of tuple of float
        Per tenure the share of each group.
    per_tenure : tuple of str
        What is counted per tenure; of the rest only the totals are known.
    """

    lived_in_share: float
    tenures: tuple[float, ...]
    income_group: _Mix
    age_group: _Mix
    language_group: _Mix
    per_tenure: tuple[str, ...]


_RESIDENTS = {
    "station_belt": _Residents(
        0.95,
        (0.57, 0.37, 0.06),
        ((0.37, 0.33, 0.30), (0.62, 0.24, 0.14), (1.0, 0.0, 0.0)),
        ((0.18, 0.52, 0.14, 0.16), (0.42, 0.46, 0.06, 0.06), (0.20, 0.40, 0.18, 0.22)),
        ((0.85, 0.15), (0.62, 0.38), (0.60, 0.40)),
        ("income_group", "age_group"),
    ),
    "garden_quarter": _Residents(
        0.97,
        (0.20, 0.03, 0.77),
        ((0.48, 0.32, 0.20), (0.7, 0.3, 0.0), (0.94, 0.06, 0.0)),
        ((0.10, 0.44, 0.22, 0.24), (0.4, 0.6, 0.0, 0.0), (0.13, 0.49, 0.18, 0.20)),
        ((0.88, 0.12), (0.6, 0.4), (0.63, 0.37)),
        (),
    ),
}


@dataclass(frozen=True)
class _Place:
    """A place to meet in the first site of a kind: name, kind, seats, access, outline [m]."""

    site: str
    name: str
    kind: str
    seats: int
    is_accessible: bool | None
    box: Box | None = None


_PLACES: dict[str, tuple[_Place, ...]] = {
    "station_belt": (
        _Place("school", "Refter van de school", "school", 140, True, (3, 4, 59, 14)),
        _Place("school", "Turnzaal van de school", "sports_hall", 200, True, (3, 26, 19, 38)),
        _Place("church", "Kerk", "church", 180, False, (15, 6, 27, 37)),
        _Place("station", "Wachtzaal van het station", "other", 40, True),
        _Place("factory", "Refter van de koekjesfabriek", "other", 90, None),
    ),
    "garden_quarter": (
        _Place("community", "Wijkhuis", "community_centre", 70, True, (4, 5, 28, 17)),
        _Place("school", "Refter van de school", "school", 120, True, (3, 4, 59, 14)),
        _Place("slab", "Zaaltje onder een flatgebouw", "other", 24, False),
    ),
}


def households(recipe: Recipe, dwellings: int) -> pd.DataFrame | None:
    """
    Return the contract ``huishoudens``, or None where nobody counted them.

    Parameters
    ----------
    recipe : Recipe
        Kind of wijk.
    dwellings : int
        Dwellings of the wijk; a few stand empty.
    """
    about = _RESIDENTS.get(recipe.kind)
    if about is None or round(dwellings * about.lived_in_share) < _FEWEST_HOUSEHOLDS:
        return None
    totals = _whole(round(dwellings * about.lived_in_share), about.tenures)
    rows = [{"tenure": code, "households": n} for code, n in zip(TENURES, totals, strict=True)]
    for name, codes in _GROUPS.items():
        mix: _Mix = getattr(about, name)
        counts = [_whole(int(n), shares) for n, shares in zip(totals, mix, strict=True)]
        if name in about.per_tenure:
            rows += [
                {"tenure": tenure, name: code, "households": n}
                for tenure, of_tenure in zip(TENURES, counts, strict=True)
                for code, n in zip(codes, of_tenure, strict=True)
            ]
        else:
            rows += [
                {name: code, "households": n}
                for code, n in zip(codes, np.sum(counts, axis=0), strict=True)
            ]
    table = pd.DataFrame(rows).reindex(columns=["tenure", *_GROUPS, "households"])
    return table.assign(area_id=recipe.wijk_code)


def _whole(total: int, shares: Sequence[float]) -> npt.NDArray[np.int64]:
    """Split a number of households by shares, in whole households that add up to it."""
    exact = total * np.asarray(shares)
    counts = np.floor(exact + 1e-9).astype("int64")
    largest_rest = np.argsort(counts - exact, kind="stable")
    counts[largest_rest[: total - int(counts.sum())]] += 1
    return counts


def locations(recipe: Recipe, sites: Sequence[Site]) -> gpd.GeoDataFrame | None:
    """
    Return the contract ``locaties``, or None where there is no hall.

    Parameters
    ----------
    recipe : Recipe
        Kind of wijk.
    sites : sequence of Site
        Where halls may stand.
    """
    first = {site.key: site for site in reversed(sites)}
    rows = [
        {
            "name": place.name,
            "kind": place.kind,
            "seats": place.seats,
            "is_accessible": place.is_accessible,
            "geometry": _shape(first[place.site], place.box),
        }
        for place in _PLACES.get(recipe.kind, ())
        if place.site in first
    ]
    if not rows:
        return None
    ids = [f"{recipe.prefix}-z{number:02d}" for number in range(1, len(rows) + 1)]
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=31370).assign(location_id=ids)


def _shape(site: Site, box: Box | None) -> shapely.Geometry:
    """Return the hall: the box of a site, or the middle of its land."""
    if box is not None:
        return shapely.Polygon(site_points(site, corners(box)))
    template = site.template
    return shapely.Point(site_points(site, [(template.front_m / 2, template.depth_m / 2)])[0])
