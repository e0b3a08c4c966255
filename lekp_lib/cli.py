"""
The command ``lekp``: options in, one call of the pipeline, an exit code out.

Exit codes: 0 done, 1 a bug (the traceback is kept), 2 the user's input or a failed place.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

from lekp_lib import __version__
from lekp_lib.errors import LekpError
from lekp_lib.pipeline import messages
from lekp_lib.pipeline import places as places_room
from lekp_lib.pipeline import plan as plan_room

if TYPE_CHECKING:
    from lekp_lib.pipeline.cache import Task
    from lekp_lib.pipeline.manifest import Outcome
    from lekp_lib.pipeline.run import Runs

__all__ = ["app", "main"]

_DONE, _BUG, _FAULT = 0, 1, 2
_BROKEN_OFF = 130  # what typer makes of Ctrl-C

_ERRORS = (
    ("No such command", "Deze opdracht bestaat niet"),
    ("No such option", "Deze optie bestaat niet"),
    ("Missing argument", "Er ontbreekt"),
    ("Missing option", "De optie ontbreekt"),
    ("Missing command", "Er ontbreekt een opdracht"),
    ("requires an argument", "vraagt een waarde"),
    ("Invalid value for", "Verkeerde waarde voor"),
    ("Input should be a valid integer, unable to parse string as an integer", "geen geheel getal"),
    ("Input should be greater than or equal to", "te klein, minstens"),
    ("Possible options:", "bedoelde u:"),
    ("Got unexpected extra argument", "Dit hoort er niet bij"),
    ("Did you mean", "Bedoelde u"),
)


class _Dutch:
    """Help in Dutch, also where the library behind the command speaks English."""

    def get_usage(self, ctx: Any) -> str:
        text: str = super().get_usage(ctx)  # type: ignore[misc]
        return text.replace("Usage:", "Gebruik:", 1)

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "Toon deze uitleg."
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        rich_utils.ARGUMENTS_PANEL_TITLE = "Wat u opgeeft"
        rich_utils.OPTIONS_PANEL_TITLE = "Opties"
        rich_utils.COMMANDS_PANEL_TITLE = "Opdrachten"
        rich_utils.DEFAULT_STRING = "[standaard: {}]"
        rich_utils.ENVVAR_STRING = "[omgevingsvariabele: {}]"
        rich_utils.REQUIRED_LONG_STRING = "[verplicht]"
        super().format_help(ctx, formatter)  # type: ignore[misc]


class _Command(_Dutch, TyperCommand):
    pass


class _Group(_Dutch, TyperGroup):
    pass


app = typer.Typer(
    name="lekp",
    cls=_Group,
    help="Reken wijken door en bouw het boek van het 100 Wijken kennisplatform.",
    epilog=(
        "Een PLAATS is <gemeente>/<wijk>, een gemeente (naam of NIS-code, met al haar wijken), "
        "vlaanderen of een patroon zoals aalst/*. Zonder PLAATS geldt een opdracht voor alles."
    ),
    options_metavar="[OPTIES]",
    subcommand_metavar="OPDRACHT ...",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
importer = typer.Typer(
    cls=_Group,
    options_metavar="[OPTIES]",
    subcommand_metavar="SOORT ...",
    no_args_is_help=True,
    help="Zet bestanden van een leverancier om in tabellen van een wijk.",
)
app.add_typer(importer, name="import")

Places = Annotated[
    list[str] | None,
    typer.Argument(metavar="PLAATS", help="Welke plaatsen; alle als u niets opgeeft."),
]
Data = Annotated[
    Path | None,
    typer.Option("--data", envvar="LEKP_DATA", metavar="MAP", help="Map met de gegevens."),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="MAP", help="Map voor alles wat gemaakt wordt (_build)."),
]
Only = Annotated[
    str,
    typer.Option("--only", metavar="NAMEN", help="Alleen deze notebooks, bv. wp1,gemeente."),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", min=1, metavar="N", help="Hoeveel notebooks tegelijk."),
]
Force = Annotated[bool, typer.Option("--force", help="Ook uitvoeren wat nog actueel is.")]
Timeout = Annotated[
    int | None,
    typer.Option("--timeout", min=1, metavar="SECONDEN", help="Langste duur van één cel."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Schrijf het resultaat als JSON.")]
Replace = Annotated[bool, typer.Option("--force", help="Vervang tabellen van een vorige import.")]
FilesAndPlace = Annotated[
    list[str],
    typer.Argument(metavar="BESTAND PLAATS", help="Een of meer bestanden, dan de wijk."),
]


def main() -> int:
    """
    Run the command and return its exit code; the entry point of ``lekp``.

    A fault that the user can mend is told in Dutch. Anything else is a bug and keeps its
    traceback, with which Python ends in exit code 1.
    """
    _allow_any_sign()
    try:
        code = app(standalone_mode=False)
    except LekpError as err:
        typer.echo(f"Fout: {err}", err=True)
        return _FAULT
    except typer.Abort:
        return _FAULT
    except OSError as err:
        # The disk said no: full, read-only, or a folder where a file should be.
        where = f" «{err.filename}»" if err.filename else ""
        typer.echo(
            f"Fout: het bestand of de map{where} kan niet gebruikt worden ({err.strerror}). "
            "Wat te doen: kijk na of u er mag schrijven.",
            err=True,
        )
        return _FAULT
    except Exception as err:
        told = _usage_message(err)
        if told is None:
            raise
        if told:
            typer.echo(told, err=True)
        return _FAULT
    if code == _BROKEN_OFF:
        typer.echo("Onderbroken. Wat klaar was, blijft bewaard.", err=True)
        return _FAULT
    return code if isinstance(code, int) else _DONE


@app.callback(invoke_without_command=True)
def start(
    *,
    version: Annotated[bool, typer.Option("--version", help="Toon de versie.")] = False,
) -> None:
    """Show the version if asked."""
    if version:
        typer.echo(f"lekp {__version__}")
        raise typer.Exit(_DONE)


@app.command(cls=_Command, help="Kijk de gegevens na; meld elke fout van elk bestand.")
def check(
    places: Places = None, *, data: Data = None, out: Out = None, as_json: AsJson = False
) -> int:
    """Check the data of places; writes nothing."""
    from lekp_lib.pipeline import intake

    project = places_room.open_project(data=data, out=out)
    reports = intake.check(project, _select(project, places))
    is_ok = all(report.is_in_order for report in reports)
    if as_json:
        _echo_json({"ok": is_ok, "places": [report.as_dict() for report in reports]})
    else:
        _echo_lines(messages.check_lines(reports))
    return _DONE if is_ok else _FAULT


@app.command(cls=_Command, help="Voer de notebooks uit die niet meer actueel zijn.")
def run(
    places: Places = None,
    *,
    data: Data = None,
    out: Out = None,
    only: Only = "",
    jobs: Jobs = None,
    timeout: Timeout = None,
    force: Force = False,
    as_json: AsJson = False,
) -> int:
    """Run what is stale."""
    project = places_room.open_project(data=data, out=out)
    units = plan_room.plan(project, _select(project, places), only.split(","))
    runs = _run(project, units, jobs=jobs, timeout=timeout, force=force, is_quiet=as_json)
    if as_json:
        outcomes = [outcome.as_dict() for outcome in runs.outcomes]
        _echo_json({"ok": not runs.failed, "fresh": runs.n_fresh, "outcomes": outcomes})
    else:
        _tell_runs(runs)
    return _exit_code(runs)


@app.command(cls=_Command, help="Voer uit wat niet meer actueel is en bouw het boek.")
def book(
    places: Places = None,
    *,
    data: Data = None,
    out: Out = None,
    jobs: Jobs = None,
    timeout: Timeout = None,
    force: Force = False,
) -> int:
    """Run what is stale, then build the site."""
    project = places_room.open_project(data=data, out=out)
    units = plan_room.plan(project, _select(project, places))
    runs = _run(project, units, jobs=jobs, timeout=timeout, force=force)
    _tell_runs(runs)

    from lekp_lib.pipeline.book import build_book

    typer.echo("Het boek wordt gebouwd …")
    _echo_lines(messages.book_lines(build_book(project, units, force=force)))
    return _exit_code(runs)


@app.command(cls=_Command, help="Maak de map van een nieuwe wijk, met een sjabloon.")
def new(
    place: Annotated[str, typer.Argument(metavar="PLAATS", help="<gemeente>/<wijk>")],
    *,
    name: Annotated[
        str | None, typer.Option("--naam", metavar="NAAM", help="Naam van de wijk.")
    ] = None,
    fictional: Annotated[
        bool, typer.Option("--fictief", help="Een verzonnen plaats, die dat ook zegt.")
    ] = False,
    data: Data = None,
) -> int:
    """Make the folder of a new neighbourhood."""
    from lekp_lib.pipeline import intake

    project = places_room.open_project(data=data)
    _echo_lines(intake.new_place(project, place, name=name, is_fictional=fictional))
    return _DONE


@importer.command("osm", cls=_Command, help="Zet bestanden van OpenStreetMap om.")
def import_osm(
    files_and_place: FilesAndPlace,
    *,
    boundary: Annotated[
        Path | None, typer.Option("--grens", metavar="BESTAND", help="Omtrek van de wijk.")
    ] = None,
    force: Replace = False,
    data: Data = None,
) -> int:
    """Import files of OpenStreetMap."""
    return _import("osm", files_and_place, data=data, beside=boundary, force=force)


@importer.command("fluvius", cls=_Command, help="Zet bestanden met verbruik van Fluvius om.")
def import_fluvius(
    files_and_place: FilesAndPlace,
    *,
    sectors: Annotated[
        Path | None,
        typer.Option(
            "--sectoren", metavar="BESTAND", help="Tabel met de wijk van elke statistische sector."
        ),
    ] = None,
    force: Replace = False,
    data: Data = None,
) -> int:
    """Import files of Fluvius."""
    return _import("fluvius", files_and_place, data=data, beside=sectors, force=force)


@app.command(cls=_Command, help="Zeg wat wanneer liep, wat verouderd is en wat mislukte.")
def status(
    places: Places = None,
    *,
    data: Data = None,
    out: Out = None,
    only: Only = "",
    as_json: AsJson = False,
) -> int:
    """Tell the state of every unit."""
    from lekp_lib.pipeline.status import status as rows_of

    project = places_room.open_project(data=data, out=out)
    rows = rows_of(plan_room.plan(project, _select(project, places), only.split(",")))
    if as_json:
        _echo_json({"units": [row.as_dict() for row in rows]})
    else:
        _echo_lines(messages.status_lines(rows))
    return _DONE


@app.command(cls=_Command, help="Maak de fictieve voorbeeldgemeente opnieuw.")
def demo(*, data: Data = None) -> int:
    """Make the demonstration municipality."""
    from lekp_lib.pipeline import intake

    _echo_lines(intake.make_demo(places_room.open_project(data=data)))
    return _DONE


def _select(
    project: places_room.Project, patterns: Sequence[str] | None
) -> list[places_room.PlaceRef]:
    return places_room.select(places_room.discover(project.data_dir), patterns or ())


def _import(
    adapter: str,
    files_and_place: list[str],
    *,
    data: Path | None,
    beside: Path | None = None,
    force: bool = False,
) -> int:
    from lekp_lib.pipeline import intake

    *files, place = files_and_place
    if not files:
        typer.echo("Fout: geef een of meer bestanden op, en als laatste de wijk.", err=True)
        return _FAULT
    project = places_room.open_project(data=data)
    _echo_lines(intake.import_files(project, adapter, files, place, beside=beside, force=force))
    return _DONE


def _run(
    project: places_room.Project,
    units: Sequence[plan_room.Unit],
    *,
    jobs: int | None,
    timeout: int | None,
    force: bool,
    is_quiet: bool = False,
) -> Runs:
    from lekp_lib.pipeline import intake
    from lekp_lib.pipeline import run as run_room

    progress = _Progress(is_quiet=is_quiet)
    try:
        return run_room.run(
            units,
            check=intake.place_checker(project),
            jobs=jobs,
            force=force,
            cell_timeout_s=timeout,
            begin=progress.begin,
            report=progress.report,
        )
    finally:
        progress.end()


class _Progress:
    """A bar where someone watches, one line per notebook where a log is kept."""

    def __init__(self, *, is_quiet: bool) -> None:
        self._is_quiet = is_quiet
        self._total = self._done = 0
        self._bar: Any = None
        self._task: Any = None

    def begin(self, tasks: Sequence[Task]) -> None:
        self._total = len(tasks)
        if self._is_quiet or not tasks:
            return
        typer.echo(messages.plan_line(tasks))
        if sys.stderr.isatty():
            self._bar = _make_bar()
            self._task = self._bar.add_task("Notebooks", total=self._total)
            self._bar.start()

    def report(self, outcome: Outcome) -> None:
        self._done += 1
        if self._is_quiet:
            return
        if self._bar is not None:
            self._bar.update(self._task, advance=1, description=outcome.unit.name)
            if outcome.status == "failed":
                self._bar.console.print(
                    messages.outcome_line(outcome), markup=False, highlight=False
                )
            return
        typer.echo(
            f"[{self._done}/{max(self._total, self._done)}] {messages.outcome_line(outcome)}"
        )

    def end(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _make_bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn as Elapsed

    columns = (BarColumn(), MofNCompleteColumn(), Elapsed(), TextColumn("{task.description}"))
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _tell_runs(runs: Runs) -> None:
    typer.echo(messages.run_line(runs))
    for line in messages.failure_lines(runs):
        typer.echo(line, err=True)


def _exit_code(runs: Runs) -> int:
    bugs = [outcome.bug for outcome in runs.outcomes if outcome.bug]
    if bugs:
        typer.echo(bugs[0], err=True)
        return _BUG
    return _FAULT if runs.failed else _DONE


def _echo_lines(lines: Sequence[str]) -> None:
    for line in lines:
        typer.echo(line)


def _echo_json(content: dict[str, object]) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=1))


def _usage_message(err: Exception) -> str | None:
    """Return what is wrong with a command line in Dutch; None for any other error."""
    format_message: Callable[[], str] | None = getattr(err, "format_message", None)
    if format_message is None or not hasattr(err, "exit_code"):
        return None
    text = format_message()
    if not text:
        return ""  # only the help was asked for, and shown
    for english, dutch in _ERRORS:
        text = text.replace(english, dutch)
    context = getattr(err, "ctx", None)
    path = context.command_path if context is not None else "lekp"
    return f"Fout: {text}\nUitleg: {path} --help"


def _allow_any_sign() -> None:
    # A console with an older character set must not break on a name or a quotation mark.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    sys.exit(main())
