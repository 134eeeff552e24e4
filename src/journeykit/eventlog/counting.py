"""Count the rows of a log that are events, and those that are set aside by reason, in one pass or two.

The reasons add up to the rows that were read.

May import: rejection, errors.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import attrs
import ibis

from journeykit.errors import EventLogError
from journeykit.eventlog.rejection import ASIDE, CODE, NO_FAULTS, REASONS, reasons_of, with_later_reasons

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    import ibis.expr.types as ir

    from journeykit.eventlog.rejection import Judged

    Answer: TypeAlias = list[dict[str, Any]]

MOST_REASONS: Final = 1_000
"""So many reasons of its own a reader may have."""


@attrs.frozen(kw_only=True)
class LogCounts:
    """How many rows were read, used and set aside.

    Attributes:
        read: Rows of the source.
        used: Rows that are events.
        by_reason: Rows set aside, for each reason that occurs: those of the reader by name, then ours in
            their order.
    """

    read: int
    used: int
    by_reason: dict[str, int]

    @property
    def set_aside(self) -> int:
        """Rows that are no events."""
        return self.read - self.used

    @property
    def faults(self) -> dict[str, int]:
        """Rows that can't be used, by reason; a reader or the caller does not want the others."""
        can_not = set(REASONS) - NO_FAULTS
        return {reason: rows for reason, rows in self.by_reason.items() if reason in can_not}


def count_rows(judged: Judged, rows_of: Callable[[ir.Table], Answer], *, typed: bool) -> Answer:
    """Count the rows as `counting` asks for them.

    Args:
        judged: The rows.
        rows_of: Asks the engine.
        typed: Whether times need no parsing. There it costs half to ask first whether every row fits.
    """
    more = "sequence" in judged.flags or judged.by_id or judged.collapse or judged.aside is not None
    if typed and not more:
        [told] = rows_of(_fitting(judged))
        if told["rows"] and told["rows"] == told["fit"]:
            return [{CODE: None, **told}]
    return rows_of(counting(judged))


def _fitting(judged: Judged) -> ir.Table:
    rows = judged.source.select(time_us=ibis.ifelse(judged.fit, judged.values["time_us"], None))
    return rows.aggregate(
        rows=rows.count(), fit=rows.time_us.count(), first_us=rows.time_us.min(), last_us=rows.time_us.max()
    )


def counting(judged: Judged) -> ir.Table:
    """Ask for all counts at once: at most a row a reason, and one for the usable rows.

    `first_us` and `last_us` are the earliest and the latest time; `event_ids` and `with_id` count ids and
    rows that have one: their difference is repeated.
    """
    asked = {"bad_sequence": judged.flags["sequence"]} if "sequence" in judged.flags else {}
    ids = {"event_id": judged.values["event_id"]} if judged.by_id else {}
    values = judged.values if judged.collapse else ids | {"time_us": judged.values["time_us"]}
    rows = judged.source.select(**reasons_of(judged), **asked, **values)
    if judged.collapse:
        rows, ids = with_later_reasons(rows, judged), {}
    counted = {"rows": rows.count(), "first_us": rows.time_us.min(), "last_us": rows.time_us.max()}
    if asked:
        counted["bad_sequence"] = rows.bad_sequence.sum()
    if ids:
        counted |= {"event_ids": rows.event_id.nunique(), "with_id": rows.event_id.count()}
    grouped = rows.group_by(list(reasons_of(judged))).aggregate(**counted)
    return grouped if judged.aside is None else grouped.limit(MOST_REASONS + 1)


def read_counts(rows: Answer) -> LogCounts:
    """Add up what `counting` answered.

    Raises:
        EventLogError: A reader gives a reason of its own to so many rows that it can be none.
    """
    if len(rows) > MOST_REASONS:
        raise EventLogError(f"the reader sets rows aside for more than {MOST_REASONS:,} different reasons")
    usable_rows = [row for row in rows if row[CODE] is None]
    repeated = sum(row["with_id"] - row["event_ids"] for row in usable_rows if "with_id" in row)
    found = Counter({"repeated_event_id": repeated})
    for row in rows:
        found[row.get(ASIDE) or _named(row[CODE])] += row["rows"]
    read = found.total() - repeated
    used = found.pop("", 0) - repeated
    theirs = sorted(reason for reason in found if reason not in REASONS)
    ours = (reason for reason in REASONS if found[reason])
    return LogCounts(read=read, used=used, by_reason={reason: found[reason] for reason in (*theirs, *ours)})


def read_span(rows: Answer) -> tuple[int, int]:
    """Find the times that no usable row lies outside of; one that repeats an event id may lie on them."""
    usable_rows = [row for row in rows if row[CODE] is None]
    return min(row["first_us"] for row in usable_rows), max(row["last_us"] for row in usable_rows)


def _named(code: int | None) -> str:
    return "" if code is None else REASONS[code]
