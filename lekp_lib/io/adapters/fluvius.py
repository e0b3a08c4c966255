"""
Import Fluvius: energy use of households per statistical sector in, table ``verbruik`` out.

Only figures that are there are added up: where one sector of the wijk has no figure, the total
of the wijk stays empty. Use in an unknown sector of the municipality is reported, never shared
out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from lekp_lib import wording
from lekp_lib.contracts import INPUTS, Source, SourceNote, check
from lekp_lib.errors import ContractError, Fault
from lekp_lib.io.adapters._fluvius_read import (
    Reading,
    find_columns,
    is_unknown_sector,
    read_use,
    sector_code,
    stream,
)
from lekp_lib.io.adapters._place_folder import (
    Target,
    fault,
    open_target,
    refuse_existing,
    save,
    settings_for,
)
from lekp_lib.units import KWH_PER_MWH

__all__ = ["import_fluvius"]

_CARRIERS = {"gas": "gas", "electricity": "elektriciteit"}
_SECTOR_TABLE = {
    "sector": ("statsec2019", "statsec2024", "statsec", "sector", "sectorcode"),
    "wijk": ("ggw72024", "ggw7", "wijk_code", "wijkcode", "wijk"),
}
_KEY = ["sector", "year", "carrier"]
_LICENCE = "open data van Fluvius; licentie niet nagegaan"


def import_fluvius(
    files: Sequence[str | Path],
    *,
    place: str,
    data_dir: str | Path,
    sectors: str | Path | None = None,
    year: int | None = None,
    per_sector: bool = False,
    force: bool = False,
) -> list[str]:
    """
    Fill table ``verbruik`` of a neighbourhood.

    Parameters
    ----------
    files : sequence of path
        ``.xlsx`` or ``.csv`` in one of the two known layouts.
    place : str
        ``<gemeente>/<wijk>``; made if it is not there and its name is that of a known wijk.
    data_dir : str or Path
        The data folder.
    sectors : path
        Table that tells the wijk of each sector, in the same edition of sector codes as the
        files (2019). Codes of wijken do not follow from those of sectors.
    year : int, optional
        Year of a raw file; of the other layout only this year is taken.
    per_sector : bool
        Add a row per sector to the row of the wijk.
    force : bool
        Replace a table that is there.

    Returns
    -------
    list of str
        Dutch lines that tell what was imported and what was not.

    Raises
    ------
    ContractError, SourceError
        If a file cannot be used or the table is in the way. Nothing has changed then.
    """
    target = open_target(place, data_dir=data_dir)
    refuse_existing(target, ["verbruik"], force=force)
    if not files:
        problem = "er is geen bestand opgegeven"
        raise fault(target.slug, problem, "Geef een .xlsx of .csv van Fluvius.")
    names = wording.join([Path(file).name for file in files])
    known = settings_for(target, name=None, wijk_code=None, sources={})
    wijk_code = _known_code(target, known.wijk_code)
    wanted = _sectors_of(wijk_code, sectors)
    kept, tally = _kept(files, wanted, year)
    per_year = _per_sector(kept, wanted)
    wijk = _wijk_rows(per_year, wijk_code)
    if wijk.empty:
        problem = f"geen enkel jaar heeft cijfers voor wijk {wijk_code}"
        remedy = "Kijk na of de sectorcodes in beide bestanden van dezelfde indeling zijn (2019)."
        raise fault(names, problem, remedy)
    table = _checked([wijk, _sector_rows(per_year)] if per_sector else [wijk], names)
    years = wording.join([str(one) for one in tally.years])
    note = SourceNote(source=f"Fluvius, bestand {names}", licence=_LICENCE, date=years)
    written = save(
        target,
        {"verbruik": table},
        settings=settings_for(target, name=None, wijk_code=None, sources={"verbruik": note}),
        story=_story(target.municipality),
    )
    return [
        f"Gelezen: {names}, {wording.number(tally.n_sectors)} statistische sectoren, jaar {years}.",
        f"Wijk {wijk_code} ({known.name}) telt {len(wanted)} statistische sectoren: "
        f"{', '.join(wanted)}.",
        *_use_lines(wijk),
        *_gap_lines(per_year),
        *_unplaced_lines(kept, tally),
        "Het verbruik is niet omgerekend naar een gemiddelde winter.",
        f"Geschreven in {place}: {wording.join(written)}.",
    ]


@dataclass(frozen=True)
class _Tally:
    """What the files hold besides our sectors: years, sectors, and those without figures."""

    years: tuple[int, ...]
    n_sectors: int
    n_unknown: int
    n_without_figure: int


def _known_code(target: Target, wijk_code: str | None) -> str:
    if wijk_code is None:
        problem = "de wijkcode is niet bekend"
        remedy = "Voeg wijk_code toe aan wijk.yml; de codes staan in data/vlaanderen/wijken.csv."
        raise fault(target.slug, problem, remedy)
    return wijk_code


def _sectors_of(wijk_code: str, sectors: str | Path | None) -> list[str]:
    """Return the sectors of a wijk by the table that the user gives."""
    if sectors is None:
        problem = "uit de code van een wijk volgt niet welke statistische sectoren ze telt"
        remedy = (
            "Geef met --sectoren de tabel mee die de wijk van elke sector noemt, bijvoorbeeld "
            "statsec2019_als_basis.xlsx van Provincies in Cijfers."
        )
        raise fault(wijk_code, problem, remedy)
    path = Path(sectors)
    rows = stream(path)
    found = find_columns(rows, [_SECTOR_TABLE])
    if found is None:
        problem = "de tabel heeft geen kolom met de sector en een met de wijk"
        raise fault(path.name, problem, "Noem de kolommen sector en wijk.")
    columns = found[1]
    codes: set[str] = set()
    faults: list[Fault] = []
    for number, row in rows:
        cell = row[columns["wijk"]] if columns["wijk"] < len(row) else None
        is_whole = isinstance(cell, float) and cell.is_integer()
        if cell is None or str(int(cell) if is_whole else cell).strip() != wijk_code:
            continue
        code, problem, remedy = sector_code(row[columns["sector"]])
        if code is None:
            value = str(row[columns["sector"]])
            faults.append(Fault(path.name, number, "sector", value, problem, remedy))
        elif not is_unknown_sector(code):
            codes.add(code)
    if faults:
        raise ContractError(faults)
    if not codes:
        problem = f"geen enkele sector hoort bij wijk {wijk_code}"
        raise fault(path.name, problem, "Kijk na of de codes in beide bestanden dezelfde zijn.")
    return sorted(codes)


def _kept(
    files: Sequence[str | Path], wanted: Sequence[str], year: int | None
) -> tuple[pd.DataFrame, _Tally]:
    """Return the rows of the wijk's sectors and of the unknown sectors of its municipality."""
    mine = set(wanted)
    unplaced = {f"{sector[:5]}ZZZZ" for sector in wanted}
    kept: list[Reading] = []
    years: set[int] = set()
    seen: set[str] = set()
    with_figure: set[str] = set()
    for file in files:
        for reading in read_use(Path(file), year=year):
            years.add(reading.year)
            seen.add(reading.sector)
            if reading.points is not None or not reading.is_complete:
                with_figure.add(reading.sector)
            if reading.sector in mine or (reading.sector in unplaced and reading.carrier):
                kept.append(reading)
    table = pd.DataFrame(kept, columns=list(Reading.__dataclass_fields__))
    _refuse_doubled(table[table["sector"].isin(mine)])
    unknown = {code for code in seen if is_unknown_sector(code)}
    n_empty = len(seen - with_figure)
    return table, _Tally(tuple(sorted(years)), len(seen - unknown), len(unknown), n_empty)


def _refuse_doubled(table: pd.DataFrame) -> None:
    """Refuse a sector that two rows give for the same year: it would count twice."""
    figures = table[table["carrier"].notna()]
    first_file = figures.groupby(_KEY)["file"].transform("first")
    is_doubled = figures.duplicated([*_KEY, "role"]) | (figures["file"] != first_file)
    doubled = figures[is_doubled]
    if doubled.empty:
        return
    problem = "deze sector komt voor hetzelfde jaar meer dan eens voor"
    remedy = "Houd één rij over; geef elk jaar maar één keer mee."
    raise ContractError(
        Fault(row["file"], row["row"], "statistische sector", row["sector"], problem, remedy)
        for row in doubled.drop_duplicates(["file", "row"]).to_dict("records")
    )


def _per_sector(kept: pd.DataFrame, wanted: Sequence[str]) -> pd.DataFrame:
    """
    Return use [MWh] and connections [-] per sector, year and carrier, and how it is known.

    Column ``state`` is ``known``; ``none`` where the raw layout, which has rows only for what
    there is, knows the sector but has no row; or ``missing``.
    """
    ours = kept[kept["sector"].isin(wanted)]
    figures = ours[ours["carrier"].notna()].astype({"kwh": "float64", "points": "Float64"})
    grouped = figures.groupby(_KEY)[["kwh", "points"]]
    sums = grouped.sum(skipna=False)
    years = sorted(kept["year"].unique())
    every = pd.MultiIndex.from_product([wanted, years, list(_CARRIERS)], names=_KEY)
    table = sums.reindex(every).reset_index()
    partial = ours[~ours["is_complete"].astype(bool)]
    named = set(zip(partial["sector"], partial["year"], strict=True))
    is_absent = ~every.isin(sums.index)
    is_named = np.array([(sector, when) in named for sector, when, _ in every], dtype=bool)
    is_none = is_absent & is_named
    table.loc[is_none, ["kwh", "points"]] = 0.0
    is_known = table["kwh"].notna() & table["points"].notna()
    state = pd.Series("missing", index=table.index).mask(is_known, "known").mask(is_none, "none")
    return table.assign(mwh=(table["kwh"] / KWH_PER_MWH).round(5), state=state).drop(columns="kwh")


def _wijk_rows(per_year: pd.DataFrame, wijk_code: str) -> pd.DataFrame:
    """Return one row per year for the wijk; a carrier of which a sector is missing is empty."""
    totals = per_year.groupby(["year", "carrier"])[["mwh", "points"]].sum(skipna=False)
    return _spread(
        totals.round({"mwh": 5}).reset_index().assign(area_kind="wijk", area_id=wijk_code)
    )


def _sector_rows(per_year: pd.DataFrame) -> pd.DataFrame:
    return _spread(per_year.assign(area_kind="sector", area_id=per_year["sector"]))


def _spread(long: pd.DataFrame) -> pd.DataFrame:
    """Return one row per area and year with a pair of columns per carrier."""
    area = ["area_kind", "area_id", "year"]
    parts = [
        long[long["carrier"] == carrier]
        .set_index(area)[["mwh", "points"]]
        .rename(columns={"mwh": f"{carrier}_mwh", "points": f"{carrier}_points"})
        for carrier in _CARRIERS
    ]
    return pd.concat(parts, axis="columns").dropna(how="all").reset_index()


def _checked(parts: Sequence[pd.DataFrame], names: str) -> pd.DataFrame:
    rows = pd.concat(parts, ignore_index=True)
    checked = check(rows, INPUTS["verbruik"], Source(names))
    if checked.faults:
        raise ContractError(checked.faults)
    return checked.table


def _use_lines(wijk: pd.DataFrame) -> list[str]:
    lines = []
    for row in wijk.to_dict("records"):
        parts = [
            f"{wording.quantity(row[f'{carrier}_mwh'], 'MWh', 1)} {word} op "
            f"{wording.number(row[f'{carrier}_points'])} aansluitingen"
            for carrier, word in _CARRIERS.items()
            if pd.notna(row[f"{carrier}_mwh"])
        ]
        lines.append(f"{row['year']}: huishoudens verbruikten {wording.join(parts)}.")
    return lines


def _gap_lines(per_year: pd.DataFrame) -> list[str]:
    """Say which sectors have no figure, and which have no connections."""
    words = {
        "missing": "geen cijfer, dus geen totaal voor de wijk",
        "none": "geen aansluitingen in het bestand (Fluvius voegt zeer kleine aantallen toe aan "
        "de onbekende sector)",
    }
    lines = []
    for (state, when, carrier), rows in per_year.groupby(["state", "year", "carrier"]):
        if state in words:
            sectors = ", ".join(rows["sector"])
            lines.append(f"{when}, {_CARRIERS[str(carrier)]}: {words[str(state)]} voor {sectors}.")
    return lines


def _unplaced_lines(kept: pd.DataFrame, tally: _Tally) -> list[str]:
    lines = []
    unplaced = kept[kept["sector"].map(is_unknown_sector) & (kept["points"] != 0)]
    for (when, carrier), rows in unplaced.groupby(["year", "carrier"]):
        mwh = wording.quantity(float(rows["kwh"].sum()) / KWH_PER_MWH, "MWh", 1)
        points = wording.number(float(rows["points"].sum()))
        codes = ", ".join(sorted(set(rows["sector"])))
        lines.append(
            f"{when}, {_CARRIERS[str(carrier)]}: {mwh} op {points} aansluitingen in de gemeente is "
            f"aan geen sector toegewezen ({codes}) en telt niet mee."
        )
    if tally.n_unknown:
        n_unknown = wording.number(tally.n_unknown)
        lines.append(f"Codes voor een onbekende sector, niet gebruikt: {n_unknown}.")
    if tally.n_without_figure:
        n_empty = wording.number(tally.n_without_figure)
        lines.append(f"Sectoren zonder cijfers in het bestand: {n_empty}.")
    return lines


def _story(municipality: str) -> str:
    return (
        f"Van deze wijk in {municipality} is het gemeten verbruik van de huishoudens bekend, uit "
        "de open gegevens van Fluvius.\n"
        "Vervang deze tekst door het verhaal van de wijk.\n"
    )
