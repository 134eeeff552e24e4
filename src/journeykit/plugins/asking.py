"""Ask an implementation of a hook, and keep what the implementations offer by name.

Each is asked by itself, so that a failure has a name.  What comes back is judged, and
bounded, so that an endless generator ends.

May import: plugins.implementations, errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, Generic, TypeAlias, TypeVar

import attrs

from journeykit.errors import JourneykitError, PluginError, listed

if TYPE_CHECKING:
    from journeykit.plugins.implementations import Implementation

T = TypeVar("T")

Judge: TypeAlias = Callable[[object], Iterable[tuple[str, T]]]
"""Makes pairs of name and item of an answer; what it raises is the fault of who answered."""

FAULTS: Final = (Exception, SystemExit)
"""How a plugin's code may end by its own fault; an interrupt is nobody's."""


@attrs.frozen
class Offer(Generic[T]):
    """What a plugin offers.

    Attributes:
        plugin: The plugin's name.
        name: The name it is offered under.
        item: What is offered.
    """

    plugin: str
    name: str
    item: T


@attrs.frozen
class Offers(Mapping[str, T]):
    """What is on offer at a hook, by name; it does not change.

    Attributes:
        contested: For each name that nobody gets, since several offer it, why not.
    """

    _found: Mapping[str, Offer[T]]
    contested: Mapping[str, PluginError]

    def __getitem__(self, name: str) -> T:
        return self._found[name].item

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def plugin_of(self, name: str) -> str:
        """Tell which plugin offers a name."""
        return self._found[name].plugin


def ask(implementation: Implementation, judge: Judge[T], arguments: Mapping[str, object]) -> list[Offer[T]]:
    """Ask one implementation of a hook.

    Args:
        implementation: What to ask.
        judge: Judges the answer.
        arguments: The hook's arguments by name.

    Raises:
        PluginError: It fails, or answers something else than its hook promises.
    """
    plugin = implementation.plugin
    try:
        answer = implementation.function(**{name: arguments[name] for name in implementation.arguments})
        return [Offer(plugin, name, item) for name, item in judge(answer)]
    except FAULTS as error:
        raise PluginError(plugin, implementation.hook, told_of(error)) from error


def told_of(error: BaseException) -> str:
    """Say what an exception says, and of what kind it is unless it is ours."""
    try:
        said = str(error)
    except FAULTS:
        said = "its message can't be read"
    if isinstance(error, JourneykitError):
        return said
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def gather(
    offers: Iterable[Offer[T]], hook: str, kind: str, *, ships: str, in_order: bool = False
) -> Offers[T]:
    """Collect offers by name; what ships keeps its name, and of others nobody gets one that several offer.

    Args:
        offers: What the plugins offer, in the order in which they are asked.
        hook: The hook that they were asked at.
        kind: What it is that has the name.
        ships: The plugin whose names are taken.
        in_order: Whether to keep the order of *offers*; else they are sorted by name.
    """
    by_name: dict[str, list[Offer[T]]] = {}
    for offer in offers:
        by_name.setdefault(offer.name, []).append(offer)
    kept, contested = {}, {}
    for name in by_name if in_order else sorted(by_name):
        first, *others = by_name[name]
        if not others or first.plugin == ships:
            kept[name] = first
        if others:
            contested[name] = _clash(hook, kind, by_name[name], is_taken=name in kept)
    return Offers(kept, contested)


def _clash(hook: str, kind: str, offers: list[Offer[T]], *, is_taken: bool) -> PluginError:
    """Name everyone who offers one name; the last to come is the one who fails, if not the only one."""
    *others, last = (offer.plugin for offer in offers)
    rest = [repr(other) for other in dict.fromkeys(others) if other != last]
    by_whom = f"by plugin {listed(rest)}, too" if rest else "by it more than once"
    outcome = "" if is_taken else ", so none of them is used"
    return PluginError(last, hook, f"{kind} {offers[0].name!r} is offered {by_whom}{outcome}")
