"""Show what was read of the log: rows used and set aside, time, ties, and names nobody knows.

May import: eventlog, answers, section, table, wording.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeykit.html.section import Part, Section
from journeykit.html.table import Cell, Column, Table
from journeykit.html.wording import count, counted, moment, percent, plain
from journeykit.model.duration import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from journeykit.eventlog import LogCheck
    from journeykit.eventlog.check import SetAside, UnmappedName
    from journeykit.html.answers import Findings

REASONS = {
    "no_customer": "no customer",
    "no_timestamp": "no timestamp",
    "unreadable_timestamp": "a timestamp that can't be read",
    "timestamp_out_of_range": "a year outside 1900 to 2200",
    "no_touchpoint_or_stage": "neither touchpoint nor stage",
    "unwanted_writer": "a writer that is not wanted",
    "repeated_event_id": "an event id that an earlier row has",
    "same_stage": "the stage that the customer was in already",
}
"""Why rows are set aside, in words."""

SET_ASIDE_COLUMNS = (Column("Set aside because of", "word"), Column("Rows"), Column("Such as", "text"))
UNMAPPED_COLUMNS = (
    Column("Name in the log", "name"),
    Column("Events"),
    Column("Nearest in the plan", "name"),
)


def reason(name: str) -> str:
    """Say why rows are set aside; a reader's own reason as the reader spells it."""
    return REASONS.get(name, plain(name.replace("_", " ")))


def set_aside(name: str) -> str:
    """Say of rows that they are set aside: "with" a fault of ours, "as" what a reader calls them."""
    return f"with {REASONS[name]}" if name in REASONS else f"set aside as {reason(name)!r}"


def written(check: LogCheck) -> str:
    """Say who or what wrote the rows; nothing where it is not known."""
    parts = (
        f"{plain(name)} {count(one.rows)}" + (f" ({count(one.set_aside)} set aside)" if one.set_aside else "")
        for name, one in (check.writers or {}).items()
    )
    return ", ".join(parts)


def reading(found: Findings) -> Section:
    """Tell what was read."""
    check = found.check
    parts = []
    if check.set_aside:
        parts.append(Part(table=set_aside_table(check)))
    for kind, names in (("touchpoints", check.unmapped_touchpoints), ("stages", check.unmapped_stages)):
        if names:
            parts.append(Part(table=_unmapped_table(kind, names)))
    return Section(
        "read",
        "What was read",
        paragraphs=tuple(map(plain, check.notes)),
        facts=tuple(_facts(found)),
        parts=tuple(parts),
    )


def _facts(found: Findings) -> Iterator[tuple[str, str]]:
    journey, check = found.journey, found.check
    counts = journey.counts
    yield "Source", plain(check.name)
    yield "Columns", ", ".join(f"{role}: {plain(column)}" for role, column in journey.log.columns.items())
    aside = check.read - check.used
    rest = f"{count(aside)} set aside{_part(aside, check.read)}"
    yield "Rows", f"{count(check.read)} read, {count(check.used)} used, {rest}"
    if check.writers:
        yield "Written by", written(check)
    span = f"from {moment(check.first)} to {moment(check.last)}"
    yield "Events", f"{span}, of {counted(check.customers, 'customer')}"
    later = f"; {counted(counts.later, 'later event')} left out" if counts.later else ""
    yield "As of", f"{moment(journey.as_of)}{later}"
    yield "Idle", f"{in_words(journey.idle)}: silence that long is a loss"
    yield "Time zone", plain(check.time_zone)
    yield "Ties", _ties(check)
    unmapped = f"{counted(counts.unmapped, 'event')}{_part(counts.unmapped, counts.events)}"
    yield "Of no stage", f"{unmapped}: signs of life only"
    yield "Customers of no stage", f"{count(counts.unplaced)}{_part(counts.unplaced, counts.customers)}"
    if table := check.customers_table:
        strangers = f"{counted(table.not_listed, 'customer')} of the events not among them"
        yield (
            "Table of customers",
            f"{counted(table.rows, 'row')}, {count(table.without_events)} without events; {strangers}",
        )


def _part(number: int, total: int) -> str:
    return f" ({percent(number / total)})" if number and total else ""


def _ties(check: LogCheck) -> str:
    if not check.ties:
        return "none: time orders every customer's events"
    dates = ", all dates without hours" if check.dates_only else ""
    return f"{counted(check.ties, 'event')} at the instant of another of the same customer{dates}"


def set_aside_table(check: LogCheck) -> Table:
    """Lay out why rows were set aside, with examples."""
    rows = (
        (
            "",
            (
                reason(group.reason),
                count(group.rows),
                "; ".join(map(plain, group.examples)),
            ),
        )
        for group in check.set_aside
    )
    return Table.of(
        rows,
        id="set-aside-table",
        caption="Rows that can't be used"
        if all(map(_is_fault, check.set_aside))
        else "Rows that are no events",
        columns=SET_ASIDE_COLUMNS,
    )


def _is_fault(group: SetAside) -> bool:
    return group.reason in REASONS and group.reason not in {"unwanted_writer", "same_stage"}


def _unmapped_table(kind: str, names: tuple[UnmappedName, ...]) -> Table:
    rows = (
        (
            "",
            (
                plain(one.name),
                count(one.events),
                plain(one.nearest) if one.nearest else Cell("none", "faint"),
            ),
        )
        for one in names
    )
    return Table.of(
        rows,
        id=f"unknown-{kind}-table",
        caption=f"Names of {kind} that the lifecycle does not know, most events first (at most 20)",
        columns=UNMAPPED_COLUMNS,
    )
