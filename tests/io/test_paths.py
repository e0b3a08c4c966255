"""Tests of where data lie and which names may lead there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lekp_lib.errors import ContractError
from lekp_lib.io.paths import check_place_name, find_folder, project_root


@pytest.mark.parametrize("name", ["vlaanderen", "sint-niklaas", "lille/wechelderzande", "a1/b-2"])
def test_slugs_are_names_of_places(name: str) -> None:
    """One or two slugs, joined by a slash."""
    assert check_place_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "..", "../x", "a/../b", "a//b", "/a", "a/", "a/b/c", "A", "a b", "a\\b", "a/b\n",
             "-a", "a-", "a--b", "é", "a.b", "a:b", "~a", "%2e%2e"]
)  # fmt: skip
def test_anything_else_is_refused(name: str) -> None:
    """No name leads out of the data folder, or to two folders on two machines."""
    with pytest.raises(ContractError, match=r"is geen naam van een plaats\. Wat te doen"):
        check_place_name(name)


@given(st.text(max_size=20))
def test_what_is_let_through_stays_inside(name: str) -> None:
    """Whatever the text: refused, or a path below the data folder."""
    inside = Path("/data").resolve()
    try:
        path = (inside / check_place_name(name)).resolve()
    except ContractError:
        return
    assert path.is_relative_to(inside)
    assert re.fullmatch(r"[a-z0-9/-]+", name)


def test_an_absolute_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    """Whether it exists is for the reader to say."""
    assert find_folder(tmp_path / "data") == tmp_path / "data"


def test_the_current_folder_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who works in a folder with data means that one."""
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_folder("data") == tmp_path / "data"


def test_then_comes_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands work from any folder."""
    monkeypatch.chdir(tmp_path)
    assert find_folder("data") == project_root() / "data"


def test_the_project_is_found_upwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a folder deep in a copy of the project, that copy is meant."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "book" / "wp1").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "book" / "wp1")
    assert project_root() == tmp_path.resolve()
