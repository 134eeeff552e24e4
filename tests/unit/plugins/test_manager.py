"""Plugins are found, asked once, and named when they do something wrong."""

from __future__ import annotations

import pickle
import subprocess
import sys
import textwrap
from types import ModuleType

import pytest

from journeykit import builtin
from journeykit.errors import LifecycleError, PluginError, UnknownNameError
from journeykit.model import Lifecycle
from journeykit.plugins import hookimpl, lifecycle, lifecycles, make_manager


class Offering:
    """A plugin that offers lifecycles, and counts how often it was asked."""

    def __init__(self, *offered: object) -> None:
        self.offered = offered
        self.asked = 0

    @hookimpl
    def journeykit_lifecycles(self):
        self.asked += 1
        return self.offered


class Bare:
    """A plugin that offers nothing."""


def plan(name: str) -> Lifecycle:
    """Make the smallest lifecycle of a name."""
    return Lifecycle(name, "visit")


def problem(*plugins: object) -> PluginError:
    """Plug in what is wrong, ask for lifecycles, and return the error."""
    with pytest.raises(PluginError) as raised:
        lifecycles(manager=make_manager(*plugins, entry_points=False))
    return raised.value


def test_what_ships_and_what_is_plugged_in_are_offered_alike():
    """Nothing that ships has a way in that a plugin has not."""
    manager = make_manager(Offering(plan("zebra"), plan("acme")), entry_points=False)

    offered = [each.id for each in lifecycles(manager=manager)]

    assert offered == sorted(["acme", "zebra", *(each.id for each in builtin.journeykit_lifecycles())])
    assert lifecycle("acme", manager=manager) == plan("acme")


def test_without_a_manager_what_is_installed_is_offered():
    """`jk.lifecycle("b2b-seven-phase")` works out of the box, and twice gives the same object."""
    assert lifecycle("b2b-seven-phase") is lifecycle("b2b-seven-phase")
    assert lifecycle("b2b-seven-phase") in lifecycles()


def test_a_plugin_is_asked_once():
    """A plugin may read files, or a database."""
    plugin = Offering(plan("acme"))
    manager = make_manager(plugin, entry_points=False)

    assert plugin.asked == 0
    for _ in range(2):
        lifecycle("acme", manager=manager)
        lifecycles(manager=manager)

    assert plugin.asked == 1


def test_an_unknown_lifecycle_is_an_error_with_the_nearest_one():
    """The id is typed from memory."""
    manager = make_manager(Offering(plan("saas-freemium")), entry_points=False)

    with pytest.raises(UnknownNameError) as raised:
        lifecycle("saas-fremium", manager=manager)

    assert str(raised.value).startswith(
        "no lifecycle named 'saas-fremium'. Did you mean 'saas-freemium'? Known: "
    )


def test_two_plugins_that_offer_one_id_are_both_named():
    """Which of two plans was meant must not depend on the order of installation."""
    module = ModuleType("acme_plugin")
    module.journeykit_lifecycles = hookimpl(lambda: [plan("acme")])

    error = problem(module, Offering(plan("acme")))

    assert (error.plugin, error.hook) in {
        ("acme_plugin", "journeykit_lifecycles"),
        ("Offering", "journeykit_lifecycles"),
    }
    assert "acme_plugin" in str(error)
    assert "Offering" in str(error)
    assert "'acme' is offered by" in str(error)


def test_a_shipped_id_is_taken():
    """A plugin that could replace what ships would change everyone's numbers."""
    error = problem(Offering(plan("b2b-seven-phase")))

    assert "journeykit.builtin" in str(error)
    assert "Offering" in str(error)


def test_two_plugins_of_one_class_are_told_apart():
    """An object has no name of its own."""
    error = problem(Offering(), Offering(plan("acme"), plan("acme")))

    assert str(error) == (
        "plugin 'Offering-2', hook 'journeykit_lifecycles':"
        " lifecycle 'acme' is offered by plugin 'Offering-2', too"
    )


def test_a_plugin_that_raises_is_named():
    """Among ten plugins, a bare ZeroDivisionError says nothing."""

    class Broken:
        @hookimpl
        def journeykit_lifecycles(self):
            yield plan("acme")
            return 1 / 0

    error = problem(Broken())

    assert str(error) == "plugin 'Broken', hook 'journeykit_lifecycles': ZeroDivisionError: division by zero"
    assert isinstance(error.__cause__, ZeroDivisionError)


def test_a_plugins_broken_lifecycle_lists_every_broken_rule():
    """The author of the plugin mends it by this message."""

    class Broken:
        @hookimpl
        def journeykit_lifecycles(self):
            return [Lifecycle("acme", ["a", "a"], [("a", "b")])]

    error = problem(Broken())

    assert str(error) == (
        "plugin 'Broken', hook 'journeykit_lifecycles': lifecycle 'acme' has 2 problems:\n"
        "  stage 'a': stands there twice, first as stages[0]\n"
        "  transition 'a' -> 'b': no stage named 'b'"
    )
    assert isinstance(error.__cause__, LifecycleError)


@pytest.mark.parametrize(
    ("offered", "cause"),
    [
        ((3,), "3 is no lifecycle"),
        (("acme",), "'acme' is no lifecycle"),
        (((plan("acme"),),), "(<Lifecycle 'acme': 1 stages, 0 touchpoints, 0 transitions>,) is no lifecycle"),
    ],
)
def test_what_is_no_lifecycle_is_refused(offered, cause):
    """A dictionary would fail later, far from the plugin that offered it."""
    assert problem(Offering(*offered)).cause == cause


def test_a_forgotten_return_is_named():
    """The commonest mistake in a hook."""

    class Forgetful:
        @hookimpl
        def journeykit_lifecycles(self):
            plan("acme")

    assert str(problem(Forgetful())) == (
        "plugin 'Forgetful', hook 'journeykit_lifecycles': TypeError: 'NoneType' object is not iterable"
    )


def test_a_misspelt_argument_is_an_error_at_load():
    """pluggy passes arguments by name: a misspelt one with a default would stay at it for ever."""

    class Misspelt:
        @hookimpl
        def journeykit_lifecycles(self, languge="en"):
            return [languge]

    with pytest.raises(PluginError) as raised:
        make_manager(Misspelt(), entry_points=False)

    assert str(raised.value) == (
        "plugin 'Misspelt', hook 'journeykit_lifecycles': no argument named 'languge'."
    )


def test_a_misspelt_hook_is_an_error_at_load():
    """It would never be called, and nobody would know."""

    class Misspelt:
        @hookimpl
        def journeykit_lifecycle(self):
            return []

    with pytest.raises(PluginError) as raised:
        make_manager(Misspelt(), entry_points=False)

    assert str(raised.value) == (
        "plugin 'Misspelt', hook 'journeykit_lifecycle': no hook named 'journeykit_lifecycle'."
        " Did you mean 'journeykit_lifecycles'? Known: journeykit_lifecycles."
    )


def test_a_hook_of_a_later_version_may_be_optional():
    """A plugin that serves two versions of journeykit says so with pluggy's own word."""

    class Ahead:
        @hookimpl(optionalhook=True)
        def journeykit_dreams(self):
            return []

    assert make_manager(Ahead(), entry_points=False).has_plugin("Ahead")


def test_a_forgotten_marker_is_an_error_at_load():
    """pluggy would overlook the function."""

    class Unmarked:
        def journeykit_lifecycles(self):
            return []

    with pytest.raises(PluginError) as raised:
        make_manager(Unmarked(), entry_points=False)

    assert str(raised.value) == (
        "plugin 'Unmarked', hook 'journeykit_lifecycles':"
        " the function is not marked with journeykit.plugins.hookimpl"
    )


def test_a_wrapper_is_refused():
    """No plugin changes what another offers."""

    class Wrapper:
        @hookimpl(wrapper=True)
        def journeykit_lifecycles(self):
            return (yield)

    with pytest.raises(PluginError) as raised:
        make_manager(Wrapper(), entry_points=False)

    assert raised.value.cause == "a hook of journeykit can't be wrapped"


def test_one_plugin_is_plugged_in_once():
    """Twice the same would offer every id twice."""
    plugin = Bare()

    with pytest.raises(PluginError) as raised:
        make_manager(plugin, plugin, entry_points=False)

    assert raised.value.cause == "it is plugged in already"


def install(folder, monkeypatch, name, source, point):
    """Install a package by hand: a module, and the metadata that names its entry point."""
    (folder / f"{name}.py").write_text(textwrap.dedent(source), encoding="utf-8")
    metadata = folder / f"{name}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8"
    )
    (metadata / "entry_points.txt").write_text(f"[journeykit]\n{point} = {name}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(folder)


def test_an_installed_plugin_is_found_by_its_entry_point(tmp_path, monkeypatch):
    """`pip install` is all it takes."""
    source = """
        from journeykit.model import Lifecycle
        from journeykit.plugins import hookimpl

        @hookimpl
        def journeykit_lifecycles():
            return [Lifecycle("from-an-entry-point", "visit")]
    """
    install(tmp_path, monkeypatch, "journeykit_test_found", source, "found")

    manager = make_manager()

    assert manager.has_plugin("found")
    assert lifecycle("from-an-entry-point", manager=manager).stage_ids == ("visit",)
    assert not make_manager(entry_points=False).has_plugin("found")


def test_an_installed_plugin_that_cannot_be_imported_is_named(tmp_path, monkeypatch):
    """Someone else's broken package must not look like journeykit's own mistake."""
    install(tmp_path, monkeypatch, "journeykit_test_broken", "import nothing_of_this_name", "broken")

    with pytest.raises(PluginError) as raised:
        make_manager()

    assert str(raised.value) == (
        "plugin 'broken': can't be loaded: ModuleNotFoundError: No module named 'nothing_of_this_name'"
    )


def test_the_error_survives_pickling():
    """Spark sends errors between processes."""
    error = problem(Offering(3))

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
