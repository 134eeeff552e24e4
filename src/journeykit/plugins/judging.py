"""Judge what plugins answer: is it what the hook promises, and does it mean something?

Shapes and names only; what an item does when it is run is for whoever runs it.

May import: plugins.offers, model, errors.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from journeykit.errors import JourneykitError, UnknownNameError
from journeykit.model import Lifecycle, Names
from journeykit.model.values import brief
from journeykit.plugins.offers import Reader, StageRule

if TYPE_CHECKING:
    from collections.abc import Callable

    from journeykit.plugins.asking import Judge

T = TypeVar("T")

MOST: Final = 1_000
"""So many offers a plugin may make at one hook, and so many findings a detector may have."""


class WrongOfferError(JourneykitError, TypeError):
    """What is offered is not what was promised; whoever asked says whose it is."""


def lifecycles_of(answer: object) -> list[tuple[str, Lifecycle]]:
    """Judge an answer of lifecycles."""
    return [(_name(item.id), item) for item in every(answer, Lifecycle)]


def readers_of(answer: object) -> list[tuple[str, Reader]]:
    """Judge an answer of readers."""
    found = [(_name(item.format), item) for item in every(answer, Reader)]
    for name, reader in found:
        _require_callable(f"reader {name!r}: read", reader.read)
        if not isinstance(reader.options, Mapping):
            raise WrongOfferError(f"reader {name!r}: options is {brief(reader.options)}, not a mapping")
    return found


def functions_of(answer: object) -> list[tuple[str, Any]]:
    """Judge an answer that maps names to functions."""
    found = _pairs(answer, "functions")
    for name, item in found:
        _require_callable(repr(name), item)
    return found


def names_of(lifecycle: Lifecycle) -> Judge[Names]:
    """Make a judge of answers that map systems to names, which must mean something in the lifecycle."""

    def judge(answer: object) -> list[tuple[str, Names]]:
        found = [] if answer is None else _pairs(answer, "`Names`")
        for name, item in found:
            if not isinstance(item, Names):
                raise WrongOfferError(f"{name!r} is {brief(item)}, which is no `Names`")
            lifecycle.map(touchpoints=dict(item.touchpoints), stages=dict(item.stages))
        return found

    return judge


def rules_of(lifecycle: Lifecycle) -> Callable[[object], list[tuple[str, StageRule]]]:
    """Make a judge of stage rules, whose stages must be the lifecycle's."""

    def judge(answer: object) -> list[tuple[str, StageRule]]:
        found = [] if answer is None else [(_name(item.id), item) for item in every(answer, StageRule)]
        for name, rule in found:
            _require_callable(f"rule {name!r}: when", rule.when)
            if rule.stage not in lifecycle.stage_ids:
                where = f"lifecycle {lifecycle.id!r} (rule {name!r})"
                raise UnknownNameError("stage", str(rule.stage), lifecycle.stage_ids, where=where)
            for column in rule.needs:
                if not isinstance(column, str):
                    raise WrongOfferError(f"rule {name!r}: needs {brief(column)}, which is no column's name")
        return found

    return judge


def every(answer: object, cls: type[T]) -> list[T]:
    """Judge an answer of several values of a class, up to `MOST`.

    Raises:
        WrongOfferError: It is something else.
    """
    items = _bounded(answer)
    for item in items:
        if not isinstance(item, cls):
            raise WrongOfferError(f"{brief(item)} is no {cls.__name__}")
    return items


def _pairs(answer: object, what: str) -> list[tuple[str, Any]]:
    """Read an answer that must map names."""
    if not isinstance(answer, Mapping):
        raise WrongOfferError(f"returned {brief(answer)}, not a mapping from names to {what}")
    return [(_name(name), answer[name]) for name in _bounded(answer)]


def _bounded(answer: object) -> list[Any]:
    """Read an answer of many items, up to `MOST`."""
    if not isinstance(answer, Iterable) or isinstance(answer, str):
        hint = "; is a return missing?" if answer is None else ""
        raise WrongOfferError(f"returned {brief(answer)}, not a list of what it offers{hint}")
    items = list(itertools.islice(answer, MOST + 1))
    if len(items) > MOST:
        raise WrongOfferError(f"offers more than {MOST:,} items: does its generator end?")
    return items


def _name(name: object) -> str:
    """Read a name that people will type."""
    if not isinstance(name, str) or not name.strip() or not name.isprintable():
        raise WrongOfferError(f"{brief(name)} is no name: a name is text that can be printed")
    # The text itself, whatever a class made of text says that it is.
    return str.__str__(name)


def _require_callable(what: str, item: object) -> None:
    if not callable(item):
        raise WrongOfferError(f"{what} is {brief(item)}, which can't be called")
