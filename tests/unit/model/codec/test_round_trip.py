"""What is written reads back equal, whatever a lifecycle says."""

from __future__ import annotations

import json
import pickle
from datetime import timedelta
from typing import Literal, get_args, get_origin

import attrs
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeykit.model import Activity, Lifecycle, Names, Question, Scope, Stage, Text, Touchpoint, Transition
from journeykit.model.codec import from_dict, from_json, from_yaml, json_schema, to_dict, to_json, to_yaml
from journeykit.model.values import declared_types
from journeykit.plugins import lifecycles as shipped_lifecycles
from journeykit.testing import strategies as jst

TRICKY = (
    *(
        "",
        " ",
        " a",
        "a ",
        "no",
        "Yes",
        "null",
        "~",
        "true",
        "0",
        "007",
        "1e5",
        "1_000",
        "0x1F",
        "0o17",
        "1:30",
        "-1",
    ),
    *(
        ".5",
        "1.",
        "+1.0",
        ".inf",
        "2024-01-31",
        "a: b",
        "a #b",
        "#",
        "- a",
        "[a]",
        "{a: b}",
        "*a",
        "&a",
        "!a",
        "|",
        ">",
    ),
    *(
        "%",
        "@",
        "`",
        "'",
        '"',
        "=",
        "<<",
        "?",
        "---",
        "...",
        "a\nb",
        "\n",
        "a\n\n b\n",
        "\t",
        "\r\n",
        "\x00",
        "\x7f",
    ),
    *("\x85", "\u2028", "\ufeff", "\ufffe", "\U0001f600", "Prøve", "a" * 200, "word " * 60),
)
WORDS = st.sampled_from(TRICKY) | st.text(max_size=12)
IDS = (
    (st.sampled_from([word for word in TRICKY if word.isprintable()]) | st.text(min_size=1, max_size=8))
    .filter(lambda name: name not in {"", "?"} and "/" not in name)
    .filter(lambda name: name.isprintable())
)
LEAVES = {
    str: WORDS,
    bool: st.booleans(),
    int: st.integers(-(10**6), 10**6),
    float: st.floats(min_value=0, allow_infinity=False, allow_nan=False),
    timedelta: st.timedeltas(min_value=timedelta(0)),
    Text: st.builds(Text, WORDS, WORDS, WORDS, WORDS) | st.builds(Text, WORDS),
}


def of_type(declared):
    """Draw a value of the type that a field declares."""
    if get_origin(declared) is tuple:
        return st.lists(of_type(get_args(declared)[0]), max_size=2)
    if get_origin(declared) is Literal:
        return st.sampled_from(get_args(declared))
    if type(None) in get_args(declared):
        return st.none() | of_type(get_args(declared)[0])
    return LEAVES[declared]


def of_class(cls, *left_alone, **given_fields):
    """Draw an object of a model class: some of its fields, apart from those that rules tie together."""
    free = {
        name: of_type(declared)
        for name, declared in declared_types(cls).items()
        if name not in {*left_alone, *given_fields}
    }
    return st.fixed_dictionaries(given_fields, optional=free).map(lambda fields: cls(**fields))


@st.composite
def full_lifecycles(draw):
    """Draw a lifecycle that may say anything anywhere."""
    ids = draw(st.lists(IDS, min_size=1, max_size=4, unique=True))
    questions = draw(st.lists(IDS, max_size=4, unique=True))
    points = draw(st.lists(IDS, max_size=4, unique=True))
    homes = {
        name: draw(st.lists(st.sampled_from(ids), min_size=1, max_size=2, unique=True)) for name in points
    }
    ranked = draw(st.booleans())
    stages = []
    for place, name in enumerate(ids):
        kind = draw(st.sampled_from(["progress", "goal", "risk", "exit"]))
        asked = [draw(of_class(Question, id=st.just(each))) for each in questions[place : place + 1]]
        own = [point for point in points if name in homes[point]]
        ends = {
            "kind": st.just(kind),
            "rank": LEAVES[int] if ranked and kind in {"progress", "goal"} else st.none(),
            "entry": st.lists(st.sampled_from(own), unique=True) if own else st.just(()),
            "presence_questions": st.just(asked),
        }
        stages.append(draw(of_class(Stage, id=st.just(name), **ends)))
    pairs = draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=4, unique=True))
    touchpoints = [
        draw(of_class(Touchpoint, "after", id=st.just(point), stages=st.just(homes[point])))
        for point in points
    ]
    if len(touchpoints) > 1 and set(homes[points[0]]) & set(homes[points[1]]):
        touchpoints[0] = attrs.evolve(touchpoints[0], after=points[1])
    named = WORDS.filter(lambda name: name != "" and name not in ids and name not in points)
    placed = {
        point: st.lists(st.sampled_from([f"{stage}/{point}" for stage in ids]), min_size=1, unique=True)
        for point in points
    }
    crm = {name: draw(st.sampled_from(points)) for name in draw(st.sets(named, max_size=2))} if points else {}
    own = {point: point for point in points if draw(st.booleans())}
    names = Names(
        stages=draw(st.dictionaries(named, st.sampled_from(ids), max_size=2)),
        touchpoints={
            name: draw(st.just(point) | placed[point] | placed[point].map(lambda places: places[0]))
            for name, point in {**crm, **own}.items()
        },
    )
    activities = of_class(Activity, stage=st.sampled_from(ids), touchpoint=WORDS.filter(bool))
    whole = {
        "id": IDS,
        "idle": st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=1000)),
        "scope": of_class(Scope),
        "stages": st.just(stages),
        "transitions": st.just(
            [draw(of_class(Transition, source=st.just(a), target=st.just(b))) for a, b in pairs]
        ),
        "touchpoints": st.just(touchpoints),
        "activities": st.lists(activities, max_size=2),
        "questions": st.just([draw(of_class(Question, id=st.just(each))) for each in questions[len(ids) :]]),
        "names": st.just(names),
    }
    return draw(of_class(Lifecycle, **whole))


@given(full_lifecycles())
def test_every_way_of_writing_reads_back_to_the_same_lifecycle(lifecycle):
    """A plan that changes by being saved is not a plan."""
    assert from_yaml(to_yaml(lifecycle)) == lifecycle
    assert from_json(to_json(lifecycle)) == lifecycle
    assert from_dict(to_dict(lifecycle)) == lifecycle
    assert pickle.loads(pickle.dumps(lifecycle)) == lifecycle


@given(full_lifecycles())
def test_the_schema_accepts_what_is_written(lifecycle):
    """An editor that marks a good plan as wrong teaches its user to ignore it."""
    jsonschema.Draft202012Validator(json_schema()).validate(json.loads(to_json(lifecycle)))


@given(jst.lifecycles())
def test_drawn_plans_read_back_too(lifecycle):
    """The lifecycles that every question is tested on are ones that files can hold."""
    assert from_yaml(lifecycle.to_yaml()) == from_json(lifecycle.to_json()) == lifecycle


@pytest.mark.parametrize("lifecycle", shipped_lifecycles(), ids=lambda lifecycle: lifecycle.id)
def test_what_ships_reads_back_and_keeps_the_schema(lifecycle):
    """The lifecycles that people copy from are the first to be edited."""
    assert from_yaml(to_yaml(lifecycle)) == from_json(to_json(lifecycle)) == lifecycle
    jsonschema.Draft202012Validator(json_schema()).validate(to_dict(lifecycle))


@pytest.mark.parametrize("word", TRICKY)
def test_a_word_that_means_something_to_yaml_stays_a_word(word):
    """A touchpoint labelled "no" must not come back as false, nor "1e5" as a number."""
    lifecycle = Lifecycle(
        "acme",
        [Stage("visit", label=word, needs=[word, word], aliases=word)],
        names=Names(stages={f"x{word}": "visit"}),
    )

    assert from_yaml(to_yaml(lifecycle)) == from_json(to_json(lifecycle)) == lifecycle


def test_yaml_is_written_for_people():
    """What was not said is not written, and short things stay short."""
    lifecycle = Lifecycle(
        "acme",
        [Stage("visit"), Stage("trial", label={"en": "Trial", "da": "Prøve"}), Stage("paid", kind="goal")],
        [("visit", "trial"), Transition("trial", "paid", label="Buy")],
        {
            "page_view": "visit",
            "call": Touchpoint("call", stages=["trial", "paid"], response_within="36 hours"),
        },
        idle="90 days",
    ).map(touchpoints={"Phoned": "trial/call", "Hit": ["trial/page_view", "visit/page_view"]})

    assert (
        to_yaml(lifecycle)
        == """\
id: acme
idle: 90 days
stages:
- visit
- id: trial
  label:
    en: Trial
    da: Prøve
- id: paid
  kind: goal
transitions:
- [visit, trial]
- source: trial
  target: paid
  label: Buy
touchpoints:
- id: page_view
  stages: [visit]
- id: call
  stages: [trial, paid]
  response_within: 1 day 12 hours
names:
  touchpoints:
    Hit: [trial/page_view, visit/page_view]
    Phoned: trial/call
"""
    )


def test_text_that_only_looks_like_text_is_written_as_text():
    """Ids that come out of an array or an enum are texts of another class."""
    import enum

    class Step(enum.StrEnum):
        VISIT = "visit"
        PLACE = "visit/page"

    class Word(str):
        __slots__ = ()

    names = {Step.PLACE: [Step.PLACE, "trial/page"], "hit": Step.PLACE}
    lifecycle = Lifecycle(
        Word("acme"),
        [Word("visit"), "trial"],
        touchpoints={Word("page"): Step.VISIT},
        names=Names(touchpoints=names),
    )

    assert from_yaml(to_yaml(lifecycle)) == Lifecycle(
        "acme",
        ["visit", "trial"],
        touchpoints={"page": "visit"},
        names=Names(touchpoints={"hit": "visit/page", "visit/page": ["trial/page", "visit/page"]}),
    )
