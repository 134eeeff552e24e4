"""A plugin under test: plugged in, with journeys at hand to try what it offers on.

The journeys are of few simulated customers, one journey a lifecycle; each is made when it
is first asked for.

May import: testing.checks.finding, plugins, model, errors; journeykit's public names on use.
"""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING, Any, Final, TypeVar

import attrs

from journeykit.errors import PluginError, listed
from journeykit.plugins.asking import FAULTS, told_of
from journeykit.testing.checks.finding import PluginFinding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pyarrow as pa

    from journeykit.journey import Journey
    from journeykit.model import Lifecycle
    from journeykit.plugins import Manager
    from journeykit.plugins.asking import Offers

T = TypeVar("T")

CUSTOMERS: Final = 40

BARE: Final = ("customer", "timestamp", "touchpoint")
"""The columns of a simulated log that every log has; one without touchpoints has the stage instead."""


@attrs.frozen
class Plugged:
    """A plugin, plugged in beside what ships.

    Attributes:
        manager: Has both.
        name: The plugin's name.
    """

    manager: Manager
    name: str

    def own(self, offers: Offers[T]) -> dict[str, T]:
        """Choose what of some offers is the plugin's."""
        return {name: offers[name] for name in offers if offers.plugin_of(name) == self.name}

    @functools.cached_property
    def lifecycles(self) -> tuple[Lifecycle, ...]:
        """The plugin's own lifecycles, then those that ship."""
        every = self.manager.lifecycles
        own = self.own(every)
        return (*own.values(), *(each for each in every.values() if each.id not in own))

    @functools.cached_property
    def journeys(self) -> tuple[Journey, ...]:
        """A journey under each lifecycle; one that can't be simulated and observed is a finding already."""
        found = []
        for lifecycle in self.lifecycles:
            with contextlib.suppress(*FAULTS):
                found.append(observed(lifecycle, self.events(lifecycle)))
        return tuple(found)

    @functools.cached_property
    def events(self) -> Callable[[Lifecycle], pa.Table]:
        """Draws the events of a few customers under a lifecycle, once."""
        return functools.cache(_simulated)


def _simulated(lifecycle: Lifecycle) -> pa.Table:
    import journeykit as jk

    events = jk.simulate(lifecycle, customers=CUSTOMERS, start="2024-01-01", seed=1).events
    bare = BARE if lifecycle.touchpoints else (*BARE[:2], "stage")
    return events.select(bare)


def observed(lifecycle: Lifecycle, events: pa.Table) -> Journey:
    """Observe simulated events, without any plugin's rules."""
    import journeykit as jk

    columns: dict[str, Any] = {name: name for name in events.column_names}
    return jk.observe(jk.events(events, **columns), lifecycle, rules=())


@contextlib.contextmanager
def attempt(found: list[str], doing: str) -> Iterator[None]:
    """Do something, and write down a sentence if it fails.

    Args:
        found: Where sentences go.
        doing: What is done, as the beginning of a sentence.
    """
    try:
        yield
    except FAULTS as error:
        found.append(f"{doing} fails: {in_a_line(error)}")


def in_a_line(error: BaseException) -> str:
    """Say what went wrong, in one line that ends as sentences do; whose fault it is is known."""
    said = error.cause if isinstance(error, PluginError) else told_of(error)
    lines = filter(None, (line.strip() for line in said.splitlines()))
    line = "; ".join(lines).replace(":;", ":")
    return line if line.endswith((".", "?")) else f"{line}."


def gathered(hook: str, found: Iterable[tuple[str, str, str]]) -> Iterator[PluginFinding]:
    """Make one finding of a sentence that is the same for several lifecycles.

    Args:
        hook: The hook that the findings are about.
        found: What of the plugin's offers, the id of the lifecycle it was tried with, the sentence.
    """
    tried: dict[tuple[str, str], list[str]] = {}
    for what, lifecycle, sentence in found:
        tried.setdefault((what, sentence), []).append(repr(lifecycle))
    for (what, sentence), lifecycles in tried.items():
        noun = "lifecycle" if len(lifecycles) == 1 else "lifecycles"
        yield PluginFinding(hook, f"{what}, {noun} {listed(lifecycles, most=3)}", sentence)
