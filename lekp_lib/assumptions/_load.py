"""Read the packaged figures and lay a place's own figures over them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.resources import files

import pandas as pd

from lekp_lib.errors import AssumptionError

__all__ = ["BASES", "Assumption", "Assumptions", "load", "load_presence", "load_sources"]

BASES = ("law", "measured", "published", "derived", "assumed")
"""How sure a figure is, from the surest to the least sure."""

_NOT_FIGURES = {"sources.csv", "presence.csv"}
_NUMBERS = ("value", "low", "high")


@dataclass(frozen=True)
class Assumption:
    """
    One figure with everything a reader needs to judge it.

    Attributes
    ----------
    key : str
        Dotted name, theme first: ``heat.domestic_hot_water_kwh_dwelling``.
    value, low, high : float
        Value and range [unit]; low and high equal the value where no range is known.
    unit : str
        One of ``units.UNITS``.
    valid_year, price_year : str
        Year the figure describes; year of the prices, empty where there is no money in it.
    basis : str
        One of ``BASES``.
    source_id, locator : str
        Row in ``sources.csv`` and the page, table or cell in it.
    label, note : str
        Short Dutch name and a Dutch remark.
    """

    key: str
    value: float
    unit: str
    low: float
    high: float
    valid_year: str
    price_year: str
    basis: str
    source_id: str
    locator: str
    label: str
    note: str


class Assumptions(Mapping[str, Assumption]):
    """
    The figures by key; reading an unknown one is an error.

    Examples
    --------
    >>> figures = load()
    >>> figures["privacy.smallest_cell"].value
    10.0
    """

    def __init__(self, figures: Mapping[str, Assumption]) -> None:
        self._figures = dict(figures)

    def __getitem__(self, key: str) -> Assumption:
        try:
            return self._figures[key]
        except KeyError:
            msg = (
                f"Het kengetal «{key}» bestaat niet of werd niet opgegeven door de studie die "
                "het leest. Wat te doen: voeg het toe aan de tabellen van assumptions, of aan "
                "de lijst van gebruikte kengetallen van de studie."
            )
            raise AssumptionError(msg) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._figures)

    def __len__(self) -> int:
        return len(self._figures)

    def pick(self, keys: Iterable[str]) -> Assumptions:
        """
        Return only the figures a study uses; what it did not name it cannot read.

        Raises
        ------
        AssumptionError
            If a key does not exist.
        """
        return Assumptions({key: self[key] for key in keys})

    def values_below(self, prefix: str) -> dict[str, float]:
        """
        Return the values of all keys below a prefix, by the part after it.

        Examples
        --------
        >>> sorted(load().values_below("privacy."))
        ['smallest_cell', 'smallest_street_dwellings']
        """
        return {
            key.removeprefix(prefix): figure.value
            for key, figure in self._figures.items()
            if key.startswith(prefix)
        }

    def table(self) -> pd.DataFrame:
        """Return the figures as a table, one row each, in their own order."""
        return pd.DataFrame([asdict(figure) for figure in self._figures.values()])


def load(overrides: pd.DataFrame | None = None) -> Assumptions:
    """
    Return all figures, those of a place laid over the packaged ones.

    Parameters
    ----------
    overrides : DataFrame with columns key, value, unit, source, optional
        The place's table ``aannames``. The unit must be that of the packaged figure.

    Returns
    -------
    Assumptions

    Raises
    ------
    AssumptionError
        If an override names an unknown key or another unit; all faults at once.

    Examples
    --------
    >>> own = pd.DataFrame(
    ...     {"key": ["privacy.smallest_cell"], "value": [15.0], "unit": ["aantal"],
    ...      "source": ["Besluit van de gemeente"]}
    ... )
    >>> load(own)["privacy.smallest_cell"].value
    15.0
    """
    figures = dict(_packaged())
    if overrides is not None:
        _check_overrides(overrides, figures)
        for key, value, source in zip(
            overrides["key"], overrides["value"].astype("float64"), overrides["source"], strict=True
        ):
            figures[key] = replace(
                figures[key],
                value=value,
                low=value,
                high=value,
                basis="published",
                source_id="eigen",
                locator=str(source),
                note="Eigen cijfer van de gemeente.",
            )
    return Assumptions(figures)


def _check_overrides(overrides: pd.DataFrame, figures: Mapping[str, Assumption]) -> None:
    problems = []
    for key, unit in zip(overrides["key"], overrides["unit"], strict=True):
        known = figures.get(key)
        if known is None:
            problems.append(f"aannames: het kengetal «{key}» bestaat niet")
        elif known.unit != unit:
            problems.append(f"aannames: «{key}» staat in {unit}, maar moet in {known.unit} staan")
    if problems:
        msg = "\n".join(problems) + ". Wat te doen: zie de pagina Kengetallen van het boek."
        raise AssumptionError(msg)


@cache
def _packaged() -> Mapping[str, Assumption]:
    figures: dict[str, Assumption] = {}
    for entry in sorted(files(__package__).iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(".csv") or entry.name in _NOT_FIGURES:
            continue
        with entry.open(encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                figure = _figure(row)
                if figure.key in figures:
                    msg = f"«{figure.key}» staat twee keer in de tabellen van assumptions."
                    raise AssumptionError(msg)
                figures[figure.key] = figure
    return figures


def _figure(row: Mapping[str, str]) -> Assumption:
    numbers = {name: float(row[name] or row["value"]) for name in _NUMBERS}
    texts = {
        name: (row[name] or "").strip()
        for name in Assumption.__dataclass_fields__
        if name not in _NUMBERS
    }
    return Assumption(**numbers, **texts)  # type: ignore[arg-type]


def load_sources() -> pd.DataFrame:
    """
    Return the register of sources, indexed by ``source_id``.

    Examples
    --------
    >>> "title" in load_sources().columns
    True
    """
    return _packaged_table("sources.csv").set_index("source_id")


def load_presence() -> pd.DataFrame:
    """
    Return the presence curves: the share of peak demand per function, kind of day and hour.

    Returns
    -------
    DataFrame
        Columns function, day_kind (weekday, saturday, sunday), hour (0-23),
        share [-, 0-1], basis, source_id, locator.

    Examples
    --------
    >>> load_presence()["share"].between(0, 1).all()
    np.True_
    """
    presence = _packaged_table("presence.csv")
    return presence.astype({"hour": "int64", "share": "float64"})


def _packaged_table(name: str) -> pd.DataFrame:
    with (files(__package__) / name).open(encoding="utf-8") as stream:
        return pd.DataFrame(list(csv.DictReader(stream)))
