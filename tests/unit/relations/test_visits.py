"""Visits and their outcomes: definitions page, Visit and Outcome of a visit."""

from __future__ import annotations

from tests.logs import log_of, observe_days, outcomes, stays

import journeykit as jk


def test_a_visit_is_a_run_of_mapped_events_in_one_stage():
    """Neither an unknown event nor a silence that ended tears a stay apart; a loop is four visits."""
    journey = observe_days(
        {
            "ana": {0: "page_view", 1: "zz", 2: "page_view", 80: "page_view", 81: "account_created"},
            "ben": {0: "page_view", 1: "account_created", 2: "page_view", 3: "account_created"},
            "cy": {0: "zz", 1: "zz", 2: "page_view"},
            "dee": {0: "zz"},
        }
    )

    assert stays(journey) == {
        "ana": ["visit from 0", "signup from 81"],
        "ben": ["visit from 0", "signup from 1", "visit from 2", "signup from 3"],
        "cy": ["visit from 2"],
    }


def test_customers_with_events_but_no_visit_are_unplaced_and_counted():
    """Who is in no stage has left no stage: counted apart, never lost."""
    journey = observe_days(
        {"ana": {0: "page_view", 5: "zz"}, "ben": {0: "zz", 1: "zz"}, "cy": {9: "page_view"}}, as_of=4
    )

    assert journey.counts == jk.Counts(events=3, later=2, unmapped=2, customers=2, unplaced=1, visits=1)


def test_in_a_stage_that_repeats_a_later_entry_event_begins_a_new_visit():
    """A second invoice is a second purchase; a support call in between is none (paid names invoice_paid)."""
    journey = observe_days(
        {"ana": {0: "invoice_paid", 1: "support_call", 2: "invoice_paid", 3: "invoice_paid"}}
    )

    assert stays(journey) == {"ana": ["paid from 0", "paid from 2", "paid from 3"]}


def test_entry_events_at_one_instant_begin_one_visit():
    """One basket of three lines is one purchase, also where the nearest earlier entry event is of that
    instant.
    """
    journey = observe_days({"ana": {0: ["invoice_paid"] * 2, 1: ["invoice_paid"] * 3}})

    assert stays(journey) == {"ana": ["paid from 0", "paid from 1"]}


def test_the_first_entry_event_of_a_run_that_began_otherwise_continues_it():
    """The call came before the invoice of the same purchase; only a second invoice is another one."""
    call = {"touchpoint": "support_call", "stage": "paid"}

    journey = observe_days(
        {"ana": {0: call, 1: "invoice_paid", 2: call, 3: "invoice_paid"}, "ben": {0: call, 1: call}}
    )

    assert stays(journey) == {"ana": ["paid from 0", "paid from 3"], "ben": ["paid from 0"]}


def test_unmapped_events_within_a_run_change_nothing_about_its_entry_events():
    """A newsletter opened between two purchases makes no third, and hides none."""
    journey = observe_days(
        {"ana": {0: "invoice_paid", 1: "zz", 2: "invoice_paid", 3: ["zz", "invoice_paid"]}}
    )

    assert stays(journey) == {"ana": ["paid from 0", "paid from 2", "paid from 3"]}


def test_each_run_has_entry_events_of_its_own():
    """Who came back from elsewhere has moved, not repeated: entry events before that count for nothing."""
    journey = observe_days({"ana": {0: "invoice_paid", 1: "page_view", 2: "support_call", 3: "invoice_paid"}})

    assert stays(journey) == {"ana": ["paid from 0", "visit from 1", "paid from 2"]}


def test_a_stage_that_names_entry_touchpoints_repeats_by_those_alone():
    """An event that has the stage from the stage column and no touchpoint is no invoice."""
    bare = {"stage": "paid"}

    journey = observe_days({"ana": {0: bare, 1: bare, 2: "invoice_paid", 3: bare}})

    assert stays(journey) == {"ana": ["paid from 0"]}


def test_a_stage_that_names_none_repeats_by_every_event():
    """By default every event of the stage is an entry event, with or without a touchpoint, planned or not."""
    shop = jk.Lifecycle(
        "shop", stages=["look", "order"], transitions=[("order", "order")], touchpoints={"buy": "order"}
    )
    history = {
        0: {"stage": "look"}, 0.5: {"stage": "look"},
        1: "buy", 2: {"stage": "order"}, 3: {"stage": "order", "touchpoint": "zz"},
    }  # fmt: skip

    journey = observe_days({"ana": history}, lifecycle=shop)

    assert stays(journey) == {"ana": ["look from 0", "order from 1", "order from 2", "order from 3"]}


def test_every_outcome_and_its_day():
    """Seen on day 30, with patience for 10 days. The clock runs in whole days from the visit's first event.

    ana moved after 1.5 days, left after 2.5 more, and is gone: known for 25.9 days. ben has reached the goal,
    and his silence since is no loss. cy was silent for exactly 10 days on day 30, and dropped 11 days after
    she began. dee has been silent for less. eve was heard of, though nobody knows what she did.
    """
    journey = observe_days(
        {
            "ana": {0.1: "page_view", 1.6: "first_login", 4.1: "cancelled"},
            "ben": {1: "invoice_paid"},
            "cy": {19: "page_view", 20: "page_view"},
            "dee": {20.01: "page_view"},
            "eve": {0: "page_view", 20.5: "zz"},
        },
        as_of=30,
    )

    assert outcomes(journey) == {
        "ana": ["visit moved 1", "trial exited 2", "lapsed departed 25"],
        "ben": ["paid achieved 29"],
        "cy": ["visit dropped 11"],
        "dee": ["visit open 9"],
        "eve": ["visit open 30"],
    }


def test_a_drop_is_dated_after_the_last_sign_of_life_mapped_or_not():
    """Silence is counted from when the customer was last heard of, not from the last event that we
    understand.
    """
    journey = observe_days({"ana": {0: "page_view", 3: "zz"}, "ben": {40: "page_view"}}, idle=5)

    assert outcomes(journey)["ana"] == ["visit dropped 8"]


LEAVING = jk.Lifecycle(
    "leaving",
    stages=[
        "use",
        jk.Stage("praise", kind="goal"),
        jk.Stage("doubt", kind="risk"),
        jk.Stage("paused", kind="exit"),
        jk.Stage("left", kind="exit"),
    ],
    touchpoints={
        "log_in": "use",
        "review": "praise",
        "complaint": "doubt",
        "pause": "paused",
        "cancel": "left",
    },
)


def test_a_move_between_exits_and_a_return_are_moves_and_each_exit_from_elsewhere_is_an_exit():
    """Whoever is out already can't be lost again: from paused to left nobody is lost. Goals and risks can be
    left.
    """
    journey = observe_days(
        {
            "ana": {0: "log_in", 1: "pause", 2: "cancel", 3: "log_in"},
            "ben": {0: "review", 1: "cancel"},
            "cy": {0: "complaint", 1: "pause"},
            "dee": {0: "review", 1: "log_in"},
        },
        lifecycle=LEAVING,
        as_of=20,
        idle=15,
    )

    assert outcomes(journey) == {
        "ana": ["use exited 1", "paused moved 1", "left moved 1", "use dropped 15"],
        "ben": ["praise exited 1", "left departed 19"],
        "cy": ["doubt exited 1", "paused departed 19"],
        "dee": ["praise moved 1", "use dropped 15"],
    }


def test_who_ends_at_or_above_their_own_target_has_achieved():
    """An account that was to reach trial, and did, is no loss, however silent. Ranks decide what is above.

    ben's target is paid: trial is below it. cy has passed hers. dee has a target but left: an exit has no
    rank. eve is in the goal, which is success whatever the target. Those without a target, or told nothing
    of, drop.
    """
    customers = {
        "ana": {"target_stage": "trial"},
        "ben": {"target_stage": "paid"},
        "cy": {"target_stage": "visit"},
        "dee": {"target_stage": "visit"},
        "eve": {"target_stage": "trial"},
        "fay": {"target_stage": None},
        "gus": {"target_stage": ""},
    }
    histories = {name: {0: "first_login"} for name in ("ana", "ben", "fay", "gus", "hal")}
    histories |= {"cy": {0: "account_created"}, "dee": {0: "cancelled"}, "eve": {0: "invoice_paid"}}

    journey = observe_days(histories, as_of=30, customers=customers)

    assert {customer: last[-1].split()[1] for customer, last in outcomes(journey).items()} == {
        "ana": "achieved", "ben": "dropped", "cy": "achieved", "dee": "departed", "eve": "achieved",
        "fay": "dropped", "gus": "dropped", "hal": "dropped",
    }  # fmt: skip


def test_the_newest_event_of_all_is_the_default_date_of_observation():
    """An unmapped event is a sign of life for as_of, too: the log reaches until then."""
    journey = observe_days({"ana": {0: "page_view"}, "ben": {12: "zz"}})

    assert outcomes(journey) == {"ana": ["visit dropped 10"]}


def test_the_lifecycles_own_patience_holds_unless_the_caller_says_otherwise():
    """Whoever knows the business wrote its patience into the plan."""
    log = log_of({"ana": {0: "page_view"}, "ben": {12: "page_view"}})
    stages, touchpoints = ["visit"], {"page_view": "visit"}
    quick = jk.Lifecycle("quick", stages=stages, touchpoints=touchpoints, idle="12 days")
    usual = jk.Lifecycle("usual", stages=stages, touchpoints=touchpoints)

    told = [jk.observe(log, quick), jk.observe(log, usual), jk.observe(log, usual, idle="11 days 12 hours")]

    assert [(journey.idle_days, outcomes(journey)["ana"]) for journey in told] == [
        (12.0, ["visit dropped 12"]),
        (30.0, ["visit open 12"]),
        (11.5, ["visit dropped 11"]),
    ]
