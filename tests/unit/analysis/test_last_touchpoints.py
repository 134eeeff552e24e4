"""What came just before a customer was lost: definitions page, Last touchpoint."""

from __future__ import annotations

from tests.logs import observe_days, picked, rounded

import journeykit as jk


def test_the_last_touchpoint_is_that_of_the_event_directly_before_the_loss():
    """The last event before the exit is entered, or the last of all; known to the plan or not, in a stage or
    not.

    ana did something nobody knows before she cancelled; what she did in lapsed came after the loss. ben's
    last event has no touchpoint. cy and dee were last seen logging in, cy after a visit that was no loss. eve
    is open, fay has paid, gus left long ago: nobody lost them.
    """
    bare = {"stage": "trial"}
    journey = observe_days(
        {
            "ana": {0: "first_login", 1: "zz", 2: "cancelled", 3: "yy"},
            "ben": {0: "first_login", 1: bare},
            "cy": {0: "page_view", 1: "first_login"},
            "dee": {0: "first_login"},
            "eve": {29: "first_login"},
            "fay": {0: "invoice_paid"},
            "gus": {0: "cancelled"},
        },
        as_of=30,
    )

    result = jk.last_touchpoints(journey)

    names = ("stage", "touchpoint", "declared", "dropped", "exited", "lost", "customers", "share", "group")
    assert rounded(picked(result, *names)) == [
        ("trial", "first_login", True, 2, 0, 2, 2, 0.5, None),
        ("trial", "zz", False, 0, 1, 1, 1, 0.25, None),
        ("trial", None, False, 1, 0, 1, 1, 0.25, None),
    ]


def test_the_event_before_the_exit_is_that_in_order_not_that_of_the_stage():
    """In a tie the order of the lifecycle decides which of the events of that day came last."""
    journey = observe_days({"ana": {0: "page_view", 1: ["cancelled", "account_created"]}})

    assert picked(jk.last_touchpoints(journey), "stage", "touchpoint", "exited") == [
        ("signup", "account_created", 1)
    ]


def test_a_sign_of_life_after_the_last_visit_is_the_last_touchpoint():
    """Whoever opened a letter of no stage, and was never seen again, was lost after that letter."""
    journey = observe_days({"ana": {0: "page_view", 4: "letter"}}, as_of=30)

    assert picked(jk.last_touchpoints(journey), "stage", "touchpoint", "dropped") == [("visit", "letter", 1)]


def test_a_touchpoint_known_by_a_crms_name_is_declared_and_called_by_its_id():
    """Results speak the lifecycle's words; what a mapping added is known, though nobody planned it."""
    mapped = jk.Lifecycle("one", stages=["use"], touchpoints={"log_in": "use"}).map(
        touchpoints={"Login": "log_in", "Bug": "use/bug"}
    )

    journey = observe_days({"ana": {0: "Login"}, "ben": {0: "Bug"}}, lifecycle=mapped, as_of=60)

    assert picked(jk.last_touchpoints(journey), "touchpoint", "declared", "lost") == [
        ("log_in", True, 1), ("bug", True, 1),
    ]  # fmt: skip


def test_intervals_are_clustered_by_customer():
    """ana was lost after the same call three times, ben once after logging in: the word of two, not of four.

    share 3/4; per customer x - share * m: ana 3 - 9/4, ben 0 - 3/4; variance (9/16 + 9/16) / 16; 3/16 over
    that is an effective size of 8/3.
    """
    lost = {
        when: touchpoint
        for day in range(3)
        for when, touchpoint in ((day, "support_call"), (day + 0.5, "cancelled"))
    }

    journey = observe_days({"ana": lost, "ben": {0: "first_login"}}, as_of=30)

    names = ("stage", "touchpoint", "lost", "customers", "share", "share_low", "share_high")
    assert rounded(picked(jk.last_touchpoints(journey), *names)) == [
        ("trial", "support_call", 3, 1, 0.75, 0.2385, 0.9664),
        ("trial", "first_login", 1, 1, 0.25, 0.0336, 0.7615),
    ]


def test_where_all_were_lost_after_one_touchpoint_the_customers_say_how_sure_that_is():
    """One customer who left twice after a call is no proof that calls drive people away."""
    lost = {0: "support_call", 1: "cancelled", 2: "support_call", 3: "cancelled"}

    journey = observe_days({"ana": lost})

    names = ("lost", "share", "share_low", "share_high")
    assert rounded(picked(jk.last_touchpoints(journey), *names)) == [(2, 1.0, 0.2065, 1.0)]


def test_the_most_lost_comes_first_then_the_plans_order_then_names_and_none_last():
    """Ties are broken alike everywhere, stage by stage in the order of the lifecycle."""
    what = {"support_call": 1, "first_login": 1, "zz": 1, "yy": 1, None: 1, "page_view": 2}
    histories = {
        f"{name} {number}": {0: "first_login", 1: {"stage": "trial", "touchpoint": name}}
        for name, count in what.items()
        for number in range(count)
    }

    journey = observe_days(histories | {"ben": {0: "page_view"}}, as_of=30)

    assert picked(jk.last_touchpoints(journey), "stage", "touchpoint", "lost") == [
        ("visit", "page_view", 1),
        ("trial", "page_view", 2),
        ("trial", "first_login", 1),
        ("trial", "support_call", 1),
        ("trial", "yy", 1),
        ("trial", "zz", 1),
        ("trial", None, 1),
    ]


def test_shares_are_of_the_stages_lost_visits_of_the_group():
    """Half of a segment's losses is a matter for that segment, however small a part it is of all."""
    histories = {
        "ana": {0: "first_login"},
        "ben": {0: "support_call"},
        "cy": {0: "support_call"},
        "dee": {0: "page_view"},
    }

    journey = observe_days(
        histories, as_of=30, customers={"ana": {"tier": "a"}, "ben": {"tier": "a"}, "dee": {"tier": "a"}}
    )

    assert picked(jk.last_touchpoints(journey, by="tier"), "group", "stage", "touchpoint", "share") == [
        ("a", "visit", "page_view", 1.0),
        ("a", "trial", "first_login", 0.5),
        ("a", "trial", "support_call", 0.5),
        (None, "trial", "support_call", 1.0),
    ]


def test_where_nobody_was_lost_there_is_nothing_to_say():
    """Good news is an empty answer, not a crash."""
    assert list(jk.last_touchpoints(observe_days({"ana": {0: "page_view", 1: "invoice_paid"}}))) == []
