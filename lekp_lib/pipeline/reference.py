"""Pages made from the contracts and the figures themselves: columns and kengetallen."""

from __future__ import annotations

from itertools import groupby

from lekp_lib import wording
from lekp_lib.assumptions import Assumption, load, load_sources
from lekp_lib.contracts import INPUTS, Column, Contract

__all__ = ["COLUMNS", "FIGURES", "columns_page", "figures_page"]

COLUMNS = "aan-de-slag/kolommen"
FIGURES = "methode/kengetallen"

_THEMES = {
    "buildings": "Gebouwen",
    "finance": "Eigenaars en geld",
    "heat": "Warmte",
    "individual": "Warmte per woning",
    "legal": "Rechtsvormen en inbreng",
    "load": "Vermogen van uur tot uur",
    "network": "Leidingen van het net",
    "phasing": "Stappen en aansluiting",
    "routing": "Tracé van het net",
    "supply": "Warmtebronnen",
    "weather": "Weer",
    "works": "Gedeelde werken",
    "import": "Omzetten van bestanden",
    "mobility": "Mobiliteit",
    "municipality": "Gemeenten",
    "population": "Bewoners",
    "privacy": "Kleine cellen",
    "rules": "Premies, leningen en regels",
    "space": "Straat en ruimte",
    "stock": "Woningen en rijen",
    "streets": "Straten",
}
_KINDS = {
    "text": "tekst",
    "integer": "geheel getal",
    "number": "getal",
    "yes_no": "ja of nee",
    "time": "datum en uur",
}


def columns_page() -> str:
    """
    Return the data dictionary: every input table with its columns, in Markdown.

    Examples
    --------
    >>> "| `levels` | Bouwlagen |" in columns_page()
    True
    """
    parts = [
        "# Alle kolommen",
        "Deze pagina komt rechtstreeks uit de regels waarmee `lekp check` uw bestanden nakijkt. "
        "Een kop mag de naam of de Nederlandse titel zijn. Wat niet verplicht is, mag ontbreken.",
        *(_table(contract) for contract in INPUTS.values()),
    ]
    return "\n\n".join(parts) + "\n"


def _table(contract: Contract) -> str:
    lines = [f"## {contract.title} (`{contract.name}`)", ""]
    if contract.geometry:
        may = "Een vorm op de kaart mag, maar hoeft niet."
        lines += [may if contract.is_geometry_optional else "Met een vorm op de kaart.", ""]
    if contract.key:
        lines += [f"Elke combinatie van {wording.join(list(contract.key))} één keer.", ""]
    if contract.rising:
        lines += [f"Niet dalend van links naar rechts: {wording.join(list(contract.rising))}.", ""]
    if contract.least_rows > 1:
        lines += [f"Minstens {wording.number(contract.least_rows)} rijen.", ""]
    lines += ["| Kolom | Titel | Soort | Verplicht | Uitleg |", "|---|---|---|---|---|"]
    lines += [_column_row(column) for column in contract.columns.values()]
    return "\n".join(lines)


def _column_row(column: Column) -> str:
    unit = wording.LABELS["unit"].get(column.unit, column.unit)
    kind = f"{_KINDS[column.kind]}, in {unit}" if unit else _KINDS[column.kind]
    text = column.description
    if column.allowed:
        choices = [
            f"`{code}` ({wording.label(column.labels, code)})" if column.labels else f"`{code}`"
            for code in column.allowed
        ]
        text += f" Kies uit {wording.join(choices)}."
    need = "ja" if column.is_required else "nee"
    return f"| `{column.name}` | {column.title} | {kind} | {need} | {_cell(text)} |"


def figures_page() -> str:
    """
    Return every figure the platform stands on, by theme, in Markdown.

    Examples
    --------
    >>> "`privacy.smallest_cell`" in figures_page()
    True
    """
    titles = load_sources()["title"]
    sources = dict(zip(titles.index, titles, strict=True))
    figures = sorted(load().values(), key=lambda figure: _theme(figure.key))
    parts = [
        "# Kengetallen",
        "Op deze cijfers steunt elke berekening. Vervang ze door een eigen cijfer in de tabel "
        "`aannames` van uw wijk: neem de sleutel en de eenheid over. *Aangenomen* betekent dat "
        "er geen bron was die het cijfer draagt; kijk dan eerst naar de marge. De curven van het "
        "aanwezigheidspercentage per uur staan in de download van de straten.",
    ]
    for theme, members in groupby(figures, key=lambda figure: _theme(figure.key)):
        lines = [f"## {theme}", ""]
        lines += ["| Kengetal | Waarde | Marge | Basis | Bron | Sleutel en eenheid |"]
        lines += ["|---|---|---|---|---|---|"]
        lines += [_figure_row(figure, sources) for figure in members]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _theme(key: str) -> str:
    first = key.split(".")[0]
    return _THEMES.get(first, first)


def _figure_row(figure: Assumption, sources: dict[str, str]) -> str:
    label = f"{figure.label}. {figure.note}" if figure.note else figure.label
    margin = "geen"
    if figure.low < figure.high:
        margin = f"{_exact(figure.low)} tot {_exact(figure.high)}"
    source = f"{sources.get(figure.source_id, figure.source_id)} ({figure.locator})"
    cells = [
        label,
        _exact(figure.value),
        margin,
        wording.label("basis", figure.basis),
        source,
        f"`{figure.key}` in {figure.unit}",
    ]
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _exact(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def _cell(text: str) -> str:
    """Return text that cannot break a table row or open a tag."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
