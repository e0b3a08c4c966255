"""The first step of work programme 1: what stands there, and which meters count."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from lekp_lib import assumptions as packaged
from lekp_lib.assumptions import Assumptions
from lekp_lib.contracts import Flanders, Place
from lekp_lib.contracts.lists import BUILDING_TYPES
from lekp_lib.domain import building_stock, construction_period, heat_density, meters
from lekp_lib.studies._stock import STOCK_KEYS, described_stock
from lekp_lib.studies._typology import REFERENCE_YEAR, TYPOLOGY_KEYS, Levels, fitted_levels

__all__ = [
    "FAMILIES",
    "KEYS",
    "OTHER_FUNCTIONS",
    "REFERENCE_YEAR",
    "Neighbourhood",
    "prepare",
]

OTHER_FUNCTIONS = (
    "school",
    "supermarket",
    "shop",
    "office",
    "care",
    "hospitality",
    "community",
    "sport",
)
"""Functions with an assumed heat demand per square metre."""

FAMILIES = {
    "reference": tuple(f"heat.reference.{code}_m2" for code in BUILDING_TYPES),
    "levels": tuple(f"buildings.levels.{code}" for code in BUILDING_TYPES),
    "other": tuple(f"heat.other.{code}_kwh_m2" for code in OTHER_FUNCTIONS),
}
"""Assumptions that belong together, in the order of their codes."""

KEYS = (
    "privacy.smallest_cell",
    "privacy.smallest_street_dwellings",
    *STOCK_KEYS,
    *TYPOLOGY_KEYS,
    "streets.named_within_m",
    "streets.nearest_within_m",
    *FAMILIES["other"],
    "heat.area_exponent",
    "heat.largest_dwelling_m2",
    "heat.mixed_home_share",
    "heat.boiler_efficiency_share",
    "heat.lower_to_upper_share",
    "heat.cooking_share",
    "heat.shrink_points",
    "heat.factor_lowest",
    "heat.factor_highest",
    "heat.connected_share",
    "heat.density_good_mwh_m",
    "heat.density_middle_mwh_m",
    "heat.density_critical_mwh_m",
    "heat.verdict_share",
)
"""The figures the study uses."""

_NOT_SERVED_FROM = ("motorway", "slow")
_OVERALL_FIRST = ("wijk", "sector", "street")


@dataclass(frozen=True)
class Neighbourhood:
    """
    What does not change when an assumption on heat does.

    Attributes
    ----------
    buildings : GeoDataFrame
        Contract ``gebouwen``, inside the boundary.
    facts : DataFrame, same index
        As ``_stock.Stock.buildings``, with street_id and street_origin.
    weights : DataFrame, same index
        How likely each building is of each period.
    streets : GeoDataFrame
        Contract ``straten``, the segments a pipe can lie in.
    groups : Series, index street_id
        Street of each segment.
    cells : DataFrame
        Contract ``verbruik``: rows with gas that may be shown; is_used marks the latest year.
    n_cells_hidden : int
        Rows of ``verbruik`` that would give a few connections away.
    overall : DataFrame
        The cells of the area that calibrates the whole, latest year; without rows where the
        meters say nothing that may be used.
    stock_nis : str or None
        Municipality whose building stock filled in the periods; None for all of Flanders.
    n_outside, n_segments_left_out : int
        Buildings outside the boundary, segments that no pipe can lie in.
    covered_share : float
        Part of the boundary within reach of the data, NaN without boundary.
    reference_mwh_point : float
        Residential gas per connection in the municipality, or in Flanders [MWh/yr].
    levels : Levels
        What the gas of the municipalities says about each type and period.
    """

    buildings: gpd.GeoDataFrame
    facts: pd.DataFrame
    weights: pd.DataFrame
    streets: gpd.GeoDataFrame
    groups: pd.Series[str]
    cells: pd.DataFrame
    n_cells_hidden: int
    overall: pd.DataFrame
    stock_nis: str | None
    n_outside: int
    n_segments_left_out: int
    covered_share: float
    reference_mwh_point: float
    levels: Levels


def prepare(place: Place, flanders: Flanders, used: Assumptions) -> Neighbourhood:
    """Return what stands in the neighbourhood, street by street, and which meters may be used."""
    boundary = place.tables.get("grens")
    near_m = used["streets.nearest_within_m"].value
    buildings = _within(place.tables["gebouwen"], boundary)
    streets = place.tables["straten"]
    usable = streets[~streets["road_class"].isin(_NOT_SERVED_FROM)]
    usable = _near(usable, boundary, near_m)
    stock = described_stock(buildings, used).buildings
    found = heat_density.assign_streets(
        buildings,
        usable,
        named_within_m=used["streets.named_within_m"].value,
        nearest_within_m=near_m,
    )
    nis_code = _stock_nis(place, flanders)
    shares = construction_period.period_shares(flanders.building_stock, nis_code=nis_code)
    cells, n_cells_hidden = _cells(place, used)
    return Neighbourhood(
        buildings=buildings,
        facts=stock.join(found),
        weights=construction_period.period_weights(stock["period"], stock["building_type"], shares),
        streets=usable,
        groups=heat_density.street_groups(usable),
        cells=cells,
        n_cells_hidden=n_cells_hidden,
        overall=_overall(cells),
        stock_nis=nis_code,
        n_outside=len(place.tables["gebouwen"]) - len(buildings),
        n_segments_left_out=len(streets) - len(usable),
        covered_share=_covered(place, boundary),
        reference_mwh_point=_reference(flanders, nis_code),
        levels=fitted_levels(flanders, used),
    )


def _within(buildings: pd.DataFrame, boundary: pd.DataFrame | None) -> gpd.GeoDataFrame:
    table = gpd.GeoDataFrame(buildings)
    if boundary is None:
        return table
    area = shapely.union_all(gpd.GeoDataFrame(boundary).geometry.to_numpy())
    shapely.prepare(area)
    return table[shapely.intersects(area, table.representative_point().to_numpy())]


def _near(
    streets: pd.DataFrame, boundary: pd.DataFrame | None, within_m: float
) -> gpd.GeoDataFrame:
    table = gpd.GeoDataFrame(streets)
    if boundary is None:
        return table
    area = shapely.union_all(gpd.GeoDataFrame(boundary).geometry.to_numpy())
    shapely.prepare(area)
    return table[shapely.dwithin(area, table.geometry.to_numpy(), within_m)]


def _covered(place: Place, boundary: pd.DataFrame | None) -> float:
    if boundary is None:
        return float("nan")
    layers = [gpd.GeoDataFrame(place.tables[name]).geometry for name in ("gebouwen", "straten")]
    return building_stock.covered_share(gpd.GeoDataFrame(boundary).geometry, *layers)


def _stock_nis(place: Place, flanders: Flanders) -> str | None:
    """Return the municipality in the division of 2025, None for a fictional place."""
    if place.settings.is_fictional:
        return None
    merged = flanders.mergers.set_index("nis_code_until_2024")["nis_code_2025"]
    for nis_code in (place.settings.nis_code, merged.get(place.settings.nis_code)):
        if nis_code in set(flanders.building_stock["nis_code"]):
            return str(nis_code)
    return None


def _reference(flanders: Flanders, nis_code: str | None) -> float:
    """Return residential gas per connection in the municipality, or in all of Flanders [MWh]."""
    about = flanders.municipalities
    if nis_code in about.index:
        about = about.loc[[nis_code]]
    gas = float(about[f"gas_residential_mwh_{REFERENCE_YEAR}"].sum())
    points = float(about[f"gas_residential_points_{REFERENCE_YEAR}"].sum())
    return gas / points if points > 0 else float("nan")


def _cells(place: Place, used: Assumptions) -> tuple[pd.DataFrame, int]:
    """Return metered gas that may be shown, hence used, and how many rows may not."""
    columns = ["area_kind", "area_id", "year", "gas_mwh", "gas_points", "electricity_points"]
    use = place.tables.get("verbruik")
    if use is None:
        use = pd.DataFrame({name: pd.Series(dtype="object") for name in columns})
    known = use[use["gas_mwh"].notna() & use["gas_points"].notna()]
    known = known[~_of_another_wijk(known, _own_codes(place))]
    cells = known[columns].reset_index(drop=True)
    smallest = _strictest(used, "privacy.smallest_cell")
    is_visible = meters.visible_gas(
        cells, place.tables["straten"]["street_name"], smallest_cell=smallest
    )
    # What may not be shown leaves the table: nothing after this can give it away.
    cells = cells[is_visible & (cells["gas_points"] > 0)].reset_index(drop=True)
    cells["electricity_points"] = meters.guarded_electricity(
        cells["gas_points"], cells["electricity_points"], smallest_cell=smallest
    )
    is_used = (cells["year"] == cells["year"].max()).fillna(value=False).astype(bool)
    return cells.assign(is_used=is_used), int((~is_visible).sum())


def _of_another_wijk(known: pd.DataFrame, own: set[str]) -> pd.Series[bool]:
    """Mark wijk rows of elsewhere; without a code of its own a place trusts a single wijk."""
    is_wijk = known["area_kind"] == "wijk"
    if own:
        return is_wijk & ~known["area_id"].isin(own)
    return is_wijk & (len(known.loc[is_wijk, "area_id"].unique()) > 1)


def _own_codes(place: Place) -> set[str]:
    codes = {place.settings.wijk_code}
    if "grens" in place.tables:
        codes |= set(place.tables["grens"]["wijk_code"].dropna())
    return {str(code) for code in codes if code is not None}


def _strictest(used: Assumptions, key: str) -> int:
    return int(max(used[key].value, packaged.load()[key].value))


def _overall(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the used cells of the largest kind of area."""
    used = cells[cells["is_used"]]
    for kind in _OVERALL_FIRST:
        if (used["area_kind"] == kind).any():
            return used[used["area_kind"] == kind]
    return used
