"""How sure the answer on a network is: what moves it, how likely it pays, and what turns it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lekp_lib import wording
from lekp_lib.assumptions import Assumptions
from lekp_lib.contracts import RESULTS, Place
from lekp_lib.contracts.results.warmtenet_money import VERDICTS, WAYS
from lekp_lib.domain import uncertainty
from lekp_lib.studies._frames import KeyFigure
from lekp_lib.studies._net_draws import Driver, Model, drivers_of, model_of
from lekp_lib.studies._net_plan import Plan
from lekp_lib.studies._section import Section
from lekp_lib.studies._warmtenet_scene import Neighbourhood

__all__ = ["ranges_of", "risk_section"]

_SEED = 2026
_TENTHS = 10
_SHOWN_DECIMALS = 1
_MOST_NAMED = 3
_UNKNOWN = VERDICTS[-1]
_NO_TURN = "keert niet om"
_PAIRS: Mapping[tuple[str, str], str] = {
    ("power_network", "power_home"): "electricity_household",
    ("power_network", "gas_home"): "electricity_gas",
    ("power_home", "gas_home"): "electricity_gas",
    ("pipe", "civils"): "pipe_civils",
    ("pipe", "pump_cost"): "network_individual",
    ("civils", "pump_cost"): "network_individual",
    ("connection", "pump_cost"): "network_individual",
    ("return", "home_rate"): "interest",
    ("uptake", "speed"): "uptake_years",
}
"""Drivers that move together → key of their correlation."""


@dataclass(frozen=True)
class _Answer:
    """
    What the draws say.

    Attributes
    ----------
    prices : DataFrame, one row per draw
        Price of heat per way of ``WAYS`` [EUR/MWh].
    cheaper_share : dict of str to float
        Way → share of the draws in which the network is cheaper [-], NaN where none can tell.
    verdict : str
        One of ``VERDICTS``.
    """

    prices: pd.DataFrame
    cheaper_share: dict[str, float]
    verdict: str


def risk_section(plan: Plan, place: Place, hood: Neighbourhood) -> Section:
    """
    Return what moves the price of heat, how likely the network is cheaper and what turns that.

    Parameters
    ----------
    plan : Plan
    place : Place
        For the ranges of the figures.
    hood : Neighbourhood
        For what is known of the heat demand.

    Returns
    -------
    Section
        Tables tornado_prijs, kans_op_voordeel, wat_draait_het and oordeel_net.

    Notes
    -----
    The network is that of the municipality. Route, pipe sizes and plant are those of the plan
    in every draw; money, demand, uptake and returns move.
    """
    figures = plan.ground.figures
    drivers = drivers_of(plan, place, hood)
    model = model_of(plan, drivers)
    ranges = ranges_of(drivers)
    drawn = uncertainty.draws(
        ranges,
        n=int(figures["finance.draws"]),
        seed=_SEED,
        correlations={
            pair: figures[f"finance.rank_correlation.{key}"] for pair, key in _PAIRS.items()
        },
    )
    answer = _answer(model.prices(drawn), figures)
    swings = uncertainty.tornado(lambda rows: _gap(model, rows), ranges)
    swings = swings[swings["swing"].round(_SHOWN_DECIMALS) > 0]
    tornado = _tornado(drivers, swings)
    turning = _turning(model, drivers, ranges, list(swings.index))
    tables = {
        "tornado_prijs": tornado,
        "kans_op_voordeel": _chances(answer, place.assumptions),
        "wat_draait_het": turning,
        "oordeel_net": _verdict(answer, turning),
    }
    return Section(tables, _figures(answer, place.assumptions), _remarks(answer, tornado, turning))


def ranges_of(drivers: Mapping[str, Driver]) -> pd.DataFrame:
    """Return low, value and high of each driver, in the unit of the driver."""
    rows = {key: (one.low, one.value, one.high) for key, one in drivers.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["low", "value", "high"])


def _answer(prices: pd.DataFrame, figures: Mapping[str, float]) -> _Answer:
    shares = {way: _cheaper(prices, way) for way in WAYS[1:]}
    likely = shares["heat_pump"]
    verdict = _UNKNOWN
    if not math.isnan(likely):
        verdict = uncertainty.verdict(
            likely,
            likely_share=figures["finance.verdict_likely_share"],
            unlikely_share=figures["finance.verdict_unlikely_share"],
        )
    return _Answer(prices, shares, verdict)


def _cheaper(prices: pd.DataFrame, way: str) -> float:
    known = prices[["network", way]].dropna()
    return float((known["network"] < known[way]).mean()) if len(known) else math.nan


def _gap(model: Model, rows: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Return how much dearer a MWh from the network is than from an own heat pump."""
    prices = model.prices(rows)
    return (prices["network"] - prices["heat_pump"]).to_numpy("float64")


def _named(name: str, table: pd.DataFrame) -> pd.DataFrame:
    about = RESULTS[name].columns
    kinds = {"text": "str", "number": "float64"}
    return table[list(about)].astype({key: kinds[one.kind] for key, one in about.items()})


def _texts(drivers: Mapping[str, Driver], keys: pd.Index[str]) -> dict[str, list[str]]:
    found = [drivers[key] for key in keys]
    return {
        "assumption": [one.label for one in found],
        "low_text": [one.text(one.low) for one in found],
        "value_text": [one.text(one.value) for one in found],
        "high_text": [one.text(one.high) for one in found],
    }


def _tornado(drivers: Mapping[str, Driver], swings: pd.DataFrame) -> pd.DataFrame:
    shown = swings.assign(
        gap_low_eur_mwh=swings["outcome_low"],
        gap_high_eur_mwh=swings["outcome_high"],
        swing_eur_mwh=swings["swing"],
        **_texts(drivers, swings.index),
    )
    return _named("tornado_prijs", shown.reset_index(drop=True))


def _turning(
    model: Model, drivers: Mapping[str, Driver], ranges: pd.DataFrame, moving: list[str]
) -> pd.DataFrame:
    """
    Return the value of each assumption at which dearer becomes cheaper, or the reverse.

    What turns nothing comes last, in the order of `moving`.
    """
    found = uncertainty.what_turns(lambda rows: -_gap(model, rows), ranges, threshold=0.0)
    table = found.loc[moving].sort_values("distance_share", kind="stable")
    turned = [
        _turn_text(drivers[key], value)
        for key, value in zip(table.index, table["flips_at"], strict=True)
    ]
    texts = _texts(drivers, table.index)
    shown = table.assign(flips_text=turned, **texts).reset_index(drop=True)
    return _named("wat_draait_het", shown)


def _turn_text(driver: Driver, value: float) -> str:
    """Return where an assumption turns the answer, in words that differ from our own value."""
    if math.isnan(value):
        return _NO_TURN
    text = driver.text(value)
    return text if text != driver.text(driver.value) else driver.text(value, extra=1)


def _chances(answer: _Answer, used: Assumptions) -> pd.DataFrame:
    rows = [
        {
            "way": way,
            "low_eur_mwh": low,
            "middle_eur_mwh": middle,
            "high_eur_mwh": high,
            "probability": "—"
            if way == "network"
            else uncertainty.probability_words(answer.cheaper_share[way]),
        }
        for way in WAYS
        for low, middle, high in [_quantiles(answer.prices[way], used)]
    ]
    return _named("kans_op_voordeel", pd.DataFrame(rows))


def _quantiles(prices: pd.Series[float], used: Assumptions) -> tuple[float, float, float]:
    outside = (1.0 - used["heat.fit.coverage_share"].value) / 2.0
    low, middle, high = prices.quantile([outside, 1.0 / 2.0, 1.0 - outside])
    return float(low), float(middle), float(high)


def _verdict(answer: _Answer, turning: pd.DataFrame) -> pd.DataFrame:
    """Return result table ``oordeel_net``: one row for the first screen."""
    row = {
        "verdict": answer.verdict,
        "probability": _sentence(answer.cheaper_share["heat_pump"], "een eigen warmtepomp"),
        "gas": _sentence(answer.cheaper_share["gas"], "een nieuwe gasketel"),
        "turns": _what_turns(turning),
    }
    return _named("oordeel_net", pd.DataFrame([row]))


def _sentence(share: float, other: str) -> str:
    if math.isnan(share):
        return f"Of warmte uit het net goedkoper is dan {other}, is niet te zeggen."
    words = uncertainty.probability_words(share)
    return f"Er is {words}, dat warmte uit het net goedkoper is dan {other}."


def _what_turns(turning: pd.DataFrame) -> str:
    """Say which assumptions turn the answer, the nearest first."""
    found = turning[turning["flips_text"] != _NO_TURN].head(_MOST_NAMED)
    if found.empty:
        return "Geen enkele aanname keert het antwoord alleen om, binnen haar bereik."
    told = [
        f"«{label}» ({flips} in plaats van {ours})"
        for label, flips, ours in zip(
            found["assumption"], found["flips_text"], found["value_text"], strict=True
        )
    ]
    verb = "Eén aanname keert" if len(told) == 1 else "Elk van deze aannames keert"
    return f"{verb} het antwoord alleen om: {'; '.join(told)}."


def _figures(answer: _Answer, used: Assumptions) -> tuple[KeyFigure, ...]:
    low, _, high = _quantiles(answer.prices["network"], used)
    return (
        KeyFigure(
            "network_cheaper_share",
            _rounded(answer.cheaper_share["heat_pump"]),
            "aandeel",
            "kans dat het net goedkoper is dan een warmtepomp (afgerond, van 10 tot 90 %)",
            "assumed",
            1,
        ),
        KeyFigure(
            "network_cheaper_than_gas_share",
            _rounded(answer.cheaper_share["gas"]),
            "aandeel",
            "kans dat het net goedkoper is dan gas (afgerond, van 10 tot 90 %)",
            "assumed",
            1,
        ),
        KeyFigure(
            "break_even_low_eur_mwh",
            low,
            "EUR/MWh",
            "warmteprijs die uitkomt, laag (één kans op tien op minder)",
            "assumed",
            1,
        ),
        KeyFigure(
            "break_even_high_eur_mwh",
            high,
            "EUR/MWh",
            "warmteprijs die uitkomt, hoog (één kans op tien op meer)",
            "assumed",
            1,
        ),
    )


def _rounded(share: float) -> float:
    """Return a probability to the nearest tenth, and never as certain."""
    if math.isnan(share):
        return math.nan
    return min(max(math.floor(share * _TENTHS + 0.5), 1), _TENTHS - 1) / _TENTHS


def _remarks(answer: _Answer, tornado: pd.DataFrame, turning: pd.DataFrame) -> tuple[str, ...]:
    fixed = (
        f"We rekenden {wording.number(len(answer.prices))} keer, elke keer met andere cijfers "
        "binnen hun bereik. De route, de maten van de buizen en de warmtecentrale bleven gelijk. "
        "De kans zegt iets over onze aannames, niet over de toekomst zelf."
    )
    if answer.verdict == _UNKNOWN:
        return ("Er is geen woning of geen warmte om mee te vergelijken: geen oordeel.", fixed)
    first = [f"«{label}»" for label in tornado["assumption"].head(_MOST_NAMED)]
    weighs = f"Het meeste weegt: {wording.join(first)}." if first else ""
    told = (
        _sentence(answer.cheaper_share["heat_pump"], "een eigen warmtepomp"),
        _sentence(answer.cheaper_share["gas"], "een nieuwe gasketel"),
        weighs,
        _what_turns(turning),
        fixed,
    )
    return tuple(part for part in told if part)
