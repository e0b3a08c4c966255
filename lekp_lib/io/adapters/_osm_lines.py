"""What an import of OpenStreetMap tells its user, in Dutch."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

import geopandas as gpd
import pandas as pd

from lekp_lib import wording
from lekp_lib.io.adapters._osm_collect import Collected
from lekp_lib.io.adapters._osm_shapes import Skipped

__all__ = ["SKIPPED_FILE", "report_lines", "skipped_csv", "story"]

SKIPPED_FILE = "import_overgeslagen.csv"
"""File with every object that was left out or used in part."""

_WORDS = {"n": "node", "w": "way", "r": "relation"}
_SHOWN = 20
_METRES_PER_KM = 1000.0
_LEFT_ASIDE = {
    "not_built": "gebouwen die nog niet of niet meer bestaan",
    "other_roads": "wegen in aanleg, pleinen, haltes en wat verder geen straat is",
    "tree_rows": "bomenrijen, want OpenStreetMap zegt niet hoeveel bomen er staan",
    "kerb_parkings": "parkeervakken langs de straat, want die horen bij de straat",
}


def report_lines(collected: Collected) -> list[str]:
    """Return what was imported, what was decided on the way, and what was left out."""
    tables = collected.tables
    lines = [*_building_lines(tables["gebouwen"]), _street_line(tables["straten"])]
    if "parkings" in tables:
        lines += _parking_lines(tables["parkings"], collected.n_parkings_near)
    for name, what in (("bomen", "size_class"), ("groen", "kind")):
        if name in tables:
            lines.append(_simple_line(name, tables[name], what))
    absent = [name for name in ("parkings", "bomen", "groen") if name not in tables]
    if absent:
        lines.append(f"Niet gevonden in het bestand: {wording.join(absent)}.")
    outside = {name: n for name, n in collected.n_outside.items() if n}
    if outside:
        counted = wording.join([f"{wording.number(n)} {name}" for name, n in outside.items()])
        lines.append(f"Buiten de grens van de wijk en dus niet overgenomen: {counted}.")
    lines += [
        f"Niet overgenomen: {_LEFT_ASIDE[kind]} ({wording.number(n)})."
        for kind, n in collected.left_aside.items()
        if n
    ]
    return [*lines, *_skipped_lines(collected.skipped)]


def _building_lines(buildings: pd.DataFrame) -> list[str]:
    functions = _counts(buildings["function"], "function")
    n_homes = wording.number(int(buildings["dwellings"].sum()))
    n_with_homes = wording.number(int((buildings["dwellings"] > 0).sum()))
    n_ancillary = wording.number(int((buildings["function"] == "ancillary").sum()))
    n_unknown = wording.number(int((buildings["function"] == "unknown").sum()))
    n_uncounted = int(buildings["dwellings"].isna().sum())
    lines = [
        f"gebouwen: {wording.number(len(buildings))} ({functions}).",
        f"woningen: {n_homes} in {n_with_homes} gebouwen.",
        "Zonder woning en dus zonder warmtevraag: garages, schuren en andere bijgebouwen "
        f"({n_ancillary}) en gebouwen zonder teken van bewoning ({n_unknown}).",
        f"OpenStreetMap kent het bouwjaar van {_known(buildings, 'construction_year')}, de "
        f"bouwlagen van {_known(buildings, 'levels')} en het type woning van "
        f"{_known(buildings, 'building_type')} gebouwen.",
    ]
    if n_uncounted:
        lines.append(
            "Gebouwen waarvan het aantal woningen niet bekend is (de studie gebruikt daar een "
            f"aanname): {wording.number(n_uncounted)}."
        )
    return lines


def _known(table: pd.DataFrame, column: str) -> str:
    return wording.number(int(table[column].notna().sum()))


def _counts(values: pd.Series, kind: str) -> str:
    """Return how often each code occurs, the most frequent first."""
    counted = values.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    parts = [f"{wording.number(n)} {wording.label(kind, code)}" for code, n in counted.items()]
    unknown = int(values.isna().sum())
    return ", ".join([*parts, *([f"{wording.number(unknown)} onbekend"] if unknown else [])])


def _street_line(streets: gpd.GeoDataFrame) -> str:
    drivable = streets[streets["road_class"] != "slow"]
    all_km, drivable_km = (
        wording.number(float(table.geometry.length.sum()) / _METRES_PER_KM, 1)
        for table in (streets, drivable)
    )
    classes = _counts(streets["road_class"], "road_class")
    return (
        f"straten: {wording.number(len(streets))} segmenten, {all_km} km, waarvan {drivable_km} km "
        f"voor auto’s ({classes})."
    )


def _parking_lines(parkings: pd.DataFrame, n_near: int) -> list[str]:
    functions = _counts(parkings["function"], "parking_function")
    spaces = wording.number(int(parkings["capacity"].sum()))
    lines = [
        f"parkings: {wording.number(len(parkings))} ({functions}); het aantal plaatsen is bekend "
        f"van {_known(parkings, 'capacity')} parkings, samen {spaces}."
    ]
    if n_near:
        lines.append(
            "Parkings waarvan de functie is afgeleid van een school of supermarkt vlakbij: "
            f"{wording.number(n_near)}."
        )
    return lines


def _simple_line(name: str, table: pd.DataFrame, column: str) -> str:
    kind = {"size_class": "tree_class", "kind": "green_kind"}[column]
    return f"{name}: {wording.number(len(table))} ({_counts(table[column], kind)})."


def _skipped_lines(skipped: Sequence[Skipped]) -> list[str]:
    groups: dict[tuple[str, str, bool], list[str]] = {}
    for one in skipped:
        reason = one.problem.partition(":")[0].partition("«")[0].strip()
        group = groups.setdefault((one.table, reason, one.is_partial), [])
        group.append(f"{_WORDS[one.kind]} {one.number}")
    lines = []
    for (table, reason, is_partial), names in groups.items():
        verb = "deels gebruikt" if is_partial else "niet overgenomen"
        more = len(names) - _SHOWN
        rest = f" en {wording.number(more)} andere" if more > 0 else ""
        lines.append(
            f"{table}: {wording.number(len(names))} {verb} ({reason}): "
            f"{', '.join(names[:_SHOWN])}{rest}."
        )
    if skipped:
        lines.append(f"De volledige lijst staat in {SKIPPED_FILE}.")
    return lines


def skipped_csv(skipped: Sequence[Skipped]) -> str:
    """Return the list of objects that were left out or used in part, as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["tabel", "soort", "osm_id", "gebruikt", "probleem", "adres"])
    for one in skipped:
        word = _WORDS[one.kind]
        address = f"https://www.openstreetmap.org/{word}/{one.number}"
        used = "deels" if one.is_partial else "nee"
        writer.writerow([one.table, word, one.number, used, one.problem, address])
    return text.getvalue()


def story(municipality: str, tables: Mapping[str, pd.DataFrame], day: str) -> str:
    """Return a first ``verhaal.md``: what the data are, until someone tells the real story."""
    names = wording.join([name for name in tables if name != "grens"])
    when = f" van {day}" if day else ""
    return (
        f"Deze wijk in {municipality} is beschreven met open gegevens van OpenStreetMap{when}: "
        f"{names}.\n"
        "Vrijwilligers tekenen die kaart; ze is niet overal volledig en zegt zelden hoe oud een "
        "gebouw is.\n"
        "Het aantal woningen is afgeleid van adressen en van het soort gebouw.\n\n"
        "Elke eigen tabel van de gemeente maakt de berekeningen beter.\n"
        "Vervang deze tekst door het verhaal van de wijk: wie er woont, wat er leeft, wat de "
        "gemeente er wil.\n"
    )
