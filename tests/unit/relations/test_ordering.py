"""The order of a customer's events, and the stage of each: definitions page, Order and Stage of an event."""

from __future__ import annotations

import itertools

import pytest
from tests.logs import event_rows, observe_days, paths

import journeykit as jk


def test_events_are_ordered_by_time_whatever_the_order_of_the_rows():
    """An export has no order that anyone promised."""
    journey = observe_days({"ana": {2: "page_view", 0.5: "first_login", 1: "account_created"}})

    assert paths(journey) == {"ana": ["trial/first_login", "signup/account_created", "visit/page_view"]}


def test_events_of_one_instant_are_ordered_by_stage_then_touchpoint_then_name_nulls_last():
    """CRM exports hold dates: a day's events are tied, and two people must break the tie alike.

    The stage's code comes first, where only one is possible: visit before lapsed. Then the touchpoint's, in
    the order of the lifecycle: support_call before newsletter. Names it does not know follow by code point: A
    before a before Ø, in no locale's order. What has no touchpoint comes last.
    """
    what = ["Øst", "zz", "Aa", "newsletter", "support_call", {"stage": "nowhere"}, "cancelled", "page_view"]

    journey = observe_days({"ana": {0: what}})

    assert paths(journey) == {
        "ana": [
            "visit/page_view", "lapsed/cancelled", "trial/support_call", "visit/newsletter",
            "?/Aa", "?/zz", "?/Øst", "?/-",
        ]
    }  # fmt: skip


def test_a_sequence_orders_what_the_time_does_not_as_numbers_nulls_last():
    """A row number from the source knows more than the lifecycle; as text, 10 would come before 9."""
    tied = [
        {"touchpoint": "page_view", "sequence": 10},
        {"touchpoint": "page_view", "sequence": None},
        {"touchpoint": "account_created", "sequence": 9},
        {"touchpoint": "first_login", "sequence": 11},
    ]

    journey = observe_days({"ana": {0: tied, -1: {"touchpoint": "cancelled", "sequence": 99}}})

    assert paths(journey) == {
        "ana": [
            "lapsed/cancelled", "signup/account_created", "visit/page_view", "trial/first_login",
            "visit/page_view",
        ]
    }  # fmt: skip


def test_equal_rows_are_kept_and_counted():
    """Two equal rows may be two events: only an event id can tell that they are not."""
    journey = observe_days({"ana": {0: ["page_view", "page_view"]}, "ben": {0: "page_view"}})

    assert (journey.counts.events, paths(journey)["ana"]) == (3, ["visit/page_view", "visit/page_view"])


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_events_that_only_an_unknown_stage_tells_apart_have_an_order(order):
    """The order of rows may decide nothing, not even between a mapped and an unmapped event of one
    touchpoint.
    """
    tied = [
        {"touchpoint": "support_call", "stage": None},
        {"touchpoint": "support_call", "stage": "nowhere"},
        {"touchpoint": "support_call", "stage": None},
    ]

    journey = observe_days({"ana": {0: [tied[place] for place in order]}})

    assert paths(journey) == {"ana": ["?/support_call", "trial/support_call", "trial/support_call"]}


def test_the_stage_column_rules_where_it_is_not_null():
    """Who tells us the stage knows better than a touchpoint's usual place; an unknown stage is no stage."""
    history = {
        0: {"touchpoint": "page_view", "stage": "trial"},
        1: {"touchpoint": "page_view", "stage": "nowhere"},
        2: {"touchpoint": None, "stage": "paid"},
        3: {"touchpoint": "zz", "stage": "signup"},
        4: {"touchpoint": "page_view", "stage": None},
        5: {"touchpoint": "page_view", "stage": ""},
        6: {"touchpoint": "", "stage": "lapsed"},
    }

    journey = observe_days({"ana": history})

    assert paths(journey) == {
        "ana": [
            "trial/page_view", "?/page_view", "paid/-", "signup/zz", "visit/page_view", "visit/page_view",
            "lapsed/-",
        ]
    }  # fmt: skip


def test_a_shared_touchpoint_takes_the_stage_of_the_latest_earlier_event_that_is_sure():
    """support_call belongs to trial and paid.

    ana was last seen in one of them in paid; what she did in visit since then says nothing. ben was in trial
    later than in paid. cy's earlier events say nothing at all: the lowest-ranked. dee was there only
    afterwards.
    """
    journey = observe_days(
        {
            "ana": {0: "first_login", 1: "invoice_paid", 2: "page_view", 3: "support_call"},
            "ben": {0: "invoice_paid", 1: "first_login", 2: "support_call", 3: "support_call"},
            "cy": {0: "page_view", 1: "support_call"},
            "dee": {0: "support_call", 1: "invoice_paid"},
        }
    )

    assert {customer: path[-2:] for customer, path in paths(journey).items()} == {
        "ana": ["visit/page_view", "paid/support_call"],
        "ben": ["trial/support_call", "trial/support_call"],
        "cy": ["visit/page_view", "trial/support_call"],
        "dee": ["trial/support_call", "paid/invoice_paid"],
    }


SHARING = jk.Lifecycle(
    "sharing",
    stages=[
        jk.Stage("gone", kind="exit"),
        jk.Stage("worried", kind="risk"),
        jk.Stage("high", rank=9),
        jk.Stage("low", rank=3),
    ],
    touchpoints={
        "letter": ["worried", "high"],
        "notice": ["gone", "worried"],
        "visit": ["high", "low"],
        "demo": "high",
    },
)


def test_without_an_earlier_event_the_lowest_ranked_stage_is_taken_and_one_without_a_rank_last():
    """The rank decides, not the place in the file; risk and exit stages have none, and go by place."""
    journey = observe_days(
        {"ana": {0: "visit"}, "ben": {0: "letter"}, "cy": {0: "notice"}}, lifecycle=SHARING
    )

    assert paths(journey) == {"ana": ["low/visit"], "ben": ["high/letter"], "cy": ["gone/notice"]}


def test_a_stage_that_was_resolved_resolves_nothing_else():
    """Guesses that rest on guesses would drift: ana's letter is resolved to high, and says nothing of her
    visit.

    ben's demo is in high for sure, and does.
    """
    journey = observe_days(
        {"ana": {0: "letter", 1: "visit"}, "ben": {0: "demo", 1: "visit"}}, lifecycle=SHARING
    )

    assert paths(journey) == {"ana": ["high/letter", "low/visit"], "ben": ["high/demo", "high/visit"]}


def test_a_crms_own_names_mean_what_they_are_mapped_to():
    """Results speak the lifecycle's words; a name mapped to one stage of several is sure of it."""
    shared = SHARING.map(
        touchpoints={"Site visit": "visit", "VIP visit": "high/visit"}, stages={"Lost": "gone"}
    )
    history = {
        0: {"touchpoint": "Site visit"},
        1: {"touchpoint": "VIP visit"},
        2: {"touchpoint": "Site visit"},
        3: {"touchpoint": "visit", "stage": "Lost"},
    }

    journey = observe_days({"ana": history}, lifecycle=shared)

    assert paths(journey) == {"ana": ["low/visit", "high/visit", "high/visit", "gone/visit"]}


def test_events_after_as_of_are_as_if_they_had_not_happened():
    """What is known is known as of then: a later event neither follows an event nor resolves one."""
    histories = {"ana": {0: "page_view", 1: "account_created", 1.5: "first_login"}, "ben": {2: "page_view"}}

    journey = observe_days(histories, as_of=1)

    last = journey.steps.order_by("position").select("next_stage", "next_touchpoint", "next_time_us")
    assert (paths(journey), journey.scratch.rows_of(last)[-1]) == (
        {"ana": ["visit/page_view", "signup/account_created"]},
        {"next_stage": None, "next_touchpoint": None, "next_time_us": None},
    )


def test_each_step_knows_its_neighbours():
    """No question orders events again: what stands before and after is kept with each event."""
    journey = observe_days({"ana": {0: "page_view", 1: "zz", 3: "account_created"}, "ben": {2: "page_view"}})

    first = event_rows({"ana": {0: "page_view"}})[0]["timestamp"]
    steps = journey.steps.filter(journey.steps.next_time_us.notnull()).order_by("position")
    us = int(first.timestamp()) * 1_000_000
    a_day = 86_400_000_000
    names = (
        "position", "time_us", "stage", "touchpoint", "begins",
        "next_time_us", "next_stage", "next_touchpoint", "previous_touchpoint",
    )  # fmt: skip
    assert [tuple(row[name] for name in names) for row in journey.scratch.rows_of(steps)] == [
        (0, us, 0, 0, True, us + a_day, None, 8, None),
        (1, us + a_day, None, 8, False, us + 3 * a_day, 1, 1, 0),
    ]
