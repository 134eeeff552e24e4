"""Answer: where are customers lost?

May import: journey, relations, eventlog, result, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import ibis

from journeykit.analysis.definition import define, require_journey
from journeykit.analysis.groups import groups
from journeykit.analysis.intervals import DIGITS
from journeykit.analysis.shares import CENSORED, end_shares
from journeykit.engines import engine_errors
from journeykit.eventlog.times import MICROSECOND
from journeykit.relations.visits import ACHIEVED, DROPPED, EXITED, MOVED, OPEN, OUTCOMES
from journeykit.result import Result

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from journeykit.analysis.groups import Groups
    from journeykit.analysis.shares import Ends
    from journeykit.journey import Journey
    from journeykit.model.lifecycle import Lifecycle

LOST, KEPT = 1, 0


@attrs.frozen(kw_only=True)
class DropOff:
    """How the visits to one stage ended.

    Attributes:
        stage: The stage.
        customers: Its distinct customers.
        visits: Their visits; the sum of the six outcomes that follow.
        moved: Went on to another stage that is no exit, or began another visit to this one.
        exited: Went from here into an exit stage.
        achieved: Are in a goal stage, or at or above their own target.
        departed: Are in an exit stage.
        dropped: Have given no sign of life for `idle` or longer.
        open: Were heard from more recently: neither kept nor lost yet.
        lost: `exited + dropped`.
        share_lost: The Aalen-Johansen probability that a visit is lost, 0 to 1; None where too few are known.
        share_low: The lower end of its 95 % interval, clustered by customer.
        share_high: The upper end.
        undetermined: The probability that a visit lasts beyond the day the share is read at, 0 to 1.
        not_taken: Customers who are done with the stage and never moved directly to a next one; None
            where there is none.
        reached_goal: Of `customers`, those who by `as_of` ever reached a goal stage, or their own target.
        returned_after_idle: Visits in which a silence of `idle` or longer ended: they would have counted
            as dropped.
        group: The value of `by`.
    """

    stage: str
    customers: int
    visits: int
    moved: int
    exited: int
    achieved: int
    departed: int
    dropped: int
    open: int
    lost: int
    share_lost: float | None
    share_low: float | None
    share_high: float | None
    undetermined: float
    not_taken: int | None
    reached_goal: int
    returned_after_idle: int
    group: object = None


def drop_offs(journey: Journey, *, by: str | None = None) -> Result[DropOff]:
    """Find the stages where customers are lost.

    A visit is lost when the customer moves to an exit stage, or gives no sign of life for
    `Journey.idle` before `Journey.as_of`.  Customers heard from more recently are open, and
    ending in a goal stage, or at one's own target, is success.

    Args:
        journey: What was observed.
        by: A customer attribute; one group of rows for each of its values.

    Returns:
        One row a stage that anyone visited, largest `share_lost` first, those without one last, ties
        by place in the lifecycle.  Never more rows than stages times groups.

    Raises:
        UnknownNameError: No customer attribute is called *by*.

    Source: S2-22, S4-05, S5-18 (mission page); docs page "definitions".
    """
    require_journey(journey)
    scratch = journey.scratch
    with engine_errors(journey.log):
        split = groups(journey, by)
        visits = split.join(journey.visits)
        counted = scratch.rows_of(_count(visits))
        ends = end_shares(visits.mutate(cause=_cause(visits)), scratch)
        not_taken = _not_taken(visits, journey)
        returned = _returned(journey, split)
    for row in counted:
        cell = row["group"], row["stage"]
        row["not_taken"], row["returned_after_idle"] = not_taken.get(cell, 0), returned.get(cell, 0)
    rows = [_row(row, ends, journey.lifecycle, split.values) for row in counted]
    places = {stage: place for place, stage in enumerate(journey.lifecycle.stage_ids)}
    order = {value: place for place, value in enumerate(split.values)}
    rows.sort(
        key=lambda row: (
            order[row.group],
            row.share_lost is None,
            -round(row.share_lost or 0, DIGITS),
            places[row.stage],
        )
    )
    definition = define(
        journey,
        "drop_offs",
        by=by,
        unit="a stage that customers visited",
        denominators="share_lost: the visits to the stage",
        source="S2-22, S4-05, S5-18; Aalen and Johansen 1978",
    )
    return Result(rows, definition, row_type=DropOff)


def _count(visits: ir.Table) -> ir.Table:
    outcomes = {name: visits.count(where=visits.outcome == code) for code, name in enumerate(OUTCOMES)}
    reached = visits.filter(visits.aimed).select("customer").distinct().mutate(reached=1)
    joined = visits.left_join(reached, "customer")
    goal = joined.group_by(["group", "stage"]).aggregate(
        reached_goal=joined.customer.nunique(where=joined.reached.notnull())
    )
    counts = visits.group_by(["group", "stage"]).aggregate(
        customers=visits.customer.nunique(), visits=visits.count(), **outcomes
    )
    return counts.inner_join(goal, ["group", "stage"])


def _cause(visits: ir.Table) -> ir.IntegerValue:
    return ibis.cases(
        (visits.outcome.isin([EXITED, DROPPED]), LOST), (visits.outcome == MOVED, KEPT), else_=CENSORED
    ).cast("int16")


def _not_taken(visits: ir.Table, journey: Journey) -> dict[tuple[int, int], int]:
    """Count the customers who are done with a stage and never moved directly to one of its targets."""
    lifecycle = journey.lifecycle
    places = {stage: code for code, stage in enumerate(lifecycle.stage_ids)}
    onward = [
        (visits.stage == code) & visits.next_stage.isin([places[target] for target in targets])
        for code, stage in enumerate(lifecycle.stage_ids)
        if (targets := lifecycle.onward(stage))
    ]
    if not onward:
        return {}
    pairs = visits.group_by(["group", "stage", "customer"]).aggregate(
        took=ibis.or_(*onward).fill_null(ibis.literal(False)).any(),
        last=visits.outcome.argmax(visits.visit),
    )
    missed = pairs.count(where=~pairs.took & pairs["last"].notin([OPEN, ACHIEVED]))
    counted = pairs.group_by(["group", "stage"]).aggregate(n=missed)
    return {(row["group"], row["stage"]): row["n"] for row in journey.scratch.rows_of(counted)}


def _returned(journey: Journey, split: Groups) -> dict[tuple[int, int], int]:
    """Count the visits in which a silence of `idle` or longer ended; few do, so that few are joined."""
    steps = journey.steps
    silent = steps.filter(steps.next_time_us - steps.time_us >= journey.idle // MICROSECOND)
    silent = silent.select("customer", "visit").distinct()
    visits = split.join(journey.visits.semi_join(silent, ["customer", "visit"]))
    counted = visits.group_by(["group", "stage"]).aggregate(n=visits.count())
    return {(row["group"], row["stage"]): row["n"] for row in journey.scratch.rows_of(counted)}


def _row(
    row: dict[str, Any], ends: dict[tuple[int, int], Ends], lifecycle: Lifecycle, values: tuple[object, ...]
) -> DropOff:
    stage = lifecycle.stage_ids[row["stage"]]
    cell = ends[row["group"], row["stage"]]
    share = cell.share(LOST)
    return DropOff(
        stage=stage,
        customers=row["customers"],
        visits=row["visits"],
        **{name: row[name] for name in OUTCOMES},
        lost=row["exited"] + row["dropped"],
        share_lost=share.value,
        share_low=share.low,
        share_high=share.high,
        undetermined=cell.undetermined,
        not_taken=row["not_taken"] if lifecycle.onward(stage) else None,
        reached_goal=row["reached_goal"],
        returned_after_idle=row["returned_after_idle"],
        group=values[row["group"]],
    )
