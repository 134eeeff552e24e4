"""Plugins are asked once, each for itself; what one does wrong is recorded, and what others offer stands."""

from __future__ import annotations

import pickle
import subprocess
import sys
import warnings
from types import ModuleType

import pytest
from tests.plugged import failures_of, manager_of, plan, plugin

import journeykit as jk
from journeykit import builtin


class Offering:
    """A plugin that offers lifecycles, and counts how often it was asked."""

    def __init__(self, *offered: object) -> None:
        self.offered = offered
        self.asked = 0

    @jk.hookimpl
    def journeykit_lifecycles(self):
        self.asked += 1
        return self.offered


def test_what_ships_and_what_is_plugged_in_are_offered_alike():
    """Nothing that ships has a way in that a plugin has not."""
    manager = manager_of(Offering(plan("zebra"), plan("acme")))

    offered = [each.id for each in jk.lifecycles(manager=manager)]

    assert offered == sorted(["acme", "zebra", *(each.id for each in builtin.journeykit_lifecycles())])
    assert jk.lifecycle("acme", manager=manager) == plan("acme")
    assert manager.lifecycles.plugin_of("acme") == "Offering"


def test_without_a_manager_what_is_installed_is_offered():
    """`jk.lifecycle("b2b-seven-phase")` works out of the box, and twice gives the same object."""
    assert jk.lifecycle("b2b-seven-phase") is jk.lifecycle("b2b-seven-phase")
    assert jk.lifecycle("b2b-seven-phase") in jk.lifecycles()


def test_a_plugin_is_asked_once():
    """A plugin may read files, or a database."""
    plugged = Offering(plan("acme"))
    manager = manager_of(plugged)

    assert plugged.asked == 0
    for _ in range(2):
        jk.lifecycle("acme", manager=manager)
        jk.lifecycles(manager=manager)

    assert plugged.asked == 1


def test_a_plugin_is_asked_once_for_a_lifecycle():
    """`observe` asks for rules each time, and a program may observe a hundred logs under one plan."""
    asked = []
    manager = manager_of(plugin(stage_rules=lambda lifecycle: asked.append(lifecycle.id)))

    for one in (plan("a"), plan("b"), plan("a")):
        manager.stage_rules(one)

    assert asked == ["a", "b"]


def test_an_unknown_lifecycle_is_an_error_with_the_nearest_one():
    """The id is typed from memory."""
    manager = manager_of(Offering(plan("acme-freemium")))

    with pytest.raises(jk.UnknownNameError) as raised:
        jk.lifecycle("acme-fremium", manager=manager)

    assert str(raised.value).startswith(
        "no lifecycle named 'acme-fremium'. Did you mean 'acme-freemium'? Known: "
    )


def test_two_plugins_that_offer_one_id_are_both_named_to_who_asks_for_it():
    """Which of two plans was meant must not depend on the order of installation.

    Once it stopped every lifecycle; now it stops this one only, since two strangers' quarrel is
    not the business of who uses neither.
    """
    module = ModuleType("acme_plugin")
    module.journeykit_lifecycles = jk.hookimpl(lambda: [plan("acme"), plan("fine")])
    manager = manager_of(module, Offering(plan("acme")))
    why = "lifecycle 'acme' is offered by plugin 'acme_plugin', too, so none of them is used"
    clash = f"plugin 'Offering', hook 'journeykit_lifecycles': {why}"

    with pytest.warns(jk.JourneykitWarning, match=why):
        offered = [each.id for each in jk.lifecycles(manager=manager)]
    with pytest.raises(jk.PluginError) as raised:
        jk.lifecycle("acme", manager=manager)

    assert ("acme" in offered, "fine" in offered) == (False, True)
    assert (str(raised.value), failures_of(manager)) == (clash, [clash])


def test_three_plugins_that_offer_one_id_are_all_named():
    """Whoever sorts it out has to know of all of them."""
    manager = manager_of(*(plugin(name, lifecycles=lambda: [plan("acme")]) for name in ("A", "B", "C")))

    with pytest.warns(jk.JourneykitWarning), pytest.raises(jk.PluginError) as raised:
        jk.lifecycle("acme", manager=manager)

    assert (raised.value.plugin, raised.value.cause) == (
        "C",
        "lifecycle 'acme' is offered by plugin 'A', 'B', too, so none of them is used",
    )


def test_a_shipped_id_is_taken():
    """A plugin that could replace what ships would change everyone's numbers.

    What ships stands; once it went down with the newcomer.
    """
    manager = manager_of(Offering(plan("b2b-seven-phase"), plan("acme")))

    with pytest.warns(jk.JourneykitWarning, match="is offered by plugin 'journeykit.builtin', too"):
        found = jk.lifecycle("b2b-seven-phase", manager=manager)

    assert (found, len(manager.failures)) == (jk.lifecycle("b2b-seven-phase"), 1)
    assert jk.lifecycle("acme", manager=manager) == plan("acme")


def test_two_plugins_of_one_class_are_told_apart():
    """An object has no name of its own."""
    manager = manager_of(Offering(), Offering(plan("acme"), plan("acme")))

    with pytest.warns(jk.JourneykitWarning), pytest.raises(jk.PluginError) as raised:
        jk.lifecycle("acme", manager=manager)

    assert str(raised.value) == (
        "plugin 'Offering-2', hook 'journeykit_lifecycles': "
        "lifecycle 'acme' is offered by it more than once, so none of them is used"
    )


def test_a_plugin_that_raises_is_named_and_takes_nobody_down():
    """Among ten plugins, a bare ZeroDivisionError says nothing, and the other nine still work."""

    class Broken:
        @jk.hookimpl
        def journeykit_lifecycles(self):
            yield plan("acme")
            return 1 / 0

    manager = manager_of(Broken(), Offering(plan("fine")))

    with pytest.warns(jk.JourneykitWarning, match="left out: plugin 'Broken'"):
        assert jk.lifecycle("fine", manager=manager) == plan("fine")

    (failure,) = manager.failures
    assert str(failure) == (
        "plugin 'Broken', hook 'journeykit_lifecycles': ZeroDivisionError: division by zero"
    )
    assert isinstance(failure.__cause__, ZeroDivisionError)


def test_a_failure_is_warned_of_once():
    """A warning that comes with every call is one that people turn off."""
    manager = manager_of(Offering(3))

    with warnings.catch_warnings(record=True, action="always") as said:
        for _ in range(3):
            jk.lifecycles(manager=manager)
            jk.lifecycle("b2b-seven-phase", manager=manager)

    assert [str(one.message) for one in said] == [
        "left out: plugin 'Offering', hook 'journeykit_lifecycles': 3 is no Lifecycle"
    ]


def test_who_asks_for_what_only_a_failed_plugin_may_offer_is_told_of_the_failure():
    """That there is no lifecycle named 'acme' would alone send people to look for a typing mistake."""
    manager = manager_of(plugin("Broken", lifecycles=lambda: 1 / 0))

    with pytest.warns(jk.JourneykitWarning), pytest.raises(jk.UnknownNameError) as raised:
        jk.lifecycle("acme", manager=manager)

    assert str(raised.value).startswith(
        "no lifecycle named 'acme' in what is installed (failed: 'Broken'). Known: "
    )
    assert raised.value.__cause__ is manager.failures[0]


def test_a_plugins_broken_lifecycle_lists_every_broken_rule():
    """The author of the plugin mends it by this message."""
    manager = manager_of(
        plugin("Broken", lifecycles=lambda: [jk.Lifecycle("acme", ["a", "a"], [("a", "b")])])
    )

    with pytest.warns(jk.JourneykitWarning):
        jk.lifecycles(manager=manager)

    (failure,) = manager.failures
    assert str(failure) == (
        "plugin 'Broken', hook 'journeykit_lifecycles': lifecycle 'acme' has 2 problems:\n"
        "  stage 'a': stands there twice, first as stages[0]\n"
        "  transition 'a' -> 'b': no stage named 'b'"
    )
    assert isinstance(failure.__cause__, jk.LifecycleError)


@pytest.mark.parametrize(
    ("offered", "cause"),
    [
        ((3,), "3 is no Lifecycle"),
        (("acme",), "'acme' is no Lifecycle"),
        (((plan("acme"),),), "(<Lifecycle 'acme': 1 stages, 0 touchpoints, 0 transitions>,) is no Lifecycle"),
    ],
)
def test_what_is_no_lifecycle_is_refused(offered, cause):
    """A dictionary would fail later, far from the plugin that offered it."""
    manager = manager_of(Offering(*offered))

    with pytest.warns(jk.JourneykitWarning):
        jk.lifecycles(manager=manager)

    assert [failure.cause for failure in manager.failures] == [cause]


def test_a_forgotten_return_is_named():
    """The commonest mistake in a hook."""
    manager = manager_of(plugin("Forgetful", lifecycles=lambda: None))

    with pytest.warns(jk.JourneykitWarning):
        jk.lifecycles(manager=manager)

    assert [failure.cause for failure in manager.failures] == [
        "returned None, not a list of what it offers; is a return missing?"
    ]


def test_a_system_is_mapped_by_the_name_that_a_plugin_offers():
    """Nobody should write down a second time what every user of one CRM calls the same."""
    trial = jk.Lifecycle("trial", ["visit", "paid"], touchpoints={"invoice": "paid"})
    names = jk.Names(touchpoints={"inv.paid": "invoice"}, stages={"PAID": "paid"})
    manager = manager_of(
        plugin(touchpoints=lambda lifecycle: {"acme": names} if lifecycle.id == "trial" else {})
    )

    mapped = jk.map_system(trial, "acme", manager=manager)

    assert mapped == trial.map(touchpoints={"inv.paid": "invoice"}, stages={"PAID": "paid"})
    with pytest.raises(jk.UnknownNameError) as raised:
        jk.map_system(plan("other"), "acme", manager=manager)
    assert str(raised.value) == "no system named 'acme' in what is offered for lifecycle 'other'."


def test_what_two_plugins_quarrel_over_for_one_lifecycle_is_free_for_another():
    """Each lifecycle has names of its own; a quarrel over one is none over the next."""
    trial, other = (
        jk.Lifecycle(name, ["visit"], touchpoints={"page": "visit"}) for name in ("trial", "other")
    )
    names = {"crm": jk.Names(touchpoints={"p": "page"})}
    manager = manager_of(
        plugin("A", touchpoints=lambda: names),
        plugin("B", touchpoints=lambda lifecycle: names if lifecycle.id == "trial" else None),
    )

    with (
        pytest.warns(jk.JourneykitWarning),
        pytest.raises(jk.PluginError, match="offered by plugin 'A', too"),
    ):
        jk.map_system(trial, "crm", manager=manager)

    assert jk.map_system(other, "crm", manager=manager).touchpoint_names["p"] == ("page", ("visit",))


def test_rules_keep_the_order_in_which_they_count():
    """The first rule that holds tells the stage: sorted by name they would tell another."""
    rules = [jk.StageRule(name, stage="visit", when=lambda events: events.value > 0) for name in ("z", "a")]
    manager = manager_of(
        plugin("First", stage_rules=lambda: rules),
        plugin("Second", stage_rules=lambda: [jk.StageRule("m", stage="visit", when=lambda events: events)]),
    )

    assert list(manager.stage_rules(plan("acme"))) == ["z", "a", "m"]


def test_the_error_survives_pickling():
    """Spark sends errors between processes."""
    manager = manager_of(Offering(3))
    with pytest.warns(jk.JourneykitWarning):
        jk.lifecycles(manager=manager)
    (error,) = manager.failures

    copy = pickle.loads(pickle.dumps(error))

    assert (str(copy), copy.plugin, copy.hook, copy.cause) == (
        str(error),
        error.plugin,
        error.hook,
        error.cause,
    )


def test_asking_for_lifecycles_loads_no_engine():
    """A web page that lists lifecycles should not wait for DuckDB."""
    code = "import sys, journeykit.plugins as p; p.lifecycles(); print(*sys.modules)"

    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()

    heavy = {"ibis", "duckdb", "pandas", "pyarrow", "scipy", "altair", "numpy", "networkx"}
    assert not heavy & set(loaded)
