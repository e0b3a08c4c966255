"""The kinds of site: what stands on each, measured from its left front corner."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["TEMPLATES", "Block", "Box", "Lot", "Template", "corners"]

Box = tuple[float, float, float, float]
"""Left, front, right, back [m], seen from the street."""


@dataclass(frozen=True)
class Block:
    """A building of a site: outline [m from the left front corner] and facts."""

    outline: tuple[tuple[float, float], ...]
    function: str
    levels: float
    years: tuple[int, int]
    dwellings: int = 0
    is_heritage: bool = False


@dataclass(frozen=True)
class Lot:
    """A car park of a site."""

    box: Box
    owner_kind: str
    function: str
    capacity: int
    is_open: bool
    opening_hours: str | None = None
    offered_windows: str | None = None


@dataclass(frozen=True)
class Template:
    """A kind of site: front and depth [m], and what stands on it."""

    front_m: float
    depth_m: float
    blocks: tuple[Block, ...] = ()
    lots: tuple[Lot, ...] = ()
    greens: tuple[tuple[str, Box], ...] = ()
    trees: tuple[tuple[Box, int, str], ...] = ()


def corners(box: Box) -> tuple[tuple[float, float], ...]:
    """Return the corners of a box, the left front one first."""
    left, front, right, back = box
    return ((left, front), (right, front), (right, back), (left, back))


def _boxes(*boxes: Box) -> tuple[Block, ...]:
    """Return a double row of garage boxes."""
    return tuple(Block(corners(box), "ancillary", 1.0, (1968, 1985)) for box in boxes)


_GARAGE_ROWS = tuple(
    (left, round(1.0 + 2.8 * k, 1), left + 5.5, round(3.8 + 2.8 * k, 1))
    for left in (1.0, 13.5)
    for k in range(7)
)

TEMPLATES: dict[str, Template] = {
    "station": Template(
        46.0,
        13.0,
        blocks=(Block(corners((6, 1, 40, 12)), "community", 2.0, (1879, 1879), is_heritage=True),),
    ),
    "station_parking": Template(
        84.0,
        26.0,
        lots=(Lot((2, 3, 82, 24), "company", "public", 72, is_open=True, opening_hours="24/7"),),
        trees=(((4, 0.5, 80, 2.5), 7, "2"),),
    ),
    "factory": Template(
        92.0,
        28.0,
        blocks=(
            Block(
                ((2, 2), (50, 2), (50, 8), (74, 8), (74, 27), (2, 27)),
                "industry",
                2.0,
                (1926, 1926),
            ),
        ),
        lots=(
            Lot(
                (77, 2, 90, 26),
                "company",
                "office",
                12,
                is_open=False,
                opening_hours="Mo-Fr 06:00-18:00",
                offered_windows="Mo-Fr 18:30-23:30",
            ),
        ),
    ),
    "school": Template(
        62.0,
        40.0,
        blocks=(
            Block(
                ((3, 4), (59, 4), (59, 36), (48, 36), (48, 14), (3, 14)),
                "school",
                2.0,
                (1958, 1964),
            ),
            Block(corners((3, 26, 19, 38)), "sport", 1.0, (1976, 1982)),
        ),
        lots=(
            Lot(
                (3, 16, 19, 25),
                "school",
                "school",
                9,
                is_open=False,
                opening_hours="Mo-Fr 07:30-17:30",
                offered_windows="Mo-Fr 18:00-23:00; Sa-Su 08:00-23:00",
            ),
        ),
        greens=(("playground", (23, 17, 46, 38)),),
        trees=(((24, 30, 45, 37), 5, "2"),),
    ),
    "supermarket": Template(
        58.0,
        44.0,
        blocks=(Block(corners((5, 23, 53, 43)), "supermarket", 1.0, (1994, 2012)),),
        lots=(
            Lot(
                (2, 2, 56, 21),
                "supermarket",
                "supermarket",
                42,
                is_open=True,
                opening_hours="Mo-Sa 08:00-20:00",
                offered_windows="Mo-Sa 20:00-23:30",
            ),
        ),
        trees=(((4, 0.3, 54, 1.6), 5, "3"),),
    ),
    "park": Template(
        54.0,
        36.0,
        greens=(("park", (0.5, 0.5, 53.5, 35.5)),),
        trees=(((4, 4, 50, 32), 15, "1b"),),
    ),
    "church": Template(
        42.0,
        40.0,
        blocks=(
            Block(
                (
                    (15, 6),
                    (27, 6),
                    (27, 20),
                    (32, 20),
                    (32, 28),
                    (27, 28),
                    (27, 37),
                    (15, 37),
                    (15, 28),
                    (10, 28),
                    (10, 20),
                    (15, 20),
                ),
                "community",
                3.0,
                (1893, 1893),
                is_heritage=True,
            ),
        ),
        lots=(Lot((30, 2, 40, 18), "church", "community", 8, is_open=True),),
        greens=(("grass", (1, 6, 9, 38)),),
        trees=(((2, 8, 8, 36), 4, "1b"),),
    ),
    "garages": Template(20.0, 21.5, blocks=_boxes(*_GARAGE_ROWS)),
    "slab": Template(
        52.0,
        35.0,
        blocks=(Block(corners((6, 11, 46, 22)), "residential", 4.0, (1961, 1968), dwellings=24),),
        lots=(Lot((4, 25, 48, 33), "housing_company", "residential", 14, is_open=False),),
        greens=(("grass", (0.5, 0.5, 51.5, 10)),),
        trees=(((3, 2, 49, 8), 4, "1b"),),
    ),
    "community": Template(
        42.0,
        24.0,
        blocks=(Block(corners((4, 5, 28, 17)), "community", 1.0, (1959, 1966)),),
        lots=(
            Lot(
                (30, 3, 40, 21),
                "municipality",
                "community",
                9,
                is_open=True,
                offered_windows="Mo-Su 00:00-09:00",
            ),
        ),
        trees=(((3, 19, 28, 23), 3, "2"),),
    ),
    "playground": Template(
        36.0,
        24.0,
        greens=(("playground", (0.5, 0.5, 35.5, 23.5)),),
        trees=(((3, 3, 33, 21), 7, "1b"),),
    ),
    "meadow": Template(
        48.0,
        25.0,
        lots=(Lot((2, 1, 46, 6), "municipality", "visitors", 15, is_open=True),),
        greens=(("grass", (1, 7, 30, 24.5)), ("playground", (31, 7, 47, 24.5))),
        trees=(((2, 9, 29, 23), 8, "1b"), ((32, 20, 46, 23), 3, "2")),
    ),
}
"""Every kind of site."""
