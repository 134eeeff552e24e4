"""Cut the ordered events into visits, each with exactly one outcome.

Definitions: docs page "definitions", Visit, Outcome of a visit, Share (its clock).

May import: eventlog, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from journeykit.model.lifecycle import Lifecycle

DAY_US = 86_400_000_000

MOVED, EXITED, ACHIEVED, DEPARTED, DROPPED, OPEN = range(6)
OUTCOMES = ("moved", "exited", "achieved", "departed", "dropped", "open")
"""The outcomes by their codes."""


def cut_visits(
    steps: ir.Table, customers: ir.Table, lifecycle: Lifecycle, *, as_of_us: int, idle_us: int
) -> ir.Table:
    """Make one row a visit.

    Args:
        steps: The ordered events.
        customers: One row a customer, with `target_rank` (null where there is none).
        lifecycle: Says what a goal, a risk and an exit are.
        as_of_us: The censoring date.
        idle_us: The silence that is a drop-off.

    Returns:
        One row a visit: `customer`, `visit` (from 1), `stage`, `start_us`, `next_stage`, `next_start_us`,
        `outcome` (a code of `OUTCOMES`), `day` (whole days to the outcome, or to censoring), `aimed` (in a
        goal stage, or at or above the customer's own target), `last_touchpoint` (of the event before the
        visit ended).
    """
    begun = steps.filter(steps.begins)
    window = ibis.window(group_by=begun.customer, order_by=begun.visit)
    begun = begun.select(
        "customer", "visit", "stage",
        start_us=begun.time_us,
        next_stage=begun.stage.lead().over(window),
        next_start_us=begun.time_us.lead().over(window),
        before_touchpoint=begun.previous_touchpoint.lead().over(window),
    )  # fmt: skip
    last = steps.filter(steps.next_time_us.isnull()).select(
        "customer", last_us=steps.time_us, end_touchpoint=steps.touchpoint
    )
    visits = begun.left_join(last, "customer").drop("customer_right")
    visits = visits.left_join(customers.select("customer", "target_rank"), "customer").drop("customer_right")
    visits = visits.mutate(aimed=_aimed(visits, lifecycle))
    visits = visits.mutate(outcome=_outcome(visits, lifecycle, as_of_us, idle_us))
    return visits.select(
        "customer", "visit", "stage", "start_us", "next_stage", "next_start_us", "outcome", "aimed",
        day=_day(visits, as_of_us, idle_us),
        last_touchpoint=ibis.ifelse(visits.next_stage.isnull(), visits.end_touchpoint,
        visits.before_touchpoint),
    )  # fmt: skip


def _codes(lifecycle: Lifecycle, kind: str) -> list[int]:
    return [code for code, stage in enumerate(lifecycle.stages) if stage.kind == kind]


def _aimed(visits: ir.Table, lifecycle: Lifecycle) -> ir.BooleanValue:
    ranks = [(code, lifecycle.rank(stage)) for code, stage in enumerate(lifecycle.stage_ids)]
    ranked = [(code, rank) for code, rank in ranks if rank is not None]
    if not ranked:
        return ibis.literal(False)
    rank = visits.stage.cases(*ranked, else_=ibis.null("int64"))
    at_target = (rank >= visits.target_rank).fill_null(ibis.literal(False))
    return visits.stage.isin(_codes(lifecycle, "goal")) | at_target


def _outcome(visits: ir.Table, lifecycle: Lifecycle, as_of_us: int, idle_us: int) -> ir.IntegerValue:
    exits = _codes(lifecycle, "exit")
    return ibis.cases(
        (visits.next_stage.isin(exits) & visits.stage.notin(exits), EXITED),
        (visits.next_stage.notnull(), MOVED),
        (visits.aimed, ACHIEVED),
        (visits.stage.isin(exits), DEPARTED),
        (as_of_us - visits.last_us >= idle_us, DROPPED),
        else_=OPEN,
    ).cast("int8")


def _day(visits: ir.Table, as_of_us: int, idle_us: int) -> ir.IntegerValue:
    ended_us = ibis.cases(
        (visits.next_stage.notnull(), visits.next_start_us),
        (visits.outcome == DROPPED, visits.last_us + idle_us),
        else_=as_of_us,
    )
    return ((ended_us - visits.start_us) // DAY_US).cast("int32")
