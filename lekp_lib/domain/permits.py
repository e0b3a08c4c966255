"""
Permits for neighbours who renovate together: which homes need one, and how to file for them.

A wall that is insulated on the outside grows thicker. Where the front wall stands on the
building line it then hangs over public ground, and that needs a permit. A row of like homes can
file in four ways: each on its own, linked (one set of drawings, a decision per home), in one
joint file (all or nothing), or in one joint file that falls apart in blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.special import digamma

from lekp_lib.contracts.results.mee_rules import FORMS, VARIANTS
from lekp_lib.errors import ContractError

__all__ = [
    "PermitTerms",
    "blocks_of",
    "break_even_share",
    "building_line",
    "compare_forms",
    "even_odds_share",
    "expected_permitted",
    "rule_variants",
    "slowest_signature_days",
    "success_shares",
]

_FORM_OF_VARIANT = {
    "separate": "separate",
    "joint": "joint",
    "severable": "joint",
    "front_wall_exemption": "separate",
    "linked_one_fee": "linked",
}
_HOURS = ("architect_hours", "clerk_hours", "applicant_hours")
_LINE_POINTS = 2  # one house makes no line, by definition


@dataclass(frozen=True, kw_only=True)
class PermitTerms:
    """
    What one file costs, and how long it takes.

    Attributes
    ----------
    architect_hours, clerk_hours, applicant_hours : float
        Work on one file [h].
    signature_hours : float
        Work of every applicant of a joint file but the first [h].
    joint_extra_share, linked_extra_share : float
        Part of that work that each home after the first still takes, in a joint file and in
        linked files [0-1].
    fee_eur : float
        What the municipality charges per file [EUR].
    architect_hour_eur, clerk_hour_eur : float
        Price of an hour [EUR]; hours of applicants are shown, not priced.
    signature_days : float
        Mean time until an owner signs [d].
    simple_days, inquiry_days, appeal_days : float
        Time for a decision without and with public inquiry, and for an appeal after it [d].
    inquiry_share : float
        Chance that one home calls for an inquiry [0-1].
    """

    architect_hours: float
    clerk_hours: float
    applicant_hours: float
    signature_hours: float
    joint_extra_share: float
    linked_extra_share: float
    fee_eur: float
    architect_hour_eur: float
    clerk_hour_eur: float
    signature_days: float
    simple_days: float
    inquiry_days: float
    appeal_days: float
    inquiry_share: float


def building_line(
    homes: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    *,
    within_m: float,
    reach_m: float,
    widest_half_m: float,
    given: pd.Series[Any] | None = None,
) -> pd.DataFrame:
    """
    Return which homes have their front wall on the building line: derived, not measured.

    Outside insulation of such a wall hangs over public ground. In Flanders those are the walls
    that the exemption from a permit leaves out.

    Parameters
    ----------
    homes : GeoDataFrame, one row per building
        Index ``building_id``, polygons in EPSG:31370 (metres).
    streets : GeoDataFrame, one row per segment
        Index ``street_id``, lines in EPSG:31370 (metres); optional columns street_name and
        profile_width_m, the width between the façades [m]. Leave out roads without homes.
    within_m : float
        A wall at most this far behind the edge of the street stands on it [m].
    reach_m : float
        A street farther from the building is not its street [m].
    widest_half_m : float
        A wall farther from the axis has a front garden or a square before it [m].
    given : Series of bool, indexed by ``building_id``, optional
        What is known from elsewhere; it wins, where it is not missing.

    Returns
    -------
    DataFrame, same index and order as `homes`
        street_id, front_m (axis of the street to the building), edge_m (axis to the edge of the
        street), setback_m (front less edge) [m], origin (``given``, ``profile``,
        ``common_line``, ``unknown``) and is_on_line, missing where nothing can be said.

    Notes
    -----
    The edge is half the profile width where that is known, else the median distance of the
    homes in that street: the line in which the neighbours stand. Both are lines of façades, not
    the legal building line. A row behind shallow front gardens in a narrow street is therefore
    counted as on the line, a façade on a wide square as not.

    References
    ----------
    S-251 and S-252 in ``assumptions/sources.csv`` for the rule.

    Examples
    --------
    >>> homes = gpd.GeoDataFrame(index=["a", "b"], crs=31370,
    ...     geometry=shapely.box([0, 7], [5, 9], [6, 13], [15, 19]))
    >>> street = gpd.GeoDataFrame({"profile_width_m": [10.0]}, index=["s"], crs=31370,
    ...     geometry=[shapely.LineString([(0, 0), (20, 0)])])
    >>> building_line(homes, street, within_m=0.5, reach_m=25, widest_half_m=8)[
    ...     ["setback_m", "is_on_line"]].values.tolist()
    [[0.0, True], [4.0, False]]
    """
    street, front_m = _nearest(homes, streets.sort_index(), reach_m)
    found = pd.DataFrame({"street_id": street, "front_m": front_m}, index=homes.index)
    edges = _edges(found, streets)
    found = found.join(edges)
    found["setback_m"] = found["front_m"] - found["edge_m"]
    is_close = (found["setback_m"] <= within_m) & (found["front_m"] <= widest_half_m)
    found["is_on_line"] = is_close.astype("boolean").where(found["edge_m"].notna())
    if given is not None:
        told = given.reindex(homes.index).astype("boolean")
        found["is_on_line"] = told.fillna(found["is_on_line"])
        found["origin"] = found["origin"].mask(told.notna().to_numpy(), "given")
    order = ["street_id", "front_m", "edge_m", "setback_m", "origin", "is_on_line"]
    return found[order].astype({"origin": "str"})


def _nearest(
    homes: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, reach_m: float
) -> tuple[pd.Series[str], np.ndarray[Any, Any]]:
    """Return the nearest street of each home and its distance; the first street of a tie."""
    name = pd.Series(None, index=homes.index, dtype="str")
    front_m = np.full(len(homes), np.nan)
    if len(homes) and len(streets):
        tree = shapely.STRtree(streets.geometry.to_numpy())
        (home, street), away = tree.query_nearest(
            homes.geometry.to_numpy(), max_distance=reach_m, return_distance=True
        )
        order = np.lexsort((street, home))
        found, first = np.unique(home[order], return_index=True)
        picked = order[first]
        name.iloc[found] = streets.index.to_numpy()[street[picked]]
        front_m[found] = away[picked]
    return name, front_m


def _edges(found: pd.DataFrame, streets: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the distance from the axis to the edge of the street, and where it comes from."""
    empty = pd.Series(np.nan, index=streets.index)
    half = streets.get("profile_width_m", empty).astype("float64") / 2
    names = streets.get("street_name", empty.astype("str")).astype("str")
    known = found["street_id"].map(half).astype("float64")
    street = found["street_id"].map(names).astype("str").fillna(found["street_id"])
    line = found["front_m"].groupby(street)
    common = line.transform("median").where(line.transform("count") >= _LINE_POINTS)
    origin = np.select(
        [known.notna(), common.notna()], ["profile", "common_line"], default="unknown"
    )
    return pd.DataFrame({"edge_m": known.fillna(common), "origin": origin}, index=found.index)


def slowest_signature_days(applicants: Any, *, mean_days: float) -> np.ndarray[Any, Any]:
    """
    Return the time until the last of a number of owners signs.

    The critical path of a joint file: nothing starts before the slowest signature.

    Parameters
    ----------
    applicants : array of numbers
        Owners who must sign [-].
    mean_days : float
        Mean time until one owner signs [d].

    Returns
    -------
    array
        Expected days [d].

    Notes
    -----
    Owners sign independently, each at any moment with the same chance (exponential times): the
    largest of n has mean ``mean · (1 + 1/2 + … + 1/n)``.

    Examples
    --------
    >>> slowest_signature_days([1, 2, 4], mean_days=12).round(6).tolist()
    [12.0, 18.0, 25.0]
    """
    number = np.asarray(applicants, dtype="float64")
    return np.asarray(mean_days * (digamma(number + 1) + np.euler_gamma))


def blocks_of(group: pd.Series[Any], *, block_files: float) -> pd.Series[str]:
    """
    Return the block of each file, when a joint file falls apart in blocks.

    Parameters
    ----------
    group : Series, indexed by ``building_id``
        Group that files together.
    block_files : float
        Most files per block; a fraction is left off [-].

    Returns
    -------
    Series of str, same index and order
        ``block``; files of a group in the order of their building_id, in blocks of about equal
        size.

    Examples
    --------
    >>> blocks_of(pd.Series([0, 0, 0], index=["a", "b", "c"]), block_files=2).tolist()
    ['0-0', '0-0', '0-1']
    """
    ordered = group.sort_index()
    rank = ordered.groupby(ordered).cumcount()
    size = ordered.groupby(ordered).transform("size")
    number = np.ceil(size / max(1.0, np.floor(block_files)))
    block = np.floor(rank * number / size).astype("int64")
    text = ordered.astype("str") + "-" + block.astype("str")
    return pd.Series(text.reindex(group.index), dtype="str", name="block")


def expected_permitted(
    files: pd.DataFrame, group: pd.Series[Any], block: pd.Series[Any]
) -> pd.Series[float]:
    """
    Return how many dwellings of each group get their permit in the first round.

    Parameters
    ----------
    files : DataFrame, index ``building_id``
        dwellings [-] and approval_share, the chance that this home alone gets it [0-1].
    group : Series, same index
        Group that files together.
    block : Series, same index
        Files that stand or fall together; the group itself for a file that is all or nothing.

    Returns
    -------
    Series, indexed by group
        ``expected_dwellings`` [-]: per block its dwellings times the product of the chances.

    Examples
    --------
    >>> files = pd.DataFrame({"dwellings": 1.0, "approval_share": 0.95}, index=range(20))
    >>> row = pd.Series(0, index=files.index)
    >>> float(expected_permitted(files, row, row).round(2)[0])
    7.17
    >>> float(expected_permitted(files, row, pd.Series(files.index)).round(2)[0])
    19.0
    """
    by_block = files.assign(group=group, block=block).groupby(["group", "block"])
    chance = by_block["approval_share"].prod()
    expected = (by_block["dwellings"].sum() * chance).groupby(level="group").sum()
    return expected.rename("expected_dwellings")


def success_shares(files: Any, approval_share: Any, *, block_files: float) -> pd.DataFrame:
    """
    Return what is left of a joint file of like homes, for every size and chance.

    Parameters
    ----------
    files, approval_share : array of numbers
        Homes in one file [-]; chance that one home alone gets its permit [0-1].
    block_files : float
        Homes per block [-].

    Returns
    -------
    DataFrame, one row per size and chance
        files, approval_share, joint_share (all or nothing), block_share (part of the homes
        that is permitted on average, in blocks) and linked_share (each for itself) [0-1].

    Examples
    --------
    >>> success_shares([20], [0.95], block_files=5).round(2).values.tolist()
    [[20.0, 0.95, 0.36, 0.77, 0.95]]
    """
    sizes = np.asarray(files, dtype="float64")
    pairs = pd.MultiIndex.from_product([sizes, approval_share], names=["files", "approval_share"])
    table = pairs.to_frame(index=False)
    number, chance = table["files"], table["approval_share"]
    return table.assign(
        joint_share=chance**number,
        block_share=chance ** np.minimum(number, block_files),
        linked_share=chance,
    )


def break_even_share(
    files: pd.Series[Any], *, joint_eur: pd.Series[Any], linked_eur: pd.Series[Any]
) -> pd.Series[float]:
    """
    Return the chance per home below which linked files beat one joint file.

    Parameters
    ----------
    files : Series
        Homes in the group [-].
    joint_eur, linked_eur : Series, same index
        Cost of one joint file, and of all linked files together [EUR].

    Returns
    -------
    Series, same index
        ``linked_below_share`` [0-1], missing for a group of one. Below it a permitted home
        costs less with linked files.

    Notes
    -----
    A home costs ``joint / (n · pⁿ)`` or ``linked / (n · p)``; they are equal where
    ``p = (joint / linked)^(1 / (n - 1))``. Who files again until it succeeds meets the same
    point.

    Examples
    --------
    >>> one = pd.Series([3.0])
    >>> break_even_share(one, joint_eur=pd.Series([81.0]), linked_eur=pd.Series([100.0])).tolist()
    [0.9]
    """
    share = (joint_eur / linked_eur) ** (1 / (files - 1))
    return share.clip(upper=1.0).where(files > 1).rename("linked_below_share")


def even_odds_share(files: pd.Series[Any]) -> pd.Series[float]:
    """
    Return the chance per home below which one joint file fails more often than it succeeds.

    Parameters
    ----------
    files : Series
        Homes in the group [-].

    Returns
    -------
    Series, same index
        ``even_odds_share`` [0-1]: ``2^(-1/n)``.

    Examples
    --------
    >>> even_odds_share(pd.Series([1.0, 20.0])).round(3).tolist()
    [0.5, 0.966]
    """
    return (2.0 ** (-1.0 / files)).rename("even_odds_share")


def compare_forms(
    files: pd.DataFrame, group: pd.Series[Any], *, terms: PermitTerms, block_files: float
) -> pd.DataFrame:
    """
    Return what each way of filing asks of each group, and what comes of it.

    Parameters
    ----------
    files : DataFrame, index ``building_id``, one row per building that needs a permit
        dwellings [-] and approval_share [0-1].
    group : Series, same index or larger
        Group that each building could file with.
    terms : PermitTerms
    block_files : float
        Homes per block, for a joint file in blocks [-].

    Returns
    -------
    DataFrame, index group and form (of ``FORMS``)
        files, dwellings [-]; architect_hours, clerk_hours, applicant_hours [h]; fee_eur and
        cost_eur (hours of architect and clerk, and the fee) [EUR]; days (until the average
        home may start) [d]; all_share (chance that every home gets its permit at once) [0-1];
        expected_dwellings (permitted in the first round) [-].

    Raises
    ------
    ContractError
        If `group` lacks a building of `files`.

    Examples
    --------
    >>> terms = PermitTerms(architect_hours=8, clerk_hours=4, applicant_hours=6,
    ...     signature_hours=0.5, joint_extra_share=0, linked_extra_share=0.25, fee_eur=100,
    ...     architect_hour_eur=85, clerk_hour_eur=50, signature_days=14, simple_days=60,
    ...     inquiry_days=120, appeal_days=30, inquiry_share=0.1)
    >>> files = pd.DataFrame({"dwellings": 1.0, "approval_share": 0.95}, index=range(20))
    >>> forms = compare_forms(files, pd.Series(0, index=files.index), terms=terms, block_files=5)
    >>> forms.loc[0, ["clerk_hours", "all_share"]].round(2).to_dict("list")
    {'clerk_hours': [80.0, 23.0, 4.0, 4.0], 'all_share': [0.36, 0.36, 0.36, 0.36]}
    """
    absent = files.index.difference(group.index)
    if len(absent) > 0:
        msg = f"group lacks {len(absent)} building(s) of files, first {list(absent[:3])}. Add them."
        raise ContractError(msg)
    own = group.loc[files.index]
    by_group = files.groupby(own.to_numpy())
    base = pd.DataFrame(
        {
            "files": by_group.size().astype("float64"),
            "dwellings": by_group["dwellings"].sum(),
            "all_share": by_group["approval_share"].prod(),
        }
    )
    alone = pd.Series(files.index, index=files.index)
    blocks = {"joint": own, "blocks": blocks_of(own, block_files=block_files)}
    parts = [
        base.join(_effort(base["files"], form, terms))
        .assign(expected_dwellings=expected_permitted(files, own, blocks.get(form, alone)))
        .assign(form=form)
        for form in FORMS
    ]
    table = pd.concat(parts).rename_axis("group").set_index("form", append=True)
    columns = ["files", "dwellings", *_HOURS, "fee_eur", "cost_eur", "days", "all_share"]
    order = pd.MultiIndex.from_product([base.index, FORMS], names=["group", "form"])
    return table.loc[order, [*columns, "expected_dwellings"]]


def _effort(files: pd.Series[float], form: str, terms: PermitTerms) -> pd.DataFrame:
    """Return hours, money and days of one way of filing."""
    is_one_file = form in {"joint", "blocks"}
    extra = {"separate": 1.0, "linked": terms.linked_extra_share}
    work = 1 + (files - 1) * extra.get(form, terms.joint_extra_share)
    signing = terms.applicant_hours + (files - 1) * terms.signature_hours
    table = pd.DataFrame(
        {
            "architect_hours": work * terms.architect_hours,
            "clerk_hours": work * terms.clerk_hours,
            "applicant_hours": signing if is_one_file else work * terms.applicant_hours,
            "fee_eur": terms.fee_eur * (files * 0 + 1 if is_one_file else files),
        }
    )
    together = files if is_one_file else files * 0 + 1
    hours_eur = (
        table["architect_hours"] * terms.architect_hour_eur
        + table["clerk_hours"] * terms.clerk_hour_eur
    )
    return table.assign(cost_eur=hours_eur + table["fee_eur"], days=_days(together, terms))


def _days(applicants: pd.Series[float], terms: PermitTerms) -> pd.Series[float]:
    """Return the days until a file with so many applicants is safe from appeal."""
    signing = slowest_signature_days(applicants, mean_days=terms.signature_days)
    inquiry_share = 1 - (1 - terms.inquiry_share) ** applicants
    decision = terms.simple_days + (terms.inquiry_days - terms.simple_days) * inquiry_share
    return decision + signing + terms.appeal_days


def rule_variants(
    files: pd.DataFrame, group: pd.Series[Any], *, terms: PermitTerms, smallest: float
) -> pd.DataFrame:
    """
    Return what a change of the rules would spare this neighbourhood.

    Parameters
    ----------
    files : DataFrame, index ``building_id``, one row per building that needs a permit today
        dwellings [-], approval_share [0-1] and is_freed: would need none if walls on the
        building line were exempt.
    group : Series, same index or larger
        Group that each building could file with.
    terms : PermitTerms
    smallest : float
        Fewest dwellings for which a group files together; smaller ones file apart [-].

    Returns
    -------
    DataFrame, index ``variant`` (of ``VARIANTS``)
        files, dwellings_freed (need no permit any more) [-]; hours (architect, clerk and
        applicants together) [h]; fee_eur, cost_eur [EUR]; days (until the average home may
        start, freed homes at once) [d]; expected_dwellings (permitted in the first round or
        freed) [-]; hours_saved, eur_saved, days_saved against separate files.

    Examples
    --------
    >>> terms = PermitTerms(architect_hours=8, clerk_hours=4, applicant_hours=6,
    ...     signature_hours=0.5, joint_extra_share=0, linked_extra_share=0.25, fee_eur=100,
    ...     architect_hour_eur=85, clerk_hour_eur=50, signature_days=14, simple_days=60,
    ...     inquiry_days=120, appeal_days=30, inquiry_share=0.1)
    >>> files = pd.DataFrame({"dwellings": 1.0, "approval_share": 0.95, "is_freed": True},
    ...                      index=range(20))
    >>> variants = rule_variants(files, pd.Series(0, index=files.index), terms=terms, smallest=5)
    >>> variants["expected_dwellings"].round(1).tolist()
    [19.0, 7.2, 19.0, 20.0, 19.0]
    """
    rows = {}
    for variant in VARIANTS:
        is_freed = files["is_freed"] & (variant == "front_wall_exemption")
        left = files[~is_freed]
        rows[variant] = _variant(left, group, variant, terms, smallest)
        freed = float(files.loc[is_freed, "dwellings"].sum())
        rows[variant]["dwellings_freed"] = freed
        rows[variant]["expected_dwellings"] += freed
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("variant")
    table["days"] = table.pop("dwelling_days") / (float(files["dwellings"].sum()) or np.nan)
    today = table.loc["separate"]
    return table.assign(
        hours_saved=today["hours"] - table["hours"],
        eur_saved=today["cost_eur"] - table["cost_eur"],
        days_saved=today["days"] - table["days"],
    )


def _variant(
    files: pd.DataFrame,
    group: pd.Series[Any],
    variant: str,
    terms: PermitTerms,
    smallest: float,
) -> dict[str, float]:
    """Return the totals of one variant; groups that are too small file apart."""
    forms = compare_forms(files, group, terms=terms, block_files=1)
    apart, chosen = (_of_form(forms, form) for form in ("separate", _FORM_OF_VARIANT[variant]))
    is_group = apart["dwellings"] >= smallest
    chosen = chosen.where(is_group, apart, axis=0)
    if variant == "severable":  # a refusal takes out one home, as when each files for itself
        chosen = chosen.assign(expected_dwellings=apart["expected_dwellings"])
    if variant == "linked_one_fee":
        spared = (chosen["fee_eur"] - terms.fee_eur).where(is_group, 0.0)
        chosen["fee_eur"] -= spared
        chosen["cost_eur"] -= spared
    summed = ("files", "fee_eur", "cost_eur", "expected_dwellings")
    return {
        **{name: float(chosen[name].sum()) for name in summed},
        "hours": float(chosen[list(_HOURS)].to_numpy().sum()),
        "dwelling_days": float((chosen["days"] * chosen["dwellings"]).sum()),
    }


def _of_form(forms: pd.DataFrame, form: str) -> pd.DataFrame:
    """Return the groups of one form; also where there are none."""
    return forms[forms.index.get_level_values("form") == form].droplevel("form")
