"""Read the packaged figures and lay a place's own figures over them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.resources import files

import pandas as pd

from lekp_lib.errors import AssumptionError

__all__ = [
    "BASES",
    "Assumption",
    "Assumptions",
    "load",
    "load_barriers",
    "load_energy_offers",
    "load_evening_script",
    "load_legal_forms",
    "load_legal_knockouts",
    "load_messages",
    "load_pipes",
    "load_pool_criteria",
    "load_presence",
    "load_risks",
    "load_roles",
    "load_sources",
    "load_strategies",
    "load_water",
    "untranslated_messages",
]

BASES = ("law", "measured", "published", "derived", "assumed")
"""How sure a figure is, from the surest to the least sure."""

_NOT_FIGURES = {
    "barriers.csv",
    "energy_offers.csv",
    "evening_script.csv",
    "legal_forms.csv",
    "legal_knockouts.csv",
    "messages.csv",
    "pipes.csv",
    "pool_criteria.csv",
    "presence.csv",
    "risks.csv",
    "roles.csv",
    "sources.csv",
    "strategies.csv",
    "water.csv",
}
_NUMBERS = ("value", "low", "high")


@dataclass(frozen=True)
class Assumption:
    """
    One figure with everything a reader needs to judge it.

    Attributes
    ----------
    key : str
        Dotted name, theme first: ``heat.domestic_hot_water_kwh_dwelling``.
    value, low, high : float
        Value and range [unit]; low and high equal the value where no range is known.
    unit : str
        One of ``units.UNITS``.
    valid_year, price_year : str
        Year the figure describes; year of the prices, empty where there is no money in it.
    basis : str
        One of ``BASES``.
    source_id, locator : str
        Row in ``sources.csv`` and the page, table or cell in it.
    label, note : str
        Short Dutch name and a Dutch remark.
    """

    key: str
    value: float
    unit: str
    low: float
    high: float
    valid_year: str
    price_year: str
    basis: str
    source_id: str
    locator: str
    label: str
    note: str


class Assumptions(Mapping[str, Assumption]):
    """
    The figures by key; reading an unknown one is an error.

    Examples
    --------
    >>> figures = load()
    >>> figures["privacy.smallest_cell"].value
    10.0
    """

    def __init__(self, figures: Mapping[str, Assumption]) -> None:
        self._figures = dict(figures)

    def __getitem__(self, key: str) -> Assumption:
        try:
            return self._figures[key]
        except KeyError:
            msg = (
                f"Het kengetal «{key}» bestaat niet of werd niet opgegeven door de studie die "
                "het leest. Wat te doen: voeg het toe aan de tabellen van assumptions, of aan "
                "de lijst van gebruikte kengetallen van de studie."
            )
            raise AssumptionError(msg) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._figures)

    def __len__(self) -> int:
        return len(self._figures)

    def pick(self, keys: Iterable[str]) -> Assumptions:
        """
        Return only the figures a study uses; what it did not name it cannot read.

        Raises
        ------
        AssumptionError
            If a key does not exist.
        """
        return Assumptions({key: self[key] for key in keys})

    def values_below(self, prefix: str) -> dict[str, float]:
        """
        Return the values of all keys below a prefix, by the part after it.

        Examples
        --------
        >>> sorted(load().values_below("privacy."))
        ['smallest_cell', 'smallest_street_dwellings']
        """
        return {
            key.removeprefix(prefix): figure.value
            for key, figure in self._figures.items()
            if key.startswith(prefix)
        }

    def table(self) -> pd.DataFrame:
        """Return the figures as a table, one row each, in their own order."""
        return pd.DataFrame([asdict(figure) for figure in self._figures.values()])


def load(overrides: pd.DataFrame | None = None) -> Assumptions:
    """
    Return all figures, those of a place laid over the packaged ones.

    Parameters
    ----------
    overrides : DataFrame with columns key, value, unit, source, optional
        The place's table ``aannames``. The unit must be that of the packaged figure.

    Returns
    -------
    Assumptions

    Raises
    ------
    AssumptionError
        If an override names an unknown key or another unit; all faults at once.

    Examples
    --------
    >>> own = pd.DataFrame(
    ...     {"key": ["privacy.smallest_cell"], "value": [15.0], "unit": ["aantal"],
    ...      "source": ["Besluit van de gemeente"]}
    ... )
    >>> load(own)["privacy.smallest_cell"].value
    15.0
    """
    figures = dict(_packaged())
    if overrides is not None:
        _check_overrides(overrides, figures)
        for key, value, source in zip(
            overrides["key"], overrides["value"].astype("float64"), overrides["source"], strict=True
        ):
            figures[key] = replace(
                figures[key],
                value=value,
                low=value,
                high=value,
                basis="published",
                source_id="eigen",
                locator=str(source),
                note="Eigen cijfer van de gemeente.",
            )
    return Assumptions(figures)


def _check_overrides(overrides: pd.DataFrame, figures: Mapping[str, Assumption]) -> None:
    problems = []
    for key, unit in zip(overrides["key"], overrides["unit"], strict=True):
        known = figures.get(key)
        if known is None:
            problems.append(f"aannames: het kengetal «{key}» bestaat niet")
        elif known.unit != unit:
            problems.append(f"aannames: «{key}» staat in {unit}, maar moet in {known.unit} staan")
    if problems:
        msg = "\n".join(problems) + ". Wat te doen: zie de pagina Kengetallen van het boek."
        raise AssumptionError(msg)


@cache
def _packaged() -> Mapping[str, Assumption]:
    figures: dict[str, Assumption] = {}
    for entry in sorted(files(__package__).iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(".csv") or entry.name in _NOT_FIGURES:
            continue
        with entry.open(encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                figure = _figure(row)
                if figure.key in figures:
                    msg = f"«{figure.key}» staat twee keer in de tabellen van assumptions."
                    raise AssumptionError(msg)
                figures[figure.key] = figure
    return figures


def _figure(row: Mapping[str, str]) -> Assumption:
    numbers = {name: float(row[name] or row["value"]) for name in _NUMBERS}
    texts = {
        name: (row[name] or "").strip()
        for name in Assumption.__dataclass_fields__
        if name not in _NUMBERS
    }
    return Assumption(**numbers, **texts)  # type: ignore[arg-type]


def load_sources() -> pd.DataFrame:
    """
    Return the register of sources, indexed by ``source_id``.

    Examples
    --------
    >>> "title" in load_sources().columns
    True
    """
    return _packaged_table("sources.csv").set_index("source_id")


def load_presence() -> pd.DataFrame:
    """
    Return the presence curves: the share of peak demand per function, kind of day and hour.

    Returns
    -------
    DataFrame
        Columns function, day_kind (weekday, saturday, sunday), hour (0-23),
        share [-, 0-1], basis, source_id, locator.

    Examples
    --------
    >>> load_presence()["share"].between(0, 1).all()
    np.True_
    """
    presence = _packaged_table("presence.csv")
    return presence.astype({"hour": "int64", "share": "float64"})


def load_pipes() -> pd.DataFrame:
    """
    Return the pipes that a heat network is made of, indexed by nominal diameter.

    Returns
    -------
    DataFrame, indexed by ``dn`` [mm], thinnest first
        inner_diameter_m [m], u_w_mk per pipe [W/(m K)]; cost_eur_m with cost_low_eur_m and
        cost_high_eur_m [EUR per metre of trench, supply and return, in hard ground],
        civils_share of that cost [-, 0-1], soft_civils_ratio (civils in soft over hard ground)
        [-], price_year, basis, the sources and a Dutch note.

    Examples
    --------
    >>> load_pipes().loc[100, "cost_eur_m"]
    np.float64(1090.0)
    """
    pipes = _packaged_table("pipes.csv")
    texts = {"basis", "note", *(name for name in pipes if str(name).endswith(("_id", "_ids")))}
    kinds = {name: "float64" for name in pipes if name not in texts}
    return pipes.astype(kinds | {"dn": "int64", "price_year": "int64"}).set_index("dn")


def load_water() -> pd.DataFrame:
    """
    Return what the water in the pipes is like, per temperature.

    Returns
    -------
    DataFrame, indexed by ``temperature_c`` [°C], coldest first
        density_kg_m3 [kg/m3], specific_heat_j_kgk [J/(kg K)], viscosity_pa_s (dynamic) [Pa s],
        source_id.

    Examples
    --------
    >>> load_water().loc[60.0, "density_kg_m3"]
    np.float64(983.2)
    """
    water = _packaged_table("water.csv")
    kinds = {name: "float64" for name in water if name != "source_id"}
    return water.astype(kinds).set_index("temperature_c")


def load_legal_forms() -> pd.DataFrame:
    """
    Return what each legal form can and cannot do, one row per form and criterion.

    Returns
    -------
    DataFrame, indexed by ``form`` and ``criterion``
        answer (ja, deels, nee, onbekend), clause (Dutch), source_id, locator, checked_on
        (``YYYY-MM`` or ``YYYY-MM-DD``), who_can_check. Without a source_id the cell was not
        checked: checked_on is empty and the locator says where to look.

    Examples
    --------
    >>> load_legal_forms().loc[("agb", "several_municipalities"), "answer"]
    'nee'
    """
    return _packaged_table("legal_forms.csv").set_index(["form", "criterion"])


def load_legal_knockouts() -> pd.DataFrame:
    """
    Return which wish or condition knocks a legal form out, by which criterion.

    Returns
    -------
    DataFrame, indexed by ``rule_id``
        trigger (actor, wish), actor_kind and contribution_kind (``any`` for all of them),
        condition (of an actor, or the wish), criterion, knocks_out_if (an answer), reason
        (Dutch).

    Examples
    --------
    >>> load_legal_knockouts().loc["K12", "criterion"]
    'several_municipalities'
    """
    return _packaged_table("legal_knockouts.csv").set_index("rule_id")


def load_messages(language: str = "nl") -> dict[str, str]:
    """
    Return the sentences of the pages for residents in a language, by their key.

    Parameters
    ----------
    language : str
        Column of ``messages.csv``; a sentence that is not translated comes in Dutch.

    Raises
    ------
    AssumptionError
        If the table has no such language.

    Examples
    --------
    >>> load_messages()["cost.works"]
    'De werken kosten ongeveer {works} euro.'
    """
    table = _messages(language)
    return {
        str(key): str(own or dutch)
        for key, own, dutch in zip(table.index, table[language], table["nl"], strict=True)
    }


def untranslated_messages(language: str) -> list[str]:
    """
    Return the keys of the sentences that come in Dutch because nobody translated them yet.

    Parameters
    ----------
    language : str
        Column of ``messages.csv``.

    Raises
    ------
    AssumptionError
        If the table has no such language.

    Examples
    --------
    >>> untranslated_messages("nl")
    []
    """
    own = _messages(language)[language]
    return [str(key) for key in own.index[own == ""]]


def _messages(language: str) -> pd.DataFrame:
    table = _packaged_table("messages.csv").set_index("key")
    if language not in table:
        known = ", ".join(map(str, table.columns))
        msg = f"De zinnen bestaan niet in «{language}», wel in: {known}. Voeg een kolom toe."
        raise AssumptionError(msg)
    return table


def load_pool_criteria() -> pd.DataFrame:
    """
    Return what architects and contractors must prove to work for a contact point.

    Returns
    -------
    DataFrame, indexed by ``criterion_id``
        party (contractor, architect, both), criterion, proof, check, how_often, consequence
        (Dutch), source_id, locator ("niet nagegaan" without a source) and who_can_check.

    Examples
    --------
    >>> load_pool_criteria().loc["P10", "party"]
    'architect'
    """
    return _packaged_table("pool_criteria.csv").set_index("criterion_id")


def load_energy_offers() -> pd.DataFrame:
    """
    Return which energy offer fits whom, per building type.

    Returns
    -------
    DataFrame, indexed by ``building_type`` and ``offer``
        offer being own_panels, shared_panels, community or heat_network; owner, landlord and
        tenant (ja, deels, nee), why and needs (Dutch), source_id, locator ("niet nagegaan"
        without a source).

    Examples
    --------
    >>> load_energy_offers().loc[("apartment_building", "own_panels"), "tenant"]
    'nee'
    """
    return _packaged_table("energy_offers.csv").set_index(["building_type", "offer"])


def load_risks() -> pd.DataFrame:
    """
    Return who carries which risk under each ownership form of a heat network.

    Returns
    -------
    DataFrame
        Columns owner, risk (demand, construction, energy_price, interest, connection,
        heat_source), carrier (codes), basis, source_id, locator ("niet nagegaan" where only
        the form itself tells), check_by and note (Dutch); one row per owner and risk.

    Examples
    --------
    >>> load_risks().set_index(["owner", "risk"]).loc[("private_concession", "demand"), "carrier"]
    'operator'
    """
    return _packaged_table("risks.csv")


def load_barriers() -> pd.DataFrame:
    """
    Return the rules that stand in the way, who can change them and what helps meanwhile.

    Returns
    -------
    DataFrame, indexed by ``id``
        theme, who_is_hit, rule (own words), effect_days [d] and effect_eur [EUR] per dwelling
        (missing where not known), who_can_change, workaround, source and source_date
        ("niet nagegaan" and empty where nobody looked), status (nagegaan, te herbekijken,
        niet nagegaan) and counts_on: which dwellings of a neighbourhood it hits.

    Examples
    --------
    >>> load_barriers().loc["voorgevel-rooilijn", "counts_on"]
    'front_on_building_line'
    """
    return _with_numbers(_packaged_table("barriers.csv"), "effect_days", "effect_eur").set_index(
        "id"
    )


def load_roles() -> pd.DataFrame:
    """
    Return who does what in the three programmes, one row per task.

    Returns
    -------
    DataFrame, indexed by ``task_id``
        programme (1, 2, 3), question, task (Dutch); R (does it) and A (answers for it): one
        party each; C (is asked) and I (is told): parties between semicolons; legal_basis and
        budget_line ("niet nagegaan" where nobody looked), hours_per_dossier [h] (missing where
        not known), fallback (party that steps in, empty where none is needed) and source.

    Examples
    --------
    >>> load_roles().loc["permit-decide", "A"]
    'municipality'
    """
    roles = _with_numbers(_packaged_table("roles.csv"), "hours_per_dossier")
    return roles.astype({"programme": "int64"}).set_index("task_id")


def _with_numbers(table: pd.DataFrame, *names: str) -> pd.DataFrame:
    """Return a table with some columns as numbers; an empty cell is missing."""
    return table.assign(**{name: pd.to_numeric(table[name]) for name in names})


def load_strategies() -> pd.DataFrame:
    """
    Return how many contacted households each strategy reaches, per group of residents.

    Returns
    -------
    DataFrame, indexed by ``strategy`` and ``group``
        rate_share with low_share and high_share [-, 0-1]; within (``contacted``: of all who are
        contacted, ``attendees``: of those who come, ``clients``: of those whom the partner
        knows); evidence (grade A to D), is_flemish (bool: a Flemish measurement of the level),
        basis, source_id, locator, observed with observed_source_id (what was measured, may be
        empty) and note (Dutch).

    Examples
    --------
    >>> load_strategies().loc[("letter", "owner_low"), "rate_share"]
    np.float64(0.015)
    """
    table = _packaged_table("strategies.csv").set_index(["strategy", "group"])
    rates = ["rate_share", "low_share", "high_share"]
    return table.astype(dict.fromkeys(rates, "float64")).assign(
        is_flemish=table["is_flemish"] == "ja"
    )


def load_evening_script() -> pd.DataFrame:
    """
    Return the parts of an evening of climate tables, in their order.

    Returns
    -------
    DataFrame, indexed by ``step``
        minutes, theme, activity, lead_role, support_role, outcome (Dutch), basis, source_id,
        locator and note.

    Examples
    --------
    >>> load_evening_script()["minutes"].iloc[-1]
    np.int64(60)
    """
    script = _packaged_table("evening_script.csv")
    return script.astype({"step": "int64", "minutes": "int64"}).set_index("step")


def _packaged_table(name: str) -> pd.DataFrame:
    with (files(__package__) / name).open(encoding="utf-8") as stream:
        return pd.DataFrame(list(csv.DictReader(stream)))
