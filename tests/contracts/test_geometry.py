"""Tests of shapes: there, of the right type, finite, valid, not empty, in Belgium."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lekp_lib.contracts import INPUTS
from lekp_lib.contracts._geometry import geometry_faults
from lekp_lib.errors import Fault

X, Y = 180_000.0, 200_000.0
SQUARE = shapely.box(X, Y, X + 10, Y + 10)
LINE = shapely.LineString([(X, Y), (X + 10, Y)])
POINT = shapely.Point(X, Y)
BOW_TIE = shapely.Polygon([(X, Y), (X + 10, Y + 10), (X + 10, Y), (X, Y + 10)])
HOLE_OUTSIDE = shapely.Polygon(
    SQUARE.exterior.coords, [shapely.box(X + 20, Y, X + 30, Y + 10).exterior.coords]
)


def faults(*shapes: Any, table: str = "gebouwen", first_row: int = 1) -> list[Fault]:
    """Return the faults of some shapes."""
    frame = gpd.GeoDataFrame(geometry=list(shapes), crs=31370)
    return geometry_faults(frame, INPUTS[table], f"{table}.gpkg", first_row)


@pytest.mark.parametrize(
    ("table", "shape"),
    [
        ("gebouwen", SQUARE),
        ("gebouwen", shapely.MultiPolygon([SQUARE])),
        ("straten", LINE),
        ("straten", shapely.MultiLineString([LINE])),
        ("parkings", POINT),
        ("parkings", SQUARE),
        ("bomen", POINT),
    ],
)
def test_the_types_of_the_contract_pass(table: str, shape: Any) -> None:
    """A right shape has no fault."""
    assert faults(shape, table=table) == []


@pytest.mark.parametrize(
    ("table", "shape", "said"),
    [
        ("gebouwen", None, "ontbreekt of is leeg"),
        ("gebouwen", shapely.Polygon(), "ontbreekt of is leeg"),
        ("gebouwen", LINE, "moet een vlak zijn"),
        ("straten", SQUARE, "moet een lijn zijn"),
        ("parkings", LINE, "moet een punt of vlak zijn"),
        ("bomen", shapely.MultiPoint([POINT]), "moet een punt zijn"),
        ("gebouwen", shapely.GeometryCollection([SQUARE]), "moet een vlak zijn"),
        ("gebouwen", BOW_TIE, "kruist zichzelf (bij 180005, 200005)"),
        ("gebouwen", HOLE_OUTSIDE, "is ongeldig"),
        ("bomen", shapely.Point(X, np.nan), "geen getal of oneindig"),
        ("straten", shapely.LineString([(X, Y), (np.inf, Y)]), "geen getal of oneindig"),
        ("straten", shapely.LineString([(X, Y), (X, Y)]), "ongeldig"),
        ("bomen", shapely.Point(4.4, 51.2), "buiten België"),
        ("bomen", shapely.Point(Y, 900_000), "buiten België"),
        ("bomen", shapely.Point(-1, Y), "buiten België"),
    ],
)
def test_a_wrong_shape_is_told(table: str, shape: Any, said: str) -> None:
    """Each kind of wrong shape has its own sentence."""
    found = [fault.problem for fault in faults(shape, table=table)]
    assert len(found) == 1
    assert said in found[0]


def test_the_row_is_the_one_the_user_sees() -> None:
    """Rows count from the first record of the file."""
    assert [fault.row for fault in faults(SQUARE, None, SQUARE, BOW_TIE)] == [2, 4]
    assert [fault.row for fault in faults(SQUARE, None, first_row=2)] == [3]


def test_one_row_has_one_fault() -> None:
    """A shape that is wrong in many ways is told of once."""
    assert len(faults(shapely.Polygon([(np.inf, 0), (1, 1), (2, 0), (np.inf, 0)]))) == 1


def test_the_shapes_are_not_touched() -> None:
    """Checking repairs nothing."""
    frame = gpd.GeoDataFrame(geometry=[BOW_TIE], crs=31370)
    geometry_faults(frame, INPUTS["gebouwen"], "gebouwen.gpkg", 1)
    assert shapely.equals_exact(frame.geometry.iloc[0], BOW_TIE)
