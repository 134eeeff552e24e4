"""The rule on order: no touchpoint comes after itself.

May import: the values a lifecycle holds, rules.parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Final

from journeykit.model.problem import Problem
from journeykit.model.rules.parts import parts, problem, texts
from journeykit.model.stage import Stage
from journeykit.model.touchpoint import Touchpoint

if TYPE_CHECKING:
    from journeykit.model.lifecycle import Lifecycle

_LONGEST: Final = 12
"""How much of a circle is written out."""


def _circles(lifecycle: Lifecycle) -> Iterator[Problem]:
    inside_of: dict[str, dict[str, set[str]]] = {}
    for _, item in parts(lifecycle.touchpoints, Touchpoint):
        for name in texts(*item.stages) if isinstance(item.id, str) else ():
            inside_of.setdefault(name, {})[item.id] = texts(*item.after)
    for place, stage in parts(lifecycle.stages, Stage):
        inside = inside_of.get(stage.id, {}) if isinstance(stage.id, str) else {}
        before = {name: sorted(names & inside.keys()) for name, names in inside.items()}
        try:
            TopologicalSorter(before).prepare()
        except CycleError as error:
            names = [repr(name) for name in reversed(error.args[1])]
            some = names if len(names) <= _LONGEST else [*names[: _LONGEST - 1], "...", names[-1]]
            circle = " after ".join(some)
            yield problem(lifecycle, ("stages", place), f"its touchpoints come in a circle: {circle}")


RULES: Final = (_circles,)
