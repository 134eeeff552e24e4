"""The shipped buying steps: the source's words, and the same purchase seen as the seven phases."""

from __future__ import annotations

import itertools
import warnings
from collections import Counter

import pytest
from tests.lifecycles import table
from tests.logs import observe_days, outcomes

import journeykit as jk
from journeykit.model.names import each_target, split_target

STEPS = {
    "recognize_problem": "genkendelse af et problem",
    "research_solution": "undersøgelse af en løsning",
    "discover_providers": "opdage udbydere",
    "overcome_doubt": "overvinde tvivl",
    "convince_decision_makers": "overbevise øvrige beslutningstagere",
    "secure_funding": "sikre økonomiske midler",
    "give_acceptance": "give sin accept",
}
"""The mission page's list of steps (S5-09), in order."""

FOUR = {
    "advertising": "reklame og annoncering",
    "inbound_marketing": "inbound marketing team",
    "reference_customer": "nuværende referencekunder",
    "sales_contact": "direkte kontakt fra salgsteamet",
}
"""The mission page's list of touchpoints (S5-16)."""


@pytest.fixture(scope="module")
def phases(b2b) -> jk.Lifecycle:
    """The seven phases, which know the names of the steps."""
    return jk.map_system(b2b, "buying-steps", manager=jk.make_manager(entry_points=False))


def phase_of(buying: jk.Lifecycle, step: str) -> str:
    """The phase that a step is part of."""
    (whole,) = buying.stage(step).part_of
    return whole.removeprefix("b2b-seven-phase/")


# --- What the source says ---


def test_the_seven_steps_come_in_their_order_and_then_the_way_out(buying):
    """S5-09: exactly these seven; a log of sales has losses, too (S5-19)."""
    kinds = [(stage.id, stage.kind) for stage in buying.stages]

    assert kinds == [
        *((step, "progress") for step in list(STEPS)[:-1]),
        ("give_acceptance", "goal"),
        ("lost", "exit"),
    ]


def test_the_danish_labels_are_the_sources_words(buying):
    """A reader of the source finds the steps and its four touchpoints again."""
    steps = {step: buying.label(step, "da") for step in STEPS}
    four = {
        touchpoint.id: touchpoint.label.da
        for touchpoint in buying.touchpoints
        if "S5-16" in touchpoint.sources
    }

    assert {step: words[0].lower() + words[1:] for step, words in steps.items()} == STEPS
    assert {touchpoint: words[0].lower() + words[1:] for touchpoint, words in four.items()} == FOUR


def test_each_step_leads_to_the_next(buying):
    """S5-04, S5-08: skips and loops are counted; the plan is the row of seven."""
    steps = list(STEPS)

    assert {step: buying.onward(step) for step in steps} == {
        **{step: (onward,) for step, onward in itertools.pairwise(steps)},
        "give_acceptance": None,
    }


def test_doubt_and_the_help_of_an_expert_have_their_place(buying):
    """S5-18: where doubt arises, and when an expert is needed, is to be seen in the log."""
    seen = {
        each.id: each.after for each in buying.touchpoints_in("overcome_doubt") if "S5-18" in each.sources
    }

    assert seen == {"doubt": (), "expert_help": ("doubt",)}


def test_sales_has_words_for_what_it_sees(buying):
    """S5-12 to S5-14, S5-18: swings, concerns, pain points, ups and downs, doubt, and the need of help."""
    terms = [term.id for term in buying.vocabulary("sales_observations").terms]

    assert terms == [
        "attitude",
        "concern",
        "pain_point",
        "emotional_high",
        "emotional_low",
        "doubt",
        "expert_help_needed",
    ]


def test_what_the_company_begins_is_what_it_controls(buying):
    """S5-15: some moments can be controlled; the others are not claimed to be."""
    controlled = {each.id: each.controllable for each in buying.touchpoints if each.controllable is not None}

    assert controlled == {"advertising": True, "doubt": False, "expert_help": True, "sales_contact": True}


# --- The same purchase as seven phases ---


def test_the_steps_are_parts_of_the_phases_two_to_five_in_their_order(buying, b2b):
    """A step that lay before its predecessor's phase would make every buyer regress."""
    ranks = [b2b.rank(phase_of(buying, step)) for step in STEPS]

    assert ranks == sorted(ranks)
    assert set(ranks) == {2, 3, 4, 5}
    assert phase_of(buying, "lost") == "churned"


def test_the_names_of_the_steps_say_what_each_is_part_of(buying, phases):
    """Two lists of one truth: this keeps them one."""
    assert dict(phases.names.stages) == {step: phase_of(buying, step) for step in buying.stage_ids}


def test_the_names_of_the_touchpoints_lie_in_the_phases_of_their_steps(buying, phases):
    """Otherwise the same event would be at two times of the purchase."""
    meant = {
        name: {split_target(place) for place in each_target(target)}
        for name, target in phases.names.touchpoints
    }

    assert meant == {
        touchpoint.id: {(phase_of(buying, step), touchpoint.id) for step in touchpoint.stages}
        for touchpoint in buying.touchpoints
    }


def test_one_log_of_steps_is_the_same_walk_through_the_phases(buying, phases):
    """Moves between steps of one phase vanish, all others are moves between the phases: counted, not told."""
    drawn = jk.simulate(buying, customers=500, start="2025-01-01", seed=5)
    log = jk.events(
        drawn.events, customer="customer", timestamp="timestamp", stage="stage", sequence="sequence"
    )
    with warnings.catch_warnings(action="ignore"):
        steps = jk.transitions(jk.observe(log, buying))
        seen = jk.transitions(jk.observe(log, phases))

    expected: Counter[tuple[str, str]] = Counter()
    for row in steps:
        ends = phase_of(buying, row.source), phase_of(buying, row.target)
        if row.moves and ends[0] != ends[1]:
            expected[ends] += row.moves
    assert {(row.source, row.target): row.moves for row in seen if row.moves} == expected


def test_a_log_of_touchpoints_alone_is_placed_under_both(buying, phases):
    """A CRM without stages has activities; under either lifecycle the deal ends lost, at the same time."""
    log = {"deal": {1: "advertising", 9: "lead_identified", 20: "doubt", 30: "alternative_chosen"}}

    assert outcomes(observe_days(log, lifecycle=buying)) == {
        "deal": [
            "recognize_problem moved 8",
            "discover_providers moved 11",
            "overcome_doubt exited 10",
            "lost departed 0",
        ]
    }
    assert outcomes(observe_days(log, lifecycle=phases)) == {
        "deal": [
            "trigger moved 8",
            "initial_interest moved 11",
            "active_evaluation exited 10",
            "churned departed 0",
        ]
    }


def test_patience_is_that_of_the_phases(buying, b2b):
    """A buyer can't be lost under one and open under the other."""
    assert buying.idle == b2b.idle


# --- The page ---


def test_the_page_tells_the_parts_the_words_and_the_questions(buying, project):
    """What is mapped by these names is looked up here."""
    page = (project / "docs/reference/lifecycles/buying-steps.md").read_text(encoding="utf-8")

    assert table(page, "Part of the seven phases") == [
        [step, phase_of(buying, step)] for step in buying.stage_ids
    ]
    assert table(page, "Vocabularies") == [
        [each.id, term.id, term.label.en, term.label.da]
        for each in buying.vocabularies
        for term in each.terms
    ]
    assert table(page, "Questions") == [[each.id, each.text.en, each.text.da] for each in buying.questions]
