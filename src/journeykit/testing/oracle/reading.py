"""Read rows as an event log does: empty cells, and rows that can't be used.

An empty string is a null cell.  A row that can't be used is set aside under the
first reason that fits.  Of rows that repeat an event id, the first is kept: by
time, then sequence, then the other columns in the order of the parameters of
`events`, values by code point, nulls last.

May import: nothing of ours.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Row = dict[str, Any]

PARAMETERS = (
    "customer",
    "timestamp",
    "touchpoint",
    "stage",
    "sequence",
    "event_id",
    "contact",
    "channel",
    "device",
    "department",
    "initiator",
    "agent",
    "sentiment",
    "value",
)
"""The columns an event may have, in the order of the parameters of `events`."""

ATTRIBUTE = "attribute:"
"""What the name of any other column begins with."""

REASONS = (
    "no_customer",
    "no_timestamp",
    "unreadable_timestamp",
    "timestamp_out_of_range",
    "no_touchpoint_or_stage",
    "repeated_event_id",
)
"""Why a row may be set aside, the first that fits first."""

YEARS = (1900, 2200)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    """Count the microseconds since 1970 UTC, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def nulls_last(value: object) -> tuple[bool, Any]:
    """Make a sort key of a cell: values in their own order, text by code point, nulls last."""
    return (value is None, 0 if value is None else value)


def given_columns(events: Iterable[Row], columns: Iterable[str] | None) -> tuple[str, ...]:
    """Name the columns that are given: the parameters in their order, then attributes by name."""
    names = set(columns) if columns is not None else {name for row in events for name in row}
    attributes = sorted(name for name in names if name.startswith(ATTRIBUTE))
    unknown = sorted(names.difference(PARAMETERS, attributes))
    if unknown:
        raise ValueError(f"no event column may be named {unknown}")
    return (*(name for name in PARAMETERS if name in names), *attributes)


def usable_rows(events: Sequence[Row], columns: Sequence[str]) -> tuple[list[Row], Counter[str]]:
    """Split the rows into those that can be used and a count, by reason, of those that can't."""
    rejected: Counter[str] = Counter()
    usable: list[Row] = []
    for event in events:
        row = {name: _cell(event.get(name)) for name in columns}
        reason = _reason(row)
        if reason is None:
            usable.append(row)
        else:
            rejected[reason] += 1
    if "event_id" not in columns:
        return usable, rejected
    return _without_repeats(usable, columns, rejected), rejected


def _cell(value: object) -> object:
    return None if value == "" else value


def _reason(row: Row) -> str | None:
    if row.get("customer") is None:
        return "no_customer"
    moment = row.get("timestamp")
    if moment is None:
        return "no_timestamp"
    if not isinstance(moment, datetime):
        return "unreadable_timestamp"
    if not YEARS[0] <= moment.astimezone(UTC).year <= YEARS[1]:
        return "timestamp_out_of_range"
    if row.get("touchpoint") is None and row.get("stage") is None:
        return "no_touchpoint_or_stage"
    return None


def _without_repeats(rows: list[Row], columns: Sequence[str], rejected: Counter[str]) -> list[Row]:
    rest = [name for name in columns if name not in {"timestamp", "sequence"}]

    def age(row: Row) -> tuple[Any, ...]:
        return (row["timestamp"], nulls_last(row.get("sequence")), *(nulls_last(row[name]) for name in rest))

    seen: set[Any] = set()
    kept: list[Row] = []
    for row in sorted(rows, key=age):
        if row["event_id"] is None:
            kept.append(row)
        elif row["event_id"] in seen:
            rejected["repeated_event_id"] += 1
        else:
            seen.add(row["event_id"])
            kept.append(row)
    return kept
