"""The gap analysis on paper, as S1 does it: definitions page, Gaps."""

from __future__ import annotations

import pytest
from tests.logs import picked

import journeykit as jk
from journeykit import Activity, Touchpoint

PLAN = jk.Lifecycle(
    "plan",
    stages=["browse", "buy"],
    touchpoints=[
        Touchpoint("catalogue", stages="browse"),
        Touchpoint("advice", stages="browse"),
        Touchpoint("fair", stages="browse", expected=False),
        Touchpoint("checkout", stages="buy"),
    ],
)
ROW = (
    "stage",
    "touchpoint",
    "expected",
    "importance_share",
    "effort",
    "effort_share",
    "match",
    "investment",
    "action",
    "rank",
)


def test_on_paper_every_expected_touchpoint_weighs_the_same():
    """Worked out by hand, without one event.

    browse: catalogue and advice, half of the importance each, for 1 and 3 of the 4 hours that meet a
    customer: 0.25 too little and too much. The fair is nobody's plan, and takes 4 of all 8 hours: 0.5, behind
    the checkout, which is all of buy, and which nobody attends to.
    """
    activities = [
        Activity("browse", "catalogue", effort=1),
        Activity("browse", "advice", effort=3),
        Activity("browse", "fair", effort=4),
    ]

    result = jk.plan_gaps(PLAN, activities=activities)

    assert picked(result, *ROW) == [
        ("browse", "catalogue", True, 0.5, 1.0, 0.25, "matched", "under_invested", "increase", 3),
        ("browse", "advice", True, 0.5, 3.0, 0.75, "matched", "over_invested", "decrease", 4),
        ("browse", "fair", False, None, 4.0, None, "unmatched", None, "drop", 2),
        ("buy", "checkout", True, 1.0, None, None, "missing", None, "start", 1),
    ]
    assert {(row.customers, row.reach, row.group) for row in result} == {(None, None, None)}
    assert picked(result.stages, "stage", "match_score", "presence") == [
        ("browse", 2 / 3, 1.0), ("buy", 0.0, 0.0), (None, 0.5, 2 / 3),
    ]  # fmt: skip


def test_a_plan_that_weighs_its_touchpoints_is_believed():
    """Three to one, where the other is not weighed: 0.75 of importance for 0.7 of effort is even."""
    weighed = jk.Lifecycle(
        "weighed",
        stages=["browse"],
        touchpoints=[
            Touchpoint("catalogue", stages="browse", weight=3),
            Touchpoint("advice", stages="browse"),
        ],
    )
    activities = [Activity("browse", "catalogue", effort=7), Activity("browse", "advice", effort=3)]

    result = jk.plan_gaps(weighed, activities=activities)

    assert picked(result, "touchpoint", "importance_share", "effort_share", "investment") == [
        ("catalogue", 0.75, 0.7, "even"), ("advice", 0.25, 0.3, "even"),
    ]  # fmt: skip


def test_weights_that_add_up_to_nothing_are_no_shares():
    """0/0 is not known, and an investment can't be held against it."""
    idle = jk.Lifecycle(
        "idle", stages=["browse"], touchpoints=[Touchpoint("advice", stages="browse", weight=0)]
    )

    result = jk.plan_gaps(idle, activities=[Activity("browse", "advice", effort=1)])

    assert picked(result, "importance_share", "effort_share", "investment", "action") == [
        (None, 1.0, None, "keep")
    ]


def test_the_same_rules_of_naming_hold_as_for_events():
    """A misspelt stage and a mix of units are errors here, too."""
    with pytest.raises(jk.UnknownNameError) as unknown:
        jk.plan_gaps(PLAN, activities=[Activity("by", "checkout")])
    with pytest.raises(jk.EventLogError) as mixed:
        jk.plan_gaps(PLAN, activities=[Activity("buy", name, effort=1, unit=name) for name in ("a", "b")])

    assert (unknown.value.nearest, str(mixed.value)) == (
        "buy", "activities of stage 'buy' measure effort in different units: 'a', 'b'. Give them one",
    )  # fmt: skip


def test_the_definition_says_that_no_events_were_counted():
    """A plan's answer must not be taken for an observation."""
    told = jk.plan_gaps(PLAN, activities=[]).definition

    assert (told.question, told.lifecycle, told.as_of, told.idle_days) == ("plan_gaps", "plan", None, None)
