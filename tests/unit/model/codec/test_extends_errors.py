"""What is wrong with a variant names the variant's own line, or says that it comes from the base."""

from __future__ import annotations

import json

import pytest

from journeykit.errors import LifecycleError
from journeykit.model import Lifecycle, Stage, Touchpoint, Transition
from journeykit.model.codec import from_dict, from_json, from_yaml, read_lifecycle

BASE = Lifecycle(
    "trial",
    ["visit", "trial", Stage("paid", kind="goal", entry="invoice"), Stage("gone", kind="exit")],
    [("visit", "trial"), ("trial", "paid"), ("gone", "trial"), Transition("paid", "paid")],
    [
        Touchpoint("page", stages="visit"),
        Touchpoint("login", stages="trial"),
        Touchpoint("invoice", stages="paid"),
        Touchpoint("call", stages=["trial", "paid"], after=["login"]),
    ],
)


WHERE = "looked for in bases=, beside this file and among what ships: give a plugin's in bases=)"


def problems(text: str) -> tuple[str, ...]:
    """Read a variant that is wrong, and return what it says."""
    with pytest.raises(LifecycleError) as raised:
        from_yaml(text, bases=[BASE])
    return raised.value.problems


def read_problems(path) -> tuple[str, ...]:
    """Read a file that is wrong, and return what it says."""
    with pytest.raises(LifecycleError) as raised:
        read_lifecycle(path)
    assert raised.value.lifecycle == str(path)
    return raised.value.problems


def test_every_mistake_in_a_variant_is_named_with_its_own_line():
    """The base is somebody else's file, and right: the line that helps is here."""
    assert problems("""\
id: ours
extends: trial
without:
  stages: [gone, trail]
  transitions: [[visit, tril], [x, y], visit, [gone, trial]]
  touchpoint: [page]
  touchpoints: [logn]
  personas: [{id: kim}]
titel: Ours
variant_of: trial
stages:
  - id: trial
    lable: Trial
  - {label: Pilot}
  - {id: paid, kind: gaol}
transitions:
  - [trial, pilt]
  - [page]
touchpoints:
  - {id: call, chanel: phone}
  - {id: kickoff, stage: trial}
""") == (
        "line 4: without: no stage named 'trail'. Did you mean 'trial'?",
        "line 5: without: no transition 'visit' -> 'tril'. Did you mean 'visit' -> 'trial'?",
        "line 5: without: no transition 'x' -> 'y'",
        "line 5: without: transitions are named by a pair [source, target], not 'visit'",
        "line 6: without: no field named 'touchpoint'. Did you mean 'touchpoints'?",
        "line 7: without: no touchpoint named 'logn'. Did you mean 'login'?",
        "line 8: without: personas are named by their id, not {'id': 'kim'}",
        "line 9: no field named 'titel'. Did you mean 'title'?",
        "line 10: variant_of: leave it out; 'extends' says it",
        "line 13: stage 'trial': no field named 'lable'. Did you mean 'label'?",
        "line 14: stages[1]: has no 'id'",
        (
            "line 18: transitions[1]: must be a pair [source, target] or a mapping with source, target,"
            " not ['page']"
        ),
        "line 20: touchpoint 'call': no field named 'chanel'. Did you mean 'channel'?",
        "line 21: touchpoint 'kickoff': has no 'stages'",
        "line 21: touchpoint 'kickoff': no field named 'stage'. Did you mean 'stages'?",
    )


def test_broken_rules_of_the_whole_are_named_with_the_variants_line():
    """What the variant says breaks a rule: its line.  What it leaves as it was breaks one: so it says."""
    assert problems("""\
id: ours
extends: trial
stages:
  - {id: paid, kind: gaol}
  - pilot
transitions:
  - [pilot, trail]
  - [pilot, 3]
touchpoints:
  - {id: invoice, stages: pilot}
  - {id: login, stages: visit}
  - id: call
    weight: -1
""") == (
        (
            "line 4: stage 'paid', kind: must be one of progress, goal, risk, exit, not 'gaol'."
            " Did you mean 'goal'?"
        ),
        "line 4: stage 'paid', entry: touchpoint 'invoice' is not in this stage (as 'trial' has it)",
        "line 7: transition 'pilot' -> 'trail': no stage named 'trail'. Did you mean 'trial'?",
        "line 8: transitions[1].target: must be text, not 3",
        "line 12: touchpoint 'call', after: touchpoint 'login' is in none of its stages (as 'trial' has it)",
        "line 13: touchpoint 'call', weight: must be 0 or more, not -1",
    )


def test_what_comes_from_the_base_is_at_the_line_that_names_it():
    """An item that the variant does not speak of has no line in it; the base's name has."""
    assert problems("""\
id: ours

extends: trial
touchpoints:
  - {id: login, stages: visit}
names:
  stages: {Won: won}
""") == (
        "line 3: touchpoint 'call', after: touchpoint 'login' is in none of its stages (as 'trial' has it)",
        "line 7: stage name 'Won': no stage named 'won'",
    )


def test_without_lines_the_place_is_counted_in_the_variant():
    """JSON has no lines: "transitions[0]" must be the first one that its author wrote."""
    data = {
        "id": "ours",
        "extends": "trial",
        "transitions": [["visit", "trial"], [["trial"]]],
    }
    for read in (from_dict, lambda data, bases: from_json(json.dumps(data), bases=bases)):
        with pytest.raises(LifecycleError) as raised:
            read(data, bases=[BASE])
        assert raised.value.problems == (
            (
                "transitions[1]: must be a pair [source, target] or a mapping with source, target,"
                " not [['trial']]"
            ),
        )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("extends: trail", (f"line 2: extends: no lifecycle named 'trail'. Did you mean 'trial'? ({WHERE}",)),
        (
            "extends: b2b-sevn-phase",
            (
                (
                    "line 2: extends: no lifecycle named 'b2b-sevn-phase'. Did you mean 'b2b-seven-phase'?"
                    f" ({WHERE}"
                ),
            ),
        ),
        ("extends: ours", ("line 2: extends: a variant needs an id of its own, not 'ours' again",)),
        ("extends: [trial]", ("line 2: extends: must be the id of a lifecycle, not ['trial']",)),
        ("extends:", ("line 2: extends: must be the id of a lifecycle, not None",)),
        (
            "extends: ../trial",
            (f"line 2: extends: no lifecycle named '../trial'. Did you mean 'trial'? ({WHERE}",),
        ),
        (
            "extend: trial",
            ("line 1: has no 'stages'", "line 2: no field named 'extend'. Did you mean 'extends'?"),
        ),
        (
            "without: {stages: gone}\nstages: [visit]",
            ("line 2: without: says what is left out of a base; name that in 'extends'",),
        ),
        (
            "extends: trial\nwithout: [gone]",
            (
                (
                    "line 3: without: must be a mapping with some of stages, transitions, touchpoints,"
                    " activities, questions, vocabularies, personas, bridges, not ['gone']"
                ),
            ),
        ),
        (
            "extends: trial\nwithout: {questions: why}",
            ("line 3: without: no question named 'why'",),
        ),
        (
            "extends: trial\nwithout: {stages: sold}",
            ("line 3: without: no stage named 'sold' (there are gone, paid, trial, visit)",),
        ),
        ("extends: trial\nstages: visit", ("line 3: stages: must be a list, not 'visit'",)),
        ("extends: trial\nwithout: {stages: [visit, trial, paid, gone]}", ("line 2: has no stages",)),
    ],
)
def test_what_is_no_base_says_why(text, found):
    """A base that can't be found, and a base that nothing is left of."""
    assert problems(f"id: ours\n{text}") == found


def test_an_unknown_base_names_those_that_there_are():
    """Nothing is near: the list is the way out, and how to add to it."""
    (found,) = problems("id: ours\nextends: xyzzy")

    assert found.startswith("line 2: extends: no lifecycle named 'xyzzy' (there are b2b-seven-phase, ")
    assert found.endswith(f"trial; {WHERE}")


def test_a_variant_needs_its_own_id():
    """Two plans under one id are one too many."""
    assert problems("extends: trial") == ("line 1: has no 'id'",)


def test_two_bases_of_one_id_are_an_error():
    """Which of the two was meant, only the caller knows."""
    with pytest.raises(LifecycleError) as raised:
        from_yaml("id: ours\nextends: trial", bases=[BASE, BASE, Lifecycle("trial", ["other"])])

    assert raised.value.problems == (
        "line 2: extends: 2 different lifecycles named 'trial' are given as bases",
    )


def test_a_broken_base_is_named_with_its_own_lines(tmp_path):
    """The mistake is in the other file, so the other file is named."""
    (tmp_path / "trial.yaml").write_text("id: trial\nstages: [a]\ntransitions: [[a, b]]\n", encoding="utf-8")
    file = tmp_path / "ours.yaml"
    file.write_text("id: ours\nextends: trial\n", encoding="utf-8")

    assert read_problems(file) == (
        "line 2: extends: trial.yaml: line 3: transition 'a' -> 'b': no stage named 'b'",
    )


def test_a_file_that_holds_another_lifecycle_is_no_base(tmp_path):
    """A file was copied and its id forgotten: better said than guessed."""
    (tmp_path / "trial.yaml").write_text("id: old\nstages: [a]\n", encoding="utf-8")
    file = tmp_path / "ours.yaml"
    file.write_text("id: ours\nextends: trial\n", encoding="utf-8")

    assert read_problems(file) == ("line 2: extends: trial.yaml holds lifecycle 'old', not 'trial'",)


def test_a_circle_names_the_chain(tmp_path):
    """Each file is right on its own; only the chain shows what is wrong."""
    for name, base in {"a": "b", "b": "c", "c": "a"}.items():
        (tmp_path / f"{name}.yaml").write_text(f"id: {name}\nextends: {base}\n", encoding="utf-8")

    assert read_problems(tmp_path / "a.yaml") == (
        (
            "line 2: extends: b.yaml: line 2: extends: c.yaml: line 2: extends: goes in a circle:"
            " 'a' extends 'b' extends 'c' extends 'a'"
        ),
    )


def test_a_chain_without_end_is_refused(tmp_path):
    """A generated folder must not end in a traceback of a thousand frames."""
    for number in range(40):
        text = f"id: v{number}\nextends: v{number + 1}\n"
        (tmp_path / f"v{number}.yaml").write_text(text, encoding="utf-8")

    (found,) = read_problems(tmp_path / "v0.yaml")

    assert found.endswith("line 2: extends: goes through more than 20 lifecycles")
