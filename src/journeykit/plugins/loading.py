"""Find plugins and plug them in: what ships, what is installed, what the caller hands over.

An installed plugin that fails is set aside and recorded; one that the caller hands over
is the caller's own, and its failure is raised.

May import: plugins.hookspecs, plugins.implementations, plugins.asking, builtin (on use), errors.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import itertools
import os
import types
from typing import TYPE_CHECKING, Final

import attrs

from journeykit.errors import PluginError, UnknownNameError
from journeykit.plugins import hookspecs
from journeykit.plugins.asking import FAULTS, told_of
from journeykit.plugins.implementations import Implementation, implementations_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

BUILTIN: Final = "journeykit.builtin"
"""The name of the plugin that ships; it is imported by it, as any plugin is."""

RESTRICTION: Final = "JOURNEYKIT_PLUGINS"
"""The environment variable that names the installed plugins to use."""


@attrs.frozen
class Plugin:
    """A plugin that ships, is installed, or was handed over.

    Attributes:
        name: Its name: that of its entry point, else of its module or class.
        distribution: The distribution that brought it, as pip knows it; None where none did.
        version: The distribution's version.
        is_loaded: Whether it could be plugged in; `Manager.failures` says why not.
    """

    name: str
    distribution: str | None = attrs.field(default=None, kw_only=True)
    version: str | None = attrs.field(default=None, kw_only=True)
    is_loaded: bool = attrs.field(default=True, kw_only=True)


@attrs.define
class Loaded:
    """What was found.

    Attributes:
        plugins: The plugins, in the order in which they are asked.
        implementations: The hooks that they implement, in the same order.
        failures: Why installed plugins could not be plugged in.
    """

    plugins: list[Plugin] = attrs.field(factory=list)
    implementations: list[Implementation] = attrs.field(factory=list)
    failures: list[PluginError] = attrs.field(factory=list)
    _objects: dict[str, object] = attrs.field(factory=dict, init=False)

    def plug_in(self, plugin: object, record: Plugin) -> None:
        """Plug one in.

        Raises:
            PluginError: It can't be plugged in; nothing of it is.
        """
        name = record.name
        if name in self._objects:
            raise PluginError(name, "", "another plugin of this name is plugged in already")
        for other, already in self._objects.items():
            if already is plugin:
                raise PluginError(name, "", f"it is plugged in already, as {other!r}")
        try:
            self.implementations += implementations_of(plugin, name)
        except PluginError:
            raise
        except FAULTS as error:
            raise PluginError(name, "", f"can't be looked at: {told_of(error)}") from error
        self._objects[name] = plugin
        self.plugins.append(record)

    def set_aside(self, record: Plugin, failure: PluginError) -> None:
        """Record that an installed plugin failed."""
        self.failures.append(failure)
        self.plugins.append(attrs.evolve(record, is_loaded=False))

    def free_name(self, plugin: object) -> str:
        """Name a plugin that has no entry point: a module by its name, an object by its class."""
        # Asked of the type, as an object may say of itself what it likes.
        has_own = issubclass(type(plugin), type | types.ModuleType)
        own: str = getattr(plugin if has_own else type(plugin), "__name__")  # noqa: B009 (not every object)
        numbered = (f"{own}-{number}" for number in itertools.count(2))
        return next(name for name in itertools.chain([own], numbered) if name not in self._objects)


def load(plugins: Sequence[object], *, entry_points: bool) -> Loaded:
    """Plug in what ships, then what is installed, then *plugins*.

    Args:
        plugins: What the caller hands over.
        entry_points: Whether to load what is installed.

    Raises:
        PluginError: One of *plugins* can't be plugged in.
    """
    loaded = Loaded()
    version = importlib.metadata.version("journeykit")
    ours = Plugin(BUILTIN, distribution="journeykit", version=version)
    loaded.plug_in(importlib.import_module(BUILTIN), ours)
    for point in _installed(loaded) if entry_points else ():
        _load_installed(loaded, point)
    for plugin in plugins:
        loaded.plug_in(plugin, Plugin(loaded.free_name(plugin)))
    return loaded


def _load_installed(loaded: Loaded, point: importlib.metadata.EntryPoint) -> None:
    """Import what an entry point names and plug it in, or set it aside."""
    found = point.dist
    record = Plugin(
        point.name, distribution=found.name if found else None, version=found.version if found else None
    )
    try:
        loaded.plug_in(point.load(), record)
    except PluginError as error:
        loaded.set_aside(record, error)
    except FAULTS as error:
        failure = PluginError(point.name, "", f"can't be loaded: {told_of(error)}")
        failure.__cause__ = error
        loaded.set_aside(record, failure)


def _installed(loaded: Loaded) -> Iterator[importlib.metadata.EntryPoint]:
    """Yield the entry points to load, by name, so that the order of installation decides nothing."""
    points = sorted(_entry_points(loaded), key=lambda point: (point.name, point.value))
    restriction = os.environ.get(RESTRICTION)
    if restriction is None:
        yield from points
        return
    wanted = [name.strip() for name in restriction.split(",") if name.strip()]
    known = [point.name for point in points]
    for name in wanted:
        if name not in known:
            unknown = UnknownNameError("installed plugin", name, known)
            loaded.failures.append(PluginError(name, "", f"{RESTRICTION} names it: {unknown}"))
    yield from (point for point in points if point.name in wanted)


def _entry_points(loaded: Loaded) -> Iterable[importlib.metadata.EntryPoint]:
    """List the entry points of our group; a distribution whose metadata are broken hides its own only."""
    try:
        return importlib.metadata.entry_points(group=hookspecs.PROJECT)
    except FAULTS:
        found: list[importlib.metadata.EntryPoint] = []
    for distribution in importlib.metadata.distributions():
        try:
            found += distribution.entry_points.select(group=hookspecs.PROJECT)
        except FAULTS as error:
            cause = f"its entry points can't be read: {told_of(error)}"
            loaded.failures.append(PluginError(distribution.name, "", cause))
    return found
