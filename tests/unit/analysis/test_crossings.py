"""Which stage is the bridge, and who may be asked about it: definitions page, Carry-over."""

from __future__ import annotations

import re

import pytest
from tests.logs import observe_days

import journeykit as jk

BUY = jk.Lifecycle(
    "buy",
    stages=["hear", "weigh", "bought"],
    touchpoints={"ad": "hear", "demo": "weigh", "order": "bought"},
    bridges=[jk.Bridge("use", stage="bought")],
)
WAY_OUT = "declare one, or name the stage that leads there with bridge=, one of hear, bought"
USE = jk.Lifecycle("use", stages=["new"], touchpoints={"order": "new"})


def both(*, buy=BUY, use=USE):
    """Observe two buyers, of whom one saw a demo, as buyers and as users."""
    journey = observe_days({"ana": {0: "order"}, "ben": {0: "demo", 1: "order"}}, lifecycle=buy)
    return journey, jk.observe(journey.log, use, as_of=journey.as_of)


def test_the_bridge_is_the_one_that_the_plan_declares():
    """Whoever wrote the plan knows where the buyer becomes a user."""
    found = jk.carry_over(*both())

    assert (found.bridge, found.crossings[0].crossed) == ("bought", 2)


def test_the_bridge_may_be_named():
    """Another look at the same path: what does a demo promise?"""
    found = jk.carry_over(*both(), bridge="weigh")

    assert (found.bridge, found.crossings[0].crossed) == ("weigh", 1)


def test_a_bridge_to_a_lifecycle_leads_to_its_variants_too():
    """The plan that ships says where it leads; your variant of the next one is where it leads to."""
    variant = jk.Lifecycle("our-use", variant_of="use", stages=["new"], touchpoints={"order": "new"})

    assert jk.carry_over(*both(use=variant)).bridge == "bought"


def test_several_bridges_over_one_stage_are_one():
    """A plan may name both a lifecycle and its variant; the crossing is the same."""
    buy = jk.Lifecycle(
        "buy",
        stages=["bought"],
        touchpoints={"order": "bought"},
        bridges=[jk.Bridge(plan, stage="bought") for plan in ("use", "our-use")],
    )
    variant = jk.Lifecycle("our-use", variant_of="use", stages=["new"], touchpoints={"order": "new"})

    assert jk.carry_over(*both(buy=buy, use=variant)).bridge == "bought"


@pytest.mark.parametrize(
    ("bridges", "problem"),
    [
        ([], "none leads to 'use' (there are: none): " + WAY_OUT),
        ([("shop", "hear")], "none leads to 'use' (there are: 'hear' to 'shop'): " + WAY_OUT),
        (
            [("use", "bought"), ("use", "hear")],
            "'bought', 'hear' all lead to 'use': say which one, such as bridge='bought'",
        ),
    ],
    ids=["none", "elsewhere", "two"],
)
def test_without_one_bridge_the_error_names_those_there_are_and_the_way_out(bridges, problem):
    """To guess a stage would answer a question that nobody asked."""
    buy = jk.Lifecycle(
        "buy",
        stages=["hear", "bought"],
        touchpoints={"order": "bought"},
        bridges=[jk.Bridge(lifecycle, stage=stage) for lifecycle, stage in bridges],
    )

    with pytest.raises(jk.LifecycleError) as caught:
        jk.carry_over(*both(buy=buy))

    assert str(caught.value) == f"lifecycle 'buy' has 1 problem:\n  bridges: {problem}"


def test_a_bridge_that_is_no_stage_is_refused_with_the_nearest():
    """A typing error must not look like a bridge that nobody crossed."""
    told = "no stage named 'bougth' in lifecycle 'buy'. Did you mean 'bought'?"
    with pytest.raises(jk.UnknownNameError, match=re.escape(told)):
        jk.carry_over(*both(), bridge="bougth")


def test_journeys_that_are_not_linked_are_refused():
    """As for `overlap`: one log, one date."""
    one, two = (observe_days({"ana": {0: "order"}}, lifecycle=plan) for plan in (BUY, USE))

    with pytest.raises(jk.EventLogError, match=r"^carry_over: the journeys 'buy' .* are not of one log"):
        jk.carry_over(one, two)
