"""Where the plan leads: what no path reaches, and what has no way out.

A path follows declared transitions, `Lifecycle.onward` where a stage declares none, and
the rule that risk and exit stages are reachable from anywhere.  Paths begin in stages
of the lowest rank, and in progress stages that lead somewhere while nothing leads to
them: those are further starts, as in a plan with two ways in.

May import: testing.checks.finding, model, errors.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import attrs

from journeykit.errors import listed
from journeykit.testing.checks.finding import LifecycleFinding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from journeykit.model import Lifecycle

ANYWHERE: Final = frozenset({"risk", "exit"})
"""Kinds of stages that are reachable from anywhere."""


@attrs.frozen
class Paths:
    """The paths of a lifecycle.

    Attributes:
        lifecycle: The plan.
    """

    lifecycle: Lifecycle

    @functools.cached_property
    def onward(self) -> Mapping[str, tuple[str, ...]]:
        """For each stage, those that the plan leads on to: neither itself nor what is reachable anyhow."""
        leads: dict[str, dict[str, None]] = {stage: {} for stage in self.lifecycle.stage_ids}
        for each in self.lifecycle.transitions:
            leads[each.source][each.target] = None
        for stage, targets in leads.items():
            targets.update(dict.fromkeys(self.lifecycle.onward(stage) or ()))
            targets.pop(stage, None)
        return {stage: tuple(targets) for stage, targets in leads.items()}

    @functools.cached_property
    def starts(self) -> tuple[str, ...]:
        """The ids of the stages that paths begin in."""
        given = ((stage, self.lifecycle.rank(stage)) for stage in self.lifecycle.stage_ids)
        ranks = {stage: rank for stage, rank in given if rank is not None}
        lowest = min(ranks.values(), default=None)
        led_to = {target for targets in self.onward.values() for target in targets}
        leading = {each.source for each in self.lifecycle.transitions if each.source != each.target}
        return tuple(
            stage.id
            for stage in self.lifecycle.stages
            if (stage.id in ranks and ranks[stage.id] == lowest)
            or (stage.kind == "progress" and stage.id in leading and stage.id not in led_to)
        )

    @functools.cached_property
    def reached(self) -> frozenset[str]:
        """The ids of the stages that a path reaches, those where it begins among them."""
        anywhere = (stage.id for stage in self.lifecycle.stages if stage.kind in ANYWHERE)
        return self.ahead((*self.starts, *anywhere))

    def ahead(self, stages: Iterable[str]) -> frozenset[str]:
        """Follow the plan from some stages, and list the ids of all it leads to, themselves among them."""
        return _closure(stages, self.onward)

    def leads(self, source: str, target: str) -> bool:
        """Tell whether the plan leads from a stage straight to another, or they are the same."""
        is_anywhere = self.lifecycle.stage(target).kind in ANYWHERE
        return source == target or is_anywhere or target in self.onward[source]


def _closure(stages: Iterable[str], leads: Mapping[str, Iterable[str]]) -> frozenset[str]:
    found = set(stages)
    waiting = list(found)
    while waiting:
        new = set(leads[waiting.pop()]) - found
        found |= new
        waiting += new
    return frozenset(found)


def path_findings(lifecycle: Lifecycle) -> Iterator[LifecycleFinding]:
    """Find stages, goals and touchpoints that no path reaches, and stages with no way out."""
    paths = Paths(lifecycle)
    yield from _unreached_stages(paths)
    yield from _no_way_out(paths)
    for touchpoint in lifecycle.touchpoints:
        if not paths.reached.intersection(touchpoint.stages):
            where = listed(map(repr, touchpoint.stages))
            stands = f"all its stages ({where})" if len(touchpoint.stages) > 1 else f"its stage ({where})"
            sentence = (
                f"nobody can get to it: no path leads to {stands}. "
                "Declare a transition there, or add a stage that customers do reach."
            )
            yield LifecycleFinding("unreachable_touchpoint", f"touchpoint {touchpoint.id!r}", sentence)
    for bridge in lifecycle.bridges:
        if bridge.stage not in paths.reached:
            sentence = (
                f"nobody can cross it: no path leads to stage {bridge.stage!r}. Declare a transition there."
            )
            place = f"bridge {bridge.stage!r} -> {bridge.lifecycle!r}"
            yield LifecycleFinding("unreachable_bridge", place, sentence)


def _unreached_stages(paths: Paths) -> Iterator[LifecycleFinding]:
    for stage in paths.lifecycle.stages:
        if stage.id in paths.reached:
            continue
        near = listed(map(repr, (each.id for each in paths.lifecycle.stages if each.id in paths.reached)))
        declare = f"Declare a transition to it from a stage that is reached ({near})"
        if stage.kind == "goal":
            sentence = f"no path leads to this goal, so that nobody can succeed here. {declare}."
            yield LifecycleFinding("unreachable_goal", f"stage {stage.id!r}", sentence)
        else:
            start = "where customers begin here, give it the rank of the first stage"
            sentence = f"no declared path leads here. {declare}; {start}."
            yield LifecycleFinding("unreachable_stage", f"stage {stage.id!r}", sentence)


def _no_way_out(paths: Paths) -> Iterator[LifecycleFinding]:
    stages = paths.lifecycle.stages
    if any(stage.kind == "exit" for stage in stages):
        return
    goals = {stage.id for stage in stages if stage.kind == "goal"}
    if not goals:
        sentence = (
            "none of its stages is a goal or an exit, so that no journey can succeed or be known to end. "
            "Give the stage that is success `kind: goal`."
        )
        yield LifecycleFinding("no_way_out", "lifecycle", sentence)
        return
    for stage in stages:
        if stage.kind != "goal" and not goals & paths.ahead([stage.id]):
            sentence = (
                "no path leads from here to a goal, and there is no exit stage: customers can only fall "
                "silent. Declare a transition onwards, or add a stage of `kind: exit`."
            )
            yield LifecycleFinding("no_way_out", f"stage {stage.id!r}", sentence)
