"""Hold two journeys side by side: one log, observed under two lifecycles.

Customers are numbered by each journey for itself; they are the same by the caller's own id.

May import: journey, result, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from journeykit.analysis.definition import define, require_journey
from journeykit.errors import EventLogError

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from journeykit.journey import Journey
    from journeykit.result import Definition


def require_linked(journey: Journey, other: Journey, question: str) -> None:
    """See that two journeys can be held side by side.

    Args:
        journey: What was observed.
        other: What was observed under the other lifecycle.
        question: What is asked, for the error.

    Raises:
        EventLogError: They are of two logs, or as of two dates.
        EngineError: One of them is closed.
    """
    for each in (journey, other):
        require_journey(each)
    one, two = (f"{each.lifecycle.id!r} (of {each.log.name})" for each in (journey, other))
    if journey.log is not other.log:
        way_out = "open the log once, and observe it under both lifecycles"
        raise EventLogError(f"{question}: the journeys {one} and {two} are not of one log: {way_out}")
    if journey.as_of != other.as_of:
        one, two = (f"{each.lifecycle.id!r} as of {each.as_of.isoformat()}" for each in (journey, other))
        earlier = min(journey.as_of, other.as_of).isoformat()
        way_out = f"observe both as of one date, such as as_of={earlier!r}"
        raise EventLogError(f"{question}: the journeys are {one} and {two}: {way_out}")
    journey.scratch.require_open()
    other.scratch.require_open()


def same_customers(journey: Journey, other: Journey) -> ir.Table:
    """Pair the numbers of each customer: `customer` in the one journey, `other_customer` in the other."""
    here = journey.customers.select("customer", "id")
    there = other.customers.select(other_customer="customer", other_id="id")
    return here.inner_join(there, here.id == there.other_id).select("customer", "other_customer")


def define_linked(
    journey: Journey, other: Journey, question: str, *, by: str | None, unit: str, source: str, **told: str
) -> Definition:
    """Write the definition of a question asked of two journeys; its `idle_days` is that of the first."""
    definition = define(journey, question, by=by, unit=unit, source=source, **told)
    rules = ", ".join(dict.fromkeys([*journey.rules, *other.rules]))
    return attrs.evolve(definition, lifecycle=f"{journey.lifecycle.id}, {other.lifecycle.id}", rules=rules)
