"""Observe with the engine what the oracle observes by brute force: the same rows and settings.

May import: testing.cases, journey, eventlog; plugins for types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from journeykit.eventlog import events
from journeykit.observing import observe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from journeykit.journey import Journey
    from journeykit.plugins import StageRule
    from journeykit.testing.cases import JourneyInput, Row

TYPES: Final = {
    "timestamp": pa.timestamp("us", "UTC"),
    "sequence": pa.float64(),
    "sentiment": pa.float64(),
    "value": pa.float64(),
}
"""Types of columns that may hold nothing but nulls, or whole numbers among others."""

ATTRIBUTE: Final = "attribute:"


def observe_input(given: JourneyInput, *, rules: Sequence[StageRule] = ()) -> Journey:
    """Observe an oracle's input with the engine; what plugins offer stays out of it.

    Args:
        given: The input.
        rules: Stage rules to observe it with.

    Returns:
        The journey; it and its log are let go when nobody holds it.

    Raises:
        EventLogError: No row can be used, or none is as old as the input's `as_of`.
    """
    attributes = [name.removeprefix(ATTRIBUTE) for name in given.columns if name.startswith(ATTRIBUTE)]
    roles: dict[str, Any] = {name: name for name in given.columns if not name.startswith(ATTRIBUTE)}
    customers = None
    if given.customers:
        customers = frame(
            given.customers, list(dict.fromkeys(name for row in given.customers for name in row))
        )
    log = events(frame(given.events, given.columns), **roles, attributes=attributes, customers=customers)
    try:
        return observe(log, given.lifecycle, as_of=given.as_of, idle=given.idle, rules=rules)
    except BaseException:
        log.close()
        raise


def frame(rows: Sequence[Row], columns: Sequence[str]) -> pa.Table:
    """Lay an oracle's rows out as an arrow table, attributes under their own names."""
    return pa.table({name.removeprefix(ATTRIBUTE): _column(name, rows) for name in columns})


def _column(name: str, rows: Sequence[Row]) -> pa.Array:
    column = pa.array([row.get(name) for row in rows], TYPES.get(name))
    return column.cast(pa.string()) if pa.types.is_null(column.type) else column
