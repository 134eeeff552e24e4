"""Print the tables of the report in a terminal, fitted to its width.

Where there is little room the most dispensable columns go first; then names wrap.

May import: cli.terminal, html.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from rich.box import Box
from rich.cells import cell_len
from rich.table import Table as Grid
from rich.text import Text

from journeykit.html.wording import UNKNOWN, counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from journeykit.cli.terminal import Terminal
    from journeykit.html.table import Cell, Table, Tone

STYLES: dict[Tone, str] = {
    "": "",
    "good": "green",
    "bad": "red",
    "warn": "yellow",
    "calm": "",
    "faint": "dim",
}

NARROWEST = {"name": 20, "text": 40}
"""To how few characters a column of a kind may be squeezed; words and numbers never are."""

TINY = 8
"""As `NARROWEST`, where even that is too much."""

RULE = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
"""A line under the heading and no others, in ASCII, which every terminal has."""

GAP = 2
"""Characters between columns."""


def print_table(terminal: Terminal, table: Table, *, most: int) -> None:
    """Print a table.

    Args:
        terminal: Where to.
        table: What.
        most: How many rows at most; a last line counts the others.
    """
    if not table.shown:
        terminal.say("There is nothing to show.")
        return
    widths = fitting(table, terminal.out.width)
    terminal.out.print(_grid(terminal, table, widths))
    left = most
    for body in table.bodies:
        rows = body.rows[: max(left, 0)]
        left -= len(body.rows)
        if not rows:
            continue
        if body.heading:
            terminal.say(body.heading, style="bold")
        grid = _grid(terminal, table, widths, header=False)
        for row in rows:
            grid.add_row(*(_cell(terminal, row[place]) for place in widths))
        terminal.out.print(grid)
    rest = table.more + max(-left, 0)
    if rest:
        terminal.say(f"... and {counted(rest, 'more row')}: --json has all of them.", style="dim")


def _grid(terminal: Terminal, table: Table, widths: Mapping[int, int], *, header: bool = True) -> Grid:
    grid = Grid(box=RULE, pad_edge=False, padding=(0, GAP - 1, 0, 0), show_edge=False, show_header=header)
    for place, width in widths.items():
        column = table.columns[place]
        heading = Text(terminal.fit("\n".join(_heading(table, place))), "bold")
        grid.add_column(
            heading, justify="right" if column.kind == "number" else "left", width=width, overflow="fold"
        )
    return grid


def _cell(terminal: Terminal, cell: Cell) -> Text:
    return Text(terminal.fit(cell.text), STYLES[cell.tone])


def fitting(table: Table, width: int) -> dict[int, int]:
    """Choose the columns that a width has room for, and how wide each is.

    Returns:
        The width of each column by its place, in order.  Those of rank 0 always stay; where
        even they have no room, they are as narrow as can be.
    """
    wanted = {place: _wanted(table, place) for place in range(len(table.columns)) if _tells(table, place)}
    least = {
        place: min(wide, NARROWEST.get(table.columns[place].kind, wide)) for place, wide in wanted.items()
    }
    kept = list(wanted)
    while sum(least[place] + GAP for place in kept) > width:
        going = max(kept, key=lambda place: (table.columns[place].rank, place))
        if not table.columns[going].rank:
            break
        kept.remove(going)
    widths = {place: wanted[place] for place in kept}
    for narrowest in (NARROWEST, dict.fromkeys(NARROWEST, TINY)):
        kinds = {place: table.columns[place].kind for place in kept}
        _squeeze(
            widths,
            {place: min(wanted[place], narrowest.get(kinds[place], wanted[place])) for place in kept},
            width,
        )
    return widths


def _squeeze(widths: dict[int, int], least: Mapping[int, int], width: int) -> None:
    """Take from the columns that have most to give until all of them fit, or none has anything left."""
    excess = sum(widths.values()) + GAP * len(widths) - width
    for _ in range(excess):
        giving = max(least, key=lambda place: (widths[place] - least[place], place))
        if widths[giving] <= least[giving]:
            return
        widths[giving] -= 1


def _tells(table: Table, place: int) -> bool:
    """Tell whether anything is known in a column; one that must stay is kept anyhow."""
    cells = {row[place].text for body in table.bodies for row in body.rows}
    return not table.columns[place].rank or not cells <= {"", UNKNOWN}


def _wanted(table: Table, place: int) -> int:
    return max((_widest(table, place), *map(cell_len, _heading(table, place))))


def _widest(table: Table, place: int) -> int:
    return max((cell_len(row[place].text) for body in table.bodies for row in body.rows), default=0)


def _heading(table: Table, place: int) -> list[str]:
    """Break a heading into lines no wider than what stands below it, as far as its words allow."""
    title = table.columns[place].title
    width = max(_widest(table, place), *map(len, title.split()))
    return textwrap.wrap(title, width)
