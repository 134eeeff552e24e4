"""Hold what a log was drawn from, so that answers can be held against it.

May import: simulation, model.
"""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING

import attrs
import numpy as np

from journeykit.simulation.happenings import single_probability
from journeykit.simulation.pools import pool
from journeykit.simulation.walk import NOWHERE, Visits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from journeykit.model.lifecycle import Lifecycle
    from journeykit.simulation.behaviour import Behaviour
    from journeykit.simulation.chances import Chances
    from journeykit.simulation.clock import Clock


@attrs.frozen(kw_only=True)
class StageTruth:
    """What happened to the visits of one stage, once every journey had run its course.

    The words are those of `drop_offs`; nothing is open.  A customer's own target stage, if
    the caller adds one, is not known here.

    Attributes:
        stage: The stage.
        customers: Customers who visited it.
        visits: Visits.
        started: Visits that began a customer's journey.
        moved: Visits that moved on, but not out into an exit stage.
        exited: Visits that moved from a stage that is no exit into an exit stage.
        achieved: Last visits, in a goal stage.
        departed: Last visits, in an exit stage.
        dropped: Last visits elsewhere.
    """

    stage: str
    customers: int
    visits: int
    started: int
    moved: int
    exited: int
    achieved: int
    departed: int
    dropped: int

    @property
    def lost(self) -> int:
        """Visits that exited or dropped."""
        return self.exited + self.dropped


@attrs.frozen(kw_only=True, eq=False)
class Truth:
    """The probabilities that a log was drawn from, and what came out, without any cut-off.

    Attributes:
        starts: The probability that a customer is first seen in a stage.
        moves: For each stage, the probabilities that a visit moves on to each target.
        ends: For each stage, the probability that a visit is its customer's last:
            achieved in a goal stage, departed in an exit stage, dropped elsewhere.
        exited: For each stage, the probability that a visit moves from a stage that is no
            exit into an exit stage.
        dropped: For each stage, the probability that a visit ends in silence outside goal and
            exit stages; `exited` and `dropped` make the probability that it is lost.
        stay_days: For each stage, the probabilities that a visit that moves on does so
            0, 1, 2, ... whole days after its first event, whatever its target.
        last_sign_days: Likewise, when the last sign of life of a last visit is.
        idle_days: The lifecycle's idle, in days.
        stages: What happened, a row a stage of the lifecycle, in its order.
        realised_moves: How often each move happened, by (source, target).
        cut_short: How many customers were stopped by `max_visits`; where it is not 0, the
            last visits of these are not what the probabilities say.
    """

    starts: Mapping[str, float]
    moves: Mapping[str, Mapping[str, float]]
    ends: Mapping[str, float]
    exited: Mapping[str, float]
    dropped: Mapping[str, float]
    stay_days: Mapping[str, tuple[float, ...]]
    last_sign_days: Mapping[str, tuple[float, ...]]
    idle_days: float
    stages: tuple[StageTruth, ...]
    realised_moves: Mapping[tuple[str, str], int]
    cut_short: int

    def share_moved(self, source: str, target: str, *, by_day: int | None = None) -> float:
        """Give the probability that a visit of *source* has moved on to *target*.

        Args:
            source: The stage.
            target: Where to.
            by_day: Counted to the end of this whole day since the visit's first event, as
                the Aalen-Johansen share is; None for ever.
        """
        return self.moves[source].get(target, 0.0) * _by(self.stay_days[source], by_day)

    def share_lost(self, stage: str, *, by_day: int | None = None, idle_days: int | None = None) -> float:
        """Give the probability that a visit of *stage* has been lost.

        A drop is dated last sign of life plus idle, which is exact where idle is whole days.

        Args:
            stage: The stage.
            by_day: Counted to the end of this whole day since the visit's first event; None for ever.
            idle_days: The silence that is a drop-off; None for the lifecycle's own.
        """
        idle = self.idle_days if idle_days is None else idle_days
        silent_by = None if by_day is None else math.floor(by_day - idle)
        exited = self.exited[stage] * _by(self.stay_days[stage], by_day)
        return exited + self.dropped[stage] * _by(self.last_sign_days[stage], silent_by)


def _by(days: Sequence[float], day: int | None) -> float:
    return 1.0 if day is None else math.fsum(days[: max(0, day + 1)])


def tell_truth(
    lifecycle: Lifecycle, chances: Chances, clock: Clock, visits: Visits, behaviour: Behaviour
) -> Truth:
    """Write down what a log was drawn from."""
    stages = lifecycle.stage_ids
    kinds = {stage.id: stage.kind for stage in lifecycle.stages}
    singles = {stage: single_probability(pool(lifecycle, stage), behaviour) for stage in stages}
    stays = dict(zip(stages, clock.stays, strict=True))
    flows = _flows(len(stages), visits)
    return Truth(
        starts=MappingProxyType(dict(chances.starts)),
        moves=MappingProxyType({stage: MappingProxyType(dict(chances.moves[stage])) for stage in stages}),
        ends=MappingProxyType(dict(chances.ends)),
        exited=MappingProxyType({stage: _exit_probability(chances, kinds, stage) for stage in stages}),
        dropped=MappingProxyType(
            {stage: chances.ends[stage] if kinds[stage] in {"progress", "risk"} else 0.0 for stage in stages}
        ),
        stay_days=MappingProxyType(stays),
        last_sign_days=MappingProxyType(
            {stage: _last_sign_days(stays[stage], singles[stage]) for stage in stages}
        ),
        idle_days=lifecycle.idle.total_seconds() / 86_400,
        stages=tuple(_stage_truth(lifecycle, code, flows, visits) for code in range(len(stages))),
        realised_moves=MappingProxyType(
            {
                (stages[source], stages[target]): int(flows[source, target])
                for source, target in np.argwhere(flows[:, :-1]).tolist()
            }
        ),
        cut_short=visits.cut_short,
    )


def _exit_probability(chances: Chances, kinds: Mapping[str, str], stage: str) -> float:
    if kinds[stage] == "exit":
        return 0.0
    return math.fsum(share for target, share in chances.moves[stage].items() if kinds[target] == "exit")


def _last_sign_days(stays: Sequence[float], single: float) -> tuple[float, ...]:
    later = [(1 - single) * share for share in stays]
    return (later[0] + single, *later[1:])


def _flows(count: int, visits: Visits) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Count visits by their stage and the next; the last column is those that were the last."""
    next_stage = np.where(visits.next_stage == NOWHERE, count, visits.next_stage)
    counted = np.bincount(visits.stage * (count + 1) + next_stage, minlength=count * (count + 1))
    return counted.reshape(count, count + 1)


def _stage_truth(
    lifecycle: Lifecycle, code: int, flows: np.ndarray[tuple[int, int], np.dtype[np.int64]], visits: Visits
) -> StageTruth:
    kind = lifecycle.stages[code].kind
    into_exit = [kind != "exit" and stage.kind == "exit" for stage in lifecycle.stages]
    visited, last = int(flows[code].sum()), int(flows[code, -1])
    exited = int(flows[code, :-1][into_exit].sum())
    return StageTruth(
        stage=lifecycle.stage_ids[code],
        customers=len(np.unique(visits.customer[visits.stage == code])),
        visits=visited,
        started=visited - int(flows[:, code].sum()),
        moved=visited - last - exited,
        exited=exited,
        achieved=last if kind == "goal" else 0,
        departed=last if kind == "exit" else 0,
        dropped=last if kind in {"progress", "risk"} else 0,
    )
