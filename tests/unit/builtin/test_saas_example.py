"""examples/saas: a log of trials, plans, downgrades and churn fits saas-freemium with 15 lines and no Python.

The log is small enough to be counted by hand, and was: every expected number below was
read off events.csv with a finger.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest
import yaml
from tests.logs import picked, stays

import journeykit as jk
from journeykit.cli.running import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def example(project) -> Path:
    """The example's folder."""
    return project / "examples" / "saas"


@pytest.fixture(scope="module")
def journey(example) -> Iterator[jk.Journey]:
    """The log under the lifecycle, as the command of the README observes it."""
    names = yaml.safe_load((example / "map.yaml").read_text("utf-8"))
    plan = jk.lifecycle("saas-freemium").map(**names)
    with (
        jk.events(example / "events.csv", customer="account", timestamp="at", touchpoint="event") as log,
        jk.observe(log, plan) as journey,
    ):
        yield journey


def test_the_mapping_has_15_lines(example):
    """The promise: no Python, and a file that fits on a card."""
    assert len((example / "map.yaml").read_text("utf-8").splitlines()) <= 15


def test_every_event_is_known(journey):
    """An example with unmapped events would be a poor one."""
    counts = journey.counts

    assert (counts.events, counts.customers, counts.unmapped, counts.unplaced) == (63, 8, 0, 0)


def test_the_stages_of_each_account_are_those_counted_by_hand(journey):
    """Use, invoices and tickets stay in the stage told last, risk and churn included."""
    onboarded = ["purchase", "delivery", "implementation", "usage"]

    assert {account: [stay.split()[0] for stay in found] for account, found in stays(journey).items()} == {
        "alder": ["free_use", "trial", *onboarded, "upgraded"],
        "birch": ["free_use", *onboarded, "downgraded"],
        "cedar": ["free_use", "trial", *onboarded, "upgraded", "downgraded", "downgraded"],
        "elder": ["free_use", "trial", *onboarded, "churned", "purchase"],
        "hazel": ["free_use", *onboarded, "at_risk", "usage", "at_risk", "churned"],
        "larch": ["free_use"],
        "maple": ["free_use", "trial"],
        "rowan": ["free_use"],
    }


def test_who_downgraded_is_what_regressed(journey):
    """The question that decided that a downgrade is a stage."""
    rows = [row for row in jk.transitions(journey) if row.target == "downgraded" and row.moves]

    assert picked(rows, "source", "kind", "moves", "customers") == [
        ("downgraded", "repeat", 1, 1),
        ("usage", "regress", 1, 1),
        ("upgraded", "regress", 1, 1),
    ]


def test_a_churn_followed_by_a_return_is_an_exit_and_a_re_entry(journey):
    """elder cancels on 24 March and buys on 12 May; use on 28 March, already paid for, is no return."""
    rows = [row for row in jk.transitions(journey) if row.kind in {"exit", "re_entry"} and row.moves]
    churned = next(row for row in jk.drop_offs(journey) if row.stage == "churned")

    assert picked(rows, "source", "target", "kind", "moves") == [
        ("usage", "churned", "exit", 1),
        ("at_risk", "churned", "exit", 1),
        ("churned", "purchase", "re_entry", 1),
    ]
    assert int(rows[-1].median_days) == 49
    assert (churned.visits, churned.moved, churned.departed, churned.lost) == (2, 1, 1, 0)


def test_silence_is_a_loss_only_where_it_is_long_and_the_goal_not_reached(journey):
    """larch and maple fell silent in February; rowan was heard of in June; elder pays again."""
    rows = [row for row in jk.drop_offs(journey) if row.dropped or row.open]

    assert sorted(picked(rows, "stage", "dropped", "open", "exited", "lost")) == [
        ("downgraded", 0, 2, 0, 0),
        ("free_use", 1, 1, 0, 1),
        ("purchase", 0, 1, 0, 0),
        ("trial", 1, 0, 0, 1),
    ]


def test_the_command_of_the_readme_prints_what_the_readme_shows(example, project, monkeypatch, capsys):
    """As a reader would type it, in the project's directory."""
    monkeypatch.chdir(project)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    shown = re.search(
        r"```console\n\$ journeykit (.*?)\n```", (example / "README.md").read_text("utf-8"), re.DOTALL
    )
    command, _, output = shown[1].replace("\\\n", " ").partition("\n")

    assert run(shlex.split(command)) == 0

    printed = "\n".join(line.rstrip() for line in capsys.readouterr().out.splitlines())
    parts = [part for part in re.split(r"^\.\.\.$", output, flags=re.MULTILINE) if part.strip()]
    assert parts
    assert [part for part in parts if part.strip() not in printed] == []
