"""The stages of the shipped B2B lifecycle, walked along the mission page's table of phases (A1)."""

from __future__ import annotations

from journeykit.model import Text

PHASES = {
    "inactive": "Ikke-aktiv",
    "trigger": "Trigger",
    "initial_interest": "Første interesse",
    "active_evaluation": "Aktiv evaluering",
    "purchase_decision": "Købsbeslutning",
    "customer_experience": "Kundeoplevelse",
    "loyalty": "Loyalitet",
}
"""The mission page's table of phases: id and original word, in order."""

SAID = ("levels", "wants", "criteria", "participants", "artefacts", "entry_signals", "exit_signals")
"""The lists of a stage that are empty unless the text says something."""


def english(texts: tuple[Text, ...]) -> list[str]:
    """The English of a list of texts."""
    return [text.en for text in texts]


def test_the_seven_phases_come_in_their_order_and_then_the_two_ways_out(b2b):
    """S1-09: exactly these seven, in this order; S2-22: at risk and churn from any of them."""
    assert [(stage.id, stage.kind, b2b.rank(stage.id)) for stage in b2b.stages] == [
        ("inactive", "progress", 1),
        ("trigger", "progress", 2),
        ("initial_interest", "progress", 3),
        ("active_evaluation", "progress", 4),
        ("purchase_decision", "progress", 5),
        ("customer_experience", "progress", 6),
        ("loyalty", "goal", 7),
        ("at_risk", "risk", None),
        ("churned", "exit", None),
    ]


def test_the_original_names_of_the_phases_are_the_danish_labels(b2b):
    """A reader of the source finds the phases again."""
    assert {stage: b2b.label(stage, "da") for stage in PHASES} == PHASES


def test_the_ways_out_keep_their_swedish_names(b2b):
    """S2 is Swedish: "i riskzonen" and "churn" are its words."""
    assert (b2b.label("at_risk", "sv"), b2b.label("churned", "sv")) == ("I riskzonen", "Churn")


def test_the_inactive_stage_has_the_names_others_give_it(b2b):
    """People who know the phase as "out-of-market" or "passive" find it."""
    assert b2b.stage("inactive").aliases == ("out-of-market", "passive")


def test_each_phase_says_what_the_customer_has_in_mind_and_needs(b2b):
    """S1-08 and S1-10: mindset and needs in every phase; without them a stage is only a name."""
    silent = [phase for phase in PHASES if not (b2b.stage(phase).mindset and b2b.stage(phase).needs)]

    assert silent == []


def test_the_stages_hold_what_the_text_says_of_each(b2b):
    """The right-hand column of the mission's table of phases, and the nine triggers of risk (S2-25)."""
    held = {
        (stage.id, field): english(getattr(stage, field))
        for stage in b2b.stages
        for field in SAID
        if getattr(stage, field)
    }

    assert held == {
        ("inactive", "wants"): ["Inspiration"],
        ("inactive", "levels"): ["Business", "Department", "Team"],
        ("trigger", "entry_signals"): [
            "The customer uncovers a growth opportunity",
            "Revenue has fallen",
            "The number of customer complaints rises",
        ],
        ("initial_interest", "participants"): ["Project group with all stakeholders"],
        ("initial_interest", "artefacts"): ["Long list"],
        ("initial_interest", "entry_signals"): ["A solution has been identified"],
        ("active_evaluation", "criteria"): ["Trust", "Experience", "Scalability"],
        ("active_evaluation", "artefacts"): ["Short list"],
        ("purchase_decision", "participants"): ["Internal roll-out team", "Vendor"],
        ("purchase_decision", "artefacts"): ["Contract", "Success criteria", "KPIs", "Timeline"],
        ("purchase_decision", "exit_signals"): ["The implementation process begins"],
        ("customer_experience", "participants"): ["Users", "Consultant or customer contact"],
        ("customer_experience", "entry_signals"): ["The implementation begins"],
        ("loyalty", "entry_signals"): ["The first roll-out is done"],
        ("at_risk", "entry_signals"): [
            "Poor sentiment",
            "Under-delivery",
            "Poor expectation setting",
            "Organisational change",
            "Miscommunication",
            "Low product usage",
            "Financial difficulty",
            "Lack of adoption",
            "Support issues",
        ],
    }


def test_the_buyers_work_lies_in_the_three_phases_around_the_evaluation(b2b):
    """What the customer does there, step by step, is what a CRM's events may show."""
    assert {stage.id: english(stage.actions) for stage in b2b.stages if stage.actions} == {
        "initial_interest": [
            "Makes an initial search",
            "Forms a project group with all stakeholders",
            "Identifies the best solutions on the market",
            "Uncovers the scope of the project",
            "Reviews key functionality and technical requirements",
        ],
        "active_evaluation": [
            "Shortens the long list after the first vendor review",
            "Contacts each vendor",
            "Invites each vendor to a meeting and a demonstration",
            "Judges the vendors on trust, experience and scalability",
        ],
        "purchase_decision": [
            "Chooses a vendor",
            "Agrees on a solution",
            "Signs the contract",
            "Forms an internal roll-out team",
            "Defines success criteria, KPIs and a timeline with the vendor",
        ],
    }


def test_expectations_begin_with_the_sale(b2b):
    """S1-08: the text names expectations of the two phases after the signature, to be met or exceeded."""
    assert {stage.id: english(stage.expectations) for stage in b2b.stages if stage.expectations} == {
        "customer_experience": [
            "Up and running fast",
            "A smooth launch",
            "All users are trained",
            "Access to a consultant or a customer contact when needed",
        ],
        "loyalty": [
            "Quick results",
            "The vendor follows up",
            "The vendor implements the solution across the whole company",
            "The vendor helps to reach the goals",
        ],
    }


def test_a_no_to_any_presence_question_means_that_customers_do_not_find_you(b2b):
    """S1-17: one "no" is a risk of its own, and the audit says which."""
    meant = [question.consequence for stage in b2b.stages for question in stage.presence_questions]

    assert meant == 3 * [
        Text(
            en="Customers do not find you",
            da="Kunderne finder dig ikke",
            sv="Kunderna hittar dig inte",
            nb="Kundene finner deg ikke",
        )
    ]


def test_three_presence_questions_are_asked_where_customers_would_look(b2b):
    """S1-14 to S1-17: a "no" raises the risk of not being found in that very phase."""
    asked = {
        stage.id: [(question.text.da, question.sources) for question in stage.presence_questions]
        for stage in b2b.stages
        if stage.presence_questions
    }

    assert asked == {
        "inactive": [("Taler du på branchekonferencer?", ("S1-14", "S1-17"))],
        "trigger": [("Er din hjemmeside synlig ved søgninger på Google?", ("S1-16", "S1-17"))],
        "initial_interest": [
            (
                "Er din virksomhed med på hjemmesider, hvor leverandører sammenlignes?",
                ("S1-15", "S1-17"),
            )
        ],
    }
