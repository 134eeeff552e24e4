"""Fill visits with events: when each happens, and at which touchpoint.

May import: simulation, model.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import attrs
import numpy as np

from journeykit.simulation.clock import DAY_US, Clock, Numbers
from journeykit.simulation.pools import NO_TOUCHPOINT, Pool, pool
from journeykit.simulation.walk import NOWHERE, Visits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from journeykit.model.lifecycle import Lifecycle
    from journeykit.simulation.behaviour import Behaviour

BELOW_ONE = 1 - 1e-6
"""Keeps the sum of a visit's number and a random part below the next visit's number."""

Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]


@attrs.frozen
class Happenings:
    """Every event, customer by customer, each customer's in order.

    Attributes:
        visit: The visit's place among the visits.
        first: Whether it begins its visit.
        time_us: Microseconds since the midnight of the first day.
        touchpoint: The touchpoint's code; beyond the lifecycle's, the unmapped ones; or `NO_TOUCHPOINT`.
        mapped: Whether it belongs to its visit's stage.
    """

    visit: Numbers
    first: Flags
    time_us: Numbers
    touchpoint: Numbers
    mapped: Flags


def single_probability(stage_pool: Pool, behaviour: Behaviour) -> float:
    """Say how likely a visit is to have one event only."""
    return 1.0 if stage_pool.later is None else math.exp(1 - behaviour.events_per_visit)


def happen(
    random: np.random.Generator,
    lifecycle: Lifecycle,
    visits: Visits,
    clock: Clock,
    behaviour: Behaviour,
    *,
    unmapped_names: int,
) -> Happenings:
    """Draw the events of every visit."""
    pools = [pool(lifecycle, stage) for stage in lifecycle.stage_ids]
    goes_on = np.array([found.later is not None for found in pools])
    more = random.poisson(behaviour.events_per_visit - 1, len(visits.stage)) * goes_on[visits.stage]
    visit = np.repeat(np.arange(len(visits.stage)), more + 1)
    first = np.zeros(len(visit), dtype=bool)
    first[np.cumsum(more + 1) - more - 1] = True
    last_sign = np.zeros(len(visit), dtype=bool)
    last_sign[np.cumsum(more + 1) - 1] = visits.next_stage == NOWHERE
    time_us = clock.real_us(
        _ticks(random, visits, visit, first=first, last_sign=last_sign, ties=behaviour.ties)
    )
    if behaviour.dates_only:
        time_us -= time_us % DAY_US
    touchpoint = _touchpoints(random, pools, visits.stage, visit, first)
    mapped = np.ones(len(visit), dtype=bool)
    if unmapped_names and behaviour.unmapped:
        mapped = first | (random.random(len(visit)) >= behaviour.unmapped)
        strange = np.flatnonzero(~mapped)
        touchpoint[strange] = len(lifecycle.touchpoints) + random.integers(0, unmapped_names, len(strange))
    return Happenings(visit, first, time_us, touchpoint, mapped)


def _ticks(
    random: np.random.Generator,
    visits: Visits,
    visit: Numbers,
    *,
    first: Flags,
    last_sign: Flags,
    ties: float,
) -> Numbers:
    """Draw when events happen: the first at the visit's begin, a last sign of life at the end of its span."""
    place = np.sort(visit + random.random(len(visit)) * BELOW_ONE)
    place -= visit
    span = visits.span[visit]
    offset = (place * span).astype(np.int64)
    offset[first] = 0
    offset = np.where(last_sign & ~first, span, offset)
    if ties:
        tied = (random.random(len(visit)) < ties) & ~first & ~last_sign
        offset = np.where(tied, np.roll(offset, 1), offset)
    return visits.begun[visit] + offset


def _touchpoints(
    random: np.random.Generator, pools: Sequence[Pool], stages: Numbers, visit: Numbers, first: Flags
) -> Numbers:
    """Draw each event's touchpoint from its stage's pool."""
    touchpoint = np.full(len(visit), NO_TOUCHPOINT)
    uniform = random.random(len(visit))
    stage = stages[visit]
    for code, stage_pool in enumerate(pools):
        here = stage == code
        begins = np.flatnonzero(here & first)
        touchpoint[begins] = stage_pool.first.pick(uniform[begins])
        goes_on = np.flatnonzero(here & ~first)
        if stage_pool.later is not None and len(goes_on):
            chosen = uniform[goes_on]
            if stage_pool.ordered:
                chosen = np.sort(visit[goes_on] + chosen * BELOW_ONE) - visit[goes_on]
            touchpoint[goes_on] = stage_pool.later.pick(chosen)
    return touchpoint
