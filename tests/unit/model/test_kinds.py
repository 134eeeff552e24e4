"""Kinds of moves, ranks and onward stages follow the design page, section 6, word by word."""

from __future__ import annotations

from hypothesis import given

from journeykit.model import TRANSITION_KINDS, Lifecycle, Stage
from journeykit.testing import strategies as jst

PLAN = Lifecycle(
    "all-kinds",
    [
        "a",
        "b",
        "c",
        Stage("done", kind="goal"),
        Stage("risk", kind="risk"),
        Stage("doubt", kind="risk"),
        Stage("gone", kind="exit"),
        Stage("lost", kind="exit"),
    ],
    [("a", "b"), ("b", "b"), ("a", "done"), ("risk", "c"), ("c", "a"), ("gone", "a")],
)
BRANCHED = Lifecycle(
    "branches",
    [Stage("a", rank=1), Stage("x", rank=5), Stage("y", rank=5), Stage("z", rank=-2)],
    [("y", "x")],
)


def test_each_kind_of_move_has_its_name():
    """The first rule that fits names the move; the report speaks in these words."""
    moves = {
        ("b", "b"): "repeat",
        ("gone", "gone"): "repeat",
        ("a", "gone"): "exit",
        ("risk", "gone"): "exit",
        ("gone", "lost"): "exit",
        ("gone", "a"): "re_entry",
        ("gone", "risk"): "re_entry",
        ("risk", "doubt"): "lateral",
        ("done", "risk"): "at_risk",
        ("risk", "done"): "recover",
        ("c", "a"): "regress",
        ("done", "b"): "regress",
        ("a", "b"): "advance",
        ("a", "done"): "advance",
        ("a", "c"): "skip",
        ("b", "done"): "skip",
    }

    assert {move: PLAN.transition_kind(*move) for move in moves} == moves


def test_branches_of_equal_rank_are_lateral():
    """Ties of rank are branches: neither is ahead of the other."""
    assert [BRANCHED.transition_kind(*move) for move in (("x", "y"), ("a", "x"), ("z", "x"), ("x", "z"))] == [
        "lateral",
        "advance",
        "skip",
        "regress",
    ]


def test_ranks_are_places_among_the_stages_that_have_one():
    """A risk stage in between does not push the goal further away."""
    lifecycle = Lifecycle(
        "ranks", ["a", Stage("r", kind="risk"), "b", Stage("x", kind="exit"), Stage("g", kind="goal")]
    )

    assert [lifecycle.rank(stage) for stage in lifecycle.stage_ids] == [1, None, 2, None, 3]
    assert [BRANCHED.rank(stage) for stage in BRANCHED.stage_ids] == [1, 5, 5, -2]


def test_risk_and_exit_are_declared_from_anywhere_but_themselves():
    """No plan lists the ways to leave, and no report may call them undeclared."""
    declared = {
        (source, target)
        for source in PLAN.stage_ids
        for target in PLAN.stage_ids
        if PLAN.declares(source, target)
    }

    anywhere = {
        (source, target)
        for source in PLAN.stage_ids
        for target in ("risk", "doubt", "gone", "lost")
        if source != target
    }
    assert declared == anywhere | {
        ("a", "b"),
        ("b", "b"),
        ("a", "done"),
        ("risk", "c"),
        ("c", "a"),
        ("gone", "a"),
    }


def test_onward_are_the_declared_targets_of_equal_or_higher_rank():
    """Going back is no way on, nor is staying; where nothing is declared, the next rank is."""
    assert {stage: PLAN.onward(stage) for stage in PLAN.stage_ids} == {
        "a": ("b", "done"),
        "b": ("c",),
        "c": ("done",),
        "done": None,
        "risk": ("c",),
        "doubt": None,
        "gone": ("a",),
        "lost": None,
    }
    assert {stage: BRANCHED.onward(stage) for stage in BRANCHED.stage_ids} == {
        "a": ("x", "y"),
        "x": None,
        "y": ("x",),
        "z": ("a",),
    }


@given(jst.lifecycles())
def test_every_move_has_one_kind_and_reverses_sensibly(lifecycle):
    """An advance seen backwards is a regression: no pair of stages may go up both ways."""
    for source in lifecycle.stage_ids:
        for target in lifecycle.stage_ids:
            kind = lifecycle.transition_kind(source, target)
            back = lifecycle.transition_kind(target, source)

            assert kind in TRANSITION_KINDS
            assert (kind == "repeat") == (source == target)
            assert (kind in {"advance", "skip"}) <= (back == "regress")
            assert (kind == "regress") <= (back in {"advance", "skip"})


@given(jst.lifecycles())
def test_nobody_is_meant_to_go_on_to_a_lower_rank(lifecycle):
    """`not_taken` would blame customers for not falling back."""
    for stage in lifecycle.stage_ids:
        own = lifecycle.rank(stage)
        for target in lifecycle.onward(stage) or ():
            assert target != stage
            assert lifecycle.rank(target) is not None
            assert own is None or lifecycle.rank(target) >= own
