"""Run the examples of README.md and of the documentation, so that none can rot.

The blocks of a page run in order, in one namespace and an empty directory, as a reader
would type them:

- ```python blocks are run;
- ```pycon blocks are dialogues, whose output is compared, too;
- ```console blocks are commands; those that begin with `$ journeykit` are run, and must succeed;
- a block of any language with a title is a file: ```yaml title="acme.yaml" writes it;
- functions that are called test_... are run, after the page.

A block that can't run has `<!-- not run: why -->` on the line above it.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import re
import shlex
import textwrap
from pathlib import Path
from typing import NamedTuple

import pytest

from journeykit.cli.running import run

FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w+)(?P<options>[^\n`]*)\n(?P<code>.*?)^(?P=indent)``` *$",
    re.MULTILINE | re.DOTALL,
)
RUN = ("python", "pycon", "console")
OPENING = re.compile(rf"^ *```({'|'.join(RUN)})\b", re.MULTILINE)
TITLE = re.compile(r'title="([^"]+)"')
NOT_RUN = re.compile(r"<!-- not run: .+ -->\s*\Z")
COMMAND = re.compile(r"^\$ (journeykit .*)$", re.MULTILINE)
DIALOGUE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


class Example(NamedTuple):
    """A block of a page; its code stands at the line where the page has it."""

    language: str
    title: str | None
    line: int
    code: str


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of each page that has examples."""
    if "page" in metafunc.fixturenames:
        project = metafunc.config.rootpath
        pages = [project / "README.md", project / "CONTRIBUTING.md", *sorted(project.glob("docs/**/*.md"))]
        with_examples = [page for page in pages if OPENING.search(page.read_text("utf-8"))]
        names = [page.relative_to(project).as_posix() for page in with_examples]
        metafunc.parametrize("page", with_examples, ids=names)


def test_the_examples_of_a_page_run(page, tmp_path, monkeypatch):
    """An example that fails is the first thing a newcomer sees of this library."""
    monkeypatch.chdir(tmp_path)

    run_page(page.read_text("utf-8"), page)


def test_every_example_is_found(page):
    """A block that is not closed, or closed at another depth, would silently not be run."""
    text = page.read_text("utf-8")

    assert len([one for one in FENCE.finditer(text) if one["language"] in RUN]) == len(OPENING.findall(text))


def test_blocks_of_a_page_share_their_names(tmp_path):
    """A page tells one story: what one block makes, the next ones use."""
    text = "```python\nx = 1\n```\n\n    ```python\n    assert x == 1\n    ```\n```pycon\n>>> x + 1\n2\n```\n"

    assert [(one.language, one.line) for one in examples_of(text)] == [
        ("python", 2),
        ("python", 6),
        ("pycon", 9),
    ]
    run_page(text, tmp_path / "page.md")


def test_a_failing_example_names_its_page_and_line(tmp_path):
    """Otherwise nobody finds the block among forty."""
    with pytest.raises(ZeroDivisionError) as caught:
        run_page("Text.\n\n```python\nx = 1\nx / 0\n```\n", tmp_path / "page.md")

    last = caught.traceback[-1]
    assert (str(last.path), last.lineno + 1) == (str(tmp_path / "page.md"), 5)


def test_a_dialogue_that_prints_something_else_fails(tmp_path):
    """Output that is shown is a claim."""
    with pytest.raises(pytest.fail.Exception, match=r"Expected:\s+3\s+Got:\s+2"):
        run_page("```pycon\n>>> 1 + 1\n3\n```\n", tmp_path / "page.md")


def test_a_command_that_fails_fails_its_page(tmp_path):
    """A command line is typed as it stands; an option that has been renamed must not stay in a page."""
    text = "```console\n$ make demo\n$ journeykit lifecycles\n$ journeykit check nowhere.yaml\n```\n"

    with pytest.raises(pytest.fail.Exception, match=r"check nowhere.yaml: exit code 2"):
        run_page(text, tmp_path / "page.md")


def test_a_block_with_a_title_is_a_file(tmp_path, monkeypatch):
    """A file that is shown is read by the blocks that follow, so that it can't be wrong either."""
    monkeypatch.chdir(tmp_path)

    run_page('```csv title="a.csv"\nx,y\n```\n', tmp_path / "page.md")

    assert (tmp_path / "a.csv").read_text("utf-8") == "x,y\n"


def test_the_tests_of_a_page_are_run(tmp_path):
    """A page that teaches how to write tests shows some; they should hold."""
    with pytest.raises(ZeroDivisionError):
        run_page("```python\ndef test_it():\n    1 / 0\n```\n", tmp_path / "page.md")


def test_a_block_marked_as_not_run_is_not_run(tmp_path):
    """A listing of a file that a reader is to write is no example."""
    run_page("<!-- not run: part of a file -->\n```python\nraise ValueError\n```\n", tmp_path / "page.md")


def examples_of(text: str) -> list[Example]:
    """Find the blocks to run or to write."""
    found = [
        Example(
            fence["language"],
            next(iter(TITLE.findall(fence["options"])), None),
            text.count("\n", 0, fence.start("code")) + 1,
            textwrap.dedent(fence["code"]),
        )
        for fence in FENCE.finditer(text)
        if not NOT_RUN.search(text, 0, fence.start())
    ]
    return [example for example in found if example.title or example.language in RUN]


def run_page(text: str, page: Path) -> None:
    """Run the blocks in order, in one namespace."""
    names: dict[str, object] = {"__name__": "__main__"}
    for example in examples_of(text):
        if example.title:
            Path(example.title).parent.mkdir(parents=True, exist_ok=True)
            Path(example.title).write_text(example.code, "utf-8")
        elif example.language == "pycon":
            run_dialogue(example, page, names)
        elif example.language == "console":
            run_commands(example, page)
        else:
            code = "\n" * (example.line - 1) + example.code
            exec(compile(code, str(page), "exec", dont_inherit=True), names)
    for name, value in names.items():
        if name.startswith("test_") and callable(value):
            value()


def run_commands(example: Example, page: Path) -> None:
    """Run the commands that are ours; a backslash at a line's end continues it."""
    for command in COMMAND.findall(example.code.replace("\\\n", " ")):
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = run(shlex.split(command, comments=True)[1:])
        if code:
            pytest.fail(f"{page}: {command}: exit code {code}\n{said.getvalue()}", pytrace=False)


def run_dialogue(example: Example, page: Path, names: dict[str, object]) -> None:
    """Run a dialogue and compare what it prints."""
    dialogue = doctest.DocTestParser().get_doctest(example.code, {}, page.name, str(page), example.line - 1)
    dialogue.globs = names
    said: list[str] = []
    doctest.DocTestRunner(optionflags=DIALOGUE).run(dialogue, out=said.append, clear_globs=False)
    if said:
        pytest.fail("".join(said), pytrace=False)
