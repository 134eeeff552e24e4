"""The rules a lifecycle keeps; all broken ones are reported at once.

Every rule is a generator of problems.  It looks at what it can make sense of and
leaves the rest to the others, so that a kind misspelt in one stage doesn't hide an
unknown stage in a transition.

May import: the values a lifecycle holds, problem, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from journeykit.errors import LifecycleError
from journeykit.model.problem import Problem, first
from journeykit.model.rules import elsewhere, ids, names, order, quantities, references, types

if TYPE_CHECKING:
    from journeykit.model.lifecycle import Lifecycle

_RULES: Final = (
    *types.RULES,
    *quantities.RULES,
    *ids.RULES,
    *references.RULES,
    *elsewhere.RULES,
    *order.RULES,
    *names.RULES,
)
_PARTS: Final = (
    "id",
    "variant_of",
    "idle",
    "stages",
    "transitions",
    "touchpoints",
    "activities",
    "questions",
    "vocabularies",
    "personas",
    "bridges",
    "names",
)


def check(lifecycle: Lifecycle) -> None:
    """Raise one `LifecycleError` that lists every rule a lifecycle breaks, by place."""
    found = [problem for rule in _RULES for problem in first(rule(lifecycle))]
    if found:
        found.sort(key=_order)
        raise LifecycleError(str(lifecycle.id), found)


def _order(problem: Problem) -> tuple[int, int]:
    """Order problems by the part of the lifecycle, then by the place in it."""
    part, place = (*problem.path, None, None)[:2]
    return _PARTS.index(part) if part in _PARTS else -1, place if isinstance(place, int) else -1
