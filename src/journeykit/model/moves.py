"""How customers may move between the stages of a lifecycle, worked out once.

Joins the kinds, ranks and declared transitions of stages, so that a lifecycle can be
asked about any two of them at once; the rules themselves are in `kinds`.

May import: kinds, by_id, stage, transition.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping

import attrs

from journeykit.model import kinds
from journeykit.model.by_id import ById
from journeykit.model.stage import Stage
from journeykit.model.transition import Transition


@attrs.frozen
class Moves:
    """The ranks of stages, and the moves that are declared between them.

    Every question raises `UnknownNameError` where a stage is none of them.

    Attributes:
        stages: The stages.
        ranks: Every stage's rank, in the order of the lifecycle; None for risk and exit stages.
        declared: The ends of the declared transitions.
    """

    stages: ById[Stage]
    ranks: Mapping[str, int | None]
    declared: frozenset[tuple[str, str]]

    @classmethod
    def between(cls, stages: ById[Stage], transitions: Iterable[Transition]) -> Moves:
        """Work out the moves between stages."""
        ranks = kinds.ranks(stages.parts.values())
        return cls(stages, ranks, frozenset((each.source, each.target) for each in transitions))

    def rank(self, stage: str) -> int | None:
        """Return the rank of a stage, or None."""
        return self.ranks[self.stages.find(stage).id]

    def declares(self, source: str, target: str) -> bool:
        """Tell whether a move is declared, or leads to another stage that is reachable from anywhere."""
        start, end = self.stages.find(source), self.stages.find(target)
        reachable = end.kind not in kinds.RANKED and start.id != end.id
        return reachable or (start.id, end.id) in self.declared

    def kind(self, source: str, target: str) -> kinds.TransitionKind:
        """Name what a move means."""
        start, end = self.stages.find(source), self.stages.find(target)
        return kinds.kind_by_stage_kind(start, end) or kinds.kind_by_rank(
            self._numbers[start.id],
            self._numbers[end.id],
            declared=(start.id, end.id) in self.declared,
            all_ranks=self._numbers.values(),
        )

    def onward(self, stage: str) -> tuple[str, ...] | None:
        """Find the stages that a customer in *stage* is meant to reach next, or None."""
        return kinds.onward(self.stages.find(stage).id, ranked=self.ranks, declared=self.declared)

    @functools.cached_property
    def _numbers(self) -> dict[str, int]:
        """The ranks of the stages that have one."""
        return {stage: rank for stage, rank in self.ranks.items() if rank is not None}
