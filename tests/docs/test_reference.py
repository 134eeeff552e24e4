"""The reference is whole: no public name, field, attribute, option or id is missing from it."""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING, Any

import pytest
import typer.main

import journeykit as jk
from journeykit import errors
from journeykit.cli.app import app
from journeykit.graph import schema_markdown
from journeykit.model.codec import json_schema

if TYPE_CHECKING:
    from pathlib import Path

DIRECTIVE = re.compile(r"^::: ([\w.]+)$", re.MULTILINE)
MISSION_ID = re.compile(r"\bS[1-5]-\d\d\b")
PARTS = (
    *("lifecycle", "stage", "transition", "touchpoint", "activity", "question", "vocabulary", "term"),
    *("persona", "step", "bridge", "scope", "names", "without"),
)
"""The sections of the page on lifecycle files, in their order."""


def test_every_public_name_has_its_place_in_the_reference(project):
    """What is not documented is not public, whatever the package exports."""
    documented = [
        found(name) for page in pages(project) for name in DIRECTIVE.findall(page.read_text("utf-8"))
    ]

    missing = [name for name in jk.__all__ if not any(getattr(jk, name) is one for one in documented)]
    assert missing == []


def test_the_list_of_the_reference_names_all_that_has_no_page_of_its_name(project):
    """People look for a name on the first page of the reference; a question is in the menu beside it."""
    text = (project / "docs" / "reference" / "index.md").read_text("utf-8")
    listed = re.findall(r"\]\[journeykit\.(\w+)\]", text)
    questions = {
        name for name in jk.__all__ if getattr(jk, name).__module__.startswith("journeykit.analysis")
    }

    assert len(listed) == len(set(listed))
    assert set(jk.__all__) - questions <= set(listed) <= set(jk.__all__)


def test_every_error_has_its_place_in_the_reference(project):
    """Whoever catches one has to know that it is there, exported or not."""
    text = (project / "docs" / "reference" / "errors.md").read_text("utf-8")
    raised = [
        each
        for each in vars(errors).values()
        if isinstance(each, type) and issubclass(each, errors.JourneykitError | errors.JourneykitWarning)
    ]

    documented = [found(name) for name in DIRECTIVE.findall(text)]
    assert [each.__name__ for each in raised if each not in documented] == []


def test_every_question_has_a_page(project):
    """A question is found by its name: drop_offs is at reference/drop_offs.md."""
    questions = [name for name in jk.__all__ if getattr(jk, name).__module__ == f"journeykit.analysis.{name}"]

    assert [name for name in questions if not (project / "docs" / "reference" / f"{name}.md").exists()] == []


def test_the_graph_schema_is_the_one_that_is_checked(project):
    """The page and `validate` say the same, because one list makes both."""
    text = (project / "docs" / "reference" / "graph-schema.md").read_text("utf-8")

    assert text.partition("## Attributes\n\n")[2].strip() == schema_markdown().strip()


@pytest.mark.parametrize("part", PARTS)
def test_the_fields_of_a_lifecycle_file_are_those_that_are_read(project, part):
    """The reader refuses a field it does not know; the page has to list the others."""
    text = (project / "docs" / "reference" / "lifecycle-file.md").read_text("utf-8")
    whole = json_schema()
    section = text.partition(f"### {part}\n\n")[2].partition("\n### ")[0].partition("\n## ")[0]

    assert section.strip() == fields(whole if part == "lifecycle" else whole["$defs"][part]).strip()


@pytest.mark.parametrize("command", ["demo", "report", "lifecycles", "plugins", "check", "new-plugin"])
def test_every_option_of_the_command_line_is_explained(project, command):
    """An option that only `--help` knows is one that few people find."""
    text = (project / "docs" / "reference" / "command-line.md").read_text("utf-8")
    section = text.partition(f"## journeykit {command}\n")[2].partition("\n## ")[0]
    commands: Any = typer.main.get_command(app)

    options = {
        name for one in commands.commands[command].params for name in one.opts if name.startswith("--")
    }
    told = set(re.findall(r"`(--[a-z-]+)", section))
    assert told == options


def test_every_mission_id_can_be_looked_up(project):
    """An id that stands nowhere explains nothing."""
    mission = (project / "docs" / "explanation" / "mission.md").read_text("utf-8")
    known = set(re.findall(r"^\| (S\d-\d\d) \|", mission, re.MULTILINE))
    places = [*project.glob("src/**/*.py"), *project.glob("src/**/*.yaml"), *pages(project)]

    cited = {name for place in places for name in MISSION_ID.findall(place.read_text("utf-8"))}
    assert cited - known == set()


def pages(project: Path) -> list[Path]:
    """List the pages of the documentation."""
    return sorted(project.glob("docs/**/*.md"))


def found(name: str) -> object:
    """Find what a dotted name means, importing as much of it as is a module."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            value: Any = importlib.import_module(".".join(parts[:length]))
        except ImportError:
            continue
        for part in parts[length:]:
            value = getattr(value, part)
        return value
    raise LookupError(name)


def fields(schema: dict[str, Any]) -> str:
    """Write the fields of one part of a lifecycle file as a table."""
    needed = schema.get("required", [])
    rows = [
        f"| `{name}` | {kind_of(one)}{', needed' if name in needed else ''} | {one['description']} |"
        for name, one in schema["properties"].items()
    ]
    return "\n".join(["| field | what it takes | meaning |", "| --- | --- | --- |", *rows])


def kind_of(schema: dict[str, Any]) -> str:
    """Say what values a field takes."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return {"id": "id", "text": "words", "duration": "duration"}.get(name, f"[{name}](#{name})")
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "anyOf" in schema:
        first, *others = (one for one in schema["anyOf"] if one != {"type": "null"})
        several = others and others[0].get("type") == "array"
        return ", or ".join([kind_of(first), *(["a list"] if several else map(kind_of, others))])
    if "maxItems" in schema:
        return "pair of ids"
    if schema["type"] == "array":
        return f"list; each: {kind_of(schema['items'])}"
    words = {
        "string": "text",
        "boolean": "`true`, `false`",
        "integer": "whole number",
        "number": "number from 0",
    }
    return words.get(schema["type"], "mapping")
