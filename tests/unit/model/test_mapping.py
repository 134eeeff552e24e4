"""`Lifecycle.map` teaches a lifecycle a CRM's names, and reports every one that means nothing."""

from __future__ import annotations

import pytest

from journeykit.errors import LifecycleError
from journeykit.model import Lifecycle, Stage, Touchpoint

PLAN = Lifecycle(
    "acme",
    ["visit", "trial", Stage("paid", kind="goal")],
    touchpoints={"page_view": "visit", "login": "trial", "call": ["trial", "paid"]},
)


def test_a_crms_names_mean_the_lifecycles_touchpoints():
    """The CRM says "Demo held", the plan says `call`; results speak the plan's ids."""
    ours = PLAN.map(
        touchpoints={
            "Web hit": "page_view",
            "Hit": "page_view",
            "Phone / in": "call",
            "Won call": "paid/call",
        }
    )

    assert dict(ours.touchpoint_names) == {
        "page_view": ("page_view", ("visit",)),
        "login": ("login", ("trial",)),
        "call": ("call", ("trial", "paid")),
        "Web hit": ("page_view", ("visit",)),
        "Hit": ("page_view", ("visit",)),
        "Phone / in": ("call", ("trial", "paid")),
        "Won call": ("call", ("paid",)),
    }
    assert ours.touchpoints == PLAN.touchpoints


def test_a_crms_names_mean_the_lifecycles_stages():
    """A deal's stage is "Closed Won" in one CRM and "5" in the next."""
    ours = PLAN.map(stages={"Closed Won": "paid", "5": "paid"})

    assert dict(ours.stage_names) == {
        "visit": "visit",
        "trial": "trial",
        "paid": "paid",
        "Closed Won": "paid",
        "5": "paid",
    }


def test_what_the_crm_sees_and_nobody_planned_is_added_as_unexpected():
    """A webinar that the plan forgot belongs to its stage, and is a gap to talk about."""
    ours = PLAN.map(
        touchpoints={"Webinar": "trial/webinar", "Webinar 2": "visit/webinar", "Phoned": "visit/call"}
    )

    assert ours.touchpoints == (
        *PLAN.touchpoints,
        Touchpoint("webinar", stages=("visit", "trial"), expected=False),
    )
    assert [
        ours.touchpoint_names[name] for name in ("Webinar", "Webinar 2", "webinar", "Phoned", "call")
    ] == [
        ("webinar", ("trial",)),
        ("webinar", ("visit",)),
        ("webinar", ("visit", "trial")),
        ("call", ("visit",)),
        ("call", ("trial", "paid")),
    ]


def test_a_name_may_be_in_several_stages():
    """A call says nothing of the stage; the plan that has calls in one stage only need not be rewritten."""
    ours = PLAN.map(
        touchpoints={
            "Phone": ["paid/call", "visit/call"],
            "Hit": ("trial/page_view", "visit/page_view"),
            "Chat": ["paid/chat", "trial/chat"],
            "Chat (web)": "visit/chat",
            "Won": ["paid/login"],
        }
    )

    assert [
        ours.touchpoint_names[name] for name in ("Phone", "Hit", "Chat", "Chat (web)", "Won", "chat")
    ] == [
        ("call", ("visit", "paid")),
        ("page_view", ("visit", "trial")),
        ("chat", ("trial", "paid")),
        ("chat", ("visit",)),
        ("login", ("paid",)),
        ("chat", ("visit", "trial", "paid")),
    ]
    assert ours.touchpoints == (
        *PLAN.touchpoints,
        Touchpoint("chat", stages=("visit", "trial", "paid"), expected=False),
    )


def test_a_new_touchpoint_may_have_the_crms_name_as_its_id():
    """The most natural line to write: what the CRM calls `lead_created` is lead_created, in this stage."""
    ours = PLAN.map(touchpoints={"lead_created": "visit/lead_created", "chat": ["visit/chat", "trial/chat"]})

    assert ours.touchpoints == (
        *PLAN.touchpoints,
        Touchpoint("chat", stages=("visit", "trial"), expected=False),
        Touchpoint("lead_created", stages=("visit",), expected=False),
    )
    assert [ours.touchpoint_names[name] for name in ("lead_created", "chat")] == [
        ("lead_created", ("visit",)),
        ("chat", ("visit", "trial")),
    ]


def test_an_id_may_be_told_its_stages_anew():
    """In this CRM a call is only ever made to customers who try; the plan stays as it is."""
    ours = PLAN.map(touchpoints={"call": "trial/call", "login": ["paid/login", "trial/login"]})

    assert [ours.touchpoint_names[name] for name in ("call", "login")] == [
        ("call", ("trial",)),
        ("login", ("trial", "paid")),
    ]
    assert ours.touchpoints == PLAN.touchpoints


def test_mapping_the_same_again_changes_nothing():
    """A touchpoint that the mapping added is one of the plan's the next time."""
    names = {
        "lead_created": "visit/lead_created",
        "Lead": "trial/lead_created",
        "Hit": ["visit/hit", "paid/hit"],
    }
    ours = PLAN.map(touchpoints=names)

    assert ours.map(touchpoints=names) == ours


def test_mapping_again_adds_to_what_was_mapped():
    """One file of names a department; the last one to name a thing is right."""
    ours = PLAN.map(touchpoints={"A": "login", "B": "login"}).map(
        touchpoints={"B": "call"}, stages={"C": "paid"}
    )

    assert [ours.touchpoint_names[name][0] for name in "AB"] == ["login", "call"]
    assert ours.stage_names["C"] == "paid"


def test_mapping_nothing_changes_nothing():
    """An empty file of names is no error."""
    assert PLAN.map() == PLAN.map(touchpoints={}, stages={}) == PLAN


def test_the_order_of_names_is_of_no_account():
    """Equal lifecycles must be equal however the file was sorted, and number their touchpoints alike."""
    there = PLAN.map(
        touchpoints={
            "A": "login",
            "B": "call",
            "C": "visit/webinar",
            "D": "visit/fair",
            "E": ["trial/fair", "paid/fair"],
        }
    )
    back = PLAN.map(
        touchpoints={
            "E": ("paid/fair", "trial/fair"),
            "D": ["visit/fair"],
            "C": "visit/webinar",
            "B": "call",
            "A": "login",
        }
    )

    assert (there, hash(there)) == (back, hash(back))
    assert there.touchpoint_ids == back.touchpoint_ids == (*PLAN.touchpoint_ids, "fair", "webinar")


def test_every_name_that_means_nothing_is_reported_at_once():
    """Someone maps forty names; forty runs to find forty mistakes would be forty too many."""
    with pytest.raises(LifecycleError) as raised:
        PLAN.map(
            touchpoints={
                "Web hit": "page_veiw",
                "Demo": "webinar",
                "Won": "payed/call",
                "Deep": "trial/a/b",
                "Nowhere": "trial/",
                "": "call",
                "login": "call",
                "page_view": "page_view",
                7: "call",
                "Seven": 7,
            },
            stages={"Closed": "lost", "Won": "payed", "visit": "trial"},
        )

    assert set(raised.value.problems) == {
        "touchpoint name 'Web hit': no touchpoint named 'page_veiw'. Did you mean 'page_view'?",
        "touchpoint name 'Demo': no touchpoint named 'webinar'",
        "touchpoint name 'Won': no stage named 'payed'. Did you mean 'paid'?",
        "touchpoint name 'Deep': 'a/b' has a '/', which parts a stage from a touchpoint",
        "touchpoint name 'Nowhere': 'trial/' names no touchpoint",
        "touchpoint name '': is empty",
        "touchpoint name 'login': is the id of a touchpoint and can't mean 'call'",
        "touchpoint name '7': must be text, not 7",
        "touchpoint name 'Seven': must be text, or a list of texts, not 7",
        "stage name 'Closed': no stage named 'lost'",
        "stage name 'Won': no stage named 'payed'. Did you mean 'paid'?",
        "stage name 'visit': is the id of a stage and can't mean 'trial'",
    }


def test_every_list_that_means_nothing_is_reported_at_once():
    """A list says "this touchpoint, in any of these stages", and nothing else."""
    with pytest.raises(LifecycleError) as raised:
        PLAN.map(
            touchpoints={
                "Nothing": [],
                "Bare": ["call"],
                "Half": ["call", "trial/call"],
                "Two": ["trial/call", "visit/login"],
                "New two": ["trial/fair", "visit/webinar"],
                "Twice": ["trial/call", "trial/call"],
                "Lost": ["lost/call", "tril/call", "trial/call"],
                "Odd": ["trial/call", 7],
                "Set": {"trial/call"},
                "Mapping": {"trial": "call"},
                "Empty": ["trial/call", "trial/", ""],
                "Deep": ["trial/a/b"],
                "login": ["visit/call", "trial/call"],
                "Many": ["cal", "visit/logn", "lost/logn"],
            },
            stages={"Closed": ["paid"], "Open": ("visit", "trial")},
        )

    assert raised.value.problems == (
        "stage name 'Closed': must be text, not ['paid']",
        "stage name 'Open': must be text, not ('visit', 'trial')",
        "touchpoint name 'Mapping': must be text, or a list of texts, not {'trial': 'call'}",
        "touchpoint name 'Odd': must be text, not 7",
        "touchpoint name 'Set': must be text, or a list of texts, not {'trial/call'}",
        "touchpoint name 'login': is the id of a touchpoint and can't mean 'trial/call', 'visit/call'",
        "touchpoint name 'Bare': 'call' stands in a list and needs its stage, as in 'stage/call'",
        "touchpoint name 'Deep': 'a/b' has a '/', which parts a stage from a touchpoint",
        "touchpoint name 'Empty': '' names no touchpoint",
        "touchpoint name 'Empty': 'trial/' names no touchpoint",
        "touchpoint name 'Half': 'call' stands in a list and needs its stage, as in 'stage/call'",
        "touchpoint name 'Lost': no stage named 'lost'",
        "touchpoint name 'Lost': no stage named 'tril'. Did you mean 'trial'?",
        "touchpoint name 'Many': 'cal' stands in a list and needs its stage, as in 'stage/cal'",
        "touchpoint name 'Many': must mean one touchpoint, not 2: 'cal', 'logn'",
        "touchpoint name 'Many': no touchpoint named 'cal'. Did you mean 'call'?",
        "touchpoint name 'Many': no stage named 'lost'",
        "touchpoint name 'New two': must mean one touchpoint, not 2: 'fair', 'webinar'",
        "touchpoint name 'Nothing': means nothing: its list is empty",
        "touchpoint name 'Twice': 'trial/call' stands there 2 times",
        "touchpoint name 'Two': must mean one touchpoint, not 2: 'call', 'login'",
    )
