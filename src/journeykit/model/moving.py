"""What a lifecycle answers about moves between its stages.

A part of `Lifecycle`, in a file of its own.

May import: kinds, moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from journeykit.model.kinds import TransitionKind

if TYPE_CHECKING:
    from journeykit.model.moves import Moves


class Moving:
    """The questions about moves, asked with ids."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def _moves(self) -> Moves:
            """What `Lifecycle` works out, once."""

    def rank(self, stage: str) -> int | None:
        """Return the rank of a stage: its own, or its place among progress and goal stages from 1.

        Risk and exit stages have none.

        Raises:
            UnknownNameError: There is no such stage, as below.
        """
        return self._moves.rank(stage)

    def declares(self, source: str, target: str) -> bool:
        """Tell whether a move is declared: by a transition, or by reaching another stage of risk or exit."""
        return self._moves.declares(source, target)

    def repeats(self, stage: str) -> bool:
        """Tell whether a stage declares a transition to itself, so that a visit may follow a visit."""
        return self._moves.declares(stage, stage)

    def transition_kind(self, source: str, target: str) -> TransitionKind:
        """Name what a move means, such as "advance", "skip" or "regress".

        Source: definitions, design page, section 6.
        """
        return self._moves.kind(source, target)

    def onward(self, stage: str) -> tuple[str, ...] | None:
        """Return the stages that a customer in *stage* is meant to reach next, or None.

        They are the declared progress or goal stages of equal or higher rank other than
        itself (from risk or exit: of any rank); if none is declared, the stages of the next
        higher rank; None where there is none.  In the order of the lifecycle.
        """
        return self._moves.onward(stage)
