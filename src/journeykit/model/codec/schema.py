"""The JSON Schema of a lifecycle, made from the model's own classes.

Types come from the fields, words from the "Attributes" of the docstrings, so that an
editor that knows the schema explains every key.  The schema says what one key can say;
rules that look across a lifecycle (names that mean something, ranks that don't mix)
are the lifecycle's own.

May import: codec.converter, codec.items, the values a lifecycle holds, values.
"""

from __future__ import annotations

import inspect
import re
from datetime import timedelta
from types import UnionType
from typing import Any, Final, Literal, TypeAlias, Union, get_args, get_origin

import attrs

from journeykit.model.activity import Activity
from journeykit.model.codec.converter import MAPPED
from journeykit.model.codec.items import KEYS
from journeykit.model.lifecycle import Lifecycle
from journeykit.model.names import Names
from journeykit.model.persona import Step
from journeykit.model.stage import Stage
from journeykit.model.text import LANGUAGES, Text
from journeykit.model.touchpoint import Touchpoint
from journeykit.model.transition import Transition
from journeykit.model.values import declared_types
from journeykit.model.vocabulary import Term

Schema: TypeAlias = dict[str, Any]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_ENTRY: Final = re.compile(r"^(\w+): (.*(?:\n {4}.*)*)", re.MULTILINE)
_PRIMITIVES: Final[dict[Any, Schema]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number", "minimum": 0},
    Text: {"$ref": "#/$defs/text"},
    timedelta: {"$ref": "#/$defs/duration"},
}
_ID: Final[Schema] = {"$ref": "#/$defs/id"}
_NAME: Final[Schema] = {"type": "string", "minLength": 1}
_PLACE: Final[Schema] = {"type": "string", "pattern": "^[^/]+/[^/]+$"}
_PLACES: Final[Schema] = {"type": "array", "items": _PLACE, "minItems": 1, "uniqueItems": True}
_PAIR: Final[Schema] = {"type": "array", "items": _ID, "minItems": 2, "maxItems": 2}
_SHORT_FORMS: Final[dict[Any, Schema]] = {
    Stage: _ID,
    Term: _ID,
    Step: _PLACE,
    Transition: _PAIR,
}
_ALTERED: Final[dict[tuple[type, str], Schema]] = {
    (Lifecycle, "stages"): {"minItems": 1},
    (Activity, "touchpoint"): {"minLength": 1},
}
_FROM_A_BASE: Final = {(Lifecycle, "stages"), (Touchpoint, "stages")}
_IDS: Final = {"id", "source", "target", "stage", "lifecycle", "target_stage"}
_LISTS_OF_IDS: Final = {
    (Lifecycle, "variant_of"),
    (Touchpoint, "stages"),
    (Touchpoint, "after"),
    (Stage, "entry"),
}
_NAMES: Final[dict[str, Schema]] = {
    "stages": {"type": "object", "additionalProperties": _NAME},
    "touchpoints": {"type": "object", "additionalProperties": {"anyOf": [_NAME, _PLACES]}},
}


def json_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of a lifecycle in YAML or JSON, as plain data."""
    definitions = {cls.__name__.lower(): _of_class(cls) for cls in MAPPED if cls is not Lifecycle}
    whole = _of_class(Lifecycle)
    name = whole["properties"].pop("id")
    return {
        "$schema": _DIALECT,
        "title": "A journeykit lifecycle",
        **whole,
        "properties": {"id": name, **_EXTENDING, **whole["properties"]},
        **_WHEN_EXTENDING,
        "$defs": {**_WORDS, **definitions, "without": _without()},
    }


_EXTENDING: Final[Schema] = {
    "extends": {
        "description": "Id of a lifecycle that this one is a variant of; it then says only what differs.",
        **_ID,
    },
    "without": {"description": "What of that lifecycle it leaves out.", "$ref": "#/$defs/without"},
}
_WHEN_EXTENDING: Final[Schema] = {
    "if": {"required": ["extends"]},
    "then": {"properties": {"variant_of": False}},
    "else": {
        "required": ["stages"],
        "properties": {"without": False, "touchpoints": {"items": {"required": ["stages"]}}},
    },
}
"""A variant takes from its base what it does not say, stages and all."""


def _without() -> Schema:
    """Describe what a variant may leave out."""
    properties = {}
    for field, known_by in KEYS.items():
        if len(known_by) == 1:
            properties[field] = {"description": f"Ids of {field}.", **_list_of(_ID)}
        else:
            words = f"{field.capitalize()}, each by its {' and '.join(known_by)}."
            items = {**_PAIR, "items": _NAME} if field == "activities" else _PAIR
            properties[field] = {"description": words, "type": "array", "items": items}
    return {
        "description": "What of its base a variant leaves out.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


_WORDS: Final[Schema] = {
    "id": {
        "type": "string",
        "minLength": 1,
        "pattern": r"^[^/\u0000-\u001f\u007f-\u009f]+$",
        "not": {"const": "?"},
    },
    "text": {
        "description": "English, or text by language.",
        "anyOf": [
            {"type": "string"},
            {
                "type": "object",
                "properties": {language: {"type": "string"} for language in LANGUAGES},
                "additionalProperties": False,
            },
        ],
    },
    "duration": {
        "description": "Numbers, each with its unit: weeks, days, hours, minutes, seconds.",
        "type": "string",
        "minLength": 1,
        "examples": ["30 days", "1 day 12 hours"],
    },
}


def _of_class(cls: type[attrs.AttrsInstance]) -> Schema:
    """Describe a class as an object that has its fields and no others."""
    said = _documented(cls)
    properties = {
        name: {"description": said[name], **_of_field(cls, name, declared)}
        if name in said
        else _of_field(cls, name, declared)
        for name, declared in declared_types(cls).items()
    }
    required = [
        field.name
        for field in attrs.fields(cls)
        if field.default is attrs.NOTHING and (cls, field.name) not in _FROM_A_BASE
    ]
    return {
        "description": (inspect.getdoc(cls) or "").partition("\n")[0],
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _of_field(cls: type, name: str, declared: Any) -> Schema:
    if cls is Names:
        return _NAMES[name]
    if name in _IDS or (cls, name) == (Step, "touchpoint"):
        return dict(_ID) if declared is str else {"anyOf": [_ID, {"type": "null"}]}
    if (cls, name) in _LISTS_OF_IDS:
        return _list_of(_ID)
    if (cls, name) == (Stage, "part_of"):
        return _list_of(_PLACE)
    return {**_of_type(declared), **_ALTERED.get((cls, name), {})}


def _of_type(declared: Any) -> Schema:
    if get_origin(declared) in (Union, UnionType):
        kept = next(choice for choice in get_args(declared) if choice is not type(None))
        return {"anyOf": [_of_type(kept), {"type": "null"}]}
    if get_origin(declared) is Literal:
        return {"enum": list(get_args(declared))}
    if get_origin(declared) is tuple:
        item = get_args(declared)[0]
        return {"type": "array", "items": _item(item)} if item in MAPPED else _list_of(_PRIMITIVES[item])
    return dict(_PRIMITIVES[declared]) if declared in _PRIMITIVES else _reference(declared)


def _item(cls: type) -> Schema:
    """Describe an item of a list: its class, or its short form where it has one."""
    if cls in _SHORT_FORMS:
        return {"anyOf": [_SHORT_FORMS[cls], _reference(cls)]}
    return _reference(cls)


def _list_of(item: Schema) -> Schema:
    """Describe a list of texts or ids, of which a lone one will do."""
    return {"anyOf": [item, {"type": "array", "items": item}]}


def _reference(cls: type) -> Schema:
    return {"$ref": f"#/$defs/{cls.__name__.lower()}"}


def _documented(cls: type) -> dict[str, str]:
    """Read what a class's docstring says of each attribute."""
    _, _, rest = (inspect.getdoc(cls) or "").partition("Attributes:\n")
    section = inspect.cleandoc(re.split(r"\n\n", rest)[0])
    return {name: " ".join(words.split()) for name, words in _ENTRY.findall(section)}
