"""The shipped expectation: what becomes of one, and who can tell."""

from __future__ import annotations

from tests.lifecycles import table
from tests.logs import observe_days, outcomes, stays


def test_the_stages_are_what_may_become_of_an_expectation(expectation):
    """S4-10, S2-11, S1-08, S3-12: expected, agreed, met, exceeded; or something goes wrong."""
    assert [(stage.id, stage.kind, stage.label.da) for stage in expectation.stages] == [
        ("expecting", "progress", "Forventer noget"),
        ("agreed", "progress", "Forventning afstemt"),
        ("met", "goal", "Forventning indfriet"),
        ("exceeded", "goal", "Forventning overgået"),
        ("disappointed", "risk", "Skuffet"),
        ("stopped", "exit", "Holdt op med at købe"),
    ]


def test_an_expectation_is_agreed_with_the_three_checks(expectation):
    """S2-11: scoped, realistic, understood; the touchpoint expects what the handover checks."""
    (checked,) = [each for each in expectation.transitions if each.checks]

    assert (checked.source, checked.target) == ("expecting", "agreed")
    assert expectation.touchpoint("handover").expectations == checked.checks
    assert [check.da for check in checked.checks] == [
        "Løsningen er korrekt afgrænset",
        "Forventningerne er realistiske",
        "Kunden forstår, hvad de får, og hvordan det hjælper",
    ]


def test_who_agreed_may_go_on_to_either_and_so_may_who_was_disappointed(expectation):
    """`not_taken` counts those who came to neither."""
    assert expectation.onward("agreed") == ("met", "exceeded")
    assert expectation.onward("disappointed") == ("met", "exceeded")


def test_a_delivery_is_not_an_expectation_met(expectation):
    """S3-06: only the customer can tell; one who was never asked drops off, and the report shows it."""
    journey = observe_days(
        {
            "ana": {1: "offer", 5: "handover", 30: "delivery", 35: "met_answer", 40: "delivery"},
            "ben": {1: "offer", 5: "handover", 30: "delivery"},
            "eva": {200: "offer"},
        },
        lifecycle=expectation,
    )

    assert outcomes(journey) == {
        "ana": ["expecting moved 4", "agreed moved 30", "met achieved 165"],
        "ben": ["expecting moved 4", "agreed dropped 115"],
        "eva": ["expecting open 0"],
    }


def test_a_complaint_put_right_is_met_until_the_customer_says_more(expectation):
    """S3-12: failure, recovery, and perhaps somebody who was impressed."""
    journey = observe_days(
        {"ana": {1: "handover", 9: "complaint", 12: "put_right", 15: "praise"}}, lifecycle=expectation
    )

    assert stays(journey) == {
        "ana": ["agreed from 1", "disappointed from 9", "met from 12", "exceeded from 15"]
    }


def test_who_orders_anew_expects_anew(expectation):
    """Counted as a regression, since no document plans it; a second round is no reentry and no loss."""
    journey = observe_days(
        {"ana": {1: "offer", 5: "met_answer", 90: "offer", 95: "met_answer"}}, lifecycle=expectation
    )

    assert outcomes(journey) == {
        "ana": ["expecting moved 4", "met moved 85", "expecting moved 5", "met achieved 0"]
    }
    assert expectation.transition_kind("met", "expecting") == "regress"


def test_an_expectation_exceeded_leads_to_the_recommendation(expectation, recommendation):
    """S3-11: who was impressed has something to tell others."""
    (bridge,) = expectation.bridges

    assert (bridge.stage, bridge.lifecycle, bridge.target) == ("exceeded", recommendation.id, "impressed")


def test_it_asks_who_is_responsible_and_claims_no_owner(expectation):
    """S3-19 asks; no document answers."""
    assert expectation.owner is None
    assert [question.id for question in expectation.questions] == ["responsible", "meeting_points"]


def test_no_number_is_claimed(expectation):
    """Which score is "as expected" is the company's to say."""
    claimed = {(each.weight, each.response_within, each.evidence) for each in expectation.touchpoints}

    assert claimed == {(None, None, "assumed")}


def test_the_page_lists_the_vocabularies_and_questions(expectation, project):
    """People write these ids into their data."""
    page = (project / "docs/reference/lifecycles/expectation.md").read_text(encoding="utf-8")

    assert table(page, "Vocabularies") == [
        [each.id, term.id, term.label.en, term.label.nb]
        for each in expectation.vocabularies
        for term in each.terms
    ]
    assert table(page, "Questions") == [
        [each.id, each.text.en, each.text.nb] for each in expectation.questions
    ]
