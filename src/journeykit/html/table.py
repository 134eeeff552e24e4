"""A table for people: cells are text already, and both the page and the terminal show it.

A table is bounded: rows beyond `MOST_ROWS` are left out and counted, so that a log with a
thousand groups still makes a page that opens.

May import: nothing of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_ROWS = 200
"""How many rows the page shows of a table."""

FEW_COLUMNS = 4

Tone: TypeAlias = Literal["", "good", "bad", "warn", "calm", "faint"]
"""How a cell is coloured; colour never says anything that the text does not."""


@attrs.frozen
class Column:
    """A column of a table.

    Attributes:
        title: Its heading.
        kind: "name" (from data or lifecycle), "word", "text" (a sentence) or "number".
        hint: What it means, as a sentence.
        rank: How dispensable it is where there is little room: 0 always stays, higher ones go first.
    """

    title: str
    kind: Literal["name", "word", "text", "number"] = "number"
    hint: str = ""
    rank: int = 0


@attrs.frozen
class Cell:
    """What stands in one place of a table.

    Attributes:
        text: The text.
        tone: Its colour.
        bar: Parts of a bar, as (tone, share) pairs that sum to at most 1.
    """

    text: str
    tone: Tone = ""
    bar: tuple[tuple[Tone, float], ...] = ()


@attrs.frozen
class Body:
    """Rows that belong together.

    Attributes:
        heading: The group they are of; "" where there is one group only.
        rows: The rows, each as long as the table's columns.
    """

    heading: str
    rows: tuple[tuple[Cell, ...], ...]


@attrs.frozen(kw_only=True)
class Table:
    """A table for people.

    Attributes:
        id: Its place on the page.
        caption: What it shows.
        columns: Its columns.
        bodies: Its rows, group by group.
        more: How many rows are left out.
        definition: How it was counted: (what, how) pairs.
    """

    id: str
    caption: str
    columns: tuple[Column, ...]
    bodies: tuple[Body, ...]
    more: int = 0
    definition: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(
        cls,
        rows: Iterable[tuple[str, tuple[str | Cell, ...]]],
        *,
        id: str,  # noqa: A002 (HTML's own word)
        caption: str,
        columns: tuple[Column, ...],
        definition: tuple[tuple[str, str], ...] = (),
    ) -> Table:
        """Make a table of pairs of a heading and a row, as `bodies` gathers them."""
        kept, more = bodies(rows)
        return cls(id=id, caption=caption, columns=columns, bodies=kept, more=more, definition=definition)

    @property
    def shown(self) -> int:
        """How many rows there are to see."""
        return sum(len(body.rows) for body in self.bodies)

    @property
    def is_small(self) -> bool:
        """Whether it looks lost in the whole width of a page."""
        return len(self.columns) <= FEW_COLUMNS and all(column.kind != "text" for column in self.columns)


def cell(value: str | Cell) -> Cell:
    """Make a cell of a text; a cell stays as it is."""
    return value if isinstance(value, Cell) else Cell(value)


def bodies(
    rows: Iterable[tuple[str, tuple[str | Cell, ...]]], *, most: int = MOST_ROWS
) -> tuple[tuple[Body, ...], int]:
    """Gather rows by their heading, in order, and leave out those beyond *most*.

    Args:
        rows: Pairs of a heading and a row; equal headings follow each other.
        most: How many rows to keep.

    Returns:
        The bodies, and how many rows were left out.
    """
    gathered: dict[str, list[tuple[Cell, ...]]] = {}
    number = 0
    for heading, row in rows:
        number += 1
        if number <= most:
            gathered.setdefault(heading, []).append(tuple(map(cell, row)))
    return tuple(Body(heading, tuple(kept)) for heading, kept in gathered.items()), max(number - most, 0)


def define(told: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Keep of a definition what says something."""
    return tuple((what, how) for what, how in told.items() if how)
