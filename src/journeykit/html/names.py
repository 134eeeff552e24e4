"""Name stages, touchpoints and groups as a reader knows them.

The page says a lifecycle's labels, the terminal its ids, which are what one types.  Names
that come from data are made harmless for both: on one line, with nothing hidden.

May import: model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from journeykit.html.wording import plain

if TYPE_CHECKING:
    from journeykit.model.lifecycle import Lifecycle

NO_TOUCHPOINT = "(no touchpoint)"
NO_VALUE = "(not known)"
ALL_STAGES = "All stages"


@attrs.frozen
class Names:
    """How a lifecycle's stages and touchpoints are called.

    Attributes:
        lifecycle: Knows the labels.
        labels: Whether to say labels; else ids.
    """

    lifecycle: Lifecycle
    labels: bool = True

    def stage(self, stage: str | None) -> str:
        """Name a stage; None is all of them."""
        if stage is None:
            return ALL_STAGES
        return plain(self.lifecycle.label(stage) if self.labels else stage)

    def touchpoint(self, name: str | None) -> str:
        """Name a touchpoint, which the lifecycle may not know."""
        if name is None:
            return NO_TOUCHPOINT
        known = self.labels and name in self.lifecycle.touchpoint_ids
        return plain((self.lifecycle.touchpoint(name).label.get("en") or name) if known else name)

    @staticmethod
    def group(value: object, by: str | None) -> str:
        """Name a group: "" where there is one only."""
        if by is None:
            return ""
        return f"{plain(by)}: {NO_VALUE if value is None else plain(value)}"
