"""A CRM's own names for a lifecycle's stages and touchpoints.

May import: convert, problem, shown, values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, cast

import attrs

from journeykit.model.convert import as_tuple
from journeykit.model.problem import Misfit
from journeykit.model.shown import shown
from journeykit.model.values import brief

Target: TypeAlias = str | tuple[str, ...]
"""What a touchpoint's name means: "touchpoint", "stage/touchpoint", or several of the latter."""

StageNames: TypeAlias = tuple[tuple[str, str], ...]
TouchpointNames: TypeAlias = tuple[tuple[str, Target], ...]


def _as_stage_names(names: Mapping[str, str] | Iterable[tuple[str, str]]) -> StageNames:
    return _as_pairs(names)


def _as_touchpoint_names(
    names: Mapping[str, str | Sequence[str]] | Iterable[tuple[str, str | Sequence[str]]],
) -> TouchpointNames:
    pairs = _as_pairs(names)
    return tuple((pair[0], _as_target(pair[1])) if _is_pair(pair) else pair for pair in pairs)


def _as_pairs(names: Any) -> tuple[Any, ...]:
    """Take a mapping as pairs in the order of their names, in which two equal mappings are equal."""
    items = tuple(names.items()) if isinstance(names, Mapping) else as_tuple(names)
    if not all(_is_pair(item) for item in items):
        return (Misfit(f"must map names to what they mean, not {brief(names)}"),)
    return tuple(sorted((tuple(item) for item in items), key=lambda pair: (_spelling(pair[0]), repr(pair))))


def _is_pair(item: object) -> bool:
    match item:
        case [_, _]:
            return True
    return False


def _as_target(target: object) -> Target:
    """Take a list in one order, too; a list of one "stage/touchpoint" says no more than that alone."""
    if isinstance(target, str):
        return target
    if not isinstance(target, list | tuple):
        return cast("Target", Misfit(f"must be text, or a list of texts, not {brief(target)}"))
    several = tuple(sorted(target, key=_spelling))
    match several:
        case [str(only)] if "/" in only:
            return only
    return several


def _spelling(item: object) -> str:
    """Order text by what it says, whatever class of text it is."""
    return str.__str__(item) if isinstance(item, str) else repr(item)


@attrs.frozen(repr=False)
class Names:
    """The names that data use for a lifecycle's stages and touchpoints, beside their ids.

    Attributes:
        stages: Pairs of a name and the id of the stage it means.
        touchpoints: Pairs of a name and what it means: the id of a touchpoint;
            "stage/touchpoint" for that touchpoint in that one stage; or several of the latter
            for one touchpoint that may be in any of these stages.
    """

    stages: StageNames = attrs.field(default=(), converter=_as_stage_names, kw_only=True)
    touchpoints: TouchpointNames = attrs.field(default=(), converter=_as_touchpoint_names, kw_only=True)

    __repr__ = shown


def split_target(target: str) -> tuple[str | None, str]:
    """Split "stage/touchpoint" into its parts; a touchpoint alone has no stage."""
    stage, slash, touchpoint = target.partition("/")
    return (stage, touchpoint) if slash else (None, stage)


def each_target(target: Target) -> tuple[str, ...]:
    """List what a name means, which may be in several stages."""
    return (target,) if isinstance(target, str) else target


def text_pairs(names: StageNames | TouchpointNames) -> Iterator[tuple[str, Target]]:
    """Yield the pairs that are text throughout; the types report the others."""
    pairs: tuple[Any, ...] = names
    for name, target in (pair for pair in pairs if isinstance(pair, tuple)):
        several = target if isinstance(target, tuple) else (target,)
        if all(isinstance(text, str) for text in (name, *several)):
            yield name, target
