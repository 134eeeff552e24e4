"""Find plugins, and ask them what they offer.

The only place that calls a hook.  There is no manager in a module: the usual one is
made on first use.  Whatever a plugin does wrong becomes a `PluginError` that names it.

May import: plugins.hookspecs, builtin (on use), model, errors.
"""

from __future__ import annotations

import functools
import importlib.metadata
import inspect
import itertools
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import pluggy

from journeykit.errors import JourneykitError, PluginError, UnknownNameError
from journeykit.model import Lifecycle
from journeykit.plugins import hookspecs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LIFECYCLES: Final = "journeykit_lifecycles"


class Manager(pluggy.PluginManager):
    """What is plugged in, and what it offers; make one with `make_manager`."""

    def __init__(self) -> None:
        super().__init__(hookspecs.PROJECT)
        self.add_hookspecs(hookspecs)

    @functools.cached_property
    def lifecycles(self) -> Mapping[str, Lifecycle]:
        """Every lifecycle on offer by its id, sorted by id.

        Raises:
            PluginError: A plugin fails, offers something else, or an id that is taken.
        """
        found: dict[str, tuple[str, Lifecycle]] = {}
        for plugin, offered in _ask_each(self, _LIFECYCLES):
            if not isinstance(offered, Lifecycle):
                raise PluginError(plugin, _LIFECYCLES, f"{offered!r} is no lifecycle")
            if offered.id in found:
                other = found[offered.id][0]
                raise PluginError(
                    plugin, _LIFECYCLES, f"lifecycle {offered.id!r} is offered by plugin {other!r}, too"
                )
            found[offered.id] = plugin, offered
        return MappingProxyType({name: found[name][1] for name in sorted(found)})


def make_manager(*plugins: object, entry_points: bool = True) -> Manager:
    """Make a manager: first what ships with journeykit, then installed plugins, then *plugins*.

    Args:
        plugins: Modules or objects with functions marked `hookimpl`.
        entry_points: Whether to load what is installed under the group "journeykit".

    Raises:
        PluginError: A plugin can't be loaded, has a name that is taken, implements a hook
            that doesn't exist or names an argument that the hook doesn't have, or has a
            function named like a hook that is not marked.
    """
    from journeykit import builtin

    manager = Manager()
    _register(manager, builtin, "journeykit.builtin")
    for point in importlib.metadata.entry_points(group=hookspecs.PROJECT) if entry_points else ():
        try:
            plugin = point.load()
        except Exception as error:
            raise PluginError(point.name, "", f"can't be loaded: {_told(error)}") from error
        _register(manager, plugin, point.name)
    for plugin in plugins:
        _register(manager, plugin, _free_name(manager, plugin))
    return manager


def lifecycles(*, manager: Manager | None = None) -> tuple[Lifecycle, ...]:
    """List the lifecycles on offer: those that ship and those of plugins.

    Args:
        manager: Where to look; None: what ships and what is installed.

    Returns:
        The lifecycles, sorted by id.

    Raises:
        PluginError: A plugin fails.
    """
    return tuple((manager or _default_manager()).lifecycles.values())


def lifecycle(name: str, *, manager: Manager | None = None) -> Lifecycle:
    """Return the lifecycle with this id, such as "b2b-seven-phase".

    Args:
        name: The id.  A file is read with `journeykit.read_lifecycle`.
        manager: Where to look; None: what ships and what is installed.

    Raises:
        UnknownNameError: No lifecycle has this id.
        PluginError: A plugin fails.
    """
    known = (manager or _default_manager()).lifecycles
    if name not in known:
        raise UnknownNameError("lifecycle", str(name), known)
    return known[name]


@functools.cache
def _default_manager() -> Manager:
    return make_manager()


def _ask_each(manager: Manager, hook: str) -> Iterator[tuple[str, Any]]:
    """Yield what each plugin offers through a hook, one by one, with the plugin's name.

    The implementations are called one at a time, as pluggy's own call would not tell
    whose fault an exception is.
    """
    for implementation in getattr(manager.hook, hook).get_hookimpls():
        name = implementation.plugin_name
        try:
            offered = implementation.function()
            items = list(offered)
        except Exception as error:
            raise PluginError(name, hook, _told(error)) from error
        yield from ((name, item) for item in items)


def _register(manager: Manager, plugin: object, name: str) -> None:
    """Register a plugin under a name, and refuse what pluggy would overlook."""
    if manager.has_plugin(name) or manager.is_registered(plugin):
        raise PluginError(name, "", "it is plugged in already")
    for attribute in dir(plugin):
        options = manager.parse_hookimpl_opts(plugin, attribute)
        if options is not None:
            _check_implementation(plugin, name, attribute, options)
        elif attribute.startswith(f"{hookspecs.PROJECT}_"):
            raise PluginError(name, attribute, "the function is not marked with journeykit.plugins.hookimpl")
    manager.register(plugin, name)


def _check_implementation(plugin: object, name: str, attribute: str, options: pluggy.HookimplOpts) -> None:
    """Refuse an implementation of no hook, one with arguments of its own, and one that wraps others."""
    hook = options.get("specname") or attribute
    known = [each for each in vars(hookspecs) if each.startswith(f"{hookspecs.PROJECT}_")]
    if hook not in known:
        if options.get("optionalhook"):
            return
        raise PluginError(name, hook, str(UnknownNameError("hook", hook, known)))
    if options.get("wrapper") or options.get("hookwrapper"):
        raise PluginError(name, hook, "a hook of journeykit can't be wrapped")
    taken = [each for each in inspect.signature(getattr(plugin, attribute)).parameters if each != "self"]
    given = list(inspect.signature(getattr(hookspecs, hook)).parameters)
    for argument in taken:
        if argument not in given:
            raise PluginError(name, hook, str(UnknownNameError("argument", argument, given)))


def _free_name(manager: Manager, plugin: object) -> str:
    """Name a plugin that has no entry point: a module by its name, an object by its class."""
    name: str = getattr(plugin, "__name__", type(plugin).__name__)
    numbered = (f"{name}-{number}" for number in itertools.count(2))
    return next(each for each in itertools.chain([name], numbered) if not manager.has_plugin(each))


def _told(error: Exception) -> str:
    """Say what an exception says, and of what kind it is unless it is ours."""
    return str(error) if isinstance(error, JourneykitError) else f"{type(error).__name__}: {error}"
