"""The shipped recommendation: the four whys as states, and what moves a customer between them."""

from __future__ import annotations

import datetime as dt

from tests.lifecycles import table
from tests.logs import observe_days, stays

WHYS = {
    "continue": "Hvorfor fortsetter du å kjøpe?",
    "recommend": "Hvorfor anbefaler du oss?",
    "stopped": "Hvorfor sluttet du å kjøpe?",
    "detract": "Hvorfor snakker du negativt om oss?",
}
"""The source's four whys (S3-16)."""


def test_the_stages_are_the_four_whys_a_moment_and_the_evangelist(recommendation):
    """S3-16, S3-11, S2-35: what the documents say that a customer may be doing."""
    assert [(stage.id, stage.kind, stage.label.nb) for stage in recommendation.stages] == [
        ("keeps_buying", "progress", "Fortsetter å kjøpe"),
        ("impressed", "progress", "Imponert"),
        ("recommending", "goal", "Anbefaler"),
        ("evangelist", "goal", "Evangelist"),
        ("detracting", "risk", "Snakker negativt"),
        ("stopped", "exit", "Sluttet å kjøpe"),
    ]


def test_the_four_whys_are_asked_in_the_stage_they_are_about(recommendation):
    """An answer places a customer where the question applies, so each why has its own touchpoint."""
    words = {term.id: term.label.nb for term in recommendation.vocabulary("whys").terms}
    asked = {
        each.content.nb: each.stages for each in recommendation.touchpoints if each.id.startswith("why_")
    }

    assert words == WHYS
    assert asked == {
        WHYS["continue"]: ("keeps_buying", "impressed", "recommending", "evangelist", "detracting"),
        WHYS["recommend"]: ("recommending", "evangelist"),
        WHYS["detract"]: ("detracting",),
        WHYS["stopped"]: ("stopped",),
    }


def test_a_purchase_alone_moves_nobody(recommendation):
    """S3-06: who buys on may do so for want of an alternative, and speak badly all the while."""
    journey = observe_days(
        {
            "ana": {1: "purchase", 5: "praise", 9: "purchase", 12: "referral", 20: "purchase"},
            "ben": {1: "purchase", 5: "negative_review", 9: "purchase"},
        },
        lifecycle=recommendation,
    )

    assert stays(journey) == {
        "ana": ["keeps_buying from 1", "impressed from 5", "recommending from 12"],
        "ben": ["keeps_buying from 1", "detracting from 5"],
    }


def test_a_mistake_put_right_is_a_recovery_once_the_customer_says_so_and_then_for_good(recommendation):
    """S3-12: failure, recovery, outcome; the company's own deed is no outcome, and no purchase undoes one."""
    put_right = {5: "negative_review", 9: "put_right"}
    journey = observe_days(
        {
            "ana": {1: "referral", 5: "put_right", 20: "purchase"},
            "ben": {1: "positive_review", **put_right, 20: "purchase"},
            "eva": {1: "purchase", **put_right, 12: "praise", 20: "purchase", 30: "why_continue_answer"},
            "ida": {1: "purchase", **put_right, 12: "referral", 20: "purchase"},
        },
        lifecycle=recommendation,
    )

    assert stays(journey) == {
        "ana": ["recommending from 1"],
        "ben": ["recommending from 1", "detracting from 5"],
        "eva": ["keeps_buying from 1", "detracting from 5", "impressed from 12"],
        "ida": ["keeps_buying from 1", "detracting from 5", "recommending from 12"],
    }


def test_whoever_knows_that_a_mistake_put_right_impressed_can_say_so(recommendation):
    """A log of complaints often holds what the customer thought of the answer."""
    days = {1: "purchase", 5: "negative_review", 9: "Settled, content", 20: "purchase"}
    plan = recommendation.map(touchpoints={"Settled, content": "impressed/put_right"})

    assert stays(observe_days({"ana": days}, lifecycle=plan)) == {
        "ana": ["keeps_buying from 1", "detracting from 5", "impressed from 9"],
    }


def test_an_answer_to_why_they_keep_buying_moves_nobody(recommendation):
    """S3-06: "there is nobody else" is such an answer, and no good word."""
    days = {1: "negative_review", 5: "why_continue_answer", 9: "purchase"}

    assert stays(observe_days({"ana": days}, lifecycle=recommendation)) == {"ana": ["detracting from 1"]}


def test_a_recommendation_that_only_an_answer_tells_can_be_said_to_be_one(recommendation):
    """A survey of everybody may be the only place where a customer who spoke negatively takes it back."""
    days = {1: "negative_review", 5: "Score 9 or 10", 9: "purchase"}
    plan = recommendation.map(touchpoints={"Score 9 or 10": "recommending/why_recommend_answer"})

    assert stays(observe_days({"ana": days}, lifecycle=plan)) == {
        "ana": ["detracting from 1", "recommending from 5"],
    }


def test_a_detractor_may_come_back_to_any_stage(recommendation):
    """S3-12: nothing is lost for good, as with any risk."""
    assert recommendation.onward("detracting") == ("keeps_buying", "impressed", "recommending", "evangelist")


def test_patience_lasts_a_year(recommendation):
    """Most customers say nothing most of the time."""
    assert recommendation.idle == dt.timedelta(days=365)


def test_it_asks_who_is_responsible_and_claims_no_owner(recommendation):
    """S3-19 asks; no document answers."""
    assert recommendation.owner is None
    assert [question.id for question in recommendation.questions] == ["responsible", "five_you_want"]
    assert {each.owner for each in recommendation.touchpoints} == {None}


def test_no_number_is_claimed(recommendation):
    """No score makes somebody recommend, and no document weighs a review against a referral."""
    claimed = {(each.weight, each.response_within, each.evidence) for each in recommendation.touchpoints}

    assert claimed == {(None, None, "assumed")}


def test_the_page_lists_the_vocabularies_and_questions(recommendation, project):
    """People write these ids into their data."""
    page = (project / "docs/reference/lifecycles/recommendation.md").read_text(encoding="utf-8")

    assert table(page, "Vocabularies") == [
        [each.id, term.id, term.label.en, term.label.nb]
        for each in recommendation.vocabularies
        for term in each.terms
    ]
    assert table(page, "Questions") == [
        [each.id, each.text.en, each.text.nb] for each in recommendation.questions
    ]
