"""Answer: at each point in time, how many customers stand in which pair of stages?

May import: journey, relations, eventlog, result, errors.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

import attrs
import ibis

from journeykit.analysis.groups import groups
from journeykit.analysis.linked import define_linked, require_linked, same_customers
from journeykit.analysis.periods import points
from journeykit.engines import engine_errors
from journeykit.eventlog.times import EPOCH, MICROSECOND
from journeykit.result import Result

if TYPE_CHECKING:
    import datetime as dt

    import ibis.expr.types as ir

    from journeykit.analysis.groups import Groups
    from journeykit.analysis.periods import Every, Points
    from journeykit.journey import Journey

CELL = ["group", "stage", "other_stage"]
SPAN = ["since", "gone", "until"]


@attrs.frozen(kw_only=True)
class OverlapRow:
    """The customers who stood in a pair of stages at one moment.

    Attributes:
        at: The moment, UTC: the last microsecond of a period, or `as_of`.
        stage: Their stage in the one journey; None where they were in none yet.
        other_stage: Their stage in the other.
        customers: How many stood there and were silent in neither.
        silent: How many had given no sign of life for a journey's `idle`, outside its goal and exit
            stages: seen at that moment, they had dropped.
        group: The value of `by`.
    """

    at: dt.datetime
    stage: str | None
    other_stage: str | None
    customers: int
    silent: int
    group: object = None


def overlap(
    journey: Journey, other: Journey, *, every: Every = "month", by: str | None = None
) -> Result[OverlapRow]:
    """Count how many customers stand in which pair of stages, over time.

    A customer stands in the stage of the latest visit begun by then, in each of the two
    journeys.  Whoever has fallen silent by then, for as long as the journey's `idle` and
    outside its goal and exit stages, is counted apart: they would pile up as if present.

    Args:
        journey: A log, observed under one lifecycle.
        other: The same log, observed under another, as of the same date.
        every: Look at the end of each "day", "week" (Sundays), "month", "quarter" or "year" in UTC, from the
            first event on; and at `as_of`, which comes last.
        by: A customer attribute; one group of rows for each of its values.

    Returns:
        One row a moment and pair of stages in which anyone stood, by time, then by place in the
        lifecycles, no stage last.  At each moment `customers` and `silent` sum to the customers with an
        event by then.  Never more rows than moments times pairs of stages, times groups.

    Raises:
        EventLogError: The journeys are of two logs or two dates, or the moments are more than 1,000.
        UnknownNameError: *every* is no period, or no customer attribute is called *by*.

    Source: S2-06, S2-10 (mission page); docs page "definitions".
    """
    require_linked(journey, other, "overlap")
    scratch = journey.scratch
    with engine_errors(journey.log):
        first = scratch.one(journey.steps.aggregate(us=journey.steps.time_us.min()))["us"]
        moments = points(
            every, EPOCH + first * MICROSECOND, journey.as_of, question="overlap", scratch=scratch
        )
        split = groups(journey, by, among=journey.steps)
        spans = scratch.table("spans", _spans(journey, other, moments, split))
        changes = scratch.rows_of(_changes(spans))
        for name in ("spans", "points"):
            scratch.drop(name)
    rows = _rows(changes, journey, other, moments, split)
    idles = " and ".join(f"{one.idle_days:g} days in {one.lifecycle.id}" for one in (journey, other))
    definition = define_linked(
        journey,
        other,
        "overlap",
        by=by,
        unit=f"a pair of stages at the end of a {every}",
        censoring=f"silent: no sign of life for idle ({idles}) by then, outside goal and exit stages",
        intervals="none: these are counts",
        source="S2-06, S2-10",
    )
    return Result(rows, definition, row_type=OverlapRow)


def _spans(journey: Journey, other: Journey, moments: Points, split: Groups) -> ir.Table:
    """Count, for each pair of stages, how long customers are there: from which point to before which."""
    here = split.join(_held(journey, moments)).inner_join(same_customers(journey, other), "customer")
    there = _held(other, moments).select(
        other_customer="customer", other_us="time_us", other_stage="stage", other_lasting="lasting"
    )
    # Both have the same events: the last one before a point is of the same instant in both.
    both = here.inner_join(
        there, (here.other_customer == there.other_customer) & (here.time_us == there.other_us)
    )
    idle, other_idle = (one.idle // MICROSECOND for one in (journey, other))
    patience = ibis.cases(
        (both.lasting & both.other_lasting, None),
        (both.lasting, other_idle),
        (both.other_lasting, idle),
        else_=min(idle, other_idle),
    )
    timed = moments.place(both, both.time_us + patience, "quiet")
    spans = timed.mutate(gone=ibis.least(timed.quiet, timed.until))
    return spans.group_by([*CELL, *SPAN]).aggregate(n=spans.count())


def _held(journey: Journey, moments: Points) -> ir.Table:
    """Keep the customer's last event before each point: it says where the customer stands there.

    Returns:
        One row an event after which some point comes before the next event: `customer`, `time_us`, `since`
        and `until` (the first point that it holds, and the first that it does not), `stage` and `lasting`
        (the stage is none that one drops from).
    """
    events = journey.steps.select("customer", "time_us", "next_time_us")
    events = moments.place(events, events.time_us, "since")
    events = moments.place(events, events.next_time_us, "until")
    events = events.filter(events.since < events.until)
    visits = journey.visits
    exits = [code for code, stage in enumerate(journey.lifecycle.stages) if stage.kind == "exit"]
    visits = visits.select(
        "start_us", "next_start_us", "stage", of="customer", lasting=visits.aimed | visits.stage.isin(exits)
    )
    # The event is the last of its instant, so that at most one visit is going on.
    within = (visits.start_us <= events.time_us) & (
        visits.next_start_us.isnull() | (visits.next_start_us > events.time_us)
    )
    held = events.left_join(visits, [events.customer == visits.of, within])
    lasting = held.lasting.fill_null(ibis.literal(False))
    return held.select("customer", "time_us", "since", "until", "stage", lasting=lasting)


def _changes(spans: ir.Table) -> ir.Table:
    """Count who comes and who goes at each point, the present and the silent apart."""
    n = spans.n
    parts = [
        spans.select(*CELL, point=spans[point], customers=customers, silent=silent)
        for point, customers, silent in (
            ("since", n, 0 * n),
            ("gone", -n, n),
            ("until", 0 * n, -n),
        )
    ]
    moved = ibis.union(*parts)
    return moved.group_by([*CELL, "point"]).aggregate(
        customers=moved.customers.sum(), silent=moved.silent.sum()
    )


def _rows(
    changes: list[dict[str, Any]], journey: Journey, other: Journey, moments: Points, split: Groups
) -> list[OverlapRow]:
    """Add up what changes, point by point; who stays to the end never goes."""
    cells: dict[tuple[int, int | None, int | None], tuple[list[int], list[int]]] = {}
    for row in changes:
        nobody = [0] * (len(moments.ends) + 1)
        counts = cells.setdefault((row["group"], row["stage"], row["other_stage"]), (nobody, nobody.copy()))
        for count, name in zip(counts, ("customers", "silent"), strict=True):
            count[row["point"]] += int(row[name])
    found = [
        (group, place, stage, other_stage, *standing)
        for (group, stage, other_stage), counts in cells.items()
        for place, standing in enumerate(zip(*map(accumulate, counts), strict=True))
        if any(standing)
    ]
    found.sort(key=lambda one: [(code is None, code or 0) for code in one[:4]])
    stages, others = ({None: None, **dict(enumerate(one.lifecycle.stage_ids))} for one in (journey, other))
    return [
        OverlapRow(
            at=moments.ends[place],
            stage=stages[stage],
            other_stage=others[other_stage],
            customers=customers,
            silent=silent,
            group=split.values[group],
        )
        for group, place, stage, other_stage, customers, silent in found
    ]
