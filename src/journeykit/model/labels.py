"""Say what people call a stage or a touchpoint.

May import: names, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeykit.errors import UnknownNameError
from journeykit.model.names import split_target

if TYPE_CHECKING:
    from journeykit.model.lifecycle import Lifecycle


def label_of(lifecycle: Lifecycle, name: str, language: str) -> str:
    """Return the label of an id or of "stage/touchpoint"; see `Lifecycle.label`."""
    stage, touchpoint = split_target(name)
    if stage is not None:
        lifecycle.stage(stage)
    elif name in lifecycle.stage_ids:
        return lifecycle.stage(name).label.get(language) or name
    elif name not in lifecycle.touchpoint_ids:
        known = (*lifecycle.stage_ids, *lifecycle.touchpoint_ids)
        raise UnknownNameError("stage or touchpoint", name, known, where=f"lifecycle {lifecycle.id!r}")
    return lifecycle.touchpoint(touchpoint).label.get(language) or touchpoint
