"""Count what customers did in each stage.

May import: journey, relations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from journeykit.analysis.groups import Groups
    from journeykit.journey import Journey


@attrs.frozen
class TouchpointUse:
    """A touchpoint of a stage, as it was used.

    Attributes:
        group: The code of the group.
        stage: The code of the stage; None where the events belong to none.
        touchpoint: The code of the touchpoint.
        events: How many events.
        customers: How many customers they are of.
    """

    group: int
    stage: int | None
    touchpoint: int
    events: int
    customers: int

    @property
    def place(self) -> tuple[int, bool, int, int]:
        """Where it stands: by group, by place of the stage, those of none last, by touchpoint."""
        return self.group, self.stage is None, self.stage or 0, self.touchpoint


def touchpoint_uses(journey: Journey, split: Groups) -> list[TouchpointUse]:
    """Count the events and customers of each touchpoint in each stage, sorted by place.

    Args:
        journey: What was observed.
        split: The groups.
    """
    counted = journey.observed.count_uses(split.join)
    uses = (TouchpointUse(**row) for row in journey.scratch.rows_of(counted))
    return sorted(uses, key=lambda use: use.place)
