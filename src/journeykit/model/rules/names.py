"""Rules on a CRM's own names: each means one thing that is there, and no id means another.

May import: the values a lifecycle holds, names, rules.ids, rules.parts, values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from journeykit.model.names import Names, Target, each_target, split_target, text_pairs
from journeykit.model.problem import Problem
from journeykit.model.rules.ids import wrong_id
from journeykit.model.rules.parts import parts, problem, texts
from journeykit.model.stage import Stage
from journeykit.model.touchpoint import Touchpoint
from journeykit.model.values import misspelt

if TYPE_CHECKING:
    from journeykit.model.lifecycle import Lifecycle


def _stage_names(lifecycle: Lifecycle) -> Iterator[Problem]:
    if not isinstance(lifecycle.names, Names):
        return
    stages = _stage_ids(lifecycle)
    pairs = [(name, target) for name, target in text_pairs(lifecycle.names.stages) if isinstance(target, str)]
    for name, clause in _wrong_names("stage", pairs, stages):
        yield problem(lifecycle, ("names", "stages", name), clause)
    for name, target in pairs:
        if target not in stages:
            yield problem(lifecycle, ("names", "stages", name), misspelt("stage", target, stages))


def _touchpoint_names(lifecycle: Lifecycle) -> Iterator[Problem]:
    if not isinstance(lifecycle.names, Names):
        return
    stages = _stage_ids(lifecycle)
    touchpoints = texts(*(item.id for _, item in parts(lifecycle.touchpoints, Touchpoint)))
    pairs = [*text_pairs(lifecycle.names.touchpoints)]
    for name, clause in _wrong_names("touchpoint", pairs, touchpoints):
        yield problem(lifecycle, ("names", "touchpoints", name), clause)
    for name, target in pairs:
        clauses = [*_wrong_list(target)] if isinstance(target, tuple) else []
        for place in dict.fromkeys(each_target(target)):
            clauses += _wrong_target(place, stages, touchpoints)
        for clause in dict.fromkeys(clauses):
            yield problem(lifecycle, ("names", "touchpoints", name), clause)


def _stage_ids(lifecycle: Lifecycle) -> set[str]:
    return texts(*(stage.id for _, stage in parts(lifecycle.stages, Stage)))


def _wrong_names(
    kind: str, pairs: Sequence[tuple[str, Target]], ids: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Find names that are empty, given twice, or an id that would mean something else.

    An id may be told which stages it is in.
    """
    for name, target in pairs:
        meant = each_target(target)
        if name == "":
            yield name, "is empty"
        if name in ids and any(split_target(each)[1] != name for each in meant):
            yield name, f"is the id of a {kind} and can't mean {', '.join(map(repr, meant))}"
    for name, count in Counter(name for name, _ in pairs).items():
        if count > 1:
            yield name, f"is given {count} meanings"


def _wrong_list(places: tuple[str, ...]) -> Iterator[str]:
    """Find what keeps a list from saying: this touchpoint, in any of these stages."""
    if not places:
        yield "means nothing: its list is empty"
    for place, count in Counter(places).items():
        if count > 1:
            yield f"{place!r} stands there {count} times"
    for place in places:
        stage, touchpoint = split_target(place)
        if stage is None and touchpoint:
            yield f"{place!r} stands in a list and needs its stage, as in 'stage/{place}'"
    several = sorted({split_target(place)[1] for place in places} - {""})
    if len(several) > 1:
        yield f"must mean one touchpoint, not {len(several)}: {', '.join(map(repr, several))}"


def _wrong_target(target: str, stages: Collection[str], touchpoints: Collection[str]) -> Iterator[str]:
    """Find what of "touchpoint" or "stage/touchpoint" is not there."""
    stage, touchpoint = split_target(target)
    if not touchpoint:
        yield f"{target!r} names no touchpoint"
    elif stage is not None and stage not in stages:
        yield misspelt("stage", stage, stages)
    elif touchpoint not in touchpoints:
        yield wrong_id(touchpoint) or misspelt("touchpoint", touchpoint, touchpoints)


RULES: Final = (_stage_names, _touchpoint_names)
