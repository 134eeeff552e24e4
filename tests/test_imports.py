"""Promises about the package as a whole: quick to import, one name one thing, small pieces."""

from __future__ import annotations

import ast
import importlib.util
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import journeykit

if TYPE_CHECKING:
    from pathlib import Path

ENGINES = {
    *("adbc_driver_duckdb", "duckdb", "_duckdb", "ibis", "psycopg", "py4j", "pyspark", "sqlglot"),
    *("altair", "lifelines", "numpy", "pandas", "polars", "pyarrow", "scipy"),
}
"""What takes long to load: engines, and what comes with them or looks like them."""

MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 40


@pytest.fixture(scope="module")
def sources(project: Path) -> dict[str, str]:
    """Read every module of the package; keys are paths below src."""
    source = project / "src"
    return {
        path.relative_to(source).as_posix(): path.read_text("utf-8") for path in sorted(source.rglob("*.py"))
    }


def loaded_by(code):
    """Run code in a process of its own; name the packages that it loads, those of Python itself aside."""
    shown = f"{code}\nimport json, sys\nprint(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    packages = {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}
    return packages - sys.stdlib_module_names


@pytest.fixture(scope="module")
def started():
    """What this Python loads before it does anything, such as the finders of an editable install."""
    return loaded_by("")


def test_importing_journeykit_loads_nothing_but_itself(started):
    """A program that only names a lifecycle must not wait for an engine, a data frame or a chart."""
    assert loaded_by("import journeykit") - started == {"journeykit", "lazy_loader"}


def test_naming_a_lifecycle_loads_no_engine():
    """Who writes or draws plans never counts; and engines take as long to load as a small log to answer."""
    loaded = loaded_by("import journeykit as jk; jk.lifecycle('b2b-seven-phase').graph()")

    assert loaded & ENGINES == set()


@pytest.mark.parametrize("arguments", [[], ["--help"], ["--version"], ["report", "--help"], ["lifecycles"]])
def test_help_loads_no_engine(arguments):
    """`journeykit --help` is the first thing anyone types: it must answer at once."""
    loaded = loaded_by(
        f"import sys\nsys.argv = ['journeykit', *{arguments}]\n"
        "from journeykit.cli import main\n"
        "try: main()\n"
        "except SystemExit as left: assert left.code == 0"
    )

    assert loaded & (ENGINES if arguments == ["lifecycles"] else ENGINES | {"networkx"}) == set()


def test_public_names_are_sorted_and_there():
    """A name in `__all__` that can't be had is found by the first person who needs it."""
    names = list(journeykit.__all__)

    assert names == sorted(set(names))
    assert [name for name in names if not hasattr(journeykit, name)] == []
    assert set(names) <= set(dir(journeykit))


def test_type_checkers_see_the_public_names(project):
    """They never run the package: they read its stub, where a name left out is no name at all."""
    stub = ast.parse((project / "src" / "journeykit" / "__init__.pyi").read_text("utf-8"))
    imported = [
        alias.asname or alias.name
        for statement in stub.body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    ]
    exported = [
        ast.literal_eval(statement.value) for statement in stub.body if isinstance(statement, ast.Assign)
    ]

    assert exported == [journeykit.__all__]
    assert sorted(imported) == journeykit.__all__


def test_no_public_name_is_also_a_module():
    """Importing a submodule sets it on the package and would replace a function of its name."""
    modules = [name for name in journeykit.__all__ if importlib.util.find_spec(f"journeykit.{name}")]

    assert modules == []


def test_files_are_short(sources):
    """A file that fits a head: a longer one holds two ideas."""
    lengths = {path: len(text.splitlines()) for path, text in sources.items()}

    assert {path: length for path, length in lengths.items() if length > MOST_LINES} == {}


def test_functions_are_short(sources):
    """A function that fits a screen, its docstring aside."""
    lengths = {
        f"{path}:{function.lineno} {function.name}": length_without_docstring(function)
        for path, text in sources.items()
        for function in functions_of(text)
    }

    assert {name: length for name, length in lengths.items() if length > MOST_LINES_OF_A_FUNCTION} == {}


def test_length_of_a_function_leaves_its_docstring_out():
    """The rule is about code: a long explanation must not be what breaks it."""
    text = 'def f():\n    """One.\n\n    Two.\n    """\n    return 1\n\n\ndef g(x): return x\n'

    assert [length_without_docstring(function) for function in functions_of(text)] == [2, 1]


def functions_of(text: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Find the functions and methods of a module, also those inside others."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)]


def length_without_docstring(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines, from `def` to its end."""
    length = lines_of(function)
    return length - lines_of(function.body[0]) if ast.get_docstring(function) is not None else length


def lines_of(node: ast.stmt) -> int:
    """Count the lines that a statement takes."""
    return (node.end_lineno or node.lineno) - node.lineno + 1
