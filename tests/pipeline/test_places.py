"""Which places there are and which ones a user means."""

from __future__ import annotations

from pathlib import Path

import pytest

from lekp_lib.errors import ContractError, SourceError
from lekp_lib.pipeline.places import Project, discover, find_root, open_project, select


def _slugs(project: Project, *patterns: str) -> list[str]:
    return [place.slug for place in select(discover(project.data_dir), patterns)]


def test_all_places_are_found(project: Project) -> None:
    """Flanders comes first, then municipalities, then neighbourhoods."""
    assert _slugs(project) == [
        "vlaanderen",
        "aalst",
        "antwerpen",
        "sint-niklaas",
        "aalst/rozendreef",
        "aalst/stationswijk",
    ]


def test_a_place_knows_its_name_and_province(project: Project) -> None:
    """Names come from the list of municipalities and from wijk.yml."""
    places = {place.slug: place for place in discover(project.data_dir)}
    assert places["sint-niklaas"].name == "Sint-Niklaas"
    assert places["sint-niklaas"].province == "Oost-Vlaanderen"
    assert places["aalst/rozendreef"].is_fictional


@pytest.mark.parametrize("pattern", ["aalst", "41002", "Aalst", "aalst/"])
def test_a_municipality_means_its_neighbourhoods_too(project: Project, pattern: str) -> None:
    """Slug, name and NIS code all mean the page and the neighbourhoods."""
    assert _slugs(project, pattern) == ["aalst", "aalst/rozendreef", "aalst/stationswijk"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("vlaanderen", ["vlaanderen"]),
        ("aalst/rozendreef", ["aalst/rozendreef"]),
        ("41002/Stationswijk", ["aalst/stationswijk"]),
        ("*/station*", ["aalst/stationswijk"]),
        ("s*", ["sint-niklaas"]),
        ("460*", ["sint-niklaas"]),
        ("v*", ["vlaanderen"]),
    ],
)
def test_a_pattern_means_what_it_says(project: Project, pattern: str, expected: list[str]) -> None:
    """One place, a NIS code before a neighbourhood, and globs part by part."""
    assert _slugs(project, pattern) == expected


def test_an_unknown_place_is_refused_with_near_names(project: Project) -> None:
    """The message names places that look alike."""
    with pytest.raises(ContractError, match=r"niet gekend.*«antwerpen»"):
        _slugs(project, "antwerp")


def test_an_unknown_neighbourhood_names_its_sisters(project: Project) -> None:
    """Who knows the municipality is told which neighbourhoods it has."""
    with pytest.raises(ContractError, match="aalst/rozendreef"):
        _slugs(project, "aalst/xyz")


@pytest.mark.parametrize(
    "pattern", ["../geheim", "/etc", "aalst\\rozendreef", "a/b/c", "", "aalst//x", "C:/x", "."]
)
def test_a_path_is_no_place(project: Project, pattern: str) -> None:
    """Nothing but gemeente and wijk can be named."""
    with pytest.raises(ContractError, match="is geen plaats"):
        _slugs(project, pattern)


def test_a_folder_without_settings_but_with_buildings_is_found(project: Project) -> None:
    """Its check can then say that wijk.yml is missing."""
    folder = project.data_dir / "aalst" / "nieuw"
    folder.mkdir()
    (folder / "gebouwen.geojson").touch()
    assert "aalst/nieuw" in _slugs(project)


def test_unreadable_settings_do_not_hide_a_place(project: Project) -> None:
    """The name of the folder stands in."""
    settings = project.data_dir / "aalst/rozendreef/wijk.yml"
    settings.write_text("name: [", encoding="utf-8")
    names = [place.name for place in discover(project.data_dir)]
    assert "Rozendreef" in names


def test_a_neighbourhood_cannot_be_called_gemeente(project: Project) -> None:
    """Its results would lie in the way of those of the municipality."""
    folder = project.data_dir / "aalst" / "gemeente"
    folder.mkdir()
    (folder / "wijk.yml").touch()
    with pytest.raises(ContractError, match="kan niet"):
        discover(project.data_dir)


def test_a_missing_list_of_municipalities_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the project has no list either, the message says which folder is needed."""
    monkeypatch.setattr("lekp_lib.pipeline.places.find_root", lambda: tmp_path)
    with pytest.raises(SourceError, match="lijst van gemeenten"):
        discover(tmp_path)


def test_the_root_is_found_from_below(project: Project) -> None:
    """Any folder of the project will do."""
    assert find_root(project.data_dir / "aalst") == project.root


def test_folders_are_looked_for_here_and_in_the_root(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative data folder may stand in the root; what is made goes to _build there."""
    monkeypatch.chdir(project.notebooks_dir)
    assert open_project(data=Path("data")) == project


def test_a_missing_data_folder_is_refused(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names the folder as typed."""
    monkeypatch.chdir(project.root)
    with pytest.raises(SourceError, match="bestaat niet"):
        open_project(data=Path("nergens"))
