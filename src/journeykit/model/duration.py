"""Read and write durations as people say them: "90 days", "1 day 12 hours".

Only units of a fixed length are read: a month or a year is refused, because it
would have to guess how many days were meant.  What `in_words` writes, `parse`
reads back to the same microsecond.

May import: errors.
"""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction
from typing import Final

from journeykit.errors import DurationError, nearest

_MICROSECONDS: Final = {
    "week": 7 * 86_400_000_000,
    "day": 86_400_000_000,
    "hour": 3_600_000_000,
    "minute": 60_000_000,
    "second": 1_000_000,
    "millisecond": 1_000,
    "microsecond": 1,
}
_SHORT: Final = {
    "w": "week",
    "d": "day",
    "h": "hour",
    "hr": "hour",
    "min": "minute",
    "s": "second",
    "sec": "second",
    "ms": "millisecond",
    "us": "microsecond",
}
_NO_FIXED_LENGTH: Final = ("month", "quarter", "year")
_WRITTEN: Final = ("day", "hour", "minute", "second", "microsecond")
_AMOUNT: Final = r"[0-9]{1,18}(?:\.[0-9]{1,18})?"
_PART: Final = re.compile(rf"({_AMOUNT})\s*([a-zµ]+)", re.IGNORECASE)
_BETWEEN: Final = r"(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*)"
_WHOLE: Final = re.compile(rf"\s*{_AMOUNT}\s*[a-zµ]+(?:{_BETWEEN}{_AMOUNT}\s*[a-zµ]+)*\s*", re.IGNORECASE)


def parse(text: str) -> timedelta:
    """Read a duration: numbers, each with its unit, added up.

    Args:
        text: Such as "90 days", "2 weeks", "1.5 hours", "1 day, 12 hours and 5 minutes".
            Units are weeks, days, hours, minutes, seconds, milliseconds and microseconds,
            in full or short (w, d, h, min, s, ms, us), in any case.

    Returns:
        The sum, to the nearest microsecond; never negative.

    Raises:
        DurationError: The text is something else, names a unit of no fixed length
            (month, quarter, year), or is longer than a `timedelta` can hold.
    """
    if _WHOLE.fullmatch(text) is None:
        raise DurationError(text, "it is not numbers, each with its unit" if text.strip() else "it is empty")
    total = sum(Fraction(amount) * _MICROSECONDS[_unit(unit, text)] for amount, unit in _PART.findall(text))
    try:
        return timedelta(microseconds=round(total))
    except OverflowError:
        raise DurationError(text, "it is too long") from None


def in_words(duration: timedelta) -> str:
    """Write a duration in days, hours, minutes, seconds and microseconds, such as "1 day 12 hours"."""
    rest = duration // timedelta(microseconds=1)
    if rest < 0:
        return f"minus {in_words(-duration)}"
    parts = []
    for unit in _WRITTEN:
        count, rest = divmod(rest, _MICROSECONDS[unit])
        if count:
            parts.append(f"{count} {unit}{'s' if count != 1 else ''}")
    return " ".join(parts) or "0 days"


def to_timedelta(duration: str | timedelta) -> timedelta:
    """Take a duration as a `timedelta` or as text, see `parse`."""
    return duration if isinstance(duration, timedelta) else parse(duration)


def _unit(written: str, text: str) -> str:
    """Find the unit meant by a word, singular or plural, short or in full."""
    word = written.lower().replace("µ", "u")
    singular = word.removesuffix("s")
    for candidate in (word, singular):
        if candidate in _MICROSECONDS:
            return candidate
        if candidate in _SHORT:
            return _SHORT[candidate]
    if singular in _NO_FIXED_LENGTH:
        raise DurationError(text, f"a {singular} has no fixed length, so write days")
    near = nearest(singular, _MICROSECONDS)
    hint = f". Did you mean {near + 's'!r}?" if near else ""
    raise DurationError(text, f"no unit named {written!r}{hint}")
