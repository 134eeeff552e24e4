"""Every exception and warning that journeykit raises.

Facts are attributes; the message is made from them in ``__str__``, so that a
program can act on the facts and a person can read the sentence.  Every error is
also the builtin that a caller would expect, and every error pickles.

May import: nothing of ours.
"""

from __future__ import annotations

import difflib
import inspect
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Find the known name most like *name*, or None when none is near."""
    candidates = sorted(set(known))
    lowered = {candidate.lower(): candidate for candidate in candidates}
    found = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    return lowered[found[0]] if found else None


def listed(names: Iterable[str], *, most: int = 20) -> str:
    """Write names as a comma-separated list, cut after *most* of them."""
    everything = list(names)
    rest = len(everything) - most
    return ", ".join(everything[:most]) + (f", ... and {rest} more" if rest > 0 else "")


class JourneykitError(Exception):
    """The base of every error that journeykit raises on purpose."""


class JourneykitWarning(UserWarning):
    """Something was set aside or looks wrong; the answer still stands."""


def warn(message: str) -> None:
    """Warn of something, at the line of the caller's own code.

    Warns:
        JourneykitWarning: Always.
    """
    level, frame = 1, inspect.currentframe()
    while frame and frame.f_globals.get("__name__", "").startswith("journeykit."):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, JourneykitWarning, stacklevel=level)


class LifecycleError(JourneykitError, ValueError):
    """A lifecycle breaks rules; all of them are listed, each with its place.

    Attributes:
        lifecycle: The lifecycle's id, or the file it was read from.
        problems: One sentence a broken rule, each beginning with its place.
        what: What it is that breaks them: "lifecycle", or the "map" of names laid over one.
    """

    def __init__(self, lifecycle: str, problems: Iterable[str], what: str = "lifecycle") -> None:
        self.lifecycle = lifecycle
        self.problems = tuple(problems)
        self.what = what
        super().__init__(lifecycle, self.problems, what)

    def __str__(self) -> str:
        count = len(self.problems)
        head = f"{self.what} {self.lifecycle!r} has {count} problem{'s' if count != 1 else ''}:"
        return "\n".join([head, *(f"  {problem}" for problem in self.problems)])


class UnknownNameError(JourneykitError, LookupError):
    """No thing of this kind has this name.

    Attributes:
        kind: What was looked for, such as "lifecycle" or "column".
        name: The name that was asked for.
        known: The names there are, in their own order.
        nearest: The known name most like it, or None.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str], *, where: str = "") -> None:
        self.kind = kind
        self.name = name
        self.known = tuple(known)
        self.where = where
        self.nearest = nearest(name, self.known)
        super().__init__(kind, name, self.known)

    def __reduce__(self) -> tuple[object, ...]:
        return (_unknown_name, (self.kind, self.name, self.known, self.where))

    def __str__(self) -> str:
        where = f" in {self.where}" if self.where else ""
        hint = f" Did you mean {self.nearest!r}?" if self.nearest else ""
        known = f" Known: {listed(self.known)}." if self.known else ""
        return f"no {self.kind} named {self.name!r}{where}.{hint}{known}"


def _unknown_name(kind: str, name: str, known: tuple[str, ...], where: str) -> UnknownNameError:
    return UnknownNameError(kind, name, known, where=where)


class GraphError(JourneykitError, ValueError):
    """A graph breaks the graph schema, or can't be written or read; every breach is listed.

    Attributes:
        problems: One sentence a breach, each beginning with its place.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        head = f"graph has {count} problem{'s' if count != 1 else ''}:"
        return "\n".join([head, *(f"  {problem}" for problem in self.problems)])


class DurationError(JourneykitError, ValueError):
    """A text is no duration.

    Attributes:
        text: What was to be read.
        cause: What is wrong with it, as a clause.
    """

    def __init__(self, text: str, cause: str) -> None:
        self.text = text
        self.cause = cause
        super().__init__(text, cause)

    def __str__(self) -> str:
        return f'{self.text!r} is no duration such as "30 days" or "1 day 12 hours": {self.cause}'


class EventLogError(JourneykitError, ValueError):
    """An event log can't be read, or holds nothing that can be used."""


class SavedJourneyError(JourneykitError, ValueError):
    """A file is no saved journey that can be loaded, or no name for one.

    Attributes:
        path: The file, as the caller named it.
        cause: What it is instead, and the way out.
    """

    def __init__(self, path: str, cause: str) -> None:
        self.path = path
        self.cause = cause
        super().__init__(path, cause)

    def __str__(self) -> str:
        return f"{self.path!r} {self.cause}"


class EngineError(JourneykitError, RuntimeError):
    """The engine failed at something it should be able to do."""


class UnsupportedError(EngineError, NotImplementedError):
    """The engine can't do this; the message names another way."""


class ReportError(JourneykitError, ValueError):
    """A report can't be written so."""


class SimulationError(JourneykitError, ValueError):
    """No log can be drawn so; every reason is listed.

    Attributes:
        problems: One sentence a reason, each beginning with the parameter.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(["this can't be simulated:", *(f"  {problem}" for problem in self.problems)])


class PluginError(JourneykitError, RuntimeError):
    """A plugin failed.

    Attributes:
        plugin: The name the plugin is registered under.
        hook: The hook it failed at; "" where it could not even be plugged in.
        cause: What went wrong, as a sentence.
    """

    def __init__(self, plugin: str, hook: str, cause: str) -> None:
        self.plugin = plugin
        self.hook = hook
        self.cause = cause
        super().__init__(plugin, hook, cause)

    def __str__(self) -> str:
        hook = f", hook {self.hook!r}" if self.hook else ""
        return f"plugin {self.plugin!r}{hook}: {self.cause}"


class MissingDependencyError(JourneykitError, ImportError):
    """An optional library is not installed; the message is the command that installs it.

    Attributes:
        package: The library that is missing.
        extra: The extra of journeykit that brings it, or None where it is installed by its own name.
    """

    def __init__(self, package: str, extra: str | None = None) -> None:
        self.package = package
        self.extra = extra
        super().__init__(package, extra)

    def __str__(self) -> str:
        wanted = f"'journeykit[{self.extra}]'" if self.extra else self.package
        return f"{self.package} is not installed. Run: pip install {wanted}"
