"""Cut time into calendar periods in UTC, and tell the engine which of their ends comes next.

A period's end is its last microsecond, so that an event at midnight belongs to the day it
begins: many logs hold dates without hours.  Weeks end on Sundays.

May import: errors.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import attrs
import numpy as np
import pyarrow as pa

from journeykit.errors import EventLogError, UnknownNameError
from journeykit.eventlog.times import EPOCH, MICROSECOND
from journeykit.relations.visits import DAY_US

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from journeykit.relations.scratch import Scratch

Every: TypeAlias = Literal["day", "week", "month", "quarter", "year"]

MOST = 1_000
"""So many points at most: more is no picture of a time, but a table nobody reads."""

_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@attrs.frozen
class Points:
    """The moments that are looked at.

    Attributes:
        ends: The moments, ascending: the ends of periods, and the last moment of all.
        by_day: Held by the engine: for each `day` since 1970, the place of the next moment (`point`).
    """

    ends: tuple[dt.datetime, ...]
    by_day: ir.Table

    @property
    def last_us(self) -> int:
        """The last moment, in microseconds since 1970."""
        return (self.ends[-1] - EPOCH) // MICROSECOND

    def place(self, relation: ir.Table, moment: ir.IntegerValue, name: str) -> ir.Table:
        """Add to a relation the place of the first point at or after a moment.

        Args:
            relation: Any.
            moment: Microseconds since 1970, not before the first point's day; null stands for never.
            name: What to call the column; it is the number of points where no point comes.
        """
        days = self.by_day.select(on_day="day", **{name: "point"})
        timed = relation.mutate(on_day=(moment // DAY_US).cast("int32"), in_time=moment <= self.last_us)
        joined = timed.left_join(days, "on_day")
        found = joined.in_time.ifelse(joined[name], None).fill_null(len(self.ends))
        return joined.select(*relation.columns, **{name: found.cast("int32")})


def points(every: Every, first: dt.datetime, last: dt.datetime, *, question: str, scratch: Scratch) -> Points:
    """List the ends of the periods from one moment to another, and the last moment itself.

    Args:
        every: The length of a period.
        first: In the first period.
        last: In the last period, which is cut off there.
        question: What is asked, for errors.
        scratch: The engine.

    Raises:
        UnknownNameError: *every* is no period.
        EventLogError: There are too many of them.
    """
    if every not in get_args(Every):
        raise UnknownNameError("period", str(every), get_args(Every), where="every=")
    ends: list[dt.datetime] = []
    start = _start(every, first.date())
    while (start := _next(every, start)) <= last.date():
        ends.append(dt.datetime.combine(start, dt.time(), dt.UTC) - MICROSECOND)
        if len(ends) >= MOST:
            raise _too_many(every, first, last, question)
    ends.append(last)
    days = np.arange(_day(first), _day(last) + 1)
    place = np.searchsorted([_day(end) for end in ends], days)
    known = pa.table({"day": pa.array(days, pa.int32()), "point": pa.array(place, pa.int32())})
    return Points(tuple(ends), scratch.send("points", known))


def _start(every: Every, day: dt.date) -> dt.date:
    if every == "day":
        return day
    if every == "week":
        return day - dt.timedelta(days=day.weekday())
    months = _MONTHS[every]
    return dt.date(day.year, (day.month - 1) // months * months + 1, 1)


def _next(every: Every, start: dt.date) -> dt.date:
    if every not in _MONTHS:
        return start + dt.timedelta(days=1 if every == "day" else 7)
    month = start.month - 1 + _MONTHS[every]
    return dt.date(start.year + month // 12, month % 12 + 1, 1)


def _day(moment: dt.datetime) -> int:
    return (moment - EPOCH) // dt.timedelta(days=1)


def _too_many(every: Every, first: dt.datetime, last: dt.datetime, question: str) -> EventLogError:
    longer = get_args(Every)[get_args(Every).index(every) + 1 :]
    way_out = f"say every={longer[0]!r}, " if longer else ""
    message = (
        f"{question}: every={every!r} makes more than {MOST:,} points from {first:%Y-%m-%d} to "
        f"{last:%Y-%m-%d}: {way_out}look for an event dated too early, or observe as of an earlier date"
    )
    return EventLogError(message)
