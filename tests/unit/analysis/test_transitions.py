"""Moves between stages: definitions page, Kind of a transition, Shares, Dates and durations."""

from __future__ import annotations

import pytest
from tests.logs import observe_days, picked, rounded

import journeykit as jk


def test_every_number_of_a_small_log():
    """Three customers visit; ana and ben sign up after 1 and 2.5 days, ben and cy drop.

    ana came back to visit after 4 days, so that visit saw four stays, 2 of which moved on; of two in signup
    one did, to visit. Nobody took a trial, though two might have: a share of 0. Nothing is known of stages
    that nobody visited.
    """
    journey = observe_days(
        {
            "ana": {0: "page_view", 1: "account_created", 5: "page_view"},
            "ben": {0: "page_view", 2.5: "account_created"},
            "cy": {0: "page_view"},
        },
        as_of=30,
    )

    result = jk.transitions(journey)

    names = (
        "source", "target", "kind", "declared", "moves", "customers", "share", "median_days", "p90_days",
        "group",
    )  # fmt: skip
    assert rounded(picked(result, *names)) == [
        ("visit", "signup", "advance", True, 2, 2, 0.5, 1.75, 2.35, None),
        ("signup", "visit", "regress", False, 1, 1, 0.5, 4.0, 4.0, None),
        ("signup", "trial", "advance", True, 0, 0, 0.0, None, None, None),
        ("trial", "paid", "advance", True, 0, 0, None, None, None, None),
        ("paid", "paid", "repeat", True, 0, 0, None, None, None, None),
        ("at_risk", "trial", "recover", True, 0, 0, None, None, None, None),
        ("lapsed", "trial", "re_entry", True, 0, 0, None, None, None, None),
    ]


def test_shares_have_intervals_clustered_by_customer():
    """ana's three moves are the word of one: 3 of 4 moved, an effective size of 8/3."""
    journey = observe_days(
        {
            "ana": {when: ("page_view", "account_created")[when % 2] for when in range(6)},
            "ben": {0: "page_view"},
        },
        as_of=30,
    )

    moves = [row for row in jk.transitions(journey) if row.source == "visit"]

    names = ("target", "moves", "customers", "share", "share_low", "share_high")
    assert rounded(picked(moves, *names)) == [("signup", 3, 1, 0.75, 0.2385, 0.9664)]


def test_a_share_of_0_is_as_sure_as_there_are_customers():
    """Of two customers in signup nobody took the trial: Wilson's interval of 0 in 2 reaches 66 %."""
    journey = observe_days({name: {0: "account_created"} for name in ("ana", "ben")}, as_of=30)

    never = [row for row in jk.transitions(journey) if row.source == "signup"]

    assert rounded(picked(never, "target", "share", "share_low", "share_high")) == [
        ("trial", 0.0, 0.0, 0.6576)
    ]


def test_each_kind_of_move():
    """Skips, regressions and win-backs are facts to be read, each under its own name."""
    journey = observe_days(
        {
            "advance, repeat": {0: "first_login", 1: "invoice_paid", 2: "invoice_paid"},
            "skip, regress": {0: "page_view", 1: "first_login", 2: "page_view"},
            "at_risk, recover": {0: "first_login", 1: "complaint", 2: "first_login"},
            "exit, re_entry": {0: "account_created", 1: "cancelled", 2: "account_created"},
        }
    )

    taken = [row for row in jk.transitions(journey) if row.moves]

    assert picked(taken, "source", "target", "kind", "declared") == [
        ("visit", "trial", "skip", False),
        ("signup", "lapsed", "exit", True),
        ("trial", "visit", "regress", False),
        ("trial", "paid", "advance", True),
        ("trial", "at_risk", "at_risk", True),
        ("paid", "paid", "repeat", True),
        ("at_risk", "trial", "recover", True),
        ("lapsed", "signup", "re_entry", False),
    ]


RISKS = jk.Lifecycle(
    "risks",
    stages=[
        jk.Stage("small", rank=1),
        jk.Stage("large", rank=1),
        jk.Stage("late", kind="risk"),
        jk.Stage("angry", kind="risk"),
        jk.Stage("out", kind="exit"),
    ],
    transitions=[("small", "late"), ("small", "out")],
)


def test_moves_sideways_are_lateral_and_risk_and_exit_stages_are_never_listed_as_never_taken():
    """Equal ranks are branches, and one risk for another is neither better nor worse. Nobody need be lost."""
    histories = {
        "ana": {0: {"stage": "large"}, 1: {"stage": "small"}},
        "ben": {0: {"stage": "late"}, 1: {"stage": "angry"}},
    }

    result = jk.transitions(observe_days(histories, lifecycle=RISKS))

    assert picked(result, "source", "target", "kind", "declared", "moves") == [
        ("large", "small", "lateral", False, 1),
        ("late", "angry", "lateral", True, 1),
    ]


def test_open_visits_are_censored_so_that_the_slow_are_not_mistaken_for_the_lost():
    """Ten came on day 0: four signed up on day 2, one on day 6, five are there still on day 9.

    On day 2, 4 of 10 moved; on day 6 only six are at risk, too few to read: 0.4, and 0.6 undetermined.
    Leaving the open ones out would say that everybody moves.
    """
    histories = {f"quick {number}": {0: "page_view", 2: "account_created"} for number in range(4)}
    histories |= {f"open {number}": {0: "page_view", 8: "page_view"} for number in range(5)}
    histories |= {"slow": {0: "page_view", 6: "account_created"}}

    first = jk.transitions(observe_days(histories, as_of=9))[0]

    assert rounded(picked([first], "source", "target", "moves", "share", "share_low", "share_high")) == [
        ("visit", "signup", 5, 0.4, 0.1682, 0.6873)
    ]


def test_days_run_from_the_first_event_of_a_visit_to_the_first_of_the_next():
    """Time in a stage is from coming to leaving, not from the last thing done there; exact to the
    microsecond.
    """
    histories = {"ana": {0: "page_view", 3: "page_view", 3 + 1 / 86_400: "account_created"}}

    first = jk.transitions(observe_days(histories))[0]

    assert (first.median_days, first.p90_days) == (3 + 1 / 86_400, 3 + 1 / 86_400)


def test_quantiles_are_linearly_interpolated():
    """Of 1, 2, 4 and 10 days: half way from 2 to 4; and 0.7 of the way from 4 to 10."""
    histories = {f"after {days}": {0: "page_view", days: "account_created"} for days in (10, 1, 4, 2)}

    first = jk.transitions(observe_days(histories))[0]

    assert (first.median_days, first.p90_days) == (3.0, pytest.approx(8.2))


def test_a_move_is_counted_for_a_visit_and_its_customers_once():
    """Moves count visits, customers people: a looping customer is not a crowd."""
    journey = observe_days({"ana": {when: ("page_view", "account_created")[when % 2] for when in range(5)}})

    assert picked(jk.transitions(journey)[:2], "source", "target", "moves", "customers") == [
        ("visit", "signup", 2, 1), ("signup", "visit", 2, 1),
    ]  # fmt: skip


def test_each_group_has_its_moves_and_what_it_never_took():
    """What one segment never did another may do daily; the total is not asked."""
    two = jk.Lifecycle(
        "two",
        stages=["look", "buy"],
        transitions=[("look", "buy")],
        touchpoints={"see": "look", "pay": "buy"},
    )
    histories = {"ana": {0: "see", 1: "pay"}, "ben": {0: "see"}, "cy": {0: "see", 1: "pay"}, "dee": {0: "zz"}}
    customers = {"ana": {"tier": "a"}, "ben": {"tier": "b"}, "dee": {"tier": "c"}}

    result = jk.transitions(observe_days(histories, lifecycle=two, customers=customers), by="tier")

    assert picked(result, "group", "source", "target", "moves", "share") == [
        ("a", "look", "buy", 1, 1.0),
        ("b", "look", "buy", 0, None),
        (None, "look", "buy", 1, 1.0),
    ]
