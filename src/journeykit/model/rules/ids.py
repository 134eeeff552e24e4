"""Rules on ids and names: what one may be, and that no two are the same.

May import: the values a lifecycle holds, rules.parts.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from journeykit.model.bridge import Bridge
from journeykit.model.persona import Persona
from journeykit.model.places import spelled
from journeykit.model.problem import Path, Problem
from journeykit.model.question import Question
from journeykit.model.rules.parts import parts, problem
from journeykit.model.stage import Stage
from journeykit.model.touchpoint import Touchpoint
from journeykit.model.transition import Transition
from journeykit.model.vocabulary import Term, Vocabulary

if TYPE_CHECKING:
    from journeykit.model.lifecycle import Lifecycle

_LISTS: Final[dict[str, type[object]]] = {
    "stages": Stage,
    "touchpoints": Touchpoint,
    "vocabularies": Vocabulary,
    "personas": Persona,
}
"""The lists whose items have an id."""


def _good_ids(lifecycle: Lifecycle) -> Iterator[Problem]:
    named: list[tuple[Path, Any]] = [
        ((), lifecycle),
        *(
            ((field, place), item)
            for field, cls in _LISTS.items()
            for place, item in parts(getattr(lifecycle, field), cls)
        ),
        *_questions(lifecycle),
        *_terms(lifecycle),
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
    for field, cls in _LISTS.items():
        items = parts(getattr(lifecycle, field), cls)
        yield from _repeated(lifecycle, (((field, place), item.id) for place, item in items))
    yield from _repeated(lifecycle, ((path, item.id) for path, item in _questions(lifecycle)))
    yield from _repeated(lifecycle, ((path, (path[1], item.id)) for path, item in _terms(lifecycle)))


def _unique_pairs(lifecycle: Lifecycle) -> Iterator[Problem]:
    """Find a move that is declared twice, and a stage with two bridges to one lifecycle."""
    for field, cls, ends in (
        ("transitions", Transition, ("source", "target")),
        ("bridges", Bridge, ("stage", "lifecycle")),
    ):
        pairs = (
            ((field, place), tuple(getattr(item, end) for end in ends))
            for place, item in parts(getattr(lifecycle, field), cls)
        )
        yield from _repeated(lifecycle, ((path, pair) for path, pair in pairs if _is_text(pair)))


def _is_text(pair: Iterable[object]) -> bool:
    return all(isinstance(end, str) for end in pair)


def _repeated(lifecycle: Lifecycle, named: Iterable[tuple[Path, Hashable]]) -> Iterator[Problem]:
    """Report each item that is named as an earlier one is."""
    first: dict[Hashable, str] = {}
    for path, name in named:
        place = spelled(path)
        if first.setdefault(name, place) != place:
            yield problem(lifecycle, path, f"stands there twice, first as {first[name]}")


def _unique_mentions(lifecycle: Lifecycle) -> Iterator[Problem]:
    mentions: list[tuple[Path, Any]] = [
        *(
            (("stages", place, field), getattr(stage, field))
            for place, stage in parts(lifecycle.stages, Stage)
            for field in ("entry", "part_of")
        ),
        *(
            (("touchpoints", place, field), getattr(item, field))
            for place, item in parts(lifecycle.touchpoints, Touchpoint)
            for field in ("stages", "after")
        ),
    ]
    for path, names in mentions:
        counts = Counter(name for name in names if isinstance(name, str))
        for name in sorted(counts):
            if counts[name] > 1:
                yield problem(lifecycle, path, f"{name!r} stands there {counts[name]} times")


def _questions(lifecycle: Lifecycle) -> Iterator[tuple[Path, Question]]:
    """Yield every question: those of the stages, then those of the whole."""
    for place, stage in parts(lifecycle.stages, Stage):
        for number, question in parts(stage.presence_questions, Question):
            yield ("stages", place, "presence_questions", number), question
    for number, question in parts(lifecycle.questions, Question):
        yield ("questions", number), question


def _terms(lifecycle: Lifecycle) -> Iterator[tuple[Path, Term]]:
    """Yield the words of every vocabulary."""
    for place, vocabulary in parts(lifecycle.vocabularies, Vocabulary):
        for number, term in parts(vocabulary.terms, Term):
            yield ("vocabularies", place, "terms", number), term


RULES: Final = (_good_ids, _unique_ids, _unique_pairs, _unique_mentions)
