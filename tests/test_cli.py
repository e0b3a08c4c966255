"""The command: options, messages and exit codes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from lekp_lib import cli
from lekp_lib.pipeline import places as places_room
from lekp_lib.pipeline import run as run_room
from lekp_lib.pipeline.manifest import Outcome
from lekp_lib.pipeline.plan import TEMPLATES, Unit
from lekp_lib.pipeline.run import Runs


class Command:
    """Runs ``lekp`` in a small project and keeps what it said."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys, self._monkeypatch = capsys, monkeypatch
        self.out = self.err = ""

    def __call__(self, *arguments: str) -> int:
        """Return the exit code."""
        self._monkeypatch.setattr(sys, "argv", ["lekp", *arguments])
        code = cli.main()
        self.out, self.err = self._capsys.readouterr()
        return code


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a small project and stand in it."""
    (tmp_path / "notebooks").mkdir()
    for template in TEMPLATES:
        (tmp_path / "notebooks" / f"{template.name}.ipynb").touch()
    (tmp_path / "pyproject.toml").touch()
    folder = tmp_path / "data" / "vlaanderen"
    folder.mkdir(parents=True)
    text = "nis_code,name\n41002,Aalst\n11002,Antwerpen\n"
    (folder / "municipalities.csv").write_text(text, encoding="utf-8")
    wijk = tmp_path / "data/aalst/rozendreef"
    wijk.mkdir(parents=True)
    (wijk / "wijk.yml").write_text(
        'name: Rozendreef\nmunicipality: Aalst\nnis_code: "41002"\n', encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LEKP_DATA", raising=False)
    return tmp_path


@pytest.fixture
def lekp(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    """Give the command."""
    return Command(capsys, monkeypatch)


def _pretend_runs(monkeypatch: pytest.MonkeyPatch, **outcome: object) -> list[Unit]:
    """Let every unit end in the same way, without a kernel."""
    ran: list[Unit] = []

    def run(units: list[Unit], **_: object) -> Runs:
        ran.extend(units)
        ends = [Outcome(unit=unit, duration_s=1.0, **outcome) for unit in units]  # type: ignore[arg-type]
        return Runs(outcomes=tuple(ends), n_fresh=0)

    monkeypatch.setattr(run_room, "run", run)
    return ran


@pytest.mark.parametrize("command", ["check", "run", "book", "new", "import", "status", "demo"])
def test_help_is_dutch(lekp: Command, command: str) -> None:
    """Every command explains itself."""
    assert lekp(command, "--help") == 0
    assert "Gebruik:" in lekp.out
    assert not {"Usage", "Show this message", "Options"} & set(lekp.out.split())


def test_without_a_command_help_is_shown(lekp: Command) -> None:
    """And nothing is called a fault."""
    lekp()
    assert "Opdrachten" in lekp.out
    assert "Fout" not in lekp.err


def test_the_version_is_told(lekp: Command) -> None:
    """For who reports a problem."""
    assert lekp("--version") == 0
    assert lekp.out.startswith("lekp ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "gent"], "niet gekend"),
        (["run", "../x"], "is geen plaats"),
        (["run", "--only", "wp9"], "bestaat niet"),
        (["run", "--data", "nergens"], "bestaat niet"),
        (["run", "--jobs", "veel"], "Verkeerde waarde voor '--jobs'"),
        (["run", "--jobs", "0"], "te klein"),
        (["run", "--weg"], "Deze optie bestaat niet"),
        (["rekenen"], "Deze opdracht bestaat niet"),
        (["new"], "Er ontbreekt"),
        (["new", "gent/dorp"], "geen Vlaamse gemeente"),
        (["import", "osm", "aalst/rozendreef"], "geef een of meer bestanden op"),
        (["import", "osm", "weg.pbf", "aalst/rozendreef"], "bestaat niet"),
        (["check", "aalst\\rozendreef"], "is geen plaats"),
    ],
)
def test_bad_input_is_told_in_dutch(lekp: Command, arguments: list[str], message: str) -> None:
    """Exit code 2 and no traceback."""
    assert lekp(*arguments) == 2
    assert message in lekp.err
    assert "Traceback" not in lekp.err


def test_a_bug_keeps_its_traceback(lekp: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not dressed up as the user's fault."""

    def break_down(_: object) -> None:
        raise TypeError("oei")

    monkeypatch.setattr(places_room, "discover", break_down)
    with pytest.raises(TypeError, match="oei"):
        lekp("status")


def test_check_tells_every_fault_and_writes_nothing(lekp: Command, root: Path) -> None:
    """Both missing tables at once."""
    before = sorted(root.rglob("*"))
    assert lekp("check", "aalst/rozendreef") == 2
    assert "gebouwen" in lekp.out
    assert "straten" in lekp.out
    assert "1 plaats nagekeken: 2 fouten." in lekp.out
    assert sorted(root.rglob("*")) == before


def test_check_speaks_json(lekp: Command) -> None:
    """Each fault with file, row, column, value, problem and remedy."""
    assert lekp("check", "aalst/rozendreef", "--json") == 2
    found = json.loads(lekp.out)
    assert found["ok"] is False
    assert set(found["places"][0]["faults"][0]) == {
        "file",
        "row",
        "column",
        "value",
        "problem",
        "remedy",
    }


def test_run_counts_what_it_did(lekp: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what was asked for runs."""
    ran = _pretend_runs(monkeypatch, status="ok")
    assert lekp("run", "aalst", "--only", "wp1,gemeente") == 0
    assert [unit.name for unit in ran] == ["aalst/gemeente", "aalst/rozendreef/wp1_warmtenet"]
    assert "2 notebooks uitgevoerd, 0 nog actueel, 0 mislukt." in lekp.out


def test_the_same_failure_is_told_once(lekp: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the names of all it hit, and exit code 2."""
    _pretend_runs(monkeypatch, status="failed", error="Kapot.")
    assert lekp("run", "aalst/rozendreef") == 2
    assert lekp.err.count("Kapot.") == 1
    assert "wp3_straten" in lekp.err


def test_a_bug_in_a_run_gives_exit_code_1(lekp: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its traceback is shown."""
    _pretend_runs(monkeypatch, status="failed", error="Oei", bug="Traceback: oei")
    assert lekp("run", "vlaanderen") == 1
    assert "Traceback: oei" in lekp.err


def test_run_speaks_json(lekp: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else is printed."""
    _pretend_runs(monkeypatch, status="ok")
    assert lekp("run", "vlaanderen", "--json") == 0
    assert json.loads(lekp.out)["outcomes"][0]["notebook"] == "vlaanderen"


def test_breaking_off_is_no_bug(lekp: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line and exit code 2."""

    def interrupt(*_: object, **__: object) -> Runs:
        raise KeyboardInterrupt

    monkeypatch.setattr(run_room, "run", interrupt)
    assert lekp("run") == 2
    assert lekp.err == "Onderbroken. Wat klaar was, blijft bewaard.\n"


def test_status_tells_what_never_ran(lekp: Command) -> None:
    """Exit code 0: asking is no fault."""
    assert lekp("status", "aalst/rozendreef") == 0
    assert "4 nog niet uitgevoerd" in lekp.out


def test_status_speaks_json(lekp: Command) -> None:
    """One object per unit."""
    assert lekp("status", "aalst", "--json") == 0
    assert [unit["state"] for unit in json.loads(lekp.out)["units"]] == ["never"] * 5


def test_new_makes_a_place_once(lekp: Command, root: Path) -> None:
    """The second time it is refused."""
    assert lekp("new", "aalst/dorp", "--naam", "Het dorp") == 0
    assert (root / "data/aalst/dorp/wijk.yml").is_file()
    assert lekp("new", "aalst/dorp") == 2
    assert "bestaat al" in lekp.err


def test_data_may_come_from_the_environment(
    lekp: Command, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LEKP_DATA stands for --data."""
    monkeypatch.setenv("LEKP_DATA", str(root / "nergens"))
    assert lekp("status") == 2
    assert "nergens" in lekp.err


def test_results_go_where_asked(lekp: Command, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder need not exist yet."""
    ran = _pretend_runs(monkeypatch, status="ok")
    lekp("run", "vlaanderen", "--out", "elders")
    assert ran[0].project.out_dir == (root / "elders").resolve()
