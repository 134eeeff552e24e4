"""Customers and company side by side: definitions page, Gaps."""

from __future__ import annotations

import pytest
from tests.logs import observe_days, picked, rounded

import journeykit as jk
from journeykit import Activity

SHOP = jk.Lifecycle(
    "shop",
    stages=["browse", "buy", "care"],
    touchpoints={"catalogue": "browse", "advice": "browse", "checkout": "buy", "survey": "care"},
)
CHAT = {"stage": "browse", "touchpoint": "chat"}
"""Something that customers do while they browse, and that nobody planned."""


@pytest.fixture(scope="module")
def shop():
    """Four customers browse, one of them chats, two buy; ana and ben hear from somebody, in no stage."""
    return observe_days(
        {
            "ana": {0: "catalogue", 1: CHAT, 2: "checkout", 3: "letter"},
            "ben": {0: "catalogue", 1: "catalogue", 2: "letter", 3: "letter", 4: "checkout"},
            "cy": {0: "catalogue", 1: {"stage": "browse"}},
            "dee": {0: "catalogue", 1: "call"},
        },
        lifecycle=SHOP,
    )


UNIT = ("stage", "touchpoint")
SIDES = (*UNIT, "expected", "customers", "reach", "importance_share")
COMPANY = (*UNIT, "effort", "effort_share", "match", "investment", "action", "rank")


def test_without_activities_it_tells_what_nobody_did_and_what_nobody_planned(shop):
    """All four saw the catalogue, one of them chatted: 1.25 in all, of which the catalogue is 0.8 and the
    chat 0.2.

    advice was expected, and nobody asked for it. Nobody came to care: of its survey nothing can be said. The
    catalogue was seen twice by ben, who is one customer, and an event without a touchpoint makes no row.
    """
    result = jk.gaps(shop)

    assert picked(result, *SIDES, "rank") == [
        ("browse", "catalogue", True, 4, 1.0, 0.8, 2),
        ("browse", "advice", True, 0, 0.0, 0.0, 4),
        ("browse", "chat", False, 1, 0.25, 0.2, 3),
        ("buy", "checkout", True, 2, 1.0, 1.0, 1),
        ("care", "survey", True, 0, None, None, 5),
    ]
    assert {(row.effort, row.effort_share, row.match, row.investment, row.action) for row in result} == {
        (None,) * 5
    }


def test_what_belongs_to_no_stage_and_stages_that_nobody_saw_are_listed(shop):
    """What the plan does not know is where the plan is wrong: most events first."""
    result = jk.gaps(shop)

    assert (picked(result.unmapped, "touchpoint", "events", "customers"), result.unseen) == (
        [("letter", 3, 2), ("call", 1, 1)], ("care",),
    )  # fmt: skip


def test_both_sides_of_a_small_shop(shop):
    """Worked out by hand.

    browse: catalogue and chat are met with 6 and 2 hours: 0.75 and 0.25 of the effort, for 0.8 and 0.2 of
    what customers do: 0.05 apart, which is even. Nobody is there for advice. The flyer takes 4 of 12 hours,
    and no customer uses it: the gap that weighs most. buy: what the checkout takes is not known. care: nobody
    came, so that nothing can be said of how important its survey is.
    """
    activities = [
        Activity("browse", "catalogue", effort=6, unit="hours"),
        Activity("browse", "chat", effort=2, unit="hours"),
        Activity("browse", "flyer", effort=4, unit="hours"),
        Activity("buy", "checkout"),
        Activity("care", "survey", effort=1, unit="calls"),
    ]

    result = jk.gaps(shop, activities=activities)

    assert picked(result, *COMPANY) == [
        ("browse", "catalogue", 6.0, 0.75, "matched", "even", "keep", 2),
        ("browse", "advice", None, None, "missing", None, "start", 3),
        ("browse", "chat", 2.0, 0.25, "matched", "even", "keep", 4),
        ("browse", "flyer", 4.0, None, "unmatched", None, "drop", 1),
        ("buy", "checkout", None, None, "matched", None, "keep", 5),
        ("care", "survey", 1.0, 1.0, "matched", None, None, 6),
    ]
    assert picked(result, *SIDES)[3] == ("browse", "flyer", False, 0, 0.0, None)


def test_match_score_and_presence_of_each_stage_and_of_all():
    """browse: two on both sides, of four on either, of three on the customers'; 0/0, in buy, is no score.

    So for all stages together: their touchpoints are added up, not their scores.
    """
    lifecycle = jk.Lifecycle(
        "bare", stages=["browse", "buy"], touchpoints={"catalogue": "browse", "advice": "browse"}
    )
    journey = observe_days({"ana": {0: "catalogue", 1: CHAT, 2: {"stage": "buy"}}}, lifecycle=lifecycle)
    activities = [Activity("browse", name) for name in ("catalogue", "chat", "flyer")]

    result = jk.gaps(journey, activities=activities)

    assert rounded(picked(result.stages, "stage", "match_score", "presence", "group")) == [
        ("browse", 0.5, 0.6667, None),
        ("buy", None, None, None),
        (None, 0.5, 0.6667, None),
    ]
    assert (result.match_score, round(result.presence, 4)) == (0.5, 0.6667)


def test_effort_and_importance_that_lie_apart_are_over_and_under_investment(shop):
    """One hour of four for what is 0.8 of browsing, three for the chat's 0.2: 0.55 apart, both ways."""
    activities = [Activity("browse", "catalogue", effort=1), Activity("browse", "chat", effort=3)]

    result = jk.gaps(shop, activities=activities)

    assert picked(result, "touchpoint", "effort_share", "investment", "action", "rank") == [
        ("catalogue", 0.25, "under_invested", "increase", 2),
        ("advice", None, None, "start", 4),
        ("chat", 0.75, "over_invested", "decrease", 3),
        ("checkout", None, None, "start", 1),
        ("survey", None, None, None, 5),
    ]


def test_a_gap_of_just_more_than_the_margin_counts(shop):
    """0.05 apart is even, 0.051 is not: 0.749 of the effort for 0.8 of what customers do."""
    activities = [Activity("browse", "catalogue", effort=749), Activity("browse", "chat", effort=251)]

    result = jk.gaps(shop, activities=activities)

    assert [row.investment for row in result if row.effort] == ["under_invested", "over_invested"]


def test_efforts_at_one_touchpoint_add_up_and_one_that_is_unknown_makes_the_sum_unknown(shop):
    """Half an effort looks like a small one: what isn't known is left out of both shares, not counted as 0.

    Of browsing, then, only the chat is left to compare: all of the effort, for all of what is done.
    """
    activities = [
        Activity("browse", "catalogue", effort=5),
        Activity("browse", "catalogue"),
        Activity("browse", "advice"),
        Activity("browse", "advice", effort=5),
        Activity("browse", "chat", effort=1),
        Activity("browse", "chat", effort=2),
        Activity("buy", "checkout", effort=0),
    ]

    result = jk.gaps(shop, activities=activities)

    assert picked([row for row in result if row.match == "matched"], *COMPANY[1:-1]) == [
        ("catalogue", None, None, "matched", None, "keep"),
        ("advice", None, None, "matched", None, "keep"),
        ("chat", 3.0, 1.0, "matched", "even", "keep"),
        ("checkout", 0.0, None, "matched", None, "keep"),
    ]


def test_a_touchpoint_expected_but_used_by_nobody_is_on_the_customers_side_with_importance_0(shop):
    """The plan counts as customers' side even where customers do not follow it: hours spent there are too
    many.
    """
    activities = [Activity("browse", "catalogue", effort=1), Activity("browse", "advice", effort=1)]

    result = jk.gaps(shop, activities=activities)

    assert picked(result[:2], "touchpoint", "importance_share", "match", "investment") == [
        ("catalogue", 0.8, "matched", "under_invested"), ("advice", 0.0, "matched", "over_invested"),
    ]  # fmt: skip


@pytest.mark.parametrize(("customers", "side"), [(100, ["catalogue", "chat"]), (101, ["catalogue"])])
def test_what_less_than_one_in_a_hundred_does_is_not_on_the_customers_side(customers, side):
    """One click of one customer is no habit: 1 % of the stage's customers it takes."""
    plan = jk.Lifecycle("plan", stages=["browse"], touchpoints={"catalogue": "browse"})
    histories = {f"c{number}": {0: "catalogue"} for number in range(customers - 1)} | {"ana": {0: CHAT}}
    journey = observe_days(histories, lifecycle=plan)

    told = [row.touchpoint for row in jk.gaps(journey)]
    chat = next(
        row for row in jk.gaps(journey, activities=[Activity("browse", "chat")]) if row.touchpoint == "chat"
    )

    assert (told, chat.match, chat.customers, chat.reach) == (
        side, "matched" if "chat" in side else "unmatched", 1, 1 / customers,
    )  # fmt: skip


def test_a_touchpoint_of_two_stages_is_two_units():
    """A call before and a call after the purchase are different matters: each has its own reach and its own
    row.
    """
    journey = observe_days(
        {
            "ana": {0: "first_login", 1: "support_call", 2: "invoice_paid", 3: "support_call"},
            "ben": {0: "first_login", 1: "invoice_paid"},
        }
    )

    calls = [
        row
        for row in jk.gaps(journey, activities=[Activity("paid", "support_call")])
        if row.touchpoint == "support_call"
    ]

    assert picked(calls, "stage", "customers", "reach", "match") == [
        ("trial", 1, 0.5, "missing"), ("paid", 1, 0.5, "matched"),
    ]  # fmt: skip


def test_what_a_mapping_added_is_expected_of_nobody():
    """Seen in the CRM, not planned: a row where somebody did it, none where nobody did."""
    plan = jk.Lifecycle("plan", stages=["browse"], touchpoints={"catalogue": "browse"})
    mapped = plan.map(touchpoints={"Chat": "browse/chat", "Fair": "browse/fair"})

    journey = observe_days({"ana": {0: "catalogue", 1: "Chat"}}, lifecycle=mapped)

    assert picked(jk.gaps(journey), "touchpoint", "expected", "customers") == [
        ("catalogue", True, 1),
        ("chat", False, 1),
    ]


def test_activities_are_looked_up_as_events_are(shop):
    """The company's list uses the CRM's names too; one that nobody knows keeps its own."""
    mapped = SHOP.map(touchpoints={"Catalog": "catalogue"}, stages={"Browsing": "browse"})
    journey = observe_days({"ana": {0: "Catalog"}}, lifecycle=mapped)
    activities = [
        Activity("Browsing", "Catalog", effort=1),
        Activity("browse", "catalogue", effort=2),
        Activity("buy", "fair"),
    ]

    result = jk.gaps(journey, activities=activities)

    assert picked(result, "stage", "touchpoint", "effort", "match") == [
        ("browse", "catalogue", 3.0, "matched"),
        ("browse", "advice", None, "missing"),
        ("buy", "checkout", None, "missing"),
        ("buy", "fair", None, "unmatched"),
        ("care", "survey", None, "missing"),
    ]


def test_an_activity_of_an_unknown_stage_is_an_error(shop):
    """A misspelt stage would show up as a company that does nothing."""
    with pytest.raises(jk.UnknownNameError) as caught:
        jk.gaps(shop, activities=[Activity("brwse", "catalogue")])

    assert str(caught.value) == (
        "no stage named 'brwse' in activities. Did you mean 'browse'? Known: browse, buy, care."
    )


@pytest.mark.parametrize(("unit", "named"), [("kroner", "'hours', 'kroner'"), (None, "'', 'hours'")])
def test_the_activities_of_one_stage_must_measure_effort_in_one_unit(shop, unit, named):
    """Hours and kroner do not add up; what has no effort needs no unit, and stages are not compared."""
    fine = [
        Activity("browse", "catalogue", effort=1, unit="hours"),
        Activity("browse", "advice", unit="calls"),
        Activity("buy", "checkout", effort=1, unit="kroner"),
    ]
    jk.gaps(shop, activities=fine)

    with pytest.raises(jk.EventLogError) as caught:
        jk.gaps(shop, activities=[*fine, Activity("browse", "chat", effort=1, unit=unit)])

    assert str(caught.value) == (
        f"activities of stage 'browse' measure effort in different units: {named}. Give them one"
    )


def test_a_company_that_does_nothing_misses_everything_and_its_gaps_rank_by_importance(shop):
    """No activities told is not the same as none done."""
    result = jk.gaps(shop, activities=[])

    assert picked(result, *UNIT, "match", "action", "rank") == [
        ("browse", "catalogue", "missing", "start", 2),
        ("browse", "advice", "missing", "start", 4),
        ("browse", "chat", "missing", "start", 3),
        ("buy", "checkout", "missing", "start", 1),
        ("care", "survey", "missing", None, 5),
    ]
    assert (result.match_score, result.presence) == (0.0, 0.0)


def test_each_row_says_in_a_sentence_what_it_means(shop):
    """The rows are read aloud in meetings: a sentence that names the place, and differs where the finding
    does.
    """
    activities = [
        Activity("browse", "catalogue", effort=1),
        Activity("browse", "chat", effort=3),
        Activity("browse", "flyer", effort=1),
        Activity("buy", "checkout"),
    ]

    rows = [*jk.gaps(shop, activities=activities), *jk.gaps(shop)]

    def place(row):
        return f"at {row.touchpoint!r} in {row.stage!r}"

    told = {
        (row.match, row.investment, bool(row.customers), row.expected): row.consequence.replace(
            place(row), "there"
        )
        for row in rows
    }
    assert all(place(row) in row.consequence and row.consequence.endswith(".") for row in rows)
    assert (len(told), len(set(told.values()))) == (8, 8)


def test_groups_have_rows_ranks_and_presences_of_their_own():
    """What one segment does all the time another never does; a stage that it never saw has no reach there."""
    plan = jk.Lifecycle(
        "plan", stages=["browse", "buy"], touchpoints={"catalogue": "browse", "checkout": "buy"}
    )
    histories = {
        "ana": {0: "catalogue", 1: CHAT},
        "ben": {0: "catalogue", 1: "checkout"},
        "cy": {0: "letter"},
    }
    customers = {"ana": {"tier": "a"}, "ben": {"tier": "b"}, "cy": {"tier": "c"}}
    journey = observe_days(histories, lifecycle=plan, customers=customers)

    result = jk.gaps(journey, activities=[Activity("buy", "checkout")], by="tier")

    assert picked(result, "group", *UNIT, "reach", "match", "rank") == [
        ("a", "browse", "catalogue", 1.0, "missing", 1),
        ("a", "browse", "chat", 1.0, "missing", 2),
        ("a", "buy", "checkout", None, "matched", 3),
        ("b", "browse", "catalogue", 1.0, "missing", 1),
        ("b", "buy", "checkout", 1.0, "matched", 2),
    ]
    assert picked(result.stages, "group", "stage", "match_score") == [
        ("a", "browse", 0.0), ("a", "buy", 1.0), ("a", None, 1 / 3),
        ("b", "browse", 0.0), ("b", "buy", 1.0), ("b", None, 0.5),
    ]  # fmt: skip
    assert (result.unseen, picked(result.unmapped, "touchpoint", "events"), result.match_score) == (
        (), [("letter", 1)], None,
    )  # fmt: skip


@pytest.mark.filterwarnings("ignore:no event belongs to a stage")
def test_without_anyone_in_a_stage_the_plan_is_all_there_is():
    """A lifecycle under the wrong names matches nothing: every row says so, and nothing divides by 0."""
    result = jk.gaps(observe_days({"ana": {0: "letter"}}, lifecycle=SHOP), activities=[])

    assert {(row.customers, row.reach, row.importance_share, row.action) for row in result} == {
        (0, None, None, None)
    }
    assert result.unseen == ("browse", "buy", "care")
