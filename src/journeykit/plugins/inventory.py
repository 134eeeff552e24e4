"""List everything that plugins offer, hook by hook, for people who look for something.

May import: plugins, model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from journeykit.plugins.asking import Offers
    from journeykit.plugins.manager import Manager


@attrs.frozen
class Offered:
    """One thing that a plugin offers.

    Attributes:
        plugin: The plugin's name.
        hook: The hook's name.
        name: The name of what is offered.
        lifecycle: Id of the lifecycle that it is offered for; None where it is for none in particular.
    """

    plugin: str
    hook: str
    name: str
    lifecycle: str | None = None


def inventory(manager: Manager) -> list[Offered]:
    """Call every hook, those that take a lifecycle for each lifecycle on offer.

    Returns:
        What is offered, hook by hook, sorted as the manager sorts it.
    """
    found = list(_listed("journeykit_lifecycles", manager.lifecycles))
    for one in manager.lifecycles.values():
        found += _listed("journeykit_touchpoints", manager.names(one), one.id)
    for one in manager.lifecycles.values():
        found += _listed("journeykit_stage_rules", manager.stage_rules(one), one.id)
    found += _listed("journeykit_readers", manager.readers)
    found += _listed("journeykit_analyses", manager.analyses)
    found += _listed("journeykit_gap_detectors", manager.gap_detectors)
    return found


def _listed(hook: str, offers: Offers[Any], lifecycle: str | None = None) -> Iterator[Offered]:
    for name in offers:
        yield Offered(offers.plugin_of(name), hook, name, lifecycle)
