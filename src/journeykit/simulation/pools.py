"""Say which touchpoints a visit may begin with and go on with, and how likely each is.

Choices keep what a log says about stages exact.  A visit begins with a touchpoint that
belongs to its stage alone, where there is one, so that the stages can be told from the
touchpoints.  In a stage that repeats, a visit has one entry event, its first.

May import: model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from journeykit.model.lifecycle import Lifecycle
    from journeykit.model.touchpoint import Touchpoint
    from journeykit.simulation.clock import Numbers

NO_TOUCHPOINT = -1
UNPLANNED = 0.2
"""How likely a touchpoint that the plan doesn't expect is, beside one that it does."""


@attrs.frozen
class Choice:
    """Touchpoints by code, with the probability that one of these or an earlier one is chosen."""

    codes: Numbers
    reached: np.ndarray[tuple[int], np.dtype[np.float64]]

    def pick(self, uniform: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Numbers:
        """Choose one touchpoint for each number from 0 to 1; larger numbers choose later ones."""
        return self.codes[np.searchsorted(self.reached, uniform, side="right")]


@attrs.frozen
class Pool:
    """What a visit of one stage is made of.

    Attributes:
        first: What it begins with.
        later: What it goes on with; None where a further event would begin another visit.
        ordered: Whether the plan says what comes after what, so that later events go by it.
    """

    first: Choice
    later: Choice | None
    ordered: bool


def pool(lifecycle: Lifecycle, stage: str) -> Pool:
    """Make the pool of a stage from its touchpoints, their weights and their order."""
    touchpoints = _in_order(lifecycle.touchpoints_in(stage))
    names = {touchpoint.id for touchpoint in touchpoints}
    entry = set(lifecycle.entry_touchpoints(stage)) & names
    opening = [touchpoint for touchpoint in touchpoints if touchpoint.id in entry or not entry]
    if not lifecycle.repeats(stage):
        opening = touchpoints
    opening = [touchpoint for touchpoint in opening if not names & set(touchpoint.after)] or opening
    opening = [touchpoint for touchpoint in opening if len(touchpoint.stages) == 1] or opening
    following = touchpoints
    if lifecycle.repeats(stage):
        following = [touchpoint for touchpoint in touchpoints if entry and touchpoint.id not in entry]
    goes_on = bool(following) or not lifecycle.repeats(stage)
    return Pool(
        first=_choice(lifecycle, opening),
        later=_choice(lifecycle, following) if goes_on else None,
        ordered=any(names & set(touchpoint.after) for touchpoint in touchpoints),
    )


def _in_order(touchpoints: Sequence[Touchpoint]) -> list[Touchpoint]:
    """Put touchpoints behind those they come after; apart from that they stay as they are."""
    waiting = list(touchpoints)
    placed: list[Touchpoint] = []
    while waiting:
        names = {touchpoint.id for touchpoint in waiting}
        free = [touchpoint for touchpoint in waiting if not names & set(touchpoint.after)]
        placed += free
        waiting = [touchpoint for touchpoint in waiting if touchpoint not in free]
    return placed


def _choice(lifecycle: Lifecycle, touchpoints: Sequence[Touchpoint]) -> Choice:
    if not touchpoints:
        return Choice(np.array([NO_TOUCHPOINT]), np.array([1.0]))
    weights = [
        (1.0 if touchpoint.weight is None else touchpoint.weight)
        * (1.0 if touchpoint.expected else UNPLANNED)
        for touchpoint in touchpoints
    ]
    if not sum(weights):
        weights = [1.0] * len(weights)
    codes = [lifecycle.touchpoint_ids.index(touchpoint.id) for touchpoint in touchpoints]
    return Choice(np.array(codes), np.cumsum(weights) / sum(weights))
