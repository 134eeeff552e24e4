"""Tell whether a value is of the type its field declares, in a sentence for people.

The declared types of the model are few: text, numbers, truth, durations, choices,
other model classes, and tuples of these.  Rules and the reader of files share the
sentences, so that a mistake reads the same wherever it is made.

May import: text, problem, errors.
"""

from __future__ import annotations

import functools
import math
import reprlib
import types
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final, Literal, Union, cast, get_args, get_origin, get_type_hints

import attrs

from journeykit.errors import listed, nearest
from journeykit.model.problem import Misfit, Path
from journeykit.model.text import LANGUAGES, Text

_WANTED: Final[dict[Any, str]] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    Text: f"text, or text by language ({listed(LANGUAGES)})",
    timedelta: 'a duration such as "30 days"',
}

_LONGEST_SHOWN: Final = 60
_MOST_COMPARED: Final = 2_000
"""With more names than that, looking for the nearest takes longer than a person would."""


def misspelt(kind: str, name: object, known: Iterable[str]) -> str:
    """Say that nothing of this kind has this name, with the nearest one that has."""
    candidates = set(known)
    near = nearest(name, candidates) if isinstance(name, str) and len(candidates) <= _MOST_COMPARED else None
    return f"no {kind} named {brief(name)}" + (f". Did you mean {near!r}?" if near else "")


def brief(value: object) -> str:
    """Show a value, cut where it is long."""
    short = reprlib.Repr()
    short.maxstring = short.maxother = _LONGEST_SHOWN
    return short.repr(value)


@functools.cache
def declared_types(cls: type[attrs.AttrsInstance]) -> Mapping[str, Any]:
    """Read the type each field of a model class declares, in order."""
    hints = get_type_hints(cls)
    return {field.name: hints[field.name] for field in attrs.fields(cls)}


def wrong_values(value: attrs.AttrsInstance) -> Iterator[tuple[Path, str]]:
    """Yield the place and a clause for each field of a model value that has a wrong type."""
    for name, declared in declared_types(type(value)).items():
        for path, clause in wrong(getattr(value, name), declared):
            yield (name, *path), clause


def wrong(value: object, declared: object) -> Iterator[tuple[Path, str]]:
    """Yield the place and a clause, such as "must be text, not 3", for each thing wrong in a value."""
    if isinstance(value, Misfit):
        yield (), value.sentence
        return
    chosen = _alternative(value, declared)
    if chosen is types.NoneType:
        return
    if chosen is Text:
        yield from _wrong_text(value)
    elif get_origin(chosen) is tuple:
        yield from _wrong_items(value, get_args(chosen))
    elif get_origin(chosen) is Literal:
        yield from _wrong_choice(value, get_args(chosen))
    elif clause := _wrong_leaf(value, chosen):
        yield (), clause
    elif attrs.has(chosen):
        yield from wrong_values(cast("attrs.AttrsInstance", value))


def _alternative(value: object, declared: object) -> Any:
    """Choose from ``X | None`` or ``X | tuple[X, ...]`` what a value is, or else should be."""
    if get_origin(declared) not in (Union, types.UnionType):
        return declared
    choices = get_args(declared)
    if value is None and types.NoneType in choices:
        return types.NoneType
    kept = [choice for choice in choices if choice is not types.NoneType]
    lists = [choice for choice in kept if get_origin(choice) is tuple]
    return lists[0] if lists and isinstance(value, tuple) else kept[0]


def _wrong_items(value: object, items: tuple[Any, ...]) -> Iterator[tuple[Path, str]]:
    for place, item in enumerate(cast("tuple[object, ...]", value)):
        for path, clause in wrong(item, items[0] if items[-1] is Ellipsis else items[place]):
            yield (place, *path), clause


def _wrong_choice(value: object, choices: tuple[str, ...]) -> Iterator[tuple[Path, str]]:
    if not isinstance(value, str) or value not in choices:
        near = nearest(value, choices) if isinstance(value, str) else None
        hint = f". Did you mean {near!r}?" if near else ""
        yield (), f"must be one of {listed(choices)}, not {brief(value)}{hint}"


def _wrong_leaf(value: object, declared: type[object]) -> str | None:
    """Say what is wrong with a value that has no parts, or None."""
    is_bool_for_number = isinstance(value, bool) and declared is not bool
    if not isinstance(value, declared) or is_bool_for_number:
        return f"must be {_WANTED.get(declared, f'of type {declared.__name__}')}, not {brief(value)}"
    if isinstance(value, str):
        return _wrong_string(value)
    if isinstance(value, float) and not math.isfinite(value):
        return f"must be a finite number, not {brief(value)}"
    return None


def _wrong_text(value: object) -> Iterator[tuple[Path, str]]:
    if isinstance(value, Text):
        for language in LANGUAGES:
            if clause := _wrong_leaf(getattr(value, language), str):
                yield (language,), clause
    elif isinstance(value, Mapping):
        for language in value:
            if language not in LANGUAGES:
                clause = misspelt("language", language, LANGUAGES)
                yield (str(language),), f"{clause} (there are {listed(LANGUAGES)})"
    else:
        yield (), f"must be {_WANTED[Text]}, not {brief(value)}"


def _wrong_string(value: str) -> str | None:
    try:
        value.encode()
    except UnicodeEncodeError:
        return f"holds half a character, which no file can hold: {brief(value)}"
    return None
