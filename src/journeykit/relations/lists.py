"""Read what was observed from one sorted list a customer, where the engine has lists and the log is plain.

Plain is a log whose events are ordered by time, stage and touchpoint alone, and each tells its stage by
itself: no sequence or attribute orders them, no touchpoint is shared.  Everything else is ordered by
windows.

May import: observed, visits, ordering, coding, counting, moments, eventlog, model, engines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
import pyarrow as pa

from journeykit.engines.duckdb_shape import FLAGS, Shape
from journeykit.relations.counting import Counted
from journeykit.relations.moments import STAGE
from journeykit.relations.observed import END, KeptLists, Layout, Observed, count_uses
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
    from journeykit.relations.observed import Count, Join
    from journeykit.relations.scratch import Scratch

MOST_STAGES: Final = 50
"""So many stages a lifecycle may have: the endings of each are bits of one integer."""

MOST_BITS: Final = 62
"""So many uses of touchpoints may differ for each to be a bit of one integer."""


def is_plain(coded: Coded, lifecycle: Lifecycle) -> bool:
    """Tell whether lists hold all there is to know of the events."""
    alone = set(coded.events.columns) == {"customer", "time_us", "unit", "nth"}
    return alone and coded.moments.packed and len(lifecycle.stages) <= MOST_STAGES


@attrs.frozen(kw_only=True)
class Lists:
    """What lists tell.

    Attributes:
        observed: The relations.
        customers: One row a customer: `customer`, `id`.
        sizes: One row a customer: `events`, `visits` and `time_us` of the last event.
        layout: How the lists are laid down.
        silent_us: Who was not heard of since then is silent.
        units: One row an event: its `unit`.
    """

    observed: Observed
    customers: ir.Table
    sizes: ir.Table
    layout: Layout
    silent_us: int
    units: ir.Table


def keep_lists(
    coded: Coded, lifecycle: Lifecycle, scratch: Scratch, *, rows: int, as_of_us: int, idle_us: int
) -> Lists | None:
    """Order a plain log by lists; None where the engine has none, or *as_of_us* is too late for a moment.

    Args:
        coded: The events as integers.
        lifecycle: Says what a goal, a risk and an exit are.
        scratch: Where the lists are made.
        rows: How many events there are.
        as_of_us: The censoring date.
        idle_us: The silence that is a drop-off.
    """
    layout = Layout(moments=coded.moments, units=coded.units, unmapped=coded.unmapped)
    later = coded.last_us > as_of_us
    shape = shape_of(layout, lifecycle, as_of_us=as_of_us, idle_us=idle_us, later=later)
    if not shape.fits:
        return None
    laid = coded.moments.lay("moment", coded.events.time_us, coded.events.unit)
    events = coded.events.select("customer", "nth", **laid)
    views = scratch.lists(events, shape, rows=rows)
    if views is None:
        return None
    reader = Reader(moments=coded.moments, lifecycle=lifecycle, as_of_us=as_of_us, idle_us=idle_us)
    sizes = views["sizes"]
    return Lists(
        observed=read_lists(views, layout, shape, reader, scratch),
        customers=views["whole"].select("customer", "id"),
        sizes=sizes.select("events", "visits", time_us=coded.moments.time_us(sizes, "newest")),
        layout=layout,
        silent_us=as_of_us - idle_us,
        units=views["units"],
    )


def read_lists(
    views: dict[str, ir.Table], layout: Layout, shape: Shape, reader: Reader, scratch: Scratch
) -> Observed:
    """Read what was observed from what is shown of lists.

    Args:
        views: What the engine shows.
        layout: How the lists are laid down.
        shape: What `shape_of` says of them.
        reader: How to read visits.
        scratch: Where a small relation is made.
    """
    moments, links = layout.moments, views["links"]
    steps = Ordered(rows=views["steps"], moments=moments, kept=()).steps(views["steps"])
    return Observed(
        moments=moments,
        steps=steps,
        links=links.select(
            "customer", "unit", "next_unit", "waited_us", time_us=moments.time_us(links, "moment")
        ),
        visits=reader.visits(views["visits"]),
        moves=views["moves"],
        ends=views["ends"].select("customer", **_marked(views["ends"].code, shape)),
        count_ends=lambda join: _count_ends(join(views["ends"]), shape),
        count_pairs=lambda join: _count_pairs(join(views["pairs"]), shape),
        **_counting_uses(views, layout, scratch, steps),
        kept=KeptLists(rows=views["whole"], layout=layout),
    )


def count_lists(lists: Lists, scratch: Scratch) -> tuple[Counted | None, int]:
    """Count what the lists hold (None where there is no event), and the customers who are not silent."""
    sizes = lists.sizes
    found = scratch.one(
        sizes.aggregate(
            events=sizes.events.sum(),
            customers=sizes.events.count(),
            visits=sizes.visits.sum(),
            placed=sizes.count(where=sizes.visits > 0),
            newest_us=sizes.time_us.max(),
            late=sizes.count(where=sizes.time_us >= lists.silent_us),
        )
    )
    late = found.pop("late")
    if not found["events"]:
        return None, late
    unmapped = _count_unmapped(lists, scratch)
    return Counted(**{name: int(n) for name, n in found.items()}, unmapped=unmapped), late


def _count_unmapped(lists: Lists, scratch: Scratch) -> int:
    layout, units = lists.layout, lists.units
    if not layout.unmapped:
        return 0
    stageless = units.unit >= layout.moments.unit_of_stage(None)
    return int(scratch.one(units.aggregate(n=units.count(where=stageless)))["n"])


def shape_of(
    layout: Layout, lifecycle: Lifecycle, *, as_of_us: int, idle_us: int, later: bool = False
) -> Shape:
    """Say what the integers of lists mean.

    Args:
        layout: How they are laid down.
        lifecycle: Says what a goal, a risk and an exit are.
        as_of_us: The censoring date.
        idle_us: The silence that is a drop-off.
        later: Whether any event may be later than *as_of_us*, and is to be left out.
    """
    moments, stages = layout.moments, lifecycle.stages
    endings = range(len(stages) + OPEN - ACHIEVED + 1)
    achieved, departed, dropped, still = (
        ending_of(lifecycle, outcome) for outcome in (ACHIEVED, DEPARTED, DROPPED, OPEN)
    )
    days = max(as_of_us - moments.origin_us, 0) // DAY_US
    goals = codes_of(lifecycle, "goal")
    uses = sum(1 << nth for nth, unit in enumerate(layout.units) if moments.stage_of(unit) in goals)
    return Shape(
        bits=moments.bits,
        touchpoint_bits=moments.shift,
        none=len(stages),
        unmapped=layout.unmapped,
        later=later,
        day_bits=days.bit_length(),
        ending_bits=max(endings).bit_length(),
        done=tuple(
            sum(1 << ending for ending in endings if is_done(lifecycle, stage, ending))
            for stage in range(len(stages))
        ),
        entries=_entries(layout, lifecycle),
        goals=goals,
        exits=codes_of(lifecycle, "exit"),
        last=(achieved, departed, dropped, still),
        as_of=as_of_us - moments.origin_us,
        idle=idle_us,
        day=DAY_US,
        uses=uses if len(layout.units) <= MOST_BITS else None,
    )


def _entries(layout: Layout, lifecycle: Lifecycle) -> tuple[int, ...]:
    """List the units of the entry events of stages that repeat: without entry touchpoints, of all events."""
    moments, found = layout.moments, []
    for code, stage in enumerate(lifecycle.stage_ids):
        entries = {lifecycle.touchpoint_ids.index(name) for name in lifecycle.entry_touchpoints(stage)}
        units = [unit for unit in layout.units if lifecycle.repeats(stage) and moments.stage_of(unit) == code]
        found += [unit for unit in units if not entries or moments.touchpoint_of(unit) in entries]
    return tuple(found)


def _end(end: ir.IntegerValue, shape: Shape, before: str = "") -> dict[str, ir.IntegerValue]:
    """Read when and how an end was."""
    return {
        f"{before}day": (end & ((1 << shape.day_bits) - 1)).cast("int32"),
        f"{before}ending": ((end >> shape.day_bits) & ((1 << shape.ending_bits) - 1)).cast(STAGE),
    }


def _marked(code: ir.IntegerValue, shape: Shape) -> dict[str, ir.Value]:
    """Read an end with its stage and its flags."""
    end = code >> len(FLAGS)
    flags = {flag: (code >> place) & 1 == 1 for place, flag in enumerate(reversed(FLAGS))}
    return {"stage": (end >> shape.stage_shift).cast(STAGE), **_end(end, shape), **flags}


def _count_ends(rows: ir.Table, shape: Shape) -> ir.Table:
    """Count ends by their codes, which are one integer each, and read the few that there are."""
    alike = rows.group_by(["group", "code"]).aggregate(visits=rows.count())
    read = alike.select("group", "visits", **_marked(alike.code, shape))
    both = read.counts_customer & read.reached
    return read.group_by(["group", "stage", *END]).aggregate(
        visits=read.visits.sum(),
        customers=read.visits.sum(where=read.counts_customer).fill_null(0),
        enders=read.visits.sum(where=read.counts_ending).fill_null(0),
        reached=read.visits.sum(where=both).fill_null(0),
    )


def _count_pairs(rows: ir.Table, shape: Shape) -> ir.Table:
    """Count pairs by their codes, and read them."""
    alike = rows.group_by(["group", "one", "other"]).aggregate(n=rows.n.sum())
    return alike.select(
        "group", "n",
        stage=(alike.one >> shape.stage_shift).cast(STAGE),
        **_end(alike.one, shape),
        **_end(alike.other, shape, "other_"),
    )  # fmt: skip


def _counting_uses(
    views: dict[str, ir.Table], layout: Layout, scratch: Scratch, steps: ir.Table
) -> dict[str, Count]:
    """Say how uses are counted: by bits where there are enough of them."""
    if len(layout.units) > MOST_BITS:
        return dict.fromkeys(("count_uses", "count_users"), lambda join: count_uses(steps, join))
    rows: list[dict[str, object]] = [{"nth": nth, "unit": unit} for nth, unit in enumerate(layout.units)]
    bits = scratch.rows("bits", {"nth": pa.int64(), "unit": pa.int64()}, rows)

    def count_them(join: Join) -> ir.Table:
        users, units = _count_users(join(views["used"]), bits), join(views["units"])
        events = units.group_by(["group", "unit"]).aggregate(events=units.count())
        return _named(events.inner_join(users, ["group", "unit"]), layout.moments)

    return {
        "count_uses": count_them,
        "count_users": lambda join: _named(_count_users(join(views["used"]), bits), layout.moments),
    }


def _count_users(used: ir.Table, bits: ir.Table) -> ir.Table:
    """Count customers by the bits of what they used, of which few differ."""
    alike = used.group_by(["group", "used"]).aggregate(n=used.count())
    each = alike.join(bits, (alike.used >> bits.nth) & 1 == 1)
    return each.group_by(["group", "unit"]).aggregate(customers=each.n.sum())


def _named(counted: ir.Table, moments: Moments) -> ir.Table:
    """Read the units, and leave out those without a touchpoint."""
    names = {"stage": moments.stage(counted.unit), "touchpoint": moments.touchpoint(counted.unit)}
    found = counted.mutate(**names).drop("unit")
    return found.filter(found.touchpoint.notnull())
