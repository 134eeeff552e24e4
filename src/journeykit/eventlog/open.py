"""Open an event log: name its columns, or let a reader name them, and see that they are there.

May import: log, source, exports, naming, columns, place, plugins, engines, errors.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from journeykit.engines import Limits
from journeykit.errors import EventLogError, warn
from journeykit.eventlog.columns import ROLES
from journeykit.eventlog.exports import read_export
from journeykit.eventlog.naming import Naming, make_log
from journeykit.eventlog.place import Place
from journeykit.eventlog.source import Export, Source, open_export, open_source

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

    from journeykit.engines import Connection
    from journeykit.eventlog.log import EventLog
    from journeykit.eventlog.source import EventSource
    from journeykit.plugins.manager import Manager

Opened = TypeVar("Opened", Source, Export)


def events(
    source: EventSource,
    *,
    format: str | None = None,  # noqa: A002 - what everybody calls it
    options: Mapping[str, str] | None = None,
    customer: str | None = None,
    timestamp: str | None = None,
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
    writer: str | None = None,
    without_writers: Sequence[str] = (),
    attributes: Sequence[str] = (),
    customers: EventSource | None = None,
    timezone: str | None = None,
    timestamp_format: str | None = None,
    strict: bool = False,
    manager: Manager | None = None,
    connection: Connection | None = None,
    schema: str | None = None,
    memory_limit: str | None = None,
    threads: int | None = None,
    temp_dir: str | os.PathLike[str] | None = None,
) -> EventLog:
    """Open an event log and say what its columns mean; lazy, no event is read into Python.

    Rows that can't be used are set aside, each for one reason, and counted: no customer, no timestamp, one
    that can't be read or lies outside the years 1900 to 2200, neither touchpoint nor stage, or an event id
    that an earlier row has. One warning says so when the log is first counted.

    With *format*, a reader says what the columns mean, and which rows are no events: those are set aside
    and counted, too, without a warning, for nothing is wrong with them. What is given beside it comes
    before what the reader says.

    Args:
        source: A path or a pattern of paths (CSV, also gzipped; Parquet; JSON lines), a pandas, polars or
            pyarrow frame, or an Ibis table, which is read where it is. With *format*, also a folder, and
            each file is a table of its own.
        format: Name of the reader of an export, such as "hubspot".
        options: What the reader is told; each reader has options of its own.
        customer: Column of whoever walks the journey: a person, an account or a deal. This and *timestamp*
            are needed unless a reader names them.
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
        writer: Column of who or what wrote the row, such as a person or an import; none is "unknown".
            Rows are counted by it.
        without_writers: Writers whose rows are set aside.
        attributes: More columns to group by.
        customers: A second source with one row a customer, under the same column name as *customer*.
        timezone: The clocks that timestamps without an offset show, such as "Europe/Copenhagen"; UTC if
            nobody says. An hour that they skip is read with the offset before the change, one that they
            show twice with that after it.
        timestamp_format: How timestamps are written, if not in ISO 8601: a strptime pattern such as
            "%d-%m-%Y", or "epoch_s", "epoch_ms" or "epoch_us".
        strict: Whether a row that can't be used is an error. One that a reader or *without_writers* sets
            aside could be used, and is none.
        manager: Where to look for the reader; None: what ships and what is installed.
        connection: What leads to the engine that holds the events: an Ibis backend, a connection of DuckDB
            or psycopg, a Spark session, or a URL such as "postgresql://host/database". Then *source* is the
            name of a table or a view there, "schema.table" too, and so is *customers* if it is a text. A
            connection that is handed over stays open; one made of a URL goes with the log.
        schema: Where the relations that journeykit makes in somebody else's engine are ordinary ones; by
            default they are temporary ones of the session. They are named `journeykit_...`, and gone after
            `close`, also after an error.
        memory_limit: How much memory journeykit's own engine may use before it spills to disk, such as
            "4GB"; 2 GB if nobody says. This and the next two are not for somebody else's engine.
        threads: How many threads it may use; as many as the machine has if nobody says.
        temp_dir: An existing folder for what does not fit into memory; that of the system if nobody says.

    Returns:
        The log, for `observe`.

    Raises:
        UnknownNameError: A column, the time zone, the format or one of its options does not exist; the
            nearest is named.
        EventLogError: The source can't be read, a customer has two rows in *customers*, or, if *strict*, a
            row can't be used; or a parameter is for another engine than the one that reads.
        EngineError: The engine behind *connection* can't be reached, or fails.
        MissingDependencyError: Its driver is not installed.
        PluginError: The reader fails, or two plugins offer one for the format.
        UnsupportedError: The engine can't do what is asked; the message names the way out.

    Warns:
        JourneykitWarning: The reader has something to say, such as which files it did not use.

    Source: S2-03, S2-22 (mission page).
    """
    given = (customer, timestamp, touchpoint, stage, sequence, event_id, contact)
    more = (channel, device, department, initiator, agent, sentiment, value, writer)
    naming = Naming(_named(*given, *more), attributes, without_writers, customers, timezone, timestamp_format)
    limits = Limits(memory_limit=memory_limit, threads=threads, temp_dir=temp_dir)
    place = Place(connection=connection, schema=schema, limits=limits)
    return _open(source, naming, place, form=format, options=options, manager=manager, strict=strict)


def _named(*given: str | None) -> dict[str, str]:
    """Name the column of each parameter that was given."""
    return {role: column for role, column in zip(ROLES, given, strict=True) if column is not None}


def _open(
    source: EventSource,
    naming: Naming,
    place: Place,
    *,
    form: str | None,
    options: Mapping[str, str] | None,
    manager: Manager | None,
    strict: bool,
) -> EventLog:
    """Open a source as a reader does, or as it is."""
    naming.require_sense()
    if form is None:
        return _open_plain(source, naming, place, options=options, strict=strict)
    told = options or {}
    return _open_export(source, naming, place, form=form, options=told, manager=manager, strict=strict)


def _open_plain(
    source: EventSource, naming: Naming, place: Place, *, options: Mapping[str, str] | None, strict: bool
) -> EventLog:
    """Open a source whose columns the caller names."""
    if options is not None:
        raise EventLogError("options= are for a reader: say which one with format=")
    with _closing_on_failure(open_source(source, place)) as opened:
        log = make_log(opened, naming)
        if strict:
            log.require_all_usable()
    return log


def _open_export(
    source: EventSource,
    naming: Naming,
    place: Place,
    *,
    form: str,
    options: Mapping[str, str],
    manager: Manager | None,
    strict: bool,
) -> EventLog:
    """Open a source whose columns a reader names, and say what the reader has to say."""
    with _closing_on_failure(open_export(source, place)) as export:
        reading = read_export(export, form, options, manager)
        log = make_log(export.read_as(reading.events), naming.with_reading(reading), form)
        if strict:
            log.require_all_usable()
    for note in reading.notes:
        warn(f"{log.name}: {note}")
    return log


@contextmanager
def _closing_on_failure(opened: Opened) -> Iterator[Opened]:
    """Close what is ours of a source again where that comes to nothing."""
    try:
        yield opened
    except BaseException:
        opened.close()
        raise
