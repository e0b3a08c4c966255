"""Hand-drawn OpenStreetMap files in metres, and the folder of real data where it is there."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from pyproj import Transformer

ROOT = Path(__file__).parents[3]
REAL = Path(os.environ.get("LEKP_REAL_DATA", ROOT.parent / "shared" / "data"))
EAST, NORTH = 179_000.0, 217_000.0
_TO_DEGREES = Transformer.from_crs(31370, 4326, always_xy=True)

Corner = tuple[float, float]
Tags = Mapping[str, str]


class Sketch:
    """An OpenStreetMap file drawn in metres; equal places are one point."""

    def __init__(self) -> None:
        self._places: dict[Corner, int] = {}
        self._nodes: dict[int, Tags] = {}
        self._ways: list[str] = []
        self._relations: list[str] = []
        self.gone: set[int] = set()

    def point(self, at: Corner, tags: Tags | None = None) -> int:
        """Draw a point, or return the one that is there."""
        number = self._places.setdefault(at, len(self._places) + 1)
        self._nodes[number] = {**self._nodes.get(number, {}), **(tags or {})}
        return number

    def way(self, number: int, corners: Sequence[Corner], tags: Tags | None = None) -> int:
        """Draw a line through the corners."""
        refs = "".join(f'<nd ref="{self.point(corner)}"/>' for corner in corners)
        self._ways.append(f'<way id="{number}" version="1">{refs}{_tags(tags or {})}</way>')
        return number

    def box(self, number: int, at: Corner, size: Corner, tags: Tags | None = None) -> int:
        """Draw a closed rectangle."""
        (x, y), (wide, high) = at, size
        corners = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high), (x, y)]
        return self.way(number, corners, tags)

    def relation(self, number: int, members: Sequence[tuple[str, int]], tags: Tags) -> None:
        """Draw a multipolygon of (role, way) pairs."""
        parts = "".join(f'<member type="way" ref="{w}" role="{role}"/>' for role, w in members)
        text = f'<relation id="{number}" version="1">{parts}'
        self._relations.append(f"{text}{_tags({'type': 'multipolygon', **tags})}</relation>")

    def forget(self, at: Corner) -> None:
        """Leave a point out of the file, as a cut extract does."""
        self.gone.add(self._places[at])

    def text(self, *, ways_first: bool = False) -> str:
        """Return the file."""
        nodes = []
        for (x, y), number in self._places.items():
            lon, lat = _TO_DEGREES.transform(EAST + x, NORTH + y)
            if number not in self.gone:
                place = f'lat="{lat:.9f}" lon="{lon:.9f}"'
                tags = _tags(self._nodes[number])
                nodes.append(
                    f'<node id="{number}" version="1" timestamp="2026-03-01T00:00:00Z" {place}>'
                    f"{tags}</node>"
                )
        parts = [nodes, self._ways, self._relations]
        ordered = [self._ways, self._relations, nodes] if ways_first else parts
        body = "\n".join(line for part in ordered for line in part)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n{body}\n</osm>\n'

    def save(self, path: Path, *, ways_first: bool = False) -> Path:
        """Write the file."""
        path.write_text(self.text(ways_first=ways_first), encoding="utf-8")
        return path


def _tags(tags: Tags) -> str:
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())


@pytest.fixture
def sketch() -> Sketch:
    """Return an empty drawing."""
    return Sketch()


@pytest.fixture
def village(sketch: Sketch) -> Sketch:
    """Return one house along one street: the least that can be imported."""
    address = {"addr:street": "Dorp", "addr:housenumber": "1"}
    sketch.box(10, (0, 10), (10, 8), {"building": "house", **address})
    sketch.way(20, [(-50, 0), (0, 0), (50, 0)], {"highway": "residential", "name": "Dorp"})
    return sketch


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return an empty data folder; the figures for Flanders are the project's own."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def real() -> Callable[[str], Path]:
    """Return a file of the real data, or skip."""

    def find(name: str) -> Path:
        path = REAL / name
        if not path.is_file():
            pytest.skip(f"the real data are not here: {path}")
        return path

    return find
