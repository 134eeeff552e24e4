"""The items of a lifecycle's lists, as plain data: which is which, and what its short form says.

May import: nothing of ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

Plain: TypeAlias = dict[str, Any]
Key: TypeAlias = tuple[str, ...]

KEYS: Final[Mapping[str, Key]] = {
    "stages": ("id",),
    "transitions": ("source", "target"),
    "touchpoints": ("id",),
    "activities": ("stage", "touchpoint"),
    "questions": ("id",),
    "vocabularies": ("id",),
    "personas": ("id",),
    "bridges": ("stage", "lifecycle"),
}
"""The lists of a lifecycle, and the fields that tell one item from another."""

FILE_ONLY: Final = ("extends", "without")
"""Fields of files that no lifecycle has: they are used up when it is read."""

_PAIR: Final = 2


def spelled_out(field: str, item: object) -> Plain | None:
    """Turn an item into a mapping, whatever short form it has; None where it is no item at all."""
    if isinstance(item, Mapping):
        return dict(item)
    if field == "stages" and isinstance(item, str):
        return {"id": item}
    if field == "transitions" and isinstance(item, list | tuple) and len(item) == _PAIR:
        return {"source": item[0], "target": item[1]}
    return None


def key_of(field: str, item: Plain | None) -> Key | None:
    """Tell what an item is known by; None where it doesn't say."""
    known_by = [(item or {}).get(name) for name in KEYS[field]]
    named = tuple(each for each in known_by if isinstance(each, str))
    return named if len(named) == len(known_by) else None


def numbered(field: str, items: Iterable[Plain | None]) -> Iterator[tuple[Key, int] | None]:
    """Yield each item's key and how many before it have the same; None for an item that has no key."""
    seen: Counter[Key] = Counter()
    for item in items:
        key = key_of(field, item)
        yield None if key is None else (key, seen[key])
        if key is not None:
            seen[key] += 1
