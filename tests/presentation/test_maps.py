"""Maps of streets, points and buildings."""

from __future__ import annotations

import html
import re

import geopandas as gpd
import pytest
import shapely

from lekp_lib.errors import ContractError
from lekp_lib.pipeline.markup import localise_map
from lekp_lib.presentation import maps

WORDS = {"title": "Proefkaart", "text": "De dichtste straat ligt in het midden."}


def test_only_public_tables_are_drawn(streets) -> None:
    """A bare frame has not been through disclosure."""
    with pytest.raises(TypeError, match="Only a PublicTable may be shown"):
        maps.street_map(streets.frame, column="density", **WORDS)


@pytest.mark.parametrize("text", ["", "   ", "Een kaart.", "Proefkaart"])
def test_message_is_required(streets, text) -> None:
    """A map without a message is refused."""
    with pytest.raises(ContractError, match="text that says its message"):
        maps.street_map(streets, column="density", title="Proefkaart", text=text)


def test_figure_has_title_caption_and_alternative(streets) -> None:
    """The frame has a title, the caption the message and the way to the table."""
    text = maps.street_map(streets, column="density", **WORDS).text
    assert text.startswith('<figure class="lekp-figure"><iframe class="lekp-map"')
    assert 'title="Kaart: Proefkaart" loading="lazy"' in text
    assert WORDS["text"] in text.split("<figcaption>")[1]
    assert "De tabel bij deze kaart bevat dezelfde gegevens." in text


def test_way_to_the_table_is_said_once(streets) -> None:
    """A message that names the table itself is enough."""
    said = "De dichtste straat ligt in het midden, zie de tabel."
    text = maps.street_map(streets, column="density", title="Proefkaart", text=said).text
    assert text.split("<figcaption>")[1].count("tabel") == 1


def test_same_input_gives_the_same_bytes(streets) -> None:
    """Folium's random ids are gone."""
    first, second = (maps.street_map(streets, column="density", **WORDS) for _ in range(2))
    assert first == second


def test_only_leaflet_and_tiles_are_loaded(streets, page_of) -> None:
    """Two files of Leaflet and the tiles; no jQuery, Bootstrap or fonts."""
    page = page_of(maps.street_map(streets, column="density", **WORDS))
    loaded = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="([^"]+)"', page)
    assert [address.rpartition("/")[2] for address in loaded] == ["leaflet.js", "leaflet.css"]
    assert "https://tile.openstreetmap.org/" in page
    assert "OpenStreetMap\\u003c/a\\u003e-bijdragers" in page
    assert not re.search(r"jquery|bootstrap|awesome|fonts\.", page)


def test_page_is_dutch_and_may_be_enlarged(streets, page_of) -> None:
    """Language, title and a viewport that does not forbid zooming."""
    page = page_of(maps.street_map(streets, column="density", **WORDS))
    assert '<html lang="nl">' in page
    assert "<title>Proefkaart</title>" in page
    assert "user-scalable" not in page


def test_data_never_run(streets, towns, page_of, evil) -> None:
    """Names stay text in the script, the legend and the links, and `{{` is no template."""
    title = f"{evil} {{{{ 7 * 7 }}}} @@DATA@@"
    for shown in (
        maps.street_map(streets, column="density", title=title, text=WORDS["text"]),
        maps.point_map(towns, column="on_gas", links="slug", **WORDS),
    ):
        page = page_of(shown)
        assert evil not in page
        assert "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e" in page
        assert page.count("</script>") == 3
        assert "<script" not in shown.text.replace(page, "")
    assert "49" not in re.findall(r"<title>(.*?)</title>", page_of(shown))[0]


def test_fictional_places_have_a_banner_and_no_real_streets(buildings, page_of) -> None:
    """The banner is on the map itself and no tiles of the real world lie beneath."""
    shown = maps.building_map(buildings, column="period", **WORDS)
    assert '<p class="lekp-banner">Fictieve gegevens: deze plaats bestaat niet</p>' in page_of(
        shown
    )
    assert "openstreetmap" not in page_of(shown)
    assert '<strong class="lekp-tag">Fictieve gegevens</strong>' in shown.text


def test_real_places_have_no_banner(streets, page_of) -> None:
    """A warning that is always there is not read."""
    assert "Fictieve" not in page_of(maps.street_map(streets, column="density", **WORDS))


def test_classes_and_legend_follow_the_thresholds(streets, payload_of, page_of) -> None:
    """Classes in Dutch, and blanked and unknown rows apart."""
    shown = maps.street_map(streets, column="density", thresholds=[1.5, 3], **WORDS)
    labels = re.findall(r"</svg><span>([^<]+)</span>", page_of(shown))
    known = ["minder dan 1,5", "1,5 tot 3", "3 of meer"]
    assert labels == [*known, "te klein om te tonen", "niet bekend"]
    assert sorted(payload_of(shown)["classes"]) == [0, 1, 3, 4]


def test_higher_classes_are_wider(streets, payload_of) -> None:
    """Colour is not the only sign on a line."""
    shown = maps.street_map(streets, column="density", thresholds=[1, 2], **WORDS)
    styles = payload_of(shown)["styles"]
    assert [style["weight"] for style in styles[:3]] == [3.0, 5.0, 7.0]
    assert all("dashArray" in style for style in styles[3:])


def test_codes_keep_their_look_when_others_are_absent(streets, payload_of) -> None:
    """Middle is not there, and dense looks as it does elsewhere."""
    rising = payload_of(maps.street_map(streets, column="verdict", order="rising", **WORDS))
    falling = payload_of(maps.street_map(streets, column="verdict", order="falling", **WORDS))
    assert [style["weight"] for style in rising["styles"][:2]] == [3.0, 7.0]
    assert [style["weight"] for style in falling["styles"][:2]] == [7.0, 3.0]


def test_unordered_codes_have_a_dash_of_their_own(streets, payload_of) -> None:
    """Two lines that are not ranked differ in more than colour."""
    styles = payload_of(maps.street_map(streets, column="verdict", **WORDS))["styles"]
    assert styles[0].get("dashArray") != styles[1].get("dashArray")


def test_circles_of_one_size_need_no_legend(towns, payload_of, page_of) -> None:
    """Where all are equal, their size says nothing."""
    towns.frame["population"] = 10.0
    shown = maps.point_map(towns, column="on_gas", size_column="population", **WORDS)
    assert set(payload_of(shown)["radii"]) == {7.0}
    assert "Grootte:" not in page_of(shown)
    assert "Inwoners: 10" in payload_of(shown)["texts"][0]


def test_every_map_fills_its_frame(streets, towns, page_of) -> None:
    """Quarter steps of zoom, and a legend below what is far wider than high."""
    row = page_of(maps.point_map(towns, column="on_gas", **WORDS))
    block = page_of(maps.street_map(streets, column="density", **WORDS))
    assert all(re.search(r'"?zoomSnap"?: 0.25', page) for page in (row, block))
    assert "@media all" in row
    assert "@media all" not in block


def test_falling_thresholds_are_refused(streets) -> None:
    """Bounds rise."""
    with pytest.raises(ContractError, match=r"thresholds must rise, got \[3, 1\]"):
        maps.street_map(streets, column="density", thresholds=[3, 1], **WORDS)


def test_share_thresholds_are_shares(towns, page_of) -> None:
    """Bounds of a share are given as 0-1 and read as percent."""
    page = page_of(maps.point_map(towns, column="on_gas", thresholds=[0.5], **WORDS))
    assert "minder dan 50" in page
    assert "Aandeel op gas (%)" in page


def test_coordinates_come_back(towns, payload_of) -> None:
    """Whole steps from an origin give the right place, to five decimals."""
    drawn = payload_of(maps.point_map(towns, column="on_gas", size_column="population", **WORDS))
    west = (drawn["origin"][0] + drawn["shapes"][1][0]) / drawn["scale"]
    expected = towns.frame.geometry.iloc[[0]].to_crs(4326).x.iloc[0]
    assert drawn["names"][1] == "Lille"
    assert west == pytest.approx(expected, abs=1e-5)


def test_area_of_circles_follows_the_size(towns, payload_of) -> None:
    """The largest is drawn first, so that small ones lie on top."""
    drawn = payload_of(maps.point_map(towns, column="on_gas", size_column="population", **WORDS))
    assert drawn["radii"] == [18.0, 7.7, 3.0]
    assert drawn["texts"][0] == "Aandeel op gas: 80 % · Inwoners: 90.000"


def test_points_offer_a_link_where_there_is_a_page(towns, page_of) -> None:
    """Two of the three places have a page, and it opens outside the frame."""
    page = page_of(maps.point_map(towns, column="on_gas", links="slug", **WORDS))
    assert page.count('href="lekp:') == 2
    assert '<a href="lekp:lille" data-item="0" target="_top">Naar de pagina van Lille</a>' in page


def test_buildings_show_their_code_and_nothing_else(buildings, payload_of) -> None:
    """No name, no value: only the code that the map is about."""
    drawn = payload_of(maps.building_map(buildings, column="building_type", **WORDS))
    assert drawn["texts"] == ["Type: rijwoning", "Type: open woning"]
    assert drawn["names"] == ["", ""]


def test_values_per_building_are_refused(buildings, about) -> None:
    """A modelled or measured value of one building is never public."""
    with pytest.raises(ContractError, match="may not be shown per building"):
        maps.building_map(buildings, column="demand_mwh", **WORDS)


def test_values_per_building_are_refused_as_points(buildings, about, make_table) -> None:
    """Nor does it slip out as a point."""
    frame = buildings.frame.assign(building_id=["a", "b"])
    columns = [about("building_id", "text"), about("demand_mwh", "number")]
    with pytest.raises(ContractError, match="only shown by building_map"):
        maps.point_map(make_table(frame, columns), column="demand_mwh", **WORDS)


def test_values_per_building_are_refused_as_streets(buildings) -> None:
    """A street map draws lines only."""
    with pytest.raises(ContractError, match="this map needs LineString"):
        maps.street_map(buildings, column="demand_mwh", **WORDS)


def test_table_without_geometry_is_refused(summary) -> None:
    """The message says what to do instead."""
    with pytest.raises(ContractError, match="Show it as a table or chart"):
        maps.point_map(summary, column="part", **WORDS)


def test_long_lists_share_the_last_colour(make_table, about, streets, page_of) -> None:
    """Seven categories are told apart, the rarer ones read "andere"."""
    frame = streets.frame.iloc[[0] * 12].reset_index(drop=True)
    frame["kind"] = [f"soort {min(i, 9)}" for i in range(12)]
    public = make_table(frame[["kind", "geometry"]], [about("kind", "text")])
    labels = re.findall(
        r"</svg><span>([^<]+)", page_of(maps.street_map(public, column="kind", **WORDS))
    )
    assert len(labels) == 8
    assert "soort 9" in labels
    assert labels[-1] == "andere"


def test_nothing_to_draw_still_has_a_caption(streets, make_table) -> None:
    """An empty map is a sentence, not an empty frame."""
    empty = make_table(streets.frame.iloc[:0], list(streets.columns.values()))
    text = maps.street_map(empty, column="density", **WORDS).text
    assert "<iframe" not in text
    assert "Er zijn geen gegevens voor deze kaart." in text


def test_rows_without_a_place_are_left_out(towns, make_table, payload_of) -> None:
    """A missing point is not drawn at 0, 0."""
    frame = towns.frame.copy()
    frame.loc[0, "geometry"] = None
    public = make_table(frame, list(towns.columns.values()))
    assert len(payload_of(maps.point_map(public, column="on_gas", **WORDS))["shapes"]) == 2


def test_the_book_can_take_the_map_over(streets, page_of) -> None:
    """After moving, nothing but tiles comes from elsewhere."""
    page = localise_map(
        page_of(maps.street_map(streets, column="density", **WORDS)), title="Proefkaart"
    )
    assert 'src="../_leaflet/leaflet.js"' in page
    assert "jsdelivr" not in page


def test_input_is_not_changed(towns) -> None:
    """The table that came in stays as it was."""
    before = towns.frame.copy()
    maps.point_map(towns, column="on_gas", size_column="population", links="slug", **WORDS)
    assert towns.frame.equals(before)
    assert towns.frame.crs == before.crs


def test_years_are_classed_as_years(make_table, about) -> None:
    """No thousands separator, and bounds that fall on whole years."""
    lines = [shapely.LineString([(i * 50, 0), (i * 50 + 40, 0)]) for i in range(10)]
    frame = gpd.GeoDataFrame({"year": range(2028, 2038)}, geometry=lines, crs=31370)
    table = make_table(frame, [about("year", "integer", unit="jaar", title="Jaar")])
    text = html.unescape(maps.street_map(table, column="year", **WORDS).text)
    assert "minder dan 2030" in text
    assert "2.030" not in text
