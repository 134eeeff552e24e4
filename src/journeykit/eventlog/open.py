"""Open an event log: name its columns, and see that they are there.

May import: log, source, customers, columns, times, rejection, dialect, errors.
"""

from __future__ import annotations

from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING

from journeykit.errors import EventLogError
from journeykit.eventlog import rejection
from journeykit.eventlog.columns import ROLES, canonical, require_columns, require_scalars
from journeykit.eventlog.customers import read_customers
from journeykit.eventlog.log import EventLog
from journeykit.eventlog.source import open_beside, open_source
from journeykit.eventlog.times import check_format, check_timezone, read_times

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from journeykit.eventlog.customers import Customers
    from journeykit.eventlog.source import EventSource, Source


def events(
    source: EventSource,
    *,
    customer: str,
    timestamp: str,
    touchpoint: str | None = None,
    stage: str | None = None,
    sequence: str | None = None,
    event_id: str | None = None,
    contact: str | None = None,
    channel: str | None = None,
    device: str | None = None,
    department: str | None = None,
    initiator: str | None = None,
    agent: str | None = None,
    sentiment: str | None = None,
    value: str | None = None,
    attributes: Sequence[str] = (),
    customers: EventSource | None = None,
    timezone: str = "UTC",
    timestamp_format: str | None = None,
    strict: bool = False,
) -> EventLog:
    """Open an event log and say what its columns mean; lazy, no event is read into Python.

    Rows that can't be used are set aside, each for one reason, and counted: no customer, no timestamp, one
    that can't be read or lies outside the years 1900 to 2200, neither touchpoint nor stage, or an event id
    that an earlier row has. One warning says so when the log is first counted.

    Args:
        source: A path or a pattern of paths (CSV, also gzipped; Parquet; JSON lines), a pandas, polars or
            pyarrow frame, or an Ibis table, which is read where it is.
        customer: Column of whoever walks the journey: a person, an account or a deal.
        timestamp: Column of when it happened.
        touchpoint: Column of what happened. At least one of *touchpoint* and *stage* is needed.
        stage: Column of the stage, where the source knows it.
        sequence: Column of numbers that orders a customer's events of one timestamp.
        event_id: Column of ids; a repeated one is set aside, the first by time, then sequence, is kept.
        contact: Column of the person, where the customer is an account or a deal.
        channel: Column of the channel.
        device: Column of the device.
        department: Column of the company's department.
        initiator: Column of who began: the customer or the company.
        agent: Column of who acted for the company.
        sentiment: Column of numbers; what is none is null, and counted by `EventLog.check`.
        value: Column of numbers, as *sentiment*.
        attributes: More columns to group by.
        customers: A second source with one row a customer, under the same column name as *customer*.
        timezone: The clocks that timestamps without an offset show, such as "Europe/Copenhagen". An hour that
            they skip is read with the offset before the change, one that they show twice with that after it.
        timestamp_format: How timestamps are written, if not in ISO 8601: a strptime pattern such as
            "%d-%m-%Y", or "epoch_s", "epoch_ms" or "epoch_us".
        strict: Whether a row that can't be used is an error.

    Returns:
        The log, for `observe`.

    Raises:
        UnknownNameError: A column or the time zone does not exist; the nearest is named.
        EventLogError: The source can't be read, a customer has two rows in *customers*, or, if *strict*, a
            row can't be used.
        UnsupportedError: An Ibis table lives in an engine that is not supported.

    Source: S2-03, S2-22 (mission page).
    """
    given = (customer, timestamp, touchpoint, stage, sequence, event_id, contact)
    more = (channel, device, department, initiator, agent, sentiment, value)
    named = zip(ROLES, (*given, *more), strict=True)
    columns = {role: column for role, column in named if column is not None}
    _require_sense(columns, attributes, timezone)
    with _opened(source) as opened:
        log = _log(
            opened,
            columns,
            tuple(attributes),
            customers=customers,
            timezone=timezone,
            timestamp_format=timestamp_format,
        )
        if strict:
            log.require_all_usable()
    return log


@contextmanager
def _opened(source: EventSource) -> Iterator[Source]:
    """Open a source, and close what is ours of it again where that comes to nothing."""
    opened = open_source(source)
    try:
        yield opened
    except BaseException:
        if opened.owned:
            opened.backend.disconnect()
        raise


def _require_sense(columns: dict[str, str], attributes: Sequence[str], timezone: str) -> None:
    """Refuse what no source could answer."""
    check_timezone(timezone)
    if "touchpoint" not in columns and "stage" not in columns:
        raise EventLogError("name a column for touchpoint=, for stage=, or for both: what happened?")
    if isinstance(attributes, str):
        raise EventLogError(f"attributes={attributes!r} is one text: give a list of names, [{attributes!r}]")
    repeated = sorted({name for name in attributes if list(attributes).count(name) > 1})
    if repeated:
        raise EventLogError(f"attributes names {', '.join(map(repr, repeated))} more than once")


def _log(
    opened: Source,
    columns: dict[str, str],
    attributes: tuple[str, ...],
    *,
    customers: EventSource | None,
    timezone: str,
    timestamp_format: str | None,
) -> EventLog:
    source = opened.table
    wanted = columns | {f"attributes[{place}]": name for place, name in enumerate(attributes)}
    require_columns(wanted, source, opened.name)
    require_scalars(wanted, source, opened.name)
    name = columns["timestamp"]
    times = read_times(source[name], name, timezone=timezone, pattern=timestamp_format)
    if timestamp_format is not None:
        check_format(timestamp_format, opened.backend)
    second = None if customers is None else _second(customers, opened, columns["customer"])
    values = canonical(source, columns, attributes, text_customers=second is not None and second.as_text)
    return EventLog(
        name=opened.name,
        columns=MappingProxyType(columns),
        attributes=attributes,
        timezone=timezone,
        timestamp_format=timestamp_format,
        zone_rule=times.rule,
        backend=opened.backend,
        source=source,
        second=second,
        judged=rejection.judge(source, columns, values, times),
        owned=opened.owned,
    )


def _second(customers: EventSource, opened: Source, key: str) -> Customers:
    table, name = open_beside(customers, opened)
    return read_customers(table, name, opened.backend, key=key, events=opened.table)
