"""
Climate tables: in which halls, how many, whom to invite, and who is then present.

Works on counts per group and on distances; no list of residents is needed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy import sparse
from scipy.sparse import csgraph

from lekp_lib.errors import ContractError

__all__ = [
    "CRITERIA",
    "JOINED_BY",
    "MOST_HALLS",
    "Size",
    "best_sites",
    "compare_sites",
    "fair_seats",
    "halls_of_each",
    "invitations",
    "people_around",
    "proportional_seats",
    "representativeness",
    "size_of",
    "straight_walks",
    "street_walks",
]

CRITERIA = ("worst_m", "mean_m", "covered_share")
"""Shortest longest walk (p-center), shortest mean walk (p-median), most within reach (MCLP)."""

JOINED_BY = " + "
"""Between the names of halls that are chosen together."""

Floats = npt.NDArray[np.float64]

MOST_HALLS = 20
"""So many halls can be compared in every combination."""
_MOST_TOGETHER = 4
_TOUCHING_M = 1e-6


@dataclass(frozen=True)
class Size:
    """
    How big the climate tables are.

    Attributes
    ----------
    invited, expected : float
        Invitations, and people that come [-].
    tables, evenings : int
        Tables of so many seats, and evenings of so many tables.
    """

    invited: float
    expected: float
    tables: int
    evenings: int


# --- where ----------------------------------------------------------------------------------


def straight_walks(
    homes: gpd.GeoSeries, halls: gpd.GeoSeries, *, detour_ratio: float
) -> pd.DataFrame:
    """
    Return walking distances guessed from straight lines.

    Parameters
    ----------
    homes, halls : GeoSeries
        Points or areas in EPSG:31370 (metres); areas count from their centre.
    detour_ratio : float
        Walk over straight line [-].

    Returns
    -------
    DataFrame, index of `homes`, one column per hall
        [m].

    Examples
    --------
    >>> homes = gpd.GeoSeries([shapely.Point(0, 0)], index=["a"], crs=31370)
    >>> halls = gpd.GeoSeries([shapely.Point(30, 40)], index=["school"], crs=31370)
    >>> straight_walks(homes, halls, detour_ratio=1.3).loc["a", "school"]
    np.float64(65.0)
    """
    points, spots = (shapely.centroid(shapes.to_numpy()) for shapes in (homes, halls))
    lines = shapely.distance(points[:, None], spots[None, :])
    return pd.DataFrame(lines * detour_ratio, homes.index, halls.index)


def street_walks(
    homes: gpd.GeoSeries, halls: gpd.GeoSeries, edges: gpd.GeoDataFrame
) -> pd.DataFrame:
    """
    Return walking distances along the streets.

    Parameters
    ----------
    homes, halls : GeoSeries
        Points or areas in EPSG:31370 (metres); areas count from their centre.
    edges : GeoDataFrame
        Pieces of street that meet in nodes: from_node, to_node (whole numbers), length_m [m]
        and LineStrings that run from from_node to to_node.

    Returns
    -------
    DataFrame, index of `homes`, one column per hall
        [m]: straight to the nearest street, along the streets, and straight to the hall;
        infinite where the streets do not meet.

    Examples
    --------
    >>> lines = [shapely.LineString([(0, 0), (100, 0)]), shapely.LineString([(100, 0), (100, 50)])]
    >>> edges = gpd.GeoDataFrame({"from_node": [0, 1], "to_node": [1, 2],
    ...     "length_m": [100.0, 50.0]}, geometry=lines, crs=31370)
    >>> homes = gpd.GeoSeries([shapely.Point(20, 5)], index=["a"], crs=31370)
    >>> halls = gpd.GeoSeries([shapely.Point(103, 40)], index=["school"], crs=31370)
    >>> street_walks(homes, halls, edges).loc["a", "school"]
    np.float64(128.0)
    """
    if edges.empty or len(homes) == 0 or len(halls) == 0:
        return pd.DataFrame(np.inf, homes.index, halls.index, dtype="float64")
    home, hall = (_on_street(shapes, edges) for shapes in (homes, halls))
    ends = edges[["from_node", "to_node"]].to_numpy()
    nodes, codes = np.unique(ends, return_inverse=True)
    codes = codes.reshape(ends.shape)
    graph = _shortest_links(codes, edges["length_m"].to_numpy(dtype="float64"), len(nodes))
    columns = {}
    for number, name in enumerate(halls.index):
        edge, spot = hall.edge[number], hall.from_start[number]
        far = csgraph.dijkstra(graph, directed=False, indices=codes[edge])
        to_node = np.minimum(far[0] + spot, far[1] + hall.to_end[number])
        along = np.minimum(
            to_node[codes[home.edge, 0]] + home.from_start,
            to_node[codes[home.edge, 1]] + home.to_end,
        )
        same = np.where(home.edge == edge, np.abs(home.from_start - spot), np.inf)
        columns[name] = np.minimum(along, same) + home.aside + hall.aside[number]
    return pd.DataFrame(columns, index=homes.index)


class _OnStreet(NamedTuple):
    """Where shapes stand along the nearest piece of street."""

    edge: npt.NDArray[np.int64]
    from_start: Floats
    to_end: Floats
    aside: Floats


def _on_street(shapes: gpd.GeoSeries, edges: gpd.GeoDataFrame) -> _OnStreet:
    points = shapely.centroid(shapes.to_numpy())
    lines = edges.geometry.to_numpy()
    pairs = shapely.STRtree(lines).query_nearest(points, all_matches=False)
    edge = pairs[1]
    spot = shapely.line_locate_point(lines[edge], points)
    length = shapely.length(lines[edge])
    return _OnStreet(edge, spot, length - spot, shapely.distance(points, lines[edge]))


def _shortest_links(codes: npt.NDArray[np.int64], length_m: Floats, n_nodes: int) -> Any:
    """Return the graph; of two pieces between the same nodes the shorter one."""
    links = pd.DataFrame(np.sort(codes, axis=1), columns=["a", "b"]).assign(m=length_m)
    shortest = links[links["a"] != links["b"]].groupby(["a", "b"])["m"].min().reset_index()
    # a link of length 0 would count as no link at all
    metres = shortest["m"].clip(lower=_TOUCHING_M)
    return sparse.csr_array((metres, (shortest["a"], shortest["b"])), shape=(n_nodes, n_nodes))


def compare_sites(
    walks: pd.DataFrame, weights: pd.Series[Any], *, within_m: Mapping[str, float], most: int
) -> pd.DataFrame:
    """
    Return every choice of halls with how far people walk to the nearest of them.

    All choices are compared, so the best one is known and not guessed.

    Parameters
    ----------
    walks : DataFrame, one row per address or street, one column per hall
        Walking distance [m]; infinite where there is no way.
    weights : Series, same index as `walks`
        People, for instance residents x vulnerability [-]; rows with 0 do not count.
    within_m : mapping of str to float
        Name → distance within which a hall is close enough [m].
    most : int
        Most halls together.

    Returns
    -------
    DataFrame
        ``halls`` (names joined by ``JOINED_BY``), ``n_halls``, ``worst_m``, ``mean_m`` (weighted)
        and per distance ``covered_<name>_share`` [-, 0-1]. Choices of fewer halls first, then by
        name.

    Raises
    ------
    ContractError
        If there are no halls or more than 20, `most` is not from 1 to 4, the index differs or
        nobody has a weight.

    Examples
    --------
    >>> walks = pd.DataFrame({"church": [0.0, 900.0], "school": [500.0, 500.0]}, index=["a", "b"])
    >>> people = pd.Series({"a": 30.0, "b": 10.0})
    >>> compare_sites(walks, people, within_m={"far": 600}, most=1)[["halls", "worst_m", "mean_m"]]
        halls  worst_m  mean_m
    0  church    900.0   225.0
    1  school    500.0   500.0
    """
    _check_sites(walks, weights, most)
    people = weights[weights > 0].to_numpy(dtype="float64")
    ordered = walks.loc[(weights > 0).to_numpy(), sorted(walks.columns)]
    metres = np.ascontiguousarray(ordered.to_numpy(dtype="float64").T)
    rows = []
    for places, nearest in _choices(metres, most):
        row: dict[str, Any] = {
            "halls": JOINED_BY.join(str(ordered.columns[place]) for place in places),
            "n_halls": len(places),
            "worst_m": nearest.max(),
            "mean_m": np.average(nearest, weights=people),
        }
        row |= {
            _covered(name): people[nearest <= far].sum() / people.sum()
            for name, far in within_m.items()
        }
        rows.append(row)
    return pd.DataFrame(rows).astype({"halls": "str"})


def _covered(name: str) -> str:
    return f"covered_{name}_share"


def _check_sites(walks: pd.DataFrame, weights: pd.Series[Any], most: int) -> None:
    n_halls = walks.shape[1]
    if not 1 <= n_halls <= MOST_HALLS:
        msg = (
            f"There are {n_halls} halls; between 1 and {MOST_HALLS} can be compared in every "
            "combination. Leave out those that are too small or not accessible."
        )
        raise ContractError(msg)
    if not 1 <= most <= _MOST_TOGETHER:
        msg = f"most is {most}; every combination of 1 to {_MOST_TOGETHER} halls is compared."
        raise ContractError(msg)
    if not walks.index.equals(weights.index) or not (weights > 0).any():
        msg = "weights must have the index of walks and somebody who counts. Check both."
        raise ContractError(msg)


def _choices(metres: Floats, most: int) -> Iterator[tuple[tuple[int, ...], Floats]]:
    """Yield each choice of halls with the distance of everybody to the nearest of them."""
    known: dict[tuple[int, ...], Floats] = {}
    for size in range(1, min(most, len(metres)) + 1):
        found = {}
        for places in combinations(range(len(metres)), size):
            row = metres[places[-1]]
            nearest = np.minimum(known[places[:-1]], row) if size > 1 else row
            yield places, nearest
            if size < most:
                found[places] = nearest
        known = found


def best_sites(compared: pd.DataFrame, *, within: str) -> pd.DataFrame:
    """
    Return per number of halls the best choice by each criterion.

    Parameters
    ----------
    compared : DataFrame
        As returned by ``compare_sites``.
    within : str
        Name of the distance that counts as close enough, one of those compared.

    Returns
    -------
    DataFrame
        ``criterion`` (one of ``CRITERIA``) and the columns of `compared`, sorted by n_halls and
        criterion. Equals are told apart by the other criteria, then by name.

    Examples
    --------
    >>> walks = pd.DataFrame({"church": [0.0, 900.0], "school": [500.0, 500.0]}, index=["a", "b"])
    >>> people = pd.Series({"a": 30.0, "b": 10.0})
    >>> compared = compare_sites(walks, people, within_m={"far": 600}, most=1)
    >>> best_sites(compared, within="far")[["criterion", "halls"]].to_numpy().tolist()
    [['worst_m', 'school'], ['mean_m', 'church'], ['covered_share', 'school']]
    """
    columns = {"worst_m": "worst_m", "mean_m": "mean_m", "covered_share": _covered(within)}
    rows = []
    for _, part in compared.groupby("n_halls", sort=True):
        for criterion in CRITERIA:
            order = [columns[criterion], *(columns[one] for one in CRITERIA if one != criterion)]
            rises = [not name.startswith("covered") for name in order]
            best = part.sort_values([*order, "halls"], ascending=[*rises, True]).iloc[:1]
            rows.append(best.assign(criterion=criterion))
    table = pd.concat(rows, ignore_index=True)
    return table[["criterion", *compared.columns]].astype({"criterion": "str"})


def halls_of_each(walks: pd.DataFrame, halls: Sequence[str]) -> pd.DataFrame:
    """
    Return which of the chosen halls is nearest to each address, and how far.

    Parameters
    ----------
    walks : DataFrame
        As for ``compare_sites``.
    halls : sequence of str
        The chosen halls, columns of `walks`.

    Returns
    -------
    DataFrame, index of `walks`
        ``hall`` (missing where there is no way) and ``walk_m`` [m].

    Examples
    --------
    >>> walks = pd.DataFrame({"church": [0.0, 900.0], "school": [500.0, 500.0]}, index=["a", "b"])
    >>> halls_of_each(walks, ["church", "school"])["hall"].tolist()
    ['church', 'school']
    """
    chosen = walks[sorted(halls)]
    metres = chosen.min(axis=1)
    names = pd.Series(
        chosen.columns.to_numpy()[chosen.to_numpy("float64").argmin(axis=1)], walks.index
    )
    return pd.DataFrame({"hall": names.where(np.isfinite(metres)).astype("str"), "walk_m": metres})


def people_around(
    walks: pd.DataFrame, halls: Sequence[str], people: pd.Series[Any], *, within_m: float
) -> pd.DataFrame:
    """
    Return per hall how many people have it nearest, and how many of them walk too far.

    Parameters
    ----------
    walks, halls
        As for ``halls_of_each``.
    people : Series, same index as `walks`
        Households or dwellings [-].
    within_m : float
        Farther than this is left out [m].

    Returns
    -------
    DataFrame, index hall in the order of `halls`
        ``people`` and ``too_far`` [-].

    Examples
    --------
    >>> walks = pd.DataFrame({"church": [0.0, 900.0]}, index=["a", "b"])
    >>> people_around(walks, ["church"], pd.Series({"a": 3, "b": 1}), within_m=600)
            people  too_far
    church     4.0      1.0
    """
    near = halls_of_each(walks, halls)
    table = pd.DataFrame({"people": people.astype("float64")})
    table["too_far"] = table["people"].where(near["walk_m"] > within_m, 0.0)
    return table.groupby(near["hall"]).sum().reindex(list(halls), fill_value=0.0).rename_axis(None)


# --- how many -------------------------------------------------------------------------------


def size_of(
    invited: float, *, turnout_share: float, seats: float, tables_per_evening: float
) -> Size:
    """
    Return how many tables and evenings an invitation asks for.

    Parameters
    ----------
    invited : float
        Households invited [-].
    turnout_share : float
        Part of them that comes, one person each [-, 0-1].
    seats : float
        Seats per table [-].
    tables_per_evening : float
        Tables that one evening can lead well [-].

    Returns
    -------
    Size

    Examples
    --------
    >>> size_of(500, turnout_share=0.1, seats=8, tables_per_evening=5)
    Size(invited=500, expected=50.0, tables=7, evenings=2)
    """
    if not (seats > 0 and tables_per_evening > 0 and invited >= 0 and turnout_share >= 0):
        msg = "seats and tables_per_evening must be above 0, invited and turnout not below."
        raise ContractError(msg)
    expected = invited * turnout_share
    tables = _whole_up(expected / seats)
    return Size(invited, expected, tables, _whole_up(tables / tables_per_evening))


def _whole_up(value: float) -> int:
    """Round up, but not for a rest that only the computer sees."""
    return math.ceil(round(value, 9))


# --- whom to invite -------------------------------------------------------------------------


def proportional_seats(households: pd.Series[Any], *, seats: int) -> pd.Series[int]:
    """
    Return the seats of each group when the room mirrors the neighbourhood.

    Parameters
    ----------
    households : Series, indexed by group
        Groups that do not overlap [-].
    seats : int
        Seats to fill.

    Returns
    -------
    Series of int, same index and order
        Largest remainders; of equal ones the group that comes first by name.

    Examples
    --------
    >>> proportional_seats(pd.Series({"owner": 70.0, "tenant": 30.0}), seats=8).to_dict()
    {'owner': 6, 'tenant': 2}
    """
    total = float(households.sum())
    if not total > 0:
        return pd.Series(0, households.index, dtype="int64", name="want")
    exact = households.sort_index().astype("float64") * seats / total
    whole = exact.round(9).floordiv(1).astype("int64")
    rest = (exact - whole).round(9).sort_values(ascending=False, kind="stable")
    whole.loc[rest.index[: seats - int(whole.sum())]] += 1
    return whole.rename("want").reindex(households.index)


def invitations(
    want: pd.Series[Any], turnout_share: pd.Series[Any], households: pd.Series[Any]
) -> pd.DataFrame:
    """
    Return how many households to invite per group so that silent groups come too.

    Parameters
    ----------
    want : Series, indexed by group
        People wanted at the tables [-].
    turnout_share : Series, same index
        Part of the invited that comes [-, 0-1].
    households : Series, same index
        Households that exist [-].

    Returns
    -------
    DataFrame, same index
        ``want``, ``turnout_share``, ``households``, ``invitations`` (never more than exist),
        ``expected`` (people that then come), ``short`` (people that are still missing),
        ``needed_turnout_share`` (turnout at which the group would be complete; may be above 1:
        then there are too few households) and ``is_enough``.

    Raises
    ------
    ContractError
        If the indexes differ.

    Notes
    -----
    ``I = want / turnout``. Each group stands alone, so giving up the ``short`` seats of each
    group is the smallest relaxation there is.

    Examples
    --------
    >>> want = pd.Series({"owner": 5, "tenant": 4})
    >>> turnout = pd.Series({"owner": 0.1, "tenant": 0.05})
    >>> made = invitations(want, turnout, pd.Series({"owner": 200, "tenant": 60}))
    >>> made[["invitations", "short"]].to_numpy().tolist()
    [[50.0, 0.0], [60.0, 1.0]]
    """
    if not (want.index.equals(turnout_share.index) and want.index.equals(households.index)):
        msg = "want, turnout_share and households must name the same groups in the same order."
        raise ContractError(msg)
    wanted, turnout, there = (one.astype("float64") for one in (want, turnout_share, households))
    asked = -(-wanted / turnout.where(turnout > 0)).round(9).floordiv(1)
    invited = asked.fillna(np.inf).clip(upper=there.floordiv(1)).where(wanted > 0, 0.0)
    expected = invited * turnout
    short = -(expected - wanted).clip(upper=0.0).round(9).floordiv(1) + 0.0
    return pd.DataFrame(
        {
            "want": wanted,
            "turnout_share": turnout,
            "households": there,
            "invitations": invited,
            "expected": expected,
            "short": short,
            "needed_turnout_share": wanted / there.where(there > 0),
            "is_enough": short == 0,
        }
    )


def fair_seats(households: pd.Series[Any], turnout_share: pd.Series[Any], *, seats: int) -> int:
    """
    Return how many seats can be filled so that the room still mirrors the neighbourhood.

    The other way out when groups are too small: a smaller room instead of a skewed one.

    Parameters
    ----------
    households, turnout_share : Series, indexed by group
        Groups that do not overlap [-], and the part of the invited that comes [-, 0-1].
    seats : int
        Seats that were wanted.

    Returns
    -------
    int
        The largest number up to `seats` for which no group is short; 0 if there is none.

    Examples
    --------
    >>> fair_seats(pd.Series({"owner": 60, "tenant": 60}),
    ...            pd.Series({"owner": 0.1, "tenant": 0.05}), seats=8)
    7
    """
    for fewer in range(seats, 0, -1):
        want = proportional_seats(households, seats=fewer)
        if invitations(want, turnout_share, households)["is_enough"].all():
            return fewer
    return 0


# --- who is then present --------------------------------------------------------------------


def representativeness(
    present: pd.Series[Any], households: pd.Series[Any]
) -> tuple[float, pd.Series[float]]:
    """
    Return how well those present mirror the neighbourhood.

    Parameters
    ----------
    present, households : Series, indexed by group
        People at the tables, and households in the neighbourhood; groups do not overlap [-].

    Returns
    -------
    distance_share : float
        Total variation: the part of the seats that would have to change group [-, 0-1];
        missing if nobody is present.
    presence_ratio : Series
        Share at the tables over share in the neighbourhood; 1 is as it should be, the lowest is
        the least present group. Missing for groups without households.

    Examples
    --------
    >>> distance, ratio = representativeness(
    ...     pd.Series({"owner": 9.0, "tenant": 1.0}), pd.Series({"owner": 50.0, "tenant": 50.0}))
    >>> round(distance, 2), ratio.idxmin(), ratio.min()
    (0.4, 'tenant', np.float64(0.2))
    """
    if not present.index.equals(households.index):
        msg = "present and households must name the same groups in the same order."
        raise ContractError(msg)
    here, there = (
        one / one.sum() if one.sum() > 0 else one * np.nan
        for one in (present.astype("float64"), households.astype("float64"))
    )
    ratio = (here / there.where(there > 0)).rename("presence_ratio")
    distance = float((here - there).abs().sum(skipna=False) / 2)
    return distance, ratio
