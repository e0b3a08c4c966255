"""A heat network as yearly series, and the heat price at which it breaks even."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lekp_lib.domain.heat_finance._value import present_value
from lekp_lib.errors import ContractError

__all__ = [
    "Project",
    "break_even_of_series",
    "break_even_price",
    "price_surface",
    "project_flows",
    "uptake",
]


def uptake(
    years: npt.ArrayLike,
    *,
    full_after_years: npt.ArrayLike,
    start_year: npt.ArrayLike = 0.0,
    final_share: npt.ArrayLike = 1.0,
) -> npt.NDArray[np.float64]:
    """
    Return which share of the heat is taken each year, group by group.

    Parameters
    ----------
    years : array_like, shape (years,)
        Years, 0 the first [yr].
    full_after_years : array_like, shape (...)
        Years from the start until all who join have joined; 0 is at once, and counts as 1 [yr].
    start_year, final_share : array_like, broadcast with `full_after_years`
        Year in which the pipe lies there [yr], and share that joins in the end [-, 0-1].

    Returns
    -------
    ndarray, shape (..., years)
        ``final · min((t - start) / full_after, 1)``, 0 until the start [-].

    Raises
    ------
    ContractError
        If a number of years is below 0.

    Examples
    --------
    >>> uptake([0, 1, 2, 3], full_after_years=[1, 2]).tolist()
    [[0.0, 1.0, 1.0, 1.0], [0.0, 0.5, 1.0, 1.0]]
    >>> uptake([0, 1, 2, 3], full_after_years=2, start_year=1, final_share=0.8).tolist()
    [0.0, 0.0, 0.4, 0.8]
    """
    full, start, final = (
        np.asarray(part, "float64")[..., np.newaxis]
        for part in (full_after_years, start_year, final_share)
    )
    if not (full >= 0).all():
        msg = "Full uptake takes 0 years or more."
        raise ContractError(msg)
    since = np.asarray(years, "float64") - start
    return np.asarray(final * np.clip(since / np.maximum(full, 1.0), 0.0, 1.0))


@dataclass(frozen=True, eq=False)
class Project:
    """
    A heat network in yearly series from year 0 to the horizon, in real money.

    A single number for a series counts for every year. The series are kept as read-only
    copies; the heat that is sold is ``heat_mwh · uptake_share``.

    Parameters
    ----------
    investment_eur : DataFrame, index 0 … horizon, one column per asset class
        First investment per year; what is replaced later follows from the lifetimes [EUR].
    lifetime_years : Mapping of asset class to whole number
        Years until a part is replaced, or loses its value [yr].
    heat_mwh : array_like, shape (years,)
        Heat sold if all who are to join have joined [MWh/yr].
    om_eur : array_like, shape (years,)
        Operation and maintenance; does not depend on uptake [EUR/yr].
    heat_cost_eur_mwh : array_like, shape (years,)
        Heat bought or made, per MWh *sold*: losses included [EUR/MWh].
    uptake_share : array_like, shape (years,)
        Share of the heat that is taken [-, 0-1].
    other_income_eur : array_like, shape (years,)
        Connection fees, fixed fees, cold: does not depend on uptake [EUR/yr].

    Raises
    ------
    ContractError
        If the years do not count up from 0, a series has another length, is not finite or is
        negative, an uptake is above 1, or a lifetime is missing or no whole number above 0.

    Examples
    --------
    >>> plan = Project.at_once({"pipes": 1000.0}, {"pipes": 50}, horizon_years=40, om_share=0.02,
    ...                        heat_mwh=10.0, heat_cost_eur_mwh=30.0)
    >>> plan.om_eur[:2].tolist(), plan.residual_value_eur.round(6).to_dict()
    ([0.0, 20.0], {'pipes': 200.0})
    """

    investment_eur: pd.DataFrame
    lifetime_years: Mapping[str, float]
    heat_mwh: npt.NDArray[np.float64]
    om_eur: npt.NDArray[np.float64]
    heat_cost_eur_mwh: npt.NDArray[np.float64]
    uptake_share: npt.NDArray[np.float64]
    other_income_eur: npt.NDArray[np.float64]

    def __post_init__(self) -> None:
        investment = self.investment_eur.astype("float64")
        n_years = len(investment)
        if n_years == 0 or not np.array_equal(investment.index, np.arange(n_years)):
            msg = "The years of investment_eur must count up from 0, without gaps."
            raise ContractError(msg)
        object.__setattr__(self, "investment_eur", investment.rename_axis("year"))
        for name in ("heat_mwh", "om_eur", "heat_cost_eur_mwh", "uptake_share", "other_income_eur"):
            object.__setattr__(self, name, _yearly(getattr(self, name), n_years, name))
        _must(investment.to_numpy(), "investment_eur")
        if (self.uptake_share > 1).any():
            msg = "uptake_share must not be above 1."
            raise ContractError(msg)
        lives = [self.lifetime_years.get(str(kind), 0) for kind in investment.columns]
        if any(life < 1 or life != round(life) for life in lives):
            msg = "Every asset class needs a lifetime of a whole number of years, 1 or more."
            raise ContractError(msg)

    @classmethod
    def at_once(
        cls,
        investment_eur: Mapping[str, float],
        lifetime_years: Mapping[str, float],
        *,
        horizon_years: float,
        om_share: float,
        heat_mwh: float,
        heat_cost_eur_mwh: float,
    ) -> Project:
        """
        Return a network built in year 0 that sells heat to all from year 1 to the horizon.

        Parameters
        ----------
        investment_eur, lifetime_years : Mapping by asset class
            Investment [EUR] and lifetime [yr].
        horizon_years : float
            Number of years in operation [yr].
        om_share : float
            Yearly operation and maintenance as a share of all investment [1/yr].
        heat_mwh, heat_cost_eur_mwh : float
            Heat sold [MWh/yr] and its cost per MWh sold [EUR/MWh].
        """
        runs = (np.arange(round(horizon_years) + 1) > 0).astype("float64")
        return cls(
            investment_eur=pd.DataFrame({k: v * (1 - runs) for k, v in investment_eur.items()}),
            lifetime_years=lifetime_years,
            heat_mwh=heat_mwh * runs,
            om_eur=om_share * sum(investment_eur.values()) * runs,
            heat_cost_eur_mwh=heat_cost_eur_mwh * runs,
            uptake_share=np.ones(len(runs)),
            other_income_eur=np.zeros(len(runs)),
        )

    @property
    def years(self) -> npt.NDArray[np.int64]:
        """The years 0 … horizon, shape (years,)."""
        return np.arange(len(self.investment_eur))

    @property
    def heat_cost_eur(self) -> npt.NDArray[np.float64]:
        """Yearly cost of the heat at full uptake, shape (years,) [EUR/yr]."""
        return self.heat_mwh * self.heat_cost_eur_mwh

    @property
    def reinvestment_eur(self) -> pd.DataFrame:
        """
        What is replaced, per year and asset class [EUR].

        A part is replaced whenever its lifetime is over before the horizon, at the same cost.
        """
        horizon = len(self.investment_eur) - 1
        again = {}
        for kind, first in self.investment_eur.items():
            spent, again[kind] = first.to_numpy(), np.zeros(horizon + 1)
            life = round(self.lifetime_years[str(kind)])
            for age in range(life, horizon, life):
                again[kind][age:horizon] += spent[: horizon - age]
        return pd.DataFrame(again, index=self.investment_eur.index)

    @property
    def residual_value_eur(self) -> pd.Series[float]:
        """
        What the parts are still worth at the horizon, per asset class [EUR].

        Linear: a pipe of 50 years is worth 10/50 of its investment after 40 years. What is
        replaced counts from its last replacement.
        """
        horizon = int(self.years[-1])
        left = {
            kind: (spent * _left_share(horizon, self.lifetime_years[str(kind)])).sum()
            for kind, spent in self.investment_eur.items()
        }
        return pd.Series(left, dtype="float64")


def _yearly(values: npt.ArrayLike, n_years: int, name: str) -> npt.NDArray[np.float64]:
    series = np.asarray(values, "float64")
    if series.shape not in {(), (n_years,)}:
        msg = f"{name} must have {n_years} years, one for each year of investment_eur."
        raise ContractError(msg)
    _must(series, name)
    series = np.broadcast_to(series, (n_years,)).copy()
    series.flags.writeable = False
    return series


def _must(values: npt.NDArray[np.float64], name: str) -> None:
    if not (np.isfinite(values) & (values >= 0)).all():
        msg = f"{name} must be finite and not below 0."
        raise ContractError(msg)


def break_even_price(
    project: Project,
    *,
    return_share: npt.ArrayLike,
    subsidy_share: npt.ArrayLike = 0.0,
    uptake_share: npt.ArrayLike | None = None,
    investment_factor: npt.ArrayLike | Mapping[str, npt.ArrayLike] = 1.0,
    om_factor: npt.ArrayLike = 1.0,
    heat_factor: npt.ArrayLike = 1.0,
    heat_cost_factor: npt.ArrayLike = 1.0,
) -> npt.NDArray[np.float64]:
    """
    Return the heat price at which the project earns the required return, no more and no less.

    The return is real, on the whole investment, before tax and before any loan. All arguments
    broadcast: one call answers thousands of owners, uptakes and draws.

    Parameters
    ----------
    project : Project
    return_share : array_like, shape (...)
        Required yearly return, above -1 [-].
    subsidy_share : array_like, shape (...)
        Share of the first investment that is subsidised; replacements are not [-, 0-1].
    uptake_share : array_like, shape (..., years), optional
        Uptake instead of that of the project [-, 0-1].
    investment_factor : array_like, shape (...), or Mapping of asset class to such
        Factor on investment, replacement and residual value; a class that is absent keeps
        its cost [-].
    om_factor, heat_factor, heat_cost_factor : array_like, shape (...)
        Factor on operation and maintenance, on the heat sold, on the cost of a MWh [-].

    Returns
    -------
    ndarray, shape (...)
        ``break_even_eur_mwh``, without VAT [EUR/MWh]; NaN where no heat is sold.

    Notes
    -----
    ``p = PV(investment · (1 - subsidy) + replacement + O&M + heat cost - other income -
    residual value) / PV(heat sold)``, year 0 not discounted.

    References
    ----------
    S-145 in ``assumptions/sources.csv``; the conventions were chosen so that the illustrative
    case documented there is reproduced to the unit.

    Examples
    --------
    1,000 EUR, worth 200 after 40 years; 10 MWh a year bought at 30 EUR, O&M 20 EUR a year:

    >>> plan = Project.at_once({"pipes": 1000.0}, {"pipes": 50}, horizon_years=40, om_share=0.02,
    ...                        heat_mwh=10.0, heat_cost_eur_mwh=30.0)
    >>> break_even_price(plan, return_share=[0.0, 0.04], subsidy_share=0.5).round(2)
    array([32.75, 34.32])
    """
    share = project.uptake_share if uptake_share is None else np.asarray(uptake_share, "float64")
    sold = _each_year(heat_factor) * share * project.heat_mwh
    spent = {
        str(kind): _each_year(_of_class(investment_factor, str(kind))) * series.to_numpy("float64")
        for kind, series in project.investment_eur.items()
    }
    return break_even_of_series(
        spent,
        project.lifetime_years,
        om_eur=_each_year(om_factor) * project.om_eur,
        heat_cost_eur=_each_year(heat_cost_factor) * sold * project.heat_cost_eur_mwh,
        heat_mwh=sold,
        return_share=return_share,
        subsidy_share=subsidy_share,
        other_income_eur=project.other_income_eur,
    )


def _each_year(factor: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return a factor that stands for every year."""
    return np.asarray(factor, "float64")[..., np.newaxis]


def _of_class(factor: npt.ArrayLike | Mapping[str, npt.ArrayLike], kind: str) -> npt.ArrayLike:
    return factor.get(kind, 1.0) if isinstance(factor, Mapping) else factor


def break_even_of_series(
    investment_eur: Mapping[str, npt.ArrayLike],
    lifetime_years: Mapping[str, float],
    *,
    om_eur: npt.ArrayLike,
    heat_cost_eur: npt.ArrayLike,
    heat_mwh: npt.ArrayLike,
    return_share: npt.ArrayLike,
    subsidy_share: npt.ArrayLike = 0.0,
    other_income_eur: npt.ArrayLike = 0.0,
) -> npt.NDArray[np.float64]:
    """
    Return the break-even price of many networks at once, each with yearly series of its own.

    For draws in which people join at another speed, so that pipes, connections and plant are
    paid in other years.

    Parameters
    ----------
    investment_eur : Mapping of asset class to array_like, shape (..., years)
        First investment per year [EUR].
    lifetime_years : Mapping by asset class
        [yr].
    om_eur, heat_cost_eur, heat_mwh : array_like, shape (..., years)
        Operation and maintenance, cost of the heat [EUR/yr] and heat sold [MWh/yr].
    return_share, subsidy_share : array_like, shape (...)
        Required yearly return, above -1 [-]; subsidised share of the first investment [-, 0-1].
    other_income_eur : array_like, shape (..., years)
        Income that is no heat [EUR/yr].

    Returns
    -------
    ndarray, shape (...)
        ``break_even_eur_mwh``, as ``break_even_price`` [EUR/MWh].

    Examples
    --------
    >>> break_even_of_series({"pipes": [1000.0, 0.0, 0.0]}, {"pipes": 2}, om_eur=0.0,
    ...     heat_cost_eur=[0.0, 300.0, 300.0], heat_mwh=[0.0, 10.0, 10.0], return_share=[0.0, 0.1])
    array([80.        , 87.61904762])
    """
    heat = np.asarray(heat_mwh, "float64")
    years = np.arange(heat.shape[-1])
    discount = present_value(1.0, rate=_each_year(return_share), year=years)
    own_share = 1.0 - _each_year(subsidy_share)
    running = (
        np.asarray(om_eur, "float64")
        + np.asarray(heat_cost_eur, "float64")
        - np.asarray(other_income_eur, "float64")
    )
    costs = (discount * running).sum(axis=-1)
    for kind, spent in investment_eur.items():
        worth = _worth_per_euro(discount, own_share, round(lifetime_years[kind]))
        costs = costs + (np.asarray(spent, "float64") * worth).sum(axis=-1)
    costs, sold = np.broadcast_arrays(costs, (discount * heat).sum(axis=-1))
    without = np.full(costs.shape, np.nan)
    return np.asarray(np.divide(costs, sold, out=without, where=sold > 0))


def _worth_per_euro(
    discount: npt.NDArray[np.float64], own_share: npt.NDArray[np.float64], life: int
) -> npt.NDArray[np.float64]:
    """Return what a euro of each year comes to: itself, its replacements, less what is left."""
    worth = discount * own_share
    horizon = discount.shape[-1] - 1
    for age in range(life, horizon, life):
        worth[..., : horizon - age] += discount[..., age:horizon]
    return np.asarray(worth - discount[..., -1:] * _left_share(horizon, life))


def _left_share(horizon: int, life: float) -> npt.NDArray[np.float64]:
    """Return which share of what is bought in each year is left at the horizon."""
    lives_used = (horizon - np.arange(horizon + 1)) / life
    return np.asarray(np.where(lives_used == 0, 1.0, np.ceil(lives_used) - lives_used))


def price_surface(
    projects: Mapping[float, Project],
    *,
    returns: Mapping[str, float],
    subsidies: Sequence[float],
) -> pd.DataFrame:
    """
    Return the break-even price for every owner, speed of uptake and subsidy.

    Who owns the network and how fast people join weigh more than the route of the pipes.

    Parameters
    ----------
    projects : Mapping of years until full uptake to Project
        The same network, joined faster or slower.
    returns : Mapping of owner to required return
        [-].
    subsidies : sequence of float
        Subsidised share of the first investment [-, 0-1].

    Returns
    -------
    DataFrame, one row per combination
        owner, return_share [-], full_after_years [yr], subsidy_share [-],
        break_even_eur_mwh [EUR/MWh].

    Examples
    --------
    >>> from dataclasses import replace
    >>> plan = Project.at_once({"pipes": 1000.0}, {"pipes": 50}, horizon_years=40, om_share=0.02,
    ...                        heat_mwh=10.0, heat_cost_eur_mwh=30.0)
    >>> slow = replace(plan, uptake_share=uptake(plan.years, full_after_years=2))
    >>> surface = price_surface({1.0: plan, 2.0: slow}, returns={"municipality": 0.0},
    ...                         subsidies=[0.5])
    >>> surface["break_even_eur_mwh"].round(2).tolist()
    [32.75, 32.78]
    """
    prices = [
        break_even_price(
            project,
            return_share=np.array(list(returns.values()), "float64")[:, np.newaxis],
            subsidy_share=np.asarray(subsidies, "float64"),
        )
        for project in projects.values()
    ]
    axes = pd.MultiIndex.from_product(
        [list(returns), list(projects), list(subsidies)],
        names=["owner", "full_after_years", "subsidy_share"],
    )
    surface = axes.to_frame(index=False)
    surface.insert(1, "return_share", surface["owner"].map(dict(returns)))
    return surface.assign(break_even_eur_mwh=np.stack(prices, axis=1).ravel())


def project_flows(
    project: Project, *, heat_price_eur_mwh: float, subsidy_share: float
) -> pd.DataFrame:
    """
    Return what comes in and goes out each year, before any loan, dividend or tax.

    Parameters
    ----------
    project : Project
    heat_price_eur_mwh : float
        Heat price, the same in every year, without VAT [EUR/MWh].
    subsidy_share : float
        Share of the first investment that is subsidised [-, 0-1].

    Returns
    -------
    DataFrame, index year
        investment_eur, reinvestment_eur, om_eur, heat_cost_eur (out), subsidy_eur,
        revenue_eur, other_income_eur, residual_value_eur (in; the last only at the horizon and
        no money), all not negative, and project_flow_eur, the sum [EUR/yr].

    Examples
    --------
    >>> plan = Project.at_once({"pipes": 1000.0}, {"pipes": 50}, horizon_years=40, om_share=0.02,
    ...                        heat_mwh=10.0, heat_cost_eur_mwh=30.0)
    >>> flows = project_flows(plan, heat_price_eur_mwh=60.0, subsidy_share=0.5)
    >>> flows["project_flow_eur"].iloc[[0, 1, 40]].tolist()
    [-500.0, 280.0, 480.0]
    """
    investment = project.investment_eur.sum(axis=1)
    sold = project.heat_mwh * project.uptake_share
    at_end = (project.years == project.years[-1]).astype("float64")
    flows = pd.DataFrame(
        {
            "investment_eur": investment,
            "reinvestment_eur": project.reinvestment_eur.sum(axis=1),
            "om_eur": project.om_eur,
            "heat_cost_eur": sold * project.heat_cost_eur_mwh,
            "subsidy_eur": investment * subsidy_share,
            "revenue_eur": sold * heat_price_eur_mwh,
            "other_income_eur": project.other_income_eur,
            "residual_value_eur": at_end * project.residual_value_eur.sum(),
        }
    )
    going_in = ["subsidy_eur", "revenue_eur", "other_income_eur", "residual_value_eur"]
    going_out = ["investment_eur", "reinvestment_eur", "om_eur", "heat_cost_eur"]
    net = flows[going_in].sum(axis=1) - flows[going_out].sum(axis=1)
    return flows.assign(project_flow_eur=net)
