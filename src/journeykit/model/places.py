"""Name a place in a lifecycle the way people do: "touchpoint 'call', stages[0]".

Works alike on a lifecycle's objects and on the plain data they are read from.

May import: problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from journeykit.model.problem import Path

SINGULAR: Final[dict[str | int, str]] = {
    "stages": "stage",
    "transitions": "transition",
    "touchpoints": "touchpoint",
    "activities": "activity",
    "questions": "question",
    "vocabularies": "vocabulary",
    "personas": "persona",
    "bridges": "bridge",
}
"""The lists of a lifecycle, and what one item of each is called."""

_ENDS: Final = {
    "transition": ("source", "target"),
    "activity": ("stage", "touchpoint"),
    "bridge": ("stage", "lifecycle"),
}
"""What names an item that has no id."""


def named_place(whole: object, path: Path) -> str:
    """Name the place that a path leads to; "" is the whole.

    Args:
        whole: A lifecycle, or the plain data of one.
        path: Names of fields and places in lists, from the whole inwards.
    """
    match path:
        case ("names", str(kind), str(name)):
            return f"{SINGULAR[kind]} name {name!r}"
        case (part, int(number), *rest) if part in SINGULAR:
            head = _item_name(SINGULAR[part], _part(_part(whole, part), number))
            if head:
                return ", ".join(filter(None, [head, spelled(tuple(rest))]))
    return spelled(path)


def _item_name(kind: str, item: object) -> str | None:
    """Name an item by its id, or by its ends; None where it has neither."""
    if kind in _ENDS:
        ends = [_part(item, name) for name in _ENDS[kind]]
        if not all(isinstance(end, str) for end in ends):
            return None
        return f"{kind} '{ends[0]}/{ends[1]}'" if kind == "activity" else f"{kind} {ends[0]!r} -> {ends[1]!r}"
    own = item if isinstance(item, str) else _part(item, "id")
    return f"{kind} {own!r}" if isinstance(own, str) and own else None


def spelled(path: Path) -> str:
    """Write a path as code would: ``scope.start``, ``stages[2]``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _part(whole: object, step: str | int) -> object:
    """Take one step into data or an object; None where there is nothing."""
    if isinstance(step, str):
        return whole.get(step) if isinstance(whole, Mapping) else getattr(whole, step, None)
    items = whole if isinstance(whole, tuple | list) else ()
    return items[step] if step < len(items) else None
