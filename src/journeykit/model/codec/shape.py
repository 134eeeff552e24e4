"""Turn what cattrs finds wrong with plain data into problems for people.

May import: codec.converter, places, problem, values.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs
from cattrs.errors import (
    AttributeValidationNote,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
)

from journeykit.errors import LifecycleError, listed
from journeykit.model.codec.converter import NotAListError, NotAMappingError
from journeykit.model.codec.items import FILE_ONLY
from journeykit.model.lifecycle import Lifecycle
from journeykit.model.persona import Step
from journeykit.model.places import named_place
from journeykit.model.problem import Path, Problem, first
from journeykit.model.stage import Stage
from journeykit.model.transition import Transition
from journeykit.model.values import brief, misspelt
from journeykit.model.vocabulary import Term

_SHORT_FORMS: Final[dict[type, str]] = {
    Stage: "an id or ",
    Term: "an id or ",
    Transition: "a pair [source, target] or ",
    Step: "'stage/touchpoint' or ",
}


def problems(error: BaseException, data: object) -> Iterator[Problem]:
    """Yield every problem in a cattrs error about *data*, each with its place."""
    for path, cause in _leaves(error, ()):
        if isinstance(cause, LifecycleError):
            yield from (each if isinstance(each, Problem) else Problem(each) for each in cause.problems)
        else:
            yield from _told(cause, path, data)


def _leaves(error: BaseException, path: Path) -> Iterator[tuple[Path, BaseException]]:
    """Yield the causes in a tree of errors, each with its path."""
    if isinstance(error, IterableValidationError | ClassValidationError):
        noted, others = error.group_exceptions()
        for cause, note in noted:
            step = note.name if isinstance(note, AttributeValidationNote) else int(str(note.index))
            yield from _leaves(cause, (*path, step))
        for cause in others:
            yield from _leaves(cause, path)
    else:
        yield path, error


def _told(cause: BaseException, path: Path, data: object) -> Iterator[Problem]:
    """Tell one cause in words."""
    if isinstance(cause, ForbiddenExtraKeysError):
        yield from first(_unknown_fields(cause, path, data))
    elif isinstance(cause, KeyError):
        yield _problem(path[:-1], f"has no {path[-1]!r}", data)
    elif isinstance(cause, NotAMappingError):
        short = _SHORT_FORMS.get(cause.cls, "")
        fields = ", ".join(f.name for f in attrs.fields(cause.cls) if f.default is attrs.NOTHING)
        wanted = f"{short}a mapping" + (f" with {fields}" if fields else "")
        yield _problem(path, f"must be {wanted}, not {brief(cause.value)}", data)
    elif isinstance(cause, NotAListError):
        yield _problem(path, f"must be a list, not {brief(cause.value)}", data)
    else:
        yield _problem(path, f"{type(cause).__name__}: {cause}", data)


def _unknown_fields(cause: ForbiddenExtraKeysError, path: Path, data: object) -> Iterator[Problem]:
    known = [field.name for field in attrs.fields(cause.cl)]
    known += FILE_ONLY if cause.cl is Lifecycle else ()
    for key in sorted(cause.extra_fields, key=str):
        hint = misspelt("field", key, known)
        fields = "" if "Did you mean" in hint else f" (there are {listed(known, most=len(known))})"
        yield _problem(path, f"{hint}{fields}", data, key=str(key))


def _problem(path: Path, clause: str, data: object, *, key: str | None = None) -> Problem:
    place = named_place(data, path)
    return Problem(f"{place}: {clause}" if place else clause, path if key is None else (*path, key))
