"""The fixed panels of a page: first screen, data richness, downloads; the page for residents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd

from lekp_lib import wording
from lekp_lib.assumptions import load_messages, untranslated_messages
from lekp_lib.disclosure import PublicTable, Results
from lekp_lib.errors import ContractError
from lekp_lib.presentation import tables
from lekp_lib.presentation._cells import FICTIONAL, cell_texts, require_columns, require_table
from lekp_lib.presentation.html import Html, element, fragment, link

__all__ = [
    "council",
    "downloads",
    "fictional_banner",
    "for_residents",
    "homes_like_mine",
    "opening",
    "read_more",
    "remarks",
    "residents_opening",
    "richness",
]

_N_CARDS = 3
_N_UNKNOWN = 3
_ON_CARD = ("offer", "cost", "support", "tenant")
_NOTHING_TURNS = "Binnen onze aannames keert geen enkel cijfer apart het oordeel om."
_PARTS = {
    "wat": "Wat we zien",
    "zekerheid": "Hoe zeker het is",
    "beslissing": "Wat u nu beslist",
    "volgende_stap": "Volgende stap",
}
_WARNING = (
    " Deze plaats bestaat niet. Alle cijfers en kaarten op deze pagina zijn verzonnen om te tonen "
    "hoe de berekening werkt."
)


def opening(
    summary: PublicTable, key_figures: pd.DataFrame, *, keys: Sequence[str] | None = None
) -> Html:
    """
    Return the first screen: three sentences, three figures and one next step.

    Parameters
    ----------
    summary : PublicTable
        Result table ``samenvatting``: part (wat, zekerheid, beslissing, volgende_stap), text.
    key_figures : DataFrame
        ``Results.key_figures``.
    keys : sequence of str, optional
        The figures to show; the first three by default.

    Raises
    ------
    ContractError
        If one of the four sentences is absent.

    Examples
    --------
    >>> from lekp_lib.contracts import RESULTS
    >>> from lekp_lib.disclosure import KEY_FIGURES, publish
    >>> rows = pd.DataFrame({"part": list(_PARTS), "text": ["A.", "B.", "C.", "D."]})
    >>> summary = publish(rows, RESULTS["samenvatting"], smallest_cell=10, smallest_street=5,
    ...                   is_fictional=False)
    >>> shown = opening(summary, pd.DataFrame(columns=KEY_FIGURES))
    >>> "<dt>Wat we zien</dt><dd>A.</dd>" in shown.text
    True
    """
    sentences = _sentences(summary)
    chosen = list(key_figures["key"][:_N_CARDS]) if keys is None else list(keys)
    first = [_sentence(part, sentences[part]) for part in list(_PARTS)[:-1]]
    return element(
        "section",
        _banner() if summary.is_fictional else Html(""),
        element("dl", *first, class_="lekp-sentences"),
        tables.key_figures(key_figures, keys=chosen),
        element("dl", _sentence("volgende_stap", sentences["volgende_stap"]), class_="lekp-next"),
        class_="lekp-opening",
        aria_label="In het kort",
    )


def council(
    summary: PublicTable,
    key_figures: pd.DataFrame,
    unknown: PublicTable,
    *,
    name: str,
    keys: Sequence[str] | None = None,
) -> Html:
    """
    Return one page for the council: three sentences, three figures, and what is still unknown.

    Put a map below it; printed, the page holds nothing else.

    Parameters
    ----------
    summary : PublicTable
        Result table ``samenvatting``.
    key_figures : DataFrame
        ``Results.key_figures``.
    unknown : PublicTable
        What could turn the answer, most important first; its first column is named.
    name : str
        Name of the place.
    keys : sequence of str, optional
        The figures to show; the first three by default.

    Examples
    --------
    >>> from lekp_lib.contracts import RESULTS
    >>> from lekp_lib.disclosure import KEY_FIGURES, publish
    >>> rows = pd.DataFrame({"part": list(_PARTS), "text": ["A.", "B.", "C.", "D."]})
    >>> table = publish(rows, RESULTS["samenvatting"], smallest_cell=10, smallest_street=5,
    ...                 is_fictional=True)
    >>> shown = council(table, pd.DataFrame(columns=KEY_FIGURES), table, name="Dorp")
    >>> "Dorp: één pagina voor de gemeenteraad" in shown.text
    True
    """
    require_table(unknown)
    items = [element("li", text) for text in cell_texts(unknown, next(iter(unknown.columns)))]
    return element(
        "section",
        element("p", element("strong", f"{name}: één pagina voor de gemeenteraad")),
        opening(summary, key_figures, keys=keys),
        element("p", element("strong", "Wat we nog niet weten"), class_="lekp-unknown"),
        element("ul", *items[:_N_UNKNOWN]) if items else element("p", _NOTHING_TURNS),
        class_="lekp-council",
        aria_label="Eén pagina voor de gemeenteraad",
    )


def _sentences(summary: PublicTable) -> dict[str, str]:
    require_table(summary)
    require_columns(summary, "part", "text")
    sentences = dict(zip(summary.frame["part"], summary.frame["text"], strict=True))
    absent = [part for part in _PARTS if pd.isna(sentences.get(part))]
    if absent:
        msg = f"Table «{summary.name}» lacks the parts {', '.join(absent)}. Let the study add them."
        raise ContractError(msg)
    return {part: str(sentences[part]) for part in _PARTS}


def _sentence(part: str, text: object) -> Html:
    return fragment(element("dt", _PARTS[part]), element("dd", text))


def _banner() -> Html:
    return element("p", element("strong", f"{FICTIONAL}."), _WARNING, class_="lekp-fictional")


def fictional_banner(results: Results) -> Html:
    """
    Return the warning that a place does not exist, or nothing for a real one.

    Examples
    --------
    >>> real = Results({}, {}, pd.DataFrame(), pd.DataFrame(), "Lille", is_fictional=False)
    >>> fictional_banner(real).text
    ''
    """
    _require_results(results)
    return _banner() if results.is_fictional else Html("")


def _require_results(results: object) -> None:
    if not isinstance(results, Results):
        msg = f"This panel is made from the Results of a study, not {type(results).__name__}."
        raise TypeError(msg)


def remarks(public: PublicTable, *, question: str) -> Html:
    """
    Return what to know about the answer to one question, as a list.

    Parameters
    ----------
    public : PublicTable
        Result table with question and remark.
    question : str
        The question, as the table calls it.

    Returns
    -------
    Html
        Nothing where there is nothing to say.

    Examples
    --------
    >>> from lekp_lib.contracts import RESULTS
    >>> from lekp_lib.disclosure import publish
    >>> rows = pd.DataFrame({"question": ["Regels"], "remark": ["Eén regel is voorbij."]})
    >>> table = publish(rows, RESULTS["toelichting_mee"], smallest_cell=10, smallest_street=5,
    ...                 is_fictional=False)
    >>> remarks(table, question="Regels").text
    '<ul class="lekp-remarks"><li>Eén regel is voorbij.</li></ul>'
    """
    require_table(public)
    require_columns(public, "question", "remark")
    named = public.frame["question"] == question
    items = [element("li", text) for text in public.frame.loc[named, "remark"]]
    return element("ul", *items, class_="lekp-remarks") if items else Html("")


def richness(public: PublicTable) -> Html:
    """
    Return which tables were there, what stands in for the others and what they would improve.

    Parameters
    ----------
    public : PublicTable
        Result table ``rijkdom``.

    Examples
    --------
    >>> from lekp_lib.contracts import RESULTS
    >>> from lekp_lib.disclosure import publish
    >>> rows = pd.DataFrame({"table": ["groen"], "label": ["groen"], "is_present": [False],
    ...     "found": [None], "stands_in": ["Geen."], "improves": ["De koelte."]})
    >>> shown = publish(rows, RESULTS["rijkdom"], smallest_cell=10, smallest_street=5,
    ...                 is_fictional=False)
    >>> "0 van de 1 tabellen" in richness(shown).text
    True
    """
    require_table(public)
    require_columns(public, "label", "is_present", "stands_in", "improves")
    rows = public.frame.to_dict("records")
    n_present = sum(bool(row["is_present"]) for row in rows)
    return element(
        "section",
        element(
            "p",
            element("strong", "Hoe rijk zijn de gegevens?"),
            f" {_how_many(n_present, len(rows))}",
        ),
        element("ul", *(_richness_item(row) for row in rows)),
        class_="lekp-richness",
        aria_label="Rijkdom van de gegevens",
    )


def _how_many(n_present: int, n_all: int) -> str:
    if n_present == n_all:
        return "Alle tabellen waren er."
    present, wanted = wording.number(n_present), wording.number(n_all)
    return f"{present} van de {wanted} tabellen waren er. Voor de andere viel een aanname in."


def _richness_item(row: dict[Any, Any]) -> Html:
    is_present = bool(row["is_present"])
    return element(
        "li",
        element("span", "✓" if is_present else "○", class_="lekp-icon", aria_hidden="true"),
        " ",
        element("strong", row["label"]),
        _present_text(row) if is_present else _absent_text(row),
        class_="lekp-present" if is_present else "lekp-absent",
    )


def _present_text(row: dict[Any, Any]) -> str:
    found = row.get("found")
    return ": aanwezig." if pd.isna(found) else f": aanwezig ({found})."


def _absent_text(row: dict[Any, Any]) -> str:
    parts = [": ontbreekt."]
    for intro, name in (("Nu valt in", "stands_in"), ("Toevoegen verbetert", "improves")):
        if not pd.isna(row[name]):
            parts.append(f"{intro}: {str(row[name]).rstrip('.')}.")
    return " ".join(parts)


def downloads(results: Results, *, place: str, notebook: str) -> Html:
    """
    Return links to the files with the public tables of this page.

    Parameters
    ----------
    results : Results
        What the study handed over.
    place, notebook : str
        Place and name of the template, as passed to ``io.write.write_results``.

    Examples
    --------
    >>> from lekp_lib.contracts import RESULTS
    >>> from lekp_lib.disclosure import publish
    >>> rows = pd.DataFrame({"part": ["wat"], "text": ["A."]})
    >>> summary = publish(rows, RESULTS["samenvatting"], smallest_cell=10, smallest_street=5,
    ...                   is_fictional=False)
    >>> shown = Results({}, {"samenvatting": summary}, pd.DataFrame(), pd.DataFrame(), "Lille",
    ...                 is_fictional=False)
    >>> downloads(shown, place="lille/dorp", notebook="wp1_warmtenet").text.count("<a ")
    3
    """
    _require_results(results)
    base = f"lekp-download:{place}/{notebook}"
    workbook = link(f"{base}/{notebook}.xlsx", "Alle tabellen in één werkmap (Excel)")
    items = [
        element("li", workbook),
        element("li", "Kerncijfers: ", link(f"{base}/kerncijfers.csv", "CSV")),
        *(_download(public, base) for public in results.public.values()),
    ]
    warning = f"{FICTIONAL}: deze plaats bestaat niet." if results.is_fictional else ""
    return fragment(
        element("p", element("strong", warning)) if warning else Html(""),
        element("ul", *items, class_="lekp-downloads"),
    )


def _download(public: PublicTable, base: str) -> Html:
    files = {"CSV": "csv"}
    if isinstance(public.frame, gpd.GeoDataFrame):
        files["GeoJSON"] = "geojson"
    links = [
        link(f"{base}/{public.name}.{suffix}", kind, aria_label=f"{public.title} als {kind}")
        for kind, suffix in files.items()
    ]
    parts = [part for item in links for part in (" · ", item)][1:]
    return element("li", f"{public.title}: ", *parts)


# --- the page for residents -----------------------------------------------------------------


def residents_opening(summary: PublicTable, *, language: str = "nl") -> Html:
    """
    Return the first screen for residents: four short answers in their language.

    Parameters
    ----------
    summary : PublicTable
        Result table ``samenvatting``, its sentences in that language; a new line in a text
        starts a new paragraph.
    language : str
        See ``assumptions.load_messages``. What is not translated is said to be so.

    Examples
    --------
    >>> from lekp_lib.contracts import RESULTS
    >>> from lekp_lib.disclosure import publish
    >>> rows = pd.DataFrame({"part": list(_PARTS), "text": ["A.", "B.", "C.", "D."]})
    >>> summary = publish(rows, RESULTS["samenvatting"], smallest_cell=10, smallest_street=5,
    ...                   is_fictional=False)
    >>> "<dt>Wie u belt</dt><dd><p>D.</p></dd>" in residents_opening(summary).text
    True
    """
    say = load_messages(language)
    answers = [
        fragment(
            element("dt", say[f"page.{part}"]),
            element("dd", *(element("p", line) for line in text.splitlines())),
        )
        for part, text in _sentences(summary).items()
    ]
    warning = element("p", say["page.fictional"], class_="lekp-fictional")
    is_untranslated = bool(untranslated_messages(language))
    return element(
        "section",
        warning if summary.is_fictional else Html(""),
        element("p", say["page.untranslated"], class_="lekp-untranslated")
        if is_untranslated
        else "",
        element("dl", *answers[:-1], class_="lekp-sentences"),
        element("dl", answers[-1], class_="lekp-next"),
        class_="lekp-opening lekp-residents",
        aria_label=say["page.summary"],
        **_speech(language),
    )


def homes_like_mine(public: PublicTable, *, language: str = "nl") -> Html:
    """
    Return what residents can get and what it costs: a heading and three cards per kind of home.

    Parameters
    ----------
    public : PublicTable
        Result table ``woningen_zoals_de_mijne``, its sentences in that language.
    language : str
        See ``assumptions.load_messages``.

    Examples
    --------
    >>> from lekp_lib.contracts import RESULTS
    >>> from lekp_lib.disclosure import publish
    >>> rows = pd.DataFrame({"home": ["Rijhuis"], "package": ["basis"], "offer": ["Een dak."],
    ...     "cost": ["10 euro."], "support": [None], "tenant": [None], "call": ["Bel ons."]})
    >>> shown = publish(rows, RESULTS["woningen_zoals_de_mijne"], smallest_cell=10,
    ...                 smallest_street=5, is_fictional=False)
    >>> "<dt>Wat u krijgt</dt><dd>Een dak.</dd>" in homes_like_mine(shown).text
    True
    """
    require_table(public)
    require_columns(public, "home", "package", "call", *_ON_CARD)
    if public.frame.empty:
        return Html("")
    say = load_messages(language)
    kinds = list(enumerate(public.frame.groupby("home", sort=False), start=1))
    jumps = [element("li", element("a", kind, href=f"#huis-{n}")) for n, (kind, _) in kinds]
    homes = [
        fragment(element("h3", kind, id=f"huis-{n}"), _package_cards(rows, say))
        for n, (kind, rows) in kinds
    ]
    return element(
        "section",
        element("h2", say["homes.title"]),
        element("p", say["homes.counted"]),
        element("p", say["homes.support"]),
        element("ul", *jumps),
        *homes,
        element("p", say["homes.absent"]),
        element("p", element("strong", public.frame["call"].iloc[0]), class_="lekp-call"),
        class_="lekp-residents",
        **_speech(language),
    )


def _package_cards(rows: pd.DataFrame, say: Mapping[str, str]) -> Html:
    cards = (_package_card(row, say) for row in rows.to_dict("records"))
    return element("ul", *cards, class_="lekp-cards")


def _package_card(row: dict[Any, Any], say: Mapping[str, str]) -> Html:
    said = [
        fragment(element("dt", say[f"card.{name}"]), element("dd", row[name]))
        for name in _ON_CARD
        if not pd.isna(row[name])
    ]
    title = element("h4", say[f"package.{row['package']}"])
    return element("li", title, element("dl", *said), class_="lekp-card")


def read_more(place: str, *, language: str = "nl") -> Html:
    """
    Return the way from the page for residents to all figures of their neighbourhood.

    Parameters
    ----------
    place : str
        The place, as passed to ``io.read.read_place``.
    language : str
        See ``assumptions.load_messages``.

    Examples
    --------
    >>> 'href="lekp:lille/dorp/wp2_iedereen_mee"' in read_more("lille/dorp").text
    True
    """
    say = load_messages(language)
    more = link(f"lekp:{place}/wp2_iedereen_mee", say["more.link"])
    return element("p", say["more.text"], " ", more, **_speech(language))


def for_residents(place: str) -> Html:
    """
    Return the way from the figures of a neighbourhood to its page for residents.

    Parameters
    ----------
    place : str
        The place, as passed to ``io.read.read_place``.

    Examples
    --------
    >>> 'href="lekp:lille/dorp/bewoners"' in for_residents("lille/dorp").text
    True
    """
    page = link(f"lekp:{place}/bewoners", "de bladzijde «Voor bewoners»")
    return element("p", "Woont u hier? Lees ", page, ": zonder vaktaal, met bedragen per maand.")


def _speech(language: str) -> dict[str, object]:
    """Return the language for who has the page read aloud, where most of it is translated."""
    if language == "nl":
        return {}
    is_mostly_dutch = 2 * len(untranslated_messages(language)) > len(load_messages(language))
    return {"lang": None if is_mostly_dutch else language, "dir": "auto"}
