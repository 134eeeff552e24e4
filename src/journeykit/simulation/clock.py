"""Lay a simulation's time out, so that the whole days between visits are exactly as drawn.

A visit that moves on after `days` whole days does so between `days` and `days + 1` days
after its first event, at a time of day of its own.  Customers act from 8 to 18 o'clock
UTC: time is counted in seconds of such days and turned into real time at the end.
Where `idle` leaves no room for whole days, time is plain microseconds and all moves
happen within a day.

May import: simulation, model.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

import attrs
import numpy as np

from journeykit.simulation.behaviour import DAY

if TYPE_CHECKING:
    from journeykit.model.lifecycle import Lifecycle
    from journeykit.simulation.behaviour import Behaviour

Numbers: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.int64]]"

SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US
OPENS, OPEN = 8 * 3_600, 10 * 3_600
"""The second of the day at which customers begin to act, and for how many seconds they do."""

SPREAD = (0.7, 0.6)
"""The typical stay of a stage is this part of the common one, and up to that much more."""

GOLDEN = 0.618
"""Steps of this part of 1 spread stages evenly between the shortest and the longest typical stay."""


@attrs.frozen
class Clock:
    """A simulation's time.

    Attributes:
        day: Ticks in a day of the simulation.
        tick_us: Microseconds in a tick.
        longest_us: The longest a move takes where `whole_days` is False.
        whole_days: Whether stays are drawn in whole days.
        stays: For each stage, the probability that a visit moves on after 0, 1, 2, ... whole days.
    """

    day: int
    tick_us: int
    longest_us: int
    whole_days: bool
    stays: tuple[tuple[float, ...], ...]

    def begin(self, random: np.random.Generator, count: int, days: int) -> Numbers:
        """Draw when customers begin, in ticks since the first day."""
        return random.integers(0, days * self.day, count)

    def move_on(self, random: np.random.Generator, begun: Numbers, days: Numbers) -> Numbers:
        """Draw when visits that began at *begun* move on, *days* whole days later."""
        if not self.whole_days:
            return begun + 1 + random.integers(0, self.longest_us, len(begun))
        time_of_day = random.integers(0, self.day, len(begun))
        earlier = time_of_day < begun % self.day
        moved = (begun // self.day + days + earlier) * self.day + time_of_day
        later: Numbers = np.maximum(moved, begun + 1)
        return later

    def real_us(self, ticks: Numbers) -> Numbers:
        """Turn ticks into microseconds since the midnight of the first day."""
        if not self.whole_days:
            return ticks
        return ticks // self.day * DAY_US + (OPENS + ticks % self.day) * SECOND_US


def make_clock(lifecycle: Lifecycle, behaviour: Behaviour) -> Clock:
    """Make the clock of a lifecycle, with a distribution of stays for each stage."""
    longest = behaviour.longest(lifecycle)
    count = len(lifecycle.stages)
    if longest < DAY:
        longest_us = max(1, longest // timedelta(microseconds=1) - 1)
        return Clock(DAY_US, 1, longest_us, whole_days=False, stays=((1.0,),) * count)
    days = longest // DAY
    typical = (behaviour.typical_stay or longest / 5) / DAY
    stays = []
    for place in range(count):
        own = typical * (SPREAD[0] + SPREAD[1] * (place * GOLDEN % 1))
        weights = [(day + 1) * math.exp(-2 * day / own) for day in range(days + 1)]
        stays.append(tuple(weight / sum(weights) for weight in weights))
    return Clock(OPEN, SECOND_US, 0, whole_days=True, stays=tuple(stays))
