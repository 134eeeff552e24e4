"""The shipped B2B lifecycle as a whole: its labels, sources, moves, and the page that describes it."""

from __future__ import annotations

import datetime as dt
import itertools
import re

import attrs
import pytest

from journeykit.graph import validate
from journeykit.model import LANGUAGES, Activity, Lifecycle


def all_sources(value: object) -> set[str]:
    """Every source id anywhere in a value."""
    if isinstance(value, tuple):
        return set().union(*(all_sources(item) for item in value))
    if not attrs.has(type(value)):
        return set()
    inside = set().union(*(all_sources(getattr(value, field.name)) for field in attrs.fields(type(value))))
    return inside | set(getattr(value, "sources", ()))


# --- Labels, sources ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_people_see_has_a_label_in_every_language(b2b, language):
    """A Norwegian report must not fall back to English for one stage."""
    labels = [thing.label for thing in (*b2b.stages, *b2b.touchpoints, *b2b.activities)]
    questions = [question for stage in b2b.stages for question in stage.presence_questions]

    texts = [b2b.title, *labels, *(text for each in questions for text in (each.text, each.consequence))]

    assert [text for text in texts if not getattr(text, language).strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_stages_or_touchpoints_share_a_label(b2b, language):
    """Two boxes with one name could not be told apart on a drawing."""
    labels = [b2b.label(name, language) for name in (*b2b.stage_ids, *b2b.touchpoint_ids)]

    assert sorted({label for label in labels if labels.count(label) > 1}) == []


def test_every_item_names_its_sources(b2b):
    """Each obligation can be traced, and an item that no sentence asks for is noticed."""
    questions = [question for stage in b2b.stages for question in stage.presence_questions]
    items = [b2b, *b2b.stages, *b2b.transitions, *b2b.touchpoints, *b2b.activities, *questions]

    assert [item for item in items if not item.sources] == []
    assert [s for s in sorted(all_sources(b2b)) if not re.fullmatch(r"S[1-5]-\d\d", s)] == []


def test_the_mission_ids_that_a_lifecycle_can_hold_are_found_in_it(b2b):
    """S1-18, S1-20, S1-21 and S1-23 are computed by the gap analysis; every other one is held here."""
    expected = {f"S1-{number:02}" for number in (*range(8, 18), 19, 22)} | {"S1-03", "S2-11", "S2-22"}

    assert expected - all_sources(b2b) == set()


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


def test_the_lifecycle_survives_yaml_and_json(b2b):
    """Somebody starts from it, writes it out and edits it: nothing may be lost on the way."""
    assert Lifecycle.from_yaml(b2b.to_yaml()) == b2b
    assert Lifecycle.from_json(b2b.to_json()) == b2b


def test_the_lifecycle_draws(b2b):
    """Its graph follows the schema; what is reachable from anywhere would only clutter it."""
    graph = b2b.graph()

    validate(graph)
    assert sorted(graph.successors("purchase_decision")) == [
        "customer_experience",
        "purchase_decision/contract_signature",
        "purchase_decision/sales_contact",
    ]


# --- The page ---


def table(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its two head lines."""
    section = page.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.fixture(scope="module")
def page(project) -> str:
    """The page that describes the lifecycle."""
    return (project / "docs/reference/lifecycles/b2b-seven-phase.md").read_text(encoding="utf-8")


def test_the_page_lists_the_stages_of_the_lifecycle(b2b, page):
    """Documentation that names another stage than the library is worse than none."""
    assert table(page, "Stages") == [
        [
            str(b2b.rank(stage.id) or ""),
            stage.id,
            stage.kind,
            *(getattr(stage.label, each) for each in LANGUAGES),
        ]
        for stage in b2b.stages
    ]


def test_the_page_lists_the_touchpoints_of_the_lifecycle(b2b, page):
    """People map their CRM's names to the ids on this page."""
    assert table(page, "Touchpoints") == [
        [t.stages[0], t.id, t.label.en, t.label.da, t.channel, t.mode] for t in b2b.touchpoints
    ]


def test_the_page_lists_the_presence_questions(b2b, page):
    """The audit is done by reading the page aloud, what a "no" means included."""
    asked = [(stage, question) for stage in b2b.stages for question in stage.presence_questions]
    (consequence,) = {(question.consequence.en, question.consequence.da) for _, question in asked}

    assert table(page, "Presence questions") == [
        [stage.id, question.id, question.text.en, question.text.da, ", ".join(question.sources)]
        for stage, question in asked
    ]
    assert 'A "no" means: "{}" ("{}", S1-17)'.format(*consequence) in page
