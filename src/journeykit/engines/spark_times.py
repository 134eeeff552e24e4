"""Times as Spark reads them: on the clocks of a zone, by a pattern, from text.

Spark has patterns of Java's, which are stricter in one place and laxer in another; so a
strptime pattern becomes a regular expression, and its groups a time.

May import: engine, errors.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import ibis
import ibis.expr.datatypes as dt

from journeykit.engines.engine import AWARE, PATTERNS
from journeykit.errors import UnsupportedError

if TYPE_CHECKING:
    import ibis.expr.types as ir

_BEYOND_US: Final = 25 * 3_600_000_000
"""More than any clocks were ever put back by: a whole day, where the date line moved."""

_MONTHS: Final = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_FULL: Final = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DAYS: Final = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

_GROUPS: Final = {
    "Y": r"([0-9]{1,4}+)",
    **dict.fromkeys("ymdHIMS", "([0-9]{1,2}+)"),
    "f": "([0-9]{1,6}+)",
    "b": f"({'|'.join(_MONTHS)})",
    "B": f"({'|'.join(_FULL)})",
    "a": f"({'|'.join(day[:3] for day in _DAYS)})",
    "A": f"({'|'.join(_DAYS)})",
    "p": "([ap]m)",
    "z": r"([+-][0-9]{2}(?::?[0-9]{2})?)",
}
"""What each directive of strptime matches; each digit that is there belongs to it."""

_THIS_CENTURY: Final = 69
"""Years of two digits below it are of this century, as for strptime."""

_MIDNIGHT: Final = r"([T ])24:00(?::00(?:\.0+)?)?"


def on_clocks_us(local: ir.TimestampValue, timezone: str) -> ir.IntegerValue:
    """Count the microseconds from 1970 in UTC to a time on the clocks of *timezone*.

    Java reads a time that the clocks show twice with the offset before the change; the one after it is told
    by a moment that is surely later.
    """
    zone, shown_us = ibis.literal(timezone), micros(local)
    earlier_us = micros(_TO_UTC(local, zone))
    offset_us = clock_us(earlier_us + _BEYOND_US, timezone) - (earlier_us + _BEYOND_US)
    later_us = shown_us - offset_us
    twice = (clock_us(later_us, timezone) == shown_us) & (later_us > earlier_us)
    return ibis.ifelse(twice, later_us, earlier_us)


def clock_us(time_us: ir.IntegerValue, timezone: str) -> ir.IntegerValue:
    """Count the microseconds from 1970 on the clocks of *timezone*."""
    return micros(_FROM_UTC(_MOMENT(time_us), ibis.literal(timezone)))


def micros(moment: ir.Value) -> ir.IntegerValue:
    """Count the microseconds from 1970 to a time, in a session whose zone is UTC."""
    # Ibis takes moments and times without a zone for one type, and would leave a cast out.
    return _MICROS(_AS_MOMENT(moment))


def from_text(text: ir.StringValue, kind: dt.DataType) -> ir.TimestampValue:
    """Read ISO 8601; null where it is none. 24:00 is the next day's midnight."""
    tidy = text.replace("/", "-")
    late = tidy.re_replace(_MIDNIGHT, r"\100:00:00").try_cast(kind)
    next_day = _MOMENT(micros(late) + 86_400_000_000).cast(kind)
    return ibis.ifelse(tidy.re_search(_MIDNIGHT), next_day, tidy.try_cast(kind))


def by_pattern(text: ir.StringValue, pattern: str, title: str) -> ir.TimestampValue:
    """Read text by a strptime pattern; null where it does not fit.

    Raises:
        UnsupportedError: The pattern has a directive that is not known here.
    """
    expression, names = _translate(pattern, title)
    parts: dict[str, Any] = {
        name: _EXTRACT(text, ibis.literal(expression), ibis.literal(place))
        for place, name in enumerate(names, start=1)
    }
    hour, minute, second = (_number(parts.get(name), 0) for name in "HMS")
    if "I" in parts:
        shown = _number(parts["I"], 0)
        shown = ibis.ifelse(shown.between(1, 12), shown, ibis.null("int32"))
        hour = shown % 12 + ibis.ifelse(parts["p"].lower() == "pm", 12, 0) if "p" in parts else shown
    micro = parts["f"].rpad(6, "0").try_cast("int64") if "f" in parts else ibis.literal(0, "int64")
    date = _year(parts), _month(parts), _number(parts.get("d"), 1)
    moment = _MAKE(*(part.cast("int32") for part in (*date, hour, minute, second)))
    time_us = micros(moment) + micro - _offset_us(parts.get("z"))
    # Spark reads the 60th second as the next minute.
    fits = text.re_search(expression) & (second < 60)  # noqa: PLR2004 - seconds a minute has
    read = _MOMENT(ibis.ifelse(fits, time_us, ibis.null("int64")))
    return read.cast(AWARE) if "z" in parts else read


def _translate(pattern: str, title: str) -> tuple[str, list[str]]:
    """Write a pattern as a regular expression, with the directive of each of its groups."""
    names: list[str] = []
    written = ["(?i)^ *"]
    for directive, literal in re.findall(r"%(.?)|([^%]+)", pattern.replace("%T", "%H:%M:%S")):
        if literal:
            written.append(re.sub(r"(\\ )+", r"\\s+", re.escape(literal)))
        elif directive == "%":
            written.append("%")
        elif directive in _GROUPS and directive not in names:
            names.append(directive)
            written.append(_GROUPS[directive])
        else:
            known = ", ".join(f"%{name}" for name in sorted(_GROUPS))
            text = f"{title} lacks {PATTERNS} with %{directive}, needed by timestamp_format={pattern!r}"
            raise UnsupportedError(
                f"{text}: each of {known} may stand there once; or write the column as timestamps"
            )
    return "".join([*written, r"\s*$"]), names


def _number(text: ir.StringValue | None, missing: int) -> ir.IntegerValue:
    return ibis.literal(missing, "int32") if text is None else text.try_cast("int32")


def _year(parts: dict[str, Any]) -> ir.IntegerValue:
    if "y" not in parts:
        return _number(parts.get("Y"), 1900)
    short = _number(parts["y"], 0)
    return ibis.ifelse(short < _THIS_CENTURY, short + 2000, short + 1900)


def _month(parts: dict[str, Any]) -> ir.IntegerValue:
    for name, known in (("b", _MONTHS), ("B", _FULL)):
        if name in parts:
            named = [(month, place) for place, month in enumerate(known, start=1)]
            return parts[name].lower().cases(*named, else_=ibis.null("int32"))
    return _number(parts.get("m"), 1)


def _offset_us(text: ir.StringValue | None) -> ir.IntegerValue:
    """Read "+0130", "+01:30" or "+01"."""
    if text is None:
        return ibis.literal(0, "int64")
    digits = text.replace(":", "").rpad(5, "0")
    minutes = digits.substr(1, 2).try_cast("int64") * 60 + digits.substr(3, 2).try_cast("int64")
    return ibis.ifelse(text.startswith("-"), -minutes, minutes) * 60_000_000


def _one(_: object) -> None: ...


def _two(_: object, __: object) -> None: ...


def _three(_: object, __: object, ___: object) -> None: ...


def _six(_: object, __: object, ___: object, ____: object, _____: object, ______: object) -> None: ...


_scalar = ibis.udf.scalar.builtin
_MICROS = _scalar(_one, name="unix_micros", signature=((dt.Timestamp(),), dt.int64))
_AS_MOMENT = _scalar(_one, name="to_timestamp", signature=((dt.Timestamp(),), dt.Timestamp(scale=6)))
_MOMENT = _scalar(_one, name="timestamp_micros", signature=((dt.int64,), dt.Timestamp(scale=6)))
_TO_UTC = _scalar(
    _two, name="to_utc_timestamp", signature=((dt.Timestamp(), dt.string), dt.Timestamp(scale=6))
)
_FROM_UTC = _scalar(
    _two, name="from_utc_timestamp", signature=((dt.Timestamp(), dt.string), dt.Timestamp(scale=6))
)
_MAKE = _scalar(_six, name="try_make_timestamp", signature=((dt.int32,) * 6, dt.Timestamp(scale=6)))
_EXTRACT = _scalar(_three, name="regexp_extract", signature=((dt.string, dt.string, dt.int32), dt.string))
