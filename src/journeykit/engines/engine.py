"""What is asked of an engine, as far as Ibis does it alike everywhere.

An engine that nobody here knows is an `Engine`: it is accepted, and not tested.  Those that are
known subclass it, and spell what Ibis has no word for.  What an engine can't do is declared in
`Engine.missing`, and refused before any query.

May import: duckdb_shape, failures, types, errors.
"""

from __future__ import annotations

import contextlib
import uuid
import weakref
from typing import TYPE_CHECKING, Any, ClassVar, Final

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
from ibis.backends.sql import SQLBackend
from ibis.common.exceptions import TableNotFound

from journeykit.engines.failures import ELSEWHERE, first_line, not_tested, translated, untried
from journeykit.engines.types import always_fits, with_types
from journeykit.errors import EngineError, JourneykitError, UnknownNameError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends import BaseBackend

    from journeykit.engines.duckdb_shape import Shape
    from journeykit.engines.failures import Named

AWARE: Final = dt.Timestamp(timezone="UTC")
LOCAL: Final = dt.Timestamp(scale=6)

PATTERNS: Final = "timestamps by a pattern"
ZONES: Final = "time zones"
CASTS: Final = "casts that may fail"
QUANTILES: Final = "exact quantiles"
READERS: Final = "readers of exports"
SCHEMAS: Final = "a schema for what journeykit makes"

_OPERATIONS: Final[Mapping[str, tuple[type[ops.Value], ...]]] = {
    CASTS: (ops.TryCast,),
    QUANTILES: (ops.Quantile,),
}
"""What Ibis must be able to say for a capability."""


class Engine:
    """An engine, by way of Ibis.

    Attributes:
        backend: The Ibis backend; run every expression on it.
        tested: Whether the questions are tested on engines of this kind.
        missing: What engines of this kind can't do, and the way out of each.
    """

    tested: ClassVar[bool] = False
    missing: ClassVar[Mapping[str, str]] = {PATTERNS: ELSEWHERE, ZONES: ELSEWHERE, READERS: ELSEWHERE}

    def __init__(self, backend: BaseBackend) -> None:
        self.backend = backend

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.title})"

    @property
    def name(self) -> str:
        """What Ibis calls engines of this kind, such as "duckdb"."""
        return str(self.backend.name)

    @property
    def title(self) -> str:
        """What messages call it."""
        return self.name

    def require(self, capability: str, question: str) -> None:
        """See that the engine can do something, before it is asked.

        Args:
            capability: One of the constants of this module, or any other words.
            question: What needs it.

        Raises:
            UnsupportedError: It can't; the message names the engine, the question and the way out.
        """
        way_out = self.missing.get(capability)
        if way_out is None:
            needed = _OPERATIONS.get(capability, ())
            way_out = None if all(map(self.backend.has_operation, needed)) else ELSEWHERE
        if way_out is not None:
            raise UnsupportedError(f"{self.title} lacks {capability}, needed by {question}: {way_out}")

    # --- what Ibis has no word for, or not the same everywhere ---

    def instant_us(self, moment: ir.Value) -> ir.IntegerValue:
        """Count the microseconds from 1970 in UTC to a moment with a time zone; null where it is infinite."""
        return _epoch_us(moment.cast(AWARE))

    def local_us(self, local: ir.Value, timezone: str) -> ir.IntegerValue:
        """Count the microseconds from 1970 in UTC to a time on the clocks of *timezone*.

        An hour that the clocks skip is read with the offset before the change, one that they show twice with
        that after it.
        """
        if timezone != "UTC":
            self.require(ZONES, f"timezone={timezone!r}")
        return _epoch_us(local.cast(LOCAL))

    def clock_us(self, time_us: ir.IntegerValue, timezone: str) -> ir.IntegerValue:
        """Count the microseconds from 1970 on the clocks of *timezone*: the inverse of `local_us`."""
        if timezone != "UTC":
            self.require(ZONES, f"timezone={timezone!r}")
        return time_us

    def parse(self, text: ir.StringValue, pattern: str, *, aware: bool) -> ir.TimestampValue:  # noqa: ARG002 - some can
        """Read text by a strptime pattern; null where it does not fit.

        Args:
            text: What to read.
            pattern: As for `datetime.strptime`.
            aware: Whether the pattern reads an offset or a zone (%z, %Z).

        Raises:
            UnsupportedError: The engine has no such patterns.
        """
        self.require(PATTERNS, f"timestamp_format={pattern!r}")
        raise NotImplementedError

    def try_cast(self, value: ir.Value, kind: str | dt.DataType) -> ir.Value:
        """Read a value as another type; null where it does not fit.

        Raises:
            UnsupportedError: The engine has no casts that may fail, and this may.
        """
        told, wanted = value.type(), dt.dtype(kind)
        if always_fits(told, wanted):
            return value.cast(wanted)
        self.require(CASTS, f"a column of {told} that is read as {wanted}")
        return value.try_cast(wanted)

    def hash64(self, column: ir.Value) -> ir.IntegerValue | None:  # noqa: ARG002 - some have one
        """Mix a value into 64 bits, the same in every query of one session; None where the engine can't."""
        return None

    def by_code_point(self, column: ir.Value) -> ir.Value:
        """Give what a column is sorted by: of text the code points, whatever the engine's language."""
        return column

    # --- what is there ---

    def holds(self, backend: BaseBackend) -> bool:
        """Tell whether tables of an Ibis backend can be joined to those of this engine."""
        return backend is self.backend

    def adopt(self, table: ir.Table) -> ir.Table:
        """Take over a table of a backend that this engine holds; a column of nulls only is text."""
        return with_types(table)

    def table(self, name: str) -> ir.Table:
        """Find a table or a view by its name, or by "schema.table"; a name that has a dot itself comes first.

        Raises:
            UnknownNameError: There is none.
        """
        if not isinstance(self.backend, SQLBackend):
            return self._among(name)
        for *schema, table in spellings(name):
            within = schema[0] if schema else None
            with contextlib.suppress(TableNotFound):
                # As `table` of Ibis, which reads a schema's name as SQL, whatever is in it.
                told = self.backend.get_schema(table, database=within)
                space = ops.Namespace(database=within)
                return ops.DatabaseTable(table, schema=told, source=self.backend, namespace=space).to_expr()
        raise UnknownNameError("table", name, (), where=self.title)

    def _among(self, name: str) -> ir.Table:
        known = self.backend.list_tables()
        if name not in known:
            raise UnknownNameError("table", name, known, where=self.title)
        return self.backend.table(name)

    # --- relations of ours in somebody's engine ---

    def keep(self, name: str, rows: ir.Table | pa.Table, *, schema: str | None) -> ir.Table:
        """Compute rows and hold them under a name: for this session only where the engine can.

        Args:
            name: One never used before.
            rows: An expression, or an arrow table of our own.
            schema: Where to put an ordinary relation, in place of a temporary one.
        """
        self.require_schema(schema)
        with contextlib.nullcontext() if self.tested else untried(self.title):
            kept: ir.Table = self.backend.create_table(name, rows, database=schema, temp=schema is None)
        return kept

    def keep_lists(
        self, name: str, events: ir.Table, shape: Shape, *, rows: int, schema: str | None
    ) -> dict[str, ir.Table] | None:
        """Hold one sorted list of integers a customer, and show what it tells; None: windows do better here.

        Args:
            name: One never used before.
            events: One row an event: `customer` (the id), `moment`, and `nth`, see `duckdb_lists.rows`.
            shape: What the integers mean.
            rows: How many events there are.
            schema: As for `keep`.

        Returns:
            The views of `duckdb_views.views`; they go with *name*.
        """

    def parts(self, rows: int, row_bytes: int) -> int:  # noqa: ARG002 - some have to know
        """Say in how many parts to ask for what the engine holds in memory until it is done."""
        return 1

    def drop(self, table_name: str, *, schema: str | None) -> None:
        """Take a relation away; what is gone, or can't be reached any more, is passed over."""
        with contextlib.suppress(*self.gone()):
            self.backend.drop_table(table_name, database=schema, force=True)

    def hand_over(self, frame: pa.Table, *, schema: str | None = None) -> ir.Table:
        """Let the engine read an arrow frame; what this makes goes with the last expression on it."""
        name = f"journeykit_frame_{uuid.uuid4().hex}"
        table = self.keep(name, frame, schema=schema)
        weakref.finalize(table.op(), self.drop, name, schema=schema)
        return table

    def take_back(self, table: ir.Table, *, schema: str | None = None) -> None:
        """Take away what `hand_over` made, before the last expression on it goes."""
        self.drop(table.op().name, schema=schema)

    def require_schema(self, schema: str | None) -> None:
        """See that relations can be put into a schema of the caller's choice.

        Raises:
            UnsupportedError: They can't.
        """
        if schema is not None:
            self.require(SCHEMAS, f"schema={schema!r}")

    # --- asking ---

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Ask for counts: few rows, never events."""
        with contextlib.nullcontext() if self.tested else untried(self.title):
            return self.backend.to_pyarrow(expression)

    def watched(self) -> contextlib.AbstractContextManager[Callable[[], float | None]]:
        """Give a function for any thread: which fraction of the running query is done; None if unknown."""
        return contextlib.nullcontext(lambda: None)

    def interrupt(self) -> None:
        """Stop the running query, from any thread; an engine that can't goes on to its end."""

    def close(self) -> None:
        """Close the connection, with all that belongs to it."""
        self.backend.disconnect()

    def errors(self, log: Named) -> contextlib.AbstractContextManager[None]:
        """Turn what the engine raises into our errors.

        Args:
            log: What is being read; its name begins the message.

        Raises:
            EventLogError: The data are at fault.
            UnsupportedError: Ibis has no word for it on this engine.
            EngineError: The engine is at fault, or closed.
        """
        return translated(log, self.title, self.raises(), self.explained)

    def explained(self, error: Exception, log: Named) -> JourneykitError:
        """Say in our words what the engine itself raised."""
        return EngineError(f"{log.name}: {self.title}: {first_line(error)}. {not_tested(self.title)}")

    def raises(self) -> tuple[type[Exception], ...]:
        """Name what the engine's driver raises."""
        return (Exception,)

    def gone(self) -> tuple[type[Exception], ...]:
        """Name what is raised where the connection is closed already."""
        return (Exception,)


def spellings(name: str) -> list[tuple[str, ...]]:
    """Say what a name may mean: a table that is called so, or one in a schema, at each dot."""
    dots = [place for place, letter in enumerate(name) if letter == "."]
    return [(name,), *((name[:dot], name[dot + 1 :]) for dot in dots)]


def _epoch_us(moment: Any) -> ir.IntegerValue:
    whole, rest = moment.epoch_seconds().cast("int64"), moment.microsecond().cast("int64")
    micro: ir.IntegerValue = whole * 1_000_000 + rest
    return micro
