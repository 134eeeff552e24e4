"""Teach a lifecycle a CRM's own names.

May import: the values a lifecycle holds, rules.ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import attrs

from journeykit.model.names import Names, split_target
from journeykit.model.rules.ids import wrong_id
from journeykit.model.touchpoint import Touchpoint

if TYPE_CHECKING:
    from journeykit.model.lifecycle import Lifecycle


def mapped(lifecycle: Lifecycle, touchpoints: Mapping[str, str], stages: Mapping[str, str]) -> Lifecycle:
    """Return the lifecycle under these names too; see `Lifecycle.map`."""
    names = Names(
        stages={**dict(lifecycle.names.stages), **stages},
        touchpoints={**dict(lifecycle.names.touchpoints), **touchpoints},
    )
    every = (*lifecycle.touchpoints, *_unplanned(lifecycle, touchpoints))
    return attrs.evolve(lifecycle, names=names, touchpoints=every)


def _unplanned(lifecycle: Lifecycle, touchpoints: Mapping[str, str]) -> list[Touchpoint]:
    """Make the touchpoints that targets such as "trial/webinar" name and the plan doesn't know."""
    known = set(lifecycle.touchpoint_ids)
    homes: dict[str, list[str]] = {}
    for target in touchpoints.values():
        stage, touchpoint = split_target(str(target))
        is_new = touchpoint not in known and not wrong_id(touchpoint)
        if is_new and stage in lifecycle.stage_ids and stage not in homes.setdefault(touchpoint, []):
            homes[touchpoint].append(stage)
    return [
        Touchpoint(name, stages=sorted(found, key=lifecycle.stage_ids.index), expected=False)
        for name, found in homes.items()
        if found
    ]


def touchpoint_meanings(lifecycle: Lifecycle) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Map every spelling of a touchpoint to its id and the stages it may be in, in the lifecycle's order."""
    homes = {
        touchpoint.id: tuple(sorted(touchpoint.stages, key=lifecycle.stage_ids.index))
        for touchpoint in lifecycle.touchpoints
    }
    meanings = {name: (name, stages) for name, stages in homes.items()}
    for name, target in lifecycle.names.touchpoints:
        stage, touchpoint = split_target(target)
        meanings[name] = (touchpoint, homes[touchpoint] if stage is None else (stage,))
    return meanings
