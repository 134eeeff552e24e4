"""Rules on references: every name means something that is there.

May import: the values a lifecycle holds, kinds, rules.parts, values.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from journeykit.errors import listed
from journeykit.model.activity import Activity
from journeykit.model.bridge import Bridge
from journeykit.model.kinds import RANKED
from journeykit.model.persona import Persona, Step
from journeykit.model.problem import Path, Problem
from journeykit.model.rules.parts import parts, problem, texts
from journeykit.model.stage import STAGE_KINDS, Stage
from journeykit.model.touchpoint import Touchpoint
from journeykit.model.transition import Transition
from journeykit.model.values import misspelt

if TYPE_CHECKING:
    from journeykit.model.lifecycle import Lifecycle


def _stage_ids(lifecycle: Lifecycle) -> set[str]:
    return texts(*(stage.id for _, stage in parts(lifecycle.stages, Stage)))


def _homes(lifecycle: Lifecycle) -> dict[str, set[str]]:
    """Map every touchpoint to its stages."""
    touchpoints = (item for _, item in parts(lifecycle.touchpoints, Touchpoint))
    return {item.id: texts(*item.stages) for item in touchpoints if isinstance(item.id, str)}


def _apart(stages: set[str], homes: set[str], known: set[str]) -> bool:
    """Tell whether touchpoints don't meet; where a stage is misspelt, that is the one thing to say."""
    return not stages & homes and stages | homes <= known


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
        for name in sorted(texts(*item.stages) - known):
            at = ("stages", item.stages.index(name))
            yield problem(lifecycle, path, misspelt("stage", name, known), at=at)


def _touchpoint_order(lifecycle: Lifecycle) -> Iterator[Problem]:
    known, homes = _stage_ids(lifecycle), _homes(lifecycle)
    for place, item in parts(lifecycle.touchpoints, Touchpoint):
        path: Path = ("touchpoints", place, "after")
        for name in sorted(texts(*item.after)):
            at = (item.after.index(name),)
            if name not in homes:
                yield problem(lifecycle, path, misspelt("touchpoint", name, homes), at=at)
            elif _apart(texts(*item.stages), homes[name], known):
                yield problem(lifecycle, path, f"touchpoint {name!r} is in none of its stages", at=at)


def _entries(lifecycle: Lifecycle) -> Iterator[Problem]:
    known, homes = _stage_ids(lifecycle), _homes(lifecycle)
    for place, stage in parts(lifecycle.stages, Stage):
        path: Path = ("stages", place, "entry")
        for name in sorted(texts(*stage.entry)):
            at = (stage.entry.index(name),)
            if name not in homes:
                yield problem(lifecycle, path, misspelt("touchpoint", name, homes), at=at)
            elif _apart(texts(stage.id), homes[name], known):
                yield problem(lifecycle, path, f"touchpoint {name!r} is not in this stage", at=at)


def _activities(lifecycle: Lifecycle) -> Iterator[Problem]:
    known = _stage_ids(lifecycle)
    for place, item in parts(lifecycle.activities, Activity):
        path: Path = ("activities", place)
        if isinstance(item.stage, str) and item.stage not in known:
            yield problem(lifecycle, path, misspelt("stage", item.stage, known))
        if item.touchpoint == "":
            yield problem(lifecycle, path, "names no touchpoint")


def _steps(lifecycle: Lifecycle) -> Iterator[Problem]:
    known, homes = _stage_ids(lifecycle), _homes(lifecycle)
    for place, persona in parts(lifecycle.personas, Persona):
        for number, step in parts(persona.path, Step):
            path: Path = ("personas", place, "path", number)
            for field, clause in _wrong_step(step, known, homes):
                yield problem(lifecycle, path, clause, at=(field,))


def _wrong_step(step: Any, known: set[str], homes: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    if isinstance(step.stage, str) and step.stage not in known:
        yield "stage", misspelt("stage", step.stage, known)
    if not isinstance(step.touchpoint, str):
        return
    if step.touchpoint not in homes:
        yield "touchpoint", misspelt("touchpoint", step.touchpoint, homes)
    elif _apart(texts(step.stage), homes[step.touchpoint], known):
        there = listed(sorted(homes[step.touchpoint]))
        yield "touchpoint", f"touchpoint {step.touchpoint!r} is not in stage {step.stage!r}, but in {there}"


def _target_stages(lifecycle: Lifecycle) -> Iterator[Problem]:
    kinds = {stage.id: stage.kind for _, stage in parts(lifecycle.stages, Stage) if texts(stage.id)}
    ranked = {name for name, kind in kinds.items() if kind not in STAGE_KINDS or kind in RANKED}
    for place, persona in parts(lifecycle.personas, Persona):
        target = persona.target_stage
        if isinstance(target, str) and target not in ranked:
            clause = f"stage {target!r} is of kind {kinds.get(target)}; a target is a progress or goal stage"
            if target not in kinds:
                clause = misspelt("stage", target, ranked)
            yield problem(lifecycle, ("personas", place, "target_stage"), clause)


def _bridges(lifecycle: Lifecycle) -> Iterator[Problem]:
    known = _stage_ids(lifecycle)
    for place, bridge in parts(lifecycle.bridges, Bridge):
        if isinstance(bridge.stage, str) and bridge.stage not in known:
            clause = misspelt("stage", bridge.stage, known)
            yield problem(lifecycle, ("bridges", place), clause, at=("stage",))


RULES: Final = (
    _entries,
    _transition_ends,
    _touchpoint_stages,
    _touchpoint_order,
    _activities,
    _steps,
    _target_stages,
    _bridges,
)
