"""The detector that ships: in which stages do customers not find the company?"""

from __future__ import annotations

from tests.logs import observe_days

import journeykit as jk

PLAN = jk.Lifecycle(
    "acme",
    [
        jk.Stage(
            "search",
            presence_questions=[
                jk.Question("seen", text="Are you seen?", consequence="Customers do not see you"),
                jk.Question("found", text="Are you found?", consequence="They go elsewhere"),
                jk.Question("again", text="Again?", consequence="They go elsewhere"),
            ],
        ),
        "buy",
    ],
    touchpoints={"web_search": "search", "portal": "search", "shop": "buy", "phone": "buy"},
)

HISTORY = {
    "ana": {1: "web_search", 2: "shop"},
    "ben": {1: "web_search", 2: "portal"},
    "cat": {1: "web_search"},
}


def found(*activities: jk.Activity, **settings: object) -> list[jk.GapFinding]:
    """Find the gaps of three customers."""
    journey = observe_days(HISTORY, lifecycle=PLAN)
    return list(jk.gaps(journey, activities=activities or None, **settings).findings)


def test_a_stage_where_the_company_is_nowhere_is_found_with_what_that_means():
    """The consequences are the stage's own, each once."""
    assert found(jk.Activity("buy", "shop")) == [
        jk.GapFinding(
            stage="search",
            finding="Customers of 'search' are at 2 touchpoints, and the company at none of them: "
            "customers do not see you, they go elsewhere.",
            customers=3,
            action="Be where they are, first at 'web_search'.",
            detector="not_found",
        )
    ]


def test_a_stage_that_asks_nothing_gets_the_usual_meaning():
    """A "no" means that customers do not find you (S1-17), whether or not anyone asked."""
    (only,) = found(jk.Activity("search", "portal"))

    assert (only.stage, only.finding) == (
        "buy",
        "Customers of 'buy' are at 1 touchpoint, and the company at none of them: customers do not find you.",
    )


def test_one_activity_where_customers_are_is_enough():
    """Being found at one place is being found; the gaps tell of the others."""
    assert found(jk.Activity("search", "portal"), jk.Activity("buy", "phone")) == []


def test_an_activity_where_no_customer_is_or_should_be_is_no_presence():
    """A poster in an empty street is not seen either."""
    stages = [one.stage for one in found(jk.Activity("search", "poster"), jk.Activity("buy", "shop"))]

    assert stages == ["search"]


def test_without_activities_nothing_is_found():
    """What the company does is not known; that it does nothing would be made up."""
    assert found() == []


def test_customers_are_looked_for_where_they_may_be_saved_and_not_where_they_have_left():
    """Who has a problem looks for help; who has left has found the company already."""
    stages = ["use", jk.Stage("problem", kind="risk"), jk.Stage("churned", kind="exit")]
    plan = jk.Lifecycle("acme", stages, touchpoints={"app": "use", "chat": "problem", "last_use": "churned"})
    journey = observe_days({"ana": {1: "app", 2: "chat", 3: "last_use"}}, lifecycle=plan)

    findings = jk.gaps(journey, activities=[jk.Activity("use", "app")]).findings

    assert [one.stage for one in findings] == ["problem"]


def test_each_group_is_looked_at_by_itself():
    """A stage may be empty of one group's customers, whom the company therefore does not miss."""
    histories = {
        "ana": {1: {"touchpoint": "web_search", "channel": "web"}},
        "ben": {1: {"touchpoint": "shop", "channel": "store"}},
    }
    journey = observe_days(histories, lifecycle=PLAN)

    findings = jk.gaps(journey, activities=[jk.Activity("buy", "poster")], by="channel").findings

    assert [(one.group, one.stage, one.customers) for one in findings] == [
        ("store", "buy", 1),
        ("web", "search", 1),
    ]
