"""Tables fit the terminal, whatever its width."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from journeykit.cli.printing import fitting, print_table
from journeykit.cli.terminal import Terminal
from journeykit.html.table import Cell, Column, Table, bodies

COLUMNS = (
    Column("Stage", "name"),
    Column("Lost visits"),
    Column("Share (95 %)", rank=1),
    Column("Days", rank=2),
)


def table(rows):
    """Make a table with a column of each rank."""
    kept, more = bodies(rows)
    return Table(id="", caption="", columns=COLUMNS, bodies=kept, more=more)


def printed(rows, width, *, most=100):
    """Print a table at a width, and give its lines."""
    console = Console(file=io.StringIO(), width=width, markup=False, emoji=False)
    print_table(Terminal(console, console), table(rows), most=most)
    return console.file.getvalue().splitlines()


ROWS = [
    ("", ("purchase_decision", "61", "32.2 % (25.8-39.4)", "3.5")),
    ("", ("inactive", "1 220", "0 % (0-10.7)", "12.0")),
]


def test_a_wide_terminal_shows_every_column():
    """Numbers stand under their headings, to the right."""
    assert [line.rstrip() for line in printed(ROWS, 60)] == [
        "                     Lost",
        "Stage              visits        Share (95 %)  Days",
        "---------------------------------------------------",
        "purchase_decision      61  32.2 % (25.8-39.4)   3.5",
        "inactive            1 220        0 % (0-10.7)  12.0",
    ]


@pytest.mark.parametrize("width", [20, 30, 40, 50, 80, 200])
def test_no_line_is_wider_than_the_terminal(width):
    """A wrapped table is a heap of numbers."""
    lines = printed([*ROWS, ("", ("🎉 party שלום", "1", "—", "—"))], width)

    assert max(map(cell_len, lines)) <= width


def test_dispensable_columns_go_first_and_names_wrap_last():
    """Where there is little room, the answer must remain: which stage, how many."""
    chosen = [list(fitting(table(ROWS), width)) for width in (60, 48, 30, 12)]

    assert chosen == [[0, 1, 2, 3], [0, 1, 2], [0, 1], [0, 1]]


def test_a_column_in_which_nothing_is_known_is_left_out():
    """A column of dashes takes the room of one that tells something."""
    rows = [("", ("visit", "1", "\u2014", "2.0"))]

    assert list(fitting(table(rows), 100)) == [0, 1, 3]


def test_groups_have_a_line_of_their_own_and_long_tables_end():
    """A heading that wraps in a narrow column can't be read."""
    rows = [
        (f"vertical: {name}", (stage, "1", "2", "3")) for name in ("Finance", "Health") for stage in "abc"
    ]

    lines = [line.rstrip() for line in printed(rows, 60, most=4)]

    assert [line for line in lines if "vertical" in line] == ["vertical: Finance", "vertical: Health"]
    assert [line[0] for line in lines if line[0] in "abc"] == ["a", "b", "c", "a"]
    assert lines[-1] == "... and 2 more rows: --json has all of them."


def test_markup_in_a_cell_is_text():
    """`[red]` is a name like any other."""
    assert any(
        "[red]x[/red]" in line for line in printed([("", (Cell("[red]x[/red]", "bad"), "1", "2", "3"))], 60)
    )
