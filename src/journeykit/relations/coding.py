"""Turn names into small integers, so that the ordered pass moves no text.

A stage's or touchpoint's code is its place in the lifecycle; names that the lifecycle
does not know follow by code point.  Customers are numbered in no particular order.

May import: eventlog, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import ibis
import pyarrow as pa

from journeykit.eventlog.columns import EVENT_ATTRIBUTE, ROLES

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from journeykit.eventlog.log import EventLog
    from journeykit.model.lifecycle import Lifecycle
    from journeykit.relations.rules import Rules
    from journeykit.relations.scratch import Scratch

STAGE = "int16"
TOUCHPOINT = "int32"

TIE_BREAKERS = ROLES[ROLES.index("event_id") :]
"""Columns that order events which are equal in time, sequence, stage and touchpoint."""

ATTRIBUTES = ("contact", "channel", "device", "department", "initiator", "agent")
"""Parameters of `events` that `by=` can group by, beside the attributes."""


@attrs.frozen(kw_only=True)
class Coded:
    """An event log as integers.

    Attributes:
        events: One row an event: `customer`, `time_us`, `sequence` where given, `fixed` (the
            only stage possible, or null), `shared` (which set of stages is possible where
            several are, or null), `touchpoint`, and the columns that `by=` may ask for.
        customers: One row a customer: `customer`, `id`.
        touchpoints: One row a name: `name`, `touchpoint`.
        shared: For each value of `shared`, the codes of the stages that declare the touchpoint.
        kept: The columns of `events` that `by=` may ask for.
    """

    events: ir.Table
    customers: ir.Table
    touchpoints: ir.Table
    shared: tuple[tuple[int, ...], ...]
    kept: tuple[str, ...]


def code_events(log: EventLog, lifecycle: Lifecycle, scratch: Scratch, *, rules: Rules) -> Coded:
    """Replace every name in the log by its code under the lifecycle.

    Args:
        log: The usable events.
        lifecycle: Gives stages and touchpoints their codes.
        scratch: Where the relations are made.
        rules: What tells stages beside the stage column and the touchpoints.

    Returns:
        The coded events and their dictionaries, held by the engine.
    """
    events = log.events
    if rules.offers:
        events = events.mutate(ruled=rules.stage(lifecycle, STAGE))
    customers = scratch.table("customers", _numbered(events.select(id="customer").distinct(), "customer"))
    coded = events.rename(id="customer").inner_join(customers, "id").drop("id")
    sets = _stage_sets(lifecycle)
    if "touchpoint" in events.columns:
        touchpoints, declared = _code_touchpoints(events, lifecycle, sets, scratch)
        coded = coded.rename(name="touchpoint").left_join(touchpoints, "name").drop("name_right")
    else:
        touchpoints, declared = (
            scratch.rows("touchpoints", {"name": pa.string(), "touchpoint": pa.int32()}, []),
            False,
        )
        coded = coded.mutate(touchpoint=ibis.null(TOUCHPOINT), only=ibis.null(STAGE), shared=ibis.null(STAGE))
    coded = _fix_stage(coded, lifecycle)
    kept = tuple(name for name in events.columns if name in ATTRIBUTES or name.startswith(EVENT_ATTRIBUTE))
    # Without one of these nobody can tell which of two events that agree so far came first.
    telling = bool(kept) or (declared and "stage" in events.columns)
    breakers = (
        [name for name in TIE_BREAKERS if name in events.columns and name not in kept] if telling else []
    )
    columns = ["customer", "time_us", *(["sequence"] if "sequence" in events.columns else [])]
    columns += ["fixed", *(["shared"] if declared else []), "touchpoint", *breakers, *kept]
    return Coded(
        events=scratch.table("coded", coded.select(*columns)),
        customers=customers,
        touchpoints=touchpoints.select("name", "touchpoint"),
        shared=sets if declared else (),
        kept=kept,
    )


def _numbered(names: ir.Table, code: str) -> ir.Table:
    return names.mutate(**{code: ibis.row_number().cast("int64")})


def _stage_sets(lifecycle: Lifecycle) -> tuple[tuple[int, ...], ...]:
    """List the distinct sets of stages that share a touchpoint, as codes."""
    places = {stage: code for code, stage in enumerate(lifecycle.stage_ids)}
    sets = {tuple(places[stage] for stage in stages) for _, stages in lifecycle.touchpoint_names.values()}
    return tuple(sorted(codes for codes in sets if len(codes) > 1))


def _code_touchpoints(
    events: ir.Table, lifecycle: Lifecycle, sets: tuple[tuple[int, ...], ...], scratch: Scratch
) -> tuple[ir.Table, bool]:
    """Give each touchpoint name its code and its stage; tell whether any name is shared."""
    known = scratch.rows(
        "declared",
        {"name": pa.string(), "touchpoint": pa.int32(), "only": pa.int16(), "shared": pa.int16()},
        _declared(lifecycle, sets),
    )
    seen = events.select(name="touchpoint").filter(lambda t: t.name.notnull()).distinct()
    others = seen.anti_join(known, "name")
    first = len(lifecycle.touchpoint_ids)
    numbers = (ibis.row_number().over(ibis.window(order_by="name")) + first).cast(TOUCHPOINT)
    others = others.mutate(touchpoint=numbers, only=ibis.null(STAGE), shared=ibis.null(STAGE))
    found = known.semi_join(seen, "name").select("name", "touchpoint", "only", "shared")
    touchpoints = scratch.table("touchpoints", found.union(others))
    shared = scratch.one(touchpoints.aggregate(n=touchpoints.shared.notnull().any()))["n"]
    return touchpoints, bool(shared)


def _declared(lifecycle: Lifecycle, sets: tuple[tuple[int, ...], ...]) -> list[dict[str, object]]:
    places = {stage: code for code, stage in enumerate(lifecycle.stage_ids)}
    codes = {touchpoint: code for code, touchpoint in enumerate(lifecycle.touchpoint_ids)}
    rows: list[dict[str, object]] = []
    for name, (touchpoint, stages) in lifecycle.touchpoint_names.items():
        possible = tuple(places[stage] for stage in stages)
        several = len(possible) > 1
        rows.append(
            {
                "name": name,
                "touchpoint": codes[touchpoint],
                "only": None if several else possible[0],
                "shared": sets.index(possible) if several else None,
            }
        )
    return rows


def _fix_stage(coded: ir.Table, lifecycle: Lifecycle) -> ir.Table:
    """Find the one stage that is possible: the stage column's, else a rule's, else that of the touchpoint."""
    if "ruled" in coded.columns:  # as if it stood in the stage column
        unruled = ibis.ifelse(coded.ruled.isnull(), coded.shared, ibis.null(STAGE))
        coded = coded.mutate(only=coded.ruled.coalesce(coded.only), shared=unruled)
    if "stage" not in coded.columns:
        return coded.mutate(fixed=coded.only)
    places = {stage: code for code, stage in enumerate(lifecycle.stage_ids)}
    branches = [
        (name, ibis.literal(places[stage], STAGE)) for name, stage in sorted(lifecycle.stage_names.items())
    ]
    told = coded.stage.cases(*branches, else_=ibis.null(STAGE))
    silent = coded.stage.isnull()
    return coded.mutate(
        fixed=ibis.ifelse(silent, coded.only, told),
        shared=ibis.ifelse(silent, coded.shared, ibis.null(STAGE)),
    )
