"""Quantiles of how long moves took, exactly.

An exact quantile needs every value at once, which some engines hold in memory: where they are too
many, some moves are asked for after the others.

May import: journey, relations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from journeykit.relations.scratch import Scratch

VALUE_BYTES: Final = 32
"""So much memory a value may take until its quantile is known: DuckDB doubles what it gathers them in."""


def count_waits(
    moves: ir.Table, keys: list[str], quantiles: list[float], scratch: Scratch, *, rows: int
) -> list[dict[str, Any]]:
    """Count moves, and find quantiles of how long they took.

    Args:
        moves: One row a move: the *keys*, small whole numbers or null, and `waited_us`.
        keys: What the moves are counted by.
        quantiles: Which quantiles.
        scratch: Where to ask.
        rows: How many moves there are at most.

    Returns:
        A row for each combination of keys: these, `moves`, and `waited_us`, the quantiles in microseconds.
    """
    parts = scratch.engine.parts(rows, VALUE_BYTES)
    found = []
    for part in range(parts):
        some = moves.filter(_spread(moves, keys) % parts == part) if parts > 1 else moves
        counted = some.group_by(keys).aggregate(
            moves=some.count(), waited_us=some.waited_us.quantile(quantiles)
        )
        found += scratch.rows_of(counted)
    return found


def _spread(moves: ir.Table, keys: list[str]) -> ir.IntegerValue:
    """Make one number of the keys, so that moves alike stay together and others do not."""
    spread: Any = 0
    for key in keys:
        spread = spread * 31 + moves[key].cast("int64").fill_null(-1) + 1
    return spread
