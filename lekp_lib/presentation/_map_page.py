"""One map as a complete HTML page: folium's skeleton, our reader, legend and banner."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import folium
from branca.element import Element, Figure, MacroElement
from jinja2 import Template

from lekp_lib.presentation.html import Html, element, script_json

__all__ = ["page"]

_TILES = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
_THANKS = (
    '© <a href="https://www.openstreetmap.org/copyright" target="_blank" rel="noopener">'
    "OpenStreetMap</a>-bijdragers"
)
_BANNER = "Fictieve gegevens: deze plaats bestaat niet"
_HINT = "De kaart kan hier niet worden getekend. De tabel bij de kaart bevat dezelfde gegevens."
_MARK = re.compile(r"@@(TITLE|BANNER|LEGEND|LINKS|HINT|DATA)@@")
_NARROW = "@media (max-width: 33rem)"
_WIDE = 1.8
"""An area this many times wider than high gets the legend below it instead of beside it."""
_VIEWPORT = re.compile(r'<meta name="viewport"[^>]*>')

_STYLE = """
<style>
html, body { height: 100%; margin: 0; }
body {
  display: grid; grid-template: "banner banner" auto "map legend" minmax(0, 1fr) / 1fr 14.5rem;
  background: #f6f5f1; color: #22272b;
  font: 0.875rem/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
}
.folium-map { grid-area: map; min-height: 0; z-index: 0; }
.folium-map.leaflet-container { background: #f6f5f1; font: inherit; }
.leaflet-tile-pane { filter: grayscale(0.85) opacity(0.6); }
.lekp-banner {
  grid-area: banner; margin: 0; padding: 0.35rem 0.75rem; background: #22272b; color: #fff;
  font-weight: 700; letter-spacing: 0.01em; border-bottom: 4px solid #e69f00;
}
.lekp-legend {
  grid-area: legend; overflow: auto; padding: 0.75rem 0.9rem; background: #fff;
  border-left: 1px solid #dcdfe1;
}
.lekp-legend h1 { margin: 0 0 0.6rem; font-size: 1rem; line-height: 1.3; }
.lekp-legend p { margin: 0.6rem 0 0.25rem; color: #4a5259; }
.lekp-legend ul { list-style: none; margin: 0; padding: 0; }
.lekp-legend li { display: flex; align-items: center; gap: 0.55rem; padding: 0.14rem 0; }
.lekp-legend svg { flex: none; }
.lekp-legend span { min-width: 0; overflow-wrap: break-word; hyphens: auto; }
.lekp-hint { grid-area: map; align-self: center; justify-self: center; margin: 1rem; }
.lekp-links { display: none; }
.leaflet-tooltip { font: inherit; color: #22272b; white-space: normal; width: max-content;
  max-width: 15rem; border-radius: 3px; }
.leaflet-tooltip b, .leaflet-tooltip span, .leaflet-popup-content div > * { display: block; }
.leaflet-popup-content { font: inherit; margin: 0.7rem 1rem; }
.leaflet-popup-content a { width: fit-content; margin-top: 0.35rem; color: #0b6583; }
.leaflet-bar a, .leaflet-bar a:hover { color: #22272b; }
.leaflet-container a.leaflet-popup-close-button { color: #4a5259; }
.leaflet-control-attribution a { color: #0b6583; text-decoration: underline; }
.leaflet-container:focus-visible, .lekp-legend:focus-visible {
  outline: 3px solid #22272b; outline-offset: -3px;
}
path.leaflet-interactive:focus { outline: none; }
path.leaflet-interactive:focus-visible { stroke: #000; stroke-opacity: 1; stroke-width: 7px; }
@media (max-width: 33rem) {
  body { grid-template: "banner" auto "map" minmax(15rem, 1fr) "legend" auto / 1fr; }
  .lekp-banner { padding: 0.25rem 0.75rem; font-size: 0.8125rem; }
  .lekp-legend { padding: 0.4rem 0.75rem; border-left: 0;
    border-top: 1px solid #dcdfe1; font-size: 0.8125rem; line-height: 1.35; }
  .lekp-legend h1 { margin-bottom: 0.25rem; font-size: 0.9375rem; }
  .lekp-legend p { margin-top: 0.25rem; }
  .lekp-legend ul { columns: 9rem; column-gap: 0.75rem; }
  .lekp-legend li { break-inside: avoid; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
</style>
"""

_READER = """
{% macro script(this, kwargs) %}
(function (map, data) {
  "use strict";
  var box = map.getContainer(), layers = [], current = 0;

  function node(tag, text) {
    var made = document.createElement(tag);
    made.textContent = text;
    return made;
  }
  function points(flat) {
    var x = data.origin[0], y = data.origin[1], out = [];
    for (var i = 0; i < flat.length; i += 2) {
      x += flat[i];
      y += flat[i + 1];
      out.push([y / data.scale, x / data.scale]);
    }
    return out;
  }
  function lines(item) {
    return [data.names[item], data.texts[item]].filter(Boolean);
  }
  function label(item) {
    var made = document.createElement("div");
    lines(item).forEach(function (text, i) {
      made.appendChild(node(i === 0 && data.names[item] ? "b" : "span", text));
    });
    return made;
  }
  function shape(item) {
    var style = data.styles[data.classes[item]], drawn = data.shapes[item];
    if (data.kind === "point") {
      style = Object.assign({}, style, {radius: data.radii[item]});
      return L.circleMarker(points(drawn)[0], style);
    }
    if (data.kind === "line") { return L.polyline(drawn.map(points), style); }
    return L.polygon(drawn.map(function (rings) { return rings.map(points); }), style);
  }
  function offer(layer, item) {
    var link = document.querySelector('#lekp-links a[data-item="' + item + '"]');
    if (!link || link.protocol === "lekp:") { return false; }
    var content = label(item);
    content.appendChild(link.cloneNode(true));
    layer.bindPopup(content);
    layer.on("popupopen", function (event) {
      var close = event.popup.getElement().querySelector(".leaflet-popup-close-button");
      if (close) { close.setAttribute("aria-label", "Sluiten"); }
      layer.closeTooltip();
    });
    return true;
  }
  function focusOn(item) {
    var old = layers[current].getElement(), next = layers[item].getElement();
    if (!old || !next) { return; }
    old.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus({preventScroll: true});
    current = item;
  }
  function steer(event, item) {
    var last = layers.length - 1;
    var to = {ArrowRight: item + 1, ArrowDown: item + 1, ArrowLeft: item - 1, ArrowUp: item - 1,
      Home: 0, End: last}[event.key];
    if (to !== undefined) {
      event.preventDefault();
      focusOn(Math.min(Math.max(to, 0), last));
    } else if (event.key === "Enter" && layers[item].getPopup()) {
      layers[item].openPopup();
      layers[item].getPopup().getElement().querySelector("a[data-item]").focus();
    }
  }
  function reachable(layer, item, hasLink) {
    var drawn = layer.getElement && layer.getElement();
    if (!drawn) { return; }
    drawn.setAttribute("tabindex", item === 0 ? "0" : "-1");
    drawn.setAttribute("role", hasLink ? "button" : "img");
    drawn.setAttribute("aria-label", lines(item).join(": "));
    drawn.addEventListener("keydown", function (event) { steer(event, item); });
  }
  function fit() {
    map.fitBounds(data.bounds, {padding: [20, 20], maxZoom: 18, animate: false});
  }

  document.getElementById("lekp-hint").remove();
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", data.label);
  map.attributionControl.setPrefix(
    '<a href="https://leafletjs.com" target="_blank" rel="noopener">Leaflet</a>');
  L.control.zoom({zoomInTitle: "Inzoomen", zoomOutTitle: "Uitzoomen"}).addTo(map);
  L.control.scale({imperial: false}).addTo(map);
  if (L.Browser.mobile) { map.dragging.disable(); }
  fit();
  data.shapes.forEach(function (ignored, item) {
    var layer = shape(item).addTo(map), hasLink = offer(layer, item);
    layer.bindTooltip(label(item), {sticky: true});
    layers.push(layer);
    reachable(layer, item, hasLink);
  });
  map.on("resize", fit);
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && document.querySelector(".leaflet-popup")) {
      map.closePopup();
      focusOn(current);
    }
  });
})({{ this._parent.get_name() }}, @@DATA@@);
{% endmacro %}
"""


def page(
    *,
    title: str,
    legend: Html,
    links: Html,
    payload: Mapping[str, Any],
    is_fictional: bool,
    is_heavy: bool,
) -> str:
    """
    Return a map as a page of its own, the same bytes for the same input.

    Parameters
    ----------
    title : str
        Title of the page.
    legend, links : Html
        Legend, and hidden links to pages of places, one per drawn item.
    payload : mapping
        What the reader in the page draws: see ``maps``.
    is_fictional : bool
        Show the banner, and no streets of the real world beneath.
    is_heavy : bool
        Draw on a canvas: faster, but single items cannot be reached by keyboard.
    """
    (south, west), (north, east) = payload["bounds"]
    centre = [round((south + north) / 2, 5), round((west + east) / 2, 5)]
    is_wide = (east - west) * math.cos(math.radians(centre[0])) > _WIDE * (north - south)
    style = _STYLE.replace(_NARROW, "@media all") if is_wide else _STYLE
    skeleton = _skeleton(centre, style, with_tiles=not is_fictional, is_heavy=is_heavy)
    parts = {
        "TITLE": element("title", title),
        "BANNER": element("p", _BANNER, class_="lekp-banner") if is_fictional else Html(""),
        "LEGEND": legend,
        "LINKS": links,
        "HINT": element("p", _HINT, class_="lekp-hint", id="lekp-hint"),
        "DATA": Html(script_json(payload)),
    }
    text = skeleton.replace("<html>", '<html lang="nl">', 1)
    viewport = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    text = _VIEWPORT.sub(viewport, text, count=1)
    return _MARK.sub(lambda mark: parts[mark[1]].text, text)


def _skeleton(centre: Sequence[float], style: str, *, with_tiles: bool, is_heavy: bool) -> str:
    """Return folium's page with marks where data go: folium reads what it is given as template."""
    drawn = folium.Map(
        location=centre,
        zoom_start=14,
        tiles=None,
        zoom_control=False,
        scroll_wheel_zoom=False,
        zoom_snap=0.25,
        prefer_canvas=is_heavy,
    )
    drawn.default_js = [(name, url) for name, url in drawn.default_js if name == "leaflet"]
    drawn.default_css = [(name, url) for name, url in drawn.default_css if name == "leaflet_css"]
    if with_tiles:
        folium.TileLayer(_TILES, attr=_THANKS, max_zoom=19).add_to(drawn)
    drawn.add_child(_macro(_READER))
    drawn.add_child(_macro("{% macro html(this, kwargs) %}@@LEGEND@@@@LINKS@@{% endmacro %}"))
    figure = drawn.get_root()
    if not isinstance(figure, Figure):
        msg = "folium put the map in something that is not a page."
        raise TypeError(msg)
    figure.header.add_child(Element("@@TITLE@@" + style))
    figure.html.add_child(Element("@@BANNER@@@@HINT@@"))
    _number_elements(figure)
    return figure.render()


def _macro(template: str) -> MacroElement:
    made = MacroElement()  # type: ignore[no-untyped-call]
    made._template = Template(template)
    return made


def _number_elements(figure: Figure) -> None:
    """Replace folium's random ids, so that equal maps are equal text."""
    for place, part in enumerate(_walk(figure)):
        part._id = f"{place:032x}"


def _walk(part: Element) -> Iterator[Element]:
    yield part
    for child in part._children.values():
        yield from _walk(child)
