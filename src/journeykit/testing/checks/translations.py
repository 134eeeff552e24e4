"""Labels that are missing in a language that the lifecycle speaks.

An item that has an id is shown by its label, so it needs one in every language that any
label of the lifecycle is in; other texts need to be whole only where they are begun.  A
plan in English alone may leave labels out: its ids are English.

May import: testing.checks.finding, model, errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from journeykit.errors import listed
from journeykit.model.text import LANGUAGES, check_language
from journeykit.testing.checks.finding import LifecycleFinding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from journeykit.model import Language, Lifecycle, Persona, Question, Text, Vocabulary


@attrs.frozen
class _Said:
    """A text of a lifecycle: where it is, which field, whether people need it, whether it is a label."""

    place: str
    text: Text
    field: str = "label"
    needed: bool = False
    is_label: bool = True


def translation_findings(
    lifecycle: Lifecycle, languages: Sequence[str] | None = None
) -> Iterator[LifecycleFinding]:
    """Find labels and questions that are missing in a language.

    Args:
        lifecycle: The plan.
        languages: What it should speak; None: every language that any label is in.

    Raises:
        UnknownNameError: There is no such language.
    """
    said = [*_said(lifecycle)]
    wanted = spoken(lifecycle) if languages is None else tuple(languages)
    for language in wanted:
        check_language(language)
    ids_will_do = languages is None and wanted in {(), ("en",)}
    for each in said:
        missing = [language for language in wanted if not getattr(each.text, language)]
        begun = bool(each.text)
        if not missing or not (begun or (each.needed and not ids_will_do)):
            continue
        if begun:
            sentence = (
                f"its {each.field} is missing in {listed(missing)}. Say it there, too: {_instead(each)}."
            )
        else:
            sentence = (
                f"it has no {each.field}. Give it one in {listed(missing)}: people read its id instead."
            )
        yield LifecycleFinding("missing_translation", each.place, sentence)


def spoken(lifecycle: Lifecycle) -> tuple[Language, ...]:
    """List the languages that any label of a lifecycle is in."""
    labels = [each.text for each in _said(lifecycle) if each.is_label]
    return tuple(language for language in LANGUAGES if any(getattr(text, language) for text in labels))


def _instead(said: _Said) -> str:
    if said.text.en:
        return "people read the English there"
    return "people read its id there" if said.needed else "people read nothing there"


def _said(lifecycle: Lifecycle) -> Iterator[_Said]:
    """List what people read of a lifecycle."""
    yield _Said("lifecycle", lifecycle.title, "title", needed=True)
    for stage in lifecycle.stages:
        yield _Said(f"stage {stage.id!r}", stage.label, needed=True)
        yield from _asked(stage.presence_questions)
    for move in lifecycle.transitions:
        yield _Said(f"transition {move.source!r} -> {move.target!r}", move.label)
    for touchpoint in lifecycle.touchpoints:
        # One that a map of names added is known by what the CRM calls it.
        yield _Said(f"touchpoint {touchpoint.id!r}", touchpoint.label, needed=touchpoint.expected)
    for activity in lifecycle.activities:
        yield _Said(f"activity '{activity.stage}/{activity.touchpoint}'", activity.label)
    yield from _asked(lifecycle.questions)
    for vocabulary in lifecycle.vocabularies:
        yield from _words(vocabulary)
    for persona in lifecycle.personas:
        yield from _person(persona)
    for bridge in lifecycle.bridges:
        yield _Said(f"bridge {bridge.stage!r} -> {bridge.lifecycle!r}", bridge.label)


def _asked(questions: Iterable[Question]) -> Iterator[_Said]:
    for question in questions:
        place = f"question {question.id!r}"
        yield _Said(place, question.text, "text", is_label=False)
        yield _Said(place, question.consequence, "consequence", is_label=False)


def _words(vocabulary: Vocabulary) -> Iterator[_Said]:
    place = f"vocabulary {vocabulary.id!r}"
    yield _Said(place, vocabulary.label, needed=True)
    for term in vocabulary.terms:
        yield _Said(f"{place}, term {term.id!r}", term.label, needed=True)


def _person(persona: Persona) -> Iterator[_Said]:
    place = f"persona {persona.id!r}"
    yield _Said(place, persona.label, needed=True)
    for number, step in enumerate(persona.path):
        yield _Said(f"{place}, path[{number}]", step.label)
