"""Rules on quantities: ranks, durations, weights and efforts.

May import: the values a lifecycle holds, duration, kinds, rules.parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from journeykit.errors import listed
from journeykit.model.activity import Activity
from journeykit.model.duration import in_words
from journeykit.model.kinds import RANKED
from journeykit.model.persona import Persona, Step
from journeykit.model.problem import Path, Problem
from journeykit.model.rules.parts import parts, problem
from journeykit.model.stage import STAGE_KINDS, Stage
from journeykit.model.touchpoint import Touchpoint

if TYPE_CHECKING:
    from journeykit.model.lifecycle import Lifecycle

LONGEST_IDLE: Final = timedelta(days=300 * 365)
"""Logs hold the years 1900 to 2200; no longer silence can be seen in them."""


def _any_stage(lifecycle: Lifecycle) -> Iterator[Problem]:
    if lifecycle.stages == ():
        yield Problem("has no stages", ("stages",))


def _ranks(lifecycle: Lifecycle) -> Iterator[Problem]:
    stages = [(place, stage) for place, stage in parts(lifecycle.stages, Stage) if stage.kind in STAGE_KINDS]
    for place, stage in stages:
        if stage.kind not in RANKED and stage.rank is not None:
            clause = "must be left out: risk and exit stages have no rank"
            yield problem(lifecycle, ("stages", place, "rank"), clause)
    ranked = [stage for _, stage in stages if stage.kind in RANKED]
    without = [repr(stage.id) for stage in ranked if stage.rank is None]
    if 0 < len(without) < len(ranked):
        clause = f"all progress and goal stages have a rank, or none: {listed(without)} lack one"
        yield problem(lifecycle, ("stages",), clause)


def _durations(lifecycle: Lifecycle) -> Iterator[Problem]:
    idle: object = lifecycle.idle
    if isinstance(idle, timedelta) and not timedelta(0) < idle <= LONGEST_IDLE:
        clause = f"must be longer than 0 and at most {in_words(LONGEST_IDLE)}, not {in_words(idle)}"
        yield problem(lifecycle, ("idle",), clause)
    answers: list[tuple[Path, Any]] = [
        *((("touchpoints", place), item) for place, item in parts(lifecycle.touchpoints, Touchpoint)),
        *(
            (("personas", place, "path", number), step)
            for place, persona in parts(lifecycle.personas, Persona)
            for number, step in parts(persona.path, Step)
        ),
    ]
    for path, item in answers:
        within = item.response_within
        if isinstance(within, timedelta) and within < timedelta(0):
            clause = f"must be 0 or longer, not {in_words(within)}"
            yield problem(lifecycle, (*path, "response_within"), clause)


def _amounts(lifecycle: Lifecycle) -> Iterator[Problem]:
    amounts = [
        *(
            (("touchpoints", place, "weight"), item.weight)
            for place, item in parts(lifecycle.touchpoints, Touchpoint)
        ),
        *(
            (("activities", place, "effort"), item.effort)
            for place, item in parts(lifecycle.activities, Activity)
        ),
    ]
    for path, amount in amounts:
        if isinstance(amount, float) and amount < 0:
            yield problem(lifecycle, path, f"must be 0 or more, not {amount:g}")


RULES: Final = (_any_stage, _ranks, _durations, _amounts)
