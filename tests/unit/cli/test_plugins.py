"""`journeykit plugins`: what is installed, what each offers, and what failed and why."""

from __future__ import annotations

import json

import pytest
from tests.plugged import HOOKS, install

from journeykit.plugins import default_manager

OFFERING = """
    from journeykit import Lifecycle, Names, hookimpl

    @hookimpl
    def journeykit_lifecycles():
        return [Lifecycle("acme-trial", "visit", touchpoints={"page": "visit"})]

    @hookimpl
    def journeykit_touchpoints(lifecycle):
        return {"acme-shop": Names(touchpoints={"PV": "page"})} if lifecycle.id == "acme-trial" else None
"""

BROKEN = """
    from journeykit import Lifecycle, hookimpl

    @hookimpl
    def journeykit_lifecycles():
        return [Lifecycle("acme", ["a", "a"], [("a", "b")], {"call": "d"})]
"""


@pytest.fixture
def installed(tmp_path_factory, monkeypatch):
    """Install packages by hand, as {entry point: source}."""

    def make(**sources):
        folder = tmp_path_factory.mktemp("installed")
        for name, source in sources.items():
            install(folder, monkeypatch, name.replace("_", "-"), source)
        default_manager.cache_clear()

    yield make
    default_manager.cache_clear()


def test_each_plugin_is_listed_with_what_it_offers(journeykit, installed, monkeypatch):
    """The names are what one types: of a lifecycle, of a system, of a reader."""
    monkeypatch.setenv("COLUMNS", "200")
    installed(acme=OFFERING)

    code, out, err = journeykit("plugins")

    assert (code, err) == (0, "")
    lines = [line.rstrip() for line in out.splitlines()]
    ships = next(line for line in lines if line.startswith("journeykit.builtin"))
    assert "lifecycles" in ships
    assert "b2b-seven-phase" in ships
    ours = next(number for number, line in enumerate(lines) if line.startswith("acme "))
    assert lines[ours].endswith("acme-trial")
    assert lines[ours + 1].split() == ["touchpoints", "acme-shop", "(acme-trial)"]
    assert "1.2" in lines[ours]


def test_what_ships_offers_something_at_every_hook(journeykit):
    """The list is as long as the hooks are many."""
    _, out, _ = journeykit("plugins", "--json")

    (ships,) = json.loads(out)["plugins"]
    assert {one["hook"] for one in ships["offers"]} == set(HOOKS)
    assert (ships["name"], ships["distribution"], ships["is_loaded"]) == (
        "journeykit.builtin",
        "journeykit",
        True,
    )


def test_what_failed_is_told_with_every_line_of_why(journeykit, installed):
    """The author of the plugin gets this from a user, and mends it by it."""
    installed(broken=BROKEN, gone="import nothing_of_this_name")

    code, out, err = journeykit("plugins")

    assert (code, err) == (0, "")
    failed = out[out.index("gone, is left out:") :]
    assert failed.splitlines() == [
        "gone, is left out:",
        "  can't be loaded: ModuleNotFoundError: No module named 'nothing_of_this_name'",
        "",
        "broken, hook journeykit_lifecycles, is left out:",
        "  lifecycle 'acme' has 3 problems:",
        "    stage 'a': stands there twice, first as stages[0]",
        "    transition 'a' -> 'b': no stage named 'b'",
        "    touchpoint 'call': no stage named 'd'",
    ]
    told = {
        line.split()[0]: line.split()[-1]
        for line in out.splitlines()
        if line.startswith(("gone ", "broken "))
    }
    assert told == {"broken": "nothing", "gone": "failed"}


def test_programs_get_the_same(journeykit, installed):
    """A check of an installation reads it, and finds the failures without reading sentences."""
    installed(broken=BROKEN)

    code, out, _ = journeykit("plugins", "--json")

    told = json.loads(out)
    assert (code, told["restriction"]) == (0, None)
    assert [one["name"] for one in told["plugins"]] == ["journeykit.builtin", "broken"]
    (failure,) = told["failures"]
    assert (failure["plugin"], failure["hook"]) == ("broken", "journeykit_lifecycles")
    assert len(failure["cause"].splitlines()) == 4


def test_a_restriction_is_told(journeykit, installed, monkeypatch):
    """Whoever misses a plugin should not have to think of the environment first."""
    installed(acme=OFFERING, other=OFFERING)
    monkeypatch.setenv("JOURNEYKIT_PLUGINS", "acme")

    _, out, _ = journeykit("plugins")

    assert out.splitlines()[-1] == "JOURNEYKIT_PLUGINS is acme: no other installed plugin is loaded."
    assert ("acme-trial" in out, "\nother" in out) == (True, False)
    monkeypatch.setenv("JOURNEYKIT_PLUGINS", "")
    default_manager.cache_clear()
    assert journeykit("plugins")[1].splitlines()[-1].startswith("JOURNEYKIT_PLUGINS is empty: ")
