"""Find the hooks that a plugin implements; refuse what would be overlooked or misunderstood.

Of pluggy we use the markers, which authors know, and not the manager: that compares
plugins by their own ``==``, never fills in an argument that has a default, and can't say
whose fault an exception is.  A plugin is looked at with care: nothing of it is run but the
attributes that are named like a hook.

May import: plugins.hookspecs, model, errors.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs

from journeykit.errors import PluginError, UnknownNameError
from journeykit.model.values import brief
from journeykit.plugins import hookspecs

PREFIX: Final = f"{hookspecs.PROJECT}_"
"""What the name of a hook begins with."""

HOOKS: Final = tuple(name for name in vars(hookspecs) if name.startswith(PREFIX))
"""The names of the hooks, in their order."""

REFUSED: Final = {
    "wrapper": "a hook of journeykit can't be wrapped",
    "hookwrapper": "a hook of journeykit can't be wrapped",
    "tryfirst": "tryfirst means nothing here: what ships comes first, then plugins by name",
    "trylast": "trylast means nothing here: what ships comes first, then plugins by name",
}
"""What pluggy lets an author ask for, and journeykit does not grant."""


@attrs.frozen
class Implementation:
    """A plugin's implementation of a hook.

    Attributes:
        plugin: The plugin's name.
        hook: The hook's name.
        function: What is called.
        arguments: Those of the hook's arguments that it takes.
    """

    plugin: str
    hook: str
    function: Callable[..., object]
    arguments: tuple[str, ...]


def implementations_of(plugin: object, name: str) -> list[Implementation]:
    """List the hooks that a plugin implements, by the names of its functions.

    Args:
        plugin: A module or an object.
        name: What the plugin is called.

    Raises:
        PluginError: A function is named like a hook and not marked, or is marked and
            implements no hook, or can't be called as the hook is.
    """
    if isinstance(plugin, type):
        raise PluginError(name, "", f"it is a class: hand over an object of it, {plugin.__name__}()")
    if isinstance(plugin, str):
        raise PluginError(name, "", f"it is text, {brief(plugin)}: hand over the module or the object itself")
    found = []
    for attribute in dir(plugin):
        named = attribute.startswith(PREFIX)
        if not named and _options(inspect.getattr_static(plugin, attribute, None)) is None:
            continue
        function = getattr(plugin, attribute)
        options = _options(function)
        if options is not None:
            hook = options.get("specname") or attribute
            if hook in HOOKS or not options.get("optionalhook"):
                found.append(_checked(function, options, name, hook))
        elif callable(function) or attribute in HOOKS:
            raise PluginError(name, attribute, _unusable(function))
    return found


def _unusable(value: object) -> str:
    """Say why what has the name of a hook is none."""
    if inspect.isfunction(value) or inspect.ismethod(value):
        return "the function is not marked with journeykit.hookimpl"
    return f"it is {brief(value)}: a hook is a function or a method, marked with journeykit.hookimpl"


def _options(value: object) -> Mapping[str, Any] | None:
    """Read what `hookimpl` has written on a function; None on anything else."""
    function = value.__func__ if isinstance(value, staticmethod | classmethod) else value
    # The mark is looked for on functions only: other objects may answer whatever they are asked.
    options = getattr(function, f"{PREFIX}impl", None) if inspect.isroutine(function) else None
    return options if isinstance(options, Mapping) else None


def _checked(
    function: Callable[..., object], options: Mapping[str, Any], name: str, hook: str
) -> Implementation:
    """Refuse an implementation of no hook, and one that can't be called as the hook is."""
    if hook not in HOOKS:
        raise PluginError(name, hook, str(UnknownNameError("hook", hook, HOOKS)))
    for option, why in REFUSED.items():
        if options.get(option):
            raise PluginError(name, hook, why)
    if inspect.iscoroutinefunction(function):
        raise PluginError(name, hook, "it is async; a hook is a plain function")
    try:
        taken = inspect.signature(function).parameters
    except ValueError as error:
        raise PluginError(name, hook, f"its arguments can't be read ({error}): is self missing?") from error
    given = inspect.signature(getattr(hookspecs, hook)).parameters
    for argument, parameter in taken.items():
        if argument not in given:
            raise PluginError(name, hook, str(UnknownNameError("argument", argument, given)))
        if parameter.kind is parameter.POSITIONAL_ONLY:
            raise PluginError(name, hook, f"argument {argument!r} can't be given by its name")
    return Implementation(name, hook, function, tuple(taken))
