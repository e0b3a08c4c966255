"""Legal forms for a heat network: the tables and sentences of question four."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from lekp_lib import wording
from lekp_lib.assumptions import (
    Assumptions,
    load_legal_forms,
    load_legal_knockouts,
    load_sources,
)
from lekp_lib.contracts import Place
from lekp_lib.contracts.results.warmtenet_legal import VERDICTS
from lekp_lib.domain import legal_forms

__all__ = ["LEGAL_KEYS", "Legal", "legal_side"]

_VALUES = (
    "legal.land_eur_m2",
    "legal.ground_rent_share",
    "legal.capacity_eur_kw",
    "legal.staff_year_eur",
)
_WEIGHTS = "legal.weight."
LEGAL_KEYS = (
    *_VALUES,
    "legal.partly_value",
    *(f"{_WEIGHTS}{name}" for name in load_legal_forms().index.unique("criterion")),
)
"""Figures that this part of the study reads."""

NOT_CHECKED = "niet nagegaan"
_FEWEST_COMPANIES = 3  # with two, each can work out the other
_NOT_OUT = "Geen nagekeken antwoord sluit deze vorm uit."
_ACTOR_COLUMNS = [
    "actor_id",
    "role_name",
    "kind",
    "contribution_kind",
    "amount",
    "unit",
    "condition",
]
_STATUSES = ("egb", "heg")
_MOST_NAMED = 4
_ADVICE = "Dit is een lijst om met een jurist te bespreken, geen juridisch advies."


@dataclass(frozen=True)
class Legal:
    """
    The legal side of a heat network in one place.

    Attributes
    ----------
    tables : dict of str to DataFrame
        Internal tables by the name of their contract: juridische_vormen, juridische_matrix,
        juridische_weging, inbreng.
    sentences : tuple of str
        What survives, which clause decides, what must be checked and by whom; in Dutch.
    """

    tables: dict[str, pd.DataFrame]
    sentences: tuple[str, ...]


def legal_side(
    place: Place,
    used: Assumptions,
    *,
    wishes: Collection[str] = (),
    today: dt.date | None = None,
    forms: pd.DataFrame | None = None,
) -> Legal:
    """
    Return which legal forms survive in this place, and what its actors bring together.

    Parameters
    ----------
    place : Place
        The neighbourhood; table ``actoren`` where there is one.
    used : Assumptions
        With ``LEGAL_KEYS``.
    wishes : collection of str
        What the municipality wants: several_municipalities, private_demand_risk,
        citizens_own, citizens_vote, direct_award, limited_liability.
    today : date, optional
        Day of reading: answers checked more than a year before are then called stale.
    forms : DataFrame, optional
        Instead of the packaged forms, for instance after a lawyer checked cells.

    Raises
    ------
    ContractError
        If a wish is not known.
    """
    cells = load_legal_forms() if forms is None else forms
    rules = load_legal_knockouts()
    actors = place.tables.get("actoren", pd.DataFrame(columns=_ACTOR_COLUMNS))
    actors = pd.DataFrame(actors).reset_index()
    askers = actors.assign(kind=actors["kind"].mask(_is_municipality(actors), "municipality"))
    verdicts = legal_forms.assess_forms(cells, rules, actors=askers, wishes=wishes)
    triggered = legal_forms.triggered_rules(rules, actors=askers, wishes=wishes)
    found = legal_forms.findings(cells, triggered)
    surviving = verdicts.index[verdicts["verdict"] != "out"]
    score = legal_forms.weighted(
        cells,
        used.values_below(_WEIGHTS),
        among=surviving,
        partly_value=used["legal.partly_value"].value,
    )
    pooled = _pooled(actors, used)
    tables = {
        "juridische_vormen": _forms_table(verdicts, found, today),
        "juridische_matrix": _matrix(cells, today),
        "juridische_weging": score.sort_values("lowest", ascending=False, kind="stable")
        .reset_index()
        .astype({"form": "str"}),
        "inbreng": _shown_contributions(pooled),
    }
    sentences = (*_sentences(verdicts, found, cells, actors), *_about_pool(pooled), _ADVICE)
    return Legal(tables, sentences)


def _is_municipality(actors: pd.DataFrame) -> pd.Series[bool]:
    """Tell the municipality from other public actors by its role; in doubt it is another."""
    names = actors["role_name"].astype("str").str.casefold()
    return (actors["kind"] == "public") & names.str.match(r"(gemeente|stad)\b", na=False)


def _pooled(actors: pd.DataFrame, used: Assumptions) -> pd.DataFrame:
    values = {key.removeprefix("legal."): used[key].value for key in _VALUES}
    return legal_forms.withhold(legal_forms.pool(actors, **values))


def _shown_contributions(pooled: pd.DataFrame) -> pd.DataFrame:
    table = pooled.drop(columns=["capital_actors", "is_withheld"]).reset_index()
    is_few = (table["kind"] == "private") & (table["actors"] < _FEWEST_COMPANIES)
    money = [name for name in table.columns if name.endswith("_eur")]
    table.loc[is_few, money] = float("nan")
    if is_few.any():  # the shares of the others would give the amount away
        table["share"] = float("nan")
    counts = {name: "Int64" for name in ("actors", "in_use", "not_valued")}
    return table.astype({"kind": "str", **counts})


def _forms_table(
    verdicts: pd.DataFrame, found: pd.DataFrame, today: dt.date | None
) -> pd.DataFrame:
    """
    Return the surviving forms first; of each the deciding clause and the open questions.

    Among those with open questions, the ones with the fewest doubtful answers come first.
    """
    of_open = found[found["outcome"] == "open"]
    of_partly = found[found["outcome"] == "partly"]
    questions = of_open["criterion"].map(wording.LABELS["legal_criterion"])
    questions += of_open["answer"].map(_so_far).fillna("")
    table = verdicts.assign(
        source=_source_words(verdicts),
        recheck_from=_recheck_words(verdicts["checked_on"], today),
        checked_on=verdicts["checked_on"].map(_month, na_action="ignore"),
        to_check=_listed(questions, of_open["form"], between=" "),
        who_can_check=_listed(of_open["who_can_check"], of_open["form"], between="; "),
        remark=_listed(of_partly["clause"], of_partly["form"], between=" "),
    )
    table["rank"] = table["verdict"].map({name: rank for rank, name in enumerate(VERDICTS)})
    columns = ["verdict", "reason", "clause", "source", "checked_on", "recheck_from", "to_check"]
    columns += ["who_can_check", "remark"]
    ordered = table.sort_values(["rank", "n_doubtful", "n_open"], kind="stable")
    return ordered[columns].fillna({"reason": _NOT_OUT}).reset_index().astype("str")


def _so_far(answer: str) -> str:
    return "" if answer == "onbekend" else f" (voorlopig: {answer})"


def _listed(words: pd.Series, form: pd.Series, *, between: str) -> pd.Series:
    """Return per form the different words of its rows, one after another."""
    return words.groupby(form).agg(lambda part: between.join(dict.fromkeys(part)))


def _matrix(cells: pd.DataFrame, today: dt.date | None) -> pd.DataFrame:
    is_checked = legal_forms.is_checked(cells)
    checked_on = cells["checked_on"].where(is_checked)
    table = cells.assign(
        status=is_checked.map({True: "nagegaan", False: NOT_CHECKED}),
        source=_source_words(cells.assign(checked_on=checked_on)),
        recheck_from=_recheck_words(checked_on, today),
        checked_on=checked_on.map(_month, na_action="ignore"),
    )
    columns = ["answer", "status", "clause", "source", "checked_on", "recheck_from"]
    return table[[*columns, "who_can_check"]].reset_index().astype("str")


def _source_words(cells: pd.DataFrame) -> pd.Series:
    """Return publisher, title and place in the source; where it was not read, where to look."""
    register = load_sources()
    known = register["publisher"] + ", " + register["title"]
    named = cells["source_id"].map(known) + " (" + cells["locator"] + ")"
    return named.where(named.notna(), cells["locator"])


def _month(checked_on: str) -> str:
    """Return a day or a month of checking in words."""
    has_day = checked_on.count("-") > 1
    text = wording.date(dt.date.fromisoformat(checked_on if has_day else f"{checked_on}-01"))
    return text if has_day else text.partition(" ")[2]


def _recheck_words(checked_on: pd.Series, today: dt.date | None) -> pd.Series:
    def words(day: str) -> str | None:
        end = legal_forms.recheck_from(day)
        if end is None:
            return None
        is_late = today is not None and legal_forms.is_stale(day, today)
        return wording.date(end) + (" (ouder dan een jaar)" if is_late else "")

    return checked_on.map(words, na_action="ignore")


def _sentences(
    verdicts: pd.DataFrame, found: pd.DataFrame, cells: pd.DataFrame, actors: pd.DataFrame
) -> tuple[str, ...]:
    n_checked = int(legal_forms.is_checked(cells).sum())
    about = (
        f"Van de {wording.number(len(cells))} antwoorden in de tabel zijn er "
        f"{wording.number(n_checked)} nagelezen bij een bron. De andere zijn voorlopig: "
        "ze doen geen enkele vorm afvallen."
    )
    if (verdicts["verdict"] == "not_tested").all():
        return (
            "Voor deze wijk is niet bekend wat de partijen vragen, dus er valt geen vorm af. "
            "Vul de tabel actoren in om de vormen te toetsen.",
            about,
        )
    parts = (_who_survives(verdicts), _what_decides(verdicts), _what_is_open(verdicts, found))
    return tuple(part for part in (*parts, _clash(actors), about) if part)


def _who_survives(verdicts: pd.DataFrame) -> str:
    is_form = ~verdicts.index.isin(_STATUSES)
    left = verdicts[is_form & (verdicts["verdict"] != "out")]
    sure = _names(left.index[left["verdict"] == "survives"])
    n_forms = int(is_form.sum())
    if left.empty:
        return f"Geen van de {n_forms} rechtsvormen past bij alles wat de partijen vragen."
    certain = f" Zonder open vraag blijft enkel over: {sure}." if sure else ""
    every = "" if sure else " Voor elk daarvan blijft nog een vraag open."
    if len(left) == n_forms:
        return f"Geen van de {n_forms} rechtsvormen valt af.{certain}{every}"
    return f"Van de {n_forms} rechtsvormen blijven er {len(left)} over.{certain}{every}"


def _names(forms: pd.Index) -> str:
    return wording.join([wording.label("legal_form", form) for form in forms])


def _plain(words: str) -> str:
    return words.replace(":", "")


def _sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]


def _what_decides(verdicts: pd.DataFrame) -> str:
    out = verdicts[verdicts["verdict"] == "out"]
    told = [
        f"{_sentence_case(wording.label('legal_form', form))} valt af. {reason} {clause}"
        if form not in _STATUSES
        else f"De {_plain(wording.label('legal_form', form))} past niet. {reason} {clause}"
        for form, reason, clause in zip(out.index, out["reason"], out["clause"], strict=True)
    ]
    return " ".join(told)


def _what_is_open(verdicts: pd.DataFrame, found: pd.DataFrame) -> str:
    left = verdicts.index[verdicts["verdict"] != "out"]
    is_open = (found["outcome"] == "open") & found["form"].isin(left)
    of_who = found[is_open].groupby("who_can_check")["form"].count()
    if of_who.empty:
        return ""
    named = list(of_who.sort_values(ascending=False, kind="stable").index[:_MOST_NAMED])
    without_doubt = verdicts.index[
        (verdicts["verdict"] == "to_check") & (verdicts["n_doubtful"] == 0)
    ]
    has_sure = (verdicts.drop(list(_STATUSES), errors="ignore")["verdict"] == "survives").any()
    hopeful = without_doubt.difference(list(_STATUSES), sort=False)
    best = (
        f" Begin bij {_names(hopeful)}: daar wijst geen voorlopig antwoord op een probleem."
        if 0 < len(hopeful) <= _MOST_NAMED and not has_sure
        else ""
    )
    return (
        f"Voor de vormen en statussen die overblijven zijn "
        f"{wording.number(int(is_open.sum()))} antwoorden nog na te kijken. "
        f"Dat kan bij: {wording.join(named)}.{best}"
    )


def _clash(actors: pd.DataFrame) -> str:
    asked = set(actors["condition"].dropna())
    if {"return_cap", "market_return"} <= asked:
        return (
            "Een partij vraagt een begrensd rendement, een andere een rendement van de markt. "
            "Dat lost geen rechtsvorm op: spreek het eerst samen af."
        )
    return ""


def _about_pool(pooled: pd.DataFrame) -> tuple[str, ...]:
    rent = float(pooled["rent_eur"].sum())
    leased = (
        "Wat in gebruik wordt gegeven, blijft van de eigenaar en telt niet mee als inbreng. "
        f"De vergoeding voor de grond schatten we op {wording.quantity(rent, 'EUR')} per jaar."
    )
    hidden = "Het kapitaal van één bedrijf tonen we niet, en daarom ook de aandelen niet."
    told = ((leased, rent > 0), (hidden, bool(pooled["is_withheld"].any())))
    return tuple(sentence for sentence, is_said in told if is_said)
