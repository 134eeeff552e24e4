"""Cut a customer's events into visits, and say how each visit ends.

Follows the sentences "Visit" and "Outcome of a visit" of the definitions.

May import: model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from journeykit.model import Lifecycle

OUTCOMES = ("moved", "exited", "achieved", "departed", "dropped", "open")
"""How a visit may end."""

DAY = 86_400_000_000
"""The microseconds of a day."""


@dataclass(frozen=True)
class Step:
    """One event of a customer: microseconds since 1970, touchpoint and stage, None where there is none."""

    us: int
    touchpoint: str | None
    stage: str | None


@dataclass(frozen=True)
class Visit:
    """A customer's stay in one stage.

    Attributes:
        customer: Whose visit it is.
        stage: The stage.
        start: When the visit's first event took place, in microseconds since 1970.
        next_stage: The stage of the customer's next visit, or None.
        next_start: When the next visit's first event took place, or None.
        outcome: One of `OUTCOMES`.
        day: Whole days from the visit's first event to its outcome, or to `as_of` where it is censored.
        last_touchpoint: The touchpoint before the next visit, or of the customer's last event.
        returned_after_idle: Whether a silence of `idle` or longer ended during the visit.
    """

    customer: Any
    stage: str
    start: int
    next_stage: str | None
    next_start: int | None
    outcome: str
    day: int
    last_touchpoint: str | None
    returned_after_idle: bool

    @property
    def lost(self) -> bool:
        """Whether the visit ended in an exit stage or in silence."""
        return self.outcome in {"exited", "dropped"}

    @property
    def censored(self) -> bool:
        """Whether the visit's end is not known at `as_of`."""
        return self.outcome in {"open", "achieved", "departed"}


def visits_of(
    customer: object,
    steps: Sequence[Step],
    lifecycle: Lifecycle,
    *,
    target: str | None,
    as_of: int,
    silence: int,
) -> tuple[Visit, ...]:
    """Cut one customer's ordered events into visits; as_of and silence (idle) in microseconds."""
    firsts = _first_events(steps, lifecycle)
    quiet = as_of - steps[-1].us
    visits: list[Visit] = []
    for first, following in zip(firsts, [*firsts[1:], None], strict=False):
        stage, start = str(steps[first].stage), steps[first].us
        end = len(steps) if following is None else following
        if following is None:
            next_stage, next_start = None, None
            outcome = _final_outcome(stage, lifecycle, target) or ("dropped" if quiet >= silence else "open")
            ended = steps[-1].us + silence if outcome == "dropped" else as_of
        else:
            next_stage, next_start = steps[following].stage, steps[following].us
            outcome = "exited" if _leaves(stage, str(next_stage), lifecycle) else "moved"
            ended = next_start
        pairs = zip(steps[first:end], steps[first + 1 : end + 1], strict=False)
        visit = Visit(
            customer=customer,
            stage=stage,
            start=start,
            next_stage=next_stage,
            next_start=next_start,
            outcome=outcome,
            day=(ended - start) // DAY,
            last_touchpoint=steps[end - 1].touchpoint,
            returned_after_idle=any(after.us - before.us >= silence for before, after in pairs),
        )
        visits.append(visit)
    return tuple(visits)


def _first_events(steps: Sequence[Step], lifecycle: Lifecycle) -> list[int]:
    """Find the places of the events that begin a visit."""
    firsts: list[int] = []
    run: str | None = None
    nearest_entry: int | None = None
    for place, step in enumerate(steps):
        if step.stage is None:
            continue
        entry = _is_entry(step, lifecycle)
        if step.stage != run:
            firsts.append(place)
            run, nearest_entry = step.stage, None
        elif entry and nearest_entry is not None and nearest_entry < step.us:
            firsts.append(place)
        if entry:
            nearest_entry = step.us
    return firsts


def _is_entry(step: Step, lifecycle: Lifecycle) -> bool:
    """Say whether an event may begin a new visit in a stage that repeats."""
    if step.stage is None or not lifecycle.repeats(step.stage):
        return False
    entries = lifecycle.entry_touchpoints(step.stage)
    return not entries or step.touchpoint in entries


def _leaves(source: str, target: str, lifecycle: Lifecycle) -> bool:
    return lifecycle.stage(target).kind == "exit" and lifecycle.stage(source).kind != "exit"


def _final_outcome(stage: str, lifecycle: Lifecycle, target: str | None) -> str | None:
    """Name the outcome of a customer's last visit that does not depend on the time since; None for others."""
    if achieves(stage, lifecycle, target):
        return "achieved"
    return "departed" if lifecycle.stage(stage).kind == "exit" else None


def achieves(stage: str, lifecycle: Lifecycle, target: str | None) -> bool:
    """Say whether being in the stage is success: a goal, or at or above the customer's own target."""
    if lifecycle.stage(stage).kind == "goal":
        return True
    rank = lifecycle.rank(stage)
    wanted = None if target is None else lifecycle.rank(target)
    return rank is not None and wanted is not None and rank >= wanted
