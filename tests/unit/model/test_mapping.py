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
    """Equal lifecycles must be equal whichever way the file was sorted."""
    there = PLAN.map(touchpoints={"A": "login", "B": "call"})
    back = PLAN.map(touchpoints={"B": "call", "A": "login"})

    assert (there, hash(there)) == (back, hash(back))


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
                "call": "trial/call",
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
        "touchpoint name 'call': is the id of a touchpoint and can't mean 'trial/call'",
        "touchpoint name '7': must be text, not 7",
        "touchpoint name 'Seven': must be text, not 7",
        "stage name 'Closed': no stage named 'lost'",
        "stage name 'Won': no stage named 'payed'. Did you mean 'paid'?",
        "stage name 'visit': is the id of a stage and can't mean 'trial'",
    }
