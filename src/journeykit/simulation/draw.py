"""Draw a realistic event log from a lifecycle, with the truth behind it.

All customers walk at once, in numpy: ten million events take seconds.  The same seed
gives the same log, with the same version of numpy.

May import: simulation, model, errors.
"""

from __future__ import annotations

import datetime as dt
from types import MappingProxyType
from typing import TYPE_CHECKING

import attrs
import numpy as np
import pyarrow as pa

from journeykit.errors import SimulationError
from journeykit.simulation.behaviour import Behaviour, require_possible
from journeykit.simulation.chances import chances
from journeykit.simulation.clock import make_clock
from journeykit.simulation.happenings import happen
from journeykit.simulation.tables import customer_table, event_table, strange_names
from journeykit.simulation.truth import Truth, tell_truth
from journeykit.simulation.walk import walk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from journeykit.model.lifecycle import Lifecycle

ATTRIBUTES: Mapping[str, Sequence[str]] = MappingProxyType(
    {"vertical": ("manufacturing", "retail", "services", "public"), "tier": ("A", "B", "C")}
)


@attrs.frozen(eq=False)
class Simulation:
    """A drawn log and the truth behind it.

    Attributes:
        events: One row an event, in order of time: `event_id` (a number), `customer`,
            `timestamp` (microseconds, UTC), `sequence` (the customer's true order, from 1),
            `touchpoint`, `stage` (the true one; leave it out and it can be told from the
            touchpoints wherever each stage has one of its own), `channel`, `initiator`,
            `sentiment` (-1 to 1), `value`.  Unmapped events have no stage.
        customers: One row a customer: `customer` and the attributes.
        lifecycle: What it was drawn from.
        truth: The probabilities it was drawn from, and what came out.
    """

    events: pa.Table
    customers: pa.Table
    lifecycle: Lifecycle
    truth: Truth

    def __repr__(self) -> str:
        counts = f"{self.events.num_rows:,} events of {self.customers.num_rows:,} customers"
        return f"<Simulation of {self.lifecycle.id!r}: {counts}>"


def simulate(
    lifecycle: Lifecycle,
    *,
    customers: int,
    start: dt.datetime | str,
    seed: int,
    days: int = 365,
    moves: Mapping[str, Mapping[str, float]] = MappingProxyType({}),
    starts: Mapping[str, float] = MappingProxyType({}),
    drop: float = 0.10,
    exits: float = 0.04,
    risk: float = 0.05,
    regress: float = 0.06,
    skip: float = 0.04,
    repeat: float = 0.15,
    achieve: float = 0.5,
    recover: float = 0.5,
    win_back: float = 0.1,
    typical_stay: dt.timedelta | str | None = None,
    longest_stay: dt.timedelta | str | None = None,
    events_per_visit: float = 3.0,
    ties: float = 0.02,
    unmapped: float = 0.02,
    sentiment: float = 0.3,
    dates_only: bool = False,
    max_visits: int = 200,
    attributes: Mapping[str, Sequence[str]] = ATTRIBUTES,
) -> Simulation:
    """Draw the event log of customers who walk through a lifecycle.

    A customer walks from stage to stage by probabilities that depend on the stage alone.
    In a progress stage a visit drops with probability *drop*, moves into a risk stage
    with *risk*, and so on, each where the lifecycle has such a target; among several, declared
    and near ones are likelier.  What is left moves onward as `Lifecycle.onward` says, or ends
    where there is nothing onward.  A visit lasts whole days, drawn from its stage's own
    distribution, at most *longest_stay*: no silence inside a journey reaches the
    lifecycle's idle, so that whoever falls silent for so long has dropped, and every
    probability in `Simulation.truth` is exact.

    Args:
        lifecycle: What to walk through; any will do.
        customers: How many walk.
        start: The first day, text in ISO 8601; without a time zone it is UTC.
        seed: The same seed gives the same log.
        days: Customers begin within so many days from *start*, evenly.
        moves: The exact probabilities of the moves from a stage, for stages where the
            parameters below shall not speak; what they leave of 1 ends there.
        starts: The exact probabilities of the stage a customer is first seen in; by default
            mostly the first.
        drop: Probability that a visit of a progress or risk stage falls silent.
        exits: That it moves into an exit stage, from a progress or goal stage.
        risk: Into a risk stage, from a progress or goal stage.
        regress: Back to a lower rank, from a progress or goal stage.
        skip: Ahead past the stages that are onward.
        repeat: To the same stage, where that declares a transition to itself.
        achieve: That a visit of a goal stage is its customer's last.
        recover: That a visit of a risk stage moves to a progress or goal stage; what then is
            left moves into an exit stage.
        win_back: That a visit of an exit stage moves where the lifecycle declares a way back.
        typical_stay: How long a visit takes about, such as "5 days"; a fifth of the longest by default.
        longest_stay: At most; a day less than the lifecycle's idle by default.
        events_per_visit: The mean, 1 or more.
        ties: Share of later events at the very instant of the one before.
        unmapped: Share of later events with a touchpoint that the lifecycle has not.
        sentiment: Share of events with a sentiment.
        dates_only: Whether timestamps lose their hours, as a CRM's often have; only
            `sequence` then tells the order, and days are no longer exact.
        max_visits: A customer is stopped after so many visits.
        attributes: The customers' attributes and the values of each, spread evenly.

    Returns:
        The events, the customers and the truth.  Ten million events are about a gigabyte in
        Arrow; nothing is censored: give `observe` an `as_of` to see a journey underway.

    Raises:
        SimulationError: The parameters contradict each other or the lifecycle; all of it is listed.
    """
    # Everything that is not named here is a field of Behaviour of the same name.
    asked = {name: given for name, given in locals().items() if name not in {"lifecycle", "start", "seed"}}
    behaviour = Behaviour(**asked)
    require_possible(lifecycle, behaviour)
    return _draw(lifecycle, behaviour, np.random.default_rng(seed), _first_day_us(start))


def _draw(
    lifecycle: Lifecycle, behaviour: Behaviour, random: np.random.Generator, first_day_us: int
) -> Simulation:
    probabilities, clock = chances(lifecycle, behaviour), make_clock(lifecycle, behaviour)
    visits = walk(
        random,
        lifecycle.stage_ids,
        probabilities,
        clock,
        customers=behaviour.customers,
        days=behaviour.days,
        most=behaviour.max_visits,
    )
    strange = len(strange_names(lifecycle))
    happenings = happen(random, lifecycle, visits, clock, behaviour, unmapped_names=strange)
    ids = [f"c{number:07d}" for number in range(1, behaviour.customers + 1)]
    events = event_table(
        random, lifecycle, visits, happenings, behaviour, customers=ids, first_day_us=first_day_us
    )
    table = customer_table(random, pa.array(ids), dict(behaviour.attributes))
    return Simulation(
        events, table, lifecycle, tell_truth(lifecycle, probabilities, clock, visits, behaviour)
    )


def _first_day_us(start: dt.datetime | str) -> int:
    """Give the midnight of the first day, in microseconds since 1970."""
    if isinstance(start, str):
        try:
            start = dt.datetime.fromisoformat(start)
        except ValueError as error:
            raise SimulationError((f"start: is {start!r}, must be ISO 8601 such as '2025-01-01'",)) from error
    begun = start.replace(tzinfo=dt.UTC) if start.tzinfo is None else start.astimezone(dt.UTC)
    return (begun - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(days=1) * 86_400_000_000
