"""What kind of move a transition is, and where a stage leads on to.

Pure functions over the kinds, ranks and declared transitions of stages; the
definitions are those of the design page, section 6.

May import: stage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, TypeAlias, get_args

from journeykit.model.stage import Stage, StageKind

TransitionKind: TypeAlias = Literal[
    "repeat", "exit", "re_entry", "lateral", "at_risk", "recover", "regress", "advance", "skip"
]
"""What a move means; a skip and a regression are facts, not errors."""

TRANSITION_KINDS: Final[tuple[TransitionKind, ...]] = get_args(TransitionKind)

RANKED: Final[frozenset[StageKind]] = frozenset({"progress", "goal"})
"""The kinds of stages that have a rank."""


def ranks(stages: Iterable[Stage]) -> dict[str, int | None]:
    """Rank progress and goal stages as they say, else by place from 1; others have none."""
    place = 0
    found: dict[str, int | None] = {}
    for stage in stages:
        ranked = stage.kind in RANKED
        place += ranked
        found[stage.id] = (place if stage.rank is None else stage.rank) if ranked else None
    return found


def kind_by_stage_kind(source: Stage, target: Stage) -> TransitionKind | None:
    """Name the move as far as the kinds of its ends decide it, else None: both are ranked."""
    if source.id == target.id:
        return "repeat"
    if target.kind == "exit":
        return "exit"
    if source.kind == "exit":
        return "re_entry"
    if target.kind == "risk":
        return "lateral" if source.kind == "risk" else "at_risk"
    return "recover" if source.kind == "risk" else None


def kind_by_rank(source: int, target: int, *, declared: bool, all_ranks: Iterable[int]) -> TransitionKind:
    """Name the move between two ranked stages."""
    if source == target:
        return "lateral"
    if source > target:
        return "regress"
    passed_over = any(source < rank < target for rank in all_ranks)
    return "skip" if passed_over and not declared else "advance"


def onward(
    stage: str, *, ranked: Mapping[str, int | None], declared: Iterable[tuple[str, str]]
) -> tuple[str, ...] | None:
    """Find the stages a customer in *stage* is meant to reach next, or None where there are none.

    They are the declared progress or goal stages of equal or higher rank other than
    itself (from risk or exit: of any rank); if none is declared, the stages of the next
    higher rank.

    Args:
        stage: The stage's id.
        ranked: Every stage's rank, in the order of the lifecycle.
        declared: The declared transitions as pairs of ids.
    """
    own = ranked[stage]
    targets = {target for source, target in declared if source == stage and target != stage}
    above = {name: rank for name, rank in ranked.items() if rank is not None and (own is None or rank >= own)}
    found = tuple(name for name in above if name in targets)
    if found or own is None:
        return found or None
    higher = [rank for rank in above.values() if rank > own]
    return tuple(name for name, rank in above.items() if rank == min(higher)) if higher else None
