"""The shipped client relationship, walked along the mission page's section on S2, and its warnings."""

from __future__ import annotations

import datetime as dt
import warnings

import pytest
from tests.lifecycles import table
from tests.logs import observe_days, outcomes, stays

import journeykit as jk

STAGES = {
    "unengaged": "Oengagerat",
    "reactive": "Reaktiv",
    "proactive": "Proaktiv",
    "strategic": "Strategisk/konsultativ",
    "partnership": "Partnerskap",
    "at_risk": "I riskzonen",
    "churned": "Churn",
}
"""The source's words for the stages, in order."""

TRIGGERS = {
    "poor_sentiment": "Dålig känsla",
    "under_delivery": "Bristande leverans",
    "poor_expectation_setting": "Dålig förväntningsinställning",
    "organizational_change": "Organisatorisk förändring",
    "miscommunication": "Missförstånd",
    "low_product_usage": "Låg produktanvändning",
    "financial_difficulty": "Ekonomiska svårigheter",
    "lack_of_adoption": "Brist på adoption",
    "support_issues": "Supportproblem",
}
"""The source's nine triggers; two are mended, "Under leverans" and "Stödproblem" (A0.3)."""

DATA_POINTS = {
    "goal_attainment": "Måluppfyllelse",
    "sentiment": "Kundsentiment",
    "moves": "Progressioner eller regressioner i kundresan",
    "risk_level": "Risknivå",
    "tier": "Nivåprioritering",
    "users": "Vem som använder produkten eller tjänsten",
    "features_used": "Vilka aspekter som används",
}
"""The source's seven data points, the last two shortened."""


def terms(plan: jk.Lifecycle, vocabulary: str, language: str) -> dict[str, str]:
    """The words of a vocabulary in a language."""
    return {term.id: getattr(term.label, language) for term in plan.vocabulary(vocabulary).terms}


# --- What the source says ---


def test_the_stages_are_a_spectrum_and_two_ways_out(relationship):
    """S2-16, S2-18, S2-22: the optional base, the four, then risk and churn, which have no rank."""
    assert [(stage.id, stage.kind, relationship.rank(stage.id)) for stage in relationship.stages] == [
        ("unengaged", "progress", 1),
        ("reactive", "progress", 2),
        ("proactive", "progress", 3),
        ("strategic", "progress", 4),
        ("partnership", "goal", 5),
        ("at_risk", "risk", None),
        ("churned", "exit", None),
    ]
    assert relationship.stage("strategic").aliases == ("consultative",)


def test_the_swedish_labels_are_the_sources_words(relationship):
    """A reader of the source finds stages, triggers and data points again."""
    assert {stage: relationship.label(stage, "sv") for stage in relationship.stage_ids} == STAGES
    assert terms(relationship, "risk_triggers", "sv") == TRIGGERS
    assert terms(relationship, "data_points", "sv") == DATA_POINTS


def test_the_data_points_are_written_down_every_month(relationship):
    """S2-31: for each client, each month; a vocabulary without its rhythm would be half of it."""
    assert relationship.vocabulary("data_points").cadence.sv == "Varje månad"
    assert list(terms(relationship, "axes", "en")) == ["vertical", "persona", "service"]


def test_triggers_are_looked_for_beside_the_status(relationship):
    """S2-23: a support issue is a warning and no stage, so no trigger is a touchpoint that moves anyone."""
    assert set(TRIGGERS) & {*relationship.touchpoint_ids, *relationship.stage_ids} == set()


def test_the_signs_of_risk_in_b2b_are_the_same_triggers(relationship, b2b):
    """S2-25: one list, wherever it stands."""
    triggers = [term.label for term in relationship.vocabulary("risk_triggers").terms]

    assert list(b2b.stage("at_risk").entry_signals) == triggers


def test_the_two_standing_questions_are_asked_of_every_client(relationship):
    """S2-27: numbers tell one part; the feeling is the other."""
    assert [(question.id, question.text.sv) for question in relationship.questions] == [
        ("reaching_goals", "Når vi deras mål?"),
        ("feeling_about_it", "Hur känner de om det?"),
    ]


def test_risk_leads_back_to_any_stage_and_churn_to_none(relationship):
    """S2-22, S2-33: a case may be resolved; the journey of one who churned is over."""
    ranked = tuple(STAGES)[:5]

    assert relationship.onward("at_risk") == ranked
    assert {t.target for t in relationship.transitions if t.source == "churned"} == set()
    assert all(relationship.declares(stage, out) for stage in ranked for out in ("at_risk", "churned"))


@pytest.mark.parametrize(
    ("source", "target", "kind"),
    [
        ("reactive", "partnership", "skip"),
        ("partnership", "reactive", "regress"),
        ("unengaged", "reactive", "advance"),
        ("at_risk", "unengaged", "recover"),
        ("churned", "reactive", "re_entry"),
    ],
)
def test_moves_have_the_kinds_that_the_source_means(relationship, source, target, kind):
    """S2-19, S2-36: skips and regressions are facts."""
    assert relationship.transition_kind(source, target) == kind


def test_nothing_is_claimed_that_the_source_leaves_open(relationship):
    """S2-28 says that cadence, style and wants differ by stage, and not how."""
    said = {(stage.cadence, stage.communication_style, stage.wants) for stage in relationship.stages}
    claimed = {
        (t.weight, t.owner, t.response_within, t.evidence, t.controllable) for t in relationship.touchpoints
    }

    assert [tuple(map(bool, each)) for each in said] == [(False, False, False)]
    assert claimed == {(None, None, None, "assumed", None)}
    assert list(terms(relationship, "by_stage", "en")) == ["cadence", "communication_style", "wants"]


def test_patience_lasts_a_quarter(relationship):
    """The longer of the two horizons over which goals are judged (S2-29)."""
    assert relationship.idle == dt.timedelta(days=90)
    assert list(terms(relationship, "horizons", "en")) == ["month", "quarter"]


# --- A target for each client (A0.1, S2-20) ---


def test_the_client_that_the_source_describes_is_not_meant_to_become_a_partner(relationship):
    """S2-20: "an adequate customer experience by just delivering what they ask for"."""
    persona = relationship.persona("one_off_project")

    assert (persona.target_stage, [(step.stage, step.touchpoint) for step in persona.path]) == (
        "reactive",
        [("reactive", "requested_delivery")],
    )


def test_a_client_at_their_own_target_has_achieved_it_however_silent(relationship):
    """A one-off project is delivered and over; calling that a loss would punish good work."""
    statuses = {name: {1: {"stage": "reactive"}} for name in ("one-off", "beyond", "short", "no target")}
    statuses["beyond"] = {1: {"stage": "proactive"}}
    statuses["somebody else"] = {400: {"stage": "reactive"}}

    journey = observe_days(
        statuses,
        lifecycle=relationship,
        customers={
            "one-off": {"target_stage": "reactive"},
            "beyond": {"target_stage": "reactive"},
            "short": {"target_stage": "partnership"},
            "no target": {"target_stage": None},
        },
    )

    assert outcomes(journey) == {
        "one-off": ["reactive achieved 399"],
        "beyond": ["proactive achieved 399"],
        "short": ["reactive dropped 90"],
        "no target": ["reactive dropped 90"],
        "somebody else": ["reactive open 0"],
    }


def test_where_reactive_is_everyones_target_only_those_below_it_drop_off(relationship):
    """The same at scale: silence is a loss in `unengaged` and at risk, and nowhere else."""
    drawn = jk.simulate(
        relationship, customers=500, start="2025-01-01", seed=3, attributes={"target_stage": ["reactive"]}
    )
    log = jk.events(
        drawn.events, customer="customer", timestamp="timestamp", stage="stage", customers=drawn.customers
    )
    with warnings.catch_warnings(action="ignore"):
        rows = jk.drop_offs(jk.observe(log, relationship, as_of="2035-01-01"))

    assert {row.stage for row in rows if row.dropped} == {"unengaged", "at_risk"}
    assert {row.stage for row in rows if row.achieved} == {
        "reactive",
        "proactive",
        "strategic",
        "partnership",
    }


# --- A log ---


def test_what_happens_between_two_statuses_moves_nobody(relationship):
    """Talks, support and deliveries belong to the status told last, so that only a status is a move."""
    journey = observe_days(
        {
            "ana": {
                1: {"stage": "proactive"},
                5: "goal_talk",
                6: "feeling_talk",
                9: "support",
                12: "requested_delivery",
                20: {"stage": "strategic"},
                25: "goal_talk",
            }
        },
        lifecycle=relationship,
    )

    assert stays(journey) == {"ana": ["proactive from 1", "strategic from 20"]}


def test_a_client_whose_risk_case_is_resolved_is_back_where_they_were(relationship):
    """S2-33: the log of risk cases alone tells the way out and back."""
    journey = observe_days(
        {
            "ana": {1: {"stage": "strategic"}, 5: "risk_case_opened", 9: "risk_case_resolved"},
            "ben": {1: {"stage": "reactive"}, 5: "risk_case_opened", 9: "relationship_ended"},
        },
        lifecycle=relationship,
    )

    assert stays(journey) == {
        "ana": ["strategic from 1", "at_risk from 5", "strategic from 9"],
        "ben": ["reactive from 1", "at_risk from 5", "churned from 9"],
    }


def test_a_client_without_any_status_begins_in_the_first_of_the_four(relationship):
    """S2-06: tracking starts with the onboarding completed; nobody has judged the relationship yet."""
    journey = observe_days(
        {"ana": {1: "onboarding_completed", 9: "goal_talk", 12: "requested_delivery"}}, lifecycle=relationship
    )

    assert stays(journey) == {"ana": ["reactive from 1"]}


# --- The page ---


def test_the_page_lists_the_vocabularies_and_questions(relationship, project):
    """People write these ids into their data."""
    page = (project / "docs/reference/lifecycles/client-relationship.md").read_text(encoding="utf-8")

    assert table(page, "Vocabularies") == [
        [vocabulary.id, term.id, term.label.en, term.label.sv]
        for vocabulary in relationship.vocabularies
        for term in vocabulary.terms
    ]
    assert table(page, "Questions") == [
        [question.id, question.text.en, question.text.sv] for question in relationship.questions
    ]
