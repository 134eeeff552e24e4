"""Count rows by who or what wrote them: an import or a workflow is no customer's movement.

May import: log, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from journeykit.errors import listed, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from journeykit.eventlog.log import EventLog

_MOST: Final = 50


@attrs.frozen(kw_only=True)
class WriterRows:
    """The rows that one writer wrote.

    Attributes:
        used: Those that are events.
        set_aside: The others, whatever the reason.
    """

    used: int
    set_aside: int

    @property
    def rows(self) -> int:
        """All of them."""
        return self.used + self.set_aside


def count_writers(log: EventLog) -> dict[str, WriterRows] | None:
    """Count rows by writer: all of them, and those of events."""
    if "writer" not in log.columns:
        return None
    rows, used = (table.group_by("writer").aggregate(n=table.count()) for table in (log.written, log.events))
    joined = rows.left_join(used, "writer").select("writer", rows=rows.n, used=used.n.fill_null(0))
    most = joined.order_by(joined["rows"].desc(), log.engine.by_code_point(joined.writer)).limit(_MOST)
    return {
        row["writer"]: WriterRows(used=row["used"], set_aside=row["rows"] - row["used"])
        for row in log.rows_of(most)
    }


def absent_writers(log: EventLog, found: Mapping[str, WriterRows]) -> Iterator[str]:
    """Say which writers that are not wanted wrote nothing: most likely they are misspelt."""
    for name in log.verdict.unwanted.writers:
        if name not in found and len(found) < _MOST:
            close = nearest(name, found)
            hint = f". Was {close!r} meant?" if close else ""
            yield f"no row was written by {name!r}, but by {listed(map(repr, found))}{hint}"
