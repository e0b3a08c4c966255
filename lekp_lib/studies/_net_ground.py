"""Where a heat network may run and what it must bring: streets, buildings, sources, weather."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from lekp_lib import assumptions as packaged
from lekp_lib.assumptions import Assumptions, load_pipes, load_water
from lekp_lib.contracts import Place
from lekp_lib.domain import heat_load, network_cost, street_graph, weather, works
from lekp_lib.domain.street_graph import StreetGraph
from lekp_lib.studies._warmtenet_model import Heat
from lekp_lib.studies._warmtenet_scene import Neighbourhood

__all__ = [
    "ASSUMED_SITE",
    "GROUP_KINDS",
    "NET_KEYS",
    "Ground",
    "below",
    "loads_of",
    "prepare_ground",
]

_THEMES = (
    "network.",
    "routing.",
    "supply.",
    "load.",
    "weather.",
    "individual.",
    "finance.",
    "phasing.",
    "works.",
)
NET_KEYS = tuple(key for key in packaged.load() if key.startswith(_THEMES))
"""The figures that the network side of the study uses."""

ASSUMED_SITE = "middelpunt"
"""Name of the source that stands in where none is given."""

GROUP_KINDS = ("street", "anchor", "estate", "apartment")
"""Who decides to connect: separate owners, one large user, a housing company, co-owners."""

_SEED = 2026


@dataclass(frozen=True)
class Ground:
    """
    What a network is drawn on; the same for every temperature, renovation and owner.

    Attributes
    ----------
    figures : dict of str to float
        The assumptions, money in the prices of one year.
    price_year : int
        That year.
    graph : StreetGraph
        With buildings, existing pipes and sources.
    loads : DataFrame, index building_id
        Buildings with heat demand that a pipe can reach: dwellings, living_m2, building_type,
        demand_mwh, space_mwh, hot_water_mwh, other_mwh, space_peak_kw, hot_water_peak_kw,
        connection_kw, street_id, street_name, group_kind (one of ``GROUP_KINDS``), final_share
        (of its demand that connects in the end) and full_after_years.
    n_unreached : int
        Buildings with demand that no pipe can reach.
    edges : DataFrame, index edge
        The edges of the graph, with hard_share and street_part: the part of each that lies in a
        street [-].
    pipes, water : DataFrame
        Pipe and water tables, money in the prices of one year.
    sources : DataFrame, index source_id
        Sources of heat as given; empty where none are.
    works : DataFrame
        Other works per street segment and calendar year, with shared_share; see
        ``works.works_per_street``.
    temperature_c : array of 8,760
        Outdoor temperature.
    weather_year : int or None
        Year of the user's own weather, None for the synthetic year.
    """

    figures: dict[str, float]
    price_year: int
    graph: StreetGraph
    loads: pd.DataFrame
    n_unreached: int
    edges: gpd.GeoDataFrame
    pipes: pd.DataFrame
    water: pd.DataFrame
    sources: pd.DataFrame
    works: pd.DataFrame
    temperature_c: npt.NDArray[np.float64]
    weather_year: int | None

    def below(self, prefix: str) -> dict[str, float]:
        """Return the figures below a prefix by the part after it."""
        return below(self.figures, prefix)


def below(values: Mapping[str, float], prefix: str) -> dict[str, float]:
    """Return the figures below a prefix by the part after it."""
    return {
        key.removeprefix(prefix): value for key, value in values.items() if key.startswith(prefix)
    }


def prepare_ground(place: Place, hood: Neighbourhood, heat: Heat, used: Assumptions) -> Ground:
    """
    Return the graph of the streets with the buildings and sources of a neighbourhood.

    Parameters
    ----------
    place : Place
        With warmtebronnen, warmteleidingen and klimaat where there are.
    hood, heat
        What stands there and the heat it asks for.
    used : Assumptions
        With ``NET_KEYS``.
    """
    price_year = int(used["network.price_year"].value)
    growth = used["network.price_growth_share"].value
    values = network_cost.indexed(used, to_year=price_year, yearly_growth_share=growth)
    loads = loads_of(hood, heat, values)
    graph = _fed_by_one(_graph(place, hood, loads, values), _sources(place), values)
    part = graph.nodes["part"].reindex(graph.sources.to_numpy())
    reached = graph.terminals.index[
        graph.nodes["part"].reindex(graph.terminals.to_numpy()).isin(part).to_numpy()
    ]
    temperature_c, year = _weather(place, values)
    return Ground(
        figures=values,
        price_year=price_year,
        graph=graph,
        loads=loads[loads.index.isin(reached)],
        n_unreached=len(loads) - len(reached),
        edges=_edges(graph, hood, values),
        pipes=load_pipes(),
        water=load_water(),
        sources=_sources(place),
        works=_works(place, values),
        temperature_c=temperature_c,
        weather_year=year,
    )


def loads_of(hood: Neighbourhood, heat: Heat, values: Mapping[str, float]) -> pd.DataFrame:
    """
    Return what each building with heat demand asks for, in a year and at most.

    Hot water comes from a small tank, as connections of this kind are sized for.
    """
    columns = ["dwellings", "living_m2", "demand_mwh", "space_mwh", "hot_water_mwh", "other_mwh"]
    table = heat.per_building.loc[heat.per_building["demand_mwh"] > 0, columns]
    peaks = heat_load.peaks(
        table,
        full_load_hours=values["load.full_load_hours"],
        hot_water_kw=values["load.hot_water.store_kw"],
        hot_water_exponent=values["load.hot_water.exponent"],
    )
    facts = hood.facts.loc[table.index, ["building_type", "street_id"]]
    kind = _group_kinds(table, hood.buildings.loc[table.index, "tenure"], values)
    uptake = {
        name: kind.map({code: values[f"phasing.{code}.{name}"] for code in GROUP_KINDS})
        for name in ("final_share", "full_after_years")
    }
    names = facts["street_id"].map(hood.groups)
    return table.join(peaks).join(facts).assign(street_name=names, group_kind=kind, **uptake)


def _group_kinds(
    table: pd.DataFrame, tenure: pd.Series[str], values: Mapping[str, float]
) -> pd.Series[str]:
    """Return who decides for a building: an owner, co-owners, a housing company, one large user."""
    is_large = (table["dwellings"] == 0) & (table["demand_mwh"] >= values["phasing.anchor_mwh"])
    is_social = (tenure == "social_rental").fillna(value=False)
    kinds = np.select([is_large, is_social, table["dwellings"] > 1], GROUP_KINDS[1:], "street")
    return pd.Series(kinds, table.index, dtype="str")


def _graph(
    place: Place, hood: Neighbourhood, loads: pd.DataFrame, values: Mapping[str, float]
) -> StreetGraph:
    snap_m, merge_m = values["routing.snap_m"], values["routing.merge_m"]
    graph = street_graph.build(
        hood.streets, snap_m=snap_m, join_m=values["routing.join_m"], merge_m=merge_m
    )
    pipes = place.tables.get("warmteleidingen")
    if pipes is not None and len(pipes):
        graph = street_graph.lay_existing(
            graph, _known_sizes(gpd.GeoDataFrame(pipes)), snap_m=snap_m, merge_m=merge_m
        )
    graph = street_graph.connect_buildings(
        graph,
        gpd.GeoDataFrame(hood.buildings.loc[loads.index]),
        candidates=int(values["routing.service_candidates"]),
        farthest_m=values["routing.service_farthest_m"],
        extra_m=values["routing.service_extra_m"],
        merge_m=merge_m,
        street_of=loads["street_id"],
    )
    points = _source_points(place, graph, loads, int(values["routing.site_samples"]))
    return street_graph.connect_sources(
        graph, points, farthest_m=values["routing.source_farthest_m"], merge_m=merge_m
    )


def _known_sizes(pipes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return existing pipes at the nearest thinner size of the table of pipes."""
    sizes = load_pipes().index.to_numpy()
    place = np.searchsorted(sizes, pipes["dn"].to_numpy(dtype="float64"), side="right") - 1
    return pipes.assign(dn=sizes[np.clip(place, 0, len(sizes) - 1)])


def _fed_by_one(
    graph: StreetGraph, sources: pd.DataFrame, values: Mapping[str, float]
) -> StreetGraph:
    """
    Return the graph with the largest source as the only start of the pipes.

    The other sources feed the same network where it passes them: one network, not one each.
    """
    if len(graph.sources) < 2:
        return graph
    year = values["phasing.first_year"] + values["finance.full_after_years"]
    known = sources.reindex(graph.sources.index)
    is_late = (known["available_from"].astype("Float64") > year).fillna(value=False)
    order = pd.DataFrame({"late": is_late, "kw": -known["capacity_kw"].astype("float64")})
    first = order.sort_values(["late", "kw"], kind="stable").index[:1]
    return replace(graph, sources=graph.sources.loc[first])


def _source_points(
    place: Place, graph: StreetGraph, loads: pd.DataFrame, samples: int
) -> gpd.GeoDataFrame:
    """Return where heat comes from: the sources that are given, else the middle of the demand."""
    given = place.tables.get("warmtebronnen")
    if given is not None and len(given):
        table = gpd.GeoDataFrame(given[["geometry"]])
        return table.set_geometry(table.representative_point())
    found = [] if graph.nodes.empty or loads.empty else [ASSUMED_SITE]
    points = [
        shapely.Point(*graph.nodes.loc[_site(graph, loads, samples), ["x", "y"]]) for _ in found
    ]
    return gpd.GeoDataFrame(
        index=pd.Index(found, name="source_id"), geometry=points, crs=graph.edges.crs
    )


def _site(graph: StreetGraph, loads: pd.DataFrame, samples: int) -> int:
    return street_graph.best_site(graph, loads["demand_mwh"], samples=samples)


def _edges(
    graph: StreetGraph, hood: Neighbourhood, values: Mapping[str, float]
) -> gpd.GeoDataFrame:
    """Return the edges with the part of each that is paved, and that lies in a street."""
    known = pd.DataFrame(hood.streets[["paved_share", "profile_width_m"]])
    width_m = values["network.hard.street_width_m"]
    hard = network_cost.hard_shares(
        graph.edges,
        street_share=values["network.hard.street_share"],
        service_share=values["network.hard.service_share"],
        width_m=width_m,
        known=known,
    )
    inside = network_cost.hard_shares(
        graph.edges,
        street_share=1.0,
        service_share=0.0,
        width_m=width_m,
        known=known.assign(paved_share=np.nan),
    )
    return graph.edges.assign(hard_share=hard, street_part=inside)


def _sources(place: Place) -> pd.DataFrame:
    given = place.tables.get("warmtebronnen")
    if given is None or given.empty:
        columns = ("kind", "capacity_kw", "temperature_c", "cost_eur_mwh", "emission_kg_mwh")
        return pd.DataFrame(columns=[*columns, "available_from", "is_firm", "investment_eur"])
    return pd.DataFrame(given.drop(columns="geometry"))


def _works(place: Place, values: Mapping[str, float]) -> pd.DataFrame:
    """Return the works that can be shared, per segment and calendar year."""
    given = place.tables.get("werken")
    if given is None:
        columns = ["street_id", "year", "works_id", "asset", "shared_share", "is_planned"]
        return pd.DataFrame(columns=columns)
    table = pd.DataFrame(given)
    shares = {
        name.removesuffix("_share"): value for name, value in below(values, "works.shared.").items()
    }
    found = works.works_per_street(table, shared_share=shares)
    part = table["length_share"].reindex(found["works_id"]).fillna(1.0).astype("float64")
    return found.assign(shared_share=found["shared_share"] * part.to_numpy())


def _weather(
    place: Place, values: Mapping[str, float]
) -> tuple[npt.NDArray[np.float64], int | None]:
    given = place.tables.get("klimaat")
    if given is not None and given["temperature_c"].notna().any():
        year = weather.hours_of(
            given,
            longest_gap_hours=values["weather.longest_gap_hours"],
            most_missing_share=values["weather.most_missing_share"],
        )
        return year.hours["temperature_c"].to_numpy(dtype="float64"), year.year
    climate = weather.Climate(**below(values, "weather.synthetic."))
    hours = weather.synthetic_year(climate, seed=_SEED)
    return hours["temperature_c"].to_numpy(dtype="float64"), None
