"""Reading is strict, and every mistake is named with its line and the nearest thing that would be right."""

from __future__ import annotations

from datetime import timedelta

import pytest

from journeykit.errors import LifecycleError
from journeykit.model import Activity, Lifecycle, Names, Question, Scope, Stage, Text, Touchpoint, Transition
from journeykit.model.codec import from_dict, from_json, from_yaml, read_lifecycle

ACME = """\
id: acme
title: {en: Acme, da: Akme}
perspective: company
scope: {start: First visit}
language: da
idle: 2 weeks
stages:
  - visit
  - id: trial
    label: {en: Trial, da: Prøve}
    needs: Peace of mind
    presence_questions:
      - id: on_google
        text: "Are you on Google?"
        consequence: {en: Nobody finds you, da: Ingen finder dig}
        sources: S1-16
  - {id: paid, kind: goal}
transitions:
  - [visit, trial]
  - {source: trial, target: paid, label: Buy}
touchpoints:
  - {id: no, stages: visit, expected: false, weight: 2}
  - id: call
    stages: [trial, paid]
    response_within: 1 day 12 hours
    channel: 2024-01-31
activities:
  - {stage: visit, touchpoint: mail, effort: 12.5, unit: hours}
questions:
  - {id: why}
names:
  stages: {Closed Won: paid}
  touchpoints: {Yes: paid/call, call: [trial/call, visit/call]}
"""

MEANT = Lifecycle(
    "acme",
    title={"en": "Acme", "da": "Akme"},
    perspective="company",
    scope=Scope(start="First visit"),
    language="da",
    idle=timedelta(days=14),
    stages=[
        "visit",
        Stage(
            "trial",
            label=Text(en="Trial", da="Prøve"),
            needs="Peace of mind",
            presence_questions=[
                Question(
                    "on_google",
                    text="Are you on Google?",
                    consequence=Text(en="Nobody finds you", da="Ingen finder dig"),
                    sources="S1-16",
                )
            ],
        ),
        Stage("paid", kind="goal"),
    ],
    transitions=[("visit", "trial"), Transition("trial", "paid", label="Buy")],
    touchpoints=[
        Touchpoint("no", stages="visit", expected=False, weight=2),
        Touchpoint(
            "call", stages=["trial", "paid"], response_within=timedelta(hours=36), channel="2024-01-31"
        ),
    ],
    activities=[Activity("visit", "mail", effort=12.5, unit="hours")],
    questions=[Question("why")],
    names=Names(
        stages={"Closed Won": "paid"}, touchpoints={"Yes": "paid/call", "call": ["trial/call", "visit/call"]}
    ),
)


def problems(text: str) -> tuple[str, ...]:
    """Read a YAML that is wrong, and return what it says."""
    with pytest.raises(LifecycleError) as raised:
        from_yaml(text)
    return raised.value.problems


def test_yaml_says_what_the_parts_say():
    """Every short form of the file, and words that older YAML takes for truths and dates."""
    assert from_yaml(ACME) == Lifecycle.from_yaml(ACME) == MEANT


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("suffix", [".yaml", ".yml", ".YAML"])
def test_a_file_is_read_as_every_editor_leaves_it(tmp_path, newline, mark, suffix):
    """Windows adds a byte order mark and its own line breaks."""
    file = tmp_path / f"acme{suffix}"
    file.write_bytes(mark + ACME.replace("\n", newline).encode())

    assert read_lifecycle(file) == read_lifecycle(str(file)) == MEANT


def test_a_json_file_is_read(tmp_path):
    """Programs write JSON."""
    file = tmp_path / "acme.json"
    file.write_text(MEANT.to_json(), encoding="utf-8")

    assert read_lifecycle(file) == Lifecycle.from_json(MEANT.to_json()) == MEANT


def test_wrong_keys_are_named_with_line_and_nearest_key():
    """A misspelt key that is skipped is a plan that says something else than its author."""
    assert problems("""\
id: acme
stagse: [visit]
stages:
  - {id: visit, lable: Visit}
  - {label: Trial}
  - 5
  - id: paid
    presence_questions: [{text: Why?}, 3]
transitions: [[visit, trial, paid], {source: visit}]
touchpoints:
  page_view: visit
activities:
  - {stage: visit, touchpoint: mail, wibble: 3}
names: 4
""") == (
        "line 2: no field named 'stagse'. Did you mean 'stages'?",
        "line 4: stage 'visit': no field named 'lable'. Did you mean 'label'?",
        "line 5: stages[1]: has no 'id'",
        "line 6: stages[2]: must be an id or a mapping with id, not 5",
        "line 8: stage 'paid', presence_questions[0]: has no 'id'",
        "line 8: stage 'paid', presence_questions[1]: must be a mapping with id, not 3",
        (
            "line 9: transitions[0]: must be a pair [source, target] or a mapping with source, target,"
            " not ['visit', 'trial', 'paid']"
        ),
        "line 9: transitions[1]: has no 'target'",
        "line 10: touchpoints: must be a list, not {'page_view': 'visit'}",
        (
            "line 13: activity 'visit/mail': no field named 'wibble' (there are stage, touchpoint, label,"
            " channel, effort, unit, owner, department, basis, sources)"
        ),
        "line 14: names: must be a mapping, not 4",
    )


def test_broken_rules_are_named_with_their_line():
    """In a file of 600 lines, "no stage named 'trail'" is a search; with its line it is a jump."""
    assert problems("""\
id: acme
idle: 3 dayz
stages:
  - {id: visit, kind: gaol}
  - id: trial
    needs:
      - Peace
      - 3
touchpoints:
  - id: call
    stages:
      - visit
      - trail
    label:
      dk: Opkald
    response_within:
    weight: yes
names:
  touchpoints:
    Call: cal
    Phone: 7
    Chat:
      - call
      - trail/call
""") == (
        (
            'line 2: idle: \'3 dayz\' is no duration such as "30 days" or "1 day 12 hours":'
            " no unit named 'dayz'. Did you mean 'days'?"
        ),
        (
            "line 4: stage 'visit', kind: must be one of progress, goal, risk, exit, not 'gaol'."
            " Did you mean 'goal'?"
        ),
        "line 8: stage 'trial', needs[1]: must be text, or text by language (en, da, sv, nb), not 3",
        "line 13: touchpoint 'call': no stage named 'trail'. Did you mean 'trial'?",
        "line 15: touchpoint 'call', label.dk: no language named 'dk' (there are en, da, sv, nb)",
        "line 17: touchpoint 'call', weight: must be a number, not 'yes'",
        "line 20: touchpoint name 'Call': no touchpoint named 'cal'. Did you mean 'call'?",
        "line 21: touchpoint name 'Phone': must be text, or a list of texts, not 7",
        "line 22: touchpoint name 'Chat': 'call' stands in a list and needs its stage, as in 'stage/call'",
        "line 22: touchpoint name 'Chat': no stage named 'trail'. Did you mean 'trial'?",
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "is empty"),
        ("# nothing\n", "is empty"),
        ("null", "is empty"),
        ("[1]", "must be a mapping with id and stages, not [1]"),
        ("acme", "must be a mapping with id and stages, not 'acme'"),
        ("{}", "line 1: has no 'id'"),
        ("id: acme\nstages: [a\n", "line 3: is no YAML: did not find expected ',' or ']'"),
        ("id: acme\n\tstages: [a]", "line 2: is no YAML: found a tab character"),
        ("id: acme\nid: acme2\nstages: [a]", "line 2: key 'id' stands there twice, first at line 1"),
        ("id: &x acme\nstages: [*x]", "line 2: an alias (*x) is not read: write out what it stands for"),
        ("id: &x [*x]", "line 1: an alias (*x) is not read: write out what it stands for"),
        (
            "id: acme\nstages: !!python/object/apply:os.system [ls]",
            "line 2: a tag (tag:yaml.org,2002:python/object/apply:os.system) is not read: leave it out",
        ),
        ("id: acme\n---\nid: acme2", "line 2: another document begins; a file holds one lifecycle"),
        ("? [a, b]\n: c", "line 1: a key must be text"),
        ("id: " + "[" * 100_000, "line 1: is nested too deeply"),
        ("id: é\n# \x00", "line 2: is no YAML: character '\\x00' is not allowed"),
        ("id: é\n# \ud800", "line 2: is no YAML: character '\\ud800' is not allowed"),
    ],
)
def test_what_is_no_lifecycle_says_why(text, found):
    """Whatever file someone points at, the answer is one sentence: no traceback, no crash, no code run."""
    first = problems(text)[0]

    assert first.startswith(found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ("line 1: is no JSON: Expecting value",)),
        ("[1]", ("must be a mapping with id and stages, not [1]",)),
        ('{"id": "acme",\n}', ("line 2: is no JSON: ",)),
        ('{"id": "a", "id": "b", "stages": ["x"]}', ("key 'id' stands twice in one object",)),
        ('{"id": "a", "stages": ["x"], "idle": NaN}', ("is no JSON: NaN is no number",)),
        ('{"id": "a", "stages": ["x"], "lable": "y"}', ("no field named 'lable'. Did you mean 'title'?",)),
        ('{"id": ' + "9" * 5000 + "}", ("is no JSON: ",)),
        ("[" * 100_000, ("is nested too deeply",)),
    ],
)
def test_broken_json_says_why(text, found):
    """JSON comes from programs, which make mistakes of their own."""
    with pytest.raises(LifecycleError) as raised:
        from_json(text)

    assert [problem.startswith(start) for problem, start in zip(raised.value.problems, found, strict=True)]


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("acme.yml", None, "can't be read: No such file or directory. Did you mean 'acme.yaml'?"),
        ("else/where.yaml", None, "can't be read: No such file or directory"),
        ("acme.txt", b"id: acme", "the name of a lifecycle's file ends in .yaml, .yml, .json"),
        ("folder.yaml/", None, "can't be read: Is a directory"),
        (
            "latin.yaml",
            "id: acme\ntitle: Prøve".encode("latin-1"),
            "line 2: is not UTF-8 text (byte 0xf8); save the file as UTF-8",
        ),
        ("empty.yaml", b"", "is empty"),
        ("empty.json", b"", "line 1: is no JSON: Expecting value"),
        ("bad.yaml", b"id: acme\nstages: []\n", "line 2: has no stages"),
    ],
)
def test_what_is_wrong_with_a_file_names_the_file(tmp_path, name, content, found):
    """`journeykit check FILE` shows this line to people who never saw Python."""
    (tmp_path / "acme.yaml").write_text(ACME, encoding="utf-8")
    (tmp_path / "folder.yaml").mkdir()
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(LifecycleError) as raised:
        read_lifecycle(file)

    assert (raised.value.lifecycle, raised.value.problems) == (str(file), (found,))


def test_an_origin_names_what_has_no_file():
    """A package's resource, or a row of a database, has a name that its reader knows."""
    with pytest.raises(LifecycleError) as raised:
        from_yaml("id: acme\nstages: []", origin="b2b.yaml")

    assert str(raised.value) == "lifecycle 'b2b.yaml' has 1 problem:\n  line 2: has no stages"


def test_plain_data_are_read_without_lines():
    """A web form posts a dictionary."""
    data = {"id": "acme", "stages": ("visit", {"id": "trial"}), "transitions": [("visit", "trail")]}

    with pytest.raises(LifecycleError) as raised:
        from_dict(data)

    assert str(raised.value) == (
        "lifecycle 'acme' has 1 problem:\n"
        "  transition 'visit' -> 'trail': no stage named 'trail'. Did you mean 'trial'?"
    )


def test_reading_falls_back_to_pythons_own_yaml(monkeypatch):
    """PyYAML's fast parser is missing where libyaml is; the answer must be the same."""
    import yaml

    monkeypatch.delattr(yaml, "CBaseLoader", raising=False)

    assert from_yaml(ACME) == MEANT
    assert problems("id: acme\nstages: [*x]")[0].startswith("line 2: an alias")
    assert problems("id: " + "[" * 1000)[0] == "line 1: is nested too deeply"
