"""Look an event log over, and say what was found as a page to read.

May import: log, rejection, writers, times, plugins, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from journeykit.errors import nearest
from journeykit.eventlog import rejection
from journeykit.eventlog.times import as_datetime, is_midnight, zone_sentence
from journeykit.eventlog.writers import absent_writers, count_writers
from journeykit.plugins.manager import default_manager

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    import ibis.expr.types as ir

    from journeykit.eventlog.log import EventLog
    from journeykit.eventlog.writers import WriterRows
    from journeykit.model.lifecycle import Lifecycle

_MOST_NAMES: Final = 20


@attrs.frozen(kw_only=True)
class SetAside:
    """The rows set aside for one reason.

    Attributes:
        reason: Why: one of ours, or a reader's own.
        rows: How many.
        examples: Up to 3 of them, as text.
    """

    reason: str
    rows: int
    examples: tuple[str, ...]


@attrs.frozen(kw_only=True)
class UnmappedName:
    """A name in the log that the lifecycle does not know.

    Attributes:
        name: As in the log.
        events: How many events have it.
        nearest: The lifecycle's name most like it, or None.
    """

    name: str
    events: int
    nearest: str | None


@attrs.frozen(kw_only=True)
class CustomersCheck:
    """How the second source fits the events.

    Attributes:
        rows: Rows with a customer.
        no_customer: Rows without one, ignored.
        without_events: Customers of the second source that no event names.
        not_listed: Customers of the events that the second source does not have.
    """

    rows: int
    no_customer: int
    without_events: int
    not_listed: int


@attrs.frozen(kw_only=True)
class LogCheck:
    """What was found in a log; printed, it is a page to read.

    Attributes:
        name: The source.
        read: Rows of the source.
        used: Rows that are events.
        set_aside: The other rows by reason; reasons that do not occur are left out.
        writers: The rows by who or what wrote them, most first, the first 50; None where it was not given.
        customers: Customers with an event.
        first: Time of the first event, UTC; None without events.
        last: Time of the last event, UTC.
        time_zone: Which clocks the timestamps were taken to show, a sentence.
        dates_only: Whether every event is of midnight sharp: dates without hours.
        ties: Events less distinct pairs of customer and time (and sequence): what order can't tell apart.
        unreadable_sentiment: Events whose sentiment is no number; None where it was not given.
        unreadable_value: Events whose value is no number; None where it was not given.
        unmapped_touchpoints: The 20 most frequent touchpoints the lifecycle does not know; None: not asked.
        unmapped_stages: As *unmapped_touchpoints*, for the stage column.
        customers_table: How the second source fits; None without one.
        notes: What deserves a second look, as sentences.
    """

    name: str
    read: int
    used: int
    set_aside: tuple[SetAside, ...]
    writers: Mapping[str, WriterRows] | None = None
    customers: int
    first: dt.datetime | None
    last: dt.datetime | None
    time_zone: str
    dates_only: bool
    ties: int
    unreadable_sentiment: int | None
    unreadable_value: int | None
    unmapped_touchpoints: tuple[UnmappedName, ...] | None
    unmapped_stages: tuple[UnmappedName, ...] | None
    customers_table: CustomersCheck | None
    notes: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"{self.name}: {self.read} rows read, {self.used} used, {self.read - self.used} set aside"]
        for group in self.set_aside:
            lines.append(f"  {group.reason}: {group.rows}, such as")
            lines += [f"    {example}" for example in group.examples]
        if self.writers:
            lines.append("written by:")
            lines += [
                f"  {name}: {one.used} used, {one.set_aside} set aside" for name, one in self.writers.items()
            ]
        lines.append(f"customers: {self.customers}")
        if self.first and self.last:
            lines.append(f"events from {self.first:%Y-%m-%d %H:%M:%S} to {self.last:%Y-%m-%d %H:%M:%S} UTC")
        lines += [f"time zone: {self.time_zone}", f"ties: {self.ties}"]
        for kind, names in (("touchpoints", self.unmapped_touchpoints), ("stages", self.unmapped_stages)):
            if names:
                lines.append(f"{kind} the lifecycle does not know:")
                lines += [f"  {_shown(name)}" for name in names]
        if table := self.customers_table:
            lines.append(
                f"customers table: {table.rows} rows, {table.without_events} without events, "
                f"{table.not_listed} customers of the events are not in it"
            )
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])


def _shown(name: UnmappedName) -> str:
    close = f" (nearest: {name.nearest!r})" if name.nearest else ""
    return f"{name.name!r}: {name.events} event{'s' if name.events != 1 else ''}{close}"


def check_log(log: EventLog, lifecycle: Lifecycle | None) -> LogCheck:
    """Find what `EventLog.check` tells."""
    counts = log.counts()
    examples = log.examples() if counts.set_aside else {}
    aside = [
        SetAside(reason=reason, rows=rows, examples=examples[reason])
        for reason, rows in counts.by_reason.items()
    ]
    facts = log.rows_of(_facts(log))[0]
    own_zone = facts["own_zone"] or 0
    dates_only = bool(counts.used) and counts.used in {facts["midnights"], facts["midnights_utc"]}
    check = LogCheck(
        name=log.name,
        read=counts.read,
        used=counts.used,
        set_aside=tuple(aside),
        writers=count_writers(log),
        customers=facts["customers"],
        first=as_datetime(facts["first"]),
        last=as_datetime(facts["last"]),
        time_zone=zone_sentence(log.zone_rule, log.timezone, used=counts.used, own_zone=own_zone),
        dates_only=dates_only,
        ties=counts.used - log.rows_of(_moments(log))[0]["moments"],
        unreadable_sentiment=_unreadable(facts, "sentiment"),
        unreadable_value=_unreadable(facts, "value"),
        unmapped_touchpoints=_unmapped(log, "touchpoint", lifecycle.touchpoint_names if lifecycle else None),
        unmapped_stages=_unmapped(log, "stage", lifecycle.stage_names if lifecycle else None),
        customers_table=_check_customers(log),
        notes=(),
    )
    installed = _installed(check, lifecycle) if lifecycle else ()
    return attrs.evolve(check, notes=(*_notes(check, log), *installed))


def _facts(log: EventLog) -> ir.Table:
    """Ask for all that one pass over the events can tell."""
    rows = rejection.usable(log.judged, flags=True)
    time = rows.time_us
    numbers = [name for name in ("sentiment", "value") if name in log.columns]
    return rows.aggregate(
        customers=rows.customer.nunique(),
        first=time.min(),
        last=time.max(),
        own_zone=rejection.flag(rows, "own_zone").sum(),
        midnights=is_midnight(log.engine.clock_us(time, log.timezone)).sum(),
        midnights_utc=is_midnight(time).sum(),
        **{"unreadable_" + name: rejection.flag(rows, name).sum() for name in numbers},
    )


def _unreadable(facts: dict[str, int | None], name: str) -> int | None:
    return (facts["unreadable_" + name] or 0) if "unreadable_" + name in facts else None


def _moments(log: EventLog) -> ir.Table:
    keys = [name for name in ("customer", "time_us", "sequence") if name in log.events.columns]
    moments = log.events.select(*keys).distinct()
    return moments.aggregate(moments=moments.count())


def _unmapped(log: EventLog, role: str, known: Iterable[str] | None) -> tuple[UnmappedName, ...] | None:
    """Find the most frequent names that the lifecycle does not know."""
    if known is None or role not in log.columns:
        return None
    known = sorted(known)
    name = log.events[role]
    strangers = log.events.filter(name.notnull() & name.notin(known))
    counted = strangers.group_by(name=strangers[role]).aggregate(events=strangers.count())
    most = counted.order_by(counted.events.desc(), log.engine.by_code_point(counted.name)).limit(_MOST_NAMES)
    return tuple(
        UnmappedName(name=row["name"], events=row["events"], nearest=nearest(row["name"], known))
        for row in log.rows_of(most)
    )


def _installed(check: LogCheck, lifecycle: Lifecycle) -> Iterable[str]:
    """Say which systems have the names that the lifecycle does not know: nobody need write these down."""
    unknown = {one.name for one in (*(check.unmapped_touchpoints or ()), *(check.unmapped_stages or ()))}
    systems = default_manager().names(lifecycle) if unknown else {}
    for system, names in systems.items():
        if not unknown.isdisjoint({*dict(names.touchpoints), *dict(names.stages)}):
            way = f"jk.map_system(lifecycle, {system!r}), --map {system}"
            yield f"names that the lifecycle does not know are those of {system}, which are installed: {way}"


def _check_customers(log: EventLog) -> CustomersCheck | None:
    if log.second is None:
        return None
    table, seen = log.second.table, log.events.select("customer").distinct()
    rows = _size(log, table)
    return CustomersCheck(
        rows=rows,
        no_customer=_size(log, log.second.source) - rows,
        without_events=_size(log, table.anti_join(seen, "customer")),
        not_listed=_size(log, seen.anti_join(table, "customer")),
    )


def _size(log: EventLog, table: ir.Table) -> int:
    size: int = log.rows_of(table.aggregate(n=table.count()))[0]["n"]
    return size


def _notes(check: LogCheck, log: EventLog) -> Iterable[str]:
    """Say what deserves a second look: what the reader has to say first."""
    yield from log.told
    way_out = "" if "sequence" in log.columns else "; name a column of numbers as sequence= if there is one"
    if check.dates_only and (check.ties or "sequence" not in log.columns):
        yield (
            "every event is of midnight: dates without hours. Events of one day have no order of their own, "
            f"which makes false regressions where stages share touchpoints{way_out}"
        )
    elif check.ties:
        yield f"events tie with others of their customer at one moment, {check.ties} in all{way_out}"
    if any(group.reason == "unreadable_timestamp" for group in check.set_aside) and not log.timestamp_format:
        formats = " or ".join(f"timestamp_format={form!r}" for form in log.fitting_formats())
        if formats:
            yield f"the unreadable timestamps fit {formats}"
    for name, unreadable in (("sentiment", check.unreadable_sentiment), ("value", check.unreadable_value)):
        if unreadable:
            yield f"{unreadable} events have a {name} that is no number; there it is null"
    yield from absent_writers(log, check.writers or {})
    table = check.customers_table
    if table and table.no_customer:
        yield f"{table.no_customer} rows of the customers table name no customer and are ignored"
    if table and check.customers and table.not_listed == check.customers:
        yield "no customer of the events is in the customers table: are they written the same way?"
