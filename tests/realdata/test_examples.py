"""What examples/ shows is true: its plans, its commands and its numbers."""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

import journeykit as jk
from journeykit.cli.running import run
from tests.realdata import reference

if TYPE_CHECKING:
    from pathlib import Path

CONSOLE = re.compile(r"```console\n\$ journeykit (.*?)\n```", re.DOTALL)
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
SHARE = re.compile(r"[\d.]+ % \([\d.]+ to [\d.]+\)")
PLACEHOLDER = "path/to"


class Command(NamedTuple):
    """A command of a README, and where it writes its page and its JSON."""

    example: str
    arguments: list[str]
    page: str
    answers: str


def commands(project: Path, name: str) -> list[Command]:
    """Find the commands that a README shows."""
    text = (project / "examples" / name / "README.md").read_text("utf-8")
    found = []
    for shown in CONSOLE.findall(text):
        arguments = shlex.split(shown.replace("\\\n", " "))
        page, answers = (arguments[arguments.index(option) + 1] for option in ("-o", "--json"))
        found.append(Command(name, arguments, page, answers))
    return found


@pytest.fixture(scope="module", params=reference.EXAMPLES)
def name(request: pytest.FixtureRequest) -> str:
    """The name of an example."""
    return request.param


@pytest.fixture(scope="module")
def written(
    name: str, project: Path, shared_data: Path, tmp_path_factory: Any
) -> list[tuple[str, dict[str, Any]]]:
    """Run the commands of a README, in the project's directory: the page and the answers of each."""
    there = tmp_path_factory.mktemp(name)
    results = []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        for command in commands(project, name):
            places = {place: str(there / place) for place in (command.page, command.answers)}
            arguments = [
                places.get(one, one.replace(PLACEHOLDER, str(shared_data), 1)) for one in command.arguments
            ]
            assert run(arguments) == 0
            page, answers = ((there / place).read_text("utf-8") for place in places)
            results.append((page, json.loads(answers)))
    return results


def test_moves_between_touchpoints_are_those_of_the_log(name, known, example):
    """Whatever the plan, and however it names things: touchpoints follow each other as they do."""
    log, journey = known(name), example(name)
    meaning = reference.first_meaning(journey.lifecycle, log.names)
    moves = reference.next_moves(journey)
    facts = log.facts["direct_follow"]

    assert moves == Counter(
        {(meaning[one], meaning[other]): n for (one, other), n in reference.direct_follow(log.events).items()}
    )
    assert {
        "pairs_total": moves.total(),
        "distinct_edges": len(moves),
        "self_loop_pairs": sum(n for (one, other), n in moves.items() if one == other),
        "top20": [[one, other, moves[meaning[one], meaning[other]]] for one, other, _ in facts["top20"]],
    } == {key: facts[key] for key in ("pairs_total", "distinct_edges", "self_loop_pairs", "top20")}


def test_a_plan_knows_every_name_in_its_log(name, known, example):
    """An example with unmapped events would be a poor one."""
    assert set(known(name).names) <= set(example(name).lifecycle.touchpoint_names)
    assert (example(name).counts.unmapped, example(name).counts.unplaced) == (0, 0)


def test_events_of_a_touchpoint_are_those_of_the_log(name, known, example):
    """A touchpoint that stages share has as many events as the log, added up."""
    log, journey = known(name), example(name)
    meaning = reference.first_meaning(journey.lifecycle, log.names)
    events: Counter[str] = Counter()
    for node, data in journey.graph().nodes(data=True):
        if data["kind"] == "touchpoint":
            events[node.partition("/")[2]] += data["events"]

    assert {one: events[meaning[one]] for one in log.names} == {
        one: row["events"] for one, row in log.facts["stages"].items()
    }


def test_visits_are_conserved(name, known, example):
    """Each visit ends one way, and each began by a move or as a customer's first."""
    journey = example(name)
    moves = [(row.source, row.target, row.moves) for row in jk.transitions(journey)]
    rows = jk.drop_offs(journey)
    arrived, left = Counter(), Counter()
    for source, target, count in moves:
        arrived[target] += count
        left[source] += count

    assert [row.visits for row in rows] == [
        row.moved + row.exited + row.achieved + row.departed + row.dropped + row.open for row in rows
    ]
    assert {row.stage: row.moved + row.exited for row in rows} == {row.stage: left[row.stage] for row in rows}
    assert sum(row.visits - arrived[row.stage] for row in rows) == known(name).facts["cases"]
    assert sum(row.visits for row in rows) == journey.counts.visits


def test_the_commands_of_a_readme_write_a_page_and_the_answers(written, name, known):
    """The main job, on real input, as a reader would type it."""
    for page, answers in written:
        assert list(answers) == ["log", "transitions", "drop_offs", "gaps", "graph"]
        log = known("sessions" if answers["log"]["columns"]["customer"] == "session_id" else name)
        assert answers["log"]["customers"] == log.facts["cases"]
        assert answers["log"]["used"] == log.facts["events"]
        assert next_moves(answers) == log.facts["direct_follow"]["pairs_total"]
        assert page.lstrip().lower().startswith("<!doctype html>")
        assert "<svg" in page
        assert not re.search(r"""(src|href)=["']?(https?:)?//""", page)


def next_moves(answers: dict[str, Any]) -> int:
    """Add up the moves between touchpoints in node-link data."""
    return sum(edge["moves"] for edge in answers["graph"]["edges"] if edge["kind"] == "next")


def test_the_shares_in_a_readme_are_those_of_its_commands(written, name, project):
    """Numbers in prose outlive the code that made them, unless they are compared."""
    text = (project / "examples" / name / "README.md").read_text("utf-8").replace("\n", " ")
    shares = {
        f"{100 * row['share_lost']:.1f} % ({100 * row['share_low']:.1f} to {100 * row['share_high']:.1f})"
        for _, answers in written
        for row in answers["drop_offs"]["rows"]
    }
    shown = SHARE.findall(text)

    assert shown
    assert set(shown) <= shares


def test_the_python_of_a_readme_runs(name, project, shared_data, monkeypatch):
    """As a reader would type it, in the project's directory."""
    text = (project / "examples" / name / "README.md").read_text("utf-8")
    blocks = PYTHON.findall(text)
    monkeypatch.chdir(project)
    for block in blocks:
        exec(compile(block.replace(PLACEHOLDER, str(shared_data)), f"{name}/README.md", "exec"), {})

    assert len(blocks) == (name == "leadforge")
