"""A section of the page: what it says, in the order in which it says it.

May import: table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from journeykit.html.table import Table, Tone


@attrs.frozen(kw_only=True)
class Part:
    """A part of a section.

    Attributes:
        title: Its heading, or "".
        paragraphs: What it says first.
        names: A list of names.
        table: A table, or None.
    """

    title: str = ""
    paragraphs: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    table: Table | None = None


@attrs.frozen
class Section:
    """A section of the page.

    Attributes:
        id: Its place on the page.
        title: Its heading.
        paragraphs: What it says first.
        facts: Pairs of what and how much.
        key: What colours stand for.
        parts: What follows.
    """

    id: str
    title: str
    paragraphs: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    facts: tuple[tuple[str, str], ...] = attrs.field(default=(), kw_only=True)
    key: tuple[tuple[Tone, str], ...] = attrs.field(default=(), kw_only=True)
    parts: tuple[Part, ...] = attrs.field(default=(), kw_only=True)
