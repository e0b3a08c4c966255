"""
Maps of public tables: streets, points and buildings.

Each map is a page of its own in an ``iframe``. It loads Leaflet, and for real places the tiles
of OpenStreetMap. Without either it stays readable: the table beside it holds the same data.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lekp_lib.disclosure import PublicTable
from lekp_lib.errors import ContractError
from lekp_lib.presentation import _map_page
from lekp_lib.presentation._cells import (
    caption_of,
    cell_texts,
    name_column,
    require_columns,
    require_message,
    require_number,
    require_table,
    shown_values,
)
from lekp_lib.presentation._legend import Classes, Kind, Order, classify, legend, radius
from lekp_lib.presentation.html import Html, element, link

__all__ = ["building_map", "point_map", "street_map"]

_WGS84 = 4326
_SCALE = 100_000
"""Units per degree in the page: five decimals, about a metre."""
_SCALE_BUILDINGS = 1_000_000
_HEAVY = 1500
"""More items than this are drawn on a canvas."""
_HEIGHT = 480
_ALTERNATIVE = "De tabel bij deze kaart bevat dezelfde gegevens."
_RADIUS = 7.0
_BUILDING_LABELS = frozenset({"building_type", "period", "function"})


def street_map(
    public: PublicTable,
    *,
    column: str,
    title: str,
    text: str,
    thresholds: Sequence[float] | None = None,
    order: Order | None = None,
) -> Html:
    """
    Return a map of streets, coloured and widened by a number or told apart by a code.

    Parameters
    ----------
    public : PublicTable
        With line geometry, EPSG:31370.
    column : str
        Number or code to show.
    title, text : str
        Title, and the message of the map in one Dutch sentence.
    thresholds : sequence of float, optional
        Rising bounds between the classes of a number [unit of the column; a share as 0-1].
        By default five classes with about as many streets.
    order : {"rising", "falling"}, optional
        The codes of the column go from low to high or from high to low: colours then run
        from light to dark, and lines from thin to wide.

    Raises
    ------
    TypeError
        If `public` is not a ``PublicTable``.
    ContractError
        If the table has no lines, or the title or text says nothing.

    Examples
    --------
    >>> from lekp_lib.contracts import INPUTS
    >>> streets = gpd.GeoDataFrame({"street_name": ["Dorp"], "profile_width_m": [9.5]},
    ...     geometry=[shapely.LineString([(150000, 170000), (150100, 170000)])], crs=31370)
    >>> names = ["street_name", "profile_width_m"]
    >>> about = {name: INPUTS["straten"].columns[name] for name in names}
    >>> none = pd.DataFrame(False, index=streets.index, columns=names)
    >>> public = PublicTable("straten", "Straten", streets, none, about, is_fictional=True)
    >>> shown = street_map(public, column="profile_width_m", title="Breedte van de straten",
    ...                    text="De enige straat is 9,5 meter breed.")
    >>> "Fictieve gegevens" in shown.text
    True
    """
    _check(public, column, title=title, text=text)
    _require_geometry(public, "LineString", "MultiLineString")
    classes = classify(public, column, kind="line", thresholds=thresholds, order=order)
    return _figure(_View(public, "line", column, title, text), classes)


def point_map(
    public: PublicTable,
    *,
    column: str,
    title: str,
    text: str,
    size_column: str | None = None,
    links: str | None = None,
    thresholds: Sequence[float] | None = None,
    order: Order | None = None,
) -> Html:
    """
    Return a map of points, coloured by a number or a code and sized by a number.

    Parameters
    ----------
    public : PublicTable
        With any geometry, EPSG:31370; of areas a point inside is shown.
    column : str
        Number or code that gives the colour.
    title, text : str
        Title, and the message of the map in one Dutch sentence.
    size_column : str, optional
        Number that gives the area of the circle; where all are equal, circles are too.
    links : str, optional
        Column with places (``<gemeente>`` or ``<gemeente>/<wijk>``) that a circle leads to.
    thresholds, order
        As in ``street_map``.

    Raises
    ------
    TypeError, ContractError
        As in ``street_map``; also for a table of buildings.

    Examples
    --------
    >>> from lekp_lib.contracts import INPUTS
    >>> trees = gpd.GeoDataFrame({"size_class": ["1a"]},
    ...     geometry=[shapely.Point(150000, 170000)], crs=31370)
    >>> about = {"size_class": INPUTS["bomen"].columns["size_class"]}
    >>> none = pd.DataFrame(False, index=trees.index, columns=["size_class"])
    >>> public = PublicTable("bomen", "Bomen", trees, none, about, is_fictional=False)
    >>> shown = point_map(public, column="size_class", title="Bomen",
    ...                   text="In de wijk staat één grote boom.")
    >>> "boom van meer dan 20 m" in shown.text
    True
    """
    _check(public, column, title=title, text=text)
    _require_geometry(public)
    if "building_id" in public.columns:
        msg = "A table of buildings is only shown by building_map, by type, period or function."
        raise ContractError(msg)
    require_columns(public, links)
    if size_column is not None:
        require_number(public, size_column)
    classes = classify(public, column, kind="point", thresholds=thresholds, order=order)
    return _figure(_View(public, "point", column, title, text, size_column, links), classes)


def building_map(public: PublicTable, *, column: str, title: str, text: str) -> Html:
    """
    Return a map of buildings by type, construction period or function, and nothing else.

    A measured or modelled value of one building tells about the people in it and is never shown.

    Parameters
    ----------
    public : PublicTable
        With polygon geometry, EPSG:31370.
    column : str
        A column whose codes are building types, periods or functions.
    title, text : str
        Title, and the message of the map in one Dutch sentence.

    Raises
    ------
    TypeError
        If `public` is not a ``PublicTable``.
    ContractError
        If the column is anything else.

    Examples
    --------
    >>> from lekp_lib.contracts import INPUTS
    >>> buildings = gpd.GeoDataFrame({"building_type": ["terraced"]},
    ...     geometry=[shapely.box(150000, 170000, 150006, 170012)], crs=31370)
    >>> about = {"building_type": INPUTS["gebouwen"].columns["building_type"]}
    >>> none = pd.DataFrame(False, index=buildings.index, columns=["building_type"])
    >>> public = PublicTable("gebouwen", "Gebouwen", buildings, none, about, is_fictional=False)
    >>> shown = building_map(public, column="building_type", title="Woningen naar type",
    ...                      text="Het enige gebouw is een rijwoning.")
    >>> "rijwoning" in shown.text
    True
    """
    _check(public, column, title=title, text=text)
    if public.columns[column].labels not in _BUILDING_LABELS:
        msg = (
            f"Column «{column}» may not be shown per building. Only type, construction period "
            "and function may; show other values per street."
        )
        raise ContractError(msg)
    _require_geometry(public, "Polygon", "MultiPolygon")
    classes = classify(public, column, kind="area")
    return _figure(_View(public, "area", column, title, text), classes)


def _check(public: PublicTable, column: str, *, title: str, text: str) -> None:
    require_table(public)
    require_columns(public, column)
    require_message(title=title, text=text)


def _require_geometry(public: PublicTable, *kinds: str) -> None:
    if not isinstance(public.frame, gpd.GeoDataFrame) or public.frame.crs is None:
        msg = f"Table «{public.name}» has no geometry with a CRS. Show it as a table or chart."
        raise ContractError(msg)
    found = set(public.frame.geometry.dropna().geom_type)
    if kinds and not found <= set(kinds):
        msg = f"Table «{public.name}» holds {sorted(found)}; this map needs {' or '.join(kinds)}."
        raise ContractError(msg)


@dataclass(frozen=True)
class _View:
    """One map: what is drawn of which table, and its words."""

    public: PublicTable
    kind: Kind
    column: str
    title: str
    text: str
    size_column: str | None = None
    links: str | None = None


def _figure(view: _View, classes: Classes) -> Html:
    alternative = "" if "tabel" in view.text.lower() else _ALTERNATIVE
    words = caption_of(view.public, view.title, view.text, alternative)
    rows = _drawing_order(view, classes)
    if not rows:
        empty = element("p", "Er zijn geen gegevens voor deze kaart.", class_="lekp-note")
        return element("figure", empty, element("figcaption", *words), class_="lekp-figure")
    page = _map_page.page(
        title=view.title,
        legend=legend(
            view.public,
            classes,
            kind=view.kind,
            column=view.column,
            title=view.title,
            size_column=view.size_column if _has_sizes(view) else None,
        ),
        links=_hidden_links(view.public, view.links, rows),
        payload=_payload(view, classes, rows),
        is_fictional=view.public.is_fictional,
        is_heavy=len(rows) > _HEAVY,
    )
    frame = element(
        "iframe",
        class_="lekp-map",
        title=f"Kaart: {view.title}",
        loading="lazy",
        width="100%",
        height=_HEIGHT,
        srcdoc=page,
    )
    return element("figure", frame, element("figcaption", *words), class_="lekp-figure")


def _sizes(view: _View) -> list[float]:
    """Return the number behind the size of each row, 0 where there is none."""
    if view.size_column is None:
        return [0.0] * len(view.public.frame)
    values = shown_values(view.public, view.size_column)
    return [0.0 if math.isnan(value) else value for value in values]


def _has_sizes(view: _View) -> bool:
    """Tell whether circles differ in size: equal ones would say nothing."""
    if view.size_column is None:
        return False
    known = view.public.frame[view.size_column].dropna()
    return len(known) > 0 and bool(known.min() < known.max())


def _drawing_order(view: _View, classes: Classes) -> list[int]:
    """Return the rows with geometry: large ones beneath, then unknown ones, then low to high."""
    geometry, sizes = view.public.frame.geometry, _sizes(view)
    has_geometry = ~(geometry.isna() | geometry.is_empty).to_numpy()

    def rank(row: int) -> tuple[float, int]:
        place = classes.of_rows[row]
        return (-sizes[row], place if classes.entries[place].is_known else -1)

    return sorted((row for row in range(len(geometry)) if has_geometry[row]), key=rank)


def _payload(view: _View, classes: Classes, rows: Sequence[int]) -> dict[str, Any]:
    """Return what the page draws: shapes in whole units, the class and the words of each."""
    scale = _SCALE_BUILDINGS if view.kind == "area" else _SCALE
    shapes = view.public.frame.geometry.iloc[list(rows)]
    if view.kind == "point":
        shapes = shapes.representative_point()
    shapes = shapes.to_crs(_WGS84)
    west, south, east, north = (float(bound) for bound in shapes.total_bounds)
    origin = [round(west * scale), round(south * scale)]
    return {
        "label": f"Kaart: {view.title}",
        "kind": view.kind,
        "scale": scale,
        "origin": origin,
        "bounds": [[round(south, 5), round(west, 5)], [round(north, 5), round(east, 5)]],
        "styles": [dict(entry.style) for entry in classes.entries],
        "classes": [classes.of_rows[row] for row in rows],
        "shapes": [_coded(shape, view.kind, scale, origin) for shape in shapes],
        **(_radii(view, rows) if view.kind == "point" else {}),
        **_words(view, rows),
    }


def _radii(view: _View, rows: Sequence[int]) -> dict[str, list[float]]:
    if not _has_sizes(view):
        return {"radii": [_RADIUS for _ in rows]}
    sizes = _sizes(view)
    return {"radii": [radius(sizes[row], max(sizes)) for row in rows]}


def _words(view: _View, rows: Sequence[int]) -> dict[str, list[str]]:
    """Return name and text of each item; of a building only the code that is shown."""
    texts = _titled(view.public, view.column)
    if view.size_column is not None:
        sizes = _titled(view.public, view.size_column)
        texts = [f"{text} · {size}" for text, size in zip(texts, sizes, strict=True)]
    name = None if view.kind == "area" else name_column(view.public, view.column)
    names = [""] * len(texts) if name is None else cell_texts(view.public, name)
    return {"names": [names[row] for row in rows], "texts": [texts[row] for row in rows]}


def _titled(public: PublicTable, name: str) -> list[str]:
    title = public.columns[name].title
    return [f"{title}: {text}" for text in cell_texts(public, name, with_unit=True)]


def _coded(shape: shapely.Geometry, kind: Kind, scale: int, origin: Sequence[int]) -> list[Any]:
    """Return a geometry as steps of whole units from the origin: far shorter than GeoJSON."""
    if kind == "point":
        return _steps(shapely.get_coordinates(shape), scale, origin)
    parts = shapely.get_parts(shape)
    if kind == "line":
        return [_steps(shapely.get_coordinates(part), scale, origin) for part in parts]
    return [
        [
            _steps(shapely.get_coordinates(ring)[:-1], scale, origin)
            for ring in [part.exterior, *part.interiors]
        ]
        for part in parts
    ]


def _steps(coordinates: np.ndarray, scale: int, origin: Sequence[int]) -> list[int]:
    whole = np.rint(coordinates * scale).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.array([origin], dtype=np.int64))
    moved = np.append(True, steps[1:].any(axis=1))
    flat: list[int] = steps[moved].ravel().tolist()
    return flat


def _hidden_links(public: PublicTable, links: str | None, rows: Sequence[int]) -> Html:
    """Return links that the popups copy; the book resolves them as on any page."""
    if links is None:
        return Html("")
    places, name = list(public.frame[links]), name_column(public, links)
    names = places if name is None else cell_texts(public, name)
    items = [
        link(
            f"lekp:{places[row]}",
            f"Naar de pagina van {names[row]}",
            data_item=item,
            target="_top",
        )
        for item, row in enumerate(rows)
        if not pd.isna(places[row])
    ]
    return element("div", *items, id="lekp-links", class_="lekp-links")
