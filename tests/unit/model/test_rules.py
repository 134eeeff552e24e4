"""A lifecycle that breaks rules is refused, with every broken rule and its place."""

from __future__ import annotations

import math
import pickle
from datetime import timedelta

import pytest

from journeykit.errors import LifecycleError
from journeykit.model import Activity, Lifecycle, Names, Question, Stage, Text, Touchpoint, Transition

NO_TEXT = "must be text, or text by language (en, da, sv, nb)"
NO_DURATION = 'is no duration such as "30 days" or "1 day 12 hours"'


def problems(**parts) -> tuple[str, ...]:
    """Build a lifecycle that breaks rules, and return what it says."""
    with pytest.raises(LifecycleError) as raised:
        Lifecycle(**{"id": "acme", "stages": ["visit", "trial", "paid"], **parts})
    return raised.value.problems


def test_the_error_reads_as_the_style_page_shows():
    """The message is the product here: someone is to mend their plan by it."""
    with pytest.raises(LifecycleError) as raised:
        Lifecycle("acme", ["visit"], transitions=[("visit", "pade")], touchpoints={"call": "trial"})

    assert str(raised.value) == (
        "lifecycle 'acme' has 2 problems:\n"
        "  transition 'visit' -> 'pade': no stage named 'pade'\n"
        "  touchpoint 'call': no stage named 'trial'"
    )


def test_every_broken_rule_is_listed_in_the_order_of_the_parts():
    """Ten runs to find ten mistakes would be nine too many; one mistake must not hide the next."""
    assert problems(
        idle="soon",
        stages=[
            "visit",
            "visit",
            Stage("trial", kind="gaol", entry="call"),
            Stage("gone", kind="exit", rank=9),
        ],
        transitions=[("visit", "trail"), ("visit", "trial"), ("visit", "trial")],
        touchpoints=[
            Touchpoint("call", stages=["visit"], weight=-1, evidence="guess", after="cal"),
            Touchpoint("mail", stages=[], response_within=timedelta(-1)),
        ],
        activities=[Activity("vist", "call", effort=-2, basis="habit")],
        questions=[Question("")],
    ) == (
        f"idle: 'soon' {NO_DURATION}: it is not numbers, each with its unit",
        "stage 'visit': stands there twice, first as stages[0]",
        "stage 'trial', kind: must be one of progress, goal, risk, exit, not 'gaol'. Did you mean 'goal'?",
        "stage 'trial', entry: touchpoint 'call' is not in this stage",
        "stage 'gone', rank: must be left out: risk and exit stages have no rank",
        "transition 'visit' -> 'trail': no stage named 'trail'. Did you mean 'trial'?",
        "transition 'visit' -> 'trial': stands there twice, first as transitions[1]",
        "touchpoint 'call', evidence: must be one of assumed, asked, observed, not 'guess'",
        "touchpoint 'call', weight: must be 0 or more, not -1",
        "touchpoint 'call', after: no touchpoint named 'cal'. Did you mean 'call'?",
        "touchpoint 'mail', response_within: must be 0 or longer, not minus 1 day",
        "touchpoint 'mail': is in no stage",
        "activity 'vist/call', basis: must be one of strategy, communication, not 'habit'",
        "activity 'vist/call', effort: must be 0 or more, not -2",
        "activity 'vist/call': no stage named 'vist'. Did you mean 'visit'?",
        "questions[0].id: is empty",
    )


@pytest.mark.parametrize(
    ("name", "clause"),
    [
        ("", "is empty"),
        ("?", "'?' stands for events of no stage"),
        ("a/b", "'a/b' has a '/', which parts a stage from a touchpoint"),
        ("a\nb", "'a\\nb' has a control character"),
        ("\x00", "'\\x00' has a control character"),
    ],
)
def test_an_id_must_not_break_the_graphs_node_names(name, clause):
    """A touchpoint's node is "stage/touchpoint", an unmapped one "?/name", and GraphML is XML."""
    assert problems(stages=[name, "visit"])[0].endswith(f": {clause}")
    assert problems(touchpoints=[Touchpoint(name, stages="visit")])[0].endswith(f": {clause}")
    assert problems(id=name) == (f"id: {clause}",)


@pytest.mark.parametrize(
    "name", ["Free trial", "næste skridt", "5", "a.b", " ", "NA", "path_start", "<script>", '"; drop table']
)
def test_other_ids_are_the_callers_business(name):
    """Nobody's CRM is asked to rename its stages."""
    lifecycle = Lifecycle(name, [name], touchpoints={name: name})

    assert lifecycle.touchpoint_names == {name: (name, (name,))}


@pytest.mark.parametrize(
    ("stages", "found"),
    [
        ([], ("has no stages",)),
        (
            ["visit", Stage("trial", rank=2), Stage("paid", kind="goal")],
            ("stages: all progress and goal stages have a rank, or none: 'visit', 'paid' lack one",),
        ),
        (
            ["visit", Stage("risk", kind="risk", rank=1)],
            ("stage 'risk', rank: must be left out: risk and exit stages have no rank",),
        ),
        ([Stage("visit", rank=1.5)], ("stage 'visit', rank: must be a whole number, not 1.5",)),
        ([Stage("visit", rank=True)], ("stage 'visit', rank: must be a whole number, not True",)),
        ([3], ("stages[0]: must be of type Stage, not 3",)),
        ({"visit"}, ("stages[0]: must be of type Stage, not {'visit'}",)),
        (None, ("stages[0]: must be of type Stage, not None",)),
        ([Stage(None)], ("stages[0].id: must be text, not None",)),
        (
            [Stage("visit", label=3)],
            (f"stage 'visit', label: {NO_TEXT}, not 3",),
        ),
        (
            [Stage("visit", label={"dk": "x"})],
            ("stage 'visit', label.dk: no language named 'dk' (there are en, da, sv, nb)",),
        ),
        ([Stage("visit", label={"da": 3})], ("stage 'visit', label.da: must be text, not 3",)),
        (
            [Stage("visit", needs=["a", 3])],
            (f"stage 'visit', needs[1]: {NO_TEXT}, not 3",),
        ),
        (
            [Stage("visit", needs={"a"})],
            (f"stage 'visit', needs[0]: {NO_TEXT}, not {{'a'}}",),
        ),
        ([Stage("visit", aliases=3)], ("stage 'visit', aliases[0]: must be text, not 3",)),
        (
            [Stage("visit", label="\ud800")],
            ("stage 'visit', label.en: holds half a character, which no file can hold: '\\ud800'",),
        ),
        (
            [Stage("visit", kind=["goal"])],
            ("stage 'visit', kind: must be one of progress, goal, risk, exit, not ['goal']",),
        ),
        ([Stage("visit", entry="cal")], ("stage 'visit', entry: no touchpoint named 'cal'",)),
        (
            [Stage("visit", presence_questions="why?")],
            tuple(
                f"stage 'visit', presence_questions[{place}]: must be of type Question, not {letter!r}"
                for place, letter in enumerate("why?")
            ),
        ),
        (
            [Stage("visit", presence_questions=[Question("q"), Question("q")])],
            (
                (
                    "stage 'visit', presence_questions[1]: stands there twice,"
                    " first as stages[0].presence_questions[0]"
                ),
            ),
        ),
    ],
)
def test_broken_stages_say_what_is_wrong(stages, found):
    """Whatever stands where a stage belongs, the sentence names the place and the way out."""
    assert problems(stages=stages) == found


@pytest.mark.parametrize(
    ("transition", "found"),
    [
        ("ab", "transitions[0]: must be a pair (source, target) or a Transition, not 'ab'"),
        (("visit",), "transitions[0]: must be a pair (source, target) or a Transition, not ('visit',)"),
        (("visit", 3), "transitions[0].target: must be text, not 3"),
        (("visit", "vist"), "transition 'visit' -> 'vist': no stage named 'vist'. Did you mean 'visit'?"),
        (("x", "x"), "transition 'x' -> 'x': no stage named 'x'"),
        (
            Transition("visit", "trial", checks=3),
            f"transition 'visit' -> 'trial', checks[0]: {NO_TEXT}, not 3",
        ),
    ],
)
def test_broken_transitions_say_what_is_wrong(transition, found):
    """Two letters are no pair of stages."""
    assert problems(transitions=[transition]) == (found,)


@pytest.mark.parametrize(
    ("touchpoint", "found"),
    [
        (3, "touchpoints[0]: must be of type Touchpoint, not 3"),
        (Touchpoint("call", stages=[]), "touchpoint 'call': is in no stage"),
        (Touchpoint("call", stages=3), "touchpoint 'call', stages[0]: must be text, not 3"),
        (
            Touchpoint("call", stages=["visit", "visit"]),
            "touchpoint 'call', stages: 'visit' stands there 2 times",
        ),
        (
            Touchpoint("call", stages="visit", after="mail"),
            "touchpoint 'call', after: no touchpoint named 'mail'",
        ),
        (
            Touchpoint("call", stages="visit", after="call"),
            "stage 'visit': its touchpoints come in a circle: 'call' after 'call'",
        ),
        (
            Touchpoint("call", stages="visit", weight=math.nan),
            "touchpoint 'call', weight: must be a finite number, not nan",
        ),
        (
            Touchpoint("call", stages="visit", weight=10**400),
            "touchpoint 'call', weight: must be a finite number, not inf",
        ),
        (
            Touchpoint("call", stages="visit", weight="2"),
            "touchpoint 'call', weight: must be a number, not '2'",
        ),
        (
            Touchpoint("call", stages="visit", weight=True),
            "touchpoint 'call', weight: must be a number, not True",
        ),
        (
            Touchpoint("call", stages="visit", expected="no"),
            "touchpoint 'call', expected: must be true or false, not 'no'",
        ),
        (
            Touchpoint("call", stages="visit", expected=None),
            "touchpoint 'call', expected: must be true or false, not None",
        ),
        (
            Touchpoint("call", stages="visit", controllable=0),
            "touchpoint 'call', controllable: must be true or false, not 0",
        ),
        (
            Touchpoint("call", stages="visit", initiator="custmer"),
            (
                "touchpoint 'call', initiator: must be one of customer, company, third_party, system,"
                " not 'custmer'."
                " Did you mean 'customer'?"
            ),
        ),
        (
            Touchpoint("call", stages="visit", response_within=3),
            "touchpoint 'call', response_within: must be a duration such as \"30 days\", not 3",
        ),
        (
            Touchpoint("call", stages="visit", owner="x" * 500, channel=3),
            "touchpoint 'call', channel: must be text, not 3",
        ),
    ],
)
def test_broken_touchpoints_say_what_is_wrong(touchpoint, found):
    """Touchpoints come from people, spreadsheets and YAML: each field has its sentence."""
    assert problems(touchpoints=[touchpoint]) == (found,)


def test_a_touchpoint_under_another_id_is_refused():
    """One of the two ids is a typing error, and only the caller knows which."""
    assert problems(touchpoints={"call": Touchpoint("cal", stages="visit")}) == (
        "touchpoints[0]: touchpoint 'cal' stands under another id, 'call'",
    )


def test_order_within_a_stage_has_no_circles():
    """A demo after the report after the demo can never be kept."""
    touchpoints = [
        Touchpoint("a", stages=["visit", "trial"], after=["b"]),
        Touchpoint("b", stages=["visit"], after=["c"]),
        Touchpoint("c", stages=["visit", "trial"], after=["a"]),
    ]

    assert problems(touchpoints=touchpoints) == (
        "stage 'visit': its touchpoints come in a circle: 'a' after 'b' after 'c' after 'a'",
    )


def test_order_is_kept_within_a_stage_only():
    """Before in one stage, after in another: no circle.  To follow what is elsewhere means nothing."""
    Lifecycle(
        "acme",
        ["visit", "trial"],
        touchpoints=[
            Touchpoint("a", stages=["visit", "trial"], after=["b", "c"]),
            Touchpoint("b", stages="visit"),
            Touchpoint("c", stages="trial"),
        ],
    )
    touchpoints = [Touchpoint("a", stages="visit", after="b"), Touchpoint("b", stages="trial")]

    assert problems(touchpoints=touchpoints) == (
        "touchpoint 'a', after: touchpoint 'b' is in none of its stages",
    )


@pytest.mark.parametrize(
    ("idle", "found"),
    [
        (timedelta(0), "idle: must be longer than 0 and at most 109500 days, not 0 days"),
        ("300000 days", "idle: must be longer than 0 and at most 109500 days, not 300000 days"),
        (timedelta(-1), "idle: must be longer than 0 and at most 109500 days, not minus 1 day"),
        (30, 'idle: must be a duration such as "30 days", not 30'),
        (None, 'idle: must be a duration such as "30 days", not None'),
    ],
)
def test_silence_has_a_length(idle, found):
    """An idle of 0 would drop everyone; a number has no unit."""
    assert problems(idle=idle) == (found,)


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ({"activities": ["call"]}, "activities[0]: must be of type Activity, not 'call'"),
        ({"activities": [Activity("visit", "")]}, "activity 'visit/': names no touchpoint"),
        (
            {"questions": Question("a/b")},
            "question 'a/b', id: 'a/b' has a '/', which parts a stage from a touchpoint",
        ),
        ({"scope": "all"}, "scope: must be of type Scope, not 'all'"),
        ({"names": {"a": "b"}}, "names: must be of type Names, not {'a': 'b'}"),
        ({"names": Names(stages="visit")}, "names.stages[0]: must map names to what they mean, not 'visit'"),
        ({"names": Names(stages=[("A", "visit"), ("A", "trial")])}, "stage name 'A': is given 2 meanings"),
        ({"names": Names(stages={"A": ["visit"]})}, "stage name 'A': must be text, not ['visit']"),
        (
            {"names": Names(touchpoints=["ab", ("A", "b", "c")])},
            "names.touchpoints[0]: must map names to what they mean, not ['ab', ('A', 'b', 'c')]",
        ),
        ({"perspective": "ours"}, "perspective: must be one of customer, company, not 'ours'"),
        ({"language": "dk"}, "language: must be one of en, da, sv, nb, not 'dk'"),
        ({"title": 3}, f"title: {NO_TEXT}, not 3"),
        ({"sources": [Text("S1-01")]}, "sources[0]: must be text, not Text('S1-01')"),
        ({"id": 3}, "id: must be text, not 3"),
    ],
)
def test_broken_wholes_say_what_is_wrong(parts, found):
    """What is said once about the whole plan is checked as its parts are."""
    assert problems(**parts) == (found,)


def test_a_long_value_is_cut_in_the_sentence():
    """A whole table in the wrong place must not fill the screen."""
    (problem,) = problems(owner=[["cell"] * 1000] * 1000)

    assert problem.startswith("owner: must be text, not [['cell', ")
    assert len(problem) < 500


def test_a_problem_knows_its_place():
    """Programs act on facts: a form marks the field, a reader of files finds the line."""
    touchpoints = [Touchpoint("call", stages=["visit", "trail"], weight=-1)]

    assert [(problem, problem.path) for problem in problems(touchpoints=touchpoints)] == [
        ("touchpoint 'call', weight: must be 0 or more, not -1", ("touchpoints", 0, "weight")),
        ("touchpoint 'call': no stage named 'trail'. Did you mean 'trial'?", ("touchpoints", 0, "stages", 1)),
    ]


def test_the_error_survives_pickling():
    """Spark sends errors between processes, places and all."""
    with pytest.raises(LifecycleError) as raised:
        Lifecycle("acme", [""])

    copy = pickle.loads(pickle.dumps(raised.value))

    assert (str(copy), copy.problems, copy.problems[0].path) == (
        "lifecycle 'acme' has 1 problem:\n  stages[0].id: is empty",
        ("stages[0].id: is empty",),
        ("stages", 0, "id"),
    )
