"""Decide where a customer goes next, and with which probability, from what a lifecycle declares.

A first-order walk: where a customer goes depends on the stage alone, so that the
probability that a visit is lost is one known number a stage.

May import: simulation, model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from journeykit.model.lifecycle import Lifecycle
    from journeykit.model.stage import StageKind
    from journeykit.simulation.behaviour import Behaviour

FAVOUR = 5.0
"""How much likelier a declared target is than another of its kind at the same distance."""

FADE = 0.5
"""How much less likely each further stage is, among those skipped ahead or fallen back to."""

LATER_START = 0.25
"""How much less likely a customer is first seen in each later stage."""


@attrs.frozen
class Chances:
    """The probabilities of a walk.

    Attributes:
        starts: The stage a customer is first seen in.
        moves: For each stage, the stage a visit moves on to.
        ends: For each stage, the probability that a visit is its customer's last.
    """

    starts: Mapping[str, float]
    moves: Mapping[str, Mapping[str, float]]
    ends: Mapping[str, float]


def chances(lifecycle: Lifecycle, behaviour: Behaviour) -> Chances:
    """Derive a walk's probabilities from a lifecycle; what *behaviour* names outright stands."""
    moves = {
        stage: _positive(
            behaviour.moves[stage] if stage in behaviour.moves else _moves(lifecycle, stage, behaviour)
        )
        for stage in lifecycle.stage_ids
    }
    ends = {stage: max(0.0, 1.0 - sum(targets.values())) for stage, targets in moves.items()}
    return Chances(_positive(behaviour.starts or _starts(lifecycle)), moves, ends)


def _positive(shares: Mapping[str, float]) -> dict[str, float]:
    return {stage: share for stage, share in shares.items() if share > 0}


def _moves(lifecycle: Lifecycle, stage: str, behaviour: Behaviour) -> dict[str, float]:
    kind = lifecycle.stage(stage).kind
    if kind == "exit":
        back = lifecycle.onward(stage) or ()
        return _spread(behaviour.win_back, dict.fromkeys(back, 1.0))
    if kind == "risk":
        return _from_risk(lifecycle, stage, behaviour)
    return _from_ranked(lifecycle, stage, behaviour)


def _from_risk(lifecycle: Lifecycle, stage: str, behaviour: Behaviour) -> dict[str, float]:
    back = lifecycle.onward(stage) or _of_kind(lifecycle, "progress", "goal")
    moves = _spread(behaviour.recover, dict.fromkeys(back, 1.0))
    rest = 1.0 - behaviour.drop - sum(moves.values())
    return moves | _spread(rest, _favoured(lifecycle, stage, _of_kind(lifecycle, "exit")))


def _from_ranked(lifecycle: Lifecycle, stage: str, behaviour: Behaviour) -> dict[str, float]:
    own = lifecycle.rank(stage)
    onward = lifecycle.onward(stage) or ()
    ranked = {name: rank for name in lifecycle.stage_ids if (rank := lifecycle.rank(name)) is not None}
    ahead = sorted(
        (rank, name) for name, rank in ranked.items() if own is not None and rank > own and name not in onward
    )
    behind = sorted(
        ((rank, name) for name, rank in ranked.items() if own is not None and rank < own), reverse=True
    )
    moves = {
        **_spread(behaviour.risk, _favoured(lifecycle, stage, _of_kind(lifecycle, "risk"))),
        **_spread(behaviour.exits, _favoured(lifecycle, stage, _of_kind(lifecycle, "exit"))),
        **_spread(behaviour.regress, _favoured(lifecycle, stage, [name for _, name in behind], fade=FADE)),
        **_spread(behaviour.skip, _favoured(lifecycle, stage, [name for _, name in ahead], fade=FADE)),
        **_spread(behaviour.repeat, {stage: 1.0} if lifecycle.repeats(stage) else {}),
    }
    ending = behaviour.achieve if lifecycle.stage(stage).kind == "goal" else behaviour.drop
    return moves | _spread(1.0 - ending - sum(moves.values()), dict.fromkeys(onward, 1.0))


def _of_kind(lifecycle: Lifecycle, *kinds: StageKind) -> list[str]:
    return [stage.id for stage in lifecycle.stages if stage.kind in kinds]


def _favoured(
    lifecycle: Lifecycle, stage: str, targets: Iterable[str], *, fade: float = 1.0
) -> dict[str, float]:
    """Weigh targets, nearest first: explicitly declared ones more, farther ones less."""
    explicit = {transition.target for transition in lifecycle.transitions if transition.source == stage}
    others = (target for target in targets if target != stage)
    return {
        target: fade**distance * (FAVOUR if target in explicit else 1.0)
        for distance, target in enumerate(others)
    }


def _spread(share: float, weights: Mapping[str, float]) -> dict[str, float]:
    """Divide a probability by weights; where there is no target, none is given away."""
    total = sum(weights.values())
    return {target: max(0.0, share) * weight / total for target, weight in weights.items()}


def _starts(lifecycle: Lifecycle) -> dict[str, float]:
    begun = _of_kind(lifecycle, "progress") or _of_kind(lifecycle, "goal") or list(lifecycle.stage_ids)
    ranks = sorted({lifecycle.rank(stage) or 0 for stage in begun})
    weights = {stage: LATER_START ** ranks.index(lifecycle.rank(stage) or 0) for stage in begun}
    return _spread(1.0, weights)
