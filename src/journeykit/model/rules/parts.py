"""Walk the parts of a lifecycle that may still be broken.

May import: places, problem.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from journeykit.model.places import named_place
from journeykit.model.problem import Path, Problem

if TYPE_CHECKING:
    from journeykit.model.lifecycle import Lifecycle


def problem(lifecycle: Lifecycle, path: Path, clause: str, *, at: Path = ()) -> Problem:
    """Make a problem: its place, then what is wrong there.

    Args:
        lifecycle: Where it was found.
        path: The place to name.
        clause: What is wrong.
        at: From there on, the very place, for those who count lines.
    """
    place = named_place(lifecycle, path)
    return Problem(f"{place}: {clause}" if place else clause, (*path, *at))


def parts(items: object, cls: type[object]) -> Iterator[tuple[int, Any]]:
    """Yield the items of a list that are of a class, each with its place in the list.

    They are `Any`, because their fields may still hold anything.
    """
    for place, item in enumerate(items if isinstance(items, tuple) else ()):
        if isinstance(item, cls):
            yield place, item


def texts(*items: object) -> set[str]:
    """Keep what is text: whatever else stands where a name belongs, the types report it."""
    return {item for item in items if isinstance(item, str)}
