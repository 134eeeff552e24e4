"""What stands out, said in sentences whose numbers are those of the rows."""

from __future__ import annotations

import pytest

import journeykit as jk
from journeykit.html.answers import find
from journeykit.html.headlines import headlines
from journeykit.html.names import Names
from journeykit.html.wording import DASH, THIN, without_marks
from journeykit.model.activity import Activity


def said(journey, **asked):
    """Say a journey's headlines, by section, with plain spaces and dashes."""
    found = find(journey, **asked)
    names = Names(journey.lifecycle)
    return {
        one.id: [without_marks(text).replace(THIN, " ").replace(DASH, "-") for text in one.sentences]
        for one in headlines(found, names)
    }


def test_the_headlines_of_a_small_journey(observe_days, some_days):
    """Whoever reads one thing reads these; each number is in the tables below."""
    assert said(observe_days(some_days)) == {
        "drop-offs": [
            "As many are lost from visit as from Trying it out: 1 visit each; 2 are still open there.",
        ],
        "transitions": [
            (
                "The most common move is from visit to Trying it out: 5 moves by 5 customers, "
                "83.3 % (50.7-96.1) of the visits to visit, after 6.0 days in the median."
            ),
            (
                "The most common step back is from Trying it out to visit: 1 move by 1 customer, "
                "after 1.0 days in the median."
            ),
            "1 planned transition was never taken: lapsed to Trying it out.",
        ],
        "gaps": [
            (
                "None stands out: the plan and what customers do agree at every touchpoint of the stages "
                "that were visited."
            ),
            "What the company does was not told: with its activities, effort is held against use.",
            "Nobody was seen in wobbly.",
        ],
    }


def test_nothing_lost_is_said_as_such(observe_days):
    """A headline about the largest of no losses would be nonsense."""
    journey = observe_days({"ana": {0: "page_view"}})

    found = said(journey)

    assert found["drop-offs"] == ["No visit has been lost; 1 is still open."]
    assert found["transitions"] == [
        "Nobody has moved from one stage to another.",
        (
            "3 planned transitions were never taken: visit to Trying it out, Trying it out to paid, "
            "lapsed to Trying it out."
        ),
    ]


@pytest.mark.filterwarnings("ignore:no event belongs to a stage")
def test_a_log_of_unknown_names_only_still_makes_headlines(observe_days):
    """The first try with a new export often maps nothing."""
    journey = observe_days({"ana": {0: "carrier_pigeon"}, "ben": {2: "carrier_pigeon"}})

    found = said(journey)

    assert found["drop-offs"] == ["Nobody has visited a stage."]
    assert found["gaps"] == ["Nobody was seen in any stage, so there is nothing to hold the plan against."]


def test_a_tie_has_no_most(observe_days):
    """Most are lost from visit, one reads, where trial loses as many: and mends the wrong stage."""
    days = {"ana": {0: "page_view"}, "ben": {0: "page_view"}}
    days |= {name: {0: "page_view", 1: "first_login"} for name in ("cleo", "dan")}
    days |= {name: {0: "first_login", 1: "invoice_paid"} for name in ("eve", "fay")}
    days |= {"gus": {0: "first_login", 1: "page_view", 99: "page_view"}}
    days |= {"hal": {0: "invoice_paid", 1: "first_login", 99: "first_login"}}

    found = said(observe_days(days, as_of="2024-04-10"))

    assert found["drop-offs"] == [
        "As many are lost from visit as from Trying it out: 2 visits each; 2 are still open there.",
    ]
    assert found["transitions"][:2] == [
        "As many move from visit to Trying it out as from Trying it out to paid: 2 moves each.",
        "As many step back from Trying it out to visit as from paid to Trying it out: 1 move each.",
    ]


def test_what_came_last_as_often_is_said_as_such(observe_days, trial):
    """Of two losses each came after another touchpoint: neither is the most frequent."""
    plan = trial.map(touchpoints={"advert": "visit/advert"})
    days = {"ana": {0: "page_view"}, "ben": {0: "advert"}, "cleo": {50: "page_view"}}

    assert said(observe_days(days, lifecycle=plan))["drop-offs"][1:] == [
        "What came last in visit was as often page_view as advert: each before 50.0 % of its losses."
    ]


def test_shares_that_tie_are_said_as_such(observe_days):
    """Two stages that lose all of their visits: neither share is the largest."""
    days = {f"a{number}": {0: "page_view"} for number in range(10)}
    days |= {f"b{number}": {0: "first_login"} for number in range(10)}

    assert said(observe_days(days, as_of="2024-06-01"))["drop-offs"] == [
        "As many are lost from visit as from Trying it out: 10 visits each; none is still open there.",
        "As large a share is lost from visit as from Trying it out: 100 %.",
    ]


def test_with_activities_the_gaps_say_what_to_do(observe_days, some_days):
    """The one question that ends in an action must name it."""
    activities = (
        Activity("visit", "page_view", effort=1.0),
        Activity("trial", "webinar", effort=5.0),
    )

    assert said(observe_days(some_days), activities=activities)["gaps"][:3] == [
        (
            "Start at first_login in Trying it out: 5 customers (100 % of the stage's) came, "
            "and the company does nothing there."
        ),
        "Drop webinar in Trying it out: no customer came, and none is expected to.",
        (
            "Start at invoice_paid in paid: 1 customer (100 % of the stage's) came, "
            "and the company does nothing there."
        ),
    ]


def test_a_small_stage_makes_no_headline_of_its_share(observe_days):
    """Two visits of which both are lost are 100 %, and no news."""
    days = {f"c{number}": {0: "page_view", 1 + number: "first_login"} for number in range(12)}
    journey = observe_days(days | {"odd": {0: "page_view", 1: "complaint"}}, as_of="2024-06-01")

    assert said(journey)["drop-offs"] == [
        (
            "Most are lost from Trying it out: 12 of 12 visits, 12 in silence of 30 days or longer; "
            "none is still open."
        ),
        "No stage loses a larger share: a visit there is lost with probability 100 % (75.8-100).",
        "What came last in Trying it out was most often first_login: before 100 % of its losses.",
    ]
    assert [row.stage for row in jk.drop_offs(journey)][:2] == ["trial", "wobbly"]
