"""Tests of the settings of a neighbourhood."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from lekp_lib.contracts import FICTIONAL_NIS, WijkSettings

RIGHT: dict[str, Any] = {"name": "Dorp", "municipality": "Lille", "nis_code": "13019"}


def test_the_least_settings_are_name_municipality_and_code() -> None:
    """All else has a default that says nothing is known."""
    settings = WijkSettings(**RIGHT)
    assert (settings.wijk_code, settings.sources, settings.parameters) == (None, {}, {})


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"name": ""}, "string_pattern_mismatch"),
        ({"municipality": "  "}, "string_pattern_mismatch"),
        ({"nis_code": "1301"}, "value_error"),
        ({"nis_code": "١٣٠١٩"}, "value_error"),
        ({"nis_code": 13019}, "string_type"),
        ({"colour": "red"}, "extra_forbidden"),
        ({"is_fictional": "misschien"}, "bool_parsing"),
        ({"sources": {"gebouwen": {"source": "GRB"}}}, "missing"),
        ({"parameters": {"wp1_warmtenet": "ja"}}, "dict_type"),
    ],
)
def test_wrong_settings_are_refused(changed: dict[str, Any], kind: str) -> None:
    """Each kind of fault is known by its name, which io puts in Dutch."""
    with pytest.raises(ValidationError, match=kind):
        WijkSettings.model_validate({**RIGHT, **changed})


def test_settings_cannot_be_changed() -> None:
    """What was read stays as it was read."""
    with pytest.raises(ValidationError, match="frozen"):
        WijkSettings(**RIGHT).name = "Ander"  # type: ignore[misc]


def test_the_fictional_code_has_five_digits() -> None:
    """The code of the place that does not exist has the form of one that does."""
    assert WijkSettings(**{**RIGHT, "nis_code": FICTIONAL_NIS}).nis_code == FICTIONAL_NIS
