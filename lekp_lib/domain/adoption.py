"""
How many homes are renovated year by year: by word of mouth and contacts, or at a steady pace.

Two models side by side. In that of Bass people also follow each other; in the other every home
has the same chance each year. Where they differ, the answer is not sure.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lekp_lib.errors import ContractError

__all__ = [
    "MODELS",
    "adoption",
    "bass_share",
    "campaign_hazard",
    "compare",
    "hazard_share",
    "scaled_hazard",
]

MODELS = ("bass", "hazard")

Floats = npt.NDArray[np.float64]


def bass_share(push: pd.DataFrame, *, imitation: float, started_share: float = 0.0) -> pd.DataFrame:
    """
    Return the part of each segment that has taken part, year by year, when people imitate.

    Parameters
    ----------
    push : DataFrame, index segment, one column per year
        Chance per year to take part by oneself or after a contact, the same all through that
        year [-/yr, continuous].
    imitation : float
        How much those who took part pull the others along [-/yr].
    started_share : float
        Part that has taken part at the start [-, 0-1].

    Returns
    -------
    DataFrame, same index, one column per year
        Share at the end of each year [-, 0-1].

    Raises
    ------
    ContractError
        If a chance or the imitation is negative.

    Notes
    -----
    ``dA/dt = (p + u(t) + q A/M) (M - A)`` (Bass), solved exactly: within a year
    ``(p + u + q F) / (1 - F)`` grows by ``exp(p + u + q)``.

    Examples
    --------
    >>> push = pd.DataFrame([[0.03] * 10], index=["all"], columns=range(1, 11))
    >>> bass_share(push, imitation=0.38).round(4)[10].to_dict()
    {'all': 0.8128}
    """
    rates = _checked(push, imitation)
    share = np.full(len(push), float(started_share))
    columns = []
    for rate in rates.T:
        share = _grown(share, rate, imitation)
        columns.append(share)
    return pd.DataFrame(np.array(columns).T.reshape(push.shape), push.index, push.columns)


def _checked(push: pd.DataFrame, imitation: float) -> Floats:
    rates = push.to_numpy(dtype="float64")
    if not (rates >= 0).all() or not imitation >= 0:
        msg = "A chance per year or the imitation is negative or missing. Check push."
        raise ContractError(msg)
    return rates


def _grown(share: Floats, rate: Floats, imitation: float) -> Floats:
    """Return the share a year later; all taken part stays all."""
    fade = np.exp(-(rate + imitation))
    left = 1.0 - share
    total = rate + imitation
    divisor = rate + imitation * (share + left * fade)
    with np.errstate(invalid="ignore", divide="ignore"):
        still_out = np.where(divisor > 0, left * fade * total / divisor, left)
    return np.asarray(1.0 - still_out)


def hazard_share(push: pd.DataFrame, *, started_share: float = 0.0) -> pd.DataFrame:
    """
    Return the part of each segment that has taken part when nobody follows a neighbour.

    Parameters
    ----------
    push : DataFrame, index segment, one column per year
        Chance per year [-/yr, continuous].
    started_share : float
        Part that has taken part at the start [-, 0-1].

    Returns
    -------
    DataFrame, same index, one column per year
        ``1 - (1 - started) exp(-(h_1 + … + h_t))`` [-, 0-1].

    Examples
    --------
    >>> push = pd.DataFrame([[0.01, 0.01]], index=["all"], columns=[1, 2])
    >>> hazard_share(push).round(4).loc["all"].tolist()
    [0.01, 0.0198]
    """
    rates = _checked(push, 0.0)
    shares = 1.0 - (1.0 - started_share) * np.exp(-np.cumsum(rates, axis=1))
    return pd.DataFrame(shares, push.index, push.columns)


def scaled_hazard(
    chance_share: pd.Series[Any], homes: pd.Series[Any], *, mean_share: float
) -> pd.Series[float]:
    """
    Return chances from elsewhere, brought to the level that is known here.

    Parameters
    ----------
    chance_share : Series, indexed by segment
        Chance per year in another country; only their proportions count [-, 0-1].
    homes : Series, same index
        Homes here [-].
    mean_share : float
        Mean chance per year here [-, 0-1].

    Returns
    -------
    Series, same index
        ``hazard`` [-/yr, continuous]: ``-ln(1 - chance)``; missing if there are no homes.

    Examples
    --------
    >>> one = pd.Series({"owner": 0.03, "tenant": 0.01})
    >>> homes = pd.Series({"owner": 50, "tenant": 50})
    >>> scaled_hazard(one, homes, mean_share=0.01).round(4).to_list()
    [0.0151, 0.005]
    """
    here = float((chance_share * homes).sum())
    scale = mean_share * float(homes.sum()) / here if here > 0 else np.nan
    return pd.Series(-np.log1p(-chance_share * scale), chance_share.index, name="hazard")


def campaign_hazard(
    reach_share: pd.Series[Any], *, follow_share: float, campaign_years: int, years: int
) -> pd.DataFrame:
    """
    Return the extra chance per year that a campaign gives.

    Parameters
    ----------
    reach_share : Series, indexed by segment
        Part of the segment that the campaign reaches [-, 0-1].
    follow_share : float
        Part of those reached that have works done in the end [-, 0-1].
    campaign_years : int
        Years over which the campaign is spread evenly.
    years : int
        Years to look ahead.

    Returns
    -------
    DataFrame, index of `reach_share`, columns 1 … years
        [-/yr]. By itself it brings exactly ``reach x follow`` of the segment.

    Examples
    --------
    >>> campaign_hazard(pd.Series({"all": 0.5}), follow_share=0.2, campaign_years=2, years=3
    ...     ).round(4).loc["all"].tolist()
    [0.0527, 0.0527, 0.0]
    """
    if campaign_years < 1:
        msg = f"campaign_years is {campaign_years}; a campaign takes at least one year."
        raise ContractError(msg)
    won = reach_share.to_numpy(dtype="float64") * follow_share
    if not ((won >= 0) & (won < 1)).all():
        msg = "reach_share x follow_share must lie from 0 up to but not including 1."
        raise ContractError(msg)
    each = -np.log1p(-won) / campaign_years
    table = np.zeros((len(won), years))
    table[:, :campaign_years] = each[:, None]
    return pd.DataFrame(table, reach_share.index, range(1, years + 1))


def adoption(
    homes: pd.Series[Any],
    base_hazard: pd.Series[Any],
    extra: pd.DataFrame,
    *,
    imitation: float,
) -> pd.DataFrame:
    """
    Return the homes renovated per segment and year, by both models.

    Parameters
    ----------
    homes : Series, indexed by segment
        Homes that could take part [-].
    base_hazard : Series, same index
        Chance per year without a campaign [-/yr, continuous].
    extra : DataFrame, same index, one column per year
        As returned by ``campaign_hazard``.
    imitation : float
        Pull of those who took part, in the model of Bass [-/yr].

    Returns
    -------
    DataFrame
        Columns segment, year, and per model of ``MODELS`` the homes that have taken part by
        the end of that year: ``bass_homes``, ``hazard_homes`` [-].

    Raises
    ------
    ContractError
        If the segments of the three tables differ.

    Examples
    --------
    >>> one = pd.Series({"all": 100.0})
    >>> none = pd.DataFrame([[0.0, 0.0]], index=["all"], columns=[1, 2])
    >>> adoption(one, one * 0.0001, none, imitation=0.0).round(2)["bass_homes"].tolist()
    [1.0, 1.98]
    """
    if not (homes.index.equals(base_hazard.index) and homes.index.equals(extra.index)):
        msg = "homes, base_hazard and extra must name the same segments in the same order."
        raise ContractError(msg)
    push = extra.add(base_hazard, axis=0)
    shares = {
        "bass_homes": bass_share(push, imitation=imitation),
        "hazard_homes": hazard_share(push),
    }
    cells = pd.MultiIndex.from_product([homes.index, extra.columns], names=["segment", "year"])
    long = {
        name: table.mul(homes, axis=0).to_numpy(dtype="float64").ravel()
        for name, table in shares.items()
    }
    return pd.DataFrame(long, index=cells).reset_index()


def compare(with_campaign: pd.DataFrame, without: pd.DataFrame) -> pd.DataFrame:
    """
    Return what the campaign adds in all, year by year, and how far the models are apart.

    Parameters
    ----------
    with_campaign, without : DataFrame
        As returned by ``adoption``, for the same segments and years.

    Returns
    -------
    DataFrame, index year
        ``bass_homes``, ``hazard_homes`` with the campaign, ``bass_extra_homes``,
        ``hazard_extra_homes`` (less what would come anyway) and ``apart_homes`` (difference
        between the models) [-].

    Examples
    --------
    >>> one = pd.DataFrame({"segment": ["a"], "year": [1], "bass_homes": [3.0],
    ...     "hazard_homes": [2.0]})
    >>> compare(one, one)["apart_homes"].tolist()
    [1.0]
    """
    names = [f"{model}_homes" for model in MODELS]
    here, bare = (table.groupby("year")[names].sum() for table in (with_campaign, without))
    extra = (here - bare).rename(columns={name: name.replace("_", "_extra_") for name in names})
    return here.join(extra).assign(apart_homes=(here[names[0]] - here[names[1]]).abs())
