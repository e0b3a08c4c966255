"""What the book needs beyond Jupyter Book: Dutch buttons, formulas without scripts, cases."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util.docutils import SphinxDirective

from lekp_lib import wording
from lekp_lib.contracts import QUESTIONS, is_stale

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.writers.html5 import HTML5Translator

TEMPLATES = Path(__file__).parent / "templates"
PRACTICE = "praktijk.json"
"""The rows of ``data/praktijk.csv``, staged beside the chapters after they were checked."""
NO_CASE = "Geen gedocumenteerd Vlaams geval gevonden."


def use_templates(app: Sphinx, config: Config) -> None:
    """Let our own templates go before those of the theme."""
    config.templates_path.insert(0, str(TEMPLATES))


def visit_inline_math(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in a sentence as MathML, which browsers draw themselves."""
    self.body.append(tex2mathml(node.astext(), as_block=False))
    raise nodes.SkipNode


def visit_block_math(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on a line of its own as MathML."""
    formula = tex2mathml(node.astext(), as_block=True)
    self.body.append(f'<div class="lekp-formula">{formula}</div>')
    raise nodes.SkipNode


class Praktijk(SphinxDirective):
    """
    The documented Flemish cases beside a question, from ``data/praktijk.csv``.

    In a chapter: a fence with ``{praktijk} wp1.3``.
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the cases as a list, or the sentence that there is none."""
        question = self.arguments[0].strip()
        if question not in QUESTIONS:
            msg = f"«{question}» is geen vraag. Wat te doen: kies uit {', '.join(QUESTIONS)}."
            raise self.error(msg)
        path = Path(self.env.srcdir) / PRACTICE
        self.env.note_dependency(str(path))
        rows = json.loads(path.read_text(encoding="utf-8"))
        cases = [case for case in rows if case["question"] == question]
        if not cases:
            return [nodes.paragraph(text=NO_CASE)]
        shown = nodes.bullet_list(classes=["lekp-praktijk"])
        shown += [nodes.list_item("", _case(case, dt.date.today())) for case in cases]
        return [shown]


def _case(case: dict[str, str], today: dt.date) -> nodes.paragraph:
    """Return one case: where and when, what was tried, what came of it, who says so."""
    where = ", ".join(part for part in (case["place"], case["year"]) if part)
    named = case["source"]
    source = nodes.reference("", named, refuri=case["url"]) if case["url"] else nodes.Text(named)
    return nodes.paragraph(
        "",
        "",
        nodes.strong(text=f"{where}."),
        nodes.Text(f" {case['tried']} {case['outcome'].removesuffix('.')} (bron: "),
        source,
        nodes.Text(f"; {_checked(case['checked_on'], today)})."),
    )


def _checked(day: str, today: dt.date) -> str:
    """Return when a case was checked, and whether that is more than a year ago."""
    has_day = day.count("-") > 1
    text = wording.date(dt.date.fromisoformat(day if has_day else f"{day}-01"))
    shown = f"op {text}" if has_day else f"in {text.partition(' ')[2]}"
    late = " — ouder dan een jaar" if is_stale(day, today) else ""
    return f"nagekeken {shown}{late}"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_html_math_renderer("mathml", (visit_inline_math, None), (visit_block_math, None))
    # Jupyter Book sets this for an extension that we leave out.
    app.add_config_value("comments_config", {}, "html")
    app.add_directive("praktijk", Praktijk)
    app.connect("config-inited", use_templates)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
