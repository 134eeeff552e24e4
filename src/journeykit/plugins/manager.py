"""Ask plugins what they offer, and keep what they answer.

There is no manager in a module: the usual one is made on first use.  What a plugin does
wrong becomes a `PluginError` in `Manager.failures`, and never takes others down; asking
for what only the failing plugin may offer says so.

May import: plugins, model, errors.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final, TypeVar

from journeykit.errors import PluginError, UnknownNameError, listed, warn
from journeykit.plugins.asking import Offer, Offers, ask, gather
from journeykit.plugins.judging import functions_of, lifecycles_of, names_of, readers_of, rules_of
from journeykit.plugins.loading import BUILTIN, load

if TYPE_CHECKING:
    from journeykit.model import Lifecycle, Names
    from journeykit.plugins.asking import Judge
    from journeykit.plugins.loading import Loaded, Plugin
    from journeykit.plugins.offers import Analysis, GapDetector, Reader, StageRule

T = TypeVar("T")

KEPT: Final = 100
"""For so many lifecycles, those used last, the plugins' answers are kept."""


class Manager:
    """What is plugged in, and what it offers; make one with `make_manager`.

    Each hook is called when its offers are first asked for.

    Attributes:
        plugins: The plugins, in the order in which they are asked; those that could not be
            plugged in among them.
    """

    def __init__(self, loaded: Loaded) -> None:
        self.plugins: tuple[Plugin, ...] = tuple(loaded.plugins)
        self._implementations = tuple(loaded.implementations)
        self._failures: dict[tuple[object, ...], PluginError] = {}
        self._said: set[tuple[object, ...]] = set()
        self._names = functools.lru_cache(KEPT)(self._ask_names)
        self._stage_rules = functools.lru_cache(KEPT)(self._ask_stage_rules)
        for failure in loaded.failures:
            self.fail(failure)

    @property
    def failures(self) -> tuple[PluginError, ...]:
        """What went wrong so far: when plugins were loaded, and at the hooks that have been called."""
        return tuple(self._failures.values())

    @functools.cached_property
    def lifecycles(self) -> Offers[Lifecycle]:
        """Every lifecycle on offer by its id, sorted by id."""
        return self._ask("journeykit_lifecycles", "lifecycle", lifecycles_of)

    @functools.cached_property
    def readers(self) -> Offers[Reader]:
        """Every reader on offer by its format, sorted by format."""
        return self._ask("journeykit_readers", "reader of format", readers_of)

    @functools.cached_property
    def analyses(self) -> Offers[Analysis]:
        """Every question on offer by its name, sorted by name."""
        return self._ask("journeykit_analyses", "analysis", functions_of)

    @functools.cached_property
    def gap_detectors(self) -> Offers[GapDetector]:
        """Every gap detector on offer by its name, sorted by name."""
        return self._ask("journeykit_gap_detectors", "gap detector", functions_of)

    def names(self, lifecycle: Lifecycle) -> Offers[Names]:
        """Return every system's names of this lifecycle's touchpoints and stages, by system."""
        return self._names(lifecycle)

    def stage_rules(self, lifecycle: Lifecycle) -> Offers[StageRule]:
        """Return every rule that tells this lifecycle's stages, by id, in the order in which they count."""
        return self._stage_rules(lifecycle)

    def find(self, kind: str, name: str, known: Offers[T], *, where: str = "") -> T:
        """Return what has a name; say once what failed so far.

        Args:
            kind: What is looked for, for the message.
            name: Its name.
            known: What this manager offers of that kind.
            where: Among what it is looked for, for the message.

        Raises:
            UnknownNameError: Nothing has it; the message tells which plugins failed, as one of
                them may have been meant.
            PluginError: Several plugins offer it.
        """
        self.warn_of_failures()
        if name in known:
            return known[name]
        if name in known.contested:
            clash = known.contested[name]
            raise PluginError(clash.plugin, clash.hook, clash.cause)
        failed = listed(sorted({repr(failure.plugin) for failure in self.failures}))
        place = f"{where or 'what is installed'} (failed: {failed})" if failed else where
        raise UnknownNameError(kind, str(name), known, where=place) from next(iter(self.failures), None)

    def fail(self, failure: PluginError) -> None:
        """Record that a plugin failed, unless it is known."""
        self._failures.setdefault(failure.args, failure)

    def warn_of_failures(self) -> None:
        """Say each failure once.

        Warns:
            JourneykitWarning: A plugin failed.
        """
        for facts, failure in list(self._failures.items()):
            if facts not in self._said:
                self._said.add(facts)
                warn(f"left out: {failure}")

    def _ask_names(self, lifecycle: Lifecycle) -> Offers[Names]:
        return self._ask("journeykit_touchpoints", "system", names_of(lifecycle), lifecycle=lifecycle)

    def _ask_stage_rules(self, lifecycle: Lifecycle) -> Offers[StageRule]:
        judge = rules_of(lifecycle)
        return self._ask("journeykit_stage_rules", "stage rule", judge, in_order=True, lifecycle=lifecycle)

    def _ask(
        self, hook: str, kind: str, judge: Judge[T], *, in_order: bool = False, **arguments: object
    ) -> Offers[T]:
        """Ask each plugin at a hook; what fails is recorded, what others offer stands."""
        offers: list[Offer[T]] = []
        for implementation in self._implementations:
            if implementation.hook == hook:
                try:
                    offers += ask(implementation, judge, arguments)
                except PluginError as failure:
                    self.fail(failure)
        found = gather(offers, hook, kind, ships=BUILTIN, in_order=in_order)
        for clash in found.contested.values():
            self.fail(clash)
        return found


def make_manager(*plugins: object, entry_points: bool = True) -> Manager:
    """Make a manager: first what ships with journeykit, then installed plugins, then *plugins*.

    An installed plugin that can't be plugged in is left out and stands in `Manager.failures`.
    The environment variable JOURNEYKIT_PLUGINS names the installed plugins to use, with commas
    between; empty means none.

    Args:
        plugins: Modules or objects with functions marked `hookimpl`.
        entry_points: Whether to load what is installed under the group "journeykit".

    Raises:
        PluginError: One of *plugins* is there twice, is a class or text, implements a hook that doesn't
            exist or names an argument that the hook doesn't have, or has a function named like
            a hook that is not marked.
    """
    return Manager(load(plugins, entry_points=entry_points))


def lifecycles(*, manager: Manager | None = None) -> tuple[Lifecycle, ...]:
    """List the lifecycles on offer: those that ship and those of plugins.

    Args:
        manager: Where to look; None: what ships and what is installed.

    Returns:
        The lifecycles, sorted by id.

    Warns:
        JourneykitWarning: A plugin failed; said once a manager.
    """
    asked = manager or default_manager()
    found = tuple(asked.lifecycles.values())
    asked.warn_of_failures()
    return found


def lifecycle(name: str, *, manager: Manager | None = None) -> Lifecycle:
    """Return the lifecycle with this id, such as "b2b-seven-phase".

    Args:
        name: The id.  A file is read with `journeykit.read_lifecycle`.
        manager: Where to look; None: what ships and what is installed.

    Raises:
        UnknownNameError: No lifecycle has this id.
        PluginError: Several plugins offer it.

    Warns:
        JourneykitWarning: A plugin failed; said once a manager.
    """
    asked = manager or default_manager()
    return asked.find("lifecycle", name, asked.lifecycles)


def map_system(lifecycle: Lifecycle, system: str, *, manager: Manager | None = None) -> Lifecycle:
    """Return the same lifecycle, which now also knows a system's own names, such as "stripe".

    Args:
        lifecycle: The plan.
        system: Whose names; plugins offer them, and some ship.
        manager: Where to look; None: what ships and what is installed.

    Raises:
        UnknownNameError: Nobody offers names of this system for this lifecycle.
        PluginError: Several plugins offer them.

    Warns:
        JourneykitWarning: A plugin failed; said once a manager.

    Source: S3-17 (mission page).
    """
    asked = manager or default_manager()
    where = f"what is offered for lifecycle {lifecycle.id!r}"
    names = asked.find("system", system, asked.names(lifecycle), where=where)
    return lifecycle.map(touchpoints=dict(names.touchpoints), stages=dict(names.stages))


@functools.cache
def default_manager() -> Manager:
    """Make the usual manager, once a program: what ships and what is installed."""
    return make_manager()
