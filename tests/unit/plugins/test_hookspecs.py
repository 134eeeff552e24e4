"""Every hook is typed, documented, used by what ships, called by us and tested, or this fails."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import ibis
import pytest
from tests.docs import hooks_page
from tests.logs import log_of
from tests.plugged import HOOKS, manager_of, plan, plugin

import journeykit as jk
from journeykit.plugins import hookspecs
from journeykit.plugins.implementations import implementations_of
from journeykit.result import Definition


def test_the_hooks_are_these():
    """A hook is a promise for years: none comes or goes by accident."""
    assert HOOKS == (
        "journeykit_lifecycles",
        "journeykit_touchpoints",
        "journeykit_stage_rules",
        "journeykit_readers",
        "journeykit_analyses",
        "journeykit_gap_detectors",
    )


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_says_when_it_is_called_how_often_and_what_an_exception_means(name):
    """The one page that an author of a plugin reads."""
    doc = inspect.getdoc(getattr(hookspecs, name)) or ""

    assert re.search(r"Called (once per manager|on the first `\w+\(\)`)", doc)
    assert "An exception" in " ".join(doc.split())
    assert "`PluginError`" in doc


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_is_typed_and_each_of_its_arguments_documented(name):
    """An author's type checker tells of a wrong return before anyone installs it."""
    hook = getattr(hookspecs, name)
    arguments = list(inspect.signature(hook).parameters)

    assert set(inspect.get_annotations(hook)) == {*arguments, "return"}
    assert [one for one in arguments if f"    {one}: " not in (inspect.getdoc(hook) or "")] == []


@pytest.mark.parametrize("name", HOOKS)
def test_what_ships_uses_the_hook(name):
    """A hook that we do without ourselves would be made for nobody."""
    from journeykit import builtin

    assert name in {one.hook for one in implementations_of(builtin, "journeykit.builtin")}


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_is_implemented_in_a_test(name):
    """A hook that nobody tests breaks unnoticed."""
    tests = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    short = name.removeprefix("journeykit_")

    assert re.search(rf"\b{short}=lambda|def {name}\(", tests)


def test_the_page_of_hooks_is_made_from_the_specifications(project):
    """Its headings are the exact signatures; a page kept by hand would be out of date within a month."""
    written = (project / hooks_page.PAGE).read_text(encoding="utf-8")

    headings = [f"## `{hooks_page.signature(name)}`" for name in HOOKS]
    assert [line for line in written.splitlines() if line.startswith("## ")] == headings
    assert written == hooks_page.page(), f"run: {hooks_page.COMMAND}"


def test_each_hook_is_called_by_the_function_that_its_documentation_names():
    """What a plugin offers through each hook reaches whoever asks, and each hook is called once."""
    asked = []

    def offering(hook, answer):
        asked.append(hook)
        return answer

    def question(journey):
        unit = Definition(question="mine", unit="a journey", lifecycle=journey.lifecycle.id)
        return jk.Result([], unit, row_type=jk.DropOff)

    def read(tables, options):
        table = tables[0].table.mutate(when=ibis.literal("2024-01-01"))
        columns = {"customer": "who", "timestamp": "when", "touchpoint": options.get("as", "what")}
        return jk.Reading(events=table, columns=columns)

    trial = jk.Lifecycle("acme", ["visit", "paid"], touchpoints={"page": "visit"})
    rule = jk.StageRule("bought", stage="paid", when=lambda events: events.touchpoint == "till")
    names = {"acme": jk.Names(touchpoints={"P": "page"})}
    reader = jk.Reader("acme", title="Acme's", read=read, options={"as": "the column of what happened"})
    found = [jk.GapFinding(stage="paid", finding="Found.")]
    acme = plugin(
        lifecycles=lambda: offering("lifecycles", [trial]),
        touchpoints=lambda: offering("touchpoints", names),
        stage_rules=lambda: offering("stage_rules", [rule]),
        readers=lambda: offering("readers", [reader]),
        analyses=lambda: offering("analyses", {"mine": question}),
        gap_detectors=lambda: offering("gap_detectors", {"mine": lambda *_: found}),
    )
    manager = manager_of(acme)

    mapped = jk.map_system(jk.lifecycle("acme", manager=manager), "acme", manager=manager)
    source = log_of({"ana": {1: "P", 2: "till"}}).source.to_pyarrow().rename_columns(["who", "then", "what"])
    log = jk.events(source, format="acme", manager=manager)
    journey = jk.observe(log, mapped, manager=manager)
    answer = jk.analyze("mine", journey, manager=manager)
    gaps = jk.gaps(journey, manager=manager)

    assert (journey.rules, answer.definition.question) == (("bought",), "mine")
    assert [(one.detector, one.finding) for one in gaps.findings] == [("mine", "Found.")]
    assert sorted(asked) == sorted(name.removeprefix("journeykit_") for name in HOOKS)


def test_a_plan_that_no_plugin_knows_has_no_names_and_no_rules():
    """Whoever brings a lifecycle of their own gets what it says, and nothing else."""
    manager = manager_of()

    assert (dict(manager.names(plan("acme"))), dict(manager.stage_rules(plan("acme")))) == ({}, {})
