"""Read timestamps of any kind as microseconds since 1970 in UTC.

A value that names its own offset is read by it; any other is a time on the clocks of
the log's time zone.  What can't be read for certain is not read: an engine's own cast
would drop a trailing "PST", "PM" or "+02:00" without a word, so text is cast only where
a pattern fits all of it.

May import: engines, errors.
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import attrs
import ibis

from journeykit.engines import Title
from journeykit.engines.engine import AWARE, LOCAL
from journeykit.errors import EventLogError, UnknownNameError, listed

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from journeykit.engines import Engine

ZoneRule: TypeAlias = Literal["text", "local", "date", "own", "epoch"]
"""How a column says which clocks it shows: each text for itself, none, none and no hours, each value, UTC."""

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200

EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND: Final = dt.timedelta(microseconds=1)
_FIRST_US: Final = (dt.datetime(FIRST_YEAR, 1, 1, tzinfo=dt.UTC) - EPOCH) // MICROSECOND
_LAST_US: Final = (dt.datetime(LAST_YEAR + 1, 1, 1, tzinfo=dt.UTC) - EPOCH) // MICROSECOND - 1
_DAY_US: Final = 86_400_000_000

_DATE: Final = r"\d{4}[-/]\d{1,2}[-/]\d{1,2}"
_CLOCK: Final = r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?"
_OFFSET: Final = r"[+-](?:0\d|1[0-4])(?::?[0-5]\d)?"
_LOCAL_TEXT: Final = rf"^{_DATE}(?:{_CLOCK})?$"
_ZONED_TEXT: Final = rf"^{_DATE}[T ]\d{{1,2}}:\d{{2}}:\d{{2}}(?:\.\d+)?(?:Z|{_OFFSET})$"
_LOOSE_LOCAL_TEXT: Final = rf"^\s*{_DATE}(?:{_CLOCK})?\s*$"
_LOOSE_ZONED_TEXT: Final = rf"^\s*{_DATE}{_CLOCK} ?(?:Z|UTC|GMT|{_OFFSET})\s*$"
_NO_SECONDS: Final = r"([T ]\d{1,2}:\d{2}) ?(Z|[+-])"
"""DuckDB before 2.0 reads no offset after them."""
_INFINITY_TEXT: Final = r"(?i)^\s*[-+]?infinity\s*$"

_EPOCH_FORMATS: Final = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}
_NUMBER_HINT: Final = "timestamp_format='epoch_s', 'epoch_ms' or 'epoch_us', or a pattern such as '%Y%m%d'"


@attrs.frozen(kw_only=True)
class Times:
    """A timestamp column, read.

    Attributes:
        time_us: Microseconds since 1970 in UTC; null or out of range where it can't be used.
        given: Whether there is a value at all.
        readable: Whether the value could be read.
        own_zone: Whether the value named its own offset.
        rule: How the column says which clocks it shows.
    """

    time_us: ir.IntegerValue
    given: ir.BooleanValue
    readable: ir.BooleanValue
    own_zone: ir.BooleanValue
    rule: ZoneRule

    @property
    def in_range(self) -> ir.BooleanValue:
        """Whether there is a time that can be used."""
        return self.time_us.between(_FIRST_US, _LAST_US)


def check_timezone(timezone: str) -> None:
    """Refuse a time zone that nobody knows.

    Raises:
        UnknownNameError: No time zone has this name.
    """
    if timezone == "UTC":
        return
    try:
        zoneinfo.ZoneInfo(timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        known = sorted(zoneinfo.available_timezones())
        raise UnknownNameError("time zone", timezone, known, where="the tz database") from None


def check_format(pattern: str, engine: Engine) -> None:
    """Refuse a timestamp_format that the engine does not understand.

    Raises:
        EventLogError: It is no strptime pattern and none of the epoch formats.
    """
    if pattern in _EPOCH_FORMATS:
        return
    known = f"a strptime pattern such as '%d-%m-%Y', or {listed(map(repr, _EPOCH_FORMATS))}"
    if "%" not in pattern:
        raise EventLogError(f"timestamp_format={pattern!r} is neither: it can be {known}")
    trial = engine.parse(ibis.literal("0"), pattern, aware=_is_aware(pattern)).name("trial")
    with engine.errors(Title(f"timestamp_format={pattern!r}")):
        engine.arrow(trial.as_table())


def read_times(column: ir.Column, name: str, *, timezone: str, pattern: str | None, engine: Engine) -> Times:
    """Read a column of timestamps, whatever its type.

    Args:
        column: Text, timestamps, dates, or numbers with a *pattern*.
        name: What the source calls it, for errors.
        timezone: The clocks that a value without an offset shows.
        pattern: A strptime pattern, "epoch_s", "epoch_ms" or "epoch_us"; None: ISO 8601.
        engine: What holds the column.

    Raises:
        EventLogError: The type holds no times, or *pattern* does not go with it.
    """
    kind = column.type()
    if kind.is_string() or (kind.is_numeric() and not kind.is_boolean() and pattern):
        if pattern in _EPOCH_FORMATS:
            return _read_epoch(column, _EPOCH_FORMATS[pattern], engine)
        if pattern is None:
            return _read_iso(column, timezone, engine)
        whole = engine.try_cast(column, "int64") if kind.is_floating() else column
        return _read_pattern(whole.cast("string"), pattern, timezone, engine)
    if kind.is_numeric() and not kind.is_boolean():
        raise EventLogError(f"column {name!r} holds numbers ({kind}), not timestamps. Say {_NUMBER_HINT}")
    if not (kind.is_timestamp() or kind.is_date()):
        raise EventLogError(f"column {name!r} holds {kind}, not timestamps")
    if pattern is not None:
        raise EventLogError(f"column {name!r} holds {kind}, which needs no timestamp_format: leave it out")
    return _read_typed(column, timezone, engine)


def _read_typed(column: ir.Column, timezone: str, engine: Engine) -> Times:
    kind = column.type()
    rule: ZoneRule
    if kind.is_timestamp() and kind.timezone:
        time_us, rule = engine.instant_us(column), "own"
    else:
        # A day more on both sides, since zones move it; beyond, the conversion could overflow.
        first, last = (ibis.timestamp(year, 1, 1, 0, 0, 0) for year in (FIRST_YEAR - 1, LAST_YEAR + 2))
        local = engine.try_cast(column, LOCAL)
        time_us = engine.local_us(ibis.ifelse(local.between(first, last), local, None), timezone)
        rule = "date" if kind.is_date() else "local"
    given, own_zone = column.notnull(), ibis.literal(rule == "own")
    return Times(time_us=time_us, given=given, readable=given, own_zone=own_zone, rule=rule)


def _read_iso(text: ir.StringColumn, timezone: str, engine: Engine) -> Times:
    # The engine computes what occurs twice for every row: only what is cheap may, or is needed anyway.
    tidy = text.replace("UTC", "Z").replace("GMT", "Z").re_replace(_NO_SECONDS, r"\1:00\2")
    time_us = ibis.cases(
        (text.re_search(_LOCAL_TEXT), engine.local_us(engine.try_cast(text, LOCAL), timezone)),
        (text.re_search(_ZONED_TEXT), engine.instant_us(engine.try_cast(text, AWARE))),
        (text.re_search(_LOOSE_LOCAL_TEXT), engine.local_us(engine.try_cast(text.strip(), LOCAL), timezone)),
        (text.re_search(_LOOSE_ZONED_TEXT), engine.instant_us(engine.try_cast(_unspaced(tidy), AWARE))),
    )
    return Times(
        time_us=time_us,
        given=_is_given(text),
        readable=time_us.notnull() | text.re_search(_INFINITY_TEXT),
        own_zone=text.re_search(_LOOSE_ZONED_TEXT),
        rule="text",
    )


def _unspaced(text: ir.StringValue) -> ir.StringValue:
    """Take away all space but that between date and clock, which is followed by a digit."""
    return text.re_replace(r"^\s+|\s+$", "").re_replace(r" ([Z+-])", r"\1")


def _read_pattern(text: ir.StringValue, pattern: str, timezone: str, engine: Engine) -> Times:
    aware = _is_aware(pattern)
    # DuckDB's %z knows +00, not Z.
    known = text.re_replace("Z$", "+00") if pattern.endswith("%z") else text
    moment = engine.parse(known, pattern, aware=aware)
    return Times(
        time_us=engine.instant_us(moment) if aware else engine.local_us(moment, timezone),
        given=_is_given(text),
        readable=moment.notnull(),
        own_zone=ibis.literal(aware),
        rule="own" if aware else "local",
    )


def _is_aware(pattern: str) -> bool:
    return bool(set(re.findall("%(.)", pattern)) & {"z", "Z"})


def _read_epoch(column: ir.Column, factor: int, engine: Engine) -> Times:
    # Not cast alone: DuckDB 2.0 would read a CSV column as numbers, and fail at a bad cell (#23818).
    given = column.nullif("") if column.type().is_string() else column
    number = engine.try_cast(given, "float64")
    return Times(
        time_us=engine.try_cast(number * factor, "int64"),
        given=_is_given(column) if column.type().is_string() else column.notnull(),
        readable=number.notnull() & ~number.isnan(),
        own_zone=ibis.literal(False),
        rule="epoch",
    )


def _is_given(text: ir.StringValue) -> ir.BooleanValue:
    return text.notnull() & text.re_search(r"\S")


def is_midnight(clock_us: ir.IntegerValue) -> ir.BooleanValue:
    """Tell whether a clock shows 00:00 exactly, given microseconds since 1970."""
    return clock_us % _DAY_US == 0


def as_datetime(time_us: int | None) -> dt.datetime | None:
    """Make a moment in UTC of microseconds since 1970."""
    return None if time_us is None else EPOCH + time_us * MICROSECOND


def zone_sentence(rule: ZoneRule, timezone: str, *, used: int, own_zone: int) -> str:
    """Say which clocks the timestamps were taken to show."""
    sentences: dict[Any, str] = {
        "date": f"dates without hours, read as midnight in {timezone}",
        "own": f"every timestamp carries its time zone; timezone={timezone!r} was not needed",
        "epoch": f"numbers since 1970 in UTC; timezone={timezone!r} was not needed",
        "local": f"no timestamp names a time zone: read as local time in {timezone}",
    }
    if rule != "text":
        return sentences[rule]
    if own_zone == 0:
        return sentences["local"]
    if own_zone == used:
        return f"every timestamp names its own offset; timezone={timezone!r} was not needed"
    rest = f"the others are read as local time in {timezone}"
    return f"{own_zone} of {used} timestamps name their own offset, {rest}"
