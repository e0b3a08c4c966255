"""Small public tables with round numbers, in every shape that presentation shows."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from lekp_lib.contracts import RESULTS, Column
from lekp_lib.disclosure import PublicTable
from lekp_lib.presentation.html import Html

EVIL = "<script>alert(1)</script>"
TableMaker = Callable[..., PublicTable]


def about(name: str, kind: str, **details: Any) -> Column:
    """Describe a column of a table made by hand."""
    defaults: dict[str, Any] = {
        "title": name.capitalize(),
        "description": "",
        "unit": "",
        "decimals": 0,
        "is_required": False,
        "is_sensitive": False,
        "is_per_street": False,
        "allowed": None,
        "labels": None,
    }
    return Column(name=name, kind=kind, **(defaults | details))


@pytest.fixture(name="about")
def about_fixture() -> Callable[..., Column]:
    """Return a maker of column descriptions."""
    return about


@pytest.fixture
def evil() -> str:
    """Text that must never run."""
    return EVIL


@pytest.fixture
def make_table() -> TableMaker:
    """Return a maker of public tables; `hidden` names the cells that were blanked."""

    def make(
        frame: pd.DataFrame,
        columns: Sequence[Column],
        *,
        hidden: Sequence[tuple[int, str]] = (),
        is_fictional: bool = False,
    ) -> PublicTable:
        names = [column.name for column in columns]
        suppressed = pd.DataFrame(False, index=frame.index, columns=names)
        for row, name in hidden:
            suppressed.loc[frame.index[row], name] = True
        described = {column.name: column for column in columns}
        return PublicTable("proef", "Proeftabel", frame, suppressed, described, is_fictional)

    return make


@pytest.fixture
def streets(make_table: TableMaker) -> PublicTable:
    """Four streets: a thin one, a dense one with an evil name, a blanked and an unknown one."""
    frame = gpd.GeoDataFrame(
        {
            "street_name": ["Dorp", EVIL, "Kerkpad", "Veld"],
            "density": [0.5, 2.5, None, None],
            "verdict": ["thin", "dense", None, "thin"],
        },
        geometry=[
            shapely.LineString([(150_000, y), (150_200, y)])
            for y in (170_000, 170_100, 170_200, 170_300)
        ],
        crs=31370,
    )
    columns = [
        about("street_name", "text", title="Straat"),
        about("density", "number", title="Warmtedichtheid", unit="MWh/m", decimals=2),
        about("verdict", "text", title="Oordeel", allowed=("thin", "middle", "dense")),
    ]
    return make_table(frame, columns, hidden=[(2, "density"), (2, "verdict")])


@pytest.fixture
def buildings(make_table: TableMaker) -> PublicTable:
    """Two buildings with a type, a period and a value that may never be shown."""
    frame = gpd.GeoDataFrame(
        {
            "building_type": ["terraced", "detached"],
            "period": ["before_1900", "unknown"],
            "demand_mwh": [12.0, 30.0],
        },
        geometry=[
            shapely.box(150_000, 170_000, 150_006, 170_010),
            shapely.box(150_020, 170_000, 150_032, 170_012),
        ],
        crs=31370,
    )
    columns = [
        about("building_type", "text", title="Type", labels="building_type"),
        about("period", "text", title="Bouwperiode", labels="period"),
        about("demand_mwh", "number", title="Warmtevraag", unit="MWh"),
    ]
    return make_table(frame, columns, is_fictional=True)


@pytest.fixture
def towns(make_table: TableMaker) -> PublicTable:
    """Three municipalities as points, one without a page."""
    frame = gpd.GeoDataFrame(
        {
            "name": ["Lille", "Aalst", EVIL],
            "slug": ["lille", "aalst", None],
            "population": [16_500.0, 90_000.0, 1_000.0],
            "on_gas": [0.41, 0.805, 0.6],
        },
        geometry=[shapely.Point(180_000 + 9_000 * i, 200_000) for i in range(3)],
        crs=31370,
    )
    columns = [
        about("name", "text", title="Gemeente"),
        about("slug", "text", title="Pagina"),
        about("population", "number", title="Inwoners", unit="aantal"),
        about("on_gas", "number", title="Aandeel op gas", unit="aandeel"),
    ]
    return make_table(frame, columns)


@pytest.fixture
def summary(make_table: TableMaker) -> PublicTable:
    """The four sentences of a first screen."""
    frame = pd.DataFrame(
        {
            "part": ["wat", "zekerheid", "beslissing", "volgende_stap"],
            "text": ["Er is warmte.", "Vrij zeker.", "Beslis nu.", f"Vraag {EVIL}."],
        }
    )
    return make_table(frame, list(RESULTS["samenvatting"].columns.values()))


@pytest.fixture
def figures() -> pd.DataFrame:
    """Four key figures: a density, a share, millions and one that is missing."""
    return pd.DataFrame(
        {
            "key": ["density", "share", "capex", "gas"],
            "value": [2.41, 0.43, 12_345_678.0, float("nan")],
            "unit": ["MWh/m", "aandeel", "EUR", "MWh"],
            "label": ["dichtheid", "aandeel kansrijk", "investering", EVIL],
            "work_programme": 1,
            "basis": ["derived", "derived", "assumed", None],
            "lekp_name": None,
        }
    )


@pytest.fixture
def page_of() -> Callable[[Html], str]:
    """Return a reader of the page inside a map."""

    def page(shown: Html) -> str:
        found = re.search(r'srcdoc="([^"]*)"', shown.text)
        assert found is not None
        return html.unescape(found[1])

    return page


@pytest.fixture
def payload_of(page_of: Callable[[Html], str]) -> Callable[[Html], dict[str, Any]]:
    """Return a reader of what a map draws."""

    def payload(shown: Html) -> dict[str, Any]:
        found = re.search(r"\}\)\(map_\w+, (\{.*\})\);", page_of(shown))
        assert found is not None
        drawn: dict[str, Any] = json.loads(found[1])
        return drawn

    return payload


@pytest.fixture
def svg_of() -> Callable[[Html], str]:
    """Return a reader of the picture inside a chart."""

    def svg(shown: Html) -> str:
        found = re.search(r"data:image/svg\+xml;base64,([^\"]+)", shown.text)
        assert found is not None
        return base64.b64decode(found[1]).decode("utf-8")

    return svg
