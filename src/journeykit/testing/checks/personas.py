"""Personas whose expected path the plan does not lead along.

May import: testing.checks.finding, testing.checks.paths, model.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from journeykit.testing.checks.finding import LifecycleFinding
from journeykit.testing.checks.paths import Paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from journeykit.model import Lifecycle, Persona


def persona_findings(lifecycle: Lifecycle) -> Iterator[LifecycleFinding]:
    """Find steps between stages that no transition joins, and targets that the path can't get to."""
    paths = Paths(lifecycle)
    for persona in lifecycle.personas:
        yield from _jumps(paths, persona)
        yield from _missed_target(paths, persona)


def _jumps(paths: Paths, persona: Persona) -> Iterator[LifecycleFinding]:
    jumps = dict.fromkeys(
        (before.stage, after.stage)
        for before, after in pairwise(persona.path)
        if not paths.leads(before.stage, after.stage)
    )
    for source, target in jumps:
        sentence = (
            f"its path goes from {source!r} to {target!r}, where no transition leads. "
            f"Declare the transition [{source}, {target}], or add the steps between."
        )
        yield LifecycleFinding("persona_off_path", f"persona {persona.id!r}", sentence)


def _missed_target(paths: Paths, persona: Persona) -> Iterator[LifecycleFinding]:
    """Find a target that the path neither passes nor can still reach from its last step."""
    target = persona.target_stage
    if target is None or not persona.path:
        return
    passed = {step.stage for step in persona.path}
    last = persona.path[-1].stage
    if target not in passed | paths.ahead([last]):
        sentence = (
            f"its path ends in {last!r}, from which no path leads to its target stage {target!r}. "
            "Let the path go on, declare a transition, or choose another target_stage."
        )
        yield LifecycleFinding("persona_off_path", f"persona {persona.id!r}", sentence)
