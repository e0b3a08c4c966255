"""Fictional wijken, made once and looked at by many tests."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest

from lekp_lib.synthetic import DEMO_DWELLINGS, SyntheticWijk, make_wijk


@pytest.fixture(scope="session")
def made() -> Callable[[str, int], SyntheticWijk]:
    """Return a function that makes a wijk of seed 1, only the first time it is asked."""
    return functools.cache(lambda kind, dwellings: make_wijk(kind, dwellings=dwellings, seed=1))


@pytest.fixture(params=DEMO_DWELLINGS.items(), ids=lambda item: item[0])
def demo(
    request: pytest.FixtureRequest, made: Callable[[str, int], SyntheticWijk]
) -> SyntheticWijk:
    """Each wijk of the demonstration."""
    return made(*request.param)
