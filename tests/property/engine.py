"""Ask the engine what the oracle is asked: the same rows, settings and shapes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa

import journeykit as jk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from journeykit.testing.cases import JourneyInput

TYPES = {
    "timestamp": pa.timestamp("us", "UTC"),
    "sequence": pa.float64(),
    "sentiment": pa.float64(),
    "value": pa.float64(),
}
ATTRIBUTE = "attribute:"


def frame(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> pa.Table:
    """Lay the oracle's rows out as an arrow table, attributes under their own names."""
    return pa.table({name.removeprefix(ATTRIBUTE): _column(name, rows) for name in columns})


def _column(name: str, rows: Sequence[dict[str, Any]]) -> pa.Array:
    cells = [row.get(name) for row in rows]
    column = pa.array(cells, TYPES.get(name))
    return column.cast(pa.string()) if pa.types.is_null(column.type) else column


@contextmanager
def observed(given: JourneyInput, rows: Sequence[dict[str, Any]] | None = None) -> Iterator[jk.Journey]:
    """Observe an oracle's input with the engine."""
    attributes = [name.removeprefix(ATTRIBUTE) for name in given.columns if name.startswith(ATTRIBUTE)]
    roles = {name: name for name in given.columns if not name.startswith(ATTRIBUTE)}
    customers = None
    if given.customers:
        names = list(dict.fromkeys(name for row in given.customers for name in row))
        customers = frame(given.customers, names)
    source = frame(given.events if rows is None else rows, given.columns)
    with (
        jk.events(source, **roles, attributes=attributes, customers=customers) as log,
        jk.observe(log, given.lifecycle, as_of=given.as_of, idle=given.idle) as journey,
    ):
        yield journey
