"""Teach a lifecycle a CRM's own names.

May import: the values a lifecycle holds, rules.ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import attrs

from journeykit.model.names import Names, TouchpointNames, each_target, split_target, text_pairs
from journeykit.model.rules.ids import wrong_id
from journeykit.model.touchpoint import Touchpoint

if TYPE_CHECKING:
    from journeykit.model.lifecycle import Lifecycle


def mapped(
    lifecycle: Lifecycle, touchpoints: Mapping[str, str | Sequence[str]], stages: Mapping[str, str]
) -> Lifecycle:
    """Return the lifecycle under these names too; see `Lifecycle.map`."""
    names = Names(
        stages={**dict(lifecycle.names.stages), **stages},
        touchpoints={**dict(lifecycle.names.touchpoints), **touchpoints},
    )
    every = (*lifecycle.touchpoints, *_unplanned(lifecycle, Names(touchpoints=touchpoints).touchpoints))
    return attrs.evolve(lifecycle, names=names, touchpoints=every)


def _unplanned(lifecycle: Lifecycle, names: TouchpointNames) -> list[Touchpoint]:
    """Make the touchpoints that targets such as "trial/webinar" name and the plan doesn't know.

    They come by code point, as other names that the plan doesn't know: how a file of names
    is sorted changes nothing.
    """
    homes: dict[str, set[str]] = {}
    for _, target in text_pairs(names):
        for stage, touchpoint in map(split_target, each_target(target)):
            is_new = touchpoint not in lifecycle.touchpoint_ids and not wrong_id(touchpoint)
            if is_new and stage in lifecycle.stage_ids:
                homes.setdefault(touchpoint, set()).add(stage)
    return [
        Touchpoint(name, stages=_in_order(lifecycle, homes[name]), expected=False) for name in sorted(homes)
    ]


def touchpoint_meanings(lifecycle: Lifecycle) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Map every spelling of a touchpoint to its id and the stages it may be in, in the lifecycle's order."""
    homes = {item.id: _in_order(lifecycle, set(item.stages)) for item in lifecycle.touchpoints}
    meanings = {name: (name, stages) for name, stages in homes.items()}
    for name, target in lifecycle.names.touchpoints:
        places = [split_target(place) for place in each_target(target)]
        touchpoint = places[0][1]
        stages = {stage for stage, _ in places if stage is not None}
        meanings[name] = (touchpoint, _in_order(lifecycle, stages) if stages else homes[touchpoint])
    return meanings


def _in_order(lifecycle: Lifecycle, stages: set[str]) -> tuple[str, ...]:
    return tuple(stage for stage in lifecycle.stage_ids if stage in stages)
