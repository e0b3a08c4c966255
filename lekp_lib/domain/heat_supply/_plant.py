"""The sources of a network: completed, lifted to its temperature, and backed up by boilers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from lekp_lib.domain.heat_supply._cop import carnot_cop
from lekp_lib.errors import ContractError

__all__ = [
    "LIFTABLE",
    "Store",
    "default_sources",
    "figures_table",
    "prepare",
    "store_for",
    "with_backup",
]

_BOILERS = ("gas_boiler", "electric_boiler")
LIFTABLE = ("waste_heat", "geothermal", "aquathermal")


class Store(NamedTuple):
    """A tank of hot water: its heat [kWh], its volume [m3] and what leaks in an hour [-, 0-1]."""

    kwh: float
    volume_m3: float
    loss_share: float


def figures_table(values: Mapping[str, float]) -> pd.DataFrame:
    """
    Return figures named ``<row>.<column>`` as a table.

    Parameters
    ----------
    values : mapping of str to float
        Such as the rows below ``supply.kind`` or ``supply.carrier`` of the assumptions.

    Returns
    -------
    DataFrame
        One row and one column per name, missing where there is no figure.

    Examples
    --------
    >>> figures_table({"gas.price_eur_mwh": 50.0, "gas.emission_kg_mwh": 180.0})
         price_eur_mwh  emission_kg_mwh
    gas           50.0            180.0
    """
    rows: dict[str, dict[str, float]] = {}
    for name, value in values.items():
        row, _, column = name.partition(".")
        rows.setdefault(row, {})[column] = value
    return pd.DataFrame.from_dict(rows, orient="index", dtype="float64")


def default_sources(design_kw: float, *, base_share: float) -> pd.DataFrame:
    """
    Return the sources of a place that named none: one large heat pump on outside air.

    Air is there everywhere; boilers follow in `with_backup`.

    Parameters
    ----------
    design_kw : float
        Power the sources must give in the coldest hour [kW].
    base_share : float
        Power of the heat pump over that power [-, 0-1].

    Returns
    -------
    DataFrame, index source_id
        The columns of the table ``warmtebronnen`` that `prepare` reads.

    Examples
    --------
    >>> default_sources(1000.0, base_share=0.4)["capacity_kw"].to_dict()
    {'default_air': 400.0}
    """
    return pd.DataFrame(
        {
            "kind": ["air_heat_pump"],
            "capacity_kw": [design_kw * base_share],
            "temperature_c": [np.nan],
            "cost_eur_mwh": [np.nan],
            "emission_kg_mwh": [np.nan],
            "available_from": pd.array([pd.NA], dtype="Int64"),
        },
        index=pd.Index(["default_air"], name="source_id"),
    )


def prepare(
    sources: pd.DataFrame,
    *,
    supply_c: float,
    kinds: pd.DataFrame,
    quality_share: float,
    least_lift_k: float,
    year: int | None = None,
) -> pd.DataFrame:
    """
    Return the sources as the network sees them: warm enough, and complete.

    Parameters
    ----------
    sources : DataFrame, index source_id
        kind and capacity_kw: heat that the source itself gives, at its own temperature (for an
        air heat pump: heat delivered) [kW]; temperature_c [°C], cost_eur_mwh [EUR/MWh] and
        emission_kg_mwh [kg/MWh] of that heat; available_from [year]. What is missing is
        completed from `kinds`. is_firm may be there: does it count on the coldest day.
    supply_c : float
        Supply temperature of the network [°C].
    kinds : DataFrame, index kind
        temperature_c, heat_cost_eur_mwh, heat_emission_kg_mwh, efficiency_share and firm (1 or
        0), from `figures_table`.
    quality_share, least_lift_k : float
        Of the heat pump that lifts, see `carnot_cop` [-, K].
    year : int, optional
        Sources that come later are left out.

    Returns
    -------
    DataFrame, index source_id, order kept
        The columns of `sources` completed, with ``is_firm``, ``is_peak`` (boilers on gas or
        electricity), ``is_lifted``, ``cop`` of the lift (missing without) and ``delivered_kw``,
        electricity of the lift included [kW].

    Raises
    ------
    ContractError
        If a kind has no figures.

    Notes
    -----
    A source delivers ``capacity × COP / (COP - 1)`` when it is lifted. All its heat goes through
    the heat pump as soon as it is colder than the supply: cautious, since part of it could warm
    the return water directly.

    Examples
    --------
    >>> kinds = pd.DataFrame({"temperature_c": [30.0], "heat_cost_eur_mwh": [10.0],
    ...     "heat_emission_kg_mwh": [0.0], "efficiency_share": [np.nan], "firm": [0.0]},
    ...     index=["waste_heat"])
    >>> sources = default_sources(900.0, base_share=1.0).assign(kind="waste_heat",
    ...     temperature_c=6.85)
    >>> ready = prepare(sources, supply_c=76.85, kinds=kinds, quality_share=0.5,
    ...                 least_lift_k=15.0)
    >>> ready[["cop", "delivered_kw"]].round(6).iloc[0].tolist()
    [2.5, 1500.0]
    """
    table = pd.DataFrame(sources.drop(columns="geometry", errors="ignore")).copy()
    unknown = sorted(set(table["kind"]) - set(kinds.index))
    if unknown:
        msg = f"kinds lacks {unknown}. Give every kind of source its figures."
        raise ContractError(msg)
    if year is not None:
        table = table[~(table["available_from"].astype("Float64") > year).fillna(False)]
    of_kind = kinds.reindex(table["kind"]).set_index(table.index)
    for column, figure in (
        ("temperature_c", "temperature_c"),
        ("cost_eur_mwh", "heat_cost_eur_mwh"),
        ("emission_kg_mwh", "heat_emission_kg_mwh"),
    ):
        table[column] = table[column].astype("float64").fillna(of_kind[figure])
    firm = table["is_firm"].astype("Float64") if "is_firm" in table else of_kind["firm"]
    table["is_firm"] = firm.astype("Float64").fillna(of_kind["firm"]) > 0
    table["is_peak"] = table["kind"].isin(_BOILERS)
    table["is_lifted"] = table["kind"].isin(LIFTABLE) & (table["temperature_c"] < supply_c)
    cop = carnot_cop(
        table["temperature_c"], supply_c, quality_share=quality_share, least_lift_k=least_lift_k
    )
    table["cop"] = np.where(table["is_lifted"], cop, np.nan)
    gain = (table["cop"] / (table["cop"] - 1)).fillna(1.0)
    table["efficiency_share"] = of_kind["efficiency_share"]
    table["delivered_kw"] = table["capacity_kw"].astype("float64") * gain
    return table


def with_backup(
    prepared: pd.DataFrame,
    design_kw: float,
    *,
    boiler_kind: str,
    units: int,
    kinds: pd.DataFrame,
) -> pd.DataFrame:
    """
    Return the sources with boilers that cover the peak even when the largest unit fails.

    Parameters
    ----------
    prepared : DataFrame, index source_id
        From `prepare`.
    design_kw : float
        Power the sources must give in the coldest hour [kW].
    boiler_kind : str
        ``electric_boiler`` (no fossil fuel), ``gas_boiler`` or ``biomass``.
    units : int
        Boilers of one size, at least 2 [-].
    kinds : DataFrame, index kind
        See `prepare`.

    Returns
    -------
    DataFrame, index source_id
        With one row ``backup`` more, unless firm power is already enough. No source is taken
        larger than `design_kw`.

    Raises
    ------
    ContractError
        If there are fewer than 2 units.

    Notes
    -----
    Firm power less the largest unit, be it a source or a boiler, is at least `design_kw`. What
    is not firm, such as waste heat that may stop, counts for nothing here.

    Examples
    --------
    >>> kinds = pd.DataFrame({"temperature_c": np.nan, "heat_cost_eur_mwh": np.nan,
    ...     "heat_emission_kg_mwh": np.nan, "efficiency_share": [np.nan, 0.5], "firm": 1.0},
    ...     index=["air_heat_pump", "gas_boiler"])
    >>> base = prepare(default_sources(1000.0, base_share=0.6), supply_c=70.0, kinds=kinds,
    ...                quality_share=0.5, least_lift_k=15.0)
    >>> with_backup(base, 1000.0, boiler_kind="gas_boiler", units=2,
    ...             kinds=kinds)["delivered_kw"].to_dict()
    {'default_air': 600.0, 'backup': 1000.0}
    """
    if units < 2:
        msg = (
            f"Er zijn {units} piekketels, en één ketel heeft geen reserve. "
            "Wat te doen: verbeter de eigen aannames, met minstens 2 ketels."
        )
        raise ContractError(msg)
    fitted = _no_larger_than(prepared, design_kw)
    firm = fitted.loc[fitted["is_firm"], "delivered_kw"]
    total, largest = float(firm.sum()), float(firm.max()) if len(firm) else 0.0
    unit_kw = max(0.0, (design_kw - total + largest) / units, (design_kw - total) / (units - 1))
    if unit_kw == 0.0:
        return fitted
    boiler = default_sources(unit_kw * units, base_share=1.0).assign(kind=boiler_kind)
    ready = prepare(
        boiler.rename(index={"default_air": "backup"}),
        supply_c=0.0,
        kinds=kinds,
        quality_share=1.0,
        least_lift_k=1.0,
    )
    return pd.concat([fitted, ready.assign(is_peak=True).reindex(columns=fitted.columns)])


def _no_larger_than(prepared: pd.DataFrame, design_kw: float) -> pd.DataFrame:
    """Return the sources, none delivering more than the network can ask."""
    delivered = prepared["delivered_kw"].clip(upper=design_kw)
    part = (delivered / prepared["delivered_kw"]).fillna(0.0)
    return prepared.assign(delivered_kw=delivered, capacity_kw=prepared["capacity_kw"] * part)


def store_for(
    base_kw: float,
    *,
    hours: float,
    supply_c: float,
    return_c: float,
    water_kwh_m3_k: float,
    loss_share: float,
) -> Store:
    """
    Return a tank that holds so many hours of the base sources.

    Parameters
    ----------
    base_kw : float
        Power of the sources that fill it [kW].
    hours : float
        Hours at that power; 0 is no tank [h].
    supply_c, return_c : float
        Temperature of the network, there and back [°C].
    water_kwh_m3_k : float
        Heat that a cubic metre of water takes per degree [kWh/(m3 K)].
    loss_share : float
        Part of its heat that leaks in an hour [-, 0-1].

    Examples
    --------
    >>> store_for(100.0, hours=3.0, supply_c=70.0, return_c=40.0, water_kwh_m3_k=1.0,
    ...           loss_share=0.0)
    Store(kwh=300.0, volume_m3=10.0, loss_share=0.0)
    """
    kwh = float(base_kw * hours)
    return Store(kwh, kwh / (water_kwh_m3_k * (supply_c - return_c)), loss_share)
