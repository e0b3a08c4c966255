"""What comes in: checks of the data, imports, a new neighbourhood, the demonstration."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from lekp_lib.errors import ContractError, Fault, LekpError, SourceError
from lekp_lib.pipeline.places import (
    FLANDERS,
    PlaceRef,
    Project,
    discover,
    near_names,
    refuse_reserved,
    split_place,
)
from lekp_lib.pipeline.plan import RULES_DAY, TEMPLATES
from lekp_lib.wording import slugify

if TYPE_CHECKING:
    from lekp_lib.synthetic import SyntheticWijk

__all__ = ["Report", "check", "import_files", "make_demo", "new_place", "place_checker"]

_OWN_PARAMETERS = frozenset({"place", "data_dir", "out_dir"})
_DEMO_SEED = 1  # the same seed gives the same demonstration

_SETTINGS = """\
# Gegevens over de wijk. Laat de aanhalingstekens staan.
name: "{name}"
municipality: "{municipality}"
nis_code: "{nis_code}"
is_fictional: {is_fictional}

# De code van de wijk in «Provincies in Cijfers», als u die kent.
# wijk_code: "4100201"

# Wie vragen kan beantwoorden: een functie, geen naam van een persoon.
# contact_role: "dienst omgeving"

# Per tabel: waar ze vandaan komt en onder welke licentie.
# sources:
#   gebouwen:
#     source: "Basiskaart Vlaanderen (GRB)"
#     licence: "Modellicentie Gratis Hergebruik Vlaanderen"
#     date: "2026-01-01"

# Andere waarden voor de parameters van een notebook.
# parameters:
#   wp1_warmtenet:
#     naam_van_de_parameter: 1
"""
_STORY = """\
# {name}

Vertel hier in een paar zinnen het verhaal van de wijk: wie er woont, wat er leeft, wat de
gemeente van plan is. Deze tekst staat bovenaan de pagina van de wijk.
"""


@dataclass(frozen=True)
class Report:
    """
    What the check of one place found.

    Attributes
    ----------
    place : str
        Slug of the place.
    faults : tuple of Fault
        What must be mended before it can run.
    problems : tuple of str
        Problems that have no file or row, in Dutch.
    notices : tuple of str
        What may stay, but is good to know.
    """

    place: str
    faults: tuple[Fault, ...] = ()
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def is_in_order(self) -> bool:
        """Whether the place can run."""
        return not self.faults and not self.problems

    def as_dict(self) -> dict[str, object]:
        """Return the report as a plain dictionary, for JSON."""
        return {
            "place": self.place,
            "ok": self.is_in_order,
            "faults": [fault.as_dict() for fault in self.faults],
            "problems": list(self.problems),
            "notices": list(self.notices),
        }


def place_checker(project: Project) -> Callable[[str], None]:
    """
    Return a function that raises a `ContractError` if the data of a place have faults.

    Parameters
    ----------
    project : Project
        The folders of this command.
    """

    def check_neighbourhood(place: str) -> None:
        from lekp_lib.io.read import check_place

        faults = check_place(place, data_dir=project.data_dir).faults
        faults = faults or _parameter_faults(project, place)
        if faults:
            raise ContractError(faults)

    return check_neighbourhood


def check(project: Project, places: Sequence[PlaceRef]) -> list[Report]:
    """
    Return every fault in the data of some places; nothing is written.

    Parameters
    ----------
    project : Project
        The folders of this command.
    places : sequence of PlaceRef
        Flanders, municipalities (their progress) and neighbourhoods (all their tables).
    """
    return [_guarded_check(project, place) for place in places]


def import_files(
    project: Project,
    adapter: str,
    files: Sequence[str],
    place: str,
    *,
    beside: Path | None = None,
    force: bool = False,
) -> list[str]:
    """
    Turn files of a provider into tables of a place, and return what to tell the user.

    Parameters
    ----------
    project : Project
        The folders of this command.
    adapter : {"osm", "fluvius"}
        Whose files they are.
    files : sequence of str
        Paths as the user gave them.
    place : str
        ``<gemeente>/<wijk>``; made if it does not exist.
    beside : Path, optional
        For `osm` the outline of the neighbourhood, for `fluvius` the table that names the
        wijk of each statistical sector.
    force : bool
        Replace tables that an earlier import wrote.

    Raises
    ------
    SourceError
        If a file does not exist.
    ContractError
        If the place cannot be made or the files hold something else.
    """
    paths = [Path(name) for name in files]
    for path in (*paths, *([beside] if beside else [])):
        if not path.is_file():
            msg = f"Het bestand «{path}» bestaat niet. Wat te doen: kijk de naam en de map na."
            raise SourceError(msg)
    given, wijk = _two_parts(place)
    home = _known_municipality(project, given)
    slug = f"{home.slug if home else slugify(given)}/{slugify(wijk)}"
    data_dir = project.data_dir
    if adapter == "osm":
        from lekp_lib.io.adapters.osm import import_osm

        return import_osm(paths, place=slug, data_dir=data_dir, boundary=beside, force=force)
    from lekp_lib.io.adapters.fluvius import import_fluvius

    return import_fluvius(paths, place=slug, data_dir=data_dir, sectors=beside, force=force)


def new_place(
    project: Project, text: str, *, name: str | None = None, is_fictional: bool = False
) -> list[str]:
    """
    Make the folder of a neighbourhood, with its settings, story and template workbook.

    Parameters
    ----------
    project : Project
        The folders of this command.
    text : str
        ``<gemeente>/<wijk>`` as typed: names, slugs or a NIS code.
    name : str, optional
        Name of the neighbourhood as readers know it.
    is_fictional : bool
        Allows a municipality that does not exist.

    Returns
    -------
    list of str
        What to tell the user.

    Raises
    ------
    ContractError
        If the municipality is not Flemish, or the folder exists.
    """
    from lekp_lib.contracts import FICTIONAL_NIS
    from lekp_lib.io.read import WORKBOOK
    from lekp_lib.io.template import write_workbook

    given, wijk = _two_parts(text)
    home = _municipality(project, given, is_fictional=is_fictional)
    slug = f"{home.slug if home else slugify(given)}/{slugify(wijk)}"
    refuse_reserved(slug.split("/")[1])
    folder = project.data_dir / slug
    if folder.exists():
        msg = f"De map «{folder}» bestaat al en blijft zo. Wat te doen: kies een andere naam."
        raise ContractError(msg)
    shown = _quoted(name or (wijk if wijk != slugify(wijk) else _readable(wijk)))
    folder.mkdir(parents=True)
    settings = _SETTINGS.format(
        name=shown,
        municipality=_quoted(home.name if home else _readable(given)),
        nis_code=FICTIONAL_NIS if is_fictional or home is None else home.nis_code,
        is_fictional=str(is_fictional).lower(),
    )
    (folder / "wijk.yml").write_text(settings, encoding="utf-8")
    (folder / "verhaal.md").write_text(_STORY.format(name=shown), encoding="utf-8")
    write_workbook(folder / WORKBOOK)
    return [
        f"Gemaakt: {folder}",
        "  wijk.yml        naam, bronnen en licenties: vul aan",
        "  verhaal.md      het verhaal van de wijk: schrijf het",
        f"  {WORKBOOK:<15} het sjabloon voor tabellen zonder kaart",
        "Zet er gebouwen en straten bij (bijvoorbeeld gebouwen.gpkg en straten.gpkg),",
        f"en kijk alles na met: lekp check {slug}",
    ]


def make_demo(project: Project) -> list[str]:
    """
    Make the fictional demonstration municipality anew and return what to tell the user.

    Parameters
    ----------
    project : Project
        The folders of this command.
    """
    from lekp_lib import synthetic

    lines = []
    for wijk in synthetic.demo_wijken(_DEMO_SEED):
        folder = project.data_dir / wijk.slug
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Made aside: a half-written folder never takes the place of a whole one.
        with tempfile.TemporaryDirectory(prefix=".demo-", dir=project.data_dir) as made:
            fresh = Path(made) / "wijk"
            fresh.mkdir()
            _write_wijk(wijk, fresh)
            if folder.exists():
                folder.replace(Path(made) / "old")
            fresh.replace(folder)
        lines.append(f"Gemaakt: {folder}")
    return lines


def _write_wijk(wijk: SyntheticWijk, folder: Path) -> None:
    from lekp_lib.io.write import write_table

    for name, table in wijk.tables.items():
        write_table(name, table, folder)
    settings = wijk.settings.model_dump(exclude_defaults=True)
    text = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False, width=100)
    (folder / "wijk.yml").write_text(text, encoding="utf-8", newline="\n")
    (folder / "verhaal.md").write_text(wijk.story, encoding="utf-8", newline="\n")


def _guarded_check(project: Project, place: PlaceRef) -> Report:
    # A fault in one place must not hide those of the others.
    try:
        return _check_one(project, place)
    except ContractError as err:
        return Report(place.slug, faults=err.faults, problems=() if err.faults else (str(err),))
    except LekpError as err:
        return Report(place.slug, problems=(str(err),))


def _check_one(project: Project, place: PlaceRef) -> Report:
    from lekp_lib.io import read

    if place.kind == "wijk":
        found = read.check_place(place.slug, data_dir=project.data_dir)
        faults = found.faults or _parameter_faults(project, place.slug)
        return Report(place.slug, faults=faults, notices=found.notices)
    if place.slug == FLANDERS:
        read.read_flanders(data_dir=project.data_dir)
    else:
        return Report(place.slug, faults=_municipal_faults(project, place.slug))
    return Report(place.slug)


def _municipal_faults(project: Project, gemeente: str) -> tuple[Fault, ...]:
    """Return the faults in the tables of a municipality, of all of them."""
    from lekp_lib.io import read

    faults: list[Fault] = []
    for read_table in (read.read_progress, read.read_local_rules):
        try:
            read_table(gemeente, data_dir=project.data_dir)
        except ContractError as err:
            faults += err.faults
    return tuple(faults)


def _parameter_faults(project: Project, place: str) -> tuple[Fault, ...]:
    """Return the parameters in ``wijk.yml`` for notebooks that do not exist or that are ours."""
    from lekp_lib.io.read import read_settings

    settings = read_settings(project.data_dir / place, data_dir=project.data_dir)
    known = [template.name for template in TEMPLATES if template.kind == "wijk"]
    faults = []
    for name, given in settings.parameters.items():
        if name not in known:
            remedy = f"Kies uit {', '.join(known)}."
            problem = "dit notebook bestaat niet"
            faults.append(Fault("wijk.yml", None, f"parameters.{name}", None, problem, remedy))
        faults += [
            Fault("wijk.yml", None, f"parameters.{name}.{own}", None,
                  "deze parameter geeft het programma zelf", "Haal hem weg.")
            for own in sorted(_OWN_PARAMETERS.intersection(given))
        ]  # fmt: skip
        faults += _day_faults(name, given)
    return tuple(faults)


def _day_faults(name: str, given: Mapping[str, object]) -> list[Fault]:
    """Return the fault in the day whose rules count, if a place gives one that is no day."""
    day = given.get(RULES_DAY)
    try:
        dt.date.fromisoformat("2000-01-01" if day is None else str(day))
    except ValueError:
        where, remedy = f"parameters.{name}.{RULES_DAY}", 'Schrijf ze als "2026-11-01".'
        return [Fault("wijk.yml", None, where, str(day), "is geen datum", remedy)]
    return []


def _two_parts(text: str) -> tuple[str, str]:
    parts = split_place(text)
    if len(parts) == 1 or not all(slugify(part) for part in parts):
        msg = (
            f"«{text}» is geen wijk. Wat te doen: schrijf <gemeente>/<wijk>, "
            "bijvoorbeeld «aalst/rozendreef»."
        )
        raise ContractError(msg)
    return parts[0].strip(), parts[1].strip()


def _known_municipality(project: Project, given: str) -> PlaceRef | None:
    for place in discover(project.data_dir):
        if place.kind == "gemeente" and (given == place.nis_code or slugify(given) == place.slug):
            return place
    return None


def _municipality(project: Project, given: str, *, is_fictional: bool) -> PlaceRef | None:
    found = _known_municipality(project, given)
    if found is not None or is_fictional:
        return found
    known = [place.slug for place in discover(project.data_dir) if place.kind == "gemeente"]
    near = near_names(slugify(given), known)
    hint = f" Bedoelde u {near}?" if near else ""
    msg = (
        f"«{given}» is geen Vlaamse gemeente.{hint} Wat te doen: gebruik de naam of de NIS-code "
        "van een gemeente; met «lekp new … --fictief» maakt u een verzonnen plaats."
    )
    raise ContractError(msg)


def _quoted(text: str) -> str:
    return " ".join(text.replace("\\", " ").replace('"', "'").split())


def _readable(slug: str) -> str:
    return slug.replace("-", " ").capitalize()
