"""Walk all customers through the stages at once.

May import: simulation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from journeykit.simulation.chances import Chances
    from journeykit.simulation.clock import Clock, Numbers

NOWHERE = -1
"""What stands for the next stage of a customer's last visit."""


@attrs.frozen
class Visits:
    """Every visit, customer by customer, each customer's in order of time.

    Attributes:
        customer: The customer's number, from 0.
        stage: The stage's code.
        next_stage: The code of the stage it moved on to, or `NOWHERE`.
        begun: When it began, in ticks.
        span: Ticks to the next visit's begin, or to the last sign of life.
        cut_short: How many customers were stopped at the most visits allowed.
    """

    customer: Numbers
    stage: Numbers
    next_stage: Numbers
    begun: Numbers
    span: Numbers
    cut_short: int


def walk(
    random: np.random.Generator,
    stages: Sequence[str],
    chances: Chances,
    clock: Clock,
    *,
    customers: int,
    days: int,
    most: int,
) -> Visits:
    """Walk customers from stage to stage until each has made a last visit, or *most* visits."""
    going = np.arange(customers)
    stage = _draw(random, [chances.starts.get(name, 0.0) for name in stages], customers)
    begun = clock.begin(random, customers, days)
    steps: list[tuple[Numbers, Numbers, Numbers, Numbers, Numbers]] = []
    cut_short = 0
    while len(going):
        target = np.full(len(going), NOWHERE)
        stay = np.zeros(len(going), dtype=np.int64)
        for code in np.unique(stage):
            here = np.flatnonzero(stage == code)
            target[here] = _targets(random, stages, chances.moves[stages[code]], len(here))
            stay[here] = _draw(random, clock.stays[code], len(here))
        moved_on = clock.move_on(random, begun, stay)
        if len(steps) == most - 1:
            cut_short = int(np.count_nonzero(target != NOWHERE))
            target[:] = NOWHERE
        steps.append((going, stage, target, begun, moved_on - begun))
        on = target != NOWHERE
        going, stage, begun = going[on], target[on], moved_on[on]
    columns = [np.concatenate(column) for column in zip(*steps, strict=True)]
    by_customer = np.argsort(columns[0], kind="stable")
    customer, stage, target, begun, span = (column[by_customer] for column in columns)
    return Visits(customer, stage, target, begun, span, cut_short)


def _targets(
    random: np.random.Generator, stages: Sequence[str], moves: Mapping[str, float], count: int
) -> Numbers:
    """Draw where visits of one stage move on to; what the probabilities leave is `NOWHERE`."""
    codes = np.array([stages.index(target) for target in moves] + [NOWHERE])
    reached = np.cumsum(list(moves.values()))
    return codes[np.searchsorted(reached, random.random(count), side="right")]


def _draw(random: np.random.Generator, shares: Sequence[float], count: int) -> Numbers:
    """Draw places in *shares*, which make 1."""
    reached = np.cumsum(shares)
    return np.searchsorted(reached / reached[-1], random.random(count), side="right")
