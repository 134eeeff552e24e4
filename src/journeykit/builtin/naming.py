"""Read the names of systems that ship, and fit them to a lifecycle.

May import: model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeykit.model import Names
from journeykit.model.codec.yaml_text import read_yaml
from journeykit.model.names import each_target, split_target

if TYPE_CHECKING:
    from journeykit.model import Lifecycle
    from journeykit.model.names import Target


def read_names(text: str) -> Names:
    """Read a file of names: a mapping `touchpoints`, a mapping `stages`, or both, as for `Lifecycle.map`."""
    data = read_yaml(text).data
    return Names(stages=data.get("stages") or {}, touchpoints=data.get("touchpoints") or {})


def without_strangers(names: Names, lifecycle: Lifecycle) -> Names:
    """Leave out what a lifecycle does not have, and the names that then mean nothing."""
    places = {name: _known(target, lifecycle) for name, target in names.touchpoints}
    return Names(
        stages={name: stage for name, stage in names.stages if stage in lifecycle.stage_ids},
        touchpoints={name: target for name, target in places.items() if target},
    )


def _known(target: Target, lifecycle: Lifecycle) -> Target:
    """Keep of what a name means what a lifecycle has; "stage/touchpoint" may bring a new touchpoint."""
    kept = tuple(place for place in each_target(target) if _is_known(place, lifecycle))
    return target if kept == (target,) else kept


def _is_known(place: str, lifecycle: Lifecycle) -> bool:
    stage, touchpoint = split_target(place)
    return touchpoint in lifecycle.touchpoint_ids if stage is None else stage in lifecycle.stage_ids
