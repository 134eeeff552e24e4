"""Turn what people write into what a lifecycle holds, without judging it.

A converter never raises: what it can't turn stays as it came, or becomes a
`Misfit`, and the rules of a lifecycle report it beside every other broken rule.

May import: text, duration, problem, errors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import timedelta
from typing import TypeVar, cast

from journeykit.errors import DurationError
from journeykit.model.duration import parse
from journeykit.model.problem import Misfit
from journeykit.model.text import LANGUAGES, Text, TextLike

Item = TypeVar("Item")


def as_text(text: TextLike) -> Text:
    """Take a string as English, and a mapping by language."""
    if isinstance(text, str):
        return Text(text)
    if isinstance(text, Mapping) and set(text) <= set(LANGUAGES):
        return Text(**text)
    return cast("Text", text)


def as_texts(texts: TextLike | Iterable[TextLike]) -> tuple[Text, ...]:
    """Take several texts; a lone one is a list of one."""
    if isinstance(texts, str | Text | Mapping):
        return (as_text(texts),)
    return tuple(as_text(text) for text in as_tuple(texts))


def as_names(names: str | Iterable[str]) -> tuple[str, ...]:
    """Take several names; a lone one is a list of one."""
    return (names,) if isinstance(names, str) else as_tuple(names)


def as_tuple(items: Iterable[Item]) -> tuple[Item, ...]:
    """Take several items; a lone one is a list of one, and a set, which has no order, is no list."""
    given: object = items
    is_list = isinstance(given, Iterable) and not isinstance(given, AbstractSet)
    return tuple(items) if is_list else (cast("Item", items),)


def as_duration(duration: str | timedelta) -> timedelta:
    """Take a duration as it is, or as text such as "30 days"."""
    if isinstance(duration, str):
        try:
            return parse(duration)
        except DurationError as error:
            return cast("timedelta", Misfit(str(error)))
    return duration


def as_optional_duration(duration: str | timedelta | None) -> timedelta | None:
    """Take a duration as `as_duration` does, or none."""
    return None if duration is None else as_duration(duration)


def as_optional_float(number: float | None) -> float | None:
    """Take a whole number as a float; one too large for that is infinite."""
    if not isinstance(number, int) or isinstance(number, bool):
        return number
    try:
        return float(number)
    except OverflowError:
        return float("inf")
