"""A tiny contract-valid neighbourhood on disk, and the published figures for Flanders."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from hypothesis import settings
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from lekp_lib.contracts import Flanders, Place
from lekp_lib.errors import Fault
from lekp_lib.io.read import CheckReport, check_place, read_flanders, read_place

# The same examples on every machine, however slow it is; nothing is written beside the tests.
settings.register_profile("lekp", max_examples=50, deadline=None, derandomize=True, database=None)
settings.load_profile("lekp")

ROOT = Path(__file__).parents[1]
PLACE = "dorp/kern"
EAST, NORTH = 180_000.0, 200_000.0
SETTINGS = """\
name: Kern
municipality: Dorp
nis_code: "99999"
is_fictional: true
"""
BUILDINGS = ("g1", "g2", "g3")
STREETS = ("s1", "s2")
_ENGLISH = re.compile(
    r"\b(the|and|not|cannot|expected|invalid|error|must|should|failed|input|file|greater|less|"
    r"unique|nullable|missing|found|with|from|string|unsupported|unable|found|codec|line)\b",
    re.IGNORECASE,
)


def square(number: int = 0, *, size: float = 10.0) -> BaseGeometry:
    """Return a square of 10 m, each number 20 m further east."""
    west = EAST + 20 * number
    return shapely.box(west, NORTH, west + size, NORTH + size)


def line(number: int = 0) -> BaseGeometry:
    """Return a street of 100 m, each number 20 m further north."""
    north = NORTH - 20 * (number + 1)
    return shapely.LineString([(EAST, north), (EAST + 100, north)])


def geojson(
    shapes: Sequence[BaseGeometry | Mapping[str, Any] | None],
    properties: Sequence[Mapping[str, Any]],
    *,
    crs: int | None = 31370,
) -> str:
    """Return GeoJSON as text; shapes may be raw mappings, to plant what shapely refuses."""
    features = [
        {
            "type": "Feature",
            "properties": dict(about),
            "geometry": mapping(shape) if isinstance(shape, BaseGeometry) else shape,
        }
        for shape, about in zip(shapes, properties, strict=True)
    ]
    content: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if crs is not None:
        name = f"urn:ogc:def:crs:EPSG::{crs}"
        content["crs"] = {"type": "name", "properties": {"name": name}}
    return json.dumps(content)


@dataclass(frozen=True)
class PlaceFolder:
    """A neighbourhood in a temporary data folder; checking it must leave the disk alone."""

    data_dir: Path

    square = staticmethod(square)
    line = staticmethod(line)
    geojson = staticmethod(geojson)

    @property
    def folder(self) -> Path:
        """Folder of the neighbourhood."""
        return self.data_dir / PLACE

    def put(self, name: str, content: str | bytes, *, encoding: str = "utf-8") -> Path:
        """Write one file of the neighbourhood; another file for the same table goes."""
        path = self.folder / name
        for other in self.folder.glob(f"{path.stem}.*"):
            other.unlink()
        raw = content.encode(encoding) if isinstance(content, str) else content
        path.write_bytes(raw)
        return path

    def put_buildings(
        self,
        shapes: Sequence[BaseGeometry | Mapping[str, Any] | None] | None = None,
        *,
        crs: int | None = 31370,
        **columns: Sequence[Any],
    ) -> Path:
        """Write ``gebouwen.geojson``: three squares, with the columns that are given."""
        drawn = [square(number) for number in range(3)] if shapes is None else list(shapes)
        given = {"building_id": [f"g{n + 1}" for n in range(len(drawn))], **columns}
        rows = [
            {name: values[position] for name, values in given.items()}
            for position in range(len(drawn))
        ]
        return self.put("gebouwen.geojson", geojson(drawn, rows, crs=crs))

    def put_frame(self, name: str, frame: gpd.GeoDataFrame, **options: Any) -> Path:
        """Write a table with shapes in the format its ending says."""
        for other in self.folder.glob(f"{Path(name).stem}.*"):
            other.unlink()
        path = self.folder / name
        if path.suffix == ".parquet":
            frame.to_parquet(path, index=False)
        else:
            frame.to_file(path, index=False, **options)
        return path

    def check(self) -> CheckReport:
        """Check the neighbourhood; every fault is Dutch, nothing is written."""
        before = self._files()
        report = check_place(PLACE, data_dir=self.data_dir)
        assert self._files() == before
        for fault in report.faults:
            words = f"{fault.problem} {fault.remedy}"
            assert not _ENGLISH.search(words), f"English in «{fault}»"
            assert fault.problem, fault
            assert fault.remedy, fault
        return report

    def faults(self) -> tuple[Fault, ...]:
        """Return the faults; there is at least one."""
        faults = self.check().faults
        assert faults
        return faults

    def fault(self) -> Fault:
        """Return the only fault."""
        faults = self.faults()
        assert len(faults) == 1, "\n".join(str(fault) for fault in faults)
        return faults[0]

    def read(self) -> Place:
        """Return the place, which has no fault; nothing is written."""
        before = self._files()
        found = read_place(PLACE, data_dir=self.data_dir)
        assert self._files() == before
        return found

    def _files(self) -> dict[str, tuple[int, int]]:
        return {
            str(path.relative_to(self.data_dir)): (path.lstat().st_size, path.lstat().st_mtime_ns)
            for path in self.data_dir.rglob("*")
        }


def make_folder(data_dir: Path) -> PlaceFolder:
    """Write the base neighbourhood: three buildings, two streets, a fictional village."""
    place = PlaceFolder(data_dir)
    place.folder.mkdir(parents=True)
    place.put("wijk.yml", SETTINGS)
    place.put_buildings()
    rows = [{"street_id": street, "street_name": "Dorp"} for street in STREETS]
    place.put("straten.geojson", geojson([line(0), line(1)], rows))
    return place


@pytest.fixture
def place(tmp_path: Path) -> PlaceFolder:
    """Give a fresh neighbourhood on disk."""
    return make_folder(tmp_path / "data")


@pytest.fixture
def buildings() -> gpd.GeoDataFrame:
    """Give three buildings as a table, identifiers in a column."""
    shapes = [square(number) for number in range(3)]
    return gpd.GeoDataFrame({"building_id": list(BUILDINGS)}, geometry=shapes, crs=31370)


@pytest.fixture
def make_geojson() -> Callable[..., str]:
    """Give the function that writes GeoJSON as text."""
    return geojson


@pytest.fixture(scope="session")
def flanders() -> Flanders:
    """Give the published figures for Flanders, read once."""
    return read_flanders(data_dir=ROOT / "data")


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the root of the project."""
    return ROOT
