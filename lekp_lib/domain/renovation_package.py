"""
Three renovation packages: which elements they touch, what these cost and what heat they save.

Basis is roof and glass with a check of the ventilation; Schil is the whole shell, so that a heat
pump suffices; Fossielvrij is Schil with another heater. Throughout, ``homes`` has one row per home
(or kind of home), any index, and the columns building_type and period (codes), floor_area_m2, the
heated floor [m2], and is_heritage (bool). A ``Shell`` knows every type and period in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lekp_lib.contracts.lists import BUILDING_TYPES, PACKAGES
from lekp_lib.errors import ContractError
from lekp_lib.units import KWH_PER_MWH, W_PER_MW

__all__ = [
    "ELEMENTS",
    "PACKAGE_ELEMENTS",
    "STATES",
    "TODAY",
    "Balance",
    "Shell",
    "area_ratios",
    "collective_discount",
    "equivalents",
    "package_costs",
    "package_demand",
]

_Floats = npt.NDArray[np.float64]

ELEMENTS = ("wall", "floor", "roof", "window")
"""Parts of the shell."""

TODAY = "today"
"""State of a home without a package."""

STATES = (TODAY, *PACKAGES)

PACKAGE_ELEMENTS: Mapping[str, tuple[str, ...]] = {
    TODAY: (),
    "basis": ("roof", "window"),
    "schil": ELEMENTS,
    "fossielvrij": ELEMENTS,
}
"""Which parts of the shell a package renews, where they are not good enough already."""

_WALL_OF = {"mixed_commercial": "terraced", "other": "detached"}
_FLAT = "apartment_building"
_NOT_ON_HERITAGE = "wall"
_KEYS = ("package", "element")


@dataclass(frozen=True)
class Shell:
    """
    What is known of the shell of homes, and of what it becomes.

    Attributes
    ----------
    area_ratio : DataFrame, index building_type, columns ``ELEMENTS``
        Area of an element over that of the heated floor [m2/m2], see ``area_ratios``.
    u_before : DataFrame, index period, columns ``ELEMENTS``
        Heat that an element lets through today [W/(m2 K)].
    u_after, u_enough : mapping of str to float
        Per element: after the works, and from where on it is left as it is [W/(m2 K)].
    cost_eur_m2 : mapping of str to float
        Per element, VAT excluded [EUR/m2].
    """

    area_ratio: pd.DataFrame
    u_before: pd.DataFrame
    u_after: Mapping[str, float]
    u_enough: Mapping[str, float]
    cost_eur_m2: Mapping[str, float]


@dataclass(frozen=True)
class Balance:
    """
    A heating season, and how a home takes part in it.

    Attributes
    ----------
    heating_hours : float
        Length of the season [h].
    indoor_c, outdoor_c : float
        Mean temperatures in it [°C].
    internal_w_m2 : float
        Heat of people and appliances per square metre of floor [W/m2].
    sun_kwh_m2 : float
        Sun on a vertical square metre in the season, mean of the four sides [kWh/m2].
    sun_share : float
        Part of it that comes through a square metre of window [-, 0-1].
    storage_wh_m2k : float
        Heat that the home stores per square metre of floor [Wh/(m2 K)].
    room_height_m : float
        Of the heated floors [m].
    air_changes, air_heat_wh_m3k : float
        Volumes of air renewed per hour [1/h] and the heat in them [Wh/(m3 K)].
    floor_ratio : float
        Loss of a floor over that of an equal element in the open air [-].
    gain_power, gain_hours : float
        How well a slow home uses its gains: power of a home without storage [-] and the slowness
        that adds 1 to it [h].
    """

    heating_hours: float
    indoor_c: float
    outdoor_c: float
    internal_w_m2: float
    sun_kwh_m2: float
    sun_share: float
    storage_wh_m2k: float
    room_height_m: float
    air_changes: float
    air_heat_wh_m3k: float
    floor_ratio: float
    gain_power: float
    gain_hours: float


def area_ratios(ratios: Mapping[str, float]) -> pd.DataFrame:
    """
    Return the area of each element over that of the floor, per building type.

    Parameters
    ----------
    ratios : mapping of str to float
        detached_wall, semi_detached_wall, terraced_wall, house_floor, house_roof, house_window
        and apartment_<element> for each of ``ELEMENTS`` [m2/m2].

    Returns
    -------
    DataFrame, index ``BUILDING_TYPES``, columns ``ELEMENTS``
        Ratios [m2/m2]. A home above a shop counts as terraced, any other house as detached.

    Examples
    --------
    >>> of_flat = {f"apartment_{element}": 0.5 for element in ELEMENTS}
    >>> table = area_ratios({"detached_wall": 1.4, "semi_detached_wall": 1.0,
    ...     "terraced_wall": 0.7, "house_floor": 0.8, "house_roof": 0.8, "house_window": 0.2,
    ...     **of_flat})
    >>> table.loc[["detached", "terraced", "apartment_building"], "wall"].tolist()
    [1.4, 0.7, 0.5]
    """
    rows = {}
    for code in BUILDING_TYPES:
        base = "apartment" if code == _FLAT else "house"
        names = {element: f"{base}_{element}" for element in ELEMENTS}
        if code != _FLAT:
            names["wall"] = f"{_WALL_OF.get(code, code)}_wall"
        rows[code] = [ratios[names[element]] for element in ELEMENTS]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(ELEMENTS))
    return table.rename_axis("building_type")


def collective_discount(
    dwellings: npt.ArrayLike, *, steps: Mapping[int, float], counted_share: float
) -> _Floats:
    """
    Return what a contractor takes off when homes order together.

    Parameters
    ----------
    dwellings : array_like
        Homes in the order [-].
    steps : mapping of int to float
        From so many homes on → discount [-, 0-1].
    counted_share : float
        Part of the discount that is counted [-]; 0 promises nothing.

    Examples
    --------
    >>> collective_discount([4, 12], steps={5: 0.05, 10: 0.08}, counted_share=1.0).tolist()
    [0.0, 0.08]
    """
    bounds = sorted(steps)
    discounts = np.array([0.0, *(steps[bound] for bound in bounds)])
    found = discounts[np.searchsorted(bounds, np.asarray(dwellings), side="right")]
    return np.asarray(found * counted_share, dtype="float64")


def package_costs(
    homes: pd.DataFrame,
    *,
    shell: Shell,
    installations: Mapping[str, Mapping[str, npt.ArrayLike]],
    spread_share: float,
    discount_share: float = 0.0,
) -> pd.DataFrame:
    """
    Return what each element of each package costs.

    Parameters
    ----------
    homes : DataFrame
        See the module.
    shell : Shell
    installations : mapping of package to mapping of element to EUR per home
        What is no part of the shell (ventilation, heat_pump, solar_panels …), as one amount or
        one per home, VAT excluded [EUR].
    spread_share : float
        How far the real price may lie below or above [-].
    discount_share : float
        Taken off every price, see ``collective_discount`` [-].

    Returns
    -------
    DataFrame, index (home, package, element)
        Only elements on which work is done: area_m2, u_before and u_after (missing for an
        installation), cost_eur, cost_low_eur and cost_high_eur, VAT excluded [EUR per home].

    Raises
    ------
    ContractError
        If a type or period is not in `shell`, or a floor is not above 0.

    Notes
    -----
    ``ratio(type) × floor × cost × (1 - discount)``. A listed home keeps its outer wall.

    References
    ----------
    S-141, S-220 in ``assumptions/sources.csv``.

    Examples
    --------
    >>> ratios = pd.DataFrame([[1.4, 0.8, 0.8, 0.2]], ["detached"], list(ELEMENTS))
    >>> shell = Shell(ratios, pd.DataFrame(2.0, ["before_1900"], list(ELEMENTS)),
    ...     dict.fromkeys(ELEMENTS, 0.25), dict.fromkeys(ELEMENTS, 0.5),
    ...     {"wall": 150.0, "floor": 50.0, "roof": 100.0, "window": 500.0})
    >>> homes = pd.DataFrame({"building_type": "detached", "period": "before_1900",
    ...     "floor_area_m2": [100.0], "is_heritage": False}, index=["a"])
    >>> costs = package_costs(homes, shell=shell, spread_share=0.3,
    ...     installations={"basis": {"ventilation": 250.0}})
    >>> costs["cost_eur"].groupby("package").sum().to_dict()
    {'basis': 18250.0, 'fossielvrij': 43000.0, 'schil': 43000.0}
    """
    areas, before = _areas(homes, shell), _u_before(homes, shell)
    parts = []
    for package in PACKAGES:
        for element in PACKAGE_ELEMENTS[package]:
            is_done = _is_done(homes, before[element], element, shell)
            table = pd.DataFrame(
                {
                    "area_m2": areas[element],
                    "u_before": before[element],
                    "u_after": shell.u_after[element],
                    "cost_eur": areas[element] * shell.cost_eur_m2[element],
                }
            )
            parts.append(_labelled(table[is_done], package, element))
        for element, cost_eur in installations.get(package, {}).items():
            amounts = np.broadcast_to(np.asarray(cost_eur, dtype="float64"), (len(homes),))
            table = pd.DataFrame({"cost_eur": amounts}, index=homes.index)
            parts.append(_labelled(table[amounts > 0], package, element))
    costs = pd.concat(parts).set_index(list(_KEYS), append=True)
    cost = costs["cost_eur"] * (1.0 - discount_share)
    low, high = cost * (1.0 - spread_share), cost * (1.0 + spread_share)
    return costs[["area_m2", "u_before", "u_after"]].assign(
        cost_eur=cost, cost_low_eur=low, cost_high_eur=high
    )


def _labelled(table: pd.DataFrame, package: str, element: str) -> pd.DataFrame:
    return table.assign(package=package, element=element).rename_axis("home")


def _areas(homes: pd.DataFrame, shell: Shell) -> pd.DataFrame:
    """Return the area of each element of each home [m2]."""
    floor = homes["floor_area_m2"].astype("float64")
    if not (floor > 0).all():
        first = list(homes.index[~(floor > 0)][:3])
        msg = f"homes has floors that are not above 0 m2, first {first}. Leave them out."
        raise ContractError(msg)
    ratios = _looked_up(shell.area_ratio, homes["building_type"])
    return ratios.mul(floor, axis=0)


def _u_before(homes: pd.DataFrame, shell: Shell) -> pd.DataFrame:
    return _looked_up(shell.u_before, homes["period"])


def _looked_up(table: pd.DataFrame, codes: pd.Series[str]) -> pd.DataFrame:
    """Return the row of each code, under the index of the codes."""
    unknown = sorted(set(codes) - set(table.index))
    if unknown:
        msg = f"The shell knows no {codes.name} {unknown[:3]}: add a row or leave the homes out."
        raise ContractError(msg)
    found = table[list(ELEMENTS)].reindex(pd.Index(codes)).astype("float64")
    return found.set_axis(codes.index)


def _is_done(
    homes: pd.DataFrame, u_before: pd.Series[float], element: str, shell: Shell
) -> pd.Series[bool]:
    """Tell where there is work: not good enough, and no protected outer wall."""
    is_poor = u_before > shell.u_enough[element]
    if element != _NOT_ON_HERITAGE:
        return is_poor
    return is_poor & ~homes["is_heritage"].astype("bool")


def package_demand(
    homes: pd.DataFrame,
    *,
    shell: Shell,
    balance: Balance,
    space_today_mwh: pd.Series[float],
    lowest_prebound_share: float,
    rebound_share: float,
    hot_water_mwh: float,
) -> pd.DataFrame:
    """
    Return the heat that homes ask today and with each package, as calculated and as it turns out.

    Parameters
    ----------
    homes : DataFrame
        See the module.
    shell : Shell
    balance : Balance
    space_today_mwh : Series, same index as `homes`
        Space heat that such homes really use, from meters [MWh/yr]. Who lives in a poor home
        heats fewer rooms than the calculation does, and much has been insulated since.
    lowest_prebound_share : float
        Used over calculated is not taken lower than this [-, 0-1].
    rebound_share : float
        Part of the real saving that goes into a warmer home [-, 0-1].
    hot_water_mwh : float
        Hot water of a home, the same with every package [MWh/yr].

    Returns
    -------
    DataFrame, index (home, package), package being one of ``STATES``
        loss_w_k [W/K]; prebound_share, used over calculated today [-, 0-1]; calculated_mwh and
        realistic_mwh, useful heat with hot water [MWh/yr]; saving_calculated_mwh and
        saving_realistic_mwh against today [MWh/yr].

    Raises
    ------
    ContractError
        If a type or period is not known, a floor is not above 0, or a share is not within 0-1.

    Notes
    -----
    Losses over the season less the gains that are of use: ``L - η·G``, with
    ``η = (1 - γ^a)/(1 - γ^(a+1))``, ``γ = G/L`` and ``a = power + slowness/hours`` as in
    EN ISO 13790. ``saving_realistic = saving_calculated × prebound × (1 - rebound)``.

    References
    ----------
    S-220 in ``assumptions/sources.csv``.

    Examples
    --------
    >>> ratios = pd.DataFrame([[1.4, 0.8, 0.8, 0.2]], ["detached"], list(ELEMENTS))
    >>> shell = Shell(ratios, pd.DataFrame(2.0, ["before_1900"], list(ELEMENTS)),
    ...     dict.fromkeys(ELEMENTS, 0.25), dict.fromkeys(ELEMENTS, 0.5),
    ...     dict.fromkeys(ELEMENTS, 100.0))
    >>> homes = pd.DataFrame({"building_type": "detached", "period": "before_1900",
    ...     "floor_area_m2": [100.0], "is_heritage": False}, index=["a"])
    >>> season = Balance(heating_hours=5000.0, indoor_c=18.0, outdoor_c=6.0, internal_w_m2=0.0,
    ...     sun_kwh_m2=0.0, sun_share=0.2, storage_wh_m2k=45.0, room_height_m=2.5,
    ...     air_changes=0.4, air_heat_wh_m3k=0.34, floor_ratio=0.5,
    ...     gain_power=0.8, gain_hours=30.0)
    >>> table = package_demand(homes, shell=shell, balance=season, rebound_share=0.2,
    ...     space_today_mwh=pd.Series({"a": 17.82}), lowest_prebound_share=0.2,
    ...     hot_water_mwh=2.0)
    >>> table.loc["a"].round(2)[["calculated_mwh", "realistic_mwh"]].loc["schil"].tolist()
    [8.24, 8.06]
    """
    if not (0.0 <= lowest_prebound_share <= 1.0 and 0.0 <= rebound_share <= 1.0):
        msg = "lowest_prebound_share and rebound_share must lie between 0 and 1."
        raise ContractError(msg)
    areas, before = _areas(homes, shell), _u_before(homes, shell)
    floor = homes["floor_area_m2"].astype("float64")
    spaces, losses = {}, {}
    for state in STATES:
        u_values = _u_state(homes, before, shell, state)
        losses[state] = _loss_w_k(areas, u_values, floor, balance)
        spaces[state] = _space_mwh(losses[state], floor, areas["window"], balance)
    today = spaces[TODAY]
    prebound = (space_today_mwh.reindex(homes.index) / today).clip(lowest_prebound_share, 1.0)
    parts = []
    for state in STATES:
        saving = today - spaces[state]
        real = saving * prebound * (1.0 - rebound_share)
        table = pd.DataFrame(
            {
                "loss_w_k": losses[state],
                "prebound_share": prebound,
                "calculated_mwh": spaces[state] + hot_water_mwh,
                "realistic_mwh": today * prebound - real + hot_water_mwh,
                "saving_calculated_mwh": saving,
                "saving_realistic_mwh": real,
            }
        )
        parts.append(table.assign(package=state).rename_axis("home"))
    return pd.concat(parts).set_index("package", append=True)


def _u_state(homes: pd.DataFrame, before: pd.DataFrame, shell: Shell, state: str) -> pd.DataFrame:
    """Return the heat that each element lets through in a state [W/(m2 K)]."""
    after = {
        element: before[element].mask(
            _is_done(homes, before[element], element, shell), shell.u_after[element]
        )
        for element in PACKAGE_ELEMENTS[state]
    }
    return before.assign(**after)


def _loss_w_k(
    areas: pd.DataFrame, u_values: pd.DataFrame, floor: pd.Series[float], balance: Balance
) -> pd.Series[float]:
    ratio = pd.Series({e: balance.floor_ratio if e == "floor" else 1.0 for e in ELEMENTS})
    through = (areas * u_values).mul(ratio, axis=1).sum(axis=1)
    with_air = floor * balance.room_height_m * balance.air_changes * balance.air_heat_wh_m3k
    return through + with_air


def _space_mwh(
    loss_w_k: pd.Series[float],
    floor: pd.Series[float],
    window_m2: pd.Series[float],
    balance: Balance,
) -> pd.Series[float]:
    """Return losses over the season less the gains of use [MWh/yr]."""
    hours = balance.heating_hours
    lost = loss_w_k * (balance.indoor_c - balance.outdoor_c) * hours / W_PER_MW
    inside = floor * balance.internal_w_m2 * hours / W_PER_MW
    gained = inside + window_m2 * balance.sun_kwh_m2 * balance.sun_share / KWH_PER_MWH
    slowness_h = balance.storage_wh_m2k * floor / loss_w_k
    power = balance.gain_power + slowness_h / balance.gain_hours
    return lost - _used_share(gained / lost, power) * gained


def _used_share(gain_ratio: pd.Series[float], power: pd.Series[float]) -> pd.Series[float]:
    """Return which part of the gains replaces heating [-]."""
    is_equal = np.isclose(gain_ratio, 1.0)
    ratio = gain_ratio.mask(is_equal, 0.5)
    share = (1.0 - ratio**power) / (1.0 - ratio ** (power + 1.0))
    return share.mask(is_equal, power / (power + 1.0))


def equivalents(
    costs: pd.DataFrame, demand: pd.DataFrame, *, counted: Iterable[str]
) -> pd.DataFrame:
    """
    Return how a package counts: in the LEKP, and as a part of a deep renovation.

    Parameters
    ----------
    costs : DataFrame
        As returned by ``package_costs``.
    demand : DataFrame
        As returned by ``package_demand``.
    counted : iterable of str
        Elements of which each counts as one renovation in the LEKP.

    Returns
    -------
    DataFrame, index (home, package), without today
        lekp_renovations [-]: works that each count as one; deep_share [-, 0-1]: what the package
        takes off the losses of the home, over what the whole shell would. A home that needs no
        work at the shell has 0.

    Examples
    --------
    >>> keys = [("a", "basis", "roof"), ("a", "schil", "roof"), ("a", "schil", "wall")]
    >>> costs = pd.DataFrame({"cost_eur": 1.0}, pd.MultiIndex.from_tuples(
    ...     keys, names=["home", "package", "element"]))
    >>> states = pd.MultiIndex.from_product([["a"], ["today", "basis", "schil"]],
    ...     names=["home", "package"])
    >>> losses = pd.DataFrame({"loss_w_k": [500.0, 400.0, 100.0]}, states)
    >>> equivalents(costs, losses, counted=["roof", "wall"])
                  lekp_renovations  deep_share
    home package
    a    basis                   1        0.25
         schil                   2        1.00
    """
    loss = demand["loss_w_k"]
    of_home = demand.index.get_level_values("home")
    today, whole = (
        loss.xs(state, level="package").reindex(of_home).to_numpy("float64")
        for state in (TODAY, "schil")
    )
    possible = pd.Series(today - whole, demand.index)
    deep = ((today - loss) / possible.where(possible > 0.0)).fillna(0.0)
    is_counted = costs.index.get_level_values("element").isin(list(counted))
    works = pd.Series(is_counted, costs.index).groupby(["home", "package"]).sum()
    rows = demand.index[demand.index.get_level_values("package") != TODAY]
    return pd.DataFrame(
        {
            "lekp_renovations": works.reindex(rows, fill_value=0).astype("int64"),
            "deep_share": deep.reindex(rows),
        }
    )
