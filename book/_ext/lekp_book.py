"""What the book needs beyond Jupyter Book: Dutch buttons, and formulas without scripts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.writers.html5 import HTML5Translator

TEMPLATES = Path(__file__).parent / "templates"


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


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_html_math_renderer("mathml", (visit_inline_math, None), (visit_block_math, None))
    # Jupyter Book sets this for an extension that we leave out.
    app.add_config_value("comments_config", {}, "html")
    app.connect("config-inited", use_templates)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
