"""A lifecycle's gaps are told in plain words, and none is told where there is none."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.model.codec.drawing import full_lifecycles

import journeykit as jk
from journeykit import (
    Bridge,
    Lifecycle,
    Persona,
    Question,
    Stage,
    Term,
    Text,
    Touchpoint,
    Transition,
    Vocabulary,
)
from journeykit.errors import UnknownNameError
from journeykit.testing import LifecycleFinding, check_lifecycle
from journeykit.testing import strategies as jst
from journeykit.testing.checks.finding import FindingKind
from journeykit.testing.checks.paths import Paths


def plan(*stages, moves=(), touchpoints=None, **more) -> Lifecycle:
    """Make a lifecycle, each stage of which has a touchpoint of its own unless they are given."""
    ids = [stage if isinstance(stage, str) else stage.id for stage in stages]
    own = {f"tp_{id_}": id_ for id_ in ids} if touchpoints is None else touchpoints
    return Lifecycle("acme", stages, moves, own, **more)


def goal(name: str, **more) -> Stage:
    """Make a stage that is success."""
    return Stage(name, kind="goal", **more)


def exit_(name: str) -> Stage:
    """Make a stage that is the way out."""
    return Stage(name, kind="exit")


def risk(name: str) -> Stage:
    """Make a stage of trouble."""
    return Stage(name, kind="risk")


def found(lifecycle: Lifecycle, **options) -> list[tuple[str, str]]:
    """Check, and keep the kind and the place of each finding."""
    return [(finding.kind, finding.place) for finding in check_lifecycle(lifecycle, **options)]


LACKING = {
    "a stage that nobody declared a way to": (
        plan("a", "b", "island", goal("paid"), moves=[("a", "b"), ("b", "paid")]),
        [("unreachable_stage", "stage 'island'"), ("unreachable_touchpoint", "touchpoint 'tp_island'")],
    ),
    "two stages that lead to each other alone": (
        plan("a", "b", "c", goal("paid"), moves=[("a", "paid"), ("b", "c"), ("c", "b")]),
        [
            ("unreachable_stage", "stage 'b'"),
            ("unreachable_stage", "stage 'c'"),
            ("unreachable_touchpoint", "touchpoint 'tp_b'"),
            ("unreachable_touchpoint", "touchpoint 'tp_c'"),
        ],
    ),
    "a goal that no path leads to": (
        plan("a", "b", goal("renewed"), goal("paid"), moves=[("a", "b"), ("b", "paid")], touchpoints={}),
        [("unreachable_goal", "stage 'renewed'")],
    ),
    "a goal that leads on, and that nothing leads to": (
        plan("a", goal("paid"), "use", moves=[("a", "use"), ("paid", "use"), ("use", "a")], touchpoints={}),
        [
            ("unreachable_goal", "stage 'paid'"),
            ("no_way_out", "stage 'a'"),
            ("no_way_out", "stage 'use'"),
        ],
    ),
    "neither goal nor exit": (plan("a", "b"), [("no_way_out", "lifecycle")]),
    "a last stage beyond the goal": (plan("a", goal("paid"), "use"), [("no_way_out", "stage 'use'")]),
    "trouble that nobody comes out of": (
        plan("a", goal("paid"), risk("trouble")),
        [("no_way_out", "stage 'trouble'")],
    ),
    "a stage that shares all it has": (
        plan("a", "b", goal("paid"), touchpoints={"call": ["a", "b"], "order": "paid"}),
        [("no_sign_of_stage", "stage 'b'")],
    ),
    "a stage without a touchpoint": (
        plan("a", "b", goal("paid"), touchpoints={"call": "a", "order": "paid"}),
        [("no_sign_of_stage", "stage 'b'")],
    ),
    "a persona who jumps": (
        plan("a", "b", goal("paid"), personas=[Persona("gen_z", path=["a/tp_a", "paid/tp_paid"])]),
        [("persona_off_path", "persona 'gen_z'")],
    ),
    "a persona whose path ends elsewhere": (
        plan(
            "a", "b", goal("paid"), goal("partner"), moves=[("b", "paid")],
            personas=[Persona("late", path=["partner/tp_partner"], target_stage="b")],
        ),
        [("persona_off_path", "persona 'late'")],
    ),
    "a bridge from where nobody comes": (
        plan(
            "a", "island", goal("paid"), moves=[("a", "paid")], touchpoints={},
            bridges=[Bridge("other", stage="island")],
        ),
        [("unreachable_stage", "stage 'island'"), ("unreachable_bridge", "bridge 'island' -> 'other'")],
    ),
    "labels in one language that are missing in another": (
        plan(
            Stage("a", label={"en": "Start", "da": "Begyndelse"}),
            goal("paid", label="Paid"),
            title={"en": "Acme", "da": "Acme"},
            touchpoints=[
                Touchpoint("order", stages="paid", label={"da": "Ordre"}),
                Touchpoint("call", stages="a"),
            ],
            vocabularies=[Vocabulary("why", label={"da": "Hvorfor", "en": "Why"}, terms=[Term("price")])],
            questions=[Question("q", text={"da": "Ja?"})],
        ),
        [
            ("missing_translation", "stage 'paid'"),
            ("missing_translation", "touchpoint 'order'"),
            ("missing_translation", "touchpoint 'call'"),
            ("missing_translation", "question 'q'"),
            ("missing_translation", "vocabulary 'why', term 'price'"),
        ],
    ),
    "two stages with one label": (
        plan(Stage("a", label="Sign-up"), Stage("b", label="sign up"), goal("paid")),
        [("duplicated_meaning", "stage 'b'")],
    ),
    "a label that is another's id": (
        plan(Stage("a", label="B"), Stage("b"), goal("paid")),
        [("duplicated_meaning", "stage 'b'")],
    ),
    "two touchpoints of a stage with one label": (
        plan(
            "a", goal("paid"),
            touchpoints=[
                Touchpoint("mail", stages="a", label="Email"),
                Touchpoint("letter", stages=["a", "paid"], label="EMAIL"),
                Touchpoint("receipt", stages="paid", label="Receipt"),
            ],
        ),
        [("duplicated_meaning", "touchpoint 'letter'")],
    ),
    "an alias that is another's label": (
        plan(Stage("a", label="Start"), Stage("b", aliases=["start", "go"]), goal("paid", aliases="go")),
        [("duplicated_meaning", "stage 'b'"), ("duplicated_meaning", "stage 'paid'")],
    ),
    "a CRM's name that is another's label": (
        plan(Stage("a", label="Lead"), Stage("b", label="Deal"), goal("paid")).map(stages={"Lead": "b"}),
        [("duplicated_meaning", "stage name 'Lead'")],
    ),
    "a CRM's name that is another touchpoint": (
        plan("a", goal("paid")).map(touchpoints={"TP paid": "tp_a"}),
        [("duplicated_meaning", "touchpoint name 'TP paid'")],
    ),
}  # fmt: skip

LACKING_NOTHING = {
    "a chain without a transition": plan("a", "b", goal("paid")),
    "a chain with every transition": plan("a", "b", goal("paid"), moves=[("a", "b"), ("b", "paid")]),
    "a loop": plan("a", "b", goal("paid"), moves=[("a", "b"), ("b", "a"), ("paid", "a"), ("paid", "paid")]),
    "two starts of one rank": plan(
        Stage("web", rank=1), Stage("fair", rank=1), goal("paid", rank=2), touchpoints={}
    ),
    "a second start with a way on": plan(
        "web", "fair", goal("paid"), moves=[("web", "paid"), ("fair", "paid")]
    ),
    "risk and exit, declared nowhere": plan("a", goal("paid"), risk("trouble"), exit_("gone")),
    "a win-back from the exit alone": plan(
        "a", goal("paid"), "back", exit_("gone"), moves=[("a", "paid"), ("gone", "back"), ("back", "paid")]
    ),
    "a stage after the goal, with an exit": plan("a", goal("paid"), "use", exit_("gone")),
    "an exit and no goal": plan("a", "b", exit_("gone")),
    "only risk and exit": plan(risk("trouble"), exit_("gone")),
    "ranks below zero": plan(Stage("b", rank=0), Stage("a", rank=-1), goal("paid", rank=3)),
    "no touchpoints at all": plan("a", "b", goal("paid"), touchpoints={}),
    "a stage that signals tell": plan(
        "a", Stage("b", entry_signals="A lead scores 80"), goal("paid"), touchpoints={"x": "a", "y": "paid"}
    ),
    "a shared touchpoint beside one of its own": plan(
        "a", "b", goal("paid"), touchpoints={"x": "a", "y": "b", "call": ["a", "b", "paid"], "z": "paid"}
    ),
    "a stage that a name alone tells": plan(
        "a", "b", goal("paid"), touchpoints={"call": ["a", "b"], "z": "paid"}
    ).map(touchpoints={"Call of a lead": "b/call"}),
    "a persona along the plan, through trouble": plan(
        "a", goal("paid"), risk("trouble"), moves=[("trouble", "a")],
        personas=[
            Persona("p", path=["a/tp_a", "a/tp_a", "trouble/tp_trouble", "a/tp_a"], target_stage="paid")
        ],
    ),
    "labels in English for some": plan(
        Stage("trial", label="Trying it out"), goal("paid"), moves=[Transition("trial", "paid", label="Buys")]
    ),
    "descriptions in English alone": plan(
        Stage("a", label=Text("A", "A", "A", "A"), description="The first."),
        goal("paid", label=Text("Paid", "Betalt", "Betald", "Betalt")),
        title=Text("Acme", "Acme", "Acme", "Acme"),
        touchpoints={},
    ),
    "a touchpoint that a map of names added": plan(
        Stage("a", label={"da": "A", "en": "A"}),
        goal("paid", label={"da": "B", "en": "B"}),
        title={"da": "T", "en": "T"},
        touchpoints={},
    ).map(touchpoints={"Web": "a/web", "Order": "paid/order"}),
    "one label in two stages": plan(
        "a", goal("paid"),
        touchpoints=[
            Touchpoint("m1", stages="a", label="Email"),
            Touchpoint("m2", stages="paid", label="Email"),
        ],
    ).map(touchpoints={"Email": "m2"}),
}  # fmt: skip


@pytest.mark.parametrize("case", LACKING)
def test_what_is_lacking_is_found(case):
    """Each is a mistake that rules allow, and that shows up months later as a zero in a report."""
    lifecycle, expected = LACKING[case]

    assert found(lifecycle) == expected


@pytest.mark.parametrize("case", LACKING_NOTHING)
def test_where_nothing_is_lacking_nothing_is_found(case):
    """Advice that is wrong once is not read again."""
    assert check_lifecycle(LACKING_NOTHING[case]) == ()


def test_what_ships_lacks_nothing():
    """It is what authors learn from."""
    lacking = {
        each.id: check_lifecycle(each) for each in jk.make_manager(entry_points=False).lifecycles.values()
    }

    assert lacking == dict.fromkeys(lacking, ())


def test_every_kind_of_finding_has_a_case():
    """A kind that no case shows may never be found, or always."""
    assert {kind for _, expected in LACKING.values() for kind, _ in expected} == set(get_args(FindingKind))


def test_a_finding_says_what_is_lacking_and_the_way_out():
    """Whoever reads it wrote the lifecycle this morning, and has never seen our code."""
    lifecycle = plan("a", "island", goal("paid"), moves=[("a", "paid")], touchpoints={})

    [finding] = check_lifecycle(lifecycle)

    assert finding == LifecycleFinding(
        "unreachable_stage",
        "stage 'island'",
        "no declared path leads here. Declare a transition to it from a stage that is reached ('a', 'paid');"
        " where customers begin here, give it the rank of the first stage.",
    )
    assert str(finding) == f"stage 'island': {finding.sentence}"


@pytest.mark.parametrize("case", LACKING)
def test_findings_are_sentences(case):
    """They are printed one under the other."""
    for finding in check_lifecycle(LACKING[case][0]):
        assert finding.sentence.endswith(".")
        assert "\n" not in str(finding)


def test_languages_can_be_demanded():
    """A plan for the Danish office needs Danish, though no label has begun with it."""
    lifecycle = plan(Stage("a", label="Start"), goal("paid"), touchpoints={})

    assert [str(finding) for finding in check_lifecycle(lifecycle, languages=["da"])] == [
        "lifecycle: it has no title. Give it one in da: people read its id instead.",
        "stage 'a': its label is missing in da. Say it there, too: people read the English there.",
        "stage 'paid': it has no label. Give it one in da: people read its id instead.",
    ]
    assert found(lifecycle, languages=[]) == []


def test_an_unknown_language_is_an_error():
    """A country such as "dk" is none; the answer would be that everything is missing."""
    with pytest.raises(UnknownNameError, match="no language named 'dk'"):
        check_lifecycle(plan("a"), languages=["dk"])


@given(jst.lifecycles() | full_lifecycles(), st.none() | st.just(("en", "da", "sv", "nb")))
def test_no_lifecycle_is_too_strange_to_check(lifecycle, languages):
    """What can be made can be checked, and again with the same findings, from a file or from Python."""
    findings = check_lifecycle(lifecycle, languages=languages)

    assert check_lifecycle(Lifecycle.from_yaml(lifecycle.to_yaml()), languages=languages) == findings
    assert len(set(findings)) == len(findings)


@given(st.integers(1, 12), st.booleans(), st.booleans())
def test_a_chain_to_a_goal_lacks_nothing(length, declared, leave):
    """The plan that most people write first."""
    ids = [f"stage_{number}" for number in range(length)]
    stages = [*ids[:-1], goal(ids[-1]), *([exit_("gone")] if leave else [])]
    moves = list(pairwise(ids)) if declared else []

    assert check_lifecycle(plan(*stages, moves=moves)) == ()


@given(jst.lifecycles())
def test_what_no_walk_reaches_is_what_is_found(lifecycle):
    """The same question asked of the edges of a graph, by networkx."""
    paths = Paths(lifecycle)
    graph = nx.DiGraph([(source, target) for source, targets in paths.onward.items() for target in targets])
    graph.add_nodes_from(lifecycle.stage_ids)
    graph.add_edges_from(
        (source, stage.id)
        for source in lifecycle.stage_ids
        for stage in lifecycle.stages
        if stage.kind in {"risk", "exit"}
    )
    reached = {stage for start in paths.starts for stage in {start, *nx.descendants(graph, start)}}

    unreached = {
        place for kind, place in found(lifecycle) if kind in {"unreachable_stage", "unreachable_goal"}
    }
    assert unreached == {f"stage {stage!r}" for stage in lifecycle.stage_ids if stage not in reached}


def test_a_large_lifecycle_is_checked_in_no_time():
    """A CRM's pipeline export can hold hundreds of stages and thousands of names."""
    ids = [f"s{number}" for number in range(400)]
    lifecycle = plan(*(Stage(id_, aliases=f"alias {id_}") for id_ in ids), exit_("gone"))
    mapped = lifecycle.map(touchpoints={f"CRM {number}": f"tp_s{number % 400}" for number in range(2_000)})

    assert check_lifecycle(mapped) == ()
