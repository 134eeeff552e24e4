"""Make relations in the engine, few and named, and take every one of them away again.

Answers are remembered: relations never change, for each has a name that none had before, so what
was asked once need not be asked again.

May import: engines, errors.
"""

from __future__ import annotations

import itertools
import uuid
import weakref
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pyarrow as pa

from journeykit.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    import ibis.expr.types as ir

    from journeykit.engines import Engine
    from journeykit.engines.duckdb_shape import Shape

LARGEST_ANSWER: Final = 1 << 20
"""So many bytes an answer may have, and be remembered."""

MOST_REMEMBERED: Final = 1 << 25
"""So many bytes all answers may have that one journey remembers; the one not asked for longest goes."""


MOST_FOUND: Final = 64
"""So many answers that were worked out of others are remembered; the oldest goes."""

T = TypeVar("T")


class Scratch:
    """The temporary relations of one journey, gone after `close`, or when nobody holds this any more.

    Attributes:
        engine: What holds them.
        schema: Where they are ordinary ones; None: they are temporary.
    """

    def __init__(self, engine: Engine, *, schema: str | None = None) -> None:
        self.engine = engine
        self.schema = schema
        self._prefix = f"journeykit_{uuid.uuid4().hex[:12]}"
        self._numbers = itertools.count(1)
        self._made: dict[str, str] = {}
        self._answers = Answers()
        self._found: dict[Hashable, Any] = {}
        self._once: dict[str, tuple[object, ir.Table]] = {}
        self._closed = False
        weakref.finalize(self, _take_away, engine, self._made, schema)

    def table(self, name: str, expression: ir.Table) -> ir.Table:
        """Compute an expression and keep its rows, in place of an earlier relation of that name."""
        return self._make(name, expression)

    def once(self, name: str, expression: ir.Table) -> ir.Table:
        """Compute an expression and keep its rows, unless they are kept under this name already."""
        question = expression.op()
        known = self._once.get(name)
        if known is None or known[0] != question:
            known = self._once[name] = question, self.table(name, expression)
        return known[1]

    def rows(self, name: str, types: dict[str, pa.DataType], rows: Sequence[dict[str, object]]) -> ir.Table:
        """Send a small table of our own to the engine."""
        return self.send(name, pa.Table.from_pylist(list(rows), schema=pa.schema(list(types.items()))))

    def send(self, name: str, frame: pa.Table) -> ir.Table:
        """Send an arrow table of our own to the engine, in place of an earlier relation of that name."""
        return self._make(name, frame)

    def lists(self, events: ir.Table, shape: Shape, *, rows: int) -> dict[str, ir.Table] | None:
        """Keep one sorted list a customer, and show what it tells; None where the engine has none."""
        full = self._named("lists")
        return self.engine.keep_lists(full, events, shape, rows=rows, schema=self.schema)

    def _make(self, name: str, rows: ir.Table | pa.Table) -> ir.Table:
        earlier = self._all(name)
        made = self.engine.keep(self._named(name), rows, schema=self.schema)
        self._drop(earlier)
        return made

    def _named(self, name: str) -> str:
        """Find a name that no relation had; noted first: what is interrupted is taken away, too."""
        self.require_open()
        full = f"{self._prefix}_{next(self._numbers)}_{name}"
        self._made[full] = name
        return full

    def _all(self, name: str) -> list[str]:
        return [full for full, made in self._made.items() if made == name]

    def _drop(self, names: list[str]) -> None:
        for full in names:
            self.engine.drop(full, schema=self.schema)
            del self._made[full]

    def one(self, expression: ir.Table) -> dict[str, Any]:
        """Ask for a single row of counts."""
        return self.rows_of(expression)[0]

    def rows_of(self, expression: ir.Table) -> list[dict[str, Any]]:
        """Ask for counts: few rows, never events."""
        rows: list[dict[str, Any]] = self.arrow(expression).to_pylist()
        return rows

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Ask for counts as an arrow table; what was asked before is not asked again.

        Raises:
            EngineError: The journey is closed.
        """
        self.require_open()
        question = expression.op()
        answer = self._answers.find(question)
        if answer is None:
            answer = self.engine.arrow(expression)
            self._answers.remember(question, answer)
        return answer

    def remembered(self, asked: Hashable, find: Callable[[], T]) -> T:
        """Give what was found before, when the same was asked: relations never change.

        Args:
            asked: All that the answer depends on.
            find: Finds it; small.
        """
        if asked not in self._found:
            self._found[asked] = find()
            if len(self._found) > MOST_FOUND:
                del self._found[next(iter(self._found))]
        answer: T = self._found[asked]
        return answer

    def drop(self, name: str) -> None:
        """Take one relation away."""
        self._drop(self._all(name))

    def close(self) -> None:
        """Take every relation away, and forget every answer; a second call does nothing."""
        self._closed = True
        self._answers.forget()
        self._found.clear()
        _take_away(self.engine, self._made, self.schema)

    def require_open(self) -> None:
        """See that nobody has closed the journey.

        Raises:
            EngineError: The journey is closed.
        """
        if self._closed:
            raise EngineError("the journey is closed: observe the log again, or ask before you close it")


class Answers:
    """Small answers by the Ibis operation that asked for them, those asked for last."""

    def __init__(self) -> None:
        self._held: OrderedDict[Any, pa.Table] = OrderedDict()
        self._bytes = 0

    def find(self, question: Any) -> pa.Table | None:
        """Find the answer given before; None where there is none, or it is forgotten."""
        answer = self._held.get(question)
        if answer is not None:
            self._held.move_to_end(question)
        return answer

    def remember(self, question: Any, answer: pa.Table) -> None:
        """Hold an answer if it is small, and let go of the oldest where there are too many."""
        if answer.nbytes > LARGEST_ANSWER:
            return
        self._held[question] = answer
        self._bytes += answer.nbytes
        while self._bytes > MOST_REMEMBERED:
            _, oldest = self._held.popitem(last=False)
            self._bytes -= oldest.nbytes

    def forget(self) -> None:
        """Let go of all of them."""
        self._held.clear()
        self._bytes = 0


def _take_away(engine: Engine, made: dict[str, str], schema: str | None) -> None:
    """Drop the relations made; those of a connection that is closed are gone with it."""
    for full in list(made):
        engine.drop(full, schema=schema)
        made.pop(full, None)
