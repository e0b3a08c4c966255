"""
Print the book: one Sphinx build in a process of its own.

Sphinx changes the state of the process it runs in, so it gets one to itself:
``python -m lekp_lib.pipeline.press SOURCE HTML DOCTREES [fresh]``.
"""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """
    Build the pages and return 0 if there was not a single warning.

    Parameters
    ----------
    arguments : list of str
        Folder of the sources, folder of the pages, folder of the parsed pages, and
        ``fresh`` to read everything anew.
    """
    from jupyter_book.sphinx import build_sphinx

    source, html, doctrees = (Path(name) for name in arguments[:3])
    is_fresh = "fresh" in arguments[3:]
    outcome = build_sphinx(
        source,
        html,
        noconfig=True,
        path_config=source / "_config.yml",
        confoverrides={"latex_individualpages": False, "nitpicky": True},
        doctreedir=doctrees,
        freshenv=is_fresh,
        force_all=is_fresh,
        warningiserror=True,
        keep_going=True,
    )
    return outcome if isinstance(outcome, int) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
