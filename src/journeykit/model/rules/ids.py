"""Rules on ids and names: what one may be, and that no two are the same.

May import: the values a lifecycle holds, rules.parts.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from journeykit.model.places import spelled
from journeykit.model.problem import Path, Problem
from journeykit.model.question import Question
from journeykit.model.rules.parts import parts, problem, texts
from journeykit.model.stage import Stage
from journeykit.model.touchpoint import Touchpoint
from journeykit.model.transition import Transition

if TYPE_CHECKING:
    from journeykit.model.lifecycle import Lifecycle


def _good_ids(lifecycle: Lifecycle) -> Iterator[Problem]:
    named: list[tuple[Path, Any]] = [
        ((), lifecycle),
        *((("stages", place), stage) for place, stage in parts(lifecycle.stages, Stage)),
        *((("touchpoints", place), item) for place, item in parts(lifecycle.touchpoints, Touchpoint)),
        *_questions(lifecycle),
    ]
    for path, item in named:
        if clause := wrong_id(item.id):
            yield problem(lifecycle, (*path, "id"), clause)


def wrong_id(name: object) -> str | None:
    """Say what is wrong with an id, or None; one that is no text is the types' to report."""
    if not isinstance(name, str):
        return None
    if not name:
        return "is empty"
    if name == "?":
        return "'?' stands for events of no stage"
    if "/" in name:
        return f"{name!r} has a '/', which parts a stage from a touchpoint"
    if any(unicodedata.category(character) == "Cc" for character in name):
        return f"{name!r} has a control character"
    return None


def _unique_ids(lifecycle: Lifecycle) -> Iterator[Problem]:
    yield from _repeated(
        lifecycle, ((("stages", place), s.id) for place, s in parts(lifecycle.stages, Stage))
    )
    yield from _repeated(
        lifecycle,
        ((("touchpoints", place), t.id) for place, t in parts(lifecycle.touchpoints, Touchpoint)),
    )
    yield from _repeated(lifecycle, ((path, item.id) for path, item in _questions(lifecycle)))


def _unique_transitions(lifecycle: Lifecycle) -> Iterator[Problem]:
    ends = (
        (("transitions", place), (item.source, item.target))
        for place, item in parts(lifecycle.transitions, Transition)
        if len(texts(item.source, item.target)) == len({item.source, item.target})
    )
    yield from _repeated(lifecycle, ends)


def _repeated(lifecycle: Lifecycle, named: Iterable[tuple[Path, Hashable]]) -> Iterator[Problem]:
    """Report each item that is named as an earlier one is."""
    first: dict[Hashable, str] = {}
    for path, name in named:
        place = spelled(path)
        if first.setdefault(name, place) != place:
            yield problem(lifecycle, path, f"stands there twice, first as {first[name]}")


def _unique_mentions(lifecycle: Lifecycle) -> Iterator[Problem]:
    mentions: list[tuple[Path, Any]] = [
        *((("stages", place, "entry"), stage.entry) for place, stage in parts(lifecycle.stages, Stage)),
        *(
            (("touchpoints", place, field), getattr(item, field))
            for place, item in parts(lifecycle.touchpoints, Touchpoint)
            for field in ("stages", "after")
        ),
    ]
    for path, names in mentions:
        for name in sorted(texts(*names)):
            if names.count(name) > 1:
                yield problem(lifecycle, path, f"{name!r} stands there {names.count(name)} times")


def _questions(lifecycle: Lifecycle) -> Iterator[tuple[Path, Question]]:
    """Yield every question: those of the stages, then those of the whole."""
    for place, stage in parts(lifecycle.stages, Stage):
        for number, question in parts(stage.presence_questions, Question):
            yield ("stages", place, "presence_questions", number), question
    for number, question in parts(lifecycle.questions, Question):
        yield ("questions", number), question


RULES: Final = (_good_ids, _unique_ids, _unique_transitions, _unique_mentions)
