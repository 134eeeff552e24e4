"""A CRM's own names for a lifecycle's stages and touchpoints.

May import: convert, problem, shown, values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias, cast

import attrs

from journeykit.model.convert import as_tuple
from journeykit.model.problem import Misfit
from journeykit.model.shown import shown
from journeykit.model.values import brief

Pairs: TypeAlias = tuple[tuple[str, str], ...]


def _as_pairs(pairs: Mapping[str, str] | Iterable[tuple[str, str]]) -> Pairs:
    """Take a mapping as pairs in the order of their names, in which two equal mappings are equal."""
    given: object = pairs
    items = tuple(given.items()) if isinstance(given, Mapping) else as_tuple(pairs)
    if not all(_is_pair(item) for item in items):
        return cast("Pairs", (Misfit(f"must map names to what they mean, not {brief(given)}"),))
    return tuple(sorted((tuple(item) for item in items), key=repr))


def _is_pair(item: object) -> bool:
    match item:
        case [_, _]:
            return True
    return False


@attrs.frozen(repr=False)
class Names:
    """The names that data use for a lifecycle's stages and touchpoints, beside their ids.

    Attributes:
        stages: Pairs of a name and the id of the stage it means.
        touchpoints: Pairs of a name and what it means: the id of a touchpoint, or
            "stage/touchpoint" for that touchpoint in that one stage.
    """

    stages: Pairs = attrs.field(default=(), converter=_as_pairs, kw_only=True)
    touchpoints: Pairs = attrs.field(default=(), converter=_as_pairs, kw_only=True)

    __repr__ = shown


def split_target(target: str) -> tuple[str | None, str]:
    """Split "stage/touchpoint" into its parts; a touchpoint alone has no stage."""
    stage, slash, touchpoint = target.partition("/")
    return (stage, touchpoint) if slash else (None, stage)
