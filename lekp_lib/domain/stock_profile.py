"""What a municipality's buildings and wijken look like beside all of Flanders."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from lekp_lib.contracts.lists import BUILDING_TYPES, PERIODS

__all__ = [
    "HINTS",
    "energy_per_point",
    "guarded_energy",
    "old_home_share",
    "percentile_in",
    "screen",
    "shares_beside",
    "wijk_indicators",
]

HINTS = ("both", "dense", "thirsty", "off_gas", "middle")
"""First hints for a wijk; their Dutch words stand in ``wording``."""


def shares_beside(
    counts: pd.DataFrame, *, value: str, within: list[str], nis_code: str | None
) -> pd.DataFrame:
    """
    Return counts and shares of one municipality beside the shares of all together.

    Parameters
    ----------
    counts : DataFrame
        nis_code, the columns `within`, and the counts.
    value : str
        Column with the counts.
    within : list of str
        Columns that tell the classes.
    nis_code : str or None
        The municipality; None for all together.

    Returns
    -------
    DataFrame
        The columns `within`, `value`, share [-], share_flanders [-].

    Examples
    --------
    >>> counts = pd.DataFrame({"nis_code": ["1", "1", "2"], "t": ["a", "b", "a"],
    ...                        "n": [3, 1, 6]})
    >>> shares_beside(counts, value="n", within=["t"], nis_code="1")["share"].tolist()
    [0.75, 0.25]
    """
    everywhere = counts.groupby(within, sort=False)[value].sum()
    here = everywhere
    if nis_code is not None:
        here = counts.loc[counts["nis_code"] == nis_code].groupby(within, sort=False)[value].sum()
        here = here.reindex(everywhere.index, fill_value=0)
    total = here.sum()
    table = pd.DataFrame(
        {
            value: here,
            "share": here / total if total else float("nan"),
            "share_flanders": everywhere / everywhere.sum(),
        }
    ).reset_index()
    return table.sort_values(within, key=_place_in_list, kind="stable", ignore_index=True)


def _place_in_list(codes: pd.Series) -> pd.Series:
    """Return the place of each code in its closed list; a code of no list comes last."""
    places = {code: place for place, code in enumerate((*BUILDING_TYPES, *PERIODS))}
    return codes.map(places).fillna(len(places))


def guarded_energy(
    energy: pd.DataFrame, wijken: pd.DataFrame, totals: pd.DataFrame, *, smallest: float, year: int
) -> pd.DataFrame:
    """
    Return the energy table with every cell blanked that gives a few connections away.

    The provider blanks small cells; what is left can still be worked out where the total of
    the municipality is known.

    Parameters
    ----------
    energy : DataFrame
        wijk_code, year, ``<carrier>_residential_mwh`` [MWh/yr] and ``_points`` [-].
    wijken : DataFrame, index wijk_code
        nis_code.
    totals : DataFrame, index nis_code
        ``<carrier>_residential_points_<year>`` [-].
    smallest : float
        Connections that a cell, and the rest of a municipality, must at least hold [-].
    year : int
        The year of the totals.

    Examples
    --------
    >>> energy = pd.DataFrame({"wijk_code": ["a", "b", "c"], "year": 2021,
    ...     "gas_residential_mwh": [200.0, None, 900.0], "gas_residential_points": [12, None, 50],
    ...     "electricity_residential_mwh": 1.0, "electricity_residential_points": [20, 20, 60]})
    >>> wijken = pd.DataFrame({"nis_code": "1"}, index=["a", "b", "c"])
    >>> totals = pd.DataFrame({"gas_residential_points_2021": [66],
    ...                        "electricity_residential_points_2021": [100]}, index=["1"])
    >>> guarded_energy(energy, wijken, totals, smallest=10, year=2021)[
    ...     "gas_residential_points"].tolist()
    [nan, nan, 50.0]
    """
    guarded = energy.copy()
    homes = guarded["wijk_code"].map(wijken["nis_code"])
    for carrier in ("gas", "electricity"):
        columns = [f"{carrier}_residential_mwh", f"{carrier}_residential_points"]
        points = guarded[columns[1]].astype("float64")
        points = points.mask((points > 0) & (points < smallest))
        seen = points.where(guarded["year"] == year)
        known = totals[f"{carrier}_residential_points_{year}"]
        rest = known - seen.groupby(homes).sum().reindex(known.index, fill_value=0)
        thin = rest.index[(rest > 0) & (rest < smallest)]
        least = seen.where((seen > 0) & homes.isin(thin)).dropna().groupby(homes).idxmin()
        points = points.mask(points.index.isin(least))
        guarded[columns] = guarded[columns].astype("float64").where(points.notna(), axis=0)
    return guarded


def wijk_indicators(wijken: pd.DataFrame, energy: pd.DataFrame) -> pd.DataFrame:
    """
    Return what is known of the heat of each wijk from its meters.

    Parameters
    ----------
    wijken : DataFrame, index wijk_code
        area_km2 [km2].
    energy : DataFrame, index wijk_code
        One year: gas_residential_mwh [MWh/yr], gas_residential_points,
        electricity_residential_points [-]; blank cells are missing.

    Returns
    -------
    DataFrame, same index and order as `wijken`
        gas_per_connection_mwh [MWh/yr], on_gas_share [-], gas_mwh_km2 [MWh/(km2 yr)],
        connections_km2 [1/km2]; missing where a cell is blank.

    Notes
    -----
    Metered gas is not total heat demand: a wijk with little gas may heat with oil or
    electricity. That is why the share on gas stands beside it. The share is cut at 1: some
    homes have a gas meter and no electricity meter of their own.

    Examples
    --------
    >>> wijken = pd.DataFrame({"area_km2": [2.0]}, index=["w"])
    >>> energy = pd.DataFrame({"gas_residential_mwh": [1500.0], "gas_residential_points": [100.0],
    ...                        "electricity_residential_points": [125.0]}, index=["w"])
    >>> wijk_indicators(wijken, energy).iloc[0].tolist()
    [15.0, 0.8, 750.0, 50.0]
    """
    use = energy.reindex(wijken.index)
    points = use["gas_residential_points"]
    electricity = use["electricity_residential_points"]
    return pd.DataFrame(
        {
            "gas_per_connection_mwh": use["gas_residential_mwh"] / points.where(points > 0),
            "on_gas_share": (points / electricity.where(electricity > 0)).clip(upper=1.0),
            "gas_mwh_km2": use["gas_residential_mwh"] / wijken["area_km2"],
            "connections_km2": points / wijken["area_km2"],
        }
    )


def percentile_in(values: pd.Series, population: pd.Series) -> pd.Series:
    """
    Return the share of a population that lies at or below each value.

    Examples
    --------
    >>> percentile_in(pd.Series([2.0, float("nan")]), pd.Series([1.0, 2.0, 3.0, 4.0])).tolist()
    [0.5, nan]
    """
    ordered = population.dropna().sort_values().to_numpy()
    ranks = pd.Series(ordered.searchsorted(values.to_numpy(), side="right"), index=values.index)
    return (ranks / len(ordered)).where(values.notna())


def screen(percentiles: pd.DataFrame, *, top_share: float) -> pd.Series:
    """
    Return a first hint for each wijk, from its place among all wijken.

    Parameters
    ----------
    percentiles : DataFrame
        gas_per_connection_mwh, on_gas_share, gas_mwh_km2 [-, 0-1].
    top_share : float
        What counts as high (and, mirrored, as low) [-].

    Returns
    -------
    Series, same index and order as `percentiles`
        ``hint``: a code of ``HINTS``: "dense" (much gas per km²), "thirsty" (much gas per
        connection), "both", "off_gas" (few homes on gas), "middle", missing where unknown.

    Examples
    --------
    >>> percentiles = pd.DataFrame({"gas_per_connection_mwh": [0.2, 0.9, 0.1],
    ...                             "on_gas_share": [0.9, 0.9, 0.1],
    ...                             "gas_mwh_km2": [0.95, 0.9, 0.1]})
    >>> screen(percentiles, top_share=0.25).tolist()
    ['dense', 'both', 'off_gas']
    """
    high = 1.0 - top_share
    dense = percentiles["gas_mwh_km2"] > high
    thirsty = percentiles["gas_per_connection_mwh"] > high
    off_gas = percentiles["on_gas_share"] <= top_share
    hint = pd.Series("middle", index=percentiles.index, name="hint", dtype="str")
    hint = hint.mask(off_gas, "off_gas").mask(thirsty, "thirsty").mask(dense, "dense")
    hint = hint.mask(dense & thirsty, "both")
    return hint.where(percentiles["gas_mwh_km2"].notna())


def energy_per_point(energy: pd.DataFrame, *, carrier: str) -> pd.DataFrame:
    """
    Return one carrier of the wijk energy table, with the use per connection.

    Parameters
    ----------
    energy : DataFrame
        wijk_code, year, ``<carrier>_residential_mwh`` [MWh/yr] and ``_points`` [-].
    carrier : str
        ``gas`` or ``electricity``.

    Returns
    -------
    DataFrame, same index and order as `energy`
        wijk_code, year, mwh [MWh/yr], points [-], per_point_mwh [MWh/yr].

    Examples
    --------
    >>> energy = pd.DataFrame({"wijk_code": ["w"], "year": [2021], "gas_residential_mwh": [30.0],
    ...                        "gas_residential_points": [2.0]})
    >>> energy_per_point(energy, carrier="gas")["per_point_mwh"].tolist()
    [15.0]
    """
    table = energy.rename(
        columns={f"{carrier}_residential_mwh": "mwh", f"{carrier}_residential_points": "points"}
    )[["wijk_code", "year", "mwh", "points"]]
    return table.assign(per_point_mwh=table["mwh"] / table["points"].where(table["points"] > 0))


def old_home_share(
    stock: pd.DataFrame, *, periods: Collection[str], types: Collection[str]
) -> float:
    """
    Return the share of buildings of some types that were built in some periods.

    Parameters
    ----------
    stock : DataFrame
        building_type, period, buildings [-].
    periods, types : collection of str
        Which periods count as old, among which types; buildings of unknown period are left
        out on both sides.

    Examples
    --------
    >>> stock = pd.DataFrame({"building_type": "terraced", "buildings": [30, 10, 5],
    ...                       "period": ["before_1900", "after_2011", "unknown"]})
    >>> old_home_share(stock, periods=["before_1900"], types=["terraced"])
    0.75
    """
    chosen = stock[stock["building_type"].isin(types) & (stock["period"] != "unknown")]
    total = chosen["buildings"].sum()
    old = chosen.loc[chosen["period"].isin(periods), "buildings"].sum()
    return float(old / total) if total else float("nan")
