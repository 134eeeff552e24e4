"""Turn the short forms of a lifecycle's parts into the parts.

Like the other converters they never raise: what can't be used becomes a `Misfit`,
which the rules of a lifecycle report.

May import: stage, touchpoint, transition, convert, values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, cast

from journeykit.model.convert import as_tuple
from journeykit.model.problem import Misfit
from journeykit.model.stage import Stage
from journeykit.model.touchpoint import Touchpoint
from journeykit.model.transition import Transition
from journeykit.model.values import brief

Home: TypeAlias = str | Iterable[str] | Touchpoint
"""What a touchpoint's id may be mapped to: a stage, several, or the touchpoint itself."""


def as_stages(stages: Iterable[str | Stage]) -> tuple[Stage, ...]:
    """Make a stage of every id; a lone one is a list of one."""
    given: object = stages
    several = (given,) if isinstance(given, str) else as_tuple(stages)
    return tuple(Stage(stage) if isinstance(stage, str) else stage for stage in several)


def as_transitions(transitions: Iterable[tuple[str, str] | Transition]) -> tuple[Transition, ...]:
    """Make a transition of every pair (source, target)."""
    given: object = transitions
    several = (given,) if isinstance(given, str) else as_tuple(transitions)
    return tuple(_as_transition(transition) for transition in several)


def as_touchpoints(touchpoints: Mapping[str, Home] | Iterable[Touchpoint]) -> tuple[Touchpoint, ...]:
    """Make a touchpoint of every id that is mapped to its stages."""
    if isinstance(touchpoints, Mapping):
        return tuple(_as_touchpoint(name, home) for name, home in touchpoints.items())
    given: object = touchpoints
    return (cast("Touchpoint", given),) if isinstance(given, str) else as_tuple(touchpoints)


def _as_transition(transition: Any) -> Transition:
    match transition:
        case Transition():
            return transition
        case [source, target]:
            return Transition(source, target)
    sentence = f"must be a pair (source, target) or a Transition, not {brief(transition)}"
    return cast("Transition", Misfit(sentence))


def _as_touchpoint(name: str, home: Home) -> Touchpoint:
    if not isinstance(home, Touchpoint):
        return Touchpoint(name, stages=home)
    if home.id == name:
        return home
    return cast("Touchpoint", Misfit(f"touchpoint {home.id!r} stands under another id, {name!r}"))
