"""Read the call centre's export: one row a call.

    call_id,subscriber,started,direction,reason,seconds,agent,porting_code
    c1,4520001111,04-03-2024 09:12,in,Bill,412,kim,no

Nothing here reads a row: a reader says what the engine shall do when somebody counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import journeykit as jk

COLUMNS = (
    "call_id",
    "subscriber",
    "started",
    "direction",
    "reason",
    "seconds",
    "agent",
    "porting_code",
)

REASONS = {
    "Activation": "activation_call",
    "Bill": "billing_call",
    "Complaint": "complaint",
    "No signal": "technical_call",
    "Plan": "plan_call",
    "Refill": "top_up_call",
}
"""What agents choose from, and the touchpoint that it is."""

DIRECTIONS = ("in", "out", "both")


def read(tables: Sequence[jk.SourceTable], options: Mapping[str, str]) -> jk.Reading:
    """Make events of the export's tables."""
    exports = [source for source in tables if set(COLUMNS) <= set(source.table.columns)]
    if not exports:
        raise jk.EventLogError(f"no table is a call centre's export: {missing(tables)}")
    direction = options.get("direction", "in")
    if direction not in DIRECTIONS:
        raise jk.UnknownNameError("direction", direction, DIRECTIONS)

    calls = ibis.union(*(source.table.select(COLUMNS) for source in exports))
    # Of a CSV every cell is text; a frame may hold subscribers as numbers.
    subscriber = calls.subscriber.cast("string")
    events = calls.mutate(
        subscriber=subscriber,
        channel=ibis.literal("phone"),
        seconds=calls.seconds.try_cast("float64"),
        aside=ibis.cases(
            (subscriber.startswith("TEST"), "test_call"),
            ((calls.direction != direction) & (direction != "both"), "other_direction"),
            (calls.seconds.try_cast("float64") == 0, "hung_up"),
            else_=ibis.null("string"),
        ),
    )
    unused = [source.name for source in tables if source not in exports]
    return jk.Reading(
        events=events,
        columns={
            "customer": "subscriber",
            "timestamp": "started",
            "touchpoint": "reason",
            "event_id": "call_id",
            "channel": "channel",
            "agent": "agent",
            "value": "seconds",
        },
        attributes=["porting_code"],
        timestamp_format="%d-%m-%Y %H:%M",
        aside="aside",
        notes=[f"not used, as they are no exports of calls: {', '.join(unused)}"] if unused else [],
    )


def missing(tables: Sequence[jk.SourceTable]) -> str:
    """Say of each table which columns it lacks."""
    lacking = []
    for source in tables:
        columns = [repr(name) for name in COLUMNS if name not in source.table.columns]
        lacking.append(f"{source.name} has no column {' or '.join(columns)}")
    return "; ".join(lacking) or "there is no table at all"


READER = jk.Reader(
    "call_centre",
    title="The call centre's export: one row a call",
    read=read,
    options={"direction": "calls to keep: 'in' (unless said), 'out' or 'both'"},
)
