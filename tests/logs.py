"""Make a small journey for a test from who did what on which day, and look at what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

import journeykit as jk
from journeykit.testing.cases import day, trial_lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import ibis.expr.types as ir

    Cells = Mapping[str, Any]
    What = str | Cells | Sequence[str | Cells]

PARAMETERS = (
    "customer", "timestamp", "touchpoint", "stage", "sequence", "event_id", "contact", "channel",
    "device", "department", "initiator", "agent", "sentiment", "value",
)  # fmt: skip
"""The columns of an event that `events` has a parameter for; any other is an attribute."""


def frame(rows: Sequence[Cells]) -> pa.Table:
    """Lay rows out as an arrow table; a cell that a row does not name is null."""
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: pa.array([row.get(name) for row in rows]) for name in names}
    nothing = {name for name, column in columns.items() if pa.types.is_null(column.type)}
    return pa.table(
        {name: column.cast(pa.string()) if name in nothing else column for name, column in columns.items()}
    )


def event_rows(histories: Mapping[object, Mapping[float, What]]) -> list[dict[str, Any]]:
    """List the events of {customer: {day: what}}.

    What happened on a day is a touchpoint, the cells of an event, or several of these at one instant.
    """
    return [
        {
            "customer": customer,
            "timestamp": day(when),
            **(one if isinstance(one, Mapping) else {"touchpoint": one}),
        }
        for customer, days in histories.items()
        for when, what in days.items()
        for one in ([what] if isinstance(what, str | Mapping) else what)
    ]


def log_of(
    histories: Mapping[object, Mapping[float, What]], *, customers: Mapping[object, Cells] | None = None
) -> jk.EventLog:
    """Open the events of {customer: {day: what}}, and {customer: attributes} beside them."""
    source = frame(event_rows(histories))
    told = [{"customer": customer, **cells} for customer, cells in (customers or {}).items()]
    return jk.events(
        source,
        **{name: name for name in PARAMETERS if name in source.column_names},
        attributes=[name for name in source.column_names if name not in PARAMETERS],
        customers=frame(told) if told else None,
    )


def observe_days(
    histories: Mapping[object, Mapping[float, What]],
    *,
    lifecycle: jk.Lifecycle | None = None,
    as_of: float | None = None,
    idle: float | None = None,
    customers: Mapping[object, Cells] | None = None,
) -> jk.Journey:
    """Observe {customer: {day: what}}, under the trial lifecycle of `journeykit.testing.cases` (idle: 10
    days).
    """
    return jk.observe(
        log_of(histories, customers=customers),
        lifecycle or trial_lifecycle(),
        as_of=None if as_of is None else day(as_of),
        idle=None if idle is None else dt.timedelta(days=idle),
    )


def picked(rows: Iterable[Any], *names: str) -> list[tuple[Any, ...]]:
    """Keep some fields of each row."""
    return [tuple(getattr(row, name) for name in names) for row in rows]


def rounded(rows: Iterable[tuple[Any, ...]], digits: int = 4) -> list[tuple[Any, ...]]:
    """Round the floats in rows, for numbers that were worked out on paper."""
    return [tuple(round(cell, digits) if isinstance(cell, float) else cell for cell in row) for row in rows]


def paths(journey: jk.Journey) -> dict[object, list[str]]:
    """Give each customer's events in order, as "stage/touchpoint"; "?" and "-" stand for none."""
    stages, names = journey.lifecycle.stage_ids, journey.touchpoint_names
    found: dict[object, list[str]] = {}
    for row in _rows(journey, journey.steps, "position"):
        stage = "?" if row["stage"] is None else stages[row["stage"]]
        touchpoint = "-" if row["touchpoint"] is None else names[row["touchpoint"]]
        found.setdefault(row["id"], []).append(f"{stage}/{touchpoint}")
    return found


def stays(journey: jk.Journey) -> dict[object, list[str]]:
    """Give each customer's visits in order, as "stage from day"."""
    found: dict[object, list[str]] = {}
    for row in _rows(journey, journey.visits, "visit"):
        begun = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=row["start_us"])
        days = (begun - day(0)) / dt.timedelta(days=1)
        stay = f"{journey.lifecycle.stage_ids[row['stage']]} from {days:g}"
        found.setdefault(row["id"], []).append(stay)
    return found


def outcomes(journey: jk.Journey) -> dict[object, list[str]]:
    """Give each customer's visits in order, as "stage outcome day", the day being that of the outcome's
    clock.
    """
    names = ("moved", "exited", "achieved", "departed", "dropped", "open")
    found: dict[object, list[str]] = {}
    for row in _rows(journey, journey.visits, "visit"):
        text = f"{journey.lifecycle.stage_ids[row['stage']]} {names[row['outcome']]} {row['day']}"
        found.setdefault(row["id"], []).append(text)
    return found


def _rows(journey: jk.Journey, relation: ir.Table, order: str) -> list[dict[str, Any]]:
    told = relation.inner_join(journey.customers.select("customer", "id"), "customer")
    rows: list[dict[str, Any]] = journey.scratch.rows_of(told.order_by("id", order))
    return rows
