"""Write counts, shares, days and moments for people: one wording for the page and the terminal.

Counts have thin no-break spaces between thousands, shares are percentages with one
decimal and their interval, and what is not known is a dash, never a zero.  A share that is
not exactly 0 or 1 is never shown as 0 % or 100 %.

May import: errors.
"""

from __future__ import annotations

import datetime as dt
import unicodedata

THIN = "\u202f"
"""A narrow no-break space, between thousands and before %."""

DASH = "\u2013"
UNKNOWN = "\u2014"
"""Stands for what is not known."""

SMALLEST = 0.0005
"""Half a step of the decimal that is shown of a percentage."""

SHORTEST = 0.05
"""Half a step of the decimal that is shown of days."""

MANY_DAYS = 100

HIDDEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Categories of characters that steer the terminal, break the line, or are half a character."""

REORDERING = frozenset("\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Characters that reorder the text around them, or are there without being seen."""


def count(number: int | None) -> str:
    """Write a count, such as "18 231"."""
    return UNKNOWN if number is None else f"{number:,}".replace(",", THIN)


def counted(number: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun, such as "1 visit" or "2 visits"."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def percent(share: float | None) -> str:
    """Write a share, 0 to 1, as a percentage, such as "12.3 %"."""
    if share is None:
        return UNKNOWN
    if 0 < share < SMALLEST:
        return f"< 0.1{THIN}%"
    if 1 - SMALLEST < share < 1:
        return f"> 99.9{THIN}%"
    return f"{_tenths(share)}{THIN}%"


def interval(low: float | None, high: float | None) -> str:
    """Write the ends of an interval as percentages, such as "10.1-14.8"; "" where they are not known."""
    return "" if low is None or high is None else f"{_tenths(low)}{DASH}{_tenths(high)}"


def share(value: float | None, low: float | None, high: float | None) -> str:
    """Write a share with its interval, such as "12.3 % (10.1-14.8)"."""
    ends = interval(low, high)
    return f"{percent(value)} ({ends})" if ends and value is not None else percent(value)


def _tenths(share: float) -> str:
    """Write a percentage without its sign, 0 and 1 whole."""
    if share <= 0 or share >= 1:
        return "0" if share <= 0 else "100"
    return f"{100 * share:.1f}"


def days(number: float | None) -> str:
    """Write a number of days, such as "14.2"; whole ones from 100 on."""
    if number is None:
        return UNKNOWN
    if number >= MANY_DAYS:
        return count(round(number))
    return "< 0.1" if 0 < number < SHORTEST else f"{number:.1f}"


def amount(number: float | None) -> str:
    """Write an effort or another amount with at most four significant digits, such as "12.5"."""
    if number is None:
        return UNKNOWN
    if number.is_integer():
        return count(int(number))
    return f"{number:,.2f}".replace(",", THIN) if abs(number) >= 1 else f"{number:.3g}"


def moment(when: dt.datetime | None) -> str:
    """Write a moment in UTC, such as "2024-12-31 18:00 UTC"; without hours at midnight."""
    if when is None:
        return UNKNOWN
    utc = when.astimezone(dt.UTC) if when.tzinfo else when
    if utc.time() == dt.time():
        return f"{utc:%Y-%m-%d}"
    seconds = f"{utc:%H:%M:%S}" if utc.second else f"{utc:%H:%M}"
    return f"{utc:%Y-%m-%d} {seconds} UTC"


def plain(text: object) -> str:
    """Write text from data on one line, with an escape for each character that would hide or reorder others.

    Letters of every script, emoji and their joiners stay as they are.
    """
    return "".join(map(_visible, str(text)))


def _visible(character: str) -> str:
    if character in REORDERING or unicodedata.category(character) in HIDDEN:
        return character.encode("unicode_escape").decode("ascii")
    return character


def isolated(text: str) -> str:
    """Put marks around a name that keep a right-to-left one from reordering the sentence it stands in."""
    return f"\u2068{text}\u2069"


def without_marks(text: str) -> str:
    """Take the marks of `isolated` away, for where they would be seen."""
    return text.replace("\u2068", "").replace("\u2069", "")
