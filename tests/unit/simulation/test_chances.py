"""Tests of the probabilities that are derived from a lifecycle."""

from __future__ import annotations

import pytest

from journeykit.model import Lifecycle, Stage
from journeykit.simulation import simulate


def _truth(lifecycle, **parameters):
    return simulate(lifecycle, customers=1, start="2025-01-01", seed=1, **parameters).truth


def test_parameters_are_the_probabilities_of_their_moves(shop):
    """The whole matrix, computed by hand."""
    truth = _truth(shop)

    expected = {
        "visit": {"at_risk": 0.05, "gone": 0.04, "buy": 0.04, "cart": 0.77},
        "cart": {"at_risk": 0.05, "gone": 0.04, "visit": 0.06, "buy": 0.75},
        # Back to visit is declared and two stages away, back to cart is one away: 2.5 to 1.
        "buy": {"at_risk": 0.05, "gone": 0.04, "visit": 0.06 * 2.5 / 3.5, "cart": 0.06 / 3.5, "buy": 0.15},
        "at_risk": {"visit": 0.5 / 3, "cart": 0.5 / 3, "buy": 0.5 / 3, "gone": 0.4},
        "gone": {"cart": 0.1},
    }
    assert {stage: dict(targets) for stage, targets in truth.moves.items()} == {
        stage: pytest.approx(targets) for stage, targets in expected.items()
    }
    assert truth.ends == pytest.approx({"visit": 0.1, "cart": 0.1, "buy": 0.7, "at_risk": 0.1, "gone": 0.9})
    assert truth.starts == pytest.approx({"visit": 0.8, "cart": 0.2})


def test_what_a_lifecycle_has_not_takes_no_probability():
    """Without risk and exit stages their shares go onward; without anything onward, visits end."""
    truth = _truth(Lifecycle("plain", stages=["a", "b", "c"]))

    assert truth.moves["a"] == pytest.approx({"b": 0.86, "c": 0.04})
    assert truth.moves["b"] == pytest.approx({"a": 0.06, "c": 0.84})
    assert truth.moves["c"] == pytest.approx({"b": 0.04, "a": 0.02})
    assert truth.ends == pytest.approx({"a": 0.1, "b": 0.1, "c": 0.94})


def test_stages_after_a_goal_are_reached():
    """A goal need not be the last stage, nor the only one."""
    stages = ["a", Stage("won", kind="goal"), Stage("loyal", kind="goal")]

    assert _truth(Lifecycle("goals", stages=stages)).moves["won"] == pytest.approx({"a": 0.06, "loyal": 0.44})


def test_customers_begin_in_goals_or_anywhere_where_nothing_comes_before():
    """Somebody has to begin somewhere."""
    goals = Lifecycle(
        "g", stages=[Stage("one", kind="goal"), Stage("two", kind="goal"), Stage("x", kind="risk")]
    )
    doomed = Lifecycle("d", stages=[Stage("x", kind="risk"), Stage("y", kind="exit")])

    assert _truth(goals).starts == pytest.approx({"one": 0.8, "two": 0.2})
    assert _truth(doomed).starts == {"x": 0.5, "y": 0.5}


def test_there_is_no_way_back_that_is_not_declared(shop):
    """An exit that customers drift out of by themselves would be none."""
    truth = _truth(Lifecycle("s", stages=["a", Stage("out", kind="exit")]), win_back=0.9)

    assert dict(truth.moves["out"]) == {}
    assert _truth(shop, win_back=0.9).moves["gone"] == {"cart": 0.9}
