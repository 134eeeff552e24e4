"""Tests of which touchpoints a visit is made of."""

from __future__ import annotations

import numpy as np
import pytest

from journeykit.model import Lifecycle, Stage, Touchpoint
from journeykit.simulation.pools import NO_TOUCHPOINT, pool


def _names(lifecycle, choice):
    return [None if code == NO_TOUCHPOINT else lifecycle.touchpoint_ids[code] for code in choice.codes]


def test_a_visit_begins_with_a_touchpoint_of_its_own(shop):
    """So that the stage can be told from the touchpoints; what follows may be shared."""
    found = pool(shop, "cart")

    assert _names(shop, found.first) == ["basket"]
    assert _names(shop, found.later) == ["basket", "support"]


def test_a_repeated_visit_has_one_entry_event(shop):
    """A second one would be another visit."""
    found = pool(shop, "buy")

    assert _names(shop, found.first) == ["order"]
    assert _names(shop, found.later) == ["delivery", "support"]


def test_where_every_event_is_an_entry_nothing_follows():
    """A visit is one event then."""
    plan = Lifecycle(
        "all",
        stages=[Stage("buy"), "b"],
        transitions=[("buy", "buy")],
        touchpoints={"order": "buy", "gift": "buy"},
    )

    assert pool(plan, "buy").later is None
    assert _names(plan, pool(plan, "b").later) == [None]


def test_a_stage_of_shared_touchpoints_begins_with_those_it_has():
    """Then only the stage column tells."""
    plan = Lifecycle("shared", stages=["a", "b"], touchpoints={"call": ["a", "b"]})

    assert _names(plan, pool(plan, "a").first) == ["call"]


def test_weights_and_expectations_are_likelihoods():
    """What matters to the plan happens more, and what it doesn't expect happens less."""
    plan = Lifecycle(
        "weighed",
        stages=["a"],
        touchpoints=[
            Touchpoint("heavy", stages=("a",), weight=3.0),
            Touchpoint("plain", stages=("a",)),
            Touchpoint("strange", stages=("a",), expected=False),
            Touchpoint("never", stages=("a",), weight=0.0),
        ],
    )
    choice = pool(plan, "a").later

    assert choice.reached.tolist() == pytest.approx([3 / 4.2, 4 / 4.2, 1, 1])
    assert choice.pick(np.array([0.0, 0.72, 0.96, 1 - 1e-9])).tolist() == [0, 1, 2, 2]


def test_weights_of_nothing_are_all_equal():
    """A plan that weighs nothing says nothing."""
    plan = Lifecycle("zero", stages=["a"], touchpoints=[Touchpoint("x", stages=("a",), weight=0.0)])

    assert pool(plan, "a").first.reached.tolist() == [1.0]
