"""What every contract is built from: a column with unit and Dutch title, a table with rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import pandera.pandas as pa

from lekp_lib.units import UNITS

__all__ = [
    "CRS",
    "Column",
    "Contract",
    "Table",
    "column",
    "columns_of",
    "empty_column",
    "empty_table",
]

CRS = 31370
"""The one coordinate reference system inside the platform: Belgian Lambert 72 [EPSG]."""


class Table(pa.DataFrameModel):
    """
    Base of every contract: nothing is coerced, unknown columns are left alone.

    What pandera cannot say about a table stands in its ``Contract``.
    """

    class Config:
        """Rules for the whole table."""

        strict = False
        coerce = False


def column(  # noqa: PLR0913 - a column is described by exactly these
    title: str,
    description: str,
    *,
    unit: str = "",
    decimals: int = 0,
    required: bool = False,
    unique: bool = False,
    allowed: tuple[str, ...] | None = None,
    labels: str | None = None,
    sensitive: bool = False,
    per_street: bool = False,
    **checks: Any,
) -> Any:
    """
    Describe one column: pandera's field plus what readers and messages need.

    Parameters
    ----------
    title, description : str
        Dutch heading and Dutch explanation.
    unit : str
        One of ``units.UNITS``.
    decimals : int
        Decimals shown to readers.
    required : bool
        Every row must have a value. Other columns may be left out whole.
    unique : bool
        No value twice.
    allowed : tuple of str, optional
        Closed list.
    labels : str, optional
        Kind of ``wording.LABELS`` that translates the codes.
    sensitive : bool
        Falls under the small-cell rule: measured use, tenure, income, language.
    per_street : bool
        A modelled value that is only shown for streets with enough dwellings.
    **checks
        Checks of pandera's ``Field``: ``ge``, ``gt``, ``le``, ``lt``, ``str_matches``.
    """
    if unit not in UNITS:
        msg = f"Column «{title}» has unit {unit!r}, which is not in units.UNITS."
        raise ValueError(msg)
    metadata = {
        "unit": unit,
        "decimals": decimals,
        "required": required,
        "labels": labels,
        "sensitive": sensitive,
        "per_street": per_street,
        "allowed": allowed,
    }
    if allowed is not None:
        checks["isin"] = list(allowed)
    return pa.Field(
        nullable=not required,
        unique=unique,
        title=title,
        description=description,
        metadata=metadata,
        **checks,
    )


@dataclass(frozen=True)
class Column:
    """
    A column as readers, messages and the template workbook see it.

    Attributes
    ----------
    name, title, description, unit : str
        Canonical name, Dutch title, Dutch explanation, unit.
    kind : str
        ``text``, ``integer``, ``number``, ``yes_no`` or ``time``.
    decimals : int
        Decimals shown.
    is_required, is_sensitive, is_per_street : bool
        See ``column``.
    allowed : tuple of str or None
        Closed list.
    labels : str or None
        Kind of ``wording.LABELS``.
    """

    name: str
    title: str
    description: str
    unit: str
    kind: str
    decimals: int
    is_required: bool
    is_sensitive: bool
    is_per_street: bool
    allowed: tuple[str, ...] | None
    labels: str | None


@dataclass(frozen=True)
class Contract:
    """
    What pandera cannot say about a table.

    Attributes
    ----------
    name, title : str
        Table name and Dutch title.
    model : type of Table
        The columns.
    index : str or None
        Column that becomes the index.
    key : tuple of str
        Columns that together must be unique.
    is_empty_a_key : bool
        Input tables: an empty cell of the key says "all of them" and counts as a value.
    geometry : tuple of str
        Geometry types allowed, empty for a table without geometry.
    is_geometry_optional : bool
        Input tables: the table may come without shapes, and a row may have none. Checked, it
        is a GeoDataFrame all the same.
    rising : tuple of str
        Input tables: columns whose values may not fall from the first to the last.
    together : tuple of (str, str)
        Input tables: who fills in the first column fills in the second.
    least_rows : int
        Input tables: with fewer rows the table says too little.
    count_column : str or None
        Result tables: number of households or connections that a row stands for.
    total_groups : tuple of tuple of str
        Result tables: rows that agree on such a group of columns add up to a total that can
        be known elsewhere; an empty group means that all rows together do. Narrow
        groups first, so that a neighbour serves the wide ones too. Without groups,
        columns per street are guarded as if all rows together do.
    is_public : bool
        Result tables: may the table leave the house, after disclosure?
    drops_blank_rows : bool
        Result tables: a blanked row leaves the public table altogether, because its very
        existence tells something (the tenure of the only house of its kind).
    """

    name: str
    title: str
    model: type[Table]
    index: str | None = None
    key: tuple[str, ...] = ()
    is_empty_a_key: bool = False
    geometry: tuple[str, ...] = ()
    is_geometry_optional: bool = False
    rising: tuple[str, ...] = ()
    together: tuple[tuple[str, str], ...] = ()
    least_rows: int = 1
    count_column: str | None = None
    total_groups: tuple[tuple[str, ...], ...] = ()
    is_public: bool = True
    drops_blank_rows: bool = False

    @property
    def columns(self) -> dict[str, Column]:
        """The columns by canonical name."""
        return columns_of(self.model)

    @property
    def needs_shapes(self) -> bool:
        """Whether the table cannot come as a plain sheet."""
        return bool(self.geometry) and not self.is_geometry_optional


_KINDS = {
    "int64": "integer",
    "Int64": "integer",
    "float64": "number",
    "bool": "yes_no",
    "boolean": "yes_no",
    "datetime64[ns]": "time",
}


def columns_of(model: type[Table]) -> dict[str, Column]:
    """
    Return the columns of a contract by canonical name, in their order.

    Examples
    --------
    >>> from lekp_lib.contracts.inputs import Gebouwen
    >>> columns_of(Gebouwen)["floor_area_m2"].unit
    'm2'
    """
    columns = {}
    for name, field in model.to_schema().columns.items():
        about = field.metadata or {}
        columns[name] = Column(
            name=name,
            title=field.title or name,
            description=field.description or "",
            unit=about["unit"],
            kind=_kind(str(field.dtype)),
            decimals=about["decimals"],
            is_required=about["required"],
            is_sensitive=about["sensitive"],
            is_per_street=about["per_street"],
            allowed=about["allowed"],
            labels=about["labels"],
        )
    return columns


def _kind(dtype: str) -> str:
    return "text" if dtype.startswith("str") else _KINDS[dtype]


def empty_table(contract: Contract) -> pd.DataFrame:
    """Return a table without rows whose columns have the types of a contract."""
    nothing = pd.RangeIndex(0)
    columns = {name: empty_column(one.kind, nothing) for name, one in contract.columns.items()}
    return pd.DataFrame(columns)


def empty_column(kind: str, index: pd.Index) -> pd.Series:
    """Return an all-missing column of the right type."""
    dtypes = {"text": "str", "integer": "Int64", "number": "float64", "yes_no": "boolean"}
    return pd.Series([None] * len(index), index=index, dtype=dtypes.get(kind, "datetime64[ns]"))
