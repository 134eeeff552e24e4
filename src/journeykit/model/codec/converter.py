"""The cattrs converter between a lifecycle and plain data.

It knows the short forms: a stage that is only its id, a transition that is a pair, a
step that is "stage/touchpoint", a text that is only English, a duration in words.  It
checks keys, and leaves types and rules to the lifecycle itself, which reports them all
at once.

May import: the values a lifecycle holds.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import timedelta
from types import GenericAlias
from typing import Any, Final, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn

from journeykit.model.activity import Activity
from journeykit.model.bridge import Bridge
from journeykit.model.duration import in_words
from journeykit.model.lifecycle import Lifecycle
from journeykit.model.names import Names
from journeykit.model.persona import Persona, Step, step_of
from journeykit.model.question import Question
from journeykit.model.scope import Scope
from journeykit.model.stage import Stage
from journeykit.model.text import LANGUAGES, Text
from journeykit.model.touchpoint import Touchpoint
from journeykit.model.transition import Transition
from journeykit.model.vocabulary import Term, Vocabulary

MAPPED: Final = (
    Lifecycle,
    Stage,
    Transition,
    Touchpoint,
    Activity,
    Question,
    Vocabulary,
    Term,
    Persona,
    Step,
    Bridge,
    Scope,
    Names,
)
"""The classes that are mappings in plain data."""

_PAIR: Final = 2


class NotAMappingError(ValueError):
    """Where a class is expected, the data have something that is no mapping.

    Attributes:
        cls: The class.
        value: What the data have.
    """

    def __init__(self, cls: type[attrs.AttrsInstance], value: object) -> None:
        self.cls = cls
        self.value = value
        super().__init__(cls, value)


class NotAListError(ValueError):
    """Where a list is expected, the data have something else.

    Attributes:
        value: What the data have.
    """

    def __init__(self, value: object) -> None:
        self.value = value
        super().__init__(value)


@functools.cache
def converter() -> Converter:
    """Make the converter, once."""
    made = Converter(forbid_extra_keys=True, unstruct_collection_overrides={tuple: list})
    made.register_unstructure_hook(str, str.__str__)
    made.register_unstructure_hook(Text, _plain_text)
    made.register_unstructure_hook(timedelta, in_words)
    for primitive in (str, bool, int, float):
        made.register_structure_hook(primitive, lambda value, _: value)
    made.register_structure_hook_func(_is_leaf, lambda value, _: value)
    made.register_structure_hook_func(
        _is_list_of_mapped, lambda value, cls: _structure_list(made, value, cls)
    )
    for cls in reversed(MAPPED):
        _register(made, cls)
    return made


def _register(made: Converter, cls: type[attrs.AttrsInstance]) -> None:
    """Teach the converter a class: plain mappings and its short form, without what was not said."""
    from_mapping = make_dict_structure_fn(cls, made)
    to_mapping = make_dict_unstructure_fn(cls, made, _cattrs_omit_if_default=True)

    def structure(value: object, _: object) -> Any:
        short = _from_short_form(cls, value)
        if short is not None:
            return short
        if not isinstance(value, Mapping):
            raise NotAMappingError(cls, value)
        return from_mapping(value, cls)

    made.register_structure_hook(cls, structure)
    made.register_unstructure_hook(cls, lambda value: _plain(cls, to_mapping(value)))


def _from_short_form(
    cls: type[attrs.AttrsInstance], value: object
) -> Stage | Term | Transition | Step | None:
    """Read a stage or a term that is only an id, a step that is a place, or a transition that is a pair."""
    if isinstance(value, str) and cls in (Stage, Term):
        return Stage(value) if cls is Stage else Term(value)
    if isinstance(value, str) and cls is Step:
        return step_of(value)
    if cls is Transition and isinstance(value, list | tuple) and len(value) == _PAIR:
        return Transition(*value)
    return None


def _plain(cls: type[attrs.AttrsInstance], mapping: dict[str, Any]) -> object:
    """Write a mapping in the order of the class, or in its short form where that says it all."""
    if cls in (Stage, Term) and len(mapping) == 1:
        return mapping["id"]
    if cls is Step and len(mapping) == _PAIR:
        return f"{mapping['stage']}/{mapping['touchpoint']}"
    if cls is Transition and len(mapping) == _PAIR:
        return list(mapping.values())
    if cls is Names:
        return {kind: dict(pairs) for kind, pairs in mapping.items()}
    return {field.name: mapping[field.name] for field in attrs.fields(cls) if field.name in mapping}


def _structure_list(made: Converter, value: object, cls: object) -> Any:
    if not isinstance(value, list | tuple):
        raise NotAListError(value)
    as_list: Any = GenericAlias(list, get_args(cls)[:1])
    return made.structure(value, as_list)


def _is_leaf(cls: object) -> bool:
    """Tell whether a type is taken as it comes: everything but the mapped classes and lists of them."""
    return cls not in MAPPED and not _has_mapped_items(cls)


def _is_list_of_mapped(cls: object) -> bool:
    return get_origin(cls) is tuple and _has_mapped_items(cls)


def _has_mapped_items(cls: object) -> bool:
    return get_args(cls)[:1] != () and get_args(cls)[0] in MAPPED


def _plain_text(text: Text) -> str | dict[str, str]:
    every = {str(language): str.__str__(getattr(text, language)) for language in LANGUAGES}
    said = {language: words for language, words in every.items() if words}
    return every["en"] if said.keys() <= {"en"} else said
