"""What one question of a programme hands over to its study."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from lekp_lib.studies._frames import KeyFigure

__all__ = ["Section"]


@dataclass(frozen=True)
class Section:
    """
    What one question of the programme hands over.

    Attributes
    ----------
    tables : dict of str to DataFrame
        Internal tables by the name of their contract.
    figures : tuple of KeyFigure
        Key figures, unguarded.
    remarks : tuple of str
        Dutch sentences beside the answer; they name nothing that a public table hides.
    """

    tables: dict[str, pd.DataFrame]
    figures: tuple[KeyFigure, ...] = ()
    remarks: tuple[str, ...] = ()
