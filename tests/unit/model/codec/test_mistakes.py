"""Every kind of mistake in a YAML lifecycle is named with file, line and the nearest valid word."""

from __future__ import annotations

import re

import pytest

from journeykit.errors import LifecycleError
from journeykit.model.codec import read_lifecycle

FULL = """\
id: acme
title:
  en: Acme
perspective: customer
scope:
  start: First visit
language: en
idle: 30 days
stages:
  - visit
  - id: trial
    kind: progress
    label:
      en: Trial
      da: Prøve
    part_of: b2b/reflection
    entry: login
    presence_questions:
      - id: on_google
        consequence: Nobody finds you
  - id: won
    kind: goal
  - id: lost
    kind: exit
transitions:
  - [visit, trial]
  - source: trial
    target: won
    checks: Paid
  - [trial, trial]
touchpoints:
  - id: page
    stages: visit
    channel: web
    initiator: customer
  - id: login
    stages: [trial, won]
    response_within: 2 days
    expected: true
    weight: 1
  - id: call
    stages:
      - trial
    after:
      - login
activities:
  - stage: visit
    touchpoint: advert
    effort: 3
questions:
  - id: why
    text: Why?
vocabularies:
  - id: triggers
    cadence: Every month
    terms:
      - low_usage
      - id: poor_sentiment
        label: Poor sentiment
personas:
  - id: gen_z
    pain_points: Waiting
    target_stage: won
    path:
      - visit/page
      - stage: trial
        touchpoint: call
        device: laptop
bridges:
  - lifecycle: customer
    stage: won
    target: onboarding
names:
  stages:
    Closed: won
  touchpoints:
    Phoned: trial/call
    Clicked:
      - trial/login
"""

KEYS = [
    (number, found["key"])
    for number, line in enumerate(FULL.splitlines(), 1)
    if (found := re.match(r"[ -]*(?P<key>[a-z_]+):", line))
]


@pytest.fixture
def problems(tmp_path):
    """Write a file, read it, and return what is wrong with it."""

    def read(text):
        file = tmp_path / "acme.yaml"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(LifecycleError) as raised:
            read_lifecycle(file)
        assert str(raised.value).startswith(f"lifecycle {str(file)!r} has ")
        return raised.value.problems

    return read


def test_the_file_without_a_mistake_is_read(tmp_path):
    """What follows breaks a good file in one place at a time."""
    file = tmp_path / "acme.yaml"
    file.write_text(FULL, encoding="utf-8")

    assert read_lifecycle(file).persona("gen_z").path[1].device == "laptop"


@pytest.mark.parametrize(("number", "key"), KEYS)
def test_a_misspelt_key_is_named_at_every_level(problems, number, key):
    """Skipped in silence, it would make a plan that its author did not write."""
    lines = FULL.splitlines()
    lines[number - 1] = lines[number - 1].replace(f"{key}:", f"{key}{key[-1]}:", 1)

    found = [each for each in problems("\n".join(lines)) if each.startswith(f"line {number}: ")]

    kind = "language" if key in {"en", "da"} else "field"
    assert any(f"no {kind} named '{key}{key[-1]}'. Did you mean '{key}'?" in each for each in found)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (
            "language: en",
            "language: een",
            "language: must be one of en, da, sv, nb, not 'een'. Did you mean 'en'?",
        ),
        (
            "perspective: customer",
            "perspective: custmer",
            "perspective: must be one of customer, company, not 'custmer'. Did you mean 'customer'?",
        ),
        (
            "idle: 30 days",
            "idle: 30 dys",
            (
                'idle: \'30 dys\' is no duration such as "30 days" or "1 day 12 hours":'
                " no unit named 'dys'. Did you mean 'days'?"
            ),
        ),
        (
            "    kind: goal",
            "    kind: gaol",
            "stage 'won', kind: must be one of progress, goal, risk, exit, not 'gaol'. Did you mean 'goal'?",
        ),
        (
            "part_of: b2b/reflection",
            "part_of: b2b",
            "stage 'trial', part_of: must be 'lifecycle/stage', not 'b2b'",
        ),
        (
            "part_of: b2b/reflection",
            "part_of: a/b/c",
            "stage 'trial', part_of: must be 'lifecycle/stage', not 'a/b/c'",
        ),
        (
            "part_of: b2b/reflection",
            "part_of: acme/won",
            "stage 'trial', part_of: 'acme/won' is in this lifecycle itself, not in another",
        ),
        (
            "entry: login",
            "entry: lgin",
            "stage 'trial', entry: no touchpoint named 'lgin'. Did you mean 'login'?",
        ),
        ("entry: login", "entry: page", "stage 'trial', entry: touchpoint 'page' is not in this stage"),
        (
            "- [visit, trial]",
            "- [visit, trail]",
            "transition 'visit' -> 'trail': no stage named 'trail'. Did you mean 'trial'?",
        ),
        (
            "source: trial",
            "source: trail",
            "transition 'trail' -> 'won': no stage named 'trail'. Did you mean 'trial'?",
        ),
        ("stages: visit", "stages: vist", "touchpoint 'page': no stage named 'vist'. Did you mean 'visit'?"),
        (
            "      - trial\n",
            "      - trail\n",
            "touchpoint 'call': no stage named 'trail'. Did you mean 'trial'?",
        ),
        (
            "initiator: customer",
            "initiator: custmer",
            (
                "touchpoint 'page', initiator: must be one of customer, company, third_party, system,"
                " not 'custmer'. Did you mean 'customer'?"
            ),
        ),
        (
            "      - login\n",
            "      - lgin\n",
            "touchpoint 'call', after: no touchpoint named 'lgin'. Did you mean 'login'?",
        ),
        (
            "response_within: 2 days",
            "response_within: 2 dys",
            (
                "touchpoint 'login', response_within: '2 dys' is no duration such as \"30 days\" or"
                " \"1 day 12 hours\": no unit named 'dys'. Did you mean 'days'?"
            ),
        ),
        (
            "expected: true",
            "expected: maybe",
            "touchpoint 'login', expected: must be true or false, not 'maybe'",
        ),
        ("weight: 1", "weight: much", "touchpoint 'login', weight: must be a number, not 'much'"),
        (
            "  - stage: visit",
            "  - stage: vist",
            "activity 'vist/advert': no stage named 'vist'. Did you mean 'visit'?",
        ),
        ("effort: 3", "effort: -3", "activity 'visit/advert', effort: must be 0 or more, not -3"),
        (
            "  - id: why",
            "  - id: on_google",
            "question 'on_google': stands there twice, first as stages[1].presence_questions[0]",
        ),
        (
            "- id: poor_sentiment",
            "- id: low_usage",
            "vocabulary 'triggers', terms[1]: stands there twice, first as vocabularies[0].terms[0]",
        ),
        (
            "- low_usage",
            "- 3",
            "vocabulary 'triggers', terms[0]: must be an id or a mapping with id, not 3",
        ),
        (
            "target_stage: won",
            "target_stage: wo",
            "persona 'gen_z', target_stage: no stage named 'wo'. Did you mean 'won'?",
        ),
        (
            "target_stage: won",
            "target_stage: lost",
            (
                "persona 'gen_z', target_stage: stage 'lost' is of kind exit;"
                " a target is a progress or goal stage"
            ),
        ),
        (
            "- visit/page",
            "- visit/pge",
            "persona 'gen_z', path[0]: no touchpoint named 'pge'. Did you mean 'page'?",
        ),
        (
            "- visit/page",
            "- vist/page",
            "persona 'gen_z', path[0]: no stage named 'vist'. Did you mean 'visit'?",
        ),
        (
            "- visit/page",
            "- won/page",
            "persona 'gen_z', path[0]: touchpoint 'page' is not in stage 'won', but in visit",
        ),
        (
            "- visit/page",
            "- page",
            (
                "persona 'gen_z', path[0]: must be 'stage/touchpoint' or a mapping with stage, touchpoint,"
                " not 'page'"
            ),
        ),
        (
            "- stage: trial",
            "- stage: trail",
            "persona 'gen_z', path[1]: no stage named 'trail'. Did you mean 'trial'?",
        ),
        (
            "touchpoint: call",
            "touchpoint: cal",
            "persona 'gen_z', path[1]: no touchpoint named 'cal'. Did you mean 'call'?",
        ),
        (
            "    stage: won",
            "    stage: wn",
            "bridge 'wn' -> 'customer': no stage named 'wn'. Did you mean 'won'?",
        ),
        (
            "lifecycle: customer",
            "lifecycle: acme",
            "bridge 'won' -> 'acme': leads to this lifecycle itself, not to another",
        ),
        (
            "target: onboarding",
            "target: a/b",
            "bridge 'won' -> 'customer', target: 'a/b' has a '/', which parts a stage from a touchpoint",
        ),
        ("Closed: won", "Closed: wo", "stage name 'Closed': no stage named 'wo'. Did you mean 'won'?"),
        (
            "Phoned: trial/call",
            "Phoned: trail/call",
            "touchpoint name 'Phoned': no stage named 'trail'. Did you mean 'trial'?",
        ),
        (
            "Phoned: trial/call",
            "Phoned: trial/cal",
            "touchpoint name 'Phoned': no touchpoint named 'cal'. Did you mean 'call'?",
        ),
    ],
)
def test_a_wrong_word_is_named_with_its_line_and_the_nearest_right_one(problems, right, wrong, said):
    """A finding that needs a search is a finding half made."""
    assert FULL.count(right) >= 1
    before, _, after = FULL.partition(right)
    number = before.count("\n") + 1

    assert problems(f"{before}{wrong}{after}") == (f"line {number}: {said}",)


def test_mistakes_of_every_part_are_reported_at_once(problems):
    """Seven mistakes, one run."""
    text = FULL
    for right, wrong in {
        "kind: goal": "kind: gaol",
        "- [visit, trial]": "- [visit, trail]",
        "stages: visit": "stages: vist",
        "- id: poor_sentiment": "- id: low_usage",
        "- visit/page": "- visit/pge",
        "    stage: won": "    stage: wn",
        "Closed: won": "Closed: wo",
    }.items():
        text = text.replace(right, wrong, 1)

    found = problems(text)

    lines = [int(re.match(r"line (\d+): ", each)[1]) for each in found]
    assert lines == sorted(lines)
    assert len(set(lines)) == 7
