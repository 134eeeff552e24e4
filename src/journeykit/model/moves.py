"""How customers may move between the stages of a lifecycle, worked out once.

Joins the kinds, ranks and declared transitions of stages, so that a lifecycle can be
asked about any two of them at once; the rules themselves are in `kinds`.

May import: kinds, stage, transition.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping

import attrs

from journeykit.model import kinds
from journeykit.model.stage import Stage
from journeykit.model.transition import Transition


@attrs.frozen
class Moves:
    """The ranks of stages, and the moves that are declared between them.

    Attributes:
        ranks: Every stage's rank, in the order of the lifecycle; None for risk and exit stages.
        declared: The ends of the declared transitions.
    """

    ranks: Mapping[str, int | None]
    declared: frozenset[tuple[str, str]]

    @classmethod
    def between(cls, stages: Iterable[Stage], transitions: Iterable[Transition]) -> Moves:
        """Work out the moves between stages."""
        return cls(kinds.ranks(stages), frozenset((each.source, each.target) for each in transitions))

    def declares(self, source: Stage, target: Stage) -> bool:
        """Tell whether a move is declared, or leads to another stage that is reachable from anywhere."""
        reachable = target.kind not in kinds.RANKED and source.id != target.id
        return reachable or (source.id, target.id) in self.declared

    def kind(self, source: Stage, target: Stage) -> kinds.TransitionKind:
        """Name what a move means."""
        return kinds.kind_by_stage_kind(source, target) or kinds.kind_by_rank(
            self._numbers[source.id],
            self._numbers[target.id],
            declared=(source.id, target.id) in self.declared,
            all_ranks=self._numbers.values(),
        )

    def onward(self, stage: str) -> tuple[str, ...] | None:
        """Find the stages that a customer in *stage* is meant to reach next, or None."""
        return kinds.onward(stage, ranked=self.ranks, declared=self.declared)

    @functools.cached_property
    def _numbers(self) -> dict[str, int]:
        """The ranks of the stages that have one."""
        return {stage: rank for stage, rank in self.ranks.items() if rank is not None}
