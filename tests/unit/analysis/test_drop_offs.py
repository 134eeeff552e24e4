"""Where customers are lost: definitions page, Outcome of a visit, Shares, Not taken."""

from __future__ import annotations

import pytest
from tests.logs import observe_days, picked, rounded

import journeykit as jk

OUTCOMES = ("moved", "exited", "achieved", "departed", "dropped", "open")


def test_an_active_customer_has_not_dropped_off():
    """Silence shorter than *idle* is patience, not churn."""
    journey = observe_days({"ana": {1: "page_view"}, "ben": {29: "page_view"}}, idle=30)

    assert picked(jk.drop_offs(journey), "stage", "visits", "dropped", "open") == [("visit", 2, 0, 2)]


def test_every_number_of_a_small_log():
    """Seen on day 30 with patience for 10 days; nobody is open.

    visit: ana, cy and dee moved, ben dropped: 1 of 4 lost. ben and dee never went on to signup, which comes
    next. dee reached the goal. signup: ana moved, cy dropped. trial: ana's exit, of one visit; she never went
    on to paid, nor from lapsed back to trial. Whether the visits to paid and lapsed will end nobody knows
    yet: too few to tell. The intervals are Wilson's of 1 in 4, 1 in 2 and 1 in 1.
    """
    journey = observe_days(
        {
            "ana": {0: "page_view", 2: "account_created", 4: "first_login", 6: "cancelled"},
            "ben": {0: "page_view"},
            "cy": {1: "page_view", 3: "account_created"},
            "dee": {0: "page_view", 5: "invoice_paid"},
        },
        as_of=30,
    )

    result = jk.drop_offs(journey)

    names = (
        "stage", "customers", "visits", *OUTCOMES, "lost", "share_lost", "share_low", "share_high",
        "undetermined", "not_taken", "reached_goal", "returned_after_idle", "group",
    )  # fmt: skip
    assert rounded(picked(result, *names)) == [
        ("trial", 1, 1, 0, 1, 0, 0, 0, 0, 1, 1.0, 0.2065, 1.0, 0.0, 1, 0, 0, None),
        ("signup", 2, 2, 1, 0, 0, 0, 1, 0, 1, 0.5, 0.0945, 0.9055, 0.0, 1, 0, 0, None),
        ("visit", 4, 4, 3, 0, 0, 0, 1, 0, 1, 0.25, 0.0456, 0.6994, 0.0, 2, 1, 0, None),
        ("paid", 1, 1, 0, 0, 1, 0, 0, 0, 0, None, None, None, 1.0, None, 1, 0, None),
        ("lapsed", 1, 1, 0, 0, 0, 1, 0, 0, 0, None, None, None, 1.0, 1, 0, 0, None),
    ]


def test_the_definition_says_what_was_counted():
    """A number that nobody can count again is a rumour."""
    journey = observe_days({"ana": {0: {"touchpoint": "page_view", "channel": "web"}}}, as_of=30)

    told = jk.drop_offs(journey, by="channel").definition

    assert (told.question, told.lifecycle, told.as_of, told.idle_days, told.by) == (
        "drop_offs", "trial", "2024-01-31T00:00:00+00:00", 10.0, "channel",
    )  # fmt: skip


def test_counts_conserve_when_customers_loop_leave_and_return():
    """Every visit ends in one way, and every visit but a customer's first is somebody's move."""
    journey = observe_days(
        {
            "ana": {0: "page_view", 1: "account_created", 2: "page_view", 3: "account_created"},
            "ben": {0: "first_login", 1: "cancelled", 2: "first_login", 3: "complaint", 4: "cancelled"},
            "cy": {0: "invoice_paid", 1: "invoice_paid", 2: "page_view", 20: "page_view"},
            "dee": {0: "cancelled", 15: "zz"},
        },
        as_of=20,
    )

    rows = jk.drop_offs(journey)

    moves_in = {row.stage: 0 for row in rows}
    for move in jk.transitions(journey):
        moves_in[move.target] = moves_in.get(move.target, 0) + move.moves
    started = {"visit": 1, "trial": 1, "paid": 1, "lapsed": 1}
    found = {row.stage: (row.visits, sum(getattr(row, name) for name in OUTCOMES), row.lost) for row in rows}
    assert found == {
        "visit": (3, 3, 0), "signup": (2, 2, 1), "trial": (2, 2, 1), "paid": (2, 2, 0), "at_risk": (1, 1, 1),
        "lapsed": (3, 3, 0),
    }  # fmt: skip
    assert {stage: moves_in[stage] + started.get(stage, 0) for stage in found} == {
        stage: visits for stage, (visits, _, _) in found.items()
    }


def test_customers_are_people_and_visits_are_visits():
    """A customer who loops is one customer: counting visits for people hides how few there are."""
    journey = observe_days({"ana": {when: ("page_view", "account_created")[when % 2] for when in range(6)}})

    assert sorted(picked(jk.drop_offs(journey), "stage", "customers", "visits", "moved", "open")) == [
        ("signup", 1, 3, 2, 1), ("visit", 1, 3, 3, 0),
    ]  # fmt: skip


def test_open_visits_wait_in_the_share_until_ten_are_at_risk():
    """Ten customers came on day 0. Seen on day 12, the five of them who never came back have dropped on day
    10.

    The other five, who were there again on day 3, are open: at risk with the others on day 10, when those
    drop. Of ten, five: no open one is taken for kept, nor for lost.
    """
    silent = {f"silent {number}": {0: "page_view"} for number in range(5)}
    active = {f"active {number}": {0: "page_view", 3: "page_view"} for number in range(5)}

    ten = jk.drop_offs(observe_days(silent | active, as_of=12))
    nine = jk.drop_offs(observe_days(silent | dict(list(active.items())[1:]), as_of=12))

    names = ("dropped", "open", "share_lost", "share_low", "share_high", "undetermined")
    assert (rounded(picked(ten, *names)), picked(nine, *names)) == (
        [(5, 5, 0.5, 0.2366, 0.7634, 0.5)],
        [(5, 4, None, None, None, 1.0)],
    )


def test_a_drop_within_the_last_day_is_no_sooner_known_than_open_visits_are_censored():
    """The clock's days are whole ones: a drop after 10.4 days and an open visit of 10.5 fall on one day, drop
    first.
    """
    lost = {f"lost {number}": {0: "page_view"} for number in range(9)}

    journey = observe_days({**lost, "open": {-0.1: "page_view", 0.4: "zz"}}, as_of=10.1)

    assert rounded(picked(jk.drop_offs(journey), "dropped", "open", "share_lost", "undetermined")) == [
        (9, 1, 0.9, 0.1)
    ]


def test_stages_are_sorted_by_what_they_lose_then_by_place():
    """The worst comes first; where a share is unknown it can't be said to be the worst."""
    journey = observe_days(
        {
            "ana": {0: "account_created"},
            "ben": {0: "page_view"},
            "cy": {0: "first_login", 1: "page_view"},
            "dee": {0: "invoice_paid"},
            "eve": {0: "cancelled"},
        },
        as_of=30,
    )

    assert picked(jk.drop_offs(journey), "stage", "share_lost") == [
        ("visit", 1.0), ("signup", 1.0), ("trial", 0.0), ("paid", None), ("lapsed", None),
    ]  # fmt: skip


def test_reached_goal_counts_customers_who_ever_did():
    """Before or after, once or often, still or no longer: of the stage's customers, those who ever got there
    by as_of.

    ana was in the goal and left it. cy's own target is signup, which she reached; ben's, of the same stages,
    is not. dee paid after as_of.
    """
    journey = observe_days(
        {
            "ana": {0: "invoice_paid", 1: "page_view", 2: "invoice_paid", 3: "page_view"},
            "ben": {0: "page_view", 1: "account_created"},
            "cy": {0: "page_view", 1: "account_created"},
            "dee": {0: "page_view", 9: "invoice_paid"},
        },
        as_of=8,
        customers={"cy": {"target_stage": "signup"}},
    )

    assert sorted(picked(jk.drop_offs(journey), "stage", "customers", "reached_goal")) == [
        ("paid", 1, 1), ("signup", 2, 1), ("visit", 4, 2),
    ]  # fmt: skip


def test_returned_after_idle_counts_visits_in_which_a_silence_ended():
    """Had we looked within the silence, the visit would have counted as dropped: how far may shares be
    trusted?

    ana was silent twice in one visit: once counted. ben's silence began in visit, though he came back to
    signup. cy's lay before her first visit. dee's began with an event that nobody knows, while she was in
    signup. eve's lasted a moment less than 10 days.
    """
    journey = observe_days(
        {
            "ana": {0: "page_view", 10: "page_view", 20: "page_view"},
            "ben": {0: "page_view", 15: "account_created"},
            "cy": {0: "zz", 15: "page_view"},
            "dee": {0: "page_view", 1: "account_created", 2: "zz", 15: "zz", 16: "account_created"},
            "eve": {0: "page_view", 9.99999: "page_view"},
        },
        as_of=20,
    )

    assert sorted(picked(jk.drop_offs(journey), "stage", "visits", "returned_after_idle")) == [
        ("signup", 2, 1), ("visit", 5, 2),
    ]  # fmt: skip


def test_not_taken_counts_customers_who_are_done_and_never_took_the_next_step():
    """The other thing people mean by drop-off: signup comes after visit, and they did not take it.

    ana moved on elsewhere. ben dropped. cy took it the first time, and not the second. dee is still open. eve
    went on from signup back to visit: her last visit there is dropped, and she never came from visit to
    signup directly. fay is at her target. hal came back from a complaint, and is open in
    visit now. From paid, the highest, there is no next stage.
    """
    journey = observe_days(
        {
            "ana": {0: "page_view", 1: "first_login", 2: "account_created"},
            "ben": {0: "page_view"},
            "cy": {0: "page_view", 1: "account_created", 2: "page_view", 3: "first_login"},
            "dee": {25: "page_view"},
            "eve": {0: "account_created", 1: "page_view"},
            "fay": {0: "page_view"},
            "gus": {0: "invoice_paid"},
            "hal": {0: "page_view", 1: "complaint", 25: "page_view"},
        },
        as_of=30,
        customers={"fay": {"target_stage": "visit"}},
    )

    assert sorted(picked(jk.drop_offs(journey), "stage", "customers", "not_taken")) == [
        ("at_risk", 1, 1), ("paid", 1, None), ("signup", 3, 3), ("trial", 2, 2), ("visit", 7, 3),
    ]  # fmt: skip


BRANCHING = jk.Lifecycle(
    "branching",
    stages=[
        jk.Stage("shop", rank=1),
        jk.Stage("call", rank=1),
        jk.Stage("quote", rank=2),
        jk.Stage("order", rank=2),
        jk.Stage("use", kind="goal", rank=4),
        jk.Stage("worry", kind="risk"),
        jk.Stage("leave", kind="exit"),
    ],
    transitions=[
        ("shop", "call"), ("shop", "use"), ("order", "shop"), ("quote", "quote"), ("worry", "shop"),
        ("quote", "leave"),
    ],
)  # fmt: skip


def test_the_next_stages_are_those_declared_else_those_of_the_next_rank():
    """Each customer was in one stage and is in another: was that one of the next?

    shop declares call, of equal rank, and use: order is no next one. call declares nothing: quote and order
    are of the next rank. order declares only a lower one, quote only itself and an exit: use is next. worry
    declares shop, of any rank. leave and use have none.
    """
    pairs = [
        ("shop", "call"), ("shop", "use"), ("shop", "order"), ("shop", "worry"),
        ("call", "quote"), ("call", "order"), ("call", "shop"), ("call", "use"),
        ("order", "shop"), ("order", "use"),
        ("quote", "use"), ("quote", "leave"), ("quote", "order"),
        ("worry", "shop"), ("worry", "use"),
    ]  # fmt: skip
    histories = {
        f"{source} to {target}": {0: {"stage": source}, 1: {"stage": target}} for source, target in pairs
    }

    rows = jk.drop_offs(observe_days(histories, lifecycle=BRANCHING))

    assert {row.stage: row.not_taken for row in rows} == {
        "shop": 2, "call": 2, "order": 1, "quote": 2, "worry": 1, "use": None, "leave": None,
    }  # fmt: skip


def test_groups_are_questions_of_their_own():
    """A stage that loses nobody in one segment may lose everybody in another."""
    histories = {name: {0: "page_view", 1: "account_created"} for name in ("ana", "ben")}
    histories |= {name: {0: "page_view"} for name in ("cy", "dee")}
    customers = {"ana": {"tier": "gold"}, "ben": {"tier": "gold"}, "cy": {"tier": "basic"}}

    rows = jk.drop_offs(observe_days(histories, as_of=30, customers=customers), by="tier")

    names = ("group", "stage", "customers", "visits", "lost", "share_lost", "not_taken")
    assert picked(rows, *names) == [
        ("basic", "visit", 1, 1, 1, 1.0, 1),
        ("gold", "signup", 2, 2, 2, 1.0, 2),
        ("gold", "visit", 2, 2, 0, 0.0, 0),
        (None, "visit", 1, 1, 1, 1.0, 1),
    ]


@pytest.mark.filterwarnings("ignore:no event belongs to a stage")
@pytest.mark.parametrize("histories", [{"ana": {0: "zz"}}, {"ana": {0: "zz"}, "ben": {99: "zz"}}])
def test_where_nobody_is_in_any_stage_nobody_is_lost(histories):
    """A lifecycle that fits the log nowhere must give an empty answer, not a crash."""
    assert list(jk.drop_offs(observe_days(histories))) == []
