"""Rules on a CRM's own names: each is no id, and means something that is there.

May import: the values a lifecycle holds, mapping, rules.ids, rules.parts, values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final

from journeykit.model.names import Names, Pairs, split_target
from journeykit.model.problem import Problem
from journeykit.model.rules.ids import wrong_id
from journeykit.model.rules.parts import parts, problem, texts
from journeykit.model.stage import Stage
from journeykit.model.touchpoint import Touchpoint
from journeykit.model.values import misspelt

if TYPE_CHECKING:
    from journeykit.model.lifecycle import Lifecycle


def _names(lifecycle: Lifecycle) -> Iterator[Problem]:
    if not isinstance(lifecycle.names, Names):
        return
    stages = texts(*(stage.id for _, stage in parts(lifecycle.stages, Stage)))
    touchpoints = texts(*(item.id for _, item in parts(lifecycle.touchpoints, Touchpoint)))
    of_stages, of_touchpoints = _pairs(lifecycle.names.stages), _pairs(lifecycle.names.touchpoints)
    for name, clause in _wrong_names("stage", of_stages, stages):
        yield problem(lifecycle, ("names", "stages", name), clause)
    for name, clause in _wrong_names("touchpoint", of_touchpoints, touchpoints):
        yield problem(lifecycle, ("names", "touchpoints", name), clause)
    for name, target in of_stages:
        if target not in stages:
            yield problem(lifecycle, ("names", "stages", name), misspelt("stage", target, stages))
    for name, target in of_touchpoints:
        for clause in _wrong_target(target, stages, touchpoints):
            yield problem(lifecycle, ("names", "touchpoints", name), clause)


def _pairs(names: Pairs) -> Pairs:
    """Keep the pairs of texts."""
    return tuple((item[0], item[1]) for _, item in parts(names, tuple) if len(texts(*item)) == len(set(item)))


def _wrong_names(kind: str, pairs: Pairs, ids: Collection[str]) -> Iterator[tuple[str, str]]:
    """Find names that are empty, given twice, or an id that would mean something else."""
    for name, target in pairs:
        if name == "":
            yield name, "is empty"
        if name in ids and target != name:
            yield name, f"is the id of a {kind} and can't mean {target!r}"
    for name, count in Counter(name for name, _ in pairs).items():
        if count > 1:
            yield name, f"is given {count} meanings"


def _wrong_target(target: str, stages: Collection[str], touchpoints: Collection[str]) -> Iterator[str]:
    """Find what of "touchpoint" or "stage/touchpoint" is not there."""
    stage, touchpoint = split_target(target)
    if not touchpoint:
        yield f"{target!r} names no touchpoint"
    elif stage is not None and stage not in stages:
        yield misspelt("stage", stage, stages)
    elif touchpoint not in touchpoints:
        yield wrong_id(touchpoint) or misspelt("touchpoint", touchpoint, touchpoints)


RULES: Final = (_names,)
