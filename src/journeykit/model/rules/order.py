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


def _circles(lifecycle: Lifecycle) -> Iterator[Problem]:
    for place, stage in parts(lifecycle.stages, Stage):
        inside = {
            item.id: texts(*item.after)
            for _, item in parts(lifecycle.touchpoints, Touchpoint)
            if isinstance(item.id, str) and stage.id in item.stages
        }
        before = {name: sorted(names & set(inside)) for name, names in inside.items()}
        try:
            TopologicalSorter(before).prepare()
        except CycleError as error:
            circle = " after ".join(repr(name) for name in reversed(error.args[1]))
            yield problem(lifecycle, ("stages", place), f"its touchpoints come in a circle: {circle}")


RULES: Final = (_circles,)
