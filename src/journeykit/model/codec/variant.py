"""Lay a variant over the lifecycle that it extends, as plain data.

The result is the data of a whole lifecycle, which remembers what of it the variant said
itself: an error names the variant's own line, or says that it comes from the base.
Nothing is judged here; whoever reads the result does that.

May import: codec.items, codec.without, codec.writing, codec.document, lifecycle, places, problem.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from journeykit.model.codec.document import Document
from journeykit.model.codec.items import FILE_ONLY, KEYS, Plain, numbered, spelled_out
from journeykit.model.codec.without import pruned
from journeykit.model.codec.writing import to_dict
from journeykit.model.lifecycle import Lifecycle
from journeykit.model.places import spelled
from journeykit.model.problem import Path, Problem

_NAMES: Final = ("stages", "touchpoints")


@attrs.frozen
class VariantDocument(Document):
    """A variant laid over its base.

    Attributes:
        base: Id of the base.
        own: The items that the variant speaks of, each to its place in the variant.
        inherited: The fields and items that the variant does not speak of.
    """

    base: str
    own: Mapping[Path, Path]
    inherited: frozenset[Path]

    def located(self, problem: Problem) -> Problem:
        """Put the line before a problem, count items as the variant does, and say what the base said."""
        path, sentence = problem.path, str(problem)
        item = path[:2]
        if item in self.own and sentence.startswith(spelled(item)):
            sentence = spelled(self.own[item]) + sentence.removeprefix(spelled(item))
        if len(path) > 1 and any(path[:length] in self.inherited for length in (1, 2, 3)):
            sentence = f"{sentence} (as {self.base!r} has it)"
        return super().located(Problem(sentence, path))


def extended(document: Document, base: Lifecycle) -> tuple[VariantDocument, list[Problem]]:
    """Lay a variant over its base.

    Args:
        document: The variant: a mapping.  What it states replaces what the base says.
        base: The lifecycle that it extends.

    Returns:
        The whole, and what is wrong with the fields that only files have.
    """
    own = {name: value for name, value in document.data.items() if name not in FILE_ONLY}
    below, problems = pruned(to_dict(base), document.data)
    if "variant_of" in own:
        problems.append(Problem("variant_of: leave it out; 'extends' says it", ("variant_of",)))
    del below["id"]
    whole: Plain = {**below, **own, "variant_of": [base.id, *base.variant_of]}
    moved: dict[Path, Path] = {}
    for field in KEYS:
        if field in below and isinstance(own.get(field), list | tuple):
            whole[field], places = _merged(field, below[field], own[field])
            moved |= {(field, place): (field, mine) for place, mine in places.items()}
    if "scope" in below and isinstance(own.get("scope"), Mapping):
        whole["scope"] = {**below["scope"], **own["scope"]}
    if "names" in below and isinstance(own.get("names"), Mapping):
        whole["names"] = _merged_names(below["names"], own["names"])
    inherited = frozenset(_inherited(below, own, whole, moved))
    lines = _moved_lines(document.lines, moved, inherited)
    return VariantDocument(whole, lines, base.id, moved, inherited), problems


def _merged(field: str, base: Sequence[Plain], own: Sequence[Any]) -> tuple[list[Any], dict[int, int]]:
    """Merge two lists item by item, and map each place in the result to its place in the variant.

    An item that the base has, too, is merged field by field, where the base has it.  Others come
    after the item that stands before them in the variant, or at the end.
    """
    above = [spelled_out(field, item) for item in own]
    known = {key: place for place, key in enumerate(numbered(field, base)) if key is not None}
    changed: dict[int, int] = {}
    added: dict[int | None, list[int]] = {}
    previous: int | None = None
    for mine, key in enumerate(numbered(field, above)):
        place = None if key is None else known.get(key)
        if place is None:
            added.setdefault(previous, []).append(mine)
        else:
            changed[place] = mine
            previous = place
    rows: list[tuple[Any, int | None]] = []
    for place, item in enumerate(base):
        said = changed.get(place)
        rows.append((item if said is None else {**item, **(above[said] or {})}, said))
        rows += ((own[mine], mine) for mine in added.get(place, ()))
    rows += ((own[mine], mine) for mine in added.get(None, ()))
    return [item for item, _ in rows], {
        place: mine for place, (_, mine) in enumerate(rows) if mine is not None
    }


def _merged_names(base: Mapping[str, Any], own: Mapping[str, Any]) -> Plain:
    merged: Plain = {**base, **own}
    for kind in _NAMES:
        if kind in base and isinstance(own.get(kind), Mapping):
            merged[kind] = {**base[kind], **own[kind]}
    return merged


def _inherited(below: Plain, own: Plain, whole: Plain, moved: Mapping[Path, Path]) -> Iterator[Path]:
    """Yield the places of what the variant does not speak of: fields, items, and fields of items."""
    for field in below:
        if field not in own:
            yield (field,)
        elif field in KEYS and isinstance(own[field], list | tuple):
            for place, item in enumerate(whole[field]):
                mine = moved.get((field, place))
                said = {} if mine is None else spelled_out(field, own[field][mine[1]]) or {}
                if mine is None:
                    yield (field, place)
                elif isinstance(item, Mapping):
                    yield from ((field, place, name) for name in item if name not in said)
    for kind in _NAMES:
        if isinstance(_names(own, kind), Mapping):
            yield from (
                ("names", kind, name) for name in _names(below, kind) or () if name not in _names(own, kind)
            )


def _names(data: Plain, kind: str) -> Any:
    """Return the names of a kind; None where there are none."""
    names = data.get("names")
    return names.get(kind) if isinstance(names, Mapping) else None


def _moved_lines(
    lines: Mapping[Path, int], moved: Mapping[Path, Path], inherited: Collection[Path]
) -> dict[Path, int]:
    """Find the variant's lines at their places in the whole; what is inherited is where the base is named."""
    places = {mine: place for place, mine in moved.items()}
    found = {(*places.get(path[:2], path[:2]), *path[2:]): line for path, line in lines.items()}
    if ("extends",) in lines:
        found |= {path: lines["extends",] for path in inherited if path[:2] not in moved}
    return found
