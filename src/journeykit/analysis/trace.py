"""Follow one customer through the lifecycle.

May import: journey, relations, eventlog, graph, result, model, errors.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

import attrs

from journeykit.analysis.definition import require_journey
from journeykit.analysis.observed_graph import observed_graph
from journeykit.engines import engine_errors
from journeykit.errors import UnknownNameError
from journeykit.eventlog.times import EPOCH, MICROSECOND

if TYPE_CHECKING:
    import datetime as dt

    import ibis.expr.datatypes as dtypes
    import ibis.expr.types as ir
    import networkx as nx

    from journeykit.journey import Journey


@attrs.frozen(kw_only=True)
class TraceStep:
    """One event of a customer.

    Attributes:
        timestamp: When, UTC.
        stage: The stage it belongs to, or None.
        touchpoint: Its touchpoint, or None.
        visit: The number of the visit it falls in, from 1; 0 before the first.
        begins: Whether it begins that visit.
    """

    timestamp: dt.datetime
    stage: str | None
    touchpoint: str | None
    visit: int
    begins: bool


@attrs.frozen(kw_only=True, eq=False)
class Trace:
    """One customer's journey.

    Attributes:
        customer: The customer's id, as in the log.
        steps: The customer's events by `as_of`, in order.
        journey: The journey, with this customer's rows alone.
    """

    customer: object
    steps: tuple[TraceStep, ...]
    journey: Journey = attrs.field(repr=False)

    def graph(self, *, touchpoints: bool = True) -> nx.DiGraph[str]:
        """Draw the customer's journey as a plain networkx graph, origin "customer"."""
        return observed_graph(self.journey, touchpoints=touchpoints, origin="customer")


def trace(journey: Journey, customer: object) -> Trace:
    """Follow one customer through the lifecycle.

    Args:
        journey: What was observed.
        customer: The customer's id, as in the log.

    Returns:
        The customer's events in order, with their stages, and a graph of them.

    Raises:
        UnknownNameError: No customer with an event by `as_of` has this id.

    Source: S2-03, S5-06 (mission page).
    """
    require_journey(journey)
    with engine_errors(journey.log):
        code = _code(journey, customer)
        own = _only(journey, code)
        columns = ("position", "time_us", "stage", "touchpoint", "begins")
        rows = journey.scratch.rows_of(own.steps.select(*columns).order_by("position"))
        visits = journey.scratch.one(own.visits.aggregate(n=own.visits.count()))["n"]
    if not rows:
        raise UnknownNameError("customer", str(customer), (), where="the log by as_of")
    stages = journey.lifecycle.stage_ids
    steps = tuple(
        TraceStep(
            timestamp=EPOCH + row["time_us"] * MICROSECOND,
            stage=None if row["stage"] is None else stages[row["stage"]],
            touchpoint=None if row["touchpoint"] is None else journey.touchpoint_names[row["touchpoint"]],
            visit=visit,
            begins=row["begins"],
        )
        for row, visit in zip(rows, accumulate(int(row["begins"]) for row in rows), strict=True)
    )
    unmapped = sum(step.stage is None for step in steps)
    counts = attrs.evolve(
        journey.counts,
        events=len(steps),
        later=0,
        unmapped=unmapped,
        customers=1,
        unplaced=int(not visits),
        visits=visits,
    )
    return Trace(customer=customer, steps=steps, journey=attrs.evolve(own, counts=counts))


def _code(journey: Journey, customer: object) -> int:
    ids: ir.Column = journey.customers.id
    wanted = _as_id(customer, ids.type())
    if wanted is None:
        return -1
    found = journey.scratch.rows_of(journey.customers.filter(ids == wanted).select("customer"))
    return int(found[0]["customer"]) if found else -1


def _as_id(customer: object, kind: dtypes.DataType) -> str | int | float | None:
    """Read an id as the log holds its ids; None where it can be none of them."""
    text = str(customer)
    if kind.is_string():
        return text
    try:
        return int(text) if kind.is_integer() else float(text)
    except ValueError:
        return None


def _only(journey: Journey, code: int) -> Journey:
    customers = journey.customers
    return attrs.evolve(
        journey,
        observed=journey.observed.only(code),
        customers=customers.filter(customers.customer == code),
    )
