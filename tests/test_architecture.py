"""
The rules of the house that a machine can check: names, sizes, doors, thin notebooks.

Each rule is a function that lists offenders, so that a planted breach can show that it bites.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
import io
import json
import re
import shutil
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lekp_lib import errors

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "lekp_lib"
MODULES = sorted(PACKAGE.rglob("*.py"))
TEST_FILES = sorted((ROOT / "tests").rglob("test_*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

MOST_FUNCTION_LINES, MOST_MODULE_LINES = 50, 600
MOST_CELL_LINES, MOST_NOTEBOOK_LINES = 15, 140
DRAWERS = {"utils", "helpers", "common", "misc", "core", "tools", "util", "helper"}
FILE_CALLS = {
    *("to_file", "to_csv", "to_parquet", "to_excel", "to_pickle", "to_feather", "to_json_file"),
    *("read_csv", "read_file", "read_parquet", "read_excel", "read_feather", "read_pickle"),
    *("write_dataframe", "read_dataframe", "read_arrow", "load_workbook"),
}


def short(path: Path) -> str:
    """Return a path as it stands in the project."""
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def dotted(path: Path) -> str:
    """Return the name under which a module is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


# Names


@pytest.mark.parametrize("path", MODULES, ids=short)
def test_every_public_name_exists(path: Path) -> None:
    """What a module lists in __all__ can be imported from it, and is listed once."""
    module = importlib.import_module(dotted(path))
    listed = getattr(module, "__all__", [])
    assert len(listed) == len(set(listed))
    assert [name for name in listed if not hasattr(module, name)] == []


def unlisted(tree: ast.Module) -> list[str]:
    """Return public functions and classes that __all__ does not name."""
    listed = {
        item.value
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
        for item in ast.walk(node.value)
        if isinstance(item, ast.Constant)
    }
    kinds = ast.FunctionDef | ast.ClassDef
    names = [node.name for node in tree.body if isinstance(node, kinds)]
    return [name for name in names if not name.startswith("_") and name not in listed]


ROOMS = [path for path in MODULES if path.parent.name != "results" and path.stem != "cli"]


@pytest.mark.parametrize("path", ROOMS, ids=short)
def test_every_public_function_and_class_is_listed(path: Path) -> None:
    """The surface of a module does not grow by accident; contract models are no surface."""
    found = unlisted(tree_of(path))
    if path.name == "inputs.py":
        found = [name for name in found if not name.istitle()]
    assert found == []


def test_an_unlisted_function_is_seen() -> None:
    """The rule bites."""
    assert unlisted(ast.parse("__all__ = ['a']\ndef a(): ...\ndef b(): ...")) == ["b"]


def test_no_module_is_a_drawer() -> None:
    """A module is named after its subject."""
    names = {path.stem.strip("_") for path in MODULES}
    names |= {path.name for path in PACKAGE.rglob("*") if path.is_dir()}
    assert names & DRAWERS == set()


# Sizes


def code_lines(source: str) -> set[int]:
    """Return the lines of a module that hold code: no comments, no docstrings, no blanks."""
    idle = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in idle and token.type != tokenize.ENDMARKER:
            lines |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module) and ast.get_docstring(
            node, clean=False
        ):
            text = node.body[0]
            lines -= set(range(text.lineno, (text.end_lineno or 0) + 1))
    return lines


def long_functions(source: str) -> list[str]:
    """Return the functions with too many lines of code."""
    lines = code_lines(source)
    return [
        f"{node.name}: {size}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
        and (size := len(lines & set(range(node.lineno, (node.end_lineno or 0) + 1))))
        > MOST_FUNCTION_LINES
    ]


@pytest.mark.parametrize("path", MODULES, ids=short)
def test_functions_are_short(path: Path) -> None:
    """At most fifty lines of code, the docstring left out."""
    assert long_functions(path.read_text(encoding="utf-8")) == []


def test_a_long_function_is_seen() -> None:
    """Its docstring and its comments do not count, its code does."""
    body = "    x = 1\n" * 50
    assert long_functions(f'def f():\n    """{"Text. " * 9}"""\n    # why\n{body}') == ["f: 51"]
    assert long_functions(f"def f():\n{body[10:]}") == []


@pytest.mark.parametrize("path", MODULES, ids=short)
def test_modules_are_chapters(path: Path) -> None:
    """At most six hundred lines, documentation included."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_MODULE_LINES


# Doors


def file_calls(tree: ast.Module) -> list[str]:
    """Return the calls that read or write a file of data."""
    return [
        f"line {node.lineno}: {node.func.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in FILE_CALLS
    ]


@pytest.mark.parametrize(
    "path", [path for path in MODULES if PACKAGE / "io" not in path.parents], ids=short
)
def test_data_files_pass_through_one_door(path: Path) -> None:
    """Tables are read and written in lekp_lib.io only; the pipeline may write its own text."""
    assert file_calls(tree_of(path)) == []


def test_a_file_that_is_written_elsewhere_is_seen() -> None:
    """The linter cannot see a call on a variable; this rule can."""
    assert file_calls(ast.parse("streets.to_file('x')")) == ["line 1: to_file"]


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path.name != "disclosure.py"], ids=short
)
def test_only_disclosure_makes_a_public_table(path: Path) -> None:
    """Nothing else can say that a table may leave the house."""
    made = [
        node.lineno
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "PublicTable"
    ]
    assert made == []


def test_the_rooms_are_stacked_one_way() -> None:
    """The import linter keeps every contract of pyproject.toml."""
    linter = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    if linter is None:
        pytest.skip("lint-imports is not installed beside this Python")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


# Documentation


def public_functions(path: Path) -> Iterator[Any]:
    """Return the functions that a module lists and defines itself."""
    module = importlib.import_module(dotted(path))
    for name in getattr(module, "__all__", []):
        thing = getattr(module, name)
        if inspect.isfunction(thing) and thing.__module__ == module.__name__:
            yield thing


@pytest.mark.parametrize("path", sorted((PACKAGE / "domain").glob("*.py")), ids=short)
def test_domain_functions_show_an_example(path: Path) -> None:
    """A reader can check what a function does in the head."""
    bare = [one.__name__ for one in public_functions(path) if ">>>" not in (one.__doc__ or "")]
    assert bare == []


def unknown_errors(tree: ast.Module) -> list[str]:
    """Return the names of errors in docstrings that lead nowhere."""
    known = {name for name in dir(builtins) if name.endswith("Error")} | set(errors.__all__)
    kinds = ast.FunctionDef | ast.ClassDef | ast.Module
    texts = [ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, kinds)]
    named = {name for text in texts for name in re.findall(r"\b[A-Z][A-Za-z]*Error\b", text)}
    return sorted(named - known)


@pytest.mark.parametrize("path", MODULES, ids=short)
def test_docstrings_name_errors_that_exist(path: Path) -> None:
    """Who catches what the documentation promises catches something."""
    assert unknown_errors(tree_of(path)) == []


def test_an_error_that_does_not_exist_is_seen() -> None:
    """A name from another library, or one that was never made, is told."""
    source = 'def f():\n    """Raises GraphValidationError or ContractError."""'
    assert unknown_errors(ast.parse(source)) == ["GraphValidationError"]


def bare_raises(tree: ast.Module) -> list[int]:
    """Return the lines where any message at all would please a test."""
    kept = {
        id(item.context_expr)
        for node in ast.walk(tree)
        if isinstance(node, ast.With)
        for item in node.items
        if item.optional_vars is not None  # the test reads the error itself
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") == "raises"
        and id(node) not in kept
        and getattr(node.args[0], "id", "") != "KeyboardInterrupt"  # it carries no message
        and "match" not in {keyword.arg for keyword in node.keywords}
    ]


@pytest.mark.parametrize("path", TEST_FILES, ids=short)
def test_expected_errors_are_matched(path: Path) -> None:
    """A test that expects an error says which words it must hold."""
    assert bare_raises(tree_of(path)) == []


def test_a_bare_raises_is_seen() -> None:
    """The rule bites."""
    assert bare_raises(ast.parse("pytest.raises(ValueError)")) == [1]


@pytest.mark.parametrize("path", TEST_FILES, ids=short)
def test_tests_say_what_they_test(path: Path) -> None:
    """Each test has a sentence for the reader of a failure."""
    silent = [
        node.name
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


# Notebooks

FORBIDDEN = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
    *(ast.For, ast.AsyncFor, ast.While, ast.comprehension),
)
_PATH = re.compile(r"^\S*[/\\]\S*$|\.(csv|xlsx|gpkg|geojson|parquet|json|html|md|ipynb|yml)$")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s|<h[1-6]", re.MULTILINE)


def source_of(cell: dict[str, Any]) -> str:
    """Return the text of a cell."""
    return "".join(cell["source"])


def tags_of(cell: dict[str, Any]) -> list[str]:
    """Return the tags of a cell."""
    return list(cell["metadata"].get("tags", []))


def code_faults(cell: dict[str, Any]) -> Iterator[str]:
    """Return what a cell with code must not hold."""
    source = source_of(cell)
    lines = [line.strip() for line in source.splitlines()]
    if any(line.startswith(("!", "%")) for line in lines):
        yield "magic"
        return
    if sum(bool(line) and not line.startswith("#") for line in lines) > MOST_CELL_LINES:
        yield "long cell"
    nodes = list(ast.walk(ast.parse(source)))
    yield from (type(node).__name__ for node in nodes if isinstance(node, FORBIDDEN))
    texts = [node.value for node in nodes if isinstance(node, ast.Constant)]
    words = [text for text in texts if isinstance(text, str)]
    if any("://" in text for text in words):
        yield "URL"
    if "parameters" not in tags_of(cell) and any(_PATH.search(text) for text in words):
        yield "path"
    if any(_HEADING.search(text) for text in words):
        yield "heading by code"
    if cell.get("outputs") and "kerncijfers" not in tags_of(cell):
        yield "stored output"


def notebook_faults(notebook: dict[str, Any]) -> list[str]:
    """Return how a notebook breaks the rules: it tells, the library computes."""
    cells = notebook["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    faults = [fault for cell in code for fault in code_faults(cell)]
    if sum("parameters" in tags_of(cell) for cell in code) != 1:
        faults.append("parameters")
    lines = [line for cell in code for line in source_of(cell).splitlines() if line.strip()]
    if len([line for line in lines if not line.strip().startswith("#")]) > MOST_NOTEBOOK_LINES:
        faults.append("long notebook")
    titles = [
        position
        for position, cell in enumerate(cells)
        if cell["cell_type"] == "markdown"
        for _ in re.findall(r"^# ", source_of(cell), re.MULTILINE)
    ]
    return faults if titles == [0] else [*faults, "title"]


def cell(source: str, *tags: str, kind: str = "code", **more: Any) -> dict[str, Any]:
    """Return a cell of a planted notebook."""
    return {"cell_type": kind, "source": source, "metadata": {"tags": list(tags)}, **more}


RIGHT = [
    cell("# Titel\n\nVraag.", kind="markdown"),
    cell('place: str = "a/b"  # plaats\nout_dir: str = "_build/proef"  # map', "parameters"),
    cell("## Kop\n\nEen zin over «en/of».", kind="markdown"),
    cell('tables.table(public["x"], caption="Plaatsen en/of bomen")'),
    cell("results.key_figures", "kerncijfers", outputs=[{"data": {}}]),
]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=short)
def test_notebooks_are_thin(path: Path) -> None:
    """A notebook reads, calls one study, shows and explains; the library computes."""
    assert notebook_faults(json.loads(path.read_text(encoding="utf-8"))) == []


def test_there_are_notebooks() -> None:
    """The rule above has something to hold against."""
    assert len(NOTEBOOKS) >= 5


def test_a_thin_notebook_passes() -> None:
    """Prose with a slash and one compared output are allowed."""
    assert notebook_faults({"cells": RIGHT}) == []


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        (cell("def f():\n    return 1"), "FunctionDef"),
        (cell("class A:\n    x = 1"), "ClassDef"),
        (cell("f = lambda x: x"), "Lambda"),
        (cell("for x in y:\n    x"), "For"),
        (cell("while x:\n    x"), "While"),
        (cell("[x for x in y]"), "comprehension"),
        (cell("!ls"), "magic"),
        (cell("x = 1\n%timeit x"), "magic"),
        (cell('read("https://statbel.fgov.be")'), "URL"),
        (cell('read("data/lille")'), "path"),
        (cell('read(f"{data_dir}/kern")'), "path"),
        (cell('read("gebouwen.gpkg")'), "path"),
        (cell('Markdown("## Kop")'), "heading by code"),
        (cell('HTML("<h2>Kop</h2>")'), "heading by code"),
        (cell("x\n" * 16), "long cell"),
        (cell("x", outputs=[{"data": {}}]), "stored output"),
        (cell("x = 1", "parameters"), "parameters"),
        (cell("# Nog een titel", kind="markdown"), "title"),
    ],
)
def test_a_breach_in_a_notebook_is_seen(planted: dict[str, Any], fault: str) -> None:
    """Each rule bites."""
    assert fault in notebook_faults({"cells": [*RIGHT, planted]})


def test_a_notebook_without_parameters_or_with_too_much_code_is_seen() -> None:
    """The rules about the whole notebook bite."""
    assert "parameters" in notebook_faults({"cells": RIGHT[:1]})
    assert "long notebook" in notebook_faults({"cells": [*RIGHT, *[cell("x\n" * 10)] * 15]})
