"""What the oracle asks the plan, the plan answers as the definitions say.

The oracle takes ranks, kinds of transitions, declarations and onward stages from the model, as the engine
does; here they are worked out again from the definitions, so that an error in them is not agreed upon.
"""

from __future__ import annotations

from hypothesis import given, settings

from journeykit.testing import strategies as jst
from journeykit.testing.cases import trial_lifecycle


def ranks(lifecycle):
    """Rank progress and goal stages: as they say, or from 1 by place."""
    ranked = [stage for stage in lifecycle.stages if stage.kind in {"progress", "goal"}]
    return {stage.id: stage.rank if stage.rank is not None else 1 + ranked.index(stage) for stage in ranked}


def kind(lifecycle, source, target):
    """Name the first kind that matches, in the order of the definitions."""
    rank, kinds = ranks(lifecycle), {stage.id: stage.kind for stage in lifecycle.stages}
    declared = (source, target) in {(move.source, move.target) for move in lifecycle.transitions}
    if source == target:
        return "repeat"
    by_kind = {
        "exit": kinds[target] == "exit",
        "re_entry": kinds[source] == "exit",
        "lateral": kinds[source] == kinds[target] == "risk",
        "at_risk": kinds[target] == "risk",
        "recover": kinds[source] == "risk",
    }
    for name, matches in by_kind.items():
        if matches:
            return name
    if rank[source] >= rank[target]:
        return "lateral" if rank[source] == rank[target] else "regress"
    between = any(rank[source] < between < rank[target] for between in rank.values())
    return "skip" if between and not declared else "advance"


def onward(lifecycle, source):
    """List where a customer should go next: what is declared, else the next higher rank; None for nowhere."""
    rank = ranks(lifecycle)
    declared = {move.target for move in lifecycle.transitions if move.source == source}
    lowest = rank.get(source, min(rank.values()))
    targets = {stage for stage in declared if stage != source and rank.get(stage, lowest - 1) >= lowest}
    if not targets and source in rank:
        higher = [value for value in rank.values() if value > rank[source]]
        targets = {stage for stage, value in rank.items() if higher and value == min(higher)}
    return targets or None


def declares(lifecycle, source, target):
    """Say whether a transition is declared, or leads to a stage that is reachable from anywhere else."""
    anywhere = lifecycle.stage(target).kind in {"risk", "exit"} and source != target
    return anywhere or (source, target) in {(move.source, move.target) for move in lifecycle.transitions}


def _agrees(lifecycle):
    known = {
        stage: lifecycle.rank(stage) for stage in lifecycle.stage_ids if lifecycle.rank(stage) is not None
    }
    pairs = [(source, target) for source in lifecycle.stage_ids for target in lifecycle.stage_ids]
    found = {stage: lifecycle.onward(stage) for stage in lifecycle.stage_ids}

    assert known == ranks(lifecycle)
    assert {pair: lifecycle.transition_kind(*pair) for pair in pairs} == {
        pair: kind(lifecycle, *pair) for pair in pairs
    }
    assert {pair for pair in pairs if lifecycle.declares(*pair)} == {
        pair for pair in pairs if declares(lifecycle, *pair)
    }
    assert {stage: set(targets) if targets else None for stage, targets in found.items()} == {
        stage: onward(lifecycle, stage) for stage in lifecycle.stage_ids
    }


def test_a_plan_ranks_and_names_moves_as_the_definitions_say():
    """Loops, a goal, a risk and an exit."""
    _agrees(trial_lifecycle())


@settings(max_examples=100, deadline=None)
@given(jst.lifecycles())
def test_every_plan_ranks_and_names_moves_as_the_definitions_say(lifecycle):
    """Ties, ranks of its own, and whatever may be declared."""
    _agrees(lifecycle)
