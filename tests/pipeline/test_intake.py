"""Checks, imports, a new neighbourhood and the demonstration."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from lekp_lib.errors import ContractError, SourceError
from lekp_lib.io.read import check_place
from lekp_lib.pipeline import intake
from lekp_lib.pipeline.places import Project, discover, open_project, select


def _faults(project: Project, place: str) -> list[str]:
    (report,) = intake.check(project, select(discover(project.data_dir), [place]))
    return [str(fault) for fault in report.faults] + list(report.problems)


def test_every_fault_of_a_place_is_found(project: Project) -> None:
    """Both required tables are missing, and both are named."""
    faults = _faults(project, "aalst/stationswijk")
    assert [fault.split(":")[0] for fault in faults] == ["gebouwen", "straten"]


def test_a_fault_does_not_hide_other_places(project: Project) -> None:
    """Each place has its report, in the order asked."""
    reports = intake.check(project, discover(project.data_dir))
    assert [report.place for report in reports][-2:] == ["aalst/rozendreef", "aalst/stationswijk"]
    assert not reports[0].is_in_order  # Flanders lacks most of its tables here


def test_a_municipality_without_progress_is_in_order(project: Project) -> None:
    """Its other figures belong to Flanders."""
    assert _faults(project, "antwerpen") == []


def test_the_check_before_a_run_raises(project: Project) -> None:
    """With the same faults."""
    with pytest.raises(ContractError, match="gebouwen"):
        intake.place_checker(project)("aalst/stationswijk")


def test_a_new_place_is_ready_to_fill(project: Project) -> None:
    """Its settings are valid; only the tables are missing."""
    intake.new_place(project, "Sint-Niklaas/Clementwijk")
    folder = project.data_dir / "sint-niklaas/clementwijk"
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["invulblad.xlsx", "verhaal.md", "wijk.yml"]
    settings = yaml.safe_load((folder / "wijk.yml").read_text(encoding="utf-8"))
    assert settings == {
        "name": "Clementwijk",
        "municipality": "Sint-Niklaas",
        "nis_code": "46021",
        "is_fictional": False,
    }
    faults = check_place("sint-niklaas/clementwijk", data_dir=project.data_dir).faults
    assert {fault.file for fault in faults} == {"gebouwen", "straten"}


def test_a_new_place_may_be_named_by_nis_code(project: Project) -> None:
    """The folder has the name of the municipality."""
    intake.new_place(project, "46021/dorp", name='Het "dorp"')
    settings = (project.data_dir / "sint-niklaas/dorp/wijk.yml").read_text(encoding="utf-8")
    assert yaml.safe_load(settings)["name"] == "Het 'dorp'"


def test_an_unknown_municipality_is_refused(project: Project) -> None:
    """With names that look alike, and the way to make a fictional one."""
    with pytest.raises(ContractError, match=r"«aalst».*--fictief"):
        intake.new_place(project, "alst/dorp")


def test_a_fictional_municipality_says_so(project: Project) -> None:
    """Its settings are valid too."""
    intake.new_place(project, "droomstad/dorp", is_fictional=True)
    faults = check_place("droomstad/dorp", data_dir=project.data_dir).faults
    assert {fault.file for fault in faults} == {"gebouwen", "straten"}
    assert [place.is_fictional for place in discover(project.data_dir)][-1]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("aalst/rozendreef", "bestaat al"),
        ("aalst", "is geen wijk"),
        ("aalst/---", "is geen wijk"),
        ("../x/y", "is geen plaats"),
        ("aalst/gemeente", "kan niet"),
    ],
)
def test_nothing_is_overwritten_and_no_path_is_a_place(
    project: Project, place: str, message: str
) -> None:
    """The folders stay as they were."""
    before = sorted(project.data_dir.rglob("*"))
    with pytest.raises(ContractError, match=message):
        intake.new_place(project, place)
    assert sorted(project.data_dir.rglob("*")) == before


@pytest.mark.parametrize("adapter", ["osm", "fluvius"])
def test_importing_a_file_that_does_not_exist_is_refused(project: Project, adapter: str) -> None:
    """And no place is made."""
    with pytest.raises(SourceError, match=r"weg\.pbf.*bestaat niet"):
        intake.import_files(project, adapter, ["weg.pbf"], "aalst/nieuw")
    assert not (project.data_dir / "aalst/nieuw").exists()


def test_an_import_gets_slug_and_files(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names and NIS codes are turned into the folder they mean."""
    from lekp_lib.io.adapters import osm

    given: dict[str, object] = {}

    def remember(files: object, **options: object) -> list[str]:
        given.update(options, files=files)
        return ["Klaar."]

    monkeypatch.setattr(osm, "import_osm", remember)
    file = tmp_path / "a.osm.pbf"
    file.touch()
    assert intake.import_files(project, "osm", [str(file)], "41002/Nieuwe Wijk") == ["Klaar."]
    assert given["place"] == "aalst/nieuwe-wijk"
    assert given["files"] == [file]


def test_the_demonstration_is_in_order(project: Project) -> None:
    """Three fictional neighbourhoods, made anew as often as one likes."""
    intake.make_demo(project)
    lines = intake.make_demo(project)
    assert len(lines) == 3
    for place in discover(project.data_dir):
        if place.slug.startswith("voorbeeldgemeente/"):
            assert place.is_fictional
            assert not check_place(place.slug, data_dir=project.data_dir).faults
    assert not list(project.data_dir.glob(".demo-*"))


def test_parameters_for_no_notebook_are_told(tmp_path: Path) -> None:
    """A misspelt template and a parameter that is ours are faults, not silence."""
    fixture = Path(__file__).resolve().parents[1] / "fixtures" / "data" / "proefgemeente"
    shutil.copytree(fixture, tmp_path / "data" / "proefgemeente")
    settings = tmp_path / "data" / "proefgemeente" / "proefwijk" / "wijk.yml"
    more = "parameters:\n  wp9: {a: 1}\n  wp3_straten: {data_dir: elders}\n"
    settings.write_text(settings.read_text(encoding="utf-8") + more, encoding="utf-8")
    project = open_project(data=tmp_path / "data", out=tmp_path / "uit")
    found = " ".join(_faults(project, "proefgemeente/proefwijk"))
    assert "parameters.wp9: dit notebook bestaat niet" in found
    assert "parameters.wp3_straten.data_dir: deze parameter geeft het programma zelf" in found


def test_a_day_that_is_no_day_is_told(tmp_path: Path) -> None:
    """Before a notebook runs, not halfway."""
    fixture = Path(__file__).resolve().parents[1] / "fixtures" / "data" / "proefgemeente"
    shutil.copytree(fixture, tmp_path / "data" / "proefgemeente")
    settings = tmp_path / "data" / "proefgemeente" / "proefwijk" / "wijk.yml"
    own = 'parameters:\n  wp2_iedereen_mee: {peildatum: "maart"}\n'
    settings.write_text(settings.read_text(encoding="utf-8") + own, encoding="utf-8")
    project = open_project(data=tmp_path / "data", out=tmp_path / "uit")
    (fault,) = _faults(project, "proefgemeente/proefwijk")
    assert "peildatum" in fault
    assert "is geen datum" in fault


def test_all_tables_of_a_municipality_are_checked(project: Project) -> None:
    """A fault in its progress does not hide one in its rules."""
    home = project.data_dir / "antwerpen"
    home.mkdir()
    for name in ("voortgang", "regels"):
        (home / f"{name}.csv").write_text("Kolom\nx\n", encoding="utf-8")
    files = {fault.split(":")[0].split(",")[0] for fault in _faults(project, "antwerpen")}
    assert files == {"voortgang.csv", "regels.csv"}
