"""The shipped B2B lifecycle as a whole: its moves, and what the page says of it alone."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from tests.lifecycles import table

from journeykit.model import Activity

# --- The whole ---


def test_the_lifecycle_says_whose_journey_it_is_and_where_it_begins(b2b):
    """S1-03, S1-08, S2-02, S2-05: perspective, scope and for which business it is meant."""
    assert (b2b.perspective, b2b.language, b2b.scope.start.da, b2b.scope.end.da) == (
        "customer",
        "da",
        "Opmærksomhed",
        "Loyalitet",
    )
    assert all((b2b.industry, b2b.sales_cycle, b2b.offering))


def test_patience_lasts_a_quarter(b2b):
    """A project group between two meetings is no lost customer."""
    assert b2b.idle == dt.timedelta(days=90)


@pytest.mark.parametrize(
    ("source", "target", "kind", "declared"),
    [
        ("inactive", "trigger", "advance", True),
        ("customer_experience", "loyalty", "advance", True),
        ("inactive", "active_evaluation", "skip", False),
        ("trigger", "loyalty", "skip", False),
        ("active_evaluation", "initial_interest", "regress", False),
        ("loyalty", "trigger", "regress", False),
        ("loyalty", "at_risk", "at_risk", True),
        ("inactive", "churned", "exit", True),
        ("at_risk", "churned", "exit", True),
        ("at_risk", "active_evaluation", "recover", True),
        ("churned", "trigger", "re_entry", False),
        ("loyalty", "loyalty", "repeat", False),
    ],
)
def test_moves_have_the_kinds_that_the_documents_mean(b2b, source, target, kind, declared):
    """Skips are fine (S2-19), risk and churn are near from anywhere (S2-22), churned is the end."""
    assert (b2b.transition_kind(source, target), b2b.declares(source, target)) == (kind, declared)


def test_each_phase_leads_to_the_next_and_risk_back_to_any(b2b):
    """`not_taken` counts who did not go onward: for those at risk, who was never won back (S2-33)."""
    phases = b2b.stage_ids[:7]

    assert {stage: b2b.onward(stage) for stage in b2b.stage_ids} == {
        **{phase: (onward,) for phase, onward in itertools.pairwise(phases)},
        "loyalty": None,
        "at_risk": phases,
        "churned": None,
    }


def test_the_sale_is_handed_over_with_three_checks(b2b):
    """S2-11: scoped, realistic, understood, where the sale meets the implementation."""
    assert {(t.source, t.target): [check.en for check in t.checks] for t in b2b.transitions if t.checks} == {
        ("purchase_decision", "customer_experience"): [
            "The solution is correctly scoped",
            "Expectations are realistic",
            "The customer understands what they get and how it helps",
        ]
    }


def test_the_two_company_activities_meet_no_touchpoint_of_their_stage(b2b):
    """S1-22: the worked example shows the mismatch, so neither may be planned on the customer's side."""
    assert [(type(a), a.stage, a.touchpoint) for a in b2b.activities] == [
        (Activity, "inactive", "direct_marketing"),
        (Activity, "trigger", "social_media"),
    ]
    assert {a.touchpoint for a in b2b.activities} & {*b2b.touchpoint_ids} == set()


def test_risk_and_exit_stages_have_no_lines_to_them(b2b):
    """What is reachable from anywhere would only clutter the drawing."""
    graph = b2b.graph()

    assert sorted(graph.successors("purchase_decision")) == [
        "customer_experience",
        "purchase_decision/contract_signature",
        "purchase_decision/sales_contact",
    ]


# --- The page ---


@pytest.fixture(scope="module")
def page(project) -> str:
    """The page that describes the lifecycle."""
    return (project / "docs/reference/lifecycles/b2b-seven-phase.md").read_text(encoding="utf-8")


def test_the_page_lists_the_presence_questions(b2b, page):
    """The audit is done by reading the page aloud, what a "no" means included."""
    asked = [(stage, question) for stage in b2b.stages for question in stage.presence_questions]
    (consequence,) = {(question.consequence.en, question.consequence.da) for _, question in asked}

    assert table(page, "Presence questions") == [
        [stage.id, question.id, question.text.en, question.text.da, ", ".join(question.sources)]
        for stage, question in asked
    ]
    assert 'A "no" means: "{}" ("{}", S1-17)'.format(*consequence) in page
