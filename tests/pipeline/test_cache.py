"""The same fingerprint needs no new run; anything that matters changes it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from lekp_lib.errors import SourceError
from lekp_lib.pipeline import cache
from lekp_lib.pipeline.cache import Fingerprints, why_stale
from lekp_lib.pipeline.manifest import Manifest, write_manifest
from lekp_lib.pipeline.places import Project
from lekp_lib.pipeline.plan import KEY_FIGURES, Unit

UnitsOf = Callable[..., list[Unit]]


def _pretend_it_ran(unit: Unit, **changes: object) -> None:
    stamp = Fingerprints().stamp(unit)
    manifest = Manifest(
        place=unit.place.slug,
        notebook=unit.template.name,
        key=stamp.key,
        inputs=stamp.inputs,
        parameters=stamp.parameters,
        library_version="0",
        library_hash=stamp.library_hash,
        packages=stamp.packages,
        start="2026-01-01T10:00:00+01:00",
        duration_s=1,
        status="ok",
        good_start="2026-01-01T10:00:00+01:00",
    )
    write_manifest(unit.manifest, replace(manifest, **changes))  # type: ignore[arg-type]
    (unit.results / KEY_FIGURES).write_text("key\n", encoding="utf-8")
    unit.executed.parent.mkdir(parents=True, exist_ok=True)
    unit.executed.touch()


def _reason(unit: Unit) -> str | None:
    return why_stale(unit, Fingerprints().stamp(unit))


@pytest.fixture
def unit(project: Project, units_of: UnitsOf) -> Unit:
    """Give a unit that ran."""
    found = units_of(project, "aalst/rozendreef")[0]
    _pretend_it_ran(found)
    return found


def test_nothing_changed_is_fresh(unit: Unit) -> None:
    """No reason, no run."""
    assert _reason(unit) is None


def test_a_unit_that_never_ran_is_stale(project: Project, units_of: UnitsOf) -> None:
    """There is no manifest."""
    assert _reason(units_of(project, "vlaanderen")[0]) == "nog niet uitgevoerd"


@pytest.mark.parametrize(
    "changed",
    [
        "notebooks/wp1_warmtenet.ipynb",
        "data/aalst/rozendreef/wijk.yml",
        "data/aalst/voortgang.csv",
        "data/aalst/regels.csv",
        "data/vlaanderen/regels.csv",
        "data/vlaanderen/municipalities.csv",
    ],
)
def test_a_changed_input_is_named(project: Project, unit: Unit, changed: str) -> None:
    """Template, place, municipality and Flanders all count."""
    with (project.root / changed).open("a", encoding="utf-8") as file:
        file.write("\n ")
    assert _reason(unit) == f"gewijzigd: {changed.removeprefix('data/')}"


@pytest.mark.parametrize(
    "ignored",
    [
        "data/aalst/stationswijk/wijk.yml",
        "data/aalst/rozendreef/~$gebouwen.xlsx",
        "data/aalst/rozendreef/.DS_Store",
        "notebooks/wp2_iedereen_mee.ipynb",
    ],
)
def test_what_belongs_to_others_does_not_count(project: Project, unit: Unit, ignored: str) -> None:
    """Another place, another template and lock files change nothing."""
    with (project.root / ignored).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert _reason(unit) is None


def test_the_page_of_a_municipality_ignores_its_neighbourhoods(
    project: Project, units_of: UnitsOf
) -> None:
    """It is not made from them."""
    home = units_of(project, "aalst", only=("gemeente",))[0]
    _pretend_it_ran(home)
    (project.data_dir / "aalst/rozendreef/gebouwen.csv").touch()
    assert _reason(home) is None


def test_a_failed_run_is_stale(unit: Unit) -> None:
    """Failed units are always tried again."""
    _pretend_it_ran(unit, status="failed")
    assert _reason(unit) == "de vorige uitvoering is mislukt"


def test_a_missing_result_is_stale(unit: Unit) -> None:
    """A manifest alone is not enough."""
    (unit.results / KEY_FIGURES).unlink()
    assert _reason(unit) == "het resultaat ontbreekt"


def test_changed_parameters_are_stale(unit: Unit) -> None:
    """Overrides of the place count."""
    place = replace(unit.place, parameters={unit.template.name: {"scale": 2.0}})
    assert _reason(replace(unit, place=place)) == "de parameters zijn gewijzigd"


def test_a_changed_library_is_stale(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other code may give other figures."""
    monkeypatch.setattr(cache, "library_hash", lambda: "other")
    assert _reason(unit) == "de rekenbibliotheek is gewijzigd"


def test_changed_packages_are_stale(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other packages may give other figures."""
    monkeypatch.setattr(cache, "package_versions", lambda: {"pandas": "0"})
    assert _reason(unit) == "de gebruikte pakketten zijn gewijzigd"


def test_a_broken_manifest_is_stale(unit: Unit) -> None:
    """It counts as none."""
    unit.manifest.write_text("{", encoding="utf-8")
    assert _reason(unit) == "nog niet uitgevoerd"


def test_the_key_does_not_depend_on_the_folder(unit: Unit) -> None:
    """The same data elsewhere need no new run."""
    stamp = Fingerprints().stamp(unit)
    assert str(unit.project.root) not in json.dumps(vars(stamp))


def test_each_file_is_read_once(
    project: Project, units_of: UnitsOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All municipalities share the figures of Flanders."""
    read: list[str] = []
    original = cache._file_hash
    monkeypatch.setattr(cache, "_file_hash", lambda path: read.append(path.name) or original(path))
    fingerprints = Fingerprints()
    for unit in units_of(project):
        fingerprints.stamp(unit)
    assert read.count("municipalities.csv") == 1


def test_an_unreadable_file_is_explained(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the file and what to do."""

    def refuse(*_: object) -> None:
        raise PermissionError(13, "geen toegang")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(SourceError, match="kan niet worden gelezen"):
        Fingerprints().stamp(unit)


def test_a_new_month_counts_where_rules_have_a_day(project: Project, units_of: UnitsOf) -> None:
    """The day of the rules is part of the fingerprint, the day of the command is not."""
    for name, reason in (("wp2", "de parameters zijn gewijzigd"), ("wp1", None)):
        (unit,) = units_of(project, "aalst/rozendreef", only=(name,))
        november = replace(unit, today=dt.date(2026, 11, 2))
        _pretend_it_ran(november)
        assert _reason(replace(unit, today=dt.date(2026, 11, 30))) is None
        assert _reason(replace(unit, today=dt.date(2026, 12, 1))) == reason
