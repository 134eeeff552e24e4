"""Order each customer's events once, inside the engine, and find the stage of each.

Builds the relation `steps`, from which every question is a grouped count.  Passes that
a log does not need (nothing shared, nothing unmapped, no stage that repeats) are left out.
Definitions: docs page "definitions", Order, Stage of an event, Visit.

May import: eventlog, model, engines, errors.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import attrs
import ibis

from journeykit.relations.coding import TIE_BREAKERS
from journeykit.relations.moments import STAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import ibis.expr.types as ir

    from journeykit.engines import Engine
    from journeykit.model.lifecycle import Lifecycle
    from journeykit.relations.coding import Coded
    from journeykit.relations.moments import Moments

UNMAPPED = -1
"""Stands for "no stage" where a running maximum may not meet a null."""


@attrs.frozen(kw_only=True)
class Ordered:
    """The ordered events as they are kept: narrow, for every byte a row is paid for in each question.

    Attributes:
        rows: What the engine is to keep: `customer`, `position`, `moment` and `next` (see `Moments`),
            `previous` (the unit of the event before), `begins` where it does not follow from these, and the
            columns that `by=` may ask for.
        moments: How to read them.
        kept: The columns that `by=` may ask for.
    """

    rows: ir.Table
    moments: Moments
    kept: tuple[str, ...]

    def steps(self, rows: ir.Table) -> ir.Table:
        """Show the rows, once the engine keeps them, as the relation `steps`.

        Returns:
            One row an event: `customer`, `position` (from 0), `time_us`, `stage`, `touchpoint`, the same of
            the next event (`next_...`), `previous_touchpoint` (of the one before), `begins` (the event
            begins a visit), and the columns that `by=` may ask for.
        """
        read = self.moments
        unit, following = read.unit_at(rows, "moment"), read.unit_at(rows, "next")
        return rows.select(
            "customer", "position",
            time_us=read.time_us(rows, "moment"),
            stage=read.stage(unit),
            touchpoint=read.touchpoint(unit),
            begins=self.begins(rows),
            next_time_us=read.time_us(rows, "next"),
            next_stage=read.stage(following),
            next_touchpoint=read.touchpoint(following),
            previous_touchpoint=read.touchpoint(rows.previous),
            **{name: rows[name] for name in self.kept},
        )  # fmt: skip

    def begins(self, rows: ir.Table) -> ir.BooleanValue:
        """Tell which of the rows begin a visit: where nothing else was kept, those of another stage."""
        if "begins" in rows.columns:
            return rows.begins
        here, before = (
            self.moments.stage(unit) for unit in (self.moments.unit_at(rows, "moment"), rows.previous)
        )
        return before.isnull() | (before != here)


def order_events(coded: Coded, lifecycle: Lifecycle, engine: Engine, *, as_of_us: int | None) -> Ordered:
    """Order the events not after *as_of_us*, with their stage and the beginnings of visits.

    Args:
        coded: The events as integers.
        lifecycle: Ranks the stages and says which repeat.
        engine: Sorts text by code point, whatever it sorts by itself.
        as_of_us: Later events are left out; None: there are none.
    """
    events = coded.events if as_of_us is None else coded.events.filter(coded.events.time_us <= as_of_us)
    moments, kept = coded.moments, coded.kept
    events = events.mutate(**moments.lay("moment", events.time_us, events.unit))
    order = _order(events, coded, engine)
    repeating = [code for code, stage in enumerate(lifecycle.stage_ids) if lifecycle.repeats(stage)]
    if coded.shared or coded.unmapped or repeating:
        shared = ["shared"] if coded.shared else []
        rows = _number(events, order, ["time_us", "unit", *shared, *kept])
        rows = _find_visits(rows, coded, lifecycle, repeating)
        rows = rows.mutate(**moments.lay("moment", rows.time_us, moments.unit(rows.stage, rows.touchpoint)))
        rows = _meet(rows, moments, [rows.position], ["position", "begins", *kept])
    else:
        rows = _meet(events, moments, order, kept)
    return Ordered(rows=rows, moments=moments, kept=kept)


def _order(events: ir.Table, coded: Coded, engine: Engine) -> list[ir.Value]:
    """List what orders a customer's events."""
    laid = coded.moments.columns("moment")
    if set(events.columns) == {"customer", "time_us", "unit", *laid}:
        return [events[name] for name in laid]
    keys = ["time_us", "sequence", "unit", *TIE_BREAKERS, *sorted(coded.kept)]
    given = [events[key] for key in dict.fromkeys(keys) if key in events.columns]
    sorts = (engine.by_code_point(key) if key.type().is_string() else key for key in given)
    order = [ibis.asc(key, nulls_first=False) for key in sorts]
    if "shared" in events.columns:  # null where the stage column names an unknown stage: told before untold
        order.append(ibis.asc(events.shared, nulls_first=True))
    return order


def _number(events: ir.Table, order: list[ir.Value], columns: Iterable[str]) -> ir.Table:
    """Number each customer's events from 0."""
    window = ibis.window(group_by=events.customer, order_by=order)
    return events.select("customer", *columns, position=ibis.row_number().over(window).cast("int32"))


def _meet(events: ir.Table, moments: Moments, order: list[ir.Value], columns: Sequence[str]) -> ir.Table:
    """Tell each event of the moment after it and of the unit before it."""
    window = ibis.window(group_by=events.customer, order_by=order)
    laid = moments.columns("moment")
    told = zip(moments.columns("next"), laid, strict=True)
    found = {name: events[here].lead().over(window) for name, here in told}
    found["previous"] = moments.unit_of(events[laid[-1]].lag().over(window)).cast("int32")
    if "position" not in columns:
        found["position"] = ibis.row_number().over(window).cast("int32")
    return events.select("customer", *laid, *columns, **found)


def _find_visits(ordered: ir.Table, coded: Coded, lifecycle: Lifecycle, repeating: list[int]) -> ir.Table:
    """Find each event's stage, and which begin a visit, where that does not follow from the names alone."""
    moments = coded.moments
    steps = ordered.mutate(fixed=moments.stage(ordered.unit), touchpoint=moments.touchpoint(ordered.unit))
    steps = _begin_runs(_assign_stages(steps, coded.shared, lifecycle))
    return _begin_repeats(steps, lifecycle, repeating) if repeating else steps


def _by_position(steps: ir.Table, *more: ir.Value, **frame: object) -> ir.WindowedExpr:
    return ibis.window(group_by=[steps.customer, *more], order_by=steps.position, **frame)


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


def _begin_runs(steps: ir.Table) -> ir.Table:
    """Mark the events whose stage differs from that of the latest earlier mapped event."""
    before = steps.stage.lag().over(_by_position(steps, steps.stage.isnull()))
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
