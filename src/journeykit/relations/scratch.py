"""Make relations in the engine, few and named, and take every one of them away again.

May import: eventlog, errors.
"""

from __future__ import annotations

import itertools
import weakref
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from journeykit.engines import dialect
from journeykit.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

_numbers = itertools.count(1)
"""Tells the relations of one journey from those of another in the same engine."""


class Scratch:
    """The temporary relations of one journey, gone after `close`, or when nobody holds this any more.

    Attributes:
        backend: The Ibis backend that holds them.
    """

    def __init__(self, backend: BaseBackend) -> None:
        self.backend = backend
        self._prefix = f"journeykit_{next(_numbers)}_"
        self._made: list[str] = []
        self._closed = False
        weakref.finalize(self, _take_away, backend, self._made)

    def table(self, name: str, expression: ir.Table) -> ir.Table:
        """Compute an expression and keep its rows, in place of an earlier relation of that name."""
        return self._make(name, expression)

    def rows(self, name: str, types: dict[str, pa.DataType], rows: Sequence[dict[str, object]]) -> ir.Table:
        """Send a small table of our own to the engine."""
        return self.send(name, pa.Table.from_pylist(list(rows), schema=pa.schema(list(types.items()))))

    def send(self, name: str, frame: pa.Table) -> ir.Table:
        """Send an arrow table of our own to the engine, in place of an earlier relation of that name."""
        return self._make(name, frame)

    def _make(self, name: str, rows: ir.Table | pa.Table) -> ir.Table:
        self.require_open()
        full = self._prefix + name
        if full in self._made:
            self.drop(name)
        self._made.append(full)
        made: ir.Table = self.backend.create_table(full, rows, temp=True)
        return made

    def one(self, expression: ir.Table) -> dict[str, Any]:
        """Ask for a single row of counts."""
        return self.rows_of(expression)[0]

    def rows_of(self, expression: ir.Table) -> list[dict[str, Any]]:
        """Ask for counts: few rows, never events."""
        rows: list[dict[str, Any]] = self.arrow(expression).to_pylist()
        return rows

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Ask for counts as an arrow table.

        Raises:
            EngineError: The journey is closed.
        """
        self.require_open()
        return self.backend.to_pyarrow(expression)

    def drop(self, name: str) -> None:
        """Take one relation away."""
        full = self._prefix + name
        self._made.remove(full)
        self.backend.drop_table(full, force=True)

    def close(self) -> None:
        """Take every relation away; a second call does nothing."""
        self._closed = True
        _take_away(self.backend, self._made)

    def require_open(self) -> None:
        """See that nobody has closed the journey.

        Raises:
            EngineError: The journey is closed.
        """
        if self._closed:
            raise EngineError("the journey is closed: observe the log again, or ask before you close it")


def _take_away(backend: BaseBackend, made: list[str]) -> None:
    """Drop the relations made; those of a connection that is closed are gone with it."""
    with dialect.unless_closed():
        while made:
            backend.drop_table(made.pop(), force=True)
    made.clear()
