"""The record of a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lekp_lib.pipeline.manifest import Manifest, read_manifest, record_failure, write_manifest


@pytest.fixture
def manifest() -> Manifest:
    """Give the record of a good run."""
    return Manifest(
        place="aalst",
        notebook="gemeente",
        key="abc",
        inputs={"notebooks/gemeente.ipynb": "123"},
        parameters={"place": "aalst"},
        library_version="0.1.0",
        library_hash="def",
        packages={"pandas": "3"},
        start="2026-01-01T10:00:00+01:00",
        duration_s=1.5,
        status="ok",
        good_start="2026-01-01T10:00:00+01:00",
    )


def test_what_is_written_is_read(tmp_path: Path, manifest: Manifest) -> None:
    """Nothing is lost on the way, and no other file stays behind."""
    write_manifest(tmp_path / "a" / "manifest.json", manifest)
    assert read_manifest(tmp_path / "a" / "manifest.json") == manifest
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["manifest.json"]


def test_no_record_is_none(tmp_path: Path) -> None:
    """A unit that never ran has none."""
    assert read_manifest(tmp_path / "manifest.json") is None


def test_a_record_of_another_version_is_none(tmp_path: Path, manifest: Manifest) -> None:
    """Its fields may mean something else."""
    write_manifest(tmp_path / "manifest.json", replace(manifest, schema=0))
    assert read_manifest(tmp_path / "manifest.json") is None


def test_a_failure_remembers_the_last_good_run(tmp_path: Path, manifest: Manifest) -> None:
    """The page can then say how old its figures are."""
    path = tmp_path / "manifest.json"
    write_manifest(path, manifest)
    failure = replace(manifest, status="failed", error="Oei", good_start=None)
    record_failure(path, failure)
    record_failure(path, failure)
    found = read_manifest(path)
    assert found is not None
    assert (found.status, found.error) == ("failed", "Oei")
    assert found.good_start == manifest.good_start
