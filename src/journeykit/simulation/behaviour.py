"""Hold how simulated customers behave, and check that it can be.

May import: model, errors.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

import attrs

from journeykit.errors import SimulationError
from journeykit.model.convert import as_optional_duration
from journeykit.model.duration import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from journeykit.model.lifecycle import Lifecycle

DAY = timedelta(days=1)
ALMOST = 1e-9
"""How far a sum of probabilities may miss 1: rounding, not intent."""


@attrs.frozen(kw_only=True)
class Behaviour:
    """The parameters of `simulate`, which documents them."""

    customers: int
    days: int
    moves: Mapping[str, Mapping[str, float]]
    starts: Mapping[str, float]
    drop: float
    exits: float
    risk: float
    regress: float
    skip: float
    repeat: float
    achieve: float
    recover: float
    win_back: float
    typical_stay: timedelta | None = attrs.field(converter=as_optional_duration)
    longest_stay: timedelta | None = attrs.field(converter=as_optional_duration)
    events_per_visit: float
    ties: float
    unmapped: float
    sentiment: float
    dates_only: bool
    max_visits: int
    attributes: Mapping[str, Sequence[str]]

    @property
    def probabilities(self) -> dict[str, float]:
        """The parameters that are probabilities, by name."""
        names = ("drop", "exits", "risk", "regress", "skip", "repeat", "achieve", "recover", "win_back")
        return {name: getattr(self, name) for name in (*names, "ties", "unmapped", "sentiment")}

    def longest(self, lifecycle: Lifecycle) -> timedelta:
        """Say how long a visit lasts at most, so that no silence inside a journey reaches `idle`."""
        if self.longest_stay is not None:
            return self.longest_stay
        within_a_day = min(lifecycle.idle, DAY) * 0.9
        return lifecycle.idle - DAY if lifecycle.idle >= 2 * DAY else within_a_day


def require_possible(lifecycle: Lifecycle, behaviour: Behaviour) -> None:
    """Check the parameters of `simulate` against the lifecycle and each other.

    Raises:
        SimulationError: They can't be; every reason is listed.
    """
    problems = [
        *_number_problems(behaviour),
        *_sum_problems(lifecycle, behaviour),
        *_attribute_problems(behaviour),
        *_stay_problems(lifecycle, behaviour),
        *_move_problems(lifecycle, behaviour.moves),
        *_start_problems(lifecycle, behaviour.starts),
    ]
    if problems:
        raise SimulationError(problems)


def _number_problems(behaviour: Behaviour) -> Iterator[str]:
    for name in ("customers", "days", "max_visits"):
        if getattr(behaviour, name) < 1:
            yield f"{name}: is {getattr(behaviour, name)}, must be 1 or more"
    if not (math.isfinite(behaviour.events_per_visit) and behaviour.events_per_visit >= 1):
        yield f"events_per_visit: is {behaviour.events_per_visit}, must be 1 or more"
    for name, value in behaviour.probabilities.items():
        if not 0 <= value <= 1:
            yield f"{name}: is {value}, must be a probability from 0 to 1"


def _sum_problems(lifecycle: Lifecycle, behaviour: Behaviour) -> Iterator[str]:
    """Say where the ways out of a stage make more than 1, for the kinds of stages there are."""
    kinds = {stage.kind for stage in lifecycle.stages}
    ways = ("exits", "risk", "regress", "skip", "repeat")
    endings = {"progress": ("drop", ways), "goal": ("achieve", ways), "risk": ("recover", ("drop",))}
    for kind, (ending, others) in endings.items():
        total = sum(behaviour.probabilities[name] for name in (ending, *others))
        if kind in kinds and total > 1 + ALMOST:
            yield f"{ending}: with {', '.join(others)} it makes {total:g}, more than 1"


def _attribute_problems(behaviour: Behaviour) -> Iterator[str]:
    for name, values in behaviour.attributes.items():
        if not values:
            yield f"attributes: {name!r} has no values"
        if name == "customer":
            yield "attributes: 'customer' is the name of the column of ids"


def _stay_problems(lifecycle: Lifecycle, behaviour: Behaviour) -> Iterator[str]:
    longest = behaviour.longest(lifecycle)
    idle = f"the lifecycle's idle, {in_words(lifecycle.idle)}"
    if longest <= timedelta(0) or (
        behaviour.typical_stay is not None and behaviour.typical_stay <= timedelta(0)
    ):
        yield "longest_stay, typical_stay: must be longer than 0"
    elif longest >= DAY and (longest // DAY + 1) * DAY > lifecycle.idle:
        yield f"longest_stay: is {in_words(longest)}, must be a day shorter than {idle}"
    elif longest >= lifecycle.idle:
        yield f"longest_stay: is {in_words(longest)}, must be shorter than {idle}"


def _move_problems(lifecycle: Lifecycle, moves: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    for source, targets in moves.items():
        unknown = [name for name in (source, *targets) if name not in lifecycle.stage_ids]
        if unknown:
            yield f"moves: no stage named {', '.join(map(repr, unknown))}"
        elif targets.get(source) and not lifecycle.repeats(source):
            yield f"moves: {source!r} declares no transition to itself, so no visit can follow one there"
        if any(not 0 <= share <= 1 for share in targets.values()) or sum(targets.values()) > 1 + ALMOST:
            yield f"moves: those from {source!r} must be probabilities that make 1 or less"


def _start_problems(lifecycle: Lifecycle, starts: Mapping[str, float]) -> Iterator[str]:
    yield from (f"starts: no stage named {stage!r}" for stage in starts if stage not in lifecycle.stage_ids)
    if starts and (min(starts.values()) < 0 or abs(sum(starts.values()) - 1) > ALMOST):
        yield "starts: must be probabilities that make 1"
