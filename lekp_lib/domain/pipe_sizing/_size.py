"""The thinnest pipe that can do the work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lekp_lib.domain.pipe_sizing._tree import Floats, largest_behind, tree_of
from lekp_lib.errors import ContractError
from lekp_lib.units import S_PER_HOUR, W_PER_KW

__all__ = ["SizingRules", "friction_factor", "pressure_gradient", "size"]

Ints = npt.NDArray[np.int64]

# The law of Colebrook and White, with that of Hagen and Poiseuille below it; Haaland starts it.
_ROUGH, _SMOOTH, _LAMINAR = 3.71, 2.51, 64.0
_HAALAND_FACTOR, _HAALAND_POWER, _HAALAND_SMOOTH = 1.8, 1.11, 6.9
_STEPS = 5
_TURBULENT_FROM = 1000.0  # below, the laminar law gives the higher factor
_PIPES_IN_A_TRENCH = 2


@dataclass(frozen=True)
class SizingRules:
    """
    What a pipe may do, and how thin it may be.

    Attributes
    ----------
    largest_gradient_pa_m : float
        Highest pressure drop per metre of one pipe [Pa/m].
    largest_distribution_m_s, largest_service_m_s : float
        Highest velocity in the street and in a house connection [m/s].
    smallest_distribution_dn, smallest_service_dn : float
        Thinnest pipe in the street and in a house connection [DN].
    roughness_m : float
        Roughness of the inner wall [m].
    """

    largest_gradient_pa_m: float
    largest_distribution_m_s: float
    largest_service_m_s: float
    smallest_distribution_dn: float
    smallest_service_dn: float
    roughness_m: float


def friction_factor(reynolds: npt.ArrayLike, relative_roughness: npt.ArrayLike) -> Floats:
    """
    Return the friction factor of Darcy, after Colebrook and White.

    Parameters
    ----------
    reynolds, relative_roughness : arrays of float
        Reynolds number, above 0, and roughness over inner diameter [-].

    Returns
    -------
    array of float
        Friction factor [-]; that of laminar flow where it is higher.

    Notes
    -----
    ``1/√f = -2 log10(k/(3.71 d) + 2.51/(Re √f))``, by repeated substitution from the explicit
    form of Haaland; five rounds leave less than one part in 100,000.

    Examples
    --------
    >>> friction_factor([1e5], [0.001]).round(4)
    array([0.0222])
    """
    number = np.asarray(reynolds, dtype="float64")
    rough = np.asarray(relative_roughness, dtype="float64") / _ROUGH
    turbulent = np.maximum(number, _TURBULENT_FROM)
    root = -_HAALAND_FACTOR * np.log10(rough**_HAALAND_POWER + _HAALAND_SMOOTH / turbulent)
    for _ in range(_STEPS):
        root = -2.0 * np.log10(rough + _SMOOTH * root / turbulent)
    return np.asarray(np.maximum(root**-2.0, _LAMINAR / number))


def pressure_gradient(
    flow_kg_s: npt.ArrayLike,
    inner_diameter_m: npt.ArrayLike,
    *,
    roughness_m: float,
    density_kg_m3: float,
    viscosity_pa_s: float,
) -> Floats:
    """
    Return the pressure that one pipe loses per metre.

    Parameters
    ----------
    flow_kg_s, inner_diameter_m : arrays of float
        Flow [kg/s] and inner diameter [m].
    roughness_m : float
        Roughness of the wall [m].
    density_kg_m3, viscosity_pa_s : float
        Of the water [kg/m3], [Pa s], dynamic.

    Returns
    -------
    array of float
        Pressure drop [Pa/m], 0 without flow.

    Notes
    -----
    Darcy and Weisbach: ``f/d · ρ v²/2``; `friction_factor` for f.

    Examples
    --------
    >>> pressure_gradient([0.0, 5.0], [0.1071, 0.1071], roughness_m=5e-5, density_kg_m3=986.0,
    ...                   viscosity_pa_s=5e-4).round(1)
    array([ 0. , 28.8])
    """
    flow = np.asarray(flow_kg_s, dtype="float64")
    inner = np.asarray(inner_diameter_m, dtype="float64")
    velocity = flow / (density_kg_m3 * np.pi / 4.0 * inner**2)
    reynolds = density_kg_m3 * velocity * inner / viscosity_pa_s
    safe = np.where(flow > 0.0, reynolds, 1.0)
    factor = friction_factor(safe, roughness_m / inner)
    return np.asarray(factor / inner * density_kg_m3 * velocity**2 / 2.0)


def size(
    designed: pd.DataFrame,
    pipes: pd.DataFrame,
    water: pd.DataFrame,
    *,
    supply_c: float,
    return_c: float,
    rules: SizingRules,
) -> pd.DataFrame:
    """
    Return the thinnest pipe that can do the work, per pipe of the network.

    Parameters
    ----------
    designed : DataFrame
        Network with design_kw [kW]. Where pipes lie already, existing_dn [DN], missing elsewhere.
    pipes : DataFrame, indexed by ``dn``, thinnest first
        inner_diameter_m [m].
    water : DataFrame, indexed by ``temperature_c``, coldest first
        density_kg_m3 [kg/m3], specific_heat_j_kgk [J/(kg K)], viscosity_pa_s [Pa s].
    supply_c, return_c : float
        Temperatures of the network at full load [°C].
    rules : SizingRules
        Limits of pressure drop and velocity, thinnest pipes and roughness.

    Returns
    -------
    DataFrame, same index and order as `designed`
        Its columns, with dn [DN], flow_m3_h (at the mean temperature) [m3/h], velocity_m_s
        [m/s], gradient_pa_m of one pipe [Pa/m], pressure_drop_pa of supply and return together
        [Pa], exceeds_largest_dn (even the thickest pipe is too thin) and needs_replacement (the
        pipe that lies there is too thin; dn is then that of the new one).

    Raises
    ------
    ContractError
        If supply is not warmer than return, or a pipe that lies there has no DN of the table.

    Notes
    -----
    The highest flow of each DN follows directly from Colebrook, which is explicit in the
    velocity: ``v = -2 √(2 G d/ρ) log10(k/(3.71 d) + 2.51 μ/(d √(2 G d ρ)))``. A new pipe is never
    thinner than a new pipe that it feeds. A pipe that lies there and suffices keeps its DN.

    References
    ----------
    S-130, S-131, S-139, S-140 in ``assumptions/sources.csv``.

    Examples
    --------
    >>> pipes = pd.DataFrame({"inner_diameter_m": [0.0285, 0.0545]}, index=[25, 50])
    >>> water = pd.DataFrame({"density_kg_m3": [990.0], "specific_heat_j_kgk": [4180.0],
    ...                       "viscosity_pa_s": [5e-4]}, index=[55.0])
    >>> designed = pd.DataFrame({"upstream": [-1, 0], "kind": ["street", "service"],
    ...                          "length_m": [100.0, 10.0], "design_kw": [200.0, 10.0]})
    >>> rules = SizingRules(150.0, 1.5, 1.0, 25, 25, 5e-5)
    >>> size(designed, pipes, water, supply_c=70, return_c=40, rules=rules)["dn"].tolist()
    [50, 25]
    """
    if supply_c <= return_c:
        msg = f"supply_c ({supply_c}) must be above return_c ({return_c}): heat is what cools off."
        raise ContractError(msg)
    density, specific_heat, viscosity = _water_at(water, (supply_c + return_c) / 2.0)
    flow = designed["design_kw"].to_numpy(dtype="float64") * W_PER_KW
    flow = flow / (specific_heat * (supply_c - return_c))
    is_service = (designed["kind"] == "service").to_numpy()
    most = _largest_flows(pipes, rules, density, viscosity)
    chosen, exceeds, replaced = _choose(designed, pipes, rules, most, flow, is_service)
    inner = pipes["inner_diameter_m"].to_numpy(dtype="float64")[chosen]
    gradient = pressure_gradient(
        flow,
        inner,
        roughness_m=rules.roughness_m,
        density_kg_m3=density,
        viscosity_pa_s=viscosity,
    )
    return designed.assign(
        dn=pipes.index.to_numpy()[chosen],
        flow_m3_h=flow / density * S_PER_HOUR,
        velocity_m_s=flow / (density * np.pi / 4.0 * inner**2),
        gradient_pa_m=gradient,
        pressure_drop_pa=_PIPES_IN_A_TRENCH * gradient * designed["length_m"],
        exceeds_largest_dn=exceeds,
        needs_replacement=replaced,
    )


def _water_at(water: pd.DataFrame, mean_c: float) -> tuple[float, float, float]:
    """Return density, specific heat and viscosity at a temperature, between the rows."""
    known = water.index.to_numpy(dtype="float64")
    names = ("density_kg_m3", "specific_heat_j_kgk", "viscosity_pa_s")
    found = [float(np.interp(mean_c, known, water[name].to_numpy("float64"))) for name in names]
    return found[0], found[1], found[2]


def _largest_flows(
    pipes: pd.DataFrame, rules: SizingRules, density: float, viscosity: float
) -> tuple[Floats, Floats]:
    """Return the highest flow per DN in the street and in a house connection [kg/s]."""
    inner = pipes["inner_diameter_m"].to_numpy(dtype="float64")
    head = 2.0 * rules.largest_gradient_pa_m * inner
    smooth = _SMOOTH * viscosity / (inner * np.sqrt(head * density))
    rough = rules.roughness_m / (_ROUGH * inner)
    turbulent = -2.0 * np.sqrt(head / density) * np.log10(rough + smooth)
    laminar = head * inner / (_LAMINAR * viscosity)
    by_gradient = np.minimum(turbulent, laminar)
    mass = density * np.pi / 4.0 * inner**2
    street = mass * np.minimum(by_gradient, rules.largest_distribution_m_s)
    service = mass * np.minimum(by_gradient, rules.largest_service_m_s)
    return street, service


def _choose(
    designed: pd.DataFrame,
    pipes: pd.DataFrame,
    rules: SizingRules,
    most: tuple[Floats, Floats],
    flow: Floats,
    is_service: npt.NDArray[np.bool_],
) -> tuple[Ints, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return the row in `pipes` of each pipe, where none is thick enough, and what is replaced."""
    needed = np.where(is_service, np.searchsorted(most[1], flow), np.searchsorted(most[0], flow))
    exceeds = needed == len(pipes)
    dns = pipes.index.to_numpy()
    thinnest = np.where(
        is_service,
        np.searchsorted(dns, rules.smallest_service_dn),
        np.searchsorted(dns, rules.smallest_distribution_dn),
    )
    wanted = np.minimum(np.maximum(needed, thinnest), len(pipes) - 1)
    wanted = largest_behind(wanted, tree_of(designed))
    existing = _existing(designed, pipes)
    lies_there = existing >= 0
    suffices = lies_there & (np.where(is_service, most[1][existing], most[0][existing]) >= flow)
    chosen = np.where(suffices, existing, wanted)
    return chosen, exceeds & ~suffices, lies_there & ~suffices


def _existing(designed: pd.DataFrame, pipes: pd.DataFrame) -> Ints:
    """Return the row in `pipes` of the pipes that lie there, -1 where none does."""
    given = designed.get("existing_dn", pd.Series(np.nan, index=designed.index))
    rows = pipes.index.get_indexer(pd.Index(given.to_numpy(dtype="float64", na_value=np.nan)))
    is_wrong = (rows < 0) & (given.notna() | (designed["kind"] == "existing")).to_numpy()
    if is_wrong.any():
        first = designed.index[is_wrong][:3].tolist()
        msg = f"existing_dn must be a DN of the table of pipes; see the pipes {first}."
        raise ContractError(msg)
    return rows.astype(np.int64)
