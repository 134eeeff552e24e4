"""Read what was observed from one sorted list a customer, where the engine has lists and the log is plain.

Plain is a log whose events are ordered by time, stage and touchpoint alone, and begin a visit wherever
their stage is not the one before: no sequence or attribute orders them, no touchpoint is shared, no stage
repeats.  Everything else is ordered by windows.

May import: observed, visits, ordering, coding, counting, moments, eventlog, model, engines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
import ibis

from journeykit.engines.duckdb_lists import Shape
from journeykit.relations.counting import Counted
from journeykit.relations.moments import STAGE
from journeykit.relations.observed import Observed
from journeykit.relations.ordering import Ordered
from journeykit.relations.visits import (
    ACHIEVED,
    DAY_US,
    DEPARTED,
    DROPPED,
    OPEN,
    Reader,
    codes_of,
    ending_of,
    is_done,
)

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from journeykit.model.lifecycle import Lifecycle
    from journeykit.relations.coding import Coded
    from journeykit.relations.moments import Moments
    from journeykit.relations.scratch import Scratch

MOST_STAGES: Final = 50
"""So many stages a lifecycle may have: the endings of each are bits of one integer."""


def is_plain(coded: Coded, lifecycle: Lifecycle) -> bool:
    """Tell whether lists hold all there is to know of the events."""
    repeats = any(lifecycle.repeats(stage) for stage in lifecycle.stage_ids)
    alone = set(coded.events.columns) == {"customer", "time_us", "unit"}
    return alone and coded.moments.packed and not repeats and len(lifecycle.stages) <= MOST_STAGES


@attrs.frozen(kw_only=True)
class Lists:
    """What lists tell.

    Attributes:
        observed: The relations.
        customers: One row a customer: `customer`, `id`.
        sizes: One row a customer: `events`, `visits` and `time_us` of the last event.
        unmapped: Whether any event may belong to no stage.
    """

    observed: Observed
    customers: ir.Table
    sizes: ir.Table
    unmapped: bool


def keep_lists(
    coded: Coded, lifecycle: Lifecycle, scratch: Scratch, *, rows: int, as_of_us: int, idle_us: int
) -> Lists | None:
    """Order a plain log by lists; None where the engine has none.

    Args:
        coded: The events as integers.
        lifecycle: Says what a goal, a risk and an exit are.
        scratch: Where the lists are made.
        rows: How many events there are.
        as_of_us: The censoring date.
        idle_us: The silence that is a drop-off.
    """
    moments = coded.moments
    laid = moments.lay("moment", coded.events.time_us, coded.events.unit)
    events = coded.events.select("customer", **laid)
    shape = _shape(coded, lifecycle, as_of_us, idle_us)
    views = scratch.lists(events, shape, rows=rows)
    if views is None:
        return None
    reader = Reader(moments=moments, lifecycle=lifecycle, as_of_us=as_of_us, idle_us=idle_us)
    observed = Observed(
        steps=Ordered(rows=views["steps"], moments=moments, kept=()).steps(views["steps"]),
        visits=reader.visits(views["visits"]),
        ends=_ends(views["ends"], shape),
        pairs=_pairs(views["pairs"], shape),
        uses=_uses(views["uses"], moments),
    )
    return Lists(
        observed=observed,
        customers=views["customers"],
        sizes=views["sizes"].select("events", "visits", time_us=moments.time_us(views["sizes"], "newest")),
        unmapped=coded.unmapped,
    )


def count_lists(lists: Lists, scratch: Scratch) -> Counted | None:
    """Count what the lists hold; None where there is no event."""
    sizes, steps = lists.sizes, lists.observed.steps
    found = scratch.one(
        sizes.aggregate(
            events=sizes.events.sum(),
            customers=sizes.events.count(),
            visits=sizes.visits.sum(),
            placed=sizes.count(where=sizes.visits > 0),
            newest_us=sizes.time_us.max(),
        )
    )
    if not found["events"]:
        return None
    unmapped = (
        scratch.one(steps.aggregate(n=steps.count(where=steps.stage.isnull())))["n"] if lists.unmapped else 0
    )
    return Counted(**{name: int(n) for name, n in found.items()}, unmapped=unmapped)


def _shape(coded: Coded, lifecycle: Lifecycle, as_of_us: int, idle_us: int) -> Shape:
    moments, stages = coded.moments, lifecycle.stages
    endings = range(len(stages) + OPEN - ACHIEVED + 1)
    achieved, departed, dropped, still = (
        ending_of(lifecycle, outcome) for outcome in (ACHIEVED, DEPARTED, DROPPED, OPEN)
    )
    days = max(as_of_us - moments.origin_us, 0) // DAY_US
    return Shape(
        bits=moments.bits,
        touchpoint_bits=moments.shift,
        none=len(stages),
        unmapped=coded.unmapped,
        day_bits=days.bit_length(),
        ending_bits=max(endings).bit_length(),
        done=tuple(
            sum(1 << ending for ending in endings if is_done(lifecycle, stage, ending))
            for stage in range(len(stages))
        ),
        goals=codes_of(lifecycle, "goal"),
        exits=codes_of(lifecycle, "exit"),
        last=(achieved, departed, dropped, still),
        as_of=as_of_us - moments.origin_us,
        idle=idle_us,
        day=DAY_US,
    )


def _end(code: ir.IntegerValue, shape: Shape, before: str = "") -> dict[str, ir.IntegerValue]:
    """Read an end."""
    return {
        f"{before}day": (code & ((1 << shape.day_bits) - 1)).cast("int32"),
        f"{before}ending": ((code >> shape.day_bits) & ((1 << shape.ending_bits) - 1)).cast(STAGE),
    }


def _ends(rows: ir.Table, shape: Shape) -> ir.Table:
    """Show the ends; the one before tells whether this is the first of its kind."""
    stage, stage_before = (rows[name] >> shape.stage_shift for name in ("code", "before"))
    kind, kind_before = (rows[name] >> shape.day_bits for name in ("code", "before"))
    return rows.select(
        "customer", "reached",
        stage=stage.cast(STAGE),
        **_end(rows.code, shape),
        counts_customer=stage != stage_before,
        counts_ending=kind != kind_before,
    )  # fmt: skip


def _pairs(rows: ir.Table, shape: Shape) -> ir.Table:
    stage = (rows.one >> shape.stage_shift).cast(STAGE)
    one, other = _end(rows.one, shape), _end(rows.other, shape, "other_")
    return rows.select("customer", "n", stage=stage, **one, **other)


def _uses(rows: ir.Table, moments: Moments) -> ir.Table:
    uses = rows.select(
        "customer",
        stage=moments.stage(rows.unit),
        touchpoint=moments.touchpoint(rows.unit),
        events=ibis.literal(1, "int64"),
        customers=(rows.unit != rows.before).cast("int64"),
    )
    return uses.filter(uses.touchpoint.notnull())
