"""Guess, from a few examples that can't be read, which `timestamp_format` would read them.

Nothing is applied: ambiguous dates (is 03-04 in April or in March?) are for the caller
to decide.  All formats that fit are named.

May import: nothing of ours.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_DATES: Final = (
    *("%d-%m-%Y", "%m-%d-%Y", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y%m%d", "%Y.%m.%d"),
    *(
        "%d %b %Y",
        "%d %B %Y",
        "%b %d, %Y",
        "%B %d, %Y",
        "%d-%b-%Y",
        "%d-%m-%y",
        "%m/%d/%y",
        "%d/%m/%y",
        "%d.%m.%y",
    ),
)
_CLOCKS: Final = (
    *("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", " %H:%M:%S %z"),
    *("T%H%M%S", "T%H%M%S%z"),
)
_ISO_DATES: Final = ("%Y-%m-%d", "%Y/%m/%d")
_ISO_CLOCKS: Final = (" %H:%M:%S,%f", " %I:%M %p", " %I:%M:%S %p")
_EPOCHS: Final = {"epoch_s": range(9, 11), "epoch_ms": range(12, 14), "epoch_us": range(15, 17)}
"""How many digits times of about 1973 to 2286 have, counted in each unit."""


def fitting_formats(examples: Iterable[str]) -> tuple[str, ...]:
    """Name the formats that fit more of some texts than any other does, and more than half.

    Args:
        examples: Texts that are no ISO 8601; some may be no times at all, such as the 31st of February.

    Returns:
        Values for `timestamp_format`, the likeliest first; empty where none fits so many.
    """
    texts = [text.strip() for text in examples]
    patterns = [date + clock for date in _DATES for clock in _CLOCKS]
    patterns += [date + clock for date in _ISO_DATES for clock in _ISO_CLOCKS]
    fits = {name: sum(_has_digits(text, digits) for text in texts) for name, digits in _EPOCHS.items()}
    fits |= {pattern: sum(_fits(text, pattern) for text in texts) for pattern in patterns}
    most = max(fits.values())
    return tuple(name for name, count in fits.items() if count == most and 2 * count > len(texts))


def _has_digits(text: str, count: range) -> bool:
    whole = text.split(".", 1)[0]
    return whole.isascii() and whole.isdigit() and len(whole) in count


def _fits(text: str, pattern: str) -> bool:
    try:
        dt.datetime.strptime(text, pattern).replace(tzinfo=dt.UTC)
    except ValueError:
        return False
    return True
