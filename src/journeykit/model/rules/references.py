"""Rules on references: every name means something that is there.

May import: the values a lifecycle holds, rules.parts, values.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from journeykit.model.activity import Activity
from journeykit.model.problem import Path, Problem
from journeykit.model.rules.parts import parts, problem, texts
from journeykit.model.stage import Stage
from journeykit.model.touchpoint import Touchpoint
from journeykit.model.transition import Transition
from journeykit.model.values import misspelt

if TYPE_CHECKING:
    from journeykit.model.lifecycle import Lifecycle


def _stage_ids(lifecycle: Lifecycle) -> list[str]:
    return sorted(texts(*(stage.id for _, stage in parts(lifecycle.stages, Stage))))


def _homes(lifecycle: Lifecycle) -> dict[str, set[str]]:
    """Map every touchpoint to its stages."""
    touchpoints = (item for _, item in parts(lifecycle.touchpoints, Touchpoint))
    return {item.id: texts(*item.stages) for item in touchpoints if isinstance(item.id, str)}


def _transition_ends(lifecycle: Lifecycle) -> Iterator[Problem]:
    known = _stage_ids(lifecycle)
    for place, item in parts(lifecycle.transitions, Transition):
        for end in dict.fromkeys((item.source, item.target)):
            if isinstance(end, str) and end not in known:
                yield problem(lifecycle, ("transitions", place), misspelt("stage", end, known))


def _touchpoint_stages(lifecycle: Lifecycle) -> Iterator[Problem]:
    known = _stage_ids(lifecycle)
    for place, item in parts(lifecycle.touchpoints, Touchpoint):
        path: Path = ("touchpoints", place)
        if item.stages == ():
            yield problem(lifecycle, path, "is in no stage")
        for name in sorted(texts(*item.stages) - set(known)):
            at = ("stages", item.stages.index(name))
            yield problem(lifecycle, path, misspelt("stage", name, known), at=at)


def _touchpoint_order(lifecycle: Lifecycle) -> Iterator[Problem]:
    homes = _homes(lifecycle)
    for place, item in parts(lifecycle.touchpoints, Touchpoint):
        path: Path = ("touchpoints", place, "after")
        for name in sorted(texts(*item.after)):
            at = (item.after.index(name),)
            if name not in homes:
                yield problem(lifecycle, path, misspelt("touchpoint", name, homes), at=at)
            elif not homes[name] & texts(*item.stages):
                yield problem(lifecycle, path, f"touchpoint {name!r} is in none of its stages", at=at)


def _entries(lifecycle: Lifecycle) -> Iterator[Problem]:
    homes = _homes(lifecycle)
    for place, stage in parts(lifecycle.stages, Stage):
        path: Path = ("stages", place, "entry")
        for name in sorted(texts(*stage.entry)):
            at = (stage.entry.index(name),)
            if name not in homes:
                yield problem(lifecycle, path, misspelt("touchpoint", name, homes), at=at)
            elif stage.id not in homes[name]:
                yield problem(lifecycle, path, f"touchpoint {name!r} is not in this stage", at=at)


def _activities(lifecycle: Lifecycle) -> Iterator[Problem]:
    known = _stage_ids(lifecycle)
    for place, item in parts(lifecycle.activities, Activity):
        path: Path = ("activities", place)
        if isinstance(item.stage, str) and item.stage not in known:
            yield problem(lifecycle, path, misspelt("stage", item.stage, known))
        if item.touchpoint == "":
            yield problem(lifecycle, path, "names no touchpoint")


RULES: Final = (_entries, _transition_ends, _touchpoint_stages, _touchpoint_order, _activities)
