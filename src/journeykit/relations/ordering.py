"""Order each customer's events once, inside the engine, and find the stage of each.

Builds the relation `steps`, from which every question is a grouped count.  Passes that
a log does not need (nothing shared, nothing unmapped, no stage that repeats) are left out.
Definitions: docs page "definitions", Order, Stage of an event, Visit.

May import: eventlog, model, errors.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import ibis

from journeykit.relations.coding import STAGE, TIE_BREAKERS

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from journeykit.model.lifecycle import Lifecycle
    from journeykit.relations.coding import Coded

UNMAPPED = -1
"""Stands for "no stage" where a running maximum may not meet a null."""


def order_events(coded: Coded, lifecycle: Lifecycle, *, as_of_us: int, unmapped: bool) -> ir.Table:
    """Order the events not after *as_of_us*, with their stage and the beginnings of visits.

    Args:
        coded: The events as integers.
        lifecycle: Ranks the stages and says which repeat.
        as_of_us: Later events are left out.
        unmapped: Whether some event may have no stage.

    Returns:
        One row an event: `customer`, `position` (from 0), `time_us`, `stage`, `touchpoint`, the same of
        the next event (`next_...`), `previous_touchpoint` (of the one before), `begins`
        (the event begins a visit), `visit` (its number from 1; 0 before the first), and the columns
        that `by=` may ask for.
    """
    ordered = _order(coded, as_of_us)
    steps = _assign_stages(ordered, coded.shared, lifecycle)
    steps = _begin_runs(steps, unmapped=unmapped)
    repeating = [code for code, stage in enumerate(lifecycle.stage_ids) if lifecycle.repeats(stage)]
    if repeating:
        steps = _begin_repeats(steps, lifecycle, repeating)
    window = _by_position(steps, rows=(None, 0))
    visit = steps.begins.cast("int32").sum().over(window).cast("int32")
    plain = _by_position(steps)
    return steps.mutate(
        visit=visit, next_stage=steps.stage.lead().over(plain)
    ).select(
        "customer", "position", "time_us", "stage", "touchpoint", "begins", "visit",
        "next_time_us", "next_stage", "next_touchpoint", "previous_touchpoint", *coded.kept,
    )  # fmt: skip


def _by_position(steps: ir.Table, **frame: object) -> ir.WindowedExpr:
    return ibis.window(group_by=steps.customer, order_by=steps.position, **frame)


def _order(coded: Coded, as_of_us: int) -> ir.Table:
    events = coded.events.filter(coded.events.time_us <= as_of_us)
    keys = ["time_us", "sequence", "fixed", "touchpoint", *TIE_BREAKERS, *sorted(coded.kept)]
    given = dict.fromkeys(key for key in keys if key in events.columns)
    order = [ibis.asc(events[key], nulls_first=False) for key in given]
    if "shared" in events.columns:  # null where the stage column names an unknown stage: told before untold
        order.append(ibis.asc(events.shared, nulls_first=True))
    window = ibis.window(group_by=events.customer, order_by=order)
    return events.mutate(
        position=ibis.row_number().over(window).cast("int32"),
        next_time_us=events.time_us.lead().over(window),
        next_touchpoint=events.touchpoint.lead().over(window),
        previous_touchpoint=events.touchpoint.lag().over(window),
    )


def _assign_stages(ordered: ir.Table, shared: tuple[tuple[int, ...], ...], lifecycle: Lifecycle) -> ir.Table:
    """Give a shared touchpoint the stage of the latest earlier event fixed to one of its stages."""
    if not shared:
        return ordered.mutate(stage=ordered.fixed)
    width = len(lifecycle.stage_ids) + 1
    window = _by_position(ordered, rows=(None, 0))
    position = ordered.position.cast("int64")
    branches = []
    for number, stages in enumerate(shared):
        mark = ibis.ifelse(ordered.fixed.isin(stages), position * width + ordered.fixed, UNMAPPED)
        latest = mark.max().over(window)
        found = ibis.ifelse(latest >= 0, latest % width, _lowest(stages, lifecycle))
        branches.append((ordered.shared == number, found.cast(STAGE)))
    return ordered.mutate(stage=ibis.cases(*branches, else_=ordered.fixed))


def _lowest(stages: tuple[int, ...], lifecycle: Lifecycle) -> int:
    def key(code: int) -> tuple[bool, int, int]:
        rank = lifecycle.rank(lifecycle.stage_ids[code])
        return (rank is None, rank or 0, code)

    return min(stages, key=key)


def _begin_runs(steps: ir.Table, *, unmapped: bool) -> ir.Table:
    """Mark the events whose stage differs from that of the latest earlier mapped event."""
    if unmapped:
        width = 1 << 16
        mark = ibis.ifelse(
            steps.stage.notnull(), steps.position.cast("int64") * width + steps.stage, UNMAPPED
        )
        held = mark.max().over(_by_position(steps, rows=(None, -1)))
        before = ibis.ifelse(held >= 0, held % width, ibis.null("int64"))
    else:
        before = steps.stage.lag().over(_by_position(steps)).cast("int64")
    changed = before.isnull() | (before != steps.stage)
    return steps.mutate(begins=steps.stage.notnull() & changed)


def _begin_repeats(steps: ir.Table, lifecycle: Lifecycle, repeating: list[int]) -> ir.Table:
    """Begin a new visit at each later instant of entry events within a run of a stage that repeats."""
    run = steps.begins.cast("int32").sum().over(_by_position(steps, rows=(None, 0)))
    steps = steps.mutate(run=run, entry=_is_entry(steps, lifecycle, repeating))
    window = ibis.window(group_by=[steps.customer, steps.run, steps.entry], order_by=steps.position)
    earlier = steps.time_us.lag().over(window)
    again = steps.entry & earlier.notnull() & (earlier < steps.time_us)
    return steps.mutate(begins=steps.begins | again).drop("run", "entry")


def _is_entry(steps: ir.Table, lifecycle: Lifecycle, repeating: list[int]) -> ir.BooleanValue:
    codes = {touchpoint: code for code, touchpoint in enumerate(lifecycle.touchpoint_ids)}
    tests = []
    for stage in repeating:
        here = steps.stage == stage
        entries = [codes[name] for name in lifecycle.entry_touchpoints(lifecycle.stage_ids[stage])]
        tests.append(here & steps.touchpoint.isin(entries) if entries else here)
    return reduce(lambda one, other: one | other, tests).fill_null(ibis.literal(False))
