"""Plugins are found, and what can't be plugged in is refused: at once where the caller hands it over."""

from __future__ import annotations

import functools
from types import ModuleType

import pytest
from tests.plugged import HOOKS, failures_of, install, manager_of, plan, plugin

import journeykit as jk
from journeykit.plugins import Plugin

GOOD = """
    from journeykit.model import Lifecycle
    from journeykit.plugins import hookimpl

    @hookimpl
    def journeykit_lifecycles():
        return [Lifecycle("{id}", "visit")]
"""


def refused(plugged: object) -> str:
    """Hand over what can't be plugged in, and return what is said of it."""
    with pytest.raises(jk.PluginError) as raised:
        manager_of(plugged)
    return str(raised.value)


def test_a_misspelt_argument_is_an_error_at_load():
    """An argument that the hook does not have would stay at its default for ever."""

    class Misspelt:
        @jk.hookimpl
        def journeykit_stage_rules(self, lifecyle=None):
            return [lifecyle]

    assert refused(Misspelt()) == (
        "plugin 'Misspelt', hook 'journeykit_stage_rules': no argument named 'lifecyle'."
        " Did you mean 'lifecycle'? Known: lifecycle."
    )


def test_an_argument_with_a_default_is_given_all_the_same():
    """pluggy would leave it at its default, so that a plugin looks for lifecycle None for ever."""
    seen = []

    def rules(lifecycle=None):
        seen.append(lifecycle)
        return []

    manager_of(plugin(stage_rules=rules)).stage_rules(plan("acme"))

    assert seen == [plan("acme")]


def test_an_argument_that_is_not_needed_may_be_left_out():
    """Hooks get more arguments over the years; the plugins of today go on as they are."""
    manager = manager_of(plugin(touchpoints=lambda: {"crm": jk.Names()}))

    assert list(manager.names(plan("acme"))) == ["crm"]


def test_a_misspelt_hook_is_an_error_at_load():
    """It would never be called, and nobody would know."""

    class Misspelt:
        @jk.hookimpl
        def journeykit_lifecycle(self):
            return []

    assert refused(Misspelt()) == (
        "plugin 'Misspelt', hook 'journeykit_lifecycle': no hook named 'journeykit_lifecycle'."
        f" Did you mean 'journeykit_lifecycles'? Known: {', '.join(HOOKS)}."
    )


def test_a_hook_of_a_later_version_may_be_optional():
    """A plugin that serves two versions of journeykit says so with pluggy's own word."""

    class Ahead:
        @jk.hookimpl(optionalhook=True)
        def journeykit_dreams(self):
            return []

    assert manager_of(Ahead()).plugins[-1] == Plugin("Ahead")


def test_a_function_may_have_a_name_of_its_own():
    """pluggy's way to implement a hook in a class that has a method of that name already."""

    class Renamed:
        @jk.hookimpl(specname="journeykit_lifecycles")
        def plans(self):
            return [plan("acme")]

    assert "acme" in manager_of(Renamed()).lifecycles


def test_a_cached_function_is_a_hook_too():
    """A plugin that reads a file may well remember what it read."""

    @jk.hookimpl
    @functools.cache
    def lifecycles():
        return [plan("acme")]

    module = ModuleType("cached")
    module.journeykit_lifecycles = lifecycles

    assert "acme" in manager_of(module).lifecycles


def test_a_forgotten_marker_is_an_error_at_load():
    """The function would be overlooked."""

    class Unmarked:
        def journeykit_lifecycles(self):
            return []

    assert refused(Unmarked()) == (
        "plugin 'Unmarked', hook 'journeykit_lifecycles': the function is not marked with journeykit.hookimpl"
    )


def test_a_method_that_forgot_its_self_is_an_error_at_load():
    """The hook is named: a plugin may have six."""

    class Forgetful:
        @jk.hookimpl
        def journeykit_lifecycles():
            return []

    assert refused(Forgetful()) == (
        "plugin 'Forgetful', hook 'journeykit_lifecycles': "
        "its arguments can't be read (invalid method signature): is self missing?"
    )


@pytest.mark.parametrize(
    "hook",
    [
        staticmethod(jk.hookimpl(functools.partial(list))),
        jk.hookimpl(type("Hook", (), {})),
        property(lambda _: []),
        [],
    ],
    ids=["partial", "class", "property", "list"],
)
def test_what_has_a_hooks_name_and_is_no_function_is_an_error_at_load(hook):
    """Marked or not it would be overlooked, and who has marked it must not be told to mark it."""
    bad = type("Bad", (), {"journeykit_lifecycles": hook})()

    said = refused(bad)

    assert said.startswith("plugin 'Bad', hook 'journeykit_lifecycles': it is ")
    assert said.endswith(": a hook is a function or a method, marked with journeykit.hookimpl")


def test_a_name_is_no_plugin():
    """`check_plugin` takes the name of an entry point; `make_manager` would look for hooks in the text."""
    assert refused("telecom") == (
        "plugin 'str': it is text, 'telecom': hand over the module or the object itself"
    )


def test_a_value_that_is_named_like_a_hook_is_nothing_to_us():
    """A plugin may keep its own things under whatever name."""
    module = ModuleType("acme")
    module.journeykit_version = "1.0"

    assert manager_of(module).plugins[-1] == Plugin("acme")


def test_a_class_is_refused_with_the_way_out():
    """Its methods would be called without their object."""

    class Acme:
        @jk.hookimpl
        def journeykit_lifecycles(self):
            return []

    assert refused(Acme) == "plugin 'Acme': it is a class: hand over an object of it, Acme()"


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"wrapper": True}, "a hook of journeykit can't be wrapped"),
        ({"hookwrapper": True}, "a hook of journeykit can't be wrapped"),
        ({"tryfirst": True}, "tryfirst means nothing here: what ships comes first, then plugins by name"),
        ({"trylast": True}, "trylast means nothing here: what ships comes first, then plugins by name"),
    ],
)
def test_no_plugin_changes_what_another_offers(asked, why):
    """Neither by wrapping it nor by pushing in before what ships, whose names are taken."""

    class Pushy:
        @jk.hookimpl(**asked)
        def journeykit_lifecycles(self):
            return (yield)

    assert refused(Pushy()) == f"plugin 'Pushy', hook 'journeykit_lifecycles': {why}"


def test_an_async_function_is_refused():
    """It would return something that has not happened yet."""

    class Late:
        @jk.hookimpl
        async def journeykit_lifecycles(self):
            return []

    assert refused(Late()).endswith("it is async; a hook is a plain function")


def test_an_argument_that_has_no_name_is_refused():
    """Hooks give their arguments by name, so that a plugin may leave out some."""

    def rules(lifecycle, /):
        return [lifecycle]

    assert refused(plugin(stage_rules=rules)).endswith("argument 'lifecycle' can't be given by its name")


def test_one_plugin_is_plugged_in_once():
    """Twice the same would offer every id twice."""
    plugged = plugin("Acme")

    with pytest.raises(jk.PluginError) as raised:
        manager_of(plugged, plugged)

    assert str(raised.value) == "plugin 'Acme-2': it is plugged in already, as 'Acme'"


def test_an_installed_plugin_is_found_by_its_entry_point(tmp_path, monkeypatch):
    """`pip install` is all it takes."""
    install(tmp_path, monkeypatch, "found", GOOD.format(id="from-an-entry-point"))

    manager = jk.make_manager()

    assert jk.lifecycle("from-an-entry-point", manager=manager).stage_ids == ("visit",)
    (plugged,) = [one for one in manager.plugins if one.name == "found"]
    assert (plugged.version, plugged.is_loaded) == ("1.2", True)
    assert (plugged.distribution or "").startswith("journeykit_test_")
    assert [one.name for one in manager_of().plugins] == ["journeykit.builtin"]


def test_an_installed_plugin_that_cannot_be_imported_is_recorded(tmp_path, monkeypatch):
    """Someone else's broken package is no reason to do without all others.

    Once it stopped everything, even `journeykit lifecycles`.
    """
    install(tmp_path, monkeypatch, "broken", "import nothing_of_this_name")
    install(tmp_path, monkeypatch, "fine", GOOD.format(id="acme"))

    manager = jk.make_manager()

    assert failures_of(manager) == [
        "plugin 'broken': can't be loaded: ModuleNotFoundError: No module named 'nothing_of_this_name'"
    ]
    assert isinstance(manager.failures[0].__cause__, ModuleNotFoundError)
    assert [one.is_loaded for one in manager.plugins if one.name in {"broken", "fine"}] == [False, True]
    with pytest.warns(jk.JourneykitWarning, match="left out: plugin 'broken': can't be loaded"):
        assert jk.lifecycle("acme", manager=manager) == plan("acme")


def test_an_installed_plugin_with_a_misspelt_argument_is_recorded(tmp_path, monkeypatch):
    """Its author will know the message; whoever has installed it can do nothing about it."""
    source = """
        from journeykit.plugins import hookimpl

        @hookimpl
        def journeykit_stage_rules(lifecyle):
            return []
    """
    install(tmp_path, monkeypatch, "misspelt", source)

    manager = jk.make_manager()

    assert [failure.cause for failure in manager.failures] == [
        "no argument named 'lifecyle'. Did you mean 'lifecycle'? Known: lifecycle."
    ]


def test_the_environment_names_the_plugins_to_use(tmp_path, monkeypatch):
    """To find out whose fault it is, one turns them off, one by one."""
    for name in ("one", "two"):
        install(tmp_path, monkeypatch, name, GOOD.format(id=name))

    def offered(restriction: str) -> list[str]:
        monkeypatch.setenv("JOURNEYKIT_PLUGINS", restriction)
        return [name for name in jk.make_manager().lifecycles if name in {"one", "two"}]

    assert [offered(names) for names in ("one", " two , one", "")] == [["one"], ["one", "two"], []]


def test_a_plugin_that_the_environment_names_and_nobody_has_installed_is_recorded(tmp_path, monkeypatch):
    """A typing mistake there would turn the plugin off in silence."""
    install(tmp_path, monkeypatch, "acme", GOOD.format(id="acme"))
    monkeypatch.setenv("JOURNEYKIT_PLUGINS", "acne")

    (failure,) = jk.make_manager().failures

    assert str(failure).startswith(
        "plugin 'acne': JOURNEYKIT_PLUGINS names it: no installed plugin named 'acne'. Did you mean 'acme'?"
    )


def test_two_distributions_with_one_plugin_name_are_told_apart_from_one(tmp_path, monkeypatch):
    """The second of them would otherwise replace the first, or the first hide the second."""
    for name in ("one", "two"):
        install(tmp_path, monkeypatch, "acme", GOOD.format(id=name))

    manager = jk.make_manager()

    assert failures_of(manager) == ["plugin 'acme': another plugin of this name is plugged in already"]
    assert [name for name in manager.lifecycles if name in {"one", "two"}] == ["one"]


def test_a_distribution_with_broken_metadata_hides_its_own_plugins_only(tmp_path, monkeypatch):
    """Python can't list any entry point then, of whatever distribution."""
    install(tmp_path, monkeypatch, "fine", GOOD.format(id="acme"))
    broken = tmp_path / "broken-1.0.dist-info"
    broken.mkdir()
    (broken / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n", encoding="utf-8")
    (broken / "entry_points.txt").write_text("[journeykit]\nno equals sign\n", encoding="utf-8")

    manager = jk.make_manager()

    assert "acme" in manager.lifecycles
    assert [failure.plugin for failure in manager.failures] == ["broken"]
    assert "its entry points can't be read" in manager.failures[0].cause
