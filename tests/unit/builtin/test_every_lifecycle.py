"""What holds of every lifecycle that ships: its words, its sources, its pages, and that it can be used."""

from __future__ import annotations

import warnings
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from tests.lifecycles import MISSION_ID, all_sources, parts, table

import journeykit as jk
from journeykit.model import LANGUAGES, Lifecycle, Text
from journeykit.testing import check_lifecycle

if TYPE_CHECKING:
    from pathlib import Path

SEVEN = (
    "b2b-seven-phase",
    "buying-steps",
    "client-relationship",
    "ecommerce",
    "expectation",
    "recommendation",
    "saas-freemium",
)

SHIPPED = {
    lifecycle.id: lifecycle for lifecycle in jk.lifecycles(manager=jk.make_manager(entry_points=False))
}

every_lifecycle = pytest.mark.parametrize("plan", SHIPPED.values(), ids=SHIPPED)


def test_seven_lifecycles_ship():
    """The mission's list of them, in one place."""
    assert tuple(SHIPPED) == SEVEN


@every_lifecycle
def test_the_kit_for_authors_finds_nothing_wanting(plan):
    """What we ask of a plugin's lifecycle, ours must do first, in all four languages."""
    assert check_lifecycle(plan, languages=LANGUAGES) == ()


# --- Words ---


@every_lifecycle
def test_everything_people_see_has_a_label_in_every_language(plan):
    """A Norwegian report must not fall back to English for one stage."""
    labels = [
        (place, part.label) for place, part in parts(plan) if isinstance(getattr(part, "label", None), Text)
    ]
    texts = [(place, part.text) for place, part in parts(plan) if isinstance(part, jk.Question)]
    whole = [("title", plan.title), ("scope.start", plan.scope.start), ("scope.end", plan.scope.end)]

    needed = [(place, text) for place, text in (*labels, *texts, *whole) if ".transitions" not in f".{place}"]
    missing = [
        (place, each) for place, text in needed for each in LANGUAGES if not getattr(text, each).strip()
    ]
    assert missing == []


@every_lifecycle
def test_a_text_that_is_translated_is_translated_into_every_language(plan):
    """Half a translation shows as a mixture of languages."""
    texts = [(place, part) for place, part in parts(plan) if isinstance(part, Text)]

    spoken = [(place, {each for each in LANGUAGES if getattr(text, each)}) for place, text in texts]
    assert [pair for pair in spoken if pair[1] not in (set(), {"en"}, set(LANGUAGES))] == []


@every_lifecycle
def test_no_word_has_a_space_at_its_end(plan):
    """It would show in a table, and break a lookup."""
    texts = [getattr(part, each) for _, part in parts(plan) if isinstance(part, Text) for each in LANGUAGES]

    assert [text for text in texts if text != " ".join(text.split())] == []


def test_the_same_word_means_the_same_in_every_lifecycle():
    """Data speak of `lock_in` and of `at_risk` once, whatever the lifecycle they are counted under."""
    said: dict[str, set[object]] = defaultdict(set)
    for plan in SHIPPED.values():
        for vocabulary in plan.vocabularies:
            terms = tuple((term.id, term.label) for term in vocabulary.terms)
            said[f"vocabulary {vocabulary.id}"].add((vocabulary.label, terms))
        for question in plan.questions:
            said[f"question {question.id}"].add(question.text)
        for stage in plan.stages:
            if stage.kind in {"risk", "exit"}:
                said[f"stage {stage.id}"].add(stage.label)

    assert {what: meanings for what, meanings in said.items() if len(meanings) > 1} == {}


# --- Sources ---


@every_lifecycle
def test_every_item_names_its_sources(plan):
    """Each obligation can be traced, and an item that no sentence asks for is noticed."""
    without = [place for place, part in parts(plan) if hasattr(part, "sources") and not part.sources]

    # A step says no more than the persona does, unless it names sources of its own.
    assert [place for place in without if ".path[" not in place] == []


@every_lifecycle
def test_every_source_can_be_looked_up(plan, project):
    """An id that stands nowhere explains nothing."""
    mission = (project / "docs" / "explanation" / "mission.md").read_text(encoding="utf-8")
    known = {line.split("|")[1].strip() for line in mission.splitlines() if line.startswith("| S")}

    cited = all_sources(plan)
    assert {source for source in cited if not MISSION_ID.fullmatch(source)} == set()
    assert cited - known == set()


# --- The whole ---


@every_lifecycle
def test_each_says_for_which_business_it_is_and_whose_journey(plan):
    """S2-02, S2-05: scope, perspective, industry, sales cycle and offering; nobody is told who owns one."""
    told = (plan.title, plan.description, plan.industry, plan.sales_cycle, plan.offering)

    assert all(told)
    assert plan.perspective in {"customer", "company"}
    assert (plan.owner, plan.variant_of) == (None, ())


@every_lifecycle
def test_each_survives_yaml_and_json(plan):
    """Somebody starts from it, writes it out and edits it: nothing may be lost on the way."""
    assert Lifecycle.from_yaml(plan.to_yaml()) == plan
    assert Lifecycle.from_json(plan.to_json()) == plan


@every_lifecycle
@pytest.mark.parametrize("touchpoints", [True, False])
def test_the_graph_of_each_follows_the_schema(plan, touchpoints):
    """What is drawn and exported is what the graph's page says."""
    jk.validate(plan.graph(touchpoints=touchpoints))


@every_lifecycle
def test_what_each_says_of_others_is_there(plan):
    """A bridge to a stage that was renamed would lead nowhere, and nothing else checks it."""
    bridges = [(bridge.lifecycle, bridge.target) for bridge in plan.bridges]
    wholes = [tuple(whole.split("/")) for stage in plan.stages for whole in stage.part_of]

    known = {(other.id, stage) for other in SHIPPED.values() for stage in (None, *other.stage_ids)}
    assert {*bridges, *wholes} - known == set()


@every_lifecycle
def test_the_questions_answer_what_was_drawn_from_each(plan):
    """Simulate, observe, ask: the moves counted are those made, and the losses those that happened."""
    drawn = jk.simulate(plan, customers=400, start="2025-01-01", seed=7, ties=0.0, unmapped=0.0)
    log = jk.events(
        drawn.events,
        customer="customer",
        timestamp="timestamp",
        touchpoint="touchpoint",
        stage="stage",
        sequence="sequence",
    )
    with warnings.catch_warnings(action="ignore"):
        journey = jk.observe(log, plan, as_of="2035-01-01", rules=())

        moves = {(row.source, row.target): row.moves for row in jk.transitions(journey) if row.moves}
        lost = {row.stage: (row.visits, row.lost, row.open) for row in jk.drop_offs(journey)}
        found = jk.gaps(journey)

    truth = drawn.truth
    assert truth.cut_short == 0
    assert moves == dict(truth.realised_moves)
    assert lost == {row.stage: (row.visits, row.lost, 0) for row in truth.stages if row.visits}
    planned = {(stage, touchpoint.id) for touchpoint in plan.touchpoints for stage in touchpoint.stages}
    assert {(row.stage, row.touchpoint) for row in found} >= planned


# --- Pages ---


@pytest.fixture
def page(plan, project) -> str:
    """The page that describes a lifecycle."""
    path: Path = project / "docs" / "reference" / "lifecycles" / f"{plan.id}.md"
    return path.read_text(encoding="utf-8")


@every_lifecycle
def test_the_page_lists_the_stages(plan, page):
    """Documentation that names another stage than the library is worse than none."""
    assert table(page, "Stages") == [
        [
            str(plan.rank(stage.id) or ""),
            stage.id,
            stage.kind,
            *(getattr(stage.label, each) for each in LANGUAGES),
        ]
        for stage in plan.stages
    ]


@every_lifecycle
def test_the_page_lists_the_touchpoints(plan, page):
    """People map their CRM's names to the ids on this page; the words beside the English are the source's."""
    assert table(page, "Touchpoints") == [
        [
            ", ".join(each.stages),
            each.id,
            each.label.en,
            getattr(each.label, plan.language),
            each.channel or "",
            each.mode or "",
        ]
        for each in plan.touchpoints
    ]
