"""What is written reads back equal, whatever a lifecycle says."""

from __future__ import annotations

import json
import pickle

import jsonschema
import pytest
from hypothesis import given
from tests.unit.model.codec.drawing import TRICKY, full_lifecycles

from journeykit.model import (
    Lifecycle,
    Names,
    Stage,
    Touchpoint,
    Transition,
)
from journeykit.model.codec import from_dict, from_json, from_yaml, json_schema, to_dict, to_json, to_yaml
from journeykit.plugins import lifecycles as shipped_lifecycles
from journeykit.testing import strategies as jst


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
