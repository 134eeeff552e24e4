"""Rules on types: every value is of the type its field declares.

May import: rules.parts, values.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from journeykit.model.problem import Path, Problem
from journeykit.model.rules.parts import problem
from journeykit.model.values import wrong_values

if TYPE_CHECKING:
    from journeykit.model.lifecycle import Lifecycle


def _types(lifecycle: Lifecycle) -> Iterator[Problem]:
    for path, clause in wrong_values(lifecycle):
        yield problem(lifecycle, _by_name(lifecycle, path), clause)


def _by_name(lifecycle: Lifecycle, path: Path) -> Path:
    """Say which of a CRM's names a place is about, instead of its number in their order."""
    match path:
        case ("names", str(kind), int(number), _, *_):
            return ("names", kind, str(getattr(lifecycle.names, kind)[number][0]))
    return path


RULES: Final = (_types,)
