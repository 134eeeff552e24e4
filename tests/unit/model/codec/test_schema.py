"""The JSON Schema says what a file may say, and the copy in the docs is the same."""

from __future__ import annotations

import json
import re

import attrs
import jsonschema
import pytest

from journeykit.model import Lifecycle, Names
from journeykit.model.codec import json_schema
from journeykit.model.codec.converter import MAPPED
from journeykit.model.codec.items import FILE_ONLY


def test_the_published_schema_is_up_to_date(project):
    """Editors use the copy in the docs.

    To write it anew: ``python -c "import json; from journeykit.model.codec import json_schema;
    print(json.dumps(json_schema(), indent=2))" > docs/reference/lifecycle.schema.json``
    """
    published = (project / "docs" / "reference" / "lifecycle.schema.json").read_text(encoding="utf-8")

    assert json.loads(published) == json_schema()


def test_the_schema_is_a_schema():
    """A wrong schema accepts everything, silently."""
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("cls", MAPPED)
def test_every_field_is_explained(cls):
    """The words of the docstring are what an editor shows over a key."""
    schema = json_schema() if cls is Lifecycle else json_schema()["$defs"][cls.__name__.lower()]
    described = {name: each.get("description", "") for name, each in schema["properties"].items()}

    assert [name for name in described if name not in FILE_ONLY] == [
        field.name for field in attrs.fields(cls)
    ]
    if cls is not Names:
        assert [name for name, words in described.items() if not re.fullmatch(r"[A-Z].{8,}\.", words)] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"id": "acme"},
        {"id": "acme", "stages": []},
        {"id": "acme", "stages": "visit"},
        {"id": "a/b", "stages": ["visit"]},
        {"id": "?", "stages": ["visit"]},
        {"id": "", "stages": ["visit"]},
        {"id": "acme", "stages": ["visit"], "label": "Acme"},
        {"id": "acme", "stages": [{"id": "visit", "lable": "Visit"}]},
        {"id": "acme", "stages": [{"id": "visit", "label": {"dk": "Besøg"}}]},
        {"id": "acme", "stages": [{"id": "visit", "kind": "gaol"}]},
        {"id": "acme", "stages": [{"id": "visit", "rank": 1.5}]},
        {"id": "acme", "stages": [{"id": "visit", "needs": [3]}]},
        {"id": "acme", "stages": ["visit"], "transitions": [["visit"]]},
        {"id": "acme", "stages": ["visit"], "transitions": [{"source": "visit"}]},
        {"id": "acme", "stages": ["visit"], "touchpoints": {"page": "visit"}},
        {"id": "acme", "stages": ["visit"], "touchpoints": [{"id": "page"}]},
        {"id": "acme", "stages": ["visit"], "touchpoints": [{"id": "page", "stages": "visit", "weight": -1}]},
        {
            "id": "acme",
            "stages": ["visit"],
            "touchpoints": [{"id": "page", "stages": "visit", "expected": 1}],
        },
        {"id": "acme", "stages": ["visit"], "activities": [{"stage": "visit", "touchpoint": ""}]},
        {"id": "acme", "stages": ["visit"], "idle": 30},
        {"id": "acme", "stages": ["visit"], "names": {"channels": {}}},
        {"id": "acme", "stages": ["visit"], "names": {"stages": {"A": 3}}},
        {"id": "acme", "stages": ["visit"], "names": {"stages": {"A": ["visit"]}}},
        *(
            {"id": "acme", "stages": ["visit"], **parts}
            for parts in (
                {"vocabularies": ["triggers"]},
                {"vocabularies": [{"id": "triggers", "terms": [3]}]},
                {"vocabularies": [{"id": "triggers", "terms": [{"label": "Low usage"}]}]},
                {"personas": [{"path": []}]},
                {"personas": [{"id": "kim", "path": ["visit"]}]},
                {"personas": [{"id": "kim", "path": [{"stage": "visit"}]}]},
                {"personas": [{"id": "kim", "target_stage": 3}]},
                {"bridges": [{"lifecycle": "club"}]},
                {"bridges": [{"lifecycle": "club", "stage": "visit", "target": "a/b"}]},
                {"stages": [{"id": "visit", "part_of": "b2b"}]},
                {"variant_of": [""]},
                {"without": {"stages": ["visit"]}},
                {"extends": "b2b-seven-phase", "variant_of": "b2b-seven-phase"},
                {"extends": ["b2b-seven-phase"]},
                {"extends": "b2b-seven-phase", "without": ["trigger"]},
                {"extends": "b2b-seven-phase", "without": {"stage": "trigger"}},
                {"extends": "b2b-seven-phase", "without": {"transitions": ["trigger"]}},
                {"extends": "b2b-seven-phase", "touchpoints": [{"stages": "visit"}]},
            )
        ),
        *(
            {
                "id": "acme",
                "stages": ["visit"],
                "touchpoints": [{"id": "call", "stages": "visit"}],
                "names": {"touchpoints": {"A": target}},
            }
            for target in ([], ["call"], ["visit/call", "visit/call"], ["visit/"], [["visit/call"]], {})
        ),
    ],
)
def test_the_schema_refuses_what_reading_refuses(wrong):
    """An editor should mark the mistake while it is being made."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(json_schema()).validate(wrong)
    with pytest.raises(ValueError, match=r"has [0-9]+ problems?:"):
        Lifecycle.from_json(json.dumps(wrong))


@pytest.mark.parametrize(
    "variant",
    [
        {"id": "ours", "extends": "b2b-seven-phase"},
        {
            "id": "ours",
            "extends": "b2b-seven-phase",
            "touchpoints": [{"id": "social_media_trends", "owner": "Kim"}],
        },
        {
            "id": "ours",
            "extends": "b2b-seven-phase",
            "without": {"stages": "customer_experience", "activities": [["inactive", "direct_marketing"]]},
        },
    ],
)
def test_the_schema_accepts_what_a_variant_leaves_to_its_base(variant):
    """A variant has no stages to state, and a touchpoint of it none either."""
    jsonschema.Draft202012Validator(json_schema()).validate(variant)
