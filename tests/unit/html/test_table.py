"""Tables stay small, whatever they are made of."""

from __future__ import annotations

from journeykit.html.table import Body, Cell, bodies


def test_rows_beyond_the_limit_are_left_out_and_counted():
    """A log with a thousand groups must still make a page that opens."""
    rows = [("north", ("a",)), ("north", ("b",)), ("south", ("c",)), ("south", ("d",))]

    kept, more = bodies(rows, most=3)

    assert kept == (
        Body("north", ((Cell("a"),), (Cell("b"),))),
        Body("south", ((Cell("c"),),)),
    )
    assert more == 1


def test_no_row_makes_no_body():
    """An answer may be empty: nobody was lost."""
    assert bodies([]) == ((), 0)
