"""Faults in ``wijk.yml``: each told in Dutch, with its key and, where it helps, its row."""

from __future__ import annotations

import time
from typing import Any

import pytest

from lekp_lib.errors import ContractError
from lekp_lib.io.read import check_place, read_settings

# Herenthout is the municipality round the base neighbourhood.
RIGHT = 'name: Kern\nmunicipality: Herenthout\nnis_code: "13012"\n'
FICTIONAL = RIGHT.replace("13012", "99999") + "is_fictional: true\n"
SOURCE = "sources:\n  gebouwen: {source: GRB, licence: modellicentie, date: %s}\n"


def settle(place: Any, text: str | bytes, *, gemeente: str = "dorp") -> None:
    """Write the settings, and name the folder of the municipality."""
    place.put("wijk.yml", text)
    if gemeente != "dorp":
        place.folder.parent.rename(place.data_dir / gemeente)


def test_right_settings_are_read(place: Any) -> None:
    """Text stays text, and a note on a source comes along."""
    settle(place, FICTIONAL + SOURCE % '"2026-01-31"')
    settings = place.read().settings
    assert settings.nis_code == "99999"
    assert settings.sources["gebouwen"].date == "2026-01-31"


def test_a_bom_is_no_part_of_the_first_key(place: Any) -> None:
    """Some editors write one."""
    settle(place, FICTIONAL.encode("utf-8-sig"))
    assert place.read().settings.name == "Kern"


FAULTS: dict[str, tuple[str, str | None, str]] = {
    "no yaml": ("name: [Kern\nmunicipality: : x", None, "is geen geldige YAML"),
    "a tab": ("name: Kern\n\tmunicipality: x", None, "is geen geldige YAML"),
    "an impossible date": (FICTIONAL + SOURCE % "2026-99-99", None, "is geen geldige YAML"),
    "a date without quotes": (
        FICTIONAL + SOURCE % "2026-01-31", "sources.gebouwen.date", "moet tekst zijn"
    ),
    "nothing": ("", None, "heeft niet de juiste vorm"),
    "a list": ("- Kern\n", None, "heeft niet de juiste vorm"),
    "an unknown key": (FICTIONAL + "colour: red\n", "colour", "dit gegeven is niet gekend"),
    "a code as number": (
        FICTIONAL.replace('"99999"', "99999"), "nis_code", "moet tekst zijn"
    ),
    "a short code": (FICTIONAL.replace("99999", "999"), "nis_code", "uit vijf cijfers"),
    "no name": (FICTIONAL.replace("Kern", '""'), "name", "mag niet leeg zijn"),
    "maybe fictional": (
        FICTIONAL.replace("true", "misschien"), "is_fictional", "moet true of false zijn"
    ),
    "a source that is a word": (
        FICTIONAL + "sources: GRB\n", "sources", "heeft niet de juiste vorm"
    ),
    "a parameter that is a list": (
        FICTIONAL + "parameters: {wp1_warmtenet: {year: [1]}}\n",
        "parameters.wp1_warmtenet.year", "moet tekst, een getal, true of false zijn",
    ),
    "the same key twice": (FICTIONAL + "name: Ander\n", "name", "staat er twee keer in"),
    "a fictional place with a real code": (
        FICTIONAL.replace("99999", "13012"), "nis_code", "de code van Herenthout niet dragen"
    ),
    "an unknown municipality": (
        RIGHT.replace("13012", "13999"), "nis_code", "geen Vlaamse gemeente heeft deze NIS-code"
    ),
    "a municipality that merged": (
        RIGHT.replace("13012", "44048"), "nis_code", "indeling van 1 januari 2025"
    ),
    "the code of another municipality": (
        RIGHT.replace("Herenthout", "Menen"), "municipality", "is die van Herenthout"
    ),
    "another folder": (RIGHT, "municipality", "de map heet anders"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "key", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_with_its_key(place: Any, text: str, key: str | None, said: str) -> None:
    """One fault, in the file and at the key where it stands."""
    settle(place, text)
    fault = place.fault()
    assert (fault.file, fault.column) == ("wijk.yml", key)
    assert said in fault.problem


def test_every_missing_key_is_told(place: Any) -> None:
    """All at once."""
    settle(place, "wijk_code: null\n")
    missing = [(fault.column, fault.problem) for fault in place.faults()]
    assert missing == [
        (key, "dit gegeven ontbreekt") for key in ("name", "municipality", "nis_code")
    ]


def test_a_missing_file_is_told(place: Any) -> None:
    """The remedy is the command that makes it."""
    (place.folder / "wijk.yml").unlink()
    assert (place.fault().problem, place.fault().remedy) == (
        "het bestand ontbreekt", "Maak het met: lekp new"
    )  # fmt: skip


def test_the_row_of_a_syntax_error_is_told(place: Any) -> None:
    """The user sees where to look."""
    settle(place, "name: Kern\nmunicipality: [a\n")
    assert place.fault().row in {2, 3}


def test_another_encoding_is_told(place: Any) -> None:
    """The remedy says how to save it."""
    settle(place, FICTIONAL.replace("Kern", "Zélzate").encode("cp1252"))
    assert "UTF-8" in place.fault().remedy


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
)


@pytest.mark.parametrize("text", [BOMB + "name: *a8\n", "name: " + "[" * 30_000, "a" * 2_000_000],
                         ids=["references", "nesting", "size"])  # fmt: skip
def test_a_file_made_to_exhaust_the_machine_is_refused_at_once(place: Any, text: str) -> None:
    """A few lines that would grow to gigabytes are not unfolded."""
    settle(place, text)
    start = time.perf_counter()
    assert place.fault().file == "wijk.yml"
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    ("code", "said"),
    [("9999999", "deze wijkcode bestaat niet"), ("1100101", "wijk in een andere gemeente")],
)
def test_a_wrong_wijk_code_is_told(place: Any, code: str, said: str) -> None:
    """A code leads to a wijk of this municipality."""
    settle(place, RIGHT + f'wijk_code: "{code}"\n', gemeente="herenthout")
    faults = check_place("herenthout/kern", data_dir=place.data_dir).faults
    assert [fault.column for fault in faults] == ["wijk_code"]
    assert said in faults[0].problem


def test_the_municipality_is_recognised_however_it_is_typed(place: Any) -> None:
    """Capitals and hyphens make no other municipality."""
    settle(place, RIGHT.replace("Herenthout", "HERENTHOUT"), gemeente="herenthout")
    assert check_place("herenthout/kern", data_dir=place.data_dir).faults == ()


def test_reading_the_settings_alone_raises_their_faults(place: Any) -> None:
    """An import reads them before it writes."""
    settle(place, "name: Kern\n")
    with pytest.raises(ContractError, match="nis_code"):
        read_settings(place.folder, data_dir=place.data_dir)
