"""A vocabulary: words that a lifecycle declares, such as the triggers of risk.

May import: text, convert, shown.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from journeykit.model.convert import as_names, as_text, as_tuple
from journeykit.model.shown import shown
from journeykit.model.text import NO_TEXT, Text


@attrs.frozen(repr=False)
class Term:
    """One word of a vocabulary.

    Attributes:
        id: Its id, unique in its vocabulary.
        label: What people call it.
        description: What it means.
        sources: Where it comes from, such as mission ids ("S2-25").

    Source: S2-25, S2-30, S2-31 (mission page).
    """

    id: str
    label: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    description: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    sources: tuple[str, ...] = attrs.field(default=(), converter=as_names, kw_only=True)

    __repr__ = shown


def _as_terms(terms: Iterable[str | Term]) -> tuple[Term, ...]:
    """Make a term of every id; a lone one is a list of one."""
    given: object = terms
    several = (given,) if isinstance(given, str) else as_tuple(terms)
    return tuple(Term(term) if isinstance(term, str) else term for term in several)


@attrs.frozen(repr=False)
class Vocabulary:
    """Words that a lifecycle declares, so that data and people use the same ones.

    Attributes:
        id: Its id, unique among the vocabularies, such as "risk_triggers".
        label: What people call it.
        description: What its words are for.
        cadence: How often to ask for them, such as "every month".
        terms: Its words; an id alone makes one.
        sources: Where it comes from, such as mission ids ("S2-25").

    Source: S2-25, S2-30, S2-31 (mission page).
    """

    id: str
    label: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    description: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    cadence: Text = attrs.field(default=NO_TEXT, converter=as_text, kw_only=True)
    terms: tuple[Term, ...] = attrs.field(default=(), converter=_as_terms, kw_only=True)
    sources: tuple[str, ...] = attrs.field(default=(), converter=as_names, kw_only=True)

    __repr__ = shown
