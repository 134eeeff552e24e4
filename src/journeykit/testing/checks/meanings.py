"""Two things that people can't tell apart by what they are called.

Case, accents' encoding, spaces, hyphens and underscores make no difference: "Sign-up"
and "sign up" are one word.

May import: testing.checks.finding, testing.checks.translations, model, errors.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

from journeykit.errors import listed
from journeykit.model.names import each_target, split_target
from journeykit.model.text import LANGUAGES
from journeykit.testing.checks.finding import LifecycleFinding
from journeykit.testing.checks.translations import spoken

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from journeykit.model import Lifecycle, Persona, Stage, Term, Touchpoint

    Named = Persona | Stage | Term | Touchpoint


def meaning_findings(lifecycle: Lifecycle) -> Iterator[LifecycleFinding]:
    """Find labels that two share, and names of one thing that are the label of another."""
    languages = spoken(lifecycle) or ("en",)
    yield from _same_labels("stage", [lifecycle.stages], languages)
    homes = [lifecycle.touchpoints_in(stage) for stage in lifecycle.stage_ids]
    yield from _same_labels("touchpoint", homes, languages)
    yield from _same_labels("persona", [lifecycle.personas], languages)
    for vocabulary in lifecycle.vocabularies:
        yield from _same_labels("term", [vocabulary.terms], languages, f"vocabulary {vocabulary.id!r}, ")
    yield from _aliases(lifecycle.stages)
    yield from _names(lifecycle)


def word(text: str) -> str:
    """Reduce a text to what people hear."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("-", " ").replace("_", " ")
    return " ".join(plain.split())


def _same_labels(
    kind: str, groups: Iterable[Sequence[Named]], languages: Sequence[str], where: str = ""
) -> Iterator[LifecycleFinding]:
    """Find pairs in one group that are shown alike; a later one is held against the first."""
    alike: dict[tuple[str, str], dict[str, str]] = {}
    for group in groups:
        for language in languages:
            first: dict[str, str] = {}
            for item in group:
                label = item.label.get(language) or item.id
                other = first.setdefault(word(label), item.id)
                if other != item.id:
                    alike.setdefault((item.id, other), {})[language] = label
    for (own, other), labels in alike.items():
        shown = listed(f"{label!r} ({language})" for language, label in labels.items())
        sentence = (
            f"it is called as {kind} {other!r} is: {shown}. Give each a label of its own, or make them one."
        )
        yield LifecycleFinding("duplicated_meaning", f"{where}{kind} {own!r}", sentence)


def _words(item: Named) -> Iterator[str]:
    """Yield the words for something: its id and its labels."""
    yield word(item.id)
    for language in LANGUAGES:
        if label := getattr(item.label, language):
            yield word(label)


def _called(items: Iterable[Named]) -> defaultdict[str, dict[str, None]]:
    """Map each word to the ids of those that are called so."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for item in items:
        for each in _words(item):
            found[each][item.id] = None
    return found


def _aliases(stages: Sequence[Stage]) -> Iterator[LifecycleFinding]:
    """Find aliases that another stage is called by, or that an earlier one has, too."""
    called = _called(stages)
    for stage in stages:
        for alias in stage.aliases:
            other = next((each for each in called[word(alias)] if each != stage.id), None)
            if other is not None:
                sentence = (
                    f"its alias {alias!r} is what stage {other!r} is called. Leave it to one of the two."
                )
                yield LifecycleFinding("duplicated_meaning", f"stage {stage.id!r}", sentence)
        for alias in stage.aliases:
            called[word(alias)][stage.id] = None


def _names(lifecycle: Lifecycle) -> Iterator[LifecycleFinding]:
    """Find a CRM's names that are words for something else than what they mean."""
    stages = _called(lifecycle.stages)
    for stage in lifecycle.stages:
        for alias in stage.aliases:
            stages[word(alias)][stage.id] = None
    for name, target in lifecycle.names.stages:
        yield from _misnamed("stage", name, target, stages[word(name)])
    touchpoints = _called(lifecycle.touchpoints)
    for name, several in lifecycle.names.touchpoints:
        meant = split_target(each_target(several)[0])[1]
        yield from _misnamed("touchpoint", name, meant, touchpoints[word(name)])


def _misnamed(kind: str, name: str, meant: str, called: Collection[str]) -> Iterator[LifecycleFinding]:
    """Find that others are called so, unless what the name means is, too."""
    if called and meant not in called:
        others = listed(map(repr, called))
        sentence = (
            f"it means {meant!r}, but is what {kind} {others} is called. "
            "Map it to that one, or tell the two apart by their labels."
        )
        yield LifecycleFinding("duplicated_meaning", f"{kind} name {name!r}", sentence)
